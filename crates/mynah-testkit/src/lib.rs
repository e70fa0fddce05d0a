//! What tests of Mynah, and of programs built with it, are made of.
//!
//! ```
//! use mynah_core::{Body, HttpResponse, Transport, http};
//! use mynah_testkit::Replay;
//!
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let transport = Replay::new([HttpResponse::new("pong".into())]);
//! let request = http::Request::get("http://bot/ping").body(Body::default())?;
//! let answer = transport.send(request).await?;
//! assert_eq!(answer.body().full().unwrap(), "pong");
//! assert_eq!(transport.requests()[0].uri(), "http://bot/ping");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod link;
mod misfit;
mod stepped;
mod transport;

pub use link::{Chance, Way};
pub use misfit::{any_json, json_of, misfit_request, misfits, places};
pub use stepped::Stepped;
pub use transport::{Capture, Flaky, Loss, Replay, Serve, Slow};
