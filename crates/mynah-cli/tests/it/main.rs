//! The program, run as a user runs it, against a sandbox of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

#[cfg(unix)]
mod documents;
#[cfg(unix)]
mod handlers;
mod ten_accounts;

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const TOKEN: &str = "sandbox-token";

fn mynah() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mynah"));
    for name in [
        "MYNAH_URL",
        "MYNAH_TOKEN",
        "MYNAH_ACCOUNT",
        "MYNAH_CONFIG",
        "RUST_LOG",
    ] {
        command.env_remove(name);
    }
    command.current_dir(std::env::temp_dir());
    command
}

/// A server of the program, stopped when the test is over.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(what: &str) -> Self {
        let mut child = mynah()
            .args([what, "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        let url = line
            .trim()
            .strip_prefix("mynah sandbox listening on ")
            .unwrap()
            .to_owned();
        Self { child, url }
    }

    fn call(&self, arguments: &[&str]) -> Output {
        let url = format!("{}/onebot", self.url);
        mynah()
            .args(["call", "--url", &url, "--token", TOKEN])
            .args(arguments)
            .output()
            .unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn exit(output: &Output) -> i32 {
    output.status.code().unwrap()
}

#[test]
fn calls_print_answers_and_tell_by_the_exit_code_what_went_wrong() {
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
fn an_endpoint_that_is_not_known_can_be_called_raw() {
    let sandbox = Server::start("sandbox");
    let unknown = sandbox.call(&["onebot", "get_statsu"]);
    assert_eq!(exit(&unknown), 2);
    assert!(text(&unknown.stderr).contains("did you mean `get_status`?"));

    let raw = json(&sandbox.call(&["onebot", "get_status_async", "--raw"]));
    assert_eq!(raw["status"], "async");
}

#[test]
fn an_account_of_the_configuration_is_sent_to_and_listened_to() {
    let sandbox = Server::start("dev");
    let folder = std::env::temp_dir().join(format!("mynah-cli-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let config = folder.join("mynah.toml");
    let address = sandbox.url.strip_prefix("http://").unwrap();
    let accounts = format!(
        "[[account]]\nname = 'qq'\nplatform = 'onebot'\naccess_token = '{TOKEN}'\n\
         connect = 'ws://{address}/onebot'\napi = 'http://{address}/onebot'\n"
    );
    std::fs::write(&config, accounts).unwrap();

    let mut listening = mynah()
        .args(["listen", "qq", "--config"])
        .arg(&config)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut events = BufReader::new(listening.stdout.take().unwrap());
    let mut line = String::new();
    events.read_line(&mut line).unwrap();
    assert!(line.contains("lifecycle"), "{line}");

    let sent = mynah()
        .args(["send", "qq", "onebot:group:20001", "早上好", "--config"])
        .arg(&config)
        .output()
        .unwrap();
    let id = json(&sent)["ids"][0].as_str().unwrap().to_owned();
    assert!(id.starts_with("onebot:"), "{id}");

    let nobody = mynah()
        .args(["send", "wx", "onebot:user:1", "x", "--config"])
        .arg(&config)
        .output()
        .unwrap();
    assert_eq!(exit(&nobody), 3);
    assert!(text(&nobody.stderr).contains("no account `wx`; there are: qq"));

    listening.kill().unwrap();
    listening.wait().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
}

/// A folder with a `mynah.toml`; gone with it.
struct Folder(std::path::PathBuf);

impl Folder {
    fn with(name: &str, accounts: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("mynah-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("mynah.toml"), accounts).unwrap();
        Self(folder)
    }

    /// All that DingTalk has.
    fn with_dingtalk(name: &str, sandbox: &Server) -> Self {
        let api = format!("api = '{}/dingtalk'\n", sandbox.url);
        let accounts = format!(
            "[[account]]\nname = 'app'\nplatform = 'dingtalk'\nclient_id = 'ding-sandbox'\n\
             client_secret = 'sandbox-secret'\nagent_id = 100001\n{api}\
             [[account]]\nname = 'robot'\nplatform = 'dingtalk'\n\
             access_token = 'robot-sandbox'\nsecret = 'SECsandbox'\n{api}"
        );
        Self::with(name, &accounts)
    }

    /// The application of RongCloud, which listens here if it is said where.
    fn with_rongcloud(name: &str, sandbox: &Server, listen: &str) -> Self {
        let accounts = format!(
            "[[account]]\nname = 'app'\nplatform = 'rongcloud'\napp_key = 'rc-sandbox'\n\
             app_secret = 'sandbox-secret'\napi = '{}/rongcloud'\n{listen}",
            sandbox.url
        );
        Self::with(name, &accounts)
    }

    /// All that BearyChat has.
    fn with_bearychat(name: &str, sandbox: &Server) -> Self {
        let api = format!("api = '{}/bearychat'\n", sandbox.url);
        let accounts = format!(
            "[[account]]\nname = 'bot'\nplatform = 'bearychat'\ntoken = 'sandbox-token'\n{api}\
             [[account]]\nname = 'robot'\nplatform = 'bearychat'\n\
             hook = '/=bwTeam/incoming/sandbox-hook'\n{api}"
        );
        Self::with(name, &accounts)
    }

    /// All that WeCom has.
    fn with_wecom(name: &str, sandbox: &Server) -> Self {
        let address = sandbox.url.strip_prefix("http://").unwrap();
        let accounts = format!(
            "[[account]]\nname = 'app'\nplatform = 'wecom'\ncorpid = 'ww-sandbox'\n\
             corpsecret = 'sandbox-secret'\nagentid = 1000002\napi = 'http://{address}/wecom'\n\
             [[account]]\nname = 'robot'\nplatform = 'wecom'\n\
             webhook_key = 'sandbox-webhook-key'\napi = 'http://{address}/wecom'\n\
             [[account]]\nname = 'bot'\nplatform = 'wecom'\nbot_id = 'aib-sandbox'\n\
             bot_secret = 'sandbox-secret'\nconnect = 'ws://{address}/wecom/openws'\n"
        );
        Self::with(name, &accounts)
    }

    fn mynah(&self, arguments: &[&str]) -> Output {
        let mut command = mynah();
        command.current_dir(&self.0).args(arguments);
        command.output().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
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
fn wecom_is_sent_to_and_listened_to() {
    let sandbox = Server::start("sandbox");
    let here = Folder::with_wecom("talks", &sandbox);
    for (account, conversation, exits) in [
        ("app", "wecom:group:general", 0),
        ("app", "wecom:user:alice", 0),
        ("app", "wecom:user:nobody", 5),
        ("robot", "wecom:group:general", 0),
        ("robot", "wecom:user:alice", 1),
        ("app", "onebot:group:20001", 2),
    ] {
        let sent = here.mynah(&["send", account, conversation, "你好"]);
        let problem = text(&sent.stderr);
        assert_eq!(exit(&sent), exits, "{account} {conversation}: {problem}");
    }

    let mut listening = mynah()
        .current_dir(&here.0)
        .args(["listen", "bot"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut events = BufReader::new(listening.stdout.take().unwrap());
    let url = format!("{}/control", sandbox.url);
    let said = std::thread::spawn(move || say_until_heard(&url, "wecom", "user:aib-sandbox"));
    let mut line = String::new();
    events.read_line(&mut line).unwrap();
    let event: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(event["text"]["content"], "good morning");
    listening.kill().unwrap();
    listening.wait().unwrap();
    said.join().unwrap();
}

#[test]
fn what_is_wrong_with_an_account_is_told_by_the_exit_code() {
    let sandbox = Server::start("sandbox");
    let here = Folder::with_wecom("wrong", &sandbox);
    let address = sandbox.url.strip_prefix("http").unwrap();
    let accounts = format!(
        "[[account]]\nname = 'bot'\nplatform = 'wecom'\nbot_id = 'aib-sandbox'\n\
         bot_secret = 'wrong'\nconnect = 'ws{address}/wecom/openws'\n\
         [[account]]\nname = 'unset'\nplatform = 'wecom'\nbot_id = 'aib'\n\
         bot_secret = 'env:MYNAH_NO_SUCH_VARIABLE'\n\
         [[account]]\nname = 'robot'\nplatform = 'wecom'\nwebhook_key = 'k'\n\
         [[account]]\nname = 'app'\nplatform = 'wecom'\ncorpid = 'ww'\n\
         corpsecret = 's'\nagentid = 1\nlisten = '127.0.0.1:0'\ntoken = 't'\n\
         encoding_aes_key = 'short'\n"
    );
    std::fs::write(here.0.join("wrong.toml"), accounts).unwrap();
    let push: &[&str] = &["call", "wecom", "aibot_send_msg", "chatid=alice"];
    for (arguments, exits, words) in [
        (&["send", "bot", "wecom:user:alice", "hi"][..], 4, "853000"),
        (
            &[push, &["--account", "bot"]].concat(),
            4,
            "wecom.aibot_subscribe",
        ),
        (
            &["send", "unset", "wecom:user:alice", "hi"],
            3,
            "bot_secret: the environment variable MYNAH_NO_SUCH_VARIABLE",
        ),
        (&["listen", "unset"], 3, "bot_secret"),
        (&["listen", "app"], 3, "encoding_aes_key"),
        (&["listen", "robot"], 3, "only speaks"),
    ] {
        let arguments = [arguments, &["--config", "wrong.toml"]].concat();
        let ended = here.mynah(&arguments);
        let problem = text(&ended.stderr);
        assert_eq!(exit(&ended), exits, "{arguments:?}: {problem}");
        assert!(problem.contains(words), "{arguments:?}: {problem}");
    }
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

/// The bot may not be connected yet, and what it does not hear is gone.
fn say_until_heard(control: &str, platform: &str, to: &str) {
    let said = json!({"platform": platform, "from": "alice", "to": to, "text": "good morning"});
    for _ in 0..40 {
        request(&format!("{control}/say"), &said);
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Asks the control API, with a body or, where that is null, with none.
fn request(url: &str, body: &Value) -> String {
    match body {
        Value::Null => exchange("GET", url, ""),
        body => exchange("POST", url, &body.to_string()),
    }
}

/// An address that nobody listens on at the moment.
fn free_address() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

fn put(url: &str, body: &Value) {
    let answer = exchange("PUT", url, &body.to_string());
    assert!(answer.starts_with("HTTP/1.1 2"), "{answer}");
}

fn exchange(method: &str, url: &str, body: &str) -> String {
    let address = url.strip_prefix("http://").unwrap();
    let (host, path) = address.split_once('/').unwrap();
    let mut socket = std::net::TcpStream::connect(host).unwrap();
    let request = format!(
        "{method} /{path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    socket.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    let _ = std::io::Read::read_to_string(&mut socket, &mut answer);
    answer
}

#[test]
fn carol_writes_to_the_bot_in_a_group_of_dingtalk_and_it_answers() {
    let dev = Server::start("dev");
    let group = "group:chatgeneral";
    is_answered(&dev, "dingtalk", ("carol", group, "@bot /ping"), group);
}

/// By the message route.
#[test]
fn alice_writes_to_the_bot_on_rongcloud_and_it_answers() {
    let dev = Server::start("dev");
    let group = "group:general";
    is_answered(&dev, "rongcloud", ("alice", group, "@bot /ping"), group);
    is_answered(
        &dev,
        "rongcloud",
        ("alice", "user:bot", "/ping"),
        "user:alice",
    );
    let journal = format!("{}/control/journal?platform=rongcloud", dev.url);
    let journal = request(&journal, &Value::Null);
    assert!(journal.contains("message_route"), "{journal}");
}

/// Over the socket.
#[test]
fn dave_writes_to_the_bot_in_a_channel_of_bearychat_and_it_answers() {
    let dev = Server::start("dev");
    let channel = "group:=bwAll";
    let ping = ("dave", channel, "@<==bwBot=> /ping");
    is_answered(&dev, "bearychat", ping, channel);
    let alone = ("alice", "user:bot", "/ping");
    is_answered(&dev, "bearychat", alone, "user:=bw52O");

    let path = "control/messages?platform=bearychat&conversation=user:=bw52O";
    let messages = request(&format!("{}/{path}", dev.url), &Value::Null);
    let (_, messages) = messages.split_once("\r\n\r\n").unwrap();
    let messages: Value = serde_json::from_str(messages).unwrap();
    let answer = &messages["messages"].as_array().unwrap().last().unwrap()["id"];
    let act = json!({"platform": "bearychat", "who": "alice", "action": "react",
        "message": answer, "emoji": ":heart:"});
    request(&format!("{}/control/act", dev.url), &act);
    let patience = Instant::now() + Duration::from_secs(20);
    while !request(&format!("{}/{path}", dev.url), &Value::Null).contains("谢谢 :heart:") {
        assert!(Instant::now() < patience, "nobody says thanks");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Says something until the bot of `mynah dev` answers where it is seen.
fn is_answered(dev: &Server, platform: &str, (from, to, text): (&str, &str, &str), seen_as: &str) {
    let said = json!({"platform": platform, "from": from, "to": to, "text": text});
    let messages = format!("control/messages?platform={platform}&conversation={seen_as}");
    let patience = Instant::now() + Duration::from_secs(20);
    // The bot may not be connected yet.
    loop {
        request(&format!("{}/control/say", dev.url), &said);
        std::thread::sleep(Duration::from_millis(200));
        if request(&format!("{}/{messages}", dev.url), &Value::Null).contains("pong") {
            break;
        }
        assert!(Instant::now() < patience, "nobody answers");
    }
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
fn rongcloud_is_sent_to_and_listened_to() {
    let sandbox = Server::start("sandbox");
    let listen = free_address();
    let here = Folder::with_rongcloud("rong-talks", &sandbox, &format!("listen = '{listen}'\n"));
    for (conversation, exits) in [
        ("rongcloud:group:general", 0),
        ("rongcloud:user:alice", 0),
        ("rongcloud:group:chatroom:lobby", 0),
        ("wecom:user:alice", 2),
    ] {
        let sent = here.mynah(&["send", "app", conversation, "你好"]);
        let problem = text(&sent.stderr);
        assert_eq!(exit(&sent), exits, "{conversation}: {problem}");
    }

    let mut listening = mynah()
        .current_dir(&here.0)
        .args(["listen", "app"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut events = BufReader::new(listening.stdout.take().unwrap());
    let control = format!("{}/control", sandbox.url);
    let delivery = json!({"route_url": format!("http://{listen}/")});
    put(&format!("{control}/rongcloud/delivery"), &delivery);
    let said = std::thread::spawn(move || say_until_heard(&control, "rongcloud", "user:bot"));
    let mut line = String::new();
    events.read_line(&mut line).unwrap();
    let event: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(event["fromUserId"], "alice");
    assert_eq!(event["content"], "{\"content\":\"good morning\"}");
    listening.kill().unwrap();
    listening.wait().unwrap();
    said.join().unwrap();

    let silent = Folder::with_rongcloud("rong-silent", &sandbox, "");
    assert_eq!(exit(&silent.mynah(&["listen"])), 3);
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
fn bearychat_is_sent_to_and_listened_to() {
    let sandbox = Server::start("sandbox");
    let here = Folder::with_bearychat("beary-talks", &sandbox);
    for (account, conversation, exits) in [
        ("bot", "bearychat:group:=bwAll", 0),
        // It is public, and joined.
        ("bot", "bearychat:group:=bwDev", 0),
        ("bot", "bearychat:user:=bw52O", 0),
        ("bot", "bearychat:user:=nobody", 5),
        ("robot", "bearychat:group:dev", 0),
        ("robot", "bearychat:user:alice", 0),
        ("bot", "wecom:user:alice", 2),
    ] {
        let sent = here.mynah(&["send", account, conversation, "你好"]);
        let problem = text(&sent.stderr);
        assert_eq!(exit(&sent), exits, "{account} {conversation}: {problem}");
        assert!(!problem.contains("sandbox-token"), "{problem}");
    }

    let mut listening = mynah()
        .current_dir(&here.0)
        .args(["listen", "bot"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut events = BufReader::new(listening.stdout.take().unwrap());
    let control = format!("{}/control", sandbox.url);
    let said = std::thread::spawn(move || say_until_heard(&control, "bearychat", "user:bot"));
    let mut line = String::new();
    events.read_line(&mut line).unwrap();
    let event: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(
        (&event["type"], &event["uid"]),
        (&json!("message"), &json!("=bw52O"))
    );
    assert_eq!(event["text"], "good morning");
    listening.kill().unwrap();
    listening.wait().unwrap();
    said.join().unwrap();

    let silent = here.mynah(&["listen", "robot"]);
    assert_eq!(exit(&silent), 3);
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
fn dingtalk_is_sent_to_and_listened_to() {
    let sandbox = Server::start("sandbox");
    let here = Folder::with_dingtalk("ding-talks", &sandbox);
    for (account, conversation, exits) in [
        ("app", "dingtalk:group:chatgeneral", 0),
        ("app", "dingtalk:user:alice", 0),
        ("app", "dingtalk:user:nobody", 5),
        ("app", "dingtalk:group:cidnowhere", 5),
        ("robot", "dingtalk:group:any", 0),
        ("robot", "dingtalk:user:alice", 1),
        ("app", "wecom:user:alice", 2),
    ] {
        let sent = here.mynah(&["send", account, conversation, "你好"]);
        let problem = text(&sent.stderr);
        assert_eq!(exit(&sent), exits, "{account} {conversation}: {problem}");
    }
    assert_eq!(exit(&here.mynah(&["listen", "robot"])), 3);

    let mut listening = mynah()
        .current_dir(&here.0)
        .args(["listen", "app"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut events = BufReader::new(listening.stdout.take().unwrap());
    let url = format!("{}/control", sandbox.url);
    let said = std::thread::spawn(move || say_until_heard(&url, "dingtalk", "user:bot"));
    let mut line = String::new();
    events.read_line(&mut line).unwrap();
    let frame: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(frame["headers"]["topic"], "/v1.0/im/bot/messages/get");
    let data: Value = serde_json::from_str(frame["data"].as_str().unwrap()).unwrap();
    assert_eq!(data["text"]["content"], "good morning");
    listening.kill().unwrap();
    listening.wait().unwrap();
    said.join().unwrap();

    let wrong = format!(
        "[[account]]\nplatform = 'dingtalk'\nclient_id = 'ding-sandbox'\n\
         client_secret = 'wrong'\napi = '{}/dingtalk'\n",
        sandbox.url
    );
    std::fs::write(here.0.join("mynah.toml"), wrong).unwrap();
    let refused = here.mynah(&["listen"]);
    assert_eq!(exit(&refused), 4, "{}", text(&refused.stderr));
}

#[test]
#[cfg(unix)]
fn dev_ends_when_told_to() {
    let mut dev = Server::start("dev");
    let id = dev.child.id().to_string();
    let told = Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert!(told.success());
    let patience = Instant::now() + Duration::from_secs(30);
    while dev.child.try_wait().unwrap().is_none() {
        assert!(Instant::now() < patience, "it did not end");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(dev.child.wait().unwrap().code(), Some(0));
}

#[test]
fn every_shell_gets_its_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let completions = mynah().args(["completion", shell]).output().unwrap();
        assert!(
            completions.status.success() && completions.stdout.len() > 500,
            "{shell}"
        );
    }
}
