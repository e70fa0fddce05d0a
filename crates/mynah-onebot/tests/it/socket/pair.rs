//! Both halves, stepped against each other over connections that are slow,
//! break, and come back; the implementation answers late, out of order, or not
//! at all. No socket, no clock: the same seed gives the same run.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use mynah_core::{Backoff, HttpResponse, Session, Ticket, TransportError};
use mynah_onebot::socket::{Call, FrameworkSession, ImplementationSession, Role};
use mynah_testkit::{Chance, Way};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{call, framework, implementation, secs};

struct Link {
    framework: FrameworkSession,
    implementation: ImplementationSession,
    there: Way,
    back: Way,
    /// Calls that are being carried out, and when they will be answered.
    working: Vec<(Instant, Call)>,
}

struct Pair {
    start: Instant,
    now: Instant,
    chance: Chance,
    link: Option<Link>,
    backoff: Backoff,
    open_at: Instant,
    /// Who waits: until when, and whether the call had a connection.
    waiting: BTreeMap<u64, Instant>,
    outcomes: BTreeMap<u64, Result<HttpResponse, TransportError>>,
    /// Calls that the implementation was asked to carry out.
    arrived: BTreeSet<u64>,
    emitted: u64,
    heard: Vec<u64>,
    attempts: Vec<Instant>,
}

impl Pair {
    fn new(seed: u64) -> Self {
        let start = Instant::now();
        Self {
            start,
            now: start,
            chance: Chance::new(seed),
            link: None,
            backoff: Backoff::default(),
            open_at: start,
            waiting: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            arrived: BTreeSet::new(),
            emitted: 0,
            heard: Vec::new(),
            attempts: Vec::new(),
        }
    }

    fn call(&mut self, ticket: u64) {
        let request = call("send_private_msg", &json!({"user_id": ticket}));
        let deadline = self.now + secs(2) + self.chance.millis(1000);
        let Some(link) = &mut self.link else {
            let error = TransportError::not_sent("there is no connection");
            self.outcomes.insert(ticket, Err(error));
            return;
        };
        match link
            .framework
            .call(self.now, Ticket(ticket), &request, deadline)
        {
            Ok(()) => drop(self.waiting.insert(ticket, deadline)),
            Err(error) => drop(self.outcomes.insert(ticket, Err(error))),
        }
    }

    fn emit(&mut self) {
        self.emitted += 1;
        let event = json!({
            "time": self.emitted, "self_id": 10000, "post_type": "notice",
            "notice_type": "friend_add", "user_id": self.emitted,
        });
        if let Some(link) = &mut self.link {
            link.implementation.send_event(event.to_string().into());
        }
    }

    fn step(&mut self) {
        if self.link.is_none() && self.open_at <= self.now {
            self.attempts.push(self.now);
            self.link = Some(Link {
                framework: framework(Role::Universal, self.now),
                implementation: implementation(Role::Universal),
                there: Way::default(),
                back: Way::default(),
                working: Vec::new(),
            });
        }
        if self.chance.one_in(400) {
            self.break_down();
        }
        self.carry();
        self.collect();
    }

    /// The connection breaks; what is on the way is lost.
    fn break_down(&mut self) {
        if let Some(link) = &mut self.link {
            link.framework.handle_close(self.now);
            link.implementation.handle_close(self.now);
            self.collect();
            self.link = None;
            self.open_at = self.now + self.backoff.next(self.chance.next());
        }
    }

    fn carry(&mut self) {
        let (now, chance) = (self.now, &mut self.chance);
        let Some(link) = &mut self.link else { return };
        while let Some(frame) = link.framework.poll_send() {
            link.there.put(now + chance.millis(80), frame);
        }
        while let Some(frame) = link.there.take(now) {
            link.implementation.handle_frame(now, frame);
        }
        while let Some(call) = link.implementation.poll_event() {
            let params: Value = serde_json::from_slice(&call.params).unwrap();
            self.arrived.insert(params["user_id"].as_u64().unwrap());
            // One in ten is never answered.
            if !chance.one_in(10) {
                link.working.push((now + chance.millis(3000), call));
            }
        }
        for (_, call) in link.working.extract_if(.., |(at, _)| *at <= now) {
            let params: Value = serde_json::from_slice(&call.params).unwrap();
            let data = json!({"status": "ok", "retcode": 0, "data": params});
            link.implementation
                .reply(call.echo, &HttpResponse::new(data.to_string().into()));
        }
        while let Some(frame) = link.implementation.poll_send() {
            link.back.put(now + chance.millis(80), frame);
        }
        while let Some(frame) = link.back.take(now) {
            link.framework.handle_frame(now, frame);
        }
        if link.framework.poll_timeout().is_some_and(|due| due <= now) {
            link.framework.handle_timeout(now);
        }
    }

    fn collect(&mut self) {
        let Some(link) = &mut self.link else { return };
        while let Some((ticket, outcome)) = link.framework.poll_answer() {
            let deadline = self
                .waiting
                .remove(&ticket.0)
                .expect("answered once, to who waits");
            assert!(
                self.now <= deadline + Duration::from_millis(10),
                "call {}",
                ticket.0
            );
            assert!(self.outcomes.insert(ticket.0, outcome).is_none());
        }
        while let Some(event) = link.framework.poll_event() {
            if event.event.name() == "notice.friend_add" {
                self.heard.push(event.field("user_id").unwrap());
            }
        }
    }

    fn run(mut self) {
        for tick in 0..2000 {
            if tick < 1500 && self.chance.one_in(4) {
                self.call(tick);
            }
            if self.chance.one_in(10) {
                self.emit();
            }
            self.step();
            self.now += Duration::from_millis(10);
        }
        self.check();
    }

    fn check(&self) {
        assert!(self.waiting.is_empty(), "every call has come to an end");
        for (ticket, outcome) in &self.outcomes {
            match outcome {
                Ok(response) => {
                    let answer: Value = serde_json::from_slice(response.body()).unwrap();
                    assert_eq!(answer["data"]["user_id"], *ticket, "nobody else's answer");
                    assert_eq!(answer["echo"], *ticket);
                }
                Err(error) if !error.sent => {
                    assert!(!self.arrived.contains(ticket), "{ticket} was not sent");
                }
                Err(_) => {}
            }
        }
        assert!(self.heard.is_sorted(), "events keep their order");
        let different: BTreeSet<_> = self.heard.iter().collect();
        assert_eq!(different.len(), self.heard.len(), "no event comes twice");
        for pair in self.attempts.windows(2) {
            assert!(pair[1] - pair[0] >= secs(1), "attempts keep their distance");
        }
        assert_eq!(self.attempts[0], self.start);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_call_ends_once_and_with_its_own_answer(seed: u64) {
        Pair::new(seed).run();
    }
}

/// The run above does exercise what it is meant to.
#[test]
fn a_run_has_answers_losses_and_reconnects() {
    let mut pair = Pair::new(7);
    for tick in 0..2000 {
        if tick < 1500 {
            pair.call(tick);
            pair.emit();
        }
        pair.step();
        pair.now += Duration::from_millis(10);
    }
    pair.check();
    let count = |matches: fn(&Result<HttpResponse, TransportError>) -> bool| {
        pair.outcomes
            .values()
            .filter(|outcome| matches(outcome))
            .count()
    };
    assert!(count(Result::is_ok) > 100);
    assert!(count(|outcome| outcome.as_ref().is_err_and(|error| error.sent)) > 10);
    assert!(count(|outcome| outcome.as_ref().is_err_and(|error| !error.sent)) > 10);
    assert!(pair.attempts.len() > 2);
    assert!(pair.heard.len() > 100);
}
