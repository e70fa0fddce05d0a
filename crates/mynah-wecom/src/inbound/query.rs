//! What stands in the query of a callback.

use std::borrow::Cow;

use http::Uri;
use mynah_core::{Check, DedupeKey, Forged};
use mynah_crypto::{Envelope, equal, unhex};
use percent_encoding::percent_decode_str;

use super::forged;

/// What stands in the query, percent-decoded once. A `+` stays one: base64 has
/// them, and blanks do not occur.
pub(super) struct Query<'a> {
    signature: Option<Cow<'a, str>>,
    pub(super) timestamp: Cow<'a, str>,
    pub(super) nonce: Cow<'a, str>,
    echostr: Option<Cow<'a, str>>,
}

impl<'a> Query<'a> {
    pub(super) fn of(uri: &'a Uri) -> Result<Self, Forged> {
        let (mut signature, mut timestamp, mut nonce, mut echostr) = (None, None, None, None);
        for pair in uri.query().unwrap_or_default().split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let place = match name {
                "msg_signature" => &mut signature,
                "timestamp" => &mut timestamp,
                "nonce" => &mut nonce,
                "echostr" => &mut echostr,
                _ => continue,
            };
            // The first of several counts.
            if place.is_none() {
                *place = Some(decoded(name, value)?);
            }
        }
        Ok(Self {
            signature,
            timestamp: timestamp.ok_or_else(|| malformed("timestamp", "is missing"))?,
            nonce: nonce.ok_or_else(|| malformed("nonce", "is missing"))?,
            echostr,
        })
    }

    pub(super) fn echostr(&self) -> Result<&str, Forged> {
        let echostr = self.echostr.as_deref();
        echostr.ok_or_else(|| malformed("echostr", "is missing"))
    }

    /// Checks the signature, and tells what it is. No two pushes have the same,
    /// and who copies a push cannot change it, as they could swap timestamp and
    /// nonce.
    pub(super) fn verify(&self, envelope: &Envelope, sealed: &str) -> Result<DedupeKey, Forged> {
        let Some(signature) = self.signature.as_deref() else {
            let detail = "msg_signature is missing in the query";
            return Err(forged(Check::SignatureMissing, detail));
        };
        let given = unhex::<20>(signature.as_bytes());
        let expected = envelope.sign(&self.timestamp, &self.nonce, sealed);
        if !given.is_some_and(|given| equal(&given, &expected)) {
            let detail = format!("msg_signature ({} bytes) is another", signature.len());
            return Err(forged(Check::Signature, detail));
        }
        // The beginning of a hash is a hash.
        let beginning = expected.first_chunk().copied().unwrap_or_default();
        Ok(DedupeKey::Hash(u64::from_be_bytes(beginning)))
    }
}

fn decoded<'a>(name: &str, value: &'a str) -> Result<Cow<'a, str>, Forged> {
    if memchr::memchr(b'%', value.as_bytes()).is_none() {
        return Ok(Cow::Borrowed(value));
    }
    let decoded = percent_decode_str(value).decode_utf8();
    decoded.map_err(|_| malformed(name, "is not UTF-8"))
}

fn malformed(name: &str, problem: &str) -> Forged {
    forged(Check::Form, format!("{name} {problem} in the query"))
}
