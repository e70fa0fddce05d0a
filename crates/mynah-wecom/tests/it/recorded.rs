//! The vector files of callbacks, and what several tests do with them.

use mynah_core::http::{Method, Request};
use mynah_core::{Bytes, HttpRequest};
use mynah_wecom::inbound::{CallbackSecret, Stamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

const CRYPTO: &str = include_str!("../vectors/crypto.json");
const EVENTS: &str = include_str!("../vectors/events.json");
const REPLIES: &str = include_str!("../vectors/replies.json");
const SIGNATURE: &str = include_str!("../vectors/signature.json");

fn read<T: DeserializeOwned>(file: &str) -> T {
    serde_json::from_str(file).unwrap()
}

pub(crate) fn crypto() -> CryptoFile {
    read(CRYPTO)
}

pub(crate) fn events() -> EventFile {
    read(EVENTS)
}

pub(crate) fn replies() -> Vec<ReplyCase> {
    read(REPLIES)
}

pub(crate) fn signature() -> Value {
    read(SIGNATURE)
}

pub(crate) const TOKEN: &str = "MynahToken123";
pub(crate) const KEY: &str = "TXluYWgtc2FuZGJveC1lbmNvZGluZy1hZXMta2V5ISE";

/// The application of the vectors.
pub(crate) fn application() -> CallbackSecret {
    CallbackSecret::application(&TOKEN.into(), &KEY.parse().unwrap(), "ww-sandbox")
}

/// The intelligent bot of the vectors.
pub(crate) fn bot() -> CallbackSecret {
    CallbackSecret::bot(&TOKEN.into(), &KEY.parse().unwrap())
}

/// What was new each time the vectors were recorded.
pub(crate) fn stamp() -> Stamp {
    Stamp {
        timestamp: 1_700_000_000,
        nonce: "1372623149".to_owned(),
        random: *b"0123456789abcdef",
    }
}

#[derive(Deserialize)]
pub(crate) struct CryptoFile {
    pub(crate) vectors: Vec<CryptoCase>,
}

#[derive(Deserialize)]
pub(crate) struct CryptoCase {
    pub(crate) id: String,
    pub(crate) op: String,
    pub(crate) input: CryptoInput,
    pub(crate) expect: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct CryptoInput {
    pub(crate) token: String,
    pub(crate) encoding_aes_key: String,
    pub(crate) receiveid: String,
    #[serde(default)]
    pub(crate) encrypt: String,
    pub(crate) timestamp: String,
    pub(crate) nonce: String,
    #[serde(default)]
    pub(crate) msg_signature: String,
}

#[derive(Deserialize)]
pub(crate) struct EventFile {
    pub(crate) url_verification: Recorded,
    pub(crate) events: Vec<EventCase>,
    pub(crate) aibot_callbacks: Vec<BotCase>,
}

#[derive(Deserialize)]
pub(crate) struct Recorded {
    pub(crate) http: Http,
    pub(crate) reply: Value,
}

#[derive(Deserialize)]
pub(crate) struct EventCase {
    pub(crate) name: String,
    pub(crate) plaintext_xml: String,
    pub(crate) parsed: Value,
    pub(crate) dedupe: String,
    pub(crate) http: Http,
}

#[derive(Deserialize)]
pub(crate) struct BotCase {
    pub(crate) name: String,
    pub(crate) plaintext: String,
    pub(crate) plaintext_json: Value,
    pub(crate) http: Http,
}

#[derive(Deserialize)]
pub(crate) struct Http {
    method: String,
    query: Vec<(String, String)>,
    body: Option<String>,
    json: Option<Value>,
}

impl Http {
    /// As it was on the wire.
    pub(crate) fn request(&self) -> HttpRequest {
        let query: Vec<String> = self
            .query
            .iter()
            .map(|(name, value)| format!("{name}={}", escaped(value)))
            .collect();
        let json = self.json.as_ref().map(Value::to_string);
        let body = self.body.clone().or(json).unwrap_or_default();
        let mut request = Request::new(Bytes::from(body));
        *request.method_mut() = self.method.parse::<Method>().unwrap();
        *request.uri_mut() = format!("/your/path?{}", query.join("&")).parse().unwrap();
        request
    }

    pub(crate) fn signature(&self) -> &str {
        let (_, signature) = &self.query[0];
        signature
    }
}

fn escaped(value: &str) -> String {
    value
        .replace('%', "%25")
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D")
}

#[derive(Deserialize)]
pub(crate) struct ReplyCase {
    pub(crate) name: String,
    pub(crate) plaintext_xml: String,
    pub(crate) encrypted_xml: String,
}
