//! Credentials as machines.
//!
//! A credential that must be fetched first says which request to send; the
//! driver sends it and hands back the answer. So the rules of token life need
//! no socket and no clock.

use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use secrecy::{ExposeSecret, SecretString};

use crate::base::BaseUrl;
use crate::codec::{decode_output, encode_request};
use crate::endpoint::{Endpoint, HttpRequest};
use crate::error::Error;
use crate::exchange::Rules;
use crate::store::Kept;

/// What the outside world contributes to a decision.
#[derive(Clone, Copy, Debug)]
pub struct Cx {
    /// The monotonic time, for lifetimes.
    pub now: Instant,
    /// The wall clock, for time stamps.
    pub wall: SystemTime,
    /// A fresh random number, for nonces and jitter.
    pub nonce: u64,
}

/// Puts an account's credential on outgoing requests.
pub trait Auth: Send + 'static {
    /// Authorizes `request`, or says which request must be answered first.
    ///
    /// # Errors
    /// The credential cannot be written into the request.
    fn authorize(&mut self, request: &mut HttpRequest, cx: Cx) -> Result<Step, Error>;

    /// Takes the payload of the answer to the request in [`Step::First`].
    ///
    /// # Errors
    /// There is no credential in it.
    fn absorb(&mut self, _payload: Bytes, _cx: Cx) -> Result<(), Error> {
        Ok(())
    }

    /// Forgets the credential with this stamp: the platform refused it.
    fn refused(&mut self, _stamp: Stamp) {}

    /// Whether a refused credential can be replaced by a fresh one.
    fn renewable(&self) -> bool {
        false
    }

    /// The name under which a [`TokenStore`](crate::TokenStore) keeps the
    /// credential; `None` for one that is not kept. It must not contain a secret.
    fn key(&self) -> Option<String> {
        None
    }

    /// Takes a credential out of a store. Answers whether it will do: not if it
    /// ends soon, or was refused.
    fn adopt(&mut self, _kept: &Kept, _cx: Cx) -> bool {
        false
    }

    /// The credential as a store keeps it.
    fn kept(&self, _cx: Cx) -> Option<Kept> {
        None
    }
}

/// What [`Auth::authorize`] came to.
#[derive(Debug)]
pub enum Step {
    /// The request may go out; report a refusal with this stamp.
    Ready(Stamp),
    /// Make this call first, give the payload of its answer to
    /// [`Auth::absorb`], and ask again. It carries no credential itself.
    First(HttpRequest, Rules),
}

/// Tells one credential from the next, so that a late refusal of an old one
/// does not cost the new one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp(u64);

/// No credential at all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Anonymous;

impl Auth for Anonymous {
    fn authorize(&mut self, _: &mut HttpRequest, _: Cx) -> Result<Step, Error> {
        Ok(Step::Ready(Stamp::default()))
    }
}

/// How a platform issues short-lived tokens and where it expects them.
pub trait Issuer: Send + 'static {
    /// The call that yields a token.
    type Endpoint: Endpoint;

    /// A token is renewed this long before its end, or at half of its life if
    /// that is shorter; five minutes unless the platform says otherwise.
    const MARGIN: Duration = Duration::from_secs(300);

    /// The name of account and secret, without the secret itself, under which a
    /// [`TokenStore`](crate::TokenStore) keeps the token; `None` for not at all.
    fn key(&self) -> Option<String> {
        None
    }

    /// The call for this account.
    fn ask(&self) -> Self::Endpoint;

    /// The token in the answer and how long it lives.
    fn issued(output: <Self::Endpoint as Endpoint>::Output) -> (String, Duration);

    /// Puts the token where the platform looks for it.
    ///
    /// # Errors
    /// The token cannot stand there.
    fn attach(request: &mut HttpRequest, token: &str) -> Result<(), Error>;
}

/// Short-lived tokens: fetched when needed, kept until shortly before they
/// end, dropped when the platform refuses them.
#[derive(Debug)]
pub struct Tokens<I> {
    base: BaseUrl,
    issuer: I,
    held: Option<Held>,
    /// The last token that was refused: a store may still have it.
    refused: Option<SecretString>,
    stamp: Stamp,
}

#[derive(Debug)]
struct Held {
    token: SecretString,
    /// When it is to be renewed.
    until: Instant,
    /// When the platform stops taking it.
    end: Instant,
}

impl<I: Issuer> Tokens<I> {
    /// No lifetime is taken to be longer, whatever the platform says: a year.
    pub const LONGEST: Duration = Duration::from_secs(365 * 24 * 3600);

    /// No token yet; they are asked for at `base`.
    pub fn new(base: BaseUrl, issuer: I) -> Self {
        Self {
            base,
            issuer,
            held: None,
            refused: None,
            stamp: Stamp::default(),
        }
    }
}

impl<I> Tokens<I> {
    fn hold(&mut self, token: SecretString, lifetime: Duration, margin: Duration, now: Instant) {
        self.held = Some(Held {
            token,
            until: now + lifetime.saturating_sub(margin),
            end: now + lifetime,
        });
        self.stamp.0 += 1;
    }
}

impl<I: Issuer> Auth for Tokens<I> {
    fn authorize(&mut self, request: &mut HttpRequest, cx: Cx) -> Result<Step, Error> {
        match &self.held {
            Some(held) if cx.now < held.until => {
                I::attach(request, held.token.expose_secret())?;
                Ok(Step::Ready(self.stamp))
            }
            _ => {
                let request = encode_request(&self.base, &self.issuer.ask())?;
                Ok(Step::First(request, Rules::of::<I::Endpoint>()))
            }
        }
    }

    fn absorb(&mut self, payload: Bytes, cx: Cx) -> Result<(), Error> {
        let (token, lifetime) = I::issued(decode_output::<I::Endpoint>(&payload)?);
        let lifetime = lifetime.min(Self::LONGEST);
        let margin = I::MARGIN.min(lifetime / 2);
        self.hold(token.into(), lifetime, margin, cx.now);
        Ok(())
    }

    fn refused(&mut self, stamp: Stamp) {
        if stamp == self.stamp
            && let Some(held) = self.held.take()
        {
            self.refused = Some(held.token);
        }
    }

    fn key(&self) -> Option<String> {
        self.issuer.key()
    }

    fn adopt(&mut self, kept: &Kept, cx: Cx) -> bool {
        let left = kept.until.duration_since(cx.wall).unwrap_or_default();
        let left = left.min(Self::LONGEST);
        let refused = self
            .refused
            .as_ref()
            .is_some_and(|refused| refused.expose_secret() == kept.token.expose_secret());
        if refused || left <= I::MARGIN {
            return false;
        }
        self.hold(kept.token.clone(), left, I::MARGIN, cx.now);
        true
    }

    fn kept(&self, cx: Cx) -> Option<Kept> {
        let held = self.held.as_ref()?;
        Some(Kept {
            token: held.token.clone(),
            until: cx.wall + held.end.saturating_duration_since(cx.now),
        })
    }

    fn renewable(&self) -> bool {
        true
    }
}
