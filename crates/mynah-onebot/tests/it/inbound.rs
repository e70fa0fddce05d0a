//! Events over HTTP POST, against what aiocqhttp was recorded to answer.

use std::collections::BTreeMap;
use std::time::SystemTime;

use mynah_core::http::{Method, Request};
use mynah_core::{Arrival, Check, Forged, HttpRequest, HttpResponse, Inbound, Received};
use mynah_onebot::{Event, OneBot, PostSecret, QuickOperation, UserId};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value;

use crate::vectors::{self, EventFile};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignatureFile {
    peer: String,
    algorithm: String,
    how: String,
    cases: Vec<SignatureCase>,
    receiver: Vec<ReceiverCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignatureCase {
    name: String,
    secret: String,
    body: String,
    x_signature: String,
    peer_status: u16,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReceiverCase {
    name: String,
    secret: Option<String>,
    headers: BTreeMap<String, String>,
    body: String,
    status: u16,
    response_content_type: Option<String>,
    response_body: Option<String>,
}

fn signatures() -> SignatureFile {
    vectors::read(vectors::SIGNATURE)
}

fn secret(secret: &str) -> PostSecret {
    PostSecret::new(&secret.to_owned().into())
}

fn post(headers: &[(&str, &str)], body: &str) -> HttpRequest {
    let mut request = Request::builder().method("POST").uri("/");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body.to_owned().into()).unwrap()
}

fn signed(signature: &str, body: &str) -> HttpRequest {
    let headers = [
        ("content-type", "application/json"),
        ("x-self-id", "10000"),
        ("x-signature", signature),
    ];
    post(&headers, body)
}

type Verified = Result<Received<Event, QuickOperation>, Forged>;

fn verify(secret: &PostSecret, request: &HttpRequest) -> Verified {
    OneBot::verify(secret, request, SystemTime::UNIX_EPOCH)
}

/// What the caller gets when the handler answers with `operation`.
fn respond(verified: Verified, operation: Option<QuickOperation>) -> HttpResponse {
    match (verified, operation) {
        (Ok(Received::Event(arrival)), Some(operation)) => arrival.reply.answer(operation),
        (Ok(Received::Event(arrival)), None) => arrival.reply.acknowledge(),
        (Ok(Received::Challenge(response)), _) => response,
        (Err(forged), _) => {
            let mut response = HttpResponse::default();
            *response.status_mut() = forged.status.try_into().unwrap();
            response
        }
    }
}

fn arrival(verified: Verified) -> Arrival<Event, QuickOperation> {
    match verified.unwrap() {
        Received::Event(arrival) => arrival,
        Received::Challenge(response) => panic!("{response:?}"),
    }
}

fn check(verified: Verified) -> (u16, Check) {
    let forged = verified.unwrap_err();
    (forged.status, forged.check)
}

#[test]
fn recorded_signatures_are_accepted_and_no_others() {
    let file = signatures();
    assert_eq!(file.peer, "aiocqhttp 1.4.4");
    assert!(
        file.algorithm
            .starts_with(r#"X-Signature: "sha1=" + lower"#)
    );
    assert!(file.how.contains("every case was POSTed to the peer"));
    assert_eq!(file.cases.len(), 7);
    for case in file.cases {
        let rules = secret(&case.secret);
        let name = &case.name;
        let request = signed(&case.x_signature, &case.body);
        let status = respond(verify(&rules, &request), None).status();
        assert_eq!(status, case.peer_status, "{name}");

        let stranger = secret(&format!("{}!", case.secret));
        let expected = (403, Check::Signature);
        assert_eq!(check(verify(&stranger, &request)), expected, "{name}");
        let longer = signed(&case.x_signature, &format!("{} ", case.body));
        assert_eq!(check(verify(&rules, &longer)), expected, "{name}");
    }
}

#[test]
fn the_receiver_answers_as_recorded() {
    let file = signatures();
    assert_eq!(file.receiver.len(), 16);
    for case in file.receiver {
        let rules = case.secret.as_deref().map_or(PostSecret::none(), secret);
        let headers: Vec<_> = case
            .headers
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect();
        let verified = verify(&rules, &post(&headers, &case.body));
        // In one case there is a handler that answers.
        let answer = (case.status == 200).then(|| case.response_body.as_deref().unwrap());
        let operation = answer.map(|body| serde_json::from_str(body).unwrap());
        let response = respond(verified, operation);
        assert_eq!(response.status(), case.status, "{}", case.name);
        let media_type = response.headers().get("content-type");
        match case.status {
            200 => {
                assert_eq!(
                    case.response_content_type.as_deref(),
                    Some("application/json")
                );
                assert_eq!(media_type.unwrap(), "application/json");
                let recorded: Value = serde_json::from_str(&case.response_body.unwrap()).unwrap();
                assert_eq!(
                    serde_json::from_slice::<Value>(response.body()).unwrap(),
                    recorded
                );
            }
            204 => {
                // Quart names a media type even for no body at all.
                let recorded = case.response_content_type.as_deref();
                assert_eq!(recorded, Some("text/html; charset=utf-8"), "{}", case.name);
                assert_eq!(case.response_body.as_deref(), Some(""), "{}", case.name);
                assert_eq!((media_type, response.body().len()), (None, 0));
            }
            _ => {
                assert_eq!(
                    (case.response_content_type, case.response_body),
                    (None, None)
                );
                assert!(response.body().is_empty(), "{}", case.name);
            }
        }
    }
}

#[test]
fn each_refusal_names_its_check() {
    let rules = secret("sandbox-secret").only(UserId(10000));
    let body = r#"{"self_id":10000,"post_type":"notice","notice_type":"friend_add","user_id":1}"#;
    let event = Event::from_slice(body.as_bytes()).unwrap();
    let good = OneBot::push(&rules, &event, 0, SystemTime::UNIX_EPOCH);
    assert!(verify(&rules, &good).is_ok());

    let with = |change: fn(&mut HttpRequest)| {
        let mut request = good.clone();
        change(&mut request);
        check(verify(&rules, &request))
    };
    assert_eq!(
        with(|it| *it.method_mut() = Method::GET),
        (405, Check::Form)
    );
    let header = |name: &'static str| {
        let mut request = good.clone();
        request.headers_mut().remove(name);
        check(verify(&rules, &request))
    };
    assert_eq!(header("content-type"), (400, Check::Form));
    assert_eq!(header("x-self-id"), (400, Check::Form));
    assert_eq!(header("x-signature"), (401, Check::SignatureMissing));

    let other = Event::from_slice(body.replace("10000", "20000").as_bytes()).unwrap();
    let other = OneBot::push(&rules, &other, 0, SystemTime::UNIX_EPOCH);
    assert_eq!(check(verify(&rules, &other)), (403, Check::Receiver));
    assert!(verify(&secret("sandbox-secret"), &other).is_ok());

    let malformed = check(verify(&PostSecret::none(), &signed("", "{oops")));
    assert_eq!(malformed, (400, Check::Body));
}

#[test]
fn nothing_secret_shows() {
    let rules = secret("sandbox-secret").only(UserId(10000));
    let shown = format!("{rules:?}");
    assert!(!shown.contains("sandbox-secret"), "{shown}");
    let forged = verify(&rules, &signed("sha1=0123456789", "{}")).unwrap_err();
    assert!(!forged.to_string().contains("0123456789"), "{forged}");
    assert!(forged.to_string().contains("15 bytes"), "{forged}");
}

#[test]
fn what_is_pushed_is_verified() {
    let file: EventFile = vectors::read(vectors::EVENTS);
    for rules in [
        PostSecret::none(),
        secret("sandbox-secret"),
        secret("密钥🔑"),
    ] {
        for case in &file.events {
            let event = Event::from_slice(&case.bytes()).unwrap();
            let request = OneBot::push(&rules, &event, 0, SystemTime::UNIX_EPOCH);
            assert_eq!(request.headers()["x-self-id"], event.self_id().to_string());
            let arrival = arrival(verify(&rules, &request));
            assert_eq!(arrival.event, event, "{}", case.name);
            assert_eq!(arrival.raw, request.body(), "{}", case.name);
            assert_eq!(arrival.dedupe, event.dedupe_key().into());
            assert_eq!(arrival.dedupe.to_string(), event.dedupe_key().to_string());
        }
    }
}

/// Other events than messages are written in the order of the recorded
/// fields, and so with the recorded signature.
#[test]
fn a_push_is_signed_as_recorded() {
    let mut signed = Vec::new();
    for case in signatures().cases {
        let Ok(event) = Event::from_slice(case.body.as_bytes()) else {
            continue;
        };
        if event.message().is_some() {
            continue;
        }
        let rules = secret(&case.secret);
        let request = OneBot::push(&rules, &event, 0, SystemTime::UNIX_EPOCH);
        assert_eq!(request.method(), Method::POST);
        assert_eq!(request.headers()["content-type"], "application/json");
        assert_eq!(request.body().as_ref(), case.body.as_bytes());
        assert_eq!(request.headers()["x-signature"], case.x_signature);
        signed.push(case.name);
    }
    let names = [
        "heartbeat",
        "unicode secret",
        "secret longer than the block size",
    ];
    assert_eq!(signed, names);
}

#[test]
fn an_operation_without_content_is_none() {
    let rules = PostSecret::none();
    let request = signed(
        "",
        r#"{"post_type":"notice","notice_type":"friend_add","user_id":1}"#,
    );
    let response = respond(verify(&rules, &request), Some(QuickOperation::default()));
    assert_eq!(
        (response.status().as_u16(), response.body().len()),
        (204, 0)
    );
}

#[derive(Deserialize)]
struct SeedFile {
    cases: Vec<SeedCase>,
}

#[derive(Deserialize)]
struct SeedCase {
    name: String,
    event: Value,
    signature: String,
    status: u16,
    body: Option<String>,
}

/// What we answer where the seed was recorded to answer with `status`.
///
/// It refused whatever it had no handler for, with a 400 or a crash. Later
/// versions acknowledge that, and so do we.
fn answered_instead_of(case: &SeedCase) -> u16 {
    match case.status {
        200 if case.body.as_deref() != Some("") => 200,
        401 | 403 => case.status,
        200 | 400 | 500 => 204,
        other => panic!("{other}"),
    }
}

#[test]
fn the_receiver_of_the_seed_is_matched() {
    let file: SeedFile = vectors::read(vectors::SEED_RECEIVER);
    assert_eq!(file.cases.len(), 15);
    let rules = secret("sandbox-secret");
    for case in file.cases {
        let body = case.event.to_string();
        let tag = mynah_crypto::hmac_sha1(b"sandbox-secret", body.as_bytes());
        let signature = format!("sha1={}", mynah_crypto::hex(&tag));
        let mut request = signed(&signature, &body);
        match case.signature.as_str() {
            "valid" => {}
            "none" => drop(request.headers_mut().remove("x-signature")),
            "invalid" => request = signed(&signature.replace('=', "=0"), &body),
            other => panic!("{other}"),
        }
        let recorded = case.body.as_deref().filter(|body| !body.is_empty());
        let operation = recorded.map(|body| serde_json::from_str(body).unwrap());
        let response = respond(verify(&rules, &request), operation);
        assert_eq!(
            response.status(),
            answered_instead_of(&case),
            "{}",
            case.name
        );
        if let Some(recorded) = recorded {
            let recorded: Value = serde_json::from_str(recorded).unwrap();
            let answered: Value = serde_json::from_slice(response.body()).unwrap();
            assert_eq!(answered, recorded, "{}", case.name);
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(body: Vec<u8>, signature in "\\PC*", key in "\\PC*") {
        let mut request = Request::new(body.into());
        *request.method_mut() = Method::POST;
        let headers = request.headers_mut();
        headers.insert("content-type", "application/json".parse().unwrap());
        headers.insert("x-self-id", "1".parse().unwrap());
        if let Ok(signature) = signature.parse() {
            headers.insert("x-signature", signature);
        }
        let outcome = verify(&secret(&key), &request);
        prop_assert!(outcome.is_err() || key.is_empty());
    }
}
