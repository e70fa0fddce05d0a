//! What the Markdown of each place knows.

use std::borrow::Cow;

use super::escape;

/// What a place shows of Markdown. What it does not know is written in other ways, and named.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dialect {
    /// Whether anything is markup there at all.
    pub(crate) markup: bool,
    /// `**bold**`
    pub(crate) bold: bool,
    /// `*italic*`
    pub(crate) italic: bool,
    /// `~~struck out~~`
    pub(crate) strike: bool,
    /// Code between backticks.
    pub(crate) code: bool,
    /// Code between fences.
    pub(crate) fence: bool,
    /// How many levels of headings there are.
    pub(crate) headings: usize,
    /// `> quoted`
    pub(crate) quote: bool,
    /// Lists, numbered or not.
    pub(crate) lists: bool,
    /// `- [x] done`
    pub(crate) tasks: bool,
    /// What becomes of a table.
    pub(crate) table: Table,
    /// `[words](address)`
    pub(crate) link: bool,
    /// `![words](address)`
    pub(crate) image: bool,
    /// A line across.
    pub(crate) rule: bool,
    /// Whether tags mean anything.
    pub(crate) html: bool,
    /// What ends a line so that the next one begins below it, the line break included.
    pub(crate) line_break: &'static str,
    /// Writes text behind what is written, so that it stays text; told whether a line begins.
    pub(crate) escape: fn(&mut String, &str, bool),
    /// Code so that it stays code: nothing in it can be escaped.
    pub(crate) guard: fn(&str) -> Cow<'_, str>,
}

/// What becomes of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Table {
    /// It is a table.
    Written,
    /// Columns below each other between fences.
    Fenced,
    /// Columns below each other.
    Aligned,
    /// A line for each row.
    Lines,
}

impl Dialect {
    /// No markup: text is text.
    pub(crate) const PLAIN: Self = Self {
        markup: false,
        bold: false,
        italic: false,
        strike: false,
        code: false,
        fence: false,
        headings: 0,
        quote: false,
        lists: false,
        tasks: false,
        table: Table::Aligned,
        link: false,
        image: false,
        rule: false,
        html: false,
        line_break: "\n",
        escape: escape::nothing,
        guard: |code| Cow::Borrowed(code),
    };

    /// Everything that documents are read with, but tags.
    pub(crate) const COMMON: Self = Self {
        markup: true,
        bold: true,
        italic: true,
        strike: true,
        code: true,
        fence: true,
        headings: 6,
        quote: true,
        lists: true,
        tasks: true,
        table: Table::Written,
        link: true,
        image: true,
        rule: true,
        html: false,
        line_break: "  \n",
        escape: escape::markdown,
        guard: |code| Cow::Borrowed(code),
    };
}
