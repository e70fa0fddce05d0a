//! A signed post: verified, parsed, routed, answered.

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use http::{Response, StatusCode};
use serde::de::DeserializeOwned;
use sha1::Sha1;

use super::wire::{GroupMessage, Reply, Segment};

/// Checks posts and answers them.
#[derive(Clone, Debug)]
pub struct Posts {
    key: Hmac<Sha1>,
}

/// What a bot reads of a message.
pub trait Text: DeserializeOwned {
    /// The words, without mentions and the like.
    fn words(&self) -> &str;
    /// Whether somebody is mentioned.
    fn mentions(&self, user: i64) -> bool;
}

impl Text for String {
    fn words(&self) -> &str {
        self.trim()
    }

    fn mentions(&self, user: i64) -> bool {
        self.contains(&format!("[CQ:at,qq={user}]"))
    }
}

impl Text for Vec<Segment> {
    fn words(&self) -> &str {
        let text = self.iter().find(|segment| segment.r#type == "text");
        let text = text.and_then(|segment| segment.data.get("text"));
        text.map_or("", |text| text.trim())
    }

    fn mentions(&self, user: i64) -> bool {
        let user = user.to_string();
        self.iter()
            .any(|segment| segment.r#type == "at" && segment.data.get("qq") == Some(&user))
    }
}

impl Posts {
    /// Posts that are signed with `secret`.
    ///
    /// # Panics
    /// Never: HMAC takes keys of any length.
    #[allow(clippy::expect_used)]
    pub fn new(secret: &str) -> Self {
        let key = Hmac::new_from_slice(secret.as_bytes());
        Self {
            key: key.expect("HMAC takes keys of any length"),
        }
    }

    /// Answers a post whose message is a `M`.
    pub fn answer<M: Text>(&self, headers: &HeaderMap, body: &[u8]) -> Response<Bytes> {
        let Some(signature) = headers.get("x-signature") else {
            return status(StatusCode::UNAUTHORIZED);
        };
        if !self.signed(signature, body) {
            return status(StatusCode::FORBIDDEN);
        }
        let Ok(event) = serde_json::from_slice::<GroupMessage<M>>(body) else {
            return status(StatusCode::BAD_REQUEST);
        };
        let reply = Reply {
            reply: route(&event),
        };
        let Ok(reply) = serde_json::to_vec(&reply) else {
            return status(StatusCode::INTERNAL_SERVER_ERROR);
        };
        let mut response = Response::new(Bytes::from(reply));
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(CONTENT_TYPE, json);
        response
    }

    fn signed(&self, signature: &HeaderValue, body: &[u8]) -> bool {
        let given = signature.as_bytes().strip_prefix(b"sha1=").and_then(tag);
        let mut mac = self.key.clone();
        mac.update(body);
        given.is_some_and(|given| mac.verify_slice(&given).is_ok())
    }
}

/// 20 bytes in lower-case hexadecimal.
fn tag(hex: &[u8]) -> Option<[u8; 20]> {
    let digit = |digit| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let mut tag = [0; 20];
    if hex.len() != 2 * tag.len() {
        return None;
    }
    for (byte, pair) in tag.iter_mut().zip(hex.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(tag)
}

/// What the bot answers.
pub fn route<M: Text>(event: &GroupMessage<M>) -> &'static str {
    let words = event.message.words();
    if words == "/help" || words.starts_with("/help ") {
        "/help"
    } else if event.message.mentions(event.self_id) && words.contains("值班") {
        "今天值班：alice"
    } else {
        "pong"
    }
}

fn status(status: StatusCode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::sign;
    use crate::sample;

    #[test]
    fn posts_in_both_formats_are_answered() {
        let posts = Posts::new(sample::SECRET);
        for (format, text) in [(0, sample::TEXT), (1, sample::SEGMENTS)] {
            let body = sample::group_message(sample::FIRST_GROUP, 1, text);
            let mut headers = HeaderMap::new();
            let signature = sign(sample::SECRET, body.as_bytes());
            headers.insert("x-signature", signature.parse().unwrap());
            let response = match format {
                0 => posts.answer::<String>(&headers, body.as_bytes()),
                _ => posts.answer::<Vec<Segment>>(&headers, body.as_bytes()),
            };
            assert_eq!(response.body(), r#"{"reply":"pong"}"#);
        }
    }

    #[test]
    fn forged_posts_are_refused() {
        let posts = Posts::new(sample::SECRET);
        let mut headers = HeaderMap::new();
        let refused = |headers: &HeaderMap| posts.answer::<String>(headers, b"{}").status();
        assert_eq!(refused(&headers), StatusCode::UNAUTHORIZED);
        let signature = sign("another", b"{}");
        headers.insert("x-signature", signature.parse().unwrap());
        assert_eq!(refused(&headers), StatusCode::FORBIDDEN);
    }
}
