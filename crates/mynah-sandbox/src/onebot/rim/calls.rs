//! Calls of OneBot, and what the journal says of them.

use bytes::Bytes;
use mynah_core::{HttpResponse, Session};
use mynah_onebot::retcode;
use mynah_onebot::socket::{Echo, ImplementationSession};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::OneBotSide;
use crate::fault::{Point, Refusal};
use crate::journal::Verdict;
use crate::rim::Reading;
use crate::rim::call::Call;
use crate::rim::http::nothing_but;
use crate::rim::socket::bytes_of;

/// A call that came over a WebSocket.
pub(super) struct SocketCall<'a> {
    pub(super) action: String,
    pub(super) params: Value,
    pub(super) echo: Option<Echo>,
    pub(super) session: &'a mut ImplementationSession,
    /// The answer as it leaves.
    pub(super) answer: Bytes,
}

impl Call for SocketCall<'_> {
    type Rim = OneBotSide;

    fn point(&self) -> Point {
        Point::SocketCall
    }

    fn message(&self) -> Option<String> {
        message_id(&self.params)
    }

    fn run(&mut self, side: &mut OneBotSide) -> HttpResponse {
        side.world.call(&self.action, self.params.clone())
    }

    fn refuse(&mut self, _: &mut OneBotSide, refusal: Refusal) -> HttpResponse {
        refuse(refusal)
    }

    fn write(&mut self, answer: &HttpResponse) -> Bytes {
        if let Some(echo) = self.echo.take() {
            self.session.reply(echo, answer);
            self.answer = self.session.poll_send().map(bytes_of).unwrap_or_default();
        }
        self.answer.clone()
    }
}

/// The answer to a call that a fault refuses.
pub(crate) fn refuse(refusal: Refusal) -> HttpResponse {
    let status = match refusal {
        // The last three are no faults of this platform.
        Refusal::Unavailable | Refusal::Blocked | Refusal::Html | Refusal::TimedOut => {
            http::StatusCode::SERVICE_UNAVAILABLE
        }
        Refusal::TooMany => http::StatusCode::TOO_MANY_REQUESTS,
        Refusal::Expired => http::StatusCode::FORBIDDEN,
    };
    let mut response = nothing_but(status);
    if refusal == Refusal::TooMany {
        let second = http::HeaderValue::from_static("1");
        response
            .headers_mut()
            .insert(http::header::RETRY_AFTER, second);
    }
    response
}

/// What an answer says, for the journal.
pub(super) fn read_answer(answer: &HttpResponse) -> Reading {
    let envelope = Envelope::read(answer.body());
    Reading {
        verdict: envelope.verdict(answer),
        note: envelope.note(),
        message: envelope.message_id(),
    }
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

    fn note(&self) -> String {
        match self.retcode {
            retcode::OK => String::new(),
            code => format!("retcode {code} {}", self.wording)
                .trim_end()
                .to_owned(),
        }
    }
}

/// The message that parameters, data or an event are about.
pub(crate) fn message_id(value: &Value) -> Option<String> {
    as_message_id(value.get("message_id")?)
}

/// A message's id, as a number or text.
pub(super) fn as_message_id(id: &Value) -> Option<String> {
    match id {
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
}
