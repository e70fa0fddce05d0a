//! The RongCloud accounts of `mynah.toml`.

use std::net::SocketAddr;

use mynah_core::BaseUrl;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::kind::Kind;
use super::{Secret, address, listening};

/// As whom a bot speaks if nothing is said.
const USER: &str = "bot";

/// A user of an application of RongCloud that is a bot. Without `listen` it only
/// speaks.
///
/// ```
/// let config = mynah_bot::Config::parse(r#"
///     [[account]]
///     platform = "rongcloud"
///     app_key = "rc-sandbox"
///     app_secret = "env:RONGCLOUD_SECRET"
///     listen = "127.0.0.1:8080"
/// "#)?;
/// # Ok::<(), mynah_bot::BadConfig>(())
/// ```
#[derive(Clone, Debug)]
pub struct RongCloudAccount {
    /// The application's key.
    pub app_key: String,
    /// The application's secret, which signs calls and callbacks.
    pub app_secret: Secret,
    /// The user that the bot is; `bot` if nothing is said.
    pub user: Option<String>,
    /// Where calls go; `https://api.rong-api.com` if nothing is said.
    pub api: Option<BaseUrl>,
    /// Where we listen: `127.0.0.1:8080`. Any path there is the address for
    /// callbacks of every kind, the message route above all.
    pub listen: Option<SocketAddr>,
}

impl RongCloudAccount {
    /// The application with this key and secret, which only speaks.
    pub fn new(app_key: impl Into<String>, app_secret: Secret) -> Self {
        Self {
            app_key: app_key.into(),
            app_secret,
            user: None,
            api: None,
            listen: None,
        }
    }

    /// The user that the bot is.
    pub fn user(&self) -> &str {
        self.user.as_deref().unwrap_or(USER)
    }

    /// Whether anything comes in by this account; otherwise it only speaks.
    pub const fn hears(&self) -> bool {
        self.listen.is_some()
    }
}

/// The keys as they stand in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    #[serde(rename = "platform")]
    _platform: IgnoredAny,
    pub(super) name: Option<String>,
    pub(super) proxy: Option<Secret>,
    app_key: Option<String>,
    app_secret: Option<Secret>,
    user: Option<String>,
    api: Option<String>,
    listen: Option<String>,
}

const APP: Kind = Kind {
    what: "an application",
    needs: &["app_key", "app_secret"],
    takes: &["user", "api", "listen"],
};

impl Table {
    /// The account that the keys describe; what is missing is named.
    pub(super) fn account(self) -> Result<RongCloudAccount, String> {
        let given = [
            ("app_key", self.app_key.is_some()),
            ("app_secret", self.app_secret.is_some()),
        ];
        let given = given.into_iter().filter(|(_, given)| *given);
        let given: Vec<_> = given.map(|(name, _)| name).collect();
        APP.check(&given)?;
        let (Some(app_key), Some(app_secret)) = (self.app_key, self.app_secret) else {
            return Err(format!("{} needs its key and its secret", APP.what));
        };
        Ok(RongCloudAccount {
            app_key,
            app_secret,
            user: self.user,
            api: address("api", self.api)?,
            listen: self.listen.map(|text| listening(&text)).transpose()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AccountKind, Config};
    use super::*;

    fn parse(keys: &str) -> Result<RongCloudAccount, String> {
        let text = format!("[[account]]\nplatform = 'rongcloud'\n{keys}\n");
        let config = Config::parse(&text).map_err(|error| error.to_string())?;
        match &config.accounts[0].platform {
            AccountKind::RongCloud(account) => Ok(account.clone()),
            other => Err(format!("{other:?}")),
        }
    }

    const APP: &str = "app_key = 'rc'\napp_secret = 'hush'";

    #[test]
    fn an_application_speaks_as_bot_and_hears_where_it_listens() {
        let silent = parse(APP).unwrap();
        assert_eq!((silent.user(), silent.hears()), ("bot", false));
        let keys = "user = 'helper'\nlisten = '127.0.0.1:0'\napi = 'http://h/rongcloud'";
        let heard = parse(&format!("{APP}\n{keys}")).unwrap();
        assert_eq!((heard.user(), heard.hears()), ("helper", true));
        assert_eq!(heard.api.unwrap().as_str(), "http://h/rongcloud");
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        for (keys, problem) in [
            ("", "an application needs `app_key`"),
            ("app_key = 'rc'", "an application needs `app_secret`"),
            (&format!("{APP}\nlisten = 'here'"), "listen: `here`"),
            (&format!("{APP}\ntoken = 't'"), "token"),
        ] {
            let error = parse(keys).unwrap_err();
            assert!(error.contains(problem), "{keys}: {error}");
        }
    }

    #[test]
    fn no_secret_shows() {
        let shown = format!("{:?}", parse(APP).unwrap());
        assert!(!shown.contains("hush"), "{shown}");
    }
}
