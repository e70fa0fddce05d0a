//! Our answers against those that the peers were recorded to get, and theirs against our client.

use std::collections::BTreeSet;

use mynah_bearychat::api::channel::LeaveChannel;
use mynah_bearychat::api::file::{FileLocation, LocateFile};
use mynah_bearychat::api::user::GetMe;
use mynah_bearychat::types::{Message, MessagePin, Subtype, User, Vchannel};
use mynah_bearychat::{BearyChat, Hook, Millis, Rtm};
use mynah_core::http::header::LOCATION;
use mynah_core::{ApiError, Empty, Endpoint, HttpResponse, Platform};
use mynah_testkit::any_json;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use crate::table::{row, rows};
use crate::vectors::{content_type, says_as_much, traffic};

fn answer(status: u16, body: &str) -> HttpResponse {
    let mut response = HttpResponse::new(body.to_owned().into());
    *response.status_mut() = status.try_into().unwrap();
    response
}

#[test]
fn our_client_reads_what_the_peers_were_answered_and_our_server_writes_the_same() {
    let mut answered = BTreeSet::new();
    for traffic in traffic() {
        let name = traffic.name.as_str();
        let response = traffic.response.response();
        let row = row(&traffic.request());
        answered.insert(row.meta.name);
        let written = match (row.open)(&response) {
            Ok(_) => row
                .reanswer(&response)
                .unwrap_or_else(|error| panic!("{name}: {error:?}")),
            Err(error) => (row.refuse)(error),
        };
        // A refusal that came with the status of success goes out with its own.
        let status = if name == "js/HTTPClient/code-in-200" {
            403
        } else {
            response.status().as_u16()
        };
        assert_eq!(written.status(), status, "{name}");
        let Some(json) = &traffic.response.json else {
            assert!(written.body().is_empty(), "{name}");
            assert_eq!(content_type(&written), None, "{name}");
            continue;
        };
        assert_eq!(content_type(&written), content_type(&response), "{name}");
        let written: Value = serde_json::from_slice(written.body()).unwrap();
        assert!(says_as_much(&written, json), "{name}:\n{written}\n{json}");
    }
    // No peer was seen to do these.
    let unseen = rows().into_iter().map(|row| row.meta.name);
    let unseen: Vec<_> = unseen.filter(|name| !answered.contains(name)).collect();
    assert_eq!(
        unseen,
        [
            "bearychat.reaction.create",
            "bearychat.reaction.delete",
            "bearychat.file.location"
        ]
    );
}

#[test]
fn success_has_the_status_of_its_endpoint_and_a_body_if_it_says_something() {
    for row in rows() {
        let meta = row.meta;
        let created = [
            "channel.create",
            "session_channel.create",
            "session_channel.convert_to_channel",
            "p2p.create",
            "message.create",
        ];
        let silent = ["leave", "invite", "kick", "kickout"];
        let name = meta.name.strip_prefix("bearychat.").unwrap();
        let (group, verb) = name.split_once('.').unwrap_or((name, ""));
        let status = match (group, verb) {
            _ if created.contains(&name) => 201,
            ("channel" | "session_channel", verb) if silent.contains(&verb) => 204,
            ("message", "delete") => 204,
            ("file", _) => 302,
            _ => 200,
        };
        assert_eq!(meta.status, status, "{name}");
        let bodiless = [204, 302].contains(&status)
            || ["message_pin.delete", "reaction.delete"].contains(&name);
        assert_eq!(meta.bodiless, bodiless, "{name}");
    }
}

#[test]
fn no_body_at_all_is_success_where_there_is_nothing_to_say() {
    for (status, body) in [(204, ""), (200, ""), (200, "{}"), (200, r#"{"code":0}"#)] {
        let response = answer(status, body);
        let payload = LeaveChannel::open(&response).unwrap();
        assert_eq!(
            LeaveChannel::read(&response.map(|_| payload)).unwrap(),
            Empty
        );
    }
    let nothing = answer(200, "");
    let payload = GetMe::open(&nothing).unwrap();
    let problem = GetMe::read(&nothing.map(|_| payload)).unwrap_err();
    assert_eq!(problem.kind(), mynah_core::ErrorKind::Decode);
}

#[test]
fn a_code_in_a_success_is_a_refusal_all_the_same() {
    let refused = answer(200, r#"{"code":4,"error":"没有权限","result":null}"#);
    let expected = ApiError::new(4, "没有权限");
    assert_eq!(BearyChat::open(&refused), Err(expected.clone()));
    assert_eq!(Rtm::open(&refused), Err(expected.clone()));
    assert_eq!(Hook::open(&refused), Err(expected));
}

#[test]
fn rtm_wants_its_envelope_and_openapi_has_none() {
    let bare = r#"[{"id":"=1"}]"#;
    assert_eq!(BearyChat::open(&answer(200, bare)).unwrap(), bare);
    for body in [
        bare,
        "",
        "<html>",
        r#"{"result":{}}"#,
        r#"{"code":"0"}"#,
        "[0,null]",
    ] {
        assert!(Rtm::open(&answer(200, body)).is_err(), "{body}");
    }
    let enveloped = answer(200, r#"{"code": 0, "result": {"a" : 1}}"#);
    assert_eq!(Rtm::open(&enveloped).unwrap(), r#"{"a" : 1}"#);
    assert_eq!(Rtm::open(&answer(200, r#"{"code":0}"#)).unwrap(), "null");
}

#[test]
fn what_is_no_answer_of_the_platforms_is_a_refusal_with_its_beginning() {
    for status in [301, 302, 404, 502] {
        let long = "<html>".to_owned() + &"é".repeat(300);
        let error = BearyChat::open(&answer(status, &long)).unwrap_err();
        assert_eq!(error.status, status);
        assert!(error.message.starts_with("<html>") && error.message.len() < 210);
    }
}

#[test]
fn a_file_is_where_the_answer_redirects_to() {
    let url = "https://file.bearychat.com/2f1e8a?sign=x";
    let location = FileLocation {
        url: url.to_owned(),
    };
    let response = LocateFile::write(Ok(location.clone()));
    assert_eq!(response.status(), 302);
    assert_eq!(response.headers()[LOCATION], url);
    assert!(response.body().is_empty());

    let payload = LocateFile::open(&response).unwrap();
    assert_eq!(
        LocateFile::read(&response.map(|_| payload)).unwrap(),
        location
    );

    let refusal = LocateFile::open(&answer(404, r#"{"code":6,"error":"文件不存在"}"#));
    assert_eq!(refusal.unwrap_err().code.number(), Some(6));
    for other in [
        answer(200, "{}"),
        answer(302, ""),
        answer(301, ""),
        answer(204, ""),
    ] {
        assert!(LocateFile::open(&other).is_err());
    }
    let odd = LocateFile::write(Ok(FileLocation {
        url: "a\nb".to_owned(),
    }));
    assert_eq!(odd.status(), 500);
}

#[test]
fn a_redirection_is_no_success_of_any_other_call() {
    let mut elsewhere = answer(302, "");
    elsewhere
        .headers_mut()
        .insert(LOCATION, "https://example.com/".parse().unwrap());
    for row in rows() {
        let opened = (row.open)(&elsewhere);
        assert_eq!(opened.is_ok(), row.meta.name == "bearychat.file.location");
    }
}

#[test]
fn a_conversation_is_of_the_kind_it_says() {
    let read = |kind: &str| {
        let json = json!({"id": "=1", "vchannel_id": "=2", "type": kind, "latest_ts": "7"});
        serde_json::from_value::<Vchannel>(json).unwrap()
    };
    assert!(matches!(read("normal"), Vchannel::Channel(channel) if channel.latest_ts == Millis(7)));
    assert!(
        matches!(read("session"), Vchannel::Session(channel) if channel.latest_ts == Millis(7))
    );
    assert!(matches!(read("p2p"), Vchannel::P2p(channel) if channel.latest_ts == Millis(7)));
    let unknown = read("thread");
    assert_eq!(unknown.vchannel_id().unwrap().as_str(), "=2");
    let written = serde_json::to_value(&unknown).unwrap();
    assert_eq!(written["type"], "thread");
}

#[test]
fn a_session_channel_writes_its_time_as_text_and_the_others_as_numbers() {
    let time = |kind: &str| {
        let json = json!({"id": "=1", "type": kind, "latest_ts": 1_489_242_467_694_u64});
        let channel: Vchannel = serde_json::from_value(json).unwrap();
        serde_json::to_value(&channel).unwrap()["latest_ts"].take()
    };
    assert_eq!(time("session"), "1489242467694");
    assert_eq!(time("normal"), 1_489_242_467_694_u64);
    assert_eq!(time("p2p"), 1_489_242_467_694_u64);
}

#[test]
fn what_may_be_null_is_written_as_null() {
    let names = |json: Value| {
        json.as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<BTreeSet<_>>()
    };
    let message = names(serde_json::to_value(Message::default()).unwrap());
    for name in [
        "key",
        "team_id",
        "uid",
        "robot_id",
        "vchannel_id",
        "refer_key",
        "subtype",
        "text",
        "fallback",
        "attachments",
        "created",
        "updated",
        "created_ts",
        "is_channel",
    ] {
        assert!(message.contains(name), "{name}");
    }
    let user = serde_json::to_value(User::default()).unwrap();
    assert_eq!(user["mobile"], Value::Null);
    assert_eq!(
        user["avatars"],
        json!({"small": null, "medium": null, "large": null})
    );
    assert!(!names(user).contains("conn"));
    let pin = |message| MessagePin {
        message,
        ..MessagePin::default()
    };
    let has = |pin: &MessagePin| names(serde_json::to_value(pin).unwrap()).contains("message");
    assert!(has(&pin(Some(None))) && !has(&pin(None)));
}

#[test]
fn a_word_that_nobody_told_us_of_is_kept() {
    let json = json!({"key": "k", "subtype": "thread", "text": null, "attachments": null});
    let message: Message = serde_json::from_value(json).unwrap();
    assert_eq!(message.subtype, Subtype::from("thread"));
    assert_eq!(message.text, "");
    assert_eq!(serde_json::to_value(&message).unwrap()["subtype"], "thread");
}

#[test]
fn a_message_is_from_a_user_or_else_from_a_robot() {
    let from = |json| serde_json::from_value::<Message>(json).unwrap();
    let both = from(json!({"key": "k", "uid": "=1", "robot_id": "=2"}));
    assert_eq!(both.sender(), Some("=1"));
    let robot = from(json!({"key": "k", "uid": null, "robot_id": "=2"}));
    assert_eq!(robot.sender(), Some("=2"));
    assert_eq!(from(json!({"key": "k"})).sender(), None);
}

proptest! {
    /// No answer at all makes the client panic, and what it reads it writes again.
    #[test]
    fn any_answer_is_an_output_or_an_error(
        which in any::<Index>(), json in any_json(), wrapped in any::<bool>(), status in 200_u16..600,
    ) {
        let rows = rows();
        let row = which.get(&rows);
        let body = if wrapped { json!({"code": 0, "result": json}) } else { json };
        let response = answer(status, &body.to_string());
        if (row.open)(&response).is_ok()
            && let Ok(written) = row.reanswer(&response)
        {
            let again = row.reanswer(&written).unwrap();
            prop_assert_eq!(again.body(), written.body());
        }
    }
}
