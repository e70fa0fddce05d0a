//! A line to try for each endpoint, with what there is in the sandbox.

use mynah_bot::Platform;
use mynah_bot::bearychat::Service;
use mynah_core::Operation;

use super::uploads;
use crate::account::{Door, is_robot_of_dingtalk};

/// Stands for what an earlier call has answered.
const EARLIER: &str = "…";

type Pairs = &'static [(&'static str, &'static str)];

/// Whole lines, where the parameters that are needed do not make one.
const LINES: &[(&str, Pairs)] = &[
    (
        "onebot.send_msg",
        &[("group_id", "20001"), ("message", "早")],
    ),
    (
        "wecom.appchat.send",
        &[("chatid", "general"), ("msgtype", "text"), ("text", TEXT)],
    ),
    (
        "wecom.message.send",
        &[
            ("touser", "alice|bob"),
            ("agentid", "1000002"),
            ("msgtype", "text"),
            ("text", TEXT),
        ],
    ),
    ("wecom.webhook.send", &[("msgtype", "text"), ("text", TEXT)]),
    (
        "wecom.aibot_send_msg",
        &[
            ("chatid", "alice"),
            ("msgtype", "markdown"),
            ("markdown", TEXT),
        ],
    ),
    (
        "dingtalk.robot.send",
        &[("msgtype", "text"), ("text", TEXT)],
    ),
    (
        "dingtalk.chat.send",
        &[
            ("chatid", "chatgeneral"),
            ("msgtype", "text"),
            ("text", TEXT),
        ],
    ),
    (
        "dingtalk.topapi.message.corpconversation.asyncsend_v2",
        &[
            ("agent_id", "100001"),
            ("userid_list", "alice,bob"),
            ("msg", MESSAGE),
        ],
    ),
    (
        "rongcloud.chatroom.create",
        &[("chatroom", r#"{"kitchen":"厨房"}"#)],
    ),
    (
        "rongcloud.message.private.publish_template",
        &[
            ("fromUserId", "bot"),
            ("toUserId", r#"["alice"]"#),
            ("objectName", "RC:TxtMsg"),
            ("content", r#"{"content":"早，{name}"}"#),
            ("values", r#"[{"{name}":"小爱"}]"#),
        ],
    ),
    (
        "rongcloud.message.system.publish_template",
        &[
            ("fromUserId", "bot"),
            ("toUserId", r#"["alice"]"#),
            ("objectName", "RC:TxtMsg"),
            ("content", r#"{"content":"早，{name}"}"#),
            ("values", r#"[{"{name}":"小爱"}]"#),
        ],
    ),
    (
        "rongcloud.push",
        &[
            ("platform", r#"["ios","android"]"#),
            ("audience", r#"{"is_to_all":true}"#),
            ("notification", r#"{"alert":"早"}"#),
        ],
    ),
    (
        "rongcloud.send_code",
        &[
            ("mobile", "13800000000"),
            ("templateId", "sandbox"),
            ("region", "86"),
        ],
    ),
    (
        "rongcloud.user.token.expire",
        &[("userId", "alice"), ("time", "1515204254000")],
    ),
    ("onebot.set_group_leave", &[("group_id", "20002")]),
    (
        "onebot.set_group_anonymous_ban",
        &[("group_id", "20001"), ("anonymous_flag", EARLIER)],
    ),
    (
        "onebot.delete_unidirectional_friend",
        &[("user_id", EARLIER)],
    ),
    ("onebot.get_file", &[("file_id", EARLIER)]),
    (
        "onebot.send_forward_msg",
        &[("group_id", "20001"), ("messages", NODES)],
    ),
    (
        "wecom.user.create",
        &[
            ("userid", "frank"),
            ("name", "Frank"),
            ("mobile", "13800000009"),
            ("department", "[1]"),
        ],
    ),
    ("wecom.department.delete", &[("id", EARLIER)]),
    (
        "dingtalk.gettoken",
        &[("appkey", "ding-sandbox"), ("appsecret", "sandbox-secret")],
    ),
    ("dingtalk.department.delete", &[("id", EARLIER)]),
    ("bearychat.channel.archive", &[("channel_id", EARLIER)]),
    ("bearychat.channel.unarchive", &[("channel_id", EARLIER)]),
    ("bearychat.channel.leave", &[("channel_id", EARLIER)]),
    (
        "bearychat.channel.kick",
        &[("channel_id", EARLIER), ("kick_uid", "=bw52Q")],
    ),
    (
        "bearychat.channel.kickout",
        &[("channel_id", EARLIER), ("kick_uid", "=bw52Q")],
    ),
];

/// Lines that the sandbox refuses as long as nothing is done before, and why.
const REFUSED: &[(&str, &str)] = &[
    (
        "onebot.download_file",
        "the sandbox fetches nothing from the network",
    ),
    ("onebot.get_updates", "long polling is off there"),
    (
        "onebot.qidian_get_account_info",
        "it has no business account",
    ),
    (
        "wecom.aibot_send_msg",
        "the bot may write only to those who have written to it before",
    ),
    (
        "dingtalk.call_back.get_call_back",
        "no callback is registered",
    ),
    (
        "dingtalk.call_back.delete_call_back",
        "no callback is registered",
    ),
    (
        "rongcloud.chatroom.keepalive.remove",
        "the chatroom is not kept alive yet",
    ),
];

/// A text of WeCom and of DingTalk.
const TEXT: &str = r#"{"content":"早"}"#;

/// A bundle of messages of OneBot.
const NODES: &str = r#"[{"type":"node","data":{"name":"alice","uin":"10001","content":"早"}}]"#;

/// A text with its kind.
const MESSAGE: &str = r#"{"msgtype":"text","text":{"content":"早"}}"#;

/// What the parameters of these names can be.
const VALUES: &[(Platform, Pairs)] = &[
    (
        Platform::OneBot,
        &[
            ("content", "早上好"),
            ("group_id", "20001"),
            ("group_name", "值班"),
            ("longNick", "早"),
            ("message", "早"),
            ("messages", NODES),
            ("model", "Mynah"),
            ("model_show", "Mynah"),
            ("name", "值班"),
            ("remark", "小爱"),
            ("type", "talkative"),
            ("url", "https://example.com"),
            ("user_id", "10001"),
        ],
    ),
    (
        Platform::WeCom,
        &[
            ("agentid", "1000002"),
            ("button", r#"[{"type":"click","name":"值班","key":"duty"}]"#),
            ("chatid", "general"),
            ("corpid", "ww-sandbox"),
            ("corpsecret", "sandbox-secret"),
            ("date", "2018-01-06"),
            ("department_id", "1"),
            ("id", "1"),
            ("mobile", "13800000000"),
            ("name", "值班"),
            ("parentid", "1"),
            ("tagname", "值班"),
            ("type", "file"),
            ("userid", "alice"),
            ("useridlist", r#"["erin"]"#),
            ("userlist", r#"["alice","bob"]"#),
        ],
    ),
    (
        Platform::DingTalk,
        &[
            ("agent_id", "100001"),
            ("appKey", "ding-sandbox"),
            ("appSecret", "sandbox-secret"),
            ("chatId", "chatgeneral"),
            ("chatid", "chatgeneral"),
            ("clientId", "ding-sandbox"),
            ("clientSecret", "sandbox-secret"),
            ("client_id", "ding-sandbox"),
            ("client_secret", "sandbox-secret"),
            ("corpId", "ding-sandbox-corp"),
            ("cursor", "0"),
            ("department_id", "1"),
            ("deptId", "1"),
            ("dept_id", "1"),
            ("grant_type", "client_credentials"),
            ("group_nick", "小爱"),
            ("id", "1"),
            ("is_prohibit", "true"),
            ("msgKey", "sampleText"),
            ("msgParam", TEXT),
            ("name", "值班"),
            ("offset", "0"),
            ("onlyActive", "1"),
            ("owner", "alice"),
            ("parentid", "1"),
            ("robotCode", "ding-sandbox"),
            ("role", "2"),
            ("size", "10"),
            ("timestamp", "2018-01-06 10:04:14"),
            ("type", "file"),
            ("userId", "alice"),
            ("userIds", r#"["alice"]"#),
            ("userid", "alice"),
            ("useridlist", r#"["alice","bob"]"#),
            ("userids", "bob"),
        ],
    ),
    (
        Platform::RongCloud,
        &[
            ("appKey", "rc-sandbox"),
            ("blackUserId", "bob"),
            ("chatroomId", "lobby"),
            ("content", TEXT),
            ("conversationType", "1"),
            ("count", "10"),
            ("date", "2018010610"),
            ("fromUserId", "bot"),
            ("groupId", "general"),
            ("groupName", "值班"),
            ("isMuted", "1"),
            ("minute", "10"),
            ("name", "Alice"),
            ("objectName", "RC:TxtMsg"),
            ("order", "1"),
            ("requestId", "alice"),
            ("setTop", "true"),
            ("tags", r#"["值班"]"#),
            ("targetId", "bob"),
            ("toChatroomId", "lobby"),
            ("toGroupId", "general"),
            ("toUserId", "alice"),
            ("userId", "alice"),
            ("userIds", r#"["alice"]"#),
            ("word", "坏"),
            ("words", "坏"),
        ],
    ),
    (
        Platform::BearyChat,
        &[
            ("channel_id", "=bwAll"),
            ("file_key", "sandbox-file"),
            ("invite_uid", "=bw52R"),
            ("kick_uid", "=bw52Q"),
            ("member_uids", r#"["=bw52O","=bw52P"]"#),
            ("name", "值班"),
            ("query", r#"{"latest":{"limit":10}}"#),
            ("reaction", ":heart:"),
            ("text", "早"),
            ("user_id", "=bw52O"),
            ("vchannel", "=bwAll"),
            ("vchannel_id", "=bwAll"),
        ],
    ),
];

/// The line of an endpoint; nothing if it takes what an earlier call has answered.
#[cfg(test)]
pub(super) fn line(platform: Platform, operation: &Operation) -> Option<Vec<(String, String)>> {
    let pairs = pairs(platform, operation);
    pairs
        .into_iter()
        .map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
        .collect()
}

/// The parameters of the line, with a value for each that can be told beforehand.
fn pairs(platform: Platform, operation: &Operation) -> Vec<(&'static str, Option<&'static str>)> {
    let whole = LINES.iter().find(|(name, _)| *name == operation.meta.name);
    if let Some((_, pairs)) = whole {
        let known = |value: &'static str| (value != EARLIER).then_some(value);
        let pairs = pairs.iter();
        return pairs.map(|(name, value)| (*name, known(value))).collect();
    }
    let values = VALUES.iter().filter(|(of, _)| *of == platform);
    let values: Vec<_> = values.flat_map(|(_, values)| *values).collect();
    let fields = operation.fields();
    let needed = fields.iter().filter(|field| field.required);
    let pairs = needed.map(|field| {
        let value = values.iter().find(|(name, _)| *name == field.name);
        let value = value.map(|(_, value)| *value);
        (field.name, value.filter(|_| !uploads(operation, field)))
    });
    pairs.collect()
}

/// The address and the credential that the sandbox has for the path.
pub(super) fn door(platform: Platform, path: &str) -> (&'static str, &'static str) {
    match platform {
        Platform::OneBot => ("http://127.0.0.1:7700/onebot", "sandbox-token"),
        Platform::WeCom => match Door::of(path) {
            Door::Application => ("http://127.0.0.1:7700/wecom", "ww-sandbox:sandbox-secret"),
            Door::Robot => ("http://127.0.0.1:7700/wecom", "sandbox-webhook-key"),
            Door::Socket => (
                "ws://127.0.0.1:7700/wecom/openws",
                "aib-sandbox:sandbox-secret",
            ),
        },
        Platform::DingTalk if is_robot_of_dingtalk(path) => {
            ("http://127.0.0.1:7700/dingtalk", "robot-sandbox:SECsandbox")
        }
        Platform::DingTalk => (
            "http://127.0.0.1:7700/dingtalk",
            "ding-sandbox:sandbox-secret",
        ),
        Platform::RongCloud => (
            "http://127.0.0.1:7700/rongcloud",
            "rc-sandbox:sandbox-secret",
        ),
        _ => match Service::of(path) {
            Service::Hook => (
                "http://127.0.0.1:7700/bearychat",
                "/=bwTeam/incoming/sandbox-hook",
            ),
            Service::OpenApi | Service::Rtm => ("http://127.0.0.1:7700/bearychat", "sandbox-token"),
        },
    }
}

/// The line as it is typed.
pub(super) fn lines(platform: Platform, operation: &Operation) -> String {
    let fields = operation.fields();
    let arguments: String = pairs(platform, operation)
        .into_iter()
        .map(|(name, value)| {
            let field = fields.iter().find(|field| field.name == name);
            let is_file = field.is_some_and(|field| uploads(operation, field));
            match value {
                Some(value) => format!(" {name}={}", quoted(value)),
                None if is_file => format!(" {name}=@FILE"),
                None => format!(" {name}=…"),
            }
        })
        .collect();
    let (url, token) = door(platform, operation.meta.path);
    let name = operation.name();
    let refused = REFUSED.iter().find(|(of, _)| *of == operation.meta.name);
    let refused = refused.map(|(_, why)| format!("\n  (the sandbox refuses that: {why})"));
    let refused = refused.unwrap_or_default();
    let takes_over = platform == Platform::WeCom && Door::of(operation.meta.path) == Door::Socket;
    let socket = if takes_over {
        "\n  (it takes the place of the bot of `mynah dev`: use `mynah sandbox`)"
    } else {
        ""
    };
    format!(
        "  mynah call {platform} {name}{arguments} \\\n    --url {url} --token {token}{socket}{refused}"
    )
}

/// A word as a shell reads it.
fn quoted(value: &str) -> String {
    let is_plain = |sign: char| sign.is_alphanumeric() || "_./:@%+,-=".contains(sign);
    if !value.is_empty() && value.chars().all(is_plain) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use mynah_sandbox::Sandbox;

    use super::*;
    use crate::account::{PLATFORMS, caller};
    use crate::arguments::Which;
    use crate::call::{given, make};

    /// Makes the call that the line of an endpoint makes, in a sandbox of its own.
    async fn tried(
        platform: Platform,
        operation: &'static Operation,
        pairs: Vec<(String, String)>,
    ) -> Result<(), String> {
        let sandbox = Sandbox::builder()
            .listen(([127, 0, 0, 1], 0).into())
            .start()
            .await
            .unwrap();
        let path = operation.meta.path;
        let (url, token) = door(platform, path);
        let (scheme, rest) = url.split_once("://127.0.0.1:7700").unwrap();
        let address = sandbox.url();
        let address = address.strip_prefix("http").unwrap();
        let which = Which {
            config: "mynah.toml".into(),
            url: Some(format!("{scheme}{address}{rest}")),
            token: Some(token.to_owned()),
        };
        let done = async {
            let parameters = given(operation, pairs)?;
            let caller = caller(&which, None, platform, path)?;
            let response = make(operation, parameters, caller, Duration::from_secs(10)).await?;
            operation.decode(&response)?;
            Ok::<_, crate::exit::Failure>(())
        };
        let done = done.await.map_err(|failure| failure.to_string());
        sandbox.shutdown().await;
        done
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_example_of_every_endpoint_works_in_the_sandbox() {
        let mut problems = Vec::new();
        for served in PLATFORMS {
            let platform = served.platform;
            let (mut whole, mut all) = (0, 0);
            for operation in served.operations {
                all += 1;
                let Some(pairs) = line(platform, operation) else {
                    continue;
                };
                whole += 1;
                let name = operation.meta.name;
                let is_refused = REFUSED.iter().any(|(of, _)| *of == name);
                match tried(platform, operation, pairs).await {
                    Ok(()) if is_refused => problems.push(format!("{name}: works after all")),
                    Err(problem) if !is_refused => problems.push(format!("{name}: {problem}")),
                    _ => {}
                }
            }
            eprintln!("{platform}: {whole} of {all} lines can be tried as they are");
            assert!(whole * 2 > all, "{platform}: {whole} of {all}");
        }
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }
}
