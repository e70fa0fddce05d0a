//! A thousand conversations at once.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use tokio::task::JoinSet;

use super::Desk;
use crate::event::{Event, EventKind, Native};
use crate::extract::{Context, State};
use crate::filter;
use crate::id::{Conversation, MessageId, Platform, UserId};
use crate::message::Message;
use crate::reply::{BotError, Outbox, Receipt, Reply, Sending};
use crate::router::Router;

const CONVERSATIONS: usize = 1000;
const MESSAGES: usize = 100;

struct Words(String);

impl Native for Words {
    fn text(&self) -> std::borrow::Cow<'_, str> {
        self.0.as_str().into()
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// What was said where.
#[derive(Default)]
struct Heard(Mutex<HashMap<Conversation, Vec<String>>>);

impl Outbox for Heard {
    fn send<'a>(&'a self, to: &'a Conversation, message: &'a Message) -> Sending<'a> {
        Box::pin(async move {
            // A call takes its time, and another one must not overtake it.
            tokio::task::yield_now().await;
            let mut heard = self.0.lock().unwrap();
            heard
                .entry(to.clone())
                .or_default()
                .push(message.plain_text());
            Ok(Receipt::default())
        })
    }

    fn answer<'a>(&'a self, _: &'a Event, _: &'a Reply) -> Sending<'a> {
        Box::pin(std::future::ready(Err(BotError::new("not here"))))
    }
}

/// Who is inside.
struct Floor {
    conversations: Vec<AtomicBool>,
    overlaps: AtomicUsize,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
}

async fn echo(cx: Context, State(floor): State<Arc<Floor>>) -> String {
    let place = cx.event().conversation.as_ref().unwrap();
    let place = usize::try_from(place.id.number().unwrap()).unwrap();
    let inside = &floor.conversations[place];
    let overlaps = inside.swap(true, Ordering::SeqCst);
    floor.overlaps.fetch_add(overlaps.into(), Ordering::SeqCst);
    let at_once = floor.at_once.fetch_add(1, Ordering::SeqCst) + 1;
    floor.most_at_once.fetch_max(at_once, Ordering::SeqCst);
    if place < 10 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    } else {
        tokio::task::yield_now().await;
    }
    floor.at_once.fetch_sub(1, Ordering::SeqCst);
    inside.store(false, Ordering::SeqCst);
    cx.text().to_owned()
}

fn event(place: usize, number: usize) -> Event {
    let here = Platform::OneBot;
    let words = Words(number.to_string());
    let mut event = Event::new(here, "qq".into(), EventKind::Message, words, Bytes::new());
    let place = i64::try_from(place).unwrap();
    event.conversation = Some(Conversation::group(here, place));
    event.sender = Some(UserId::new(here, 10_001));
    event.message_id = Some(MessageId::new(here, format!("{place}-{number}").as_str()));
    event
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_messages_in_each_of_a_thousand_conversations_are_answered_once_and_in_order() {
    let floor = Arc::new(Floor {
        conversations: (0..CONVERSATIONS).map(|_| AtomicBool::default()).collect(),
        overlaps: AtomicUsize::new(0),
        at_once: AtomicUsize::new(0),
        most_at_once: AtomicUsize::new(0),
    });
    let router = Router::new().on(filter::message(), echo);
    let desk = Arc::new(Desk::new(router, Arc::clone(&floor)));
    let heard = Arc::new(Heard::default());
    let mut work = JoinSet::new();
    for number in 0..MESSAGES {
        for place in 0..CONVERSATIONS {
            let admitted = desk.admit(event(place, number)).await.unwrap();
            let (at_work, outbox) = (Arc::clone(&desk), Arc::clone(&heard));
            work.spawn(async move { at_work.serve(admitted, outbox).await });
            // Some come twice.
            if place % 10 == number % 10 {
                assert!(desk.admit(event(place, number)).await.is_none());
            }
            while let Some(done) = work.try_join_next() {
                done.unwrap();
            }
        }
    }
    while let Some(done) = work.join_next().await {
        done.unwrap();
    }

    let heard = heard.0.lock().unwrap();
    let in_order: Vec<_> = (0..MESSAGES).map(|number| number.to_string()).collect();
    assert_eq!(heard.len(), CONVERSATIONS);
    for (place, words) in heard.iter() {
        assert_eq!(*words, in_order, "{place}");
    }
    assert_eq!(floor.overlaps.load(Ordering::SeqCst), 0);
    let most = floor.most_at_once.load(Ordering::SeqCst);
    assert!(most > 1, "one after the other: {most}");
    assert_eq!(desk.order.busy(), 0);
}
