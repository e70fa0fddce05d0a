use mynah::bot::{
    Args, Context, EventKind, Message, OneBotAccount, Reply, Result, Router, command, joined, kind,
    mention, recalled, request,
};
use serde_json::json;

use crate::world::{SECRET, World, free_port, listening};

const GROUP: &str = "group:20001";

pub(crate) fn bot() -> Router<()> {
    async fn echo(cx: Context, Args(text): Args<String>) -> Message {
        Message::text(text).mention(cx.sender())
    }
    async fn twice(cx: Context) -> Result<&'static str> {
        cx.reply("one").await?;
        Ok("two")
    }
    Router::new()
        .on(command("ping"), async || "pong")
        .on(command("echo"), echo)
        .on(command("twice"), twice)
        .on(joined(), async |cx: Context| {
            Message::text("welcome ").mention(cx.sender())
        })
        .on(recalled(), async || "seen it")
        .on(kind(EventKind::Poked), async || "ouch")
        .on(request(), async || Reply::Approve(String::new()))
        .on(mention(), async || "yes?")
}

/// What a bot in a group must be able to do, whatever connects it.
async fn holds_a_conversation(world: &World) {
    world.say("alice", GROUP, "/ping").await;
    assert_eq!(world.hears(GROUP, 1).await, ["pong"]);

    world.say("bob", GROUP, "/echo a [b] & c").await;
    assert_eq!(world.hears(GROUP, 2).await[1], "a [b] & c@10002");

    world.say("carol", GROUP, "hello everybody").await;
    world.say("alice", "user:bot", "hello").await;
    assert_eq!(world.hears("user:10001", 1).await, ["yes?"]);

    world
        .act(json!({"who": "erin", "action": "leave", "group": "20001"}))
        .await;
    world
        .act(json!({"who": "erin", "action": "join", "group": "20001"}))
        .await;
    assert_eq!(world.hears(GROUP, 3).await[2], "welcome @10005");

    let id = world.say("dave", GROUP, "oops").await;
    world
        .act(json!({"who": "dave", "action": "recall", "message": id}))
        .await;
    assert_eq!(world.hears(GROUP, 4).await[3], "seen it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_a_forward_websocket() {
    let mut world = World::open().await;
    let connect = Some(world.onebot("ws").parse().unwrap());
    world.run(
        OneBotAccount {
            connect,
            ..OneBotAccount::default()
        },
        bot(),
        (),
    );
    world.connected().await;
    holds_a_conversation(&world).await;
    says_more_than_one_thing(&world).await;
    approves_requests(&world).await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_a_reverse_websocket() {
    for role in ["universal", "separate"] {
        let mut world = World::open().await;
        let listen = free_port();
        world.run(
            OneBotAccount {
                listen: Some(listen),
                ..OneBotAccount::default()
            },
            bot(),
            (),
        );
        let url = format!("ws://{listen}/ws/");
        world
            .deliver(json!({"reverse_ws_urls": [url], "reverse_ws_role": role}))
            .await;
        world.connected().await;
        holds_a_conversation(&world).await;
        says_more_than_one_thing(&world).await;
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_posts_with_calls_over_http() {
    let mut world = World::open().await;
    let listen = free_port();
    let api = Some(world.onebot("http").parse().unwrap());
    let account = OneBotAccount {
        listen: Some(listen),
        api,
        ..OneBotAccount::default()
    };
    world.run(account, bot(), ());
    listening(listen).await;
    world
        .deliver(json!({"post_url": format!("http://{listen}/"), "post_secret": SECRET}))
        .await;
    holds_a_conversation(&world).await;
    says_more_than_one_thing(&world).await;
    approves_requests(&world).await;
    world.close().await;
}

/// Nothing can be called, so the reply stands in the response.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_posts_with_the_reply_in_the_response() {
    let mut world = World::open().await;
    let listen = free_port();
    world.run(
        OneBotAccount {
            listen: Some(listen),
            ..OneBotAccount::default()
        },
        bot(),
        (),
    );
    listening(listen).await;
    world
        .deliver(json!({"post_url": format!("http://{listen}/"), "post_secret": SECRET}))
        .await;
    world.say("alice", GROUP, "/ping").await;
    assert_eq!(world.hears(GROUP, 1).await, ["pong"]);
    approves_requests(&world).await;
    world.close().await;
}

/// Events of one conversation are answered in their order, and each once,
/// although they come twice: by post and by socket.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_order_and_once() {
    let mut world = World::open().await;
    let listen = free_port();
    let connect = Some(world.onebot("ws").parse().unwrap());
    let account = OneBotAccount {
        listen: Some(listen),
        connect,
        ..OneBotAccount::default()
    };
    world.run(account, bot(), ());
    world.connected().await;
    listening(listen).await;
    world
        .deliver(json!({"post_url": format!("http://{listen}/"), "post_secret": SECRET}))
        .await;
    for n in 0..50 {
        world.say("alice", GROUP, &format!("/echo {n}")).await;
    }
    let heard = world.hears(GROUP, 50).await;
    let expected: Vec<_> = (0..50).map(|n| format!("{n}@10001")).collect();
    assert_eq!(heard, expected);
    world.close().await;
}

/// After the sockets have been cut the bot comes back by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_disconnect() {
    let mut world = World::open().await;
    let connect = Some(world.onebot("ws").parse().unwrap());
    world.run(
        OneBotAccount {
            connect,
            ..OneBotAccount::default()
        },
        bot(),
        (),
    );
    world.connected().await;
    let cut = json!({"platform": "onebot", "kind": "disconnect", "where": "ws", "count": 1});
    world.control("POST", "/control/fault", cut).await;
    // Connections that end at once make it wait longer each time.
    for n in 0.. {
        world.say("alice", GROUP, "/ping").await;
        if !world.heard(GROUP).await.is_empty() {
            break;
        }
        assert!(n < 400, "the bot did not come back");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    world.close().await;
}

async fn says_more_than_one_thing(world: &World) {
    let before = world.heard(GROUP).await.len();
    world.say("bob", GROUP, "/twice").await;
    assert_eq!(
        world.hears(GROUP, before + 2).await[before..],
        ["one", "two"]
    );
}

async fn approves_requests(world: &World) {
    world
        .act(json!({"who": "carol", "action": "befriend", "comment": "hi"}))
        .await;
    for n in 0.. {
        let friends = world
            .control("GET", "/control/snapshot", json!(null))
            .await
            .to_string();
        if friends.contains("carol") && is_friend(world).await {
            return;
        }
        assert!(n < 500, "the request was not approved");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

async fn is_friend(world: &World) -> bool {
    use mynah::client::Client;
    use mynah::onebot::actions::friend::GetFriendList;
    use mynah::onebot::{AccessToken, OneBot, UserId};

    let token = AccessToken::new(crate::world::TOKEN).unwrap();
    let client: Client<OneBot> = Client::new(world.onebot("http").parse().unwrap(), token);
    let friends = client.call(GetFriendList::new()).await.unwrap();
    friends.iter().any(|friend| friend.user_id == UserId(10003))
}
