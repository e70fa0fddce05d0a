//! Messages as OneBot writes them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mynah_onebot::{Message as Native, Segment};

use crate::compile::{Dialect, Limit, Script, Words};
use crate::id::{Id, MessageId, Platform, UserId};
use crate::message::{Link, Location, Media, Message, Part, Source};

/// Messages as they go out, and what was lost on the way.
pub type Compiled = crate::outgoing::Compiled<Native>;

/// QQ takes no more characters in one message; OneBot itself names no limit. What is not text
/// counts for one.
const LONGEST: Limit = Limit::characters(4500);

/// Stands in a text for what is none.
const OBJECT: &str = "\u{fffc}";

/// Writes a message for OneBot.
///
/// Everything is one message as long as its text fits. There is no markup: Markdown becomes text.
pub fn compile(message: &Message) -> Compiled {
    within(message, LONGEST)
}

/// The same for a response, where there is room for one message, however long it is.
pub(super) fn in_response(message: &Message) -> Compiled {
    within(message, Limit::characters(usize::MAX))
}

fn within(message: &Message, limit: Limit) -> Compiled {
    let mut writer = Writer {
        script: Script::new(&Dialect::PLAIN),
        segments: Vec::new(),
    };
    let parts = || message.parts().iter().enumerate();
    // Implementations want the quote in front.
    for (index, part) in parts() {
        if let Part::Quote(quoted) = part {
            writer.script.begin(index);
            writer.quote(quoted);
        }
    }
    for (index, part) in parts() {
        writer.script.begin(index);
        writer.add(part);
    }
    let words = writer.script.take(limit, message.is_numbered());
    let segments = &writer.segments;
    Compiled {
        pieces: words
            .into_iter()
            .map(|words| native(words, segments))
            .collect(),
        losses: writer.script.losses(),
        numbered: writer.script.numbered(),
    }
}

struct Writer {
    script: Script,
    /// What is tagged in the script.
    segments: Vec<Segment>,
}

impl Writer {
    fn add(&mut self, part: &Part) {
        match part {
            Part::Text(text) => self.script.text(text),
            Part::Markdown(text) => self.script.markdown(text),
            Part::Card(card) => self.script.card(card),
            Part::Mention(user) => self.mention(user),
            Part::MentionAll => self.segment(Segment::at_all()),
            Part::Image(media) => self.segment(Segment::image(file(media))),
            Part::Voice(media) => self.segment(Segment::record(file(media))),
            Part::Video(media) => self.segment(Segment::video(file(media))),
            Part::File(media) => self.file(media),
            Part::Link(link) => self.link(link),
            Part::Location(place) => self.location(place),
            // They are written already.
            Part::Quote(_) => {}
            Part::Raw(Platform::OneBot, json) => {
                match serde_json::from_value::<Native>(json.clone()) {
                    Ok(message) => message
                        .into_iter()
                        .for_each(|segment| self.segment(segment)),
                    Err(_) => self.script.lose("raw", "nothing"),
                }
            }
            Part::Raw(..) => self.script.lose("raw", "nothing"),
        }
    }

    fn segment(&mut self, segment: Segment) {
        self.script.tagged(OBJECT, self.segments.len());
        self.segments.push(segment);
    }

    fn quote(&mut self, quoted: &MessageId) {
        let id = number(quoted.platform, &quoted.id).and_then(|id| i32::try_from(id).ok());
        match id.filter(|_| self.segments.is_empty()) {
            Some(id) => self.segment(Segment::reply(mynah_onebot::MessageId(id))),
            None => self.script.lose("quote", "nothing"),
        }
    }

    fn mention(&mut self, user: &UserId) {
        if let Some(id) = number(user.platform, &user.id) {
            return self.segment(Segment::at(mynah_onebot::UserId(id)));
        }
        self.script.lose("mention", "the id as text");
        self.script.whole(&user.id.to_string(), "mention");
    }

    fn file(&mut self, media: &Media) {
        if let Source::Url(url) = &media.source {
            self.script.lose("file", "its address");
            return self.script.link(&media.name, url);
        }
        self.script.lose("file", "its name");
        self.script.text(&media.in_brackets());
    }

    fn link(&mut self, link: &Link) {
        let mut share = Segment::share(link.url.as_str(), link.title.as_str());
        for (key, value) in [("content", &link.text), ("image", &link.image)] {
            if !value.is_empty() {
                share = share.with(key, value.as_str());
            }
        }
        self.segment(share);
    }

    fn location(&mut self, place: &Location) {
        let mut segment = Segment::location(place.latitude, place.longitude);
        if !place.title.is_empty() {
            segment = segment.with("title", place.title.as_str());
        }
        self.segment(segment);
    }
}

/// Text, and what stands in its places.
fn native(words: Words, segments: &[Segment]) -> Native {
    let mut message = Native::default();
    let mut written = 0;
    for (place, tag) in words.tags {
        if written < place.start {
            message.push(Segment::text(&words.text[written..place.start]));
        }
        written = place.end;
        message.extend(segments.get(tag).cloned());
    }
    if written < words.text.len() {
        message.push(Segment::text(&words.text[written..]));
    }
    message
}

/// The QQ number, if it is one.
fn number(platform: Platform, id: &Id) -> Option<i64> {
    id.number().filter(|_| platform == Platform::OneBot)
}

fn file(media: &Media) -> String {
    match &media.source {
        Source::Url(url) => url.clone(),
        Source::Bytes(bytes) => format!("base64://{}", STANDARD.encode(bytes)),
        Source::Name(name) => name.clone(),
    }
}
