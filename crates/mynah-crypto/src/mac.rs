//! HMAC (RFC 2104).

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;

/// HMAC-SHA1 of `message` (RFC 2104); the key may have any length.
pub fn hmac_sha1(key: &[u8], message: &[u8]) -> [u8; 20] {
    HmacSha1::new(key).sign(message)
}

/// HMAC-SHA256 of `message` (RFC 2104); the key may have any length.
///
/// ```
/// // Test case 2 of RFC 4231.
/// let tag = mynah_crypto::hmac_sha256(b"Jefe", b"what do ya want for nothing?");
/// assert_eq!(
///     mynah_crypto::hex(&tag),
///     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
/// );
/// ```
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    match Hmac::<Sha256>::new_from_slice(key) {
        Ok(mac) => mac.chain_update(message).finalize().into_bytes().into(),
        // RFC 2104 takes keys of any length, and so does the implementation.
        Err(_) => unreachable!("HMAC takes keys of any length"),
    }
}

/// An HMAC-SHA1 key whose padding blocks are hashed already, for signing many
/// messages with one secret.
#[derive(Clone)]
pub struct HmacSha1(Hmac<Sha1>);

impl HmacSha1 {
    /// Prepares `key`, which may have any length.
    pub fn new(key: &[u8]) -> Self {
        match Hmac::<Sha1>::new_from_slice(key) {
            Ok(prepared) => Self(prepared),
            // RFC 2104 takes keys of any length, and so does the implementation.
            Err(_) => unreachable!("HMAC takes keys of any length"),
        }
    }

    /// The tag of `message`.
    pub fn sign(&self, message: &[u8]) -> [u8; 20] {
        self.sign_parts(&[message])
    }

    /// The tag of the message that `parts` make when they are joined.
    pub fn sign_parts(&self, parts: &[&[u8]]) -> [u8; 20] {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

impl std::fmt::Debug for HmacSha1 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HmacSha1(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hex;

    /// Test case 2 of RFC 2202.
    #[test]
    fn hmac_sha1_agrees_with_rfc_2202() {
        let tag = hmac_sha1(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(hex(&tag), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    }

    /// Test case 6: a key longer than a block is hashed first.
    #[test]
    fn long_keys_are_hashed_first() {
        let tag = hmac_sha1(
            &[0xaa; 80],
            b"Test Using Larger Than Block-Size Key - Hash Key First",
        );
        assert_eq!(hex(&tag), "aa4ae5e15272d00e95705637ce8a3b55ed402112");
    }

    #[test]
    fn parts_are_signed_like_the_whole() {
        let key = HmacSha1::new(b"Jefe");
        let parts = key.sign_parts(&[b"what do ya ", b"", b"want for nothing?"]);
        assert_eq!(parts, key.sign(b"what do ya want for nothing?"));
    }

    #[test]
    fn a_key_never_shows() {
        assert_eq!(format!("{:?}", HmacSha1::new(b"secret")), "HmacSha1(…)");
    }
}
