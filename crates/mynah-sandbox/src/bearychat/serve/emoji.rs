//! Emoji and stickers.

use mynah_bearychat::Moment;
use mynah_bearychat::api::emoji::{ListEmoji, ListStickers};
use mynah_bearychat::types::{Emoji, StickerPack};
use mynah_core::ApiError;

use crate::bearychat::state::millis;
use crate::bearychat::world::BearyChatWorld;
use crate::serve::Serve;

impl Serve<ListEmoji> for BearyChatWorld {
    fn serve(&mut self, _: ListEmoji) -> Result<Vec<Emoji>, ApiError> {
        let made = Moment::utc(millis(self.seed.start()));
        let emoji = self.seed.emoji.iter();
        let emoji = emoji.map(|it| Emoji {
            id: it.id.clone(),
            uid: it.creator.clone(),
            team_id: self.seed.team.id.clone(),
            name: it.name.clone(),
            kind: "emoji".to_owned(),
            created: made.clone(),
            updated: made.clone(),
            url: self.seed_url(&it.url),
        });
        Ok(emoji.collect())
    }
}

impl Serve<ListStickers> for BearyChatWorld {
    fn serve(&mut self, _: ListStickers) -> Result<Vec<StickerPack>, ApiError> {
        Ok(self.sticker_packs())
    }
}
