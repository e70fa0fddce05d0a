//! How the organisation and its application behave.

use serde::Deserialize;

/// How the organisation and its application behave. Not part of the state: a
/// reset or a snapshot leaves it alone.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Whether all written quotas hold. Those of custom robots and of work
    /// notices always do.
    pub strict: bool,
    /// The most members of a group.
    pub group_members: usize,
    /// Where people and bots find this server, such as `http://127.0.0.1:7700`,
    /// without a slash at the end. Stands before addresses that are handed out.
    pub public_url: String,
    /// The path under which [`World::media`](crate::World::media) is served;
    /// a name is appended.
    pub media_path: String,
    /// The path under which [`DingTalkWorld::http`](super::DingTalkWorld::http)
    /// is served.
    pub base_path: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            strict: false,
            group_members: mynah_dingtalk::api::chat::MOST_MEMBERS,
            public_url: "http://127.0.0.1:7700".to_owned(),
            media_path: "/control/media/dingtalk/".to_owned(),
            base_path: "/dingtalk".to_owned(),
        }
    }
}
