//! Tokens, and tickets for pages.

use mynah_core::ApiError;
use mynah_dingtalk::Secret;
use mynah_dingtalk::api::token::{
    AccessToken, GetAccessToken, GetCorpToken, GetJsapiTicket, GetToken, JsapiTicket, Token,
};
use mynah_dingtalk::errcode;
use mynah_dingtalk::platform::open::word;

use crate::dingtalk::limits;
use crate::dingtalk::refusal::{invalid, refused};
use crate::dingtalk::world::DingTalkWorld;
use crate::serve::Serve;

/// A token's life, in seconds.
const LIFE: i64 = limits::TOKEN_MS / 1000;

impl DingTalkWorld {
    /// Whether somebody knows the application's secret.
    pub(in crate::dingtalk) fn is_app(&self, key: &str, secret: &Secret) -> bool {
        let app = &self.seed.app;
        key == app.key && *secret == app.secret
    }

    /// Whether somebody knows the organisation's secret.
    fn is_corp(&self, id: &str, secret: &Secret) -> bool {
        let own = &self.seed.corp_secret;
        id == self.seed.corp_id && !own.is_empty() && secret == own
    }

    /// The same token while it is good, which then lives as long as a new one.
    fn token(&mut self) -> Secret {
        let now = self.state.now;
        let current = self.state.tokens.renew(now);
        let text = current.unwrap_or_else(|| {
            let text = self.state.hex(32);
            self.state.tokens.issue(text.clone(), now);
            text
        });
        text.into()
    }
}

impl Serve<GetToken> for DingTalkWorld {
    fn serve(&mut self, call: GetToken) -> Result<Token, ApiError> {
        let refuse = refused::<GetToken>;
        let given = |word: Option<String>| word.filter(|word| !word.is_empty());
        let (app_secret, corp_secret) = (call.appsecret, call.corpsecret);
        match (given(call.appkey), given(call.corpid)) {
            (Some(key), _) if self.is_app(&key, &app_secret.unwrap_or_default()) => {}
            (Some(_), _) => return Err(refuse(errcode::INVALID_APP)),
            (_, Some(id)) if self.is_corp(&id, &corp_secret.unwrap_or_default()) => {}
            (_, Some(_)) => return Err(refuse(errcode::INVALID_CORP)),
            (None, None) => {
                let words = "缺少参数 corpid or appkey";
                return Err(ApiError::new(errcode::INVALID_PARAMETER, words));
            }
        }
        Ok(Token {
            access_token: self.token(),
            expires_in: Some(LIFE),
        })
    }
}

/// As it was seen on the live service.
fn invalid_app() -> ApiError {
    ApiError::new(word::INVALID_APP, "无效的clientId或者clientSecret").with_status(400)
}

impl Serve<GetAccessToken> for DingTalkWorld {
    fn serve(&mut self, call: GetAccessToken) -> Result<AccessToken, ApiError> {
        if !self.is_app(&call.app_key, &call.app_secret) {
            return Err(invalid_app());
        }
        Ok(AccessToken {
            access_token: self.token(),
            expire_in: Some(LIFE),
        })
    }
}

impl Serve<GetCorpToken> for DingTalkWorld {
    fn serve(&mut self, call: GetCorpToken) -> Result<Token, ApiError> {
        if call.grant_type != "client_credentials" {
            return Err(invalid("grant_type must be client_credentials"));
        }
        if call.corp_id != self.seed.corp_id {
            return Err(ApiError::new("unknownError", "未知错误").with_status(500));
        }
        if !self.is_app(&call.client_id, &call.client_secret) {
            return Err(invalid_app());
        }
        Ok(Token {
            access_token: self.token(),
            expires_in: Some(LIFE),
        })
    }
}

/// Another ticket each time: nothing here is opened with one.
impl Serve<GetJsapiTicket> for DingTalkWorld {
    fn serve(&mut self, _: GetJsapiTicket) -> Result<JsapiTicket, ApiError> {
        Ok(JsapiTicket {
            ticket: self.state.word(86).into(),
            expires_in: Some(LIFE),
        })
    }
}
