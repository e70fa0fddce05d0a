//! Crates that think do not wait: no `async`, no clock, no socket, no chance.

use crate::{repository, tokens};

/// Time, chance and answers come into these as arguments.
const PURE: [&str; 8] = [
    "mynah-core",
    "mynah-crypto",
    "mynah-macros",
    "mynah-onebot",
    "mynah-wecom",
    "mynah-dingtalk",
    "mynah-rongcloud",
    "mynah-bearychat",
];

/// Paths that may not occur in them, as a whole or as a part of a longer path.
const FORBIDDEN: [&[&str]; 11] = [
    &["async"],
    &["await"],
    &["tokio"],
    &["std", "net"],
    &["SystemTime", "now"],
    &["Instant", "now"],
    &["rand"],
    &["fastrand"],
    &["getrandom"],
    &["thread_rng"],
    &["RandomState"],
];

/// What `source` does that a pure crate may not, one line each.
fn impurities(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    for path in tokens::paths(tokens::of(source)) {
        for forbidden in FORBIDDEN {
            if path
                .segments
                .windows(forbidden.len())
                .any(|window| window == forbidden)
            {
                found.push(format!("line {}: {}", path.line, forbidden.join("::")));
            }
        }
    }
    found
}

#[test]
fn pure_crates_take_time_and_chance_as_arguments() {
    for name in PURE {
        for file in repository::rust_files(&format!("crates/{name}/src")) {
            let found = impurities(&repository::read(&file));
            assert!(
                found.is_empty(),
                "{file} must stay pure\n{}",
                found.join("\n")
            );
        }
    }
}

#[test]
fn every_kind_of_impurity_is_found() {
    for (source, named) in [
        ("async fn f() {}", "async"),
        ("fn f() { g().await }", "await"),
        ("use tokio::time;", "tokio"),
        ("use std::{fmt, net::TcpStream};", "std::net"),
        (
            "fn f() { std::time::SystemTime::now(); }",
            "SystemTime::now",
        ),
        (
            "mod a { fn f() -> Instant { Instant::now() } }",
            "Instant::now",
        ),
        ("fn f() { rand::random() }", "rand"),
        ("fn f() { m!(fastrand::u8(..)) }", "fastrand"),
        ("fn f() { thread_rng() }", "thread_rng"),
    ] {
        let found = impurities(source);
        assert_eq!(found, [format!("line 1: {named}")], "{source}");
    }
}

#[test]
fn words_about_impure_things_are_no_impurity() {
    let source = "
        /// Answers `async`; see `tokio::time` and std::net.
        pub enum Status { Ok, #[serde(rename = \"async\")] Async }
        fn later(now: Instant) -> Instant { now + SECOND } // never Instant::now()
        #[cfg(test)] mod tests { fn f() { Instant::now(); } }
    ";
    assert_eq!(impurities(source), [] as [String; 0]);
}
