//! The world itself: its state, its settings, and what waits to leave it.

use std::net::{IpAddr, Ipv4Addr};

use mynah_wecom::AgentId;
use serde_json::Value;

use super::archive::Chat;
use super::calls::Caller;
use super::effect::Effect;
use super::seed::Seed;
use super::settings::{Reach, Settings};
use super::state::State;
use crate::chance::Chance;
use crate::frame::{Frame, Framed, State as _};
use crate::world::{Act, Rejected, Said, Say, Time};

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
    frame: Frame<Chat, Effect>,
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
            frame: Frame::new(),
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

    /// Where everybody finds a file.
    pub(super) fn public_url(&self, name: &str) -> String {
        format!(
            "{}{}{name}",
            self.settings.public_url, self.settings.media_path
        )
    }
}

impl Framed for WeComWorld {
    const PLATFORM: &'static str = "wecom";
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

    /// Also asks the intelligent bot how its streams go on, each at its time.
    fn moves_to(&mut self, now: Time) {
        self.run_until(now);
        self.state.now = now;
    }

    fn person_speaks(&mut self, say: Say) -> Result<Said, Rejected> {
        self.person_says(say)
    }

    fn person_does(&mut self, act: &Act) -> Result<Value, Rejected> {
        self.person_acts(act)
    }

    fn served_file(&self, name: &str) -> Option<(String, Vec<u8>)> {
        let medium = self.state.media.get(name)?;
        Some((medium.media_type().to_owned(), medium.content.0.to_vec()))
    }

    fn forget_more(&mut self) {
        self.hints = Chance::new(self.seed.random);
    }
}
