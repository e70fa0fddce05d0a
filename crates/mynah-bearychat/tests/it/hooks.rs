//! What is posted to programs, and what they answer, held against the documentation.

use std::time::{Duration, SystemTime};

use mynah_bearychat::BearyChat;
use mynah_bearychat::hook::{
    Event, HookSecret, HubotPost, LARGEST_BODY, OutgoingAnswer, OutgoingPost, aim,
};
use mynah_bearychat::types::Attachment;
use mynah_core::{Arrival, Check, Forged, HttpRequest, HttpResponse, Inbound, Received, post};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::examples;

type Came = Arrival<Event, OutgoingAnswer>;

fn payload(name: &str) -> Value {
    let examples = examples().into_iter();
    let mut named = examples.filter(|example| example["name"] == name);
    named.next().unwrap()["payload"].clone()
}

fn verify(secret: &HookSecret, request: &HttpRequest) -> Result<Came, Forged> {
    match BearyChat::verify(secret, request, SystemTime::UNIX_EPOCH)? {
        Received::Event(arrival) => Ok(arrival),
        Received::Challenge(_) => panic!("nothing is asked first"),
    }
}

fn pushed(secret: &HookSecret, event: &Event) -> HttpRequest {
    BearyChat::push(secret, event, 0, SystemTime::UNIX_EPOCH)
}

fn posted(body: &Value) -> HttpRequest {
    post("application/json", body.to_string())
}

/// The token of the documentation's example.
fn documented() -> HookSecret {
    HookSecret::outgoing("{{robotToken}}")
}

fn both() -> HookSecret {
    HookSecret::outgoing("out-1")
        .and_outgoing("out-2")
        .and_hubot("hubot-1")
        .and_hubot("hubot-2")
}

#[test]
fn the_documented_message_to_an_outgoing_hook_is_read_and_written() {
    let payload = payload("outgoing/request");
    let arrival = verify(&documented(), &posted(&payload)).unwrap();
    let Event::Outgoing(message) = &arrival.event else {
        panic!("to a hook");
    };
    assert_eq!(message.rest(), "中国");
    assert_eq!(message.said_at().0, 1_355_517_523_000);
    assert_eq!(
        (message.user_name.as_str(), message.channel_name.as_str()),
        ("your_name", "your_channel")
    );
    assert_eq!(arrival.raw, payload.to_string());
    assert_eq!(arrival.replay, None);

    let again = pushed(&documented(), &arrival.event);
    assert_eq!(mynah_core::media_type(&again), "application/json");
    assert_eq!(
        serde_json::from_slice::<Value>(again.body()).unwrap(),
        payload
    );
    let aimed = aim(again, &"http://bot/hook?x=1".parse().unwrap());
    assert_eq!(aimed.uri(), "http://bot/hook?x=1");
}

#[test]
fn the_documented_answer_is_read_and_written() {
    let payload = payload("outgoing/response");
    let response = HttpResponse::new(payload.to_string().into());
    let answer = OutgoingAnswer::of(&response).unwrap();
    assert_eq!(answer.attachments.len(), 1);
    assert_eq!(serde_json::to_value(&answer).unwrap(), payload);

    let arrival = verify(
        &documented(),
        &pushed(&documented(), &OutgoingPost::new("!x", "!x").into()),
    );
    let response = arrival.unwrap().reply.answer(answer.clone());
    assert_eq!(
        response.headers()["content-type"],
        "application/json;charset=utf-8"
    );
    assert_eq!(OutgoingAnswer::of(&response), Some(answer));
}

#[test]
fn a_message_to_a_hubot_is_read_and_written() {
    let payload = payload("hubot-http/request");
    let secret = HookSecret::hubot("sandbox-token");
    let arrival = verify(&secret, &posted(&payload)).unwrap();
    let Event::Hubot(message) = &arrival.event else {
        panic!("to a hubot");
    };
    assert_eq!(
        (message.sender.as_str(), message.text.as_str()),
        ("=bw52P", "help")
    );
    let written: Value = serde_json::from_slice(pushed(&secret, &arrival.event).body()).unwrap();
    assert_eq!(written, payload);
    assert_eq!(arrival.dedupe.to_string(), "=bw52O:1487571355082.0141");
}

#[test]
fn a_hubot_is_answered_by_calls_alone() {
    let message = Event::from(HubotPost::default());
    assert!(!message.takes_answer());
    let secret = HookSecret::hubot("t");
    for answer in [true, false] {
        let arrival = verify(&secret, &pushed(&secret, &message)).unwrap();
        let response = if answer {
            arrival.reply.answer(OutgoingAnswer::text("hi"))
        } else {
            arrival.reply.acknowledge()
        };
        assert_eq!(
            (response.status().as_u16(), response.body().len()),
            (200, 0)
        );
    }
}

#[test]
fn an_outgoing_hook_without_an_answer_is_told_nothing() {
    let arrival = verify(&documented(), &posted(&payload("outgoing/request"))).unwrap();
    assert_eq!(arrival.reply.within, Some(Duration::from_secs(5)));
    let response = arrival.reply.acknowledge();
    assert_eq!(
        (response.status().as_u16(), response.body().len()),
        (200, 0)
    );
    assert_eq!(OutgoingAnswer::of(&response), None);
}

#[test]
fn each_robot_is_known_by_its_own_token() {
    for (event, robot) in [
        (
            Event::from(OutgoingPost {
                robot: 0,
                ..OutgoingPost::new("!a", "!a")
            }),
            0,
        ),
        (
            Event::from(OutgoingPost {
                robot: 1,
                ..OutgoingPost::new("!a", "!a")
            }),
            1,
        ),
        (
            Event::from(HubotPost {
                robot: 0,
                ..HubotPost::default()
            }),
            0,
        ),
        (
            Event::from(HubotPost {
                robot: 1,
                ..HubotPost::default()
            }),
            1,
        ),
    ] {
        let arrival = verify(&both(), &pushed(&both(), &event)).unwrap();
        assert_eq!(arrival.event, event);
        let found = match &arrival.event {
            Event::Outgoing(post) => post.robot,
            Event::Hubot(post) => post.robot,
            other => panic!("{other:?}"),
        };
        assert_eq!(found, robot);
    }
}

fn outgoing(token: &Value) -> Value {
    json!({"token": token, "text": "!x", "trigger_word": "!x"})
}

fn hubot(token: &Value) -> Value {
    json!({"token": token, "sender": "=1", "vchannel": "=2", "text": "x", "key": "1487571355082.0141"})
}

#[test]
fn whoever_does_not_know_the_token_is_refused() {
    for (body, check) in [
        (outgoing(&json!("out-3")), Check::Signature),
        (outgoing(&json!("")), Check::Signature),
        // That of a hubot is none for a hook, and the other way round.
        (outgoing(&json!("hubot-1")), Check::Signature),
        (hubot(&json!("out-1")), Check::Signature),
        (hubot(&json!("hubot-")), Check::Signature),
        (json!({"token": "out-1"}), Check::Signature),
        (outgoing(&json!(5)), Check::SignatureMissing),
        (json!({}), Check::SignatureMissing),
    ] {
        let forged = verify(&both(), &posted(&body)).unwrap_err();
        assert_eq!((forged.status, forged.check), (404, check), "{body}");
        assert!(!forged.to_string().contains("out-"), "{forged}");
    }
    let unknown = Event::from(OutgoingPost {
        robot: 9,
        ..OutgoingPost::new("!a", "!a")
    });
    assert!(
        verify(&both(), &pushed(&both(), &unknown)).is_err(),
        "an empty token"
    );
    let nobody = HookSecret::outgoing("");
    assert!(
        verify(&nobody, &posted(&outgoing(&json!("")))).is_err(),
        "nobody has an empty one"
    );
}

#[test]
fn what_cannot_be_read_is_refused_by_what_is_wrong_with_it() {
    let get = HttpRequest::default();
    let long = post("application/json", " ".repeat(LARGEST_BODY + 1));
    for (request, status, check) in [
        (get, 405, Check::Form),
        (long, 413, Check::Size),
        (post("application/json", ""), 400, Check::Body),
        (post("application/json", "[]"), 400, Check::Body),
        (
            post("application/x-www-form-urlencoded", "token=out-1"),
            400,
            Check::Body,
        ),
        (
            posted(&json!({"token": "out-1", "trigger_word": "!x"})),
            400,
            Check::Body,
        ),
        (
            posted(&json!({"token": "out-1", "trigger_word": 5, "text": "!x"})),
            400,
            Check::Body,
        ),
        (
            posted(&json!({"token": "hubot-1", "vchannel": "=1", "sender": "=2"})),
            400,
            Check::Body,
        ),
    ] {
        let forged = verify(&both(), &request).unwrap_err();
        assert_eq!(
            (forged.status, forged.check),
            (status, check),
            "{request:?}"
        );
    }
}

#[test]
fn what_is_no_answer_posts_nothing() {
    let answered = |status: u16, body: &str| {
        let mut response = HttpResponse::new(body.to_owned().into());
        *response.status_mut() = status.try_into().unwrap();
        OutgoingAnswer::of(&response)
    };
    let hi = r#" {"text":"hi"} "#;
    assert_eq!(answered(200, hi), Some(OutgoingAnswer::text("hi")));
    assert_eq!(answered(201, hi), Some(OutgoingAnswer::text("hi")));
    assert_eq!(answered(500, hi), None);
    for body in [
        "",
        "ok",
        "[\"hi\"]",
        "{}",
        r#"{"text":""}"#,
        r#"{"text":5}"#,
        r#"{"text":"hi","attachments":[{"color":"red"}]}"#,
    ] {
        assert_eq!(answered(200, body), None, "{body}");
    }
    let none_attached = r#"{"text":"hi","attachments":null}"#;
    assert_eq!(
        answered(200, none_attached),
        Some(OutgoingAnswer::text("hi"))
    );
}

#[test]
fn the_same_said_again_is_another_message_unless_it_was_in_the_same_second() {
    let said = |ts, text: &str| OutgoingPost {
        ts,
        ..OutgoingPost::new(text, "!x")
    };
    let key = |post: OutgoingPost| Event::from(post).dedupe_key();
    assert_eq!(key(said(1, "!x")), key(said(1, "!x")));
    assert_ne!(key(said(1, "!x")), key(said(2, "!x")));
    assert_ne!(key(said(1, "!x")), key(said(1, "!x y")));
    assert_ne!(
        key(said(1, "!x").from("alice")),
        key(said(1, "!x").from("bob"))
    );
    assert_ne!(key(said(1, "!x").at("a")), key(said(1, "!x").at("b")));
    assert_ne!(
        key(said(1, "!x")),
        key(OutgoingPost {
            robot: 1,
            ..said(1, "!x")
        })
    );
}

fn any_event() -> impl Strategy<Value = Event> {
    let text = || "\\PC{0,12}";
    let outgoing = (
        0..2_usize,
        any::<u64>(),
        text(),
        text(),
        text(),
        text(),
        text(),
    )
        .prop_map(
            |(robot, ts, text, trigger_word, subdomain, channel_name, user_name)| {
                OutgoingPost {
                    robot,
                    ts,
                    text,
                    trigger_word,
                    subdomain,
                    channel_name,
                    user_name,
                }
                .into()
            },
        );
    let hubot = (0..2_usize, text(), text(), text(), text(), text(), text()).prop_map(
        |(robot, subdomain, sender, username, vchannel, text, key)| {
            HubotPost {
                robot,
                subdomain,
                sender: sender.into(),
                username,
                vchannel: vchannel.into(),
                text,
                key: key.into(),
            }
            .into()
        },
    );
    prop_oneof![outgoing, hubot]
}

proptest! {
    /// What the platform pushes the receiver takes for what it is; a byte more or less of the token
    /// and it does not.
    #[test]
    fn pushing_and_verifying_are_inverse(event in any_event()) {
        let request = pushed(&both(), &event);
        let arrival = verify(&both(), &request).unwrap();
        prop_assert_eq!(&arrival.event, &event);
        let stranger = HookSecret::outgoing("out-").and_hubot("hubot-11");
        prop_assert!(verify(&stranger, &request).is_err());
    }

    /// An answer that may be posted arrives as it was made.
    #[test]
    fn an_answer_arrives_as_it_was_made(text in "\\PC{1,12}", title in "\\PC{1,12}") {
        let answer = OutgoingAnswer::text(text).attach(Attachment::title(title));
        let secret = documented();
        let event = Event::from(OutgoingPost::new("!x", "!x"));
        let arrival = verify(&secret, &pushed(&secret, &event)).unwrap();
        prop_assert_eq!(OutgoingAnswer::of(&arrival.reply.answer(answer.clone())), Some(answer));
    }
}
