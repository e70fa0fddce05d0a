//! Small gestures: likes, pokes, emoji on a message.

use mynah_core::{Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_with::skip_serializing_none;

use crate::OneBot;
use crate::id::{GroupId, MessageId, UserId};
use crate::types::EmojiId;

/// Likes a person's profile.
///
/// Fails with 100 when `times` is below 1, with 103 beyond the day's limit.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SendLike {
    /// Whom to like.
    pub user_id: UserId,
    /// How often; each friend may be liked 10 times a day. Default 1.
    pub times: Option<i32>,
}

impl Endpoint for SendLike {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.send_like", "/send_like").doc(
        "https://github.com/botuniverse/onebot-11/blob/master/api/public.md#send_like-发送好友赞",
    );
}

/// Reacts to a message with an emoji, or takes the reaction back.
///
/// An action of NapCat and LLOneBot. Answers whatever the implementation got
/// from the platform, most often nothing.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetMsgEmojiLike {
    /// The message to react to.
    pub message_id: MessageId,
    /// The emoji.
    pub emoji_id: EmojiId,
    /// False takes the reaction back. Default true.
    pub set: Option<bool>,
}

impl Endpoint for SetMsgEmojiLike {
    type Platform = OneBot;
    type Output = Value;
    const META: Meta = Meta::post("onebot.set_msg_emoji_like", "/set_msg_emoji_like")
        .doc("https://napneko.github.io/develop/api");
}

/// Pokes a member of a group.
///
/// An action of NapCat and LLOneBot.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GroupPoke {
    /// The group in which it shows.
    pub group_id: GroupId,
    /// Whom to poke.
    pub user_id: UserId,
    /// Whom to poke instead of `user_id`. Default: `user_id`.
    pub target_id: Option<UserId>,
}

impl Endpoint for GroupPoke {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta =
        Meta::post("onebot.group_poke", "/group_poke").doc("https://napneko.github.io/develop/api");
}

/// Pokes somebody in the private conversation with a friend.
///
/// An action of NapCat and LLOneBot.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct FriendPoke {
    /// The friend whose conversation it shows in.
    pub user_id: UserId,
    /// Whom to poke: the friend, or the account itself. Default: `user_id`.
    pub target_id: Option<UserId>,
}

impl Endpoint for FriendPoke {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.friend_poke", "/friend_poke")
        .doc("https://napneko.github.io/develop/api");
}

/// Pokes somebody: in a group if one is named, else privately.
///
/// An action of NapCat.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SendPoke {
    /// Whom to poke.
    pub user_id: UserId,
    /// The group in which it shows; left out, the private conversation.
    pub group_id: Option<GroupId>,
    /// Whom to poke instead of `user_id`. Default: `user_id`.
    pub target_id: Option<UserId>,
}

impl Endpoint for SendPoke {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta =
        Meta::post("onebot.send_poke", "/send_poke").doc("https://napneko.github.io/develop/api");
}
