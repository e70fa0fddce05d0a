//! What people say.

use super::world::DingTalkWorld;
use crate::world::{Rejected, Said, Say};

impl DingTalkWorld {
    pub(super) fn person_says(&mut self, _say: Say) -> Result<Said, Rejected> {
        Err(Rejected::bad("to", "not yet"))
    }
}
