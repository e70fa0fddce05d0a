//! `mynah doctor`: one test for each mistake it has to find.

mod callback;
mod credential;
mod healthy;
mod settings;
mod socket;
mod stub;
mod way;

use std::process::Command;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use mynah_sandbox::Sandbox;
use serde_json::Value;

/// A sandbox for all tests that leave it as it is; it ends with them.
static SANDBOX: LazyLock<String> = LazyLock::new(|| {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async move {
            let running = Sandbox::builder()
                .listen("127.0.0.1:0".parse().unwrap())
                .start()
                .await
                .unwrap();
            tell.send(running.url()).unwrap();
            std::future::pending::<()>().await;
        });
    });
    told.recv().unwrap()
});

/// The address of a world of the sandbox.
fn world(name: &str) -> String {
    format!("{}/{name}", *SANDBOX)
}

/// What the doctor told.
#[derive(Debug)]
struct Told {
    exit: i32,
    findings: Vec<Value>,
    stdout: String,
}

impl Told {
    /// The codes of what was found, notes left out.
    fn codes(&self) -> Vec<&str> {
        let grave = self.findings.iter().filter(|it| it["severity"] != "note");
        grave.map(|it| it["code"].as_str().unwrap()).collect()
    }

    /// The only thing that was found; it ends the command so.
    #[track_caller]
    fn only(&self, code: &str, exit: i32) -> &Value {
        assert_eq!(self.codes(), [code], "{self:#?}");
        assert_eq!(self.exit, exit, "{self:#?}");
        let found = self.findings.iter().find(|it| it["code"] == code);
        let found = found.unwrap();
        for words in ["seen", "cause", "fix"] {
            assert!(found[words].is_string(), "{code} has no {words}");
        }
        found
    }
}

/// Has the doctor look at the accounts of a file.
fn doctor(accounts: &str, arguments: &[&str]) -> Told {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("mynah-doctor-{}-{count}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("mynah.toml"), accounts).unwrap();
    let mut command = program();
    command.current_dir(&folder).args(arguments);
    let told = run(command);
    std::fs::remove_dir_all(&folder).unwrap();
    told
}

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mynah"));
    for name in [
        "MYNAH_URL",
        "MYNAH_TOKEN",
        "MYNAH_CONFIG",
        "RUST_LOG",
        "HTTPS_PROXY",
        "ALL_PROXY",
    ] {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C").args(["doctor", "-o", "json"]);
    command
}

fn run(mut command: Command) -> Told {
    let output = command.output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    let told: Value = serde_json::from_str(&stdout).unwrap_or_else(|_| panic!("{stdout}{stderr}"));
    let accounts = told["accounts"].as_array().unwrap();
    let findings = accounts
        .iter()
        .flat_map(|it| it["findings"].as_array().unwrap());
    Told {
        exit: output.status.code().unwrap(),
        findings: findings.cloned().collect(),
        stdout,
    }
}

/// WeCom's application of the sandbox, with other keys or more of them.
fn wecom(keys: &str) -> String {
    let usual = [
        ("corpid", "'ww-sandbox'".to_owned()),
        ("corpsecret", "'sandbox-secret'".to_owned()),
        ("agentid", "1000002".to_owned()),
        ("api", format!("'{}'", world("wecom"))),
    ];
    let head = "[[account]]\nname = 'app'\nplatform = 'wecom'".to_owned();
    let rest = usual
        .into_iter()
        .filter(|(key, _)| !keys.contains(&format!("{key} =")));
    let rest = rest.map(|(key, value)| format!("{key} = {value}"));
    let lines: Vec<_> = [head, keys.to_owned()].into_iter().chain(rest).collect();
    lines.join("\n") + "\n"
}

/// An account of a platform with these keys.
fn account(platform: &str, keys: &str) -> String {
    format!("[[account]]\nname = 'it'\nplatform = '{platform}'\n{keys}\n")
}

/// The same, in the sandbox.
fn sandboxed(platform: &str, keys: &str) -> String {
    account(platform, &format!("{keys}\napi = '{}'", world(platform)))
}
