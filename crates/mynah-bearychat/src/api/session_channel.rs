//! Session channels (临时讨论组): several people, no name needed. Nobody joins by themselves.

use mynah_core::{BadParameters, Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::BearyChat;
use crate::id::{SessionChannelId, UserId};
use crate::limits;
use crate::types::{Channel, SessionChannel};

/// Tells of a session channel. Fails with 4 for whoever does not belong to it, and with 6 when there
/// is none.
#[doc(alias = "session_channel.info")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetSessionChannel {
    /// The session channel.
    pub session_channel_id: SessionChannelId,
}

impl Endpoint for GetSessionChannel {
    type Platform = BearyChat;
    type Output = SessionChannel;
    const META: Meta = Meta::get("bearychat.session_channel.info", "/session_channel.info")
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/session_channel.info.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::present("session_channel_id", &self.session_channel_id)
    }
}

/// Tells of the session channels that the user of the token belongs to.
#[doc(alias = "session_channel.list")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListSessionChannels {}

impl Endpoint for ListSessionChannels {
    type Platform = BearyChat;
    type Output = Vec<SessionChannel>;
    const META: Meta = Meta::get("bearychat.session_channel.list", "/session_channel.list")
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/session_channel.list.md");
}

/// Makes a session channel of these people and the user of the token. Fails with 6 when there is
/// nobody of one of the ids.
#[doc(alias = "session_channel.create")]
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CreateSessionChannel {
    /// Who belongs to it: at least one.
    pub member_uids: Vec<UserId>,
    /// Its name; see [`CreateChannel::name`](super::channel::CreateChannel).
    pub name: Option<String>,
}

impl Endpoint for CreateSessionChannel {
    type Platform = BearyChat;
    type Output = SessionChannel;
    const META: Meta = Meta::post(
        "bearychat.session_channel.create",
        "/session_channel.create",
    )
    .status(201)
    .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/session_channel.create.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::ids("member_uids", &self.member_uids),
            limits::given(self.name.as_ref(), |name| {
                limits::channel_name("name", name)
            }),
        ])
    }
}

/// Archives a session channel. Fails with 4 for whoever does not belong to it.
#[doc(alias = "session_channel.archive")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ArchiveSessionChannel {
    /// The session channel.
    pub session_channel_id: SessionChannelId,
}

impl Endpoint for ArchiveSessionChannel {
    type Platform = BearyChat;
    type Output = SessionChannel;
    const META: Meta = Meta::post(
        "bearychat.session_channel.archive",
        "/session_channel.archive",
    )
    .idempotent()
    .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/session_channel.archive.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::present("session_channel_id", &self.session_channel_id)
    }
}

/// Makes a channel of a session channel: what was said in it and who belongs to it stay, and there
/// is no session channel any more. Fails with 8 for a name that is taken.
#[doc(alias = "session_channel.convert_to_channel")]
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ConvertToChannel {
    /// The session channel.
    pub session_channel_id: SessionChannelId,
    /// The name of the channel; see [`CreateChannel::name`](super::channel::CreateChannel).
    pub name: String,
    /// Whether it is only for those who were invited; it is if not given.
    pub private: Option<bool>,
}

impl Endpoint for ConvertToChannel {
    type Platform = BearyChat;
    type Output = Channel;
    const META: Meta = Meta::post("bearychat.session_channel.convert_to_channel", "/session_channel.convert_to_channel").status(201)
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/session_channel.convert_to_channel.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::present("session_channel_id", &self.session_channel_id),
            limits::channel_name("name", &self.name),
        ])
    }
}

/// Leaves a session channel. Fails with 4 for whoever does not belong to it.
#[doc(alias = "session_channel.leave")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct LeaveSessionChannel {
    /// The session channel.
    pub session_channel_id: SessionChannelId,
}

impl Endpoint for LeaveSessionChannel {
    type Platform = BearyChat;
    type Output = Empty;
    const META: Meta = Meta::post("bearychat.session_channel.leave", "/session_channel.leave")
        .status(204)
        .bodiless()
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/session_channel.leave.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::present("session_channel_id", &self.session_channel_id)
    }
}

/// Makes somebody a member. Fails with 4 where the user of the token is none, and with 6 when there
/// is nobody of that id.
#[doc(alias = "session_channel.invite")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct InviteToSessionChannel {
    /// The session channel.
    pub session_channel_id: SessionChannelId,
    /// Who is invited.
    pub invite_uid: UserId,
}

impl Endpoint for InviteToSessionChannel {
    type Platform = BearyChat;
    type Output = Empty;
    const META: Meta = Meta::post(
        "bearychat.session_channel.invite",
        "/session_channel.invite",
    )
    .status(204)
    .bodiless()
    .idempotent()
    .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/session_channel.invite.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::present("session_channel_id", &self.session_channel_id),
            limits::present("invite_uid", &self.invite_uid),
        ])
    }
}

/// Puts somebody out. Fails with 6 when nobody of that id belongs to it.
#[doc(alias = "session_channel.kick")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct KickFromSessionChannel {
    /// The session channel.
    pub session_channel_id: SessionChannelId,
    /// Who has to go.
    pub kick_uid: UserId,
}

impl Endpoint for KickFromSessionChannel {
    type Platform = BearyChat;
    type Output = Empty;
    const META: Meta = Meta::post("bearychat.session_channel.kick", "/session_channel.kick")
        .status(204)
        .bodiless()
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/session_channel.kick.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::present("session_channel_id", &self.session_channel_id),
            limits::present("kick_uid", &self.kick_uid),
        ])
    }
}

/// The same as [`KickFromSessionChannel`] under another name.
#[doc(alias = "session_channel.kickout")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct KickOutOfSessionChannel {
    /// The session channel.
    pub session_channel_id: SessionChannelId,
    /// Who has to go.
    pub kick_uid: UserId,
}

impl Endpoint for KickOutOfSessionChannel {
    type Platform = BearyChat;
    type Output = Empty;
    const META: Meta = Meta::post(
        "bearychat.session_channel.kickout",
        "/session_channel.kickout",
    )
    .status(204)
    .bodiless()
    .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/session_channel.kickout.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::present("session_channel_id", &self.session_channel_id),
            limits::present("kick_uid", &self.kick_uid),
        ])
    }
}
