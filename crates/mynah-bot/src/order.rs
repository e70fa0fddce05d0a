//! One thing at a time in each conversation, everything else at once.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::id::Conversation;

/// Keeps the events of one conversation in order: who enters while another
/// is inside waits behind it, and those of other conversations pass.
///
/// The queue of each conversation is bounded; what finds it full is turned
/// away, so that a flood in one place cannot fill the memory. `K` is what
/// tells the queues apart.
#[derive(Debug)]
pub struct Order<K: Eq + Hash = Conversation>(Arc<Inner<K>>);

#[derive(Debug)]
struct Inner<K: Eq + Hash> {
    waiting: Mutex<Queues<K>>,
    longest: usize,
}

type Queues<K> = HashMap<K, VecDeque<oneshot::Sender<Turn<K>>>>;

/// A place in the queue, taken in the order of the calls to [`Order::enter`].
#[derive(Debug)]
pub enum Entry<K: Eq + Hash = Conversation> {
    /// Nobody is inside.
    Now(Turn<K>),
    /// Somebody is inside.
    Later(Later<K>),
    /// The queue is full.
    Full,
}

/// A place in the queue of a conversation.
#[derive(Debug)]
pub struct Later<K: Eq + Hash = Conversation>(oneshot::Receiver<Turn<K>>);

impl<K: Eq + Hash> Later<K> {
    /// Waits until everybody ahead is done.
    pub async fn turn(self) -> Option<Turn<K>> {
        self.0.await.ok()
    }
}

impl<K: Eq + Hash> Entry<K> {
    /// Waits until everybody ahead is done. `None`: the queue was full.
    pub(crate) async fn turn(self) -> Option<Turn<K>> {
        match self {
            Self::Now(turn) => Some(turn),
            Self::Later(later) => later.turn().await,
            Self::Full => None,
        }
    }
}

/// Whoever holds this is inside; dropping it lets the next one in.
#[derive(Debug)]
pub struct Turn<K: Eq + Hash = Conversation> {
    order: Arc<Inner<K>>,
    place: Option<K>,
}

impl<K: Eq + Hash> Clone for Order<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K: Clone + Eq + Hash> Order<K> {
    /// At most `longest` wait in each conversation.
    pub fn new(longest: usize) -> Self {
        Self(Arc::new(Inner {
            waiting: Mutex::default(),
            longest,
        }))
    }

    /// Asks to handle an event of `place`. Take it where events arrive, in
    /// their order; wait for it elsewhere.
    pub fn enter(&self, place: &K) -> Entry<K> {
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

impl<K: Eq + Hash> Inner<K> {
    fn lock(&self) -> MutexGuard<'_, Queues<K>> {
        // Nothing inside panics while the map is half changed.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the next one of `place` in who is still waiting.
    fn leave(self: &Arc<Self>, place: K) {
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
    fn next(&self, turn: &mut Turn<K>) -> Option<oneshot::Sender<Turn<K>>> {
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

impl<K: Eq + Hash> Drop for Turn<K> {
    fn drop(&mut self) {
        if let Some(place) = self.place.take() {
            Arc::clone(&self.order).leave(place);
        }
    }
}
