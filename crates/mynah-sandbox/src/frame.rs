//! The frame that every world hangs in: what waits to leave it, and how it is
//! put away, put back and started over.
//!
//! A platform's world implements [`Framed`] and [`View`], and is a
//! [`World`](crate::World) by that. Its [`State`] is all that can change and
//! therefore all that a snapshot holds; its [`Frame`] holds what waits to leave
//! and is forgotten whenever another state takes the place of this one.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::archive::{Archive, Bilingual, Line, LineKind, Message};
use crate::view::View;
use crate::world::{
    Act, Change, Conversations, Messages, Person, Rejected, Said, Say, Time, World,
};

/// Effects and changes waiting to be asked for; the oldest go first.
const WAITING: usize = 10_000;
/// Messages that one call is noted to have made or changed.
const TOUCHED: usize = 16;
/// The version of snapshots.
const VERSION: u32 = 1;

/// Everything that can change in a world, and therefore everything a snapshot
/// holds.
pub(crate) trait State: Serialize + DeserializeOwned {
    /// What it starts from.
    type Seed;
    /// What is said.
    type Message: Message;

    /// The state as the seed describes it.
    fn new(seed: &Self::Seed) -> Self;

    /// Gives no id again that was given before, by the state that was there
    /// `before` or by this one.
    fn go_on_counting(&mut self, before: Self);

    /// Puts back what a snapshot does not hold because it follows from the rest.
    ///
    /// # Errors
    /// The snapshot describes what cannot be.
    fn restored(self) -> Result<Self, String>;

    /// What time it is.
    fn now(&self) -> Time;

    /// What was said and done.
    fn archive(&self) -> &Archive<Self::Message>;

    /// The same, for changing it.
    fn archive_mut(&mut self) -> &mut Archive<Self::Message>;
}

/// The message of a world.
pub(crate) type MessageOf<W> = <<W as Framed>::State as State>::Message;
/// A conversation of a world.
pub(crate) type ChatOf<W> = <MessageOf<W> as Message>::Chat;
/// Who speaks in a world.
pub(crate) type SpeakerOf<W> = <MessageOf<W> as Message>::Speaker;

/// What waits to leave a world, each in order of occurrence.
#[derive(Clone, Debug)]
pub(crate) struct Frame<C, E> {
    effects: VecDeque<E>,
    changes: VecDeque<Changed<C>>,
    /// The messages that were made or changed last.
    touched: VecDeque<String>,
}

/// What people's screens do not show yet. What they will show is looked up
/// when it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Changed<C> {
    Entry(C, u64),
    Conversations,
}

impl<C: PartialEq, E> Frame<C, E> {
    pub(crate) fn new() -> Self {
        Self {
            effects: VecDeque::new(),
            changes: VecDeque::new(),
            touched: VecDeque::new(),
        }
    }

    /// The next thing that wants to leave.
    pub(crate) fn poll_effect(&mut self) -> Option<E> {
        self.effects.pop_front()
    }

    /// The messages that were made or changed since this was asked last, for
    /// the journal: hardly any answer names them.
    pub(crate) fn touched(&mut self) -> Vec<String> {
        self.touched.drain(..).collect()
    }

    fn changed(&mut self, changed: Changed<C>) {
        if self.changes.back() != Some(&changed) {
            push(&mut self.changes, changed, WAITING);
        }
    }

    fn start_over(&mut self) {
        *self = Self::new();
        self.changed(Changed::Conversations);
    }
}

/// A world that hangs in the frame.
pub(crate) trait Framed: Send + Sized + 'static {
    /// The platform's name.
    const PLATFORM: &'static str;
    /// Everything that can change.
    type State: State;
    /// What wants to leave.
    type Effect;

    /// What it starts from.
    fn seed(&self) -> &<Self::State as State>::Seed;

    /// Everything that can change.
    fn state(&self) -> &Self::State;

    /// The same, for changing it.
    fn state_mut(&mut self) -> &mut Self::State;

    /// What waits to leave.
    fn frame(&mut self) -> &mut Frame<ChatOf<Self>, Self::Effect>;

    /// Moves the clock, and lets happen what was due.
    fn moves_to(&mut self, now: Time);

    /// A person speaks.
    ///
    /// # Errors
    /// The person may not, or there is nobody to speak to.
    fn person_speaks(&mut self, say: Say) -> Result<Said, Rejected>;

    /// A person does something else than speak.
    ///
    /// # Errors
    /// The person may not, or the action does not exist.
    fn person_does(&mut self, act: &Act) -> Result<Value, Rejected>;

    /// A picture or file by its name, with its media type.
    fn served_file(&self, name: &str) -> Option<(String, Vec<u8>)>;

    /// Forgets what belonged to the state that was before, besides what the
    /// frame forgets.
    fn forget_more(&mut self) {}

    /// The conversations in which what happens in this one is shown.
    fn shown_in(&self, chat: &ChatOf<Self>) -> Vec<ChatOf<Self>> {
        vec![chat.clone()]
    }

    /// Something wants to leave.
    fn effect(&mut self, effect: Self::Effect) {
        push(&mut self.frame().effects, effect, WAITING);
    }

    /// Writes a message into a conversation; tells its number.
    fn post(&mut self, chat: &ChatOf<Self>, by: SpeakerOf<Self>, message: MessageOf<Self>) -> u64 {
        let now = self.state().now();
        let archive = self.state_mut().archive_mut();
        let seq = archive.add_message(chat, now, by, message);
        self.changed_entry(chat, seq);
        seq
    }

    /// Writes a line into a conversation.
    fn line(&mut self, chat: &ChatOf<Self>, kind: LineKind, by: &SpeakerOf<Self>, text: Bilingual) {
        let now = self.state().now();
        let archive = self.state_mut().archive_mut();
        let seq = archive.add_line(chat, now, by.clone(), Line { kind, text });
        self.changed_entry(chat, seq);
    }

    /// A message was changed, wherever it stands.
    fn changed_message(&mut self, id: &<MessageOf<Self> as Message>::Id) {
        for (chat, seq) in self.state().archive().places(id).to_vec() {
            self.changed_entry(&chat, seq);
        }
    }

    /// An entry was made or changed.
    fn changed_entry(&mut self, chat: &ChatOf<Self>, seq: u64) {
        let message = self.state().archive().message(chat, seq);
        let id = message.map(|message| message.id().to_string());
        let touched = &mut self.frame().touched;
        // A message to many people is one message.
        if let Some(id) = id.filter(|id| touched.back() != Some(id)) {
            push(touched, id, TOUCHED);
        }
        self.show_again(chat, seq);
    }

    /// An entry looks different from before.
    fn show_again(&mut self, chat: &ChatOf<Self>, seq: u64) {
        for chat in self.shown_in(chat) {
            self.frame().changed(Changed::Entry(chat, seq));
        }
    }

    /// Conversations, members or people have changed.
    fn changed_conversations(&mut self) {
        self.frame().changed(Changed::Conversations);
    }

    /// A moment from now.
    fn later(&self, milliseconds: i64) -> Time {
        Time(self.state().now().0.saturating_add(milliseconds))
    }

    /// Forgets what waited to leave the world that was before.
    fn start_over(&mut self) {
        self.frame().start_over();
        self.forget_more();
    }
}

/// Adds to a queue that forgets its oldest when it is full.
pub(crate) fn push<T>(queue: &mut VecDeque<T>, item: T, limit: usize) {
    if queue.len() >= limit {
        queue.pop_front();
    }
    queue.push_back(item);
}

/// Forgets the oldest when there are more than `most`.
pub(crate) fn trim<K: Ord + Clone, V>(
    map: &mut BTreeMap<K, V>,
    most: usize,
    at: impl Fn(&V) -> Time,
) {
    while map.len() > most {
        let oldest = map.iter().min_by_key(|(_, value)| at(value));
        let Some(key) = oldest.map(|(key, _)| key.clone()) else {
            return;
        };
        map.remove(&key);
    }
}

/// The state in a snapshot.
fn read<S: State>(mut snapshot: Value) -> Result<S, Rejected> {
    let wrong = |problem: String| Rejected::bad("snapshot", problem);
    if snapshot.get("version") != Some(&json!(VERSION)) {
        return Err(wrong(format!("`version` must be {VERSION}")));
    }
    let state: S = serde_json::from_value(snapshot["state"].take())
        .map_err(|error| wrong(error.to_string()))?;
    state.restored().map_err(wrong)
}

impl<W: View> World for W {
    fn platform(&self) -> &'static str {
        W::PLATFORM
    }

    fn set_time(&mut self, now: Time) {
        self.moves_to(now);
    }

    fn people(&self) -> Vec<Person> {
        self.view_people()
    }

    fn conversations(&self, viewer: Option<&str>) -> Result<Conversations, Rejected> {
        self.view_conversations(viewer)
    }

    fn messages(
        &self,
        conversation: &str,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Messages, Rejected> {
        self.view_messages(conversation, before, limit)
    }

    fn say(&mut self, say: Say) -> Result<Said, Rejected> {
        self.person_speaks(say)
    }

    fn act(&mut self, act: Act) -> Result<Value, Rejected> {
        self.person_does(&act)
    }

    fn poll_change(&mut self) -> Option<Change> {
        while let Some(changed) = self.frame().changes.pop_front() {
            match changed {
                Changed::Conversations => return Some(Change::Conversations),
                Changed::Entry(chat, seq) => {
                    // It may have been forgotten meanwhile.
                    if let Some(entry) = self.entry(&chat, seq) {
                        return Some(Change::Message(Box::new(self.view_entry(&chat, entry))));
                    }
                }
            }
        }
        None
    }

    fn note_journal(&mut self, message_id: &str, entry: u64) {
        let Ok(id) = message_id.parse() else {
            return;
        };
        for (chat, seq) in self.state_mut().archive_mut().note_journal(&id, entry) {
            self.show_again(&chat, seq);
        }
    }

    fn media(&self, name: &str) -> Option<(String, Vec<u8>)> {
        self.served_file(name)
    }

    fn snapshot(&self) -> Value {
        // The state is made of maps with text keys: it cannot fail to be written.
        let state = serde_json::to_value(self.state()).unwrap_or_default();
        json!({ "version": VERSION, "state": state })
    }

    fn restore(&mut self, snapshot: Value) -> Result<(), Rejected> {
        *self.state_mut() = read(snapshot)?;
        self.start_over();
        Ok(())
    }

    fn resume(&mut self, snapshot: Value) -> Result<(), Rejected> {
        let state = read(snapshot)?;
        let before = std::mem::replace(self.state_mut(), state);
        self.state_mut().go_on_counting(before);
        self.start_over();
        Ok(())
    }

    fn reset(&mut self) {
        let new = State::new(self.seed());
        let before = std::mem::replace(self.state_mut(), new);
        self.state_mut().go_on_counting(before);
        self.start_over();
    }
}
