//! Messages as OneBot writes them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mynah_onebot::{Message as Native, Segment};

use crate::id::{Id, Platform};
use crate::message::{Media, Message, Part, Source};
use crate::reply::Loss;

/// A message as it goes out, and what was lost on the way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Compiled {
    /// The message.
    pub message: Native,
    /// What OneBot cannot carry.
    pub losses: Vec<Loss>,
}

/// Writes a message for OneBot.
pub fn compile(message: &Message) -> Compiled {
    let mut compiled = Compiled::default();
    // Implementations want the quote in front.
    for part in message
        .parts()
        .iter()
        .filter(|part| matches!(part, Part::Quote(_)))
        .take(1)
    {
        compiled.add(part);
    }
    for part in message
        .parts()
        .iter()
        .filter(|part| !matches!(part, Part::Quote(_)))
    {
        compiled.add(part);
    }
    compiled
}

impl Compiled {
    /// Nobody may look at the receipt; the log says it anyhow.
    pub(crate) fn log_losses(&self) {
        for loss in &self.losses {
            tracing::warn!(
                what = loss.what,
                instead = loss.instead,
                "lost in a message"
            );
        }
    }

    fn add(&mut self, part: &Part) {
        match part {
            Part::Text(text) => self.message.push(Segment::text(text.clone())),
            Part::Mention(user) => match number(Some(user.platform), &user.id) {
                Some(id) => self.message.push(Segment::at(mynah_onebot::UserId(id))),
                None => self.lose(
                    "mention",
                    "the id as text",
                    Segment::text(user.id.to_string()),
                ),
            },
            Part::MentionAll => self.message.push(Segment::at_all()),
            Part::Image(media) => self.message.push(Segment::image(file(media))),
            Part::Voice(media) => self.message.push(Segment::record(file(media))),
            Part::Video(media) => self.message.push(Segment::video(file(media))),
            Part::File(media) => {
                let name = if media.name.is_empty() {
                    "?"
                } else {
                    &media.name
                };
                self.lose("file", "its name", Segment::text(format!("[{name}]")));
            }
            Part::Link(link) => {
                let mut share = Segment::share(link.url.as_str(), link.title.as_str());
                for (key, value) in [("content", &link.text), ("image", &link.image)] {
                    if !value.is_empty() {
                        share = share.with(key, value.as_str());
                    }
                }
                self.message.push(share);
            }
            Part::Location(place) => {
                let mut segment = Segment::location(place.latitude, place.longitude);
                if !place.title.is_empty() {
                    segment = segment.with("title", place.title.as_str());
                }
                self.message.push(segment);
            }
            Part::Markdown(text) => {
                self.lose(
                    "markdown",
                    "its source as text",
                    Segment::text(text.clone()),
                );
            }
            Part::Quote(quoted) => match number(Some(quoted.platform), &quoted.id) {
                Some(id) => match i32::try_from(id) {
                    Ok(id) => self
                        .message
                        .push(Segment::reply(mynah_onebot::MessageId(id))),
                    Err(_) => self.drop("quote"),
                },
                None => self.drop("quote"),
            },
            Part::Raw(Platform::OneBot, json) => {
                match serde_json::from_value::<Native>(json.clone()) {
                    Ok(message) => self.message.extend(message),
                    Err(_) => self.drop("raw"),
                }
            }
            Part::Raw(..) => self.drop("raw"),
        }
    }

    fn lose(&mut self, what: &'static str, instead: &'static str, segment: Segment) {
        self.losses.push(Loss { what, instead });
        self.message.push(segment);
    }

    fn drop(&mut self, what: &'static str) {
        self.losses.push(Loss {
            what,
            instead: "nothing",
        });
    }
}

/// The QQ number, if it is one.
fn number(platform: Option<Platform>, id: &Id) -> Option<i64> {
    platform
        .filter(|platform| *platform == Platform::OneBot)
        .and_then(|_| id.number())
}

fn file(media: &Media) -> String {
    match &media.source {
        Source::Url(url) => url.clone(),
        Source::Bytes(bytes) => format!("base64://{}", STANDARD.encode(bytes)),
        Source::Name(name) => name.clone(),
    }
}
