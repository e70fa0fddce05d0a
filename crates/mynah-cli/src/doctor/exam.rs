//! Plays the platform against an address: what it would send, what it expects, and what an answer
//! says about the program there.
//!
//! Nothing that is sent makes anybody say anything: the events are of a kind that does not exist,
//! from somebody who does not exist.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::header::{CONTENT_TYPE, LOCATION};
use mynah_bearychat::BearyChat;
use mynah_bearychat::hook::{self, HookSecret, HubotPost, OutgoingAnswer, OutgoingPost};
use mynah_bot::{
    Account, AccountKind, BadConfig, BearyChatAccount, DingTalkAccount, DingTalkApp, Secret,
    WeComAccount, WeComCallback,
};
use mynah_core::{Check, HttpRequest, HttpResponse, Inbound};
use mynah_crypto::EncodingAesKey;
use mynah_dingtalk::inbound::NoSuccess;
use mynah_dingtalk::{DingTalk, inbound as dingtalk, robot::RobotMessage};
use mynah_onebot::{Event as OneBotEvent, OneBot, PostSecret};
use mynah_rongcloud::event::{ChannelType, RoutedMessage};
use mynah_rongcloud::{Content, ObjectName, RongCloud, inbound as rongcloud};
use mynah_wecom::{WeCom, event as wecom_event, inbound as wecom};
use secrecy::{ExposeSecret, SecretString};

use super::finding::{Finding, beginning};
use super::words::Words;
use crate::exit::Exit;

/// What nobody is called.
const NOBODY: &str = "mynah_doctor";

/// One thing that a platform does to an address.
pub(crate) struct Question {
    pub(crate) what: What,
    pub(crate) request: HttpRequest,
    expects: Expects,
    /// How long the platform waits.
    pub(crate) within: Duration,
}

/// Why it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// An administrator saves the address.
    UrlCheck,
    /// Something happens.
    Push,
    /// Somebody else sends something, who cannot sign.
    Forged,
    /// It is for another receiver.
    Stranger,
    /// It was signed long ago.
    Stale,
}

impl What {
    /// Whether the address shall refuse it.
    const fn shall_be_refused(self) -> bool {
        matches!(self, Self::Forged | Self::Stranger | Self::Stale)
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::UrlCheck => ("the check of the address", "URL 验证"),
            Self::Push => ("an event", "一个事件"),
            Self::Forged => ("a forged event", "一个伪造的事件"),
            Self::Stranger => ("an event for another receiver", "一个发给其他接收者的事件"),
            Self::Stale => ("an event of long ago", "一个很久以前的事件"),
        }
    }
}

/// What a platform takes for an answer.
enum Expects {
    /// This text and nothing else.
    Echo(String),
    /// Nothing, or a reply encrypted for the callback with this nonce.
    WeCom(wecom::CallbackSecret, String),
    /// The encrypted `success`.
    Success(dingtalk::CallbackSecret),
    /// Nothing, or a message.
    Robot,
    /// The status 200.
    Ok,
    /// Any 2xx.
    Taken,
    /// Anything; a JSON object with a text is posted.
    Outgoing,
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Came {
    /// The answer; or why there is none.
    pub(crate) answer: Result<HttpResponse, String>,
    pub(crate) took: Duration,
}

/// What the outside world contributes to the questions.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) nonce: u64,
    pub(crate) wall: SystemTime,
}

/// The questions for an account. `me` is its number on OneBot, as far as it is known.
///
/// # Errors
/// A secret cannot be read.
pub(crate) fn questions(
    account: &Account,
    me: Option<i64>,
    moment: Moment,
) -> Result<Vec<Question>, BadConfig> {
    Ok(match &account.platform {
        AccountKind::WeCom(WeComAccount::Application(it)) => match &it.callback {
            Some(callback) => {
                let receiver = it.corpid.as_str();
                of_wecom(callback, Some((receiver, it.agentid)), moment)?
            }
            None => Vec::new(),
        },
        AccountKind::WeCom(WeComAccount::CalledBot(it)) => of_wecom(&it.callback, None, moment)?,
        AccountKind::DingTalk(DingTalkAccount::App(it)) => of_dingtalk(it, moment)?,
        AccountKind::RongCloud(it) => {
            let secret = it.app_secret.read()?;
            of_rongcloud(&it.app_key, &secret, moment)
        }
        AccountKind::BearyChat(BearyChatAccount::Outgoing(it)) => {
            of_outgoing(&it.token.read()?, moment)
        }
        AccountKind::BearyChat(BearyChatAccount::Hubot(it)) => of_hubot(&it.token.read()?, moment),
        AccountKind::OneBot(it) => {
            let secret = Secret::text(it.secret.as_ref())?;
            of_onebot(&secret.into(), me, moment)
        }
        _ => Vec::new(),
    })
}

fn key(secret: &Secret) -> Result<Option<EncodingAesKey>, BadConfig> {
    // That it is none was found among the settings.
    Ok(secret.read()?.expose_secret().parse().ok())
}

/// A secret that is like another and is not it.
fn not(secret: &str) -> String {
    format!("not-{secret}")
}

fn of_wecom(
    callback: &WeComCallback,
    application: Option<(&str, i64)>,
    moment: Moment,
) -> Result<Vec<Question>, BadConfig> {
    let Moment { nonce, wall } = moment;
    let token = callback.token.read()?;
    let Some(key) = key(&callback.encoding_aes_key)? else {
        return Ok(Vec::new());
    };
    let secret = |token: &SecretString, receiver: &str| match application {
        Some(_) => wecom::CallbackSecret::application(token, &key, receiver),
        None => wecom::CallbackSecret::bot(token, &key),
    };
    let receiver = application.map_or("", |(receiver, _)| receiver);
    let right = secret(&token, receiver);
    let forger = secret(&not(token.expose_secret()).into(), receiver);
    // Digits, as the platform sends them.
    let echo = (nonce | 1 << 62).to_string();
    let check = |secret: &wecom::CallbackSecret, what, echo: &str| Question {
        what,
        request: secret.challenge(echo, nonce, wall),
        expects: Expects::Echo(echo.to_owned()),
        within: ECHO,
    };
    let event = match application {
        Some((corpid, agent)) => wecom_told(corpid, agent, wall),
        None => bot_told(wall),
    };
    let push = |secret: &wecom::CallbackSecret, what| Question {
        what,
        request: WeCom::push(secret, &event, nonce, wall),
        expects: Expects::WeCom(right.clone(), nonce.to_string()),
        within: wecom::PATIENCE,
    };
    let mut all = vec![
        check(&right, What::UrlCheck, &echo),
        check(&forger, What::Forged, &echo),
        push(&right, What::Push),
    ];
    if application.is_some() {
        let stranger = secret(&token, &not(receiver));
        all.push(check(&stranger, What::Stranger, &echo));
    }
    Ok(all)
}

/// How long the platform waits for the text it wants back
/// (<https://developer.work.weixin.qq.com/document/path/90238>).
const ECHO: Duration = Duration::from_secs(1);

fn wecom_told(corpid: &str, agent: i64, wall: SystemTime) -> wecom::Event {
    let kind = wecom_event::Kind::Event(wecom_event::Event::Other(NOBODY.into()));
    wecom_event::Callback::new(corpid, NOBODY, seconds(wall), kind)
        .agent(agent)
        .into()
}

fn bot_told(wall: SystemTime) -> wecom::Event {
    let event = serde_json::json!({
        "msgid": NOBODY,
        "aibotid": NOBODY,
        "create_time": seconds(wall),
        "msgtype": "event",
        "event": {"eventtype": NOBODY},
    });
    // What is written here can be read.
    let callback = mynah_wecom::aibot::Callback::from_slice(event.to_string().as_bytes());
    callback.map_or_else(|_| wecom_told("", 0, wall), Into::into)
}

fn of_dingtalk(app: &DingTalkApp, moment: Moment) -> Result<Vec<Question>, BadConfig> {
    let Moment { nonce, wall } = moment;
    let app_secret = app.client_secret.read()?;
    let app_secret = app_secret.expose_secret();
    let events = app.callback.as_ref().and_then(|it| it.events.as_ref());
    let mut all = Vec::new();
    if let Some(events) = events
        && let Some(key) = key(&events.aes_key)?
    {
        let token = events.token.read()?;
        let token = token.expose_secret();
        let id = events.corp_id.as_deref().unwrap_or(&app.client_id);
        let right = dingtalk::CallbackSecret::events(token, &key, [id]);
        let forger = dingtalk::CallbackSecret::events(not(token), &key, [id]);
        let stranger = dingtalk::CallbackSecret::events(token, &key, [&*not(id)]);
        let check = mynah_dingtalk::event::Callback::new(mynah_dingtalk::event::Kind::CheckUrl);
        let other = mynah_dingtalk::event::Kind::Other(NOBODY.to_owned());
        let told = mynah_dingtalk::event::Callback::new(other).corp(id);
        let question =
            |what, secret: &dingtalk::CallbackSecret, event: &dingtalk::Event| Question {
                what,
                request: DingTalk::push(secret, event, nonce, wall),
                expects: Expects::Success(right.clone()),
                within: dingtalk::EVENT_PATIENCE,
            };
        let (check, told) = (dingtalk::Event::from(check), dingtalk::Event::from(told));
        all.extend([
            question(What::UrlCheck, &right, &check),
            question(What::Push, &right, &told),
            question(What::Forged, &forger, &told),
            question(What::Stranger, &stranger, &told),
        ]);
    }
    let message = serde_json::json!({
        "msgId": NOBODY,
        "conversationId": NOBODY,
        "conversationType": "1",
        "senderId": NOBODY,
        "senderNick": NOBODY,
        "createAt": millis(wall),
        "robotCode": app.robot_code(),
        "msgtype": "unknownMsgType",
    });
    let Ok(message) = RobotMessage::from_slice(message.to_string().as_bytes()) else {
        return Ok(all);
    };
    let message = dingtalk::Event::from(message);
    let question = |what, secret: &str, wall| Question {
        what,
        request: DingTalk::push(
            &dingtalk::CallbackSecret::robot(secret),
            &message,
            nonce,
            wall,
        ),
        expects: Expects::Robot,
        within: dingtalk::ROBOT_PATIENCE,
    };
    let long_ago = wall
        .checked_sub(dingtalk::ROBOT_WINDOW * 2)
        .unwrap_or(UNIX_EPOCH);
    all.extend([
        question(What::Push, app_secret, wall),
        question(What::Forged, &not(app_secret), wall),
        question(What::Stale, app_secret, long_ago),
    ]);
    Ok(all)
}

fn of_rongcloud(key: &str, secret: &SecretString, moment: Moment) -> Vec<Question> {
    let Moment { nonce, wall } = moment;
    let secret = secret.expose_secret();
    let content = Content::custom(ObjectName::Other("Mynah:Doctor".to_owned()), "{}");
    let message = RoutedMessage::new(NOBODY, ChannelType::Person, NOBODY, content)
        .sent(format!("{NOBODY}-{nonce}"), millis(wall));
    let event = mynah_rongcloud::Event::from(message);
    let question = |what, secret: &str| {
        let app = mynah_rongcloud::App::new(key, secret).ok()?;
        let secret = rongcloud::CallbackSecret::new(app);
        Some(Question {
            what,
            request: RongCloud::push(&secret, &event, nonce, wall),
            expects: Expects::Ok,
            within: rongcloud::PATIENCE,
        })
    };
    let all = [
        question(What::Push, secret),
        question(What::Forged, &not(secret)),
    ];
    all.into_iter().flatten().collect()
}

fn of_outgoing(token: &SecretString, moment: Moment) -> Vec<Question> {
    let Moment { wall, .. } = moment;
    let post = OutgoingPost {
        ts: seconds(wall).unsigned_abs(),
        ..OutgoingPost::new(format!("!{NOBODY}"), format!("!{NOBODY}")).from(NOBODY)
    };
    of_hook(token, &post.into(), moment, HookSecret::outgoing)
}

fn of_hubot(token: &SecretString, moment: Moment) -> Vec<Question> {
    let Moment { wall, .. } = moment;
    let post = HubotPost {
        sender: NOBODY.into(),
        username: NOBODY.to_owned(),
        vchannel: NOBODY.into(),
        key: format!("{}.0000", millis(wall)).into(),
        ..HubotPost::default()
    };
    of_hook(token, &post.into(), moment, HookSecret::hubot)
}

fn of_hook(
    token: &SecretString,
    event: &hook::Event,
    moment: Moment,
    secret: impl Fn(String) -> HookSecret,
) -> Vec<Question> {
    let Moment { nonce, wall } = moment;
    let token = token.expose_secret();
    let question = |what, token: String| Question {
        what,
        request: BearyChat::push(&secret(token), event, nonce, wall),
        expects: Expects::Outgoing,
        within: hook::PATIENCE,
    };
    vec![
        question(What::Push, token.to_owned()),
        question(What::Forged, not(token)),
    ]
}

/// The account that posts where it is not known: some programs take every number they hear of for
/// a bot that has connected.
const SOMEBODY: i64 = 10_000;

fn of_onebot(secret: &SecretString, me: Option<i64>, moment: Moment) -> Vec<Question> {
    let Moment { nonce, wall } = moment;
    let heartbeat = serde_json::json!({
        "time": seconds(wall),
        "self_id": me.unwrap_or(SOMEBODY),
        "post_type": "meta_event",
        "meta_event_type": "heartbeat",
        "status": {"online": true, "good": true},
        "interval": 15000,
    });
    let Ok(event) = OneBotEvent::from_slice(heartbeat.to_string().as_bytes()) else {
        return Vec::new();
    };
    let question = |what, secret: &PostSecret| Question {
        what,
        request: OneBot::push(secret, &event, nonce, wall),
        expects: Expects::Taken,
        within: Duration::from_secs(30),
    };
    let mut all = vec![question(What::Push, &PostSecret::new(secret))];
    if !secret.expose_secret().is_empty() {
        let forger = PostSecret::new(&not(secret.expose_secret()).into());
        all.push(question(What::Forged, &forger));
    }
    all
}

fn seconds(wall: SystemTime) -> i64 {
    let since = wall.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

fn millis(wall: SystemTime) -> i64 {
    let since = wall.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// What the answers say about the program at `place`. What it takes for right is known only after
/// what it was told rightly, so all are judged together.
pub(crate) fn judge(place: &str, asked: &[(Question, Came)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (question, came) in asked {
        let judged = if question.what.shall_be_refused() {
            let right = asked.iter().find(|(other, _)| {
                !other.what.shall_be_refused() && same(&other.expects, &question.expects)
            });
            // Who refuses everything refuses this too.
            let right = right.filter(|(question, came)| rightly(place, question, came).is_none());
            right.and_then(|(_, right)| wrongly(place, question, came, right))
        } else {
            rightly(place, question, came)
        };
        findings.extend(judged);
    }
    findings
}

fn same(one: &Expects, other: &Expects) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}

fn error(code: &'static str, place: &str, what: What) -> Finding {
    let (en, zh) = what.words();
    Finding::error(code, Exit::Failed, place).seen((format!("sent: {en}"), format!("发送了{zh}")))
}

/// The same with what came back.
fn answered(finding: Finding, what: What, came: impl AsRef<str>) -> Finding {
    let (en, zh) = what.words();
    let came = beginning(came.as_ref());
    if came.is_empty() {
        return finding.seen((
            format!("{en} was answered with an empty body"),
            format!("发送{zh}，得到的应答是空内容"),
        ));
    }
    finding.seen((
        format!("{en} was answered with {came}"),
        format!("发送{zh}，得到的应答是 {came}"),
    ))
}

/// What is wrong with the answer to what must be taken.
fn rightly(place: &str, question: &Question, came: &Came) -> Option<Finding> {
    let what = question.what;
    let response = match &came.answer {
        Ok(response) => response,
        Err(problem) => {
            return Some(
                Finding {
                    exit: Exit::Temporary,
                    ..answered(error("callback.silent", place, what), what, problem)
                }
                .cause((
                    "the program takes the connection and does not answer",
                    "程序接受了连接，但没有应答",
                ))
                .fix((
                    "look at its log: it may hang in the handler; answer first, work later",
                    "查看它的日志：可能卡在处理函数里；请先应答，再处理",
                )),
            );
        }
    };
    status(place, what, response)
        .or_else(|| body(place, question, response))
        .or_else(|| slow(place, question, came))
}

/// What a status says that no platform takes.
fn status(place: &str, what: What, response: &HttpResponse) -> Option<Finding> {
    let status = response.status().as_u16();
    if status == 200 || (status < 300 && what == What::Push) {
        return None;
    }
    let header = |name| response.headers().get(name)?.to_str().ok();
    let said = match header(LOCATION) {
        Some(location) => format!("HTTP {status} → {location}"),
        None => format!("HTTP {status}: {}", text(response)),
    };
    let finding = |code| answered(error(code, place, what), what, said.trim_end_matches(": "));
    Some(match status {
        300..=399 => finding("callback.redirect")
            .cause((
                "platforms do not follow redirects: the event is lost",
                "平台不会跟随跳转，事件会丢失",
            ))
            .fix((
                "give the platform the address it leads to, with https:// and the slash at the end if \
                 there is one",
                "在平台上填写跳转后的地址，注意 https:// 和末尾的斜杠",
            )),
        401 | 403 => finding("callback.refused")
            .cause((
                "the program refused what is signed with this account's settings: its token, key, secret or \
                 id are others, or something in between changes the query or the body",
                "程序拒绝了用本账号配置签名的请求：它的 Token、密钥或 ID 与这里不同，或中间层改动了查询参数或请求体",
            ))
            .fix((
                "compare both with the page of the platform, character by character; have the proxy hand \
                 on query and body as they are",
                "逐字对照平台页面上的值；反向代理要原样转发查询参数和请求体",
            )),
        404 => finding("callback.path")
            .cause((
                "nothing is at this path, or (BearyChat) the token is another",
                "这个路径上没有程序，或（倍洽）token 不同",
            ))
            .fix((
                "compare the path with that of the program, and what a reverse proxy makes of it",
                "核对程序监听的路径，以及反向代理对路径的改写",
            )),
        405 => finding("callback.method")
            .cause(if what == What::UrlCheck {
                Words::from((
                    "the program takes no GET, with which the address is checked",
                    "程序不接受 GET，而 URL 验证用的是 GET",
                ))
            } else {
                Words::from(("the program takes no POST", "程序不接受 POST"))
            })
            .fix((
                "take GET and POST at this path",
                "让这个路径同时接受 GET 和 POST",
            )),
        400 | 411 | 413 | 415 | 422 => finding("callback.unread")
            .cause((
                "the program cannot read what the platform sends: another form, another platform, or a \
                 signature it looks for elsewhere",
                "程序读不懂平台发来的内容：格式不同、平台不同，或在别处找签名",
            ))
            .fix((
                "see in its log what it missed; compare with the guide of the platform",
                "查看日志里缺了什么，对照该平台的接入指南",
            )),
        502..=504 => Finding {
            exit: Exit::Temporary,
            ..finding("callback.gateway")
        }
        .cause((
            "the reverse proxy or the tunnel answers, the program behind it does not",
            "反向代理或内网穿透有应答，但后面的程序没有运行",
        ))
        .fix((
            "start the program, and compare the port the proxy leads to",
            "启动程序，并核对反向代理转发的端口",
        )),
        500..=599 => finding("callback.failed")
            .cause((
                "the program failed; the platform sends the event again, and it fails again",
                "程序出错；平台会重发，然后再次出错",
            ))
            .fix((
                "look at its log; what it cannot handle it should take and forget",
                "查看日志；处理不了的事件应当接收后忽略",
            )),
        _ => finding("callback.status")
            .cause((
                "the platform wants the status 200",
                "平台要求状态码 200",
            ))
            .fix(("answer with 200", "返回 200")),
    })
}

/// What the body of a success says that the platform does not take.
fn body(place: &str, question: &Question, response: &HttpResponse) -> Option<Finding> {
    let what = question.what;
    let finding = |code| answered(error(code, place, what), what, text(response));
    if is_html(response) {
        return Some(
            finding("callback.html")
                .cause((
                    "a web page answers: the default page of a server, the warning page of a tunnel, or a \
                     login page, and not the program",
                    "应答的是网页：服务器默认页、内网穿透的提示页或登录页，而不是程序",
                ))
                .fix((
                    "lead the path to the program; let the platform pass a login or a warning page",
                    "把路径转发到程序；对平台放行登录页或提示页",
                )),
        );
    }
    match &question.expects {
        Expects::Echo(echo) => echoed(echo, question, response).map(|(code, cause, fix)| {
            finding(code).cause(cause).fix(fix)
        }),
        Expects::WeCom(secret, nonce) => {
            let said = response.body().trim_ascii();
            if said == b"success" {
                return None;
            }
            let bad = secret.open_answer(response, nonce).err()?;
            let (code, cause, fix) = wecom_answer(bad.check);
            Some(finding(code).cause(cause).fix(fix))
        }
        Expects::Success(secret) => {
            let bad = secret.check_success(response).err()?;
            let (code, cause, fix) = no_success(&bad, response);
            Some(finding(code).cause(cause).fix(fix))
        }
        Expects::Robot => dingtalk::Answer::of(response).err().map(|_| {
            Finding {
                severity: super::finding::Severity::Warning,
                ..finding("callback.unread_answer")
            }
            .cause((
                "the platform posts what is a message in JSON, and forgets everything else",
                "只有 JSON 格式的消息会发到会话里，其余应答会被忽略",
            ))
            .fix((
                "answer with nothing, or with a message such as {\"msgtype\":\"text\",\"text\":{\"content\":\"…\"}}",
                "返回空，或返回消息，如 {\"msgtype\":\"text\",\"text\":{\"content\":\"…\"}}",
            ))
        }),
        Expects::Ok | Expects::Taken | Expects::Outgoing => None,
    }
}

type Why = (&'static str, Words, Words);

/// Whether the text came back, exactly.
fn echoed(echo: &str, question: &Question, response: &HttpResponse) -> Option<Why> {
    let body = response.body();
    if body == echo.as_bytes() {
        return None;
    }
    let said = String::from_utf8_lossy(body);
    let bare = said.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let exactly = Words::from((
        "answer with the decrypted text alone, as text/plain",
        "只返回解密后的明文，类型 text/plain",
    ));
    Some(if bare == echo {
        (
            "callback.padded",
            Words::from((
                "a line break, a blank or a BOM stands around the text",
                "明文前后多了换行、空白或 BOM",
            )),
            exactly,
        )
    } else if bare.trim_matches('"') == echo {
        (
            "callback.quoted",
            Words::from((
                "the text is quoted: a framework wrote it as JSON",
                "明文带了引号：框架把它当 JSON 输出了",
            )),
            exactly,
        )
    } else if bare.is_empty() || bare == "success" || bare == "ok" {
        (
            "callback.unechoed",
            Words::from((
                "the program takes the check for an event",
                "程序把 URL 验证当成了事件",
            )),
            Words::from((
                "on GET, decrypt echostr and answer with it",
                "收到 GET 时解密 echostr 并返回",
            )),
        )
    } else if is_echostr(bare, question) {
        (
            "callback.undecrypted",
            Words::from((
                "echostr came back as it was sent, not decrypted",
                "原样返回了 echostr，没有解密",
            )),
            Words::from((
                "decrypt it with the EncodingAESKey and answer with the text inside",
                "用 EncodingAESKey 解密后返回其中的明文",
            )),
        )
    } else {
        (
            "callback.echo",
            Words::from((
                "another text came back: it was decrypted with another key, or cut at the wrong place",
                "返回的是别的内容：用了别的密钥解密，或截取的位置不对",
            )),
            Words::from((
                "compare the EncodingAESKey; the text begins behind 16 random bytes and 4 bytes of length, \
                 and the padding is up to 32 bytes",
                "核对 EncodingAESKey；明文在 16 字节随机数和 4 字节长度之后，填充最多 32 字节",
            )),
        )
    })
}

/// Whether a text is the encrypted one of a question, decoded or not.
fn is_echostr(text: &str, question: &Question) -> bool {
    let query = question.request.uri().query().unwrap_or_default();
    let echostr = query.split("echostr=").nth(1).unwrap_or_default();
    let plain = |text: &str| -> String {
        let text = text.replace("%2B", "+").replace("%2F", "/");
        text.replace("%3D", "=")
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect()
    };
    !echostr.is_empty() && plain(text) == plain(echostr)
}

fn wecom_answer(check: Check) -> Why {
    match check {
        Check::Signature => (
            "callback.answer_signature",
            Words::from((
                "the answer is signed with another token",
                "应答用了别的 Token 签名",
            )),
            Words::from((
                "sign token, timestamp, nonce and encrypted text, sorted, with SHA-1",
                "对 Token、时间戳、nonce 和密文排序后做 SHA-1 签名",
            )),
        ),
        Check::Cipher | Check::Receiver => (
            "callback.answer_cipher",
            Words::from((
                "the answer cannot be decrypted with this account's key and id",
                "应答无法用本账号的密钥和 ID 解密",
            )),
            Words::from((
                "encrypt with the same EncodingAESKey, and put the corp id behind the text",
                "用同一个 EncodingAESKey 加密，并在明文后附上企业 ID",
            )),
        ),
        _ => (
            "callback.plain",
            Words::from((
                "the answer is not an encrypted reply: the platform shows nothing of it",
                "应答不是加密的被动回复，平台不会展示",
            )),
            Words::from((
                "answer with nothing to take note, or with an encrypted reply; what is said later goes by a call",
                "返回空表示已收到，或返回加密的回复；稍后的回复请主动调用接口",
            )),
        ),
    }
}

fn no_success(bad: &NoSuccess, response: &HttpResponse) -> Why {
    let encrypted = Words::from((
        "answer every event with the encrypted `success` within 1.5 s: msg_signature, timeStamp, nonce, \
         encrypt",
        "收到任何事件都要在 1.5 秒内返回加密的 success：msg_signature、timeStamp、nonce、encrypt",
    ));
    match bad {
        NoSuccess::Sealed(_) if response.body().trim_ascii() == b"success" => (
            "callback.plain",
            Words::from(("`success` came back in plain text", "返回的是明文 success")),
            encrypted,
        ),
        NoSuccess::Sealed(forged) if forged.check == Check::Body => (
            "callback.no_success",
            Words::from((
                "the platform wants the encrypted `success`, and sends the event again without it",
                "平台要求加密的 success，否则会重发事件",
            )),
            encrypted,
        ),
        NoSuccess::Sealed(forged) if forged.check == Check::Signature => (
            "callback.answer_signature",
            Words::from((
                "the answer is signed with another token",
                "应答用了别的 token 签名",
            )),
            encrypted,
        ),
        NoSuccess::Sealed(_) => (
            "callback.answer_cipher",
            Words::from((
                "the answer is encrypted with another key, or for another id: events set up in the console \
                 are for the Client ID, those registered by a call for the CorpId",
                "应答用了别的密钥或 ID 加密：后台配置的事件订阅用 Client ID，接口注册的回调用 CorpId",
            )),
            encrypted,
        ),
        NoSuccess::Another(_) | NoSuccess::Status(_) => (
            "callback.no_success",
            Words::from((
                "the answer decrypts to another text than `success`",
                "应答解密后不是 success",
            )),
            encrypted,
        ),
        _ => (
            "callback.no_success",
            Words::same(bad.to_string()),
            encrypted,
        ),
    }
}

fn slow(place: &str, question: &Question, came: &Came) -> Option<Finding> {
    let (took, within) = (came.took, question.within);
    if took <= within {
        return None;
    }
    let (en, zh) = question.what.words();
    Some(
        Finding::error("callback.slow", Exit::Failed, place)
            .seen((
                format!("{en} was answered after {:.1} s", took.as_secs_f64()),
                format!("发送{zh}，{:.1} 秒后才应答", took.as_secs_f64()),
            ))
            .cause((
                format!(
                    "the platform waits {:.1} s: it takes the event for lost, sends it again, and the answer \
                     is not shown",
                    within.as_secs_f64()
                ),
                format!(
                    "平台只等 {:.1} 秒：超时视为失败并重发，应答也不会展示",
                    within.as_secs_f64()
                ),
            ))
            .fix((
                "answer first and work later; `mynah run` does so by itself",
                "先应答，再处理；`mynah run` 会自动这样做",
            )),
    )
}

/// What is wrong with the answer to what must be refused.
fn wrongly(place: &str, question: &Question, came: &Came, right: &Came) -> Option<Finding> {
    let what = question.what;
    let response = came.answer.as_ref().ok()?;
    if !response.status().is_success() {
        return None;
    }
    let taken = match &question.expects {
        Expects::Echo(echo) => {
            let said = String::from_utf8_lossy(response.body());
            said.trim().trim_matches('"') == echo
        }
        Expects::Success(secret) => secret.check_success(response).is_ok(),
        // Some answer 200 to everything, and do nothing with what is forged.
        Expects::Outgoing => {
            OutgoingAnswer::of(response).is_some()
                || right
                    .answer
                    .as_ref()
                    .is_ok_and(|right| right.body() == response.body())
        }
        Expects::WeCom(..) | Expects::Robot | Expects::Ok | Expects::Taken => right
            .answer
            .as_ref()
            .is_ok_and(|right| right.body() == response.body()),
    };
    if !taken {
        return None;
    }
    let seen = format!("HTTP {}: {}", response.status().as_u16(), text(response));
    let finding = |code| answered(error(code, place, what), what, seen.trim_end_matches(": "));
    Some(match what {
        What::Forged => finding("callback.unchecked")
            .cause((
                "the program does not look at signatures, or answers what it refuses as what it takes: \
                 anybody who knows the address can make up events",
                "程序没有校验签名，或对拒绝的请求返回了同样的应答：知道地址的人都可以伪造事件",
            ))
            .fix((
                "check the signature before everything else, and answer 401 or 403 to what is wrong",
                "先校验签名，不对的一律返回 401 或 403",
            )),
        What::Stranger => Finding {
            severity: super::finding::Severity::Warning,
            ..finding("callback.receiver")
        }
        .cause((
            "the id behind the decrypted text is not compared: events of another corp with the same key \
             would be taken",
            "没有比对解密内容末尾的 ID：使用同一密钥的其他企业的事件也会被接收",
        ))
        .fix((
            "compare it with the corp id (WeCom), or with CorpId or Client ID (DingTalk)",
            "与企业 ID（企业微信）或 CorpId、Client ID（钉钉）比对",
        )),
        _ => Finding {
            severity: super::finding::Severity::Warning,
            ..finding("callback.stale")
        }
        .cause((
            "the timestamp is not looked at: who has seen one push can send it again for ever",
            "没有检查时间戳：截获过一次推送的人可以一直重放",
        ))
        .fix((
            "refuse timestamps more than an hour away",
            "拒绝时间相差超过一小时的请求",
        )),
    })
}

fn text(response: &HttpResponse) -> String {
    let body = response.body();
    beginning(&String::from_utf8_lossy(body.get(..2048).unwrap_or(body)))
}

fn is_html(response: &HttpResponse) -> bool {
    let media_type = response.headers().get(CONTENT_TYPE);
    let says = media_type.is_some_and(|it| it.as_bytes().starts_with(b"text/html"));
    let body = response.body().trim_ascii_start();
    let start = body.get(..14).unwrap_or(body).to_ascii_lowercase();
    let looks = start.starts_with(b"<!doctype html") || start.starts_with(b"<html");
    // Frameworks call anything so; only what is a page is one.
    looks || (says && body.starts_with(b"<"))
}

/// An account that no platform calls back, or whose settings do not say what is signed with.
pub(crate) fn nothing(place: &str) -> Finding {
    Finding::note("callback.none", place)
        .seen((
            "the platform has nothing to post for this account",
            "平台不会向这个账号推送 HTTP 请求",
        ))
        .cause((
            "it hears over a socket, only speaks, or lacks the settings for callbacks",
            "它通过长连接接收、只发送，或缺少回调配置",
        ))
        .fix((
            "WeCom: listen, token and encoding_aes_key; DingTalk: token and aes_key for events; without \
             them leave --callback away",
            "企业微信需要 listen、token、encoding_aes_key；钉钉事件需要 token、aes_key；不需要回调就去掉 --callback",
        ))
}

/// An address that a platform cannot reach although we do.
pub(crate) fn private(place: &str) -> Finding {
    Finding::note("callback.private", place)
        .seen((
            "the address is one of this machine or this network",
            "这是本机或内网地址",
        ))
        .cause((
            "the platform calls from outside and does not reach it",
            "平台从公网调用，无法访问它",
        ))
        .fix((
            "try the public address too: --callback https://…",
            "请再用公网地址检查一次：--callback https://…",
        ))
}

/// What goes well.
pub(crate) fn well(asked: &[(Question, Came)]) -> Words {
    let pushes = asked
        .iter()
        .filter(|(question, _)| !question.what.shall_be_refused());
    let slowest = pushes.map(|(_, came)| came.took).max().unwrap_or_default();
    let ms = slowest.as_millis();
    let refused = asked.len()
        - asked
            .iter()
            .filter(|(it, _)| !it.what.shall_be_refused())
            .count();
    Words::from((
        format!("answers as it should within {ms} ms, and refuses forgeries ({refused})"),
        format!("{ms} 毫秒内按要求应答，并拒绝了 {refused} 个伪造请求"),
    ))
}

#[cfg(test)]
mod tests {
    use mynah_bot::Config;
    use mynah_core::{Received, respond};

    use super::*;

    const MOMENT: Moment = Moment {
        nonce: 7,
        wall: UNIX_EPOCH,
    };

    fn all(keys: &str) -> Vec<Question> {
        let config = Config::parse(&format!("[[account]]\n{keys}\n")).unwrap();
        questions(&config.accounts[0], None, MOMENT).unwrap()
    }

    const WECOM: &str = "platform = 'wecom'\nlisten = '127.0.0.1:0'\ntoken = 'hush'\n\
        encoding_aes_key = 'TXluYWgtc2FuZGJveC1lbmNvZGluZy1hZXMta2V5ISE'\n";

    fn accounts() -> [String; 7] {
        let app = "corpid = 'ww'\ncorpsecret = 'hush'\nagentid = 1";
        let ding = "platform = 'dingtalk'\nclient_id = 'd'\nclient_secret = 'hush'\n\
                    listen = '127.0.0.1:0'";
        let key = "token = 'hush'\naes_key = '4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij'";
        let bearychat = "platform = 'bearychat'\nlisten = '127.0.0.1:0'";
        [
            format!("{WECOM}{app}"),
            format!("{WECOM}bot_id = 'aib'"),
            format!("{ding}\n{key}"),
            "platform = 'rongcloud'\napp_key = 'k'\napp_secret = 'hush'".to_owned(),
            format!("{bearychat}\ntoken = 'hush'"),
            format!("{bearychat}\noutgoing_token = 'hush'"),
            "platform = 'onebot'\nlisten = '127.0.0.1:0'\nsecret = 'hush'".to_owned(),
        ]
    }

    fn asked(
        questions: Vec<Question>,
        answer: impl Fn(&Question) -> HttpResponse,
    ) -> Vec<(Question, Came)> {
        let asked = questions.into_iter().map(|question| {
            let came = Came {
                answer: Ok(answer(&question)),
                took: Duration::ZERO,
            };
            (question, came)
        });
        asked.collect()
    }

    #[test]
    fn every_account_that_is_called_is_told_something_right_and_something_forged() {
        for keys in accounts() {
            let whats: Vec<_> = all(&keys).iter().map(|it| it.what).collect();
            assert!(whats.contains(&What::Push), "{keys}");
            assert!(whats.contains(&What::Forged), "{keys}");
        }
        assert!(all("platform = 'wecom'\nwebhook_key = 'k'").is_empty());
    }

    #[test]
    fn who_refuses_everything_is_told_so_and_no_more() {
        for keys in accounts() {
            let asked = asked(all(&keys), |_| {
                let mut response = respond("text/plain", "");
                *response.status_mut() = mynah_core::http::StatusCode::UNAUTHORIZED;
                response
            });
            let found = judge("x", &asked);
            assert!(!found.is_empty(), "{keys}");
            assert!(
                found.iter().all(|it| it.code == "callback.refused"),
                "{found:?}"
            );
            assert!(!format!("{found:?}").contains("hush"), "{found:?}");
        }
    }

    #[test]
    fn a_receiver_that_does_what_it_should_passes_without_a_socket() {
        let key = "TXluYWgtc2FuZGJveC1lbmNvZGluZy1hZXMta2V5ISE"
            .parse()
            .unwrap();
        let secret = wecom::CallbackSecret::application(&"hush".into(), &key, "ww");
        let asked = asked(all(&accounts()[0]), |question| {
            match WeCom::verify(&secret, &question.request, UNIX_EPOCH) {
                Ok(Received::Challenge(response)) => response,
                Ok(Received::Event(arrival)) => arrival.reply.acknowledge(),
                Err(forged) => {
                    let mut response = respond("text/plain", "");
                    let status = forged.status.try_into().unwrap();
                    *response.status_mut() = status;
                    response
                }
            }
        });
        assert_eq!(judge("x", &asked), []);
        let words = well(&asked);
        assert!(
            words
                .to(crate::language::Language::En)
                .contains("forgeries (2)"),
            "{words:?}"
        );
    }
}
