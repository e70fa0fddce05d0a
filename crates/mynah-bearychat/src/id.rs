//! The ids of teams, people, conversations and messages.
//!
//! All but keys are `=` and letters and digits behind it, such as `=bw52O`. They are opaque, and
//! those of different things may look alike: each is a type of its own.

use std::fmt;

use crate::time::Millis;

mynah_core::ids! {
    /// A team.
    pub struct TeamId(String);

    /// Somebody in a team: a person, the assistant, or a robot that is a user (a hubot).
    pub struct UserId(String);

    /// A robot that is no user: it speaks through hooks.
    pub struct RobotId(String);

    /// A conversation of any kind. Messages are said in it.
    pub struct VchannelId(String);

    /// A channel. Often the same text as its [`VchannelId`]; do not rely on it.
    pub struct ChannelId(String);

    /// A session channel (临时讨论组). Often the same text as its [`VchannelId`]; do not rely on it.
    pub struct SessionChannelId(String);

    /// The conversation of two. Often the same text as its [`VchannelId`]; do not rely on it.
    pub struct P2pChannelId(String);

    /// A message, wherever it is. Calls want its conversation and its [key](MessageKey) instead.
    pub struct MessageId(String);

    /// A message within its conversation: the milliseconds at which it was said, a dot, and a
    /// counter of four digits, such as `1485236262366.0193`. Keys of this form are in order when
    /// their texts are.
    pub struct MessageKey(String);

    /// A message that is pinned.
    pub struct PinId(String);

    /// A reaction.
    pub struct ReactionId(String);

    /// An emoji of the team.
    pub struct EmojiId(String);

    /// A file.
    pub struct FileKey(String);
}

/// Whether a text has the form of ids: `=`, and one or more letters or digits behind it.
///
/// ```
/// use mynah_bearychat::id::is_object_id;
///
/// assert!(is_object_id("=bw52O"));
/// assert!(!is_object_id("=") && !is_object_id("bw52O") && !is_object_id("=a b"));
/// ```
pub fn is_object_id(text: &str) -> bool {
    let rest = text.strip_prefix('=').unwrap_or_default();
    !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Where a message stands among the others of its conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// When it was said.
    pub millis: Millis,
    /// Tells it from others of the same moment; it counts further whatever the moment is.
    pub counter: u16,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:013}.{:04}", self.millis.0, self.counter)
    }
}

impl From<Place> for MessageKey {
    fn from(place: Place) -> Self {
        Self(place.to_string())
    }
}

impl MessageKey {
    /// The place that the key names; nothing if it is not 13 digits, a dot and 4 digits. There need
    /// not be a message.
    ///
    /// ```
    /// use mynah_bearychat::MessageKey;
    ///
    /// let place = MessageKey::from("1485236262366.0193").place().unwrap();
    /// assert_eq!((place.millis.0, place.counter), (1_485_236_262_366, 193));
    /// assert_eq!(MessageKey::from(place).as_str(), "1485236262366.0193");
    /// assert_eq!(MessageKey::from("1485236262.0193").place(), None);
    /// ```
    pub fn place(&self) -> Option<Place> {
        let (millis, counter) = self.0.split_once('.')?;
        let digits = |text: &str, count| {
            text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !digits(millis, 13) || !digits(counter, 4) {
            return None;
        }
        Some(Place {
            millis: Millis(millis.parse().ok()?),
            counter: counter.parse().ok()?,
        })
    }
}
