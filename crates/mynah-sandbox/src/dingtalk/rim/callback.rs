//! One event that is posted: its encryption, its repetitions and its answer
//! (<https://open.dingtalk.com/document/development/http-callback-overview>).

use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use mynah_core::{HttpRequest, HttpResponse, Inbound};
use mynah_dingtalk::DingTalk;
use mynah_dingtalk::api::callback::Registered;
use mynah_dingtalk::event::{Callback, Format, Kind};
use mynah_dingtalk::inbound::{CallbackSecret, Event, aim};
use tokio::time::{Instant, sleep, sleep_until};

use super::DingTalkSide;
use crate::clock::{later, wall};
use crate::hub::{Hub, State};
use crate::journal::Verdict;
use crate::rim::Rim;
use crate::rim::fate::LONGEST_REORDER;
use crate::rim::lanes::Turn;
use crate::rim::post::{Answer, Opened, Post, Poster, Posting};
use crate::world::Time;

/// How long the platform waits before each repetition.
const REPETITIONS: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(30)];
/// A signature nobody makes by accident.
const FORGED: &str = "0000000000000000000000000000000000000000";

/// To which address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// The one that was registered by a call.
    Registered,
    /// The one that was set up in the console.
    Console,
}

/// The addresses that want an event.
pub(super) fn targets(state: &State, event: &Callback) -> Vec<Target> {
    let side = &state.sides.dingtalk;
    let mut targets = Vec::new();
    let registered = side.world.callback();
    if registered.is_some_and(|registered| wants(registered, event)) {
        targets.push(Target::Registered);
    }
    if side.delivery.callback_url.is_some() {
        targets.push(Target::Console);
    }
    targets
}

/// Events of robots have no shape in which they could be posted to an address
/// that was registered by a call.
fn wants(registered: &Registered, event: &Callback) -> bool {
    let shapeless = matches!(event.kind, Kind::RobotMsgRead(_) | Kind::RobotMsgRecall(_));
    !shapeless && registered.tags.iter().any(|tag| tag == event.name())
}

impl Target {
    fn format(self) -> Format {
        match self {
            Self::Registered => Format::Registered,
            Self::Console => Format::Console,
        }
    }

    /// Where it is now and what is known there; nothing if there is no address
    /// any more.
    fn address(self, side: &DingTalkSide) -> Option<(Uri, CallbackSecret)> {
        match self {
            Self::Console => {
                let delivery = &side.delivery;
                Some((delivery.callback_url.clone()?, delivery.console_secret()))
            }
            Self::Registered => {
                let registered = side.world.callback()?;
                let secret = secret_of(registered, side.world.corp_id())?;
                Some((registered.url.parse().ok()?, secret))
            }
        }
    }
}

/// What is known at an address that was registered by a call; nothing if the
/// key is none.
pub(super) fn secret_of(registered: &Registered, corp_id: &str) -> Option<CallbackSecret> {
    let key = registered.aes_key.expose().parse().ok()?;
    let token = registered.token.clone();
    Some(CallbackSecret::events(token, &key, [corp_id]))
}

/// One delivery of an event.
struct Attempt {
    posting: Posting,
    timeout: Duration,
    secret: CallbackSecret,
}

/// Tells an address of an event, again if need be; the world hears of it if it
/// was of no use. `turn` ends when the first delivery has come to an
/// end: then others may follow.
pub(super) async fn deliver(
    hub: &Arc<Hub>,
    poster: &Poster,
    event: &Callback,
    target: Target,
    mut turn: Turn,
) {
    let era = hub.with(|state| state.sides.dingtalk.era);
    let mut failed_at: Option<Time> = None;
    for repetition in 0..=REPETITIONS.len() {
        if let (Some(failed), Some(before)) = (failed_at, repetition.checked_sub(1)) {
            hub.arrive_at(later(failed, REPETITIONS[before])).await;
        }
        let attempt = hub.with(|state| Attempt::prepare(state, event, target, era, repetition));
        let Some(attempt) = attempt else {
            return;
        };
        if attempt.posting.behind().is_some() {
            // Whoever comes next overtakes it.
            turn.end();
            sleep(LONGEST_REORDER).await;
        }
        let taken = attempt.post(hub, poster).await;
        turn.end();
        if taken {
            return;
        }
        failed_at = Some(hub.with(|state| state.now()));
    }
    if target == Target::Registered {
        hub.with(|state| state.sides.dingtalk.world.callback_failed(event));
    }
}

impl Attempt {
    /// Encrypts and signs, if the address still is there. Each repetition has a
    /// time, a word and a signature of its own.
    fn prepare(
        state: &mut State,
        event: &Callback,
        target: Target,
        era: u64,
        repetition: usize,
    ) -> Option<Self> {
        let side = &state.sides.dingtalk;
        if side.era != era {
            return None;
        }
        let (url, secret) = target.address(side)?;
        let timeout = side.delivery.callback_timeout;
        // Ten digits at most, as others of the platform.
        let nonce = state.random() % 10_000_000_000;
        let event = event.in_format(target.format());
        let shown = DingTalkSide::show(&event.to_json().to_string().into());
        let title = event.name().to_owned();
        let request = DingTalk::push(&secret, &Event::from(event), nonce, wall(state.now()));
        let post = Post {
            request: aim(request, &url),
            timeout,
            forge,
            checks: &["signature", "encryption", "receiver"],
            title,
            shown,
            message: None,
            note: match repetition {
                0 => String::new(),
                again => format!("repetition {again} of {}", REPETITIONS.len()),
            },
        };
        Some(Self {
            timeout,
            posting: Posting::prepare::<DingTalkSide>(state, post),
            secret,
        })
    }

    /// Posts it; says whether it was taken.
    async fn post(&self, hub: &Arc<Hub>, poster: &Poster) -> bool {
        let patience = Instant::now() + self.timeout;
        let mut outcome = None;
        let take = |state: &mut State, answer: Result<Answer, String>| {
            let taken = self.take(state, answer);
            outcome = Some(outcome.unwrap_or_default() || taken);
        };
        poster.post(hub, &self.posting, take).await;
        if outcome.is_none() {
            // A fault has lost it, and the platform cannot know.
            sleep_until(patience).await;
        }
        outcome.unwrap_or_default()
    }

    fn take(&self, state: &mut State, answer: Result<Answer, String>) -> bool {
        let posting = &self.posting;
        match answer {
            Err(problem) => {
                posting.note(state, Err(&problem), Verdict::Failed, "");
                false
            }
            Ok(answer) => note_success(state, posting, &self.secret, &answer).is_ok(),
        }
    }
}

/// Writes down whether an answer is the encrypted `success`; the reason if it
/// is not.
pub(super) fn note_success(
    state: &mut State,
    posting: &Posting,
    secret: &CallbackSecret,
    answer: &Answer,
) -> Result<(), mynah_dingtalk::inbound::NoSuccess> {
    let checked = secret.check_success(&response(answer));
    let note = match &checked {
        Ok(()) => String::new(),
        Err(problem) => problem.to_string(),
    };
    let opened = Opened {
        shown: checked.is_ok().then(|| "success".to_owned()),
        verdict: if checked.is_ok() {
            Verdict::Ok
        } else {
            Verdict::Failed
        },
        note: &note,
        message: Vec::new(),
    };
    posting.note_opened(state, answer, opened);
    checked
}

/// An answer as the platform's machines read it.
pub(super) fn response(answer: &Answer) -> HttpResponse {
    let mut response = HttpResponse::new(answer.body.clone());
    *response.status_mut() = http::StatusCode::from_u16(answer.status).unwrap_or_default();
    response
}

/// Puts another signature into the query, under both of its names.
fn forge(request: &mut HttpRequest) {
    let uri = request.uri().to_string();
    let Some((before, query)) = uri.split_once('?') else {
        return;
    };
    let pairs = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name @ ("signature" | "msg_signature"), _)) => format!("{name}={FORGED}"),
        _ => pair.to_owned(),
    });
    let forged = format!("{before}?{}", pairs.collect::<Vec<_>>().join("&"));
    if let Ok(forged) = forged.parse() {
        *request.uri_mut() = forged;
    }
}

#[cfg(test)]
mod tests {
    use mynah_dingtalk::event::{ChatChange, RobotMsg};

    use super::*;

    #[test]
    fn a_forged_signature_changes_nothing_else() {
        let forged = |uri: &str| {
            let mut request = HttpRequest::default();
            *request.uri_mut() = uri.parse().unwrap();
            forge(&mut request);
            request.uri().to_string()
        };
        assert_eq!(
            forged("http://h/p?a=1&signature=b&msg_signature=abc&timestamp=2"),
            format!("http://h/p?a=1&signature={FORGED}&msg_signature={FORGED}&timestamp=2")
        );
        assert_eq!(forged("http://h/p"), "http://h/p");
    }

    #[test]
    fn a_registered_address_is_told_what_it_asked_for_if_there_is_a_shape_for_it() {
        let registered = Registered {
            tags: vec!["chat_disband".to_owned(), "robot_msg_read".to_owned()],
            ..Registered::default()
        };
        let wants = |kind| wants(&registered, &Callback::new(kind));
        assert!(wants(Kind::ChatDisband(ChatChange::default())));
        assert!(!wants(Kind::ChatQuit(ChatChange::default())));
        assert!(!wants(Kind::RobotMsgRead(RobotMsg::default())));
    }
}
