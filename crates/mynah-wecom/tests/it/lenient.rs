//! What the server can tell apart: what is not there, what is of the wrong kind, what is odd but
//! taken.

use mynah_core::http::header::CONTENT_TYPE;
use mynah_core::{ApiError, Endpoint, HttpRequest, decode_request};
use mynah_wecom::api::agent::CreateMenu;
use mynah_wecom::api::appchat::{CreateAppchat, GetAppchat, SendAppchat, UpdateAppchat};
use mynah_wecom::api::media::{GetMedia, UploadMedia};
use mynah_wecom::api::message::SendMessage;
use mynah_wecom::api::tag::GetTag;
use mynah_wecom::api::token::GetToken;
use mynah_wecom::api::user::{GetUser, ListUsers};
use mynah_wecom::types::{Flag, Safe};
use mynah_wecom::{AgentId, DepartmentId, Message};
use serde_json::{Value, json};

fn request(method: &str, target: &str, body: &str) -> HttpRequest {
    let mut request = HttpRequest::new(body.to_owned().into());
    *request.method_mut() = method.parse().unwrap();
    *request.uri_mut() = target.parse().unwrap();
    request
}

fn posted<E: Endpoint>(body: &Value) -> Result<E, ApiError> {
    decode_request(&request("POST", E::META.path, &body.to_string()))
}

fn asked<E: Endpoint>(query: &str) -> Result<E, ApiError> {
    decode_request(&request("GET", &format!("{}?{query}", E::META.path), ""))
}

fn code<E>(outcome: Result<E, ApiError>) -> i64 {
    outcome
        .err()
        .and_then(|error| error.code.number())
        .unwrap_or(0)
}

#[test]
fn the_members_of_a_new_group_are_missing_or_of_the_wrong_kind() {
    let create = |members: Value| code(posted::<CreateAppchat>(&json!({"userlist": members})));
    assert_eq!(code(posted::<CreateAppchat>(&json!({}))), 86204);
    assert_eq!(create(json!(null)), 86204);
    for wrong in [
        json!("alice"),
        json!([1, 2]),
        json!({}),
        json!(["alice", null]),
        json!(1),
    ] {
        assert_eq!(create(wrong.clone()), 40058, "{wrong}");
    }
    assert_eq!(create(json!([])), 0);
}

#[test]
fn each_missing_parameter_has_its_code() {
    assert_eq!(code(asked::<GetAppchat>("")), 86201);
    assert_eq!(
        code(posted::<UpdateAppchat>(&json!({"chatid": null}))),
        86201
    );
    assert_eq!(code(asked::<GetMedia>("")), 41006);
    assert_eq!(code(asked::<GetUser>("")), 41009);
    assert_eq!(code(asked::<GetToken>("corpsecret=x")), 41002);
    // None is read as an empty one, for the corp is looked for first.
    let secretless = asked::<GetToken>("corpid=").unwrap();
    assert_eq!(secretless.corpsecret.expose(), "");
    assert_eq!(code(asked::<GetTag>("")), 40068);
    assert_eq!(code(asked::<ListUsers>("")), 40063);
    let message = json!({"touser": "alice", "msgtype": "text", "text": {"content": "x"}});
    assert_eq!(code(posted::<SendMessage>(&message)), 41011);
}

#[test]
fn the_application_is_a_number_or_digits() {
    let send = |agent: Value| posted::<SendMessage>(&json!({"agentid": agent}));
    assert_eq!(send(json!("1000002")).unwrap().agentid, AgentId(1_000_002));
    for wrong in [json!("x"), json!(1.5), json!([]), json!(true), json!("")] {
        assert_eq!(code(send(wrong.clone())), 40056, "{wrong}");
    }
    assert_eq!(code(send(json!(null))), 41011);
}

#[test]
fn what_is_said_may_be_nothing_nothing_known_or_without_its_object() {
    let said = |body: Value| {
        let mut body = body;
        body["chatid"] = json!("c1");
        posted::<SendAppchat>(&body).unwrap().message
    };
    let other = |word: &str| Message::Other(word.to_owned());
    assert_eq!(said(json!({})), other(""));
    assert_eq!(
        said(json!({"msgtype": null, "text": {"content": "x"}})),
        other("")
    );
    assert_eq!(
        said(json!({"msgtype": "hologram", "hologram": {}})),
        other("hologram")
    );
    assert_eq!(said(json!({"msgtype": "text"})), other("text"));
    assert_eq!(said(json!({"msgtype": "text", "text": "x"})), other("text"));
    assert_eq!(
        said(json!({"msgtype": "text", "text": null})),
        other("text")
    );
    assert!(Message::KINDS.contains(&"text") && !Message::KINDS.contains(&"hologram"));
    for content in [json!(null), json!(5), json!(["x"]), json!("")] {
        let message = said(json!({"msgtype": "text", "text": {"content": content}}));
        assert_eq!(message, Message::text(""));
    }
    for articles in [json!(null), json!("x"), json!([])] {
        let message = said(json!({"msgtype": "news", "news": {"articles": articles}}));
        assert!(matches!(message, Message::News(news) if news.articles.is_empty()));
    }
    // Another kind's object does not count, however odd it is.
    let message = said(json!({"msgtype": "text", "text": {"content": "x"}, "news": 1}));
    assert_eq!(message, Message::text("x"));
}

#[test]
fn an_odd_degree_of_secrecy_is_kept() {
    let safe = |safe: Value| {
        posted::<SendAppchat>(&json!({"chatid": "c1", "safe": safe}))
            .unwrap()
            .safe
    };
    assert_eq!(safe(json!(null)), None);
    assert_eq!(safe(json!("1")), Some(Safe::On));
    assert_eq!(safe(json!(0)), Some(Safe::Off));
    assert_eq!(safe(json!(2)), Some(Safe::Inside));
    for odd in [json!("yes"), json!(3), json!(-1), json!([]), json!(true)] {
        assert_eq!(safe(odd.clone()), Some(Safe::Other(odd)));
    }
}

#[test]
fn numbers_may_be_digits_and_switches_numbers() {
    let list = asked::<ListUsers>("department_id=1&fetch_child=1&status=0").unwrap();
    assert_eq!(
        list,
        ListUsers::new(DepartmentId(1)).fetch_child(true).status(0)
    );
    let list = asked::<ListUsers>("department_id=1&fetch_child=maybe").unwrap();
    assert_eq!(list.fetch_child, None);
    assert_eq!(code(asked::<ListUsers>("department_id=x")), 40058);
    let send = json!({"agentid": 1, "enable_duplicate_check": "1", "touser": ["a", "b"]});
    let send = posted::<SendMessage>(&send).unwrap();
    assert_eq!(send.enable_duplicate_check, Some(Flag(true)));
    assert_eq!(send.touser.unwrap().len(), 2);
}

#[test]
fn the_body_is_json_whatever_its_type_is_called() {
    for kind in [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ] {
        let mut request = request("POST", GetAppchat::META.path, "");
        *request.uri_mut() = SendAppchat::META.path.parse().unwrap();
        *request.body_mut() = r#"{"chatid":"c1"}"#.into();
        request
            .headers_mut()
            .insert(CONTENT_TYPE, kind.parse().unwrap());
        assert!(decode_request::<SendAppchat>(&request).is_ok(), "{kind}");
    }
    let escaped = request(
        "POST",
        SendAppchat::META.path,
        r#"{"chatid":"\u0063\u0031"}"#,
    );
    assert_eq!(
        decode_request::<SendAppchat>(&escaped)
            .unwrap()
            .chatid
            .as_str(),
        "c1"
    );
}

#[test]
fn broken_json_is_named_as_such_and_the_wrong_method_is_not() {
    let refused = |method: &str, body: &str| {
        let request = request(method, SendAppchat::META.path, body);
        let error = decode_request::<SendAppchat>(&request).unwrap_err();
        (error.code.number().unwrap(), error.message)
    };
    let broken = "Warning: wrong json format. invalid Request Parameter";
    for body in ["", "{", "chatid=c1", "{'chatid':'c1'}"] {
        assert_eq!(
            refused("POST", body),
            (40058, broken.to_owned()),
            "{body:?}"
        );
    }
    for body in ["[]", "1", "null", "\"x\""] {
        assert_eq!(
            refused("POST", body),
            (40058, "invalid Request Parameter".to_owned())
        );
    }
    assert_eq!(
        refused("GET", "{}"),
        (40058, "invalid Request Parameter".to_owned())
    );
    let posted = request("POST", &format!("{}?chatid=c1", GetAppchat::META.path), "");
    assert_eq!(code(decode_request::<GetAppchat>(&posted)), 40058);
}

#[test]
fn what_belongs_into_the_query_is_taken_from_there_alone() {
    let menu = |query: &str, body: &str| {
        let target = format!("{}?access_token=T&{query}", CreateMenu::META.path);
        decode_request::<CreateMenu>(&request("POST", &target, body))
    };
    let read = menu("agentid=1000002", r#"{"button":[],"agentid":7}"#).unwrap();
    assert_eq!(read.agentid, AgentId(1_000_002));
    assert_eq!(code(menu("", r#"{"button":[],"agentid":7}"#)), 41011);
    assert_eq!(code(menu("agentid=1&button=[]", "{}")), 40063);
}

fn uploaded(parts: &str) -> Result<UploadMedia, ApiError> {
    let body = parts.replace('\n', "\r\n");
    let mut request = request(
        "POST",
        &format!("{}?type=file", UploadMedia::META.path),
        &body,
    );
    let kind = "multipart/form-data; boundary=xx";
    request
        .headers_mut()
        .insert(CONTENT_TYPE, kind.parse().unwrap());
    decode_request(&request)
}

#[test]
fn the_file_is_the_part_called_media_or_else_the_first_with_a_files_name() {
    let field = "--xx\nContent-Disposition: form-data; name=\"a\"\n\nno\n";
    let nameless = "--xx\nContent-Disposition: form-data; filename=\"报告.txt\"\n\nfirst\n";
    let media = "--xx\nContent-Disposition: form-data; name=\"media\"; filename=\"m.txt\"; \
                 filelength=6\n\nmytext\n";
    let file = uploaded(&format!("{field}{nameless}{media}--xx--"))
        .unwrap()
        .media;
    assert_eq!(
        (file.name.as_str(), &file.content[..]),
        ("m.txt", &b"mytext"[..])
    );
    let file = uploaded(&format!("{field}{nameless}--xx--")).unwrap().media;
    assert_eq!(
        (file.name.as_str(), &file.content[..]),
        ("报告.txt", &b"first"[..])
    );
    assert_eq!(code(uploaded(&format!("{field}--xx--"))), 44001);
    assert_eq!(code(uploaded("no form at all")), 44001);
}

#[test]
fn an_upload_says_what_it_is_in_the_query() {
    let mut request = request("POST", UploadMedia::META.path, "");
    let part = "--xx\r\nContent-Disposition: form-data; name=\"media\"; filename=\"m\"\r\n\r\nx\r\n\
                --xx--";
    *request.body_mut() = part.into();
    let kind = "multipart/form-data; boundary=xx";
    request
        .headers_mut()
        .insert(CONTENT_TYPE, kind.parse().unwrap());
    assert_eq!(code(decode_request::<UploadMedia>(&request)), 40005);
}
