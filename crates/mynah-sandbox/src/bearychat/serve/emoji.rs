//! Emoji of the team, and stickers.

use mynah_bearychat::api::emoji::{ListEmoji, ListStickers};
use mynah_bearychat::errors;
use mynah_bearychat::types::{Emoji, StickerPack};
use mynah_core::ApiError;

use crate::bearychat::world::BearyChatWorld;
use crate::serve::Serve;

impl Serve<ListEmoji> for BearyChatWorld {
    fn serve(&mut self, _: ListEmoji) -> Result<Vec<Emoji>, ApiError> {
        Err(errors::internal())
    }
}

impl Serve<ListStickers> for BearyChatWorld {
    fn serve(&mut self, _: ListStickers) -> Result<Vec<StickerPack>, ApiError> {
        Err(errors::internal())
    }
}
