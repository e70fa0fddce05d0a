//! Text on its way out: what in it belongs together, and where it is cut.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;
use std::rc::Rc;

use unicode_segmentation::GraphemeCursor;

use super::escape::begins_block;
use super::limit::Limit;

/// Text as one message of a platform takes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Words {
    /// What is written.
    pub(crate) text: String,
    /// Where in it what was tagged stands.
    pub(crate) tags: Vec<(Range<usize>, usize)>,
}

/// Text that grows, with marks on what is not to be torn apart. The marks stand in the order in
/// which they begin.
#[derive(Debug, Default)]
pub(super) struct Flow {
    pub(super) text: String,
    marks: Vec<Mark>,
    /// Where each part of the message begins.
    parts: Vec<(usize, usize)>,
}

#[derive(Debug)]
struct Mark {
    start: usize,
    end: usize,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// Stays in one piece; the word names it if it is too long for that.
    Whole(&'static str),
    /// The same, and the piece tells where it is.
    Tagged(usize),
    /// May be cut, for it can be closed and opened again.
    Around(Around),
}

/// What stands around a text, such as the fences of code.
#[derive(Clone, Debug, Default)]
pub(super) struct Around {
    /// So many bytes are the beginning of it, in which nothing is cut.
    pub(super) opening: usize,
    /// The same at the end.
    pub(super) closing: usize,
    /// What opens it again in the next piece.
    pub(super) reopen: Cow<'static, str>,
    /// What closes it in this one.
    pub(super) close: Cow<'static, str>,
    /// Whether it stands around lines and not inside them: it is outside of those that do not.
    pub(super) lines: bool,
    /// Whether blanks and line breaks in it are what they are.
    pub(super) verbatim: bool,
    /// What the lines in it begin with.
    pub(super) prefix: Option<Rc<str>>,
}

impl Around {
    /// The same mark before and behind the text.
    pub(super) fn inline(mark: impl Into<Cow<'static, str>>) -> Self {
        let mark = mark.into();
        Self {
            opening: mark.len(),
            closing: mark.len(),
            reopen: mark.clone(),
            close: mark,
            ..Self::default()
        }
    }
}

/// Names a mark that is not closed yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opened(usize);

/// What had to be torn apart, and in which part of the message.
pub(super) type Torn = Vec<(usize, &'static str)>;

impl Flow {
    /// What follows belongs to this part of the message.
    pub(super) fn begin(&mut self, part: usize) {
        self.parts.push((self.text.len(), part));
    }

    pub(super) fn whole(&mut self, text: &str, what: &'static str) {
        let opened = self.open_whole(what);
        self.text.push_str(text);
        self.close(opened);
    }

    pub(super) fn tagged(&mut self, text: &str, tag: usize) {
        let opened = self.open(Kind::Tagged(tag));
        self.text.push_str(text);
        self.close(opened);
    }

    pub(super) fn open_whole(&mut self, what: &'static str) -> Opened {
        self.open(Kind::Whole(what))
    }

    pub(super) fn open_around(&mut self, around: Around) -> Opened {
        self.open(Kind::Around(around))
    }

    fn open(&mut self, kind: Kind) -> Opened {
        let start = self.text.len();
        let end = usize::MAX;
        self.marks.push(Mark { start, end, kind });
        Opened(self.marks.len() - 1)
    }

    pub(super) fn close(&mut self, Opened(index): Opened) {
        let end = self.text.len();
        if let Some(mark) = self.marks.get_mut(index) {
            mark.end = end;
        }
    }

    /// What is around a text, where that changes while it is open.
    pub(super) fn around(&mut self, Opened(index): Opened) -> Option<&mut Around> {
        match self.marks.get_mut(index) {
            Some(Mark {
                kind: Kind::Around(around),
                ..
            }) => Some(around),
            _ => None,
        }
    }

    /// Marks the addresses in what stands behind `from`.
    pub(super) fn mark_addresses(&mut self, from: usize) {
        let text = &self.text;
        let mut until = from;
        let found = text[from..].match_indices("://").filter_map(|(at, _)| {
            let at = from + at;
            if at < until {
                return None;
            }
            let scheme = ["http", "https"].into_iter().find(|scheme| {
                let before = text[until..at].strip_suffix(scheme);
                before.is_some_and(|before| !before.ends_with(|c: char| c.is_ascii_alphanumeric()))
            })?;
            let inside = |b: u8| b.is_ascii_graphic() && !matches!(b, b'<' | b'>' | b'"' | b'`');
            let rest = &text.as_bytes()[at..];
            let length = rest.iter().position(|byte| !inside(*byte));
            until = at + length.unwrap_or(rest.len());
            Some(Mark {
                start: at - scheme.len(),
                end: until,
                kind: Kind::Whole("address"),
            })
        });
        self.marks.extend(found);
    }

    /// The text in messages of at most `limit`, and the names of what had to be torn apart all
    /// the same. In `markup` a backslash stays with what it escapes, and what was inside a line
    /// does not begin a block. Several messages are numbered below, behind `apart`.
    ///
    /// This takes time in proportion to the text.
    pub(super) fn cut(self, limit: Limit, markup: bool, apart: Option<&str>) -> (Vec<Words>, Torn) {
        if self.text.trim().is_empty() {
            return (Vec::new(), Vec::new());
        }
        if limit.takes(&self.text) {
            let tags = self.marks.iter().filter_map(|mark| match mark.kind {
                Kind::Tagged(tag) => Some((mark.start..mark.end, tag)),
                _ => None,
            });
            let tags = tags.collect();
            let text = self.text;
            return (vec![Words { text, tags }], Vec::new());
        }
        let Some(apart) = apart else {
            return Cutter::new(&self, limit, limit.most, markup).cut();
        };
        let (mut digits, mut bound) = (1, 10);
        loop {
            // (9/9)
            let room = limit.length(apart) + 3 + 2 * digits;
            if room > limit.most / 4 {
                return Cutter::new(&self, limit, limit.most, markup).cut();
            }
            let cutter = Cutter::new(&self, limit, limit.most - room, markup);
            let (mut pieces, torn) = cutter.cut();
            let of = pieces.len();
            if of < bound {
                for (index, piece) in pieces.iter_mut().enumerate().filter(|_| of > 1) {
                    piece.text.push_str(apart);
                    // A text takes whatever is written to it.
                    let _ = write!(piece.text, "({}/{of})", index + 1);
                }
                return (pieces, torn);
            }
            digits += 1;
            bound *= 10;
        }
    }
}

struct Cutter<'f> {
    flow: &'f Flow,
    limit: Limit,
    /// What is left of the limit for the text and what is opened and closed around it.
    room: usize,
    markup: bool,
    /// Where the piece begins that is cut next.
    start: usize,
    /// The first mark that begins there or later.
    next: usize,
    /// Those around it.
    open: Vec<usize>,
    /// Written in front of the next piece, so that it begins no block.
    escape: bool,
    pieces: Vec<Words>,
    torn: Torn,
    /// Where the piece may end, in ascending order.
    ends: Vec<usize>,
}

/// What may be disregarded when nothing fits otherwise.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Force {
    Nothing,
    Marks,
    Everything,
}

impl<'f> Cutter<'f> {
    fn new(flow: &'f Flow, limit: Limit, room: usize, markup: bool) -> Self {
        let escape = if markup { limit.length("\\") } else { 0 };
        Self {
            flow,
            limit,
            room: room.saturating_sub(escape).max(1),
            markup,
            start: 0,
            next: 0,
            open: Vec::new(),
            escape: false,
            pieces: Vec::new(),
            torn: Vec::new(),
            ends: Vec::new(),
        }
    }

    fn around(&self, mark: usize) -> Option<&'f Around> {
        match &self.flow.marks.get(mark)?.kind {
            Kind::Around(around) => Some(around),
            _ => None,
        }
    }

    fn cost(&self, mark: usize, side: impl Fn(&Around) -> &str) -> usize {
        self.around(mark)
            .map_or(0, |around| self.limit.length(side(around)))
    }

    fn cut(mut self) -> (Vec<Words>, Torn) {
        while self.start < self.flow.text.len() {
            let costs = |mark: &usize| {
                self.cost(*mark, |around| &around.reopen) + self.cost(*mark, |around| &around.close)
            };
            let around: usize = self.open.iter().map(costs).sum();
            if around > self.room / 2 {
                self.tear("formatting");
                self.open.clear();
            }
            let force = [Force::Nothing, Force::Marks, Force::Everything];
            let end = force.into_iter().find_map(|force| self.end(force));
            // A limit below one character is exceeded, for otherwise nothing comes of it.
            let rest = &self.flow.text[self.start..];
            let one = || self.start + rest.chars().next().map_or(1, char::len_utf8);
            let end = end.unwrap_or_else(one);
            self.piece(end);
        }
        (self.pieces, self.torn)
    }

    fn tear(&mut self, what: &'static str) {
        let parts = &self.flow.parts;
        let after = parts.partition_point(|(start, _)| *start <= self.start);
        let part = after.checked_sub(1).map_or(0, |index| parts[index].1);
        if !self.torn.contains(&(part, what)) {
            self.torn.push((part, what));
        }
    }

    /// Where the next piece ends.
    fn end(&mut self, force: Force) -> Option<usize> {
        let text = &self.flow.text;
        let marks = &self.flow.marks;
        let mut inside = self.open.clone();
        let mut used: usize = inside
            .iter()
            .map(|mark| self.cost(*mark, |around| &around.reopen))
            .sum();
        let mut closing: usize = inside
            .iter()
            .map(|mark| self.cost(*mark, |around| &around.close))
            .sum();
        let mut mark = self.next;
        // Before this nothing can end.
        let mut whole = self.start;
        let mut too_long = None;
        let mut slashes = 0;
        let (mut line, mut blank) = (None, None);
        let mut ends = std::mem::take(&mut self.ends);
        ends.clear();
        let mut all = true;
        let mut first_end = inside.iter().map(|open| marks[*open].end).min();
        for (offset, character) in text[self.start..].char_indices() {
            let at = self.start + offset;
            if first_end.is_some_and(|end| end <= at) {
                for open in inside.extract_if(.., |open| marks[*open].end <= at) {
                    closing -= self.cost(open, |around| &around.close);
                }
                first_end = inside.iter().map(|open| marks[*open].end).min();
            }
            let apart = at > self.start
                && (at >= whole || force > Force::Nothing)
                && (slashes % 2 == 0 || force == Force::Everything)
                && used + closing <= self.room;
            if apart && (force == Force::Everything || self.is_between(&inside, at)) {
                ends.push(at);
                match character {
                    '\n' => line = Some(at),
                    ' ' | '\t' => blank = Some(at),
                    _ => {}
                }
            }
            while let Some(begins) = marks.get(mark).filter(|mark| mark.start <= at) {
                if let Kind::Around(around) = &begins.kind {
                    if begins.end > at {
                        inside.push(mark);
                        closing += self.limit.length(&around.close);
                        first_end = first_end.into_iter().chain([begins.end]).min();
                    }
                } else {
                    if at == self.start {
                        too_long = match begins.kind {
                            Kind::Whole(what) => Some(what),
                            _ => Some("mention"),
                        };
                    }
                    whole = whole.max(begins.end);
                }
                mark += 1;
            }
            slashes = match character {
                '\\' if self.markup => slashes + 1,
                _ => 0,
            };
            used += self.limit.unit.of(character);
            if used > self.room {
                all = false;
                break;
            }
        }
        let end = if all {
            Some(text.len())
        } else {
            self.best(&ends, line, blank, force)
        };
        self.ends = ends;
        if force > Force::Nothing && end.is_some() {
            self.tear(too_long.unwrap_or("character"));
        }
        end
    }

    /// Whether a place is neither in the beginning nor at the end of what is around it.
    fn is_between(&self, inside: &[usize], at: usize) -> bool {
        inside.iter().all(|open| {
            let mark = &self.flow.marks[*open];
            let Kind::Around(around) = &mark.kind else {
                return true;
            };
            let opened = around.opening == 0 || at > mark.start + around.opening;
            let closed = around.closing > 0 && at + around.closing >= mark.end;
            opened && !closed
        })
    }

    /// The best place of those that are possible: after a line or between words in the second
    /// half, otherwise as late as can be.
    fn best(
        &self,
        ends: &[usize],
        line: Option<usize>,
        blank: Option<usize>,
        force: Force,
    ) -> Option<usize> {
        let last = *ends.last()?;
        let half = self.start + (last - self.start) / 2;
        if let Some(line) = line.filter(|line| *line > half) {
            return Some(line);
        }
        let begins = |at: usize| {
            let rest = self.flow.text[at..].trim_start_matches([' ', '\t']);
            self.markup && rest.starts_with(|c: char| c.is_ascii_digit()) && begins_block(rest)
        };
        let in_word = self.flow.text[..last]
            .chars()
            .next_back()
            .zip(self.flow.text[last..].chars().next())
            .is_some_and(|(before, after)| is_spelt(before) && is_spelt(after));
        if let Some(blank) = blank.filter(|blank| in_word && *blank > half && !begins(*blank)) {
            return Some(blank);
        }
        let mut possible = ends.iter().rev().copied();
        possible.find(|at| force == Force::Everything || self.is_boundary(*at) && !begins(*at))
    }

    /// Whether what people see as one character ends here. Nothing before the piece is looked
    /// at: it begins with such a character.
    fn is_boundary(&self, at: usize) -> bool {
        let piece = &self.flow.text[self.start..];
        let mut cursor = GraphemeCursor::new(at - self.start, piece.len(), true);
        cursor.is_boundary(piece, 0).unwrap_or(true)
    }

    /// What the lines of the piece begin with where this is around them, or begins with them.
    fn prefix(&self, open: usize) -> Option<&'f str> {
        let mark = &self.flow.marks[open];
        let around = self.around(open)?;
        let prefix = around.prefix.as_deref()?;
        if around.verbatim || self.start >= mark.start + prefix.len() {
            return Some(prefix);
        }
        // The sign of an item stands in the piece, and what is behind it further in.
        Some(&prefix[..alike(prefix, &self.flow.text[mark.start..])])
    }

    /// What closes this in a piece whose lines were moved to the front by `moved`.
    fn closing(&self, open: usize, moved: &str) -> Cow<'f, str> {
        let Some(around) = self.around(open) else {
            return Cow::Borrowed("");
        };
        let prefix = around.prefix.as_deref().filter(|_| around.verbatim);
        let (Some(prefix), true) = (prefix, !around.close.is_empty()) else {
            return Cow::Borrowed(&around.close);
        };
        let fence = &around.close[1 + prefix.len()..];
        let moved = if self.flow.marks[open].start < self.start {
            prefix
        } else {
            &prefix[..alike(prefix, moved)]
        };
        let quotes = "> ".repeat(moved.matches('>').count());
        Cow::Owned(format!("\n{quotes}{}{fence}", &prefix[moved.len()..]))
    }

    /// Ends a piece.
    fn piece(&mut self, end: usize) {
        let text = &self.flow.text;
        let marks = &self.flow.marks;
        let mut piece = Words::default();
        let mut opened = std::mem::take(&mut self.open);
        self.order(&mut opened);
        for open in &opened {
            if let Some(around) = self.around(*open) {
                piece.text.push_str(&around.reopen);
            }
        }
        if self.escape {
            piece.text.push('\\');
        }
        let before = piece.text.len();
        let at_line = marks.get(self.next).filter(|mark| mark.start == self.start);
        let at_line = at_line.map(|_| self.next);
        let mut innermost_first = opened.iter().copied().chain(at_line).rev();
        let prefix = innermost_first.find_map(|open| self.prefix(open));
        let (shifts, prefix) = outdented(
            &mut piece.text,
            &text[self.start..end],
            prefix.unwrap_or_default(),
        );

        let mut next = self.next;
        let mut inside = opened;
        while let Some(mark) = marks.get(next).filter(|mark| mark.start < end) {
            if let Kind::Tagged(tag) = mark.kind {
                let at = |place: usize| {
                    let place = place.min(end) - self.start;
                    let after = shifts.partition_point(|(line, _)| *line <= place);
                    let shift = after.checked_sub(1).map_or(0, |index| shifts[index].1);
                    place + before - shift
                };
                piece.tags.push((at(mark.start)..at(mark.end), tag));
            }
            inside.push(next);
            next += 1;
        }
        inside.retain(|open| marks[*open].end > end && self.around(*open).is_some());
        self.order(&mut inside);

        let is_verbatim = |open: &usize| self.around(*open).is_some_and(|around| around.verbatim);
        let verbatim = inside.iter().any(is_verbatim);
        let rest = &text[end..];
        let after_line = rest.starts_with('\n') || text[..end].ends_with('\n');
        let skipped = if verbatim {
            usize::from(rest.starts_with('\n'))
        } else {
            let written = piece.text[before..].trim_end().len();
            piece.text.truncate(before + written);
            let blank: &[char] = match (self.markup, after_line) {
                (true, _) => &['\n', ' ', '\t'],
                (false, true) => &['\n'],
                (false, false) => &[' ', '\t'],
            };
            rest.len() - rest.trim_start_matches(blank).len()
        };
        let is_said = !piece.text[before.min(piece.text.len())..].trim().is_empty();
        for open in inside.iter().rev() {
            let close = self.closing(*open, prefix);
            piece.text.push_str(&close);
        }
        if is_said {
            self.pieces.push(piece);
        }

        self.start = end + skipped;
        while let Some(mark) = marks.get(next).filter(|mark| mark.start < self.start) {
            if mark.end > self.start && self.around(next).is_some() {
                inside.push(next);
            }
            next += 1;
        }
        inside.retain(|open| marks[*open].end > self.start);
        let at_mark = marks.get(next).is_some_and(|mark| mark.start == self.start);
        let is_line = |open: &usize| {
            let around = self.around(*open);
            around.is_some_and(|around| around.lines && !around.verbatim)
        };
        self.escape = self.markup
            && !after_line
            && inside.iter().all(is_line)
            && !at_mark
            && begins_block(&text[self.start..]);
        self.next = next;
        self.open = inside;
    }

    /// What is around lines is outside of what is in them.
    fn order(&self, open: &mut [usize]) {
        open.sort_by_key(|mark| {
            let lines = self.around(*mark).is_some_and(|around| around.lines);
            (!lines, *mark)
        });
    }
}

/// How many bytes two texts have in common at their beginning.
fn alike(one: &str, other: &str) -> usize {
    let pairs = one.bytes().zip(other.bytes());
    pairs.take_while(|(one, other)| one == other).count()
}

/// Writes what was inside of lists, where lines begin with `prefix`, so that it stands outside
/// of them. Tells by how much the lines that begin at a place have moved to the front, and by
/// what the last ones have.
fn outdented<'p>(
    written: &mut String,
    text: &str,
    prefix: &'p str,
) -> (Vec<(usize, usize)>, &'p str) {
    let mut prefix = prefix;
    let mut shifts = Vec::new();
    let (mut at, mut shift) = (0, 0);
    for (index, line) in text.split_inclusive('\n').enumerate() {
        if !prefix.contains("  ") && !prefix.starts_with(' ') {
            written.push_str(&text[at..]);
            return (shifts, "");
        }
        let inside_line = index == 0 && !line.starts_with(prefix);
        if inside_line || line.trim().is_empty() {
            written.push_str(line);
        } else {
            prefix = &prefix[..alike(prefix, line)];
            let quotes = "> ".repeat(prefix.matches('>').count());
            let quotes = &quotes[..quotes.len().min(prefix.len())];
            written.push_str(quotes);
            written.push_str(&line[prefix.len()..]);
            shift += prefix.len() - quotes.len();
            shifts.push((at, shift));
        }
        at += line.len();
    }
    (shifts, prefix)
}

/// Whether a character is one of those that make up words between blanks.
fn is_spelt(character: char) -> bool {
    character.is_alphanumeric() && character < '\u{2e80}'
}
