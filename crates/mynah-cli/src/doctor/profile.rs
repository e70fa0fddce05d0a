//! What an account is, and where it goes: read off its settings.

use mynah_bot::bearychat::Service;
use mynah_bot::{
    Account, AccountKind, BadConfig, BearyChatAccount, BearyChatRobot, DingTalkAccount,
    OneBotAccount, WeComAccount,
};
use mynah_core::BaseUrl;
use mynah_wecom::aibot::BotSocket;

use super::words::Words;

/// What an account is.
pub(crate) fn what(account: &Account) -> Words {
    let (en, zh) = match &account.platform {
        AccountKind::OneBot(_) => ("OneBot 11", "OneBot 11"),
        AccountKind::WeCom(WeComAccount::Application(_)) => ("WeCom, application", "企业微信应用"),
        AccountKind::WeCom(WeComAccount::Robot(_)) => ("WeCom, group robot", "企业微信群机器人"),
        AccountKind::WeCom(WeComAccount::Bot(_)) => (
            "WeCom, intelligent bot with a long connection",
            "企业微信智能机器人（长连接）",
        ),
        AccountKind::WeCom(_) => (
            "WeCom, intelligent bot that is called back",
            "企业微信智能机器人（回调）",
        ),
        AccountKind::DingTalk(DingTalkAccount::App(app)) if app.callback.is_none() => (
            "DingTalk, application over Stream",
            "钉钉应用（Stream 模式）",
        ),
        AccountKind::DingTalk(DingTalkAccount::App(_)) => (
            "DingTalk, application that is called back",
            "钉钉应用（HTTP 模式）",
        ),
        AccountKind::DingTalk(_) => ("DingTalk, custom robot", "钉钉自定义机器人"),
        AccountKind::RongCloud(_) => ("RongCloud, application", "融云应用"),
        AccountKind::BearyChat(BearyChatAccount::Hubot(_)) => ("BearyChat, hubot", "倍洽 Hubot"),
        AccountKind::BearyChat(BearyChatAccount::Outgoing(_)) => {
            ("BearyChat, outgoing robot", "倍洽 Outgoing 机器人")
        }
        AccountKind::BearyChat(_) => ("BearyChat, incoming robot", "倍洽 Incoming 机器人"),
        other => return Words::same(other.platform().name()),
    };
    Words::from((en, zh))
}

/// An address that an account goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// The key of the settings that names it.
    pub(crate) key: &'static str,
    pub(crate) url: BaseUrl,
    /// As it stands in the settings; otherwise it is the platform's own.
    pub(crate) named: Option<BaseUrl>,
}

/// Where an account makes its calls.
pub(crate) fn addresses(account: &Account) -> Result<Vec<Address>, BadConfig> {
    let at = |named: Option<&BaseUrl>, hosts: &[&str]| -> Vec<Address> {
        let address = |url, named: Option<&BaseUrl>| Address {
            key: "api",
            url,
            named: named.cloned(),
        };
        match named {
            Some(url) => vec![address(url.clone(), named)],
            // The hosts of the platforms are addresses.
            None => hosts
                .iter()
                .filter_map(|host| Some(address(host.parse().ok()?, None)))
                .collect(),
        }
    };
    Ok(match &account.platform {
        AccountKind::OneBot(onebot) => at(onebot.api.as_ref(), &[]),
        AccountKind::WeCom(WeComAccount::Application(it)) => {
            at(it.api.as_ref(), &[mynah_wecom::API])
        }
        AccountKind::WeCom(WeComAccount::Robot(it)) => at(it.api.as_ref(), &[mynah_wecom::API]),
        AccountKind::DingTalk(DingTalkAccount::App(it)) => at(
            it.api.as_ref(),
            &[mynah_dingtalk::API, mynah_dingtalk::OAPI],
        ),
        AccountKind::DingTalk(DingTalkAccount::Robot(it)) => {
            at(it.api.as_ref(), &[mynah_dingtalk::OAPI])
        }
        AccountKind::RongCloud(it) => at(it.api.as_ref(), &[mynah_rongcloud::API]),
        AccountKind::BearyChat(BearyChatAccount::Hubot(it)) => [Service::OpenApi, Service::Rtm]
            .into_iter()
            .map(|service| {
                Ok(Address {
                    key: "api",
                    url: service.base(it.api.as_ref())?,
                    named: it.api.clone(),
                })
            })
            .collect::<Result<_, BadConfig>>()?,
        AccountKind::BearyChat(other) => match hook(other) {
            Some(robot) => vec![Address {
                key: "api",
                url: Service::Hook.base(robot.api.as_ref())?,
                named: robot.api.clone(),
            }],
            None => Vec::new(),
        },
        _ => Vec::new(),
    })
}

/// The incoming hook of an account.
pub(crate) fn hook(account: &BearyChatAccount) -> Option<&BearyChatRobot> {
    match account {
        BearyChatAccount::Robot(robot) => Some(robot),
        BearyChatAccount::Outgoing(outgoing) => outgoing.hook.as_ref(),
        _ => None,
    }
}

/// The address of the socket that an account opens, if it opens one whose address is known
/// beforehand.
pub(crate) fn socket(account: &Account) -> Option<Address> {
    let (url, named) = match &account.platform {
        AccountKind::OneBot(OneBotAccount {
            connect: Some(url), ..
        }) => (url.clone(), Some(url.clone())),
        AccountKind::WeCom(WeComAccount::Bot(bot)) => match &bot.connect {
            Some(url) => (url.clone(), Some(url.clone())),
            None => (BotSocket::ADDRESS.parse().ok()?, None),
        },
        _ => return None,
    };
    Some(Address {
        key: "connect",
        url,
        named,
    })
}

/// Where an account listens.
pub(crate) fn listens(account: &Account) -> Option<std::net::SocketAddr> {
    match &account.platform {
        AccountKind::OneBot(it) => it.listen,
        AccountKind::WeCom(WeComAccount::Application(it)) => {
            it.callback.as_ref().map(|it| it.listen)
        }
        AccountKind::WeCom(WeComAccount::CalledBot(it)) => Some(it.callback.listen),
        AccountKind::DingTalk(DingTalkAccount::App(it)) => it.callback.as_ref().map(|it| it.listen),
        AccountKind::RongCloud(it) => it.listen,
        AccountKind::BearyChat(BearyChatAccount::Hubot(it)) => it.listen,
        AccountKind::BearyChat(BearyChatAccount::Outgoing(it)) => Some(it.listen),
        _ => None,
    }
}

/// Whether a host is this machine.
pub(crate) fn is_here(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Whether a host is in a network of one's own, which nobody reaches from outside.
pub(crate) fn is_private(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse() {
        Ok(std::net::IpAddr::V4(address)) => {
            address.is_private() || address.is_link_local() || address.is_loopback()
        }
        Ok(std::net::IpAddr::V6(address)) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
        Err(_) => is_here(host) || !host.contains('.') || below_local(host),
    }
}

/// Whether a name is one of the network itself (<https://www.rfc-editor.org/rfc/rfc6762>).
fn below_local(host: &str) -> bool {
    let top = host.rsplit('.').next();
    top.is_some_and(|top| top.eq_ignore_ascii_case("local"))
}

/// The host of an address.
pub(crate) fn host(url: &BaseUrl) -> String {
    let uri = url.as_str().parse::<http::Uri>();
    uri.ok()
        .and_then(|uri| uri.host().map(str::to_owned))
        .unwrap_or_default()
}

/// The hosts of the platforms, by their names.
pub(crate) const HOSTS: [(&str, &[&str]); 4] = [
    (
        "wecom",
        &["qyapi.weixin.qq.com", "openws.work.weixin.qq.com"],
    ),
    ("dingtalk", &["oapi.dingtalk.com", "api.dingtalk.com"]),
    (
        "rongcloud",
        &[
            "api.rong-api.com",
            "api-b.rong-api.com",
            "api.sg-light-api.com",
            "api.us-light-api.com",
            "api-cn.ronghub.com",
            "api2-cn.ronghub.com",
            "api.cn.ronghub.com",
        ],
    ),
    (
        "bearychat",
        &[
            "api.bearychat.com",
            "rtm.bearychat.com",
            "hook.bearychat.com",
        ],
    ),
];

/// The host of a platform that this one was probably meant to be.
pub(crate) fn meant(host: &str) -> Option<&'static str> {
    let all = HOSTS.iter().flat_map(|(_, hosts)| hosts.iter().copied());
    let near = all
        .map(|known| (strsim::damerau_levenshtein(host, known), known))
        .min()?;
    (1..=3).contains(&near.0).then_some(near.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_in_a_host_is_recognised_and_another_host_is_not() {
        assert_eq!(meant("qyapi.weixin.qq.cm"), Some("qyapi.weixin.qq.com"));
        assert_eq!(meant("oapi.dingtakl.com"), Some("oapi.dingtalk.com"));
        assert_eq!(meant("qyapi.weixin.qq.com"), None);
        assert_eq!(meant("bot.example.com"), None);
    }

    #[test]
    fn what_only_this_network_reaches_is_private() {
        for host in [
            "127.0.0.1",
            "[::1]",
            "192.168.1.2",
            "10.0.0.1",
            "localhost",
            "nas",
            "a.local",
        ] {
            assert!(is_private(host), "{host}");
        }
        for host in ["203.0.113.7", "bot.example.com", "[2001:db8::1]"] {
            assert!(!is_private(host), "{host}");
        }
        assert!(is_here("[::1]") && !is_here("192.168.1.2"));
    }
}
