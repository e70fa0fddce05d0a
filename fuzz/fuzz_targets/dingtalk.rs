//! DingTalk's callbacks over HTTP: any body and any address is taken or refused, any event and any
//! message is read or refused, and what is written is read back the same.
#![no_main]

use std::time::SystemTime;

use libfuzzer_sys::fuzz_target;
use mynah_core::http::{Method, Request};
use mynah_core::{Bytes, Inbound, Received};
use mynah_crypto::EncodingAesKey;
use mynah_dingtalk::event::{Callback, Format};
use mynah_dingtalk::inbound::Stamp;
use mynah_dingtalk::robot::RobotMessage;
use mynah_dingtalk::{CallbackSecret, DingTalk, Event};

fuzz_target!(|bytes: &[u8]| {
    let key = EncodingAesKey::from_bytes(*b"Mynah-sandbox-encoding-aes-key!!");
    let secret = CallbackSecret::events("MynahToken123", &key, ["ding-sandbox-corp", "ding-sandbox"])
        .and_robot("sandbox-secret");
    let now = SystemTime::UNIX_EPOCH;

    // From outside: nobody knows the token, nor the secret of the application.
    for address in ["/", "/?msg_signature=0&timestamp=0&nonce=0"] {
        let mut outside = Request::new(Bytes::copy_from_slice(bytes));
        *outside.method_mut() = Method::POST;
        *outside.uri_mut() = address.parse().expect("an address");
        assert!(DingTalk::verify(&secret, &outside, now).is_err());
    }

    if let Ok(message) = RobotMessage::from_slice(bytes) {
        let written = message.to_json().to_string();
        let again = RobotMessage::from_slice(written.as_bytes()).expect("what was written can be read");
        assert_eq!(again, message);
        let event = Event::from(message);
        let pushed = DingTalk::push(&secret, &event, 0, now);
        let Ok(Received::Event(arrival)) = DingTalk::verify(&secret, &pushed, now) else {
            panic!("{event:?} is pushed, not received");
        };
        assert_eq!(arrival.event, event);
    }

    // From the platform: anything that can stand inside.
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let stamp = Stamp { timestamp: 0, nonce: "0".to_owned(), random: [7; 16] };
    let received = DingTalk::verify(&secret, &secret.post(text, &stamp), now);
    if let Ok(callback) = Callback::from_slice(bytes) {
        let again = Callback::from_slice(callback.to_json().to_string().as_bytes());
        assert_eq!(again.expect("what was written can be read"), callback);
        for format in [Format::Registered, Format::Console, Format::Stream, Format::DataPush] {
            let _ = callback.in_format(format).to_json();
        }
        match received {
            Ok(Received::Event(arrival)) => assert_eq!(arrival.event, Event::Callback(callback)),
            Ok(Received::Challenge(_)) => assert!(callback.is_check()),
            Err(forged) => panic!("{text:?} is read, not received: {forged}"),
        }
    }
});
