//! One post to an outgoing hook or to a hubot that has an address, and its
//! answer
//! (<https://github.com/bearyinnovative/bearychat-docs/blob/master/tutorials/markdown/outgoing.md>).

use std::sync::Arc;

use http::Uri;
use mynah_bearychat::BearyChat;
use mynah_bearychat::hook::{Event, HookSecret, OutgoingAnswer};
use mynah_core::{HttpRequest, HttpResponse, Inbound, aim};
use serde_json::{Map, Value};
use tokio::time::sleep;

use super::delivery::Delivery;
use super::{BearyChatSide, shown};
use crate::bearychat::{HubotCall, OutgoingCall};
use crate::clock::wall;
use crate::hub::{Hub, State};
use crate::journal::Verdict;
use crate::rim::fate::LONGEST_REORDER;
use crate::rim::lanes::Turn;
use crate::rim::post::{Answer, Opened, Post, Poster, Posting};

/// A token that nobody has.
const FORGED: &str = "forged";

/// Something to post.
pub(super) enum Call {
    /// What begins with the word that a robot waits for.
    Outgoing(Box<OutgoingCall>),
    /// What mentions a hubot.
    Hubot(Box<HubotCall>),
}

impl Call {
    /// What has the same lane arrives in order: what is said in one
    /// conversation to one program.
    pub(super) fn lane(&self) -> String {
        match self {
            Self::Outgoing(call) => format!("outgoing {}", call.vchannel_id),
            Self::Hubot(call) => format!("hubot {}", call.post.vchannel),
        }
    }

    /// The message that it is about.
    fn message(&self) -> String {
        match self {
            Self::Outgoing(call) => call.message.to_string(),
            Self::Hubot(call) => call.post.key.to_string(),
        }
    }

    fn event(&self) -> Event {
        match self {
            Self::Outgoing(call) => call.post.clone().into(),
            Self::Hubot(call) => call.post.clone().into(),
        }
    }

    /// Where it goes to; nowhere if the address is no more.
    fn url<'a>(&self, delivery: &'a Delivery) -> Option<&'a Uri> {
        match self {
            Self::Outgoing(_) => delivery.outgoing_url.as_ref(),
            Self::Hubot(_) => delivery.hubot_url.as_ref(),
        }
    }

    /// What the program knows; nothing if the robot has no program.
    fn secret(&self, side: &BearyChatSide) -> Option<HookSecret> {
        let seed = &side.world.seed;
        match self {
            Self::Outgoing(call) => {
                let mut robots = seed.robots.iter();
                let robot = robots.find(|robot| robot.id == call.robot)?;
                Some(HookSecret::outgoing(robot.outgoing.as_ref()?.expose()))
            }
            Self::Hubot(call) => {
                let mut bots = seed.bots.iter();
                let bot = bots.find(|bot| bot.id == call.user)?;
                Some(HookSecret::hubot(bot.token.expose()))
            }
        }
    }
}

/// Posts something, once: it is not repeated.
pub(super) async fn deliver(
    hub: &Arc<Hub>,
    poster: &Poster,
    call: &Call,
    era: u64,
    mut turn: Turn,
) {
    let Some(posting) = hub.with(|state| prepare(state, call, era)) else {
        return;
    };
    if posting.behind().is_some() {
        // Whoever comes next overtakes it.
        turn.end();
        sleep(LONGEST_REORDER).await;
    }
    let take = |state: &mut State, answer: Result<Answer, String>| {
        take(state, &posting, call, era, answer);
    };
    poster.post(hub, &posting, take).await;
}

fn prepare(state: &mut State, call: &Call, era: u64) -> Option<Posting> {
    let side = &state.sides.bearychat;
    if side.era != era {
        return None;
    }
    let delivery = Arc::clone(&side.delivery);
    let url = call.url(&delivery)?;
    let secret = call.secret(side)?;
    let event = call.event();
    let request = BearyChat::push(&secret, &event, 0, wall(state.now()));
    let post = Post {
        shown: shown::show(request.body()),
        request: aim(request, url),
        timeout: delivery.timeout,
        forge,
        checks: &["token"],
        title: event.name().to_owned(),
        message: Some(call.message()),
        note: String::new(),
    };
    Some(Posting::prepare::<BearyChatSide>(state, post))
}

/// Gives the world what was answered, where the platform posts that. Whatever
/// else an answer says is of no interest.
fn take(
    state: &mut State,
    posting: &Posting,
    call: &Call,
    era: u64,
    answer: Result<Answer, String>,
) {
    let answer = match answer {
        Ok(answer) => answer,
        Err(problem) => return posting.note(state, Err(&problem), Verdict::Failed, ""),
    };
    let response = response(&answer);
    if !response.status().is_success() {
        return posting.note(state, Ok(&answer), Verdict::Failed, "");
    }
    let said = match call {
        Call::Outgoing(call) => OutgoingAnswer::of(&response).map(|said| (call, said)),
        Call::Hubot(_) => None,
    };
    let side = &mut state.sides.bearychat;
    let (verdict, note, message) = match said {
        Some((call, said)) if side.era == era => {
            side.world.touched();
            match side.world.outgoing_answered(call, said) {
                Ok(()) => (Verdict::Ok, "reply".to_owned(), side.world.touched()),
                // The platform shows nothing then, and does not say so.
                Err(refusal) => {
                    let note = format!("the reply is passed over: {refusal}");
                    (Verdict::Failed, note, Vec::new())
                }
            }
        }
        _ => (Verdict::Ok, String::new(), Vec::new()),
    };
    let opened = Opened {
        shown: Some(shown::show(&answer.body)),
        verdict,
        note: &note,
        message,
    };
    posting.note_opened(state, &answer, opened);
}

/// An answer as the platform's machines read it.
fn response(answer: &Answer) -> HttpResponse {
    let mut response = HttpResponse::new(answer.body.clone());
    *response.status_mut() = http::StatusCode::from_u16(answer.status).unwrap_or_default();
    response
}

/// Puts another token into the body: nothing else says who posts.
fn forge(request: &mut HttpRequest) {
    let Ok(mut fields) = serde_json::from_slice::<Map<String, Value>>(request.body()) else {
        return;
    };
    fields.insert("token".to_owned(), FORGED.into());
    let forged = serde_json::to_vec(&fields).unwrap_or_default();
    *request.body_mut() = forged.into();
}

#[cfg(test)]
mod tests {
    use mynah_bearychat::hook::OutgoingPost;

    use super::*;

    #[test]
    fn a_forged_token_changes_nothing_else() {
        let post = OutgoingPost::new("!robot hi", "!robot").from("alice");
        let secret = HookSecret::outgoing("sandbox-outgoing");
        let mut request = BearyChat::push(&secret, &post.into(), 0, std::time::UNIX_EPOCH);
        let mut genuine: Value = serde_json::from_slice(request.body()).unwrap();
        forge(&mut request);
        let forged: Value = serde_json::from_slice(request.body()).unwrap();
        assert_eq!(genuine["token"], "sandbox-outgoing");
        genuine["token"] = "forged".into();
        assert_eq!(forged, genuine);
    }
}
