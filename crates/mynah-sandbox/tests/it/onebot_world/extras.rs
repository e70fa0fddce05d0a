//! Files, announcements, badges, the account and what can be found out.

use serde_json::{Value, json};

use super::support::*;
use mynah_sandbox::World;
use mynah_sandbox::onebot::{Dialect, Seed};

#[test]
fn files_and_folders_of_a_group_come_and_go() {
    let mut world = world();
    let folder = json!({ "group_id": GENERAL, "name": "资料" });
    ok(&mut world, "create_group_file_folder", folder.clone());
    assert_eq!(refused(&mut world, "create_group_file_folder", folder), 103);
    let upload = |folder: &str| json!({ "group_id": GENERAL, "file": "base64://aGVsbG8=", "name": "hello.txt", "folder": folder });
    ok(&mut world, "upload_group_file", upload("/"));
    ok(&mut world, "upload_group_file", upload("/folder-1"));
    assert_eq!(
        told(&mut world),
        ["notice.group_upload", "notice.group_upload"]
    );
    assert_eq!(
        refused(&mut world, "upload_group_file", upload("/folder-9")),
        102
    );

    let group = json!({ "group_id": GENERAL });
    let root = ok(&mut world, "get_group_root_files", group.clone());
    assert_eq!(root["files"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&root["files"][0]["file_size"], &root["files"][0]["busid"]),
        (&json!(5), &json!(102))
    );
    assert_eq!(root["folders"][0]["total_file_count"], 1);
    let inside = json!({ "group_id": GENERAL, "folder_id": "/folder-1" });
    let inside = ok(&mut world, "get_group_files_by_folder", inside);
    assert_eq!(inside["files"][0]["file_id"], "/file-2");
    let space = ok(&mut world, "get_group_file_system_info", group.clone());
    assert_eq!(
        (&space["file_count"], &space["used_space"]),
        (&json!(2), &json!(10))
    );

    let file = json!({ "group_id": GENERAL, "file_id": "/file-1", "busid": 102 });
    let url = ok(&mut world, "get_group_file_url", file.clone());
    assert!(
        url["url"]
            .as_str()
            .unwrap()
            .starts_with("http://127.0.0.1:7700/")
    );
    let found = ok(&mut world, "get_file", json!({ "file_id": "/file-1" }));
    assert_eq!(
        (&found["file_name"], &found["base64"]),
        (&json!("hello.txt"), &json!("aGVsbG8="))
    );

    ok(&mut world, "delete_group_file", file.clone());
    assert_eq!(refused(&mut world, "get_group_file_url", file.clone()), 102);
    assert_eq!(refused(&mut world, "delete_group_file", file), 102);
    let folder = json!({ "group_id": GENERAL, "folder_id": "/folder-1" });
    ok(&mut world, "delete_group_folder", folder.clone());
    assert_eq!(refused(&mut world, "delete_group_folder", folder), 102);
    assert_eq!(
        refused(&mut world, "get_file", json!({ "file_id": "/file-2" })),
        102
    );
}

#[test]
fn folders_and_others_files_are_a_matter_for_admins() {
    let mut world = world();
    let file = act(
        &mut world,
        "bob",
        "upload",
        json!({ "group": "other", "name": "a", "size": 9 }),
    );
    events(&mut world);
    let delete = json!({ "group_id": OTHER, "file_id": file["file_id"] });
    assert_eq!(
        refused(&mut world, "delete_group_file", delete.clone()),
        103
    );
    assert_eq!(refused(&mut world, "get_group_file_url", delete), 103);
    let folder = json!({ "group_id": OTHER, "name": "a" });
    assert_eq!(refused(&mut world, "create_group_file_folder", folder), 103);
}

#[test]
fn a_file_sent_to_somebody_is_a_message_to_them() {
    let mut world = world();
    let file = json!({ "user_id": ALICE, "file": "base64://aGVsbG8=", "name": "hello.txt" });
    ok(&mut world, "upload_private_file", file);
    let message = seen(&world, "user:alice").pop().unwrap();
    let part = serde_json::to_value(&message.parts[0]).unwrap();
    assert_eq!(
        (&part["name"], &part["data"]["name"]),
        (&json!("file"), &json!("hello.txt"))
    );
    assert_eq!(part["data"]["file_size"], "5");
    let nobody = json!({ "user_id": 99999, "file": "base64://aGVsbG8=", "name": "a" });
    assert_eq!(refused(&mut world, "upload_private_file", nobody), 103);
}

#[test]
fn announcements_are_made_and_taken_down_by_admins() {
    let mut world = world();
    let notice =
        json!({ "group_id": GENERAL, "content": "这是一条公告", "image": "base64://iVBORw0KGgo=" });
    let id = ok(&mut world, "_send_group_notice", notice);
    let group = json!({ "group_id": GENERAL });
    let notices = ok(&mut world, "_get_group_notice", group.clone());
    assert_eq!(notices[0]["message"]["text"], "这是一条公告");
    assert_eq!(notices[0]["message"]["images"].as_array().unwrap().len(), 1);
    let elsewhere = json!({ "group_id": OTHER, "content": "x" });
    assert_eq!(refused(&mut world, "_send_group_notice", elsewhere), 103);
    let delete = json!({ "group_id": GENERAL, "notice_id": id["notice_id"] });
    ok(&mut world, "_del_group_notice", delete.clone());
    assert_eq!(refused(&mut world, "_del_group_notice", delete), 102);
    assert_eq!(ok(&mut world, "_get_group_notice", group), json!([]));
}

#[test]
fn essence_messages_are_held_up_until_let_go_or_recalled() {
    let mut world = world();
    let ids: Vec<i64> = (0..2)
        .map(|_| say(&mut world, "alice", "group:general", "x"))
        .collect();
    events(&mut world);
    for id in ids.iter().chain(&ids) {
        ok(&mut world, "set_essence_msg", json!({ "message_id": id }));
    }
    assert_eq!(
        told(&mut world),
        ["notice.essence.add", "notice.essence.add"]
    );
    ok(
        &mut world,
        "delete_essence_msg",
        json!({ "message_id": ids[0] }),
    );
    ok(
        &mut world,
        "delete_essence_msg",
        json!({ "message_id": ids[0] }),
    );
    assert_eq!(told(&mut world), ["notice.essence.delete"]);
    let list = ok(
        &mut world,
        "get_essence_msg_list",
        json!({ "group_id": GENERAL }),
    );
    assert_eq!(
        (&list[0]["message_id"], &list[0]["sender_nick"]),
        (&json!(ids[1]), &json!("alice"))
    );
    ok(&mut world, "delete_msg", json!({ "message_id": ids[1] }));
    assert_eq!(
        ok(
            &mut world,
            "get_essence_msg_list",
            json!({ "group_id": GENERAL })
        ),
        json!([])
    );
    events(&mut world);
    assert_eq!(
        refused(
            &mut world,
            "set_essence_msg",
            json!({ "message_id": ids[1] })
        ),
        102
    );
}

#[test]
fn badges_follow_from_what_is_said() {
    let mut world = world();
    for _ in 0..3 {
        say(&mut world, "alice", "group:general", "x");
        wait(&mut world, 24 * 3600);
    }
    say(&mut world, "bob", "group:general", "x");
    let honors = |world: &mut _, kind: &str| {
        ok(
            world,
            "get_group_honor_info",
            json!({ "group_id": GENERAL, "type": kind }),
        )
    };
    let all = honors(&mut world, "all");
    assert_eq!(
        (
            &all["current_talkative"]["user_id"],
            &all["current_talkative"]["day_count"]
        ),
        (&json!(BOB), &json!(1))
    );
    assert_eq!(all["talkative_list"][1]["user_id"], ALICE);
    act(
        &mut world,
        "dave",
        "honor",
        json!({ "group": "general", "honor": "emotion" }),
    );
    let emotion = honors(&mut world, "emotion");
    assert_eq!(emotion["emotion_list"][0]["nickname"], "dave");
    assert_eq!(emotion.get("talkative_list"), None);
    events(&mut world);
    let unknown = json!({ "group_id": GENERAL, "type": "x" });
    assert_eq!(refused(&mut world, "get_group_honor_info", unknown), 100);
}

#[test]
fn the_account_shows_what_was_set() {
    let mut world = world();
    ok(
        &mut world,
        "set_qq_profile",
        json!({ "nickname": "小鹩哥" }),
    );
    let info = ok(&mut world, "get_login_info", json!({}));
    assert_eq!(info, json!({ "user_id": BOT, "nickname": "小鹩哥" }));
    assert_eq!(
        refused(&mut world, "set_qq_profile", json!({ "nickname": "" })),
        100
    );
    ok(
        &mut world,
        "_set_model_show",
        json!({ "model": "x", "model_show": "y" }),
    );
    let models = ok(&mut world, "_get_model_show", json!({ "model": "x" }));
    assert_eq!(
        models,
        json!({ "variants": [{ "model_show": "y", "need_pay": false }] })
    );
    act(
        &mut world,
        "bot",
        "client_status",
        json!({ "app_id": 7, "device_name": "pad" }),
    );
    let clients = ok(&mut world, "get_online_clients", json!({}));
    assert_eq!(clients["clients"][0]["device_name"], "pad");
    act(
        &mut world,
        "bot",
        "client_status",
        json!({ "app_id": 7, "online": false }),
    );
    assert_eq!(
        ok(&mut world, "get_online_clients", json!({}))["clients"],
        json!([])
    );
    events(&mut world);
    assert_eq!(
        refused(&mut world, "qidian_get_account_info", json!({})),
        100
    );
}

#[test]
fn cookies_and_token_belong_together() {
    let mut world = world();
    let cookies = ok(&mut world, "get_cookies", json!({ "domain": "qun.qq.com" }));
    assert_eq!(cookies["cookies"], "uin=o10000; skey=@sandbox");
    let token = ok(&mut world, "get_csrf_token", json!({}))["token"].clone();
    let both = ok(&mut world, "get_credentials", json!({}));
    assert_eq!(
        both,
        json!({ "cookies": cookies["cookies"], "csrf_token": token })
    );
    // What QQ's pages make of an empty key.
    let seed = "[onebot.bot]\nid = 1\n";
    let mut bare = mynah_sandbox::onebot::OneBotWorld::new(&Seed::parse(seed).unwrap());
    assert_eq!(
        ok(&mut bare, "get_csrf_token", json!({})),
        json!({ "token": 5381 })
    );
}

#[test]
fn media_are_found_recognised_and_thrown_away() {
    let mut world = world();
    let picture = "6B4DE3DFD1BD271E3297859D41C530F5.jpg";
    let voice = "0B38145AA44505000B38145AA4450500.silk";
    for action in ["ocr_image", ".ocr_image"] {
        let found = ok(&mut world, action, json!({ "image": picture }));
        assert_eq!(found["texts"][0]["text"], "八哥", "{action}");
    }
    assert_eq!(
        refused(&mut world, "ocr_image", json!({ "image": "none" })),
        102
    );
    let record = ok(
        &mut world,
        "get_record",
        json!({ "file": voice, "out_format": "mp3" }),
    );
    assert_eq!(
        record["file"],
        "/data/record/0B38145AA44505000B38145AA4450500.mp3"
    );
    let odd = json!({ "file": voice, "out_format": "exe" });
    assert_eq!(refused(&mut world, "get_record", odd), 102);
    assert_eq!(world.media(picture).unwrap().0, "image/png");

    ok(&mut world, "clean_data_dir", json!({ "data_dir": "image" }));
    assert_eq!(
        refused(&mut world, "get_image", json!({ "file": picture })),
        102
    );
    ok(
        &mut world,
        "get_record",
        json!({ "file": voice, "out_format": "amr" }),
    );
    assert_eq!(
        refused(&mut world, "clean_data_dir", json!({ "data_dir": "log" })),
        100
    );
}

#[test]
fn nothing_is_downloaded_from_the_network() {
    let mut world = world();
    let inline = ok(
        &mut world,
        "download_file",
        json!({ "url": "data:image/png;base64,iVBORw0KGgo=" }),
    );
    let path = inline["file"].as_str().unwrap().to_owned();
    let file = path.strip_prefix("/data/cache/").unwrap().to_owned();
    assert_eq!(world.media(&file).unwrap().1.len(), 8);
    let network = json!({ "url": "http://127.0.0.1/a.png" });
    assert_eq!(refused(&mut world, "download_file", network), 103);
    ok(&mut world, "clean_cache", json!({}));
    assert!(world.media(&file).is_none());
}

#[test]
fn addresses_are_judged_by_the_seed() {
    let mut world = world();
    for (url, level) in [
        ("http://example.com", 1),
        ("https://www.qq.com/a", 1),
        ("http://unheard.of", 2),
        ("http://malware.example/x", 3),
    ] {
        let judged = ok(&mut world, "check_url_safely", json!({ "url": url }));
        assert_eq!(judged, json!({ "level": level }), "{url}");
    }
}

#[test]
fn recent_contacts_are_the_latest_first() {
    let mut world = world();
    say(&mut world, "alice", "user:bot", "a");
    say(&mut world, "bob", "group:general", "b");
    let recent = ok(&mut world, "get_recent_contact", json!({}));
    let peers: Vec<&Value> = recent
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["peerUin"])
        .collect();
    assert_eq!(peers, ["20001", "10001"]);
    assert_eq!(
        (&recent[0]["chatType"], &recent[1]["chatType"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(
        (&recent[0]["sendNickName"], &recent[0]["unreadCnt"]),
        (&json!("bob"), &json!(1))
    );
    ok(
        &mut world,
        "mark_group_msg_as_read",
        json!({ "group_id": GENERAL }),
    );
    let recent = ok(&mut world, "get_recent_contact", json!({ "count": 1 }));
    assert_eq!(
        (recent.as_array().unwrap().len(), &recent[0]["unreadCnt"]),
        (1, &json!(0))
    );
    events(&mut world);
    assert_eq!(
        refused(&mut world, "get_recent_contact", json!({ "count": 0 })),
        100
    );
}

#[test]
fn updates_are_handed_out_once_and_only_when_enabled() {
    let mut world = world();
    let refusal = call(&mut world, "get_updates", json!({}));
    assert_eq!(refusal.retcode(), 103);
    world.settings_mut().long_polling = true;
    for text in ["a", "b", "c"] {
        say(&mut world, "alice", "user:bot", text);
    }
    let first = ok(&mut world, "get_updates", json!({ "limit": 2 }));
    assert_eq!(
        (first.as_array().unwrap().len(), &first[0]["message"]),
        (2, &json!("a"))
    );
    assert_eq!(
        ok(&mut world, "get_updates", json!({}))
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(ok(&mut world, "get_updates", json!({})), json!([]));
}

#[test]
fn single_messages_are_forwarded_as_they_are() {
    let mut world = world();
    let id = say(&mut world, "alice", "group:general", "[x]");
    ok(
        &mut world,
        "forward_friend_single_msg",
        json!({ "message_id": id, "user_id": BOB }),
    );
    ok(
        &mut world,
        "forward_group_single_msg",
        json!({ "message_id": id, "group_id": OTHER }),
    );
    for conversation in ["user:bob", "group:other"] {
        let parts = serde_json::to_value(&seen(&world, conversation)[0].parts).unwrap();
        assert_eq!(parts, json!([{ "type": "text", "text": "[x]" }]));
    }
    events(&mut world);
    let unknown = json!({ "message_id": 9, "user_id": BOB });
    assert_eq!(
        refused(&mut world, "forward_friend_single_msg", unknown),
        102
    );
}

#[test]
fn anonymous_speech_falls_back_to_the_name_only_where_that_is_wanted() {
    let mut world = world();
    let send = |ignore: &str| json!({ "group_id": GENERAL, "message": format!("[CQ:anonymous,ignore={ignore}]x") });
    let id = ok(&mut world, "send_group_msg", send("0"));
    let stored = ok(&mut world, "get_msg", id);
    assert_eq!(
        (&stored["user_id"], &stored["message"]),
        (&json!(80_000_000), &json!("x"))
    );
    ok(
        &mut world,
        "set_group_anonymous",
        json!({ "group_id": GENERAL, "enable": false }),
    );
    events(&mut world);
    assert_eq!(refused(&mut world, "send_group_msg", send("0")), 103);
    let id = ok(&mut world, "send_group_msg", send("1"));
    assert_eq!(ok(&mut world, "get_msg", id)["user_id"], BOT);
}

#[test]
fn habits_differ_where_the_standard_leaves_a_choice() {
    let mut world = world();
    world.settings_mut().negative_ids = true;
    let id = ok(
        &mut world,
        "send_group_msg",
        json!({ "group_id": GENERAL, "message": "x" }),
    );
    assert_eq!(id["message_id"], -1001);
    ok(&mut world, "delete_msg", id);
    events(&mut world);

    world.settings_mut().dialect = Dialect::NapCat;
    ok(
        &mut world,
        "set_group_ban",
        json!({ "group_id": GENERAL, "user_id": DAVE }),
    );
    assert_eq!(told(&mut world), ["notice.group_ban.lift_ban"]);
    let dice = json!({ "from": "alice", "to": "group:general", "message": "[CQ:dice]" });
    try_say(&mut world, dice.clone()).unwrap();
    assert!(
        event(&mut world)["message"]
            .as_str()
            .unwrap()
            .starts_with("[CQ:dice,result=")
    );
    world.settings_mut().dialect = Dialect::OneBot;
    try_say(&mut world, dice).unwrap();
    assert_eq!(event(&mut world)["message"], "[CQ:dice]");
}

#[test]
fn a_discussion_group_is_left_for_good() {
    let mut world = world();
    world.settings_mut().legacy = true;
    ok(
        &mut world,
        "set_discuss_leave",
        json!({ "discuss_id": 30001 }),
    );
    say(&mut world, "alice", "discuss:lunch", "gone?");
    assert!(events(&mut world).is_empty());
    let send = json!({ "discuss_id": 30001, "message": "x" });
    assert_eq!(refused(&mut world, "send_discuss_msg", send), 103);
    assert_eq!(
        refused(
            &mut world,
            "set_discuss_leave",
            json!({ "discuss_id": 30001 })
        ),
        102
    );
}
