//! Channels (讨论组): they have names, and the public ones are open to everybody.

use mynah_core::{BadParameters, Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::BearyChat;
use crate::id::{ChannelId, UserId};
use crate::limits;
use crate::types::Channel;

/// Tells of a channel. Fails with 4 for a private one that the user of the token does not belong to,
/// and with 6 when there is none.
#[doc(alias = "channel.info")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetChannel {
    /// The channel.
    pub channel_id: ChannelId,
}

impl Endpoint for GetChannel {
    type Platform = BearyChat;
    type Output = Channel;
    const META: Meta = Meta::get("bearychat.channel.info", "/channel.info")
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/channel.info.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::present("channel_id", &self.channel_id)
    }
}

/// Tells of the public channels, and of the private ones that the user of the token belongs to.
#[doc(alias = "channel.list")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListChannels {}

impl Endpoint for ListChannels {
    type Platform = BearyChat;
    type Output = Vec<Channel>;
    const META: Meta = Meta::get("bearychat.channel.list", "/channel.list")
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/channel.list.md");
}

/// Makes a channel, whose first member is the user of the token. Fails with 8 for a name that is
/// taken.
#[doc(alias = "channel.create")]
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CreateChannel {
    /// 2 to 20 letters of English or 1 to 10 of Chinese; digits, `_`, `-` and `.` as well.
    pub name: String,
    /// What it is about.
    pub topic: Option<String>,
    /// Whether it is only for those who were invited; not if not given.
    pub private: Option<bool>,
}

impl Endpoint for CreateChannel {
    type Platform = BearyChat;
    type Output = Channel;
    const META: Meta = Meta::post("bearychat.channel.create", "/channel.create")
        .status(201)
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/channel.create.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::channel_name("name", &self.name)
    }
}

/// Archives a channel: nobody speaks in it or joins it any more. Fails with 4 for whoever may not,
/// and for the channel of everybody.
#[doc(alias = "channel.archive")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ArchiveChannel {
    /// The channel.
    pub channel_id: ChannelId,
}

impl Endpoint for ArchiveChannel {
    type Platform = BearyChat;
    type Output = Channel;
    const META: Meta = Meta::post("bearychat.channel.archive", "/channel.archive")
        .idempotent()
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/channel.archive.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::present("channel_id", &self.channel_id)
    }
}

/// Brings a channel back from the archive. Fails with 4 for whoever may not.
#[doc(alias = "channel.unarchive")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct UnarchiveChannel {
    /// The channel.
    pub channel_id: ChannelId,
}

impl Endpoint for UnarchiveChannel {
    type Platform = BearyChat;
    type Output = Channel;
    const META: Meta = Meta::post("bearychat.channel.unarchive", "/channel.unarchive")
        .idempotent()
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/channel.unarchive.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::present("channel_id", &self.channel_id)
    }
}

/// Leaves a channel. Fails with 4 for whoever does not belong to it, and for the channel of
/// everybody.
#[doc(alias = "channel.leave")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct LeaveChannel {
    /// The channel.
    pub channel_id: ChannelId,
}

impl Endpoint for LeaveChannel {
    type Platform = BearyChat;
    type Output = Empty;
    const META: Meta = Meta::post("bearychat.channel.leave", "/channel.leave")
        .status(204)
        .bodiless()
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/channel.leave.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::present("channel_id", &self.channel_id)
    }
}

/// Joins a public channel. Fails with 4 for a private one.
#[doc(alias = "channel.join")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct JoinChannel {
    /// The channel.
    pub channel_id: ChannelId,
}

impl Endpoint for JoinChannel {
    type Platform = BearyChat;
    type Output = Channel;
    const META: Meta = Meta::post("bearychat.channel.join", "/channel.join")
        .idempotent()
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/channel.join.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::present("channel_id", &self.channel_id)
    }
}

/// Makes somebody a member of a channel that the user of the token belongs to. Fails with 4 where
/// they do not, and with 6 when there is nobody of that id.
#[doc(alias = "channel.invite")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct InviteToChannel {
    /// The channel.
    pub channel_id: ChannelId,
    /// Who is invited.
    pub invite_uid: UserId,
}

impl Endpoint for InviteToChannel {
    type Platform = BearyChat;
    type Output = Empty;
    const META: Meta = Meta::post("bearychat.channel.invite", "/channel.invite")
        .status(204)
        .bodiless()
        .idempotent()
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/channel.invite.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::present("channel_id", &self.channel_id),
            limits::present("invite_uid", &self.invite_uid),
        ])
    }
}

/// Puts somebody out of a channel. Fails with 4 for whoever may not, and with 6 when nobody of that
/// id belongs to it.
#[doc(alias = "channel.kick")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct KickFromChannel {
    /// The channel.
    pub channel_id: ChannelId,
    /// Who has to go.
    pub kick_uid: UserId,
}

impl Endpoint for KickFromChannel {
    type Platform = BearyChat;
    type Output = Empty;
    const META: Meta = Meta::post("bearychat.channel.kick", "/channel.kick")
        .status(204)
        .bodiless()
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/channel.kick.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::present("channel_id", &self.channel_id),
            limits::present("kick_uid", &self.kick_uid),
        ])
    }
}

/// The same as [`KickFromChannel`] under another name.
#[doc(alias = "channel.kickout")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct KickOutOfChannel {
    /// The channel.
    pub channel_id: ChannelId,
    /// Who has to go.
    pub kick_uid: UserId,
}

impl Endpoint for KickOutOfChannel {
    type Platform = BearyChat;
    type Output = Empty;
    const META: Meta = Meta::post("bearychat.channel.kickout", "/channel.kickout")
        .status(204)
        .bodiless()
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/channel.kickout.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::present("channel_id", &self.channel_id),
            limits::present("kick_uid", &self.kick_uid),
        ])
    }
}
