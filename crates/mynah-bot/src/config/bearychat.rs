//! The BearyChat accounts of `mynah.toml`.

use std::net::SocketAddr;

use mynah_core::BaseUrl;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::kind::Kind;
use super::{Secret, address, listening};

/// What an account on BearyChat is. In the file the keys tell.
///
/// ```
/// use mynah_bot::{AccountKind, BearyChatAccount};
///
/// let config = mynah_bot::Config::parse(r#"
///     [[account]]
///     platform = "bearychat"
///     token = "env:BEARYCHAT_TOKEN"
/// "#)?;
/// let AccountKind::BearyChat(account) = &config.accounts[0].platform else {
///     panic!("another platform");
/// };
/// assert!(matches!(account, BearyChatAccount::Hubot(_)));
/// # Ok::<(), mynah_bot::BadConfig>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum BearyChatAccount {
    /// A hubot: a robot that is a user of the team.
    Hubot(BearyChatHubot),
    /// A robot that a trigger word calls.
    Outgoing(BearyChatOutgoing),
    /// A robot that only speaks.
    Robot(BearyChatRobot),
}

impl BearyChatAccount {
    /// Whether anything comes in by this account; otherwise it only speaks.
    pub const fn hears(&self) -> bool {
        !matches!(self, Self::Robot(_))
    }
}

/// A hubot. What happens comes over a socket (RTM), or is posted if the settings say where.
#[derive(Clone, Debug)]
pub struct BearyChatHubot {
    /// The token of the hubot, which the team shows as its RTM token.
    pub token: Secret,
    /// Where all services are: calls go to `{api}/v1` and `{api}/rtm`. If nothing is said they go
    /// to `https://api.bearychat.com/v1` and `https://rtm.bearychat.com`.
    pub api: Option<BaseUrl>,
    /// Where we listen, if the hubot is set up with an address: `127.0.0.1:8080`. Only what
    /// mentions it is posted there. Without it there is a socket.
    pub listen: Option<SocketAddr>,
}

impl BearyChatHubot {
    /// The hubot with this token, over a socket.
    pub fn new(token: Secret) -> Self {
        Self {
            token,
            api: None,
            listen: None,
        }
    }
}

/// A robot that hears what begins with its trigger word, and answers in the response.
#[derive(Clone, Debug)]
pub struct BearyChatOutgoing {
    /// The token that comes with what is posted.
    pub token: Secret,
    /// Where we listen: `127.0.0.1:8080`. Any path there is the address.
    pub listen: SocketAddr,
    /// An incoming hook, for answers that are late, and for what is said of its own accord;
    /// without it the robot answers in time or not at all.
    pub hook: Option<BearyChatRobot>,
}

/// A robot with an incoming hook, which only speaks.
#[derive(Clone, Debug)]
pub struct BearyChatRobot {
    /// The address of the hook, or its path.
    pub hook: Secret,
    /// Where all services are: posts go to `{api}/hook`. If nothing is said they go to
    /// `https://hook.bearychat.com`.
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
    token: Option<Secret>,
    outgoing_token: Option<Secret>,
    hook: Option<Secret>,
    api: Option<String>,
    listen: Option<String>,
}

const HUBOT: Kind = Kind {
    what: "a hubot (`token`)",
    needs: &["token"],
    takes: &["api", "listen"],
};

const OUTGOING: Kind = Kind {
    what: "a robot with an outgoing hook (`outgoing_token`)",
    needs: &["outgoing_token", "listen"],
    takes: &["hook", "api"],
};

const ROBOT: Kind = Kind {
    what: "a robot with an incoming hook (`hook`)",
    needs: &["hook"],
    takes: &["api"],
};

impl Table {
    /// The account that the keys describe; what is missing or has no place there is named.
    pub(super) fn account(self) -> Result<BearyChatAccount, String> {
        self.kind()?.check(&self.given())?;
        let api = address("api", self.api)?;
        let listen = self.listen.map(|text| listening(&text)).transpose()?;
        let hook = self.hook.map(|hook| BearyChatRobot {
            hook,
            api: api.clone(),
        });
        match (self.token, self.outgoing_token, listen, hook) {
            (Some(token), None, listen, None) => Ok(BearyChatAccount::Hubot(BearyChatHubot {
                token,
                api,
                listen,
            })),
            (None, Some(token), Some(listen), hook) => {
                Ok(BearyChatAccount::Outgoing(BearyChatOutgoing {
                    token,
                    listen,
                    hook,
                }))
            }
            (None, None, None, Some(robot)) => Ok(BearyChatAccount::Robot(robot)),
            _ => Err(NOTHING.to_owned()),
        }
    }

    fn kind(&self) -> Result<Kind, String> {
        if self.token.is_some() {
            Ok(HUBOT)
        } else if self.outgoing_token.is_some() {
            Ok(OUTGOING)
        } else if self.hook.is_some() {
            Ok(ROBOT)
        } else {
            Err(NOTHING.to_owned())
        }
    }

    fn given(&self) -> Vec<&'static str> {
        let keys = [
            ("token", self.token.is_some()),
            ("outgoing_token", self.outgoing_token.is_some()),
            ("hook", self.hook.is_some()),
            ("api", self.api.is_some()),
            ("listen", self.listen.is_some()),
        ];
        let given = keys.into_iter().filter(|(_, given)| *given);
        given.map(|(name, _)| name).collect()
    }
}

const NOTHING: &str = "one of `token`, `outgoing_token` and `hook` is needed: for a hubot, or for \
                       a robot with an outgoing or an incoming hook";

#[cfg(test)]
mod tests {
    use super::super::{AccountKind, Config};
    use super::*;

    fn parse(keys: &str) -> Result<BearyChatAccount, String> {
        let text = format!("[[account]]\nplatform = 'bearychat'\n{keys}\n");
        let config = Config::parse(&text).map_err(|error| error.to_string())?;
        match &config.accounts[0].platform {
            AccountKind::BearyChat(account) => Ok(account.clone()),
            other => Err(format!("{other:?}")),
        }
    }

    fn hubot(keys: &str) -> BearyChatHubot {
        match parse(keys) {
            Ok(BearyChatAccount::Hubot(hubot)) => hubot,
            other => panic!("{other:?}"),
        }
    }

    const HUBOT: &str = "token = 'hush'";
    const OUTGOING: &str = "outgoing_token = 'hush'\nlisten = '127.0.0.1:0'";
    const ROBOT: &str = "hook = 'https://hook.bearychat.com/=bw52O/incoming/hush'";

    #[test]
    fn the_keys_say_what_an_account_is() {
        let streamed = hubot(HUBOT);
        assert!(streamed.api.is_none() && streamed.listen.is_none());
        let called = format!("{HUBOT}\napi = 'http://h/bearychat'\nlisten = '127.0.0.1:0'");
        let called = hubot(&called);
        assert_eq!(called.api.unwrap().as_str(), "http://h/bearychat");
        assert!(called.listen.is_some());

        let outgoing = parse(&format!("{OUTGOING}\n{ROBOT}\napi = 'http://h/b'")).unwrap();
        assert!(outgoing.hears());
        let BearyChatAccount::Outgoing(outgoing) = outgoing else {
            panic!("{outgoing:?}")
        };
        assert!(outgoing.hook.unwrap().api.is_some());

        let robot = parse(ROBOT).unwrap();
        assert!(matches!(robot, BearyChatAccount::Robot(_)), "{robot:?}");
        assert!(!robot.hears());
    }

    #[test]
    fn what_is_missing_or_superfluous_is_named() {
        for (keys, problem) in [
            ("", "one of `token`, `outgoing_token` and `hook` is needed"),
            (
                "outgoing_token = 't'",
                "a robot with an outgoing hook (`outgoing_token`) needs `listen`",
            ),
            (
                &format!("{HUBOT}\n{ROBOT}"),
                "a hubot (`token`) has no `hook`",
            ),
            (
                &format!("{HUBOT}\n{OUTGOING}"),
                "a hubot (`token`) has no `outgoing_token`",
            ),
            (
                &format!("{ROBOT}\nlisten = '127.0.0.1:0'"),
                "a robot with an incoming hook (`hook`) has no `listen`",
            ),
            (&format!("{HUBOT}\nlisten = 'here'"), "listen: `here`"),
            ("tokn = 't'", "tokn"),
        ] {
            let error = parse(keys).unwrap_err();
            assert!(error.contains(problem), "{keys}: {error}");
        }
    }

    #[test]
    fn no_secret_shows() {
        for keys in [HUBOT, OUTGOING, ROBOT] {
            let shown = format!("{:?}", parse(keys).unwrap());
            assert!(!shown.contains("hush"), "{shown}");
        }
    }
}
