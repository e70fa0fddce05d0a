//! The receiver of what BearyChat posts: outgoing hooks, and hubots with an address.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use http_body_util::{BodyExt, Full};
use mynah_bearychat::BearyChat;
use mynah_bearychat::hook::{Event, HookSecret, HubotPost, OutgoingAnswer, OutgoingPost, aim};
use mynah_core::{HttpRequest, HttpResponse, Inbound};
use mynah_inbound::{Handler, Post, Receiver, Receiving};
use tower_service::Service;

use super::soon;

fn secret() -> HookSecret {
    HookSecret::outgoing("sandbox-outgoing").and_hubot("sandbox-token")
}

fn push(secret: &HookSecret, event: impl Into<Event>) -> HttpRequest {
    let receiver = "http://127.0.0.1/bearychat".parse().unwrap();
    let event = event.into();
    aim(
        BearyChat::push(secret, &event, 0, SystemTime::now()),
        &receiver,
    )
}

fn asked(text: &str) -> OutgoingPost {
    OutgoingPost::new(text, "!robot").from("alice").at("所有人")
}

fn mentioned(key: &str) -> HubotPost {
    HubotPost {
        sender: "=bw52O".into(),
        vchannel: "=bwAll".into(),
        text: "@<==bwBot=> help".to_owned(),
        key: key.into(),
        ..HubotPost::default()
    }
}

/// Says what follows the trigger word, and something to hubots that nobody hears.
async fn repeat(post: Post<Event>) -> Option<OutgoingAnswer> {
    assert_eq!(post.within, Some(Duration::from_secs(5)));
    match post.event {
        Event::Outgoing(post) => {
            Some(OutgoingAnswer::text(post.rest())).filter(|it| !it.text.is_empty())
        }
        _ => Some(OutgoingAnswer::text("nobody hears this")),
    }
}

async fn ask<H: Handler<BearyChat>>(
    receiver: &Receiver<BearyChat, H>,
    request: HttpRequest,
) -> HttpResponse {
    let response = soon(receiver.clone().call(request.map(Full::new))).await;
    let (head, body) = response.unwrap().into_parts();
    HttpResponse::from_parts(head, body.collect().await.unwrap().to_bytes())
}

#[tokio::test]
async fn an_outgoing_hook_is_answered_in_the_response() {
    let receiver = Receiver::new(secret(), repeat, Receiving::default());
    let response = ask(&receiver, push(&secret(), asked("!robot 中国"))).await;
    assert_eq!(
        OutgoingAnswer::of(&response),
        Some(OutgoingAnswer::text("中国"))
    );
    let response = ask(&receiver, push(&secret(), asked("!robot"))).await;
    assert_eq!(
        (response.status().as_u16(), response.body().len()),
        (200, 0)
    );
}

#[tokio::test]
async fn a_hubot_gets_200_and_nothing_else() {
    let receiver = Receiver::new(secret(), repeat, Receiving::default());
    let response = ask(&receiver, push(&secret(), mentioned("1487571355082.0141"))).await;
    assert_eq!(
        (response.status().as_u16(), response.body().len()),
        (200, 0)
    );
}

#[tokio::test]
async fn whoever_does_not_know_the_token_is_told_nothing() {
    let heard = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&heard);
    let count = move |_: Post<Event>| {
        counter.fetch_add(1, Ordering::SeqCst);
        std::future::ready(None)
    };
    let receiver = Receiver::new(secret(), count, Receiving::default());
    let stranger = HookSecret::outgoing("guessed").and_hubot("guessed");
    for request in [
        push(&stranger, asked("!robot 中国")),
        push(&stranger, mentioned("1487571355082.0141")),
    ] {
        let response = ask(&receiver, request).await;
        assert_eq!(response.status(), 404);
        assert!(response.body().is_empty() && response.headers().is_empty());
    }
    assert_eq!(heard.load(Ordering::SeqCst), 0);
    assert_eq!(
        ask(&receiver, push(&secret(), asked("!robot")))
            .await
            .status(),
        200
    );
    assert_eq!(heard.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_message_that_comes_again_is_handled_once() {
    let receiving = Receiving {
        remember: Duration::from_secs(60),
        ..Receiving::default()
    };
    let receiver = Receiver::new(secret(), repeat, receiving);
    let request = push(&secret(), asked("!robot 中国"));
    let first = ask(&receiver, request.clone()).await;
    assert!(OutgoingAnswer::of(&first).is_some());
    let again = ask(&receiver, request).await;
    assert_eq!(
        (again.status().as_u16(), OutgoingAnswer::of(&again)),
        (200, None)
    );
    let another = ask(&receiver, push(&secret(), asked("!robot 日本"))).await;
    assert_eq!(
        OutgoingAnswer::of(&another),
        Some(OutgoingAnswer::text("日本"))
    );
}
