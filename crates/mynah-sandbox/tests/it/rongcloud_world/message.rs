//! What calls send.

use mynah_rongcloud::event::Event;
use mynah_sandbox::World;
use mynah_sandbox::rongcloud::{RongCloudWorld, Seed};
use serde_json::{Value, json};

use super::support::{Service, act, events, last, parts, say, seen, told, vectors};

const HI: (&str, &str) = ("content", "{\"content\":\"hi\"}");
const TEXT: (&str, &str) = ("objectName", "RC:TxtMsg");

/// A message with its sender, what it says, and more.
fn form<'a>(from: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let said = [("fromUserId", from), TEXT, HI];
    said.into_iter().chain(more.iter().copied()).collect()
}

fn text(world: &RongCloudWorld, conversation: &str) -> String {
    parts(world, conversation)[0]["text"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// The messages that the application was told of, as they are posted.
#[track_caller]
fn routed(service: &mut Service) -> Vec<mynah_rongcloud::event::RoutedMessage> {
    let events = events(&mut service.world).into_iter();
    let routed = events.map(|event| match event {
        Event::Route(message) => *message,
        other => panic!("{other:?}"),
    });
    routed.collect()
}

#[test]
fn a_private_message_goes_to_each_with_an_id_of_its_own() {
    let mut service = Service::new();
    let to = [
        ("toUserId", "bob"),
        ("toUserId", "bot"),
        ("toUserId", "stranger"),
    ];
    let sent = service.ok("message/private/publish", &form("alice", &to));
    let uids = sent["messageUIDs"].as_array().unwrap();
    let users: Vec<&Value> = uids.iter().map(|it| &it["userId"]).collect();
    assert_eq!(users, ["bob", "bot", "stranger"]);
    for (conversation, uid) in ["private:alice:bob", "user:alice", "private:alice:stranger"]
        .into_iter()
        .zip(uids)
    {
        let message = last(&service.world, conversation);
        assert_eq!(message.id, uid["messageUID"]);
        assert_eq!((message.from.id.as_str(), message.tag), ("alice", None));
        assert_eq!(text(&service.world, conversation), "hi");
    }
    let routed = routed(&mut service);
    assert_eq!(routed.len(), 3);
    assert_eq!(routed[0].to_user_id.as_str(), "bob");
    assert_eq!(routed[0].channel_type.as_str(), "PERSON");
    assert_eq!(routed[0].source.as_ref().unwrap().as_str(), "Server");
    assert_eq!(routed[0].content, HI.1);
}

#[test]
fn message_ids_are_four_groups_of_letters_and_digits_and_never_the_same() {
    let mut service = Service::new();
    let mut ids = std::collections::BTreeSet::new();
    for _ in 0..3 {
        let to = [("toUserId", "bob"), ("toUserId", "carol")];
        let sent = service.ok("message/private/publish", &form("alice", &to));
        for uid in sent["messageUIDs"].as_array().unwrap() {
            let uid = uid["messageUID"].as_str().unwrap().to_owned();
            let groups: Vec<&str> = uid.split('-').collect();
            assert_eq!(groups.len(), 4);
            for group in groups {
                let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
                assert!(group.len() == 4 && group.bytes().all(plain), "{uid}");
            }
            ids.insert(uid);
        }
    }
    assert_eq!(ids.len(), 6);
    service.world.reset();
    let sent = service.ok(
        "message/private/publish",
        &form("alice", &[("toUserId", "bob")]),
    );
    assert!(!ids.contains(sent["messageUIDs"][0]["messageUID"].as_str().unwrap()));
}

#[test]
fn the_blacklist_of_the_recipient_counts_if_it_is_asked() {
    let mut service = Service::new();
    service.ok(
        "user/blacklist/add",
        &[("userId", "bob"), ("blackUserId", "alice")],
    );
    let to = [("toUserId", "bob"), ("toUserId", "carol")];
    let sent = service.ok("message/private/publish", &form("alice", &to));
    assert_eq!(sent["messageUIDs"].as_array().unwrap().len(), 2);
    told(&mut service.world);
    let verify = [to[0], to[1], ("verifyBlacklist", "1")];
    let sent = service.ok("message/private/publish", &form("alice", &verify));
    let uids = sent["messageUIDs"].as_array().unwrap();
    assert_eq!((uids.len(), &uids[0]["userId"]), (1, &json!("carol")));
    assert_eq!(seen(&service.world, "private:alice:bob").len(), 1);
    assert_eq!(routed(&mut service).len(), 1);
    // The other way round nobody minds.
    let sent = service.ok(
        "message/private/publish",
        &form("bob", &[("toUserId", "alice"), ("verifyBlacklist", "1")]),
    );
    assert_eq!(sent["messageUIDs"].as_array().unwrap().len(), 1);
}

#[test]
fn one_call_writes_to_1000_people_and_a_system_message_to_100() {
    let mut service = Service::new();
    let ids: Vec<String> = (0..1001).map(|number| format!("u{number}")).collect();
    let to: Vec<(&str, &str)> = ids.iter().map(|id| ("toUserId", id.as_str())).collect();
    for (path, most) in [
        ("message/private/publish", 1000),
        ("message/system/publish", 100),
        ("statusmessage/private/publish", 1000),
    ] {
        let refused = service.refused_in_words(path, &form("alice", &to[..=most]));
        assert_eq!(
            refused,
            ((400, 1002), "Too many toUserId.".to_owned()),
            "{path}"
        );
        let sent = service.ok(path, &form("alice", &to[..most]));
        assert_eq!(
            sent["messageUIDs"].as_array().unwrap().len(),
            most,
            "{path}"
        );
        told(&mut service.world);
    }
    let groups: Vec<(&str, &str)> = ids.iter().map(|id| ("toGroupId", id.as_str())).collect();
    for path in ["message/group/publish", "statusmessage/group/publish"] {
        assert_eq!(
            service.refused(path, &form("alice", &groups[..4])),
            (400, 1002)
        );
        service.ok(path, &form("alice", &groups[..3]));
        told(&mut service.world);
    }
    // For chatrooms 10 are a recommendation.
    let rooms: Vec<(&str, &str)> = ids.iter().map(|id| ("toChatroomId", id.as_str())).collect();
    service.ok("message/chatroom/publish", &form("alice", &rooms[..20]));
}

#[test]
fn what_is_missing_or_too_long_is_refused() {
    let mut service = Service::new();
    for (path, to) in [
        ("message/private/publish", "toUserId"),
        ("message/system/publish", "toUserId"),
        ("message/group/publish", "toGroupId"),
        ("message/discussion/publish", "toDiscussionId"),
        ("message/chatroom/publish", "toChatroomId"),
        ("statusmessage/private/publish", "toUserId"),
        ("statusmessage/group/publish", "toGroupId"),
    ] {
        let whole = form("alice", &[(to, "x")]);
        for at in 0..whole.len() {
            let mut form = whole.clone();
            let (left_out, _) = form.remove(at);
            let refused = service.refused_in_words(path, &form);
            let words = format!("{left_out} is required.");
            assert_eq!(refused, ((400, 1002), words), "{path}");
        }
        for (field, value) in [
            ("content", "x".repeat(131_073)),
            ("objectName", "x".repeat(33)),
            ("fromUserId", "x".repeat(65)),
        ] {
            let mut form = whole.clone();
            let place = form.iter().position(|(name, _)| *name == field).unwrap();
            form[place].1 = &value;
            assert_eq!(service.refused(path, &form), (400, 1005), "{path}: {field}");
        }
        let longest = "x".repeat(131_072);
        let mut form = whole.clone();
        form[2].1 = &longest;
        service.ok(path, &form);
        told(&mut service.world);
    }
}

#[test]
fn what_a_kind_of_its_own_says_is_kept_as_it_is() {
    let mut service = Service::new();
    let form = [
        ("fromUserId", "alice"),
        ("toUserId", "bob"),
        ("objectName", "MY:Order"),
        ("content", "not json at all"),
    ];
    service.ok("message/private/publish", &form);
    let part = &parts(&service.world, "private:alice:bob")[0];
    assert_eq!(part["type"], "other");
    assert_eq!(part["name"], "MY:Order");
    assert_eq!(part["data"], "not json at all");
    assert_eq!(routed(&mut service)[0].content, "not json at all");
}

#[test]
fn a_template_says_to_each_what_is_theirs() {
    let mut service = Service::new();
    for record in vectors("template_rendering").as_array().unwrap() {
        let name = record["name"].as_str().unwrap();
        let mut template = record["template"].clone();
        template["fromUserId"] = json!("alice");
        template["objectName"] = json!("RC:TxtMsg");
        for (path, conversation) in [
            ("message/private/publish_template", "private"),
            ("message/system/publish_template", "system"),
        ] {
            let sent = service.ok_json(path, template.clone());
            let expected = record["expected"].as_array().unwrap();
            let uids = sent["messageUIDs"].as_array().unwrap();
            assert_eq!(uids.len(), expected.len());
            let routed = routed(&mut service);
            for (letter, routed) in expected.iter().zip(&routed) {
                assert_eq!(routed.content, letter["content"], "{name}");
                assert_eq!(routed.to_user_id.as_str(), letter["userId"]);
                let user = letter["userId"].as_str().unwrap();
                let conversation = match conversation {
                    "private" => format!("private:{user}:alice"),
                    other => format!("{other}:{user}"),
                };
                let content: Value = serde_json::from_str(&routed.content).unwrap();
                let shown = text(&service.world, &conversation);
                assert_eq!(shown, content["content"].as_str().unwrap());
            }
            let pushes = act(&mut service.world, "bot", "pushes", json!({}));
            let pushes = pushes["pushes"].as_array().unwrap();
            let pushes = &pushes[pushes.len() - expected.len()..];
            for (letter, push) in expected.iter().zip(pushes) {
                assert_eq!(push["alert"], letter["pushContent"], "{name}: {push}");
            }
        }
    }
}

#[test]
fn a_template_has_as_many_values_as_recipients() {
    let mut service = Service::new();
    let template = json!({ "fromUserId": "alice", "objectName": "RC:TxtMsg",
        "content": "{\"content\":\"{a}\"}", "toUserId": ["bob", "carol"],
        "values": [{ "{a}": "1" }, { "{a}": "2" }], "pushContent": null, "pushData": null });
    for path in [
        "message/private/publish_template",
        "message/system/publish_template",
    ] {
        service.ok_json(path, template.clone());
        told(&mut service.world);
        for (field, wrong) in [
            ("values", json!([{ "{a}": "1" }])),
            ("values", json!([])),
            ("values", Value::Null),
            ("pushContent", json!(["x"])),
            ("pushData", json!(["x", "y", "z"])),
            ("toUserId", json!([])),
            ("fromUserId", json!("")),
        ] {
            let mut template = template.clone();
            template[field] = wrong;
            assert_eq!(
                service.refused_json(path, template.clone()),
                (400, 1002),
                "{template}"
            );
        }
    }
    let ids: Vec<String> = (0..101).map(|number| format!("u{number}")).collect();
    let mut many = template.clone();
    many["toUserId"] = json!(ids);
    many["values"] = json!(vec![json!({}); 101]);
    assert_eq!(
        service.refused_json("message/system/publish_template", many.clone()),
        (400, 1002)
    );
    service.ok_json("message/private/publish_template", many);
}

#[test]
fn a_system_message_and_a_broadcast_stand_in_one_conversation() {
    let mut service = Service::new();
    let to = [("toUserId", "alice"), ("toUserId", "bob")];
    service.ok("message/system/publish", &form("system", &to));
    let sent = service.ok("message/broadcast", &form("system", &[]));
    service.ok("message/system/publish", &form("system", &to[..1]));
    let ids = |service: &Service, user: &str| {
        let seen = seen(&service.world, &format!("system:{user}"));
        let seqs: Vec<u64> = seen.iter().map(|message| message.seq).collect();
        assert!(seqs.is_sorted());
        seen.into_iter()
            .map(|message| message.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&service, "alice").len(), 3);
    assert_eq!(sent["messageUID"], ids(&service, "alice")[1]);
    assert_eq!(ids(&service, "bob").len(), 2);
    assert_eq!(
        ids(&service, "carol"),
        [sent["messageUID"].as_str().unwrap()]
    );
    // Broadcasts are not told.
    let routed = routed(&mut service);
    assert_eq!(routed.len(), 3);
    assert_eq!(routed[0].channel_type.as_str(), "NOTIFY");
    // Whoever comes later was not there.
    service.wait(1);
    service.ok("user/getToken", &[("userId", "zed"), ("name", "Z")]);
    assert_eq!(ids(&service, "zed").len(), 0);
    assert!(service.world.messages("system:stranger", None, 1).is_err());
}

#[test]
fn a_broadcast_may_be_for_one_kind_of_telephone_and_switched_off() {
    let mut service = Service::new();
    service.ok("message/broadcast", &form("system", &[("os", "iOS")]));
    service.ok("message/broadcast", &form("system", &[("os", "Android")]));
    let other = form("system", &[("os", "Windows")]);
    assert_eq!(service.refused("message/broadcast", &other), (400, 1002));
    service.world.settings_mut().broadcast = false;
    assert_eq!(
        service.refused("message/broadcast", &form("system", &[])),
        (430, 1009)
    );
    let online = service.refused("message/online/broadcast", &form("system", &[]));
    assert_eq!(online, (430, 1009));
}

#[test]
fn a_broadcast_to_those_who_are_there_is_seen_by_nobody_else() {
    let mut service = Service::new();
    let nobody = service.ok("message/online/broadcast", &form("system", &[]));
    assert!(nobody["messageUID"].is_string());
    act(&mut service.world, "alice", "connect", json!({}));
    let sent = service.ok("message/online/broadcast", &form("system", &[]));
    let shown = seen(&service.world, "system:alice");
    assert_eq!(shown.len(), 1);
    assert_eq!(sent["messageUID"], shown[0].id);
    assert!(seen(&service.world, "system:bob").is_empty());
}

#[test]
fn a_group_message_is_one_message_whoever_sends_it() {
    let mut service = Service::new();
    let to = [("toGroupId", "general"), ("toGroupId", "unknown")];
    let sent = service.ok("message/group/publish", &form("stranger", &to));
    let uids = sent["messageUIDs"].as_array().unwrap();
    assert_eq!(uids[0]["groupId"], "general");
    assert_eq!(uids[1]["groupId"], "unknown");
    let message = last(&service.world, "group:general");
    assert_eq!(uids[0]["messageUID"], message.id);
    assert_eq!(message.from.id, "stranger");
    assert_eq!(seen(&service.world, "group:general").len(), 1);
    let routed = routed(&mut service);
    assert_eq!(routed[0].channel_type.as_str(), "GROUP");
    assert!(routed[0].group_user_ids.is_empty());
}

#[test]
fn a_group_message_may_be_for_some_members_and_mention_others() {
    let mut service = Service::new();
    let directed = [
        ("toGroupId", "general"),
        ("toUserId", "bob"),
        ("toUserId", "carol"),
    ];
    service.ok("message/group/publish", &form("alice", &directed));
    let users: Vec<String> = routed(&mut service)[0]
        .group_user_ids
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(users, ["bob", "carol"]);
    let two = [
        ("toGroupId", "general"),
        ("toGroupId", "g2"),
        ("toUserId", "bob"),
    ];
    let refused = service.refused("message/group/publish", &form("alice", &two));
    assert_eq!(refused, (400, 1002));

    let mention = [("toGroupId", "general"), ("isMentioned", "1")];
    let refused = service.refused("message/group/publish", &form("alice", &mention));
    assert_eq!(refused, (400, 1002), "it mentions nobody");
    let content = json!({ "content": "@Bob hi", "mentionedInfo":
        { "type": 2, "userIdList": ["bob"] } })
    .to_string();
    let form = [
        ("fromUserId", "alice"),
        TEXT,
        ("content", &content),
        mention[0],
        mention[1],
    ];
    service.ok("message/group/publish", &form);
    assert_eq!(
        parts(&service.world, "group:general"),
        json!([{ "type": "mention", "id": "bob", "name": "Bob" }, { "type": "text", "text": " hi" }])
    );
}

#[test]
fn a_message_to_a_chatroom_and_one_to_a_discussion_are_told_by_their_names() {
    let mut service = Service::new();
    let to = [("toChatroomId", "lobby"), ("toChatroomId", "unknown")];
    let sent = service.ok("message/chatroom/publish", &form("alice", &to));
    assert_eq!(sent["messageUIDs"][0]["chatroomId"], "lobby");
    assert_eq!(seen(&service.world, "chatroom:lobby").len(), 1);
    let to = [("toDiscussionId", "d1")];
    let sent = service.ok("message/discussion/publish", &form("alice", &to));
    assert_eq!(sent["messageUID"], last(&service.world, "discussion:d1").id);
    let routed = routed(&mut service);
    let channels: Vec<&str> = routed.iter().map(|it| it.channel_type.as_str()).collect();
    assert_eq!(channels, ["TEMPGROUP", "TEMPGROUP", "PERSONS"]);
}

#[test]
fn a_broadcast_to_chatrooms_is_said_in_each() {
    let mut service = Service::new();
    service.ok("chatroom/create", &[("chatroom[r1]", "R")]);
    told(&mut service.world);
    service.ok("message/chatroom/broadcast", &form("system", &[]));
    for room in ["chatroom:lobby", "chatroom:r1"] {
        assert_eq!(seen(&service.world, room).len(), 1);
    }
}

#[test]
fn a_status_message_is_for_those_who_are_there_and_told_to_nobody() {
    let mut service = Service::new();
    let typing = [
        ("fromUserId", "alice"),
        ("objectName", "RC:TypSts"),
        ("content", "{\"typingContentType\":\"RC:TxtMsg\"}"),
    ];
    let to = |more: (&'static str, &'static str)| {
        let form = typing.into_iter().chain([more]);
        form.collect::<Vec<_>>()
    };
    let sent = service.ok("statusmessage/private/publish", &to(("toUserId", "bob")));
    assert_eq!(sent["messageUIDs"][0]["userId"], "bob");
    service.ok("statusmessage/group/publish", &to(("toGroupId", "general")));
    assert!(seen(&service.world, "group:general").is_empty());
    act(&mut service.world, "bob", "connect", json!({}));
    told(&mut service.world);
    service.ok("statusmessage/private/publish", &to(("toUserId", "bob")));
    service.ok("statusmessage/group/publish", &to(("toGroupId", "general")));
    for conversation in ["private:alice:bob", "group:general"] {
        assert_eq!(last(&service.world, conversation).tag, Some("status"));
    }
    assert!(told(&mut service.world).is_empty());
    let history = service.ok("message/history", &[("date", "2023111506")]);
    assert_eq!(history["url"], "");
}

#[test]
fn the_switch_for_what_calls_send_is_on_at_first() {
    let mut service = Service::new();
    service.world.settings_mut().route_server_messages = false;
    service.ok(
        "message/private/publish",
        &form("alice", &[("toUserId", "bob")]),
    );
    assert!(told(&mut service.world).is_empty());
    say(&mut service.world, "alice", "user:bob", "hi");
    assert_eq!(routed(&mut service).len(), 1);
}

fn recall<'a>(from: &'a str, target: &'a str, uid: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("fromUserId", from),
        ("conversationType", "1"),
        ("targetId", target),
        ("messageUID", uid),
        ("sentTime", "1507778882124"),
    ]
}

#[test]
fn who_has_sent_a_message_takes_it_back() {
    let mut service = Service::new();
    let sent = service.ok(
        "message/private/publish",
        &form("alice", &[("toUserId", "bob")]),
    );
    let uid = sent["messageUIDs"][0]["messageUID"]
        .as_str()
        .unwrap()
        .to_owned();
    told(&mut service.world);
    let other = recall("bob", "bob", &uid);
    assert_eq!(
        service.refused("message/recall", &other),
        (400, 1002),
        "it is not theirs"
    );
    service.ok("message/recall", &recall("alice", "bob", &uid));
    let recalled = last(&service.world, "private:alice:bob").recalled.unwrap();
    assert_eq!(recalled.id, "alice");
    let events = events(&mut service.world);
    let [Event::Route(command), Event::Operation(operation)] = events.as_slice() else {
        panic!("{events:?}");
    };
    assert_eq!(command.object_name.as_str(), "RC:RcCmd");
    let content: Value = serde_json::from_str(&command.content).unwrap();
    assert_eq!(content["messageUId"], uid);
    assert_eq!(content["conversationType"], 1);
    let operation = serde_json::to_value(operation).unwrap();
    assert_eq!(operation["eventType"], 1);
    assert_eq!(operation["source"], "Server");
    assert_eq!(
        operation["originalMsgInfo"],
        json!({ "messageId": uid, "messageTime": 1_507_778_882_124_i64 })
    );
    assert_eq!(
        operation["conversationInfo"],
        json!({ "conversationType": 1, "targetId": "bob" })
    );
}

#[test]
fn an_administrator_takes_back_what_others_sent_and_the_unknown_is_no_error() {
    let mut service = Service::new();
    let uid = say(&mut service.world, "bob", "group:general", "hi");
    let mut form = recall("alice", "general", &uid);
    form[1].1 = "3";
    form.push(("isAdmin", "1"));
    service.ok("message/recall", &form);
    assert_eq!(
        last(&service.world, "group:general").recalled.unwrap().id,
        "alice"
    );
    for kind in ["1", "3", "4", "6"] {
        let mut form = recall("alice", "x", "5FGT-7VA9-G4DD-4V5P");
        form[1].1 = kind;
        service.ok("message/recall", &form);
    }
    told(&mut service.world);
    for kind in ["2", "5", "0", "x", ""] {
        let mut form = recall("alice", "x", "5FGT-7VA9-G4DD-4V5P");
        form[1].1 = kind;
        assert_eq!(
            service.refused("message/recall", &form),
            (400, 1002),
            "{kind}"
        );
    }
    for at in 0..5 {
        let mut form = recall("alice", "x", "5FGT-7VA9-G4DD-4V5P");
        form.remove(at);
        assert_eq!(
            service.refused("message/recall", &form),
            (400, 1002),
            "{at}"
        );
    }
}

#[test]
fn a_message_to_many_is_one_entry_whoever_reads_it() {
    let people =
        (0..3000).map(|number| format!("[[rongcloud.people]]\nid = \"u{number}\"\nname = \"U\"\n"));
    let people = people.collect::<Vec<_>>().concat();
    let seed = format!(
        "[rongcloud]\napp = {{ key = \"rc-sandbox\", secret = \"sandbox-secret\" }}\n{people}"
    );
    let mut service = Service::of(RongCloudWorld::new(&Seed::parse(&seed).unwrap()));
    let before = service.world.snapshot().to_string().len();
    let long = format!("{{\"content\":\"{}\"}}", "x".repeat(100_000));
    let form = [("fromUserId", "system"), TEXT, ("content", &long)];
    service.ok("message/broadcast", &form);
    let after = service.world.snapshot().to_string().len();
    assert!(after - before < 250_000, "{} bytes more", after - before);
    for user in ["system:u0", "system:u2999"] {
        assert_eq!(seen(&service.world, user).len(), 1);
    }
}

#[test]
fn a_message_is_taken_back_only_where_it_was_said() {
    let mut service = Service::new();
    let said = [
        ("fromUserId", "alice"),
        ("toGroupId", "general"),
        ("objectName", "RC:TxtMsg"),
        ("content", r#"{"content":"hi"}"#),
    ];
    let answer = service.ok("message/group/publish", &said);
    let uid = answer["messageUIDs"][0]["messageUID"].as_str().unwrap();
    // Still 200: the platform passes the wish on.
    service.ok("message/recall", &recall("alice", "bob", uid));
    assert!(last(&service.world, "group:general").recalled.is_none());
}
