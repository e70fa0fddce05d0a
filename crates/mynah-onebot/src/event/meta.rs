//! Meta events: the implementation speaks of itself.

use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::id::UserId;
use crate::lenient;
use crate::types::UnixSeconds;

/// The implementation speaks of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct MetaEvent {
    /// When it spoke.
    pub time: UnixSeconds,
    /// The bot.
    pub self_id: UserId,
    /// What it said.
    pub meta: Meta,
}

/// What the implementation says of itself.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Meta {
    /// It began, ended or connected.
    Lifecycle(Lifecycle),
    /// It is alive.
    Heartbeat(Heartbeat),
}

/// The implementation began, ended or connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifecycle {
    /// Which of them.
    pub sub_type: LifecycleType,
}

mynah_core::words! {
    /// A turn in the life of an implementation.
    pub enum LifecycleType {
        /// It began. Over HTTP POST only.
        Enable = "enable",
        /// It ends. Over HTTP POST only.
        Disable = "disable",
        /// This connection carries events from now on. Over WebSocket only, as the first frame.
        Connect = "connect",
    }
}

/// The implementation is alive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heartbeat {
    /// How it is, as `get_status` answers.
    #[serde(default)]
    pub status: Status,
    /// Milliseconds to the next heartbeat.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub interval: i64,
}

/// How an implementation is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Whether the account is logged in; `None` when that cannot be told.
    #[serde(default)]
    pub online: Option<bool>,
    /// Whether everything works.
    #[serde(default)]
    pub good: bool,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl MetaEvent {
    pub(super) fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Wire<'a> {
            time: UnixSeconds,
            self_id: UserId,
            post_type: &'static str,
            meta_event_type: &'static str,
            #[serde(flatten)]
            meta: &'a Meta,
        }
        Wire {
            time: self.time,
            self_id: self.self_id,
            post_type: "meta_event",
            meta_event_type: self.meta.meta_event_type(),
            meta: &self.meta,
        }
        .serialize(serializer)
    }
}

impl Meta {
    /// `lifecycle` or `heartbeat`.
    pub fn meta_event_type(&self) -> &'static str {
        match self {
            Self::Lifecycle(_) => "lifecycle",
            Self::Heartbeat(_) => "heartbeat",
        }
    }

    /// The third level of the event's name.
    pub fn sub_type(&self) -> Option<&str> {
        match self {
            Self::Lifecycle(lifecycle) => Some(lifecycle.sub_type.as_str()),
            Self::Heartbeat(_) => None,
        }
    }
}
