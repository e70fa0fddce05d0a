//! Answers in the response to a callback: in time, or by another way, and
//! never by both.

use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};

/// How much sooner than the platform gives up we stop waiting for an answer.
const WAY_BACK: Duration = Duration::from_millis(500);

/// The end of whoever makes the answer.
pub(crate) struct Offer<A>(oneshot::Sender<Given<A>>);

/// The end of whoever writes the response.
pub(crate) struct Waiting<A> {
    given: oneshot::Receiver<Given<A>>,
    /// Nothing where it is waited for as long as it takes.
    until: Option<Instant>,
}

struct Given<A> {
    answer: A,
    taken: oneshot::Sender<()>,
}

/// Two ends of the response to a callback that came then and is waited for
/// that long, or for ever.
pub(crate) fn in_band<A>(came: Instant, within: Option<Duration>) -> (Offer<A>, Waiting<A>) {
    let (sender, given) = oneshot::channel();
    let until = within.map(|within| came + within.saturating_sub(WAY_BACK));
    (Offer(sender), Waiting { given, until })
}

impl<A> Offer<A> {
    /// Puts the answer into the response. `false`: it is too late, or the
    /// caller has gone; the answer has to go another way.
    pub(crate) async fn give(self, answer: A) -> bool {
        let (taken, is_taken) = oneshot::channel();
        self.0.send(Given { answer, taken }).is_ok() && is_taken.await.is_ok()
    }
}

impl<A> Waiting<A> {
    /// The answer, if it comes while the platform waits. Ends at once when
    /// there will be none.
    pub(crate) async fn answer(mut self) -> Option<A> {
        let in_time = match self.until {
            Some(until) => timeout_at(until, &mut self.given).await,
            None => Ok((&mut self.given).await),
        };
        let given = if let Ok(given) = in_time {
            given.ok()?
        } else {
            // What was given at the last moment counts, and nothing after it.
            self.given.close();
            self.given.try_recv().ok()?
        };
        // Nothing is awaited from here to the response. Whoever gave the answer
        // may be gone; then nobody sends it another way either.
        let _ = given.taken.send(());
        Some(given.answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WITHIN: Option<Duration> = Some(Duration::from_secs(5));

    #[tokio::test(start_paused = true)]
    async fn an_answer_in_time_goes_into_the_response() {
        let (offer, waiting) = in_band(Instant::now(), WITHIN);
        let waiting = tokio::spawn(waiting.answer());
        tokio::time::sleep(Duration::from_millis(4400)).await;
        assert!(offer.give("pong").await);
        assert_eq!(waiting.await.unwrap(), Some("pong"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_late_answer_goes_another_way() {
        let (offer, waiting) = in_band(Instant::now(), WITHIN);
        let began = Instant::now();
        let waiting = tokio::spawn(waiting.answer());
        tokio::time::sleep(Duration::from_secs(8)).await;
        assert!(!offer.give("pong").await);
        assert_eq!(waiting.await.unwrap(), None);
        assert_eq!(began.elapsed(), Duration::from_secs(8));
    }

    /// The platform counts from when it called, not from when there was room.
    #[tokio::test(start_paused = true)]
    async fn what_passed_before_anybody_waits_counts() {
        let (offer, waiting) = in_band(Instant::now(), WITHIN);
        tokio::time::sleep(Duration::from_secs(3)).await;
        let waiting = tokio::spawn(waiting.answer());
        tokio::time::sleep(Duration::from_millis(1600)).await;
        assert!(!offer.give("pong").await);
        assert_eq!(waiting.await.unwrap(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn the_response_does_not_wait_for_an_answer_that_will_not_come() {
        let (offer, waiting) = in_band::<()>(Instant::now(), WITHIN);
        drop(offer);
        let began = Instant::now();
        assert_eq!(waiting.answer().await, None);
        assert!(began.elapsed().is_zero());
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_for_a_caller_who_has_gone_goes_another_way() {
        let (offer, waiting) = in_band(Instant::now(), WITHIN);
        let waiting = tokio::spawn(waiting.answer());
        waiting.abort();
        assert!(waiting.await.is_err());
        assert!(!offer.give("pong").await);

        // Gone between the two steps: given, but never written.
        let (offer, waiting) = in_band(Instant::now(), WITHIN);
        let giving = tokio::spawn(offer.give("pong"));
        tokio::task::yield_now().await;
        drop(waiting);
        assert!(!giving.await.unwrap());
    }
}
