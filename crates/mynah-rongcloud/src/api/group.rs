//! Groups, who may not speak in them, and who may all the same.
//!
//! The application manages groups; its users cannot. A group has at most 3000 members and holds
//! no names of its members. What the server sends is bound by no mute.

use mynah_core::{BadParameters, Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::RongCloud;
use crate::api::again;
use crate::content::{Content, ObjectName};
use crate::id::{GroupId, MessageUid, UserId};
use crate::limits::{self, MOST_MINUTES};
use crate::named::Named;
use crate::time::Moment;
use crate::types::Flag;

/// How many users one call adds or removes at most.
pub const MOST_USERS: usize = 1000;

/// How many members a group has at most, unless the platform raises it.
pub const MOST_MEMBERS: usize = 3000;

/// How many users one call mutes at most, and how many groups.
pub const MOST_MUTED: usize = 20;

/// How many characters the name of a group has at most.
pub const LONGEST_NAME: usize = 64;

/// How many groups of a user there are on a page at most.
pub const LARGEST_PAGE: i64 = 1000;

/// How many muted groups there are on a page at most.
pub const LARGEST_PAGE_OF_BANS: i64 = 200;

/// Creates a group, or adds users to it where it stands already.
///
/// Fails with 405 (HTTP 405) when there would be too many members.
///
/// ```
/// use mynah_rongcloud::api::group::CreateGroup;
///
/// let group = CreateGroup::new(["alice", "bob"], "g1", "Group One");
/// assert_eq!(group.user_ids.len(), 2);
/// ```
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CreateGroup {
    /// The members: at most 1000.
    #[serde(rename = "userId")]
    pub user_ids: Vec<UserId>,
    /// The group.
    #[serde(rename = "groupId")]
    pub group_id: GroupId,
    /// Its name: at most 64 characters. Notifications show it.
    #[serde(rename = "groupName")]
    pub group_name: String,
    /// Whether a message tells the members; then what follows says which one.
    #[serde(rename = "bindNotifyMsg")]
    pub bind_notify_msg: Option<bool>,
    /// Who sends that message.
    #[serde(rename = "fromUserId")]
    pub from_user_id: Option<UserId>,
    /// What kind of message it is.
    #[serde(rename = "objectName")]
    pub object_name: Option<ObjectName>,
    /// What it says, as text.
    pub content: Option<String>,
    /// How many members the group has at most; 0 for what the application may have.
    #[serde(rename = "maxMember")]
    pub max_member: Option<i64>,
}

impl CreateGroup {
    /// The members get this message, from this user.
    #[must_use]
    pub fn telling(self, from: impl Into<UserId>, content: impl Into<Content>) -> Self {
        let (object_name, content) = content.into().into_parts();
        Self {
            bind_notify_msg: Some(true),
            from_user_id: Some(from.into()),
            object_name: Some(object_name),
            content: Some(content),
            ..self
        }
    }
}

impl Endpoint for CreateGroup {
    type Platform = RongCloud;
    type Output = CreatedGroup;
    const META: Meta = again("rongcloud.group.create", "/group/create.json")
        .doc("https://docs.rongcloud.io/platform-chat-api/group/create-group");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::ids("userId", &self.user_ids, MOST_USERS),
            limits::id("groupId", &self.group_id),
            limits::present("groupName", &self.group_name),
            limits::characters("groupName", &self.group_name, LONGEST_NAME),
            limits::given(self.from_user_id.as_ref(), |user| {
                limits::bytes("fromUserId", user, limits::ID_BYTES)
            }),
            limits::given(self.object_name.as_ref(), limits::object_name),
            limits::given(self.content.as_ref(), |content| {
                limits::bytes("content", content, limits::CONTENT_BYTES)
            }),
        ])
    }
}

/// What became of a group that was created with a message for its members; nothing without one.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedGroup {
    /// The message.
    #[serde(rename = "messageUID", default)]
    pub message_uid: Option<MessageUid>,
    /// How many members the group has.
    #[serde(
        rename = "memberCount",
        default,
        deserialize_with = "mynah_core::lenient::optional_integer"
    )]
    pub member_count: Option<u32>,
}

/// Adds a user to groups, creating those that do not stand. A group that stands keeps its name,
/// and nobody leaves a group by this.
///
/// ```
/// use mynah_rongcloud::api::group::SyncGroups;
///
/// let sync = SyncGroups::new("alice", [("g1", "Group One"), ("g2", "Group Two")]);
/// assert_eq!(sync.groups.len(), 2);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SyncGroups {
    /// The user.
    #[serde(rename = "userId")]
    pub user_id: UserId,
    /// The groups, each with its name; may be none.
    #[serde(rename = "group", default, skip_serializing_if = "Named::is_empty")]
    pub groups: Named<GroupId>,
}

impl Endpoint for SyncGroups {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again("rongcloud.group.sync", "/group/sync.json")
        .brackets(&["group"])
        .doc("https://docs.rongcloud.io/platform-chat-api/group/overview");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::id("userId", &self.user_id),
            limits::each(&self.groups.0, |(group, name)| {
                limits::all([
                    limits::id("group", group),
                    limits::characters("group", name, LONGEST_NAME),
                ])
            }),
        ])
    }
}

/// Renames a group. Where there is none, nothing happens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct RefreshGroup {
    /// The group.
    #[serde(rename = "groupId")]
    pub group_id: GroupId,
    /// Its new name: at most 64 characters.
    #[serde(rename = "groupName")]
    pub group_name: String,
}

impl Endpoint for RefreshGroup {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again("rongcloud.group.refresh", "/group/refresh.json")
        .doc("https://docs.rongcloud.io/platform-chat-api/group/overview");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::id("groupId", &self.group_id),
            limits::present("groupName", &self.group_name),
            limits::characters("groupName", &self.group_name, LONGEST_NAME),
        ])
    }
}

/// Adds users to a group.
///
/// A group that does not stand is created, and wants a name then; a name renames one that stands.
/// Fails with 405 (HTTP 405) when there would be too many members; nobody joins then.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct JoinGroup {
    /// Who joins: at most 1000. Those who are members already do not count.
    #[serde(rename = "userId")]
    pub user_ids: Vec<UserId>,
    /// The group.
    #[serde(rename = "groupId")]
    pub group_id: GroupId,
    /// Its name: at most 64 characters.
    #[serde(rename = "groupName")]
    pub group_name: Option<String>,
}

impl Endpoint for JoinGroup {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again("rongcloud.group.join", "/group/join.json")
        .doc("https://docs.rongcloud.io/platform-chat-api/group/join-group");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::ids("userId", &self.user_ids, MOST_USERS),
            limits::id("groupId", &self.group_id),
            limits::given(self.group_name.as_ref(), |name| {
                limits::characters("groupName", name, LONGEST_NAME)
            }),
        ])
    }
}

/// Lists the members of a group; of an unknown one, nobody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct QueryGroupUsers {
    /// The group.
    #[serde(rename = "groupId")]
    pub group_id: GroupId,
}

impl Endpoint for QueryGroupUsers {
    type Platform = RongCloud;
    type Output = Vec<GroupUser>;
    const META: Meta = again("rongcloud.group.user.query", "/group/user/query.json")
        .at("users")
        .doc("https://docs.rongcloud.io/platform-chat-api/group/query-group-member");

    fn check(&self) -> Result<(), BadParameters> {
        limits::id("groupId", &self.group_id)
    }
}

/// A member of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupUser {
    /// The user.
    pub id: UserId,
}

/// Removes users from a group. Those who are no members do not matter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct QuitGroup {
    /// Who leaves: at most 1000.
    #[serde(rename = "userId")]
    pub user_ids: Vec<UserId>,
    /// The group.
    #[serde(rename = "groupId")]
    pub group_id: GroupId,
}

impl Endpoint for QuitGroup {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again("rongcloud.group.quit", "/group/quit.json")
        .doc("https://docs.rongcloud.io/platform-chat-api/group/overview");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::ids("userId", &self.user_ids, MOST_USERS),
            limits::id("groupId", &self.group_id),
        ])
    }
}

/// Mutes users in a group, or in all groups of the application. It stays when they leave.
///
/// ```
/// use mynah_rongcloud::api::group::AddGroupGag;
///
/// let for_an_hour = AddGroupGag::new(["bob"], 60).group_id("g1");
/// let everywhere_for_ever = AddGroupGag::new(["bob"], 0);
/// # let _ = (for_an_hour, everywhere_for_ever);
/// ```
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct AddGroupGag {
    /// The users: at most 20.
    #[serde(rename = "userId")]
    pub user_ids: Vec<UserId>,
    /// The group; all groups where it is not given, and at most 100 users may be muted so.
    #[serde(rename = "groupId")]
    pub group_id: Option<GroupId>,
    /// For how long: at most 43200, which is 30 days, or 0 for ever.
    pub minute: i64,
}

impl Endpoint for AddGroupGag {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = Meta::form("rongcloud.group.user.gag.add", "/group/user/gag/add.json")
        .doc("https://docs.rongcloud.io/platform-chat-api/group/mute/gag-user");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::ids("userId", &self.user_ids, MOST_MUTED),
            limits::given(self.group_id.as_ref(), |group| {
                limits::bytes("groupId", group, limits::ID_BYTES)
            }),
            limits::range("minute", self.minute, 0..=MOST_MINUTES),
        ])
    }
}

/// Lists who is muted in a group, or in all groups.
#[doc(alias = "lisGagUser")]
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListGroupGags {
    /// The group; those who are muted in all groups where it is not given.
    #[serde(rename = "groupId")]
    pub group_id: Option<GroupId>,
}

impl Endpoint for ListGroupGags {
    type Platform = RongCloud;
    type Output = Vec<Gag>;
    const META: Meta = again("rongcloud.group.user.gag.list", "/group/user/gag/list.json")
        .at("users")
        .doc("https://docs.rongcloud.io/platform-chat-api/group/mute/query-gagged-user");

    fn check(&self) -> Result<(), BadParameters> {
        limits::given(self.group_id.as_ref(), |group| {
            limits::bytes("groupId", group, limits::ID_BYTES)
        })
    }
}

/// Somebody who may not speak in a group.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gag {
    /// The user.
    #[serde(rename = "userId")]
    pub user_id: UserId,
    /// When it began; older servers do not tell.
    #[serde(rename = "startTime", default)]
    pub start_time: Option<Moment>,
    /// When it ends; the last second of the year 9999 where it does not.
    pub time: Moment,
}

/// Lets users speak in a group again, or in all groups.
#[doc(alias = "rollBackGagUser")]
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct RollbackGroupGag {
    /// The users: at most 20.
    #[serde(rename = "userId")]
    pub user_ids: Vec<UserId>,
    /// The group; where it is not given, they are no longer muted in all groups.
    #[serde(rename = "groupId")]
    pub group_id: Option<GroupId>,
}

impl Endpoint for RollbackGroupGag {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again(
        "rongcloud.group.user.gag.rollback",
        "/group/user/gag/rollback.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/group/mute/ungag-user");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::ids("userId", &self.user_ids, MOST_MUTED),
            limits::given(self.group_id.as_ref(), |group| {
                limits::bytes("groupId", group, limits::ID_BYTES)
            }),
        ])
    }
}

/// Disbands a group. Who was muted in it stays so, should it be created again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DismissGroup {
    /// In whose name: any user, who need not be a member.
    #[serde(rename = "userId")]
    pub user_id: UserId,
    /// The group.
    #[serde(rename = "groupId")]
    pub group_id: GroupId,
}

impl Endpoint for DismissGroup {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again("rongcloud.group.dismiss", "/group/dismiss.json")
        .doc("https://docs.rongcloud.io/platform-chat-api/group/overview");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::id("userId", &self.user_id),
            limits::id("groupId", &self.group_id),
        ])
    }
}

/// Lists the groups of a user, with their names.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct QueryUserGroups {
    /// The user.
    #[serde(rename = "userId")]
    pub user_id: UserId,
    /// Which page, from 1; the first 5000 groups where it is not given or 0.
    pub page: Option<i64>,
    /// How many there are on a page: 50 where it is not given, at most 1000.
    pub size: Option<i64>,
}

impl Endpoint for QueryUserGroups {
    type Platform = RongCloud;
    type Output = Vec<UserGroup>;
    const META: Meta = again("rongcloud.user.group.query", "/user/group/query.json")
        .at("groups")
        .doc("https://docs.rongcloud.io/platform-chat-api/group/query-group-by-user");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::id("userId", &self.user_id),
            limits::page(self.page),
            limits::size(self.size, LARGEST_PAGE),
        ])
    }
}

/// A group of a user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserGroup {
    /// The group.
    pub id: GroupId,
    /// Its name.
    #[serde(default, deserialize_with = "mynah_core::lenient::text")]
    pub name: String,
}

/// Mutes whole groups: those of [`AddGroupBanWhitelist`] may speak all the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct AddGroupBan {
    /// The groups: at most 20.
    #[serde(rename = "groupId")]
    pub group_ids: Vec<GroupId>,
}

impl Endpoint for AddGroupBan {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again("rongcloud.group.ban.add", "/group/ban/add.json")
        .doc("https://docs.rongcloud.io/platform-chat-api/group/mute/ban-group");

    fn check(&self) -> Result<(), BadParameters> {
        limits::ids("groupId", &self.group_ids, MOST_MUTED)
    }
}

/// Lets everybody speak in groups again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct RollbackGroupBan {
    /// The groups: at most 20.
    #[serde(rename = "groupId")]
    pub group_ids: Vec<GroupId>,
}

impl Endpoint for RollbackGroupBan {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again("rongcloud.group.ban.rollback", "/group/ban/rollback.json")
        .doc("https://docs.rongcloud.io/platform-chat-api/group/mute/unban-group");

    fn check(&self) -> Result<(), BadParameters> {
        limits::ids("groupId", &self.group_ids, MOST_MUTED)
    }
}

/// Tells whether groups are muted as a whole, or lists all that are.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Request)]
pub struct QueryGroupBans {
    /// The groups: at most 20; all that are muted where none is given.
    #[serde(rename = "groupId", default, skip_serializing_if = "Vec::is_empty")]
    #[request(default)]
    pub group_ids: Vec<GroupId>,
    /// Which page of all that are muted.
    pub page: Option<i64>,
    /// How many there are on a page: at most 200.
    pub size: Option<i64>,
}

impl QueryGroupBans {
    /// Asks about these groups.
    pub fn of(groups: impl IntoIterator<Item = impl Into<GroupId>>) -> Self {
        Self::new().group_ids(groups.into_iter().map(Into::into).collect())
    }
}

impl Endpoint for QueryGroupBans {
    type Platform = RongCloud;
    type Output = Vec<GroupBan>;
    const META: Meta = again("rongcloud.group.ban.query", "/group/ban/query.json")
        .at("groupinfo")
        .doc("https://docs.rongcloud.io/platform-chat-api/group/mute/query-banned-state-or-list");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::each(&self.group_ids, |group| limits::id("groupId", group)),
            limits::count("groupId", self.group_ids.len(), MOST_MUTED),
            limits::page(self.page),
            limits::size(self.size, LARGEST_PAGE_OF_BANS),
        ])
    }
}

/// Whether a group is muted as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupBan {
    /// The group.
    #[serde(rename = "groupId")]
    pub group_id: GroupId,
    /// Whether it is.
    pub stat: Flag,
}

/// Lets users speak in a group although it is muted as a whole; not those who are muted
/// themselves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct AddGroupBanWhitelist {
    /// The users: at most 20.
    #[serde(rename = "userId")]
    pub user_ids: Vec<UserId>,
    /// The group.
    #[serde(rename = "groupId")]
    pub group_id: GroupId,
}

impl Endpoint for AddGroupBanWhitelist {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again(
        "rongcloud.group.user.ban.whitelist.add",
        "/group/user/ban/whitelist/add.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/group/mute/add-to-group-ban-whitelist");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::ids("userId", &self.user_ids, MOST_MUTED),
            limits::id("groupId", &self.group_id),
        ])
    }
}

/// Ends what [`AddGroupBanWhitelist`] began.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct RollbackGroupBanWhitelist {
    /// The users: at most 20.
    #[serde(rename = "userId")]
    pub user_ids: Vec<UserId>,
    /// The group.
    #[serde(rename = "groupId")]
    pub group_id: GroupId,
}

impl Endpoint for RollbackGroupBanWhitelist {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again(
        "rongcloud.group.user.ban.whitelist.rollback",
        "/group/user/ban/whitelist/rollback.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/group/mute/remove-from-group-ban-whitelist");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::ids("userId", &self.user_ids, MOST_MUTED),
            limits::id("groupId", &self.group_id),
        ])
    }
}

/// Lists who may speak in a group although it is muted as a whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct QueryGroupBanWhitelist {
    /// The group.
    #[serde(rename = "groupId")]
    pub group_id: GroupId,
}

impl Endpoint for QueryGroupBanWhitelist {
    type Platform = RongCloud;
    type Output = BanWhitelist;
    const META: Meta = again(
        "rongcloud.group.user.ban.whitelist.query",
        "/group/user/ban/whitelist/query.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/group/mute/query-group-ban-whitelist");

    fn check(&self) -> Result<(), BadParameters> {
        limits::id("groupId", &self.group_id)
    }
}

/// Who may speak in a group although it is muted as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BanWhitelist {
    /// The users.
    #[serde(rename = "userIds", alias = "userids")]
    pub user_ids: Vec<UserId>,
}
