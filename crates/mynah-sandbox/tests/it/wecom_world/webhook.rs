//! Group robots.

use mynah_sandbox::World;
use serde_json::{Value, json};

use super::support::*;

fn text(content: &str) -> Value {
    json!({"msgtype": "text", "text": {"content": content}})
}

fn refused(body: Value) -> i64 {
    let mut corp = Corp::new();
    robot(&mut corp.world, KEY, &body).code()
}

#[test]
fn a_robot_speaks_with_its_own_name() {
    let mut corp = Corp::new();
    let answer = robot(&mut corp.world, KEY, &text("hi <@alice>"));
    assert_eq!(answer.0, json!({"errcode": 0, "errmsg": "ok"}));
    let message = last(&corp.world, "group:general");
    assert_eq!(message.from.name, "robot");
    assert!(message.from.bot);
    // The key is a secret: it is nowhere.
    let all = corp.world_json();
    assert!(!all.contains(KEY));
}

#[test]
fn whoever_does_not_know_the_key_cannot_post() {
    let mut corp = Corp::new();
    for key in ["", "wrong", "sandbox-webhook-ke"] {
        assert_eq!(robot(&mut corp.world, key, &text("x")).code(), 93000);
    }
    let answer = send(
        &mut corp.world,
        &request("POST", "/cgi-bin/webhook/send", b"{}"),
    );
    assert_eq!(answer.code(), 93000);
    assert!(answer.words().starts_with("invalid webhook url, hint: ["));
}

#[test]
fn a_robot_says_eight_kinds_of_things() {
    let mut corp = Corp::new();
    let picture = base64(PNG);
    let md5 = mynah_crypto::hex(&mynah_crypto::md5(PNG));
    let path = |kind: &str| format!("/cgi-bin/webhook/upload_media?key={KEY}&type={kind}");
    let mut upload = |kind: &str| {
        let answer = send(&mut corp.world, &form(&path(kind), "a.txt", b"mytext"));
        assert_eq!(answer.0["type"], kind);
        assert_eq!(answer.0["created_at"], "1700000000");
        answer.0["media_id"].clone()
    };
    let (file, voice) = (upload("file"), upload("voice"));
    let card = json!({"card_type": "text_notice", "main_title": {"title": "t"},
        "card_action": {"type": 1, "url": "https://x.y"}});
    for (kind, object, shown) in [
        ("text", json!({"content": "x"}), "text"),
        ("markdown", json!({"content": "**x**"}), "markdown"),
        ("markdown_v2", json!({"content": "|a|"}), "markdown"),
        ("image", json!({"base64": picture, "md5": md5}), "image"),
        (
            "news",
            json!({"articles": [{"title": "t", "url": "https://x.y"}]}),
            "link",
        ),
        ("file", json!({"media_id": file}), "file"),
        ("voice", json!({"media_id": voice}), "voice"),
        ("template_card", card, "card"),
    ] {
        let mut body = json!({"msgtype": kind});
        body[kind] = object;
        assert_eq!(robot(&mut corp.world, KEY, &body).code(), 0, "{kind}");
        assert_eq!(
            parts(&corp.world, "group:general")[0]["type"],
            shown,
            "{kind}"
        );
    }
}

#[test]
fn a_robot_mentions_by_id_and_by_number() {
    let mut corp = Corp::new();
    let body = json!({"msgtype": "text", "text": {"content": "x",
        "mentioned_list": ["bob", "@all"], "mentioned_mobile_list": ["13800000000", "1"]}});
    assert_eq!(robot(&mut corp.world, KEY, &body).code(), 0);
    assert_eq!(
        parts(&corp.world, "group:general"),
        json!([{"type": "text", "text": "x"},
            {"type": "mention", "id": "bob", "name": "Bob"},
            {"type": "mention", "id": "all", "name": "所有人"},
            {"type": "mention", "id": "alice", "name": "Alice"}])
    );
}

#[test]
fn a_robot_is_refused_what_makes_no_sense() {
    assert_eq!(refused(json!({})), 40008);
    assert_eq!(refused(json!({"msgtype": "video", "video": {}})), 40008);
    assert_eq!(refused(json!({"msgtype": "text"})), 40063);
    assert_eq!(refused(text("")), 44004);
    assert_eq!(refused(text(&"x".repeat(5121))), 40058);
    assert_eq!(refused(text(&"x".repeat(5120))), 0);
    let markdown =
        |content: String| json!({"msgtype": "markdown", "markdown": {"content": content}});
    assert_eq!(refused(markdown("x".repeat(4097))), 40058);
    assert_eq!(refused(markdown("x".repeat(4096))), 0);
    let image = json!({"msgtype": "image", "image": {"base64": base64(PNG), "md5": "0"}});
    assert_eq!(refused(image), 40058);
    let card = json!({"msgtype": "template_card", "template_card": buttons("t")});
    assert_eq!(refused(card), 40058);
}

#[test]
fn the_words_say_which_limit_was_passed() {
    let mut corp = Corp::new();
    let answer = robot(&mut corp.world, KEY, &text(&"x".repeat(5121)));
    let words = "text.content exceed max length 5120. invalid Request Parameter, hint: [";
    assert!(answer.words().starts_with(words), "{answer:?}");
}

#[test]
fn a_robot_says_20_things_a_minute() {
    let mut corp = Corp::new();
    for _ in 0..20 {
        assert_eq!(robot(&mut corp.world, KEY, &text("x")).code(), 0);
    }
    assert_eq!(robot(&mut corp.world, KEY, &text("x")).code(), 45009);
    // What is wrong in itself is told first, and a picture is not kept.
    assert_eq!(robot(&mut corp.world, KEY, &text("")).code(), 44004);
    let md5 = mynah_crypto::hex(&mynah_crypto::md5(PNG));
    let picture = json!({"msgtype": "image", "image": {"base64": base64(PNG), "md5": md5}});
    let before = corp.world.snapshot();
    assert_eq!(robot(&mut corp.world, KEY, &picture).code(), 45009);
    assert!(corp.world.snapshot() == before);
    corp.wait(59);
    assert_eq!(robot(&mut corp.world, KEY, &text("x")).code(), 45009);
    corp.wait(1);
    assert_eq!(robot(&mut corp.world, KEY, &text("x")).code(), 0);
}

#[test]
fn a_file_belongs_to_the_robot_that_uploaded_it() {
    let mut corp = Corp::new();
    let applications = corp.upload("file", "a.txt", b"mytext");
    let body = json!({"msgtype": "file", "file": {"media_id": applications}});
    assert_eq!(robot(&mut corp.world, KEY, &body).code(), 40007);
    let path = format!("/cgi-bin/webhook/upload_media?key={KEY}&type=file");
    let robots = send(&mut corp.world, &form(&path, "a.txt", b"mytext"));
    let id = robots.0["media_id"].as_str().unwrap();
    assert_eq!(
        corp.refused_get("media/get", &format!("media_id={id}")),
        40007
    );
}

#[test]
fn a_robot_uploads_files_and_voice_only() {
    let mut corp = Corp::new();
    let mut upload = |kind: &str, key: &str, content: &[u8]| {
        let path = format!("/cgi-bin/webhook/upload_media?key={key}&type={kind}");
        send(&mut corp.world, &form(&path, "a", content)).code()
    };
    assert_eq!(upload("image", KEY, PNG), 40005);
    assert_eq!(upload("file", "wrong", b"mytext"), 93000);
    assert_eq!(upload("file", KEY, b"12345"), 40006);
    assert_eq!(upload("voice", KEY, &vec![0; 2 * 1024 * 1024 + 1]), 45001);
}
