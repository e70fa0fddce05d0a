//! What the worlds look like when nothing has happened yet.

use crate::onebot::{self, SeedError};

/// People, groups and credentials of every world. [`Seed::default`] is the
/// one that ships.
#[derive(Clone, Debug, Default)]
pub struct Seed {
    /// The world of OneBot.
    pub onebot: onebot::Seed,
}

impl Seed {
    /// Reads a seed file: TOML with a table for each platform.
    ///
    /// # Errors
    /// The text is not TOML, or not what a world starts from; the error says
    /// where and why.
    pub fn parse(toml: &str) -> Result<Self, SeedError> {
        Ok(Self {
            onebot: onebot::Seed::parse(toml)?,
        })
    }
}
