//! Pictures, files and videos that people send to a bot.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use mynah_crypto::{BadMedia, open_media, seal_media};

use super::callback::MediaKey;

/// The platform writes the `=` at the end sometimes.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

impl MediaKey {
    /// A key of these bytes.
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self::new(BASE64.encode(bytes))
    }

    /// The bytes of the key; not for logs.
    ///
    /// # Errors
    /// The text is not base64 of 32 bytes.
    pub fn bytes(&self) -> Result<[u8; 32], MediaError> {
        let bytes = BASE64.decode(self.expose());
        bytes
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(MediaError::Key(self.expose().len()))
    }

    /// Decrypts what was fetched from [`Media::url`](super::Media::url).
    ///
    /// Nothing tells who encrypted it: fetch it over TLS.
    ///
    /// # Errors
    /// The key is none, or the bytes were cut off, changed, or encrypted with
    /// another key.
    ///
    /// ```
    /// use mynah_wecom::aibot::MediaKey;
    ///
    /// let key = MediaKey::from_bytes(b"0123456789ABCDEFGHIJKLMNOPQRSTUV");
    /// assert_eq!(key.open(key.seal(b"hello".to_vec())?)?, b"hello");
    /// # Ok::<(), mynah_wecom::aibot::MediaError>(())
    /// ```
    pub fn open(&self, encrypted: Vec<u8>) -> Result<Vec<u8>, MediaError> {
        open_media(&self.bytes()?, encrypted).map_err(MediaError::from)
    }

    /// Encrypts a file as the platform does, the inverse of [`open`](Self::open).
    ///
    /// # Errors
    /// The key is none.
    pub fn seal(&self, file: Vec<u8>) -> Result<Vec<u8>, MediaError> {
        Ok(seal_media(&self.bytes()?, file))
    }
}

/// Why a file cannot be decrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MediaError {
    /// The key has this many characters and is not base64 of 32 bytes.
    #[error("`aeskey`: must be base64 of 32 bytes, these are {0} characters")]
    Key(usize),
    /// The bytes were cut off.
    #[error("the file was cut off: {0} bytes are no multiple of 16")]
    Length(usize),
    /// The bytes were changed, or encrypted with another key.
    #[error("the file was changed, or encrypted with another key")]
    Padding,
}

impl From<BadMedia> for MediaError {
    fn from(bad: BadMedia) -> Self {
        match bad {
            BadMedia::Length(length) => Self::Length(length),
            BadMedia::Padding => Self::Padding,
        }
    }
}
