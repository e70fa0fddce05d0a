//! The intelligent bot: what it hears, answers, writes and uploads.

use mynah_wecom::aibot::{Callback, Kind, Reply, Stream, Update};
use mynah_wecom::card::TemplateCard;
use serde_json::{Value, json};

use super::support::*;

const BOT: &str = "user:aib-sandbox";

/// Alice talks to the bot on its long connection. Returns the `req_id`.
fn asked(corp: &mut Corp) -> String {
    say(&mut corp.world, "alice", BOT, "hello");
    let (_, req_id) = one_told(&mut corp.world).bot();
    req_id
}

/// Alice talks to the bot in callback mode.
fn called(corp: &mut Corp) -> Callback {
    say(&mut corp.world, "alice", BOT, "hello");
    one_told(&mut corp.world).bot().0
}

fn stream(id: &str, content: &str, finish: bool) -> Value {
    json!({"msgtype": "stream", "stream": {"id": id, "finish": finish, "content": content}})
}

fn markdown(content: &str) -> Value {
    json!({"msgtype": "markdown", "markdown": {"content": content}})
}

fn respond(corp: &mut Corp, req_id: &str, body: Value) -> i64 {
    command(&mut corp.world, "aibot_respond_msg", req_id, body).code()
}

fn shown(corp: &Corp) -> Value {
    parts(&corp.world, "bot:alice")
}

#[test]
fn credentials_are_checked_together() {
    let corp = Corp::new();
    corp.world
        .check_bot("aib-sandbox", "sandbox-secret")
        .unwrap();
    for (id, secret) in [
        ("aib-sandbox", "wrong"),
        ("other", "sandbox-secret"),
        ("", ""),
    ] {
        let refusal = corp.world.check_bot(id, secret).unwrap_err();
        assert_eq!(refusal.code.number(), Some(853_000));
    }
}

#[test]
fn in_a_group_the_bot_hears_those_who_mention_it() {
    let mut corp = Corp::new();
    let world = &mut corp.world;
    say(world, "alice", "group:general", "hello everybody");
    assert!(told(world).is_empty());
    for text in ["@RobotA hello", "hi @bot", "hi @aib-sandbox"] {
        say(world, "alice", "group:general", text);
        let (callback, _) = one_told(world).bot();
        let said = serde_json::to_value(&callback).unwrap();
        assert_eq!(said["text"]["content"], text);
        assert_eq!(said["chatid"], "general");
        assert_eq!(said["chattype"], "group");
    }
    let mention =
        json!([{"type": "mention", "id": "bot"}, {"type": "text", "text": "hello robot"}]);
    says(world, "alice", "group:general", mention);
    let said = serde_json::to_value(one_told(world).bot().0).unwrap();
    assert_eq!(said["text"]["content"], "@RobotA hello robot");
    // Not where it is no member any more.
    act(
        world,
        "alice",
        "remove",
        json!({"group": "general", "target": "bot"}),
    );
    say(world, "alice", "group:general", "@RobotA hello");
    assert!(told(world).is_empty());
}

#[test]
fn a_quoted_message_comes_along() {
    let mut corp = Corp::new();
    let id = say(&mut corp.world, "alice", BOT, "first");
    told(&mut corp.world);
    let message = json!([{"type": "quote", "message_id": id}, {"type": "text", "text": "second"}]);
    says(&mut corp.world, "alice", BOT, message);
    let said = serde_json::to_value(one_told(&mut corp.world).bot().0).unwrap();
    assert_eq!(
        said["quote"],
        json!({"msgtype": "text", "text": {"content": "first"}})
    );
    assert_eq!(shown(&corp)[0], json!({"type": "quote", "message_id": id}));
}

#[test]
fn a_file_is_fetched_encrypted_for_five_minutes() {
    let mut corp = Corp::new();
    let picture = json!({"type": "image", "base64": base64(PNG)});
    says(&mut corp.world, "alice", BOT, picture.clone());
    let said = serde_json::to_value(one_told(&mut corp.world).bot().0).unwrap();
    let url = said["image"]["url"].as_str().unwrap();
    assert_eq!(said["image"].get("aeskey"), None);
    let path = url.strip_prefix("http://127.0.0.1:7700/wecom").unwrap();
    let response = raw(&mut corp.world, &request("GET", path, b""));
    let key: mynah_crypto::EncodingAesKey = AES_KEY.parse().unwrap();
    let opened = mynah_crypto::open_media(key.expose_bytes(), response.body().to_vec());
    assert_eq!(opened.unwrap(), PNG);
    corp.wait(300);
    let response = raw(&mut corp.world, &request("GET", path, b""));
    assert_eq!(response.status(), 404);

    // On the long connection each has a key of its own.
    let mut corp = Corp::with_socket();
    says(&mut corp.world, "alice", BOT, picture);
    let (callback, _) = one_told(&mut corp.world).bot();
    let said = serde_json::to_value(&callback).unwrap();
    let url = said["image"]["url"].as_str().unwrap();
    let path = url.strip_prefix("http://127.0.0.1:7700/wecom").unwrap();
    let response = raw(&mut corp.world, &request("GET", path, b""));
    let key = mynah_wecom::aibot::MediaKey::new(said["image"]["aeskey"].as_str().unwrap());
    assert_eq!(key.open(response.body().to_vec()).unwrap(), PNG);
}

#[test]
fn callback_mode_has_an_address_for_one_more_answer_and_the_connection_has_none() {
    let mut corp = Corp::new();
    let url = called(&mut corp).response_url.unwrap();
    let start = "http://127.0.0.1:7700/wecom/cgi-bin/aibot/response?response_code=";
    assert!(url.expose().starts_with(start));
    let mut corp = Corp::with_socket();
    assert_eq!(called(&mut corp).response_url, None);
}

#[test]
fn the_address_for_one_more_answer_is_good_once_within_an_hour() {
    let mut corp = Corp::new();
    let response = |corp: &mut Corp, code: &str, body: &Value| {
        let path = format!("/cgi-bin/aibot/response?response_code={code}");
        send(
            &mut corp.world,
            &request("POST", &path, body.to_string().as_bytes()),
        )
        .code()
    };
    let code = called(&mut corp)
        .response_url
        .unwrap()
        .response_code()
        .unwrap();
    for (body, refusal) in [
        (json!({"msgtype": "text", "text": {"content": "x"}}), 40008),
        (json!({}), 40008),
        (json!({"msgtype": "markdown"}), 40063),
        (markdown(""), 44004),
    ] {
        assert_eq!(response(&mut corp, &code, &body), refusal);
    }
    assert_eq!(response(&mut corp, &code, &markdown("**x**")), 0);
    assert_eq!(shown(&corp), json!([{"type": "markdown", "text": "**x**"}]));
    assert_eq!(response(&mut corp, &code, &markdown("again")), 40058);
    assert_eq!(response(&mut corp, "unknown", &markdown("x")), 40058);
    assert_eq!(response(&mut corp, "", &markdown("x")), 40058);
    let code = called(&mut corp)
        .response_url
        .unwrap()
        .response_code()
        .unwrap();
    let card = json!({"msgtype": "template_card", "template_card": buttons("t")});
    assert_eq!(response(&mut corp, &code, &card), 0);
    let code = called(&mut corp)
        .response_url
        .unwrap()
        .response_code()
        .unwrap();
    corp.wait(3600);
    assert_eq!(response(&mut corp, &code, &markdown("late")), 40058);
}

#[test]
fn a_stream_is_replaced_in_place_until_it_is_finished() {
    let mut corp = Corp::with_socket();
    let req_id = asked(&mut corp);
    assert_eq!(
        respond(&mut corp, &req_id, stream("s", "正在思考", false)),
        0
    );
    let first = last(&corp.world, "bot:alice");
    assert_eq!(
        shown(&corp),
        json!([{"type": "markdown", "text": "正在思考", "finished": false}])
    );
    assert_eq!(respond(&mut corp, &req_id, stream("s", "结", false)), 0);
    assert_eq!(respond(&mut corp, &req_id, stream("s", "结果", true)), 0);
    let message = last(&corp.world, "bot:alice");
    assert_eq!((message.seq, &message.id), (first.seq, &first.id));
    assert_eq!(shown(&corp), json!([{"type": "markdown", "text": "结果"}]));
    assert_eq!(
        respond(&mut corp, &req_id, stream("s", "more", true)),
        846_608
    );
    // Another id is another message.
    assert_eq!(respond(&mut corp, &req_id, stream("t", "new", true)), 0);
    assert_eq!(seen(&corp.world, "bot:alice").len(), 3);
}

#[test]
fn people_see_every_state_of_a_stream() {
    use mynah_sandbox::{Change, World};

    let mut corp = Corp::with_socket();
    let req_id = asked(&mut corp);
    while corp.world.poll_change().is_some() {}
    for (content, finished) in [("a", false), ("ab", false), ("abc", true)] {
        respond(&mut corp, &req_id, stream("s", content, finished));
        let Some(Change::Message(message)) = corp.world.poll_change() else {
            panic!("nothing has changed");
        };
        let parts = serde_json::to_value(&message.parts).unwrap();
        assert_eq!(parts[0]["text"], content);
        // Said only as long as more is to come.
        let said = (!finished).then_some(&Value::Bool(false));
        assert_eq!(parts[0].get("finished"), said);
    }
}

#[test]
fn a_stream_ends_six_minutes_after_the_message() {
    let mut corp = Corp::with_socket();
    let req_id = asked(&mut corp);
    respond(&mut corp, &req_id, stream("s", "a", false));
    corp.wait(360);
    assert_eq!(respond(&mut corp, &req_id, stream("s", "b", false)), 0);
    corp.wait(1);
    let late = stream("s", "c", true);
    assert_eq!(
        command_refused(&mut corp.world, "aibot_respond_msg", &req_id, late),
        846_608
    );
    let new = stream("t", "c", true);
    assert_eq!(
        command_refused(&mut corp.world, "aibot_respond_msg", &req_id, new),
        846_608
    );
}

#[test]
fn a_stream_has_limits() {
    let mut corp = Corp::with_socket();
    let req_id = asked(&mut corp);
    let picture = json!({"msgtype": "image", "image": {"base64": base64(PNG),
        "md5": mynah_crypto::hex(&mynah_crypto::md5(PNG))}});
    let with_items = |finish: bool, items: Value| {
        let mut body = stream("s", "x", finish);
        body["stream"]["msg_item"] = items;
        body
    };
    let mut feedback = stream("s", "x", true);
    feedback["stream"]["feedback"] = json!({"id": "f".repeat(257)});
    let mut wrong = picture.clone();
    wrong["image"]["md5"] = json!("0");
    for (body, code) in [
        (stream("", "x", true), 40063),
        (stream("s", &"x".repeat(20_481), true), 40058),
        (with_items(false, json!([picture])), 40058),
        (with_items(true, json!(vec![picture.clone(); 11])), 40058),
        (with_items(true, json!([wrong])), 40058),
        (with_items(true, json!([{"msgtype": "file"}])), 40008),
        (feedback, 40058),
    ] {
        assert_eq!(
            command_refused(&mut corp.world, "aibot_respond_msg", &req_id, body),
            code
        );
    }
    let ten = with_items(true, json!(vec![picture; 10]));
    assert_eq!(respond(&mut corp, &req_id, ten), 0);
    assert_eq!(shown(&corp).as_array().unwrap().len(), 11);
    assert_eq!(
        respond(&mut corp, &req_id, stream("t", &"x".repeat(20_480), true)),
        0
    );
}

#[test]
fn a_stream_may_have_a_card_once() {
    let mut corp = Corp::with_socket();
    let req_id = asked(&mut corp);
    let both = |content: &str, task: &str| {
        let mut body = stream("s", content, false);
        body["msgtype"] = json!("stream_with_template_card");
        body["template_card"] = buttons(task);
        body
    };
    assert_eq!(respond(&mut corp, &req_id, both("a", "t-1")), 0);
    assert_eq!(respond(&mut corp, &req_id, both("b", "t-2")), 0);
    assert_eq!(respond(&mut corp, &req_id, stream("s", "c", true)), 0);
    let shown = shown(&corp);
    assert_eq!(shown[0]["text"], "c");
    assert_eq!(shown[1]["task_id"], "t-1");
}

#[test]
fn an_answer_names_a_message_of_the_last_day() {
    let mut corp = Corp::with_socket();
    let req_id = asked(&mut corp);
    for wrong in ["unknown", "", "MSG_REQ_1"] {
        let code = command_refused(&mut corp.world, "aibot_respond_msg", wrong, markdown("x"));
        assert_eq!(code, 846_605);
    }
    corp.wait(24 * 3600);
    assert_eq!(respond(&mut corp, &req_id, markdown("x")), 0);
    corp.wait(1);
    assert_eq!(respond(&mut corp, &req_id, markdown("x")), 846_605);
}

#[test]
fn the_kind_of_a_req_id_decides_what_answers_it() {
    let mut corp = Corp::with_socket();
    let message = asked(&mut corp);
    act(
        &mut corp.world,
        "alice",
        "enter",
        json!({"target": "aib-sandbox"}),
    );
    let (_, welcome) = one_told(&mut corp.world).bot();
    let text = json!({"msgtype": "text", "text": {"content": "您好！"}});
    let update = json!({"response_type": "update_template_card", "template_card": buttons("t")});
    for (cmd, req_id, body) in [
        ("aibot_respond_msg", &welcome, markdown("x")),
        ("aibot_respond_welcome_msg", &message, text.clone()),
        ("aibot_respond_update_msg", &message, update.clone()),
        ("aibot_respond_update_msg", &welcome, update),
    ] {
        assert_eq!(
            command_refused(&mut corp.world, cmd, req_id, body),
            846_605,
            "{cmd}"
        );
    }
    let wrong = command_refused(&mut corp.world, "aibot_respond_msg", &message, text.clone());
    assert_eq!(wrong, 40008);
    let answer = command(&mut corp.world, "aibot_respond_welcome_msg", &welcome, text);
    assert_eq!(answer.code(), 0);
    assert_eq!(shown(&corp), json!([{"type": "text", "text": "您好！"}]));
}

#[test]
fn a_welcome_comes_within_five_seconds() {
    let mut corp = Corp::with_socket();
    act(
        &mut corp.world,
        "alice",
        "enter",
        json!({"target": "aib-sandbox"}),
    );
    let (_, req_id) = one_told(&mut corp.world).bot();
    corp.wait(6);
    let text = json!({"msgtype": "text", "text": {"content": "您好！"}});
    let code = command_refused(&mut corp.world, "aibot_respond_welcome_msg", &req_id, text);
    assert_eq!(code, 846_605);
}

#[test]
fn a_pressed_card_is_updated_within_five_seconds() {
    let mut corp = Corp::with_socket();
    let req_id = asked(&mut corp);
    let card = json!({"msgtype": "template_card", "template_card": buttons("task-1")});
    respond(&mut corp, &req_id, card);
    let id = last(&corp.world, "bot:alice").id;
    act(
        &mut corp.world,
        "alice",
        "press",
        json!({"message": id, "key": "yes"}),
    );
    let (callback, req_id) = one_told(&mut corp.world).bot();
    let event = serde_json::to_value(&callback).unwrap();
    assert_eq!(
        event["event"]["template_card_event"],
        json!({"card_type": "button_interaction", "event_key": "yes", "task_id": "task-1"})
    );
    let update = json!({"response_type": "update_template_card", "userids": ["alice"],
        "template_card": {"card_type": "text_notice", "main_title": {"title": "已确认"},
            "card_action": {"type": 0}}});
    let answer = command(
        &mut corp.world,
        "aibot_respond_update_msg",
        &req_id,
        update.clone(),
    );
    assert_eq!(answer.code(), 0, "{answer:?}");
    assert_eq!(shown(&corp)[0]["title"], "已确认");
    corp.wait(6);
    let code = command_refused(&mut corp.world, "aibot_respond_update_msg", &req_id, update);
    assert_eq!(code, 846_605);
}

#[test]
fn the_bot_speaks_first_only_where_somebody_has_talked_to_it() {
    let mut corp = Corp::with_socket();
    let push = |corp: &mut Corp, chatid: &str, chat_type: Value| {
        let body = with(
            with(markdown("主动"), "chatid", json!(chatid)),
            "chat_type",
            chat_type,
        );
        command(&mut corp.world, "aibot_send_msg", "own-1", body).code()
    };
    for chatid in ["alice", "general", "nowhere", ""] {
        assert_eq!(push(&mut corp, chatid, Value::Null), 93006, "{chatid}");
    }
    asked(&mut corp);
    assert_eq!(push(&mut corp, "ALICE", Value::Null), 0);
    assert_eq!(push(&mut corp, "alice", json!(1)), 0);
    assert_eq!(push(&mut corp, "alice", json!(2)), 93006);
    assert_eq!(push(&mut corp, "bob", Value::Null), 93006);
    say(&mut corp.world, "bob", "group:general", "@bot hi");
    assert_eq!(push(&mut corp, "general", json!(2)), 0);
    act(
        &mut corp.world,
        "alice",
        "remove",
        json!({"group": "general", "target": "bot"}),
    );
    assert_eq!(push(&mut corp, "general", Value::Null), 93008);
}

#[test]
fn the_bot_says_30_things_a_minute_and_1000_an_hour_in_one_chat_when_strict() {
    let mut corp = Corp::with_socket();
    let req_id = asked(&mut corp);
    for _ in 0..31 {
        assert_eq!(respond(&mut corp, &req_id, markdown("x")), 0);
    }
    corp.world.settings_mut().strict = true;
    let push = with(markdown("x"), "chatid", json!("alice"));
    for round in 0..34 {
        for _ in 0..15 {
            if round == 33 {
                break;
            }
            // Answers and pushes count together; what replaces a stream does not.
            assert_eq!(respond(&mut corp, &req_id, markdown("x")), 0);
            let answer = command(&mut corp.world, "aibot_send_msg", "own", push.clone());
            assert_eq!(answer.code(), 0);
        }
        if round == 0 {
            assert_eq!(respond(&mut corp, &req_id, markdown("x")), 45009);
        }
        corp.wait(60);
    }
    // 990 so far.
    for _ in 0..10 {
        assert_eq!(respond(&mut corp, &req_id, markdown("x")), 0);
    }
    assert_eq!(respond(&mut corp, &req_id, markdown("x")), 45009);
}

#[test]
fn a_file_is_uploaded_in_chunks_counted_from_0_or_1() {
    let content: Vec<u8> = (0..600_000_u32).map(|at| at.to_le_bytes()[0]).collect();
    let md5 = mynah_crypto::hex(&mynah_crypto::md5(&content));
    for first in [0, 1] {
        let mut corp = Corp::with_socket();
        let init = json!({"type": "file", "filename": "报告.bin", "total_size": content.len(),
            "total_chunks": 2, "md5": md5});
        let answer = command(&mut corp.world, "aibot_upload_media_init", "r", init);
        let id = answer.0["upload_id"].clone();
        let (head, tail) = content.split_at(512 * 1024);
        // In any order, and again.
        for (at, part) in [(1, tail), (0, head), (1, tail)] {
            let chunk = json!({"upload_id": id, "chunk_index": first + at,
                "base64_data": base64(part)});
            let answer = command(&mut corp.world, "aibot_upload_media_chunk", "r", chunk);
            assert_eq!(answer.code(), 0, "{answer:?}");
        }
        let finish = json!({ "upload_id": id });
        let answer = command(
            &mut corp.world,
            "aibot_upload_media_finish",
            "r",
            finish.clone(),
        );
        assert_eq!(
            (&answer.0["type"], &answer.0["created_at"]),
            (&json!("file"), &json!("1700000000"))
        );
        let again = command(&mut corp.world, "aibot_upload_media_finish", "r", finish);
        assert_eq!(again.code(), 40058);
        let req_id = asked(&mut corp);
        let media = json!({"msgtype": "file", "file": {"media_id": answer.0["media_id"]}});
        assert_eq!(respond(&mut corp, &req_id, media), 0);
        assert_eq!(shown(&corp)[0]["name"], "报告.bin");
        assert_eq!(shown(&corp)[0]["size"], 600_000);
    }
}

#[test]
fn an_upload_that_does_not_fit_together_is_refused() {
    let init = json!({"type": "file", "filename": "a", "total_size": 10, "total_chunks": 2});
    let upload = |init: Value, chunks: &[(u32, &[u8])]| {
        let mut corp = Corp::with_socket();
        let answer = command(&mut corp.world, "aibot_upload_media_init", "r", init);
        if answer.code() != 0 {
            return answer.code();
        }
        for (at, part) in chunks {
            let chunk = json!({"upload_id": answer.0["upload_id"], "chunk_index": at,
                "base64_data": base64(part)});
            let code = command(&mut corp.world, "aibot_upload_media_chunk", "r", chunk).code();
            if code != 0 {
                return code;
            }
        }
        let finish = json!({"upload_id": answer.0["upload_id"]});
        command(&mut corp.world, "aibot_upload_media_finish", "r", finish).code()
    };
    let five: &[u8] = b"12345";
    assert_eq!(upload(init.clone(), &[(0, five), (1, five)]), 0);
    assert_eq!(upload(init.clone(), &[(0, five)]), 40058);
    assert_eq!(upload(init.clone(), &[(0, five), (2, five)]), 40058);
    assert_eq!(
        upload(init.clone(), &[(0, five), (1, five), (2, five)]),
        40058
    );
    assert_eq!(upload(init.clone(), &[(0, five), (3, five)]), 40058);
    assert_eq!(upload(init.clone(), &[(0, five), (1, b"1234")]), 40058);
    // A chunk may come again, but all of them are no larger than was said.
    assert_eq!(upload(init.clone(), &[(0, five), (0, five), (1, five)]), 0);
    let mut corp = Corp::with_socket();
    let begun = command(
        &mut corp.world,
        "aibot_upload_media_init",
        "r",
        init.clone(),
    );
    let chunk = json!({"upload_id": begun.0["upload_id"], "chunk_index": 0,
        "base64_data": base64(b"12345678901")});
    let code = command_refused(&mut corp.world, "aibot_upload_media_chunk", "r", chunk);
    assert_eq!(code, 40058);
    assert_eq!(
        upload(init.clone(), &[(0, &vec![0; 512 * 1024 + 1])]),
        45001
    );
    let wrong = with(init.clone(), "md5", json!("0"));
    assert_eq!(upload(wrong, &[(0, five), (1, five)]), 40058);
    assert_eq!(
        upload(with(init.clone(), "type", json!("poem")), &[]),
        40005
    );
    assert_eq!(
        upload(with(init.clone(), "total_chunks", json!(101)), &[]),
        40058
    );
    assert_eq!(upload(with(init, "total_chunks", json!(0)), &[]), 40058);
}

#[test]
fn an_upload_lives_for_half_an_hour() {
    let mut corp = Corp::with_socket();
    let init = json!({"type": "file", "filename": "a", "total_size": 6, "total_chunks": 1});
    let answer = command(&mut corp.world, "aibot_upload_media_init", "r", init);
    corp.wait(1800);
    let chunk = json!({"upload_id": answer.0["upload_id"], "chunk_index": 0,
        "base64_data": base64(b"123456")});
    let code = command_refused(&mut corp.world, "aibot_upload_media_chunk", "r", chunk);
    assert_eq!(code, 40058);
}

#[test]
fn a_file_belongs_to_whoever_uploaded_it() {
    let mut corp = Corp::with_socket();
    let applications = corp.upload("file", "a.txt", b"mytext");
    let req_id = asked(&mut corp);
    let media = json!({"msgtype": "file", "file": {"media_id": applications}});
    assert_eq!(respond(&mut corp, &req_id, media), 40007);
}

#[test]
fn a_command_that_nobody_knows_is_refused() {
    let mut corp = Corp::with_socket();
    assert_eq!(
        command_refused(&mut corp.world, "aibot_poem", "r", json!({})),
        40058
    );
    assert_eq!(
        command_refused(&mut corp.world, "gettoken", "r", json!({})),
        40058
    );
}

#[test]
fn in_callback_mode_the_bot_is_asked_how_its_stream_goes_on() {
    let mut corp = Corp::new();
    let callback = called(&mut corp);
    let reply = Reply::from(Stream::new("s", "正在思考"));
    corp.world.bot_answered(&callback, Some(reply)).unwrap();
    assert!(told(&mut corp.world).is_empty());
    corp.wait(1);
    let (refresh, _) = one_told(&mut corp.world).bot();
    assert_eq!(refresh.kind, Kind::Refresh("s".to_owned()));
    assert_eq!(refresh.response_url, None);
    let reply = Reply::from(Stream::new("s", "结果").finish());
    corp.world.bot_answered(&refresh, Some(reply)).unwrap();
    assert_eq!(shown(&corp), json!([{"type": "markdown", "text": "结果"}]));
    corp.wait(600);
    assert!(told(&mut corp.world).is_empty());
}

#[test]
fn a_bot_that_does_not_answer_is_asked_again_for_six_minutes() {
    let mut corp = Corp::new();
    let callback = called(&mut corp);
    let reply = Reply::from(Stream::new("s", "…"));
    corp.world.bot_answered(&callback, Some(reply)).unwrap();
    assert_eq!(corp.world.due().map(|due| due.0), Some(1_700_000_001_000));
    corp.wait(600);
    let asked = names(&mut corp.world);
    // At 1, 6, 11, … 356 seconds.
    assert_eq!(asked.len(), 72);
    assert_eq!(corp.world.due(), None);
}

#[test]
fn in_callback_mode_some_answers_are_of_no_use() {
    let mut corp = Corp::new();
    let callback = called(&mut corp);
    let refused = |corp: &mut Corp, callback: &Callback, body: Value| {
        let reply: Reply = serde_json::from_value(body).unwrap();
        let refusal = corp.world.bot_answered(callback, Some(reply)).unwrap_err();
        refusal.code.number().unwrap()
    };
    let text = json!({"msgtype": "text", "text": {"content": "x"}});
    assert_eq!(refused(&mut corp, &callback, text), 40008);
    assert_eq!(refused(&mut corp, &callback, markdown("x")), 40008);
    assert_eq!(
        refused(&mut corp, &callback, json!({"msgtype": "poem"})),
        40008
    );
    let stranger = Callback::new("unknown", "aib-sandbox", callback.kind.clone());
    assert_eq!(
        refused(&mut corp, &stranger, stream("s", "x", true)),
        846_605
    );
    corp.world.bot_answered(&callback, None).unwrap();
}

#[test]
fn in_callback_mode_a_card_is_updated_in_the_answer() {
    let mut corp = Corp::new();
    let callback = called(&mut corp);
    let card: TemplateCard = serde_json::from_value(buttons("task-1")).unwrap();
    let reply = Reply::template_card(card.clone());
    corp.world.bot_answered(&callback, Some(reply)).unwrap();
    let id = last(&corp.world, "bot:alice").id;
    act(
        &mut corp.world,
        "alice",
        "press",
        json!({"message": id, "key": "no"}),
    );
    let (event, _) = one_told(&mut corp.world).bot();
    assert!(event.response_url.is_some());
    let mut face = card;
    face.sub_title_text = Some("已拒绝".to_owned());
    corp.world
        .bot_answered(&event, Some(Reply::from(Update::new(face))))
        .unwrap();
    assert_eq!(shown(&corp)[0]["text"], "已拒绝");
}

#[test]
fn an_answer_with_a_feedback_can_be_rated() {
    let mut corp = Corp::with_socket();
    let req_id = asked(&mut corp);
    let mut body = stream("s", "x", true);
    body["stream"]["feedback"] = json!({"id": "f-1"});
    respond(&mut corp, &req_id, body);
    let id = last(&corp.world, "bot:alice").id;
    let details =
        json!({"message": id, "rating": "bad", "content": "能再详细一些么", "reasons": [2, 4]});
    act(&mut corp.world, "alice", "feedback", details);
    let event = serde_json::to_value(one_told(&mut corp.world).bot().0).unwrap();
    assert_eq!(
        event["event"]["feedback_event"],
        json!({"id": "f-1", "type": 2, "content": "能再详细一些么", "inaccurate_reason_list": [2, 4]})
    );
    respond(&mut corp, &req_id, markdown("x"));
    let id = last(&corp.world, "bot:alice").id;
    let details = json!({"message": id, "rating": 1});
    assert_eq!(may_not(&mut corp.world, "alice", "feedback", details), 403);
}

#[test]
fn a_person_waits_for_three_answers_at_most() {
    let mut corp = Corp::with_socket();
    for id in ["a", "b", "c"] {
        let req_id = asked(&mut corp);
        respond(&mut corp, &req_id, stream(id, "…", false));
    }
    let fourth = json!({"from": "alice", "to": BOT, "text": "x"});
    assert_eq!(
        try_say(&mut corp.world, fourth.clone()).unwrap_err().status,
        403
    );
    corp.wait(361);
    try_say(&mut corp.world, fourth).unwrap();
}

#[test]
fn a_replaced_connection_is_told_so() {
    let mut corp = Corp::with_socket();
    let (callback, req_id) = corp.world.disconnected();
    assert_eq!(callback.name(), "event.disconnected_event");
    assert_eq!(callback.create_time, Some(1_700_000_000));
    assert!(!req_id.is_empty());
}

#[test]
fn a_bot_that_cannot_be_reached_hears_nothing() {
    let mut corp = Corp::new();
    corp.world.reach_mut().bot = mynah_sandbox::wecom::BotReach::None;
    say(&mut corp.world, "alice", BOT, "hello");
    assert!(told(&mut corp.world).is_empty());
    assert_eq!(seen(&corp.world, "bot:alice").len(), 1);
}
