//! Answers in the response, the platform's side of them.

use mynah_core::{Check, Forged, HttpResponse};

use super::events::{SUCCESS, Sealed};
use super::{Answer, CallbackSecret, LARGEST_BODY, forged};
use crate::message::{WebhookBody, WebhookMessage};

/// An event was not answered by the encrypted `success`: the platform sends it
/// again, or does not take the address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoSuccess {
    /// The status is not 200.
    #[error("the status is {0}, not 200")]
    Status(u16),
    /// The answer cannot be decrypted.
    #[error("the answer cannot be decrypted: {0}")]
    Sealed(Forged),
    /// The answer is another text, of this many bytes.
    #[error("the answer is a text of {0} bytes, not `success`")]
    Another(usize),
}

impl NoSuccess {
    /// What registering the address fails with
    /// (<https://open.dingtalk.com/document/development/register-callback-events>).
    pub const fn errcode(&self) -> i64 {
        match self {
            Self::Status(_) => 71012,
            Self::Sealed(_) => 71010,
            Self::Another(_) => 71009,
        }
    }
}

impl CallbackSecret {
    /// Whether a receiver has answered an event with the encrypted `success`.
    ///
    /// # Errors
    /// It has not.
    pub fn check_success(&self, response: &HttpResponse) -> Result<(), NoSuccess> {
        if response.status() != 200 {
            return Err(NoSuccess::Status(response.status().as_u16()));
        }
        let plain = self.open_answer(response).map_err(NoSuccess::Sealed)?;
        if plain == SUCCESS {
            return Ok(());
        }
        Err(NoSuccess::Another(plain.len()))
    }

    fn open_answer(&self, response: &HttpResponse) -> Result<String, Forged> {
        let body = checked(response)?;
        let sealed: Sealed = serde_json::from_slice(body).map_err(|bad| {
            let detail = format!("no encrypted answer: stopped at column {}", bad.column());
            forged(Check::Body, detail)
        })?;
        self.open(&sealed)
    }

    /// Decrypts what was sealed for one of the ids.
    ///
    /// # Errors
    /// The check that failed; the status of the error is of no use here.
    pub fn open(&self, sealed: &Sealed) -> Result<String, Forged> {
        let events = self.sealing();
        let events = events.ok_or_else(|| forged(Check::Form, "no key is known for events"))?;
        events.check_signature(
            &sealed.timestamp,
            &sealed.nonce,
            &sealed.encrypt,
            &sealed.msg_signature,
        )?;
        events.open(&sealed.encrypt).map(|(plain, _)| plain)
    }
}

impl Answer {
    /// What a robot answered in its response: the platform's side of it.
    /// `None` where it says nothing.
    ///
    /// # Errors
    /// The check that failed; the status of the error is of no use here.
    pub fn of(response: &HttpResponse) -> Result<Option<Self>, Forged> {
        if response.status() != 200 {
            let detail = format!("the status is {}, not 200", response.status().as_u16());
            return Err(forged(Check::Form, detail));
        }
        let body = checked(response)?;
        if body.trim_ascii().is_empty() {
            return Ok(None);
        }
        let message: WebhookMessage = serde_json::from_slice(body)
            .map_err(|_| forged(Check::Body, "the answer is no JSON object"))?;
        Ok((message.body != WebhookBody::Empty).then_some(Self::Say(message)))
    }
}

fn checked(response: &HttpResponse) -> Result<&[u8], Forged> {
    let body = response.body();
    if body.len() > LARGEST_BODY {
        let detail = format!("{} bytes, at most {LARGEST_BODY} are taken", body.len());
        return Err(forged(Check::Size, detail));
    }
    Ok(body)
}
