//! `docs/catalog.md` lists every endpoint, and is made from the lists themselves.

use std::any::type_name;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use mynah_core::{Described, Endpoint, Meta, Operation};

use crate::repository;

const FILE: &str = "docs/catalog.md";

const HEAD: &str = "\
# Catalog

Every endpoint Mynah knows, for clients and sandbox alike. This file is made by
`cargo xtask catalog` from the endpoints themselves; do not edit it.

An endpoint is repeatable when calling it again changes nothing further: a call
whose outcome is unknown is then tried again by itself. The link leads to the
vendor's page.
";

/// One endpoint.
struct Row {
    /// Where its type stands: `mynah_onebot::actions::group::SetGroupBan`.
    path: &'static str,
    /// The type of its answer, without the modules.
    answer: String,
    operation: Operation,
}

impl Row {
    fn of<E: Endpoint + Described>() -> Self {
        Self {
            path: type_name::<E>(),
            answer: without_modules(type_name::<E::Output>()),
            operation: Operation::of::<E>(),
        }
    }

    /// The module, and the name in it.
    fn place(&self) -> (&'static str, &'static str) {
        self.path.rsplit_once("::").unwrap_or(("", self.path))
    }
}

macro_rules! rows {
    ($($endpoint:ty),* $(,)?) => { vec![$(Row::of::<$endpoint>()),*] };
}

/// Each platform's name, and its list.
fn platforms() -> [(&'static str, Vec<Row>); 5] {
    [
        ("OneBot 11", mynah_onebot::for_each_endpoint!(rows)),
        ("WeCom", mynah_wecom::for_each_endpoint!(rows)),
        ("DingTalk", mynah_dingtalk::for_each_endpoint!(rows)),
        ("RongCloud", mynah_rongcloud::for_each_endpoint!(rows)),
        ("BearyChat", mynah_bearychat::for_each_endpoint!(rows)),
    ]
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
    let mut table = "| request | what it does | answer | repeatable | on the wire |\n".to_owned();
    table += "|---|---|---|---|---|\n";
    for row in rows {
        let Meta {
            method,
            path,
            idempotent,
            doc,
            ..
        } = row.operation.meta;
        let (_, name) = row.place();
        let does = first_sentence(row.operation.doc);
        let answer = &row.answer;
        let repeatable = if idempotent { "yes" } else { "" };
        let verb = method.http();
        let _ = writeln!(
            table,
            "| `{name}` | {does} | `{answer}` | {repeatable} | [`{verb} {path}`]({doc}) |",
        );
    }
    table
}

/// Up to the first full stop, without the marks of links between Rust's pages.
fn first_sentence(doc: &str) -> String {
    let line = doc.split("\n\n").next().unwrap_or(doc).replace('\n', " ");
    let sentence = line.split_inclusive(". ").next().unwrap_or(&line);
    sentence
        .trim()
        .replace("[`", "`")
        .replace("`]", "`")
        .replace('|', "\\|")
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
fn a_sentence_ends_at_its_full_stop() {
    for (doc, sentence) in [
        ("Mutes a member of a group.", "Mutes a member of a group."),
        ("Mutes. Or not.\n\nFails with 100.", "Mutes."),
        ("Works as\n[`SendMsg`] does.", "Works as `SendMsg` does."),
    ] {
        assert_eq!(first_sentence(doc), sentence);
    }
}

#[test]
fn every_endpoint_says_what_it_does_and_where_that_is_documented() {
    for (_, rows) in platforms() {
        for Row {
            path, operation, ..
        } in rows
        {
            assert!(!operation.doc.is_empty(), "{path} has no doc comment");
            assert!(
                operation.meta.doc.starts_with("https://"),
                "{path} names no page"
            );
        }
    }
}
