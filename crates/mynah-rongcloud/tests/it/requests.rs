//! Our requests against those of the peers (`requests.json`, `requests_beyond.json`), and theirs
//! against our server side.

use std::collections::{BTreeMap, BTreeSet};

use mynah_core::http::header::CONTENT_TYPE;
use mynah_core::{Encoding, HttpRequest, HttpResponse, Method};
use mynah_testkit::{any_json, misfit_request, misfits};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value};

use crate::calls::calls;
use crate::table::{find, row, rows};
use crate::vectors::{Traffic, meaning, traffic};

/// What was recorded of calls that are left out.
const LEFT_OUT: [&str; 5] = [
    "/user/whitelist/",
    "/user/tag/batch/",
    "/chatroom/user/ban/",
    "/push/user",
    "/message/expansion/",
];

/// The traffic of the endpoints there are.
fn ours_to_answer() -> Vec<Traffic> {
    let left_out = |traffic: &Traffic| {
        let request = traffic.request.request();
        let path = request.uri().path();
        LEFT_OUT.iter().any(|beginning| path.starts_with(beginning))
    };
    let mut all = traffic();
    all.retain(|traffic| !left_out(traffic));
    all
}

#[test]
fn what_one_side_writes_the_other_reads_for_every_endpoint() {
    let called: BTreeSet<&str> = calls()
        .iter()
        .map(|call| row(&call.request).meta.name)
        .collect();
    for row in rows() {
        assert!(
            called.contains(row.meta.name),
            "nobody calls {}",
            row.meta.name
        );
    }
    for call in calls() {
        let rewritten = (row(&call.request).rewrite)(&call.request).unwrap();
        assert_eq!(rewritten.body(), call.request.body());
    }
}

#[test]
fn our_client_sends_what_the_peers_were_recorded_to_send() {
    let ours: BTreeMap<_, _> = calls()
        .into_iter()
        .filter(|call| !call.name.is_empty())
        .map(|call| (call.name, call.request))
        .collect();
    let recorded = ours_to_answer();
    for Traffic { name, request, .. } in &recorded {
        let ours = ours
            .get(name.as_str())
            .unwrap_or_else(|| panic!("no call equals {name}"));
        assert_eq!(meaning(ours), meaning(&request.request()), "{name}");
    }
    assert_eq!(
        ours.len(),
        recorded.len(),
        "some calls equal nothing that was recorded"
    );
}

#[test]
fn what_was_recorded_and_is_left_out_is_at_no_path_of_ours() {
    let mut left_out = 0;
    for Traffic { name, request, .. } in traffic() {
        let request = request.request();
        if find(&request).is_none() {
            left_out += 1;
            let path = request.uri().path();
            let known = LEFT_OUT.iter().any(|beginning| path.starts_with(beginning));
            assert!(known, "nothing is at {path} ({name})");
        }
    }
    assert_eq!(left_out, traffic().len() - ours_to_answer().len());
}

#[test]
fn our_bodies_are_plain_utf8_and_say_what_they_are() {
    for call in calls() {
        let request = call.request;
        let kind = request.headers()[CONTENT_TYPE].to_str().unwrap();
        let row = row(&request);
        match row.meta.encoding {
            Encoding::Json => assert_eq!(kind, "application/json"),
            _ => assert_eq!(kind, "application/x-www-form-urlencoded"),
        }
        let text = String::from_utf8_lossy(request.body());
        assert!(!text.contains("\\u"), "{text}");
        assert_eq!(request.uri().query(), None);
        let asks_for_a_picture = row.meta.path == "/getImgCode.json";
        assert_eq!(row.meta.method == Method::Get, asks_for_a_picture);
    }
}

#[test]
fn our_server_reads_what_the_peers_were_recorded_to_send() {
    for Traffic { name, request, .. } in ours_to_answer() {
        let request = request.request();
        let read = (row(&request).rewrite)(&request);
        let read = read.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(meaning(&read), meaning(&request), "{name}");
    }
}

#[test]
fn our_client_reads_what_the_peers_were_answered_and_our_server_writes_the_same() {
    for Traffic {
        name,
        request,
        response,
    } in ours_to_answer()
    {
        let answer = response.response();
        let row = row(&request.request());
        let opened = (row.open)(&answer);
        let Some(json) = response.json else {
            let error = opened.unwrap_err();
            assert_eq!(error.status, answer.status().as_u16(), "{name}");
            continue;
        };
        let written = match opened {
            Ok(_) => row
                .reanswer(&answer)
                .unwrap_or_else(|error| panic!("{name}: {error:?}")),
            Err(error) => (row.refuse)(error),
        };
        assert_eq!(written.status(), answer.status(), "{name}");
        assert_eq!(
            written.headers()[CONTENT_TYPE],
            answer.headers()[CONTENT_TYPE]
        );
        let written: Value = serde_json::from_slice(written.body()).unwrap();
        assert_eq!(written, json, "{name}");
    }
}

/// The same as the law below, for every field of JSON and one value of each kind.
#[test]
fn every_field_is_of_its_kind_or_settles() {
    for call in calls() {
        for request in misfits(&call.request) {
            settles(&request);
        }
    }
}

fn settles(request: &HttpRequest) {
    let row = row(request);
    if let Ok(once) = (row.rewrite)(request) {
        let twice = (row.rewrite)(&once).unwrap();
        assert_eq!(once.body(), twice.body(), "{:?}", request.body());
    }
}

fn requests() -> Vec<HttpRequest> {
    calls().into_iter().map(|call| call.request).collect()
}

/// One of our forms, with any text in one place, which may be there twice or not at all.
fn misfit_form() -> impl Strategy<Value = HttpRequest> {
    let mut forms = requests();
    forms.retain(|request| row(request).meta.encoding == Encoding::Form);
    let text = prop_oneof![
        any_json().prop_map(|json| json.to_string()),
        any::<i64>().prop_map(|number| number.to_string()),
        select(&["", "true", "True", "0", "1", "{", "[", "{}", "[\"a\"]"][..])
            .prop_map(str::to_owned),
        ".{0,80}",
    ];
    (
        select(forms),
        any::<Index>(),
        prop::collection::vec(text, 0..3),
    )
        .prop_map(|(request, place, texts)| {
            let pairs = serde_html_form::from_bytes::<Vec<(String, String)>>(request.body());
            let mut pairs = pairs.unwrap();
            if !pairs.is_empty() {
                let (name, _) = pairs.remove(place.index(pairs.len()));
                pairs.extend(texts.into_iter().map(|text| (name.clone(), text)));
            }
            let body = serde_html_form::to_string(pairs).unwrap();
            request.map(|_| body.into())
        })
}

proptest! {
    /// Whatever one field of a request holds, it is refused or read; and what was read and
    /// written once does not change any more.
    #[test]
    fn any_request_is_refused_or_settles(request in misfit_request(requests())) {
        settles(&request);
    }

    /// The same of forms.
    #[test]
    fn any_form_is_refused_or_settles(request in misfit_form()) {
        settles(&request);
    }

    /// No answer at all makes the client panic, and what it takes for success has a form.
    #[test]
    fn any_answer_is_an_output_or_an_error(
        which in any::<Index>(), mut answer in any_json(), done in any::<bool>(),
    ) {
        let rows = rows();
        let row = which.get(&rows);
        if let (Value::Object(fields), true) = (&mut answer, done) {
            fields.insert("code".to_owned(), 200.into());
        }
        let response = HttpResponse::new(answer.to_string().into());
        if let Ok(payload) = (row.open)(&response) {
            let fields: Option<Map<String, Value>> = serde_json::from_slice(&payload).ok();
            prop_assert!(fields.is_some());
            let _ = row.reanswer(&response);
        }
    }
}
