//! One token for all: who fetches it, who waits, who is told.

use std::time::Duration;

use futures_util::future::join_all;
use mynah_client::Client;
use mynah_core::{Body, Carried, Error, ErrorKind, Transport, http};
use mynah_testkit::Slow;
use tokio::time::Instant;

use crate::platform::{Look, Say, Test, World, client, tokens};

const CALLERS: usize = 1000;

async fn all(client: &Client<Test>) -> Vec<Result<String, Error>> {
    let calls = (0..CALLERS).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.call(Look::new("here")).await })
    });
    let done = join_all(calls).await;
    done.into_iter().map(Result::unwrap).collect()
}

/// Answers as the world does; tokens take their time.
#[derive(Clone)]
struct SlowTokens<T> {
    world: T,
    slow: Slow<T>,
}

impl<T: Transport + Clone> SlowTokens<T> {
    fn new(world: T, seconds: u64) -> Self {
        Self {
            slow: Slow::new(world.clone(), Duration::from_secs(seconds)),
            world,
        }
    }
}

impl<T: Transport> Transport for SlowTokens<T> {
    fn send(&self, request: http::Request<Body>) -> Carried<'_> {
        match request.uri().path() {
            "/token" => self.slow.send(request),
            _ => self.world.send(request),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_callers_without_a_token_cause_one_request() {
    let world = World::new();
    let client = client(SlowTokens::new(world.transport(), 2));
    let answers = all(&client).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!((world.issued(), world.calls()), (1, CALLERS));
}

#[tokio::test(start_paused = true)]
async fn a_thousand_callers_with_an_expired_token_cause_one_request() {
    let world = World::new();
    let client = client(SlowTokens::new(world.transport(), 2));
    client.call(Look::new("here")).await.unwrap();
    tokio::time::advance(Duration::from_secs(7200)).await;
    let answers = all(&client).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(world.issued(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_callers_whose_token_is_refused_cause_one_request() {
    let world = World::new();
    let client = client(SlowTokens::new(world.transport(), 2));
    client.call(Look::new("here")).await.unwrap();
    world.revoke();
    let answers = all(&client).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(world.issued(), 2);
}

#[tokio::test(start_paused = true)]
async fn those_who_waited_for_a_failed_fetch_get_its_error() {
    let world = World::refusing();
    let client = client(SlowTokens::new(world.transport(), 2));
    for answer in all(&client).await {
        let error = answer.unwrap_err();
        assert_eq!(error.endpoint(), "test.get_token");
        assert_eq!(error.api().unwrap().message, "账号无效");
    }
    assert_eq!((world.issued(), world.calls()), (1, 0));

    client.call(Look::new("here")).await.unwrap_err();
    assert_eq!(world.issued(), 2, "whoever comes later tries again");
}

#[tokio::test(start_paused = true)]
async fn whoever_gives_up_does_not_stop_the_fetch() {
    let world = World::new();
    let client = client(SlowTokens::new(world.transport(), 5));
    let start = Instant::now();
    let impatient = client.call(Say::new("a")).timeout(Duration::from_secs(1));
    let patient = async {
        // Comes second, so the impatient one has begun the fetch.
        tokio::task::yield_now().await;
        client.call(Look::new("here")).await
    };
    let dropped = tokio::time::timeout(
        Duration::from_secs(2),
        client.call(Look::new("here")).into_future(),
    );
    let impatient = async { (impatient.await, start.elapsed().as_secs()) };
    let ((given_up, after), patient, dropped) = tokio::join!(impatient, patient, dropped);

    let error = given_up.unwrap_err();
    assert_eq!((error.kind(), after), (ErrorKind::Unreachable, 1));
    assert_eq!(error.endpoint(), "test.say");
    assert!(dropped.is_err());
    assert_eq!(patient.unwrap(), "here");
    assert_eq!(start.elapsed().as_secs(), 5);
    assert_eq!((world.issued(), world.said("a")), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn the_fetch_has_a_time_of_its_own() {
    let world = World::new();
    let client = Client::<Test>::builder("http://test".parse().unwrap())
        .auth(tokens())
        .token_timeout(Duration::from_secs(4))
        .over(SlowTokens::new(world.transport(), 3600));
    let start = Instant::now();
    for answer in all(&client).await {
        let error = answer.unwrap_err();
        assert_eq!(error.endpoint(), "test.get_token");
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
    }
    assert_eq!(start.elapsed().as_secs(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_renewed_once_and_never_in_a_loop() {
    let world = World::new();
    world.revoke_all();
    let client = client(world.transport());
    let error = client.call(Say::new("a")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!((world.issued(), world.calls()), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn tokens_that_end_as_they_arrive_are_not_asked_for_forever() {
    let world = World::with_lifetime(0);
    let client = client(world.transport());
    let error = client.call(Say::new("a")).await.unwrap_err();
    assert!(error.to_string().contains("has ended"), "{error}");
    assert_eq!((world.issued(), world.calls()), (3, 0));
}

#[test]
fn a_fetch_that_ends_with_its_runtime_does_not_leave_the_others_waiting() {
    let world = World::new();
    let client = client(SlowTokens::new(world.transport(), 1));
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap()
    };
    let first = runtime();
    let begun = client.call(Look::new("here")).timeout(Duration::ZERO);
    first.block_on(async { begun.await.unwrap_err() });
    drop(first);
    runtime().block_on(async { client.call(Look::new("here")).await.unwrap() });
    assert_eq!(world.calls(), 1);
}
