//! Token life over hours, without waiting.

use std::time::{Duration, Instant, SystemTime};

use mynah_core::{Auth, Cx, Error, HttpRequest, Issuer, Stamp, Step, Tokens};

use crate::platform::{GetToken, Token};

#[derive(Debug)]
struct Account;

impl Issuer for Account {
    type Endpoint = GetToken;

    fn ask(&self) -> GetToken {
        GetToken::new("s3cret")
    }

    fn issued(token: Token) -> (String, Duration) {
        (token.token, Duration::from_secs(token.expires_in))
    }

    fn attach(request: &mut HttpRequest, token: &str) -> Result<(), Error> {
        request
            .headers_mut()
            .insert("x-token", token.parse().unwrap());
        Ok(())
    }
}

fn at(start: Instant, seconds: u64) -> Cx {
    Cx {
        now: start + Duration::from_secs(seconds),
        wall: SystemTime::UNIX_EPOCH,
        nonce: 0,
    }
}

/// The stamp of a request that could be authorized, or nothing if a token is wanted first.
fn authorize(tokens: &mut Tokens<Account>, cx: Cx) -> Option<(String, Stamp)> {
    let mut request = HttpRequest::default();
    match tokens.authorize(&mut request, cx).unwrap() {
        Step::Ready(stamp) => Some((
            request.headers()["x-token"].to_str().unwrap().to_owned(),
            stamp,
        )),
        Step::First(..) => None,
    }
}

fn absorb(tokens: &mut Tokens<Account>, token: &str, expires_in: u64, cx: Cx) {
    let answer = Token {
        token: token.to_owned(),
        expires_in,
    };
    let payload = serde_json::to_vec(&answer).unwrap();
    tokens.absorb(payload.into(), cx).unwrap();
}

fn tokens() -> Tokens<Account> {
    Tokens::new("http://h".parse().unwrap(), Account)
}

#[test]
fn a_token_lives_until_five_minutes_before_its_end() {
    let start = Instant::now();
    let mut tokens = tokens();
    assert!(authorize(&mut tokens, at(start, 0)).is_none());
    absorb(&mut tokens, "t1", 7200, at(start, 0));
    for (second, held) in [(0, true), (6899, true), (6900, false), (7200, false)] {
        assert_eq!(
            authorize(&mut tokens, at(start, second)).is_some(),
            held,
            "after {second} s"
        );
    }
}

#[test]
fn a_short_token_is_used_for_half_of_its_life() {
    let start = Instant::now();
    let mut tokens = tokens();
    absorb(&mut tokens, "t1", 10, at(start, 0));
    assert!(authorize(&mut tokens, at(start, 4)).is_some());
    assert!(authorize(&mut tokens, at(start, 5)).is_none());
}

#[test]
fn an_absurd_lifetime_is_cut_to_a_year() {
    let start = Instant::now();
    let mut tokens = tokens();
    absorb(&mut tokens, "t1", u64::MAX, at(start, 0));
    let year = 365 * 24 * 3600;
    assert!(authorize(&mut tokens, at(start, year - 301)).is_some());
    assert!(authorize(&mut tokens, at(start, year)).is_none());
}

#[test]
fn a_late_refusal_of_an_old_token_does_not_cost_the_new_one() {
    let start = Instant::now();
    let mut tokens = tokens();
    absorb(&mut tokens, "t1", 7200, at(start, 0));
    let (_, old) = authorize(&mut tokens, at(start, 1)).unwrap();
    tokens.refused(old);
    assert!(authorize(&mut tokens, at(start, 2)).is_none());
    absorb(&mut tokens, "t2", 7200, at(start, 2));
    tokens.refused(old);
    assert_eq!(authorize(&mut tokens, at(start, 3)).unwrap().0, "t2");
}

#[test]
fn a_token_never_shows() {
    let start = Instant::now();
    let mut tokens = tokens();
    absorb(&mut tokens, "t-very-secret", 7200, at(start, 0));
    assert!(!format!("{tokens:?}").contains("very-secret"));
}
