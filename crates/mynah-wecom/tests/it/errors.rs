//! The error codes, against `errors.json` and what was captured.

use std::time::Duration;

use mynah_core::{ApiError, HttpResponse, Platform, Verdict};
use mynah_wecom::WeCom;
use mynah_wecom::errors::{Remedy, TABLE, find, text};
use serde_json::{Value, json};

use crate::vectors::ERRORS;

fn listed() -> Vec<Value> {
    let file: Value = serde_json::from_str(ERRORS).unwrap();
    file["errors"].as_array().unwrap().clone()
}

fn remedy(code: i64, word: &Value) -> Remedy {
    match word.as_str().unwrap() {
        "none" if code == 0 => Remedy::Nothing,
        "none" => Remedy::Report,
        "refresh-token" => Remedy::RefreshToken,
        "backoff" => Remedy::Backoff,
        "after-window" => Remedy::AfterWindow,
        "resubscribe" => Remedy::Resubscribe,
        other => panic!("no remedy is called {other}"),
    }
}

#[test]
fn the_table_has_the_listed_codes_with_their_words_and_remedies() {
    let listed = listed();
    assert_eq!((listed.len(), TABLE.len()), (106, 106));
    for error in listed {
        let code = error["errcode"].as_i64().unwrap();
        let row = find(code).unwrap_or_else(|| panic!("{code} is not in the table"));
        assert_eq!(
            row.text,
            error["errmsg_sandbox"].as_str().unwrap(),
            "{code}"
        );
        assert_eq!(row.remedy, remedy(code, &error["client_action"]), "{code}");
        assert!(!row.meaning.is_empty(), "{code}");
    }
    assert_eq!(text(123), "error");
}

#[test]
fn what_the_client_does_is_what_the_table_says() {
    for row in TABLE.iter().filter(|row| row.code != 0) {
        let verdict = WeCom::classify(&ApiError::new(row.code, row.text));
        let minute = Some(Duration::from_secs(60));
        let agrees = match row.remedy {
            Remedy::RefreshToken => verdict == Verdict::Unauthorized,
            Remedy::Backoff => matches!(verdict, Verdict::Transient | Verdict::Throttled(None)),
            Remedy::AfterWindow => verdict == Verdict::Throttled(minute),
            _ => verdict == Verdict::Permanent,
        };
        assert!(agrees, "{} is {verdict:?}", row.code);
    }
}

#[test]
fn what_the_gateway_says_is_not_what_the_interface_says() {
    for (status, expected) in [
        (500, Verdict::Transient),
        (502, Verdict::Transient),
        (429, Verdict::Throttled(None)),
        (404, Verdict::Permanent),
    ] {
        assert_eq!(WeCom::classify(&ApiError::http(status, "")), expected);
    }
}

#[test]
fn the_code_decides_and_nothing_else() {
    let open = |body: Value| WeCom::open(&HttpResponse::new(body.to_string().into()));
    // A refusal with the empty fields of the normal answer.
    let refused = open(json!({"errcode": 60111, "errmsg": "userid not found",
        "department": [], "order": [], "is_leader_in_dept": []}));
    let error = refused.unwrap_err();
    assert_eq!(error.code.number(), Some(60111));
    assert_eq!(error.details.unwrap()["department"], json!([]));
    // A success whose words are not `ok`, one without words, one without a code.
    for done in [
        json!({"errcode": 0, "errmsg": "created"}),
        json!({"errcode": "0"}),
        json!({"errcode": null, "ip_list": []}),
        json!({}),
    ] {
        assert!(open(done.clone()).is_ok(), "{done}");
    }
    let digits = open(json!({"errcode": "60020", "errmsg": "not allow to access from your ip"}));
    assert_eq!(digits.unwrap_err().code.number(), Some(60020));
    for broken in ["", "<html>", "[]", "1", r#"{"errcode":"x"}"#] {
        let response = HttpResponse::new(broken.to_owned().into());
        assert!(WeCom::open(&response).is_err(), "{broken:?}");
    }
}

#[test]
fn the_captured_refusal_to_send_says_whom_it_did_not_reach() {
    let captured = json!({"errcode": 81013, "errmsg": "user & party & tag all invalid, hint: \
        [1691412528612130566906556], from ip: 203.0.113.7, more info at \
        https://open.work.weixin.qq.com/devtool/query?e=81013", "invaliduser": "admin"});
    let error = WeCom::open(&HttpResponse::new(captured.to_string().into())).unwrap_err();
    assert_eq!(error.details.as_ref().unwrap()["invaliduser"], "admin");
    let sealed = WeCom::seal(Err(error));
    assert_eq!(
        serde_json::from_slice::<Value>(sealed.body()).unwrap(),
        captured
    );
    assert_eq!(sealed.headers()["error-code"], "81013");
    assert_eq!(
        sealed.headers()["error-msg"],
        captured["errmsg"].as_str().unwrap()
    );
}

#[test]
fn a_success_has_no_headers_of_a_refusal() {
    let sealed = WeCom::seal(Ok("{}".into()));
    assert!(!sealed.headers().contains_key("error-code"));
    assert!(!sealed.headers().contains_key("error-msg"));
}
