//! Events and answers as the JSON that `docs/handlers.md` describes.

use std::fmt::Display;
use std::str::FromStr;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::event::{Event, EventKind};
use crate::id::{Conversation, MessageId, Place, Platform, UserId};
use crate::message::{Button, ButtonAction, Card, Link, Location, Media, Message, Part, Source};
use crate::reply::{Receipt, Reply};

/// An event as a handler is told of it.
#[derive(Serialize)]
struct Told<'a> {
    id: &'a str,
    r#type: &'a str,
    account: &'a str,
    platform: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sender: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sender_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pressed: Option<&'a str>,
    to_bot: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    from_bot: bool,
    time: i64,
    #[serde(skip_serializing_if = "str::is_empty")]
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<Command<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    message: Vec<PartJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<RawJson<'a>>,
}

#[derive(Serialize)]
struct Command<'a> {
    name: &'a str,
    args: &'a str,
}

/// What came in: JSON as it is, anything else as text.
#[derive(Serialize)]
#[serde(untagged)]
enum RawJson<'a> {
    Json(&'a RawValue),
    Text(&'a str),
}

impl<'a> Told<'a> {
    fn of(id: &'a str, event: &'a Event) -> Self {
        Self {
            id,
            r#type: kind(&event.kind),
            account: &event.account,
            platform: event.platform().name(),
            conversation: event.conversation.as_ref().map(ToString::to_string),
            place: event.conversation.as_ref().map(|place| match place.kind {
                Place::Group => "group",
                Place::Direct => "user",
                Place::Temporary => "temporary",
            }),
            sender: event.sender.as_ref().map(ToString::to_string),
            sender_name: event.sender_name(),
            target: event.target.as_ref().map(ToString::to_string),
            message_id: event.message_id.as_ref().map(ToString::to_string),
            pressed: event.pressed.as_deref(),
            to_bot: event.to_bot,
            from_bot: event.from_bot,
            time: event.time,
            text: event.text(),
            command: event.command().map(|(name, args)| Command { name, args }),
            message: event.message().parts().iter().map(PartJson::of).collect(),
            raw: None,
        }
    }
}

impl Event {
    /// The event in JSON, as handlers in other languages are told of it, but for the id of the
    /// delivery and the bytes that came in.
    pub fn to_json(&self) -> Value {
        let mut told = serde_json::to_value(Told::of("", self)).unwrap_or_default();
        if let Value::Object(fields) = &mut told {
            fields.remove("id");
        }
        told
    }
}

/// An event in JSON, on one line. What came in is left out of one that would be longer than `most`.
///
/// # Errors
/// It is longer nevertheless.
pub(super) fn event(id: &str, event: &Event, most: usize) -> Result<Vec<u8>, String> {
    let raw = std::str::from_utf8(event.raw()).ok();
    let raw = raw.filter(|raw| !raw.is_empty() && raw.len() < most);
    let mut told = Told {
        raw: raw.map(|raw| match serde_json::from_str(raw) {
            Ok(json) => RawJson::Json(json),
            Err(_) => RawJson::Text(raw),
        }),
        ..Told::of(id, event)
    };
    let line = one_line(&told)?;
    if line.len() <= most {
        return Ok(line);
    }
    told.raw = None;
    let line = one_line(&told)?;
    if line.len() <= most {
        return Ok(line);
    }
    Err(format!("the event is longer than {most} bytes"))
}

fn one_line(value: &impl Serialize) -> Result<Vec<u8>, String> {
    let mut line = serde_json::to_vec(value).map_err(|error| error.to_string())?;
    // Line breaks stand between the tokens of what came in only; inside strings JSON escapes them.
    line.retain(|byte| !matches!(byte, b'\n' | b'\r'));
    Ok(line)
}

/// What became of a reply, for a handler that asked.
pub(super) fn receipt(
    id: &str,
    of: &str,
    event: &Event,
    sent: &Result<Receipt, String>,
) -> Result<Vec<u8>, String> {
    #[derive(Serialize)]
    struct Told<'a> {
        id: &'a str,
        r#type: &'static str,
        of: &'a str,
        account: &'a str,
        platform: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        conversation: Option<String>,
        message_ids: Vec<String>,
        losses: Vec<Loss>,
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<&'a str>,
    }
    #[derive(Serialize)]
    struct Loss {
        part: usize,
        what: &'static str,
        instead: &'static str,
    }
    let ok = sent.as_ref().ok();
    let losses = ok.into_iter().flat_map(|receipt| &receipt.losses);
    one_line(&Told {
        id,
        r#type: "receipt",
        of,
        account: &event.account,
        platform: event.platform().name(),
        conversation: event.conversation.as_ref().map(ToString::to_string),
        message_ids: ok.map_or_else(Vec::new, |receipt| {
            receipt.ids.iter().map(ToString::to_string).collect()
        }),
        losses: losses
            .map(|loss| Loss {
                part: loss.part,
                what: loss.what,
                instead: loss.instead,
            })
            .collect(),
        error: sent.as_ref().err().map(String::as_str),
    })
}

/// The word for a kind of event.
fn kind(kind: &EventKind) -> &str {
    match kind {
        EventKind::Message => "message",
        EventKind::OwnMessage => "own_message",
        EventKind::Joined => "joined",
        EventKind::Left => "left",
        EventKind::Recalled => "recalled",
        EventKind::Edited => "edited",
        EventKind::Reacted => "reacted",
        EventKind::Pressed => "pressed",
        EventKind::Poked => "poked",
        EventKind::Muted => "muted",
        EventKind::FriendRequest => "friend_request",
        EventKind::JoinRequest => "join_request",
        EventKind::Invitation => "invitation",
        EventKind::Befriended => "befriended",
        EventKind::Uploaded => "uploaded",
        EventKind::Meta => "meta",
        EventKind::Other(name) => name,
    }
}

/// What a handler wants done, in the order in which it is done.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Answer {
    pub(super) recall: Option<MessageId>,
    pub(super) edit: Option<(MessageId, Message)>,
    pub(super) react: Option<String>,
    pub(super) send: Vec<Elsewhere>,
    pub(super) reply: Reply,
    /// Whether the handler wants to hear what became of the reply.
    pub(super) receipt: bool,
}

/// What is said somewhere else than where the event came from.
#[derive(Debug, PartialEq)]
pub(super) struct Elsewhere {
    /// The account that says it; the one of the event if none is named.
    pub(super) account: Option<String>,
    pub(super) to: Conversation,
    pub(super) message: Message,
}

/// Reads what a handler wants said that nobody has asked: `{"send": […]}`.
///
/// # Errors
/// It is something else, or names no account.
pub(super) fn unasked(line: &[u8]) -> Result<Vec<Elsewhere>, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Unasked {
        send: Vec<Send>,
    }
    let unasked: Unasked = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    let wanted: Vec<_> = unasked.send.into_iter().map(Send::elsewhere).collect();
    if wanted.iter().any(|it| it.account.is_none()) {
        return Err("send: `account` is needed where nobody asked".to_owned());
    }
    Ok(wanted)
}

impl Answer {
    /// Reads an answer.
    ///
    /// # Errors
    /// It is none; the error says where it goes wrong.
    pub(super) fn read(value: Value) -> Result<Self, String> {
        match value {
            Value::Null => Ok(Self::default()),
            Value::String(_) | Value::Array(_) => Ok(Self {
                reply: said(message(value)?),
                ..Self::default()
            }),
            Value::Object(_) => Wanted::deserialize(value)
                .map_err(|error| error.to_string())?
                .answer(),
            Value::Bool(_) | Value::Number(_) => {
                Err("an answer is text, a list of parts, or an object".to_owned())
            }
        }
    }

    /// As [`read`](Self::read), from text; nothing at all is an answer too.
    pub(super) fn parse(text: &[u8]) -> Result<Self, String> {
        if text.trim_ascii().is_empty() {
            return Ok(Self::default());
        }
        Self::read(serde_json::from_slice(text).map_err(|error| error.to_string())?)
    }
}

/// An answer as it stands in an object.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    reply: Option<Said>,
    approve: Option<Words>,
    decline: Option<Words>,
    react: Option<String>,
    #[serde(default, deserialize_with = "maybe_text")]
    recall: Option<MessageId>,
    edit: Option<Edit>,
    #[serde(default)]
    send: Vec<Send>,
    #[serde(default)]
    receipt: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    #[serde(with = "text")]
    message: MessageId,
    into: Said,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Send {
    account: Option<String>,
    #[serde(with = "text")]
    to: Conversation,
    message: Said,
}

impl Send {
    fn elsewhere(self) -> Elsewhere {
        Elsewhere {
            account: self.account,
            to: self.to,
            message: self.message.0,
        }
    }
}

/// Whether, and with which words.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected true, or text")]
enum Words {
    Whether(bool),
    With(String),
}

impl Words {
    fn words(self) -> Option<String> {
        match self {
            Self::Whether(whether) => whether.then(String::new),
            Self::With(words) => Some(words),
        }
    }
}

impl Wanted {
    fn answer(self) -> Result<Answer, String> {
        let approve = self.approve.and_then(Words::words).map(Reply::Approve);
        let decline = self.decline.and_then(Words::words).map(Reply::Decline);
        let reply = self.reply.map(|Said(message)| said(message));
        let mut replies = [reply, approve, decline].into_iter().flatten();
        let reply = replies.next().unwrap_or_default();
        if replies.next().is_some() {
            return Err("one of `reply`, `approve` and `decline` at most".to_owned());
        }
        Ok(Answer {
            recall: self.recall,
            edit: self.edit.map(|edit| (edit.message, edit.into.0)),
            react: self.react,
            send: self.send.into_iter().map(Send::elsewhere).collect(),
            reply,
            receipt: self.receipt,
        })
    }
}

/// What a reply says: nothing is no reply.
fn said(message: Message) -> Reply {
    if message.is_empty() {
        return Reply::Nothing;
    }
    Reply::Message(message)
}

/// A message: text, one part, or a list of both.
struct Said(Message);

impl<'de> Deserialize<'de> for Said {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        message(value).map(Self).map_err(D::Error::custom)
    }
}

fn message(value: Value) -> Result<Message, String> {
    match value {
        Value::Array(values) => {
            let parts = values.into_iter().enumerate().map(|(index, value)| {
                part(value).map_err(|problem| format!("part {index}: {problem}"))
            });
            parts.collect()
        }
        value => part(value).map(|part| [part].into_iter().collect()),
    }
}

fn part(value: Value) -> Result<Part, String> {
    match value {
        Value::String(text) => Ok(Part::Text(text)),
        value => PartJson::deserialize(value)
            .map_err(|error| error.to_string())?
            .part(),
    }
}

/// A part of a message.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum PartJson {
    Text {
        text: String,
    },
    Mention {
        #[serde(with = "text")]
        user: UserId,
    },
    MentionAll,
    Image(MediaJson),
    Voice(MediaJson),
    Video(MediaJson),
    File(MediaJson),
    Link(LinkJson),
    Location(LocationJson),
    Markdown {
        text: String,
    },
    Card(CardJson),
    Quote {
        #[serde(with = "text")]
        message: MessageId,
    },
    Raw {
        #[serde(with = "text")]
        platform: Platform,
        value: Value,
    },
}

/// Bytes, or where they are.
#[derive(Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct MediaJson {
    /// An address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// The bytes themselves, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    data: Option<String>,
    /// What the platform calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    media: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    name: String,
}

impl MediaJson {
    fn of(media: &Media) -> Self {
        let mut json = Self {
            name: media.name.clone(),
            ..Self::default()
        };
        match &media.source {
            Source::Url(url) => json.url = Some(url.clone()),
            Source::Bytes(bytes) => json.data = Some(BASE64_STANDARD.encode(bytes)),
            Source::Name(name) => json.media = Some(name.clone()),
        }
        json
    }

    fn media(self) -> Result<Media, String> {
        let source = match (self.url, self.data, self.media) {
            (Some(url), None, None) => Source::Url(url),
            (None, Some(data), None) => {
                let bytes = BASE64_STANDARD.decode(data);
                Source::Bytes(bytes.map_err(|error| format!("data: {error}"))?.into())
            }
            (None, None, Some(name)) => Source::Name(name),
            _ => return Err("one of `url`, `data` and `media` is needed".to_owned()),
        };
        Ok(Media {
            source,
            name: self.name,
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkJson {
    url: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    title: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    text: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    image: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LocationJson {
    latitude: f64,
    longitude: f64,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    title: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CardJson {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    title: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    text: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    image: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    buttons: Vec<ButtonJson>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ButtonJson {
    label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    press: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    say: Option<String>,
}

impl ButtonJson {
    fn of(button: &Button) -> Self {
        let mut json = Self {
            label: button.label.clone(),
            url: None,
            press: None,
            say: None,
        };
        match &button.action {
            ButtonAction::Url(url) => json.url = Some(url.clone()),
            ButtonAction::Press(data) => json.press = Some(data.clone()),
            ButtonAction::Say(words) => json.say = Some(words.clone()),
        }
        json
    }

    fn button(self) -> Result<Button, String> {
        let action = match (self.url, self.press, self.say) {
            (Some(url), None, None) => ButtonAction::Url(url),
            (None, Some(data), None) => ButtonAction::Press(data),
            (None, None, Some(words)) => ButtonAction::Say(words),
            _ => return Err("a button needs one of `url`, `press` and `say`".to_owned()),
        };
        Ok(Button {
            label: self.label,
            action,
        })
    }
}

impl PartJson {
    fn of(part: &Part) -> Self {
        match part {
            Part::Text(text) => Self::Text { text: text.clone() },
            Part::Mention(user) => Self::Mention { user: user.clone() },
            Part::MentionAll => Self::MentionAll,
            Part::Image(media) => Self::Image(MediaJson::of(media)),
            Part::Voice(media) => Self::Voice(MediaJson::of(media)),
            Part::Video(media) => Self::Video(MediaJson::of(media)),
            Part::File(media) => Self::File(MediaJson::of(media)),
            Part::Link(Link {
                url,
                title,
                text,
                image,
            }) => Self::Link(LinkJson {
                url: url.clone(),
                title: title.clone(),
                text: text.clone(),
                image: image.clone(),
            }),
            Part::Location(Location {
                latitude,
                longitude,
                title,
            }) => Self::Location(LocationJson {
                latitude: *latitude,
                longitude: *longitude,
                title: title.clone(),
            }),
            Part::Markdown(text) => Self::Markdown { text: text.clone() },
            Part::Card(card) => Self::Card(CardJson {
                title: card.title.clone(),
                text: card.text.clone(),
                image: card.image.clone(),
                buttons: card.buttons.iter().map(ButtonJson::of).collect(),
            }),
            Part::Quote(message) => Self::Quote {
                message: message.clone(),
            },
            Part::Raw(platform, value) => Self::Raw {
                platform: *platform,
                value: value.clone(),
            },
        }
    }

    fn part(self) -> Result<Part, String> {
        Ok(match self {
            Self::Text { text } => Part::Text(text),
            Self::Mention { user } => Part::Mention(user),
            Self::MentionAll => Part::MentionAll,
            Self::Image(media) => Part::Image(media.media()?),
            Self::Voice(media) => Part::Voice(media.media()?),
            Self::Video(media) => Part::Video(media.media()?),
            Self::File(media) => Part::File(media.media()?),
            Self::Link(link) => Part::Link(Link {
                url: link.url,
                title: link.title,
                text: link.text,
                image: link.image,
            }),
            Self::Location(location) => Part::Location(Location {
                latitude: location.latitude,
                longitude: location.longitude,
                title: location.title,
            }),
            Self::Markdown { text } => Part::Markdown(text),
            Self::Card(card) => {
                let buttons = card.buttons.into_iter().map(ButtonJson::button);
                Part::Card(Card {
                    title: card.title,
                    text: card.text,
                    image: card.image,
                    buttons: buttons.collect::<Result<_, _>>()?,
                })
            }
            Self::Quote { message } => Part::Quote(message),
            Self::Raw { platform, value } => Part::Raw(platform, value),
        })
    }
}

/// Whatever has a name as text.
mod text {
    use super::{Deserialize, Deserializer, Display, FromStr, Serializer};
    use serde::de::Error;

    pub(super) fn serialize<T: Display, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(super) fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
    where
        T: FromStr,
        T::Err: Display,
        D: Deserializer<'de>,
    {
        let text = String::deserialize(deserializer)?;
        text.parse()
            .map_err(|problem| D::Error::custom(format_args!("{text:?}: {problem}")))
    }
}

fn maybe_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<MessageId>, D::Error> {
    text::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::event::Native;

    struct Spoken(Message);

    impl Native for Spoken {
        fn message(&self) -> Message {
            self.0.clone()
        }

        fn text(&self) -> std::borrow::Cow<'_, str> {
            self.0.plain_text().into()
        }

        fn sender_name(&self) -> Option<&str> {
            Some("alice")
        }

        fn as_any(&self) -> &dyn std::any::Any {
            self
        }
    }

    fn spoken(message: Message, raw: &'static str) -> Event {
        let mut event = Event::new(
            Platform::OneBot,
            "qq".into(),
            EventKind::Message,
            Spoken(message),
            raw.into(),
        );
        event.conversation = Some(Conversation::group(Platform::OneBot, 20001));
        event.sender = Some(UserId::new(Platform::OneBot, 10001));
        event.message_id = Some(MessageId::new(Platform::OneBot, 1001));
        event.time = 1_700_000_000;
        event
    }

    fn told(spoken: &Event, most: usize) -> Value {
        let line = event("evt_1", spoken, most).unwrap();
        assert!(!line.contains(&b'\n'), "{line:?}");
        serde_json::from_slice(&line).unwrap()
    }

    #[test]
    fn an_event_is_one_line_with_what_came_in() {
        let event = spoken(
            Message::text("/roll 20\n"),
            "{\"post_type\":\n\"message\"}\r\n",
        );
        assert_eq!(
            told(&event, 4096),
            json!({
                "id": "evt_1", "type": "message", "account": "qq", "platform": "onebot",
                "conversation": "onebot:group:20001", "place": "group",
                "sender": "onebot:10001", "sender_name": "alice", "message_id": "onebot:1001",
                "to_bot": false, "time": 1_700_000_000, "text": "/roll 20",
                "command": {"name": "roll", "args": "20"},
                "message": [{"type": "text", "text": "/roll 20\n"}],
                "raw": {"post_type": "message"},
            })
        );
        let xml = told(&spoken(Message::text("hi"), "<xml>\n</xml>"), 4096);
        assert_eq!(xml["raw"], "<xml>\n</xml>");
    }

    #[test]
    fn an_event_that_is_too_long_goes_without_what_came_in_or_not_at_all() {
        let event = spoken(Message::text("hi"), "\"0123456789\"");
        let whole = super::event("evt_1", &event, 4096).unwrap().len();
        assert!(told(&event, whole).get("raw").is_some());
        assert!(told(&event, whole - 1).get("raw").is_none());
        assert!(super::event("evt_1", &event, 100).is_err());
    }

    #[test]
    fn every_part_comes_back_as_it_was() {
        let alice = UserId::new(Platform::OneBot, 10001);
        let card = Card::new("Deploy?")
            .text("**now**")
            .link("log", "http://h/")
            .press("yes", "deploy:1")
            .say("no", "/cancel");
        let message = Message::text("hi ")
            .mention(alice)
            .mention_all()
            .image(Media::bytes("a.png", &b"\x89PNG"[..]))
            .push(Part::Voice(Media::url("http://h/a.amr")))
            .push(Part::File(Media {
                source: Source::Name("id-1".to_owned()),
                name: "a.txt".to_owned(),
            }))
            .push(Part::Link(Link {
                url: "http://h/".to_owned(),
                ..Link::default()
            }))
            .push(Part::Location(Location {
                latitude: 1.5,
                longitude: -2.5,
                title: "here".to_owned(),
            }))
            .push(Part::Markdown("*x*".to_owned()))
            .push(Part::Card(card))
            .quote(MessageId::new(Platform::OneBot, 7))
            .push(Part::Raw(Platform::WeCom, json!({"a": [1]})));
        let parts = told(&spoken(message.clone(), ""), 65536)["message"].take();
        let answer = Answer::read(parts).unwrap();
        assert_eq!(answer.reply, Reply::Message(message));
    }

    #[test]
    fn an_answer_may_be_short_or_say_everything() {
        let reply = |text: &str| Reply::Message(Message::text(text));
        for nothing in ["", " \n", "null", "{}", "\"\"", r#"{"approve": false}"#] {
            assert_eq!(
                Answer::parse(nothing.as_bytes()).unwrap(),
                Answer::default()
            );
        }
        for pong in [r#""pong""#, r#"["pong"]"#, r#"{"reply": "pong"}"#] {
            assert_eq!(Answer::parse(pong.as_bytes()).unwrap().reply, reply("pong"));
        }
        let approve = Answer::parse(br#"{"approve": "carol"}"#).unwrap().reply;
        assert_eq!(approve, Reply::Approve("carol".to_owned()));
        let decline = Answer::parse(br#"{"decline": true}"#).unwrap().reply;
        assert_eq!(decline, Reply::Decline(String::new()));
        let all = json!({
            "recall": "onebot:7", "edit": {"message": "onebot:8", "into": "better"},
            "react": "66", "send": [{"to": "onebot:user:10001", "message": "psst"}],
            "reply": {"type": "text", "text": "done"}, "receipt": true,
        });
        let psst = |account: Option<&str>| Elsewhere {
            account: account.map(str::to_owned),
            to: Conversation::direct(Platform::OneBot, 10001),
            message: Message::text("psst"),
        };
        let unasked = |line: &str| super::unasked(line.as_bytes());
        let line = r#"{"send": [{"account": "qq", "to": "onebot:user:10001", "message": "psst"}]}"#;
        assert_eq!(unasked(line).unwrap(), [psst(Some("qq"))]);
        assert!(unasked(&line.replace("\"account\": \"qq\", ", "")).is_err());
        assert!(unasked(r#"{"reply": "psst"}"#).is_err());
        let expected = Answer {
            recall: Some(MessageId::new(Platform::OneBot, 7)),
            edit: Some((MessageId::new(Platform::OneBot, 8), Message::text("better"))),
            react: Some("66".to_owned()),
            send: vec![psst(None)],
            reply: reply("done"),
            receipt: true,
        };
        assert_eq!(Answer::read(all).unwrap(), expected);
    }

    #[test]
    fn what_is_no_answer_is_told_why() {
        for (answer, problem) in [
            ("7", "an answer is text"),
            ("{", "EOF"),
            (r#"{"repyl": "x"}"#, "repyl"),
            (r#"{"reply": "x", "approve": true}"#, "one of `reply`"),
            (r#"{"recall": "icq:7"}"#, "platform"),
            (r#"[{"type": "text", "txt": "x"}]"#, "part 0"),
            (r#"[{"type": "image"}]"#, "one of `url`"),
            (r#"[{"type": "image", "data": "%"}]"#, "data"),
            (
                r#"[{"type": "card", "title": "x", "buttons": [{"label": "y"}]}]"#,
                "a button needs",
            ),
            (
                r#"{"send": [{"to": "onebot", "message": "x"}]}"#,
                "platform:kind:id",
            ),
        ] {
            let error = Answer::parse(answer.as_bytes()).unwrap_err();
            assert!(error.contains(problem), "{answer}: {error}");
        }
    }
}
