//! The world itself: its state, its settings, and what waits to leave it.

use std::collections::VecDeque;

use mynah_rongcloud::event::{ChatroomCause, ChatroomChange, ChatroomStatus};
use mynah_rongcloud::{App, ChatroomId, Moment, UserId};
use serde_json::Value;

use super::archive::Chat;
use super::effect::Effect;
use super::seed::Seed;
use super::settings::Settings;
use super::state::State;
use crate::clock::wall;
use crate::frame::{Frame, Framed, State as _};
use crate::world::{Act, Rejected, Said, Say, Time};

/// An application with its users, its groups and its chatrooms.
#[derive(Clone, Debug)]
pub struct RongCloudWorld {
    pub(super) seed: Seed,
    pub(super) settings: Settings,
    pub(super) state: State,
    /// The nonces of the last signatures, while they must differ.
    pub(super) nonces: VecDeque<String>,
    frame: Frame<Chat, Effect>,
}

impl RongCloudWorld {
    /// The world as the seed describes it.
    pub fn new(seed: &Seed) -> Self {
        Self {
            seed: seed.clone(),
            settings: seed.settings.clone(),
            state: State::new(seed),
            nonces: VecDeque::new(),
            frame: Frame::new(),
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
        self.frame.poll_effect()
    }

    /// When something happens by itself.
    pub fn due(&self) -> Option<Time> {
        let rooms = self.settings.idle_chatrooms;
        let rooms = rooms.then(|| self.state.rooms.next_end()).flatten();
        let held = self.state.held.values().map(|held| held.until).min();
        rooms.into_iter().chain(held).min()
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

    /// The messages that were made or changed since this was asked last, for
    /// the journal.
    pub fn touched(&mut self) -> Vec<String> {
        self.frame.touched()
    }

    /// A time as answers have it.
    pub(super) fn moment(time: Time) -> Moment {
        Moment::beijing(wall(time))
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

impl Framed for RongCloudWorld {
    const PLATFORM: &'static str = "rongcloud";
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
        self.run_due();
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
        self.nonces.clear();
    }

    fn shown_in(&self, chat: &Chat) -> Vec<Chat> {
        if *chat != Chat::Everybody {
            return vec![chat.clone()];
        }
        // However many there are, the screens that can be looked at are few.
        let people = self.seed.people.iter();
        people
            .map(|person| Chat::System(person.id.clone()))
            .collect()
    }
}
