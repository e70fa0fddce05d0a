//! Messages: reading, saying, changing and deleting them.

use mynah_core::{BadParameters, Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};

use crate::BearyChat;
use crate::id::{MessageKey, VchannelId};
use crate::limits;
use crate::query::Query;
use crate::types::{Attachment, ForwardedMessage, Message};

/// Answers messages of a conversation, the oldest first. Fails with 4 for whoever does not belong to
/// it.
///
/// ```
/// use mynah_bearychat::api::message::QueryMessages;
/// use mynah_bearychat::{MessageKey, Query};
///
/// let seen = MessageKey::from("1485236262366.0193");
/// let news = QueryMessages::new("=bw52O", Query::since(seen).forward(100));
/// assert_eq!(
///     serde_json::to_string(&news)?,
///     r#"{"vchannel_id":"=bw52O","query":{"since":{"key":"1485236262366.0193","forward":100}}}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[doc(alias = "message.query")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct QueryMessages {
    /// The conversation.
    pub vchannel_id: VchannelId,
    /// Which messages.
    pub query: Query,
}

impl Endpoint for QueryMessages {
    type Platform = BearyChat;
    type Output = Vec<Message>;
    const META: Meta = Meta::post("bearychat.message.query", "/message.query")
        .idempotent()
        .at("messages")
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/message.query.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::present("vchannel_id", &self.vchannel_id)
    }
}

/// Answers a message; what is left of it, if it was deleted. Fails with 4 for whoever does not belong
/// to the conversation, and with 6 when there is none.
#[doc(alias = "message.info")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetMessage {
    /// The conversation.
    pub vchannel_id: VchannelId,
    /// The message.
    pub message_key: MessageKey,
}

impl Endpoint for GetMessage {
    type Platform = BearyChat;
    type Output = Message;
    const META: Meta = Meta::get("bearychat.message.info", "/message.info")
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/message.info.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::present("vchannel_id", &self.vchannel_id),
            limits::present("message_key", &self.message_key),
        ])
    }
}

/// Says something. Fails with 4 where the user of the token does not belong, and in what is archived.
///
/// Who sends it twice says it twice: there is nothing by which the platform could tell.
#[doc(alias = "message.create")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CreateMessage {
    /// The conversation.
    pub vchannel_id: VchannelId,
    /// What is said.
    pub text: String,
    /// What stands below: each has a title or a text.
    #[request(default)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

impl Endpoint for CreateMessage {
    type Platform = BearyChat;
    type Output = Message;
    const META: Meta = Meta::post("bearychat.message.create", "/message.create")
        .status(201)
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/message.create.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::present("vchannel_id", &self.vchannel_id),
            limits::present("text", &self.text),
            limits::attachments(&self.attachments),
        ])
    }
}

/// Deletes a message: what is left of it says so, and is an `info`. Fails with 4 for who neither said
/// it nor manages the team, and with 6 when there is none any more.
#[doc(alias = "message.delete")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DeleteMessage {
    /// The conversation.
    pub vchannel_id: VchannelId,
    /// The message.
    pub message_key: MessageKey,
}

impl Endpoint for DeleteMessage {
    type Platform = BearyChat;
    type Output = Empty;
    const META: Meta = Meta::post("bearychat.message.delete", "/message.delete")
        .status(204)
        .bodiless()
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/message.delete.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::present("vchannel_id", &self.vchannel_id),
            limits::present("message_key", &self.message_key),
        ])
    }
}

/// Changes what a message says. Fails with 4 for who did not say it, and with 6 when there is none.
#[doc(alias = "message.update_text")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct UpdateMessageText {
    /// The conversation.
    pub vchannel_id: VchannelId,
    /// The message.
    pub message_key: MessageKey,
    /// What it says from then on.
    pub text: String,
}

impl Endpoint for UpdateMessageText {
    type Platform = BearyChat;
    type Output = Message;
    const META: Meta = Meta::patch("bearychat.message.update_text", "/message.update_text")
        .idempotent()
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/message.update_text.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::present("vchannel_id", &self.vchannel_id),
            limits::present("message_key", &self.message_key),
            limits::present("text", &self.text),
        ])
    }
}

/// Passes a message on to another conversation. Fails with 4 for who does not belong to both, and with
/// 6 when there is none.
#[doc(alias = "message.forward")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ForwardMessage {
    /// Where the message is.
    pub vchannel_id: VchannelId,
    /// The message; some clients call it `message_key`.
    #[serde(alias = "message_key")]
    pub key: MessageKey,
    /// Where it goes.
    pub to_vchannel_id: VchannelId,
}

impl Endpoint for ForwardMessage {
    type Platform = BearyChat;
    type Output = ForwardedMessage;
    const META: Meta = Meta::post("bearychat.message.forward", "/message.forward")
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/message.forward.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::present("vchannel_id", &self.vchannel_id),
            limits::present("key", &self.key),
            limits::present("to_vchannel_id", &self.to_vchannel_id),
        ])
    }
}
