//! Signatures of custom robots and of pages (`signature.json`, `requests.json`).

use std::time::{Duration, Instant, SystemTime};

use mynah_core::{Auth, Cx, HttpRequest, Step, encode_request};
use mynah_dingtalk::api::robot::SendWebhook;
use mynah_dingtalk::auth::{is_fresh, sign};
use mynah_dingtalk::{RobotKey, Secret, jsapi_signature};
use proptest::prelude::*;
use serde::Deserialize;

use crate::table::base;
use crate::vectors::{SIGNATURE, traffic};

#[derive(Deserialize)]
struct Vectors {
    custom_robot: Vec<Robot>,
    jsapi: Vec<Page>,
}

#[derive(Deserialize)]
struct Robot {
    timestamp_ms: u64,
    secret: String,
    sign_base64: Option<String>,
    webhook: String,
}

#[derive(Deserialize)]
struct Page {
    ticket: String,
    url: String,
    noncestr: String,
    timestamp_ms: i64,
    result: Signed,
}

#[derive(Deserialize)]
struct Signed {
    signature: String,
}

fn vectors() -> Vectors {
    serde_json::from_str(SIGNATURE).unwrap()
}

fn at(milliseconds: u64) -> Cx {
    Cx {
        now: Instant::now(),
        wall: SystemTime::UNIX_EPOCH + Duration::from_millis(milliseconds),
        nonce: 0,
    }
}

/// A message as it goes out at a time.
fn sent(mut robot: RobotKey, milliseconds: u64) -> HttpRequest {
    let mut request = encode_request(&base(), &SendWebhook::new("hi")).unwrap();
    let step = robot.authorize(&mut request, at(milliseconds)).unwrap();
    assert!(matches!(step, Step::Ready(_)));
    request
}

#[test]
fn a_robot_signs_as_the_peer_does_and_escapes_once() {
    let mut signed = 0;
    for robot in vectors().custom_robot {
        let Some(expected) = robot.sign_base64 else {
            // The peer does not sign with a secret that does not begin with SEC; nor do we when
            // we are given none.
            let request = sent(RobotKey::of(&robot.webhook).unwrap(), robot.timestamp_ms);
            assert_eq!(request.uri().to_string(), robot.webhook);
            continue;
        };
        let secret = Secret::from(robot.secret.as_str());
        assert_eq!(sign(&robot.timestamp_ms.to_string(), &secret), expected);
        let key = RobotKey::new("66727e9").signing(robot.secret);
        let request = sent(key, robot.timestamp_ms);
        assert_eq!(request.uri().to_string(), robot.webhook);
        signed += 1;
    }
    assert_eq!(signed, 4);
}

#[test]
fn the_query_is_the_recorded_one_byte_by_byte() {
    let mut compared = 0;
    for recorded in traffic() {
        let Some(raw) = recorded.request.raw_query else {
            continue;
        };
        let key = RobotKey::new("66727e9");
        let secret = match recorded.name.as_str() {
            "robot.send.text.unsigned" => None,
            "robot.send.error.sign" => Some("SECwrong"),
            _ => Some("SEC0123456789abcdef"),
        };
        let key = match secret {
            Some(secret) => key.signing(secret),
            None => key,
        };
        let request = sent(key, 1_700_000_000_000);
        assert_eq!(request.uri().query(), Some(raw.as_str()));
        compared += 1;
    }
    assert!(compared > 8, "{compared}");
}

#[test]
fn every_message_is_signed_anew() {
    let robot = RobotKey::new("k").signing("SECsandbox");
    let queries = [1_700_000_000_000, 1_700_000_000_001].map(|time| {
        let request = sent(robot.clone(), time);
        request.uri().query().unwrap().to_owned()
    });
    assert_ne!(queries[0], queries[1]);
}

#[test]
fn a_page_is_signed_as_the_peer_does() {
    let pages = vectors().jsapi;
    assert_eq!(pages.len(), 2);
    for page in pages {
        let signature = jsapi_signature(&page.ticket, &page.noncestr, page.timestamp_ms, &page.url);
        assert_eq!(signature, page.result.signature);
    }
}

#[test]
fn the_address_of_a_robot_gives_its_key_and_no_other_address_does() {
    let key = RobotKey::of("https://oapi.dingtalk.com/robot/send?access_token=66727e9").unwrap();
    assert_eq!(key, RobotKey::new("66727e9"));
    assert_eq!(RobotKey::of("66727e9").unwrap(), key);
    assert_eq!(format!("{:?}", key.signing("SECx")), "RobotKey(…)");
    for address in [
        "https://oapi.dingtalk.com/robot/send",
        "https://oapi.dingtalk.com/robot/send?access_token=",
        "https://oapi.dingtalk.com/chat/send?access_token=66727e9",
    ] {
        let error = RobotKey::of(address).unwrap_err().to_string();
        assert!(!error.contains("66727e9"), "{error}");
    }
}

proptest! {
    #[test]
    fn a_time_is_fresh_for_an_hour_on_either_side(now in 4_000_000..u64::from(u32::MAX), away in 0..7_200_000_u64) {
        let clock = SystemTime::UNIX_EPOCH + Duration::from_millis(now);
        let fresh = away <= 3_600_000;
        prop_assert_eq!(is_fresh(&(now + away).to_string(), clock), fresh);
        if away <= now {
            prop_assert_eq!(is_fresh(&(now - away).to_string(), clock), fresh);
        }
    }

    #[test]
    fn no_text_that_is_no_time_is_fresh(text in "[^0-9]\\PC{0,10}") {
        prop_assert!(!is_fresh(&text, SystemTime::UNIX_EPOCH));
    }
}
