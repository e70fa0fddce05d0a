//! What was said and done in every conversation, whatever the platform.
//!
//! A platform says what its messages are by [`Message`]; everything else
//! follows. What only one platform needs stands in an `impl` block beside its
//! messages.

use std::borrow::Borrow;
use std::collections::btree_map::Entry as Slot;
use std::collections::{BTreeMap, VecDeque};
use std::fmt::{Debug, Display};
use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::world::Time;

/// Messages and lines kept of one conversation; the oldest go first.
pub(crate) const ENTRIES: usize = 10_000;
/// Conversations kept; those where nothing happens go first.
pub(crate) const CONVERSATIONS: usize = 20_000;
/// Journal entries noted at one message; the oldest go first.
const JOURNAL_ENTRIES: usize = 64;

/// A message as a platform keeps it. Who said it and when stands in its
/// [`Entry`].
pub(crate) trait Message:
    Clone + Debug + Serialize + DeserializeOwned + Send + 'static
{
    /// What it is found by. A message to many people is one message with one
    /// id, which stands in many conversations.
    type Id: Clone + Debug + Display + FromStr + Ord + Send;
    /// A conversation; its name is how it is written. See [`by_name!`].
    type Chat: Clone + Debug + Display + Ord + Serialize + DeserializeOwned + Send;
    /// Who can say and do something.
    type Speaker: Clone + Debug + Serialize + DeserializeOwned + Send;

    /// What it is found by.
    fn id(&self) -> &Self::Id;
}

/// Where a message stands: in which conversation, and as which entry.
pub(crate) type Place<M> = (<M as Message>::Chat, u64);

/// Every conversation, and where each message is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound = "")]
pub(crate) struct Archive<M: Message> {
    timelines: BTreeMap<M::Chat, Timeline<M>>,
    next_seq: u64,
    #[serde(skip, default = "BTreeMap::new")]
    index: BTreeMap<M::Id, Vec<Place<M>>>,
}

/// What happened in one conversation, oldest first.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound = "")]
struct Timeline<M: Message> {
    entries: VecDeque<Entry<M>>,
}

/// A message, or a line that says what happened.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound = "")]
pub(crate) struct Entry<M: Message> {
    /// Counts up over the whole world.
    pub(crate) seq: u64,
    pub(crate) time: Time,
    /// The entries of the journal that carried it.
    #[serde(default, skip_serializing_if = "VecDeque::is_empty")]
    pub(crate) journal: VecDeque<u64>,
    pub(crate) by: M::Speaker,
    pub(crate) what: What<M>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", bound = "")]
pub(crate) enum What<M: Message> {
    Message(Box<M>),
    Line(Line),
}

impl<M: Message> Entry<M> {
    /// The message, if it is one.
    pub(crate) fn message(&self) -> Option<&M> {
        match &self.what {
            What::Message(message) => Some(message),
            What::Line(_) => None,
        }
    }

    fn message_mut(&mut self) -> Option<&mut M> {
        match &mut self.what {
            What::Message(message) => Some(message),
            What::Line(_) => None,
        }
    }
}

/// A line that says what happened.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) kind: LineKind,
    pub(crate) text: Bilingual,
}

/// One text in both languages of the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Bilingual {
    pub(crate) en: String,
    pub(crate) zh: String,
}

impl Bilingual {
    pub(crate) fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
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
        pub(crate) enum LineKind {
            $(#[serde(rename = $word)] $name,)+
        }

        impl LineKind {
            /// The word that the page knows it by.
            pub(crate) fn as_str(self) -> &'static str {
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
    Invite = "invite",
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
    Create = "create",
    Convert = "convert",
    Archive = "archive",
    Unarchive = "unarchive",
    Pin = "pin",
    Unpin = "unpin",
}

/// Has the conversations of a platform written and read by their names: by
/// `Display` and `FromStr`.
macro_rules! by_name {
    ($chat:ty) => {
        impl serde::Serialize for $chat {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $chat {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                text.parse()
                    .map_err(|()| serde::de::Error::custom("not the name of a conversation"))
            }
        }
    };
}
pub(crate) use by_name;

impl<M: Message> Archive<M> {
    pub(crate) fn new() -> Self {
        Self {
            timelines: BTreeMap::new(),
            next_seq: 1,
            index: BTreeMap::new(),
        }
    }

    /// Finds every message again after the index has been left away.
    ///
    /// # Errors
    /// A conversation is out of order.
    pub(crate) fn rebuild_index(&mut self) -> Result<(), String> {
        self.index.clear();
        for (chat, timeline) in &self.timelines {
            let mut last = 0;
            for entry in &timeline.entries {
                if entry.seq <= last || entry.seq >= self.next_seq {
                    return Err(format!("{chat} is out of order at {}", entry.seq));
                }
                last = entry.seq;
                if let Some(message) = entry.message() {
                    note_place(&mut self.index, message.id(), chat, entry.seq);
                }
            }
        }
        Ok(())
    }

    /// Nothing gets a number again that something had before.
    pub(crate) fn go_on_counting(&mut self, before: &Self) {
        self.next_seq = self.next_seq.max(before.next_seq);
    }

    /// Writes a message into a conversation; tells its number.
    pub(crate) fn add_message(
        &mut self,
        chat: &M::Chat,
        time: Time,
        by: M::Speaker,
        message: M,
    ) -> u64 {
        let id = message.id().clone();
        let seq = self.add(chat, time, by, What::Message(Box::new(message)));
        note_place(&mut self.index, &id, chat, seq);
        seq
    }

    /// Writes a line into a conversation; tells its number.
    pub(crate) fn add_line(
        &mut self,
        chat: &M::Chat,
        time: Time,
        by: M::Speaker,
        line: Line,
    ) -> u64 {
        self.add(chat, time, by, What::Line(line))
    }

    fn add(&mut self, chat: &M::Chat, time: Time, by: M::Speaker, what: What<M>) -> u64 {
        let seq = self.next_seq;
        self.next_seq = seq.saturating_add(1);
        if !self.timelines.contains_key(chat) && self.timelines.len() >= CONVERSATIONS {
            self.forget_oldest();
        }
        let timeline = self.timelines.entry(chat.clone()).or_default();
        let entries = &mut timeline.entries;
        entries.push_back(Entry {
            seq,
            time,
            journal: VecDeque::new(),
            by,
            what,
        });
        if entries.len() > ENTRIES
            && let Some(entry) = entries.pop_front()
        {
            self.forget(&entry);
        }
        seq
    }

    fn forget(&mut self, entry: &Entry<M>) {
        let Some(message) = entry.message() else {
            return;
        };
        if let Some(places) = self.index.get_mut(message.id()) {
            places.retain(|(_, seq)| *seq != entry.seq);
            if places.is_empty() {
                self.index.remove(message.id());
            }
        }
    }

    /// Forgets a tenth of all conversations, those where nothing has happened
    /// for longest.
    fn forget_oldest(&mut self) {
        let ages = self.timelines.iter();
        let ages = ages.map(|(chat, timeline)| (timeline.newest(), chat.clone()));
        let mut ages: Vec<(u64, M::Chat)> = ages.collect();
        ages.sort_unstable();
        for (_, chat) in ages.into_iter().take(CONVERSATIONS / 10) {
            self.forget_chat(&chat);
        }
    }

    /// Forgets everything that happened in a conversation.
    pub(crate) fn forget_chat(&mut self, chat: &M::Chat) {
        for entry in self.timelines.remove(chat).unwrap_or_default().entries {
            self.forget(&entry);
        }
    }

    /// Conversations in which something happened.
    pub(crate) fn chats(&self) -> impl Iterator<Item = &M::Chat> {
        self.timelines.keys()
    }

    /// What happened in a conversation, oldest first.
    pub(crate) fn entries<'a>(
        &'a self,
        chat: &M::Chat,
    ) -> impl DoubleEndedIterator<Item = &'a Entry<M>> + use<'a, M> {
        let timeline = self.timelines.get(chat);
        timeline.into_iter().flat_map(|it| &it.entries)
    }

    /// The entry with this number.
    pub(crate) fn entry(&self, chat: &M::Chat, seq: u64) -> Option<&Entry<M>> {
        let timeline = self.timelines.get(chat)?;
        timeline.entries.get(timeline.position(seq)?)
    }

    fn entry_mut(&mut self, chat: &M::Chat, seq: u64) -> Option<&mut Entry<M>> {
        let timeline = self.timelines.get_mut(chat)?;
        let at = timeline.position(seq)?;
        timeline.entries.get_mut(at)
    }

    /// Where a message stands.
    pub(crate) fn places<Q>(&self, id: &Q) -> &[Place<M>]
    where
        M::Id: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        self.index.get(id).map_or(&[], Vec::as_slice)
    }

    /// Where a message stands that stands in one conversation.
    pub(crate) fn place<Q>(&self, id: &Q) -> Option<&Place<M>>
    where
        M::Id: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        self.places(id).first()
    }

    /// A message that stands in one conversation, and its entry.
    pub(crate) fn find<Q>(&self, id: &Q) -> Option<(&Entry<M>, &M)>
    where
        M::Id: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        let (chat, seq) = self.place(id)?;
        let entry = self.entry(chat, *seq)?;
        Some((entry, entry.message()?))
    }

    /// The same, for changing it.
    pub(crate) fn find_mut<Q>(&mut self, id: &Q) -> Option<&mut M>
    where
        M::Id: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        let (chat, seq) = self.place(id)?.clone();
        self.message_mut(&chat, seq)
    }

    /// A message where it stands.
    pub(crate) fn message(&self, chat: &M::Chat, seq: u64) -> Option<&M> {
        self.entry(chat, seq)?.message()
    }

    /// The same, for changing it.
    pub(crate) fn message_mut(&mut self, chat: &M::Chat, seq: u64) -> Option<&mut M> {
        self.entry_mut(chat, seq)?.message_mut()
    }

    /// Notes that a journal entry carried a message; tells where that is new.
    pub(crate) fn note_journal(&mut self, id: &M::Id, journal: u64) -> Vec<Place<M>> {
        let mut places = self.places(id).to_vec();
        places.retain(|(chat, seq)| {
            let entry = self.entry_mut(chat, *seq);
            entry.is_some_and(|entry| entry.note_journal(journal))
        });
        places
    }
}

impl<M: Message> Entry<M> {
    /// Whether that is new.
    fn note_journal(&mut self, journal: u64) -> bool {
        if self.journal.contains(&journal) {
            return false;
        }
        self.journal.push_back(journal);
        if self.journal.len() > JOURNAL_ENTRIES {
            self.journal.pop_front();
        }
        true
    }
}

fn note_place<I: Clone + Ord, C: Clone>(
    index: &mut BTreeMap<I, Vec<(C, u64)>>,
    id: &I,
    chat: &C,
    seq: u64,
) {
    let place = (chat.clone(), seq);
    match index.entry(id.clone()) {
        // Almost every message stands in one place.
        Slot::Vacant(slot) => {
            slot.insert(vec![place]);
        }
        Slot::Occupied(mut places) => places.get_mut().push(place),
    }
}

impl<M: Message> Timeline<M> {
    /// Where the entry with this number is; entries are in order.
    fn position(&self, seq: u64) -> Option<usize> {
        let found = self.entries.binary_search_by_key(&seq, |entry| entry.seq);
        found.ok()
    }

    /// The number of the newest entry.
    fn newest(&self) -> u64 {
        self.entries.back().map_or(0, |entry| entry.seq)
    }
}

impl<M: Message> Default for Timeline<M> {
    fn default() -> Self {
        Self {
            entries: VecDeque::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[derive(Clone, Debug, Serialize, Deserialize)]
    struct Note(String);

    impl Message for Note {
        type Id = String;
        type Chat = String;
        type Speaker = String;

        fn id(&self) -> &String {
            &self.0
        }
    }

    fn say(
        archive: &mut Archive<Note>,
        chat: &(impl ToString + ?Sized),
        id: &(impl ToString + ?Sized),
    ) -> u64 {
        let note = Note(id.to_string());
        archive.add_message(&chat.to_string(), Time(0), "bot".to_owned(), note)
    }

    #[test]
    fn the_conversations_where_nothing_happens_are_forgotten() {
        let mut archive = Archive::new();
        for number in 0..=CONVERSATIONS {
            say(&mut archive, &number, &number);
        }
        assert!(archive.chats().count() < CONVERSATIONS);
        assert!(archive.find("0").is_none());
        assert!(archive.find(&CONVERSATIONS.to_string()).is_some());
        assert_eq!(archive.index.len(), archive.timelines.len());
    }

    #[test]
    fn the_oldest_entries_are_forgotten() {
        let mut archive = Archive::new();
        for number in 0..=ENTRIES {
            say(&mut archive, &"here", &number);
        }
        assert!(archive.find("0").is_none());
        assert!(archive.find("1").is_some());
        assert_eq!(archive.entries(&"here".to_owned()).count(), ENTRIES);
        assert_eq!(archive.index.len(), ENTRIES);
    }

    #[test]
    fn one_message_to_many_stands_in_many_places() {
        let mut archive = Archive::new();
        let first = say(&mut archive, &"here", &"hello");
        let second = say(&mut archive, &"there", &"hello");
        let places = [("here".to_owned(), first), ("there".to_owned(), second)];
        assert_eq!(archive.places("hello"), places);
        assert_eq!(archive.note_journal(&"hello".to_owned(), 7), places);
        assert!(archive.note_journal(&"hello".to_owned(), 7).is_empty());
        archive.forget_chat(&"here".to_owned());
        assert_eq!(archive.places("hello"), &places[1..]);
    }

    #[test]
    fn what_is_read_back_is_found_as_before() {
        let mut archive = Archive::new();
        say(&mut archive, &"here", &"hello");
        let line = Line {
            kind: LineKind::Join,
            text: Bilingual::new("joined", "加入"),
        };
        archive.add_line(&"here".to_owned(), Time(1), "alice".to_owned(), line);
        let kept = serde_json::to_value(&archive).unwrap();
        let mut read: Archive<Note> = serde_json::from_value(kept.clone()).unwrap();
        read.rebuild_index().unwrap();
        assert_eq!(read.places("hello"), archive.places("hello"));
        assert_eq!(serde_json::to_value(&read).unwrap(), kept);
        assert_eq!(say(&mut read, "here", "again"), 3);
    }

    #[test]
    fn a_conversation_out_of_order_is_not_taken_back() {
        let mut archive = Archive::new();
        say(&mut archive, &"here", &"one");
        say(&mut archive, &"here", &"two");
        let timeline = archive.timelines.get_mut("here").unwrap();
        timeline.entries.swap(0, 1);
        let problem = archive.rebuild_index().unwrap_err();
        assert_eq!(problem, "here is out of order at 1");
    }
}
