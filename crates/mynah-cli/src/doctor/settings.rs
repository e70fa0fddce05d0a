//! Whether settings can be right, before anybody is asked.

use mynah_bearychat::IncomingHook;
use mynah_bot::{Account, AccountKind, BadConfig, Config, DingTalkAccount, Platform, WeComAccount};
use mynah_core::BaseUrl;
use mynah_crypto::EncodingAesKey;
use mynah_dingtalk::RobotKey;
use mynah_wecom::WebhookKey;
use secrecy::{ExposeSecret, SecretString};

use super::finding::Finding;
use super::profile::{self, Address, HOSTS};
use super::words::Words;
use crate::exit::{Exit, Failure};

/// Where the settings of the accounts stand.
pub(crate) struct Places<'c> {
    pub(crate) config: &'c Config,
    /// The file; none if the command line describes the account.
    pub(crate) file: Option<String>,
}

impl Places<'_> {
    /// Where a key of an account stands.
    pub(crate) fn of(&self, account: &str, key: &str) -> String {
        let Some(file) = &self.file else {
            let flag = match key {
                "api" | "connect" => "--url",
                _ => "--token",
            };
            return flag.to_owned();
        };
        match self.config.line(account, key) {
            Some(line) => format!("{file}:{line} {key}"),
            None => format!("{file} {key}"),
        }
    }
}

/// A secret of an account, as it was read.
pub(crate) struct Secret {
    pub(crate) key: &'static str,
    pub(crate) text: Result<SecretString, BadConfig>,
}

/// Where something is wrong, as far as that is known.
fn place_of(bad: &BadConfig) -> String {
    match (&bad.file, bad.line) {
        (Some(file), Some(line)) => format!("{}:{line}", file.display()),
        (Some(file), None) => file.display().to_string(),
        (None, _) => String::new(),
    }
}

/// A file that cannot be read, or not as settings.
pub(crate) fn unreadable(bad: &BadConfig, exists: bool) -> Finding {
    let place = place_of(bad);
    let finding = |code| Finding::error(code, Exit::Configuration, &place).quoting(&bad.problem);
    if !exists {
        return finding("config.file")
            .cause(("there are no settings at this place", "这个位置没有配置文件"))
            .fix((
                "write a mynah.toml here, or name it with --config FILE; docs/guides tell what stands \
                 in it for each platform",
                "在这里写一个 mynah.toml，或用 --config 文件 指明位置；各平台的写法见 docs/guides",
            ));
    }
    let finding = finding("config.invalid").cause((
        "the line is not one that a mynah.toml may have",
        "这一行不是 mynah.toml 能接受的内容",
    ));
    match meant(&bad.problem) {
        Some((wrong, right)) => finding.fix((
            format!("write `{right}` instead of `{wrong}`"),
            format!("把 `{wrong}` 改为 `{right}`"),
        )),
        None => finding.fix(("correct the line as the message says", "按提示修改这一行")),
    }
}

/// The known key that an unknown one was probably meant to be: the message names all of them.
fn meant(problem: &str) -> Option<(&str, &str)> {
    let mut words = problem.split('`').skip(1).step_by(2);
    let wrong = words.next()?;
    problem.contains("unknown field").then_some(())?;
    let near = words
        .map(|known| (strsim::damerau_levenshtein(wrong, known), known))
        .min()?;
    (near.0 <= 3).then_some((wrong, near.1))
}

/// A file without accounts.
pub(crate) fn nobody(file: &str) -> Finding {
    Finding::error("config.nobody", Exit::Configuration, file)
        .seen(("there is no [[account]]", "没有 [[account]]"))
        .cause(("nothing says who the bot is", "没有说明机器人是谁"))
        .fix((
            "add a table for each account: [[account]], platform = \"…\" and what the platform needs",
            "为每个账号写一段：[[account]]、platform = \"…\" 以及平台需要的项",
        ))
}

/// Settings of which no client can be made.
pub(crate) fn unusable(failure: &Failure) -> Finding {
    Finding::error("config.unusable", Exit::Configuration, "")
        .quoting(failure)
        .cause((
            "nobody can call with these settings",
            "用这些配置无法发起调用",
        ))
        .fix(("correct what the message names", "按提示修改"))
}

/// Two accounts that cannot be at work at once.
pub(crate) fn clash(bad: &BadConfig) -> Finding {
    Finding::error("config.twice", Exit::Configuration, place_of(bad))
        .quoting(&bad.problem)
        .cause((
            "two accounts have the same credential, or listen at the same address",
            "两个账号用了同一份凭证，或监听同一个地址",
        ))
        .fix((
            "remove one of them, or give it an address of its own",
            "删去其中一个，或给它另一个监听地址",
        ))
}

/// A handler that `mynah run` cannot ask.
pub(crate) fn handler(bad: &BadConfig) -> Finding {
    Finding::error("config.handler", Exit::Configuration, place_of(bad))
        .quoting(&bad.problem)
        .cause((
            "what the requests to the handler are signed with cannot be read",
            "读取不到用来给处理程序请求签名的密钥",
        ))
        .fix((
            "set the variable for this process, or correct the path",
            "为本进程设置该环境变量，或修正文件路径",
        ))
}

/// What is wrong with the settings of an account.
pub(crate) fn judge(
    places: &Places<'_>,
    account: &Account,
    secrets: &[Secret],
    addresses: &[Address],
) -> Vec<Finding> {
    let at = |key: &str| places.of(&account.name, key);
    let mut findings: Vec<_> = secrets
        .iter()
        .filter_map(|secret| {
            unread(secret, &at(secret.key)).or_else(|| odd(account, secret, &at(secret.key)))
        })
        .collect();
    if let Err(bad) = account.proxy() {
        findings.push(
            Finding::error("config.proxy", Exit::Configuration, at("proxy"))
                .quoting(bad.problem)
                .cause(("calls go through HTTP proxies only", "只支持 HTTP 代理"))
                .fix((
                    "write proxy = \"http://host:port\", or with user:password@ before the host",
                    "写成 proxy = \"http://主机:端口\"，需要认证时在主机前加 用户名:密码@",
                )),
        );
    }
    let socket = profile::socket(account);
    let mut told = Vec::new();
    for Address { key, named, .. } in addresses.iter().chain(&socket) {
        // One address may lead to several services.
        if let Some(url) = named.as_ref().filter(|it| !told.contains(it)) {
            findings.extend(address_of(account, key, url, &at(key)));
            told.push(url);
        }
    }
    findings.extend(unguarded(account, &at("access_token")));
    findings
}

fn unread(secret: &Secret, place: &str) -> Option<Finding> {
    let error = |code| Finding::error(code, Exit::Configuration, place);
    match &secret.text {
        Err(bad) => Some(
            error("config.secret")
                .quoting(bad)
                .cause((
                    "the secret stands elsewhere, and there it is not",
                    "密钥存放在别处，但那里没有",
                ))
                .fix((
                    "set the variable for this process, or correct the path; a service of systemd or a \
                     container has an environment of its own",
                    "为本进程设置该环境变量，或修正文件路径；systemd 服务和容器有各自的环境变量",
                )),
        ),
        Ok(text) if text.expose_secret().trim().is_empty() => Some(
            error("config.empty")
                .seen((
                    format!("`{}` is empty", secret.key),
                    format!("`{}` 是空的", secret.key),
                ))
                .cause(("there is no secret", "没有填写密钥"))
                .fix((
                    "copy it from the platform's console; of a file, the first line counts",
                    "从平台管理后台复制；如果来自文件，只读取第一行",
                )),
        ),
        Ok(_) => None,
    }
}

/// What a secret of its kind cannot be.
fn odd(account: &Account, secret: &Secret, place: &str) -> Option<Finding> {
    let text = secret.text.as_ref().ok()?.expose_secret();
    let error = |code| Finding::error(code, Exit::Configuration, place);
    let key = secret.key;
    if text.trim() != text {
        return Some(
            error("config.blanks")
                .seen((
                    format!("`{key}` begins or ends with a blank or a line break"),
                    format!("`{key}` 的开头或结尾有空白字符"),
                ))
                .cause((
                    "it was copied with more than itself; the platform will say that a signature or a \
                     secret is wrong",
                    "复制时多带了空白；平台会报签名错误或密钥错误",
                ))
                .fix(("remove the blanks", "删去首尾空白")),
        );
    }
    if is_placeholder(text) {
        return Some(
            error("config.placeholder")
                .seen((
                    format!("`{key}` looks like a placeholder"),
                    format!("`{key}` 看起来是占位文字"),
                ))
                .cause(("an example was copied as it is", "照抄了示例"))
                .fix((
                    "put your own in its place; env:NAME and file:PATH keep it out of the file",
                    "换成自己的；写 env:变量名 或 file:路径 可以不把它放进文件",
                )),
        );
    }
    match (&account.platform, key) {
        (_, "encoding_aes_key" | "aes_key") => {
            let bad = text.parse::<EncodingAesKey>().err()?;
            Some(
                error("config.aes_key")
                    .quoting(bad)
                    .cause((
                        "it is not the whole key, or another value of the same page",
                        "密钥不完整，或复制了同一页面上的另一个值",
                    ))
                    .fix(match account.platform.platform() {
                        Platform::DingTalk => Words::from((
                            "copy the aes_key of the event subscription: 开发配置 → 事件与回调 → 加密 aes_key",
                            "复制事件订阅的加密 aes_key：开发配置 → 事件与回调 → 加密 aes_key",
                        )),
                        _ => Words::from((
                            "copy the EncodingAESKey: 应用管理 → 应用 → 接收消息 → 设置API接收 → EncodingAESKey",
                            "复制 EncodingAESKey：应用管理 → 应用 → 接收消息 → 设置API接收 → EncodingAESKey",
                        )),
                    }),
            )
        }
        (AccountKind::WeCom(WeComAccount::Robot(_)), "webhook_key") => {
            let bad = WebhookKey::of(text).err()?;
            Some(
                error("config.webhook")
                    .quoting(bad)
                    .cause((
                        "the address is not that of a group robot",
                        "这个地址不是群机器人的 Webhook 地址",
                    ))
                    .fix((
                        "copy it from the group: 群设置 → 消息推送（原群机器人）→ Webhook地址",
                        "到群里复制：群设置 → 消息推送（原群机器人）→ Webhook地址",
                    )),
            )
        }
        (AccountKind::DingTalk(DingTalkAccount::Robot(_)), "access_token") => {
            let bad = RobotKey::of(text).err()?;
            Some(
                error("config.webhook")
                    .quoting(bad)
                    .cause((
                        "the address is not that of a custom robot",
                        "这个地址不是自定义机器人的 Webhook 地址",
                    ))
                    .fix((
                        "copy it from the group: 群设置 → 机器人 → 自定义 → Webhook",
                        "到群里复制：群设置 → 机器人 → 自定义 → Webhook",
                    )),
            )
        }
        (AccountKind::DingTalk(DingTalkAccount::Robot(_)), "secret") if !text.starts_with("SEC") => {
            Some(
                Finding::warning("config.sec", place)
                    .seen((
                        "`secret` does not begin with SEC",
                        "`secret` 不是以 SEC 开头",
                    ))
                    .cause((
                        "what a custom robot signs with begins so; this may be another value",
                        "自定义机器人的加签密钥以 SEC 开头，这里可能填了别的值",
                    ))
                    .fix((
                        "copy it from the robot: 安全设置 → 加签; if it does not sign, leave `secret` away",
                        "到机器人的“安全设置 → 加签”复制；没有开启加签就不要写 `secret`",
                    )),
            )
        }
        (AccountKind::BearyChat(_), "hook") => {
            let bad = IncomingHook::of(text).err()?;
            Some(
                error("config.webhook")
                    .quoting(bad)
                    .cause((
                        "the address is not that of an incoming robot",
                        "这个地址不是 Incoming 机器人的 Hook 地址",
                    ))
                    .fix((
                        "copy it from the robot: 机器人 → Incoming → Hook 地址",
                        "到机器人页面复制：机器人 → Incoming → Hook 地址",
                    )),
            )
        }
        _ => None,
    }
}

/// Whether a text stands for a secret in an example.
fn is_placeholder(text: &str) -> bool {
    let small = text.to_ascii_lowercase();
    (text.starts_with('<') && text.ends_with('>'))
        || ["xxxx", "your-", "your_", "changeme", "change-me", "你的"]
            .iter()
            .any(|word| small.contains(word))
}

/// What an address of an account cannot be.
fn address_of(account: &Account, key: &str, base: &BaseUrl, place: &str) -> Option<Finding> {
    let url = base.as_str();
    let error = |code| Finding::error(code, Exit::Configuration, place).quoting(url);
    let scheme = url
        .split("://")
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let wanted = if key == "connect" {
        ["wss", "ws"]
    } else {
        ["https", "http"]
    };
    if !wanted.contains(&scheme.as_str()) {
        let [first, second] = wanted;
        return Some(
            error("config.scheme")
                .cause(if key == "connect" {
                    Words::from((
                        "`connect` opens a WebSocket; this is an address for calls",
                        "`connect` 用来打开 WebSocket，这里写的是 HTTP 地址",
                    ))
                } else {
                    Words::from((
                        "`api` is called over HTTP; this is the address of a WebSocket",
                        "`api` 走 HTTP 调用，这里写的是 WebSocket 地址",
                    ))
                })
                .fix((
                    format!("write {first}:// or {second}://, and the port of that service"),
                    format!("写成 {first}:// 或 {second}://，并使用对应服务的端口"),
                )),
        );
    }
    let host = profile::host(base);
    let platform = account.platform.platform().name();
    let owner = HOSTS
        .iter()
        .find(|(_, hosts)| hosts.contains(&host.as_str()));
    if let Some((owner, _)) = owner.filter(|(owner, _)| *owner != platform) {
        return Some(
            error("config.host")
                .cause((
                    format!("the address is one of {owner}, the account is one of {platform}"),
                    format!("这是 {owner} 的地址，而账号属于 {platform}"),
                ))
                .fix((
                    format!("leave `{key}` away: the platform's own address is known"),
                    format!("删去 `{key}`：平台自己的地址是内置的"),
                )),
        );
    }
    if let Some(tail) = superfluous(account, url) {
        let right = url.strip_suffix(tail).unwrap_or(url).to_owned();
        return Some(
            error("config.path")
                .cause((
                    format!("calls add {tail} themselves"),
                    format!("{tail} 会由调用自动加上"),
                ))
                .fix((format!("write {right}"), format!("写成 {right}"))),
        );
    }
    (owner.is_some() && scheme == "http").then(|| {
        Finding::warning("config.plain", place)
            .quoting(url)
            .cause((
                "secrets go there without TLS, and everybody on the way can read them",
                "密钥会以明文发送，途中任何人都能看到",
            ))
            .fix(("write https://", "改为 https://"))
    })
}

/// What an address ends with although every call adds it.
fn superfluous(account: &Account, url: &str) -> Option<&'static str> {
    let tails: &[&str] = match account.platform.platform() {
        Platform::WeCom => &["/cgi-bin", "/cgi-bin/webhook", "/cgi-bin/webhook/send"],
        Platform::DingTalk => &["/v1.0", "/topapi", "/robot/send"],
        Platform::BearyChat => &["/v1", "/rtm", "/hook"],
        _ => &[],
    };
    tails.iter().copied().rev().find(|tail| url.ends_with(tail))
}

/// Where anybody may do as the account does.
fn unguarded(account: &Account, place: &str) -> Option<Finding> {
    let AccountKind::OneBot(onebot) = &account.platform else {
        return None;
    };
    let open = |url: &BaseUrl| !profile::is_here(&profile::host(url));
    let called = [&onebot.api, &onebot.connect]
        .into_iter()
        .flatten()
        .any(open);
    let listens = onebot.listen.is_some_and(|it| !it.ip().is_loopback());
    if onebot.access_token.is_some() || !(called || listens) {
        return None;
    }
    Some(
        Finding::warning("onebot.unguarded", place)
            .seen((
                "there is no access_token, and the account is reached beyond this machine",
                "没有 access_token，而账号可以从本机之外访问",
            ))
            .cause((
                "whoever reaches the port can speak as the account, or make up events",
                "能连上端口的人都可以用这个账号发言，或伪造事件",
            ))
            .fix((
                "set the same token on both sides: `access_token` here, and token in the network \
                 settings of NapCat, LLOneBot or Lagrange",
                "两边设置同一个 token：这里写 `access_token`，NapCat、LLOneBot、Lagrange 的网络配置里写 token",
            )),
    )
}

/// Whether an account can listen where it wants to.
pub(crate) fn listening(
    place: &str,
    address: std::net::SocketAddr,
    bound: Result<(), std::io::ErrorKind>,
) -> Option<Finding> {
    use std::io::ErrorKind;

    let error = |code| {
        Finding::error(code, Exit::Configuration, place).seen((
            format!("nobody can listen at {address}"),
            format!("无法监听 {address}"),
        ))
    };
    Some(match bound.err()? {
        ErrorKind::AddrInUse => Finding::note("listen.taken", place)
            .seen((
                format!("somebody listens at {address} already"),
                format!("{address} 已有程序在监听"),
            ))
            .cause((
                "this is the bot itself if it is at work, or another program",
                "如果机器人正在运行，那就是它自己；否则是别的程序",
            ))
            .fix((
                "if `mynah run` cannot listen, choose another port, here and in whatever leads there",
                "如果 `mynah run` 无法监听，请换一个端口，并同步修改转发到这里的设置",
            )),
        ErrorKind::PermissionDenied => error("listen.forbidden")
            .cause((
                "ports below 1024 are for administrators",
                "1024 以下的端口需要管理员权限",
            ))
            .fix((
                "choose a port from 1024 on, and let a reverse proxy lead there",
                "使用 1024 及以上的端口，由反向代理转发过来",
            )),
        ErrorKind::AddrNotAvailable => error("listen.elsewhere")
            .cause((
                "the address is not one of this machine: in a container or behind a router, the public \
                 address belongs to another",
                "这个地址不属于本机：在容器里或路由器后面时，公网地址在别的设备上",
            ))
            .fix((
                "listen at 127.0.0.1 behind a reverse proxy, or at 0.0.0.0",
                "在反向代理之后监听 127.0.0.1，或监听 0.0.0.0",
            )),
        other => error("listen.failed").quoting(other),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(keys: &str) -> Vec<Finding> {
        let config = Config::parse(&format!("[[account]]\n{keys}\n")).unwrap();
        let account = &config.accounts[0];
        let places = Places {
            config: &config,
            file: Some("mynah.toml".to_owned()),
        };
        let secrets: Vec<_> = account
            .secrets()
            .into_iter()
            .map(|(key, secret)| Secret {
                key,
                text: secret.read(),
            })
            .collect();
        let addresses = profile::addresses(account).unwrap();
        judge(&places, account, &secrets, &addresses)
    }

    #[test]
    fn what_cannot_be_right_is_found_with_its_line() {
        let app = "platform = 'rongcloud'\napp_key = 'k'\n";
        let robot = "platform = 'wecom'\n";
        let called = "platform = 'wecom'\ncorpid = 'ww'\ncorpsecret = 's'\nagentid = 1\n\
                      listen = '127.0.0.1:1'\ntoken = 't'\n";
        for (keys, code, line) in [
            (format!("{app}app_secret = ' s'"), "config.blanks", 4),
            (format!("{app}app_secret = ''"), "config.empty", 4),
            (
                format!("{app}app_secret = 'your-secret'"),
                "config.placeholder",
                4,
            ),
            (
                format!("{app}app_secret = 'env:MYNAH_NOT_SET'"),
                "config.secret",
                4,
            ),
            (
                format!("{app}app_secret = 's'\napi = 'https://oapi.dingtalk.com'"),
                "config.host",
                5,
            ),
            (
                format!("{app}app_secret = 's'\napi = 'http://api.rong-api.com'"),
                "config.plain",
                5,
            ),
            (
                format!("{app}app_secret = 's'\napi = 'ws://h'"),
                "config.scheme",
                5,
            ),
            (
                format!("{app}app_secret = 's'\nproxy = 'env:MYNAH_NOT_SET'"),
                "config.proxy",
                5,
            ),
            (
                format!("{robot}webhook_key = 'https://example.com/?key=k'"),
                "config.webhook",
                3,
            ),
            (
                format!("{robot}webhook_key = 'k'\napi = 'https://h/cgi-bin'"),
                "config.path",
                4,
            ),
            (
                format!("{called}encoding_aes_key = 'short'"),
                "config.aes_key",
                8,
            ),
        ] {
            let found = found(&keys);
            let [one] = found.as_slice() else {
                panic!("{keys}: {found:?}")
            };
            assert_eq!(one.code, code, "{keys}");
            assert!(
                one.place.starts_with(&format!("mynah.toml:{line} ")),
                "{one:?}"
            );
        }
    }

    #[test]
    fn an_open_implementation_is_a_warning_beyond_this_machine() {
        let codes = |keys: &str| -> Vec<_> { found(keys).iter().map(|it| it.code).collect() };
        let here = "platform = 'onebot'\napi = 'http://127.0.0.1:5700'";
        assert_eq!(codes(here), [""; 0]);
        let there = "platform = 'onebot'\napi = 'http://192.168.1.2:5700'";
        assert_eq!(codes(there), ["onebot.unguarded"]);
        assert_eq!(codes(&format!("{there}\naccess_token = 't'")), [""; 0]);
    }

    #[test]
    fn a_key_that_is_misspelt_is_named_with_the_right_one() {
        let bad =
            Config::parse("[[account]]\nplatform = 'onebot'\nconect = 'ws://h/'\n").unwrap_err();
        let found = unreadable(&bad, true);
        assert_eq!(found.code, "config.invalid");
        let fix = found.fix.to(crate::language::Language::En).to_owned();
        assert_eq!(fix, "write `connect` instead of `conect`");
    }

    #[test]
    fn no_finding_tells_a_secret() {
        let keys = "platform = 'rongcloud'\napp_key = 'k'\napp_secret = ' hush '";
        assert!(!format!("{:?}", found(keys)).contains("hush"));
    }

    #[test]
    fn where_nobody_can_listen_is_told_apart() {
        use std::io::ErrorKind;

        let address = "127.0.0.1:80".parse().unwrap();
        let code = |kind| listening("x", address, Err(kind)).unwrap().code;
        assert_eq!(code(ErrorKind::AddrInUse), "listen.taken");
        assert_eq!(code(ErrorKind::PermissionDenied), "listen.forbidden");
        assert_eq!(code(ErrorKind::AddrNotAvailable), "listen.elsewhere");
        assert_eq!(listening("x", address, Ok(())), None);
    }
}
