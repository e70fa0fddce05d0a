//! The world of OneBot, without a socket.

mod actions;
mod chance;
mod events;
mod extras;
mod limits;
mod people;
mod quick;
mod rules;
mod snapshot;
mod support;
mod transport;
mod views;
