//! Callbacks over HTTP: what verifies, what is refused and why, what goes back.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use mynah_core::http::{HeaderName, HeaderValue, Method};
use mynah_core::{Arrival, Check, Forged, HttpRequest, HttpResponse, Inbound, Received};
use mynah_rongcloud::event::{
    ChannelType, Event, OnlineState, OnlineStatus, RoutedMessage, Unknown,
};
use mynah_rongcloud::inbound::{
    ATTEMPTS, Answer, CHECK_PATIENCE, CallbackSecret, LARGEST_BODY, PATIENCE, Pass, SignatureNames,
    Verdict, aim,
};
use mynah_rongcloud::{App, RongCloud};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::events::{Sample, sample, samples};

/// When the samples were signed, in milliseconds.
const SIGNED: u64 = 1_408_710_653_491;

fn signed_at() -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(SIGNED)
}

fn secret_of(app_secret: &str) -> CallbackSecret {
    CallbackSecret::new(App::new("rc-sandbox", app_secret).unwrap())
}

fn secret() -> CallbackSecret {
    secret_of("sandbox-secret")
}

fn post(query: &[(String, String)], headers: &Map<String, Value>, body: String) -> HttpRequest {
    let mut request = HttpRequest::new(body.into());
    *request.method_mut() = Method::POST;
    let query = serde_html_form::to_string(query).unwrap();
    *request.uri_mut() = format!("/route?{query}").parse().unwrap();
    for (name, value) in headers {
        let name: HeaderName = name.parse().unwrap();
        let value = HeaderValue::from_str(value.as_str().unwrap()).unwrap();
        request.headers_mut().insert(name, value);
    }
    request
}

impl Sample {
    /// The request that the platform makes.
    fn request(&self) -> HttpRequest {
        let mut request = post(&self.query, &self.headers, self.body());
        let media_type = HeaderValue::from_str(&self.content_type).unwrap();
        request.headers_mut().insert("content-type", media_type);
        request
    }
}

fn verify(
    secret: &CallbackSecret,
    request: &HttpRequest,
) -> Result<Received<Event, Answer>, Forged> {
    RongCloud::verify(secret, request, UNIX_EPOCH)
}

fn arrival(request: &HttpRequest) -> Arrival<Event, Answer> {
    match verify(&secret(), request).unwrap() {
        Received::Event(arrival) => arrival,
        Received::Challenge(response) => panic!("{response:?}"),
    }
}

fn refused(secret: &CallbackSecret, request: &HttpRequest) -> (Check, u16) {
    let forged = verify(secret, request).unwrap_err();
    (forged.check, forged.status)
}

/// Both halves are inverse, whatever the names.
pub(crate) fn arrives_as_it_was_sent(event: &Event) {
    for names in [
        SignatureNames::Current,
        SignatureNames::Of2020,
        SignatureNames::Of2014,
    ] {
        let secret = secret().names(names).fresh_within(Duration::from_secs(1));
        let pushed = RongCloud::push(&secret, event, 14314, signed_at());
        let received = RongCloud::verify(&secret, &pushed, signed_at()).unwrap();
        let Received::Event(arrival) = received else {
            panic!()
        };
        assert_eq!(&arrival.event, event);
        assert_eq!(arrival.dedupe, event.dedupe_key());
        assert_eq!(arrival.raw, pushed.body());
    }
}

#[test]
fn every_sample_arrives_and_is_acknowledged_as_documented() {
    for sample in samples() {
        let secret = secret_of(&sample.app_secret);
        let received = verify(&secret, &sample.request()).unwrap();
        let Received::Event(arrival) = received else {
            panic!()
        };
        assert_eq!(arrival.event, sample.event(), "{}", sample.name);
        assert_eq!(arrival.replay, None, "nonces are not said to be used once");
        let within = arrival.reply.within;
        assert_eq!(within, Some(arrival.event.patience()));
        let response = arrival.reply.acknowledge();
        assert_eq!(response.status(), sample.ack.status, "{}", sample.name);
        match (&sample.ack.body, &sample.ack.json) {
            (Some(body), None) => assert_eq!(response.body(), body.as_bytes(), "{}", sample.name),
            (None, Some(json)) => {
                let given: Value = serde_json::from_slice(response.body()).unwrap();
                assert_eq!(&given, json, "{}", sample.name);
            }
            _ => panic!("{}", sample.name),
        }
    }
}

#[test]
fn every_sample_is_pushed_as_the_platform_does() {
    for sample in samples() {
        let names = match sample.name.as_str() {
            "message_route_legacy_query" => SignatureNames::Of2020,
            _ => SignatureNames::Current,
        };
        let secret = secret_of(&sample.app_secret).names(names);
        let pushed = RongCloud::push(&secret, &sample.event(), 14314, signed_at());
        assert_eq!(pushed.method(), Method::POST);
        assert_eq!(pushed.headers()["content-type"], *sample.content_type);
        let mut query: Vec<(String, String)> =
            serde_html_form::from_str(pushed.uri().query().unwrap_or_default()).unwrap();
        let mut expected = sample.query.clone();
        query.sort();
        expected.sort();
        assert_eq!(query, expected, "{}", sample.name);
        for (name, value) in &sample.headers {
            assert_eq!(pushed.headers()[name], *value.as_str().unwrap(), "{name}");
        }
        if let Some(form) = &sample.form {
            let written: Vec<(String, String)> =
                serde_html_form::from_bytes(pushed.body()).unwrap();
            assert_eq!(&written, form, "{}", sample.name);
        }
        if let Some(json) = &sample.json {
            let written: Value = serde_json::from_slice(pushed.body()).unwrap();
            // One alone is written as a list of one.
            let one = sample.name == "user_online_status_object";
            let expected = if one { &json!([json]) } else { json };
            assert_eq!(&written, expected, "{}", sample.name);
        }
        arrives_as_it_was_sent(&sample.event());
    }
}

#[derive(Deserialize)]
struct Signatures {
    official: Vec<Value>,
    callback: Vec<Signed>,
}

#[derive(Deserialize)]
struct Signed {
    name: String,
    app_secret: String,
    #[serde(default)]
    query: Vec<(String, String)>,
    #[serde(default)]
    headers: Map<String, Value>,
    valid: bool,
}

fn signatures() -> Signatures {
    serde_json::from_str(include_str!("../vectors/signature.json")).unwrap()
}

#[test]
fn every_sample_of_a_signature_is_taken_or_refused_as_it_should_be() {
    let samples = signatures().callback;
    assert_eq!(samples.len(), 6);
    for sample in samples {
        let request = post(&sample.query, &sample.headers, "a=b".to_owned());
        let secret = secret_of(&sample.app_secret);
        let outcome = verify(&secret, &request)
            .map(|_| ())
            .map_err(|forged| forged.check);
        let expected = if sample.valid {
            Ok(())
        } else {
            Err(Check::Signature)
        };
        assert_eq!(outcome, expected, "{}", sample.name);
    }
}

#[test]
fn the_published_signature_verifies_and_the_placeholder_does_not() {
    let mut seen = Vec::new();
    for sample in signatures().official {
        let (Some(app_secret), Some(verified)) =
            (sample["app_secret"].as_str(), sample["verified"].as_bool())
        else {
            continue;
        };
        let named = |name: &str| sample[name].as_str().unwrap().to_owned();
        let query = ["nonce", "timestamp", "signature"].map(|name| (name.to_owned(), named(name)));
        let request = post(&query, &Map::new(), String::new());
        assert_eq!(verify(&secret_of(app_secret), &request).is_ok(), verified);
        seen.push(verified);
    }
    assert_eq!(seen, [true, false]);
}

/// A callback that verifies.
fn good() -> HttpRequest {
    sample("message_route_private_text").request()
}

fn with_query(query: &str) -> HttpRequest {
    let mut request = good();
    *request.uri_mut() = format!("/route?{query}").parse().unwrap();
    request
}

const SIGNATURE: &str = "53b47c2be6f1fa25b5a4653d089f22ad63e23064";

fn current() -> String {
    format!("timestamp={SIGNED}&nonce=14314&signature={SIGNATURE}")
}

#[test]
fn a_signature_may_be_in_capitals() {
    let query = current().replace(SIGNATURE, &SIGNATURE.to_ascii_uppercase());
    assert_eq!(arrival(&with_query(&query)).event, arrival(&good()).event);
}

#[test]
fn the_timestamp_of_the_body_is_not_the_one_that_is_signed() {
    let body: Vec<(String, String)> = serde_html_form::from_bytes(good().body()).unwrap();
    assert!(
        body.iter()
            .any(|(name, value)| name == "timestamp" && *value != SIGNED.to_string())
    );
    let mut request = with_query("nonce=14314");
    let signed = format!("timestamp={SIGNED}&signature={SIGNATURE}");
    *request.body_mut() = signed.into();
    assert_eq!(refused(&secret(), &request), (Check::SignatureMissing, 401));
}

#[test]
fn what_the_query_lacks_may_stand_in_the_headers_in_either_spelling() {
    for names in [
        ["rc-app-key", "rc-nonce", "rc-timestamp", "rc-signature"],
        ["app-key", "nonce", "timestamp", "signature"],
    ] {
        let mut request = with_query("nonce=&timestamp=1&signature=");
        let values = ["rc-sandbox", "14314", &SIGNED.to_string(), SIGNATURE];
        for (name, value) in names.into_iter().zip(values) {
            let value = HeaderValue::from_str(value).unwrap();
            request
                .headers_mut()
                .insert(HeaderName::from_static(name), value);
        }
        assert!(verify(&secret(), &request).is_ok(), "{names:?}");
        request
            .headers_mut()
            .insert(names[0], HeaderValue::from_static("another"));
        assert_eq!(refused(&secret(), &request), (Check::Receiver, 401));
        request.headers_mut().remove(names[3]);
        assert_eq!(refused(&secret(), &request), (Check::SignatureMissing, 401));
    }
}

#[test]
fn an_address_may_have_a_query_of_its_own() {
    let event = arrival(&good()).event;
    let pushed = RongCloud::push(&secret(), &event, 7, signed_at());
    let aimed = aim(pushed, &"http://bot/route?app=1&token=x".parse().unwrap());
    assert!(
        aimed
            .uri()
            .to_string()
            .starts_with("http://bot/route?app=1&token=x&appKey=")
    );
    assert_eq!(arrival(&aimed).event, event);
    // The names of 2020 leave `timestamp` to the address.
    let older = secret().names(SignatureNames::Of2020);
    let pushed = RongCloud::push(&older, &event, 7, signed_at());
    let aimed = aim(pushed, &"http://bot/?timestamp=1".parse().unwrap());
    assert_eq!(arrival(&aimed).event, event);
}

#[test]
fn a_part_that_stands_twice_is_refused() {
    for part in ["nonce=14314", "signature=0", "timestamp=1"] {
        let request = with_query(&format!("{}&{part}", current()));
        assert_eq!(refused(&secret(), &request), (Check::Form, 401), "{part}");
    }
    let request = with_query(&format!("{}&appKey=rc-sandbox&appKey=other", current()));
    assert_eq!(refused(&secret(), &request), (Check::Form, 401));
}

#[test]
fn what_the_platform_did_not_sign_is_refused() {
    let all = current();
    for missing in ["timestamp", "nonce", "signature"] {
        let left: Vec<&str> = all
            .split('&')
            .filter(|part| !part.starts_with(missing))
            .collect();
        let request = with_query(&left.join("&"));
        assert_eq!(
            refused(&secret(), &request),
            (Check::SignatureMissing, 401),
            "{missing}"
        );
    }
    for (part, other) in [
        ("14314", "14315"),
        ("491", "492"),
        ("53b4", "53b5"),
        (SIGNATURE, "x"),
    ] {
        let request = with_query(&all.replace(part, other));
        assert_eq!(
            refused(&secret(), &request),
            (Check::Signature, 401),
            "{part}"
        );
    }
    assert_eq!(
        refused(&secret_of("other"), &good()),
        (Check::Signature, 401)
    );
    let request = with_query(&format!("appKey=another&{all}"));
    assert_eq!(refused(&secret(), &request), (Check::Receiver, 401));
    assert!(
        verify(&secret(), &with_query(&all)).is_ok(),
        "the key need not be there"
    );
}

#[test]
fn what_is_signed_too_long_ago_is_refused_where_that_is_asked_for() {
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    let secret = secret().fresh_within(minutes(5));
    for names in [SignatureNames::Current, SignatureNames::Of2014] {
        let pushed = RongCloud::push(
            &secret.clone().names(names),
            &arrival(&good()).event,
            7,
            signed_at(),
        );
        let at = |wall| {
            RongCloud::verify(&secret, &pushed, wall)
                .map(|_| ())
                .map_err(|bad| bad.check)
        };
        assert_eq!(at(signed_at() + minutes(4)), Ok(()), "{names:?}");
        assert_eq!(at(signed_at() - minutes(4)), Ok(()), "{names:?}");
        assert_eq!(at(signed_at() + minutes(6)), Err(Check::Time), "{names:?}");
        assert_eq!(at(signed_at() - minutes(6)), Err(Check::Time), "{names:?}");
    }
    // Signed, and no time at all.
    let signature = mynah_rongcloud::auth::sign(&"sandbox-secret".into(), "1", "x");
    let request = with_query(&format!("nonce=1&timestamp=x&signature={signature}"));
    assert_eq!(refused(&secret, &request), (Check::Time, 401));
}

#[test]
fn size_method_and_body_have_their_own_refusals() {
    let mut request = good();
    *request.body_mut() = vec![b'a'; LARGEST_BODY + 1].into();
    assert_eq!(refused(&secret(), &request), (Check::Size, 413));
    *request.body_mut() = vec![b'a'; LARGEST_BODY].into();
    assert!(verify(&secret(), &request).is_ok());
    let mut request = good();
    *request.method_mut() = Method::GET;
    assert_eq!(refused(&secret(), &request), (Check::Form, 405));
    for (body, media_type) in [("{", "text/plain"), ("", "application/json")] {
        let mut request = good();
        *request.body_mut() = body.into();
        request
            .headers_mut()
            .insert("content-type", HeaderValue::from_static(media_type));
        assert_eq!(refused(&secret(), &request), (Check::Body, 400), "{body:?}");
    }
}

#[test]
fn json_is_known_by_its_looks_where_the_media_type_says_another() {
    let mut request = sample("user_online_status").request();
    request.headers_mut().insert(
        "content-type",
        HeaderValue::from_static("application/x-www-form-urlencoded"),
    );
    assert!(matches!(arrival(&request).event, Event::Online(_)));
    request.headers_mut().remove("content-type");
    assert!(matches!(arrival(&request).event, Event::Online(_)));
}

#[test]
fn a_body_of_any_bytes_is_an_event() {
    let mut request = good();
    for body in [&b"\xff\xfe=%ff&&=&a"[..], b""] {
        *request.body_mut() = body.to_vec().into();
        let Event::Unknown(Unknown::Form(_)) = arrival(&request).event else {
            panic!()
        };
    }
}

#[test]
fn the_platform_asks_once_and_tells_three_times() {
    for sample in samples() {
        let event = sample.event();
        let expected = match event {
            Event::Check(_) => (1, CHECK_PATIENCE),
            _ => (ATTEMPTS, PATIENCE),
        };
        assert_eq!(
            (event.attempts(), event.patience()),
            expected,
            "{}",
            sample.name
        );
    }
}

#[test]
fn a_verdict_comes_back_as_it_was_given() {
    for (verdict, body, delivers) in [
        (Verdict::deliver(), json!({"pass": 1}), true),
        (Verdict::deliver_at_once(), json!({"pass": 2}), true),
        (
            Verdict::reject().extra("no"),
            json!({"pass": 0, "extra": "no"}),
            false,
        ),
        (
            Verdict::deliver().replace_content(r#"{"content":"***"}"#),
            json!({"pass": 1, "replaceContent": "{\"content\":\"***\"}"}),
            true,
        ),
    ] {
        let asked = arrival(&sample("message_callback").request());
        let response = asked.reply.answer(verdict.clone().into());
        assert_eq!(
            serde_json::from_slice::<Value>(response.body()).unwrap(),
            body
        );
        let answer = Answer::of(&asked.event, &response).unwrap();
        assert_eq!(answer, Some(Answer::Verdict(verdict.clone())));
        assert_eq!(verdict.delivers(), delivers);
    }
    let told = arrival(&good()).reply.answer(Verdict::reject().into());
    assert_eq!(told.body(), "ok", "nobody asked");
}

#[test]
fn a_word_beside_a_verdict_has_a_limit() {
    let long = "言".repeat(Verdict::LONGEST_EXTRA + 1);
    let extra = Verdict::deliver().extra(long).extra.unwrap();
    assert_eq!(extra.chars().count(), Verdict::LONGEST_EXTRA);
}

#[test]
fn what_is_no_verdict_is_told_from_one() {
    let response = |status: u16, body: &str| {
        let mut response = HttpResponse::new(body.to_owned().into());
        *response.status_mut() = status.try_into().unwrap();
        response
    };
    assert_eq!(
        Verdict::of(&response(200, r#"{"pass":"0"}"#)).unwrap(),
        Verdict::reject()
    );
    let odd = Verdict::of(&response(200, r#"{"pass":7}"#)).unwrap();
    assert_eq!(odd.pass, Pass::Other(7));
    assert!(odd.delivers());
    let bad = |status, body: &str| Verdict::of(&response(status, body)).unwrap_err().check;
    assert_eq!(bad(500, r#"{"pass":0}"#), Check::Form);
    assert_eq!(bad(200, "ok"), Check::Body);
    assert_eq!(bad(200, "{}"), Check::Body);
    assert_eq!(bad(200, &" ".repeat(LARGEST_BODY + 1)), Check::Size);
    let event = Event::from(OnlineStatus::new("alice", OnlineState::Online, 1));
    assert_eq!(Answer::of(&event, &response(200, "anything")), Ok(None));
    assert!(Answer::of(&event, &response(204, "")).is_err());
}

#[test]
fn nothing_shows_the_secret() {
    let secret = secret();
    assert!(format!("{secret:?}").contains("rc-sandbox"));
    assert!(!format!("{secret:?}").contains("sandbox-secret"));
    let forged = verify(&secret, &with_query("nonce=1&timestamp=2&signature=three")).unwrap_err();
    assert!(!forged.to_string().contains("three"), "{forged}");
}

#[test]
fn what_the_world_says_is_heard() {
    let said = RoutedMessage::new("alice", ChannelType::Group, "general", "你好")
        .sent("5FGT-7VA9-G4DD-4V5P", 1)
        .source(mynah_rongcloud::event::Source::Server);
    arrives_as_it_was_sent(&said.into());
}
