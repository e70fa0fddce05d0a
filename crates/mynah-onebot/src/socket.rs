//! The WebSockets of OneBot 11 as machines, without a socket or a clock: what
//! a framework runs ([`FrameworkSession`]) and what an implementation runs
//! ([`ImplementationSession`]).
//!
//! Who dialled does not matter to the frames. In *forward* direction the
//! framework dials ([`Forward`]), in *reverse* direction the implementation
//! does and the framework accepts ([`Reverse`]).

mod framework;
mod handshake;
mod implementation;

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

pub use framework::{Counters, FrameworkSession, Limits};
pub use handshake::{Forward, Reverse};
pub use implementation::{Call, Echo, ImplementationSession};

use crate::platform::retcode;

/// What a connection carries.
///
/// The header `X-Client-Role` of a reverse connection, or the path of a
/// forward one
/// (<https://github.com/botuniverse/onebot-11/blob/master/communication/ws-reverse.md>).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Role {
    /// Calls only, never events.
    Api,
    /// Events only; frames from the framework are ignored.
    Event,
    /// Both.
    #[default]
    Universal,
}

impl Role {
    /// Whether actions can be called over it.
    pub const fn carries_calls(self) -> bool {
        matches!(self, Self::Api | Self::Universal)
    }

    /// Whether events come over it.
    pub const fn carries_events(self) -> bool {
        matches!(self, Self::Event | Self::Universal)
    }

    /// As it is written in `X-Client-Role`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Api => "API",
            Self::Event => "Event",
            Self::Universal => "Universal",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    /// In any case: Lagrange writes `Api`, aiocqhttp lowers before it compares.
    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        [Self::Api, Self::Event, Self::Universal]
            .into_iter()
            .find(|role| role.as_str().eq_ignore_ascii_case(text))
            .ok_or(UnknownRole)
    }
}

/// Text that is none of `API`, `Event` and `Universal`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("X-Client-Role: must be API, Event or Universal")]
pub struct UnknownRole;

/// The HTTP status of which `code` is the twin in a frame.
fn status_of(code: i64) -> Option<u16> {
    Some(match code {
        retcode::BAD_REQUEST => 400,
        retcode::UNAUTHORIZED => 401,
        retcode::FORBIDDEN => 403,
        retcode::NO_SUCH_ACTION => 404,
        _ => return None,
    })
}

/// Reads a JSON object. Derived readers alone would take an array for a
/// struct as well.
fn object<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Option<T> {
    bytes.trim_ascii_start().starts_with(b"{").then_some(())?;
    serde_json::from_slice(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_read_in_any_case() {
        for (text, role) in [
            ("Universal", Role::Universal),
            ("universal", Role::Universal),
            ("API", Role::Api),
            ("Api", Role::Api),
            ("EVENT", Role::Event),
        ] {
            assert_eq!(text.parse(), Ok(role), "{text}");
        }
        assert_eq!("Other".parse::<Role>(), Err(UnknownRole));
        assert_eq!("".parse::<Role>(), Err(UnknownRole));
    }

    #[test]
    fn an_array_is_no_object() {
        assert_eq!(object::<(u8,)>(b"[1]"), None);
        assert!(object::<serde_json::Value>(b" {}").is_some());
    }
}
