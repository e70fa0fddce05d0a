//! Documents made at random, and what must hold of all that is made of them.
//!
//! Each word is there once, so that one can ask what became of it.

use std::collections::HashSet;
use std::fmt::Write as _;

use fastrand::Rng;
use mynah_bot::{Card, Link, Location, Loss, Media, Message, MessageId, Part, Platform, UserId};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use unicode_segmentation::GraphemeCursor;

/// How a word stands there.
pub type Look = u8;
pub const CODE: Look = 1;
pub const BOLD: Look = 2;
pub const ITALIC: Look = 4;
pub const STRUCK: Look = 8;
pub const QUOTED: Look = 16;
/// In a headline, which is bold where there are none.
const HEADED: Look = 32;
/// In a table, which is code where there are none.
const TABLED: Look = 64;
pub const ALL: Look = CODE | BOLD | ITALIC | STRUCK | QUOTED;

/// A document, and what is in it.
pub struct Document {
    pub message: Message,
    pub words: Vec<Word>,
    /// What is no word: it is somewhere in a piece, or its part is named as lost.
    pub tokens: Vec<(usize, String)>,
    /// What a place must name if it does not know it.
    pub used: HashSet<(usize, &'static str)>,
}

/// A word of a document, without blanks.
pub struct Word {
    pub part: usize,
    pub text: String,
    pub look: Look,
    /// Whether it may not be torn apart.
    pub whole: bool,
}

/// What a place knows.
#[derive(Clone, Copy)]
pub struct Place {
    /// Whether words are Markdown there.
    pub markup: bool,
    /// What can be seen there.
    pub looks: Look,
    /// What has to be named there.
    pub lacks: &'static [&'static str],
}

/// What a place without markup has to name.
pub const WITHOUT_MARKUP: [&str; 14] = [
    "bold",
    "italic",
    "strikethrough",
    "code",
    "code block",
    "heading",
    "block quote",
    "list",
    "table",
    "link",
    "picture",
    "rule",
    "card",
    "button",
];

/// A message of a platform, as people see it.
#[derive(Debug, Default)]
pub struct Piece {
    /// The words.
    pub words: String,
    /// All of it, in the platform's own way of writing.
    pub raw: String,
    /// How long it is, in the unit in which the platform counts.
    pub length: usize,
}

struct Maker<'r> {
    random: &'r mut Rng,
    next: usize,
    part: usize,
    words: Vec<Word>,
    tokens: Vec<(usize, String)>,
    used: HashSet<(usize, &'static str)>,
}

/// A document of up to so many parts, with so many words each at most.
pub fn document(random: &mut Rng, here: Platform, parts: usize, words: usize) -> Document {
    let parts = random.usize(1..=parts);
    let mut maker = Maker {
        random,
        next: 0,
        part: 0,
        words: Vec::new(),
        tokens: Vec::new(),
        used: HashSet::new(),
    };
    let mut message = Message::new();
    for part in 0..parts {
        maker.part = part;
        message = message.push(maker.part(here, words));
    }
    Document {
        message,
        words: maker.words,
        tokens: maker.tokens,
        used: maker.used,
    }
}

impl Maker<'_> {
    fn number(&mut self) -> usize {
        self.next += 1;
        self.next
    }

    fn part(&mut self, here: Platform, words: usize) -> Part {
        match self.random.u8(0..24) {
            0..8 => Part::Text(self.text(words)),
            8..14 => Part::Markdown(self.markdown(words)),
            14 => Part::Card(self.card(words)),
            15 | 16 => Part::Mention(self.person(here)),
            17 => Part::Image(self.media()),
            18 => Part::File(self.media()),
            19 => Part::Link(self.link()),
            20 => {
                let number = self.number();
                self.token(format!("place{number}z"));
                Part::Location(Location::new(30.5, 120.25, format!("place{number}z")))
            }
            21 => {
                let number = self.number() + 77_000;
                self.token(number.to_string());
                Part::Quote(MessageId::new(here, i64::try_from(number).unwrap()))
            }
            22 => Part::Video(self.media()),
            _ => {
                let number = self.number();
                self.token(format!("raw{number}z"));
                let json = serde_json::json!({ "no": format!("raw{number}z") });
                Part::Raw(Platform::OneBot, json)
            }
        }
    }

    fn token(&mut self, token: String) {
        self.tokens.push((self.part, token));
    }

    fn name(&mut self) -> String {
        let name = format!("name{}z", self.number());
        self.token(name.clone());
        name
    }

    fn address(&mut self) -> String {
        let address = format!("https://h.example/{}_a?b=1&c=z", self.number());
        self.token(address.clone());
        address
    }

    fn media(&mut self) -> Media {
        if self.random.bool() {
            self.token("Ynl0ZXM=".to_owned());
            return Media::bytes("a.png", &b"bytes"[..]);
        }
        Media::url(self.address())
    }

    /// One in eight has more words than a preview has room for.
    fn link(&mut self) -> Link {
        let mut link = Link::new(self.address(), self.name());
        if self.random.u8(0..8) == 0 {
            link.title = format!("{}{}", "值".repeat(self.random.usize(0..80)), link.title);
            let sentence = self.name();
            link.text = format!("{} {sentence}", "字 w".repeat(self.random.usize(0..4000)));
        }
        if self.random.u8(0..8) == 0 {
            link.image = self.address();
        }
        link
    }

    fn person(&mut self, here: Platform) -> UserId {
        let number = self.number() + 10_000;
        match here {
            Platform::OneBot => UserId::new(here, i64::try_from(number).unwrap()),
            Platform::BearyChat => UserId::new(here, format!("=bw{number}").as_str()),
            _ => UserId::new(here, format!("user{number}").as_str()),
        }
    }

    fn card(&mut self, words: usize) -> Card {
        self.used.insert((self.part, "card"));
        let title = self.line(HEADED, 3);
        let mut card = Card::new(title).text(self.markdown(words));
        if self.random.bool() {
            card = card.image(self.address());
        }
        for _ in 0..self.random.usize(0..3) {
            self.used.insert((self.part, "button"));
            let label = self.line(0, 2);
            card = if self.random.bool() {
                card.link(label, self.address())
            } else {
                card.press(label, "data")
            };
        }
        card
    }

    /// A word that means nothing else to any platform, but looks as if.
    fn word(&mut self, look: Look) -> String {
        let number = self.number();
        let text = match self.random.u8(0..24) {
            0..6 => format!("w{number}z"),
            6..10 => format!("值班{number}今晚"),
            10 => format!("*{number}*"),
            11 => format!("_{number}_"),
            12 => format!("`{number}`"),
            13 => format!("#{number}"),
            14 => format!("-{number}-"),
            15 => format!("<b>{number}&amp;"),
            16 => format!("[{number}](x)"),
            17 => format!("{number}\\~~|"),
            18 => format!("👨‍👩‍👧‍👦{number}👍🏽"),
            19 => format!("🇨🇳🇩🇪{number}e\u{301}"),
            20 => format!("각नि{number}"),
            21 => format!("@<=={number}=>"),
            22 => format!("<@{number}>"),
            _ => {
                let text = format!("https://h.example/{number}?a=*b*_c_");
                self.said(text.clone(), look, true);
                return text;
            }
        };
        self.said(text.clone(), look, false);
        text
    }

    fn said(&mut self, text: String, look: Look, whole: bool) {
        self.words.push(Word {
            part: self.part,
            text,
            look,
            whole,
        });
    }

    fn line(&mut self, look: Look, words: usize) -> String {
        let words = self.random.usize(1..=words);
        let words: Vec<_> = (0..words).map(|_| self.word(look)).collect();
        words.join(" ")
    }

    fn text(&mut self, words: usize) -> String {
        let mut text = String::new();
        for index in 0..self.random.usize(1..=words) {
            if index > 0 {
                text.push_str(
                    self.random
                        .choice([" ", " ", "\n", "\n\n", " - ", "\n    ", " 1. "])
                        .unwrap(),
                );
            }
            text.push_str(&self.word(0));
        }
        text
    }

    fn use_of(&mut self, what: &'static str) {
        self.used.insert((self.part, what));
    }

    fn markdown(&mut self, words: usize) -> String {
        let mut source = String::new();
        for index in 0..self.random.usize(1..=3) {
            if index > 0 {
                source.push_str("\n\n");
            }
            source.push_str(&self.block(words, 0, 0));
        }
        source
    }

    fn block(&mut self, words: usize, look: Look, depth: usize) -> String {
        match self.random.u8(0..if depth < 3 { 10 } else { 3 }) {
            0..3 => self.inline(words, look),
            3 => {
                self.use_of("heading");
                let level = self.random.usize(1..=6);
                format!(
                    "{} {}",
                    "#".repeat(level),
                    escaped(&self.line(look | HEADED, 3))
                )
            }
            4 => {
                self.use_of("code block");
                let mut code = String::from("```rust\n");
                for _ in 0..self.random.usize(1..=words) {
                    let _ = writeln!(code, "  {}", self.code(look));
                }
                code + "```"
            }
            5 => {
                self.use_of("block quote");
                let inner = self.block(words, look | QUOTED, depth + 1);
                indented(&inner, "> ", "> ")
            }
            6 | 7 => {
                self.use_of("list");
                let mut items = Vec::new();
                for _ in 0..self.random.usize(1..=3) {
                    let item = self.block(words, look, depth + 1);
                    items.push(indented(&item, "- ", "  "));
                }
                items.join("\n")
            }
            8 => {
                self.use_of("table");
                let mut rows = Vec::new();
                for row in 0..self.random.usize(2..=6) {
                    let cells: Vec<_> =
                        (0..2).map(|_| escaped(&self.word(look | TABLED))).collect();
                    rows.push(format!("| {} |", cells.join(" | ")));
                    if row == 0 {
                        rows.push("|---|--:|".to_owned());
                    }
                }
                rows.join("\n")
            }
            _ => {
                self.use_of("rule");
                "***".to_owned()
            }
        }
    }

    fn code(&mut self, look: Look) -> String {
        let number = self.number();
        let text = self
            .random
            .choice(["let x = *y;", "# no", "- no", "`", "@<==bw52O=>"])
            .unwrap();
        let text = format!("c{number}z{text}").replace(' ', "");
        self.said(text.clone(), look | CODE, false);
        text
    }

    fn inline(&mut self, words: usize, look: Look) -> String {
        let mut source = String::new();
        for index in 0..self.random.usize(1..=words) {
            if index > 0 {
                source.push_str(self.random.choice([" ", " ", "\n", "  \n"]).unwrap());
            }
            let text = match self.random.u8(0..12) {
                0 => self.between("**", "bold", look, BOLD),
                1 => self.between("*", "italic", look, ITALIC),
                2 => self.between("~~", "strikethrough", look, STRUCK),
                3 => {
                    self.use_of("code");
                    let number = self.number();
                    self.said(format!("c{number}*z"), look | CODE, false);
                    format!("`c{number}*z`")
                }
                4 => {
                    self.use_of("link");
                    let words = escaped(&self.line(look, 2));
                    let address = format!("https://h.example/{}?x=1", self.number());
                    self.said(address.clone(), look, true);
                    format!("[{words}]({address})")
                }
                5 => {
                    self.use_of("picture");
                    let number = self.number();
                    self.said(format!("alt{number}"), look, false);
                    let address = format!("https://h.example/{number}.png");
                    self.said(address.clone(), look, true);
                    format!("![alt{number}]({address})")
                }
                _ => escaped(&self.word(look)),
            };
            source.push_str(&text);
        }
        source
    }

    fn between(&mut self, sign: &str, what: &'static str, look: Look, with: Look) -> String {
        self.use_of(what);
        let number = self.number();
        self.said(format!("i{number}"), look | with, false);
        let middle = escaped(&self.line(look | with, 4));
        let last = self.number();
        self.said(format!("o{last}"), look | with, false);
        format!("{sign}i{number} {middle} o{last}{sign}")
    }
}

/// Text as a source of Markdown has it when all is escaped that can be.
fn escaped(text: &str) -> String {
    let mut source = String::with_capacity(text.len() * 2);
    for character in text.chars() {
        if character.is_ascii_punctuation() {
            source.push('\\');
        }
        source.push(character);
    }
    source
}

fn indented(block: &str, first: &str, other: &str) -> String {
    let lines = block.split('\n').enumerate();
    let lines = lines.map(|(index, line)| {
        let sign = if index == 0 { first } else { other };
        format!("{sign}{line}")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What is seen: each character that is no blank, and how it looks.
pub fn seen(place: Place, words: &str) -> Vec<(char, Look)> {
    let mut seen = Vec::with_capacity(words.len());
    let mut see = |text: &str, look: Look| {
        let visible = |c: &char| !c.is_whitespace() && *c != '\u{200b}';
        seen.extend(text.chars().filter(visible).map(|c| (c, look)));
    };
    if !place.markup {
        let words = words.trim_start_matches(['>', ' ']);
        see(words, 0);
        return seen;
    }
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut look = Vec::new();
    let mut quotes = 0;
    let mut addresses = Vec::new();
    for event in Parser::new_ext(words, options) {
        let now = look.iter().fold(0, |all, one| all | one) | if quotes > 0 { QUOTED } else { 0 };
        match event {
            Event::Start(Tag::Strong) => look.push(BOLD),
            Event::Start(Tag::Emphasis) => look.push(ITALIC),
            Event::Start(Tag::Strikethrough) => look.push(STRUCK),
            Event::Start(Tag::CodeBlock(_)) => look.push(CODE),
            Event::Start(Tag::BlockQuote(_)) => quotes += 1,
            Event::End(TagEnd::BlockQuote(_)) => quotes -= 1,
            Event::End(
                TagEnd::Strong | TagEnd::Emphasis | TagEnd::Strikethrough | TagEnd::CodeBlock,
            ) => {
                look.pop();
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                addresses.push(dest_url);
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                see(&addresses.pop().unwrap(), now);
            }
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => see(&text, now),
            Event::Code(text) => see(&text, now | CODE),
            _ => {}
        }
    }
    seen
}

/// Without its number, if it has one: `(1/3)`.
fn unnumbered(words: &str, index: usize, of: usize) -> &str {
    let number = format!("({}/{of})", index + 1);
    words.strip_suffix(&number).unwrap_or(words)
}

/// Nothing is too long, nothing torn apart, nothing out of order, nothing lost without a name.
pub fn check(document: &Document, place: Place, pieces: &[Piece], losses: &[Loss], most: usize) {
    let complain = |problem: &str| -> ! {
        panic!(
            "{problem}\n{:#?}\n{pieces:#?}\n{losses:?}",
            document.message.parts()
        );
    };
    let lost = |part: usize| losses.iter().any(|loss| loss.part == part);
    let torn = |part: usize| {
        let mut of = losses.iter().filter(|loss| loss.part == part);
        of.any(|loss| loss.instead == "its pieces")
    };
    let numbers: Vec<_> = (0..pieces.len())
        .map(|index| {
            // A document may hold several texts, each with its own numbers.
            let words = pieces[index].words.trim_end();
            let of = words
                .rsplit_once('/')
                .and_then(|(_, of)| of.strip_suffix(')')?.parse().ok());
            let at = words
                .rsplit_once('(')
                .and_then(|(_, at)| at.split_once('/')?.0.parse().ok());
            (at.unwrap_or(0usize), of.unwrap_or(0usize))
        })
        .collect();
    let mut all: Vec<(char, Look)> = Vec::new();
    let mut ends = Vec::new();
    let mut before = String::new();
    for (piece, (at, of)) in pieces.iter().zip(numbers) {
        if piece.length > most {
            complain(&format!("{} > {most}", piece.length));
        }
        let words = if at > 0 && at <= of {
            unnumbered(piece.words.trim_end(), at - 1, of)
        } else {
            &piece.words
        };
        if words.len() < piece.words.trim_end().len() {
            let newest = self::seen(place, &piece.words).pop();
            if newest.is_none_or(|(_, look)| look & CODE > 0) {
                complain("a number stands in code");
            }
        }
        let seen = seen(place, words);
        let text: String = seen.iter().map(|(character, _)| character).collect();
        if !before.is_empty() && !text.is_empty() {
            let both = format!("{before}{text}");
            let mut cursor = GraphemeCursor::new(before.len(), both.len(), true);
            let is_boundary = cursor.is_boundary(&both, 0).unwrap();
            if !is_boundary && !losses.iter().any(|loss| loss.instead == "its pieces") {
                complain(&format!("torn between {before:?} and {text:?}"));
            }
        }
        before = text;
        all.extend(seen);
        ends.push(all.len());
    }
    let mut from = 0;
    for word in &document.words {
        let wanted: Vec<char> = word.text.chars().filter(|c| !c.is_whitespace()).collect();
        let found = all[from..]
            .windows(wanted.len())
            .position(|here| here.iter().map(|(c, _)| c).eq(&wanted));
        let Some(found) = found else {
            if torn(word.part) {
                continue;
            }
            complain(&format!("{:?} is missing", word.text));
        };
        let range = from + found..from + found + wanted.len();
        let ignored = match word.look & (HEADED | TABLED) {
            0 => 0,
            HEADED => BOLD,
            _ => BOLD | CODE,
        };
        let looks = place.looks & !ignored;
        let mut seen = all[range.clone()].iter().map(|(_, look)| look & looks);
        let other = seen.find(|look| *look != word.look & looks);
        if let Some(look) = other.filter(|_| !torn(word.part)) {
            complain(&format!("{:?} looks {look}, not {}", word.text, word.look));
        }
        let is_torn = ends
            .iter()
            .any(|end| range.start < *end && *end < range.end);
        if word.whole && is_torn && !torn(word.part) {
            complain(&format!("{:?} is torn apart", word.text));
        }
        from = range.end;
    }
    for (part, token) in &document.tokens {
        if !lost(*part)
            && !pieces
                .iter()
                .any(|piece| piece.raw.contains(token.as_str()))
        {
            complain(&format!("{token:?} is missing"));
        }
    }
    for (part, what) in &document.used {
        let is_named = losses
            .iter()
            .any(|loss| loss.part == *part && loss.what == *what);
        if place.lacks.contains(what) && !is_named {
            complain(&format!("part {part}: {what:?} is not named"));
        }
    }
}

/// Runs a check over so many documents; one in five hundred is long. The seed of the one that
/// fails is told.
pub fn every(documents: u64, here: Platform, check: impl Fn(Document, &mut Rng)) {
    for seed in 0..documents {
        let mut random = Rng::with_seed(seed);
        let (parts, words) = if seed % 500 == 499 { (3, 400) } else { (4, 5) };
        let made = document(&mut random, here, parts, words);
        let ran = std::panic::AssertUnwindSafe(|| check(made, &mut random));
        if let Err(panic) = std::panic::catch_unwind(ran) {
            eprintln!("the document of seed {seed}");
            std::panic::resume_unwind(panic);
        }
    }
}
