//! The calls, one module for each area of the documentation.
//!
//! Applications make all of them but those in [`webhook`], which group robots make, and those in
//! [`aibot`], which an intelligent bot makes with what it was told in an event.

pub mod agent;
pub mod aibot;
pub mod appchat;
pub mod department;
pub mod media;
pub mod message;
pub mod misc;
pub mod tag;
pub mod token;
pub mod user;
pub mod webhook;

use mynah_core::{ApiError, Encoding, Endpoint, HttpResponse, Meta, Method};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// A GET that removes something: made twice, the second fails.
const fn delete(name: &'static str, path: &'static str) -> Meta {
    Meta::new(name, Method::Get, path, Encoding::Query)
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
    fields.remove("errcode");
    fields.remove("errmsg");
    Ok(fields)
}
