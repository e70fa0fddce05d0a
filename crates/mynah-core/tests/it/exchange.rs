//! The life of a call, stepped by hand.

use std::time::{Duration, Instant, SystemTime};

use mynah_core::{
    Action, ApiError, Bytes, Cx, ErrorKind, Exchange, HttpResponse, Platform, Quota, Retry, Rules,
    Stamp, TransportError, encode_request,
};

use crate::platform::{CreateChat, QUOTA, Test, Touch};

/// Draws the middle of every jitter.
const MIDDLE: u64 = u64::MAX / 2;

fn now() -> Cx {
    Cx {
        now: Instant::now(),
        wall: SystemTime::UNIX_EPOCH,
        nonce: MIDDLE,
    }
}

fn call(idempotent: bool) -> Exchange {
    call_within(Duration::from_secs(30), idempotent)
}

fn call_within(timeout: Duration, idempotent: bool) -> Exchange {
    let base = "http://h".parse().unwrap();
    let (request, rules) = if idempotent {
        (
            encode_request(&base, &Touch::new("c")).unwrap(),
            Rules::of::<Touch>(),
        )
    } else {
        (
            encode_request(&base, &CreateChat::new("n", 1, [""; 0])).unwrap(),
            Rules::of::<CreateChat>(),
        )
    };
    let deadline = Instant::now() + timeout;
    Exchange::new(request, rules, Retry::default(), deadline)
}

fn answered(exchange: &mut Exchange, answer: Result<HttpResponse, TransportError>) -> Action {
    assert!(matches!(exchange.poll(), Action::Send(_)));
    exchange.answered(Stamp::default(), true, now, answer);
    exchange.poll()
}

fn refused(error: ApiError) -> Result<HttpResponse, TransportError> {
    Ok(Test::seal(Err(error)))
}

fn kind(action: Action) -> ErrorKind {
    match action {
        Action::Done(Err(error)) => error.kind(),
        other => panic!("not over: {other:?}"),
    }
}

#[test]
fn an_answer_ends_the_call() {
    let payload = Bytes::from_static(b"{}");
    match answered(&mut call(false), Ok(Test::seal(Ok(payload.clone())))) {
        Action::Done(Ok(answer)) => assert_eq!(answer.into_body(), payload),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_call_that_may_have_been_done_is_repeated_only_if_that_is_harmless() {
    let lost = || Err(TransportError::sent("no answer"));
    assert_eq!(
        kind(answered(&mut call(false), lost())),
        ErrorKind::OutcomeUnknown
    );
    assert!(matches!(answered(&mut call(true), lost()), Action::Wait(_)));

    let stumbled = || refused(ApiError::http(503, ""));
    assert_eq!(
        kind(answered(&mut call(false), stumbled())),
        ErrorKind::Unavailable
    );
    assert!(matches!(
        answered(&mut call(true), stumbled()),
        Action::Wait(_)
    ));
}

#[test]
fn a_call_that_was_never_sent_is_tried_again() {
    let unsent = Err(TransportError::not_sent("connection refused"));
    assert!(matches!(
        answered(&mut call(false), unsent),
        Action::Wait(_)
    ));
}

#[test]
fn attempts_are_counted_and_waits_grow() {
    let mut exchange = call(true);
    let mut waits = Vec::new();
    let last = loop {
        match answered(&mut exchange, Err(TransportError::sent("no answer"))) {
            Action::Wait(wait) => waits.push(wait),
            over => break over,
        }
    };
    assert_eq!(kind(last), ErrorKind::OutcomeUnknown);
    assert_eq!(waits.len(), 2);
    assert!(waits[0] < waits[1], "{waits:?}");
}

#[test]
fn a_call_refused_for_being_one_too_many_waits_and_is_made_again() {
    let mut exchange = call(false);
    match answered(&mut exchange, refused(ApiError::http(429, ""))) {
        Action::Wait(wait) => assert!(wait <= Retry::default().backoff),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_header_says_how_long_to_wait_where_the_platform_does_not() {
    let mut response = Test::seal(Err(ApiError::http(429, "")));
    response
        .headers_mut()
        .insert("retry-after", "7".parse().unwrap());
    match answered(&mut call(false), Ok(response.clone())) {
        Action::Wait(wait) => assert_eq!(wait, Duration::from_secs(7)),
        other => panic!("{other:?}"),
    }
    match answered(
        &mut call_within(Duration::from_secs(5), false),
        Ok(response),
    ) {
        Action::Done(Err(error)) => {
            assert_eq!(error.kind(), ErrorKind::Throttled);
            assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
        }
        other => panic!("waits beyond the deadline: {other:?}"),
    }
}

fn counted(mut response: HttpResponse, remaining: u64, reset: u64) -> HttpResponse {
    let quota = Quota {
        limit: 60,
        remaining,
        reset: SystemTime::UNIX_EPOCH + Duration::from_secs(reset),
        said: None,
    };
    quota.write(response.headers_mut(), QUOTA);
    response
}

#[test]
fn an_answer_may_say_how_many_calls_are_left() {
    let mut exchange = call(false);
    assert_eq!(exchange.quota(), None);
    let answer = counted(Test::seal(Ok("{}".into())), 56, 100);
    assert!(matches!(
        answered(&mut exchange, Ok(answer)),
        Action::Done(Ok(_))
    ));
    assert_eq!(exchange.quota().map(|quota| quota.remaining), Some(56));
}

#[test]
fn a_spent_quota_says_how_long_to_wait_and_stands_in_the_error() {
    let refusal = || counted(Test::seal(Err(ApiError::http(429, ""))), 0, 7);
    match answered(&mut call(false), Ok(refusal())) {
        Action::Wait(wait) => assert_eq!(wait, Duration::from_secs(7)),
        other => panic!("{other:?}"),
    }
    let mut hurried = call_within(Duration::from_secs(5), false);
    match answered(&mut hurried, Ok(refusal())) {
        Action::Done(Err(error)) => {
            assert_eq!(error.kind(), ErrorKind::Throttled);
            assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
            assert_eq!(error.quota().map(|quota| quota.limit), Some(60));
        }
        other => panic!("waits beyond the deadline: {other:?}"),
    }
}

#[test]
fn a_quota_that_is_full_again_or_not_spent_asks_for_no_wait() {
    for (remaining, reset) in [(0, 0), (3, 7)] {
        let refusal = counted(Test::seal(Err(ApiError::http(429, ""))), remaining, reset);
        match answered(&mut call(false), Ok(refusal)) {
            Action::Wait(wait) => {
                assert!(!wait.is_zero(), "tries again at once");
                assert!(wait <= Retry::default().backoff);
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn another_refusal_is_none_of_the_quota() {
    let refusal = counted(Test::seal(Err(ApiError::http(503, ""))), 0, 7);
    match answered(&mut call(false), Ok(refusal)) {
        Action::Done(Err(error)) => {
            assert_eq!(error.kind(), ErrorKind::Unavailable);
            assert_eq!(error.retry_after(), None);
            assert_eq!(error.quota().map(|quota| quota.remaining), Some(0));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn no_attempt_begins_after_the_deadline() {
    let unsent = Err(TransportError::not_sent("connection refused"));
    assert_eq!(
        kind(answered(&mut call_within(Duration::ZERO, true), unsent)),
        ErrorKind::Unreachable
    );
}

#[test]
fn a_refused_credential_is_renewed_once_and_never_in_a_loop() {
    let mut exchange = call(false);
    let expired = || refused(ApiError::new(40014, "invalid access_token"));
    assert!(matches!(
        answered(&mut exchange, expired()),
        Action::Renew(_)
    ));
    assert_eq!(
        kind(answered(&mut exchange, expired())),
        ErrorKind::Unauthorized
    );
}

#[test]
fn a_call_that_is_made_once_ends_whatever_comes_of_it() {
    let unsent = Err(TransportError::not_sent("connection refused"));
    assert_eq!(
        kind(answered(&mut call(true).once(), unsent)),
        ErrorKind::Unreachable
    );
    let throttled = refused(ApiError::http(429, ""));
    assert_eq!(
        kind(answered(&mut call(true).once(), throttled)),
        ErrorKind::Throttled
    );

    let mut exchange = call(true).once();
    let expired = refused(ApiError::new(40014, "invalid access_token"));
    assert!(matches!(answered(&mut exchange, expired), Action::Renew(_)));
    assert_eq!(kind(exchange.poll()), ErrorKind::Unauthorized);
}

#[test]
fn a_credential_that_cannot_be_renewed_is_not_tried_again() {
    let mut exchange = call(false);
    assert!(matches!(exchange.poll(), Action::Send(_)));
    exchange.answered(
        Stamp::default(),
        false,
        now,
        refused(ApiError::http(401, "")),
    );
    assert_eq!(kind(exchange.poll()), ErrorKind::Unauthorized);
}

#[test]
fn a_refusal_says_which_call_and_the_platforms_own_words() {
    match answered(
        &mut call(false),
        refused(ApiError::new(34010, "会话不存在")),
    ) {
        Action::Done(Err(error)) => {
            assert_eq!(
                error.to_string(),
                "test.chat.create: the platform refused the call: 会话不存在 (34010)"
            );
            assert_eq!(error.api().unwrap().code.number(), Some(34010));
            assert!(!error.is_temporary());
        }
        other => panic!("{other:?}"),
    }
}
