//! Tokens, which every other call of an application carries, and tickets for pages.

use std::time::Duration;

use mynah_core::{Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::auth::Secret;
use crate::{DingTalk, OpenApi};
use mynah_core::lenient::{optional_integer, or_default, text};

/// The life of a token whose answer does not say it, in seconds.
pub const USUAL_LIFE: u64 = 7200;

fn life(seconds: Option<i64>) -> Duration {
    Duration::from_secs(seconds.map_or(USUAL_LIFE, |seconds| {
        u64::try_from(seconds).unwrap_or_default()
    }))
}

/// Asks for the token of an application, or of an organisation as it was done before there were
/// applications.
///
/// Asked again while it is valid, the platform answers the same one and lets it live longer. Fails
/// with 40096 for a wrong key or secret, 40089 for a wrong corp id or its secret, 40035 without
/// either.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetToken {
    /// The application.
    pub appkey: Option<String>,
    /// Its secret.
    pub appsecret: Option<Secret>,
    /// The organisation.
    pub corpid: Option<String>,
    /// Its secret.
    pub corpsecret: Option<Secret>,
}

impl GetToken {
    /// For an application.
    pub fn app(appkey: impl Into<String>, appsecret: impl Into<Secret>) -> Self {
        Self::new().appkey(appkey).appsecret(appsecret)
    }

    /// For an organisation.
    pub fn corp(corpid: impl Into<String>, corpsecret: impl Into<Secret>) -> Self {
        Self::new().corpid(corpid).corpsecret(corpsecret)
    }
}

impl Endpoint for GetToken {
    type Platform = DingTalk;
    type Output = Token;
    const META: Meta = Meta::get("dingtalk.gettoken", "/gettoken")
        .public()
        .doc("https://open.dingtalk.com/document/development/obtain-orgapp-token");
}

/// A token and how long it lives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Token {
    /// The token; opaque, of any length.
    pub access_token: Secret,
    /// Its life from now, in seconds. The platform may end it earlier. 7200 if not given.
    #[serde(default, deserialize_with = "optional_integer")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<i64>,
}

impl Token {
    pub(crate) fn issued(self) -> (String, Duration) {
        let life = life(self.expires_in);
        (self.access_token.expose().to_owned(), life)
    }
}

/// Asks for the token of an application, in version 1.0. It is the same one that [`GetToken`]
/// answers.
///
/// Fails with 400 `invalidClientIdOrSecret`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetAccessToken {
    /// The application.
    #[serde(rename = "appKey", default, deserialize_with = "text")]
    pub app_key: String,
    /// Its secret.
    #[serde(rename = "appSecret", default, deserialize_with = "or_default")]
    pub app_secret: Secret,
}

impl Endpoint for GetAccessToken {
    type Platform = OpenApi;
    type Output = AccessToken;
    const META: Meta = Meta::post(
        "dingtalk.v1.oauth2.access_token",
        "/v1.0/oauth2/accessToken",
    )
    .public()
    .idempotent()
    .doc(
        "https://open.dingtalk.com/document/development/obtain-the-access-token-of-an-internal-app",
    );
}

/// A token and how long it lives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccessToken {
    /// The token; opaque, of any length.
    #[serde(rename = "accessToken")]
    pub access_token: Secret,
    /// Its life from now, in seconds. The platform may end it earlier. 7200 if not given.
    #[serde(rename = "expireIn", default, deserialize_with = "optional_integer")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expire_in: Option<i64>,
}

impl AccessToken {
    pub(crate) fn issued(self) -> (String, Duration) {
        let life = life(self.expire_in);
        (self.access_token.expose().to_owned(), life)
    }
}

/// Asks for the token of an application in one organisation: the newest of the three calls.
///
/// Fails with 500 `unknownError` for an unknown organisation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetCorpToken {
    /// The organisation.
    #[serde(rename = "corpId")]
    pub corp_id: String,
    /// The application.
    #[serde(default, deserialize_with = "text")]
    pub client_id: String,
    /// Its secret.
    #[serde(default, deserialize_with = "or_default")]
    pub client_secret: Secret,
    /// `client_credentials`.
    #[serde(default, deserialize_with = "text")]
    pub grant_type: String,
}

impl GetCorpToken {
    /// For this application.
    pub fn of(
        corp_id: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
    ) -> Self {
        Self::new(corp_id, client_id, client_secret, "client_credentials")
    }
}

impl Endpoint for GetCorpToken {
    type Platform = OpenApi;
    type Output = Token;
    const META: Meta = Meta::post("dingtalk.v1.oauth2.token", "/v1.0/oauth2/{corpId}/token")
        .public()
        .idempotent()
        .doc("https://open.dingtalk.com/document/development/api-gettoken");
}

/// Asks for a ticket, with which pages are signed;
/// see [`jsapi_signature`](crate::jsapi_signature).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetJsapiTicket {}

impl Endpoint for GetJsapiTicket {
    type Platform = DingTalk;
    type Output = JsapiTicket;
    const META: Meta = Meta::get("dingtalk.get_jsapi_ticket", "/get_jsapi_ticket")
        .doc("https://open.dingtalk.com/document/development/obtain-jsapi_ticket");
}

/// A ticket and how long it lives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JsapiTicket {
    /// The ticket.
    pub ticket: Secret,
    /// Its life from now, in seconds.
    #[serde(default, deserialize_with = "optional_integer")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<i64>,
}
