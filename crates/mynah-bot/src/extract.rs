//! Extractors: what a handler can ask for.

use std::fmt::Display;
use std::str::FromStr;
use std::sync::Arc;

use mynah_core::File;

use crate::capability::{Capabilities, Capability};
use crate::dialogue::Work;
use crate::event::{Event, Native};
use crate::id::{Conversation, MessageId, Place, UserId};
use crate::message::{Media, Message};
use crate::reply::{BotError, Outbox, Receipt, Reply, Result};
use crate::room::{Created, NewGroup, Past, Room, Said};

/// The event at hand and the way back. Cheap to clone.
#[derive(Clone)]
pub struct Context {
    event: Arc<Event>,
    outbox: Arc<dyn Outbox>,
    work: Option<Arc<Work>>,
}

impl Context {
    /// A context for `event`; replies go through `outbox`.
    pub fn new(event: Arc<Event>, outbox: Arc<dyn Outbox>) -> Self {
        Self {
            event,
            outbox,
            work: None,
        }
    }

    /// A context for a handler at work.
    pub(crate) fn at_work(event: Arc<Event>, outbox: Arc<dyn Outbox>, work: Arc<Work>) -> Self {
        Self {
            event,
            outbox,
            work: Some(work),
        }
    }

    pub(crate) fn work(&self) -> Option<&Arc<Work>> {
        self.work.as_ref()
    }

    fn spoke(&self) {
        if let Some(work) = &self.work {
            work.spoke();
        }
    }

    /// What happened.
    pub fn event(&self) -> &Event {
        &self.event
    }

    /// The text that was said.
    pub fn text(&self) -> &str {
        self.event.text()
    }

    /// The one who did it, if it was somebody.
    pub fn sender(&self) -> Option<UserId> {
        self.event.sender.clone()
    }

    /// Says something where the event came from, now. For one message it is
    /// simpler to return it.
    ///
    /// # Errors
    /// The event came from nowhere in particular, or the platform refused.
    pub async fn reply(&self, message: impl Into<Message>) -> Result<()> {
        self.send(message).await.map(drop)
    }

    /// As [`reply`](Self::reply), and tells what became of it.
    ///
    /// # Errors
    /// As [`reply`](Self::reply).
    pub async fn send(&self, message: impl Into<Message>) -> Result<Receipt> {
        self.spoke();
        let receipt = self.outbox.send(self.place()?, &message.into()).await?;
        if let Some(work) = &self.work {
            work.sent(&receipt.ids);
        }
        Ok(receipt)
    }

    /// Answers a request, now.
    ///
    /// # Errors
    /// The platform refused.
    pub async fn answer(&self, reply: Reply) -> Result<Receipt> {
        match reply {
            Reply::Nothing => Ok(Receipt::default()),
            Reply::Message(message) => self.send(message).await,
            other => self.outbox.answer(&self.event, &other).await,
        }
    }

    /// Takes back what was said where the event came from; `message` is one of
    /// [`Receipt::ids`].
    ///
    /// # Errors
    /// The platform refused, or has no call for that.
    pub async fn recall(&self, message: &MessageId) -> Result<()> {
        self.outbox.recall(self.place()?, message).await
    }

    /// Puts other words into what was said where the event came from;
    /// `message` is one of [`Receipt::ids`].
    ///
    /// # Errors
    /// The platform refused, or has no call for that.
    pub async fn edit(&self, message: &MessageId, into: impl Into<Message>) -> Result<()> {
        self.outbox.edit(self.place()?, message, &into.into()).await
    }

    /// Reacts to the message that the event is, or is about, with the
    /// platform's word for the reaction: `:+1:` on BearyChat.
    ///
    /// # Errors
    /// There is no message, the platform refused, or it has no call for that.
    pub async fn react(&self, reaction: &str) -> Result<()> {
        let (place, message) = self.about()?;
        self.outbox.react(place, message, reaction).await
    }

    /// Takes such a reaction back.
    ///
    /// # Errors
    /// As [`react`](Self::react).
    pub async fn unreact(&self, reaction: &str) -> Result<()> {
        let (place, message) = self.about()?;
        self.outbox.unreact(place, message, reaction).await
    }

    /// Reads what was said where the event came from, the oldest first.
    ///
    /// # Errors
    /// The platform refused, or does not tell.
    pub async fn history(&self, past: &Past) -> Result<Vec<Said>> {
        self.outbox.history(self.place()?, past).await
    }

    /// The conversation that the event came from, with all that can be done in
    /// it.
    ///
    /// # Errors
    /// The event came from nowhere in particular.
    pub fn room(&self) -> Result<Room> {
        Ok(self.room_at(self.place()?.clone()))
    }

    /// Another conversation, with all that can be done in it.
    pub fn room_at(&self, place: Conversation) -> Room {
        Room::new(place, Arc::clone(&self.outbox))
    }

    /// The conversation of one person and the bot.
    pub fn direct(&self, user: &UserId) -> Room {
        self.room_at(Conversation {
            platform: user.platform,
            kind: Place::Direct,
            id: user.id.clone(),
        })
    }

    /// Makes a group with the bot in it.
    ///
    /// # Errors
    /// The platform refused, or has no call for that.
    pub async fn create_group(&self, group: &NewGroup) -> Result<Created> {
        self.outbox.create_group(group).await
    }

    /// What the account can do.
    pub fn capabilities(&self) -> Capabilities {
        self.outbox.capabilities()
    }

    /// Whether something is done when it is wanted.
    pub fn can(&self, wanted: Capability) -> bool {
        self.capabilities().can(wanted)
    }

    fn place(&self) -> Result<&Conversation> {
        let none = || BotError::new("this event came from no conversation");
        self.event.conversation.as_ref().ok_or_else(none)
    }

    fn about(&self) -> Result<(&Conversation, &MessageId)> {
        let (place, message) = (&self.event.conversation, &self.event.message_id);
        let about = place.as_ref().zip(message.as_ref());
        about.ok_or_else(|| BotError::new("this event is about no message"))
    }

    /// Brings the content of a picture or file here that came with the event.
    ///
    /// # Errors
    /// The platform gives no content, or not that of this one.
    pub async fn fetch(&self, media: &Media) -> Result<File> {
        self.outbox.fetch(media).await
    }

    /// What carries replies; send anywhere with it.
    pub fn outbox(&self) -> &Arc<dyn Outbox> {
        &self.outbox
    }
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Context").field(&self.event).finish()
    }
}

/// An event that an extractor could not take: the sender is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject(pub String);

/// What a handler can take as an argument.
#[diagnostic::on_unimplemented(
    message = "a handler cannot take `{Self}` as an argument",
    note = "handlers take `Context`, `State<T>`, `Args<T>`, `Sender`, `Mentions`, `Quoted`, `Pressed`, `On<E>`"
)]
pub trait FromContext<S>: Sized + Send {
    /// Takes it out of the event and the state.
    ///
    /// # Errors
    /// The event does not hold it; the sender is told why.
    fn from_context(cx: &Context, state: &S) -> Result<Self, Reject>;
}

impl<S> FromContext<S> for Context {
    fn from_context(cx: &Context, _: &S) -> Result<Self, Reject> {
        Ok(cx.clone())
    }
}

/// The router's state, or a part of it.
#[derive(Clone, Copy, Debug)]
pub struct State<T>(pub T);

/// How a part of the state is taken out of the whole. The whole itself is
/// taken by cloning it, so keep it behind an `Arc` if it is large.
pub trait FromRef<S> {
    /// The part.
    fn from_ref(state: &S) -> Self;
}

impl<S: Clone> FromRef<S> for S {
    fn from_ref(state: &S) -> Self {
        state.clone()
    }
}

impl<S, T: FromRef<S> + Send> FromContext<S> for State<T> {
    fn from_context(_: &Context, state: &S) -> Result<Self, Reject> {
        Ok(Self(T::from_ref(state)))
    }
}

/// All that stands behind the command, as one value.
///
/// `async fn roll(Args(sides): Args<u32>)` takes `/roll 20`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Args<T>(pub T);

impl<S, T> FromContext<S> for Args<T>
where
    T: FromStr + Send,
    T::Err: Display,
{
    fn from_context(cx: &Context, _: &S) -> Result<Self, Reject> {
        let rest = behind_command(cx);
        rest.parse()
            .map(Self)
            .map_err(|problem| reject(cx, &problem))
    }
}

/// What stands behind the command, one value a word; the last takes the rest
/// of the line.
///
/// `async fn remind(Words((minutes, what)): Words<(u32, String)>)` takes
/// `/remind 5 stand up`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words<T>(pub T);

macro_rules! words {
    ($($word:ident)* | $last:ident) => {
        impl<S, $($word,)* $last> FromContext<S> for Words<($($word,)* $last,)>
        where
            $($word: FromStr + Send, $word::Err: Display,)*
            $last: FromStr + Send,
            $last::Err: Display,
        {
            #[allow(non_snake_case)]
            fn from_context(cx: &Context, _: &S) -> Result<Self, Reject> {
                let rest = behind_command(cx);
                $(
                    let (word, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
                    let $word = word.parse().map_err(|problem| reject(cx, &problem))?;
                    let rest = rest.trim_start();
                )*
                let $last = rest.parse().map_err(|problem| reject(cx, &problem))?;
                Ok(Self(($($word,)* $last,)))
            }
        }
    };
}

words!(A | B);
words!(A B | C);
words!(A B C | D);

fn behind_command(cx: &Context) -> &str {
    cx.event.command().map_or(cx.text(), |(_, rest)| rest)
}

fn reject(cx: &Context, problem: &dyn Display) -> Reject {
    Reject(match cx.event.command() {
        Some((name, _)) => format!("/{name}: {problem}"),
        None => problem.to_string(),
    })
}

/// The one who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender(pub UserId);

impl<S> FromContext<S> for Sender {
    fn from_context(cx: &Context, _: &S) -> Result<Self, Reject> {
        cx.sender()
            .map(Self)
            .ok_or_else(|| Reject("nobody in particular did this".to_owned()))
    }
}

/// The people the message mentions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mentions(pub Vec<UserId>);

impl<S> FromContext<S> for Mentions {
    fn from_context(cx: &Context, _: &S) -> Result<Self, Reject> {
        Ok(Self(cx.event.message().mentions().cloned().collect()))
    }
}

/// The message that the message quotes, if it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted(pub Option<MessageId>);

impl<S> FromContext<S> for Quoted {
    fn from_context(cx: &Context, _: &S) -> Result<Self, Reject> {
        Ok(Self(cx.event.message().quoted().cloned()))
    }
}

/// What the button carries that was pressed: what [`Card::press`](crate::Card::press) was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pressed(pub String);

impl<S> FromContext<S> for Pressed {
    fn from_context(cx: &Context, _: &S) -> Result<Self, Reject> {
        let pressed = cx.event.pressed.clone();
        pressed
            .map(Self)
            .ok_or_else(|| Reject("this is no press of a button".to_owned()))
    }
}

/// The platform's own event. Use it behind a filter that lets only this
/// platform pass.
#[derive(Clone, Debug)]
pub struct On<E>(pub E);

impl<S, E: Native + Clone> FromContext<S> for On<E> {
    fn from_context(cx: &Context, _: &S) -> Result<Self, Reject> {
        let found = cx.event.native::<E>().cloned();
        found
            .map(Self)
            .ok_or_else(|| Reject("this does not work on this platform".to_owned()))
    }
}
