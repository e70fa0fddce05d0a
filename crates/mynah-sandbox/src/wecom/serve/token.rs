//! Tokens.

use mynah_core::ApiError;
use mynah_wecom::api::token::{GetToken, Token};

use crate::serve::Serve;
use crate::wecom::frequency::Quota;
use crate::wecom::limits::{self, HOUR_MS};
use crate::wecom::refusal::refuse;
use crate::wecom::world::WeComWorld;

/// So many wrong secrets from one address lock it out for the rest of the hour; only when strict.
const WRONG_SECRETS: [Quota; 1] = [Quota::new(2_000, HOUR_MS)];

/// The same token until it expires, however often it is asked for.
impl Serve<GetToken> for WeComWorld {
    fn serve(&mut self, call: GetToken) -> Result<Token, ApiError> {
        let now = self.state.now;
        let address = format!("gettoken:{}", self.caller.address);
        let frequency = &self.state.frequency;
        if self.settings.strict && !frequency.allows(&address, &WRONG_SECRETS, 1, now) {
            return Err(refuse(45009));
        }
        if call.corpid.is_empty() {
            return Err(refuse(41002));
        }
        if call.corpsecret.expose().is_empty() {
            return Err(refuse(41004));
        }
        if call.corpid != self.seed.corpid {
            return Err(refuse(40013));
        }
        let mut applications = self.seed.applications.iter();
        let own = applications.find(|it| it.secret == call.corpsecret);
        let Some(application) = own else {
            self.count_strictly(&address, &WRONG_SECRETS, 1)?;
            return Err(refuse(40001));
        };
        let agent = application.agentid;
        let current = self.state.tokens.current(agent, now);
        let (text, seconds) = current.unwrap_or_else(|| {
            let text = self.state.token(64);
            self.state.tokens.issue(text.clone(), agent, now);
            (text, limits::TOKEN_MS.div_euclid(1000))
        });
        Ok(Token {
            access_token: text.into(),
            expires_in: Some(seconds),
        })
    }
}
