//! Frames: both ends of a socket survive whatever the other end sends.
#![no_main]

use std::time::{Duration, Instant};

use libfuzzer_sys::fuzz_target;
use mynah_core::http::Request;
use mynah_core::{Bytes, Frame, Session, Ticket};
use mynah_onebot::socket::{FrameworkSession, ImplementationSession, Limits, Role};

fuzz_target!(|frames: Vec<(bool, Vec<u8>)>| {
    let now = Instant::now();
    let mut framework = FrameworkSession::new(Role::Universal, Limits::default(), now);
    let mut implementation = ImplementationSession::new(Role::Universal, Bytes::from_static(b"{}"));
    let call = Request::post("http://socket/get_status").body(Bytes::from_static(b"{}"));
    let call = call.expect("a request");
    let deadline = now + Duration::from_secs(1);
    let _ = framework.call(now, Ticket(1), &call, deadline);

    for (text, bytes) in frames.into_iter().take(64) {
        let frame = match String::from_utf8(bytes) {
            Ok(words) if text => Frame::Text(words.into()),
            Ok(words) => Frame::Binary(words.into()),
            Err(error) => Frame::Binary(error.into_bytes().into()),
        };
        framework.handle_frame(now, frame.clone());
        implementation.handle_frame(now, frame);
    }
    framework.handle_timeout(deadline);
    drain(&mut framework);
    drain(&mut implementation);
});

fn drain<S: Session>(session: &mut S) {
    while session.poll_event().is_some() {}
    while session.poll_answer().is_some() {}
    while let Some(frame) = session.poll_send() {
        if let Frame::Text(text) = frame {
            std::str::from_utf8(&text).expect("text frames are UTF-8");
        }
    }
}
