//! The word filter, by its older names.

use mynah_core::{ApiError, Empty};
use mynah_rongcloud::api::wordfilter::{AddWord, DeleteWord, ListWords, Word};

use crate::rongcloud::world::RongCloudWorld;
use crate::serve::Serve;

impl Serve<AddWord> for RongCloudWorld {
    fn serve(&mut self, call: AddWord) -> Result<Empty, ApiError> {
        self.add_word(&call.word, None)
    }
}

impl Serve<DeleteWord> for RongCloudWorld {
    fn serve(&mut self, call: DeleteWord) -> Result<Empty, ApiError> {
        self.state.words.remove(&call.word);
        Ok(Empty {})
    }
}

impl Serve<ListWords> for RongCloudWorld {
    fn serve(&mut self, _: ListWords) -> Result<Vec<Word>, ApiError> {
        let words = self.state.words.words().into_iter();
        let words = words.map(|(word, _)| Word {
            word: word.to_owned(),
        });
        Ok(words.collect())
    }
}
