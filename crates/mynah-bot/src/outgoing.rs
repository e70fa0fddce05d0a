//! What sending has in common on the platforms where a message becomes several.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use mynah_client::{Client, HyperTransport};
use mynah_core::http::Uri;
use mynah_core::{Anonymous, File, RawRequest};
use serde_json::Value;

use crate::body::{Unread, collect};
use crate::capability::Capability;
use crate::choices::Choices;
use crate::event::Event;
use crate::id::{Conversation, MessageId, Platform};
use crate::message::{Button, Media, Source};
use crate::reply::{BotError, Loss, Outbox, Receipt, Reply, Result, Sending, refused};

/// The largest file that is fetched, in bytes: no kind of file may be larger, on
/// WeCom (<https://developer.work.weixin.qq.com/document/path/90253>) and on DingTalk
/// (<https://open.dingtalk.com/document/development/upload-media-files>).
pub(crate) const LARGEST: usize = 20 * 1024 * 1024;

/// How long it may take to fetch one.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why a file was not fetched.
pub(crate) enum Unfetched {
    /// It has more bytes than are wanted: so many, if that was said.
    TooLarge(Option<usize>),
    /// Anything else.
    Failed(BotError),
}

impl<E: Into<BotError>> From<E> for Unfetched {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// A message as it goes out, and what was lost on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Compiled<Piece> {
    /// What is sent, one call each.
    pub pieces: Vec<Piece>,
    /// What the platform cannot carry.
    pub losses: Vec<Loss>,
    /// The buttons that became numbered lines, in the order of their numbers.
    pub numbered: Vec<Button>,
}

impl<Piece> Default for Compiled<Piece> {
    fn default() -> Self {
        Self {
            pieces: Vec::new(),
            losses: Vec::new(),
            numbered: Vec::new(),
        }
    }
}

impl<Piece> Compiled<Piece> {
    /// Nobody may look at the receipt; the log says it anyhow.
    pub(crate) fn log_losses(&self) {
        for loss in &self.losses {
            tracing::warn!(
                what = loss.what,
                instead = loss.instead,
                "lost in a message"
            );
        }
    }
}

/// Sends the pieces of a message.
pub(crate) trait Speaker: Sync {
    /// The platform it speaks on.
    const HERE: Platform;
    /// One message of that platform.
    type Piece: Send;

    /// Where it is noted which buttons became numbered lines, if somebody listens for answers.
    fn choices(&self) -> Option<&Choices> {
        None
    }

    /// Brings the media of a piece here, and looks at whether the platform takes it. Nothing is
    /// sent of a message before all of its pieces are prepared.
    fn prepare(
        &self,
        _to: &Conversation,
        piece: Self::Piece,
    ) -> impl Future<Output = Result<Self::Piece>> + Send {
        std::future::ready(Ok(piece))
    }

    /// Sends one piece, and tells its id where the platform does.
    fn put(
        &self,
        to: &Conversation,
        piece: Self::Piece,
    ) -> impl Future<Output = Result<Option<MessageId>>> + Send;
}

/// Sends a message piece by piece, in their order.
///
/// # Errors
/// Nothing is left of the message, or a piece could not be sent; the ones
/// after it are not tried then. [`MediaRefused`](crate::MediaRefused), if the
/// platform would not take what is in one of them: then nothing is sent.
pub(crate) async fn say<S: Speaker>(
    speaker: &S,
    to: &Conversation,
    compiled: Compiled<S::Piece>,
) -> Result<Receipt> {
    compiled.log_losses();
    if to.platform != S::HERE {
        return Err(no_place(to, S::HERE));
    }
    let of = compiled.pieces.len();
    if of == 0 {
        let here = S::HERE.title();
        let problem = format!("{here} cannot carry anything of this message");
        return Err(BotError::new(problem));
    }
    let mut receipt = Receipt {
        ids: Vec::new(),
        losses: compiled.losses,
    };
    let mut pieces = Vec::with_capacity(of);
    for piece in compiled.pieces {
        pieces.push(speaker.prepare(to, piece).await?);
    }
    // Before: answers may come as soon as somebody reads it.
    if let Some(choices) = speaker.choices() {
        choices.offer(to, &compiled.numbered);
    }
    for (sent, piece) in pieces.into_iter().enumerate() {
        match speaker.put(to, piece).await {
            Ok(id) => receipt.ids.extend(id),
            Err(error) if sent == 0 => return Err(error),
            Err(error) => return Err(PartlySent { sent, of, error }.into()),
        }
    }
    Ok(receipt)
}

/// Why nothing can be said there.
pub(crate) fn no_place(to: &Conversation, here: Platform) -> BotError {
    BotError::new(format!("{to} is no place on {}", here.title()))
}

/// An answer that is a message goes where the event came from; platforms that
/// know no requests have none that could be approved.
pub(crate) fn answer<'a>(
    outbox: &'a dyn Outbox,
    event: &'a Event,
    reply: &'a Reply,
) -> Sending<'a> {
    match (reply, &event.conversation) {
        (Reply::Nothing, _) => Box::pin(std::future::ready(Ok(Receipt::default()))),
        (Reply::Message(message), Some(place)) => outbox.send(place, message),
        (Reply::Message(_), None) => refuse("this event came from no conversation".to_owned()),
        _ => refused(outbox, Capability::Decide),
    }
}

fn refuse<'a>(problem: String) -> Sending<'a> {
    Box::pin(std::future::ready(Err(BotError::new(problem))))
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
pub(crate) enum MediaKind {
    Image,
    Voice,
    Video,
    File,
}

impl MediaKind {
    /// The platform's word.
    pub(crate) const fn word(self) -> &'static str {
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
pub(crate) enum Ready {
    /// The platform has it already.
    Kept(String),
    /// It must be uploaded.
    Here(File),
}

/// Brings the content of media here, if the platform does not have it: of what has to be fetched
/// at most so many bytes.
///
/// # Errors
/// The address is none, or does not give a file that is small enough.
pub(crate) async fn ready<P: mynah_core::Platform>(
    transport: &HyperTransport,
    media: Media,
    kind: MediaKind,
    most: usize,
) -> Result<Ready, Unfetched> {
    let mut file = match media.source {
        Source::Name(id) => return Ok(Ready::Kept(id)),
        Source::Bytes(bytes) => File::new(media.name, bytes),
        Source::Url(url) => {
            let fetched = fetch_within::<P>(transport, &url, most).await?;
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

/// What is at an address, for a platform that fetches nothing by itself.
///
/// # Errors
/// The address is none, or does not give a file that is small enough.
pub(crate) async fn fetch<P: mynah_core::Platform>(
    transport: &HyperTransport,
    url: &str,
) -> Result<File> {
    let fetched = fetch_within::<P>(transport, url, LARGEST).await;
    fetched.map_err(|unfetched| match unfetched {
        Unfetched::TooLarge(_) => {
            BotError::new(format!("media: the file has more than {LARGEST} bytes"))
        }
        Unfetched::Failed(error) => error,
    })
}

async fn fetch_within<P: mynah_core::Platform>(
    transport: &HyperTransport,
    url: &str,
    most: usize,
) -> Result<File, Unfetched> {
    let uri: Uri = url.parse()?;
    let (Some(scheme), Some(authority), Some(host)) =
        (uri.scheme_str(), uri.authority(), uri.host())
    else {
        let problem = "media: the address needs http:// or https://";
        return Err(BotError::new(problem).into());
    };
    let base = format!("{scheme}://{authority}").parse()?;
    let client = Client::<P>::builder(base)
        .auth(Anonymous)
        .over(transport.clone());
    let mut request = RawRequest::get(uri.path());
    uri.query()
        .unwrap_or_default()
        .clone_into(&mut request.query);
    let fetching = async {
        let answer = client.download(request).await?;
        if !answer.status().is_success() {
            let problem = format!("media: {host} answers {}", answer.status());
            return Err(BotError::new(problem).into());
        }
        let answer = collect(answer, most).await.map_err(|unread| match unread {
            Unread::TooLong(bytes) => Unfetched::TooLarge(bytes),
            Unread::Broken(error) => BotError::from(error).into(),
        });
        Ok::<_, Unfetched>(File::of(&answer?))
    };
    let fetched = tokio::time::timeout(PATIENCE, fetching).await;
    let slow = || BotError::new(format!("media: {host} takes longer than {PATIENCE:?}"));
    fetched.unwrap_or_else(|_| Err(slow().into()))
}

/// The content of media that came with a message, on platforms that tell its
/// address.
///
/// # Errors
/// It has none, or there is no file that is small enough.
pub(crate) async fn from_address<P: mynah_core::Platform>(
    transport: &HyperTransport,
    media: &Media,
) -> Result<File> {
    let file = match &media.source {
        Source::Bytes(bytes) => File::new("", bytes.clone()),
        Source::Url(url) => fetch::<P>(transport, url).await?,
        Source::Name(_) => {
            let problem = format!("{media:?}: has no address");
            return Err(BotError::new(problem));
        }
    };
    let name = match media.name.as_str() {
        "" => file.name,
        name => name.to_owned(),
    };
    Ok(File { name, ..file })
}

/// What stands behind the last slash of an address: the name of what is there.
pub(crate) fn last_of(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    path.rsplit('/').next().unwrap_or(path)
}

/// A body in a platform's own JSON together with what says where it goes.
///
/// # Errors
/// It is not what the call takes.
pub(crate) fn read_raw<T: serde::de::DeserializeOwned>(body: Value, place: Value) -> Result<T> {
    let (Value::Object(mut body), Value::Object(place)) = (body, place) else {
        return Err(BotError::new("raw: not a JSON object"));
    };
    body.extend(place);
    Ok(serde_json::from_value(Value::Object(body))?)
}
