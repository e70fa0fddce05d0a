//! A sandbox, as an application of DingTalk sees it.

use std::collections::VecDeque;
use std::ops::Deref;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use http::Method;
use mynah_core::{Inbound, Received};
use mynah_crypto::EncodingAesKey;
use mynah_dingtalk::DingTalk;
use mynah_dingtalk::event::Callback;
use mynah_dingtalk::inbound::{CallbackSecret, Event};
use mynah_dingtalk::stream::topic;
use mynah_sandbox::Builder;
use serde_json::{Value, json};

use crate::support::{
    Answer as HttpAnswer, Posted, Receiver, Respond, Socket, WorldBench, in_time,
};

pub(crate) const APP_KEY: &str = "ding-sandbox";
pub(crate) const APP_SECRET: &str = "sandbox-secret";
pub(crate) const CORP_ID: &str = "ding-sandbox-corp";
pub(crate) const TOKEN: &str = "MynahToken123";
pub(crate) const AES_KEY: &str = "TXluYWgtc2FuZGJveC1lbmNvZGluZy1hZXMta2V5ISE";
pub(crate) const GROUP: &str = "chatgeneral";

/// A sandbox under test.
pub(crate) struct DingTalkBench(WorldBench);

impl Deref for DingTalkBench {
    type Target = WorldBench;

    fn deref(&self) -> &WorldBench {
        &self.0
    }
}

impl DingTalkBench {
    pub(crate) async fn start() -> Self {
        Self(WorldBench::start("dingtalk").await)
    }

    pub(crate) async fn with(options: impl FnOnce(Builder) -> Builder) -> Self {
        Self(WorldBench::with("dingtalk", options).await)
    }

    /// A token of the application.
    pub(crate) async fn token(&self) -> String {
        let path = format!("/dingtalk/gettoken?appkey={APP_KEY}&appsecret={APP_SECRET}");
        let answer = self.get(&path).await.json();
        assert_eq!(answer["errcode"], 0, "{answer}");
        answer["access_token"].as_str().unwrap().to_owned()
    }

    /// Posts to a path of the classic interface with a token.
    pub(crate) async fn try_call(&self, path: &str, token: &str, body: &Value) -> HttpAnswer {
        let path = format!("/dingtalk/{path}?access_token={token}");
        let headers = [("content-type", "application/json")];
        self.send(Method::POST, &path, &headers, body.to_string())
            .await
            .unwrap()
    }

    /// Somebody gives the group another name.
    pub(crate) async fn rename(&self, name: &str) {
        let token = self.token().await;
        let body = json!({"chatid": GROUP, "name": name});
        let answer = self.try_call("chat/update", &token, &body).await.json();
        assert_eq!(answer["errcode"], 0, "{answer}");
    }

    /// The answer to the question for a ticket.
    pub(crate) async fn open(&self, subscriptions: &Value) -> HttpAnswer {
        let body = json!({
            "clientId": APP_KEY, "clientSecret": APP_SECRET, "subscriptions": subscriptions,
        });
        self.post("/dingtalk/v1.0/gateway/connections/open", body)
            .await
    }

    /// A ticket, escaped for an address.
    pub(crate) async fn ticket(&self, subscriptions: &Value) -> String {
        let answer = self.open(subscriptions).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let ticket = answer.json()["ticket"].as_str().unwrap().to_owned();
        let ticket = ticket.replace('+', "%2B").replace('/', "%2F");
        ticket.replace('=', "%3D")
    }

    /// Opens a connection with a ticket; the status where it is refused.
    pub(crate) async fn redeem(&self, ticket: &str) -> Result<Stream, u16> {
        let path = format!("/dingtalk/connect?ticket={ticket}");
        Socket::open(self.addr(), &path, &[]).await.map(Stream)
    }

    /// A connection that is told everything.
    pub(crate) async fn stream(&self) -> Stream {
        self.stream_of(&everything()).await
    }

    pub(crate) async fn stream_of(&self, subscriptions: &Value) -> Stream {
        let ticket = self.ticket(subscriptions).await;
        self.redeem(&ticket).await.unwrap()
    }
}

/// What an application asks to be told.
pub(crate) fn everything() -> Value {
    json!([
        {"type": "EVENT", "topic": "*"},
        {"type": "CALLBACK", "topic": topic::ROBOT},
        {"type": "CALLBACK", "topic": topic::CARD},
    ])
}

/// What people say to the robot.
pub(crate) fn robot() -> Value {
    json!([{"type": "CALLBACK", "topic": topic::ROBOT}])
}

/// The application's end of a Stream connection.
pub(crate) struct Stream(pub(crate) Socket);

impl Stream {
    /// The next frame.
    pub(crate) async fn next(&mut self) -> Value {
        let frame = self.0.json().await;
        assert_eq!(frame["specVersion"], "1.0", "{frame}");
        frame
    }

    /// The next frame, acknowledged, and the data in it.
    pub(crate) async fn told(&mut self) -> (Value, Value) {
        let frame = self.next().await;
        self.acknowledge(&frame, 200, &json!({"status": "SUCCESS"}))
            .await;
        let data = serde_json::from_str(frame["data"].as_str().unwrap()).unwrap();
        (frame, data)
    }

    /// What somebody said, which is the next frame.
    pub(crate) async fn heard(&mut self) -> String {
        let (frame, data) = self.told().await;
        assert_eq!(frame["headers"]["topic"], topic::ROBOT, "{frame}");
        data["text"]["content"].as_str().unwrap().to_owned()
    }

    /// Acknowledges a frame.
    pub(crate) async fn acknowledge(&mut self, frame: &Value, code: i64, data: &Value) {
        let frame = json!({
            "code": code,
            "headers": {
                "contentType": "application/json",
                "messageId": frame["headers"]["messageId"],
            },
            "message": "",
            "data": data.to_string(),
        });
        self.0.send_text(&frame.to_string()).await;
    }
}

/// Where events go to that are posted.
pub(crate) struct Callbacks {
    pub(crate) receiver: Receiver,
    secret: CallbackSecret,
    replies: Arc<Mutex<VecDeque<Respond>>>,
}

impl Callbacks {
    /// What was registered by a call.
    pub(crate) async fn registered() -> Self {
        Self::of(CORP_ID).await
    }

    /// What was set up in the console.
    pub(crate) async fn console() -> Self {
        Self::of(APP_KEY).await
    }

    /// An address that takes everything, unless it has been told otherwise.
    async fn of(id: &str) -> Self {
        let key: EncodingAesKey = AES_KEY.parse().unwrap();
        let secret = CallbackSecret::events(TOKEN, &key, [id]);
        let replies = Arc::<Mutex<VecDeque<Respond>>>::default();
        let (laid_out, known) = (Arc::clone(&replies), secret.clone());
        let receiver = Receiver::answering(move |post| {
            let next = laid_out.lock().unwrap().pop_front();
            next.unwrap_or_else(|| success(&known, post))
        })
        .await;
        Self {
            receiver,
            secret,
            replies,
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.receiver.url
    }

    /// Lays out the answer to the next post.
    pub(crate) fn reply(&self, respond: Respond) {
        self.replies.lock().unwrap().push_back(respond);
    }

    /// The next event, which must be genuine.
    pub(crate) async fn next(&mut self) -> Callback {
        let post = self.receiver.next().await;
        match DingTalk::verify(&self.secret, &post, SystemTime::now()) {
            Ok(Received::Event(arrival)) => match arrival.event {
                Event::Callback(callback) => callback,
                other => panic!("no event: {other:?}"),
            },
            other => panic!("no event: {other:?} {post:?}"),
        }
    }

    /// The next post as it came, and whether it is genuine.
    pub(crate) async fn raw(&mut self) -> (Posted, bool) {
        let post = self.receiver.next().await;
        let genuine = DingTalk::verify(&self.secret, &post, SystemTime::now()).is_ok();
        (post, genuine)
    }

    /// Registers itself by a call, for these events.
    pub(crate) async fn register(&mut self, bench: &DingTalkBench, tags: &[&str]) {
        let token = bench.token().await;
        let path = "call_back/register_call_back";
        let answer = bench.try_call(path, &token, &self.registration(tags)).await;
        assert_eq!(answer.json()["errcode"], 0, "{answer:?}");
        assert!(self.raw().await.1);
    }

    /// What registers it.
    pub(crate) fn registration(&self, tags: &[&str]) -> Value {
        json!({"call_back_tag": tags, "token": TOKEN, "aes_key": AES_KEY, "url": self.url()})
    }
}

/// The encrypted `success`.
fn success(secret: &CallbackSecret, post: &Posted) -> Respond {
    let response = match DingTalk::verify(secret, post, SystemTime::now()) {
        Ok(Received::Challenge(response)) => response,
        Ok(Received::Event(arrival)) => arrival.reply.acknowledge(),
        other => panic!("not genuine: {other:?}"),
    };
    Respond::new(200, String::from_utf8_lossy(response.body()))
}

/// What comes of something, and how long it took.
pub(crate) async fn timed<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let began = Instant::now();
    let outcome = in_time(work).await;
    (outcome, began.elapsed())
}
