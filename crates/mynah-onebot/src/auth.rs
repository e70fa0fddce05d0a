//! The access token, for both sides.

use std::fmt;

use http::Request;
use http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use mynah_core::{ApiError, Auth, Cx, Error, HttpRequest, Stamp, Step};
use secrecy::{ExposeSecret, SecretString};

/// The token that guards an implementation: static configuration, without
/// end and without renewal.
///
/// A client sends `Authorization: Bearer <token>`. A server also takes the
/// scheme `Token` (older clients send it) and the query `access_token`
/// (<https://github.com/botuniverse/onebot-11/blob/master/communication/authorization.md>).
#[derive(Clone)]
pub struct AccessToken {
    token: SecretString,
    header: Option<HeaderValue>,
}

impl AccessToken {
    /// An empty token is no token: everything is allowed.
    ///
    /// # Errors
    /// The token has a character that a header cannot carry.
    pub fn new(token: impl Into<String>) -> Result<Self, Error> {
        let token = token.into();
        if token.is_empty() {
            return Ok(Self::none());
        }
        let mut header = HeaderValue::try_from(format!("Bearer {token}")).map_err(|_| {
            let problem = "access_token: has a character that a header cannot carry";
            Error::invalid("onebot.auth", format!("{problem} ({} bytes)", token.len()))
        })?;
        header.set_sensitive(true);
        Ok(Self {
            token: token.into(),
            header: Some(header),
        })
    }

    /// No token.
    pub fn none() -> Self {
        Self {
            token: String::new().into(),
            header: None,
        }
    }

    /// The header a client sends, if there is a token.
    pub fn header(&self) -> Option<&HeaderValue> {
        self.header.as_ref()
    }

    /// The token itself, empty if there is none; not for logs.
    pub fn expose(&self) -> &str {
        self.token.expose_secret()
    }

    /// Server side: 401 when nothing is given, 403 when it is not the token.
    ///
    /// If there is an `Authorization` header, the query is not looked at.
    ///
    /// # Errors
    /// The refusal.
    pub fn check<B>(&self, request: &Request<B>) -> Result<(), ApiError> {
        if request.headers().contains_key(AUTHORIZATION) {
            return self.check_header(request.headers());
        }
        let query = request.uri().query().unwrap_or_default();
        self.compare(in_query(query).as_deref())
    }

    /// The same, with the query never looked at, as frameworks do with the
    /// implementations that connect to them.
    ///
    /// # Errors
    /// The refusal.
    pub fn check_header(&self, headers: &HeaderMap) -> Result<(), ApiError> {
        let header = headers.get(AUTHORIZATION);
        self.compare(
            header
                .and_then(|header| header.to_str().ok())
                .and_then(in_header),
        )
    }

    fn compare(&self, given: Option<&str>) -> Result<(), ApiError> {
        let expected = self.token.expose_secret();
        match given {
            _ if expected.is_empty() => Ok(()),
            Some(given) if mynah_crypto::equal(given.as_bytes(), expected.as_bytes()) => Ok(()),
            Some(given) if !given.is_empty() => Err(ApiError::http(403, "")),
            _ => Err(ApiError::http(401, "")),
        }
    }
}

/// The token in `Token …`, `token …`, `Bearer …` or `bearer …`.
fn in_header(header: &str) -> Option<&str> {
    let (scheme, rest) = header.split_once(char::is_whitespace)?;
    matches!(scheme, "Token" | "token" | "Bearer" | "bearer").then(|| rest.trim_start())
}

fn in_query(query: &str) -> Option<String> {
    let pairs = serde_html_form::from_str::<Vec<(String, String)>>(query).ok()?;
    pairs
        .into_iter()
        .find(|(name, _)| name == "access_token")
        .map(|(_, token)| token)
}

impl Auth for AccessToken {
    fn authorize(&mut self, request: &mut HttpRequest, _: Cx) -> Result<Step, Error> {
        if let Some(header) = &self.header {
            request.headers_mut().insert(AUTHORIZATION, header.clone());
        }
        Ok(Step::Ready(Stamp::default()))
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.header.is_some() {
            "AccessToken(…)"
        } else {
            "AccessToken(none)"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(uri: &str, header: Option<&str>) -> Result<(), u16> {
        let mut request = Request::builder().uri(uri);
        if let Some(header) = header {
            request = request.header("authorization", header);
        }
        let request = request.body(()).unwrap();
        AccessToken::new("sandbox-token")
            .unwrap()
            .check(&request)
            .map_err(|error| error.status)
    }

    #[test]
    fn both_schemes_and_the_query_are_taken() {
        for header in [
            "Bearer sandbox-token",
            "bearer sandbox-token",
            "Token sandbox-token",
            "token  sandbox-token",
        ] {
            assert_eq!(verdict("/", Some(header)), Ok(()), "{header}");
        }
        assert_eq!(verdict("/?access_token=sandbox-token", None), Ok(()));
    }

    #[test]
    fn none_is_401_and_wrong_is_403() {
        assert_eq!(verdict("/", None), Err(401));
        assert_eq!(verdict("/?access_token=", None), Err(401));
        assert_eq!(verdict("/", Some("Basic abc")), Err(401));
        assert_eq!(verdict("/", Some("Bearer wrong")), Err(403));
        assert_eq!(verdict("/?access_token=wrong", None), Err(403));
    }

    #[test]
    fn the_query_is_not_looked_at_beside_a_header() {
        assert_eq!(
            verdict("/?access_token=sandbox-token", Some("Bearer wrong")),
            Err(403)
        );
        assert_eq!(
            verdict("/?access_token=sandbox-token", Some("Basic abc")),
            Err(401)
        );
    }

    #[test]
    fn a_token_never_shows() {
        let token = AccessToken::new("sandbox-token").unwrap();
        assert_eq!(format!("{token:?}"), "AccessToken(…)");
        let error = AccessToken::new("a\nb").unwrap_err().to_string();
        assert!(
            error.contains("3 bytes") && !error.contains('\n'),
            "{error}"
        );
    }
}
