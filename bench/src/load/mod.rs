//! Load generators: the other end of what is measured.
//!
//! They speak just enough of the protocols, from prepared bytes, so that the
//! program under test is what limits the speed, not they.

pub mod actions;
pub mod frame;
pub mod http;
pub mod idle;
pub mod webhook;
pub mod ws;

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use std::fmt::Write as _;

/// The value of `X-Signature`.
///
/// # Panics
/// Never: HMAC takes keys of any length.
#[allow(clippy::expect_used)]
pub fn sign(secret: &str, body: &[u8]) -> String {
    let key = Hmac::<Sha1>::new_from_slice(secret.as_bytes());
    let mut mac = key.expect("HMAC takes keys of any length");
    mac.update(body);
    let tag = mac.finalize().into_bytes();
    let mut signature = String::from("sha1=");
    for byte in tag {
        // Writing into a String cannot fail.
        let _ = write!(signature, "{byte:02x}");
    }
    signature
}
