//! How many calls are left: what a client tells of it, and what it does when there are none.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use mynah_client::{BlockingTransport, Client};
use mynah_core::{
    ApiError, ErrorKind, HttpRequest, HttpResponse, Platform, Quota, RawRequest, Retry, Transport,
    TransportError,
};
use mynah_testkit::Serve;
use tokio::time::{Instant, advance};

use crate::platform::{GetToken, Look, QUOTA, Say, Test};

/// The platform counts by the clock hour.
const HOUR: u64 = 3600;

/// A clock of the platform's own, far from ours: 50 s before the end of an hour.
const START: u64 = 1_489_388_350;

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + secs(seconds)
}

/// A platform that takes so many calls an hour, with the credential and without.
#[derive(Clone)]
struct Meter(Arc<Mutex<Counted>>);

struct Counted {
    limits: [u64; 2],
    used: [u64; 2],
    hour: u64,
    arrived: u64,
    start: Instant,
}

impl Meter {
    fn new(limit: u64) -> Self {
        Self(Arc::new(Mutex::new(Counted {
            limits: [limit, 1],
            used: [0, 0],
            hour: START / HOUR,
            arrived: 0,
            start: Instant::now(),
        })))
    }

    /// How many calls have arrived, the refused ones included.
    fn arrived(&self) -> u64 {
        self.0.lock().unwrap().arrived
    }

    fn set_limit(&self, limit: u64) {
        self.0.lock().unwrap().limits[0] = limit;
    }

    fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let mut counted = self.0.lock().unwrap();
        let counted = &mut *counted;
        let now = START + counted.start.elapsed().as_secs();
        if now / HOUR != counted.hour {
            (counted.hour, counted.used) = (now / HOUR, [0, 0]);
        }
        counted.arrived += 1;
        let bucket = usize::from(request.uri().path() == "/token");
        let (limit, used) = (counted.limits[bucket], &mut counted.used[bucket]);
        let taken = *used < limit;
        *used += u64::from(taken);
        let mut response = match taken {
            true if bucket == 1 => Test::seal(Ok(r#"{"token":"t","expires_in":7200}"#.into())),
            true => Test::seal(Ok(r#""here""#.into())),
            false => Test::seal(Err(ApiError::http(429, "慢一点"))),
        };
        let quota = Quota {
            limit,
            remaining: limit - *used,
            reset: at((counted.hour + 1) * HOUR),
            said: Some(at(now)),
        };
        quota.write(response.headers_mut(), QUOTA);
        response
    }

    fn transport(&self) -> impl Transport + use<> {
        let meter = self.clone();
        Serve::new(move |request: HttpRequest| Ok(meter.answer(&request)))
    }

    fn client(&self) -> Client<Test> {
        Client::builder("http://test".parse().unwrap()).over(self.transport())
    }
}

fn look() -> Look {
    Look::new("here")
}

#[tokio::test(start_paused = true)]
async fn a_client_tells_how_many_calls_are_left() {
    let client = Meter::new(3).client();
    assert_eq!(client.quota(), None, "nothing was asked yet");
    for remaining in [2, 1, 0] {
        client.call(look()).await.unwrap();
        let quota = client.clone().quota().unwrap();
        assert_eq!((quota.limit, quota.remaining), (3, remaining));
        assert_eq!(quota.reset, at(1_489_388_400));
    }
}

#[tokio::test(start_paused = true)]
async fn a_raw_call_counts_like_any_other() {
    let client = Meter::new(3).client();
    client.raw(RawRequest::get("/look")).await.unwrap();
    assert_eq!(client.quota().map(|quota| quota.remaining), Some(2));
    let opened = client.raw(RawRequest::get("/look")).open();
    assert_eq!(opened.await.unwrap(), r#""here""#);
    assert_eq!(client.quota().map(|quota| quota.remaining), Some(1));
}

#[tokio::test(start_paused = true)]
async fn a_call_waits_for_the_reset_if_its_time_allows() {
    let meter = Meter::new(1);
    let client = meter.client();
    client.call(look()).await.unwrap();

    let start = Instant::now();
    let patient = Retry {
        longest_wait: secs(HOUR),
        ..Retry::default()
    };
    let call = client.call(look()).timeout(secs(60)).retry(patient);
    assert_eq!(call.await.unwrap(), "here");
    assert_eq!(start.elapsed().as_secs(), 50);
    assert_eq!(meter.arrived(), 2, "none was sent to be refused");
}

#[tokio::test(start_paused = true)]
async fn a_call_without_that_time_fails_at_once_and_unsent() {
    let meter = Meter::new(1);
    let client = meter.client();
    client.call(look()).await.unwrap();
    advance(secs(10)).await;

    let start = Instant::now();
    let error = client.call(Say::new("a")).await.unwrap_err();
    assert!(start.elapsed().is_zero());
    assert_eq!(error.kind(), ErrorKind::Throttled);
    assert_eq!(error.retry_after(), Some(secs(40)));
    assert_eq!(error.quota().map(|quota| quota.limit), Some(1));
    assert!(error.api().is_none(), "the platform was not asked");
    assert_eq!(
        error.to_string(),
        "test.say: no call is left of 1; there are new ones in 40 s"
    );
    assert_eq!(meter.arrived(), 1);

    advance(secs(40)).await;
    client.call(look()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_wait_is_no_longer_than_the_longest_wait() {
    let meter = Meter::new(1);
    let client = meter.client();
    client.call(look()).await.unwrap();
    let call = client.call(look()).timeout(secs(HOUR));
    assert_eq!(call.await.unwrap_err().retry_after(), Some(secs(50)));
    let call = client.call(look()).timeout(secs(HOUR)).retry(Retry::NONE);
    assert_eq!(call.await.unwrap_err().retry_after(), Some(secs(50)));
}

#[tokio::test(start_paused = true)]
async fn many_at_once_are_all_answered_within_two_windows() {
    let meter = Meter::new(30);
    let client = meter.client();
    let patient = Retry {
        longest_wait: secs(HOUR),
        ..Retry::default()
    };
    let calls = (0..60).map(|_| {
        let call = client.call(look()).retry(patient);
        tokio::spawn(async move { call.timeout(secs(2 * HOUR)).await })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap().unwrap(), "here");
    }
    assert_eq!(meter.0.lock().unwrap().start.elapsed().as_secs(), 50);
    assert_eq!(meter.0.lock().unwrap().used[0], 30);
}

#[tokio::test(start_paused = true)]
async fn calls_without_the_credential_have_a_quota_of_their_own() {
    let meter = Meter::new(9);
    let client = meter.client();
    client.call(GetToken::new("secret")).await.unwrap();
    let error = client.call(GetToken::new("secret")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Throttled);
    assert_eq!(client.quota(), None);

    client.call(look()).await.unwrap();
    assert_eq!(client.quota().map(|quota| quota.remaining), Some(8));
}

#[tokio::test(start_paused = true)]
async fn once_a_minute_one_call_finds_out_whether_there_are_more() {
    let meter = Meter::new(1);
    let client = meter.client();
    advance(secs(50)).await;
    client.call(look()).await.unwrap();
    client.call(look()).await.unwrap_err();
    meter.set_limit(100);

    advance(secs(59)).await;
    client.call(look()).await.unwrap_err();
    assert_eq!(meter.arrived(), 1);
    advance(secs(1)).await;
    client.call(look()).await.unwrap();
    client.call(look()).await.unwrap();
    assert_eq!(client.quota().map(|quota| quota.limit), Some(100));
}

/// A transport that needs no runtime.
struct Direct(Meter);

impl BlockingTransport for Direct {
    fn send(
        &self,
        request: HttpRequest,
        _: std::time::Instant,
        _: usize,
    ) -> Result<HttpResponse, TransportError> {
        Ok(self.0.answer(&request))
    }
}

#[test]
fn a_blocking_client_does_the_same() {
    let meter = Meter::new(1);
    let client = Client::<Test>::builder("http://test".parse().unwrap())
        .blocking_over(Direct(meter.clone()));
    client.call(look()).send().unwrap();
    assert_eq!(client.quota().map(|quota| quota.remaining), Some(0));
    let error = client.call(look()).send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Throttled);
    assert!(error.retry_after() > Some(secs(40)), "{error:?}");
    assert_eq!(meter.arrived(), 1);
}
