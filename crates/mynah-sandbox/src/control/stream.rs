//! The live stream: what happens, as it happens.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;

use crate::hub::Live;
use crate::server::Server;

/// A comment is sent when nothing else was for so long.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Opens the stream (server-sent events); it ends with the sandbox.
pub(super) fn open(server: &Server) -> Response {
    let listener = Listener {
        live: server.hub().listen(),
        ending: server.ending(),
        greeted: false,
    };
    let events = stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok::<_, Infallible>(event), listener))
    });
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    Sse::new(events).keep_alive(keep_alive).into_response()
}

struct Listener {
    live: Receiver<Live>,
    ending: watch::Receiver<bool>,
    greeted: bool,
}

impl Listener {
    async fn next(&mut self) -> Option<Event> {
        if !self.greeted {
            // Something to read at once, for whoever waits for the stream to open.
            self.greeted = true;
            return Some(Event::default().comment("mynah"));
        }
        tokio::select! {
            live = self.live.recv() => match live {
                Ok(live) => Some(Event::default().event(live.event).data(&*live.data)),
                // Too slow: what was missed must be read anew.
                Err(RecvError::Lagged(_)) => {
                    let reset = Event::default().event("state");
                    Some(reset.data(r#"{"kind":"reset"}"#))
                }
                Err(RecvError::Closed) => None,
            },
            _ = self.ending.wait_for(|ending| *ending) => None,
        }
    }
}
