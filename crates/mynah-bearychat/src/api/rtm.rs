//! Where connections begin, and RTM over HTTP.
//!
//! [`StartRtm`] belongs to [`BearyChat`]; the others belong to [`Rtm`], which is another host with
//! an envelope of its own. What `current_team` tells is not on the pages of the documentation, but
//! the clients of the platform ask for it.

use mynah_core::{BadParameters, Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::id::{ChannelId, UserId, VchannelId};
use crate::limits;
use crate::types::{Attachment, Channel, RtmStart, Team, User};
use crate::{BearyChat, Rtm};

/// Tells where to connect within five minutes. Every call may answer another address.
#[doc(alias = "rtm.start")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct StartRtm {}

impl Endpoint for StartRtm {
    type Platform = BearyChat;
    type Output = RtmStart;
    const META: Meta = Meta::post("bearychat.rtm.start", "/rtm.start")
        .idempotent()
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/rtm.start.md");
}

/// The same, asked for at the other host.
#[doc(alias = "start")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct Start {}

impl Endpoint for Start {
    type Platform = Rtm;
    type Output = RtmStart;
    const META: Meta = Meta::post("bearychat.start", "/start")
        .idempotent()
        .doc("https://github.com/bearyinnovative/OpenAPI/tree/master/rtm");
}

/// Says something, without learning which message that was: [`CreateMessage`](super::message::CreateMessage)
/// tells. Fails with 4 where the user of the token does not belong.
#[doc(alias = "message")]
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SendMessage {
    /// The conversation.
    pub vchannel: VchannelId,
    /// What is said.
    pub text: String,
    /// Whether it is Markdown; it is if not given.
    pub markdown: Option<bool>,
    /// What stands below: each has a title or a text.
    #[request(default)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

impl Endpoint for SendMessage {
    type Platform = Rtm;
    type Output = Empty;
    const META: Meta = Meta::post("bearychat.message", "/message")
        .doc("https://github.com/bearyinnovative/OpenAPI/tree/master/rtm");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::present("vchannel", &self.vchannel),
            limits::present("text", &self.text),
            limits::attachments(&self.attachments),
        ])
    }
}

/// Tells of the team that the token belongs to.
#[doc(alias = "current_team.info")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetCurrentTeam {}

impl Endpoint for GetCurrentTeam {
    type Platform = Rtm;
    type Output = Team;
    const META: Meta = Meta::get("bearychat.current_team.info", "/v1/current_team.info")
        .doc("https://github.com/bearyinnovative/bearychat-go");
}

/// Tells of the people of the team.
#[doc(alias = "current_team.members")]
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListCurrentMembers {
    /// Whether everybody is told of; clients say that they want it.
    pub all: Option<bool>,
}

impl Endpoint for ListCurrentMembers {
    type Platform = Rtm;
    type Output = Vec<User>;
    const META: Meta = Meta::get("bearychat.current_team.members", "/v1/current_team.members")
        .doc("https://github.com/bearyinnovative/bearychat-go");
}

/// Tells of the channels of the team.
#[doc(alias = "current_team.channels")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListCurrentChannels {}

impl Endpoint for ListCurrentChannels {
    type Platform = Rtm;
    type Output = Vec<Channel>;
    const META: Meta = Meta::get(
        "bearychat.current_team.channels",
        "/v1/current_team.channels",
    )
    .doc("https://github.com/bearyinnovative/bearychat-go");
}

/// Tells of somebody in the team. Fails with 6 when there is nobody of that id.
#[doc(alias = "v1.user.info")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetCurrentUser {
    /// Who.
    pub user_id: UserId,
}

impl Endpoint for GetCurrentUser {
    type Platform = Rtm;
    type Output = User;
    const META: Meta = Meta::get("bearychat.v1.user.info", "/v1/user.info")
        .doc("https://github.com/bearyinnovative/bearychat-go");

    fn check(&self) -> Result<(), BadParameters> {
        limits::present("user_id", &self.user_id)
    }
}

/// Tells of a channel of the team. Fails with 6 when there is none.
#[doc(alias = "v1.channel.info")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetCurrentChannel {
    /// The channel.
    pub channel_id: ChannelId,
}

impl Endpoint for GetCurrentChannel {
    type Platform = Rtm;
    type Output = Channel;
    const META: Meta = Meta::get("bearychat.v1.channel.info", "/v1/channel.info")
        .doc("https://github.com/bearyinnovative/bearychat-go");

    fn check(&self) -> Result<(), BadParameters> {
        limits::present("channel_id", &self.channel_id)
    }
}
