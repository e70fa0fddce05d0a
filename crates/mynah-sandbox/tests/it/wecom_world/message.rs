//! Messages of applications to members.

use mynah_sandbox::World;
use serde_json::{Value, json};

use super::support::*;

fn text(touser: &str) -> Value {
    message(touser, "text", json!({"content": "hi"}))
}

#[test]
fn a_message_reaches_those_it_names() {
    let mut corp = Corp::new();
    let sent = corp.ok("message/send", text("alice|BOB"));
    assert_eq!(sent["invaliduser"], "");
    let msgid = sent["msgid"].as_str().unwrap();
    for who in ["alice", "bob"] {
        let message = last(&corp.world, &format!("user:{who}"));
        assert_eq!(message.id, msgid);
        assert_eq!(message.from.name, "bot");
    }
    assert!(seen(&corp.world, "user:carol").is_empty());
}

#[test]
fn the_agentid_is_that_of_the_token() {
    let mut corp = Corp::new();
    let body = |agent: Value| with(text("alice"), "agentid", agent);
    assert_eq!(corp.refused("message/send", body(Value::Null)), 41011);
    assert_eq!(corp.refused("message/send", body(json!("x"))), 40056);
    assert_eq!(corp.refused("message/send", body(json!(4711))), 40056);
    assert_eq!(
        corp.refused("message/send", body(json!(OTHER_AGENT))),
        301_002
    );
    corp.ok("message/send", body(json!("1000002")));
}

/// Parameters, formats, what is not there, what is not allowed: in this order.
#[test]
fn what_is_wrong_in_itself_comes_before_who_may() {
    let mut corp = Corp::new();
    let others = with(text("alice"), "agentid", json!(OTHER_AGENT));
    let nobodys = text("nobody");
    let empty = |body: &Value| with(body.clone(), "text", json!({}));
    let odd = |body: &Value| with(body.clone(), "msgtype", json!("poem"));
    for (body, code) in [
        (with(others.clone(), "touser", json!("")), 82001),
        (empty(&others), 44004),
        (odd(&others), 40008),
        (with(others.clone(), "safe", json!(9)), 40058),
        (with(others, "touser", json!("nobody")), 81013),
        (empty(&nobodys), 44004),
        (odd(&nobodys), 40008),
    ] {
        assert_eq!(corp.refused("message/send", body.clone()), code, "{body}");
    }
}

#[test]
fn a_message_needs_somebody_and_not_too_many() {
    let mut corp = Corp::new();
    assert_eq!(corp.refused("message/send", text("")), 82001);
    let nobody = json!({"agentid": AGENT, "msgtype": "text", "text": {"content": "x"}});
    assert_eq!(corp.refused("message/send", nobody.clone()), 82001);
    let many = |count: usize| vec!["1"; count].join("|");
    for (field, most, code) in [
        ("touser", 1000, 40032),
        ("toparty", 100, 82002),
        ("totag", 100, 82003),
    ] {
        let body = with(nobody.clone(), field, json!(many(most + 1)));
        assert_eq!(corp.refused("message/send", body), code);
    }
    corp.ok("message/send", with(nobody, "toparty", json!(many(100))));
}

#[test]
fn a_message_that_reaches_nobody_is_refused_with_all_that_was_wrong() {
    let mut corp = Corp::new();
    let mut body = text("NoBody|Ghost");
    body["toparty"] = json!("77|x");
    body["totag"] = json!("9");
    let answer = corp.post("message/send", &body);
    assert_eq!(answer.code(), 81013);
    assert_eq!(answer.0["invaliduser"], "nobody|ghost");
    assert_eq!(answer.0["invalidparty"], "77|x");
    assert_eq!(answer.0["invalidtag"], "9");
}

#[test]
fn a_message_that_reaches_some_succeeds_and_names_the_others() {
    let mut corp = Corp::new();
    let mut body = text("alice|Ghost|nobody");
    body["toparty"] = json!("77");
    let sent = corp.ok("message/send", body);
    assert_eq!(sent["invaliduser"], "ghost|nobody");
    assert_eq!(sent["invalidparty"], "77");
    assert_eq!(seen(&corp.world, "user:alice").len(), 1);
}

#[test]
fn all_means_everybody_and_makes_the_rest_meaningless() {
    let mut corp = Corp::new();
    let body = with(text("@all"), "toparty", json!("77"));
    let sent = corp.ok("message/send", body);
    assert_eq!(sent.get("invalidparty"), None);
    for who in ["alice", "bob", "carol", "dave", "erin"] {
        assert_eq!(seen(&corp.world, &format!("user:{who}")).len(), 1);
    }
}

#[test]
fn a_department_includes_those_below_it_and_a_tag_those_who_have_it() {
    let mut corp = Corp::new();
    corp.ok(
        "department/create",
        json!({"id": 2, "name": "a", "parentid": 1}),
    );
    corp.ok(
        "department/create",
        json!({"id": 3, "name": "b", "parentid": 2}),
    );
    corp.ok("user/update", json!({"userid": "bob", "department": [3]}));
    corp.ok("tag/create", json!({"tagid": 5, "tagname": "t"}));
    corp.ok(
        "tag/addtagusers",
        json!({"tagid": 5, "userlist": ["carol"], "partylist": [3]}),
    );
    told(&mut corp.world);
    let to = |field: &str, value: &str| {
        let body = json!({"agentid": AGENT, "msgtype": "text", "text": {"content": "x"}});
        with(body, field, json!(value))
    };
    corp.ok("message/send", to("toparty", "2"));
    assert_eq!(seen(&corp.world, "user:bob").len(), 1);
    assert!(seen(&corp.world, "user:carol").is_empty());
    // Who is reached in several ways gets one message.
    corp.ok(
        "message/send",
        with(to("totag", "5"), "touser", json!("bob")),
    );
    assert_eq!(seen(&corp.world, "user:bob").len(), 2);
    assert_eq!(seen(&corp.world, "user:carol").len(), 1);
}

#[test]
fn who_does_not_follow_the_application_is_not_reached() {
    let mut corp = Corp::new();
    act(&mut corp.world, "alice", "unsubscribe", json!({}));
    told(&mut corp.world);
    let answer = corp.post("message/send", &text("alice"));
    assert_eq!(answer.code(), 81013);
    assert_eq!(answer.0["invaliduser"], "alice");
    act(&mut corp.world, "alice", "subscribe", json!({}));
    corp.ok("message/send", text("alice"));
}

#[test]
fn every_kind_of_message_is_shown() {
    let mut corp = Corp::new();
    let image = corp.upload("image", "a.png", PNG);
    let voice = corp.upload("voice", "a.amr", b"#!AMR\n1");
    let video = corp.upload("video", "a.mp4", b"1234567");
    let file = corp.upload("file", "报告.txt", b"mytext");
    let notice = json!({"appid": "wx1", "title": "会议室预订", "content_item":
        [{"key": "会议室", "value": "402"}]});
    let task = json!({"title": "t", "description": "d", "task_id": "task-1",
        "btn": [{"key": "yes", "name": "同意"}]});
    for (msgtype, object, shown) in [
        ("text", json!({"content": "<@bob> hi"}), "mention"),
        ("image", json!({"media_id": image}), "image"),
        ("voice", json!({"media_id": voice}), "voice"),
        ("video", json!({"media_id": video, "title": "t"}), "video"),
        ("file", json!({"media_id": file}), "file"),
        (
            "textcard",
            json!({"title": "t", "description": "d", "url": "https://x.y"}),
            "card",
        ),
        (
            "news",
            json!({"articles": [{"title": "t", "url": "https://x.y"}]}),
            "link",
        ),
        (
            "mpnews",
            json!({"articles": [{"title": "t", "thumb_media_id": image, "content": "c"}]}),
            "link",
        ),
        ("markdown", json!({"content": "**b**"}), "markdown"),
        ("miniprogram_notice", notice, "card"),
        ("template_card", buttons("task-2"), "card"),
        ("taskcard", task, "card"),
    ] {
        corp.tell_alice(msgtype, object);
        assert_eq!(
            parts(&corp.world, "user:alice")[0]["type"],
            shown,
            "{msgtype}"
        );
    }
    let media: Vec<Value> = seen(&corp.world, "user:alice")[1..5]
        .iter()
        .map(|message| serde_json::to_value(&message.parts[0]).unwrap())
        .collect();
    assert_eq!(media[3]["name"], "报告.txt");
    assert_eq!(media[3]["size"], 6);
    let name = media[0]["url"]
        .as_str()
        .unwrap()
        .rsplit_once('/')
        .unwrap()
        .1;
    assert_eq!(
        corp.world.media(name).unwrap(),
        ("image/png".to_owned(), PNG.to_vec())
    );
}

#[test]
fn news_cannot_be_confidential_among_members() {
    let mut corp = Corp::new();
    let news = json!({"articles": [{"title": "t", "url": "https://x.y"}]});
    let body = with(message("alice", "news", news), "safe", json!(1));
    assert_eq!(corp.refused("message/send", body.clone()), 40074);
    corp.ok("message/send", with(body, "safe", json!(0)));
}

#[test]
fn a_content_is_checked_as_in_a_group() {
    let mut corp = Corp::new();
    for (msgtype, object, code) in [
        ("text", json!({}), 44004),
        ("image", json!({"media_id": "x"}), 40007),
        ("textcard", json!({"title": "t"}), 41033),
        ("poem", json!({}), 40008),
        (
            "taskcard",
            json!({"title": "t", "description": "d", "task_id": "a b",
            "btn": [{"key": "k"}]}),
            42014,
        ),
    ] {
        assert_eq!(
            corp.refused("message/send", message("alice", msgtype, object)),
            code
        );
    }
}

#[test]
fn the_same_request_is_not_carried_out_again_within_the_interval() {
    let mut corp = Corp::new();
    let body = with(text("alice"), "enable_duplicate_check", json!(1));
    let first = corp.ok("message/send", body.clone());
    let again = corp.ok("message/send", body.clone());
    assert_eq!(first, again);
    assert_eq!(seen(&corp.world, "user:alice").len(), 1);
    // Another request is another message, and so is one without the check.
    let other = with(body.clone(), "text", json!({"content": "other"}));
    corp.ok("message/send", other);
    corp.ok("message/send", text("alice"));
    assert_eq!(seen(&corp.world, "user:alice").len(), 3);
    corp.wait(1799);
    assert_eq!(corp.ok("message/send", body.clone()), first);
    corp.wait(1);
    assert_ne!(
        corp.ok("message/send", body.clone())["msgid"],
        first["msgid"]
    );
    let too_long = with(body, "duplicate_check_interval", json!(14_401));
    assert_eq!(corp.refused("message/send", too_long), 40058);
}

#[test]
fn a_message_is_recalled_within_a_day() {
    let mut corp = Corp::new();
    let sent = corp.ok("message/send", text("alice|bob"));
    let recall = json!({"msgid": sent["msgid"]});
    corp.ok("message/recall", recall.clone());
    corp.ok("message/recall", recall);
    for who in ["alice", "bob"] {
        assert!(last(&corp.world, &format!("user:{who}")).recalled.is_some());
    }
    assert_eq!(
        corp.refused("message/recall", json!({"msgid": "unknown"})),
        40058
    );
    let sent = corp.ok("message/send", text("alice"));
    let recall = json!({"msgid": sent["msgid"]});
    let other = corp.other.clone();
    assert_eq!(
        post(&mut corp.world, "message/recall", &other, &recall).code(),
        40058
    );
    corp.wait(24 * 3600);
    corp.token = token(&mut corp.world, "sandbox-secret");
    assert_eq!(corp.refused("message/recall", recall), 42052);
    assert!(last(&corp.world, "user:alice").recalled.is_none());
}
