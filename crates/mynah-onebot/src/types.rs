//! Values that several actions and events share.

use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// What a member may do in a group. An owner outranks an admin, who outranks a member.
    pub enum Role {
        /// Founded the group, or was handed it. There is exactly one.
        Owner = "owner",
        /// Appointed by the owner.
        Admin = "admin",
        /// Everybody else.
        Member = "member",
    }

    /// The sex somebody states in their profile.
    pub enum Sex {
        /// 男
        Male = "male",
        /// 女
        Female = "female",
        /// Not stated.
        Unknown = "unknown",
    }

    /// How somebody comes into a group by request; the `sub_type` of the event.
    pub enum GroupRequestType {
        /// Somebody asks to join a group the bot administers.
        Add = "add",
        /// Somebody invites the bot into a group.
        Invite = "invite",
    }

    /// One of the badges QQ gives to active members, or all of them.
    pub enum HonorType {
        /// 龙王: spoke the most.
        Talkative = "talkative",
        /// 群聊之火: speaks day after day.
        Performer = "performer",
        /// 群聊炽焰: has done so for long.
        Legend = "legend",
        /// 冒尖小春笋: a newcomer who speaks much.
        StrongNewbie = "strong_newbie",
        /// 快乐之源: sends many stickers.
        Emotion = "emotion",
        /// Every list at once.
        All = "all",
    }
}

/// A point in time, in seconds since 1970-01-01T00:00:00Z.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct UnixSeconds(pub i64);

impl From<i64> for UnixSeconds {
    fn from(seconds: i64) -> Self {
        Self(seconds)
    }
}
