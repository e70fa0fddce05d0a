//! Tokens, tickets for pages, and tickets for Stream connections.

use serde_json::{Value, json};

use super::support::*;

/// Asks for a token.
fn gettoken(org: &mut Org, query: &str) -> Answer {
    let path = format!("/gettoken?{query}");
    send(&mut org.world, &request("GET", &path, b""))
}

fn access_token(org: &mut Org) -> String {
    let body = json!({"appKey": APP_KEY, "appSecret": APP_SECRET});
    let (status, answer) = open(&mut org.world, "POST", "oauth2/accessToken", None, &body);
    assert_eq!((status, &answer["expireIn"]), (200, &json!(7200)));
    answer["accessToken"].as_str().unwrap().to_owned()
}

fn corp_token(org: &mut Org) -> String {
    let body = json!({"client_id": APP_KEY, "client_secret": APP_SECRET,
        "grant_type": "client_credentials"});
    let path = format!("oauth2/{CORP}/token");
    let (status, answer) = open(&mut org.world, "POST", &path, None, &body);
    assert_eq!((status, &answer["expires_in"]), (200, &json!(7200)));
    answer["access_token"].as_str().unwrap().to_owned()
}

#[test]
fn all_three_calls_and_the_older_pair_answer_the_same_token() {
    let mut org = Org::new();
    let query = format!("appkey={APP_KEY}&appsecret={APP_SECRET}");
    let classic = gettoken(&mut org, &query);
    assert_eq!(
        classic.0,
        json!({"errcode": 0, "errmsg": "ok", "access_token": org.token, "expires_in": 7200})
    );
    let older = gettoken(&mut org, &format!("corpid={CORP}&corpsecret={APP_SECRET}"));
    assert_eq!(older.0["access_token"], org.token);
    assert_eq!(access_token(&mut org), org.token);
    assert_eq!(corp_token(&mut org), org.token);
}

#[test]
fn a_token_of_version_1_0_is_good_in_all_interfaces() {
    let mut org = Org::new();
    org.wait(7200);
    org.token = access_token(&mut org);
    org.upload("image", "image.png", PNG);
    org.ok("topapi/v2/user/get", json!({"userid": "alice"}));
    org.ok_get("user/get", "userid=alice");
}

#[test]
fn asking_again_renews_the_token_and_only_an_expired_one_is_replaced() {
    let mut org = Org::new();
    let first = org.token.clone();
    org.wait(7199);
    org.ok_get("user/get", "userid=alice");
    assert_eq!(token(&mut org.world), first);
    org.wait(7199);
    org.ok_get("user/get", "userid=alice");
    org.wait(1);
    assert_eq!(org.refused_get("user/get", "userid=alice"), 42001);
    let second = token(&mut org.world);
    assert_ne!(second, first);
    assert_eq!(org.refused_get("user/get", "userid=alice"), 42001);
    org.token = second;
    org.ok_get("user/get", "userid=alice");
}

/// What each interface says of a token.
fn refusals(org: &mut Org, token: Option<&str>) -> [Value; 3] {
    let query = token.map_or(String::new(), |token| format!("?access_token={token}"));
    let path = format!("/user/get{query}");
    let classic = send(&mut org.world, &request("GET", &path, b"")).0;
    let path = format!("/topapi/v2/user/get{query}");
    let topapi = send(&mut org.world, &request("POST", &path, b"{}")).0;
    let path = "robot/groupMessages/send";
    let (status, mut newest) = open(&mut org.world, "POST", path, token, &json!({}));
    newest["status"] = json!(status);
    [classic, topapi, newest]
}

#[test]
fn each_interface_refuses_a_token_in_its_own_way() {
    let mut org = Org::new();
    let check = |answers: [Value; 3], code: i64, sub_code: &str, word: &str| {
        let [classic, topapi, newest] = answers;
        assert_eq!(classic["errcode"], code);
        assert_eq!(topapi["errcode"], 88);
        assert_eq!(topapi["sub_code"], sub_code);
        assert!(topapi["sub_msg"].is_string() && topapi["request_id"].is_string());
        assert_eq!(newest["status"], 400);
        assert_eq!(newest["code"], word);
        assert!(newest["message"].is_string() && newest["requestid"].is_string());
    };
    let missing = "AuthenticationFailed.MissingParameter";
    let invalid = "InvalidAuthentication";
    check(refusals(&mut org, None), 41001, "40000", missing);
    check(refusals(&mut org, Some("x")), 40014, "40014", invalid);
    let token = org.token.clone();
    org.world.expire_tokens();
    check(refusals(&mut org, Some(&token)), 42001, "42001", invalid);

    org.token = super::support::token(&mut org.world);
    let token = org.token.clone();
    org.world.revoke_tokens();
    check(refusals(&mut org, Some(&token)), 40014, "40014", invalid);
    assert_ne!(super::support::token(&mut org.world), token);
}

#[test]
fn a_wrong_pair_is_refused_in_the_words_of_the_live_service() {
    let mut org = Org::new();
    for (query, code, words) in [
        ("", 40035, "缺少参数 corpid or appkey"),
        ("appkey=&corpid=", 40035, "缺少参数 corpid or appkey"),
        (
            "appkey=ding-sandbox&appsecret=x",
            40096,
            "不合法的appKey或appSecret",
        ),
        ("appkey=ding-sandbox", 40096, "不合法的appKey或appSecret"),
        (
            "appkey=x&appsecret=sandbox-secret",
            40096,
            "不合法的appKey或appSecret",
        ),
        (
            "corpid=ding-sandbox-corp&corpsecret=x",
            40089,
            "不合法的corpId或corpSecret",
        ),
        (
            "corpid=x&corpsecret=sandbox-secret",
            40089,
            "不合法的corpId或corpSecret",
        ),
    ] {
        let answer = gettoken(&mut org, query);
        assert_eq!((answer.code(), answer.words()), (code, words), "{query}");
    }
    let answer = send(&mut org.world, &request("POST", "/gettoken", b"{}"));
    assert_eq!(answer.code(), 43001);
}

#[test]
fn a_wrong_pair_is_refused_by_version_1_0_with_a_word() {
    let mut org = Org::new();
    let wrong = "invalidClientIdOrSecret".to_owned();
    for (path, body, expected) in [
        (
            "oauth2/accessToken",
            json!({"appKey": APP_KEY, "appSecret": "x"}),
            (400, wrong.clone()),
        ),
        ("oauth2/accessToken", json!({}), (400, wrong.clone())),
        (
            "oauth2/ding-sandbox-corp/token",
            json!({"client_id": APP_KEY, "client_secret": "x",
                "grant_type": "client_credentials"}),
            (400, wrong),
        ),
        (
            "oauth2/ding-other/token",
            json!({"client_id": APP_KEY, "client_secret": APP_SECRET,
                "grant_type": "client_credentials"}),
            (500, "unknownError".to_owned()),
        ),
        (
            "oauth2/ding-sandbox-corp/token",
            json!({"client_id": APP_KEY, "client_secret": APP_SECRET}),
            (400, "parameter.invalid".to_owned()),
        ),
    ] {
        assert_eq!(
            org.open_refused("POST", path, body.clone()),
            expected,
            "{body}"
        );
    }
}

#[test]
fn a_page_gets_a_ticket() {
    let mut org = Org::new();
    let answer = org.ok_get("get_jsapi_ticket", "");
    assert!(answer["ticket"].as_str().unwrap().len() > 40);
    assert_eq!(answer["expires_in"], 7200);
    let path = "/get_jsapi_ticket";
    let answer = send(&mut org.world, &request("GET", path, b""));
    assert_eq!(answer.code(), 41001);
}

/// What a program asks to be told of.
fn subscriptions() -> Value {
    json!([{"type": "EVENT", "topic": "*"},
        {"type": "CALLBACK", "topic": "/v1.0/im/bot/messages/get"}])
}

fn connect(org: &mut Org, subscriptions: Value) -> (u16, Value) {
    let body = json!({"clientId": APP_KEY, "clientSecret": APP_SECRET,
        "subscriptions": subscriptions, "ua": "test", "localIp": "127.0.0.1"});
    let path = "gateway/connections/open";
    open(&mut org.world, "POST", path, None, &body)
}

#[test]
fn a_ticket_opens_one_connection_with_what_was_asked_for() {
    let mut org = Org::new();
    org.world.settings_mut().public_url = "http://127.0.0.1:4711".to_owned();
    let (status, answer) = connect(&mut org, subscriptions());
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["endpoint"], "ws://127.0.0.1:4711/dingtalk/connect");
    let ticket = answer["ticket"].as_str().unwrap();
    // Programs are known that put it into the query as it is.
    let plain = |it: char| it.is_ascii_alphanumeric() || it == '-';
    assert!(ticket.chars().all(plain), "{ticket}");
    let asked = org.world.redeem(ticket).unwrap();
    assert_eq!(serde_json::to_value(asked).unwrap(), subscriptions());
    let refusal = org.world.redeem(ticket).unwrap_err();
    assert_eq!(refusal.status, 401);
    assert_eq!(org.world.redeem("").unwrap_err().status, 401);

    org.world.settings_mut().public_url = "https://sandbox.example.com".to_owned();
    let (_, answer) = connect(&mut org, subscriptions());
    assert_eq!(
        answer["endpoint"],
        "wss://sandbox.example.com/dingtalk/connect"
    );
}

#[test]
fn a_topic_has_256_characters_at_most() {
    let mut org = Org::new();
    for (characters, status) in [(256, 200), (257, 400)] {
        let topic = "主".repeat(characters);
        let (found, answer) = connect(&mut org, json!([{"type": "CALLBACK", "topic": topic}]));
        assert_eq!(found, status, "{answer}");
    }
}

#[test]
fn a_ticket_lives_for_90_seconds() {
    let mut org = Org::new();
    for (seconds, good) in [(89, true), (90, false)] {
        let (_, answer) = connect(&mut org, subscriptions());
        org.wait(seconds);
        let redeemed = org.world.redeem(answer["ticket"].as_str().unwrap());
        assert_eq!(redeemed.is_ok(), good, "{seconds}");
    }
}

#[test]
fn whoever_does_not_know_the_secret_opens_no_connection() {
    let mut org = Org::new();
    let path = "gateway/connections/open";
    for body in [
        json!({"clientId": "x", "clientSecret": "y", "subscriptions": []}),
        json!({"clientId": APP_KEY, "clientSecret": "y", "subscriptions": subscriptions()}),
        json!({}),
    ] {
        let (status, answer) = open(&mut org.world, "POST", path, None, &body);
        assert_eq!(status, 401);
        assert_eq!(answer["code"], "authFailed");
        assert_eq!(answer["message"], "鉴权失败");
    }
}

#[test]
fn what_there_is_nothing_to_be_told_of_opens_no_connection() {
    let mut org = Org::new();
    let many: Vec<_> = (0..101)
        .map(|it| json!({"type": "CALLBACK", "topic": format!("/{it}")}))
        .collect();
    for wrong in [
        json!([]),
        json!(many),
        json!([{"type": "EVENT", "topic": "chat_disband"}]),
        json!([{"type": "CALLBACK", "topic": ""}]),
        json!([{"type": "GOSSIP", "topic": "*"}]),
    ] {
        let (status, answer) = connect(&mut org, wrong);
        assert_eq!(status, 400);
        assert_eq!(answer["code"], "parameter.invalid");
    }
    let known = json!([{"type": "SYSTEM", "topic": "ping"}, {"type": "EVENT", "topic": "*"}]);
    assert_eq!(connect(&mut org, known).0, 200);
}
