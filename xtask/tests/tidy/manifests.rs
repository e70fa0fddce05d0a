//! Every package lives by the lints of the workspace and has a front page.

use crate::repository;

/// What is missing in a package's manifest.
fn lints(manifest: &toml::Table) -> Option<&'static str> {
    let inherited = manifest
        .get("lints")
        .and_then(|lints| lints.get("workspace"));
    match inherited.and_then(toml::Value::as_bool) {
        Some(true) => None,
        _ => Some("[lints] workspace = true is missing"),
    }
}

/// What is missing on a library's front page, the `//!` lines of its `lib.rs`.
fn front_page(source: &str) -> Option<&'static str> {
    let page: Vec<&str> = source
        .lines()
        .take_while(|line| line.starts_with("//!"))
        .map(|line| line[3..].trim())
        .collect();
    let fences: Vec<&&str> = page.iter().filter(|line| line.starts_with("```")).collect();
    match fences.first() {
        None => Some("the front page shows no example"),
        Some(fence) if fence.contains("ignore") || fence.contains("text") => {
            Some("the example on the front page is not compiled")
        }
        Some(_) => None,
    }
}

#[test]
fn the_workspace_forbids_unsafe_code() {
    let manifest: toml::Table = repository::read("Cargo.toml").parse().unwrap();
    let unsafe_code = &manifest["workspace"]["lints"]["rust"]["unsafe_code"];
    assert_eq!(unsafe_code.as_str(), Some("forbid"));
}

#[test]
fn every_package_inherits_the_lints() {
    for folder in repository::packages() {
        assert_eq!(lints(&repository::manifest(&folder)), None, "{folder}");
    }
}

#[test]
fn every_library_has_a_front_page_with_an_example() {
    for folder in repository::packages() {
        let file = format!("{folder}/src/lib.rs");
        if repository::root().join(&file).is_file() {
            assert_eq!(front_page(&repository::read(&file)), None, "{file}");
        }
    }
}

#[test]
fn what_is_missing_is_found() {
    let check = |text: &str| lints(&text.parse().unwrap());
    assert!(check("package.name = 'a'").is_some());
    assert!(check("lints.workspace = false").is_some());
    assert!(check("lints.workspace = true").is_none());

    assert!(front_page("//! Does things.\nfn f() {}").is_some());
    assert!(front_page("//! Does things.\n//!\n//! ```ignore\n//! f();\n//! ```").is_some());
    assert!(front_page("fn f() {}\n//! ```\n//! ```").is_some());
    assert!(front_page("//! Does things.\n//!\n//! ```\n//! f();\n//! ```").is_none());
}
