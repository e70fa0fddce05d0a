//! Where a platform answers.

use std::fmt;
use std::str::FromStr;

use http::Uri;

/// The address that endpoint paths are appended to, with or without a path of
/// its own: `https://oapi.dingtalk.com`, `http://127.0.0.1:7700/onebot/`.
///
/// ```
/// let base: mynah_core::BaseUrl = "http://127.0.0.1:7700/onebot/".parse()?;
/// assert_eq!(base.join("/send_msg", "")?, "http://127.0.0.1:7700/onebot/send_msg");
/// # Ok::<(), mynah_core::BadUrl>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl {
    /// Scheme, authority and path, without a slash at the end.
    prefix: String,
}

impl BaseUrl {
    /// The address of `path` (which starts with a slash) and `query` (without
    /// a question mark; may be empty).
    ///
    /// # Errors
    /// The two do not make an address.
    pub fn join(&self, path: &str, query: &str) -> Result<Uri, BadUrl> {
        let mut whole = String::with_capacity(self.prefix.len() + path.len() + query.len() + 1);
        whole.push_str(&self.prefix);
        whole.push_str(path);
        if !query.is_empty() {
            whole.push('?');
            whole.push_str(query);
        }
        Uri::try_from(whole).map_err(|error| BadUrl(format!("path and query: {error}")))
    }

    /// Whether what goes there is carried under TLS.
    pub fn is_secure(&self) -> bool {
        ["https://", "wss://"]
            .iter()
            .any(|scheme| starts_with_ignoring_case(&self.prefix, scheme))
    }

    /// The address as text, without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.prefix
    }
}

/// Schemes are the same in capitals (RFC 3986, 3.1).
fn starts_with_ignoring_case(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(start))
}

impl FromStr for BaseUrl {
    type Err = BadUrl;

    fn from_str(text: &str) -> Result<Self, BadUrl> {
        let uri = Uri::from_str(text).map_err(|error| BadUrl(format!("base address: {error}")))?;
        if !matches!(uri.scheme_str(), Some("http" | "https" | "ws" | "wss")) {
            return Err(BadUrl(
                "base address: needs http://, https://, ws:// or wss://".to_owned(),
            ));
        }
        if uri
            .authority()
            .is_some_and(|authority| authority.as_str().contains('@'))
        {
            return Err(BadUrl(
                "base address: must not carry a user or password".to_owned(),
            ));
        }
        if uri.query().is_some() {
            return Err(BadUrl("base address: must not carry a query".to_owned()));
        }
        Ok(Self {
            prefix: text.trim_end_matches('/').to_owned(),
        })
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.prefix)
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Text that is not the address it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadUrl(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_the_base_is_kept_with_and_without_slash() {
        for text in ["http://h/onebot", "http://h/onebot/", "http://h/onebot//"] {
            let base: BaseUrl = text.parse().unwrap();
            assert_eq!(
                base.join("/get_status", "a=1").unwrap(),
                "http://h/onebot/get_status?a=1"
            );
        }
    }

    #[test]
    fn what_is_under_tls_is_told_by_the_scheme() {
        for (text, secure) in [
            ("https://h/", true),
            ("HTTPS://h/", true),
            ("wss://h", true),
            ("http://https/", false),
            ("ws://h", false),
        ] {
            let base: BaseUrl = text.parse().unwrap();
            assert_eq!(base.is_secure(), secure, "{text}");
        }
    }

    #[test]
    fn what_is_not_an_address_is_refused_by_name() {
        for (text, problem) in [
            ("127.0.0.1:5700", "base address"),
            ("ftp://h/", "needs http://"),
            ("http://user:secret@h/", "user or password"),
            ("http://h/?a=1", "query"),
        ] {
            let error = BaseUrl::from_str(text).unwrap_err().to_string();
            assert!(error.contains(problem), "{text}: {error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
