//! A conversation that was held in the sandbox becomes a test, and the test
//! holds it again. `recorded.rs` is that test, word by word as the sandbox
//! writes it.

#[rustfmt::skip]
mod recorded;

use std::time::Duration;

use mynah::bot::{Account, AccountKind, Bot, Config, OneBotAccount, Secret};
use mynah::core::HttpRequest;
use mynah_sandbox::Running;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::talk;
use crate::world::{TOKEN, World};

const GROUP: &str = "group:20001";

/// Connects the bot that is tested, for as long as what it returns is there.
async fn bot_in(sandbox: &Running) -> oneshot::Sender<()> {
    let account = OneBotAccount {
        connect: Some(format!("ws://{}/onebot", sandbox.addr).parse().unwrap()),
        access_token: Some(Secret::new(TOKEN)),
        ..OneBotAccount::default()
    };
    let account = Account::new("bot", AccountKind::OneBot(account));
    let bot = Bot::new(Config::of(vec![account]));
    let (running, stopped) = oneshot::channel::<()>();
    let stopped = async { drop(stopped.await) };
    tokio::spawn(bot.run_until(talk::bot(), (), stopped));
    connected(sandbox).await;
    running
}

/// Waits until the bot has been told that it is connected.
async fn connected(sandbox: &Running) {
    for _ in 0..500 {
        if ask(sandbox, "/control/journal?platform=onebot")
            .await
            .contains("lifecycle")
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("nobody connected");
}

/// What the control API answers, as text.
async fn ask(sandbox: &Running, path: &str) -> String {
    let mut request = HttpRequest::new("".into());
    *request.uri_mut() = path.parse().unwrap();
    let answer = sandbox.sandbox().handle(request).await.unwrap();
    String::from_utf8(answer.body().to_vec()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conversation_is_written_as_the_test_that_stands_here() {
    let mut world = World::open().await;
    let connect = Some(world.onebot("ws").parse().unwrap());
    world.run(
        OneBotAccount {
            connect,
            ..OneBotAccount::default()
        },
        talk::bot(),
        (),
    );
    world.connected().await;
    world.say("alice", GROUP, "/ping").await;
    world.hears(GROUP, 1).await;
    world.say("bob", GROUP, "/twice").await;
    world.hears(GROUP, 3).await;
    let pong = last_id(&world).await;
    let quote = json!({"type": "reply", "data": {"id": pong}});
    let at_bot = json!({"type": "at", "data": {"qq": "10000"}});
    let text = json!({"type": "text", "data": {"text": " was heißt \"two\"?"}});
    world
        .show("carol", GROUP, json!([quote, at_bot, text]))
        .await;
    world.hears(GROUP, 4).await;
    let id = world.say("dave", GROUP, "oops").await;
    let recall = json!({"who": "dave", "action": "recall", "message": id});
    world.act(recall).await;
    world.hears(GROUP, 5).await;
    let again = json!({"who": "erin", "action": "leave", "group": "20001"});
    world.act(again).await;
    let again = json!({"who": "erin", "action": "join", "group": "20001"});
    world.act(again).await;
    world.hears(GROUP, 6).await;
    let path = format!("/control/transcript?platform=onebot&conversation={GROUP}&format=test");
    let written = ask(&world.sandbox, &path).await;
    assert_eq!(written, include_str!("recording/recorded.rs"));
    world.close().await;
}

/// The id of what the bot said last.
async fn last_id(world: &World) -> String {
    let path = format!("/control/messages?platform=onebot&conversation={GROUP}");
    let page = world.control("GET", &path, Value::Null).await;
    let last = page["messages"].as_array().unwrap().last().unwrap().clone();
    last["id"].as_str().unwrap().to_owned()
}
