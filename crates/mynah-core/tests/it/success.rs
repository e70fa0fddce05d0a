//! How an endpoint succeeds: with a status of its own, without a body, or in a way of its own.

use std::time::{Duration, Instant, SystemTime};

use mynah_core::http::header::{CONTENT_TYPE, LOCATION};
use mynah_core::{
    Action, ApiError, Bytes, Cx, Empty, Endpoint, Error, Exchange, HttpRequest, HttpResponse, Meta,
    Platform, Request, Retry, Rules, Stamp, Verdict, encode_request,
};
use serde::{Deserialize, Serialize};

/// Answers are bare JSON, and no body at all is null.
struct Bare;

impl Platform for Bare {
    const NAME: &'static str = "bare";

    fn open(response: &HttpResponse) -> Result<Bytes, ApiError> {
        match response.status().as_u16() {
            200..=299 if response.body().is_empty() => Ok(Bytes::from_static(b"null")),
            200..=299 => Ok(response.body().clone()),
            status => Err(ApiError::http(status, "")),
        }
    }

    fn seal(outcome: Result<Bytes, ApiError>) -> HttpResponse {
        let (status, body) = match outcome {
            Ok(payload) => (200, payload),
            Err(error) => (error.status, Bytes::from(error.message)),
        };
        let mut response = HttpResponse::new(body);
        *response.status_mut() = status.try_into().unwrap();
        let kind = "application/json".parse().unwrap();
        response.headers_mut().insert(CONTENT_TYPE, kind);
        response
    }

    fn classify(_: &ApiError) -> Verdict {
        Verdict::Permanent
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Request)]
struct Rename {
    name: String,
}

impl Endpoint for Rename {
    type Platform = Bare;
    type Output = String;
    const META: Meta = Meta::patch("bare.rename", "/rename").status(201);
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Request)]
struct Leave {}

impl Endpoint for Leave {
    type Platform = Bare;
    type Output = Empty;
    const META: Meta = Meta::post("bare.leave", "/leave").status(204).bodiless();
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Request)]
struct Unpin {}

impl Endpoint for Unpin {
    type Platform = Bare;
    type Output = Empty;
    const META: Meta = Meta::post("bare.unpin", "/unpin").bodiless();
}

/// Succeeds by leading elsewhere.
#[derive(Debug, PartialEq, Serialize, Deserialize, Request)]
struct Locate {}

impl Endpoint for Locate {
    type Platform = Bare;
    type Output = String;
    const META: Meta = Meta::get("bare.locate", "/locate");

    fn open(response: &HttpResponse) -> Result<Bytes, ApiError> {
        match response.status().as_u16() {
            302 => Ok(Bytes::new()),
            _ => Bare::open(response).and(Err(ApiError::new("elsewhere", ""))),
        }
    }

    fn read(answer: &HttpResponse) -> Result<String, Error> {
        Ok(answer.headers()[LOCATION].to_str().unwrap().to_owned())
    }
}

#[test]
fn a_patch_has_its_parameters_in_json() {
    let base = "http://h".parse().unwrap();
    let request = encode_request(&base, &Rename::new("b")).unwrap();
    assert_eq!(
        (request.method().as_str(), request.uri().path()),
        ("PATCH", "/rename")
    );
    assert_eq!(request.body().as_ref(), br#"{"name":"b"}"#);
}

#[test]
fn success_has_the_status_of_the_endpoint() {
    let done = Rename::write(Ok("b".to_owned()));
    assert_eq!(
        (done.status().as_u16(), done.body().as_ref()),
        (201, &b"\"b\""[..])
    );
    assert_eq!(done.headers()[CONTENT_TYPE], "application/json");
    let refused = Rename::write(Err(ApiError::http(409, "taken")));
    assert_eq!(
        (refused.status().as_u16(), refused.body().as_ref()),
        (409, &b"taken"[..])
    );
}

#[test]
fn where_there_is_nothing_to_say_there_is_no_body() {
    for (done, status) in [
        (Leave::write(Ok(Empty)), 204),
        (Unpin::write(Ok(Empty)), 200),
    ] {
        assert_eq!(done.status(), status);
        assert!(done.body().is_empty());
        assert!(!done.headers().contains_key(CONTENT_TYPE));
        let payload = Leave::open(&done).unwrap();
        assert_eq!(Leave::read(&done.map(|_| payload)).unwrap(), Empty);
    }
    let refused = Leave::write(Err(ApiError::http(403, "no")));
    assert_eq!(
        (refused.status().as_u16(), refused.body().as_ref()),
        (403, &b"no"[..])
    );
}

/// What becomes of a call that is answered so.
fn called<E: Endpoint>(answer: HttpResponse) -> Result<HttpResponse, Error> {
    let cx = Cx {
        now: Instant::now(),
        wall: SystemTime::UNIX_EPOCH,
        nonce: 0,
    };
    let end = cx.now + Duration::from_secs(1);
    let mut exchange = Exchange::new(HttpRequest::default(), Rules::of::<E>(), Retry::NONE, end);
    assert!(matches!(exchange.poll(), Action::Send(_)));
    exchange.answered(Stamp::default(), false, || cx, Ok(answer));
    match exchange.poll() {
        Action::Done(outcome) => outcome,
        other => panic!("the call goes on: {other:?}"),
    }
}

#[test]
fn a_call_succeeds_as_its_endpoint_does() {
    let mut elsewhere = HttpResponse::default();
    *elsewhere.status_mut() = 302.try_into().unwrap();
    let url = "http://files/a";
    elsewhere
        .headers_mut()
        .insert(LOCATION, url.parse().unwrap());
    let answer = called::<Locate>(elsewhere.clone()).unwrap();
    assert_eq!(Locate::read(&answer).unwrap(), url);
    assert_eq!(
        called::<Leave>(elsewhere).unwrap_err().status_code(),
        Some(302)
    );
    assert!(called::<Locate>(HttpResponse::default()).is_err());
}
