//! What an application is told: events of groups and robots, and the checks of
//! its address.
//!
//! One event comes in several shapes, which differ in the spelling of their
//! members and in what stands around them; see [`Format`].
//!
//! ```
//! use mynah_dingtalk::event::{Callback, Format, Kind};
//!
//! let callback = Callback::from_slice(
//!     r#"{"EventType":"chat_update_title","CorpId":"ding-sandbox-corp","ChatId":"chat1",
//!         "OpenConversationId":"cid1","Title":"值班","Operator":"alice","TimeStamp":1608027247528}"#
//!         .as_bytes(),
//! )?;
//!
//! let Kind::ChatUpdateTitle(change) = &callback.kind else { panic!() };
//! assert_eq!(change.title.as_deref(), Some("值班"));
//! assert_eq!(change.chat.chat_id, Some("chat1".into()));
//! assert_eq!(callback.format, Format::Registered);
//!
//! let streamed = callback.in_format(Format::Stream);
//! assert_eq!(streamed.to_json()["title"], "值班");
//! # Ok::<(), mynah_dingtalk::DecodeError>(())
//! ```
//!
//! Events of groups:
//! <https://open.dingtalk.com/document/development/group-session-events>.

mod kind;
mod shape;

use mynah_core::{DedupeHash, DedupeKey};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::members::DecodeError;

pub use kind::{ChatChange, ChatMembers, ChatOwner, ChatTitle, Kind, RobotMsg, SuiteCheck};
pub(crate) use shape::StreamHeaders;

/// The shapes of one and the same event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// To an address that was registered by a call: capitals, and no id
    /// (<https://open.dingtalk.com/document/development/group-session-events>).
    Registered,
    /// To an address that was set up in the console
    /// (<https://open.dingtalk.com/document/development/http-callback-overview>).
    Console,
    /// Over a Stream connection: what is around the event stands in the headers
    /// of its frame
    /// (<https://opensource.dingtalk.com/developerpedia/docs/learn/stream/protocol>).
    Stream,
    /// In a row of the database that the platform writes for some applications.
    DataPush,
}

/// Something that happened and that an application is told.
///
/// What is absent, or not what it should be, counts as absent; members that
/// have no place in the types are kept in [`extra`](Self::extra), those of
/// kinds that nobody told us of among them.
#[derive(Clone, Debug, PartialEq)]
pub struct Callback {
    /// The shape it came in, and will be written in.
    pub format: Format,
    /// The same in each delivery of the event; [`Format::Registered`] has none.
    pub event_id: Option<String>,
    /// The organisation it is about.
    pub corp_id: Option<String>,
    /// When it was made, in milliseconds since 1970; [`Format::Console`] and
    /// [`Format::Stream`] only.
    pub event_time: Option<i64>,
    /// A number of the platform; [`Format::Console`] and [`Format::DataPush`] only.
    pub biz_id: Option<String>,
    /// The kind as a number; [`Format::DataPush`] only.
    pub biz_type: Option<i64>,
    /// The application; [`Format::Stream`] only.
    pub unified_app_id: Option<String>,
    /// What happened.
    pub kind: Kind,
    /// What else stands there.
    pub extra: Map<String, Value>,
}

impl Callback {
    /// An event with nothing around it, in the shape of a registered callback;
    /// see [`in_format`](Self::in_format).
    pub fn new(kind: Kind) -> Self {
        Self {
            format: Format::Registered,
            event_id: None,
            corp_id: None,
            event_time: None,
            biz_id: None,
            biz_type: None,
            unified_app_id: None,
            kind,
            extra: Map::new(),
        }
    }

    /// Sets the organisation.
    #[must_use]
    pub fn corp(self, corp_id: impl Into<String>) -> Self {
        Self {
            corp_id: Some(corp_id.into()),
            ..self
        }
    }

    /// Sets the id, and when the event was made, in milliseconds since 1970.
    #[must_use]
    pub fn made(self, event_id: impl Into<String>, event_time: i64) -> Self {
        Self {
            event_id: Some(event_id.into()),
            event_time: Some(event_time),
            ..self
        }
    }

    /// What it is, in the platform's word.
    pub fn name(&self) -> &str {
        self.kind.word()
    }

    /// Whether it only asks if the address is the application's: the answer is
    /// the encrypted `success` and nothing else.
    pub fn is_check(&self) -> bool {
        matches!(
            self.kind,
            Kind::CheckUrl | Kind::CheckCreateSuiteUrl(_) | Kind::CheckUpdateSuiteUrl(_)
        )
    }

    /// The same event in another shape, without what has no place in it: an
    /// id in a registered callback, and in the others the group's `chatid` and
    /// who did it where the owner changes.
    #[must_use]
    pub fn in_format(&self, format: Format) -> Self {
        let mut callback = self.clone();
        if format == self.format {
            return callback;
        }
        callback.format = format;
        if format == Format::Registered {
            (callback.event_id, callback.event_time) = (None, None);
        }
        if !matches!(format, Format::Console | Format::DataPush) {
            callback.biz_id = None;
        }
        if format != Format::DataPush {
            callback.biz_type = None;
        }
        if format != Format::Stream {
            callback.unified_app_id = None;
        }
        callback.kind.fit(format, self.corp_id.as_deref());
        callback
    }

    /// What two deliveries of this event have in common: its id, or where it
    /// has none what happened, where, when and to whom. It serves to tell
    /// accidents apart, not adversaries.
    pub fn dedupe_key(&self) -> DedupeKey {
        if let Some(id) = self.event_id.as_deref().filter(|id| !id.is_empty()) {
            return DedupeKey::Word(id.into());
        }
        let mut hash = DedupeHash::default();
        hash.part(self.name());
        match self.kind.subject() {
            Some((chat, mut users)) => {
                hash.part(chat.chat_id.as_ref().map_or("", |id| id.as_str()));
                hash.part(chat.time_stamp.unwrap_or_default());
                users.sort_unstable();
                for user in users {
                    hash.part(user);
                }
            }
            // Not documented: all that is known of it.
            None => hash.part(self.to_json()),
        }
        hash.into()
    }
}

/// As [`Callback::to_json`].
impl Serialize for Callback {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl Callback {
    /// Reads a callback: what was decrypted, or a row of the database.
    ///
    /// # Errors
    /// It is no JSON object, or does not say what happened.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, DecodeError> {
        shape::read(crate::members::object(bytes)?)
    }
}
