//! Which secrets an account has, and what makes two accounts the same.

use std::net::SocketAddr;

use mynah_core::BaseUrl;

use super::{
    Account, AccountKind, BadConfig, BearyChatAccount, Config, DingTalkAccount, Secret,
    WeComAccount,
};

/// What an account is known by: the key in the file, and its value.
type Known = (&'static str, String);

impl Account {
    /// The secrets, by their keys in the file.
    pub fn secrets(&self) -> Vec<(&'static str, &Secret)> {
        let secrets = match &self.platform {
            AccountKind::OneBot(it) => vec![
                ("access_token", it.access_token.as_ref()),
                ("secret", it.secret.as_ref()),
            ],
            AccountKind::WeCom(WeComAccount::Application(it)) => {
                let callback = it.callback.as_ref();
                vec![
                    ("corpsecret", Some(&it.corpsecret)),
                    ("token", callback.map(|it| &it.token)),
                    ("encoding_aes_key", callback.map(|it| &it.encoding_aes_key)),
                ]
            }
            AccountKind::WeCom(WeComAccount::Bot(it)) => vec![("bot_secret", Some(&it.bot_secret))],
            AccountKind::WeCom(WeComAccount::CalledBot(it)) => vec![
                ("token", Some(&it.callback.token)),
                ("encoding_aes_key", Some(&it.callback.encoding_aes_key)),
            ],
            AccountKind::WeCom(WeComAccount::Robot(it)) => {
                vec![("webhook_key", Some(&it.webhook_key))]
            }
            AccountKind::DingTalk(DingTalkAccount::App(it)) => {
                let events = it.callback.as_ref().and_then(|it| it.events.as_ref());
                vec![
                    ("client_secret", Some(&it.client_secret)),
                    ("token", events.map(|it| &it.token)),
                    ("aes_key", events.map(|it| &it.aes_key)),
                ]
            }
            AccountKind::DingTalk(DingTalkAccount::Robot(it)) => vec![
                ("access_token", Some(&it.access_token)),
                ("secret", it.secret.as_ref()),
            ],
            AccountKind::RongCloud(it) => vec![("app_secret", Some(&it.app_secret))],
            AccountKind::BearyChat(BearyChatAccount::Hubot(it)) => vec![("token", Some(&it.token))],
            AccountKind::BearyChat(BearyChatAccount::Outgoing(it)) => vec![
                ("outgoing_token", Some(&it.token)),
                ("hook", it.hook.as_ref().map(|it| &it.hook)),
            ],
            AccountKind::BearyChat(BearyChatAccount::Robot(it)) => vec![("hook", Some(&it.hook))],
        };
        let given = secrets.into_iter();
        given
            .filter_map(|(key, secret)| Some((key, secret?)))
            .collect()
    }

    /// What no other account of the platform may be known by.
    fn known(&self, text: impl Fn(&Secret) -> String) -> Known {
        let at = |api: Option<&BaseUrl>| api.map_or("", BaseUrl::as_str).to_owned();
        match &self.platform {
            AccountKind::OneBot(it) => match (&it.connect, &it.api, it.listen) {
                (Some(url), _, _) => ("connect", at(Some(url))),
                (None, _, Some(address)) => ("listen", address.to_string()),
                (None, api, None) => ("api", at(api.as_ref())),
            },
            AccountKind::WeCom(WeComAccount::Application(it)) => {
                let application = format!("{}/{} {}", it.corpid, it.agentid, at(it.api.as_ref()));
                ("agentid", application)
            }
            AccountKind::WeCom(WeComAccount::Bot(it)) => (
                "bot_id",
                format!("{} {}", it.bot_id, at(it.connect.as_ref())),
            ),
            AccountKind::WeCom(WeComAccount::CalledBot(it)) => {
                ("bot_id", format!("{} ", it.bot_id))
            }
            AccountKind::WeCom(WeComAccount::Robot(it)) => (
                "webhook_key",
                format!("{} {}", text(&it.webhook_key), at(it.api.as_ref())),
            ),
            AccountKind::DingTalk(DingTalkAccount::App(it)) => (
                "client_id",
                format!("{} {}", it.client_id, at(it.api.as_ref())),
            ),
            AccountKind::DingTalk(DingTalkAccount::Robot(it)) => (
                "access_token",
                format!("{} {}", text(&it.access_token), at(it.api.as_ref())),
            ),
            AccountKind::RongCloud(it) => {
                let user = format!("{}/{} {}", it.app_key, it.user(), at(it.api.as_ref()));
                ("app_key", user)
            }
            AccountKind::BearyChat(BearyChatAccount::Hubot(it)) => (
                "token",
                format!("{} {}", text(&it.token), at(it.api.as_ref())),
            ),
            AccountKind::BearyChat(BearyChatAccount::Outgoing(it)) => {
                ("outgoing_token", text(&it.token))
            }
            AccountKind::BearyChat(BearyChatAccount::Robot(it)) => (
                "hook",
                format!("{} {}", text(&it.hook), at(it.api.as_ref())),
            ),
        }
    }

    /// Where it listens, if anybody chose the port.
    fn listens(&self) -> Option<SocketAddr> {
        let address = match &self.platform {
            AccountKind::OneBot(it) => it.listen,
            AccountKind::WeCom(WeComAccount::Application(it)) => {
                it.callback.as_ref().map(|it| it.listen)
            }
            AccountKind::WeCom(WeComAccount::CalledBot(it)) => Some(it.callback.listen),
            AccountKind::DingTalk(DingTalkAccount::App(it)) => {
                it.callback.as_ref().map(|it| it.listen)
            }
            AccountKind::RongCloud(it) => it.listen,
            AccountKind::BearyChat(BearyChatAccount::Hubot(it)) => it.listen,
            AccountKind::BearyChat(BearyChatAccount::Outgoing(it)) => Some(it.listen),
            AccountKind::WeCom(WeComAccount::Bot(_) | WeComAccount::Robot(_))
            | AccountKind::DingTalk(DingTalkAccount::Robot(_))
            | AccountKind::BearyChat(BearyChatAccount::Robot(_)) => None,
        };
        address.filter(|address| address.port() != 0)
    }
}

impl Config {
    /// Whether no two accounts are the same, or listen at the same address; `text` tells secrets
    /// apart.
    pub(super) fn no_duplicates(&self, text: impl Fn(&Secret) -> String) -> Result<(), BadConfig> {
        let mut before: Vec<(&Account, Known)> = Vec::new();
        for account in &self.accounts {
            let known = account.known(&text);
            for (other, other_known) in &before {
                let same = other.platform.platform() == account.platform.platform()
                    && *other_known == known;
                let listens = account.listens();
                let key = if same {
                    known.0
                } else if listens.is_some() && listens == other.listens() {
                    "listen"
                } else {
                    continue;
                };
                let line = self.places.account(&other.name, key);
                let line = line.map_or_else(String::new, |line| format!(", line {line}"));
                let problem = format!("is that of account {}{line}, too", other.name);
                return Err(self.bad_account(&account.name, key, &problem));
            }
            before.push((account, known));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        Config::parse(text)
            .unwrap()
            .check()
            .unwrap_err()
            .to_string()
    }

    fn two(platform: &str, first: &str, second: &str) -> String {
        format!(
            "[[account]]\nname = 'a'\nplatform = '{platform}'\n{first}\n\
             [[account]]\nname = 'b'\nplatform = '{platform}'\n{second}\n"
        )
    }

    #[test]
    fn an_account_that_is_there_twice_is_named_with_both_lines() {
        for (platform, keys, key) in [
            ("onebot", "connect = 'ws://h/'", "connect"),
            ("onebot", "api = 'http://h/'", "api"),
            ("wecom", "bot_id = 'x'\nbot_secret = 'hush'", "bot_id"),
            ("wecom", "webhook_key = 'hush'", "webhook_key"),
            (
                "dingtalk",
                "client_id = 'x'\nclient_secret = 'hush'",
                "client_id",
            ),
            ("dingtalk", "access_token = 'hush'", "access_token"),
            ("rongcloud", "app_key = 'x'\napp_secret = 'hush'", "app_key"),
            ("bearychat", "token = 'env:HUBOT'", "token"),
            ("bearychat", "hook = 'https://h/hush'", "hook"),
        ] {
            let error = problem(&two(platform, keys, keys));
            let line = 7 + keys.lines().count();
            let expected = format!("{line}: account b: {key}: is that of account a, line 4, too");
            assert_eq!(error, expected);
        }
    }

    #[test]
    fn accounts_that_differ_are_let_be() {
        let app = "app_key = 'x'\napp_secret = 's'";
        for (platform, first, second) in [
            ("wecom", "webhook_key = 'a'", "webhook_key = 'b'"),
            (
                "wecom",
                "webhook_key = 'a'",
                "webhook_key = 'a'\napi = 'http://h/wecom'",
            ),
            ("rongcloud", app, &format!("{app}\nuser = 'helper'")),
            (
                "onebot",
                "connect = 'ws://h/'",
                "listen = '127.0.0.1:8080'\napi = 'http://h/'",
            ),
        ] {
            let config = Config::parse(&two(platform, first, second)).unwrap();
            config.check().unwrap();
        }
    }

    #[test]
    fn two_accounts_cannot_listen_at_one_address() {
        let listen = "listen = '127.0.0.1:8080'";
        let app =
            |user: &str| format!("app_key = 'x'\napp_secret = 's'\nuser = '{user}'\n{listen}");
        let error = problem(&two("rongcloud", &app("u"), &app("v")));
        assert_eq!(
            error,
            "14: account b: listen: is that of account a, line 7, too"
        );
        let any = |user| app(user).replace("8080", "0");
        let config = Config::parse(&two("rongcloud", &any("u"), &any("v"))).unwrap();
        config.check().unwrap();
    }

    #[test]
    fn a_secret_that_is_missing_is_named_with_its_line() {
        let keys = "app_key = 'x'\napp_secret = 'env:MYNAH_NO_SUCH_VARIABLE'";
        let config = Config::parse(&two("rongcloud", "app_key = 'y'\napp_secret = 's'", keys));
        let error = config.unwrap().check().unwrap_err().to_string();
        let expected = "10: account b: app_secret: the environment variable \
                        MYNAH_NO_SUCH_VARIABLE is not set";
        assert_eq!(error, expected);
    }

    /// Two names for one secret are found where the secret is read.
    #[test]
    fn an_account_that_is_there_twice_by_two_names_is_found_too() {
        let file = std::env::temp_dir().join(format!("mynah-key-{}", std::process::id()));
        std::fs::write(&file, "hush\n").unwrap();
        let second = format!("webhook_key = 'file:{}'", file.display());
        let config = Config::parse(&two("wecom", "webhook_key = 'hush'", &second)).unwrap();
        let error = config.check().unwrap_err().to_string();
        std::fs::remove_file(&file).unwrap();
        assert_eq!(
            error,
            "8: account b: webhook_key: is that of account a, line 4, too"
        );
    }
}
