//! What persons may and may not do.

use mynah_sandbox::World;
use mynah_sandbox::wecom::BotReach;
use mynah_wecom::reply::PassiveReply;
use serde_json::{Value, json};

use super::support::*;

#[test]
fn user_bot_is_the_application_unless_only_the_bot_can_be_reached() {
    let mut corp = Corp::new();
    for (application, bot, conversation) in [
        (true, true, "user:alice"),
        (true, false, "user:alice"),
        (false, false, "user:alice"),
        (false, true, "bot:alice"),
    ] {
        let reach = corp.world.reach_mut();
        reach.application = application;
        reach.bot = if bot {
            BotReach::Socket
        } else {
            BotReach::None
        };
        say(&mut corp.world, "alice", "user:bot", "hi");
        assert_eq!(parts(&corp.world, conversation)[0]["text"], "hi");
        corp.world.reset();
        corp.world.set_time(mynah_sandbox::Time(1_700_000_000_000));
    }
    say(&mut corp.world, "alice", "user:1000002", "a");
    say(&mut corp.world, "alice", "user:1000003", "b");
    say(&mut corp.world, "alice", "user:aib-sandbox", "c");
    for (conversation, text) in [
        ("user:alice", "a"),
        ("agent:1000003:alice", "b"),
        ("bot:alice", "c"),
    ] {
        assert_eq!(parts(&corp.world, conversation)[0]["text"], text);
        // Whoever names the conversation itself speaks there too.
        say(&mut corp.world, "alice", conversation, "again");
        assert_eq!(parts(&corp.world, conversation)[0]["text"], "again");
    }
}

#[test]
fn nobody_speaks_where_they_are_not_or_to_whom_there_is_not() {
    let mut corp = Corp::new();
    corp.ok(
        "appchat/create",
        json!({"chatid": "two", "userlist": ["alice", "bob"]}),
    );
    for (from, to, status) in [
        ("carol", "group:two", 403),
        ("alice", "group:nowhere", 404),
        ("alice", "user:nobody", 404),
        ("alice", "user:bob", 404),
        ("nobody", "user:bot", 404),
        ("alice", "nowhere", 400),
        ("alice", "bot:bob", 404),
    ] {
        let say = json!({"from": from, "to": to, "text": "x"});
        assert_eq!(
            try_say(&mut corp.world, say).unwrap_err().status,
            status,
            "{from} to {to}"
        );
    }
}

#[test]
fn what_is_said_is_a_text_or_a_message_of_parts() {
    let mut corp = Corp::new();
    let before = corp.world.snapshot();
    for (rest, field) in [
        (json!({}), "text"),
        (json!({"text": "x", "message": []}), "text"),
        (json!({"message": []}), "message"),
        (json!({"message": 7}), "message"),
        (json!({"message": {"type": "poem"}}), "type"),
        (json!({"message": {"type": "text"}}), "text"),
        (
            json!({"message": {"type": "mention", "id": "nobody"}}),
            "id",
        ),
        (
            json!({"message": {"type": "quote", "message_id": "unknown"}}),
            "message_id",
        ),
        (
            json!({"message": {"type": "image", "base64": "%"}}),
            "base64",
        ),
        (json!({"text": "x".repeat(5001)}), "text"),
    ] {
        let mut say = json!({"from": "alice", "to": "group:general"});
        say.as_object_mut()
            .unwrap()
            .extend(rest.as_object().unwrap().clone());
        let rejected = try_say(&mut corp.world, say).unwrap_err();
        assert_eq!(rejected.field, field, "{rest}");
    }
    assert!(corp.world.snapshot() == before);
}

#[test]
fn an_application_is_told_one_message_for_each_thing_that_is_no_text() {
    let mut corp = Corp::new();
    let message = json!([{"type": "text", "text": "a "}, {"type": "mention", "id": "bob"},
        {"type": "image"}, {"type": "file"}, {"type": "text", "text": "b"}]);
    let said = says(&mut corp.world, "alice", "user:bot", message);
    assert_eq!(said.ids.len(), 4);
    // It is not told of files.
    assert_eq!(names(&mut corp.world), ["text", "image", "text"]);
    assert_eq!(seen(&corp.world, "user:alice").len(), 4);
}

#[test]
fn a_picture_to_an_application_can_be_downloaded() {
    let mut corp = Corp::new();
    let picture = json!({"type": "image", "base64": base64(PNG)});
    says(&mut corp.world, "alice", "user:bot", picture);
    let xml = one_told(&mut corp.world).application().to_xml();
    let id = xml
        .split("<MediaId><![CDATA[")
        .nth(1)
        .unwrap()
        .split(']')
        .next()
        .unwrap();
    let path = format!(
        "/cgi-bin/media/get?media_id={id}&access_token={}",
        corp.token
    );
    let response = raw(&mut corp.world, &request("GET", &path, b""));
    assert_eq!(response.body().as_ref(), PNG);
}

#[test]
fn an_application_answers_in_the_response() {
    let mut corp = Corp::new();
    let image = corp.upload("image", "a.png", PNG);
    for (reply, shown) in [
        (PassiveReply::text("x".repeat(3000)), "text"),
        (PassiveReply::image(image), "image"),
        (
            PassiveReply::News {
                articles: vec![mynah_wecom::reply::Article {
                    title: "t".to_owned(),
                    url: "https://x.y".to_owned(),
                    ..Default::default()
                }],
            },
            "link",
        ),
    ] {
        say(&mut corp.world, "alice", "user:bot", "ping");
        let callback = one_told(&mut corp.world).application();
        corp.world
            .application_answered(&callback, Some(reply))
            .unwrap();
        let answer = last(&corp.world, "user:alice");
        assert!(answer.from.bot);
        assert_eq!(parts(&corp.world, "user:alice")[0]["type"], shown);
    }
    // A long text is cut.
    let long = seen(&corp.world, "user:alice").into_iter().nth(1).unwrap();
    let long = serde_json::to_value(&long.parts).unwrap();
    assert_eq!(long[0]["text"].as_str().unwrap().len(), 2048);
}

#[test]
fn an_answer_that_makes_no_sense_changes_nothing() {
    let mut corp = Corp::new();
    say(&mut corp.world, "alice", "user:bot", "ping");
    let message = one_told(&mut corp.world).application();
    act(&mut corp.world, "alice", "unsubscribe", json!({}));
    let goodbye = one_told(&mut corp.world).application();
    let before = corp.world.snapshot();
    let update = PassiveReply::UpdateButton {
        replace_name: "x".to_owned(),
    };
    for (callback, reply, code) in [
        (&goodbye, PassiveReply::text("x"), 40058),
        (&message, update, 40058),
        (&message, PassiveReply::text(""), 44004),
        (&message, PassiveReply::image("unknown"), 40007),
    ] {
        let refusal = corp
            .world
            .application_answered(callback, Some(reply))
            .unwrap_err();
        assert_eq!(refusal.code.number(), Some(code));
    }
    corp.world.application_answered(&message, None).unwrap();
    assert!(corp.world.snapshot() == before);
}

/// The members of a group as people see them: name and role.
fn roles(corp: &Corp, group: &str) -> Vec<(String, String)> {
    let all = corp.world.conversations(None).unwrap().conversations;
    let group = all
        .into_iter()
        .find(|it| it.id == format!("group:{group}"))
        .unwrap();
    group
        .members
        .into_iter()
        .map(|it| (it.name, it.role))
        .collect()
}

fn members(corp: &Corp, group: &str) -> Vec<String> {
    roles(corp, group)
        .into_iter()
        .map(|(name, _)| name)
        .collect()
}

#[test]
fn people_come_and_go() {
    let mut corp = Corp::new();
    corp.group("abc");
    corp.ok(
        "appchat/send",
        json!({"chatid": "abc", "msgtype": "text", "text": {"content": "x"}}),
    );
    let joinable = corp.world.conversations(Some("dave")).unwrap().joinable;
    assert_eq!(joinable[0].id, "group:abc");
    let world = &mut corp.world;
    act(world, "dave", "join", json!({"group": "abc"}));
    assert_eq!(may_not(world, "dave", "join", json!({"group": "abc"})), 403);
    act(
        world,
        "dave",
        "invite",
        json!({"group": "abc", "target": "erin"}),
    );
    assert_eq!(
        may_not(
            world,
            "dave",
            "invite",
            json!({"group": "abc", "target": "erin"})
        ),
        403
    );
    assert_eq!(
        may_not(
            world,
            "dave",
            "remove",
            json!({"group": "abc", "target": "erin"})
        ),
        403
    );
    act(
        world,
        "alice",
        "remove",
        json!({"group": "abc", "target": "erin"}),
    );
    act(world, "alice", "leave", json!({"group": "abc"}));
    assert_eq!(
        may_not(world, "alice", "leave", json!({"group": "abc"})),
        403
    );
    assert_eq!(
        roles(&corp, "abc"),
        [("bob", "owner"), ("carol", "member"), ("dave", "member")]
            .map(|(name, role)| (name.to_owned(), role.to_owned()))
    );
    assert_eq!(
        corp.info("abc")["userlist"],
        json!(["bob", "carol", "dave"])
    );
    let kinds: Vec<_> = seen(&corp.world, "group:abc")
        .iter()
        .filter_map(|line| line.notice.as_ref().map(|notice| notice.kind))
        .collect();
    assert_eq!(kinds, ["join", "join", "kick", "leave"]);
}

#[test]
fn a_group_of_nobody_is_gone() {
    let mut corp = Corp::new();
    corp.ok(
        "appchat/create",
        json!({"chatid": "two", "userlist": ["alice", "bob"]}),
    );
    act(&mut corp.world, "alice", "leave", json!({"group": "two"}));
    act(&mut corp.world, "bob", "leave", json!({"group": "two"}));
    assert_eq!(corp.refused_get("appchat/get", "chatid=two"), 86003);
}

#[test]
fn the_bot_is_invited_and_removed() {
    let mut corp = Corp::new();
    corp.group("abc");
    let world = &mut corp.world;
    let target = json!({"group": "abc", "target": "bot"});
    assert_eq!(may_not(world, "alice", "remove", target.clone()), 403);
    act(world, "bob", "invite", target.clone());
    assert_eq!(may_not(world, "bob", "invite", target.clone()), 403);
    assert_eq!(
        members(&corp, "abc"),
        ["alice", "bob", "carol", "aib-sandbox"]
    );
    act(&mut corp.world, "carol", "remove", target);
    assert_eq!(members(&corp, "abc"), ["alice", "bob", "carol"]);
}

#[test]
fn a_member_names_the_group() {
    let mut corp = Corp::new();
    let world = &mut corp.world;
    act(
        world,
        "bob",
        "rename",
        json!({"group": "general", "name": "大家"}),
    );
    assert_eq!(corp.info("general")["name"], "大家");
    let world = &mut corp.world;
    for name in [json!(""), json!("x".repeat(51)), Value::Null] {
        let details = json!({"group": "大家", "name": name});
        assert_eq!(may_not(world, "bob", "rename", details), 400);
    }
}

#[test]
fn one_follows_an_application_or_not() {
    let mut corp = Corp::new();
    let world = &mut corp.world;
    assert_eq!(may_not(world, "alice", "subscribe", json!({})), 403);
    act(world, "alice", "unsubscribe", json!({}));
    assert_eq!(names(world), ["event.unsubscribe"]);
    assert_eq!(may_not(world, "alice", "unsubscribe", json!({})), 403);
    let say = json!({"from": "alice", "to": "user:bot", "text": "x"});
    assert_eq!(try_say(world, say).unwrap_err().status, 403);
    act(world, "alice", "subscribe", json!({}));
    assert_eq!(names(world), ["event.subscribe"]);
    assert_eq!(
        may_not(
            world,
            "alice",
            "subscribe",
            json!({"target": "aib-sandbox"})
        ),
        400
    );
}

#[test]
fn an_application_hears_of_visits_and_places_only_if_it_wants_to() {
    let mut corp = Corp::new();
    let body = json!({"agentid": AGENT, "report_location_flag": 0, "isreportenter": 0});
    corp.ok("agent/set", body);
    let world = &mut corp.world;
    act(world, "alice", "enter", json!({}));
    assert!(told(world).is_empty());
    assert_eq!(may_not(world, "alice", "location", json!({})), 403);
    act(world, "alice", "enter", json!({"target": "1000003"}));
    assert!(told(world).is_empty());
}

#[test]
fn only_buttons_that_are_in_the_menu_can_be_pressed() {
    let mut corp = Corp::new();
    let details = json!({"key": "HELP"});
    assert_eq!(
        may_not(&mut corp.world, "alice", "click", details.clone()),
        404
    );
    let menu = json!({"button": [{"type": "click", "name": "帮助", "key": "HELP"}]});
    corp.ok("menu/create?agentid=1000002", menu);
    let world = &mut corp.world;
    for (action, key) in [("click", "HELP"), ("menu", "HELP"), ("menu", "帮助")] {
        act(world, "alice", action, json!({ "key": key }));
        let told = one_told(world).application();
        assert_eq!(
            (&*told.name(), told.event_key()),
            ("event.click", Some("HELP"))
        );
    }
    assert_eq!(may_not(world, "alice", "view", details), 404);
    assert_eq!(
        may_not(world, "alice", "click", json!({"key": "other"})),
        404
    );
    assert_eq!(may_not(world, "alice", "click", json!({})), 400);
    let bot = json!({"key": "HELP", "target": "aib-sandbox"});
    assert_eq!(may_not(world, "alice", "click", bot), 400);
}

#[test]
fn what_cannot_be_done_is_refused_by_name() {
    let mut corp = Corp::new();
    let world = &mut corp.world;
    assert_eq!(may_not(world, "alice", "fly", json!({})), 400);
    assert_eq!(may_not(world, "nobody", "enter", json!({})), 404);
    assert_eq!(may_not(world, "alice", "join", json!({})), 400);
    assert_eq!(
        may_not(world, "alice", "join", json!({"group": "nowhere"})),
        404
    );
    assert_eq!(
        may_not(world, "alice", "read", json!({"conversation": "user:bob"})),
        403
    );
    assert_eq!(
        may_not(world, "alice", "read", json!({"conversation": "x"})),
        404
    );
    say(world, "bob", "group:general", "x");
    act(
        world,
        "alice",
        "read",
        json!({"conversation": "group:general"}),
    );
}

#[test]
fn who_makes_a_group_owns_it_and_no_application_can_write_there() {
    let mut corp = Corp::new();
    let world = &mut corp.world;
    let wanted = json!({ "name": "午餐", "members": ["bob", "alice", "aib-sandbox"] });
    let id = act(world, "alice", "create", wanted)["id"].clone();
    let id = id.as_str().unwrap();
    let made = world.conversations(Some("bob")).unwrap().conversations;
    let made = made
        .iter()
        .find(|it| it.id == format!("group:{id}"))
        .unwrap();
    let members = made.members.iter();
    let members: Vec<_> = members
        .map(|it| (it.name.as_str(), it.role.as_str()))
        .collect();
    assert_eq!(
        members,
        [("alice", "owner"), ("bob", "member"), ("aib-sandbox", "")]
    );
    assert_eq!(made.title, "午餐");
    let line = last(world, &made.id).notice.unwrap();
    assert_eq!(line.text_zh, "Alice 创建了群聊");

    for (details, status) in [
        (json!({}), 400),
        (json!({ "name": "" }), 400),
        (json!({ "name": "x".repeat(51) }), 400),
        (json!({ "name": "x", "members": "bob" }), 400),
        (json!({ "name": "x", "members": [true] }), 400),
        (json!({ "name": "x", "members": ["nobody"] }), 404),
    ] {
        let refused = may_not(world, "alice", "create", details.clone());
        assert_eq!(refused, status, "{details}");
    }
    let text = json!({ "content": "hi" });
    let body = json!({ "chatid": id, "msgtype": "text", "text": text });
    assert_eq!(corp.post("appchat/send", &body).code(), 86008);
}

#[test]
fn the_owner_alone_hands_a_group_to_another_member() {
    let mut corp = Corp::new();
    let world = &mut corp.world;
    for (who, target, status) in [
        ("bob", "carol", 403),
        ("alice", "alice", 403),
        ("alice", "nobody", 404),
    ] {
        let details = json!({ "group": "general", "target": target });
        assert_eq!(
            may_not(world, who, "owner", details),
            status,
            "{who} {target}"
        );
    }
    act(
        world,
        "alice",
        "owner",
        json!({ "group": "general", "target": "bob" }),
    );
    let line = last(world, "group:general").notice.unwrap();
    assert_eq!(
        (line.kind, line.text_en.as_str()),
        ("admin", "Bob owns the group now")
    );
    act(
        world,
        "bob",
        "remove",
        json!({ "group": "general", "target": "alice" }),
    );
}
