//! The receiver of a platform that encrypts, signs and uses nonces once.

use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use mynah_core::{HttpRequest, HttpResponse, Inbound};
use mynah_inbound::{Handler, Post, Receiver, Receiving};
use mynah_wecom::event::{Callback, Content, Kind, Text};
use mynah_wecom::inbound::aim;
use mynah_wecom::reply::PassiveReply;
use mynah_wecom::{Answer, CallbackSecret, Event, WeCom};
use tokio::sync::Semaphore;
use tower_service::Service;

use super::{millis, soon};

fn secret_of(corp: &str) -> CallbackSecret {
    let key = "TXluYWgtc2FuZGJveC1lbmNvZGluZy1hZXMta2V5ISE";
    CallbackSecret::application(&"MynahToken123".into(), &key.parse().unwrap(), corp)
}

fn secret() -> CallbackSecret {
    secret_of("ww-sandbox")
}

fn said(text: &str) -> Event {
    let content = Content::Text(Text {
        content: text.to_owned(),
    });
    let kind = Kind::message(1, content);
    let callback = Callback::new("ww-sandbox", "alice", 1_348_831_860, kind);
    callback.agent(1_000_002).into()
}

fn push(secret: &CallbackSecret, nonce: u64, wall: SystemTime) -> HttpRequest {
    let receiver = "http://127.0.0.1/wecom".parse().unwrap();
    aim(WeCom::push(secret, &said("ping"), nonce, wall), &receiver)
}

/// Answers what was said.
async fn repeat(post: Post<Event>) -> Option<Answer> {
    let Event::Application(callback) = post.event else {
        return None;
    };
    Some(PassiveReply::text(callback.text()?).into())
}

async fn ask<H: Handler<WeCom>>(
    receiver: &Receiver<WeCom, H>,
    request: HttpRequest,
) -> HttpResponse {
    let response = soon(receiver.clone().call(request.map(Full::new))).await;
    let (head, body) = response.unwrap().into_parts();
    HttpResponse::from_parts(head, body.collect().await.unwrap().to_bytes())
}

/// Refused: with 403, and nothing else.
async fn refuses<H: Handler<WeCom>>(receiver: &Receiver<WeCom, H>, request: HttpRequest) -> bool {
    let response = ask(receiver, request).await;
    response.status() == 403 && response.body().is_empty() && response.headers().is_empty()
}

#[tokio::test]
async fn the_address_of_a_receiver_can_be_saved() {
    let receiver = Receiver::new(secret(), repeat, Receiving::default());
    let challenge = secret().challenge("1616140317555161061", 1, SystemTime::now());
    for _ in 0..2 {
        let response = ask(&receiver, challenge.clone()).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.body(), "1616140317555161061");
    }
    let strange = secret_of("ww-other").challenge("1", 1, SystemTime::now());
    assert!(refuses(&receiver, strange).await);
}

#[tokio::test]
async fn a_message_is_handled_and_answered_in_the_response() {
    let receiver = Receiver::new(secret(), repeat, Receiving::default());
    let response = ask(&receiver, push(&secret(), 7, SystemTime::now())).await;
    assert_eq!(response.status(), 200);
    let answer = secret().open_answer(&response, "7").unwrap();
    assert_eq!(answer, Some(PassiveReply::text("ping").into()));
}

/// Counts what is handled.
fn counting() -> (Arc<AtomicUsize>, impl Handler<WeCom>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let handler = move |_: Post<Event>| {
        counter.fetch_add(1, Ordering::Relaxed);
        async { None }
    };
    (count, handler)
}

#[tokio::test]
async fn what_is_forged_or_stale_is_refused_and_learns_nothing() {
    let (count, handler) = counting();
    let fresh = secret().fresh_within(Duration::from_secs(300));
    let receiver = Receiver::new(fresh, handler, Receiving::default());
    let now = SystemTime::now();
    let stale = push(&secret(), 1, now - Duration::from_secs(400));
    let strange = push(&secret_of("ww-other"), 2, now);
    let mut changed = push(&secret(), 3, now);
    *changed.body_mut() = push(&secret(), 4, now).into_body();
    let mut nothing = push(&secret(), 5, now);
    *nothing.body_mut() = Bytes::new();
    for request in [stale, strange, changed, nothing] {
        assert!(refuses(&receiver, request).await);
    }
    assert_eq!(count.load(Ordering::Relaxed), 0);
    let good = ask(&receiver, push(&secret(), 6, now)).await;
    assert_eq!((good.status().as_u16(), good.body().len()), (200, 0));
    assert_eq!(count.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_copied_push_is_refused_and_a_repeated_delivery_is_acknowledged() {
    let (count, handler) = counting();
    let receiving = Receiving {
        remember: millis(60_000),
        ..Receiving::default()
    };
    let receiver = Receiver::new(secret(), handler, receiving);
    let now = SystemTime::now();
    let first = push(&secret(), 1, now);
    assert_eq!(ask(&receiver, first.clone()).await.status(), 200);
    assert!(refuses(&receiver, first).await);
    // The platform signs each delivery anew.
    let again = push(&secret(), 2, now);
    assert_eq!(ask(&receiver, again.clone()).await.status(), 200);
    assert!(refuses(&receiver, again).await);
    assert_eq!(count.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn copies_are_known_unless_somebody_does_not_want_that() {
    for (replay, times) in [(Receiving::default().replay, 1), (Duration::ZERO, 3)] {
        let (count, handler) = counting();
        let receiving = Receiving {
            replay,
            ..Receiving::default()
        };
        let receiver = Receiver::new(secret(), handler, receiving);
        let request = push(&secret(), 1, SystemTime::now());
        for _ in 0..3 {
            ask(&receiver, request.clone()).await;
        }
        assert_eq!(count.load(Ordering::Relaxed), times, "{replay:?}");
    }
}

#[tokio::test]
async fn a_push_whose_handling_broke_off_may_come_again() {
    let gate = Arc::new(Semaphore::new(0));
    let waiting = Arc::clone(&gate);
    let handler = move |_: Post<Event>| {
        let gate = Arc::clone(&waiting);
        async move {
            if gate.available_permits() == 0 {
                pending::<Infallible>().await;
            }
            Some(PassiveReply::text("at last").into())
        }
    };
    let receiver = Receiver::new(secret(), handler, Receiving::default());
    let request = push(&secret(), 1, SystemTime::now());
    let first = receiver.clone().call(request.clone().map(Full::new));
    assert!(tokio::time::timeout(millis(10), first).await.is_err());
    gate.add_permits(1);
    assert_eq!(ask(&receiver, request).await.status(), 200);
}

#[tokio::test]
async fn a_handler_knows_how_long_the_platform_waits() {
    let handler = async |post: Post<Event>| {
        assert_eq!(post.within, Some(Duration::from_secs(5)));
        None
    };
    let receiver = Receiver::new(secret(), handler, Receiving::default());
    let response = ask(&receiver, push(&secret(), 1, SystemTime::now())).await;
    assert_eq!(response.status(), 200);
}
