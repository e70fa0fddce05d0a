//! Events over HTTP POST, both sides of it.

use std::time::SystemTime;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Method, Request, StatusCode};
use mynah_core::{
    Arrival, Check, Forged, HttpRequest, HttpResponse, Inbound, Received, Reply, media_type,
};
use mynah_crypto::HmacSha1;
use secrecy::{ExposeSecret, SecretString};

use crate::event::{DecodeError, Event};
use crate::id::UserId;
use crate::platform::{OneBot, refusal};
use crate::quick::QuickOperation;

const X_SELF_ID: HeaderName = HeaderName::from_static("x-self-id");
const X_SIGNATURE: HeaderName = HeaderName::from_static("x-signature");

/// Who may post events: whoever knows the secret, for the accounts we expect.
///
/// ```
/// use std::time::SystemTime;
///
/// use mynah_core::{Inbound, Received};
/// use mynah_onebot::{Event, OneBot, PostSecret, UserId};
///
/// let secret = PostSecret::new(&"sandbox-secret".to_owned().into()).only(UserId(10000));
/// let event = Event::from_slice(br#"{"self_id": 10000, "post_type": "notice",
///     "notice_type": "friend_add", "user_id": 10005}"#)?;
///
/// let request = OneBot::push(&secret, &event, 0, SystemTime::UNIX_EPOCH);
/// let received = OneBot::verify(&secret, &request, SystemTime::UNIX_EPOCH)?;
/// assert!(matches!(received, Received::Event(arrival) if arrival.event == event));
///
/// let stranger = PostSecret::new(&"guess".to_owned().into());
/// let forged = OneBot::verify(&stranger, &request, SystemTime::UNIX_EPOCH).unwrap_err();
/// assert_eq!(forged.status, 403);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The key is prepared once, so that a signature costs two hashes and not four.
#[derive(Clone, Debug, Default)]
pub struct PostSecret {
    key: Option<HmacSha1>,
    self_id: Option<UserId>,
}

impl PostSecret {
    /// Posts are signed with `secret`; an empty one is no secret.
    pub fn new(secret: &SecretString) -> Self {
        let secret = secret.expose_secret();
        Self {
            key: (!secret.is_empty()).then(|| HmacSha1::new(secret.as_bytes())),
            self_id: None,
        }
    }

    /// Posts are not signed: anybody may post. Signatures that come
    /// nevertheless are not looked at.
    pub fn none() -> Self {
        Self::default()
    }

    /// Refuses the events of other accounts.
    #[must_use]
    pub fn only(self, self_id: impl Into<UserId>) -> Self {
        Self {
            self_id: Some(self_id.into()),
            ..self
        }
    }

    /// The post that carries an event whose JSON is already written, and
    /// signed as it stands. For the root of the receiver; set another address
    /// as the URI.
    pub fn post(&self, self_id: UserId, json: Bytes) -> HttpRequest {
        let signature = self.signature(&json);
        let mut request = Request::new(json);
        *request.method_mut() = Method::POST;
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, JSON);
        headers.insert(X_SELF_ID, HeaderValue::from(self_id.0));
        // Hexadecimal can stand in a header.
        if let Some(Ok(signature)) = signature.map(HeaderValue::try_from) {
            headers.insert(X_SIGNATURE, signature);
        }
        request
    }

    /// The value of `X-Signature`, if there is a secret.
    fn signature(&self, body: &[u8]) -> Option<String> {
        let tag = self.key.as_ref()?.sign(body);
        Some(format!("sha1={}", mynah_crypto::hex(&tag)))
    }

    fn check_signature(&self, request: &HttpRequest) -> Result<(), Forged> {
        let Some(key) = &self.key else {
            return Ok(());
        };
        let Some(given) = request.headers().get(X_SIGNATURE) else {
            let detail = "the header X-Signature is missing";
            return Err(Forged::new(401, Check::SignatureMissing, detail));
        };
        let tag = given.as_bytes().strip_prefix(b"sha1=");
        let tag = tag.and_then(mynah_crypto::unhex::<20>);
        if tag.is_some_and(|tag| mynah_crypto::equal(&tag, &key.sign(request.body()))) {
            Ok(())
        } else {
            let detail = format!("X-Signature ({} bytes) is another", given.len());
            Err(Forged::new(403, Check::Signature, detail))
        }
    }

    fn check_receiver(&self, self_id: UserId) -> Result<(), Forged> {
        match self.self_id {
            Some(expected) if expected != self_id => {
                let detail = format!("the event is for {self_id}, expected is {expected}");
                Err(Forged::new(403, Check::Receiver, detail))
            }
            _ => Ok(()),
        }
    }
}

/// HTTP POST as OneBot 11 does it
/// (<https://github.com/botuniverse/onebot-11/blob/master/communication/http-post.md>).
///
/// A JSON object that does not say what kind of event it is is acknowledged
/// and forgotten, as aiocqhttp does it.
impl Inbound for OneBot {
    type Event = Event;
    type Secret = PostSecret;
    type Answer = QuickOperation;

    fn verify(
        secret: &PostSecret,
        request: &HttpRequest,
        _: SystemTime,
    ) -> Result<Received<Event, QuickOperation>, Forged> {
        check_form(request)?;
        secret.check_signature(request)?;
        let event = match Event::from_slice(request.body()) {
            Ok(event) => event,
            Err(DecodeError::MissingType { .. }) => {
                return Ok(Received::Challenge(respond(None)));
            }
            Err(error) => return Err(Forged::new(400, Check::Body, error.to_string())),
        };
        // The header X-Self-ID is not signed, the event is.
        secret.check_receiver(event.self_id())?;
        Ok(Received::Event(Arrival {
            dedupe: event.dedupe_key().into(),
            event,
            raw: request.body().clone(),
            // Nothing that is signed is used once.
            replay: None,
            reply: Reply::new(None, respond),
        }))
    }

    /// For the root of the receiver; set another address as the URI.
    fn push(secret: &PostSecret, event: &Event, _: u64, _: SystemTime) -> HttpRequest {
        let json = serde_json::to_vec(event).unwrap_or_default();
        secret.post(event.self_id(), json.into())
    }
}

const JSON: HeaderValue = HeaderValue::from_static("application/json");

fn check_form(request: &HttpRequest) -> Result<(), Forged> {
    let wrong = |status, detail: &str| Err(Forged::new(status, Check::Form, detail));
    if request.method() != Method::POST {
        return wrong(405, "the method must be POST");
    }
    if media_type(request) != "application/json" {
        return wrong(400, "Content-Type must be application/json");
    }
    if !request.headers().contains_key(X_SELF_ID) {
        return wrong(400, "the header X-Self-ID is missing");
    }
    Ok(())
}

/// 200 with the operation, or 204 where there is nothing to do.
fn respond(operation: Option<QuickOperation>) -> HttpResponse {
    let Some(operation) = operation.filter(|operation| !operation.is_nothing()) else {
        return refusal(StatusCode::NO_CONTENT.as_u16());
    };
    let body = serde_json::to_vec(&operation).unwrap_or_default();
    let mut response = HttpResponse::new(Bytes::from(body));
    response.headers_mut().insert(CONTENT_TYPE, JSON);
    response
}
