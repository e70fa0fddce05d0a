//! Notices and commands.

use mynah_core::lenient::{integer, or_default, text};
use serde_json::{Map, Value};

use super::content;
use crate::id::{MessageUid, UserId};
use crate::types::ConversationType;

content! {
    /// Somebody wants to be a friend, or answers to that.
    pub struct ContactNotice {
        /// `Request`, `AcceptResponse`, `RejectResponse`, or what the application makes of it.
        #[serde(default, deserialize_with = "text")]
        pub operation: String,
        /// Who does it.
        #[serde(rename = "sourceUserId", default, deserialize_with = "or_default")]
        pub source_user_id: UserId,
        /// Whom it is about.
        #[serde(rename = "targetUserId", default, deserialize_with = "or_default")]
        pub target_user_id: UserId,
        /// What they say.
        #[serde(default, deserialize_with = "text")]
        pub message: String,
    }
}

content! {
    /// A line of information in a conversation.
    pub struct InfoNotice {
        /// The line.
        #[serde(default, deserialize_with = "text")]
        pub message: String,
    }
}

impl InfoNotice {
    /// This line.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            ..Self::default()
        }
    }
}

content! {
    /// Somebody changed what is told of them.
    pub struct ProfileNotice {
        /// What they changed.
        #[serde(default, deserialize_with = "text")]
        pub operation: String,
        /// How it is now.
        #[serde(default, deserialize_with = "text")]
        pub data: String,
    }
}

content! {
    /// A command for the application that is stored and shown.
    pub struct CommandNotice {
        /// The command.
        #[serde(default, deserialize_with = "text")]
        pub name: String,
        /// What it needs.
        #[serde(default, deserialize_with = "text")]
        pub data: String,
    }
}

content! {
    /// A command for the application that is neither stored nor counted nor pushed.
    pub struct Command {
        /// The command.
        #[serde(default, deserialize_with = "text")]
        pub name: String,
        /// What it needs.
        #[serde(default, deserialize_with = "text")]
        pub data: String,
    }
}

impl Command {
    /// This command with what it needs.
    pub fn new(name: impl Into<String>, data: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            data: data.into(),
            ..Self::default()
        }
    }
}

content! {
    /// Something happened in a group.
    pub struct GroupNotice {
        /// Who did it.
        #[serde(rename = "operatorUserId", default, deserialize_with = "or_default")]
        pub operator_user_id: UserId,
        /// What they did, such as `Add` or `Rename`.
        #[serde(default, deserialize_with = "text")]
        pub operation: String,
        /// More of it: JSON in a text.
        #[serde(default, deserialize_with = "text")]
        pub data: String,
        /// What members read.
        #[serde(default, deserialize_with = "text")]
        pub message: String,
    }
}

content! {
    /// Something happened in a discussion.
    pub struct DiscussionNotice {
        /// What happened.
        #[serde(rename = "type", default, deserialize_with = "integer")]
        pub kind: i64,
        /// Whom it happened to, or the new name.
        #[serde(default, deserialize_with = "text")]
        pub extension: String,
        /// Who did it.
        #[serde(default, deserialize_with = "text")]
        pub operation: String,
    }
}

content! {
    /// What stands in the place of a message that was recalled. Its fields are not documented.
    pub struct RecallNotice {
        /// Its fields.
        #[serde(flatten)]
        pub fields: Map<String, Value>,
    }
}

content! {
    /// Tells clients that a message was recalled.
    pub struct Recall {
        /// The message.
        #[serde(rename = "messageUId", default, deserialize_with = "or_default")]
        pub message_uid: MessageUid,
        /// Where it was said.
        #[serde(rename = "conversationType", default, deserialize_with = "or_default")]
        pub conversation_type: Option<ConversationType>,
        /// Whether an administrator recalled it.
        #[serde(rename = "isAdmin", default, deserialize_with = "mynah_core::lenient::boolean")]
        pub is_admin: bool,
        /// Whether nothing is to stand in its place.
        #[serde(rename = "isDelete", default, deserialize_with = "mynah_core::lenient::boolean")]
        pub is_delete: bool,
    }
}

content! {
    /// Somebody is typing. Sent as a status message.
    pub struct Typing {
        /// The kind of message they are writing.
        #[serde(rename = "typingContentType", default, deserialize_with = "text")]
        pub content_type: String,
    }
}

impl Typing {
    /// They are writing a message of this kind.
    pub fn new(object_name: impl Into<crate::ObjectName>) -> Self {
        Self {
            content_type: object_name.into().as_str().to_owned(),
            ..Self::default()
        }
    }
}
