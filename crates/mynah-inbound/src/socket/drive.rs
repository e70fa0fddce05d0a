//! One connection: a machine, a socket, and the task that owns both.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use mynah_core::{Frame, Session, Tickets, TransportError};
use tokio::sync::oneshot;

use super::account::{Lane, Order, Outcome};
use super::handover::{Coming, Handover, Origin};
use super::wire::{End, Wire};
use super::{Listener, Settings};
use crate::alarm::{Alarm, now};

/// Frames that are read before anything else is done.
const READS: usize = 64;

/// The close code of whoever has had enough (RFC 6455, 7.4.1).
const NORMAL: u16 = 1000;

/// A connection while it is open. Its events go to a [`Handover`], which it may
/// share with another connection of the account.
pub(super) struct Drive<S: Session> {
    /// Tells it apart from the others that share the handover.
    id: u64,
    session: S,
    wire: Wire,
    lane: OwnLane,
    settings: Arc<Settings>,
    orders: VecDeque<Order>,
    answers: Tickets<oneshot::Sender<Outcome>>,
    /// How many events have come out of the session.
    events: u64,
    alarm: Alarm,
    /// When a close that has begun must be done.
    close_by: Option<Instant>,
    stall: Option<Stall>,
}

/// The lane that this task serves: however the task ends, nobody goes on
/// waiting for it.
struct OwnLane(Arc<Lane>);

impl Drop for OwnLane {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// The peer does not read.
struct Stall {
    /// How much had gone out by then.
    written: u64,
    until: Instant,
}

impl<S: Session> Drive<S> {
    pub(super) fn new(
        id: u64,
        session: S,
        wire: Wire,
        lane: Arc<Lane>,
        settings: Arc<Settings>,
    ) -> Self {
        Self {
            id,
            session,
            wire,
            lane: OwnLane(lane),
            settings,
            orders: VecDeque::new(),
            answers: Tickets::default(),
            events: 0,
            alarm: Alarm::default(),
            close_by: None,
            stall: None,
        }
    }

    /// Runs until the connection has ended, and says why it did.
    pub(super) async fn run<L>(&mut self, handover: &mut Handover<S::Event, L>) -> End
    where
        L: Listener<S::Event>,
    {
        poll_fn(|cx| self.poll(cx, handover)).await
    }

    /// Ready when the connection has ended, with the reason. Calls that wait
    /// have failed then; events may still wait to be handed over.
    pub(super) fn poll<L>(
        &mut self,
        cx: &mut Context<'_>,
        handover: &mut Handover<S::Event, L>,
    ) -> Poll<End>
    where
        L: Listener<S::Event>,
    {
        let now = now();
        let end = match self.turn(cx, now, handover) {
            Ok(()) => ready!(self.poll_time(cx, now)),
            Err(end) => {
                self.say_why(cx, &end);
                end
            }
        };
        self.finish(handover);
        Poll::Ready(end)
    }

    fn finish<L: Listener<S::Event>>(&mut self, handover: &mut Handover<S::Event, L>) {
        self.session.handle_close(now());
        self.give_answers();
        self.drain_events(handover);
        handover.disconnect(self.id);
        let untaken = self.lane.0.end();
        for order in self.orders.drain(..).chain(untaken) {
            if let Order::Call { answer, .. } = order {
                let error = TransportError::not_sent("the connection has ended");
                // Nobody may be waiting any more.
                let _ = answer.send(Err(error));
            }
        }
    }

    /// The machine, which is at its end.
    pub(super) fn into_session(self) -> S {
        self.session
    }

    /// The machine.
    pub(super) fn session(&self) -> &S {
        &self.session
    }

    /// Tells the machine that another connection has taken its place.
    pub(super) fn replace(&mut self) {
        self.session.handle_replaced(now());
    }

    /// The way to it.
    pub(super) fn lane(&self) -> &Arc<Lane> {
        &self.lane.0
    }

    /// Does what can be done now, and sends all that came of it at once.
    fn turn<L: Listener<S::Event>>(
        &mut self,
        cx: &mut Context<'_>,
        now: Instant,
        handover: &mut Handover<S::Event, L>,
    ) -> Result<(), End> {
        if self.session.poll_timeout().is_some_and(|due| due <= now) {
            self.session.handle_timeout(now);
        }
        // A machine may have something to tell before a frame has come.
        self.drain_events(handover);
        self.read(cx, now, handover)?;
        self.hand_over(cx, handover);
        self.take_orders(cx, now);
        self.give_answers();
        self.send(cx, now)
    }

    fn read<L: Listener<S::Event>>(
        &mut self,
        cx: &mut Context<'_>,
        now: Instant,
        handover: &mut Handover<S::Event, L>,
    ) -> Result<(), End> {
        for _ in 0..READS {
            let Poll::Ready(frame) = self.wire.poll_read(cx) else {
                return Ok(());
            };
            let frame = frame?;
            if let Frame::Close(..) = frame {
                self.begin_close(now);
            }
            self.session.handle_frame(now, frame);
            self.drain_events(handover);
            if !handover.is_behind() {
                self.hand_over(cx, handover);
            }
        }
        // There may be more; first the others get their turn.
        cx.waker().wake_by_ref();
        Ok(())
    }

    fn drain_events<L: Listener<S::Event>>(&mut self, handover: &mut Handover<S::Event, L>) {
        while let Some(event) = self.session.poll_event() {
            self.events += 1;
            handover.push(Coming {
                origin: Some(Origin {
                    connection: self.id,
                    n: self.events,
                }),
                key: self.session.dedupe_key(&event),
                event,
            });
        }
    }

    fn hand_over<L>(&mut self, cx: &mut Context<'_>, handover: &mut Handover<S::Event, L>)
    where
        L: Listener<S::Event>,
    {
        while let Some(n) = handover.left_for(self.id) {
            self.session.acknowledge(n);
        }
        while let Poll::Ready(origin) = handover.poll(cx) {
            match origin {
                Some(Origin { connection, n }) if connection == self.id => {
                    self.session.acknowledge(n);
                }
                Some(origin) => handover.leave(origin, cx),
                None => {}
            }
        }
    }

    fn take_orders(&mut self, cx: &mut Context<'_>, now: Instant) {
        if let Some(reason) = self.lane.0.take(&mut self.orders, cx.waker())
            && self.close_by.is_none()
        {
            self.close(cx, now, Frame::Close(NORMAL, reason.to_owned()));
        }
        while let Some(order) = self.orders.pop_front() {
            self.obey(order, now);
        }
    }

    fn obey(&mut self, order: Order, now: Instant) {
        match order {
            Order::Call {
                ticket,
                request,
                deadline,
                answer,
            } => match self.session.call(now, ticket, &request, deadline) {
                Ok(()) => {
                    self.answers.insert(ticket, answer);
                }
                Err(error) => {
                    let _ = answer.send(Err(error));
                }
            },
            Order::Abandon(ticket) => {
                self.answers.remove(&ticket);
                self.session.abandon(ticket);
            }
        }
    }

    fn give_answers(&mut self) {
        while let Some((ticket, outcome)) = self.session.poll_answer() {
            if let Some(answer) = self.answers.remove(&ticket) {
                let _ = answer.send(outcome);
            }
        }
    }

    fn send(&mut self, cx: &mut Context<'_>, now: Instant) -> Result<(), End> {
        while self.wire.is_writable() {
            match self.session.poll_send() {
                Some(close @ Frame::Close(..)) => self.close(cx, now, close),
                Some(frame) => self.wire.write(cx, frame)?,
                None => break,
            }
        }
        match self.wire.poll_flush(cx) {
            Poll::Ready(flushed) => {
                self.stall = None;
                flushed
            }
            Poll::Pending => {
                self.watch_stall(now);
                Ok(())
            }
        }
    }

    /// A peer that takes anything at all is given time anew.
    fn watch_stall(&mut self, now: Instant) {
        let written = self.wire.written();
        if self
            .stall
            .as_ref()
            .is_none_or(|stall| stall.written != written)
        {
            let until = now + self.settings.write_timeout;
            self.stall = Some(Stall { written, until });
        }
    }

    fn close(&mut self, cx: &mut Context<'_>, now: Instant, frame: Frame) {
        self.begin_close(now);
        // A socket that is past this shows it in the next flush.
        let _ = self.wire.write(cx, frame);
    }

    fn begin_close(&mut self, now: Instant) {
        self.close_by
            .get_or_insert(now + self.settings.close_timeout);
    }

    /// Tells the peer which rule it broke, if it is still there to hear it.
    fn say_why(&mut self, cx: &mut Context<'_>, end: &End) {
        if let End::Broken(code, reason) = end {
            let _ = self.wire.write(cx, Frame::Close(*code, reason.clone()));
            let _ = self.wire.poll_flush(cx);
        }
    }

    /// Ready when the connection has run out of time.
    fn poll_time(&mut self, cx: &mut Context<'_>, now: Instant) -> Poll<End> {
        let stalled = self.stall.as_ref().map(|stall| stall.until);
        for (due, end) in [(self.close_by, End::Closed), (stalled, End::Stalled)] {
            if due.is_some_and(|due| due <= now) {
                return Poll::Ready(end);
            }
        }
        let timeout = self.session.poll_timeout();
        let next = [timeout, self.close_by, stalled]
            .into_iter()
            .flatten()
            .min();
        if self.alarm.poll(cx, next).is_ready() {
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    }
}
