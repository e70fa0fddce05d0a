//! Encrypted and signed messages between a platform and the receiver it knows.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};

use crate::cipher::{BLOCK, Cipher, unpadded};
use crate::{EncodingAesKey, equal, sha1, unhex};

/// Random bytes in front, and the length of the message in four.
const HEADER: usize = 20;

/// Seals and opens the messages of one receiver.
///
/// A sealed message is base64 of AES-256 in CBC mode over 16 random bytes, the
/// length in four bytes (big endian), the message, and the receiver's id. It is
/// authenticated by its signature alone: [`verify`](Self::verify) before you
/// [`open`](Self::open).
///
/// The signature is over token, timestamp, nonce and the sealed text, sorted
/// and joined without separators. It does not tell which was which: whoever has
/// seen a message can swap timestamp and nonce, or move digits between them. To
/// tell a repeated message from a new one, compare signatures and nothing else.
///
/// `Debug` shows the receiver only.
#[derive(Clone)]
pub struct Envelope {
    token: SecretString,
    cipher: Cipher,
    receiver: Box<str>,
}

impl Envelope {
    /// For whom the platform calls `receiver`, which may be empty.
    pub fn new(token: &str, key: &EncodingAesKey, receiver: &str) -> Self {
        Self {
            token: token.into(),
            cipher: Cipher::new(key.expose_bytes()),
            receiver: receiver.into(),
        }
    }

    /// Whom the messages are for.
    pub fn receiver(&self) -> &str {
        &self.receiver
    }

    /// The signature of a sealed message; on the wire it is lower-case
    /// hexadecimal.
    pub fn sign(&self, timestamp: &str, nonce: &str, sealed: &str) -> [u8; 20] {
        let token = self.token.expose_secret();
        let mut parts = [token, timestamp, nonce, sealed].map(str::as_bytes);
        parts.sort_unstable();
        sha1(&parts)
    }

    /// Whether `signature`, in lower-case hexadecimal, is that of the message.
    /// Takes the same time wherever it is wrong.
    pub fn verify(&self, timestamp: &str, nonce: &str, sealed: &str, signature: &str) -> bool {
        unhex::<20>(signature.as_bytes())
            .is_some_and(|given| equal(&given, &self.sign(timestamp, nonce, sealed)))
    }

    /// Encrypts a message of less than 4 GiB. The 16 bytes must not be
    /// predictable, nor the same for two messages: the initialisation vector is
    /// part of the key, so it is they who hide what messages have in common.
    pub fn seal(&self, random: [u8; 16], message: &str) -> String {
        let length = HEADER + message.len() + self.receiver.len();
        let mut data = Vec::with_capacity(Cipher::padded(length));
        data.extend_from_slice(&random);
        let announced = u32::try_from(message.len()).unwrap_or(u32::MAX);
        data.extend_from_slice(&announced.to_be_bytes());
        data.extend_from_slice(message.as_bytes());
        data.extend_from_slice(self.receiver.as_bytes());
        self.cipher.encrypt(&mut data);
        STANDARD.encode(&data)
    }

    /// Decrypts a message, in the one piece of memory that it needs.
    ///
    /// # Errors
    /// The first of the checks that failed, in the order of [`Unopened`].
    pub fn open(&self, sealed: &str) -> Result<String, Unopened> {
        let mut data = STANDARD.decode(sealed).map_err(|_| Unopened::Base64)?;
        if data.len() < 2 * BLOCK || !data.len().is_multiple_of(BLOCK) {
            return Err(Unopened::Length(data.len()));
        }
        self.cipher.decrypt(&mut data);
        let end = unpadded(&data).ok_or(Unopened::Padding)?;
        let (header, rest) = data[..end]
            .split_first_chunk::<HEADER>()
            .ok_or(Unopened::Short(end))?;
        let [.., a, b, c, d] = *header;
        let announced = u32::from_be_bytes([a, b, c, d]);
        let (message, receiver) = usize::try_from(announced)
            .ok()
            .and_then(|length| rest.split_at_checked(length))
            .ok_or(Unopened::Message {
                announced,
                present: rest.len(),
            })?;
        let (length, receiver_length) = (message.len(), receiver.len());
        let is_for_us = equal(receiver, self.receiver.as_bytes());
        data.copy_within(HEADER..HEADER + length, 0);
        data.truncate(length);
        let message = String::from_utf8(data).map_err(|_| Unopened::Utf8)?;
        if is_for_us {
            Ok(message)
        } else {
            Err(Unopened::Receiver {
                length: receiver_length,
            })
        }
    }
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Envelope")
            .field("receiver", &self.receiver)
            .finish_non_exhaustive()
    }
}

/// Why a message was not opened, in the order of the checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unopened {
    /// The text is not base64.
    #[error("the sealed text is not base64")]
    Base64,
    /// The ciphertext has this many bytes.
    #[error("the ciphertext has {0} bytes; at least 32 and a multiple of 16 are expected")]
    Length(usize),
    /// What was decrypted does not end in padding: it was changed or cut off,
    /// or encrypted with another key.
    #[error("what was decrypted does not end in 1 to 32 bytes of padding")]
    Padding,
    /// What was decrypted has this many bytes.
    #[error("what was decrypted has {0} bytes, at least 20 are expected")]
    Short(usize),
    /// The message should be longer than what is there.
    #[error("a message of {announced} bytes is announced, {present} are there")]
    Message {
        /// How long it should be.
        announced: u32,
        /// How much is there, the receiver's id included.
        present: usize,
    },
    /// The message is not UTF-8.
    #[error("the message is not UTF-8")]
    Utf8,
    /// The message is for somebody else.
    #[error("the message is for another receiver, whose id has {length} bytes")]
    Receiver {
        /// How many bytes the other's id has.
        length: usize,
    },
}
