//! `llms.txt` has the form of <https://llmstxt.org>, and names every document and every crate.
//! That its links lead somewhere is seen to with those of all documents.

use crate::{links, repository};

/// What a line of a list links to, and what it says about it.
fn entry(line: &str) -> Option<(&str, &str)> {
    let (_, rest) = line.strip_prefix("- [")?.split_once("](")?;
    rest.split_once("): ")
}

/// What is wrong with the form of `text`.
fn malformed(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut lines = text.lines().filter(|line| !line.is_empty());
    if !lines.next().is_some_and(|line| line.starts_with("# ")) {
        wrong.push("it does not begin with a name".to_owned());
    }
    if !lines.next().is_some_and(|line| line.starts_with("> ")) {
        wrong.push("no summary follows the name".to_owned());
    }
    let lists = lines.skip_while(|line| !line.starts_with("## "));
    for line in lists.filter(|line| !line.starts_with("## ")) {
        if entry(line).is_none_or(|(_, about)| about.is_empty()) {
            wrong.push(format!("no link with a word about it: {line}"));
        }
    }
    wrong
}

/// Which of `files` are named nowhere.
fn unnamed<'a>(text: &str, files: &'a [String]) -> Vec<&'a String> {
    let named: Vec<_> = text.lines().filter_map(entry).map(|(it, _)| it).collect();
    let files = files.iter();
    files.filter(|it| !named.contains(&it.as_str())).collect()
}

#[test]
fn the_list_for_programs_has_its_form_and_is_complete() {
    let text = repository::read("llms.txt");
    assert_eq!(malformed(&text), [] as [String; 0]);
    let mut wanted: Vec<String> = repository::files()
        .into_iter()
        .filter(|file| file.starts_with("docs/") && links::is_document(file))
        .filter(|file| !file.ends_with(".zh-CN.md"))
        .collect();
    assert!(!wanted.is_empty(), "there are no documents");
    for package in repository::packages() {
        let roots = ["src/lib.rs", "src/main.rs"].map(|root| format!("{package}/{root}"));
        let root = roots
            .into_iter()
            .find(|it| repository::root().join(it).is_file());
        wanted.extend(root.filter(|it| it.starts_with("crates/")));
    }
    let unnamed = unnamed(&text, &wanted);
    assert!(unnamed.is_empty(), "llms.txt does not name {unnamed:?}");
}

#[test]
fn what_is_malformed_or_missing_is_found() {
    let good = "# A\n\n> b\n\nc\n\n## D\n\n- [e](e.md): f\n";
    assert_eq!(malformed(good), [] as [String; 0]);
    let files = ["e.md".to_owned(), "g.md".to_owned()];
    assert_eq!(unnamed(good, &files), ["g.md"]);
    for bad in [
        "A\n\n> b\n",
        "# A\n\nb\n",
        "# A\n\n> b\n\n## D\n\n- [e](e.md)\n",
        "# A\n\n> b\n\n## D\n\nwords\n",
    ] {
        assert_eq!(malformed(bad).len(), 1, "{bad}");
    }
}
