//! Signatures, for both sides.
//!
//! A call carries four headers: the application's key, some random text, the time, and the SHA-1
//! of secret, random text and time (<https://docs.rongcloud.cn/platform-chat-api/auth>). Neither
//! path nor body is signed.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::header::{HeaderMap, HeaderName, HeaderValue};
use mynah_core::{ApiError, Auth, Cx, Error, HttpRequest, Stamp, Step};

use crate::errors;
use crate::platform::code;

mynah_core::secrets! {
    /// The secret of an application: it signs calls and callbacks. `Debug` does not show it, and
    /// comparing it takes the same time wherever the two differ.
    pub struct AppSecret, compared by mynah_crypto::equal;

    /// What lets a user's client connect: opaque, at most 256 bytes. `Debug` does not show it, and
    /// comparing it takes the same time wherever the two differ.
    pub struct UserToken, compared by mynah_crypto::equal;
}

/// Signs: lower-case hexadecimal SHA-1 of the secret, the nonce and the timestamp, one behind the
/// other.
///
/// ```
/// let secret = "Y1W2MeFwwwRxa0".into();
/// let signature = mynah_rongcloud::auth::sign(&secret, "14314", "1408710653000");
/// assert_eq!(signature, "30be0bbca9c9b2e27578701e9fda2358a814c88f");
/// ```
pub fn sign(secret: &AppSecret, nonce: &str, timestamp: &str) -> String {
    let parts = [secret.expose(), nonce, timestamp].map(str::as_bytes);
    mynah_crypto::hex(&mynah_crypto::sha1(&parts))
}

/// Whether a signature is that of the nonce and the timestamp, in upper or lower case. It takes
/// the same time wherever they differ.
pub fn verify(secret: &AppSecret, nonce: &str, timestamp: &str, signature: &str) -> bool {
    let expected = sign(secret, nonce, timestamp);
    let given = signature.to_ascii_lowercase();
    mynah_crypto::equal(expected.as_bytes(), given.as_bytes())
}

/// An application: signs every call with its secret.
///
/// The time is in seconds, as most clients of RongCloud write it; the platform takes milliseconds
/// as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct App {
    key: String,
    secret: AppSecret,
    prefixed: bool,
    milliseconds: bool,
}

impl App {
    /// The application with this key and secret.
    ///
    /// # Errors
    /// White space stands at an end of the key or the secret, as it does when too much was copied:
    /// the platform would refuse every signature (1004) without saying why. Or the key does not
    /// fit into a header.
    pub fn new(
        app_key: impl Into<String>,
        app_secret: impl Into<AppSecret>,
    ) -> Result<Self, Error> {
        let (app_key, app_secret) = (app_key.into(), app_secret.into());
        for (field, text) in [
            ("app_key", app_key.as_str()),
            ("app_secret", app_secret.expose()),
        ] {
            if text.trim() != text {
                let problem = format!("{field}: must not begin or end with white space");
                return Err(Error::invalid(AUTH, problem));
            }
        }
        header(&app_key)?;
        Ok(Self {
            key: app_key,
            secret: app_secret,
            prefixed: false,
            milliseconds: false,
        })
    }

    /// The same application, whose headers begin with `RC-`: some front ends drop the others.
    #[must_use]
    pub fn prefixed(self) -> Self {
        Self {
            prefixed: true,
            ..self
        }
    }

    /// The same application, whose times are in milliseconds.
    #[must_use]
    pub fn milliseconds(self) -> Self {
        Self {
            milliseconds: true,
            ..self
        }
    }

    /// Its key.
    pub fn app_key(&self) -> &str {
        &self.key
    }

    /// Its secret, which also signs callbacks.
    pub fn app_secret(&self) -> &AppSecret {
        &self.secret
    }

    /// Signs a request with this nonce and timestamp, replacing a signature it has.
    ///
    /// # Errors
    /// One of the two does not fit into a header.
    pub fn sign(
        &self,
        request: &mut HttpRequest,
        nonce: &str,
        timestamp: &str,
    ) -> Result<(), Error> {
        let signature = sign(&self.secret, nonce, timestamp);
        for (names, value) in [
            (APP_KEY, self.key.as_str()),
            (NONCE, nonce),
            (TIMESTAMP, timestamp),
            (SIGNATURE, &signature),
        ] {
            let (prefixed, plain) = names;
            let name = if self.prefixed { prefixed } else { plain };
            let value = header(value)?;
            request
                .headers_mut()
                .insert(HeaderName::from_static(name), value);
        }
        Ok(())
    }
}

impl Auth for App {
    fn authorize(&mut self, request: &mut HttpRequest, cx: Cx) -> Result<Step, Error> {
        // The documentation wants at most 18 characters.
        let nonce = format!("{:016x}", cx.nonce);
        let since = cx.wall.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let timestamp = if self.milliseconds {
            since.as_millis()
        } else {
            since.as_secs().into()
        };
        self.sign(request, &nonce, &timestamp.to_string())?;
        Ok(Step::Ready(Stamp::default()))
    }
}

/// What errors of credentials are about.
const AUTH: &str = "rongcloud.auth";

/// The names of a header: with the prefix, and without.
type Names = (&'static str, &'static str);

const APP_KEY: Names = ("rc-app-key", "app-key");
const NONCE: Names = ("rc-nonce", "nonce");
const TIMESTAMP: Names = ("rc-timestamp", "timestamp");
const SIGNATURE: Names = ("rc-signature", "signature");

fn header(text: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(text).map_err(|_| {
        Error::invalid(
            AUTH,
            "the key, nonce or timestamp does not fit into a header",
        )
    })
}

/// Server side: the four headers of a signature, in either spelling; empty where one is missing, or
/// stands there twice with different values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed<'r> {
    /// Whose call it says it is.
    pub app_key: &'r str,
    /// Some text.
    pub nonce: &'r str,
    /// The time, in seconds or milliseconds since 1970.
    pub timestamp: &'r str,
    /// The signature.
    pub signature: &'r str,
}

impl<'r> Signed<'r> {
    /// Those of a request.
    pub fn of(headers: &'r HeaderMap) -> Self {
        Self {
            app_key: find(headers, APP_KEY),
            nonce: find(headers, NONCE),
            timestamp: find(headers, TIMESTAMP),
            signature: find(headers, SIGNATURE),
        }
    }

    /// The time it was signed at; nothing if it is no time.
    ///
    /// What would be later than the year 5000 in seconds is taken to be in milliseconds.
    pub fn time(&self) -> Option<SystemTime> {
        time(self.timestamp)
    }
}

/// What a header says in either spelling; nothing if it says two things.
fn find(headers: &HeaderMap, (prefixed, plain): Names) -> &str {
    let values = headers.get_all(prefixed).iter();
    let mut values = values.chain(headers.get_all(plain));
    let first = values.next();
    match first {
        Some(value) if values.all(|other| other == value) => value.to_str().unwrap_or_default(),
        _ => "",
    }
}

/// A time in seconds or milliseconds since 1970. See [`Signed::time`].
pub fn time(timestamp: &str) -> Option<SystemTime> {
    const LAST_SECOND: u64 = 100_000_000_000;
    let digits = timestamp.bytes().all(|byte| byte.is_ascii_digit());
    let number: u64 = timestamp.parse().ok().filter(|_| digits)?;
    let since = if number < LAST_SECOND {
        Duration::from_secs(number)
    } else {
        Duration::from_millis(number)
    };
    UNIX_EPOCH.checked_add(since)
}

/// Server side: whether a call is signed by an application, in either spelling of the headers and
/// whatever the unit of its time. How old it is and whether its nonce was seen before is not
/// looked at: some clients sign once and use the signature for as long as they live.
///
/// # Errors
/// It is not; what the platform answers to that.
pub fn check(request: &HttpRequest, app: &App) -> Result<(), Refused> {
    let signed = Signed::of(request.headers());
    if signed.app_key.is_empty() || signed.app_key != app.key {
        return Err(Refused::AppKey);
    }
    let complete = !signed.nonce.is_empty() && !signed.timestamp.is_empty();
    if complete
        && verify(
            &app.secret,
            signed.nonce,
            signed.timestamp,
            signed.signature,
        )
    {
        Ok(())
    } else {
        Err(Refused::Signature)
    }
}

/// Why a signature is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is no application with this key, or no key: 1002 with HTTP 400.
    #[error("Invalidate App-Key.")]
    AppKey,
    /// It is not the signature, or it is missing: 1004 with HTTP 401.
    #[error("Signature verification failed.")]
    Signature,
}

impl From<Refused> for ApiError {
    fn from(refused: Refused) -> Self {
        let code = match refused {
            Refused::AppKey => code::INVALID_PARAMETER,
            Refused::Signature => code::SIGNATURE,
        };
        errors::refusal(code, refused.to_string())
    }
}
