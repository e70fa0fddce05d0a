//! What the rules look at.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_path_buf()
}

/// The text of a file, named from the root.
pub(crate) fn read(file: &str) -> String {
    let path = root().join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All packages of the workspace, as folders named from the root.
pub(crate) fn packages() -> Vec<String> {
    let mut packages: Vec<String> = fs::read_dir(root().join("crates"))
        .unwrap()
        .map(|entry| format!("crates/{}", entry.unwrap().file_name().to_str().unwrap()))
        .filter(|folder| root().join(folder).join("Cargo.toml").is_file())
        .collect();
    packages.sort();
    packages.extend(["bench".to_owned(), "xtask".to_owned()]);
    packages
}

/// The `Cargo.toml` in `folder`.
pub(crate) fn manifest(folder: &str) -> toml::Table {
    read(&format!("{folder}/Cargo.toml")).parse().unwrap()
}

/// Every Rust file below `folder`, named from the root.
pub(crate) fn rust_files(folder: &str) -> Vec<String> {
    let mut found: Vec<String> = files()
        .into_iter()
        .filter(|file| file.starts_with(&format!("{folder}/")))
        .collect();
    found.retain(|file| {
        Path::new(file)
            .extension()
            .is_some_and(|extension| extension == "rs")
    });
    assert!(!found.is_empty(), "{folder} holds no Rust");
    found
}

/// Every file that is in git or about to be, named from the root.
pub(crate) fn files() -> Vec<String> {
    let listed = Command::new("git")
        .current_dir(root())
        // The checkout may belong to somebody else, as in a container.
        .args(["-c", "safe.directory=*", "ls-files", "-z"])
        .args(["--cached", "--others", "--exclude-standard"])
        .output()
        .expect("git is installed");
    assert!(
        listed.status.success(),
        "{}",
        String::from_utf8_lossy(&listed.stderr)
    );
    let names = String::from_utf8(listed.stdout).unwrap();
    let names = names.split_terminator('\0').map(str::to_owned);
    // A file that was deleted but not yet from the index is listed all the same.
    names.filter(|name| root().join(name).is_file()).collect()
}
