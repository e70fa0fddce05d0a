//! The WebSockets of a platform that are open.

use std::collections::BTreeMap;
use std::fmt::{Debug, Display};
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use crate::fault::Effect;
use crate::journal::Transport;

/// So many events wait for a client that does not read; one more and it is
/// cut off.
pub(crate) const BACKLOG: usize = 1024;

/// What a WebSocket is for.
pub(crate) trait Role: Clone + Debug + Display + Send + 'static {
    /// What goes out over it without being asked for.
    type Event: Clone + Debug + Send;

    /// Whether events go out over it.
    fn carries_events(&self) -> bool;

    /// Whether this one does, if events do.
    fn hears(&self, _event: &Self::Event) -> bool {
        true
    }
}

/// All open WebSockets of a platform, whoever opened them.
#[derive(Debug)]
pub(crate) struct Sockets<R: Role> {
    last_id: u64,
    open: BTreeMap<u64, Open<R>>,
    shut: bool,
}

impl<R: Role> Default for Sockets<R> {
    fn default() -> Self {
        Self {
            last_id: 0,
            open: BTreeMap::new(),
            shut: false,
        }
    }
}

#[derive(Debug)]
struct Open<R: Role> {
    facts: Facts<R>,
    events: mpsc::Sender<Outgoing<R::Event>>,
    /// `None` when the socket is closing.
    end: Option<oneshot::Sender<Ending>>,
    stall: Option<Stall>,
}

impl<R: Role> Open<R> {
    fn end(&mut self, ending: Ending) {
        if let Some(end) = self.end.take() {
            // A socket that has just ended by itself does not listen.
            let _ = end.send(ending);
        }
    }

    fn hears(&self, event: &R::Event) -> bool {
        let role = &self.facts.role;
        self.end.is_some() && role.carries_events() && role.hears(event)
    }
}

/// What is known of a WebSocket.
#[derive(Clone, Debug)]
pub(crate) struct Facts<R> {
    /// Which way it was opened.
    pub(crate) transport: Transport,
    /// Who is at the other end.
    pub(crate) peer: String,
    /// What it carries.
    pub(crate) role: R,
}

/// The socket's side of its place in the list.
#[derive(Debug)]
pub(crate) struct Line<R: Role> {
    pub(crate) id: u64,
    pub(crate) facts: Facts<R>,
    /// The events to send.
    pub(crate) events: mpsc::Receiver<Outgoing<R::Event>>,
    /// Resolves when the socket is to be closed.
    pub(crate) end: oneshot::Receiver<Ending>,
}

/// An event on its way to one socket.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing<E> {
    /// What it is.
    pub(crate) event: E,
    /// What goes wrong with it.
    pub(crate) effects: Arc<[Effect]>,
    /// Why it is the last thing that is sent, if it is.
    pub(crate) last: Option<Ending>,
}

/// Why nothing passes over a socket that stays open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stall {
    /// While this fault stands.
    While(u64),
    /// Whatever happens.
    ForGood,
}

/// Why a socket is closed from our side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// A fault says so.
    Disconnected,
    /// The platform starts over.
    Restart,
    /// The settings of the connection have changed.
    Resettled,
    /// Another socket has taken over.
    Replaced,
    /// It was announced some time ago.
    Announced,
    /// Nothing came over it for too long.
    Idle,
    /// It brought more at once than the platform takes.
    TooLarge,
    /// The sandbox ends.
    Shutdown,
    /// The other side does not read what it is sent.
    NotReading,
}

impl<R: Role> Sockets<R> {
    /// Takes a new socket in.
    pub(crate) fn open(&mut self, facts: Facts<R>) -> Line<R> {
        self.last_id += 1;
        let (events, incoming) = mpsc::channel(BACKLOG);
        let (end, ended) = oneshot::channel();
        let mut open = Open {
            facts: facts.clone(),
            events,
            end: Some(end),
            stall: None,
        };
        if self.shut {
            open.end(Ending::Shutdown);
        }
        self.open.insert(self.last_id, open);
        Line {
            id: self.last_id,
            facts,
            events: incoming,
            end: ended,
        }
    }

    /// Forgets a socket; only its own entry, however late it comes.
    pub(crate) fn gone(&mut self, id: u64) {
        self.open.remove(&id);
    }

    /// Ends all sockets that `which` selects. They stay in the list until
    /// they are [`gone`](Self::gone).
    pub(crate) fn end(&mut self, ending: Ending, which: impl Fn(&Facts<R>) -> bool) {
        for open in self.open.values_mut().filter(|open| which(&open.facts)) {
            open.end(ending);
        }
    }

    /// Gives a socket another role.
    pub(crate) fn assign(&mut self, id: u64, role: R) {
        if let Some(open) = self.open.get_mut(&id) {
            open.facts.role = role;
        }
    }

    /// Gives one socket the last thing it sends.
    pub(crate) fn send_last(&mut self, id: u64, event: R::Event, ending: Ending) {
        let Some(open) = self.open.get_mut(&id) else {
            return;
        };
        let outgoing = Outgoing {
            event,
            effects: Arc::from([]),
            last: Some(ending),
        };
        if open.events.try_send(outgoing).is_err() {
            open.end(ending);
        }
    }

    /// The sockets that `which` selects, but for those that are closing.
    pub(crate) fn select(&self, which: impl Fn(&Facts<R>) -> bool) -> Vec<u64> {
        let open = self.open.iter().filter(|(_, open)| open.end.is_some());
        open.filter(|(_, open)| which(&open.facts))
            .map(|(id, _)| *id)
            .collect()
    }

    /// Ends one socket.
    pub(crate) fn end_one(&mut self, id: u64, ending: Ending) {
        if let Some(open) = self.open.get_mut(&id) {
            open.end(ending);
        }
    }

    /// Says that nothing passes over a socket, or that it does again.
    pub(crate) fn set_stall(&mut self, id: u64, stall: Option<Stall>) {
        if let Some(open) = self.open.get_mut(&id) {
            open.stall = stall;
        }
    }

    /// Says that nothing passes any more over the sockets that are open.
    pub(crate) fn cut(&mut self) {
        for open in self.open.values_mut().filter(|open| open.end.is_some()) {
            open.stall = Some(Stall::ForGood);
        }
    }

    /// Why nothing passes over a socket.
    pub(crate) fn stall(&self, id: u64) -> Option<Stall> {
        self.open.get(&id)?.stall
    }

    /// Gives something to one socket. Answers what is known of it and whether
    /// it took it; if not, it had to be cut off because it does not read.
    pub(crate) fn send_to(
        &mut self,
        id: u64,
        outgoing: Outgoing<R::Event>,
    ) -> Option<(Facts<R>, bool)> {
        let open = self.open.get_mut(&id)?;
        let took = open.events.try_send(outgoing).is_ok();
        if !took {
            open.end(Ending::NotReading);
        }
        Some((open.facts.clone(), took))
    }

    /// What is known of a socket.
    pub(crate) fn facts(&self, id: u64) -> Option<&Facts<R>> {
        self.open.get(&id).map(|open| &open.facts)
    }

    /// Ends all sockets, and those that open from now on.
    pub(crate) fn shut(&mut self) {
        self.shut = true;
        self.end(Ending::Shutdown, |_| true);
    }

    /// Gives an event to every socket that hears it. Answers which sockets
    /// took it, and which had to be cut off because they do not read.
    pub(crate) fn send(&mut self, outgoing: &Outgoing<R::Event>) -> Vec<(Facts<R>, bool)> {
        let mut sent = Vec::new();
        let open = self.open.values_mut();
        for open in open.filter(|open| open.hears(&outgoing.event)) {
            let took = open.events.try_send(outgoing.clone()).is_ok();
            if !took {
                open.end(Ending::NotReading);
            }
            sent.push((open.facts.clone(), took));
        }
        sent
    }

    /// Whether anybody hears an event.
    pub(crate) fn hear(&self, event: &R::Event) -> bool {
        self.open.values().any(|open| open.hears(event))
    }

    /// Those who hear an event, as if they had taken it.
    pub(crate) fn listeners(&self, event: &R::Event) -> Vec<(Facts<R>, bool)> {
        let open = self.open.values().filter(|open| open.hears(event));
        open.map(|open| (open.facts.clone(), true)).collect()
    }

    /// How many are open or closing.
    pub(crate) fn len(&self) -> usize {
        self.open.len()
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use mynah_onebot::socket::Role as OneBotRole;

    use super::*;

    fn facts(role: OneBotRole) -> Facts<OneBotRole> {
        Facts {
            transport: Transport::WsForward,
            peer: String::new(),
            role,
        }
    }

    fn event() -> Outgoing<Bytes> {
        Outgoing {
            event: Bytes::from_static(b"{}"),
            effects: Arc::from([]),
            last: None,
        }
    }

    #[test]
    fn events_go_to_those_who_carry_them() {
        let mut sockets = Sockets::default();
        let mut universal = sockets.open(facts(OneBotRole::Universal));
        let mut events = sockets.open(facts(OneBotRole::Event));
        let mut api = sockets.open(facts(OneBotRole::Api));
        assert_eq!(sockets.send(&event()).len(), 2);
        assert!(universal.events.try_recv().is_ok());
        assert!(events.events.try_recv().is_ok());
        assert!(api.events.try_recv().is_err());
    }

    #[test]
    fn who_does_not_read_is_cut_off_and_holds_nobody_up() {
        let mut sockets = Sockets::default();
        let mut lazy = sockets.open(facts(OneBotRole::Event));
        for _ in 0..BACKLOG {
            assert!(sockets.send(&event())[0].1);
        }
        let mut eager = sockets.open(facts(OneBotRole::Event));
        let took: Vec<bool> = sockets.send(&event()).iter().map(|sent| sent.1).collect();
        assert_eq!(took, [false, true]);
        assert_eq!(lazy.end.try_recv(), Ok(Ending::NotReading));
        assert!(eager.events.try_recv().is_ok());
        assert_eq!(sockets.send(&event()).len(), 1);
        sockets.gone(lazy.id);
        assert_eq!(sockets.len(), 1);
    }

    #[test]
    fn a_late_end_of_an_old_socket_does_not_touch_the_new_one() {
        let mut sockets = Sockets::default();
        let old = sockets.open(facts(OneBotRole::Universal));
        sockets.gone(old.id);
        let new = sockets.open(facts(OneBotRole::Universal));
        sockets.gone(old.id);
        assert_eq!(sockets.len(), 1);
        sockets.gone(new.id);
        assert_eq!(sockets.len(), 0);
    }

    #[test]
    fn sockets_are_ended_by_choice() {
        let mut sockets = Sockets::default();
        let mut api = sockets.open(facts(OneBotRole::Api));
        let mut event = sockets.open(facts(OneBotRole::Event));
        sockets.end(Ending::Restart, |facts| facts.role == OneBotRole::Api);
        assert_eq!(api.end.try_recv(), Ok(Ending::Restart));
        assert!(event.end.try_recv().is_err());
        assert!(sockets.hear(&Bytes::new()));
    }

    #[test]
    fn a_socket_can_change_its_role_and_be_given_a_last_word() {
        let mut sockets = Sockets::default();
        let mut api = sockets.open(facts(OneBotRole::Api));
        assert!(!sockets.hear(&Bytes::new()));
        sockets.assign(api.id, OneBotRole::Universal);
        assert!(sockets.hear(&Bytes::new()));
        let farewell = Bytes::from_static(b"farewell");
        sockets.send_last(api.id, farewell.clone(), Ending::Replaced);
        let last = api.events.try_recv().unwrap();
        assert_eq!((last.event, last.last), (farewell, Some(Ending::Replaced)));
        drop(api.events);
        sockets.send_last(api.id, Bytes::new(), Ending::Replaced);
        assert_eq!(api.end.try_recv(), Ok(Ending::Replaced));
    }

    #[test]
    fn one_socket_is_given_what_is_for_it_alone() {
        let mut sockets = Sockets::default();
        let mut first = sockets.open(facts(OneBotRole::Event));
        let mut second = sockets.open(facts(OneBotRole::Event));
        assert_eq!(sockets.select(|_| true), [first.id, second.id]);
        assert!(sockets.send_to(second.id, event()).unwrap().1);
        assert!(first.events.try_recv().is_err());
        assert!(second.events.try_recv().is_ok());
        sockets.end_one(first.id, Ending::Disconnected);
        assert_eq!(first.end.try_recv(), Ok(Ending::Disconnected));
        assert_eq!(sockets.select(|_| true), [second.id]);
        sockets.gone(first.id);
        assert!(sockets.send_to(first.id, event()).is_none());
    }

    #[test]
    fn a_socket_over_which_nothing_passes_is_known() {
        let mut sockets = Sockets::default();
        let line = sockets.open(facts(OneBotRole::Event));
        assert_eq!(sockets.stall(line.id), None);
        sockets.set_stall(line.id, Some(Stall::While(7)));
        assert_eq!(sockets.stall(line.id), Some(Stall::While(7)));
        sockets.set_stall(line.id, None);
        assert_eq!(sockets.stall(line.id), None);
    }

    #[test]
    fn who_comes_after_the_end_is_sent_away() {
        let mut sockets = Sockets::default();
        sockets.shut();
        let mut late = sockets.open(facts(OneBotRole::Universal));
        assert_eq!(late.end.try_recv(), Ok(Ending::Shutdown));
    }
}
