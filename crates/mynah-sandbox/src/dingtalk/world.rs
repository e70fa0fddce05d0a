//! The world itself: its state, its settings, and what waits to leave it.

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mynah_dingtalk::{ChatId, OpenConversationId};
use serde_json::{Value, json};

use super::archive::{Bilingual, Chat, Line, LineKind, Speaker, Spoken};
use super::calls::Caller;
use super::content::Content;
use super::effect::Effect;
use super::limits;
use super::seed::Seed;
use super::settings::Settings;
use super::state::State;
use crate::chance::Chance;
use crate::world::{
    Act, Change, Conversations, Messages, Person, Rejected, Said, Say, Time, World,
};

/// An organisation with its people, its groups, its application and its
/// robots.
#[derive(Clone, Debug)]
pub struct DingTalkWorld {
    pub(super) seed: Seed,
    pub(super) settings: Settings,
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

impl DingTalkWorld {
    /// The world as the seed describes it.
    pub fn new(seed: &Seed) -> Self {
        Self {
            seed: seed.clone(),
            settings: seed.settings.clone(),
            state: State::new(seed),
            caller: Caller {
                address: IpAddr::V4(Ipv4Addr::LOCALHOST),
                robot: 0,
            },
            hints: Chance::new(seed.random),
            effects: VecDeque::new(),
            changes: VecDeque::new(),
            touched: VecDeque::new(),
        }
    }

    /// How the organisation and its application behave.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The same, for changing it.
    pub fn settings_mut(&mut self) -> &mut Settings {
        &mut self.settings
    }

    /// The id of the organisation, the receiver of encrypted callbacks.
    pub fn corp_id(&self) -> &str {
        &self.seed.corp_id
    }

    /// The key of the application, which is the code of its robot as well.
    pub fn app_key(&self) -> &str {
        &self.seed.app.key
    }

    /// The application, as the frames of Stream connections name it.
    pub fn unified_app_id(&self) -> String {
        let digest = mynah_crypto::hmac_sha256(b"app", self.seed.app.key.as_bytes());
        let digest = mynah_crypto::hex(&digest);
        let groups = [0..8, 8..12, 12..16, 16..20, 20..32];
        groups
            .map(|range| digest.get(range).unwrap_or_default())
            .join("-")
    }

    /// The secret of the application, which signs what the robot is told.
    pub fn app_secret(&self) -> &mynah_dingtalk::Secret {
        &self.seed.app.secret
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

    /// Where everybody finds what is served at a path.
    pub(super) fn base_url(&self, path: &str) -> String {
        format!(
            "{}{}{path}",
            self.settings.public_url, self.settings.base_path
        )
    }

    /// When something happens by itself.
    pub fn due(&self) -> Option<Time> {
        None
    }

    /// The id of a conversation in the newer interfaces.
    pub(super) fn conversation_id(&self, chat: &Chat) -> OpenConversationId {
        match chat {
            Chat::Group(id) => {
                let group = self.state.groups.get(id);
                group
                    .map(|it| it.open_conversation_id.clone())
                    .unwrap_or_default()
            }
            Chat::User(user) => {
                let both = format!("{}:{user}", self.seed.app.key);
                let digest = self.digest("conversation", &both);
                OpenConversationId(format!("cid{digest}"))
            }
        }
    }

    /// What stands for an id where nothing is to be read in it: the same every
    /// time.
    pub(super) fn digest(&self, purpose: &str, id: &str) -> String {
        let key = format!("{purpose}:{}", self.seed.corp_id);
        let digest = mynah_crypto::hmac_sha256(key.as_bytes(), id.as_bytes());
        STANDARD.encode(digest.get(..16).unwrap_or(&digest))
    }

    /// The conversation of such an id.
    pub(super) fn chat_of(&self, id: &OpenConversationId) -> Option<Chat> {
        if let Some((chatid, _)) = self.state.group_by_open_id(id) {
            return Some(Chat::Group(ChatId::clone(chatid)));
        }
        let users = self.state.directory.users();
        let mut chats = users.map(|user| Chat::User(user.userid.clone()));
        chats.find(|chat| self.conversation_id(chat) == *id)
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

impl World for DingTalkWorld {
    fn platform(&self) -> &'static str {
        "dingtalk"
    }

    fn set_time(&mut self, now: Time) {
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

impl DingTalkWorld {
    /// Forgets what waited to leave the world that was before.
    fn start_over(&mut self) {
        self.effects.clear();
        self.changes.clear();
        self.touched.clear();
        self.changed_conversations();
    }
}
