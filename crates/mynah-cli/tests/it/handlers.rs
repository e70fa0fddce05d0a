//! The handlers of `examples/handlers`, asked by `mynah run`, and what it says of a file that is
//! wrong.
#![cfg(unix)]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{Folder, Server, TOKEN, exit, mynah, request, text};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Stopped when the test is over.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn example(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.join("examples/handlers").join(name)
}

/// An example that listens, and where.
fn listening(name: &str) -> (Running, String) {
    let mut child = Command::new("python3")
        .arg(example(name))
        .arg("0")
        .env("HANDLER_SECRET", SECRET)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut line).unwrap();
    let url = line.trim().strip_prefix("listening on ").unwrap();
    (Running(child), url.to_owned())
}

/// A world with one account, whose handler is this.
struct World {
    sandbox: Server,
    folder: Folder,
    bot: Running,
}

impl World {
    fn with(name: &str, handler: &str) -> Self {
        let sandbox = Server::start("sandbox");
        let socket = sandbox.url.replace("http://", "ws://");
        let folder = Folder::with(
            name,
            &format!(
                "[[account]]\nname = 'qq'\nplatform = 'onebot'\nconnect = '{socket}/onebot'\n\
                 access_token = '{TOKEN}'\n[[handler]]\nname = 'example'\n{handler}\n"
            ),
        );
        let bot = mynah()
            .args(["run", "--config"])
            .arg(folder.0.join("mynah.toml"))
            .env("HANDLER_SECRET", SECRET)
            .spawn()
            .unwrap();
        Self {
            sandbox,
            folder,
            bot: Running(bot),
        }
    }

    /// Says something to the bot, again until it answers: it may not be connected yet.
    fn is_answered(&self, said: &str, expected: &str) {
        let control = format!("{}/control", self.sandbox.url);
        let said = json!({"platform": "onebot", "from": "alice", "to": "user:bot", "text": said});
        let messages = format!("{control}/messages?platform=onebot&conversation=user:10001");
        let patience = Instant::now() + Duration::from_secs(20);
        let mut asked = Instant::now();
        request(&format!("{control}/say"), &said);
        while !request(&messages, &Value::Null).contains(expected) {
            assert!(Instant::now() < patience, "{expected} is never heard");
            if asked.elapsed() > Duration::from_secs(3) {
                asked = Instant::now();
                request(&format!("{control}/say"), &said);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Has the bot end as a service manager would; tells how long it took.
    fn stop(mut self) -> Duration {
        let id = self.bot.0.id().to_string();
        let told = Instant::now();
        let status = Command::new("kill").args(["-TERM", &id]).status().unwrap();
        assert!(status.success());
        assert_eq!(self.bot.0.wait().unwrap().code(), Some(0));
        assert!(self.folder.0.exists());
        told.elapsed()
    }
}

#[test]
fn the_example_by_signed_http_answers() {
    let (_handler, url) = listening("webhook.py");
    let handler = format!("http = '{url}events'\nsecret = 'env:HANDLER_SECRET'");
    let world = World::with("webhook", &handler);
    world.is_answered("/ping", "pong from Python");
    assert!(world.stop() < Duration::from_secs(10));
}

#[test]
fn the_example_over_a_websocket_answers() {
    let (_handler, url) = listening("websocket.py");
    let world = World::with("websocket", &format!("websocket = '{url}'"));
    world.is_answered("/ping", "pong over a socket");
    assert!(world.stop() < Duration::from_secs(10));
}

#[test]
fn the_examples_through_standard_input_answer() {
    let program = example("stdio.py");
    let command = format!("command = ['python3', '{}']", program.display());
    let world = World::with("python", &command);
    world.is_answered("/ping", "pong from Python");
    assert!(world.stop() < Duration::from_secs(10));
    if Command::new("node").arg("--version").output().is_err() {
        eprintln!("node is not installed: its example is not tried");
        return;
    }
    let program = example("stdio.js");
    let command = format!("command = ['node', '{}']", program.display());
    let world = World::with("node", &command);
    world.is_answered("/crash", "/crash");
    world.is_answered("/ping", "pong from Node.js");
    // The message is there, and then taken back by the answer to its receipt.
    world.is_answered("/secret", "\"recalled\":{");
    assert!(world.stop() < Duration::from_secs(10));
}

#[test]
fn what_is_wrong_with_a_file_is_told_before_anything_is_connected() {
    let account = "[[account]]\nplatform = 'onebot'\nconnect = 'ws://127.0.0.1:1/'\n";
    for (rest, problem) in [
        ("acces_token = 'x'", "mynah.toml:4: unknown field"),
        (
            "access_token = 'env:MYNAH_NO_SUCH_VARIABLE'",
            "mynah.toml:4: account onebot: access_token: ",
        ),
        (
            "[[handler]]\nname = 'x'\nhttp = 'http://h/'\nsecret = 'hush'",
            "mynah.toml:7: handler x: secret: ",
        ),
        (
            account,
            "mynah.toml:4: account 2: the name `onebot` is taken",
        ),
    ] {
        let here = Folder::with("wrong", &format!("{account}{rest}\n"));
        let refused = here.mynah(&["run"]);
        let told = text(&refused.stderr);
        assert!(exit(&refused) == 3 && told.contains(problem), "{told}");
        assert!(!told.contains("hush"), "{told}");
    }
}
