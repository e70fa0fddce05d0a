//! The bot of the README, unchanged, on all five platforms.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::everywhere::{Everywhere, chats};
use crate::world::{TOKEN, free_port};

/// The program that the README shows, which `cargo test` builds.
fn program() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let folder = tests.parent().and_then(Path::parent).unwrap();
    let program = folder.join("examples/bot");
    if !program.exists() {
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--package", "mynah", "--example", "bot"]);
        assert!(build.status().unwrap().success());
    }
    program
}

/// The accounts in `mynah.toml`, as the README has them.
fn accounts(sandbox: SocketAddr, application: SocketAddr, route: SocketAddr) -> String {
    format!(
        "[[account]]\n\
         name = 'qq'\n\
         platform = 'onebot'\n\
         connect = 'ws://{sandbox}/onebot/'\n\
         api = 'http://{sandbox}/onebot'\n\
         access_token = '{TOKEN}'\n\
         [[account]]\n\
         name = 'app'\n\
         platform = 'wecom'\n\
         corpid = 'ww-sandbox'\n\
         corpsecret = 'sandbox-secret'\n\
         agentid = 1000002\n\
         api = 'http://{sandbox}/wecom'\n\
         listen = '{application}'\n\
         token = 'MynahToken123'\n\
         encoding_aes_key = 'TXluYWgtc2FuZGJveC1lbmNvZGluZy1hZXMta2V5ISE'\n\
         [[account]]\n\
         name = 'bot'\n\
         platform = 'wecom'\n\
         bot_id = 'aib-sandbox'\n\
         bot_secret = 'sandbox-secret'\n\
         connect = 'ws://{sandbox}/wecom/openws'\n\
         [[account]]\n\
         name = 'ding'\n\
         platform = 'dingtalk'\n\
         client_id = 'ding-sandbox'\n\
         client_secret = 'sandbox-secret'\n\
         api = 'http://{sandbox}/dingtalk'\n\
         [[account]]\n\
         name = 'rong'\n\
         platform = 'rongcloud'\n\
         app_key = 'rc-sandbox'\n\
         app_secret = 'sandbox-secret'\n\
         api = 'http://{sandbox}/rongcloud'\n\
         listen = '{route}'\n\
         [[account]]\n\
         name = 'beary'\n\
         platform = 'bearychat'\n\
         token = '{TOKEN}'\n\
         api = 'http://{sandbox}/bearychat'\n"
    )
}

/// A program at work in its folder; gone with it.
struct Program {
    child: Child,
    folder: PathBuf,
}

impl Program {
    fn start(accounts: &str) -> Self {
        let name = format!("mynah-readme-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("mynah.toml"), accounts).unwrap();
        std::fs::write(folder.join("rota.toml"), "people = ['carol']\n").unwrap();
        let mut command = Command::new(program());
        command.current_dir(&folder).stdout(Stdio::null());
        let child = command.spawn().unwrap();
        Self { child, folder }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_bot_of_the_readme_talks_on_all_five_platforms() {
    let everywhere = Everywhere::empty().await;
    let (application, route) = (free_port(), free_port());
    let accounts = accounts(everywhere.onebot.sandbox.addr, application, route);
    let program = Program::start(&accounts);
    everywhere.connected(application, route).await;
    for world in everywhere.worlds() {
        for chat in chats(world.platform()) {
            for text in ["/ping", "/roll 1", "今天谁值班？", "/roll one"] {
                chat.say(world, "alice", text).await;
            }
            let heard = world.hears(chat.seen_as, 4).await;
            let expected = ["pong", "🎲 1", "今天值班：carol"];
            assert_eq!(heard[..3], expected, "{chat:?}");
            // An argument that cannot be read is answered to whoever sent it.
            let [refused] = &heard[3..] else {
                panic!("{chat:?}: {heard:?}")
            };
            assert!(refused.contains("/roll"), "{chat:?}: {refused}");
        }
    }
    drop(program);
    everywhere.close().await;
}
