//! Messages of an application to members.

use mynah_core::{Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::WeCom;
use crate::card::TemplateCard;
use crate::id::{AgentId, DepartmentId, Joined, MsgId, ResponseCode, TagId, TaskId, UserId};
use crate::message::{Message, application_kinds};
use crate::types::{Flag, Safe};
use mynah_core::lenient::{list, or_default, text};

/// Sends a message to members, to whole departments and to whoever has a tag.
///
/// At least one of them must be named (82001 otherwise). Whom it did not reach is in the answer;
/// if that is everybody, it fails with 81013 and the
/// [`details`](mynah_core::ApiError::details) say who. Members of a linked corp cannot be reached
/// so. What is sent beyond 30 a minute or 1000 an hour to one member is dropped silently.
///
/// ```
/// use mynah_wecom::AgentId;
/// use mynah_wecom::api::message::SendMessage;
///
/// let message = SendMessage::new(AgentId(1000002), "你的快递已到").to_users(["alice", "bob"]);
/// assert_eq!(message.touser.unwrap().to_string(), "alice|bob");
/// ```
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
#[serde(from = "SendMessageWire")]
pub struct SendMessage {
    /// At most 1000 members, or [`UserId::all`]: then the next two do not count.
    pub touser: Option<Joined<UserId>>,
    /// At most 100 departments; whoever is in one below gets it too.
    pub toparty: Option<Joined<DepartmentId>>,
    /// At most 100 tags.
    pub totag: Option<Joined<TagId>>,
    /// The application whose token this is (301002 otherwise).
    pub agentid: AgentId,
    /// What is said.
    #[serde(flatten)]
    pub message: Message,
    /// Whether it is confidential; not if not given.
    pub safe: Option<Safe>,
    /// Whether ids in the text are shown as names; not if not given.
    pub enable_id_trans: Option<Flag>,
    /// Whether the same request is carried out once only; not if not given.
    pub enable_duplicate_check: Option<Flag>,
    /// For how long, in seconds: at most 14400, 1800 if not given.
    pub duplicate_check_interval: Option<i64>,
}

application_kinds! { says SendMessageWire => SendMessage(Message) {
    touser: Option<Joined<UserId>>,
    toparty: Option<Joined<DepartmentId>>,
    totag: Option<Joined<TagId>>,
    agentid: AgentId,
    safe: Option<Safe>,
    enable_id_trans: Option<Flag>,
    enable_duplicate_check: Option<Flag>,
    duplicate_check_interval: Option<i64>,
} }

impl SendMessage {
    /// To these members.
    #[must_use]
    pub fn to_users(self, users: impl IntoIterator<Item = impl Into<UserId>>) -> Self {
        self.touser(Joined::new(users))
    }

    /// To everybody who may use the application.
    #[must_use]
    pub fn to_all(self) -> Self {
        self.touser(UserId::all())
    }

    /// To everybody in these departments.
    #[must_use]
    pub fn to_departments(self, departments: impl IntoIterator<Item = DepartmentId>) -> Self {
        self.toparty(Joined::new(departments))
    }

    /// To everybody with one of these tags.
    #[must_use]
    pub fn to_tags(self, tags: impl IntoIterator<Item = TagId>) -> Self {
        self.totag(Joined::new(tags))
    }
}

impl Endpoint for SendMessage {
    type Platform = WeCom;
    type Output = Sent;
    const META: Meta = Meta::post("wecom.message.send", "/cgi-bin/message/send")
        .doc("https://developer.work.weixin.qq.com/document/path/90236");
}

/// A message that was sent, and whom it did not reach.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    /// Members it did not reach, in lower case.
    #[serde(default, deserialize_with = "or_default")]
    pub invaliduser: Joined<UserId>,
    /// Departments it did not reach.
    #[serde(default, deserialize_with = "or_default")]
    #[serde(skip_serializing_if = "Joined::is_empty")]
    pub invalidparty: Joined<DepartmentId>,
    /// Tags it did not reach.
    #[serde(default, deserialize_with = "or_default")]
    #[serde(skip_serializing_if = "Joined::is_empty")]
    pub invalidtag: Joined<TagId>,
    /// Members it did not reach for want of a licence.
    #[serde(default, deserialize_with = "or_default")]
    #[serde(skip_serializing_if = "Joined::is_empty")]
    pub unlicenseduser: Joined<UserId>,
    /// The message, for recalling it within 24 hours.
    #[serde(default, deserialize_with = "or_default")]
    pub msgid: Option<MsgId>,
    /// Changes the card once within 72 hours; for cards that people answer.
    #[serde(default, deserialize_with = "or_default")]
    pub response_code: Option<ResponseCode>,
}

impl Sent {
    /// Whether it reached everybody it was meant for.
    pub fn is_complete(&self) -> bool {
        self.invaliduser.is_empty()
            && self.invalidparty.is_empty()
            && self.invalidtag.is_empty()
            && self.unlicenseduser.is_empty()
    }
}

/// Recalls a message of the last 24 hours. Fails with 42052 when it is older.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct RecallMessage {
    /// What sending it answered.
    pub msgid: MsgId,
}

impl Endpoint for RecallMessage {
    type Platform = WeCom;
    type Output = Empty;
    const META: Meta = Meta::post("wecom.message.recall", "/cgi-bin/message/recall")
        .idempotent()
        .doc("https://developer.work.weixin.qq.com/document/path/94867");
}

/// Changes a card that people have answered, once for each code.
///
/// Either a button is renamed, and no button works any more, or the card is replaced.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct UpdateTemplateCard {
    /// For whom it changes.
    pub userids: Option<Vec<UserId>>,
    /// The same by department.
    pub partyids: Option<Vec<DepartmentId>>,
    /// The same by tag.
    pub tagids: Option<Vec<TagId>>,
    /// For everybody who got it.
    pub atall: Option<Flag>,
    /// The application that sent it.
    pub agentid: AgentId,
    /// From the answer to sending it, or from the event; valid for 72 hours.
    pub response_code: ResponseCode,
    /// What stands on the button from now on.
    pub button: Option<ReplacedButton>,
    /// The new card.
    pub template_card: Option<TemplateCard>,
    /// Whether ids in the new card are shown as names.
    pub enable_id_trans: Option<Flag>,
}

impl Endpoint for UpdateTemplateCard {
    type Platform = WeCom;
    type Output = Unreached;
    const META: Meta = Meta::post(
        "wecom.message.update_template_card",
        "/cgi-bin/message/update_template_card",
    )
    .doc("https://developer.work.weixin.qq.com/document/path/94888");
}

/// For whom a card did not change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Unreached {
    /// These members.
    #[serde(default, deserialize_with = "list")]
    pub invaliduser: Vec<UserId>,
}

/// A button after it was pressed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplacedButton {
    /// What stands on it.
    #[serde(default, deserialize_with = "text")]
    pub replace_name: String,
}

impl From<&str> for ReplacedButton {
    fn from(name: &str) -> Self {
        Self {
            replace_name: name.to_owned(),
        }
    }
}

/// Renames the button of a [`Taskcard`](crate::message::Taskcard) that was pressed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct UpdateTaskcard {
    /// For whom it changes.
    pub userids: Vec<UserId>,
    /// The application that sent it.
    pub agentid: AgentId,
    /// The card.
    pub task_id: TaskId,
    /// What stands on the button from now on.
    pub replace_name: String,
}

impl Endpoint for UpdateTaskcard {
    type Platform = WeCom;
    type Output = Unreached;
    const META: Meta = Meta::post(
        "wecom.message.update_taskcard",
        "/cgi-bin/message/update_taskcard",
    )
    .doc("https://developer.work.weixin.qq.com/document/path/91579");
}
