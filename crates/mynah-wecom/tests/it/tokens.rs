//! The life of a token, stepped by hand, against what a peer was recorded to do (`tokens.json`)
//! and what it does wrong.

use std::time::Duration;

use mynah_core::{Auth, Error, ErrorKind, HttpRequest, HttpResponse, Retry, Tokens};
use mynah_testkit::Stepped;
use mynah_wecom::api::appchat::CreateAppchat;
use mynah_wecom::api::misc::GetCallbackIp;
use mynah_wecom::{Application, WebhookKey};
use serde_json::Value;

use crate::table::base;
use crate::vectors::{Answer, TOKENS};

#[derive(serde::Deserialize)]
struct Entry {
    name: String,
    wire: Vec<Wire>,
    bodies: Option<Vec<Value>>,
}

#[derive(serde::Deserialize)]
struct Wire {
    path: String,
    query: Vec<(String, String)>,
    response: Answer,
}

fn entry(name: &str) -> Entry {
    let entries: Vec<Entry> = serde_json::from_str(TOKENS).unwrap();
    entries
        .into_iter()
        .find(|entry| entry.name == name)
        .unwrap_or_else(|| panic!("nothing recorded is called {name}"))
}

/// Path and query of a request.
type Sent = (String, Vec<(String, String)>);

fn sent(request: &HttpRequest) -> Sent {
    let query = request.uri().query().unwrap_or_default();
    (
        request.uri().path().to_owned(),
        serde_html_form::from_str(query).unwrap(),
    )
}

/// An application, the platform with the answers it will give, and the time.
type Scene = Stepped<Tokens<Application>>;

fn begin(secret: &str, answers: impl IntoIterator<Item = HttpResponse>) -> Scene {
    let application = Application::new("ww-sandbox", secret);
    let mut scene = Scene::new(base(), Tokens::new(base(), application), answers);
    scene.retry = Retry::NONE;
    scene
}

/// With the answers of a recorded entry; the token it begins with is held already.
fn recorded(entry: &Entry) -> Scene {
    let answers = entry.wire.iter().map(|wire| wire.response.response());
    let mut scene = begin("sandbox-secret", answers);
    let mut query = entry.wire[0].query.iter();
    if let Some((_, token)) = query.find(|(name, _)| name == "access_token") {
        assert!(scene.hold(token, Duration::from_secs(7200)));
    }
    scene
}

fn ips(scene: &mut Scene) -> Option<Result<HttpResponse, Error>> {
    scene.call(&GetCallbackIp::new())
}

fn sees(requests: &[HttpRequest], wire: &[Wire]) {
    let recorded: Vec<Sent> = wire
        .iter()
        .map(|wire| (wire.path.clone(), wire.query.clone()))
        .collect();
    assert_eq!(requests.iter().map(sent).collect::<Vec<_>>(), recorded);
}

#[test]
fn a_token_is_fetched_once_and_then_kept() {
    let entry = entry("token fetched once, then cached");
    let mut scene = recorded(&entry);
    assert!(ips(&mut scene).unwrap().is_ok());
    assert!(ips(&mut scene).unwrap().is_ok());
    sees(&scene.requests, &entry.wire);
}

#[test]
fn a_token_of_which_a_minute_remains_is_renewed() {
    let entry = entry("refresh margin is 60 s");
    let mut scene = recorded(&entry);
    for second in [0, 7139, 7140] {
        scene.second = second;
        assert!(ips(&mut scene).unwrap().is_ok());
    }
    sees(&scene.requests, &entry.wire);
}

#[test]
fn three_codes_renew_the_token_once_and_repeat_the_call_once() {
    for code in [40001, 40014, 42001] {
        let entry = entry(&format!("{code} refreshes and retries"));
        let mut scene = recorded(&entry);
        assert!(ips(&mut scene).unwrap().is_ok(), "{code}");
        sees(&scene.requests, &entry.wire);
    }
}

#[test]
fn a_repeated_call_has_the_same_body() {
    let entry = entry("42001 on POST keeps the body");
    let mut scene = recorded(&entry);
    assert!(
        scene
            .call(&CreateAppchat::new(["alice", "bob"]))
            .unwrap()
            .is_ok()
    );
    sees(&scene.requests, &entry.wire);
    for (ours, theirs) in scene.requests.iter().zip(entry.bodies.unwrap()) {
        let ours: Value = serde_json::from_slice(ours.body()).unwrap_or_default();
        assert_eq!(ours, theirs);
    }
}

#[test]
fn a_second_refusal_goes_to_the_caller() {
    // The peer repeats without end.
    let entry = entry("40014 five times in a row");
    let mut scene = recorded(&entry);
    let error = ips(&mut scene).unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(error.api().unwrap().code.number(), Some(40014));
    sees(&scene.requests, &entry.wire[..4]);
}

#[test]
fn what_is_not_about_the_token_goes_to_the_caller_at_once() {
    for (name, code, kind) in [
        ("41001 is not retried", 41001, ErrorKind::Refused),
        ("errcode as a string", 60020, ErrorKind::Refused),
        ("45009 has its own exception", 45009, ErrorKind::Throttled),
        ("-1 system busy is not retried", -1, ErrorKind::Unavailable),
    ] {
        let entry = entry(name);
        let mut scene = recorded(&entry);
        let error = ips(&mut scene).unwrap().unwrap_err();
        assert_eq!(error.api().unwrap().code.number(), Some(code), "{name}");
        assert_eq!(error.kind(), kind, "{name}");
        sees(&scene.requests, &entry.wire);
    }
    let entry = entry("HTTP 500");
    let error = ips(&mut recorded(&entry)).unwrap().unwrap_err();
    assert_eq!(
        (error.status_code(), error.kind()),
        (Some(500), ErrorKind::Unavailable)
    );
}

#[test]
fn a_refusal_to_give_a_token_is_told_and_never_swallowed() {
    for (name, code) in [("gettoken error", 40013), ("gettoken 40001", 40001)] {
        let entry = entry(name);
        let mut scene = recorded(&entry);
        let error = ips(&mut scene).unwrap().unwrap_err();
        assert_eq!(error.endpoint(), "wecom.gettoken");
        assert_eq!(error.api().unwrap().code.number(), Some(code), "{name}");
        sees(&scene.requests, &entry.wire);
    }
}

#[test]
fn poor_answers_are_good_enough() {
    let reply = entry("reply without errcode");
    assert!(ips(&mut recorded(&reply)).unwrap().is_ok());
    for name in [
        "gettoken reply without errcode",
        "gettoken without expires_in",
    ] {
        let entry = entry(name);
        let mut scene = recorded(&entry);
        assert!(
            ips(&mut scene).is_none(),
            "{name}: the answers end behind the token"
        );
        let call = scene.requests.pop().unwrap();
        assert_eq!(
            sent(&call).1,
            [("access_token".to_owned(), "T".to_owned())],
            "{name}"
        );
        sees(&scene.requests, &entry.wire);
        // Two hours are assumed.
        for (second, asks) in [(7139, false), (7140, true)] {
            scene.second = second;
            assert_eq!(
                scene.asks_first(&call).unwrap(),
                asks,
                "{name} at {second} s"
            );
        }
    }
}

#[test]
fn two_applications_of_one_corp_do_not_disturb_each_other() {
    // As the older peer does it; the newer one takes the other's lifetime for its own.
    let entry = entry("two apps of one corp share expires_at (1.8.18)");
    let answers = |places: &[usize]| -> Vec<HttpResponse> {
        places
            .iter()
            .map(|&place| entry.wire[place].response.response())
            .collect()
    };
    let mut first = begin("secret-A-xxxxx", answers(&[0, 1, 4, 5]));
    let mut second = begin("secret-B-xxxxx", answers(&[2, 3]));
    assert!(ips(&mut first).unwrap().is_ok());
    second.second = 7000;
    assert!(ips(&mut second).unwrap().is_ok());
    first.second = 7300;
    assert!(ips(&mut first).unwrap().is_ok());
    let (before, after) = first.requests.split_at(2);
    sees(&[before, &second.requests, after].concat(), &entry.wire);
}

#[test]
fn the_key_of_a_store_has_the_whole_corp_and_the_whole_secret_and_does_not_tell_it() {
    let key = |corp: &str, secret: &str| Application::new(corp, secret).key();
    // The peer's keys collide: it takes ten characters.
    assert_ne!(
        key("ww-sandbox", "0123456789-A"),
        key("ww-sandbox", "0123456789-B")
    );
    assert_ne!(key("ww-sandbox", "s"), key("ww-sandbox-2", "s"));
    assert_ne!(key("ab", "c"), key("a", "bc"));
    assert_eq!(key("ww-sandbox", "s"), key("ww-sandbox", "s"));
    let shown = key("ww-sandbox", "0123456789-A");
    assert!(
        shown.contains("ww-sandbox") && !shown.contains("0123456789"),
        "{shown}"
    );
}

#[test]
fn a_secret_never_shows() {
    let application = Application::new("ww-sandbox", "very-secret");
    let mut scene = begin("very-secret", []);
    assert!(scene.hold("very-token", Duration::from_secs(7200)));
    for shown in [
        format!("{application:?}"),
        format!("{:?}", scene.auth),
        format!("{:?}", WebhookKey::new("very-key")),
        format!("{:?}", mynah_wecom::id::ResponseCode::from("very-code")),
        format!(
            "{:?}",
            mynah_wecom::api::token::GetToken::new("c", "very-secret")
        ),
    ] {
        assert!(!shown.contains("very"), "{shown}");
    }
}

#[test]
fn the_credential_is_added_to_the_query_and_nothing_else_changes() {
    let cx = begin("s", []).cx();
    for (before, after) in [
        ("http://h/cgi-bin/a", "http://h/cgi-bin/a?key=k%2B%261"),
        ("http://h/cgi-bin/a?", "http://h/cgi-bin/a?key=k%2B%261"),
        (
            "http://h/a?x=a+b%20c&y=%e6",
            "http://h/a?x=a+b%20c&y=%e6&key=k%2B%261",
        ),
        ("/a?x", "/a?x&key=k%2B%261"),
    ] {
        let mut request = HttpRequest::default();
        *request.uri_mut() = before.parse().unwrap();
        WebhookKey::new("k+&1").authorize(&mut request, cx).unwrap();
        assert_eq!(request.uri(), after);
    }
}

#[test]
fn the_server_finds_the_credential_in_the_query() {
    use mynah_wecom::auth::{key_in, token_in};
    assert_eq!(token_in("chatid=c&access_token=a%2Bb").unwrap(), "a+b");
    assert_eq!(key_in("key=k").unwrap(), "k");
    for nothing in ["", "access_token", "access_token=", "key=x&debug=1"] {
        assert_eq!(token_in(nothing), None, "{nothing:?}");
    }
}

#[test]
fn a_robots_address_holds_its_key_and_another_address_does_not() {
    let address = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx";
    assert_eq!(WebhookKey::of(address).unwrap().expose(), "693a91f6-7xxx");
    assert_eq!(
        WebhookKey::of("693a91f6-7xxx").unwrap().expose(),
        "693a91f6-7xxx"
    );
    for wrong in [
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=",
        "https://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code=x",
        "wss://openws.work.weixin.qq.com?key=x",
    ] {
        assert!(WebhookKey::of(wrong).is_err(), "{wrong}");
    }
}
