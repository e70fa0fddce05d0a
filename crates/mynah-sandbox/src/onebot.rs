//! The world of OneBot 11: one QQ account, the bot, among people and groups.
//!
//! A plain state machine. Calls come in by [`OneBotWorld::http`] and
//! [`OneBotWorld::call`], people's doings by [`World::say`] and [`World::act`],
//! time by [`World::set_time`]; what wants to leave waits in
//! [`OneBotWorld::poll_effect`]. An answer is complete before the events it
//! causes are asked for, so whoever drives the world can keep that order on
//! the wire.

pub(crate) mod rim;

use bytes::Bytes;
use mynah_core::{HttpRequest, HttpResponse};
use mynah_onebot::event::{Heartbeat, Lifecycle, Meta, MetaEvent, Status};
use mynah_onebot::types::UnixSeconds;
use mynah_onebot::{AccessToken, UserId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::world::{
    Act, Change, Conversations, Messages, Person, Rejected, Said, Say, Time, World,
};

pub use mynah_onebot::event::LifecycleType;
pub use mynah_onebot::{Event, QuickOperation};

/// The QQ account of the bot, and everybody around it.
#[derive(Debug)]
pub struct OneBotWorld {
    settings: Settings,
}

/// What the world looks like when nothing has happened yet.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Seed {}

/// How the bot's account behaves towards its frameworks. Not part of the
/// state: a reset or a snapshot leaves it alone.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Guards calls and forward WebSockets; sent along by reverse ones.
    pub access_token: AccessToken,
    /// How events and `get_msg` write messages.
    pub message_format: MessageFormat,
    /// Whether the bot's own messages are events too, as `message_sent`.
    pub report_self_message: bool,
    /// Whether discussion groups exist, as in CQHTTP 4.x.
    pub legacy: bool,
    /// How many milliseconds lie between two `_rate_limited` calls.
    pub rate_limit_interval_ms: u64,
    /// Whether message ids count downwards from -1, as some implementations have it.
    pub negative_ids: bool,
    /// Whose habits are imitated where the standard leaves a choice.
    pub dialect: Dialect,
    /// Where people and bots find this server, such as `http://127.0.0.1:7700`,
    /// without a slash at the end. Stands before the `url` of media in events.
    pub public_url: String,
    /// The path under which [`World::media`] is served; a name is appended.
    pub media_path: String,
}

/// How a message is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MessageFormat {
    /// An array of segments.
    Array,
    /// A string with CQ codes.
    #[default]
    String,
}

/// An implementation whose habits can be imitated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// The standard, with the extensions most implementations share.
    #[default]
    OneBot,
    /// CQHTTP 4.15.
    CqHttp,
    /// go-cqhttp.
    GoCqHttp,
    /// NapCat.
    NapCat,
    /// LLOneBot.
    LlOneBot,
    /// Lagrange.OneBot.
    Lagrange,
}

/// Something that wants to leave the world.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Effect {
    /// Goes to every framework.
    Event(Event),
    /// The implementation restarts: after the delay, `lifecycle` `disable` by
    /// POST, all sockets closed, `lifecycle` `enable` by POST, sockets opened anew.
    Restart {
        /// How long to wait before, in milliseconds.
        delay_ms: u64,
    },
}

impl OneBotWorld {
    /// The world as the seed describes it.
    pub fn new(seed: &Seed) -> Self {
        let _ = seed;
        Self {
            settings: Settings::default(),
        }
    }

    /// How the account behaves towards its frameworks.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The same, for changing it.
    pub fn settings_mut(&mut self) -> &mut Settings {
        &mut self.settings
    }

    /// Answers an HTTP call. `path` is what follows the root of the OneBot
    /// URLs, with its leading slash and without the query.
    ///
    /// Checks in the order path, method, token, content type, body, action:
    /// 404, 405, 401 or 403, 406, 400, 404. Everything after that is a 200
    /// with the envelope.
    pub fn http(&mut self, path: &str, request: &HttpRequest) -> HttpResponse {
        let _ = (path, request);
        HttpResponse::default()
    }

    /// Answers a call that came as a WebSocket frame, always as a 200 with the
    /// envelope. `params` that are no object count as none.
    pub fn call(&mut self, action: &str, params: Value) -> HttpResponse {
        let _ = (action, params);
        HttpResponse::default()
    }

    /// The next thing that wants to leave, in order of occurrence.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        None
    }

    /// Carries out what a framework answered to an event. `context` is the
    /// event as JSON, possibly without its message and sender.
    pub fn quick_operation(&mut self, context: &Value, operation: &QuickOperation) {
        let _ = (context, operation);
    }

    /// A `heartbeat`; the next one follows after `interval_ms`.
    pub fn heartbeat(&self, interval_ms: i64) -> Event {
        Event::Meta(MetaEvent {
            time: UnixSeconds(0),
            self_id: UserId(10000),
            meta: Meta::Heartbeat(Heartbeat {
                status: Status::default(),
                interval: interval_ms,
            }),
        })
    }

    /// A `lifecycle` event.
    pub fn lifecycle(&self, sub_type: LifecycleType) -> Event {
        Event::Meta(MetaEvent {
            time: UnixSeconds(0),
            self_id: UserId(10000),
            meta: Meta::Lifecycle(Lifecycle { sub_type }),
        })
    }

    /// The JSON of an event, its message in the configured format.
    pub fn write_event(&self, event: &Event) -> Bytes {
        Bytes::from(serde_json::to_vec(event).unwrap_or_default())
    }

    /// When the next call that was queued (`_async`, `_rate_limited`) is to run.
    pub fn due(&self) -> Option<Time> {
        None
    }

    /// Runs the queued calls whose time has come; [`World::set_time`] does so too.
    pub fn run_due(&mut self) {}
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            access_token: AccessToken::none(),
            message_format: MessageFormat::default(),
            report_self_message: false,
            legacy: false,
            rate_limit_interval_ms: 500,
            negative_ids: false,
            dialect: Dialect::default(),
            public_url: "http://127.0.0.1:7700".to_owned(),
            media_path: "/control/media/onebot/".to_owned(),
        }
    }
}

impl World for OneBotWorld {
    fn platform(&self) -> &'static str {
        "onebot"
    }

    fn set_time(&mut self, _: Time) {}

    fn people(&self) -> Vec<Person> {
        Vec::new()
    }

    fn conversations(&self, _: Option<&str>) -> Result<Conversations, Rejected> {
        Ok(Conversations::default())
    }

    fn messages(&self, _: &str, _: Option<u64>, _: usize) -> Result<Messages, Rejected> {
        Err(Rejected::missing("conversation", "there is none"))
    }

    fn say(&mut self, _: Say) -> Result<Said, Rejected> {
        Err(Rejected::missing("from", "there is nobody"))
    }

    fn act(&mut self, _: Act) -> Result<Value, Rejected> {
        Err(Rejected::missing("who", "there is nobody"))
    }

    fn poll_change(&mut self) -> Option<Change> {
        None
    }

    fn note_journal(&mut self, _: &str, _: u64) {}

    fn media(&self, _: &str) -> Option<(String, Vec<u8>)> {
        None
    }

    fn snapshot(&self) -> Value {
        Value::Null
    }

    fn restore(&mut self, _: Value) -> Result<(), Rejected> {
        Ok(())
    }

    fn reset(&mut self) {}
}
