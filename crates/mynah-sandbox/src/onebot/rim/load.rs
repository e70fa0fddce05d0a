//! What OneBot delivers.

use crate::onebot::{Effect, Event};

/// What is delivered.
#[derive(Debug)]
pub(crate) enum Load {
    /// To everybody who hears events.
    Event(Box<Event>),
    /// Over HTTP POST only.
    PostOnly(Box<Event>),
    /// Start over after so many milliseconds.
    Restart {
        /// How many.
        delay_ms: u64,
    },
}

impl From<Effect> for Load {
    fn from(effect: Effect) -> Self {
        match effect {
            Effect::Event(event) => Self::Event(Box::new(event)),
            Effect::Restart { delay_ms } => Self::Restart { delay_ms },
        }
    }
}
