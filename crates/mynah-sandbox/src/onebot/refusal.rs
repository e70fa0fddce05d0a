//! Why something was not done, for calls and for people alike.

use mynah_core::ApiError;
use mynah_onebot::retcode;

use crate::world::Rejected;

/// Why something was not done. Nothing has changed.
///
/// The bot hears it as a return code, a person as a status of the control API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    kind: Kind,
    /// The parameter that is wrong.
    field: &'static str,
    /// What is wrong with it.
    problem: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The parameter is not what it should be.
    Bad,
    /// What it names is unknown or out of sight.
    Missing,
    /// It exists, but one may not or cannot do this with it.
    Forbidden,
}

impl Refusal {
    pub(super) fn bad(field: &'static str, problem: impl Into<String>) -> Self {
        Self::new(Kind::Bad, field, problem)
    }

    pub(super) fn missing(field: &'static str, problem: impl Into<String>) -> Self {
        Self::new(Kind::Missing, field, problem)
    }

    pub(super) fn forbidden(field: &'static str, problem: impl Into<String>) -> Self {
        Self::new(Kind::Forbidden, field, problem)
    }

    fn new(kind: Kind, field: &'static str, problem: impl Into<String>) -> Self {
        Self {
            kind,
            field,
            problem: problem.into(),
        }
    }

    /// The same, where a thing out of sight counts as one that is out of reach.
    pub(super) fn out_of_reach(self) -> Self {
        match self.kind {
            Kind::Missing => Self {
                kind: Kind::Forbidden,
                ..self
            },
            Kind::Bad | Kind::Forbidden => self,
        }
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let code = match refusal.kind {
            Kind::Bad => retcode::BAD_PARAMETER,
            Kind::Missing => retcode::NOT_FOUND,
            Kind::Forbidden => retcode::FAILED,
        };
        Self::new(code, format!("`{}`: {}", refusal.field, refusal.problem))
    }
}

impl From<Refusal> for Rejected {
    fn from(refusal: Refusal) -> Self {
        // The control API speaks of things, the bot's calls of their ids.
        let field = match refusal.field {
            "group_id" => "group",
            "user_id" => "target",
            "message_id" => "message",
            other => other,
        };
        match refusal.kind {
            Kind::Bad => Self::bad(field, refusal.problem),
            Kind::Missing => Self::missing(field, refusal.problem),
            Kind::Forbidden => Self::forbidden(field, refusal.problem),
        }
    }
}
