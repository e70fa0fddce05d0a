//! Credentials, for both sides.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use mynah_core::{Auth, Cx, Error, HttpRequest, Issuer, Stamp, Step, in_query, put_in_query};

use crate::api::token::{GetToken, Token};

mynah_core::secrets! {
    /// Something that lets its holder act for the corp. `Debug` does not show it, and comparing it
    /// takes the same time wherever the two differ.
    pub struct Secret, compared by mynah_crypto::equal;
}

/// An application of a corp: it is given a token for its secret and sends it with every call.
///
/// `mynah_core::Tokens<Application>` keeps the token: it is renewed when 60 seconds of it remain,
/// and once when the platform refuses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    corpid: String,
    corpsecret: Secret,
}

impl Application {
    /// The application of this corp with this secret.
    pub fn new(corpid: impl Into<String>, corpsecret: impl Into<Secret>) -> Self {
        Self {
            corpid: corpid.into(),
            corpsecret: corpsecret.into(),
        }
    }

    /// The corp.
    pub fn corpid(&self) -> &str {
        &self.corpid
    }

    /// What a store keeps the token under: the corp and a digest of the whole secret, never the
    /// secret itself. Two applications of one corp have two keys.
    pub fn key(&self) -> String {
        let digest =
            mynah_crypto::hmac_sha1(self.corpid.as_bytes(), self.corpsecret.expose().as_bytes());
        format!("wecom:{}:{}", self.corpid, mynah_crypto::hex(&digest))
    }
}

impl Issuer for Application {
    type Endpoint = GetToken;

    const MARGIN: Duration = Duration::from_secs(60);

    fn ask(&self) -> GetToken {
        GetToken {
            corpid: self.corpid.clone(),
            corpsecret: self.corpsecret.clone(),
        }
    }

    fn issued(token: Token) -> (String, Duration) {
        let life = Duration::from_secs(token.life());
        (token.access_token.expose().to_owned(), life)
    }

    fn attach(request: &mut HttpRequest, token: &str) -> Result<(), Error> {
        put_in_query(request, "wecom.auth", &[(ACCESS_TOKEN, token)])
    }
}

/// The name of the token in the query.
pub const ACCESS_TOKEN: &str = "access_token";

/// The name of a group robot's key in the query.
pub const KEY: &str = "key";

/// The key of a group robot. Whoever has it can post: it is a secret.
///
/// ```
/// use mynah_wecom::WebhookKey;
///
/// let key = WebhookKey::of("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6")?;
/// assert_eq!(key.expose(), "693a91f6");
/// assert_eq!(format!("{key:?}"), "WebhookKey(…)");
/// # Ok::<(), mynah_core::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookKey(Secret);

impl WebhookKey {
    /// This key.
    pub fn new(key: impl Into<Secret>) -> Self {
        Self(key.into())
    }

    /// The key in the address that WeCom shows for a group robot, or the key itself.
    ///
    /// # Errors
    /// It is an address without a key, or that of something else.
    pub fn of(address: &str) -> Result<Self, Error> {
        if !address.contains("://") {
            return Ok(Self::new(address));
        }
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        if !path.contains("/webhook/") {
            let problem = "key: the address is not that of a group robot";
            return Err(Error::invalid("wecom.webhook", problem));
        }
        match key_in(query) {
            Some(key) => Ok(Self::new(key.as_ref())),
            None => Err(Error::invalid("wecom.webhook", "key: not in the address")),
        }
    }

    /// The key itself. Keep it out of logs.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for WebhookKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("WebhookKey(…)")
    }
}

impl Auth for WebhookKey {
    fn authorize(&mut self, request: &mut HttpRequest, _: Cx) -> Result<Step, Error> {
        put_in_query(request, "wecom.auth", &[(KEY, self.expose())])?;
        Ok(Step::Ready(Stamp::default()))
    }
}

/// Server side: the token in a query, if there is one that is not empty.
pub fn token_in(query: &str) -> Option<Cow<'_, str>> {
    in_query(query, ACCESS_TOKEN)
}

/// Server side: the key of a group robot in a query, if there is one that is not empty.
pub fn key_in(query: &str) -> Option<Cow<'_, str>> {
    in_query(query, KEY)
}
