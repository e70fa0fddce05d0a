//! Work notices: what was sent to whom.

use serde::{Deserialize, Serialize};

/// What is remembered of work notices.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Notices {}
