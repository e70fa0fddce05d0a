//! Two hosts that are one platform: when one does not answer, calls go to the other.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use http::Uri;
use mynah_core::{BaseUrl, HttpRequest, HttpResponse, TransportError};

/// The hosts are not changed more often than this.
const PAUSE: Duration = Duration::from_secs(30);

/// The other host of a pair, and which of the two is asked now.
pub(crate) struct Twin {
    base: BaseUrl,
    asked: Mutex<Asked>,
}

#[derive(Clone, Copy, Default)]
struct Asked {
    host: Host,
    /// When that last changed.
    since: Option<Instant>,
}

/// One of the two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Host {
    /// The one that the client was made for.
    #[default]
    First,
    /// The other one.
    Other,
}

impl Twin {
    pub(crate) fn new(base: BaseUrl) -> Self {
        Self {
            base,
            asked: Mutex::default(),
        }
    }

    /// Sends a request that was made for `first` to the host that is asked now, and tells which
    /// one that is.
    pub(crate) fn aim(&self, first: &BaseUrl, request: &mut HttpRequest) -> Host {
        let host = self.asked().host;
        if host == Host::Other
            && let Some(uri) = moved(request.uri(), first, &self.base)
        {
            *request.uri_mut() = uri;
            return host;
        }
        Host::First
    }

    /// Takes the outcome of a request that went to a host: if that one failed, and it is the one
    /// that is asked now, the other one is from now on. It is left at that for a while.
    pub(crate) fn answered(
        &self,
        host: Host,
        answer: &Result<HttpResponse, TransportError>,
        now: Instant,
    ) {
        let failed = match answer {
            Ok(response) => response.status().is_server_error(),
            Err(_) => true,
        };
        let mut asked = self.asked();
        let rests = |since| now.saturating_duration_since(since) < PAUSE;
        if !failed || host != asked.host || asked.since.is_some_and(rests) {
            return;
        }
        *asked = Asked {
            host: match host {
                Host::First => Host::Other,
                Host::Other => Host::First,
            },
            since: Some(now),
        };
        tracing::warn!(
            twin = asked.host == Host::Other,
            "calls go to the other host"
        );
    }

    fn asked(&self) -> MutexGuard<'_, Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The same path and query below another base; nothing if the address is not below the first.
fn moved(uri: &Uri, first: &BaseUrl, other: &BaseUrl) -> Option<Uri> {
    let base = first.join("", "").ok()?;
    let same = uri.scheme() == base.scheme() && uri.authority() == base.authority();
    let path = uri.path().strip_prefix(base.path().trim_end_matches('/'));
    let path = path.filter(|path| same && path.starts_with('/'))?;
    other.join(path, uri.query().unwrap_or_default()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(text: &str) -> BaseUrl {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_keeps_its_path_and_query() {
        let uri = "https://api.example/v1/user/info.json?a=1%2F2"
            .parse()
            .unwrap();
        let other = base("https://api-b.example/v1/");
        let found = moved(&uri, &base("https://API.example/v1"), &other);
        assert_eq!(
            found.unwrap(),
            "https://api-b.example/v1/user/info.json?a=1%2F2"
        );
    }

    #[test]
    fn an_address_elsewhere_is_left_alone() {
        let (first, other) = (
            base("https://api.example/v1"),
            base("https://api-b.example"),
        );
        for elsewhere in [
            "http://api.example/v1/a",
            "https://api.example/v2/a",
            "https://api.example/v11",
            "https://files.example/v1/a",
        ] {
            assert_eq!(moved(&elsewhere.parse().unwrap(), &first, &other), None);
        }
    }
}
