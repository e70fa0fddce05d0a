//! The world of DingTalk, without a socket.

// What a test writes down, it hands over.
#![allow(clippy::needless_pass_by_value)]

mod calls;
mod card;
mod chat;
pub(crate) mod events;
mod im;
mod notice;
mod people;
mod recorded;
mod robot;
mod snapshot;
mod support;
mod top;
mod views;
mod webhook;
mod callback;
mod department;
mod media;
mod support;
mod token;
mod user;
