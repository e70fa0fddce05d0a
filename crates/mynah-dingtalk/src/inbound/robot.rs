//! What people say to a robot, which comes signed.

use std::time::SystemTime;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue};
use mynah_core::{Arrival, Check, Forged, HttpRequest, HttpResponse, Received, Reply};
use mynah_crypto::{equal, hmac_sha256};

use super::{Answer, Event, ROBOT_PATIENCE, ROBOT_WINDOW, check_time, forged};
use crate::auth::Secret;
use crate::message::WebhookMessage;
use crate::robot::RobotMessage;

const TIMESTAMP: &str = "timestamp";
const SIGN: &str = "sign";

/// What is known for a robot.
pub(super) struct Robot {
    app_secret: Secret,
}

impl Robot {
    pub(super) const fn new(app_secret: Secret) -> Self {
        Self { app_secret }
    }

    /// The signature does not cover the body, and is the same for all messages
    /// of one millisecond: it cannot tell copies from other messages.
    pub(super) fn verify(
        &self,
        request: &HttpRequest,
        wall: SystemTime,
    ) -> Result<Received<Event, Answer>, Forged> {
        let timestamp = header(request.headers(), TIMESTAMP)?;
        let sign = header(request.headers(), SIGN)?;
        check_time(timestamp, wall, ROBOT_WINDOW)?;
        let expected = self.tag(timestamp);
        if !STANDARD
            .decode(sign)
            .is_ok_and(|given| equal(&given, &expected))
        {
            let detail = format!("sign ({} bytes) is another", sign.len());
            return Err(forged(Check::Signature, detail));
        }
        let raw = request.body().clone();
        let message =
            RobotMessage::from_slice(&raw).map_err(|bad| forged(Check::Body, bad.to_string()))?;
        Ok(Received::Event(Arrival {
            dedupe: message.dedupe_key(),
            raw,
            replay: None,
            reply: Reply::new(Some(ROBOT_PATIENCE), respond),
            event: message.into(),
        }))
    }

    fn tag(&self, timestamp: &str) -> [u8; 32] {
        let secret = self.app_secret.expose();
        let signed = format!("{timestamp}\n{secret}");
        hmac_sha256(secret.as_bytes(), signed.as_bytes())
    }

    pub(super) fn sign_request(&self, request: &mut HttpRequest, timestamp: i64) {
        let timestamp = timestamp.to_string();
        let sign = STANDARD.encode(self.tag(&timestamp));
        for (name, value) in [(TIMESTAMP, timestamp), (SIGN, sign)] {
            // Digits and base64 can stand in a header.
            if let Ok(value) = HeaderValue::try_from(value) {
                request.headers_mut().insert(name, value);
            }
        }
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a str, Forged> {
    let value = headers.get(name).ok_or_else(|| {
        let detail = format!("{name} is missing in the headers");
        forged(Check::SignatureMissing, detail)
    })?;
    value
        .to_str()
        .map_err(|_| forged(Check::Form, format!("{name} is not ASCII")))
}

/// What is said, or a message that says nothing.
fn respond(answer: Option<Answer>) -> HttpResponse {
    let message = match answer {
        Some(Answer::Say(message)) => message,
        None => WebhookMessage::empty(),
    };
    // A message always has a JSON form.
    let body = serde_json::to_vec(&message).unwrap_or_default();
    mynah_core::respond("application/json; charset=utf-8", body)
}
