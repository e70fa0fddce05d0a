//! Which crate may use which: the picture in docs/ARCHITECTURE.md, as a table.

use crate::repository;

use Allowed::{Any, Only};

/// Each platform's protocol is a crate; none of them knows another.
const PLATFORMS: [&str; 5] = [
    "mynah-onebot",
    "mynah-wecom",
    "mynah-dingtalk",
    "mynah-rongcloud",
    "mynah-bearychat",
];

/// A crate of ours, and the crates of ours it may depend on.
///
/// Its tests may use more: those of a platform step both ends of a connection.
const DIRECTION: [(&str, Allowed); 17] = [
    ("mynah-macros", Only(&[])),
    ("mynah-core", Only(&["mynah-macros"])),
    ("mynah-crypto", Only(&[])),
    ("mynah-onebot", Only(&["mynah-core", "mynah-crypto"])),
    ("mynah-wecom", Only(&["mynah-core", "mynah-crypto"])),
    ("mynah-dingtalk", Only(&["mynah-core", "mynah-crypto"])),
    ("mynah-rongcloud", Only(&["mynah-core", "mynah-crypto"])),
    ("mynah-bearychat", Only(&["mynah-core", "mynah-crypto"])),
    ("mynah-client", Only(&["mynah-core"])),
    (
        "mynah-inbound",
        Only(&[
            "mynah-core",
            "mynah-onebot",
            "mynah-wecom",
            "mynah-dingtalk",
            "mynah-rongcloud",
            "mynah-bearychat",
        ]),
    ),
    (
        "mynah-sandbox",
        Only(&[
            "mynah-core",
            "mynah-crypto",
            "mynah-onebot",
            "mynah-wecom",
            "mynah-dingtalk",
            "mynah-rongcloud",
            "mynah-bearychat",
        ]),
    ),
    (
        "mynah-bot",
        Only(&[
            "mynah-core",
            "mynah-crypto",
            "mynah-client",
            "mynah-inbound",
            "mynah-onebot",
            "mynah-wecom",
            "mynah-dingtalk",
            "mynah-rongcloud",
            "mynah-bearychat",
        ]),
    ),
    (
        "mynah-testkit",
        Only(&["mynah-core", "mynah-client", "mynah-sandbox"]),
    ),
    ("mynah", Any),
    ("mynah-cli", Any),
    ("mynah-bench", Any),
    ("xtask", Only(&[])),
];

enum Allowed {
    Only(&'static [&'static str]),
    /// Whatever we have but the testkit, which is for tests.
    Any,
}

impl Allowed {
    fn permits(&self, dependency: &str) -> bool {
        match self {
            Only(names) => names.contains(&dependency),
            Any => dependency != "mynah-testkit",
        }
    }
}

/// The dependencies in `manifest` that the table does not allow.
fn trespasses(manifest: &toml::Table) -> Vec<String> {
    let name = manifest["package"]["name"].as_str().unwrap();
    let Some((_, allowed)) = DIRECTION.iter().find(|(known, _)| *known == name) else {
        return vec![format!("{name} is not in the table")];
    };
    let mut found = Vec::new();
    for dependency in ours(manifest, &["dependencies", "build-dependencies"]) {
        if !allowed.permits(&dependency) {
            found.push(format!("{name} may not depend on {dependency}"));
        }
    }
    for dependency in ours(manifest, &["dev-dependencies"]) {
        let strangers = PLATFORMS.contains(&name) && PLATFORMS.contains(&dependency.as_str());
        if strangers && dependency != name {
            found.push(format!("the tests of {name} may not know {dependency}"));
        }
    }
    found
}

/// The names of our crates in these sections of `manifest`.
fn ours(manifest: &toml::Table, sections: &[&str]) -> Vec<String> {
    let sections = sections
        .iter()
        .filter_map(|section| manifest.get(*section)?.as_table());
    let names = sections.flat_map(toml::Table::keys);
    names
        .filter(|name| name.starts_with("mynah"))
        .cloned()
        .collect()
}

#[test]
fn crates_depend_in_one_direction() {
    for folder in repository::packages() {
        let found = trespasses(&repository::manifest(&folder));
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}

#[test]
fn a_folder_is_named_like_its_crate() {
    for folder in repository::packages()
        .iter()
        .filter(|folder| folder.starts_with("crates/"))
    {
        let name = repository::manifest(folder)["package"]["name"].clone();
        assert_eq!(name.as_str(), folder.strip_prefix("crates/"), "{folder}");
    }
}

#[test]
fn a_dependency_against_the_direction_is_found() {
    let check = |text: &str| trespasses(&text.parse().unwrap());
    for (manifest, sentence) in [
        (
            "package.name = 'mynah-core'\ndependencies.mynah-onebot.workspace = true",
            "mynah-core may not depend on mynah-onebot",
        ),
        (
            "package.name = 'mynah-client'\ndependencies.mynah-sandbox.workspace = true",
            "mynah-client may not depend on mynah-sandbox",
        ),
        (
            "package.name = 'mynah-bot'\ndependencies.mynah-testkit.workspace = true",
            "mynah-bot may not depend on mynah-testkit",
        ),
        (
            "package.name = 'mynah-new'",
            "mynah-new is not in the table",
        ),
    ] {
        assert_eq!(check(manifest), [sentence]);
    }
    let tests = "package.name = 'mynah-core'\ndev-dependencies.mynah-testkit.workspace = true";
    assert_eq!(check(tests), [] as [&str; 0]);
}
