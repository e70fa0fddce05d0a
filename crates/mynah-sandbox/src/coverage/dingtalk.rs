//! What proves each endpoint and event of DingTalk.
//!
//! A proof is a test in `tests/it/dingtalk_world`, written `file::function`.

use mynah_core::{Endpoint, Meta};

use super::Platform;
use crate::dingtalk::DingTalkWorld;
use crate::serve::Serve;

/// The facts about an endpoint, which exist only if it is served.
const fn served<E: Endpoint>() -> Meta
where
    DingTalkWorld: Serve<E>,
{
    E::META
}

macro_rules! metas {
    ($($endpoint:ty),* $(,)?) => { &[$(served::<$endpoint>()),*] };
}

/// What is offered and what proves it.
pub(crate) static DINGTALK: Platform = Platform {
    name: "dingtalk",
    tests: "tests/it/dingtalk_world",
    metas: mynah_dingtalk::for_each_endpoint!(metas),
    endpoints: ENDPOINTS,
    events: EVENTS,
    event_proof: PRODUCED,
};

/// Every kind of event comes about.
const PRODUCED: &str = "events::every_kind_of_event_in_the_coverage_is_produced";

/// A test of what each call does; of what it answers, where it does nothing
/// that others could see.
const ENDPOINTS: &[(&str, &str)] = &[];

/// Every kind of event that applications are told, and after `robot` what
/// robots are told.
const EVENTS: &[&str] = &[];
