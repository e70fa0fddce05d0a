//! What people say and do.

use super::support::*;
use mynah_sandbox::World;
use serde_json::{Value, json};

/// Somebody says something in the group; the one thing the robot hears.
#[track_caller]
fn heard_in_group(message: Value) -> Value {
    let mut org = Org::new();
    says(&mut org.world, "bob", "group:general", message);
    let mut heard = heard(&mut org.world);
    assert_eq!(heard.len(), 1, "{heard:?}");
    heard.remove(0)
}

/// Alice says something to the robot.
#[track_caller]
fn heard_alone(message: Value) -> Value {
    let mut org = Org::new();
    says(&mut org.world, "alice", "user:bot", message);
    heard(&mut org.world).remove(0)
}

#[test]
fn what_somebody_says_to_the_robot_has_all_that_is_documented() {
    let mut org = Org::new();
    let id = say(&mut org.world, "alice", "user:bot", "ping");
    let heard = heard(&mut org.world).remove(0);
    for (member, value) in [
        ("msgId", json!(id)),
        ("conversationType", json!("1")),
        ("senderStaffId", json!("alice")),
        ("senderUnionId", json!("union-alice")),
        ("senderNick", json!("Alice")),
        ("senderCorpId", json!(CORP)),
        ("chatbotCorpId", json!(CORP)),
        ("robotCode", json!(APP_KEY)),
        ("createAt", json!(NOW)),
        ("isAdmin", json!(true)),
        ("sessionWebhookExpiredTime", json!(NOW + 90 * 60 * 1000)),
        ("msgtype", json!("text")),
        ("text", json!({ "content": "ping" })),
    ] {
        assert_eq!(heard[member], value, "{member}");
    }
    for absent in ["conversationTitle", "atUsers", "isInAtList"] {
        assert!(heard.get(absent).is_none(), "{absent}");
    }
    assert!(id.starts_with("msg"));
    assert!(heard["conversationId"].as_str().unwrap().starts_with("cid"));
    for encrypted in ["senderId", "chatbotUserId"] {
        assert!(
            heard[encrypted]
                .as_str()
                .unwrap()
                .starts_with("$:LWCP_v1:$")
        );
    }
    let webhook = heard["sessionWebhook"].as_str().unwrap();
    let base = "http://127.0.0.1:7700/dingtalk/robot/sendBySession?session=";
    assert!(webhook.starts_with(base), "{webhook}");
}

#[test]
fn a_conversation_and_a_person_are_called_the_same_each_time() {
    let mut org = Org::new();
    let mut said = |from: &str, to: &str| {
        say(&mut org.world, from, to, "@bot hi");
        let heard = heard(&mut org.world).remove(0);
        (heard["conversationId"].clone(), heard["senderId"].clone())
    };
    let alone = said("alice", "user:bot");
    assert_eq!(alone, said("alice", "user:ding-sandbox"));
    assert_ne!(alone, said("bob", "user:bot"));
    let group = said("alice", "group:general");
    assert_eq!(
        (&group.0, &group.1),
        (&said("bob", "group:chatgeneral").0, &alone.1)
    );
}

#[test]
fn the_robot_hears_in_a_group_what_mentions_it_and_keeps_the_blank() {
    let mut org = Org::new();
    say(&mut org.world, "bob", "group:general", "hello all");
    say(
        &mut org.world,
        "bob",
        "group:general",
        "mail me@bottle.example",
    );
    let everybody = json!([{ "type": "mention", "id": "all" }, { "type": "text", "text": "x" }]);
    says(&mut org.world, "bob", "group:general", everybody);
    assert!(told(&mut org.world).is_empty());
    for (message, content) in [
        (
            json!([{ "type": "mention", "id": "bot" }, { "type": "text", "text": " 你好" }]),
            " 你好",
        ),
        (
            json!([{ "type": "mention", "id": "bot" }, { "type": "text", "text": "你好" }]),
            " 你好",
        ),
        (json!({ "type": "text", "text": "@bot 你好" }), " 你好"),
        (json!({ "type": "text", "text": "你好 @Mynah" }), "你好 "),
        (json!({ "type": "mention", "id": "ding-sandbox" }), " "),
        (
            json!([{ "type": "mention", "id": "bot" }, { "type": "mention", "id": "carol" },
                { "type": "text", "text": "see" }]),
            " @Carol see",
        ),
    ] {
        let heard = heard_in_group(message.clone());
        assert_eq!(heard["text"]["content"], content, "{message}");
        assert_eq!(heard["conversationType"], "2");
        assert_eq!(heard["conversationTitle"], "general");
        assert_eq!(heard["isInAtList"], true);
        assert_eq!(heard["atUsers"][0]["dingtalkId"], heard["chatbotUserId"]);
        assert_eq!(heard["isAdmin"], false);
    }
    let message = json!([{ "type": "mention", "id": "bot" }, { "type": "mention", "id": "carol" }]);
    let carol = heard_in_group(message)["atUsers"][1].clone();
    assert_eq!(
        (&carol["staffId"], &carol["unionId"]),
        (&json!("carol"), &json!("union-carol"))
    );
}

#[test]
fn every_kind_of_message_reaches_the_robot_in_its_own_shape() {
    let picture = heard_alone(json!({ "type": "image", "base64": base64(PNG) }));
    assert_eq!(picture["msgtype"], "picture");
    let code = picture["content"]["downloadCode"].as_str().unwrap();
    assert!(!code.is_empty() && !code.starts_with('@'), "{code}");
    let voice = json!({ "type": "voice", "text": "钉钉", "duration": 4000 });
    let audio = heard_alone(voice);
    assert_eq!(audio["msgtype"], "audio");
    assert_eq!(audio["content"]["recognition"], "钉钉");
    assert_eq!(audio["content"]["duration"], 4000);
    let video = heard_alone(json!({ "type": "video" }));
    assert_eq!(
        (&video["msgtype"], &video["content"]["videoType"]),
        (&json!("video"), &json!("mp4"))
    );
    let file = heard_alone(json!({ "type": "file", "name": "a.pdf" }));
    assert_eq!(
        (&file["msgtype"], &file["content"]["fileName"]),
        (&json!("file"), &json!("a.pdf"))
    );
    let image = json!({ "type": "image" });
    let rich = heard_alone(json!([{ "type": "text", "text": "see" }, image, image]));
    assert_eq!(rich["msgtype"], "richText");
    let parts = rich["content"]["richText"].as_array().unwrap();
    assert_eq!(parts[0], json!({ "text": "see" }));
    assert_eq!((parts.len(), &parts[2]["type"]), (3, &json!("picture")));
    let mention = json!({ "type": "mention", "id": "bot" });
    let rich = heard_in_group(json!([mention, image]));
    assert_eq!(rich["content"]["richText"].as_array().unwrap().len(), 1);
}

#[test]
fn voice_messages_videos_and_files_stand_alone_and_are_not_heard_in_groups() {
    let mut org = Org::new();
    for kind in ["voice", "video", "file", "image"] {
        says(
            &mut org.world,
            "bob",
            "group:general",
            json!({ "type": kind }),
        );
    }
    assert!(told(&mut org.world).is_empty());
    for kind in ["voice", "video", "file"] {
        let message = json!([{ "type": "mention", "id": "bot" }, { "type": kind }]);
        let said = json!({ "from": "bob", "to": "group:general", "message": message });
        assert_eq!(
            try_say(&mut org.world, said).unwrap_err().status,
            400,
            "{kind}"
        );
    }
}

#[test]
fn nobody_speaks_where_they_are_not_or_may_not() {
    let mut org = Org::new();
    act(&mut org.world, "bob", "quit", json!({ "group": "general" }));
    let body = json!({ "chatid": "chatgeneral", "chatBannedType": 1 });
    org.ok("chat/update", body);
    told(&mut org.world);
    let before = org.world.snapshot();
    let long = "x".repeat(5001);
    for (from, to, text, status) in [
        ("nobody", "user:bot", "x", 404),
        ("bob", "group:general", "x", 403),
        ("carol", "group:general", "x", 403),
        ("carol", "group:none", "x", 404),
        ("carol", "user:alice", "x", 404),
        ("carol", "somewhere", "x", 400),
        ("carol", "user:bot", long.as_str(), 400),
    ] {
        let said = json!({ "from": from, "to": to, "text": text });
        let rejected = try_say(&mut org.world, said).unwrap_err();
        assert_eq!(rejected.status, status, "{from} {to}: {rejected}");
    }
    for message in [
        json!([]),
        json!("x"),
        json!([1]),
        json!({ "type": "poem" }),
        json!({ "type": "text" }),
        json!({ "type": "image", "base64": "%" }),
        json!({ "type": "voice", "duration": -1 }),
    ] {
        let said = json!({ "from": "carol", "to": "user:bot", "message": message });
        assert_eq!(
            try_say(&mut org.world, said).unwrap_err().status,
            400,
            "{message}"
        );
    }
    assert!(org.world.snapshot() == before && told(&mut org.world).is_empty());
    // The owner may speak where nobody else may.
    say(&mut org.world, "alice", "group:general", "x");
}

#[test]
fn the_robot_is_not_told_where_it_is_not() {
    let mut org = Org::new();
    let robot = json!({ "group": "general", "target": "bot" });
    act(&mut org.world, "bob", "remove", robot.clone());
    assert_eq!(may_not(&mut org.world, "bob", "remove", robot.clone()), 403);
    say(&mut org.world, "bob", "group:general", "@bot hi");
    assert!(told(&mut org.world).is_empty());
    act(&mut org.world, "bob", "invite", robot.clone());
    assert_eq!(may_not(&mut org.world, "bob", "invite", robot), 403);
    say(&mut org.world, "bob", "group:general", "@bot hi");
    assert_eq!(heard(&mut org.world).len(), 1);
}

#[test]
fn people_may_do_only_what_is_theirs() {
    let mut org = Org::new();
    let world = &mut org.world;
    for (who, action, details, status) in [
        ("nobody", "join", json!({ "group": "general" }), 404),
        ("bob", "fly", json!({}), 400),
        ("bob", "join", json!({}), 400),
        ("bob", "join", json!({ "group": "none" }), 404),
        ("bob", "join", json!({ "group": "general" }), 403),
        (
            "bob",
            "invite",
            json!({ "group": "general", "target": "carol" }),
            403,
        ),
        (
            "bob",
            "invite",
            json!({ "group": "general", "target": "nobody" }),
            404,
        ),
        (
            "bob",
            "remove",
            json!({ "group": "general", "target": "carol" }),
            403,
        ),
        (
            "alice",
            "remove",
            json!({ "group": "general", "target": "alice" }),
            403,
        ),
        (
            "bob",
            "owner",
            json!({ "group": "general", "target": "bob" }),
            403,
        ),
        ("bob", "disband", json!({ "group": "general" }), 403),
        (
            "bob",
            "rename",
            json!({ "group": "general", "name": "x".repeat(21) }),
            400,
        ),
        (
            "bob",
            "rename",
            json!({ "group": "general", "name": "" }),
            400,
        ),
        ("bob", "read", json!({ "message": "msgnone" }), 404),
        ("bob", "read", json!({ "conversation": "user:alice" }), 404),
        ("bob", "read", json!({}), 400),
    ] {
        assert_eq!(
            may_not(world, who, action, details.clone()),
            status,
            "{who} {action} {details}"
        );
    }
    act(world, "alice", "disband", json!({ "group": "general" }));
    told(world);
    for action in ["join", "quit", "disband"] {
        assert_eq!(
            may_not(world, "bob", action, json!({ "group": "general" })),
            403
        );
    }
}

#[test]
fn only_the_owner_changes_a_group_that_says_so() {
    let mut org = Org::new();
    org.ok(
        "chat/update",
        json!({ "chatid": "chatgeneral", "managementType": 1 }),
    );
    let name = json!({ "group": "general", "name": "x" });
    assert_eq!(may_not(&mut org.world, "bob", "rename", name.clone()), 403);
    act(&mut org.world, "alice", "rename", name);
    assert_eq!(names(&mut org.world), ["chat_update_title"]);
}

#[test]
fn a_full_group_takes_nobody_in() {
    let mut org = Org::new();
    org.world.settings_mut().group_members = 5;
    org.ok(
        "user/create",
        json!({ "userid": "frank", "name": "Frank", "mobile": "13900000000",
        "department": [1] }),
    );
    let group = json!({ "group": "general" });
    assert_eq!(may_not(&mut org.world, "frank", "join", group), 403);
    let group = json!({ "group": "general", "target": "frank" });
    assert_eq!(may_not(&mut org.world, "bob", "invite", group), 403);
}

#[test]
fn a_message_is_read_by_others_once_each_and_a_conversation_at_once() {
    let mut org = Org::new();
    let world = &mut org.world;
    let one = say(world, "alice", "group:general", "1");
    let other = say(world, "bob", "group:general", "2");
    act(
        world,
        "bob",
        "read",
        json!({ "conversation": "group:general" }),
    );
    act(world, "alice", "read", json!({ "message": one }));
    let counts = |world: &mynah_sandbox::dingtalk::DingTalkWorld| -> Vec<(Vec<String>, usize)> {
        let seen = seen(world, "group:general");
        let seen = seen.into_iter().map(|view| {
            let readers = view.readers.unwrap().into_iter().map(|by| by.id).collect();
            (readers, view.unread.unwrap().len())
        });
        seen.collect()
    };
    // Nobody reads their own words.
    assert_eq!(counts(world), [(vec!["bob".to_owned()], 3), (vec![], 4)]);
    act(world, "carol", "read", json!({ "message": other }));
    act(
        world,
        "carol",
        "read",
        json!({ "conversation": "group:chatgeneral" }),
    );
    let both = ["bob", "carol"].map(str::to_owned).to_vec();
    assert_eq!(counts(world), [(both, 2), (vec!["carol".to_owned()], 3)]);
}

#[test]
fn whoever_signs_in_gets_a_code_that_tells_who_they_are() {
    let mut org = Org::new();
    let code = act(&mut org.world, "carol", "sign_in", json!({}))["code"].clone();
    let query = format!("code={}", code.as_str().unwrap());
    assert_eq!(org.ok_get("user/getuserinfo", &query)["userid"], "carol");
}

#[test]
fn that_the_robot_was_not_reached_is_noted_in_the_conversation() {
    let mut org = Org::new();
    say(&mut org.world, "alice", "user:bot", "hi");
    let Some(mynah_sandbox::dingtalk::Effect::Robot(message)) = org.world.poll_effect() else {
        panic!("the robot is told");
    };
    org.world.robot_unreached(&message);
    let line = last(&org.world, "user:alice");
    assert_eq!((line.kind, line.id.as_str()), ("notice", ""));
    assert!(
        line.notice
            .unwrap()
            .text_en
            .contains("could not be reached")
    );
}

#[test]
fn who_makes_a_group_owns_it_and_the_robot_comes_if_it_is_asked() {
    let mut org = Org::new();
    let world = &mut org.world;
    for (name, members, expected) in [
        (
            "with",
            json!(["bob", "bot", "bob"]),
            vec!["alice", "bob", "bot"],
        ),
        ("without", json!(["carol"]), vec!["alice", "carol"]),
        ("alone", json!([]), vec!["alice"]),
    ] {
        let wanted = json!({ "name": name, "members": members });
        let id = act(world, "alice", "create", wanted)["id"].clone();
        let made = world.conversations(Some("alice")).unwrap().conversations;
        let id = format!("group:{}", id.as_str().unwrap());
        let made = made.iter().find(|it| it.id == id).unwrap();
        let members = made.members.iter().map(|it| it.name.as_str());
        assert_eq!(members.collect::<Vec<_>>(), expected, "{name}");
        assert_eq!(made.members[0].role, "owner");
        assert_eq!(made.title, name);
        assert_eq!(
            last(world, &id).notice.unwrap().text_en,
            "Alice created the group"
        );
    }
    for (details, status) in [
        (json!({ "members": ["bob"] }), 400),
        (json!({ "name": "" }), 400),
        (json!({ "name": "x", "members": ["nobody"] }), 404),
    ] {
        let refused = may_not(world, "alice", "create", details.clone());
        assert_eq!(refused, status, "{details}");
    }
}
