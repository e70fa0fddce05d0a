//! The platform's end of the long connection.

use std::collections::VecDeque;
use std::time::Instant;

use bytes::Bytes;
use http::Uri;
use mynah_core::{ApiError, Frame, HttpRequest, HttpResponse, Platform, Session, post};
use secrecy::SecretString;
use serde_json::{Map, Value};

use super::callback::{Callback, Kind};
use super::command::ReqId;
use super::frame::{self, Parts, cmd};
use crate::errors;
use crate::platform::{WeCom, errcode};

/// What a bot wants over its connection.
#[derive(Debug)]
pub enum Asked {
    /// To be known: answered by [`PlatformSession::admit`] or
    /// [`PlatformSession::refuse`].
    Subscribe(Subscription),
    /// Something else: answered by [`PlatformSession::reply`].
    Command(Command),
}

/// A bot that wants to be known.
#[derive(Debug)]
pub struct Subscription {
    /// The bot; empty if it does not say.
    pub bot_id: String,
    /// Its secret; empty if it does not say.
    pub secret: SecretString,
    /// What else it says of itself, such as `scene` and `plug_version`.
    pub extra: Map<String, Value>,
    /// Must go into the acknowledgement.
    pub echo: Echo,
}

/// A command of a bot that is known.
#[derive(Debug)]
pub struct Command {
    /// Its name, at most [`LONGEST`](Self::LONGEST) bytes.
    pub cmd: String,
    /// That of the callback it answers, or its own; empty if it has none.
    pub req_id: ReqId,
    /// The parameters, a JSON object; what is no object was taken for `{}`.
    pub body: Bytes,
    /// Must go into the acknowledgement.
    pub echo: Echo,
}

impl Command {
    /// No command has a longer name; one of it is answered with 40058.
    pub const LONGEST: usize = 64;

    /// The command as it would have come over HTTP: `/openws/<cmd>` with the
    /// `req_id` in the query; and its echo.
    pub fn into_request(self) -> (HttpRequest, Echo) {
        let query = [("req_id", self.req_id.as_str())];
        let query = serde_html_form::to_string(query).unwrap_or_default();
        let mut request = post("application/json", self.body);
        *request.uri_mut() = address(&self.cmd, &query);
        (request, self.echo)
    }
}

/// What a path cannot carry is replaced, so that such a name is looked up, not
/// found, and answered like any other.
fn address(cmd: &str, query: &str) -> Uri {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let name: String = cmd
        .bytes()
        .map(|byte| if plain(byte) { char::from(byte) } else { '-' })
        .collect();
    format!("/openws/{name}?{query}")
        .parse()
        .unwrap_or_default()
}

/// The `req_id` of a frame, which its acknowledgement gives back byte for byte:
/// the vendor's SDKs compare it. Each is good for one acknowledgement.
#[derive(Debug, PartialEq, Eq)]
pub struct Echo(Bytes);

/// The platform's end of one long connection.
///
/// What a bot wants comes out as events and is answered by whoever knows the
/// rules: which secret is right, which `req_id` is good for what. Answered
/// here are pings, frames before the subscription (846609) and frames that
/// are no commands (40058)
/// (<https://developer.work.weixin.qq.com/document/path/101463>).
#[derive(Debug, Default)]
pub struct PlatformSession {
    subscribed: bool,
    /// Another connection has taken over.
    replaced: bool,
    out: VecDeque<Frame>,
    /// Sent when nothing else is left to send.
    farewell: Option<Frame>,
    asked: VecDeque<Asked>,
}

/// The close code after a proper end (RFC 6455, 7.4.1). Which one the platform
/// uses is not documented.
const NORMAL: u16 = 1000;

impl PlatformSession {
    /// For a connection that has just opened.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the bot is known: callbacks go out.
    pub fn is_subscribed(&self) -> bool {
        self.subscribed && !self.replaced
    }

    /// How many frames wait to be sent: a bot that does not read should be cut
    /// off before they are many.
    pub fn queued(&self) -> usize {
        self.out.len()
    }

    /// The bot is known from now on.
    pub fn admit(&mut self, echo: Echo) {
        self.subscribed = true;
        self.acknowledge(echo, None, errcode::OK, "ok");
    }

    /// The bot stays unknown; it may try again on the same connection.
    pub fn refuse(&mut self, echo: Echo, error: &ApiError) {
        let code = error.code.number().unwrap_or(errcode::BUSY);
        self.acknowledge(echo, None, code, &error.message);
    }

    /// Tells the bot something, if it is known; says whether it is. `req_id`
    /// is what its answers will name.
    pub fn deliver(&mut self, req_id: &str, callback: &Callback) -> bool {
        if self.is_subscribed() {
            self.push_callback(req_id, callback);
        }
        self.is_subscribed()
    }

    /// Ends the connection because another one has taken over. `callback` is
    /// the [`Event::Disconnected`](super::Event::Disconnected) that says so.
    pub fn replace(&mut self, req_id: &str, callback: &Callback) {
        if self.is_subscribed() {
            self.push_callback(req_id, callback);
        }
        self.replaced = true;
        self.farewell = Some(Frame::Close(NORMAL, String::new()));
    }

    /// Acknowledges a command with what HTTP would have answered: the envelope
    /// of a 200, or 40058 for another status.
    pub fn reply(&mut self, echo: Echo, response: &HttpResponse) {
        match WeCom::open(response) {
            Ok(envelope) => self.acknowledge(echo, fields(&envelope).as_deref(), errcode::OK, "ok"),
            Err(error) if error.status == 200 => {
                let details = error.details.as_deref();
                let body = details.and_then(|details| serde_json::to_vec(details).ok());
                let code = error.code.number().unwrap_or(errcode::BUSY);
                self.acknowledge(echo, body.as_deref(), code, &error.message);
            }
            Err(error) => {
                self.acknowledge(echo, None, errcode::INVALID_PARAMETER, &error.message);
            }
        }
    }

    fn push_callback(&mut self, req_id: &str, callback: &Callback) {
        let cmd = match callback.kind {
            Kind::Event(_) => cmd::EVENT,
            Kind::Message { .. } | Kind::Refresh(_) => cmd::MESSAGE,
        };
        // A callback always has a JSON form.
        let body = serde_json::to_vec(callback).unwrap_or_default();
        self.push(frame::command(cmd, req_id, Some(&body)));
    }

    fn acknowledge(&mut self, echo: Echo, body: Option<&[u8]>, code: i64, words: &str) {
        let Echo(req_id) = echo;
        self.push(frame::acknowledgement(&req_id, body, code, words));
    }

    fn push(&mut self, frame: Bytes) {
        self.out.push_back(Frame::Text(frame));
    }

    fn handle_message(&mut self, bytes: &Bytes) {
        if self.replaced && self.farewell.is_none() {
            return;
        }
        let Some(parts) = Parts::of(bytes) else {
            let words = "Warning: wrong json format. invalid Request Parameter";
            let nothing = Echo(Bytes::from_static(b"\"\""));
            return self.acknowledge(nothing, None, errcode::INVALID_PARAMETER, words);
        };
        let no_id = Bytes::from_static(b"\"\"");
        let echo = Echo(parts.req_id.clone().unwrap_or(no_id));
        match &parts.cmd {
            // Bots do not acknowledge callbacks; one that does is not refused for it.
            None if parts.errcode.is_some() => {}
            None => {
                let words = "`cmd`: is required. invalid Request Parameter";
                self.acknowledge(echo, None, errcode::INVALID_PARAMETER, words);
            }
            Some(cmd) if cmd == cmd::SUBSCRIBE && !self.replaced => {
                self.asked
                    .push_back(Asked::Subscribe(subscription(&parts, echo)));
            }
            Some(_) if !self.is_subscribed() => {
                let code = errcode::NOT_SUBSCRIBED;
                self.acknowledge(echo, None, code, errors::text(code));
            }
            Some(cmd) if cmd == cmd::PING => self.acknowledge(echo, None, errcode::OK, "ok"),
            Some(cmd) if cmd.len() > Command::LONGEST => {
                let words = "`cmd`: is not known. invalid Request Parameter";
                self.acknowledge(echo, None, errcode::INVALID_PARAMETER, words);
            }
            Some(cmd) => self.asked.push_back(Asked::Command(Command {
                cmd: cmd.clone(),
                req_id: ReqId::from(parts.req_id().unwrap_or_default()),
                body: parts.object().cloned().unwrap_or(Bytes::from_static(b"{}")),
                echo,
            })),
        }
    }
}

fn subscription(parts: &Parts, echo: Echo) -> Subscription {
    let body = parts
        .object()
        .and_then(|body| serde_json::from_slice(body).ok());
    let mut extra: Map<String, Value> = body.unwrap_or_default();
    let mut text = |name: &str| match extra.remove(name) {
        Some(Value::String(text)) => text,
        _ => String::new(),
    };
    Subscription {
        bot_id: text("bot_id"),
        secret: SecretString::from(text("secret")),
        extra,
        echo,
    }
}

/// What stands beside the code in an envelope, if anything does.
fn fields(envelope: &[u8]) -> Option<Vec<u8>> {
    let mut fields: Map<String, Value> = serde_json::from_slice(envelope).ok()?;
    fields.retain(|name, _| name != "errcode" && name != "errmsg");
    if fields.is_empty() {
        return None;
    }
    serde_json::to_vec(&fields).ok()
}

impl Session for PlatformSession {
    type Event = Asked;

    fn handle_frame(&mut self, _: Instant, frame: Frame) {
        match frame {
            Frame::Text(bytes) | Frame::Binary(bytes) => self.handle_message(&bytes),
            Frame::Ping(_) | Frame::Pong(_) | Frame::Close(..) => {}
        }
    }

    fn handle_timeout(&mut self, _: Instant) {}

    fn handle_close(&mut self, _: Instant) {
        self.subscribed = false;
        self.out.clear();
        self.farewell = None;
    }

    fn poll_send(&mut self) -> Option<Frame> {
        self.out.pop_front().or_else(|| self.farewell.take())
    }

    fn poll_event(&mut self) -> Option<Asked> {
        self.asked.pop_front()
    }

    fn poll_timeout(&self) -> Option<Instant> {
        None
    }
}
