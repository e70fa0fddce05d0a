//! What goes back, and the platform's side of it.

use bytes::Bytes;
use mynah_core::lenient::or_default;
use mynah_core::{Check, Forged, HttpResponse};
use serde::{Deserialize, Deserializer, Serialize};
use serde_with::skip_serializing_none;

use super::{Event, LARGEST_BODY};

/// What goes back in the response to a check. Every other event takes no answer
/// but the one that says "received".
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Answer {
    /// What becomes of the message.
    Verdict(Verdict),
}

impl From<Verdict> for Answer {
    fn from(verdict: Verdict) -> Self {
        Self::Verdict(verdict)
    }
}

mynah_core::numbers! {
    /// What becomes of a message.
    pub enum Pass {
        /// It is not delivered, and not routed.
        Reject = 0,
        /// It goes on to the platform's own checks.
        Deliver = 1,
        /// It is delivered without further checks.
        DeliverAtOnce = 2,
    }
}

/// What becomes of a message that is about to be delivered
/// (<https://docs.rongcloud.cn/v4/views/im/server/security/msgcb.html>).
///
/// ```
/// use mynah_rongcloud::inbound::Verdict;
///
/// let verdict = Verdict::reject().extra("not here");
/// assert_eq!(serde_json::to_string(&verdict)?, r#"{"pass":0,"extra":"not here"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Verdict {
    /// What becomes of it.
    pub pass: Pass,
    /// A word for the one who says it; at most [`Verdict::LONGEST_EXTRA`] characters.
    #[serde(default, deserialize_with = "or_default")]
    pub extra: Option<String>,
    /// What is delivered in place of the content, as text; empty is nothing.
    #[serde(default, deserialize_with = "some_text")]
    pub replace_content: Option<String>,
}

/// A text in which something stands: programs that always write the field leave it empty.
fn some_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text: Option<String> = or_default(deserializer)?;
    Ok(text.filter(|text| !text.is_empty()))
}

impl Verdict {
    /// The longest [`extra`](Self::extra), in characters.
    pub const LONGEST_EXTRA: usize = 1024;

    /// It goes on to the platform's own checks. This is what a check is
    /// answered with where there is no other answer.
    pub const fn deliver() -> Self {
        Self::new(Pass::Deliver)
    }

    /// It is delivered without further checks.
    pub const fn deliver_at_once() -> Self {
        Self::new(Pass::DeliverAtOnce)
    }

    /// It is neither delivered nor routed.
    pub const fn reject() -> Self {
        Self::new(Pass::Reject)
    }

    const fn new(pass: Pass) -> Self {
        Self {
            pass,
            extra: None,
            replace_content: None,
        }
    }

    /// Sets a word for the one who says it. Of a longer one the first
    /// [`LONGEST_EXTRA`](Self::LONGEST_EXTRA) characters count.
    #[must_use]
    pub fn extra(self, extra: impl Into<String>) -> Self {
        let mut extra = extra.into();
        if let Some((end, _)) = extra.char_indices().nth(Self::LONGEST_EXTRA) {
            extra.truncate(end);
        }
        Self {
            extra: Some(extra),
            ..self
        }
    }

    /// Sets what is delivered in place of the content: the text of a content of
    /// the same type.
    #[must_use]
    pub fn replace_content(self, content: impl Into<String>) -> Self {
        Self {
            replace_content: Some(content.into()),
            ..self
        }
    }

    /// Whether the message is delivered. A number nobody told us of is no
    /// refusal, as no answer is none.
    pub const fn delivers(&self) -> bool {
        !matches!(self.pass, Pass::Reject)
    }

    /// What a receiver answered to a check: the platform's side of it.
    ///
    /// # Errors
    /// It is no verdict: the platform delivers. The status of the error is of
    /// no use here.
    pub fn of(response: &HttpResponse) -> Result<Self, Forged> {
        received(response)?;
        let body = response.body();
        if body.len() > LARGEST_BODY {
            let detail = format!("{} bytes, at most {LARGEST_BODY} are taken", body.len());
            return Err(Forged::new(413, Check::Size, detail));
        }
        serde_json::from_slice(body).map_err(|bad| {
            let detail = format!(
                "no JSON object with `pass`: stopped at column {} of {} bytes",
                bad.column(),
                body.len()
            );
            Forged::new(400, Check::Body, detail)
        })
    }
}

impl Answer {
    /// What a receiver answered: the platform's side of it. `None` where it
    /// only says that the event has come; the body does not matter then.
    ///
    /// # Errors
    /// It says nothing of that kind: the platform posts the event again, or
    /// delivers what it asked about. The status of the error is of no use here.
    pub fn of(event: &Event, response: &HttpResponse) -> Result<Option<Self>, Forged> {
        match event {
            Event::Check(_) => Ok(Some(Verdict::of(response)?.into())),
            _ => received(response).map(|()| None),
        }
    }
}

fn received(response: &HttpResponse) -> Result<(), Forged> {
    if response.status() == 200 {
        return Ok(());
    }
    let detail = format!("the status is {}, not 200", response.status().as_u16());
    Err(Forged::new(400, Check::Form, detail))
}

impl Event {
    /// What it is taken with where only that is to be said; nothing for what
    /// wants a verdict.
    pub(super) const fn acknowledgement(&self) -> Option<&'static str> {
        match self {
            Self::Check(_) => None,
            Self::Online(_) | Self::Chatroom(_) => Some(""),
            Self::Operation(_) | Self::Audit(_) => Some("OK"),
            Self::Route(_) | Self::Unknown(_) => Some("ok"),
        }
    }
}

/// The word that says "received", or where there is none the verdict.
pub(super) fn respond(word: Option<&'static str>, given: Option<Answer>) -> HttpResponse {
    let (body, media_type) = match (word, given) {
        (Some(word), _) => (word.into(), "text/plain; charset=utf-8"),
        (None, given) => (verdict(given), "application/json; charset=utf-8"),
    };
    mynah_core::respond(media_type, body)
}

fn verdict(given: Option<Answer>) -> Bytes {
    let Answer::Verdict(verdict) = given.unwrap_or(Verdict::deliver().into());
    // A verdict always has a JSON form.
    serde_json::to_vec(&verdict).unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_a_verdict_leaves_empty_or_has_of_another_kind_does_not_change_it() {
        let read = |body: &'static str| Verdict::of(&HttpResponse::new(body.into())).unwrap();
        let empty = r#"{"pass":1,"extra":"","replaceContent":""}"#;
        assert_eq!(read(empty), Verdict::deliver().extra(""));
        let odd = r#"{"pass":0,"extra":5,"replaceContent":{"content":"x"}}"#;
        assert_eq!(read(odd), Verdict::reject());
    }
}
