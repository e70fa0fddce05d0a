//! Calls chat platforms.

mod body;
mod client;
mod drive;
mod gate;
#[cfg(feature = "hyper")]
mod hyper;
mod settings;

pub use body::Outgoing;
pub use client::{Builder, Call, Calling, Client, Download, RawCall};
#[cfg(feature = "hyper")]
pub use hyper::HyperTransport;
