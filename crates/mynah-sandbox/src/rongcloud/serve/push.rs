//! `/user/tag…` and `/push`: tags, and what is pushed to those who have them.

use std::collections::BTreeMap;

use mynah_core::{ApiError, Empty};
use mynah_rongcloud::api::push::{
    Audience, GetUserTags, PushMessage, Pushed, SendPush, SetUserTags,
};
use mynah_rongcloud::platform::code;
use mynah_rongcloud::{MessageUid, UserId, errors};

use crate::rongcloud::pushes::{Pushing, Receivers};
use crate::rongcloud::quotas::Quota;
use crate::rongcloud::refusal::refuse;
use crate::rongcloud::sending::{Sending, To};
use crate::rongcloud::world::RongCloudWorld;
use crate::serve::Serve;

impl Serve<SetUserTags> for RongCloudWorld {
    fn serve(&mut self, call: SetUserTags) -> Result<Empty, ApiError> {
        self.state.users.set_tags(call.user_id, call.tags);
        Ok(Empty)
    }
}

/// Who has no tags, or is nobody, is told of with none.
impl Serve<GetUserTags> for RongCloudWorld {
    fn serve(&mut self, call: GetUserTags) -> Result<BTreeMap<UserId, Vec<String>>, ApiError> {
        let users = call.user_ids.into_iter();
        let tags = users.map(|user| (user.clone(), self.state.users.tags(&user).to_vec()));
        Ok(tags.collect())
    }
}

impl Serve<SendPush> for RongCloudWorld {
    fn serve(&mut self, call: SendPush) -> Result<Pushed, ApiError> {
        if !names_somebody(&call.audience) {
            return Err(errors::invalid("audience"));
        }
        let said = match (call.fromuserid, call.message) {
            (_, None) => None,
            (Some(from), Some(message)) if !from.is_empty() => Some((from, message)),
            (_, Some(_)) => return Err(errors::missing("fromuserid")),
        };
        if !self.settings.broadcast {
            return Err(refuse(code::NOT_ENABLED));
        }
        self.take(Quota::Broadcast, "", 1)?;
        let to = self.reached(&call.audience, &call.platform);
        let message_uid = said.and_then(|(from, message)| self.say_to(&to, from, message));
        let id = self.push(Pushing {
            to,
            notification: call.notification,
            data: String::new(),
            message: message_uid.clone(),
        });
        Ok(Pushed { id, message_uid })
    }
}

impl RongCloudWorld {
    /// Leaves the message of a push with those it reaches: one message, however
    /// many they are.
    fn say_to(
        &mut self,
        receivers: &Receivers,
        from: UserId,
        message: PushMessage,
    ) -> Option<MessageUid> {
        let sending = Sending::by_call(from, &message.object_name, message.content);
        let sending = match receivers {
            Receivers::All => sending,
            Receivers::Some(users) if users.is_empty() => return None,
            Receivers::Some(users) => sending.only_for(users.clone()),
        };
        Some(self.send(&To::Everybody, &sending))
    }
}

/// Whether it is said to whom something is pushed.
fn names_somebody(audience: &Audience) -> bool {
    let package = audience.package_name.as_ref();
    audience.is_to_all
        || !audience.tag.is_empty()
        || !audience.tag_or.is_empty()
        || !audience.userid.is_empty()
        || package.is_some_and(|name| !name.is_empty())
}
