//! The world itself: its state, its settings, and what waits to leave it.

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr};

use mynah_wecom::AgentId;
use serde_json::{Value, json};

use super::archive::{Bilingual, Chat, Line, LineKind, Speaker, Spoken};
use super::calls::Caller;
use super::content::Content;
use super::effect::Effect;
use super::limits;
use super::seed::Seed;
use super::settings::{Reach, Settings};
use super::state::State;
use crate::chance::Chance;
use crate::world::{
    Act, Change, Conversations, Messages, Person, Rejected, Said, Say, Time, World,
};

/// A corp with its members, its applications, its group robots and its
/// intelligent bot.
#[derive(Clone, Debug)]
pub struct WeComWorld {
    pub(super) seed: Seed,
    pub(super) settings: Settings,
    pub(super) reach: Reach,
    pub(super) state: State,
    /// Who makes the call that is being carried out.
    pub(super) caller: Caller,
    /// For the numbers in refusals, which are to change nothing else.
    pub(super) hints: Chance,
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

impl WeComWorld {
    /// The world as the seed describes it.
    pub fn new(seed: &Seed) -> Self {
        Self {
            seed: seed.clone(),
            settings: seed.settings.clone(),
            reach: Reach::default(),
            state: State::new(seed),
            caller: Caller {
                agent: AgentId::default(),
                robot: 0,
                address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            },
            hints: Chance::new(seed.random),
            effects: VecDeque::new(),
            changes: VecDeque::new(),
            touched: VecDeque::new(),
        }
    }

    /// How the corp and its applications behave.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The same, for changing it.
    pub fn settings_mut(&mut self) -> &mut Settings {
        &mut self.settings
    }

    /// Who can be told of what happens.
    pub fn reach(&self) -> &Reach {
        &self.reach
    }

    /// The same, for changing it.
    pub fn reach_mut(&mut self) -> &mut Reach {
        &mut self.reach
    }

    /// The id of the corp, the receiver of encrypted callbacks.
    pub fn corpid(&self) -> &str {
        &self.seed.corpid
    }

    /// The application that people mean by `bot`.
    pub fn agent(&self) -> AgentId {
        self.state.main
    }

    /// The next thing that wants to leave, in order of occurrence.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// Ends the life of all tokens that were given out.
    pub fn expire_tokens(&mut self) {
        self.state.tokens.expire(self.state.now);
    }

    pub(super) fn effect(&mut self, effect: Effect) {
        push(&mut self.effects, effect, limits::WAITING);
    }

    /// A moment from now.
    pub(super) fn later(&self, milliseconds: i64) -> Time {
        Time(self.state.now.0.saturating_add(milliseconds))
    }

    /// Writes a message into a conversation.
    pub(super) fn post(&mut self, chat: &Chat, id: String, by: Speaker, content: Content) -> u64 {
        let spoken = Spoken::new(id, by, content);
        let seq = self.state.archive.add_message(chat, self.state.now, spoken);
        self.changed_entry(chat, seq);
        seq
    }

    /// Writes a line into a conversation.
    pub(super) fn line(&mut self, chat: &Chat, kind: LineKind, by: Speaker, text: Bilingual) {
        let line = Line { kind, by, text };
        let seq = self.state.archive.add_line(chat, self.state.now, line);
        self.changed_entry(chat, seq);
    }

    pub(super) fn changed_entry(&mut self, chat: &Chat, seq: u64) {
        let spoken = self.state.archive.message(chat, seq);
        let id = spoken.map(|spoken| spoken.id.clone());
        // A message to many people is one message.
        if let Some(id) = id.filter(|id| self.touched.back() != Some(id)) {
            push(&mut self.touched, id, limits::TOUCHED);
        }
        self.changed(Changed::Entry(chat.clone(), seq));
    }

    /// The messages that were made or changed since this was asked last.
    /// Hardly any answer names them, but the journal does.
    pub(super) fn touched(&mut self) -> Vec<String> {
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

    /// Where the page finds a file.
    pub(super) fn page_url(&self, name: &str) -> String {
        if self.state.media.get(name).is_none() {
            return String::new();
        }
        format!("{}{name}", self.settings.media_path)
    }

    /// Where everybody finds a file.
    pub(super) fn public_url(&self, name: &str) -> String {
        format!(
            "{}{}{name}",
            self.settings.public_url, self.settings.media_path
        )
    }
}

/// Adds to a queue that forgets its oldest when it is full.
fn push<T>(queue: &mut VecDeque<T>, item: T, limit: usize) {
    if queue.len() >= limit {
        queue.pop_front();
    }
    queue.push_back(item);
}

const VERSION: u32 = 1;

impl World for WeComWorld {
    fn platform(&self) -> &'static str {
        "wecom"
    }

    /// Also asks the intelligent bot how its streams go on, each at its time.
    fn set_time(&mut self, now: Time) {
        self.run_until(now);
        self.state.now = now;
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
        for (chat, seq) in self.state.archive.note_journal(message_id, entry) {
            self.changed(Changed::Entry(chat, seq));
        }
    }

    fn media(&self, name: &str) -> Option<(String, Vec<u8>)> {
        let medium = self.state.media.get(name)?;
        Some((medium.media_type().to_owned(), medium.content.0.to_vec()))
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
        self.hints = Chance::new(self.seed.random);
        self.start_over();
    }
}

impl WeComWorld {
    /// Forgets what waited to leave the world that was before.
    fn start_over(&mut self) {
        self.effects.clear();
        self.changes.clear();
        self.touched.clear();
        self.changed_conversations();
    }
}
