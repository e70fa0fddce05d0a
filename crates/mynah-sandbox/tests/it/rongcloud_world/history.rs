//! What was said in an hour, for downloading.

use mynah_rongcloud::history::{Archive, Record};
use serde_json::{Value, json};

use super::support::{NOW, Service, download, say, says, told};

/// The hour in which the tests begin.
const HOUR: &str = "2023111506";

/// Where the file of an hour is.
#[track_caller]
fn url(service: &mut Service, date: &str) -> String {
    let answer = service.ok("message/history", &[("date", date)]);
    assert_eq!(answer["date"], date);
    answer["url"].as_str().unwrap().to_owned()
}

/// The records of an hour.
#[track_caller]
fn records(service: &mut Service, date: &str) -> Vec<Record> {
    let url = url(service, date);
    let response = download(&mut service.world, &url);
    assert_eq!(response.status(), 200, "{url}");
    assert_eq!(response.headers()["content-type"], "application/zip");
    let mut archive = Archive::of(response.body()).unwrap();
    assert_eq!(archive.name(), format!("{date}.log"));
    let records: Result<Vec<Record>, _> = archive.records().unwrap().collect();
    records.unwrap()
}

fn words(records: &[Record]) -> Vec<String> {
    let records = records.iter();
    records.map(|record| record.said().to_string()).collect()
}

fn publish<'a>(target: (&'a str, &'a str), more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![
        ("fromUserId", "alice"),
        target,
        ("objectName", "RC:TxtMsg"),
        ("content", r#"{"content":"hi"}"#),
    ];
    form.extend_from_slice(more);
    form
}

#[test]
fn an_hour_in_which_nothing_was_said_has_no_address() {
    let mut service = Service::new();
    assert_eq!(url(&mut service, HOUR), "");
    assert_eq!(url(&mut service, "2014010101"), "");
}

#[test]
fn a_date_is_an_hour_in_ten_digits() {
    let mut service = Service::new();
    for path in ["message/history", "message/history/delete"] {
        for date in [
            "",
            "20231115",
            "202311150",
            "20231115066",
            "2023111524",
            "2023023001",
            "20231115ab",
        ] {
            let refusal = service.refused(path, &[("date", date)]);
            assert_eq!(refusal, (400, 1002), "{path} {date}");
        }
        assert_eq!(service.refused(path, &[]), (400, 1002));
    }
}

#[test]
fn the_current_hour_can_be_read_and_grows() {
    let mut service = Service::new();
    say(&mut service.world, "alice", "user:bob", "one");
    let first = url(&mut service, HOUR);
    assert!(
        first.starts_with("http://127.0.0.1:7700/rongcloud/_history/"),
        "{first}"
    );
    assert_eq!(first.rsplit_once('.').unwrap().1, "zip", "{first}");
    assert!(!first.contains(HOUR), "its name tells nothing");
    assert_eq!(words(&records(&mut service, HOUR)), ["one"]);
    service.wait(60);
    say(&mut service.world, "bob", "user:alice", "two");
    assert_eq!(url(&mut service, HOUR), first);
    assert_eq!(words(&records(&mut service, HOUR)), ["one", "two"]);
}

#[test]
fn hours_are_those_of_beijing() {
    let mut service = Service::new();
    // The tests begin at 06:13:20: the hour ends 2800 seconds later.
    service.wait(2799);
    say(&mut service.world, "alice", "user:bob", "six");
    service.wait(1);
    say(&mut service.world, "alice", "user:bob", "seven");
    assert_eq!(words(&records(&mut service, HOUR)), ["six"]);
    assert_eq!(words(&records(&mut service, "2023111507")), ["seven"]);
    assert_ne!(url(&mut service, HOUR), url(&mut service, "2023111507"));
}

#[test]
fn a_record_tells_who_said_what_to_whom_and_when() {
    let mut service = Service::new();
    service.wait_ms(262);
    let uid = say(&mut service.world, "alice", "group:general", "hi");
    let record = serde_json::to_value(&records(&mut service, HOUR)[0]).unwrap();
    assert_eq!(
        record,
        json!({
            "appId": "rc-sandbox",
            "fromUserId": "alice",
            "targetId": "general",
            "targetType": 3,
            "GroupId": "general",
            "classname": "RC:TxtMsg",
            "content": { "content": "hi" },
            "dateTime": "2023-11-15 06:13:20.262",
            "timestamp": NOW + 262,
            "msgUID": uid,
            "source": "iOS",
            "isSensitiveWord": "false",
        })
    );
}

#[test]
fn what_calls_send_is_there_as_well() {
    let mut service = Service::new();
    service.ok(
        "message/private/publish",
        &publish(("toUserId", "bob"), &[]),
    );
    service.ok("message/system/publish", &publish(("toUserId", "bob"), &[]));
    service.ok(
        "message/chatroom/publish",
        &publish(("toChatroomId", "lobby"), &[]),
    );
    service.ok(
        "message/discussion/publish",
        &publish(("toDiscussionId", "d1"), &[]),
    );
    let told: Vec<Value> = records(&mut service, HOUR)
        .iter()
        .map(|record| serde_json::to_value(record).unwrap())
        .map(|record| {
            json!([
                record["targetId"],
                record["targetType"],
                record["GroupId"],
                record["source"]
            ])
        })
        .collect();
    assert_eq!(
        told,
        [
            json!(["bob", 1, "", "Server"]),
            json!(["bob", 6, "", "Server"]),
            json!(["lobby", 4, "", "Server"]),
            json!(["d1", 2, "", "Server"]),
        ]
    );
}

#[test]
fn what_nobody_keeps_is_not_there() {
    let mut service = Service::new();
    let form = publish(("toUserId", "bob"), &[("isPersisted", "0")]);
    service.ok("message/private/publish", &form);
    let form = publish(("toUserId", "bob"), &[]);
    service.ok("statusmessage/private/publish", &form);
    let command = json!({ "objectName": "RC:CmdMsg", "content": { "name": "n", "data": "d" } });
    says(&mut service.world, "alice", "user:bob", command);
    assert_eq!(url(&mut service, HOUR), "");
}

#[test]
fn what_the_word_filter_keeps_back_is_not_there_and_what_it_replaced_is_replaced() {
    let mut service = Service::new();
    service.ok(
        "sensitiveword/add",
        &[("word", "money"), ("replaceWord", "***")],
    );
    service.ok("wordfilter/add", &[("word", "gold")]);
    say(&mut service.world, "alice", "user:bob", "gold");
    say(&mut service.world, "alice", "user:bob", "money!");
    let records = records(&mut service, HOUR);
    assert_eq!(words(&records), ["***!"]);
    assert!(records[0].is_sensitive_word);
}

#[test]
fn a_recall_is_added_and_the_message_stays() {
    let mut service = Service::new();
    let form = publish(("toUserId", "bob"), &[]);
    let sent = service.ok("message/private/publish", &form);
    let uid = sent["messageUIDs"][0]["messageUID"].as_str().unwrap();
    let time = NOW.to_string();
    let recall = [
        ("fromUserId", "alice"),
        ("conversationType", "1"),
        ("targetId", "bob"),
        ("messageUID", uid),
        ("sentTime", &time),
    ];
    service.ok("message/recall", &recall);
    let records = records(&mut service, HOUR);
    let kinds: Vec<&str> = records
        .iter()
        .map(|record| record.classname.as_str())
        .collect();
    assert_eq!(kinds, ["RC:TxtMsg", "RC:RcCmd"]);
    assert_eq!(records[1].content["messageUId"], uid);
}

#[test]
fn content_that_is_no_object_stays_text() {
    let mut service = Service::new();
    for content in ["plain", "[1]", "7"] {
        let custom = json!({ "objectName": "app:note", "content": content });
        says(&mut service.world, "alice", "user:bob", custom);
    }
    let records = records(&mut service, HOUR);
    let contents: Vec<&Value> = records.iter().map(|record| &record.content).collect();
    assert_eq!(contents, ["plain", "[1]", "7"]);
}

#[test]
fn deleting_an_hour_empties_it_at_once_and_only_it() {
    let mut service = Service::new();
    say(&mut service.world, "alice", "user:bob", "six");
    let gone = url(&mut service, HOUR);
    service.wait(3600);
    say(&mut service.world, "alice", "user:bob", "seven");
    service.ok("message/history/delete", &[("date", HOUR)]);
    assert_eq!(url(&mut service, HOUR), "");
    assert_eq!(download(&mut service.world, &gone).status(), 404);
    assert_eq!(words(&records(&mut service, "2023111507")), ["seven"]);
    service.ok("message/history/delete", &[("date", HOUR)]);
}

#[test]
fn an_hour_is_kept_for_three_days() {
    let mut service = Service::new();
    say(&mut service.world, "alice", "user:bob", "hi");
    let file = url(&mut service, HOUR);
    service.wait(71 * 3600);
    assert_eq!(url(&mut service, HOUR), file);
    service.wait(3600);
    assert_eq!(url(&mut service, HOUR), "");
    assert_eq!(download(&mut service.world, &file).status(), 404);
}

#[test]
fn where_nothing_is_kept_there_is_nothing_to_ask_for() {
    let mut service = Service::new();
    service.world.settings_mut().history = false;
    say(&mut service.world, "alice", "user:bob", "hi");
    told(&mut service.world);
    for path in ["message/history", "message/history/delete"] {
        assert_eq!(
            service.refused(path, &[("date", HOUR)]),
            (430, 1009),
            "{path}"
        );
        assert_eq!(
            service.refused(path, &[("date", "x")]),
            (400, 1002),
            "{path}"
        );
    }
}

#[test]
fn nobody_finds_a_file_by_guessing() {
    let mut service = Service::new();
    say(&mut service.world, "alice", "user:bob", "hi");
    for name in [HOUR, "", "../etc", "0"] {
        let url = format!("http://127.0.0.1/rongcloud/_history/{name}.zip");
        assert_eq!(download(&mut service.world, &url).status(), 404, "{name}");
    }
}
