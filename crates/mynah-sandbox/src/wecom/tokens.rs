//! The tokens of applications.

use std::collections::BTreeMap;

use mynah_core::ApiError;
use mynah_wecom::AgentId;
use serde::{Deserialize, Serialize};

use super::limits;
use super::refusal::refuse;
use crate::frame::trim;
use crate::world::Time;

/// The tokens that were given out, expired ones included.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Tokens(BTreeMap<String, Token>);

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Token {
    agent: AgentId,
    until: Time,
}

impl Tokens {
    /// The token of an application that is good now, and for how many more seconds.
    pub(super) fn current(&self, agent: AgentId, now: Time) -> Option<(String, i64)> {
        let mut own = self
            .0
            .iter()
            .filter(|(_, it)| it.agent == agent && now < it.until);
        own.next().map(|(text, it)| {
            (
                text.clone(),
                it.until.0.saturating_sub(now.0).div_euclid(1000),
            )
        })
    }

    /// Gives a new token out.
    pub(super) fn issue(&mut self, text: String, agent: AgentId, now: Time) {
        let until = Time(now.0.saturating_add(limits::TOKEN_MS));
        self.0.insert(text, Token { agent, until });
        trim(&mut self.0, limits::TOKENS, |token| token.until);
    }

    /// Whose token it is.
    ///
    /// # Errors
    /// 41001 for none, 40014 for one nobody was given, 42001 for one that has expired.
    pub(super) fn check(&self, text: &str, now: Time) -> Result<AgentId, ApiError> {
        if text.is_empty() {
            return Err(refuse(41001));
        }
        let token = self.0.get(text).ok_or_else(|| refuse(40014))?;
        if now < token.until {
            Ok(token.agent)
        } else {
            Err(refuse(42001))
        }
    }

    /// Ends the life of all tokens.
    pub(super) fn expire(&mut self, now: Time) {
        for token in self.0.values_mut() {
            token.until = token.until.min(now);
        }
    }
}
