//! Calls chat platforms: any endpoint, typed or raw, async or blocking.
//!
//! A [`Client`] is one account of one platform. A call is a value that is
//! awaited; its options are set in passing.
//!
//! ```
//! use mynah_client::Client;
//! use mynah_core::{Endpoint, HttpResponse, Meta, RawRequest, Request};
//! use mynah_onebot::{AccessToken, OneBot};
//! use mynah_testkit::Replay;
//! use serde::{Deserialize, Serialize};
//! use std::time::Duration;
//!
//! /// Says something to a group; answers the message's id.
//! #[derive(Serialize, Deserialize, Request)]
//! struct SendGroupMsg {
//!     group_id: i64,
//!     message: String,
//! }
//!
//! impl Endpoint for SendGroupMsg {
//!     type Platform = OneBot;
//!     type Output = i32;
//!     const META: Meta = Meta::post("onebot.send_group_msg", "/send_group_msg").at("message_id");
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! // What the platform will answer; without `over`, calls go over the network.
//! let platform = Replay::new([
//!     HttpResponse::new(r#"{"status":"ok","retcode":0,"data":{"message_id":-7}}"#.into()),
//!     HttpResponse::new(r#"{"status":"ok","retcode":0,"data":null}"#.into()),
//! ]);
//! let client = Client::<OneBot>::builder("http://127.0.0.1:5700".parse()?)
//!     .auth(AccessToken::new("sandbox-token")?)
//!     .over(platform.clone());
//!
//! let call = SendGroupMsg::new(20001, "值班的是 alice");
//! let id = client.call(call).timeout(Duration::from_secs(3)).await?;
//! assert_eq!(id, -7);
//!
//! // Whatever no type describes: any path, any body, the answer as it is.
//! let answer = client.raw(RawRequest::get("/get_status")).await?;
//! assert_eq!(answer.status(), 200);
//!
//! let sent = &platform.requests()[0];
//! assert_eq!(sent.uri(), "http://127.0.0.1:5700/send_group_msg");
//! assert_eq!(sent.headers()["authorization"], "Bearer sandbox-token");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What a client sees to
//!
//! * **Time.** A call ends after 30 s unless it says otherwise; retries and
//!   the fetch of a token count.
//! * **Tokens.** However many calls need a token, one request fetches it. A
//!   refused token is renewed once per call. A [`TokenStore`](mynah_core::TokenStore)
//!   shares it with other processes.
//! * **Retries.** What was never sent, and what was refused for being one call
//!   too many, is tried again; what may have been done only if the endpoint is
//!   idempotent. See [`Retry`](mynah_core::Retry).
//! * **Limits.** Where a platform says how many calls are left, [`Client::quota`] tells, and
//!   none is sent while there are none.
//! * **Hosts.** Where a platform has two, calls go to the [other
//!   one](Builder::twin) when the first does not answer.
//! * **Size.** An answer of more than 16 MiB is not taken into memory;
//!   [`Client::download`] streams it, as [`Client::upload`] streams a file out.
//! * **Logs.** A `tracing` span per call names platform and endpoint. Bodies
//!   and credentials are never logged.
//!
//! # What carries the calls
//!
//! | feature | transport |
//! |---|---|
//! | `hyper` (default) | [`HyperTransport`]: HTTP/1.1 and HTTP/2, TLS, proxies, a pool |
//! | `reqwest` | [`ReqwestTransport`]: a `reqwest::Client` of yours |
//! | `tower` | [`TowerTransport`]: any tower service |
//!
//! Or bring your own [`Transport`](mynah_core::Transport). The feature
//! `blocking` adds [`BlockingClient`] for code that is not async.
#![cfg_attr(
    not(all(
        feature = "hyper",
        feature = "reqwest",
        feature = "tower",
        feature = "blocking"
    )),
    allow(rustdoc::broken_intra_doc_links)
)]

mod allowance;
#[cfg(feature = "blocking")]
mod blocking;
mod body;
mod client;
mod drive;
mod gate;
#[cfg(feature = "hyper")]
mod hyper;
mod kept;
#[cfg(feature = "hyper")]
mod proxy;
#[cfg(feature = "reqwest")]
mod reqwest;
mod settings;
#[cfg(feature = "tower")]
mod tower;
mod twin;
#[cfg(any(feature = "hyper", feature = "reqwest", feature = "tower"))]
mod wire;

#[cfg(feature = "blocking")]
pub use blocking::{BlockingCall, BlockingClient, BlockingRawCall, BlockingTransport, Threaded};
pub use client::{Builder, Call, Calling, Client, Download, RawCall, Upload};
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
