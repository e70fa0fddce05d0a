//! RTM: where a connection begins, who has one, and what is said over it.

use mynah_bearychat::socket::ClientFrame;
use mynah_core::Code;
use mynah_sandbox::World;
use mynah_sandbox::bearychat::{BearyChatWorld, Effect, Seed};
use serde_json::{Value, json};

use super::support::*;

/// Two hubots in one team.
const TWO_BOTS: &str = r#"
    [bearychat]
    team = { id = "=t1", subdomain = "s", name = "S" }
    general = { id = "=c1", name = "all", creator = "=u1" }
    people = [{ id = "=u1", name = "alice" }]
    bots = [
        { id = "=b1", name = "one", token = "token-1" },
        { id = "=b2", name = "two", token = "token-2" },
    ]
    channels = [{ id = "=c2", name = "dev", creator = "=u1", members = ["=u1", "=b2"] }]
"#;

fn frame(world: &mut BearyChatWorld, frame: ClientFrame) -> Result<(), (u16, i64)> {
    frame_of(world, BOT, frame)
}

fn frame_of(world: &mut BearyChatWorld, who: &str, frame: ClientFrame) -> Result<(), (u16, i64)> {
    let refused = world.frame(&who.into(), &frame);
    refused.map_err(|error| match error.code {
        Code::Number(code) => (error.status, code),
        Code::Word(_) => panic!("{error}"),
    })
}

/// A frame that is refused: nothing changes, and nobody is told.
#[track_caller]
fn refused(world: &mut BearyChatWorld, rejected: ClientFrame) -> (u16, i64) {
    let before = world.snapshot();
    let refusal = frame(world, rejected).unwrap_err();
    assert!(world.snapshot() == before, "it has changed something");
    assert!(told(world).is_empty());
    refusal
}

fn ticket(start: &Value) -> String {
    let url = text_of(start, "ws_host");
    let ticket = url.strip_prefix("ws://127.0.0.1:7700/bearychat/rtm/nimbus/ws:");
    ticket.unwrap_or_else(|| panic!("{url}")).to_owned()
}

#[test]
fn start_gives_an_address_that_is_good_for_five_minutes() {
    let mut team = Team::new();
    let bare = team.ok("rtm.start", json!({}));
    let wrapped = team.ok("/rtm/start", json!({}));
    assert_eq!(wrapped["code"], 0);
    for start in [&bare, &wrapped["result"]] {
        assert_eq!(start["user"]["id"], BOT);
        assert_eq!(start["user"]["type"], "hubot");
        // As often as one likes.
        for _ in 0..2 {
            assert_eq!(team.world.redeem(&ticket(start)).unwrap().as_str(), BOT);
        }
    }
    assert_ne!(bare["ws_host"], wrapped["result"]["ws_host"]);
    team.wait(299);
    assert!(team.world.redeem(&ticket(&bare)).is_ok());
    team.wait(1);
    let late = team.world.redeem(&ticket(&bare)).unwrap_err();
    assert_eq!((late.status, late.code), (401, Code::Number(2)));
    assert_eq!(team.world.redeem("none").unwrap_err().status, 401);
    assert!(team.events().is_empty());
}

#[test]
fn an_address_survives_a_snapshot_and_no_reset() {
    let mut team = Team::new();
    let ticket = ticket(&team.ok("rtm.start", json!({})));
    let snapshot = team.world.snapshot();
    team.world.reset();
    assert!(team.world.redeem(&ticket).is_err());
    team.world.restore(snapshot).unwrap();
    assert!(team.world.redeem(&ticket).is_ok());
}

#[test]
fn a_thousand_addresses_are_remembered() {
    let mut team = Team::new();
    let first = ticket(&team.ok("/rtm/start", json!({}))["result"]);
    team.wait(1);
    for _ in 0..1_000 {
        team.ok("/rtm/start", json!({}));
    }
    assert!(team.world.redeem(&first).is_err());
}

#[test]
fn everybody_hears_who_comes_and_who_has_gone() {
    let seed = Seed::parse(TWO_BOTS).unwrap();
    let mut world = BearyChatWorld::new(&seed);
    let one = "=b1".into();
    world.connected(&one);
    world.connected(&one);
    world.disconnected(&one);
    world.disconnected(&one);
    world.disconnected(&one);
    let told: Vec<(Vec<String>, Value)> = told(&mut world)
        .into_iter()
        .map(|effect| match effect {
            Effect::Rtm { to, event } => {
                let to = to.iter().map(ToString::to_string).collect();
                (to, serde_json::to_value(event).unwrap())
            }
            other => panic!("{other:?}"),
        })
        .collect();
    let words: Vec<&Value> = told
        .iter()
        .map(|(_, event)| &event["data"]["connection"])
        .collect();
    assert_eq!(words, ["connected", "connected", "disconnected"]);
    for (to, event) in &told {
        assert_eq!(*to, ["=b1", "=b2"]);
        assert_eq!(event["type"], "update_user_connection");
        assert_eq!(event["data"]["uid"], "=b1");
        assert!(event["ts"].is_u64());
    }
}

#[test]
fn only_who_is_in_a_conversation_hears_what_is_said_there() {
    let seed = Seed::parse(TWO_BOTS).unwrap();
    let mut world = BearyChatWorld::new(&seed);
    say(&mut world, "alice", "group:=c1", "all");
    say(&mut world, "alice", "group:=c2", "dev");
    say(&mut world, "alice", "user:bot", "one");
    let told: Vec<Vec<String>> = told(&mut world)
        .into_iter()
        .map(|effect| match effect {
            Effect::Rtm { to, .. } => to.iter().map(ToString::to_string).collect(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(told, [vec!["=b1", "=b2"], vec!["=b2"], vec!["=b1"]]);
    let two = "=b2";
    let said = ClientFrame::channel_message("=c2", "hi");
    assert_eq!(frame_of(&mut world, two, said.clone()), Ok(()));
    assert_eq!(frame_of(&mut world, "=b1", said), Err((403, 4)));
}

#[test]
fn what_is_said_over_a_socket_is_said() {
    let mut team = Team::new();
    let p2p = team.p2p(DAVE);
    let quoted = say(&mut team.world, "dave", "group:=bwAll", "what?");
    team.events();
    let answer = ClientFrame::channel_message(ALL, "that").quoting(quoted.as_str().into());
    frame(&mut team.world, answer).unwrap();
    frame(
        &mut team.world,
        ClientFrame::message(p2p.as_str(), DAVE, "psst"),
    )
    .unwrap();
    let events = team.events();
    assert_eq!(events.len(), 2);
    assert_eq!(events[0]["type"], "channel_message");
    assert_eq!(events[0]["refer_key"], *quoted);
    assert_eq!(events[0]["uid"], BOT);
    assert_eq!(
        (&events[1]["type"], &events[1]["to_uid"]),
        (&json!("message"), &json!(DAVE))
    );
    let key = text_of(&events[0], "key");
    assert_eq!(team.message(ALL, &key)["refer_key"], *quoted);
    let seen = parts(&team.world, "group:=bwAll");
    assert_eq!(seen[0], json!({ "type": "quote", "message_id": quoted }));
}

#[test]
fn over_a_socket_the_other_one_must_be_named() {
    let mut team = Team::new();
    let p2p = team.p2p(DAVE);
    let here = say(&mut team.world, "dave", "group:=bwAll", "here");
    team.events();
    let world = &mut team.world;
    let p2p = p2p.as_str();
    for (wrong, refusal) in [
        (ClientFrame::message(p2p, BOB, "hi"), (400, 1)),
        (ClientFrame::message(p2p, BOT, "hi"), (400, 1)),
        (ClientFrame::message(ALL, DAVE, "hi"), (400, 1)),
        (ClientFrame::message(p2p, DAVE, ""), (400, 1)),
        (
            ClientFrame::message(p2p, DAVE, "hi").quoting(here.as_str().into()),
            (404, 6),
        ),
        (ClientFrame::message("=none", DAVE, "hi"), (404, 6)),
        (ClientFrame::channel_message(ALL, ""), (400, 1)),
        (ClientFrame::channel_message(DEV, "hi"), (403, 4)),
        (ClientFrame::channel_message(p2p, "hi"), (400, 1)),
        (
            ClientFrame::ChannelMessage {
                vchannel_id: ALL.into(),
                channel_id: DEV.into(),
                text: "hi".to_owned(),
                refer_key: None,
            },
            (400, 1),
        ),
        (
            ClientFrame::ChannelTyping {
                vchannel_id: DEV.into(),
                channel_id: DEV.into(),
            },
            (403, 4),
        ),
        (
            ClientFrame::Typing {
                vchannel_id: p2p.into(),
                to_uid: BOB.into(),
            },
            (400, 1),
        ),
    ] {
        let name = format!("{wrong:?}");
        assert_eq!(refused(world, wrong), refusal, "{name}");
    }
    // Of somebody who is writing nobody is told.
    let typing = ClientFrame::ChannelTyping {
        vchannel_id: ALL.into(),
        channel_id: ALL.into(),
    };
    frame(world, typing).unwrap();
    let typing = ClientFrame::Typing {
        vchannel_id: p2p.into(),
        to_uid: DAVE.into(),
    };
    frame(world, typing).unwrap();
    assert!(told(world).is_empty());
}

#[test]
fn a_message_by_the_older_host_is_said_without_markdown_if_that_is_asked() {
    let mut team = Team::new();
    let said = json!({ "vchannel": ALL, "text": "*a* @<==bw52R=>", "markdown": false });
    assert_eq!(
        team.ok("/rtm/message", said),
        json!({ "code": 0, "result": null })
    );
    let mention = json!({ "type": "mention", "id": DAVE, "name": "Dave" });
    let text = json!({ "type": "text", "text": "*a* " });
    assert_eq!(parts(&team.world, "group:=bwAll"), json!([text, mention]));
    let key = text_of(&team.events()[0], "key");
    assert_eq!(team.message(ALL, &key)["disable_markdown"], true);
    let said = json!({ "vchannel": ALL, "text": "b", "attachments": [{ "text": "c" }] });
    team.ok("/rtm/message", said);
    assert_eq!(parts(&team.world, "group:=bwAll")[1]["text"], "c");
    team.events();
    let strange = json!({ "vchannel": DEV, "text": "hi" });
    let (status, answer) = team.call("/rtm/message", strange);
    assert_eq!(status, 403);
    assert_eq!(
        answer,
        json!({ "code": 4, "error": "没有权限", "result": null })
    );
    for wrong in [
        json!({ "vchannel": ALL }),
        json!({ "vchannel_id": ALL, "text": "hi" }),
    ] {
        assert_eq!(team.refused("/rtm/message", wrong), (400, 1));
    }
}

#[test]
fn the_older_calls_answer_what_the_newer_ones_do() {
    let mut team = Team::new();
    let user = json!({ "user_id": DAVE });
    let channel = json!({ "channel_id": ALL });
    for (older, newer, arguments) in [
        ("/rtm/v1/current_team.info", "team.info", json!({})),
        ("/rtm/v1/current_team.members", "user.list", json!({})),
        (
            "/rtm/v1/current_team.members",
            "user.list",
            json!({ "all": true }),
        ),
        ("/rtm/v1/current_team.channels", "channel.list", json!({})),
        ("/rtm/v1/user.info", "user.info", user),
        ("/rtm/v1/channel.info", "channel.info", channel),
    ] {
        let bare = match newer {
            "user.list" => team.ok(newer, json!({})),
            _ => team.ok(newer, arguments.clone()),
        };
        let wrapped = team.ok(older, arguments);
        assert_eq!(wrapped, json!({ "code": 0, "result": bare }), "{older}");
    }
    let unknown = json!({ "user_id": "=none" });
    let (status, answer) = team.call("/rtm/v1/user.info", unknown);
    assert_eq!(
        (status, &answer["code"], &answer["result"]),
        (404, &json!(6), &Value::Null)
    );
}
