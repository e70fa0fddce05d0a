//! What the answers of a platform say about an account.

use mynah_bearychat::types::User;
use mynah_core::{ApiError, Code, Error, ErrorKind, Quota};
use mynah_dingtalk::api::user::AuthScopes;
use mynah_onebot::event::Status;
use mynah_wecom::api::agent::Agent;
use mynah_wecom::hint;

use super::finding::Finding;
use super::profile;
use super::words::Words;
use crate::exit::Exit;

/// Who asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asker {
    WeComApplication,
    WeComRobot,
    WeComBot,
    DingTalkApp,
    DingTalkRobot { signs: bool },
    RongCloud,
    Hubot,
    Hook,
    OneBot,
}

/// A question to a platform, and what came of it.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) asker: Asker,
    /// The endpoint.
    pub(crate) name: &'static str,
    /// Where it is: scheme, host and path before that of the endpoint.
    pub(crate) base: String,
    pub(crate) outcome: Result<Told, Error>,
}

/// What a platform told.
#[derive(Clone, Debug)]
pub(crate) enum Told {
    /// That it took the credential, and nothing more that matters.
    Accepted,
    Agent(Box<Agent>),
    Scopes(AuthScopes),
    Status(Status),
    /// As whom one is known, and how many calls are left.
    Me(Box<User>, Option<Quota>),
    /// Whether anything is known of the user that speaks.
    User {
        id: String,
        known: bool,
    },
    /// An answer to a call that carried no token, although the account has one.
    Unguarded,
}

impl Asked {
    fn place(&self) -> String {
        format!("{} {}", self.base, self.name)
    }

    /// What goes well.
    pub(crate) fn well(&self) -> Option<Words> {
        Some(match self.outcome.as_ref().ok()? {
            Told::Unguarded => return None,
            Told::Accepted => Words::from(("the credential is accepted", "凭证有效")),
            Told::Agent(agent) => Words::from((
                format!(
                    "the credential is accepted; the application is {}",
                    agent.name
                ),
                format!("凭证有效；应用名称：{}", agent.name),
            )),
            Told::Scopes(_) => Words::from((
                "the credential is accepted; the directory answers",
                "凭证有效；通讯录可读",
            )),
            Told::Status(_) => Words::from((
                "the access token is accepted; the account is online",
                "access_token 有效；账号在线",
            )),
            Told::Me(me, quota) => {
                let (left, zh_left) = match quota {
                    Some(quota) => (
                        format!("; {} of {} calls are left", quota.remaining, quota.limit),
                        format!("；本小时剩余调用 {}/{}", quota.remaining, quota.limit),
                    ),
                    None => (String::new(), String::new()),
                };
                Words::from((
                    format!("the token is that of {}{left}", me.name),
                    format!("令牌属于 {}{zh_left}", me.name),
                ))
            }
            Told::User { id, .. } => Words::from((
                format!("the signature is accepted; the bot speaks as {id}"),
                format!("签名有效；机器人以用户 {id} 的身份发言"),
            )),
        })
    }

    /// Whether more questions make sense.
    pub(crate) fn goes_on(&self) -> bool {
        self.outcome.is_ok()
    }
}

/// What is wrong, by what a platform answered.
pub(crate) fn judge(asked: &Asked) -> Vec<Finding> {
    match &asked.outcome {
        Ok(told) => told_of(asked, told),
        Err(error) => vec![refused(asked, error)],
    }
}

fn told_of(asked: &Asked, told: &Told) -> Vec<Finding> {
    let place = asked.place();
    let mut findings = Vec::new();
    match told {
        Told::Agent(agent) => findings.extend(of_agent(&place, agent)),
        Told::Scopes(scopes) => {
            let whom = &scopes.auth_org_scopes;
            if whom.authed_user.is_empty() && whom.authed_dept.is_empty() {
                findings.push(
                    Finding::warning("dingtalk.scope", place)
                        .seen((
                            "the application may see nobody in the directory",
                            "应用的通讯录权限范围为空",
                        ))
                        .cause((
                            "looking up people, and group chats made by /chat/create, fail with 50002 or 60011",
                            "查询成员、用 /chat/create 建群会报 50002 或 60011",
                        ))
                        .fix((
                            "开发者后台 → 应用 → 权限管理 → 通讯录权限: choose whom it may see, and publish \
                             a version",
                            "开发者后台 → 应用 → 权限管理 → 通讯录权限：选择授权范围，并发布版本",
                        )),
                );
            }
        }
        Told::Status(status) => {
            if status.online == Some(false) {
                findings.push(
                    Finding::error("onebot.offline", Exit::Temporary, place)
                        .seen((
                            "the implementation answers, and says that its account is not online",
                            "OneBot 实现有应答，但它的账号不在线",
                        ))
                        .cause((
                            "QQ has logged the account out, or it was never logged in",
                            "QQ 账号掉线了，或还没有登录",
                        ))
                        .fix((
                            "log in again in the page or the window of the implementation (NapCat, LLOneBot, \
                             Lagrange)",
                            "到 NapCat、LLOneBot、Lagrange 等实现的页面或窗口重新登录",
                        )),
                );
            }
        }
        Told::Me(me, quota) => {
            findings.extend(quota.as_ref().and_then(|quota| scarce(&place, quota)));
            if me.inactive {
                findings.push(
                    Finding::error("bearychat.closed", Exit::Refused, place)
                        .seen((
                            format!("{} is closed", me.name),
                            format!("{} 已停用", me.name),
                        ))
                        .cause(("somebody has closed the hubot", "Hubot 被停用了"))
                        .fix((
                            "open it again in the team's settings: 机器人 → Hubot",
                            "在团队设置里重新启用：机器人 → Hubot",
                        )),
                );
            }
        }
        Told::User { id, known: false } => findings.push(
            Finding::warning("rongcloud.user", place)
                .seen((
                    format!("nobody is registered as {id}"),
                    format!("用户 {id} 没有注册"),
                ))
                .cause((
                    "messages of a user that was never registered have no name and no picture, and clients \
                     cannot open a conversation with it",
                    "未注册用户发出的消息没有昵称和头像，客户端也无法与它开始会话",
                ))
                .fix((
                    format!("mynah call rongcloud user.get_token userId={id} name=…; or set `user` to one \
                             that exists"),
                    format!("执行 mynah call rongcloud user.get_token userId={id} name=…；或把 `user` \
                             改成已有的用户"),
                )),
        ),
        Told::Accepted | Told::User { .. } => {}
        Told::Unguarded => findings.push(
            Finding::warning("onebot.unchecked", place)
                .seen((
                    "a call without the access token was answered",
                    "没有带 access_token 的调用也得到了应答",
                ))
                .cause((
                    "the implementation has no token set: anybody who reaches the port can speak as the \
                     account",
                    "OneBot 实现没有设置 token：能连上端口的人都可以用这个账号发言",
                ))
                .fix((
                    "set the same token in the network settings of the implementation",
                    "在 OneBot 实现的网络配置里设置同一个 token",
                )),
        ),
    }
    findings
}

fn of_agent(place: &str, agent: &Agent) -> Option<Finding> {
    if agent.close != 0 {
        return Some(
            Finding::error("wecom.disabled", Exit::Refused, place)
                .seen((
                    format!("the application {} is switched off", agent.name),
                    format!("应用 {} 已停用", agent.name),
                ))
                .cause(("an administrator has switched it off", "管理员停用了它"))
                .fix(("应用管理 → 应用 → 启用", "应用管理 → 应用 → 启用")),
        );
    }
    let seen_by_nobody = agent.allow_userinfos.user.is_empty()
        && agent.allow_partys.partyid.is_empty()
        && agent.allow_tags.tagid.is_empty();
    seen_by_nobody.then(|| {
        Finding::error("wecom.invisible", Exit::Refused, place)
            .seen((
                format!("the application {} is visible to nobody", agent.name),
                format!("应用 {} 的可见范围为空", agent.name),
            ))
            .cause((
                "messages to members outside the visible scope are refused with 81013 or 60011",
                "给可见范围之外的成员发消息会报 81013 或 60011",
            ))
            .fix((
                "应用管理 → 应用 → 可见范围: add members or departments; group chats (appchat) want the \
                 whole corp",
                "应用管理 → 应用 → 可见范围：添加成员或部门；群聊（appchat）要求可见范围为整个企业",
            ))
    })
}

/// Whether few calls are left.
fn scarce(place: &str, quota: &Quota) -> Option<Finding> {
    let Quota {
        limit, remaining, ..
    } = quota;
    (remaining.saturating_mul(10) < *limit).then(|| {
        Finding::warning("quota.scarce", place)
            .seen((
                format!("{remaining} of {limit} calls are left in this window"),
                format!("本时段只剩 {remaining}/{limit} 次调用"),
            ))
            .cause((
                "something calls often, or several programs share the token",
                "调用过于频繁，或多个程序共用一个令牌",
            ))
            .fix((
                "keep what was asked for, hear events over the socket instead of asking, and give each \
                 program its own hubot",
                "缓存查询结果，用长连接接收事件而不要轮询，并给每个程序单独的 Hubot",
            ))
    })
}

/// A finding without its place and words.
type Known = (&'static str, Exit, Words, Words);

fn refused(asked: &Asked, error: &Error) -> Finding {
    let (code, exit, cause, fix) = error
        .api()
        .and_then(|refusal| known(asked, refusal))
        .unwrap_or_else(|| unknown(asked, error));
    Finding::error(code, exit, asked.place())
        .quoting(
            error
                .api()
                .map_or_else(|| error.to_string(), ToString::to_string),
        )
        .cause(cause)
        .fix(fix)
}

fn known(asked: &Asked, refusal: &ApiError) -> Option<Known> {
    if let Some(foreign) = foreign(asked, refusal) {
        return Some(foreign);
    }
    match asked.asker {
        Asker::WeComApplication => wecom(refusal),
        Asker::WeComRobot => wecom_robot(refusal),
        Asker::WeComBot => wecom_bot(refusal),
        Asker::DingTalkApp => dingtalk(refusal),
        Asker::DingTalkRobot { signs } => dingtalk_robot(refusal, signs),
        Asker::RongCloud => rongcloud(refusal),
        Asker::Hubot => hubot(refusal),
        Asker::Hook => hook(refusal),
        Asker::OneBot => onebot(refusal),
    }
}

/// An answer that is not the platform's.
fn foreign(asked: &Asked, refusal: &ApiError) -> Option<Known> {
    let envelope = refusal.code == Code::from("envelope");
    let status = refusal.status;
    // The platform has a form for its refusals; that of a gateway is its status alone.
    let by_gateway = refusal.code == Code::Number(i64::from(status)) && status != 200;
    if !envelope && !by_gateway {
        return None;
    }
    let base = &asked.base;
    let sandbox = profile::is_here(
        base.parse::<http::Uri>()
            .ok()
            .as_ref()
            .and_then(http::Uri::host)
            .unwrap_or_default(),
    );
    Some(match status {
        300..=399 => (
            "http.redirect",
            Exit::Configuration,
            Words::from((
                "calls do not follow redirects: the credential would go elsewhere",
                "调用不会跟随跳转，否则凭证会被带到别处",
            )),
            Words::from((
                "write the address that it leads to; often that is https:// instead of http://",
                "写跳转后的地址；常见的是把 http:// 改为 https://",
            )),
        ),
        404 | 405 if asked.asker != Asker::OneBot || envelope || status == 404 => (
            "api.path",
            Exit::Configuration,
            Words::from((
                format!("there is no such interface at {base}"),
                format!("{base} 下没有这个接口"),
            )),
            if sandbox {
                let (name, more) = match asked.asker {
                    Asker::OneBot => ("onebot", "; the port must be that of the HTTP service"),
                    Asker::RongCloud => ("rongcloud", ""),
                    Asker::Hubot | Asker::Hook => ("bearychat", ""),
                    Asker::DingTalkApp | Asker::DingTalkRobot { .. } => ("dingtalk", ""),
                    _ => ("wecom", ""),
                };
                Words::from((
                    format!(
                        "the address of the sandbox ends in /{name}: http://127.0.0.1:7700/{name}{more}"
                    ),
                    format!("沙盒的地址以 /{name} 结尾：http://127.0.0.1:7700/{name}"),
                ))
            } else {
                Words::from((
                    "leave `api` away for the platform's own address, or have the reverse proxy keep the path",
                    "删去 `api` 即使用平台自己的地址；经反向代理时请保留路径",
                ))
            },
        ),
        500..=599 => (
            "api.gateway",
            Exit::Temporary,
            Words::from((
                "a gateway answers, and what is behind it does not",
                "网关有应答，但它后面的服务没有",
            )),
            Words::from((
                "try again later; if the address is a reverse proxy of your own, look at what it leads to",
                "稍后再试；如果这是自己的反向代理，请检查它转发的目标",
            )),
        ),
        _ if envelope => (
            "api.foreign",
            Exit::Configuration,
            Words::from((
                "something else than the platform answers: another program, a login page of the network, \
                 or a proxy",
                "应答的不是平台，而是别的程序、网络的登录页面或代理",
            )),
            Words::from((
                format!(
                    "open {base} in a browser from this machine and see who answers; then correct the \
                         address"
                ),
                format!("在本机用浏览器打开 {base}，看是谁在应答，再修正地址"),
            )),
        ),
        _ => return None,
    })
}

/// What nobody knows the cause of: the platform's words, and where to look.
fn unknown(asked: &Asked, error: &Error) -> Known {
    let platform = asked.name.split('.').next().unwrap_or_default();
    match error.kind() {
        ErrorKind::Throttled => {
            let wait = error.retry_after();
            let (when, zh_when) = match wait {
                Some(wait) => (
                    format!("wait {} s", wait.as_secs().max(1)),
                    format!("等待 {} 秒", wait.as_secs().max(1)),
                ),
                None => ("wait a minute".to_owned(), "等待一分钟".to_owned()),
            };
            (
                "quota.spent",
                Exit::Temporary,
                Words::from(("too many calls were made", "调用次数超限")),
                Words::from((
                    format!("{when}; then make fewer calls: keep tokens and what was asked for"),
                    format!("{zh_when}；然后减少调用：缓存令牌和查询结果"),
                )),
            )
        }
        ErrorKind::Unavailable => (
            "platform.busy",
            Exit::Temporary,
            Words::from(("the platform stumbled", "平台暂时出错")),
            Words::from(("try again later", "稍后再试")),
        ),
        ErrorKind::Unreachable | ErrorKind::OutcomeUnknown => (
            "net.silent",
            Exit::Temporary,
            Words::from((
                "the address was reached, and the call was not answered",
                "地址可以连通，但调用没有得到应答",
            )),
            Words::from((
                "try again; if it stays so, a proxy or a firewall cuts the answer off",
                "重试；如果一直如此，可能是代理或防火墙切断了应答",
            )),
        ),
        ErrorKind::Decode => (
            "api.foreign",
            Exit::Configuration,
            Words::from((
                "the answer does not have the documented form",
                "应答不是文档中的格式",
            )),
            Words::from((
                "check the address: another version or another program may answer",
                "检查地址：应答的可能是别的版本或别的程序",
            )),
        ),
        kind => {
            let exit = if kind == ErrorKind::Unauthorized {
                Exit::Authentication
            } else {
                Exit::Refused
            };
            let number = error.api().map(|refusal| refusal.code.to_string());
            let number = number.unwrap_or_default();
            let (cause, fix) = explained(platform, &number).unwrap_or_else(|| {
                (
                    Words::from((
                        "the platform understood the question and said no",
                        "平台理解了请求，但拒绝了",
                    )),
                    Words::from((
                        format!("mynah explain {platform} {number}"),
                        format!("执行 mynah explain {platform} {number}"),
                    )),
                )
            });
            ("platform.refused", exit, cause, fix)
        }
    }
}

/// What is known of a code wherever it is met: its cause and its fix.
fn explained(platform: &str, code: &str) -> Option<(Words, Words)> {
    let rows = match platform {
        "onebot" => mynah_onebot::explain::explain(code),
        "wecom" => mynah_wecom::explain::explain(code),
        "dingtalk" => mynah_dingtalk::explain::explain(code),
        "rongcloud" => mynah_rongcloud::explain::explain(code),
        "bearychat" => mynah_bearychat::explain::explain(code),
        _ => Vec::new(),
    };
    let row = rows.into_iter().find(|row| !row.fix.en.is_empty())?;
    Some((row.cause.into(), row.fix.into()))
}

/// How a code is known: as the number or the word that it is.
fn is(refusal: &ApiError, codes: &[i64]) -> bool {
    refusal
        .code
        .number()
        .is_some_and(|code| codes.contains(&code))
}

fn word(refusal: &ApiError) -> &str {
    match &refusal.code {
        Code::Word(word) => word,
        Code::Number(_) => "",
    }
}

fn wecom(refusal: &ApiError) -> Option<Known> {
    let known =
        |code, exit, cause: (&'static str, &'static str), fix: (&'static str, &'static str)| {
            Some((code, exit, cause.into(), fix.into()))
        };
    match refusal.code.number()? {
        40001 | 40091 | 41004 => known(
            "wecom.secret",
            Exit::Authentication,
            (
                "the secret does not belong to this corp, or to no application of it",
                "Secret 不属于这个企业的任何应用",
            ),
            (
                "copy it again: 应用管理 → 应用 → Secret → 查看; each application has its own, and that of \
                 通讯录 or 客户联系 is another",
                "重新复制：应用管理 → 应用 → Secret → 查看；每个应用各不相同，通讯录、客户联系的 Secret 也是另外的",
            ),
        ),
        40013 | 41002 => known(
            "wecom.corpid",
            Exit::Authentication,
            ("there is no corp of this id", "企业 ID 不存在"),
            (
                "copy it: 我的企业 → 企业信息 → 企业ID; it begins with ww",
                "复制：我的企业 → 企业信息 → 企业ID，以 ww 开头",
            ),
        ),
        60020 => Some((
            "wecom.address",
            Exit::Refused,
            Words::from((
                match hint::caller_address(refusal) {
                    Some(address) => format!(
                        "the call comes from {address}, which the application does not trust"
                    ),
                    None => {
                        "the application does not trust the address the call comes from".to_owned()
                    }
                },
                match hint::caller_address(refusal) {
                    Some(address) => format!("调用来自 {address}，不在应用的企业可信IP 里"),
                    None => "调用来源 IP 不在应用的企业可信IP 里".to_owned(),
                },
            )),
            Words::from((
                format!(
                    "add {} at 应用管理 → 应用 → 企业可信IP; it wants a trusted domain or a callback address \
                     first. Where the address changes, call through a proxy with a fixed one",
                    hint::caller_address(refusal).unwrap_or("the address")
                ),
                format!(
                    "在 应用管理 → 应用 → 企业可信IP 中添加 {}；需要先设置可信域名或接收消息服务器 URL。\
                     出口 IP 不固定时，请经固定 IP 的代理调用",
                    hint::caller_address(refusal).unwrap_or("该地址")
                ),
            )),
        )),
        301_002 => known(
            "wecom.agent",
            Exit::Configuration,
            (
                "`agentid` is that of another application than `corpsecret`",
                "`agentid` 与 `corpsecret` 不是同一个应用的",
            ),
            (
                "copy both from one page: 应用管理 → 应用 → AgentId and Secret",
                "从同一个页面复制两者：应用管理 → 应用 → AgentId 和 Secret",
            ),
        ),
        40056 | 41011 => known(
            "wecom.agent",
            Exit::Configuration,
            (
                "there is no application of this `agentid`",
                "没有这个 `agentid` 的应用",
            ),
            (
                "copy it: 应用管理 → 应用 → AgentId",
                "复制：应用管理 → 应用 → AgentId",
            ),
        ),
        50003 => known(
            "wecom.disabled",
            Exit::Refused,
            ("the application is switched off", "应用已停用"),
            ("应用管理 → 应用 → 启用", "应用管理 → 应用 → 启用"),
        ),
        48001 | 48002 | 60011 => known(
            "wecom.permission",
            Exit::Refused,
            (
                "the application may not call this interface",
                "应用没有调用这个接口的权限",
            ),
            (
                "use the secret of an application (自建), not that of 通讯录同步 or of another tool",
                "请用自建应用的 Secret，不要用通讯录同步或其他工具的",
            ),
        ),
        _ => None,
    }
}

fn wecom_robot(refusal: &ApiError) -> Option<Known> {
    match refusal.code.number()? {
        93000 => Some((
            "wecom.webhook",
            Exit::Authentication,
            Words::from((
                "no group robot has this key, or it was removed from its group",
                "没有这个 key 的群机器人，或它已被移出群聊",
            )),
            Words::from((
                "copy the address again: 群设置 → 消息推送（原群机器人）→ Webhook地址, or add a new robot",
                "重新复制：群设置 → 消息推送（原群机器人）→ Webhook地址，或添加新的机器人",
            )),
        )),
        93004 => Some((
            "wecom.disabled",
            Exit::Refused,
            Words::from(("the robot is switched off", "机器人已停用")),
            Words::from(("have its creator switch it on", "请创建者重新启用")),
        )),
        60020 => wecom(refusal),
        _ => None,
    }
}

fn wecom_bot(refusal: &ApiError) -> Option<Known> {
    is(refusal, &[853_000]).then(|| {
        (
            "wecom.bot",
            Exit::Authentication,
            Words::from((
                "the bot's id and secret do not belong together",
                "智能机器人的 BotID 与 Secret 不匹配",
            )),
            Words::from((
                "copy both: 管理后台 → 安全与管理 → 管理工具 → 智能机器人 → API配置 → 使用长连接; the Token of \
                 callbacks is something else",
                "复制两者：管理后台 → 安全与管理 → 管理工具 → 智能机器人 → API配置 → 使用长连接；回调的 Token 不是它",
            )),
        )
    })
}

fn dingtalk(refusal: &ApiError) -> Option<Known> {
    let word = word(refusal);
    let words = refusal.message.as_str();
    if is(refusal, &[40096, 40089, 40001])
        || ["invalidClientIdOrSecret", "authFailed"].contains(&word)
    {
        return Some((
            "dingtalk.secret",
            Exit::Authentication,
            Words::from((
                "Client ID and Client Secret do not belong together",
                "Client ID 与 Client Secret 不匹配",
            )),
            Words::from((
                "copy both: 开发者后台 → 应用 → 凭证与基础信息; not AgentId, CorpId or the 加签 secret of a \
                 custom robot",
                "复制两者：开发者后台 → 应用 → 凭证与基础信息；不要填 AgentId、CorpId 或自定义机器人的加签密钥",
            )),
        ));
    }
    if word.contains("IpNotInWhiteList") || is(refusal, &[60020]) {
        return Some((
            "dingtalk.address",
            Exit::Refused,
            Words::from((
                "the application takes calls from some addresses only, and this is none of them",
                "应用限制了调用来源 IP，本机不在其中",
            )),
            Words::from((
                "开发者后台 → 应用 → 安全设置 → 服务器出口IP: add the public address of this machine",
                "开发者后台 → 应用 → 安全设置 → 服务器出口IP：添加本机的公网 IP",
            )),
        ));
    }
    if word.ends_with("robotCode.notExsit") || word == "not.allowed.robotCode" {
        return Some((
            "dingtalk.robot_code",
            Exit::Configuration,
            Words::from((
                "the application has no robot of this code",
                "应用没有这个 robotCode 的机器人",
            )),
            Words::from((
                "开发者后台 → 应用 → 机器人: add the ability and publish; leave `robot_code` away unless the \
                 page shows another than the Client ID",
                "开发者后台 → 应用 → 机器人：添加机器人能力并发布；除非页面显示的 robotCode 与 Client ID 不同，\
                 否则不要写 `robot_code`",
            )),
        ));
    }
    if word.contains("AccessTokenPermissionDenied") || is(refusal, &[60011]) || permission(refusal)
    {
        return Some((
            "dingtalk.permission",
            Exit::Refused,
            Words::from((
                "the application lacks a permission for this interface",
                "应用缺少这个接口的权限",
            )),
            Words::from((
                format!(
                    "开发者后台 → 应用 → 权限管理: apply for what the message names ({}), then publish a version",
                    scope(words).unwrap_or("…")
                ),
                format!(
                    "开发者后台 → 应用 → 权限管理：申请提示里的权限（{}），然后发布版本",
                    scope(words).unwrap_or("…")
                ),
            )),
        ));
    }
    None
}

/// Whether the gateway of topapi misses a permission: its code is in a detail.
fn permission(refusal: &ApiError) -> bool {
    let details = refusal.details.as_ref();
    let sub = details.and_then(|details| details.get("sub_code"));
    sub.and_then(serde_json::Value::as_str) == Some("60011")
}

/// The permission that a refusal names: a word such as `qyapi_robot_sendmsg` or
/// `Contact.User.Read`.
fn scope(words: &str) -> Option<&str> {
    let mut parts = words.split(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c)));
    parts.find(|part| part.starts_with("qyapi_") || part.starts_with("Contact."))
}

fn dingtalk_robot(refusal: &ApiError, signs: bool) -> Option<Known> {
    if is(refusal, &[300_005, 400_101, 40035]) && refusal.message.contains("token")
        || is(refusal, &[300_005, 400_101])
    {
        return Some((
            "dingtalk.webhook",
            Exit::Authentication,
            Words::from((
                "no custom robot has this access_token, or it was removed from its group",
                "没有这个 access_token 的自定义机器人，或它已被移出群聊",
            )),
            Words::from((
                "copy the Webhook again: 群设置 → 机器人 → 自定义",
                "重新复制 Webhook：群设置 → 机器人 → 自定义",
            )),
        ));
    }
    if !is(refusal, &[310_000]) {
        return None;
    }
    let words = refusal.message.as_str();
    if words.contains("timestamp") {
        return Some((
            "clock.skew",
            Exit::Failed,
            Words::from((
                "the clock of this machine is more than an hour off, or the robot signs and `secret` is \
                 missing",
                "本机时钟相差超过一小时，或机器人开启了加签而没有写 `secret`",
            )),
            Words::from((
                "set the clock by NTP; if the robot signs, write `secret` = \"SEC…\"",
                "用 NTP 校时；机器人开启了加签时请写 `secret` = \"SEC…\"",
            )),
        ));
    }
    if words.contains("sign") {
        return Some((
            "dingtalk.sign",
            Exit::Authentication,
            if signs {
                Words::from((
                    "`secret` is not the one of this robot",
                    "`secret` 不是这个机器人的",
                ))
            } else {
                Words::from((
                    "the robot wants signed calls, and there is no `secret`",
                    "机器人开启了加签，但没有写 `secret`",
                ))
            },
            Words::from((
                "copy it: 群设置 → 机器人 → 安全设置 → 加签; it begins with SEC",
                "复制：群设置 → 机器人 → 安全设置 → 加签，以 SEC 开头",
            )),
        ));
    }
    if words.contains("whitelist") {
        return Some((
            "dingtalk.address",
            Exit::Refused,
            Words::from((
                "the robot takes calls from some addresses only; the message names the one this comes from",
                "机器人限制了来源 IP，提示里写着本次调用的 IP",
            )),
            Words::from((
                "add it: 群设置 → 机器人 → 安全设置 → IP地址（段）",
                "添加：群设置 → 机器人 → 安全设置 → IP地址（段）",
            )),
        ));
    }
    None
}

fn rongcloud(refusal: &ApiError) -> Option<Known> {
    let known =
        |code, exit, cause: (&'static str, &'static str), fix: (&'static str, &'static str)| {
            Some((code, exit, cause.into(), fix.into()))
        };
    match refusal.code.number()? {
        1001 | 1004 => known(
            "rongcloud.secret",
            Exit::Authentication,
            (
                "the App Secret is not that of this App Key",
                "App Secret 与 App Key 不匹配",
            ),
            (
                "copy both from one environment: 控制台 → 应用配置 → 基本信息; development and production \
                 differ, and a refreshed secret replaces the old one",
                "从同一个环境复制：控制台 → 应用配置 → 基本信息；开发环境与生产环境不同，重置后旧 Secret 失效",
            ),
        ),
        1002 => known(
            "rongcloud.key",
            Exit::Authentication,
            (
                "the App Key is not known here: it is misspelt, or of another data centre",
                "这里不认识这个 App Key：写错了，或属于另一个数据中心",
            ),
            (
                "copy the App Key; for a data centre abroad name its address, such as \
                 api = \"https://api.sg-light-api.com\" for Singapore",
                "重新复制 App Key；海外数据中心要写它的地址，例如新加坡写 api = \"https://api.sg-light-api.com\"",
            ),
        ),
        1006 => known(
            "rongcloud.locked",
            Exit::Refused,
            ("the application is locked or deleted", "应用已被锁定或删除"),
            (
                "look at the console for unpaid bills or notices",
                "到控制台查看欠费或通知",
            ),
        ),
        1007 => known(
            "rongcloud.address",
            Exit::Refused,
            (
                "the application takes calls from some addresses only, or not these calls",
                "应用限制了调用来源 IP，或限制了这类调用",
            ),
            (
                "add the public address of this machine to the application's IP 白名单 in the 控制台",
                "在控制台该应用的 IP 白名单中添加本机的公网 IP",
            ),
        ),
        1009 => known(
            "rongcloud.service",
            Exit::Refused,
            ("the service is not enabled", "服务没有开通"),
            (
                "控制台 → 应用配置 → IM 服务管理: enable it",
                "控制台 → 应用配置 → IM 服务管理：开通该服务",
            ),
        ),
        _ => None,
    }
}

fn hubot(refusal: &ApiError) -> Option<Known> {
    if refusal.status == 401 || (refusal.status == 403 && is(refusal, &[4])) {
        return Some((
            "bearychat.token",
            Exit::Authentication,
            Words::from((
                "no hubot has this token, or it was reset",
                "没有这个 token 的 Hubot，或它已被重置",
            )),
            Words::from((
                "copy it: 机器人 → Hubot → RTM token; the token of an outgoing robot is `outgoing_token`",
                "复制：机器人 → Hubot → RTM token；Outgoing 机器人的 token 应写在 `outgoing_token`",
            )),
        ));
    }
    None
}

fn hook(refusal: &ApiError) -> Option<Known> {
    (refusal.status == 404).then(|| {
        (
            "bearychat.hook",
            Exit::Authentication,
            Words::from((
                "there is no incoming robot at this address, or it was removed",
                "这个地址没有 Incoming 机器人，或它已被删除",
            )),
            Words::from((
                "copy the address again: 机器人 → Incoming → Hook 地址",
                "重新复制：机器人 → Incoming → Hook 地址",
            )),
        )
    })
}

fn onebot(refusal: &ApiError) -> Option<Known> {
    let set = Words::from((
        "write the token of the implementation's HTTP service as `access_token`; in NapCat each service \
         has its own",
        "把 OneBot 实现中 HTTP 服务的 token 写到 `access_token`；NapCat 里每个服务各有 token",
    ));
    match (refusal.status, refusal.code.number()) {
        (401, _) | (_, Some(1401)) => Some((
            "onebot.token",
            Exit::Authentication,
            Words::from((
                "the implementation wants a token, and the account has none",
                "OneBot 实现要求 token，但账号没有写",
            )),
            set,
        )),
        (403, _) | (_, Some(1403)) => Some((
            "onebot.token",
            Exit::Authentication,
            Words::from((
                "the implementation has another token",
                "OneBot 实现的 token 与账号的不同",
            )),
            set,
        )),
        (426, _) => Some((
            "onebot.port",
            Exit::Configuration,
            Words::from((
                "the port is that of the WebSocket service",
                "这个端口是 WebSocket 服务的",
            )),
            Words::from((
                "write the port of the HTTP service as `api`, or the address as `connect` = \"ws://…\"",
                "`api` 写 HTTP 服务的端口；WebSocket 地址写到 `connect` = \"ws://…\"",
            )),
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use mynah_core::Verdict;

    use super::*;
    use crate::language::Language;

    fn asked(asker: Asker, refusal: ApiError) -> Asked {
        Asked {
            asker,
            name: "wecom.agent.get",
            base: "https://h.example".to_owned(),
            outcome: Err(Error::refused("x", refusal, Verdict::Permanent)),
        }
    }

    fn code(asker: Asker, refusal: ApiError) -> &'static str {
        judge(&asked(asker, refusal))[0].code
    }

    #[test]
    fn refusals_are_told_apart_by_their_codes() {
        let app = Asker::DingTalkApp;
        let robot = Asker::DingTalkRobot { signs: false };
        for (asker, refusal, expected) in [
            (
                Asker::WeComApplication,
                ApiError::new(40001, ""),
                "wecom.secret",
            ),
            (
                Asker::WeComApplication,
                ApiError::new(40013, ""),
                "wecom.corpid",
            ),
            (
                Asker::WeComApplication,
                ApiError::new(60020, ""),
                "wecom.address",
            ),
            (
                Asker::WeComApplication,
                ApiError::new(301_002, ""),
                "wecom.agent",
            ),
            (
                Asker::WeComApplication,
                ApiError::new(40056, ""),
                "wecom.agent",
            ),
            (
                Asker::WeComApplication,
                ApiError::new(50003, ""),
                "wecom.disabled",
            ),
            (
                Asker::WeComApplication,
                ApiError::new(48002, ""),
                "wecom.permission",
            ),
            (Asker::WeComRobot, ApiError::new(93000, ""), "wecom.webhook"),
            (Asker::WeComBot, ApiError::new(853_000, ""), "wecom.bot"),
            (app, ApiError::new(40096, ""), "dingtalk.secret"),
            (
                app,
                ApiError::new("authFailed", "").with_status(401),
                "dingtalk.secret",
            ),
            (
                app,
                ApiError::new("Forbidden.AccessDenied.IpNotInWhiteList", "").with_status(403),
                "dingtalk.address",
            ),
            (
                app,
                ApiError::new("Forbidden.AccessDenied.AccessTokenPermissionDenied", "")
                    .with_status(403),
                "dingtalk.permission",
            ),
            (
                app,
                ApiError::new("invalidParameter.robotCode.notExsit", "").with_status(400),
                "dingtalk.robot_code",
            ),
            (
                robot,
                ApiError::new(300_005, "token is not exist"),
                "dingtalk.webhook",
            ),
            (
                robot,
                ApiError::new(310_000, "invalid timestamp"),
                "clock.skew",
            ),
            (
                robot,
                ApiError::new(310_000, "sign not match"),
                "dingtalk.sign",
            ),
            (
                robot,
                ApiError::new(310_000, "ip 203.0.113.7 not in whitelist"),
                "dingtalk.address",
            ),
            (
                Asker::RongCloud,
                ApiError::new(1004, "").with_status(401),
                "rongcloud.secret",
            ),
            (
                Asker::RongCloud,
                ApiError::new(1002, "").with_status(400),
                "rongcloud.key",
            ),
            (
                Asker::RongCloud,
                ApiError::new(1006, "").with_status(401),
                "rongcloud.locked",
            ),
            (
                Asker::RongCloud,
                ApiError::new(1007, "").with_status(401),
                "rongcloud.address",
            ),
            (
                Asker::RongCloud,
                ApiError::new(1009, "").with_status(430),
                "rongcloud.service",
            ),
            (
                Asker::Hubot,
                ApiError::new(2, "").with_status(401),
                "bearychat.token",
            ),
            (
                Asker::Hook,
                ApiError::new(6, "").with_status(404),
                "bearychat.hook",
            ),
            (Asker::OneBot, ApiError::http(401, ""), "onebot.token"),
            (Asker::OneBot, ApiError::http(403, ""), "onebot.token"),
            (Asker::OneBot, ApiError::http(426, ""), "onebot.port"),
            (Asker::WeComApplication, ApiError::http(404, ""), "api.path"),
            (
                Asker::WeComApplication,
                ApiError::http(302, ""),
                "http.redirect",
            ),
            (
                Asker::WeComApplication,
                ApiError::http(502, ""),
                "api.gateway",
            ),
            (
                Asker::WeComApplication,
                ApiError::new("envelope", ""),
                "api.foreign",
            ),
            (
                Asker::WeComApplication,
                ApiError::new(99999, ""),
                "platform.refused",
            ),
        ] {
            let words = refusal.to_string();
            assert_eq!(code(asker, refusal), expected, "{words}");
        }
    }

    #[test]
    fn an_address_that_is_not_trusted_is_named_in_both_languages() {
        let words = "not allow to access from your ip, hint: [1], from ip: 203.0.113.7, more info";
        let found = judge(&asked(Asker::WeComApplication, ApiError::new(60020, words)));
        for language in [Language::En, Language::Zh] {
            let fix = found[0].fix.to(language);
            assert!(
                fix.contains("203.0.113.7") && fix.contains("企业可信IP"),
                "{fix}"
            );
        }
    }

    #[test]
    fn a_missing_permission_is_named_as_the_platform_names_it() {
        let words = "应用尚未开通所需的权限：[qyapi_robot_sendmsg]，点击链接申请";
        assert_eq!(scope(words), Some("qyapi_robot_sendmsg"));
        assert_eq!(
            scope("requiredScopes: Contact.User.Read"),
            Some("Contact.User.Read")
        );
        assert_eq!(scope("no"), None);
    }

    #[test]
    fn a_code_without_a_finding_of_its_own_is_told_as_it_is_explained() {
        let found = judge(&asked(Asker::WeComApplication, ApiError::new(60011, "")));
        assert_eq!(found[0].code, "wecom.permission");
        let found = judge(&asked(Asker::WeComApplication, ApiError::new(40058, "")));
        assert_eq!(found[0].code, "platform.refused");
        let known = mynah_wecom::explain::explain("40058");
        assert_eq!(found[0].cause.to(Language::Zh), known[0].cause.zh);
    }

    #[test]
    fn what_no_call_fails_for_is_found_all_the_same() {
        let found = |told| {
            let asked = Asked {
                outcome: Ok(told),
                ..asked(Asker::OneBot, ApiError::new(0, ""))
            };
            judge(&asked).first().map(|it| it.code)
        };
        let agent = |close| {
            Told::Agent(Box::new(Agent {
                close,
                ..Agent::default()
            }))
        };
        assert_eq!(found(agent(1)), Some("wecom.disabled"));
        assert_eq!(found(agent(0)), Some("wecom.invisible"));
        assert_eq!(
            found(Told::Scopes(AuthScopes::default())),
            Some("dingtalk.scope")
        );
        let status = |online| {
            Told::Status(Status {
                online: Some(online),
                ..Status::default()
            })
        };
        assert_eq!(found(status(false)), Some("onebot.offline"));
        assert_eq!(found(status(true)), None);
        let user = |known| Told::User {
            id: "bot".to_owned(),
            known,
        };
        assert_eq!(found(user(false)), Some("rongcloud.user"));
        assert_eq!(found(Told::Unguarded), Some("onebot.unchecked"));
        let quota = Quota {
            limit: 1000,
            remaining: 99,
            reset: std::time::SystemTime::UNIX_EPOCH,
            said: None,
        };
        let me = Told::Me(Box::default(), Some(quota));
        assert_eq!(found(me), Some("quota.scarce"));
    }
}
