//! The token that every other call of an application carries.

use mynah_core::{Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};

use crate::WeCom;
use crate::auth::Secret;
use mynah_core::lenient::optional_integer;

/// Asks for the token of an application.
///
/// Asked again while it is valid, the platform answers the same one or another; a caller must
/// keep it, or it is told 45009. Fails with 40013 for an unknown corp and 40001 for a wrong secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetToken {
    /// The corp.
    pub corpid: String,
    /// The secret of the application.
    #[serde(default)]
    pub corpsecret: Secret,
}

impl Endpoint for GetToken {
    type Platform = WeCom;
    type Output = Token;
    const META: Meta = Meta::get("wecom.gettoken", "/cgi-bin/gettoken")
        .public()
        .doc("https://developer.work.weixin.qq.com/document/path/91039");
}

/// A token and how long it lives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Token {
    /// The token; at most 512 bytes.
    pub access_token: Secret,
    /// Its life from now, in seconds. The platform may end it earlier. 7200 if not given.
    #[serde(default, deserialize_with = "optional_integer")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<i64>,
}

impl Token {
    /// The life of a token whose answer does not say it, in seconds.
    pub const USUAL_LIFE: u64 = 7200;

    /// Its life from now, in seconds.
    pub fn life(&self) -> u64 {
        self.expires_in.map_or(Self::USUAL_LIFE, |seconds| {
            u64::try_from(seconds).unwrap_or_default()
        })
    }
}
