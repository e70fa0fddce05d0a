//! The bot that is measured: a router as anybody would write it, and the way
//! from a platform's event to its handlers and back.

use std::sync::Arc;

use mynah_bot::onebot::compile;
use mynah_bot::{
    BotError, Context, Conversation, Event, Message, Outbox, Reply, Router, Sending, command,
    contains, mention, message,
};
use mynah_onebot::{Content, QuickOperation};

/// Three routes; the last one takes every message and answers "pong".
pub fn router() -> Router<()> {
    Router::new()
        .on(command("help"), async || "/help")
        .on(mention() & contains("值班"), async || "今天值班：alice")
        .on(message(), async || "pong")
}

/// Has the router handle an event, and gives its reply as the answer to the
/// post that brought it.
pub fn answer<'a>(
    router: &'a Router<()>,
    event: Event,
    outbox: &Arc<dyn Outbox>,
) -> impl Future<Output = Option<QuickOperation>> + Send + use<'a> {
    let cx = Context::new(Arc::new(event), Arc::clone(outbox));
    async move {
        match router.handle(&cx, &()).await {
            Ok(Some(Reply::Message(message))) => Some(quick_reply(&message)),
            _ => None,
        }
    }
}

/// The reply in the string format, which every implementation reads.
fn quick_reply(message: &Message) -> QuickOperation {
    QuickOperation {
        reply: compile(message)
            .pieces
            .first()
            .map(|said| Content::Cq(said.to_cq())),
        ..QuickOperation::default()
    }
}

/// For bots that answer in the response and have no address to call.
#[derive(Clone, Copy, Debug)]
pub struct NoOutbox;

impl Outbox for NoOutbox {
    fn send<'a>(&'a self, _: &'a Conversation, _: &'a Message) -> Sending<'a> {
        Box::pin(async { Err(BotError::new("there is no address to call")) })
    }

    fn answer<'a>(&'a self, _: &'a Event, _: &'a Reply) -> Sending<'a> {
        Box::pin(async { Err(BotError::new("there is no address to call")) })
    }
}
