//! The README shows a bot that compiles, and the Chinese one shows the same.

use crate::outline::Outline;
use crate::repository;

/// The bot of the README is a part of an example, so it compiles.
#[test]
fn the_readmes_bot_is_the_example() {
    let example = repository::read("crates/mynah/examples/bot.rs");
    let outline = Outline::of(&repository::read("README.md"));
    let bot = outline.code_in("rust").next().unwrap();
    assert!(bot.contains("fn main"), "the README shows a whole bot");
    assert!(example.contains(bot), "README.md and bot.rs differ");
}

#[test]
fn the_readmes_show_the_same_code() {
    let english = Outline::of(&repository::read("README.md"));
    let chinese = Outline::of(&repository::read("README.zh-CN.md"));
    assert!(!english.code.is_empty(), "README.md shows no code");
    assert_eq!(english.code, chinese.code);
}
