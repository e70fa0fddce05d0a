//! Why the world refuses something: in the platform's words for programs, in
//! plain ones for people.

use mynah_bearychat::errors::{self, Thing};
use mynah_core::{ApiError, BadParameters};

use crate::world::Rejected;

/// Why the world refuses something. Nothing has changed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A parameter is missing, or is not what it must be.
    Bad {
        parameter: &'static str,
        problem: &'static str,
    },
    /// What is named is not there.
    Unknown(Thing),
    /// They may not, or nobody may as things are.
    Forbidden(&'static str),
    /// The name belongs to another one.
    Taken,
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Bad { parameter, .. } => errors::invalid(parameter),
            Refusal::Unknown(thing) => errors::not_found(thing),
            Refusal::Forbidden(_) => errors::forbidden(),
            Refusal::Taken => errors::name_taken(),
        }
    }
}

impl Refusal {
    /// The same for people, who gave what is wrong in this field.
    pub(super) fn rejected(self, field: &str) -> Rejected {
        match self {
            Self::Bad { parameter, problem } => Rejected::bad(parameter, problem),
            Self::Unknown(thing) => Rejected::missing(field, no(thing)),
            Self::Forbidden(problem) => Rejected::forbidden(field, problem),
            Self::Taken => Rejected {
                status: 409,
                ..Rejected::bad("name", "is taken")
            },
        }
    }
}

/// That there is no such thing, in plain words.
fn no(thing: Thing) -> &'static str {
    match thing {
        Thing::User => "there is no user of this name or id",
        Thing::Channel => "there is no channel of this name or id",
        Thing::Conversation => "there is no such conversation",
        Thing::Message => "there is no such message",
        Thing::Pin => "there is no such pin",
        Thing::File => "there is no such file",
        Thing::Path => "there is no such call",
    }
}

/// What a person gave that the platform's own check does not let pass.
pub(super) fn rejected(bad: BadParameters, field: &str) -> Rejected {
    let field = bad.field.as_deref().unwrap_or(field);
    Rejected::bad(field, bad.problem)
}
