//! What the platform and a receiver know.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use mynah_core::{Check, Forged, HttpRequest};
use mynah_crypto::EncodingAesKey;

use super::events::{Events, Sealed, Stamp};
use super::query::is_signed;
use super::robot::Robot;
use super::{forged, millis};
use crate::auth::Secret;
use crate::event::Callback;
use crate::robot::RobotMessage;

/// What a receiver knows: token, key and ids for events, the secret of the
/// application for what people say to its robot, or both where one address
/// takes both. `Debug` shows the ids only.
///
/// The id is that of the organisation where the address was registered by a
/// call, and the application's key where it was set up in the console: name
/// both, and it does not matter
/// (<https://open.dingtalk.com/document/development/http-callback-overview>).
///
/// ```
/// use std::time::SystemTime;
///
/// use mynah_core::{Check, Inbound, Received};
/// use mynah_dingtalk::event::{Callback, ChatChange, Kind};
/// use mynah_dingtalk::inbound::{CallbackSecret, Event};
/// use mynah_dingtalk::DingTalk;
///
/// let key = "4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij".parse()?;
/// let secret = CallbackSecret::events("123456", &key, ["ding-sandbox-corp", "ding-sandbox"]);
///
/// let gone = Callback::new(Kind::ChatDisband(ChatChange::default())).corp("ding-sandbox-corp");
/// let event = Event::from(gone);
/// let request = DingTalk::push(&secret, &event, 7, SystemTime::UNIX_EPOCH);
/// let received = DingTalk::verify(&secret, &request, SystemTime::UNIX_EPOCH)?;
/// assert!(matches!(received, Received::Event(arrival) if arrival.event == event));
///
/// let other = CallbackSecret::events("123456", &key, ["ding-other"]);
/// let forged = DingTalk::verify(&other, &request, SystemTime::UNIX_EPOCH).unwrap_err();
/// assert_eq!(forged.check, Check::Receiver);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct CallbackSecret {
    events: Option<Arc<Events>>,
    robot: Option<Arc<Robot>>,
}

/// Which of the two kinds of callback.
pub(super) enum Mode<'a> {
    Events(&'a Arc<Events>),
    Robot(&'a Robot),
}

impl CallbackSecret {
    /// For events. `ids` are accepted; the first is the one that
    /// [`push`](mynah_core::Inbound::push) uses.
    pub fn events<'a>(
        token: impl Into<Secret>,
        key: &EncodingAesKey,
        ids: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self {
            events: Some(Arc::new(Events::new(&token.into(), key, ids))),
            robot: None,
        }
    }

    /// For what people say to the robot of the application with this secret.
    pub fn robot(app_secret: impl Into<Secret>) -> Self {
        Self {
            events: None,
            robot: Some(Arc::new(Robot::new(app_secret.into()))),
        }
    }

    /// The same, and what people say to the robot comes to this address as well.
    #[must_use]
    pub fn and_robot(self, app_secret: impl Into<Secret>) -> Self {
        Self {
            robot: Self::robot(app_secret).robot,
            ..self
        }
    }

    /// Refuses events whose timestamp is further than `window` from our clock,
    /// to either side. Without it, which is the default, any time is taken: it
    /// is not documented that a repeated delivery has a new timestamp.
    #[must_use]
    pub fn fresh_within(self, window: Duration) -> Self {
        Self {
            events: self
                .events
                .map(|events| Arc::new(Arc::unwrap_or_clone(events).fresh_within(window))),
            ..self
        }
    }

    pub(super) fn mode(&self, request: &HttpRequest) -> Result<Mode<'_>, Forged> {
        match (&self.events, &self.robot) {
            (Some(events), None) => Ok(Mode::Events(events)),
            (Some(events), Some(_)) if is_signed(request.uri()) => Ok(Mode::Events(events)),
            (_, Some(robot)) => Ok(Mode::Robot(robot)),
            // Neither constructor makes such a secret.
            (None, None) => Err(forged(Check::Form, "nothing is taken here")),
        }
    }

    pub(super) fn sealing(&self) -> Option<&Arc<Events>> {
        self.events.as_ref()
    }

    /// Encrypts and signs; nothing where the secret is for robots alone.
    pub fn seal(&self, plain: &str, stamp: &Stamp) -> Option<Sealed> {
        let events = self.events.as_ref()?;
        Some(events.seal(0, plain, stamp))
    }

    /// The callback whose JSON is already written. For the root of the
    /// receiver; [`aim`](super::aim) it at another address. It is neither
    /// encrypted nor signed where the secret is for robots alone.
    pub fn post(&self, plain: &str, stamp: &Stamp) -> HttpRequest {
        match &self.events {
            Some(events) => events.post(plain, stamp),
            None => post(plain.to_owned()),
        }
    }

    pub(super) fn push_callback(
        &self,
        callback: &Callback,
        nonce: u64,
        wall: SystemTime,
    ) -> HttpRequest {
        let plain = callback.to_json().to_string();
        let stamp = match &self.events {
            Some(events) => events.stamp(&plain, nonce.to_string(), millis(wall)),
            None => return post(plain),
        };
        self.post(&plain, &stamp)
    }

    pub(super) fn push_message(&self, message: &RobotMessage, wall: SystemTime) -> HttpRequest {
        let mut request = post(message.to_json().to_string());
        if let Some(robot) = &self.robot {
            robot.sign_request(&mut request, millis(wall));
        }
        request
    }
}

/// A POST of JSON to the root of a receiver.
pub(super) fn post(body: String) -> HttpRequest {
    mynah_core::post("application/json; charset=utf-8", body)
}

impl fmt::Debug for CallbackSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Option<Vec<&str>> = self.events.as_ref().map(|events| events.ids().collect());
        f.debug_struct("CallbackSecret")
            .field("ids", &ids)
            .field("robot", &self.robot.is_some())
            .finish_non_exhaustive()
    }
}
