//! What persons say.

use mynah_rongcloud::content::{
    File, HighQualityVoice, Image, Location, MentionedInfo, Sight, Text,
};
use mynah_rongcloud::event::{ChannelType, PreDelivery, SensitiveType};
use mynah_rongcloud::inbound::{Pass, Verdict};
use mynah_rongcloud::{Content, MessageUid, ObjectName, UserId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::archive::{Body, Fate};
use super::content::ALL;
use super::effect::Effect;
use super::limits;
use super::sending::{Sending, To, is_transient};
use super::words::Finding;
use super::world::RongCloudWorld;
use crate::details::Details;
use crate::frame::Framed as _;
use crate::world::{Rejected, Said, Say, Time};

/// A message that somebody else decides about.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Held {
    pub(super) to: To,
    pub(super) sending: Sending,
    /// When it is delivered by itself.
    pub(super) until: Time,
}

/// What clients are told when they may not speak
/// (<https://docs.rongcloud.cn/platform-chat-api/code>).
mod client {
    pub(super) const BLACKLISTED: u32 = 405;
    pub(super) const NOT_IN_GROUP: u32 = 22_406;
    pub(super) const MUTED_IN_GROUP: u32 = 22_408;
    pub(super) const NOT_IN_ROOM: u32 = 23_406;
    pub(super) const MUTED_IN_ROOM: u32 = 23_408;
    pub(super) const NO_ROOM: u32 = 23_410;
}

fn refused(field: &str, problem: &str, code: u32) -> Rejected {
    Rejected::forbidden(field, format!("{problem} ({code})"))
}

/// What a client sends its messages with, where nothing else is said.
pub(super) const USUAL_OS: &str = "iOS";

impl RongCloudWorld {
    pub(super) fn person_says(&mut self, say: Say) -> Result<Said, Rejected> {
        let from = self.person("from", &say.from)?;
        let to = self.addressee("to", &say.to, &from)?;
        let source = self.source_of(&from, Details(&say.options))?;
        let content = match (say.text, say.message) {
            (Some(text), None) => Draft::Ready(text.into()),
            (None, Some(message)) => self.draft(&message)?,
            _ => return Err(Rejected::bad("text", "give either `text` or `message`")),
        };
        content.check()?;
        self.may_speak(&from, &to)?;
        let content = self.keep(content);
        let mut sending = Sending {
            kept: !is_transient(&content.object_name()),
            body: Body::new(content.object_name().as_str(), content.to_text()),
            from,
            source,
            only_for: Vec::new(),
            replaced: false,
        };
        let finding = self.filtered(&mut sending);
        Ok(self.hand_in(to, sending, finding))
    }

    /// What somebody's client is called.
    fn source_of(&self, who: &UserId, details: Details<'_>) -> Result<String, Rejected> {
        let given = match details.text("source")? {
            None => details.text("os")?,
            given => given,
        };
        let own = self.state.users.session(who).map(|it| it.os.as_str());
        Ok(given.or(own).unwrap_or(USUAL_OS).to_owned())
    }

    fn may_speak(&self, who: &UserId, to: &To) -> Result<(), Rejected> {
        let now = self.state.now;
        if self.state.users.blocked_until(who, now).is_some() {
            return Err(Rejected::forbidden("from", "is blocked"));
        }
        match to {
            To::User(user) if self.state.users.refuses(user, who) => Err(refused(
                "to",
                "has them on its blacklist",
                client::BLACKLISTED,
            )),
            To::Group(id) => {
                let groups = &self.state.groups;
                if !groups.get(id).is_some_and(|group| group.has(who)) {
                    let problem = "is not a group of theirs";
                    return Err(refused("to", problem, client::NOT_IN_GROUP));
                }
                // Who may not speak may not, though the others may.
                if groups.gagged(id, who, now).is_some() || groups.is_silenced(id, who) {
                    let problem = "may not speak there";
                    return Err(refused("from", problem, client::MUTED_IN_GROUP));
                }
                Ok(())
            }
            To::Room(id) => {
                let rooms = &self.state.rooms;
                match rooms.get(id) {
                    None => Err(refused("to", "is no chatroom", client::NO_ROOM)),
                    Some(room) if !room.has(who) => {
                        let problem = "is no chatroom that they are in";
                        Err(refused("to", problem, client::NOT_IN_ROOM))
                    }
                    Some(_) if rooms.gagged(id, who, now).is_some() => {
                        let problem = "may not speak there";
                        Err(refused("from", problem, client::MUTED_IN_ROOM))
                    }
                    Some(_) => Ok(()),
                }
            }
            To::System(_) | To::Everybody => {
                Err(Rejected::forbidden("to", "only the system speaks there"))
            }
            To::User(_) | To::Discussion(_) => Ok(()),
        }
    }

    /// Looks for words in a text message, and replaces those that are to be.
    fn filtered(&self, sending: &mut Sending) -> SensitiveType {
        if sending.body.object_name() != ObjectName::Text.as_str() {
            return SensitiveType::Clean;
        }
        let body = serde_json::from_str::<Map<String, Value>>(sending.body.content());
        let Ok(mut body) = body else {
            return SensitiveType::Clean;
        };
        let text = body.get("content").and_then(Value::as_str);
        match self.state.words.check(text.unwrap_or_default()) {
            Finding::Clean => SensitiveType::Clean,
            Finding::Blocked => SensitiveType::Blocked,
            Finding::Replaced(text) => {
                body.insert("content".to_owned(), text.into());
                let content = Value::Object(body).to_string();
                sending.body = Body::new(ObjectName::Text.as_str(), content);
                sending.replaced = true;
                SensitiveType::Replaced
            }
        }
    }

    /// A message that its sender's client has sent.
    fn hand_in(&mut self, to: To, sending: Sending, finding: SensitiveType) -> Said {
        let uid = self.state.message_uid();
        let stopped = match &to {
            To::Room(id) => self.state.rooms.get(id).is_some_and(|room| room.stopped),
            _ => false,
        };
        if finding == SensitiveType::Blocked || stopped {
            self.show(&uid, &to, &sending, Fate::Swallowed);
            if finding == SensitiveType::Blocked && self.settings.route_blocked_messages {
                self.route(&uid, &to, &sending, finding);
            }
        } else if self.settings.check {
            self.show(&uid, &to, &sending, Fate::Held);
            let check = self.pre_delivery(&uid, &to, &sending);
            let until = self.later(limits::HELD_MS);
            self.effect(Effect::Check(Box::new(check)));
            let held = Held { to, sending, until };
            self.state.held.insert(uid.clone(), held);
        } else {
            self.show(&uid, &to, &sending, Fate::Delivered);
            self.delivered(&uid, &to, &sending);
        }
        let place = self.state.archive.place(&uid);
        Said {
            seq: place.map_or(0, |(_, seq)| *seq),
            ids: vec![uid.0],
        }
    }

    /// What follows from the delivery of what somebody said.
    fn delivered(&mut self, uid: &MessageUid, to: &To, sending: &Sending) {
        self.log(uid, to, sending);
        let finding = if sending.replaced {
            SensitiveType::Replaced
        } else {
            SensitiveType::Clean
        };
        self.route(uid, to, sending, finding);
    }

    fn pre_delivery(&self, uid: &MessageUid, to: &To, sending: &Sending) -> PreDelivery {
        let object_name = ObjectName::from(sending.body.object_name());
        let content = Content::custom(object_name, sending.body.content());
        let channel = ChannelType::from(to.conversation_type());
        let session = self.state.users.session(&sending.from);
        PreDelivery {
            app_key: Some(self.seed.app.app_key().to_owned()),
            msg_time_stamp: Some(self.state.now.0),
            message_id: Some(uid.clone()),
            os: Some(sending.source.as_str().into()),
            client_ip: session.map(|session| session.address.clone()),
            ..PreDelivery::new(sending.from.clone(), channel, to.target(), content)
        }
    }

    /// What was decided about a message that was held; it is delivered if
    /// nobody decided.
    pub fn checked(&mut self, check: &PreDelivery, verdict: Option<Verdict>) {
        if let Some(uid) = &check.message_id {
            self.release(uid, verdict);
        }
    }

    /// Delivers what was held for too long.
    pub(super) fn release_held(&mut self) {
        let now = self.state.now;
        let held = self.state.held.iter();
        let due = held.filter(|(_, held)| held.until <= now);
        let due: Vec<MessageUid> = due.map(|(uid, _)| uid.clone()).collect();
        for uid in due {
            self.release(&uid, None);
        }
    }

    fn release(&mut self, uid: &MessageUid, verdict: Option<Verdict>) {
        let Some(Held {
            to, mut sending, ..
        }) = self.state.held.remove(uid)
        else {
            return;
        };
        let verdict = verdict.unwrap_or(Verdict::deliver());
        let passed = verdict.pass != Pass::Reject;
        if let Some(content) = verdict.replace_content.filter(|_| passed) {
            sending.body = Body::new(sending.body.object_name(), content);
        }
        if let Some(spoken) = self.state.archive.find_mut(uid) {
            spoken.body = sending.body.clone();
            spoken.fate = if passed {
                Fate::Delivered
            } else {
                Fate::Swallowed
            };
        }
        self.changed_message(uid);
        if passed {
            if let To::Room(id) = &to {
                self.said_in_room(id);
            }
            self.delivered(uid, &to, &sending);
        }
    }
}

/// What is about to be said; its file has not been kept yet.
enum Draft {
    Ready(Content),
    File {
        kind: Kind,
        name: String,
        content: Vec<u8>,
        /// In milliseconds.
        duration: u64,
    },
}

/// What a file is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Image,
    Voice,
    Video,
    File,
}

impl Draft {
    fn check(&self) -> Result<(), Rejected> {
        let Self::Ready(content) = self else {
            return Ok(());
        };
        let bytes = content.to_text().len();
        if bytes > limits::CONTENT_BYTES {
            let problem = format!("may have {} bytes, not {bytes}", limits::CONTENT_BYTES);
            return Err(Rejected::bad("text", problem));
        }
        Ok(())
    }
}

impl RongCloudWorld {
    /// Keeps the file of what is about to be said.
    fn keep(&mut self, draft: Draft) -> Content {
        let (kind, name, content, duration) = match draft {
            Draft::Ready(content) => return content,
            Draft::File {
                kind,
                name,
                content,
                duration,
            } => (kind, name, content, duration),
        };
        let size = u64::try_from(content.len()).unwrap_or(u64::MAX);
        let url = self.keep_file(&name, content.into());
        let seconds = duration.div_ceil(1000);
        match kind {
            Kind::Image => Image::new(url, "").into(),
            Kind::Voice => HighQualityVoice::new(url, seconds).into(),
            Kind::Video => Sight {
                name,
                size,
                ..Sight::new(url, seconds)
            }
            .into(),
            Kind::File => File::new(name, size, url).into(),
        }
    }

    /// Reads a message: a part, a list of parts, or what a client sends:
    /// `objectName` and `content`.
    fn draft(&self, message: &Value) -> Result<Draft, Rejected> {
        let parts = match message {
            Value::Array(parts) => parts.as_slice(),
            part => std::slice::from_ref(part),
        };
        if !(1..=limits::SAID_PARTS).contains(&parts.len()) {
            return Err(Rejected::bad("message", "must have 1 to 100 parts"));
        }
        let wrong = || Rejected::bad("message", "must be a part or a list of parts");
        let parts = parts.iter().map(|part| part.as_object().ok_or_else(wrong));
        let parts: Vec<&Map<String, Value>> = parts.collect::<Result<_, _>>()?;
        if let [part] = parts.as_slice()
            && let Some(draft) = alone(Details(part))?
        {
            return Ok(draft);
        }
        self.words(&parts).map(|text| Draft::Ready(text.into()))
    }

    /// Text and mentions.
    fn words(&self, parts: &[&Map<String, Value>]) -> Result<Text, Rejected> {
        let mut words = String::new();
        let mut mentioned: Vec<UserId> = Vec::new();
        let mut all = false;
        let mut after_mention = false;
        for part in parts {
            let part = Details(part);
            match part.needs_text("type")? {
                "text" => {
                    let text = part.needs_text("text")?;
                    // Whoever picks somebody from the list gets a blank too.
                    if after_mention && !text.starts_with(char::is_whitespace) {
                        words.push(' ');
                    }
                    words.push_str(text);
                    after_mention = false;
                }
                "mention" => {
                    if after_mention {
                        words.push(' ');
                    }
                    let name = part.needs_name("id")?;
                    words.push('@');
                    if name == ALL {
                        all = true;
                        words.push_str("所有人");
                    } else {
                        let user = self.person("id", &name)?;
                        words.push_str(&self.display(&user));
                        mentioned.push(user);
                    }
                    after_mention = true;
                }
                _ => {
                    let problem = "must be `text` or `mention` among others";
                    return Err(Rejected::bad("type", problem));
                }
            }
        }
        let info = MentionedInfo {
            kind: if all {
                MentionedInfo::ALL
            } else {
                MentionedInfo::LISTED
            },
            user_ids: mentioned,
            mentioned_content: None,
        };
        let mentions = all || !info.user_ids.is_empty();
        Ok(Text {
            mentioned_info: mentions.then_some(info),
            ..Text::new(words)
        })
    }
}

/// What stands alone in a message; nothing for text and mentions.
fn alone(part: Details<'_>) -> Result<Option<Draft>, Rejected> {
    if part.get("objectName").is_some() {
        return custom(part).map(Some);
    }
    let kind = match part.needs_text("type")? {
        "text" | "mention" => return Ok(None),
        "location" => return location(part).map(Some),
        "image" | "picture" => Kind::Image,
        "voice" | "audio" => Kind::Voice,
        "video" => Kind::Video,
        "file" => Kind::File,
        _ => return Err(Rejected::bad("type", "there is no such kind of part")),
    };
    kind.draft(part).map(Some)
}

/// What a client sends, as it is.
fn custom(part: Details<'_>) -> Result<Draft, Rejected> {
    let object_name = ObjectName::from(part.needs_text("objectName")?);
    let text = match part.get("content") {
        Some(Value::String(text)) => text.clone(),
        Some(object) => object.to_string(),
        None => return Err(Rejected::bad("content", "is required")),
    };
    // As it is, whatever the kind says of it.
    Ok(Draft::Ready(Content::custom(object_name, text)))
}

fn location(part: Details<'_>) -> Result<Draft, Rejected> {
    let latitude = part.decimal_or("latitude", 0.0)?;
    let longitude = part.decimal_or("longitude", 0.0)?;
    let name = part.text_or("name", "")?;
    let location = Location::new(latitude, longitude, name);
    Ok(Draft::Ready(location.into()))
}

impl Kind {
    /// A name and the beginning of a file, where nothing else is given.
    fn sample(self) -> (&'static str, &'static [u8]) {
        match self {
            Self::Image => ("image.png", b"\x89PNG\r\n\x1a\n"),
            Self::Voice => ("voice.aac", b"\xff\xf1"),
            Self::Video => ("video.mp4", b"\0\0\0\x18ftypmp42"),
            Self::File => ("file.txt", b"file\n"),
        }
    }

    fn draft(self, details: Details<'_>) -> Result<Draft, Rejected> {
        let (name, sample) = self.sample();
        let content = details.bytes("base64")?.unwrap_or_else(|| sample.to_vec());
        if content.len() > limits::SAID_BYTES {
            let problem = format!("may have {} bytes", limits::SAID_BYTES);
            return Err(Rejected::bad("base64", problem));
        }
        let usual = match self {
            Self::Voice | Self::Video => 2_000,
            Self::Image | Self::File => 0,
        };
        let duration = details.number_or("duration", usual)?;
        let duration = u64::try_from(duration)
            .map_err(|_| Rejected::bad("duration", "must be milliseconds"))?;
        Ok(Draft::File {
            kind: self,
            name: details.text_or("name", name)?.to_owned(),
            content,
            duration,
        })
    }
}
