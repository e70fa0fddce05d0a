//! The blocking driver: the same machines, stepped on the caller's thread.

mod transport;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use mynah_core::{
    Action, BaseUrl, Bytes, Cx, Endpoint, Error, Exchange, HttpRequest, HttpResponse, Platform,
    Quota, RawRequest, Retry, Rules, encode_request,
};

use crate::client::Builder;
use crate::gate::{Errand, Grant, MOST_FLIGHTS, Pass, Waiter, never_valid};
use crate::settings::{Options, Settings, no_credential};

pub use self::transport::{BlockingTransport, Threaded};

/// Calls one account of a platform from code that is not async. Cheap to
/// clone; clones share connections and credentials.
///
/// A call blocks its thread until it is over. In async code use
/// [`Client`](crate::Client).
pub struct BlockingClient<P> {
    inner: Arc<Inner>,
    platform: PhantomData<fn() -> P>,
}

struct Inner {
    settings: Settings,
    transport: Box<dyn BlockingTransport>,
}

impl<P: Platform> BlockingClient<P> {
    /// A client with the settings everybody starts with.
    ///
    /// # Errors
    /// The system gives no thread for the connections.
    #[cfg(feature = "hyper")]
    pub fn new(base: BaseUrl, auth: impl mynah_core::Auth) -> std::io::Result<Self> {
        Self::builder(base).auth(auth).build_blocking()
    }

    /// A client whose settings are yours.
    pub fn builder(base: BaseUrl) -> Builder<P> {
        crate::Client::builder(base)
    }

    /// Makes a typed call: set its options, then [`send`](BlockingCall::send) it.
    pub fn call<E: Endpoint<Platform = P>>(&self, endpoint: E) -> BlockingCall<E> {
        BlockingCall {
            options: self.inner.settings.options,
            inner: Arc::clone(&self.inner),
            endpoint,
        }
    }

    /// Makes a call that no type describes. The answer comes as it is,
    /// whatever its status.
    pub fn raw(&self, request: RawRequest) -> BlockingRawCall<P> {
        BlockingRawCall {
            options: self.inner.settings.options,
            inner: Arc::clone(&self.inner),
            request,
            platform: PhantomData,
        }
    }

    /// How many calls are left: as [`Client::quota`](crate::Client::quota), which also says what
    /// a call does while there are none.
    pub fn quota(&self) -> Option<Quota> {
        self.inner.settings.allowance.quota()
    }

    /// The address the calls go to.
    pub fn base(&self) -> &BaseUrl {
        &self.inner.settings.base
    }
}

impl<P> BlockingClient<P> {
    pub(crate) fn over(settings: Settings, transport: impl BlockingTransport) -> Self {
        Self {
            inner: Arc::new(Inner {
                settings,
                transport: Box::new(transport),
            }),
            platform: PhantomData,
        }
    }
}

impl<P> Clone for BlockingClient<P> {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            platform: PhantomData,
        }
    }
}

impl<P> fmt::Debug for BlockingClient<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockingClient")
            .field("platform", &self.inner.settings.platform)
            .field("base", &self.inner.settings.base)
            .finish_non_exhaustive()
    }
}

/// A typed call that is not made yet.
#[must_use = "a call is made when it is sent"]
pub struct BlockingCall<E> {
    inner: Arc<Inner>,
    options: Options,
    endpoint: E,
}

impl<E: Endpoint> BlockingCall<E> {
    crate::settings::options!();

    /// Makes the call and waits for its end.
    ///
    /// # Errors
    /// Whatever [`ErrorKind`](mynah_core::ErrorKind) names.
    pub fn send(self) -> Result<E::Output, Error> {
        let request = encode_request(&self.inner.settings.base, &self.endpoint)?;
        let answer = self.inner.drive(request, Rules::of::<E>(), self.options)?;
        E::read(&answer)
    }
}

impl<E> fmt::Debug for BlockingCall<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockingCall")
            .field("endpoint", &std::any::type_name::<E>())
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// A raw call that is not made yet.
#[must_use = "a call is made when it is sent"]
#[derive(Clone)]
pub struct BlockingRawCall<P> {
    inner: Arc<Inner>,
    options: Options,
    request: RawRequest,
    platform: PhantomData<fn() -> P>,
}

impl<P: Platform> BlockingRawCall<P> {
    crate::settings::options!();

    /// Makes the call and waits for the answer, whatever its status.
    ///
    /// # Errors
    /// There is no answer.
    pub fn send(self) -> Result<HttpResponse, Error> {
        let settings = &self.inner.settings;
        let request = self.request.encode_for::<P>(&settings.base)?;
        let rules = settings.raw(&self.request);
        self.inner.drive(request, rules, self.options)
    }

    /// Makes the call and finds the payload of its answer as that of a typed
    /// call is found, with the platform's rules for tokens and retries.
    ///
    /// # Errors
    /// Those of a typed call.
    pub fn open(self) -> Result<Bytes, Error> {
        let settings = &self.inner.settings;
        let request = self.request.encode_for::<P>(&settings.base)?;
        let rules = settings.opened::<P>(&self.request);
        let answer = self.inner.drive(request, rules, self.options)?;
        Ok(answer.into_body())
    }
}

impl<P> fmt::Debug for BlockingRawCall<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockingRawCall")
            .field("request", &self.request)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl Inner {
    /// Steps the exchange of a call to its end.
    fn drive(
        self: &Arc<Self>,
        request: HttpRequest,
        rules: Rules,
        options: Options,
    ) -> Result<HttpResponse, Error> {
        let platform = self.settings.platform;
        let _span = tracing::debug_span!("call", platform, endpoint = rules.name).entered();
        let mut exchange = options.begin(request, rules, Instant::now());
        let mut grant = Grant::default();
        loop {
            match exchange.poll() {
                Action::Send(mut request) => {
                    while let Some(time) = self.settings.allowance.wait(&exchange, Instant::now)? {
                        tracing::debug!(?time, "waiting until there are calls again");
                        thread::sleep(time);
                    }
                    if rules.authorized {
                        grant = self.authorize(&mut request, &exchange)?;
                    }
                    let host = self.settings.aim(&mut request);
                    let limit = self.settings.body_limit;
                    let answer = self.transport.send(request, exchange.deadline(), limit);
                    self.settings.answered(host, &answer, Instant::now);
                    exchange.answered(grant.stamp, grant.renewable, cx, answer);
                    self.settings.allowance.heard(&exchange, cx);
                }
                Action::Renew(stamp) => {
                    tracing::debug!("the credential was refused");
                    self.settings.gate.refused(stamp);
                }
                Action::Wait(time) => {
                    tracing::debug!(?time, "waiting for another attempt");
                    thread::sleep(time);
                }
                Action::Done(outcome) => return outcome,
            }
        }
    }

    /// Has the request authorized, which may mean to wait for a credential.
    fn authorize(
        self: &Arc<Self>,
        request: &mut HttpRequest,
        exchange: &Exchange,
    ) -> Result<Grant, Error> {
        let name = exchange.rules().name;
        let mut flights = 0;
        loop {
            let wait = match self.settings.gate.ask(request, cx(), waiter)? {
                Pass::Granted(grant) => return Ok(grant),
                Pass::Wait(wait) if flights < MOST_FLIGHTS => wait,
                Pass::Wait(_) => return Err(never_valid(name)),
            };
            flights += 1;
            if let Some(errand) = wait.errand {
                self.launch(errand);
            }
            let left = exchange
                .deadline()
                .saturating_duration_since(Instant::now());
            match wait.landing.recv_timeout(left) {
                Ok(outcome) => outcome?,
                Err(RecvTimeoutError::Timeout) => return Err(no_credential(name)),
                // The flight is over without a word; the next question tells.
                Err(RecvTimeoutError::Disconnected) => {}
            }
        }
    }

    /// Fetches a credential for all who wait, on a thread of its own: none of
    /// them is held up beyond the time of its own call.
    fn launch(self: &Arc<Self>, errand: Box<Errand>) {
        let inner = Arc::clone(self);
        let fetch = move || {
            let Errand {
                request,
                rules,
                key,
                flight,
            } = *errand;
            let kept = inner.settings.kept(key.as_deref());
            let flight = match kept.is_somewhere().then(|| wait_for(kept.load())).flatten() {
                Some(token) => flight.adopt(&token, cx()),
                None => Some(flight),
            };
            let Some(flight) = flight else {
                return;
            };
            let outcome = inner.drive(request, rules, inner.settings.token_options());
            let landed = flight.land(outcome.map(HttpResponse::into_body), cx());
            if let Some(token) = landed.filter(|_| kept.is_somewhere()) {
                wait_for(kept.save(&token));
            }
        };
        // Without a thread the errand is dropped, and those who wait are told.
        drop(thread::Builder::new().spawn(fetch));
    }
}

/// Runs what a token store does, on the thread that fetches the token. Without
/// a runtime for it, there is no store.
fn wait_for<T: Default>(doing: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => runtime.block_on(doing),
        Err(error) => {
            tracing::warn!(%error, "the token store was not asked");
            T::default()
        }
    }
}

/// A place to wait for a flight.
fn waiter() -> (Waiter, Receiver<Result<(), Error>>) {
    let (sender, landing) = sync_channel(1);
    // Whoever gave up need not be told.
    (Box::new(move |outcome| drop(sender.send(outcome))), landing)
}

fn cx() -> Cx {
    Cx {
        now: Instant::now(),
        wall: SystemTime::now(),
        nonce: fastrand::u64(..),
    }
}
