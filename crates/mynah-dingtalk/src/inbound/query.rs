//! What stands in the query of a callback.

use std::borrow::Cow;

use http::Uri;
use mynah_core::{Check, Forged};
use percent_encoding::percent_decode_str;

use super::forged;

/// What stands in the query, percent-decoded once. A `+` stays one.
pub(super) struct Query<'a> {
    /// `msg_signature`, or `signature` where there is none.
    pub(super) signature: Option<Cow<'a, str>>,
    pub(super) timestamp: Option<Cow<'a, str>>,
    pub(super) nonce: Option<Cow<'a, str>>,
}

impl<'a> Query<'a> {
    pub(super) fn of(uri: &'a Uri) -> Result<Self, Forged> {
        let (mut signature, mut older, mut timestamp, mut nonce) = (None, None, None, None);
        for pair in uri.query().unwrap_or_default().split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let place = match name {
                "msg_signature" => &mut signature,
                "signature" => &mut older,
                "timestamp" => &mut timestamp,
                "nonce" => &mut nonce,
                _ => continue,
            };
            // The first of several counts.
            if place.is_none() {
                *place = Some(decoded(name, value)?);
            }
        }
        Ok(Self {
            signature: signature.or(older),
            timestamp,
            nonce,
        })
    }
}

/// Whether the query looks like that of an encrypted event.
pub(super) fn is_signed(uri: &Uri) -> bool {
    let pairs = uri.query().unwrap_or_default().split('&');
    pairs
        .filter_map(|pair| pair.split_once('='))
        .any(|(name, _)| matches!(name, "msg_signature" | "signature"))
}

pub(super) fn required<'q>(value: Option<&'q Cow<'_, str>>, name: &str) -> Result<&'q str, Forged> {
    value
        .map(|value| &**value)
        .ok_or_else(|| malformed(name, "is missing"))
}

fn decoded<'a>(name: &str, value: &'a str) -> Result<Cow<'a, str>, Forged> {
    let decoded = percent_decode_str(value).decode_utf8();
    decoded.map_err(|_| malformed(name, "is not UTF-8"))
}

fn malformed(name: &str, problem: &str) -> Forged {
    forged(Check::Form, format!("{name} {problem} in the query"))
}
