//! What the platforms' signatures and envelopes are made of, small enough to
//! audit.
//!
//! Nothing here knows a platform: these are the pieces that more than one of
//! them uses, over the implementations of the RustCrypto project.
//!
//! ```
//! let tag = mynah_crypto::hmac_sha1(b"sandbox-secret", b"{}");
//! let hex = mynah_crypto::hex(&tag);
//! assert_eq!(hex.len(), 40);
//! assert!(mynah_crypto::equal(hex.as_bytes(), hex.as_bytes()));
//! ```
//!
//! Some platforms encrypt what they push, and sign it with a token:
//!
//! ```
//! use mynah_crypto::{EncodingAesKey, Envelope};
//!
//! let key: EncodingAesKey = "TXluYWgtc2FuZGJveC1lbmNvZGluZy1hZXMta2V5ISE".parse()?;
//! let envelope = Envelope::new("MynahToken123", &key, "ww-sandbox");
//!
//! let sealed = envelope.seal(*b"0123456789abcdef", "hello");
//! let signature = mynah_crypto::hex(&envelope.sign("1700000000", "nonce12345", &sealed));
//! assert_eq!(signature, "43701ec4c94f50ccde855afb763bdad127847a5f");
//!
//! assert!(envelope.verify("1700000000", "nonce12345", &sealed, &signature));
//! assert_eq!(envelope.open(&sealed)?, "hello");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bytes;
mod cipher;
mod digest;
mod envelope;
mod key;
mod mac;
mod media;

pub use bytes::{equal, hex, unhex};
pub use digest::{md5, sha1};
pub use envelope::{Envelope, Unopened};
pub use key::{BadKey, EncodingAesKey};
pub use mac::{HmacSha1, hmac_sha1, hmac_sha256};
pub use media::{BadMedia, open_media, seal_media};
