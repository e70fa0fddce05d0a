//! Notices: something happened that is neither a message nor a request.

use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::id::{GroupId, MessageId, UserId};
use crate::lenient;
use crate::types::{HonorType, UnixSeconds};

/// Something happened that is neither a message nor a request.
#[derive(Clone, Debug, PartialEq)]
pub struct NoticeEvent {
    /// When it happened.
    pub time: UnixSeconds,
    /// The bot.
    pub self_id: UserId,
    /// What happened.
    pub notice: Notice,
}

impl NoticeEvent {
    pub(super) fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Wire<'a> {
            time: UnixSeconds,
            self_id: UserId,
            post_type: &'static str,
            notice_type: &'static str,
            #[serde(skip_serializing_if = "Option::is_none")]
            sub_type: Option<&'static str>,
            #[serde(flatten)]
            notice: &'a Notice,
        }
        Wire {
            time: self.time,
            self_id: self.self_id,
            post_type: "notice",
            notice_type: self.notice.notice_type(),
            sub_type: self.notice.kind().1,
            notice: &self.notice,
        }
        .serialize(serializer)
    }
}

/// Lists the notices: variant, body and `notice_type`, and the `sub_type` where that decides which
/// body it is.
macro_rules! notices {
    ($(
        $(#[$doc:meta])*
        $name:ident: $notice_type:literal $(/ $sub_type:literal)?,
    )+) => {
        /// What happened.
        #[derive(Clone, Debug, PartialEq, Serialize)]
        #[serde(untagged)]
        #[non_exhaustive]
        pub enum Notice {
            $($(#[$doc])* $name($name),)+
        }

        impl Notice {
            /// The `notice_type`, and the `sub_type` of those whose body has none.
            fn kind(&self) -> (&'static str, Option<&'static str>) {
                match self {
                    $(Self::$name(_) => ($notice_type, first!($($sub_type)?)),)+
                }
            }

            /// Reads the body that belongs to these types; `None` if no such notice is known.
            pub(super) fn read(
                notice_type: &str,
                sub_type: Option<&str>,
                object: &Map<String, Value>,
            ) -> serde_json::Result<Option<Self>> {
                $(
                    if notice_type == $notice_type $(&& sub_type == Some($sub_type))? {
                        return $name::deserialize(object).map(|body| Some(Self::$name(body)));
                    }
                )+
                Ok(None)
            }
        }
    };
}

macro_rules! first {
    () => {
        None
    };
    ($sub_type:literal) => {
        Some($sub_type)
    };
}

notices! {
    /// A file was uploaded to a group.
    GroupUpload: "group_upload",
    /// Somebody became or ceased to be an admin of a group.
    GroupAdmin: "group_admin",
    /// Somebody is no longer in a group.
    GroupDecrease: "group_decrease",
    /// Somebody came into a group.
    GroupIncrease: "group_increase",
    /// Somebody, or everybody, was muted or may speak again.
    GroupBan: "group_ban",
    /// Somebody became a friend.
    FriendAdd: "friend_add",
    /// A message in a group was recalled.
    GroupRecall: "group_recall",
    /// A friend recalled a message.
    FriendRecall: "friend_recall",
    /// Somebody poked somebody.
    Poke: "notify" / "poke",
    /// Somebody drew the luckiest share of a red packet.
    LuckyKing: "notify" / "lucky_king",
    /// A member earned a badge.
    Honor: "notify" / "honor",
    /// A member was given a title. go-cqhttp.
    Title: "notify" / "title",
    /// A group was renamed. NapCat.
    GroupName: "notify" / "group_name",
    /// A group was renamed. Lagrange.
    GroupNameChange: "group_name_change",
    /// Somebody is typing. NapCat.
    InputStatus: "notify" / "input_status",
    /// Somebody likes the bot's profile. NapCat, LLOneBot.
    ProfileLike: "notify" / "profile_like",
    /// A poke was recalled. LLOneBot.
    PokeRecall: "notify" / "poke_recall",
    /// A grey hint appeared in a group. NapCat.
    GrayTip: "notify" / "gray_tip",
    /// A member changed the name they have in a group. go-cqhttp.
    GroupCard: "group_card",
    /// A friend sent a file. go-cqhttp.
    OfflineFile: "offline_file",
    /// Another device of the bot's account came or went. go-cqhttp.
    ClientStatus: "client_status",
    /// A message became or ceased to be one of a group's highlights. go-cqhttp.
    Essence: "essence",
    /// Somebody reacted to a message. NapCat, LLOneBot.
    GroupMsgEmojiLike: "group_msg_emoji_like",
    /// Somebody reacted to a message. Lagrange.
    Reaction: "reaction",
    /// A group was dissolved. LLOneBot.
    GroupDismiss: "group_dismiss",
    /// The bot's account was logged out. NapCat, Lagrange.
    BotOffline: "bot_offline",
    /// The bot's account was logged in. Lagrange.
    BotOnline: "bot_online",
}

impl Notice {
    /// The second level of the event's name.
    pub fn notice_type(&self) -> &'static str {
        self.kind().0
    }

    /// The third level of the event's name.
    pub fn sub_type(&self) -> Option<&str> {
        match self {
            Self::GroupAdmin(body) => Some(body.sub_type.as_str()),
            Self::GroupDecrease(body) => Some(body.sub_type.as_str()),
            Self::GroupIncrease(body) => Some(body.sub_type.as_str()),
            Self::GroupBan(body) => Some(body.sub_type.as_str()),
            Self::Essence(body) => Some(body.sub_type.as_str()),
            Self::Reaction(body) => Some(body.sub_type.as_str()),
            other => other.kind().1,
        }
    }

    /// Whom it is about, as `user_id` says; some notices name nobody.
    pub fn user_id(&self) -> Option<UserId> {
        match self {
            Self::GroupUpload(GroupUpload { user_id, .. })
            | Self::GroupAdmin(GroupAdmin { user_id, .. })
            | Self::GroupDecrease(GroupDecrease { user_id, .. })
            | Self::GroupIncrease(GroupIncrease { user_id, .. })
            | Self::GroupBan(GroupBan { user_id, .. })
            | Self::FriendAdd(FriendAdd { user_id })
            | Self::GroupRecall(GroupRecall { user_id, .. })
            | Self::FriendRecall(FriendRecall { user_id, .. })
            | Self::Poke(Poke { user_id, .. })
            | Self::LuckyKing(LuckyKing { user_id, .. })
            | Self::Honor(Honor { user_id, .. })
            | Self::Title(Title { user_id, .. })
            | Self::GroupName(GroupName { user_id, .. })
            | Self::InputStatus(InputStatus { user_id, .. })
            | Self::PokeRecall(PokeRecall { user_id, .. })
            | Self::GrayTip(GrayTip { user_id, .. })
            | Self::GroupCard(GroupCard { user_id, .. })
            | Self::OfflineFile(OfflineFile { user_id, .. })
            | Self::GroupMsgEmojiLike(GroupMsgEmojiLike { user_id, .. })
            | Self::GroupDismiss(GroupDismiss { user_id, .. })
            | Self::BotOffline(BotOffline { user_id, .. }) => Some(*user_id),
            Self::GroupNameChange(_)
            | Self::ProfileLike(_)
            | Self::ClientStatus(_)
            | Self::Essence(_)
            | Self::Reaction(_)
            | Self::BotOnline(_) => None,
        }
    }

    /// The group in which it happened.
    pub fn group_id(&self) -> Option<GroupId> {
        match self {
            Self::GroupUpload(GroupUpload { group_id, .. })
            | Self::GroupAdmin(GroupAdmin { group_id, .. })
            | Self::GroupDecrease(GroupDecrease { group_id, .. })
            | Self::GroupIncrease(GroupIncrease { group_id, .. })
            | Self::GroupBan(GroupBan { group_id, .. })
            | Self::GroupRecall(GroupRecall { group_id, .. })
            | Self::LuckyKing(LuckyKing { group_id, .. })
            | Self::Honor(Honor { group_id, .. })
            | Self::Title(Title { group_id, .. })
            | Self::GroupName(GroupName { group_id, .. })
            | Self::GroupNameChange(GroupNameChange { group_id, .. })
            | Self::GrayTip(GrayTip { group_id, .. })
            | Self::GroupCard(GroupCard { group_id, .. })
            | Self::Essence(Essence { group_id, .. })
            | Self::GroupMsgEmojiLike(GroupMsgEmojiLike { group_id, .. })
            | Self::Reaction(Reaction { group_id, .. })
            | Self::GroupDismiss(GroupDismiss { group_id, .. }) => Some(*group_id),
            Self::Poke(Poke { group_id, .. }) | Self::PokeRecall(PokeRecall { group_id, .. }) => {
                *group_id
            }
            // NapCat writes 0 when the typing is in no group.
            Self::InputStatus(InputStatus { group_id, .. }) => {
                Some(*group_id).filter(|group| group.0 != 0)
            }
            Self::FriendAdd(_)
            | Self::FriendRecall(_)
            | Self::ProfileLike(_)
            | Self::OfflineFile(_)
            | Self::ClientStatus(_)
            | Self::BotOffline(_)
            | Self::BotOnline(_) => None,
        }
    }
}

/// A file was uploaded to a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupUpload {
    /// The group.
    pub group_id: GroupId,
    /// Who uploaded it.
    pub user_id: UserId,
    /// The file.
    pub file: FileInfo,
}

/// A file of a group.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FileInfo {
    /// The file's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    #[serde(deserialize_with = "lenient::integer")]
    pub size: i64,
    /// A number the platform wants together with the id.
    #[serde(deserialize_with = "lenient::integer")]
    pub busid: i64,
    /// Where it can be fetched. go-cqhttp, Lagrange.
    pub url: Option<String>,
}

/// Somebody became or ceased to be an admin of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupAdmin {
    /// Became or ceased to be.
    pub sub_type: GroupAdminType,
    /// The group.
    pub group_id: GroupId,
    /// The member.
    pub user_id: UserId,
}

/// Somebody is no longer in a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupDecrease {
    /// How they left.
    pub sub_type: GroupDecreaseType,
    /// The group.
    pub group_id: GroupId,
    /// Who removed them; themselves when they left. Lagrange writes 0 then.
    pub operator_id: UserId,
    /// Who is gone.
    pub user_id: UserId,
}

/// Somebody came into a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupIncrease {
    /// How they came.
    pub sub_type: GroupIncreaseType,
    /// The group.
    pub group_id: GroupId,
    /// Who approved or invited them. go-cqhttp writes 0.
    pub operator_id: UserId,
    /// Who came.
    pub user_id: UserId,
}

/// Somebody, or everybody, was muted or may speak again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupBan {
    /// Muted or free again.
    pub sub_type: GroupBanType,
    /// The group.
    pub group_id: GroupId,
    /// Who did it.
    pub operator_id: UserId,
    /// The member; 0 for the whole group.
    pub user_id: UserId,
    /// For how many seconds; 0 when free again, -1 for the whole group.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub duration: i64,
}

/// Somebody became a friend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FriendAdd {
    /// The friend.
    pub user_id: UserId,
}

/// A message in a group was recalled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRecall {
    /// The group.
    pub group_id: GroupId,
    /// Who had said it.
    pub user_id: UserId,
    /// Who recalled it.
    pub operator_id: UserId,
    /// The message.
    pub message_id: MessageId,
}

/// A friend recalled a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FriendRecall {
    /// The friend.
    pub user_id: UserId,
    /// The message.
    pub message_id: MessageId,
}

/// Somebody poked somebody.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poke {
    /// The same as `user_id`; only between friends. go-cqhttp.
    pub sender_id: Option<UserId>,
    /// The group; absent between friends.
    pub group_id: Option<GroupId>,
    /// Who poked.
    pub user_id: UserId,
    /// Who was poked.
    pub target_id: UserId,
}

/// Somebody drew the luckiest share of a red packet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LuckyKing {
    /// The group.
    pub group_id: GroupId,
    /// Who gave the red packet.
    pub user_id: UserId,
    /// Who was lucky.
    pub target_id: UserId,
}

/// A member earned a badge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Honor {
    /// The group.
    pub group_id: GroupId,
    /// The badge.
    pub honor_type: HonorType,
    /// The member.
    pub user_id: UserId,
}

/// A member was given a title. go-cqhttp.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Title {
    /// The group.
    pub group_id: GroupId,
    /// The member.
    pub user_id: UserId,
    /// The title.
    pub title: String,
}

/// A group was renamed. NapCat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupName {
    /// The group.
    pub group_id: GroupId,
    /// Who renamed it.
    pub user_id: UserId,
    /// Its new name.
    pub name_new: String,
}

/// A group was renamed. Lagrange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupNameChange {
    /// The group.
    pub group_id: GroupId,
    /// Its new name.
    pub name: String,
}

/// Somebody is typing. NapCat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputStatus {
    /// What the platform shows.
    #[serde(default)]
    pub status_text: String,
    /// Number of the status.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub event_type: i64,
    /// Who is typing.
    pub user_id: UserId,
    /// The group; 0 when they type to the bot alone.
    #[serde(default)]
    pub group_id: GroupId,
}

/// Somebody likes the bot's profile. NapCat, LLOneBot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileLike {
    /// Who likes it.
    pub operator_id: UserId,
    /// Their name.
    #[serde(default)]
    pub operator_nick: String,
    /// How often.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub times: i64,
}

/// A poke was recalled. LLOneBot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PokeRecall {
    /// The group; absent between friends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_id: Option<GroupId>,
    /// Who had poked.
    pub user_id: UserId,
    /// Who had been poked.
    pub target_id: UserId,
    /// The platform's own words; null when it has none.
    #[serde(default)]
    pub raw_info: Value,
}

/// A grey hint appeared in a group. NapCat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrayTip {
    /// The group.
    pub group_id: GroupId,
    /// Whom it is about.
    pub user_id: UserId,
    /// The hint, which is a message.
    pub message_id: MessageId,
    /// Number of its kind.
    #[serde(default, deserialize_with = "lenient::string")]
    pub busi_id: String,
    /// What it says, as JSON text.
    #[serde(default, deserialize_with = "lenient::string")]
    pub content: String,
    /// The platform's own words; null when it has none.
    #[serde(default)]
    pub raw_info: Value,
}

/// A member changed the name they have in a group. go-cqhttp.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupCard {
    /// The group.
    pub group_id: GroupId,
    /// The member.
    pub user_id: UserId,
    /// The new name; empty when there is none.
    pub card_new: String,
    /// The old name; empty when there was none.
    pub card_old: String,
}

/// A friend sent a file. go-cqhttp.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfflineFile {
    /// The friend.
    pub user_id: UserId,
    /// The file.
    pub file: SentFile,
}

/// A file sent by a friend. go-cqhttp.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SentFile {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    #[serde(deserialize_with = "lenient::integer")]
    pub size: i64,
    /// Where it can be fetched.
    pub url: String,
}

/// Another device of the bot's account came or went. go-cqhttp.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientStatus {
    /// The device.
    pub client: Device,
    /// Whether it is there.
    pub online: bool,
}

/// A device on which an account is logged in. go-cqhttp.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Device {
    /// Number of the program.
    #[serde(deserialize_with = "lenient::integer")]
    pub app_id: i64,
    /// Name of the device.
    pub device_name: String,
    /// Kind of the device.
    pub device_kind: String,
}

/// A message became or ceased to be one of a group's highlights. go-cqhttp.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Essence {
    /// Became or ceased to be.
    pub sub_type: EssenceType,
    /// The group.
    pub group_id: GroupId,
    /// Who had said it.
    pub sender_id: UserId,
    /// Who chose it.
    pub operator_id: UserId,
    /// The message.
    pub message_id: MessageId,
}

/// Somebody reacted to a message. NapCat, LLOneBot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupMsgEmojiLike {
    /// The group.
    pub group_id: GroupId,
    /// Who reacted.
    pub user_id: UserId,
    /// The message.
    pub message_id: MessageId,
    /// The reactions.
    #[serde(default)]
    pub likes: Vec<EmojiLike>,
    /// Whether the reaction was added; it was taken back otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_add: Option<bool>,
}

/// How often a message has a reaction. NapCat, LLOneBot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmojiLike {
    /// The emoji: number of a QQ face or code point.
    #[serde(deserialize_with = "lenient::string")]
    pub emoji_id: String,
    /// How often.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub count: i64,
}

/// Somebody reacted to a message. Lagrange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// Added or taken back.
    pub sub_type: ReactionType,
    /// The group.
    pub group_id: GroupId,
    /// The message.
    pub message_id: MessageId,
    /// Who reacted.
    pub operator_id: UserId,
    /// The emoji: number of a QQ face or code point.
    #[serde(deserialize_with = "lenient::string")]
    pub code: String,
    /// How often the message has it now.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub count: i64,
}

/// A group was dissolved. LLOneBot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupDismiss {
    /// The group.
    pub group_id: GroupId,
    /// Who dissolved it.
    pub user_id: UserId,
}

/// The bot's account was logged out. NapCat, Lagrange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BotOffline {
    /// The bot.
    pub user_id: UserId,
    /// A word for the reason.
    #[serde(default)]
    pub tag: String,
    /// The reason, for people.
    #[serde(default)]
    pub message: String,
}

/// The bot's account was logged in. Lagrange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BotOnline {
    /// Why.
    #[serde(default)]
    pub reason: String,
}

mynah_core::words! {
    /// What became of a member of a group.
    pub enum GroupAdminType {
        /// They became an admin.
        Set = "set",
        /// They are no longer one.
        Unset = "unset",
    }

    /// How somebody left a group.
    pub enum GroupDecreaseType {
        /// By themselves.
        Leave = "leave",
        /// Somebody removed them.
        Kick = "kick",
        /// Somebody removed the bot.
        KickMe = "kick_me",
        /// The group was dissolved. NapCat, Lagrange.
        Disband = "disband",
    }

    /// How somebody came into a group.
    pub enum GroupIncreaseType {
        /// An admin approved their request.
        Approve = "approve",
        /// An admin invited them.
        Invite = "invite",
    }

    /// Whether somebody was muted or may speak again.
    pub enum GroupBanType {
        /// Muted.
        Ban = "ban",
        /// Free to speak again.
        LiftBan = "lift_ban",
    }

    /// Whether a message became or ceased to be a highlight.
    pub enum EssenceType {
        /// Became.
        Add = "add",
        /// Ceased to be.
        Delete = "delete",
    }

    /// Whether a reaction was added or taken back.
    pub enum ReactionType {
        /// Added.
        Add = "add",
        /// Taken back.
        Remove = "remove",
    }
}
