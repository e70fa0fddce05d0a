//! What people say to the robot, posted to its own address, and what it
//! answers in the response
//! (<https://open.dingtalk.com/document/development/receive-message>).

use std::sync::Arc;

use http::HeaderValue;
use mynah_core::{HttpRequest, Inbound};
use mynah_dingtalk::DingTalk;
use mynah_dingtalk::inbound::{Answer as Passive, Event, aim};
use mynah_dingtalk::robot::RobotMessage;
use tokio::time::sleep;

use super::callback::response;
use super::{DingTalkSide, router};
use crate::clock::wall;
use crate::hub::{Hub, State};
use crate::journal::Verdict;
use crate::rim::Rim;
use crate::rim::fate::LONGEST_REORDER;
use crate::rim::lanes::Turn;
use crate::rim::post::{Answer, Opened, Post, Poster, Posting};

/// Tells the robot something, once: it is not repeated. `turn` ends
/// when that has come to an end.
pub(super) async fn deliver(
    hub: &Arc<Hub>,
    poster: &Poster,
    message: &RobotMessage,
    mut turn: Turn,
) {
    let era = hub.with(|state| state.sides.dingtalk.era);
    let Some(posting) = hub.with(|state| prepare(state, message, era)) else {
        return;
    };
    if posting.behind().is_some() {
        // Whoever comes next overtakes it.
        turn.end();
        sleep(LONGEST_REORDER).await;
    }
    let mut reached = false;
    let take = |state: &mut State, answer: Result<Answer, String>| {
        reached |= state.sides.dingtalk.era == era && take(state, &posting, message, answer);
    };
    poster.post(hub, &posting, take).await;
    if !reached {
        hub.with(|state| {
            if state.sides.dingtalk.era == era {
                state.sides.dingtalk.world.robot_unreached(message);
            }
        });
    }
}

/// Signs it; over Stream if the address is no more.
fn prepare(state: &mut State, message: &RobotMessage, era: u64) -> Option<Posting> {
    let side = &state.sides.dingtalk;
    if side.era != era {
        return None;
    }
    let delivery = Arc::clone(&side.delivery);
    let Some(url) = &delivery.robot_callback_url else {
        router::tell(state, message.clone().into());
        return None;
    };
    let event = Event::from(message.clone());
    let request = DingTalk::push(&delivery.robot_secret(), &event, 0, wall(state.now()));
    let post = Post {
        request: aim(request, url),
        timeout: delivery.robot_timeout,
        forge,
        checks: &["signature", "timestamp"],
        title: format!("robot {}", message.name()),
        shown: DingTalkSide::show(&message.to_json().to_string().into()),
        message: Some(message.msg_id.clone()),
        note: String::new(),
    };
    Some(Posting::prepare::<DingTalkSide>(state, post))
}

/// Gives the world the answer; says whether there was somebody.
fn take(
    state: &mut State,
    posting: &Posting,
    message: &RobotMessage,
    answer: Result<Answer, String>,
) -> bool {
    let answer = match answer {
        Ok(answer) if answer.status == 200 => answer,
        Ok(answer) => {
            posting.note(state, Ok(&answer), Verdict::Failed, "");
            return false;
        }
        Err(problem) => {
            posting.note(state, Err(&problem), Verdict::Failed, "");
            return false;
        }
    };
    let world = &mut state.sides.dingtalk.world;
    world.touched();
    let given = match Passive::of(&response(&answer)) {
        Ok(Some(Passive::Say(said))) => match world.robot_answered(message, Some(said)) {
            Ok(()) => Ok("passive reply"),
            Err(refusal) => Err(refusal.to_string()),
        },
        Ok(_) => Ok(""),
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
        shown: Some(DingTalkSide::show(&answer.body)),
        verdict,
        note: &note,
        message: state.sides.dingtalk.world.touched(),
    };
    posting.note_opened(state, &answer, opened);
    true
}

/// Puts another signature into the header.
fn forge(request: &mut HttpRequest) {
    let sign = HeaderValue::from_static("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    request.headers_mut().insert("sign", sign);
}
