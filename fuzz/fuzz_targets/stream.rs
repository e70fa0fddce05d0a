//! DingTalk's Stream: both ends survive whatever the other end sends.
#![no_main]

use std::time::{Duration, Instant, UNIX_EPOCH};

use libfuzzer_sys::fuzz_target;
use mynah_core::{Cx, Frame, Session};
use mynah_dingtalk::api::stream::Subscription;
use mynah_dingtalk::stream::{
    Limits, ServerLimits, ServerSession, StreamEvent, StreamSession, topic,
};

fuzz_target!(|frames: Vec<(bool, Vec<u8>)>| {
    let now = Instant::now();
    let cx = Cx { now, wall: UNIX_EPOCH, nonce: 0 };
    let wanted: Vec<Subscription> = [topic::ROBOT, topic::CARD, topic::DELEGATE, topic::GRAPH]
        .map(Subscription::callback)
        .into_iter()
        .chain([Subscription::events()])
        .collect();
    let mut client = StreamSession::new(wanted.clone(), Limits::default(), now);
    let mut platform = ServerSession::new("app", "1", wanted, ServerLimits::default(), cx);
    let mut n = 0;
    for (text, bytes) in frames.into_iter().take(64) {
        let frame = match String::from_utf8(bytes) {
            Ok(words) if text => Frame::Text(words.into()),
            Ok(words) => Frame::Binary(words.into()),
            Err(error) => Frame::Binary(error.into_bytes().into()),
        };
        client.handle_frame(now, frame.clone());
        platform.handle_frame(now, frame);
        while let Some(event) = client.poll_event() {
            n += 1;
            let _ = client.dedupe_key(&event);
            if let StreamEvent::Delivered(delivery) = event {
                // What was read can be told, and is read the same.
                assert!(platform.deliver(now, "1", &delivery.told));
                let mut other = StreamSession::new(Vec::new(), Limits::default(), now);
                while let Some(frame) = platform.poll_send() {
                    other.handle_frame(now, frame);
                }
            }
            client.acknowledge(n);
        }
        while platform.poll_event().is_some() {}
        drain(&mut client);
        drain(&mut platform);
    }
    client.handle_timeout(now + Duration::from_secs(60));
    platform.handle_timeout(now + Duration::from_secs(60));
    drain(&mut client);
    drain(&mut platform);
});

fn drain<S: Session>(session: &mut S) {
    while let Some(frame) = session.poll_send() {
        if let Frame::Text(text) = frame {
            std::str::from_utf8(&text).expect("text frames are UTF-8");
        }
    }
}
