//! What a handler answers, and who carries it.

use std::future::Future;
use std::pin::Pin;

use mynah_core::File;

use crate::event::Event;
use crate::id::{Conversation, MessageId};
use crate::message::{Media, Message, Source};

/// What a handler may return: returning is replying.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Reply {
    /// Nothing.
    #[default]
    Nothing,
    /// A message into the conversation the event came from.
    Message(Message),
    /// Yes, to a request. The text is a remark for the new friend; may be empty.
    Approve(String),
    /// No, to a request. The text is the reason; may be empty.
    Decline(String),
}

/// Turns what a handler returns into a [`Reply`].
#[diagnostic::on_unimplemented(
    message = "a handler cannot return `{Self}`",
    note = "a handler returns nothing, text, a `Message`, a `Reply`, or an `Option` or `Result` of one"
)]
pub trait IntoReply {
    /// The reply, or why there is none.
    ///
    /// # Errors
    /// The handler failed.
    fn into_reply(self) -> Result<Reply, BotError>;
}

impl IntoReply for () {
    fn into_reply(self) -> Result<Reply, BotError> {
        Ok(Reply::Nothing)
    }
}

impl IntoReply for Reply {
    fn into_reply(self) -> Result<Reply, BotError> {
        Ok(self)
    }
}

impl IntoReply for Message {
    fn into_reply(self) -> Result<Reply, BotError> {
        Ok(Reply::Message(self))
    }
}

impl IntoReply for &str {
    fn into_reply(self) -> Result<Reply, BotError> {
        Ok(Reply::Message(self.into()))
    }
}

impl IntoReply for String {
    fn into_reply(self) -> Result<Reply, BotError> {
        Ok(Reply::Message(self.into()))
    }
}

impl<T: IntoReply> IntoReply for Option<T> {
    fn into_reply(self) -> Result<Reply, BotError> {
        self.map_or(Ok(Reply::Nothing), IntoReply::into_reply)
    }
}

impl<T: IntoReply, E: Into<BotError>> IntoReply for Result<T, E> {
    fn into_reply(self) -> Result<Reply, BotError> {
        self.map_err(Into::into).and_then(IntoReply::into_reply)
    }
}

/// A handler's failure: any error. It is logged; people see nothing of it.
///
/// Like `anyhow::Error`, it is made from any error by `?` and is no
/// `std::error::Error` itself.
pub struct BotError(Box<dyn std::error::Error + Send + Sync>);

impl BotError {
    /// A failure in words.
    pub fn new(problem: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(problem.into())
    }

    /// The error underneath.
    pub fn inner(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
        &*self.0
    }
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for BotError {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

impl std::fmt::Display for BotError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::fmt::Debug for BotError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(&self.0, f)
    }
}

/// The result of a handler that can fail.
pub type Result<T, E = BotError> = std::result::Result<T, E>;

/// What came of sending a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// The ids of the messages it became; empty where the platform does not tell.
    pub ids: Vec<MessageId>,
    /// What the platform could not carry, and what stands in its place.
    pub losses: Vec<Loss>,
}

/// Something that a platform could not carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Loss {
    /// Which of [`Message::parts`] it was, or was in; the first has 0.
    pub part: usize,
    /// What: `bold`, `table`, `file`, …
    pub what: &'static str,
    /// What stands in its place; `nothing` if nothing does.
    pub instead: &'static str,
}

impl Loss {
    /// In the part of this number a platform cannot carry `what`, and writes something
    /// `instead`.
    pub const fn new(part: usize, what: &'static str, instead: &'static str) -> Self {
        Self {
            part,
            what,
            instead,
        }
    }
}

/// The answer to come.
pub type Sending<'a> = Doing<'a, Receipt>;

/// Something under way on a platform.
pub type Doing<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// Carries replies to a platform: a client, a queue, a vector in a test.
pub trait Outbox: Send + Sync + 'static {
    /// Sends a message.
    fn send<'a>(&'a self, to: &'a Conversation, message: &'a Message) -> Sending<'a>;

    /// Answers an event with something else than a message.
    fn answer<'a>(&'a self, event: &'a Event, reply: &'a Reply) -> Sending<'a>;

    /// Takes a message back that was sent there; `message` is one of
    /// [`Receipt::ids`]. Refused where the platform has no call for that.
    fn recall<'a>(&'a self, _from: &'a Conversation, message: &'a MessageId) -> Doing<'a, ()> {
        let problem = format!("{message}: cannot be taken back by this account");
        Box::pin(std::future::ready(Err(BotError::new(problem))))
    }

    /// Puts other words into a message that was sent there; `message` is one of
    /// [`Receipt::ids`]. Refused where the platform has no call for that, and
    /// where `into` is more than words.
    fn edit<'a>(
        &'a self,
        _of: &'a Conversation,
        message: &'a MessageId,
        _into: &'a Message,
    ) -> Doing<'a, ()> {
        let problem = format!("{message}: cannot be edited by this account");
        Box::pin(std::future::ready(Err(BotError::new(problem))))
    }

    /// Reacts to a message there, with the platform's word for the reaction.
    /// Refused where the platform has no call for that.
    fn react<'a>(
        &'a self,
        _at: &'a Conversation,
        message: &'a MessageId,
        _reaction: &'a str,
    ) -> Doing<'a, ()> {
        let problem = format!("{message}: this account cannot react to it");
        Box::pin(std::future::ready(Err(BotError::new(problem))))
    }

    /// Brings the content of media here that came with a message. Refused where
    /// the platform gives no content.
    fn fetch<'a>(&'a self, media: &'a Media) -> Doing<'a, File> {
        let Source::Bytes(bytes) = &media.source else {
            let problem = format!("{media:?}: this account cannot fetch it");
            return Box::pin(std::future::ready(Err(BotError::new(problem))));
        };
        let file = File::new(media.name.as_str(), bytes.clone());
        Box::pin(std::future::ready(Ok(file)))
    }
}
