//! `/conversation/…`: what somebody hears of a conversation, and where it
//! stands in their list.

use mynah_core::{ApiError, Empty};
use mynah_rongcloud::api::conversation::{GetNotification, Notification, SetNotification, SetTop};

use crate::frame::Framed as _;
use crate::rongcloud::world::RongCloudWorld;
use crate::serve::Serve;

impl Serve<SetNotification> for RongCloudWorld {
    fn serve(&mut self, call: SetNotification) -> Result<Empty, ApiError> {
        let (kind, target) = (call.conversation_type, &call.target_id);
        let conversations = &mut self.state.conversations;
        conversations.change(&call.request_id, kind, target, |setting| {
            setting.muted = call.is_muted.is_on();
            setting.level = call.unpush_level;
        });
        Ok(Empty)
    }
}

impl Serve<GetNotification> for RongCloudWorld {
    fn serve(&mut self, call: GetNotification) -> Result<Notification, ApiError> {
        let (kind, target) = (call.conversation_type, &call.target_id);
        let conversations = &self.state.conversations;
        let setting = conversations.get(&call.request_id, kind, target);
        Ok(Notification {
            is_muted: setting.muted.into(),
        })
    }
}

impl Serve<SetTop> for RongCloudWorld {
    fn serve(&mut self, call: SetTop) -> Result<Empty, ApiError> {
        let (kind, target) = (call.conversation_type, &call.target_id);
        let conversations = &mut self.state.conversations;
        conversations.change(&call.user_id, kind, target, |setting| {
            setting.top = call.set_top;
        });
        self.changed_conversations();
        Ok(Empty)
    }
}
