//! The accounts of WeCom.

use std::net::SocketAddr;

use mynah_core::BaseUrl;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::kind::Kind;
use super::{Secret, address, listening};

/// What of WeCom an account is. Its keys in `mynah.toml` say which:
///
/// | an account | needs | takes |
/// |---|---|---|
/// | application | `corpid`, `corpsecret`, `agentid` | `api`; `listen`, `token`, `encoding_aes_key` for callbacks |
/// | intelligent bot, by its socket | `bot_id`, `bot_secret` | `connect` |
/// | intelligent bot, by callback | `bot_id`, `listen`, `token`, `encoding_aes_key` | |
/// | group robot, which only speaks | `webhook_key` | `api` |
///
/// ```
/// let config = mynah_bot::Config::parse(r#"
///     [[account]]
///     platform = "wecom"
///     corpid = "ww-sandbox"
///     corpsecret = "env:WECOM_SECRET"
///     agentid = 1000002
///     listen = "127.0.0.1:8080"
///     token = "MynahToken123"
///     encoding_aes_key = "file:/run/secrets/wecom-aes-key"
/// "#)?;
/// # Ok::<(), mynah_bot::BadConfig>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum WeComAccount {
    /// An application of the own corp.
    Application(WeComApplication),
    /// An intelligent bot that keeps a socket open.
    Bot(WeComBot),
    /// An intelligent bot that is called back.
    CalledBot(WeComCalledBot),
    /// A robot of one group.
    Robot(WeComRobot),
}

impl WeComAccount {
    /// Whether anything comes in by this account; otherwise it only speaks.
    pub const fn hears(&self) -> bool {
        match self {
            Self::Application(application) => application.callback.is_some(),
            Self::Bot(_) | Self::CalledBot(_) => true,
            Self::Robot(_) => false,
        }
    }
}

/// An application: it calls, and is called back if the settings say where.
#[derive(Clone, Debug)]
pub struct WeComApplication {
    /// The corp's id.
    pub corpid: String,
    /// The application's secret.
    pub corpsecret: Secret,
    /// The application's id.
    pub agentid: i64,
    /// Where calls go; `https://qyapi.weixin.qq.com` if nothing is said.
    pub api: Option<BaseUrl>,
    /// Where callbacks come in; without it the application only speaks.
    pub callback: Option<WeComCallback>,
}

/// Where the platform calls back, and what it signs and encrypts with.
#[derive(Clone, Debug)]
pub struct WeComCallback {
    /// Where we listen: `127.0.0.1:8080`. Any path there is the callback address.
    pub listen: SocketAddr,
    /// The token of the callback settings.
    pub token: Secret,
    /// The `EncodingAESKey` of the callback settings: 43 letters and digits.
    pub encoding_aes_key: Secret,
}

/// An intelligent bot that keeps a socket open. The platform allows one
/// connection for each bot: whoever connects later takes the bot over.
#[derive(Clone, Debug)]
pub struct WeComBot {
    /// The bot's id.
    pub bot_id: String,
    /// The bot's secret for its socket.
    pub bot_secret: Secret,
    /// The address of the socket; `wss://openws.work.weixin.qq.com` if nothing is said.
    pub connect: Option<BaseUrl>,
}

/// An intelligent bot that is called back.
#[derive(Clone, Debug)]
pub struct WeComCalledBot {
    /// The bot's id.
    pub bot_id: String,
    /// Where callbacks come in.
    pub callback: WeComCallback,
}

/// A robot of one group: it speaks there and hears nothing.
#[derive(Clone, Debug)]
pub struct WeComRobot {
    /// The `key` in the robot's webhook address.
    pub webhook_key: Secret,
    /// Where calls go; `https://qyapi.weixin.qq.com` if nothing is said.
    pub api: Option<BaseUrl>,
}

/// The keys as they stand in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    #[serde(rename = "platform")]
    _platform: IgnoredAny,
    pub(super) name: Option<String>,
    pub(super) proxy: Option<Secret>,
    corpid: Option<String>,
    corpsecret: Option<Secret>,
    agentid: Option<i64>,
    api: Option<String>,
    listen: Option<String>,
    token: Option<Secret>,
    encoding_aes_key: Option<Secret>,
    bot_id: Option<String>,
    bot_secret: Option<Secret>,
    connect: Option<String>,
    webhook_key: Option<Secret>,
}

const APPLICATION: Kind = Kind {
    what: "an application (`corpid`)",
    needs: &["corpid", "corpsecret", "agentid"],
    takes: &["api"],
};

const CALLED_APPLICATION: Kind = Kind {
    what: "an application (`corpid`) with callbacks",
    needs: &[
        "corpid",
        "corpsecret",
        "agentid",
        "listen",
        "token",
        "encoding_aes_key",
    ],
    takes: &["api"],
};

const BOT: Kind = Kind {
    what: "an intelligent bot with a socket",
    needs: &["bot_id", "bot_secret"],
    takes: &["connect"],
};

const CALLED_BOT: Kind = Kind {
    what: "an intelligent bot with callbacks",
    needs: &["bot_id", "listen", "token", "encoding_aes_key"],
    takes: &[],
};

const ROBOT: Kind = Kind {
    what: "a group robot (`webhook_key`)",
    needs: &["webhook_key"],
    takes: &["api"],
};

impl Table {
    /// The account that the keys describe; what is missing or has no place
    /// there is named.
    pub(super) fn account(self) -> Result<WeComAccount, String> {
        let kind = self.kind()?;
        kind.check(&self.given())?;
        let api = address("api", self.api)?;
        let callback = match (self.listen, self.token, self.encoding_aes_key) {
            (Some(listen), Some(token), Some(encoding_aes_key)) => Some(WeComCallback {
                listen: listening(&listen)?,
                token,
                encoding_aes_key,
            }),
            _ => None,
        };
        if let Some(webhook_key) = self.webhook_key {
            return Ok(WeComAccount::Robot(WeComRobot { webhook_key, api }));
        }
        if let (Some(corpid), Some(corpsecret), Some(agentid)) =
            (self.corpid, self.corpsecret, self.agentid)
        {
            return Ok(WeComAccount::Application(WeComApplication {
                corpid,
                corpsecret,
                agentid,
                api,
                callback,
            }));
        }
        match (self.bot_id, self.bot_secret, callback) {
            (Some(bot_id), Some(bot_secret), _) => Ok(WeComAccount::Bot(WeComBot {
                bot_id,
                bot_secret,
                connect: address("connect", self.connect)?,
            })),
            (Some(bot_id), None, Some(callback)) => {
                Ok(WeComAccount::CalledBot(WeComCalledBot { bot_id, callback }))
            }
            _ => Err(NOTHING.to_owned()),
        }
    }

    fn kind(&self) -> Result<Kind, String> {
        let called =
            self.listen.is_some() || self.token.is_some() || self.encoding_aes_key.is_some();
        if self.webhook_key.is_some() {
            Ok(ROBOT)
        } else if self.corpid.is_some() || self.corpsecret.is_some() || self.agentid.is_some() {
            Ok(if called {
                CALLED_APPLICATION
            } else {
                APPLICATION
            })
        } else if self.bot_secret.is_some() || self.connect.is_some() {
            Ok(BOT)
        } else if self.bot_id.is_some() && !called {
            Err("an intelligent bot needs `bot_secret` for its socket, \
                 or `listen`, `token` and `encoding_aes_key` for callbacks"
                .to_owned())
        } else if self.bot_id.is_some() {
            Ok(CALLED_BOT)
        } else {
            Err(NOTHING.to_owned())
        }
    }

    fn given(&self) -> Vec<&'static str> {
        let keys = [
            ("corpid", self.corpid.is_some()),
            ("corpsecret", self.corpsecret.is_some()),
            ("agentid", self.agentid.is_some()),
            ("api", self.api.is_some()),
            ("listen", self.listen.is_some()),
            ("token", self.token.is_some()),
            ("encoding_aes_key", self.encoding_aes_key.is_some()),
            ("bot_id", self.bot_id.is_some()),
            ("bot_secret", self.bot_secret.is_some()),
            ("connect", self.connect.is_some()),
            ("webhook_key", self.webhook_key.is_some()),
        ];
        let given = keys.into_iter().filter(|(_, given)| *given);
        given.map(|(name, _)| name).collect()
    }
}

const NOTHING: &str = "one of `corpid`, `bot_id` and `webhook_key` is needed: \
     for an application, an intelligent bot or a group robot";

#[cfg(test)]
mod tests {
    use super::super::{AccountKind, Config};
    use super::*;

    fn parse(keys: &str) -> Result<WeComAccount, String> {
        let text = format!("[[account]]\nplatform = 'wecom'\n{keys}\n");
        let config = Config::parse(&text).map_err(|error| error.to_string())?;
        match &config.accounts[0].platform {
            AccountKind::WeCom(account) => Ok(account.clone()),
            other => Err(format!("{other:?}")),
        }
    }

    const APPLICATION: &str = "corpid = 'ww1'\ncorpsecret = 's'\nagentid = 1000002";
    const CALLBACK: &str = "listen = '127.0.0.1:0'\ntoken = 't'\nencoding_aes_key = 'k'";

    #[test]
    fn the_keys_say_what_an_account_is() {
        let silent = parse(APPLICATION).unwrap();
        assert!(
            matches!(silent, WeComAccount::Application(ref it) if it.callback.is_none()),
            "{silent:?}"
        );
        let called = parse(&format!(
            "{APPLICATION}\n{CALLBACK}\napi = 'http://h/wecom'"
        ))
        .unwrap();
        let WeComAccount::Application(called) = called else {
            panic!("{called:?}")
        };
        assert_eq!(called.agentid, 1_000_002);
        assert_eq!(called.api.unwrap().as_str(), "http://h/wecom");
        assert_eq!(
            called.callback.unwrap().listen,
            "127.0.0.1:0".parse().unwrap()
        );

        let bot = parse("bot_id = 'aib'\nbot_secret = 's'\nconnect = 'ws://h/openws'").unwrap();
        assert!(matches!(bot, WeComAccount::Bot(_)), "{bot:?}");
        let bot = parse(&format!("bot_id = 'aib'\n{CALLBACK}")).unwrap();
        assert!(matches!(bot, WeComAccount::CalledBot(_)), "{bot:?}");
        let robot = parse("webhook_key = 'env:KEY'").unwrap();
        assert!(matches!(robot, WeComAccount::Robot(_)), "{robot:?}");
    }

    #[test]
    fn what_is_missing_or_superfluous_is_named() {
        for (keys, problem) in [
            ("", "one of `corpid`, `bot_id` and `webhook_key` is needed"),
            (
                "corpid = 'ww1'",
                "an application (`corpid`) needs `corpsecret`, `agentid`",
            ),
            (
                &format!("{APPLICATION}\nlisten = '127.0.0.1:0'"),
                "an application (`corpid`) with callbacks needs `token`, `encoding_aes_key`",
            ),
            (
                &format!("{APPLICATION}\nbot_id = 'aib'"),
                "an application (`corpid`) has no `bot_id`",
            ),
            ("bot_id = 'aib'", "needs `bot_secret` for its socket"),
            (
                "bot_secret = 's'",
                "an intelligent bot with a socket needs `bot_id`",
            ),
            (
                &format!("bot_id = 'aib'\nbot_secret = 's'\n{CALLBACK}"),
                "an intelligent bot with a socket has no `listen`, `token`, `encoding_aes_key`",
            ),
            (
                "webhook_key = 'k'\nagentid = 1\ntoken = 't'",
                "a group robot (`webhook_key`) has no `agentid`, `token`",
            ),
            ("corp_id = 'ww1'", "corp_id"),
        ] {
            let error = parse(keys).unwrap_err();
            assert!(error.contains(problem), "{keys}: {error}");
        }
    }

    #[test]
    fn no_secret_shows() {
        let account = parse(&format!(
            "corpid = 'ww1'\ncorpsecret = 'hush'\nagentid = 1\n{CALLBACK}"
        ));
        let shown = format!("{:?}", account.unwrap());
        assert!(!shown.contains("hush"), "{shown}");
    }
}
