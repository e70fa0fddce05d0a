//! The word filter, by its newer names.

use mynah_core::{ApiError, Empty};
use mynah_rongcloud::api::sensitiveword::{
    AddSensitiveWord, DeleteSensitiveWord, DeleteSensitiveWords, ListSensitiveWords, Listed,
    SensitiveWord, WordKind,
};
use mynah_rongcloud::platform::code;

use crate::rongcloud::refusal::refuse;
use crate::rongcloud::world::RongCloudWorld;
use crate::serve::Serve;

impl RongCloudWorld {
    /// Adds a word, or changes what becomes of it.
    pub(super) fn add_word(
        &mut self,
        word: &str,
        replacement: Option<&str>,
    ) -> Result<Empty, ApiError> {
        let words = &mut self.state.words;
        if !words.has(word) && words.len() >= self.settings.words {
            return Err(refuse(code::TOO_MANY_WORDS));
        }
        words.add(word, replacement);
        Ok(Empty {})
    }
}

impl Serve<AddSensitiveWord> for RongCloudWorld {
    fn serve(&mut self, call: AddSensitiveWord) -> Result<Empty, ApiError> {
        let replacement = call.replace_word.filter(|word| !word.is_empty());
        self.add_word(&call.word, replacement.as_deref())
    }
}

impl Serve<DeleteSensitiveWord> for RongCloudWorld {
    fn serve(&mut self, call: DeleteSensitiveWord) -> Result<Empty, ApiError> {
        self.state.words.remove(&call.word);
        Ok(Empty {})
    }
}

impl Serve<DeleteSensitiveWords> for RongCloudWorld {
    fn serve(&mut self, call: DeleteSensitiveWords) -> Result<Empty, ApiError> {
        for word in &call.words {
            self.state.words.remove(word);
        }
        Ok(Empty {})
    }
}

impl Serve<ListSensitiveWords> for RongCloudWorld {
    fn serve(&mut self, call: ListSensitiveWords) -> Result<Vec<SensitiveWord>, ApiError> {
        let kind = call.kind.unwrap_or(Listed::Blocking);
        let wanted = |replaced: bool| match kind {
            Listed::Replaced => replaced,
            Listed::Blocking => !replaced,
            _ => true,
        };
        let words = self.state.words.words().into_iter();
        let words = words.filter(|(_, replacement)| wanted(replacement.is_some()));
        let words = words.map(|(word, replacement)| SensitiveWord {
            kind: if replacement.is_some() {
                WordKind::Replaced
            } else {
                WordKind::Blocking
            },
            word: word.to_owned(),
            replace_word: replacement.unwrap_or_default().to_owned(),
        });
        Ok(words.collect())
    }
}
