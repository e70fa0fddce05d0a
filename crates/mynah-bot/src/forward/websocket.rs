//! A handler that is asked over a WebSocket, which we open.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use mynah_core::http::header::{HeaderName, HeaderValue};
use mynah_core::http::{Request, Uri};
use mynah_core::{
    Cx, Dial, Dialer, Error, Frame, HttpRequest, HttpResponse, Session, Ticket, TransportError,
};
use mynah_inbound::{Connection, Handle, Settings, connect};

use super::json::Answer;
use super::signature::Key;
use super::unasked::Unasked;
use super::{LARGEST_ANSWER, Spoken, id_of};

/// Carries the id of an event to the session.
const ID: HeaderName = HeaderName::from_static("webhook-id");

/// How long a silent connection is left alone before it is asked whether it lives.
const QUIET: Duration = Duration::from_secs(30);

/// How long a connection may be silent altogether.
const SILENT: Duration = Duration::from_secs(75);

/// One connection to a handler, kept up.
pub(super) struct Talk {
    handle: Handle,
    connection: Mutex<Option<Connection>>,
}

impl Talk {
    /// Keeps a connection up. Events wait so long for one, and for their answers.
    pub(super) fn open(
        name: &str,
        uri: Uri,
        key: Option<Key>,
        longest: Duration,
        unasked: Unasked,
    ) -> Self {
        let settings = Settings {
            connection_wait: longest,
            call_timeout: longest,
            largest_message: LARGEST_ANSWER,
            ..Settings::default()
        };
        let hear = move |_, line: Bytes| {
            unasked.hear(&line);
            std::future::ready(())
        };
        let connection = connect(name, There { uri, key }, hear, settings);
        Self {
            handle: connection.handle().clone(),
            connection: Mutex::new(Some(connection)),
        }
    }

    /// Sends an event and waits for the answer.
    ///
    /// # Errors
    /// There is no answer.
    pub(super) async fn ask(&self, id: &str, line: Bytes) -> Result<Answer, String> {
        let mut request = HttpRequest::new(line);
        let id = HeaderValue::try_from(id).map_err(|error| error.to_string())?;
        request.headers_mut().insert(ID, id);
        let answer = self.handle.call(request).await;
        let answer = answer.map_err(|error| error.to_string())?;
        Spoken::read(answer.body())?.answer()
    }

    /// Closes the connection.
    pub(super) async fn close(&self) {
        let connection = {
            let mut kept = self
                .connection
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            kept.take()
        };
        if let Some(connection) = connection {
            connection.close().await;
        }
    }
}

/// Where the handler is.
struct There {
    uri: Uri,
    key: Option<Key>,
}

impl Dialer for There {
    type Session = Line;

    fn dial(&mut self, cx: Cx) -> Result<Dial, Error> {
        let mut handshake = Request::new(());
        *handshake.uri_mut() = self.uri.clone();
        if let Some(key) = &self.key {
            let id = format!("dial_{:016x}", cx.nonce);
            let signed = key.sign(handshake.headers_mut(), &id, cx.wall, b"");
            signed.map_err(|error| Error::invalid("handler", error.to_string()))?;
        }
        Ok(Dial::Connect(handshake))
    }

    fn open(&mut self, now: Instant) -> Line {
        Line {
            send: VecDeque::new(),
            waiting: HashMap::new(),
            answers: VecDeque::new(),
            unasked: VecDeque::new(),
            heard: now,
            asked: false,
        }
    }
}

/// One open connection.
struct Line {
    send: VecDeque<Frame>,
    waiting: HashMap<Box<str>, (Ticket, Instant)>,
    answers: VecDeque<(Ticket, Result<HttpResponse, TransportError>)>,
    /// What it said that answers nothing.
    unasked: VecDeque<Bytes>,
    /// When the handler last said anything.
    heard: Instant,
    /// Whether it was asked since then whether it lives.
    asked: bool,
}

impl Session for Line {
    /// What the handler says that answers nothing.
    type Event = Bytes;

    fn handle_frame(&mut self, now: Instant, frame: Frame) {
        self.heard = now;
        self.asked = false;
        let (Frame::Text(text) | Frame::Binary(text)) = frame else {
            return;
        };
        let Some(id) = id_of(&text) else {
            self.unasked.push_back(text);
            return;
        };
        if let Some((ticket, _)) = self.waiting.remove(&*id) {
            let answer = HttpResponse::new(text);
            self.answers.push_back((ticket, Ok(answer)));
        } else {
            tracing::debug!(%id, "an answer that nobody waits for");
        }
    }

    fn handle_timeout(&mut self, now: Instant) {
        let late = self.waiting.extract_if(|_, (_, deadline)| *deadline <= now);
        for (_, (ticket, _)) in late {
            let error = TransportError::sent("no answer came in time");
            self.answers.push_back((ticket, Err(error)));
        }
        if now >= self.heard + SILENT {
            self.send
                .push_back(Frame::Close(1001, "nothing was heard".to_owned()));
        } else if now >= self.heard + QUIET && !self.asked {
            self.asked = true;
            self.send.push_back(Frame::Ping(Bytes::new()));
        }
    }

    fn handle_close(&mut self, _: Instant) {
        for (_, (ticket, _)) in self.waiting.drain() {
            let error = TransportError::sent("the connection ended before the answer came");
            self.answers.push_back((ticket, Err(error)));
        }
    }

    fn poll_send(&mut self) -> Option<Frame> {
        self.send.pop_front()
    }

    fn poll_event(&mut self) -> Option<Bytes> {
        self.unasked.pop_front()
    }

    fn poll_answer(&mut self) -> Option<(Ticket, Result<HttpResponse, TransportError>)> {
        self.answers.pop_front()
    }

    fn poll_timeout(&self) -> Option<Instant> {
        let alive = self.heard + if self.asked { SILENT } else { QUIET };
        let deadlines = self.waiting.values().map(|(_, deadline)| *deadline);
        Some(deadlines.min().map_or(alive, |first| first.min(alive)))
    }

    fn call(
        &mut self,
        _: Instant,
        ticket: Ticket,
        request: &HttpRequest,
        deadline: Instant,
    ) -> Result<(), TransportError> {
        let id = request.headers().get(ID);
        let Some(id) = id.and_then(|id| id.to_str().ok()) else {
            return Err(TransportError::not_sent("an event without an id"));
        };
        self.waiting.insert(id.into(), (ticket, deadline));
        self.send.push_back(Frame::Text(request.body().clone()));
        Ok(())
    }

    fn abandon(&mut self, ticket: Ticket) {
        self.waiting.retain(|_, (waiting, _)| *waiting != ticket);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(now: Instant) -> Line {
        let uri = Uri::from_static("ws://h/");
        There { uri, key: None }.open(now)
    }

    fn ask(talk: &mut Line, now: Instant, number: u64) {
        let mut request = HttpRequest::new(Bytes::from_static(b"{}"));
        let id = HeaderValue::try_from(format!("evt_{number}")).unwrap();
        request.headers_mut().insert(ID, id);
        let deadline = now + Duration::from_secs(15);
        talk.call(now, Ticket(number), &request, deadline).unwrap();
    }

    #[test]
    fn answers_find_their_events_in_any_order() {
        let now = Instant::now();
        let mut talk = open(now);
        ask(&mut talk, now, 1);
        ask(&mut talk, now, 2);
        for text in [
            &br#"{"id":"evt_2"}"#[..],
            b"nonsense",
            br#"{"id":"evt_9"}"#,
            br#"{"id":"evt_1"}"#,
        ] {
            talk.handle_frame(now, Frame::Text(Bytes::from_static(text)));
        }
        let mut answered = std::iter::from_fn(|| talk.poll_answer());
        assert_eq!(answered.next().unwrap().0, Ticket(2));
        assert_eq!(answered.next().unwrap().0, Ticket(1));
        assert!(answered.next().is_none());
        assert_eq!(talk.poll_event().as_deref(), Some(&b"nonsense"[..]));
        assert!(talk.poll_event().is_none());
    }

    #[test]
    fn what_is_not_answered_fails_at_its_deadline_or_with_the_connection() {
        let now = Instant::now();
        let mut talk = open(now);
        ask(&mut talk, now, 1);
        ask(&mut talk, now, 2);
        talk.abandon(Ticket(2));
        let deadline = now + Duration::from_secs(15);
        assert_eq!(talk.poll_timeout(), Some(deadline));
        talk.handle_timeout(deadline);
        let (ticket, answer) = talk.poll_answer().unwrap();
        assert!(ticket == Ticket(1) && answer.is_err());
        ask(&mut talk, deadline, 3);
        talk.handle_close(deadline);
        assert!(talk.poll_answer().unwrap().1.is_err() && talk.poll_answer().is_none());
    }

    #[test]
    fn a_silent_connection_is_asked_and_then_given_up() {
        let now = Instant::now();
        let mut talk = open(now);
        talk.handle_timeout(now + QUIET);
        assert!(matches!(talk.poll_send(), Some(Frame::Ping(_))));
        talk.handle_frame(now + QUIET, Frame::Pong(Bytes::new()));
        assert_eq!(talk.poll_timeout(), Some(now + QUIET + QUIET));
        talk.handle_timeout(now + QUIET + QUIET);
        assert!(matches!(talk.poll_send(), Some(Frame::Ping(_))));
        talk.handle_timeout(now + QUIET + SILENT);
        assert!(matches!(talk.poll_send(), Some(Frame::Close(..))));
    }
}
