//! A platform with an envelope, tokens in the query, and every kind of endpoint.

use std::collections::BTreeMap;

use mynah_core::{
    ApiError, Bytes, Empty, Encoding, Endpoint, Error, File, HttpResponse, Meta, Method, Platform,
    Quota, Request, Verdict, http::HeaderMap,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

pub struct Test;

/// Where the platform says how many calls are left.
pub const QUOTA: [&str; 3] = ["x-limit", "x-remaining", "x-reset"];

#[derive(Serialize, Deserialize)]
struct Envelope<'a> {
    code: i64,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
    #[serde(default)]
    words: String,
}

impl Platform for Test {
    const NAME: &'static str = "test";

    fn open(response: &HttpResponse) -> Result<Bytes, ApiError> {
        if response.headers().contains_key("content-disposition") {
            return Ok(response.body().clone());
        }
        if response.status() != 200 {
            return Err(ApiError::http(response.status().as_u16(), ""));
        }
        let envelope: Envelope<'_> = serde_json::from_slice(response.body())
            .map_err(|error| ApiError::new("envelope", error.to_string()))?;
        match envelope {
            Envelope {
                code: 0,
                data: Some(data),
                ..
            } => Ok(response.body().slice_ref(data.get().as_bytes())),
            Envelope {
                code: 0,
                data: None,
                ..
            } => Ok(Bytes::from_static(b"null")),
            Envelope { code, words, .. } => Err(ApiError::new(code, words)),
        }
    }

    fn seal(outcome: Result<Bytes, ApiError>) -> HttpResponse {
        let envelope = match &outcome {
            Ok(payload) => Envelope {
                code: 0,
                data: serde_json::from_slice(payload).ok(),
                words: String::new(),
            },
            Err(error) if error.status != 200 => {
                let mut response = HttpResponse::new(Bytes::new());
                *response.status_mut() = error.status.try_into().unwrap();
                return response;
            }
            Err(error) => Envelope {
                code: error.code.number().unwrap_or(-1),
                data: None,
                words: error.message.clone(),
            },
        };
        HttpResponse::new(serde_json::to_vec(&envelope).unwrap().into())
    }

    fn classify(error: &ApiError) -> Verdict {
        match (error.status, error.code.number()) {
            (401, _) | (_, Some(40014)) => Verdict::Unauthorized,
            (429, _) => Verdict::Throttled(error.retry_after),
            (500..=599, _) => Verdict::Transient,
            _ => Verdict::Permanent,
        }
    }

    fn quota(headers: &HeaderMap) -> Option<Quota> {
        Quota::read(headers, QUOTA)
    }
}

/// JSON body, output in a field of the payload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CreateChat {
    pub name: String,
    pub owner: i64,
    pub members: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub searchable: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<i64>,
}

impl Endpoint for CreateChat {
    type Platform = Test;
    type Output = String;
    const META: Meta = Meta::post("test.chat.create", "/chat/create").at("chat.id");
}

/// Query, no output.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct Touch {
    pub chatid: String,
}

impl Endpoint for Touch {
    type Platform = Test;
    type Output = Empty;
    const META: Meta = Meta::get("test.touch", "/touch");
}

/// Form with a repeated key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct Publish {
    pub to: Vec<String>,
    pub content: String,
}

impl Endpoint for Publish {
    type Platform = Test;
    type Output = Empty;
    const META: Meta = Meta::form("test.publish", "/publish");
}

/// Form with a map in brackets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct Sync {
    pub user: Vec<String>,
    pub group: BTreeMap<String, String>,
}

impl Endpoint for Sync {
    type Platform = Test;
    type Output = Empty;
    const META: Meta = Meta::form("test.sync", "/sync").brackets(&["group"]);
}

/// One parameter in the query, the rest in a JSON body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct Answer {
    pub text: String,
    pub ticket: String,
    pub loud: bool,
}

impl Endpoint for Answer {
    type Platform = Test;
    type Output = Empty;
    const META: Meta = Meta::post("test.answer", "/answer").query(&["ticket"]);
}

/// A variable in the path, the rest in a JSON body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct Rename {
    pub chatid: String,
    pub name: String,
}

impl Endpoint for Rename {
    type Platform = Test;
    type Output = Empty;
    const META: Meta = Meta::new(
        "test.rename",
        Method::Put,
        "/chats/{chatid}/name",
        Encoding::Json,
    );
}

/// One field in the query, the others in a JSON body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetMenu {
    pub agent: i64,
    pub buttons: Vec<String>,
}

impl Endpoint for SetMenu {
    type Platform = Test;
    type Output = Empty;
    const META: Meta = Meta::post("test.menu", "/menu").query(&["agent"]);
}

/// A file and another field in a form, one field in the query.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct Upload {
    pub kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[serde(skip_serializing)]
    pub media: File,
}

impl Endpoint for Upload {
    type Platform = Test;
    type Output = String;
    const META: Meta = Meta::upload("test.upload", "/upload")
        .query(&["kind"])
        .at("id");

    fn file(&self) -> Option<(&'static str, &File)> {
        Some(("media", &self.media))
    }
}

/// Answers with a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct Download {
    pub id: String,
}

impl Endpoint for Download {
    type Platform = Test;
    type Output = File;
    const META: Meta = Meta::get("test.download", "/download");

    fn read(answer: &HttpResponse) -> Result<File, Error> {
        Ok(File::of(answer))
    }

    fn write(outcome: Result<File, ApiError>) -> HttpResponse {
        match outcome {
            Ok(file) => file.response(),
            Err(error) => Test::seal(Err(error)),
        }
    }
}

/// What is in an envelope of its own, its fields beside those of the request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct Words {
    /// What is said.
    pub text: String,
    /// How loud.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volume: Option<i64>,
}

/// Says something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct Say {
    /// Where.
    pub chatid: String,
    #[serde(flatten)]
    pub words: Words,
    /// Whether it is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tell: Option<bool>,
}

impl Endpoint for Say {
    type Platform = Test;
    type Output = Empty;
    const META: Meta = Meta::post("test.say", "/say");
}

/// The call that yields a token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetToken {
    pub secret: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Token {
    pub token: String,
    pub expires_in: u64,
}

impl Endpoint for GetToken {
    type Platform = Test;
    type Output = Token;
    const META: Meta = Meta::get("test.token", "/token").public();
}
