//! A call, from whichever transport: past the faults, into the world, and
//! into the journal.

use bytes::Bytes;
use mynah_core::HttpResponse;

use super::fate::{Fate, Trouble};
use super::outbox::Release;
use super::{Reading, Rim};
use crate::fault::{Point, Refusal};
use crate::hub::State;
use crate::journal::{self, Check, Direction, Entry, Kind, Transport, Verdict};

/// A call on its way to the world.
pub(crate) trait Call {
    /// Whose.
    type Rim: Rim;

    /// Where it can go wrong.
    fn point(&self) -> Point;

    /// The message that it names.
    fn message(&self) -> Option<String>;

    /// Has it carried out; may happen twice.
    fn run(&mut self, side: &mut Self::Rim) -> HttpResponse;

    /// The platform's answer to a call that a fault refuses.
    fn refuse(&mut self, side: &mut Self::Rim, refusal: Refusal) -> HttpResponse;

    /// By what it was looked at who calls, as the answer tells.
    fn checked(&self, _answer: &HttpResponse) -> Vec<Check> {
        Vec::new()
    }

    /// Writes the answer as it leaves. Happens once.
    fn write(&mut self, answer: &HttpResponse) -> Bytes {
        answer.body().clone()
    }
}

/// What came of a call.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The answer.
    pub(crate) response: HttpResponse,
    /// When it leaves.
    pub(crate) fate: Fate,
    /// Keep it until the answer has left.
    pub(crate) release: Option<Release>,
}

/// What faults do to a call.
pub(crate) fn decide<C: Call>(state: &mut State, call: &C) -> Trouble {
    let platform = C::Rim::PLATFORM.name;
    Trouble::from(&state.decide(platform, call.point())[..])
}

/// Has a call carried out, unless a fault prevents it. `entry` is the call's
/// in the journal, where it may stand already; `trouble` is what faults do to
/// it, where that has been [decided](decide) already.
pub(crate) fn carry_out<C: Call>(
    state: &mut State,
    entry: Entry,
    call: &mut C,
    trouble: Option<Trouble>,
) -> Outcome {
    let trouble = trouble.unwrap_or_else(|| decide(state, call));
    let side = C::Rim::among(&mut state.sides);
    let release = side.outbox().hold();
    side.touched();
    let response = match (trouble.refusal, trouble.fate) {
        (Some(refusal), _) => call.refuse(side, refusal),
        (None, Fate::Stalled(_)) => HttpResponse::default(),
        (None, _) => {
            if trouble.twice {
                call.run(side);
            }
            call.run(side)
        }
    };
    let answered = Answered {
        touched: side.touched(),
        shown: C::Rim::show(&call.write(&response)),
        reading: C::Rim::read_answer(&response),
        response: &response,
        trouble: &trouble,
    };
    // Who is turned away before, or not answered, was not looked at.
    let is_looked_at = match trouble.refusal {
        None => !matches!(trouble.fate, Fate::Stalled(_)),
        Some(refusal) => refusal == Refusal::Expired,
    };
    let checks = if is_looked_at {
        call.checked(&response)
    } else {
        Vec::new()
    };
    let entry = Entry { checks, ..entry };
    note(state, entry, call.message(), answered);
    // Events do not wait for an answer that something else holds up.
    let release = (trouble.fate == Fate::Now).then_some(release);
    Outcome {
        response,
        fate: trouble.fate,
        release,
    }
}

struct Answered<'a> {
    response: &'a HttpResponse,
    shown: String,
    reading: Reading,
    touched: Vec<String>,
    trouble: &'a Trouble,
}

impl Answered<'_> {
    fn verdict(&self) -> (Verdict, String) {
        if self.trouble.refusal.is_some() {
            return (Verdict::Refused, "fault: refused".to_owned());
        }
        let note = &self.reading.note;
        match self.trouble.verdict() {
            (Verdict::Ok, "") => (self.reading.verdict, note.clone()),
            (Verdict::Ok, fault) if note.is_empty() => (self.reading.verdict, fault.to_owned()),
            (Verdict::Ok, fault) => (self.reading.verdict, format!("{note}; {fault}")),
            (verdict, fault) => (verdict, fault.to_owned()),
        }
    }
}

/// Writes the call and its answer into the journal, with the messages that
/// both are about.
fn note(state: &mut State, request: Entry, named: Option<String>, answered: Answered<'_>) {
    let (verdict, note) = answered.verdict();
    let mut messages: Vec<String> = named.into_iter().collect();
    for message in answered.reading.message.into_iter().chain(answered.touched) {
        if !messages.contains(&message) {
            messages.push(message);
        }
    }
    let over_http = request.transport == Transport::Http;
    let status = answered.response.status().as_u16();
    let response = Entry {
        peer: request.peer.clone(),
        title: request.title.clone(),
        headers: journal::headers(answered.response.headers()),
        body: answered.shown,
        status: if over_http { status } else { 0 },
        verdict,
        note,
        message: messages.clone(),
        ..Entry::new(
            request.platform,
            Direction::Out,
            request.transport,
            Kind::Response,
        )
    };
    let pair = match request.id {
        0 => state.note(Entry {
            message: messages,
            ..request
        }),
        noted => noted,
    };
    state.note(Entry {
        pair: Some(pair),
        ..response
    });
}
