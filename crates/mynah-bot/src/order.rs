//! One thing at a time in each conversation, everything else at once.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::id::Conversation;

/// Keeps the events of one conversation in order: who enters while another
/// is inside waits behind it, and those of other conversations pass.
///
/// The queue of each conversation is bounded; what finds it full is turned
/// away, so that a flood in one place cannot fill the memory.
#[derive(Clone, Debug)]
pub struct Order(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    waiting: Mutex<HashMap<Conversation, VecDeque<oneshot::Sender<Turn>>>>,
    longest: usize,
}

/// A place in the queue, taken in the order of the calls to [`Order::enter`].
#[derive(Debug)]
pub enum Entry {
    /// Nobody is inside.
    Now(Turn),
    /// Somebody is inside.
    Later(Later),
    /// The queue is full.
    Full,
}

/// A place in the queue of a conversation.
#[derive(Debug)]
pub struct Later(oneshot::Receiver<Turn>);

impl Later {
    /// Waits until everybody ahead is done.
    pub async fn turn(self) -> Option<Turn> {
        self.0.await.ok()
    }
}

/// Whoever holds this is inside; dropping it lets the next one in.
#[derive(Debug)]
pub struct Turn {
    order: Arc<Inner>,
    place: Option<Conversation>,
}

impl Order {
    /// At most `longest` wait in each conversation.
    pub fn new(longest: usize) -> Self {
        Self(Arc::new(Inner {
            waiting: Mutex::default(),
            longest,
        }))
    }

    /// Asks to handle an event of `place`. Take it where events arrive, in
    /// their order; wait for it elsewhere.
    pub fn enter(&self, place: &Conversation) -> Entry {
        let mut waiting = self.0.lock();
        match waiting.get_mut(place) {
            None => {
                waiting.insert(place.clone(), VecDeque::new());
                Entry::Now(Turn {
                    order: Arc::clone(&self.0),
                    place: Some(place.clone()),
                })
            }
            Some(queue) if queue.len() >= self.0.longest => Entry::Full,
            Some(queue) => {
                let (let_in, turn) = oneshot::channel();
                queue.push_back(let_in);
                Entry::Later(Later(turn))
            }
        }
    }

    /// How many conversations have somebody inside.
    pub fn busy(&self) -> usize {
        self.0.lock().len()
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, HashMap<Conversation, VecDeque<oneshot::Sender<Turn>>>> {
        // Nothing inside panics while the map is half changed.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the next one of `place` in who is still waiting.
    fn leave(self: &Arc<Self>, place: Conversation) {
        let mut turn = Turn {
            order: Arc::clone(self),
            place: Some(place),
        };
        while let Some(next) = self.next(&mut turn) {
            match next.send(turn) {
                Ok(()) => return,
                Err(back) => turn = back,
            }
        }
    }

    /// The next in the queue of the turn's conversation; if there is nobody,
    /// the turn is spent and the conversation free.
    fn next(&self, turn: &mut Turn) -> Option<oneshot::Sender<Turn>> {
        let mut waiting = self.lock();
        let next = waiting
            .get_mut(turn.place.as_ref()?)
            .and_then(VecDeque::pop_front);
        if next.is_none() {
            waiting.remove(&turn.place.take()?);
        }
        next
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(place) = self.place.take() {
            Arc::clone(&self.order).leave(place);
        }
    }
}
