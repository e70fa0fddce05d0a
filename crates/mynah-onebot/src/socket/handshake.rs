//! How a framework comes to its connections.

use std::time::Instant;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderMap, Request, StatusCode, Uri};
use mynah_core::{Accepted, Acceptor, BaseUrl, Cx, Dial, Dialer, Error, HttpResponse};

use super::{FrameworkSession, Limits, Role};
use crate::auth::AccessToken;

/// Dials an implementation: forward WebSocket.
///
/// ```
/// use mynah_onebot::AccessToken;
/// use mynah_onebot::socket::{Forward, Role};
///
/// let url = "ws://127.0.0.1:6700".parse()?;
/// let dialer = Forward::new(&url, Role::Universal, AccessToken::new("sandbox-token")?)?;
/// assert_eq!(dialer.uri(), "ws://127.0.0.1:6700/");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Forward {
    uri: Uri,
    role: Role,
    token: AccessToken,
    limits: Limits,
}

impl Forward {
    /// The connection of this role below `url`: `/api`, `/event`, or `/` for both
    /// (<https://github.com/botuniverse/onebot-11/blob/master/communication/ws.md>).
    ///
    /// # Errors
    /// The url does not begin with `ws://` or `wss://`.
    pub fn new(url: &BaseUrl, role: Role, token: AccessToken) -> Result<Self, Error> {
        let path = match role {
            Role::Api => "/api",
            Role::Event => "/event",
            Role::Universal => "/",
        };
        let invalid = |problem: String| Error::invalid("onebot.socket", problem);
        let uri = url
            .join(path, "")
            .map_err(|error| invalid(error.to_string()))?;
        if !matches!(uri.scheme_str(), Some("ws" | "wss")) {
            return Err(invalid("url: must begin with ws:// or wss://".to_owned()));
        }
        Ok(Self {
            uri,
            role,
            token,
            limits: Limits::default(),
        })
    }

    /// Other limits than the default ones.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Where it connects to.
    pub fn uri(&self) -> &Uri {
        &self.uri
    }
}

impl Dialer for Forward {
    type Session = FrameworkSession;

    fn dial(&mut self, _: Cx) -> Result<Dial, Error> {
        let mut handshake = Request::new(());
        *handshake.uri_mut() = self.uri.clone();
        if let Some(header) = self.token.header() {
            handshake
                .headers_mut()
                .insert(AUTHORIZATION, header.clone());
        }
        Ok(Dial::Connect(handshake))
    }

    fn open(&mut self, now: Instant) -> FrameworkSession {
        FrameworkSession::new(self.role, self.limits, now)
    }
}

/// Accepts what implementations open to us: reverse WebSocket, one or two
/// connections for each account.
///
/// Takes the paths that aiocqhttp and NoneBot2 document, so that nobody has to
/// change the settings of an implementation: `/`, `/ws`, `/ws/api`,
/// `/ws/event`, `/onebot/v11`, `/onebot/v11/ws`, each with or without a slash
/// at the end. `X-Self-ID` names the account. `X-Client-Role` names the role;
/// where it is missing the path does, except that `/` and `/ws` do not.
#[derive(Clone, Debug)]
pub struct Reverse {
    token: AccessToken,
    limits: Limits,
}

impl Reverse {
    /// Accepts whoever knows the token.
    pub fn new(token: AccessToken) -> Self {
        Self {
            token,
            limits: Limits::default(),
        }
    }

    /// Other limits than the default ones.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }
}

/// The longest `X-Self-ID` that is taken.
const LONGEST_ACCOUNT: usize = 64;

impl Acceptor for Reverse {
    type Session = FrameworkSession;

    fn accept(
        &self,
        handshake: &Request<()>,
        now: Instant,
    ) -> Result<Accepted<FrameworkSession>, HttpResponse> {
        let path = Path::of(handshake.uri().path()).ok_or_else(|| {
            refusal(
                StatusCode::NOT_FOUND,
                "the path should be /ws or /onebot/v11/ws",
            )
        })?;
        self.token
            .check_header(handshake.headers())
            .map_err(|error| {
                let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::FORBIDDEN);
                refusal(status, "")
            })?;
        let account = account_in(handshake.headers())?;
        let role = role_in(handshake.headers(), path)?;
        Ok(Accepted {
            account,
            session: FrameworkSession::new(role, self.limits, now),
            calls: role.carries_calls(),
            events: role.carries_events(),
        })
    }
}

fn account_in(headers: &HeaderMap) -> Result<String, HttpResponse> {
    headers
        .get("x-self-id")
        .and_then(|account| account.to_str().ok())
        .map(str::trim)
        .filter(|account| !account.is_empty() && account.len() <= LONGEST_ACCOUNT)
        .map(str::to_owned)
        .ok_or_else(|| refusal(StatusCode::BAD_REQUEST, "X-Self-ID must name the account"))
}

fn role_in(headers: &HeaderMap, path: Path) -> Result<Role, HttpResponse> {
    let role = match headers.get("x-client-role") {
        Some(role) => role.to_str().ok().and_then(|role| role.trim().parse().ok()),
        None => path.role(),
    };
    role.ok_or_else(|| {
        let hint = "X-Client-Role must be API, Event or Universal";
        refusal(StatusCode::BAD_REQUEST, hint)
    })
}

/// The paths that reverse connections come to.
#[derive(Clone, Copy)]
enum Path {
    /// aiocqhttp's, which wants the role in the header.
    Plain,
    Api,
    Event,
    /// NoneBot2's, which does not look at the role.
    NoneBot,
}

impl Path {
    fn of(path: &str) -> Option<Self> {
        Some(match path.strip_suffix('/').unwrap_or(path) {
            "" | "/ws" => Self::Plain,
            "/ws/api" => Self::Api,
            "/ws/event" => Self::Event,
            "/onebot/v11" | "/onebot/v11/ws" => Self::NoneBot,
            _ => return None,
        })
    }

    fn role(self) -> Option<Role> {
        match self {
            Self::Plain => None,
            Self::Api => Some(Role::Api),
            Self::Event => Some(Role::Event),
            Self::NoneBot => Some(Role::Universal),
        }
    }
}

/// The hint is for the person who sets the implementation up.
fn refusal(status: StatusCode, hint: &'static str) -> HttpResponse {
    let mut response = HttpResponse::new(Bytes::from_static(hint.as_bytes()));
    *response.status_mut() = status;
    response
}
