//! The bot on a WebSocket, forward and reverse.

use std::collections::HashMap;
use std::future::pending;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use futures_util::FutureExt;
use mynah_bot::onebot::{OneBotOutbox, event};
use mynah_bot::{Context, Entry, Event, Order, Router};
use mynah_client::Client;
use mynah_inbound::{Handle, Hub, Limits, Listener, Settings, connect, serve};
use mynah_onebot::AccessToken;
use mynah_onebot::event::{Event as Native, MessageEvent, RawEvent};
use mynah_onebot::socket::{Forward, Reverse, Role};
use tokio::net::TcpListener;

use crate::meter::{Figures, Plan};
use crate::{bot, outbound};

/// Keeps a connection to `url` and answers what is said there, for ever.
///
/// # Errors
/// The address is none.
pub async fn forward(url: &str) -> anyhow::Result<()> {
    let dialer = Forward::new(&url.parse()?, Role::Universal, AccessToken::none())?;
    let mut connection = connect("bench", dialer, Bot::new(), Settings::default());
    Ok(connection.failed().await?)
}

/// Accepts connections at `port` and answers what is said there, for ever.
///
/// # Errors
/// The port cannot be listened at.
pub async fn reverse(port: u16) -> anyhow::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let hub = Hub::new(
        Reverse::new(AccessToken::none()),
        Bot::new(),
        Settings::default(),
    );
    let limits = Limits {
        connections: usize::from(u16::MAX),
        ..Limits::default()
    };
    serve(listener, hub, limits, pending()).await;
    Ok(())
}

/// How many events of one conversation may wait for their turn.
const LONGEST_QUEUE: usize = 1024;

struct Bot {
    router: Arc<Router<()>>,
    order: Order,
    /// The way back to each account that has said something.
    outboxes: Mutex<HashMap<Box<str>, Way>>,
}

#[derive(Clone)]
struct Way {
    account: Arc<str>,
    outbox: Arc<OneBotOutbox>,
}

impl Bot {
    fn new() -> Self {
        Self {
            router: Arc::new(bot::router()),
            order: Order::new(LONGEST_QUEUE),
            outboxes: Mutex::default(),
        }
    }

    fn way(&self, from: Handle) -> Option<Way> {
        let outboxes = self.outboxes.lock();
        let mut outboxes = outboxes.unwrap_or_else(PoisonError::into_inner);
        if let Some(way) = outboxes.get(from.account()) {
            return Some(way.clone());
        }
        let name = from.account().to_owned();
        // The path is the action; over a socket the rest of the address does not matter.
        let base = "ws://onebot".parse().ok()?;
        let way = Way {
            account: name.as_str().into(),
            outbox: Arc::new(OneBotOutbox::new(Client::builder(base).over(from))),
        };
        outboxes.insert(name.into(), way.clone());
        Some(way)
    }
}

impl Listener<RawEvent> for Bot {
    async fn hear(&self, from: Handle, arrived: RawEvent) {
        let Native::Message(message) = &arrived.event else {
            return;
        };
        let plan = bench_request(message);
        let Some(way) = self.way(from) else {
            return;
        };
        if let Some(plan) = plan {
            let client = way.outbox.client().clone();
            tokio::spawn(async move {
                let figures = outbound::measure(client, plan).await;
                write_result(figures)
            });
            return;
        }
        let event = event(Arc::clone(&way.account), arrived);
        let Some(place) = event.conversation.clone() else {
            return;
        };
        let entry = self.order.enter(&place);
        tokio::spawn(handle(Arc::clone(&self.router), event, way, entry));
    }
}

/// Handles an event in its turn. The next one of its conversation has its turn
/// once the reply stands in the queue of the socket, which keeps the order.
async fn handle(router: Arc<Router<()>>, event: Event, way: Way, entry: Entry) {
    let turn = match entry {
        Entry::Now(turn) => Some(turn),
        Entry::Later(later) => later.turn().await,
        Entry::Full => None,
    };
    let Some(turn) = turn else {
        return;
    };
    let cx = Context::new(Arc::new(event), way.outbox);
    let Ok(Some(reply)) = router.handle(&cx, &()).await else {
        return;
    };
    let mut answering = pin!(cx.answer(reply));
    let answered = (&mut answering).now_or_never();
    drop(turn);
    if answered.is_none() {
        // The load counts what it gets; there is nobody to tell about the rest.
        let _ = answering.await;
    }
}

fn bench_request(message: &MessageEvent) -> Option<Plan> {
    bench_plan(&message.content().to_cq())
}

/// What `bench <in_flight> <warmup_s> <secs>` asks for.
pub fn bench_plan(text: &str) -> Option<Plan> {
    let mut words = text.strip_prefix("bench ")?.split_whitespace();
    let in_flight = words.next()?.parse().ok()?;
    let mut seconds = || Duration::try_from_secs_f64(words.next()?.parse().ok()?).ok();
    Some(Plan {
        in_flight,
        warmup: seconds()?,
        measured: seconds()?,
    })
}

/// Writes the result into the file that `RESULT_FILE` names.
///
/// # Errors
/// There is no result, no file is named, or it cannot be written.
pub fn write_result<E>(figures: Result<Figures, E>) -> anyhow::Result<()>
where
    E: Into<anyhow::Error>,
{
    let figures = serde_json::to_string(&figures.map_err(Into::into)?)?;
    let file = std::env::var("RESULT_FILE").context("RESULT_FILE: not set")?;
    Ok(std::fs::write(file, figures + "\n")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_for_a_measurement_is_understood() {
        let plan = bench_plan("bench 64 0.5 5").unwrap();
        assert_eq!(plan.in_flight, 64);
        assert_eq!(plan.warmup, Duration::from_millis(500));
        assert_eq!(plan.measured, Duration::from_secs(5));
        for text in ["bench", "bench 64", "bench 64 1 x", "bench -1 1 1", "hello"] {
            assert!(bench_plan(text).is_none(), "{text}");
        }
    }
}
