//! What can go wrong with a call, and what the caller may do about it.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Map, Value};

use crate::codec::BadParameters;
use crate::quota::Quota;

/// Why a call failed.
///
/// One type for every call: [`kind`](Self::kind) says what to do next,
/// [`api`](Self::api) gives the platform's own code and words, and
/// [`endpoint`](Self::endpoint) names the call. Cheap to clone, so that all
/// who waited for one thing can be told the same.
#[derive(Clone)]
pub struct Error(Arc<Inner>);

struct Inner {
    endpoint: Cow<'static, str>,
    cause: Cause,
    quota: Option<Quota>,
}

#[derive(Debug, thiserror::Error)]
enum Cause {
    #[error("{0}")]
    Invalid(String),
    #[error("the platform refused the call: {0}")]
    Api(ApiError, ErrorKind),
    #[error("no call is left of {limit}; there are new ones in {} s", wait.as_secs_f64().ceil())]
    Spent { limit: u64, wait: Duration },
    #[error("{0}")]
    Transport(TransportError),
    #[error("the answer could not be read: {problem}")]
    Decode { problem: String, body: Bytes },
}

/// What a failed call means for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request could not be built from what was given; nothing was sent.
    Invalid,
    /// The platform does not accept the credential, a fresh one included.
    Unauthorized,
    /// Too many calls; [`Error::retry_after`] may say for how long to wait. Either the platform
    /// said so, or the call was not even sent, for it had said before that none is left.
    Throttled,
    /// The platform stumbled; the same call may work later.
    Unavailable,
    /// The platform understood the call and said no.
    Refused,
    /// No connection came about; nothing was sent.
    Unreachable,
    /// The call was sent and no answer came: it may or may not have been done.
    OutcomeUnknown,
    /// An answer came that does not have the documented form.
    Decode,
}

impl Error {
    /// An error of the caller's: `problem` names the field and the limit.
    pub fn invalid(endpoint: impl Into<Cow<'static, str>>, problem: impl Into<String>) -> Self {
        Self::new(endpoint, Cause::Invalid(problem.into()))
    }

    /// A refusal in the platform's own words.
    pub fn refused(
        endpoint: impl Into<Cow<'static, str>>,
        error: ApiError,
        verdict: Verdict,
    ) -> Self {
        let kind = match verdict {
            Verdict::Unauthorized => ErrorKind::Unauthorized,
            Verdict::Throttled(_) => ErrorKind::Throttled,
            Verdict::Transient => ErrorKind::Unavailable,
            Verdict::Permanent => ErrorKind::Refused,
        };
        Self::new(endpoint, Cause::Api(error, kind))
    }

    /// A call that was not sent, because the platform said that it takes no more of them for
    /// `wait`.
    pub fn spent(endpoint: impl Into<Cow<'static, str>>, quota: Quota, wait: Duration) -> Self {
        let limit = quota.limit;
        Self::new(endpoint, Cause::Spent { limit, wait }).with_quota(Some(quota))
    }

    /// What the transport reported.
    pub fn transport(endpoint: impl Into<Cow<'static, str>>, error: TransportError) -> Self {
        Self::new(endpoint, Cause::Transport(error))
    }

    /// An answer whose form is not the documented one; `body` is kept.
    pub fn decode(
        endpoint: impl Into<Cow<'static, str>>,
        problem: impl fmt::Display,
        body: Bytes,
    ) -> Self {
        Self::new(
            endpoint,
            Cause::Decode {
                problem: problem.to_string(),
                body,
            },
        )
    }

    fn new(endpoint: impl Into<Cow<'static, str>>, cause: Cause) -> Self {
        Self(Arc::new(Inner {
            endpoint: endpoint.into(),
            cause,
            quota: None,
        }))
    }

    /// The same with what the platform said of its quota.
    #[must_use]
    pub fn with_quota(self, quota: Option<Quota>) -> Self {
        match Arc::try_unwrap(self.0) {
            Ok(inner) => Self(Arc::new(Inner { quota, ..inner })),
            // Others were told already, without it.
            Err(shared) => Self(shared),
        }
    }

    /// The name of the call, such as `onebot.send_msg`.
    pub fn endpoint(&self) -> &str {
        &self.0.endpoint
    }

    /// What this means for the caller.
    pub fn kind(&self) -> ErrorKind {
        match &self.0.cause {
            Cause::Invalid(_) => ErrorKind::Invalid,
            Cause::Api(_, kind) => *kind,
            Cause::Spent { .. } => ErrorKind::Throttled,
            Cause::Transport(error) if error.sent => ErrorKind::OutcomeUnknown,
            Cause::Transport(_) => ErrorKind::Unreachable,
            Cause::Decode { .. } => ErrorKind::Decode,
        }
    }

    /// Whether the same call may succeed later without anything being changed.
    pub fn is_temporary(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::Throttled
                | ErrorKind::Unavailable
                | ErrorKind::Unreachable
                | ErrorKind::OutcomeUnknown
        )
    }

    /// How long the platform asks to wait before the next try.
    pub fn retry_after(&self) -> Option<Duration> {
        match &self.0.cause {
            Cause::Api(error, _) => error.retry_after,
            Cause::Spent { wait, .. } => Some(*wait),
            Cause::Invalid(_) | Cause::Transport(_) | Cause::Decode { .. } => None,
        }
    }

    /// How many calls are left, where the platform says so: with its refusal, or before it, if
    /// the call was not sent for that reason.
    pub fn quota(&self) -> Option<Quota> {
        self.0.quota
    }

    /// The platform's refusal, if that is what this is.
    pub fn api(&self) -> Option<&ApiError> {
        match &self.0.cause {
            Cause::Api(error, _) => Some(error),
            _ => None,
        }
    }

    /// The HTTP status of the refusal, if there was one.
    pub fn status_code(&self) -> Option<u16> {
        self.api().map(|error| error.status)
    }

    /// The body of an answer that could not be read.
    pub fn body(&self) -> Option<&Bytes> {
        match &self.0.cause {
            Cause::Decode { body, .. } => Some(body),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.endpoint, self.0.cause)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("endpoint", &self.endpoint())
            .field("kind", &self.kind())
            .field("message", &format_args!("{}", self.0.cause))
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.cause {
            Cause::Transport(error) => error.source(),
            _ => None,
        }
    }
}

/// A platform's refusal: its code, its words, unchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// The HTTP status it came with; 200 where the platform puts errors into bodies.
    pub status: u16,
    /// The platform's code.
    pub code: Code,
    /// The platform's words; empty when it said nothing.
    pub message: String,
    /// How long the platform asks to wait.
    pub retry_after: Option<Duration>,
    /// What else the platform said, such as which recipients are unknown.
    pub details: Option<Box<Map<String, Value>>>,
}

impl ApiError {
    /// A refusal that came in the body of a 200.
    pub fn new(code: impl Into<Code>, message: impl Into<String>) -> Self {
        Self {
            status: 200,
            code: code.into(),
            message: message.into(),
            retry_after: None,
            details: None,
        }
    }

    /// A refusal that is an HTTP status, its code being that status.
    pub fn http(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            ..Self::new(i64::from(status), message)
        }
    }

    /// The same with another HTTP status.
    #[must_use]
    pub fn with_status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// The same with more of what the platform said.
    #[must_use]
    pub fn with_details(self, details: Map<String, Value>) -> Self {
        Self {
            details: (!details.is_empty()).then(|| Box::new(details)),
            ..self
        }
    }

    /// The same with a wait.
    #[must_use]
    pub fn with_retry_after(self, wait: Option<Duration>) -> Self {
        Self {
            retry_after: wait,
            ..self
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.message.is_empty(), self.status) {
            (true, 200) => write!(f, "code {}", self.code),
            (true, status) => write!(f, "HTTP {status}, code {}", self.code),
            (false, 200) => write!(f, "{} ({})", self.message, self.code),
            (false, status) => write!(f, "{} ({}, HTTP {status})", self.message, self.code),
        }
    }
}

impl std::error::Error for ApiError {}

/// A platform's error code: a number with most, a word with some.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// Such as `40001`.
    Number(i64),
    /// Such as `InvalidAuthentication`.
    Word(String),
}

impl Code {
    /// The number, if it is one.
    pub fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Word(_) => None,
        }
    }
}

impl From<i64> for Code {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<String> for Code {
    fn from(word: String) -> Self {
        Self::Word(word)
    }
}

impl From<&str> for Code {
    fn from(word: &str) -> Self {
        Self::Word(word.to_owned())
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Word(word) => word.fmt(f),
        }
    }
}

/// What a refusal means for the next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The credential was refused; renew it and try once more.
    Unauthorized,
    /// Too many calls; wait this long if the platform said so. The call was not carried out.
    Throttled(Option<Duration>),
    /// The platform stumbled; the same call may work later.
    Transient,
    /// Trying again cannot help.
    Permanent,
}

/// Why bytes could not be carried to the platform and back.
#[derive(Clone, Debug)]
pub struct TransportError {
    /// Whether the request may have reached the platform.
    pub sent: bool,
    message: Cow<'static, str>,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl TransportError {
    /// Nothing was sent: trying again is safe.
    pub fn not_sent(message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            sent: false,
            message: message.into(),
            source: None,
        }
    }

    /// The request may have arrived: the outcome is unknown.
    pub fn sent(message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            sent: true,
            message: message.into(),
            source: None,
        }
    }

    /// The same with the error underneath, which must not contain a secret.
    #[must_use]
    pub fn because(self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self {
            source: Some(Arc::new(source)),
            ..self
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        // Causes are short ("connection refused") and make the sentence whole.
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn std::error::Error + 'static))
    }
}

impl TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(self)
    }
}

impl From<BadParameters> for ApiError {
    fn from(bad: BadParameters) -> Self {
        Self::http(400, bad.to_string())
    }
}
