//! What the platform posts to a program over HTTP, both sides of it: messages that begin with a
//! trigger word, to an outgoing hook
//! (<https://github.com/bearyinnovative/bearychat-docs/blob/master/tutorials/markdown/outgoing.md>),
//! and messages that mention a hubot which has an address instead of a socket.
//!
//! Nothing is signed: a push carries the token of the robot, and whoever sees one can make up
//! others, so let them come over TLS. An outgoing hook may be answered in the response; a hubot
//! answers by calls. The platform tries once.
//!
//! ```
//! use std::time::SystemTime;
//!
//! use mynah_bearychat::BearyChat;
//! use mynah_bearychat::hook::{Event, HookSecret, OutgoingAnswer, OutgoingPost};
//! use mynah_core::{Check, Inbound, Received};
//!
//! let secret = HookSecret::outgoing("sandbox-outgoing");
//! let post = OutgoingPost::new("!baike 中国", "!baike").from("alice").at("所有人");
//! let request = BearyChat::push(&secret, &Event::from(post), 0, SystemTime::UNIX_EPOCH);
//!
//! let Received::Event(arrival) = BearyChat::verify(&secret, &request, SystemTime::UNIX_EPOCH)? else {
//!     panic!("a message");
//! };
//! let Event::Outgoing(post) = &arrival.event else { panic!("to a hook") };
//! assert_eq!((post.user_name.as_str(), post.rest()), ("alice", "中国"));
//! let response = arrival.reply.answer(OutgoingAnswer::text("东亚国家"));
//! assert_eq!(response.body(), "{\"text\":\"东亚国家\"}");
//!
//! let other = HookSecret::outgoing("another token");
//! let forged = BearyChat::verify(&other, &request, SystemTime::UNIX_EPOCH).unwrap_err();
//! assert_eq!((forged.check, forged.status), (Check::Signature, 404));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod hubot;
mod outgoing;
mod secret;

use std::time::{Duration, SystemTime};

use http::Method;
pub use mynah_core::aim;
use mynah_core::{
    Arrival, Check, DedupeKey, Forged, HttpRequest, HttpResponse, Inbound, Received, Reply, post,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::platform::BearyChat;

pub use hubot::HubotPost;
pub use outgoing::{OutgoingAnswer, OutgoingPost};
pub use secret::{HookSecret, OutgoingToken};

/// The longest body of a push, and of what answers it, in bytes.
pub const LARGEST_BODY: usize = 1 << 20;

/// How long an answer is waited for. The platform does not say how long it waits; this is ours.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// What is posted to a program.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// A message began with the trigger word of an outgoing hook.
    Outgoing(Box<OutgoingPost>),
    /// A message mentioned a hubot that has an address.
    Hubot(Box<HubotPost>),
}

impl Event {
    /// What it is, in one word.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Outgoing(_) => "outgoing",
            Self::Hubot(_) => "hubot",
        }
    }

    /// The text of the message.
    pub fn text(&self) -> &str {
        match self {
            Self::Outgoing(post) => &post.text,
            Self::Hubot(post) => &post.text,
        }
    }

    /// Whether the platform posts what is answered in the response.
    pub const fn takes_answer(&self) -> bool {
        matches!(self, Self::Outgoing(_))
    }

    /// What two deliveries of it have in common. An outgoing hook names no message, so that of two
    /// that say the same within one second, in one channel, one is taken for a copy.
    pub fn dedupe_key(&self) -> DedupeKey {
        match self {
            Self::Outgoing(post) => post.dedupe_key(),
            Self::Hubot(post) => post.dedupe_key(),
        }
    }
}

impl From<OutgoingPost> for Event {
    fn from(post: OutgoingPost) -> Self {
        Self::Outgoing(Box::new(post))
    }
}

impl From<HubotPost> for Event {
    fn from(post: HubotPost) -> Self {
        Self::Hubot(Box::new(post))
    }
}

/// What does not carry a token of the secret is refused with 404, what cannot be read with 400,
/// 405 or 413.
///
/// An [answer](OutgoingAnswer) to what has no use for one ([`Event::takes_answer`]) is left out.
impl Inbound for BearyChat {
    type Event = Event;
    type Secret = HookSecret;
    type Answer = OutgoingAnswer;

    fn verify(
        secret: &HookSecret,
        request: &HttpRequest,
        _: SystemTime,
    ) -> Result<Received<Event, OutgoingAnswer>, Forged> {
        let length = request.body().len();
        if length > LARGEST_BODY {
            let detail = format!("{length} bytes, at most {LARGEST_BODY} are taken");
            return Err(Forged::new(413, Check::Size, detail));
        }
        if *request.method() != Method::POST {
            return Err(Forged::new(405, Check::Form, "the method must be POST"));
        }
        let fields: Map<String, Value> = serde_json::from_slice(request.body())
            .map_err(|_| Forged::new(400, Check::Body, "the body is no JSON object"))?;
        let event = read(secret, fields)?;
        let takes_answer = event.takes_answer();
        Ok(Received::Event(Arrival {
            raw: request.body().clone(),
            dedupe: event.dedupe_key(),
            replay: None,
            reply: Reply::new(Some(PATIENCE), move |answer| {
                respond(answer.filter(|_| takes_answer))
            }),
            event,
        }))
    }

    /// For the root of the receiver; [`aim`] it at another address. An event of a robot whose token
    /// the secret does not have carries an empty one.
    fn push(secret: &HookSecret, event: &Event, _: u64, _: SystemTime) -> HttpRequest {
        match event {
            Event::Outgoing(post) => pushed(secret.outgoing_token(post.robot), post),
            Event::Hubot(post) => pushed(secret.hubot_token(post.robot), post),
        }
    }
}

fn read(secret: &HookSecret, fields: Map<String, Value>) -> Result<Event, Forged> {
    let Some(token) = fields.get("token").and_then(Value::as_str) else {
        let detail = "token: must be a text";
        return Err(Forged::new(404, Check::SignatureMissing, detail));
    };
    let is_outgoing = fields.contains_key("trigger_word");
    let robot = if is_outgoing {
        secret.outgoing_robot(token)
    } else {
        secret.hubot_robot(token)
    };
    let Some(robot) = robot else {
        let detail = format!("token ({} bytes) is another", token.len());
        return Err(Forged::new(404, Check::Signature, detail));
    };
    let fields = Value::Object(fields);
    if is_outgoing {
        let post: OutgoingPost = decoded(fields)?;
        Ok(OutgoingPost { robot, ..post }.into())
    } else {
        let post: HubotPost = decoded(fields)?;
        Ok(HubotPost { robot, ..post }.into())
    }
}

fn decoded<T: DeserializeOwned>(fields: Value) -> Result<T, Forged> {
    T::deserialize(fields).map_err(|_| {
        let detail = "a field that must be there is missing, or no text";
        Forged::new(400, Check::Body, detail)
    })
}

#[derive(Serialize)]
struct Pushed<'a, T> {
    token: &'a str,
    #[serde(flatten)]
    post: &'a T,
}

fn pushed<T: Serialize>(token: &str, body: &T) -> HttpRequest {
    // Texts and a number always have a JSON form.
    let body = serde_json::to_vec(&Pushed { token, post: body }).unwrap_or_default();
    post("application/json", body)
}

fn respond(answer: Option<OutgoingAnswer>) -> HttpResponse {
    match answer {
        // An answer always has a JSON form.
        Some(answer) => mynah_core::respond(
            "application/json;charset=utf-8",
            serde_json::to_vec(&answer).unwrap_or_default(),
        ),
        None => HttpResponse::default(),
    }
}
