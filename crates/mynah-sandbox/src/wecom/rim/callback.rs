//! One callback: its encryption, its repetitions and its answer
//! (<https://developer.work.weixin.qq.com/document/path/90238>).

use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use mynah_core::{ApiError, HttpRequest, HttpResponse, Inbound};
use mynah_wecom::aibot;
use mynah_wecom::event;
use mynah_wecom::inbound::{Answer as Passive, CallbackSecret, Event, aim};
use mynah_wecom::{ChatId, UserId, WeCom};
use tokio::time::{Instant, sleep, sleep_until};

use super::delivery::Delivery;
use super::{PLATFORM, WeComSide, WeComWorld};
use crate::clock::{later, wall};
use crate::hub::{Hub, State};
use crate::journal::{Direction, Entry, Kind, Transport, Verdict};
use crate::rim::Rim;
use crate::rim::fate::LONGEST_REORDER;
use crate::rim::lanes::Turn;
use crate::rim::post::{Answer, Opened, Post, Poster, Posting};
use crate::world::Time;

/// How long the platform waits before each repetition. That there are three is
/// documented; when they come is not.
const REPETITIONS: [Duration; 3] = [
    Duration::ZERO,
    Duration::from_secs(5),
    Duration::from_secs(5),
];
/// A signature nobody makes by accident.
const FORGED: &str = "0000000000000000000000000000000000000000";

/// What somebody is told.
#[derive(Debug)]
pub(super) enum Told {
    /// The application.
    Application(Box<event::Callback>),
    /// The intelligent bot.
    Bot(Box<aibot::Callback>),
}

impl Told {
    /// What has the same lane arrives in order.
    pub(super) fn lane(&self) -> String {
        match self {
            Self::Application(event) => format!("application {}", event.from_user_name),
            Self::Bot(callback) => {
                let person = callback.userid().map(UserId::as_str);
                let chat = callback.chatid.as_ref().map(ChatId::as_str);
                format!("bot {}", chat.or(person).unwrap_or_default())
            }
        }
    }

    fn url(&self, delivery: &Delivery) -> Option<Uri> {
        match self {
            Self::Application(_) => delivery.callback_url.clone(),
            Self::Bot(_) => delivery.bot_callback_url.clone(),
        }
    }

    fn secret(&self, delivery: &Delivery) -> CallbackSecret {
        match self {
            Self::Application(_) => delivery.application_secret(),
            Self::Bot(_) => delivery.bot_secret(),
        }
    }

    fn event(&self) -> Event {
        match self {
            Self::Application(event) => Event::Application((**event).clone()),
            Self::Bot(callback) => Event::Bot((**callback).clone()),
        }
    }

    /// How often it is repeated. The bot is asked again how a stream goes on
    /// in any case.
    fn repetitions(&self) -> usize {
        let refresh = |callback: &aibot::Callback| matches!(callback.kind, aibot::Kind::Refresh(_));
        match self {
            Self::Bot(callback) if refresh(callback) => 0,
            _ => REPETITIONS.len(),
        }
    }

    /// As it is before it is encrypted.
    fn plain(&self) -> Vec<u8> {
        match self {
            Self::Application(event) => event.to_xml().into_bytes(),
            Self::Bot(callback) => serde_json::to_vec(callback).unwrap_or_default(),
        }
    }

    fn message(&self, world: &WeComWorld) -> Option<String> {
        match self {
            Self::Application(event) => world.subject(event),
            Self::Bot(callback) => Some(world.subject_of_bot(callback)),
        }
    }
}

/// One delivery of a callback.
struct Attempt {
    posting: Posting,
    timeout: Duration,
    secret: CallbackSecret,
    nonce: u64,
}

/// Tells somebody something, again if need be. `turn` ends when the
/// first delivery has come to an end: then others may follow.
pub(super) async fn deliver(hub: &Arc<Hub>, poster: &Poster, told: Told, mut turn: Turn) {
    let era = hub.with(|state| state.sides.wecom.era);
    let mut failed_at: Option<Time> = None;
    for repetition in 0..=told.repetitions() {
        if let (Some(failed), Some(before)) = (failed_at, repetition.checked_sub(1)) {
            hub.arrive_at(later(failed, REPETITIONS[before])).await;
        }
        let attempt = hub.with(|state| Attempt::prepare(state, &told, era, repetition));
        let Some(attempt) = attempt else {
            return;
        };
        if attempt.posting.behind().is_some() {
            // Whoever comes next overtakes it.
            turn.end();
            sleep(LONGEST_REORDER).await;
        }
        let taken = attempt.post(hub, poster, &told).await;
        turn.end();
        if taken {
            return;
        }
        failed_at = Some(hub.with(|state| state.now()));
    }
}

impl Attempt {
    /// Encrypts and signs, if there is anybody to tell. Each repetition has
    /// a time, a word and a signature of its own.
    fn prepare(state: &mut State, told: &Told, era: u64, repetition: usize) -> Option<Self> {
        if state.sides.wecom.era != era {
            return None;
        }
        let delivery = Arc::clone(&state.sides.wecom.delivery);
        let event = told.event();
        let Some(url) = told.url(&delivery) else {
            if repetition == 0 {
                note_untold(state, told, &event);
            }
            return None;
        };
        // Ten digits, as the platform's own.
        let nonce = state.random() % 10_000_000_000;
        let agent = state.sides.wecom.world.agent();
        let secret = told.secret(&delivery).of_agent(agent);
        let request = WeCom::push(&secret, &event, nonce, wall(state.now()));
        let post = Post {
            request: aim(request, &url),
            timeout: delivery.timeout,
            forge,
            checks: &["signature", "encryption", "receiver"],
            title: event.name(),
            shown: WeComSide::show(&told.plain().into()),
            message: told.message(&state.sides.wecom.world),
            note: match repetition {
                0 => String::new(),
                again => format!("repetition {again} of {}", REPETITIONS.len()),
            },
        };
        Some(Self {
            timeout: delivery.timeout,
            posting: Posting::prepare::<WeComSide>(state, post),
            secret,
            nonce,
        })
    }

    /// Posts it and gives the world the answer; says whether it was taken.
    async fn post(&self, hub: &Arc<Hub>, poster: &Poster, told: &Told) -> bool {
        let patience = Instant::now() + self.timeout;
        let mut outcome = None;
        let take = |state: &mut State, answer: Result<Answer, String>| {
            let taken = self.take(state, told, answer);
            outcome = Some(outcome.unwrap_or_default() || taken);
        };
        poster.post(hub, &self.posting, take).await;
        if outcome.is_none() {
            // A fault has lost it, and the platform cannot know.
            sleep_until(patience).await;
        }
        outcome.unwrap_or_default()
    }

    fn take(&self, state: &mut State, told: &Told, answer: Result<Answer, String>) -> bool {
        let answer = match answer {
            Ok(answer) => answer,
            Err(problem) => {
                self.posting.note(state, Err(&problem), Verdict::Failed, "");
                return false;
            }
        };
        if answer.status != 200 {
            let posting = &self.posting;
            posting.note(state, Ok(&answer), Verdict::Failed, "");
            return false;
        }
        let response = HttpResponse::new(answer.body.clone());
        let nonce = self.nonce.to_string();
        let plain = self.secret.decrypt_answer(&response, &nonce);
        let plain = plain.ok().flatten();
        let opened = self.secret.open_answer(&response, &nonce);
        state.sides.wecom.touched();
        let given = match opened {
            Ok(None) => Ok(""),
            Ok(Some(passive)) => give(state, told, passive)
                .map(|()| "passive reply")
                .map_err(|refusal| refusal.to_string()),
            Err(forged) => Err(forged.to_string()),
        };
        let (verdict, note) = match given {
            Ok(note) => (Verdict::Ok, note.to_owned()),
            // The platform shows nothing then, and does not say so.
            Err(problem) => (
                Verdict::Failed,
                format!("the reply is passed over: {problem}"),
            ),
        };
        let opened = Opened {
            shown: plain.map(|plain| WeComSide::show(&plain.into())),
            verdict,
            note: &note,
            message: state.sides.wecom.touched(),
        };
        self.posting.note_opened(state, &answer, opened);
        true
    }
}

/// Gives the world what was answered.
fn give(state: &mut State, told: &Told, passive: Passive) -> Result<(), ApiError> {
    let world = &mut state.sides.wecom.world;
    match (told, passive) {
        (Told::Application(event), Passive::Application(reply)) => {
            world.application_answered(event, Some(reply))
        }
        (Told::Bot(callback), Passive::Bot(reply)) => world.bot_answered(callback, Some(reply)),
        // The secret decides which kind is read, so there is no other.
        _ => Ok(()),
    }
}

/// Nobody wants to hear it.
fn note_untold(state: &mut State, told: &Told, event: &Event) {
    let message = told.message(&state.sides.wecom.world);
    state.note(Entry {
        title: event.name(),
        body: WeComSide::show(&told.plain().into()),
        verdict: Verdict::Dropped,
        note: "no callback address is set".to_owned(),
        message: message.into_iter().collect(),
        ..Entry::new(PLATFORM, Direction::Out, Transport::Post, Kind::Event)
    });
}

/// Puts another signature into the query.
fn forge(request: &mut HttpRequest) {
    let uri = request.uri().to_string();
    let Some((before, rest)) = uri.split_once("msg_signature=") else {
        return;
    };
    let rest = rest.find('&').and_then(|end| rest.get(end..));
    let forged = format!("{before}msg_signature={FORGED}{}", rest.unwrap_or_default());
    if let Ok(forged) = forged.parse() {
        *request.uri_mut() = forged;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forged(uri: &str) -> String {
        let mut request = HttpRequest::default();
        *request.uri_mut() = uri.parse().unwrap();
        forge(&mut request);
        request.uri().to_string()
    }

    #[test]
    fn a_forged_signature_changes_nothing_else() {
        assert_eq!(
            forged("http://h/p?a=1&msg_signature=abc&timestamp=2&nonce=3"),
            format!("http://h/p?a=1&msg_signature={FORGED}&timestamp=2&nonce=3")
        );
        assert_eq!(
            forged("http://h/p?msg_signature=abc"),
            format!("http://h/p?msg_signature={FORGED}")
        );
        assert_eq!(forged("http://h/p?a=1"), "http://h/p?a=1");
    }

    #[test]
    fn lanes_are_as_many_as_people_and_places() {
        let application = |user: &str| {
            let kind = event::Kind::message(1, event::Content::Text(event::Text::default()));
            Told::Application(Box::new(event::Callback::new("ww", user, 0, kind))).lane()
        };
        assert_ne!(application("alice"), application("bob"));
        let mut callback = aibot::Callback::new("m", "b", aibot::Kind::Refresh(String::new()));
        let nobody = Told::Bot(Box::new(callback.clone())).lane();
        callback.chatid = Some("general".into());
        assert_ne!(Told::Bot(Box::new(callback)).lane(), nobody);
        assert_eq!(nobody, "bot ");
    }
}
