//! What the worlds look like when nothing has happened yet.

use serde::Deserialize;

use crate::onebot;

/// People, groups and credentials of every world.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Seed {
    /// The world of OneBot.
    #[serde(default)]
    pub onebot: onebot::Seed,
}

/// Text that is no seed; says where and why.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadSeed(String);

impl Seed {
    /// Reads a seed file (TOML). What it leaves out is as in the built-in seed.
    ///
    /// # Errors
    /// The text is not TOML, or has something in it that no world knows.
    pub fn from_toml(text: &str) -> Result<Self, BadSeed> {
        toml::from_str(text).map_err(|error| BadSeed(error.to_string()))
    }
}
