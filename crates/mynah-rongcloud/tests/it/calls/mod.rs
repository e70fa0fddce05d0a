//! Calls of every endpoint, those that were recorded among them.

mod messages;
mod rooms;

use mynah_core::{Endpoint, HttpRequest, encode_request};

use crate::table::base;

/// One call as our client makes it.
pub(crate) struct Call {
    /// The recorded call that it equals; empty if it was not recorded.
    pub(crate) name: &'static str,
    pub(crate) request: HttpRequest,
}

fn call<E: Endpoint>(name: &'static str, endpoint: &E) -> Call {
    let request = encode_request(&base(), endpoint).unwrap();
    Call { name, request }
}

pub(crate) fn calls() -> Vec<Call> {
    let mut calls = messages::calls();
    calls.extend(rooms::calls());
    calls
}
