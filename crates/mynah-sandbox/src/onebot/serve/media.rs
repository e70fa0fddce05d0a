use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mynah_core::ApiError;
use mynah_onebot::actions::media::{
    CanSendImage, CanSendRecord, CheckUrlSafely, DownloadFile, GetFile, GetImage, GetRecord,
    GetWordSlices, MediaFile, OcrImage, OcrPoint, OcrResult, OcrText, UrlSafety,
};
use mynah_onebot::types::AudioFormat;
use serde_json::Map;

use crate::onebot::limits;
use crate::onebot::media::{self, Item, Kind, Taken};
use crate::onebot::refusal::Refusal;
use crate::onebot::state::needs_chars;
use crate::onebot::words;
use crate::onebot::world::OneBotWorld;
use crate::serve::Serve;

impl Serve<GetRecord> for OneBotWorld {
    /// The path a converted file would have; nothing is converted.
    fn serve(&mut self, call: GetRecord) -> Result<MediaFile, ApiError> {
        if let AudioFormat::Other(_) = call.out_format {
            return Err(Refusal::missing("out_format", "there is no such format").into());
        }
        self.stored(&call.file, &[Kind::Record])?;
        let stem = call
            .file
            .rsplit_once('.')
            .map_or(&*call.file, |(stem, _)| stem);
        Ok(MediaFile {
            file: Some(format!("/data/record/{stem}.{}", call.out_format)),
            ..MediaFile::default()
        })
    }
}

impl Serve<GetImage> for OneBotWorld {
    fn serve(&mut self, call: GetImage) -> Result<MediaFile, ApiError> {
        let item = self.stored(&call.file, &[Kind::Image])?;
        Ok(MediaFile {
            file: Some(path(item.kind, &call.file)),
            url: self.media_url(&call.file),
            size: Some(item.size().into()),
            filename: Some(call.file),
            ..MediaFile::default()
        })
    }
}

impl OneBotWorld {
    /// A stored medium of one of these kinds.
    fn stored(&self, name: &str, kinds: &[Kind]) -> Result<&Item, Refusal> {
        self.state
            .media
            .get(name)
            .filter(|item| kinds.contains(&item.kind))
            .ok_or_else(|| Refusal::missing("file", "there is no such file"))
    }
}

/// Where a file is said to lie.
fn path(kind: Kind, name: &str) -> String {
    format!("/data/{}/{name}", kind.directory())
}

impl Serve<GetFile> for OneBotWorld {
    /// By the name of a medium, or by the id of a file in one of the groups.
    fn serve(&mut self, call: GetFile) -> Result<MediaFile, ApiError> {
        let wanted = call
            .file_id
            .map(|id| id.0)
            .or(call.file)
            .ok_or_else(|| Refusal::bad("file_id", "give it, or `file`"))?;
        let (name, media, size) = self.file_called(&wanted)?;
        let item = media
            .as_deref()
            .and_then(|media| self.state.media.get(media));
        let bytes = item.and_then(Item::bytes);
        let kind = item.map_or(Kind::File, |item| item.kind);
        Ok(MediaFile {
            file: Some(path(kind, media.as_deref().unwrap_or(&name))),
            url: media.as_deref().and_then(|media| self.media_url(media)),
            file_size: Some(size.to_string().into()),
            file_name: Some(name),
            base64: bytes.map(|bytes| STANDARD.encode(bytes)),
            ..MediaFile::default()
        })
    }
}

impl OneBotWorld {
    /// The shown name, the stored name and the size of a file.
    fn file_called(&self, wanted: &str) -> Result<(String, Option<String>, i64), Refusal> {
        if let Some(item) = self.state.media.get(wanted) {
            return Ok((wanted.to_owned(), Some(wanted.to_owned()), item.size()));
        }
        let bot = self.bot();
        let joined = self.state.groups.values();
        joined
            .filter(|group| group.members.contains_key(&bot))
            .find_map(|group| group.files.files.get(wanted))
            .map(|file| (file.name.clone(), file.media.clone(), file.size))
            .ok_or_else(|| Refusal::missing("file_id", "there is no such file"))
    }
}

impl Serve<CanSendImage> for OneBotWorld {
    fn serve(&mut self, _: CanSendImage) -> Result<bool, ApiError> {
        Ok(true)
    }
}

impl Serve<CanSendRecord> for OneBotWorld {
    fn serve(&mut self, _: CanSendRecord) -> Result<bool, ApiError> {
        Ok(true)
    }
}

impl Serve<DownloadFile> for OneBotWorld {
    /// Takes what stands in the address itself (`base64://`, `data:`) or in
    /// the seed: the sandbox does not go to the network.
    fn serve(&mut self, call: DownloadFile) -> Result<String, ApiError> {
        let content = if let Some(base64) = media::inline(&call.url) {
            media::decode(base64, "url")?
        } else {
            needs_chars("url", &call.url, limits::LINE_CHARS)?;
            let mut seeded = self.seed.downloads.iter();
            let found = seeded.find(|seed| seed.url == call.url);
            let seed = found.ok_or_else(|| {
                Refusal::forbidden("url", "the sandbox fetches nothing from the network")
            })?;
            seed.content.clone().into()
        };
        let name = self
            .state
            .media
            .put(Taken::content(Kind::Download, content));
        Ok(path(Kind::Download, &name))
    }
}

impl Serve<OcrImage> for OneBotWorld {
    /// Finds the caption that the seed gives a picture, and no text in any other.
    fn serve(&mut self, call: OcrImage) -> Result<OcrResult, ApiError> {
        let item = self
            .stored(&call.image, &[Kind::Image])
            .map_err(|_| Refusal::missing("image", "there is no such picture"))?;
        let texts = if item.caption.is_empty() {
            Vec::new()
        } else {
            vec![OcrText {
                text: item.caption.clone(),
                confidence: Some(100),
                coordinates: Some(vec![
                    OcrPoint { x: 0, y: 0 },
                    OcrPoint { x: 100, y: 0 },
                    OcrPoint { x: 100, y: 20 },
                    OcrPoint { x: 0, y: 20 },
                ]),
                extra: Map::new(),
            }]
        };
        Ok(OcrResult {
            texts,
            language: "zh".to_owned(),
            extra: Map::new(),
        })
    }
}

impl Serve<GetWordSlices> for OneBotWorld {
    fn serve(&mut self, call: GetWordSlices) -> Result<Vec<String>, ApiError> {
        needs_chars("content", &call.content, limits::TEXT_CHARS)?;
        Ok(words::slices(&call.content, &self.seed.words))
    }
}

impl Serve<CheckUrlSafely> for OneBotWorld {
    /// By the lists of the seed.
    fn serve(&mut self, call: CheckUrlSafely) -> Result<UrlSafety, ApiError> {
        needs_chars("url", &call.url, limits::LINE_CHARS)?;
        let host = host(&call.url);
        let urls = &self.seed.urls;
        let lists = |list: &[String]| list.iter().any(|known| is_within(host, known));
        Ok(if lists(&urls.dangerous) {
            UrlSafety::Dangerous
        } else if lists(&urls.safe) {
            UrlSafety::Safe
        } else {
            UrlSafety::Unknown
        })
    }
}

/// The host in an address; the whole of it if it looks like no address.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    host.split(':').next().unwrap_or_default()
}

/// Whether `host` is `domain` or below it.
fn is_within(host: &str, domain: &str) -> bool {
    let above = host.len().checked_sub(domain.len());
    above.is_some_and(|above| {
        host.get(above..)
            .is_some_and(|end| end.eq_ignore_ascii_case(domain))
            && (above == 0 || host.as_bytes().get(above - 1) == Some(&b'.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_holds_what_is_below_it_and_nothing_beside() {
        for (url, within) in [
            ("http://example.com", true),
            ("https://user@www.Example.com:8080/a?b#c", true),
            ("example.com/path", true),
            ("http://badexample.com", false),
            ("http://example.com.evil", false),
            ("http://例.com", false),
            ("", false),
        ] {
            assert_eq!(is_within(host(url), "example.com"), within, "{url}");
        }
    }
}
