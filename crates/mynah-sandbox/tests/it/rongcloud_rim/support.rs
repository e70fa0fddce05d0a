//! A sandbox, as an application of RongCloud sees it.

use std::collections::VecDeque;
use std::ops::Deref;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use http::Method;
use mynah_core::{Inbound, Received};
use mynah_rongcloud::event::{Event, RoutedMessage};
use mynah_rongcloud::inbound::CallbackSecret;
use mynah_rongcloud::{App, RongCloud};
use mynah_sandbox::Builder;
use serde_json::Value;

use crate::support::{Answer, Posted, Receiver, Respond, WorldBench};

pub(crate) const APP_KEY: &str = "rc-sandbox";
pub(crate) const APP_SECRET: &str = "sandbox-secret";
/// Of the secret with this nonce and time, recorded from the platform's own
/// library.
pub(crate) const SIGNATURE: &str = "1c80447cc0e407245eee3715fe017b2adeacbcfd";

/// The headers of a call.
pub(crate) const SIGNED: [(&str, &str); 4] = [
    ("app-key", APP_KEY),
    ("nonce", "0.8444218515250481"),
    ("timestamp", "1408710653000"),
    ("signature", SIGNATURE),
];

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// A sandbox under test.
pub(crate) struct RongCloudBench(WorldBench);

impl Deref for RongCloudBench {
    type Target = WorldBench;

    fn deref(&self) -> &WorldBench {
        &self.0
    }
}

impl RongCloudBench {
    pub(crate) async fn start() -> Self {
        Self(WorldBench::start("rongcloud").await)
    }

    pub(crate) async fn with(options: impl FnOnce(Builder) -> Builder) -> Self {
        Self(WorldBench::with("rongcloud", options).await)
    }

    /// A call, signed.
    pub(crate) async fn try_call(&self, path: &str, form: &str) -> Answer {
        let path = format!("/rongcloud/{path}.json");
        let [key, nonce, time, signature] = SIGNED;
        let headers = [key, nonce, time, signature, FORM];
        self.send(Method::POST, &path, &headers, form.to_owned())
            .await
            .unwrap()
    }

    /// The answer to a call that succeeds.
    pub(crate) async fn call(&self, path: &str, form: &str) -> Value {
        let answer = self.try_call(path, form).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        let answer = answer.json();
        assert_eq!(answer["code"], 200, "{path}: {answer}");
        answer
    }

    /// The application says something to a person; answers the message's id.
    pub(crate) async fn publish(&self, from: &str, to: &str, text: &str) -> String {
        let form = format!(
            "fromUserId={from}&toUserId={to}&objectName=RC%3ATxtMsg\
             &content=%7B%22content%22%3A%22{text}%22%7D"
        );
        let answer = self.call("message/private/publish", &form).await;
        let id = &answer["messageUIDs"][0]["messageUID"];
        id.as_str().unwrap().to_owned()
    }

    /// Whether they wait or were kept back; empty where neither is so.
    pub(crate) async fn tags(&self, conversation: &str) -> Vec<String> {
        let messages = self.messages(conversation).await;
        let tag = |message: &Value| message["tag"].as_str().unwrap_or_default().to_owned();
        messages.iter().map(tag).collect()
    }
}

/// Where callbacks go to.
pub(crate) struct Callbacks {
    pub(crate) receiver: Receiver,
    replies: Arc<Mutex<VecDeque<Respond>>>,
}

impl Callbacks {
    /// An address that takes everything, unless it has been told otherwise.
    pub(crate) async fn start() -> Self {
        let replies = Arc::<Mutex<VecDeque<Respond>>>::default();
        let laid_out = Arc::clone(&replies);
        let receiver = Receiver::answering(move |_| {
            let next = laid_out.lock().unwrap().pop_front();
            next.unwrap_or_else(|| Respond::new(200, "ok"))
        })
        .await;
        Self { receiver, replies }
    }

    pub(crate) fn url(&self) -> &str {
        &self.receiver.url
    }

    /// Lays out the answer to the next callback.
    pub(crate) fn reply(&self, status: u16, body: &str) {
        self.reply_after(Duration::ZERO, status, body);
    }

    pub(crate) fn reply_after(&self, after: Duration, status: u16, body: &str) {
        let respond = Respond {
            after,
            ..Respond::new(status, body)
        };
        self.replies.lock().unwrap().push_back(respond);
    }

    /// The next callback, which must be genuine.
    pub(crate) async fn next(&mut self) -> Event {
        let post = self.receiver.next().await;
        event_in(&post).unwrap_or_else(|| panic!("not genuine: {post:?}"))
    }

    /// What is said in the next callback.
    pub(crate) async fn heard(&mut self) -> RoutedMessage {
        match self.next().await {
            Event::Route(message) => *message,
            other => panic!("nothing is said: {other:?}"),
        }
    }

    /// The same, as text.
    pub(crate) async fn text(&mut self) -> String {
        text_of(&self.heard().await.content)
    }

    /// The next post as it came, and whether it is genuine.
    pub(crate) async fn raw(&mut self) -> (Posted, bool) {
        let post = self.receiver.next().await;
        let genuine = event_in(&post).is_some();
        (post, genuine)
    }
}

/// The text in the content of a text message.
pub(crate) fn text_of(content: &str) -> String {
    let content: Value = serde_json::from_str(content).unwrap();
    content["content"].as_str().unwrap().to_owned()
}

/// What was posted, if it is genuine.
fn event_in(post: &Posted) -> Option<Event> {
    let app = App::new(APP_KEY, APP_SECRET).unwrap();
    match RongCloud::verify(&CallbackSecret::new(app), post, SystemTime::now()).ok()? {
        Received::Event(arrival) => Some(arrival.event),
        Received::Challenge(_) => None,
    }
}
