//! How a message becomes what a platform takes.
//!
//! The parts of a message that are words go into a [`Script`]: text, which is escaped so that it
//! stays text; Markdown, which is read by a parser and written in the [`Dialect`] of the place;
//! mentions and links, which nothing may tear apart. A script that is taken comes out in pieces
//! within the [`Limit`] of the place. Everything that the place does not know is named.
//!
//! All of it takes time in proportion to what is said.

mod dialect;
mod escape;
mod flow;
mod limit;
mod markdown;

pub(crate) use dialect::{Dialect, Table};
pub(crate) use escape::{address, markdown as escape_markdown};
pub(crate) use flow::Words;
pub(crate) use limit::Limit;

use unicode_segmentation::UnicodeSegmentation;

use crate::message::{Button, ButtonAction, Card};
use crate::reply::Loss;

use flow::Flow;

/// Words on their way out, in the dialect of the place they go to.
#[derive(Debug)]
pub(crate) struct Script {
    dialect: &'static Dialect,
    part: usize,
    flow: Flow,
    joint: Joint,
    losses: Vec<Loss>,
    numbered: Vec<Button>,
}

/// What has to stand between what is written and what comes next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Joint {
    #[default]
    Nothing,
    /// The end of a line.
    Line,
    /// The end of a paragraph, where there is markup.
    Paragraph,
}

impl Script {
    /// Nothing is written yet.
    pub(crate) fn new(dialect: &'static Dialect) -> Self {
        Self {
            dialect,
            part: 0,
            flow: Flow::default(),
            joint: Joint::Nothing,
            losses: Vec::new(),
            numbered: Vec::new(),
        }
    }

    /// What follows belongs to this part of the message.
    pub(crate) fn begin(&mut self, part: usize) {
        self.part = part;
        self.flow.begin(part);
    }

    /// Whether nothing is written that anybody would see.
    pub(crate) fn is_blank(&self) -> bool {
        self.flow.text.trim().is_empty()
    }

    /// Names what the place cannot carry, and what stands instead.
    pub(crate) fn lose(&mut self, what: &'static str, instead: &'static str) {
        let loss = Loss::new(self.part, what, instead);
        let same_part = |known: &&Loss| known.part == loss.part;
        let mut here = self.losses.iter().rev().take_while(same_part);
        if here.all(|known| *known != loss) {
            self.losses.push(loss);
        }
    }

    /// The buttons that became numbered lines, in the order of their numbers.
    pub(crate) fn numbered(&mut self) -> Vec<Button> {
        std::mem::take(&mut self.numbered)
    }

    /// What was lost so far.
    pub(crate) fn losses(&mut self) -> Vec<Loss> {
        std::mem::take(&mut self.losses)
    }

    /// Text that stays text.
    pub(crate) fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let lines = text.len() - text.trim_start_matches('\n').len();
        self.join(lines);
        let from = self.flow.text.len();
        let mut at_line = self.at_line();
        if self.dialect.line_break == "\n" {
            (self.dialect.escape)(&mut self.flow.text, text, at_line);
        } else {
            let mut lines = text.split('\n').peekable();
            while let Some(line) = lines.next() {
                (self.dialect.escape)(&mut self.flow.text, line, at_line);
                if lines.peek().is_some() {
                    let blank = line.trim().is_empty();
                    let end = if blank { "\n" } else { self.dialect.line_break };
                    self.flow.text.push_str(end);
                    at_line = true;
                }
            }
        }
        self.flow.mark_addresses(from);
    }

    /// Markdown, written as the place knows it.
    pub(crate) fn markdown(&mut self, source: &str) {
        markdown::write(self, source);
    }

    /// What is written as it is and stays in one piece; `what` names it if it is too long for
    /// that.
    pub(crate) fn whole(&mut self, text: &str, what: &'static str) {
        self.join(0);
        self.flow.whole(text, what);
    }

    /// The same for what the platform wants to know the place of.
    pub(crate) fn tagged(&mut self, text: &str, tag: usize) {
        self.join(0);
        self.flow.tagged(text, tag);
    }

    /// Blanks and line ends, as they are.
    pub(crate) fn blank(&mut self, blank: &str) {
        self.join(0);
        self.flow.text.push_str(blank);
    }

    /// What follows begins a line.
    pub(crate) fn end_line(&mut self) {
        self.joint = Joint::Line;
    }

    /// A link among words: behind its title, or its address alone if it has none.
    pub(crate) fn link(&mut self, title: &str, url: &str) {
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        if self.dialect.link {
            let title = if title.is_empty() { url } else { &title };
            let mut link = String::from("[");
            for (index, words) in title.split_inclusive(['[', ']']).enumerate() {
                let bracket = words.ends_with(['[', ']']);
                let (words, end) = words.split_at(words.len() - usize::from(bracket));
                (self.dialect.escape)(&mut link, words, index == 0);
                if bracket {
                    link.push('\\');
                    link.push_str(end);
                }
            }
            link.extend(["](", &address(url), ")"]);
            return self.whole(&link, "link");
        }
        if !title.is_empty() && title != url {
            self.text(&title);
            self.blank(" ");
        }
        self.whole(url, "address");
    }

    /// A card in words, with its buttons as numbered lines.
    pub(crate) fn card(&mut self, card: &Card) {
        self.lose("card", "text");
        self.end_line();
        let title = card.title.trim();
        if !title.is_empty() {
            let bold = if self.dialect.bold { "**" } else { "" };
            if self.dialect.markup {
                self.joint = Joint::Paragraph;
            }
            self.blank(bold);
            let words = title.split_whitespace().collect::<Vec<_>>().join(" ");
            (self.dialect.escape)(&mut self.flow.text, &words, bold.is_empty());
            self.blank(bold);
            self.joint = Joint::Paragraph;
        }
        if !card.text.trim().is_empty() {
            self.markdown(card.text.trim_matches('\n'));
            self.joint = Joint::Paragraph;
        }
        if !card.image.is_empty() {
            if self.dialect.image {
                let picture = format!("![]({})", address(&card.image));
                self.whole(&picture, "picture");
            } else {
                self.lose("picture of a card", "its address");
                self.link("", &card.image);
            }
            self.joint = Joint::Paragraph;
        }
        self.buttons(&card.buttons);
    }

    /// Buttons as numbered lines; the first of the message has 1.
    pub(crate) fn buttons(&mut self, buttons: &[Button]) {
        for (index, button) in buttons.iter().enumerate() {
            self.lose("button", "a numbered line");
            if index > 0 {
                self.joint = Joint::Line;
            }
            self.numbered.push(button.clone());
            let number = self.numbered.len();
            self.whole(&format!("{number}. "), "number");
            if let ButtonAction::Url(url) = &button.action {
                self.link(&button.label, url);
            } else {
                let label = button.label.split_whitespace();
                self.text(&label.collect::<Vec<_>>().join(" "));
            }
            self.joint = Joint::Paragraph;
        }
    }

    /// What is written, in messages of at most `limit`; the script is empty then. Several are
    /// numbered below if they are to be.
    pub(crate) fn take(&mut self, limit: Limit, numbered: bool) -> Vec<Words> {
        let flow = std::mem::take(&mut self.flow);
        self.joint = Joint::Nothing;
        let markup = self.dialect.markup;
        let apart = if markup { "\n\n" } else { "\n" };
        let (words, torn) = flow.cut(limit, markup, numbered.then_some(apart));
        for (part, what) in torn {
            self.losses.push(Loss::new(part, what, "its pieces"));
        }
        self.flow.begin(self.part);
        words
    }

    fn at_line(&self) -> bool {
        self.flow.text.is_empty() || self.flow.text.ends_with('\n')
    }

    /// Sets what comes apart from what is written. It begins with so many line ends itself.
    fn join(&mut self, lines: usize) {
        let joint = std::mem::take(&mut self.joint);
        let wanted = match joint {
            Joint::Nothing => return,
            Joint::Paragraph if self.dialect.markup => 2,
            Joint::Line | Joint::Paragraph => 1,
        };
        let text = &mut self.flow.text;
        if text.is_empty() {
            return;
        }
        let there = text.len() - text.trim_end_matches('\n').len();
        for _ in there + lines..wanted {
            text.push('\n');
        }
    }
}

/// The beginning of a text, as much of it as a place takes. It ends where a character ends as
/// people see it.
pub(crate) fn beginning(text: &str, limit: Limit) -> &str {
    if limit.takes(text) {
        return text;
    }
    let mut left = limit.most;
    let ends = text.grapheme_indices(true).find_map(|(at, character)| {
        let length = limit.length(character);
        let fits = length <= left;
        left = left.saturating_sub(length);
        (!fits).then_some(at)
    });
    &text[..ends.unwrap_or(text.len())]
}

#[cfg(test)]
mod tests;
