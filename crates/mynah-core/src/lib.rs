//! The heart of Mynah: what a call to a chat platform is, for both of its ends.
//!
//! Nothing here does I/O. An [`Endpoint`] is defined once and serves the
//! client, the sandbox, the command line and the documentation; [`Auth`],
//! [`Exchange`] and [`Session`] are machines that are told what arrived and
//! what time it is, and say what to do next.
//!
//! ```
//! use mynah_core::{ApiError, Bytes, Endpoint, HttpResponse, Meta, Platform, Request, Verdict};
//! use mynah_core::{decode_output, decode_request, encode_output, encode_request};
//! use serde::{Deserialize, Serialize};
//!
//! /// A platform that answers with bare JSON and refuses with a status.
//! struct Plain;
//!
//! impl Platform for Plain {
//!     const NAME: &'static str = "plain";
//!
//!     fn open(response: &HttpResponse) -> Result<Bytes, ApiError> {
//!         match response.status().as_u16() {
//!             200 => Ok(response.body().clone()),
//!             status => Err(ApiError::http(status, String::from_utf8_lossy(response.body()))),
//!         }
//!     }
//!
//!     fn seal(outcome: Result<Bytes, ApiError>) -> HttpResponse {
//!         let (status, body) = match outcome {
//!             Ok(payload) => (200, payload),
//!             Err(error) => (error.status, error.message.into()),
//!         };
//!         let mut response = HttpResponse::new(body);
//!         *response.status_mut() = status.try_into().unwrap_or_default();
//!         response
//!     }
//!
//!     fn classify(error: &ApiError) -> Verdict {
//!         if error.status == 503 { Verdict::Transient } else { Verdict::Permanent }
//!     }
//! }
//!
//! /// Says something; answers the id of the message.
//! #[derive(Debug, PartialEq, Serialize, Deserialize, Request)]
//! struct Say {
//!     text: String,
//!     loud: Option<bool>,
//! }
//!
//! impl Endpoint for Say {
//!     type Platform = Plain;
//!     type Output = u64;
//!     const META: Meta = Meta::post("plain.say", "/say").at("id");
//! }
//!
//! let base = "http://127.0.0.1:7700".parse()?;
//! let request = encode_request(&base, &Say::new("hello").loud(true))?;
//! assert_eq!(request.uri(), "http://127.0.0.1:7700/say");
//!
//! // The server reads the same type and answers; the client opens what it sealed.
//! assert_eq!(decode_request::<Say>(&request)?, Say::new("hello").loud(true));
//! let response = encode_output::<Say>(Ok(42));
//! assert_eq!(response.body().as_ref(), br#"{"id":42}"#);
//! assert_eq!(decode_output::<Say>(&Plain::open(&response)?)?, 42);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod auth;
mod base;
mod body;
mod civil;
mod codec;
mod describe;
mod endpoint;
mod error;
mod exchange;
mod explain;
mod file;
mod id;
mod inbound;
pub mod lenient;
pub mod multipart;
mod openapi;
mod operation;
mod parameters;
mod quota;
mod raw;
mod said;
mod secret;
mod session;
mod store;
mod transport;
mod words;

pub use auth::{Anonymous, Auth, Cx, Issuer, Stamp, Step, Tokens};
pub use base::{BadUrl, BaseUrl};
pub use body::{Body, Chunks};
pub use bytes::Bytes;
pub use civil::Civil;
pub use codec::{
    BadParameters, Excess, Parameters, decode_output, decode_parameters, decode_request,
    encode_output, encode_request, encode_upload, media_type,
};
pub use describe::{Choice, Described, Field, FieldWords, Kind, count_words, describe, join_words};
pub use endpoint::{Empty, Encoding, Endpoint, HttpRequest, HttpResponse, Meta, Method, Platform};
pub use error::{ApiError, Code, Error, ErrorKind, TransportError, Verdict};
pub use exchange::{Action, Exchange, Retry, Rules};
pub use explain::{Bilingual, Explanation, Place, Remedy};
pub use file::File;
pub use http;
#[doc(hidden)]
pub use id::parse_id;
pub use id::{Joined, ParseIdError};
pub use inbound::{
    Arrival, Check, DedupeHash, DedupeKey, Forged, Inbound, Received, Reply, aim, post, respond,
};
pub use mynah_macros::Request;
pub use openapi::openapi;
pub use operation::Operation;
pub use quota::Quota;
pub use raw::RawRequest;
pub use secret::{in_query, put_in_query};
pub use session::{
    Accepted, Acceptor, Backoff, BadSocket, Dial, Dialer, Frame, Session, Ticket, TicketHasher,
    Tickets, socket_address,
};
pub use store::{Kept, MemoryTokens, Storing, TokenStore};
pub use transport::{Carried, Transport};
#[doc(hidden)]
pub use words::{read_number, read_word};
