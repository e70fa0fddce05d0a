//! What the driver owes to a session, whatever its platform.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use mynah_core::http::{Request, Response};
use mynah_core::{
    Body, Carried, Cx, Dial, Dialer, Error, Frame, HttpRequest, HttpResponse, Session, Ticket,
    Transport, TransportError,
};
use mynah_inbound::{Handle, Settings, connect};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_tungstenite::tungstenite::Message;

use super::peer::Peer;
use super::{millis, soon};

/// Repeats each text frame as an event and notes what it is told.
struct Parrot {
    events: VecDeque<String>,
    noted: Arc<Mutex<Vec<String>>>,
    wake_at: Option<Instant>,
    out: VecDeque<Frame>,
}

impl Session for Parrot {
    type Event = String;

    fn handle_frame(&mut self, _: Instant, frame: Frame) {
        match frame {
            Frame::Text(bytes) => {
                self.events
                    .push_back(String::from_utf8(bytes.to_vec()).unwrap());
            }
            other => self.note(&format!("{other:?}")),
        }
    }

    fn handle_timeout(&mut self, _: Instant) {
        self.note("woken");
        self.wake_at = None;
        self.out
            .push_back(Frame::Binary(Bytes::from_static(b"awake")));
        self.out.push_back(Frame::Close(4000, "enough".to_owned()));
    }

    fn handle_close(&mut self, _: Instant) {
        self.note("closed");
    }

    fn poll_send(&mut self) -> Option<Frame> {
        self.out.pop_front()
    }

    fn poll_event(&mut self) -> Option<String> {
        self.events.pop_front()
    }

    fn poll_answer(&mut self) -> Option<(Ticket, Result<HttpResponse, TransportError>)> {
        None
    }

    fn poll_timeout(&self) -> Option<Instant> {
        self.wake_at
    }

    fn call(
        &mut self,
        _: Instant,
        _: Ticket,
        _: &HttpRequest,
        _: Instant,
    ) -> Result<(), TransportError> {
        Err(TransportError::not_sent("a parrot only listens"))
    }

    fn abandon(&mut self, _: Ticket) {}

    fn acknowledge(&mut self, n: u64) {
        self.note(&format!("acknowledged {n}"));
    }
}

impl Parrot {
    fn note(&self, what: &str) {
        self.noted.lock().unwrap().push(what.to_owned());
    }
}

/// Asks where to connect, as some platforms want it.
struct Asking {
    address: String,
    found: Option<String>,
    noted: Arc<Mutex<Vec<String>>>,
    wakes: bool,
}

impl Dialer for Asking {
    type Session = Parrot;

    fn dial(&mut self, _: Cx) -> Result<Dial, Error> {
        Ok(match self.found.take() {
            None => Dial::Ask(Request::get("http://gateway/").body(Bytes::new()).unwrap()),
            Some(found) => Dial::Connect(Request::get(found).body(()).unwrap()),
        })
    }

    fn absorb(&mut self, response: HttpResponse, _: Cx) -> Result<(), Error> {
        let path = String::from_utf8(response.body().to_vec()).unwrap();
        self.found = Some(format!("ws://{}/{path}", self.address));
        Ok(())
    }

    fn open(&mut self, now: Instant) -> Parrot {
        Parrot {
            events: VecDeque::new(),
            noted: Arc::clone(&self.noted),
            wake_at: self.wakes.then(|| now + millis(30)),
            out: VecDeque::new(),
        }
    }

    fn ended(&mut self, session: Parrot) {
        session.note("given back");
    }
}

struct Gateway;

impl Transport for Gateway {
    fn send(&self, request: Request<Body>) -> Carried<'_> {
        assert_eq!(request.uri(), "http://gateway/");
        Box::pin(async { Ok(Response::new(Body::Full("ticket".into()))) })
    }
}

async fn dialer(wakes: bool) -> (TcpListener, Asking, Arc<Mutex<Vec<String>>>, Settings) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let noted = Arc::default();
    let dialer = Asking {
        address: listener.local_addr().unwrap().to_string(),
        found: None,
        noted: Arc::clone(&noted),
        wakes,
    };
    let settings = Settings {
        http: Some(Arc::new(Gateway)),
        ..Settings::default()
    };
    (listener, dialer, noted, settings)
}

async fn until(noted: &Mutex<Vec<String>>, expected: &[&str]) {
    let met = async {
        while *noted.lock().unwrap() != expected {
            tokio::time::sleep(millis(5)).await;
        }
    };
    if tokio::time::timeout(super::SOON, met).await.is_err() {
        assert_eq!(*noted.lock().unwrap(), expected);
    }
}

#[tokio::test]
async fn events_are_acknowledged_once_they_are_handed_over() {
    let (listener, dialer, noted, settings) = dialer(false).await;
    let gate = Arc::new(Semaphore::new(0));
    let (heard, waiting) = (Arc::new(Mutex::new(Vec::new())), Arc::clone(&gate));
    let hearing = Arc::clone(&heard);
    let slow = move |_: Handle, event: String| {
        let (gate, hearing) = (Arc::clone(&waiting), Arc::clone(&hearing));
        async move {
            hearing.lock().unwrap().push(event);
            gate.acquire().await.unwrap().forget();
        }
    };
    let connection = connect("parrot", dialer, slow, settings);
    let mut peer = Peer::accept(&listener).await;
    for text in ["one", "two", "three"] {
        peer.0.send(Message::text(text)).await.unwrap();
    }
    until(&heard, &["one"]).await;
    assert!(noted.lock().unwrap().is_empty());
    gate.add_permits(2);
    until(&noted, &["acknowledged 1", "acknowledged 2"]).await;
    until(&heard, &["one", "two", "three"]).await;
    // What is handed over after the end can no longer be acknowledged.
    drop(peer);
    let all = ["acknowledged 1", "acknowledged 2", "closed", "given back"];
    until(&noted, &all).await;
    gate.add_permits(1);
    soon(connection.close()).await;
    assert_eq!(noted.lock().unwrap().len(), 4);
}

#[tokio::test]
async fn a_session_is_woken_and_may_close() {
    let (listener, dialer, noted, settings) = dialer(true).await;
    let connection = connect("parrot", dialer, async |_: Handle, _: String| {}, settings);
    let mut peer = Peer::accept(&listener).await;
    let message = soon(peer.0.next()).await.unwrap().unwrap();
    assert_eq!(message, Message::binary(&b"awake"[..]));
    assert_eq!(peer.ended().await, Some(4000));
    let all = ["woken", "Close(4000, \"enough\")", "closed", "given back"];
    until(&noted, &all).await;
    drop(connection);
}

#[tokio::test]
async fn pings_reach_the_session_and_are_answered() {
    let (listener, dialer, noted, settings) = dialer(false).await;
    let connection = connect("parrot", dialer, async |_: Handle, _: String| {}, settings);
    let mut peer = Peer::accept(&listener).await;
    peer.0.send(Message::Ping("there?".into())).await.unwrap();
    let message = soon(peer.0.next()).await.unwrap().unwrap();
    assert_eq!(message, Message::Pong("there?".into()));
    until(&noted, &["Ping(b\"there?\")"]).await;
    drop(connection);
}

#[tokio::test]
async fn a_dialer_that_learns_from_the_end_of_a_session_may_stay_away() {
    struct Once(Option<String>);
    impl Dialer for Once {
        type Session = Parrot;
        fn dial(&mut self, _: Cx) -> Result<Dial, Error> {
            match &self.0 {
                Some(address) => Ok(Dial::Connect(Request::get(address).body(()).unwrap())),
                None => Err(Error::invalid("parrot.dial", "once was enough")),
            }
        }
        fn open(&mut self, _: Instant) -> Parrot {
            Parrot {
                events: VecDeque::new(),
                noted: Arc::default(),
                wake_at: None,
                out: VecDeque::new(),
            }
        }
        fn ended(&mut self, session: Parrot) {
            assert_eq!(*session.noted.lock().unwrap(), ["closed"]);
            self.0 = None;
        }
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let dialer = Once(Some(format!("ws://{}/", listener.local_addr().unwrap())));
    let settings = Settings::default();
    let mut connection = connect("parrot", dialer, async |_: Handle, _: String| {}, settings);
    drop(Peer::accept(&listener).await);
    let error = soon(connection.failed()).await.unwrap_err();
    assert!(error.to_string().contains("once was enough"), "{error}");
}

#[tokio::test]
async fn wrong_settings_are_reported_and_not_tried_again() {
    struct Hopeless;
    impl Dialer for Hopeless {
        type Session = Parrot;
        fn dial(&mut self, _: Cx) -> Result<Dial, Error> {
            Err(Error::invalid("parrot.dial", "url: is empty"))
        }
        fn open(&mut self, _: Instant) -> Parrot {
            unreachable!("nothing was dialled")
        }
    }
    let settings = Settings::default();
    let mut connection = connect(
        "parrot",
        Hopeless,
        async |_: Handle, _: String| {},
        settings,
    );
    let error = soon(connection.failed()).await.unwrap_err();
    assert!(error.to_string().contains("url: is empty"), "{error}");
    let request = Request::post("http://h/x").body(Bytes::new()).unwrap();
    let error = soon(connection.handle().call(request)).await.unwrap_err();
    assert!(!error.sent);
}
