//! `mynah completion` and what a shell asks while somebody types.
//!
//! clap knows the commands and their options. What can be an endpoint depends on the platform that
//! stands before it, what can be a parameter on the endpoint, and what can be an account on a file:
//! so the shells ask the program, which looks at what is typed so far.

mod shell;

use std::path::{Path, PathBuf};

use clap::{Arg, Args, Command, CommandFactory, ValueHint};
use clap_complete::Shell;
use mynah_bot::{Account, Config, Platform};
use mynah_core::{Field, Kind, Operation};

use self::shell::Typed;
use crate::account::{PLATFORMS, Served, serves};
use crate::arguments::Mynah;
use crate::call::{first_sentence, kind, uploads};
use crate::exit::Failure;
use crate::explain;
use crate::output;

/// More files than anybody reads through.
const MOST_FILES: usize = 500;

/// What a shell asks.
#[derive(Args, Debug)]
pub(crate) struct Complete {
    /// The shell that asks.
    shell: Shell,
    /// What is typed so far. Bash: the line, and the signs that part its words. Others: the words
    /// behind the program's name, the last one as far as it is typed.
    #[arg(last = true)]
    said: Vec<String>,
}

/// Answers a shell.
pub(crate) fn run(asked: Complete) -> Result<(), Failure> {
    let typed = Typed::read(asked.shell, asked.said)?;
    let candidates = candidates(&typed.words, &accounts);
    output::say(&typed.answer(asked.shell, &candidates))
}

/// Prints what a shell has to be taught.
pub(crate) fn print_script(shell: Shell) -> Result<(), Failure> {
    if let Some(script) = shell::script(shell) {
        return output::write(script.as_bytes());
    }
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Mynah::command(), "mynah", &mut script);
    output::write(&script)
}

/// The accounts in a file; none if it cannot be read.
fn accounts(file: &Path) -> Vec<Account> {
    Config::open(file).map_or_else(|_| Vec::new(), |config| config.accounts)
}

/// Something that can stand where somebody types.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Candidate {
    /// The whole word.
    value: String,
    /// What it is; may be empty.
    about: String,
    /// Whether the word ends here.
    done: bool,
}

impl Candidate {
    fn new(value: impl Into<String>, about: impl AsRef<str>) -> Self {
        Self {
            value: value.into(),
            about: output::printable(about.as_ref()),
            done: true,
        }
    }

    /// A word that goes on.
    fn begun(value: impl Into<String>, about: impl AsRef<str>) -> Self {
        Self {
            done: false,
            ..Self::new(value, about)
        }
    }
}

/// What can stand in the place of the last of the words.
fn candidates(words: &[String], accounts: &dyn Fn(&Path) -> Vec<Account>) -> Vec<Candidate> {
    let Some((current, before)) = words.split_last() else {
        return Vec::new();
    };
    let mut root = Mynah::command();
    root.build();
    let line = Line::read(&root, before, accounts);
    let mut found = line.candidates(current);
    found.retain(|candidate| candidate.value.starts_with(current.as_str()));
    found
}

/// The words before the one that is being typed.
struct Line<'c> {
    command: &'c Command,
    positionals: Vec<&'c str>,
    options: Vec<(&'c Arg, &'c str)>,
    /// The option whose value comes next.
    open: Option<&'c Arg>,
    /// Whether nothing is an option any more.
    plain: bool,
    accounts: &'c dyn Fn(&Path) -> Vec<Account>,
}

impl<'c> Line<'c> {
    fn read(
        root: &'c Command,
        words: &'c [String],
        accounts: &'c dyn Fn(&Path) -> Vec<Account>,
    ) -> Self {
        let mut line = Self {
            command: root,
            positionals: Vec::new(),
            options: Vec::new(),
            open: None,
            plain: false,
            accounts,
        };
        for word in words {
            line.add(word);
        }
        line
    }

    fn add(&mut self, word: &'c str) {
        if let Some(option) = self.open.take() {
            self.options.push((option, word));
        } else if word == "--" && !self.plain {
            self.plain = true;
        } else if word.len() > 1 && word.starts_with('-') && !self.plain {
            match self.option(word) {
                Some((option, Some(value))) => self.options.push((option, value)),
                Some((option, None)) if takes_value(option) => self.open = Some(option),
                Some((option, None)) => self.options.push((option, "")),
                None => {}
            }
        } else if let Some(command) = self.command.find_subcommand(word)
            && self.positionals.is_empty()
        {
            self.command = command;
        } else {
            self.positionals.push(word);
        }
    }

    /// The option of that name, and the value that hangs on it.
    fn option(&self, word: &'c str) -> Option<(&'c Arg, Option<&'c str>)> {
        let mut options = self.command.get_arguments();
        if let Some(long) = word.strip_prefix("--") {
            let (name, value) = match long.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (long, None),
            };
            let found = options.find(|option| option.get_long() == Some(name))?;
            return Some((found, value));
        }
        let mut signs = word.strip_prefix('-')?.chars();
        let sign = signs.next()?;
        let found = options.find(|option| option.get_short() == Some(sign))?;
        let rest = signs.as_str();
        let value = (takes_value(found) && !rest.is_empty()).then_some(rest);
        Some((found, value))
    }

    fn candidates(&self, current: &str) -> Vec<Candidate> {
        if let Some(option) = self.open {
            return self.values(option, current);
        }
        if current.starts_with('-') && !self.plain {
            return match current.split_once('=') {
                None => self.flags(),
                Some((name, value)) => {
                    let option = self.command.get_arguments();
                    let mut option = option.filter(|it| it.get_long() == name.strip_prefix("--"));
                    let values = option.next().map(|it| self.values(it, value));
                    let values = values.into_iter().flatten().map(|it| Candidate {
                        value: format!("{name}={}", it.value),
                        ..it
                    });
                    values.collect()
                }
            };
        }
        let mut found = Vec::new();
        if self.positionals.is_empty() {
            let commands = self
                .command
                .get_subcommands()
                .filter(|it| !it.is_hide_set());
            found.extend(commands.map(|it| Candidate::new(it.get_name(), about(it.get_about()))));
        }
        let mut places = self.command.get_positionals();
        let last = self.command.get_positionals().last();
        let goes_on = |arg: &&Arg| matches!(arg.get_action(), clap::ArgAction::Append);
        let place = places.nth(self.positionals.len());
        if let Some(place) = place.or_else(|| last.filter(goes_on)) {
            found.extend(self.values(place, current));
        }
        found
    }

    fn flags(&self) -> Vec<Candidate> {
        let is_given = |option: &Arg| {
            self.options
                .iter()
                .any(|(it, _)| it.get_id() == option.get_id())
        };
        let options = self.command.get_arguments().filter(|option| {
            let again = !matches!(
                option.get_action(),
                clap::ArgAction::Set | clap::ArgAction::SetTrue
            );
            !option.is_hide_set() && (again || !is_given(option))
        });
        let flags = options.filter_map(|option| {
            let long = option.get_long()?;
            Some(Candidate::new(
                format!("--{long}"),
                about(option.get_help()),
            ))
        });
        flags.collect()
    }

    /// What an argument can be.
    fn values(&self, arg: &Arg, current: &str) -> Vec<Candidate> {
        match arg.get_id().as_str() {
            "platform" => platforms(),
            "endpoint" => self.endpoints(),
            "parameters" => self.parameters(current),
            "account" => self.account_names(),
            "conversation" => self.conversations(),
            "code" => self.codes(),
            _ => {
                let known = arg.get_possible_values();
                let known = known.iter().filter(|it| !it.is_hide_set());
                let known = known.map(|it| Candidate::new(it.get_name(), about(it.get_help())));
                let mut found: Vec<_> = known.collect();
                if arg.get_id() == "output" && found.is_empty() {
                    found.push(Candidate::new("table", "For people."));
                    found.push(Candidate::new("json", "For programs."));
                }
                if arg.get_value_hint() == ValueHint::FilePath {
                    found.extend(files(current));
                }
                found
            }
        }
    }

    /// The codes of the platform that stands before.
    fn codes(&self) -> Vec<Candidate> {
        let platform = self.positionals.first().copied().unwrap_or_default();
        let codes = explain::codes(platform).into_iter();
        codes
            .map(|(code, about)| Candidate::new(code, about))
            .collect()
    }

    fn served(&self) -> Option<&'static Served> {
        Served::named(self.positionals.first()?).ok()
    }

    fn operation(&self) -> Option<&'static Operation> {
        let name = self.positionals.get(1)?;
        let mut operations = self.served()?.operations.iter();
        operations.find(|one| one.name() == *name)
    }

    fn endpoints(&self) -> Vec<Candidate> {
        let operations = self.served().map_or(&[][..], |served| served.operations);
        let named = |one: &Operation| Candidate::new(one.name(), first_sentence(one.doc));
        operations.iter().map(named).collect()
    }

    /// The names of parameters that are not there yet, the needed ones first; behind a name what
    /// it may be.
    fn parameters(&self, current: &str) -> Vec<Candidate> {
        let Some(operation) = self.operation() else {
            return Vec::new();
        };
        let fields = operation.fields();
        if let Some((name, value)) = current.split_once('=') {
            let field = fields.iter().find(|field| field.name == name);
            let values = field.map(|field| choices(operation, field, value));
            let values = values.into_iter().flatten().map(|it| Candidate {
                value: format!("{name}={}", it.value),
                ..it
            });
            return values.collect();
        }
        if self.value_of("json").is_some() {
            return Vec::new();
        }
        let given = self.positionals.iter().skip(2);
        let given: Vec<_> = given.filter_map(|pair| pair.split_once('=')).collect();
        let open = fields.iter().filter(|field| {
            field.kind == Kind::Array || given.iter().all(|(name, _)| *name != field.name)
        });
        let (needed, others): (Vec<_>, Vec<_>) = open.partition(|field| field.required);
        let begun = needed.into_iter().chain(others).map(|field| {
            let file = if uploads(operation, field) { "@" } else { "" };
            let needed = if field.required { ", required" } else { "" };
            let about = format!("{}{needed}: {}", kind(field), first_sentence(field.doc));
            Candidate::begun(format!("{}={file}", field.name), about)
        });
        begun.collect()
    }

    /// Accounts that the command can do something with.
    fn account_names(&self) -> Vec<Candidate> {
        let file = self.value_of("config").map(PathBuf::from);
        let file = file.or_else(|| std::env::var_os("MYNAH_CONFIG").map(PathBuf::from));
        let accounts = (self.accounts)(&file.unwrap_or_else(|| "mynah.toml".into()));
        let fits = |account: &&Account| match self.command.get_name() {
            "listen" => account.platform.hears(),
            "call" => self.served().is_none_or(|served| {
                let operation = self.operation();
                let path = operation.map(|one| one.meta.path);
                match path {
                    Some(path) => serves(account, served.platform, path),
                    None => account.platform.platform() == served.platform,
                }
            }),
            _ => true,
        };
        let fitting = accounts.iter().filter(fits);
        let named = |it: &Account| Candidate::new(&it.name, it.platform.platform().name());
        fitting.map(named).collect()
    }

    /// How conversations of an account's platform begin.
    fn conversations(&self) -> Vec<Candidate> {
        let file = self.value_of("config").unwrap_or("mynah.toml");
        let accounts = (self.accounts)(Path::new(file));
        let name = self.positionals.first().copied().unwrap_or_default();
        let account = accounts.iter().find(|it| it.name == name);
        let platforms = match account {
            Some(account) => vec![account.platform.platform()],
            None => Platform::ALL.to_vec(),
        };
        let begun = platforms.into_iter().flat_map(|platform| {
            [("user", "Somebody, alone."), ("group", "A group.")].map(|(place, about)| {
                Candidate::begun(format!("{}:{place}:", platform.name()), about)
            })
        });
        begun.collect()
    }

    fn value_of(&self, id: &str) -> Option<&'c str> {
        let mut options = self.options.iter();
        let found = options.find(|(option, _)| option.get_id() == id);
        found.map(|(_, value)| *value)
    }
}

fn takes_value(option: &Arg) -> bool {
    option.get_action().takes_values()
}

fn about(words: Option<&clap::builder::StyledStr>) -> String {
    words.map(ToString::to_string).unwrap_or_default()
}

fn platforms() -> Vec<Candidate> {
    let named = |served: &Served| {
        let count = served.operations.len();
        Candidate::new(served.platform.name(), format!("{count} endpoints"))
    };
    PLATFORMS.iter().map(named).collect()
}

/// What a parameter may be, as far as anybody knows.
fn choices(operation: &Operation, field: &Field, value: &str) -> Vec<Candidate> {
    if uploads(operation, field) {
        let path = value.strip_prefix('@').unwrap_or_default();
        let at = |file: Candidate| Candidate {
            value: format!("@{}", file.value),
            ..file
        };
        return files(path).into_iter().map(at).collect();
    }
    if !field.choices.is_empty() {
        let named = field.choices.iter();
        return named.map(|it| Candidate::new(it.value, it.name)).collect();
    }
    let words: &[&str] = match (field.kind, field.expects.as_str()) {
        (Kind::Boolean, _) => &["true", "false"],
        (_, "0 or 1") => &["0", "1"],
        _ => &[],
    };
    words.iter().map(|word| Candidate::new(*word, "")).collect()
}

/// The files whose path begins so.
fn files(begun: &str) -> Vec<Candidate> {
    let (folder, name) = match begun.rfind('/') {
        Some(slash) => begun.split_at(slash + 1),
        None => ("", begun),
    };
    let place = match (folder, folder.strip_prefix("~/"), std::env::home_dir()) {
        ("", ..) => PathBuf::from("."),
        (_, Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(folder),
    };
    let Ok(entries) = std::fs::read_dir(place) else {
        return Vec::new();
    };
    let found = entries.filter_map(|entry| {
        let entry = entry.ok()?;
        let found = entry.file_name().into_string().ok()?;
        let is_meant = found.starts_with(name) && !found.contains(char::is_control);
        if !is_meant || (found.starts_with('.') && !name.starts_with('.')) {
            return None;
        }
        let path = format!("{folder}{found}");
        Some(if entry.path().is_dir() {
            Candidate::begun(path + "/", "")
        } else {
            Candidate::new(path, "")
        })
    });
    let mut found: Vec<_> = found.take(MOST_FILES).collect();
    found.sort_by(|a, b| a.value.cmp(&b.value));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "[[account]]\nname = 'qq'\nplatform = 'onebot'\napi = 'http://h'\n\
        [[account]]\nname = 'app'\nplatform = 'wecom'\ncorpid = 'ww'\ncorpsecret = 's'\n\
        agentid = 1\n\
        [[account]]\nname = 'robot'\nplatform = 'wecom'\nwebhook_key = 'k'\n\
        [[account]]\nname = 'bot'\nplatform = 'wecom'\nbot_id = 'b'\nbot_secret = 's'\n";

    fn typed(line: &str) -> Vec<String> {
        let words: Vec<_> = line.split(' ').map(str::to_owned).collect();
        let accounts = |file: &Path| match file.to_str() {
            Some("mynah.toml") => Config::parse(FILE).unwrap().accounts,
            _ => Vec::new(),
        };
        let found = candidates(&words, &accounts).into_iter();
        let shown = found.map(|it| it.value + if it.done { "" } else { "…" });
        shown.collect()
    }

    #[test]
    fn commands_and_their_options_are_known() {
        assert_eq!(typed("ca"), ["call"]);
        assert!(typed("").contains(&"doctor".to_owned()));
        assert!(!typed("__").contains(&"__complete".to_owned()));
        assert_eq!(typed("call --dry"), ["--dry-run"]);
        assert!(typed("call --dry-run --dry").is_empty());
        assert_eq!(typed("call --verb"), ["--verbose"]);
        assert_eq!(typed("completion z"), ["zsh"]);
        assert_eq!(typed("send -o t"), ["table"]);
        assert_eq!(typed("send --output=j"), ["--output=json"]);
    }

    #[test]
    fn platforms_endpoints_and_parameters_are_known() {
        assert_eq!(typed("call we"), ["wecom"]);
        assert_eq!(typed("-v call --dry-run rong"), ["rongcloud"]);
        assert_eq!(typed("call wecom appchat.c"), ["appchat.create"]);
        assert_eq!(typed("call wecom appchat.create us"), ["userlist=…"]);
        assert_eq!(typed("call wecom -o json appchat.create ow"), ["owner=…"]);
        assert!(typed("call wecom appchat.create name=x na").is_empty());
        assert_eq!(
            typed("call wecom appchat.create userlist=alice us"),
            ["userlist=…"]
        );
        assert!(typed("call wecom appchat.create --json {} us").is_empty());
        assert_eq!(typed("explain wecom 6002"), ["60020", "60021"]);
        assert!(typed("explain telegram 6").is_empty());
        assert!(typed("call telegram ").is_empty());
        assert!(typed("call wecom no.such ").is_empty());
    }

    #[test]
    fn needed_parameters_come_first() {
        let names = typed("call onebot send_msg ");
        assert_eq!(names.first().map(String::as_str), Some("message=…"));
        assert!(names.contains(&"group_id=…".to_owned()));
    }

    #[test]
    fn values_are_known_where_the_type_knows_them() {
        assert_eq!(
            typed("call onebot send_msg auto_escape="),
            ["auto_escape=true", "auto_escape=false"]
        );
        let kinds = typed("call wecom message.send msgtype=t");
        assert_eq!(
            kinds,
            [
                "msgtype=text",
                "msgtype=textcard",
                "msgtype=template_card",
                "msgtype=taskcard"
            ]
        );
        let templates = typed("call dingtalk v1.robot.o_to_messages.batch_send msgKey=sampleT");
        assert_eq!(templates, ["msgKey=sampleText"]);
        assert_eq!(
            typed("call wecom message.send enable_id_trans="),
            ["enable_id_trans=0", "enable_id_trans=1"]
        );
        let known = PLATFORMS.iter().flat_map(|served| served.operations);
        let known = known.flat_map(Operation::fields);
        let known = known.filter(|field| !field.choices.is_empty()).count();
        assert!(known > 40, "only {known} parameters tell what they may be");
    }

    #[test]
    fn accounts_are_those_of_the_file_that_can_do_it() {
        assert_eq!(typed("send "), ["qq", "app", "robot", "bot"]);
        assert_eq!(typed("listen "), ["bot"]);
        assert_eq!(typed("call wecom --account "), ["app", "robot", "bot"]);
        assert_eq!(typed("call wecom user.get --account "), ["app"]);
        assert_eq!(typed("call wecom user.get --account=a"), ["--account=app"]);
        assert!(typed("send --config other.toml ").is_empty());
        assert_eq!(typed("send qq on"), ["onebot:user:…", "onebot:group:…"]);
    }

    #[test]
    fn files_are_offered_where_files_go() {
        let folder = std::env::temp_dir().join(format!("mynah-files-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("report")).unwrap();
        std::fs::write(folder.join("report.txt"), "").unwrap();
        std::fs::write(folder.join(".hidden"), "").unwrap();
        let place = folder.display();
        assert_eq!(
            typed(&format!("call wecom media.upload media=@{place}/rep")),
            [
                format!("media=@{place}/report.txt"),
                format!("media=@{place}/report/…")
            ]
        );
        let both = typed(&format!("send --config {place}/"));
        assert_eq!(both.len(), 2, "{both:?}");
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(typed("call wecom media.upload me"), ["media=@…"]);
    }
}
