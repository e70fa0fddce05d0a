//! The world of WeCom, without a socket.

// What a test writes down, it hands over.
#![allow(clippy::needless_pass_by_value)]

mod aibot;
mod appchat;
mod calls;
mod cards;
mod directory;
pub(crate) mod events;
mod limits;
mod media;
mod message;
mod people;
mod recorded;
mod snapshot;
mod support;
mod views;
mod webhook;
