//! How the application is set up, as the console of the platform has it.

use serde::Deserialize;

/// How the application is set up, as the console of the platform has it. Not
/// part of the state: a reset or a snapshot leaves it alone.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Whether all documented quotas hold. That of text messages to one number
    /// always does.
    pub strict: bool,
    /// Whether signatures must be fresh, and their nonces new. Known clients
    /// fail then: one signs once for all calls.
    pub strict_signatures: bool,
    /// The most members of a group.
    pub group_members: usize,
    /// The most groups of one person; 0 for any number.
    pub groups_per_user: usize,
    /// The most words of the word filter.
    pub words: usize,
    /// The most users that may be registered, as in the development
    /// environment; 0 for any number.
    pub users: usize,
    /// Whether messages are kept for downloading.
    pub history: bool,
    /// Whether everybody can be written to at once.
    pub broadcast: bool,
    /// Whether what calls send goes to the address for messages as well.
    pub route_server_messages: bool,
    /// Whether the same is true of what the word filter keeps back.
    pub route_blocked_messages: bool,
    /// Whether an address decides about what people say before it is
    /// delivered: such messages are held until
    /// [`RongCloudWorld::checked`](super::RongCloudWorld::checked), or for a
    /// minute.
    pub check: bool,
    /// Whether a chatroom goes after an hour in which nothing happens. The
    /// sandbox sees to it as soon as its clock is moved.
    pub idle_chatrooms: bool,
    /// Whether text messages are only sent to whoever reads a picture.
    pub sms_image_check: bool,
    /// Where people and bots find this server, such as `http://127.0.0.1:7700`,
    /// without a slash at the end. Stands before addresses that are handed out.
    pub public_url: String,
    /// The path under which [`World::media`](crate::World::media) is served;
    /// a name is appended.
    pub media_path: String,
    /// The path under which [`RongCloudWorld::http`](super::RongCloudWorld::http)
    /// is served.
    pub base_path: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            strict: false,
            strict_signatures: false,
            group_members: 3_000,
            groups_per_user: 500,
            words: 50,
            users: 0,
            history: true,
            broadcast: true,
            route_server_messages: true,
            route_blocked_messages: false,
            check: false,
            idle_chatrooms: false,
            sms_image_check: false,
            public_url: "http://127.0.0.1:7700".to_owned(),
            media_path: "/control/media/rongcloud/".to_owned(),
            base_path: "/rongcloud".to_owned(),
        }
    }
}
