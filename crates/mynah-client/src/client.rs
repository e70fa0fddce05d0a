//! The client and its calls.

use std::fmt;
use std::future::{Future, IntoFuture, ready};
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http::Response;
use mynah_core::{
    Auth, BaseUrl, Body, Bytes, Chunks, Endpoint, Error, HttpResponse, Platform, Quota, RawRequest,
    Retry, Rules, TokenStore, Transport, encode_request, encode_upload,
};

use crate::body::Guard;
use crate::drive::{Inner, Reading, begin};
use crate::settings::{Options, RAW, Settings, options};

/// A call under way.
pub type Calling<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// Calls one account of a platform. Cheap to clone; clones share connections
/// and credentials.
pub struct Client<P> {
    inner: Arc<Inner>,
    platform: PhantomData<fn() -> P>,
}

impl<P: Platform> Client<P> {
    /// A client with the settings everybody starts with.
    #[cfg(feature = "hyper")]
    pub fn new(base: BaseUrl, auth: impl Auth) -> Self {
        Self::builder(base).auth(auth).build()
    }

    /// A client whose settings are yours.
    pub fn builder(base: BaseUrl) -> Builder<P> {
        Builder {
            settings: Settings::new::<P>(base),
            platform: PhantomData,
        }
    }

    /// Makes a typed call: `.await` it, or set its options first.
    pub fn call<E: Endpoint<Platform = P>>(&self, endpoint: E) -> Call<E> {
        Call {
            options: self.inner.settings.options,
            inner: Arc::clone(&self.inner),
            endpoint,
        }
    }

    /// Makes a call that no type describes. The answer comes as it is,
    /// whatever its status.
    pub fn raw(&self, request: RawRequest) -> RawCall<P> {
        RawCall {
            options: self.inner.settings.options,
            inner: Arc::clone(&self.inner),
            name: RAW,
            request,
            platform: PhantomData,
        }
    }

    /// Makes a call whose answer need not fit into memory. It comes as it is,
    /// whatever its status, as soon as its head is there.
    pub fn download(&self, request: RawRequest) -> Download {
        Download {
            options: self.inner.settings.options,
            inner: Arc::clone(&self.inner),
            request,
            guard: Guard::default(),
        }
    }

    /// Makes a call whose file need not fit into memory: `content` is sent as
    /// it comes, in the place of the content of the endpoint's
    /// [file](Endpoint::file), which gives name and media type.
    ///
    /// What has been read cannot be sent again, so the call is made once; a
    /// token that is refused is fetched anew by the next call.
    pub fn upload<E: Endpoint<Platform = P>>(&self, endpoint: E, content: Chunks) -> Upload<E> {
        Upload {
            options: self.inner.settings.options,
            inner: Arc::clone(&self.inner),
            endpoint,
            content,
            length: None,
        }
    }

    /// How many calls are left, as the last answer to one with the credential said; nothing if
    /// the platform does not tell, or was not asked yet.
    ///
    /// While none is left, a call waits for the reset if its [time](Call::timeout) and
    /// [`Retry::longest_wait`] allow it, and else fails unsent with
    /// [`Throttled`](mynah_core::ErrorKind::Throttled) and the wait in
    /// [`Error::retry_after`]. Once a minute one is sent nevertheless, to see.
    pub fn quota(&self) -> Option<Quota> {
        self.inner.settings.allowance.quota()
    }

    /// The address the calls go to.
    pub fn base(&self) -> &BaseUrl {
        &self.inner.settings.base
    }
}

impl<P> Clone for Client<P> {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            platform: PhantomData,
        }
    }
}

impl<P> fmt::Debug for Client<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("platform", &self.inner.settings.platform)
            .field("base", &self.inner.settings.base)
            .finish_non_exhaustive()
    }
}

/// Sets a [`Client`] up.
pub struct Builder<P> {
    settings: Settings,
    platform: PhantomData<fn() -> P>,
}

impl<P> Builder<P> {
    /// The account's credential; without it, calls carry none.
    #[must_use]
    pub fn auth(mut self, auth: impl Auth) -> Self {
        self.settings.gate = crate::gate::Gate::new(Box::new(auth));
        self
    }

    /// The other host of a pair that is one platform; none unless said. When the one that is asked
    /// cannot be reached, does not answer in time or answers with 5xx, calls go to the other one
    /// from then on, at most one change in 30 s.
    ///
    /// This changes where a call goes and never how often it is made: what may have been done is
    /// not repeated, unless the endpoint is idempotent. A call whose whole time went by is over;
    /// the next one goes to the other host.
    ///
    /// ```
    /// use mynah_client::Client;
    /// use mynah_onebot::OneBot;
    ///
    /// let client = Client::<OneBot>::builder("https://api.example".parse()?)
    ///     .twin("https://api-b.example".parse()?)
    ///     .build();
    /// # Ok::<(), mynah_core::BadUrl>(())
    /// ```
    #[must_use]
    pub fn twin(mut self, base: BaseUrl) -> Self {
        self.settings.twin = Some(crate::twin::Twin::new(base));
        self
    }

    /// How long a call may take, retries and the fetch of a token included; 30 s unless said.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.options.timeout = timeout;
        self
    }

    /// How long the fetch of a token may take, its retries included; 15 s unless said.
    #[must_use]
    pub fn token_timeout(mut self, timeout: Duration) -> Self {
        self.settings.token_timeout = timeout;
        self
    }

    /// Where tokens are looked for before the platform is asked for one, and
    /// kept for others; nowhere unless said. A store that takes longer than a
    /// quarter of [`token_timeout`](Self::token_timeout) is passed over.
    ///
    /// A `BlockingClient` asks the store in a small runtime of its own.
    #[must_use]
    pub fn token_store(mut self, store: impl TokenStore) -> Self {
        self.settings.store = Some(Arc::new(store));
        self
    }

    /// When calls are repeated by themselves.
    #[must_use]
    pub fn retry(mut self, retry: Retry) -> Self {
        self.settings.options.retry = retry;
        self
    }

    /// The largest answer, in bytes, that is taken into memory; 16 MiB unless said.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.settings.body_limit = bytes;
        self
    }

    /// The client, over its own HTTP transport.
    #[cfg(feature = "hyper")]
    pub fn build(self) -> Client<P> {
        self.over(crate::HyperTransport::new())
    }

    /// The client for code that is not async, over its own HTTP transport.
    ///
    /// # Errors
    /// The system gives no thread for the connections.
    #[cfg(all(feature = "blocking", feature = "hyper"))]
    pub fn build_blocking(self) -> std::io::Result<crate::BlockingClient<P>> {
        let transport = crate::Threaded::new(crate::HyperTransport::new())?;
        Ok(self.blocking_over(transport))
    }

    /// The client for code that is not async, over a transport of yours; an
    /// async transport becomes a blocking one in [`Threaded`](crate::Threaded).
    #[cfg(feature = "blocking")]
    pub fn blocking_over(
        self,
        transport: impl crate::BlockingTransport,
    ) -> crate::BlockingClient<P> {
        crate::BlockingClient::over(self.settings, transport)
    }

    /// The client, over a transport of yours.
    pub fn over(self, transport: impl Transport) -> Client<P> {
        Client {
            inner: Arc::new(Inner {
                settings: self.settings,
                transport: Box::new(transport),
            }),
            platform: PhantomData,
        }
    }
}

impl<P> fmt::Debug for Builder<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("platform", &self.settings.platform)
            .field("base", &self.settings.base)
            .field("options", &self.settings.options)
            .finish_non_exhaustive()
    }
}

/// A typed call that is not made yet.
#[must_use = "a call is made when it is awaited"]
pub struct Call<E> {
    inner: Arc<Inner>,
    options: Options,
    endpoint: E,
}

impl<E> Call<E> {
    options!();
}

impl<E: Endpoint> IntoFuture for Call<E> {
    type Output = Result<E::Output, Error>;
    type IntoFuture = Calling<E::Output>;

    fn into_future(self) -> Calling<E::Output> {
        let Self {
            inner,
            options,
            endpoint,
        } = self;
        let request = match encode_request(&inner.settings.base, &endpoint) {
            Ok(request) => request,
            Err(error) => return Box::pin(ready(Err(error))),
        };
        let mut exchange = begin(request, Rules::of::<E>(), options);
        Box::pin(async move {
            let outcome = inner.drive(&mut exchange, Reading::Collect).await?;
            E::read(&outcome.answer)
        })
    }
}

impl<E> fmt::Debug for Call<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("endpoint", &std::any::type_name::<E>())
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// A raw call that is not made yet.
#[must_use = "a call is made when it is awaited"]
#[derive(Clone)]
pub struct RawCall<P> {
    inner: Arc<Inner>,
    options: Options,
    name: &'static str,
    request: RawRequest,
    platform: PhantomData<fn() -> P>,
}

impl<P: Platform> RawCall<P> {
    options!();

    /// What errors and logs call it; `raw` unless said.
    pub fn named(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    /// Makes the call and finds the payload of its answer as that of a typed
    /// call is found, with the platform's rules for tokens and retries.
    ///
    /// # Errors
    /// Those of a typed call.
    pub async fn open(self) -> Result<Bytes, Error> {
        let rules = Rules {
            name: self.name,
            ..self.inner.settings.opened::<P>(&self.request)
        };
        let Self { inner, options, .. } = self;
        let request = self.request.encode_for::<P>(&inner.settings.base)?;
        let mut exchange = begin(request, rules, options);
        let outcome = inner.drive(&mut exchange, Reading::Collect).await?;
        Ok(outcome.answer.into_body())
    }
}

impl<P: Platform> IntoFuture for RawCall<P> {
    type Output = Result<HttpResponse, Error>;
    type IntoFuture = Calling<HttpResponse>;

    fn into_future(self) -> Calling<HttpResponse> {
        let Self {
            inner,
            options,
            name,
            request,
            ..
        } = self;
        Box::pin(async move {
            let encoded = request.encode_for::<P>(&inner.settings.base)?;
            let rules = Rules {
                name,
                ..inner.settings.raw(&request)
            };
            let mut exchange = begin(encoded, rules, options);
            let outcome = inner.drive(&mut exchange, Reading::Collect).await?;
            Ok(outcome.answer)
        })
    }
}

impl<P> fmt::Debug for RawCall<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawCall")
            .field("request", &self.request)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// A streamed call that is not made yet.
#[must_use = "a call is made when it is awaited"]
#[derive(Clone)]
pub struct Download {
    inner: Arc<Inner>,
    options: Options,
    request: RawRequest,
    guard: Guard,
}

impl Download {
    options!();

    /// How large the body may be, in bytes; any size unless said. A larger one
    /// ends with an error.
    pub fn limit(mut self, bytes: u64) -> Self {
        self.guard.limit = bytes;
        self
    }

    /// How long the next piece of the body may take; 30 s unless said. The
    /// time of the call itself ends when the head of the answer is there.
    pub fn stall_timeout(mut self, timeout: Duration) -> Self {
        self.guard.pause = timeout;
        self
    }
}

impl IntoFuture for Download {
    type Output = Result<Response<Body>, Error>;
    type IntoFuture = Calling<Response<Body>>;

    fn into_future(self) -> Calling<Response<Body>> {
        let Self {
            inner,
            options,
            request,
            guard,
        } = self;
        Box::pin(async move {
            let encoded = request.encode(&inner.settings.base)?;
            let mut exchange = begin(encoded, inner.settings.raw(&request), options);
            let outcome = inner.drive(&mut exchange, Reading::Stream).await?;
            Ok(outcome.answer.map(|_| guard.over(outcome.stream)))
        })
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("request", &self.request)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// A streamed upload that is not made yet.
#[must_use = "a call is made when it is awaited"]
pub struct Upload<E> {
    inner: Arc<Inner>,
    options: Options,
    endpoint: E,
    content: Chunks,
    length: Option<u64>,
}

impl<E> Upload<E> {
    options!();

    /// How long the content is, in bytes. Say it if you know: servers that do
    /// not take a body of unknown length are common.
    pub fn length(mut self, bytes: u64) -> Self {
        self.length = Some(bytes);
        self
    }
}

impl<E: Endpoint> IntoFuture for Upload<E> {
    type Output = Result<E::Output, Error>;
    type IntoFuture = Calling<E::Output>;

    fn into_future(self) -> Calling<E::Output> {
        let Self {
            inner,
            options,
            endpoint,
            content,
            length,
        } = self;
        let boundary = format!("mynah-{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
        let encoded = encode_upload(&inner.settings.base, &endpoint, &boundary);
        let (request, form) = match encoded {
            Ok(encoded) => encoded,
            Err(error) => return Box::pin(ready(Err(error))),
        };
        let mut exchange = begin(request, Rules::of::<E>(), options).once();
        let body = crate::body::framed(form, content, length);
        Box::pin(async move {
            let driven = inner.drive_with(&mut exchange, Some(body), Reading::Collect);
            E::read(&driven.await?.answer)
        })
    }
}

impl<E> fmt::Debug for Upload<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("endpoint", &std::any::type_name::<E>())
            .field("options", &self.options)
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}
