//! `--dry-run`: what would go out, and that nothing does.

use serde_json::{Value, json};

use crate::harness::{Folder, Server, exit, free_address, json, mynah, text};

#[test]
fn a_dry_run_shows_the_request_and_sends_nothing() {
    let shown = mynah()
        .args([
            "call",
            "onebot",
            "send_msg",
            "user_id=10001",
            "message=hi",
            "--dry-run",
        ])
        .output()
        .unwrap();
    assert!(shown.status.success());
    let shown = text(&shown.stdout);
    assert!(
        shown.starts_with("POST http://127.0.0.1:5700/send_msg\n"),
        "{shown}"
    );
    assert!(
        shown.ends_with("{\"user_id\":10001,\"message\":\"hi\"}\n"),
        "{shown}"
    );
}

#[test]
fn a_dry_run_hides_what_is_secret_in_the_query() {
    let shown = mynah()
        .args(["call", "wecom", "gettoken", "corpid=ww", "corpsecret=hush"])
        .arg("--dry-run")
        .output()
        .unwrap();
    let shown = text(&shown.stdout);
    let expected = "GET https://qyapi.weixin.qq.com/cgi-bin/gettoken?corpid=ww&corpsecret=…\n";
    assert!(shown.starts_with(expected), "{shown}");
}

#[test]
fn a_dry_run_of_a_bot_shows_the_frame_and_does_not_take_its_place() {
    let sandbox = Server::start("sandbox");
    let here = Folder::with_wecom("frame", &sandbox);
    let shown = here.mynah(&[
        "call",
        "wecom",
        "aibot_send_msg",
        "chatid=alice",
        "msgtype=markdown",
        "markdown={\"content\":\"hi\"}",
        "--dry-run",
    ]);
    let shown = text(&shown.stdout);
    let (address, frame) = shown.split_once("\n\n").unwrap();
    assert!(address.starts_with("ws://127.0.0.1:"), "{shown}");
    let frame: Value = serde_json::from_str(frame).unwrap();
    assert_eq!(frame["cmd"], "aibot_send_msg");
    assert_eq!(frame["headers"], json!({"req_id": "…"}));
    assert_eq!(frame["body"]["markdown"]["content"], "hi");

    std::fs::write(here.0.join("mynah.toml"), "no toml").unwrap();
    let broken = here.mynah(&["call", "wecom", "tag.list", "--dry-run"]);
    assert_eq!(exit(&broken), 3);
    assert!(text(&broken.stderr).contains("mynah.toml:1: "));
}

#[test]
fn a_dry_run_shows_which_host_of_rongcloud_is_called_and_with_which_form() {
    for (arguments, request, form) in [
        (
            &["user.get_token", "userId=u1", "name=One"][..],
            "POST https://api.rong-api.com/user/getToken.json\n",
            "userId=u1&name=One",
        ),
        (
            &[
                "send_code",
                "mobile=13800000000",
                "templateId=t",
                "region=86",
            ],
            "POST https://api.sms.ronghub.com/sendCode.json\n",
            "mobile=13800000000&templateId=t&region=86",
        ),
        (
            &["group.sync", "userId=u1", "group[g1]=One"],
            "POST https://api.rong-api.com/group/sync.json\n",
            "group%5Bg1%5D=One&userId=u1",
        ),
    ] {
        let shown = mynah()
            .args(["call", "rongcloud", "--dry-run"])
            .args(arguments)
            .output()
            .unwrap();
        let problem = text(&shown.stderr);
        let shown = text(&shown.stdout);
        assert!(shown.starts_with(request), "{shown}{problem}");
        assert_eq!(shown.trim_end().lines().last(), Some(form), "{shown}");
    }
}

#[test]
fn a_dry_run_shows_which_service_of_bearychat_is_called() {
    for (arguments, request) in [
        (
            &["user.info", "user_id==bw52O"][..],
            "GET https://api.bearychat.com/v1/user.info?user_id=%3Dbw52O\n",
        ),
        (
            &["user.update_me", "name=mynah"],
            "PATCH https://api.bearychat.com/v1/user.update_me\n",
        ),
        (&["start"], "POST https://rtm.bearychat.com/start\n"),
        (
            &["incoming", "text=x"],
            "POST https://hook.bearychat.com/incoming\n",
        ),
        (
            &["--url", "http://h/beary", "--token", "hush", "channel.list"],
            "GET http://h/beary/v1/channel.list\n",
        ),
    ] {
        let shown = mynah()
            .args(["call", "bearychat", "--dry-run"])
            .args(arguments)
            .output()
            .unwrap();
        let problem = text(&shown.stderr);
        let shown = text(&shown.stdout);
        assert!(shown.starts_with(request), "{shown}{problem}");
        assert!(!shown.contains("hush"), "{shown}");
    }
}

#[test]
fn a_dry_run_shows_which_host_of_dingtalk_is_called() {
    for (arguments, address) in [
        (
            &["chat.get", "chatid=chat1"][..],
            "GET https://oapi.dingtalk.com/chat/get?chatid=chat1\n",
        ),
        (
            &["v1.im.chat.convert_to_open_conversation_id", "chatId=chat1"],
            "POST https://api.dingtalk.com/v1.0/im/chat/chat1/convertToOpenConversationId\n",
        ),
        (
            &["gettoken", "appkey=ding", "appsecret=hush"],
            "GET https://oapi.dingtalk.com/gettoken?appkey=ding&appsecret=…\n",
        ),
        (
            &["v1.oauth2.access_token", "appKey=ding", "appSecret=hush"],
            "POST https://api.dingtalk.com/v1.0/oauth2/accessToken\n",
        ),
    ] {
        let shown = mynah()
            .args(["call", "dingtalk", "--dry-run"])
            .args(arguments)
            .output()
            .unwrap();
        let shown = text(&shown.stdout);
        assert!(shown.starts_with(address), "{shown}");
        assert!(!shown.contains("hush"), "{shown}");
        let asks = shown.contains("accept: application/json");
        assert_eq!(asks, address.contains("/v1.0/"), "{shown}");
    }
}

#[test]
fn programs_are_shown_the_request_as_json() {
    let shown = mynah()
        .args(["call", "wecom", "appchat.create", "name=值班"])
        .args(["userlist=alice", "userlist=bob", "--dry-run", "-o", "json"])
        .output()
        .unwrap();
    let request = json(&shown);
    assert_eq!(request["method"], "POST");
    assert_eq!(
        request["url"],
        "https://qyapi.weixin.qq.com/cgi-bin/appchat/create"
    );
    assert_eq!(
        request["body"],
        serde_json::json!({"name": "值班", "userlist": ["alice", "bob"]})
    );
    assert!(text(&shown.stderr).contains("nothing was sent"));
}

#[test]
fn a_message_is_shown_as_it_would_be_parted_and_is_not_sent() {
    let nobody = free_address();
    for (conversation, path, token, at) in [
        ("onebot:group:20001", "onebot", "hush", "/message"),
        ("wecom:user:alice", "wecom", "ww:hush:1", "/text/content"),
        ("wecom:group:own", "wecom", "hush", "/text/content"),
        (
            "dingtalk:user:alice",
            "dingtalk",
            "ding:hush",
            "/text/content",
        ),
        (
            "dingtalk:group:own",
            "dingtalk",
            "hush:SEChush",
            "/text/content",
        ),
        (
            "rongcloud:user:alice",
            "rongcloud",
            "rc:hush",
            "/content/content",
        ),
        ("bearychat:group:=bwAll", "bearychat", "hush", "/text"),
    ] {
        let url = format!("http://{nobody}/{path}");
        let shown = mynah()
            .args(["send", "-", conversation, "早上好", "--dry-run"])
            .args(["--url", &url, "--token", token])
            .output()
            .unwrap();
        assert!(!text(&shown.stdout).contains("hush"));
        let shown = json(&shown);
        assert_eq!(shown["to"], conversation);
        let message = &shown["messages"][0];
        let said = message.pointer(at).unwrap_or(message).to_string();
        assert!(said.contains("早上好"), "{conversation}: {shown}");
    }
    let long = "很长。".repeat(2000);
    let shown = mynah()
        .args(["send", "-", "wecom:user:alice", &long, "--dry-run"])
        .args(["--url", &format!("http://{nobody}"), "--token", "ww:hush:1"])
        .output()
        .unwrap();
    let parts = json(&shown)["messages"].as_array().unwrap().len();
    assert!(parts > 5, "{parts}");
}
