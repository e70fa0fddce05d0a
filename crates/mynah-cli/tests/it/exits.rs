//! The exit codes, by which scripts tell what went wrong.

use std::io::Read;
use std::net::TcpListener;
use std::time::Duration;

use crate::harness::{Folder, Server, exit, free_address, mynah, text};

/// A server that takes calls and says nothing.
fn silent() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let mut request = [0; 1024];
        let _ = socket.read(&mut request);
        std::thread::sleep(Duration::from_secs(5));
    });
    format!("http://{address}")
}

#[test]
fn each_exit_code_means_one_thing_and_the_next_step_is_said() {
    let sandbox = Server::start("sandbox");
    let url = format!("{}/onebot", sandbox.url);
    let nobody = format!("http://{}", free_address());
    let silent = silent();
    let call = |url: &str, token: &str, arguments: &[&str]| {
        let mut command = mynah();
        command.args(["call", "--url", url, "--token", token, "onebot"]);
        command.args(arguments).output().unwrap()
    };
    let say = ["send_group_msg", "group_id=20001", "message=hi"];
    let mut without = mynah();
    without.args([
        "call",
        "--config",
        "/no/such/mynah.toml",
        "onebot",
        "get_status",
    ]);
    for (ended, code, words) in [
        (call(&url, "sandbox-token", &["get_status"]), 0, ""),
        (
            call(
                &url,
                "sandbox-token",
                &["get_status", "-o", "/no/such/folder/x"],
            ),
            1,
            "/no/such/folder/x",
        ),
        (
            call(&url, "sandbox-token", &["get_statsu"]),
            2,
            "did you mean",
        ),
        (
            call(&url, "sandbox-token", &["send_group_msg"]),
            2,
            "`mynah call onebot send_group_msg --help`",
        ),
        (without.output().unwrap(), 3, "--url URL"),
        (call(&url, "wrong", &["get_status"]), 4, "`mynah doctor`"),
        (
            call(&url, "sandbox-token", &["get_msg", "message_id=1"]),
            5,
            "`mynah explain onebot ",
        ),
        (call(&nobody, "x", &say), 6, "nothing was sent"),
        (
            call(&silent, "x", &[&say[..], &["--timeout", "1"]].concat()),
            7,
            "look before you send it again",
        ),
    ] {
        let problem = text(&ended.stderr);
        assert_eq!(exit(&ended), code, "{words}: {problem}");
        assert!(problem.contains(words), "{code}: {problem}");
        assert_eq!(ended.stdout.is_empty(), code != 0);
    }
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
