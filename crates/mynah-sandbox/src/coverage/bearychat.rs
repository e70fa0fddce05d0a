//! What proves each endpoint, event and frame of BearyChat.
//!
//! A proof is a test, written `folder/file::function` from `tests/it` on.

use mynah_core::{Endpoint, Meta};

use super::Platform;
use crate::bearychat::BearyChatWorld;
use crate::serve::Serve;

/// The facts about an endpoint, which exist only if it is served.
const fn served<E: Endpoint>() -> Meta
where
    BearyChatWorld: Serve<E>,
{
    E::META
}

macro_rules! metas {
    ($($endpoint:ty),* $(,)?) => { &[$(served::<$endpoint>()),*] };
}

/// What is offered and what proves it.
pub(crate) static BEARYCHAT: Platform = Platform {
    name: "bearychat",
    tests: "tests/it",
    metas: mynah_bearychat::for_each_endpoint!(metas),
    endpoints: ENDPOINTS,
    events: EVENTS,
    event_proof: PRODUCED,
};

/// All of it comes over one socket, and to one address.
const PRODUCED: &str = "bearychat_rim/events::every_kind_of_event_frame_and_post_is_sent";

/// A test of what each call does; of what it answers, where it does nothing
/// that others could see.
const ENDPOINTS: &[(&str, &str)] = &[];

/// Every kind of event, of other frames, and of what is posted.
const EVENTS: &[&str] = &[
    "message",
    "channel_message",
    "update_message",
    "update_channel_message",
    "add_message_reaction",
    "delete_message_reaction",
    "update_user_connection",
    "reply",
    "pong",
    "ok",
    "outgoing",
    "hubot",
];
