//! What the platforms' signatures are made of, small enough to audit.
//!
//! Nothing here knows a platform: these are the primitives that more than one
//! of them uses, over the implementations of the RustCrypto project.
//!
//! ```
//! let tag = mynah_crypto::hmac_sha1(b"sandbox-secret", b"{}");
//! let hex = mynah_crypto::hex(&tag);
//! assert_eq!(hex.len(), 40);
//! assert!(mynah_crypto::equal(hex.as_bytes(), hex.as_bytes()));
//! ```

use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use sha1::Sha1;
use subtle::ConstantTimeEq;

/// HMAC-SHA1 of `message` (RFC 2104); the key may have any length.
pub fn hmac_sha1(key: &[u8], message: &[u8]) -> [u8; 20] {
    HmacSha1::new(key).sign(message)
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
        let mut mac = self.0.clone();
        mac.update(message);
        mac.finalize().into_bytes().into()
    }
}

impl std::fmt::Debug for HmacSha1 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HmacSha1(…)")
    }
}

/// MD5 of `message` (RFC 1321): a checksum, and no protection against anybody.
pub fn md5(message: &[u8]) -> [u8; 16] {
    Md5::digest(message).into()
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        out.push(char::from(DIGITS[usize::from(byte >> 4)]));
        out.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    out
}

/// Reads lower-case hexadecimal of exactly `N` bytes, the inverse of [`hex`].
///
/// ```
/// assert_eq!(mynah_crypto::unhex(b"00ff"), Some([0x00, 0xff]));
/// assert_eq!(mynah_crypto::unhex::<2>(b"00FF"), None);
/// ```
pub fn unhex<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    let digit = |digit| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let (pairs, []) = text.as_chunks() else {
        return None;
    };
    let pairs: &[[u8; 2]; N] = pairs.try_into().ok()?;
    let mut bytes = [0; N];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(bytes)
}

/// Whether the two are the same, in a time that does not depend on where they
/// differ. Their lengths are not hidden.
pub fn equal(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn md5_agrees_with_rfc_1321() {
        assert_eq!(hex(&md5(b"abc")), "900150983cd24fb0d6963f7d28e17f72");
    }

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
    fn equality_needs_every_byte_and_the_same_length() {
        assert!(equal(b"abc", b"abc"));
        assert!(!equal(b"abc", b"abd"));
        assert!(!equal(b"abc", b"ab"));
    }

    #[test]
    fn only_lower_case_digits_of_the_right_number_are_read() {
        let tag = hmac_sha1(b"key", b"message");
        assert_eq!(unhex(hex(&tag).as_bytes()), Some(tag));
        for text in ["", "0", "000", "0g", "0G", "FF", " 0", "0000"] {
            assert_eq!(unhex::<1>(text.as_bytes()), None, "{text:?}");
        }
    }

    #[test]
    fn a_key_never_shows() {
        assert_eq!(format!("{:?}", HmacSha1::new(b"secret")), "HmacSha1(…)");
    }
}
