//! The repository speaks of the product, never of a machine it was made on.

use std::fs;

use crate::repository;

/// Each is put together here, so that this file does not contain it itself.
const FORBIDDEN: [&str; 8] = [
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("sha", "red/spec"),
    concat!("sha", "red/design"),
    concat!("sha", "red/vectors"),
    concat!("crates.io", "-index"),
    concat!("py", "pi.org/simple"),
];

/// The forbidden words in `text`, with their lines.
fn forbidden(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for word in FORBIDDEN.iter().filter(|word| line.contains(**word)) {
            found.push(format!("line {}: {word}", number + 1));
        }
    }
    found
}

#[test]
fn no_file_speaks_of_a_machine() {
    let files = repository::files();
    assert!(
        files.iter().any(|file| file == "Cargo.toml"),
        "git lists the files"
    );
    // Cargo writes its lock files itself, and names the registry in them.
    for file in files.iter().filter(|file| !file.ends_with("Cargo.lock")) {
        let bytes = fs::read(repository::root().join(file)).unwrap();
        let found = forbidden(&String::from_utf8_lossy(&bytes));
        assert!(found.is_empty(), "{file}\n{}", found.join("\n"));
    }
}

#[test]
fn every_forbidden_word_is_found() {
    for word in FORBIDDEN {
        let text = format!("fine\nsee {word}x\n");
        assert_eq!(forbidden(&text), [format!("line 2: {word}")]);
    }
    assert_eq!(forbidden("a homework/root of work"), [] as [String; 0]);
}
