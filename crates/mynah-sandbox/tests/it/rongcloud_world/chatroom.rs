//! Chatrooms: who is there, who may not speak or come in, and when they end.

use mynah_sandbox::World;
use serde_json::{Value, json};

use super::support::{NOW, NOW_TEXT, Service, act, last, may_not_say, rooms_told, say, seen, told};

/// The ids of those who are in a chatroom, as a call tells them.
#[track_caller]
fn members(service: &mut Service, room: &str) -> Vec<String> {
    let form = [("chatroomId", room), ("count", "500"), ("order", "1")];
    let answer = service.ok("chatroom/user/query", &form);
    ids(&answer, "id")
}

/// One field of all users in an answer.
#[track_caller]
fn ids(answer: &Value, field: &str) -> Vec<String> {
    let users = answer["users"].as_array().unwrap().iter();
    let ids = users.map(|user| user[field].as_str().unwrap().to_owned());
    ids.collect()
}

#[test]
fn up_to_a_hundred_chatrooms_are_made_at_once() {
    let mut service = Service::new();
    let form = [("chatroom[r1]", "One"), ("chatroom[r2]", "Two")];
    service.ok("chatroom/create", &form);
    assert_eq!(
        rooms_told(&mut service.world),
        json!([
            { "chatRoomId": "r1", "userIds": [], "status": 0, "type": 0, "time": NOW },
            { "chatRoomId": "r2", "userIds": [], "status": 0, "type": 0, "time": NOW },
        ])
    );
    let names: Vec<String> = (0..101)
        .map(|number| format!("chatroom[c{number}]"))
        .collect();
    let many: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "C")).collect();
    assert_eq!(service.refused("chatroom/create", &many), (400, 1002));
    service.ok("chatroom/create", &many[..100]);
    let long = format!("chatroom[{}]", "x".repeat(65));
    told(&mut service.world);
    assert_eq!(
        service.refused("chatroom/create", &[(&long, "L")]),
        (400, 1005)
    );
    assert_eq!(service.refused("chatroom/create", &[]), (400, 1002));
}

#[test]
fn making_a_chatroom_that_is_there_changes_nothing() {
    let mut service = Service::new();
    service.join("r1", &["alice"]);
    told(&mut service.world);
    let before = service.world.snapshot();
    service.ok("chatroom/create", &[("chatroom[r1]", "Another name")]);
    assert!(service.world.snapshot() == before);
    assert_eq!(rooms_told(&mut service.world), json!([]));
    assert_eq!(members(&mut service, "r1"), ["alice"]);
}

#[test]
fn chatrooms_that_are_not_there_are_left_out() {
    let mut service = Service::new();
    service.ok("chatroom/create", &[("chatroom[r1]", "One")]);
    let form = [("chatroomId", "r1"), ("chatroomId", "nowhere")];
    let answer = service.ok("chatroom/query", &form);
    assert_eq!(
        answer["chatRooms"],
        json!([{ "chrmId": "r1", "name": "One", "time": NOW_TEXT }])
    );
    let answer = service.ok("chatroom/query", &[("chatroomId", "nowhere")]);
    assert_eq!(answer["chatRooms"], json!([]));
    told(&mut service.world);
    assert_eq!(service.refused("chatroom/query", &[]), (400, 1002));
}

#[test]
fn joining_makes_a_chatroom_that_is_not_there() {
    let mut service = Service::new();
    service.join("new", &["alice", "bob"]);
    assert_eq!(
        rooms_told(&mut service.world),
        json!([
            { "chatRoomId": "new", "userIds": [], "status": 0, "type": 0, "time": NOW },
            { "chatRoomId": "new", "userIds": ["alice", "bob"], "status": 0, "type": 1, "time": NOW },
        ])
    );
    let answer = service.ok("chatroom/query", &[("chatroomId", "new")]);
    assert_eq!(answer["chatRooms"][0]["name"], "new");
    assert_eq!(
        last(&service.world, "chatroom:new").notice.unwrap().kind,
        "join"
    );
}

#[test]
fn somebody_who_joins_twice_joins_once() {
    let mut service = Service::new();
    service.join("lobby", &["alice"]);
    told(&mut service.world);
    service.wait(60);
    service.join("lobby", &["alice"]);
    assert_eq!(rooms_told(&mut service.world), json!([]));
    let form = [("chatroomId", "lobby"), ("count", "1"), ("order", "1")];
    let answer = service.ok("chatroom/user/query", &form);
    assert_eq!(answer["users"][0]["time"], NOW_TEXT);
}

#[test]
fn fifty_join_at_once_and_no_more() {
    let mut service = Service::new();
    let users: Vec<String> = (0..51).map(|number| format!("u{number}")).collect();
    let mut form = vec![("chatroomId", "lobby")];
    form.extend(users.iter().map(|user| ("userId", user.as_str())));
    assert_eq!(service.refused("chatroom/join", &form), (400, 1002));
    form.pop();
    service.ok("chatroom/join", &form);
    assert_eq!(members(&mut service, "lobby").len(), 50);
    told(&mut service.world);
    assert_eq!(
        service.refused("chatroom/join", &[("userId", "alice")]),
        (400, 1002)
    );
}

#[test]
fn somebody_may_be_in_several_chatrooms() {
    let mut service = Service::new();
    service.join("lobby", &["alice"]);
    service.join("r1", &["alice"]);
    assert_eq!(members(&mut service, "lobby"), ["alice"]);
    assert_eq!(members(&mut service, "r1"), ["alice"]);
}

#[test]
fn members_are_told_of_in_the_order_of_joining_or_its_reverse() {
    let mut service = Service::new();
    service.join("lobby", &["dave", "bob"]);
    service.wait(1);
    service.join("lobby", &["carol", "alice"]);
    let ask = |service: &mut Service, count, order| {
        let form = [("chatroomId", "lobby"), ("count", count), ("order", order)];
        let answer = service.ok("chatroom/user/query", &form);
        assert_eq!(answer["total"], 4);
        ids(&answer, "id")
    };
    assert_eq!(
        ask(&mut service, "10", "1"),
        ["dave", "bob", "carol", "alice"]
    );
    assert_eq!(
        ask(&mut service, "10", "2"),
        ["alice", "carol", "bob", "dave"]
    );
    assert_eq!(ask(&mut service, "3", "1"), ["dave", "bob", "carol"]);
    assert_eq!(ask(&mut service, "1", "2"), ["alice"]);
}

#[test]
fn no_more_than_five_hundred_members_are_told_of() {
    let mut service = Service::new();
    let users: Vec<String> = (0..501).map(|number| format!("u{number:03}")).collect();
    let users: Vec<&str> = users.iter().map(String::as_str).collect();
    for some in users.chunks(50) {
        service.join("lobby", some);
    }
    let form = [("chatroomId", "lobby"), ("count", "501"), ("order", "1")];
    let answer = service.ok("chatroom/user/query", &form);
    assert_eq!(answer["total"], 501);
    let told = ids(&answer, "id");
    assert_eq!(told.len(), 500);
    assert_eq!(told[0], "u000");
}

#[test]
fn members_are_asked_for_with_a_count_and_an_order() {
    let mut service = Service::new();
    for (count, order) in [
        ("0", "1"),
        ("-1", "1"),
        ("x", "1"),
        ("1", "0"),
        ("1", "3"),
        ("1", ""),
    ] {
        let form = [("chatroomId", "lobby"), ("count", count), ("order", order)];
        let refusal = service.refused("chatroom/user/query", &form);
        assert_eq!(refusal, (400, 1002), "{count} {order}");
    }
    let form = [("chatroomId", "nowhere"), ("count", "1"), ("order", "1")];
    let answer = service.ok("chatroom/user/query", &form);
    assert_eq!(
        (&answer["total"], &answer["users"]),
        (&json!(0), &json!([]))
    );
}

#[test]
fn a_stopped_chatroom_swallows_what_people_say_and_delivers_what_calls_send() {
    let mut service = Service::new();
    service.join("lobby", &["alice", "bob"]);
    told(&mut service.world);
    let room = [("chatroomId", "lobby")];
    service.ok("chatroom/message/stopDistribution", &room);
    say(&mut service.world, "alice", "chatroom:lobby", "hello?");
    assert_eq!(
        last(&service.world, "chatroom:lobby").tag,
        Some("undelivered")
    );
    assert!(told(&mut service.world).is_empty(), "nobody is told");

    let form = [
        ("fromUserId", "system"),
        ("toChatroomId", "lobby"),
        ("objectName", "RC:TxtMsg"),
        ("content", r#"{"content":"a word from us"}"#),
    ];
    service.ok("message/chatroom/publish", &form);
    assert_eq!(last(&service.world, "chatroom:lobby").tag, None);
    assert_eq!(told(&mut service.world).len(), 1);

    service.ok("chatroom/message/resumeDistribution", &room);
    say(&mut service.world, "alice", "chatroom:lobby", "hello!");
    assert_eq!(last(&service.world, "chatroom:lobby").tag, None);
    assert_eq!(told(&mut service.world).len(), 1);
}

#[test]
fn a_gag_binds_for_its_minutes_and_no_longer() {
    let mut service = Service::new();
    service.join("lobby", &["alice", "bob"]);
    told(&mut service.world);
    let form = [
        ("userId", "alice"),
        ("chatroomId", "lobby"),
        ("minute", "2"),
    ];
    service.ok("chatroom/user/gag/add", &form);
    assert_eq!(
        may_not_say(&mut service.world, "alice", "chatroom:lobby"),
        (403, 23408)
    );
    say(&mut service.world, "bob", "chatroom:lobby", "I may");
    let listed = service.ok("chatroom/user/gag/list", &[("chatroomId", "lobby")]);
    assert_eq!(
        listed["users"],
        json!([{ "userId": "alice", "time": "2023-11-15 06:15:20" }])
    );
    told(&mut service.world);
    service.wait(119);
    may_not_say(&mut service.world, "alice", "chatroom:lobby");
    service.wait(1);
    say(&mut service.world, "alice", "chatroom:lobby", "at last");
    let listed = service.ok("chatroom/user/gag/list", &[("chatroomId", "lobby")]);
    assert_eq!(listed["users"], json!([]));
}

#[test]
fn a_gag_begins_anew_when_it_is_repeated_and_ends_when_it_is_taken_back() {
    let mut service = Service::new();
    service.join("lobby", &["alice"]);
    let form = [
        ("userId", "alice"),
        ("chatroomId", "lobby"),
        ("minute", "1"),
    ];
    service.ok("chatroom/user/gag/add", &form);
    service.wait(30);
    service.ok("chatroom/user/gag/add", &form);
    let listed = service.ok("chatroom/user/gag/list", &[("chatroomId", "lobby")]);
    assert_eq!(listed["users"][0]["time"], "2023-11-15 06:14:50");
    let form = [
        ("userId", "alice"),
        ("userId", "bob"),
        ("chatroomId", "lobby"),
    ];
    service.ok("chatroom/user/gag/rollback", &form);
    say(&mut service.world, "alice", "chatroom:lobby", "again");
    let kinds: Vec<_> = seen(&service.world, "chatroom:lobby")
        .into_iter()
        .filter_map(|message| message.notice.map(|notice| notice.kind))
        .collect();
    assert_eq!(kinds, ["join", "mute", "mute", "unmute"]);
}

#[test]
fn twenty_are_gagged_or_blocked_at_once_for_thirty_days_at_most() {
    let mut service = Service::new();
    let users: Vec<String> = (0..21).map(|number| format!("u{number}")).collect();
    for path in ["chatroom/user/gag/add", "chatroom/user/block/add"] {
        let mut form = vec![("chatroomId", "lobby"), ("minute", "43200")];
        form.extend(users.iter().map(|user| ("userId", user.as_str())));
        assert_eq!(service.refused(path, &form), (400, 1002), "{path}");
        form.pop();
        service.ok(path, &form);
        told(&mut service.world);
        for minute in ["0", "43201", "-1", "a", ""] {
            let form = [
                ("userId", "alice"),
                ("chatroomId", "lobby"),
                ("minute", minute),
            ];
            assert_eq!(service.refused(path, &form), (400, 1002), "{path} {minute}");
        }
        let form = [("userId", "alice"), ("minute", "1")];
        assert_eq!(service.refused(path, &form), (400, 1002), "{path}");
    }
    for path in ["chatroom/user/gag/rollback", "chatroom/user/block/rollback"] {
        let mut form = vec![("chatroomId", "lobby")];
        form.extend(users.iter().map(|user| ("userId", user.as_str())));
        assert_eq!(service.refused(path, &form), (400, 1002), "{path}");
    }
}

#[test]
fn a_block_takes_somebody_out_and_keeps_them_out() {
    let mut service = Service::new();
    service.join("lobby", &["alice", "bob"]);
    told(&mut service.world);
    let form = [
        ("userId", "alice"),
        ("userId", "carol"),
        ("chatroomId", "lobby"),
        ("minute", "1"),
    ];
    service.ok("chatroom/user/block/add", &form);
    assert_eq!(
        rooms_told(&mut service.world),
        json!([{ "chatRoomId": "lobby", "userIds": ["alice"], "status": 2, "type": 2, "time": NOW }])
    );
    assert_eq!(
        last(&service.world, "chatroom:lobby").notice.unwrap().kind,
        "kick"
    );
    assert_eq!(members(&mut service, "lobby"), ["bob"]);
    assert_eq!(
        may_not_say(&mut service.world, "alice", "chatroom:lobby"),
        (403, 23406)
    );
    let listed = service.ok("chatroom/user/block/list", &[("chatroomId", "lobby")]);
    assert_eq!(ids(&listed, "userId"), ["alice", "carol"]);
    assert_eq!(listed["users"][0]["time"], "2023-11-15 06:14:20");

    let form = [
        ("userId", "dave"),
        ("userId", "alice"),
        ("chatroomId", "lobby"),
    ];
    assert_eq!(service.refused("chatroom/join", &form), (403, 23409));
    assert_eq!(
        members(&mut service, "lobby"),
        ["bob"],
        "dave has not joined either"
    );
    service.wait(60);
    service.ok("chatroom/join", &form);
    assert_eq!(members(&mut service, "lobby"), ["bob", "dave", "alice"]);
}

#[test]
fn taking_a_block_back_brings_nobody_back() {
    let mut service = Service::new();
    service.join("lobby", &["alice"]);
    let form = [
        ("userId", "alice"),
        ("chatroomId", "lobby"),
        ("minute", "43200"),
    ];
    service.ok("chatroom/user/block/add", &form);
    service.ok("chatroom/user/block/rollback", &form[..2]);
    assert!(members(&mut service, "lobby").is_empty());
    let listed = service.ok("chatroom/user/block/list", &form[1..2]);
    assert_eq!(listed["users"], json!([]));
    service.join("lobby", &["alice"]);
    assert_eq!(members(&mut service, "lobby"), ["alice"]);
}

#[test]
fn five_are_on_the_whitelist_of_a_chatroom_at_most() {
    let mut service = Service::new();
    let path = "chatroom/user/whitelist/add";
    let room = ("chatroomId", "lobby");
    let some = [
        room,
        ("userId", "u1"),
        ("userId", "u2"),
        ("userId", "u3"),
        ("userId", "u4"),
    ];
    service.ok(path, &some);
    let refusal = service.refused(path, &[room, ("userId", "u5"), ("userId", "u6")]);
    assert_eq!(refusal, (400, 1002), "nobody is added");
    service.ok(path, &[room, ("userId", "u5"), ("userId", "u1")]);
    let query = "chatroom/user/whitelist/query";
    let all = ["u1", "u2", "u3", "u4", "u5"];
    assert_eq!(service.ok(query, &[room])["users"], json!(all));
    let six = [
        room,
        ("userId", "u1"),
        ("userId", "u2"),
        ("userId", "u3"),
        ("userId", "u4"),
        ("userId", "u5"),
        ("userId", "u6"),
    ];
    assert_eq!(service.refused(path, &six), (400, 1002));
    service.ok("chatroom/user/whitelist/remove", &[room, ("userId", "u2")]);
    assert_eq!(
        service.ok(query, &[room])["users"],
        json!(["u1", "u3", "u4", "u5"])
    );
    let other = ("chatroomId", "nowhere");
    assert_eq!(service.ok(query, &[other])["users"], json!([]));
}

#[test]
fn twenty_kinds_of_messages_are_of_low_priority_at_most() {
    let mut service = Service::new();
    let names: Vec<String> = (0..21).map(|number| format!("app:k{number:02}")).collect();
    let form: Vec<(&str, &str)> = names
        .iter()
        .map(|name| ("objectName", name.as_str()))
        .collect();
    let path = "chatroom/message/priority/add";
    assert_eq!(service.refused(path, &form[..6]), (400, 1002));
    for some in form[..20].chunks(5) {
        service.ok(path, some);
    }
    assert_eq!(service.refused(path, &form[20..]), (400, 1002));
    service.ok(path, &form[..1]);
    service.ok("chatroom/message/priority/remove", &form[1..6]);
    let answer = service.ok("chatroom/message/priority/query", &[]);
    let left: Vec<&str> = answer["objectNames"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .collect();
    assert_eq!(left.len(), 15);
    assert_eq!(left[..2], ["app:k00", "app:k06"]);
}

#[test]
fn a_call_tells_who_of_many_is_in_a_chatroom() {
    let mut service = Service::new();
    service.join("lobby", &["alice"]);
    let form = [
        ("chatroomId", "lobby"),
        ("userId", "bob"),
        ("userId", "alice"),
    ];
    let answer = service.ok("chatroom/users/exist", &form);
    assert_eq!(
        answer["result"],
        json!([{ "userId": "bob", "isInChrm": 0 }, { "userId": "alice", "isInChrm": 1 }])
    );
    for (user, is_in) in [("alice", true), ("bob", false)] {
        let form = [("chatroomId", "lobby"), ("userId", user)];
        let answer = service.ok("chatroom/user/exist", &form);
        assert_eq!(answer["isInChrm"], json!(is_in), "{user}");
    }
    told(&mut service.world);
    let users: Vec<String> = (0..1001).map(|number| format!("u{number}")).collect();
    let mut form = vec![("chatroomId", "lobby")];
    form.extend(users.iter().map(|user| ("userId", user.as_str())));
    assert_eq!(service.refused("chatroom/users/exist", &form), (400, 1002));
}

#[test]
fn a_hundred_chatrooms_are_kept_alive_at_most() {
    let mut service = Service::new();
    for number in 0..100 {
        let id = format!("r{number:02}");
        service.ok("chatroom/keepalive/add", &[("chatroomId", &id)]);
    }
    let one_more = [("chatroomId", "lobby")];
    assert_eq!(
        service.refused("chatroom/keepalive/add", &one_more),
        (403, 1016)
    );
    service.ok("chatroom/keepalive/add", &[("chatroomId", "r00")]);
    service.ok("chatroom/keepalive/remove", &[("chatroomId", "r00")]);
    service.ok("chatroom/keepalive/add", &one_more);
    let answer = service.ok("chatroom/keepalive/query", &[]);
    let kept = answer["chatroomIds"].as_array().unwrap();
    assert_eq!(kept.len(), 100);
    assert!(kept.contains(&json!("lobby")));
}

#[test]
fn what_is_not_kept_alive_is_refused_in_an_answer_of_200() {
    let mut service = Service::new();
    let form = [("chatroomId", "lobby")];
    assert_eq!(
        service.refused("chatroom/keepalive/remove", &form),
        (200, 1015)
    );
}

#[test]
fn destroying_a_chatroom_forgets_all_that_was_known_of_it() {
    let mut service = Service::new();
    let room = ("chatroomId", "lobby");
    service.join("lobby", &["alice", "bob"]);
    say(&mut service.world, "alice", "chatroom:lobby", "hello");
    let minute = ("minute", "10");
    service.ok(
        "chatroom/user/gag/add",
        &[room, minute, ("userId", "alice")],
    );
    service.ok(
        "chatroom/user/block/add",
        &[room, minute, ("userId", "bob")],
    );
    service.ok("chatroom/user/whitelist/add", &[room, ("userId", "alice")]);
    told(&mut service.world);

    service.ok("chatroom/destroy", &[room, ("chatroomId", "nowhere")]);
    assert_eq!(
        rooms_told(&mut service.world),
        json!([{ "chatRoomId": "lobby", "userIds": [], "status": 0, "type": 3, "time": NOW }])
    );
    assert_eq!(
        service.ok("chatroom/query", &[room])["chatRooms"],
        json!([])
    );
    service.ok("chatroom/destroy", &[room]);
    assert_eq!(
        rooms_told(&mut service.world),
        json!([]),
        "it is gone already"
    );

    service.join("lobby", &["alice", "bob"]);
    say(&mut service.world, "alice", "chatroom:lobby", "I may speak");
    for path in ["chatroom/user/gag/list", "chatroom/user/block/list"] {
        assert_eq!(service.ok(path, &[room])["users"], json!([]), "{path}");
    }
    let listed = service.ok("chatroom/user/whitelist/query", &[room]);
    assert_eq!(listed["users"], json!([]));
    let shown = seen(&service.world, "chatroom:lobby");
    assert_eq!(
        shown.len(),
        2,
        "nothing of what was there before: {shown:?}"
    );
}

#[test]
fn what_is_forbidden_in_a_chatroom_that_is_not_there_holds_when_it_is() {
    let mut service = Service::new();
    let form = [
        ("userId", "alice"),
        ("chatroomId", "later"),
        ("minute", "5"),
    ];
    service.ok("chatroom/user/gag/add", &form);
    let form = [("userId", "bob"), ("chatroomId", "later"), ("minute", "5")];
    service.ok("chatroom/user/block/add", &form);
    service.join("later", &["alice"]);
    told(&mut service.world);
    assert_eq!(
        may_not_say(&mut service.world, "alice", "chatroom:later"),
        (403, 23408)
    );
    let form = [("userId", "bob"), ("chatroomId", "later")];
    assert_eq!(service.refused("chatroom/join", &form), (403, 23409));
}

#[test]
fn whoever_joins_is_told_the_last_fifty_messages_that_were_delivered() {
    let mut service = Service::new();
    service.join("lobby", &["alice"]);
    let mut said = Vec::new();
    for number in 0..60 {
        said.push(say(
            &mut service.world,
            "alice",
            "chatroom:lobby",
            &number.to_string(),
        ));
    }
    service.ok(
        "chatroom/message/stopDistribution",
        &[("chatroomId", "lobby")],
    );
    say(
        &mut service.world,
        "alice",
        "chatroom:lobby",
        "nobody hears this",
    );
    let answer = act(
        &mut service.world,
        "bob",
        "enter",
        json!({ "chatroom": "lobby" }),
    );
    assert_eq!(answer["messages"], json!(said[10..]));
}

#[test]
fn a_chatroom_goes_after_an_hour_in_which_nothing_happens() {
    let mut service = Service::new();
    service.world.settings_mut().idle_chatrooms = true;
    service.join("quiet", &["alice"]);
    service.join("busy", &["alice"]);
    service.join("kept", &["alice"]);
    service.ok("chatroom/keepalive/add", &[("chatroomId", "kept")]);
    service.ok("chatroom/keepalive/add", &[("chatroomId", "lobby")]);
    service.wait(1800);
    say(&mut service.world, "alice", "chatroom:busy", "still here");
    told(&mut service.world);
    service.wait(1799);
    assert_eq!(rooms_told(&mut service.world), json!([]));
    let due = service.world.due().unwrap();
    assert_eq!(due.0, NOW + 3_600_000);
    service.wait(1);
    assert_eq!(
        rooms_told(&mut service.world),
        json!([{ "chatRoomId": "quiet", "userIds": [], "status": 3, "type": 3, "time": due.0 }])
    );
    service.wait(1800);
    assert_eq!(rooms_told(&mut service.world)[0]["chatRoomId"], "busy");
    service.wait(86_400);
    assert_eq!(
        rooms_told(&mut service.world),
        json!([]),
        "two are kept alive"
    );
}

#[test]
fn chatrooms_stay_for_ever_where_time_does_not_end_them() {
    let mut service = Service::new();
    service.join("quiet", &["alice"]);
    told(&mut service.world);
    assert_eq!(service.world.due(), None);
    service.wait(86_400);
    assert_eq!(rooms_told(&mut service.world), json!([]));
}

#[test]
fn who_is_away_for_half_a_minute_goes_with_the_next_message() {
    let mut service = Service::new();
    let world = &mut service.world;
    for user in ["alice", "bob", "carol"] {
        act(world, user, "connect", json!({}));
    }
    service.join("lobby", &["alice", "bob", "carol", "dave"]);
    let form = [("chatroomId", "lobby"), ("userId", "carol")];
    service.ok("chatroom/user/whitelist/add", &form);
    for user in ["bob", "carol"] {
        act(&mut service.world, user, "disconnect", json!({}));
    }
    service.wait(29);
    say(&mut service.world, "alice", "chatroom:lobby", "anybody?");
    assert_eq!(members(&mut service, "lobby").len(), 4);
    service.wait(1);
    assert_eq!(members(&mut service, "lobby").len(), 4, "nothing was said");
    told(&mut service.world);
    say(&mut service.world, "alice", "chatroom:lobby", "nobody?");
    assert_eq!(
        members(&mut service, "lobby"),
        ["alice", "carol", "dave"],
        "carol is on the whitelist, and dave has never been connected"
    );
    let events = super::support::events(&mut service.world);
    let left = events
        .iter()
        .find(|event| event.name() == "chatroom_status");
    let left = serde_json::to_value(match left.unwrap() {
        mynah_rongcloud::Event::Chatroom(changes) => changes,
        other => panic!("{other:?}"),
    });
    let left = left.unwrap();
    assert_eq!(left[0]["userIds"], json!(["bob"]));
    assert_eq!(
        (&left[0]["status"], &left[0]["type"]),
        (&json!(1), &json!(2))
    );
}

#[test]
fn who_misses_thirty_messages_goes_at_once() {
    let mut service = Service::new();
    for user in ["alice", "bob"] {
        act(&mut service.world, user, "connect", json!({}));
    }
    service.join("lobby", &["alice", "bob"]);
    act(&mut service.world, "bob", "disconnect", json!({}));
    for _ in 0..29 {
        say(&mut service.world, "alice", "chatroom:lobby", "hi");
    }
    assert_eq!(members(&mut service, "lobby"), ["alice", "bob"]);
    say(&mut service.world, "alice", "chatroom:lobby", "hi");
    assert_eq!(members(&mut service, "lobby"), ["alice"]);
}

#[test]
fn a_snapshot_holds_chatrooms_and_what_is_forbidden_in_them() {
    let mut service = Service::new();
    let room = ("chatroomId", "lobby");
    service.join("lobby", &["bob", "alice"]);
    service.ok(
        "chatroom/user/gag/add",
        &[room, ("userId", "alice"), ("minute", "5")],
    );
    service.ok("chatroom/keepalive/add", &[room]);
    let snapshot = service.world.snapshot();
    let mut other = Service::new();
    other.world.restore(snapshot.clone()).unwrap();
    assert!(other.world.snapshot() == snapshot);
    assert_eq!(members(&mut other, "lobby"), ["bob", "alice"]);
    assert_eq!(
        may_not_say(&mut other.world, "alice", "chatroom:lobby"),
        (403, 23408)
    );
    let kept = other.ok("chatroom/keepalive/query", &[]);
    assert_eq!(kept["chatroomIds"], json!(["lobby"]));
}
