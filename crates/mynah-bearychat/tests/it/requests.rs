//! Our requests against those of the peers (`requests.json`), and theirs against our server side.

use std::collections::BTreeSet;

use mynah_bearychat::platform::token_of;
use mynah_core::http::header::CONTENT_TYPE;
use mynah_core::{Encoding, HttpRequest, Method};
use mynah_testkit::{misfit_request, misfits};
use proptest::prelude::*;
use proptest::sample::select;

use crate::calls::calls;
use crate::table::{row, rows};
use crate::vectors::{Traffic, meaning, recorded, traffic};

/// What our client cannot say, because the platform's answer to it is an accident.
const NOT_OURS: [&str; 4] = [
    // Two methods in one query.
    "message.query/multi",
    // A query that is a text.
    "message.query/as-string",
    "py/message.query/params",
    // A conversation of nobody.
    "session_channel.create/empty-list",
];

#[test]
fn what_one_side_writes_the_other_reads_for_every_endpoint() {
    let called: BTreeSet<&str> = calls()
        .iter()
        .map(|call| row(&call.request).meta.name)
        .collect();
    for row in rows() {
        let name = row.meta.name;
        assert!(called.contains(name), "nobody calls {name}");
    }
    for call in calls() {
        let rewritten = (row(&call.request).rewrite)(&call.request).unwrap();
        assert_eq!(rewritten.uri(), call.request.uri());
        assert_eq!(rewritten.body(), call.request.body());
    }
}

#[test]
fn our_client_sends_what_the_peers_were_recorded_to_send() {
    let calls = calls();
    let ours: Vec<_> = calls.iter().map(|call| meaning(&call.request)).collect();
    let theirs: Vec<_> = traffic()
        .into_iter()
        .filter(|traffic| !NOT_OURS.contains(&traffic.name.as_str()))
        .map(|traffic| (meaning(&traffic.request()), traffic.name))
        .collect();
    for (meaning, name) in &theirs {
        assert!(
            ours.contains(meaning),
            "no call of ours is {name}: {meaning:?}"
        );
    }
    for (call, meaning) in calls.iter().zip(&ours) {
        let found = theirs.iter().any(|(theirs, _)| theirs == meaning);
        assert_eq!(found, call.recorded, "{meaning:?}");
    }
}

#[test]
fn our_bodies_are_plain_utf8_and_say_what_they_are() {
    for call in calls() {
        let request = call.request;
        let meta = row(&request).meta;
        let text = String::from_utf8_lossy(request.body());
        assert!(!text.contains("\\u"), "{text}");
        if meta.method == Method::Get {
            assert_eq!(meta.encoding, Encoding::Query);
            assert_eq!(text, "");
            assert!(!request.headers().contains_key(CONTENT_TYPE));
        } else {
            assert_eq!(meta.encoding, Encoding::Json);
            assert_eq!(request.headers()[CONTENT_TYPE], "application/json");
            assert_eq!(request.uri().query(), None);
        }
    }
}

#[test]
fn an_id_is_escaped_in_a_query() {
    let user = calls()
        .into_iter()
        .find(|call| call.request.uri().path() == "/v1/user.info")
        .unwrap();
    assert_eq!(user.request.uri().query(), Some("user_id=%3Dbw52O"));
}

#[test]
fn our_server_reads_what_the_peers_were_recorded_to_send() {
    for traffic in traffic() {
        let name = traffic.name.as_str();
        if NOT_OURS.contains(&name) {
            continue;
        }
        let request = traffic.request();
        let read = (row(&request).rewrite)(&request);
        let read = read.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(meaning(&read), meaning(&request), "{name}");
    }
}

#[test]
fn our_server_finds_the_token_wherever_the_peers_put_it() {
    let mut bodies = 0;
    let mut queries = 0;
    let mut none = BTreeSet::new();
    for traffic in traffic() {
        let request = traffic.request();
        match token_of(&request) {
            Some(token) => {
                assert_eq!(token.expose(), "sandbox-token", "{}", traffic.name);
                let query = request.uri().query().unwrap_or_default();
                let in_query = query.contains("token=sandbox-token");
                queries += usize::from(in_query);
                bodies += usize::from(!in_query);
            }
            None => {
                none.insert(row(&request).meta.name);
            }
        }
    }
    assert!(bodies > 50 && queries > 50, "{bodies} and {queries}");
    let unsigned = [
        "bearychat.incoming",
        "bearychat.meta",
        "bearychat.user.list",
    ];
    assert_eq!(none.into_iter().collect::<Vec<_>>(), unsigned);
}

#[test]
fn two_methods_in_a_query_are_read_as_the_one_that_counts() {
    let request = recorded("message.query/multi").request();
    let read = (row(&request).rewrite)(&request).unwrap();
    assert_eq!(
        read.body().as_ref(),
        br#"{"vchannel_id":"=bw52O","query":{"since":{"ts":1485236262366}}}"#
    );
}

#[test]
fn a_query_that_is_a_text_is_refused_by_name() {
    for name in ["message.query/as-string", "py/message.query/params"] {
        let request = recorded(name).request();
        let refusal = (row(&request).refusal)(&request).unwrap();
        assert_eq!(refusal.status, 400, "{name}");
        assert_eq!(refusal.message, "参数错误: query", "{name}");
    }
}

#[test]
fn a_conversation_of_nobody_is_refused_by_our_client() {
    let request = recorded("session_channel.create/empty-list").request();
    let problem = (row(&request).rewrite)(&request).unwrap_err();
    assert!(problem.contains("`member_uids`: is required"), "{problem}");
}

fn settles(request: &HttpRequest) {
    let row = row(request);
    if let Ok(once) = (row.rewrite)(request) {
        let twice = (row.rewrite)(&once).unwrap();
        assert_eq!(once.body(), twice.body(), "{:?}", request.body());
    }
}

/// The same as the law below, for every field of JSON and one value of each kind.
#[test]
fn every_field_is_of_its_kind_or_refused_by_name() {
    for call in calls() {
        for request in misfits(&call.request) {
            settles(&request);
            if let Some(refusal) = (row(&request).refusal)(&request) {
                let name = refusal.message.strip_prefix("参数错误: ").unwrap();
                let body = String::from_utf8_lossy(request.body()).into_owned();
                assert!(body.contains(&format!("\"{name}\"")), "{name} in {body}");
            }
        }
    }
}

fn requests() -> Vec<HttpRequest> {
    calls().into_iter().map(|call| call.request).collect()
}

/// A request at the path of one of ours, whose parameters stand wherever they like.
fn scattered() -> impl Strategy<Value = HttpRequest> {
    let pairs = || {
        let names = [
            "vchannel_id",
            "text",
            "query",
            "attachments",
            "token",
            "private",
            "x",
        ];
        let value = prop_oneof![
            Just("true".to_owned()),
            Just("False".to_owned()),
            Just("[]".to_owned()),
            Just("{\"latest\":{}}".to_owned()),
            ".{0,20}",
        ];
        prop::collection::vec((select(names.to_vec()), value), 0..6)
    };
    let kinds = ["application/json", "application/x-www-form-urlencoded", ""];
    (
        select(requests()),
        pairs(),
        prop_oneof![
            pairs().prop_map(|pairs| serde_html_form::to_string(pairs).unwrap().into_bytes()),
            prop::collection::vec(any::<u8>(), 0..40),
            mynah_testkit::any_json().prop_map(|json| json.to_string().into_bytes()),
        ],
        select(kinds.to_vec()),
    )
        .prop_map(|(mut request, query, body, kind)| {
            let query = serde_html_form::to_string(query).unwrap();
            let uri = request.uri().to_string();
            let (address, _) = uri.split_once('?').unwrap_or((&uri, ""));
            *request.uri_mut() = format!("{address}?{query}").parse().unwrap();
            *request.body_mut() = body.into();
            request
                .headers_mut()
                .insert(CONTENT_TYPE, kind.parse().unwrap());
            request
        })
}

proptest! {
    /// Whatever one field of a request holds, it is refused or read; and what was read and
    /// written once does not change any more.
    #[test]
    fn any_request_is_refused_or_settles(request in misfit_request(requests())) {
        settles(&request);
    }

    /// The same of requests whose parameters stand in the query, in a form, or are no parameters
    /// at all; and nothing in them makes looking for the token panic.
    #[test]
    fn any_scattered_request_is_refused_or_settles(request in scattered()) {
        let _ = token_of(&request);
        let row = row(&request);
        if let Ok(once) = (row.rewrite)(&request) {
            let twice = (row.rewrite)(&once).unwrap();
            prop_assert_eq!(once.body(), twice.body());
            prop_assert_eq!(once.uri(), twice.uri());
        }
    }
}

/// Where the parameters of a request stand: in the query, and in a body of this type.
fn at(path: &str, query: &str, kind: &str, body: &str) -> HttpRequest {
    let mut request = HttpRequest::new(body.to_owned().into());
    *request.method_mut() = mynah_core::http::Method::POST;
    let host = if path == "/incoming" {
        mynah_bearychat::HOOK
    } else {
        mynah_bearychat::API
    };
    *request.uri_mut() = format!("{host}{path}{query}").parse().unwrap();
    if !kind.is_empty() {
        request
            .headers_mut()
            .insert(CONTENT_TYPE, kind.parse().unwrap());
    }
    request
}

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

fn read(request: &HttpRequest) -> Result<String, String> {
    let row = row(request);
    if let Some(refusal) = (row.refusal)(request) {
        assert_eq!(refusal.status, 400);
        return Err(refusal.message);
    }
    let read = (row.rewrite)(request)?;
    Ok(String::from_utf8(read.body().to_vec()).unwrap())
}

#[test]
fn parameters_stand_in_the_query_a_form_or_json_and_the_body_counts() {
    let named = |name: &str| Ok(format!("{{\"name\":\"{name}\"}}"));
    let path = "/channel.create";
    for (query, kind, body, name) in [
        ("?name=dev", "", "", "dev"),
        ("?name=dev", JSON, "{}", "dev"),
        ("?name=dev", JSON, r#"{"name":"ops"}"#, "ops"),
        ("?name=dev", FORM, "name=ops", "ops"),
        ("", FORM, "name=ops&token=t", "ops"),
        ("", "", r#"{"name":"ops","token":"t","more":[1]}"#, "ops"),
        (
            "",
            "application/json; charset=utf-8",
            r#" {"name":"ops"}"#,
            "ops",
        ),
        ("", FORM, r#"{"name":"ops"}"#, "ops"),
        ("?", JSON, r#"{"name":"ops"}"#, "ops"),
    ] {
        assert_eq!(
            read(&at(path, query, kind, body)),
            named(name),
            "{query} {body}"
        );
    }
}

#[test]
fn an_equals_sign_that_is_not_escaped_belongs_to_the_value() {
    let mut request = at("/user.info", "?user_id==bw52O&token=t", "", "");
    *request.method_mut() = mynah_core::http::Method::GET;
    let read = (row(&request).rewrite)(&request).unwrap();
    assert_eq!(read.uri().query(), Some("user_id=%3Dbw52O"));
}

#[test]
fn a_body_that_is_no_object_is_refused() {
    for body in ["[]", "nonsense", "\"text\"", "{", "{}x", "5"] {
        let request = at("/channel.create", "", JSON, body);
        assert_eq!(read(&request), Err("参数错误: body".to_owned()), "{body}");
    }
}

#[test]
fn what_is_of_another_kind_is_refused_by_name() {
    for (path, query, kind, body, name) in [
        ("/channel.create", "", JSON, "{}", "name"),
        ("/channel.create", "", JSON, r#"{"name":null}"#, "name"),
        ("/channel.create", "", JSON, r#"{"name":5}"#, "name"),
        (
            "/channel.create",
            "",
            JSON,
            r#"{"name":"dev","private":"true"}"#,
            "private",
        ),
        (
            "/channel.create",
            "?name=dev&private=maybe",
            "",
            "",
            "private",
        ),
        ("/channel.create", "", FORM, "name=dev&private=", "private"),
        ("/channel.create", "", FORM, "name=dev&name=ops", "name"),
        (
            "/session_channel.create",
            "",
            JSON,
            r#"{"member_uids":"=bw52O"}"#,
            "member_uids",
        ),
        (
            "/message.create",
            "",
            JSON,
            r#"{"vchannel_id":"=1","text":"hi","attachments":{}}"#,
            "attachments",
        ),
        (
            "/message.create",
            "",
            JSON,
            r#"{"vchannel_id":"=1","text":"hi","attachments":[{"title":5}]}"#,
            "attachments",
        ),
        (
            "/message.create",
            "",
            FORM,
            "vchannel_id=%3D1&text=hi&attachments=%5B%5D",
            "attachments",
        ),
        (
            "/message.query",
            "?vchannel_id=%3D1&query=%7B%22latest%22%3A%7B%7D%7D",
            "",
            "",
            "query",
        ),
    ] {
        let request = at(path, query, kind, body);
        assert_eq!(
            read(&request),
            Err(format!("参数错误: {name}")),
            "{query} {body}"
        );
    }
}

#[test]
fn a_key_to_forward_has_two_names() {
    for name in ["key", "message_key"] {
        let body = format!(r#"{{"vchannel_id":"=1","{name}":"k","to_vchannel_id":"=2"}}"#);
        assert_eq!(
            read(&at("/message.forward", "", JSON, &body)).unwrap(),
            r#"{"vchannel_id":"=1","key":"k","to_vchannel_id":"=2"}"#
        );
    }
}

#[test]
fn a_hook_takes_json_or_a_payload_that_may_not_be_escaped() {
    let json = r#"{"text":"愿原力与你同在"}"#;
    let escaped = serde_html_form::to_string([("payload", json)]).unwrap();
    for (query, kind, body) in [
        (String::new(), JSON, json.to_owned()),
        (String::new(), "", json.to_owned()),
        (String::new(), FORM, json.to_owned()),
        (String::new(), FORM, format!("payload={json}")),
        (String::new(), FORM, escaped.clone()),
        (format!("?{escaped}"), "", String::new()),
        (format!("?{escaped}"), FORM, String::new()),
    ] {
        let request = at("/incoming", &query, kind, &body);
        assert_eq!(read(&request).as_deref(), Ok(json), "{query} {kind} {body}");
    }
}

#[test]
fn a_hook_refuses_what_is_no_payload() {
    for (kind, body) in [
        (FORM, ""),
        (FORM, "text=hi"),
        (FORM, "payload=hi"),
        (FORM, "payload=[]"),
        (FORM, "payload={}&payload={}"),
        (JSON, "[]"),
        (JSON, "payload={}"),
        ("", ""),
    ] {
        let request = at("/incoming", "", kind, body);
        assert_eq!(
            read(&request),
            Err("参数错误: payload".to_owned()),
            "{body}"
        );
    }
    for (body, name) in [
        ("{}", "text"),
        (r#"{"text":null}"#, "text"),
        (r#"{"text":"hi","markdown":"yes"}"#, "markdown"),
        (r#"{"text":"hi","attachments":"no"}"#, "attachments"),
    ] {
        let request = at("/incoming", "", JSON, body);
        assert_eq!(read(&request), Err(format!("参数错误: {name}")), "{body}");
    }
}

#[test]
fn recorded_traffic_is_all_there() {
    let names: Vec<Traffic> = traffic();
    assert_eq!(names.len(), 169);
}
