//! What refusals mean (`errors.json`).

use mynah_core::{ApiError, HttpResponse, Platform, Verdict};
use mynah_rongcloud::errors::{self, Remedy, find, refusal};
use mynah_rongcloud::platform::code;
use mynah_rongcloud::{RongCloud, Sms};
use serde::Deserialize;
use serde_json::{Value, json};

const VECTORS: &str = include_str!("../vectors/errors.json");

#[derive(Deserialize)]
struct Documented {
    code: i64,
    http: Option<u16>,
}

fn documented() -> Vec<Documented> {
    serde_json::from_str(VECTORS).unwrap()
}

fn answer(status: u16, body: &str) -> HttpResponse {
    let mut response = HttpResponse::new(body.to_owned().into());
    *response.status_mut() = status.try_into().unwrap();
    response
}

#[test]
fn the_table_is_that_of_the_documentation() {
    let known: Vec<i64> = errors::all().map(|known| known.code).collect();
    let codes: Vec<i64> = documented().iter().map(|row| row.code).collect();
    assert_eq!(
        known,
        codes
            .into_iter()
            .filter(|&code| code != code::OK)
            .collect::<Vec<_>>()
    );
    for Documented { code, http } in documented() {
        let Some(known) = find(code) else {
            assert_eq!(code, code::OK);
            continue;
        };
        assert!(http.is_none_or(|http| http == known.status), "{code}");
        assert!(!known.meaning.is_empty());
    }
}

#[test]
fn every_refusal_goes_over_the_wire_and_back() {
    for known in errors::all() {
        let refused = refusal(known.code, "words");
        assert_eq!(refused.status, known.status);
        let response = RongCloud::seal(Err(refused.clone()));
        assert_eq!(response.status().as_u16(), known.status);
        let json: Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(json, json!({"code": known.code, "errorMessage": "words"}));
        assert_eq!(RongCloud::open(&response).unwrap_err(), refused);
        assert_eq!(Sms::open(&response).unwrap_err(), refused);
    }
}

#[test]
fn a_code_says_what_to_do() {
    let of = |remedy| {
        let all = errors::all().filter(move |known| known.remedy == remedy);
        all.map(|known| known.code).collect::<Vec<_>>()
    };
    assert_eq!(of(Remedy::AfterWindow), [1008]);
    assert_eq!(of(Remedy::Backoff), [1000, 1050]);
    assert_eq!(of(Remedy::Report).len(), errors::all().count() - 3);

    let verdict =
        |code: i64, status| RongCloud::classify(&ApiError::new(code, "").with_status(status));
    assert_eq!(verdict(1008, 200), Verdict::Throttled(None));
    assert_eq!(verdict(1004, 401), Verdict::Unauthorized);
    assert_eq!(verdict(1002, 400), Verdict::Permanent);
    assert_eq!(verdict(502, 502), Verdict::Transient);
}

#[test]
fn the_code_decides_and_not_the_status() {
    // 1015 comes with HTTP 200.
    let gone = r#"{"code":1015,"errorMessage":"gone","requestId":"r1"}"#;
    let error = RongCloud::open(&answer(200, gone)).unwrap_err();
    assert_eq!(error.code.number(), Some(code::NOTHING_TO_DELETE));
    assert_eq!((error.status, error.message.as_str()), (200, "gone"));
    assert_eq!(error.details.unwrap()["requestId"], "r1");

    let digits = answer(200, r#"{"code":"200","token":"t"}"#);
    assert_eq!(RongCloud::open(&digits).unwrap(), *digits.body());
    let error = RongCloud::open(&answer(401, r#"{"code":"1004"}"#)).unwrap_err();
    assert_eq!(
        (error.code.number(), error.message.as_str()),
        (Some(1004), "")
    );
}

#[test]
fn an_answer_without_a_code_is_no_success() {
    for body in [
        "",
        "null",
        "[]",
        "{}",
        r#"{"code":null}"#,
        "<html>ok</html>",
        "\u{feff}{}",
    ] {
        let error = RongCloud::open(&answer(200, body)).unwrap_err();
        assert_eq!(error.code.to_string(), "envelope", "{body}");
    }
    let page = format!("<html>{}", "界".repeat(100));
    let error = RongCloud::open(&answer(502, &page)).unwrap_err();
    assert_eq!((error.status, error.code.number()), (502, Some(502)));
    assert!(error.message.starts_with("<html>") && error.message.len() < 210);
    // A server of another kind may say 200 inside of its own failure.
    let error = RongCloud::open(&answer(502, r#"{"code":200}"#)).unwrap_err();
    assert_eq!(error.status, 502);
}
