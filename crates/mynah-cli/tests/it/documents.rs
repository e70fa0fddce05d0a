//! The commands that the documents show, run as they stand there, with the accounts that the guides
//! have people write for the sandbox.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_mynah");

/// What needs nobody who listens, and ends by itself.
const RUN: [&str; 2] = ["mynah call ", "mynah send "];

const GUIDES: [&str; 5] = ["bearychat", "dingtalk", "onebot", "rongcloud", "wecom"];

fn read(file: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The lines between fences of this language, one block after the other.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<Vec<&'a str>> {
    let mut blocks = Vec::new();
    let mut open = None;
    for line in text.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(found), None) => open = Some((found == language, Vec::new())),
            (Some(_), Some(_)) => {
                blocks.extend(open.take().filter(|(wanted, _)| *wanted).map(|it| it.1));
            }
            (None, Some((_, lines))) => lines.push(line),
            (None, None) => {}
        }
    }
    blocks
}

/// The part of a document below this heading, up to the next of its level.
fn below<'a>(text: &'a str, heading: &str) -> &'a str {
    let (_, rest) = text.split_once(&format!("\n{heading}\n")).unwrap();
    rest.split_once("\n## ").map_or(rest, |(part, _)| part)
}

fn commands(part: &str) -> Vec<&str> {
    let lines = blocks(part, "sh").into_iter().flatten();
    lines
        .filter(|line| RUN.iter().any(|command| line.starts_with(command)))
        .collect()
}

/// A sandbox, and a folder with accounts for it; gone with it.
struct Desk {
    sandbox: Child,
    folder: PathBuf,
}

impl Desk {
    fn new() -> Self {
        let mut sandbox = Command::new(PROGRAM)
            .args(["sandbox", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut output = BufReader::new(sandbox.stdout.as_mut().unwrap());
        output.read_line(&mut line).unwrap();
        let (_, address) = line.trim().split_once("http://").unwrap();
        let first_settings = |guide: &&str| {
            let guide = read(&format!("docs/guides/{guide}.md"));
            blocks(&guide, "toml").remove(0).join("\n")
        };
        let accounts: Vec<_> = GUIDES.iter().map(first_settings).collect();
        let accounts = accounts.join("\n").replace("127.0.0.1:7700", address);
        let name = format!("mynah-documents-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("mynah.toml"), accounts).unwrap();
        Self { sandbox, folder }
    }

    fn runs(&self, command: &str) {
        let mut path = vec![Path::new(PROGRAM).parent().unwrap().to_owned()];
        path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
        let run = Command::new("sh")
            .args(["-c", command])
            .current_dir(&self.folder)
            .env("PATH", std::env::join_paths(path).unwrap())
            .env_remove("MYNAH_CONFIG")
            .env_remove("MYNAH_ACCOUNT")
            .env_remove("MYNAH_URL")
            .env_remove("MYNAH_TOKEN")
            .output()
            .unwrap();
        let problem = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "{command}: {problem}");
        assert!(!run.stdout.is_empty(), "{command} prints nothing");
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.sandbox.kill();
        let _ = self.sandbox.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

#[test]
fn the_commands_of_the_documents_do_what_they_say() {
    let desk = Desk::new();
    let mut parts: Vec<_> = GUIDES
        .iter()
        .map(|guide| {
            let guide = read(&format!("docs/guides/{guide}.md"));
            below(&guide, "## In the sandbox, without an account").to_owned()
        })
        .collect();
    parts.push(below(&read("README.md"), "## The command line").to_owned());
    parts.push(below(&read("docs/recipes.md"), "## Call the platform").to_owned());
    for part in parts {
        let commands = commands(&part);
        assert!(commands.len() > 2, "{commands:?}");
        for command in commands {
            desk.runs(command);
        }
    }
}

/// What a guide has people look up: the codes in its table of troubles, and in its commands.
fn codes(part: &str) -> Vec<&str> {
    let troubles = part.lines().filter_map(|line| line.strip_prefix("| "));
    let seen = troubles.filter_map(|line| line.split(" | ").next());
    let words = seen.flat_map(|seen| seen.split(|it: char| !it.is_alphanumeric()));
    words
        .filter(|word| !word.is_empty() && word.chars().all(|it| it.is_ascii_digit()))
        .collect()
}

#[test]
fn the_codes_of_the_guides_are_explained() {
    for guide in GUIDES {
        let text = read(&format!("docs/guides/{guide}.md"));
        let codes = codes(below(&text, "## When it does not work"));
        assert!(codes.len() > 4, "{guide}: {codes:?}");
        for code in codes {
            let run = Command::new(PROGRAM)
                .args(["explain", guide, code])
                .output();
            let run = run.unwrap();
            let problem = String::from_utf8_lossy(&run.stderr);
            assert!(run.status.success(), "{guide} {code}: {problem}");
        }
    }
}

#[test]
fn codes_are_read_from_the_first_column() {
    let part =
        "text 1\n| what you see | why |\n|---|---|\n| 40001, 4 | 5 |\n| HTTP 429 of `x9` | 6 |\n";
    assert_eq!(codes(part), ["40001", "4", "429"]);
}
