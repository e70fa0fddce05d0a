//! Files that are encrypted with a key alone, without a signature.

use crate::cipher::{BLOCK, Cipher, unpadded};

/// Decrypts a file: AES-256 in CBC mode, the initialisation vector is the first
/// half of the key, the padding fills up to 32 bytes.
///
/// Decrypts in place. Nothing tells who encrypted the file: whoever can change
/// it on its way can change what comes out.
///
/// ```
/// let key = b"0123456789ABCDEFGHIJKLMNOPQRSTUV";
/// let sealed = mynah_crypto::seal_media(key, b"hello".to_vec());
/// assert_eq!(sealed.len(), 32);
/// assert_eq!(mynah_crypto::open_media(key, sealed)?, b"hello");
/// # Ok::<(), mynah_crypto::BadMedia>(())
/// ```
///
/// # Errors
/// When the length is no multiple of 16 or zero, or the padding is none: the
/// file was cut off, changed, or encrypted with another key.
pub fn open_media(key: &[u8; 32], mut data: Vec<u8>) -> Result<Vec<u8>, BadMedia> {
    if data.is_empty() || !data.len().is_multiple_of(BLOCK) {
        return Err(BadMedia::Length(data.len()));
    }
    Cipher::new(key).decrypt(&mut data);
    data.truncate(unpadded(&data).ok_or(BadMedia::Padding)?);
    Ok(data)
}

/// Encrypts a file in place, the inverse of [`open_media`].
pub fn seal_media(key: &[u8; 32], mut data: Vec<u8>) -> Vec<u8> {
    data.reserve_exact(Cipher::padded(data.len()) - data.len());
    Cipher::new(key).encrypt(&mut data);
    data
}

/// What is no encrypted file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadMedia {
    /// It has this many bytes.
    #[error("an encrypted file is a multiple of 16 bytes long, this is {0}")]
    Length(usize),
    /// The padding is none.
    #[error("the file does not end in padding: it was changed, or the key is another")]
    Padding,
}
