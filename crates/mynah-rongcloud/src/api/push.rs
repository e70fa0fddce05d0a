//! Tags of users, and what is pushed to many users at once.

use std::collections::BTreeMap;

use mynah_core::{BadParameters, Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::RongCloud;
use crate::api::again;
use crate::content::{Content, ObjectName};
use crate::id::{MessageUid, PushId, UserId};
use crate::limits;

/// How many tags a user has at most.
pub const MOST_TAGS: usize = 20;

/// How many bytes a tag has at most.
pub const TAG_BYTES: usize = 40;

/// How many users one call asks about at most.
pub const MOST_ASKED: usize = 50;

/// How many users a push names at most.
pub const MOST_USERS: usize = 1000;

/// Sets the tags of a user: those there were before are gone.
///
/// ```
/// use mynah_rongcloud::api::push::SetUserTags;
///
/// let tagged = SetUserTags::new("alice", ["bj", "vip"]);
/// let cleared = SetUserTags::new("alice", [""; 0]);
/// # let _ = (tagged, cleared);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetUserTags {
    /// The user.
    #[serde(rename = "userId")]
    pub user_id: UserId,
    /// The tags: at most 20, of at most 40 bytes each; may be none.
    pub tags: Vec<String>,
}

impl Endpoint for SetUserTags {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = Meta::post("rongcloud.user.tag.set", "/user/tag/set.json")
        .idempotent()
        .doc("https://docs.rongcloud.io/platform-chat-api/user/tag/set-user-tag");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::id("userId", &self.user_id),
            tags("tags", &self.tags),
        ])
    }
}

/// Tells the tags of users.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetUserTags {
    /// The users: at most 50.
    #[serde(rename = "userIds")]
    pub user_ids: Vec<UserId>,
}

impl Endpoint for GetUserTags {
    type Platform = RongCloud;
    type Output = BTreeMap<UserId, Vec<String>>;
    const META: Meta = again("rongcloud.user.tags.get", "/user/tags/get.json")
        .at("result")
        .doc("https://docs.rongcloud.io/platform-chat-api/user/tag/set-user-tag");

    fn check(&self) -> Result<(), BadParameters> {
        limits::ids("userIds", &self.user_ids, MOST_ASKED)
    }
}

/// Pushes a notification to many users at once, and says something to them if there is a message.
///
/// At most 2 an hour and 3 a day, broadcasts included (1008, HTTP 429). Fails with 1009 (HTTP 430)
/// where the service is not enabled.
///
/// ```
/// use mynah_rongcloud::api::push::{Audience, PushNotification, SendPush};
///
/// let to_all = SendPush::new(["ios", "android"], Audience::all(), PushNotification::new("hello"));
/// let said = to_all.saying("alice", "hello");
/// # let _ = said;
/// ```
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SendPush {
    /// To which systems: one at least.
    pub platform: Vec<PushPlatform>,
    /// To whom.
    pub audience: Audience,
    /// What is shown.
    pub notification: PushNotification,
    /// Who says something.
    pub fromuserid: Option<UserId>,
    /// What they say; without it the push leaves no message.
    pub message: Option<PushMessage>,
}

impl SendPush {
    /// Leaves a message too.
    #[must_use]
    pub fn saying(self, from: impl Into<UserId>, content: impl Into<Content>) -> Self {
        let (object_name, content) = content.into().into_parts();
        Self {
            fromuserid: Some(from.into()),
            message: Some(PushMessage {
                content,
                object_name,
            }),
            ..self
        }
    }
}

impl Endpoint for SendPush {
    type Platform = RongCloud;
    type Output = Pushed;
    const META: Meta = Meta::post("rongcloud.push", "/push.json")
        .doc("https://docs.rongcloud.io/platform-chat-api/system/send-push-by-tag");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::some("platform", &self.platform),
            limits::each(&self.platform, |platform| {
                let known = !matches!(platform, PushPlatform::Other(_));
                limits::holds("platform", known, || {
                    "ios or android, not another".to_owned()
                })
            }),
            self.audience.check(),
            limits::present("alert", &self.notification.alert),
            limits::given(self.fromuserid.as_ref(), |user| {
                limits::bytes("fromuserid", user, limits::ID_BYTES)
            }),
            limits::given(self.message.as_ref(), PushMessage::check),
        ])
    }
}

mynah_core::words! {
    /// A system of telephones.
    pub enum PushPlatform {
        /// Apple's.
        Ios = "ios",
        /// Google's, and what is like it.
        Android = "android",
    }
}

/// To whom something is pushed. `is_to_all` comes before `userid`, and `userid` before tags.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Audience {
    /// Those who have all of these tags: at most 20.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tag: Vec<String>,
    /// Those who have one of these tags: at most 20; with `tag`, both must hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tag_or: Vec<String>,
    /// These users, whatever their system: at most 1000.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub userid: Vec<UserId>,
    /// Everybody.
    pub is_to_all: bool,
    /// Those who have this application installed, where there are several.
    #[serde(
        rename = "packageName",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub package_name: Option<String>,
}

impl Audience {
    /// Everybody.
    pub fn all() -> Self {
        Self {
            is_to_all: true,
            ..Self::default()
        }
    }

    /// These users.
    pub fn users(users: impl IntoIterator<Item = impl Into<UserId>>) -> Self {
        Self {
            userid: users.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }

    /// Those who have all of these tags.
    pub fn tagged(tags: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            tag: tags.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }

    /// Those who have one of these tags.
    pub fn tagged_any(tags: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            tag_or: tags.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            tags("tag", &self.tag),
            tags("tag_or", &self.tag_or),
            limits::each(&self.userid, |user| limits::id("userid", user)),
            limits::count("userid", self.userid.len(), MOST_USERS),
        ])
    }
}

/// What a push shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PushNotification {
    /// The text.
    pub alert: String,
    /// What is different on Apple's system: `alert`, `extras`, `title`, `badge` and more.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub ios: Map<String, Value>,
    /// What is different on Android: `alert`, `extras` and more.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub android: Map<String, Value>,
}

impl PushNotification {
    /// This text everywhere.
    pub fn new(alert: impl Into<String>) -> Self {
        Self {
            alert: alert.into(),
            ..Self::default()
        }
    }
}

/// What a push says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushMessage {
    /// The content, as text.
    pub content: String,
    /// What kind of message it is.
    #[serde(rename = "objectName")]
    pub object_name: ObjectName,
}

impl PushMessage {
    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::present("content", &self.content),
            limits::bytes("content", &self.content, limits::CONTENT_BYTES),
            limits::object_name(&self.object_name),
        ])
    }
}

/// What became of a push.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pushed {
    /// The push.
    pub id: PushId,
    /// The message it left; older servers do not tell.
    #[serde(rename = "messageUID", default)]
    pub message_uid: Option<MessageUid>,
}

/// Tags, which may be none.
fn tags(field: &'static str, tags: &[String]) -> Result<(), BadParameters> {
    limits::all([
        limits::each(tags, |tag| {
            limits::all([
                limits::present(field, tag),
                limits::bytes(field, tag, TAG_BYTES),
            ])
        }),
        limits::count(field, tags.len(), MOST_TAGS),
    ])
}
