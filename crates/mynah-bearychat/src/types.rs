//! Teams, people, conversations, messages, and what hangs on them.
//!
//! What is documented to be null is written as null; what only some answers have is left out where
//! it is not there.

use mynah_core::lenient::or_default;
use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::auth::WsHost;
use crate::id::{
    ChannelId, EmojiId, MessageId, MessageKey, P2pChannelId, PinId, ReactionId, RobotId,
    SessionChannelId, TeamId, UserId, VchannelId,
};
use crate::time::{Millis, Moment, as_text};

/// What is told of the interface.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetaInfo {
    /// Its version: `1`.
    pub version: String,
}

mynah_core::words! {
    /// What a team pays for.
    pub enum Plan {
        /// Nothing.
        Basic = "basic",
        /// The standard plan.
        Standard = "standard",
    }

    /// What somebody is.
    pub enum UserType {
        /// A person.
        Normal = "normal",
        /// BearyBot, who belongs to every team.
        Assistant = "assistant",
        /// A robot that is a user: what a token acts for.
        Hubot = "hubot",
    }

    /// What somebody may do in the team.
    pub enum Role {
        /// Everything.
        Owner = "owner",
        /// Managing others.
        Admin = "admin",
        /// What members may.
        Normal = "normal",
        /// Less than members.
        Visitor = "visitor",
    }

    /// What kind of conversation it is.
    pub enum VchannelType {
        /// A channel (讨论组).
        Normal = "normal",
        /// A session channel (临时讨论组).
        Session = "session",
        /// Two people.
        P2p = "p2p",
    }

    /// What kind of message it is. The platform has more of them than it documents.
    pub enum Subtype {
        /// Somebody said it.
        Normal = "normal",
        /// The platform said it, or it was deleted.
        Info = "info",
        /// Somebody passed on what was said elsewhere: see [`Message::repost`].
        Forwarded = "forwarded",
        /// It came in through a hook.
        Robot = "robot",
    }
}

macro_rules! default_word {
    ($($word:ident = $variant:ident),+) => {$(
        impl Default for $word {
            fn default() -> Self {
                Self::$variant
            }
        }
    )+};
}

default_word! {
    UserType = Normal,
    Role = Normal,
    VchannelType = Normal,
    Subtype = Normal
}

/// A team.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// Its id.
    pub id: TeamId,
    /// The first part of its address.
    #[serde(default, deserialize_with = "or_default")]
    pub subdomain: String,
    /// Its name.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// Whose mail addresses may join by themselves.
    #[serialize_always]
    #[serde(default)]
    pub email_domain: Option<String>,
    /// Its picture.
    #[serialize_always]
    #[serde(default)]
    pub logo_url: Option<String>,
    /// What it says about itself.
    #[serialize_always]
    #[serde(default)]
    pub description: Option<String>,
    /// What it pays for; RTM does not always tell.
    #[serde(default)]
    pub plan: Option<Plan>,
    /// When it was founded.
    #[serde(default, deserialize_with = "or_default")]
    pub created: Moment,
    /// Only in the older shape that RTM has: who founded it.
    #[serde(default)]
    pub uid: Option<UserId>,
    /// Only in the older shape: whether it is closed.
    #[serde(default)]
    pub inactive: Option<bool>,
    /// Only in the older shape: when it changed.
    #[serde(default)]
    pub updated: Option<Moment>,
}

/// Somebody in a team: a person, the assistant or a hubot.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// Their team.
    #[serde(default, deserialize_with = "or_default")]
    pub team_id: TeamId,
    /// What they are mentioned by.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// What they are called.
    #[serialize_always]
    #[serde(default)]
    pub full_name: Option<String>,
    /// Their mail address.
    #[serialize_always]
    #[serde(default)]
    pub email: Option<String>,
    /// Their telephone.
    #[serialize_always]
    #[serde(default)]
    pub mobile: Option<String>,
    /// What they are.
    #[serde(rename = "type", default, deserialize_with = "or_default")]
    pub kind: UserType,
    /// What they may do.
    #[serde(default, deserialize_with = "or_default")]
    pub role: Role,
    /// Pictures of them.
    #[serde(default, deserialize_with = "or_default")]
    pub avatars: Avatars,
    /// What they say about themselves.
    #[serde(default, deserialize_with = "or_default")]
    pub profile: Profile,
    /// Whether their account is closed.
    #[serde(default, deserialize_with = "or_default")]
    pub inactive: bool,
    /// When they joined.
    #[serde(default, deserialize_with = "or_default")]
    pub created: Moment,
    /// Only in the older shape that RTM has: the conversation of two with whoever asks.
    #[serde(default)]
    pub vchannel_id: Option<VchannelId>,
    /// Only in the older shape: a picture.
    #[serde(default)]
    pub avatar_url: Option<String>,
    /// Only in the older shape: `connected` for who is online.
    #[serde(default)]
    pub conn: Option<String>,
    /// Only in the older shape: what they say of being there.
    #[serde(default)]
    pub presence: Option<String>,
    /// Only in the older shape: when they changed.
    #[serde(default)]
    pub updated: Option<Moment>,
}

/// The addresses of a picture in three sizes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Avatars {
    /// The smallest.
    #[serde(default)]
    pub small: Option<String>,
    /// In between.
    #[serde(default)]
    pub medium: Option<String>,
    /// The largest.
    #[serde(default)]
    pub large: Option<String>,
}

/// What somebody says about themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// A few words.
    #[serde(default)]
    pub bio: Option<String>,
    /// What they do.
    #[serde(default)]
    pub position: Option<String>,
    /// Where they are called.
    #[serde(default)]
    pub skype: Option<String>,
}

/// A conversation of any kind.
///
/// ```
/// use mynah_bearychat::types::Vchannel;
///
/// let json = r#"{"id":"=1","vchannel_id":"=2","type":"p2p","member_uids":["=3","=4"]}"#;
/// let conversation: Vchannel = serde_json::from_str(json)?;
/// assert_eq!(conversation.vchannel_id().unwrap().as_str(), "=2");
/// let Vchannel::P2p(two) = conversation else { panic!("two of them") };
/// assert_eq!(two.member_uids.len(), 2);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Vchannel {
    /// A channel (讨论组).
    Channel(Channel),
    /// A session channel (临时讨论组).
    Session(SessionChannel),
    /// Two people.
    P2p(P2pChannel),
    /// A kind that is not in the documentation, as it stood on the wire.
    Other(Map<String, Value>),
}

impl Vchannel {
    /// Names the conversation; nothing if it is of an unknown kind and does not say.
    pub fn vchannel_id(&self) -> Option<VchannelId> {
        match self {
            Self::Channel(channel) => Some(channel.vchannel_id.clone()),
            Self::Session(channel) => Some(channel.vchannel_id.clone()),
            Self::P2p(channel) => Some(channel.vchannel_id.clone()),
            Self::Other(fields) => fields.get("vchannel_id")?.as_str().map(VchannelId::from),
        }
    }

    /// Who belongs to it; nobody, if it is of an unknown kind.
    pub fn member_uids(&self) -> &[UserId] {
        match self {
            Self::Channel(channel) => &channel.member_uids,
            Self::Session(channel) => &channel.member_uids,
            Self::P2p(channel) => &channel.member_uids,
            Self::Other(_) => &[],
        }
    }
}

impl<'de> Deserialize<'de> for Vchannel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = Map::deserialize(deserializer)?;
        let kind = fields.get("type").and_then(Value::as_str);
        let kind = VchannelType::from(kind.unwrap_or_default());
        let value = |fields| Value::Object(fields);
        match kind {
            VchannelType::Normal => serde_json::from_value(value(fields)).map(Self::Channel),
            VchannelType::Session => serde_json::from_value(value(fields)).map(Self::Session),
            VchannelType::P2p => serde_json::from_value(value(fields)).map(Self::P2p),
            VchannelType::Other(_) => Ok(Self::Other(fields)),
        }
        .map_err(D::Error::custom)
    }
}

/// A channel (讨论组): it has a name, and whoever may see it may join.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// Its id.
    pub id: ChannelId,
    /// Its team.
    #[serde(default, deserialize_with = "or_default")]
    pub team_id: TeamId,
    /// The conversation in it.
    #[serde(default, deserialize_with = "or_default")]
    pub vchannel_id: VchannelId,
    /// `normal`.
    #[serde(rename = "type", default, deserialize_with = "or_default")]
    pub kind: VchannelType,
    /// Who made it.
    #[serde(default, deserialize_with = "or_default")]
    pub uid: UserId,
    /// Its name.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// What it is about.
    #[serialize_always]
    #[serde(default)]
    pub topic: Option<String>,
    /// Whether it is the one that everybody belongs to.
    #[serde(default, deserialize_with = "or_default")]
    pub general: bool,
    /// Whether it is only for those who were invited.
    #[serde(default, deserialize_with = "or_default")]
    pub private: bool,
    /// Whether it is not archived.
    #[serde(default, deserialize_with = "or_default")]
    pub is_active: bool,
    /// Whether whoever asks belongs to it.
    #[serde(default, deserialize_with = "or_default")]
    pub is_member: bool,
    /// Who belongs to it.
    #[serde(default, deserialize_with = "or_default")]
    pub member_uids: Vec<UserId>,
    /// When something was said in it last.
    #[serde(default, deserialize_with = "or_default")]
    pub latest_ts: Millis,
    /// Only in the older shape that RTM has: what it is for.
    #[serde(default)]
    pub description: Option<String>,
    /// Only in the older shape: when it was made.
    #[serde(default)]
    pub created: Option<Moment>,
    /// Only in the older shape: when it changed.
    #[serde(default)]
    pub updated: Option<Moment>,
    /// Only in the older shape: whether it is archived.
    #[serde(default)]
    pub inactive: Option<bool>,
    /// Only in the older shape: how many belong to it.
    #[serde(default)]
    pub member_count: Option<u64>,
    /// Only in the older shape: how often whoever asks was mentioned.
    #[serde(default)]
    pub mention_count: Option<u64>,
    /// Only in the older shape: the letter it is found under.
    #[serde(default)]
    pub index_symbol: Option<String>,
}

/// A session channel (临时讨论组): several people who need no name for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionChannel {
    /// Its id.
    pub id: SessionChannelId,
    /// Its team.
    #[serde(default, deserialize_with = "or_default")]
    pub team_id: TeamId,
    /// The conversation in it.
    #[serde(default, deserialize_with = "or_default")]
    pub vchannel_id: VchannelId,
    /// `session`.
    #[serde(rename = "type", default = "session", deserialize_with = "or_default")]
    pub kind: VchannelType,
    /// Its name, if it ever got one.
    #[serde(default)]
    pub name: Option<String>,
    /// Whether it is not archived.
    #[serde(default, deserialize_with = "or_default")]
    pub is_active: bool,
    /// Whether whoever asks belongs to it.
    #[serde(default, deserialize_with = "or_default")]
    pub is_member: bool,
    /// Who belongs to it.
    #[serde(default, deserialize_with = "or_default")]
    pub member_uids: Vec<UserId>,
    /// When something was said in it last; a string of digits at the wire.
    #[serde(default, deserialize_with = "or_default", serialize_with = "as_text")]
    pub latest_ts: Millis,
}

fn session() -> VchannelType {
    VchannelType::Session
}

impl Default for SessionChannel {
    fn default() -> Self {
        Self {
            id: SessionChannelId::default(),
            team_id: TeamId::default(),
            vchannel_id: VchannelId::default(),
            kind: VchannelType::Session,
            name: None,
            is_active: false,
            is_member: false,
            member_uids: Vec::new(),
            latest_ts: Millis::default(),
        }
    }
}

/// The conversation of two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct P2pChannel {
    /// Its id.
    pub id: P2pChannelId,
    /// Its team.
    #[serde(default, deserialize_with = "or_default")]
    pub team_id: TeamId,
    /// The conversation in it.
    #[serde(default, deserialize_with = "or_default")]
    pub vchannel_id: VchannelId,
    /// `p2p`.
    #[serde(rename = "type", default = "p2p", deserialize_with = "or_default")]
    pub kind: VchannelType,
    /// Whether it is not archived.
    #[serde(default, deserialize_with = "or_default")]
    pub is_active: bool,
    /// Whether whoever asks belongs to it.
    #[serde(default, deserialize_with = "or_default")]
    pub is_member: bool,
    /// The two.
    #[serde(default, deserialize_with = "or_default")]
    pub member_uids: Vec<UserId>,
    /// When something was said in it last.
    #[serde(default, deserialize_with = "or_default")]
    pub latest_ts: Millis,
}

fn p2p() -> VchannelType {
    VchannelType::P2p
}

impl Default for P2pChannel {
    fn default() -> Self {
        Self {
            id: P2pChannelId::default(),
            team_id: TeamId::default(),
            vchannel_id: VchannelId::default(),
            kind: VchannelType::P2p,
            is_active: false,
            is_member: false,
            member_uids: Vec::new(),
            latest_ts: Millis::default(),
        }
    }
}

/// A message.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Names it within its conversation.
    pub key: MessageKey,
    /// Its team.
    #[serde(default, deserialize_with = "or_default")]
    pub team_id: TeamId,
    /// Who said it; nobody, if a robot did that is no user.
    #[serialize_always]
    #[serde(default)]
    pub uid: Option<UserId>,
    /// Which robot said it; none, if a user did.
    #[serialize_always]
    #[serde(default)]
    pub robot_id: Option<RobotId>,
    /// Where it was said.
    #[serde(default, deserialize_with = "or_default")]
    pub vchannel_id: VchannelId,
    /// The message of the same conversation that it quotes.
    #[serialize_always]
    #[serde(default)]
    pub refer_key: Option<MessageKey>,
    /// What kind of message it is.
    #[serde(default, deserialize_with = "or_default")]
    pub subtype: Subtype,
    /// What was said.
    #[serde(default, deserialize_with = "or_default")]
    pub text: String,
    /// What notifications say instead.
    #[serialize_always]
    #[serde(default)]
    pub fallback: Option<String>,
    /// What stands below the text.
    #[serde(default, deserialize_with = "or_default")]
    pub attachments: Vec<Attachment>,
    /// When it was said; [`created_ts`](Self::created_ts) is right where the two differ.
    #[serde(default, deserialize_with = "or_default")]
    pub created: Moment,
    /// When it changed.
    #[serde(default, deserialize_with = "or_default")]
    pub updated: Moment,
    /// When it was said.
    #[serde(default, deserialize_with = "or_default")]
    pub created_ts: Millis,
    /// Whether there are more than two in the conversation.
    #[serde(default, deserialize_with = "or_default")]
    pub is_channel: bool,
    /// Its id.
    #[serde(default)]
    pub id: Option<MessageId>,
    /// Whether it was changed.
    #[serde(default)]
    pub edited: Option<bool>,
    /// Whether it was deleted: what is left of it has the subtype `info`.
    #[serde(default)]
    pub deleted: Option<bool>,
    /// The pin, if it is pinned.
    #[serialize_always]
    #[serde(default)]
    pub pin_id: Option<PinId>,
    /// The star, if whoever asks has given it one.
    #[serde(default)]
    pub star_id: Option<String>,
    /// The message that its thread began with.
    #[serde(default)]
    pub thread_key: Option<MessageKey>,
    /// The text in several languages, where the platform said it.
    #[serde(default)]
    pub text_i18n: Option<TextI18n>,
    /// What people answered with a picture.
    #[serde(default)]
    pub reactions: Option<Vec<Reacted>>,
    /// Whether the text is no Markdown.
    #[serde(default)]
    pub disable_markdown: Option<bool>,
    /// The file in it, as it stands on the wire.
    #[serde(default)]
    pub file: Option<Value>,
    /// The message that was passed on, if this one did.
    #[serde(default)]
    pub repost: Option<Repost>,
}

impl Message {
    /// Who said it: the user, or else the robot.
    pub fn sender(&self) -> Option<&str> {
        let user = self.uid.as_ref().map(UserId::as_str);
        user.or(self.robot_id.as_ref().map(RobotId::as_str))
    }
}

/// A text in several languages.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextI18n {
    /// In Chinese.
    #[serde(rename = "zh-CN", default)]
    pub zh_cn: Option<String>,
    /// In English.
    #[serde(default)]
    pub en: Option<String>,
}

/// One reaction to a message, and whose it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reacted {
    /// Such as `:+1:`.
    #[serde(default, deserialize_with = "or_default")]
    pub reaction: String,
    /// Those who reacted so.
    #[serde(default, deserialize_with = "or_default")]
    pub uids: Vec<UserId>,
    /// When the first of them did.
    #[serde(default, deserialize_with = "or_default")]
    pub created_ts: Millis,
}

/// The message that another one passed on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repost {
    /// Who said it.
    #[serde(default)]
    pub uid: Option<UserId>,
    /// Where.
    #[serde(default, deserialize_with = "or_default")]
    pub vchannel_id: VchannelId,
    /// Which robot said it.
    #[serde(default)]
    pub robot_id: Option<RobotId>,
    /// When it was said.
    #[serde(default, deserialize_with = "or_default")]
    pub created_ts: Millis,
    /// Names it within its conversation.
    #[serde(default, deserialize_with = "or_default")]
    pub message_key: MessageKey,
    /// Its id.
    #[serde(default, deserialize_with = "or_default")]
    pub id: MessageId,
    /// Its team.
    #[serde(default, deserialize_with = "or_default")]
    pub team_id: TeamId,
    /// What kind of message it is.
    #[serde(default, deserialize_with = "or_default")]
    pub subtype: Subtype,
    /// What was said.
    #[serde(default, deserialize_with = "or_default")]
    pub text: String,
}

/// A message that passes on another one, as forwarding answers it: without what it could not have.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ForwardedMessage {
    /// Names it within its conversation.
    pub key: MessageKey,
    /// Its id.
    #[serde(default, deserialize_with = "or_default")]
    pub id: MessageId,
    /// Its team.
    #[serde(default, deserialize_with = "or_default")]
    pub team_id: TeamId,
    /// Who passed it on.
    #[serde(default)]
    pub uid: Option<UserId>,
    /// Which robot did.
    #[serde(default)]
    pub robot_id: Option<RobotId>,
    /// Where to.
    #[serde(default, deserialize_with = "or_default")]
    pub vchannel_id: VchannelId,
    /// The message that it quotes: none.
    #[serde(default)]
    pub refer_key: Option<MessageKey>,
    /// The message that its thread began with.
    #[serde(default)]
    pub thread_key: Option<MessageKey>,
    /// The pin, if it is pinned.
    #[serde(default)]
    pub pin_id: Option<PinId>,
    /// `forwarded`.
    #[serde(default, deserialize_with = "or_default")]
    pub subtype: Subtype,
    /// That something was passed on.
    #[serde(default, deserialize_with = "or_default")]
    pub text: String,
    /// The same in several languages.
    #[serde(default, deserialize_with = "or_default")]
    pub text_i18n: TextI18n,
    /// What people answered with a picture.
    #[serde(default, deserialize_with = "or_default")]
    pub reactions: Vec<Reacted>,
    /// When it was passed on.
    #[serde(default, deserialize_with = "or_default")]
    pub created: Moment,
    /// When it changed.
    #[serde(default, deserialize_with = "or_default")]
    pub updated: Moment,
    /// When it was passed on.
    #[serde(default, deserialize_with = "or_default")]
    pub created_ts: Millis,
    /// Whether there are more than two in the conversation.
    #[serde(default, deserialize_with = "or_default")]
    pub is_channel: bool,
    /// Whether it was changed.
    #[serde(default, deserialize_with = "or_default")]
    pub edited: bool,
    /// What was passed on.
    #[serde(default, deserialize_with = "or_default")]
    pub repost: Repost,
}

impl From<Message> for ForwardedMessage {
    fn from(message: Message) -> Self {
        Self {
            key: message.key,
            id: message.id.unwrap_or_default(),
            team_id: message.team_id,
            uid: message.uid,
            robot_id: message.robot_id,
            vchannel_id: message.vchannel_id,
            refer_key: message.refer_key,
            thread_key: message.thread_key,
            pin_id: message.pin_id,
            subtype: message.subtype,
            text: message.text,
            text_i18n: message.text_i18n.unwrap_or_default(),
            reactions: message.reactions.unwrap_or_default(),
            created: message.created,
            updated: message.updated,
            created_ts: message.created_ts,
            is_channel: message.is_channel,
            edited: message.edited.unwrap_or_default(),
            repost: message.repost.unwrap_or_default(),
        }
    }
}

/// What stands below the text of a message: it has a title or a text.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its title.
    #[serde(default)]
    pub title: Option<String>,
    /// Where the title leads: an address with its scheme.
    #[serde(default)]
    pub url: Option<String>,
    /// What it says.
    #[serde(default)]
    pub text: Option<String>,
    /// The bar beside it, such as `#ffa500`.
    #[serde(default)]
    pub color: Option<String>,
    /// Pictures: at most 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub images: Option<Vec<Image>>,
}

impl Attachment {
    /// One with this text.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: Some(text.into()),
            ..Self::default()
        }
    }

    /// One with this title.
    pub fn title(title: impl Into<String>) -> Self {
        Self {
            title: Some(title.into()),
            ..Self::default()
        }
    }

    /// Whether it has a title or a text; without them the platform does not take it.
    pub fn says_something(&self) -> bool {
        let given = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
        given(&self.title) || given(&self.text)
    }
}

/// A picture in an attachment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Where it is.
    pub url: String,
}

impl From<&str> for Image {
    fn from(url: &str) -> Self {
        Self {
            url: url.to_owned(),
        }
    }
}

impl From<String> for Image {
    fn from(url: String) -> Self {
        Self { url }
    }
}

/// A message that is pinned.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MessagePin {
    /// The pin.
    pub id: PinId,
    /// Its team.
    #[serde(default, deserialize_with = "or_default")]
    pub team_id: TeamId,
    /// Who pinned it.
    #[serde(default, deserialize_with = "or_default")]
    pub uid: UserId,
    /// Where.
    #[serde(default, deserialize_with = "or_default")]
    pub vchannel_id: VchannelId,
    /// The message.
    #[serde(default, deserialize_with = "or_default")]
    pub message_id: MessageId,
    /// Names the message within the conversation.
    #[serde(default, deserialize_with = "or_default")]
    pub message_key: MessageKey,
    /// When it was pinned: in China's time.
    #[serde(default, deserialize_with = "or_default")]
    pub created_at: Moment,
    /// When the pin changed: in China's time.
    #[serde(default, deserialize_with = "or_default")]
    pub updated_at: Moment,
    /// The message itself, or null: in lists only.
    #[serde(default, with = "serde_with::rust::double_option")]
    pub message: Option<Option<Box<Message>>>,
}

/// Somebody's answer to a message with a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageReaction {
    /// Its id.
    pub id: ReactionId,
    /// Their team.
    #[serde(default, deserialize_with = "or_default")]
    pub team_id: TeamId,
    /// Whose it is.
    #[serde(default, deserialize_with = "or_default")]
    pub uid: UserId,
    /// The message.
    #[serde(default, deserialize_with = "or_default")]
    pub message_id: MessageId,
    /// Names the message within its conversation, which is not told.
    #[serde(default, deserialize_with = "or_default")]
    pub message_key: MessageKey,
    /// Such as `:smile:`.
    #[serde(default, deserialize_with = "or_default")]
    pub reaction: String,
    /// When they reacted.
    #[serde(default, deserialize_with = "or_default")]
    pub created_ts: Millis,
    /// The same as text.
    #[serde(default, deserialize_with = "or_default")]
    pub created: Moment,
    /// When it changed.
    #[serde(default, deserialize_with = "or_default")]
    pub updated: Moment,
}

/// An emoji that the team made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emoji {
    /// Its id.
    pub id: EmojiId,
    /// Who made it.
    #[serde(default, deserialize_with = "or_default")]
    pub uid: UserId,
    /// Their team.
    #[serde(default, deserialize_with = "or_default")]
    pub team_id: TeamId,
    /// Its name: `smile` is written `:smile:`.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// `emoji`.
    #[serde(rename = "type", default, deserialize_with = "or_default")]
    pub kind: String,
    /// When it was made.
    #[serde(default, deserialize_with = "or_default")]
    pub created: Moment,
    /// When it changed.
    #[serde(default, deserialize_with = "or_default")]
    pub updated: Moment,
    /// Where the picture is.
    #[serde(default, deserialize_with = "or_default")]
    pub url: String,
}

/// Stickers that belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StickerPack {
    /// What they are called.
    pub pack: String,
    /// The stickers.
    #[serde(default, deserialize_with = "or_default")]
    pub stickers: Vec<Sticker>,
}

/// A sticker.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sticker {
    /// Where the picture is.
    #[serde(default, deserialize_with = "or_default")]
    pub url: String,
    /// What it is called.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// In pixels.
    #[serde(default, deserialize_with = "or_default")]
    pub width: u32,
    /// In pixels.
    #[serde(default, deserialize_with = "or_default")]
    pub height: u32,
}

/// Where a connection begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RtmStart {
    /// Whose connection it will be.
    pub user: User,
    /// Where to connect, within five minutes. It is a credential.
    pub ws_host: WsHost,
}
