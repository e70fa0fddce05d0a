//! The program as a user starts it, a sandbox for it, and settings for that.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

pub(crate) const TOKEN: &str = "sandbox-token";

pub(crate) fn mynah() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mynah"));
    for name in [
        "MYNAH_URL",
        "MYNAH_TOKEN",
        "MYNAH_ACCOUNT",
        "MYNAH_CONFIG",
        "MYNAH_LISTEN",
        "RUST_LOG",
    ] {
        command.env_remove(name);
    }
    command.current_dir(std::env::temp_dir());
    command
}

/// A server of the program, stopped when the test is over.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) url: String,
}

impl Server {
    pub(crate) fn start(what: &str) -> Self {
        Self::start_with(what, |_| {})
    }

    /// The same, of a command that is changed before.
    pub(crate) fn start_with(what: &str, change: impl FnOnce(&mut Command)) -> Self {
        let mut command = mynah();
        command
            .args([what, "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        change(&mut command);
        let mut child = command.spawn().unwrap();
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

    pub(crate) fn call(&self, arguments: &[&str]) -> Output {
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

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

pub(crate) fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

pub(crate) fn exit(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// A folder with a `mynah.toml`; gone with it.
pub(crate) struct Folder(pub(crate) std::path::PathBuf);

impl Folder {
    pub(crate) fn with(name: &str, accounts: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("mynah-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("mynah.toml"), accounts).unwrap();
        Self(folder)
    }

    /// All that DingTalk has.
    pub(crate) fn with_dingtalk(name: &str, sandbox: &Server) -> Self {
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
    pub(crate) fn with_rongcloud(name: &str, sandbox: &Server, listen: &str) -> Self {
        let accounts = format!(
            "[[account]]\nname = 'app'\nplatform = 'rongcloud'\napp_key = 'rc-sandbox'\n\
             app_secret = 'sandbox-secret'\napi = '{}/rongcloud'\n{listen}",
            sandbox.url
        );
        Self::with(name, &accounts)
    }

    /// All that BearyChat has.
    pub(crate) fn with_bearychat(name: &str, sandbox: &Server) -> Self {
        let api = format!("api = '{}/bearychat'\n", sandbox.url);
        let accounts = format!(
            "[[account]]\nname = 'bot'\nplatform = 'bearychat'\ntoken = 'sandbox-token'\n{api}\
             [[account]]\nname = 'robot'\nplatform = 'bearychat'\n\
             hook = '/=bwTeam/incoming/sandbox-hook'\n{api}"
        );
        Self::with(name, &accounts)
    }

    /// All that WeCom has.
    pub(crate) fn with_wecom(name: &str, sandbox: &Server) -> Self {
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

    pub(crate) fn mynah(&self, arguments: &[&str]) -> Output {
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

/// The bot may not be connected yet, and what it does not hear is gone.
pub(crate) fn say_until_heard(control: &str, platform: &str, to: &str) {
    let said = json!({"platform": platform, "from": "alice", "to": to, "text": "good morning"});
    for _ in 0..40 {
        request(&format!("{control}/say"), &said);
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Asks the control API, with a body or, where that is null, with none.
pub(crate) fn request(url: &str, body: &Value) -> String {
    match body {
        Value::Null => exchange("GET", url, ""),
        body => exchange("POST", url, &body.to_string()),
    }
}

/// An address that nobody listens on at the moment.
pub(crate) fn free_address() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

pub(crate) fn put(url: &str, body: &Value) {
    let answer = exchange("PUT", url, &body.to_string());
    assert!(answer.starts_with("HTTP/1.1 2"), "{answer}");
}

pub(crate) fn exchange(method: &str, url: &str, body: &str) -> String {
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

/// Says something until the bot of `mynah dev` answers where it is seen.
pub(crate) fn is_answered(
    dev: &Server,
    platform: &str,
    (from, to, text): (&str, &str, &str),
    seen_as: &str,
) {
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
