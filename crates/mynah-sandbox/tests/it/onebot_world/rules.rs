//! What holds in the world: one test for every rule that an emulator must keep.

use serde_json::json;

use super::support::*;
use mynah_sandbox::World;
use mynah_sandbox::onebot::{Effect, MessageFormat};

#[test]
fn send_msg_without_type_goes_to_the_group_else_to_the_person_else_nowhere() {
    let mut world = world();
    let both = json!({ "group_id": GENERAL, "user_id": ALICE, "message": "x" });
    ok(&mut world, "send_msg", both);
    assert_eq!(seen(&world, "group:general").len(), 1);
    ok(
        &mut world,
        "send_msg",
        json!({ "user_id": ALICE, "message": "x" }),
    );
    assert_eq!(seen(&world, "user:alice").len(), 1);
    assert_eq!(
        refused(&mut world, "send_msg", json!({ "message": "x" })),
        100
    );
    let unknown = json!({ "message_type": "guild", "user_id": ALICE, "message": "x" });
    assert_eq!(refused(&mut world, "send_msg", unknown), 100);
}

#[test]
fn a_message_type_that_is_given_wins_over_the_ids() {
    let mut world = world();
    let both = |kind| json!({ "message_type": kind, "group_id": GENERAL, "user_id": ALICE, "message": "x" });
    ok(&mut world, "send_msg", both("private"));
    assert_eq!(seen(&world, "user:alice").len(), 1);
    ok(&mut world, "send_msg", both("group"));
    assert_eq!(seen(&world, "group:general").len(), 1);
    let without = json!({ "message_type": "private", "group_id": GENERAL, "message": "x" });
    assert_eq!(refused(&mut world, "send_msg", without), 100);
}

#[test]
fn a_private_message_reaches_everybody_seeded_and_nobody_else() {
    let mut world = world();
    for user in [ALICE, ERIN] {
        ok(
            &mut world,
            "send_private_msg",
            json!({ "user_id": user, "message": "x" }),
        );
    }
    let to = |user: i64| json!({ "user_id": user, "message": "x" });
    assert_eq!(refused(&mut world, "send_private_msg", to(99999)), 103);
    assert_eq!(refused(&mut world, "send_private_msg", to(BOT)), 103);
    assert_eq!(refused(&mut world, "send_private_msg", to(0)), 100);
    assert_eq!(refused(&mut world, "send_private_msg", to(-1)), 100);
}

#[test]
fn a_group_message_needs_membership_and_no_ban() {
    let mut world = world();
    let to = |group: i64| json!({ "group_id": group, "message": "x" });
    assert_eq!(refused(&mut world, "send_group_msg", to(29999)), 103);

    act(
        &mut world,
        "alice",
        "mute",
        json!({ "group": "other", "target": "bot", "seconds": 60 }),
    );
    events(&mut world);
    assert_eq!(refused(&mut world, "send_group_msg", to(OTHER)), 103);
    wait(&mut world, 60);
    ok(&mut world, "send_group_msg", to(OTHER));

    act(
        &mut world,
        "alice",
        "whole_ban",
        json!({ "group": "other" }),
    );
    events(&mut world);
    assert_eq!(refused(&mut world, "send_group_msg", to(OTHER)), 103);

    act(
        &mut world,
        "alice",
        "kick",
        json!({ "group": "other", "target": "bot" }),
    );
    events(&mut world);
    assert_eq!(refused(&mut world, "send_group_msg", to(OTHER)), 103);
}

#[test]
fn an_empty_message_is_refused() {
    let mut world = world();
    for message in [
        json!(""),
        json!([]),
        json!([{ "type": "text", "data": { "text": "" } }]),
    ] {
        let params = json!({ "user_id": ALICE, "message": message });
        assert_eq!(
            refused(&mut world, "send_private_msg", params),
            100,
            "{message}"
        );
    }
}

#[test]
fn a_picture_is_stored_and_found_by_its_name() {
    let mut world = world();
    let png = "base64://iVBORw0KGgo=";
    let message = json!([{ "type": "image", "data": { "file": png, "cache": "0" } }]);
    ok(
        &mut world,
        "send_group_msg",
        json!({ "group_id": GENERAL, "message": message }),
    );
    world.settings_mut().message_format = MessageFormat::Array;
    let said = try_say(
        &mut world,
        json!({ "from": "alice", "to": "group:general", "message": message }),
    );
    assert!(said.is_ok());

    let received = event(&mut world)["message"][0]["data"].clone();
    let name = received["file"].as_str().unwrap().to_owned();
    let url = format!("http://127.0.0.1:7700/control/media/onebot/{name}");
    assert_eq!(received, json!({ "file": name, "url": url }));

    let found = ok(&mut world, "get_image", json!({ "file": name }));
    assert_eq!(found["file"], format!("/data/image/{name}"));
    assert_eq!((&found["size"], &found["url"]), (&json!(8), &json!(url)));
    let (media_type, bytes) = world.media(&name).unwrap();
    assert_eq!((media_type.as_str(), bytes.len()), ("image/png", 8));
    assert_eq!(
        refused(&mut world, "get_image", json!({ "file": "none.png" })),
        102
    );
}

#[test]
fn a_picture_from_the_network_keeps_its_address_and_is_not_fetched() {
    let mut world = world();
    let message = "[CQ:image,file=https://example.com/cat.png,timeout=5]";
    let id = ok(
        &mut world,
        "send_private_msg",
        json!({ "user_id": ALICE, "message": message }),
    );
    let stored = ok(
        &mut world,
        "get_msg",
        json!({ "message_id": id["message_id"] }),
    );
    let text = stored["message"].as_str().unwrap();
    assert!(
        text.ends_with(",url=https://example.com/cat.png]"),
        "{text}"
    );
    assert!(!text.contains("timeout"), "{text}");
    assert!(!stored["raw_message"].as_str().unwrap().contains("url="));
}

#[test]
fn own_messages_can_be_recalled_for_two_minutes() {
    let mut world = world();
    let send = json!({ "group_id": GENERAL, "message": "x" });
    let first = ok(&mut world, "send_group_msg", send.clone());
    wait(&mut world, 120);
    ok(&mut world, "delete_msg", first.clone());
    assert_eq!(told(&mut world), ["notice.group_recall"]);
    assert_eq!(refused(&mut world, "get_msg", first.clone()), 102);
    assert_eq!(refused(&mut world, "delete_msg", first), 102);

    let second = ok(&mut world, "send_group_msg", send);
    wait(&mut world, 121);
    assert_eq!(refused(&mut world, "delete_msg", second), 103);
    assert_eq!(
        refused(&mut world, "delete_msg", json!({ "message_id": 99 })),
        102
    );
}

#[test]
fn admins_recall_those_below_them_at_any_time_and_nobody_else_does() {
    let mut world = world();
    let members = say(&mut world, "dave", "group:general", "x");
    wait(&mut world, 3600);
    events(&mut world);
    ok(&mut world, "delete_msg", json!({ "message_id": members }));

    let owners = say(&mut world, "alice", "group:other", "x");
    let fellows = say(&mut world, "bob", "group:other", "x");
    events(&mut world);
    for id in [owners, fellows] {
        assert_eq!(
            refused(&mut world, "delete_msg", json!({ "message_id": id })),
            103
        );
    }
    let friends = say(&mut world, "alice", "user:bot", "x");
    events(&mut world);
    assert_eq!(
        refused(&mut world, "delete_msg", json!({ "message_id": friends })),
        103
    );
}

#[test]
fn a_recall_tells_whose_message_it_was_and_who_did_it() {
    let mut world = world();
    let id = say(&mut world, "dave", "group:general", "x");
    events(&mut world);
    ok(&mut world, "delete_msg", json!({ "message_id": id }));
    let recall = event(&mut world);
    assert_eq!(recall["notice_type"], "group_recall");
    assert_eq!(
        (&recall["user_id"], &recall["operator_id"]),
        (&json!(DAVE), &json!(BOT))
    );
    assert_eq!(recall["message_id"], id);

    let id = say(&mut world, "alice", "user:bot", "x");
    events(&mut world);
    act(&mut world, "alice", "recall", json!({ "message": id }));
    let recall = event(&mut world);
    assert_eq!(recall["notice_type"], "friend_recall");
    assert_eq!(
        (&recall["user_id"], &recall["message_id"]),
        (&json!(ALICE), &json!(id))
    );
}

#[test]
fn get_msg_writes_in_the_configured_format_and_knows_the_bot_as_author() {
    let mut world = world();
    let send = json!({ "group_id": GENERAL, "message": "[CQ:face,id=14]a&amp;b" });
    let id = ok(&mut world, "send_group_msg", send);
    let stored = ok(&mut world, "get_msg", id.clone());
    assert_eq!(stored["message"], "[CQ:face,id=14]a&amp;b");
    assert_eq!(stored["sender"]["user_id"], BOT);
    assert_eq!(stored["sender"]["role"], "owner");
    assert_eq!(
        (&stored["message_type"], &stored["real_id"]),
        (&json!("group"), &id["message_id"])
    );

    world.settings_mut().message_format = MessageFormat::Array;
    let stored = ok(&mut world, "get_msg", id);
    let segments = json!([
        { "type": "face", "data": { "id": "14" } },
        { "type": "text", "data": { "text": "a&b" } },
    ]);
    assert_eq!(stored["message"], segments);
}

#[test]
fn power_is_over_those_who_rank_below() {
    let mut world = world();
    // In alice's group the bot is an ordinary member.
    let bob = json!({ "group_id": OTHER, "user_id": BOB });
    let alice = json!({ "group_id": OTHER, "user_id": ALICE });
    for action in ["set_group_kick", "set_group_ban"] {
        assert_eq!(refused(&mut world, action, bob.clone()), 103, "{action}");
    }
    act(
        &mut world,
        "alice",
        "set_admin",
        json!({ "group": "other", "target": "bot" }),
    );
    events(&mut world);
    for action in ["set_group_kick", "set_group_ban"] {
        assert_eq!(refused(&mut world, action, alice.clone()), 103, "{action}");
    }
    ok(&mut world, "set_group_ban", bob.clone());
    act(
        &mut world,
        "alice",
        "set_admin",
        json!({ "group": "other", "target": "bob" }),
    );
    events(&mut world);
    assert_eq!(refused(&mut world, "set_group_ban", bob.clone()), 103);
    // Even an admin cannot make admins or give titles.
    assert_eq!(refused(&mut world, "set_group_admin", bob.clone()), 103);
    assert_eq!(refused(&mut world, "set_group_special_title", bob), 103);
}

#[test]
fn a_kick_removes_and_can_keep_out() {
    let mut world = world();
    let dave = json!({ "group_id": GENERAL, "user_id": DAVE });
    ok(&mut world, "set_group_kick", dave.clone());
    let kick = event(&mut world);
    assert_eq!(name(&kick), "notice.group_decrease.kick");
    assert_eq!(
        (&kick["operator_id"], &kick["user_id"]),
        (&json!(BOT), &json!(DAVE))
    );
    assert!(!is_member(&world, GENERAL, "dave"));
    assert_eq!(refused(&mut world, "set_group_kick", dave), 102);
    act(
        &mut world,
        "dave",
        "request_join",
        json!({ "group": "general" }),
    );
    events(&mut world);

    let erin = json!({ "group_id": GENERAL, "user_id": ERIN, "reject_add_request": true });
    ok(&mut world, "set_group_kick", erin);
    events(&mut world);
    assert_eq!(
        may_not(
            &mut world,
            "erin",
            "request_join",
            json!({ "group": "general" })
        ),
        403
    );
}

#[test]
fn the_bot_kicked_out_no_longer_has_the_group() {
    let mut world = world();
    act(
        &mut world,
        "alice",
        "kick",
        json!({ "group": "other", "target": "bot" }),
    );
    let kick = event(&mut world);
    assert_eq!(name(&kick), "notice.group_decrease.kick_me");
    assert_eq!(
        (&kick["operator_id"], &kick["user_id"]),
        (&json!(ALICE), &json!(BOT))
    );
    let groups = ok(&mut world, "get_group_list", json!({}));
    assert_eq!(groups.as_array().unwrap().len(), 1);
    assert_eq!(
        refused(&mut world, "get_group_info", json!({ "group_id": OTHER })),
        102
    );
    // What is said there is no longer heard.
    say(&mut world, "alice", "group:other", "gone?");
    assert!(events(&mut world).is_empty());
}

#[test]
fn the_owner_dismisses_and_the_others_leave() {
    let mut world = world();
    assert_eq!(
        refused(
            &mut world,
            "set_group_leave",
            json!({ "group_id": GENERAL })
        ),
        103
    );
    let dismiss = |group: i64| json!({ "group_id": group, "is_dismiss": true });
    assert_eq!(refused(&mut world, "set_group_leave", dismiss(OTHER)), 103);

    ok(&mut world, "set_group_leave", json!({ "group_id": OTHER }));
    let left = event(&mut world);
    assert_eq!(name(&left), "notice.group_decrease.leave");
    assert_eq!(
        (&left["operator_id"], &left["user_id"]),
        (&json!(BOT), &json!(BOT))
    );
    assert!(is_member(&world, OTHER, "bob"));

    ok(&mut world, "set_group_leave", dismiss(GENERAL));
    assert_eq!(told(&mut world), ["notice.group_decrease.leave"]);
    assert!(roles(&world, GENERAL).is_empty());
}

#[test]
fn a_ban_lasts_as_long_as_it_says_and_can_be_lifted() {
    let mut world = world();
    let ban = |seconds: i64| json!({ "group_id": GENERAL, "user_id": DAVE, "duration": seconds });
    assert_eq!(refused(&mut world, "set_group_ban", ban(-1)), 100);
    assert_eq!(refused(&mut world, "set_group_ban", ban(2_592_001)), 100);
    let stranger = json!({ "group_id": GENERAL, "user_id": 99999 });
    assert_eq!(refused(&mut world, "set_group_ban", stranger), 102);

    ok(
        &mut world,
        "set_group_ban",
        json!({ "group_id": GENERAL, "user_id": DAVE }),
    );
    let banned = event(&mut world);
    assert_eq!(
        (name(&banned).as_str(), &banned["duration"]),
        ("notice.group_ban.ban", &json!(1800))
    );
    let muted = ok(
        &mut world,
        "get_group_shut_list",
        json!({ "group_id": GENERAL }),
    );
    assert_eq!(muted[0]["user_id"], DAVE);

    // Its end comes silently.
    wait(&mut world, 1800);
    assert!(events(&mut world).is_empty());
    let muted = ok(
        &mut world,
        "get_group_shut_list",
        json!({ "group_id": GENERAL }),
    );
    assert_eq!(muted, json!([]));

    ok(&mut world, "set_group_ban", ban(2_592_000));
    ok(&mut world, "set_group_ban", ban(0));
    ok(&mut world, "set_group_ban", ban(0));
    let kinds = [
        "notice.group_ban.ban",
        "notice.group_ban.lift_ban",
        "notice.group_ban.lift_ban",
    ];
    assert_eq!(told(&mut world), kinds);
}

#[test]
fn who_is_banned_cannot_speak_and_nobody_hears_of_the_attempt() {
    let mut world = world();
    ok(
        &mut world,
        "set_group_ban",
        json!({ "group_id": GENERAL, "user_id": DAVE }),
    );
    events(&mut world);
    let speak = |from: &str, to: &str| json!({ "from": from, "to": to, "text": "x" });
    let rejected = try_say(&mut world, speak("dave", "group:general")).unwrap_err();
    assert_eq!((rejected.status, rejected.field.as_str()), (403, "group"));
    assert!(events(&mut world).is_empty());
    try_say(&mut world, speak("dave", "user:bot")).unwrap();

    act(
        &mut world,
        "alice",
        "whole_ban",
        json!({ "group": "other" }),
    );
    events(&mut world);
    assert_eq!(
        try_say(&mut world, speak("bob", "group:other"))
            .unwrap_err()
            .status,
        403
    );
    assert!(events(&mut world).is_empty());
    try_say(&mut world, speak("alice", "group:other")).unwrap();
}

#[test]
fn a_ban_of_everybody_names_nobody() {
    let mut world = world();
    let whole = |enable: bool| json!({ "group_id": GENERAL, "enable": enable });
    ok(&mut world, "set_group_whole_ban", whole(true));
    let ban = event(&mut world);
    assert_eq!(name(&ban), "notice.group_ban.ban");
    assert_eq!((&ban["user_id"], &ban["duration"]), (&json!(0), &json!(-1)));
    ok(&mut world, "set_group_whole_ban", whole(true));
    assert!(events(&mut world).is_empty());
    ok(&mut world, "set_group_whole_ban", whole(false));
    let lifted = event(&mut world);
    assert_eq!(name(&lifted), "notice.group_ban.lift_ban");
    assert_eq!(
        (&lifted["user_id"], &lifted["duration"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(
        refused(
            &mut world,
            "set_group_whole_ban",
            json!({ "group_id": OTHER })
        ),
        103
    );
}

#[test]
fn a_card_is_given_by_those_with_power_or_by_oneself() {
    let mut world = world();
    let card = |group: i64, user: i64, card: &str| json!({ "group_id": group, "user_id": user, "card": card });
    ok(&mut world, "set_group_card", card(GENERAL, ALICE, "艾丽斯"));
    let changed = event(&mut world);
    assert_eq!(name(&changed), "notice.group_card");
    assert_eq!(
        (&changed["card_old"], &changed["card_new"]),
        (&json!("小爱"), &json!("艾丽斯"))
    );
    ok(
        &mut world,
        "set_group_card",
        json!({ "group_id": GENERAL, "user_id": ALICE }),
    );
    assert_eq!(event(&mut world)["card_new"], "");

    ok(&mut world, "set_group_card", card(OTHER, BOT, "八哥"));
    events(&mut world);
    assert_eq!(
        refused(&mut world, "set_group_card", card(OTHER, BOB, "x")),
        103
    );
    assert_eq!(
        refused(&mut world, "set_group_card", card(GENERAL, 99999, "x")),
        102
    );
    let long = "长".repeat(61);
    assert_eq!(
        refused(&mut world, "set_group_card", card(GENERAL, ALICE, &long)),
        100
    );
}

#[test]
fn names_titles_and_admins_are_set_and_the_same_again_tells_nobody() {
    let mut world = world();
    let rename = json!({ "group_id": GENERAL, "group_name": "新群名" });
    ok(&mut world, "set_group_name", rename.clone());
    assert_eq!(told(&mut world), ["notice.notify.group_name"]);
    ok(&mut world, "set_group_name", rename);
    assert!(events(&mut world).is_empty());
    let empty = json!({ "group_id": GENERAL, "group_name": " " });
    assert_eq!(refused(&mut world, "set_group_name", empty), 100);
    let elsewhere = json!({ "group_id": OTHER, "group_name": "x" });
    assert_eq!(refused(&mut world, "set_group_name", elsewhere), 103);

    let title =
        json!({ "group_id": GENERAL, "user_id": ALICE, "special_title": "群宠", "duration": 60 });
    ok(&mut world, "set_group_special_title", title.clone());
    assert_eq!(told(&mut world), ["notice.notify.title"]);
    ok(&mut world, "set_group_special_title", title);
    assert!(events(&mut world).is_empty());
    let alice = json!({ "group_id": GENERAL, "user_id": ALICE });
    assert_eq!(
        ok(&mut world, "get_group_member_info", alice.clone())["title"],
        "群宠"
    );
    wait(&mut world, 60);
    assert_eq!(ok(&mut world, "get_group_member_info", alice)["title"], "");

    let admin = |enable: bool| json!({ "group_id": GENERAL, "user_id": BOB, "enable": enable });
    for enable in [true, true, false, false] {
        ok(&mut world, "set_group_admin", admin(enable));
    }
    assert_eq!(
        told(&mut world),
        ["notice.group_admin.set", "notice.group_admin.unset"]
    );
    let own = json!({ "group_id": GENERAL, "user_id": BOT });
    assert_eq!(refused(&mut world, "set_group_admin", own), 103);
}

#[test]
fn a_friend_request_is_answered_once() {
    let mut world = world();
    act(
        &mut world,
        "erin",
        "befriend",
        json!({ "comment": "我是 erin" }),
    );
    let asked = event(&mut world);
    assert_eq!(
        (name(&asked).as_str(), &asked["comment"]),
        ("request.friend", &json!("我是 erin"))
    );
    let answer = json!({ "flag": asked["flag"], "remark": "同事" });
    ok(&mut world, "set_friend_add_request", answer.clone());
    let added = event(&mut world);
    assert_eq!(
        (name(&added).as_str(), &added["user_id"]),
        ("notice.friend_add", &json!(ERIN))
    );
    let friends = ok(&mut world, "get_friend_list", json!({}));
    assert_eq!(
        friends[2],
        json!({ "user_id": ERIN, "nickname": "erin", "remark": "同事" })
    );
    assert_eq!(refused(&mut world, "set_friend_add_request", answer), 102);
    assert_eq!(
        refused(&mut world, "set_friend_add_request", json!({ "flag": "x" })),
        102
    );

    act(&mut world, "dave", "befriend", json!({}));
    let flag = event(&mut world)["flag"].clone();
    ok(
        &mut world,
        "set_friend_add_request",
        json!({ "flag": flag, "approve": false }),
    );
    assert!(events(&mut world).is_empty());
    assert_eq!(
        ok(&mut world, "get_friend_list", json!({}))
            .as_array()
            .unwrap()
            .len(),
        3
    );
}

#[test]
fn a_request_to_join_is_answered_once_and_by_its_kind() {
    let mut world = world();
    act(&mut world, "erin", "leave", json!({ "group": "general" }));
    act(
        &mut world,
        "erin",
        "request_join",
        json!({ "group": "general", "comment": "求进群" }),
    );
    let asked = events(&mut world).pop().unwrap();
    assert_eq!(
        (name(&asked).as_str(), &asked["comment"]),
        ("request.group.add", &json!("求进群"))
    );
    let answer = |kind: &str| json!({ "flag": asked["flag"], "sub_type": kind });
    assert_eq!(
        refused(&mut world, "set_group_add_request", answer("invite")),
        102
    );
    assert_eq!(
        refused(&mut world, "set_group_add_request", answer("join")),
        100
    );
    ok(&mut world, "set_group_add_request", answer("add"));
    let joined = event(&mut world);
    assert_eq!(name(&joined), "notice.group_increase.approve");
    assert_eq!(
        (&joined["operator_id"], &joined["user_id"]),
        (&json!(BOT), &json!(ERIN))
    );
    assert_eq!(
        refused(&mut world, "set_group_add_request", answer("add")),
        102
    );
}

#[test]
fn an_invitation_brings_the_bot_into_a_group() {
    let mut world = world();
    ok(&mut world, "set_group_leave", json!({ "group_id": OTHER }));
    act(
        &mut world,
        "alice",
        "invite",
        json!({ "group": "other", "target": "bot" }),
    );
    let asked = events(&mut world).pop().unwrap();
    assert_eq!(
        (name(&asked).as_str(), &asked["user_id"]),
        ("request.group.invite", &json!(ALICE))
    );
    let answer = json!({ "flag": asked["flag"], "type": "invite" });
    ok(&mut world, "set_group_add_request", answer.clone());
    let joined = event(&mut world);
    assert_eq!(name(&joined), "notice.group_increase.invite");
    assert_eq!(
        (&joined["operator_id"], &joined["user_id"]),
        (&json!(ALICE), &json!(BOT))
    );
    ok(&mut world, "get_group_info", json!({ "group_id": OTHER }));
    assert_eq!(refused(&mut world, "set_group_add_request", answer), 102);
}

#[test]
fn likes_are_ten_a_day_for_each_person() {
    let mut world = world();
    let like = |user: i64, times: i64| json!({ "user_id": user, "times": times });
    assert_eq!(refused(&mut world, "send_like", like(ALICE, 0)), 100);
    ok(&mut world, "send_like", json!({ "user_id": ALICE }));
    ok(&mut world, "send_like", like(ALICE, 9));
    assert_eq!(refused(&mut world, "send_like", like(ALICE, 1)), 103);
    assert_eq!(refused(&mut world, "send_like", like(BOB, 11)), 103);
    ok(&mut world, "send_like", like(BOB, 10));
    wait(&mut world, 24 * 3600);
    ok(&mut world, "send_like", like(ALICE, 10));
}

#[test]
fn a_member_list_tells_all_fifteen_fields() {
    let mut world = world();
    let members = ok(
        &mut world,
        "get_group_member_list",
        json!({ "group_id": GENERAL }),
    );
    assert_eq!(members.as_array().unwrap().len(), 6);
    assert_eq!(
        members[1],
        json!({
            "group_id": GENERAL, "user_id": ALICE, "nickname": "alice", "card": "小爱",
            "sex": "female", "age": 20, "area": "杭州", "join_time": 1_515_204_254,
            "last_sent_time": 0, "level": "1", "role": "member", "unfriendly": false,
            "title": "", "title_expire_time": 0, "card_changeable": true,
        })
    );
    assert_eq!(
        refused(
            &mut world,
            "get_group_member_list",
            json!({ "group_id": 29999 })
        ),
        102
    );
}

#[test]
fn no_cache_makes_no_difference() {
    let mut world = world();
    for (action, params) in [
        ("get_stranger_info", json!({ "user_id": ALICE })),
        ("get_group_info", json!({ "group_id": GENERAL })),
        (
            "get_group_member_info",
            json!({ "group_id": GENERAL, "user_id": ALICE }),
        ),
    ] {
        let mut fresh = params.clone();
        fresh["no_cache"] = json!(true);
        let cached = ok(&mut world, action, params);
        assert_eq!(ok(&mut world, action, fresh), cached, "{action}");
    }
}

#[test]
fn a_history_is_a_window_of_twenty_oldest_first_without_what_was_recalled() {
    let mut world = world();
    let ids: Vec<i64> = (1..=30)
        .map(|number| say(&mut world, "alice", "group:general", &number.to_string()))
        .collect();
    let history = |world: &mut _, params| {
        let data = ok(world, "get_group_msg_history", params);
        let messages = data["messages"].as_array().unwrap().clone();
        let seqs = messages
            .iter()
            .map(|message| message["message_seq"].as_i64().unwrap());
        seqs.collect::<Vec<_>>()
    };
    let group = json!({ "group_id": GENERAL });
    assert_eq!(
        history(&mut world, group.clone()),
        (11..=30).collect::<Vec<_>>()
    );
    let before = json!({ "group_id": GENERAL, "message_seq": 5, "count": 3 });
    assert_eq!(history(&mut world, before), [3, 4, 5]);
    let many = json!({ "group_id": GENERAL, "message_seq": 0, "count": 100 });
    assert_eq!(history(&mut world, many).len(), 20);
    let reverse = json!({ "group_id": GENERAL, "count": 2, "reverse_order": true });
    assert_eq!(history(&mut world, reverse), [30, 29]);

    act(&mut world, "alice", "recall", json!({ "message": ids[28] }));
    let newest = json!({ "group_id": GENERAL, "count": 3 });
    assert_eq!(history(&mut world, newest), [28, 30]);
    events(&mut world);
    assert_eq!(
        refused(
            &mut world,
            "get_group_msg_history",
            json!({ "group_id": 29999 })
        ),
        102
    );
}

#[test]
fn a_bundle_is_sent_as_a_forward_and_fetched_in_both_shapes() {
    let mut world = world();
    let said = say(&mut world, "alice", "group:general", "第二条");
    let nodes = json!([
        { "type": "node", "data": { "name": "alice", "uin": "10001", "content": "第一条" } },
        { "type": "node", "data": { "id": said.to_string() } },
        { "type": "node", "data": { "id": "99999" } },
    ]);
    let params = json!({ "group_id": GENERAL, "messages": nodes });
    let sent = ok(&mut world, "send_group_forward_msg", params);
    let id = sent["forward_id"].clone();
    let stored = ok(
        &mut world,
        "get_msg",
        json!({ "message_id": sent["message_id"] }),
    );
    assert_eq!(
        stored["message"],
        format!("[CQ:forward,id={}]", id.as_str().unwrap())
    );

    let bundle = ok(&mut world, "get_forward_msg", json!({ "id": id }));
    let node = |text: &str| {
        json!({ "type": "node", "data": { "user_id": "10001", "nickname": "alice",
            "content": [{ "type": "text", "data": { "text": text } }] } })
    };
    assert_eq!(bundle["message"], json!([node("第一条"), node("第二条")]));
    assert_eq!(bundle["messages"][1]["content"], "第二条");
    assert_eq!(bundle["messages"][1]["sender"]["nickname"], "alice");
    assert_eq!(
        ok(&mut world, "get_forward_msg", json!({ "message_id": id })),
        bundle
    );

    events(&mut world);
    let unusable =
        json!({ "group_id": GENERAL, "messages": [{ "type": "node", "data": { "id": "9" } }] });
    assert_eq!(refused(&mut world, "send_group_forward_msg", unusable), 100);
    assert_eq!(
        refused(&mut world, "get_forward_msg", json!({ "id": "fwd-99" })),
        102
    );
}

#[test]
fn own_messages_are_events_only_when_asked_for() {
    let mut world = world();
    ok(
        &mut world,
        "send_group_msg",
        json!({ "group_id": GENERAL, "message": "x" }),
    );
    assert!(events(&mut world).is_empty());
    world.settings_mut().report_self_message = true;
    ok(
        &mut world,
        "send_group_msg",
        json!({ "group_id": GENERAL, "message": "x" }),
    );
    ok(
        &mut world,
        "send_private_msg",
        json!({ "user_id": ALICE, "message": "x" }),
    );
    assert_eq!(
        told(&mut world),
        ["message_sent.group.normal", "message_sent.private.friend"]
    );
}

#[test]
fn a_restart_is_promised_and_then_asked_for() {
    let mut world = world();
    for (action, params, expected) in [
        ("set_restart", json!({ "delay": 2000 }), 2000),
        ("set_restart_plugin", json!({}), 0),
        ("_set_restart", json!({ "clean_log": true }), 0),
    ] {
        let answer = call(&mut world, action, params);
        assert_eq!(
            answer.0,
            json!({ "status": "async", "retcode": 1, "data": null }),
            "{action}"
        );
        let effect = world.poll_effect();
        let Some(Effect::Restart { delay_ms }) = effect else {
            panic!("{action}: {effect:?}")
        };
        assert_eq!(delay_ms, expected);
    }
    assert_eq!(
        refused(&mut world, "set_restart", json!({ "delay": -1 })),
        100
    );
}

#[test]
fn an_account_that_is_offline_hears_and_says_nothing() {
    let mut world = world();
    act(&mut world, "bot", "go_offline", json!({}));
    assert_eq!(told(&mut world), ["notice.bot_offline"]);
    let status = ok(&mut world, "get_status", json!({}));
    assert_eq!(status, json!({ "online": false, "good": false }));
    say(&mut world, "alice", "group:general", "anybody there?");
    assert!(events(&mut world).is_empty());
    let send = json!({ "group_id": GENERAL, "message": "x" });
    assert_eq!(refused(&mut world, "send_group_msg", send.clone()), 103);

    act(&mut world, "bot", "go_online", json!({}));
    assert_eq!(told(&mut world), ["notice.bot_online"]);
    ok(&mut world, "send_group_msg", send);
}
