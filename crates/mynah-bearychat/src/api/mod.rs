//! The calls, one module for each area of the documentation.
//!
//! Most belong to [`BearyChat`](crate::BearyChat) and are made with the [`Token`](crate::Token) of a
//! hubot; those of [`rtm`] belong to [`Rtm`](crate::Rtm) but for one, and that of [`incoming`]
//! belongs to [`Hook`](crate::Hook).

pub mod channel;
pub mod emoji;
pub mod file;
pub mod incoming;
pub mod message;
pub mod message_pin;
pub mod meta;
pub mod p2p;
pub mod reaction;
pub mod rtm;
pub mod session_channel;
pub mod team;
pub mod user;
pub mod vchannel;
