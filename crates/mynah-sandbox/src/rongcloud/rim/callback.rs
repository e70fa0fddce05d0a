//! One callback: its signature, its repetitions and its answer
//! (<https://docs.rongcloud.cn/platform-chat-api/message/sync>).

use std::sync::Arc;
use std::time::Duration;

use mynah_core::{HttpRequest, HttpResponse, Inbound, aim};
use mynah_rongcloud::RongCloud;
use mynah_rongcloud::event::{Event, PreDelivery};
use mynah_rongcloud::inbound::{Answer as Passive, CallbackSecret, Verdict as Judgement};
use tokio::time::{Instant, sleep, sleep_until};

use super::address::{Address, is_its_own, subject};
use super::delivery::Delivery;
use super::{PLATFORM, RongCloudSide, pause, shown};
use crate::clock::wall;
use crate::hub::{Hub, State};
use crate::journal::{Direction, Entry, Kind, Transport, Verdict};
use crate::rim::Rim;
use crate::rim::fate::LONGEST_REORDER;
use crate::rim::lanes::Turn;
use crate::rim::post::{Answer, Opened, Post, Poster, Posting};

/// A signature nobody makes by accident.
const FORGED: &str = "0000000000000000000000000000000000000000";

/// Something to tell, and where.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) event: Event,
    pub(super) address: Address,
    /// Counts the resets.
    pub(super) era: u64,
}

/// One delivery of a callback.
struct Attempt {
    posting: Posting,
    timeout: Duration,
}

impl Told {
    /// Tells it, again if need be. `turn` ends when the first delivery
    /// has come to an end: then others may follow. A message that is held until
    /// it is judged is let go in the end, whatever happens.
    pub(super) async fn deliver(&self, hub: &Arc<Hub>, poster: &Poster, mut turn: Turn) {
        let mut attempt = 0;
        loop {
            pause::over(hub, self.address).await;
            let Some(next) = hub.with(|state| self.attempt(state, attempt)) else {
                return;
            };
            if next.posting.behind().is_some() {
                // Whoever comes next overtakes it.
                turn.end();
                sleep(LONGEST_REORDER).await;
            }
            let taken = self.post(hub, poster, &next).await;
            turn.end();
            attempt += 1;
            if taken {
                return;
            }
        }
    }

    /// The next attempt, if there is one: if there still is an address, and the
    /// platform has not given up yet.
    fn attempt(&self, state: &mut State, before: u32) -> Option<Attempt> {
        let side = &state.sides.rongcloud;
        if side.era != self.era {
            return None;
        }
        let delivery = Arc::clone(&side.delivery);
        let most = self.most(&delivery);
        let Some(url) = delivery.url(self.address).filter(|_| before < most) else {
            self.give_up(state, before);
            return None;
        };
        let secret = secret(side).names(delivery.names);
        // Up to five digits, as in the platform's examples.
        let nonce = state.random() % 100_000;
        let request = RongCloud::push(&secret, &self.event, nonce, wall(state.now()));
        let timeout = match self.address {
            Address::Check => delivery.check_timeout,
            _ => delivery.timeout,
        };
        let post = Post {
            shown: shown::show(request.body()),
            request: aim(request, url),
            timeout,
            forge,
            checks: &["signature", "timestamp"],
            title: self.event.name().to_owned(),
            message: subject(&self.event),
            note: match before {
                0 => String::new(),
                again => format!("repetition {again} of {}", most - 1),
            },
        };
        let posting = Posting::prepare::<RongCloudSide>(state, post);
        Some(Attempt { posting, timeout })
    }

    /// How often it is posted at most.
    fn most(&self, delivery: &Delivery) -> u32 {
        match self.address {
            Address::Check => self.event.attempts(),
            _ => delivery.attempts,
        }
    }

    /// Nobody has taken it, after so many attempts.
    fn give_up(&self, state: &mut State, attempts: u32) {
        if let Event::Check(check) = &self.event {
            state.sides.rongcloud.world.checked(check, None);
        }
        if attempts > 0 || is_its_own(&self.event) {
            return;
        }
        let (body, note) = (
            self.shown(state),
            format!("{} is not set", self.address.name()),
        );
        state.note(Entry {
            title: self.event.name().to_owned(),
            body,
            verdict: Verdict::Dropped,
            note,
            message: subject(&self.event).into_iter().collect(),
            ..Entry::new(PLATFORM, Direction::Out, Transport::Post, Kind::Event)
        });
    }

    /// What the journal shows of what is not posted.
    fn shown(&self, state: &State) -> String {
        let secret = secret(&state.sides.rongcloud);
        let request = RongCloud::push(&secret, &self.event, 0, wall(state.now()));
        shown::show(request.body())
    }

    /// Posts it; says whether it was taken.
    async fn post(&self, hub: &Arc<Hub>, poster: &Poster, attempt: &Attempt) -> bool {
        let patience = Instant::now() + attempt.timeout;
        let mut outcome = None;
        let take = |state: &mut State, answer: Result<Answer, String>| {
            // The first answer counts.
            let decided = outcome == Some(true);
            let taken = self.take(state, &attempt.posting, answer, decided);
            outcome = Some(decided || taken);
        };
        poster.post(hub, &attempt.posting, take).await;
        if outcome.is_none() {
            // A fault has lost it, and the platform cannot know.
            sleep_until(patience).await;
        }
        let taken = outcome.unwrap_or_default();
        // Who speaks waits for a verdict: that address is given no rest.
        if self.address != Address::Check {
            let late = !taken && Instant::now() >= patience;
            hub.with(|state| pause::note(state, self.address, late));
        }
        taken
    }

    /// Looks at an answer; says whether it is one. Where somebody has `decided`
    /// already, it changes nothing.
    fn take(
        &self,
        state: &mut State,
        posting: &Posting,
        answer: Result<Answer, String>,
        decided: bool,
    ) -> bool {
        let answer = match answer {
            Ok(answer) => answer,
            Err(problem) => {
                posting.note(state, Err(&problem), Verdict::Failed, "");
                return false;
            }
        };
        let said = Passive::of(&self.event, &response(&answer));
        state.sides.rongcloud.touched();
        let (verdict, note) = match &said {
            Ok(None) => (Verdict::Ok, String::new()),
            Ok(Some(Passive::Verdict(judgement))) if !decided => {
                self.judge(state, judgement);
                (Verdict::Ok, in_words(judgement).to_owned())
            }
            Ok(Some(_)) => (Verdict::Ok, "judged before".to_owned()),
            Err(forged) => (Verdict::Failed, forged.detail.clone()),
        };
        let opened = Opened {
            shown: None,
            verdict,
            note: &note,
            message: state.sides.rongcloud.touched(),
        };
        posting.note_opened(state, &answer, opened);
        said.is_ok()
    }

    /// Lets go of a message that is held, or does not.
    fn judge(&self, state: &mut State, judgement: &Judgement) {
        let side = &mut state.sides.rongcloud;
        if let Some(check) = self.check().filter(|_| side.era == self.era) {
            side.world.checked(check, Some(judgement.clone()));
        }
    }

    fn check(&self) -> Option<&PreDelivery> {
        match &self.event {
            Event::Check(check) => Some(check),
            _ => None,
        }
    }
}

/// What the application knows.
fn secret(side: &RongCloudSide) -> CallbackSecret {
    CallbackSecret::new(side.world.app().clone())
}

/// An answer as the platform's machines read it.
fn response(answer: &Answer) -> HttpResponse {
    let mut response = HttpResponse::new(answer.body.clone());
    *response.status_mut() = http::StatusCode::from_u16(answer.status).unwrap_or_default();
    response
}

fn in_words(judgement: &Judgement) -> &'static str {
    match (judgement.delivers(), &judgement.replace_content) {
        (false, _) => "rejected",
        (true, None) => "passed",
        (true, Some(_)) => "replaced",
    }
}

/// Puts another signature into the query, under both of its names, or into the
/// headers.
fn forge(request: &mut HttpRequest) {
    for (name, value) in request.headers_mut() {
        if name.as_str().ends_with("signature") {
            *value = http::HeaderValue::from_static(FORGED);
        }
    }
    let uri = request.uri().to_string();
    let Some((before, query)) = uri.split_once('?') else {
        return;
    };
    let pairs = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name @ ("signature" | "rc-signature"), _)) => format!("{name}={FORGED}"),
        _ => pair.to_owned(),
    });
    let forged = format!("{before}?{}", pairs.collect::<Vec<_>>().join("&"));
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
            forged("http://h/p?a=1&appKey=k&signature=abc"),
            format!("http://h/p?a=1&appKey=k&signature={FORGED}")
        );
        assert_eq!(
            forged("http://h/p?rc-signature=abc&rc-nonce=1"),
            format!("http://h/p?rc-signature={FORGED}&rc-nonce=1")
        );
        assert_eq!(forged("http://h/p"), "http://h/p");
    }

    #[test]
    fn a_signature_in_the_headers_is_forged_there() {
        let mut request = HttpRequest::default();
        for name in ["rc-signature", "rc-nonce"] {
            let value = http::HeaderValue::from_static("7");
            request.headers_mut().insert(name, value);
        }
        forge(&mut request);
        assert_eq!(request.headers()["rc-signature"], FORGED);
        assert_eq!(request.headers()["rc-nonce"], "7");
    }
}
