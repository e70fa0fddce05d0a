//! Both halves, stepped against each other over connections that are slow, lose everything from
//! some moment on, are closed, and come back. No socket, no clock: the same seed gives the same
//! run.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use mynah_bearychat::event::Event;
use mynah_bearychat::socket::{
    ClientFrame, Limits, RtmEvent, RtmSession, Sent, ServerLimits, ServerSession,
};
use mynah_bearychat::{Message, errors};
use mynah_core::{Frame, Session, Ticket};
use mynah_testkit::{Chance, Way};
use proptest::prelude::*;

use super::{RECORDED, client, millis, pinned, secs};

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Taken,
    Refused,
    Unknown,
    NotSent,
}

struct Link {
    client: RtmSession,
    platform: ServerSession,
    there: Way,
    back: Way,
    /// Since when nothing arrives any more.
    dead: Option<Instant>,
    connected: bool,
    client_over: Option<Instant>,
    platform_over: Option<Instant>,
}

struct Pair {
    now: Instant,
    chance: Chance,
    /// The last is the open one, if any is.
    links: Vec<Link>,
    tickets: u64,
    ends: BTreeMap<u64, End>,
    /// What the platform has taken, in order.
    taken: Vec<u64>,
    /// What came back as an event, in order.
    heard: Vec<u64>,
}

/// No frame is under way for longer.
const SLOW: u64 = 400;

impl Pair {
    fn new(seed: u64) -> Self {
        Self {
            now: Instant::now(),
            chance: Chance::new(seed),
            links: Vec::new(),
            tickets: 0,
            ends: BTreeMap::new(),
            taken: Vec::new(),
            heard: Vec::new(),
        }
    }

    fn open(&self) -> bool {
        self.links
            .last()
            .is_some_and(|link| link.client_over.is_none())
    }

    fn connect(&mut self) {
        if self.open() {
            return;
        }
        self.links.push(Link {
            client: client(Limits::default(), self.now),
            platform: ServerSession::new(ServerLimits::default(), pinned(self.now)),
            there: Way::default(),
            back: Way::default(),
            dead: None,
            connected: false,
            client_over: None,
            platform_over: None,
        });
    }

    /// Somebody says something, with the ticket for a text.
    fn say(&mut self) {
        let Some(link) = self.links.last_mut() else {
            return;
        };
        self.tickets += 1;
        let ticket = self.tickets;
        let frame = ClientFrame::channel_message("=1", ticket.to_string()).to_request();
        let deadline = self.now + secs(20);
        if link
            .client
            .call(self.now, Ticket(ticket), &frame, deadline)
            .is_err()
        {
            self.ends.insert(ticket, End::NotSent);
        }
    }

    fn step(&mut self) {
        let now = self.now;
        for link in &mut self.links {
            carry(link, now, &mut self.chance);
            if link.client.poll_timeout().is_some_and(|due| due <= now) {
                link.client.handle_timeout(now);
            }
            if link.platform.poll_timeout().is_some_and(|due| due <= now) {
                link.platform.handle_timeout(now);
            }
            while let Some(asked) = link.platform.poll_event() {
                let ticket: u64 = asked.frame.text().unwrap().parse().unwrap();
                if self.chance.one_in(8) {
                    link.platform
                        .answer(now, asked.call, Err(&errors::forbidden()));
                    continue;
                }
                link.platform.answer(now, asked.call, Ok(()));
                link.platform.deliver(&said(ticket));
                self.taken.push(ticket);
            }
            while let Some((Ticket(ticket), outcome)) = link.client.poll_answer() {
                let end = match outcome {
                    Ok(answer) => Sent::of(&answer).map_or(End::Refused, |_| End::Taken),
                    Err(error) if error.sent => End::Unknown,
                    Err(_) => End::NotSent,
                };
                assert_eq!(self.ends.insert(ticket, end), None, "one end each");
            }
            while let Some(event) = link.client.poll_event() {
                match event {
                    RtmEvent::Connected(_) => {
                        assert!(!link.connected, "once");
                        link.connected = true;
                    }
                    RtmEvent::Delivered(delivery) => {
                        assert!(link.connected, "first of all");
                        let text = &delivery.event.message().unwrap().text;
                        self.heard.push(text.parse().unwrap());
                    }
                    other => {
                        // A reply that came too late, over a slow connection.
                        assert!(matches!(other, RtmEvent::Ignored(_)), "{other:?}");
                    }
                }
            }
        }
    }

    fn run(&mut self, until: Duration, mut chances: impl FnMut(&mut Self)) {
        let end = self.now + until;
        while self.now < end {
            self.now += millis(50);
            self.connect();
            chances(self);
            self.step();
        }
    }
}

fn said(ticket: u64) -> Event {
    let message = Message {
        key: format!("{}.{ticket:04}", RECORDED.0).as_str().into(),
        vchannel_id: "=1".into(),
        text: ticket.to_string(),
        is_channel: true,
        ..Message::default()
    };
    Event::said(&message, None, RECORDED)
}

/// Moves frames; notes the ends.
fn carry(link: &mut Link, now: Instant, chance: &mut Chance) {
    while let Some(frame) = link.client.poll_send() {
        if matches!(frame, Frame::Close(..)) {
            link.client_over.get_or_insert(now);
            link.client.handle_close(now);
        }
        if link.dead.is_none() {
            link.there.put(now + chance.millis(SLOW), frame);
        }
    }
    while let Some(frame) = link.platform.poll_send() {
        if matches!(frame, Frame::Close(..)) {
            link.platform_over.get_or_insert(now);
        }
        if link.dead.is_none() {
            link.back.put(now + chance.millis(SLOW), frame);
        }
    }
    if link.dead.is_some() {
        return;
    }
    while let Some(frame) = link.there.take(now) {
        let close = matches!(frame, Frame::Close(..));
        link.platform.handle_frame(now, frame);
        if close {
            link.platform_over.get_or_insert(now);
            link.platform.handle_close(now);
        }
    }
    while let Some(frame) = link.back.take(now) {
        if link.client_over.is_some() {
            continue;
        }
        let close = matches!(frame, Frame::Close(..));
        link.client.handle_frame(now, frame);
        if close {
            link.client_over.get_or_insert(now);
            link.client.handle_close(now);
        }
    }
}

fn without_losses(seed: u64) {
    let mut pair = Pair::new(seed);
    pair.run(secs(120), |pair| {
        if pair.chance.one_in(10) {
            pair.say();
        }
    });
    pair.run(secs(4), |_| {});
    assert_eq!(pair.links.len(), 1, "it never ends");
    assert!(pair.ends.len() > 100, "{}", pair.ends.len());
    assert_eq!(u64::try_from(pair.ends.len()), Ok(pair.tickets));
    let taken: Vec<u64> = pair
        .ends
        .iter()
        .filter(|(_, end)| **end == End::Taken)
        .map(|(ticket, _)| *ticket)
        .collect();
    assert_eq!(pair.taken, taken);
    assert_eq!(pair.heard, taken, "all of it, in order");
    assert!(
        pair.ends
            .values()
            .all(|end| matches!(end, End::Taken | End::Refused))
    );
}

fn with_losses(seed: u64) {
    let mut pair = Pair::new(seed);
    pair.run(secs(600), |pair| {
        if pair.chance.one_in(10) {
            pair.say();
        }
        let now = pair.now;
        if pair.chance.one_in(300)
            && let Some(link) = pair.links.last_mut()
        {
            link.dead.get_or_insert(now);
        }
    });
    // The last one works, so everything comes to an end.
    let now = pair.now;
    pair.links.last_mut().unwrap().dead.get_or_insert(now);
    pair.run(secs(40), |_| {});

    assert_eq!(
        u64::try_from(pair.ends.len()),
        Ok(pair.tickets),
        "an end each"
    );
    let mut once = pair.taken.clone();
    once.dedup();
    assert_eq!(once, pair.taken, "nothing twice");
    for (ticket, end) in &pair.ends {
        let taken = pair.taken.contains(ticket);
        match end {
            End::Taken => assert!(taken, "{ticket}"),
            End::Refused | End::NotSent => assert!(!taken, "{ticket}"),
            End::Unknown => {}
        }
    }
    let mut rest = pair.taken.iter();
    for ticket in &pair.heard {
        assert!(rest.any(|taken| taken == ticket), "{ticket} in order, once");
    }
    assert!(pair.links.len() > 10, "{}", pair.links.len());
    for link in &pair.links {
        let Some(dead) = link.dead else {
            continue;
        };
        // A ping is under way or due within 5 s, and must be answered within 3 s.
        let noticed = link
            .client_over
            .map(|over| over.saturating_duration_since(dead));
        assert!(
            noticed.is_some_and(|after| after <= secs(8) + millis(100)),
            "{noticed:?}"
        );
        let idle = link
            .platform_over
            .map(|over| over.saturating_duration_since(dead));
        assert!(
            idle.is_some_and(|after| after <= secs(30) + millis(100)),
            "{idle:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_and_nothing_ends_while_the_connection_holds(seed in any::<u64>()) {
        without_losses(seed);
    }

    #[test]
    fn every_call_ends_truly_and_dead_connections_are_noticed(seed in any::<u64>()) {
        with_losses(seed);
    }
}
