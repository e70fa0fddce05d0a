//! Where events are handled, whatever brought them: each once, in the order
//! of its conversation, and no more at a time than there is room for; where
//! the reply goes in the response to a callback, if it is there in time; and
//! where all of it ends when the bot is told to stop.

use std::any::Any;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::Instant;
use tracing::Instrument;

use crate::dialogue::{Answered, Dialogues, Line, Seat, WayBack, Work};
use crate::event::{Event, EventKind};
use crate::extract::Context;
use crate::guard::{Loops, Verdict};
use crate::id::{Conversation, MessageId, Platform, UserId};
use crate::inband::{Offer, in_band};
use crate::message::Message;
use crate::observe::{Observers, Outcome};
use crate::order::{Entry, Order};
use crate::outboxes::Outboxes;
use crate::overlap::{Claim, Debounce, Overlap, Pending, Sole};
use crate::recent::Recent;
use crate::reply::{BotError, Doing, Outbox, Receipt, Reply, Result};
use crate::router::Router;

/// How many events of one account are handled or wait for their turn at once;
/// further ones wait outside.
const ROOM: usize = 1024;

/// How many messages of one account are remembered at least, to know a second
/// delivery.
const SEEN: usize = 16_384;

/// A router at work.
pub(crate) struct Desk<S> {
    router: Router<S>,
    state: S,
    order: Order<Line>,
    /// Of each account, so that none takes that of the others.
    rooms: Mutex<HashMap<Arc<str>, Arc<Semaphore>>>,
    /// The last messages of each account, so that none has another one forget.
    seen: Mutex<HashMap<Arc<str>, Recent<Key, ()>>>,
    dialogues: Arc<Dialogues>,
    loops: Loops,
    observers: Observers,
    outboxes: Outboxes,
    /// The routes that drop what overlaps, where they are at work.
    sole: Sole<Place>,
    debounce: Debounce<(Place, Option<UserId>)>,
    stage: watch::Sender<Stage>,
    /// How many events were admitted and are not done.
    inside: Arc<watch::Sender<usize>>,
}

/// A route in a conversation.
type Place = (usize, Arc<str>, Option<Conversation>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    /// Events are let in.
    Open,
    /// They wait outside; those inside go on.
    Draining,
    /// Whoever waits is sent away.
    Over,
}

/// An event that has been let in, at its place in the queue.
pub(crate) struct Admitted {
    event: Event,
    task: Task,
    entry: Option<Entry<Line>>,
    room: OwnedSemaphorePermit,
    sole: Option<Claim<Place>>,
    inside: Inside,
}

/// What becomes of an event.
enum Task {
    /// A handler waits for it.
    Answer(Answered),
    /// A route handles it.
    Handle(usize),
    /// A route handles it, unless something newer comes.
    Debounce {
        route: usize,
        pending: Pending<(Place, Option<UserId>)>,
    },
    /// It is one too many, and answered with this.
    Tell(Message),
}

/// One of those that are inside.
struct Inside(Arc<watch::Sender<usize>>);

impl Inside {
    fn enter(count: &Arc<watch::Sender<usize>>) -> Self {
        count.send_modify(|count| *count += 1);
        Self(Arc::clone(count))
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

impl Admitted {
    /// What is logged of the event and of the calls it causes stands in this.
    pub(crate) fn span(&self) -> tracing::Span {
        let Event { account, kind, .. } = &self.event;
        let platform = self.event.platform().name();
        tracing::info_span!("event", platform, %account, ?kind)
    }
}

/// An event that was handled. The next of its conversation follows when this
/// is dropped, which is when the reply is on its way.
pub(crate) struct Handled {
    cx: Context,
    pub(crate) reply: Reply,
    work: Done,
    observers: Observers,
    _held: (Seat, Option<Claim<Place>>, Inside),
}

/// How the work on an event went.
#[derive(Default)]
struct Done {
    took: Duration,
    /// What the handler has sent.
    sent: Vec<MessageId>,
    /// Why the handler failed.
    failed: Option<BotError>,
}

/// How a reply goes back in the response to a callback.
pub(crate) trait Responds: Send + Sync + 'static {
    /// What stands in a response.
    type Answer: Send + 'static;

    /// The reply as the response, or `None` where it cannot stand there.
    ///
    /// # Errors
    /// The reply cannot be sent at all.
    fn respond(
        &self,
        handled: &Handled,
    ) -> impl Future<Output = Result<Option<Response<Self::Answer>>>> + Send;
}

/// A reply as the response to a callback.
pub(crate) struct Response<A> {
    /// What stands in the response.
    pub(crate) answer: A,
    /// The same by a call, if it comes too late; `None` where the reply is sent
    /// like any other.
    pub(crate) otherwise: Option<Doing<'static, Receipt>>,
}

impl<A> From<A> for Response<A> {
    fn from(answer: A) -> Self {
        Self {
            answer,
            otherwise: None,
        }
    }
}

/// For how long whoever called back waits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// When the callback came.
    pub(crate) came: Instant,
    /// For how long it waits from then on; `None`: as long as it takes.
    pub(crate) within: Option<Duration>,
}

impl<S: Send + Sync + 'static> Desk<S> {
    pub(crate) fn new(router: Router<S>, state: S) -> Self {
        Self {
            observers: Observers::default(),
            outboxes: Outboxes::default(),
            loops: Loops::new(router.loop_guard_is()),
            router,
            state,
            order: Order::new(ROOM),
            rooms: Mutex::default(),
            seen: Mutex::default(),
            dialogues: Arc::default(),
            sole: Sole::default(),
            debounce: Debounce::default(),
            stage: watch::Sender::new(Stage::Open),
            inside: Arc::new(watch::Sender::new(0)),
        }
    }

    /// The same with these to look on.
    pub(crate) fn observed(self, observers: Observers) -> Self {
        Self { observers, ..self }
    }

    /// The same, telling these when an account can speak.
    pub(crate) fn speaking(self, outboxes: Outboxes) -> Self {
        Self { outboxes, ..self }
    }

    /// Where it is told which accounts can speak.
    pub(crate) fn outboxes(&self) -> &Outboxes {
        &self.outboxes
    }

    /// Waits for room and takes the event's place in the queue of its
    /// conversation, so events must be brought here in their order.
    ///
    /// `None` for what nobody takes and for messages that were here before.
    /// Once the desk is [stopped](Self::stop) it ends, with `None`, only when
    /// all is over: what is not acknowledged until then comes again elsewhere.
    pub(crate) async fn admit(&self, event: Event) -> Option<Admitted> {
        let key = match event.kind {
            // A press that was said is a message of its own.
            EventKind::Message | EventKind::Pressed => event.message_id.clone(),
            _ => None,
        };
        self.admit_known(event, key).await
    }

    /// As [`admit`](Self::admit), for events of every kind that the platform
    /// delivers more than once; `key` is what the deliveries have in common.
    pub(crate) async fn admit_once(&self, event: Event, key: MessageId) -> Option<Admitted> {
        self.admit_known(event, Some(key)).await
    }

    /// What comes of asking to admit something that was posted. Whatever ends the handling of a
    /// post acknowledges it. So nothing ends once all is over: the server hangs up, and what was
    /// not let in is posted again.
    pub(crate) async fn posted(
        &self,
        admission: impl Future<Output = Option<Admitted>>,
    ) -> Option<Admitted> {
        let admitted = admission.await;
        if admitted.is_none() {
            self.acknowledges().await;
        }
        admitted
    }

    /// As [`posted`](Self::posted), after something was posted that may become several events.
    pub(crate) async fn acknowledges(&self) {
        let is_over = *self.stage.borrow() == Stage::Over;
        if is_over {
            std::future::pending::<()>().await;
        }
    }

    async fn admit_known(&self, event: Event, key: Option<MessageId>) -> Option<Admitted> {
        let route = self.find(&event);
        if route.is_none() && !self.dialogues.expects(&event) {
            return None;
        }
        let room = self.room(&event.account);
        let room = match Arc::clone(&room).try_acquire_owned() {
            Ok(room) if *self.stage.borrow() == Stage::Open => Some(room),
            _ => tokio::select! {
                biased;
                () = self.reaches(Stage::Draining) => None,
                room = room.acquire_owned() => room.ok(),
            },
        };
        let Some(room) = room else {
            self.reaches(Stage::Over).await;
            return None;
        };
        let inside = Inside::enter(&self.inside);
        // Only now: who gives up waiting for room may bring it again.
        if key.is_some_and(|key| self.is_repeated(&event, key)) {
            return None;
        }
        let (task, sole) = match self.dialogues.claim(&event) {
            Some(answered) => (Task::Answer(answered), None),
            None => self.task(route?, &event)?,
        };
        let takes_turn = match &task {
            Task::Answer(answered) => answered.takes_turns,
            Task::Handle(route) => self.router.overlap_of(*route) != Overlap::Concurrent,
            // Its turn comes when nothing newer can come.
            Task::Debounce { .. } => false,
            Task::Tell(_) => true,
        };
        let line = line(&event).filter(|_| takes_turn);
        let entry = line.map(|line| self.order.enter(&line));
        Some(Admitted {
            event,
            task,
            entry,
            room,
            sole,
            inside,
        })
    }

    /// What a route does with an event, if anything.
    fn task(&self, route: usize, event: &Event) -> Option<(Task, Option<Claim<Place>>)> {
        let Event { account, kind, .. } = event;
        if let Some(key) = self.loops.key(event)
            && self.loops.is_silent(&key, Instant::now())
        {
            return None;
        }
        match self.router.check(route, event) {
            Verdict::Kept => {}
            Verdict::Told(words) => return Some((Task::Tell(words), None)),
            Verdict::Dropped => {
                tracing::debug!(%account, ?kind, "an event too many was dropped");
                return None;
            }
        }
        let place = || (route, Arc::clone(account), event.conversation.clone());
        Some(match self.router.overlap_of(route) {
            Overlap::Queue | Overlap::Concurrent => (Task::Handle(route), None),
            Overlap::Drop => {
                let claim = self.sole.claim(place());
                if claim.is_none() {
                    tracing::debug!(%account, ?kind, "an event was dropped: its route is at work");
                }
                (Task::Handle(route), Some(claim?))
            }
            Overlap::Debounce(wait) => {
                let key = (place(), event.sender.clone());
                let pending = self.debounce.follow(key, wait);
                (Task::Debounce { route, pending }, None)
            }
        })
    }

    /// Handles the event in its turn. What goes wrong is logged; people see
    /// nothing of it.
    pub(crate) async fn handle(&self, admitted: Admitted, outbox: Arc<dyn Outbox>) -> Handled {
        let Admitted {
            event,
            task,
            entry,
            room,
            sole,
            inside,
        } = admitted;
        self.observers.let_in(&event);
        let event = Arc::new(event);
        let cx = Context::new(Arc::clone(&event), Arc::clone(&outbox));
        let idle = Done::default;
        let (cx, reply, work, seat) = match task {
            Task::Tell(words) => {
                let seat = Seat::take(entry, room).await;
                (cx, Reply::Message(words), idle(), seat)
            }
            Task::Answer(answered) => {
                let seat = Seat::take(entry, room).await;
                match answered.give(&event, &outbox, seat) {
                    Ok(()) => (cx, Reply::Nothing, idle(), Seat::default()),
                    // Whoever asked has gone, and so it is an event like any other.
                    Err(seat) => match self.find(&event) {
                        Some(route) => self.work(route, event, outbox, seat).await,
                        None => (cx, Reply::Nothing, idle(), seat),
                    },
                }
            }
            Task::Debounce { route, pending } => {
                if pending.stays_last().await {
                    let entry = line(&event).map(|line| self.order.enter(&line));
                    let seat = Seat::take(entry, room).await;
                    self.work(route, event, outbox, seat).await
                } else {
                    (cx, Reply::Nothing, idle(), Seat::default())
                }
            }
            Task::Handle(route) => {
                let seat = Seat::take(entry, room).await;
                self.work(route, event, outbox, seat).await
            }
        };
        Handled {
            cx,
            reply,
            work,
            observers: self.observers.clone(),
            _held: (seat, sole, inside),
        }
    }

    /// Has a route handle the event, whose turn it is. The reply goes where
    /// the context says.
    async fn work(
        &self,
        route: usize,
        event: Arc<Event>,
        outbox: Arc<dyn Outbox>,
        seat: Seat,
    ) -> (Context, Reply, Done, Seat) {
        let takes_turns = self.router.overlap_of(route) != Overlap::Concurrent;
        let way_back = WayBack {
            order: self.order.clone(),
            line: line(&event).filter(|_| takes_turns),
            room: self.room(&event.account),
        };
        let work = Work::seated(Arc::clone(&self.dialogues), way_back, seat);
        let cx = Context::at_work(event, outbox, Arc::clone(&work));
        let began = Instant::now();
        let outcome = caught(self.router.act(route, &cx, &self.state)).await;
        let took = began.elapsed();
        let (reply, failed) = match outcome {
            Ok(reply) => (reply, None),
            Err(error) => {
                let Event { account, kind, .. } = cx.event();
                tracing::error!(%account, ?kind, %error, "a handler failed");
                (Reply::Nothing, Some(error))
            }
        };
        let (seat, last) = work.leave();
        let done = Done {
            took,
            sent: work.take_sent(),
            failed,
        };
        let speaks = reply != Reply::Nothing || work.has_spoken();
        if speaks && let Some(key) = self.loops.key(cx.event()) {
            self.loops.answered(key, Instant::now());
        }
        (last.unwrap_or(cx), reply, done, seat)
    }

    /// Handles the event in its turn and sends the reply.
    pub(crate) async fn serve(&self, admitted: Admitted, outbox: Arc<dyn Outbox>) {
        let handled = self.handle(admitted, outbox).await;
        handled.say(handled.answer().await);
    }

    /// Handles the event of a callback in its turn. The reply is what comes
    /// back here if it is there in time and can stand in the response;
    /// otherwise nothing comes back, as soon as that is clear, and the reply is
    /// sent like any other. Never both, and the work goes on when the caller
    /// hangs up.
    pub(crate) async fn respond<W: Responds>(
        self: Arc<Self>,
        admitted: Admitted,
        outbox: Arc<dyn Outbox>,
        way: W,
        patience: Patience,
    ) -> Option<W::Answer> {
        let (offer, waiting) = in_band(patience.came, patience.within);
        let (desk, span) = (Arc::clone(&self), admitted.span());
        let work = async move {
            let handled = desk.handle(admitted, outbox).await;
            handled.say(handled.respond(&way, offer).await);
        };
        tokio::spawn(work.instrument(span));
        tokio::select! {
            answer = waiting.answer() => answer,
            () = self.reaches(Stage::Over) => None,
        }
    }

    /// Lets nobody in any more, and ends all questions without an answer.
    pub(crate) fn stop(&self) {
        self.stage.send_replace(Stage::Draining);
        self.dialogues.end();
    }

    /// Waits until nothing is being handled any more and all replies are on
    /// their way, but no longer than this.
    pub(crate) async fn drain(&self, longest: Duration) {
        let mut inside = self.inside.subscribe();
        let empty = inside.wait_for(|inside| *inside == 0);
        if tokio::time::timeout(longest, empty).await.is_err() {
            let inside = *self.inside.borrow();
            tracing::warn!(inside, "handlers did not end within {longest:?}");
        }
    }

    /// Sends away whoever waits to be let in, or for a response.
    pub(crate) fn end(&self) {
        self.stage.send_replace(Stage::Over);
    }

    async fn reaches(&self, stage: Stage) {
        let mut now = self.stage.subscribe();
        // The sender is ours, and so it is there.
        let _ = now.wait_for(|now| *now >= stage).await;
    }

    /// The route that takes the event. A filter that panics takes nothing.
    fn find(&self, event: &Event) -> Option<usize> {
        let found = catch_unwind(AssertUnwindSafe(|| self.router.find(event)));
        found.unwrap_or_else(|panic| {
            let Event { account, kind, .. } = event;
            tracing::error!(%account, ?kind, error = %words(&*panic), "a filter panicked");
            None
        })
    }

    fn room(&self, account: &Arc<str>) -> Arc<Semaphore> {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let room = rooms
            .entry(Arc::clone(account))
            .or_insert_with(|| Arc::new(Semaphore::new(ROOM)));
        Arc::clone(room)
    }

    fn is_repeated(&self, event: &Event, key: MessageId) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = seen
            .entry(Arc::clone(&event.account))
            .or_insert_with(|| Recent::of(SEEN));
        !seen.insert((event.platform(), key), ())
    }
}

fn line(event: &Event) -> Option<Line> {
    let place = event.conversation.clone()?;
    Some((Arc::clone(&event.account), place))
}

/// What comes of it; a panic is an error.
async fn caught<T>(handling: impl Future<Output = Result<T>>) -> Result<T> {
    let mut handling = pin!(handling);
    std::future::poll_fn(|cx| {
        let polled = catch_unwind(AssertUnwindSafe(|| handling.as_mut().poll(cx)));
        polled.unwrap_or_else(|panic| {
            let problem = format!("it panicked: {}", words(&*panic));
            Poll::Ready(Err(BotError::new(problem)))
        })
    })
    .await
}

/// What a panic says.
fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("?")
}

impl Handled {
    /// What was handled; the last answer, where the handler asked something.
    pub(crate) fn event(&self) -> &Event {
        self.cx.event()
    }

    /// Sends the reply.
    pub(crate) async fn answer(&self) -> Result<Receipt> {
        self.cx.answer(self.reply.clone()).await
    }

    /// Puts the reply into the response, or sends it.
    async fn respond<W: Responds>(&self, way: &W, offer: Offer<W::Answer>) -> Result<Receipt> {
        if let Some(Response { answer, otherwise }) = way.respond(self).await? {
            if offer.give(answer).await {
                return Ok(Receipt::default());
            }
            if let Some(otherwise) = otherwise {
                return otherwise.await;
            }
        } else {
            // The response says that there is no answer in it.
            drop(offer);
        }
        self.answer().await
    }

    /// Says what became of it.
    fn say(&self, outcome: Result<Receipt>) {
        let event = self.event();
        let (reply, unsent) = match outcome {
            Ok(receipt) => (receipt.ids, None),
            Err(error) => (Vec::new(), Some(error)),
        };
        if let Some(error) = &unsent {
            let account = &event.account;
            tracing::error!(%account, %error, "a reply was not sent");
        }
        let outcome = Outcome {
            took: self.work.took,
            reply: &self.reply,
            sent: &[&*self.work.sent, &reply].concat(),
            error: self.work.failed.as_ref().or(unsent.as_ref()),
        };
        self.observers.handled(event, &outcome);
    }
}

type Key = (Platform, MessageId);

#[cfg(test)]
mod rush;
#[cfg(test)]
mod tests;
