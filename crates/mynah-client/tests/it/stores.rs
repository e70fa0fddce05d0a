//! Tokens that several clients share.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, SystemTime};

use futures_util::FutureExt;
use mynah_client::Client;
use mynah_core::{Kept, MemoryTokens, Storing, TokenStore};
use tokio::time::Instant;

use crate::platform::{Look, Test, World, tokens};

fn client(world: &World, store: impl TokenStore) -> Client<Test> {
    Client::builder("http://test".parse().unwrap())
        .auth(tokens())
        .token_store(store)
        .over(world.transport())
}

#[tokio::test]
async fn what_one_client_fetched_another_one_uses() {
    let world = World::new();
    let store = MemoryTokens::default();
    for _ in 0..3 {
        let client = client(&world, store.clone());
        client.call(Look::new("here")).await.unwrap();
    }
    assert_eq!((world.issued(), world.calls()), (1, 3));

    let kept = store.load("test:account").await.unwrap();
    let left = kept.until.duration_since(SystemTime::now()).unwrap();
    assert!(left > Duration::from_secs(7190) && left <= Duration::from_secs(7200));
    assert!(!format!("{kept:?}").contains("issued-token"));
}

#[tokio::test]
async fn a_token_that_was_refused_is_not_taken_from_the_store_again() {
    let world = World::new();
    let store = MemoryTokens::default();
    let first = client(&world, store.clone());
    first.call(Look::new("here")).await.unwrap();
    world.revoke();
    // Refused, found in the store once more, and asked for anew.
    first.call(Look::new("here")).await.unwrap();
    assert_eq!(world.issued(), 2);
    // The other one has it from the store now.
    let second = client(&world, store);
    second.call(Look::new("here")).await.unwrap();
    assert_eq!(world.issued(), 2);
}

#[tokio::test]
async fn a_newer_token_of_another_client_is_taken_instead_of_a_fetch() {
    let world = World::new();
    let store = MemoryTokens::default();
    let first = client(&world, store.clone());
    let second = client(&world, store);
    first.call(Look::new("here")).await.unwrap();
    second.call(Look::new("here")).await.unwrap();
    world.revoke();
    first.call(Look::new("here")).await.unwrap();
    second.call(Look::new("here")).await.unwrap();
    assert_eq!(
        world.issued(),
        2,
        "the second found what the first had fetched"
    );
}

#[tokio::test]
async fn a_token_about_to_end_is_not_taken_from_the_store() {
    let world = World::new();
    let store = MemoryTokens::default();
    let old = Kept {
        token: "issued-token-0".into(),
        until: SystemTime::now() + Duration::from_secs(200),
    };
    store.save("test:account", &old).await;
    client(&world, store).call(Look::new("here")).await.unwrap();
    assert_eq!(world.issued(), 1);
}

/// Never says anything, and counts how often it is asked.
#[derive(Clone, Default)]
struct Silent(Arc<AtomicUsize>);

impl TokenStore for Silent {
    fn load<'a>(&'a self, _: &'a str) -> Storing<'a, Option<Kept>> {
        self.0.fetch_add(1, SeqCst);
        Box::pin(pending())
    }

    fn save<'a>(&'a self, _: &'a str, _: &'a Kept) -> Storing<'a, ()> {
        self.0.fetch_add(1, SeqCst);
        Box::pin(pending())
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_does_not_answer_is_passed_over() {
    let world = World::new();
    let store = Silent::default();
    let client = client(&world, store.clone());
    let start = Instant::now();
    client.call(Look::new("here")).await.unwrap();
    // A quarter of the fifteen seconds that the fetch of a token may take.
    assert_eq!(start.elapsed(), Duration::from_millis(3750));
    assert_eq!((world.issued(), store.0.load(SeqCst)), (1, 2));
}

#[test]
fn a_blocking_client_uses_the_store_too() {
    struct Direct(World);
    impl mynah_client::BlockingTransport for Direct {
        fn send(
            &self,
            request: mynah_core::HttpRequest,
            _: std::time::Instant,
            _: usize,
        ) -> Result<mynah_core::HttpResponse, mynah_core::TransportError> {
            Ok(self.0.answer(&request))
        }
    }
    let world = World::new();
    let store = MemoryTokens::default();
    for _ in 0..2 {
        let client = Client::<Test>::builder("http://test".parse().unwrap())
            .auth(tokens())
            .token_store(store.clone())
            .blocking_over(Direct(world.clone()));
        client.call(Look::new("here")).send().unwrap();
        // Callers go on while the token is being kept.
        let begin = std::time::Instant::now();
        while store
            .load("test:account")
            .now_or_never()
            .flatten()
            .is_none()
        {
            assert!(
                begin.elapsed() < Duration::from_secs(10),
                "nothing was kept"
            );
            std::thread::yield_now();
        }
    }
    assert_eq!((world.issued(), world.calls()), (1, 2));
}
