//! WeCom's callbacks: any envelope is opened or refused, any XML is read or refused, and what is
//! written is read back the same.
#![no_main]

use std::time::SystemTime;

use libfuzzer_sys::fuzz_target;
use mynah_core::http::{Method, Request};
use mynah_core::{Bytes, Inbound, Received};
use mynah_crypto::{EncodingAesKey, Envelope};
use mynah_wecom::event::Callback;
use mynah_wecom::inbound::Stamp;
use mynah_wecom::reply::{PassiveMessage, PassiveReply};
use mynah_wecom::{CallbackSecret, Event, WeCom};

fuzz_target!(|bytes: &[u8]| {
    let key = EncodingAesKey::from_bytes(*b"Mynah-sandbox-encoding-aes-key!!");
    let secret = CallbackSecret::application(&"MynahToken123".into(), &key, "ww-sandbox");

    // From outside: nobody knows the token.
    let mut outside = Request::new(Bytes::copy_from_slice(bytes));
    *outside.method_mut() = Method::POST;
    *outside.uri_mut() = "/?msg_signature=0&timestamp=0&nonce=0".parse().expect("an address");
    assert!(WeCom::verify(&secret, &outside, SystemTime::UNIX_EPOCH).is_err());

    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let envelope = Envelope::new("MynahToken123", &key, "ww-sandbox");
    let _ = envelope.open(text);
    assert_eq!(envelope.open(&envelope.seal([7; 16], text)).as_deref(), Ok(text));

    // From the platform: anything that can stand inside.
    let stamp = Stamp { timestamp: 0, nonce: "0".to_owned(), random: [7; 16] };
    let inside = secret.post(text, None, &stamp);
    let received = WeCom::verify(&secret, &inside, SystemTime::UNIX_EPOCH);
    if let Ok(callback) = Callback::read(text) {
        let Ok(Received::Event(arrival)) = received else { panic!("{text:?} is read, not received") };
        assert_eq!(arrival.event, Event::Application(callback.clone()));
        let again = Callback::read(&callback.to_xml()).expect("what was written can be read");
        assert_eq!(again.dedupe_key(), callback.dedupe_key());
        assert_eq!(again, callback);
    }
    if let Ok(message) = PassiveMessage::read(text) {
        let again = PassiveMessage::read(&message.to_xml()).expect("what was written can be read");
        // Cards are typed as JSON, which spells some names no XML can spell.
        let is_card = matches!(message.reply, PassiveReply::UpdateTemplateCard { .. });
        assert!(is_card || again == message, "{message:?} became {again:?}");
    }
});
