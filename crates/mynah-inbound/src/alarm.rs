//! One timer for a moment that keeps moving.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use tokio::time::Sleep;

/// Rings when a moment has come. The moment may be another one each time; as
/// long as it only moves away, which is what deadlines do while a peer is
/// alive, the timer underneath is left alone and set anew when it fires.
#[derive(Debug, Default)]
pub(crate) struct Alarm {
    sleep: Option<Pin<Box<Sleep>>>,
    /// Whom the timer wakes.
    waker: Option<Waker>,
}

impl Alarm {
    /// Ready once `due` has come; wakes the task when it comes.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>, due: Option<Instant>) -> Poll<()> {
        let Some(due) = due.map(tokio::time::Instant::from_std) else {
            return Poll::Pending;
        };
        let sleep = self
            .sleep
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(due)));
        let waker = self.waker.as_ref();
        if due < sleep.deadline() {
            sleep.as_mut().reset(due);
        } else if !sleep.is_elapsed() && waker.is_some_and(|it| it.will_wake(cx.waker())) {
            return Poll::Pending;
        }
        while sleep.as_mut().poll(cx).is_ready() {
            if due <= sleep.deadline() {
                return Poll::Ready(());
            }
            sleep.as_mut().reset(due);
        }
        self.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

/// The time as the runtime counts it, which tests can stop.
pub(crate) fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn it_rings_at_the_moment_it_was_moved_to() {
        let start = Instant::now();
        let mut alarm = Alarm::default();
        let early = start + Duration::from_millis(5);
        let late = start + Duration::from_millis(30);
        let first = poll_fn(|cx| Poll::Ready(alarm.poll(cx, Some(early)))).await;
        assert!(first.is_pending());
        poll_fn(|cx| alarm.poll(cx, Some(late))).await;
        assert!(start.elapsed() >= Duration::from_millis(30));
    }

    #[tokio::test]
    async fn it_can_be_moved_nearer() {
        let start = Instant::now();
        let mut alarm = Alarm::default();
        let far = start + Duration::from_secs(60);
        let near = start + Duration::from_millis(5);
        let first = poll_fn(|cx| Poll::Ready(alarm.poll(cx, Some(far)))).await;
        assert!(first.is_pending());
        poll_fn(|cx| alarm.poll(cx, Some(near))).await;
        assert!(start.elapsed() < Duration::from_secs(30));
    }
}
