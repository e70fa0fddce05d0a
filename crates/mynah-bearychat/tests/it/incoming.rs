//! What may be posted to an incoming hook.

use mynah_bearychat::api::incoming::SendIncoming;
use mynah_core::{Endpoint, HttpRequest, Method, decode_request, encode_request, post};
use serde_json::{Value, json};

use crate::{examples, helpers};

/// Whether the payload may be posted: a server can read it, and a client would send it.
fn may_be_posted(payload: &Value) -> bool {
    let request = post("application/json", payload.to_string());
    decode_request::<SendIncoming>(&request).is_ok_and(|incoming| incoming.check().is_ok())
}

#[test]
fn what_the_official_client_refuses_is_refused() {
    let mut valid = 0;
    for case in helpers()["incoming_validate"].as_array().unwrap() {
        let input = &case["input"];
        // It looks whether there is a title and not at it; null says nothing.
        let no_title = input["attachments"] == json!([{"title": null}]);
        let expected = case["valid"] == true && !no_title;
        assert_eq!(may_be_posted(input), expected, "{input}");
        valid += u32::from(expected);
    }
    assert_eq!(valid, 6);
}

#[test]
fn the_documented_payloads_are_read_and_written() {
    let mut read = 0;
    for example in examples() {
        if example["transport"] != "incoming-webhook" {
            continue;
        }
        let payload = &example["payload"];
        assert!(may_be_posted(payload), "{payload}");
        let request = match example["form"][0][1].as_str() {
            None => post("application/json", payload.to_string()),
            // As curl sends it: not escaped.
            Some(text) => post(
                "application/x-www-form-urlencoded",
                format!("payload={text}"),
            ),
        };
        let incoming = decode_request::<SendIncoming>(&request).unwrap();
        let base = "http://127.0.0.1:7700/bearychat/hook".parse().unwrap();
        let again: HttpRequest = encode_request(&base, &incoming).unwrap();
        assert_eq!(SendIncoming::META.method, Method::Post);
        assert_eq!(
            serde_json::from_slice::<Value>(again.body()).unwrap(),
            *payload
        );
        read += 1;
    }
    assert_eq!(read, 4);
}
