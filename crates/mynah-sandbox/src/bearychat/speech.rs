//! What persons say, and what they do with what was said.

use mynah_bearychat::types::{Attachment, Image};
use mynah_bearychat::{MessageKey, UserId, VchannelId, limits as platform, text};
use serde_json::{Value, json};

use super::chat::{Chat, Speaker};
use super::limits;
use super::messages::{Content, Shared, SharedKind};
use super::refusal::{Refusal, rejected};
use super::shown::ALL;
use super::world::BearyChatWorld;
use crate::details::Details;
use crate::media::picture;
use crate::world::{Rejected, Said, Say};

/// What is about to be said; its file has not been kept yet.
#[derive(Default)]
struct Draft {
    content: Content,
    file: Option<(String, Vec<u8>)>,
}

impl From<Content> for Draft {
    fn from(content: Content) -> Self {
        Self {
            content,
            file: None,
        }
    }
}

impl BearyChatWorld {
    pub(super) fn person_says(&mut self, say: Say) -> Result<Said, Rejected> {
        let who = self.active_person("from", &say.from)?;
        let chat = self.addressee("to", &say.to, &who)?;
        let mut draft = match (say.text, say.message) {
            (Some(text), None) => Content::text(text).into(),
            (None, Some(message)) => self.draft(&message)?,
            _ => return Err(Rejected::bad("text", "give either `text` or `message`")),
        };
        if draft.content.refer_key.is_none() {
            draft.content.refer_key = refer_key(Details(&say.options))?;
        }
        check(&draft)?;
        self.may_say(&who, &chat, &draft)?;
        let content = self.keep(draft);
        let vchannel = self.open(&chat);
        let (key, seq) = self.speak(&vchannel, Speaker::User(who), content);
        Ok(Said {
            ids: vec![key.to_string()],
            seq,
        })
    }

    fn may_say(&self, who: &UserId, chat: &Chat, draft: &Draft) -> Result<(), Rejected> {
        let refused = |refusal: Refusal| refusal.rejected("to");
        let quoted = draft.content.refer_key.as_ref();
        match (self.vchannel_of(chat), chat.pair(&self.seed.bot().id)) {
            (Some(vchannel), _) => {
                self.speaker(&vchannel, who).map_err(refused)?;
                let found = self.quotable(&vchannel, quoted);
                found.map_err(|refusal| refusal.rejected("refer_key"))
            }
            (None, Some((one, other))) => {
                let other = if one == who { other } else { one };
                self.may_talk(who, other).map_err(refused)?;
                self.room_for_more().map_err(refused)?;
                match quoted {
                    Some(_) => Err(Rejected::missing("refer_key", "nothing was said there yet")),
                    None => Ok(()),
                }
            }
            (None, None) => Err(Rejected::missing("to", "there is no such conversation")),
        }
    }

    /// Reads a message: what it says and what hangs on it, or a list of texts
    /// and mentions.
    fn draft(&self, message: &Value) -> Result<Draft, Rejected> {
        match message {
            Value::Object(message) => self.draft_of(Details(message)),
            Value::Array(parts) => Ok(Content::text(self.words(parts)?).into()),
            _ => Err(Rejected::bad(
                "message",
                "must be an object or a list of parts",
            )),
        }
    }

    fn draft_of(&self, message: Details<'_>) -> Result<Draft, Rejected> {
        let mut content = Content {
            refer_key: refer_key(message)?,
            attachments: attachments(message)?,
            ..Content::text(message.text_or("text", "")?)
        };
        if let Some(url) = message.text("sticker")? {
            let sticker = self.sticker_at(url);
            let missing = || Rejected::missing("sticker", "there is no sticker at this address");
            let sticker = sticker.ok_or_else(missing)?;
            content.file = Some(Shared {
                kind: SharedKind::Sticker,
                name: sticker.name,
                url: sticker.url,
                size: 0,
            });
        }
        let file = match message.get("file") {
            None => None,
            Some(Value::Object(file)) => Some(file_of(Details(file))?),
            Some(_) => return Err(Rejected::bad("file", "must be an object")),
        };
        Ok(Draft { content, file })
    }

    /// Texts and mentions, as they stand in one text.
    fn words(&self, parts: &[Value]) -> Result<String, Rejected> {
        if !(1..=limits::SAID_PARTS).contains(&parts.len()) {
            return Err(Rejected::bad("message", "must have 1 to 100 parts"));
        }
        let mut words = String::new();
        for part in parts {
            let wrong = || Rejected::bad("message", "must be a list of objects");
            let part = Details(part.as_object().ok_or_else(wrong)?);
            match part.needs_text("type")? {
                "text" => words.push_str(part.needs_text("text")?),
                "mention" => match part.needs_name("id")?.as_ref() {
                    ALL => words.push_str(text::EVERYBODY),
                    name => words.push_str(&text::mention(&self.person("id", name)?)),
                },
                _ => return Err(Rejected::bad("type", "must be `text` or `mention`")),
            }
        }
        Ok(words)
    }

    /// Keeps the file of what is about to be said, and tells of it in an
    /// attachment, where programs find it.
    fn keep(&mut self, draft: Draft) -> Content {
        let Draft { mut content, file } = draft;
        if let Some((name, bytes)) = file {
            let kind = match picture(&bytes) {
                Some(_) => SharedKind::Image,
                None => SharedKind::File,
            };
            let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            content.file = Some(Shared {
                kind,
                url: self.keep_file(&name, bytes.into()),
                name,
                size,
            });
        }
        if let Some(file) = &content.file {
            if content.text.is_empty() {
                content.text.clone_from(&file.name);
            }
            content.attachments.push(file.attachment());
        }
        content
    }
}

impl Shared {
    /// As programs find it.
    pub(super) fn attachment(&self) -> Attachment {
        let attachment = Attachment::title(self.name.as_str());
        match self.kind {
            SharedKind::Image | SharedKind::Sticker => Attachment {
                images: Some(vec![Image::from(self.url.as_str())]),
                ..attachment
            },
            SharedKind::File => Attachment {
                url: Some(self.url.clone()),
                ..attachment
            },
        }
    }
}

fn check(draft: &Draft) -> Result<(), Rejected> {
    let Draft { content, file } = draft;
    if content.text.is_empty() && content.file.is_none() && file.is_none() {
        return Err(Rejected::bad("text", "must not be empty"));
    }
    if content.file.is_some() && file.is_some() {
        return Err(Rejected::bad("file", "goes without a sticker"));
    }
    platform::attachments(&content.attachments).map_err(|bad| rejected(bad, "attachments"))
}

/// The message that is to be quoted.
fn refer_key(details: Details<'_>) -> Result<Option<MessageKey>, Rejected> {
    Ok(details.text("refer_key")?.map(MessageKey::from))
}

fn attachments(message: Details<'_>) -> Result<Vec<Attachment>, Rejected> {
    let Some(attachments) = message.get("attachments") else {
        return Ok(Vec::new());
    };
    let attachments = serde_json::from_value(attachments.clone());
    attachments.map_err(|_| Rejected::bad("attachments", "must be a list of attachments"))
}

/// A file and what it is called.
fn file_of(file: Details<'_>) -> Result<(String, Vec<u8>), Rejected> {
    let name = file.needs_text("name")?;
    if name.is_empty() || name.len() > limits::FILE_NAME_BYTES {
        let problem = format!("must have 1 to {} bytes", limits::FILE_NAME_BYTES);
        return Err(Rejected::bad("name", problem));
    }
    let content = file.bytes("base64")?;
    let content = content.ok_or_else(|| Rejected::bad("base64", "is required"))?;
    if content.len() > limits::SAID_BYTES {
        let problem = format!("may have {} bytes", limits::SAID_BYTES);
        return Err(Rejected::bad("base64", problem));
    }
    Ok((name.to_owned(), content))
}

/// What persons do with what was said.
impl BearyChatWorld {
    /// Carries out what somebody does with a message; nothing if it is not
    /// that.
    pub(super) fn does_to_message(
        &mut self,
        who: &UserId,
        action: &str,
        details: Details<'_>,
    ) -> Option<Result<Value, Rejected>> {
        Some(match action {
            "react" => self.reacts(who, details),
            "unreact" => self.unreacts(who, details),
            "pin" => self.pins(who, details),
            "unpin" => self.unpins(who, details),
            "edit" => self.edits(who, details),
            "recall" | "delete" => self.deletes(who, details),
            "forward" => self.forwards(who, details),
            _ => return None,
        })
    }

    /// The message that somebody means, and where it stands.
    fn meant(&self, details: Details<'_>) -> Result<(VchannelId, MessageKey), Rejected> {
        let key = MessageKey::from(details.needs_text("message")?);
        let found = self.state.archive.find(&key);
        let missing = || Rejected::missing("message", "there is no such message");
        let (_, spoken) = found.ok_or_else(missing)?;
        Ok((spoken.vchannel.clone(), key))
    }

    /// Who has reacted so before does so no longer.
    fn reacts(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let reaction = reaction(details)?;
        let (vchannel, key) = self.meant(details)?;
        let spoken = self.standing(&vchannel, &key).map_err(refused)?;
        if spoken.reacted(reaction, who).is_some() {
            return self.unreacts(who, details);
        }
        let done = self.react(&vchannel, &key, who, reaction);
        done.map_err(refused)?;
        Ok(json!({}))
    }

    fn unreacts(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let reaction = reaction(details)?;
        let (vchannel, key) = self.meant(details)?;
        let done = self.unreact(&vchannel, &key, who, reaction);
        done.map_err(refused)?;
        Ok(json!({}))
    }

    fn pins(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let (vchannel, key) = self.meant(details)?;
        self.pin(&vchannel, &key, who).map_err(refused)?;
        Ok(json!({}))
    }

    fn unpins(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let (vchannel, key) = self.meant(details)?;
        let done = self.unpin_message(&vchannel, &key, who);
        done.map_err(refused)?;
        Ok(json!({}))
    }

    fn edits(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let text = details.needs_text("text")?;
        if text.is_empty() {
            return Err(Rejected::bad("text", "must not be empty"));
        }
        let (vchannel, key) = self.meant(details)?;
        let done = self.edit(&vchannel, &key, who, text.to_owned());
        done.map_err(refused)?;
        Ok(json!({}))
    }

    fn deletes(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let (vchannel, key) = self.meant(details)?;
        self.delete(&vchannel, &key, who).map_err(refused)?;
        Ok(json!({}))
    }

    fn forwards(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let chat = self.addressee("to", details.needs_text("to")?, who)?;
        let (vchannel, key) = self.meant(details)?;
        self.reader(&vchannel, who).map_err(refused)?;
        self.standing(&vchannel, &key).map_err(refused)?;
        self.may_say(who, &chat, &Draft::default())?;
        let to = self.open(&chat);
        let key = self.forward(&vchannel, &key, &to, who);
        let key = key.map_err(refused)?;
        Ok(json!({ "message": key }))
    }
}

fn refused(refusal: Refusal) -> Rejected {
    refusal.rejected("message")
}

fn reaction(details: Details<'_>) -> Result<&str, Rejected> {
    let reaction = details.needs_text("emoji")?;
    if platform::is_reaction(reaction) {
        Ok(reaction)
    } else {
        Err(Rejected::bad(
            "emoji",
            "must be a name between colons, such as `:smile:`",
        ))
    }
}
