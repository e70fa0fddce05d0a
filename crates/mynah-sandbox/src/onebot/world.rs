//! The world itself: its state, its settings, and what waits to leave it.

use std::collections::VecDeque;

use bytes::Bytes;
use mynah_onebot::GroupId;
use mynah_onebot::UserId;
use mynah_onebot::event::{
    Event, Heartbeat, Lifecycle, LifecycleType, Meta, MetaEvent, Notice, NoticeEvent, Request,
    RequestEvent, Status,
};
use mynah_onebot::types::UnixSeconds;
use serde_json::{Value, json};

use super::archive::{Bilingual, Chat, Line, LineKind};
use super::limits;
use super::seed::Seed;
use super::settings::Settings;
use super::state::State;
use crate::world::{
    Act, Change, Conversations, Messages, Person, Rejected, Said, Say, Time, World,
};

/// The QQ account of the bot, and everybody around it.
#[derive(Clone, Debug)]
pub struct OneBotWorld {
    pub(super) seed: Seed,
    pub(super) settings: Settings,
    pub(super) state: State,
    effects: VecDeque<Effect>,
    changes: VecDeque<Changed>,
    /// What `get_updates` has not handed out yet.
    pub(super) updates: VecDeque<Event>,
}

/// Something that wants to leave the world.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Effect {
    /// Goes to every framework.
    Event(Event),
    /// The implementation restarts: after the delay, `lifecycle` `disable` by
    /// POST, all sockets closed, `lifecycle` `enable` by POST, sockets opened anew.
    Restart {
        /// How long to wait before, in milliseconds.
        delay_ms: u64,
    },
}

/// What people's screens do not show yet. What they will show is looked up
/// when it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Changed {
    Entry(Chat, u64),
    Conversations,
}

impl OneBotWorld {
    /// The world as the seed describes it.
    pub fn new(seed: &Seed) -> Self {
        Self {
            seed: seed.clone(),
            settings: seed.settings.clone(),
            state: State::new(seed),
            effects: VecDeque::new(),
            changes: VecDeque::new(),
            updates: VecDeque::new(),
        }
    }

    /// How the account behaves towards its frameworks.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The same, for changing it.
    pub fn settings_mut(&mut self) -> &mut Settings {
        &mut self.settings
    }

    /// The bot's QQ number, the `self_id` of every event.
    pub fn bot(&self) -> UserId {
        self.state.bot.id
    }

    /// The next thing that wants to leave, in order of occurrence.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// A `heartbeat`; the next one follows after `interval_ms`.
    pub fn heartbeat(&self, interval_ms: i64) -> Event {
        self.meta(Meta::Heartbeat(Heartbeat {
            status: self.status(),
            interval: interval_ms,
        }))
    }

    /// A `lifecycle` event.
    pub fn lifecycle(&self, sub_type: LifecycleType) -> Event {
        self.meta(Meta::Lifecycle(Lifecycle { sub_type }))
    }

    /// The JSON of an event, its message in the format that was configured
    /// when it happened.
    pub fn write_event(&self, event: &Event) -> Bytes {
        // An event is made of strings, numbers and lists: it cannot fail to be written.
        Bytes::from(serde_json::to_vec(event).unwrap_or_default())
    }

    fn meta(&self, meta: Meta) -> Event {
        Event::Meta(MetaEvent {
            time: self.unix(),
            self_id: self.bot(),
            meta,
        })
    }

    /// How the implementation is doing.
    pub(super) fn status(&self) -> Status {
        Status {
            online: Some(self.state.bot.online),
            good: self.state.bot.online,
            ..Status::default()
        }
    }

    pub(super) fn unix(&self) -> UnixSeconds {
        UnixSeconds(self.state.now.seconds())
    }

    /// Tells frameworks of a notice.
    pub(super) fn notice(&mut self, notice: Notice) {
        let event = Event::Notice(NoticeEvent {
            time: self.unix(),
            self_id: self.bot(),
            notice,
        });
        self.emit(event);
    }

    /// Tells frameworks of a notice, if the bot is there to notice.
    pub(super) fn group_notice(&mut self, group: GroupId, notice: Notice) {
        if self.state.own_group(group).is_ok() {
            self.notice(notice);
        }
    }

    /// Tells frameworks of a request.
    pub(super) fn request(&mut self, request: Request) {
        let event = Event::Request(RequestEvent {
            time: self.unix(),
            self_id: self.bot(),
            request,
        });
        self.emit(event);
    }

    /// Tells frameworks of an event, unless the account is offline: then QQ
    /// tells it nothing.
    pub(super) fn emit(&mut self, event: Event) {
        if self.state.bot.online {
            self.emit_anyway(event);
        }
    }

    pub(super) fn emit_anyway(&mut self, event: Event) {
        if self.settings.long_polling {
            push(&mut self.updates, event.clone(), limits::UPDATES);
        }
        self.effect(Effect::Event(event));
    }

    pub(super) fn effect(&mut self, effect: Effect) {
        push(&mut self.effects, effect, limits::WAITING);
    }

    /// Writes a line into a conversation.
    pub(super) fn line(&mut self, chat: Chat, kind: LineKind, by: UserId, text: Bilingual) {
        let line = Line { kind, by, text };
        let seq = self.state.archive.add_line(chat, self.state.now, line);
        self.changed_entry(chat, seq);
    }

    pub(super) fn changed_entry(&mut self, chat: Chat, seq: u64) {
        self.changed(Changed::Entry(chat, seq));
    }

    pub(super) fn changed_conversations(&mut self) {
        self.changed(Changed::Conversations);
    }

    fn changed(&mut self, changed: Changed) {
        if self.changes.back() != Some(&changed) {
            push(&mut self.changes, changed, limits::WAITING);
        }
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

/// The state in a snapshot.
fn read(mut snapshot: Value) -> Result<State, Rejected> {
    let wrong = |problem: String| Rejected::bad("snapshot", problem);
    if snapshot.get("version") != Some(&json!(VERSION)) {
        return Err(wrong(format!("`version` must be {VERSION}")));
    }
    let state: State = serde_json::from_value(snapshot["state"].take())
        .map_err(|error| wrong(error.to_string()))?;
    state.restored().map_err(wrong)
}

impl World for OneBotWorld {
    fn platform(&self) -> &'static str {
        "onebot"
    }

    /// Also runs the queued calls whose time has come, each at its time.
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
                    if let Some(entry) = self.state.archive.entry(chat, seq) {
                        return Some(Change::Message(Box::new(self.view_entry(chat, entry))));
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
        if let Some((chat, seq)) = self.state.archive.note_journal(id, entry) {
            self.changed_entry(chat, seq);
        }
    }

    fn media(&self, name: &str) -> Option<(String, Vec<u8>)> {
        self.view_media(name)
    }

    fn snapshot(&self) -> Value {
        // The state is made of maps with text keys: it cannot fail to be written.
        let state = serde_json::to_value(&self.state).unwrap_or_default();
        json!({ "version": VERSION, "state": state })
    }

    fn restore(&mut self, snapshot: Value) -> Result<(), Rejected> {
        self.state = read(snapshot)?;
        self.start_over();
        Ok(())
    }

    fn resume(&mut self, snapshot: Value) -> Result<(), Rejected> {
        let before = std::mem::replace(&mut self.state, read(snapshot)?);
        self.state.archive.go_on_counting(&before.archive);
        self.start_over();
        Ok(())
    }

    fn reset(&mut self) {
        let before = std::mem::replace(&mut self.state, State::new(&self.seed));
        self.state.archive.go_on_counting(&before.archive);
        self.start_over();
    }
}

impl OneBotWorld {
    /// Forgets what waited to leave the world that was before.
    fn start_over(&mut self) {
        self.effects.clear();
        self.changes.clear();
        self.updates.clear();
        self.changed_conversations();
    }
}
