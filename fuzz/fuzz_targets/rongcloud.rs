//! RongCloud's callbacks and logs: any body, any address and any line is taken or refused, and
//! what is written is read back the same.
#![no_main]

use std::time::SystemTime;

use libfuzzer_sys::fuzz_target;
use mynah_core::http::{Method, Request};
use mynah_core::{Bytes, HttpResponse, Inbound, Received};
use mynah_rongcloud::event::Event;
use mynah_rongcloud::history::{Archive, Record, Records, pack};
use mynah_rongcloud::inbound::{CallbackSecret, SignatureNames, Verdict};
use mynah_rongcloud::{App, RongCloud};

/// Escaped three times as long, it is still a body; with a list around it, JSON is still no deeper
/// than its reader goes.
fn fits(bytes: &[u8]) -> bool {
    let deep = bytes.iter().filter(|byte| matches!(byte, b'[' | b'{')).count();
    bytes.len() <= 1 << 16 && deep < 100
}

fuzz_target!(|bytes: &[u8]| {
    if !fits(bytes) {
        return;
    }
    let app = App::new("rc-sandbox", "sandbox-secret").expect("an application");
    let secret = CallbackSecret::new(app);
    let now = SystemTime::UNIX_EPOCH;

    // From outside: nobody knows the secret of the application.
    let queries = ["nonce=0&timestamp=0&signature=0".to_owned(), String::from_utf8_lossy(bytes).into_owned()];
    for address in queries.map(|query| format!("/?{query}").parse()).into_iter().flatten() {
        let mut outside = Request::new(Bytes::copy_from_slice(bytes));
        *outside.method_mut() = Method::POST;
        *outside.uri_mut() = address;
        assert!(RongCloud::verify(&secret, &outside, now).is_err());
    }

    // From the platform: any body, as a form and as JSON.
    for event in [Some(Event::from_form(bytes)), Event::from_json(bytes).ok()].into_iter().flatten() {
        for names in [SignatureNames::Current, SignatureNames::Of2020, SignatureNames::Of2014] {
            let pushed = RongCloud::push(&secret.clone().names(names), &event, 0, now);
            let Ok(Received::Event(arrival)) = RongCloud::verify(&secret, &pushed, now) else {
                panic!("{event:?} is pushed, not received");
            };
            assert_eq!(arrival.event, event);
            assert_eq!(arrival.dedupe, event.dedupe_key());
            let _ = arrival.reply.acknowledge();
        }
        match event {
            Event::Route(message) => drop(message.said()),
            Event::Check(check) => drop(check.said()),
            Event::Audit(result) => drop(result.audited().map(|audited| audited.said())),
            _ => {}
        }
    }
    let _ = Verdict::of(&HttpResponse::new(Bytes::copy_from_slice(bytes)));

    // What was said within an hour, unpacked and packed.
    let records: Vec<Record> = Records::of(bytes).flatten().collect();
    let zip = pack("2014010101", &records).expect("records fit into an archive");
    let mut archive = Archive::of(&zip).expect("what was packed can be opened");
    let again: Result<Vec<Record>, _> = archive.records().expect("it is packed in a way we read").collect();
    assert_eq!(again.expect("what was written can be read"), records);
    if let Ok(mut archive) = Archive::of(bytes)
        && let Ok(records) = archive.records()
    {
        // A bomb would take its time, not its room.
        let _ = records.take(1000).count();
    }
});
