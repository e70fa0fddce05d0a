//! Requests: somebody wants the bot's consent.

use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::id::{GroupId, UserId};
use crate::lenient;
use crate::types::{GroupRequestType, UnixSeconds};

/// Somebody wants the bot's consent.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestEvent {
    /// When they asked.
    pub time: UnixSeconds,
    /// The bot.
    pub self_id: UserId,
    /// What they want.
    pub request: Request,
}

/// What somebody wants.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Request {
    /// To be friends.
    Friend(FriendRequest),
    /// To come into a group, or the bot to.
    Group(GroupRequest),
}

/// Somebody wants to be friends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FriendRequest {
    /// Who.
    pub user_id: UserId,
    /// What they say about it.
    #[serde(default, deserialize_with = "lenient::string")]
    pub comment: String,
    /// What answering the request takes.
    #[serde(deserialize_with = "lenient::string")]
    pub flag: String,
}

/// Somebody wants to come into a group, or the bot to.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRequest {
    /// Which of both.
    pub sub_type: GroupRequestType,
    /// The group.
    pub group_id: GroupId,
    /// Who wants to join, or who invites the bot.
    pub user_id: UserId,
    /// What they say about it.
    #[serde(default, deserialize_with = "lenient::string")]
    pub comment: String,
    /// What answering the request takes.
    #[serde(deserialize_with = "lenient::string")]
    pub flag: String,
    /// The member who invited the one who wants to join; 0 for nobody. go-cqhttp, LLOneBot,
    /// Lagrange.
    pub invitor_id: Option<UserId>,
}

impl RequestEvent {
    pub(super) fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Wire<'a> {
            time: UnixSeconds,
            self_id: UserId,
            post_type: &'static str,
            request_type: &'static str,
            #[serde(flatten)]
            request: &'a Request,
        }
        Wire {
            time: self.time,
            self_id: self.self_id,
            post_type: "request",
            request_type: self.request.request_type(),
            request: &self.request,
        }
        .serialize(serializer)
    }
}

impl Request {
    /// `friend` or `group`.
    pub fn request_type(&self) -> &'static str {
        match self {
            Self::Friend(_) => "friend",
            Self::Group(_) => "group",
        }
    }

    /// The third level of the event's name.
    pub fn sub_type(&self) -> Option<&str> {
        match self {
            Self::Friend(_) => None,
            Self::Group(request) => Some(request.sub_type.as_str()),
        }
    }

    /// Who asks.
    pub fn user_id(&self) -> UserId {
        match self {
            Self::Friend(request) => request.user_id,
            Self::Group(request) => request.user_id,
        }
    }

    /// The group in question.
    pub fn group_id(&self) -> Option<GroupId> {
        match self {
            Self::Friend(_) => None,
            Self::Group(request) => Some(request.group_id),
        }
    }

    /// What they say about it.
    pub fn comment(&self) -> &str {
        match self {
            Self::Friend(request) => &request.comment,
            Self::Group(request) => &request.comment,
        }
    }

    /// What answering the request takes.
    pub fn flag(&self) -> &str {
        match self {
            Self::Friend(request) => &request.flag,
            Self::Group(request) => &request.flag,
        }
    }
}
