//! From a name on the command line to a client.

use mynah_bot::{Account, AccountKind, Config, OneBotAccount, Secret};
use mynah_client::Client;
use mynah_core::BaseUrl;
use mynah_onebot::{AccessToken, OneBot};

use crate::arguments::Which;
use crate::exit::Failure;

/// The account that is meant.
pub(crate) fn account(which: &Which, name: Option<&str>) -> Result<Account, Failure> {
    if let Some(url) = &which.url {
        let base: BaseUrl = url
            .parse()
            .map_err(|e| Failure::usage(format!("--url: {e}")))?;
        let access_token = which.token.as_deref().map(Secret::new);
        let socket = base.as_str().starts_with("ws");
        let (connect, api) = if socket {
            (Some(base), None)
        } else {
            (None, Some(base))
        };
        let onebot = OneBotAccount {
            connect,
            api,
            access_token,
            ..OneBotAccount::default()
        };
        return Ok(Account {
            name: "onebot".to_owned(),
            platform: AccountKind::OneBot(onebot),
        });
    }
    let config = Config::open(&which.config)?;
    config.account(name).cloned().ok_or_else(|| {
        let names: Vec<_> = config
            .accounts
            .iter()
            .map(|account| account.name.as_str())
            .collect();
        let file = which.config.display();
        Failure::configuration(match name {
            Some(name) => format!(
                "{file}: no account `{name}`; there are: {}",
                names.join(", ")
            ),
            None if names.is_empty() => format!("{file}: there is no account"),
            None => format!("which account? there are: {}", names.join(", ")),
        })
    })
}

/// The account that is meant, if it is a OneBot one.
pub(crate) fn onebot(which: &Which, name: Option<&str>) -> Result<OneBotAccount, Failure> {
    let account = account(which, name)?;
    match account.platform {
        AccountKind::OneBot(onebot) => Ok(onebot),
        _ => Err(Failure::configuration(format!(
            "account {}: not a onebot account",
            account.name
        ))),
    }
}

/// A client that calls over HTTP.
pub(crate) fn client(account: &OneBotAccount) -> Result<Client<OneBot>, Failure> {
    let base = account.api.clone().ok_or_else(|| {
        Failure::configuration("the account has no `api` address to call over HTTP")
    })?;
    let token = AccessToken::new(Secret::text(account.access_token.as_ref())?)?;
    Ok(Client::new(base, token))
}
