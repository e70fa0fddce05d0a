//! `docs/catalog.md` lists every endpoint, and is made from the lists themselves.

use std::any::type_name;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use mynah_core::{Endpoint, Meta};

use crate::repository;

const FILE: &str = "docs/catalog.md";

const HEAD: &str = "\
# Catalog

Every endpoint Mynah knows, for clients and sandbox alike. This file is made by
`cargo xtask catalog` from the endpoints themselves; do not edit it.

An endpoint marked *yes* under “repeatable” changes nothing further when it is
called again, so that a call whose outcome is unknown is tried again by itself.
";

/// One endpoint.
struct Row {
    /// Where its type stands: `mynah_onebot::actions::group::SetGroupBan`.
    path: &'static str,
    /// The type of its answer, without the modules.
    answer: String,
    meta: Meta,
}

impl Row {
    fn of<E: Endpoint>() -> Self {
        Self {
            path: type_name::<E>(),
            answer: without_modules(type_name::<E::Output>()),
            meta: E::META,
        }
    }

    /// The module, and the name in it.
    fn place(&self) -> (&'static str, &'static str) {
        self.path.rsplit_once("::").unwrap_or(("", self.path))
    }
}

macro_rules! rows {
    ($($endpoint:ty),+ $(,)?) => { vec![$(Row::of::<$endpoint>()),+] };
}

/// Each platform's name, and its list.
fn platforms() -> [(&'static str, Vec<Row>); 1] {
    [("OneBot 11", mynah_onebot::for_each_endpoint!(rows))]
}

/// The text of the file.
fn render(platforms: &[(&str, Vec<Row>)]) -> String {
    let mut text = HEAD.to_owned();
    for (name, rows) in platforms {
        let _ = writeln!(text, "\n## {name}: {} endpoints", rows.len());
        let mut modules: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
        for row in rows {
            modules.entry(row.place().0).or_default().push(row);
        }
        for (module, rows) in modules {
            let _ = write!(text, "\n### `{module}`\n\n{}", table(&rows));
        }
    }
    text
}

fn table(rows: &[&Row]) -> String {
    let mut table = "| request | on the wire | answer | repeatable | documented |\n".to_owned();
    table += "|---|---|---|---|---|\n";
    for row in rows {
        let Meta {
            method,
            path,
            idempotent,
            doc,
            ..
        } = row.meta;
        let verb = method.http();
        let repeatable = if idempotent { "yes" } else { "" };
        let _ = writeln!(
            table,
            "| `{}` | `{verb} {path}` | `{}` | {repeatable} | [page]({doc}) |",
            row.place().1,
            row.answer,
        );
    }
    table
}

/// `Vec<Friend>` for `alloc::vec::Vec<mynah_onebot::actions::friend::Friend>`.
fn without_modules(path: &str) -> String {
    let mut short = String::new();
    for part in path.split_inclusive(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')) {
        short.push_str(part.rsplit("::").next().unwrap_or(part));
    }
    short
}

#[test]
fn types_are_named_without_their_modules() {
    for (path, name) in [
        ("i64", "i64"),
        ("mynah_core::endpoint::Empty", "Empty"),
        ("alloc::vec::Vec<a::b::Friend>", "Vec<Friend>"),
        ("(a::B, core::option::Option<c::D>)", "(B, Option<D>)"),
    ] {
        assert_eq!(without_modules(path), name);
    }
}

#[test]
fn the_catalog_is_up_to_date() {
    let text = render(&platforms());
    let file = repository::root().join(FILE);
    if std::env::var_os("MYNAH_WRITE_CATALOG").is_some() {
        fs::write(&file, &text).unwrap();
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        found == text,
        "{FILE} is out of date: run `cargo xtask catalog`"
    );
}

#[test]
fn every_endpoint_has_a_row_with_its_page() {
    for (name, rows) in platforms() {
        let text = render(&[(name, rows)]);
        let rows: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("| `"))
            .collect();
        assert!(
            rows.iter()
                .all(|row| row.ends_with(") |") && row.contains("](https://")),
            "{text}"
        );
    }
}
