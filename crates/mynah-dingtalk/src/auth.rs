//! Credentials, for both sides.

mod app;
mod robot;

use std::borrow::Cow;

use http::header::CONTENT_TYPE;
pub use mynah_core::in_query;
use mynah_core::{HttpRequest, multipart};

pub use app::{App, Corp, OpenApp};
pub use robot::{RobotKey, is_fresh, sign};

/// The name of the token in the query.
pub const ACCESS_TOKEN: &str = "access_token";

/// The name of the token in the query of TOP, and of the session in that of a session webhook.
pub const SESSION: &str = "session";

/// The header that holds the token in the interface of version 1.0.
pub const TOKEN_HEADER: &str = "x-acs-dingtalk-access-token";

mynah_core::secrets! {
    /// Something that lets its holder act for somebody. `Debug` does not show it, and comparing it
    /// takes the same time wherever the two differ.
    pub struct Secret, compared by mynah_crypto::equal;
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
