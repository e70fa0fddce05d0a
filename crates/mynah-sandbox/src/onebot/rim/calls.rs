//! A call, from whichever transport: past the faults, into the world, and
//! into the journal.

use std::time::Duration;

use bytes::Bytes;
use mynah_core::HttpResponse;
use mynah_onebot::retcode;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::PLATFORM;
use super::outbox::Release;
use crate::fault::{Effect, Point, Refusal};
use crate::hub::State;
use crate::journal::{self, Direction, Entry, Kind, Transport, Verdict};
use crate::onebot::OneBotWorld;

/// A call on its way to the world.
pub(crate) struct Call<'a, R, W> {
    /// Its entry in the journal.
    pub(crate) entry: Entry,
    /// Its parameters, as far as they tell which message it is about.
    pub(crate) params: Option<&'a Value>,
    /// Has it carried out.
    pub(crate) run: R,
    /// Writes the answer as it leaves, for the journal.
    pub(crate) write: W,
}

/// What came of a call.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) response: HttpResponse,
    pub(crate) fate: Fate,
    /// Keep it until the answer has left.
    pub(crate) release: Option<Release>,
}

/// When an answer leaves, if it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// At once.
    Now,
    /// After a while.
    Later(Duration),
    /// When so many others have left.
    Behind(u32),
    /// Never: it is lost.
    Lost,
    /// Never, and nothing else happens either while this fault stands.
    Stalled(u64),
}

/// The faults of one call or event, in one piece.
#[derive(Debug)]
pub(crate) struct Trouble {
    pub(crate) fate: Fate,
    pub(crate) twice: bool,
    pub(crate) forged: bool,
    pub(crate) refusal: Option<Refusal>,
}

impl From<&[Effect]> for Trouble {
    fn from(effects: &[Effect]) -> Self {
        let mut trouble = Self {
            fate: Fate::Now,
            twice: false,
            forged: false,
            refusal: None,
        };
        for effect in effects {
            match *effect {
                Effect::Delay(delay) => trouble.fate = Fate::Later(delay),
                Effect::Reorder { behind } => trouble.fate = Fate::Behind(behind),
                Effect::Drop => trouble.fate = Fate::Lost,
                Effect::Stall(fault) => trouble.fate = Fate::Stalled(fault),
                Effect::Duplicate => trouble.twice = true,
                Effect::Forge => trouble.forged = true,
                Effect::Refuse(refusal) => trouble.refusal = Some(refusal),
                // Sockets see to this themselves.
                Effect::Close => {}
            }
        }
        trouble
    }
}

impl Trouble {
    /// What the journal says about it.
    pub(crate) fn verdict(&self) -> (Verdict, &'static str) {
        match self.fate {
            Fate::Now if self.twice => (Verdict::Ok, "fault: twice"),
            Fate::Now => (Verdict::Ok, ""),
            Fate::Later(_) => (Verdict::Delayed, "fault: delayed"),
            Fate::Behind(_) => (Verdict::Delayed, "fault: out of order"),
            Fate::Lost => (Verdict::Dropped, "fault: lost"),
            Fate::Stalled(_) => (Verdict::Dropped, "fault: half-open"),
        }
    }
}

/// Has a call carried out, unless a fault prevents it.
pub(crate) fn carry_out<R, W>(state: &mut State, point: Point, call: Call<'_, R, W>) -> Outcome
where
    R: FnMut(&mut OneBotWorld) -> HttpResponse,
    W: FnOnce(&HttpResponse) -> Bytes,
{
    let mut run = call.run;
    let trouble = Trouble::from(&state.decide(PLATFORM, point)[..]);
    let release = state.onebot.outbox.hold();
    let response = match (trouble.refusal, trouble.fate) {
        (Some(refusal), _) => refuse(refusal),
        (None, Fate::Stalled(_)) => HttpResponse::default(),
        (None, _) => {
            if trouble.twice {
                run(&mut state.onebot.world);
            }
            run(&mut state.onebot.world)
        }
    };
    let written = (call.write)(&response);
    let answered = Answered {
        response: &response,
        written: &written,
        trouble: &trouble,
    };
    note(state, call.entry, call.params, &answered);
    // Events do not wait for an answer that something else holds up.
    let release = (trouble.fate == Fate::Now).then_some(release);
    Outcome {
        response,
        fate: trouble.fate,
        release,
    }
}

/// The answer to a call that a fault refuses.
pub(crate) fn refuse(refusal: Refusal) -> HttpResponse {
    let status = match refusal {
        Refusal::Unavailable => http::StatusCode::SERVICE_UNAVAILABLE,
        Refusal::TooMany => http::StatusCode::TOO_MANY_REQUESTS,
        Refusal::Expired => http::StatusCode::FORBIDDEN,
    };
    let mut response = HttpResponse::new(Bytes::new());
    *response.status_mut() = status;
    if refusal == Refusal::TooMany {
        let second = http::HeaderValue::from_static("1");
        response
            .headers_mut()
            .insert(http::header::RETRY_AFTER, second);
    }
    response
}

struct Answered<'a> {
    response: &'a HttpResponse,
    written: &'a Bytes,
    trouble: &'a Trouble,
}

impl Answered<'_> {
    fn verdict(&self, envelope: &Envelope) -> (Verdict, String) {
        if self.trouble.refusal.is_some() {
            return (Verdict::Refused, "fault: refused".to_owned());
        }
        match self.trouble.verdict() {
            (Verdict::Ok, fault) => (envelope.verdict(self.response), envelope.note(fault)),
            (verdict, fault) => (verdict, fault.to_owned()),
        }
    }
}

/// Writes the call and its answer into the journal, with the message that
/// both are about.
fn note(state: &mut State, request: Entry, params: Option<&Value>, answered: &Answered<'_>) {
    let envelope = Envelope::read(answered.response.body());
    let mut messages: Vec<String> = params.and_then(message_id).into_iter().collect();
    messages.extend(envelope.message_id());
    messages.dedup();
    let (verdict, note) = answered.verdict(&envelope);
    let over_http = request.transport == Transport::Http;
    let response = Entry {
        peer: request.peer.clone(),
        title: request.title.clone(),
        headers: journal::headers(answered.response.headers()),
        body: journal::text(answered.written),
        status: if over_http {
            answered.response.status().as_u16()
        } else {
            0
        },
        verdict,
        note,
        message: messages.clone(),
        ..Entry::new(PLATFORM, Direction::Out, request.transport, Kind::Response)
    };
    let pair = state.note(Entry {
        message: messages,
        ..request
    });
    state.note(Entry {
        pair: Some(pair),
        ..response
    });
}

/// The envelope as far as the journal is interested.
#[derive(Debug, Default, Deserialize)]
struct Envelope {
    #[serde(default)]
    retcode: i64,
    #[serde(default)]
    wording: String,
    #[serde(default)]
    data: Option<Box<RawValue>>,
}

impl Envelope {
    fn read(body: &Bytes) -> Self {
        serde_json::from_slice(body).unwrap_or_default()
    }

    fn message_id(&self) -> Option<String> {
        #[derive(Deserialize)]
        struct Data {
            message_id: i64,
        }
        let data: Data = serde_json::from_str(self.data.as_ref()?.get()).ok()?;
        Some(data.message_id.to_string())
    }

    fn verdict(&self, response: &HttpResponse) -> Verdict {
        match (response.status().as_u16(), self.retcode) {
            (200, retcode::OK | retcode::ASYNC) => Verdict::Ok,
            (200, code) if code < retcode::BAD_REQUEST => Verdict::Failed,
            _ => Verdict::Refused,
        }
    }

    fn note(&self, fault: &str) -> String {
        match (self.retcode, fault) {
            (retcode::OK, fault) => fault.to_owned(),
            (code, "") => format!("retcode {code} {}", self.wording)
                .trim_end()
                .to_owned(),
            (code, fault) => format!("retcode {code} {}; {fault}", self.wording),
        }
    }
}

/// The message that parameters, data or an event are about.
pub(crate) fn message_id(value: &Value) -> Option<String> {
    match value.get("message_id")? {
        Value::Number(id) => Some(id.to_string()),
        Value::String(id) => Some(id.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_is_found_by_number_and_by_text() {
        let found = |json: &str| message_id(&serde_json::from_str(json).unwrap());
        assert_eq!(found(r#"{"message_id": 7}"#).as_deref(), Some("7"));
        assert_eq!(found(r#"{"message_id": "7"}"#).as_deref(), Some("7"));
        assert_eq!(found(r#"{"message_id": [7]}"#), None);
        assert_eq!(found("[7]"), None);
    }

    #[test]
    fn faults_of_one_call_come_together() {
        let late = Duration::from_millis(5);
        let trouble = Trouble::from(&[Effect::Delay(late), Effect::Duplicate][..]);
        assert_eq!(trouble.fate, Fate::Later(late));
        assert!(trouble.twice && !trouble.forged && trouble.refusal.is_none());
        let trouble = Trouble::from(&[Effect::Delay(late), Effect::Drop][..]);
        assert_eq!(trouble.fate, Fate::Lost);
    }
}
