//! The world of DingTalk, without a socket.

// What a test writes down, it hands over.
#![allow(clippy::needless_pass_by_value)]

mod callback;
mod calls;
mod card;
mod chat;
mod department;
pub(crate) mod events;
mod im;
mod media;
mod notice;
mod people;
mod recorded;
mod robot;
mod snapshot;
mod support;
mod token;
mod top;
mod user;
mod views;
mod webhook;
