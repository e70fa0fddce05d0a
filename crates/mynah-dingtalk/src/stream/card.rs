//! What people do with an interactive card.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::id::UserId;
use crate::members::{Members, Object};

/// Somebody pressed a button of an interactive card.
///
/// Members that have no place in the type are kept in [`extra`](Self::extra).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CardCallback {
    /// The card, by the id that the application gave it.
    pub out_track_id: Option<String>,
    /// The organisation.
    pub corp_id: Option<String>,
    /// Who did it.
    pub user_id: Option<UserId>,
    /// Where the card is.
    pub space_id: Option<String>,
    /// What kind of place that is, such as `IM`.
    pub space_type: Option<String>,
    /// What happened: `actionCallback`.
    pub kind: Option<String>,
    /// What was done, as JSON text; see [`action`](Self::action).
    pub content: Option<String>,
    /// What else, as JSON text.
    pub extension: Option<String>,
    /// What else stands there.
    pub extra: Map<String, Value>,
}

/// What was done with a card.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CardAction {
    /// The buttons that were pressed.
    #[serde(default)]
    pub action_ids: Vec<String>,
    /// What they carry.
    #[serde(default)]
    pub params: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    card_private_data: CardAction,
}

impl CardCallback {
    /// What was done, if [`content`](Self::content) says so.
    pub fn action(&self) -> Option<CardAction> {
        let content: Content = serde_json::from_str(self.content.as_deref()?).ok()?;
        Some(content.card_private_data)
    }

    pub(super) fn from_object(members: Map<String, Value>) -> Self {
        let mut from = Members::of(members);
        Self {
            out_track_id: from.take("outTrackId"),
            corp_id: from.take("corpId"),
            user_id: from.take("userId"),
            space_id: from.take("spaceId"),
            space_type: from.take("spaceType"),
            kind: from.take("type"),
            content: from.take("content"),
            extension: from.take("extension"),
            extra: from.rest,
        }
    }

    /// The callback as JSON.
    pub fn to_json(&self) -> Value {
        let mut to = Object::default();
        to.put("outTrackId", self.out_track_id.clone());
        to.put("corpId", self.corp_id.clone());
        to.put("userId", self.user_id.clone().map(String::from));
        to.put("spaceId", self.space_id.clone());
        to.put("spaceType", self.space_type.clone());
        to.put("type", self.kind.clone());
        to.put("content", self.content.clone());
        to.put("extension", self.extension.clone());
        to.rest(&self.extra);
        Value::Object(to.members)
    }
}
