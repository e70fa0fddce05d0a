//! The bot that talks on OneBot talks on WeCom: as an application, as an
//! intelligent bot over its socket, and as one that is called back.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mynah::bot::{
    Account, AccountKind, Args, Bot, Config, Context, EventKind, Media, Message, OneBotAccount,
    Result, Router, Secret, WeComAccount, WeComApplication, WeComBot, WeComCallback,
    WeComCalledBot, WeComRobot, command, kind, mention, message,
};
use serde_json::{Value, json};

use crate::talk::bot;
use crate::world::{World, free_port, listening};

const CALLBACK_TOKEN: &str = "MynahToken123";
const ENCODING_AES_KEY: &str = "TXluYWgtc2FuZGJveC1lbmNvZGluZy1hZXMta2V5ISE";

fn api(world: &World, scheme: &str, path: &str) -> mynah::core::BaseUrl {
    format!("{scheme}://{}{path}", world.sandbox.addr)
        .parse()
        .unwrap()
}

fn callback(listen: SocketAddr) -> WeComCallback {
    WeComCallback {
        listen,
        token: Secret::new(CALLBACK_TOKEN),
        encoding_aes_key: Secret::new(ENCODING_AES_KEY),
    }
}

/// An application that only speaks.
pub(crate) fn silent(world: &World) -> WeComApplication {
    WeComApplication {
        corpid: "ww-sandbox".into(),
        corpsecret: Secret::new("sandbox-secret"),
        agentid: 1_000_002,
        api: Some(api(world, "http", "/wecom")),
        callback: None,
    }
}

pub(crate) fn application(world: &World, listen: SocketAddr) -> AccountKind {
    AccountKind::WeCom(WeComAccount::Application(WeComApplication {
        callback: Some(callback(listen)),
        ..silent(world)
    }))
}

pub(crate) fn robot(world: &World) -> WeComRobot {
    WeComRobot {
        webhook_key: Secret::new("sandbox-webhook-key"),
        api: Some(api(world, "http", "/wecom")),
    }
}

pub(crate) fn socket(world: &World) -> AccountKind {
    AccountKind::WeCom(WeComAccount::Bot(WeComBot {
        bot_id: "aib-sandbox".into(),
        bot_secret: Secret::new("sandbox-secret"),
        connect: Some(api(world, "ws", "/wecom/openws")),
    }))
}

fn called(listen: SocketAddr) -> AccountKind {
    AccountKind::WeCom(WeComAccount::CalledBot(WeComCalledBot {
        bot_id: "aib-sandbox".into(),
        callback: callback(listen),
    }))
}

/// A world with an application in it that runs `router`.
pub(crate) async fn as_application(router: Router<()>) -> World {
    let mut world = World::of("wecom").await;
    let listen = free_port();
    world.run_as(application(&world, listen), router, ());
    listening(listen).await;
    let url = format!("http://{listen}/any/path");
    world.deliver(json!({ "callback_url": url })).await;
    world
}

/// A world with an intelligent bot in it that runs `router` over its socket.
pub(crate) async fn as_bot(router: Router<()>) -> World {
    let mut world = World::of("wecom").await;
    world.run_as(socket(&world), router, ());
    subscribed(&world).await;
    world
}

/// A world with an intelligent bot in it that runs `router` and is called back.
pub(crate) async fn as_called_bot(router: Router<()>) -> World {
    let mut world = World::of("wecom").await;
    let listen = free_port();
    world.run_as(called(listen), router, ());
    listening(listen).await;
    let url = format!("http://{listen}/");
    world.deliver(json!({ "bot_callback_url": url })).await;
    world
}

async fn journal(world: &World) -> Value {
    world
        .control("GET", "/control/journal?platform=wecom", Value::Null)
        .await
}

pub(crate) async fn subscribed(world: &World) {
    for _ in 0..500 {
        if journal(world).await.to_string().contains("aibot_subscribe") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("nobody subscribed");
}

/// One person talks to the bot: where, by which name people are known, and
/// what stands in front of what is said to it.
struct Chat<'a> {
    world: &'a World,
    to: &'a str,
    seen_as: &'a str,
    alice: &'a str,
    before: &'a str,
}

impl Chat<'_> {
    async fn say(&self, text: &str) {
        let text = format!("{}{text}", self.before);
        self.world.say("alice", self.to, &text).await;
    }

    /// The conversation that is the same everywhere.
    async fn goes_as_scripted(&self) {
        self.say("/ping").await;
        self.say("/echo a [b] & <@all> *c*").await;
        self.say("/twice").await;
        self.say("hello").await;
        let heard = self.world.hears(self.seen_as, 5).await;
        let plain: Vec<_> = heard.iter().map(|words| unescaped(words)).collect();
        let echo = format!("a [b] & <@all> *c*@{}", self.alice);
        assert_eq!(plain, ["pong", &echo, "one", "two", "yes?"]);
    }
}

/// What people see of what keeps text from being markup: nothing.
fn unescaped(words: &str) -> String {
    words.replace(['\u{200B}', '\\'], "")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_conversation_on_every_platform() {
    let mut world = World::open().await;
    let connect = Some(world.onebot("ws").parse().unwrap());
    let account = OneBotAccount {
        connect,
        ..OneBotAccount::default()
    };
    world.run(account, bot(), ());
    world.connected().await;
    let chat = Chat {
        world: &world,
        to: "user:bot",
        seen_as: "user:10001",
        alice: "10001",
        before: "",
    };
    chat.goes_as_scripted().await;
    world.close().await;

    for (world, to, seen_as, before) in [
        (as_application(bot()).await, "user:bot", "user:alice", ""),
        (as_bot(bot()).await, "user:bot", "bot:alice", ""),
        (
            as_bot(bot()).await,
            "group:general",
            "group:general",
            "@bot ",
        ),
    ] {
        let chat = Chat {
            world: &world,
            to,
            seen_as,
            alice: "alice",
            before,
        };
        chat.goes_as_scripted().await;
        world.close().await;
    }
}

/// The platform waits for five seconds. A handler that takes eight is
/// acknowledged in time and answers once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handler_of_eight_seconds_answers_once() {
    let slow = || {
        Router::new().on(command("slow"), async || {
            tokio::time::sleep(Duration::from_secs(8)).await;
            "at last"
        })
    };
    let worlds = [
        (as_application(slow()).await, "user:alice"),
        (as_bot(slow()).await, "bot:alice"),
        (as_called_bot(slow()).await, "bot:alice"),
    ];
    let began = Instant::now();
    for (world, _) in &worlds {
        world.say("alice", "user:bot", "/slow").await;
    }
    for (world, seen_as) in worlds {
        assert_eq!(world.hears(seen_as, 1).await, ["at last"], "{seen_as}");
        assert!(began.elapsed() >= Duration::from_secs(8));
        // Long enough for what is delivered again to be answered again.
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(world.heard(seen_as).await, ["at last"], "{seen_as}");
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_that_is_called_back_answers_in_the_response_and_once_more() {
    let router = Router::new()
        .on(command("ping"), async || "pong")
        .on(command("twice"), async |cx: Context| -> Result<&str> {
            cx.reply("one").await?;
            Ok("two")
        })
        .on(mention(), async || "yes?");
    let world = as_called_bot(router).await;
    world.say("alice", "user:bot", "/ping").await;
    world.say("alice", "user:bot", "/twice").await;
    assert_eq!(world.hears("bot:alice", 3).await, ["pong", "one", "two"]);
    world.say("bob", "group:general", "@bot hello").await;
    assert_eq!(world.hears("group:general", 1).await, ["yes?"]);
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_uploaded_and_seen() {
    async fn show() -> Message {
        let png = &b"\x89PNG\r\n\x1a\nnot much of a picture"[..];
        Message::text("look")
            .image(Media::bytes("a.png", png))
            .push("!")
    }
    let router = || Router::new().on(command("show"), show);
    for (world, seen_as) in [
        (as_application(router()).await, "user:alice"),
        (as_bot(router()).await, "bot:alice"),
    ] {
        world.say("alice", "user:bot", "/show").await;
        assert_eq!(world.hears(seen_as, 3).await, ["look", "[image]", "!"]);
        world.close().await;
    }
}

/// Pictures come with an address, and to a bot encrypted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_in_can_go_out_again() {
    let router = || Router::new().on(message(), async |cx: Context| cx.event().message().clone());
    for (world, seen_as) in [
        (as_application(router()).await, "user:alice"),
        (as_bot(router()).await, "bot:alice"),
    ] {
        world.say("alice", "user:bot", "just text").await;
        let picture = json!([{"type": "image"}]);
        world.show("alice", "user:bot", picture).await;
        let expected = ["just text", "[image]"];
        assert_eq!(world.hears(seen_as, 2).await, expected, "{seen_as}");
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_opens_the_chat_is_welcomed() {
    let entered = kind(EventKind::Other("event.enter_chat".into()));
    let router = Router::new().on(entered, async || "welcome");
    let world = as_bot(router).await;
    world
        .act(json!({"who": "alice", "action": "enter", "to": "user:bot"}))
        .await;
    assert_eq!(world.hears("bot:alice", 1).await, ["welcome"]);
    world.close().await;
}

/// What one account suffers is no matter of the others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_account_does_not_disturb_the_others() {
    async fn echo(Args(text): Args<String>) -> String {
        text
    }
    let world = World::of("wecom").await;
    let listen = free_port();
    let refused = WeComAccount::Bot(WeComBot {
        bot_id: "aib-sandbox".into(),
        bot_secret: Secret::new("wrong"),
        connect: Some(api(&world, "ws", "/wecom/openws")),
    });
    let robot = WeComAccount::Robot(robot(&world));
    let kinds = [
        AccountKind::WeCom(refused),
        AccountKind::WeCom(robot),
        application(&world, listen),
    ];
    let accounts = kinds
        .into_iter()
        .enumerate()
        .map(|(index, platform)| Account::new(format!("account-{index}"), platform));
    let bots = Bot::new(Config::of(accounts.collect()));
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let router = Router::<()>::new().on(command("echo"), echo);
    let running = tokio::spawn(bots.run_until(router, (), async { drop(stopped.await) }));
    listening(listen).await;
    let url = format!("http://{listen}/");
    world.deliver(json!({ "callback_url": url })).await;
    world.say("alice", "user:1000002", "/echo still here").await;
    assert_eq!(world.hears("user:alice", 1).await, ["still here"]);
    drop(stop);
    running.await.unwrap().unwrap();
    world.close().await;
}
