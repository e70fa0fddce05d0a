//! Users: registering them, blocking them, whom they do not want to hear.

use mynah_core::{BadParameters, Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::again;
use crate::auth::UserToken;
use crate::id::UserId;
use crate::limits::{self, Checked, MOST_MINUTES};
use crate::platform::RongCloud;
use crate::time::Moment;
use mynah_core::lenient::{list, or_default, text};

/// How many bytes a name has at most.
const NAME_BYTES: usize = 128;

/// How many users a call is about at most.
const USERS: usize = 20;

/// How many there are on a page at most.
const PAGE: i64 = 1000;

fn portrait_uri(address: &String) -> Checked {
    limits::bytes("portraitUri", address, 1024)
}

/// Registers a user, or renews their token; answers the token. Every call may answer another one,
/// and all of them stay valid. A name and a picture replace those that are known. Fails with 2007
/// for the 101st user of a development environment.
#[doc(alias = "getToken")]
#[doc(alias = "register")]
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetToken {
    /// The user: at most 64 bytes.
    #[serde(rename = "userId")]
    pub user_id: UserId,
    /// What telephones show when the user says something: at most 128 bytes. It may be empty.
    pub name: String,
    /// The address of a picture: at most 1,024 bytes.
    #[serde(rename = "portraitUri")]
    pub portrait_uri: Option<String>,
}

impl Endpoint for GetToken {
    type Platform = RongCloud;
    type Output = Registered;
    const META: Meta = again("rongcloud.user.get_token", "/user/getToken.json")
        .doc("https://docs.rongcloud.io/platform-chat-api/user/register");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::id("userId", &self.user_id),
            limits::bytes("name", &self.name, NAME_BYTES),
            limits::given(self.portrait_uri.as_ref(), portrait_uri),
        ])
    }
}

/// A user who may connect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Registered {
    /// What their client connects with; all of it, with what stands behind an `@`.
    pub token: UserToken,
    /// The user.
    #[serde(rename = "userId")]
    pub user_id: UserId,
}

/// Changes what is told of a user, within five minutes. What is not given stays, and so does what
/// is empty.
#[doc(alias = "refresh")]
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct RefreshUser {
    /// The user: at most 64 bytes.
    #[serde(rename = "userId")]
    pub user_id: UserId,
    /// The new name: at most 128 bytes.
    pub name: Option<String>,
    /// The address of the new picture: at most 1,024 bytes.
    #[serde(rename = "portraitUri")]
    pub portrait_uri: Option<String>,
}

impl Endpoint for RefreshUser {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again("rongcloud.user.refresh", "/user/refresh.json")
        .doc("https://docs.rongcloud.io/platform-chat-api/user/modify");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::id("userId", &self.user_id),
            limits::given(self.name.as_ref(), |name| {
                limits::bytes("name", name, NAME_BYTES)
            }),
            limits::given(self.portrait_uri.as_ref(), portrait_uri),
        ])
    }
}

/// Tells whether a user is connected.
#[doc(alias = "checkOnline")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CheckOnline {
    /// The user.
    #[serde(rename = "userId")]
    pub user_id: UserId,
}

impl Endpoint for CheckOnline {
    type Platform = RongCloud;
    type Output = Presence;
    const META: Meta = again("rongcloud.user.check_online", "/user/checkOnline.json")
        .at("status")
        .doc("https://docs.rongcloud.io/platform-chat-api/user/check-online");

    fn check(&self) -> Result<(), BadParameters> {
        limits::id("userId", &self.user_id)
    }
}

mynah_core::words! {
    /// Whether a user is connected: a digit in a string.
    pub enum Presence {
        /// They are.
        Online = "1",
        /// They are not, or nobody knows them.
        Offline = "0",
    }
}

/// Ends the connections of users and lets them not connect again for a while. A second call begins
/// the time anew.
#[doc(alias = "block")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct BlockUser {
    /// The users: at most 20.
    #[serde(rename = "userId")]
    pub user_id: Vec<UserId>,
    /// For how long: 1 to 43,200 minutes.
    pub minute: i64,
}

impl Endpoint for BlockUser {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = Meta::form("rongcloud.user.block", "/user/block.json")
        .doc("https://docs.rongcloud.io/platform-chat-api/user/block");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::ids("userId", &self.user_id, USERS),
            limits::range("minute", self.minute, 1..=MOST_MINUTES),
        ])
    }
}

/// Lets users connect again.
#[doc(alias = "unBlock")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct UnblockUser {
    /// The users: at most 20.
    #[serde(rename = "userId")]
    pub user_id: Vec<UserId>,
}

impl Endpoint for UnblockUser {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again("rongcloud.user.unblock", "/user/unblock.json")
        .doc("https://docs.rongcloud.io/platform-chat-api/user/unblock");

    fn check(&self) -> Result<(), BadParameters> {
        limits::ids("userId", &self.user_id, USERS)
    }
}

/// Tells who may not connect.
#[doc(alias = "queryBlock")]
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct QueryBlockedUsers {
    /// The page, from 1; newer servers only.
    pub page: Option<i64>,
    /// How many there are on a page; newer servers only.
    pub size: Option<i64>,
}

impl Endpoint for QueryBlockedUsers {
    type Platform = RongCloud;
    type Output = Vec<BlockedUser>;
    const META: Meta = again("rongcloud.user.block.query", "/user/block/query.json")
        .at("users")
        .doc("https://docs.rongcloud.io/platform-chat-api/user/query-blocked-users");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([limits::page(self.page), limits::size(self.size, PAGE)])
    }
}

/// Somebody who may not connect.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BlockedUser {
    /// Who.
    #[serde(rename = "userId")]
    pub user_id: UserId,
    /// Until when.
    #[serde(rename = "blockEndTime", default, deserialize_with = "or_default")]
    pub block_end_time: Moment,
}

/// Lets users not write to somebody any more.
#[doc(alias = "addBlacklist")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct AddToBlacklist {
    /// Who does not want to hear them.
    #[serde(rename = "userId")]
    pub user_id: UserId,
    /// Who may not write to them: at most 20.
    #[serde(rename = "blackUserId")]
    pub black_user_id: Vec<UserId>,
}

impl Endpoint for AddToBlacklist {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again("rongcloud.user.blacklist.add", "/user/blacklist/add.json")
        .doc("https://docs.rongcloud.io/platform-chat-api/user/add-to-blacklist");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::id("userId", &self.user_id),
            limits::ids("blackUserId", &self.black_user_id, USERS),
        ])
    }
}

/// Tells who may not write to somebody, the newest first; without a size at most 1,000.
#[doc(alias = "queryBlacklist")]
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct QueryBlacklist {
    /// Who does not want to hear them.
    #[serde(rename = "userId")]
    pub user_id: UserId,
    /// Where the last page ended; newer servers only.
    #[serde(rename = "pageToken")]
    pub page_token: Option<String>,
    /// How many there are on a page: at most 1,000; newer servers only.
    pub size: Option<i64>,
}

impl Endpoint for QueryBlacklist {
    type Platform = RongCloud;
    type Output = Blacklist;
    const META: Meta = again(
        "rongcloud.user.blacklist.query",
        "/user/blacklist/query.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/user/query-blacklist");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::id("userId", &self.user_id),
            limits::size(self.size, PAGE),
        ])
    }
}

/// Who may not write to somebody.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Blacklist {
    /// Who may not.
    #[serde(default, deserialize_with = "list")]
    pub users: Vec<UserId>,
    /// Where this page ends, if there is another one.
    #[serde(default, deserialize_with = "or_default")]
    pub next: Option<String>,
}

/// Lets users write to somebody again.
#[doc(alias = "removeBlacklist")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct RemoveFromBlacklist {
    /// Who wants to hear them again.
    #[serde(rename = "userId")]
    pub user_id: UserId,
    /// Who may write to them again: at most 20.
    #[serde(rename = "blackUserId")]
    pub black_user_id: Vec<UserId>,
}

impl Endpoint for RemoveFromBlacklist {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again(
        "rongcloud.user.blacklist.remove",
        "/user/blacklist/remove.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/user/remove-from-blacklist");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::id("userId", &self.user_id),
            limits::ids("blackUserId", &self.black_user_id, USERS),
        ])
    }
}

/// Tells what is known of a user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetUserInfo {
    /// The user.
    #[serde(rename = "userId")]
    pub user_id: UserId,
}

impl Endpoint for GetUserInfo {
    type Platform = RongCloud;
    type Output = UserInfo;
    const META: Meta = again("rongcloud.user.info", "/user/info.json")
        .doc("https://docs.rongcloud.io/platform-chat-api/user/query-info");

    fn check(&self) -> Result<(), BadParameters> {
        limits::id("userId", &self.user_id)
    }
}

/// What is known of a user.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UserInfo {
    /// Their name; may be empty.
    #[serde(rename = "userName", default, deserialize_with = "text")]
    pub name: String,
    /// The address of their picture; may be empty.
    #[serde(rename = "userPortrait", default, deserialize_with = "text")]
    pub portrait: String,
    /// When they were registered.
    #[serde(rename = "createTime", default, deserialize_with = "or_default")]
    pub create_time: Moment,
}

/// Ends the tokens of users that were issued before some time: they must log in again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ExpireTokens {
    /// The users: at most 20.
    #[serde(rename = "userId")]
    pub user_id: Vec<UserId>,
    /// The time, in milliseconds since 1970.
    pub time: i64,
}

impl Endpoint for ExpireTokens {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again("rongcloud.user.token.expire", "/user/token/expire.json")
        .doc("https://docs.rongcloud.io/platform-chat-api/user/expire");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::ids("userId", &self.user_id, USERS),
            limits::range("time", self.time, 0..=i64::MAX),
        ])
    }
}
