//! The receiver as a service, without a server.

use std::convert::Infallible;
use std::future::pending;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::SystemTime;

use bytes::Bytes;
use http_body::{Body, Frame};
use http_body_util::{BodyExt, Full};
use mynah_core::http::{Request, Response};
use mynah_core::{HttpRequest, Inbound};
use mynah_inbound::{Handler, Post, Receiver, Receiving};
use mynah_onebot::{Event, OneBot, PostSecret, QuickOperation};
use tokio::sync::Semaphore;
use tower_service::Service;

use super::{millis, soon};

fn secret() -> PostSecret {
    PostSecret::new(&"sandbox-secret".to_owned().into())
}

fn push(secret: &PostSecret, message: &str) -> HttpRequest {
    let event = Event::from_slice(
        format!(
            r#"{{"time":1,"self_id":10000,"post_type":"message","message_type":"private",
            "sub_type":"friend","message_id":1,"user_id":10001,"message":"{message}"}}"#
        )
        .as_bytes(),
    );
    OneBot::push(secret, &event.unwrap(), 0, SystemTime::UNIX_EPOCH)
}

/// Answers what was said; silence to silence.
async fn repeat(post: Post<Event>) -> Option<QuickOperation> {
    let said = post.event.message().unwrap().content().plain_text();
    (!said.is_empty()).then(|| QuickOperation::reply(said))
}

fn receiver<H: Handler<OneBot>>(handler: H, receiving: Receiving) -> Receiver<OneBot, H> {
    Receiver::new(secret(), handler, receiving)
}

/// The status and the body.
async fn ask<H, B>(receiver: &Receiver<OneBot, H>, request: Request<B>) -> (u16, Bytes)
where
    H: Handler<OneBot>,
    B: Body<Data = Bytes> + Send + 'static,
{
    let response: Response<Full<Bytes>> = soon(receiver.clone().call(request)).await.unwrap();
    let status = response.status().as_u16();
    (
        status,
        response.into_body().collect().await.unwrap().to_bytes(),
    )
}

#[tokio::test]
async fn a_verified_event_is_handled_and_answered() {
    let receiver = receiver(repeat, Receiving::default());
    let (status, body) = ask(&receiver, push(&secret(), "hello").map(Full::new)).await;
    assert_eq!(status, 200);
    let answer: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(answer["reply"][0]["data"]["text"], "hello");
    let (status, body) = ask(&receiver, push(&secret(), "").map(Full::new)).await;
    assert_eq!((status, body.len()), (204, 0));
}

#[tokio::test]
async fn a_forged_event_is_not_handled_and_learns_nothing() {
    let handled = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&handled);
    let count = move |_: Post<Event>| {
        counter.fetch_add(1, Ordering::Relaxed);
        async { None }
    };
    let receiver = receiver(count, Receiving::default());
    let stranger = PostSecret::new(&"another".to_owned().into());
    let mut no_post = push(&secret(), "hello");
    *no_post.method_mut() = mynah_core::http::Method::GET;
    let mut no_json = push(&secret(), "hello");
    no_json.headers_mut().remove("content-type");
    for (request, status) in [
        (push(&stranger, "hello"), 403),
        (push(&PostSecret::none(), "hello"), 401),
        (no_post, 405),
        (no_json, 400),
    ] {
        let answer = ask(&receiver, request.map(Full::new)).await;
        assert_eq!(answer, (status, Bytes::new()));
    }
    assert_eq!(handled.load(Ordering::Relaxed), 0);
    ask(&receiver, push(&secret(), "hello").map(Full::new)).await;
    assert_eq!(handled.load(Ordering::Relaxed), 1);
}

/// A body in pieces, that stops in the middle or breaks.
struct Pieces {
    left: Vec<Bytes>,
    end: End,
}

enum End {
    Proper,
    Never,
    Broken,
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
        match (self.left.pop(), &self.end) {
            (Some(piece), _) => Poll::Ready(Some(Ok(Frame::data(piece)))),
            (None, End::Proper) => Poll::Ready(None),
            (None, End::Never) => Poll::Pending,
            (None, End::Broken) => Poll::Ready(Some(Err("broken"))),
        }
    }
}

fn in_pieces(request: HttpRequest, end: End) -> Request<Pieces> {
    request.map(|body| {
        let pieces = body.chunks(7).rev().map(Bytes::copy_from_slice);
        Pieces {
            left: pieces.collect(),
            end,
        }
    })
}

#[tokio::test]
async fn a_body_may_come_in_pieces() {
    let receiver = receiver(repeat, Receiving::default());
    let request = in_pieces(push(&secret(), "hello"), End::Proper);
    assert_eq!(ask(&receiver, request).await.0, 200);
}

#[tokio::test]
async fn a_body_that_stalls_or_breaks_is_refused() {
    let receiving = Receiving {
        body_timeout: millis(20),
        ..Receiving::default()
    };
    let receiver = receiver(repeat, receiving);
    for (end, status) in [(End::Never, 408), (End::Broken, 400)] {
        let request = in_pieces(push(&secret(), "hello"), end);
        assert_eq!(ask(&receiver, request).await, (status, Bytes::new()));
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_announced_or_not() {
    let request = push(&secret(), "hello");
    let limit = request.body().len();
    let limited = |largest_body| {
        let receiving = Receiving {
            largest_body,
            ..Receiving::default()
        };
        receiver(repeat, receiving)
    };
    let (fits, exceeds) = (limited(limit), limited(limit - 1));
    assert_eq!(ask(&fits, request.clone().map(Full::new)).await.0, 200);
    assert_eq!(ask(&exceeds, request.clone().map(Full::new)).await.0, 413);
    assert_eq!(
        ask(&fits, in_pieces(request.clone(), End::Proper)).await.0,
        200
    );
    assert_eq!(ask(&exceeds, in_pieces(request, End::Proper)).await.0, 413);
}

#[tokio::test]
async fn a_repeated_delivery_is_acknowledged_and_not_handled_again() {
    let receiving = Receiving {
        remember: millis(60_000),
        ..Receiving::default()
    };
    let remembering = receiver(repeat, receiving);
    assert_eq!(
        ask(&remembering, push(&secret(), "hello").map(Full::new))
            .await
            .0,
        200
    );
    assert_eq!(
        ask(&remembering, push(&secret(), "hello").map(Full::new))
            .await
            .0,
        204
    );

    let forgetting = receiver(repeat, Receiving::default());
    for _ in 0..2 {
        assert_eq!(
            ask(&forgetting, push(&secret(), "hello").map(Full::new))
                .await
                .0,
            200
        );
    }
}

#[tokio::test]
async fn an_event_whose_handling_broke_off_may_be_delivered_again() {
    let receiving = Receiving {
        remember: millis(60_000),
        ..Receiving::default()
    };
    let gate = Arc::new(Semaphore::new(0));
    let waiting = Arc::clone(&gate);
    let handler = move |_: Post<Event>| {
        let gate = Arc::clone(&waiting);
        async move {
            if gate.available_permits() == 0 {
                pending::<Infallible>().await;
            }
            Some(QuickOperation::reply("at last"))
        }
    };
    let receiver = receiver(handler, receiving);
    let first = receiver
        .clone()
        .call(push(&secret(), "hello").map(Full::new));
    assert!(tokio::time::timeout(millis(10), first).await.is_err());
    gate.add_permits(1);
    assert_eq!(
        ask(&receiver, push(&secret(), "hello").map(Full::new))
            .await
            .0,
        200
    );
}
