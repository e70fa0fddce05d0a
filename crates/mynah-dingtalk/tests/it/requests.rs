//! Our requests against those of the peers (`requests.json`), and theirs against our server side.

use std::collections::{BTreeMap, BTreeSet};

use mynah_core::http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use mynah_core::{Error, HttpRequest, RawRequest, decode_request};
use mynah_dingtalk::api::chat::{CreateChat, GetReadList, ReadPage, SendChat, UpdateChat};
use mynah_dingtalk::api::notice::SendNotice;
use mynah_dingtalk::types::{Flag, Number};
use mynah_dingtalk::{DingTalk, Message, OpenApi, UserId};
use mynah_testkit::{any_json, misfit_request, misfits};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::calls::calls;
use crate::table::{base, row, rows};
use crate::vectors::{Traffic, meaning, settled_answer, traffic};

/// The one request that cannot be made with our client: a message that custom robots cannot send.
const PICTURE: &str = "robot.send.image_undocumented";

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
}

#[test]
fn our_client_sends_what_the_peers_were_recorded_to_send() {
    let ours: BTreeMap<_, _> = calls()
        .into_iter()
        .filter(|call| !call.name.is_empty())
        .map(|call| (call.name, call.request))
        .collect();
    let recorded = traffic();
    for Traffic { name, request, .. } in &recorded {
        if name == PICTURE {
            continue;
        }
        let ours = ours
            .get(name.as_str())
            .unwrap_or_else(|| panic!("no call equals {name}"));
        assert_eq!(meaning(ours), meaning(&request.request()), "{name}");
    }
    assert_eq!(
        ours.len() + 1,
        recorded.len(),
        "some calls equal nothing that was recorded"
    );
}

#[test]
fn our_bodies_are_plain_utf8_and_say_what_they_are() {
    for call in calls() {
        let request = call.request;
        if request.body().is_empty() {
            assert_eq!(request.headers().get(CONTENT_TYPE), None);
            continue;
        }
        let text = String::from_utf8_lossy(request.body());
        assert!(!text.contains("\\u"), "{text}");
        let kind = request.headers()[CONTENT_TYPE].to_str().unwrap();
        assert!(
            kind == "application/json" || kind.starts_with("multipart/form-data"),
            "{kind}"
        );
    }
}

/// The gateway of version 1.0 may answer in XML otherwise.
#[test]
fn calls_of_version_1_0_ask_for_json_and_no_other_does() {
    let asks = |request: &HttpRequest| request.headers().get(ACCEPT).cloned();
    for call in calls() {
        let is_open = call.request.uri().path().contains("/v1.0/");
        let expected = is_open.then(|| HeaderValue::from_static("application/json"));
        assert_eq!(asks(&call.request), expected, "{}", call.request.uri());
    }
    let raw = RawRequest::get("/v1.0/anything");
    let base = base();
    assert!(asks(&raw.encode_for::<OpenApi>(&base).unwrap()).is_some());
    assert!(asks(&raw.encode_for::<DingTalk>(&base).unwrap()).is_none());
}

#[test]
fn our_server_reads_what_the_peers_were_recorded_to_send() {
    for Traffic { name, request, .. } in traffic() {
        let mut request = request.request();
        let row = row(&request);
        if row.meta.path == "/user/batchdelete" {
            *request.uri_mut() = row.meta.path.parse().unwrap();
        }
        let read = (row.rewrite)(&request).unwrap_or_else(|error| panic!("{name}: {error}"));
        if name == PICTURE {
            assert_eq!(read.body().as_ref(), br#"{"msgtype":"image"}"#);
            continue;
        }
        assert_eq!(meaning(&read), meaning(&request), "{name}");
    }
}

#[test]
fn our_client_reads_what_the_peers_were_answered_and_our_server_writes_the_same() {
    for Traffic {
        name,
        request,
        response,
    } in traffic()
    {
        let answer = response.response();
        let row = row(&request.request());
        let written = match (row.open)(&answer) {
            Ok(_) => row.reanswer(&answer),
            Err(error) => (row.refuse)(error),
        };
        assert_eq!(written.status(), answer.status(), "{name}");
        if let Some(json) = response.json {
            let written: Value = serde_json::from_slice(written.body()).unwrap();
            assert_eq!(settled_answer(written), settled_answer(json), "{name}");
        } else {
            assert_eq!(written.body(), answer.body(), "{name}");
            // A file without a name of its own may be told to be one.
            let kind =
                |response: &mynah_core::HttpResponse| response.headers()[CONTENT_TYPE].clone();
            assert_eq!(kind(&written), kind(&answer), "{name}");
        }
    }
}

fn posted(path: &str, body: &Value) -> HttpRequest {
    let mut request = HttpRequest::new(body.to_string().into());
    *request.method_mut() = "POST".parse().unwrap();
    *request.uri_mut() = path.parse().unwrap();
    request
}

#[test]
fn a_switch_is_absent_set_or_wrong() {
    let banned = |body: Value| {
        let request = posted("/chat/update", &body);
        decode_request::<UpdateChat>(&request).unwrap().banned
    };
    assert_eq!(banned(json!({"chatid": "chat1"})), None);
    assert_eq!(
        banned(json!({"chatid": "chat1", "chatBannedType": null})),
        None
    );
    for (value, flag) in [
        (json!(0), Flag::Off),
        (json!("1"), Flag::On),
        (json!(true), Flag::On),
        (json!(2), Flag::Other(json!(2))),
        (json!("x"), Flag::Other(json!("x"))),
    ] {
        let body = json!({"chatid": "chat1", "chatBannedType": value});
        assert_eq!(banned(body), Some(flag));
    }
}

#[test]
fn what_lacks_is_empty_so_that_the_server_can_say_which_code_it_is() {
    let chat: CreateChat = decode_request(&posted("/chat/create", &json!({}))).unwrap();
    assert_eq!(chat, CreateChat::new("", "", [] as [UserId; 0]));
    let chat: CreateChat =
        decode_request(&posted("/chat/create", &json!({"useridlist": "alice"}))).unwrap();
    assert!(chat.members.is_empty());

    let message = |body: Value| {
        let sent: SendChat = decode_request(&posted("/chat/send", &body)).unwrap();
        sent.message
    };
    let other = |kind: &str| Message::Other(kind.to_owned());
    assert_eq!(message(json!({})), other(""));
    assert_eq!(message(json!({"msgtype": "hologram"})), other("hologram"));
    assert_eq!(message(json!({"msgtype": "text"})), other("text"));
    assert_eq!(
        message(json!({"msgtype": "text", "text": ["hi"]})),
        other("text")
    );
    assert_eq!(
        message(json!({"msgtype": "text", "text": {"content": 5}})),
        Message::text("")
    );
    // What is wrapped wins.
    assert_eq!(
        message(json!({
            "msgtype": "text",
            "text": {"content": "beside"},
            "msg": {"msgtype": "text", "text": {"content": "wrapped"}},
        })),
        Message::text("wrapped")
    );

    let error = decode_request::<CreateChat>(&posted("/chat/create", &json!([]))).unwrap_err();
    assert_eq!(error.code.number(), Some(43009));
    let mut request = HttpRequest::default();
    *request.uri_mut() = "/chat/create".parse().unwrap();
    let error = decode_request::<CreateChat>(&request).unwrap_err();
    assert_eq!(error.code.number(), Some(43002));
}

#[test]
fn topapi_takes_forms_whose_objects_are_json_text() {
    let body = "agent_id=100001&userid_list=alice%2Cbob&to_all_user=false&access_token=T\
                &msg=%7B%22msgtype%22%3A%22text%22%2C%22text%22%3A%7B%22content%22%3A%22hi%22%7D%7D";
    let mut request = HttpRequest::new(body.into());
    *request.method_mut() = "POST".parse().unwrap();
    *request.uri_mut() = "/topapi/message/corpconversation/asyncsend_v2"
        .parse()
        .unwrap();
    let kind = "application/x-www-form-urlencoded".parse().unwrap();
    request.headers_mut().insert(CONTENT_TYPE, kind);
    let notice: SendNotice = decode_request(&request).unwrap();
    let expected = SendNotice::new(100_001, "hi")
        .to_users(["alice", "bob"])
        .to_all_user(false);
    assert_eq!(notice, expected);
    assert_eq!(
        mynah_dingtalk::auth::token_in(&request).as_deref(),
        Some("T")
    );
}

#[test]
fn all_who_have_read_are_found_page_by_page_and_the_end_is_an_end() {
    let readers = |names: &[&str]| names.iter().map(|name| UserId::from(*name)).collect();
    let pages = [
        ReadPage {
            next_cursor: Some(200_467_002_472),
            readers: readers(&["alice", "bob"]),
        },
        ReadPage {
            next_cursor: Some(200_467_002_999),
            readers: readers(&["carol"]),
        },
        // A page that leads to itself.
        ReadPage {
            next_cursor: Some(200_467_002_999),
            readers: readers(&["dave"]),
        },
    ];
    let mut asked = Some(GetReadList::all("msg1"));
    let mut cursors = Vec::new();
    let mut found: Vec<UserId> = Vec::new();
    for page in pages {
        let call = asked.take().unwrap();
        cursors.push(call.cursor.get());
        found.extend(page.readers.iter().cloned());
        asked = page.next(&call);
    }
    assert_eq!(asked, None);
    assert_eq!(
        cursors,
        [Some(0), Some(200_467_002_472), Some(200_467_002_999)]
    );
    assert_eq!(
        found,
        readers(&["alice", "bob", "carol", "dave"]) as Vec<UserId>
    );
}

#[test]
fn a_cursor_that_is_no_number_is_told_from_none() {
    let asked = |query: &str| {
        let mut request = HttpRequest::default();
        *request.uri_mut() = format!("/chat/getReadList?{query}").parse().unwrap();
        decode_request::<GetReadList>(&request).unwrap()
    };
    assert_eq!(asked("messageId=m"), GetReadList::all("m"));
    let wrong = asked("messageId=m&cursor=x&size=-1");
    assert_eq!(wrong.cursor, Number::Other(json!("x")));
    assert_eq!(wrong.size, Number::Is(-1));
}

/// The same as the law below, for every field and one value of each kind.
#[test]
fn every_field_is_of_its_kind_or_settles() {
    for call in calls() {
        for request in misfits(&call.request) {
            let row = row(&request);
            if let Ok(once) = (row.rewrite)(&request) {
                let twice = (row.rewrite)(&once).unwrap();
                assert_eq!(once.body(), twice.body(), "{:?}", request.body());
            }
        }
    }
}

proptest! {
    /// Whatever one field of a request holds, it is refused or read; and what was read and
    /// written once does not change any more.
    #[test]
    fn any_request_is_refused_or_settles(
        request in misfit_request(calls().into_iter().map(|call| call.request))
    ) {
        let row = row(&request);
        if let Ok(once) = (row.rewrite)(&request) {
            let twice = (row.rewrite)(&once).unwrap();
            prop_assert_eq!(once.body(), twice.body());
        }
    }

    /// No answer at all makes the client panic, and what it takes for success has a form.
    #[test]
    fn any_answer_is_an_output_or_an_error(
        which in any::<prop::sample::Index>(), answer in any_json(),
    ) {
        let rows = rows();
        let row = which.get(&rows);
        let response = mynah_core::HttpResponse::new(answer.to_string().into());
        let opened: Result<_, _> = (row.open)(&response);
        if let Ok(payload) = opened {
            let fields: Option<Map<String, Value>> = serde_json::from_slice(&payload).ok();
            prop_assert!(fields.is_some());
        }
    }
}

/// For the reader: the error of a call names the call.
#[test]
fn an_address_without_a_session_is_named() {
    let error: Error =
        mynah_dingtalk::api::robot::SendBySession::to("https://oapi.dingtalk.com", "hi")
            .unwrap_err();
    assert_eq!(error.endpoint(), "dingtalk.robot.send_by_session");
}
