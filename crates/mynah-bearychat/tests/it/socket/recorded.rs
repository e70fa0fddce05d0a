//! What was recorded with the platform's own client: our client sends its bytes, and our platform
//! sends what it was answered.

use std::time::Instant;

use mynah_bearychat::event::Event;
use mynah_bearychat::socket::{ClientFrame, Limits, RtmEvent, Sent};
use mynah_core::{Frame, Session, Ticket};
use serde_json::Value;

use super::{client, millis, raw, secs, sent, server, text};

fn exchange(name: &str) -> Vec<Value> {
    let vectors: Value =
        serde_json::from_str(include_str!("../../vectors/rtm_frames.json")).unwrap();
    let mut exchanges = vectors["exchanges"].as_array().unwrap().iter();
    let exchange = exchanges.find(|exchange| exchange["name"] == name).unwrap();
    exchange["frames"].as_array().unwrap().clone()
}

/// The call that makes such a frame.
fn said(frame: &Value) -> ClientFrame {
    let field = |name: &str| frame[name].as_str().unwrap();
    match field("type") {
        "message" => ClientFrame::message(field("vchannel_id"), field("to_uid"), field("text")),
        _ => ClientFrame::channel_message(field("channel_id"), field("text")),
    }
}

#[test]
fn our_client_sends_the_bytes_of_the_official_one_and_takes_its_answers() {
    let start = Instant::now();
    let mut now = start;
    let mut client = client(Limits::default(), start);
    let (mut pings, mut calls, mut events) = (0, 0, 0);
    for line in exchange("ping and send") {
        let frame = &line["frame"];
        // A ping that their user sent by hand.
        let by_hand = [&frame["call_id"], &frame["reply_to"]]
            .iter()
            .any(|id| **id == 65533);
        match line["dir"].as_str().unwrap() {
            _ if by_hand => {}
            "client" if frame["type"] == "ping" => {
                if pings > 0 {
                    now += secs(5);
                    client.handle_timeout(now);
                }
                pings += 1;
                assert_eq!(raw(&mut client).as_deref(), line["raw"].as_str());
            }
            "client" => {
                calls += 1;
                let request = said(frame).to_request();
                client
                    .call(now, Ticket(calls), &request, now + secs(60))
                    .unwrap();
                assert_eq!(raw(&mut client).as_deref(), line["raw"].as_str());
            }
            "server" => {
                client.handle_frame(now, text(frame));
                if frame["type"] == "reply" && calls > 0 && frame["call_id"] == calls {
                    let (ticket, answer) = client.poll_answer().unwrap();
                    assert_eq!(ticket, Ticket(calls));
                    let sent = Sent::of(&answer.unwrap()).unwrap();
                    assert_eq!(sent.ts.map(|ts| ts.0), frame["ts"].as_u64());
                }
                while let Some(event) = client.poll_event() {
                    match event {
                        RtmEvent::Connected(_) => assert_eq!(events, 0),
                        RtmEvent::Delivered(delivery) => {
                            assert_eq!(serde_json::to_value(&delivery.event).unwrap(), *frame);
                        }
                        other => panic!("{other:?}"),
                    }
                    events += 1;
                }
            }
            "connect" | "closed" => {}
            other => panic!("{other}"),
        }
    }
    assert_eq!((pings, calls, events), (2, 2, 2));
    assert_eq!(client.poll_answer().map(|(ticket, _)| ticket), None);
}

#[test]
fn our_platform_answers_the_official_client_as_it_was_answered() {
    let now = Instant::now();
    let mut server = server(now);
    let mut answered = 0;
    for line in exchange("ping and send") {
        let frame = &line["frame"];
        match line["dir"].as_str().unwrap() {
            "client" => {
                server.handle_frame(now, text(line["raw"].as_str().unwrap()));
                if let Some(asked) = server.poll_event() {
                    assert_eq!(asked.frame, said(frame));
                    assert_eq!(asked.call.id(), frame["call_id"].as_i64());
                    server.answer(now, asked.call, Ok(()));
                }
            }
            "server" => {
                if ["channel_message", "message"]
                    .iter()
                    .any(|kind| frame["type"] == *kind)
                {
                    let event = Event::from_slice(frame.to_string().as_bytes()).unwrap();
                    assert!(server.deliver(&event));
                }
                assert_eq!(sent(&mut server).as_ref(), Some(frame));
                answered += 1;
            }
            _ => {}
        }
    }
    assert_eq!((answered, server.queued()), (11, 0));
}

#[test]
fn a_pong_is_no_answer_and_the_connection_ends_as_that_of_the_official_client() {
    let frames = exchange("server never answers pings with a reply frame");
    let limits = Limits {
        ping_interval: millis(60),
        reply_timeout: millis(80),
        ..Limits::default()
    };
    let mut connections = 0;
    for connection in frames.split(|line| line["dir"] == "closed") {
        if connection.len() < 4 {
            // The last one was closed by its user.
            continue;
        }
        connections += 1;
        let start = Instant::now();
        let mut client = client(limits, start);
        for (ping, lines) in connection[1..].chunks(2).enumerate() {
            if ping > 0 {
                client.handle_timeout(start + millis(60));
            }
            assert_eq!(raw(&mut client).as_deref(), lines[0]["raw"].as_str());
            assert_eq!(lines[1]["frame"]["type"], "pong");
            client.handle_frame(start + millis(70), text(&lines[1]["frame"]));
        }
        assert_eq!(client.poll_timeout(), Some(start + millis(80)));
        client.handle_timeout(start + millis(80));
        assert!(matches!(client.poll_send(), Some(Frame::Close(1001, _))));
    }
    assert_eq!(connections, 2);
}
