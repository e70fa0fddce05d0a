//! Groups, and the rules by which they change.

use mynah_dingtalk::{ChatId, MediaId, OpenConversationId, UserId};
use serde::{Deserialize, Serialize};

/// A group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Group {
    pub(super) open_conversation_id: OpenConversationId,
    pub(super) name: String,
    pub(super) owner: UserId,
    /// In the order in which they came.
    pub(super) members: Vec<UserId>,
    /// Members who help the owner.
    pub(super) admins: Vec<UserId>,
    /// The names that members have in it.
    pub(super) nicks: std::collections::BTreeMap<UserId, String>,
    pub(super) flags: Flags,
    /// Empty for none.
    pub(super) icon: MediaId,
    /// Whether members may make friends there.
    pub(super) no_friends: bool,
    pub(super) disbanded: bool,
    /// Whether the robot of the application is in it.
    pub(super) robot: bool,
}

/// What is allowed in a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(clippy::struct_excessive_bools)] // The platform has these six switches.
pub(super) struct Flags {
    pub(super) show_history: bool,
    pub(super) searchable: bool,
    pub(super) validation: bool,
    pub(super) mention_all_authority: bool,
    pub(super) management: bool,
    pub(super) banned: bool,
}

impl Group {
    pub(super) fn has(&self, user: &UserId) -> bool {
        self.members.contains(user)
    }
}

impl super::state::State {
    /// A group by its id in the newer interfaces.
    pub(super) fn group_by_open_id(&self, id: &OpenConversationId) -> Option<(&ChatId, &Group)> {
        let mut groups = self.groups.iter();
        groups.find(|(_, group)| group.open_conversation_id == *id)
    }
}
