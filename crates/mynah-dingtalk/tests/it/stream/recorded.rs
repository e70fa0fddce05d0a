//! What was recorded from the vendor's SDK, and the samples of the documentation.

use std::time::Instant;

use mynah_core::{Dial, Dialer, Frame, HttpResponse, Session};
use mynah_dingtalk::event::{Format, Kind};
use mynah_dingtalk::robot::RobotMessage;
use mynah_dingtalk::stream::{Limits, Reason, StreamDialer, StreamEvent, Told, ticket_of};
use serde_json::{Value, json};

use super::{client, pinned, sent, server, subscriptions, text};
use crate::events::{sample, samples};

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../vectors/stream.json")).unwrap()
}

fn exchange(name: &str) -> Value {
    let vectors = vectors();
    let mut exchanges = vectors["exchanges"].as_array().unwrap().iter();
    exchanges
        .find(|exchange| exchange["name"] == name)
        .unwrap()
        .clone()
}

/// What an acknowledgement says: of `data`, which is JSON text, what it means.
fn meaning(mut ack: Value) -> Value {
    let data = ack["data"].as_str().unwrap();
    ack["data"] = serde_json::from_str(data).unwrap();
    ack
}

#[test]
fn the_request_for_a_ticket_is_the_peers() {
    let open = &vectors()["open"];
    let base = "https://api.dingtalk.com".parse().unwrap();
    let mut dialer = StreamDialer::new(&base, "dingappkeyxxx", "appsecretxxx")
        .subscriptions(subscriptions())
        .user_agent("dingtalk-sdk-python/v0.24.3-union")
        .local_ip("127.0.0.1");
    let Ok(Dial::Ask(request)) = dialer.dial(pinned(Instant::now())) else {
        panic!("a request");
    };
    let recorded = &open["request"];
    assert_eq!(request.method().as_str(), recorded["method"]);
    assert_eq!(
        request.uri().to_string(),
        format!(
            "{}{}",
            recorded["base"].as_str().unwrap(),
            recorded["path"].as_str().unwrap()
        )
    );
    for name in ["content-type", "accept"] {
        assert_eq!(
            request.headers()[name],
            recorded["headers"][name].as_str().unwrap(),
            "{name}"
        );
    }
    let body: Value = serde_json::from_slice(request.body()).unwrap();
    assert_eq!(body, recorded["json"]);
}

#[test]
fn the_ticket_is_encoded_as_the_peer_does_and_decoded_again() {
    let vectors = vectors();
    let ticket = vectors["open"]["reply_ticket"].as_str().unwrap();
    let base = "https://api.dingtalk.com".parse().unwrap();
    let mut dialer = StreamDialer::new(&base, "dingappkeyxxx", "appsecretxxx");
    let cx = pinned(Instant::now());
    let reply = json!({"endpoint": "wss://h:443/connect", "ticket": ticket}).to_string();
    dialer.absorb(HttpResponse::new(reply.into()), cx).unwrap();
    let Ok(Dial::Connect(handshake)) = dialer.dial(cx) else {
        panic!("a handshake");
    };
    let target = handshake.uri().path_and_query().unwrap().as_str();
    assert_eq!(target, vectors["connect"]["raw_path_and_query"]);
    assert_eq!(ticket_of(handshake.uri()).as_deref(), Some(ticket));
}

#[test]
fn every_frame_is_answered_as_the_peer_does_but_where_the_protocol_says_otherwise() {
    let now = Instant::now();
    let exchanges = vectors()["exchanges"].as_array().unwrap().clone();
    assert_eq!(exchanges.len(), 12);
    for exchange in exchanges {
        let name = exchange["name"].as_str().unwrap();
        let mut session = client(Limits::default(), now);
        session.handle_frame(now, text(&exchange["frame"]));
        let event = session.poll_event();
        if matches!(event, Some(StreamEvent::Delivered(_))) {
            assert!(
                sent(&mut session).is_none(),
                "{name}: not before it was handed over"
            );
            session.acknowledge(2);
        }
        let ours = sent(&mut session).map(meaning);
        let recorded = (!exchange["ack"].is_null()).then(|| meaning(exchange["ack"].clone()));
        let expected = match name {
            // What an application does with an event is not known here: the
            // answers are those of the protocol, not those of the peer's handlers.
            "event.ok" | "event.extra_header" => recorded.map(|ack| {
                Value::Object({
                    let mut ack = ack.as_object().unwrap().clone();
                    ack["data"] = json!({"status": "SUCCESS", "message": "success"});
                    ack
                })
            }),
            "event.try_later" | "event.default_handler" => {
                let ours = ours.as_ref().unwrap();
                assert_eq!(ours["headers"], recorded.unwrap()["headers"], "{name}");
                continue;
            }
            "callback.robot_message" | "callback.card" => recorded.map(|ack| {
                Value::Object({
                    let mut ack = ack.as_object().unwrap().clone();
                    ack["data"] = json!({"response": null});
                    ack["message"] = json!("OK");
                    ack
                })
            }),
            // The peer says nothing.
            "callback.unregistered_topic" => {
                assert_eq!(ours.unwrap()["code"], 404, "{name}");
                continue;
            }
            "callback.handler_raises" => {
                assert_eq!(ours.unwrap()["code"], 400, "{name}: it is no message");
                continue;
            }
            _ => recorded,
        };
        assert_eq!(ours, expected, "{name}");
    }
}

#[test]
fn what_the_peer_parses_is_parsed() {
    let now = Instant::now();
    let parsed = &vectors()["parsed"];
    let told = |name: &str| {
        let mut session = client(Limits::default(), now);
        session.handle_frame(now, text(&exchange(name)["frame"]));
        super::delivered(&mut session).told
    };
    let Told::Robot(message) = told("callback.robot_message") else {
        panic!("a message");
    };
    assert_eq!(message.to_json(), parsed["robot_message"]);
    let Told::Event(callback) = told("event.ok") else {
        panic!("an event");
    };
    let event = &parsed["event"];
    assert_eq!(callback.name(), event["eventType"]);
    assert_eq!(callback.event_id.as_deref(), event["eventId"].as_str());
    assert_eq!(callback.to_json(), event["data"]);
    assert_eq!(callback.event_time, Some(1_690_362_102_000));
    assert_eq!(callback.corp_id.as_deref(), Some("ding9f50b15bxxxx16741"));
    let Told::Card(card) = told("callback.card") else {
        panic!("a card");
    };
    assert_eq!(card.out_track_id.as_deref(), Some("track1"));
    assert_eq!(card.action().unwrap().action_ids, ["id1"]);
}

#[test]
fn an_unknown_type_is_passed_over_in_silence() {
    let now = Instant::now();
    let mut session = client(Limits::default(), now);
    session.handle_frame(now, text(&exchange("unknown_type")["frame"]));
    let Some(StreamEvent::Ignored(ignored)) = session.poll_event() else {
        panic!("ignored");
    };
    assert_eq!(ignored.reason, Reason::UnknownType(8));
    assert!(session.poll_send().is_none());
}

#[test]
fn the_platforms_half_reads_the_peers_acknowledgements() {
    let now = Instant::now();
    for exchange in vectors()["exchanges"].as_array().unwrap() {
        let mut session = server(now);
        if exchange["ack"].is_null() {
            continue;
        }
        session.handle_frame(now, text(&exchange["ack"]));
        let acknowledged = session.poll_event().unwrap();
        assert_eq!(
            acknowledged.message_id,
            exchange["ack"]["headers"]["messageId"]
        );
        assert_eq!(acknowledged.code, exchange["ack"]["code"]);
        let taken = acknowledged.code == 200;
        assert_eq!(acknowledged.is_success(), taken, "{}", exchange["name"]);
    }
}

#[test]
fn the_platforms_half_writes_the_recorded_frames() {
    let now = Instant::now();
    for name in ["callback.robot_message", "callback.card", "event.ok"] {
        let frame = exchange(name)["frame"].clone();
        let mut session = client(Limits::default(), now);
        session.handle_frame(now, text(&frame));
        let delivery = super::delivered(&mut session);
        let mut platform = server(now);
        let message_id = delivery.message_id.unwrap();
        assert!(platform.deliver(now, &message_id, &delivery.told), "{name}");
        let mut ours = sent(&mut platform).unwrap();
        let data = |frame: &Value| -> Value {
            serde_json::from_str(frame["data"].as_str().unwrap()).unwrap()
        };
        assert_eq!(data(&ours), data(&frame), "{name}");
        for header in ["appId", "connectionId", "time"] {
            ours["headers"][header] = frame["headers"][header].clone();
        }
        assert_eq!(ours["headers"], frame["headers"], "{name}");
        assert_eq!(
            (&ours["type"], &ours["specVersion"]),
            (&frame["type"], &frame["specVersion"])
        );
    }
}

#[test]
fn every_sample_of_the_documentation_is_understood() {
    let now = Instant::now();
    let robot = sample("robot.stream.frame").payload;
    let mut session = client(Limits::default(), now);
    session.handle_frame(now, text(&robot));
    let delivery = super::delivered(&mut session);
    assert!(matches!(&delivery.told, Told::Robot(message) if message.text() == Some("测试数据")));
    assert_eq!(delivery.time, Some(1_690_362_102_194));

    let mut session = client(Limits::default(), now);
    let event = sample("stream.event.frame");
    session.handle_frame(now, text(&event.payload));
    let Told::Event(callback) = super::delivered(&mut session).told else {
        panic!("an event");
    };
    assert_eq!(callback.kind, Kind::Other("user_add_org".to_owned()));
    session.acknowledge(2);
    assert_eq!(sent(&mut session).map(meaning), event.ack.map(meaning));

    let mut session = client(Limits::default(), now);
    let ping = sample("stream.system.ping");
    session.handle_frame(now, text(&ping.payload));
    assert_eq!(sent(&mut session).map(meaning), ping.ack.map(meaning));

    let disconnect = sample("stream.system.disconnect").payload;
    session.handle_frame(now, text(&disconnect));
    let reason = "connection is expired".to_owned();
    assert_eq!(session.poll_event(), Some(StreamEvent::Leaving(reason)));
    assert!(session.poll_send().is_none(), "there is nothing to name");
}

#[test]
fn every_event_of_the_documentation_goes_over_the_connection_and_back() {
    let now = Instant::now();
    let mut count = 0;
    for sample in samples() {
        let Some(kind) = sample.name.strip_suffix(".stream") else {
            continue;
        };
        let payload = sample.payload;
        let header = |name: &str| payload[name].as_str().map(str::to_owned);
        let frame = json!({
            "type": "EVENT", "data": payload["data"].to_string(), "headers": {
                "topic": "*", "messageId": "1", "eventType": header("eventType"),
                "eventId": header("eventId"), "eventCorpId": header("eventCorpId"),
                "eventBornTime": payload["eventBornTime"].to_string(),
                "eventUnifiedAppId": header("eventUnifiedAppId"),
            },
        });
        let mut session = client(Limits::default(), now);
        session.handle_frame(now, text(&frame));
        let told = super::delivered(&mut session).told;
        let Told::Event(callback) = &told else {
            panic!("{told:?}");
        };
        assert_eq!((callback.name(), callback.format), (kind, Format::Stream));
        assert_eq!(callback.event_time, payload["eventBornTime"].as_i64());
        assert_eq!(callback.to_json(), payload["data"], "{kind}");

        let mut platform = server(now);
        assert!(platform.deliver(now, "1", &told));
        let mut session = client(Limits::default(), now);
        session.handle_frame(now, platform.poll_send().unwrap());
        assert_eq!(super::delivered(&mut session).told, told, "{kind}");
        count += 1;
    }
    assert_eq!(count, 8);
}

#[test]
fn data_that_is_no_text_says_the_same() {
    let now = Instant::now();
    let mut frame = exchange("callback.robot_message")["frame"].clone();
    let data: Value = serde_json::from_str(frame["data"].as_str().unwrap()).unwrap();
    frame["data"] = data.clone();
    frame["headers"]["time"] = json!(1_690_362_102_194_i64);
    let mut session = client(Limits::default(), now);
    session.handle_frame(now, Frame::Binary(frame.to_string().into()));
    let delivery = super::delivered(&mut session);
    let message = RobotMessage::from_slice(data.to_string().as_bytes()).unwrap();
    assert_eq!(delivery.told, Told::from(message));
    assert_eq!(delivery.time, Some(1_690_362_102_194));
}
