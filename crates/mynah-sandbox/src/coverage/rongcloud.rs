//! What proves each endpoint and event of RongCloud.
//!
//! A proof is a test in `tests/it/rongcloud_world`, written `file::function`.

use mynah_core::{Endpoint, Meta};

use super::Platform;
use crate::rongcloud::RongCloudWorld;
use crate::serve::Serve;

/// The facts about an endpoint, which exist only if it is served.
const fn served<E: Endpoint>() -> Meta
where
    RongCloudWorld: Serve<E>,
{
    E::META
}

macro_rules! metas {
    ($($endpoint:ty),* $(,)?) => { &[$(served::<$endpoint>()),*] };
}

/// What is offered and what proves it.
pub(crate) static RONGCLOUD: Platform = Platform {
    name: "rongcloud",
    tests: "tests/it/rongcloud_world",
    metas: mynah_rongcloud::for_each_endpoint!(metas),
    endpoints: ENDPOINTS,
    events: EVENTS,
    event_proof: PRODUCED,
};

/// Every kind of callback comes about; that those in the documentation have the
/// documented members, others see to.
const PRODUCED: &str = "events::every_kind_of_event_in_the_coverage_is_produced";

/// A test of what each call does; of what it answers, where it does nothing
/// that others could see.
const ENDPOINTS: &[(&str, &str)] = &[];

/// Every kind of callback.
const EVENTS: &[&str] = &[
    "audit_result",
    "chatroom_status",
    "message_callback",
    "message_operation",
    "message_route",
    "user_online_status",
];
