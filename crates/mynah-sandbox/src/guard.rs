//! Who may use the control API and the page.
//!
//! A web page somewhere else must not command a sandbox through the browser
//! of the person who runs it, neither directly nor under a name that was made
//! to point here. So a request must be for an address of ours and, if it says
//! from which page it comes, from one of ours.

use std::net::{IpAddr, SocketAddr};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, HOST, HeaderMap, HeaderName, ORIGIN};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

/// Checks requests to the control API and the page.
#[derive(Debug)]
pub(crate) struct Guard {
    listen: SocketAddr,
    token: Option<SecretString>,
}

/// Why a request is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stranger {
    /// `Host` is not an address of ours.
    Host,
    /// `Origin` is not a page of ours.
    Origin,
    /// The control token is missing or wrong.
    Token,
}

impl Guard {
    /// For a server that listens there; with a token, everybody must know it.
    pub(crate) fn new(listen: SocketAddr, token: Option<SecretString>) -> Self {
        Self { listen, token }
    }

    /// Refuses what does not come from a person or test of ours.
    pub(crate) fn check(&self, headers: &HeaderMap) -> Result<(), Stranger> {
        if !text(headers, &HOST).is_some_and(|host| self.is_own(host)) {
            return Err(Stranger::Host);
        }
        if headers.contains_key(ORIGIN) {
            let page = text(headers, &ORIGIN).and_then(|origin| origin.strip_prefix("http://"));
            if !page.is_some_and(|host| self.is_own(host)) {
                return Err(Stranger::Origin);
            }
        }
        match &self.token {
            Some(token) if !knows(headers, token.expose_secret()) => Err(Stranger::Token),
            _ => Ok(()),
        }
    }

    /// Whether `host` (a name or address, perhaps with a port) is this server.
    fn is_own(&self, host: &str) -> bool {
        let (name, port) = split(host);
        if port.unwrap_or("80").parse() != Ok(self.listen.port()) {
            return false;
        }
        if name.eq_ignore_ascii_case("localhost") {
            return true;
        }
        let literal = name
            .strip_prefix('[')
            .map_or(name, |name| name.trim_end_matches(']'));
        // An address cannot be made to point elsewhere, as a name can.
        literal.parse::<IpAddr>().is_ok_and(|address| {
            address.is_loopback()
                || address == self.listen.ip()
                || self.listen.ip().is_unspecified()
        })
    }
}

/// The host and the port in `localhost:7700` or `[::1]:7700`.
fn split(host: &str) -> (&str, Option<&str>) {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, Some(port)),
        _ => (host, None),
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Whether the token is there: as `Bearer`, or as the password of `Basic`,
/// which is what a browser sends after it has asked the person.
fn knows(headers: &HeaderMap, token: &str) -> bool {
    let Some((scheme, rest)) = text(headers, &AUTHORIZATION).and_then(|text| text.split_once(' '))
    else {
        return false;
    };
    let given = match scheme.to_ascii_lowercase().as_str() {
        "bearer" => Some(rest.trim().as_bytes().to_vec()),
        "basic" => STANDARD.decode(rest.trim()).ok().and_then(|pair| {
            let colon = pair.iter().position(|byte| *byte == b':')?;
            Some(pair[colon + 1..].to_vec())
        }),
        _ => None,
    };
    given.is_some_and(|given| given.ct_eq(token.as_bytes()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(guard: &Guard, headers: &[(&'static str, &str)]) -> Result<(), Stranger> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        guard.check(&map)
    }

    fn local() -> Guard {
        Guard::new("127.0.0.1:7700".parse().unwrap(), None)
    }

    #[test]
    fn it_answers_to_its_own_names() {
        for host in [
            "127.0.0.1:7700",
            "localhost:7700",
            "LOCALHOST:7700",
            "[::1]:7700",
            "127.0.0.2:7700",
        ] {
            assert_eq!(check(&local(), &[("host", host)]), Ok(()), "{host}");
        }
    }

    #[test]
    fn it_does_not_answer_to_other_names() {
        for host in [
            "evil.example:7700",
            "127.0.0.1.evil.example:7700",
            "127.0.0.1:7701",
            "127.0.0.1",
            "192.168.1.5:7700",
            "[::2]:7700",
            "localhost:7700:7700",
            "",
        ] {
            let refused = Err(Stranger::Host);
            assert_eq!(check(&local(), &[("host", host)]), refused, "{host}");
        }
        assert_eq!(check(&local(), &[]), Err(Stranger::Host));
    }

    #[test]
    fn port_80_may_stay_unsaid() {
        let guard = Guard::new("127.0.0.1:80".parse().unwrap(), None);
        assert_eq!(check(&guard, &[("host", "localhost")]), Ok(()));
        assert_eq!(check(&guard, &[("host", "[::1]")]), Ok(()));
    }

    #[test]
    fn only_its_own_page_may_call() {
        let host = ("host", "127.0.0.1:7700");
        for origin in ["http://127.0.0.1:7700", "http://localhost:7700"] {
            let headers = [host, ("origin", origin)];
            assert_eq!(check(&local(), &headers), Ok(()), "{origin}");
        }
        for origin in [
            "http://evil.example",
            "https://127.0.0.1:7700",
            "http://127.0.0.1:7701",
            "null",
            "",
        ] {
            let headers = [host, ("origin", origin)];
            assert_eq!(check(&local(), &headers), Err(Stranger::Origin), "{origin}");
        }
    }

    #[test]
    fn who_listens_everywhere_answers_to_addresses_but_not_to_names() {
        let guard = Guard::new("0.0.0.0:7700".parse().unwrap(), None);
        assert_eq!(check(&guard, &[("host", "192.168.1.5:7700")]), Ok(()));
        let name = [("host", "evil.example:7700")];
        assert_eq!(check(&guard, &name), Err(Stranger::Host));
    }

    #[test]
    fn a_token_is_asked_for_where_there_is_one() {
        let token = Some(SecretString::from("open sesame"));
        let guard = Guard::new("0.0.0.0:7700".parse().unwrap(), token);
        let given = |value: &str| {
            check(
                &guard,
                &[("host", "10.0.0.1:7700"), ("authorization", value)],
            )
        };
        assert_eq!(given("Bearer open sesame"), Ok(()));
        assert_eq!(given("bearer open sesame"), Ok(()));
        let pair = format!("Basic {}", STANDARD.encode("me:open sesame"));
        assert_eq!(given(&pair), Ok(()));
        for wrong in [
            "Bearer open",
            "Bearer open sesame!",
            "Bearer",
            "Token open sesame",
            "Basic !",
            "Basic b3BlbiBzZXNhbWU=",
        ] {
            assert_eq!(given(wrong), Err(Stranger::Token), "{wrong}");
        }
        let none = [("host", "10.0.0.1:7700")];
        assert_eq!(check(&guard, &none), Err(Stranger::Token));
    }
}
