//! How often something may be done, where that is looked at.

use serde_json::json;

use super::support::{Service, told};

fn strict() -> Service {
    let mut service = Service::new();
    service.world.settings_mut().strict = true;
    service
}

/// A message of somebody to these targets.
fn message<'a>(field: &'a str, targets: &'a [String]) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![
        ("fromUserId", "alice"),
        ("objectName", "RC:TxtMsg"),
        ("content", r#"{"content":"hi"}"#),
    ];
    form.extend(targets.iter().map(|target| (field, target.as_str())));
    form
}

fn ids(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("t{number}")).collect()
}

#[track_caller]
fn too_many(service: &mut Service, path: &str, form: &[(&str, &str)]) {
    told(&mut service.world);
    assert_eq!(service.refused(path, form), (429, 1008), "{path}");
}

#[test]
fn nothing_is_counted_where_quotas_do_not_hold() {
    let mut service = Service::new();
    let (one, everybody) = (ids(1), message("", &[]));
    for _ in 0..101 {
        service.ok("user/checkOnline", &[("userId", "alice")]);
        service.ok("message/group/publish", &message("toGroupId", &one));
        service.ok("message/broadcast", &everybody);
    }
}

#[test]
fn a_hundred_calls_a_second_are_the_most() {
    let mut service = strict();
    let form = [("userId", "alice")];
    for _ in 0..100 {
        service.ok("user/checkOnline", &form);
    }
    too_many(&mut service, "user/checkOnline", &form);
    let mut words = service.refused_in_words("wordfilter/list", &[]);
    assert_eq!(words.0, (429, 1008), "they are counted together");
    assert_eq!(
        std::mem::take(&mut words.1),
        "The call frequency exceeds the limit."
    );
    service.wait_ms(999);
    too_many(&mut service, "user/checkOnline", &form);
    service.wait_ms(1);
    service.ok("user/checkOnline", &form);
}

#[test]
fn a_call_that_is_wrong_is_wrong_however_many_there_were() {
    let mut service = strict();
    for _ in 0..100 {
        service.ok("user/checkOnline", &[("userId", "alice")]);
    }
    assert_eq!(service.refused("user/checkOnline", &[]), (400, 1002));
}

#[test]
fn two_hundred_tokens_a_second_are_the_most() {
    let mut service = strict();
    let form = [("userId", "alice"), ("name", "Alice"), ("portraitUri", "")];
    for _ in 0..200 {
        service.ok("user/getToken", &form);
    }
    too_many(&mut service, "user/getToken", &form);
    service.ok("user/checkOnline", &form[..1]);
    service.wait(1);
    service.ok("user/getToken", &form);
}

#[test]
fn private_messages_are_counted_by_who_gets_them() {
    let mut service = strict();
    let many = ids(1000);
    let form = message("toUserId", &many);
    for _ in 0..6 {
        service.ok("message/private/publish", &form);
    }
    let one = ids(1);
    let one = message("toUserId", &one);
    too_many(&mut service, "message/private/publish", &one);
    service.wait(59);
    too_many(&mut service, "message/private/publish", &one);
    service.wait(1);
    service.ok("message/private/publish", &one);
}

#[test]
fn system_messages_are_counted_by_who_gets_them() {
    let mut service = strict();
    let (many, one) = (ids(100), ids(1));
    service.ok("message/system/publish", &message("toUserId", &many));
    let one = message("toUserId", &one);
    too_many(&mut service, "message/system/publish", &one);
    service.wait(1);
    service.ok("message/system/publish", &one);
}

#[test]
fn templates_count_with_what_they_are_like() {
    let mut service = strict();
    let users = ids(100);
    let body = json!({
        "fromUserId": "alice",
        "objectName": "RC:TxtMsg",
        "content": "{\"content\":\"{c}\"}",
        "toUserId": users,
        "values": vec![json!({ "{c}": "1" }); 100],
    });
    service.ok_json("message/system/publish_template", body.clone());
    told(&mut service.world);
    let again = service.refused_json("message/system/publish_template", body.clone());
    assert_eq!(again, (429, 1008));
    service.ok_json("message/private/publish_template", body);
}

#[test]
fn a_group_gets_twenty_messages_a_second() {
    let mut service = strict();
    let both = ids(2);
    let path = "message/group/publish";
    for _ in 0..20 {
        service.ok(path, &message("toGroupId", &both[..1]));
    }
    too_many(&mut service, path, &message("toGroupId", &both[..1]));
    too_many(&mut service, path, &message("toGroupId", &both));
    for _ in 0..20 {
        service.ok(path, &message("toGroupId", &both[1..]));
    }
}

#[test]
fn discussions_get_twenty_messages_a_second() {
    let mut service = strict();
    let one = ids(1);
    let form = message("toDiscussionId", &one);
    for _ in 0..20 {
        service.ok("message/discussion/publish", &form);
    }
    too_many(&mut service, "message/discussion/publish", &form);
}

#[test]
fn a_chatroom_gets_a_hundred_messages_a_second() {
    let mut service = strict();
    let both = ids(2);
    let path = "message/chatroom/publish";
    for _ in 0..100 {
        service.ok(path, &message("toChatroomId", &both[..1]));
    }
    too_many(&mut service, path, &message("toChatroomId", &both[..1]));
    service.ok(path, &message("toChatroomId", &both[1..]));
}

#[test]
fn all_chatrooms_get_one_message_a_second() {
    let mut service = strict();
    let form = message("", &[]);
    service.ok("message/chatroom/broadcast", &form);
    too_many(&mut service, "message/chatroom/broadcast", &form);
    service.wait(1);
    service.ok("message/chatroom/broadcast", &form);
}

#[test]
fn broadcasts_and_pushes_are_two_an_hour_and_three_a_day_together() {
    let mut service = strict();
    let form = message("", &[]);
    let push = || {
        json!({
            "platform": ["ios"],
            "audience": { "is_to_all": true },
            "notification": { "alert": "hello" },
        })
    };
    service.ok("message/broadcast", &form);
    service.ok_json("push", push());
    too_many(&mut service, "message/broadcast", &form);
    assert_eq!(service.refused_json("push", push()), (429, 1008));
    service.wait(3600);
    service.ok("message/broadcast", &form);
    told(&mut service.world);
    service.wait(3600);
    assert_eq!(
        service.refused_json("push", push()),
        (429, 1008),
        "the fourth of the day"
    );
    // The tests begin at 06:13:20 in Beijing: the day ends 17:46:40 later.
    service.wait(64_000 - 7200 - 1);
    too_many(&mut service, "message/broadcast", &form);
    service.wait(1);
    service.ok_json("push", push());
}
