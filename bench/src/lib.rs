//! Measures Mynah beside the same work done with the bare libraries.
//!
//! The modules at the root use Mynah as anybody would, [`floor`] does the same
//! by hand, [`load`] is the other end, and [`compare`] puts them side by side.
//! How to run it and how to read what it prints stands in `bench/README.md`.
//!
//! ```
//! // The load generator signs its posts by hand, as an implementation does.
//! let signature = mynah_bench::load::sign("sandbox-secret", b"{}");
//! assert!(signature.starts_with("sha1=") && signature.len() == 45);
//! ```

pub mod bot;
pub mod compare;
pub mod core;
pub mod floor;
pub mod load;
pub mod meter;
pub mod outbound;
pub mod sample;
pub mod webhook;
pub mod wecom;
pub mod ws;
