//! How the corp and its applications behave.

use std::net::IpAddr;

use serde::Deserialize;

/// How the corp and its applications behave. Not part of the state: a reset
/// or a snapshot leaves it alone.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Whether all written quotas hold. That of a group robot, 20 messages a
    /// minute, always does.
    pub strict: bool,
    /// The addresses from which applications may call; `None` for all (60020
    /// for others).
    pub trusted: Option<Vec<IpAddr>>,
    /// Whether applications may change the directory (48002 if not); on the
    /// platform only the synchronisation helper may.
    pub directory_writes: bool,
    /// Whether the application hears of changes of the directory.
    pub contact_events: bool,
    /// The most members of a group, which administrators may lower.
    pub group_members: usize,
    /// Where people and bots find this server, such as `http://127.0.0.1:7700`,
    /// without a slash at the end. Stands before addresses in events.
    pub public_url: String,
    /// The path under which [`World::media`](crate::World::media) is served;
    /// a name is appended.
    pub media_path: String,
    /// The path under which [`WeComWorld::http`](super::WeComWorld::http) is
    /// served.
    pub base_path: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            strict: false,
            trusted: None,
            directory_writes: true,
            contact_events: true,
            group_members: 2_000,
            public_url: "http://127.0.0.1:7700".to_owned(),
            media_path: "/control/media/wecom/".to_owned(),
            base_path: "/wecom".to_owned(),
        }
    }
}

/// Who can be told of what happens. The rim knows; it decides whom people
/// speak to when they say `user:bot`, and what callbacks look like.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// Whether the application has a callback address.
    pub application: bool,
    /// How the intelligent bot is told.
    pub bot: BotReach,
}

/// How the intelligent bot is told.
#[derive(Clone, Debug, Default)]
pub enum BotReach {
    /// Not at all. What would be told waits nowhere.
    #[default]
    None,
    /// By encrypted callbacks, whose files open with this `EncodingAESKey`.
    Callback(mynah_crypto::EncodingAesKey),
    /// On its long connection.
    Socket,
}

impl BotReach {
    /// Whether it can be told anything.
    pub fn is_some(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// Whether it is told on its long connection.
    pub fn is_socket(&self) -> bool {
        matches!(self, Self::Socket)
    }
}
