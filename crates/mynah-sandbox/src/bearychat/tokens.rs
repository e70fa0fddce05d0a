//! Who calls.

use mynah_bearychat::{HookToken, TeamId, Token, UserId, errors};
use mynah_core::ApiError;

use super::world::BearyChatWorld;

/// Who calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Caller {
    /// Nobody in particular.
    #[default]
    Nobody,
    /// Whoever the token belongs to.
    User(UserId),
    /// Whoever has the address of a robot, by its place in the seed.
    Robot(usize),
}

impl BearyChatWorld {
    /// Whose token this is, if it is anybody's whose account is open. All tokens
    /// are looked at, whichever it is.
    pub(super) fn owner_of(&self, token: &Token) -> Option<UserId> {
        let mut owner = None;
        for bot in &self.seed.bots {
            if bot.token == *token {
                owner = Some(&bot.id);
            }
        }
        let open = |id: &&UserId| self.state.users.get(id).is_some_and(|user| !user.inactive);
        owner.filter(open).cloned()
    }

    /// The robot that is spoken for at an address with this token, by its place
    /// in the seed. All robots are looked at, whichever it is.
    pub(super) fn robot_at(&self, team: &TeamId, token: &HookToken) -> Option<usize> {
        let mut found = None;
        for (at, robot) in self.seed.robots.iter().enumerate() {
            if robot.incoming.as_ref() == Some(token) {
                found = Some(at);
            }
        }
        found.filter(|_| *team == self.seed.team.id)
    }

    /// Whoever calls.
    ///
    /// # Errors
    /// It is nobody in particular.
    pub(super) fn me(&self) -> Result<UserId, ApiError> {
        match &self.caller {
            Caller::User(id) => Ok(id.clone()),
            Caller::Nobody | Caller::Robot(_) => Err(errors::unauthorized()),
        }
    }
}
