//! What refusals mean, against the documentation and what was seen on the live service
//! (`errors.json`).

use std::collections::BTreeMap;
use std::time::Duration;

use mynah_core::{ApiError, Code, HttpResponse, Platform, Verdict};
use mynah_dingtalk::errors::{self, Remedy};
use mynah_dingtalk::platform::open::word;
use mynah_dingtalk::{DingTalk, OpenApi};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::vectors::ERRORS;

#[derive(Deserialize)]
struct Documented {
    global_legacy: Vec<Classic>,
    per_endpoint: BTreeMap<String, Page>,
    observed: Vec<Observed>,
}

#[derive(Deserialize)]
struct Classic {
    errcode: i64,
    errmsg: String,
}

#[derive(Deserialize)]
struct Page {
    codes: Vec<Value>,
}

#[derive(Deserialize)]
struct Observed {
    #[serde(rename = "where")]
    place: String,
    http: u16,
    json: Value,
}

fn documented() -> Documented {
    serde_json::from_str(ERRORS).unwrap()
}

fn answer(status: u16, json: &Value) -> HttpResponse {
    let mut response = HttpResponse::new(json.to_string().into());
    *response.status_mut() = status.try_into().unwrap();
    response
}

/// What the classic envelope says of an answer, and what that means.
fn classic(json: &Value) -> (ApiError, Verdict) {
    let error = DingTalk::open(&answer(200, json)).unwrap_err();
    let verdict = DingTalk::classify(&error);
    (error, verdict)
}

fn open(status: u16, code: &str) -> Verdict {
    let body = json!({"code": code, "message": "m", "requestid": "r"});
    OpenApi::classify(&OpenApi::open(&answer(status, &body)).unwrap_err())
}

const FIVE_MINUTES: Duration = Duration::from_secs(300);

#[test]
fn the_table_holds_what_the_general_list_says() {
    for Classic { errcode, errmsg } in documented().global_legacy {
        assert_eq!(errors::text(errcode), errmsg, "{errcode}");
    }
}

#[test]
fn a_page_has_words_of_its_own() {
    for (call, Page { codes }) in documented().per_endpoint {
        let (_, path) = call.split_once(' ').unwrap();
        for row in codes {
            if let Some(code) = row["errcode"].as_i64() {
                assert!(errors::find(code).is_some(), "{code}");
                // The one code with several words is told by none of them.
                if code != 310_000 {
                    assert_eq!(
                        errors::page_text(path, code),
                        row["errmsg"],
                        "{call} {code}"
                    );
                }
                continue;
            }
            let code = row["code"].as_str().unwrap();
            let (status, _) = errors::open_page(path, code).unwrap();
            assert_eq!(status, row["http"], "{call} {code}");
        }
    }
    assert_eq!(
        errors::open_page("/v1.0/im/group/create", "parameter.invalid"),
        Some((400, "输入参数错误"))
    );
    assert_eq!(errors::open_page("/v1.0/im/group/create", "x"), None);
}

#[test]
fn what_was_seen_on_the_live_service_is_opened_and_sealed_again() {
    for Observed { place, http, json } in documented().observed {
        let response = answer(http, &json);
        let sealed = if place.contains("/v1.0/") {
            OpenApi::seal(Err(OpenApi::open(&response).unwrap_err()))
        } else {
            DingTalk::seal(Err(DingTalk::open(&response).unwrap_err()))
        };
        assert_eq!(sealed.status(), http, "{place}");
        let mut written: Value = serde_json::from_slice(sealed.body()).unwrap();
        if json.get("errmsg").is_none() && written["errmsg"] == "" {
            written.as_object_mut().unwrap().remove("errmsg");
        }
        assert_eq!(written, json, "{place}");
    }
}

#[test]
fn a_refused_token_is_recognised_in_three_generations() {
    for code in [40014, 42001, 40001, 33001, 41001] {
        assert_eq!(
            classic(&json!({"errcode": code, "errmsg": "x"})).1,
            Verdict::Unauthorized
        );
        let text = code.to_string();
        assert_eq!(
            classic(&json!({"errcode": text})).1,
            Verdict::Unauthorized,
            "{code} as text"
        );
    }
    for code in ["40014", "42001", "40001"] {
        let (error, verdict) =
            classic(&json!({"errcode": 88, "sub_code": code, "sub_msg": "x", "errmsg": "y"}));
        assert_eq!(verdict, Verdict::Unauthorized, "88 with {code}");
        assert_eq!(error.code, Code::Number(88));
        assert_eq!(error.details.unwrap()["sub_code"], code);
    }
    for status in [400, 401] {
        for code in [
            "InvalidAuthentication",
            "accesstoken.expired",
            "AuthenticationFailed.Expired",
        ] {
            assert_eq!(open(status, code), Verdict::Unauthorized, "{code}");
        }
    }
    assert_eq!(open(400, word::TOKEN_MISSING), Verdict::Permanent);
    assert_eq!(open(404, "InvalidAuthentication"), Verdict::Permanent);
}

#[test]
fn a_wrong_secret_is_the_credential_too_but_no_reason_for_another_token() {
    for code in [40096, 40089] {
        assert_eq!(
            classic(&json!({"errcode": code, "errmsg": "x"})).1,
            Verdict::Unauthorized
        );
        assert_eq!(errors::find(code).unwrap().remedy, Remedy::Report);
    }
    assert_eq!(open(400, "invalidClientIdOrSecret"), Verdict::Unauthorized);
    assert_eq!(open(401, "authFailed"), Verdict::Unauthorized);
}

#[test]
fn too_many_calls_are_a_wait_and_never_a_success() {
    let wait = |seconds| Verdict::Throttled(Some(Duration::from_secs(seconds)));
    for code in (90001..=90014).chain([90017]) {
        assert_eq!(classic(&json!({"errcode": code})).1, wait(1), "{code}");
        assert_eq!(errors::find(code).unwrap().remedy, Remedy::AfterWindow);
    }
    assert_eq!(
        classic(&json!({"errcode": 88, "sub_code": "90002"})).1,
        wait(1)
    );
    for code in [410_100, 130_101, 660_026] {
        assert_eq!(classic(&json!({"errcode": code})).1, wait(600), "{code}");
    }
    for (code, verdict) in [
        ("Forbidden.AccessDenied.QpsLimitForApi", wait(1)),
        ("Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", wait(1)),
        ("Forbidden.AccessDenied.QpmLimitForAppkeyAndApi", wait(60)),
        (
            "Forbidden.AccessDenied.AccessTokenPermissionDenied",
            Verdict::Permanent,
        ),
        (
            "Forbidden.AccessDenied.IpNotInWhiteList",
            Verdict::Permanent,
        ),
    ] {
        assert_eq!(open(403, code), verdict, "{code}");
    }
    for code in [41046, 41047, 41048] {
        assert_eq!(classic(&json!({"errcode": code})).1, wait(60), "{code}");
    }
    for word in [
        "send.too.fast",
        "send.byToken.tooFast",
        "too.many.group",
        "too.many.people",
    ] {
        assert_eq!(open(400, word), Verdict::Throttled(None), "{word}");
    }
    let busy = answer(429, &json!({"errcode": 1}));
    let error = DingTalk::open(&busy).unwrap_err();
    assert_eq!(DingTalk::classify(&error), Verdict::Throttled(None));
    let error = OpenApi::open(&busy).unwrap_err();
    assert_eq!(OpenApi::classify(&error), Verdict::Throttled(None));
}

#[test]
fn a_blocked_address_waits_five_minutes_in_both_interfaces() {
    let body = json!({"status": 1111, "wait": 5, "source": "x5", "punish": "deny", "uuid": "u1"});
    let mut html = HttpResponse::new("<html>blocked</html>".into());
    let kind = "text/html; charset=utf-8".parse().unwrap();
    html.headers_mut().insert("content-type", kind);
    let plain = HttpResponse::new("\n<!DOCTYPE html><p>blocked".into());
    for response in [answer(200, &body), answer(403, &body), html, plain] {
        let error = DingTalk::open(&response).unwrap_err();
        assert_eq!(error.retry_after, Some(FIVE_MINUTES));
        assert_eq!(
            DingTalk::classify(&error),
            Verdict::Throttled(Some(FIVE_MINUTES))
        );
        let error = OpenApi::open(&response).unwrap_err();
        assert_eq!(
            OpenApi::classify(&error),
            Verdict::Throttled(Some(FIVE_MINUTES))
        );
    }
}

#[test]
fn an_answer_that_is_none_is_no_success() {
    for body in [
        "",
        "ok",
        "[]",
        "{}",
        r#"{"ok":1}"#,
        r#"{"errcode":"x"}"#,
        "null",
    ] {
        let response = HttpResponse::new(body.into());
        let error = DingTalk::open(&response).unwrap_err();
        assert_eq!(error.code, Code::from("envelope"), "{body}");
        assert_eq!(DingTalk::classify(&error), Verdict::Permanent);
    }
    for body in ["", "ok", "[]", "null", "<Response/>"] {
        let error = OpenApi::open(&HttpResponse::new(body.into())).unwrap_err();
        assert_eq!(error.code, Code::from("envelope"), "{body}");
    }
    let mut broken = HttpResponse::new("boom".into());
    *broken.status_mut() = 502.try_into().unwrap();
    for (error, verdict) in [
        (
            DingTalk::open(&broken).unwrap_err(),
            DingTalk::classify as fn(&_) -> _,
        ),
        (OpenApi::open(&broken).unwrap_err(), OpenApi::classify),
    ] {
        assert_eq!((error.status, verdict(&error)), (502, Verdict::Transient));
    }
}

#[test]
fn a_stumble_may_be_tried_again() {
    for code in [-1, 500, 34015, 400_001] {
        assert_eq!(classic(&json!({"errcode": code})).1, Verdict::Transient);
        assert_eq!(errors::find(code).unwrap().remedy, Remedy::Backoff);
    }
    assert_eq!(open(500, "system.error"), Verdict::Transient);
    assert_eq!(classic(&json!({"errcode": 40016})).1, Verdict::Permanent);
    assert_eq!(
        classic(&json!({"errcode": 88, "sub_code": "60011"})).1,
        Verdict::Permanent
    );
}

#[test]
fn top_refuses_in_its_own_envelope() {
    let (error, verdict) =
        classic(&json!({"error_response": {"code": 22, "msg": "Invalid method", "sub_code": "x"}}));
    assert_eq!(error.code, Code::Number(22));
    assert_eq!(error.message, "Invalid method");
    assert_eq!(verdict, Verdict::Permanent);
    let (error, _) = classic(&json!({
        "a_b_response": {"result": {"ding_open_errcode": 40056, "error_msg": "不合法的agentid"}}
    }));
    assert_eq!(error.code, Code::Number(40056));
}

#[test]
fn every_remedy_has_words() {
    for known in errors::all() {
        assert!(!known.remedy.to_string().is_empty());
    }
}
