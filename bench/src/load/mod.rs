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
    let hex: String = tag.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha1={hex}")
}
