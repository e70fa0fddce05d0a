//! What an implementation runs on a connection: calls in, events out.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;

use bytes::Bytes;
use http::Uri;
use mynah_core::{Frame, HttpRequest, HttpResponse, Session, post};
use serde_json::value::RawValue;

use super::{Role, object};
use crate::platform::retcode;

/// A call that came over a connection.
#[derive(Debug)]
pub struct Call {
    /// The name of the action, with its suffix if it has one. At most
    /// [`LONGEST_ACTION`](Self::LONGEST_ACTION) bytes.
    pub action: String,
    /// The parameters, a JSON object; what is no object was taken for `{}`.
    pub params: Bytes,
    /// Must go into the reply.
    pub echo: Echo,
}

impl Call {
    /// No action has a longer name; a call of one is answered with 1404.
    pub const LONGEST_ACTION: usize = 256;

    /// The call as it would have come over HTTP, and its echo.
    pub fn into_request(self) -> (HttpRequest, Echo) {
        let mut request = post("application/json", self.params);
        *request.uri_mut() = path_of(&self.action);
        (request, self.echo)
    }
}

/// The path of an action. What a path cannot carry is escaped, so that such a
/// name is looked up, not found, and answered like any other.
fn path_of(action: &str) -> Uri {
    let mut path = String::with_capacity(action.len() + 1);
    path.push('/');
    for byte in action.bytes() {
        if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) {
            path.push(char::from(byte));
        } else {
            path.push('%');
            path.push_str(&mynah_crypto::hex(&[byte]));
        }
    }
    path.parse().unwrap_or_default()
}

/// What a caller wants to have back in the reply, byte for byte. Each is good
/// for one reply.
#[derive(Debug, PartialEq, Eq)]
pub struct Echo(Option<Bytes>);

impl Echo {
    /// The JSON as it was given; `None` if none was, or `null`.
    pub fn json(&self) -> Option<&Bytes> {
        self.0.as_ref()
    }
}

/// The implementation's end of one connection, forward or reverse.
///
/// Calls come out as events, are carried out by whoever knows the actions,
/// and are answered by [`reply`](Self::reply) in any order. A frame that is no
/// call is answered here, with retcode 1400; the connection stays open
/// (<https://github.com/botuniverse/onebot-11/blob/master/communication/ws.md>).
#[derive(Debug)]
pub struct ImplementationSession {
    role: Role,
    out: VecDeque<Frame>,
    calls: VecDeque<Call>,
}

impl ImplementationSession {
    /// For a connection that has just opened. `connect` is the event
    /// `meta_event.lifecycle.connect`; it is the first frame where events go.
    pub fn new(role: Role, connect: Bytes) -> Self {
        let mut session = Self {
            role,
            out: VecDeque::new(),
            calls: VecDeque::new(),
        };
        session.send_event(connect);
        session
    }

    /// What the connection carries.
    pub fn role(&self) -> Role {
        self.role
    }

    /// How many frames wait to be sent: a peer that does not read should be
    /// cut off before they are many.
    pub fn queued(&self) -> usize {
        self.out.len()
    }

    /// Sends an event (the bytes of its JSON), if events go over this
    /// connection; says whether they do.
    pub fn send_event(&mut self, event: Bytes) -> bool {
        if self.role.carries_events() {
            self.out.push_back(Frame::Text(event));
        }
        self.role.carries_events()
    }

    /// Answers a call with what HTTP would have answered: the envelope of a
    /// 200, or a failure whose retcode is 1000 above another status.
    pub fn reply(&mut self, echo: Echo, response: &HttpResponse) {
        let frame = match response.status().as_u16() {
            200 => with_echo(response.body(), echo),
            status => with_echo(&failure(1000 + i64::from(status)), echo),
        };
        self.out.push_back(Frame::Text(frame));
    }

    fn handle_message(&mut self, frame: &Bytes) {
        match read_call(frame) {
            Ok(call) if call.action.len() > Call::LONGEST_ACTION => {
                self.refuse(call.echo, retcode::NO_SUCH_ACTION);
            }
            Ok(call) => self.calls.push_back(call),
            Err(NoCall(echo)) => self.refuse(echo, retcode::BAD_REQUEST),
        }
    }

    fn refuse(&mut self, echo: Echo, code: i64) {
        self.out
            .push_back(Frame::Text(with_echo(&failure(code), echo)));
    }
}

/// A frame that is no call, and its echo as far as it could be read.
struct NoCall(Echo);

fn read_call(frame: &Bytes) -> Result<Call, NoCall> {
    let members = std::str::from_utf8(frame)
        .ok()
        .and_then(|text| object::<BTreeMap<Cow<'_, str>, &RawValue>>(text.as_bytes()))
        .ok_or(NoCall(Echo(None)))?;
    let member = |name| members.get(name).map(|value| value.get());
    let raw = |value: &str| frame.slice_ref(value.as_bytes());
    let echo = Echo(member("echo").filter(|echo| *echo != "null").map(raw));
    let action = member("action").and_then(|action| serde_json::from_str(action).ok());
    let params = member("params").filter(|params| params.starts_with('{'));
    match action {
        Some(action) => Ok(Call {
            action,
            params: params.map_or(Bytes::from_static(b"{}"), raw),
            echo,
        }),
        None => Err(NoCall(echo)),
    }
}

fn failure(code: i64) -> Bytes {
    format!(r#"{{"status":"failed","retcode":{code},"data":null}}"#).into()
}

/// The envelope, which is a JSON object, with the echo as its last member.
fn with_echo(envelope: &Bytes, echo: Echo) -> Bytes {
    match (envelope.trim_ascii_end().strip_suffix(b"}"), echo.0) {
        (Some(open), Some(echo)) => [open, b",\"echo\":", &echo, b"}"].concat().into(),
        _ => envelope.clone(),
    }
}

impl Session for ImplementationSession {
    type Event = Call;

    fn handle_frame(&mut self, _: Instant, frame: Frame) {
        // What a framework sends to an event connection is ignored.
        if !self.role.carries_calls() {
            return;
        }
        match frame {
            Frame::Text(bytes) | Frame::Binary(bytes) => self.handle_message(&bytes),
            Frame::Ping(_) | Frame::Pong(_) | Frame::Close(..) => {}
        }
    }

    fn handle_timeout(&mut self, _: Instant) {}

    fn handle_close(&mut self, _: Instant) {
        self.out.clear();
    }

    fn poll_send(&mut self) -> Option<Frame> {
        self.out.pop_front()
    }

    fn poll_event(&mut self) -> Option<Call> {
        self.calls.pop_front()
    }

    fn poll_timeout(&self) -> Option<Instant> {
        None
    }
}
