//! A client without a runtime: calls are stepped against answers that were given before.

use std::collections::VecDeque;
use std::time::{Duration, Instant, SystemTime};

use mynah_core::{
    Action, Auth, BaseUrl, Cx, Endpoint, Error, Exchange, HttpRequest, HttpResponse, Kept, Retry,
    Rules, Stamp, Step, encode_request,
};

/// A credential, the answers a platform will give, and a clock that stands still: the life of a
/// token, second by second.
///
/// ```
/// # use mynah_core::{ApiError, Bytes, Empty, Endpoint, Meta, Platform, Request, Verdict};
/// use mynah_core::{Anonymous, HttpResponse};
/// use mynah_testkit::Stepped;
/// # struct Plain;
/// # impl Platform for Plain {
/// #     const NAME: &'static str = "plain";
/// #     fn open(response: &HttpResponse) -> Result<Bytes, ApiError> {
/// #         Ok(response.body().clone())
/// #     }
/// #     fn seal(outcome: Result<Bytes, ApiError>) -> HttpResponse {
/// #         HttpResponse::new(outcome.unwrap_or_default())
/// #     }
/// #     fn classify(_: &ApiError) -> Verdict {
/// #         Verdict::Permanent
/// #     }
/// # }
/// # #[derive(serde::Serialize, serde::Deserialize, Request)]
/// # struct Ping {}
/// # impl Endpoint for Ping {
/// #     type Platform = Plain;
/// #     type Output = Empty;
/// #     const META: Meta = Meta::get("plain.ping", "/ping");
/// # }
///
/// let base = "http://127.0.0.1:7700".parse()?;
/// let mut client = Stepped::new(base, Anonymous, [HttpResponse::default()]);
/// assert!(client.call(&Ping {}).unwrap().is_ok());
/// assert_eq!(client.requests[0].uri().path(), "/ping");
/// assert!(client.call(&Ping {}).is_none(), "there is no answer left");
/// # Ok::<(), mynah_core::BadUrl>(())
/// ```
#[derive(Debug)]
pub struct Stepped<A> {
    /// The credential.
    pub auth: A,
    /// The answers to come, to the requests for a token as well.
    pub answers: VecDeque<HttpResponse>,
    /// The requests so far, as they were sent.
    pub requests: Vec<HttpRequest>,
    /// When a call is repeated. Waits are not waited for.
    pub retry: Retry,
    /// The seconds since the start.
    pub second: u64,
    base: BaseUrl,
    start: Instant,
}

impl<A: Auth> Stepped<A> {
    /// Calls a platform that will give these answers, in this order.
    pub fn new(base: BaseUrl, auth: A, answers: impl IntoIterator<Item = HttpResponse>) -> Self {
        Self {
            auth,
            answers: answers.into_iter().collect(),
            requests: Vec::new(),
            retry: Retry::default(),
            second: 0,
            base,
            start: Instant::now(),
        }
    }

    /// The moment it is. The calendar begins in 1970 with the start.
    pub fn cx(&self) -> Cx {
        let since = Duration::from_secs(self.second);
        Cx {
            now: self.start + since,
            wall: SystemTime::UNIX_EPOCH + since,
            nonce: 0,
        }
    }

    /// Has the credential hold a token, from now on for `life`, as if a store had kept it. Says
    /// whether it does.
    pub fn hold(&mut self, token: &str, life: Duration) -> bool {
        let cx = self.cx();
        let kept = Kept {
            token: token.into(),
            until: cx.wall + life,
        };
        self.auth.adopt(&kept, cx)
    }

    /// Whether a call would ask for a token now before it is sent.
    ///
    /// # Errors
    /// The credential cannot be put on the request.
    pub fn asks_first(&mut self, request: &HttpRequest) -> Result<bool, Error> {
        let cx = self.cx();
        let step = self.auth.authorize(&mut request.clone(), cx)?;
        Ok(matches!(step, Step::First(..)))
    }

    /// Makes a call to its end; `None` if the answers do not suffice.
    pub fn call<E: Endpoint>(&mut self, call: &E) -> Option<Result<HttpResponse, Error>> {
        match encode_request(&self.base, call) {
            Ok(request) => self.step(request, Rules::of::<E>()),
            Err(error) => Some(Err(error)),
        }
    }

    fn step(&mut self, request: HttpRequest, rules: Rules) -> Option<Result<HttpResponse, Error>> {
        let deadline = self.cx().now + Duration::from_secs(3600);
        let mut exchange = Exchange::new(request, rules, self.retry, deadline);
        loop {
            match exchange.poll() {
                Action::Send(mut request) => {
                    let stamp = if rules.authorized {
                        match self.authorize(&mut request)? {
                            Ok(stamp) => stamp,
                            Err(error) => return Some(Err(error)),
                        }
                    } else {
                        Stamp::default()
                    };
                    let answer = self.carry(request)?;
                    let cx = self.cx();
                    exchange.answered(stamp, self.auth.renewable(), || cx, Ok(answer));
                }
                Action::Renew(stamp) => self.auth.refused(stamp),
                Action::Wait(_) => {}
                Action::Done(outcome) => return Some(outcome),
            }
        }
    }

    /// Asks for the call's credential until it is there.
    fn authorize(&mut self, request: &mut HttpRequest) -> Option<Result<Stamp, Error>> {
        loop {
            let cx = self.cx();
            let (asking, rules) = match self.auth.authorize(request, cx) {
                Ok(Step::Ready(stamp)) => return Some(Ok(stamp)),
                Ok(Step::First(asking, rules)) => (asking, rules),
                Err(error) => return Some(Err(error)),
            };
            let answer = self.carry(asking)?;
            let absorbed = match (rules.open)(&answer) {
                Ok(payload) => self.auth.absorb(payload, cx),
                Err(error) => {
                    let verdict = (rules.classify)(&error);
                    Err(Error::refused(rules.name, error, verdict))
                }
            };
            if let Err(error) = absorbed {
                return Some(Err(error));
            }
        }
    }

    fn carry(&mut self, request: HttpRequest) -> Option<HttpResponse> {
        self.requests.push(request);
        self.answers.pop_front()
    }
}
