//! The router: filters choose, extractors parse, the first route that
//! accepts takes the event.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use tokio::time::Instant;

use crate::dialogue::{Dialogues, Seat, Work};
use crate::event::Event;
use crate::extract::{Context, FromContext, Reject};
use crate::filter::Filter;
use crate::guard::{LoopGuard, Rate, RateGuard, Verdict};
use crate::message::Message;
use crate::overlap::Overlap;
use crate::reply::{IntoReply, Outbox, Receipt, Reply, Result};

/// The reply to come.
pub type Handling<'a> = Pin<Box<dyn Future<Output = Result<Reply>> + Send + 'a>>;

/// An async function that handles events: up to eight arguments that are
/// [`FromContext`], returning something that is [`IntoReply`].
///
/// What cannot be taken from an event is no argument:
///
/// ```compile_fail,E0277
/// use mynah_bot::{Args, Router, command};
///
/// async fn roll(Args(sides): Args<u32>, times: u32) {}
///
/// let bot = Router::<()>::new().on(command("roll"), roll);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler",
    note = "a handler is an async function of `FromContext` arguments that returns `IntoReply`"
)]
pub trait Handler<A, S>: Clone + Send + Sync + 'static {
    /// Handles one event.
    fn call<'a>(&'a self, cx: &'a Context, state: &'a S) -> Handling<'a>;
}

macro_rules! handlers {
    ($($argument:ident)*) => {
        impl<Function, Returned, Answer, S, $($argument,)*> Handler<($($argument,)*), S> for Function
        where
            Function: Fn($($argument),*) -> Returned + Clone + Send + Sync + 'static,
            Returned: Future<Output = Answer> + Send + 'static,
            Answer: IntoReply + 'static,
            S: Send + Sync,
            $($argument: FromContext<S> + 'static,)*
        {
            #[allow(non_snake_case, unused_variables)]
            fn call<'a>(&'a self, cx: &'a Context, state: &'a S) -> Handling<'a> {
                $(
                    let $argument = match $argument::from_context(cx, state) {
                        Ok(argument) => argument,
                        Err(Reject(words)) => {
                            return Box::pin(std::future::ready(Ok(Reply::Message(words.into()))));
                        }
                    };
                )*
                let answer = self($($argument),*);
                Box::pin(async move { answer.await.into_reply() })
            }
        }
    };
}

handlers!();
handlers!(A);
handlers!(A B);
handlers!(A B C);
handlers!(A B C D);
handlers!(A B C D E);
handlers!(A B C D E F);
handlers!(A B C D E F G);
handlers!(A B C D E F G H);

/// What a route does with an event; the layers are in it.
trait Act<S>: Send + Sync {
    fn act<'a>(&'a self, cx: &'a Context, state: &'a S) -> Handling<'a>;
}

struct Plain<H, A> {
    handler: H,
    arguments: std::marker::PhantomData<fn() -> A>,
}

impl<S: Send + Sync, A, H: Handler<A, S>> Act<S> for Plain<H, A> {
    fn act<'a>(&'a self, cx: &'a Context, state: &'a S) -> Handling<'a> {
        self.handler.call(cx, state)
    }
}

/// The rest of the way, for a layer to walk or not.
pub struct Next<'a> {
    handling: Handling<'a>,
}

impl Next<'_> {
    /// Goes on: to the next layer, or to the handler.
    ///
    /// # Errors
    /// The handler failed.
    pub async fn run(self) -> Result<Reply> {
        self.handling.await
    }
}

struct Layered<S, L> {
    layer: L,
    inner: Arc<dyn Act<S>>,
}

impl<S, L> Act<S> for Layered<S, L>
where
    S: Send + Sync,
    L: for<'x> Fn(&'x Context, Next<'x>) -> Handling<'x> + Send + Sync,
{
    fn act<'a>(&'a self, cx: &'a Context, state: &'a S) -> Handling<'a> {
        (self.layer)(
            cx,
            Next {
                handling: self.inner.act(cx, state),
            },
        )
    }
}

struct Route<S> {
    filter: Filter,
    act: Arc<dyn Act<S>>,
    overlap: Overlap,
    rates: Vec<Arc<RateGuard>>,
}

impl<S> Route<S> {
    /// Counts the event with all rates, up to the one that it is too much for.
    fn check(&self, event: &Event, now: Instant) -> Verdict {
        let verdicts = self.rates.iter().map(|rate| rate.check(event, now));
        let mut too_much = verdicts.filter(|verdict| *verdict != Verdict::Kept);
        too_much.next().unwrap_or(Verdict::Kept)
    }
}

impl<S> Clone for Route<S> {
    fn clone(&self) -> Self {
        Self {
            filter: self.filter.clone(),
            act: Arc::clone(&self.act),
            overlap: self.overlap,
            rates: self.rates.clone(),
        }
    }
}

/// Routes, in the order in which they were added. A value: it needs no
/// runtime of its own, and a test calls [`dispatch`](Self::dispatch).
///
/// ```
/// use mynah_bot::{Args, Router, command, contains, mention};
///
/// async fn roll(Args(sides): Args<u32>) -> String {
///     format!("1..={sides}")
/// }
///
/// let bot = Router::<()>::new()
///     .on(command("ping"), async || "pong")
///     .on(command("roll"), roll)
///     .on(mention() & contains("值班"), async || "今天值班：alice");
/// assert_eq!(bot.commands(), ["ping", "roll"]);
/// ```
pub struct Router<S> {
    routes: Vec<Route<S>>,
    loop_guard: LoopGuard,
    /// Of those who dispatch by hand.
    dialogues: Arc<Dialogues>,
}

impl<S: Send + Sync + 'static> Router<S> {
    /// No routes.
    pub fn new() -> Self {
        Self {
            routes: Vec::new(),
            loop_guard: LoopGuard::default(),
            dialogues: Arc::default(),
        }
    }

    /// Has `handler` take what `filter` accepts and no earlier route took.
    #[must_use]
    pub fn on<A: 'static, H: Handler<A, S>>(mut self, filter: Filter, handler: H) -> Self {
        let act = Arc::new(Plain {
            handler,
            arguments: std::marker::PhantomData,
        });
        self.routes.push(Route {
            filter,
            act,
            overlap: Overlap::default(),
            rates: Vec::new(),
        });
        self
    }

    /// Says what the route added last does with events that come while it is
    /// at work in their conversation; [`Overlap::Queue`] where nothing is said.
    /// A bot keeps to it; who calls [`dispatch`](Self::dispatch) sees to the
    /// order of things.
    #[must_use]
    pub fn overlap(mut self, overlap: Overlap) -> Self {
        if let Some(route) = self.routes.last_mut() {
            route.overlap = overlap;
        }
        self
    }

    /// Has every route added so far take only what `filter` accepts too, such
    /// as [`from`](crate::from) a list of people.
    #[must_use]
    pub fn allow(mut self, filter: &Filter) -> Self {
        for route in &mut self.routes {
            route.filter = filter.clone() & route.filter.clone();
        }
        self
    }

    /// Has no route added so far take what `filter` accepts.
    #[must_use]
    pub fn deny(self, filter: &Filter) -> Self {
        self.allow(&!filter.clone())
    }

    /// Has all routes added so far together take no more events than this;
    /// further ones are dropped, or answered once as the rate says. Answers
    /// to questions do not count.
    #[must_use]
    pub fn rate(mut self, rate: Rate) -> Self {
        let guard = Arc::new(RateGuard::new(rate));
        for route in &mut self.routes {
            route.rates.push(Arc::clone(&guard));
        }
        self
    }

    /// Says when a bot takes what it hears for the other half of a loop. It
    /// does so in any case, as [`LoopGuard::default`] says;
    /// [`LoopGuard::off`] is for those who know better.
    #[must_use]
    pub fn loop_guard(mut self, guard: LoopGuard) -> Self {
        self.loop_guard = guard;
        self
    }

    /// Adds another router's routes behind these; the loop guard stays.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.routes.extend(other.routes);
        self
    }

    /// Adds another router's routes, each only for what `filter` accepts too.
    #[must_use]
    pub fn scope(mut self, filter: &Filter, inner: Self) -> Self {
        self.routes
            .extend(inner.routes.into_iter().map(|route| Route {
                filter: filter.clone() & route.filter.clone(),
                ..route
            }));
        self
    }

    /// Wraps every route added so far: `layer` sees the event before the
    /// handler and the reply after it, and may do without the handler.
    #[must_use]
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: for<'x> Fn(&'x Context, Next<'x>) -> Handling<'x> + Clone + Send + Sync + 'static,
    {
        for route in &mut self.routes {
            let inner = Arc::clone(&route.act);
            route.act = Arc::new(Layered {
                layer: layer.clone(),
                inner,
            });
        }
        self
    }

    /// The names of all commands, in the order of their routes.
    pub fn commands(&self) -> Vec<&str> {
        self.routes
            .iter()
            .flat_map(|route| route.filter.commands())
            .collect()
    }

    /// Whether any route takes the event.
    pub fn takes(&self, event: &Event) -> bool {
        self.find(event).is_some()
    }

    /// Has the first route that accepts the event handle it, and returns its
    /// reply without sending it. `None`: no route accepts it, or there were too
    /// many.
    ///
    /// # Errors
    /// The handler failed.
    pub async fn handle(&self, cx: &Context, state: &S) -> Result<Option<Reply>> {
        let Some(route) = self.find(cx.event()) else {
            return Ok(None);
        };
        match self.check(route, cx.event()) {
            Verdict::Kept => self.act(route, cx, state).await.map(Some),
            Verdict::Told(words) => Ok(Some(Reply::Message(words))),
            Verdict::Dropped => Ok(None),
        }
    }

    /// Handles an event and sends the reply through `outbox`. An event that
    /// answers a question of a handler goes to whoever waits for it, in another
    /// call of this.
    ///
    /// # Errors
    /// The handler failed, or the reply could not be sent.
    pub async fn dispatch(
        &self,
        event: Event,
        state: &S,
        outbox: Arc<dyn Outbox>,
    ) -> Result<Receipt> {
        let event = Arc::new(event);
        if let Some(answered) = self.dialogues.claim(&event)
            && answered.give(&event, &outbox, Seat::default()).is_ok()
        {
            return Ok(Receipt::default());
        }
        let work = Work::alone(Arc::clone(&self.dialogues));
        let cx = Context::at_work(event, outbox, Arc::clone(&work));
        let reply = self.handle(&cx, state).await?;
        let (_, last) = work.leave();
        match reply {
            Some(reply) => last.unwrap_or(cx).answer(reply).await,
            None => Ok(Receipt::default()),
        }
    }

    /// The first route that accepts the event, by its number.
    pub(crate) fn find(&self, event: &Event) -> Option<usize> {
        self.routes
            .iter()
            .position(|route| route.filter.accepts(event))
    }

    /// What a route does with events that overlap.
    pub(crate) fn overlap_of(&self, route: usize) -> Overlap {
        self.routes
            .get(route)
            .map_or(Overlap::default(), |route| route.overlap)
    }

    pub(crate) fn loop_guard_is(&self) -> LoopGuard {
        self.loop_guard
    }

    /// Counts the event with the rates of a route.
    pub(crate) fn check(&self, route: usize, event: &Event) -> Verdict {
        self.routes
            .get(route)
            .map_or(Verdict::Kept, |route| route.check(event, Instant::now()))
    }

    /// Has a route handle the event.
    pub(crate) async fn act(&self, route: usize, cx: &Context, state: &S) -> Result<Reply> {
        match self.routes.get(route) {
            Some(route) => route.act.act(cx, state).await,
            None => Ok(Reply::Nothing),
        }
    }
}

impl<S: Send + Sync + 'static> Default for Router<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> Clone for Router<S> {
    fn clone(&self) -> Self {
        Self {
            routes: self.routes.clone(),
            loop_guard: self.loop_guard,
            dialogues: Arc::clone(&self.dialogues),
        }
    }
}

impl<S> std::fmt::Debug for Router<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.routes.iter().map(|route| &route.filter))
            .finish()
    }
}

impl From<Reject> for Message {
    fn from(reject: Reject) -> Self {
        Self::text(reject.0)
    }
}
