//! Bundles of forwarded messages (合并转发).

use std::collections::VecDeque;

use mynah_onebot::{Message, UserId};
use serde::{Deserialize, Serialize};

use super::archive::kept;
use super::limits;
use super::state::next;

/// The bundles, oldest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Forwards {
    bundles: VecDeque<Bundle>,
    count: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Bundle {
    id: String,
    nodes: Vec<Node>,
}

/// One message in a bundle, as it shows there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Node {
    pub(super) user: UserId,
    pub(super) nickname: String,
    /// Seconds since 1970.
    pub(super) time: i64,
    #[serde(with = "kept")]
    pub(super) message: Message,
}

impl Forwards {
    /// Keeps a bundle and returns its id.
    pub(super) fn add(&mut self, nodes: Vec<Node>) -> String {
        let id = format!("fwd-{}", next(&mut self.count));
        self.bundles.push_back(Bundle {
            id: id.clone(),
            nodes,
        });
        if self.bundles.len() > limits::FORWARDS {
            self.bundles.pop_front();
        }
        id
    }

    pub(super) fn get(&self, id: &str) -> Option<&[Node]> {
        let bundle = self.bundles.iter().find(|bundle| bundle.id == id)?;
        Some(&bundle.nodes)
    }
}
