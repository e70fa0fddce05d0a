//! Work notices, which an application sends to members, and what came before them.

use mynah_core::{Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::DingTalk;
use crate::api::ask;
use crate::id::{AgentId, Bars, Commas, DepartmentId, TaskId, UserId};
use crate::message::{Message, MessageWire};
use crate::types::ProgressStatus;
use mynah_core::lenient::{list, or_default, text};

/// Sends a work notice; answers the task that sends it.
///
/// At least one of the receivers must be named. The same words reach a member once a day, and 500
/// notices a day at most; the call succeeds all the same, and [`GetNoticeResult`] tells.
///
/// ```
/// use mynah_dingtalk::AgentId;
/// use mynah_dingtalk::api::notice::SendNotice;
///
/// let notice = SendNotice::new(AgentId(100001), "请提交日报。").to_users(["alice", "bob"]);
/// assert_eq!(notice.userid_list.unwrap().to_string(), "alice,bob");
/// ```
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SendNotice {
    /// The application.
    pub agent_id: AgentId,
    /// What is said: at most 2048 bytes.
    #[serde(default = "nothing")]
    pub msg: Message,
    /// At most 100 members.
    #[serde(default, deserialize_with = "or_default")]
    pub userid_list: Option<Commas<UserId>>,
    /// At most 20 departments; whoever is in one below gets it too.
    #[serde(default, deserialize_with = "or_default")]
    pub dept_id_list: Option<Commas<DepartmentId>>,
    /// Everybody; at most 3 times a day.
    pub to_all_user: Option<bool>,
}

pub(super) fn nothing() -> Message {
    Message::Other(String::new())
}

impl SendNotice {
    /// To these members.
    #[must_use]
    pub fn to_users(self, users: impl IntoIterator<Item = impl Into<UserId>>) -> Self {
        self.userid_list(Commas::new(users))
    }

    /// To everybody in these departments.
    #[must_use]
    pub fn to_departments(self, departments: impl IntoIterator<Item = DepartmentId>) -> Self {
        self.dept_id_list(Commas::new(departments))
    }

    /// To everybody.
    #[must_use]
    pub fn to_all(self) -> Self {
        self.to_all_user(true)
    }
}

impl Endpoint for SendNotice {
    type Platform = DingTalk;
    type Output = TaskId;
    const META: Meta = Meta::post(
        "dingtalk.topapi.message.corpconversation.asyncsend_v2",
        "/topapi/message/corpconversation/asyncsend_v2",
    )
    .at("task_id")
    .doc("https://open.dingtalk.com/document/development/asynchronous-sending-of-enterprise-session-messages");
}

/// Tells how far the sending of a work notice is, for 24 hours. Fails with 40035.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetNoticeProgress {
    /// The application.
    pub agent_id: AgentId,
    /// The task.
    pub task_id: TaskId,
}

impl Endpoint for GetNoticeProgress {
    type Platform = DingTalk;
    type Output = NoticeProgress;
    const META: Meta = ask(
        "dingtalk.topapi.message.corpconversation.getsendprogress",
        "/topapi/message/corpconversation/getsendprogress",
    )
    .at("progress")
    .doc("https://open.dingtalk.com/document/development/obtain-the-sending-progress-of-asynchronous-sending-of-enterprise-session");
}

/// How far the sending of a work notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeProgress {
    /// 0 to 100.
    pub progress_in_percent: i64,
    /// In a word.
    pub status: ProgressStatus,
}

/// Tells whom a work notice has reached, for 24 hours. Fails with 40035.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetNoticeResult {
    /// The application.
    pub agent_id: AgentId,
    /// The task.
    pub task_id: TaskId,
}

impl Endpoint for GetNoticeResult {
    type Platform = DingTalk;
    type Output = NoticeResult;
    const META: Meta = ask(
        "dingtalk.topapi.message.corpconversation.getsendresult",
        "/topapi/message/corpconversation/getsendresult",
    )
    .at("send_result")
    .doc("https://open.dingtalk.com/document/development/gets-the-result-of-sending-messages-asynchronously-to-the-enterprise");
}

/// Whom a work notice has reached. What is absent is nobody.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NoticeResult {
    /// Who is no member.
    #[serde(default, deserialize_with = "or_default")]
    pub invalid_user_id_list: Option<Vec<UserId>>,
    /// Who was sent too much.
    #[serde(default, deserialize_with = "or_default")]
    pub forbidden_user_id_list: Option<Vec<UserId>>,
    /// Whom it could not be sent to.
    #[serde(default, deserialize_with = "or_default")]
    pub failed_user_id_list: Option<Vec<UserId>>,
    /// Who has read it.
    #[serde(default, deserialize_with = "or_default")]
    pub read_user_id_list: Option<Vec<UserId>>,
    /// Who has not read it.
    #[serde(default, deserialize_with = "or_default")]
    pub unread_user_id_list: Option<Vec<UserId>>,
    /// What is no department.
    #[serde(default, deserialize_with = "or_default")]
    pub invalid_dept_id_list: Option<Vec<DepartmentId>>,
    /// Who was sent too much, and of what.
    #[serde(default, deserialize_with = "or_default")]
    pub forbidden_list: Option<Vec<Forbidden>>,
}

/// Somebody who was sent too much.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forbidden {
    /// `143105` for too many notices a day, `143106` for the same words twice.
    #[serde(default, deserialize_with = "text")]
    pub code: String,
    /// How often.
    #[serde(default, deserialize_with = "mynah_core::lenient::integer")]
    pub count: i64,
    /// Who.
    #[serde(default, deserialize_with = "or_default")]
    pub userid: UserId,
}

/// Recalls a work notice, for 24 hours. Fails with 400002.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct RecallNotice {
    /// The application.
    pub agent_id: AgentId,
    /// The task that sent it.
    pub msg_task_id: TaskId,
}

impl Endpoint for RecallNotice {
    type Platform = DingTalk;
    type Output = Empty;
    const META: Meta = ask(
        "dingtalk.topapi.message.corpconversation.recall",
        "/topapi/message/corpconversation/recall",
    )
    .doc("https://open.dingtalk.com/document/development/notification-of-work-withdrawal");
}

/// The reference of 2016, which knows what later pages leave out.
const OLD: &str = "https://github.com/ddtalk/dingTalkDoc";

/// Sends a message to members and departments: what came before [`SendNotice`].
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
#[serde(from = "SendMessageWire")]
pub struct SendMessage {
    /// The members.
    pub touser: Option<Bars<UserId>>,
    /// The departments.
    pub toparty: Option<Bars<DepartmentId>>,
    /// The application.
    pub agentid: AgentId,
    /// What is said.
    #[serde(flatten)]
    pub message: Message,
}

#[derive(Deserialize)]
struct SendMessageWire {
    #[serde(default, deserialize_with = "or_default")]
    touser: Option<Bars<UserId>>,
    #[serde(default, deserialize_with = "or_default")]
    toparty: Option<Bars<DepartmentId>>,
    agentid: AgentId,
    #[serde(flatten)]
    message: MessageWire,
}

impl From<SendMessageWire> for SendMessage {
    fn from(wire: SendMessageWire) -> Self {
        Self {
            touser: wire.touser,
            toparty: wire.toparty,
            agentid: wire.agentid,
            message: wire.message.read(),
        }
    }
}

impl Endpoint for SendMessage {
    type Platform = DingTalk;
    type Output = SentMessage;
    const META: Meta = Meta::post("dingtalk.message.send", "/message/send").doc(OLD);
}

/// A message that was sent, and whom it did not reach.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SentMessage {
    /// For [`ListMessageStatus`].
    #[serde(rename = "messageId", default, deserialize_with = "text")]
    pub message_id: String,
    /// Who is no member.
    #[serde(default, deserialize_with = "or_default")]
    pub invaliduser: Bars<UserId>,
    /// What is no department.
    #[serde(default, deserialize_with = "or_default")]
    pub invalidparty: Bars<DepartmentId>,
    /// Who was sent too much.
    #[serde(rename = "forbiddenUserId", default, deserialize_with = "or_default")]
    pub forbidden: Bars<UserId>,
}

/// Tells who has read a message of [`SendMessage`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListMessageStatus {
    /// What sending it answered.
    #[serde(rename = "messageId", default, deserialize_with = "text")]
    pub message_id: String,
}

impl Endpoint for ListMessageStatus {
    type Platform = DingTalk;
    type Output = MessageRead;
    const META: Meta = ask(
        "dingtalk.message.list_message_status",
        "/message/list_message_status",
    )
    .doc(OLD);
}

/// Who has read a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageRead {
    /// Who has.
    #[serde(default, deserialize_with = "list")]
    pub read: Vec<UserId>,
    /// Who has not.
    #[serde(default, deserialize_with = "list")]
    pub unread: Vec<UserId>,
}

/// Sends a message in the name of the member whose page asked for the code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
#[serde(from = "SendByCodeWire")]
pub struct SendByCode {
    /// What the page got; good for one message.
    pub code: String,
    /// What is said.
    #[serde(flatten)]
    pub message: Message,
}

#[derive(Deserialize)]
struct SendByCodeWire {
    #[serde(default, deserialize_with = "text")]
    code: String,
    #[serde(flatten)]
    message: MessageWire,
}

impl From<SendByCodeWire> for SendByCode {
    fn from(wire: SendByCodeWire) -> Self {
        Self {
            code: wire.code,
            message: wire.message.read(),
        }
    }
}

impl Endpoint for SendByCode {
    type Platform = DingTalk;
    type Output = String;
    const META: Meta = Meta::post("dingtalk.message.send_by_code", "/message/sendByCode")
        .at("messageId")
        .doc(OLD);
}

/// Says something in an ordinary conversation, in the name of a member; answers whom it reached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
#[serde(from = "SendToConversationWire")]
pub struct SendToConversation {
    /// Who says it.
    pub sender: UserId,
    /// The conversation, as the page was told that chose it.
    pub cid: String,
    /// What is said.
    #[serde(flatten)]
    pub message: Message,
}

#[derive(Deserialize)]
struct SendToConversationWire {
    #[serde(default, deserialize_with = "or_default")]
    sender: UserId,
    #[serde(default, deserialize_with = "text")]
    cid: String,
    #[serde(flatten)]
    message: MessageWire,
}

impl From<SendToConversationWire> for SendToConversation {
    fn from(wire: SendToConversationWire) -> Self {
        Self {
            sender: wire.sender,
            cid: wire.cid,
            message: wire.message.read(),
        }
    }
}

impl Endpoint for SendToConversation {
    type Platform = DingTalk;
    type Output = Bars<UserId>;
    const META: Meta = Meta::post(
        "dingtalk.message.send_to_conversation",
        "/message/send_to_conversation",
    )
    .at("receiver")
    .doc("https://open.dingtalk.com/document/development/send-normal-messages");
}
