//! What refusals mean (`errors.json`).

use std::collections::BTreeSet;

use mynah_bearychat::errors::{self, Remedy, Thing, code, find};
use mynah_bearychat::{BearyChat, Hook, Rtm};
use mynah_core::{ApiError, BadParameters, Error, HttpResponse, Platform, Verdict};
use serde::Deserialize;
use serde_json::{Value, json};

const VECTORS: &str = include_str!("../vectors/errors.json");

#[derive(Deserialize)]
struct Attested {
    name: String,
    http_status: Option<u16>,
    json: Value,
}

fn attested() -> Vec<Attested> {
    serde_json::from_str(VECTORS).unwrap()
}

fn answer(status: u16, body: &Value) -> HttpResponse {
    let mut response = HttpResponse::new(body.to_string().into());
    *response.status_mut() = status.try_into().unwrap();
    response
}

fn json_of(response: &HttpResponse) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

#[test]
fn what_is_attested_is_in_the_table_and_is_written_so() {
    let mut codes = BTreeSet::new();
    for Attested {
        name,
        http_status,
        json,
    } in attested()
    {
        let code = json["code"].as_i64().unwrap();
        let known = find(code).unwrap();
        assert!(known.attested, "{name}");
        assert_eq!(json["error"], known.text, "{name}");
        assert!(
            http_status.is_none_or(|status| status == known.status),
            "{name}"
        );
        codes.insert(code);

        let refusal = errors::refusal(code);
        let enveloped = json.get("result").is_some();
        let written = if enveloped {
            Rtm::seal(Err(refusal.clone()))
        } else {
            BearyChat::seal(Err(refusal.clone()))
        };
        assert_eq!(json_of(&written), json, "{name}");
        assert_eq!(written.status(), known.status, "{name}");
        let read = answer(known.status, &json);
        assert_eq!(BearyChat::open(&read), Err(refusal.clone()), "{name}");
        assert_eq!(Rtm::open(&read), Err(refusal), "{name}");
    }
    let table = errors::all().filter(|known| known.attested);
    assert_eq!(
        table.map(|known| known.code).collect::<BTreeSet<_>>(),
        codes
    );
}

#[test]
fn every_refusal_goes_over_the_wire_and_back() {
    for known in errors::all() {
        let refusal = errors::refusal(known.code);
        assert_eq!(refusal.status, known.status);
        assert!(!known.meaning.is_empty());
        let bare = BearyChat::seal(Err(refusal.clone()));
        assert_eq!(
            json_of(&bare),
            json!({"code": known.code, "error": known.text})
        );
        assert_eq!(BearyChat::open(&bare), Err(refusal.clone()));
        for (sealed, opened) in [
            (
                Rtm::seal(Err(refusal.clone())),
                Rtm::open as fn(&HttpResponse) -> _,
            ),
            (Hook::seal(Err(refusal.clone())), Hook::open),
        ] {
            let written = json!({"code": known.code, "error": known.text, "result": null});
            assert_eq!(json_of(&sealed), written);
            assert_eq!(opened(&sealed), Err(refusal.clone()));
        }
    }
}

#[test]
fn a_code_that_nobody_knows_is_kept_with_its_status_and_its_words() {
    let body = json!({"code": 77, "error": "别的", "hint": "more"});
    let error = BearyChat::open(&answer(418, &body)).unwrap_err();
    assert_eq!((error.status, error.code.number()), (418, Some(77)));
    assert_eq!(error.message, "别的");
    assert_eq!(error.details.as_ref().unwrap()["hint"], "more");
    let again = BearyChat::seal(Err(error));
    assert_eq!(again.status(), 418);
    assert_eq!(json_of(&again), json!({"code": 77, "error": "别的"}));
}

#[test]
fn a_code_or_a_status_says_what_to_do() {
    let of = |remedy| {
        let all = errors::all().filter(move |known| known.remedy == remedy);
        all.map(|known| known.code).collect::<Vec<_>>()
    };
    assert_eq!(of(Remedy::AfterWindow), [code::TOO_FAST]);
    assert_eq!(of(Remedy::Backoff), [code::INTERNAL]);
    assert_eq!(of(Remedy::Report), [1, 2, 4, 6, 7, 8]);

    let verdict =
        |code: i64, status| BearyChat::classify(&ApiError::new(code, "").with_status(status));
    assert_eq!(verdict(13, 403), Verdict::Throttled(None));
    assert_eq!(verdict(429, 429), Verdict::Throttled(None));
    assert_eq!(verdict(2, 401), Verdict::Unauthorized);
    assert_eq!(verdict(401, 401), Verdict::Unauthorized);
    assert_eq!(verdict(10, 500), Verdict::Transient);
    assert_eq!(verdict(502, 502), Verdict::Transient);
    for (code, status) in [(1, 400), (4, 403), (6, 404), (7, 405), (8, 409), (99, 418)] {
        assert_eq!(verdict(code, status), Verdict::Permanent, "{code}");
    }
}

#[test]
fn the_three_that_are_known_have_names() {
    let refused = |code: i64| {
        let error = errors::refusal(code);
        let verdict = BearyChat::classify(&error);
        Error::refused("bearychat.message", error, verdict)
    };
    assert!(errors::is_forbidden(&refused(4)));
    assert!(errors::is_not_found(&refused(6)));
    assert!(errors::is_too_fast(&refused(13)));
    let other = refused(8);
    assert!(!errors::is_forbidden(&other) && !errors::is_not_found(&other));
    assert!(!errors::is_too_fast(&other));
    assert!(!errors::is_forbidden(&Error::invalid(
        "bearychat.message",
        "text"
    )));
}

#[test]
fn a_refused_token_says_where_to_find_one() {
    let hint = errors::hint(&errors::unauthorized()).unwrap();
    assert!(hint.contains("RTM token of a hubot"), "{hint}");
    let hint = errors::hint(&errors::forbidden()).unwrap();
    assert!(hint.contains("channel.join"), "{hint}");
    assert_eq!(errors::hint(&errors::name_taken()), None);
}

#[test]
fn a_refusal_names_the_parameter_or_what_is_not_there() {
    let bad = BadParameters::field("query", "must be an object");
    assert_eq!(errors::bad_parameters(&bad).message, "参数错误: query");
    let unreadable = BadParameters::body("not a JSON object");
    assert_eq!(
        errors::bad_parameters(&unreadable).message,
        "参数错误: body"
    );
    for (thing, words) in [
        (Thing::User, "用户不存在"),
        (Thing::Channel, "讨论组不存在"),
        (Thing::Conversation, "会话不存在"),
        (Thing::Message, "消息不存在"),
        (Thing::Pin, "置顶不存在"),
        (Thing::File, "文件不存在"),
        (Thing::Path, "接口不存在"),
    ] {
        let refusal = errors::not_found(thing);
        assert_eq!(refusal.message, words);
        assert_eq!((refusal.status, refusal.code.number()), (404, Some(6)));
    }
}

#[test]
fn a_refusal_without_a_code_of_the_platforms_is_a_mistake_of_the_servers() {
    let odd = BearyChat::seal(Err(ApiError::new("word", "words")));
    assert_eq!(odd.status(), 500);
    assert_eq!(json_of(&odd), json!({"code": 10, "error": "words"}));
}
