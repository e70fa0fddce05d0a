//! The people of the team.

use mynah_bearychat::api::user::{GetMe, GetUser, ListUsers, UpdateMe};
use mynah_bearychat::types::User;
use mynah_bearychat::{Moment, UserId};
use mynah_core::ApiError;

use crate::bearychat::refusal::Refusal;
use crate::bearychat::state::millis;
use crate::bearychat::users;
use crate::bearychat::world::BearyChatWorld;
use crate::serve::Serve;

/// People as answers have them.
impl BearyChatWorld {
    pub(in crate::bearychat) fn told_user(&self, id: &UserId) -> Result<User, Refusal> {
        let user = self.user(id)?;
        Ok(self.told_of(id, user))
    }

    pub(super) fn told_users(&self) -> Vec<User> {
        let all = self.state.users.all();
        all.map(|(id, user)| self.told_of(id, user)).collect()
    }

    fn told_of(&self, id: &UserId, user: &users::User) -> User {
        User {
            id: id.clone(),
            team_id: self.seed.team.id.clone(),
            name: user.name.clone(),
            full_name: user.full_name.clone(),
            email: user.email.clone(),
            mobile: user.mobile.clone(),
            kind: user.kind.clone(),
            role: user.role.clone(),
            inactive: user.inactive,
            created: Moment::utc(millis(self.seed.start())),
            ..User::default()
        }
    }
}

impl Serve<GetUser> for BearyChatWorld {
    fn serve(&mut self, call: GetUser) -> Result<User, ApiError> {
        Ok(self.told_user(&call.user_id)?)
    }
}

impl Serve<ListUsers> for BearyChatWorld {
    fn serve(&mut self, _: ListUsers) -> Result<Vec<User>, ApiError> {
        Ok(self.told_users())
    }
}

impl Serve<GetMe> for BearyChatWorld {
    fn serve(&mut self, _: GetMe) -> Result<User, ApiError> {
        Ok(self.told_user(&self.me()?)?)
    }
}

impl Serve<UpdateMe> for BearyChatWorld {
    fn serve(&mut self, call: UpdateMe) -> Result<User, ApiError> {
        let me = self.me()?;
        self.rename(&me, call.name, call.full_name)?;
        Ok(self.told_user(&me)?)
    }
}
