//! What was said and done in every conversation.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::str::FromStr;

use mynah_onebot::event::{Anonymous, PrivateMessageType};
use mynah_onebot::{DiscussId, GroupId, Message, MessageId, UserId};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::limits;
use super::refusal::Refusal;
use crate::world::Time;

/// A conversation: `group:20001`, `user:10001` (a person with the bot), `discuss:30001`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Chat {
    Group(GroupId),
    Direct(UserId),
    Discuss(DiscussId),
}

impl fmt::Display for Chat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group(id) => write!(f, "group:{id}"),
            Self::Direct(id) => write!(f, "user:{id}"),
            Self::Discuss(id) => write!(f, "discuss:{id}"),
        }
    }
}

impl FromStr for Chat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (kind, id) = text.split_once(':').ok_or(())?;
        let id = id.parse().map_err(|_| ())?;
        match kind {
            "group" => Ok(Self::Group(GroupId(id))),
            "user" => Ok(Self::Direct(UserId(id))),
            "discuss" => Ok(Self::Discuss(DiscussId(id))),
            _ => Err(()),
        }
    }
}

impl Serialize for Chat {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Chat {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse()
            .map_err(|()| de::Error::custom("not the name of a conversation"))
    }
}

/// Every conversation, and where each message is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Archive {
    timelines: BTreeMap<Chat, Timeline>,
    next_seq: u64,
    next_message: i32,
    #[serde(skip)]
    index: BTreeMap<MessageId, (Chat, u64)>,
}

/// What happened in one conversation, oldest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Timeline {
    entries: VecDeque<Entry>,
    /// How many messages there have been, forgotten ones included.
    spoken: i64,
    /// Up to which message each has read.
    read: BTreeMap<UserId, i64>,
}

/// A message, or a line that says what happened.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) seq: u64,
    pub(super) time: Time,
    pub(super) journal: VecDeque<u64>,
    pub(super) what: What,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum What {
    Message(Spoken),
    Line(Line),
}

/// A message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Spoken {
    pub(super) id: MessageId,
    /// Its number in the conversation, from 1; `message_seq` on the wire.
    pub(super) number: i64,
    pub(super) by: Speaker,
    #[serde(with = "kept")]
    pub(super) message: Message,
    /// What the two are to one another, in a conversation of two.
    pub(super) private_type: Option<PrivateMessageType>,
    pub(super) recalled: Option<UserId>,
    /// Emoji to those who reacted with it, in the order in which they came.
    pub(super) reactions: Vec<(String, Vec<UserId>)>,
}

/// Who spoke.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Speaker {
    User(UserId),
    /// A member behind a mask.
    Masked {
        user: UserId,
        mask: Anonymous,
    },
    /// QQ itself.
    System,
}

impl Speaker {
    /// Who it really was.
    pub(super) fn user(&self) -> Option<UserId> {
        match self {
            Self::User(user) | Self::Masked { user, .. } => Some(*user),
            Self::System => None,
        }
    }
}

/// A line that says what happened.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Line {
    pub(super) kind: LineKind,
    pub(super) by: UserId,
    pub(super) text: Bilingual,
}

/// One text in both languages of the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Bilingual {
    pub(super) en: String,
    pub(super) zh: String,
}

impl Bilingual {
    pub(super) fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self {
            en: en.into(),
            zh: zh.into(),
        }
    }
}

macro_rules! line_kinds {
    ($($name:ident = $word:literal,)+) => {
        /// What kind of thing a line tells.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub(super) enum LineKind {
            $($name,)+
        }

        impl LineKind {
            pub(super) fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }
        }
    };
}

line_kinds! {
    Join = "join",
    Leave = "leave",
    Kick = "kick",
    Mute = "mute",
    Unmute = "unmute",
    Recall = "recall",
    Poke = "poke",
    Admin = "admin",
    Rename = "rename",
    Card = "card",
    Title = "title",
    Upload = "upload",
    Essence = "essence",
    Request = "request",
    Friend = "friend",
    Notice = "notice",
    Honor = "honor",
    Status = "status",
}

/// A message together with where and when it was said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found<'a> {
    pub(super) chat: Chat,
    pub(super) seq: u64,
    pub(super) time: Time,
    pub(super) spoken: &'a Spoken,
}

impl Archive {
    pub(super) fn new(first_message: i32) -> Self {
        Self {
            timelines: BTreeMap::new(),
            next_seq: 1,
            next_message: first_message,
            index: BTreeMap::new(),
        }
    }

    /// Finds every message again after the index has been left away.
    ///
    /// # Errors
    /// A message is there twice, or a conversation is out of order.
    pub(super) fn rebuild_index(&mut self) -> Result<(), String> {
        self.index.clear();
        for (chat, timeline) in &self.timelines {
            let mut last = 0;
            for entry in &timeline.entries {
                if entry.seq <= last || entry.seq >= self.next_seq {
                    return Err(format!("{chat} is out of order at {}", entry.seq));
                }
                last = entry.seq;
                if let What::Message(spoken) = &entry.what
                    && self.index.insert(spoken.id, (*chat, entry.seq)).is_some()
                {
                    return Err(format!("message {} is there twice", spoken.id));
                }
            }
        }
        Ok(())
    }

    /// Gives no id again that was given before.
    pub(super) fn go_on_counting(&mut self, before: &Self) {
        self.next_message = self.next_message.max(before.next_message);
    }

    /// The id of the next message.
    ///
    /// # Errors
    /// There are no more.
    pub(super) fn next_id(&mut self, negative: bool) -> Result<MessageId, Refusal> {
        let number = self.next_message;
        self.next_message = number
            .checked_add(1)
            .ok_or_else(|| Refusal::forbidden("message", "there are no message ids left"))?;
        Ok(MessageId(if negative { -number } else { number }))
    }

    /// Adds a message; `spoken.number` is set here.
    pub(super) fn add_message(&mut self, chat: Chat, time: Time, mut spoken: Spoken) -> u64 {
        let timeline = self.timelines.entry(chat).or_default();
        timeline.spoken = timeline.spoken.saturating_add(1);
        spoken.number = timeline.spoken;
        let id = spoken.id;
        let seq = self.add(chat, time, What::Message(spoken));
        self.index.insert(id, (chat, seq));
        seq
    }

    /// Adds a line.
    pub(super) fn add_line(&mut self, chat: Chat, time: Time, line: Line) -> u64 {
        self.add(chat, time, What::Line(line))
    }

    fn add(&mut self, chat: Chat, time: Time, what: What) -> u64 {
        let seq = self.next_seq;
        self.next_seq = seq.saturating_add(1);
        let entries = &mut self.timelines.entry(chat).or_default().entries;
        entries.push_back(Entry {
            seq,
            time,
            journal: VecDeque::new(),
            what,
        });
        if entries.len() > limits::ENTRIES
            && let Some(Entry {
                what: What::Message(forgotten),
                ..
            }) = entries.pop_front()
        {
            self.index.remove(&forgotten.id);
        }
        seq
    }

    /// Forgets a conversation.
    pub(super) fn remove(&mut self, chat: Chat) {
        self.timelines.remove(&chat);
        self.index.retain(|_, (of, _)| *of != chat);
    }

    pub(super) fn timeline(&self, chat: Chat) -> Option<&Timeline> {
        self.timelines.get(&chat)
    }

    /// The conversations in which something has happened.
    pub(super) fn chats(&self) -> impl Iterator<Item = (Chat, &Timeline)> {
        self.timelines
            .iter()
            .map(|(chat, timeline)| (*chat, timeline))
    }

    pub(super) fn entry(&self, chat: Chat, seq: u64) -> Option<&Entry> {
        let entries = &self.timelines.get(&chat)?.entries;
        entries.get(position(entries, seq)?)
    }

    fn entry_mut(&mut self, chat: Chat, seq: u64) -> Option<&mut Entry> {
        let entries = &mut self.timelines.get_mut(&chat)?.entries;
        let at = position(entries, seq)?;
        entries.get_mut(at)
    }

    /// A message by its id.
    pub(super) fn find(&self, id: MessageId) -> Option<Found<'_>> {
        let (chat, seq) = *self.index.get(&id)?;
        let entry = self.entry(chat, seq)?;
        match &entry.what {
            What::Message(spoken) => Some(Found {
                chat,
                seq,
                time: entry.time,
                spoken,
            }),
            What::Line(_) => None,
        }
    }

    /// The same, for changing it.
    pub(super) fn find_mut(&mut self, id: MessageId) -> Option<&mut Spoken> {
        let (chat, seq) = *self.index.get(&id)?;
        match &mut self.entry_mut(chat, seq)?.what {
            What::Message(spoken) => Some(spoken),
            What::Line(_) => None,
        }
    }

    /// Notes that a journal entry carried a message; tells where it stands.
    pub(super) fn note_journal(&mut self, id: MessageId, journal: u64) -> Option<(Chat, u64)> {
        let (chat, seq) = *self.index.get(&id)?;
        let noted = &mut self.entry_mut(chat, seq)?.journal;
        if noted.contains(&journal) {
            return None;
        }
        noted.push_back(journal);
        if noted.len() > limits::JOURNAL_ENTRIES {
            noted.pop_front();
        }
        Some((chat, seq))
    }

    /// Marks a conversation as read up to its newest message.
    pub(super) fn mark_read(&mut self, chat: Chat, reader: UserId) {
        if let Some(timeline) = self.timelines.get_mut(&chat) {
            timeline.read.insert(reader, timeline.spoken);
        }
    }

    /// Marks a conversation as read up to one message.
    pub(super) fn mark_read_to(&mut self, chat: Chat, reader: UserId, number: i64) {
        if let Some(timeline) = self.timelines.get_mut(&chat) {
            let read = timeline.read.entry(reader).or_default();
            *read = number.max(*read);
        }
    }
}

/// Where the entry with this number is; entries are in order.
fn position(entries: &VecDeque<Entry>, seq: u64) -> Option<usize> {
    entries.binary_search_by_key(&seq, |entry| entry.seq).ok()
}

impl Timeline {
    /// Oldest first.
    pub(super) fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> + ExactSizeIterator {
        self.entries.iter()
    }

    /// The messages, oldest first.
    pub(super) fn messages(&self) -> impl DoubleEndedIterator<Item = (Time, &Spoken)> {
        self.entries.iter().filter_map(|entry| match &entry.what {
            What::Message(spoken) => Some((entry.time, spoken)),
            What::Line(_) => None,
        })
    }

    /// The number of the newest message.
    pub(super) fn newest(&self) -> i64 {
        self.spoken
    }

    /// How many messages somebody has not read.
    pub(super) fn unread(&self, reader: UserId) -> i64 {
        let read = self.read.get(&reader).copied().unwrap_or_default();
        self.spoken.saturating_sub(read)
    }
}

/// Messages in a snapshot: the order of a segment's keys is part of how a
/// message is written, and a JSON object would lose it.
pub(super) mod kept {
    use mynah_onebot::message::Value;
    use mynah_onebot::{Message, Segment};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    type Kept = Vec<(String, Vec<(String, Value)>)>;

    pub(in super::super) fn serialize<S: Serializer>(
        message: &Message,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let data = |segment: &Segment| {
            let pairs = segment.data().iter();
            pairs
                .map(|(key, value)| (key.to_owned(), value.clone()))
                .collect()
        };
        let kept: Kept = message
            .iter()
            .map(|segment| (segment.kind().to_owned(), data(segment)))
            .collect();
        kept.serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Message, D::Error> {
        let segments = Kept::deserialize(deserializer)?
            .into_iter()
            .map(|(kind, data)| {
                data.into_iter()
                    .fold(Segment::new(&kind), |segment, (key, value)| {
                        segment.with(&key, value)
                    })
            });
        Ok(Message::from(segments.collect::<Vec<_>>()))
    }
}
