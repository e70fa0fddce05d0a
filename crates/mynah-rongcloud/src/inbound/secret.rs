//! What the platform and a receiver know.

use std::time::{Duration, SystemTime};

use mynah_core::{Check, Forged, HttpRequest};
use mynah_crypto::equal;

use super::query::Signed;
use crate::auth::{App, sign, time, verify};
use crate::event::Event;

/// The names that the parts of a signature have in the query, in three
/// generations of the documentation. A receiver takes all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureNames {
    /// `appKey`, `timestamp`, `nonce` and `signature`; the time in milliseconds
    /// (<https://docs.rongcloud.cn/platform-chat-api/chatroom/status>).
    #[default]
    Current,
    /// `nonce`, `signTimestamp` and `signature`, as in 2020 and 2021; the time
    /// in milliseconds.
    Of2020,
    /// `rc-nonce`, `rc-timestamp` and `rc-signature`, as from 2014 to 2017; the
    /// time in seconds.
    Of2014,
}

impl SignatureNames {
    pub(super) const APP_KEY: &'static str = "appKey";

    /// Those of nonce, timestamp and signature.
    pub(super) const fn names(self) -> [&'static str; 3] {
        match self {
            Self::Current => ["nonce", "timestamp", "signature"],
            Self::Of2020 => ["nonce", "signTimestamp", "signature"],
            Self::Of2014 => ["rc-nonce", "rc-timestamp", "rc-signature"],
        }
    }

    fn query(self, app: &App, nonce: &str, millis: i64) -> Vec<(&'static str, String)> {
        let timestamp = match self {
            Self::Of2014 => millis.div_euclid(1000),
            Self::Current | Self::Of2020 => millis,
        };
        let timestamp = timestamp.to_string();
        let signature = sign(app.app_secret(), nonce, &timestamp);
        let [nonce_name, timestamp_name, signature_name] = self.names();
        let app_key = (self == Self::Current).then(|| (Self::APP_KEY, app.app_key().to_owned()));
        let rest = [
            (timestamp_name, timestamp),
            (nonce_name, nonce.to_owned()),
            (signature_name, signature),
        ];
        app_key.into_iter().chain(rest).collect()
    }
}

/// What a receiver knows: the application, whose secret signs callbacks as it
/// signs calls. `Debug` does not show the secret.
///
/// ```
/// use std::time::SystemTime;
///
/// use mynah_core::{Check, Inbound, Received};
/// use mynah_rongcloud::event::{Event, OnlineState, OnlineStatus};
/// use mynah_rongcloud::inbound::CallbackSecret;
/// use mynah_rongcloud::{App, RongCloud};
///
/// let secret = CallbackSecret::new(App::new("rc-sandbox", "sandbox-secret")?);
/// let event = Event::from(OnlineStatus::new("alice", OnlineState::Online, 1_437_982_698_578));
/// let request = RongCloud::push(&secret, &event, 14314, SystemTime::UNIX_EPOCH);
/// let received = RongCloud::verify(&secret, &request, SystemTime::UNIX_EPOCH)?;
/// assert!(matches!(received, Received::Event(arrival) if arrival.event == event));
///
/// let other = CallbackSecret::new(App::new("rc-sandbox", "another-secret")?);
/// let forged = RongCloud::verify(&other, &request, SystemTime::UNIX_EPOCH).unwrap_err();
/// assert_eq!((forged.check, forged.status), (Check::Signature, 401));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct CallbackSecret {
    app: App,
    names: SignatureNames,
    window: Option<Duration>,
}

impl From<App> for CallbackSecret {
    fn from(app: App) -> Self {
        Self::new(app)
    }
}

impl CallbackSecret {
    /// For the callbacks of an application.
    pub const fn new(app: App) -> Self {
        Self {
            app,
            names: SignatureNames::Current,
            window: None,
        }
    }

    /// Sets the names that [`push`](mynah_core::Inbound::push) writes; a
    /// receiver takes all of them.
    #[must_use]
    pub fn names(self, names: SignatureNames) -> Self {
        Self { names, ..self }
    }

    /// Refuses callbacks that were signed further than `window` from our clock,
    /// to either side. Without it, which is the default, any time is taken: it
    /// is not documented that a repeated delivery is signed anew.
    #[must_use]
    pub fn fresh_within(self, window: Duration) -> Self {
        Self {
            window: Some(window),
            ..self
        }
    }

    /// The application.
    pub const fn app(&self) -> &App {
        &self.app
    }

    pub(super) fn check(&self, request: &HttpRequest, wall: SystemTime) -> Result<(), Forged> {
        let signed = Signed::of(request.uri(), request.headers())?;
        let secret = self.app.app_secret();
        if !verify(secret, &signed.nonce, &signed.timestamp, &signed.signature) {
            let detail = format!("signature ({} bytes) is another", signed.signature.len());
            return Err(Forged::new(401, Check::Signature, detail));
        }
        let own = self.app.app_key();
        if let Some(app_key) = &signed.app_key
            && !equal(app_key.as_bytes(), own.as_bytes())
        {
            let detail = format!("appKey ({} bytes) is not {own}", app_key.len());
            return Err(Forged::new(401, Check::Receiver, detail));
        }
        self.check_time(&signed.timestamp, wall)
    }

    fn check_time(&self, timestamp: &str, wall: SystemTime) -> Result<(), Forged> {
        let Some(window) = self.window else {
            return Ok(());
        };
        let Some(sent) = time(timestamp) else {
            let detail = format!("timestamp ({} bytes) is no time", timestamp.len());
            return Err(Forged::new(401, Check::Time, detail));
        };
        let off = wall
            .duration_since(sent)
            .unwrap_or_else(|ahead| ahead.duration());
        if off <= window {
            return Ok(());
        }
        let (off, allowed) = (off.as_millis(), window.as_millis());
        let detail = format!("{off} ms from our clock, {allowed} ms are allowed");
        Err(Forged::new(401, Check::Time, detail))
    }

    pub(super) fn push(&self, event: &Event, nonce: &str, millis: i64) -> HttpRequest {
        let (body, is_json) = event.body();
        let media_type = if is_json {
            "application/json"
        } else {
            "application/x-www-form-urlencoded"
        };
        let mut request = mynah_core::post(media_type, body);
        if let Event::Audit(_) = event {
            // Digits can stand in a header, and the key was tried when the application was made.
            let prefixed = self.app.clone().prefixed();
            let _ = prefixed.sign(&mut request, nonce, &millis.to_string());
        } else {
            let query = self.names.query(&self.app, nonce, millis);
            let query = serde_html_form::to_string(query).unwrap_or_default();
            // What is percent-encoded can stand in an address.
            if let Ok(uri) = format!("/?{query}").parse() {
                *request.uri_mut() = uri;
            }
        }
        request
    }
}
