//! Pictures, voice messages, videos and files, by name.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write;

use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha1::{Digest, Sha1};

use super::limits;
use super::refusal::Refusal;
use super::seed::MediaSeed;

/// What was sent, by name. Nothing is fetched from the network and nothing
/// read from disk: what came as an address has a name but no content.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct MediaStore {
    items: BTreeMap<String, Item>,
    /// Names, oldest first.
    order: VecDeque<String>,
    bytes: usize,
}

/// One picture, voice message, video or file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Item {
    pub(super) kind: Kind,
    pub(super) content: Option<Content>,
    /// Where it is in the network, if that is how it came.
    pub(super) url: Option<String>,
    /// What text recognition finds in it.
    pub(super) caption: String,
}

/// What something was sent as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Image,
    Record,
    Video,
    File,
    Download,
}

impl Kind {
    /// The kind that a segment type carries.
    pub(super) fn of_segment(kind: &str) -> Option<Self> {
        match kind {
            "image" => Some(Self::Image),
            "record" => Some(Self::Record),
            "video" => Some(Self::Video),
            "file" => Some(Self::File),
            _ => None,
        }
    }

    /// The directory it is said to lie in.
    pub(super) fn directory(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Record => "record",
            Self::Video => "video",
            Self::File => "file",
            Self::Download => "cache",
        }
    }

    /// The ending of a name when neither content nor address tells one.
    fn ending(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Record => "amr",
            Self::Video => "mp4",
            Self::File => "bin",
            Self::Download => "cache",
        }
    }
}

/// Bytes that stand as base64 in a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Content(pub(super) Bytes);

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        STANDARD.encode(&self.0).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = STANDARD.decode(text).map_err(de::Error::custom)?;
        Ok(Self(bytes.into()))
    }
}

impl Item {
    pub(super) fn bytes(&self) -> Option<&Bytes> {
        self.content.as_ref().map(|content| &content.0)
    }

    pub(super) fn size(&self) -> i64 {
        let length = self.bytes().map_or(0, Bytes::len);
        i64::try_from(length).unwrap_or(i64::MAX)
    }
}

/// Something that was read and not stored yet.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    pub(super) name: String,
    /// Absent when it is stored already.
    item: Option<Item>,
}

impl Taken {
    /// Content, named after what it is.
    pub(super) fn content(kind: Kind, content: Bytes) -> Self {
        let ending = match kind {
            Kind::Download => kind.ending(),
            _ => sniff(&content).map_or(kind.ending(), |(ending, _)| ending),
        };
        let name = format!("{}.{ending}", digest(&content));
        Self::new(name, kind, Some(Content(content)), None)
    }

    fn address(kind: Kind, file: &str) -> Self {
        let name = format!("{}.{}", digest(file.as_bytes()), ending(file, kind));
        let url = is_address(file).then(|| file.to_owned());
        Self::new(name, kind, None, url)
    }

    fn known(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            item: None,
        }
    }

    fn new(name: String, kind: Kind, content: Option<Content>, url: Option<String>) -> Self {
        let item = Item {
            kind,
            content,
            url,
            caption: String::new(),
        };
        Self {
            name,
            item: Some(item),
        }
    }

    /// How many bytes it has; 0 when they are not here.
    pub(super) fn size(&self) -> i64 {
        self.item.as_ref().map_or(0, Item::size)
    }
}

impl MediaStore {
    pub(super) fn new(seeds: &[MediaSeed]) -> Self {
        let mut store = Self::default();
        for seed in seeds {
            let content = Bytes::from(seed.content.clone());
            let kind = match sniff(&content) {
                Some(("amr" | "silk" | "mp3" | "ogg" | "wav", _)) => Kind::Record,
                Some(("mp4", _)) => Kind::Video,
                Some(_) => Kind::Image,
                None => Kind::File,
            };
            let item = Item {
                kind,
                content: Some(Content(content)),
                url: None,
                caption: seed.caption.clone(),
            };
            store.insert(seed.name.clone(), item);
        }
        store
    }

    pub(super) fn get(&self, name: &str) -> Option<&Item> {
        self.items.get(name)
    }

    /// Reads what a sender may write as `file`: `base64://…`, a data URL, an
    /// address, a path, or a name that is known already. Nothing is stored
    /// until [`put`](Self::put) gets the result.
    ///
    /// # Errors
    /// The base64 is none, or there is too much of it.
    pub(super) fn read(
        &self,
        kind: Kind,
        file: &str,
        field: &'static str,
    ) -> Result<Taken, Refusal> {
        if let Some(base64) = inline(file) {
            return Ok(Taken::content(kind, decode(base64, field)?));
        }
        if self.items.contains_key(file) {
            return Ok(Taken::known(file));
        }
        let length = file.chars().count();
        if file.is_empty() || length > limits::LINE_CHARS {
            let limit = limits::LINE_CHARS;
            return Err(Refusal::bad(
                field,
                format!("`file` must have 1 to {limit} characters, not {length}"),
            ));
        }
        Ok(Taken::address(kind, file))
    }

    /// Stores what was read and returns its name. What is there already stays
    /// as it is: the same content has the same name.
    pub(super) fn put(&mut self, taken: Taken) -> String {
        if let Some(item) = taken.item
            && !self.items.contains_key(&taken.name)
        {
            self.insert(taken.name.clone(), item);
        }
        taken.name
    }

    fn insert(&mut self, name: String, item: Item) {
        let added = item.bytes().map_or(0, Bytes::len);
        self.bytes = self.bytes.saturating_add(added);
        self.order.push_back(name.clone());
        self.items.insert(name, item);
        while self.bytes > limits::MEDIA_TOTAL_BYTES || self.order.len() > limits::MEDIA {
            let Some(oldest) = self.order.pop_front() else {
                break;
            };
            self.forget(&oldest);
        }
    }

    fn forget(&mut self, name: &str) {
        if let Some(item) = self.items.remove(name) {
            let freed = item.bytes().map_or(0, Bytes::len);
            self.bytes = self.bytes.saturating_sub(freed);
        }
    }

    /// Throws away all of one kind.
    pub(super) fn clean(&mut self, kind: Kind) {
        let gone: Vec<String> = self
            .items
            .iter()
            .filter(|(_, item)| item.kind == kind)
            .map(|(name, _)| name.clone())
            .collect();
        for name in &gone {
            self.forget(name);
        }
        let items = &self.items;
        self.order.retain(|name| items.contains_key(name));
    }
}

/// The base64 in `base64://…` or `data:…;base64,…`.
pub(super) fn inline(file: &str) -> Option<&str> {
    file.strip_prefix("base64://").or_else(|| {
        file.strip_prefix("data:")
            .and_then(|rest| rest.split_once(";base64,"))
            .map(|(_, base64)| base64)
    })
}

/// Reads base64 with or without padding.
///
/// # Errors
/// It is none, or there is too much of it.
pub(super) fn decode(base64: &str, field: &'static str) -> Result<Bytes, Refusal> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    );
    if base64.len() / 4 * 3 > limits::MEDIA_BYTES + 3 {
        return Err(too_large(base64.len() / 4 * 3, field));
    }
    let bytes = LENIENT.decode(base64).map_err(|_| {
        Refusal::bad(
            field,
            format!("the base64 is none ({} bytes)", base64.len()),
        )
    })?;
    if bytes.len() > limits::MEDIA_BYTES {
        return Err(too_large(bytes.len(), field));
    }
    Ok(bytes.into())
}

fn too_large(bytes: usize, field: &'static str) -> Refusal {
    let limit = limits::MEDIA_BYTES;
    Refusal::bad(field, format!("a file may have {limit} bytes, not {bytes}"))
}

pub(super) fn is_address(file: &str) -> bool {
    file.starts_with("http://") || file.starts_with("https://")
}

/// A name for content, in the look of QQ's.
fn digest(bytes: &[u8]) -> String {
    let hash = Sha1::digest(bytes);
    let mut name = String::with_capacity(32);
    for byte in hash.iter().take(16) {
        // Writing into a String cannot fail.
        let _ = write!(name, "{byte:02X}");
    }
    name
}

/// The ending of the name in an address or path, if it looks like one.
fn ending(file: &str, kind: Kind) -> String {
    let path = file.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    match name.rsplit_once('.') {
        Some((_, ending))
            if (1..=5).contains(&ending.len())
                && ending.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
        {
            ending.to_ascii_lowercase()
        }
        _ => kind.ending().to_owned(),
    }
}

/// The ending and media type of content, by how it begins.
pub(super) fn sniff(content: &[u8]) -> Option<(&'static str, &'static str)> {
    const BEGINNINGS: [(&[u8], &str, &str); 9] = [
        (b"\x89PNG\r\n\x1a\n", "png", "image/png"),
        (b"\xff\xd8\xff", "jpg", "image/jpeg"),
        (b"GIF8", "gif", "image/gif"),
        (b"#!AMR", "amr", "audio/amr"),
        (b"\x02#!SILK", "silk", "audio/silk"),
        (b"#!SILK", "silk", "audio/silk"),
        (b"ID3", "mp3", "audio/mpeg"),
        (b"OggS", "ogg", "audio/ogg"),
        (b"BM", "bmp", "image/bmp"),
    ];
    if content.get(4..8) == Some(b"ftyp") {
        return Some(("mp4", "video/mp4"));
    }
    if content.starts_with(b"RIFF") {
        return match content.get(8..12) {
            Some(b"WEBP") => Some(("webp", "image/webp")),
            Some(b"WAVE") => Some(("wav", "audio/wav")),
            _ => None,
        };
    }
    BEGINNINGS
        .iter()
        .find(|(beginning, ..)| content.starts_with(beginning))
        .map(|(_, ending, media_type)| (*ending, *media_type))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const PNG: &str = "base64://iVBORw0KGgo=";

    fn take(store: &mut MediaStore, file: &str) -> String {
        let taken = store.read(Kind::Image, file, "message").unwrap();
        store.put(taken)
    }

    #[test]
    fn the_same_content_has_the_same_name() {
        let mut store = MediaStore::default();
        let name = take(&mut store, PNG);
        assert_eq!(name.split_at(32).1, ".png");
        assert_eq!(take(&mut store, PNG.trim_end_matches('=')), name);
        assert_eq!(take(&mut store, "data:image/png;base64,iVBORw0KGgo="), name);
        assert_eq!(take(&mut store, &name), name);
        assert_eq!(store.items.len(), 1);
    }

    #[test]
    fn an_address_has_a_name_and_no_content() {
        let mut store = MediaStore::default();
        let url = "https://example.com/cat.JPG?size=1";
        let name = take(&mut store, url);
        assert_eq!(name.split_at(32).1, ".jpg");
        let item = store.get(&name).unwrap();
        assert_eq!((item.bytes(), item.url.as_deref()), (None, Some(url)));
    }

    #[test]
    fn what_is_too_much_is_refused_or_forgotten() {
        let mut store = MediaStore::default();
        let huge = format!("base64://{}", "A".repeat(limits::MEDIA_BYTES / 3 * 4 + 8));
        assert!(store.read(Kind::File, &huge, "file").is_err());
        assert!(store.read(Kind::File, "base64://=!", "file").is_err());

        let mut keep = |filler: usize| {
            let content = vec![u8::try_from(filler).unwrap(); limits::MEDIA_BYTES];
            store.put(Taken::content(Kind::File, content.into()))
        };
        let first = keep(0);
        for filler in 1..=limits::MEDIA_TOTAL_BYTES / limits::MEDIA_BYTES {
            keep(filler);
        }
        assert!(store.get(&first).is_none());
        assert!(store.bytes <= limits::MEDIA_TOTAL_BYTES);
    }
}
