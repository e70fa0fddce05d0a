//! What lies between those who call and the tasks that own the sockets.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use std::time::Instant;

use http::Request;
use mynah_core::{Body, Carried, HttpRequest, HttpResponse, Ticket, Transport, TransportError};
use tokio::sync::{Notify, oneshot};

use super::Settings;
use crate::alarm::now;

/// The answer to a call, or why there is none.
pub(super) type Outcome = Result<HttpResponse, TransportError>;

/// What a caller wants from the task that owns the socket.
pub(super) enum Order {
    Call {
        ticket: Ticket,
        request: HttpRequest,
        deadline: Instant,
        answer: oneshot::Sender<Outcome>,
    },
    Abandon(Ticket),
}

/// The way to one connection. The queue is taken whole, once a turn; it takes
/// no memory while nobody calls.
#[derive(Default)]
pub(super) struct Lane {
    state: Mutex<LaneState>,
    tickets: AtomicU64,
}

#[derive(Default)]
struct LaneState {
    orders: VecDeque<Order>,
    /// Wakes the task that owns the socket, while it sleeps.
    waker: Option<Waker>,
    /// The task has ended; nothing is taken any more.
    over: bool,
    /// Why the task shall close the connection.
    close: Option<&'static str>,
}

impl Lane {
    fn state(&self) -> MutexGuard<'_, LaneState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, order: Order, limit: usize) -> Result<(), TransportError> {
        let mut state = self.state();
        if state.over {
            return Err(TransportError::not_sent("the connection has ended"));
        }
        if state.orders.len() >= limit {
            let problem = format!("{limit} calls wait to be sent already");
            return Err(TransportError::not_sent(problem));
        }
        state.orders.push_back(order);
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
        Ok(())
    }

    fn call(
        self: Arc<Self>,
        request: HttpRequest,
        deadline: Instant,
        queued: usize,
    ) -> Result<Answer, TransportError> {
        let ticket = Ticket(self.tickets.fetch_add(1, Ordering::Relaxed) + 1);
        let (answer, receiver) = oneshot::channel();
        let order = Order::Call {
            ticket,
            request,
            deadline,
            answer,
        };
        self.push(order, queued)?;
        Ok(Answer {
            lane: self,
            ticket,
            receiver,
            received: false,
        })
    }

    /// Has the connection closed, politely.
    pub(super) fn close(&self, reason: &'static str) {
        let mut state = self.state();
        state.close.get_or_insert(reason);
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// For the owner of the socket: moves the orders to `into`, which is
    /// empty, and has it woken by the next one. Tells whether to close.
    pub(super) fn take(&self, into: &mut VecDeque<Order>, waker: &Waker) -> Option<&'static str> {
        let mut state = self.state();
        match &mut state.waker {
            Some(known) => known.clone_from(waker),
            none => *none = Some(waker.clone()),
        }
        std::mem::swap(&mut state.orders, into);
        state.close
    }

    /// For the owner of the socket: there will be no more. Gives back what
    /// was not taken.
    pub(super) fn end(&self) -> VecDeque<Order> {
        let mut state = self.state();
        state.over = true;
        state.waker = None;
        std::mem::take(&mut state.orders)
    }
}

/// The connections of one account, at the most one for calls and one for
/// events; they may be the same.
pub(super) struct Account {
    name: Box<str>,
    settings: Arc<Settings>,
    lanes: Mutex<Lanes>,
    /// Tells those who wait that there is a connection for calls.
    arrived: Notify,
}

#[derive(Default)]
struct Lanes {
    calls: Option<Arc<Lane>>,
    events: Option<Arc<Lane>>,
    /// Those whose place another has taken, and which go on for a while.
    leaving: Vec<Arc<Lane>>,
    /// There will be no connection any more.
    over: bool,
}

impl Lanes {
    fn hold(&self, lane: &Arc<Lane>) -> bool {
        let held = |slot: &Option<Arc<Lane>>| slot.as_ref().is_some_and(|it| Arc::ptr_eq(it, lane));
        held(&self.calls) || held(&self.events)
    }
}

/// What a connection carries.
#[derive(Clone, Copy)]
pub(super) struct Carries {
    pub(super) calls: bool,
    pub(super) events: bool,
}

impl Account {
    pub(super) fn new(name: impl Into<Box<str>>, settings: Arc<Settings>) -> Arc<Self> {
        Arc::new(Self {
            name: name.into(),
            settings,
            lanes: Mutex::default(),
            arrived: Notify::new(),
        })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    fn lanes(&self) -> MutexGuard<'_, Lanes> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a connection in the place of those before it. One that is no
    /// longer needed for anything is closed, so that nothing comes twice.
    pub(super) fn attach(&self, lane: &Arc<Lane>, carries: Carries) {
        let mut lanes = self.lanes();
        let mut replaced = Vec::new();
        if carries.calls {
            replaced.extend(lanes.calls.replace(Arc::clone(lane)));
        }
        if carries.events {
            replaced.extend(lanes.events.replace(Arc::clone(lane)));
        }
        replaced.retain(|old| !lanes.hold(old));
        let over = lanes.over;
        drop(lanes);
        if over {
            lane.close("closed");
        }
        for old in replaced {
            tracing::info!(
                account = self.name(),
                "a connection was replaced by a newer one"
            );
            old.close("replaced by a newer connection");
        }
        if carries.calls {
            self.arrived.notify_waiters();
        }
    }

    /// Puts a connection, which carries everything, in the place of those
    /// before it, which go on until they end by themselves.
    pub(super) fn succeed(&self, lane: &Arc<Lane>) {
        let mut lanes = self.lanes();
        let former = lanes.calls.replace(Arc::clone(lane));
        lanes.events = Some(Arc::clone(lane));
        lanes.leaving.extend(former);
        let over = lanes.over;
        drop(lanes);
        if over {
            lane.close("closed");
        }
        self.arrived.notify_waiters();
    }

    /// Forgets a connection that has ended, and no other. Tells whether any is left.
    pub(super) fn detach(&self, lane: &Arc<Lane>) -> bool {
        let mut lanes = self.lanes();
        lanes.leaving.retain(|it| !Arc::ptr_eq(it, lane));
        let Lanes { calls, events, .. } = &mut *lanes;
        for slot in [calls, events] {
            if slot.as_ref().is_some_and(|it| Arc::ptr_eq(it, lane)) {
                *slot = None;
            }
        }
        lanes.calls.is_some() || lanes.events.is_some()
    }

    /// No connection will come any more; those that are open are closed.
    pub(super) fn end(&self, reason: &'static str) {
        let mut lanes = self.lanes();
        lanes.over = true;
        let open = [lanes.calls.clone(), lanes.events.clone()];
        let leaving = lanes.leaving.clone();
        drop(lanes);
        for lane in open.into_iter().flatten().chain(leaving) {
            lane.close(reason);
        }
        self.arrived.notify_waiters();
    }

    pub(super) fn is_over(&self) -> bool {
        self.lanes().over
    }

    /// Waits for [`end`](Self::end).
    pub(super) async fn ended(&self) {
        loop {
            let arrived = self.arrived.notified();
            if self.is_over() {
                return;
            }
            arrived.await;
        }
    }

    /// The connection for calls, if there is one and will ever be one.
    fn lane_now(&self) -> Result<Option<Arc<Lane>>, TransportError> {
        let lanes = self.lanes();
        if lanes.over && lanes.calls.is_none() {
            return Err(TransportError::not_sent("the connection was closed"));
        }
        Ok(lanes.calls.clone())
    }

    /// The connection for calls, waiting for it for a while.
    async fn lane(&self) -> Result<Arc<Lane>, TransportError> {
        let until = tokio::time::Instant::now() + self.settings.connection_wait;
        loop {
            // Registered before looking, lest the arrival falls in between.
            let arrived = self.arrived.notified();
            if let Some(lane) = self.lane_now()? {
                return Ok(lane);
            }
            if tokio::time::timeout_at(until, arrived).await.is_err() {
                return Err(TransportError::not_sent("there is no connection for calls"));
            }
        }
    }
}

/// An account that is reached over sockets, whether it is connected at the
/// moment or not.
///
/// It is a [`Transport`]: a call goes out over the connection that is open
/// then. Dropping the future of a call gives the call up. Handles are cheap to
/// clone; connections neither end with them nor wait for them.
#[derive(Clone)]
pub struct Handle(pub(super) Arc<Account>);

impl Handle {
    /// The account's name.
    pub fn account(&self) -> &str {
        self.0.name()
    }

    /// Whether a call would find a connection now.
    pub fn is_connected(&self) -> bool {
        self.0.lanes().calls.is_some()
    }

    /// Makes a call with its body in memory. Where there is a connection the
    /// call joins its queue at once, so calls go out in the order in which
    /// they are made.
    ///
    /// # Errors
    /// No connection came in time, too many calls wait, the connection broke,
    /// or no answer came in time.
    pub fn call(&self, request: HttpRequest) -> impl Future<Output = Outcome> + Send + use<> {
        let deadline = now() + self.0.settings.call_timeout;
        let queued = self.0.settings.queued_calls;
        let called = match self.0.lane_now() {
            Ok(Some(lane)) => Called::Now(lane.call(request, deadline, queued)),
            Err(error) => Called::Now(Err(error)),
            Ok(None) => {
                let account = Arc::clone(&self.0);
                Called::Later(Box::pin(async move {
                    account.lane().await?.call(request, deadline, queued)
                }))
            }
        };
        async move {
            match called {
                Called::Now(answer) => answer?.await,
                Called::Later(answer) => answer.await?.await,
            }
        }
    }
}

/// A call that has joined the queue, or waits for a connection.
enum Called {
    Now(Result<Answer, TransportError>),
    Later(Pin<Box<dyn Future<Output = Result<Answer, TransportError>> + Send>>),
}

/// The answer to come. Takes its call back when it is dropped before.
struct Answer {
    lane: Arc<Lane>,
    ticket: Ticket,
    receiver: oneshot::Receiver<Outcome>,
    received: bool,
}

impl Future for Answer {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Outcome> {
        let outcome = ready!(Pin::new(&mut self.receiver).poll(cx));
        self.received = true;
        Poll::Ready(outcome.unwrap_or_else(|_| {
            // The task that owned the socket has panicked.
            Err(TransportError::sent("the connection was dropped"))
        }))
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        if !self.received {
            // Refused only by a connection that has ended, which waits for nothing.
            let _ = self.lane.push(Order::Abandon(self.ticket), usize::MAX);
        }
    }
}

impl Transport for Handle {
    fn send(&self, request: Request<Body>) -> Carried<'_> {
        let (head, body) = request.into_parts();
        let Body::Full(body) = body else {
            let error = TransportError::not_sent("a socket carries no streamed body");
            return Box::pin(std::future::ready(Err(error)));
        };
        let answer = self.call(HttpRequest::from_parts(head, body));
        Box::pin(async move { Ok(answer.await?.map(Body::Full)) })
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle")
            .field("account", &self.account())
            .field("connected", &self.is_connected())
            .finish()
    }
}
