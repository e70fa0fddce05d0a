//! What a robot answers: by the session of what was said while it lasts, then
//! by the robot's own calls.

use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use mynah_core::{Error, File};
use mynah_dingtalk::api::robot::SendBySession;
use mynah_dingtalk::message::WebhookMessage;
use mynah_dingtalk::robot::SessionWebhook;

use super::app::AppOutbox;
use super::compile::{Piece, Way, compile};
use super::robot::as_webhook;
use crate::choices::Choices;
use crate::event::Event;
use crate::id::{Conversation, MessageId, Platform};
use crate::message::{Media, Message};
use crate::outgoing::{Speaker, answer, say};
use crate::reply::{Doing, Outbox, Reply, Result, Sending};

/// The session is over, or never was.
const SESSION_IS_OVER: i64 = 300_001;

/// Answers one message: what goes where it came from goes by its session, for
/// about 90 minutes, and what goes elsewhere as the application speaks.
pub(super) struct Answers {
    outbox: AppOutbox,
    place: Option<Conversation>,
    /// Nothing once it is over.
    session: Mutex<Option<SessionWebhook>>,
}

impl Answers {
    pub(super) fn new(
        outbox: AppOutbox,
        place: Option<Conversation>,
        session: Option<SessionWebhook>,
    ) -> Self {
        Self {
            outbox,
            place,
            session: Mutex::new(session),
        }
    }

    /// The address that answers go to, while it is good.
    fn session(&self, to: &Conversation) -> Option<SessionWebhook> {
        if self.place.as_ref() != Some(to) {
            return None;
        }
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        // Where nobody says how long it is good, trying tells.
        let is_good = |session: &&SessionWebhook| {
            session.expires == 0 || session.is_good_at(SystemTime::now())
        };
        session.as_ref().filter(is_good).cloned()
    }

    fn forget_session(&self) {
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        *session = None;
    }

    /// Answers by the session. `false`: it is over, and nothing was said.
    async fn post(&self, session: &SessionWebhook, message: WebhookMessage) -> Result<bool> {
        let Ok(reply) = SendBySession::to(session.expose(), message) else {
            tracing::warn!("an address that came with a message has no session");
            self.forget_session();
            return Ok(false);
        };
        match self.outbox.clients().classic.call(reply).await {
            Ok(_) => Ok(true),
            Err(error) if is_over(&error) => {
                self.forget_session();
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }
}

fn is_over(error: &Error) -> bool {
    let code = error.api().and_then(|error| error.code.number());
    code == Some(SESSION_IS_OVER)
}

impl Speaker for Answers {
    const HERE: Platform = Platform::DingTalk;
    type Piece = Piece;

    fn choices(&self) -> Option<&Choices> {
        self.outbox.choices()
    }

    async fn prepare(&self, to: &Conversation, piece: Piece) -> Result<Piece> {
        self.outbox.prepare(to, piece).await
    }

    async fn put(&self, to: &Conversation, piece: Piece) -> Result<Option<MessageId>> {
        if let Some(session) = self.session(to)
            && let Some(message) = as_webhook(&piece)?
            && self.post(&session, message).await?
        {
            return Ok(None);
        }
        if let Piece::Text { at, .. } | Piece::Markdown { at, .. } = &piece
            && !at.is_empty()
        {
            tracing::warn!(
                what = "mention",
                instead = "@ and the id as text",
                "lost in an answer after its session"
            );
        }
        self.outbox.put(to, piece).await
    }
}

impl Outbox for Answers {
    fn send<'a>(&'a self, to: &'a Conversation, message: &'a Message) -> Sending<'a> {
        if self.session(to).is_none() {
            return self.outbox.send(to, message);
        }
        Box::pin(say(self, to, compile(message, Way::Session)))
    }

    fn answer<'a>(&'a self, event: &'a Event, reply: &'a Reply) -> Sending<'a> {
        answer(self, event, reply)
    }

    fn fetch<'a>(&'a self, media: &'a Media) -> Doing<'a, File> {
        self.outbox.fetch(media)
    }

    crate::reply::pass_on!(outbox);
}
