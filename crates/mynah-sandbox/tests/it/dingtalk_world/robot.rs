//! The robot of the application: what it sends, takes back and is told.

use mynah_dingtalk::event::{Format, Kind};
use mynah_dingtalk::robot::RobotMessage;
use mynah_dingtalk::{OpenConversationId, WebhookMessage};
use mynah_sandbox::dingtalk::Effect;
use serde_json::{Value, json};

use super::support::*;

const TO_USERS: &str = "robot/oToMessages/batchSend";
const TO_GROUP: &str = "robot/groupMessages/send";
const GROUP: &str = "group:chatgeneral";

fn to_users(users: Value) -> Value {
    json!({"robotCode": APP_KEY, "userIds": users, "msgKey": "sampleText",
        "msgParam": "{\"content\":\"hi\"}"})
}

fn to_group(org: &Org) -> Value {
    json!({"robotCode": APP_KEY, "openConversationId": general(&org.world),
        "msgKey": "sampleText", "msgParam": "{\"content\":\"hi\"}"})
}

/// The same with one field changed.
fn with(mut body: Value, field: &str, value: Value) -> Value {
    body[field] = value;
    body
}

#[track_caller]
fn sent_to(org: &mut Org, users: Value) -> String {
    let answer = org.open_ok("POST", TO_USERS, to_users(users));
    answer["processQueryKey"].as_str().unwrap().to_owned()
}

#[track_caller]
fn sent_to_group(org: &mut Org) -> String {
    let body = to_group(org);
    let answer = org.open_ok("POST", TO_GROUP, body);
    answer["processQueryKey"].as_str().unwrap().to_owned()
}

/// Somebody reads; what the application is told of it.
fn read(org: &mut Org, who: &str, message: &str) -> Vec<Effect> {
    act(&mut org.world, who, "read", json!({"message": message}));
    told(&mut org.world)
}

/// What somebody said to the robot.
#[track_caller]
fn told_robot(org: &mut Org) -> RobotMessage {
    let mut told = told(&mut org.world);
    match told.pop() {
        Some(Effect::Robot(message)) => *message,
        other => panic!("{other:?}"),
    }
}

fn session_of(message: &RobotMessage) -> String {
    message.session_webhook.as_ref().unwrap().session().unwrap()
}

fn answer_session(org: &mut Org, session: &str, body: &Value) -> Answer {
    let path = format!("/robot/sendBySession?session={session}");
    let body = body.to_string();
    send(&mut org.world, &request("POST", &path, body.as_bytes()))
}

#[test]
fn the_robot_writes_to_people_one_by_one() {
    let mut org = Org::new();
    let answer = org.open_ok(
        "POST",
        TO_USERS,
        to_users(json!(["alice", "nobody", "bob", "alice"])),
    );
    assert!(!answer["processQueryKey"].as_str().unwrap().is_empty());
    assert_eq!(answer["invalidStaffIdList"], json!(["nobody"]));
    assert_eq!(answer["flowControlledStaffIdList"], json!([]));
    for who in ["user:alice", "user:bob"] {
        assert_eq!(seen(&org.world, who).len(), 1);
        assert_eq!(
            parts(&org.world, who),
            json!([{"type": "text", "text": "hi"}])
        );
        assert_eq!(last(&org.world, who).from.id, APP_KEY);
    }
    // It succeeds although nobody was reached.
    let answer = org.open_ok("POST", TO_USERS, to_users(json!(["nobody"])));
    assert_eq!(answer["invalidStaffIdList"], json!(["nobody"]));
}

#[test]
fn what_cannot_be_sent_to_people_is_refused_in_order() {
    let mut org = Org::new();
    let many: Vec<String> = (0..21).map(|number| format!("u{number}")).collect();
    let good = to_users(json!(["alice"]));
    let long = format!("{{\"content\":\"{}\"}}", "x".repeat(15_000));
    let padded = format!("{{\"content\":\"x\"}}{}", " ".repeat(15_000));
    let bad_robot = with(good.clone(), "robotCode", json!("other"));
    for (body, code) in [
        (
            with(good.clone(), "robotCode", json!("")),
            "invalidParameter.robotCode.empty",
        ),
        (
            with(good.clone(), "userIds", json!([])),
            "invalidParameter.userIds.empty",
        ),
        (
            with(good.clone(), "msgKey", json!(null)),
            "invalidParameter.msgKey.empty",
        ),
        (
            with(bad_robot.clone(), "userIds", json!(many)),
            "invalidParameter.userIds.overMax",
        ),
        (
            with(bad_robot.clone(), "msgParam", json!(long)),
            "invalidParameter.msgParam.tooLong",
        ),
        // As it was sent, whatever it says.
        (
            with(bad_robot.clone(), "msgParam", json!(padded)),
            "invalidParameter.msgParam.tooLong",
        ),
        (
            with(bad_robot, "msgKey", json!("x")),
            "invalidParameter.robotCode.notExsit",
        ),
        (
            with(good.clone(), "msgKey", json!("sampleText2")),
            "invalidParameter.msgKey.invalid",
        ),
        (
            with(good.clone(), "msgParam", json!("hi")),
            "invalidParameter.msgParam.invalid",
        ),
        // An object is no text of one.
        (
            with(good.clone(), "msgParam", json!({"content": "hi"})),
            "invalidParameter.msgParam.invalid",
        ),
        (
            with(good, "msgParam", json!("{}")),
            "miss.param.contentOfText",
        ),
    ] {
        let refused = org.open_refused("POST", TO_USERS, body.clone());
        assert_eq!(refused, (400, code.to_owned()), "{body}");
    }
}

#[test]
fn a_refusal_has_the_words_of_the_page() {
    let mut org = Org::new();
    let body = with(to_group(&org), "msgKey", json!("x"));
    let (_, answer) = org.open("POST", TO_GROUP, body);
    assert_eq!(answer["message"], "msgKey无效");
    // The page for people has none: those for groups are taken.
    let body = with(to_users(json!(["alice"])), "msgKey", json!("x"));
    let (_, answer) = org.open("POST", TO_USERS, body);
    assert_eq!(answer["message"], "msgKey无效");
}

#[test]
fn the_robot_says_all_templates_in_a_group() {
    let mut org = Org::new();
    for (key, param) in [
        ("sampleText", json!({"content": "x"})),
        ("sampleMarkdown", json!({"title": "t", "text": "x"})),
        ("sampleImageMsg", json!({"photoURL": "https://x.y/p.png"})),
        (
            "sampleLink",
            json!({"text": "x", "title": "t", "picUrl": "", "messageUrl": "https://x.y"}),
        ),
        (
            "sampleActionCard",
            json!({"title": "t", "text": "x", "singleTitle": "a", "singleURL": "https://x.y"}),
        ),
        (
            "sampleActionCard2",
            json!({"title": "t", "text": "x", "actionTitle1": "a", "actionURL1": "https://x.y",
                "actionTitle2": "b", "actionURL2": "https://x.y"}),
        ),
        (
            "sampleActionCard6",
            json!({"title": "t", "text": "x", "buttonTitle1": "a", "buttonUrl1": "https://x.y",
                "buttonTitle2": "b", "buttonUrl2": "https://x.y"}),
        ),
        ("sampleAudio", json!({"mediaId": "@a", "duration": "1000"})),
        (
            "sampleFile",
            json!({"mediaId": "@a", "fileName": "a.pdf", "fileType": "pdf"}),
        ),
        (
            "sampleVideo",
            json!({"duration": "1", "videoMediaId": "@a", "videoType": "mp4", "picMediaId": "@b"}),
        ),
    ] {
        let body = with(to_group(&org), "msgKey", json!(key));
        let body = with(body, "msgParam", json!(param.to_string()));
        org.open_ok("POST", TO_GROUP, body);
        assert!(!last(&org.world, GROUP).parts.is_empty(), "{key}");
    }
}

#[test]
fn a_template_that_lacks_something_is_refused_by_its_name() {
    let mut org = Org::new();
    for (key, param, code) in [
        (
            "sampleMarkdown",
            json!({"text": "x"}),
            "miss.param.markdownTotitle",
        ),
        (
            "sampleMarkdown",
            json!({"title": "x"}),
            "miss.param.markdownTotext",
        ),
        ("sampleImageMsg", json!({}), "miss.param.photoTophotoUrl"),
        (
            "sampleLink",
            json!({"text": "x", "title": "t"}),
            "miss.param.messageUrlOfLink",
        ),
        (
            "sampleActionCard",
            json!({"title": "t", "text": "x"}),
            "miss.param.actionCardTosingleTitle",
        ),
        (
            "sampleActionCard2",
            json!({"title": "t", "text": "x", "actionTitle1": "a"}),
            "miss.param.actionCardTobtnsToactionUrl",
        ),
        ("sampleAudio", json!({}), "miss.param.audio"),
        ("sampleFile", json!({}), "miss.param.file"),
        ("sampleVideo", json!({}), "miss.param.video"),
    ] {
        let body = with(to_group(&org), "msgKey", json!(key));
        let body = with(body, "msgParam", json!(param.to_string()));
        let refused = org.open_refused("POST", TO_GROUP, body);
        assert_eq!(refused, (400, code.to_owned()), "{key}");
    }
}

#[test]
fn a_group_must_be_there_to_be_written_to() {
    let mut org = Org::new();
    let refused = |org: &mut Org, body: Value| org.open_refused("POST", TO_GROUP, body).1;
    let body = with(to_group(&org), "openConversationId", json!(""));
    assert_eq!(refused(&mut org, body), "miss.openConversationId");
    // The older name of a group is none here.
    let body = with(to_group(&org), "openConversationId", json!("chatgeneral"));
    assert_eq!(refused(&mut org, body), "invalid.openConversationId");
    act(
        &mut org.world,
        "alice",
        "disband",
        json!({"group": "chatgeneral"}),
    );
    told(&mut org.world);
    let body = to_group(&org);
    assert_eq!(refused(&mut org, body), "group.disbanded");
}

#[test]
fn the_read_state_covers_those_who_were_reached_in_the_order_of_naming() {
    let mut org = Org::new();
    let key = sent_to(&mut org, json!(["carol", "nobody", "alice", "bob"]));
    org.wait(7);
    read(&mut org, "bob", &key);
    let path = format!(
        "robot/oToMessages/readStatus?robotCode={APP_KEY}&processQueryKey={}",
        escaped(&key)
    );
    let answer = org.open_ok("GET", &path, Value::Null);
    assert_eq!(
        answer,
        json!({"sendStatus": "SUCCESS", "messageReadInfoList": [
            {"name": "Carol", "userId": "carol", "readStatus": "UNREAD"},
            {"name": "Alice", "userId": "alice", "readStatus": "UNREAD"},
            {"name": "Bob", "userId": "bob", "readStatus": "READ", "readTimestamp": NOW + 7_000},
        ]})
    );
}

#[test]
fn the_read_state_is_of_one_message_of_this_robot() {
    let mut org = Org::new();
    let key = sent_to_group(&mut org);
    let path = |query: &str| format!("robot/oToMessages/readStatus?{query}");
    for (query, code) in [
        (
            "processQueryKey=x".to_owned(),
            "invalidParameter.robotCode.missing",
        ),
        (
            format!("robotCode={APP_KEY}"),
            "invalidParameter.processQueryKey.missing",
        ),
        (
            "robotCode=x&processQueryKey=x".to_owned(),
            "invalidParameter.robotCode.notExsit",
        ),
        (
            format!("robotCode={APP_KEY}&processQueryKey=x"),
            "invalid.processQueryKey",
        ),
        // It went into a group.
        (
            format!("robotCode={APP_KEY}&processQueryKey={}", escaped(&key)),
            "invalid.processQueryKey",
        ),
    ] {
        let refused = org.open_refused("GET", &path(&query), Value::Null);
        assert_eq!(refused, (400, code.to_owned()), "{query}");
    }
}

#[test]
fn readers_in_a_group_come_page_by_page_and_late_ones_come_last() {
    let mut org = Org::new();
    let key = sent_to_group(&mut org);
    let query = |token: &str| json!({"robotCode": APP_KEY, "processQueryKey": key, "maxResults": 2, "nextToken": token});
    let path = "robot/groupMessages/query";
    let nobody = org.open_ok("POST", path, query(""));
    let none: [&str; 0] = [];
    assert_eq!(
        nobody,
        json!({"sendStatus": "SUCCESS", "readUserIds": none, "nextToken": "", "hasMore": false})
    );
    for who in ["carol", "alice", "bob"] {
        read(&mut org, who, &key);
    }
    let first = org.open_ok("POST", path, query(""));
    assert_eq!(first["readUserIds"], json!(["carol", "alice"]));
    assert_eq!(first["hasMore"], true);
    read(&mut org, "erin", &key);
    let second = org.open_ok("POST", path, query(first["nextToken"].as_str().unwrap()));
    assert_eq!(second["readUserIds"], json!(["bob", "erin"]));
    assert_eq!(
        (&second["hasMore"], &second["nextToken"]),
        (&json!(false), &json!(""))
    );
    for (body, code) in [
        (
            with(query(""), "processQueryKey", json!("")),
            "invalidParameter.processQueryKey.missing",
        ),
        (
            with(query(""), "maxResults", json!(201)),
            "invalidParameter.pageSize.invalid",
        ),
        (
            with(query(""), "maxResults", json!(0)),
            "invalidParameter.pageSize.invalid",
        ),
        (query("nowhere"), "invalidParameter.cursor.invalid"),
        (query("99"), "invalidParameter.cursor.invalid"),
        (
            with(query(""), "robotCode", json!("x")),
            "invalidParameter.robotCode.notExsit",
        ),
        (
            with(query(""), "openConversationId", json!("x")),
            "invalid.openConversationId",
        ),
        (
            with(query(""), "processQueryKey", json!("x")),
            "invalid.processQueryKey",
        ),
    ] {
        let refused = org.open_refused("POST", path, body.clone());
        assert_eq!(refused, (400, code.to_owned()), "{body}");
    }
}

#[test]
fn the_robot_takes_back_what_it_said_for_a_day() {
    let mut org = Org::new();
    let (old, path) = (
        sent_to(&mut org, json!(["bob"])),
        "robot/otoMessages/batchRecall",
    );
    org.wait(1);
    let key = sent_to(&mut org, json!(["alice", "bob"]));
    let in_group = sent_to_group(&mut org);
    read(&mut org, "alice", &key);
    org.wait_long(86_399);
    let body = json!({"robotCode": APP_KEY, "processQueryKeys": [key, "gone", old, in_group]});
    let recalled = json!({"successResult": [key], "failedResult": {
        "gone": "invalid.processQueryKey",
        old: "robot.processQueryKey.expired",
        in_group: "invalid.processQueryKey",
    }});
    assert_eq!(org.open_ok("POST", path, body.clone()), recalled);
    for who in ["user:alice", "user:bob"] {
        assert!(last(&org.world, who).recalled.is_some(), "{who}");
    }
    assert!(last(&org.world, GROUP).recalled.is_none());
    // Recalling twice succeeds, and who has read it stays known.
    assert_eq!(org.open_ok("POST", path, body), recalled);
    let path = format!(
        "robot/oToMessages/readStatus?robotCode={APP_KEY}&processQueryKey={}",
        escaped(&key)
    );
    let state = org.open_ok("GET", &path, Value::Null);
    assert_eq!(state["sendStatus"], "RECALLED");
    assert_eq!(state["messageReadInfoList"][0]["readStatus"], "READ");
}

#[test]
fn a_recall_names_at_most_20_messages_of_this_robot() {
    let mut org = Org::new();
    let path = "robot/otoMessages/batchRecall";
    let recall = |robot: &str, keys: usize| {
        let keys: Vec<String> = (0..keys).map(|number| number.to_string()).collect();
        json!({"robotCode": robot, "processQueryKeys": keys})
    };
    for (body, code) in [
        (recall("", 1), "invalidParameter.robotCode"),
        (
            recall(APP_KEY, 0),
            "invalidParameter.processQueryKey.missing",
        ),
        (recall("x", 21), "invalidParameter.processQueryKeys.overMax"),
        (recall("x", 20), "not.allowed.robotCode"),
    ] {
        assert_eq!(org.open_refused("POST", path, body), (400, code.to_owned()));
    }
    let unknown = org.open_ok("POST", path, recall(APP_KEY, 20));
    assert_eq!(unknown["failedResult"].as_object().unwrap().len(), 20);
}

#[test]
fn a_message_in_a_group_is_taken_back_from_that_group() {
    let mut org = Org::new();
    let (key, to_people) = (sent_to_group(&mut org), sent_to(&mut org, json!(["bob"])));
    let path = "robot/groupMessages/recall";
    let body = json!({"robotCode": APP_KEY, "openConversationId": general(&org.world),
        "processQueryKeys": [key, to_people]});
    for (field, value, code) in [
        ("openConversationId", "", "miss.openConversationId"),
        ("openConversationId", "x", "invalid.openConversationId"),
        ("robotCode", "x", "invalidParameter.robotCode.notExsit"),
    ] {
        let body = with(body.clone(), field, json!(value));
        assert_eq!(org.open_refused("POST", path, body), (400, code.to_owned()));
    }
    let answer = org.open_ok("POST", path, body);
    assert_eq!(
        answer,
        json!({"successResult": [key], "failedResult": {to_people: "invalid.processQueryKey"}})
    );
    assert!(last(&org.world, GROUP).recalled.is_some());
    let query = json!({"processQueryKey": key});
    let state = org.open_ok("POST", "robot/groupMessages/query", query);
    assert_eq!(state["sendStatus"], "RECALLED");
}

#[test]
fn the_application_is_told_once_who_has_read_what_its_robot_sent() {
    let mut org = Org::new();
    let key = sent_to_group(&mut org);
    told(&mut org.world);
    let told = read(&mut org, "bob", &key);
    let [Effect::Event(event)] = told.as_slice() else {
        panic!("{told:?}")
    };
    let streamed = event.in_format(Format::Stream).to_json();
    assert_eq!(
        streamed,
        json!({"openConversationId": general(&org.world), "userId": "bob",
            "unionId": "union-bob", "robotCode": APP_KEY, "processQueryKey": key,
            "operatTime": NOW.to_string()}),
    );
    assert_eq!(event.name(), "robot_msg_read");
    assert!(event.event_id.is_some());
    assert!(read(&mut org, "bob", &key).is_empty());
}

#[test]
fn whoever_owns_the_group_recalls_what_the_robot_said_and_the_application_is_told() {
    let mut org = Org::new();
    let key = sent_to_group(&mut org);
    told(&mut org.world);
    let body = json!({"message": key});
    assert!(try_act(&mut org.world, "bob", "recall", body.clone()).is_err());
    assert!(told(&mut org.world).is_empty());
    act(&mut org.world, "alice", "recall", body.clone());
    let told_of = told(&mut org.world);
    let [Effect::Event(event)] = told_of.as_slice() else {
        panic!("{told_of:?}")
    };
    assert!(matches!(&event.kind, Kind::RobotMsgRecall(_)));
    // Here the time is a number.
    assert_eq!(event.in_format(Format::Stream).to_json()["operatTime"], NOW);
    assert!(last(&org.world, GROUP).recalled.is_some());
    assert!(try_act(&mut org.world, "alice", "recall", body).is_err());
}

#[test]
fn a_session_takes_any_number_of_answers_until_it_is_over() {
    let mut org = Org::new();
    say(&mut org.world, "carol", "user:bot", "ping");
    let message = told_robot(&mut org);
    let webhook = message.session_webhook.clone().unwrap();
    assert_eq!(webhook.expires, NOW + 5_400_000);
    let start = "http://127.0.0.1:7700/dingtalk/robot/sendBySession?session=";
    assert!(webhook.expose().starts_with(start));
    let session = session_of(&message);
    for text in ["pong", "pong again"] {
        let body = json!({"msgtype": "text", "text": {"content": text}});
        let answer = answer_session(&mut org, &session, &body);
        assert_eq!(answer.0, json!({"errcode": 0, "errmsg": "ok"}));
        assert_eq!(
            parts(&org.world, "user:carol"),
            json!([{"type": "text", "text": text}])
        );
    }
    let body = json!({"msgtype": "text", "text": {"content": "late"}});
    org.wait(5_399);
    assert_eq!(answer_session(&mut org, &session, &body).code(), 0);
    org.wait(1);
    let late = answer_session(&mut org, &session, &body);
    assert_eq!((late.code(), late.words()), (300_001, "session 不存在"));
    assert_eq!(answer_session(&mut org, "unknown", &body).code(), 300_001);
    assert_eq!(answer_session(&mut org, "", &body).code(), 40035);
}

#[test]
fn an_answer_into_a_session_must_be_something() {
    let mut org = Org::new();
    say(&mut org.world, "carol", "user:bot", "ping");
    let session = session_of(&told_robot(&mut org));
    for (body, code) in [
        (json!({}), 40035),
        (json!({"msgtype": "text", "text": {}}), 40035),
        (json!({"msgtype": "empty"}), 400_105),
        (json!({"msgtype": "voice"}), 400_105),
    ] {
        assert_eq!(
            answer_session(&mut org, &session, &body).code(),
            code,
            "{body}"
        );
    }
    assert_eq!(seen(&org.world, "user:carol").len(), 1);
}

#[test]
fn what_the_callback_address_answers_is_posted_where_it_was_asked() {
    let mut org = Org::new();
    say(&mut org.world, "carol", "user:bot", "ping");
    let message = told_robot(&mut org);
    for silence in [None, Some(WebhookMessage::empty())] {
        org.world.robot_answered(&message, silence).unwrap();
    }
    assert_eq!(seen(&org.world, "user:carol").len(), 1);
    let pong = Some(WebhookMessage::text("pong"));
    org.world.robot_answered(&message, pong).unwrap();
    assert_eq!(
        parts(&org.world, "user:carol"),
        json!([{"type": "text", "text": "pong"}])
    );
    let nothing = Some(WebhookMessage::text(""));
    assert!(org.world.robot_answered(&message, nothing).is_err());
    let elsewhere = RobotMessage {
        conversation_id: OpenConversationId::from("nowhere"),
        ..message
    };
    let pong = Some(WebhookMessage::text("pong"));
    assert!(org.world.robot_answered(&elsewhere, pong).is_err());
    assert_eq!(seen(&org.world, "user:carol").len(), 2);
}

#[test]
fn the_robot_downloads_what_it_was_sent() {
    let mut org = Org::new();
    let picture = {
        use base64::Engine;
        base64::engine::general_purpose::STANDARD.encode(PNG)
    };
    let parts = json!([{"type": "image", "name": "a.png", "base64": picture}]);
    let body = json!({"from": "carol", "to": "user:bot", "message": parts});
    try_say(&mut org.world, body).unwrap();
    let message = told_robot(&mut org);
    let code = message.content.download_code().unwrap().to_owned();
    let path = "robot/messageFiles/download";
    let body = json!({"downloadCode": code, "robotCode": APP_KEY});
    for (field, value, refusal) in [
        ("downloadCode", "", "invalidParameter.robotCode.empty"),
        ("robotCode", "", "invalidParameter.robotCode.empty"),
        ("robotCode", "other", "invalidParameter.robotCode.auth"),
        (
            "downloadCode",
            "other",
            "invalidParameter.robotCode.downloadCode",
        ),
    ] {
        let body = with(body.clone(), field, json!(value));
        assert_eq!(
            org.open_refused("POST", path, body),
            (400, refusal.to_owned())
        );
    }
    let answer = org.open_ok("POST", path, body.clone());
    let url = answer["downloadUrl"].as_str().unwrap();
    let path_of_file = url.strip_prefix("http://127.0.0.1:7700/dingtalk").unwrap();
    let file = raw(&mut org.world, &request("GET", path_of_file, b""));
    assert_eq!(file.body().as_ref(), PNG);
    assert_eq!(file.headers()["content-type"], "image/png");
    // The address works for a while.
    org.wait(3_600);
    assert_eq!(
        send(&mut org.world, &request("GET", path_of_file, b"")).code(),
        404
    );
    let posted = request("POST", "/robot/messageFiles/x", b"");
    assert_eq!(send(&mut org.world, &posted).code(), 404);
}

/// A world in which the recorded requests make sense.
const RECORDED: &str = r#"
    [dingtalk]
    corp_id = "c"
    app = { key = "dingappkeyxxx", secret = "s", agent_id = 1 }
    people = [{ userid = "alice", name = "Alice" }, { userid = "bob", name = "Bob" }]
    groups = [{ chatid = "chatg", name = "g", owner = "alice", members = ["alice", "bob"],
        open_conversation_id = "cid6KeBBLoveMJOGXoYKF5x7EeiodoA==", robot = true }]
"#;

#[test]
fn another_client_is_answered_in_the_shape_that_was_recorded() {
    let mut world = org_of(RECORDED);
    let asked = request("GET", "/gettoken?appkey=dingappkeyxxx&appsecret=s", b"");
    let token = send(&mut world, &asked).0["access_token"].clone();
    for name in [
        "v1.robot.oToMessages.batchSend",
        "v1.robot.groupMessages.send",
    ] {
        let (mut request, answer) = recorded(name);
        let token = token.as_str().unwrap().parse().unwrap();
        let header = "x-acs-dingtalk-access-token";
        request.headers_mut().insert(header, token);
        let given: Value = serde_json::from_slice(raw(&mut world, &request).body()).unwrap();
        let names = |answer: &Value| {
            answer
                .as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect::<Vec<_>>()
        };
        assert_eq!(names(&given), names(&answer), "{name}: {given}");
    }
    // The recorder's keys are no keys of ours.
    let (mut request, _) = recorded("v1.robot.otoMessages.batchRecall");
    let header = "x-acs-dingtalk-access-token";
    let token = token.as_str().unwrap().parse().unwrap();
    request.headers_mut().insert(header, token);
    let given: Value = serde_json::from_slice(raw(&mut world, &request).body()).unwrap();
    let why = "invalid.processQueryKey";
    let failed = json!({"cAQ+3F8X/vs8": why, "gone": why});
    assert_eq!(given, json!({"successResult": [], "failedResult": failed}));
}
