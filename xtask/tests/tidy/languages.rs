//! What is there in English and in Chinese says the same in both.

use crate::outline::Outline;
use crate::repository;

const CHINESE: &str = ".zh-CN.md";

/// What differs between the two texts of one document.
fn difference(english: &str, chinese: &str) -> Option<String> {
    let (english, chinese) = (Outline::of(english), Outline::of(chinese));
    if english.headings != chinese.headings {
        let (left, right) = (english.headings, chinese.headings);
        return Some(format!("the headings are {left:?} and {right:?}"));
    }
    // What code says in words may be translated.
    let shape = |block: &String| {
        (
            block.lines().next().map(str::to_owned),
            block.lines().count(),
        )
    };
    let mut blocks = english.code.iter().zip(&chinese.code);
    if let Some((left, right)) = blocks.find(|(left, right)| shape(left) != shape(right)) {
        return Some(format!("code differs:\n{left}{right}"));
    }
    let counts = [&english, &chinese].map(|outline| (outline.code.len(), outline.rows));
    (counts[0] != counts[1]).then(|| format!("blocks and rows are {counts:?}"))
}

#[test]
fn documents_in_two_languages_are_at_parity() {
    let files = repository::files();
    let chinese: Vec<_> = files.iter().filter(|it| it.ends_with(CHINESE)).collect();
    assert!(chinese.iter().any(|file| *file == "README.zh-CN.md"));
    for file in chinese {
        let twin = file.replace(CHINESE, ".md");
        assert!(files.contains(&twin), "{file} has no twin {twin}");
        let texts = [&twin, file].map(|file| repository::read(file));
        if let Some(difference) = difference(&texts[0], &texts[1]) {
            panic!("{twin}, {file}: {difference}");
        }
    }
}

/// Whoever reads one of them can find the other.
#[test]
fn documents_in_two_languages_lead_to_each_other() {
    for chinese in repository::files() {
        let Some(twin) = chinese.strip_suffix(CHINESE) else {
            continue;
        };
        let name = |file: &str| file.rsplit('/').next().unwrap_or(file).to_owned();
        let english = format!("{twin}.md");
        for (file, other) in [(&english, &chinese), (&chinese, &english)] {
            let link = format!("]({})", name(other));
            assert!(
                repository::read(file).contains(&link),
                "{file} does not link to {other}"
            );
        }
    }
}

#[test]
fn each_kind_of_difference_is_found() {
    let english = "# A\n```sh\nls\n```\n| x |\n";
    assert_eq!(difference(english, "# 甲\n```sh\nls\n```\n| 乙 |\n"), None);
    for (chinese, named) in [
        ("# 甲\n## 乙\n```sh\nls\n```\n| x |\n", "headings"),
        ("# 甲\n```sh\nls\nls\n```\n| x |\n", "code"),
        ("# 甲\n```py\nls\n```\n| x |\n", "code"),
        ("# 甲\n```sh\nls\n```\n", "rows"),
        ("# 甲\n```sh\nls\n```\n```sh\nls\n```\n| x |\n", "blocks"),
    ] {
        let found = difference(english, chinese).unwrap();
        assert!(found.contains(named), "{chinese}: {found}");
    }
}
