//! A request as a dry run shows it: as it goes out, without its secrets.

use mynah_core::http::header::{AUTHORIZATION, CONTENT_TYPE};
use mynah_core::{BaseUrl, HttpRequest, Operation};
use serde_json::{Map, Value, json};

/// What must not be seen, wherever it stands. A code that answers once is as good as a token.
const SECRETS: [&str; 17] = [
    "access_token",
    "aes_key",
    "aeskey",
    "appsecret",
    "client_secret",
    "clientsecret",
    "corpsecret",
    "encoding_aes_key",
    "refresh_token",
    "response_code",
    "secret",
    "session",
    "sessionwebhook",
    "sign",
    "signature",
    "ticket",
    "token",
];

/// What must not be seen of a query besides: the key of a group robot. In a body a key is that of
/// a message.
const SECRETS_IN_QUERIES: [&str; 1] = ["key"];

/// Stands for what is not shown.
const HIDDEN: &str = "…";

fn is_secret(name: &str) -> bool {
    SECRETS.iter().any(|one| name.eq_ignore_ascii_case(one))
}

/// A request without its secrets.
#[derive(Debug)]
pub(super) enum Shown {
    /// What goes out over HTTP.
    Request {
        method: String,
        url: String,
        headers: Vec<(String, String)>,
        body: Body,
    },
    /// What goes out over the socket of a bot.
    Frame { url: String, frame: Value },
}

#[derive(Debug)]
pub(super) enum Body {
    /// JSON that was shown to hold no secret, as it stands there, or with its secrets hidden.
    Json(String),
    /// A form.
    Form(String),
    /// A file and what stands around it, in bytes.
    File(usize),
}

impl Shown {
    /// The request of a call.
    pub(super) fn of(request: &HttpRequest) -> Self {
        let headers = request.headers().iter().map(|(name, value)| {
            let value = if name == AUTHORIZATION {
                HIDDEN
            } else {
                value.to_str().unwrap_or(HIDDEN)
            };
            (name.to_string(), value.to_owned())
        });
        let media_type = request.headers().get(CONTENT_TYPE);
        let is =
            |kind: &str| media_type.is_some_and(|it| it.as_bytes().starts_with(kind.as_bytes()));
        let body = match std::str::from_utf8(request.body()) {
            Ok(text) if is("application/x-www-form-urlencoded") => {
                Body::Form(pairs_without_secrets(text, is_secret))
            }
            Ok(text) if !is("multipart/") => Body::Json(json_without_secrets(text)),
            _ => Body::File(request.body().len()),
        };
        Self::Request {
            method: request.method().to_string(),
            url: address_without_secrets(request),
            headers: headers.collect(),
            body,
        }
    }

    /// The same as a frame of a bot's socket. Its `req_id` is made when it goes out, unless it is
    /// that of a callback.
    pub(super) fn frame(base: &BaseUrl, path: &str, request: &HttpRequest) -> Self {
        let body: Value = serde_json::from_str(&json_without_secrets(&String::from_utf8_lossy(
            request.body(),
        )))
        .unwrap_or_default();
        let query = request.uri().query().unwrap_or_default();
        let req_id = query.strip_prefix("req_id=").unwrap_or(HIDDEN).to_owned();
        let cmd = path.rsplit('/').next().unwrap_or_default();
        Self::Frame {
            url: base.to_string(),
            frame: json!({"cmd": cmd, "headers": {"req_id": req_id}, "body": body}),
        }
    }

    /// For people.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Request {
                method,
                url,
                headers,
                body,
            } => {
                let mut lines = vec![format!("{method} {url}")];
                lines.extend(
                    headers
                        .iter()
                        .map(|(name, value)| format!("{name}: {value}")),
                );
                lines.push(String::new());
                lines.push(match body {
                    Body::Json(text) | Body::Form(text) => text.clone(),
                    Body::File(length) => format!("({length} bytes)"),
                });
                lines.join("\n")
            }
            Self::Frame { url, frame } => format!("{url}\n\n{frame}"),
        }
    }

    /// For programs.
    pub(super) fn json(&self) -> Value {
        match self {
            Self::Request {
                method,
                url,
                headers,
                body,
            } => {
                let headers = headers.iter().cloned();
                let headers: Map<_, _> = headers.map(|(name, it)| (name, it.into())).collect();
                let body = match body {
                    Body::Json(text) => {
                        serde_json::from_str(text).unwrap_or_else(|_| text.as_str().into())
                    }
                    Body::Form(text) => text.as_str().into(),
                    Body::File(length) => json!({"bytes": length}),
                };
                json!({"method": method, "url": url, "headers": headers, "body": body})
            }
            Self::Frame { url, frame } => json!({"url": url, "frame": frame}),
        }
    }
}

/// What is still missing in a dry run of a call: its credential.
pub(super) fn authorization(operation: &Operation) -> Option<&'static str> {
    let needs = operation.meta.authorized;
    needs.then_some("the account's credential is added when the call is made")
}

fn address_without_secrets(request: &HttpRequest) -> String {
    let whole = request.uri().to_string();
    let Some((address, query)) = whole.split_once('?') else {
        return whole;
    };
    let secret = |name: &str| is_secret(name) || SECRETS_IN_QUERIES.contains(&name);
    format!("{address}?{}", pairs_without_secrets(query, secret))
}

/// `a=1&b=…`.
fn pairs_without_secrets(pairs: &str, is_secret: impl Fn(&str) -> bool) -> String {
    let pairs = pairs.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if is_secret(name) => format!("{name}={HIDDEN}"),
        _ => pair.to_owned(),
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// JSON as it stands there, unless there is something to hide in it.
fn json_without_secrets(text: &str) -> String {
    let Ok(mut value) = serde_json::from_str(text) else {
        return text.to_owned();
    };
    if hide(&mut value) {
        value.to_string()
    } else {
        text.to_owned()
    }
}

/// Hides what is secret in a value; tells whether something was.
fn hide(value: &mut Value) -> bool {
    let mut hidden = false;
    match value {
        Value::Array(list) => {
            for one in list {
                hidden |= hide(one);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                if is_secret(name) && (value.is_string() || value.is_number()) {
                    *value = HIDDEN.into();
                    hidden = true;
                } else {
                    hidden |= hide(value);
                }
            }
        }
        _ => {}
    }
    hidden
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_of_a_body_are_not_shown() {
        for (body, expected) in [
            (
                r#"{"appKey":"ding","appSecret":"hush"}"#,
                r#"{"appKey":"ding","appSecret":"…"}"#,
            ),
            (r#"{"a":[{"token":"hush"}]}"#, r#"{"a":[{"token":"…"}]}"#),
            (r#"{"b":1,  "a":"x"}"#, r#"{"b":1,  "a":"x"}"#),
        ] {
            assert_eq!(json_without_secrets(body), expected);
        }
    }

    #[test]
    fn secrets_of_the_query_are_not_shown() {
        let mut request = HttpRequest::new("{}".into());
        *request.uri_mut() = "http://h/cgi-bin/gettoken?corpid=ww&corpsecret=hush&key=hush2"
            .parse()
            .unwrap();
        assert_eq!(
            Shown::of(&request).text(),
            "GET http://h/cgi-bin/gettoken?corpid=ww&corpsecret=…&key=…\n\n{}"
        );
    }

    #[test]
    fn secrets_of_a_form_are_not_shown() {
        let mut request = HttpRequest::new("a=1&token=hush".into());
        let form = "application/x-www-form-urlencoded".parse().unwrap();
        request.headers_mut().insert(CONTENT_TYPE, form);
        let shown = Shown::of(&request);
        assert!(shown.text().ends_with("\na=1&token=…"), "{}", shown.text());
        assert_eq!(shown.json()["body"], "a=1&token=…");
    }
}
