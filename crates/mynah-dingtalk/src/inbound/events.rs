//! Events, which come encrypted.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use mynah_core::{Arrival, Check, DedupeKey, Forged, HttpRequest, HttpResponse, Received, Reply};
use mynah_crypto::{EncodingAesKey, Envelope, HmacSha1, Unopened, equal, hex, unhex};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::query::{Query, required};
use super::secret::post;
use super::{Answer, EVENT_PATIENCE, Event, check_time, forged, millis};
use crate::auth::Secret;
use crate::event::Callback;

/// What every event is answered with, encrypted.
pub(super) const SUCCESS: &str = "success";

/// What is new each time something is sealed.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// When, in milliseconds since 1970.
    pub timestamp: i64,
    /// A word that is used once.
    pub nonce: String,
    /// What goes into the ciphertext first; nobody may foresee it.
    pub random: [u8; 16],
}

/// An encrypted text with its signature: what an event is answered with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// The signature, in lower-case hexadecimal.
    pub msg_signature: String,
    /// When, in milliseconds since 1970.
    #[serde(rename = "timeStamp", deserialize_with = "text_or_number")]
    pub timestamp: String,
    /// A word that is used once.
    pub nonce: String,
    /// The encrypted text.
    pub encrypt: String,
}

/// Some receivers answer with a number.
fn text_or_number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(serde::de::Error::custom("timeStamp must be text")),
    }
}

#[derive(Deserialize)]
struct Body {
    encrypt: String,
}

/// What is known for events.
#[derive(Clone)]
pub(super) struct Events {
    /// One for each id that is accepted, the own one first.
    envelopes: Vec<Envelope>,
    /// Makes random bytes out of what is sealed with them.
    prefixes: HmacSha1,
    window: Option<Duration>,
}

impl Events {
    pub(super) fn new<'a>(
        token: &Secret,
        key: &EncodingAesKey,
        ids: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let envelope = |id: &str| Envelope::new(token.expose(), key, id);
        let mut envelopes: Vec<Envelope> = ids.into_iter().map(envelope).collect();
        if envelopes.is_empty() {
            envelopes.push(envelope(""));
        }
        Self {
            envelopes,
            prefixes: HmacSha1::new(key.expose_bytes()),
            window: None,
        }
    }

    pub(super) fn fresh_within(self, window: Duration) -> Self {
        Self {
            window: Some(window),
            ..self
        }
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.envelopes.iter().map(Envelope::receiver)
    }

    pub(super) fn verify(
        self: &Arc<Self>,
        request: &HttpRequest,
        wall: SystemTime,
    ) -> Result<Received<Event, Answer>, Forged> {
        let query = Query::of(request.uri())?;
        let timestamp = required(query.timestamp.as_ref(), "timestamp")?;
        let nonce = required(query.nonce.as_ref(), "nonce")?;
        let Body { encrypt } = body(request.body())?;
        let Some(given) = query.signature.as_deref() else {
            let detail = "msg_signature is missing in the query";
            return Err(forged(Check::SignatureMissing, detail));
        };
        let signature = self.check_signature(timestamp, nonce, &encrypt, given)?;
        let (plain, envelope) = self.open(&encrypt)?;
        if let Some(window) = self.window {
            check_time(timestamp, wall, window)?;
        }
        let callback = Callback::from_slice(plain.as_bytes())
            .map_err(|bad| forged(Check::Body, bad.to_string()))?;
        // The answer has its own nonce; that of a hash nobody can foresee will do.
        let own = signature.to_string();
        if callback.is_check() {
            return Ok(Received::Challenge(self.success(envelope, own, wall)));
        }
        let events = Arc::clone(self);
        Ok(Received::Event(Arrival {
            dedupe: callback.dedupe_key(),
            raw: Bytes::from(plain),
            replay: Some(signature),
            reply: Reply::new(Some(EVENT_PATIENCE), move |_| {
                events.success(envelope, own, wall)
            }),
            event: Event::Callback(callback),
        }))
    }

    /// Checks a signature, and tells what it is: no two pushes have the same.
    pub(super) fn check_signature(
        &self,
        timestamp: &str,
        nonce: &str,
        sealed: &str,
        given: &str,
    ) -> Result<DedupeKey, Forged> {
        let expected = self.own().map(|own| own.sign(timestamp, nonce, sealed));
        let expected = expected.unwrap_or_default();
        if !unhex::<20>(given.as_bytes()).is_some_and(|given| equal(&given, &expected)) {
            let detail = format!("the signature ({} bytes) is another", given.len());
            return Err(forged(Check::Signature, detail));
        }
        // The beginning of a hash is a hash.
        let beginning = expected.first_chunk().copied().unwrap_or_default();
        Ok(DedupeKey::Hash(u64::from_be_bytes(beginning)))
    }

    /// Opens what is for one of the ids, and tells for which.
    pub(super) fn open(&self, sealed: &str) -> Result<(String, usize), Forged> {
        let mut refusal = None;
        for (at, envelope) in self.envelopes.iter().enumerate() {
            match envelope.open(sealed) {
                Ok(plain) => return Ok((plain, at)),
                Err(reason @ Unopened::Receiver { .. }) => refusal = Some(reason),
                Err(reason) => return Err(forged(Check::Cipher, reason.to_string())),
            }
        }
        let detail = refusal.map_or_else(String::new, |reason| {
            let accepted = self.envelopes.len();
            format!("{reason}; {accepted} ids are accepted here")
        });
        Err(forged(Check::Receiver, detail))
    }

    /// The envelope with the own id.
    fn own(&self) -> Option<&Envelope> {
        self.envelopes.first()
    }

    /// A stamp whose random bytes only who has the key can foresee, and which
    /// differ wherever anything that is sealed differs.
    pub(super) fn stamp(&self, plain: &str, nonce: String, timestamp: i64) -> Stamp {
        let digest = self.prefixes.sign_parts(&[
            &timestamp.to_be_bytes(),
            nonce.as_bytes(),
            // No text has this byte.
            &[0xff],
            plain.as_bytes(),
        ]);
        let mut random = [0; 16];
        random.copy_from_slice(&digest[..16]);
        Stamp {
            timestamp,
            nonce,
            random,
        }
    }

    pub(super) fn seal(&self, at: usize, plain: &str, stamp: &Stamp) -> Sealed {
        let timestamp = stamp.timestamp.to_string();
        let envelope = self.envelopes.get(at).or(self.own());
        let encrypt = envelope.map(|envelope| envelope.seal(stamp.random, plain));
        let encrypt = encrypt.unwrap_or_default();
        let signature = envelope.map(|it| it.sign(&timestamp, &stamp.nonce, &encrypt));
        Sealed {
            msg_signature: hex(&signature.unwrap_or_default()),
            timestamp,
            nonce: stamp.nonce.clone(),
            encrypt,
        }
    }

    /// The callback whose JSON is already written.
    pub(super) fn post(&self, plain: &str, stamp: &Stamp) -> HttpRequest {
        let sealed = self.seal(0, plain, stamp);
        let mut request = post(json!({ "encrypt": sealed.encrypt }).to_string());
        // The documentation names the one, its sample program reads the other.
        let query = format!(
            "signature={0}&msg_signature={0}&timestamp={1}&nonce={2}",
            sealed.msg_signature,
            sealed.timestamp,
            utf8_percent_encode(&sealed.nonce, NON_ALPHANUMERIC)
        );
        // What is percent-encoded can stand in an address.
        if let Ok(uri) = format!("/?{query}").parse() {
            *request.uri_mut() = uri;
        }
        request
    }

    /// The encrypted `success`, for the id that the event was for.
    fn success(&self, at: usize, nonce: String, wall: SystemTime) -> HttpResponse {
        let stamp = self.stamp(SUCCESS, nonce, millis(wall));
        let sealed = self.seal(at, SUCCESS, &stamp);
        // Four texts always have a JSON form.
        let body = serde_json::to_vec(&sealed).unwrap_or_default();
        mynah_core::respond("application/json; charset=utf-8", body)
    }
}

/// The encrypted text out of the body of a callback, whatever its media type.
fn body(body: &[u8]) -> Result<Body, Forged> {
    serde_json::from_slice(body).map_err(|bad| {
        let detail = format!(
            "no JSON object with `encrypt`: stopped at column {} of {} bytes",
            bad.column(),
            body.len()
        );
        forged(Check::Body, detail)
    })
}
