//! How a command ends.

use std::fmt;
use std::process::ExitCode;

use mynah_bot::{BadConfig, BotError, dingtalk, wecom};
use mynah_core::{Error, ErrorKind};

/// The exit codes, so that scripts can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Something failed that has no code of its own.
    Failed = 1,
    /// The command line is wrong.
    Usage = 2,
    /// The configuration is wrong.
    Configuration = 3,
    /// The platform does not accept the credential.
    Authentication = 4,
    /// The platform understood and refused.
    Refused = 5,
    /// It may work later.
    Temporary = 6,
    /// The call was sent and no answer came.
    OutcomeUnknown = 7,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command failed.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    words: String,
}

impl Failure {
    /// The command line is wrong.
    pub(crate) fn usage(words: impl Into<String>) -> Self {
        Self {
            exit: Exit::Usage,
            words: words.into(),
        }
    }

    /// The configuration is wrong.
    pub(crate) fn configuration(words: impl Into<String>) -> Self {
        Self {
            exit: Exit::Configuration,
            words: words.into(),
        }
    }

    /// What has words and an end of its own.
    pub(crate) fn ending(exit: Exit, words: impl Into<String>) -> Self {
        Self {
            exit,
            words: words.into(),
        }
    }

    /// Anything else.
    pub(crate) fn other(error: impl fmt::Display) -> Self {
        Self {
            exit: Exit::Failed,
            words: error.to_string(),
        }
    }

    /// The exit code.
    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl From<&Error> for Exit {
    fn from(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::Invalid => Self::Usage,
            ErrorKind::Unauthorized => Self::Authentication,
            ErrorKind::Throttled | ErrorKind::Unavailable | ErrorKind::Unreachable => {
                Self::Temporary
            }
            ErrorKind::Refused => Self::Refused,
            ErrorKind::OutcomeUnknown => Self::OutcomeUnknown,
            _ => Self::Failed,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let advice = error
            .api()
            .filter(|_| error.endpoint().starts_with("wecom."))
            .and_then(mynah_wecom::hint::advice);
        Self {
            exit: Exit::from(&error),
            words: match advice {
                Some(advice) => format!("{error}\n{advice}"),
                None => error.to_string(),
            },
        }
    }
}

impl From<BotError> for Failure {
    fn from(error: BotError) -> Self {
        let inner = error.inner();
        if let Some(error) = inner.downcast_ref::<Error>() {
            Self::from(error.clone())
        } else if let Some(error) = inner.downcast_ref::<BadConfig>() {
            Self::from(error.clone())
        } else if inner.is::<wecom::Unreached>() || inner.is::<dingtalk::Unreached>() {
            Self {
                exit: Exit::Refused,
                words: error.to_string(),
            }
        } else {
            Self::other(error)
        }
    }
}

impl From<BadConfig> for Failure {
    fn from(error: BadConfig) -> Self {
        Self::configuration(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use mynah_core::{ApiError, TransportError, Verdict};

    use super::*;

    #[test]
    fn every_kind_of_error_has_its_code() {
        let refused = |verdict| Error::refused("x", ApiError::new(103, ""), verdict);
        for (error, exit) in [
            (Error::invalid("x", ""), Exit::Usage),
            (refused(Verdict::Unauthorized), Exit::Authentication),
            (refused(Verdict::Permanent), Exit::Refused),
            (refused(Verdict::Throttled(None)), Exit::Temporary),
            (refused(Verdict::Transient), Exit::Temporary),
            (
                Error::transport("x", TransportError::not_sent("")),
                Exit::Temporary,
            ),
            (
                Error::transport("x", TransportError::sent("")),
                Exit::OutcomeUnknown,
            ),
        ] {
            assert_eq!(Failure::from(error.clone()).exit(), exit);
            assert_eq!(Failure::from(BotError::from(error)).exit(), exit);
        }
        let bad = mynah_bot::Config::parse("x").unwrap_err();
        assert_eq!(
            Failure::from(BotError::from(bad)).exit(),
            Exit::Configuration
        );
    }

    #[test]
    fn a_refusal_comes_with_advice_where_its_words_do_not_tell_enough() {
        let words = "not allow to access from your ip, hint: [1], from ip: 203.0.113.7, more info";
        let refused = |endpoint| {
            let error = ApiError::new(60020, words);
            Failure::from(Error::refused(endpoint, error, Verdict::Permanent)).to_string()
        };
        let told = refused("wecom.user.get");
        assert!(told.contains("Add 203.0.113.7 to the trusted"), "{told}");
        assert!(!refused("onebot.get_msg").contains("trusted"));
    }
}
