//! Robots: what is remembered of sessions, of what was sent and of files.

use std::collections::BTreeMap;

use mynah_core::{HttpRequest, HttpResponse};
use mynah_dingtalk::WebhookMessage;
use mynah_dingtalk::robot::{RobotMessage, SessionWebhook};
use serde::{Deserialize, Serialize};

use super::archive::{Chat, Speaker};
use super::calls::Row;
use super::content::Content;
use super::limits;
use super::state::trim;
use super::world::DingTalkWorld;
use crate::world::Time;

/// What is remembered of robots.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Robots {
    /// Where a session webhook posts, and until when.
    sessions: BTreeMap<String, (Chat, Time)>,
    /// Which file a code downloads, and until when.
    downloads: BTreeMap<String, (String, Time)>,
}

impl DingTalkWorld {
    /// Answers a call of a custom robot, which has rules of its own.
    pub(super) fn custom_robot(&mut self, row: &Row, request: &HttpRequest) -> HttpResponse {
        (row.call)(self, request)
    }

    /// A session webhook for a conversation.
    pub(super) fn open_session(&mut self, chat: &Chat) -> SessionWebhook {
        let session = self.state.hex(32);
        let until = self.later(limits::SESSION_MS);
        let sessions = &mut self.state.robots.sessions;
        sessions.insert(session.clone(), (chat.clone(), until));
        trim(sessions, limits::ISSUED, |(_, until)| *until);
        let url = self.base_url("/robot/sendBySession");
        SessionWebhook::new(format!("{url}?session={session}"), until.0)
    }

    /// A code that downloads a file that somebody sent to the robot.
    pub(super) fn download_code(&mut self, file: &str) -> String {
        let code = self.state.base64(42);
        let until = self.later(limits::DOWNLOAD_MS);
        let downloads = &mut self.state.robots.downloads;
        downloads.insert(code.clone(), (file.to_owned(), until));
        trim(downloads, limits::ISSUED, |(_, until)| *until);
        code
    }

    /// The callback address of the robot answered a message: posts what it
    /// says into the conversation.
    pub fn robot_answered(&mut self, message: &RobotMessage, answer: Option<WebhookMessage>) {
        let Some(answer) = answer else { return };
        let Some(chat) = self.chat_of(&message.conversation_id) else {
            return;
        };
        let id = self.state.message_id();
        let content = Content::of_webhook(&answer, |_| None);
        self.post(&chat, id, Speaker::App, content);
    }
}
