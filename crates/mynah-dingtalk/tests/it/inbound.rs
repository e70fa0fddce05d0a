//! Callbacks over HTTP: what verifies, what is refused and why, what goes back.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use mynah_core::http::{Method, Uri};
use mynah_core::{
    Arrival, Bytes, Check, DedupeKey, Forged, HttpRequest, HttpResponse, Inbound, Received,
};
use mynah_dingtalk::event::{Callback, Kind};
use mynah_dingtalk::inbound::{
    Answer, CallbackSecret, EVENT_PATIENCE, Event, LARGEST_BODY, NoSuccess, ROBOT_PATIENCE, Sealed,
    Stamp, aim,
};
use mynah_dingtalk::robot::RobotMessage;
use mynah_dingtalk::{DingTalk, WebhookMessage};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use super::events::{sample, samples};

const NOW: u64 = 1_700_000_000;

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW)
}

#[derive(Deserialize)]
struct Crypto {
    signature: Vec<Value>,
    encrypt: Vec<Encrypted>,
    decrypt: Vec<Decrypted>,
    decrypt_errors: Vec<Decrypted>,
}

#[derive(Deserialize)]
struct Encrypted {
    token: String,
    encoding_aes_key: String,
    id: String,
    random16: String,
    msg: String,
    output: Value,
}

#[derive(Deserialize)]
struct Decrypted {
    note: String,
    token: String,
    encoding_aes_key: String,
    id: String,
    signature: String,
    timestamp: String,
    nonce: String,
    body: Option<Value>,
    body_text: Option<String>,
    msg: Option<String>,
    raises: Option<Value>,
}

fn crypto() -> Crypto {
    serde_json::from_str(include_str!("../vectors/crypto.json")).unwrap()
}

fn secret_of(token: &str, key: &str, id: &str) -> CallbackSecret {
    CallbackSecret::events(token, &key.parse().unwrap(), [id])
}

const KEY: &str = "4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij";

fn secret() -> CallbackSecret {
    secret_of("123456", KEY, "ding-sandbox-corp")
}

fn robot() -> CallbackSecret {
    CallbackSecret::robot("sandbox-secret")
}

impl Decrypted {
    fn secret(&self) -> CallbackSecret {
        secret_of(&self.token, &self.encoding_aes_key, &self.id)
    }

    fn body(&self) -> String {
        match (&self.body, &self.body_text) {
            (Some(body), _) => body.to_string(),
            (None, Some(text)) => text.clone(),
            (None, None) => panic!("{}: no body", self.note),
        }
    }

    /// The request that the platform would have made.
    fn request(&self) -> HttpRequest {
        let query = format!(
            "msg_signature={}&timestamp={}&nonce={}",
            self.signature, self.timestamp, self.nonce
        );
        let mut request = HttpRequest::new(self.body().into());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = format!("/callback?{query}").parse().unwrap();
        request
    }

    fn sealed(&self) -> Sealed {
        let body: Value = serde_json::from_str(&self.body()).unwrap();
        Sealed {
            msg_signature: self.signature.clone(),
            timestamp: self.timestamp.clone(),
            nonce: self.nonce.clone(),
            encrypt: body["encrypt"].as_str().unwrap().to_owned(),
        }
    }
}

fn verify(
    secret: &CallbackSecret,
    request: &HttpRequest,
) -> Result<Received<Event, Answer>, Forged> {
    DingTalk::verify(secret, request, now())
}

fn arrival(secret: &CallbackSecret, request: &HttpRequest) -> Arrival<Event, Answer> {
    match verify(secret, request) {
        Ok(Received::Event(arrival)) => arrival,
        other => panic!("{other:?}"),
    }
}

/// Which check refuses it; everything is refused with 403.
fn refusal(secret: &CallbackSecret, request: &HttpRequest) -> Check {
    match verify(secret, request) {
        Err(forged) => {
            assert_eq!(forged.status, 403, "{forged}");
            for word in ["123456", KEY, "sandbox-secret"] {
                assert!(!forged.detail.contains(word), "{forged}");
            }
            forged.check
        }
        Ok(received) => panic!("{received:?}"),
    }
}

fn title() -> Event {
    let payload = sample("chat_update_title.legacy").payload.to_string();
    Callback::from_slice(payload.as_bytes()).unwrap().into()
}

fn hello() -> Event {
    let payload = sample("robot.message.text.group").payload.to_string();
    RobotMessage::from_slice(payload.as_bytes()).unwrap().into()
}

fn push(secret: &CallbackSecret, event: &Event) -> HttpRequest {
    DingTalk::push(secret, event, 7, now())
}

fn with_uri(mut request: HttpRequest, change: impl Fn(String) -> String) -> HttpRequest {
    *request.uri_mut() = change(request.uri().to_string()).parse().unwrap();
    request
}

// What is encrypted.

#[test]
fn everything_is_encrypted_and_signed_as_it_was_recorded() {
    let cases = crypto().encrypt;
    assert_eq!(cases.len(), 18);
    for case in cases {
        let secret = secret_of(&case.token, &case.encoding_aes_key, &case.id);
        let stamp = Stamp {
            // Where the peer was given none it made some.
            timestamp: case.output["timeStamp"].as_str().unwrap().parse().unwrap(),
            nonce: case.output["nonce"].as_str().unwrap().to_owned(),
            random: *case.random16.as_bytes().first_chunk().unwrap(),
        };
        let sealed = secret.seal(&case.msg, &stamp).unwrap();
        assert_eq!(
            serde_json::to_value(&sealed).unwrap(),
            case.output,
            "{:?}",
            case.msg
        );
        let read: Sealed = serde_json::from_value(case.output).unwrap();
        assert_eq!(secret.open(&read), Ok(case.msg));
    }
}

#[test]
fn signatures_are_those_that_were_recorded() {
    let cases = crypto().signature;
    assert_eq!(cases.len(), 3);
    for case in cases {
        let text = |name: &str| case[name].as_str().unwrap().to_owned();
        let secret = secret_of(&text("token"), KEY, "x");
        let sealed = |signature: String| Sealed {
            msg_signature: signature,
            timestamp: text("timestamp"),
            nonce: text("nonce"),
            encrypt: text("encrypt"),
        };
        // The texts are none that could be opened: which check fails tells.
        let right = secret.open(&sealed(text("sha1_hex"))).unwrap_err();
        assert!(
            matches!(right.check, Check::Cipher | Check::Receiver),
            "{right}"
        );
        let wrong = secret.open(&sealed("0".repeat(40))).unwrap_err();
        assert_eq!(wrong.check, Check::Signature);
    }
}

#[test]
fn what_was_recorded_is_decrypted() {
    let cases = crypto().decrypt;
    assert_eq!(cases.len(), 2);
    for case in cases {
        let plain = case.secret().open(&case.sealed()).unwrap();
        assert_eq!(Some(plain), case.msg, "{}", case.note);
        let received = verify(&case.secret(), &case.request());
        assert!(
            matches!(received, Ok(Received::Challenge(_))),
            "{}",
            case.note
        );
    }
}

#[test]
fn what_was_refused_is_refused_for_the_same_reason() {
    let cases = crypto().decrypt_errors;
    assert_eq!(cases.len(), 6);
    for case in cases {
        let check = match case.raises.as_ref().unwrap()["errcode"].as_i64().unwrap() {
            -40001 => Check::Signature,
            -40005 => Check::Receiver,
            other => panic!("{other}"),
        };
        let forged = verify(&case.secret(), &case.request()).unwrap_err();
        assert_eq!((forged.check, forged.status), (check, 403), "{}", case.note);
        assert_eq!(case.secret().open(&case.sealed()).unwrap_err().check, check);
    }
}

#[test]
fn the_id_may_be_any_of_those_that_are_accepted_and_a_mismatch_names_its_length() {
    let key = KEY.parse().unwrap();
    let both = CallbackSecret::events("123456", &key, ["ding-sandbox-corp", "ding-sandbox"]);
    for id in ["ding-sandbox-corp", "ding-sandbox"] {
        let platform = secret_of("123456", KEY, id);
        let arrival = arrival(&both, &push(&platform, &title()));
        assert_eq!(arrival.event, title());
        // Answered with the id that it was for.
        assert_eq!(platform.check_success(&arrival.reply.acknowledge()), Ok(()));
    }
    let other = secret_of("123456", KEY, "suite4xxx");
    let forged = verify(&both, &push(&other, &title())).unwrap_err();
    assert_eq!(forged.check, Check::Receiver);
    assert!(
        forged.detail.contains("9 bytes") && forged.detail.contains("2 ids"),
        "{forged}"
    );
    assert!(!forged.detail.contains("suite4xxx"));
}

#[test]
fn every_event_is_pushed_and_received_the_same_and_answered_with_success() {
    let names = [".legacy", ".http", ".rds"];
    let mut count = 0;
    for sample in samples() {
        if !names.iter().any(|end| sample.name.ends_with(end)) {
            continue;
        }
        let callback = Callback::from_slice(sample.payload.to_string().as_bytes()).unwrap();
        let event = Event::from(callback);
        let arrival = arrival(&secret(), &push(&secret(), &event));
        assert_eq!(arrival.event, event, "{}", sample.name);
        assert_eq!(arrival.dedupe, event.dedupe_key(), "{}", sample.name);
        assert!(matches!(arrival.replay, Some(DedupeKey::Hash(_))));
        assert_eq!(arrival.reply.within, Some(EVENT_PATIENCE));
        let raw: Value = serde_json::from_slice(&arrival.raw).unwrap();
        assert_eq!(raw, sample.payload, "{}", sample.name);
        let response = arrival.reply.acknowledge();
        assert_eq!(secret().check_success(&response), Ok(()), "{}", sample.name);
        count += 1;
    }
    assert_eq!(count, 22);
}

#[test]
fn the_answer_names_its_members_as_the_platform_wants_them() {
    let arrival = arrival(&secret(), &push(&secret(), &title()));
    let response = arrival
        .reply
        .answer(WebhookMessage::text("not for events").into());
    let kind = response.headers()["content-type"].to_str().unwrap();
    assert!(kind.starts_with("application/json"), "{kind}");
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    let mut names: Vec<_> = body
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["encrypt", "msg_signature", "nonce", "timeStamp"]);
    assert_eq!(body["timeStamp"], "1700000000000");
    assert_eq!(secret().check_success(&response), Ok(()));
}

#[test]
fn a_check_of_the_address_is_answered_with_success_at_once() {
    let check = Event::from(Callback::new(Kind::CheckUrl));
    let Ok(Received::Challenge(response)) = verify(&secret(), &push(&secret(), &check)) else {
        panic!("a challenge");
    };
    assert_eq!(secret().check_success(&response), Ok(()));
}

#[test]
fn the_platform_tells_why_it_does_not_take_an_answer() {
    let answer = |status: u16, body: String| {
        let mut response = HttpResponse::new(body.into());
        *response.status_mut() = status.try_into().unwrap();
        secret().check_success(&response).unwrap_err()
    };
    let stamp = Stamp {
        timestamp: 1,
        nonce: "n".to_owned(),
        random: [1; 16],
    };
    let sealed = |secret: CallbackSecret, plain: &str| {
        serde_json::to_string(&secret.seal(plain, &stamp).unwrap()).unwrap()
    };
    let failed = answer(500, sealed(secret(), "success"));
    assert_eq!(
        (failed.clone(), failed.errcode()),
        (NoSuccess::Status(500), 71012)
    );
    let another = answer(200, sealed(secret(), "LPIdSnlF"));
    assert_eq!(
        (another.clone(), another.errcode()),
        (NoSuccess::Another(8), 71009)
    );
    for body in [
        "success".to_owned(),
        "{}".to_owned(),
        sealed(secret_of("654321", KEY, "x"), "success"),
    ] {
        let undecryptable = answer(200, body);
        assert!(
            matches!(undecryptable, NoSuccess::Sealed(_)),
            "{undecryptable}"
        );
        assert_eq!(undecryptable.errcode(), 71010);
    }
    // A number in the place of the timestamp is as good.
    let mut number: Value = serde_json::from_str(&sealed(secret(), "success")).unwrap();
    number["timeStamp"] = json!(1);
    let response = HttpResponse::new(number.to_string().into());
    assert_eq!(secret().check_success(&response), Ok(()));
}

#[test]
fn the_older_name_of_the_signature_will_do() {
    let request = push(&secret(), &title());
    let query = request.uri().query().unwrap();
    assert!(
        query.starts_with("signature=") && query.contains("&msg_signature="),
        "{query}"
    );
    let older = with_uri(request.clone(), |uri| uri.replace("&msg_signature=", "&x="));
    arrival(&secret(), &older);
    // Where both stand there the newer one counts.
    let wrong = with_uri(request, |uri| {
        uri.replace("msg_signature=", "msg_signature=0")
    });
    assert_eq!(refusal(&secret(), &wrong), Check::Signature);
}

#[test]
fn what_is_not_the_platforms_is_refused_check_by_check() {
    let request = push(&secret(), &title());
    let mut get = request.clone();
    *get.method_mut() = Method::GET;
    assert_eq!(refusal(&secret(), &get), Check::Form);
    let long = request
        .clone()
        .map(|_| Bytes::from(vec![b' '; LARGEST_BODY + 1]));
    assert_eq!(refusal(&secret(), &long), Check::Size);
    for name in ["timestamp", "nonce"] {
        let without = with_uri(request.clone(), |uri| {
            uri.replace(&format!("{name}="), "x=")
        });
        assert_eq!(refusal(&secret(), &without), Check::Form, "{name}");
    }
    let unsigned = with_uri(request.clone(), |uri| uri.replace("signature=", "sig="));
    assert_eq!(refusal(&secret(), &unsigned), Check::SignatureMissing);
    let no_utf8 = with_uri(request.clone(), |uri| uri.replace("nonce=7", "nonce=%FF"));
    assert_eq!(refusal(&secret(), &no_utf8), Check::Form);
    for body in ["", "[]", "{}", r#"{"encrypt":7}"#, "\u{0}"] {
        let bad = request.clone().map(|_| Bytes::from(body));
        assert_eq!(refusal(&secret(), &bad), Check::Body, "{body:?}");
    }
    let changed = request.map(|_| Bytes::from(r#"{"encrypt":"AAAA"}"#));
    assert_eq!(refusal(&secret(), &changed), Check::Signature);
    // Signed properly, by somebody who knows the token and not the key.
    let other = secret_of(
        "123456",
        "o1w0aum42yaptlz8alnhwikjd3jenzt9cb9wmzptgus",
        "ding-sandbox-corp",
    );
    assert_eq!(refusal(&secret(), &push(&other, &title())), Check::Cipher);
    let stamp = Stamp {
        timestamp: 1,
        nonce: "n".to_owned(),
        random: [1; 16],
    };
    for plain in ["", "7", "[]", "{}"] {
        assert_eq!(
            refusal(&secret(), &secret().post(plain, &stamp)),
            Check::Body,
            "{plain}"
        );
    }
}

#[test]
fn a_window_is_kept_where_somebody_wants_one_and_looked_at_after_the_receiver() {
    let fresh = secret().fresh_within(Duration::from_secs(60));
    for (off, taken) in [
        (0_i64, true),
        (60, true),
        (-60, true),
        (61, false),
        (-61, false),
    ] {
        let wall = UNIX_EPOCH + Duration::from_secs(NOW.checked_add_signed(off).unwrap());
        let request = DingTalk::push(&secret(), &title(), 7, wall);
        assert_eq!(verify(&fresh, &request).is_ok(), taken, "{off}");
        assert!(verify(&secret(), &request).is_ok());
        if !taken {
            assert_eq!(refusal(&fresh, &request), Check::Time);
            let other = secret_of("123456", KEY, "other").fresh_within(Duration::from_secs(60));
            assert_eq!(refusal(&other, &request), Check::Receiver);
        }
    }
}

#[test]
fn two_pushes_of_one_event_differ_and_have_the_same_key() {
    let pushed = |nonce| DingTalk::push(&secret(), &title(), nonce, now());
    let (first, second) = (pushed(1), pushed(2));
    assert_ne!(first.body(), second.body());
    let (first, second) = (arrival(&secret(), &first), arrival(&secret(), &second));
    assert_eq!(first.dedupe, second.dedupe);
    assert_ne!(first.replay, second.replay);
}

#[test]
fn a_push_is_aimed_at_an_address_with_a_query_of_its_own() {
    let address: Uri = "http://127.0.0.1:9/hook?bot=1".parse().unwrap();
    let events = aim(push(&secret(), &title()), &address);
    assert_eq!(events.uri().path(), "/hook");
    assert!(
        events
            .uri()
            .query()
            .unwrap()
            .starts_with("bot=1&signature=")
    );
    arrival(&secret(), &events);
    let robot_message = aim(push(&robot(), &hello()), &"http://h/robot".parse().unwrap());
    assert_eq!(robot_message.uri(), "http://h/robot");
}

#[test]
fn secrets_never_show() {
    let both = secret().and_robot("sandbox-secret");
    let shown = format!("{both:?}");
    assert!(shown.contains("ding-sandbox-corp"), "{shown}");
    for word in ["123456", KEY, "sandbox-secret"] {
        assert!(!shown.contains(word), "{shown}");
    }
}

// What people say to a robot.

#[test]
fn a_robots_callback_is_signed_as_it_was_recorded() {
    let signatures: Value =
        serde_json::from_str(include_str!("../vectors/signature.json")).unwrap();
    let cases = signatures["http_callback"].as_array().unwrap();
    assert_eq!(cases.len(), 2);
    for case in cases {
        let secret = CallbackSecret::robot(case["app_secret"].as_str().unwrap());
        let timestamp = case["headers"]["timestamp"].as_str().unwrap();
        let wall = UNIX_EPOCH + Duration::from_millis(timestamp.parse().unwrap());
        let request = DingTalk::push(&secret, &hello(), 0, wall);
        for name in ["timestamp", "sign"] {
            assert_eq!(
                request.headers()[name],
                case["headers"][name].as_str().unwrap()
            );
        }
        assert!(DingTalk::verify(&secret, &request, wall).is_ok());
        // The headers as they were recorded, with any body.
        let mut recorded = HttpRequest::new(request.body().clone());
        *recorded.method_mut() = Method::POST;
        for name in ["timestamp", "sign"] {
            let value = case["headers"][name].as_str().unwrap();
            recorded.headers_mut().insert(name, value.parse().unwrap());
        }
        let Ok(Received::Event(arrival)) = DingTalk::verify(&secret, &recorded, wall) else {
            panic!("{case}");
        };
        assert_eq!(arrival.event, hello());
    }
}

#[test]
fn a_message_is_received_with_its_id_as_the_key_and_no_more() {
    let arrival = arrival(&robot(), &push(&robot(), &hello()));
    assert_eq!(arrival.event, hello());
    assert_eq!(arrival.dedupe, DedupeKey::Word("msg0xxxxx".into()));
    // The signature is the same for all messages of one millisecond.
    assert_eq!(arrival.replay, None);
    assert_eq!(arrival.reply.within, Some(ROBOT_PATIENCE));
}

#[test]
fn a_robot_says_something_in_its_response_or_an_empty_message() {
    let reply = |answer: Option<Answer>| {
        let arrival = arrival(&robot(), &push(&robot(), &hello()));
        match answer {
            Some(answer) => arrival.reply.answer(answer),
            None => arrival.reply.acknowledge(),
        }
    };
    let silent = reply(None);
    assert_eq!(silent.body(), r#"{"msgtype":"empty"}"#);
    assert_eq!(Answer::of(&silent), Ok(None));
    let said = Answer::from(WebhookMessage::text("好").mention("alice"));
    let response = reply(Some(said.clone()));
    assert_eq!(Answer::of(&response), Ok(Some(said)));
    assert_eq!(Answer::of(&HttpResponse::new(Bytes::new())), Ok(None));
    let no_json = Answer::of(&HttpResponse::new("ok".into())).unwrap_err();
    assert_eq!(no_json.check, Check::Body);
}

#[test]
fn the_window_of_a_robots_message_is_one_hour_to_either_side() {
    let at = |millis: i64| {
        let wall = now() + Duration::from_secs(10_000);
        let sent = wall - Duration::from_secs(10_000);
        let sent = UNIX_EPOCH
            + Duration::from_millis(
                u64::try_from(sent.duration_since(UNIX_EPOCH).unwrap().as_millis())
                    .unwrap()
                    .checked_add_signed(millis)
                    .unwrap(),
            );
        verify(&robot(), &DingTalk::push(&robot(), &hello(), 0, sent))
    };
    for millis in [0, 3_600_000, -3_600_000] {
        assert!(at(millis).is_ok(), "{millis}");
    }
    for millis in [3_600_001, -3_600_001] {
        assert_eq!(at(millis).unwrap_err().check, Check::Time, "{millis}");
    }
}

#[test]
fn a_robots_checks_go_from_headers_over_the_time_to_the_signature_and_the_body() {
    let request = push(&robot(), &hello());
    let without = |name: &str| {
        let mut request = request.clone();
        request.headers_mut().remove(name);
        request
    };
    assert_eq!(
        refusal(&robot(), &without("timestamp")),
        Check::SignatureMissing
    );
    assert_eq!(refusal(&robot(), &without("sign")), Check::SignatureMissing);
    let with = |name: &'static str, value: &str| {
        let mut request = request.clone();
        request.headers_mut().insert(name, value.parse().unwrap());
        request
    };
    assert_eq!(refusal(&robot(), &with("timestamp", "soon")), Check::Time);
    assert_eq!(refusal(&robot(), &with("timestamp", "1")), Check::Time);
    assert_eq!(
        refusal(&robot(), &with("timestamp", "1700000000001")),
        Check::Signature
    );
    assert_eq!(refusal(&robot(), &with("sign", "")), Check::Signature);
    assert_eq!(refusal(&robot(), &with("sign", "AAAA")), Check::Signature);
    // Percent-encoded, as in the address of a custom robot.
    let sign = request.headers()["sign"]
        .to_str()
        .unwrap()
        .replace('=', "%3D");
    assert_eq!(refusal(&robot(), &with("sign", &sign)), Check::Signature);
    let other = CallbackSecret::robot("another-secret");
    assert_eq!(refusal(&other, &request), Check::Signature);
    for body in ["", "[]", "{}"] {
        let bad = request.clone().map(|_| Bytes::from(body));
        assert_eq!(refusal(&robot(), &bad), Check::Body, "{body}");
    }
    let mut get = request.clone();
    *get.method_mut() = Method::GET;
    assert_eq!(refusal(&robot(), &get), Check::Form);
}

#[test]
fn one_address_may_take_both() {
    let both = secret().and_robot("sandbox-secret");
    assert_eq!(arrival(&both, &push(&secret(), &title())).event, title());
    assert_eq!(arrival(&both, &push(&robot(), &hello())).event, hello());
    assert_eq!(arrival(&both, &push(&both, &title())).event, title());
    assert_eq!(arrival(&both, &push(&both, &hello())).event, hello());
    // One alone does not take the other.
    assert_eq!(refusal(&secret(), &push(&robot(), &hello())), Check::Form);
    assert_eq!(
        refusal(&robot(), &push(&secret(), &title())),
        Check::SignatureMissing
    );
    let unsigned = push(&robot(), &title());
    assert_eq!(refusal(&both, &unsigned), Check::SignatureMissing);
}

proptest! {
    #[test]
    fn nobody_who_does_not_know_the_secret_gets_in(
        body in prop::collection::vec(any::<u8>(), 0..200),
        query in "[a-z_]{0,9}=?[0-9a-f%&=]{0,60}",
        header in "[0-9A-Za-z+/=]{0,50}",
    ) {
        let mut request = HttpRequest::new(body.into());
        *request.method_mut() = Method::POST;
        if let Ok(uri) = format!("/?msg_signature=0&timestamp=1&nonce=2&{query}").parse() {
            *request.uri_mut() = uri;
        }
        request.headers_mut().insert("timestamp", "1700000000000".parse().unwrap());
        request.headers_mut().insert("sign", header.parse().unwrap());
        for secret in [secret(), robot(), secret().and_robot("sandbox-secret")] {
            prop_assert!(verify(&secret, &request).is_err());
        }
    }

    #[test]
    fn one_changed_byte_of_a_push_is_noticed(at in 0_usize..400, change in 1_u8..) {
        let request = push(&secret(), &title());
        let mut body = request.body().to_vec();
        let at = at % body.len();
        body[at] ^= change;
        let request = request.map(|_| Bytes::from(body));
        prop_assert!(verify(&secret(), &request).is_err());
    }
}
