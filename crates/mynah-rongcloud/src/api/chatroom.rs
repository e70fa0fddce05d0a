//! Chatrooms: who is there, who may not speak or come in, and what they hear.
//!
//! A chatroom is destroyed after an hour in which nobody speaks or joins, unless it is
//! [kept alive](AddKeepalive). What the server sends is bound by no mute.

use mynah_core::{BadParameters, Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};

use crate::RongCloud;
use crate::api::again;
use crate::content::ObjectName;
use crate::id::{ChatroomId, UserId};
use crate::limits::{self, MOST_MINUTES};
use crate::named::Named;
use crate::time::Moment;
use crate::types::Flag;

/// How many chatrooms one call creates at most.
pub const MOST_CREATED: usize = 100;

/// How many users one call adds at most.
pub const MOST_JOINING: usize = 50;

/// How many users one call mutes or blocks at most.
pub const MOST_MUTED: usize = 20;

/// How many users are whitelisted in a chatroom at most, in one call and in all.
pub const MOST_WHITELISTED: usize = 5;

/// How many kinds of messages one call makes less important at most.
pub const MOST_KINDS: usize = 5;

/// How many kinds of messages are less important at most, in all.
pub const MOST_LOW_PRIORITY: usize = 20;

/// How many users one call asks about at most.
pub const MOST_ASKED: usize = 1000;

/// How many members one call tells of at most; more are not told, whatever is asked.
pub const LARGEST_COUNT: i64 = 500;

/// Creates chatrooms. One that stands already does not change.
///
/// ```
/// use mynah_rongcloud::api::chatroom::CreateChatrooms;
///
/// let rooms = CreateChatrooms::new([("r1", "Room 1"), ("r2", "Room 2")]);
/// assert_eq!(rooms.chatrooms.len(), 2);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CreateChatrooms {
    /// The chatrooms, each with its name: at most 100.
    #[serde(rename = "chatroom")]
    pub chatrooms: Named<ChatroomId>,
}

impl Endpoint for CreateChatrooms {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again("rongcloud.chatroom.create", "/chatroom/create.json")
        .brackets(&["chatroom"])
        .doc("https://docs.rongcloud.io/platform-chat-api/chatroom/create");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::some("chatroom", &self.chatrooms.0),
            limits::each(&self.chatrooms.0, |(room, _)| limits::id("chatroom", room)),
            limits::count("chatroom", self.chatrooms.len(), MOST_CREATED),
        ])
    }
}

/// Adds users to a chatroom, which is created where it does not stand.
///
/// Deprecated by the platform: joining is what a client does. Fails with 23409 (HTTP 403) when one
/// of them is [blocked](AddChatroomBlock); nobody joins then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct JoinChatroom {
    /// Who joins: at most 50.
    #[serde(rename = "userId")]
    pub user_ids: Vec<UserId>,
    /// The chatroom.
    #[serde(rename = "chatroomId")]
    pub chatroom_id: ChatroomId,
}

impl Endpoint for JoinChatroom {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again("rongcloud.chatroom.join", "/chatroom/join.json")
        .doc("https://pypi.org/project/rongcloud/2.0.1/");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::ids("userId", &self.user_ids, MOST_JOINING),
            limits::id("chatroomId", &self.chatroom_id),
        ])
    }
}

/// Tells of chatrooms; those that do not stand are left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct QueryChatrooms {
    /// The chatrooms.
    #[serde(rename = "chatroomId")]
    pub chatroom_ids: Vec<ChatroomId>,
}

impl Endpoint for QueryChatrooms {
    type Platform = RongCloud;
    type Output = Vec<Chatroom>;
    const META: Meta = again("rongcloud.chatroom.query", "/chatroom/query.json")
        .at("chatRooms")
        .doc("https://docs.rongcloud.io/platform-chat-api/chatroom/get");

    fn check(&self) -> Result<(), BadParameters> {
        rooms(&self.chatroom_ids)
    }
}

/// A chatroom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chatroom {
    /// Its id.
    #[serde(rename = "chrmId", alias = "chatroomId")]
    pub id: ChatroomId,
    /// Its name.
    #[serde(default, deserialize_with = "mynah_core::lenient::text")]
    pub name: String,
    /// When it was created.
    pub time: Moment,
}

mynah_core::numbers! {
    /// In which order members are told of.
    pub enum Order {
        /// Who joined first comes first.
        Ascending = 1,
        /// Who joined last comes first.
        Descending = 2,
    }
}

/// Lists members of a chatroom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct QueryChatroomUsers {
    /// The chatroom.
    #[serde(rename = "chatroomId")]
    pub chatroom_id: ChatroomId,
    /// How many at most; no more than 500 are told.
    pub count: i64,
    /// In which order.
    pub order: Order,
}

impl Endpoint for QueryChatroomUsers {
    type Platform = RongCloud;
    type Output = ChatroomUsers;
    const META: Meta = again("rongcloud.chatroom.user.query", "/chatroom/user/query.json")
        .doc("https://docs.rongcloud.io/platform-chat-api/chatroom/get");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::id("chatroomId", &self.chatroom_id),
            limits::range("count", self.count, 1..=i64::MAX),
            limits::range("order", self.order.number(), 1..=2),
        ])
    }
}

/// Members of a chatroom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatroomUsers {
    /// How many there are in all.
    #[serde(default, deserialize_with = "mynah_core::lenient::integer")]
    pub total: u32,
    /// Those that were asked for.
    pub users: Vec<ChatroomUser>,
}

/// A member of a chatroom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatroomUser {
    /// The user.
    pub id: UserId,
    /// When they joined.
    pub time: Moment,
}

/// Swallows what people say in a chatroom; they are not told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct StopDistribution {
    /// The chatroom.
    #[serde(rename = "chatroomId")]
    pub chatroom_id: ChatroomId,
}

impl Endpoint for StopDistribution {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again(
        "rongcloud.chatroom.message.stop_distribution",
        "/chatroom/message/stopDistribution.json",
    )
    .doc("https://pypi.org/project/rongcloud/2.0.1/");

    fn check(&self) -> Result<(), BadParameters> {
        limits::id("chatroomId", &self.chatroom_id)
    }
}

/// Ends what [`StopDistribution`] began.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ResumeDistribution {
    /// The chatroom.
    #[serde(rename = "chatroomId")]
    pub chatroom_id: ChatroomId,
}

impl Endpoint for ResumeDistribution {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again(
        "rongcloud.chatroom.message.resume_distribution",
        "/chatroom/message/resumeDistribution.json",
    )
    .doc("https://pypi.org/project/rongcloud/2.0.1/");

    fn check(&self) -> Result<(), BadParameters> {
        limits::id("chatroomId", &self.chatroom_id)
    }
}

/// Mutes users in a chatroom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct AddChatroomGag {
    /// The users: at most 20.
    #[serde(rename = "userId")]
    pub user_ids: Vec<UserId>,
    /// The chatroom.
    #[serde(rename = "chatroomId")]
    pub chatroom_id: ChatroomId,
    /// For how long: 1 to 43200, which is 30 days.
    pub minute: i64,
}

impl Endpoint for AddChatroomGag {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = Meta::form(
        "rongcloud.chatroom.user.gag.add",
        "/chatroom/user/gag/add.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/chatroom/mute/gag-user");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            members(&self.user_ids, &self.chatroom_id, MOST_MUTED),
            limits::range("minute", self.minute, 1..=MOST_MINUTES),
        ])
    }
}

/// Lists who is muted in a chatroom.
#[doc(alias = "ListGagUser")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListChatroomGags {
    /// The chatroom.
    #[serde(rename = "chatroomId")]
    pub chatroom_id: ChatroomId,
}

impl Endpoint for ListChatroomGags {
    type Platform = RongCloud;
    type Output = Vec<Barred>;
    const META: Meta = again(
        "rongcloud.chatroom.user.gag.list",
        "/chatroom/user/gag/list.json",
    )
    .at("users")
    .doc("https://docs.rongcloud.io/platform-chat-api/chatroom/mute/gag-user");

    fn check(&self) -> Result<(), BadParameters> {
        limits::id("chatroomId", &self.chatroom_id)
    }
}

/// Somebody who may not speak in a chatroom, or not come in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Barred {
    /// The user.
    #[serde(rename = "userId")]
    pub user_id: UserId,
    /// When that ends.
    pub time: Moment,
}

/// Lets users speak in a chatroom again.
#[doc(alias = "rollbackGagUser")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct RollbackChatroomGag {
    /// The users: at most 20.
    #[serde(rename = "userId")]
    pub user_ids: Vec<UserId>,
    /// The chatroom.
    #[serde(rename = "chatroomId")]
    pub chatroom_id: ChatroomId,
}

impl Endpoint for RollbackChatroomGag {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again(
        "rongcloud.chatroom.user.gag.rollback",
        "/chatroom/user/gag/rollback.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/chatroom/mute/ungag-user");

    fn check(&self) -> Result<(), BadParameters> {
        members(&self.user_ids, &self.chatroom_id, MOST_MUTED)
    }
}

/// Removes users from a chatroom at once, and keeps them out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct AddChatroomBlock {
    /// The users: at most 20.
    #[serde(rename = "userId")]
    pub user_ids: Vec<UserId>,
    /// The chatroom.
    #[serde(rename = "chatroomId")]
    pub chatroom_id: ChatroomId,
    /// For how long: 1 to 43200, which is 30 days.
    pub minute: i64,
}

impl Endpoint for AddChatroomBlock {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = Meta::form(
        "rongcloud.chatroom.user.block.add",
        "/chatroom/user/block/add.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/chatroom/block/block-user");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            members(&self.user_ids, &self.chatroom_id, MOST_MUTED),
            limits::range("minute", self.minute, 1..=MOST_MINUTES),
        ])
    }
}

/// Lists who is kept out of a chatroom.
#[doc(alias = "getListBlockUser")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListChatroomBlocks {
    /// The chatroom.
    #[serde(rename = "chatroomId")]
    pub chatroom_id: ChatroomId,
}

impl Endpoint for ListChatroomBlocks {
    type Platform = RongCloud;
    type Output = Vec<Barred>;
    const META: Meta = again(
        "rongcloud.chatroom.user.block.list",
        "/chatroom/user/block/list.json",
    )
    .at("users")
    .doc("https://docs.rongcloud.io/platform-chat-api/chatroom/block/block-user");

    fn check(&self) -> Result<(), BadParameters> {
        limits::id("chatroomId", &self.chatroom_id)
    }
}

/// Lets users into a chatroom again. They are not in it by this.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct RollbackChatroomBlock {
    /// The users: at most 20.
    #[serde(rename = "userId")]
    pub user_ids: Vec<UserId>,
    /// The chatroom.
    #[serde(rename = "chatroomId")]
    pub chatroom_id: ChatroomId,
}

impl Endpoint for RollbackChatroomBlock {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again(
        "rongcloud.chatroom.user.block.rollback",
        "/chatroom/user/block/rollback.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/chatroom/block/unblock-user");

    fn check(&self) -> Result<(), BadParameters> {
        members(&self.user_ids, &self.chatroom_id, MOST_MUTED)
    }
}

/// Destroys chatrooms, and forgets who was muted, blocked and whitelisted in them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DestroyChatrooms {
    /// The chatrooms.
    #[serde(rename = "chatroomId")]
    pub chatroom_ids: Vec<ChatroomId>,
}

impl Endpoint for DestroyChatrooms {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again("rongcloud.chatroom.destroy", "/chatroom/destroy.json")
        .doc("https://docs.rongcloud.io/platform-chat-api/chatroom/destroy-about");

    fn check(&self) -> Result<(), BadParameters> {
        rooms(&self.chatroom_ids)
    }
}

/// Whitelists users in a chatroom: they are not removed when they go offline, and what they say
/// is not dropped under load.
///
/// Fails with 1002 when more than 5 would be whitelisted there, and with 1009 (HTTP 430) where the
/// service is not enabled.
#[doc(alias = "addWhiteListUser")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct AddChatroomWhitelist {
    /// The chatroom.
    #[serde(rename = "chatroomId")]
    pub chatroom_id: ChatroomId,
    /// The users: at most 5.
    #[serde(rename = "userId")]
    pub user_ids: Vec<UserId>,
}

impl Endpoint for AddChatroomWhitelist {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again(
        "rongcloud.chatroom.user.whitelist.add",
        "/chatroom/user/whitelist/add.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/chatroom/whitelist/add-to-user-whitelist");

    fn check(&self) -> Result<(), BadParameters> {
        members(&self.user_ids, &self.chatroom_id, MOST_WHITELISTED)
    }
}

/// Ends what [`AddChatroomWhitelist`] began.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct RemoveChatroomWhitelist {
    /// The chatroom.
    #[serde(rename = "chatroomId")]
    pub chatroom_id: ChatroomId,
    /// The users: at most 5.
    #[serde(rename = "userId")]
    pub user_ids: Vec<UserId>,
}

impl Endpoint for RemoveChatroomWhitelist {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again(
        "rongcloud.chatroom.user.whitelist.remove",
        "/chatroom/user/whitelist/remove.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/chatroom/whitelist/whitelist-service-about");

    fn check(&self) -> Result<(), BadParameters> {
        members(&self.user_ids, &self.chatroom_id, MOST_WHITELISTED)
    }
}

/// Lists who is whitelisted in a chatroom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct QueryChatroomWhitelist {
    /// The chatroom.
    #[serde(rename = "chatroomId")]
    pub chatroom_id: ChatroomId,
}

impl Endpoint for QueryChatroomWhitelist {
    type Platform = RongCloud;
    type Output = Vec<UserId>;
    const META: Meta = again(
        "rongcloud.chatroom.user.whitelist.query",
        "/chatroom/user/whitelist/query.json",
    )
    .at("users")
    .doc("https://docs.rongcloud.io/platform-chat-api/chatroom/whitelist/whitelist-service-about");

    fn check(&self) -> Result<(), BadParameters> {
        limits::id("chatroomId", &self.chatroom_id)
    }
}

/// Makes kinds of messages less important in all chatrooms: they are dropped first under load.
///
/// Fails with 1002 when there would be more than 20.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct AddPriority {
    /// The kinds: at most 5.
    #[serde(rename = "objectName")]
    pub object_names: Vec<ObjectName>,
}

impl Endpoint for AddPriority {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again(
        "rongcloud.chatroom.message.priority.add",
        "/chatroom/message/priority/add.json",
    )
    .doc(
        "https://docs.rongcloud.io/platform-chat-api/chatroom/message-priority/add-low-priority-message-type",
    );

    fn check(&self) -> Result<(), BadParameters> {
        kinds(&self.object_names)
    }
}

/// Makes kinds of messages as important as any other again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct RemovePriority {
    /// The kinds: at most 5.
    #[serde(rename = "objectName")]
    pub object_names: Vec<ObjectName>,
}

impl Endpoint for RemovePriority {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again(
        "rongcloud.chatroom.message.priority.remove",
        "/chatroom/message/priority/remove.json",
    )
    .doc(
        "https://docs.rongcloud.io/platform-chat-api/chatroom/message-priority/add-low-priority-message-type",
    );

    fn check(&self) -> Result<(), BadParameters> {
        kinds(&self.object_names)
    }
}

/// Lists the kinds of messages that are less important.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Request)]
pub struct QueryPriority {}

impl Endpoint for QueryPriority {
    type Platform = RongCloud;
    type Output = Vec<ObjectName>;
    const META: Meta = again(
        "rongcloud.chatroom.message.priority.query",
        "/chatroom/message/priority/query.json",
    )
    .at("objectNames")
    .doc(
        "https://docs.rongcloud.io/platform-chat-api/chatroom/message-priority/add-low-priority-message-type",
    );
}

/// Tells which users are in a chatroom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CheckChatroomUsers {
    /// The chatroom.
    #[serde(rename = "chatroomId")]
    pub chatroom_id: ChatroomId,
    /// The users: at most 1000.
    #[serde(rename = "userId")]
    pub user_ids: Vec<UserId>,
}

impl Endpoint for CheckChatroomUsers {
    type Platform = RongCloud;
    type Output = Vec<Presence>;
    const META: Meta = again(
        "rongcloud.chatroom.users.exist",
        "/chatroom/users/exist.json",
    )
    .at("result")
    .doc("https://docs.rongcloud.io/platform-chat-api/chatroom/get");

    fn check(&self) -> Result<(), BadParameters> {
        members(&self.user_ids, &self.chatroom_id, MOST_ASKED)
    }
}

/// Whether a user is in a chatroom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// The user.
    #[serde(rename = "userId", alias = "userid")]
    pub user_id: UserId,
    /// Whether they are.
    #[serde(rename = "isInChrm")]
    pub is_in: Flag,
}

/// Tells whether a user is in a chatroom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CheckChatroomUser {
    /// The chatroom.
    #[serde(rename = "chatroomId")]
    pub chatroom_id: ChatroomId,
    /// The user.
    #[serde(rename = "userId")]
    pub user_id: UserId,
}

impl Endpoint for CheckChatroomUser {
    type Platform = RongCloud;
    type Output = InChatroom;
    const META: Meta = again("rongcloud.chatroom.user.exist", "/chatroom/user/exist.json")
        .doc("https://docs.rongcloud.io/platform-chat-api/chatroom/get");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::id("chatroomId", &self.chatroom_id),
            limits::id("userId", &self.user_id),
        ])
    }
}

/// Whether the user that was asked about is in the chatroom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InChatroom {
    /// Whether they are.
    #[serde(rename = "isInChrm", deserialize_with = "mynah_core::lenient::boolean")]
    pub is_in: bool,
}

/// Keeps a chatroom from being destroyed when nobody speaks.
///
/// Fails with 1016 (HTTP 403) when too many are kept alive, and with 1009 (HTTP 430) where the
/// service is not enabled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct AddKeepalive {
    /// The chatroom.
    #[serde(rename = "chatroomId")]
    pub chatroom_id: ChatroomId,
}

impl Endpoint for AddKeepalive {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again(
        "rongcloud.chatroom.keepalive.add",
        "/chatroom/keepalive/add.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/chatroom/keep-alive/add-to-keep-alive");

    fn check(&self) -> Result<(), BadParameters> {
        limits::id("chatroomId", &self.chatroom_id)
    }
}

/// Ends what [`AddKeepalive`] began. Fails with 1015, in an HTTP 200, where it had not begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct RemoveKeepalive {
    /// The chatroom.
    #[serde(rename = "chatroomId")]
    pub chatroom_id: ChatroomId,
}

impl Endpoint for RemoveKeepalive {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = Meta::form(
        "rongcloud.chatroom.keepalive.remove",
        "/chatroom/keepalive/remove.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/chatroom/keep-alive/add-to-keep-alive");

    fn check(&self) -> Result<(), BadParameters> {
        limits::id("chatroomId", &self.chatroom_id)
    }
}

/// Lists the chatrooms that are kept alive.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Request)]
pub struct QueryKeepalive {}

impl Endpoint for QueryKeepalive {
    type Platform = RongCloud;
    type Output = KeptAlive;
    const META: Meta = again(
        "rongcloud.chatroom.keepalive.query",
        "/chatroom/keepalive/query.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/chatroom/keep-alive/add-to-keep-alive");
}

/// The chatrooms that are kept alive.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptAlive {
    /// Their ids.
    #[serde(rename = "chatroomIds", alias = "chatroomids")]
    pub chatroom_ids: Vec<ChatroomId>,
}

/// Chatrooms, of which one is required.
fn rooms(ids: &[ChatroomId]) -> Result<(), BadParameters> {
    limits::all([
        limits::some("chatroomId", ids),
        limits::each(ids, |room| limits::id("chatroomId", room)),
    ])
}

/// Users, of whom one is required, and a chatroom.
fn members(users: &[UserId], room: &ChatroomId, most: usize) -> Result<(), BadParameters> {
    limits::all([
        limits::ids("userId", users, most),
        limits::id("chatroomId", room),
    ])
}

/// Kinds of messages, of which one is required.
fn kinds(names: &[ObjectName]) -> Result<(), BadParameters> {
    limits::all([
        limits::some("objectName", names),
        limits::each(names, limits::object_name),
        limits::count("objectName", names.len(), MOST_KINDS),
    ])
}
