//! How an application comes to its connection.

use std::fmt;
use std::time::Instant;

use http::{Request, Uri};
use mynah_core::{
    ApiError, BaseUrl, Cx, Dial, Dialer, Error, HttpResponse, Platform, Verdict, decode_output,
    encode_request, socket_address,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::session::{Limits, StreamSession};
use super::topic;
use crate::api::stream::{Connection, OpenConnection, Subscription};
use crate::auth::Secret;
use crate::platform::OpenApi;

const NAME: &str = "dingtalk.v1.gateway.connections.open";

/// Everything but what RFC 3986 calls unreserved.
const TICKET: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Dials the connections of an application.
///
/// Each begins with a request over HTTP for a ticket, which opens one
/// connection; whoever drives it needs a transport for that. A secret that is
/// refused (401) is an end of it: there is no use in trying again.
///
/// ```
/// use mynah_dingtalk::stream::StreamDialer;
///
/// let dialer = StreamDialer::new(&"https://api.dingtalk.com".parse()?, "ding-sandbox", "sandbox-secret");
/// assert!(!format!("{dialer:?}").contains("sandbox-secret"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct StreamDialer {
    base: BaseUrl,
    ask: OpenConnection,
    limits: Limits,
    /// Where to connect to, once.
    connection: Option<Uri>,
    /// Why there is no use in trying.
    over: Option<Error>,
}

impl StreamDialer {
    /// The application with this key and secret, at [`API`](crate::API) or at
    /// a sandbox. It is told of events, of what people say to its robot, and of
    /// what they do with its cards.
    pub fn new(base: &BaseUrl, app_key: impl Into<String>, app_secret: impl Into<Secret>) -> Self {
        let ask = OpenConnection {
            client_id: app_key.into(),
            client_secret: app_secret.into(),
            subscriptions: vec![
                Subscription::events(),
                Subscription::callback(topic::ROBOT),
                Subscription::callback(topic::CARD),
            ],
            ua: Some(concat!("mynah/", env!("CARGO_PKG_VERSION")).to_owned()),
            local_ip: None,
        };
        Self {
            base: base.clone(),
            ask,
            limits: Limits::default(),
            connection: None,
            over: None,
        }
    }

    /// What to be told of instead. Callbacks of other topics are refused.
    #[must_use]
    pub fn subscriptions(mut self, all: impl IntoIterator<Item = Subscription>) -> Self {
        self.ask.subscriptions = all.into_iter().collect();
        self
    }

    /// What the program calls itself.
    #[must_use]
    pub fn user_agent(mut self, ua: impl Into<String>) -> Self {
        self.ask.ua = Some(ua.into());
        self
    }

    /// The address of the program in its own network.
    #[must_use]
    pub fn local_ip(mut self, ip: impl Into<String>) -> Self {
        self.ask.local_ip = Some(ip.into());
        self
    }

    /// Other limits than the default ones.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Why there is no use in trying again, if the secret is wrong or the
    /// platform does not know the application.
    fn give_up(&mut self, error: &ApiError) -> Option<Error> {
        if error.status == 401 || OpenApi::classify(error) == Verdict::Unauthorized {
            let error = Error::refused(NAME, error.clone(), Verdict::Unauthorized);
            self.over = Some(error);
        }
        self.over.clone()
    }

    /// The address of a connection.
    fn address(&self, connection: &Connection) -> Result<Uri, Error> {
        let Connection { endpoint, ticket } = connection;
        let joint = if endpoint.contains('?') { '&' } else { '?' };
        let ticket = utf8_percent_encode(ticket.expose(), TICKET);
        let address = format!("{endpoint}{joint}ticket={ticket}");
        socket_address(&self.base, &address)
            .map_err(|problem| Error::invalid(NAME, format!("endpoint: {problem}")))
    }
}

impl Dialer for StreamDialer {
    type Session = StreamSession;

    fn dial(&mut self, _: Cx) -> Result<Dial, Error> {
        if let Some(error) = &self.over {
            return Err(error.clone());
        }
        // A ticket opens one connection: it is never used again.
        let Some(uri) = self.connection.take() else {
            return encode_request(&self.base, &self.ask).map(Dial::Ask);
        };
        let mut handshake = Request::new(());
        *handshake.uri_mut() = uri;
        Ok(Dial::Connect(handshake))
    }

    fn absorb(&mut self, response: HttpResponse, _: Cx) -> Result<(), Error> {
        let payload = OpenApi::open(&response).map_err(|error| {
            let verdict = OpenApi::classify(&error);
            let refused = Error::refused(NAME, error.clone(), verdict);
            self.give_up(&error).unwrap_or(refused)
        })?;
        let connection = decode_output::<OpenConnection>(&payload)?;
        self.connection = Some(self.address(&connection)?);
        Ok(())
    }

    fn open(&mut self, now: Instant) -> StreamSession {
        StreamSession::new(self.ask.subscriptions.clone(), self.limits, now)
    }
}

impl fmt::Debug for StreamDialer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamDialer")
            .field("client_id", &self.ask.client_id)
            .field("subscriptions", &self.ask.subscriptions)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
