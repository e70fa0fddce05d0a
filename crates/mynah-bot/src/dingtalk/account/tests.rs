use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use mynah_client::Client;
use mynah_core::http::Request;
use mynah_core::{BaseUrl, Body as HttpBody, Carried, HttpResponse, Inbound, Received, Transport};
use mynah_dingtalk::event::{ChatChange, ChatMembers, Kind};
use mynah_dingtalk::robot::{Content, ConversationType, SessionWebhook};
use mynah_dingtalk::{OpenApp, inbound};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::super::app::AppClients;
use super::*;
use crate::config::{DingTalkEvents, Secret as Setting};
use crate::event::EventKind;
use crate::extract::Context;
use crate::filter::{command, joined, message, when};
use crate::id::{Conversation, MessageId};
use crate::message::{Media, Message, Part, Source};
use crate::reply::Receipt;
use crate::router::Router;

/// A platform that takes everything and remembers it.
#[derive(Clone, Default)]
struct Fake(Arc<Inner>);

#[derive(Default)]
struct Inner {
    calls: Mutex<Vec<(String, Value)>>,
    /// Sessions are over.
    over: AtomicBool,
    /// Whom nothing reaches.
    unreachable: AtomicBool,
}

impl Fake {
    fn calls(&self) -> Vec<(String, Value)> {
        let calls = self.0.calls.lock();
        calls.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn forget(&self) {
        self.0.calls.lock().unwrap().clear();
    }

    /// The paths of all calls but those for tokens.
    fn paths(&self) -> Vec<String> {
        let paths = self.calls().into_iter().map(|(path, _)| path);
        let tokens = ["/gettoken", "/v1.0/oauth2/accessToken"];
        paths
            .filter(|path| !tokens.contains(&path.as_str()))
            .collect()
    }

    /// What was said, and by which call.
    fn said(&self) -> Vec<(&'static str, String)> {
        let calls = self.calls().into_iter();
        calls
            .filter_map(|(path, body)| said(&path, &body))
            .collect()
    }

    fn answer(&self, path: &str) -> (u16, Value) {
        let is = |flag: &AtomicBool| flag.load(Ordering::Relaxed);
        match path {
            SESSION if is(&self.0.over) => {
                (200, json!({"errcode": 300_001, "errmsg": "session 不存在"}))
            }
            "/v1.0/oauth2/accessToken" => (200, json!({"accessToken": "T", "expireIn": 7200})),
            USERS if is(&self.0.unreachable) => (
                200,
                json!({"processQueryKey": "KEY", "invalidStaffIdList": ["alice"]}),
            ),
            "/v1.0/robot/groupMessages/recall" | "/v1.0/robot/otoMessages/batchRecall" => (
                200,
                json!({"successResult": ["KEY"], "failedResult": {"OLD": "expired"}}),
            ),
            path if path.starts_with("/v1.0/") => (200, json!({"processQueryKey": "KEY"})),
            _ => (
                200,
                json!({
                    "errcode": 0, "errmsg": "ok", "access_token": "T", "expires_in": 7200,
                    "type": "image", "media_id": "@MEDIA", "created_at": 1, "messageId": "MSG",
                    "task_id": 1,
                }),
            ),
        }
    }
}

const SESSION: &str = "/robot/sendBySession";
const USERS: &str = "/v1.0/robot/oToMessages/batchSend";
const GROUP: &str = "/v1.0/robot/groupMessages/send";

/// What a call says, where it says something.
fn said(path: &str, body: &Value) -> Option<(&'static str, String)> {
    let by = match path {
        SESSION => "session",
        USERS => "users",
        GROUP => "group",
        "/chat/send" => "chat",
        _ => return None,
    };
    let template = body["msgParam"].as_str().unwrap_or("null");
    let template: Value = serde_json::from_str(template).unwrap();
    let words = [
        &body["text"]["content"],
        &body["markdown"]["text"],
        &template["content"],
        &template["text"],
        &template["photoURL"],
    ];
    let words = words.into_iter().find_map(Value::as_str);
    Some((by, words.unwrap_or("?").to_owned()))
}

impl Transport for Fake {
    fn send(&self, request: Request<HttpBody>) -> Carried<'_> {
        let path = request.uri().path().to_owned();
        let (status, answer) = self.answer(&path);
        let body = match request.into_body() {
            HttpBody::Full(body) => serde_json::from_slice(&body).unwrap_or_default(),
            HttpBody::Stream(_) => Value::Null,
        };
        self.0.calls.lock().unwrap().push((path, body));
        let mut response = HttpResponse::new(answer.to_string().into());
        *response.status_mut() = status.try_into().unwrap();
        Box::pin(std::future::ready(Ok(response.map(HttpBody::Full))))
    }
}

fn outbox(fake: &Fake) -> AppOutbox {
    let base: BaseUrl = "http://h".parse().unwrap();
    let app = OpenApp::new("ding1", "secret");
    let tokens = mynah_core::Tokens::new(base.clone(), app.app().clone());
    let classic = Client::builder(base.clone())
        .auth(tokens)
        .over(fake.clone());
    let tokens = mynah_core::Tokens::new(base.clone(), app);
    let open = Client::builder(base).auth(tokens).over(fake.clone());
    AppOutbox::new(AppClients { classic, open }, "ding1")
}

fn app(router: Router<()>) -> (Work<()>, Fake) {
    let fake = Fake::default();
    let work = Work {
        account: "ding".into(),
        desk: Arc::new(Desk::new(router, ())),
        outbox: outbox(&fake),
    };
    (work, fake)
}

fn millis(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

/// Alice says something in a group or to the robot alone; its session is good
/// for that long.
fn hello(id: &str, text: &str, place: ConversationType, good_for: i64) -> RobotMessage {
    let mut message = RobotMessage::new(id, "cid1", place, "$:alice", Content::text(text));
    message.sender_staff_id = Some("alice".into());
    let webhook = "http://h/robot/sendBySession?session=S";
    let expires = millis(SystemTime::now()) + good_for;
    message.session_webhook = Some(SessionWebhook::new(webhook, expires));
    message
}

const NINETY_MINUTES: i64 = 5_400_000;

fn in_group(id: &str, text: &str) -> Told {
    hello(id, text, ConversationType::Group, NINETY_MINUTES).into()
}

/// What comes out of a Stream when it is told this.
fn streamed(told: &Told) -> Delivery {
    use mynah_core::{Cx, Session};
    use mynah_dingtalk::api::stream::Subscription;
    use mynah_dingtalk::stream::{Limits, ServerLimits, ServerSession, StreamSession, topic};

    let now = std::time::Instant::now();
    let cx = Cx {
        now,
        wall: SystemTime::UNIX_EPOCH,
        nonce: 1,
    };
    let all = vec![
        Subscription::events(),
        Subscription::callback(topic::ROBOT),
        Subscription::callback(topic::CARD),
    ];
    let mut client = StreamSession::new(all.clone(), Limits::default(), now);
    let mut server = ServerSession::new("app", "c1", all, ServerLimits::default(), cx);
    assert!(server.deliver(now, "1", told));
    while let Some(frame) = server.poll_send() {
        client.handle_frame(now, frame);
    }
    while let Some(event) = client.poll_event() {
        if let StreamEvent::Delivered(delivery) = event {
            return delivery;
        }
    }
    panic!("nothing came")
}

impl<S: Send + Sync + 'static> Work<S> {
    async fn is_told(&self, told: Told) {
        let delivery = streamed(&told);
        self.clone().hear(StreamEvent::Delivered(delivery)).await;
    }
}

fn router() -> Router<()> {
    Router::new()
        .on(command("ping"), async || "pong")
        .on(command("slow"), async || {
            sleep(Duration::from_secs(90 * 60)).await;
            "at last"
        })
        .on(command("both"), async || {
            Message::text("look: ").image(Media::bytes("a.png", &b"\x89PNG\r\n\x1a\n..."[..]))
        })
        .on(command("mention"), async |cx: Context| {
            Message::text("hi ").mention(cx.sender())
        })
        .on(joined(), async |cx: Context| {
            Message::text("welcome ").mention(cx.sender())
        })
        .on(message(), async || ())
}

/// Waits until the calls under way are made.
async fn settle() {
    sleep(Duration::from_secs(1)).await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_goes_by_the_session_and_needs_no_token() {
    let (bot, fake) = app(router());
    bot.is_told(in_group("m1", "/ping")).await;
    bot.is_told(in_group("m2", " /mention")).await;
    settle().await;
    let said = fake.said();
    assert_eq!(
        said,
        [("session", "pong".into()), ("session", "hi @alice".into())]
    );
    let (path, body) = &fake.calls()[1];
    assert_eq!(path, SESSION);
    assert_eq!(body["at"]["atUserIds"], json!(["alice"]));
    assert_eq!(fake.calls().len(), 2, "no token was asked for");
}

/// The clock of the platform decides, and it says 300001.
#[tokio::test(start_paused = true)]
async fn a_handler_of_ninety_minutes_answers_once_although_its_session_is_over() {
    for (place, by) in [
        (ConversationType::Group, "group"),
        (ConversationType::Single, "users"),
    ] {
        let (bot, fake) = app(router());
        let message = hello("m1", "/slow", place, NINETY_MINUTES);
        let began = Instant::now();
        bot.is_told(message.into()).await;
        assert!(began.elapsed().is_zero(), "it is acknowledged at once");
        fake.0.over.store(true, Ordering::Relaxed);
        sleep(Duration::from_secs(91 * 60)).await;
        assert_eq!(
            fake.said(),
            [("session", "at last".into()), (by, "at last".into())]
        );
        let (_, body) = fake.calls().pop().unwrap();
        assert_eq!(body["robotCode"], "ding1");
        match by {
            "group" => assert_eq!(body["openConversationId"], "cid1"),
            _ => assert_eq!(body["userIds"], json!(["alice"])),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_over_by_our_clock_is_not_tried() {
    let (bot, fake) = app(router());
    let late = hello("m1", "/mention", ConversationType::Group, -1);
    bot.is_told(late.into()).await;
    settle().await;
    assert_eq!(fake.said(), [("group", "hi @alice".into())]);
}

#[tokio::test(start_paused = true)]
async fn once_a_session_is_over_it_is_not_tried_again() {
    let router = Router::new().on(message(), async |cx: Context| -> Result<&str> {
        cx.reply("one").await?;
        Ok("two")
    });
    let (bot, fake) = app(router);
    fake.0.over.store(true, Ordering::Relaxed);
    bot.is_told(in_group("m1", "x")).await;
    settle().await;
    let by: Vec<_> = fake.said().into_iter().map(|(by, _)| by).collect();
    assert_eq!(by, ["session", "group", "group"]);
}

#[tokio::test(start_paused = true)]
async fn a_picture_is_uploaded_and_sent_beside_the_answer() {
    let (bot, fake) = app(router());
    bot.is_told(in_group("m1", "/both")).await;
    settle().await;
    assert_eq!(fake.paths(), [SESSION, "/media/upload", GROUP]);
    assert_eq!(fake.said()[1], ("group", "@MEDIA".into()));
}

#[tokio::test(start_paused = true)]
async fn what_comes_twice_is_handled_once() {
    let handled = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&handled);
    let router = Router::new().on(when(|_| true), move || {
        count.fetch_add(1, Ordering::Relaxed);
        std::future::ready("yes")
    });
    let (bot, fake) = app(router);
    let two = || {
        let change = ChatMembers {
            user_ids: vec!["alice".into(), "bob".into()],
            ..ChatMembers::default()
        };
        let callback = Callback::new(Kind::ChatAddMember(change));
        Told::from(callback.made("e1", 1_700_000_000_000))
    };
    for _ in 0..2 {
        bot.is_told(in_group("m1", "x")).await;
        bot.is_told(two()).await;
        let message = hello("m1", "x", ConversationType::Group, NINETY_MINUTES);
        assert_eq!(bot.clone().receive(post(message.into())).await, None);
    }
    settle().await;
    assert_eq!(handled.load(Ordering::Relaxed), 3);
    assert_eq!(fake.said().len(), 1);
}

fn post(event: Posted) -> Post<Posted> {
    Post {
        dedupe: event.dedupe_key(),
        event,
        raw: Bytes::new(),
        within: Some(Duration::from_secs(3)),
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_posted_is_taken_at_once_and_answered_by_the_session() {
    let (bot, fake) = app(router());
    let began = Instant::now();
    let message = hello("m1", "/ping", ConversationType::Single, NINETY_MINUTES);
    assert_eq!(bot.clone().receive(post(message.into())).await, None);
    let slow = hello("m2", "/slow", ConversationType::Group, NINETY_MINUTES);
    assert_eq!(bot.receive(post(slow.into())).await, None);
    assert!(began.elapsed().is_zero());
    settle().await;
    assert_eq!(fake.said(), [("session", "pong".into())]);
}

#[tokio::test(start_paused = true)]
async fn whoever_joins_is_welcomed_by_the_robots_own_call() {
    let (bot, fake) = app(router());
    let change = ChatMembers {
        chat: ChatChange {
            open_conversation_id: Some("cid1".into()),
            ..ChatChange::default()
        },
        user_ids: vec!["alice".into(), "bob".into()],
        ..ChatMembers::default()
    };
    bot.is_told(
        Callback::new(Kind::ChatAddMember(change))
            .made("e1", 1)
            .into(),
    )
    .await;
    settle().await;
    assert_eq!(
        fake.said(),
        [
            ("group", "welcome @alice".into()),
            ("group", "welcome @bob".into())
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_card_that_is_pressed_twice_is_told_twice() {
    let pressed = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&pressed);
    let action = crate::filter::kind(EventKind::Other("actionCallback".into()));
    let router = Router::new().on(action, move || {
        count.fetch_add(1, Ordering::Relaxed);
        std::future::ready(())
    });
    let (bot, _) = app(router);
    for _ in 0..2 {
        let callback = CardCallback {
            kind: Some("actionCallback".into()),
            ..CardCallback::default()
        };
        bot.is_told(callback.into()).await;
    }
    settle().await;
    assert_eq!(pressed.load(Ordering::Relaxed), 2);
}

fn place(text: &str) -> Conversation {
    text.parse().unwrap()
}

async fn sent(outbox: &AppOutbox, to: &str, message: Message) -> Result<Receipt> {
    outbox.send(&place(to), &message).await
}

#[tokio::test(start_paused = true)]
async fn each_place_has_its_call() {
    let fake = Fake::default();
    let outbox = outbox(&fake);
    for (to, by, id) in [
        ("dingtalk:user:alice", "users", "KEY"),
        ("dingtalk:group:cid1", "group", "KEY"),
        ("dingtalk:group:chat1", "chat", "MSG"),
    ] {
        fake.forget();
        let receipt = sent(&outbox, to, "你好".into()).await.unwrap();
        assert_eq!(receipt.ids, [MessageId::new(Platform::DingTalk, id)]);
        assert_eq!(fake.said(), [(by, "你好".into())], "{to}");
    }
    for to in ["wecom:user:alice", "dingtalk:temporary:alice"] {
        assert!(sent(&outbox, to, "x".into()).await.is_err(), "{to}");
    }
}

#[tokio::test(start_paused = true)]
async fn whom_a_message_does_not_reach_is_an_error() {
    let fake = Fake::default();
    fake.0.unreachable.store(true, Ordering::Relaxed);
    let error = sent(&outbox(&fake), "dingtalk:user:alice", "x".into()).await;
    let error = error.unwrap_err();
    assert!(error.inner().is::<super::super::Unreached>(), "{error}");
    assert!(error.to_string().contains("invalidStaffIdList `alice`"));
}

#[tokio::test(start_paused = true)]
async fn what_was_sent_is_recalled_by_its_key() {
    let fake = Fake::default();
    let outbox = outbox(&fake);
    let id = |key: &str| MessageId::new(Platform::DingTalk, key);
    for (from, path) in [
        ("dingtalk:user:alice", "/v1.0/robot/otoMessages/batchRecall"),
        ("dingtalk:group:cid1", "/v1.0/robot/groupMessages/recall"),
    ] {
        fake.forget();
        outbox.recall(&place(from), &id("KEY")).await.unwrap();
        assert_eq!(fake.paths(), [path]);
        let (_, body) = fake.calls().pop().unwrap();
        assert_eq!(body["processQueryKeys"], json!(["KEY"]));
        let failed = outbox.recall(&place(from), &id("OLD")).await.unwrap_err();
        assert!(failed.to_string().contains("expired"), "{failed}");
    }
}

#[tokio::test(start_paused = true)]
async fn bodies_of_the_platform_find_their_call() {
    let fake = Fake::default();
    let outbox = outbox(&fake);
    let raw = |body| Message::new().push(Part::Raw(Platform::DingTalk, body));
    let text = || json!({"msgtype": "text", "text": {"content": "hi"}});
    let template = json!({"msgKey": "sampleText", "msgParam": "{\"content\":\"hi\"}"});
    let alice = "dingtalk:user:alice";

    sent(&outbox, alice, raw(template)).await.unwrap();
    sent(&outbox, "dingtalk:group:chat1", raw(text()))
        .await
        .unwrap();
    assert_eq!(fake.said(), [("users", "hi".into()), ("chat", "hi".into())]);

    let refused = sent(&outbox, alice, raw(text())).await.unwrap_err();
    assert!(refused.to_string().contains("`agent_id`"), "{refused}");
    let refused = sent(&outbox, "dingtalk:group:cid1", raw(text())).await;
    assert!(refused.unwrap_err().to_string().contains("`msgKey`"));
}

/// What came with a message has no id that could be sent.
#[tokio::test(start_paused = true)]
async fn a_picture_that_came_in_is_fetched_before_it_goes_out() {
    let fake = Fake::default();
    let outbox = outbox(&fake);
    let named = |name: &str| {
        Message::new().image(Media {
            source: Source::Name(name.to_owned()),
            name: String::new(),
        })
    };
    sent(&outbox, "dingtalk:group:cid1", named("@lADkept"))
        .await
        .unwrap();
    assert_eq!(fake.said(), [("group", "@lADkept".into())]);
    fake.forget();
    // The fake has no address for it; that it was asked for one is enough here.
    let failed = sent(&outbox, "dingtalk:group:cid1", named("code")).await;
    assert!(failed.is_err());
    assert_eq!(fake.paths(), ["/v1.0/robot/messageFiles/download"]);
}

fn called(events: Option<DingTalkEvents>) -> (DingTalkApp, DingTalkCallback) {
    let app = DingTalkApp::new("ding1", Setting::new("app-secret"));
    let listen = "127.0.0.1:0".parse().unwrap();
    (app, DingTalkCallback { listen, events })
}

/// The id is that of the organisation or of the application, as the address was
/// set up.
#[test]
fn events_for_either_id_are_taken_and_so_is_what_people_say() {
    let (app, callback) = called(Some(DingTalkEvents {
        token: Setting::new("123456"),
        aes_key: Setting::new("4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij"),
        corp_id: Some("corp1".into()),
    }));
    let ours = callback_secret(&app, &callback, &"app-secret".into()).unwrap();
    let key = "4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij"
        .parse()
        .unwrap();
    let wall = SystemTime::now();
    let gone = || {
        let kind = Kind::ChatDisband(ChatChange::default());
        inbound::Event::from(Callback::new(kind))
    };
    let receive = |theirs: &CallbackSecret, event: &inbound::Event| {
        let request = DingTalk::push(theirs, event, 7, wall);
        DingTalk::verify(&ours, &request, wall)
    };
    for id in ["corp1", "ding1"] {
        let theirs = CallbackSecret::events("123456", &key, [id]);
        let received = receive(&theirs, &gone());
        assert!(matches!(received, Ok(Received::Event(_))), "{id}");
    }
    let theirs = CallbackSecret::events("123456", &key, ["ding2"]);
    assert!(receive(&theirs, &gone()).is_err());
    let theirs = CallbackSecret::robot("app-secret");
    let said = hello("m1", "x", ConversationType::Group, 0).into();
    assert!(receive(&theirs, &said).is_ok());
    let theirs = CallbackSecret::robot("another");
    assert!(receive(&theirs, &said).is_err());
}

#[test]
fn a_key_that_is_none_is_named() {
    let (app, callback) = called(Some(DingTalkEvents {
        token: Setting::new("t"),
        aes_key: Setting::new("short"),
        corp_id: None,
    }));
    let bad = callback_secret(&app, &callback, &"s".into()).unwrap_err();
    assert!(bad.to_string().starts_with("aes_key: "), "{bad}");
}
