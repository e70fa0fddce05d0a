//! Calls and their options, over transports in memory and by a clock that is
//! moved by hand.

use std::time::Duration;

use mynah_client::Client;
use mynah_core::{
    Anonymous, ApiError, ErrorKind, HttpRequest, HttpResponse, Platform, RawRequest, Retry,
    TransportError,
};
use mynah_testkit::{Capture, Flaky, Loss, Replay, Serve, Slow};
use tokio::time::Instant;

use crate::platform::{Look, Say, Test, World, client};

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn ok(data: &str) -> HttpResponse {
    Test::seal(Ok(data.to_owned().into()))
}

/// A client whose calls need no token.
fn open_client(transport: impl mynah_core::Transport) -> Client<Test> {
    Client::builder("http://test".parse().unwrap())
        .auth(Anonymous)
        .over(transport)
}

#[tokio::test]
async fn a_call_reads_like_a_sentence() {
    let client = client(World::new().transport());
    let said = client
        .call(Say::new("值班"))
        .timeout(secs(3))
        .await
        .unwrap();
    assert_eq!(said, "值班");
}

#[tokio::test]
async fn clones_share_the_token() {
    let world = World::new();
    let client = client(world.transport());
    for clone in [client.clone(), client] {
        clone.call(Look::new("here")).await.unwrap();
    }
    assert_eq!(world.issued(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_was_never_sent_is_tried_again() {
    let world = World::new();
    let capture = Capture::new(Flaky::new(
        world.transport(),
        [Loss::Nothing, Loss::Connection, Loss::Connection],
    ));
    let client = client(capture.clone());
    assert_eq!(client.call(Say::new("a")).await.unwrap(), "a");
    assert_eq!((capture.count(), world.said("a")), (4, 1));
}

#[tokio::test(start_paused = true)]
async fn what_may_have_been_done_is_repeated_only_if_that_is_harmless() {
    let script = || [Loss::Nothing, Loss::Answer];
    let world = World::new();
    let error = client(Flaky::new(world.transport(), script()))
        .call(Say::new("a"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
    assert_eq!(world.said("a"), 1);

    let world = World::new();
    let client = client(Flaky::new(world.transport(), script()));
    assert_eq!(client.call(Look::new("here")).await.unwrap(), "here");
    assert_eq!(world.calls(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_time_of_a_call_ends_it() {
    let client = open_client(Slow::new(Replay::default(), secs(3600)));
    let start = Instant::now();
    let error = client
        .call(Say::new("a"))
        .timeout(secs(3))
        .await
        .unwrap_err();
    assert_eq!(start.elapsed().as_secs(), 3);
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
    assert_eq!(error.endpoint(), "test.say");
    assert!(error.is_temporary());

    let start = Instant::now();
    client.call(Look::new("here")).await.unwrap_err();
    assert_eq!(start.elapsed().as_secs(), 30, "unless said otherwise");
}

#[tokio::test(start_paused = true)]
async fn the_time_of_a_call_counts_its_repetitions() {
    let never = Serve::new(|_| Err(TransportError::not_sent("unreachable")));
    let capture = Capture::new(Slow::new(never, secs(2)));
    let client = open_client(capture.clone());
    let retry = Retry {
        attempts: 100,
        backoff: Duration::from_millis(1),
        ..Retry::default()
    };
    let start = Instant::now();
    let call = client.call(Say::new("a")).retry(retry).timeout(secs(5));
    call.await.unwrap_err();
    assert!(start.elapsed() <= Duration::from_millis(5001));
    assert_eq!(capture.count(), 3);
}

fn throttled(retry_after: &str) -> HttpResponse {
    let mut response = Test::seal(Err(ApiError::http(429, "慢一点")));
    let headers = response.headers_mut();
    headers.insert("retry-after", retry_after.parse().unwrap());
    response
}

#[tokio::test(start_paused = true)]
async fn a_throttled_call_waits_as_long_as_the_platform_asks() {
    let client = open_client(Replay::new([throttled("7"), ok(r#"{"said":"a"}"#)]));
    let start = Instant::now();
    assert_eq!(client.call(Say::new("a")).await.unwrap(), "a");
    assert_eq!(start.elapsed().as_secs(), 7);
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_calls_time_ends_it_at_once() {
    let client = open_client(Replay::new([throttled("7")]));
    let start = Instant::now();
    let call = client.call(Say::new("a")).timeout(secs(5));
    let error = call.await.unwrap_err();
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!(error.kind(), ErrorKind::Throttled);
    assert_eq!(error.retry_after(), Some(secs(7)));
    assert_eq!(error.status_code(), Some(429));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_retry_calls_once() {
    let replay = Replay::default();
    let client = Client::<Test>::builder("http://test".parse().unwrap())
        .retry(Retry::NONE)
        .over(replay.clone());
    let error = client.call(Say::new("a")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreachable);
    assert_eq!(replay.requests().len(), 1);
}

#[tokio::test]
async fn a_refusal_keeps_the_platforms_words() {
    let refusal = Test::seal(Err(ApiError::new(34010, "会话不存在")));
    let client = open_client(Replay::new([refusal]));
    let error = client.call(Say::new("a")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert_eq!(error.api().unwrap().message, "会话不存在");
}

#[tokio::test]
async fn an_answer_of_another_form_is_kept() {
    let client = open_client(Replay::new([ok(r#"{"other":1}"#)]));
    let error = client.call(Say::new("a")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.body().unwrap(), r#"{"other":1}"#);
}

#[tokio::test]
async fn an_answer_in_memory_has_a_limit_too() {
    let client = Client::<Test>::builder("http://test".parse().unwrap())
        .body_limit(10)
        .over(Replay::new([ok(r#""0123456789""#)]));
    let error = client.call(Look::new("here")).retry(Retry::NONE);
    let error = error.await.unwrap_err().to_string();
    assert!(error.contains("larger than 10 bytes"), "{error}");
}

#[tokio::test]
async fn a_raw_call_gets_the_answer_as_it_is() {
    let world = World::new();
    let capture = Capture::new(world.transport());
    let client = client(capture.clone());
    let request = RawRequest::post("/nowhere")
        .query(&[("a", "1 2")])
        .unwrap()
        .json(&serde_json::json!({"x": [1]}))
        .unwrap();
    let answer = client.raw(request).await.unwrap();
    assert_eq!(answer.status(), 404);
    assert_eq!(answer.body(), "no such call");

    let sent = &capture.requests()[1];
    assert_eq!(sent.uri(), "http://test/nowhere?a=1+2");
    assert_eq!(sent.body(), r#"{"x":[1]}"#);
    assert_eq!(sent.headers()["x-token"], "issued-token-0");
}

#[tokio::test]
async fn a_public_raw_call_carries_no_credential() {
    let capture = Capture::new(World::new().transport());
    let client = client(capture.clone());
    let answer = client.raw(RawRequest::get("/look").public()).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(capture.count(), 1);
    assert!(!capture.requests()[0].headers().contains_key("x-token"));
}

#[tokio::test]
async fn a_raw_call_can_be_opened_like_a_typed_one() {
    let world = World::new();
    let client = client(world.transport());
    let look = || RawRequest::get("/look").query(&[("at", "here")]).unwrap();
    assert_eq!(client.raw(look()).open().await.unwrap(), r#""here""#);
    world.revoke();
    assert_eq!(client.raw(look()).open().await.unwrap(), r#""here""#);
    let error = client.raw(RawRequest::get("/nowhere")).open().await;
    assert_eq!(error.unwrap_err().status_code(), Some(404));
}

#[tokio::test]
async fn calls_and_clients_show_no_secret() {
    let client = client(Serve::new(|_: HttpRequest| Ok(ok("null"))));
    let shown = format!(
        "{client:?} {:?} {:?}",
        client.call(Say::new("private words")),
        client.clone()
    );
    assert!(
        shown.contains("http://test") && shown.contains("30s"),
        "{shown}"
    );
    assert!(
        !shown.contains("private") && !shown.contains("secret"),
        "{shown}"
    );
}
