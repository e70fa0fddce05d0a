//! What a user hears of a conversation, and where it stands in their list.

use mynah_core::{BadParameters, Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::RongCloud;
use crate::api::again;
use crate::id::{TargetId, UserId};
use crate::limits;
use crate::types::{ConversationType, Flag};

mynah_core::numbers! {
    /// Which messages of a conversation a user is notified of.
    pub enum UnpushLevel {
        /// All.
        All = -1,
        /// As the group or the application has it.
        Unset = 0,
        /// Those that mention the user or everybody.
        Mentions = 1,
        /// Those that mention the user.
        OwnMentions = 2,
        /// Those that mention everybody.
        MentionsOfAll = 4,
        /// None.
        None = 5,
    }
}

/// Sets whether a user is disturbed by a conversation.
///
/// ```
/// use mynah_rongcloud::ConversationType;
/// use mynah_rongcloud::api::conversation::{SetNotification, UnpushLevel};
///
/// let quiet = SetNotification::new(ConversationType::Group, "alice", "g1", true);
/// let quieter = quiet.unpush_level(UnpushLevel::None);
/// # let _ = quieter;
/// ```
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetNotification {
    /// What kind of conversation: private, group or system.
    #[serde(rename = "conversationType")]
    pub conversation_type: ConversationType,
    /// The user who is or is not disturbed.
    #[serde(rename = "requestId")]
    pub request_id: UserId,
    /// The other end of the conversation.
    #[serde(rename = "targetId")]
    pub target_id: TargetId,
    /// Whether they are left in peace.
    #[serde(rename = "isMuted")]
    pub is_muted: Flag,
    /// Of which messages they hear all the same; this counts where it is given.
    #[serde(rename = "unpushLevel")]
    pub unpush_level: Option<UnpushLevel>,
}

impl Endpoint for SetNotification {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again(
        "rongcloud.conversation.notification.set",
        "/conversation/notification/set.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/push/set-do-not-disturb-by-id");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            conversation(self.conversation_type, &self.target_id),
            limits::id("requestId", &self.request_id),
            limits::given(self.unpush_level.as_ref(), level),
        ])
    }
}

/// Tells whether a user is disturbed by a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetNotification {
    /// What kind of conversation: private, group or system.
    #[serde(rename = "conversationType")]
    pub conversation_type: ConversationType,
    /// The user.
    #[serde(rename = "requestId")]
    pub request_id: UserId,
    /// The other end of the conversation.
    #[serde(rename = "targetId")]
    pub target_id: TargetId,
}

impl Endpoint for GetNotification {
    type Platform = RongCloud;
    type Output = Notification;
    const META: Meta = again(
        "rongcloud.conversation.notification.get",
        "/conversation/notification/get.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/push/set-do-not-disturb-by-id");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            conversation(self.conversation_type, &self.target_id),
            limits::id("requestId", &self.request_id),
        ])
    }
}

/// Whether a user is disturbed by a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// Whether they are left in peace.
    #[serde(rename = "isMuted")]
    pub is_muted: Flag,
}

/// Puts a conversation at the top of a user's list, or back among the others. No call tells where
/// it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetTop {
    /// The user.
    #[serde(rename = "userId")]
    pub user_id: UserId,
    /// What kind of conversation: private, group or system.
    #[serde(rename = "conversationType")]
    pub conversation_type: ConversationType,
    /// The other end of the conversation.
    #[serde(rename = "targetId")]
    pub target_id: TargetId,
    /// Whether it goes to the top.
    #[serde(rename = "setTop")]
    pub set_top: bool,
}

impl Endpoint for SetTop {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again(
        "rongcloud.conversation.top.set",
        "/conversation/top/set.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/conversation/top");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::id("userId", &self.user_id),
            conversation(self.conversation_type, &self.target_id),
        ])
    }
}

/// A conversation that has settings.
fn conversation(kind: ConversationType, target: &TargetId) -> Result<(), BadParameters> {
    use ConversationType::{Group, Private, System};
    let has_settings = matches!(kind, Private | Group | System);
    limits::all([
        limits::holds("conversationType", has_settings, || {
            format!("1, 3 or 6, not {}", kind.number())
        }),
        limits::id("targetId", target),
    ])
}

fn level(level: &UnpushLevel) -> Result<(), BadParameters> {
    let known = !matches!(level, UnpushLevel::Other(_));
    limits::holds("unpushLevel", known, || {
        format!("-1, 0, 1, 2, 4 or 5, not {}", level.number())
    })
}
