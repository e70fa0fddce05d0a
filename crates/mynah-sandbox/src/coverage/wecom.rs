//! What proves each endpoint and callback of WeCom.
//!
//! A proof is a test in `tests/it/wecom_world`, written `file::function`.

use mynah_core::{Endpoint, Meta};
use mynah_wecom::WeCom;

use super::Platform;
use crate::serve::Serve;
use crate::wecom::WeComWorld;

/// The facts about an endpoint, which exist only if it is served.
const fn served<E: Endpoint<Platform = WeCom>>() -> Meta
where
    WeComWorld: Serve<E>,
{
    E::META
}

macro_rules! metas {
    ($($endpoint:ty),* $(,)?) => { &[$(served::<$endpoint>()),*] };
}

/// What is offered and what proves it.
pub(crate) static WECOM: Platform = Platform {
    name: "wecom",
    tests: "tests/it/wecom_world",
    metas: mynah_wecom::for_each_endpoint!(metas),
    endpoints: &[],
    events: &[],
    event_proof: "",
};
