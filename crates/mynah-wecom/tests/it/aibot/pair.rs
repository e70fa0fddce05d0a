//! Both halves, stepped against each other over connections that are slow,
//! break, and come back; the platform acknowledges late, out of order, or not
//! at all. No socket, no clock: the same seed gives the same run.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use mynah_core::{
    ApiError, Backoff, Cx, Dialer, Endpoint, Frame, HttpResponse, Platform, Session, Ticket,
    TransportError, encode_output,
};
use mynah_testkit::{Chance, Way};
use mynah_wecom::WeCom;
use mynah_wecom::aibot::{
    Asked, BotEvent, BotSecret, BotSession, BotSocket, Callback, Command, Content, Event, Kind,
    PlatformSession, Reply, RespondMsg, SendMsg, Text,
};
use proptest::prelude::*;
use serde_json::Value;

use super::{pinned, request, secs};

struct Link {
    bot: BotSession,
    platform: PlatformSession,
    there: Way,
    back: Way,
    /// Commands that are being carried out, and when they will be acknowledged.
    working: Vec<(Instant, Command)>,
}

struct Pair {
    start: Instant,
    now: Instant,
    chance: Chance,
    dialer: BotSocket,
    link: Option<Link>,
    backoff: Backoff,
    open_at: Instant,
    /// Who waits: until when.
    waiting: BTreeMap<u64, Instant>,
    outcomes: BTreeMap<u64, Result<HttpResponse, TransportError>>,
    /// Commands that reached the platform, in their order.
    arrived: Vec<u64>,
    said: u64,
    heard: Vec<u64>,
    subscriptions: u64,
    attempts: Vec<Instant>,
    /// Why the dialer does not dial any more.
    over: Option<String>,
}

/// The last answers of the platform come this long after the commands; less
/// than twice what the bot waits.
const SLOWEST: u64 = 9500;

impl Pair {
    fn new(seed: u64) -> Self {
        let start = Instant::now();
        let url = "ws://127.0.0.1:7700/wecom/openws".parse().unwrap();
        let secret = BotSecret::new("sandbox-secret");
        Self {
            start,
            now: start,
            chance: Chance::new(seed),
            dialer: BotSocket::new(&url, "aib-sandbox", secret).unwrap(),
            link: None,
            backoff: Backoff::default(),
            open_at: start,
            waiting: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            arrived: Vec::new(),
            said: 0,
            heard: Vec::new(),
            subscriptions: 0,
            attempts: Vec::new(),
            over: None,
        }
    }

    /// Calls; every other time an answer to one and the same message.
    fn call(&mut self, ticket: u64) {
        let reply = Reply::markdown(ticket.to_string());
        let request = if ticket.is_multiple_of(2) {
            request(&RespondMsg::new("MESSAGE", reply))
        } else {
            request(&SendMsg::new("alice", reply))
        };
        let deadline = self.now + secs(2) + self.chance.millis(20_000);
        let Some(link) = &mut self.link else {
            let error = TransportError::not_sent("there is no connection");
            self.outcomes.insert(ticket, Err(error));
            return;
        };
        match link.bot.call(self.now, Ticket(ticket), &request, deadline) {
            Ok(()) => drop(self.waiting.insert(ticket, deadline)),
            Err(error) => drop(self.outcomes.insert(ticket, Err(error))),
        }
    }

    fn say(&mut self) {
        let Some(link) = &mut self.link else { return };
        let text = Text::from(self.said.to_string());
        let content = Content::Text(text);
        let quote = None;
        let kind = Kind::Message { content, quote };
        let id = format!("MESSAGE-{}", self.said);
        if link
            .platform
            .deliver(&id, &Callback::new(id.as_str(), "aib-sandbox", kind))
        {
            self.said += 1;
        }
    }

    /// Another instance of the bot subscribes.
    fn replace(&mut self) {
        if let Some(link) = &mut self.link {
            let kind = Kind::Event(Event::Disconnected);
            link.platform
                .replace("GONE", &Callback::new("GONE", "aib-sandbox", kind));
        }
    }

    fn step(&mut self) {
        if self.link.is_none() && self.over.is_none() && self.open_at <= self.now {
            self.connect();
        }
        if self.chance.one_in(700) {
            self.break_down();
        }
        self.carry();
        self.collect();
    }

    fn connect(&mut self) {
        let cx = Cx {
            now: self.now,
            nonce: self.chance.next(),
            ..pinned(self.start)
        };
        if let Err(error) = self.dialer.dial(cx) {
            self.over = Some(error.to_string());
            return;
        }
        self.attempts.push(self.now);
        self.link = Some(Link {
            bot: self.dialer.open(self.now),
            platform: PlatformSession::new(),
            there: Way::default(),
            back: Way::default(),
            working: Vec::new(),
        });
    }

    /// The connection ends; what is on the way is lost.
    fn break_down(&mut self) {
        let Some(link) = &mut self.link else { return };
        link.bot.handle_close(self.now);
        link.platform.handle_close(self.now);
        self.collect();
        if let Some(link) = self.link.take() {
            self.dialer.ended(link.bot);
        }
        self.open_at = self.now + self.backoff.next(self.chance.next());
    }

    fn carry(&mut self) {
        let (now, chance) = (self.now, &mut self.chance);
        let Some(link) = &mut self.link else { return };
        let mut closed = false;
        while let Some(frame) = link.bot.poll_send() {
            closed |= matches!(frame, Frame::Close(..));
            link.there.put(now + chance.millis(80), frame);
        }
        while let Some(frame) = link.there.take(now) {
            link.platform.handle_frame(now, frame);
        }
        while let Some(asked) = link.platform.poll_event() {
            match asked {
                Asked::Subscribe(subscription) => {
                    self.subscriptions += 1;
                    link.platform.admit(subscription.echo);
                }
                Asked::Command(command) => {
                    self.arrived.push(number(&command));
                    // One in twenty is never acknowledged, one in ten late.
                    let most = if chance.one_in(10) { SLOWEST } else { 1000 };
                    if !chance.one_in(20) {
                        link.working.push((now + chance.millis(most), command));
                    }
                }
            }
        }
        for (_, command) in link.working.extract_if(.., |(at, _)| *at <= now) {
            let words = number(&command).to_string();
            let outcome = Err(ApiError::new(93006, words));
            let response = encode_output::<SendMsg>(outcome);
            link.platform.reply(command.echo, &response);
        }
        while let Some(frame) = link.platform.poll_send() {
            link.back.put(now + chance.millis(80), frame);
        }
        while let Some(frame) = link.back.take(now) {
            closed |= matches!(frame, Frame::Close(..));
            link.bot.handle_frame(now, frame);
        }
        if link.bot.poll_timeout().is_some_and(|due| due <= now) {
            link.bot.handle_timeout(now);
        }
        if closed {
            self.break_down();
        }
    }

    fn collect(&mut self) {
        let Some(link) = &mut self.link else { return };
        while let Some((ticket, outcome)) = link.bot.poll_answer() {
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
        while let Some(event) = link.bot.poll_event() {
            if let BotEvent::Delivered(delivery) = event
                && let Kind::Message { content, .. } = &delivery.callback.kind
            {
                self.heard.push(content.text().unwrap().parse().unwrap());
            }
        }
    }

    fn tick(&mut self) {
        self.step();
        self.now += Duration::from_millis(10);
    }

    fn run(mut self) {
        for tick in 0..6000 {
            if tick < 3000 && self.chance.one_in(8) {
                self.call(tick);
            }
            if self.chance.one_in(10) {
                self.say();
            }
            self.tick();
        }
        self.check();
    }

    fn check(&self) {
        assert!(self.waiting.is_empty(), "every call has come to an end");
        let arrived: BTreeSet<_> = self.arrived.iter().collect();
        assert_eq!(arrived.len(), self.arrived.len(), "nothing is sent twice");
        for (ticket, outcome) in &self.outcomes {
            match outcome {
                Ok(response) => {
                    let error = WeCom::open(response).unwrap_err();
                    assert_eq!(error.message, ticket.to_string(), "nobody else's answer");
                }
                Err(error) if !error.sent => {
                    assert!(!arrived.contains(ticket), "{ticket} was not sent");
                }
                Err(_) => {}
            }
        }
        let answers = self
            .arrived
            .iter()
            .filter(|ticket| ticket.is_multiple_of(2));
        assert!(
            answers.is_sorted(),
            "answers to one message keep their order"
        );
        assert!(self.heard.is_sorted(), "events keep their order");
        let different: BTreeSet<_> = self.heard.iter().collect();
        assert_eq!(different.len(), self.heard.len(), "no event comes twice");
        for pair in self.attempts.windows(2) {
            assert!(pair[1] - pair[0] >= secs(1), "attempts keep their distance");
        }
    }
}

/// What a command says.
fn number(command: &Command) -> u64 {
    let body: Value = serde_json::from_slice(&command.body).unwrap();
    let content = body["markdown"]["content"].as_str().unwrap();
    assert_eq!(
        command.req_id.as_str() == "MESSAGE",
        command.cmd == "aibot_respond_msg"
    );
    assert!(SendMsg::META.path.ends_with(&command.cmd) || command.cmd == "aibot_respond_msg");
    content.parse().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_call_ends_once_and_with_its_own_answer(seed: u64) {
        Pair::new(seed).run();
    }

    #[test]
    fn a_bot_that_is_replaced_stays_away(seed: u64, at in 200_u64..1500) {
        let mut pair = Pair::new(seed);
        for tick in 0..at {
            pair.say();
            if pair.chance.one_in(8) {
                pair.call(tick);
            }
            pair.tick();
        }
        // The word of it may be lost with the connection; then it is said
        // again, which may happen several times and takes a while each.
        for _ in 0..20_000 {
            if pair.over.is_some() {
                break;
            }
            if pair.link.as_ref().is_some_and(|link| link.platform.is_subscribed()) {
                pair.replace();
            }
            pair.tick();
        }
        pair.check();
        let over = pair.over.expect("it has given up");
        prop_assert!(over.contains("another connection of this bot has taken over"), "{}", over);
        prop_assert!(pair.link.is_none());
    }
}

/// The run above does exercise what it is meant to.
#[test]
fn a_run_has_answers_losses_late_ones_and_reconnects() {
    let mut pair = Pair::new(7);
    for tick in 0..6000 {
        if tick < 3000 && pair.chance.one_in(4) {
            pair.call(tick);
        }
        pair.say();
        pair.tick();
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
    assert!(pair.subscriptions > 2);
    assert!(pair.heard.len() > 100);
}
