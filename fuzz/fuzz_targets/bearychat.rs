//! BearyChat's requests, queries, times, frames and posts: any bytes are taken or refused, and what
//! was read and written is read back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mynah_bearychat::api::message::{CreateMessage, QueryMessages};
use mynah_bearychat::event::Event;
use mynah_bearychat::hook::OutgoingAnswer;
use mynah_bearychat::platform::token_of;
use mynah_bearychat::{IncomingHook, MessageKey, Moment, text};
use mynah_core::http::header::CONTENT_TYPE;
use mynah_core::http::{HeaderValue, Method, Request};
use mynah_core::{
    BaseUrl, Bytes, Endpoint, HttpRequest, HttpResponse, decode_request, encode_request,
};

/// Whatever a request holds, it is refused or read; and what was read and written once does not
/// change any more.
fn settles<E: Endpoint>(request: &HttpRequest) {
    let base: BaseUrl = "http://127.0.0.1".parse().expect("an address");
    let Ok(endpoint) = decode_request::<E>(request) else {
        return;
    };
    let Ok(once) = encode_request(&base, &endpoint) else {
        return;
    };
    let again = decode_request::<E>(&once).expect("what was written can be read");
    let twice = encode_request(&base, &again).expect("what was read can be written");
    assert_eq!(once.body(), twice.body());
}

fuzz_target!(|bytes: &[u8]| {
    let body = Bytes::copy_from_slice(bytes);
    for kind in ["application/json", "application/x-www-form-urlencoded"] {
        let mut request = Request::new(body.clone());
        *request.method_mut() = Method::POST;
        let kind = HeaderValue::from_static(kind);
        request.headers_mut().insert(CONTENT_TYPE, kind);
        let _ = token_of(&request);
        settles::<QueryMessages>(&request);
        settles::<CreateMessage>(&request);
        settles::<mynah_bearychat::api::incoming::SendIncoming>(&request);
    }

    let response = HttpResponse::new(body);
    if let Ok(payload) = CreateMessage::open(&response)
        && let Ok(message) = CreateMessage::read(&response.clone().map(|_| payload))
    {
        let written = CreateMessage::write(Ok(message.clone()));
        let payload = CreateMessage::open(&written).expect("what was sealed can be opened");
        let again = CreateMessage::read(&written.map(|_| payload));
        assert_eq!(again.expect("what was written can be read"), message);
    }
    let _ = OutgoingAnswer::of(&response);

    if let Ok(event) = Event::from_slice(bytes) {
        let written = serde_json::to_vec(&event).expect("an event can be written");
        let again = Event::from_slice(&written).expect("what was written can be read");
        assert_eq!(again, event);
    }

    let words = String::from_utf8_lossy(bytes);
    let _ = (IncomingHook::of(&words), Moment::from(&*words).time());
    if let Some(place) = MessageKey::from(&*words).place() {
        assert_eq!(MessageKey::from(place).as_str(), words);
    }
    let _ = text::mentions(&words);
});
