//! A sandbox, as an application and an intelligent bot of WeCom see it.

use std::collections::VecDeque;
use std::ops::Deref;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use http::Method;
use mynah_core::{Inbound, Received};
use mynah_crypto::EncodingAesKey;
use mynah_sandbox::Builder;
use mynah_wecom::WeCom;
use mynah_wecom::inbound::{Answer, CallbackSecret, Event};
use serde_json::{Value, json};

use crate::support::{Answer as HttpAnswer, Posted, Receiver, Respond, Socket, WorldBench};

pub(crate) const CORPID: &str = "ww-sandbox";
pub(crate) const SECRET: &str = "sandbox-secret";
pub(crate) const AES_KEY: &str = "TXluYWgtc2FuZGJveC1lbmNvZGluZy1hZXMta2V5ISE";

/// A sandbox under test.
pub(crate) struct WeComBench(WorldBench);

impl Deref for WeComBench {
    type Target = WorldBench;

    fn deref(&self) -> &WorldBench {
        &self.0
    }
}

impl WeComBench {
    pub(crate) async fn start() -> Self {
        Self(WorldBench::start("wecom").await)
    }

    pub(crate) async fn with(options: impl FnOnce(Builder) -> Builder) -> Self {
        Self(WorldBench::with("wecom", options).await)
    }

    /// A token of the application.
    pub(crate) async fn token(&self) -> String {
        let path = format!("/wecom/cgi-bin/gettoken?corpid={CORPID}&corpsecret={SECRET}");
        let answer = self.get(&path).await.json();
        assert_eq!(answer["errcode"], 0, "{answer}");
        answer["access_token"].as_str().unwrap().to_owned()
    }

    /// Posts to a path with a token.
    pub(crate) async fn try_call(&self, path: &str, token: &str, body: &Value) -> HttpAnswer {
        let path = format!("/wecom/cgi-bin/{path}?access_token={token}");
        self.send(Method::POST, &path, &[], body.to_string())
            .await
            .unwrap()
    }

    /// A message of a conversation, counted from the oldest.
    pub(crate) async fn message(&self, conversation: &str, at: usize) -> Value {
        let path = format!("/control/messages?platform=wecom&conversation={conversation}");
        self.get(&path).await.json()["messages"][at].clone()
    }

    /// A connection of the intelligent bot that has not said who it is.
    pub(crate) async fn stranger(&self) -> Socket {
        Socket::open(self.addr(), "/wecom/openws", &[])
            .await
            .unwrap()
    }

    /// A connection on which the bot is known.
    pub(crate) async fn bot(&self) -> Socket {
        let mut socket = self.stranger().await;
        let ack = subscribe(&mut socket, SECRET).await;
        assert_eq!(ack["errcode"], 0, "{ack}");
        socket
    }
}

/// Says who it is; answers the acknowledgement.
pub(crate) async fn subscribe(socket: &mut Socket, secret: &str) -> Value {
    let body = json!({"bot_id": "aib-sandbox", "secret": secret});
    command(socket, "aibot_subscribe", "subscribe_1", body).await
}

/// Sends a command; answers the next frame.
pub(crate) async fn command(socket: &mut Socket, cmd: &str, req_id: &str, body: Value) -> Value {
    let frame = json!({"cmd": cmd, "headers": {"req_id": req_id}, "body": body});
    socket.send_text(&frame.to_string()).await;
    socket.json().await
}

/// Where callbacks go to: of the application or of the bot.
pub(crate) struct Callbacks {
    pub(crate) receiver: Receiver,
    secret: CallbackSecret,
    replies: Arc<Mutex<VecDeque<Reply>>>,
}

/// How a callback is answered.
pub(crate) enum Reply {
    /// By this, encrypted.
    Passive(Answer),
    /// By nothing but a status, after a while.
    Status(u16, Duration),
}

impl Callbacks {
    pub(crate) async fn application() -> Self {
        let secret = CallbackSecret::application(&"MynahToken123".into(), &key(), CORPID);
        Self::with(secret).await
    }

    pub(crate) async fn bot() -> Self {
        Self::with(CallbackSecret::bot(&"MynahToken123".into(), &key())).await
    }

    async fn with(secret: CallbackSecret) -> Self {
        let replies = Arc::<Mutex<VecDeque<Reply>>>::default();
        let (laid_out, known) = (Arc::clone(&replies), secret.clone());
        let receiver = Receiver::answering(move |post| {
            let next = laid_out.lock().unwrap().pop_front();
            match next.unwrap_or(Reply::Status(200, Duration::ZERO)) {
                Reply::Status(status, after) => Respond {
                    after,
                    ..Respond::new(status, "")
                },
                Reply::Passive(answer) => {
                    let Ok(Received::Event(arrival)) = verify(&known, post) else {
                        return Respond::new(403, "");
                    };
                    let response = arrival.reply.answer(answer);
                    Respond::new(200, String::from_utf8_lossy(response.body()))
                }
            }
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

    /// Lays out the answer to the next callback.
    pub(crate) fn reply(&self, reply: Reply) {
        self.replies.lock().unwrap().push_back(reply);
    }

    pub(crate) fn answer(&self, answer: impl Into<Answer>) {
        self.reply(Reply::Passive(answer.into()));
    }

    /// The next callback, which must be genuine.
    pub(crate) async fn next(&mut self) -> Event {
        let post = self.receiver.next().await;
        match verify(&self.secret, &post) {
            Ok(Received::Event(arrival)) => arrival.event,
            other => panic!("no callback: {other:?} {post:?}"),
        }
    }

    /// The next post as it came, and whether it is genuine.
    pub(crate) async fn raw(&mut self) -> (Posted, bool) {
        let post = self.receiver.next().await;
        let genuine = verify(&self.secret, &post).is_ok();
        (post, genuine)
    }
}

fn verify(
    secret: &CallbackSecret,
    post: &Posted,
) -> Result<Received<Event, Answer>, mynah_core::Forged> {
    WeCom::verify(secret, post, SystemTime::now())
}

fn key() -> EncodingAesKey {
    EncodingAesKey::new(AES_KEY).unwrap()
}
