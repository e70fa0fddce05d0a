//! What a platform pushes to its subscribers over HTTP: both sides of it.

use std::fmt;
use std::io;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Uri};

use crate::endpoint::{HttpRequest, HttpResponse, Platform};

/// The pushes of a platform: [`verify`](Self::verify) is the subscriber's
/// side, [`push`](Self::push) the platform's, and they are inverse.
pub trait Inbound: Platform {
    /// What is pushed.
    type Event: Send + 'static;
    /// What both sides know and nobody else does.
    type Secret: Send + Sync + 'static;
    /// What a subscriber may answer in the response itself.
    type Answer: Send + 'static;

    /// Refuses what the platform did not sign, or not lately.
    ///
    /// The order of the checks: size, signature in constant time, receiver,
    /// time window. `wall` is the subscriber's clock.
    ///
    /// # Errors
    /// The check that failed.
    fn verify(
        secret: &Self::Secret,
        request: &HttpRequest,
        wall: SystemTime,
    ) -> Result<Received<Self::Event, Self::Answer>, Forged>;

    /// The request that pushes `event`.
    fn push(
        secret: &Self::Secret,
        event: &Self::Event,
        nonce: u64,
        wall: SystemTime,
    ) -> HttpRequest;
}

/// What came in.
#[derive(Debug)]
pub enum Received<E, A> {
    /// A handshake: answer it and forget it.
    Challenge(HttpResponse),
    /// An event.
    Event(Arrival<E, A>),
}

/// A verified event.
#[derive(Debug)]
pub struct Arrival<E, A> {
    /// The event.
    pub event: E,
    /// The bytes it was read from.
    pub raw: Bytes,
    /// The platform's own key for telling repeated deliveries.
    pub dedupe: DedupeKey,
    /// What no two pushes have in common, where the platform signs something
    /// that is used once: a push with one that was seen before is somebody
    /// else's copy of it. A delivery that the platform repeats has a new one.
    pub replay: Option<DedupeKey>,
    /// Turns the answer into the response.
    pub reply: Reply<A>,
}

/// What two deliveries of one event have in common. Most platforms count, so
/// the key of most events takes no allocation; as text it is one word.
///
/// ```
/// assert_eq!(mynah_core::DedupeKey::Numbers(10000, 1002).to_string(), "10000:1002");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DedupeKey {
    /// Two numbers, such as the receiver's and the message's.
    Numbers(i64, i64),
    /// The hash of an event that has no id.
    Hash(u64),
    /// An id that is a word.
    Word(Box<str>),
}

impl fmt::Display for DedupeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Numbers(first, second) => write!(f, "{first}:{second}"),
            Self::Hash(hash) => write!(f, "{hash:016x}"),
            Self::Word(word) => f.write_str(word),
        }
    }
}

/// The hash of an event that has no id: FNV-1a
/// (<http://www.isthe.com/chongo/tech/comp/fnv/>), the same in every process. It serves to tell
/// accidents apart, not adversaries.
///
/// An event goes into it part by part, or is written into it.
///
/// ```
/// use mynah_core::{DedupeHash, DedupeKey};
///
/// let key = |parts: [&str; 2]| {
///     let mut hash = DedupeHash::default();
///     hash.part(parts[0]);
///     hash.part(parts[1]);
///     DedupeKey::from(hash)
/// };
/// assert_eq!(key(["alice", "joined"]), key(["alice", "joined"]));
/// assert_ne!(key(["ali", "cejoined"]), key(["alice", "joined"]));
/// ```
#[derive(Clone, Debug)]
pub struct DedupeHash(u64);

impl Default for DedupeHash {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl DedupeHash {
    /// Takes a part of the event. Where a part ends makes a difference.
    pub fn part(&mut self, part: impl fmt::Display) {
        // A hash takes everything.
        let _ = io::Write::write_fmt(self, format_args!("{part}"));
        // No text has this byte.
        self.bytes(&[0xff]);
    }

    /// Takes a part that may be absent, which is the same as empty.
    pub fn optional(&mut self, part: Option<impl fmt::Display>) {
        match part {
            Some(part) => self.part(part),
            None => self.part(""),
        }
    }

    /// The hash.
    pub fn finish(&self) -> u64 {
        self.0
    }

    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

impl io::Write for DedupeHash {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl From<DedupeHash> for DedupeKey {
    fn from(hash: DedupeHash) -> Self {
        Self::Hash(hash.finish())
    }
}

/// A POST to the root of a receiver; [`aim`] it at another address.
///
/// ```
/// let push = mynah_core::post("application/json", r#"{"text":"hi"}"#);
/// assert_eq!((push.method().as_str(), push.uri().path()), ("POST", "/"));
/// assert_eq!(mynah_core::media_type(&push), "application/json");
/// ```
pub fn post(media_type: &'static str, body: impl Into<Bytes>) -> HttpRequest {
    let mut request = HttpRequest::new(body.into());
    *request.method_mut() = Method::POST;
    let media_type = HeaderValue::from_static(media_type);
    request.headers_mut().insert(CONTENT_TYPE, media_type);
    request
}

/// A response with a body of this media type.
///
/// ```
/// let response = mynah_core::respond("text/plain", "ok");
/// assert_eq!((response.status().as_u16(), response.body().as_ref()), (200, b"ok".as_ref()));
/// ```
pub fn respond(media_type: &'static str, body: impl Into<Bytes>) -> HttpResponse {
    let mut response = HttpResponse::new(body.into());
    let media_type = HeaderValue::from_static(media_type);
    response.headers_mut().insert(CONTENT_TYPE, media_type);
    response
}

/// Puts the address of a receiver into a push; what the push has in its query
/// comes behind what the address has in its own.
///
/// ```
/// use mynah_core::{HttpRequest, aim};
///
/// let mut push = HttpRequest::default();
/// *push.uri_mut() = "/?signature=s".parse()?;
/// let aimed = aim(push, &"http://bot/callback?app=1".parse()?);
/// assert_eq!(aimed.uri(), "http://bot/callback?app=1&signature=s");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn aim(mut request: HttpRequest, receiver: &Uri) -> HttpRequest {
    let mut parts = receiver.clone().into_parts();
    let path = receiver.path();
    let queries = [receiver.query(), request.uri().query()];
    let query: Vec<&str> = queries.into_iter().flatten().collect();
    let target = match query.as_slice() {
        [] => path.to_owned(),
        query => format!("{path}?{}", query.join("&")),
    };
    // Two valid queries make one.
    if let Ok(target) = target.parse() {
        parts.path_and_query = Some(target);
    }
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
    request
}

/// Makes the response to a push.
pub struct Reply<A> {
    /// How long after the push the platform still takes an answer in the
    /// response; `None` where it waits as long as it takes.
    pub within: Option<Duration>,
    encode: Box<dyn FnOnce(Option<A>) -> HttpResponse + Send>,
}

impl<A> Reply<A> {
    /// `encode` gets the answer, if there is one.
    pub fn new(
        within: Option<Duration>,
        encode: impl FnOnce(Option<A>) -> HttpResponse + Send + 'static,
    ) -> Self {
        Self {
            within,
            encode: Box::new(encode),
        }
    }

    /// The response that says "received" and nothing else.
    pub fn acknowledge(self) -> HttpResponse {
        (self.encode)(None)
    }

    /// The response that carries an answer.
    pub fn answer(self, answer: A) -> HttpResponse {
        (self.encode)(Some(answer))
    }
}

impl<A> fmt::Debug for Reply<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("within", &self.within)
            .finish_non_exhaustive()
    }
}

/// A push that was refused.
///
/// `check` and `detail` are for our own log; the caller gets `status` and an
/// empty body.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{check}: {detail}")]
pub struct Forged {
    /// The HTTP status the caller gets.
    pub status: u16,
    /// The check that failed.
    pub check: Check,
    /// What was wrong, without any secret.
    pub detail: String,
}

impl Forged {
    /// A refusal.
    pub fn new(status: u16, check: Check, detail: impl Into<String>) -> Self {
        Self {
            status,
            check,
            detail: detail.into(),
        }
    }
}

/// The checks a push goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Check {
    /// The body's size.
    Size,
    /// The method, headers and media type.
    Form,
    /// The signature is there.
    SignatureMissing,
    /// The signature is right.
    Signature,
    /// The push is for this receiver.
    Receiver,
    /// The push is not too old.
    Time,
    /// The push was not seen before.
    Replay,
    /// The body can be decrypted.
    Cipher,
    /// The body is what it should be.
    Body,
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Size => "size",
            Self::Form => "form",
            Self::SignatureMissing => "signature missing",
            Self::Signature => "signature",
            Self::Receiver => "receiver",
            Self::Time => "time window",
            Self::Replay => "replay",
            Self::Cipher => "cipher",
            Self::Body => "body",
        })
    }
}
