//! What happened.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Format;
use crate::id::{ChatId, OpenConversationId, ProcessQueryKey, RobotCode, UnionId, UserId};
use crate::members::{Members, Object, digits};

/// What happened.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// Nothing: the platform tries the address of the application.
    CheckUrl,
    /// Nothing: the platform tries a new address of somebody who makes
    /// applications for others
    /// (<https://open.dingtalk.com/document/development/validating-and-updating-callback-url-events>).
    CheckCreateSuiteUrl(SuiteCheck),
    /// The same for an address that is changed.
    CheckUpdateSuiteUrl(SuiteCheck),
    /// People came into a group
    /// (<https://open.dingtalk.com/document/development/group-session-add-persons>).
    ChatAddMember(ChatMembers),
    /// People were taken out of a group
    /// (<https://open.dingtalk.com/document/development/group-session-delete-persons>).
    ChatRemoveMember(ChatMembers),
    /// Somebody left a group, which is who did it
    /// (<https://open.dingtalk.com/document/development/group-session-users-actively-withdraw-from-the-group>).
    ChatQuit(ChatChange),
    /// A group has another owner
    /// (<https://open.dingtalk.com/document/development/group-session-change-group-master>).
    ChatUpdateOwner(ChatOwner),
    /// A group has another name
    /// (<https://open.dingtalk.com/document/development/group-session-change-group-name>).
    ChatUpdateTitle(ChatTitle),
    /// A group is no more
    /// (<https://open.dingtalk.com/document/development/group-session-disband-group>).
    ChatDisband(ChatChange),
    /// Somebody has read what a robot said
    /// (<https://open.dingtalk.com/document/development/bot-message-read-event>).
    RobotMsgRead(RobotMsg),
    /// Somebody has recalled what a robot said
    /// (<https://open.dingtalk.com/document/development/bot-message-withdrawal-event>).
    RobotMsgRecall(RobotMsg),
    /// A kind that this version does not know; what it says is in
    /// [`extra`](super::Callback::extra).
    Other(
        /// The platform's word for it.
        String,
    ),
}

/// What somebody must know who makes applications for others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SuiteCheck {
    /// A word of the platform; older clients answered with it.
    pub random: Option<String>,
    /// The suite that is tried.
    pub test_suite_key: Option<String>,
}

/// A change of a group: which, when, by whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChatChange {
    /// When, in milliseconds since 1970.
    pub time_stamp: Option<i64>,
    /// The group.
    pub chat_id: Option<ChatId>,
    /// The group, for the newer interfaces.
    pub open_conversation_id: Option<OpenConversationId>,
    /// The organisation of the group; not in [`Format::Registered`].
    pub corp_id: Option<String>,
    /// Who did it.
    pub operator: Option<UserId>,
    /// The same person for every organisation; not in [`Format::Registered`].
    pub operator_union_id: Option<UnionId>,
}

/// People came into a group or were taken out of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChatMembers {
    /// The group.
    pub chat: ChatChange,
    /// Those who came or went.
    pub user_ids: Vec<UserId>,
    /// The same people; not in [`Format::Registered`].
    pub union_ids: Vec<UnionId>,
}

/// A group has another owner.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChatOwner {
    /// The group.
    pub chat: ChatChange,
    /// Who owns it now.
    pub owner: Option<UserId>,
}

/// A group has another name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChatTitle {
    /// The group.
    pub chat: ChatChange,
    /// Its name now.
    pub title: Option<String>,
}

/// Somebody has read or recalled what a robot said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RobotMsg {
    /// Where it was said.
    pub open_conversation_id: Option<OpenConversationId>,
    /// Who did it.
    pub user_id: Option<UserId>,
    /// The same person for every organisation.
    pub union_id: Option<UnionId>,
    /// The robot.
    pub robot_code: Option<RobotCode>,
    /// What it said.
    pub process_query_key: Option<ProcessQueryKey>,
    /// When, in milliseconds since 1970.
    pub operat_time: Option<i64>,
}

impl Kind {
    /// The platform's word for it, as in `EventType`.
    pub fn word(&self) -> &str {
        match self {
            Self::CheckUrl => "check_url",
            Self::CheckCreateSuiteUrl(_) => "check_create_suite_url",
            Self::CheckUpdateSuiteUrl(_) => "check_update_suite_url",
            Self::ChatAddMember(_) => "chat_add_member",
            Self::ChatRemoveMember(_) => "chat_remove_member",
            Self::ChatQuit(_) => "chat_quit",
            Self::ChatUpdateOwner(_) => "chat_update_owner",
            Self::ChatUpdateTitle(_) => "chat_update_title",
            Self::ChatDisband(_) => "chat_disband",
            Self::RobotMsgRead(_) => "robot_msg_read",
            Self::RobotMsgRecall(_) => "robot_msg_recall",
            Self::Other(word) => word,
        }
    }

    /// Whether the members of this kind begin with a capital in this shape.
    pub(super) fn capitals(word: &str, format: Format) -> bool {
        match format {
            Format::Registered => true,
            Format::Console | Format::DataPush => word.starts_with("robot_msg_"),
            Format::Stream => false,
        }
    }

    pub(super) fn read(word: String, format: Format, from: &mut Members) -> Self {
        match word.as_str() {
            "check_url" => Self::CheckUrl,
            "check_create_suite_url" => Self::CheckCreateSuiteUrl(SuiteCheck::read(from)),
            "check_update_suite_url" => Self::CheckUpdateSuiteUrl(SuiteCheck::read(from)),
            "chat_add_member" => Self::ChatAddMember(ChatMembers::read(format, from)),
            "chat_remove_member" => Self::ChatRemoveMember(ChatMembers::read(format, from)),
            "chat_quit" => Self::ChatQuit(ChatChange::read(format, from)),
            "chat_update_owner" => Self::ChatUpdateOwner(ChatOwner {
                chat: ChatChange::read(format, from),
                owner: from.either("owner"),
            }),
            "chat_update_title" => Self::ChatUpdateTitle(ChatTitle {
                chat: ChatChange::read(format, from),
                title: from.either("title"),
            }),
            "chat_disband" => Self::ChatDisband(ChatChange::read(format, from)),
            "robot_msg_read" => Self::RobotMsgRead(RobotMsg::read(from)),
            "robot_msg_recall" => Self::RobotMsgRecall(RobotMsg::read(from)),
            _ => Self::Other(word),
        }
    }

    pub(super) fn write(&self, format: Format, to: &mut Object) {
        match self {
            Self::CheckUrl | Self::Other(_) => {}
            Self::CheckCreateSuiteUrl(check) | Self::CheckUpdateSuiteUrl(check) => check.write(to),
            Self::ChatAddMember(change) | Self::ChatRemoveMember(change) => {
                change.write(format, to);
            }
            Self::ChatQuit(change) | Self::ChatDisband(change) => change.write(format, to),
            Self::ChatUpdateOwner(change) => {
                change.chat.write(format, to);
                to.spelled("owner", change.owner.clone().map(String::from));
            }
            Self::ChatUpdateTitle(change) => {
                change.chat.write(format, to);
                to.spelled("title", change.title.clone());
            }
            Self::RobotMsgRead(change) => {
                change.write(to);
                // Here it is text, there it is a number.
                to.spelled("operatTime", digits(change.operat_time));
            }
            Self::RobotMsgRecall(change) => {
                change.write(to);
                to.spelled("operatTime", change.operat_time);
            }
        }
    }

    /// The group it is about, and the people it happened to.
    pub(super) fn subject(&self) -> Option<(&ChatChange, Vec<&str>)> {
        Some(match self {
            Self::ChatAddMember(change) | Self::ChatRemoveMember(change) => {
                let users = change.user_ids.iter().map(UserId::as_str);
                (&change.chat, users.collect())
            }
            Self::ChatQuit(chat)
            | Self::ChatDisband(chat)
            | Self::ChatUpdateOwner(ChatOwner { chat, .. })
            | Self::ChatUpdateTitle(ChatTitle { chat, .. }) => (chat, Vec::new()),
            _ => return None,
        })
    }

    fn chat_mut(&mut self) -> Option<&mut ChatChange> {
        Some(match self {
            Self::ChatAddMember(change) | Self::ChatRemoveMember(change) => &mut change.chat,
            Self::ChatQuit(chat)
            | Self::ChatDisband(chat)
            | Self::ChatUpdateOwner(ChatOwner { chat, .. })
            | Self::ChatUpdateTitle(ChatTitle { chat, .. }) => chat,
            _ => return None,
        })
    }

    /// Takes out what has no place in this shape, and puts in what has.
    pub(super) fn fit(&mut self, format: Format, corp_id: Option<&str>) {
        let names_owner = matches!(self, Self::ChatUpdateOwner(_));
        if let Self::ChatAddMember(change) | Self::ChatRemoveMember(change) = self
            && format == Format::Registered
        {
            change.union_ids.clear();
        }
        let Some(chat) = self.chat_mut() else { return };
        if format == Format::Registered {
            (chat.corp_id, chat.operator_union_id) = (None, None);
        } else {
            chat.corp_id = chat.corp_id.take().or_else(|| corp_id.map(str::to_owned));
            if names_owner {
                (chat.chat_id, chat.operator) = (None, None);
            }
        }
    }
}

impl SuiteCheck {
    fn read(from: &mut Members) -> Self {
        Self {
            random: from.take("Random"),
            test_suite_key: from.take("TestSuiteKey"),
        }
    }

    fn write(&self, to: &mut Object) {
        to.put("Random", self.random.clone());
        to.put("TestSuiteKey", self.test_suite_key.clone());
    }
}

/// A member that registered callbacks do not have.
fn newer<T: DeserializeOwned>(format: Format, from: &mut Members, name: &str) -> Option<T> {
    (format != Format::Registered).then(|| from.take(name))?
}

impl ChatChange {
    fn read(format: Format, from: &mut Members) -> Self {
        Self {
            time_stamp: from.integer("timeStamp"),
            chat_id: from.either("chatId"),
            open_conversation_id: from.either("openConversationId"),
            corp_id: newer(format, from, "corpId"),
            operator: from.either("operator"),
            operator_union_id: newer(format, from, "operatorUnionId"),
        }
    }

    fn write(&self, format: Format, to: &mut Object) {
        to.spelled("timeStamp", self.time_stamp);
        to.spelled("chatId", self.chat_id.clone().map(String::from));
        let conversation = self.open_conversation_id.clone();
        to.spelled("openConversationId", conversation.map(String::from));
        to.spelled("operator", self.operator.clone().map(String::from));
        if format != Format::Registered {
            to.put("corpId", self.corp_id.clone());
            let operator = self.operator_union_id.clone();
            to.put("operatorUnionId", operator.map(String::from));
        }
    }
}

impl ChatMembers {
    fn read(format: Format, from: &mut Members) -> Self {
        let union_ids: Option<Vec<UnionId>> = newer(format, from, "unionId");
        // A list that names nobody leaves the word to the other spelling.
        let named: Option<Vec<UserId>> = from.either("userId");
        let named = named.filter(|ids| !ids.is_empty());
        Self {
            chat: ChatChange::read(format, from),
            user_ids: named.or_else(|| from.either("userId")).unwrap_or_default(),
            union_ids: union_ids.unwrap_or_default(),
        }
    }

    fn write(&self, format: Format, to: &mut Object) {
        self.chat.write(format, to);
        to.spelled("userId", texts(&self.user_ids));
        if format != Format::Registered {
            to.put("unionId", texts(&self.union_ids));
        }
    }
}

/// A list of ids, if there are any.
fn texts<T: AsRef<str>>(ids: &[T]) -> Option<Vec<&str>> {
    (!ids.is_empty()).then(|| ids.iter().map(AsRef::as_ref).collect())
}

impl RobotMsg {
    fn read(from: &mut Members) -> Self {
        Self {
            open_conversation_id: from.either("openConversationId"),
            user_id: from.either("userId"),
            union_id: from.either("unionId"),
            robot_code: from.either("robotCode"),
            process_query_key: from.either("processQueryKey"),
            operat_time: from.integer("operatTime"),
        }
    }

    fn write(&self, to: &mut Object) {
        let mut put = |name, value: Option<String>| to.spelled(name, value.map(Value::from));
        let conversation = self.open_conversation_id.clone();
        put("openConversationId", conversation.map(Into::into));
        put("userId", self.user_id.clone().map(Into::into));
        put("unionId", self.union_id.clone().map(Into::into));
        put("robotCode", self.robot_code.clone().map(Into::into));
        let key = self.process_query_key.clone();
        put("processQueryKey", key.map(Into::into));
    }
}
