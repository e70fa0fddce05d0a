//! `mynah call`.

use std::io::Write;
use std::process::Stdio;

use crate::harness::{Folder, Server, TOKEN, exit, json, mynah, text};

#[test]
fn calls_print_answers_and_say_what_went_wrong() {
    let sandbox = Server::start("sandbox");
    let info = json(&sandbox.call(&["onebot", "get_group_info", "group_id=20001"]));
    assert_eq!(info["group_name"], "general");

    let id = json(&sandbox.call(&["onebot", "send_group_msg", "group_id=20001", "message=早"]));
    assert!(id.is_i64(), "{id}");

    let table = sandbox.call(&["onebot", "get_friend_list", "--output", "table"]);
    let table = text(&table.stdout);
    assert!(
        table.starts_with("USER_ID") || table.contains("USER_ID"),
        "{table}"
    );
    assert!(table.contains("alice"), "{table}");

    let refused = sandbox.call(&["onebot", "get_group_member_list", "group_id=99999"]);
    assert_eq!(exit(&refused), 5);
    assert!(
        text(&refused.stderr).contains("(102)"),
        "{}",
        text(&refused.stderr)
    );
    assert!(refused.stdout.is_empty());

    let wrong = sandbox.call(&["onebot", "send_group_msg", "group_id=many", "message=x"]);
    assert_eq!(exit(&wrong), 2);
    assert!(
        text(&wrong.stderr).contains("`group_id`"),
        "{}",
        text(&wrong.stderr)
    );

    let url = format!("{}/onebot", sandbox.url);
    let mut stranger = mynah();
    stranger.args([
        "call",
        "--url",
        &url,
        "--token",
        "no",
        "onebot",
        "get_status",
    ]);
    let stranger = stranger.output().unwrap();
    assert_eq!(exit(&stranger), 4);
}

#[test]
fn json_comes_from_the_command_line_or_from_stdin() {
    let sandbox = Server::start("sandbox");
    let given = r#"{"group_id": 20001, "message": [{"type": "at", "data": {"qq": "10001"}}]}"#;
    assert!(json(&sandbox.call(&["onebot", "send_group_msg", "--json", given])).is_i64());

    let url = format!("{}/onebot", sandbox.url);
    let mut child = mynah()
        .args([
            "call",
            "--url",
            &url,
            "--token",
            TOKEN,
            "onebot",
            "send_group_msg",
            "--json",
            "-",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(given.as_bytes())
        .unwrap();
    assert!(json(&child.wait_with_output().unwrap()).is_i64());
}

#[test]
fn an_endpoint_that_is_not_known_can_be_called_raw() {
    let sandbox = Server::start("sandbox");
    let unknown = sandbox.call(&["onebot", "get_statsu"]);
    assert_eq!(exit(&unknown), 2);
    assert!(text(&unknown.stderr).contains("did you mean `get_status`?"));

    let raw = json(&sandbox.call(&["onebot", "get_status_async", "--raw"]));
    assert_eq!(raw["status"], "async");
}

#[test]
fn a_call_finds_the_account_that_can_make_it() {
    let sandbox = Server::start("sandbox");
    let here = Folder::with_wecom("calls", &sandbox);
    let call = |arguments: &[&str]| here.mynah(&[&["call", "wecom"], arguments].concat());

    let members = "userlist=[\"alice\",\"bob\"]";
    let group = json(&call(&["appchat.create", "name=值班", members]));
    assert!(
        group.as_str().is_some_and(|id| id.starts_with("wr")),
        "{group}"
    );
    let hi = "text={\"content\":\"hi\"}";
    assert!(json(&call(&["webhook.send", "msgtype=text", hi])).is_null());
    let refused = call(&["appchat.get", "chatid=nowhere"]);
    assert_eq!(exit(&refused), 5);

    let robot = call(&["appchat.get", "chatid=general", "--account", "robot"]);
    assert_eq!(exit(&robot), 3);
    let problem = text(&robot.stderr);
    assert!(
        problem.contains("needs an application (`corpid`)"),
        "{problem}"
    );

    let url = format!("{}/wecom", sandbox.url);
    let by_address = |token: &str| {
        let arguments = ["--url", &url, "--token", token, "user.get", "userid=alice"];
        call(&arguments)
    };
    assert_eq!(
        json(&by_address("ww-sandbox:sandbox-secret"))["name"],
        "Alice"
    );
    assert_eq!(exit(&by_address("ww-sandbox:wrong")), 4);
}

#[test]
fn files_go_up_from_a_path_and_come_down_as_bytes() {
    let sandbox = Server::start("sandbox");
    let here = Folder::with_wecom("files", &sandbox);
    std::fs::write(here.0.join("报告.txt"), "all is well\n").unwrap();
    let uploaded = here.mynah(&[
        "call",
        "wecom",
        "media.upload",
        "type=file",
        "media=@报告.txt",
    ]);
    let id = json(&uploaded)["media_id"].as_str().unwrap().to_owned();
    let media = format!("media_id={id}");

    let down = here.mynah(&["call", "wecom", "media.get", &media]);
    assert_eq!(text(&down.stdout), "all is well\n");
    let saved = here.mynah(&["call", "wecom", "media.get", &media, "-o", "down.txt"]);
    assert!(saved.status.success() && saved.stdout.is_empty());
    assert_eq!(
        std::fs::read(here.0.join("down.txt")).unwrap(),
        b"all is well\n"
    );

    let none = here.mynah(&["call", "wecom", "media.get", "media_id=x", "-o", "none.txt"]);
    assert_eq!(exit(&none), 5);
    assert!(!here.0.join("none.txt").exists());
    let missing = here.mynah(&[
        "call",
        "wecom",
        "media.upload",
        "type=file",
        "media=@no.txt",
    ]);
    assert_eq!(exit(&missing), 2);
    assert!(text(&missing.stderr).contains("no.txt"));
}

#[test]
fn a_call_to_rongcloud_goes_to_the_host_of_its_path() {
    let sandbox = Server::start("sandbox");
    let here = Folder::with_rongcloud("rong-calls", &sandbox, "");
    let call = |arguments: &[&str]| here.mynah(&[&["call", "rongcloud"], arguments].concat());

    let token = json(&call(&["user.get_token", "userId=frank", "name=Frank"]));
    assert_eq!(token["userId"], "frank");
    for groups in [
        &["group[g1]=One", "group[g2]=Two"][..],
        &["group={\"g2\":\"Two\",\"g3\":\"Three\"}"],
    ] {
        let synced = call(&[&["group.sync", "userId=frank"], groups].concat());
        assert_eq!(exit(&synced), 0, "{}", text(&synced.stderr));
    }
    let mine = json(&call(&["user.group.query", "userId=frank"]));
    assert!(mine.to_string().contains("g3"), "{mine}");

    let hello = [
        "message.private.publish",
        "fromUserId=bot",
        "toUserId=[\"alice\",\"bob\"]",
        "objectName=RC:TxtMsg",
        "content={\"content\":\"你好\"}",
    ];
    let published = json(&call(&hello));
    assert_eq!(
        published["messageUIDs"].as_array().map(Vec::len),
        Some(2),
        "{published}"
    );
    let repeated = [
        &hello[..2],
        &["toUserId=alice", "toUserId=bob"],
        &hello[3..],
    ]
    .concat();
    let published = json(&call(&repeated));
    let uids = published["messageUIDs"].as_array().map(Vec::len);
    assert_eq!(uids, Some(2), "{published}");
    let refused = call(&["user.info", "userId="]);
    assert_eq!(exit(&refused), 2, "{}", text(&refused.stderr));
    let image = json(&call(&["get_img_code", "appKey=rc-sandbox"]));
    assert!(image["verifyId"].is_string(), "{image}");

    let raw = ["/user/checkOnline", "--raw", "userId=alice"];
    assert_eq!(json(&call(&raw))["status"], "0");

    let url = format!("{}/rongcloud", sandbox.url);
    let by_address = |token: &str| {
        call(&[
            "--url",
            &url,
            "--token",
            token,
            "user.check_online",
            "userId=alice",
        ])
    };
    assert_eq!(exit(&by_address("rc-sandbox:sandbox-secret")), 0);
    assert_eq!(exit(&by_address("rc-sandbox:wrong")), 4);
    assert_eq!(exit(&by_address("rc-sandbox")), 2);
}

#[test]
fn a_call_to_bearychat_goes_to_the_service_of_its_path() {
    let sandbox = Server::start("sandbox");
    let here = Folder::with_bearychat("beary-calls", &sandbox);
    let call = |arguments: &[&str]| here.mynah(&[&["call", "bearychat"], arguments].concat());

    let me = json(&call(&["user.me"]));
    assert_eq!(me["id"], "=bwBot");
    let team = json(&call(&["current_team.info"]));
    assert_eq!(team["id"], "=bwTeam");
    let said = json(&call(&[
        "message.create",
        "vchannel_id==bwAll",
        "text=早",
        "attachments=[{\"title\":\"页\"}]",
    ]));
    assert_eq!(said["attachments"][0]["title"], "页");
    let key = format!("message_key={}", said["key"].as_str().unwrap());
    let found = json(&call(&[
        "message.query",
        "vchannel_id==bwAll",
        "query={\"latest\":{\"limit\":1}}",
    ]));
    assert_eq!(found[0]["key"], said["key"]);
    // Nothing comes back, and that is success.
    let deleted = call(&["message.delete", "vchannel_id==bwAll", &key]);
    assert_eq!(exit(&deleted), 0, "{}", text(&deleted.stderr));
    let posted = call(&["incoming", "text=deployed", "channel=dev"]);
    assert_eq!(exit(&posted), 0, "{}", text(&posted.stderr));
    let file = json(&call(&["file.location", "file_key=sandbox-file"]));
    assert!(file["url"].is_string(), "{file}");

    let unknown = call(&["user.info", "user_id==nobody"]);
    assert_eq!(exit(&unknown), 5, "{}", text(&unknown.stderr));
    assert!(text(&unknown.stderr).contains("用户不存在"));
    let empty = call(&["message.create", "vchannel_id==bwAll", "text="]);
    assert_eq!(exit(&empty), 2, "{}", text(&empty.stderr));
    let wrong = call(&["--account", "robot", "user.me"]);
    assert_eq!(exit(&wrong), 3);
    assert!(text(&wrong.stderr).contains("this call needs a hubot (`token`)"));

    let url = format!("{}/bearychat", sandbox.url);
    let by_address = |token: &str, endpoint: &str, parameter: &str| {
        exit(&call(&[
            "--url", &url, "--token", token, endpoint, parameter,
        ]))
    };
    let team = "user_id==bw52O";
    assert_eq!(by_address("sandbox-token", "v1.user.info", team), 0);
    assert_eq!(by_address("wrong", "user.info", team), 4);
    let hook = "https://hook.bearychat.com/=bwTeam/incoming/sandbox-hook";
    assert_eq!(by_address(hook, "incoming", "text=x"), 0);
    assert_eq!(by_address("sandbox-token", "incoming", "text=x"), 3);
}

#[test]
fn a_call_to_dingtalk_goes_where_its_path_belongs() {
    let sandbox = Server::start("sandbox");
    let here = Folder::with_dingtalk("ding-calls", &sandbox);
    let call = |arguments: &[&str]| here.mynah(&[&["call", "dingtalk"], arguments].concat());

    let group = json(&call(&["chat.get", "chatid=chatgeneral"]));
    assert_eq!(group["name"], "general");
    let id = json(&call(&[
        "v1.im.chat.convert_to_open_conversation_id",
        "chatId=chatgeneral",
    ]));
    assert!(id.as_str().is_some_and(|id| id.starts_with("cid")), "{id}");
    let hi = "text={\"content\":\"hi\"}";
    assert!(json(&call(&["robot.send", "msgtype=text", hi])).is_null());
    let key = json(&call(&[
        "v1.robot.o_to_messages.batch_send",
        "robotCode=ding-sandbox",
        "userIds=[\"alice\"]",
        "msgKey=sampleText",
        "msgParam={\"content\":\"hi\"}",
    ]));
    assert!(key["processQueryKey"].is_string(), "{key}");
    assert_eq!(exit(&call(&["chat.get", "chatid=nowhere"])), 5);

    let robot = call(&["chat.get", "chatid=chatgeneral", "--account", "robot"]);
    assert_eq!(exit(&robot), 3);
    let problem = text(&robot.stderr);
    assert!(
        problem.contains("needs an application (`client_id`)"),
        "{problem}"
    );

    let url = format!("{}/dingtalk", sandbox.url);
    let by_address = |token: &str, arguments: &[&str]| {
        let address = ["--url", &url, "--token", token];
        call(&[&address, arguments].concat())
    };
    let alice = ["user.get", "userid=alice"];
    let found = by_address("ding-sandbox:sandbox-secret", &alice);
    assert_eq!(json(&found)["name"], "Alice");
    assert_eq!(exit(&by_address("ding-sandbox:wrong", &alice)), 4);
    let robot = ["robot.send", "msgtype=text", hi];
    assert!(json(&by_address("robot-sandbox:SECsandbox", &robot)).is_null());
    assert_eq!(exit(&by_address("robot-sandbox", &robot)), 5);
}
