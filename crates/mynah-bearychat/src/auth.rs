//! Credentials, for both sides: the token of a hubot, and the address of an incoming hook.

use std::fmt;

use http::Uri;
use mynah_core::{Auth, Cx, Error, HttpRequest, Stamp, Step, put_in_query};

use crate::id::{TeamId, is_object_id};

mynah_core::secrets! {
    /// The RTM token that a team issues for a hubot
    /// (<https://github.com/bearyinnovative/OpenAPI/blob/master/api/README.md>): every call is made
    /// in the name of that user. It neither ends nor can it be renewed. `Debug` does not show it,
    /// and comparing it takes the same time wherever the two differ.
    pub struct Token, compared by mynah_crypto::equal;

    /// The last part of the address of an incoming hook: whoever has it can post. `Debug` does not
    /// show it, and comparing it takes the same time wherever the two differ.
    pub struct HookToken, compared by mynah_crypto::equal;

    /// The address of a connection: whoever has it within five minutes connects. `Debug` does not
    /// show it, and comparing it takes the same time wherever the two differ.
    pub struct WsHost, compared by mynah_crypto::equal;
}

/// The parameter that the token stands in.
pub const TOKEN: &str = "token";

impl Auth for Token {
    /// The token goes into the query, whatever the method is.
    fn authorize(&mut self, request: &mut HttpRequest, _: Cx) -> Result<Step, Error> {
        put_in_query(request, "bearychat.auth", &[(TOKEN, self.expose())])?;
        Ok(Step::Ready(Stamp::default()))
    }
}

/// The address of an incoming hook, which is its credential:
/// `https://hook.bearychat.com/=bw52O/incoming/secret`
/// (<https://github.com/bearyinnovative/bearychat-docs/blob/master/tutorials/markdown/incoming.md>).
///
/// ```
/// use mynah_bearychat::IncomingHook;
///
/// let hook = IncomingHook::of("https://hook.bearychat.com/=bw52O/incoming/secret")?;
/// assert_eq!(hook.team_id.as_str(), "=bw52O");
/// assert_eq!(format!("{hook:?}"), "IncomingHook(=bw52O, …)");
/// # Ok::<(), mynah_core::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct IncomingHook {
    /// Whose hook it is.
    pub team_id: TeamId,
    /// What lets its holder post.
    pub token: HookToken,
}

/// The path of the endpoint, which stands in the middle of the address.
pub(crate) const INCOMING: &str = "/incoming";

impl IncomingHook {
    /// The hook of this team with this token.
    ///
    /// # Errors
    /// One of them cannot stand in an address.
    pub fn new(team_id: impl Into<TeamId>, token: impl Into<HookToken>) -> Result<Self, Error> {
        let (team_id, token) = (team_id.into(), token.into());
        if !is_object_id(team_id.as_str()) {
            return Err(invalid("team_id: must be = and letters or digits"));
        }
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~=".contains(&byte);
        if token.is_empty() || !token.expose().bytes().all(plain) {
            return Err(invalid("token: must be letters, digits and any of -_.~="));
        }
        Ok(Self { team_id, token })
    }

    /// The hook at an address, or at the path of one.
    ///
    /// # Errors
    /// It is not the address of an incoming hook. The address is not told.
    pub fn of(address: &str) -> Result<Self, Error> {
        let problem = || invalid("the address is not that of an incoming hook");
        let uri: Uri = address.parse().map_err(|_| problem())?;
        let (team_id, token) = in_path(uri.path()).ok_or_else(problem)?;
        Self::new(team_id, token)
    }

    /// The path of its address below the base: `/{team_id}/incoming/{token}`. Keep it out of logs.
    pub fn path(&self) -> String {
        [
            "/",
            self.team_id.as_str(),
            INCOMING,
            "/",
            self.token.expose(),
        ]
        .concat()
    }
}

fn invalid(problem: &str) -> Error {
    Error::invalid("bearychat.auth", problem)
}

/// Server side: the team and the token in the path of a hook's address, whatever stands before
/// them.
pub fn in_path(path: &str) -> Option<(&str, &str)> {
    let (rest, token) = path.rsplit_once('/')?;
    let team_id = rest.strip_suffix(INCOMING)?.rsplit('/').next()?;
    (!token.is_empty() && !team_id.is_empty()).then_some((team_id, token))
}

impl fmt::Debug for IncomingHook {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "IncomingHook({}, …)", self.team_id)
    }
}

impl Auth for IncomingHook {
    /// The path of the endpoint becomes that of the address.
    fn authorize(&mut self, request: &mut HttpRequest, _: Cx) -> Result<Step, Error> {
        let problem = || invalid("the address of the hook does not fit");
        let path = request.uri().path();
        let base = path.strip_suffix(INCOMING).ok_or_else(problem)?;
        let path = format!("{base}{}", self.path());
        let mut parts = request.uri().clone().into_parts();
        parts.path_and_query = Some(path.parse().map_err(|_| problem())?);
        *request.uri_mut() = Uri::from_parts(parts).map_err(|_| problem())?;
        Ok(Step::Ready(Stamp::default()))
    }
}
