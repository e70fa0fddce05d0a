//! Two hosts that are one platform: which of them is asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use mynah_client::{Builder, Client};
use mynah_core::{ErrorKind, HttpRequest, HttpResponse, Platform, Retry, TransportError, http};
use mynah_testkit::Serve;

use crate::platform::{Look, Say, Test};
use crate::server::{Server, nobody};

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Answers as the platform does, with what was sent.
fn echo(request: &HttpRequest) -> HttpResponse {
    if request.uri().path() == "/look" {
        return Test::seal(Ok("\"here\"".into()));
    }
    let said: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
    let answer = serde_json::json!({ "said": said["text"] });
    Test::seal(Ok(answer.to_string().into()))
}

fn failing(_: &HttpRequest) -> HttpResponse {
    let mut response = HttpResponse::new("<html>".into());
    *response.status_mut() = http::StatusCode::BAD_GATEWAY;
    response
}

fn pair(first: &str, other: &str) -> Builder<Test> {
    Client::builder(first.parse().unwrap()).twin(other.parse().unwrap())
}

#[tokio::test]
async fn a_call_that_reached_nobody_is_made_at_the_other_host() {
    let other = Server::http(echo).await;
    let client = pair(&nobody().await, &other.base()).build();
    assert_eq!(client.call(Say::new("a")).await.unwrap(), "a");
    assert_eq!(client.call(Say::new("b")).await.unwrap(), "b");
    assert_eq!(other.connections(), 1);
}

#[tokio::test]
async fn a_call_that_may_have_been_done_is_not_repeated_but_the_next_goes_to_the_other_host() {
    let said = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&said);
    let first = Server::http(move |request| {
        count.fetch_add(1, SeqCst);
        failing(request)
    })
    .await;
    let other = Server::http(echo).await;
    let client = pair(&first.base(), &other.base()).build();

    let error = client.call(Say::new("a")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!((said.load(SeqCst), other.connections()), (1, 0));

    assert_eq!(client.call(Say::new("b")).await.unwrap(), "b");
    assert_eq!(said.load(SeqCst), 1);
}

#[tokio::test]
async fn what_may_be_repeated_is_repeated_at_the_other_host() {
    let first = Server::http(failing).await;
    let other = Server::http(echo).await;
    let client = pair(&first.base(), &other.base()).build();
    assert_eq!(client.call(Look::new("here")).await.unwrap(), "here");
    assert_eq!((first.connections(), other.connections()), (1, 1));
}

#[tokio::test]
async fn a_host_that_is_silent_for_the_time_of_a_call_is_left() {
    let first = Server::tcp(|stream, _| async move {
        tokio::time::sleep(secs(60)).await;
        drop(stream);
    })
    .await;
    let other = Server::http(echo).await;
    let client = pair(&first.base(), &other.base()).build();
    let late = client
        .call(Say::new("a"))
        .timeout(Duration::from_millis(100));
    assert_eq!(late.await.unwrap_err().kind(), ErrorKind::OutcomeUnknown);
    assert_eq!(client.call(Say::new("b")).await.unwrap(), "b");
}

/// A pair in memory: whether each host answers, and how often it was asked.
#[derive(Default)]
struct Hosts {
    first: (AtomicBool, AtomicUsize),
    other: (AtomicBool, AtomicUsize),
}

impl Hosts {
    fn client(self: &Arc<Self>) -> Client<Test> {
        let hosts = Arc::clone(self);
        let carry = Serve::new(move |request: HttpRequest| {
            let (works, asked) = match request.uri().authority().unwrap().as_str() {
                "first" => &hosts.first,
                _ => &hosts.other,
            };
            asked.fetch_add(1, SeqCst);
            if works.load(SeqCst) {
                Ok(echo(&request))
            } else {
                Err(TransportError::not_sent("no such host"))
            }
        });
        pair("http://first/api", "http://other/api")
            .retry(Retry::NONE)
            .over(carry)
    }

    fn asked(&self) -> (usize, usize) {
        (self.first.1.load(SeqCst), self.other.1.load(SeqCst))
    }
}

#[tokio::test(start_paused = true)]
async fn the_hosts_are_changed_at_most_once_in_thirty_seconds() {
    let hosts = Arc::new(Hosts::default());
    let client = hosts.client();
    client.call(Say::new("a")).await.unwrap_err();
    assert_eq!(hosts.asked(), (1, 0));

    // The other one fails as well, and is asked all the same.
    for _ in 0..3 {
        client.call(Say::new("a")).await.unwrap_err();
    }
    assert_eq!(hosts.asked(), (1, 3));

    tokio::time::advance(secs(29)).await;
    client.call(Say::new("a")).await.unwrap_err();
    assert_eq!(hosts.asked(), (1, 4));
    tokio::time::advance(secs(1)).await;
    client.call(Say::new("a")).await.unwrap_err();
    assert_eq!(hosts.asked(), (1, 5));
    hosts.first.0.store(true, SeqCst);
    client.call(Say::new("a")).await.unwrap();
    assert_eq!(hosts.asked(), (2, 5));
}

#[tokio::test(start_paused = true)]
async fn a_host_that_answers_stays_the_one_that_is_asked() {
    let hosts = Arc::new(Hosts::default());
    hosts.first.0.store(true, SeqCst);
    hosts.other.0.store(true, SeqCst);
    let client = hosts.client();
    for _ in 0..3 {
        client.call(Say::new("a")).await.unwrap();
        tokio::time::advance(secs(60)).await;
    }
    assert_eq!(hosts.asked(), (3, 0));
    let base = client.base().as_str();
    assert_eq!(base, "http://first/api");
}

#[tokio::test(start_paused = true)]
async fn calls_that_failed_together_change_the_host_once() {
    let hosts = Arc::new(Hosts::default());
    let client = hosts.client();
    let calls = (0..8).map(|_| client.call(Say::new("a")).into_future());
    futures_util::future::join_all(calls).await;
    let (first, other) = hosts.asked();
    assert_eq!(first + other, 8);
    hosts.other.0.store(true, SeqCst);
    client.call(Say::new("a")).await.unwrap();
    assert_eq!(hosts.asked(), (first, other + 1));
}

#[test]
fn a_client_that_is_not_async_goes_to_the_other_host_too() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (nobody, other) = runtime.block_on(async { (nobody().await, Server::http(echo).await) });
    let client = pair(&nobody, &other.base()).build_blocking().unwrap();
    assert_eq!(client.call(Say::new("a")).send().unwrap(), "a");
    assert_eq!(other.connections(), 1);
}
