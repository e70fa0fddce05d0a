//! What frameworks answer to events instead of calling actions.

use mynah_onebot::event::{Event, Target};
use mynah_onebot::quick::{self, QuickOperation, Step};
use serde_json::Value;

use super::archive::Chat;
use super::refusal::Refusal;
use super::settings::Dialect;
use super::speech::Speech;
use super::world::OneBotWorld;

impl OneBotWorld {
    /// Carries out what a framework answered to an event. `context` is the
    /// event as JSON, possibly without its message and sender. Steps that fail
    /// do not keep the later ones from being tried, and nobody is told.
    pub fn quick_operation(&mut self, context: &Value, operation: &QuickOperation) {
        let Value::Object(context) = context else {
            return;
        };
        let Ok(event) = Event::from_object(context.clone()) else {
            return;
        };
        let operation = self.in_dialect(operation);
        for step in quick::plan(&event, &operation) {
            // Each step is tried, whatever became of the one before.
            let _ = self.quick_step(step);
        }
    }

    /// The operation with the switches set that are not set alike everywhere.
    fn in_dialect(&self, operation: &QuickOperation) -> QuickOperation {
        let mut operation = operation.clone();
        let mentions = match self.settings.dialect {
            Dialect::OneBot | Dialect::CqHttp => true,
            Dialect::GoCqHttp | Dialect::NapCat | Dialect::LlOneBot | Dialect::Lagrange => false,
        };
        operation.at_sender.get_or_insert(mentions);
        operation
    }

    fn quick_step(&mut self, step: Step) -> Result<(), Refusal> {
        let bot = self.bot();
        match step {
            Step::SendMessage { target, message } => {
                let chat = match target {
                    Target::Private(user) => Chat::Direct(user),
                    Target::Group(group) => Chat::Group(group),
                    Target::Discuss(discuss) => Chat::Discuss(discuss),
                };
                self.speak(Speech::new(bot, chat, message)).map(|_| ())
            }
            Step::DeleteMessage { message_id } => self.recall(bot, message_id),
            Step::Kick { group_id, user_id } => self.kick(bot, group_id, user_id, false),
            Step::Ban {
                group_id,
                user_id,
                duration,
            } => self.mute(bot, group_id, user_id, duration),
            Step::AnonymousBan {
                group_id,
                anonymous,
                duration,
            } => self.mute_mask(bot, group_id, &anonymous.flag, duration),
            Step::SetFriendRequest {
                flag,
                approve,
                remark,
            } => self.answer_friend_request(&flag, approve, &remark.unwrap_or_default()),
            Step::SetGroupRequest {
                flag,
                sub_type,
                approve,
                reason,
            } => {
                let reason = reason.unwrap_or_default();
                self.answer_group_request(&flag, &sub_type, approve, &reason)
            }
        }
    }
}
