//! What the platform and a receiver know.

use std::fmt;

use mynah_crypto::equal;

use crate::auth::Token;

mynah_core::secrets! {
    /// What an outgoing hook shows so that its receiver knows it. `Debug` does not show it, and
    /// comparing it takes the same time wherever the two differ.
    pub struct OutgoingToken, compared by mynah_crypto::equal;
}

/// What a receiver knows: the tokens of outgoing hooks, those of hubots, or both where one address
/// takes both. `Debug` shows how many there are.
///
/// ```
/// use mynah_bearychat::hook::HookSecret;
///
/// let secret = HookSecret::outgoing("one").and_outgoing("two").and_hubot("sandbox-token");
/// assert_eq!(format!("{secret:?}"), "HookSecret { outgoing: 2, hubots: 1 }");
/// ```
#[derive(Clone)]
pub struct HookSecret {
    outgoing: Vec<OutgoingToken>,
    hubots: Vec<Token>,
}

impl HookSecret {
    /// For the outgoing hook with this token.
    pub fn outgoing(token: impl Into<OutgoingToken>) -> Self {
        Self {
            outgoing: vec![token.into()],
            hubots: Vec::new(),
        }
    }

    /// For the hubot with this token.
    pub fn hubot(token: impl Into<Token>) -> Self {
        Self {
            outgoing: Vec::new(),
            hubots: vec![token.into()],
        }
    }

    /// One more outgoing hook comes to this address.
    #[must_use]
    pub fn and_outgoing(mut self, token: impl Into<OutgoingToken>) -> Self {
        self.outgoing.push(token.into());
        self
    }

    /// One more hubot comes to this address.
    #[must_use]
    pub fn and_hubot(mut self, token: impl Into<Token>) -> Self {
        self.hubots.push(token.into());
        self
    }

    pub(super) fn outgoing_token(&self, robot: usize) -> &str {
        self.outgoing.get(robot).map_or("", OutgoingToken::expose)
    }

    pub(super) fn hubot_token(&self, robot: usize) -> &str {
        self.hubots.get(robot).map_or("", Token::expose)
    }

    pub(super) fn outgoing_robot(&self, token: &str) -> Option<usize> {
        place(self.outgoing.iter().map(OutgoingToken::expose), token)
    }

    pub(super) fn hubot_robot(&self, token: &str) -> Option<usize> {
        place(self.hubots.iter().map(Token::expose), token)
    }
}

/// Compares with every token, so that the time does not tell which one it is. Nobody is known by
/// an empty one.
fn place<'a>(known: impl Iterator<Item = &'a str>, token: &str) -> Option<usize> {
    let mut found = None;
    for (place, known) in known.enumerate() {
        if equal(known.as_bytes(), token.as_bytes()) && !known.is_empty() {
            found = found.or(Some(place));
        }
    }
    found
}

impl fmt::Debug for HookSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HookSecret")
            .field("outgoing", &self.outgoing.len())
            .field("hubots", &self.hubots.len())
            .finish()
    }
}
