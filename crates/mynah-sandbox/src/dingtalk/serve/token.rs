//! Tokens.

use mynah_dingtalk::api::token::{GetAccessToken, GetCorpToken, GetJsapiTicket, GetToken};

later!(GetToken, GetAccessToken, GetCorpToken, GetJsapiTicket);
