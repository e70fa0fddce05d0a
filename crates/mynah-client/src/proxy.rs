//! Which proxy carries which request.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::Uri;
use http::header::HeaderValue;
use http::uri::{Authority, Scheme};
use percent_encoding::percent_decode_str;

/// An HTTP proxy: `http://proxy:3128`, `http://user:password@proxy:3128`.
///
/// Requests to `https://` go through a tunnel (CONNECT), requests to `http://`
/// are handed to the proxy as they are. User and password are sent as basic
/// authentication and never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    uri: Uri,
    authorization: Option<HeaderValue>,
}

impl Proxy {
    /// Where the proxy listens, without user and password.
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    /// Who we are to the proxy: the value of `Proxy-Authorization`.
    pub fn authorization(&self) -> Option<&HeaderValue> {
        self.authorization.as_ref()
    }
}

impl FromStr for Proxy {
    type Err = BadProxy;

    /// Reads an address; without a scheme, `http://` is meant.
    fn from_str(text: &str) -> Result<Self, BadProxy> {
        let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
        if !scheme.eq_ignore_ascii_case("http") {
            return Err(BadProxy("only http:// proxies are supported"));
        }
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (authorization, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(basic(user)?), host),
            None => (None, authority),
        };
        let authority = Authority::from_str(host)
            .ok()
            .filter(|authority| !authority.host().is_empty())
            .filter(|authority| authority.port().is_some() || authority.host() == host)
            .ok_or(BadProxy("needs a host, and a port after a colon"))?;
        let uri = Uri::builder()
            .scheme(Scheme::HTTP)
            .authority(authority)
            .path_and_query("/")
            .build()
            .map_err(|_| BadProxy("is not an address"))?;
        Ok(Self { uri, authorization })
    }
}

/// The header that basic authentication makes of `user:password`.
fn basic(text: &str) -> Result<HeaderValue, BadProxy> {
    let (user, password) = text.split_once(':').unwrap_or((text, ""));
    let decoded = |text| {
        let text = percent_decode_str(text).decode_utf8();
        text.map_err(|_| BadProxy("user and password must be UTF-8"))
    };
    let encoded = BASE64_STANDARD.encode(format!("{}:{}", decoded(user)?, decoded(password)?));
    let mut header = HeaderValue::try_from(format!("Basic {encoded}"))
        .map_err(|_| BadProxy("user and password do not fit into a header"))?;
    header.set_sensitive(true);
    Ok(header)
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let user = if self.authorization.is_some() {
            "…@"
        } else {
            ""
        };
        write!(f, "Proxy(http://{user}{})", Host::of(&self.uri).text)
    }
}

/// Text that is not a proxy's address. The text itself is not shown: it may
/// hold a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadProxy(&'static str);

impl fmt::Display for BadProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "proxy address: {}", self.0)
    }
}

impl std::error::Error for BadProxy {}

/// The proxies of a transport, by the scheme of what is called, and the hosts
/// that are called directly. None unless said: the environment is asked only
/// by [`from_env`](Self::from_env).
///
/// ```
/// use mynah_client::Proxies;
///
/// let proxies = Proxies::all("http://user:secret@proxy:3128".parse()?)
///     .direct("localhost, 10.0.0.0/8, .internal, api.example.com:8443");
/// assert!(!format!("{proxies:?}").contains("secret"));
/// # Ok::<(), mynah_client::BadProxy>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Proxies {
    http: Option<Arc<Proxy>>,
    https: Option<Arc<Proxy>>,
    direct: Direct,
}

impl Proxies {
    /// Everything is called directly.
    pub fn none() -> Self {
        Self::default()
    }

    /// One proxy for everything.
    pub fn all(proxy: Proxy) -> Self {
        let proxy = Some(Arc::new(proxy));
        Self {
            http: proxy.clone(),
            https: proxy,
            direct: Direct::default(),
        }
    }

    /// The proxy for `http://`.
    #[must_use]
    pub fn http(self, proxy: Proxy) -> Self {
        Self {
            http: Some(Arc::new(proxy)),
            ..self
        }
    }

    /// The proxy for `https://`.
    #[must_use]
    pub fn https(self, proxy: Proxy) -> Self {
        Self {
            https: Some(Arc::new(proxy)),
            ..self
        }
    }

    /// What is called directly all the same, separated by commas:
    ///
    /// | rule | meets |
    /// |---|---|
    /// | `*` | everything |
    /// | `example.com` | the host and all below it |
    /// | `.example.com`, `*.example.com` | all below it |
    /// | `10.1.2.3`, `[::1]` | the address |
    /// | `10.0.0.0/8`, `fd00::/8` | the addresses of the network |
    /// | any host or address with `:8080` | only that port |
    ///
    /// Names are not looked up: a network meets only addresses that are
    /// written as such. What is none of these meets nothing.
    #[must_use]
    pub fn direct(self, rules: &str) -> Self {
        Self {
            direct: Direct::parse(rules),
            ..self
        }
    }

    /// The proxies that `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and
    /// `NO_PROXY` name, the spelling in small letters first.
    ///
    /// `ALL_PROXY` stands in for the other two. `HTTP_PROXY` is ignored in a
    /// CGI program, where a request's header could set it.
    ///
    /// # Errors
    /// A variable does not hold the address of an HTTP proxy.
    pub fn from_env() -> Result<Self, BadProxy> {
        Self::from_variables(|name| std::env::var(name).ok())
    }

    fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, BadProxy> {
        let set = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let either = |name: &str| set(&name.to_ascii_lowercase()).or_else(|| set(name));
        let in_cgi = variable("REQUEST_METHOD").is_some();
        let http = set("http_proxy").or_else(|| set("HTTP_PROXY").filter(|_| !in_cgi));
        let proxy = |value: Option<String>| {
            value
                .or_else(|| either("ALL_PROXY"))
                .map(|value| value.trim().parse().map(Arc::new))
                .transpose()
        };
        Ok(Self {
            http: proxy(http)?,
            https: proxy(either("HTTPS_PROXY"))?,
            direct: Direct::parse(&either("NO_PROXY").unwrap_or_default()),
        })
    }

    /// The proxy that carries a request to `uri`.
    pub(crate) fn of(&self, uri: &Uri) -> Option<&Proxy> {
        let proxy = if uri.scheme() == Some(&Scheme::HTTPS) {
            &self.https
        } else {
            &self.http
        };
        proxy
            .as_deref()
            .filter(|_| !self.direct.meets(&Host::of(uri)))
    }
}

/// What is called without a proxy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Direct(Vec<Rule>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    whom: Whom,
    /// Any port, if none.
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Whom {
    Everybody,
    /// The address and the length of its network's prefix.
    Network(IpAddr, u8),
    /// The host of this name, and all below it.
    Domain(String),
    /// All below this name.
    Below(String),
}

/// The host that a request goes to.
struct Host<'a> {
    text: &'a str,
    name: &'a str,
    address: Option<IpAddr>,
    port: u16,
}

impl<'a> Host<'a> {
    fn of(uri: &'a Uri) -> Self {
        let name = uri.host().unwrap_or_default().trim_end_matches('.');
        let default = if uri.scheme() == Some(&Scheme::HTTPS) {
            443
        } else {
            80
        };
        Self {
            text: uri.authority().map_or("", Authority::as_str),
            name,
            address: unbracketed(name).parse().ok(),
            port: uri.port_u16().unwrap_or(default),
        }
    }
}

fn unbracketed(host: &str) -> &str {
    host.strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(host)
}

impl Direct {
    fn parse(rules: &str) -> Self {
        let words = rules.split(|c: char| c == ',' || c.is_whitespace());
        Self(
            words
                .filter(|word| !word.is_empty())
                .map(Rule::parse)
                .collect(),
        )
    }

    fn meets(&self, host: &Host<'_>) -> bool {
        self.0.iter().any(|rule| rule.meets(host))
    }
}

impl Rule {
    fn parse(word: &str) -> Self {
        // A bare IPv6 address is full of colons and has no port.
        let (whom, port) = match word.rsplit_once(':') {
            Some((whom, port)) if word.parse::<IpAddr>().is_err() => match port.parse() {
                Ok(port) => (whom, Some(port)),
                Err(_) => (word, None),
            },
            _ => (word, None),
        };
        Self {
            whom: Whom::parse(whom),
            port,
        }
    }

    fn meets(&self, host: &Host<'_>) -> bool {
        self.port.is_none_or(|port| port == host.port) && self.whom.meets(host)
    }
}

impl Whom {
    fn parse(text: &str) -> Self {
        if text == "*" {
            return Self::Everybody;
        }
        if let Ok(address) = unbracketed(text).parse::<IpAddr>() {
            return Self::Network(address, bits(address));
        }
        if let Some((address, length)) = text.split_once('/')
            && let (Ok(address), Ok(length)) = (address.parse::<IpAddr>(), length.parse())
            && length <= bits(address)
        {
            return Self::Network(address, length);
        }
        let name = text.trim_end_matches('.').to_ascii_lowercase();
        let below = name.strip_prefix("*.").or_else(|| name.strip_prefix('.'));
        match below {
            Some(below) => Self::Below(below.to_owned()),
            None => Self::Domain(name),
        }
    }

    fn meets(&self, host: &Host<'_>) -> bool {
        match self {
            Self::Everybody => true,
            Self::Network(network, length) => host
                .address
                .is_some_and(|address| prefix(address, *length) == prefix(*network, *length)),
            Self::Domain(name) => host.name.eq_ignore_ascii_case(name) || is_below(host.name, name),
            Self::Below(name) => is_below(host.name, name),
        }
    }
}

/// Whether `host` ends with a dot and `name`.
fn is_below(host: &str, name: &str) -> bool {
    let start = host.len().checked_sub(name.len());
    let parts = start.and_then(|start| host.split_at_checked(start));
    parts.is_some_and(|(above, below)| above.ends_with('.') && below.eq_ignore_ascii_case(name))
}

fn bits(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// The first `length` bits of an address, and its family.
fn prefix(address: IpAddr, length: u8) -> (bool, u128) {
    let (whole, bits) = match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    };
    let rest = u32::from(bits - length);
    (address.is_ipv4(), whole.checked_shr(rest).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_direct(rules: &str, uri: &str) -> bool {
        let proxies = Proxies::all("proxy:3128".parse().unwrap()).direct(rules);
        proxies.of(&uri.parse().unwrap()).is_none()
    }

    #[test]
    fn nothing_is_direct_without_a_rule() {
        for uri in [
            "http://localhost/",
            "http://127.0.0.1/",
            "https://example.com/",
        ] {
            assert!(!is_direct("", uri), "{uri}");
            assert!(is_direct("*", uri), "{uri}");
        }
    }

    #[test]
    fn a_name_meets_itself_and_what_is_below_it() {
        for (rule, uri, direct) in [
            ("example.com", "http://example.com/", true),
            ("example.com", "http://EXAMPLE.com./", true),
            ("Example.Com.", "http://a.b.example.com/", true),
            ("example.com", "http://notexample.com/", false),
            ("example.com", "http://example.com.evil.net/", false),
            (".example.com", "http://example.com/", false),
            (".example.com", "http://a.example.com/", true),
            ("*.example.com", "http://a.example.com/", true),
            ("*.example.com", "http://example.com/", false),
        ] {
            assert_eq!(is_direct(rule, uri), direct, "{rule} {uri}");
        }
    }

    #[test]
    fn an_address_meets_itself_and_a_network_its_addresses() {
        for (rule, uri, direct) in [
            ("10.1.2.3", "http://10.1.2.3/", true),
            ("10.1.2.3", "http://10.1.2.4/", false),
            ("10.0.0.0/8", "http://10.255.0.1/", true),
            ("10.0.0.0/8", "http://11.0.0.1/", false),
            ("10.1.2.3/32", "http://10.1.2.3/", true),
            ("0.0.0.0/0", "http://8.8.8.8/", true),
            ("0.0.0.0/0", "http://[::1]/", false),
            ("10.0.0.0/33", "http://10.0.0.0/", false),
            ("10.0.0.0/8", "http://ten.example.com/", false),
            ("::1", "http://[::1]/", true),
            ("[::1]", "http://[::1]:8080/", true),
            ("fd00::/8", "http://[fd12::1]/", true),
            ("fd00::/8", "http://[fe80::1]/", false),
        ] {
            assert_eq!(is_direct(rule, uri), direct, "{rule} {uri}");
        }
    }

    #[test]
    fn a_port_narrows_a_rule() {
        for (rule, uri, direct) in [
            ("example.com:8080", "http://example.com:8080/", true),
            ("example.com:8080", "http://example.com/", false),
            ("example.com:80", "http://example.com/", true),
            ("example.com:443", "https://a.example.com/", true),
            ("127.0.0.1:7700", "http://127.0.0.1:7700/", true),
            ("127.0.0.1:7700", "http://127.0.0.1:7701/", false),
            ("[::1]:80", "http://[::1]/", true),
            ("[::1]:80", "http://[::1]:81/", false),
        ] {
            assert_eq!(is_direct(rule, uri), direct, "{rule} {uri}");
        }
    }

    #[test]
    fn rules_are_separated_by_commas_or_spaces() {
        let rules = " a.com,, b.com\t*.c.com ,10.0.0.0/8,<local>";
        for uri in [
            "http://a.com/",
            "http://b.com/",
            "http://x.c.com/",
            "http://10.0.0.1/",
        ] {
            assert!(is_direct(rules, uri), "{uri}");
        }
        assert!(!is_direct(rules, "http://d.com/"));
    }

    #[test]
    fn user_and_password_are_sent_decoded_and_never_shown() {
        let proxy: Proxy = "http://al%40ice:p%3A%2Fw@proxy.corp:3128/".parse().unwrap();
        let authorization = proxy.authorization().unwrap();
        assert_eq!(authorization, "Basic YWxAaWNlOnA6L3c=");
        assert!(authorization.is_sensitive());
        assert_eq!(proxy.uri(), "http://proxy.corp:3128/");
        let shown = format!("{:?} {:?}", proxy, Proxies::all(proxy.clone()));
        assert!(shown.contains("http://…@proxy.corp:3128"), "{shown}");
        for secret in ["al@ice", "ice", "p:/w", "YWxA"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }

    #[test]
    fn what_is_no_proxy_is_refused_without_being_shown() {
        for text in [
            "socks5://user:secret@h:1080",
            "https://user:secret@h",
            "http://user:secret@",
            "http://",
            "http://user:secret@h:port",
            "http://us%FFer:secret@h",
        ] {
            let error = text.parse::<Proxy>().unwrap_err();
            assert!(!format!("{error} {error:?}").contains("secret"), "{text}");
        }
    }

    fn from(variables: &[(&str, &str)]) -> Result<Proxies, BadProxy> {
        Proxies::from_variables(|name| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    fn through(proxies: &Proxies, uri: &str) -> Option<String> {
        let proxy = proxies.of(&uri.parse().unwrap())?;
        Some(proxy.uri().host().unwrap_or_default().to_owned())
    }

    #[test]
    fn the_environment_names_a_proxy_for_each_scheme() {
        let proxies = from(&[
            ("http_proxy", "small"),
            ("HTTP_PROXY", "large"),
            ("HTTPS_PROXY", "http://secure:1"),
            ("ALL_PROXY", "all"),
            ("no_proxy", "direct.com"),
        ])
        .unwrap();
        assert_eq!(through(&proxies, "http://h/").as_deref(), Some("small"));
        assert_eq!(through(&proxies, "https://h/").as_deref(), Some("secure"));
        assert_eq!(through(&proxies, "https://direct.com/"), None);

        let proxies = from(&[("all_proxy", " all "), ("HTTP_PROXY", "")]).unwrap();
        assert_eq!(through(&proxies, "http://h/").as_deref(), Some("all"));
        assert_eq!(through(&proxies, "https://h/").as_deref(), Some("all"));

        assert!(from(&[("ALL_PROXY", "socks5://h")]).is_err());
        assert_eq!(through(&from(&[]).unwrap(), "http://h/"), None);
    }

    #[test]
    fn a_request_to_a_cgi_program_cannot_name_the_proxy() {
        let variables = [("REQUEST_METHOD", "GET"), ("HTTP_PROXY", "evil")];
        assert_eq!(through(&from(&variables).unwrap(), "http://h/"), None);
    }
}
