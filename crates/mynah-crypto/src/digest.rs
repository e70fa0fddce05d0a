//! Digests of the protocols that ask for them. Neither resists collisions:
//! they are here because platforms use them, for nothing else.

use md5::Md5;
use sha1::{Digest, Sha1};

/// SHA-1 of what `parts` make when they are joined, without joining them.
///
/// ```
/// let digest = mynah_crypto::sha1(&[b"ab", b"c"]);
/// assert_eq!(mynah_crypto::hex(&digest), "a9993e364706816aba3e25717850c26c9cd0d89d");
/// ```
pub fn sha1(parts: &[&[u8]]) -> [u8; 20] {
    let mut hasher = Sha1::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// MD5 of `bytes`, which some platforms want beside a file.
///
/// ```
/// let digest = mynah_crypto::md5(b"abc");
/// assert_eq!(mynah_crypto::hex(&digest), "900150983cd24fb0d6963f7d28e17f72");
/// ```
pub fn md5(bytes: &[u8]) -> [u8; 16] {
    Md5::digest(bytes).into()
}
