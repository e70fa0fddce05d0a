//! Custom robots, and what protects them.

use mynah_sandbox::World;
use mynah_sandbox::dingtalk::DingTalkWorld;
use serde_json::{Value, json};

use super::support::*;

const TOKEN: &str = "robot-sandbox";
const SECRET: &str = "SECsandbox";

fn text(content: &str) -> Value {
    json!({"msgtype": "text", "text": {"content": content}})
}

/// A post with this query, as JSON.
fn posted(world: &mut DingTalkWorld, query: &str, body: &Value) -> Answer {
    let body = body.to_string();
    let mut request = request("POST", &format!("/robot/send?{query}"), body.as_bytes());
    let kind = "application/json; charset=utf-8".parse().unwrap();
    request.headers_mut().insert("content-type", kind);
    send(world, &request)
}

fn signed_at(millis: i64) -> String {
    let timestamp = millis.to_string();
    let sign = escaped(&mynah_dingtalk::auth::sign(&timestamp, &SECRET.into()));
    format!("access_token={TOKEN}&timestamp={timestamp}&sign={sign}")
}

/// The robot of the seed posts.
fn robot(org: &mut Org, body: &Value) -> Answer {
    let snapshot = org.world.snapshot();
    let now = snapshot["state"]["now"].as_i64().unwrap();
    posted(&mut org.world, &signed_at(now), body)
}

fn refused(body: Value) -> (i64, String) {
    let mut org = Org::new();
    let answer = robot(&mut org, &body);
    assert!(seen(&org.world, "group:chatgeneral").is_empty());
    (answer.code(), answer.words().to_owned())
}

/// A world whose only robot is protected like this.
fn protected(options: &str) -> DingTalkWorld {
    org_of(&format!(
        r#"
        [dingtalk]
        corp_id = "c"
        app = {{ key = "k", secret = "s", agent_id = 1 }}
        people = [{{ userid = "alice", name = "Alice" }}]
        groups = [{{ chatid = "chatg", name = "g", owner = "alice", members = ["alice"] }}]
        robots = [{{ token = "t", name = "r", chatid = "chatg", {options} }}]
        "#
    ))
}

#[test]
fn a_custom_robot_speaks_with_its_own_name() {
    let mut org = Org::new();
    let answer = robot(&mut org, &text("hi"));
    assert_eq!(answer.0, json!({"errcode": 0, "errmsg": "ok"}));
    let message = last(&org.world, "group:chatgeneral");
    assert_eq!(message.from.id, "robot:0");
    assert!(message.from.bot);
    assert_eq!(
        parts(&org.world, "group:chatgeneral"),
        json!([{"type": "text", "text": "hi"}])
    );
    // Its token and its secret are nowhere.
    let all = org.world.snapshot().to_string();
    assert!(!all.contains(TOKEN) && !all.contains(SECRET));
}

#[test]
fn a_robot_is_checked_in_an_order_of_its_own() {
    let mut org = Org::new();
    let before = org.world.snapshot();
    let mut check = |method: &str, query: &str, kind: &str, body: &[u8]| {
        let mut request = request(method, &format!("/robot/send?{query}"), body);
        if !kind.is_empty() {
            let kind = kind.parse().unwrap();
            request.headers_mut().insert("content-type", kind);
        }
        let answer = send(&mut org.world, &request);
        (answer.code(), answer.words().to_owned())
    };
    let known = format!("access_token={TOKEN}");
    let json = "application/json";
    let (bad, good) = (b"{}".as_slice(), text("hi").to_string());
    for (method, query, kind, body, code, words) in [
        ("GET", "", "", bad, 40035, "缺少参数 access_token"),
        (
            "POST",
            "access_token=",
            json,
            bad,
            40035,
            "缺少参数 access_token",
        ),
        (
            "GET",
            "access_token=x",
            "",
            bad,
            300_005,
            "token is not exist",
        ),
        ("GET", &known, "", b"", 43002, "需要POST请求"),
        ("POST", &known, "", b"", 40035, "缺少参数 json"),
        ("POST", &known, "text/plain", b"[]", 40035, "缺少参数 json"),
        (
            "POST",
            &known,
            "text/plain",
            bad,
            43004,
            "无效的HTTP HEADER Content-Type",
        ),
        (
            "POST",
            &known,
            "",
            bad,
            43004,
            "无效的HTTP HEADER Content-Type",
        ),
        ("POST", &known, json, bad, 310_000, "invalid timestamp"),
        (
            "POST",
            &signed_at(NOW),
            json,
            bad,
            40035,
            "缺少参数 msgtype",
        ),
        ("POST", &signed_at(NOW), json, good.as_bytes(), 0, "ok"),
    ] {
        let told = check(method, query, kind, body);
        assert_eq!(told, (code, words.to_owned()), "{method} {query} {kind}");
    }
    // Only the last of them changed anything.
    assert!(org.world.snapshot() != before);
    assert_eq!(seen(&org.world, "group:chatgeneral").len(), 1);
}

#[test]
fn a_type_of_content_is_the_same_in_capitals() {
    let mut org = Org::new();
    let path = format!("/robot/send?{}", signed_at(NOW));
    let mut request = request("POST", &path, text("x").to_string().as_bytes());
    let capitals = "Application/JSON; charset=UTF-8".parse().unwrap();
    request.headers_mut().insert("content-type", capitals);
    assert_eq!(send(&mut org.world, &request).code(), 0);
}

#[test]
fn a_signature_is_good_for_an_hour_and_for_its_own_time() {
    const HOUR: i64 = 3_600_000;
    let mut org = Org::new();
    let mut told = |query: String| {
        let answer = posted(&mut org.world, &query, &text("hi"));
        (answer.code(), answer.words().to_owned())
    };
    let wrong = |words: &str| (310_000, words.to_owned());
    for good in [NOW, NOW - HOUR, NOW + HOUR] {
        assert_eq!(told(signed_at(good)).0, 0, "{good}");
    }
    for bad in [NOW - HOUR - 1, NOW + HOUR + 1] {
        assert_eq!(told(signed_at(bad)), wrong("invalid timestamp"));
    }
    let token = format!("access_token={TOKEN}");
    assert_eq!(told(token.clone()), wrong("invalid timestamp"));
    let seconds = format!("{token}&timestamp={}", NOW / 1000);
    assert_eq!(told(seconds), wrong("invalid timestamp"));
    let unsigned = format!("{token}&timestamp={NOW}");
    assert_eq!(told(unsigned), wrong("sign not match"));
    let signed = signed_at(NOW);
    let other = signed.replace(&NOW.to_string(), &(NOW + 1).to_string());
    assert_eq!(told(other), wrong("sign not match"));
    // Escaped twice, or not at all, it is another one.
    assert_eq!(told(signed.replace('%', "%25")), wrong("sign not match"));
}

#[test]
fn a_robot_with_keywords_says_one_of_them_where_people_read_it() {
    let mut world = protected(r#"keywords = ["上线", "alert"]"#);
    let mut told = |body: Value| posted(&mut world, "access_token=t", &body).code();
    assert_eq!(told(text("an alert!")), 0);
    assert_eq!(told(text("hi")), 310_000);
    let markdown =
        |title: &str| json!({"msgtype": "markdown", "markdown": {"title": title, "text": "x"}});
    assert_eq!(told(markdown("上线了")), 0);
    assert_eq!(told(markdown("下线了")), 310_000);
    let link = |url: &str, title: &str| json!({"msgtype": "link", "link": {"title": title, "text": "x", "messageUrl": url}});
    assert_eq!(told(link("https://x.y", "alert")), 0);
    // An address is nothing to read.
    assert_eq!(told(link("https://alert", "x")), 310_000);
    let feed = json!({"msgtype": "feedCard", "feedCard": {"links": [
        {"title": "alert", "messageURL": "https://x.y", "picURL": "https://x.y"}]}});
    assert_eq!(told(feed), 0);
    // What protects it comes before what it says.
    assert_eq!(told(json!({"msgtype": "poem"})), 310_000);
}

#[test]
fn a_robot_may_be_called_from_some_addresses_only() {
    let mut world = protected(r#"addresses = ["127.0.0.1"]"#);
    let answer = posted(&mut world, "access_token=t", &text("hi"));
    assert_eq!(answer.code(), 310_000);
    assert_eq!(answer.words(), "ip 203.0.113.7 not in whitelist");
    let mut world = protected(r#"addresses = ["127.0.0.1", "203.0.113.7"]"#);
    assert_eq!(posted(&mut world, "access_token=t", &text("hi")).code(), 0);
}

#[test]
fn of_several_protections_each_must_pass() {
    let both = r#"keywords = ["a"], addresses = ["203.0.113.7"]"#;
    let mut world = protected(both);
    assert_eq!(posted(&mut world, "access_token=t", &text("a")).code(), 0);
    assert_eq!(
        posted(&mut world, "access_token=t", &text("b")).code(),
        310_000
    );
    let elsewhere = r#"keywords = ["a"], addresses = ["127.0.0.1"]"#;
    let mut world = protected(elsewhere);
    assert_eq!(
        posted(&mut world, "access_token=t", &text("a")).code(),
        310_000
    );
}

#[test]
fn a_robot_says_20_things_a_minute_and_then_nothing_for_ten() {
    let mut org = Org::new();
    for _ in 0..20 {
        assert_eq!(robot(&mut org, &text("x")).code(), 0);
    }
    let answer = robot(&mut org, &text("x"));
    assert_eq!(
        (answer.code(), answer.words()),
        (410_100, "发送速度太快而限流")
    );
    // How much it says is looked at before what it says.
    assert_eq!(robot(&mut org, &json!({"msgtype": "poem"})).code(), 410_100);
    org.wait(599);
    assert_eq!(robot(&mut org, &text("x")).code(), 410_100);
    org.wait(1);
    assert_eq!(robot(&mut org, &text("x")).code(), 0);
    assert_eq!(seen(&org.world, "group:chatgeneral").len(), 21);
}

#[test]
fn what_is_refused_does_not_count_and_a_minute_passes() {
    let mut org = Org::new();
    let before = org.world.snapshot();
    for _ in 0..20 {
        assert_eq!(robot(&mut org, &json!({"msgtype": "poem"})).code(), 400_105);
    }
    assert!(org.world.snapshot() == before);
    for _ in 0..20 {
        assert_eq!(robot(&mut org, &text("x")).code(), 0);
    }
    org.wait(60);
    assert_eq!(robot(&mut org, &text("x")).code(), 0);
}

#[test]
fn a_call_of_the_same_name_is_carried_out_once_in_five_minutes() {
    let mut org = Org::new();
    let named = |name: &str| json!({"msgtype": "text", "text": {"content": "x"}, "msgUuid": name});
    for _ in 0..30 {
        assert_eq!(
            robot(&mut org, &named("a")).0,
            json!({"errcode": 0, "errmsg": "ok"})
        );
    }
    assert_eq!(seen(&org.world, "group:chatgeneral").len(), 1);
    assert_eq!(robot(&mut org, &named("b")).code(), 0);
    assert_eq!(seen(&org.world, "group:chatgeneral").len(), 2);
    org.wait(300);
    assert_eq!(robot(&mut org, &named("a")).code(), 0);
    assert_eq!(seen(&org.world, "group:chatgeneral").len(), 3);
}

#[test]
fn a_robot_says_five_kinds_of_things() {
    let mut org = Org::new();
    let button = json!({"title": "a", "actionURL": "https://x.y"});
    for (kind, object) in [
        ("text", json!({"content": "x"})),
        ("markdown", json!({"title": "t", "text": "**x**"})),
        (
            "link",
            json!({"title": "t", "text": "x", "messageUrl": "https://x.y"}),
        ),
        (
            "actionCard",
            json!({"title": "t", "text": "x", "btns": [button]}),
        ),
        (
            "actionCard",
            json!({"title": "t", "text": "x", "singleTitle": "a", "singleURL": "https://x.y"}),
        ),
        (
            "feedCard",
            json!({"links": [{"title": "t", "messageURL": "https://x.y", "picURL": "https://x.y/p"}]}),
        ),
    ] {
        let mut body = json!({"msgtype": kind});
        body[kind] = object;
        assert_eq!(robot(&mut org, &body).code(), 0, "{kind}");
        assert!(
            !last(&org.world, "group:chatgeneral").parts.is_empty(),
            "{kind}"
        );
    }
}

#[test]
fn a_robot_is_refused_what_makes_no_sense() {
    for (body, code, words) in [
        (
            json!({"msgtype": "image", "image": {}}),
            400_105,
            "不支持的消息类型",
        ),
        (json!({"msgtype": "empty"}), 400_105, "不支持的消息类型"),
        (json!({"msgtype": "text"}), 40035, "缺少参数 text"),
        (text(""), 40035, "缺少参数 text.content"),
        (
            json!({"msgtype": "markdown", "markdown": {"text": "x"}}),
            40035,
            "缺少参数 markdown.title",
        ),
        (
            json!({"msgtype": "link", "link": {"title": "t", "text": "x"}}),
            40035,
            "缺少参数 link.messageUrl",
        ),
        (
            json!({"msgtype": "actionCard", "actionCard": {"title": "t", "text": "x"}}),
            40035,
            "缺少参数 actionCard.btns",
        ),
        (
            json!({"msgtype": "feedCard", "feedCard": {"links": [{"title": "t"}]}}),
            40035,
            "缺少参数 feedCard.links.messageURL",
        ),
    ] {
        assert_eq!(refused(body.clone()), (code, words.to_owned()), "{body}");
    }
}

#[test]
fn a_mention_shows_where_the_text_says_it() {
    let mut org = Org::new();
    let body = json!({"msgtype": "text", "text": {"content": "@bob 看这里 @13800000002"},
        "at": {"atUserIds": ["bob", "dave"], "atMobiles": ["13800000002"]}});
    assert_eq!(robot(&mut org, &body).code(), 0);
    let parts = parts(&org.world, "group:chatgeneral");
    let parts = parts.as_array().unwrap().iter();
    let mentioned: Vec<&str> = parts
        .filter(|part| part["type"] == "mention")
        .map(|part| part["id"].as_str().unwrap())
        .collect();
    assert_eq!(mentioned, ["bob", "carol"]);
}

#[test]
fn a_robot_of_a_group_that_is_no_more_has_nowhere_to_post() {
    let mut org = Org::new();
    act(
        &mut org.world,
        "alice",
        "disband",
        json!({"group": "chatgeneral"}),
    );
    let answer = robot(&mut org, &text("x"));
    assert_eq!((answer.code(), answer.words()), (400_013, "群已被解散"));
}

#[test]
fn another_client_is_answered_as_it_was_recorded() {
    for name in [
        "robot.send.text.signed",
        "robot.send.text.unsigned",
        "robot.send.text.at_all",
        "robot.send.text.at_list",
        "robot.send.link",
        "robot.send.markdown",
        "robot.send.actionCard.single",
        "robot.send.actionCard.multi",
        "robot.send.feedCard",
        "robot.send.image_undocumented",
        "robot.send.error.sign",
    ] {
        let (request, answer) = recorded(name);
        let unsigned = name.ends_with("unsigned");
        let secret = if unsigned {
            ""
        } else {
            r#"secret = "SEC0123456789abcdef", "#
        };
        let seed = format!(
            r#"
            [dingtalk]
            corp_id = "c"
            app = {{ key = "k", secret = "s", agent_id = 1 }}
            people = [{{ userid = "alice", name = "Alice" }}]
            groups = [{{ chatid = "chatg", name = "g", owner = "alice", members = ["alice"] }}]
            robots = [{{ token = "66727e9", {secret}name = "r", chatid = "chatg" }}]
            "#
        );
        let mut world = org_of(&seed);
        assert_eq!(send(&mut world, &request).0, answer, "{name}");
    }
}
