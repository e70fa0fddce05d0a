//! Messages: to users, groups and chatrooms, to everybody, and taking them back.
//!
//! What is said is a [`Content`]: `saying` takes one, or a text. The kind and its text stand in
//! the calls as they are on the wire.

use std::collections::BTreeMap;

use mynah_core::{BadParameters, Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::again;
use crate::content::{Content, ObjectName};
use crate::id::{ChatroomId, DiscussionId, GroupId, MessageUid, TargetId, UserId};
use crate::limits::{self, CONTENT_BYTES, Checked};
use crate::message::Published;
use crate::platform::RongCloud;
use crate::template::{self, Template};
use crate::types::{ConversationType, Flag};

/// How many users a message goes to at most.
const RECIPIENTS: usize = 1000;

/// How many users the application tells something at most.
const SYSTEM_RECIPIENTS: usize = 100;

/// How many groups a message goes to at most.
const GROUPS: usize = 3;

/// What every message must have.
fn said(from_user_id: &UserId, object_name: &ObjectName, content: &String) -> Checked {
    limits::all([
        limits::id("fromUserId", from_user_id),
        limits::object_name(object_name),
        limits::present("content", content),
        limits::bytes("content", content, CONTENT_BYTES),
    ])
}

/// Only members of one group can be told apart.
fn directed(users: &[UserId], groups: &[GroupId]) -> Checked {
    limits::all([
        limits::each(users, |user| limits::id("toUserId", user)),
        limits::count("toGroupId", groups.len(), 1),
    ])
}

/// Defines a call that says something: who says it to whom, then the message, then, for those that
/// are `pushed`, what telephones show, then what else there is.
macro_rules! publish {
    (
        $(#[$meta:meta])*
        pub struct $name:ident { $($to:tt)* } pushed { $($more:tt)* }
    ) => {
        publish! {
            $(#[$meta])*
            pub struct $name { $($to)* } plain {
                /// What telephones show. A custom kind is only pushed with it.
                #[serde(rename = "pushContent")]
                pub push_content: Option<String>,
                /// What the application is given with it.
                #[serde(rename = "pushData")]
                pub push_data: Option<String>,
                /// Whether it is kept in the history; it is if nothing is said.
                #[serde(rename = "isPersisted")]
                pub is_persisted: Option<Flag>,
                /// Whether it counts as unread; it does if nothing is said.
                #[serde(rename = "isCounted")]
                pub is_counted: Option<Flag>,
                $($more)*
            }
        }
    };
    (
        $(#[$meta:meta])*
        pub struct $name:ident { $($to:tt)* } plain { $($more:tt)* }
    ) => {
        $(#[$meta])*
        #[skip_serializing_none]
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
        pub struct $name {
            /// Who says it.
            #[serde(rename = "fromUserId")]
            pub from_user_id: UserId,
            $($to)*
            /// The kind of the message: at most 32 characters.
            #[serde(rename = "objectName")]
            pub object_name: ObjectName,
            /// The text that the kind explains: at most 131,072 bytes.
            pub content: String,
            $($more)*
        }

        impl $name {
            /// What is said.
            pub fn said(&self) -> Content {
                Content::read(&self.object_name, &self.content)
            }
        }
    };
}

publish! {
    /// Says something to users, each for themselves. At most 6,000 messages a minute, counted for
    /// each recipient.
    #[doc(alias = "publishPrivate")]
    pub struct PublishPrivate {
        /// To whom: at most 1,000.
        #[serde(rename = "toUserId")]
        pub to_user_id: Vec<UserId>,
    } pushed {
        /// The number at the application's icon, for one recipient only: at most 9,999; -1 leaves
        /// it.
        pub count: Option<i64>,
        /// Whether those are left out who do not want to hear the sender.
        #[serde(rename = "verifyBlacklist")]
        pub verify_blacklist: Option<Flag>,
        /// Whether the sender's clients get it too, for one recipient only.
        #[serde(rename = "isIncludeSender")]
        pub is_include_sender: Option<Flag>,
        /// Whether iOS wakes the application in the background.
        #[serde(rename = "contentAvailable")]
        pub content_available: Option<Flag>,
        /// Whether something can be added to it later.
        pub expansion: Option<bool>,
        /// Whether telephones show nothing.
        #[serde(rename = "disablePush")]
        pub disable_push: Option<bool>,
        /// How telephones show it: JSON in a text.
        #[serde(rename = "pushExt")]
        pub push_ext: Option<String>,
    }
}

impl Endpoint for PublishPrivate {
    type Platform = RongCloud;
    type Output = Published;
    const META: Meta = Meta::form(
        "rongcloud.message.private.publish",
        "/message/private/publish.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/message/send-private");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            said(&self.from_user_id, &self.object_name, &self.content),
            limits::ids("toUserId", &self.to_user_id, RECIPIENTS),
            limits::given(self.count.as_ref(), |&count| {
                limits::range("count", count, -1..=9999)
            }),
        ])
    }
}

impl PublishPrivate {
    /// Says this to users.
    pub fn saying(
        from_user_id: impl Into<UserId>,
        to_user_id: impl IntoIterator<Item = impl Into<UserId>>,
        content: impl Into<Content>,
    ) -> Self {
        let (object_name, content) = content.into().into_parts();
        Self::new(from_user_id, to_user_id, object_name, content)
    }
}

/// Defines a call that says something with a text of its own for each recipient.
macro_rules! publish_template {
    ($(#[$meta:meta])* pub struct $name:ident;) => {
        $(#[$meta])*
        #[skip_serializing_none]
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
        pub struct $name {
            /// Who says it.
            #[serde(rename = "fromUserId")]
            pub from_user_id: UserId,
            /// The kind of the message: at most 32 characters.
            #[serde(rename = "objectName")]
            pub object_name: ObjectName,
            /// The text that the kind explains, with placeholders: at most 131,072 bytes.
            pub content: String,
            /// To whom.
            #[serde(rename = "toUserId")]
            pub to_user_id: Vec<UserId>,
            /// What stands in the place of the placeholders, for each recipient. The keys are the
            /// placeholders with their braces: `{name}`.
            #[serde(deserialize_with = "template::values")]
            pub values: Vec<BTreeMap<String, String>>,
            /// What each recipient's telephone shows, placeholders replaced.
            #[serde(rename = "pushContent")]
            pub push_content: Option<Vec<String>>,
            /// What each recipient's application is given with it, placeholders replaced.
            #[serde(rename = "pushData")]
            pub push_data: Option<Vec<String>>,
            /// Whether those are left out who do not want to hear the sender.
            #[serde(rename = "verifyBlacklist")]
            pub verify_blacklist: Option<Flag>,
        }

        impl $name {
            /// Says this to nobody yet; [`to`](Self::to) adds recipients.
            pub fn saying(from_user_id: impl Into<UserId>, content: impl Into<Content>) -> Self {
                let (object_name, content) = content.into().into_parts();
                let nobody: [UserId; 0] = [];
                let nothing: [BTreeMap<String, String>; 0] = [];
                Self::new(from_user_id, object_name, content, nobody, nothing)
            }

            /// The same to one more recipient, with what stands in the place of the placeholders.
            #[must_use]
            pub fn to<K: Into<String>, V: Into<String>>(
                mut self,
                user_id: impl Into<UserId>,
                values: impl IntoIterator<Item = (K, V)>,
            ) -> Self {
                let values = values.into_iter();
                self.to_user_id.push(user_id.into());
                self.values
                    .push(values.map(|(key, value)| (key.into(), value.into())).collect());
                self
            }

            fn check_template(&self, most: usize) -> Checked {
                let each = |field, texts: Option<usize>| {
                    let recipients = self.to_user_id.len();
                    limits::holds(field, texts.is_none_or(|texts| texts == recipients), || {
                        format!("one for each of {recipients} recipients")
                    })
                };
                limits::all([
                    said(&self.from_user_id, &self.object_name, &self.content),
                    limits::ids("toUserId", &self.to_user_id, most),
                    each("values", Some(self.values.len())),
                    each("pushContent", self.push_content.as_ref().map(Vec::len)),
                    each("pushData", self.push_data.as_ref().map(Vec::len)),
                ])?;
                self.template().check()
            }

            /// The message with its placeholders, for [rendering](Template::render) it.
            pub fn template(&self) -> Template<'_> {
                Template {
                    content: &self.content,
                    values: &self.values,
                    push_content: self.push_content.as_deref(),
                    push_data: self.push_data.as_deref(),
                }
            }
        }
    };
}

publish_template! {
    /// Says something to at most 1,000 users, each with a text of their own. At most 6,000 messages
    /// a minute, counted for each recipient.
    ///
    /// ```
    /// use mynah_rongcloud::api::message::PublishTemplate;
    ///
    /// let marks = PublishTemplate::saying("alice", "{name}: {mark}")
    ///     .to("bob", [("{name}", "Bob"), ("{mark}", "90")])
    ///     .to("carol", [("{name}", "Carol"), ("{mark}", "95")]);
    /// let second = marks.template().render().nth(1).unwrap();
    /// assert_eq!(second.content, r#"{"content":"Carol: 95"}"#);
    /// ```
    #[doc(alias = "publishTemplate")]
    pub struct PublishTemplate;
}

impl Endpoint for PublishTemplate {
    type Platform = RongCloud;
    type Output = Published;
    const META: Meta = Meta::post(
        "rongcloud.message.private.publish_template",
        "/message/private/publish_template.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/message/send-private-template");

    fn check(&self) -> Result<(), BadParameters> {
        self.check_template(RECIPIENTS)
    }
}

publish! {
    /// Tells users something in the name of the application. At most 100 messages a second, counted
    /// for each recipient.
    pub struct PublishSystem {
        /// To whom: at most 100.
        #[serde(rename = "toUserId")]
        pub to_user_id: Vec<UserId>,
    } pushed {}
}

impl Endpoint for PublishSystem {
    type Platform = RongCloud;
    type Output = Published;
    const META: Meta = Meta::form(
        "rongcloud.message.system.publish",
        "/message/system/publish.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/message/send-system");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            said(&self.from_user_id, &self.object_name, &self.content),
            limits::ids("toUserId", &self.to_user_id, SYSTEM_RECIPIENTS),
        ])
    }
}

impl PublishSystem {
    /// Tells users this.
    pub fn saying(
        from_user_id: impl Into<UserId>,
        to_user_id: impl IntoIterator<Item = impl Into<UserId>>,
        content: impl Into<Content>,
    ) -> Self {
        let (object_name, content) = content.into().into_parts();
        Self::new(from_user_id, to_user_id, object_name, content)
    }
}

publish_template! {
    /// Tells at most 100 users something in the name of the application, each with a text of their
    /// own. At most 100 messages a second, counted for each recipient.
    #[doc(alias = "publishSystemTemplate")]
    pub struct PublishSystemTemplate;
}

impl Endpoint for PublishSystemTemplate {
    type Platform = RongCloud;
    type Output = Published;
    const META: Meta = Meta::post(
        "rongcloud.message.system.publish_template",
        "/message/system/publish_template.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/message/send-system-template");

    fn check(&self) -> Result<(), BadParameters> {
        self.check_template(SYSTEM_RECIPIENTS)
    }
}

publish! {
    /// Says something in groups. The sender need not be a member, and being muted does not matter.
    /// At most 20 messages a second, counted for each group.
    #[doc(alias = "publishGroup")]
    pub struct PublishGroup {
        /// Where: at most 3 groups.
        #[serde(rename = "toGroupId")]
        pub to_group_id: Vec<GroupId>,
    } pushed {
        /// Whether the sender's clients get it too.
        #[serde(rename = "isIncludeSender")]
        pub is_include_sender: Option<Flag>,
        /// The members who get it, for one group only; all if nothing is said.
        #[serde(rename = "toUserId")]
        pub to_user_id: Option<Vec<UserId>>,
        /// Whether the content mentions members
        /// ([`mentionedInfo`](crate::content::Text::mentioned_info)).
        #[serde(rename = "isMentioned")]
        pub is_mentioned: Option<Flag>,
        /// Whether iOS wakes the application in the background.
        #[serde(rename = "contentAvailable")]
        pub content_available: Option<Flag>,
        /// Whether something can be added to it later.
        pub expansion: Option<bool>,
        /// Whether telephones show nothing.
        #[serde(rename = "disablePush")]
        pub disable_push: Option<bool>,
        /// How telephones show it: JSON in a text.
        #[serde(rename = "pushExt")]
        pub push_ext: Option<String>,
    }
}

impl Endpoint for PublishGroup {
    type Platform = RongCloud;
    type Output = Published;
    const META: Meta = Meta::form(
        "rongcloud.message.group.publish",
        "/message/group/publish.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/message/send-group");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            said(&self.from_user_id, &self.object_name, &self.content),
            limits::ids("toGroupId", &self.to_group_id, GROUPS),
            limits::given(self.to_user_id.as_ref(), |users| {
                directed(users, &self.to_group_id)
            }),
        ])
    }
}

impl PublishGroup {
    /// Says this in groups. A text that mentions members says so.
    pub fn saying(
        from_user_id: impl Into<UserId>,
        to_group_id: impl IntoIterator<Item = impl Into<GroupId>>,
        content: impl Into<Content>,
    ) -> Self {
        let content = content.into();
        let mentions = matches!(&content, Content::Text(text) if text.mentioned_info.is_some());
        let (object_name, content) = content.into_parts();
        Self {
            is_mentioned: mentions.then_some(Flag::ON),
            ..Self::new(from_user_id, to_group_id, object_name, content)
        }
    }
}

publish! {
    /// Says something in a discussion. Discussions are deprecated. At most 20 messages a second.
    #[doc(alias = "publishDiscussion")]
    pub struct PublishDiscussion {
        /// Where.
        #[serde(rename = "toDiscussionId")]
        pub to_discussion_id: DiscussionId,
    } pushed {
        /// Whether the sender's clients get it too.
        #[serde(rename = "isIncludeSender")]
        pub is_include_sender: Option<Flag>,
    }
}

impl Endpoint for PublishDiscussion {
    type Platform = RongCloud;
    type Output = Published;
    const META: Meta = Meta::form(
        "rongcloud.message.discussion.publish",
        "/message/discussion/publish.json",
    )
    .doc("https://github.com/rongcloud/server-sdk-python/tree/v2.0.1");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            said(&self.from_user_id, &self.object_name, &self.content),
            limits::id("toDiscussionId", &self.to_discussion_id),
        ])
    }
}

impl PublishDiscussion {
    /// Says this in a discussion.
    pub fn saying(
        from_user_id: impl Into<UserId>,
        to_discussion_id: impl Into<DiscussionId>,
        content: impl Into<Content>,
    ) -> Self {
        let (object_name, content) = content.into().into_parts();
        Self::new(from_user_id, to_discussion_id, object_name, content)
    }
}

publish! {
    /// Says something in chatrooms; more than ten of them are not recommended. At most 100 messages
    /// a second, counted for each chatroom.
    #[doc(alias = "publishChatroom")]
    pub struct PublishChatroom {
        /// Where.
        #[serde(rename = "toChatroomId")]
        pub to_chatroom_id: Vec<ChatroomId>,
    } plain {
        /// Whether it is kept in the history; it is if nothing is said.
        #[serde(rename = "isPersisted")]
        pub is_persisted: Option<Flag>,
        /// Whether the sender's clients get it too.
        #[serde(rename = "isIncludeSender")]
        pub is_include_sender: Option<Flag>,
    }
}

impl Endpoint for PublishChatroom {
    type Platform = RongCloud;
    type Output = Published;
    const META: Meta = Meta::form(
        "rongcloud.message.chatroom.publish",
        "/message/chatroom/publish.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/message/send-chatroom");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            said(&self.from_user_id, &self.object_name, &self.content),
            limits::some("toChatroomId", &self.to_chatroom_id),
            limits::each(&self.to_chatroom_id, |room| {
                limits::id("toChatroomId", room)
            }),
        ])
    }
}

impl PublishChatroom {
    /// Says this in chatrooms.
    pub fn saying(
        from_user_id: impl Into<UserId>,
        to_chatroom_id: impl IntoIterator<Item = impl Into<ChatroomId>>,
        content: impl Into<Content>,
    ) -> Self {
        let (object_name, content) = content.into().into_parts();
        Self::new(from_user_id, to_chatroom_id, object_name, content)
    }
}

publish! {
    /// Tells every user something in the name of the application. Twice an hour and three times a
    /// day. Fails with 1008 when it was said too often, and with that or 1009 where broadcasts are
    /// not enabled.
    #[doc(alias = "broadcast")]
    pub struct BroadcastMessage {} plain {
        /// What telephones show.
        #[serde(rename = "pushContent")]
        pub push_content: Option<String>,
        /// What the application is given with it.
        #[serde(rename = "pushData")]
        pub push_data: Option<String>,
        /// Whose telephones show it: `iOS` or `Android`; all if nothing is said.
        pub os: Option<String>,
    }
}

impl Endpoint for BroadcastMessage {
    type Platform = RongCloud;
    type Output = Published;
    const META: Meta = Meta::form("rongcloud.message.broadcast", "/message/broadcast.json")
        .doc("https://docs.rongcloud.io/platform-chat-api/message/send-broadcast");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            said(&self.from_user_id, &self.object_name, &self.content),
            limits::given(self.os.as_ref(), |os| {
                let known = matches!(os.as_str(), "" | "iOS" | "Android");
                limits::holds("os", known, || "iOS or Android".to_owned())
            }),
        ])
    }
}

publish! {
    /// Tells every user who is connected something in the name of the application.
    pub struct BroadcastOnline {} plain {}
}

impl Endpoint for BroadcastOnline {
    type Platform = RongCloud;
    type Output = Published;
    const META: Meta = Meta::form(
        "rongcloud.message.online.broadcast",
        "/message/online/broadcast.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/message/send-online-broadcast");

    fn check(&self) -> Result<(), BadParameters> {
        said(&self.from_user_id, &self.object_name, &self.content)
    }
}

publish! {
    /// Says something in all chatrooms. Once a second.
    pub struct BroadcastChatrooms {} plain {
        /// Whether the sender's clients get it too.
        #[serde(rename = "isIncludeSender")]
        pub is_include_sender: Option<Flag>,
    }
}

impl Endpoint for BroadcastChatrooms {
    type Platform = RongCloud;
    type Output = Published;
    const META: Meta = Meta::form(
        "rongcloud.message.chatroom.broadcast",
        "/message/chatroom/broadcast.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/message/send-chatroom-broadcast");

    fn check(&self) -> Result<(), BadParameters> {
        said(&self.from_user_id, &self.object_name, &self.content)
    }
}

/// What tells everybody something has a sender and a message, and no addressees.
macro_rules! broadcasts {
    ($($name:ident)+) => {$(
        impl $name {
            /// Says this.
            pub fn saying(from_user_id: impl Into<UserId>, content: impl Into<Content>) -> Self {
                let (object_name, content) = content.into().into_parts();
                Self::new(from_user_id, object_name, content)
            }
        }
    )+};
}

broadcasts! { BroadcastMessage BroadcastOnline BroadcastChatrooms }

publish! {
    /// Tells users something that only those get who are connected, such as that somebody is
    /// typing. It is not kept.
    pub struct PublishPrivateStatus {
        /// To whom: at most 1,000.
        #[serde(rename = "toUserId")]
        pub to_user_id: Vec<UserId>,
    } plain {
        /// Whether those are left out who do not want to hear the sender.
        #[serde(rename = "verifyBlacklist")]
        pub verify_blacklist: Option<Flag>,
        /// Whether the sender's clients get it too.
        #[serde(rename = "isIncludeSender")]
        pub is_include_sender: Option<Flag>,
    }
}

impl Endpoint for PublishPrivateStatus {
    type Platform = RongCloud;
    type Output = Published;
    const META: Meta = Meta::form(
        "rongcloud.statusmessage.private.publish",
        "/statusmessage/private/publish.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/message/send-private-status");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            said(&self.from_user_id, &self.object_name, &self.content),
            limits::ids("toUserId", &self.to_user_id, RECIPIENTS),
        ])
    }
}

impl PublishPrivateStatus {
    /// Tells users this.
    pub fn saying(
        from_user_id: impl Into<UserId>,
        to_user_id: impl IntoIterator<Item = impl Into<UserId>>,
        content: impl Into<Content>,
    ) -> Self {
        let (object_name, content) = content.into().into_parts();
        Self::new(from_user_id, to_user_id, object_name, content)
    }
}

publish! {
    /// Tells groups something that only those members get who are connected. It is not kept.
    pub struct PublishGroupStatus {
        /// Where: at most 3 groups.
        #[serde(rename = "toGroupId")]
        pub to_group_id: Vec<GroupId>,
    } plain {
        /// Whether the sender's clients get it too.
        #[serde(rename = "isIncludeSender")]
        pub is_include_sender: Option<Flag>,
    }
}

impl Endpoint for PublishGroupStatus {
    type Platform = RongCloud;
    type Output = Published;
    const META: Meta = Meta::form(
        "rongcloud.statusmessage.group.publish",
        "/statusmessage/group/publish.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/message/send-group-status");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            said(&self.from_user_id, &self.object_name, &self.content),
            limits::ids("toGroupId", &self.to_group_id, GROUPS),
        ])
    }
}

impl PublishGroupStatus {
    /// Tells groups this.
    pub fn saying(
        from_user_id: impl Into<UserId>,
        to_group_id: impl IntoIterator<Item = impl Into<GroupId>>,
        content: impl Into<Content>,
    ) -> Self {
        let (object_name, content) = content.into().into_parts();
        Self::new(from_user_id, to_group_id, object_name, content)
    }
}

/// Takes a message back, however old it is.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct RecallMessage {
    /// Who said it.
    #[serde(rename = "fromUserId")]
    pub from_user_id: UserId,
    /// What kind of conversation it was said in: a private one, a group, a chatroom, or the
    /// application's own.
    #[serde(rename = "conversationType")]
    pub conversation_type: ConversationType,
    /// Where it was said: the user, the group or the chatroom.
    #[serde(rename = "targetId")]
    pub target_id: TargetId,
    /// The message.
    #[serde(rename = "messageUID")]
    pub message_uid: MessageUid,
    /// When it was said, in milliseconds since 1970.
    #[serde(rename = "sentTime")]
    pub sent_time: i64,
    /// Whether an administrator takes it back.
    #[serde(rename = "isAdmin")]
    pub is_admin: Option<Flag>,
    /// Whether nothing is to stand in its place.
    #[serde(rename = "isDelete")]
    pub is_delete: Option<Flag>,
    /// Whether telephones show nothing.
    #[serde(rename = "disablePush")]
    pub disable_push: Option<bool>,
    /// What the application adds.
    pub extra: Option<String>,
}

impl Endpoint for RecallMessage {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again("rongcloud.message.recall", "/message/recall.json")
        .doc("https://docs.rongcloud.io/platform-chat-api/message/msgrecall");

    fn check(&self) -> Result<(), BadParameters> {
        use ConversationType::{Chatroom, Group, Private, System};
        let known = matches!(self.conversation_type, Private | Group | Chatroom | System);
        limits::all([
            limits::id("fromUserId", &self.from_user_id),
            limits::holds("conversationType", known, || "1, 3, 4 or 6".to_owned()),
            limits::id("targetId", &self.target_id),
            limits::present("messageUID", &self.message_uid),
            limits::range("sentTime", self.sent_time, 0..=i64::MAX),
        ])
    }
}
