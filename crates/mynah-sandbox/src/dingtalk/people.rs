//! What people do, other than speak.

use mynah_dingtalk::UserId;
use serde_json::Value;

use super::archive::Chat;
use super::details::Details;
use super::world::DingTalkWorld;
use crate::world::{Act, Rejected};

impl DingTalkWorld {
    pub(super) fn person_acts(&mut self, act: &Act) -> Result<Value, Rejected> {
        let who = self.person("who", &act.who)?;
        let details = Details(&act.details);
        match act.action.as_str() {
            "sign_in" => Ok(self.sign_in(&who)),
            "press" => self.press_card(&who, details),
            _ => Err(Rejected::bad("action", "there is no such action")),
        }
    }

    /// A member by id or name.
    pub(super) fn person(&self, field: &str, name: &str) -> Result<UserId, Rejected> {
        let mut users = self.state.directory.users();
        let named = users.find(|user| user.userid.as_str() == name || user.name == name);
        let named = named.map(|user| user.userid.clone());
        named.ok_or_else(|| Rejected::missing(field, "there is no member of this name or id"))
    }

    /// A conversation by its id, as it stands in the list of all.
    pub(super) fn conversation(&self, field: &str, id: &str) -> Result<Chat, Rejected> {
        let missing = || Rejected::missing(field, "there is no such conversation");
        id.parse().map_err(|()| missing())
    }
}
