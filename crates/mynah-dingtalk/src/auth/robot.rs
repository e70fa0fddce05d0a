//! Custom robots: a key in the address, and a signature.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mynah_core::{Auth, Cx, Error, HttpRequest, Stamp, Step, put_in_query};

use super::{ACCESS_TOKEN, Secret, in_query};

/// Signs a moment: HMAC-SHA256 of the time and the secret, in base64. Custom robots and the
/// callbacks of a robot are signed so; neither covers the body.
///
/// `timestamp` is in milliseconds since 1970, as it stands beside the signature
/// (<https://open.dingtalk.com/document/development/customize-robot-security-settings>).
///
/// ```
/// let secret = "SEC0123456789abcdef".into();
/// let sign = mynah_dingtalk::auth::sign("1700000000000", &secret);
/// assert_eq!(sign, "TSZbRFUuvaSQaRKUpF970OPCb2/LcQAP3wOvwZIzBZk=");
/// ```
pub fn sign(timestamp: &str, secret: &Secret) -> String {
    let secret = secret.expose();
    let message = [timestamp, "\n", secret].concat();
    STANDARD.encode(mynah_crypto::hmac_sha256(
        secret.as_bytes(),
        message.as_bytes(),
    ))
}

/// Server side: whether a time in milliseconds since 1970 is at most one hour away from `now`.
pub fn is_fresh(timestamp: &str, now: SystemTime) -> bool {
    const HOUR: u128 = 3_600_000;
    let digits = timestamp.bytes().all(|byte| byte.is_ascii_digit());
    let given = timestamp.parse::<u128>().ok().filter(|_| digits);
    given.is_some_and(|given| given.abs_diff(millis(now)) <= HOUR)
}

/// Milliseconds since 1970.
fn millis(time: SystemTime) -> u128 {
    let since = time.duration_since(UNIX_EPOCH);
    since.unwrap_or(Duration::ZERO).as_millis()
}

/// A custom robot: the key in its address, and the secret it signs with if it signs.
///
/// Every message is signed with the time at which it is sent: an hour away from the platform's
/// clock it is refused (310000).
///
/// ```
/// use mynah_dingtalk::RobotKey;
///
/// let robot = RobotKey::of("https://oapi.dingtalk.com/robot/send?access_token=66727e9")?
///     .signing("SEC0123456789abcdef");
/// assert_eq!(format!("{robot:?}"), "RobotKey(…)");
/// # Ok::<(), mynah_core::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct RobotKey {
    access_token: Secret,
    secret: Option<Secret>,
}

impl RobotKey {
    /// The robot with this key, which does not sign.
    pub fn new(access_token: impl Into<Secret>) -> Self {
        Self {
            access_token: access_token.into(),
            secret: None,
        }
    }

    /// The key in the address that DingTalk shows for a robot, or the key itself.
    ///
    /// # Errors
    /// It is an address without a key, or that of something else.
    pub fn of(address: &str) -> Result<Self, Error> {
        if !address.contains("://") {
            return Ok(Self::new(address));
        }
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        if !path.ends_with("/robot/send") {
            let problem = "access_token: the address is not that of a custom robot";
            return Err(Error::invalid("dingtalk.robot.send", problem));
        }
        match in_query(query, ACCESS_TOKEN) {
            Some(key) => Ok(Self::new(key.as_ref())),
            None => Err(Error::invalid(
                "dingtalk.robot.send",
                "access_token: not in the address",
            )),
        }
    }

    /// The same robot, signing with this secret: the text that begins with `SEC`.
    #[must_use]
    pub fn signing(self, secret: impl Into<Secret>) -> Self {
        Self {
            secret: Some(secret.into()),
            ..self
        }
    }

    /// The key. Keep it out of logs.
    pub fn access_token(&self) -> &Secret {
        &self.access_token
    }
}

impl fmt::Debug for RobotKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RobotKey(…)")
    }
}

impl Auth for RobotKey {
    fn authorize(&mut self, request: &mut HttpRequest, cx: Cx) -> Result<Step, Error> {
        let key = (ACCESS_TOKEN, self.access_token.expose());
        match &self.secret {
            Some(secret) => {
                let timestamp = millis(cx.wall).to_string();
                let sign = sign(&timestamp, secret);
                let signed = [key, ("timestamp", &timestamp), ("sign", &sign)];
                put_in_query(request, "dingtalk.auth", &signed)?;
            }
            None => put_in_query(request, "dingtalk.auth", &[key])?,
        }
        Ok(Step::Ready(Stamp::default()))
    }
}
