//! Calls chat platforms.

mod body;
mod client;
mod drive;
mod gate;
#[cfg(feature = "hyper")]
mod hyper;
#[cfg(feature = "hyper")]
mod proxy;
mod settings;

pub use body::Outgoing;
pub use client::{Builder, Call, Calling, Client, Download, RawCall};
#[cfg(feature = "hyper")]
pub use hyper::{BadCertificate, HyperBuilder, HyperTransport};
#[cfg(feature = "hyper")]
pub use proxy::{BadProxy, Proxies, Proxy};
