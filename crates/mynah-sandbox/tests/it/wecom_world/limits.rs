//! Quotas that hold when the corp is strict.

use serde_json::json;

use super::support::*;

fn text(content: &str) -> serde_json::Value {
    json!({"chatid": "general", "msgtype": "text", "text": {"content": content}})
}

#[test]
fn a_corp_makes_1000_groups_a_day_when_strict() {
    let mut corp = Corp::new();
    let body = json!({"userlist": ["alice", "bob"]});
    for _ in 0..1001 {
        assert_eq!(corp.post("appchat/create", &body).code(), 0);
    }
    corp.world.settings_mut().strict = true;
    for _ in 0..1000 {
        assert_eq!(corp.post("appchat/create", &body).code(), 0);
    }
    assert_eq!(corp.post("appchat/create", &body).code(), 45009);
    corp.wait(24 * 3600);
    corp.token = token(&mut corp.world, "sandbox-secret");
    corp.ok("appchat/create", body);
}

#[test]
fn a_group_is_changed_1000_times_an_hour_when_strict() {
    let mut corp = Corp::new();
    let body = json!({"chatid": "general", "name": "x"});
    for _ in 0..1001 {
        assert_eq!(corp.post("appchat/update", &body).code(), 0);
    }
    corp.world.settings_mut().strict = true;
    for _ in 0..1000 {
        assert_eq!(corp.post("appchat/update", &body).code(), 0);
    }
    assert_eq!(corp.post("appchat/update", &body).code(), 45009);
    corp.wait(3600);
    assert_eq!(corp.post("appchat/update", &body).code(), 0);
}

#[test]
fn a_group_message_counts_once_for_each_member_when_strict() {
    let mut corp = Corp::new();
    corp.world.settings_mut().strict = true;
    // 5 members: 4000 messages are 20,000 person-times.
    for _ in 0..4000 {
        assert_eq!(corp.post("appchat/send", &text("x")).code(), 0);
    }
    assert_eq!(corp.post("appchat/send", &text("x")).code(), 45009);
    corp.wait(60);
    assert_eq!(corp.post("appchat/send", &text("x")).code(), 0);
}

#[test]
fn what_one_member_is_sent_too_much_is_dropped_silently_when_strict() {
    let mut corp = Corp::new();
    corp.world.settings_mut().strict = true;
    for _ in 0..35 {
        corp.tell_alice("text", json!({"content": "x"}));
    }
    assert_eq!(seen(&corp.world, "user:alice").len(), 30);
}

#[test]
fn an_application_reaches_200_person_times_a_day_for_each_member_when_strict() {
    let mut corp = Corp::new();
    corp.world.settings_mut().strict = true;
    let all = message("@all", "text", json!({"content": "x"}));
    // 5 members: 1000 person-times.
    for _ in 0..200 {
        assert_eq!(corp.post("message/send", &all).code(), 0);
    }
    assert_eq!(corp.post("message/send", &all).code(), 45009);
}

#[test]
fn one_interface_is_called_10000_times_a_minute_when_strict() {
    let mut corp = Corp::new();
    corp.world.settings_mut().strict = true;
    for _ in 0..10_000 {
        assert_eq!(corp.get("user/get", "userid=alice").code(), 0);
    }
    assert_eq!(corp.get("user/get", "userid=alice").code(), 45009);
    corp.ok_get("department/list", "");
    corp.wait(60);
    corp.ok_get("user/get", "userid=alice");
}

#[test]
fn pictures_that_stay_are_few_when_strict() {
    let mut corp = Corp::new();
    corp.world.settings_mut().strict = true;
    let path = format!("/cgi-bin/media/uploadimg?access_token={}", corp.token);
    for _ in 0..1000 {
        assert_eq!(send(&mut corp.world, &form(&path, "a.png", PNG)).code(), 0);
    }
    assert_eq!(
        send(&mut corp.world, &form(&path, "a.png", PNG)).code(),
        45009
    );
}

#[test]
fn the_bot_uploads_30_files_a_minute_when_strict() {
    let mut corp = Corp::with_socket();
    let init = json!({"type": "file", "filename": "a", "total_size": 6, "total_chunks": 1});
    let begin = |corp: &mut Corp| {
        let init = init.clone();
        command(&mut corp.world, "aibot_upload_media_init", "r", init).code()
    };
    for _ in 0..31 {
        assert_eq!(begin(&mut corp), 0);
    }
    corp.world.settings_mut().strict = true;
    for _ in 0..30 {
        let answer = command(
            &mut corp.world,
            "aibot_upload_media_init",
            "r",
            init.clone(),
        );
        assert_eq!(answer.code(), 0);
    }
    let code = command_refused(&mut corp.world, "aibot_upload_media_init", "r", init);
    assert_eq!(code, 45009);
}
