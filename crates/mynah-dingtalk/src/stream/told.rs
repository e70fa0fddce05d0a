//! What comes over a connection.

use mynah_core::DedupeKey;
use serde_json::{Map, Value};

use super::card::CardCallback;
use super::topic;
use crate::event::{Callback, Format, StreamHeaders};
use crate::members::{DecodeError, object};
use crate::robot::RobotMessage;

/// What an application is told over a connection.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Told {
    /// Somebody said something to its robot.
    Robot(Box<RobotMessage>),
    /// Somebody said something to a robot that it stands in for.
    Delegated(Box<RobotMessage>),
    /// Somebody did something with a card of it.
    Card(Box<CardCallback>),
    /// Something happened.
    Event(Box<Callback>),
    /// A callback of a topic that this version does not know.
    Other {
        /// The topic.
        topic: String,
        /// What it says: JSON, mostly.
        data: String,
    },
}

impl From<RobotMessage> for Told {
    fn from(message: RobotMessage) -> Self {
        Self::Robot(Box::new(message))
    }
}

impl From<CardCallback> for Told {
    fn from(callback: CardCallback) -> Self {
        Self::Card(Box::new(callback))
    }
}

/// In the [shape](Format) that events have over Stream.
impl From<Callback> for Told {
    fn from(callback: Callback) -> Self {
        Self::Event(Box::new(callback.in_format(Format::Stream)))
    }
}

impl Told {
    /// The topic it comes under.
    pub fn topic(&self) -> &str {
        match self {
            Self::Robot(_) => topic::ROBOT,
            Self::Delegated(_) => topic::DELEGATE,
            Self::Card(_) => topic::CARD,
            Self::Event(_) => topic::EVENTS,
            Self::Other { topic, .. } => topic,
        }
    }

    /// What two deliveries of it have in common, if it may come again.
    pub fn dedupe_key(&self) -> Option<DedupeKey> {
        match self {
            Self::Robot(message) | Self::Delegated(message) => Some(message.dedupe_key()),
            Self::Event(callback) => Some(callback.dedupe_key()),
            Self::Card(_) | Self::Other { .. } => None,
        }
    }

    /// Reads a callback.
    pub(super) fn callback(topic: String, data: String) -> Result<Self, DecodeError> {
        let members = || object(data.as_bytes());
        Ok(match topic.as_str() {
            topic::ROBOT => Self::Robot(Box::new(RobotMessage::from_object(members()?)?)),
            topic::DELEGATE => Self::Delegated(Box::new(RobotMessage::from_object(members()?)?)),
            topic::CARD => Self::Card(Box::new(CardCallback::from_object(members()?))),
            _ => Self::Other { topic, data },
        })
    }

    /// Reads an event.
    pub(super) fn event(headers: StreamHeaders, data: &str) -> Result<Self, DecodeError> {
        let members: Map<String, Value> = object(data.as_bytes())?;
        let callback = Callback::from_stream(headers, members)?;
        Ok(Self::Event(Box::new(callback)))
    }

    /// What goes into the `data` of a frame.
    pub(super) fn data(&self) -> String {
        match self {
            Self::Robot(message) | Self::Delegated(message) => message.to_json().to_string(),
            Self::Card(callback) => callback.to_json().to_string(),
            Self::Event(callback) => callback.in_format(Format::Stream).to_json().to_string(),
            Self::Other { data, .. } => data.clone(),
        }
    }

    /// What an event says in the headers of its frame.
    pub(super) fn event_headers(&self) -> Option<StreamHeaders> {
        match self {
            Self::Event(callback) => Some(callback.in_format(Format::Stream).stream_headers()),
            _ => None,
        }
    }
}
