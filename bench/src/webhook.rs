//! The receiver of signed posts.

use std::future::pending;
use std::sync::Arc;

use mynah_bot::onebot::event;
use mynah_bot::{Outbox, Router};
use mynah_inbound::{Handler, Limits, Post, Receiver, Receiving, serve};
use mynah_onebot::event::{Event, RawEvent};

use mynah_onebot::{OneBot, PostSecret, QuickOperation};
use tokio::net::TcpListener;

use crate::bot;

/// Receives posts at `port`, routes and answers them, for ever.
///
/// # Errors
/// The port cannot be listened at.
pub async fn run(port: u16, secret: &str) -> anyhow::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let secret = PostSecret::new(&secret.to_owned().into());
    let receiver = Receiver::<OneBot, _>::new(secret, Bot::new(), Receiving::default());
    serve(listener, receiver, Limits::default(), pending()).await;
    Ok(())
}

struct Bot {
    router: Router<()>,
    account: Arc<str>,
    outbox: Arc<dyn Outbox>,
}

impl Bot {
    fn new() -> Self {
        Self {
            router: bot::router(),
            account: "bench".into(),
            outbox: Arc::new(bot::NoOutbox),
        }
    }
}

impl Handler<OneBot> for Bot {
    fn handle(&self, post: Post<Event>) -> impl Future<Output = Option<QuickOperation>> + Send {
        let arrived = RawEvent {
            event: post.event,
            raw: post.raw,
        };
        let event = event(Arc::clone(&self.account), arrived);
        bot::answer(&self.router, event, &self.outbox)
    }
}
