//! The verification of callback addresses
//! (<https://developer.work.weixin.qq.com/document/path/90930>).

use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use mynah_core::HttpRequest;
use mynah_wecom::inbound::{CallbackSecret, aim};
use serde_json::{Map, Value, json};

use super::WeComSide;
use super::delivery::Delivery;
use crate::clock::wall;
use crate::hub::{Hub, State};
use crate::journal::Verdict;
use crate::rim::Errand;
use crate::rim::post::{Answer, Post, Poster, Posting};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(1);

/// Asks the addresses that are set to decrypt something; reports by address
/// whether they did.
pub(super) fn errand(delivery: Arc<Delivery>) -> Errand {
    Box::new(move |hub| {
        Box::pin(async move {
            let poster = Poster::new();
            let mut report = Map::new();
            let places = [
                (
                    "callback_url",
                    &delivery.callback_url,
                    delivery.application_secret(),
                ),
                (
                    "bot_callback_url",
                    &delivery.bot_callback_url,
                    delivery.bot_secret(),
                ),
            ];
            for (name, url, secret) in places {
                if let Some(url) = url {
                    let outcome = verify(&hub, &poster, url, &secret).await;
                    let problem = outcome.as_ref().err();
                    let verified = json!({ "ok": outcome.is_ok(), "problem": problem });
                    report.insert(name.to_owned(), verified);
                }
            }
            Map::from_iter([("verification".to_owned(), Value::Object(report))])
        })
    })
}

/// The reason why an address is not what it should be.
async fn verify(
    hub: &Arc<Hub>,
    poster: &Poster,
    url: &Uri,
    secret: &CallbackSecret,
) -> Result<(), String> {
    let (posting, echo) = hub.with(|state| {
        let echo = state.random().to_string();
        let nonce = state.random() % 10_000_000_000;
        let request = secret.challenge(&echo, nonce, wall(state.now()));
        let post = Post {
            request: aim(request, url),
            timeout: PATIENCE,
            forge: |_: &mut HttpRequest| {},
            checks: &["signature", "encryption", "receiver"],
            title: "verification".to_owned(),
            shown: echo.clone(),
            message: None,
            note: String::new(),
        };
        (Posting::prepare::<WeComSide>(state, post), echo)
    });
    let mut outcome = Err("a fault has lost it".to_owned());
    let take = |state: &mut State, answer: Result<Answer, String>| {
        outcome = judge(&answer, &echo);
        let problem = outcome.as_ref().err().map_or("", String::as_str);
        let verdict = if outcome.is_ok() {
            Verdict::Ok
        } else {
            Verdict::Failed
        };
        let answer = answer.as_ref().map_err(String::as_str);
        posting.note(state, answer, verdict, problem);
    };
    poster.post(hub, &posting, take).await;
    outcome
}

fn judge(answer: &Result<Answer, String>, echo: &str) -> Result<(), String> {
    let answer = answer.as_ref().map_err(Clone::clone)?;
    match (answer.status, &*answer.body) {
        (200, body) if body == echo.as_bytes() => Ok(()),
        (200, body) => Err(format!(
            "the answer has {} bytes and is not the plain text, which has {}",
            body.len(),
            echo.len()
        )),
        (status, _) => Err(format!("the status is {status}, not 200")),
    }
}
