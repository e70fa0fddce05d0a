//! One connection: a machine, a socket, and the task that owns both.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use mynah_core::{Frame, Session, Tickets, TransportError};
use tokio::sync::oneshot;

use super::account::{Lane, Order, Outcome};
use super::handover::Handover;
use super::wire::{End, Wire};
use super::{Listener, Settings};
use crate::alarm::{Alarm, now};

/// Frames that are read before anything else is done.
const READS: usize = 64;

/// The close code of whoever has had enough (RFC 6455, 7.4.1).
const NORMAL: u16 = 1000;

/// A connection while it is open.
pub(super) struct Drive<S: Session, L> {
    session: S,
    wire: Wire,
    lane: OwnLane,
    handover: Handover<S::Event, L>,
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

impl<S: Session, L: Listener<S::Event>> Drive<S, L> {
    pub(super) fn new(
        session: S,
        wire: Wire,
        lane: Arc<Lane>,
        handover: Handover<S::Event, L>,
        settings: Arc<Settings>,
    ) -> Self {
        Self {
            session,
            wire,
            lane: OwnLane(lane),
            handover,
            settings,
            orders: VecDeque::new(),
            answers: Tickets::default(),
            events: 0,
            alarm: Alarm::default(),
            close_by: None,
            stall: None,
        }
    }

    /// Runs until the connection has ended, and says why it did. Calls that
    /// wait then fail; events may still wait to be handed over.
    pub(super) async fn run(&mut self) -> End {
        let end = poll_fn(|cx| self.poll(cx)).await;
        self.session.handle_close(now());
        self.give_answers();
        self.drain_events();
        self.handover.disconnect();
        let untaken = self.lane.0.end();
        for order in self.orders.drain(..).chain(untaken) {
            if let Order::Call { answer, .. } = order {
                let error = TransportError::not_sent("the connection has ended");
                // Nobody may be waiting any more.
                let _ = answer.send(Err(error));
            }
        }
        end
    }

    /// The machine, and the events that are left.
    pub(super) fn into_parts(self) -> (S, Handover<S::Event, L>) {
        (self.session, self.handover)
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<End> {
        let now = now();
        match self.turn(cx, now) {
            Ok(()) => self.poll_time(cx, now),
            Err(end) => {
                self.say_why(cx, &end);
                Poll::Ready(end)
            }
        }
    }

    /// Does what can be done now, and sends all that came of it at once.
    fn turn(&mut self, cx: &mut Context<'_>, now: Instant) -> Result<(), End> {
        if self.session.poll_timeout().is_some_and(|due| due <= now) {
            self.session.handle_timeout(now);
        }
        self.read(cx, now)?;
        self.hand_over(cx);
        self.take_orders(cx, now);
        self.give_answers();
        self.send(cx, now)
    }

    fn read(&mut self, cx: &mut Context<'_>, now: Instant) -> Result<(), End> {
        for _ in 0..READS {
            let Poll::Ready(frame) = self.wire.poll_read(cx) else {
                return Ok(());
            };
            let frame = frame?;
            if let Frame::Close(..) = frame {
                self.begin_close(now);
            }
            self.session.handle_frame(now, frame);
            self.drain_events();
            if !self.handover.is_behind() {
                self.hand_over(cx);
            }
        }
        // There may be more; first the others get their turn.
        cx.waker().wake_by_ref();
        Ok(())
    }

    fn drain_events(&mut self) {
        while let Some(event) = self.session.poll_event() {
            self.events += 1;
            self.handover.push(self.events, event);
        }
    }

    fn hand_over(&mut self, cx: &mut Context<'_>) {
        while let Poll::Ready(n) = self.handover.poll(cx) {
            if let Some(n) = n {
                self.session.acknowledge(n);
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
