//! How a command ends.

use std::fmt;
use std::io;
use std::process::ExitCode;

use mynah_bot::{BadConfig, BotError, Platform, dingtalk, wecom};
use mynah_core::{BadUrl, Error, ErrorKind};

use crate::explain;

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
    advice: Vec<String>,
    reader_gone: bool,
}

impl Failure {
    fn new(exit: Exit, words: impl Into<String>) -> Self {
        Self {
            exit,
            words: words.into(),
            advice: Vec::new(),
            reader_gone: false,
        }
    }

    /// The command line is wrong.
    pub(crate) fn usage(words: impl Into<String>) -> Self {
        Self::new(Exit::Usage, words)
    }

    /// The configuration is wrong.
    pub(crate) fn configuration(words: impl Into<String>) -> Self {
        Self::new(Exit::Configuration, words)
    }

    /// The platform understood and refused.
    pub(crate) fn refused(words: impl Into<String>) -> Self {
        Self::new(Exit::Refused, words)
    }

    /// What has words and an end of its own.
    pub(crate) fn ending(exit: Exit, words: impl Into<String>) -> Self {
        Self::new(exit, words)
    }

    /// Anything else.
    pub(crate) fn other(error: impl fmt::Display) -> Self {
        Self::new(Exit::Failed, error.to_string())
    }

    /// What was to be printed could not be. If whoever read it has seen enough, as `head` has
    /// after ten lines, nothing went wrong.
    #[allow(clippy::needless_pass_by_value)]
    pub(crate) fn written(error: io::Error) -> Self {
        Self {
            reader_gone: error.kind() == io::ErrorKind::BrokenPipe,
            ..Self::other(error)
        }
    }

    /// What may help, on a line of its own.
    #[must_use]
    pub(crate) fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice.push(advice.into());
        self
    }

    /// The exit code.
    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }

    /// Whether nothing failed but that nobody reads any more.
    pub(crate) fn is_end_of_reading(&self) -> bool {
        self.reader_gone
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)?;
        for advice in &self.advice {
            write!(f, "\n  {advice}")?;
        }
        Ok(())
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
        let failure = Self::new(Exit::from(&error), error.to_string());
        next_steps(&error).into_iter().fold(failure, Self::advise)
    }
}

/// What to do next after a call that failed.
fn next_steps(error: &Error) -> Vec<String> {
    let mut steps = Vec::new();
    let (platform, name) = error.endpoint().split_once('.').unwrap_or_default();
    if let Some(api) = error.api()
        && Platform::ALL.iter().any(|one| one.name() == platform)
    {
        steps.extend(explain::advice(platform, api));
        let code = &api.code;
        steps.push(format!(
            "`mynah explain {platform} {code}` tells what that means and what to do"
        ));
    }
    match error.kind() {
        ErrorKind::Invalid if !name.is_empty() => {
            steps.push(format!(
                "`mynah call {platform} {name} --help` lists the parameters"
            ));
        }
        ErrorKind::Unauthorized => {
            steps.push("`mynah doctor` checks the accounts of mynah.toml".to_owned());
        }
        ErrorKind::Throttled | ErrorKind::Unavailable => {
            steps.extend(error.retry_after().map(|wait| {
                let seconds = wait.as_secs_f64().ceil();
                format!("try again in {seconds} s")
            }));
        }
        ErrorKind::Unreachable => steps.push(
            "nothing was sent; look at the address, and whether the server runs (`mynah doctor` \
             checks the accounts of mynah.toml)"
                .to_owned(),
        ),
        ErrorKind::OutcomeUnknown => steps.push(
            "it was sent, and may have been carried out: look before you send it again".to_owned(),
        ),
        ErrorKind::Decode => {
            steps.push("with --raw the answer is printed as it is".to_owned());
        }
        _ => {}
    }
    steps
}

impl From<BotError> for Failure {
    fn from(error: BotError) -> Self {
        let inner = error.inner();
        if let Some(error) = inner.downcast_ref::<Error>() {
            Self::from(error.clone())
        } else if let Some(error) = inner.downcast_ref::<BadConfig>() {
            Self::from(error.clone())
        } else if inner.is::<wecom::Unreached>() || inner.is::<dingtalk::Unreached>() {
            Self::refused(error.to_string())
                .advise("those named do not exist, or the application may not write to them")
        } else {
            Self::other(error)
        }
    }
}

impl From<BadUrl> for Failure {
    fn from(error: BadUrl) -> Self {
        Self::configuration(error.to_string())
    }
}

impl From<BadConfig> for Failure {
    fn from(error: BadConfig) -> Self {
        Self::configuration(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

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

    #[test]
    fn every_failed_call_says_what_to_do_next() {
        let told = |error| Failure::from(error).to_string();
        let refused = |verdict| Error::refused("wecom.x", ApiError::new(45009, "no"), verdict);
        for (error, words) in [
            (
                Error::invalid("onebot.send_msg", "x"),
                "`mynah call onebot send_msg --help`",
            ),
            (refused(Verdict::Permanent), "`mynah explain wecom 45009`"),
            (refused(Verdict::Unauthorized), "`mynah doctor`"),
            (
                Error::refused(
                    "wecom.x",
                    ApiError::new(45009, "no").with_retry_after(Some(Duration::from_millis(1500))),
                    Verdict::Throttled(None),
                ),
                "try again in 2 s",
            ),
            (
                Error::transport("wecom.x", TransportError::not_sent("")),
                "nothing was sent",
            ),
            (
                Error::transport("wecom.x", TransportError::sent("")),
                "look before you send it again",
            ),
            (Error::decode("wecom.x", "x", "x".into()), "--raw"),
        ] {
            let told = told(error);
            assert!(told.contains("\n  ") && told.contains(words), "{told}");
        }
    }

    #[test]
    fn who_has_read_enough_is_no_failure() {
        let gone = Failure::written(io::ErrorKind::BrokenPipe.into());
        assert!(gone.is_end_of_reading());
        assert!(!Failure::written(io::ErrorKind::StorageFull.into()).is_end_of_reading());
    }
}
