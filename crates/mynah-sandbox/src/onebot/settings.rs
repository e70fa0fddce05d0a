//! How the bot's account behaves towards its frameworks.

use mynah_onebot::AccessToken;
use serde::{Deserialize, Deserializer, Serialize, de};

/// How the bot's account behaves towards its frameworks. Not part of the
/// state: a reset or a snapshot leaves it alone.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Guards calls and forward WebSockets; sent along by reverse ones.
    #[serde(deserialize_with = "access_token")]
    pub access_token: AccessToken,
    /// How events and `get_msg` write messages.
    pub message_format: MessageFormat,
    /// Whether the bot's own messages are events too, as `message_sent`.
    pub report_self_message: bool,
    /// Whether discussion groups exist, as in CQHTTP 4.x.
    pub legacy: bool,
    /// Whether `get_updates` hands events out.
    pub long_polling: bool,
    /// How many milliseconds lie between two `_rate_limited` calls.
    pub rate_limit_interval_ms: u64,
    /// Whether message ids are negative, as some implementations have them.
    pub negative_ids: bool,
    /// Whose habits are imitated where the standard leaves a choice.
    pub dialect: Dialect,
    /// Where people and bots find this server, such as `http://127.0.0.1:7700`,
    /// without a slash at the end. Stands before the `url` of media in events.
    pub public_url: String,
    /// The path under which [`World::media`](crate::World::media) is served;
    /// a name is appended.
    pub media_path: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            access_token: AccessToken::none(),
            message_format: MessageFormat::default(),
            report_self_message: false,
            legacy: false,
            long_polling: false,
            rate_limit_interval_ms: 500,
            negative_ids: false,
            dialect: Dialect::default(),
            public_url: "http://127.0.0.1:7700".to_owned(),
            media_path: "/control/media/onebot/".to_owned(),
        }
    }
}

fn access_token<'de, D: Deserializer<'de>>(deserializer: D) -> Result<AccessToken, D::Error> {
    AccessToken::new(String::deserialize(deserializer)?).map_err(de::Error::custom)
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
