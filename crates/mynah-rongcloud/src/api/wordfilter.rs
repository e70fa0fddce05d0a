//! The word filter: what people write and what has a word of the list in it is not delivered.
//!
//! Superseded by [sensitive words](crate::api::sensitiveword), which are the same list. It holds
//! 50 words unless the platform raises it, and text messages that people send are all that is
//! looked at.

use mynah_core::{BadParameters, Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};

use crate::RongCloud;
use crate::api::again;
use crate::api::sensitiveword::word;

/// Adds a word. Fails with 1019 (HTTP 403) when there would be too many.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct AddWord {
    /// At most 32 characters.
    pub word: String,
}

impl Endpoint for AddWord {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again("rongcloud.wordfilter.add", "/wordfilter/add.json")
        .doc("https://pypi.org/project/rongcloud/2.0.1/");

    fn check(&self) -> Result<(), BadParameters> {
        word("word", &self.word)
    }
}

/// Removes a word. One that is not there does not matter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DeleteWord {
    /// The word.
    pub word: String,
}

impl Endpoint for DeleteWord {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again("rongcloud.wordfilter.delete", "/wordfilter/delete.json")
        .doc("https://pypi.org/project/rongcloud/2.0.1/");

    fn check(&self) -> Result<(), BadParameters> {
        word("word", &self.word)
    }
}

/// Lists the words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Request)]
pub struct ListWords {}

impl Endpoint for ListWords {
    type Platform = RongCloud;
    type Output = Vec<Word>;
    const META: Meta = again("rongcloud.wordfilter.list", "/wordfilter/list.json")
        .at("words")
        .doc("https://pypi.org/project/rongcloud/2.0.1/");
}

/// A word of the filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// The word.
    pub word: String,
}
