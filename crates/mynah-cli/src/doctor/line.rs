//! The way to an address: how far one came, and what that says.

use std::time::{Duration, SystemTime};

use http::Uri;

use super::finding::{Finding, beginning};
use super::profile;
use super::words::Words;
use crate::exit::Exit;

/// Where one wants to come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// The address, as it is told.
    pub(crate) url: String,
    /// The host, without the brackets of an IPv6 address.
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) tls: bool,
}

impl Target {
    /// The target of an address; what stands behind its path is not told, nor is a ticket in it.
    pub(crate) fn of(uri: &Uri) -> Option<Self> {
        let scheme = uri.scheme_str()?.to_ascii_lowercase();
        let tls = matches!(scheme.as_str(), "https" | "wss");
        let host = uri.host()?;
        let bare = host.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
        let authority = uri.authority()?;
        let path = uri.path().trim_end_matches('/');
        // What opens BearyChat's socket.
        let path = match path.split_once("/nimbus/ws:") {
            Some((before, _)) => format!("{before}/nimbus/ws:…"),
            None => path.to_owned(),
        };
        Some(Self {
            url: format!("{scheme}://{authority}{path}"),
            host: bare.unwrap_or(host).to_owned(),
            port: uri.port_u16().unwrap_or(if tls { 443 } else { 80 }),
            tls,
        })
    }
}

/// How far one came.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) target: Target,
    /// The proxy one went through, without its password.
    pub(crate) proxy: Option<String>,
    pub(crate) came: Came,
    /// What the server has shown of itself, under TLS.
    pub(crate) certificate: Option<Certificate>,
    /// How long it took until the connection was there.
    pub(crate) took: Duration,
}

/// How far one came.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Came {
    /// The name is not known.
    NoName(String),
    /// The machine, or the proxy, takes no connection.
    NoConnection(Obstacle),
    /// The proxy answered with this status.
    ProxyRefused(u16),
    /// What answers does not speak TLS, or not ours.
    NoTls {
        /// Whether it speaks something else altogether.
        other: bool,
        problem: String,
    },
    /// There is a connection; nothing was asked.
    Connected,
    /// There is a connection, and no answer on it.
    NoAnswer {
        problem: String,
        /// Whether the same port speaks TLS.
        speaks_tls: bool,
    },
    /// There is an answer.
    Answered(Answer),
}

/// Why a machine takes no connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// Nobody listens at the port.
    Refused,
    /// Nothing comes back.
    Silence,
    /// There is no way there.
    NoRoute(String),
    Other(String),
}

/// What a server has shown of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Certificate {
    /// Why nobody vouches for it.
    pub(crate) doubt: Option<Doubt>,
    /// The names that it is for, where that of the target is not among them.
    pub(crate) other_names: Option<Vec<String>>,
}

/// Why a certificate is not believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// It was good until then.
    Expired(SystemTime),
    /// It is good from then on.
    NotYet(SystemTime),
    /// It vouches for itself.
    SelfSigned,
    /// An authority vouches for it that is not a public one.
    UnknownAuthority,
    Other(String),
}

/// What a server answered to a question without meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Where it sends one to.
    pub(crate) location: Option<String>,
    /// What its clock shows, and what ours did then.
    pub(crate) date: Option<(SystemTime, SystemTime)>,
}

impl Line {
    fn finding(&self, code: &'static str, exit: Exit) -> Finding {
        Finding::error(code, exit, &self.target.url)
    }

    /// Whether calls can be made this way.
    pub(crate) fn is_open(&self) -> bool {
        let doubted = self.certificate.as_ref();
        let believed = doubted.is_none_or(|it| it.doubt.is_none() && it.other_names.is_none());
        believed && matches!(self.came, Came::Connected | Came::Answered(_))
    }

    /// What goes well.
    pub(crate) fn well(&self) -> Option<Words> {
        let ms = self.took.as_millis();
        let (tls, zh_tls) = if self.target.tls {
            (", TLS", "，TLS 正常")
        } else {
            ("", "")
        };
        let (proxy, zh_proxy) = match &self.proxy {
            Some(proxy) => (
                format!(" through the proxy {proxy}"),
                format!("（经代理 {proxy}）"),
            ),
            None => (String::new(), String::new()),
        };
        self.is_open().then(|| {
            Words::from((
                format!("reached in {ms} ms{proxy}{tls}"),
                format!("{ms} 毫秒连通{zh_proxy}{zh_tls}"),
            ))
        })
    }

    /// How far the server's clock is ahead of ours, in seconds.
    pub(crate) fn skew(&self) -> Option<i64> {
        let Came::Answered(Answer { date, .. }) = &self.came else {
            return None;
        };
        let (theirs, ours) = (*date)?;
        Some(difference(theirs, ours))
    }
}

/// How much later a moment is than another, in whole seconds.
fn difference(later: SystemTime, earlier: SystemTime) -> i64 {
    match later.duration_since(earlier) {
        Ok(ahead) => i64::try_from(ahead.as_secs()).unwrap_or(i64::MAX),
        Err(behind) => i64::try_from(behind.duration().as_secs()).map_or(i64::MIN, |it| -it),
    }
}

/// What the environment says of proxies, which no call asks.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Surroundings {
    /// The variable that names a proxy, if one does.
    pub(crate) proxy_variable: Option<&'static str>,
}

/// What is wrong with a way.
pub(crate) fn judge(line: &Line, surroundings: Surroundings) -> Vec<Finding> {
    let Target { host, port, .. } = &line.target;
    let mut findings = Vec::new();
    match &line.came {
        Came::NoName(problem) => findings.push(no_name(line, problem, surroundings)),
        Came::NoConnection(obstacle) => {
            findings.push(no_connection(line, obstacle, surroundings));
        }
        Came::ProxyRefused(status) => findings.push(proxy_refused(line, *status)),
        Came::NoTls { other: true, .. } => findings.push(
            line.finding("tls.none", Exit::Configuration)
                .seen((
                    format!("what answers at {host}:{port} does not speak TLS"),
                    format!("{host}:{port} 上的服务没有使用 TLS"),
                ))
                .cause((
                    "the address says https (or wss), the server behind the port speaks http",
                    "地址写的是 https（或 wss），而这个端口上的服务是 http",
                ))
                .fix((
                    "write http:// (or ws://), or use the port with TLS",
                    "改为 http://（或 ws://），或换成带 TLS 的端口",
                )),
        ),
        Came::NoTls { problem, .. } => findings.push(
            line.finding("tls.failed", Exit::Temporary)
                .quoting(problem)
                .cause((
                    "no connection under TLS came about: a box in between may cut it, or the server \
                     is older than TLS 1.2",
                    "TLS 握手失败：可能被中间设备切断，或服务器只支持 TLS 1.2 之前的版本",
                ))
                .fix((
                    format!("try `openssl s_client -connect {host}:{port}` from here, and ask whoever \
                             runs the network"),
                    format!("在本机执行 `openssl s_client -connect {host}:{port}` 查看，并询问网络管理员"),
                )),
        ),
        Came::NoAnswer { speaks_tls: true, .. } => findings.push(
            line.finding("tls.missing", Exit::Configuration)
                .seen((
                    format!("{host}:{port} speaks TLS and does not answer to plain http"),
                    format!("{host}:{port} 只接受 TLS，不应答明文 http"),
                ))
                .cause((
                    "the address says http (or ws), the server wants https (or wss)",
                    "地址写的是 http（或 ws），服务器要求 https（或 wss）",
                ))
                .fix(("write https:// (or wss://)", "改为 https://（或 wss://）")),
        ),
        Came::NoAnswer { problem, .. } => findings.push(
            line.finding("net.silent", Exit::Temporary)
                .quoting(problem)
                .cause((
                    "something takes the connection and does not speak HTTP",
                    "连接能建立，但对方没有按 HTTP 应答",
                ))
                .fix((
                    "check the port: another program may listen there",
                    "检查端口：可能是别的程序在监听",
                )),
        ),
        Came::Answered(answer) => findings.extend(redirected(line, answer)),
        Came::Connected => {}
    }
    if let Some(certificate) = &line.certificate {
        findings.extend(doubted(line, certificate));
    }
    findings
}

/// What to do first where nothing is reached and the environment names a proxy.
fn by_proxy(line: &Line, surroundings: Surroundings, otherwise: impl Into<Words>) -> Words {
    match surroundings.proxy_variable {
        Some(variable) if line.proxy.is_none() && !profile::is_private(&line.target.host) => {
            Words::from((
                format!(
                    "{variable} is set here, but an account goes through a proxy only if its settings \
                     say so: write proxy = \"env:{variable}\""
                ),
                format!(
                    "环境变量 {variable} 已设置，但账号只有在配置里写明才会走代理：请写 \
                     proxy = \"env:{variable}\""
                ),
            ))
        }
        _ => otherwise.into(),
    }
}

fn no_name(line: &Line, problem: &str, surroundings: Surroundings) -> Finding {
    let host = &line.target.host;
    let finding = line.finding("dns.unknown", Exit::Temporary).seen((
        format!("the name {host} is not known: {}", beginning(problem)),
        format!("域名 {host} 无法解析：{}", beginning(problem)),
    ));
    match profile::meant(host) {
        Some(meant) => Finding {
            exit: Exit::Configuration,
            ..finding
        }
        .cause(("the name is misspelt", "域名拼写有误"))
        .fix((format!("write {meant}"), format!("改为 {meant}"))),
        None => finding
            .cause((
                "it is misspelt, or this machine has no name server that knows it",
                "域名写错了，或本机的 DNS 服务器不认识它",
            ))
            .fix(by_proxy(
                line,
                surroundings,
                (
                    format!("check the spelling; then `nslookup {host}`, /etc/resolv.conf, or the DNS of \
                             the container"),
                    format!("检查拼写；再用 `nslookup {host}` 查看，并检查 /etc/resolv.conf 或容器的 DNS"),
                ),
            )),
    }
}

fn no_connection(line: &Line, obstacle: &Obstacle, surroundings: Surroundings) -> Finding {
    let Target { host, port, .. } = &line.target;
    if let Some(proxy) = &line.proxy {
        let finding = line.finding("proxy.unreachable", Exit::Temporary);
        return match obstacle {
            Obstacle::Refused => finding.seen((
                format!("the proxy {proxy} refuses connections"),
                format!("代理 {proxy} 拒绝连接"),
            )),
            Obstacle::Silence => finding.seen((
                format!("the proxy {proxy} does not answer"),
                format!("代理 {proxy} 没有应答"),
            )),
            Obstacle::NoRoute(problem) | Obstacle::Other(problem) => finding.seen((
                format!("the proxy {proxy} cannot be reached: {problem}"),
                format!("无法连接代理 {proxy}：{problem}"),
            )),
        }
        .cause((
            "the proxy is not at work, or at another address",
            "代理没有运行，或地址、端口不对",
        ))
        .fix((
            "start it, or correct `proxy`; without `proxy` the account goes directly",
            "启动代理或修正 `proxy`；删去 `proxy` 则直接连接",
        ));
    }
    match obstacle {
        Obstacle::Refused => line
            .finding("tcp.refused", Exit::Temporary)
            .seen((
                format!("{host}:{port} refuses connections"),
                format!("{host}:{port} 拒绝连接"),
            ))
            .cause((
                "nobody listens at the port: the program there is not at work, listens at another \
                 port, or in a container of its own",
                "端口上没有程序监听：对方没有运行、用了别的端口，或在另一个容器里",
            ))
            .fix(if profile::is_here(host) {
                Words::from((
                    "start it and compare the port; inside a container 127.0.0.1 is the container \
                     itself: write the name of the other service",
                    "启动它并核对端口；容器里的 127.0.0.1 是容器自己，请写另一个服务的名字",
                ))
            } else {
                Words::from((
                    "start it, compare the port, and look at the firewall there",
                    "启动对方程序，核对端口，并检查对方防火墙",
                ))
            }),
        Obstacle::Silence => line
            .finding("tcp.silent", Exit::Temporary)
            .seen((
                format!("{host}:{port} does not answer"),
                format!("{host}:{port} 没有应答"),
            ))
            .cause((
                "a firewall drops what goes there, or the machine is down",
                "防火墙丢弃了数据包，或对方主机不在线",
            ))
            .fix(by_proxy(
                line,
                surroundings,
                (
                    format!("allow TCP to {host}:{port}; where only a proxy leads out, set `proxy`"),
                    format!("放行到 {host}:{port} 的 TCP 连接；只能经代理出网时请设置 `proxy`"),
                ),
            )),
        Obstacle::NoRoute(problem) | Obstacle::Other(problem) => line
            .finding("tcp.unreachable", Exit::Temporary)
            .quoting(problem)
            .cause((
                "there is no way from this machine to the address",
                "本机没有到这个地址的路由",
            ))
            .fix(by_proxy(
                line,
                surroundings,
                (
                    "look at the network of this machine; where only a proxy leads out, set `proxy`",
                    "检查本机网络；只能经代理出网时请设置 `proxy`",
                ),
            )),
    }
}

fn proxy_refused(line: &Line, status: u16) -> Finding {
    let proxy = line.proxy.as_deref().unwrap_or_default();
    let Target { host, port, .. } = &line.target;
    let finding = |code, exit| {
        line.finding(code, exit).seen((
            format!("the proxy {proxy} answers HTTP {status} when asked for {host}:{port}"),
            format!("向代理 {proxy} 请求 {host}:{port} 时，它返回 HTTP {status}"),
        ))
    };
    match status {
        407 => finding("proxy.login", Exit::Configuration)
            .cause((
                "the proxy wants a user and a password, or others than these",
                "代理要求用户名和密码，或现有的不正确",
            ))
            .fix((
                "write proxy = \"http://user:password@host:port\"; signs such as @ in the password \
                 are percent-encoded (%40)",
                "写成 proxy = \"http://用户名:密码@主机:端口\"；密码里的 @ 等字符要做百分号编码（%40）",
            )),
        502..=504 => finding("proxy.gateway", Exit::Temporary)
            .cause((
                "the proxy itself does not reach the host",
                "代理自己连不上目标主机",
            ))
            .fix((
                "check the host's spelling; then ask whoever runs the proxy",
                "检查主机名拼写；再询问代理管理员",
            )),
        _ => finding("proxy.forbidden", Exit::Configuration)
            .cause((
                "the proxy does not let this host or this port through",
                "代理不允许访问这个主机或端口",
            ))
            .fix((
                format!("have {host}:{port} allowed at the proxy"),
                format!("请代理管理员放行 {host}:{port}"),
            )),
    }
}

/// Where a server leads those who come without TLS. Whatever else it does with who comes without a
/// path is its own matter.
fn redirected(line: &Line, answer: &Answer) -> Option<Finding> {
    if !(300..400).contains(&answer.status) {
        return None;
    }
    let uri: Uri = answer.location.as_deref()?.parse().ok()?;
    let there = Target::of(&uri)?;
    if line.target.tls || !there.tls || there.host != line.target.host {
        return None;
    }
    Some(
        Finding::warning("http.redirect", &line.target.url)
            .seen((
                format!("HTTP {}: it is at {} now", answer.status, there.url),
                format!("HTTP {}：跳转到 {}", answer.status, there.url),
            ))
            .cause((
                "the server wants https, and calls do not follow redirects: a secret would go out in \
                 plain text first",
                "服务器要求 https；调用不会跟随跳转，否则密钥会先以明文发出",
            ))
            .fix(("write https:// in the settings", "在配置里写 https://")),
    )
}

fn doubted(line: &Line, certificate: &Certificate) -> Option<Finding> {
    let host = &line.target.host;
    if let Some(names) = &certificate.other_names {
        let names = if names.is_empty() {
            "—".to_owned()
        } else {
            beginning(&names.join(", "))
        };
        return Some(
            line.finding("tls.name", Exit::Temporary)
                .seen((
                    format!("the certificate is not for {host} but for: {names}"),
                    format!("证书不属于 {host}，而是属于：{names}"),
                ))
                .cause((
                    "the address leads to another server: a wrong name or address in the settings, in \
                     /etc/hosts, or a proxy that answers for others",
                    "地址通向了别的服务器：配置或 /etc/hosts 里的域名、IP 不对，或有代理冒名应答",
                ))
                .fix((
                    "write the name that the certificate is for; an IP address instead of a name does not do",
                    "使用证书上的域名；用 IP 代替域名是不行的",
                )),
        );
    }
    let finding = |code| line.finding(code, Exit::Temporary);
    // The server's clock against its own certificate.
    let theirs = line.skew();
    Some(match certificate.doubt.as_ref()? {
        Doubt::Expired(until) if is_ours_wrong(line, theirs, |now| now <= *until) => clock(finding("tls.clock")),
        Doubt::NotYet(from) if is_ours_wrong(line, theirs, |now| now >= *from) => clock(finding("tls.clock")),
        Doubt::Expired(until) => finding("tls.expired")
            .seen((
                format!("the certificate was good until {}", date(*until)),
                format!("证书已于 {} 过期", date(*until)),
            ))
            .cause((
                "nobody has renewed it, or the server was not told of the new one",
                "证书没有续期，或续期后服务没有重新加载",
            ))
            .fix((
                "renew it and have the server read it again",
                "续期证书，并让服务器重新加载",
            )),
        Doubt::NotYet(from) => finding("tls.not_yet")
            .seen((
                format!("the certificate is good from {} on", date(*from)),
                format!("证书从 {} 起才有效", date(*from)),
            ))
            .cause((
                "it was made for later",
                "证书的生效时间在将来",
            ))
            .fix((
                "check the clock of this machine, then the certificate",
                "先核对本机时钟，再检查证书",
            )),
        Doubt::SelfSigned => finding("tls.self_signed")
            .seen((
                "the certificate vouches for itself",
                "证书是自签名的",
            ))
            .cause((
                "no public authority has signed it, so nobody can tell who answers",
                "没有公共机构签发，无法确认应答者的身份",
            ))
            .fix((
                "get one for the name (Let's Encrypt is free); on this machine or inside a tunnel \
                 http:// will do",
                "为域名申请证书（Let's Encrypt 免费）；只在本机或隧道内使用时可以用 http://",
            )),
        Doubt::UnknownAuthority => finding("tls.authority")
            .seen((
                "no authority that is publicly trusted vouches for the certificate",
                "签发证书的机构不在公共信任列表中",
            ))
            .cause((
                "the server does not send the certificates in between, or a proxy of the network opens \
                 TLS and shows its own",
                "服务器没有发送中间证书，或网络里的代理拆解了 TLS，出示了自己的证书",
            ))
            .fix((
                "let the server send the whole chain (fullchain.pem); behind such a proxy, have the \
                 host exempted",
                "让服务器发送完整证书链（fullchain.pem）；在这类代理后面，请管理员把该主机设为例外",
            )),
        Doubt::Other(problem) => finding("tls.certificate")
            .quoting(problem)
            .cause(("the certificate is not in order", "证书有问题"))
            .fix((
                "have the server show another one",
                "请更换服务器证书",
            )),
    })
}

/// Whether a certificate is good by the server's clock, which differs from ours.
fn is_ours_wrong(line: &Line, skew: Option<i64>, good: impl Fn(SystemTime) -> bool) -> bool {
    let Came::Answered(Answer {
        date: Some((theirs, _)),
        ..
    }) = &line.came
    else {
        return false;
    };
    skew.is_some_and(|skew| skew.unsigned_abs() > SLACK.as_secs()) && good(*theirs)
}

fn clock(finding: Finding) -> Finding {
    finding
        .seen((
            "the certificate is good by the server's clock and not by ours",
            "按服务器的时钟证书有效，按本机时钟无效",
        ))
        .cause(("the clock of this machine is wrong", "本机时钟不准"))
        .fix((
            "set it by NTP (`timedatectl set-ntp true`); on a board without a battery, before the bot starts",
            "用 NTP 校时（`timedatectl set-ntp true`）；没有电池的开发板要在机器人启动前校时",
        ))
}

/// How far two clocks may be apart before it is worth a word.
const SLACK: Duration = Duration::from_secs(60);

/// What is wrong with our clock, by that of a server. `window` is how far apart the platform lets
/// signatures be, where it says so.
pub(crate) fn judge_clock(line: &Line, window: Option<Duration>) -> Option<Finding> {
    let skew = line.skew()?;
    let off = skew.unsigned_abs();
    if off <= SLACK.as_secs() {
        return None;
    }
    let (side, zh_side) = if skew > 0 {
        ("behind", "慢")
    } else {
        ("ahead of", "快")
    };
    let beyond = window.filter(|window| off > window.as_secs());
    let finding = match beyond {
        Some(_) => line.finding("clock.skew", Exit::Failed),
        None => Finding::warning("clock.skew", &line.target.url),
    };
    let cause = match (window, beyond) {
        (Some(window), Some(_)) => Words::from((
            format!(
                "the platform takes signatures that are at most {} s off",
                window.as_secs()
            ),
            format!("平台只接受时间相差 {} 秒以内的签名", window.as_secs()),
        )),
        (Some(window), None) => Words::from((
            format!(
                "signatures are still taken, up to {} s off; certificates and tokens are judged by the \
                 clock too",
                window.as_secs()
            ),
            format!(
                "签名暂时还能通过（允许相差 {} 秒），证书和令牌的有效期也按时钟判断",
                window.as_secs()
            ),
        )),
        (None, _) => Words::from((
            "certificates and tokens are judged by the clock, and the log shows wrong times",
            "证书和令牌的有效期按时钟判断，日志时间也会不对",
        )),
    };
    Some(
        finding
            .seen((
                format!("the clock of this machine is {off} s {side} the server's"),
                format!("本机时钟比服务器{zh_side} {off} 秒"),
            ))
            .cause(cause)
            .fix((
                "set it by NTP: `timedatectl set-ntp true`, or `w32tm /resync` on Windows; a virtual \
                 machine that slept needs it too",
                "用 NTP 校时：`timedatectl set-ntp true`，Windows 上用 `w32tm /resync`；休眠过的虚拟机也需要",
            )),
    )
}

/// A moment as a date, in UTC.
fn date(moment: SystemTime) -> String {
    let since = moment
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let civil = mynah_core::Civil::of(since.as_secs());
    format!("{}-{:02}-{:02}", civil.year, civil.month, civil.day)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::language::Language;

    pub(crate) fn line(url: &str, came: Came) -> Line {
        Line {
            target: Target::of(&url.parse().unwrap()).unwrap(),
            proxy: None,
            came,
            certificate: None,
            took: Duration::from_millis(7),
        }
    }

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn answered(status: u16, location: Option<&str>) -> Came {
        Came::Answered(Answer {
            status,
            location: location.map(str::to_owned),
            date: None,
        })
    }

    fn only(findings: &[Finding]) -> &Finding {
        let [one] = findings else {
            panic!("{findings:?}")
        };
        one
    }

    #[test]
    fn a_ticket_in_the_path_is_not_told() {
        let told = |url: &str| Target::of(&url.parse().unwrap()).unwrap().url;
        let ticket = "wss://rtm.example.com/nimbus/ws:0123456789abcdef";
        assert_eq!(told(ticket), "wss://rtm.example.com/nimbus/ws:…");
        assert_eq!(told("ws://h/onebot/?token=x"), "ws://h/onebot");
    }

    #[test]
    fn every_end_of_a_way_has_its_own_cause() {
        let nowhere = Surroundings::default();
        for (url, came, code) in [
            ("https://h", Came::NoName("x".into()), "dns.unknown"),
            (
                "https://h",
                Came::NoConnection(Obstacle::Refused),
                "tcp.refused",
            ),
            (
                "https://h",
                Came::NoConnection(Obstacle::Silence),
                "tcp.silent",
            ),
            (
                "https://h",
                Came::NoConnection(Obstacle::NoRoute("x".into())),
                "tcp.unreachable",
            ),
            (
                "https://h",
                Came::NoTls {
                    other: true,
                    problem: String::new(),
                },
                "tls.none",
            ),
            (
                "https://h",
                Came::NoTls {
                    other: false,
                    problem: String::new(),
                },
                "tls.failed",
            ),
            (
                "http://h",
                Came::NoAnswer {
                    problem: String::new(),
                    speaks_tls: true,
                },
                "tls.missing",
            ),
            (
                "http://h",
                Came::NoAnswer {
                    problem: String::new(),
                    speaks_tls: false,
                },
                "net.silent",
            ),
            (
                "http://h",
                answered(301, Some("https://h/")),
                "http.redirect",
            ),
        ] {
            let line = line(url, came);
            assert_eq!(only(&judge(&line, nowhere)).code, code);
        }
        for elsewhere in ["https://h/a/login", "https://docs.example.com/", "/login"] {
            let fine = line("https://h/a", answered(302, Some(elsewhere)));
            assert_eq!(judge(&fine, nowhere), []);
            assert!(fine.well().is_some());
        }
    }

    #[test]
    fn what_a_proxy_says_is_told_apart() {
        for (came, code, exit) in [
            (Came::ProxyRefused(407), "proxy.login", Exit::Configuration),
            (
                Came::ProxyRefused(403),
                "proxy.forbidden",
                Exit::Configuration,
            ),
            (Came::ProxyRefused(502), "proxy.gateway", Exit::Temporary),
            (
                Came::NoConnection(Obstacle::Silence),
                "proxy.unreachable",
                Exit::Temporary,
            ),
        ] {
            let line = Line {
                proxy: Some("proxy:3128".to_owned()),
                ..line("https://h", came)
            };
            let found = judge(&line, Surroundings::default());
            assert_eq!((only(&found).code, only(&found).exit), (code, exit));
        }
    }

    #[test]
    fn a_proxy_of_the_environment_is_pointed_out_where_nothing_is_reached() {
        let with = Surroundings {
            proxy_variable: Some("HTTPS_PROXY"),
        };
        let line = line(
            "https://api.example.com",
            Came::NoConnection(Obstacle::Silence),
        );
        let found = judge(&line, with);
        let fix = only(&found).fix.to(Language::En);
        assert!(fix.contains("env:HTTPS_PROXY"), "{fix}");
    }

    #[test]
    fn a_misspelt_host_is_corrected() {
        let line = line("https://qyapi.weixin.qq.cm", Came::NoName("x".into()));
        let found = judge(&line, Surroundings::default());
        assert_eq!(
            only(&found).fix.to(Language::En),
            "write qyapi.weixin.qq.com"
        );
        assert_eq!(only(&found).exit, Exit::Configuration);
    }

    #[test]
    fn certificates_are_doubted_each_in_its_way() {
        for (doubt, code) in [
            (Doubt::Expired(at(1)), "tls.expired"),
            (Doubt::NotYet(at(9)), "tls.not_yet"),
            (Doubt::SelfSigned, "tls.self_signed"),
            (Doubt::UnknownAuthority, "tls.authority"),
            (Doubt::Other("x".into()), "tls.certificate"),
        ] {
            let mut line = line("https://h", answered(200, None));
            line.certificate = Some(Certificate {
                doubt: Some(doubt),
                other_names: None,
            });
            assert_eq!(only(&judge(&line, Surroundings::default())).code, code);
            assert!(!line.is_open());
        }
        let mut line = line("https://h", answered(200, None));
        line.certificate = Some(Certificate {
            doubt: Some(Doubt::SelfSigned),
            other_names: Some(vec!["other".to_owned()]),
        });
        assert_eq!(
            only(&judge(&line, Surroundings::default())).code,
            "tls.name"
        );
    }

    #[test]
    fn a_certificate_that_only_our_clock_doubts_is_a_matter_of_the_clock() {
        let mut line = line(
            "https://h",
            Came::Answered(Answer {
                status: 200,
                location: None,
                date: Some((at(1_000_000), at(9_000_000))),
            }),
        );
        line.certificate = Some(Certificate {
            doubt: Some(Doubt::Expired(at(2_000_000))),
            other_names: None,
        });
        assert_eq!(
            only(&judge(&line, Surroundings::default())).code,
            "tls.clock"
        );
    }

    #[test]
    fn a_clock_is_measured_against_the_platforms_window() {
        let with = |theirs, ours| {
            line(
                "https://h",
                Came::Answered(Answer {
                    status: 200,
                    location: None,
                    date: Some((at(theirs), at(ours))),
                }),
            )
        };
        let hour = Some(Duration::from_secs(3600));
        assert_eq!(judge_clock(&with(1000, 1030), hour), None);
        let slow = judge_clock(&with(1500, 1000), hour).unwrap();
        assert_eq!(slow.severity, super::super::finding::Severity::Warning);
        assert!(
            slow.seen.to(Language::En).contains("500 s behind"),
            "{slow:?}"
        );
        let fast = judge_clock(&with(1000, 9000), hour).unwrap();
        assert_eq!(fast.severity, super::super::finding::Severity::Error);
        assert!(
            fast.seen.to(Language::Zh).contains("快 8000 秒"),
            "{fast:?}"
        );
        assert!(judge_clock(&with(1000, 9000), None).is_some());
    }
}
