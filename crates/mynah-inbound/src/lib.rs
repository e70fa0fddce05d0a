//! Drives what arrives: an HTTP receiver as a tower service, and one WebSocket
//! driver for every platform.
//!
//! What a push means and what a frame means is each platform's own matter
//! ([`Inbound`](mynah_core::Inbound), [`Session`](mynah_core::Session)); here
//! are the sockets, the clocks and the limits.

mod alarm;
mod memory;
mod receiver;
mod server;
mod socket;

pub use receiver::{Handler, Post, Receiver, Receiving};
pub use server::{Limits, serve};
pub use socket::{Connection, Handle, Hub, Listener, Settings, WithHub, connect};
