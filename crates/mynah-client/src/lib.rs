//! Calls chat platforms.

#[cfg(feature = "blocking")]
mod blocking;
mod body;
mod client;
mod drive;
mod gate;
#[cfg(feature = "hyper")]
mod hyper;
#[cfg(feature = "hyper")]
mod proxy;
#[cfg(feature = "reqwest")]
mod reqwest;
mod settings;
#[cfg(feature = "tower")]
mod tower;
#[cfg(any(feature = "hyper", feature = "reqwest", feature = "tower"))]
mod wire;

#[cfg(feature = "blocking")]
pub use blocking::{BlockingCall, BlockingClient, BlockingRawCall, BlockingTransport, Threaded};
pub use client::{Builder, Call, Calling, Client, Download, RawCall};
#[cfg(feature = "hyper")]
pub use hyper::{BadCertificate, HyperBuilder, HyperTransport};
#[cfg(feature = "hyper")]
pub use proxy::{BadProxy, Proxies, Proxy};
#[cfg(feature = "reqwest")]
pub use reqwest::ReqwestTransport;
#[cfg(feature = "tower")]
pub use tower::TowerTransport;
#[cfg(any(feature = "hyper", feature = "reqwest", feature = "tower"))]
pub use wire::Outgoing;
