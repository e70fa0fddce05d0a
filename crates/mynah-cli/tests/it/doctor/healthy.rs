//! Accounts with which nothing is wrong.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{account, doctor, sandboxed, wecom, world};

/// Every kind of account that there is in the worlds of the sandbox.
fn all() -> String {
    let socket = world("").replace("http", "ws");
    let mut accounts = wecom("");
    for (name, table) in [
        (
            "robot",
            sandboxed("wecom", "webhook_key = 'sandbox-webhook-key'"),
        ),
        (
            "aibot",
            account(
                "wecom",
                &format!(
                    "bot_id = 'aib-sandbox'\nbot_secret = 'sandbox-secret'\n\
                     connect = '{socket}wecom/openws'"
                ),
            ),
        ),
        (
            "stream",
            sandboxed(
                "dingtalk",
                "client_id = 'ding-sandbox'\nclient_secret = 'sandbox-secret'",
            ),
        ),
        (
            "custom",
            sandboxed(
                "dingtalk",
                "access_token = 'robot-sandbox'\nsecret = 'SECsandbox'",
            ),
        ),
        (
            "rong",
            sandboxed(
                "rongcloud",
                "app_key = 'rc-sandbox'\napp_secret = 'sandbox-secret'",
            ),
        ),
        ("hubot", sandboxed("bearychat", "token = 'sandbox-token'")),
        (
            "hook",
            sandboxed("bearychat", "hook = '/=bwTeam/incoming/sandbox-hook'"),
        ),
        (
            "qq",
            sandboxed(
                "onebot",
                &format!("access_token = 'sandbox-token'\nconnect = '{socket}onebot'"),
            ),
        ),
    ] {
        accounts += &table.replace("'it'", &format!("'{name}'"));
    }
    accounts
}

#[test]
fn all_accounts_of_all_worlds_are_well() {
    let told = doctor(&all(), &[]);
    assert_eq!(told.findings, [], "{told:#?}");
    assert_eq!(told.exit, 0);
    for name in [
        "app", "aibot", "stream", "custom", "rong", "hubot", "hook", "qq",
    ] {
        assert!(
            told.stdout.contains(&format!("\"account\":\"{name}\"")),
            "{name}"
        );
    }
}

#[test]
fn an_intelligent_bot_is_let_in() {
    let socket = world("wecom").replace("http", "ws");
    let keys = format!(
        "bot_id = 'aib-sandbox'\nbot_secret = 'sandbox-secret'\nconnect = '{socket}/openws'"
    );
    let told = doctor(&account("wecom", &keys), &["--take-over"]);
    assert_eq!(told.findings, [], "{told:#?}");
}

/// A program that hears for an account; ended with the test.
struct Listening(Child);

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Has `mynah listen` hear for an account, and the doctor play the platform against it.
fn heard(platform: &str, keys: &str) {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let keys = format!("{keys}\nlisten = '{address}'");
    let table = sandboxed(platform, &keys);
    let file = std::env::temp_dir().join(format!(
        "mynah-heard-{}-{}",
        std::process::id(),
        address.port()
    ));
    std::fs::write(&file, &table).unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_mynah"))
        .args(["listen", "it", "--config"])
        .arg(&file)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let listening = Listening(child);
    let until = Instant::now() + Duration::from_secs(20);
    while std::net::TcpStream::connect(address).is_err() {
        assert!(Instant::now() < until, "{platform} does not listen");
        std::thread::sleep(Duration::from_millis(20));
    }
    let told = doctor(&table, &["--callback", &format!("http://{address}/")]);
    drop(listening);
    std::fs::remove_file(&file).unwrap();
    assert_eq!(told.codes(), [""; 0], "{told:#?}");
    assert_eq!(told.exit, 0);
    assert!(told.stdout.contains("forgeries"), "{}", told.stdout);
}

const CALLBACK: &str = "token = 'MynahToken123'\n";
const KEY: &str = "TXluYWgtc2FuZGJveC1lbmNvZGluZy1hZXMta2V5ISE";

#[test]
fn our_own_receiver_of_wecom_passes() {
    let keys = format!(
        "corpid = 'ww-sandbox'\ncorpsecret = 'sandbox-secret'\nagentid = 1000002\n{CALLBACK}\
         encoding_aes_key = '{KEY}'"
    );
    heard("wecom", &keys);
}

#[test]
fn our_own_receiver_of_dingtalk_passes() {
    let keys = format!(
        "client_id = 'ding-sandbox'\nclient_secret = 'sandbox-secret'\n{CALLBACK}aes_key = '{KEY}'"
    );
    heard("dingtalk", &keys);
}

#[test]
fn our_own_receiver_of_rongcloud_passes() {
    heard(
        "rongcloud",
        "app_key = 'rc-sandbox'\napp_secret = 'sandbox-secret'",
    );
}

#[test]
fn our_own_receivers_of_bearychat_pass() {
    heard("bearychat", "token = 'sandbox-token'");
    heard(
        "bearychat",
        "outgoing_token = 't'\nhook = '/=bwTeam/incoming/sandbox-hook'",
    );
}

#[test]
fn our_own_receiver_of_onebot_passes() {
    heard(
        "onebot",
        "access_token = 'sandbox-token'\nsecret = 'sandbox-secret'",
    );
}
