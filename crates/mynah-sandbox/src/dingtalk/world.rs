//! The world itself: its state, its settings, and what waits to leave it.

use std::net::{IpAddr, Ipv4Addr};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mynah_dingtalk::{ChatId, OpenConversationId};
use serde_json::Value;

use super::archive::Chat;
use super::calls::Caller;
use super::effect::Effect;
use super::seed::Seed;
use super::settings::Settings;
use super::state::State;
use crate::chance::Chance;
use crate::frame::{Frame, Framed, State as _};
use crate::world::{Act, Rejected, Said, Say, Time};

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
    frame: Frame<Chat, Effect>,
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
            frame: Frame::new(),
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
        self.frame.poll_effect()
    }

    /// Ends the life of all tokens that were given out.
    pub fn expire_tokens(&mut self) {
        self.state.tokens.expire(self.state.now);
    }

    /// The messages that were made or changed since this was asked last.
    /// Hardly any answer names them, but the journal does.
    pub(super) fn touched(&mut self) -> Vec<String> {
        self.frame.touched()
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

impl Framed for DingTalkWorld {
    const PLATFORM: &'static str = "dingtalk";
    type State = State;
    type Effect = Effect;

    fn seed(&self) -> &Seed {
        &self.seed
    }

    fn state(&self) -> &State {
        &self.state
    }

    fn state_mut(&mut self) -> &mut State {
        &mut self.state
    }

    fn frame(&mut self) -> &mut Frame<Chat, Effect> {
        &mut self.frame
    }

    fn moves_to(&mut self, now: Time) {
        self.state.now = now;
    }

    fn person_speaks(&mut self, say: Say) -> Result<Said, Rejected> {
        self.person_says(say)
    }

    fn person_does(&mut self, act: &Act) -> Result<Value, Rejected> {
        self.person_acts(act)
    }

    fn served_file(&self, name: &str) -> Option<(String, Vec<u8>)> {
        self.state.media.served(name)
    }

    fn forget_more(&mut self) {
        self.hints = Chance::new(self.seed.random);
    }
}
