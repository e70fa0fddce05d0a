//! The calls, one module for each area of the documentation.
//!
//! Those of the classic interface and of topapi belong to [`DingTalk`](crate::DingTalk) and are
//! made with the token of an [`App`](crate::App); those of version 1.0 belong to
//! [`OpenApi`](crate::OpenApi) and are made with that of an [`OpenApp`](crate::OpenApp). A custom
//! robot makes the one call [`robot::SendWebhook`].

pub mod callback;
pub mod card;
pub mod chat;
pub mod department;
pub mod im;
pub mod media;
pub mod notice;
pub mod robot;
pub mod stream;
pub mod token;
pub mod top;
pub mod user;

use mynah_core::{ApiError, Encoding, Endpoint, HttpResponse, Meta, Method};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// A GET that removes something: made twice, the second fails.
const fn delete(name: &'static str, path: &'static str) -> Meta {
    Meta::new(name, Method::Get, path, Encoding::Query)
}

/// A PUT, which may be made twice.
const fn put(name: &'static str, path: &'static str) -> Meta {
    Meta::new(name, Method::Put, path, Encoding::Json).idempotent()
}

/// A POST that only asks.
const fn ask(name: &'static str, path: &'static str) -> Meta {
    Meta::post(name, path).idempotent()
}

/// Server side: the answer of a call whose success is not called `ok`.
fn write_saying<E: Endpoint>(
    word: &'static str,
    outcome: Result<E::Output, ApiError>,
) -> HttpResponse {
    let done = outcome.is_ok();
    let response = mynah_core::encode_output::<E>(outcome);
    if done {
        saying(word, response)
    } else {
        response
    }
}

fn saying(word: &'static str, response: HttpResponse) -> HttpResponse {
    response.map(|body| {
        let mut fields: Map<String, Value> = serde_json::from_slice(&body).unwrap_or_default();
        fields.insert("errmsg".to_owned(), word.into());
        serde_json::to_vec(&fields).unwrap_or_default().into()
    })
}

/// What else stands in an answer, without the envelope it stands beside.
fn extra<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Map<String, Value>, D::Error> {
    let mut fields = Map::deserialize(deserializer)?;
    for name in ["errcode", "errmsg", "request_id"] {
        fields.remove(name);
    }
    Ok(fields)
}
