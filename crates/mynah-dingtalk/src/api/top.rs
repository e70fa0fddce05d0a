//! The obsolete gateway TOP: one path, the name of the method a parameter like all others.
//!
//! Its host is [`TOP`](crate::TOP), and it calls the token a `session`; an [`App`](crate::App)
//! knows both. Use [`notice`](super::notice) instead where there is a choice.

use std::fmt;
use std::marker::PhantomData;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use mynah_core::lenient::{or_default, text};
use mynah_core::{
    ApiError, Civil, Code, Described, Empty, Encoding, Endpoint, FieldWords, HttpResponse, Meta,
    Method, Platform, Request,
};
use serde::de::Deserializer;
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use super::notice::{NoticeProgress, NoticeResult, nothing};
use crate::auth::TOP_PATH;
use crate::id::{AgentId, Commas, DepartmentId, TaskId, UserId};
use crate::message::Message;
use crate::{DingTalk, errcode};

/// A method of TOP.
pub trait TopMethod {
    /// Its name, as `method` spells it.
    const METHOD: &'static str;

    /// How its answer is wrapped.
    const ANSWER: TopAnswer;
}

/// How the answer of a method of TOP is wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TopAnswer {
    /// In `result`, in an object called after the method; lists are objects.
    Result,
    /// In an object called after the method.
    Fields,
    /// Not at all: as the classic interface answers.
    Plain,
}

/// When a method of TOP is called, beside what TOP wants with every call.
///
/// TOP reads it as the time in China, to the second, and refuses what is more than ten minutes old.
pub struct At<M> {
    /// As it stands on the wire: `2023-11-15 06:13:20`.
    pub timestamp: String,
    method: PhantomData<fn() -> M>,
}

impl<M> At<M> {
    /// The time as it stands on the wire.
    pub fn new(timestamp: impl Into<String>) -> Self {
        Self {
            timestamp: timestamp.into(),
            method: PhantomData,
        }
    }
}

impl<M> From<SystemTime> for At<M> {
    fn from(time: SystemTime) -> Self {
        let since = time.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        Self::new(in_china(since.as_secs()))
    }
}

/// A time in seconds since 1970, as clocks in China show it: 8 hours before those of Greenwich,
/// all the year.
fn in_china(seconds: u64) -> String {
    let Civil {
        year,
        month,
        day,
        hour,
        minute,
        second,
    } = Civil::of(seconds + 8 * 3600);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

impl<M> Clone for At<M> {
    fn clone(&self) -> Self {
        Self::new(self.timestamp.clone())
    }
}

impl<M> fmt::Debug for At<M> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("At").field(&self.timestamp).finish()
    }
}

impl<M> PartialEq for At<M> {
    fn eq(&self, other: &Self) -> bool {
        self.timestamp == other.timestamp
    }
}

impl<M: TopMethod> Serialize for At<M> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("method", M::METHOD)?;
        map.serialize_entry("timestamp", &self.timestamp)?;
        map.serialize_entry("format", "json")?;
        map.serialize_entry("v", "2.0")?;
        map.serialize_entry("simplify", "false")?;
        map.end()
    }
}

impl<'de, M> Deserialize<'de> for At<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Wire {
            #[serde(default, deserialize_with = "text")]
            timestamp: String,
        }
        Wire::deserialize(deserializer).map(|wire| Self::new(wire.timestamp))
    }
}

impl<M> Described for At<M> {
    const DOC: &'static str = "";
    const FIELDS: &'static [FieldWords] = &[FieldWords::required(
        "timestamp",
        "When the call is made, as clocks in China show it: `2023-11-15 06:13:20`.",
    )];
}

/// The facts about a method.
const fn top(name: &'static str) -> Meta {
    Meta::new(name, Method::Post, TOP_PATH, Encoding::Query).doc(DOC)
}

const DOC: &str = "https://open.dingtalk.com/document/development/server-api-error-codes-1";

/// Server side: the answer of a method.
fn write<E: Endpoint + TopMethod>(outcome: Result<E::Output, ApiError>) -> HttpResponse {
    // What is refused before the method is reached is not in its words.
    let of_the_method = |error: &ApiError| E::ANSWER == TopAnswer::Result && is_plain(error);
    let response = match outcome {
        Ok(output) => mynah_core::encode_output::<E>(Ok(output)),
        Err(error) if of_the_method(&error) => {
            return DingTalk::seal(Err(error)).map(|body| under::<E>(refused(fields_of(&body))));
        }
        Err(error) => return DingTalk::seal(Err(error)),
    };
    response.map(|body| match E::ANSWER {
        TopAnswer::Plain => body,
        TopAnswer::Fields => under::<E>(fields_of(&body)),
        TopAnswer::Result => under::<E>(result(fields_of(&body))),
    })
}

fn fields_of(body: &[u8]) -> Map<String, Value> {
    serde_json::from_slice(body).unwrap_or_default()
}

/// An answer in an object that is called after the method.
fn under<E: TopMethod>(answer: Map<String, Value>) -> Bytes {
    let name = format!("{}_response", E::METHOD.replace('.', "_"));
    let answer = Map::from_iter([(name, Value::Object(answer))]);
    serde_json::to_vec(&answer).unwrap_or_default().into()
}

/// Whether there is nothing to a refusal but its code and its words.
fn is_plain(error: &ApiError) -> bool {
    let is_the_gateways = matches!(
        error.code,
        Code::Number(errcode::GATEWAY | errcode::BLOCKED)
    );
    error.details.is_none() && !is_the_gateways
}

/// A refusal in `result`.
fn refused(mut fields: Map<String, Value>) -> Map<String, Value> {
    let mut result = Map::new();
    for (name, here) in [("errcode", "ding_open_errcode"), ("errmsg", "error_msg")] {
        result.insert(here.to_owned(), fields.remove(name).unwrap_or_default());
    }
    result.insert("success".to_owned(), false.into());
    Map::from_iter([("result".to_owned(), Value::Object(result))])
}

/// The fields of an answer in `result`, beside what it says of success.
fn result(mut fields: Map<String, Value>) -> Map<String, Value> {
    fields.retain(|name, _| name != "errcode" && name != "errmsg");
    let mut result = Map::new();
    result.insert("ding_open_errcode".to_owned(), 0.into());
    result.insert("error_msg".to_owned(), "ok".into());
    result.insert("success".to_owned(), true.into());
    let fields = fields.into_iter();
    result.extend(fields.map(|(name, value)| (name, wrapped(value))));
    Map::from_iter([("result".to_owned(), Value::Object(result))])
}

/// TOP writes a list as an object that says what it is a list of.
fn wrapped(value: Value) -> Value {
    match value {
        Value::Array(items) => {
            let kind = match items.first() {
                Some(Value::Number(_)) => "number",
                _ => "string",
            };
            Map::from_iter([(kind.to_owned(), Value::Array(items))]).into()
        }
        Value::Object(fields) => {
            let fields = fields.into_iter();
            let fields = fields.map(|(name, value)| (name, wrapped(value)));
            Value::Object(fields.collect())
        }
        other => other,
    }
}

/// Sends a work notice; answers the task that sends it. The first form of
/// [`SendNotice`](super::notice::SendNotice).
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct AsyncSend {
    /// The application.
    pub agent_id: AgentId,
    /// The kind of message.
    #[serde(default, deserialize_with = "text")]
    pub msgtype: String,
    /// What is said: JSON as text.
    #[serde(default)]
    pub msgcontent: String,
    /// When the call is made.
    #[serde(flatten)]
    pub at: At<AsyncSend>,
    /// The members.
    #[serde(default, deserialize_with = "or_default")]
    pub userid_list: Option<Commas<UserId>>,
    /// The departments.
    #[serde(default, deserialize_with = "or_default")]
    pub dept_id_list: Option<Commas<DepartmentId>>,
    /// Everybody.
    pub to_all_user: Option<bool>,
}

impl TopMethod for AsyncSend {
    const METHOD: &'static str = "dingtalk.corp.message.corpconversation.asyncsend";
    const ANSWER: TopAnswer = TopAnswer::Result;
}

impl Endpoint for AsyncSend {
    type Platform = DingTalk;
    type Output = TaskId;
    const META: Meta = top("dingtalk.top.corp.message.corpconversation.asyncsend").at("task_id");

    fn write(outcome: Result<TaskId, ApiError>) -> HttpResponse {
        write::<Self>(outcome)
    }
}

impl AsyncSend {
    /// A notice that says this.
    pub fn saying(agent: AgentId, message: &Message, at: impl Into<At<Self>>) -> Self {
        Self::new(agent, message.msgtype(), content(message), at)
    }

    /// What it says.
    pub fn message(&self) -> Message {
        read(&self.msgtype, &self.msgcontent)
    }
}

/// What a message says, without its kind, as text.
fn content(message: &Message) -> String {
    message.body().unwrap_or_default().to_string()
}

fn read(kind: &str, content: &str) -> Message {
    Message::of(kind.to_owned(), serde_json::from_str(content).ok())
}

/// Sends a work notice to those whom somebody has chosen on a page; answers the task that sends it.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct AsyncSendByCode {
    /// The application.
    pub agent_id: AgentId,
    /// What the page got.
    #[serde(default, deserialize_with = "text")]
    pub code: String,
    /// The kind of message.
    #[serde(default, deserialize_with = "text")]
    pub msgtype: String,
    /// What is said: JSON as text.
    #[serde(default)]
    pub msgcontent: String,
    /// When the call is made.
    #[serde(flatten)]
    pub at: At<AsyncSendByCode>,
    /// The members.
    #[serde(default, deserialize_with = "or_default")]
    pub userid_list: Option<Commas<UserId>>,
    /// The departments.
    #[serde(default, deserialize_with = "or_default")]
    pub dept_id_list: Option<Commas<DepartmentId>>,
    /// Everybody.
    pub to_all_user: Option<bool>,
}

impl TopMethod for AsyncSendByCode {
    const METHOD: &'static str = "dingtalk.corp.message.corpconversation.asyncsendbycode";
    const ANSWER: TopAnswer = TopAnswer::Result;
}

impl Endpoint for AsyncSendByCode {
    type Platform = DingTalk;
    type Output = TaskId;
    const META: Meta =
        top("dingtalk.top.corp.message.corpconversation.asyncsendbycode").at("task_id");

    fn write(outcome: Result<TaskId, ApiError>) -> HttpResponse {
        write::<Self>(outcome)
    }
}

impl AsyncSendByCode {
    /// A notice that says this.
    pub fn saying(
        agent: AgentId,
        code: impl Into<String>,
        message: &Message,
        at: impl Into<At<Self>>,
    ) -> Self {
        Self::new(agent, code, message.msgtype(), content(message), at)
    }

    /// What it says.
    pub fn message(&self) -> Message {
        read(&self.msgtype, &self.msgcontent)
    }
}

/// Sends a work notice; answers the task that sends it. See
/// [`SendNotice`](super::notice::SendNotice).
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct AsyncSendV2 {
    /// The application.
    pub agent_id: AgentId,
    /// What is said.
    #[serde(default = "nothing", serialize_with = "as_text")]
    pub msg: Message,
    /// When the call is made.
    #[serde(flatten)]
    pub at: At<AsyncSendV2>,
    /// The members.
    #[serde(default, deserialize_with = "or_default")]
    pub userid_list: Option<Commas<UserId>>,
    /// The departments.
    #[serde(default, deserialize_with = "or_default")]
    pub dept_id_list: Option<Commas<DepartmentId>>,
    /// Everybody.
    pub to_all_user: Option<bool>,
}

impl TopMethod for AsyncSendV2 {
    const METHOD: &'static str = "dingtalk.oapi.message.corpconversation.asyncsend_v2";
    const ANSWER: TopAnswer = TopAnswer::Plain;
}

impl Endpoint for AsyncSendV2 {
    type Platform = DingTalk;
    type Output = TaskId;
    const META: Meta = top("dingtalk.top.oapi.message.corpconversation.asyncsend_v2").at("task_id");

    fn write(outcome: Result<TaskId, ApiError>) -> HttpResponse {
        write::<Self>(outcome)
    }
}

fn as_text<S: Serializer>(message: &Message, serializer: S) -> Result<S::Ok, S::Error> {
    let text = serde_json::to_string(message).map_err(serde::ser::Error::custom)?;
    serializer.serialize_str(&text)
}

/// Recalls a work notice. See [`RecallNotice`](super::notice::RecallNotice).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct RecallMessage {
    /// The application.
    pub agent_id: AgentId,
    /// The task that sent it.
    pub msg_task_id: TaskId,
    /// When the call is made.
    #[serde(flatten)]
    pub at: At<RecallMessage>,
}

impl TopMethod for RecallMessage {
    const METHOD: &'static str = "dingtalk.oapi.message.corpconversation.recall";
    const ANSWER: TopAnswer = TopAnswer::Plain;
}

impl Endpoint for RecallMessage {
    type Platform = DingTalk;
    type Output = Empty;
    const META: Meta = top("dingtalk.top.oapi.message.corpconversation.recall");

    fn write(outcome: Result<Empty, ApiError>) -> HttpResponse {
        write::<Self>(outcome)
    }
}

/// Tells how far the sending of a work notice is. See
/// [`GetNoticeProgress`](super::notice::GetNoticeProgress).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetSendProgress {
    /// The application.
    pub agent_id: AgentId,
    /// The task.
    pub task_id: TaskId,
    /// When the call is made.
    #[serde(flatten)]
    pub at: At<GetSendProgress>,
}

impl TopMethod for GetSendProgress {
    const METHOD: &'static str = "dingtalk.corp.message.corpconversation.getsendprogress";
    const ANSWER: TopAnswer = TopAnswer::Result;
}

impl Endpoint for GetSendProgress {
    type Platform = DingTalk;
    type Output = NoticeProgress;
    const META: Meta =
        top("dingtalk.top.corp.message.corpconversation.getsendprogress").at("progress");

    fn write(outcome: Result<NoticeProgress, ApiError>) -> HttpResponse {
        write::<Self>(outcome)
    }
}

/// Tells whom a work notice has reached. See [`GetNoticeResult`](super::notice::GetNoticeResult).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetSendResult {
    /// The application.
    pub agent_id: AgentId,
    /// The task.
    pub task_id: TaskId,
    /// When the call is made.
    #[serde(flatten)]
    pub at: At<GetSendResult>,
}

impl TopMethod for GetSendResult {
    const METHOD: &'static str = "dingtalk.corp.message.corpconversation.getsendresult";
    const ANSWER: TopAnswer = TopAnswer::Result;
}

impl Endpoint for GetSendResult {
    type Platform = DingTalk;
    type Output = NoticeResult;
    const META: Meta =
        top("dingtalk.top.corp.message.corpconversation.getsendresult").at("send_result");

    fn write(outcome: Result<NoticeResult, ApiError>) -> HttpResponse {
        write::<Self>(outcome)
    }
}

/// Tells which departments an administrator may manage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetAdminScope {
    /// The administrator.
    #[serde(default, deserialize_with = "or_default")]
    pub userid: UserId,
    /// When the call is made.
    #[serde(flatten)]
    pub at: At<GetAdminScope>,
}

impl TopMethod for GetAdminScope {
    const METHOD: &'static str = "dingtalk.oapi.user.get_admin_scope";
    const ANSWER: TopAnswer = TopAnswer::Fields;
}

impl Endpoint for GetAdminScope {
    type Platform = DingTalk;
    type Output = Vec<DepartmentId>;
    const META: Meta = top("dingtalk.top.oapi.user.get_admin_scope").at("dept_ids");

    fn write(outcome: Result<Vec<DepartmentId>, ApiError>) -> HttpResponse {
        write::<Self>(outcome)
    }
}
