//! The bot that talks on the other platforms talks on BearyChat: over its socket, posted to, and
//! called by a trigger word.

use std::sync::Arc;
use std::time::{Duration, Instant};

use mynah::bearychat::api::channel::CreateChannel;
use mynah::bearychat::api::message::GetMessage;
use mynah::bearychat::api::user::GetMe;
use mynah::bearychat::event::Event;
use mynah::bot::bearychat::{HubotOutbox, RobotOutbox, hubot_client, robot_client};
use mynah::bot::{
    AccountKind, BearyChatAccount, BearyChatHubot, BearyChatOutgoing, BearyChatRobot, Bot, Config,
    Context, Media, Message, Outbox, Result, Router, Secret, command, edited, mention, message,
    reacted, recalled,
};
use mynah::core::{BaseUrl, ErrorKind};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::talk::bot;
use crate::world::{TOKEN, World, free_port, listening};

const GENERAL: &str = "group:=bwAll";
const AT_BOT: &str = "@<==bwBot=> ";
const ALICE: &str = "user:=bw52O";

fn api(world: &World) -> BaseUrl {
    let api = format!("http://{}/bearychat", world.sandbox.addr);
    api.parse().unwrap()
}

pub(crate) fn hubot(world: &World) -> BearyChatHubot {
    BearyChatHubot {
        api: Some(api(world)),
        ..BearyChatHubot::new(Secret::new(TOKEN))
    }
}

pub(crate) fn hook(world: &World) -> BearyChatRobot {
    BearyChatRobot {
        hook: Secret::new("https://hook.bearychat.com/=bwTeam/incoming/sandbox-hook"),
        api: Some(api(world)),
    }
}

pub(crate) fn kind(hubot: BearyChatHubot) -> AccountKind {
    AccountKind::BearyChat(BearyChatAccount::Hubot(hubot))
}

/// A world with a hubot in it that runs `router` over its socket.
pub(crate) async fn over_rtm(router: Router<()>) -> World {
    let mut world = World::of("bearychat").await;
    world.run_as(kind(hubot(&world)), router, ());
    sockets(&world, 1).await;
    world
}

/// A world with a hubot in it that runs `router` and is posted to.
async fn posted_to(router: Router<()>) -> World {
    let mut world = World::of("bearychat").await;
    let listen = free_port();
    let posted = BearyChatHubot {
        listen: Some(listen),
        ..hubot(&world)
    };
    world.run_as(kind(posted), router, ());
    listening(listen).await;
    let url = format!("http://{listen}/bearychat");
    world.deliver(json!({ "hubot_url": url })).await;
    world
}

/// Waits until the bot has asked, for so many connections in all, what it missed before them; what
/// it asks last is which conversations of two it has.
pub(crate) async fn sockets(world: &World, count: usize) {
    for _ in 0..1500 {
        let journal = world
            .control(
                "GET",
                "/control/journal?platform=bearychat&limit=1000",
                Value::Null,
            )
            .await;
        let entries = journal["entries"].as_array().unwrap();
        let asked = entries.iter().filter(|one| {
            let title = one["title"].as_str().unwrap_or_default();
            one["kind"] == "request" && title.contains("p2p.list")
        });
        if asked.count() >= count {
            tokio::time::sleep(Duration::from_millis(30)).await;
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("there are no {count} connections");
}

async fn fault(world: &World, fault: Value) {
    let mut fault = fault;
    fault["platform"] = json!("bearychat");
    world.control("POST", "/control/fault", fault).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_conversation_over_rtm_and_posted() {
    for (world, to, seen_as, before) in [
        (over_rtm(bot()).await, "user:bot", ALICE, ""),
        (over_rtm(bot()).await, GENERAL, GENERAL, AT_BOT),
        (posted_to(bot()).await, GENERAL, GENERAL, AT_BOT),
    ] {
        for text in ["/ping", "/echo a [b] & <c> *d*", "/twice", "hello"] {
            world.say("alice", to, &format!("{before}{text}")).await;
        }
        let heard = world.hears(seen_as, 5).await;
        let echo = "a [b] & \\<c> \\*d\\*@<==bw52O=>";
        assert_eq!(heard, ["pong", echo, "one", "two", "yes?"], "{seen_as}");
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_meant_for_the_hubot_is_no_business_of_it() {
    let router = Router::new().on(mention(), async || "yes?");
    let world = over_rtm(router).await;
    world.say("alice", GENERAL, "hello everybody").await;
    world.say("bob", GENERAL, "@<==bw52O=> hello").await;
    world.say("carol", GENERAL, "@<-channel-> hello").await;
    assert_eq!(world.hears(GENERAL, 1).await, ["yes?"]);
    world.close().await;
}

/// Nothing is told again over the socket, so what was said meanwhile is read from the history:
/// everything, in order, and once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_said_while_there_was_no_connection_is_answered_once_and_in_order() {
    async fn again(cx: Context) -> String {
        cx.text().to_owned()
    }
    for kind in ["disconnect", "cut"] {
        let world = over_rtm(Router::new().on(mention(), again)).await;
        world.say("alice", GENERAL, &format!("{AT_BOT}0")).await;
        assert_eq!(world.hears(GENERAL, 1).await, ["0"]);

        let began = Instant::now();
        fault(&world, json!({ "kind": kind })).await;
        // More than a page of them, in a conversation that was known and in one that was not.
        for number in 1..=120 {
            world
                .say("alice", GENERAL, &format!("{AT_BOT}{number}"))
                .await;
        }
        world.say("bob", "user:bot", "first").await;
        sockets(&world, 2).await;
        assert!(
            began.elapsed() < Duration::from_secs(15),
            "noticed too late"
        );
        world.say("alice", GENERAL, &format!("{AT_BOT}121")).await;

        let expected: Vec<_> = (1..=121).map(|number| number.to_string()).collect();
        assert_eq!(world.hears(GENERAL, 121).await, expected, "{kind}");
        assert_eq!(world.hears("user:=bw52P", 1).await, ["first"], "{kind}");
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_public_channel_is_joined_to_say_something_in_it() {
    let world = World::of("bearychat").await;
    let client = hubot_client(&hubot(&world)).unwrap();
    let outbox = HubotOutbox::new(client.clone());
    let dev = "bearychat:group:=bwDev".parse().unwrap();
    let sent = outbox.send(&dev, &"早".into()).await.unwrap();
    assert_eq!(sent.ids.len(), 1);
    assert_eq!(world.heard("group:=bwDev").await, ["早"]);

    // Nobody joins what is private, or archived.
    let create = json!({"who": "alice", "action": "create", "name": "secret", "private": true});
    let private = create_channel(&world, create).await;
    let private = format!("bearychat:group:{private}").parse().unwrap();
    let refused = outbox.send(&private, &"x".into()).await.unwrap_err();
    let refused = refused.to_string();
    assert!(
        refused.contains(&format!("{private}: the hubot")),
        "{refused}"
    );
    assert!(refused.contains("没有权限"), "{refused}");

    let own = client.call(CreateChannel::new("own")).await.unwrap();
    let archive = json!({"who": "alice", "action": "archive", "group": own.vchannel_id});
    world.act(archive).await;
    let own = format!("bearychat:group:{}", own.vchannel_id)
        .parse()
        .unwrap();
    assert!(outbox.send(&own, &"x".into()).await.is_err());
    world.close().await;
}

async fn create_channel(world: &World, mut act: Value) -> String {
    act["platform"] = json!("bearychat");
    let answer = world.control("POST", "/control/act", act).await;
    answer["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_sent_can_be_edited_reacted_to_and_taken_back() {
    async fn second_thoughts(cx: Context) -> Result<()> {
        cx.react(":+1:").await?;
        let sent = cx.send(Message::text("rigth")).await?;
        cx.edit(&sent.ids[0], "right").await?;
        let sent = cx.send("oops").await?;
        cx.recall(&sent.ids[0]).await
    }
    let world = over_rtm(Router::new().on(command("think"), second_thoughts)).await;
    let asked = world.say("alice", "user:bot", "/think").await;
    let heard = world.hears(ALICE, 2).await;
    assert_eq!(heard, ["right", "oops"], "people see what was taken back");
    let page = messages(&world, ALICE).await;
    let by_id = |id: &str| page.iter().find(|one| one["id"] == id).unwrap();
    assert_eq!(by_id(&asked)["reactions"][0]["id"], ":+1:");
    let [right, oops] = [&page[1], &page[2]];
    assert_eq!(right["edited"], true);
    assert!(oops["recalled"].is_object(), "{oops}");
    world.close().await;
}

async fn messages(world: &World, conversation: &str) -> Vec<Value> {
    let path = format!("/control/messages?platform=bearychat&conversation={conversation}");
    let page = world.control("GET", &path, Value::Null).await;
    page["messages"].as_array().unwrap().clone()
}

/// Calls cannot quote; frames can.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_quotes_over_the_socket() {
    async fn quote(cx: Context) -> Option<Message> {
        let id = cx.event().message_id.clone()?;
        let picture = Media::url("http://127.0.0.1:9/cat.png");
        Some(Message::new().quote(id).push("this").image(picture))
    }
    let world = over_rtm(Router::new().on(mention(), quote)).await;
    for (to, seen_as, before) in [(GENERAL, GENERAL, AT_BOT), ("user:bot", ALICE, "")] {
        let asked = world.say("alice", to, &format!("{before}which?")).await;
        world.hears(seen_as, 2).await;
        let page = messages(&world, seen_as).await;
        let parts = &page[page.len() - 2]["parts"];
        assert_eq!(parts[0], json!({"type": "quote", "message_id": asked}));
        assert_eq!(parts[1]["text"], "this");
        let attached = &page[page.len() - 1]["parts"][1];
        assert_eq!(attached["title"], "cat.png", "{attached}");
        assert_eq!(attached["images"], json!(["http://127.0.0.1:9/cat.png"]));
    }
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_people_do_with_messages_reaches_the_handlers() {
    async fn thanks(cx: Context) -> Option<String> {
        match cx.event().native()? {
            Event::AddMessageReaction(change) => Some(format!("thanks {}", change.data.reaction)),
            _ => None,
        }
    }
    let router = Router::new()
        .on(command("ping"), async || "pong")
        .on(reacted(), thanks)
        .on(edited(), async |cx: Context| format!("now {}", cx.text()))
        .on(recalled(), async || "seen it");
    let world = over_rtm(router).await;
    world.say("alice", GENERAL, &format!("{AT_BOT}/ping")).await;
    world.hears(GENERAL, 1).await;
    let page = messages(&world, GENERAL).await;
    let pong = page.last().unwrap()["id"].as_str().unwrap().to_owned();
    let mine = world.say("alice", GENERAL, "a typo").await;
    let expected = ["pong", "thanks :heart:", "now no typo", "seen it"];
    let acts = [
        json!({"who": "dave", "action": "react", "message": pong, "emoji": ":heart:"}),
        json!({"who": "alice", "action": "edit", "message": mine, "text": "no typo"}),
        json!({"who": "alice", "action": "recall", "message": mine}),
    ];
    for (mut act, count) in acts.into_iter().zip(2..) {
        act["group"] = json!("=bwAll");
        world.act(act).await;
        assert_eq!(world.hears(GENERAL, count).await, expected[..count]);
    }
    world.close().await;
}

/// A world with a robot in it that a trigger word calls.
pub(crate) async fn called(router: Router<()>, with_hook: bool) -> World {
    let mut world = World::of("bearychat").await;
    let listen = free_port();
    let robot = BearyChatOutgoing {
        token: Secret::new("sandbox-outgoing"),
        listen,
        hook: with_hook.then(|| hook(&world)),
    };
    let robot = AccountKind::BearyChat(BearyChatAccount::Outgoing(robot));
    world.run_as(robot, router, ());
    listening(listen).await;
    let url = format!("http://{listen}/any/path");
    world.deliver(json!({ "outgoing_url": url })).await;
    world
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trigger_word_is_answered_in_the_response_and_later_through_the_hook() {
    let world = called(bot(), true).await;
    for (count, text) in [(1, "/ping"), (3, "/twice"), (4, "hello")] {
        world.say("alice", GENERAL, &format!("!robot {text}")).await;
        world.hears(GENERAL, count).await;
    }
    let heard = world.heard(GENERAL).await;
    assert_eq!(heard, ["pong", "one", "two", "yes?"]);
    world.say("alice", GENERAL, "/ping").await;
    assert_eq!(world.hears(GENERAL, 4).await.len(), 4);
    world.close().await;
}

/// The platform waits five seconds, and the answer comes one way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_answer_to_a_trigger_word_goes_through_the_hook() {
    let done = Arc::new(Notify::new());
    let wait = Arc::clone(&done);
    let router = Router::new().on(command("slow"), move || {
        let wait = Arc::clone(&wait);
        async move {
            wait.notified().await;
            "at last"
        }
    });
    let world = called(router, true).await;
    world.say("alice", GENERAL, "!robot /slow").await;
    tokio::time::sleep(Duration::from_millis(5500)).await;
    assert!(world.heard(GENERAL).await.is_empty());
    done.notify_one();
    assert_eq!(world.hears(GENERAL, 1).await, ["at last"]);
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_robot_speaks_through_its_hook() {
    let world = World::of("bearychat").await;
    let outbox = RobotOutbox::new(robot_client(&hook(&world)).unwrap());
    let link = mynah::bot::Link {
        url: "https://example.com/a".into(),
        title: "页".into(),
        ..mynah::bot::Link::default()
    };
    let hello = Message::text("早 ").push(mynah::bot::Part::Link(link));
    let dev = "bearychat:group:dev".parse().unwrap();
    outbox.send(&dev, &hello).await.unwrap();
    let said = messages(&world, "group:=bwDev").await;
    let parts = &said.last().unwrap()["parts"];
    assert_eq!(parts[0]["text"], "早 ");
    assert_eq!(parts[1]["url"], "https://example.com/a");

    // In another's place it speaks where it belongs.
    let nowhere = "bearychat:group:nowhere".parse().unwrap();
    outbox.send(&nowhere, &"here".into()).await.unwrap();
    assert_eq!(world.heard(GENERAL).await, ["here"]);
    let alice = "bearychat:user:alice".parse().unwrap();
    outbox.send(&alice, &"psst".into()).await.unwrap();
    let nobody = "bearychat:temporary:alice".parse().unwrap();
    assert!(outbox.send(&nobody, &"x".into()).await.is_err());
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_nobody_knows_is_the_end() {
    let world = World::of("bearychat").await;
    let refused = BearyChatHubot {
        token: Secret::new("wrong"),
        ..hubot(&world)
    };
    let account = mynah::bot::Account::new("refused", kind(refused));
    let bot = Bot::new(Config::of(vec![account]));
    let router = Router::<()>::new().on(message(), async || "x");
    let alone = bot.run_until(router, (), std::future::pending());
    let ended = tokio::time::timeout(Duration::from_secs(5), alone).await;
    let error = ended.expect("it is tried for ever").unwrap_err();
    assert!(error.to_string().contains("未授权"), "{error}");
    world.close().await;
}

/// The platform says with every answer how many calls are left, and when there are new ones.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_knows_how_many_calls_are_left_and_sends_none_when_there_are_none() {
    let world = World::of("bearychat").await;
    world.deliver(json!({ "calls_per_hour": 3 })).await;
    let client = hubot_client(&hubot(&world)).unwrap();
    for left in [2, 1, 0] {
        client.call(GetMe::new()).await.unwrap();
        let quota = client.quota().unwrap();
        assert_eq!((quota.limit, quota.remaining), (3, left));
    }
    let call = GetMessage::new("=bwAll", "1485236262366.0193");
    let refused = client.call(call).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Throttled);
    assert!(refused.api().is_none(), "it was sent: {refused}");
    let wait = refused.retry_after().unwrap();
    assert!(wait <= Duration::from_secs(3600), "{wait:?}");

    // Another client of the same token does not know it yet, and is told.
    let other = hubot_client(&hubot(&world)).unwrap();
    let refused = other.call(GetMe::new()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Throttled);
    assert_eq!(refused.api().map(|error| error.status), Some(429));
    assert_eq!(refused.quota().map(|quota| quota.remaining), Some(0));
    let told = refused.retry_after().unwrap();
    assert!(told <= Duration::from_secs(3600), "{told:?}");

    let later = json!({ "advance_s": told.as_secs() + 1 });
    world.control("POST", "/control/clock", later).await;
    let third = hubot_client(&hubot(&world)).unwrap();
    third.call(GetMe::new()).await.unwrap();
    assert_eq!(third.quota().map(|quota| quota.remaining), Some(2));
    world.close().await;
}
