//! What every call of a client shares, whoever drives it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use mynah_core::{
    Anonymous, BaseUrl, Error, Exchange, HttpRequest, HttpResponse, Method, Platform, Quota,
    RawRequest, Retry, Rules, TokenStore, TransportError, Verdict, http::HeaderMap,
};

use crate::allowance::Allowance;
use crate::gate::Gate;
use crate::twin::{Host, Twin};

/// How long a call may take, retries and the fetch of a token included.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(30);

/// How long the fetch of a token may take, its retries included.
pub(crate) const TOKEN_TIMEOUT: Duration = Duration::from_secs(15);

/// The largest answer that is collected.
pub(crate) const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// The settings of a client.
pub(crate) struct Settings {
    pub(crate) platform: &'static str,
    pub(crate) base: BaseUrl,
    pub(crate) twin: Option<Twin>,
    pub(crate) gate: Gate,
    quota: fn(&HeaderMap) -> Option<Quota>,
    pub(crate) allowance: Allowance,
    pub(crate) options: Options,
    pub(crate) token_timeout: Duration,
    pub(crate) store: Option<Arc<dyn TokenStore>>,
    pub(crate) body_limit: usize,
}

/// What one call can have different from the next.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    pub(crate) timeout: Duration,
    pub(crate) retry: Retry,
}

impl Settings {
    pub(crate) fn new<P: Platform>(base: BaseUrl) -> Self {
        Self {
            platform: P::NAME,
            base,
            twin: None,
            gate: Gate::new(Box::new(Anonymous)),
            quota: P::quota,
            allowance: Allowance::default(),
            options: Options {
                timeout: TIMEOUT,
                retry: Retry::default(),
            },
            token_timeout: TOKEN_TIMEOUT,
            store: None,
            body_limit: BODY_LIMIT,
        }
    }

    /// Sends a request to the host that is asked now.
    pub(crate) fn aim(&self, request: &mut HttpRequest) -> Host {
        let twin = self.twin.as_ref();
        twin.map_or(Host::First, |twin| twin.aim(&self.base, request))
    }

    /// Takes the outcome of a request that went to a host.
    pub(crate) fn answered(
        &self,
        host: Host,
        answer: &Result<HttpResponse, TransportError>,
        now: impl FnOnce() -> Instant,
    ) {
        if let Some(twin) = &self.twin {
            twin.answered(host, answer, now());
        }
    }

    /// The rules of a raw call: any answer is the answer. It is repeated if it was never sent, or
    /// if repeating is harmless.
    pub(crate) fn raw(&self, request: &RawRequest) -> Rules {
        Rules {
            name: RAW,
            authorized: request.authorized,
            idempotent: request.method == Method::Get,
            open: |response| Ok(response.body().clone()),
            classify: |_| Verdict::Permanent,
            quota: self.quota,
        }
    }

    /// The rules of a raw call whose answer is opened as that of a typed one.
    pub(crate) fn opened<P: Platform>(&self, request: &RawRequest) -> Rules {
        Rules {
            open: P::open,
            classify: P::classify,
            ..self.raw(request)
        }
    }

    /// The options of the call that fetches a credential.
    pub(crate) fn token_options(&self) -> Options {
        Options {
            timeout: self.token_timeout,
            ..self.options
        }
    }
}

impl Options {
    /// The call that begins now.
    pub(crate) fn begin(self, request: HttpRequest, rules: Rules, now: Instant) -> Exchange {
        Exchange::new(request, rules, self.retry, deadline(now, self.timeout))
    }
}

/// The methods that set the options of a call.
macro_rules! options {
    () => {
        /// How long the call may take, retries and the fetch of a token included.
        pub fn timeout(mut self, timeout: Duration) -> Self {
            self.options.timeout = timeout;
            self
        }

        /// When the call is repeated by itself.
        pub fn retry(mut self, retry: Retry) -> Self {
            self.options.retry = retry;
            self
        }
    };
}
pub(crate) use options;

/// What a raw call is called.
pub(crate) const RAW: &str = "raw";

/// A moment that is far away stands for "never", which no clock can show.
fn deadline(now: Instant, timeout: Duration) -> Instant {
    const FAR: Duration = Duration::from_secs(30 * 365 * 24 * 3600);
    now + timeout.min(FAR)
}

/// The error of a call that had no credential in time.
pub(crate) fn no_credential(name: &'static str) -> Error {
    let late = TransportError::not_sent("no credential came in time");
    Error::transport(name, late)
}

/// The outcome of a request that was not answered in time.
pub(crate) fn no_answer() -> TransportError {
    TransportError::sent("no answer came in time")
}
