//! Calls for users, messages and the log.

use super::Call;

/// Those that were recorded, and those that nobody recorded.
pub(super) fn calls() -> Vec<Call> {
    Vec::new()
}
