//! What becomes of a message between its author and its readers.

use mynah_onebot::message::{Mention, Value, View};
use mynah_onebot::{Message, Segment, UserId};
use serde::Deserialize;

use super::archive::Chat;
use super::forwards::Node;
use super::limits;
use super::media::{Kind, Taken};
use super::refusal::Refusal;
use super::speech::shown_author;
use super::state::Rank;
use super::world::OneBotWorld;

/// What those see instead of `@全体成员` who may not mention everybody.
const EVERYBODY: &str = "@全体成员 ";

/// Keys that tell how to send a medium and are no part of it.
const SENDING: [&str; 6] = ["file", "url", "cache", "proxy", "timeout", "c"];

/// A message as its readers will see it, checked but not yet said.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) chat: Chat,
    pub(super) message: Message,
    /// Pictures and the like to store.
    pub(super) media: Vec<Taken>,
    /// The nodes, for a message that is a bundle of others.
    pub(super) bundle: Option<Vec<Node>>,
    /// Who mentions everybody.
    pub(super) at_all: Option<UserId>,
    /// Whether the author asks for a mask.
    pub(super) masked: bool,
    /// Whether the author would do without it.
    pub(super) mask_optional: bool,
}

impl Prepared {
    fn new(chat: Chat) -> Self {
        Self {
            chat,
            message: Message::new(),
            media: Vec::new(),
            bundle: None,
            at_all: None,
            masked: false,
            mask_optional: false,
        }
    }
}

impl OneBotWorld {
    /// Makes of what somebody wrote what others will read. Changes nothing.
    ///
    /// # Errors
    /// It is empty, too long, or has a medium that cannot be read.
    pub(super) fn prepare(
        &self,
        who: UserId,
        chat: Chat,
        message: Message,
    ) -> Result<Prepared, Refusal> {
        let mut prepared = Prepared::new(chat);
        needs_size(&message)?;
        if message.iter().any(|segment| segment.kind() == "node") {
            prepared.bundle = Some(self.bundle(who, chat, &message, &mut prepared.media)?);
            return Ok(prepared);
        }
        for segment in message {
            self.prepare_segment(who, segment, &mut prepared)?;
        }
        if prepared.message.is_empty() {
            return Err(Refusal::bad("message", "must not be empty"));
        }
        needs_length(&prepared.message)?;
        Ok(prepared)
    }

    fn prepare_segment(
        &self,
        who: UserId,
        segment: Segment,
        prepared: &mut Prepared,
    ) -> Result<(), Refusal> {
        match segment.view() {
            View::Anonymous { ignore } => {
                prepared.masked = true;
                prepared.mask_optional = ignore;
            }
            View::At(Mention::All) => {
                if self.may_mention_all(who, prepared.chat) {
                    prepared.at_all = Some(who);
                    prepared.message.push(segment);
                } else {
                    prepared.message.push(EVERYBODY);
                }
            }
            _ => {
                let segment = self.take_medium(segment, &mut prepared.media)?;
                prepared.message.push(segment);
            }
        }
        Ok(())
    }

    /// The segment with the name of its medium instead of the medium itself.
    fn take_medium(&self, segment: Segment, media: &mut Vec<Taken>) -> Result<Segment, Refusal> {
        let Some(kind) = Kind::of_segment(segment.kind()) else {
            return Ok(segment);
        };
        let file = segment.get("file").or(segment.get("url")).ok_or_else(|| {
            Refusal::bad(
                "message",
                format!("a segment `{}` lacks `file`", segment.kind()),
            )
        })?;
        let taken = self.state.media.read(kind, file, "message")?;
        let mut received = Segment::new(segment.kind()).with("file", taken.name.as_str());
        for (key, value) in segment.data().iter() {
            if !SENDING.contains(&key) {
                received.data_mut().set(key, value.clone());
            }
        }
        media.push(taken);
        Ok(received)
    }

    /// How many more times somebody may mention everybody today: in the whole
    /// group, and they themselves.
    pub(super) fn at_all_remaining(&self, who: UserId, chat: Chat) -> (u32, u32) {
        let Chat::Group(group) = chat else {
            return (0, 0);
        };
        let Ok(group) = self.state.group(who, group) else {
            return (0, 0);
        };
        let counts = group.at_all.of(self.state.today());
        let all = counts.map_or(0, |counts| {
            counts
                .values()
                .fold(0_u32, |sum, count| sum.saturating_add(*count))
        });
        let own = counts.and_then(|counts| counts.get(&who)).copied();
        (
            limits::AT_ALL_IN_GROUP.saturating_sub(all),
            limits::AT_ALL_BY_MEMBER.saturating_sub(own.unwrap_or_default()),
        )
    }

    pub(super) fn may_mention_all(&self, who: UserId, chat: Chat) -> bool {
        let Chat::Group(group) = chat else {
            return false;
        };
        let is_admin = self
            .state
            .group(who, group)
            .is_ok_and(|group| group.rank(who) > Rank::Member);
        let (in_group, own) = self.at_all_remaining(who, chat);
        is_admin && in_group > 0 && own > 0
    }

    /// The nodes of a message that is to be a bundle.
    fn bundle(
        &self,
        who: UserId,
        chat: Chat,
        message: &Message,
        media: &mut Vec<Taken>,
    ) -> Result<Vec<Node>, Refusal> {
        let mut nodes = Vec::new();
        for segment in message {
            if let Some(node) = self.node(who, chat, segment, media)? {
                nodes.push(node);
            }
        }
        if nodes.is_empty() {
            return Err(Refusal::bad("messages", "has no node that can be used"));
        }
        if nodes.len() > limits::FORWARD_NODES {
            return Err(Refusal::bad(
                "messages",
                format!(
                    "may have {} nodes, not {}",
                    limits::FORWARD_NODES,
                    nodes.len()
                ),
            ));
        }
        Ok(nodes)
    }

    /// One node; `None` for one that cannot be used.
    fn node(
        &self,
        who: UserId,
        chat: Chat,
        segment: &Segment,
        media: &mut Vec<Taken>,
    ) -> Result<Option<Node>, Refusal> {
        match segment.view() {
            View::Node(id) => Ok(self.seen(who, id).ok().map(|found| {
                let by = &found.spoken.by;
                let (_, sender) = self.author(found.chat, by);
                Node {
                    user: shown_author(by),
                    nickname: sender.nickname.unwrap_or_default(),
                    time: found.time.seconds(),
                    message: found.spoken.message.clone(),
                }
            })),
            View::CustomNode {
                user_id,
                nickname,
                content,
            } => {
                let Some(content) = node_content(content) else {
                    return Ok(None);
                };
                let prepared = self.prepare(who, chat, content)?;
                media.extend(prepared.media);
                let time = segment.get("time").and_then(|time| time.parse().ok());
                Ok(Some(Node {
                    user: user_id,
                    nickname: nickname.to_owned(),
                    time: time.unwrap_or(self.state.now.seconds()),
                    message: prepared.message,
                }))
            }
            _ => Ok(None),
        }
    }
}

/// The message in a node, unless there is none or it is a bundle again.
fn node_content(content: &Value) -> Option<Message> {
    let message = match content {
        Value::Text(text) => Message::parse_cq(text),
        Value::Message(message) => message.clone(),
        Value::Json(json) => Message::deserialize(json).ok()?,
    };
    let nested = message.iter().any(|segment| segment.kind() == "node");
    (!nested && !message.is_empty()).then_some(message)
}

/// Refuses more segments than a message may have.
fn needs_size(message: &Message) -> Result<(), Refusal> {
    let count = message.segments().len();
    if count > limits::SEGMENTS {
        return Err(Refusal::bad(
            "message",
            format!("may have {} segments, not {count}", limits::SEGMENTS),
        ));
    }
    Ok(())
}

/// Refuses a message that is too long. Media count by their names.
fn needs_length(message: &Message) -> Result<(), Refusal> {
    let texts = message.iter().filter_map(Segment::as_text);
    let chars: usize = texts.map(|text| text.chars().count()).sum();
    if chars > limits::TEXT_CHARS {
        return Err(Refusal::bad(
            "message",
            format!("may have {} characters, not {chars}", limits::TEXT_CHARS),
        ));
    }
    let bytes = message.to_cq().len();
    if bytes > limits::MESSAGE_BYTES {
        return Err(Refusal::bad(
            "message",
            format!("may have {} bytes, not {bytes}", limits::MESSAGE_BYTES),
        ));
    }
    Ok(())
}
