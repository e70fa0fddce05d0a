//! Pins, reactions, and the pictures that messages name.

use mynah_sandbox::World;
use serde_json::{Value, json};

use super::support::*;

#[test]
fn a_message_is_pinned_once_and_listed_until_it_is_not() {
    let mut team = Team::new();
    let keys = ["one", "two"].map(|text| team.post(ALL, text));
    team.events();
    let named = |key: &str| json!({ "vchannel_id": ALL, "message_key": key });
    team.wait(1);
    let (status, pin) = team.call("message_pin.create", named(&keys[1]));
    assert_eq!(status, 200);
    let message = team.message(ALL, &keys[1]);
    assert_eq!(
        pin,
        json!({
            "id": message["pin_id"], "team_id": TEAM, "uid": BOT, "vchannel_id": ALL,
            "message_id": message["id"], "message_key": keys[1],
            "created_at": "2023-11-15T06:13:21.000+0800",
            "updated_at": "2023-11-15T06:13:21.000+0800",
        })
    );
    team.wait(1);
    assert_eq!(team.ok("message_pin.create", named(&keys[1])), pin);
    let other = team.ok("message_pin.create", named(&keys[0]));
    let list = team.ok("message_pin.list", json!({ "vchannel_id": ALL }));
    let listed = |pin: &Value| {
        let mut pin = pin.clone();
        pin["message"] = Value::Null;
        pin
    };
    assert_eq!(list, json!([listed(&pin), listed(&other)]));
    let pins = team
        .world
        .conversations(Some("alice"))
        .unwrap()
        .conversations;
    let pins = &pins[0].room.as_ref().unwrap().pins;
    let shown: Vec<&str> = pins.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(shown, [&keys[0], &keys[1]]);
    assert_eq!(pins[0].pinned.as_ref().unwrap().id, BOT);
    let unpin = json!({ "vchannel_id": ALL, "pin_id": pin["id"] });
    let (status, body) = team.call("message_pin.delete", unpin.clone());
    assert_eq!((status, body), (200, Value::Null));
    assert_eq!(team.message(ALL, &keys[1])["pin_id"], Value::Null);
    // Of pins no event tells.
    assert!(team.events().is_empty());
    assert_eq!(team.refused("message_pin.delete", unpin), (404, 6));
    let seen = seen(&team.world, "group:=bwAll");
    let notices: Vec<&str> = seen
        .iter()
        .filter_map(|it| it.notice.as_ref())
        .map(|it| it.kind)
        .collect();
    assert_eq!(notices, ["pin", "pin", "unpin"]);
}

#[test]
fn pins_are_for_those_who_are_there() {
    let mut team = Team::new();
    let key = say(&mut team.world, "alice", "group:=bwDev", "hi");
    act(&mut team.world, "bob", "pin", json!({ "message": key }));
    team.events();
    let named = json!({ "vchannel_id": DEV, "message_key": key });
    assert_eq!(team.refused("message_pin.create", named), (403, 4));
    assert_eq!(
        team.refused("message_pin.list", json!({ "vchannel_id": DEV })),
        (403, 4)
    );
    let unpin = json!({ "vchannel_id": DEV, "pin_id": "=x" });
    assert_eq!(team.refused("message_pin.delete", unpin), (403, 4));
    assert_eq!(
        may_not(&mut team.world, "dave", "pin", json!({ "message": key })),
        403
    );
    assert_eq!(
        may_not(&mut team.world, "dave", "unpin", json!({ "message": key })),
        403
    );
    act(&mut team.world, "carol", "unpin", json!({ "message": key }));
    assert_eq!(
        may_not(&mut team.world, "carol", "unpin", json!({ "message": key })),
        404
    );
    let unknown = json!({ "vchannel_id": ALL, "message_key": key });
    assert_eq!(team.refused("message_pin.create", unknown), (404, 6));
}

#[test]
fn a_reaction_is_made_once_by_each_and_told() {
    let mut team = Team::new();
    let key = say(&mut team.world, "alice", "group:=bwAll", "hi");
    team.events();
    team.wait(1);
    let arguments = json!({ "vchannel_id": ALL, "key": key, "reaction": ":smile:" });
    let (status, reaction) = team.call("reaction.create", arguments.clone());
    assert_eq!(status, 200);
    let message = team.message(ALL, &key);
    assert_eq!(
        reaction,
        json!({
            "id": reaction["id"], "team_id": TEAM, "uid": BOT, "message_id": message["id"],
            "message_key": key, "reaction": ":smile:", "created_ts": NOW + 1000,
            "created": "2023-11-15T06:13:21.000+0800", "updated": "2023-11-15T06:13:21.000+0800",
        })
    );
    let told = json!({ "type": "add_message_reaction", "data": reaction, "ts": NOW + 1000 });
    assert_eq!(team.events(), [told]);
    // Again it is the same, and no news.
    assert_eq!(team.ok("reaction.create", arguments.clone()), reaction);
    assert!(team.events().is_empty());
    act(
        &mut team.world,
        "bob",
        "react",
        json!({ "message": key, "emoji": ":smile:" }),
    );
    act(
        &mut team.world,
        "bob",
        "react",
        json!({ "message": key, "emoji": ":+1:" }),
    );
    let events = team.events();
    assert_eq!((&events[0]["data"]["uid"], events.len()), (&json!(BOB), 2));
    let reactions = &team.message(ALL, &key)["reactions"];
    assert_eq!(
        *reactions,
        json!([
            { "reaction": ":smile:", "uids": [BOT, BOB], "created_ts": NOW + 1000 },
            { "reaction": ":+1:", "uids": [BOB], "created_ts": NOW + 1000 },
        ])
    );
    let seen = last(&team.world, "group:=bwAll").reactions;
    assert_eq!(
        (seen[0].id.as_str(), &seen[0].by),
        (":smile:", &vec![BOT.to_owned(), BOB.to_owned()])
    );
    team.wait(1);
    let (status, body) = team.call("reaction.delete", arguments.clone());
    assert_eq!((status, body), (200, Value::Null));
    let told = json!({ "type": "delete_message_reaction", "data": reaction, "ts": NOW + 2000 });
    assert_eq!(team.events(), [told]);
    assert_eq!(team.refused("reaction.delete", arguments), (404, 6));
    // Bob takes his back by doing it again.
    act(
        &mut team.world,
        "bob",
        "react",
        json!({ "message": key, "emoji": ":smile:" }),
    );
    assert_eq!(team.events()[0]["type"], "delete_message_reaction");
    act(
        &mut team.world,
        "bob",
        "unreact",
        json!({ "message": key, "emoji": ":+1:" }),
    );
    assert_eq!(team.message(ALL, &key)["reactions"], json!([]));
}

#[test]
fn a_reaction_is_a_name_between_colons_by_somebody_who_is_there() {
    let mut team = Team::new();
    let key = team.post(ALL, "hi");
    let there = say(&mut team.world, "alice", "group:=bwDev", "hi");
    team.events();
    for wrong in ["smile", ":smile", "::", ":a b:", ":a:b:", ""] {
        let arguments = json!({ "vchannel_id": ALL, "key": key, "reaction": wrong });
        assert_eq!(
            team.refused("reaction.create", arguments),
            (400, 1),
            "{wrong}"
        );
        let details = json!({ "message": key, "emoji": wrong });
        assert_eq!(
            may_not(&mut team.world, "bob", "react", details),
            400,
            "{wrong}"
        );
    }
    let strange = json!({ "vchannel_id": DEV, "key": there, "reaction": ":a:" });
    assert_eq!(team.refused("reaction.create", strange.clone()), (403, 4));
    assert_eq!(team.refused("reaction.delete", strange), (403, 4));
    let details = json!({ "message": there, "emoji": ":a:" });
    assert_eq!(may_not(&mut team.world, "dave", "react", details), 403);
    let nothing = json!({ "vchannel_id": ALL, "key": there, "reaction": ":a:" });
    assert_eq!(team.refused("reaction.create", nothing), (404, 6));
}

#[test]
fn a_message_has_room_for_a_thousand_reactions() {
    let mut team = Team::new();
    let key = team.post(ALL, "hi");
    for number in 0..1_000 {
        let details = json!({ "message": key, "emoji": format!(":e{number}:") });
        act(&mut team.world, "bob", "react", details);
    }
    told(&mut team.world);
    let one_more = json!({ "vchannel_id": ALL, "key": key, "reaction": ":a:" });
    assert_eq!(team.refused("reaction.create", one_more), (403, 4));
}

#[test]
fn emoji_and_stickers_are_those_of_the_team() {
    let mut team = Team::new();
    let emoji = team.ok("emoji.list", json!({}));
    assert_eq!(emoji[0]["name"], "mynah");
    assert_eq!(emoji[0]["type"], "emoji");
    for field in ["id", "uid", "team_id", "created", "updated", "url"] {
        assert!(emoji[0][field].is_string(), "{field}");
    }
    let packs = team.ok("sticker.list", json!({}));
    assert_eq!(packs[0]["pack"], "八哥");
    let sticker = &packs[0]["stickers"][0];
    assert_eq!(
        (&sticker["width"], &sticker["height"]),
        (&json!(240), &json!(240))
    );
    let seen = team.world.conversations(Some("alice")).unwrap();
    assert_eq!(seen.emoji[0].name, "mynah");
    // Programs are told the whole address of what is the sandbox's own.
    let whole = |path: &str| format!("http://127.0.0.1:7700{path}");
    assert_eq!(seen.stickers[0].url, "/assets/hello.svg");
    assert_eq!(sticker["url"], whole(&seen.stickers[0].url));
    assert_eq!(emoji[0]["url"], whole(&seen.emoji[0].url));
}

#[test]
fn a_file_is_found_where_its_key_leads() {
    let mut team = Team::new();
    let found = team.response("file.location", json!({ "file_key": "sandbox-file" }));
    assert_eq!(found.status(), 302);
    assert_eq!(
        found.headers()["location"],
        "https://example.com/sandbox-file.png"
    );
    let (refusal, words) = team.refused_in_words("file.location", json!({ "file_key": "none" }));
    assert_eq!((refusal, words.as_str()), ((404, 6), "文件不存在"));
    assert_eq!(team.refused("file.location", json!({})), (400, 1));
    // What people send has a key too: the last part of its address.
    let file = json!({ "file": { "name": "list.txt", "base64": "bGlzdAo=" } });
    let key = says(&mut team.world, "dave", "user:bot", file);
    let p2p = team.p2p(DAVE);
    let message = team.message(&p2p, &key);
    assert_eq!(message["text"], "list.txt");
    let url = text_of(&message["attachments"][0], "url");
    let file_key = url.rsplit('/').next().unwrap().to_owned();
    let found = team.response("file.location", json!({ "file_key": file_key }));
    assert_eq!(found.headers()["location"], url.as_str());
    let path = url.split_once("/bearychat").unwrap().1;
    let request = mynah_core::http::Request::get(&url)
        .body(Vec::new().into())
        .unwrap();
    let file = team.world.http(path, &request, [127, 0, 0, 1].into());
    assert_eq!(file.body().as_ref(), b"list\n");
    assert_eq!(
        parts(&team.world, "user:=bw52R"),
        json!([{
            "type": "file", "name": "list.txt", "size": 5,
            "url": format!("/control/media/bearychat/{file_key}"),
        }])
    );
}
