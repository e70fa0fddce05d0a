//! Events that were said in a test, and an outbox that remembers.

use std::borrow::Cow;
use std::sync::{Arc, Mutex};

use mynah_bot::{
    Conversation, Event, EventKind, Message, Native, Outbox, Platform, Receipt, Reply, Sending,
    UserId,
};

#[derive(Clone)]
pub struct Said(pub String);

impl Native for Said {
    fn message(&self) -> Message {
        Message::text(self.0.clone())
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }

    fn sender_name(&self) -> Option<&str> {
        Some("alice")
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

pub fn happened(kind: EventKind, text: &str) -> Event {
    let said = Said(text.to_owned());
    let mut event = Event::new(
        Platform::OneBot,
        "bot".into(),
        kind,
        said,
        bytes::Bytes::new(),
    );
    event.conversation = Some(Conversation::group(Platform::OneBot, 20001));
    event.sender = Some(UserId::new(Platform::OneBot, 10001));
    event
}

pub fn said(text: &str) -> Event {
    happened(EventKind::Message, text)
}

#[derive(Default)]
pub struct Sent(pub Mutex<Vec<String>>);

impl Outbox for Sent {
    fn send<'a>(&'a self, to: &'a Conversation, message: &'a Message) -> Sending<'a> {
        self.0
            .lock()
            .unwrap()
            .push(format!("{to} {}", message.plain_text()));
        Box::pin(std::future::ready(Ok(Receipt::default())))
    }

    fn answer<'a>(&'a self, _: &'a Event, reply: &'a Reply) -> Sending<'a> {
        self.0.lock().unwrap().push(format!("{reply:?}"));
        Box::pin(std::future::ready(Ok(Receipt::default())))
    }
}

impl Sent {
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}
