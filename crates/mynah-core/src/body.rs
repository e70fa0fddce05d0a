//! Bodies that need not fit into memory.

use std::fmt;
use std::pin::Pin;

use bytes::Bytes;
use futures_core::Stream;

use crate::error::TransportError;

/// Chunks as they come.
pub type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>;

/// A body: all of it, or a stream of it. Media of tens of megabytes pass
/// through as streams; everything else is in memory, so that it can be
/// signed, repeated and compared.
pub enum Body {
    /// All of it.
    Full(Bytes),
    /// Chunks as they come; can be read once.
    Stream(Chunks),
}

impl Body {
    /// The whole of it, if it is in memory.
    pub fn full(&self) -> Option<&Bytes> {
        match self {
            Self::Full(bytes) => Some(bytes),
            Self::Stream(_) => None,
        }
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::Full(Bytes::new())
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self::Full(bytes)
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full(bytes) => write!(f, "Full({} bytes)", bytes.len()),
            Self::Stream(_) => f.write_str("Stream"),
        }
    }
}
