//! What a handler answers, and who carries it.

use std::future::Future;
use std::pin::Pin;

use mynah_core::File;

use crate::capability::{Capabilities, Capability, Unsupported};
use crate::event::Event;
use crate::id::{Conversation, MessageId, UserId};
use crate::message::{Media, Message, Source};
use crate::room::{Changed, Created, GroupInfo, Member, NewGroup, Past, Readers, Said};

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

    /// What the account cannot do, if that is the reason.
    pub fn unsupported(&self) -> Option<&Unsupported> {
        self.0.downcast_ref()
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

    /// What this account can do.
    fn capabilities(&self) -> Capabilities {
        Capabilities::UNKNOWN
    }

    /// Takes a message back that was sent there; `message` is one of
    /// [`Receipt::ids`]. Refused as [`Unsupported`] where the platform has no
    /// call for that.
    fn recall<'a>(&'a self, _from: &'a Conversation, _message: &'a MessageId) -> Doing<'a, ()> {
        refused(self, Capability::Recall)
    }

    /// Puts other words into a message that was sent there; `message` is one of
    /// [`Receipt::ids`]. Refused as [`Unsupported`] where the platform has no
    /// call for that, and where `into` is more than words.
    fn edit<'a>(
        &'a self,
        _of: &'a Conversation,
        _message: &'a MessageId,
        _into: &'a Message,
    ) -> Doing<'a, ()> {
        refused(self, Capability::Edit)
    }

    /// Reacts to a message there, with the platform's word for the reaction.
    /// Refused as [`Unsupported`] where the platform has no call for that.
    fn react<'a>(
        &'a self,
        _at: &'a Conversation,
        _message: &'a MessageId,
        _reaction: &'a str,
    ) -> Doing<'a, ()> {
        refused(self, Capability::React)
    }

    /// Takes a reaction of the bot's own back.
    /// Refused as [`Unsupported`] where the platform has no call for that.
    fn unreact<'a>(
        &'a self,
        _at: &'a Conversation,
        _message: &'a MessageId,
        _reaction: &'a str,
    ) -> Doing<'a, ()> {
        refused(self, Capability::Unreact)
    }

    /// Tells who has read a message that was sent there.
    /// Refused as [`Unsupported`] where the platform does not tell.
    fn readers<'a>(&'a self, _at: &'a Conversation, _message: &'a MessageId) -> Doing<'a, Readers> {
        refused(self, Capability::Readers)
    }

    /// Reads what was said there, the oldest first.
    /// Refused as [`Unsupported`] where the platform does not tell.
    fn history<'a>(&'a self, _at: &'a Conversation, _past: &'a Past) -> Doing<'a, Vec<Said>> {
        refused(self, Capability::History)
    }

    /// Makes a group with the bot in it.
    /// Refused as [`Unsupported`] where the platform has no call for that.
    fn create_group<'a>(&'a self, _group: &'a NewGroup) -> Doing<'a, Created> {
        refused(self, Capability::CreateGroup)
    }

    /// Tells of a group.
    /// Refused as [`Unsupported`] where the platform does not tell.
    fn group<'a>(&'a self, _place: &'a Conversation) -> Doing<'a, GroupInfo> {
        refused(self, Capability::ReadGroup)
    }

    /// Tells who belongs to a group.
    /// Refused as [`Unsupported`] where the platform does not tell.
    fn members<'a>(&'a self, _of: &'a Conversation) -> Doing<'a, Vec<Member>> {
        refused(self, Capability::Members)
    }

    /// Gives a group another name.
    /// Refused as [`Unsupported`] where the platform has no call for that.
    fn rename<'a>(&'a self, _place: &'a Conversation, _name: &'a str) -> Doing<'a, ()> {
        refused(self, Capability::Rename)
    }

    /// Gives a group to somebody.
    /// Refused as [`Unsupported`] where the platform has no call for that.
    fn set_owner<'a>(&'a self, _of: &'a Conversation, _owner: &'a UserId) -> Doing<'a, ()> {
        refused(self, Capability::SetOwner)
    }

    /// Makes people members of a group. It fails if nobody was; who was not
    /// while others were stands in the answer.
    /// Refused as [`Unsupported`] where the platform has no call for that.
    fn add_members<'a>(
        &'a self,
        _to: &'a Conversation,
        _users: &'a [UserId],
    ) -> Doing<'a, Changed> {
        refused(self, Capability::AddMembers)
    }

    /// Puts people out of a group, as [`add_members`](Self::add_members) adds
    /// them.
    /// Refused as [`Unsupported`] where the platform has no call for that.
    fn remove_members<'a>(
        &'a self,
        _from: &'a Conversation,
        _users: &'a [UserId],
    ) -> Doing<'a, Changed> {
        refused(self, Capability::RemoveMembers)
    }

    /// Leaves a group.
    /// Refused as [`Unsupported`] where the platform has no call for that.
    fn leave<'a>(&'a self, _place: &'a Conversation) -> Doing<'a, ()> {
        refused(self, Capability::Leave)
    }

    /// Ends a group for all who are in it.
    /// Refused as [`Unsupported`] where the platform has no call for that.
    fn dismiss<'a>(&'a self, _place: &'a Conversation) -> Doing<'a, ()> {
        refused(self, Capability::Dismiss)
    }

    /// Brings the content of media here that came with a message.
    /// Refused as [`Unsupported`] where the platform gives no content.
    fn fetch<'a>(&'a self, media: &'a Media) -> Doing<'a, File> {
        let Source::Bytes(bytes) = &media.source else {
            return refused(self, Capability::Fetch);
        };
        let file = File::new(media.name.as_str(), bytes.clone());
        Box::pin(std::future::ready(Ok(file)))
    }
}

/// What is not done by this account.
pub(crate) fn refused<'a, T: Send + 'a>(
    outbox: &(impl Outbox + ?Sized),
    wanted: Capability,
) -> Doing<'a, T> {
    let unsupported = outbox.capabilities().refuse(wanted);
    Box::pin(std::future::ready(Err(unsupported.into())))
}

/// Inside `impl Outbox`: has another outbox, in the named field, do everything
/// but sending, answering and fetching.
macro_rules! pass_on {
    ($to:ident) => {
        fn capabilities(&self) -> $crate::Capabilities {
            $crate::Outbox::capabilities(&self.$to)
        }

        $crate::reply::pass_on! { $to:
            recall(from: Conversation, message: MessageId) -> ();
            edit(of: Conversation, message: MessageId, into: Message) -> ();
            react(at: Conversation, message: MessageId, reaction: str) -> ();
            unreact(at: Conversation, message: MessageId, reaction: str) -> ();
            readers(at: Conversation, message: MessageId) -> $crate::Readers;
            history(at: Conversation, past: Past) -> Vec<$crate::Said>;
            create_group(group: NewGroup) -> $crate::Created;
            group(place: Conversation) -> $crate::GroupInfo;
            members(of: Conversation) -> Vec<$crate::Member>;
            rename(place: Conversation, name: str) -> ();
            set_owner(of: Conversation, owner: UserId) -> ();
            add_members(to: Conversation, users: [UserId]) -> $crate::Changed;
            remove_members(from: Conversation, users: [UserId]) -> $crate::Changed;
            leave(place: Conversation) -> ();
            dismiss(place: Conversation) -> ();
        }
    };
    ($to:ident: $($method:ident($($name:ident: $kind:tt),*) -> $answer:ty;)+) => {
        $(fn $method<'a>(
            &'a self,
            $($name: &'a $crate::reply::pass_on!(@ $kind)),*
        ) -> $crate::reply::Doing<'a, $answer> {
            $crate::Outbox::$method(&self.$to, $($name),*)
        })+
    };
    (@ str) => { str };
    (@ [UserId]) => { [$crate::UserId] };
    (@ $kind:ident) => { $crate::$kind };
}

pub(crate) use pass_on;

/// Inside `impl Outbox`: has a method of the outbox's own, which is named behind the `=`, do each
/// of these.
macro_rules! done_by {
    ($($(#[$doc:meta])* $method:ident($($name:ident: $kind:tt),*) -> $answer:ty = $by:ident;)+) => {
        $($(#[$doc])* fn $method<'a>(
            &'a self,
            $($name: &'a $crate::reply::pass_on!(@ $kind)),*
        ) -> $crate::reply::Doing<'a, $answer> {
            Box::pin(self.$by($($name),*))
        })+
    };
}

pub(crate) use done_by;
