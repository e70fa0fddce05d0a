//! Signatures of calls (`signature.json`, and those of the recorded traffic).

use std::collections::BTreeMap;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use mynah_core::http::{HeaderName, HeaderValue};
use mynah_core::{ApiError, Auth, Cx, HttpRequest, Step};
use mynah_rongcloud::App;
use mynah_rongcloud::auth::{self, Refused, Signed, check, sign};
use serde::Deserialize;

use crate::vectors::traffic;

const VECTORS: &str = include_str!("../vectors/signature.json");

#[derive(Deserialize)]
struct Vectors {
    request: Vec<Made>,
    official: Vec<Published>,
    other_clients: Vec<Sent>,
}

#[derive(Deserialize)]
struct Made {
    name: String,
    input: Input,
    string_to_hash: String,
    output: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Input {
    app_key: String,
    app_secret: String,
    time: f64,
}

#[derive(Deserialize)]
struct Published {
    name: String,
    app_secret: Option<String>,
    nonce: String,
    timestamp: String,
    signature: String,
    verified: bool,
    actual: Option<String>,
}

#[derive(Deserialize)]
struct Sent {
    headers: BTreeMap<String, String>,
    app_secret: String,
}

fn vectors() -> Vectors {
    serde_json::from_str(VECTORS).unwrap()
}

fn app() -> App {
    App::new("rc-sandbox", "sandbox-secret").unwrap()
}

fn request(headers: &BTreeMap<String, String>) -> HttpRequest {
    let mut request = HttpRequest::default();
    for (name, value) in headers {
        let name: HeaderName = name.parse().unwrap();
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    request
}

fn headers(request: &HttpRequest) -> BTreeMap<String, String> {
    let headers = request.headers().iter();
    headers
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect()
}

#[test]
fn we_sign_as_the_peer_did() {
    for Made {
        name,
        input,
        string_to_hash,
        output,
    } in vectors().request
    {
        let (nonce, timestamp) = (&output["rc-nonce"], &output["rc-timestamp"]);
        assert_eq!(
            [input.app_secret.as_str(), nonce, timestamp].concat(),
            string_to_hash
        );
        let app = App::new(input.app_key, input.app_secret)
            .unwrap()
            .prefixed();
        let mut request = HttpRequest::default();
        app.sign(&mut request, nonce, timestamp).unwrap();
        assert_eq!(headers(&request), output, "{name}");
        assert_eq!(check(&request, &app), Ok(()));
        // The fraction is cut off by the peer.
        let time = auth::time(timestamp).unwrap();
        let since = time.duration_since(UNIX_EPOCH).unwrap();
        if input.time > 1e9 {
            assert_eq!(since, Duration::from_secs_f64(input.time.floor()), "{name}");
        }
    }
}

#[test]
fn the_published_example_verifies_and_the_placeholders_do_not() {
    for Published {
        name,
        app_secret,
        nonce,
        timestamp,
        signature,
        verified,
        actual,
    } in vectors().official
    {
        let secret = app_secret.unwrap_or("Y1W2MeFwwwRxa0".to_owned()).into();
        let right = auth::verify(&secret, &nonce, &timestamp, &signature);
        assert_eq!(right, verified, "{name}");
        if let Some(actual) = actual {
            assert_eq!(sign(&secret, &nonce, &timestamp), actual);
        }
    }
}

#[test]
fn what_other_clients_sign_is_taken() {
    for Sent {
        headers,
        app_secret,
    } in vectors().other_clients
    {
        let app = App::new(headers["app-key"].as_str(), app_secret).unwrap();
        assert_eq!(check(&request(&headers), &app), Ok(()));
    }
}

#[test]
fn all_recorded_calls_are_signed() {
    for traffic in traffic() {
        let mut request = traffic.request.request();
        assert_eq!(check(&request, &app()), Ok(()), "{}", traffic.name);
        let other = App::new("rc-sandbox", "another").unwrap();
        assert_eq!(check(&request, &other), Err(Refused::Signature));
        // Neither path nor body is signed.
        *request.body_mut() = "other".into();
        assert_eq!(check(&request, &app()), Ok(()));
    }
}

fn cx() -> Cx {
    Cx {
        now: Instant::now(),
        wall: UNIX_EPOCH + Duration::from_millis(1_408_710_653_491),
        nonce: u64::MAX,
    }
}

fn authorized(mut app: App) -> HttpRequest {
    let mut request = HttpRequest::default();
    let step = app.authorize(&mut request, cx()).unwrap();
    assert!(matches!(step, Step::Ready(_)) && !app.renewable());
    request
}

#[test]
fn a_call_is_signed_in_the_spelling_and_the_unit_that_was_chosen() {
    for (app, prefix, timestamp) in [
        (app(), "", "1408710653"),
        (app().milliseconds(), "", "1408710653491"),
        (app().prefixed(), "rc-", "1408710653"),
        (app().prefixed().milliseconds(), "rc-", "1408710653491"),
    ] {
        let request = authorized(app.clone());
        let sent = headers(&request);
        assert_eq!(sent.len(), 4);
        assert_eq!(sent[&format!("{prefix}app-key")], "rc-sandbox");
        assert_eq!(sent[&format!("{prefix}timestamp")], timestamp);
        let nonce = &sent[&format!("{prefix}nonce")];
        assert!(nonce.len() <= 18, "{nonce} is longer than documented");
        assert_eq!(check(&request, &app), Ok(()));
        let signed = Signed::of(request.headers()).time().unwrap();
        let off = cx().wall.duration_since(signed).unwrap();
        assert!(off < Duration::from_secs(1));
    }
}

#[test]
fn what_is_missing_altered_or_doubled_is_refused() {
    let good = authorized(app());
    for (name, refused) in [
        ("app-key", Refused::AppKey),
        ("nonce", Refused::Signature),
        ("timestamp", Refused::Signature),
        ("signature", Refused::Signature),
    ] {
        let mut missing = good.clone();
        missing.headers_mut().remove(name);
        let mut empty = good.clone();
        empty
            .headers_mut()
            .insert(name, HeaderValue::from_static(""));
        let mut altered = good.clone();
        altered
            .headers_mut()
            .insert(name, HeaderValue::from_static("0"));
        let mut doubled = good.clone();
        doubled
            .headers_mut()
            .append(name, HeaderValue::from_static("0"));
        let mut beside = good.clone();
        let prefixed: HeaderName = format!("rc-{name}").parse().unwrap();
        beside
            .headers_mut()
            .insert(prefixed, HeaderValue::from_static("0"));
        for bad in [missing, empty, altered, doubled, beside] {
            assert_eq!(check(&bad, &app()), Err(refused), "{:?}", bad.headers());
        }
        let mut twice = good.clone();
        let value = good.headers()[name].clone();
        twice.headers_mut().append(name, value);
        assert_eq!(check(&twice, &app()), Ok(()));
    }
}

#[test]
fn a_signature_in_upper_case_is_the_same() {
    let mut request = authorized(app());
    let upper = Signed::of(request.headers()).signature.to_ascii_uppercase();
    request
        .headers_mut()
        .insert("signature", upper.parse().unwrap());
    assert_eq!(check(&request, &app()), Ok(()));
}

#[test]
fn a_refusal_has_its_code_and_its_status() {
    let of = |refused: Refused| {
        let error = ApiError::from(refused);
        (error.status, error.code.number().unwrap(), error.message)
    };
    let words = "Invalidate App-Key.".to_owned();
    assert_eq!(of(Refused::AppKey), (400, 1002, words));
    let words = "Signature verification failed.".to_owned();
    assert_eq!(of(Refused::Signature), (401, 1004, words));
}

#[test]
fn white_space_around_a_secret_is_told_and_the_secret_is_not() {
    for (key, secret, field) in [
        ("rc-sandbox", "s3cr3t\n", "app_secret"),
        ("rc-sandbox", " s3cr3t", "app_secret"),
        ("rc-sandbox ", "s3cr3t", "app_key"),
        ("rc\nsandbox", "s3cr3t", "key"),
    ] {
        let error = App::new(key, secret).unwrap_err();
        let words = format!("{error} {error:?}");
        assert!(
            words.contains(field) && !words.contains("s3cr3t"),
            "{words}"
        );
    }
    let shown = format!("{:?}", app());
    assert!(shown.contains("rc-sandbox") && !shown.contains("sandbox-secret"));
}

#[test]
fn a_time_is_in_seconds_or_in_milliseconds() {
    let at = |millis| Some(UNIX_EPOCH + Duration::from_millis(millis));
    assert_eq!(auth::time("1408710653"), at(1_408_710_653_000));
    assert_eq!(auth::time("1408710653491"), at(1_408_710_653_491));
    for none in ["", "-1", "1.5", "soon", "99999999999999999999", "+1"] {
        assert_eq!(auth::time(none), None, "{none}");
    }
    let _: Option<SystemTime> = auth::time("18446744073709551615");
}
