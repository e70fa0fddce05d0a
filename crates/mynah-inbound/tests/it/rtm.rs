//! BearyChat's RTM over a real WebSocket: a start before every connection, pings that must be
//! answered, and what is said over it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mynah_bearychat::event::Event;
use mynah_bearychat::socket::{ClientFrame, RtmDialer, RtmEvent, Sent, ticket_of};
use mynah_core::http::{Request, Response};
use mynah_core::{Body, Carried, Code, ErrorKind, Transport};
use mynah_inbound::{Connection, Handle, Settings, connect};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_tungstenite::accept_hdr_async;
use tokio_tungstenite::tungstenite::handshake::server::{
    ErrorResponse, Request as Asked, Response as Granted,
};

use super::peer::Peer;
use super::soon;

type Events = mpsc::Receiver<(Handle, RtmEvent)>;

/// RTM over HTTP: every start tells another address.
struct Starts {
    address: String,
    count: AtomicU32,
    refuses: bool,
    uris: Mutex<Vec<String>>,
}

impl Starts {
    fn start(&self) -> Response<Body> {
        let n = self.count.fetch_add(1, Ordering::SeqCst) + 1;
        let (status, answer) = if self.refuses {
            (401, json!({"code": 2, "error": "未授权", "result": null}))
        } else {
            let ws_host = format!("{}/nimbus/ws:{n}", self.address);
            let user = json!({"id": "=bwBot", "name": "mynah"});
            (
                200,
                json!({"code": 0, "result": {"user": user, "ws_host": ws_host}}),
            )
        };
        let mut response = Response::new(Body::Full(answer.to_string().into()));
        *response.status_mut() = status.try_into().unwrap();
        response
    }
}

impl Transport for Starts {
    fn send(&self, request: Request<Body>) -> Carried<'_> {
        self.uris.lock().unwrap().push(request.uri().to_string());
        Box::pin(std::future::ready(Ok(self.start())))
    }
}

struct Desk {
    listener: TcpListener,
    starts: Arc<Starts>,
    connection: Connection,
    events: Events,
}

impl Desk {
    async fn dial(refuses: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let starts = Arc::new(Starts {
            address: format!("ws://{address}/bearychat/rtm"),
            count: AtomicU32::new(0),
            refuses,
            uris: Mutex::default(),
        });
        let base = format!("http://{address}/bearychat/rtm").parse().unwrap();
        let settings = Settings {
            http: Some(Arc::clone(&starts) as Arc<dyn Transport>),
            ..Settings::default()
        };
        let (sender, events) = mpsc::channel(64);
        let dialer = RtmDialer::new(&base, "sandbox-token");
        Self {
            connection: connect("mynah", dialer, sender, settings),
            listener,
            starts,
            events,
        }
    }

    /// Takes the next connection; the ticket in its address.
    async fn accept(&self) -> (Peer, String) {
        let (stream, _) = soon(self.listener.accept()).await.unwrap();
        let mut ticket = None;
        #[expect(clippy::result_large_err, reason = "tungstenite's signature")]
        let look = |asked: &Asked, granted: Granted| -> Result<Granted, ErrorResponse> {
            ticket = ticket_of(asked.uri().path()).map(str::to_owned);
            Ok(granted)
        };
        let socket = soon(accept_hdr_async(stream, look)).await.unwrap();
        (Peer(socket), ticket.unwrap())
    }

    /// The same once the platform has said hello, and the program has heard it.
    async fn admit(&mut self) -> Peer {
        let (mut peer, _) = self.accept().await;
        peer.send(&json!({
            "type": "update_user_connection", "ts": 1,
            "data": {"connection": "connected", "uid": "=bwBot"},
        }))
        .await;
        let (from, connected) = soon(self.events.recv()).await.unwrap();
        assert_eq!(from.account(), "mynah");
        let RtmEvent::Connected(Some(me)) = connected else {
            panic!("{connected:?}");
        };
        assert_eq!(me.id.as_str(), "=bwBot");
        let Event::UpdateUserConnection(_) = self.happened().await else {
            panic!("hello");
        };
        peer
    }

    async fn happened(&mut self) -> Event {
        match soon(self.events.recv()).await.unwrap() {
            (_, RtmEvent::Delivered(delivery)) => delivery.event,
            other => panic!("{other:?}"),
        }
    }

    async fn heard(&mut self) -> String {
        self.happened().await.message().unwrap().text.clone()
    }
}

async fn acknowledge(peer: &mut Peer, frame: &Value) {
    peer.send(&json!({
        "code": 0, "status": "ok", "ts": 7, "type": "reply", "call_id": frame["call_id"],
    }))
    .await;
}

/// The next thing that is said; pings are answered meanwhile.
async fn said(peer: &mut Peer) -> Value {
    loop {
        let frame = peer.called().await;
        if frame["type"] != "ping" {
            return frame;
        }
        acknowledge(peer, &frame).await;
    }
}

async fn tell(peer: &mut Peer, n: u32, text: &str) {
    peer.send(&json!({
        "type": "channel_message", "vchannel_id": "=1", "channel_id": "=1", "uid": "=bw52R",
        "key": format!("1487571355082.{n:04}"), "text": text, "subtype": "normal",
    }))
    .await;
}

/// Answers pings for a while.
async fn go_on(peer: &mut Peer, while_: Duration) {
    let answering = async {
        let frame = said(peer).await;
        panic!("{frame}");
    };
    assert!(tokio::time::timeout(while_, answering).await.is_err());
}

#[tokio::test]
async fn a_program_starts_connects_hears_and_speaks() {
    let mut desk = Desk::dial(false).await;
    let mut peer = desk.admit().await;
    let uris = desk.starts.uris.lock().unwrap().clone();
    assert!(
        uris[0].ends_with("/bearychat/rtm/start?token=sandbox-token"),
        "{uris:?}"
    );

    tell(&mut peer, 1, "值班").await;
    assert_eq!(desk.heard().await, "值班");

    let frame = ClientFrame::channel_message("=1", "你好").quoting("1487571355082.0001".into());
    let answer = desk.connection.handle().call(frame.to_request());
    let frame = said(&mut peer).await;
    assert_eq!(frame["text"], "你好");
    assert_eq!(frame["refer_key"], "1487571355082.0001");
    acknowledge(&mut peer, &frame).await;
    let sent = Sent::of(&soon(answer).await.unwrap()).unwrap();
    assert_eq!(sent.ts.map(|ts| ts.0), Some(7));

    let answer = desk
        .connection
        .handle()
        .call(ClientFrame::message("=2", "=3", "hi").to_request());
    let frame = said(&mut peer).await;
    peer.send(&json!({
        "code": 4, "status": "error", "error": "没有权限", "type": "reply",
        "call_id": frame["call_id"],
    }))
    .await;
    let refused = Sent::of(&soon(answer).await.unwrap()).unwrap_err();
    assert_eq!((refused.code, refused.status), (Code::Number(4), 403));

    let closing = tokio::spawn(desk.connection.close());
    assert_eq!(peer.ended().await, Some(1000));
    soon(closing).await.unwrap();
}

#[tokio::test]
async fn a_connection_that_breaks_comes_back_by_a_start_of_its_own_and_nothing_is_heard_twice() {
    let mut desk = Desk::dial(false).await;
    let mut peer = desk.admit().await;
    tell(&mut peer, 1, "one").await;
    assert_eq!(desk.heard().await, "one");
    let answer = desk
        .connection
        .handle()
        .call(ClientFrame::channel_message("=1", "hi").to_request());
    said(&mut peer).await;
    drop(peer);
    let lost = soon(answer).await.unwrap_err();
    assert!(lost.sent, "nobody knows whether it was taken");

    let mut peer = desk.admit().await;
    assert_eq!(desk.starts.count.load(Ordering::SeqCst), 2);
    tell(&mut peer, 1, "one").await;
    tell(&mut peer, 2, "two").await;
    assert_eq!(desk.heard().await, "two");
}

#[tokio::test]
async fn a_token_that_is_refused_is_reported_and_not_tried_again() {
    let mut desk = Desk::dial(true).await;
    let error = soon(desk.connection.failed()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert!(error.to_string().contains("未授权"), "{error}");
    assert_eq!(desk.starts.count.load(Ordering::SeqCst), 1);
    assert!(desk.events.recv().await.is_none(), "nothing was heard");
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_answers_its_pings_is_kept() {
    let mut desk = Desk::dial(false).await;
    let mut peer = desk.admit().await;
    go_on(&mut peer, Duration::from_secs(120)).await;
    tell(&mut peer, 1, "still there").await;
    assert_eq!(desk.heard().await, "still there");
    assert_eq!(desk.starts.count.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn a_cable_that_is_cut_is_noticed_within_eight_seconds() {
    let mut desk = Desk::dial(false).await;
    let mut peer = desk.admit().await;
    go_on(&mut peer, Duration::from_secs(62)).await;
    // Nobody reads it from now on, and TCP does not tell.
    let cut = Instant::now();
    let mut next = desk.admit().await;
    let noticed = cut.elapsed();
    // A ping every 5 s, and an answer within 3 s; what is not answered is not waited for.
    assert!(noticed <= Duration::from_millis(8100), "{noticed:?}");
    tell(&mut next, 1, "back").await;
    assert_eq!(desk.heard().await, "back");
}

/// A socket that opens is no connection yet: waits grow until the platform has answered.
#[tokio::test(start_paused = true)]
async fn a_platform_that_never_says_anything_is_asked_ever_more_seldom() {
    let mut desk = Desk::dial(false).await;
    let began = Instant::now();
    let mut kept = Vec::new();
    for n in 1..=30 {
        let (stream, _) = desk.listener.accept().await.unwrap();
        kept.push(tokio_tungstenite::accept_async(stream).await.unwrap());
        assert_eq!(
            desk.starts.count.load(Ordering::SeqCst),
            n,
            "a start for each"
        );
    }
    // Half a minute at the mean once they have grown.
    assert!(
        began.elapsed() > Duration::from_secs(400),
        "{:?}",
        began.elapsed()
    );
    assert!(
        desk.events.try_recv().is_err(),
        "nobody was told of a connection"
    );
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_worked_is_back_soon() {
    let mut desk = Desk::dial(false).await;
    let mut peer = desk.admit().await;
    for _ in 0..5 {
        go_on(&mut peer, Duration::from_secs(61)).await;
        drop(peer);
        let broken = Instant::now();
        peer = desk.admit().await;
        assert!(
            broken.elapsed() <= Duration::from_secs(1),
            "{:?}",
            broken.elapsed()
        );
    }
}
