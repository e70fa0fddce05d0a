//! Group robots.

use mynah_core::{ApiError, Empty};
use mynah_wecom::ChatId;
use mynah_wecom::api::media::Uploaded;
use mynah_wecom::api::webhook::{SendWebhook, UploadWebhookMedia};

use crate::frame::Framed as _;
use crate::serve::Serve;
use crate::wecom::archive::{Chat, Speaker, Spoken};
use crate::wecom::frequency::Quota;
use crate::wecom::limits::MINUTE_MS;
use crate::wecom::media::{Kind, Owner};
use crate::wecom::refusal::refuse;
use crate::wecom::world::WeComWorld;

/// Messages of one robot.
const MESSAGES: [Quota; 1] = [Quota::new(20, MINUTE_MS)];

impl WeComWorld {
    /// The group of a robot; 93000 when it is gone.
    fn group_of_robot(&self, robot: usize) -> Result<ChatId, ApiError> {
        let seed = self.seed.robots.get(robot).ok_or_else(|| refuse(93000))?;
        if !self.state.groups.contains_key(&seed.chatid) {
            return Err(refuse(93000));
        }
        Ok(seed.chatid.clone())
    }
}

impl Serve<SendWebhook> for WeComWorld {
    fn serve(&mut self, call: SendWebhook) -> Result<Empty, ApiError> {
        let robot = self.caller.robot;
        let group = self.group_of_robot(robot)?;
        // What is refused for its content does not count.
        let draft = self.prepare_webhook(&call.message, robot)?;
        let name = format!("robot:{robot}");
        let now = self.state.now;
        if !self.state.frequency.allows(&name, &MESSAGES, 1, now) {
            return Err(refuse(45009));
        }
        self.state.frequency.count(&name, &MESSAGES, 1, now);
        let content = self.keep_draft(draft);
        if let Some(group) = self.state.groups.get_mut(&group) {
            group.visible = true;
        }
        let id = self.state.word(32);
        let chat = Chat::Group(group.into());
        self.post(&chat, Speaker::Robot(robot), Spoken::new(id, content));
        Ok(Empty)
    }
}

impl Serve<UploadWebhookMedia> for WeComWorld {
    fn serve(&mut self, call: UploadWebhookMedia) -> Result<Uploaded, ApiError> {
        let robot = self.caller.robot;
        self.group_of_robot(robot)?;
        let word = call.kind.as_str();
        if !matches!(Kind::of(word), Some(Kind::File | Kind::Voice)) {
            return Err(refuse(40005));
        }
        self.upload(word, &call.media, Owner::Robot(robot))
    }
}
