//! The handlers of `mynah.toml`.

use std::time::Duration;

use mynah_core::http::Uri;
use serde::Deserialize;
use toml::Spanned;

use super::kind::Kind;
use super::place::Place;
use super::{BadConfig, Config, Secret};

/// How long a handler may take to answer if nothing is said.
const TIMEOUT: Duration = Duration::from_secs(15);

/// How long it may be allowed at most, in seconds.
const LONGEST: u64 = 600;

/// How many events a handler is asked about at once if nothing is said.
const CONCURRENCY: usize = 64;

/// More would not find room.
const MOST: usize = 1024;

/// A handler of the user's own that events are forwarded to.
///
/// ```
/// let config = mynah_bot::Config::parse(r#"
///     [[account]]
///     platform = "onebot"
///     connect = "ws://127.0.0.1:6700/"
///
///     [[handler]]
///     name = "desk"
///     http = "http://127.0.0.1:9000/events"
///     secret = "env:DESK_SECRET"
///     timeout_s = 30
///     accounts = ["onebot"]
/// "#)?;
/// assert_eq!(config.handlers[0].name, "desk");
/// # Ok::<(), mynah_bot::BadConfig>(())
/// ```
#[derive(Clone, Debug)]
pub struct Forward {
    /// What it is called in logs.
    pub name: String,
    /// How it is asked.
    pub way: ForwardWay,
    /// How long it may take to answer, in whole seconds up to 600; 15 s if nothing is said.
    pub timeout: Duration,
    /// How many events it is asked about at once, up to 1024; 64 if nothing is said.
    pub concurrency: usize,
    /// The accounts it hears; without them all that no other handler names.
    pub accounts: Option<Vec<String>>,
}

/// How a handler is asked.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ForwardWay {
    /// By posts, signed as Standard Webhooks are.
    Http {
        /// Where it listens: `http://` or `https://`.
        url: Uri,
        /// What posts are signed with: `whsec_` and base64.
        secret: Secret,
    },
    /// Over a socket that we open.
    WebSocket {
        /// Where it listens: `ws://` or `wss://`.
        url: Uri,
        /// What the handshake is signed with, if it is.
        secret: Option<Secret>,
    },
    /// Through the standard input and output of a program that we start: its path, and what
    /// follows on its command line.
    Command(Vec<String>),
}

impl Forward {
    /// What requests to it are signed with.
    pub(crate) fn secret(&self) -> Option<&Secret> {
        match &self.way {
            ForwardWay::Http { secret, .. } => Some(secret),
            ForwardWay::WebSocket { secret, .. } => secret.as_ref(),
            ForwardWay::Command(_) => None,
        }
    }
}

/// The keys as they stand in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    name: Option<String>,
    http: Option<String>,
    websocket: Option<String>,
    command: Option<Vec<String>>,
    secret: Option<Secret>,
    timeout_s: Option<u64>,
    concurrency: Option<usize>,
    accounts: Option<Vec<Spanned<String>>>,
}

const OPTIONS: &[&str] = &["timeout_s", "concurrency", "accounts"];
const SIGNED: &[&str] = &["secret", "timeout_s", "concurrency", "accounts"];

const HTTP: Kind = Kind {
    what: "a handler by `http`",
    needs: &["name", "http", "secret"],
    takes: OPTIONS,
};

const WEBSOCKET: Kind = Kind {
    what: "a handler by `websocket`",
    needs: &["name", "websocket"],
    takes: SIGNED,
};

const COMMAND: Kind = Kind {
    what: "a handler by `command`",
    needs: &["name", "command"],
    takes: OPTIONS,
};

impl Table {
    fn forward(self) -> Result<Forward, String> {
        self.kind()?.check(&self.given())?;
        let way = match (self.http, self.websocket, self.command, self.secret) {
            (Some(url), None, None, Some(secret)) => ForwardWay::Http {
                url: address("http", &url, ["http", "https"])?,
                secret,
            },
            (None, Some(url), None, secret) => ForwardWay::WebSocket {
                url: address("websocket", &url, ["ws", "wss"])?,
                secret,
            },
            (None, None, Some(command), None) if !command.is_empty() => {
                ForwardWay::Command(command)
            }
            (None, None, Some(_), None) => return Err("command: it is empty".to_owned()),
            _ => return Err(NOTHING.to_owned()),
        };
        let seconds = self.timeout_s.unwrap_or(TIMEOUT.as_secs());
        if !(1..=LONGEST).contains(&seconds) {
            return Err(format!("timeout_s: {seconds} is not from 1 to {LONGEST}"));
        }
        let concurrency = self.concurrency.unwrap_or(CONCURRENCY);
        if !(1..=MOST).contains(&concurrency) {
            return Err(format!(
                "concurrency: {concurrency} is not from 1 to {MOST}"
            ));
        }
        let accounts = self.accounts.map(|names| {
            let names = names.into_iter().map(Spanned::into_inner);
            names.collect()
        });
        Ok(Forward {
            name: self.name.unwrap_or_default(),
            way,
            timeout: Duration::from_secs(seconds),
            concurrency,
            accounts,
        })
    }

    fn kind(&self) -> Result<Kind, String> {
        match (&self.http, &self.websocket, &self.command) {
            (Some(_), _, _) => Ok(HTTP),
            (_, Some(_), _) => Ok(WEBSOCKET),
            (_, _, Some(_)) => Ok(COMMAND),
            (None, None, None) => Err(NOTHING.to_owned()),
        }
    }

    fn given(&self) -> Vec<&'static str> {
        let keys = [
            ("name", self.name.is_some()),
            ("http", self.http.is_some()),
            ("websocket", self.websocket.is_some()),
            ("command", self.command.is_some()),
            ("secret", self.secret.is_some()),
            ("timeout_s", self.timeout_s.is_some()),
            ("concurrency", self.concurrency.is_some()),
            ("accounts", self.accounts.is_some()),
        ];
        let given = keys.into_iter().filter(|(_, given)| *given);
        given.map(|(name, _)| name).collect()
    }
}

const NOTHING: &str = "one of `http`, `websocket` and `command` is needed";

fn address(key: &str, text: &str, schemes: [&str; 2]) -> Result<Uri, String> {
    let uri: Uri = text.parse().map_err(|error| format!("{key}: {error}"))?;
    let [plain, secure] = schemes;
    if uri.host().is_none() || !uri.scheme_str().is_some_and(|it| schemes.contains(&it)) {
        return Err(format!("{key}: needs {plain}:// or {secure}:// and a host"));
    }
    Ok(uri)
}

impl Config {
    /// A handler of a file whose accounts are known.
    pub(super) fn handler(&self, place: &Place, table: Table) -> Result<Forward, BadConfig> {
        let number = self.handlers.len() + 1;
        let bad = |line: usize, problem: String| BadConfig {
            line: Some(line),
            ..BadConfig::new(format!("handler {number}: {problem}"))
        };
        let handler = table.forward();
        let handler = handler.map_err(|problem| bad(place.line_of(&problem), problem))?;
        if self.handlers.iter().any(|other| other.name == handler.name) {
            let problem = format!("the name `{}` is taken", handler.name);
            return Err(bad(place.line("name"), problem));
        }
        let line = place.line("accounts");
        let Some(names) = &handler.accounts else {
            if self.handlers.iter().any(|other| other.accounts.is_none()) {
                let problem = "another handler hears all accounts already".to_owned();
                return Err(bad(line, problem));
            }
            return Ok(handler);
        };
        for name in names {
            if self.account(Some(name)).is_none() {
                return Err(bad(line, format!("accounts: there is no account `{name}`")));
            }
            let mut others = self.handlers.iter();
            let other = others.find(|other| other.hears_by_name(name));
            if let Some(other) = other {
                let problem = format!("accounts: handler `{}` hears `{name}`", other.name);
                return Err(bad(line, problem));
            }
        }
        Ok(handler)
    }
}

impl Forward {
    fn hears_by_name(&self, account: &str) -> bool {
        let names = self.accounts.as_ref();
        names.is_some_and(|names| names.iter().any(|name| name == account))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNTS: &str = "[[account]]\nplatform = 'onebot'\nname = 'a'\napi = 'http://h:1'\n\
                            [[account]]\nplatform = 'onebot'\nname = 'b'\napi = 'http://h:2'\n";

    fn parse(handlers: &str) -> Result<Config, String> {
        Config::parse(&format!("{ACCOUNTS}{handlers}")).map_err(|error| error.to_string())
    }

    const HTTP: &str = "[[handler]]\nname = 'x'\nhttp = 'http://h/e?a=b'\nsecret = 'hush'\n";
    const SOCKET: &str = "[[handler]]\nname = 'y'\nwebsocket = 'ws://h/'\n";
    const COMMAND: &str = "[[handler]]\nname = 'z'\ncommand = ['python3', 'bot.py']\n";

    #[test]
    fn the_keys_say_how_a_handler_is_asked() {
        let config = parse(&format!(
            "{HTTP}accounts = ['a']\n{SOCKET}accounts = ['b']\ntimeout_s = 3\n{COMMAND}"
        ));
        let config = config.unwrap();
        let [http, socket, command] = &*config.handlers else {
            panic!("{config:?}")
        };
        assert!(matches!(&http.way, ForwardWay::Http { url, .. } if url == "http://h/e?a=b"));
        assert_eq!((http.timeout, http.concurrency), (TIMEOUT, CONCURRENCY));
        assert!(matches!(
            &socket.way,
            ForwardWay::WebSocket { secret: None, .. }
        ));
        assert_eq!(socket.timeout.as_secs(), 3);
        assert!(matches!(&command.way, ForwardWay::Command(it) if it.len() == 2));
        assert_eq!(command.accounts, None);
        assert!(!format!("{config:?}").contains("hush"));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (handlers, problem) in [
            ("[[handler]]\nname = 'x'\n", "9: handler 1: one of `http`"),
            (
                "[[handler]]\nname = 'x'\ncomand = ['x']\n",
                "11: unknown field `comand`",
            ),
            (
                "[[handler]]\nname = 'x'\nhttp = 'http://h/'\n",
                "9: handler 1: a handler by `http` needs `secret`",
            ),
            (
                &format!("{COMMAND}secret = 's'\n"),
                "12: handler 1: a handler by `command` has no `secret`",
            ),
            (
                "[[handler]]\nname = 'x'\nwebsocket = 'http://h/'\n",
                "11: handler 1: websocket: needs ws://",
            ),
            (
                &format!("{SOCKET}timeout_s = 0\n"),
                "12: handler 1: timeout_s: 0",
            ),
            (
                &format!("{SOCKET}concurrency = 9999\n"),
                "12: handler 1: concurrency",
            ),
            (
                &format!("{SOCKET}accounts = ['c']\n"),
                "12: handler 1: accounts: there is no account `c`",
            ),
            (
                &format!("{SOCKET}accounts = ['a']\n{COMMAND}accounts = ['a']\n"),
                "16: handler 2: accounts: handler `y` hears `a`",
            ),
            (
                &format!("{SOCKET}{COMMAND}"),
                "12: handler 2: another handler",
            ),
            (
                &format!("{SOCKET}accounts = ['a']\n{SOCKET}"),
                "14: handler 2: the name `y` is taken",
            ),
        ] {
            let error = parse(handlers).unwrap_err();
            assert!(error.starts_with(problem), "{handlers}: {error}");
        }
    }
}
