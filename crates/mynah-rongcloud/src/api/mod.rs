//! The calls, one module for each area of the documentation.
//!
//! All are made with the signature of an [`App`](crate::App). Those of [`sms`] belong to
//! [`Sms`](crate::Sms), which is another host; the others belong to [`RongCloud`](crate::RongCloud).

pub mod chatroom;
pub mod conversation;
pub mod group;
pub mod history;
pub mod message;
pub mod push;
pub mod sensitiveword;
pub mod sms;
pub mod user;
pub mod wordfilter;

use mynah_core::Meta;

/// A form that only asks, or that leaves the same behind when it is sent twice.
const fn again(name: &'static str, path: &'static str) -> Meta {
    Meta::form(name, path).idempotent()
}
