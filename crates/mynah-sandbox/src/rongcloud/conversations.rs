//! What somebody hears of a conversation, and where it stands in their list.

use std::collections::BTreeMap;

use mynah_rongcloud::api::conversation::UnpushLevel;
use mynah_rongcloud::{ConversationType, TargetId, UserId};
use serde::{Deserialize, Serialize};

/// What everybody has set, where it is not what everybody has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Conversations(BTreeMap<UserId, BTreeMap<String, Setting>>);

/// What somebody has set for a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Setting {
    /// Whether they are left in peace.
    pub(super) muted: bool,
    /// Of what they hear; this comes before `muted`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) level: Option<UnpushLevel>,
    /// Whether it stands at the top.
    pub(super) top: bool,
}

impl Setting {
    /// Whether nothing is pushed that mentions nobody.
    fn is_quiet(self) -> bool {
        match self.level {
            None | Some(UnpushLevel::Unset) => self.muted,
            Some(level) => level != UnpushLevel::All,
        }
    }
}

/// A conversation of somebody, by its type and its other end.
fn key(kind: ConversationType, target: &TargetId) -> String {
    format!("{}:{target}", kind.number())
}

impl Conversations {
    pub(super) fn get(&self, user: &UserId, kind: ConversationType, target: &TargetId) -> Setting {
        let theirs = self.0.get(user);
        let setting = theirs.and_then(|theirs| theirs.get(&key(kind, target)));
        setting.copied().unwrap_or_default()
    }

    pub(super) fn change(
        &mut self,
        user: &UserId,
        kind: ConversationType,
        target: &TargetId,
        change: impl FnOnce(&mut Setting),
    ) {
        let mut setting = self.get(user, kind, target);
        change(&mut setting);
        let theirs = self.0.entry(user.clone()).or_default();
        if setting == Setting::default() {
            theirs.remove(&key(kind, target));
        } else {
            theirs.insert(key(kind, target), setting);
        }
        if theirs.is_empty() {
            self.0.remove(user);
        }
    }

    /// Whether nothing is pushed to somebody that mentions nobody.
    pub(super) fn is_quiet(
        &self,
        user: &UserId,
        kind: ConversationType,
        target: &TargetId,
    ) -> bool {
        self.get(user, kind, target).is_quiet()
    }
}
