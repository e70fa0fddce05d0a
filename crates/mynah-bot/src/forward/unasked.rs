//! What handlers say that nobody has asked.

use tokio::sync::mpsc;

use super::excerpt;
use super::json::{Elsewhere, unasked};
use crate::outboxes::Outboxes;

/// So much may wait to be sent; what is more is lost.
const WAITING: usize = 256;

/// Hears what one handler says of its own accord, and has it said in its order. Ends with its last
/// clone.
#[derive(Clone)]
pub(super) struct Unasked {
    handler: String,
    queue: mpsc::Sender<Elsewhere>,
}

impl Unasked {
    /// Of the handler of this name, by these ways.
    ///
    /// # Panics
    /// When it is not called from within a Tokio runtime.
    pub(super) fn of(handler: &str, outboxes: Outboxes) -> Self {
        let (queue, wanted) = mpsc::channel(WAITING);
        tokio::spawn(say(handler.to_owned(), outboxes, wanted));
        Self {
            handler: handler.to_owned(),
            queue,
        }
    }

    /// Takes what answers nothing. What is wrong with it stands in the log.
    pub(super) fn hear(&self, line: &[u8]) {
        let handler = &*self.handler;
        let wanted = match unasked(line) {
            Ok(wanted) => wanted,
            Err(problem) => {
                let line = excerpt(line);
                return tracing::warn!(handler, line, problem, "a handler said what is no answer");
            }
        };
        for wanted in wanted {
            if self.queue.try_send(wanted).is_err() {
                tracing::error!(
                    handler,
                    "what a handler said is lost: {WAITING} wait already"
                );
            }
        }
    }
}

async fn say(handler: String, outboxes: Outboxes, mut wanted: mpsc::Receiver<Elsewhere>) {
    while let Some(Elsewhere {
        account,
        to,
        message,
    }) = wanted.recv().await
    {
        let account = account.unwrap_or_default();
        let said = async { outboxes.room(&account, to)?.send(message).await };
        if let Err(error) = said.await {
            tracing::error!(handler, account, %error, "what a handler said was not sent");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::event::Event;
    use crate::id::Conversation;
    use crate::message::Message;
    use crate::reply::{Outbox, Receipt, Reply, Sending};

    struct Heard(mpsc::UnboundedSender<(String, String)>);

    impl Outbox for Heard {
        fn send<'a>(&'a self, to: &'a Conversation, message: &'a Message) -> Sending<'a> {
            let heard = (to.to_string(), message.plain_text());
            self.0.send(heard).unwrap();
            Box::pin(std::future::ready(Ok(Receipt::default())))
        }

        fn answer<'a>(&'a self, _: &'a Event, _: &'a Reply) -> Sending<'a> {
            Box::pin(std::future::ready(Ok(Receipt::default())))
        }
    }

    #[tokio::test]
    async fn what_a_handler_says_unasked_is_said_in_its_order_and_what_is_wrong_is_not() {
        let outboxes = Outboxes::default();
        let (heard, mut words) = mpsc::unbounded_channel();
        outboxes.open(&"qq".into(), Arc::new(Heard(heard)));
        let unasked = Unasked::of("desk", outboxes);
        let said = |account: &str, text: &str| {
            let line = format!(
                r#"{{"send":[{{"account":"{account}","to":"onebot:group:1","message":"{text}"}}]}}"#
            );
            unasked.hear(line.as_bytes());
        };
        said("qq", "one");
        said("wx", "nowhere");
        unasked.hear(b"chatter");
        said("qq", "two");
        for text in ["one", "two"] {
            let expected = ("onebot:group:1".to_owned(), text.to_owned());
            assert_eq!(words.recv().await, Some(expected));
        }
    }
}
