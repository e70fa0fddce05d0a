//! What can be made to go wrong, and the decision when it does.
//!
//! [`Faults`] only decides; whoever carries requests, events and frames asks
//! it at every [`Point`] and does what it says.

use std::time::Duration;

use serde::Serialize;

use crate::clock::later;
use crate::world::Time;

/// A way to go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// An answer or event arrives late.
    Delay,
    /// A call is carried out but its answer is lost; an event is lost.
    Drop,
    /// A call is carried out twice; an event arrives twice.
    Duplicate,
    /// An answer or event is overtaken by later ones.
    Reorder,
    /// A call is answered with a server error and not carried out.
    #[serde(rename = "status_5xx")]
    Status5xx,
    /// A call is refused because there were too many.
    RateLimit,
    /// A call's credential counts as expired.
    ExpireTokens,
    /// A push carries a wrong signature.
    ForgeSignature,
    /// A connection stays open but nothing passes any more.
    HalfOpen,
    /// Sockets are closed; they may come back.
    Disconnect,
    /// Sockets that are open stay so, but nothing passes any more; others may
    /// be opened.
    Cut,
    /// The platform says that it will close its sockets, says nothing more and
    /// closes them after a while.
    Farewell,
    /// A call is answered as those of an address are that has been locked out:
    /// with nothing that says so in the platform's usual way.
    Blocked,
    /// A call is answered with a page for people.
    Html,
    /// A call is answered with the platform's word that it took too long
    /// inside, and not carried out.
    Timeout,
}

impl Kind {
    /// All of them, with the words of the control API.
    pub(crate) const ALL: [(&str, Self); 15] = [
        ("delay", Self::Delay),
        ("drop", Self::Drop),
        ("duplicate", Self::Duplicate),
        ("reorder", Self::Reorder),
        ("status_5xx", Self::Status5xx),
        ("rate_limit", Self::RateLimit),
        ("expire_tokens", Self::ExpireTokens),
        ("forge_signature", Self::ForgeSignature),
        ("half_open", Self::HalfOpen),
        ("disconnect", Self::Disconnect),
        ("cut", Self::Cut),
        ("farewell", Self::Farewell),
        ("blocked", Self::Blocked),
        ("html", Self::Html),
        ("timeout", Self::Timeout),
    ];

    /// Whether this can happen somewhere in `place` at all.
    pub(crate) fn fits(self, place: Place) -> bool {
        match self {
            Self::Delay | Self::Drop | Self::Duplicate | Self::Reorder | Self::HalfOpen => true,
            Self::Status5xx | Self::RateLimit | Self::ExpireTokens => place != Place::Post,
            Self::ForgeSignature => matches!(place, Place::Post | Place::All),
            Self::Disconnect | Self::Cut | Self::Farewell => {
                matches!(place, Place::Ws | Place::All)
            }
            Self::Blocked | Self::Html | Self::Timeout => {
                matches!(place, Place::Http | Place::All)
            }
        }
    }

    /// Whether only some platforms know it.
    pub(crate) fn is_special(self) -> bool {
        matches!(
            self,
            Self::Cut | Self::Farewell | Self::Blocked | Self::Html | Self::Timeout
        )
    }

    /// Whether it happens when it is set, and never again.
    pub(crate) fn is_momentary(self) -> bool {
        matches!(self, Self::Cut | Self::Farewell)
    }
}

/// Where a fault is in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Place {
    /// Calls over HTTP.
    Http,
    /// Events posted over HTTP.
    Post,
    /// Calls and events over WebSockets.
    Ws,
    /// All of them.
    #[default]
    All,
}

impl Place {
    /// All of them, with the words of the control API.
    pub(crate) const ALL: [(&str, Self); 4] = [
        ("http", Self::Http),
        ("post", Self::Post),
        ("ws", Self::Ws),
        ("all", Self::All),
    ];
}

/// A moment at which something can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Point {
    /// A call came over HTTP.
    HttpCall,
    /// A call came over HTTP that carries nothing which can expire.
    OpenCall,
    /// A call came over a WebSocket.
    SocketCall,
    /// An event is about to be posted.
    Post,
    /// An event is about to go out over the WebSockets.
    SocketEvent,
    /// A WebSocket is asked for.
    Handshake,
    /// A WebSocket is asked for by who shows nothing that can expire.
    OpenHandshake,
    /// Something is about to pass over an open WebSocket.
    Socket,
}

impl Point {
    fn place(self) -> Place {
        match self {
            Self::HttpCall | Self::OpenCall => Place::Http,
            Self::Post => Place::Post,
            Self::SocketCall
            | Self::SocketEvent
            | Self::Handshake
            | Self::OpenHandshake
            | Self::Socket => Place::Ws,
        }
    }

    /// Whether a fault of this kind shows here.
    fn shows(self, kind: Kind) -> bool {
        use Kind::{
            Blocked, Cut, Delay, Disconnect, Drop, Duplicate, ExpireTokens, Farewell,
            ForgeSignature, HalfOpen, Html, RateLimit, Reorder, Status5xx, Timeout,
        };
        match self {
            Self::HttpCall => !matches!(kind, ForgeSignature | Disconnect | Cut | Farewell),
            Self::OpenCall => kind != ExpireTokens && Self::HttpCall.shows(kind),
            Self::SocketCall => {
                !matches!(kind, HalfOpen | Blocked | Html | Timeout) && Self::HttpCall.shows(kind)
            }
            Self::Post => matches!(
                kind,
                Delay | Drop | Duplicate | Reorder | ForgeSignature | HalfOpen
            ),
            Self::SocketEvent => matches!(kind, Delay | Drop | Duplicate | Reorder),
            Self::Handshake => matches!(kind, Status5xx | RateLimit | ExpireTokens),
            Self::OpenHandshake => matches!(kind, Status5xx | RateLimit),
            Self::Socket => matches!(kind, HalfOpen | Disconnect),
        }
    }
}

/// What to do to the thing that is passing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Hold it back this long.
    Delay(Duration),
    /// Lose it.
    Drop,
    /// Let it happen twice.
    Duplicate,
    /// Hold it back until so many others have passed.
    Reorder {
        /// How many.
        behind: u32,
    },
    /// Refuse it.
    Refuse(Refusal),
    /// Sign it wrongly.
    Forge,
    /// Let nothing pass any more while the fault [stands](Faults::stands).
    Stall(u64),
    /// Close the socket.
    Close,
}

/// Why a call is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The server stumbled.
    Unavailable,
    /// Too many calls.
    TooMany,
    /// The credential has expired.
    Expired,
    /// The caller's address has been locked out.
    Blocked,
    /// Something in front of the platform answers with a page.
    Html,
    /// It took the server too long.
    TimedOut,
}

/// A fault to set.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    /// Whose traffic.
    pub(crate) platform: &'static str,
    /// What goes wrong.
    pub(crate) kind: Kind,
    /// Where.
    pub(crate) place: Place,
    /// For [`Kind::Delay`]: how long.
    pub(crate) delay: Duration,
    /// How often at most; `None` for always.
    pub(crate) count: Option<u64>,
    /// How long; `None` for ever.
    pub(crate) lasts: Option<Duration>,
}

/// A fault as the control API shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct FaultView {
    id: u64,
    platform: &'static str,
    kind: Kind,
    #[serde(rename = "where")]
    place: Place,
    #[serde(skip_serializing_if = "Option::is_none")]
    ms: Option<u64>,
    /// How often it can still happen.
    count: Option<u64>,
    /// Virtual time at which it ends, in seconds since 1970.
    until: Option<i64>,
}

/// All faults in force.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    last_id: u64,
    active: Vec<Active>,
}

#[derive(Debug)]
struct Active {
    id: u64,
    fault: Fault,
    until: Option<Time>,
}

impl Active {
    /// Nothing new happens to it, but what it stalled stays stalled.
    fn holds(&self) -> bool {
        self.fault.kind == Kind::HalfOpen
    }

    fn effect(&self, random: u64) -> Effect {
        match self.fault.kind {
            Kind::Delay => Effect::Delay(self.fault.delay),
            Kind::Drop => Effect::Drop,
            Kind::Duplicate => Effect::Duplicate,
            Kind::Reorder => Effect::Reorder {
                behind: 1 + u32::from(random.to_le_bytes()[0] % 3),
            },
            Kind::Status5xx => Effect::Refuse(Refusal::Unavailable),
            Kind::RateLimit => Effect::Refuse(Refusal::TooMany),
            Kind::ExpireTokens => Effect::Refuse(Refusal::Expired),
            Kind::ForgeSignature => Effect::Forge,
            Kind::Blocked => Effect::Refuse(Refusal::Blocked),
            Kind::Html => Effect::Refuse(Refusal::Html),
            Kind::Timeout => Effect::Refuse(Refusal::TimedOut),
            Kind::HalfOpen => Effect::Stall(self.id),
            // The last two are over before anything passes.
            Kind::Disconnect | Kind::Cut | Kind::Farewell => Effect::Close,
        }
    }
}

impl Faults {
    /// So many faults can be in force at once.
    pub(crate) const MOST: usize = 1000;

    /// Puts a fault in force; answers its id, or `None` when there are too many.
    pub(crate) fn add(&mut self, fault: Fault, now: Time) -> Option<u64> {
        self.forget_ended(now);
        if self.active.len() >= Self::MOST {
            return None;
        }
        self.last_id += 1;
        let until = fault.lasts.map(|lasts| later(now, lasts));
        self.active.push(Active {
            id: self.last_id,
            fault,
            until,
        });
        Some(self.last_id)
    }

    /// Lifts one fault, or all; answers how many that were.
    pub(crate) fn remove(&mut self, id: Option<u64>) -> usize {
        let before = self.active.len();
        self.active
            .retain(|active| id.is_some_and(|id| id != active.id));
        before - self.active.len()
    }

    /// The faults in force.
    pub(crate) fn list(&mut self, now: Time) -> Vec<FaultView> {
        self.forget_ended(now);
        self.active
            .iter()
            .map(|Active { id, fault, until }| FaultView {
                id: *id,
                platform: fault.platform,
                kind: fault.kind,
                place: fault.place,
                ms: (fault.kind == Kind::Delay)
                    .then(|| u64::try_from(fault.delay.as_millis()).unwrap_or(u64::MAX)),
                count: fault.count,
                until: until.map(Time::seconds),
            })
            .collect()
    }

    /// Whether there is nothing to decide.
    pub(crate) fn is_empty(&self) -> bool {
        self.active.is_empty()
    }

    /// What happens at this point, in the order in which the faults were set.
    /// `random` is a fresh random number.
    ///
    /// A refusal, a loss or a stall is the last thing that happens: what did
    /// not pass cannot suffer any further, and costs no further fault a count.
    pub(crate) fn decide(
        &mut self,
        platform: &str,
        point: Point,
        now: Time,
        random: u64,
    ) -> Vec<Effect> {
        if self.active.is_empty() {
            return Vec::new();
        }
        self.forget_ended(now);
        let mut effects = Vec::new();
        for active in &mut self.active {
            let fault = &mut active.fault;
            let here = fault.place == Place::All || fault.place == point.place();
            let exhausted = fault.count == Some(0);
            if fault.platform != platform || !here || exhausted || !point.shows(fault.kind) {
                continue;
            }
            if let Some(count) = &mut fault.count {
                *count -= 1;
            }
            let effect = active.effect(random);
            effects.push(effect);
            if matches!(
                effect,
                Effect::Refuse(_) | Effect::Drop | Effect::Stall(_) | Effect::Close
            ) {
                break;
            }
        }
        self.active
            .retain(|active| active.fault.count != Some(0) || active.holds());
        effects
    }

    /// Whether a fault is still in force: what it stalled stays stalled.
    pub(crate) fn stands(&mut self, id: u64, now: Time) -> bool {
        self.forget_ended(now);
        self.active.iter().any(|active| active.id == id)
    }

    /// When the next fault ends by itself.
    pub(crate) fn next_end(&self) -> Option<Time> {
        self.active.iter().filter_map(|active| active.until).min()
    }

    fn forget_ended(&mut self, now: Time) {
        self.active
            .retain(|active| active.until.is_none_or(|until| now < until));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time(1_000_000);

    fn fault(kind: Kind) -> Fault {
        Fault {
            platform: "onebot",
            kind,
            place: Place::All,
            delay: Duration::from_millis(250),
            count: None,
            lasts: None,
        }
    }

    fn decide(faults: &mut Faults, point: Point) -> Vec<Effect> {
        faults.decide("onebot", point, NOW, 0)
    }

    #[test]
    fn nothing_goes_wrong_by_itself() {
        let mut faults = Faults::default();
        assert!(faults.is_empty());
        assert_eq!(decide(&mut faults, Point::HttpCall), []);
    }

    #[test]
    fn a_count_is_how_often_and_then_it_is_over() {
        let mut faults = Faults::default();
        let two = Fault {
            count: Some(2),
            ..fault(Kind::Status5xx)
        };
        faults.add(two, NOW).unwrap();
        let refused = [Effect::Refuse(Refusal::Unavailable)];
        assert_eq!(decide(&mut faults, Point::HttpCall), refused);
        assert_eq!(faults.list(NOW)[0].count, Some(1));
        assert_eq!(decide(&mut faults, Point::SocketCall), refused);
        assert_eq!(decide(&mut faults, Point::HttpCall), []);
        assert!(faults.is_empty());
    }

    #[test]
    fn a_time_limit_is_how_long() {
        let mut faults = Faults::default();
        let brief = Fault {
            lasts: Some(Duration::from_secs(5)),
            ..fault(Kind::Delay)
        };
        faults.add(brief, NOW).unwrap();
        assert_eq!(faults.next_end(), Some(Time(NOW.0 + 5000)));
        let late = Effect::Delay(Duration::from_millis(250));
        let at = |faults: &mut Faults, ms| faults.decide("onebot", Point::Post, Time(ms), 0);
        assert_eq!(at(&mut faults, NOW.0 + 4999), [late]);
        assert_eq!(at(&mut faults, NOW.0 + 5000), []);
    }

    #[test]
    fn it_happens_only_where_it_was_set() {
        let mut faults = Faults::default();
        let posts = Fault {
            place: Place::Post,
            ..fault(Kind::Drop)
        };
        faults.add(posts, NOW).unwrap();
        assert_eq!(decide(&mut faults, Point::HttpCall), []);
        assert_eq!(decide(&mut faults, Point::SocketEvent), []);
        assert_eq!(decide(&mut faults, Point::Post), [Effect::Drop]);
        assert_eq!(faults.decide("wecom", Point::Post, NOW, 0), []);
    }

    #[test]
    fn every_kind_shows_at_the_points_it_belongs_to() {
        use Point::{
            Handshake, HttpCall, OpenCall, OpenHandshake, Post, Socket, SocketCall, SocketEvent,
        };
        let everything = [HttpCall, OpenCall, SocketCall, Post, SocketEvent];
        let refused = [HttpCall, OpenCall, SocketCall, Handshake, OpenHandshake];
        let expected: [(Kind, &[Point]); 15] = [
            (Kind::Delay, &everything),
            (Kind::Drop, &everything),
            (Kind::Duplicate, &everything),
            (Kind::Reorder, &everything),
            (Kind::Status5xx, &refused),
            (Kind::RateLimit, &refused),
            (Kind::ExpireTokens, &[HttpCall, SocketCall, Handshake]),
            (Kind::ForgeSignature, &[Post]),
            (Kind::HalfOpen, &[HttpCall, OpenCall, Post, Socket]),
            (Kind::Disconnect, &[Socket]),
            (Kind::Cut, &[]),
            (Kind::Farewell, &[]),
            (Kind::Blocked, &[HttpCall, OpenCall]),
            (Kind::Html, &[HttpCall, OpenCall]),
            (Kind::Timeout, &[HttpCall, OpenCall]),
        ];
        for (kind, points) in expected {
            let others = [Handshake, OpenHandshake, Socket];
            for point in everything.into_iter().chain(others) {
                let mut faults = Faults::default();
                faults.add(fault(kind), NOW).unwrap();
                let shows = !decide(&mut faults, point).is_empty();
                assert_eq!(shows, points.contains(&point), "{kind:?} at {point:?}");
            }
        }
    }

    #[test]
    fn faults_add_up_until_one_is_the_end() {
        let mut faults = Faults::default();
        for kind in [Kind::Delay, Kind::Duplicate, Kind::Drop, Kind::RateLimit] {
            let once = Fault {
                count: Some(1),
                ..fault(kind)
            };
            faults.add(once, NOW).unwrap();
        }
        let late = Effect::Delay(Duration::from_millis(250));
        assert_eq!(
            decide(&mut faults, Point::HttpCall),
            [late, Effect::Duplicate, Effect::Drop]
        );
        // The refusal was not reached, so it is still to come.
        assert_eq!(
            decide(&mut faults, Point::HttpCall),
            [Effect::Refuse(Refusal::TooMany)]
        );
    }

    #[test]
    fn what_is_reordered_falls_behind_one_to_three_others_by_chance() {
        let mut faults = Faults::default();
        faults.add(fault(Kind::Reorder), NOW).unwrap();
        for (random, behind) in [(0, 1), (1, 2), (2, 3), (3, 1), (u64::MAX, 1)] {
            assert_eq!(
                faults.decide("onebot", Point::SocketEvent, NOW, random),
                [Effect::Reorder { behind }]
            );
        }
    }

    #[test]
    fn a_stalled_connection_stays_so_until_the_fault_is_lifted() {
        let mut faults = Faults::default();
        let once = Fault {
            count: Some(1),
            ..fault(Kind::HalfOpen)
        };
        let id = faults.add(once, NOW).unwrap();
        assert_eq!(decide(&mut faults, Point::Socket), [Effect::Stall(id)]);
        assert_eq!(decide(&mut faults, Point::Socket), []);
        assert!(faults.stands(id, NOW));
        assert_eq!(faults.remove(Some(id)), 1);
        assert!(!faults.stands(id, NOW));
    }

    #[test]
    fn one_or_all_can_be_lifted() {
        let mut faults = Faults::default();
        let first = faults.add(fault(Kind::Drop), NOW).unwrap();
        faults.add(fault(Kind::Delay), NOW).unwrap();
        faults.add(fault(Kind::Reorder), NOW).unwrap();
        assert_eq!(faults.remove(Some(first)), 1);
        assert_eq!(faults.remove(Some(first)), 0);
        assert_eq!(faults.remove(None), 2);
        assert!(faults.is_empty());
    }

    #[test]
    fn there_is_a_limit_to_misery() {
        let mut faults = Faults::default();
        for _ in 0..Faults::MOST {
            faults.add(fault(Kind::Drop), NOW).unwrap();
        }
        assert_eq!(faults.add(fault(Kind::Drop), NOW), None);
    }
}
