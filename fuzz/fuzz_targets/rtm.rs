//! BearyChat: both ends of RTM survive whatever the other end sends, and so do the parsers of
//! texts and hooks.
#![no_main]

use std::time::{Duration, Instant, UNIX_EPOCH};

use libfuzzer_sys::fuzz_target;
use mynah_bearychat::BearyChat;
use mynah_bearychat::event::Event;
use mynah_bearychat::hook::{HookSecret, OutgoingAnswer};
use mynah_bearychat::socket::{
    Limits, RtmEvent, RtmSession, Sent, ServerLimits, ServerSession, ticket_of,
};
use mynah_bearychat::text::{EVERYBODY, Piece, mention, mentions, pieces};
use mynah_core::{Cx, Frame, HttpResponse, Inbound, Received, Session, post};

fuzz_target!(|frames: Vec<(bool, Vec<u8>)>| {
    let now = Instant::now();
    let cx = Cx { now, wall: UNIX_EPOCH, nonce: 0 };
    let mut client = RtmSession::new(None, Limits::default(), now);
    let mut platform = ServerSession::new(ServerLimits::default(), cx);
    for (text, bytes) in frames.into_iter().take(64) {
        hooks(&bytes);
        if let Ok(words) = std::str::from_utf8(&bytes) {
            texts(words);
        }
        let frame = match String::from_utf8(bytes) {
            Ok(words) if text => Frame::Text(words.into()),
            Ok(words) => Frame::Binary(words.into()),
            Err(error) => Frame::Binary(error.into_bytes().into()),
        };
        client.handle_frame(now, frame.clone());
        platform.handle_frame(now, frame);
        while let Some(event) = client.poll_event() {
            let _ = client.dedupe_key(&event);
            if let RtmEvent::Delivered(delivery) = event {
                told(&delivery.event);
                platform.deliver(&delivery.event);
            }
        }
        while let Some(asked) = platform.poll_event() {
            let again = serde_json::to_vec(&asked.frame).expect("a frame is JSON");
            assert_eq!(again, asked.frame.to_request().body().as_ref());
            platform.answer(now, asked.call, Ok(()));
        }
        drain(&mut client);
        drain(&mut platform);
    }
    client.handle_timeout(now + Duration::from_secs(60));
    platform.handle_timeout(now + Duration::from_secs(60));
    drain(&mut client);
    drain(&mut platform);
});

/// What was read and told once stays as it is.
fn told(event: &Event) {
    let once = serde_json::to_vec(event).expect("an event is JSON");
    let again = Event::from_slice(&once).expect("it was read before");
    assert_eq!(serde_json::to_vec(&again).expect("an event is JSON"), once);
    let _ = event.refer("words");
}

fn texts(words: &str) {
    let whole: String = pieces(words)
        .map(|piece| match piece {
            Piece::Text(text) => text.to_owned(),
            Piece::Mention(uid) => mention(&uid.into()),
            _ => EVERYBODY.to_owned(),
        })
        .collect();
    assert_eq!(whole, words);
    let _ = (mentions(words), ticket_of(words));
}

fn hooks(body: &[u8]) {
    let secret = HookSecret::outgoing("a").and_hubot("b");
    let request = post("application/json", body.to_vec());
    if let Ok(Received::Event(arrival)) = BearyChat::verify(&secret, &request, UNIX_EPOCH) {
        let again = BearyChat::push(&secret, &arrival.event, 0, UNIX_EPOCH);
        match BearyChat::verify(&secret, &again, UNIX_EPOCH) {
            Ok(Received::Event(same)) => assert_eq!(same.event, arrival.event),
            other => panic!("{other:?}"),
        }
    }
    let response = HttpResponse::new(body.to_vec().into());
    let _ = (OutgoingAnswer::of(&response), Sent::of(&response));
}

fn drain<S: Session>(session: &mut S) {
    while let Some(frame) = session.poll_send() {
        if let Frame::Text(text) = frame {
            std::str::from_utf8(&text).expect("text frames are UTF-8");
        }
    }
}
