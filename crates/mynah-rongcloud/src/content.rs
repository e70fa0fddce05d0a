//! What messages say.
//!
//! A message has a kind, the [`ObjectName`], and a text that the kind explains: JSON for those of
//! the platform, anything for an application's own
//! (<https://docs.rongcloud.io/platform-chat-api/message-about/objectname>). [`Content`] writes
//! that text and reads it; the calls carry name and text as they are, so that nothing is lost on
//! the way.

mod media;
mod notice;
mod text;

use std::fmt;

use mynah_core::lenient::text as lenient_text;
use serde::de::{Deserialize, Deserializer};
use serde::{Deserialize as DeserializeDerive, Serialize};
use serde_json::Value;
use serde_with::skip_serializing_none;

pub use media::{File, HighQualityVoice, Image, Location, RichText, Sight, Voice};
pub use notice::{
    Command, CommandNotice, ContactNotice, DiscussionNotice, GroupNotice, InfoNotice,
    ProfileNotice, Recall, RecallNotice, Typing,
};
pub use text::{MentionedInfo, Text};

/// Defines the kinds that the platform knows: their names, and what their texts hold.
macro_rules! contents {
    ($($(#[$doc:meta])+ $variant:ident = $name:literal,)+) => {
        mynah_core::words! {
            /// The kind of a message: at most 32 characters. Those of an application's own must not
            /// begin with `RC:`.
            pub enum ObjectName {
                $($(#[$doc])+ $variant = $name,)+
            }
        }

        /// What a message says, by its kind.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum Content {
            $($(#[$doc])+ $variant($variant),)+
            /// A kind of the application's own, or one whose text is not what the kind should have.
            Custom {
                /// The kind.
                object_name: ObjectName,
                /// The text, as it stands on the wire.
                text: String,
            },
        }

        impl Content {
            /// Reads the text of a message. What cannot be read is kept as
            /// [`Custom`](Self::Custom).
            pub fn read(object_name: &ObjectName, text: &str) -> Self {
                let found = match object_name {
                    $(ObjectName::$variant => object(text).map(Self::$variant),)+
                    ObjectName::Other(_) => None,
                };
                found.unwrap_or_else(|| Self::custom(object_name.clone(), text))
            }

            /// The kind.
            pub fn object_name(&self) -> ObjectName {
                match self {
                    $(Self::$variant(_) => ObjectName::$variant,)+
                    Self::Custom { object_name, .. } => object_name.clone(),
                }
            }

            /// The text, as it stands on the wire.
            pub fn to_text(&self) -> String {
                match self {
                    $(Self::$variant(body) => serde_json::to_string(body).unwrap_or_default(),)+
                    Self::Custom { text, .. } => text.clone(),
                }
            }
        }

        $(impl From<$variant> for Content {
            fn from(body: $variant) -> Self {
                Self::$variant(body)
            }
        })+
    };
}

contents! {
    /// Text.
    Text = "RC:TxtMsg",
    /// A picture.
    Image = "RC:ImgMsg",
    /// A voice message, in the message itself.
    Voice = "RC:VcMsg",
    /// A voice message at an address.
    HighQualityVoice = "RC:HQVCMsg",
    /// A title, a text and a picture that lead to an address.
    RichText = "RC:ImgTextMsg",
    /// A file.
    File = "RC:FileMsg",
    /// A place.
    Location = "RC:LBSMsg",
    /// A short video.
    Sight = "RC:SightMsg",
    /// Somebody wants to be a friend, or answers to that.
    ContactNotice = "RC:ContactNtf",
    /// A line of information in a conversation.
    InfoNotice = "RC:InfoNtf",
    /// Somebody changed what is told of them.
    ProfileNotice = "RC:ProfileNtf",
    /// A command for the application that is stored and shown.
    CommandNotice = "RC:CmdNtf",
    /// A command for the application that is neither stored nor counted nor pushed.
    Command = "RC:CmdMsg",
    /// Something happened in a group.
    GroupNotice = "RC:GrpNtf",
    /// Something happened in a discussion.
    DiscussionNotice = "RC:DizNtf",
    /// What stands in the place of a message that was recalled.
    RecallNotice = "RC:RcNtf",
    /// Tells clients that a message was recalled.
    Recall = "RC:RcCmd",
    /// Somebody is typing.
    Typing = "RC:TypSts",
}

impl Content {
    /// A kind of the application's own.
    ///
    /// ```
    /// use mynah_rongcloud::Content;
    ///
    /// let order = Content::custom("MY:Order", "no. 7");
    /// assert_eq!(order.to_text(), "no. 7");
    /// ```
    pub fn custom(object_name: impl Into<ObjectName>, text: impl Into<String>) -> Self {
        Self::Custom {
            object_name: object_name.into(),
            text: text.into(),
        }
    }

    /// What the kind and the text are, for a call.
    pub(crate) fn into_parts(self) -> (ObjectName, String) {
        (self.object_name(), self.to_text())
    }
}

impl From<&str> for Content {
    /// Text.
    fn from(text: &str) -> Self {
        Text::new(text).into()
    }
}

impl From<String> for Content {
    /// Text.
    fn from(text: String) -> Self {
        Text::new(text).into()
    }
}

impl ObjectName {
    /// Whether it is one of the platform's, known or not.
    pub fn is_built_in(&self) -> bool {
        self.as_str().starts_with("RC:")
    }
}

/// The object that a text is, if it is one.
fn object<T: for<'de> Deserialize<'de>>(text: &str) -> Option<T> {
    // A list would be read as the members of an object.
    text.trim_start()
        .starts_with('{')
        .then(|| serde_json::from_str(text).ok())?
}

/// Who says it, as every content may tell.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, DeserializeDerive)]
pub struct Sender {
    /// Their id.
    #[serde(default, deserialize_with = "lenient_text")]
    pub id: String,
    /// Their name.
    #[serde(default, deserialize_with = "lenient_text")]
    pub name: String,
    /// The address of their picture; also seen as `icon`.
    #[serde(
        default,
        alias = "icon",
        deserialize_with = "mynah_core::lenient::or_default"
    )]
    pub portrait: Option<String>,
    /// What the application adds.
    #[serde(default, deserialize_with = "mynah_core::lenient::or_default")]
    pub extra: Option<String>,
}

/// Defines the text of one kind: its own fields, and those that every content may have.
macro_rules! content {
    (
        $(#[$meta:meta])*
        pub struct $name:ident { $($fields:tt)* }
    ) => {
        $(#[$meta])*
        #[serde_with::skip_serializing_none]
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            $($fields)*
            /// Who says it.
            #[serde(default, deserialize_with = "mynah_core::lenient::or_default")]
            pub user: Option<$crate::content::Sender>,
            /// What the application adds.
            #[serde(default, deserialize_with = "mynah_core::lenient::or_default")]
            pub extra: Option<String>,
        }

        impl $name {
            /// The same, telling who says it.
            #[must_use]
            pub fn user(self, user: $crate::content::Sender) -> Self {
                Self {
                    user: Some(user),
                    ..self
                }
            }

            /// The same with what the application adds.
            #[must_use]
            pub fn extra(self, extra: impl Into<String>) -> Self {
                Self {
                    extra: Some(extra.into()),
                    ..self
                }
            }
        }
    };
}
use content;

/// A number of seconds or bytes that may come as digits in a string, or with a fraction, which is
/// cut off. Anything else is 0.
fn amount<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Number(number) => whole(&number),
        Value::String(digits) => digits.parse().unwrap_or_default(),
        _ => 0,
    })
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(number: &serde_json::Number) -> u64 {
    // A cast of a fraction keeps to the ends of the range.
    let fraction = || number.as_f64().map(|number| number as u64);
    number.as_u64().or_else(fraction).unwrap_or_default()
}

impl fmt::Display for Content {
    /// What a person would read: the text of a text message, and the name of every other kind.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => formatter.write_str(&text.content),
            Self::InfoNotice(notice) => formatter.write_str(&notice.message),
            other => write!(formatter, "[{}]", other.object_name()),
        }
    }
}
