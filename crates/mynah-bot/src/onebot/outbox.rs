//! Replies as calls of OneBot actions.

use mynah_client::{Client, HyperTransport};
use mynah_core::File;
use mynah_onebot::actions::group::{SetGroupLeave, SetGroupName};
use mynah_onebot::actions::message::{DeleteMsg, SendGroupMsg, SendPrivateMsg};
use mynah_onebot::actions::reaction::SetMsgEmojiLike;
use mynah_onebot::actions::request::{SetFriendAddRequest, SetGroupAddRequest};
use mynah_onebot::event::{Event as Native, Request};
use mynah_onebot::{GroupId, OneBot};

use super::capabilities::CAPABILITIES;
use super::compile;
use super::groups::group_id;
use crate::capability::Capabilities;
use crate::choices::Choices;
use crate::event::Event;
use crate::id::{Conversation, MessageId, Place, Platform};
use crate::media::ONEBOT;
use crate::message::{Media, Message};
use crate::outgoing::{Speaker, from_address, no_place, say};
use crate::reply::{BotError, Doing, Outbox, Receipt, Reply, Result, Sending};

/// Sends through a OneBot client, over HTTP or an open socket alike.
#[derive(Clone, Debug)]
pub struct OneBotOutbox {
    client: Client<OneBot>,
    choices: Choices,
    transport: HyperTransport,
}

impl OneBotOutbox {
    /// An outbox over `client`.
    pub fn new(client: Client<OneBot>) -> Self {
        Self {
            client,
            transport: crate::way::transport(),
            choices: Choices::default(),
        }
    }

    /// The same, with media fetched over `transport`.
    #[must_use]
    pub fn over(self, transport: HyperTransport) -> Self {
        Self { transport, ..self }
    }

    /// The same where answers come in for what it writes as numbered lines.
    pub(super) fn offering(self, choices: Choices) -> Self {
        Self { choices, ..self }
    }

    /// The client underneath, for everything that is not a reply.
    pub fn client(&self) -> &Client<OneBot> {
        &self.client
    }

    async fn set_reaction(&self, message: &MessageId, reaction: &str, set: bool) -> Result<()> {
        let mut call = SetMsgEmojiLike::new(native(message)?, reaction);
        if !set {
            call = call.set(false);
        }
        self.client.call(call).await?;
        Ok(())
    }

    async fn decide(&self, event: &Event, approve: bool, words: &str) -> Result<Receipt> {
        let Some(Native::Request(request)) = event.native::<Native>() else {
            return Err(BotError::new("only a request can be approved or declined"));
        };
        match &request.request {
            Request::Friend(friend) => {
                let mut call = SetFriendAddRequest::new(friend.flag.clone()).approve(approve);
                if approve && !words.is_empty() {
                    call = call.remark(words);
                }
                self.client.call(call).await?;
            }
            Request::Group(group) => {
                let mut call = SetGroupAddRequest::new(group.flag.clone(), group.sub_type.clone())
                    .approve(approve);
                if !approve && !words.is_empty() {
                    call = call.reason(words);
                }
                self.client.call(call).await?;
            }
        }
        Ok(Receipt::default())
    }
}

impl Speaker for OneBotOutbox {
    const HERE: Platform = Platform::OneBot;
    type Piece = mynah_onebot::Message;

    fn choices(&self) -> Option<&Choices> {
        Some(&self.choices)
    }

    async fn put(&self, to: &Conversation, piece: Self::Piece) -> Result<Option<MessageId>> {
        let id = to.id.number().ok_or_else(|| no_place(to, Self::HERE))?;
        let sent = match to.kind {
            Place::Group => {
                let message = SendGroupMsg::new(GroupId(id), piece);
                self.client.call(message).await?
            }
            Place::Direct | Place::Temporary => {
                let message = SendPrivateMsg::new(mynah_onebot::UserId(id), piece);
                self.client.call(message).await?
            }
        };
        Ok(Some(MessageId::new(Self::HERE, i64::from(sent.0))))
    }
}

impl Outbox for OneBotOutbox {
    fn capabilities(&self) -> Capabilities {
        CAPABILITIES
    }

    fn send<'a>(&'a self, to: &'a Conversation, message: &'a Message) -> Sending<'a> {
        Box::pin(async move {
            ONEBOT.check_message(message)?;
            say(self, to, compile(message)).await
        })
    }

    fn answer<'a>(&'a self, event: &'a Event, reply: &'a Reply) -> Sending<'a> {
        Box::pin(async move {
            match reply {
                Reply::Nothing => Ok(Receipt::default()),
                Reply::Message(message) => match &event.conversation {
                    Some(place) => self.send(place, message).await,
                    None => Err(BotError::new("this event came from no conversation")),
                },
                Reply::Approve(remark) => self.decide(event, true, remark).await,
                Reply::Decline(reason) => self.decide(event, false, reason).await,
            }
        })
    }

    fn recall<'a>(&'a self, _: &'a Conversation, message: &'a MessageId) -> Doing<'a, ()> {
        Box::pin(async move {
            self.client.call(DeleteMsg::new(native(message)?)).await?;
            Ok(())
        })
    }

    /// By the number of an emoji, where NapCat or LLOneBot is the implementation.
    fn react<'a>(
        &'a self,
        _: &'a Conversation,
        message: &'a MessageId,
        reaction: &'a str,
    ) -> Doing<'a, ()> {
        Box::pin(self.set_reaction(message, reaction, true))
    }

    fn unreact<'a>(
        &'a self,
        _: &'a Conversation,
        message: &'a MessageId,
        reaction: &'a str,
    ) -> Doing<'a, ()> {
        Box::pin(self.set_reaction(message, reaction, false))
    }

    fn rename<'a>(&'a self, place: &'a Conversation, name: &'a str) -> Doing<'a, ()> {
        Box::pin(async move {
            let call = SetGroupName::new(group_id(place)?, name);
            self.client.call(call).await?;
            Ok(())
        })
    }

    fn leave<'a>(&'a self, place: &'a Conversation) -> Doing<'a, ()> {
        Box::pin(async move {
            let call = SetGroupLeave::new(group_id(place)?);
            self.client.call(call).await?;
            Ok(())
        })
    }

    fn dismiss<'a>(&'a self, place: &'a Conversation) -> Doing<'a, ()> {
        Box::pin(async move {
            let call = SetGroupLeave::new(group_id(place)?).is_dismiss(true);
            self.client.call(call).await?;
            Ok(())
        })
    }

    /// From its address.
    fn fetch<'a>(&'a self, media: &'a Media) -> Doing<'a, File> {
        Box::pin(from_address::<OneBot>(&self.transport, media))
    }

    crate::reply::done_by! {
        /// Of a group from go-cqhttp, NapCat or LLOneBot, up to 20 messages; of a person from the
        /// latter two.
        history(at: Conversation, past: Past) -> Vec<crate::Said> = read;
        group(place: Conversation) -> crate::GroupInfo = tell;
        members(of: Conversation) -> Vec<crate::Member> = list;
        remove_members(from: Conversation, users: [UserId]) -> crate::Changed = kick;
    }
}

pub(super) fn native(message: &MessageId) -> Result<mynah_onebot::MessageId> {
    let id = message.id.number().and_then(|id| i32::try_from(id).ok());
    let none = || BotError::new(format!("{message}: no message of OneBot"));
    id.map(mynah_onebot::MessageId).ok_or_else(none)
}
