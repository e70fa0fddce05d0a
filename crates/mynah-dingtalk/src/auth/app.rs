//! Applications: they are given tokens for their secrets.

use std::time::Duration;

use http::header::{HeaderName, HeaderValue};
use mynah_core::{Error, HttpRequest, Issuer, put_in_query};

use super::{ACCESS_TOKEN, SESSION, Secret, TOKEN_HEADER, TOP_PATH};
use crate::api::token::{AccessToken, GetAccessToken, GetToken, Token};

/// An application, for the classic interface, topapi and TOP: it is given a token for its secret
/// and sends it in the query of every call.
///
/// `mynah_core::Tokens<App>` keeps the token: it is renewed when 5 minutes of it remain, and once
/// when the platform refuses it. [`OpenApp`] is the same application for version 1.0; a store
/// keeps one token for both, because the platform has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct App {
    app_key: String,
    app_secret: Secret,
}

impl App {
    /// The application with this key and secret.
    pub fn new(app_key: impl Into<String>, app_secret: impl Into<Secret>) -> Self {
        Self {
            app_key: app_key.into(),
            app_secret: app_secret.into(),
        }
    }

    /// Its key, which is the code of its robot as well.
    pub fn app_key(&self) -> &str {
        &self.app_key
    }

    /// Its secret, which also signs what people say to its robot.
    pub fn app_secret(&self) -> &Secret {
        &self.app_secret
    }

    /// The same application for version 1.0.
    pub fn open(&self) -> OpenApp {
        OpenApp(self.clone())
    }

    /// What a store keeps the token under: the key and a digest of the whole secret, never the
    /// secret itself.
    pub fn key(&self) -> String {
        key_of(&self.app_key, &self.app_secret)
    }
}

fn key_of(account: &str, secret: &Secret) -> String {
    let digest = mynah_crypto::hmac_sha256(account.as_bytes(), secret.expose().as_bytes());
    format!("dingtalk:{account}:{}", mynah_crypto::hex(&digest))
}

impl Issuer for App {
    type Endpoint = GetToken;

    const MARGIN: Duration = MARGIN;

    fn key(&self) -> Option<String> {
        Some(self.key())
    }

    fn ask(&self) -> GetToken {
        GetToken::app(self.app_key.clone(), self.app_secret.clone())
    }

    fn issued(token: Token) -> (String, Duration) {
        token.issued()
    }

    fn attach(request: &mut HttpRequest, token: &str) -> Result<(), Error> {
        attach_to_query(request, token)
    }
}

/// A token is renewed this long before its end.
const MARGIN: Duration = Duration::from_secs(300);

/// TOP calls the token a session.
fn attach_to_query(request: &mut HttpRequest, token: &str) -> Result<(), Error> {
    let name = if request.uri().path().ends_with(TOP_PATH) {
        SESSION
    } else {
        ACCESS_TOKEN
    };
    put_in_query(request, "dingtalk.auth", &[(name, token)])
}

/// An application, for the interface of version 1.0: it is given a token for its secret and sends
/// it in a header of every call. See [`App`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenApp(App);

impl OpenApp {
    /// The application with this key and secret.
    pub fn new(app_key: impl Into<String>, app_secret: impl Into<Secret>) -> Self {
        Self(App::new(app_key, app_secret))
    }

    /// The same application for the older interfaces.
    pub fn app(&self) -> &App {
        &self.0
    }
}

impl Issuer for OpenApp {
    type Endpoint = GetAccessToken;

    const MARGIN: Duration = MARGIN;

    fn key(&self) -> Option<String> {
        Some(self.0.key())
    }

    fn ask(&self) -> GetAccessToken {
        GetAccessToken::new(self.0.app_key.as_str(), self.0.app_secret.clone())
    }

    fn issued(token: AccessToken) -> (String, Duration) {
        token.issued()
    }

    fn attach(request: &mut HttpRequest, token: &str) -> Result<(), Error> {
        let problem = |_| Error::invalid("dingtalk.auth", "the token does not fit into a header");
        let mut value = HeaderValue::from_str(token).map_err(problem)?;
        value.set_sensitive(true);
        let name = HeaderName::from_static(TOKEN_HEADER);
        request.headers_mut().insert(name, value);
        Ok(())
    }
}

/// An organisation with a secret of its own: what came before applications. Only the classic
/// interface knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corp {
    corpid: String,
    corpsecret: Secret,
}

impl Corp {
    /// The organisation with this id and secret.
    pub fn new(corpid: impl Into<String>, corpsecret: impl Into<Secret>) -> Self {
        Self {
            corpid: corpid.into(),
            corpsecret: corpsecret.into(),
        }
    }
}

impl Issuer for Corp {
    type Endpoint = GetToken;

    const MARGIN: Duration = MARGIN;

    fn key(&self) -> Option<String> {
        Some(key_of(&self.corpid, &self.corpsecret))
    }

    fn ask(&self) -> GetToken {
        GetToken::corp(self.corpid.clone(), self.corpsecret.clone())
    }

    fn issued(token: Token) -> (String, Duration) {
        token.issued()
    }

    fn attach(request: &mut HttpRequest, token: &str) -> Result<(), Error> {
        attach_to_query(request, token)
    }
}
