//! The check of an address: the platform posts `check_url` and wants the
//! encrypted `success`
//! (<https://open.dingtalk.com/document/development/register-callback-events>).

use std::sync::Arc;

use http::Uri;
use mynah_core::{HttpRequest, Inbound};
use mynah_dingtalk::DingTalk;
use mynah_dingtalk::api::callback::Registered;
use mynah_dingtalk::event::{Callback, Kind};
use mynah_dingtalk::inbound::{CallbackSecret, EVENT_PATIENCE, Event, aim};
use serde_json::{Map, Value, json};

use super::DingTalkSide;
use super::callback::{note_success, secret_of};
use super::delivery::Delivery;
use crate::clock::wall;
use crate::hub::{Hub, State};
use crate::journal::Verdict;
use crate::rim::Errand;
use crate::rim::post::{Answer, Post, Poster, Posting};

/// The address cannot be reached.
const UNREACHABLE: i64 = 71012;
/// The key is none.
const MALFORMED: i64 = 71010;

/// An address is not what it should be.
#[derive(Debug)]
pub(crate) struct Unfit {
    /// What registering it fails with.
    pub(super) errcode: i64,
    problem: String,
}

impl Unfit {
    fn new(errcode: i64, problem: impl Into<String>) -> Self {
        let problem = problem.into();
        Self { errcode, problem }
    }
}

/// Checks the address that is set up in the console, if one is; reports
/// whether it is fit.
pub(super) fn errand(delivery: Arc<Delivery>) -> Errand {
    Box::new(move |hub| {
        Box::pin(async move {
            let mut report = Map::new();
            if let Some(url) = &delivery.callback_url {
                let checked = check(&hub, url, &delivery.console_secret()).await;
                let problem = checked.as_ref().err().map(|unfit| &unfit.problem);
                let verified = json!({ "ok": checked.is_ok(), "problem": problem });
                report.insert("callback_url".to_owned(), verified);
            }
            Map::from_iter([("verification".to_owned(), Value::Object(report))])
        })
    })
}

/// Checks an address that is about to be registered by a call.
pub(super) async fn check_registered(
    hub: Arc<Hub>,
    registered: Registered,
    corp_id: String,
) -> Result<(), Unfit> {
    let secret = secret_of(&registered, &corp_id);
    let secret = secret.ok_or_else(|| Unfit::new(MALFORMED, "the key is none"))?;
    let url: Uri = registered
        .url
        .parse()
        .map_err(|_| Unfit::new(UNREACHABLE, "the address is none"))?;
    check(&hub, &url, &secret).await
}

async fn check(hub: &Arc<Hub>, url: &Uri, secret: &CallbackSecret) -> Result<(), Unfit> {
    let event = Callback::new(Kind::CheckUrl);
    let posting = hub.with(|state| {
        let shown = event.to_json().to_string();
        let nonce = state.random() % 10_000_000_000;
        let request = DingTalk::push(secret, &Event::from(event), nonce, wall(state.now()));
        let post = Post {
            request: aim(request, url),
            timeout: EVENT_PATIENCE,
            forge: |_: &mut HttpRequest| {},
            checks: &["signature", "encryption", "receiver"],
            title: "check_url".to_owned(),
            shown,
            message: None,
            note: String::new(),
        };
        Posting::prepare::<DingTalkSide>(state, post)
    });
    let mut outcome = Err(Unfit::new(UNREACHABLE, "a fault has lost it"));
    let take = |state: &mut State, answer: Result<Answer, String>| {
        outcome = match answer {
            Ok(answer) => note_success(state, &posting, secret, &answer)
                .map_err(|problem| Unfit::new(problem.errcode(), problem.to_string())),
            Err(problem) => {
                posting.note(state, Err(&problem), Verdict::Failed, "");
                Err(Unfit::new(UNREACHABLE, problem))
            }
        };
    };
    Poster::new().post(hub, &posting, take).await;
    outcome
}
