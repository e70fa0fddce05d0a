//! Signatures of Standard Webhooks, so that a handler knows who asks it:
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>.

use std::time::SystemTime;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use mynah_core::http::HeaderMap;
use mynah_core::http::header::{HeaderName, HeaderValue, InvalidHeaderValue};
use secrecy::{ExposeSecret, SecretBox, SecretString};

const PREFIX: &str = "whsec_";

/// How long keys may be, in bytes.
const LENGTHS: std::ops::RangeInclusive<usize> = 24..=64;

/// What requests are signed with.
pub(super) struct Key(SecretBox<[u8]>);

impl Key {
    /// Reads a key: `whsec_` and base64 of 24 to 64 bytes.
    ///
    /// # Errors
    /// It is none; the error does not tell it.
    pub(super) fn read(secret: &SecretString) -> Result<Self, String> {
        let text = secret.expose_secret().trim();
        let Some(text) = text.strip_prefix(PREFIX) else {
            return Err(format!("a signing secret begins with `{PREFIX}`"));
        };
        let Ok(key) = BASE64_STANDARD.decode(text) else {
            return Err(format!("what follows `{PREFIX}` is not base64"));
        };
        if !LENGTHS.contains(&key.len()) {
            let (least, most) = (LENGTHS.start(), LENGTHS.end());
            return Err(format!(
                "a signing secret holds {least} to {most} bytes, not {}",
                key.len()
            ));
        }
        Ok(Self(key.into_boxed_slice().into()))
    }

    /// Adds the three headers of a request that is sent at `wall`.
    pub(super) fn sign(
        &self,
        headers: &mut HeaderMap,
        id: &str,
        wall: SystemTime,
        body: &[u8],
    ) -> Result<(), InvalidHeaderValue> {
        let since = wall.duration_since(SystemTime::UNIX_EPOCH);
        let time = since.unwrap_or_default().as_secs().to_string();
        let signature = self.signature(id, &time, body);
        for (name, value) in [
            ("webhook-id", id),
            ("webhook-timestamp", &time),
            ("webhook-signature", &signature),
        ] {
            headers.insert(HeaderName::from_static(name), HeaderValue::try_from(value)?);
        }
        Ok(())
    }

    fn signature(&self, id: &str, time: &str, body: &[u8]) -> String {
        let mut signed = format!("{id}.{time}.").into_bytes();
        signed.extend_from_slice(body);
        let mac = mynah_crypto::hmac_sha256(self.0.expose_secret(), &signed);
        format!("v1,{}", BASE64_STANDARD.encode(mac))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Key, String> {
        Key::read(&text.into())
    }

    /// The example of the specification.
    #[test]
    fn a_request_is_signed_as_the_specification_signs_it() {
        let key = read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let wall = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_614_265_330);
        let mut headers = HeaderMap::new();
        let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        key.sign(&mut headers, id, wall, br#"{"test": 2432232314}"#)
            .unwrap();
        assert_eq!(headers["webhook-id"], id);
        assert_eq!(headers["webhook-timestamp"], "1614265330");
        assert_eq!(
            headers["webhook-signature"],
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    #[test]
    fn a_secret_that_is_none_is_refused_and_not_told() {
        for (secret, problem) in [
            ("hush", "begins with `whsec_`"),
            ("whsec_hush!", "is not base64"),
            ("whsec_aHVzaA==", "24 to 64 bytes, not 4"),
        ] {
            let error = read(secret).err().unwrap();
            assert!(
                error.contains(problem) && !error.contains("hush"),
                "{error}"
            );
        }
    }
}
