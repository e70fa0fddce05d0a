//! The token of the application.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::limits;
use super::state::trim;
use crate::world::Time;

/// The tokens that were given out, expired ones included.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Tokens(BTreeMap<String, Time>);

/// Why a token is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unaccepted {
    Missing,
    Unknown,
    Expired,
}

impl Tokens {
    /// Gives a new token out.
    pub(super) fn issue(&mut self, text: String, now: Time) {
        let until = Time(now.0.saturating_add(limits::TOKEN_MS));
        self.0.insert(text, until);
        trim(&mut self.0, limits::TOKENS, |until| *until);
    }

    /// Whether a token is good now.
    ///
    /// # Errors
    /// There is none, nobody was given it, or it has expired.
    pub(super) fn check(&self, text: &str, now: Time) -> Result<(), Unaccepted> {
        if text.is_empty() {
            return Err(Unaccepted::Missing);
        }
        let until = self.0.get(text).ok_or(Unaccepted::Unknown)?;
        if now < *until {
            Ok(())
        } else {
            Err(Unaccepted::Expired)
        }
    }

    /// Ends the life of all tokens.
    pub(super) fn expire(&mut self, now: Time) {
        for until in self.0.values_mut() {
            *until = (*until).min(now);
        }
    }
}
