//! AES-256 in CBC mode, padded to multiples of 32 bytes.
//!
//! The padding is that of PKCS #7 for a block of 32, which is not the block of
//! the cipher: ready-made code that removes padding refuses what exceeds 16, so
//! it is done by hand here.

use aes::Aes256;
use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, InnerIvInit, KeyInit};
use cbc::cipher::array::Array;

/// How many bytes the padding fills up to.
const PADDED_TO: usize = 32;
/// How many bytes the cipher takes at once.
pub(crate) const BLOCK: usize = 16;

/// A key whose schedule is computed already.
#[derive(Clone)]
pub(crate) struct Cipher {
    aes: Aes256,
    iv: [u8; BLOCK],
}

impl Cipher {
    /// The first 16 bytes of the key are the initialisation vector, always.
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        let mut iv = [0; BLOCK];
        iv.copy_from_slice(&key[..BLOCK]);
        Self {
            aes: Aes256::new(&Array::from(*key)),
            iv,
        }
    }

    /// How long `length` bytes are once they are padded.
    pub(crate) fn padded(length: usize) -> usize {
        length + PADDED_TO - length % PADDED_TO
    }

    /// Pads and encrypts in place.
    pub(crate) fn encrypt(&self, data: &mut Vec<u8>) {
        let length = Self::padded(data.len());
        // 1 to 32.
        let padding = u8::try_from(length - data.len()).unwrap_or_default();
        data.resize(length, padding);
        let (blocks, _) = Array::slice_as_chunks_mut(data);
        cbc::Encryptor::inner_iv_init(&self.aes, &self.iv.into()).encrypt_blocks(blocks);
    }

    /// Decrypts in place whole blocks; what does not fill one stays as it is.
    pub(crate) fn decrypt(&self, data: &mut [u8]) {
        let (blocks, _) = Array::slice_as_chunks_mut(data);
        cbc::Decryptor::inner_iv_init(&self.aes, &self.iv.into()).decrypt_blocks(blocks);
    }
}

/// How long `data` is without its padding: 1 to 32 bytes, each holding the
/// count. The padding may also fill up to a multiple of 16, as all peers take it.
pub(crate) fn unpadded(data: &[u8]) -> Option<usize> {
    let count = *data.last()?;
    let length = data.len().checked_sub(usize::from(count))?;
    let padding = data.get(length..)?;
    let consistent = padding.iter().all(|byte| *byte == count);
    ((1..=PADDED_TO).contains(&usize::from(count)) && consistent).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_fills_up_to_32_and_is_never_empty() {
        let lengths = [(0, 32), (1, 32), (31, 32), (32, 64), (33, 64)];
        for (length, padded) in lengths {
            assert_eq!(Cipher::padded(length), padded);
        }
    }

    #[test]
    fn padding_of_any_length_up_to_32_is_taken_off() {
        for count in 1..=32 {
            let mut data = vec![0xaa; 64 - usize::from(count)];
            data.resize(64, count);
            assert_eq!(unpadded(&data), Some(64 - usize::from(count)));
        }
    }

    #[test]
    fn padding_that_is_none_is_refused() {
        let cases: [&[u8]; 6] = [&[], &[0], &[0; 64], &[33; 64], &[2], &[1, 3, 2, 3, 3]];
        for data in cases {
            assert_eq!(unpadded(data), None, "{data:?}");
        }
        assert_eq!(unpadded(&[3, 3, 3]), Some(0));
    }
}
