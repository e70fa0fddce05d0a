//! What persons say.

use mynah_sandbox::World as _;
use serde_json::{Value, json};

use super::support::*;

#[test]
fn a_text_is_said_as_it_is() {
    let mut team = Team::new();
    let key = say(
        &mut team.world,
        "dave",
        "group:所有人",
        "**hi** @<==bwBot=>",
    );
    assert_eq!(team.message(ALL, &key)["text"], "**hi** @<==bwBot=>");
    assert_eq!(
        parts(&team.world, "group:=bwAll"),
        json!([{ "type": "markdown", "text": "**hi** @<==bwBot=>" }])
    );
}

#[test]
fn the_first_word_opens_a_conversation_of_two() {
    let mut team = Team::new();
    say(&mut team.world, "dave", "user:bot", "hi");
    say(&mut team.world, "dave", "user:erin", "psst");
    let p2p = team.ok("p2p.list", json!({}));
    assert_eq!(p2p.as_array().unwrap().len(), 1);
    let event = team.events();
    // The bot hears nothing of the others.
    assert_eq!(event.len(), 1);
    assert_eq!(event[0]["vchannel_id"], p2p[0]["vchannel_id"]);
    assert_eq!(p2p[0]["latest_ts"], event[0]["created_ts"]);
    assert_eq!(
        last(&team.world, &format!("private:{DAVE}:{ERIN}")).from.id,
        DAVE
    );
}

#[test]
fn a_message_quotes_another_one_of_its_conversation() {
    let mut team = Team::new();
    let key = team.post(ALL, "what?");
    let answer = json!({ "text": "that", "refer_key": key });
    let answer = says(&mut team.world, "dave", "group:=bwAll", answer);
    assert_eq!(team.message(ALL, &answer)["refer_key"], *key);
    let seen = parts(&team.world, "group:=bwAll");
    assert_eq!(seen[0], json!({ "type": "quote", "message_id": key }));
    assert_eq!(team.events()[1]["refer_key"], *key);
    let said = json!({ "from": "dave", "to": "group:=bwAll", "text": "it", "refer_key": key });
    let said = try_say(&mut team.world, said).unwrap();
    assert_eq!(team.message(ALL, &said.ids[0])["refer_key"], *key);
    team.events();
    for to in ["user:bot", "user:alice"] {
        let wrong = json!({
            "from": "dave", "to": to, "message": { "text": "that", "refer_key": key },
        });
        assert_eq!(
            may_not_say(&mut team.world, wrong),
            (404, "refer_key".to_owned())
        );
    }
}

#[test]
fn mentions_can_be_given_by_name() {
    let mut team = Team::new();
    let parts = json!([
        { "type": "mention", "id": "bot" },
        { "type": "text", "text": " and " },
        { "type": "mention", "id": "erin" },
        { "type": "mention", "id": "all" },
    ]);
    let key = says(&mut team.world, "dave", "group:=bwAll", parts);
    let text = "@<==bwBot=> and @<==bw52S=>@<-channel->";
    assert_eq!(team.message(ALL, &key)["text"], text);
}

#[test]
fn a_picture_a_file_and_a_sticker_are_attachments_to_programs() {
    let mut team = Team::new();
    let png = "iVBORw0KGgo=";
    let picture = json!({ "file": { "name": "cat.png", "base64": png } });
    let key = says(&mut team.world, "dave", "group:=bwAll", picture);
    let message = team.message(ALL, &key);
    assert_eq!(
        (&message["text"], &message["subtype"]),
        (&json!("cat.png"), &json!("normal"))
    );
    let attachment = &message["attachments"][0];
    assert_eq!(attachment["title"], "cat.png");
    let url = text_of(&attachment["images"][0], "url");
    assert!(
        url.starts_with("http://127.0.0.1:7700/bearychat/_files/"),
        "{url}"
    );
    assert_eq!(team.events()[0]["attachments"], message["attachments"]);
    let seen = parts(&team.world, "group:=bwAll");
    assert_eq!(
        (&seen[0]["type"], &seen[0]["name"]),
        (&json!("image"), &json!("cat.png"))
    );
    let packs = team.ok("sticker.list", json!({}));
    let sticker = &text_of(&packs[0]["stickers"][0], "url");
    let seen = team.world.conversations(Some("dave")).unwrap();
    let path = seen.stickers[0].url.as_str();
    for known in [sticker, path] {
        let said = json!({ "sticker": known });
        let key = says(&mut team.world, "dave", "group:=bwAll", said);
        let message = team.message(ALL, &key);
        assert_eq!(message["attachments"][0]["images"][0]["url"], *sticker);
        let seen = last(&team.world, "group:=bwAll");
        assert_eq!(seen.tag, Some("sticker"));
        assert_eq!(
            serde_json::to_value(&seen.parts).unwrap(),
            json!([{ "type": "image", "url": path, "name": message["text"] }])
        );
    }
}

#[test]
fn words_beside_a_file_are_seen_too() {
    let mut team = Team::new();
    let said = json!({
        "text": "look", "file": { "name": "a.txt", "base64": "YQ==" },
        "attachments": [{ "text": "more" }],
    });
    let key = says(&mut team.world, "dave", "group:=bwAll", said);
    let message = team.message(ALL, &key);
    assert_eq!(message["text"], "look");
    assert_eq!(message["attachments"][0]["text"], "more");
    assert_eq!(message["attachments"][1]["title"], "a.txt");
    let seen = parts(&team.world, "group:=bwAll");
    let kinds: Vec<&Value> = seen
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["type"])
        .collect();
    assert_eq!(kinds, ["markdown", "file", "attachment"]);
    // A picture of the sandbox's own is found on the page by its path.
    let url = "http://127.0.0.1:7700/bearychat/_files/x";
    let said = json!({
        "vchannel_id": ALL, "text": "b", "attachments": [{ "title": "t", "images": [{ "url": url }] }],
    });
    team.ok("message.create", said);
    let seen = parts(&team.world, "group:=bwAll");
    assert_eq!(seen[1]["images"], json!(["/control/media/bearychat/x"]));
}

#[test]
fn nothing_wrong_is_said() {
    let mut team = Team::new();
    act(
        &mut team.world,
        "alice",
        "deactivate",
        json!({ "target": "erin" }),
    );
    let key = team.post(ALL, "hi");
    team.events();
    let said = |from: &str, to: &str, message: Value| json!({ "from": from, "to": to, "message": message });
    let hi = || json!({ "text": "hi" });
    let file = json!({ "name": "a", "base64": "?" });
    for (wrong, rejected) in [
        (said("nobody", "user:bot", hi()), (404, "from")),
        (said("dave", "group:none", hi()), (404, "to")),
        (said("dave", "group:=bwDev", hi()), (403, "to")),
        (said("dave", "user:erin", hi()), (403, "to")),
        (said("dave", "user:bot", json!({})), (400, "text")),
        (said("dave", "user:bot", json!([])), (400, "message")),
        (said("dave", "user:bot", json!(7)), (400, "message")),
        (
            said("dave", "user:bot", json!([{ "type": "image" }])),
            (400, "type"),
        ),
        (
            said(
                "dave",
                "user:bot",
                json!([{ "type": "mention", "id": "no" }]),
            ),
            (404, "id"),
        ),
        (
            said("dave", "user:bot", json!({ "text": 7 })),
            (400, "text"),
        ),
        (
            said("dave", "user:bot", json!({ "sticker": "http://none" })),
            (404, "sticker"),
        ),
        (
            said("dave", "user:bot", json!({ "file": file })),
            (400, "base64"),
        ),
        (
            said("dave", "user:bot", json!({ "file": { "base64": "" } })),
            (400, "name"),
        ),
        (
            said("dave", "user:bot", json!({ "file": "a" })),
            (400, "file"),
        ),
        (
            said(
                "dave",
                "user:bot",
                json!({ "text": "a", "attachments": [{}] }),
            ),
            (400, "attachments"),
        ),
        (
            said("dave", "user:bot", json!({ "text": "a", "attachments": 7 })),
            (400, "attachments"),
        ),
        (
            said("dave", "user:bot", json!({ "text": "a", "refer_key": key })),
            (404, "refer_key"),
        ),
        (json!({ "from": "dave", "to": "user:bot" }), (400, "text")),
        (
            json!({ "from": "dave", "to": "user:bot", "text": "" }),
            (400, "text"),
        ),
        (
            json!({ "from": "dave", "to": "nowhere", "text": "hi" }),
            (400, "to"),
        ),
    ] {
        let name = wrong.to_string();
        let (status, field) = rejected;
        assert_eq!(
            may_not_say(&mut team.world, wrong),
            (status, field.to_owned()),
            "{name}"
        );
    }
}

#[test]
fn somebody_passes_a_message_on() {
    let mut team = Team::new();
    let key = say(&mut team.world, "dave", "group:=bwAll", "look");
    team.events();
    let forward = |to: &str| json!({ "message": key, "to": to });
    let there = act(&mut team.world, "dave", "forward", forward("user:bot"));
    let p2p = team.p2p(DAVE);
    let message = team.message(&p2p, &text_of(&there, "message"));
    assert_eq!(message["repost"]["message_key"], *key);
    assert_eq!(message["repost"]["vchannel_id"], ALL);
    assert_eq!(team.events()[0]["subtype"], "forwarded");
    assert_eq!(
        may_not(&mut team.world, "dave", "forward", forward("group:dev")),
        403
    );
    let nothing = json!({ "message": "1485236262366.0193", "to": "user:bot" });
    assert_eq!(may_not(&mut team.world, "dave", "forward", nothing), 404);
    let secret = say(&mut team.world, "alice", "group:dev", "secret");
    told(&mut team.world);
    let secret = json!({ "message": secret, "to": "user:bot" });
    assert_eq!(may_not(&mut team.world, "dave", "forward", secret), 403);
}
