//! The long connection of WeCom's bots: both ends survive whatever the other
//! end sends, and callbacks and replies are read as they were written.
#![no_main]

use std::time::{Duration, Instant, UNIX_EPOCH};

use libfuzzer_sys::fuzz_target;
use mynah_core::http::Request;
use mynah_core::{Bytes, Cx, Frame, Session, Ticket};
use mynah_wecom::aibot::{
    Asked, BotSecret, BotSession, Callback, Limits, PlatformSession, Reply,
};

fuzz_target!(|frames: Vec<(bool, Vec<u8>)>| {
    let now = Instant::now();
    let cx = Cx {
        now,
        wall: UNIX_EPOCH,
        nonce: 0,
    };
    let secret = BotSecret::new("sandbox-secret");
    let mut bot = BotSession::new("aib-sandbox", secret, Limits::default(), cx);
    let mut platform = PlatformSession::new();
    let call = Request::post("http://socket/openws/aibot_respond_msg?req_id=1")
        .body(Bytes::from_static(b"{}"))
        .expect("a request");
    let _ = bot.call(now, Ticket(1), &call, now + Duration::from_secs(1));

    for (text, bytes) in frames.into_iter().take(64) {
        read(&bytes);
        let frame = match String::from_utf8(bytes) {
            Ok(words) if text => Frame::Text(words.into()),
            Ok(words) => Frame::Binary(words.into()),
            Err(error) => Frame::Binary(error.into_bytes().into()),
        };
        bot.handle_frame(now, frame.clone());
        platform.handle_frame(now, frame);
        drain(&mut bot);
        while let Some(asked) = platform.poll_event() {
            match asked {
                Asked::Subscribe(subscription) => platform.admit(subscription.echo),
                Asked::Command(command) => drop(command.into_request()),
            }
        }
        drain(&mut platform);
    }
    bot.handle_timeout(now + Duration::from_secs(60));
    drain(&mut bot);
});

fn read(bytes: &[u8]) {
    if let Ok(callback) = Callback::from_slice(bytes) {
        let written = serde_json::to_vec(&callback).expect("a callback can be written");
        let again = Callback::from_slice(&written).expect("what was written can be read");
        assert_eq!(again, callback);
    }
    if let Ok(reply) = serde_json::from_slice::<Reply>(bytes) {
        let written = serde_json::to_vec(&reply).expect("a reply can be written");
        let again: Reply = serde_json::from_slice(&written).expect("what was written can be read");
        assert_eq!(again, reply);
        let _ = reply.check();
    }
}

fn drain<S: Session>(session: &mut S) {
    while session.poll_event().is_some() {}
    while session.poll_answer().is_some() {}
    while let Some(frame) = session.poll_send() {
        if let Frame::Text(text) = frame {
            std::str::from_utf8(&text).expect("text frames are UTF-8");
        }
    }
}
