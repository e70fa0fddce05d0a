//! Where the token and the address of a hook stand, and that nothing shows them.

use std::time::{Instant, UNIX_EPOCH};

use mynah_bearychat::api::channel::CreateChannel;
use mynah_bearychat::api::incoming::SendIncoming;
use mynah_bearychat::api::user::GetUser;
use mynah_bearychat::auth::in_path;
use mynah_bearychat::platform::token_of;
use mynah_bearychat::types::RtmStart;
use mynah_bearychat::{HookToken, IncomingHook, Token, WsHost};
use mynah_core::http::header::CONTENT_TYPE;
use mynah_core::{Auth, Cx, HttpRequest, Step, encode_request};

fn cx() -> Cx {
    Cx {
        now: Instant::now(),
        wall: UNIX_EPOCH,
        nonce: 7,
    }
}

#[test]
fn the_token_goes_into_the_query_whatever_the_method_is() {
    let base = "http://127.0.0.1:7700/bearychat/v1".parse().unwrap();
    let mut token = Token::from("a b&c");
    let mut get = encode_request(&base, &GetUser::new("=bw52O")).unwrap();
    assert!(matches!(
        token.authorize(&mut get, cx()),
        Ok(Step::Ready(_))
    ));
    assert_eq!(get.uri().query(), Some("user_id=%3Dbw52O&token=a+b%26c"));
    let mut post = encode_request(&base, &CreateChannel::new("dev")).unwrap();
    token.authorize(&mut post, cx()).unwrap();
    assert_eq!(post.uri().query(), Some("token=a+b%26c"));
    assert_eq!(post.body().as_ref(), br#"{"name":"dev"}"#);
    for request in [get, post] {
        assert_eq!(token_of(&request), Some(token.clone()));
    }
    assert!(!token.renewable());
}

#[test]
fn a_token_is_found_in_the_query_json_or_a_form_and_the_body_counts() {
    let of = |query: &str, kind: &str, body: &'static str| {
        let mut request = HttpRequest::new(body.into());
        *request.uri_mut() = format!("/v1/user.me{query}").parse().unwrap();
        request
            .headers_mut()
            .insert(CONTENT_TYPE, kind.parse().unwrap());
        token_of(&request).map(|token| token.expose().to_owned())
    };
    let (json, form) = ("application/json", "application/x-www-form-urlencoded");
    let some = |token: &str| Some(token.to_owned());
    assert_eq!(of("?token=q", json, ""), some("q"));
    assert_eq!(of("?token=q", json, r#"{"token":"b"}"#), some("b"));
    assert_eq!(of("?token=q", form, "token=b"), some("b"));
    assert_eq!(of("?token=q", json, "{}"), some("q"));
    assert_eq!(of("", "text/plain", r#"{"token":"b"}"#), some("b"));
    // A body that cannot be read does not hide who sends it.
    assert_eq!(of("?token=q", json, "{"), some("q"));
    for (query, body) in [
        ("", ""),
        ("?token=", ""),
        ("", r#"{"token":5}"#),
        ("?token=a&token=b", ""),
    ] {
        assert_eq!(of(query, json, body), None, "{query} {body}");
    }
}

#[test]
fn a_hook_posts_to_its_address_below_any_base() {
    let mut hook = IncomingHook::of("https://hook.bearychat.com/=bw52O/incoming/s3cr3t").unwrap();
    assert_eq!(hook, IncomingHook::new("=bw52O", "s3cr3t").unwrap());
    for (base, address) in [
        (
            "https://hook.bearychat.com",
            "https://hook.bearychat.com/=bw52O/incoming/s3cr3t",
        ),
        (
            "http://127.0.0.1:7700/bearychat/hook",
            "http://127.0.0.1:7700/bearychat/hook/=bw52O/incoming/s3cr3t",
        ),
    ] {
        let hello = SendIncoming::new("hello");
        let mut request = encode_request(&base.parse().unwrap(), &hello).unwrap();
        hook.authorize(&mut request, cx()).unwrap();
        assert_eq!(request.uri(), address);
        let (team_id, token) = in_path(request.uri().path()).unwrap();
        assert_eq!(IncomingHook::new(team_id, token).unwrap(), hook);
    }
    let mut elsewhere = HttpRequest::default();
    assert!(hook.authorize(&mut elsewhere, cx()).is_err());
}

#[test]
fn an_address_that_is_no_hooks_is_refused_without_being_told() {
    for address in [
        "",
        "s3cr3t",
        "https://hook.bearychat.com/",
        "https://hook.bearychat.com/=bw52O/incoming/",
        "https://hook.bearychat.com/=bw52O/outgoing/s3cr3t",
        "https://hook.bearychat.com/incoming/s3cr3t",
        "https://hook.bearychat.com/bw52O/incoming/s3cr3t",
        "https://hook.bearychat.com/=bw52O/incoming/s3cr3t%2F",
        "https://hook.bearychat.com/=bw52O/incoming/s3cr3t/more",
    ] {
        let problem = IncomingHook::of(address).unwrap_err().to_string();
        assert!(!problem.contains("s3cr3t"), "{problem}");
    }
    for (team_id, token) in [
        ("=", "t"),
        ("=a/b", "t"),
        ("=a", ""),
        ("=a", "a/b"),
        ("=a", "a?b"),
    ] {
        assert!(
            IncomingHook::new(team_id, token).is_err(),
            "{team_id} {token}"
        );
    }
    assert_eq!(in_path("/=a/incoming/"), None);
    assert_eq!(in_path("/incoming/t"), None);
    assert_eq!(in_path("incoming"), None);
}

#[test]
fn nothing_shows_a_credential() {
    let hook = IncomingHook::new("=bw52O", "s3cr3t").unwrap();
    let start = RtmStart {
        ws_host: "wss://rtm.bearychat.com/nimbus/ws:s3cr3t".into(),
        ..RtmStart::default()
    };
    for shown in [
        format!("{:?}", Token::from("s3cr3t")),
        format!("{:?}", HookToken::from("s3cr3t")),
        format!("{:?}", WsHost::from("s3cr3t")),
        format!("{hook:?}"),
        format!("{start:?}"),
    ] {
        assert!(!shown.contains("s3cr3t"), "{shown}");
    }
}
