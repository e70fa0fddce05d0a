//! What a robot with an outgoing hook answers: in the response while the platform waits for it,
//! then through an incoming hook, where there is one.

use mynah_bearychat::hook::OutgoingAnswer;

use super::capabilities::{OUTGOING_CAPABILITIES, ROBOT_CAPABILITIES};
use super::compile::{Compiled, Piece, Way, compile};
use super::robot::RobotOutbox;
use crate::capability::Capabilities;
use crate::event::Event;
use crate::id::{Conversation, Platform};
use crate::media::check_addresses;
use crate::message::Message;
use crate::outgoing::{answer, read_raw};
use crate::reply::{BotError, Outbox, Reply, Sending};

/// What is said beside the response.
pub(super) struct Answers(pub(super) Option<RobotOutbox>);

impl Outbox for Answers {
    fn capabilities(&self) -> Capabilities {
        match self.0 {
            Some(_) => ROBOT_CAPABILITIES,
            None => OUTGOING_CAPABILITIES,
        }
    }

    fn send<'a>(&'a self, to: &'a Conversation, message: &'a Message) -> Sending<'a> {
        if let Some(hook) = &self.0 {
            return hook.send(to, message);
        }
        let problem = "without `hook` in its settings this account can only return one reply, \
                       within five seconds";
        Box::pin(std::future::ready(Err(BotError::new(problem))))
    }

    fn answer<'a>(&'a self, event: &'a Event, reply: &'a Reply) -> Sending<'a> {
        answer(self, event, reply)
    }
}

/// A message as the answer in the response, if it is one.
pub(super) fn in_response(message: &Message) -> Option<(OutgoingAnswer, Compiled)> {
    check_addresses(Platform::BearyChat, message).ok()?;
    let compiled = compile(message, Way::Calls);
    let answer = match compiled.pieces.as_slice() {
        [Piece::Said { text, attachments }] => OutgoingAnswer {
            text: text.clone(),
            attachments: attachments.clone(),
        },
        [Piece::Raw(body)] => read_raw(body.clone(), serde_json::json!({})).ok()?,
        _ => return None,
    };
    Some((answer, compiled))
}
