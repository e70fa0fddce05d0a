//! Robots: of an application, custom ones, and answers into a session.

use mynah_core::{Empty, Endpoint, Error, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::api::ask;
use crate::auth::{SESSION, Secret, in_query};
use crate::id::{OpenConversationId, ProcessQueryKey, RobotCode, UserId};
use crate::message::{Template, TemplateWire, WebhookMessage, WebhookWire};
use crate::types::{Number, ReadStatus, SendStatus};
use crate::{DingTalk, OpenApi};
use mynah_core::lenient::{boolean, entries, list, optional_integer, or_default, text};

/// Whom one message of a robot goes to at most, and how many one call recalls.
pub const MOST_AT_ONCE: usize = 20;

/// Posts into the group of a custom robot, with its [`RobotKey`](crate::RobotKey). At most 20 a
/// minute: then nothing for 10 minutes (410100).
///
/// Fails with 300005 when there is no such robot, and with 310000 when it is protected by words,
/// a signature or addresses that are not there.
///
/// ```
/// use mynah_dingtalk::WebhookMessage;
/// use mynah_dingtalk::api::robot::SendWebhook;
///
/// let once = SendWebhook::new(WebhookMessage::text("上线了").mention_all()).msg_uuid("release-7");
/// assert_eq!(once.message.msgtype(), "text");
/// ```
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
#[serde(from = "SendWebhookWire")]
pub struct SendWebhook {
    /// What is said.
    #[serde(flatten)]
    pub message: WebhookMessage,
    /// Made twice with the same, the call is carried out once.
    #[serde(rename = "msgUuid")]
    pub msg_uuid: Option<String>,
}

#[derive(Deserialize)]
struct SendWebhookWire {
    #[serde(flatten)]
    message: WebhookWire,
    #[serde(rename = "msgUuid", default, deserialize_with = "or_default")]
    msg_uuid: Option<String>,
}

impl From<SendWebhookWire> for SendWebhook {
    fn from(wire: SendWebhookWire) -> Self {
        Self {
            message: wire.message.read(),
            msg_uuid: wire.msg_uuid,
        }
    }
}

impl Endpoint for SendWebhook {
    type Platform = DingTalk;
    type Output = Empty;
    const META: Meta = Meta::post("dingtalk.robot.send", "/robot/send")
        .doc("https://open.dingtalk.com/document/development/custom-robots-send-group-messages");
}

/// Answers into the conversation in which the robot was told something, for about 90 minutes.
///
/// It needs no credential: whoever has the session can post. Fails with 300001 once it is over.
///
/// ```
/// use mynah_dingtalk::api::robot::SendBySession;
///
/// let webhook = "https://oapi.dingtalk.com/robot/sendBySession?session=xxxxx";
/// let reply = SendBySession::to(webhook, "收到")?;
/// assert_eq!(reply.session.expose(), "xxxxx");
/// # Ok::<(), mynah_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
#[serde(from = "SendBySessionWire")]
pub struct SendBySession {
    /// The session, from the `sessionWebhook` of what was said.
    pub session: Secret,
    /// What is said.
    #[serde(flatten)]
    pub message: WebhookMessage,
}

#[derive(Deserialize)]
struct SendBySessionWire {
    #[serde(default, deserialize_with = "or_default")]
    session: Secret,
    #[serde(flatten)]
    message: WebhookWire,
}

impl From<SendBySessionWire> for SendBySession {
    fn from(wire: SendBySessionWire) -> Self {
        Self {
            session: wire.session,
            message: wire.message.read(),
        }
    }
}

impl SendBySession {
    /// An answer to the address that came with what was said.
    ///
    /// # Errors
    /// There is no session in the address.
    pub fn to(webhook: &str, message: impl Into<WebhookMessage>) -> Result<Self, Error> {
        let (_, query) = webhook.split_once('?').unwrap_or_default();
        let session = in_query(query, SESSION)
            .ok_or_else(|| Error::invalid(Self::META.name, "session: not in the address"))?;
        Ok(Self::new(session.as_ref(), message))
    }
}

impl Endpoint for SendBySession {
    type Platform = DingTalk;
    type Output = Empty;
    const META: Meta = Meta::post("dingtalk.robot.send_by_session", "/robot/sendBySession")
        .query(&[SESSION])
        .public()
        .doc("https://open.dingtalk.com/document/development/receive-message");
}

/// Says something to people, one by one, in the name of the application's robot.
///
/// Fails with `invalidParameter.robotCode.notExsit` (spelt so) for a robot that there is not,
/// `invalidParameter.userIds.overMax` for more than 20 people, `invalidParameter.msgKey.invalid`
/// and `invalidParameter.msgParam.invalid` for a template that cannot be.
///
/// ```
/// use mynah_dingtalk::api::robot::SendToUsers;
///
/// let call = SendToUsers::new("dingappkeyxxx", ["alice", "bob"], "你好");
/// assert_eq!(call.template.key(), "sampleText");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
#[serde(from = "SendToUsersWire")]
pub struct SendToUsers {
    /// The robot.
    #[serde(rename = "robotCode")]
    pub robot_code: RobotCode,
    /// At most 20.
    #[serde(rename = "userIds")]
    pub user_ids: Vec<UserId>,
    /// What is said.
    #[serde(flatten)]
    pub template: Template,
}

#[derive(Deserialize)]
struct SendToUsersWire {
    #[serde(rename = "robotCode", default, deserialize_with = "or_default")]
    robot_code: RobotCode,
    #[serde(rename = "userIds", default, deserialize_with = "entries")]
    user_ids: Vec<UserId>,
    #[serde(flatten)]
    template: TemplateWire,
}

impl From<SendToUsersWire> for SendToUsers {
    fn from(wire: SendToUsersWire) -> Self {
        Self {
            robot_code: wire.robot_code,
            user_ids: wire.user_ids,
            template: wire.template.read(),
        }
    }
}

impl Endpoint for SendToUsers {
    type Platform = OpenApi;
    type Output = SentToUsers;
    const META: Meta = Meta::post(
        "dingtalk.v1.robot.o_to_messages.batch_send",
        "/v1.0/robot/oToMessages/batchSend",
    )
    .doc("https://open.dingtalk.com/document/development/chatbots-send-one-on-one-chat-messages-in-batches");
}

/// A message that was sent to people, and whom it did not reach.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentToUsers {
    /// For recalling it and for asking who has read it.
    #[serde(rename = "processQueryKey", default, deserialize_with = "or_default")]
    pub process_query_key: ProcessQueryKey,
    /// Who is no member.
    #[serde(rename = "invalidStaffIdList", default, deserialize_with = "list")]
    pub invalid: Vec<UserId>,
    /// Who was sent too much.
    #[serde(
        rename = "flowControlledStaffIdList",
        default,
        deserialize_with = "list"
    )]
    pub flow_controlled: Vec<UserId>,
}

/// Says something in a group, in the name of the application's robot, which must be in it.
///
/// Fails like [`SendToUsers`], and with `invalid.openConversationId` for a group that there is not.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
#[serde(from = "SendToGroupWire")]
pub struct SendToGroup {
    /// The robot.
    #[serde(rename = "robotCode")]
    pub robot_code: RobotCode,
    /// The group.
    #[serde(rename = "openConversationId")]
    pub open_conversation_id: OpenConversationId,
    /// What is said.
    #[serde(flatten)]
    pub template: Template,
    /// The group's application that speaks, if it is one.
    #[serde(rename = "coolAppCode")]
    pub cool_app_code: Option<String>,
}

#[derive(Deserialize)]
struct SendToGroupWire {
    #[serde(rename = "robotCode", default, deserialize_with = "or_default")]
    robot_code: RobotCode,
    #[serde(
        rename = "openConversationId",
        default,
        deserialize_with = "or_default"
    )]
    open_conversation_id: OpenConversationId,
    #[serde(rename = "coolAppCode", default, deserialize_with = "or_default")]
    cool_app_code: Option<String>,
    #[serde(flatten)]
    template: TemplateWire,
}

impl From<SendToGroupWire> for SendToGroup {
    fn from(wire: SendToGroupWire) -> Self {
        Self {
            robot_code: wire.robot_code,
            open_conversation_id: wire.open_conversation_id,
            template: wire.template.read(),
            cool_app_code: wire.cool_app_code,
        }
    }
}

impl Endpoint for SendToGroup {
    type Platform = OpenApi;
    type Output = ProcessQueryKey;
    const META: Meta = Meta::post(
        "dingtalk.v1.robot.group_messages.send",
        "/v1.0/robot/groupMessages/send",
    )
    .at("processQueryKey")
    .doc("https://open.dingtalk.com/document/development/the-robot-sends-a-group-message");
}

/// Recalls messages that were sent to people, for 24 hours.
///
/// Those that it cannot recall are in the answer. Fails with
/// `invalidParameter.processQueryKeys.overMax` for more than 20.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct RecallFromUsers {
    /// The robot that sent them.
    #[serde(rename = "robotCode", default, deserialize_with = "or_default")]
    pub robot_code: RobotCode,
    /// The messages: at most 20.
    #[serde(rename = "processQueryKeys", default, deserialize_with = "entries")]
    pub process_query_keys: Vec<ProcessQueryKey>,
}

impl Endpoint for RecallFromUsers {
    type Platform = OpenApi;
    type Output = Recalled;
    const META: Meta = ask(
        "dingtalk.v1.robot.oto_messages.batch_recall",
        // Spelt otherwise than its neighbours.
        "/v1.0/robot/otoMessages/batchRecall",
    )
    .doc("https://open.dingtalk.com/document/development/batch-message-recall-chat");
}

/// Recalls messages that were sent into a group, for 24 hours. See [`RecallFromUsers`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct RecallFromGroup {
    /// The robot that sent them.
    #[serde(rename = "robotCode", default, deserialize_with = "or_default")]
    pub robot_code: RobotCode,
    /// The group.
    #[serde(
        rename = "openConversationId",
        default,
        deserialize_with = "or_default"
    )]
    pub open_conversation_id: OpenConversationId,
    /// The messages: at most 20.
    #[serde(rename = "processQueryKeys", default, deserialize_with = "entries")]
    pub process_query_keys: Vec<ProcessQueryKey>,
}

impl Endpoint for RecallFromGroup {
    type Platform = OpenApi;
    type Output = Recalled;
    const META: Meta = ask(
        "dingtalk.v1.robot.group_messages.recall",
        "/v1.0/robot/groupMessages/recall",
    )
    .doc("https://open.dingtalk.com/document/development/enterprise-chatbot-withdraws-internal-group-messages");
}

/// What became of messages that were to be recalled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recalled {
    /// These are recalled.
    #[serde(rename = "successResult", default, deserialize_with = "list")]
    pub success: Vec<ProcessQueryKey>,
    /// These are not, and why.
    #[serde(rename = "failedResult", default, deserialize_with = "or_default")]
    pub failed: Map<String, Value>,
}

/// Tells who has read a message that was sent to people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetReadStatus {
    /// The robot that sent it.
    #[serde(rename = "robotCode", default, deserialize_with = "or_default")]
    pub robot_code: RobotCode,
    /// The message.
    #[serde(rename = "processQueryKey", default, deserialize_with = "or_default")]
    pub process_query_key: ProcessQueryKey,
}

impl Endpoint for GetReadStatus {
    type Platform = OpenApi;
    type Output = UsersRead;
    const META: Meta = Meta::get(
        "dingtalk.v1.robot.o_to_messages.read_status",
        "/v1.0/robot/oToMessages/readStatus",
    )
    .doc("https://open.dingtalk.com/document/development/chatbot-batch-query-the-read-status-of-messages");
}

/// Who has read a message that was sent to people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UsersRead {
    /// What became of it.
    #[serde(rename = "sendStatus")]
    pub send_status: SendStatus,
    /// Everybody it reached.
    #[serde(rename = "messageReadInfoList", default, deserialize_with = "list")]
    pub people: Vec<UserRead>,
}

/// Whether somebody has read a message.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UserRead {
    /// Their name.
    #[serde(default, deserialize_with = "or_default")]
    pub name: Option<String>,
    /// Who.
    #[serde(rename = "userId", default, deserialize_with = "or_default")]
    pub user_id: UserId,
    /// Whether.
    #[serde(rename = "readStatus")]
    pub read_status: ReadStatus,
    /// When, in milliseconds since 1970; documented as not yet supported.
    #[serde(
        rename = "readTimestamp",
        default,
        deserialize_with = "optional_integer"
    )]
    pub read_timestamp: Option<i64>,
}

/// Tells who has read a message that was sent into a group, a page at a time.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct QueryGroupRead {
    /// The message.
    #[serde(rename = "processQueryKey", default, deserialize_with = "or_default")]
    pub process_query_key: ProcessQueryKey,
    /// The group.
    #[serde(
        rename = "openConversationId",
        default,
        deserialize_with = "or_default"
    )]
    pub open_conversation_id: Option<OpenConversationId>,
    /// The robot that sent it.
    #[serde(rename = "robotCode", default, deserialize_with = "or_default")]
    pub robot_code: Option<RobotCode>,
    /// At most 200 people.
    #[serde(rename = "maxResults")]
    pub max_results: Option<Number>,
    /// What the page before says; nothing for the first.
    #[serde(rename = "nextToken", default, deserialize_with = "or_default")]
    pub next_token: Option<String>,
}

impl Endpoint for QueryGroupRead {
    type Platform = OpenApi;
    type Output = GroupRead;
    const META: Meta = ask(
        "dingtalk.v1.robot.group_messages.query",
        "/v1.0/robot/groupMessages/query",
    )
    .doc("https://open.dingtalk.com/document/development/chatbot-queries-the-read-status-of-a-message");
}

/// A page of those who have read a message that was sent into a group.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupRead {
    /// What became of it.
    #[serde(rename = "sendStatus")]
    pub send_status: SendStatus,
    /// Who has read it.
    #[serde(rename = "readUserIds", default, deserialize_with = "list")]
    pub readers: Vec<UserId>,
    /// Where the next page begins.
    #[serde(rename = "nextToken", default, deserialize_with = "or_default")]
    pub next_token: Option<String>,
    /// Whether there is one.
    #[serde(rename = "hasMore", default, deserialize_with = "boolean")]
    pub has_more: bool,
}

/// Asks where a file can be fetched that was sent to the robot; answers an address that works for
/// a while.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DownloadMessageFile {
    /// The file, from what was said.
    #[serde(rename = "downloadCode", default, deserialize_with = "text")]
    pub download_code: String,
    /// The robot that was told.
    #[serde(rename = "robotCode", default, deserialize_with = "or_default")]
    pub robot_code: RobotCode,
}

impl Endpoint for DownloadMessageFile {
    type Platform = OpenApi;
    type Output = String;
    const META: Meta = ask(
        "dingtalk.v1.robot.message_files.download",
        "/v1.0/robot/messageFiles/download",
    )
    .at("downloadUrl")
    .doc("https://open.dingtalk.com/document/development/download-the-file-content-of-the-robot-receiving-message");
}
