//! A sandbox, as a hubot of BearyChat sees it.

use std::ops::Deref;

use http::Method;
use mynah_sandbox::Builder;
use serde_json::{Value, json};

use crate::support::{Answer, Socket, WorldBench};

pub(crate) const TOKEN: &str = "sandbox-token";
pub(crate) const HOOK_TOKEN: &str = "sandbox-hook";
pub(crate) const OUTGOING_TOKEN: &str = "sandbox-outgoing";
/// The bot behind the token.
pub(crate) const BOT: &str = "=bwBot";
pub(crate) const ALICE: &str = "=bw52O";
/// The channel with everybody in it.
pub(crate) const ALL: &str = "=bwAll";
/// A public channel without the bot.
pub(crate) const DEV: &str = "=bwDev";
/// Where the robot is posted at.
pub(crate) const HOOK: &str = "/bearychat/hook/=bwTeam/incoming/sandbox-hook";
/// The word that the robot waits for.
pub(crate) const WORD: &str = "!robot";

const JSON: (&str, &str) = ("content-type", "application/json");

/// A sandbox under test.
pub(crate) struct BearyChatBench(WorldBench);

impl Deref for BearyChatBench {
    type Target = WorldBench;

    fn deref(&self) -> &WorldBench {
        &self.0
    }
}

impl BearyChatBench {
    pub(crate) async fn start() -> Self {
        Self(WorldBench::start("bearychat").await)
    }

    pub(crate) async fn with(options: impl FnOnce(Builder) -> Builder) -> Self {
        Self(WorldBench::with("bearychat", options).await)
    }

    /// Reads something from the OpenAPI: `user.info?user_id=…`.
    pub(crate) async fn try_read(&self, method: &str) -> Answer {
        let sign = if method.contains('?') { '&' } else { '?' };
        self.get(&format!("/bearychat/v1/{method}{sign}token={TOKEN}"))
            .await
    }

    /// Posts to a path below `/bearychat`, with the token in the query.
    pub(crate) async fn try_call(&self, path: &str, body: &Value) -> Answer {
        let path = format!("/bearychat/{path}?token={TOKEN}");
        self.send(Method::POST, &path, &[JSON], body.to_string())
            .await
            .unwrap()
    }

    /// The bot says something; answers the message's key.
    pub(crate) async fn post_text(&self, vchannel: &str, text: &str) -> String {
        let body = json!({"vchannel_id": vchannel, "text": text});
        let answer = self.try_call("v1/message.create", &body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()["key"].as_str().unwrap().to_owned()
    }

    /// The path of a fresh address for a socket.
    pub(crate) async fn ticket(&self) -> String {
        let answer = self.try_call("rtm/start", &json!({})).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let host = answer.json()["result"]["ws_host"]
            .as_str()
            .unwrap()
            .to_owned();
        let root = self.running.url().replacen("http", "ws", 1);
        host.strip_prefix(&root).unwrap().to_owned()
    }

    /// Opens a socket at a path; the status where it is refused.
    pub(crate) async fn open(&self, path: &str) -> Result<Rtm, u16> {
        Socket::open(self.addr(), path, &[]).await.map(Rtm)
    }

    /// A socket that has just opened.
    pub(crate) async fn fresh(&self) -> Rtm {
        let ticket = self.ticket().await;
        self.open(&ticket).await.unwrap()
    }

    /// A socket that has heard that it is there.
    pub(crate) async fn rtm(&self) -> Rtm {
        let mut rtm = self.fresh().await;
        let hello = rtm.next().await;
        assert_eq!(hello["type"], "update_user_connection", "{hello}");
        rtm
    }
}

/// The bot's end of a socket.
pub(crate) struct Rtm(pub(crate) Socket);

impl Rtm {
    /// The next frame.
    pub(crate) async fn next(&mut self) -> Value {
        self.0.json().await
    }

    pub(crate) async fn send(&mut self, frame: Value) {
        self.0.send_text(&frame.to_string()).await;
    }

    /// Sends a frame; the acknowledgement, and its twin where it was taken.
    pub(crate) async fn call(&mut self, frame: Value) -> (Value, Option<Value>) {
        let call_id = frame["call_id"].clone();
        self.send(frame).await;
        let reply = self.next().await;
        assert_eq!(reply["type"], "reply", "{reply}");
        assert_eq!(reply["call_id"], call_id, "{reply}");
        if reply["status"] != "ok" {
            return (reply, None);
        }
        let twin = self.next().await;
        assert_eq!(twin["reply_to"], call_id, "{twin}");
        (reply, Some(twin))
    }

    /// The next frame, which tells what was said.
    pub(crate) async fn heard(&mut self) -> String {
        let event = self.next().await;
        let kinds = ["message", "channel_message"];
        assert!(kinds.contains(&event["type"].as_str().unwrap()), "{event}");
        event["text"].as_str().unwrap().to_owned()
    }
}

/// What the bot says in a channel over a socket.
pub(crate) fn said_in(channel: &str, text: &str, call_id: i64) -> Value {
    json!({
        "type": "channel_message", "vchannel_id": channel, "channel_id": channel,
        "text": text, "refer_key": null, "call_id": call_id,
    })
}
