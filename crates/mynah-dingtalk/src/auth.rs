//! Credentials, for both sides.

mod app;
mod robot;

use std::borrow::Cow;
use std::fmt;

use http::Uri;
use http::header::CONTENT_TYPE;
use mynah_core::{Error, HttpRequest, multipart};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use app::{App, Corp, OpenApp};
pub use robot::{RobotKey, is_fresh, sign};

/// The name of the token in the query.
pub const ACCESS_TOKEN: &str = "access_token";

/// The name of the token in the query of TOP, and of the session in that of a session webhook.
pub const SESSION: &str = "session";

/// The header that holds the token in the interface of version 1.0.
pub const TOKEN_HEADER: &str = "x-acs-dingtalk-access-token";

/// Something that lets its holder act for somebody. `Debug` does not show it, and comparing it
/// takes the same time wherever the two differ.
#[derive(Clone, Default)]
pub struct Secret(SecretString);

impl Secret {
    /// Hands the secret out. Keep it out of logs.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Whether there is nothing in it; the platform takes that for absent.
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }
}

impl From<&str> for Secret {
    fn from(secret: &str) -> Self {
        Self(secret.into())
    }
}

impl From<String> for Secret {
    fn from(secret: String) -> Self {
        Self(secret.into())
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        mynah_crypto::equal(self.expose().as_bytes(), other.expose().as_bytes())
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

/// Adds parameters to the query, each escaped once; what stands there already stays as it is.
fn put_in_query(request: &mut HttpRequest, pairs: &[(&str, &str)]) -> Result<(), Error> {
    let problem = |problem: &str| Error::invalid("dingtalk.auth", problem.to_owned());
    let pairs = serde_html_form::to_string(pairs)
        .map_err(|_| problem("the credential cannot be written into the query"))?;
    let uri = request.uri();
    let path_and_query = match uri.query() {
        Some(query) if !query.is_empty() => format!("{}?{query}&{pairs}", uri.path()),
        _ => format!("{}?{pairs}", uri.path()),
    };
    let mut parts = uri.clone().into_parts();
    let path_and_query = path_and_query
        .parse()
        .map_err(|_| problem("the credential does not fit into the query"))?;
    parts.path_and_query = Some(path_and_query);
    *request.uri_mut() =
        Uri::from_parts(parts).map_err(|_| problem("the credential makes a broken address"))?;
    Ok(())
}

/// Server side: a parameter in a query, if it is there and not empty.
pub fn in_query<'q>(query: &'q str, wanted: &str) -> Option<Cow<'q, str>> {
    let pairs = serde_html_form::from_str::<Vec<(Cow<'q, str>, Cow<'q, str>)>>(query).ok()?;
    pairs
        .into_iter()
        .find(|(name, value)| name == wanted && !value.is_empty())
        .map(|(_, value)| value)
}

/// Server side: the token that a call carries, if it carries one: in the header, in the query as
/// `access_token` or as the `session` of TOP, or in the form of a call to topapi or of an upload.
pub fn token_in(request: &HttpRequest) -> Option<Cow<'_, str>> {
    let uri = request.uri();
    if uri.path().contains("/v1.0/") {
        let token = request.headers().get(TOKEN_HEADER)?.to_str().ok()?;
        return (!token.is_empty()).then_some(token.into());
    }
    let query = uri.query().unwrap_or_default();
    if uri.path().ends_with(TOP_PATH) {
        return in_query(query, SESSION);
    }
    in_query(query, ACCESS_TOKEN).or_else(|| match mynah_core::media_type(request) {
        "application/x-www-form-urlencoded" if uri.path().contains("/topapi/") => {
            in_query(std::str::from_utf8(request.body()).ok()?, ACCESS_TOKEN)
        }
        "multipart/form-data" => in_parts(request, ACCESS_TOKEN).map(Cow::Owned),
        _ => None,
    })
}

/// A text in the form of an upload, if it is there and not empty.
fn in_parts(request: &HttpRequest, wanted: &str) -> Option<String> {
    let content_type = request.headers().get(CONTENT_TYPE)?.to_str().ok()?;
    let parts = multipart::parse(content_type, request.body()).ok()?;
    let mut parts = parts.into_iter();
    let part = parts.find(|part| part.name.as_deref() == Some(wanted))?;
    let text = std::str::from_utf8(&part.content).ok()?;
    (!text.is_empty()).then(|| text.to_owned())
}

/// The one path of TOP.
pub(crate) const TOP_PATH: &str = "/router/rest";
