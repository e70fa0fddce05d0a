//! OneBot 11 (CQHTTP), typed, for both sides of the wire.

mod auth;
mod platform;

pub use auth::AccessToken;
pub use platform::{OneBot, parameters, retcode};
