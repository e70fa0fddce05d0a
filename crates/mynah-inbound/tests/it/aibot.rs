//! An intelligent bot of WeCom over a real WebSocket: the whole life of a
//! connection, and when it does not come back.

use mynah_core::{Endpoint, ErrorKind, HttpResponse, Platform, encode_request};
use mynah_inbound::{Connection, Handle, Settings, connect};
use mynah_wecom::WeCom;
use mynah_wecom::aibot::{
    BotEvent, BotSecret, BotSocket, Content, Delivery, Event, Kind, Limits, Reply, SendMsg, Stream,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::peer::Peer;
use super::{millis, soon};

type Events = mpsc::Receiver<(Handle, BotEvent)>;

async fn dial(limits: Limits) -> (TcpListener, Connection, Events) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/wecom/openws", listener.local_addr().unwrap());
    let secret = BotSecret::new("sandbox-secret");
    let dialer = BotSocket::new(&url.parse().unwrap(), "aib-sandbox", secret).unwrap();
    let (sender, events) = mpsc::channel(64);
    let connection = connect(
        "aib-sandbox",
        dialer.limits(limits),
        sender,
        Settings::default(),
    );
    (listener, connection, events)
}

/// Lets the bot in.
async fn admit(listener: &TcpListener) -> Peer {
    let mut peer = Peer::accept(listener).await;
    let asked = peer.called().await;
    assert_eq!(asked["cmd"], "aibot_subscribe");
    assert_eq!(
        asked["body"],
        json!({"bot_id": "aib-sandbox", "secret": "sandbox-secret"})
    );
    acknowledge(&mut peer, &asked, 0, "ok").await;
    peer
}

async fn acknowledge(peer: &mut Peer, frame: &Value, errcode: i64, errmsg: &str) {
    let ack = json!({"headers": frame["headers"], "errcode": errcode, "errmsg": errmsg});
    peer.send(&ack).await;
}

async fn say(peer: &mut Peer, req_id: &str, words: &str) {
    let body = json!({
        "msgid": req_id, "aibotid": "aib-sandbox", "chattype": "single",
        "from": {"userid": "alice"}, "msgtype": "text", "text": {"content": words},
    });
    peer.send(&json!({"cmd": "aibot_msg_callback", "headers": {"req_id": req_id}, "body": body}))
        .await;
}

async fn disconnect(peer: &mut Peer) {
    let body = json!({
        "msgid": "EVT4", "create_time": 1_700_000_003, "aibotid": "aib-sandbox",
        "msgtype": "event", "event": {"eventtype": "disconnected_event"},
    });
    peer.send(&json!({"cmd": "aibot_event_callback", "headers": {"req_id": "E"}, "body": body}))
        .await;
}

async fn delivered(events: &mut Events) -> (Handle, Delivery) {
    match soon(events.recv()).await.unwrap() {
        (from, BotEvent::Delivered(delivery)) => (from, delivery),
        other => panic!("{other:?}"),
    }
}

async fn subscribed(events: &mut Events) {
    let (_, event) = soon(events.recv()).await.unwrap();
    assert_eq!(event, BotEvent::Subscribed);
}

/// Calls in the background.
fn call<E: Endpoint>(handle: &Handle, endpoint: &E) -> tokio::task::JoinHandle<HttpResponse> {
    let request = encode_request(&"ws://h".parse().unwrap(), endpoint).unwrap();
    let calling = handle.call(request);
    tokio::spawn(async move { calling.await.unwrap() })
}

#[tokio::test]
async fn a_bot_subscribes_hears_a_message_and_answers_with_a_stream() {
    let (listener, connection, mut events) = dial(Limits::default()).await;
    let mut peer = admit(&listener).await;
    subscribed(&mut events).await;
    say(&mut peer, "MSG_REQ_1", "hello").await;
    let (from, delivery) = delivered(&mut events).await;
    let Kind::Message {
        content: Content::Text(text),
        ..
    } = &delivery.callback.kind
    else {
        panic!("{delivery:?}");
    };
    assert_eq!(text.content, "hello");

    let thinking = delivery.respond(Stream::new("s1", "正在思考")).unwrap();
    let done = delivery
        .respond(Stream::new("s1", "**42**").finish())
        .unwrap();
    let (first, second) = (call(&from, &thinking), call(&from, &done));
    for (content, finish) in [("正在思考", false), ("**42**", true)] {
        let frame = peer.called().await;
        assert_eq!(frame["cmd"], "aibot_respond_msg");
        assert_eq!(frame["headers"], json!({"req_id": "MSG_REQ_1"}));
        assert_eq!(
            frame["body"]["stream"],
            json!({"id": "s1", "finish": finish, "content": content})
        );
        acknowledge(&mut peer, &frame, 0, "ok").await;
    }
    assert!(WeCom::open(&first.await.unwrap()).is_ok());
    assert!(WeCom::open(&second.await.unwrap()).is_ok());

    let push = call(
        connection.handle(),
        &SendMsg::new("nobody", Reply::markdown("x")),
    );
    let frame = peer.called().await;
    acknowledge(&mut peer, &frame, 93006, "invalid chatid").await;
    let refusal = WeCom::open(&push.await.unwrap()).unwrap_err();
    assert_eq!(refusal.to_string(), "invalid chatid (93006)");

    let closing = tokio::spawn(connection.close());
    assert_eq!(peer.ended().await, Some(1000));
    soon(closing).await.unwrap();
}

#[tokio::test]
async fn a_connection_that_breaks_comes_back_and_subscribes_anew() {
    let (listener, _connection, mut events) = dial(Limits::default()).await;
    drop(admit(&listener).await);
    subscribed(&mut events).await;
    let mut peer = admit(&listener).await;
    subscribed(&mut events).await;
    say(&mut peer, "M", "again").await;
    delivered(&mut events).await;
}

#[tokio::test]
async fn a_bot_that_was_replaced_does_not_come_back_and_says_why() {
    let (listener, mut connection, mut events) = dial(Limits::default()).await;
    let mut peer = admit(&listener).await;
    subscribed(&mut events).await;
    disconnect(&mut peer).await;
    assert_eq!(peer.ended().await, Some(1000));
    let error = soon(connection.failed()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(
        error
            .to_string()
            .contains("another connection of this bot has taken over"),
        "{error}"
    );
    let (_, delivery) = delivered(&mut events).await;
    assert_eq!(delivery.callback.kind, Kind::Event(Event::Disconnected));
    let again = tokio::time::timeout(millis(1200), listener.accept()).await;
    assert!(again.is_err(), "it does not come back");
    let request = encode_request(
        &"ws://h".parse().unwrap(),
        &SendMsg::new("alice", Reply::markdown("x")),
    );
    let outcome = soon(connection.handle().call(request.unwrap())).await;
    assert!(!outcome.unwrap_err().sent);
}

#[tokio::test]
async fn whoever_listens_slowly_hears_of_the_end_all_the_same() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}", listener.local_addr().unwrap());
    let dialer = BotSocket::new(
        &url.parse().unwrap(),
        "aib-sandbox",
        BotSecret::new("sandbox-secret"),
    );
    let (sender, mut heard) = mpsc::channel(64);
    let slow = move |_: Handle, event: BotEvent| {
        let sender = sender.clone();
        async move {
            tokio::time::sleep(millis(1000)).await;
            sender.send(event).await.unwrap();
        }
    };
    let mut connection = connect("aib-sandbox", dialer.unwrap(), slow, Settings::default());
    let mut peer = admit(&listener).await;
    say(&mut peer, "M", "hello").await;
    disconnect(&mut peer).await;
    soon(connection.failed()).await.unwrap_err();
    let mut names = Vec::new();
    while let Ok(event) = heard.try_recv() {
        if let BotEvent::Delivered(delivery) = event {
            names.push(delivery.callback.name());
        }
    }
    assert_eq!(names, ["text", "event.disconnected_event"]);
}

#[tokio::test]
async fn a_wrong_secret_is_tried_a_few_times_and_reported() {
    let limits = Limits {
        refusals: 2,
        ..Limits::default()
    };
    let (listener, mut connection, mut events) = dial(limits).await;
    for _ in 0..2 {
        let mut peer = Peer::accept(&listener).await;
        let asked = peer.called().await;
        acknowledge(&mut peer, &asked, 853_000, "invalid bot_id or secret").await;
        assert_eq!(peer.ended().await, Some(1000));
        let (_, event) = soon(events.recv()).await.unwrap();
        assert!(matches!(event, BotEvent::Refused(_)), "{event:?}");
    }
    let error = soon(connection.failed()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert!(
        error.to_string().contains("invalid bot_id or secret"),
        "{error}"
    );
    assert!(!error.to_string().contains("sandbox-secret"));
}

#[tokio::test]
async fn a_call_before_the_first_connection_waits_for_the_subscription() {
    let (listener, connection, _events) = dial(Limits::default()).await;
    let push = call(
        connection.handle(),
        &SendMsg::new("alice", Reply::markdown("x")),
    );
    let mut peer = admit(&listener).await;
    let frame = peer.called().await;
    assert_eq!(frame["cmd"], "aibot_send_msg");
    acknowledge(&mut peer, &frame, 0, "ok").await;
    assert!(WeCom::open(&soon(push).await.unwrap()).is_ok());
}
