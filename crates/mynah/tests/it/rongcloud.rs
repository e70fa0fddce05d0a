//! The bot that talks on the other platforms talks on RongCloud: by the message
//! route, and by callbacks of every kind.

use std::net::SocketAddr;

use mynah::bot::{
    AccountKind, Context, Media, Message, Outbox, RongCloudAccount, Router, Secret, joined,
    message, recalled, rongcloud,
};
use mynah::rongcloud::api::sms::{SendCode, VerifyCode};
use mynah::rongcloud::api::user::{CheckOnline, Presence};
use serde_json::{Value, json};

use crate::talk::bot;
use crate::world::{World, free_port, listening};

const GROUP: &str = "group:general";

pub(crate) fn account(world: &World) -> RongCloudAccount {
    let api = format!("http://{}/rongcloud", world.sandbox.addr);
    RongCloudAccount {
        api: Some(api.parse().unwrap()),
        ..RongCloudAccount::new("rc-sandbox", Secret::new("sandbox-secret"))
    }
}

/// A world with a bot in it that runs `router` and listens.
async fn listens(router: Router<()>) -> (World, SocketAddr) {
    let mut world = World::of("rongcloud").await;
    let listen = free_port();
    let account = RongCloudAccount {
        listen: Some(listen),
        ..account(&world)
    };
    world.run_as(AccountKind::RongCloud(account), router, ());
    listening(listen).await;
    (world, listen)
}

/// The same, told by the message route.
async fn by_route(router: Router<()>) -> World {
    let (world, listen) = listens(router).await;
    let url = format!("http://{listen}/any/path");
    world.deliver(json!({ "route_url": url })).await;
    world
}

/// The same, with one address for everything.
async fn by_callbacks(router: Router<()>) -> World {
    let (world, listen) = listens(router).await;
    let url = format!("http://{listen}/");
    let kinds = ["route", "status", "chatroom", "check", "operation", "audit"];
    let urls = kinds.map(|kind| (format!("{kind}_url"), Value::from(&*url)));
    world.deliver(urls.into_iter().collect()).await;
    world
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_conversation_by_the_message_route_and_with_all_callbacks() {
    for (world, to, seen_as, before) in [
        (by_route(bot()).await, "user:bot", "user:alice", ""),
        (by_route(bot()).await, GROUP, GROUP, "@bot "),
        (by_callbacks(bot()).await, "user:bot", "user:alice", ""),
        (by_callbacks(bot()).await, GROUP, GROUP, "@bot "),
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

/// Whoever picks the bot from the list of members writes its name, not its id.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mention_from_the_list_of_members_is_one_by_its_id() {
    let world = by_route(bot()).await;
    let picked = json!([{"type": "mention", "id": "bot"}, {"type": "text", "text": "/ping"}]);
    world.show("alice", GROUP, picked).await;
    world.say("bob", GROUP, "hello everybody").await;
    world.say("alice", "user:bob", "/ping").await;
    world.say("carol", "user:bot", "/ping").await;
    assert_eq!(world.hears("user:carol", 1).await, ["pong"]);
    assert_eq!(world.hears(GROUP, 1).await, ["pong"]);
    assert!(world.heard("private:alice:bob").await.is_empty());
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_into_a_chatroom_is_welcomed_there_and_recalls_are_seen() {
    let router = Router::new()
        .on(joined(), async |cx: Context| {
            Message::text("welcome ").mention(cx.sender())
        })
        .on(recalled(), async || "seen it");
    let world = by_callbacks(router).await;
    world
        .act(json!({"who": "erin", "action": "enter", "chatroom": "lobby"}))
        .await;
    let heard = world.hears("chatroom:lobby", 1).await;
    assert_eq!(heard, ["welcome @erin"]);
    world.close().await;

    let world = by_route(Router::new().on(recalled(), async || "seen it")).await;
    let id = world.say("dave", GROUP, "oops").await;
    world
        .act(json!({"who": "dave", "action": "recall", "message": id}))
        .await;
    assert_eq!(world.hears(GROUP, 1).await, ["seen it"]);
    world.close().await;
}

/// The address of a picture is all there is of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_in_can_go_out_again() {
    let router = Router::new().on(message(), async |cx: Context| cx.event().message().clone());
    let world = by_route(router).await;
    world.say("alice", "user:bot", "just text").await;
    world
        .show("alice", "user:bot", json!([{"type": "image"}]))
        .await;
    let heard = world.hears("user:alice", 2).await;
    assert_eq!(heard, ["just text", "[image]"]);
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_speaks_to_people_in_groups_and_in_chatrooms_and_takes_it_back() {
    let world = World::of("rongcloud").await;
    let client = rongcloud::app_client(&account(&world)).unwrap();
    let outbox = rongcloud::UserOutbox::new(client, "bot");
    for (to, seen_as) in [
        ("rongcloud:user:alice", "user:alice"),
        ("rongcloud:group:general", GROUP),
        ("rongcloud:group:chatroom:lobby", "chatroom:lobby"),
    ] {
        let place = to.parse().unwrap();
        let picture = Media::url("https://example.com/a.png");
        let hello = Message::text("你好").image(picture);
        let sent = outbox.send(&place, &hello).await.unwrap();
        assert_eq!(world.heard(seen_as).await, ["你好", "[image]"], "{to}");
        if seen_as == "user:alice" || seen_as == GROUP {
            let [first, _] = sent.ids.as_slice() else {
                panic!("{sent:?}")
            };
            outbox.recall(&place, first).await.unwrap();
            let path = format!("/control/messages?platform=rongcloud&conversation={seen_as}");
            let page = world.control("GET", &path, Value::Null).await;
            assert!(page.to_string().contains("\"recalled\":{"), "{page}");
        }
    }
    let elsewhere = "wecom:user:alice".parse().unwrap();
    assert!(outbox.send(&elsewhere, &"x".into()).await.is_err());
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_calls_both_hosts() {
    let world = World::of("rongcloud").await;
    let account = account(&world);
    let app = rongcloud::app_client(&account).unwrap();
    let alice = app.call(CheckOnline::new("alice")).await.unwrap();
    assert_eq!(alice, Presence::Offline);
    let sms = rongcloud::sms_client(&account).unwrap();
    let code = SendCode::to("13800000000", "template");
    let sent = sms.call(code).await.unwrap();
    let verify = VerifyCode::new(sent.session_id, "123456");
    assert!(sms.call(verify).await.unwrap().success);
    let copied = RongCloudAccount::new("rc-sandbox", Secret::new("sandbox-secret "));
    let error = rongcloud::app_client(&copied).unwrap_err();
    assert!(error.to_string().contains("white space"), "{error}");
    world.close().await;
}
