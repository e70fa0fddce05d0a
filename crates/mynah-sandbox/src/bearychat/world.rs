//! The world itself: its state, its settings, and what waits to leave it.

use std::collections::BTreeMap;

use mynah_bearychat::UserId;
use serde_json::Value;

use super::chat::Chat;
use super::effect::Effect;
use super::seed::Seed;
use super::settings::Settings;
use super::state::State;
use super::tokens::Caller;
use crate::frame::{Frame, Framed};
use crate::world::{Act, Rejected, Said, Say, Time};

/// A team with its people, its channels and its robots.
#[derive(Clone, Debug)]
pub struct BearyChatWorld {
    pub(super) seed: Seed,
    pub(super) settings: Settings,
    pub(super) state: State,
    /// Who makes the call that is being answered.
    pub(super) caller: Caller,
    /// How many sockets each hubot has open. They outlive the state.
    pub(super) connections: BTreeMap<UserId, usize>,
    frame: Frame<Chat, Effect>,
}

impl BearyChatWorld {
    /// The world as the seed describes it.
    pub fn new(seed: &Seed) -> Self {
        Self {
            seed: seed.clone(),
            settings: seed.settings.clone(),
            state: crate::frame::State::new(seed),
            caller: Caller::Nobody,
            connections: BTreeMap::new(),
            frame: Frame::new(),
        }
    }

    /// How the team is set up.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The same, for changing it.
    pub fn settings_mut(&mut self) -> &mut Settings {
        &mut self.settings
    }

    /// The bot that people talk to.
    pub fn bot(&self) -> &UserId {
        &self.seed.bot().id
    }

    /// The next thing that wants to leave, in order of occurrence.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.frame.poll_effect()
    }

    /// The messages that were made or changed since this was asked last, for
    /// the journal.
    pub fn touched(&mut self) -> Vec<String> {
        self.frame.touched()
    }

    /// Where everybody finds what is served at a path.
    pub(super) fn base_url(&self, path: &str) -> String {
        format!(
            "{}{}{path}",
            self.settings.public_url, self.settings.base_path
        )
    }
}

impl Framed for BearyChatWorld {
    const PLATFORM: &'static str = "bearychat";
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
        self.file(name)
    }

    fn forget_more(&mut self) {
        self.caller = Caller::Nobody;
    }
}
