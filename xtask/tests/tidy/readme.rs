//! The English and the Chinese README say the same.

use crate::repository;

/// What can be compared without knowing the language.
#[derive(Debug, PartialEq)]
struct Outline {
    /// The level of each heading.
    headings: Vec<usize>,
    /// Each code block, with its fence.
    code: Vec<String>,
    /// How many rows its tables have.
    rows: usize,
}

impl Outline {
    fn of(text: &str) -> Self {
        let mut outline = Self {
            headings: Vec::new(),
            code: Vec::new(),
            rows: 0,
        };
        let mut inside = false;
        for line in text.lines() {
            let fence = line.starts_with("```");
            if fence && !inside {
                outline.code.push(String::new());
            }
            if fence || inside {
                let block = outline.code.last_mut().unwrap();
                block.push_str(line);
                block.push('\n');
            } else if line.starts_with('#') {
                outline
                    .headings
                    .push(line.chars().take_while(|&c| c == '#').count());
            } else if line.starts_with('|') {
                outline.rows += 1;
            }
            inside ^= fence;
        }
        outline
    }
}

#[test]
fn the_readmes_are_at_parity() {
    let english = Outline::of(&repository::read("README.md"));
    let chinese = Outline::of(&repository::read("README.zh-CN.md"));
    assert!(!english.code.is_empty(), "README.md shows no code");
    assert_eq!(english, chinese);
}

/// The bot of the README is a part of an example, so it compiles.
#[test]
fn the_readmes_bot_is_the_example() {
    let example = repository::read("crates/mynah/examples/bot.rs");
    let outline = Outline::of(&repository::read("README.md"));
    let bot = outline
        .code
        .iter()
        .find_map(|block| block.strip_prefix("```rust\n"));
    let bot = bot.and_then(|block| block.strip_suffix("```\n")).unwrap();
    assert!(bot.contains("fn main"), "the README shows a whole bot");
    assert!(example.contains(bot), "README.md and bot.rs differ");
}

#[test]
fn a_difference_is_found() {
    let outline = Outline::of("# A\n```sh\n# not a heading\n```\n## B\n| x |\n");
    assert_eq!(outline.headings, [1, 2]);
    assert_eq!(outline.code, ["```sh\n# not a heading\n```\n"]);
    assert_eq!(outline.rows, 1);
    for other in [
        "# A\n```sh\n# not a heading\n```\n| x |\n",
        "# A\n```sh\n# changed\n```\n## B\n| x |\n",
        "# A\n```sh\n# not a heading\n```\n## B\n",
    ] {
        assert_ne!(Outline::of(other), outline, "{other}");
    }
}
