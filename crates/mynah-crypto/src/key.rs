//! The key as the platforms' consoles show it.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use secrecy::{ExposeSecret, SecretBox};

/// Base64 without the final `=`. 43 letters carry 258 bits, so the last one
/// holds two surplus bits, which are usually not zero.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// An AES-256 key, as the consoles of the platforms show it: 43 letters and
/// digits, which are base64 of 32 bytes without the final `=`.
///
/// `Debug` does not show it.
///
/// ```
/// use mynah_crypto::EncodingAesKey;
///
/// let key: EncodingAesKey = "TXluYWgtc2FuZGJveC1lbmNvZGluZy1hZXMta2V5ISE".parse()?;
/// assert_eq!(key.expose_bytes(), b"Mynah-sandbox-encoding-aes-key!!");
/// assert_eq!(format!("{key:?}"), "EncodingAesKey(…)");
/// # Ok::<(), mynah_crypto::BadKey>(())
/// ```
pub struct EncodingAesKey(SecretBox<[u8; 32]>);

impl EncodingAesKey {
    /// How many letters and digits it has.
    pub const LENGTH: usize = 43;

    /// Reads the 43 letters and digits.
    ///
    /// # Errors
    /// When there are more or fewer of them, or one is neither.
    pub fn new(text: &str) -> Result<Self, BadKey> {
        if text.len() != Self::LENGTH {
            return Err(BadKey::Length(text.len()));
        }
        if let Some(at) = text.bytes().position(|byte| !byte.is_ascii_alphanumeric()) {
            return Err(BadKey::Character(at + 1));
        }
        let mut key = Box::new([0; 32]);
        // The text decodes to 32 bytes and two bits: base64 of letters and
        // digits has no other way to fail than the length.
        match BASE64.decode_slice(text, &mut *key) {
            Ok(32) => Ok(Self(SecretBox::new(key))),
            _ => Err(BadKey::Length(text.len())),
        }
    }

    /// The key of these bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(SecretBox::new(Box::new(bytes)))
    }

    /// The bytes.
    pub fn expose_bytes(&self) -> &[u8; 32] {
        self.0.expose_secret()
    }

    /// The key as consoles show it, with the surplus bits zero.
    pub fn expose_text(&self) -> String {
        BASE64.encode(self.expose_bytes())
    }
}

impl Clone for EncodingAesKey {
    fn clone(&self) -> Self {
        Self::from_bytes(*self.expose_bytes())
    }
}

impl FromStr for EncodingAesKey {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        Self::new(text)
    }
}

impl fmt::Debug for EncodingAesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncodingAesKey(…)")
    }
}

/// What is no [`EncodingAesKey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// It has this many bytes.
    #[error("an EncodingAESKey has 43 letters and digits, this has {0} bytes")]
    Length(usize),
    /// The character at this place, counted from 1, is neither letter nor digit.
    #[error("an EncodingAESKey has letters and digits alone, character {0} is neither")]
    Character(usize),
}
