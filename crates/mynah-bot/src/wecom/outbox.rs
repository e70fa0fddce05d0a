//! What all ways of sending have in common.

use std::fmt;
use std::future::Future;

use mynah_client::{Client, HyperTransport};
use mynah_core::http::Uri;
use mynah_core::{Anonymous, File, RawRequest};
use mynah_wecom::WeCom;
use serde_json::Value;

use super::compile::{Compiled, Piece};
use crate::id::{Conversation, MessageId, Platform};
use crate::message::{Media, Source};
use crate::reply::{BotError, Receipt, Result};

/// The largest file that is fetched, in bytes: no kind of file may be larger
/// (<https://developer.work.weixin.qq.com/document/path/90253>).
pub(super) const LARGEST: usize = 20 * 1024 * 1024;

/// Sends the pieces of a message.
pub(super) trait Speaker: Sync {
    /// Sends one piece, and tells its id where the platform does.
    fn put(
        &self,
        to: &Conversation,
        piece: Piece,
    ) -> impl Future<Output = Result<Option<MessageId>>> + Send;
}

/// Sends a message piece by piece, in their order.
///
/// # Errors
/// Nothing is left of the message, or a piece could not be sent; the ones
/// after it are not tried then.
pub(super) async fn say(
    speaker: &impl Speaker,
    to: &Conversation,
    compiled: Compiled,
) -> Result<Receipt> {
    compiled.log_losses();
    if to.platform != Platform::WeCom {
        return Err(BotError::new(format!("{to} is no place on WeCom")));
    }
    let of = compiled.pieces.len();
    if of == 0 {
        return Err(BotError::new("WeCom cannot carry anything of this message"));
    }
    let mut receipt = Receipt {
        ids: Vec::new(),
        losses: compiled.losses,
    };
    for (sent, piece) in compiled.pieces.into_iter().enumerate() {
        match speaker.put(to, piece).await {
            Ok(id) => receipt.ids.extend(id),
            Err(error) if sent == 0 => return Err(error),
            Err(error) => return Err(PartlySent { sent, of, error }.into()),
        }
    }
    Ok(receipt)
}

/// A message that had to be sent in several pieces, and was not sent whole.
#[derive(Debug)]
pub struct PartlySent {
    /// How many pieces people see.
    pub sent: usize,
    /// How many there are.
    pub of: usize,
    /// Why the next one was not sent.
    pub error: BotError,
}

impl fmt::Display for PartlySent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sent, of, error } = self;
        write!(f, "{sent} of {of} pieces of the message were sent: {error}")
    }
}

impl std::error::Error for PartlySent {}

/// What a kind of media is called when nobody named it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MediaKind {
    Image,
    Voice,
    Video,
    File,
}

impl MediaKind {
    /// The platform's word.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Voice => "voice",
            Self::Video => "video",
            Self::File => "file",
        }
    }

    /// A name for a file that has none: the platform goes by its ending.
    fn name(self, content: &[u8]) -> &'static str {
        match self {
            Self::Image if content.starts_with(b"\x89PNG") => "image.png",
            Self::Image => "image.jpg",
            Self::Voice => "voice.amr",
            Self::Video => "video.mp4",
            Self::File => "file",
        }
    }
}

/// A file that is to be sent.
pub(super) enum Ready {
    /// The platform has it already.
    Kept(String),
    /// It must be uploaded.
    Here(File),
}

/// Brings the content of media here, if the platform does not have it.
///
/// # Errors
/// The address is none, or does not give a file that is small enough.
pub(super) async fn ready(
    transport: &HyperTransport,
    media: Media,
    kind: MediaKind,
) -> Result<Ready> {
    let mut file = match media.source {
        Source::Name(id) => return Ok(Ready::Kept(id)),
        Source::Bytes(bytes) => File::new(media.name, bytes),
        Source::Url(url) => {
            let fetched = fetch(transport, &url).await?;
            let name = if media.name.is_empty() {
                fetched.name.clone()
            } else {
                media.name
            };
            File { name, ..fetched }
        }
    };
    if file.name.is_empty() {
        kind.name(&file.content).clone_into(&mut file.name);
    }
    Ok(Ready::Here(file))
}

/// WeCom fetches nothing by itself, so addresses are fetched here.
pub(super) async fn fetch(transport: &HyperTransport, url: &str) -> Result<File> {
    let uri: Uri = url.parse()?;
    let (Some(scheme), Some(authority), Some(host)) =
        (uri.scheme_str(), uri.authority(), uri.host())
    else {
        return Err(BotError::new(
            "media: the address needs http:// or https://",
        ));
    };
    let base = format!("{scheme}://{authority}").parse()?;
    let client = Client::<WeCom>::builder(base)
        .auth(Anonymous)
        .body_limit(LARGEST)
        .over(transport.clone());
    let mut request = RawRequest::get(uri.path());
    uri.query()
        .unwrap_or_default()
        .clone_into(&mut request.query);
    let answer = client.raw(request).await?;
    if !answer.status().is_success() {
        let problem = format!("media: {host} answers {}", answer.status());
        return Err(BotError::new(problem));
    }
    Ok(File::of(&answer))
}

/// A body in WeCom's own JSON together with what says where it goes.
///
/// # Errors
/// It is not what the call takes.
pub(super) fn read_raw<T: serde::de::DeserializeOwned>(body: Value, place: Value) -> Result<T> {
    let (Value::Object(mut body), Value::Object(place)) = (body, place) else {
        return Err(BotError::new("raw: not a JSON object"));
    };
    body.extend(place);
    Ok(serde_json::from_value(Value::Object(body))?)
}
