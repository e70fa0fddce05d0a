//! `mynah run` with ten accounts on five platforms, handlers by HTTP, WebSocket and stdio, and two
//! accounts that cannot work.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{self, Message};

use crate::harness::{Folder, Server, TOKEN, free_address, mynah, put, request};

/// What HTTP posts are signed with.
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLwSw";

/// The handler that `mynah run` starts. It says which process it is.
const PROGRAM: &str = r#"
import json, os, sys, time

for line in sys.stdin:
    event = json.loads(line)
    text = event.get("text", "")
    if text == "/pid":
        answer = f"stdio: {os.getpid()}"
    else:
        if text == "/slow":
            time.sleep(2)
        meant = event["type"] == "message" and event.get("to_bot")
        answer = f"stdio: {text}" if meant else None
    print(json.dumps({"id": event["id"], "answer": answer}), flush=True)
"#;

/// Where alice talks to the bot, and which handlers answer her there.
const CHATS: [(&str, &str, &str, &str, &[&str]); 9] = [
    // Two accounts are one bot there.
    ("onebot", "user:bot", "user:10001", "", &["http", "stdio"]),
    ("wecom", "user:1000002", "user:alice", "", &["http"]),
    ("wecom", "user:aib-sandbox", "bot:alice", "", &["ws"]),
    ("wecom", "group:general", "group:general", "@bot ", &["ws"]),
    ("dingtalk", "user:bot", "user:alice", "", &["ws"]),
    (
        "dingtalk",
        "group:chatgeneral",
        "group:chatgeneral",
        "@bot ",
        &["ws"],
    ),
    ("rongcloud", "user:bot", "user:alice", "", &["stdio"]),
    ("bearychat", "user:bot", "user:=bw52O", "", &["stdio"]),
    (
        "bearychat",
        "group:=bwAll",
        "group:=bwAll",
        "!robot ",
        &["http"],
    ),
];

/// The sandbox, and where its platforms deliver what is posted.
struct Worlds {
    sandbox: Server,
    onebot: String,
    wecom: String,
    rongcloud: String,
    bearychat: String,
}

impl Worlds {
    fn open() -> Self {
        let worlds = Self {
            sandbox: Server::start("sandbox"),
            onebot: free_address(),
            wecom: free_address(),
            rongcloud: free_address(),
            bearychat: free_address(),
        };
        let at = |address: &str| format!("http://{address}/");
        let onebot = json!({"post_url": at(&worlds.onebot), "post_secret": "sandbox-secret"});
        for (platform, delivery) in [
            ("onebot", onebot),
            ("wecom", json!({"callback_url": at(&worlds.wecom)})),
            ("rongcloud", json!({"route_url": at(&worlds.rongcloud)})),
            ("bearychat", json!({"outgoing_url": at(&worlds.bearychat)})),
        ] {
            put(&worlds.control(&format!("{platform}/delivery")), &delivery);
        }
        worlds
    }

    fn control(&self, path: &str) -> String {
        format!("{}/control/{path}", self.sandbox.url)
    }

    fn say(&self, platform: &str, to: &str, text: &str) {
        let said = json!({"platform": platform, "from": "alice", "to": to, "text": text});
        let answer = request(&self.control("say"), &said);
        assert!(answer.starts_with("HTTP/1.1 2"), "{answer}");
    }

    /// What the bot has said there.
    fn heard(&self, platform: &str, conversation: &str) -> Vec<String> {
        let path = format!("messages?platform={platform}&conversation={conversation}");
        let answer = request(&self.control(&path), &Value::Null);
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        let page: Value = serde_json::from_str(body).unwrap();
        let messages = page["messages"].as_array().unwrap().iter();
        let of_bot = messages.filter(|one| one["from"]["bot"] == true && one["kind"] == "message");
        let text = |message: &Value| message["parts"][0]["text"].as_str().unwrap().to_owned();
        of_bot.map(text).collect()
    }

    /// Waits until the bot has said so many things there.
    fn hears(&self, platform: &str, conversation: &str, count: usize) -> Vec<String> {
        let patience = Instant::now() + Duration::from_secs(20);
        while Instant::now() < patience && self.heard(platform, conversation).len() < count {
            std::thread::sleep(Duration::from_millis(20));
        }
        // A little longer, in case it says too much.
        std::thread::sleep(Duration::from_millis(100));
        self.heard(platform, conversation)
    }

    /// Ten accounts that work, and two that do not.
    fn accounts(&self, taken: &str) -> String {
        let address = self.sandbox.url.strip_prefix("http://").unwrap();
        let Self {
            onebot,
            wecom,
            rongcloud,
            bearychat,
            ..
        } = self;
        let accounts = [
            format!(
                "'qq'\nplatform = 'onebot'\nconnect = 'ws://{address}/onebot'\naccess_token = '{TOKEN}'"
            ),
            format!(
                "'qq-post'\nplatform = 'onebot'\nlisten = '{onebot}'\nsecret = 'sandbox-secret'\napi = 'http://{address}/onebot'\naccess_token = '{TOKEN}'"
            ),
            format!(
                "'app'\nplatform = 'wecom'\ncorpid = 'ww-sandbox'\ncorpsecret = 'sandbox-secret'\nagentid = 1000002\napi = 'http://{address}/wecom'\nlisten = '{wecom}'\ntoken = 'MynahToken123'\nencoding_aes_key = 'TXluYWgtc2FuZGJveC1lbmNvZGluZy1hZXMta2V5ISE'"
            ),
            format!(
                "'bot'\nplatform = 'wecom'\nbot_id = 'aib-sandbox'\nbot_secret = 'sandbox-secret'\nconnect = 'ws://{address}/wecom/openws'"
            ),
            format!(
                "'robot'\nplatform = 'wecom'\nwebhook_key = 'sandbox-webhook-key'\napi = 'http://{address}/wecom'"
            ),
            format!(
                "'ding'\nplatform = 'dingtalk'\nclient_id = 'ding-sandbox'\nclient_secret = 'sandbox-secret'\nagent_id = 100001\napi = 'http://{address}/dingtalk'"
            ),
            format!(
                "'ding-robot'\nplatform = 'dingtalk'\naccess_token = 'robot-sandbox'\nsecret = 'SECsandbox'\napi = 'http://{address}/dingtalk'"
            ),
            format!(
                "'rong'\nplatform = 'rongcloud'\napp_key = 'rc-sandbox'\napp_secret = 'sandbox-secret'\nlisten = '{rongcloud}'\napi = 'http://{address}/rongcloud'"
            ),
            format!(
                "'beary'\nplatform = 'bearychat'\ntoken = '{TOKEN}'\napi = 'http://{address}/bearychat'"
            ),
            format!(
                "'called'\nplatform = 'bearychat'\noutgoing_token = 'sandbox-outgoing'\nlisten = '{bearychat}'"
            ),
            format!(
                "'refused'\nplatform = 'bearychat'\ntoken = 'wrong'\napi = 'http://{address}/bearychat'"
            ),
            format!("'taken'\nplatform = 'onebot'\nlisten = '{taken}'"),
        ];
        let accounts = accounts.map(|account| format!("[[account]]\nname = {account}\n"));
        accounts.concat()
    }
}

/// `mynah run` at work.
struct Run {
    child: Child,
    folder: Folder,
}

impl Run {
    fn start(name: &str, config: &str, program: &str) -> Self {
        let folder = Folder::with(name, config);
        std::fs::write(folder.0.join("handler.py"), program).unwrap();
        let log = std::fs::File::create(folder.0.join("log")).unwrap();
        let child = mynah()
            .current_dir(&folder.0)
            .arg("run")
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        Self { child, folder }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.0.join("log")).unwrap()
    }

    /// Tells it to stop; how long it took to.
    fn stop(&mut self) -> Duration {
        let began = Instant::now();
        let id = self.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status().unwrap();
        assert!(told.success());
        while self.child.try_wait().unwrap().is_none() {
            assert!(began.elapsed() < Duration::from_secs(30), "it does not end");
            std::thread::sleep(Duration::from_millis(10));
        }
        began.elapsed()
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn ten_accounts_are_answered_by_their_handlers_and_broken_ones_disturb_nobody() {
    let worlds = Worlds::open();
    let (http, signed) = answers_posts();
    let socket = answers_over_a_socket();
    let occupied = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = occupied.local_addr().unwrap().to_string();
    let handlers = format!(
        "[[handler]]\nname = 'posts'\nhttp = 'http://{http}/events'\nsecret = '{SECRET}'\n\
         accounts = ['qq', 'app', 'robot', 'called', 'refused']\n\
         [[handler]]\nname = 'socket'\nwebsocket = 'ws://{socket}/'\naccounts = ['bot', 'ding', 'ding-robot']\n\
         [[handler]]\nname = 'program'\ncommand = ['python3', 'handler.py']\n"
    );
    let config = worlds.accounts(&taken) + &handlers;
    let mut run = Run::start("ten-accounts", &config, PROGRAM);

    is_connected(&worlds, &run);
    for (platform, to, seen_as, before, handlers) in CHATS {
        let already = worlds.heard(platform, seen_as).len();
        worlds.say(platform, to, &format!("{before}good morning"));
        let heard = worlds.hears(platform, seen_as, already + handlers.len());
        let mut heard = heard[already..].to_vec();
        heard.sort();
        let expected: Vec<_> = handlers
            .iter()
            .map(|name| format!("{name}: good morning"))
            .collect();
        assert_eq!(heard, expected, "{platform} {seen_as}\n{}", run.log());
    }
    assert!(
        signed.try_iter().all(|signed| signed),
        "not every post is signed"
    );
    for name in ["refused", "taken"] {
        assert!(run.log().contains(name), "nothing is said about {name}");
    }

    // Whoever is at work when it is told to stop still answers.
    let seen_as = "user:alice";
    let before = worlds.heard("rongcloud", seen_as).len();
    worlds.say("rongcloud", "user:bot", "/pid");
    let heard = worlds.hears("rongcloud", seen_as, before + 1);
    let program = PathBuf::from("/proc").join(heard[before].strip_prefix("stdio: ").unwrap());
    worlds.say("rongcloud", "user:bot", "/slow");
    std::thread::sleep(Duration::from_millis(500));
    let took = run.stop();
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert_eq!(run.child.wait().unwrap().code(), Some(0), "{}", run.log());
    let heard = worlds.heard("rongcloud", seen_as);
    assert_eq!(heard[before + 1..], ["stdio: /slow"], "{}", run.log());
    assert!(!is_alive(&program), "the program is still there");
}

/// Nothing that does not answer keeps it from ending.
#[test]
fn it_ends_within_ten_seconds_although_a_handler_hangs() {
    let worlds = Worlds::open();
    let occupied = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = occupied.local_addr().unwrap().to_string();
    let handler =
        "[[handler]]\nname = 'program'\ncommand = ['python3', 'handler.py']\ntimeout_s = 60\n";
    let config = worlds.accounts(&taken) + handler;
    let hangs = PROGRAM.replace("time.sleep(2)", "time.sleep(60)");
    let mut run = Run::start("hanging", &config, &hangs);
    is_connected(&worlds, &run);
    worlds.say("rongcloud", "user:bot", "/slow");
    std::thread::sleep(Duration::from_millis(500));
    let took = run.stop();
    assert!(took < Duration::from_secs(10), "{took:?}");
}

/// A zombie is dead.
fn is_alive(process: &Path) -> bool {
    let status = std::fs::read_to_string(process.join("status")).unwrap_or_default();
    !status.is_empty() && !status.contains("State:\tZ")
}

/// Waits until all the sockets are open and all the addresses are listened on.
fn is_connected(worlds: &Worlds, run: &Run) {
    let patience = Instant::now() + Duration::from_secs(20);
    let signs = [
        ("onebot", "lifecycle"),
        ("wecom", "aibot_subscribe"),
        ("dingtalk", "connect stream"),
        ("bearychat", "p2p.list"),
    ];
    let all_open = || {
        let sockets = signs.iter().all(|(platform, sign)| {
            let journal = format!("journal?platform={platform}&limit=1000");
            request(&worlds.control(&journal), &Value::Null).contains(sign)
        });
        let addresses = [
            &worlds.onebot,
            &worlds.wecom,
            &worlds.rongcloud,
            &worlds.bearychat,
        ];
        sockets
            && addresses
                .iter()
                .all(|address| TcpStream::connect(address).is_ok())
    };
    while !all_open() {
        assert!(
            Instant::now() < patience,
            "not all of them are connected\n{}",
            run.log()
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A handler that is posted to: where it is, and of each post whether it was signed.
fn answers_posts() -> (String, mpsc::Receiver<bool>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (seen, signed) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let seen = seen.clone();
            std::thread::spawn(move || answer_posts(stream, &seen));
        }
    });
    (address, signed)
}

fn answer_posts(stream: TcpStream, seen: &mpsc::Sender<bool>) -> std::io::Result<()> {
    let mut answers = stream.try_clone()?;
    let mut posts = BufReader::new(stream);
    loop {
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            if posts.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let line = line.trim_end().to_lowercase();
            if line.is_empty() {
                break;
            }
            head.push(line);
        }
        let header = |name: &str| {
            let found = head.iter().find_map(|line| line.strip_prefix(name));
            found.map(str::trim).unwrap_or_default().to_owned()
        };
        let mut body = vec![0; header("content-length:").parse().unwrap_or(0)];
        posts.read_exact(&mut body)?;
        let is_signed = header("webhook-signature:").starts_with("v1,")
            && !header("webhook-id:").is_empty()
            && header("webhook-timestamp:").parse::<u64>().is_ok();
        let _ = seen.send(is_signed);
        let event: Value = serde_json::from_slice(&body).unwrap_or_default();
        let answer = answer("http", &event).to_string();
        let length = answer.len();
        write!(
            answers,
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{answer}"
        )?;
    }
}

/// A handler that a socket is opened to.
fn answers_over_a_socket() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer_frames(stream));
        }
    });
    address
}

fn answer_frames(stream: TcpStream) -> Option<()> {
    let mut socket = tungstenite::accept(stream).ok()?;
    loop {
        if let Message::Text(text) = socket.read().ok()? {
            let event: Value = serde_json::from_str(&text).ok()?;
            let answer = json!({"id": event["id"], "answer": answer("ws", &event)});
            socket.send(Message::text(answer.to_string())).ok()?;
        }
    }
}

/// What is not meant for the bot is not answered.
fn answer(name: &str, event: &Value) -> Value {
    match event["text"].as_str() {
        Some(text) if event["type"] == "message" && event["to_bot"] == true => {
            json!(format!("{name}: {text}"))
        }
        _ => Value::Null,
    }
}
