//! Links between documents lead somewhere.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use crate::repository;

/// The targets of the links in a document, with their lines. Code does not count.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut inside = false;
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            inside = !inside;
        } else if !inside {
            let prose: String = line.split('`').step_by(2).collect();
            // What is linked may itself be code, so what stands in brackets is not looked at.
            for piece in prose.split("](").skip(1) {
                let target = piece.split([')', ' ']).next().unwrap_or_default();
                found.push((number + 1, target.to_owned()));
            }
        }
    }
    found
}

/// The anchors of a document, as GitHub makes them of its headings.
fn anchors(text: &str) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut anchors = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        let fence = line.trim_start().starts_with("```");
        if !fence && !inside && line.starts_with('#') {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
            let anchor: String = title.chars().filter(kept).collect();
            let anchor = anchor.replace(' ', "-");
            let before = seen.entry(anchor.clone()).or_default();
            anchors.push(match *before {
                0 => anchor,
                times => format!("{anchor}-{times}"),
            });
            *before += 1;
        }
        inside ^= fence;
    }
    anchors
}

/// A file that is named relative to another one, named from the root.
fn relative(from: &str, target: &str) -> String {
    let folder = Path::new(from).parent().unwrap_or(Path::new(""));
    let mut path = PathBuf::new();
    for part in folder.join(target).components() {
        match part {
            Component::ParentDir => drop(path.pop()),
            Component::CurDir => {}
            other => path.push(other),
        }
    }
    path.to_string_lossy().into_owned()
}

fn is_elsewhere(target: &str) -> bool {
    target.contains("://") || target.starts_with("mailto:")
}

pub(crate) fn is_document(file: &str) -> bool {
    Path::new(file).extension().is_some_and(|it| it == "md") || file == "llms.txt"
}

#[test]
fn every_link_in_the_documents_leads_somewhere() {
    let files = repository::files();
    let documents = files.iter().filter(|file| is_document(file));
    let texts: BTreeMap<&str, String> = documents
        .map(|file| (file.as_str(), repository::read(file)))
        .collect();
    assert!(texts.contains_key("README.md"), "{:?}", texts.keys());
    let mut dead = Vec::new();
    for (file, text) in &texts {
        for (line, target) in links(text) {
            if is_elsewhere(&target) {
                continue;
            }
            let (path, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let there = match path {
                "" => (*file).to_owned(),
                path => relative(file, path),
            };
            let known = texts.get(there.as_str()).map(|text| anchors(text));
            let leads = match (known, anchor) {
                (Some(anchors), anchor) if !anchor.is_empty() => {
                    anchors.iter().any(|known| known == anchor)
                }
                (Some(_), _) => true,
                // A file that is no document, or a folder.
                (None, "") => repository::root().join(&there).exists(),
                (None, _) => false,
            };
            if !leads {
                dead.push(format!("{file}:{line}: {target}"));
            }
        }
    }
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

#[test]
fn links_are_found_but_for_those_in_code() {
    let text = "See [a](b.md), [`c`](d.md#e \"title\").\n```md\n[no](no.md)\n```\n`[no](no.md)` ![p](q.png)\n";
    let found: Vec<_> = links(text).into_iter().collect();
    let expected = [(1, "b.md"), (1, "d.md#e"), (5, "q.png")];
    assert_eq!(found, expected.map(|(line, it)| (line, it.to_owned())));
}

#[test]
fn anchors_are_made_as_github_makes_them() {
    let text = "# One bot, five: `mynah`\n```sh\n# no\n```\n## 各类账号\n## 各类账号\n";
    assert_eq!(
        anchors(text),
        ["one-bot-five-mynah", "各类账号", "各类账号-1"]
    );
}

#[test]
fn targets_are_resolved_from_where_they_stand() {
    for (from, target, file) in [
        ("README.md", "docs/a.md", "docs/a.md"),
        ("docs/migration/a.md", "../b.md", "docs/b.md"),
        ("docs/a.md", "./b.md", "docs/b.md"),
    ] {
        assert_eq!(relative(from, target), file);
    }
}
