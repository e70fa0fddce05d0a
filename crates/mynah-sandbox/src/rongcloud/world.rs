//! The world itself: its state, its settings, and what waits to leave it.

use std::collections::VecDeque;

use mynah_rongcloud::event::{ChatroomCause, ChatroomChange, ChatroomStatus};
use mynah_rongcloud::{App, ChatroomId, MessageUid, Moment, UserId};
use serde_json::{Value, json};

use super::archive::{Bilingual, Chat, Line, LineKind};
use super::effect::Effect;
use super::limits;
use super::seed::Seed;
use super::settings::Settings;
use super::state::State;
use crate::clock::wall;
use crate::world::{
    Act, Change, Conversations, Messages, Person, Rejected, Said, Say, Time, World,
};

/// An application with its users, its groups and its chatrooms.
#[derive(Clone, Debug)]
pub struct RongCloudWorld {
    pub(super) seed: Seed,
    pub(super) settings: Settings,
    pub(super) state: State,
    /// The nonces of the last signatures, while they must differ.
    pub(super) nonces: VecDeque<String>,
    effects: VecDeque<Effect>,
    changes: VecDeque<Changed>,
    /// The messages that were made or changed last.
    touched: VecDeque<String>,
}

/// What people's screens do not show yet. What they will show is looked up
/// when it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Changed {
    Entry(Chat, u64),
    Conversations,
}

impl RongCloudWorld {
    /// The world as the seed describes it.
    pub fn new(seed: &Seed) -> Self {
        Self {
            seed: seed.clone(),
            settings: seed.settings.clone(),
            state: State::new(seed),
            nonces: VecDeque::new(),
            effects: VecDeque::new(),
            changes: VecDeque::new(),
            touched: VecDeque::new(),
        }
    }

    /// How the application is set up.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The same, for changing it.
    pub fn settings_mut(&mut self) -> &mut Settings {
        &mut self.settings
    }

    /// The application, whose secret signs what it is told.
    pub fn app(&self) -> &App {
        &self.seed.app
    }

    /// The application's own user.
    pub fn bot(&self) -> &UserId {
        &self.seed.bot.id
    }

    /// From now on chatrooms go after an hour in which nothing happens. What was
    /// before does not count.
    pub(super) fn count_idle_time(&mut self) {
        self.settings.idle_chatrooms = true;
        self.state.rooms.count_idle_time(self.state.now);
    }

    /// The next thing that wants to leave, in order of occurrence.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// When something happens by itself.
    pub fn due(&self) -> Option<Time> {
        let rooms = self.settings.idle_chatrooms;
        let rooms = rooms.then(|| self.state.rooms.next_end()).flatten();
        let held = self.state.held.values().map(|held| held.until).min();
        rooms.into_iter().chain(held).min()
    }

    pub(super) fn effect(&mut self, effect: Effect) {
        push(&mut self.effects, effect, limits::WAITING);
    }

    /// Tells what happened to a chatroom.
    pub(super) fn tell_room(
        &mut self,
        id: &ChatroomId,
        change: ChatroomChange,
        cause: ChatroomCause,
        users: &[UserId],
    ) {
        let status = ChatroomStatus::new(id.clone(), change, cause, self.state.now.0);
        let status = status.users(users.iter().cloned());
        self.effect(Effect::Chatroom(vec![status]));
    }

    /// Writes a line into a conversation.
    pub(super) fn line(&mut self, chat: &Chat, kind: LineKind, by: &UserId, text: Bilingual) {
        let line = Line { kind, text };
        let now = self.state.now;
        let seq = self.state.archive.add_line(chat, now, by.clone(), line);
        self.changed_entry(chat, seq);
    }

    pub(super) fn changed_entry(&mut self, chat: &Chat, seq: u64) {
        if *chat != Chat::Everybody {
            self.changed(Changed::Entry(chat.clone(), seq));
            return;
        }
        // However many there are, the screens that can be looked at are few.
        for person in self.seed.people.clone() {
            self.changed(Changed::Entry(Chat::System(person.id), seq));
        }
    }

    /// A message was made or changed.
    pub(super) fn changed_message(&mut self, uid: &MessageUid) {
        if self.touched.back().map(String::as_str) != Some(uid.as_str()) {
            push(&mut self.touched, uid.to_string(), limits::TOUCHED);
        }
        if let Some((chat, seq)) = self.state.archive.place(uid).cloned() {
            self.changed_entry(&chat, seq);
        }
    }

    /// The messages that were made or changed since this was asked last, for
    /// the journal.
    pub fn touched(&mut self) -> Vec<String> {
        self.touched.drain(..).collect()
    }

    pub(super) fn changed_conversations(&mut self) {
        self.changed(Changed::Conversations);
    }

    fn changed(&mut self, changed: Changed) {
        if self.changes.back() != Some(&changed) {
            push(&mut self.changes, changed, limits::WAITING);
        }
    }

    /// A time as answers have it.
    pub(super) fn moment(time: Time) -> Moment {
        Moment::beijing(wall(time))
    }

    /// A moment from now.
    pub(super) fn later(&self, milliseconds: i64) -> Time {
        Time(self.state.now.0.saturating_add(milliseconds))
    }

    /// Where everybody finds what is served at a path.
    pub(super) fn base_url(&self, path: &str) -> String {
        format!(
            "{}{}{path}",
            self.settings.public_url, self.settings.base_path
        )
    }

    /// What stands for something where nothing is to be read in it: the same
    /// every time.
    pub(super) fn digest(&self, purpose: &str, text: &str) -> String {
        let both = format!("{purpose}:{text}");
        let secret = self.seed.app.app_secret().expose().as_bytes();
        mynah_crypto::hex(&mynah_crypto::hmac_sha256(secret, both.as_bytes()))
    }

    /// Lets happen what was due.
    fn run_due(&mut self) {
        if self.settings.idle_chatrooms {
            for id in self.state.rooms.idle(self.state.now) {
                self.destroy_room(&id, ChatroomCause::Idle);
            }
        }
        self.release_held();
    }
}

/// Adds to a queue that forgets its oldest when it is full.
pub(super) fn push<T>(queue: &mut VecDeque<T>, item: T, limit: usize) {
    if queue.len() >= limit {
        queue.pop_front();
    }
    queue.push_back(item);
}

const VERSION: u32 = 1;

impl World for RongCloudWorld {
    fn platform(&self) -> &'static str {
        "rongcloud"
    }

    fn set_time(&mut self, now: Time) {
        self.state.now = now;
        self.run_due();
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
        self.person_says(say)
    }

    fn act(&mut self, act: Act) -> Result<Value, Rejected> {
        self.person_acts(&act)
    }

    fn poll_change(&mut self) -> Option<Change> {
        while let Some(changed) = self.changes.pop_front() {
            match changed {
                Changed::Conversations => return Some(Change::Conversations),
                Changed::Entry(chat, seq) => {
                    // It may have been forgotten meanwhile.
                    if let Some(entry) = self.state.archive.entry(&chat, seq) {
                        return Some(Change::Message(Box::new(self.view_entry(&chat, entry))));
                    }
                }
            }
        }
        None
    }

    fn note_journal(&mut self, message_id: &str, entry: u64) {
        let noted = self.state.archive.note_journal(&message_id.into(), entry);
        if let Some((chat, seq)) = noted {
            self.changed_entry(&chat, seq);
        }
    }

    fn media(&self, name: &str) -> Option<(String, Vec<u8>)> {
        self.file(name)
    }

    fn snapshot(&self) -> Value {
        // The state is made of maps with text keys: it cannot fail to be written.
        let state = serde_json::to_value(&self.state).unwrap_or_default();
        json!({ "version": VERSION, "state": state })
    }

    fn restore(&mut self, snapshot: Value) -> Result<(), Rejected> {
        let wrong = |problem: String| Rejected::bad("snapshot", problem);
        let mut snapshot = snapshot;
        if snapshot.get("version") != Some(&json!(VERSION)) {
            return Err(wrong(format!("`version` must be {VERSION}")));
        }
        let state: State = serde_json::from_value(snapshot["state"].take())
            .map_err(|error| wrong(error.to_string()))?;
        self.state = state.restored().map_err(wrong)?;
        self.start_over();
        Ok(())
    }

    fn reset(&mut self) {
        let before = std::mem::replace(&mut self.state, State::new(&self.seed));
        self.state.go_on_counting(before);
        self.start_over();
    }
}

impl RongCloudWorld {
    /// Forgets what waited to leave the world that was before.
    fn start_over(&mut self) {
        self.nonces.clear();
        self.effects.clear();
        self.changes.clear();
        self.touched.clear();
        self.changed_conversations();
    }
}
