//! Markdown as documents have it, written as a place knows it.

use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use unicode_width::UnicodeWidthStr;

use super::dialect::{Dialect, Table};
use super::escape::address;
use super::flow::{Around, Flow, Opened};
use super::{Joint, Script};

/// So deep quotes and lists stand inside each other; what is deeper stands as deep as this.
const DEEPEST: usize = 8;

/// No column is made wider than this for one wide cell.
const WIDEST: usize = 32;

/// The longest head of a table that is repeated where the table is cut, and the longest code in
/// a line that stays in one piece, in bytes.
const SHORT: usize = 200;

/// Writes Markdown into a script.
pub(super) fn write(script: &mut Script, source: &str) {
    let words = source.trim_matches(['\n', '\r', ' ']);
    if words.is_empty() {
        return script.blank(source);
    }
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let events = Parser::new_ext(source, options).into_offset_iter();
    let mut events = events.peekable();
    let starts = |tag: &Tag<'_>| matches!(tag, Tag::Paragraph);
    let is_words = match events.peek() {
        Some((Event::Start(tag), _)) => starts(tag),
        _ => false,
    };
    if !is_words {
        script.joint = Joint::Paragraph;
    }
    let before = &source[..source.len() - source.trim_start_matches(['\n', '\r', ' ']).len()];
    if is_words {
        script.join(before.matches('\n').count());
        if !script.flow.text.is_empty() {
            script.flow.text.push_str(before);
        }
    } else {
        script.join(0);
    }
    let at_line = script.at_line();
    let dialect = script.dialect;
    let line_start = script.flow.text.len();
    let mut writer = Writer {
        script,
        source,
        dialect,
        pending: String::new(),
        prefix: String::new(),
        shared: Rc::from(""),
        quotes: 0,
        containers: Vec::new(),
        lists: Vec::new(),
        line_start,
        line: None,
        at_line,
        fresh: true,
        in_leaf: false,
        in_heading: false,
        in_link: 0,
        in_image: 0,
        last_start: 0,
        last_paragraph: false,
        apart: false,
        inline: Vec::new(),
        side: Vec::new(),
        table: None,
        code: None,
        html: None,
        joint: Joint::Nothing,
        begin: line_start,
    };
    for (event, range) in events {
        writer.event(event, range);
    }
    writer.flush();
    writer.end_mark();
    let joint = writer.joint;
    let after = &source[source.trim_end_matches(['\n', '\r', ' ']).len()..];
    script.flow.text.push_str(after);
    script.joint = joint;
}

struct Writer<'s, 'm> {
    script: &'s mut Script,
    source: &'m str,
    /// The script's own, or another one where that does not hold.
    dialect: &'static Dialect,
    /// Text that is not written yet.
    pending: String,
    /// What a line begins with inside of quotes and lists.
    prefix: String,
    shared: Rc<str>,
    quotes: usize,
    /// How long the prefix was outside of each.
    containers: Vec<(usize, bool)>,
    /// The next number of each list; none if it is not numbered.
    lists: Vec<Option<u64>>,
    line_start: usize,
    /// What is around the line where it is quoted.
    line: Option<Opened>,
    /// Whether nothing but the prefix and the signs of items stands on the line.
    at_line: bool,
    /// Whether the next block is the first one where it stands.
    fresh: bool,
    /// Whether words go on, and no block has to begin for them.
    in_leaf: bool,
    in_heading: bool,
    in_link: usize,
    in_image: usize,
    last_start: usize,
    last_paragraph: bool,
    /// Whether the next block must be set apart.
    apart: bool,
    /// What is open inside a line.
    inline: Vec<Inline>,
    /// What is written elsewhere is kept here meanwhile.
    side: Vec<Side>,
    table: Option<Rows>,
    /// Code that is read, behind what stands at its fence.
    code: Option<(String, String)>,
    html: Option<String>,
    joint: Joint,
    /// Where this part of the message begins.
    begin: usize,
}

enum Inline {
    /// Words between two of this.
    Between(String, Opened),
    /// Words that are just written.
    Nothing,
    /// Words of a link to this address.
    Link(String, Opened),
    /// The same where there are no links, and where the words begin.
    Address(String, usize),
    /// Words for a picture at this address.
    Image(String),
}

struct Side {
    flow: Flow,
    dialect: &'static Dialect,
    at_line: bool,
}

/// A table that is read.
#[derive(Default)]
struct Rows {
    /// What is around it as it is written.
    around: Option<Opened>,
    start: usize,
    row: Option<Opened>,
    columns: usize,
    head: String,
    /// The cells of each row, where it becomes something else.
    cells: Vec<Vec<String>>,
    aligned: Vec<pulldown_cmark::Alignment>,
}

impl Writer<'_, '_> {
    fn flow(&mut self) -> &mut Flow {
        &mut self.script.flow
    }

    fn push(&mut self, text: &str) {
        self.script.flow.text.push_str(text);
    }

    fn lose(&mut self, what: &'static str, instead: &'static str) {
        self.script.lose(what, instead);
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range.start),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => {
                if let Some((_, code)) = &mut self.code {
                    code.push_str(&text);
                } else {
                    self.leaf(range.start);
                    self.pending.push_str(&text);
                }
            }
            Event::Code(code) => {
                self.leaf(range.start);
                self.code_in_line(&code);
            }
            Event::Html(text) => match &mut self.html {
                Some(html) => html.push_str(&text),
                None => self.html(&text, range.start),
            },
            Event::InlineHtml(text) => self.html(&text, range.start),
            Event::SoftBreak => self.break_line(""),
            Event::HardBreak => {
                let end = self.dialect.line_break.trim_end_matches('\n');
                self.break_line(end);
            }
            Event::Rule => {
                self.block(range.start, true);
                if self.dialect.rule {
                    self.push("---");
                } else {
                    self.lose("rule", "a line of dashes");
                    self.push("———");
                }
                self.ended(Joint::Line);
            }
            Event::TaskListMarker(done) => {
                self.leaf(range.start);
                let sign = match (self.dialect.tasks, done) {
                    (true, true) => "[x] ",
                    (true, false) => "[ ] ",
                    (false, true) => "☑ ",
                    (false, false) => "☐ ",
                };
                if !self.dialect.tasks {
                    self.lose("check box", "☑ or ☐");
                }
                self.push(sign);
                self.at_line = false;
            }
            // What the parser is not asked to read.
            Event::FootnoteReference(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.pending.push_str(&text);
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>, at: usize) {
        match tag {
            Tag::Paragraph => {
                let apart = self.last_paragraph;
                self.block(at, apart);
                self.in_leaf = true;
            }
            Tag::Heading { level, .. } => self.heading(level, at),
            Tag::BlockQuote(_) => {
                self.block(at, false);
                if !self.dialect.quote {
                    self.lose("block quote", "lines behind >");
                }
                self.enter("> ", true);
            }
            Tag::List(first) => {
                if !self.dialect.lists {
                    self.lose("list", "lines with - or a number");
                }
                if self.lists.is_empty() && self.in_leaf {
                    self.flush();
                }
                self.lists.push(first);
            }
            Tag::Item => self.item(at),
            Tag::CodeBlock(kind) => {
                self.block(at, false);
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((info, String::new()));
            }
            Tag::HtmlBlock => {
                self.block(at, false);
                self.html = Some(String::new());
            }
            Tag::Table(aligned) => {
                self.block(at, false);
                self.start_table(aligned);
            }
            Tag::TableHead | Tag::TableRow => self.start_row(),
            Tag::TableCell => self.start_cell(),
            Tag::Strong => self.between(at, self.dialect.bold, 2, "bold"),
            Tag::Emphasis => self.between(at, self.dialect.italic, 1, "italic"),
            Tag::Strikethrough => self.between(at, self.dialect.strike, 2, "strikethrough"),
            Tag::Link {
                dest_url, title, ..
            } => {
                self.leaf(at);
                self.flush();
                if !title.is_empty() {
                    self.lose("title of a link", "nothing");
                }
                if self.dialect.link {
                    self.no_picture();
                    let opened = self.flow().open_whole("link");
                    self.push("[");
                    self.at_line = false;
                    self.in_link += 1;
                    self.inline.push(Inline::Link(dest_url.to_string(), opened));
                } else {
                    self.lose("link", "its address as text");
                    let start = self.script.flow.text.len();
                    self.inline
                        .push(Inline::Address(dest_url.to_string(), start));
                }
            }
            Tag::Image {
                dest_url, title, ..
            } => {
                self.leaf(at);
                self.flush();
                if !title.is_empty() {
                    self.lose("title of a picture", "nothing");
                }
                self.inline.push(Inline::Image(dest_url.to_string()));
                self.in_image += 1;
                self.aside(&Dialect::PLAIN);
            }
            // What the parser is not asked to read.
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => {
                self.flush();
                self.in_leaf = false;
                self.last_paragraph = true;
                self.joint = Joint::Nothing;
            }
            TagEnd::Heading(_) => {
                if self.pending.ends_with('#') && self.dialect.headings > 0 {
                    self.pending.pop();
                    self.flush();
                    self.push("\\#");
                }
                self.flush();
                if let Some(Inline::Between(mark, opened)) = self.inline.pop() {
                    self.push(&mark);
                    self.flow().close(opened);
                    self.apart = true;
                }
                self.in_heading = false;
                self.apart |= self.dialect.headings == 0 && self.dialect.markup;
                self.ended(Joint::Line);
            }
            TagEnd::BlockQuote(_) => {
                self.leave();
                self.apart = self.dialect.markup;
                self.ended(Joint::Paragraph);
            }
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
                self.ended(Joint::Paragraph);
            }
            TagEnd::Item => {
                self.leave();
                self.in_leaf = false;
                self.fresh = false;
            }
            TagEnd::CodeBlock => self.code_block(),
            TagEnd::HtmlBlock => {
                if let Some(html) = self.html.take() {
                    self.html_block(&html);
                }
                self.ended(Joint::Paragraph);
            }
            TagEnd::TableCell => self.end_cell(),
            TagEnd::TableHead => self.end_row(true),
            TagEnd::TableRow => self.end_row(false),
            TagEnd::Table => {
                self.end_table();
                self.ended(Joint::Paragraph);
            }
            TagEnd::Strong | TagEnd::Emphasis | TagEnd::Strikethrough => {
                self.flush();
                if let Some(Inline::Between(mark, opened)) = self.inline.pop() {
                    self.push(&mark);
                    self.flow().close(opened);
                }
            }
            TagEnd::Link => {
                self.flush();
                match self.inline.pop() {
                    Some(Inline::Link(url, opened)) => {
                        self.in_link -= 1;
                        self.push("](");
                        self.push(&address(&url));
                        self.push(")");
                        self.flow().close(opened);
                    }
                    Some(Inline::Address(url, start)) => self.address(&url, start),
                    _ => {}
                }
            }
            TagEnd::Image => {
                let words = self.back();
                self.in_image -= 1;
                if let Some(Inline::Image(url)) = self.inline.pop() {
                    self.image(&words, &url);
                }
            }
            _ => {}
        }
    }

    /// A block is over.
    fn ended(&mut self, joint: Joint) {
        self.in_leaf = false;
        self.last_paragraph = false;
        self.joint = joint;
    }

    /// Begins a block on a line of its own, as far from the one before as in the source.
    fn block(&mut self, at: usize, apart: bool) {
        self.flush();
        self.in_leaf = false;
        self.joint = Joint::Nothing;
        let apart = std::mem::take(&mut self.apart) || apart;
        if std::mem::take(&mut self.fresh) {
            self.last_start = at;
            return;
        }
        let between = self.source.get(self.last_start..at).unwrap_or_default();
        self.last_start = at;
        let blank = |c: char| matches!(c, ' ' | '\t' | '>' | '\n' | '\r');
        let blanks = &between[between.trim_end_matches(blank).len()..];
        let lines = blanks.bytes().filter(|byte| *byte == b'\n').count();
        self.last_paragraph = false;
        self.new_line(apart || lines > 1);
    }

    /// Words are written: they begin a block if they are in none.
    fn leaf(&mut self, at: usize) {
        if !self.in_leaf {
            self.block(at, false);
            self.in_leaf = true;
        }
    }

    fn new_line(&mut self, blank: bool) {
        self.end_mark();
        self.push("\n");
        if blank {
            let prefix = self.prefix.trim_end().len();
            self.script.flow.text.push_str(&self.prefix[..prefix]);
            self.push("\n");
        }
        self.line_start = self.script.flow.text.len();
        self.at_line = true;
        self.begin_mark();
        self.script.flow.text.push_str(&self.prefix);
    }

    /// Marks the line as quoted.
    fn begin_mark(&mut self) {
        if self.prefix.is_empty() || self.line.is_some() {
            return;
        }
        let around = Around {
            opening: self.prefix.len(),
            reopen: Cow::Owned("> ".repeat(self.quotes)),
            lines: true,
            prefix: Some(Rc::clone(&self.shared)),
            ..Around::default()
        };
        self.line = Some(self.script.flow.open_around(around));
    }

    fn end_mark(&mut self) {
        if let Some(line) = self.line.take() {
            self.flow().close(line);
        }
    }

    /// Goes into a quote or an item, which begins on this line.
    fn enter(&mut self, sign: &str, quote: bool) {
        let deep = self.containers.len() >= DEEPEST;
        self.containers.push((self.prefix.len(), quote && !deep));
        if deep {
            self.lose("nesting", "the eighth level");
        }
        if quote && deep {
            self.fresh = true;
            return;
        }
        if quote {
            self.quotes += 1;
            self.prefix.push_str(sign);
        } else if !deep {
            let width = sign.len();
            self.prefix.extend(std::iter::repeat_n(' ', width));
        }
        self.shared = Rc::from(self.prefix.as_str());
        let quotes = self.quotes;
        let length = self.prefix.len();
        let prefix = Rc::clone(&self.shared);
        match self.line {
            Some(line) => {
                if let Some(around) = self.flow().around(line) {
                    around.opening = length;
                    around.reopen = Cow::Owned("> ".repeat(quotes));
                    around.prefix = Some(prefix);
                }
            }
            None => self.begin_mark(),
        }
        self.push(sign);
        self.at_line = true;
        self.fresh = true;
    }

    fn leave(&mut self) {
        self.flush();
        self.fresh = false;
        if let Some((length, quote)) = self.containers.pop() {
            self.prefix.truncate(length);
            self.shared = Rc::from(self.prefix.as_str());
            self.quotes -= usize::from(quote);
        }
    }

    fn item(&mut self, at: usize) {
        self.block(at, false);
        let sign = if let Some(Some(number)) = self.lists.last_mut() {
            let sign = format!("{number}. ");
            *number = number.saturating_add(1);
            sign
        } else {
            let sign = self.source[at..].chars().next();
            let sign = sign.filter(|sign| matches!(sign, '-' | '+' | '*') && self.dialect.markup);
            format!("{} ", sign.unwrap_or('-'))
        };
        self.enter(&sign, false);
    }

    fn heading(&mut self, level: HeadingLevel, at: usize) {
        self.block(at, false);
        self.in_leaf = true;
        self.in_heading = true;
        let level = level as usize;
        if self.dialect.headings == 0 {
            if self.dialect.bold {
                self.lose("heading", "a bold line");
                let opened = self.flow().open_around(Around::inline("**"));
                self.push("**");
                self.at_line = false;
                self.inline.push(Inline::Between("**".to_owned(), opened));
            } else {
                self.lose("heading", "a line of its own");
                self.inline.push(Inline::Nothing);
            }
            return;
        }
        if level > self.dialect.headings {
            self.lose("heading", "one of the lowest level");
        }
        let level = level.min(self.dialect.headings);
        self.push(&"######"[..level.min(6)]);
        self.push(" ");
        self.at_line = false;
        self.inline.push(Inline::Nothing);
    }

    /// Words between two of the same sign, as the source has it.
    fn between(&mut self, at: usize, known: bool, length: usize, what: &'static str) {
        self.leaf(at);
        self.flush();
        let in_bold_heading = self.in_heading && self.dialect.headings == 0 && what == "bold";
        if known && !in_bold_heading {
            let sign = self.source.get(at..at + length).unwrap_or("**").to_owned();
            let sign = if what == "strikethrough" {
                // A single tilde strikes out as well, but not everywhere.
                "~~".to_owned()
            } else if self.script.flow.text.ends_with('*') {
                sign
            } else {
                // Inside of words underscores are nothing.
                sign.replace('_', "*")
            };
            self.keep_apart(&sign);
            let opened = self.flow().open_around(Around::inline(sign.clone()));
            self.push(&sign);
            self.at_line = false;
            return self.inline.push(Inline::Between(sign, opened));
        }
        if !known {
            self.lose(what, "plain text");
        }
        self.inline.push(Inline::Nothing);
    }

    /// What ends with a sign that comes next, in a part of the message before this one, would
    /// be one sign with it.
    fn keep_apart(&mut self, sign: &str) {
        if self.script.flow.text.len() == self.begin
            && sign.starts_with(|c| self.script.flow.text.ends_with(c))
        {
            self.push("\u{200b}");
        }
    }

    /// An exclamation mark in front of a link would make a picture of it.
    fn no_picture(&mut self) {
        if self.script.flow.text.ends_with('!') {
            self.script.flow.text.pop();
            self.push("\\!");
        }
    }

    /// Writes the text that waits.
    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let mut pending = std::mem::take(&mut self.pending);
        // An entity may be a line end, which is none of the document.
        if pending.contains(['\n', '\r']) {
            pending = pending.replace(['\n', '\r'], " ");
        }
        let in_cell = self.table.is_some() && self.dialect.table == Table::Written;
        let from = self.script.flow.text.len();
        let escape = self.dialect.escape;
        let text = &mut self.script.flow.text;
        if self.dialect.markup && (self.in_link > 0 || in_cell) {
            let special =
                |c: char| in_cell && c == '|' || self.in_link > 0 && matches!(c, '[' | ']');
            for words in pending.split_inclusive(special) {
                let sign = words.chars().next_back().filter(|c| special(*c));
                let words = &words[..words.len() - usize::from(sign.is_some())];
                if !words.is_empty() {
                    escape(text, words, std::mem::take(&mut self.at_line));
                }
                if let Some(sign) = sign {
                    text.push('\\');
                    text.push(sign);
                    self.at_line = false;
                }
            }
        } else {
            escape(text, &pending, self.at_line);
        }
        self.at_line = false;
        if self.side.is_empty() {
            self.script.flow.mark_addresses(from);
        }
        pending.clear();
        self.pending = pending;
    }

    fn break_line(&mut self, end: &str) {
        if self.in_heading || self.in_image > 0 || self.table.is_some() {
            self.pending.push(' ');
            return;
        }
        self.flush();
        self.push(end);
        self.new_line(false);
    }

    fn code_in_line(&mut self, code: &str) {
        if !self.dialect.code {
            self.lose("code", "plain text");
            self.pending.push_str(code);
            return;
        }
        self.flush();
        let sign = "`".repeat(longest_run(code, '`') + 1);
        let pad = if code.starts_with('`') || code.ends_with('`') || is_padded(code) {
            " "
        } else {
            ""
        };
        let in_cell = self.table.is_some() && self.dialect.table == Table::Written;
        let code = (self.dialect.guard)(code);
        let code = if in_cell {
            Cow::Owned(code.replace('|', "\\|"))
        } else {
            code
        };
        self.keep_apart(&sign);
        let opened = if code.len() <= SHORT {
            self.flow().open_whole("code")
        } else {
            self.flow().open_around(Around {
                opening: sign.len() + pad.len(),
                closing: sign.len() + pad.len(),
                reopen: Cow::Owned(format!("{sign}{pad}")),
                close: Cow::Owned(format!("{pad}{sign}")),
                ..Around::default()
            })
        };
        for text in [&sign, pad, &code, pad, &sign] {
            self.push(text);
        }
        self.flow().close(opened);
        self.at_line = false;
    }

    fn code_block(&mut self) {
        let (info, code) = self.code.take().unwrap_or_default();
        let code = code.strip_suffix('\n').unwrap_or(&code);
        if self.dialect.fence {
            let info: String = info
                .split_whitespace()
                .next()
                .unwrap_or_default()
                .chars()
                .filter(|c| c.is_alphanumeric() || matches!(c, '+' | '-' | '#' | '.' | '_'))
                .take(32)
                .collect();
            self.fenced(&info, code.split('\n'), longest_run(code, '`'));
        } else {
            self.lose("code block", "plain text");
            self.verbatim(code.split('\n'));
        }
        self.ended(Joint::Line);
        self.apart = self.dialect.markup && !self.dialect.fence;
    }

    /// Lines between fences.
    fn fenced<'l>(&mut self, info: &str, lines: impl Iterator<Item = &'l str>, run: usize) {
        let fence = "`".repeat((run + 1).max(3));
        let quote = "> ".repeat(self.quotes);
        let opened = self.script.flow.open_around(Around {
            opening: fence.len() + info.len(),
            closing: 1 + self.prefix.len() + fence.len(),
            reopen: Cow::Owned(format!("{quote}{fence}{info}\n")),
            close: Cow::Owned(format!("\n{}{fence}", self.prefix)),
            lines: true,
            verbatim: true,
            prefix: Some(Rc::clone(&self.shared)),
        });
        self.push(&fence);
        self.push(info);
        for line in lines {
            self.new_line(false);
            let line = (self.dialect.guard)(line);
            let from = self.script.flow.text.len();
            self.push(&line);
            if self.side.is_empty() {
                self.script.flow.mark_addresses(from);
            }
        }
        self.new_line(false);
        self.push(&fence);
        self.flow().close(opened);
    }

    /// Lines as they are.
    fn verbatim<'l>(&mut self, lines: impl Iterator<Item = &'l str>) {
        for (index, line) in lines.enumerate() {
            if index > 0 {
                let end = self.dialect.line_break.trim_end_matches('\n');
                self.push(end);
                self.new_line(false);
            }
            let from = self.script.flow.text.len();
            (self.dialect.escape)(&mut self.script.flow.text, line, self.at_line);
            if self.side.is_empty() {
                self.script.flow.mark_addresses(from);
            }
            self.at_line = false;
        }
    }

    fn html(&mut self, text: &str, at: usize) {
        self.leaf(at);
        if self.dialect.html {
            self.flush();
            self.flow().whole(text, "tag");
            self.at_line = false;
        } else {
            self.lose("html", "its source as text");
            self.pending.push_str(text);
        }
    }

    fn html_block(&mut self, html: &str) {
        let html = html.strip_suffix('\n').unwrap_or(html);
        if self.dialect.html {
            for (index, line) in html.split('\n').enumerate() {
                if index > 0 {
                    self.new_line(false);
                }
                self.push(line);
            }
        } else {
            self.lose("html", "its source as text");
            self.verbatim(html.split('\n'));
        }
        self.apart = self.dialect.markup;
    }

    /// An address behind its words, if these are not the address itself.
    fn address(&mut self, url: &str, start: usize) {
        let words = self.script.flow.text.get(start..).unwrap_or_default();
        if words == url {
            return;
        }
        if words.trim().is_empty() {
            self.plain_address(url);
        } else {
            self.push(" (");
            self.plain_address(url);
            self.push(")");
        }
        self.at_line = false;
    }

    fn plain_address(&mut self, url: &str) {
        if self.side.is_empty() {
            self.flow().whole(url, "address");
        } else {
            self.push(url);
        }
    }

    fn image(&mut self, words: &str, url: &str) {
        if !self.dialect.image {
            let instead = if self.dialect.link {
                "a link"
            } else {
                "its address"
            };
            self.lose("picture", instead);
        }
        if self.dialect.image || self.dialect.link {
            self.no_picture();
            let opened = self.flow().open_whole("picture");
            let sign = if self.dialect.image { "![" } else { "[" };
            self.push(sign);
            self.at_line = false;
            let words = if words.trim().is_empty() && !self.dialect.image {
                url
            } else {
                words
            };
            self.in_link += 1;
            self.pending.push_str(words);
            self.flush();
            self.in_link -= 1;
            self.push("](");
            self.push(&address(url));
            self.push(")");
            self.flow().close(opened);
            return;
        }
        self.flush();
        let start = self.script.flow.text.len();
        self.pending.push_str(words);
        self.flush();
        self.address(url, start);
    }

    /// Writes elsewhere for a while.
    fn aside(&mut self, dialect: &'static Dialect) {
        self.side.push(Side {
            flow: std::mem::take(&mut self.script.flow),
            dialect: std::mem::replace(&mut self.dialect, dialect),
            at_line: std::mem::replace(&mut self.at_line, false),
        });
    }

    /// Comes back with what was written.
    fn back(&mut self) -> String {
        self.flush();
        match self.side.pop() {
            Some(side) => {
                self.dialect = side.dialect;
                self.at_line = side.at_line;
                std::mem::replace(&mut self.script.flow, side.flow).text
            }
            None => String::new(),
        }
    }

    fn start_table(&mut self, aligned: Vec<pulldown_cmark::Alignment>) {
        let mut rows = Rows {
            start: self.script.flow.text.len(),
            aligned,
            ..Rows::default()
        };
        match self.dialect.table {
            Table::Written => {
                let around = Around {
                    lines: true,
                    ..Around::default()
                };
                rows.around = Some(self.flow().open_around(around));
            }
            Table::Fenced | Table::Aligned => self.lose("table", "text in columns"),
            Table::Lines => self.lose("table", "a line for each row"),
        }
        self.in_leaf = true;
        self.table = Some(rows);
    }

    fn is_written(&self) -> bool {
        // Cells that become text are written aside.
        self.side.is_empty() && self.dialect.table == Table::Written
    }

    fn start_row(&mut self) {
        let written = self.is_written();
        let is_head = self
            .table
            .as_ref()
            .is_some_and(|table| table.head.is_empty());
        if written && !is_head {
            self.new_line(false);
        }
        let opened = written.then(|| self.flow().open_whole("row of a table"));
        if let Some(table) = &mut self.table {
            table.row = opened;
            table.columns = 0;
            table.cells.push(Vec::new());
        }
        if written {
            self.push("|");
        }
    }

    fn start_cell(&mut self) {
        if self.is_written() {
            self.push(" ");
            self.at_line = false;
        } else {
            let dialect = match self.dialect.table {
                Table::Lines => self.dialect,
                _ => &Dialect::PLAIN,
            };
            self.aside(dialect);
        }
    }

    fn end_cell(&mut self) {
        if self.is_written() {
            self.flush();
            self.push(" |");
        } else {
            let cell = self.back();
            let cells = self.table.as_mut().and_then(|table| table.cells.last_mut());
            if let Some(cells) = cells {
                cells.push(cell.trim().to_owned());
            }
        }
    }

    fn end_row(&mut self, head: bool) {
        if !self.is_written() {
            return;
        }
        let Some(mut table) = self.table.take() else {
            return;
        };
        if let Some(row) = table.row.take() {
            self.flow().close(row);
        }
        if head {
            self.new_line(false);
            let opened = self.flow().open_whole("row of a table");
            self.push("|");
            for aligned in &table.aligned {
                self.push(match aligned {
                    pulldown_cmark::Alignment::Left => " :-- |",
                    pulldown_cmark::Alignment::Center => " :-: |",
                    pulldown_cmark::Alignment::Right => " --: |",
                    pulldown_cmark::Alignment::None => " --- |",
                });
            }
            self.flow().close(opened);
            self.script.flow.text[table.start..].clone_into(&mut table.head);
            if table.head.len() <= SHORT && self.quotes == 0 {
                let reopen = format!("{}\n", table.head);
                if let Some(around) = table.around.and_then(|opened| self.flow().around(opened)) {
                    around.opening = reopen.len() - 1;
                    around.reopen = Cow::Owned(reopen);
                }
            }
        }
        self.table = Some(table);
    }

    fn end_table(&mut self) {
        let Some(table) = self.table.take() else {
            return;
        };
        match self.dialect.table {
            Table::Written => {
                if let Some(around) = table.around {
                    self.flow().close(around);
                }
            }
            Table::Fenced => {
                let lines = aligned(&table);
                let run = lines.iter().map(|line| longest_run(line, '`')).max();
                self.fenced("", lines.iter().map(String::as_str), run.unwrap_or(0));
            }
            Table::Aligned => {
                let lines = aligned(&table);
                self.verbatim(lines.iter().map(String::as_str));
            }
            Table::Lines => {
                let end = self.dialect.line_break.trim_end_matches('\n');
                for (index, row) in table.cells.iter().enumerate() {
                    if index > 0 {
                        self.push(end);
                        self.new_line(false);
                    }
                    let from = self.script.flow.text.len();
                    let row = row.join(" ｜ ");
                    self.push(&row);
                    self.script.flow.mark_addresses(from);
                }
            }
        }
        self.apart = self.dialect.markup;
    }
}

/// The rows of a table with their columns below each other.
fn aligned(table: &Rows) -> Vec<String> {
    let mut widths = vec![0; table.aligned.len()];
    for row in &table.cells {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.width().min(WIDEST).max(*width);
        }
    }
    let line = |row: &Vec<String>| {
        let mut line = String::new();
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            if column > 0 {
                line.push_str(" | ");
            }
            let blanks = width.saturating_sub(cell.width());
            let right = table.aligned.get(column) == Some(&pulldown_cmark::Alignment::Right);
            if right {
                line.extend(std::iter::repeat_n(' ', blanks));
            }
            line.push_str(cell);
            if !right {
                line.extend(std::iter::repeat_n(' ', blanks));
            }
        }
        line.truncate(line.trim_end().len());
        line
    };
    table.cells.iter().map(line).collect()
}

fn longest_run(text: &str, of: char) -> usize {
    let (mut longest, mut run) = (0, 0);
    for character in text.chars() {
        run = if character == of { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// Whether one blank on either side would be taken away by who reads it.
fn is_padded(code: &str) -> bool {
    code.starts_with(' ') && code.ends_with(' ') && !code.trim().is_empty()
}
