//! Emoji, stickers and files: pictures that messages name.

use bytes::Bytes;
use mynah_bearychat::types::{Sticker, StickerPack};
use mynah_core::{HttpRequest, HttpResponse};

use super::world::BearyChatWorld;
use crate::media::{Medium, extension};
use crate::world::Drawing;

/// Under which path everybody finds what people sent.
pub(super) const FILES: &str = "/_files/";

impl BearyChatWorld {
    /// Keeps a file that somebody sends. Returns where everybody finds it.
    pub(super) fn keep_file(&mut self, filename: &str, content: Bytes) -> String {
        let ending = extension(filename);
        let plain = ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let word = self.state.word(20);
        let name = if plain && !ending.is_empty() {
            format!("{word}.{ending}")
        } else {
            word
        };
        let medium = Medium::new(filename, content);
        self.state.media.put(name.clone(), medium);
        self.base_url(&format!("{FILES}{name}"))
    }

    /// A file by its name, with its media type.
    pub(super) fn file(&self, name: &str) -> Option<(String, Vec<u8>)> {
        let medium = self.state.media.get(name)?;
        Some((medium.media_type().to_owned(), medium.content.0.to_vec()))
    }

    /// The file at an address that is known to whoever was told of it.
    pub(super) fn download(&self, path: &str, request: &HttpRequest) -> Option<HttpResponse> {
        let medium = self.state.media.get(path.strip_prefix(FILES)?)?;
        let asked = request.method() == http::Method::GET;
        asked.then(|| medium.file().response())
    }

    /// Where everybody finds a picture of the seed: it may be one of the sandbox's
    /// own, with a path for an address.
    pub(super) fn seed_url(&self, url: &str) -> String {
        if url.starts_with('/') {
            format!("{}{url}", self.settings.public_url)
        } else {
            url.to_owned()
        }
    }

    /// Where the page finds what everybody finds at an address.
    pub(super) fn page_url(&self, url: &str) -> String {
        let sent = url.strip_prefix(&self.base_url(FILES));
        let own = url.strip_prefix(&self.settings.public_url);
        match (sent, own) {
            (Some(name), _) => format!("{}{name}", self.settings.media_path),
            (None, Some(path)) if path.starts_with('/') => path.to_owned(),
            _ => url.to_owned(),
        }
    }

    /// The stickers, by their packs.
    pub(super) fn sticker_packs(&self) -> Vec<StickerPack> {
        let packs = self.seed.stickers.iter();
        let packs = packs.map(|pack| StickerPack {
            pack: pack.pack.clone(),
            stickers: pack
                .stickers
                .iter()
                .map(|sticker| Sticker {
                    url: self.seed_url(&sticker.url),
                    name: sticker.name.clone(),
                    width: sticker.width,
                    height: sticker.height,
                })
                .collect(),
        });
        packs.collect()
    }

    /// The sticker at an address, the page's or everybody's.
    pub(super) fn sticker_at(&self, url: &str) -> Option<Sticker> {
        let mut stickers = self
            .sticker_packs()
            .into_iter()
            .flat_map(|pack| pack.stickers);
        stickers.find(|sticker| sticker.url == url || self.page_url(&sticker.url) == url)
    }

    /// The emoji of the team, as people find them.
    pub(super) fn view_emoji(&self) -> Vec<Drawing> {
        let emoji = self.seed.emoji.iter();
        let emoji = emoji.map(|it| Drawing {
            name: it.name.clone(),
            url: self.page_url(&self.seed_url(&it.url)),
        });
        emoji.collect()
    }

    /// The stickers, as people find them.
    pub(super) fn view_stickers(&self) -> Vec<Drawing> {
        let stickers = self
            .sticker_packs()
            .into_iter()
            .flat_map(|pack| pack.stickers);
        let stickers = stickers.map(|sticker| Drawing {
            url: self.page_url(&sticker.url),
            name: sticker.name,
        });
        stickers.collect()
    }
}
