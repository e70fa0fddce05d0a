//! `mynah completion`, in the shells themselves.

use std::path::Path;
use std::process::Command;

use crate::harness::{Folder, mynah, text};

const ACCOUNTS: &str = "\
[[account]]
name = 'my qq'
platform = 'onebot'
connect = 'ws://h.invalid'
[[account]]
name = 'robot'
platform = 'wecom'
webhook_key = 'k'
";

/// The folder of the program, and the script of a shell in `here`.
fn script(here: &Folder, shell: &str) -> (String, String) {
    let script = here.0.join(format!("script.{shell}"));
    let printed = mynah().args(["completion", shell]).output().unwrap();
    assert!(printed.status.success());
    std::fs::write(&script, printed.stdout).unwrap();
    let folder = Path::new(env!("CARGO_BIN_EXE_mynah")).parent().unwrap();
    (folder.display().to_string(), script.display().to_string())
}

/// What a shell offers; nothing if this machine has no such shell.
fn offers(here: &Folder, shell: &str, program: &str, lines: &[&str]) -> Option<Vec<String>> {
    let (folder, script) = script(here, shell);
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new(shell);
    command
        .current_dir(&here.0)
        .env("PATH", format!("{folder}:{path}"))
        .env("HOME", &here.0)
        .env("LC_ALL", "C.UTF-8")
        .env_remove("MYNAH_CONFIG");
    let output = match command.args(["-c", program, &script]).args(lines).output() {
        Ok(output) => output,
        Err(error) => {
            eprintln!("{shell} is not here: {error}");
            return None;
        }
    };
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "");
    Some(text(&output.stdout).lines().map(str::to_owned).collect())
}

const BASH: &str = r#"
source "$0"
COMP_WORDBREAKS=$' \t\n"\'@><=;|&(:'
for COMP_LINE in "$@"; do
    COMP_POINT=${#COMP_LINE}
    _mynah mynah
    printf '%s\n' "${COMPREPLY[@]}" --
done
"#;

#[test]
fn bash_completes_platforms_endpoints_parameters_values_and_accounts() {
    let here = Folder::with("bash", ACCOUNTS);
    std::fs::write(here.0.join("报告 1.txt"), "").unwrap();
    let lines = [
        "mynah ca",
        "mynah call wec",
        "mynah call wecom appchat.c",
        "mynah call wecom appchat.create us",
        "mynah call wecom message.send msgtype=textc",
        "mynah call wecom media.upload media=@报",
        "mynah call wecom webhook.send --account ",
        "mynah send m",
        "mynah send 'm",
        "mynah send robot wecom:g",
        "mynah call telegram ",
    ];
    let Some(offered) = offers(&here, "bash", BASH, &lines) else {
        return;
    };
    let expected = [
        "call ",
        "wecom ",
        "appchat.create ",
        "userlist=",
        "textcard ",
        r"@报告\ 1.txt ",
        "robot ",
        r"my\ qq ",
        "my qq",
        "group:",
        "",
    ];
    let expected: Vec<_> = expected.iter().flat_map(|it| [*it, "--"]).collect();
    assert_eq!(offered, expected);
}

/// `compadd` works inside of a completion only, so another one stands in for it here.
const ZSH: &str = r#"
compdef() { }
compadd() { print -rl -- ${(P)argv[-1]}; [[ "$*" = *'-S '* ]] && print open }
source "$0"
for line in "$@"; do
    words=(${(z)line})
    [[ "$line" = *' ' ]] && words+=('')
    CURRENT=$#words
    PREFIX=$words[-1]
    _mynah
    print -- --
done
"#;

#[test]
fn zsh_completes_platforms_endpoints_parameters_and_accounts() {
    let here = Folder::with("zsh", ACCOUNTS);
    let lines = [
        "mynah call wec",
        "mynah call wecom appchat.create us",
        "mynah send ",
        "mynah call telegram ",
    ];
    let Some(offered) = offers(&here, "zsh", ZSH, &lines) else {
        return;
    };
    let expected = [
        "wecom",
        "--",
        "userlist=",
        "open",
        "--",
        "my qq",
        "robot",
        "--",
        "--",
    ];
    assert_eq!(offered, expected);
}

const FISH: &str = r"
source $argv[1]
for line in $argv[2..-1]
    complete -C $line
    echo end
end
";

#[test]
fn fish_completes_platforms_endpoints_parameters_and_accounts() {
    let here = Folder::with("fish", ACCOUNTS);
    let lines = [
        "mynah call wec",
        "mynah call wecom appchat.create us",
        "mynah call wecom message.send msgtype=textc",
        "mynah listen m",
    ];
    let Some(offered) = offers(&here, "fish", FISH, &lines) else {
        return;
    };
    let about = |line: &String| line.split('\t').next().unwrap_or_default().to_owned();
    let values: Vec<_> = offered.iter().map(about).collect();
    let expected = [
        "wecom",
        "end",
        "userlist=",
        "end",
        "msgtype=textcard",
        "end",
        "my qq",
        "end",
    ];
    assert_eq!(values, expected);
    assert!(offered[0].ends_with("endpoints"), "{offered:?}");
}

#[test]
fn every_shell_gets_its_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let completions = mynah().args(["completion", shell]).output().unwrap();
        let script = text(&completions.stdout);
        assert!(
            completions.status.success() && script.contains("mynah"),
            "{shell}"
        );
    }
}
