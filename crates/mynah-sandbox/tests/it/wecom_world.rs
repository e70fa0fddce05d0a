//! The world of WeCom, without a socket.

mod aibot;
mod appchat;
mod calls;
mod cards;
mod directory;
mod events;
mod limits;
mod media;
mod message;
mod people;
mod recorded;
mod snapshot;
mod support;
mod views;
mod webhook;
