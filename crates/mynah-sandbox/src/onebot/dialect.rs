//! Answers as particular implementations give them.
//!
//! The table is that of how each differs from the standard: what it answers
//! to an unknown action, to a missing parameter, to what it cannot do, and to
//! who has no token; and which suffixes it knows.

use bytes::Bytes;
use mynah_core::{ApiError, HttpResponse, Platform};
use mynah_onebot::{OneBot, retcode};
use serde_json::Value;

use super::settings::Dialect;

/// How a call came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Channel {
    Http,
    Socket,
}

impl Dialect {
    /// Whether a call may end in `_async`, and runs later then.
    pub(super) fn knows_async(self) -> bool {
        matches!(self, Self::OneBot | Self::CqHttp)
    }

    /// Whether `_async` is taken off and the call carried out at once.
    pub(super) fn ignores_async(self) -> bool {
        self == Self::GoCqHttp
    }

    /// Whether a call may end in `_rate_limited`.
    pub(super) fn knows_rate_limited(self) -> bool {
        matches!(self, Self::OneBot | Self::CqHttp)
    }

    /// The refusal of a call without a token or with a wrong one.
    pub(super) fn unauthorized(self, refusal: ApiError) -> ApiError {
        match self {
            Self::NapCat | Self::LlOneBot => ApiError::http(403, ""),
            Self::OneBot | Self::CqHttp | Self::GoCqHttp | Self::Lagrange => refusal,
        }
    }

    /// The answer to a call of an action that does not exist.
    pub(super) fn unknown_action(self, channel: Channel) -> HttpResponse {
        let words = "there is no such action";
        let answer = |code: i64| OneBot::seal(Err(ApiError::new(code, words)));
        match (self, channel) {
            (Self::OneBot | Self::CqHttp, Channel::Http) => {
                OneBot::seal(Err(ApiError::http(404, words)))
            }
            (Self::LlOneBot, Channel::Http) => {
                let mut response = answer(404);
                *response.status_mut() = mynah_core::http::StatusCode::NOT_FOUND;
                response
            }
            (Self::NapCat, Channel::Http) => answer(200),
            (Self::GoCqHttp | Self::Lagrange, _) => answer(404),
            (_, Channel::Socket) => answer(retcode::NO_SUCH_ACTION),
        }
    }

    /// The answer in this implementation's codes.
    pub(super) fn translate(self, channel: Channel, answer: HttpResponse) -> HttpResponse {
        if matches!(self, Self::OneBot | Self::CqHttp) {
            return answer;
        }
        let Ok(mut envelope) = serde_json::from_slice::<Value>(answer.body()) else {
            return answer;
        };
        if envelope["status"] != "failed" {
            return answer;
        }
        let code = envelope["retcode"].as_i64().unwrap_or_default();
        envelope["retcode"] = self.code(channel, code).into();
        if self == Self::GoCqHttp {
            envelope["msg"] = match code {
                retcode::BAD_PARAMETER => "BAD_PARAMETER".into(),
                _ => "API_ERROR".into(),
            };
        }
        answer.map(|_| Bytes::from(envelope.to_string()))
    }

    fn code(self, channel: Channel, code: i64) -> i64 {
        let bad = code == retcode::BAD_PARAMETER;
        match self {
            Self::OneBot | Self::CqHttp => code,
            Self::GoCqHttp => 100,
            Self::NapCat | Self::LlOneBot => match (bad, channel) {
                (true, Channel::Http) => 400,
                (true, Channel::Socket) => 1400,
                (false, Channel::Http) => 200,
                (false, Channel::Socket) => 1200,
            },
            Self::Lagrange if bad => 200,
            Self::Lagrange => -1,
        }
    }
}
