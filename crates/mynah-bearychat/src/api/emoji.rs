//! Emoji of the team, and stickers.

use mynah_core::{Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};

use crate::BearyChat;
use crate::types::{Emoji, StickerPack};

/// Tells of the emoji that the team made.
#[doc(alias = "emoji.list")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListEmoji {}

impl Endpoint for ListEmoji {
    type Platform = BearyChat;
    type Output = Vec<Emoji>;
    const META: Meta = Meta::get("bearychat.emoji.list", "/emoji.list")
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/emoji.list.md");
}

/// Tells of the stickers that the user of the token has.
#[doc(alias = "sticker.list")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListStickers {}

impl Endpoint for ListStickers {
    type Platform = BearyChat;
    type Output = Vec<StickerPack>;
    const META: Meta = Meta::get("bearychat.sticker.list", "/sticker.list")
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/sticker.list.md");
}
