//! Pushes over HTTP: verified, handed to a handler, answered.

use std::convert::Infallible;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use http::header::{ALLOW, HeaderValue};
use http::{Request, Response, StatusCode};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use mynah_core::{
    Arrival, Check, DedupeKey, Forged, HttpRequest, HttpResponse, Inbound, Received, Reply,
};
use tower_service::Service;

use crate::memory::{First, Memory, Sighting};

/// A verified event, without the means to answer it: that is what the handler
/// returns.
#[derive(Clone, Debug)]
pub struct Post<E> {
    /// The event.
    pub event: E,
    /// The bytes it was read from.
    pub raw: Bytes,
    /// The platform's own key for telling repeated deliveries.
    pub dedupe: DedupeKey,
    /// How long the platform waits for an answer; `None` where it waits as
    /// long as it takes.
    pub within: Option<Duration>,
}

/// What is done with verified events.
///
/// The future is dropped when the caller goes away: spawn what must be
/// finished nevertheless. Any `Fn(Post<Event>) -> impl Future<Output =
/// Option<Answer>>` is a handler.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not handle the pushes of `{P}`",
    note = "a handler is an async function from `Post<Event>` to `Option<Answer>`"
)]
pub trait Handler<P: Inbound>: Send + Sync + 'static {
    /// Handles one event; the answer goes back in the response.
    fn handle(&self, post: Post<P::Event>) -> impl Future<Output = Option<P::Answer>> + Send;
}

impl<P, F, A> Handler<P> for F
where
    P: Inbound,
    F: Fn(Post<P::Event>) -> A + Send + Sync + 'static,
    A: Future<Output = Option<P::Answer>> + Send,
{
    fn handle(&self, post: Post<P::Event>) -> impl Future<Output = Option<P::Answer>> + Send {
        self(post)
    }
}

/// Receives the pushes of a platform: a [`tower_service::Service`] that can be
/// mounted in any server, or run by [`serve`](crate::serve).
///
/// Whoever sends what does not verify gets the status and an empty body; what
/// was wrong stands in the log.
pub struct Receiver<P: Inbound, H>(Arc<Parts<P, H>>);

struct Parts<P: Inbound, H> {
    secret: P::Secret,
    handler: H,
    largest_body: usize,
    body_timeout: Duration,
    deliveries: Option<Memory>,
    pushes: Option<Memory>,
}

impl<P: Inbound, H> Clone for Receiver<P, H> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<P: Inbound, H> fmt::Debug for Receiver<P, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("platform", &P::NAME)
            .finish_non_exhaustive()
    }
}

/// How a [`Receiver`] is made.
#[derive(Clone, Copy, Debug)]
pub struct Receiving {
    /// The longest body, in bytes; 1 MiB. A longer one is answered with 413.
    pub largest_body: usize,
    /// How long a body may take to come; 10 s. A slower one is answered with 408.
    pub body_timeout: Duration,
    /// For how long a delivery is remembered, so that a repeated one is
    /// acknowledged without being handled again; zero, which is the default,
    /// remembers nothing. At most [`Receiving::REMEMBERED`] deliveries are
    /// remembered; beyond that the oldest are forgotten.
    pub remember: Duration,
    /// For how long a push is remembered, so that a copy of it is refused with
    /// 403; ten minutes, and zero remembers nothing. Counts only where a
    /// platform signs what is used once ([`Arrival::replay`]), which its own
    /// repeated deliveries are not. At most [`Receiving::REMEMBERED`] pushes
    /// are remembered. A copy that comes later is a matter for the time window
    /// of the platform's secret, where it has one: make it no wider than this.
    pub replay: Duration,
}

impl Receiving {
    /// How many deliveries, and how many pushes, are remembered at most.
    pub const REMEMBERED: usize = 65_536;
}

impl Default for Receiving {
    fn default() -> Self {
        Self {
            largest_body: 1 << 20,
            body_timeout: Duration::from_secs(10),
            remember: Duration::ZERO,
            replay: Duration::from_secs(600),
        }
    }
}

impl<P: Inbound, H: Handler<P>> Receiver<P, H> {
    /// Verifies with `secret` and hands over to `handler`.
    pub fn new(secret: P::Secret, handler: H, receiving: Receiving) -> Self {
        let memory = |lifetime: Duration| {
            (!lifetime.is_zero()).then(|| Memory::new(Receiving::REMEMBERED, lifetime))
        };
        Self(Arc::new(Parts {
            secret,
            handler,
            largest_body: receiving.largest_body,
            body_timeout: receiving.body_timeout,
            deliveries: memory(receiving.remember),
            pushes: memory(receiving.replay),
        }))
    }

    async fn receive<B>(self, request: Request<B>) -> Result<Response<Full<Bytes>>, Infallible>
    where
        B: Body<Data = Bytes> + Send,
    {
        let parts = &*self.0;
        let (head, body) = request.into_parts();
        let response = match parts.read(body).await {
            Ok(body) => match parts.begin(HttpRequest::from_parts(head, body)) {
                Begun::Handling {
                    handling,
                    reply,
                    sightings,
                } => finish(handling.await, reply, sightings),
                Begun::Answered(response) => response,
            },
            Err(problem) => {
                tracing::warn!(platform = P::NAME, %problem, "a push was not read");
                bare(problem.status())
            }
        };
        Ok(response.map(Full::new))
    }
}

/// A request that was looked at.
enum Begun<'a, F, A> {
    Handling {
        handling: F,
        reply: Reply<A>,
        sightings: [Option<First<'a>>; 2],
    },
    Answered(HttpResponse),
}

impl<P: Inbound, H: Handler<P>> Parts<P, H> {
    async fn read<B: Body<Data = Bytes>>(&self, body: B) -> Result<Bytes, Unread> {
        let mut reading = pin!(read(body, self.largest_body));
        // Most bodies came with the head, and then there is no need for a timer,
        // nor for room to keep one in.
        let ready = poll_fn(|cx| Poll::Ready(reading.as_mut().poll(cx))).await;
        match ready {
            Poll::Ready(outcome) => outcome,
            Poll::Pending => Box::pin(tokio::time::timeout(self.body_timeout, reading))
                .await
                .unwrap_or(Err(Unread::TooSlow)),
        }
    }

    /// Verifies, and calls the handler. Neither async nor by reference, so that
    /// neither event nor request takes room in the future that waits for the
    /// handler.
    #[allow(clippy::needless_pass_by_value)]
    fn begin(
        &self,
        request: HttpRequest,
    ) -> Begun<'_, impl Future<Output = Option<P::Answer>> + Send, P::Answer> {
        match P::verify(&self.secret, &request, SystemTime::now()) {
            Ok(Received::Event(arrival)) => self.hand_over(arrival),
            Ok(Received::Challenge(response)) => Begun::Answered(response),
            Err(forged) => Begun::Answered(refuse::<P>(&forged)),
        }
    }

    fn hand_over(
        &self,
        arrival: Arrival<P::Event, P::Answer>,
    ) -> Begun<'_, impl Future<Output = Option<P::Answer>> + Send, P::Answer> {
        let Arrival {
            event,
            raw,
            dedupe,
            replay,
            reply,
        } = arrival;
        let Ok(push) = see(self.pushes.as_ref(), replay.as_ref()) else {
            let forged = Forged::new(403, Check::Replay, "the push was seen before");
            return Begun::Answered(refuse::<P>(&forged));
        };
        let Ok(delivery) = see(self.deliveries.as_ref(), Some(&dedupe)) else {
            if let Some(push) = push {
                push.keep();
            }
            return Begun::Answered(reply.acknowledge());
        };
        let handling = self.handler.handle(Post {
            event,
            raw,
            dedupe,
            within: reply.within,
        });
        Begun::Handling {
            handling,
            reply,
            sightings: [push, delivery],
        }
    }
}

/// Looks a key up where there is a memory for it.
fn see<'a>(
    memory: Option<&'a Memory>,
    key: Option<&DedupeKey>,
) -> Result<Option<First<'a>>, Repeated> {
    let (Some(memory), Some(key)) = (memory, key) else {
        return Ok(None);
    };
    match memory.see(key) {
        Sighting::New(first) => Ok(Some(first)),
        Sighting::Repeated => Err(Repeated),
    }
}

/// A key was seen before.
struct Repeated;

/// The response to an event that was handled; a repeated one is known from now on.
fn finish<A>(
    answer: Option<A>,
    reply: Reply<A>,
    sightings: [Option<First<'_>>; 2],
) -> HttpResponse {
    for sighting in sightings.into_iter().flatten() {
        sighting.keep();
    }
    match answer {
        Some(answer) => reply.answer(answer),
        None => reply.acknowledge(),
    }
}

impl<P, H, B> Service<Request<B>> for Receiver<P, H>
where
    P: Inbound,
    H: Handler<P>,
    B: Body<Data = Bytes> + Send + 'static,
{
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        Box::pin(self.clone().receive(request))
    }
}

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum Unread {
    #[error("the body is longer than the limit")]
    TooLarge,
    #[error("the body did not come in time")]
    TooSlow,
    #[error("the body broke off")]
    Broken,
}

impl Unread {
    fn status(self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Broken => StatusCode::BAD_REQUEST,
        }
    }
}

/// The whole body; one that comes in a single piece is not copied.
async fn read<B: Body<Data = Bytes>>(body: B, limit: usize) -> Result<Bytes, Unread> {
    let mut body = pin!(body);
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > limit {
        return Err(Unread::TooLarge);
    }
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Unread::Broken)?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if first.len() + rest.len() + data.len() > limit {
            return Err(Unread::TooLarge);
        }
        if first.is_empty() {
            first = data;
        } else {
            rest.extend_from_slice(&data);
        }
    }
    if rest.is_empty() {
        return Ok(first);
    }
    let mut whole = BytesMut::with_capacity(first.len() + rest.len());
    whole.extend_from_slice(&first);
    whole.extend_from_slice(&rest);
    Ok(whole.freeze())
}

fn refuse<P: Inbound>(forged: &Forged) -> HttpResponse {
    tracing::warn!(
        platform = P::NAME,
        check = %forged.check,
        detail = forged.detail,
        "a push was refused"
    );
    bare(StatusCode::from_u16(forged.status).unwrap_or(StatusCode::FORBIDDEN))
}

fn bare(status: StatusCode) -> HttpResponse {
    let mut response = HttpResponse::new(Bytes::new());
    *response.status_mut() = status;
    if status == StatusCode::METHOD_NOT_ALLOWED {
        let post = HeaderValue::from_static("POST");
        response.headers_mut().insert(ALLOW, post);
    }
    response
}
