//! Posts that go out in order, lane by lane.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;
use tokio::task::JoinSet;

use super::post::Poster;

/// Posts that are under way. What has the same lane goes out one after the
/// other; lanes do not wait for each other.
#[derive(Debug)]
pub(crate) struct Lanes {
    poster: Arc<Poster>,
    under_way: JoinSet<()>,
    /// By lane, what the next post in it waits for.
    last: HashMap<String, oneshot::Receiver<()>>,
}

/// Held by a post until the next one in its lane may go out.
#[derive(Debug)]
pub(crate) struct Turn(Option<oneshot::Sender<()>>);

impl Turn {
    /// Lets the next one go out before this one has ended.
    pub(crate) fn end(&mut self) {
        self.0.take();
    }
}

impl Lanes {
    pub(crate) fn new() -> Self {
        Self {
            poster: Arc::new(Poster::new()),
            under_way: JoinSet::new(),
            last: HashMap::new(),
        }
    }

    /// Waits until fewer than `most` are under way.
    pub(crate) async fn room(&mut self, most: usize) {
        while self.under_way.try_join_next().is_some() {}
        while self.under_way.len() >= most {
            self.under_way.join_next().await;
        }
    }

    /// How many are under way or wait for their turn.
    pub(crate) fn len(&mut self) -> usize {
        while self.under_way.try_join_next().is_some() {}
        self.under_way.len()
    }

    /// Posts something as soon as the [turn](Turn) of what was posted before in
    /// its lane has ended.
    pub(crate) fn post<F>(
        &mut self,
        lane: String,
        post: impl FnOnce(Arc<Poster>, Turn) -> F + Send + 'static,
    ) where
        F: Future<Output = ()> + Send,
    {
        self.last
            .retain(|_, last| matches!(last.try_recv(), Err(TryRecvError::Empty)));
        let (turn, next) = oneshot::channel();
        let before = self.last.insert(lane, next);
        let poster = Arc::clone(&self.poster);
        self.under_way.spawn(async move {
            if let Some(before) = before {
                // It ends by being dropped.
                let _ = before.await;
            }
            post(poster, Turn(Some(turn))).await;
        });
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn what_has_the_same_lane_waits_and_nothing_else_does() {
        let mut lanes = Lanes::new();
        let (done, mut seen) = mpsc::unbounded_channel();
        let (go, held) = oneshot::channel::<()>();
        let told = done.clone();
        lanes.post("a".to_owned(), |_, mut turn| async move {
            let _ = held.await;
            told.send("first").unwrap();
            turn.end();
            // Goes on without holding anybody up.
            std::future::pending::<()>().await;
        });
        let told = done.clone();
        lanes.post("a".to_owned(), |_, _| async move {
            told.send("second").unwrap();
        });
        let told = done.clone();
        lanes.post("b".to_owned(), |_, _| async move {
            told.send("elsewhere").unwrap();
        });
        assert_eq!(seen.recv().await, Some("elsewhere"));
        go.send(()).unwrap();
        assert_eq!(seen.recv().await, Some("first"));
        assert_eq!(seen.recv().await, Some("second"));
        lanes.room(2).await;
        assert_eq!(lanes.len(), 1);
    }
}
