//! The accounts of DingTalk.

use std::net::SocketAddr;

use mynah_core::BaseUrl;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::kind::Kind;
use super::{Secret, address, listening};

/// What of DingTalk an account is. Its keys in `mynah.toml` say which:
///
/// | an account | needs | takes |
/// |---|---|---|
/// | application with a robot, over Stream | `client_id`, `client_secret` | `robot_code`, `agent_id`, `api` |
/// | the same, called back | and `listen` | and `token`, `aes_key`, `corp_id` for events |
/// | custom robot of a group, which only speaks | `access_token` | `secret`, `api` |
///
/// The console also calls `client_id` and `client_secret` AppKey and AppSecret: `app_key`
/// and `app_secret` are taken as well.
///
/// ```
/// let config = mynah_bot::Config::parse(r#"
///     [[account]]
///     platform = "dingtalk"
///     client_id = "ding-sandbox"
///     client_secret = "env:DINGTALK_SECRET"
/// "#)?;
/// # Ok::<(), mynah_bot::BadConfig>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum DingTalkAccount {
    /// An application of the own organisation, and its robot.
    App(DingTalkApp),
    /// A custom robot of one group.
    Robot(DingTalkRobot),
}

impl DingTalkAccount {
    /// Whether anything comes in by this account; otherwise it only speaks.
    pub const fn hears(&self) -> bool {
        matches!(self, Self::App(_))
    }
}

/// An application and its robot. What happens comes over Stream, or by callbacks
/// if the settings say where.
#[derive(Clone, Debug)]
pub struct DingTalkApp {
    /// The application's key.
    pub client_id: String,
    /// The application's secret.
    pub client_secret: Secret,
    /// The robot; the application's key if nothing is said.
    pub robot_code: Option<String>,
    /// The application as it sends work notices; without it there are none.
    pub agent_id: Option<i64>,
    /// Where all calls go; `https://oapi.dingtalk.com` and
    /// `https://api.dingtalk.com` if nothing is said.
    pub api: Option<BaseUrl>,
    /// Where callbacks come in; without it there is a Stream.
    pub callback: Option<DingTalkCallback>,
}

impl DingTalkApp {
    /// The application with this key and secret, over Stream.
    pub fn new(client_id: impl Into<String>, client_secret: Secret) -> Self {
        Self {
            client_id: client_id.into(),
            client_secret,
            robot_code: None,
            agent_id: None,
            api: None,
            callback: None,
        }
    }

    /// The code of its robot.
    pub fn robot_code(&self) -> &str {
        self.robot_code.as_deref().unwrap_or(&self.client_id)
    }
}

/// Where the platform calls back: with what people say to the robot, and with
/// events where those are set up. One address takes both.
#[derive(Clone, Debug)]
pub struct DingTalkCallback {
    /// Where we listen: `127.0.0.1:8080`. Any path there is the callback address.
    pub listen: SocketAddr,
    /// What events are signed and encrypted with; without it none are taken.
    pub events: Option<DingTalkEvents>,
}

/// What events are signed and encrypted with.
#[derive(Clone, Debug)]
pub struct DingTalkEvents {
    /// The token.
    pub token: Secret,
    /// The key: 43 letters and digits.
    pub aes_key: Secret,
    /// The organisation, which events are for if their address was registered by
    /// a call; where it was set up in the console they are for `client_id`.
    pub corp_id: Option<String>,
}

/// A custom robot of one group, which only speaks.
#[derive(Clone, Debug)]
pub struct DingTalkRobot {
    /// The address that DingTalk shows for the robot, or the `access_token` in it.
    pub access_token: Secret,
    /// What it signs with, if it signs: the text that begins with `SEC`.
    pub secret: Option<Secret>,
    /// Where calls go; `https://oapi.dingtalk.com` if nothing is said.
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
    #[serde(alias = "app_key")]
    client_id: Option<String>,
    #[serde(alias = "app_secret")]
    client_secret: Option<Secret>,
    robot_code: Option<String>,
    agent_id: Option<i64>,
    api: Option<String>,
    listen: Option<String>,
    token: Option<Secret>,
    aes_key: Option<Secret>,
    corp_id: Option<String>,
    access_token: Option<Secret>,
    secret: Option<Secret>,
}

const APP: Kind = Kind {
    what: "an application (`client_id`)",
    needs: &["client_id", "client_secret"],
    takes: &["robot_code", "agent_id", "api"],
};

const CALLED_APP: Kind = Kind {
    what: "an application (`client_id`) with callbacks",
    needs: &["client_id", "client_secret", "listen"],
    takes: &["robot_code", "agent_id", "api"],
};

const TOLD_APP: Kind = Kind {
    what: "an application (`client_id`) with callbacks for events",
    needs: &["client_id", "client_secret", "listen", "token", "aes_key"],
    takes: &["robot_code", "agent_id", "api", "corp_id"],
};

const ROBOT: Kind = Kind {
    what: "a custom robot (`access_token`)",
    needs: &["access_token"],
    takes: &["secret", "api"],
};

impl Table {
    /// The account that the keys describe; what is missing or has no place
    /// there is named.
    pub(super) fn account(self) -> Result<DingTalkAccount, String> {
        let kind = self.kind()?;
        kind.check(&self.given())?;
        let api = address("api", self.api)?;
        if let Some(access_token) = self.access_token {
            return Ok(DingTalkAccount::Robot(DingTalkRobot {
                access_token,
                secret: self.secret,
                api,
            }));
        }
        let (Some(client_id), Some(client_secret)) = (self.client_id, self.client_secret) else {
            return Err(NOTHING.to_owned());
        };
        let events = match (self.token, self.aes_key) {
            (Some(token), Some(aes_key)) => Some(DingTalkEvents {
                token,
                aes_key,
                corp_id: self.corp_id,
            }),
            _ => None,
        };
        let listen = self.listen.map(|text| listening(&text)).transpose()?;
        Ok(DingTalkAccount::App(DingTalkApp {
            client_id,
            client_secret,
            robot_code: self.robot_code,
            agent_id: self.agent_id,
            api,
            callback: listen.map(|listen| DingTalkCallback { listen, events }),
        }))
    }

    fn kind(&self) -> Result<Kind, String> {
        let told = self.token.is_some() || self.aes_key.is_some() || self.corp_id.is_some();
        if self.access_token.is_some() {
            Ok(ROBOT)
        } else if self.client_id.is_none() && self.client_secret.is_none() {
            Err(NOTHING.to_owned())
        } else if told {
            Ok(TOLD_APP)
        } else if self.listen.is_some() {
            Ok(CALLED_APP)
        } else {
            Ok(APP)
        }
    }

    fn given(&self) -> Vec<&'static str> {
        let keys = [
            ("client_id", self.client_id.is_some()),
            ("client_secret", self.client_secret.is_some()),
            ("robot_code", self.robot_code.is_some()),
            ("agent_id", self.agent_id.is_some()),
            ("api", self.api.is_some()),
            ("listen", self.listen.is_some()),
            ("token", self.token.is_some()),
            ("aes_key", self.aes_key.is_some()),
            ("corp_id", self.corp_id.is_some()),
            ("access_token", self.access_token.is_some()),
            ("secret", self.secret.is_some()),
        ];
        let given = keys.into_iter().filter(|(_, given)| *given);
        given.map(|(name, _)| name).collect()
    }
}

const NOTHING: &str =
    "one of `client_id` and `access_token` is needed: for an application or a custom robot";

#[cfg(test)]
mod tests {
    use super::super::{AccountKind, Config};
    use super::*;

    fn parse(keys: &str) -> Result<DingTalkAccount, String> {
        let text = format!("[[account]]\nplatform = 'dingtalk'\n{keys}\n");
        let config = Config::parse(&text).map_err(|error| error.to_string())?;
        match &config.accounts[0].platform {
            AccountKind::DingTalk(account) => Ok(account.clone()),
            other => Err(format!("{other:?}")),
        }
    }

    fn app(keys: &str) -> DingTalkApp {
        match parse(keys) {
            Ok(DingTalkAccount::App(app)) => app,
            other => panic!("{other:?}"),
        }
    }

    const APP: &str = "client_id = 'ding1'\nclient_secret = 'hush'";
    const EVENTS: &str = "token = 't'\naes_key = 'k'";

    #[test]
    fn the_keys_say_what_an_account_is() {
        let streamed = app(APP);
        assert!(streamed.callback.is_none());
        assert_eq!(streamed.robot_code(), "ding1");
        let older = app("app_key = 'ding1'\napp_secret = 's'\nrobot_code = 'ding2'");
        assert_eq!((&*older.client_id, older.robot_code()), ("ding1", "ding2"));

        let listen = "listen = '127.0.0.1:0'\nagent_id = 100001\napi = 'http://h/dingtalk'";
        let called = app(&format!("{APP}\n{listen}"));
        assert_eq!(called.agent_id, Some(100_001));
        assert_eq!(called.api.unwrap().as_str(), "http://h/dingtalk");
        assert!(called.callback.unwrap().events.is_none());
        let told = app(&format!("{APP}\n{listen}\n{EVENTS}\ncorp_id = 'corp'"));
        let events = told.callback.unwrap().events.unwrap();
        assert_eq!(events.corp_id.as_deref(), Some("corp"));

        let robot = parse("access_token = 'env:KEY'\nsecret = 'SECx'").unwrap();
        assert!(matches!(robot, DingTalkAccount::Robot(_)), "{robot:?}");
        assert!(!robot.hears());
    }

    #[test]
    fn what_is_missing_or_superfluous_is_named() {
        for (keys, problem) in [
            ("", "one of `client_id` and `access_token` is needed"),
            (
                "client_id = 'd'",
                "an application (`client_id`) needs `client_secret`",
            ),
            (
                &format!("{APP}\n{EVENTS}"),
                "with callbacks for events needs `listen`",
            ),
            (
                &format!("{APP}\nlisten = '127.0.0.1:0'\ntoken = 't'"),
                "with callbacks for events needs `aes_key`",
            ),
            (
                &format!("{APP}\nsecret = 'SECx'"),
                "an application (`client_id`) has no `secret`",
            ),
            (
                "access_token = 'k'\nagent_id = 1",
                "a custom robot (`access_token`) has no `agent_id`",
            ),
            (&format!("{APP}\nlisten = 'here'"), "listen: `here`"),
            ("clientid = 'd'", "clientid"),
        ] {
            let error = parse(keys).unwrap_err();
            assert!(error.contains(problem), "{keys}: {error}");
        }
    }

    #[test]
    fn no_secret_shows() {
        for keys in [APP, "access_token = 'hush'\nsecret = 'SEChush'"] {
            let shown = format!("{:?}", parse(keys).unwrap());
            assert!(!shown.contains("hush"), "{shown}");
        }
    }
}
