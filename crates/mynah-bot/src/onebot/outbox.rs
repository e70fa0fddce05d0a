//! Replies as calls of OneBot actions.

use mynah_client::Client;
use mynah_onebot::actions::message::{DeleteMsg, SendGroupMsg, SendPrivateMsg};
use mynah_onebot::actions::reaction::SetMsgEmojiLike;
use mynah_onebot::actions::request::{SetFriendAddRequest, SetGroupAddRequest};
use mynah_onebot::event::{Event as Native, Request};
use mynah_onebot::{GroupId, OneBot, UserId};

use super::compile;
use crate::event::Event;
use crate::id::{Conversation, MessageId, Place, Platform};
use crate::media::ONEBOT;
use crate::message::Message;
use crate::reply::{BotError, Doing, Outbox, Receipt, Reply, Result, Sending};

/// Sends through a OneBot client, over HTTP or an open socket alike.
#[derive(Clone, Debug)]
pub struct OneBotOutbox {
    client: Client<OneBot>,
}

impl OneBotOutbox {
    /// An outbox over `client`.
    pub fn new(client: Client<OneBot>) -> Self {
        Self { client }
    }

    /// The client underneath, for everything that is not a reply.
    pub fn client(&self) -> &Client<OneBot> {
        &self.client
    }

    async fn say(&self, to: &Conversation, message: &Message) -> Result<Receipt> {
        let compiled = compile(message);
        compiled.log_losses();
        let id = to.id.number().filter(|_| to.platform == Platform::OneBot);
        let id = id.ok_or_else(|| BotError::new(format!("{to} is no place on OneBot")))?;
        let sent = match to.kind {
            Place::Group => {
                self.client
                    .call(SendGroupMsg::new(GroupId(id), compiled.message))
                    .await?
            }
            Place::Direct | Place::Temporary => {
                self.client
                    .call(SendPrivateMsg::new(UserId(id), compiled.message))
                    .await?
            }
        };
        Ok(Receipt {
            ids: vec![MessageId::new(Platform::OneBot, i64::from(sent.0))],
            losses: compiled.losses,
        })
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

impl Outbox for OneBotOutbox {
    fn send<'a>(&'a self, to: &'a Conversation, message: &'a Message) -> Sending<'a> {
        Box::pin(async move {
            ONEBOT.check_message(message)?;
            self.say(to, message).await
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
        Box::pin(async move {
            let call = SetMsgEmojiLike::new(native(message)?, reaction);
            self.client.call(call).await?;
            Ok(())
        })
    }
}

fn native(message: &MessageId) -> Result<mynah_onebot::MessageId> {
    let id = message.id.number().and_then(|id| i32::try_from(id).ok());
    let none = || BotError::new(format!("{message}: no message of OneBot"));
    id.map(mynah_onebot::MessageId).ok_or_else(none)
}
