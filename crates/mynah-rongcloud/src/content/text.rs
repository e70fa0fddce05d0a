//! Text, and who is mentioned in it.

use mynah_core::lenient::{list, or_default, text};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::content;
use crate::id::UserId;

content! {
    /// Text.
    ///
    /// ```
    /// use mynah_rongcloud::Content;
    /// use mynah_rongcloud::content::Text;
    ///
    /// let hello = Content::from(Text::new("@bob hello").mentioning(["bob"]));
    /// assert_eq!(hello.object_name().as_str(), "RC:TxtMsg");
    /// let text = r#"{"content":"@bob hello","mentionedInfo":{"type":2,"userIdList":["bob"]}}"#;
    /// assert_eq!(hello.to_text(), text);
    /// ```
    pub struct Text {
        /// The text.
        #[serde(default, deserialize_with = "text")]
        pub content: String,
        /// Who is mentioned; only counts in a call that says so (`isMentioned`).
        #[serde(rename = "mentionedInfo", default, deserialize_with = "or_default")]
        pub mentioned_info: Option<MentionedInfo>,
    }
}

impl Text {
    /// This text.
    pub fn new(content: impl Into<String>) -> Self {
        Self {
            content: content.into(),
            ..Self::default()
        }
    }

    /// The same, mentioning these members of the group.
    #[must_use]
    pub fn mentioning(self, users: impl IntoIterator<Item = impl Into<UserId>>) -> Self {
        self.mentions(MentionedInfo {
            kind: MentionedInfo::LISTED,
            user_ids: users.into_iter().map(Into::into).collect(),
            mentioned_content: None,
        })
    }

    /// The same, mentioning all members of the group.
    #[must_use]
    pub fn mentioning_all(self) -> Self {
        self.mentions(MentionedInfo {
            kind: MentionedInfo::ALL,
            ..MentionedInfo::default()
        })
    }

    fn mentions(self, info: MentionedInfo) -> Self {
        Self {
            mentioned_info: Some(info),
            ..self
        }
    }
}

/// Who is mentioned in a message.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MentionedInfo {
    /// 1 for all members, 2 for those listed.
    #[serde(
        rename = "type",
        default,
        deserialize_with = "mynah_core::lenient::integer"
    )]
    pub kind: i64,
    /// Those who are mentioned.
    #[serde(
        rename = "userIdList",
        default,
        deserialize_with = "list",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub user_ids: Vec<UserId>,
    /// What their telephones show.
    #[serde(rename = "mentionedContent", default, deserialize_with = "or_default")]
    pub mentioned_content: Option<String>,
}

impl MentionedInfo {
    /// All members are mentioned.
    pub const ALL: i64 = 1;

    /// Those listed are mentioned.
    pub const LISTED: i64 = 2;

    /// Whether a member is mentioned.
    pub fn mentions(&self, user: &UserId) -> bool {
        self.kind == Self::ALL || self.user_ids.contains(user)
    }
}
