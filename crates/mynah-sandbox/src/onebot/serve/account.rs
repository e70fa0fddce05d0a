use mynah_core::{ApiError, Empty};
use mynah_onebot::actions::account::{
    Credentials, GetCookies, GetCredentials, GetCsrfToken, GetLoginInfo, GetModelShow,
    GetOnlineClients, LoginInfo, ModelVariant, OnlineClient, QidianAccount, QidianGetAccountInfo,
    SetModelShow, SetQqProfile, SetSelfLongnick,
};
use mynah_onebot::types::Secret;
use serde_json::Map;

use crate::onebot::limits;
use crate::onebot::refusal::Refusal;
use crate::onebot::state::needs_chars;
use crate::onebot::world::OneBotWorld;
use crate::serve::Serve;

impl Serve<GetLoginInfo> for OneBotWorld {
    fn serve(&mut self, _: GetLoginInfo) -> Result<LoginInfo, ApiError> {
        Ok(LoginInfo {
            user_id: self.bot(),
            nickname: self.state.nickname(self.bot()),
            extra: Map::new(),
        })
    }
}

impl Serve<SetQqProfile> for OneBotWorld {
    fn serve(&mut self, call: SetQqProfile) -> Result<Empty, ApiError> {
        for (field, text) in [
            ("nickname", &call.nickname),
            ("company", &call.company),
            ("email", &call.email),
            ("college", &call.college),
            ("personal_note", &call.personal_note),
        ] {
            let text = text.as_deref().unwrap_or_default();
            needs_chars(field, text, limits::NAME_CHARS)?;
        }
        if call.nickname.as_deref() == Some("") {
            return Err(Refusal::bad("nickname", "must not be empty").into());
        }
        let bot = self.bot();
        if let (Some(nickname), Some(user)) = (call.nickname, self.state.users.get_mut(&bot)) {
            user.nickname = nickname;
            self.changed_conversations();
        }
        let profile = &mut self.state.bot.profile;
        set(&mut profile.company, call.company);
        set(&mut profile.email, call.email);
        set(&mut profile.college, call.college);
        set(&mut profile.personal_note, call.personal_note);
        Ok(Empty)
    }
}

/// What is left out stays as it is.
fn set(field: &mut String, value: Option<String>) {
    if let Some(value) = value {
        *field = value;
    }
}

impl Serve<SetSelfLongnick> for OneBotWorld {
    fn serve(&mut self, call: SetSelfLongnick) -> Result<Empty, ApiError> {
        needs_chars("longNick", &call.long_nick, limits::COMMENT_CHARS)?;
        self.state.bot.profile.personal_note = call.long_nick;
        Ok(Empty)
    }
}

impl Serve<GetOnlineClients> for OneBotWorld {
    fn serve(&mut self, _: GetOnlineClients) -> Result<Vec<OnlineClient>, ApiError> {
        let clients = self.state.bot.clients.iter().map(|client| OnlineClient {
            app_id: Some(client.app_id),
            device_name: Some(client.device_name.clone()),
            device_kind: Some(client.device_kind.clone()),
            extra: Map::new(),
        });
        Ok(clients.collect())
    }
}

impl Serve<GetModelShow> for OneBotWorld {
    /// The names the seed offers, and the one that was chosen.
    fn serve(&mut self, call: GetModelShow) -> Result<Vec<ModelVariant>, ApiError> {
        let seeded = self.seed.models.iter();
        let mut names: Vec<&String> = seeded
            .filter(|seed| seed.model == call.model)
            .flat_map(|seed| &seed.variants)
            .collect();
        if let Some(chosen) = self.state.bot.models.get(&call.model)
            && !names.contains(&chosen)
        {
            names.push(chosen);
        }
        let variants = names.into_iter().map(|name| ModelVariant {
            model_show: name.clone(),
            need_pay: false,
            extra: Map::new(),
        });
        Ok(variants.collect())
    }
}

impl Serve<SetModelShow> for OneBotWorld {
    fn serve(&mut self, call: SetModelShow) -> Result<Empty, ApiError> {
        needs_chars("model", &call.model, limits::NAME_CHARS)?;
        needs_chars("model_show", &call.model_show, limits::NAME_CHARS)?;
        let models = &mut self.state.bot.models;
        if models.len() >= limits::MODELS && !models.contains_key(&call.model) {
            let problem = format!("there are {} models already", limits::MODELS);
            return Err(Refusal::forbidden("model", problem).into());
        }
        models.insert(call.model, call.model_show);
        Ok(Empty)
    }
}

impl Serve<QidianGetAccountInfo> for OneBotWorld {
    /// Business accounts only; go-cqhttp answers 100 for the others.
    fn serve(&mut self, _: QidianGetAccountInfo) -> Result<QidianAccount, ApiError> {
        let account = self
            .seed
            .bot
            .qidian
            .as_ref()
            .ok_or_else(|| Refusal::bad("self_id", "this is no business account"))?;
        Ok(QidianAccount {
            master_id: account.master_id,
            ext_name: Some(account.ext_name.clone()),
            create_time: Some(account.create_time.into()),
            extra: Map::new(),
        })
    }
}

impl Serve<GetCookies> for OneBotWorld {
    fn serve(&mut self, _: GetCookies) -> Result<Secret<String>, ApiError> {
        Ok(self.cookies())
    }
}

impl Serve<GetCsrfToken> for OneBotWorld {
    fn serve(&mut self, _: GetCsrfToken) -> Result<Secret<i32>, ApiError> {
        Ok(self.csrf_token())
    }
}

impl Serve<GetCredentials> for OneBotWorld {
    fn serve(&mut self, _: GetCredentials) -> Result<Credentials, ApiError> {
        Ok(Credentials {
            cookies: self.cookies(),
            csrf_token: self.csrf_token(),
        })
    }
}

impl OneBotWorld {
    /// The same for every domain; they open nothing.
    fn cookies(&self) -> Secret<String> {
        let (bot, skey) = (self.bot(), &self.seed.bot.skey);
        format!("uin=o{bot}; skey={skey}").into()
    }

    /// What QQ's web pages compute from the key of a session, so that the two
    /// belong together.
    fn csrf_token(&self) -> Secret<i32> {
        let hash = self.seed.bot.skey.bytes().fold(5381_u32, |hash, byte| {
            hash.wrapping_add(hash << 5).wrapping_add(u32::from(byte))
        });
        i32::try_from(hash & 0x7fff_ffff).unwrap_or(i32::MAX).into()
    }
}
