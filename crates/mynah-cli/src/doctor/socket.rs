//! What a knock at a socket says.

use mynah_core::{Error, ErrorKind};
use serde_json::Value;

use super::call::{self, Asked, Asker};
use super::finding::{Finding, beginning};
use super::line::{self, Line, Surroundings};
use super::words::Words;
use crate::exit::Exit;

/// Whose socket it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    OneBot,
    /// Logged in as the bot, or only opened.
    WeComBot {
        logged_in: bool,
    },
    Stream,
    Rtm,
}

/// What came of a knock.
#[derive(Clone, Debug)]
pub(crate) struct Knocked {
    pub(crate) kind: Kind,
    /// The address, without what is secret in it.
    pub(crate) place: String,
    pub(crate) end: End,
}

/// How far a knock came.
#[derive(Clone, Debug)]
pub(crate) enum End {
    /// The platform was asked where to connect to, or who one is, and said no.
    Refused { name: &'static str, error: Error },
    /// The way is not open.
    Way(Box<Line>),
    /// The handshake was answered with this status.
    NoUpgrade { status: u16, body: String },
    /// The handshake was not answered, or not as one.
    Broken(String),
    /// The socket is open.
    Opened {
        /// The first frame, where one was waited for.
        first: Option<String>,
        /// How the other side has closed it, if it has.
        closed: Option<String>,
    },
}

impl Knocked {
    /// What goes well.
    pub(crate) fn well(&self) -> Option<Words> {
        if !judge(self, Surroundings::default()).is_empty() {
            return None;
        }
        Some(match self.kind {
            Kind::OneBot => Words::from((
                "the WebSocket is open and events come",
                "WebSocket 已连通，能收到事件",
            )),
            Kind::WeComBot { logged_in: true } => {
                Words::from(("the bot is let in", "智能机器人登录成功"))
            }
            Kind::WeComBot { logged_in: false } => Words::from((
                "the long connection can be opened; the secret was not tried: --take-over does that, and \
                 ends a connection the bot has elsewhere",
                "长连接可以打开；没有验证 Secret：加 --take-over 会验证，但会断开机器人在别处的连接",
            )),
            Kind::Stream => {
                Words::from(("a Stream connection can be opened", "Stream 连接可以打开"))
            }
            Kind::Rtm => Words::from(("the RTM socket can be opened", "RTM 连接可以打开")),
        })
    }
}

/// What is wrong with a socket.
pub(crate) fn judge(knocked: &Knocked, surroundings: Surroundings) -> Vec<Finding> {
    let place = &knocked.place;
    match &knocked.end {
        End::Refused { name, error } => refused(knocked, name, error),
        End::Way(line) => line::judge(line, surroundings),
        End::NoUpgrade { status, body } => vec![no_upgrade(knocked, *status, body)],
        End::Broken(problem) => vec![
            Finding::error("socket.broken", Exit::Temporary, place)
                .quoting(problem)
                .cause((
                    "something takes the connection and does not speak WebSocket",
                    "连接能建立，但对方不是 WebSocket 服务",
                ))
                .fix((
                    "check the port and the path; a reverse proxy must hand on Upgrade and Connection",
                    "检查端口和路径；反向代理要转发 Upgrade 和 Connection 头",
                )),
        ],
        End::Opened { first, closed } if knocked.kind == Kind::OneBot => {
            opened_onebot(place, first.as_deref(), closed.as_deref())
                .into_iter()
                .collect()
        }
        End::Opened {
            closed: Some(closed),
            ..
        } => vec![
            Finding::error("socket.closed", Exit::Temporary, place)
                .seen((
                    format!("the socket was closed at once: {}", beginning(closed)),
                    format!("连接建立后立即被关闭：{}", beginning(closed)),
                ))
                .cause((
                    "the platform did not want the connection, or a proxy cuts it",
                    "平台不接受这个连接，或代理切断了它",
                ))
                .fix((
                    "try again in a minute; behind a proxy, have WebSockets allowed",
                    "一分钟后再试；在代理后面请放行 WebSocket",
                )),
        ],
        End::Opened { .. } => Vec::new(),
    }
}

/// A refusal in the platform's own words.
fn refused(knocked: &Knocked, name: &'static str, error: &Error) -> Vec<Finding> {
    let asker = match knocked.kind {
        Kind::OneBot => Asker::OneBot,
        Kind::WeComBot { .. } => Asker::WeComBot,
        Kind::Stream => Asker::DingTalkApp,
        Kind::Rtm => Asker::Hubot,
    };
    if error.kind() == ErrorKind::Invalid {
        return vec![
            Finding::error("socket.address", Exit::Configuration, &knocked.place)
                .quoting(error)
                .cause((
                    "the address that the platform gave is not that of a socket",
                    "平台给出的不是 WebSocket 地址",
                ))
                .fix((
                    "check `api`: a reverse proxy in between may rewrite addresses",
                    "检查 `api`：中间的反向代理可能改写了地址",
                )),
        ];
    }
    call::judge(&Asked {
        asker,
        name,
        base: knocked.place.clone(),
        outcome: Err(error.clone()),
    })
}

fn no_upgrade(knocked: &Knocked, status: u16, body: &str) -> Finding {
    let said = if body.is_empty() {
        format!("HTTP {status}")
    } else {
        format!("HTTP {status}: {}", beginning(body))
    };
    let finding = |code, exit| Finding::error(code, exit, &knocked.place).quoting(&said);
    match (knocked.kind, status) {
        (Kind::OneBot, 401 | 403) => finding("onebot.token", Exit::Authentication)
            .cause(if status == 401 {
                Words::from((
                    "the implementation wants a token, and the account has none",
                    "OneBot 实现要求 token，但账号没有写",
                ))
            } else {
                Words::from((
                    "the implementation has another token",
                    "OneBot 实现的 token 与账号的不同",
                ))
            })
            .fix((
                "write the token of the implementation's WebSocket service as `access_token`; in NapCat \
                 each service has its own",
                "把 OneBot 实现中 WebSocket 服务的 token 写到 `access_token`；NapCat 里每个服务各有 token",
            )),
        (Kind::OneBot, 404 | 405) => finding("socket.path", Exit::Configuration)
            .cause((
                "there is no WebSocket at this path",
                "这个路径上没有 WebSocket",
            ))
            .fix((
                "write `connect` without /event and /api: they are added; in the sandbox it ends in /onebot",
                "`connect` 不要带 /event、/api，它们会自动加上；沙盒里以 /onebot 结尾",
            )),
        (_, 200..=299 | 400 | 426) => finding("socket.http", Exit::Configuration)
            .cause((
                "the port answers to HTTP and opens no WebSocket: it is another service, or a reverse \
                 proxy that does not hand on the upgrade",
                "端口上是 HTTP 服务，不能打开 WebSocket：可能是另一个服务，或反向代理没有转发升级请求",
            ))
            .fix((
                "use the port of the WebSocket service (正向 WebSocket); in nginx: proxy_http_version 1.1 \
                 and the headers Upgrade and Connection",
                "使用正向 WebSocket 服务的端口；nginx 里需要 proxy_http_version 1.1 以及 Upgrade、Connection 头",
            )),
        (_, 300..=399) => finding("http.redirect", Exit::Configuration)
            .cause((
                "handshakes do not follow redirects",
                "握手不会跟随跳转",
            ))
            .fix((
                "write the address it leads to; often that is wss:// instead of ws://",
                "写跳转后的地址；常见的是把 ws:// 改为 wss://",
            )),
        (_, 401 | 403) => finding("socket.refused", Exit::Authentication)
            .cause((
                "the platform does not take the ticket",
                "平台不接受连接票据",
            ))
            .fix((
                "try again: a ticket is good for a short time and once; check the clock if it stays so",
                "重试：票据有效期很短且只能用一次；如果一直如此请检查时钟",
            )),
        (_, 500..=599) => finding("api.gateway", Exit::Temporary)
            .cause((
                "a gateway answers, and what is behind it does not",
                "网关有应答，但它后面的服务没有",
            ))
            .fix((
                "try again later; look at what a reverse proxy of your own leads to",
                "稍后再试；如果是自己的反向代理，请检查它转发的目标",
            )),
        _ => finding("socket.refused", Exit::Refused)
            .cause((
                "the handshake was refused",
                "握手被拒绝",
            ))
            .fix((
                "check the address, and what stands in between",
                "检查地址以及中间的代理",
            )),
    }
}

/// An implementation says first that it is connected; some take a wrong token and tell of it in a
/// frame, or just close.
fn opened_onebot(place: &str, first: Option<&str>, closed: Option<&str>) -> Option<Finding> {
    let token = |seen: &str| {
        Finding::error("onebot.token", Exit::Authentication, place)
            .quoting(seen)
            .cause((
                "the implementation lets the connection in and then does not want it: most say so of a wrong \
                 token",
                "OneBot 实现先接受了连接，随后又拒绝：多数实现以此表示 token 不对",
            ))
            .fix((
                "write the token of the implementation's WebSocket service as `access_token`",
                "把 OneBot 实现中 WebSocket 服务的 token 写到 `access_token`",
            ))
    };
    let Some(first) = first else {
        return Some(match closed {
            Some("") => token("").seen((
                "the socket was closed without a word",
                "连接被直接关闭，没有说明原因",
            )),
            Some(closed) => token(closed),
            None => Finding::warning("onebot.silent", place)
                .seen((
                    "the socket is open, and nothing came within 5 s",
                    "连接已建立，但 5 秒内没有收到任何事件",
                ))
                .cause((
                    "an implementation says `lifecycle` first; this is a path for calls only, or something \
                     else than OneBot 11",
                    "OneBot 实现会先发 `lifecycle` 事件；这里可能是只接受调用的路径，或不是 OneBot 11",
                ))
                .fix((
                    "write `connect` without /api, and let the implementation report events (上报)",
                    "`connect` 不要带 /api，并让 OneBot 实现开启事件上报",
                )),
        });
    };
    let frame: Option<Value> = serde_json::from_str(first).ok();
    let Some(Value::Object(fields)) = frame else {
        return Some(if first.contains("authorization") {
            token(first)
        } else {
            Finding::error("onebot.foreign", Exit::Configuration, place)
                .quoting(first)
                .cause((
                    "what comes is not OneBot 11",
                    "收到的不是 OneBot 11 的内容",
                ))
                .fix((
                    "check the port, and that the implementation speaks OneBot 11 and not 12 or Satori",
                    "检查端口，并确认实现使用 OneBot 11，而不是 12 或 Satori",
                ))
        });
    };
    let retcode = fields.get("retcode").and_then(Value::as_i64);
    if matches!(retcode, Some(1401 | 1403 | 401 | 403)) {
        return Some(token(first));
    }
    let offline = fields.get("status").and_then(|status| status.get("online"));
    (offline == Some(&Value::Bool(false))).then(|| {
        Finding::error("onebot.offline", Exit::Temporary, place)
            .seen((
                "the implementation says that its account is not online",
                "OneBot 实现表示账号不在线",
            ))
            .cause((
                "QQ has logged the account out, or it was never logged in",
                "QQ 账号掉线了，或还没有登录",
            ))
            .fix((
                "log in again in the page or the window of the implementation",
                "到 OneBot 实现的页面或窗口重新登录",
            ))
    })
}

#[cfg(test)]
mod tests {
    use mynah_core::{ApiError, Verdict};

    use super::*;

    const BOT: Kind = Kind::WeComBot { logged_in: false };

    fn code(kind: Kind, end: End) -> Option<&'static str> {
        let knocked = Knocked {
            kind,
            place: "ws://h".to_owned(),
            end,
        };
        let found = judge(&knocked, Surroundings::default());
        assert_eq!(knocked.well().is_none(), !found.is_empty());
        found.first().map(|it| it.code)
    }

    fn opened(first: Option<&str>, closed: Option<&str>) -> End {
        End::Opened {
            first: first.map(str::to_owned),
            closed: closed.map(str::to_owned),
        }
    }

    fn no_upgrade(status: u16) -> End {
        End::NoUpgrade {
            status,
            body: String::new(),
        }
    }

    #[test]
    fn a_refused_handshake_says_what_is_behind_the_port() {
        for (kind, status, expected) in [
            (Kind::OneBot, 401, "onebot.token"),
            (Kind::OneBot, 403, "onebot.token"),
            (Kind::OneBot, 404, "socket.path"),
            (Kind::OneBot, 200, "socket.http"),
            (Kind::OneBot, 426, "socket.http"),
            (BOT, 301, "http.redirect"),
            (Kind::Stream, 401, "socket.refused"),
            (Kind::Rtm, 502, "api.gateway"),
            (Kind::Rtm, 418, "socket.refused"),
        ] {
            assert_eq!(code(kind, no_upgrade(status)), Some(expected), "{status}");
        }
        let broken = End::Broken("x".to_owned());
        assert_eq!(code(Kind::Stream, broken), Some("socket.broken"));
    }

    #[test]
    fn implementations_that_refuse_after_the_handshake_are_understood() {
        let lifecycle = r#"{"post_type":"meta_event","meta_event_type":"lifecycle"}"#;
        let offline = r#"{"post_type":"meta_event","status":{"online":false}}"#;
        for (first, closed, expected) in [
            (Some(lifecycle), None, None),
            (Some(offline), None, Some("onebot.offline")),
            (
                Some(r#"{"status":"failed","retcode":1403}"#),
                None,
                Some("onebot.token"),
            ),
            (Some("authorization failed"), None, Some("onebot.token")),
            (Some("hello"), None, Some("onebot.foreign")),
            (None, Some("1000"), Some("onebot.token")),
            (None, Some(""), Some("onebot.token")),
            (None, None, Some("onebot.silent")),
        ] {
            assert_eq!(
                code(Kind::OneBot, opened(first, closed)),
                expected,
                "{first:?}"
            );
        }
    }

    #[test]
    fn sockets_of_platforms_are_well_when_they_stay_open() {
        assert_eq!(code(Kind::Stream, opened(None, None)), None);
        assert_eq!(
            code(Kind::Rtm, opened(None, Some("1008"))),
            Some("socket.closed")
        );
        let wrong = ApiError::new(853_000, "invalid bot_id or secret");
        let end = End::Refused {
            name: "wecom.aibot_subscribe",
            error: Error::refused("x", wrong, Verdict::Unauthorized),
        };
        assert_eq!(code(BOT, end), Some("wecom.bot"));
    }
}
