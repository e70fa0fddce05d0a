//! Interactive cards: the last data of each.

use mynah_dingtalk::UserId;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::details::Details;
use super::world::DingTalkWorld;
use crate::world::{Part, Rejected};

/// The cards, by the id that the application gave each.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Cards {}

impl DingTalkWorld {
    /// An interactive card as people see it.
    pub(super) fn view_card(&self, id: &str) -> Part {
        Part::Other {
            name: "card".to_owned(),
            text: id.to_owned(),
            data: Value::Null,
        }
    }

    /// Somebody presses a button of an interactive card.
    pub(super) fn press_card(
        &mut self,
        _who: &UserId,
        _details: Details<'_>,
    ) -> Result<Value, Rejected> {
        Err(Rejected::bad("action", "not yet"))
    }
}
