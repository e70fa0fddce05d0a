//! `mynah.toml`: which accounts there are and how they are reached.

use std::fmt;
use std::path::{Path, PathBuf};

use mynah_client::Proxy;
use mynah_core::{BadUrl, BaseUrl};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::id::Platform;

mod bearychat;
mod credentials;
mod dingtalk;
mod handler;
mod kind;
mod place;
mod read;
mod rongcloud;
mod wecom;

use place::Places;

pub use bearychat::{BearyChatAccount, BearyChatHubot, BearyChatOutgoing, BearyChatRobot};
pub use dingtalk::{DingTalkAccount, DingTalkApp, DingTalkCallback, DingTalkEvents, DingTalkRobot};
pub use handler::{Forward, ForwardWay};
pub use rongcloud::RongCloudAccount;
pub use wecom::{
    WeComAccount, WeComApplication, WeComBot, WeComCallback, WeComCalledBot, WeComRobot,
};

/// The settings of a bot.
///
/// ```
/// let config = mynah_bot::Config::parse(r#"
///     [[account]]
///     name = "qq"
///     platform = "onebot"
///     connect = "ws://127.0.0.1:6700/"
///     access_token = "env:ONEBOT_ACCESS_TOKEN"
/// "#)?;
/// assert_eq!(config.accounts[0].name, "qq");
/// # Ok::<(), mynah_bot::BadConfig>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The accounts, in the order of the file.
    pub accounts: Vec<Account>,
    /// The handlers that events are forwarded to, in the order of the file.
    pub handlers: Vec<Forward>,
    /// Where all of it stands, if it was read.
    places: Places,
}

/// One account.
#[derive(Clone, Debug)]
pub struct Account {
    /// What it is called in logs, commands and events.
    pub name: String,
    /// How it is reached.
    pub platform: AccountKind,
    /// The HTTP proxy that calls and sockets of this account go through, such as
    /// `http://user:password@proxy:3128`; none unless said.
    pub proxy: Option<Secret>,
}

impl Account {
    /// An account that is reached directly.
    pub fn new(name: impl Into<String>, platform: AccountKind) -> Self {
        Self {
            name: name.into(),
            platform,
            proxy: None,
        }
    }

    /// The proxy that calls go through.
    ///
    /// # Errors
    /// It cannot be read, or is none; the error does not tell it.
    pub fn proxy(&self) -> Result<Option<Proxy>, BadConfig> {
        let Some(proxy) = &self.proxy else {
            return Ok(None);
        };
        let text = proxy.read_as("proxy")?;
        let proxy = text.expose_secret().parse();
        proxy
            .map(Some)
            .map_err(|error| BadConfig::new(format!("proxy: {error}")))
    }
}

/// The platform of an account, and what that platform needs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum AccountKind {
    /// OneBot 11.
    OneBot(OneBotAccount),
    /// WeCom.
    WeCom(WeComAccount),
    /// DingTalk.
    DingTalk(DingTalkAccount),
    /// RongCloud.
    RongCloud(RongCloudAccount),
    /// BearyChat.
    BearyChat(BearyChatAccount),
}

impl AccountKind {
    /// The platform.
    pub const fn platform(&self) -> Platform {
        match self {
            Self::OneBot(_) => Platform::OneBot,
            Self::WeCom(_) => Platform::WeCom,
            Self::DingTalk(_) => Platform::DingTalk,
            Self::RongCloud(_) => Platform::RongCloud,
            Self::BearyChat(_) => Platform::BearyChat,
        }
    }

    /// Whether anything comes in by this account; otherwise it only speaks.
    pub const fn hears(&self) -> bool {
        match self {
            Self::OneBot(onebot) => onebot.connect.is_some() || onebot.listen.is_some(),
            Self::WeCom(wecom) => wecom.hears(),
            Self::DingTalk(dingtalk) => dingtalk.hears(),
            Self::RongCloud(rongcloud) => rongcloud.hears(),
            Self::BearyChat(bearychat) => bearychat.hears(),
        }
    }
}

/// How a OneBot implementation is reached: by the WebSocket it offers
/// (`connect`), by HTTP calls to it (`api`), or by what it opens to us
/// (`listen`: event posts and reverse WebSockets). At least one is needed.
#[derive(Clone, Debug, Default)]
pub struct OneBotAccount {
    /// Address of the implementation's WebSocket: `ws://127.0.0.1:6700/`.
    pub connect: Option<BaseUrl>,
    /// Address of the implementation's HTTP server: `http://127.0.0.1:5700`.
    pub api: Option<BaseUrl>,
    /// Where we listen: `127.0.0.1:8080`.
    pub listen: Option<std::net::SocketAddr>,
    /// Guards calls and sockets, in both directions.
    pub access_token: Option<Secret>,
    /// Signs event posts.
    pub secret: Option<Secret>,
}

/// An account as it stands in the file.
enum Table {
    OneBot(OneBotTable),
    WeCom(wecom::Table),
    DingTalk(dingtalk::Table),
    RongCloud(rongcloud::Table),
    BearyChat(bearychat::Table),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OneBotTable {
    #[serde(rename = "platform")]
    _platform: IgnoredAny,
    name: Option<String>,
    proxy: Option<Secret>,
    connect: Option<String>,
    api: Option<String>,
    listen: Option<String>,
    access_token: Option<Secret>,
    secret: Option<Secret>,
}

impl Config {
    /// Reads a file.
    ///
    /// # Errors
    /// The file cannot be read or is wrong; the error names file, line and field.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, BadConfig> {
        let path = path.as_ref();
        let text =
            std::fs::read_to_string(path).map_err(|error| BadConfig::new(error).in_file(path))?;
        let mut config = Self::parse(&text).map_err(|error| error.in_file(path))?;
        config.places.file = Some(path.to_owned());
        Ok(config)
    }

    /// Reads settings from text.
    ///
    /// # Errors
    /// The text is wrong; the error names line and field.
    pub fn parse(text: &str) -> Result<Self, BadConfig> {
        let read::File { accounts, handlers } = read::read(text)?;
        let mut config = Self::default();
        for (place, table) in accounts {
            let number = config.accounts.len() + 1;
            let bad = |problem: String| {
                let line = Some(place.line_of(&problem));
                BadConfig {
                    line,
                    ..BadConfig::new(format!("account {number}: {problem}"))
                }
            };
            let account = table.account().map_err(bad)?;
            if config.account(Some(&account.name)).is_some() {
                let problem = format!("the name `{}` is taken", account.name);
                let line = Some(place.line("name"));
                return Err(BadConfig {
                    line,
                    ..bad(problem)
                });
            }
            config.places.accounts.push((account.name.clone(), place));
            config.accounts.push(account);
        }
        for (place, table) in handlers {
            let handler = config.handler(&place, table)?;
            config.places.handlers.push((handler.name.clone(), place));
            config.handlers.push(handler);
        }
        Ok(config)
    }

    /// The settings of these accounts, which no handler hears.
    pub fn of(accounts: Vec<Account>) -> Self {
        Self {
            accounts,
            ..Self::default()
        }
    }

    /// Whether all accounts can be at work at once: no two are the same or listen at the same
    /// address, and every secret can be read, those of handlers too. Of the outside nothing is asked but that.
    ///
    /// # Errors
    /// They cannot; the error names file, line and field.
    pub fn check(&self) -> Result<(), BadConfig> {
        self.check_distinct()?;
        for account in &self.accounts {
            for (field, secret) in account.secrets() {
                let read = secret.read();
                read.map_err(|bad| self.bad_account(&account.name, field, &bad.to_string()))?;
            }
            let proxy = account.proxy();
            proxy.map_err(|bad| self.bad_account(&account.name, "proxy", &bad.problem))?;
        }
        self.check_handlers()
    }

    /// Whether the secret of every handler can be read.
    ///
    /// # Errors
    /// One cannot; the error names file, line and field.
    pub fn check_handlers(&self) -> Result<(), BadConfig> {
        for (index, handler) in self.handlers.iter().enumerate() {
            if let Some(secret) = handler.secret() {
                let read = secret.read();
                read.map_err(|bad| self.bad_handler(index, "secret", &bad.to_string()))?;
            }
        }
        Ok(())
    }

    /// Whether no two accounts are the same or listen at the same address.
    ///
    /// # Errors
    /// Two are; the error names file, line and field.
    pub fn check_distinct(&self) -> Result<(), BadConfig> {
        self.no_duplicates(|secret| {
            let read = secret.read();
            read.map_or_else(|_| secret.source(), |text| text.expose_secret().to_owned())
        })
    }

    /// What is wrong with an account, where it stands.
    fn bad_account(&self, name: &str, field: &str, problem: &str) -> BadConfig {
        let problem = problem
            .strip_prefix(&format!("{field}: "))
            .unwrap_or(problem);
        BadConfig {
            file: self.places.file.clone(),
            line: self.places.account(name, field),
            problem: format!("account {name}: {field}: {problem}"),
        }
    }

    /// What is wrong with a handler, where it stands.
    pub(crate) fn bad_handler(&self, index: usize, field: &str, problem: &str) -> BadConfig {
        let name = self.handlers.get(index).map_or("?", |it| &it.name);
        BadConfig {
            file: self.places.file.clone(),
            line: self.places.handler(name, field),
            problem: format!("handler {name}: {field}: {problem}"),
        }
    }

    /// The line where a key of an account stands, or that of its table if the key stands nowhere;
    /// counted from 1, and known only of what was read.
    ///
    /// ```
    /// let config = mynah_bot::Config::parse("[[account]]\nplatform = 'onebot'\napi = 'http://h'\n")?;
    /// assert_eq!(config.line("onebot", "api"), Some(3));
    /// assert_eq!(config.line("onebot", "connect"), Some(1));
    /// # Ok::<(), mynah_bot::BadConfig>(())
    /// ```
    pub fn line(&self, account: &str, key: &str) -> Option<usize> {
        self.places.account(account, key)
    }

    /// The account with this name; with no name given, the only one.
    pub fn account(&self, name: Option<&str>) -> Option<&Account> {
        match name {
            Some(name) => self.accounts.iter().find(|account| account.name == name),
            None => self.accounts.first().filter(|_| self.accounts.len() == 1),
        }
    }
}

impl Table {
    fn account(self) -> Result<Account, String> {
        let (name, proxy, platform) = match self {
            Self::OneBot(mut table) => {
                let (name, proxy) = (table.name.take(), table.proxy.take());
                (name, proxy, AccountKind::OneBot(table.account()?))
            }
            Self::WeCom(mut table) => {
                let (name, proxy) = (table.name.take(), table.proxy.take());
                (name, proxy, AccountKind::WeCom(table.account()?))
            }
            Self::DingTalk(mut table) => {
                let (name, proxy) = (table.name.take(), table.proxy.take());
                (name, proxy, AccountKind::DingTalk(table.account()?))
            }
            Self::RongCloud(mut table) => {
                let (name, proxy) = (table.name.take(), table.proxy.take());
                (name, proxy, AccountKind::RongCloud(table.account()?))
            }
            Self::BearyChat(mut table) => {
                let (name, proxy) = (table.name.take(), table.proxy.take());
                (name, proxy, AccountKind::BearyChat(table.account()?))
            }
        };
        let name = name.unwrap_or_else(|| platform.platform().name().to_owned());
        let account = Account {
            proxy,
            ..Account::new(name, platform)
        };
        if account.proxy.as_ref().is_some_and(Secret::is_here) {
            account.proxy().map_err(|bad| bad.problem)?;
        }
        Ok(account)
    }
}

impl OneBotTable {
    fn account(self) -> Result<OneBotAccount, String> {
        let listen = self.listen.map(|text| listening(&text));
        let onebot = OneBotAccount {
            connect: address("connect", self.connect)?,
            api: address("api", self.api)?,
            listen: listen.transpose()?,
            access_token: self.access_token,
            secret: self.secret,
        };
        if onebot.connect.is_none() && onebot.api.is_none() && onebot.listen.is_none() {
            return Err("one of `connect`, `api` and `listen` is needed".to_owned());
        }
        Ok(onebot)
    }
}

/// Where calls go: to the sandbox if the settings say so, or to the platform's own `host`.
pub(crate) fn base(api: Option<&BaseUrl>, host: &str) -> Result<BaseUrl, BadConfig> {
    match api {
        Some(api) => Ok(api.clone()),
        None => host.parse().map_err(BadConfig::new),
    }
}

fn address(field: &str, text: Option<String>) -> Result<Option<BaseUrl>, String> {
    text.map(|text| text.parse().map_err(|error| format!("{field}: {error}")))
        .transpose()
}

fn listening(text: &str) -> Result<std::net::SocketAddr, String> {
    text.parse()
        .map_err(|_| format!("listen: `{text}` is not address:port"))
}

/// A secret as it stands in a configuration: the value itself, `env:NAME`
/// for an environment variable, or `file:PATH` for the first line of a file.
#[derive(Clone)]
pub struct Secret(Source);

#[derive(Clone)]
enum Source {
    Value(SecretString),
    Environment(String),
    File(PathBuf),
}

impl Secret {
    /// Where the secret is, or the secret itself.
    pub fn new(text: &str) -> Self {
        Self(match text.split_once(':') {
            Some(("env", name)) => Source::Environment(name.to_owned()),
            Some(("file", path)) => Source::File(path.into()),
            _ => Source::Value(text.into()),
        })
    }

    /// A secret that is at hand.
    pub fn value(secret: impl Into<SecretString>) -> Self {
        Self(Source::Value(secret.into()))
    }

    /// The secret itself.
    ///
    /// # Errors
    /// The variable is not set, the file cannot be read, or there is nothing in it; the error names
    /// it.
    pub fn read(&self) -> Result<SecretString, BadConfig> {
        match &self.0 {
            Source::Value(value) => Ok(value.clone()),
            Source::Environment(name) => {
                let bad =
                    |problem| BadConfig::new(format!("the environment variable {name} {problem}"));
                let text = std::env::var(name).map_err(|_| bad("is not set"))?;
                if text.is_empty() {
                    return Err(bad("is empty"));
                }
                Ok(text.into())
            }
            Source::File(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|error| BadConfig::new(error).in_file(path))?;
                let line = text.lines().next().filter(|line| !line.is_empty());
                let bad = || BadConfig::new("the first line is empty").in_file(path);
                Ok(line.ok_or_else(bad)?.into())
            }
        }
    }

    /// Whether it stands in the settings themselves.
    fn is_here(&self) -> bool {
        matches!(self.0, Source::Value(_))
    }

    /// Where it comes from, to tell two secrets apart that were not read.
    fn source(&self) -> String {
        match &self.0 {
            Source::Value(value) => format!("value:{}", value.expose_secret()),
            Source::Environment(name) => format!("env:{name}"),
            Source::File(path) => format!("file:{}", path.display()),
        }
    }

    /// As [`read`](Self::read), for the secret of a field that the error names.
    pub(crate) fn read_as(&self, field: &str) -> Result<SecretString, BadConfig> {
        self.read().map_err(|bad| BadConfig {
            problem: format!("{field}: {}", bad.problem),
            ..bad
        })
    }

    /// The text of an optional secret; empty if there is none.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn text(secret: Option<&Self>) -> Result<String, BadConfig> {
        match secret {
            Some(secret) => Ok(secret.read()?.expose_secret().to_owned()),
            None => Ok(String::new()),
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Source::Value(_) => f.write_str("Secret(…)"),
            Source::Environment(name) => write!(f, "Secret(env:{name})"),
            Source::File(path) => write!(f, "Secret(file:{})", path.display()),
        }
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // serde quotes a value of the wrong kind in its complaint; ours must not.
        struct Text;
        impl serde::de::Visitor<'_> for Text {
            type Value = Secret;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a secret, env:NAME or file:PATH")
            }

            fn visit_str<E>(self, text: &str) -> Result<Secret, E> {
                Ok(Secret::new(text))
            }

            fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<Secret, E> {
                Err(E::custom("a secret is text in quotes, not a number"))
            }

            fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Secret, E> {
                self.visit_i64(0)
            }
        }
        deserializer.deserialize_any(Text)
    }
}

/// Settings that are wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadConfig {
    /// The file.
    pub file: Option<PathBuf>,
    /// The line, counted from 1.
    pub line: Option<usize>,
    /// What is wrong.
    pub problem: String,
}

impl BadConfig {
    pub(crate) fn new(problem: impl fmt::Display) -> Self {
        Self {
            file: None,
            line: None,
            problem: problem.to_string(),
        }
    }

    fn in_file(self, path: &Path) -> Self {
        Self {
            file: Some(path.to_owned()),
            ..self
        }
    }
}

impl From<BadUrl> for BadConfig {
    fn from(problem: BadUrl) -> Self {
        Self::new(problem)
    }
}

impl fmt::Display for BadConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{}:", file.display())?;
        }
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        if self.file.is_some() || self.line.is_some() {
            f.write_str(" ")?;
        }
        f.write_str(&self.problem)
    }
}

impl std::error::Error for BadConfig {}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        Config::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn all_ways_of_onebot() {
        let config = Config::parse(
            "[[account]]\nplatform = 'onebot'\nconnect = 'ws://h:1/'\napi = 'http://h:2'\n\
             listen = '127.0.0.1:8080'\naccess_token = 'tok'\nsecret = 'env:S'\n",
        );
        let config = config.unwrap();
        let AccountKind::OneBot(onebot) = &config.account(None).unwrap().platform else {
            panic!("{config:?}")
        };
        assert_eq!(onebot.connect.as_ref().unwrap().as_str(), "ws://h:1");
        assert_eq!(Secret::text(onebot.access_token.as_ref()).unwrap(), "tok");
        assert_eq!(
            format!("{:?} {:?}", onebot.access_token, onebot.secret),
            "Some(Secret(…)) Some(Secret(env:S))"
        );
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let unknown = problem("[[account]]\nplatform = 'onebot'\nconect = 'ws://h/'\n");
        assert!(
            unknown.starts_with("3: ") && unknown.contains("conect"),
            "{unknown}"
        );
        let two = "[[account]]\nplatform = 'onebot'\napi = 'http://h'\n[[account]]\n";
        for (keys, expected) in [
            (
                "platform = 'wecom'\nagentid = 'x'\n",
                "6: agentid: invalid type",
            ),
            (
                "platform = 'wecom'\ncorpid = 'ww'\n",
                "4: account 2: an application",
            ),
            (
                "platform = 'wecom'\napi = 'http:h'\nwebhook_key = 'k'\n",
                "6: account 2: api: ",
            ),
            (
                "platform = 'wecom'\nwebhook_key = 'k'\ntoken = 't'\n",
                "7: account 2: a group robot (`webhook_key`) has no `token`",
            ),
            (
                "platform = 'wecom'\nwebhook_key = 'k'\nproxy = 'ftp://u:hush@h'\n",
                "7: account 2: proxy: ",
            ),
            ("corpid = 'ww'\n", "missing field `platform`"),
        ] {
            let problem = problem(&format!("{two}{keys}"));
            assert!(problem.contains(expected), "{problem}");
        }
        assert!(problem("[[account]]\nplatform = 'icq'\n").contains("icq"));
        assert!(
            problem("[[account]]\nplatform = 'onebot'\n").contains("`connect`, `api` and `listen`")
        );
        assert!(problem("[[account]]\nplatform = 'onebot'\nlisten = '8080'\n").contains("listen"));
        assert!(problem("a\n").starts_with("1: "));
        let twice = "[[account]]\nplatform = 'onebot'\napi = 'http://h'\n".repeat(2);
        assert!(problem(&twice).contains("`onebot` is taken"));
    }

    #[test]
    fn a_secret_of_the_wrong_kind_is_not_quoted() {
        let error = problem("[[account]]\nplatform = 'onebot'\napi = 'http://h'\nsecret = 81923\n");
        assert!(!error.contains("81923"), "{error}");
    }

    #[test]
    fn a_file_with_nothing_in_it_is_named() {
        let file = std::env::temp_dir().join(format!("mynah-empty-{}", std::process::id()));
        std::fs::write(&file, "\nsecond line\n").unwrap();
        let error = Secret::new(&format!("file:{}", file.display())).read();
        std::fs::remove_file(&file).unwrap();
        let error = error.unwrap_err().to_string();
        assert!(error.ends_with(": the first line is empty"), "{error}");
    }

    #[test]
    fn a_missing_variable_is_named() {
        let error = Secret::new("env:MYNAH_NO_SUCH_VARIABLE")
            .read()
            .unwrap_err();
        assert!(error.to_string().contains("MYNAH_NO_SUCH_VARIABLE"));
    }
}
