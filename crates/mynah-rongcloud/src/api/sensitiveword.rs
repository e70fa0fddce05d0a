//! Sensitive words: what people write with one in it is not delivered, or is delivered with
//! another word in its place.
//!
//! There are 50 unless the platform raises it, and text messages that people send are all that is
//! looked at.

use mynah_core::{BadParameters, Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::RongCloud;
use crate::api::again;
use crate::limits;

/// How many characters a word has at most.
pub const LONGEST_WORD: usize = 32;

/// How many words one call removes at most.
pub const MOST_DELETED: usize = 50;

/// How many words there are at most, unless the platform raises it.
pub const MOST_WORDS: usize = 50;

/// Adds a sensitive word, which blocks a message or is replaced in it. Fails with 1019 (HTTP 403) when there would be too many.
///
/// ```
/// use mynah_rongcloud::api::sensitiveword::AddSensitiveWord;
///
/// let blocks = AddSensitiveWord::new("money");
/// let replaces = AddSensitiveWord::new("money").replace_word("***");
/// # let _ = (blocks, replaces);
/// ```
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct AddSensitiveWord {
    /// The word: at most 32 characters.
    pub word: String,
    /// What takes its place: at most 32 characters. Where nothing does, the message is blocked.
    #[serde(rename = "replaceWord")]
    pub replace_word: Option<String>,
}

impl Endpoint for AddSensitiveWord {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again("rongcloud.sensitiveword.add", "/sensitiveword/add.json")
        .doc("https://docs.rongcloud.io/platform-chat-api/moderation/add-sensitive-word");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            word("word", &self.word),
            limits::given(self.replace_word.as_ref(), |replacement| {
                limits::characters("replaceWord", replacement, LONGEST_WORD)
            }),
        ])
    }
}

/// Removes a sensitive word. One that is not there does not matter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DeleteSensitiveWord {
    /// The word.
    pub word: String,
}

impl Endpoint for DeleteSensitiveWord {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again(
        "rongcloud.sensitiveword.delete",
        "/sensitiveword/delete.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/moderation/add-sensitive-word");

    fn check(&self) -> Result<(), BadParameters> {
        word("word", &self.word)
    }
}

/// Removes sensitive words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DeleteSensitiveWords {
    /// The words: at most 50.
    pub words: Vec<String>,
}

impl Endpoint for DeleteSensitiveWords {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again(
        "rongcloud.sensitiveword.batch.delete",
        "/sensitiveword/batch/delete.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/moderation/batch-add-sensitive-word");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::some("words", &self.words),
            limits::each(&self.words, |one| word("words", one)),
            limits::count("words", self.words.len(), MOST_DELETED),
        ])
    }
}

mynah_core::numbers! {
    /// Which sensitive words are listed.
    pub enum Listed {
        /// Those that are replaced.
        Replaced = 0,
        /// Those that block a message.
        Blocking = 1,
        /// All.
        All = 2,
    }
}

/// Lists sensitive words.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Request)]
pub struct ListSensitiveWords {
    /// Which ones; those that block a message if not given.
    #[serde(rename = "type")]
    pub kind: Option<Listed>,
}

impl Endpoint for ListSensitiveWords {
    type Platform = RongCloud;
    type Output = Vec<SensitiveWord>;
    const META: Meta = again("rongcloud.sensitiveword.list", "/sensitiveword/list.json")
        .at("words")
        .doc("https://docs.rongcloud.io/platform-chat-api/moderation/add-sensitive-word");

    fn check(&self) -> Result<(), BadParameters> {
        limits::given(self.kind.as_ref(), |kind| {
            limits::range("type", kind.number(), 0..=2)
        })
    }
}

mynah_core::words! {
    /// What a sensitive word does.
    pub enum WordKind {
        /// It is replaced.
        Replaced = "0",
        /// It blocks the message.
        Blocking = "1",
    }
}

/// A sensitive word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SensitiveWord {
    /// What it does.
    #[serde(rename = "type")]
    pub kind: WordKind,
    /// The word.
    pub word: String,
    /// What takes its place; empty where it blocks the message.
    #[serde(
        rename = "replaceWord",
        default,
        deserialize_with = "mynah_core::lenient::text"
    )]
    pub replace_word: String,
}

/// A word that is required.
pub(crate) fn word(field: &'static str, word: &str) -> Result<(), BadParameters> {
    limits::all([
        limits::present(field, word),
        limits::characters(field, word, LONGEST_WORD),
    ])
}
