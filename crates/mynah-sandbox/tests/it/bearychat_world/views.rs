//! The world as people see it.

use mynah_sandbox::{Change, World};
use serde_json::json;

use super::support::{ALICE, ALL, BEARY, BOB, BOT, DAVE, DEV, Team, act, say, seen, text_of};

fn titles(team: &Team, viewer: Option<&str>) -> Vec<(String, String)> {
    let all = team.world.conversations(viewer).unwrap().conversations;
    all.into_iter().map(|it| (it.id, it.title)).collect()
}

fn own(id: &str, title: &str) -> (String, String) {
    (id.to_owned(), title.to_owned())
}

#[test]
fn everybody_is_there_the_bot_first() {
    let team = Team::new();
    let people = team.world.people();
    let names: Vec<(&str, bool)> = people.iter().map(|it| (it.name.as_str(), it.bot)).collect();
    assert_eq!(
        names,
        [
            ("bot", true),
            ("BearyBot", true),
            ("alice", false),
            ("bob", false),
            ("carol", false),
            ("dave", false),
            ("erin", false),
        ]
    );
    assert_eq!(
        (people[0].id.as_str(), people[0].display.as_str()),
        (BOT, "Mynah")
    );
    assert_eq!(
        (people[1].id.as_str(), people[1].display.as_str()),
        (BEARY, "倍洽小助手")
    );
}

#[test]
fn somebody_sees_their_own_conversations_the_last_first() {
    let mut team = Team::new();
    let before = titles(&team, Some("alice"));
    assert_eq!(before.len(), 3);
    for conversation in [
        own("group:=bwAll", "所有人"),
        own("group:=bwDev", "dev"),
        own("user:=bw52O", "Mynah"),
    ] {
        assert!(before.contains(&conversation), "{conversation:?}");
    }
    assert_eq!(titles(&team, Some("dave")).len(), 2);
    say(&mut team.world, "bob", "user:alice", "hi");
    say(&mut team.world, "alice", "user:bot", "hi");
    let private = format!("private:{ALICE}:{BOB}");
    let after = titles(&team, Some("alice"));
    assert_eq!(after[0], own("user:=bw52O", "Mynah"));
    assert_eq!(after[1], own(&private, "Bob"));
    assert_eq!(after.len(), 4);
    assert_eq!(titles(&team, Some("bob"))[0], own(&private, "Alice"));
    assert_eq!(titles(&team, Some("carol")).len(), 3);
    assert_eq!(titles(&team, None)[1], own(&private, "Alice, Bob"));
    assert_eq!(titles(&team, None)[0], own("user:=bw52O", "Alice"));
    // Of each person the conversation with the bot, one of two others, and two
    // channels.
    assert_eq!(titles(&team, None).len(), 8);
    assert!(team.world.conversations(Some("nobody")).is_err());
}

#[test]
fn the_bot_and_beary_are_shown_what_they_are_in() {
    let mut team = Team::new();
    assert_eq!(titles(&team, Some("bot")).len(), 1);
    team.p2p(BEARY);
    assert!(titles(&team, Some("bot")).contains(&own("user:=bwMkR", "倍洽小助手")));
    assert!(titles(&team, Some("BearyBot")).contains(&own("user:=bwMkR", "Mynah")));
}

#[test]
fn what_somebody_could_join_is_listed() {
    let mut team = Team::new();
    let joinable = |team: &Team, who: &str| {
        let all = team.world.conversations(Some(who)).unwrap().joinable;
        all.into_iter()
            .map(|it| (it.id, it.title))
            .collect::<Vec<_>>()
    };
    assert_eq!(joinable(&team, "dave"), [own("group:=bwDev", "dev")]);
    assert_eq!(joinable(&team, "alice"), []);
    let create = json!({ "name": "secret", "private": true });
    act(&mut team.world, "alice", "create", create);
    let create = json!({ "name": "open" });
    let open = text_of(&act(&mut team.world, "alice", "create", create), "id");
    act(
        &mut team.world,
        "alice",
        "session",
        json!({ "members": ["bob"] }),
    );
    let found = [
        own("group:=bwDev", "dev"),
        own(&format!("group:{open}"), "open"),
    ];
    assert_eq!(joinable(&team, "dave"), found);
    act(
        &mut team.world,
        "alice",
        "archive",
        json!({ "group": open }),
    );
    assert_eq!(joinable(&team, "dave"), found[..1]);
    act(&mut team.world, "dave", "join", json!({ "group": "dev" }));
    assert_eq!(joinable(&team, "dave"), []);
}

#[test]
fn a_conversation_tells_what_kind_of_place_it_is() {
    let mut team = Team::new();
    let session = json!({ "members": ["bob", "bot"] });
    let session = text_of(&act(&mut team.world, "dave", "session", session), "id");
    act(
        &mut team.world,
        "dave",
        "archive",
        json!({ "group": session }),
    );
    let all = team.world.conversations(None).unwrap().conversations;
    let find = |id: &str| {
        let found = all.iter().find(|it| it.id == id).unwrap();
        serde_json::to_value(found).unwrap()
    };
    let general = find("group:=bwAll");
    assert_eq!(general["kind"], "group");
    assert_eq!(
        general["room"],
        json!({
            "kind": "channel",
            "topic": null,
            "creator": ALICE,
            "private": false,
            "archived": false,
            "general": true,
            "pins": [],
        })
    );
    assert_eq!(general["members"].as_array().unwrap().len(), 7);
    assert_eq!(general["members"][2]["role"], "owner");
    assert_eq!(general["members"][3]["role"], "normal");
    let dev = find("group:=bwDev");
    assert_eq!(dev["room"]["topic"], "Where it is made.");
    assert_eq!(dev["room"]["general"], false);
    let session = find(&format!("group:{session}"));
    assert_eq!(session["title"], "Dave、Bob、Mynah");
    assert_eq!(
        (&session["room"]["kind"], &session["room"]["archived"]),
        (&json!("session"), &json!(true))
    );
    let direct = find("user:=bw52R");
    assert_eq!(
        (&direct["kind"], &direct["room"]["kind"]),
        (&json!("direct"), &json!("direct"))
    );
    let members = direct["members"].as_array().unwrap().iter();
    let members: Vec<&str> = members.map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(members, [DAVE, BOT]);
}

#[test]
fn a_session_channel_without_a_name_is_called_by_who_else_is_in_it() {
    let mut team = Team::new();
    let details = json!({ "members": ["alice", "bob", "carol", "erin", "bot"] });
    let id = text_of(&act(&mut team.world, "dave", "session", details), "id");
    let id = format!("group:{id}");
    assert!(titles(&team, Some("dave")).contains(&own(&id, "Alice、Bob、Carol、Erin、Mynah")));
    assert!(titles(&team, None).contains(&own(&id, "Dave、Alice、Bob、Carol、Erin、…")));
}

#[test]
fn the_drawings_of_the_team_are_shown() {
    let team = Team::new();
    let shown = team.world.conversations(Some("dave")).unwrap();
    assert_eq!(shown.emoji[0].name, "mynah");
    assert_eq!(shown.stickers[0].name, "你好");
}

#[test]
fn a_conversation_is_looked_at_by_its_id_or_its_name() {
    let mut team = Team::new();
    act(&mut team.world, "dave", "join", json!({ "group": "dev" }));
    assert_eq!(seen(&team.world, "group:=bwDev").len(), 1);
    assert_eq!(seen(&team.world, "group:dev").len(), 1);
    // Nothing was said in it, but it could be.
    assert_eq!(seen(&team.world, &format!("user:{DAVE}")).len(), 0);
    assert_eq!(
        seen(&team.world, &format!("private:{DAVE}:{ALICE}")).len(),
        0
    );
    for none in [
        "group:=bwNone",
        "user:=bwNone",
        "private:=bw52O:=bwNone",
        "private:=bw52O:=bw52O",
        "user:=bwBot",
        "nothing",
        "room:=bwDev",
    ] {
        assert!(team.world.messages(none, None, 1).is_err(), "{none}");
    }
}

#[test]
fn what_changes_is_told_to_the_screens() {
    let mut team = Team::new();
    while team.world.poll_change().is_some() {}
    team.ok("channel.join", json!({ "channel_id": DEV }));
    let changes: Vec<Change> = std::iter::from_fn(|| team.world.poll_change()).collect();
    let [Change::Message(line), Change::Conversations] = changes.as_slice() else {
        panic!("{changes:?}");
    };
    assert_eq!(
        (line.conversation.as_str(), line.kind),
        ("group:=bwDev", "notice")
    );
    assert_eq!((line.from.name.as_str(), line.from.bot), ("bot", true));
    team.ok("channel.join", json!({ "channel_id": ALL }));
    team.ok("user.me", json!({}));
    assert!(team.world.poll_change().is_none());
    team.p2p(DAVE);
    assert!(matches!(
        team.world.poll_change(),
        Some(Change::Conversations)
    ));
    team.ok("user.update_me", json!({ "full_name": "Starling" }));
    assert!(matches!(
        team.world.poll_change(),
        Some(Change::Conversations)
    ));
}
