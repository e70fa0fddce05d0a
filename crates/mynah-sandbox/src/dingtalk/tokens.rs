//! The token of the application, and the codes of people who have signed in.

use std::collections::BTreeMap;

use mynah_core::ApiError;
use mynah_dingtalk::UserId;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::limits;
use super::refusal::refuse;
use super::world::DingTalkWorld;
use crate::frame::{Framed as _, trim};
use crate::world::Time;

/// The tokens that were given out, expired ones included, and until when they are good.
///
/// There is one application, and it has one good token at a time, whichever of the three calls it
/// asked.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Tokens(BTreeMap<String, Time>);

/// Why a token is not accepted. What is answered differs between the interfaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unaccepted {
    Missing,
    /// Nobody was given it, or it was revoked.
    Unknown,
    Expired,
}

impl Tokens {
    /// The token that is good now, which lives from now on as long as a new one.
    pub(super) fn renew(&mut self, now: Time) -> Option<String> {
        let (text, until) = self.0.iter_mut().find(|(_, until)| now < **until)?;
        *until = end(now);
        Some(text.clone())
    }

    /// Gives a new token out.
    pub(super) fn issue(&mut self, text: String, now: Time) {
        self.0.insert(text, end(now));
        trim(&mut self.0, limits::TOKENS, |until| *until);
    }

    /// Whether a token is good.
    ///
    /// # Errors
    /// Why not.
    pub(super) fn check(&self, text: &str, now: Time) -> Result<(), Unaccepted> {
        match self.0.get(text) {
            _ if text.is_empty() => Err(Unaccepted::Missing),
            Some(until) if now < *until => Ok(()),
            Some(_) => Err(Unaccepted::Expired),
            None => Err(Unaccepted::Unknown),
        }
    }

    /// Ends the life of all tokens.
    pub(super) fn expire(&mut self, now: Time) {
        for until in self.0.values_mut() {
            *until = (*until).min(now);
        }
    }

    /// Takes all tokens back, so that nobody was given them.
    pub(super) fn revoke(&mut self) {
        self.0.clear();
    }
}

fn end(now: Time) -> Time {
    Time(now.0.saturating_add(limits::TOKEN_MS))
}

/// The codes that people who have signed in bring along, and until when they are good.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Visits(BTreeMap<String, (UserId, Time)>);

impl DingTalkWorld {
    /// Takes all tokens back that were given out: they are not known any more.
    pub fn revoke_tokens(&mut self) {
        self.state.tokens.revoke();
    }

    /// The code that a person brings along who has signed in, for one call within 5 minutes.
    pub(super) fn sign_in(&mut self, who: &UserId) -> Value {
        let code = self.state.hex(32);
        let until = self.later(limits::VISIT_MS);
        let visits = &mut self.state.visits.0;
        visits.insert(code.clone(), (who.clone(), until));
        trim(visits, limits::ISSUED, |(_, until)| *until);
        json!({ "code": code })
    }

    /// Who has brought this code along, which is used up
    /// (40078 for one that is unknown, used or too old).
    pub(super) fn take_visit(&mut self, path: &str, code: &str) -> Result<UserId, ApiError> {
        let now = self.state.now;
        let visits = &mut self.state.visits.0;
        if visits.get(code).is_some_and(|(_, until)| now < *until)
            && let Some((who, _)) = visits.remove(code)
        {
            return Ok(who);
        }
        Err(refuse(path, 40078))
    }
}
