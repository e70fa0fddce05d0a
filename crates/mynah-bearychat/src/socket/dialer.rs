//! How a program comes to its connection.

use std::fmt;
use std::time::Instant;

use http::{Request, Uri};
use mynah_core::{
    ApiError, Auth, BaseUrl, Cx, Dial, Dialer, Endpoint, Error, HttpRequest, HttpResponse,
    Platform, Verdict, decode_output, encode_request, socket_address,
};

use super::session::{Limits, RtmSession};
use crate::api::rtm::{Start, StartRtm};
use crate::auth::Token;
use crate::types::{RtmStart, User};

/// Dials the connections of a hubot.
///
/// Each begins with a call of start, whose address is good for five minutes and never used again
/// here; whoever drives the dialer needs a transport for that. A token that is refused (401 or
/// 403) is an end of it: there is no use in trying again.
///
/// ```
/// use mynah_bearychat::socket::RtmDialer;
/// use mynah_bearychat::{RTM, Token};
///
/// let dialer = RtmDialer::new(&RTM.parse()?, Token::from("sandbox-token"));
/// assert!(!format!("{dialer:?}").contains("sandbox-token"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct RtmDialer {
    base: BaseUrl,
    service: Service,
    token: Token,
    limits: Limits,
    /// Where to connect to, once.
    address: Option<Uri>,
    /// Whom the token belongs to, as the last start has said.
    me: Option<Box<User>>,
    /// Why there is no use in trying.
    over: Option<Error>,
}

/// Whose start is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Service {
    Rtm,
    OpenApi,
}

impl RtmDialer {
    /// The hubot with this token, by the start of RTM over HTTP: at [`RTM`](crate::RTM) or at a
    /// sandbox. It takes nothing from the hourly quota.
    pub fn new(base: &BaseUrl, token: impl Into<Token>) -> Self {
        Self::at(Service::Rtm, base, token.into())
    }

    /// The same by `rtm.start`: at [`API`](crate::API) or at a sandbox. Each attempt is one of the
    /// calls of the hour.
    pub fn over_openapi(base: &BaseUrl, token: impl Into<Token>) -> Self {
        Self::at(Service::OpenApi, base, token.into())
    }

    fn at(service: Service, base: &BaseUrl, token: Token) -> Self {
        Self {
            base: base.clone(),
            service,
            token,
            limits: Limits::default(),
            address: None,
            me: None,
            over: None,
        }
    }

    /// Other limits than the default ones.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    fn ask(&mut self, cx: Cx) -> Result<HttpRequest, Error> {
        let mut request = match self.service {
            Service::Rtm => encode_request(&self.base, &Start {}),
            Service::OpenApi => encode_request(&self.base, &StartRtm {}),
        }?;
        self.token.authorize(&mut request, cx)?;
        Ok(request)
    }

    fn read(&mut self, response: &HttpResponse) -> Result<RtmStart, Error> {
        match self.service {
            Service::Rtm => self.open::<Start>(response),
            Service::OpenApi => self.open::<StartRtm>(response),
        }
    }

    fn open<E: Endpoint<Output = RtmStart>>(
        &mut self,
        response: &HttpResponse,
    ) -> Result<RtmStart, Error> {
        let payload = E::Platform::open(response).map_err(|error| {
            let verdict = E::Platform::classify(&error);
            self.refused(E::META.name, error, verdict)
        })?;
        decode_output::<E>(&payload)
    }

    /// What a refusal means. The platform documents "permission denied" for start.
    fn refused(&mut self, name: &'static str, error: ApiError, verdict: Verdict) -> Error {
        let is_final = verdict == Verdict::Unauthorized || error.status == 403;
        let verdict = if is_final {
            Verdict::Unauthorized
        } else {
            verdict
        };
        let error = Error::refused(name, error, verdict);
        if is_final {
            self.over = Some(error.clone());
        }
        error
    }

    const fn name(&self) -> &'static str {
        match self.service {
            Service::Rtm => Start::META.name,
            Service::OpenApi => StartRtm::META.name,
        }
    }
}

impl Dialer for RtmDialer {
    type Session = RtmSession;

    fn dial(&mut self, cx: Cx) -> Result<Dial, Error> {
        if let Some(error) = &self.over {
            return Err(error.clone());
        }
        // Whether an address opens a second connection is not documented.
        let Some(address) = self.address.take() else {
            return self.ask(cx).map(Dial::Ask);
        };
        let mut handshake = Request::new(());
        *handshake.uri_mut() = address;
        Ok(Dial::Connect(handshake))
    }

    fn absorb(&mut self, response: HttpResponse, _: Cx) -> Result<(), Error> {
        let RtmStart { user, ws_host } = self.read(&response)?;
        let address = socket_address(&self.base, ws_host.expose());
        let address = address
            .map_err(|problem| Error::invalid(self.name(), format!("ws_host: {problem}")))?;
        self.address = Some(address);
        self.me = Some(Box::new(user));
        Ok(())
    }

    fn open(&mut self, now: Instant) -> RtmSession {
        RtmSession::new(self.me.take(), self.limits, now)
    }
}

impl fmt::Debug for RtmDialer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RtmDialer")
            .field("base", &self.base)
            .field("service", &self.service)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
