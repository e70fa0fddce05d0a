//! The server side of every action, one file per area as in
//! [`mynah_onebot::actions`].

mod account;
mod forward;
mod friend;
mod group;
mod group_file;
mod group_info;
mod legacy;
mod media;
mod message;
mod notice;
mod reaction;
mod request;
mod system;

use mynah_core::{ApiError, Empty};

use super::refusal::Refusal;

/// The answer of an action that has nothing to tell.
fn done(outcome: Result<(), Refusal>) -> Result<Empty, ApiError> {
    outcome.map(|()| Empty).map_err(ApiError::from)
}
