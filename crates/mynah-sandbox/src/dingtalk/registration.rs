//! The address to which events go, and the events that did not arrive there.

use std::collections::VecDeque;
use std::net::IpAddr;

use mynah_core::{ApiError, HttpRequest, HttpResponse, Platform};
use mynah_dingtalk::DingTalk;
use mynah_dingtalk::api::callback::Registered;
use mynah_dingtalk::event::Callback;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::world::DingTalkWorld;

/// The address to which events go, and the events that did not arrive there.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Registration {
    registered: Option<Registered>,
    failed: VecDeque<Value>,
}

/// An address that is being tried.
#[derive(Clone, Debug)]
pub struct Pending {
    /// What will be registered if it answers as it should.
    pub registered: Registered,
}

impl DingTalkWorld {
    /// The address to which events go, if one is registered.
    pub fn callback(&self) -> Option<&Registered> {
        self.state.registration.registered.as_ref()
    }

    /// Begins a call of `/call_back/register_call_back` or
    /// `/call_back/update_call_back`: checks it as far as that can be done
    /// without trying the address. `path` as in [`http`](Self::http).
    ///
    /// # Errors
    /// The answer to the call, which is refused.
    pub fn begin_callback(
        &mut self,
        path: &str,
        request: &HttpRequest,
        caller: IpAddr,
    ) -> Result<Pending, HttpResponse> {
        Err(self.http(path, request, caller))
    }

    /// Ends such a call: the address has been tried. `outcome` is 71009,
    /// 71010 or 71012 where it failed.
    pub fn finish_callback(
        &mut self,
        pending: Pending,
        outcome: Result<(), ApiError>,
    ) -> HttpResponse {
        if outcome.is_ok() {
            self.state.registration.registered = Some(pending.registered);
        }
        DingTalk::seal(outcome.map(|()| "{}".into()))
    }

    /// Registers an address without trying it.
    pub fn register_callback(&mut self, registered: Registered) {
        self.state.registration.registered = Some(registered);
    }

    /// An event did not arrive at the registered address, however often it was
    /// sent.
    pub fn callback_failed(&mut self, event: &Callback) {
        self.state.registration.failed.push_back(event.to_json());
    }
}
