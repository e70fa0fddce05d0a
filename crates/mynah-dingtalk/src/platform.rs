//! The envelopes of DingTalk, for both sides.

/// The classic interface and topapi.
#[derive(Clone, Copy, Debug)]
pub struct DingTalk;

/// The interface of version 1.0.
#[derive(Clone, Copy, Debug)]
pub struct OpenApi;
