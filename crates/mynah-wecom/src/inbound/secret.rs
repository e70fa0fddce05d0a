//! What the platform and a receiver know.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::Request;
use mynah_core::{Check, Forged, HttpRequest};
use mynah_crypto::{EncodingAesKey, Envelope, HmacSha1, hex};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};

use super::outer::AROUND;
use super::{Mode, Sealed, Stamp, forged, seconds};
use crate::id::AgentId;
use crate::xml::Writer;

/// What the console of the platform shows for a receiver: its token and key,
/// and whom the callbacks are for. `Debug` shows the last only.
///
/// ```
/// use std::time::SystemTime;
///
/// use mynah_core::{Inbound, Received};
/// use mynah_wecom::event::{Callback, Content, Kind, Text};
/// use mynah_wecom::inbound::{CallbackSecret, Event};
/// use mynah_wecom::WeCom;
///
/// let key = "TXluYWgtc2FuZGJveC1lbmNvZGluZy1hZXMta2V5ISE".parse()?;
/// let secret = CallbackSecret::application(&"MynahToken123".into(), &key, "ww-sandbox");
///
/// let ping = Content::Text(Text { content: "ping".to_owned() });
/// let callback = Callback::new("ww-sandbox", "alice", 1_700_000_000, Kind::message(1, ping));
/// let event = Event::from(callback.agent(1_000_002));
///
/// let request = WeCom::push(&secret, &event, 1_372_623_149, SystemTime::UNIX_EPOCH);
/// let received = WeCom::verify(&secret, &request, SystemTime::UNIX_EPOCH)?;
/// assert!(matches!(received, Received::Event(arrival) if arrival.event == event));
///
/// let other = CallbackSecret::application(&"MynahToken123".into(), &key, "ww-other");
/// let forged = WeCom::verify(&other, &request, SystemTime::UNIX_EPOCH).unwrap_err();
/// assert_eq!(forged.status, 403);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct CallbackSecret(Arc<Parts>);

#[derive(Clone)]
struct Parts {
    mode: Mode,
    envelope: Envelope,
    /// Makes random bytes out of what is sealed with them.
    prefixes: HmacSha1,
    window: Option<Duration>,
    agent: Option<AgentId>,
}

impl CallbackSecret {
    /// For an application. `receiver` is the id of the corp, or of the suite
    /// for applications that are made for others.
    pub fn application(token: &SecretString, key: &EncodingAesKey, receiver: &str) -> Self {
        Self::new(Mode::Application, token, key, receiver)
    }

    /// For an intelligent bot of the own corp, whose callbacks name no receiver.
    pub fn bot(token: &SecretString, key: &EncodingAesKey) -> Self {
        Self::new(Mode::Bot, token, key, "")
    }

    fn new(mode: Mode, token: &SecretString, key: &EncodingAesKey, receiver: &str) -> Self {
        Self(Arc::new(Parts {
            mode,
            envelope: Envelope::new(token.expose_secret(), key, receiver),
            prefixes: HmacSha1::new(key.expose_bytes()),
            window: None,
            agent: None,
        }))
    }

    /// Refuses callbacks whose timestamp is further than `window` from our
    /// clock, to either side. Without it, which is the default, any time is
    /// taken: clocks drift, and it is not documented that a repeated delivery
    /// has a new timestamp.
    #[must_use]
    pub fn fresh_within(self, window: Duration) -> Self {
        let parts = Arc::unwrap_or_clone(self.0);
        Self(Arc::new(Parts {
            window: Some(window),
            ..parts
        }))
    }

    /// Names this application outside of what is encrypted where an event
    /// names none, as those about the directory do not. For who sends
    /// callbacks; it changes nothing for who receives them.
    #[must_use]
    pub fn of_agent(self, agent: AgentId) -> Self {
        let parts = Arc::unwrap_or_clone(self.0);
        Self(Arc::new(Parts {
            agent: Some(agent),
            ..parts
        }))
    }

    pub(super) fn mode(&self) -> Mode {
        self.0.mode
    }

    pub(super) fn envelope(&self) -> &Envelope {
        &self.0.envelope
    }

    pub(super) fn check_time(&self, timestamp: &str, wall: SystemTime) -> Result<(), Forged> {
        let Some(window) = self.0.window else {
            return Ok(());
        };
        let Ok(sent) = timestamp.parse::<i64>() else {
            let detail = format!("timestamp ({} bytes) is no number", timestamp.len());
            return Err(forged(Check::Time, detail));
        };
        let off = sent.abs_diff(seconds(wall));
        if off > window.as_secs() {
            let detail = format!("{off} s from our clock, {} s are allowed", window.as_secs());
            return Err(forged(Check::Time, detail));
        }
        Ok(())
    }

    /// A stamp whose random bytes only who has the key can foresee, and which
    /// differ wherever anything that is sealed differs.
    pub(super) fn stamp(&self, plain: &str, nonce: String, timestamp: i64) -> Stamp {
        let digest = self.0.prefixes.sign_parts(&[
            &timestamp.to_be_bytes(),
            nonce.as_bytes(),
            // No text has this byte.
            &[0xff],
            plain.as_bytes(),
        ]);
        let mut random = [0; 16];
        random.copy_from_slice(&digest[..16]);
        Stamp {
            timestamp,
            nonce,
            random,
        }
    }

    /// Encrypts and signs.
    pub fn seal(&self, plain: &str, stamp: &Stamp) -> Sealed {
        let envelope = self.envelope();
        let encrypt = envelope.seal(stamp.random, plain);
        let signature = envelope.sign(&stamp.timestamp.to_string(), &stamp.nonce, &encrypt);
        Sealed {
            encrypt,
            msg_signature: hex(&signature),
            timestamp: stamp.timestamp,
            nonce: stamp.nonce.clone(),
        }
    }

    /// The callback whose XML or JSON is already written. For the root of the
    /// receiver; [`aim`](super::aim) it at another address.
    pub fn post(&self, plain: &str, agent: Option<AgentId>, stamp: &Stamp) -> HttpRequest {
        let sealed = self.seal(plain, stamp);
        let (media_type, body) = match self.mode() {
            Mode::Application => ("text/xml", self.outer_xml(&sealed, agent)),
            Mode::Bot => {
                let body = serde_json::json!({ "encrypt": sealed.encrypt });
                ("application/json", body.to_string())
            }
        };
        let mut request = mynah_core::post(media_type, body);
        address(&mut request, &query(&sealed));
        request
    }

    fn outer_xml(&self, sealed: &Sealed, agent: Option<AgentId>) -> String {
        let mut out = Writer::with_capacity(sealed.encrypt.len() + AROUND);
        out.nest("xml", |out| {
            out.text("ToUserName", self.envelope().receiver());
            let agent = agent.or(self.0.agent).map(|agent| agent.to_string());
            out.text("AgentID", agent.as_deref().unwrap_or_default());
            out.text("Encrypt", &sealed.encrypt);
        });
        out.finish()
    }

    /// The request with which the platform tries an address that an
    /// administrator saves; who has the secret answers with `echo`, exactly.
    /// For the root of the receiver; [`aim`](super::aim) it at another address.
    pub fn challenge(&self, echo: &str, nonce: u64, wall: SystemTime) -> HttpRequest {
        let stamp = self.stamp(echo, nonce.to_string(), seconds(wall));
        let sealed = self.seal(echo, &stamp);
        let mut request = Request::new(Bytes::new());
        let echostr = utf8_percent_encode(&sealed.encrypt, NON_ALPHANUMERIC);
        address(
            &mut request,
            &format!("{}&echostr={echostr}", query(&sealed)),
        );
        request
    }
}

fn query(sealed: &Sealed) -> String {
    format!(
        "msg_signature={}&timestamp={}&nonce={}",
        sealed.msg_signature,
        sealed.timestamp,
        utf8_percent_encode(&sealed.nonce, NON_ALPHANUMERIC)
    )
}

fn address(request: &mut HttpRequest, query: &str) {
    // What is percent-encoded can stand in an address.
    if let Ok(uri) = format!("/?{query}").parse() {
        *request.uri_mut() = uri;
    }
}

impl fmt::Debug for CallbackSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallbackSecret")
            .field("mode", &self.0.mode)
            .field("receiver", &self.0.envelope.receiver())
            .field("window", &self.0.window)
            .finish_non_exhaustive()
    }
}
