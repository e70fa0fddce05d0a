//! How a bot comes to its long connection.

use std::time::{Instant, UNIX_EPOCH};

use http::{Request, Uri};
use mynah_core::{ApiError, BaseUrl, Cx, Dial, Dialer, Error, Platform, Verdict};
use secrecy::{ExposeSecret, SecretString};

use super::session::{BotSession, End, Limits, REPLACED};
use crate::platform::WeCom;

const NAME: &str = "wecom.aibot_subscribe";

/// The secret of an intelligent bot, from the page of the bot in the console.
/// Shows only on demand.
#[derive(Clone, Debug)]
pub struct BotSecret(SecretString);

impl BotSecret {
    /// A secret.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(SecretString::from(secret.into()))
    }

    /// The secret itself; not for logs.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// Dials the long connection of an intelligent bot.
///
/// There is one connection for each bot. Where another takes its place, this
/// one ends and does not come back, or the two would fight for ever; the
/// platform says so by [`Event::Disconnected`](super::Event::Disconnected).
/// After [`Limits::refusals`] refusals of the id and the secret it does not
/// come back either.
///
/// ```
/// use mynah_wecom::aibot::{BotSecret, BotSocket};
///
/// let secret = BotSecret::new("sandbox-secret");
/// let url = "ws://127.0.0.1:7700/wecom/openws".parse()?;
/// let dialer = BotSocket::new(&url, "aib-sandbox", secret)?;
/// assert_eq!(dialer.uri(), "ws://127.0.0.1:7700/wecom/openws");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct BotSocket {
    uri: Uri,
    bot_id: String,
    secret: BotSecret,
    limits: Limits,
    /// What the last attempt knew of time and chance.
    cx: Option<Cx>,
    /// How often in a row the id and the secret were refused.
    refusals: u32,
    /// Why there is no use in trying.
    over: Option<Error>,
}

impl BotSocket {
    /// The platform's address.
    pub const ADDRESS: &str = "wss://openws.work.weixin.qq.com";

    /// The connection of this bot at `url`: [`ADDRESS`](Self::ADDRESS), or that of a sandbox.
    ///
    /// # Errors
    /// The url does not begin with `ws://` or `wss://`.
    pub fn new(url: &BaseUrl, bot_id: impl Into<String>, secret: BotSecret) -> Result<Self, Error> {
        let uri = url
            .join("", "")
            .map_err(|error| Error::invalid(NAME, error.to_string()))?;
        if !matches!(uri.scheme_str(), Some("ws" | "wss")) {
            return Err(Error::invalid(NAME, "url: must begin with ws:// or wss://"));
        }
        Ok(Self {
            uri,
            bot_id: bot_id.into(),
            secret,
            limits: Limits::default(),
            cx: None,
            refusals: 0,
            over: None,
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

    fn handle_refusal(&mut self, error: ApiError) {
        // A platform that is busy may take the same secret later.
        if !matches!(
            WeCom::classify(&error),
            Verdict::Permanent | Verdict::Unauthorized
        ) {
            return;
        }
        self.refusals += 1;
        if self.refusals >= self.limits.refusals {
            self.over = Some(Error::refused(NAME, error, Verdict::Unauthorized));
        }
    }
}

impl Dialer for BotSocket {
    type Session = BotSession;

    fn dial(&mut self, cx: Cx) -> Result<Dial, Error> {
        if let Some(error) = &self.over {
            return Err(error.clone());
        }
        self.cx = Some(cx);
        let mut handshake = Request::new(());
        *handshake.uri_mut() = self.uri.clone();
        Ok(Dial::Connect(handshake))
    }

    fn open(&mut self, now: Instant) -> BotSession {
        // The handshake took a while, which the wall clock went on for.
        let cx = self.cx.take().map_or(
            Cx {
                now,
                wall: UNIX_EPOCH,
                nonce: 0,
            },
            |cx| Cx {
                now,
                wall: cx
                    .wall
                    .checked_add(now.saturating_duration_since(cx.now))
                    .unwrap_or(cx.wall),
                nonce: cx.nonce,
            },
        );
        BotSession::new(self.bot_id.as_str(), self.secret.clone(), self.limits, cx)
    }

    fn ended(&mut self, session: BotSession) {
        if session.subscribed {
            self.refusals = 0;
        }
        match session.end {
            Some(End::Refused(error)) => self.handle_refusal(error),
            Some(End::Replaced) => {
                let error = ApiError::new("disconnected_event", REPLACED);
                self.over = Some(Error::refused(NAME, error, Verdict::Permanent));
            }
            None => {}
        }
    }
}
