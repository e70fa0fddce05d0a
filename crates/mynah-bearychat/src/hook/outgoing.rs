//! Outgoing hooks: what they tell, and what they are answered.

use mynah_core::lenient::{or_default, text};
use mynah_core::{DedupeHash, DedupeKey, HttpResponse};
use serde::{Deserialize, Serialize};

use super::LARGEST_BODY;
use crate::limits;
use crate::time::Millis;
use crate::types::Attachment;

/// A message that began with the trigger word of an outgoing hook
/// (<https://github.com/bearyinnovative/bearychat-docs/blob/master/tutorials/markdown/outgoing.md>).
/// It names neither the message nor the conversation: it can only be answered in the response.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OutgoingPost {
    /// Which robot: the place of its token in the [secret](super::HookSecret), counted from 0.
    #[serde(skip)]
    pub robot: usize,
    /// When it was said, as it stands on the wire; see [`said_at`](Self::said_at).
    #[serde(default, deserialize_with = "or_default")]
    pub ts: u64,
    /// What was said, the trigger word included.
    pub text: String,
    /// The trigger word.
    pub trigger_word: String,
    /// The first part of the team's address.
    #[serde(default, deserialize_with = "text")]
    pub subdomain: String,
    /// The name of the channel.
    #[serde(default, deserialize_with = "text")]
    pub channel_name: String,
    /// The name of who said it.
    #[serde(default, deserialize_with = "text")]
    pub user_name: String,
}

/// Ten digits are seconds, as the documentation has them; more are milliseconds.
const FIRST_MILLIS: u64 = 100_000_000_000;

impl OutgoingPost {
    /// A message, for the first robot of a secret, without anything around it.
    pub fn new(text: impl Into<String>, trigger_word: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            trigger_word: trigger_word.into(),
            ..Self::default()
        }
    }

    /// Sets who says it.
    #[must_use]
    pub fn from(self, user_name: impl Into<String>) -> Self {
        Self {
            user_name: user_name.into(),
            ..self
        }
    }

    /// Sets the name of the channel it is said in.
    #[must_use]
    pub fn at(self, channel_name: impl Into<String>) -> Self {
        Self {
            channel_name: channel_name.into(),
            ..self
        }
    }

    /// When it was said. What the platform calls seconds is read as such.
    ///
    /// ```
    /// use mynah_bearychat::Millis;
    /// use mynah_bearychat::hook::OutgoingPost;
    ///
    /// let said_at = |ts| OutgoingPost { ts, ..OutgoingPost::default() }.said_at();
    /// assert_eq!(said_at(1_355_517_523), Millis(1_355_517_523_000));
    /// assert_eq!(said_at(1_355_517_523_000), Millis(1_355_517_523_000));
    /// ```
    pub const fn said_at(&self) -> Millis {
        Millis(if self.ts < FIRST_MILLIS {
            self.ts * 1000
        } else {
            self.ts
        })
    }

    /// What was said behind the trigger word, without blanks around it.
    pub fn rest(&self) -> &str {
        let text = self.text.as_str();
        text.strip_prefix(self.trigger_word.as_str())
            .unwrap_or(text)
            .trim()
    }

    pub(super) fn dedupe_key(&self) -> DedupeKey {
        let mut hash = DedupeHash::default();
        hash.part(self.robot);
        hash.part(self.ts);
        for part in [
            &self.subdomain,
            &self.channel_name,
            &self.user_name,
            &self.text,
        ] {
            hash.part(part);
        }
        hash.into()
    }
}

/// What goes back in the response to an outgoing hook: it is posted in the same channel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OutgoingAnswer {
    /// What is said; Markdown.
    pub text: String,
    /// What is attached.
    #[serde(
        default,
        deserialize_with = "mynah_core::lenient::or_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub attachments: Vec<Attachment>,
}

impl OutgoingAnswer {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            attachments: Vec::new(),
        }
    }

    /// Attaches something.
    #[must_use]
    pub fn attach(mut self, attachment: Attachment) -> Self {
        self.attachments.push(attachment);
        self
    }

    /// What a receiver has answered: the platform's side of it. Everything but a success with a
    /// JSON object that has a text, and attachments that may be posted if it has any, says nothing.
    pub fn of(response: &HttpResponse) -> Option<Self> {
        let body = response.body().trim_ascii();
        if !response.status().is_success() || body.len() > LARGEST_BODY || !body.starts_with(b"{") {
            return None;
        }
        let answer: Self = serde_json::from_slice(body).ok()?;
        let may_be_posted =
            !answer.text.is_empty() && limits::attachments(&answer.attachments).is_ok();
        may_be_posted.then_some(answer)
    }
}
