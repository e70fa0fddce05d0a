//! How the team is set up.

use serde::Deserialize;

/// How the team is set up, and where it is found. Not part of the state: a reset
/// or a snapshot leaves it alone.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Calls to the OpenAPI that one token may make within an hour of the clock.
    pub calls_per_hour: u32,
    /// The same for one address from which calls come without a valid token.
    pub anonymous_calls_per_hour: u32,
    /// Whether somebody listens to what robots are told that wait for a word:
    /// otherwise nothing is told.
    pub outgoing: bool,
    /// The same for what hubots are told where they are mentioned, if they have
    /// an address instead of a connection.
    pub hubot_http: bool,
    /// Where people and bots find this server, such as `http://127.0.0.1:7700`,
    /// without a slash at the end. Stands before addresses that are handed out.
    pub public_url: String,
    /// The path under which [`World::media`](crate::World::media) is served; a
    /// name is appended.
    pub media_path: String,
    /// The path under which [`BearyChatWorld::http`](super::BearyChatWorld::http)
    /// is served.
    pub base_path: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            calls_per_hour: 1_000,
            anonymous_calls_per_hour: 60,
            outgoing: false,
            hubot_http: false,
            public_url: "http://127.0.0.1:7700".to_owned(),
            media_path: "/control/media/bearychat/".to_owned(),
            base_path: "/bearychat".to_owned(),
        }
    }
}
