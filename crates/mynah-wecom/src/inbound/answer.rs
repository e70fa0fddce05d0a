//! Answers in the response, both sides of them.

use bytes::Bytes;
use mynah_core::{Check, Forged, HttpResponse};

use super::{Answer, CallbackSecret, LARGEST_BODY, Mode, Nonce, Sealed, forged, unopened};
use crate::aibot;
use crate::event::Callback;
use crate::reply::PassiveMessage;

/// The response; empty where there is no answer, or one of the wrong kind.
pub(super) fn respond(
    secret: &CallbackSecret,
    callback: &[u8],
    answer: Option<Answer>,
    nonce: &Nonce,
    timestamp: i64,
) -> HttpResponse {
    let plain = match (answer, secret.mode()) {
        (Some(Answer::Application(reply)), Mode::Application) => {
            match Callback::from_slice(callback) {
                // The addresses are swapped against the callback.
                Ok(Callback {
                    from_user_name,
                    to_user_name,
                    ..
                }) => PassiveMessage::new(from_user_name, to_user_name, timestamp, reply).to_xml(),
                Err(_) => return HttpResponse::new(Bytes::new()),
            }
        }
        (Some(Answer::Bot(reply)), Mode::Bot) => serde_json::to_string(&reply).unwrap_or_default(),
        _ => return HttpResponse::new(Bytes::new()),
    };
    let nonce = match nonce {
        Nonce::Given(nonce) => nonce.clone(),
        Nonce::Own(key) => key.to_string(),
    };
    let stamp = secret.stamp(&plain, nonce, timestamp);
    let sealed = secret.seal(&plain, &stamp);
    let (media_type, body) = match secret.mode() {
        Mode::Application => ("text/xml; charset=utf-8", sealed.to_xml()),
        Mode::Bot => ("application/json; charset=utf-8", sealed.to_json()),
    };
    mynah_core::respond(media_type, body)
}

impl CallbackSecret {
    /// What a receiver answered to the callback with this nonce: the
    /// platform's side of an answer. `None` where it only took note.
    ///
    /// # Errors
    /// The check that failed: the platform shows nothing then, and does not
    /// say so. The status of the error is of no use here.
    pub fn open_answer(
        &self,
        response: &HttpResponse,
        nonce: &str,
    ) -> Result<Option<Answer>, Forged> {
        let plain = self.decrypt_answer(response, nonce)?;
        plain.map(|plain| self.answer(&plain)).transpose()
    }

    /// The same, as it is written: what a journal shows.
    ///
    /// # Errors
    /// As [`open_answer`](Self::open_answer), but for what the plain text says.
    pub fn decrypt_answer(
        &self,
        response: &HttpResponse,
        nonce: &str,
    ) -> Result<Option<String>, Forged> {
        let body = response.body();
        if body.len() > LARGEST_BODY {
            let detail = format!("{} bytes, at most {LARGEST_BODY} are taken", body.len());
            return Err(forged(Check::Size, detail));
        }
        if body.trim_ascii().is_empty() {
            return Ok(None);
        }
        let sealed = self.sealed(body)?;
        if self.mode() == Mode::Bot && sealed.nonce != nonce {
            return Err(forged(Check::Form, "nonce is not that of the callback"));
        }
        let timestamp = sealed.timestamp.to_string();
        let envelope = self.envelope();
        let (encrypt, signature) = (&*sealed.encrypt, &*sealed.msg_signature);
        if !envelope.verify(&timestamp, &sealed.nonce, encrypt, signature) {
            let detail = format!("the signature ({} bytes) is another", signature.len());
            return Err(forged(Check::Signature, detail));
        }
        envelope.open(encrypt).map(Some).map_err(unopened)
    }

    fn sealed(&self, body: &[u8]) -> Result<Sealed, Forged> {
        let bad = |detail: String| forged(Check::Body, detail);
        let text = std::str::from_utf8(body).map_err(|_| bad("not UTF-8".to_owned()))?;
        match self.mode() {
            Mode::Application => Sealed::from_xml(text).map_err(|error| bad(error.to_string())),
            Mode::Bot => serde_json::from_str(text).map_err(|error| {
                let (line, column) = (error.line(), error.column());
                bad(format!("no encrypted answer: line {line}, column {column}"))
            }),
        }
    }

    fn answer(&self, plain: &str) -> Result<Answer, Forged> {
        match self.mode() {
            Mode::Application => PassiveMessage::read(plain)
                .map(|message| Answer::Application(message.reply))
                .map_err(|error| forged(Check::Body, error.to_string())),
            Mode::Bot => serde_json::from_str::<aibot::Reply>(plain)
                .map(Answer::Bot)
                .map_err(|_| forged(Check::Body, "the answer is no JSON object")),
        }
    }
}
