//! The README shows a bot that compiles.

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
