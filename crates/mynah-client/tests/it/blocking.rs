//! The blocking driver, without a runtime in sight.

use std::thread;
use std::time::{Duration, Instant};

use mynah_client::{BlockingClient, BlockingTransport, Client, Threaded};
use mynah_core::{ErrorKind, HttpRequest, HttpResponse, RawRequest, Retry, TransportError};
use mynah_testkit::{Flaky, Loss, Slow};

use crate::platform::{Look, Say, Test, World, tokens};
use crate::server::{Server, echo, seen};

/// A transport that needs no runtime at all.
struct Direct(World);

impl BlockingTransport for Direct {
    fn send(
        &self,
        request: HttpRequest,
        _: Instant,
        _: usize,
    ) -> Result<HttpResponse, TransportError> {
        Ok(self.0.answer(&request))
    }
}

fn client(transport: impl BlockingTransport) -> BlockingClient<Test> {
    Client::builder("http://test".parse().unwrap())
        .auth(tokens())
        .retry(Retry {
            backoff: Duration::from_millis(1),
            ..Retry::default()
        })
        .blocking_over(transport)
}

#[test]
fn a_call_waits_for_its_end() {
    let world = World::new();
    let client = client(Direct(world.clone()));
    let said = client
        .call(Say::new("值班"))
        .timeout(Duration::from_secs(3))
        .send();
    assert_eq!(said.unwrap(), "值班");
    assert_eq!((world.issued(), world.said("值班")), (1, 1));
}

#[test]
fn raw_calls_come_as_they_are_or_opened() {
    let client = client(Direct(World::new()));
    let answer = client.raw(RawRequest::get("/nowhere")).send().unwrap();
    assert_eq!(answer.status(), 404);
    let look = RawRequest::get("/look").query(&[("at", "here")]).unwrap();
    assert_eq!(client.raw(look).open().unwrap(), r#""here""#);
}

#[test]
fn a_refused_token_is_renewed_once_and_never_in_a_loop() {
    let world = World::new();
    let client = client(Direct(world.clone()));
    client.call(Look::new("here")).send().unwrap();
    world.revoke();
    client.call(Look::new("here")).send().unwrap();
    assert_eq!(world.issued(), 2);

    world.revoke_all();
    let error = client.call(Look::new("here")).send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(world.issued(), 3);
}

#[test]
fn tokens_that_end_as_they_arrive_are_not_asked_for_forever() {
    let world = World::with_lifetime(0);
    let error = client(Direct(world.clone())).call(Say::new("a")).send();
    let error = error.unwrap_err().to_string();
    assert!(error.contains("has ended"), "{error}");
    assert_eq!((world.issued(), world.calls()), (3, 0));
}

#[test]
fn many_threads_without_a_token_cause_one_request() {
    let world = World::new();
    let slow = Slow::new(world.transport(), Duration::from_millis(20));
    let client = client(Threaded::new(slow).unwrap());
    thread::scope(|scope| {
        for _ in 0..64 {
            scope.spawn(|| client.call(Look::new("here")).send().unwrap());
        }
    });
    assert_eq!((world.issued(), world.calls()), (1, 64));
}

#[test]
fn those_who_waited_for_a_failed_fetch_get_its_error() {
    let world = World::refusing();
    let slow = Slow::new(world.transport(), Duration::from_millis(100));
    let client = client(Threaded::new(slow).unwrap());
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                let error = client.call(Look::new("here")).send().unwrap_err();
                assert_eq!(error.endpoint(), "test.get_token");
            });
        }
    });
    assert_eq!((world.issued(), world.calls()), (1, 0));
}

#[test]
fn whoever_gives_up_is_not_held_up_by_the_fetch() {
    let world = World::new();
    let slow = Slow::new(world.transport(), Duration::from_millis(500));
    let client = client(Threaded::new(slow).unwrap());
    let start = Instant::now();
    let call = client
        .call(Say::new("a"))
        .timeout(Duration::from_millis(20));
    let error = call.send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreachable);
    assert!(start.elapsed() < Duration::from_millis(400));
    client.call(Look::new("here")).send().unwrap();
    assert_eq!((world.issued(), world.said("a")), (1, 0));
}

#[test]
fn repetitions_and_times_are_those_of_the_async_driver() {
    let world = World::new();
    let script = [Loss::Nothing, Loss::Connection, Loss::Answer];
    let flaky = Threaded::new(Flaky::new(world.transport(), script)).unwrap();
    let error = client(flaky).call(Say::new("a")).send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
    assert_eq!(world.said("a"), 1);

    let never = Slow::new(world.transport(), Duration::from_secs(60));
    let client = Client::<Test>::builder("http://test".parse().unwrap())
        .blocking_over(Threaded::new(never).unwrap());
    let start = Instant::now();
    let call = client
        .call(Say::new("a"))
        .timeout(Duration::from_millis(50));
    assert_eq!(call.send().unwrap_err().kind(), ErrorKind::OutcomeUnknown);
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn it_neither_panics_in_async_code_nor_when_it_is_dropped_there() {
    let transport = Threaded::new(World::new().transport()).unwrap();
    let client = client(transport);
    assert_eq!(client.call(Say::new("a")).send().unwrap(), "a");
}

#[test]
fn it_calls_over_sockets_and_keeps_them_open() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(Server::http(echo));
    let base = server.base().parse().unwrap();
    let client = BlockingClient::<Test>::new(base, mynah_core::Anonymous).unwrap();
    for _ in 0..5 {
        let answer = client.raw(RawRequest::get("/x")).send().unwrap();
        assert_eq!(seen(&answer)["uri"], "/x");
    }
    assert_eq!(server.connections(), 1);
}
