//! Both halves, stepped against each other over connections that are slow,
//! lose frames with their end, are announced to end, and come back; the
//! listener takes its time. No socket, no clock: the same seed gives the same run.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use mynah_core::{Backoff, DedupeKey, Frame, Session};
use mynah_dingtalk::event::{Callback, ChatChange, Kind};
use mynah_dingtalk::stream::{
    Limits, Outbox, ServerLimits, ServerSession, StreamEvent, StreamSession, Told,
};
use mynah_testkit::{Chance, Way};
use proptest::prelude::*;

use super::{millis, pinned, said, secs, subscriptions};

struct Link {
    id: u64,
    client: StreamSession,
    platform: ServerSession,
    there: Way,
    back: Way,
    /// How many events came out of the client.
    given: u64,
    replaced: bool,
    /// The platform does not get what is sent, nor the other way round.
    dead: bool,
    over: bool,
}

/// What waits to be handed over: of which connection, the how many-th, what.
struct Waiting {
    link: u64,
    n: u64,
    key: Option<DedupeKey>,
    event: StreamEvent,
}

struct Pair {
    start: Instant,
    now: Instant,
    chance: Chance,
    links: Vec<Link>,
    opened: u64,
    open_at: Instant,
    backoff: Backoff,
    outbox: Outbox,
    backlog: VecDeque<Waiting>,
    busy_until: Instant,
    seen: BTreeSet<DedupeKey>,
    heard: BTreeMap<String, u32>,
    /// Messages that a connection took whose end was announced at most.
    messages: Vec<String>,
    /// Messages on connections that broke: those may be lost.
    at_risk: BTreeSet<String>,
    events: u64,
    announced: u64,
    /// How long nobody was there to be told anything.
    away: Duration,
}

impl Pair {
    fn new(seed: u64) -> Self {
        let start = Instant::now();
        Self {
            start,
            now: start,
            chance: Chance::new(seed),
            links: Vec::new(),
            opened: 0,
            open_at: start,
            backoff: Backoff::default(),
            outbox: Outbox::new(secs(6), 100),
            backlog: VecDeque::new(),
            busy_until: start,
            seen: BTreeSet::new(),
            heard: BTreeMap::new(),
            messages: Vec::new(),
            at_risk: BTreeSet::new(),
            events: 0,
            announced: 0,
            away: Duration::ZERO,
        }
    }

    fn connect(&mut self) {
        let steady = self.links.iter().any(|link| !link.client.is_leaving());
        if steady || self.now < self.open_at {
            return;
        }
        for link in self.links.iter_mut().filter(|link| !link.replaced) {
            link.replaced = true;
            link.client.handle_replaced(self.now);
        }
        self.opened += 1;
        let name = format!("c{}", self.opened);
        let limits = ServerLimits::default();
        let cx = mynah_core::Cx {
            now: self.now,
            ..pinned(self.start)
        };
        self.links.push(Link {
            id: self.opened,
            client: StreamSession::new(subscriptions(), Limits::default(), self.now),
            platform: ServerSession::new("app", name, subscriptions(), limits, cx),
            there: Way::default(),
            back: Way::default(),
            given: 0,
            replaced: false,
            dead: false,
            over: false,
        });
        self.open_at = self.now + self.backoff.next(self.chance.next());
        self.backoff.reset();
    }

    /// The platform tells something over any of the open connections.
    fn tell(&mut self, message_id: &str, told: &Told) -> bool {
        let mut open: Vec<_> = self
            .links
            .iter_mut()
            .filter(|link| link.platform.is_open())
            .collect();
        if open.is_empty() {
            return false;
        }
        let at = usize::try_from(self.chance.next() % open.len() as u64).unwrap();
        let link = open.swap_remove(at);
        if link.dead && matches!(told, Told::Robot(_)) {
            self.at_risk.insert(message_id.to_owned());
        }
        link.platform.deliver(self.now, message_id, told)
    }

    fn say(&mut self) {
        let words = format!("m{}", self.messages.len());
        let message = said(&words);
        if self.tell(&words, &Told::from(message)) {
            self.messages.push(words);
        }
    }

    fn happen(&mut self) {
        let id = format!("e{}", self.events);
        self.events += 1;
        let callback = Callback::new(Kind::ChatQuit(ChatChange::default())).made(&id, 5);
        self.outbox.push(self.now, id, callback);
    }

    fn send_events(&mut self) {
        while self.links.iter().any(|link| link.platform.is_open()) {
            let Some(due) = self.outbox.poll_due(self.now) else {
                return;
            };
            self.tell(&due.message_id, &Told::from(due.callback));
        }
    }

    /// What is on its way to the application over the youngest connection may be lost.
    fn risk(&mut self) {
        let Some(link) = self.links.last_mut() else {
            return;
        };
        while let Some(frame) = link.platform.poll_send() {
            link.back.put(self.now, frame);
        }
        for frame in link.back.under_way() {
            if let Frame::Text(bytes) = frame {
                let frame: serde_json::Value = serde_json::from_slice(bytes).unwrap();
                let id = frame["headers"]["messageId"].as_str().unwrap();
                self.at_risk.insert(id.to_owned());
            }
        }
    }

    /// The youngest connection is cut off: what is on the way is lost.
    fn break_down(&mut self) {
        self.risk();
        if let Some(link) = self.links.last_mut() {
            link.over = true;
        }
    }

    /// Nothing comes through the youngest connection any more.
    fn fall_silent(&mut self) {
        self.risk();
        if let Some(link) = self.links.last_mut() {
            link.dead = true;
        }
    }

    fn announce(&mut self) {
        if let Some(link) = self.links.last_mut()
            && link.platform.is_open()
        {
            link.platform.disconnect(self.now, "connection is expired");
            self.announced += 1;
        }
    }

    fn carry(&mut self) {
        let (now, chance) = (self.now, &mut self.chance);
        for link in &mut self.links {
            while let Some(frame) = link.platform.poll_send() {
                link.back.put(now + chance.millis(80), frame);
            }
            while let Some(frame) = link.client.poll_send() {
                link.there.put(now + chance.millis(80), frame);
            }
            if !link.dead {
                while let Some(frame) = link.there.take(now) {
                    match &frame {
                        // Answered behind all that was sent before.
                        Frame::Close(..) => link.back.put(now, frame.clone()),
                        Frame::Ping(bytes) => link.back.put(now, Frame::Pong(bytes.clone())),
                        _ => {}
                    }
                    link.platform.handle_frame(now, frame);
                }
                while let Some(frame) = link.back.take(now) {
                    link.over |= matches!(frame, Frame::Close(..));
                    link.client.handle_frame(now, frame);
                }
            } else if link
                .there
                .under_way()
                .any(|frame| matches!(frame, Frame::Close(..)))
            {
                // Nobody answers the farewell.
                link.over = true;
            }
            while let Some(acknowledged) = link.platform.poll_event() {
                self.outbox.acknowledge(&acknowledged);
            }
            if link.client.poll_timeout().is_some_and(|due| due <= now) {
                link.client.handle_timeout(now);
            }
            if link.platform.poll_timeout().is_some_and(|due| due <= now) {
                link.platform.handle_timeout(now);
            }
        }
    }

    fn collect(&mut self) {
        for link in &mut self.links {
            while let Some(event) = link.client.poll_event() {
                link.given += 1;
                let key = link.client.dedupe_key(&event);
                self.backlog.push_back(Waiting {
                    link: link.id,
                    n: link.given,
                    key,
                    event,
                });
            }
        }
        let ended: Vec<_> = self.links.extract_if(.., |link| link.over).collect();
        for mut link in ended {
            link.client.handle_close(self.now);
            link.platform.handle_close(self.now);
        }
    }

    /// The listener, which takes its time.
    fn hear(&mut self) {
        while self.busy_until <= self.now
            && let Some(waiting) = self.backlog.pop_front()
        {
            let new = waiting.key.is_none_or(|key| self.seen.insert(key));
            if new {
                self.busy_until = self.now + self.chance.millis(60);
                if let StreamEvent::Delivered(delivery) = waiting.event {
                    let id = delivery.message_id.unwrap();
                    *self.heard.entry(id).or_default() += 1;
                }
            }
            if let Some(link) = self.links.iter_mut().find(|link| link.id == waiting.link) {
                link.client.acknowledge(waiting.n);
            }
        }
    }

    fn tick(&mut self) {
        self.connect();
        self.send_events();
        self.carry();
        self.collect();
        self.hear();
        if !self
            .links
            .iter()
            .any(|link| link.platform.is_open() && !link.dead)
        {
            self.away += millis(10);
        }
        self.now += millis(10);
    }

    /// Until everything that can arrive has arrived.
    fn settle(&mut self) {
        for _ in 0..6000 {
            self.tick();
        }
    }

    fn check(&self) {
        assert!(self.outbox.is_empty(), "every event was taken");
        for n in 0..self.events {
            assert_eq!(
                self.heard.get(&format!("e{n}")),
                Some(&1),
                "event {n}, exactly once"
            );
        }
        for id in &self.messages {
            match self.heard.get(id) {
                Some(times) => assert_eq!(*times, 1, "{id}"),
                None => assert!(self.at_risk.contains(id), "{id} was lost"),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn nothing_is_lost_or_heard_twice_where_ends_are_announced(seed: u64) {
        let mut pair = Pair::new(seed);
        for _ in 0..6000 {
            if pair.chance.one_in(15) { pair.say(); }
            if pair.chance.one_in(30) { pair.happen(); }
            if pair.chance.one_in(600) { pair.announce(); }
            pair.tick();
        }
        pair.settle();
        pair.check();
        prop_assert!(pair.at_risk.is_empty());
        prop_assert_eq!(pair.heard.len() as u64, pair.events + pair.messages.len() as u64);
        // Somebody is there within 3 s of each announcement.
        prop_assert!(pair.away <= secs(3) * u32::try_from(pair.announced + 1).unwrap(), "{:?}", pair.away);
    }

    #[test]
    fn events_are_heard_exactly_once_whatever_breaks(seed: u64) {
        let mut pair = Pair::new(seed);
        for _ in 0..6000 {
            if pair.chance.one_in(15) { pair.say(); }
            if pair.chance.one_in(30) { pair.happen(); }
            if pair.chance.one_in(700) { pair.announce(); }
            if pair.chance.one_in(700) { pair.break_down(); }
            if pair.chance.one_in(1500) { pair.fall_silent(); }
            pair.tick();
        }
        pair.settle();
        pair.check();
    }
}

#[test]
fn a_dead_connection_is_replaced_within_3_seconds() {
    let mut pair = Pair::new(1);
    for _ in 0..500 {
        pair.tick();
    }
    pair.links[0].dead = true;
    let opened = pair.opened;
    let cut = pair.now;
    while pair.opened == opened {
        pair.tick();
        assert!(pair.now - cut <= secs(3));
    }
}

/// The runs above do exercise what they are meant to.
#[test]
fn a_run_has_announcements_losses_and_second_connections() {
    let mut pair = Pair::new(7);
    let mut beside = 0;
    for tick in 0..6000 {
        if tick % 5 == 0 {
            pair.say();
        }
        if tick % 30 == 0 {
            pair.happen();
        }
        if tick % 700 == 699 {
            pair.announce();
        }
        if tick % 1500 == 1499 {
            pair.break_down();
        }
        pair.tick();
        beside += u64::from(pair.links.len() > 1);
    }
    pair.settle();
    pair.check();
    assert!(beside > 100, "two at once");
    assert!(pair.announced > 5 && pair.opened > 8);
    assert!(pair.heard.len() > 1000);
}
