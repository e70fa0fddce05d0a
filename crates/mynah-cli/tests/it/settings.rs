//! Which setting counts: what stands on the command line, then a variable, then the file.

use std::process::{Command, Output};

use crate::harness::{Folder, Server, TOKEN, exit, mynah, text};

const ACCOUNTS: &str = "\
[[account]]
name = 'one'
platform = 'onebot'
api = 'http://one.invalid'
[[account]]
name = 'two'
platform = 'onebot'
api = 'http://two.invalid'
";

/// Where a call would go, by these flags and variables.
fn goes_to(here: &Folder, flags: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut call: Command = mynah();
    call.current_dir(&here.0)
        .args(["call", "onebot", "get_status", "--dry-run"])
        .args(flags)
        .envs(variables.iter().copied());
    call.output().unwrap()
}

#[test]
fn flags_count_before_variables_and_variables_before_the_file() {
    let here = Folder::with("settings", ACCOUNTS);
    let other = "[[account]]\nname = 'three'\nplatform = 'onebot'\napi = 'http://three.invalid'\n";
    std::fs::write(here.0.join("other.toml"), other).unwrap();
    let url = ("MYNAH_URL", "http://variable.invalid");
    let account = ("MYNAH_ACCOUNT", "two");
    let config = ("MYNAH_CONFIG", "other.toml");
    for (flags, variables, host) in [
        (&["--account", "one"][..], &[][..], "one"),
        (&[], &[account], "two"),
        (&["--account", "one"], &[account], "one"),
        (&[], &[url], "variable"),
        (&[], &[url, account], "variable"),
        (&["--account", "one"], &[url], "one"),
        (&["--url", "http://flag.invalid"], &[url], "flag"),
        (&["--url", "http://flag.invalid"], &[account], "flag"),
        (&[], &[config], "three"),
        (&["--config", "mynah.toml"], &[config, account], "two"),
    ] {
        let shown = goes_to(&here, flags, variables);
        let expected = format!("GET http://{host}.invalid/get_status\n");
        let shown = text(&shown.stdout) + &text(&shown.stderr);
        let shown = shown.replacen("POST", "GET", 1);
        assert!(
            shown.starts_with(&expected),
            "{flags:?} {variables:?}: {shown}"
        );
    }
    let both = goes_to(&here, &["--url", "http://h", "--account", "one"], &[]);
    assert_eq!(exit(&both), 2);
    assert!(text(&both.stderr).contains("leave one of them out"));
}

#[test]
fn the_account_that_is_named_speaks_whatever_the_variable_says() {
    let here = Folder::with("named", ACCOUNTS);
    let mut send = mynah();
    let send = send
        .current_dir(&here.0)
        .args(["send", "three", "onebot:group:1", "hi"])
        .env("MYNAH_URL", "http://variable.invalid");
    let sent = send.output().unwrap();
    assert_eq!(exit(&sent), 3);
    assert!(text(&sent.stderr).contains("no account `three`; there are: one, two"));
    let mut send = mynah();
    let shown = send
        .current_dir(&here.0)
        .args(["send", "-", "wecom:user:alice", "hi", "--dry-run"])
        .env("MYNAH_URL", "http://variable.invalid")
        .env("MYNAH_TOKEN", "ww:secret:1");
    let shown = shown.output().unwrap();
    assert_eq!(exit(&shown), 0, "{}", text(&shown.stderr));
}

#[test]
fn the_token_may_stand_in_a_variable_and_a_flag_counts_before_it() {
    let sandbox = Server::start("sandbox");
    let url = format!("{}/onebot", sandbox.url);
    for (flag, variable, exits) in [
        (None, TOKEN, 0),
        (None, "wrong", 4),
        (Some("wrong"), TOKEN, 4),
        (Some(TOKEN), "wrong", 0),
        (Some("env:MYNAH_TEST_SECRET"), "wrong", 0),
    ] {
        let mut call = mynah();
        call.args(["call", "onebot", "get_status"])
            .env("MYNAH_URL", &url)
            .env("MYNAH_TOKEN", variable)
            .env("MYNAH_TEST_SECRET", TOKEN);
        if let Some(token) = flag {
            call.args(["--token", token]);
        }
        assert_eq!(exit(&call.output().unwrap()), exits, "{flag:?} {variable}");
    }
}

#[test]
fn where_the_sandbox_listens_may_stand_in_a_variable() {
    let mut sandbox = mynah();
    sandbox.arg("sandbox").env("MYNAH_LISTEN", "not an address");
    let wrong = sandbox.output().unwrap();
    assert_eq!(exit(&wrong), 2);
    assert!(text(&wrong.stderr).contains("--listen"));
    // A flag that is right hides a variable that is not.
    let started = Server::start_with("sandbox", |command| {
        command.env("MYNAH_LISTEN", "not an address");
    });
    assert!(started.url.starts_with("http://127.0.0.1:"));
}
