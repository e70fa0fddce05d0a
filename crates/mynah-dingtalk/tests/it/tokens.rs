//! The life of a token, stepped by hand, against what a peer was recorded to do (`retry.json`)
//! and what it does wrong.

use std::time::{Duration, SystemTime};

use mynah_core::{
    Action, Auth, ErrorKind, Exchange, HttpRequest, HttpResponse, Issuer, Retry, Rules, Stamp,
    Tokens, encode_request,
};
use mynah_dingtalk::api::callback::GetCallback;
use mynah_dingtalk::api::chat::{GetChat, SendChat, UpdateChat};
use mynah_dingtalk::api::robot::{SendBySession, SendToGroup};
use mynah_dingtalk::api::token::GetToken;
use mynah_dingtalk::api::top;
use mynah_dingtalk::api::user::GetUserV2;
use mynah_dingtalk::auth::token_in;
use mynah_dingtalk::{AgentId, App, Corp, OpenApp, RobotKey};
use mynah_testkit::Stepped;
use serde_json::{Value, json};

use crate::table::base;
use crate::vectors::{Exchange as Recorded, RETRY, meaning};

#[derive(serde::Deserialize)]
struct Entry {
    name: String,
    exchanges: Vec<Recorded>,
}

fn entry(name: &str) -> Entry {
    let entries: Vec<Entry> = serde_json::from_str(RETRY).unwrap();
    entries
        .into_iter()
        .find(|entry| entry.name == name)
        .unwrap_or_else(|| panic!("nothing recorded is called {name}"))
}

fn answer(status: u16, json: &Value) -> HttpResponse {
    let mut response = HttpResponse::new(json.to_string().into());
    *response.status_mut() = status.try_into().unwrap();
    response
}

/// An application, the platform with the answers it will give, and the time.
type Scene<I> = Stepped<Tokens<I>>;

fn begin<I: Issuer>(issuer: I, answers: impl IntoIterator<Item = HttpResponse>) -> Scene<I> {
    Scene::new(base(), Tokens::new(base(), issuer), answers)
}

fn hold<I: Issuer>(scene: &mut Scene<I>, token: &str) {
    assert!(scene.hold(token, Duration::from_secs(7200)));
}

fn tokens_sent<I: Issuer>(scene: &Scene<I>) -> Vec<Option<String>> {
    let tokens = scene.requests.iter().map(token_in);
    tokens.map(|token| token.map(Into::into)).collect()
}

/// The peer's application with the recorded answers; the token it begins with is held already.
fn recorded(entry: &Entry) -> Scene<App> {
    let answers = entry.exchanges.iter().map(|wire| wire.response.response());
    let mut scene = begin(App::new("dingappkeyxxx", "appsecretxxx"), answers);
    let query = &entry.exchanges[0].request.query;
    let held = query
        .iter()
        .find(|(name, _)| ["access_token", "session"].contains(&name.as_str()));
    if let Some((_, token)) = held {
        hold(&mut scene, token);
    }
    scene
}

/// Sees that exactly these requests were made, with these tokens.
fn sees(scene: &Scene<App>, exchanges: &[Recorded]) {
    assert_eq!(scene.requests.len(), exchanges.len());
    for (ours, theirs) in scene.requests.iter().zip(exchanges) {
        let theirs = theirs.request.request();
        assert_eq!(token_in(ours), token_in(&theirs));
        assert_eq!(meaning(ours), meaning(&theirs));
    }
}

#[test]
fn a_token_is_fetched_once_and_then_kept() {
    let first = entry("first_call_fetches_token");
    let mut scene = recorded(&first);
    assert!(scene.call(&GetChat::new("chat1")).unwrap().is_ok());
    sees(&scene, &first.exchanges);

    let second = entry("second_call_reuses_token");
    let mut scene = recorded(&second);
    assert!(scene.call(&GetChat::new("chat1")).unwrap().is_ok());
    assert!(scene.call(&GetChat::new("chat1")).unwrap().is_ok());
    sees(&scene, &second.exchanges);
}

#[test]
fn a_token_of_which_five_minutes_remain_is_renewed() {
    // The peer uses it to its last second.
    let entry = entry("token_expiry_boundary");
    let mut scene = recorded(&entry);
    for (second, requests) in [(0, 2), (6899, 3), (6900, 5)] {
        scene.second = second;
        assert!(scene.call(&GetChat::new("chat1")).unwrap().is_ok());
        assert_eq!(scene.requests.len(), requests, "at {second} s");
    }
    sees(&scene, &entry.exchanges);
}

#[test]
fn a_refused_token_is_renewed_once_and_the_call_repeated_once() {
    for code in [40014, 42001, 40001, 33001] {
        let entry = entry(&format!("refresh_on_{code}"));
        let mut scene = recorded(&entry);
        assert!(
            scene.call(&GetChat::new("chat1")).unwrap().is_ok(),
            "{code}"
        );
        sees(&scene, &entry.exchanges);
    }
    let entry = entry("refresh_post_same_body");
    let mut scene = recorded(&entry);
    assert!(scene.call(&SendChat::new("chat1", "hi")).unwrap().is_ok());
    sees(&scene, &entry.exchanges);
}

#[test]
fn a_second_refusal_goes_to_the_caller() {
    // The peer repeats without end.
    let entry = entry("no_retry_cap");
    let mut scene = recorded(&entry);
    let error = scene.call(&GetChat::new("chat1")).unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(error.api().unwrap().code.number(), Some(40014));
    sees(&scene, &entry.exchanges[..3]);
}

#[test]
fn the_gateway_of_topapi_refuses_a_token_in_its_own_way_and_it_is_renewed_all_the_same() {
    // The peer keeps the stale token.
    let entry = entry("topapi_88_not_refreshed");
    let mut scene = recorded(&entry);
    scene.answers.extend([
        answer(200, &json!({"errcode": 0, "access_token": "tok-2", "expires_in": 7200})),
        answer(
            200,
            &json!({"errcode": 0, "errmsg": "ok", "result": {"userid": "alice"}, "request_id": "r"}),
        ),
    ]);
    assert!(scene.call(&GetUserV2::new("alice")).unwrap().is_ok());
    let sent = tokens_sent(&scene);
    assert_eq!(
        sent,
        [Some("stale".into()), None, Some("tok-2".into())] as [Option<String>; 3]
    );
}

#[test]
fn a_call_to_top_is_repeated_with_the_new_session() {
    // The peer mixes up its own arguments.
    let entry = entry("top_gateway_retry_defect");
    let mut scene = recorded(&entry);
    scene.answers.extend([
        answer(
            200,
            &json!({"errcode": 0, "access_token": "tok-2", "expires_in": 7200}),
        ),
        answer(
            200,
            &json!({"errcode": 0, "errmsg": "ok", "request_id": "r"}),
        ),
    ]);
    let then = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    assert!(
        scene
            .call(&top::RecallMessage::new(AgentId(1), 2, then))
            .unwrap()
            .is_ok()
    );
    let sent = tokens_sent(&scene);
    assert_eq!(
        sent,
        [Some("stale".into()), None, Some("tok-2".into())] as [Option<String>; 3]
    );
    assert!(
        scene.requests[2]
            .uri()
            .query()
            .unwrap()
            .contains("session=tok-2")
    );
}

#[test]
fn version_1_0_is_told_the_token_in_a_header_and_renews_it_in_the_same_way() {
    let refusal = |status, code| {
        answer(
            status,
            &json!({"code": code, "message": "m", "requestid": "r"}),
        )
    };
    let token = || answer(200, &json!({"accessToken": "tok-2", "expireIn": 7200}));
    let done = || answer(200, &json!({"processQueryKey": "k"}));
    let call = SendToGroup::new("ding", "cid1", "hi");

    let answers = [refusal(400, "InvalidAuthentication"), token(), done()];
    let mut scene = begin(OpenApp::new("ding", "secret"), answers);
    hold(&mut scene, "stale");
    assert!(scene.call(&call).unwrap().is_ok());
    assert_eq!(
        tokens_sent(&scene),
        [Some("stale".into()), None, Some("tok-2".into())] as [Option<String>; 3]
    );
    assert_eq!(scene.requests[1].uri().path(), "/v1.0/oauth2/accessToken");
    assert_eq!(scene.requests[0].body(), scene.requests[2].body());
    assert_eq!(scene.requests[2].uri().query(), None);

    // Refused for good, it is told; without a loop.
    let answers = [
        refusal(401, "accesstoken.expired"),
        token(),
        refusal(400, "InvalidAuthentication"),
    ];
    let mut scene = begin(OpenApp::new("ding", "secret"), answers);
    hold(&mut scene, "stale");
    let error = scene.call(&call).unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(scene.requests.len(), 3);

    // That there is none at all is a mistake that another one does not mend.
    let answers = [refusal(400, "AuthenticationFailed.MissingParameter")];
    let mut scene = begin(OpenApp::new("ding", "secret"), answers);
    hold(&mut scene, "stale");
    assert_eq!(
        scene.call(&call).unwrap().unwrap_err().kind(),
        ErrorKind::Refused
    );
}

#[test]
fn what_is_not_about_the_token_goes_to_the_caller_at_once() {
    for name in ["business_error_no_retry", "errcode_string_error"] {
        let entry = entry(name);
        let mut scene = recorded(&entry);
        let chat = if name.starts_with("business") {
            "nope"
        } else {
            "chat1"
        };
        let error = scene.call(&GetChat::new(chat)).unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Refused, "{name}");
        assert_eq!(error.api().unwrap().code.number(), Some(40016), "{name}");
        sees(&scene, &entry.exchanges);
    }
    let entry = entry("errcode_string_zero");
    let mut scene = recorded(&entry);
    let update = UpdateChat::new("chat1")
        .banned(false)
        .searchable(false)
        .validation(false)
        .mention_all_authority(false)
        .show_history(false)
        .management(false);
    assert!(scene.call(&update).unwrap().is_ok());
    sees(&scene, &entry.exchanges);
}

#[test]
fn a_blocked_address_is_told_for_how_long_and_never_taken_for_an_answer() {
    for (name, fetches) in [
        ("html_200", false),
        ("x5_throttle_body", false),
        ("x5_throttle_body_with_processor", true),
        ("http_500", true),
    ] {
        let entry = entry(name);
        let mut scene = recorded(&entry);
        let outcome = if fetches {
            scene.call(&GetChat::new("chat1")).unwrap()
        } else {
            scene.call(&GetCallback::new()).unwrap()
        };
        let error = outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Throttled, "{name}");
        assert_eq!(
            error.retry_after(),
            Some(Duration::from_secs(300)),
            "{name}"
        );
        // Five minutes are longer than a call waits by itself.
        sees(&scene, &entry.exchanges);
    }
}

#[test]
fn a_refusal_to_give_a_token_is_told_and_never_swallowed() {
    let entry = entry("bad_app_secret");
    let mut scene = recorded(&entry);
    let error = scene.call(&GetChat::new("chat1")).unwrap().unwrap_err();
    assert_eq!(error.endpoint(), "dingtalk.gettoken");
    assert_eq!(error.api().unwrap().code.number(), Some(40096));
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    sees(&scene, &entry.exchanges);
}

#[test]
fn without_repeating_there_is_one_request() {
    let entry = entry("auto_retry_off");
    let scene = recorded(&entry);
    let request = encode_request(&base(), &GetChat::new("chat1")).unwrap();
    let deadline = scene.cx().now + Duration::from_secs(60);
    let mut exchange = Exchange::new(request, Rules::of::<GetChat>(), Retry::NONE, deadline);
    assert!(matches!(exchange.poll(), Action::Send(_)));
    let refusal = entry.exchanges[0].response.response();
    exchange.answered(Stamp::default(), false, || scene.cx(), Ok(refusal));
    let Action::Done(Err(error)) = exchange.poll() else {
        panic!("it goes on")
    };
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
}

#[test]
fn every_recorded_exchange_is_stepped_through() {
    let entries: Vec<Entry> = serde_json::from_str(RETRY).unwrap();
    let here = include_str!("tokens.rs");
    for Entry { name, .. } in entries {
        let by_code = name.starts_with("refresh_on_");
        assert!(by_code || here.contains(&format!("\"{name}\"")), "{name}");
    }
}

#[test]
fn one_application_has_one_key_for_both_interfaces_and_it_does_not_tell_the_secret() {
    let app = App::new("ding-sandbox", "sandbox-secret");
    let key = app.key();
    assert_eq!(Tokens::new(base(), app.open()).key(), Some(key.clone()));
    assert_eq!(Tokens::new(base(), app.clone()).key(), Some(key.clone()));
    assert_eq!(app.open().app(), &app);
    assert!(
        key.contains("ding-sandbox") && !key.contains("sandbox-secret"),
        "{key}"
    );
    assert_ne!(App::new("ding-sandbox", "other").key(), key);
    assert_ne!(App::new("a", "bc").key(), App::new("ab", "c").key());
}

#[test]
fn an_organisation_has_a_token_too() {
    let token = answer(
        200,
        &json!({"errcode": 0, "access_token": "T", "expires_in": 7200}),
    );
    let chat = answer(200, &json!({"errcode": 0, "chat_info": {"name": "n"}}));
    let mut scene = begin(Corp::new("ding1", "s"), [token, chat]);
    assert!(scene.call(&GetChat::new("chat1")).unwrap().is_ok());
    assert_eq!(
        scene.requests[0].uri().query(),
        Some("corpid=ding1&corpsecret=s")
    );
    assert_eq!(
        scene.requests[1].uri().query(),
        Some("chatid=chat1&access_token=T")
    );
}

#[test]
fn a_token_without_a_life_lives_two_hours() {
    let token = answer(200, &json!({"errcode": 0, "access_token": "T"}));
    let chat = || answer(200, &json!({"errcode": 0, "chat_info": {"name": "n"}}));
    let mut scene = begin(App::new("k", "s"), [token, chat(), chat()]);
    for second in [0, 6899] {
        scene.second = second;
        assert!(scene.call(&GetChat::new("chat1")).unwrap().is_ok());
    }
    scene.second = 6900;
    let request = encode_request(&base(), &GetChat::new("chat1")).unwrap();
    assert!(scene.asks_first(&request).unwrap());
}

#[test]
fn the_token_that_is_asked_for_needs_none() {
    let answers = [answer(200, &json!({"errcode": 40096, "errmsg": "x"}))];
    let mut scene = begin(App::new("k", "s"), answers);
    let error = scene.call(&GetToken::app("k", "s")).unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(scene.requests.len(), 1);
}

#[test]
fn a_secret_never_shows() {
    let app = App::new("ding-sandbox", "very-secret");
    let mut scene = begin(app.clone(), []);
    hold(&mut scene, "very-token");
    let header = {
        let mut request = HttpRequest::default();
        OpenApp::attach(&mut request, "very-token").unwrap();
        request
    };
    for shown in [
        format!("{app:?}"),
        format!("{:?}", app.open()),
        format!("{:?}", scene.auth),
        format!("{:?}", Corp::new("c", "very-secret")),
        format!("{:?}", RobotKey::new("very-key").signing("very-secret")),
        format!("{:?}", GetToken::app("k", "very-secret")),
        format!("{:?}", SendBySession::new("very-session", "hi")),
        format!("{header:?}"),
    ] {
        assert!(!shown.contains("very"), "{shown}");
    }
}

#[test]
fn the_server_finds_the_token_where_each_generation_puts_it() {
    let found = |uri: &str| {
        let mut request = HttpRequest::default();
        *request.uri_mut() = uri.parse().unwrap();
        token_in(&request).map(std::borrow::Cow::into_owned)
    };
    assert_eq!(
        found("/chat/get?chatid=c&access_token=a%2Bb").as_deref(),
        Some("a+b")
    );
    assert_eq!(
        found("/dingtalk/router/rest?session=s&access_token=x").as_deref(),
        Some("s")
    );
    for nothing in [
        "/chat/get",
        "/chat/get?access_token=",
        "/v1.0/robot/groupMessages/send?access_token=T",
        "/topapi/v2/user/get",
    ] {
        assert_eq!(found(nothing), None, "{nothing:?}");
    }
}
