//! The bot that talks on the other platforms talks on DingTalk: over Stream, and
//! called back.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mynah::bot::dingtalk::AppClients;
use mynah::bot::{
    Account, AccountKind, Bot, Config, Context, DingTalkAccount, DingTalkApp, DingTalkCallback,
    DingTalkEvents, DingTalkRobot, Media, Message, MessageId, Outbox, Part, Result, Router, Secret,
    command, dingtalk, mention, message,
};
use mynah::dingtalk::api::chat::GetChat;
use mynah::dingtalk::api::im::ConvertToOpenConversationId;
use mynah::dingtalk::api::user::GetUserV2;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::talk::bot;
use crate::world::{World, free_port, listening};

const GROUP: &str = "group:chatgeneral";
const CALLBACK_TOKEN: &str = "MynahToken123";
const AES_KEY: &str = "TXluYWgtc2FuZGJveC1lbmNvZGluZy1hZXMta2V5ISE";

pub(crate) fn app(world: &World) -> DingTalkApp {
    let api = format!("http://{}/dingtalk", world.sandbox.addr);
    DingTalkApp {
        agent_id: Some(100_001),
        api: Some(api.parse().unwrap()),
        ..DingTalkApp::new("ding-sandbox", Secret::new("sandbox-secret"))
    }
}

pub(crate) fn robot(world: &World) -> DingTalkRobot {
    DingTalkRobot {
        access_token: Secret::new("robot-sandbox"),
        secret: Some(Secret::new("SECsandbox")),
        api: app(world).api,
    }
}

pub(crate) fn kind(app: DingTalkApp) -> AccountKind {
    AccountKind::DingTalk(DingTalkAccount::App(app))
}

/// A world with an application in it that runs `router` over Stream.
pub(crate) async fn over_stream(router: Router<()>) -> World {
    let mut world = World::of("dingtalk").await;
    world.run_as(kind(app(&world)), router, ());
    streams(&world, 1).await;
    world
}

/// A world with an application in it that runs `router` and is called back.
async fn called_back(router: Router<()>) -> World {
    let mut world = World::of("dingtalk").await;
    let listen = free_port();
    let called = DingTalkApp {
        callback: Some(callback(listen)),
        ..app(&world)
    };
    world.run_as(kind(called), router, ());
    listening(listen).await;
    let url = format!("http://{listen}/any/path");
    world
        .deliver(json!({ "callback_url": url, "robot_callback_url": url }))
        .await;
    world
}

fn callback(listen: SocketAddr) -> DingTalkCallback {
    DingTalkCallback {
        listen,
        events: Some(DingTalkEvents {
            token: Secret::new(CALLBACK_TOKEN),
            aes_key: Secret::new(AES_KEY),
            corp_id: Some("ding-sandbox-corp".into()),
        }),
    }
}

/// Waits until so many Stream connections were opened in all.
pub(crate) async fn streams(world: &World, count: usize) -> Instant {
    for _ in 0..1000 {
        let journal = world
            .control("GET", "/control/journal?platform=dingtalk", Value::Null)
            .await;
        let opened = journal.to_string().matches("connect stream").count();
        if opened >= count {
            return Instant::now();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("there are no {count} connections");
}

async fn fault(world: &World, kind: &str) {
    let fault = json!({"platform": "dingtalk", "kind": kind});
    world.control("POST", "/control/fault", fault).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_conversation_over_stream_and_called_back() {
    for (world, to, seen_as, before) in [
        (over_stream(bot()).await, "user:bot", "user:alice", ""),
        (over_stream(bot()).await, GROUP, GROUP, "@bot "),
        (called_back(bot()).await, "user:bot", "user:alice", ""),
        (called_back(bot()).await, GROUP, GROUP, "@bot "),
    ] {
        for text in ["/ping", "/echo a [b] & <@all> *c*", "/twice", "hello"] {
            world.say("alice", to, &format!("{before}{text}")).await;
        }
        let heard = world.hears(seen_as, 5).await;
        let echo = "a [b] & <@all> *c*@alice";
        assert_eq!(heard, ["pong", echo, "one", "two", "yes?"], "{seen_as}");
        world.close().await;
    }
}

/// The platform sees nothing of it: the connection stays open, and nothing
/// comes through any more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_stream_is_cut_logically_the_next_message_is_answered_once_within_five_seconds() {
    let world = over_stream(bot()).await;
    world.say("carol", GROUP, "@bot /ping").await;
    assert_eq!(world.hears(GROUP, 1).await, ["pong"]);

    let began = Instant::now();
    fault(&world, "cut").await;
    world.say("carol", GROUP, "@bot /echo still there?").await;
    let noticed = streams(&world, 2).await;
    assert!(noticed - began < Duration::from_secs(4), "noticed too late");
    let heard = world.hears(GROUP, 2).await;
    let took = began.elapsed();
    let expected = ["pong", "still there?@carol"];
    assert_eq!(heard, expected);
    assert!(took < Duration::from_secs(5), "it took {took:?}");

    // Long enough for what comes twice to be answered twice.
    tokio::time::sleep(Duration::from_secs(2)).await;
    world.say("carol", GROUP, "@bot /ping").await;
    let heard = world.hears(GROUP, 3).await;
    assert_eq!(heard, [&expected[..], &["pong"]].concat());
    world.close().await;
}

/// The first message after a reconnect is not lost, and none is answered twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_that_the_platform_ends_is_replaced_before_it_is_gone() {
    let world = over_stream(bot()).await;
    fault(&world, "farewell").await;
    streams(&world, 2).await;
    for _ in 0..3 {
        world.say("alice", "user:bot", "/ping").await;
    }
    assert_eq!(world.hears("user:alice", 3).await, ["pong"; 3]);
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_into_a_group_is_welcomed() {
    for world in [over_stream(bot()).await, called_back(bot()).await] {
        for action in ["leave", "join"] {
            world
                .act(json!({"who": "erin", "action": action, "group": "chatgeneral"}))
                .await;
        }
        assert_eq!(world.hears(GROUP, 1).await, ["welcome @erin"]);
        world.close().await;
    }
}

/// Handlers may take longer than sessions last.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handler_of_more_than_ninety_minutes_answers_once() {
    let done = Arc::new(Notify::new());
    let router = || {
        let done = Arc::clone(&done);
        Router::new().on(command("slow"), move || {
            let done = Arc::clone(&done);
            async move {
                done.notified().await;
                "at last"
            }
        })
    };
    for (to, seen_as) in [("user:bot", "user:alice"), (GROUP, GROUP)] {
        let world = over_stream(router()).await;
        world.say("alice", to, "@bot /slow").await;
        let later = json!({ "advance_s": 5460 });
        world.control("POST", "/control/clock", later).await;
        done.notify_one();
        assert_eq!(world.hears(seen_as, 1).await, ["at last"], "{seen_as}");
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_uploaded_and_seen() {
    async fn show() -> Message {
        let png = &b"\x89PNG\r\n\x1a\nnot much of a picture"[..];
        Message::text("look")
            .image(Media::bytes("a.png", png))
            .push("!")
    }
    let world = over_stream(Router::new().on(command("show"), show)).await;
    world.say("alice", "user:bot", "/show").await;
    let heard = world.hears("user:alice", 3).await;
    assert_eq!(heard, ["look", "[image]", "!"]);
    world.close().await;
}

/// Pictures come with a code, which is good for an address.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_in_can_be_read_and_go_out_again() {
    let router = Router::new().on(message(), async |cx: Context| -> Result<Message> {
        let message = cx.event().message().clone();
        if let [Part::Image(picture)] = message.parts() {
            let file = cx.fetch(picture).await?;
            assert!(!file.content.is_empty());
        }
        Ok(message)
    });
    let world = over_stream(router).await;
    world.say("alice", "user:bot", "just text").await;
    let picture = json!([{"type": "image"}]);
    world.show("alice", "user:bot", picture).await;
    let heard = world.hears("user:alice", 2).await;
    assert_eq!(heard, ["just text", "[image]"]);
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_sent_can_be_taken_back() {
    let world = World::of("dingtalk").await;
    let outbox = dingtalk::AppOutbox::open(&app(&world)).unwrap();
    let alice = "dingtalk:user:alice".parse().unwrap();
    let sent = outbox.send(&alice, &"oops".into()).await.unwrap();
    assert_eq!(world.heard("user:alice").await, ["oops"]);
    let [id] = sent.ids.as_slice() else {
        panic!("{sent:?}")
    };
    outbox.recall(&alice, id).await.unwrap();
    let unknown = MessageId::new(id.platform, "nobody-knows");
    assert!(outbox.recall(&alice, &unknown).await.is_err());
    world.close().await;
}

/// What one account suffers is no matter of the others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_account_does_not_disturb_the_others_and_alone_is_the_end() {
    let world = World::of("dingtalk").await;
    let refused = || {
        kind(DingTalkApp {
            client_secret: Secret::new("wrong"),
            ..app(&world)
        })
    };
    let robot = robot(&world);
    let robot = AccountKind::DingTalk(DingTalkAccount::Robot(robot));
    let bots = |kinds: Vec<AccountKind>| {
        let accounts = kinds
            .into_iter()
            .enumerate()
            .map(|(index, platform)| Account::new(format!("account-{index}"), platform));
        Bot::new(Config::of(accounts.collect()))
    };
    let router = || Router::<()>::new().on(mention(), async || "here");
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let working = bots(vec![refused(), robot, kind(app(&world))]);
    let running = tokio::spawn(working.run_until(router(), (), async { drop(stopped.await) }));
    streams(&world, 1).await;
    world.say("alice", "user:bot", "hello").await;
    assert_eq!(world.hears("user:alice", 1).await, ["here"]);
    drop(stop);
    running.await.unwrap().unwrap();

    let alone = bots(vec![refused()]).run_until(router(), (), std::future::pending());
    let ended = tokio::time::timeout(Duration::from_secs(5), alone).await;
    let error = ended.expect("it is tried for ever").unwrap_err();
    assert!(error.to_string().contains("authFailed"), "{error}");
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_custom_robot_speaks_in_its_group() {
    let world = World::of("dingtalk").await;
    let robot = DingTalkRobot {
        access_token: Secret::new("http://h/robot/send?access_token=robot-sandbox"),
        ..robot(&world)
    };
    let outbox = dingtalk::RobotOutbox::new(dingtalk::robot_client(&robot).unwrap());
    let group = "dingtalk:group:any".parse().unwrap();
    let alice = mynah::bot::UserId::new(mynah::bot::Platform::DingTalk, "alice");
    let hello = Message::text("早 ").mention(alice).push("!");
    outbox.send(&group, &hello).await.unwrap();
    assert_eq!(world.heard(GROUP).await, ["早 @alice!"]);
    let someone = "dingtalk:user:alice".parse().unwrap();
    assert!(outbox.send(&someone, &"x".into()).await.is_err());
    world.close().await;
}

/// By a group's `chatid` the application speaks itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_application_speaks_in_its_groups_and_notifies_people() {
    let world = World::of("dingtalk").await;
    let outbox = dingtalk::AppOutbox::open(&app(&world)).unwrap();
    let group = "dingtalk:group:chatgeneral".parse().unwrap();
    outbox.send(&group, &"你好".into()).await.unwrap();
    assert_eq!(world.heard(GROUP).await, ["你好"]);
    let notice = json!({"msgtype": "text", "text": {"content": "开会"}});
    let notice = Message::new().push(Part::Raw(group.platform, notice));
    let alice = "dingtalk:user:alice".parse().unwrap();
    outbox.send(&alice, &notice).await.unwrap();
    assert_eq!(world.heard("user:alice").await, ["开会"]);
    world.close().await;
}

/// How often a token was asked for since this entry of the journal, and the last entry.
async fn tokens_asked_for(world: &World, mut since: u64) -> (usize, u64) {
    let mut count = 0;
    loop {
        let path = format!("/control/journal?platform=dingtalk&after={since}");
        let journal = world.control("GET", &path, Value::Null).await;
        let entries = journal["entries"].as_array().unwrap();
        let Some(last) = entries.last() else {
            return (count, since);
        };
        since = last["id"].as_u64().unwrap();
        let asks = |entry: &&Value| {
            let title = entry["title"].as_str().unwrap_or_default();
            entry["kind"] == "request" && ["gettoken", "v1.0/oauth2/accessToken"].contains(&title)
        };
        count += entries.iter().filter(asks).count();
    }
}

/// Each interface refuses a token in its own words, and each client renews it once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_calls_of_three_interfaces_renew_a_token_once_for_each_client() {
    let world = World::of("dingtalk").await;
    let clients = dingtalk::app_clients(&app(&world)).unwrap();
    let rush = async || {
        let mut calls = JoinSet::new();
        for n in 0..100 {
            let AppClients { classic, open } = clients.clone();
            calls.spawn(async move {
                match n % 3 {
                    0 => classic.call(GetChat::new("chatgeneral")).await.map(drop),
                    1 => classic.call(GetUserV2::new("alice")).await.map(drop),
                    _ => {
                        let convert = ConvertToOpenConversationId::new("chatgeneral");
                        open.call(convert).await.map(drop)
                    }
                }
            });
        }
        for outcome in calls.join_all().await {
            outcome.unwrap();
        }
    };
    let mut since = 0;
    for round in 0..3 {
        for expected in [1..=2, 0..=0] {
            rush().await;
            let (asked, last) = tokens_asked_for(&world, since).await;
            assert!(expected.contains(&asked), "{round}: {asked}");
            since = last;
        }
        let later = json!({ "advance_s": 7201 });
        world.control("POST", "/control/clock", later).await;
    }
    world.close().await;
}
