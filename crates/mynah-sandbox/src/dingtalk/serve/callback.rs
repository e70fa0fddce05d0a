//! The registration of the address to which events go.
//!
//! Whoever can post asks the address first, by
//! [`begin_callback`](DingTalkWorld::begin_callback) and
//! [`finish_callback`](DingTalkWorld::finish_callback). What is registered
//! here is taken to be good.

use mynah_core::{ApiError, Empty};
use mynah_dingtalk::api::callback::{
    DeleteCallback, FailedCallbacks, GetCallback, GetFailedCallbacks, RegisterCallback, Registered,
    UpdateCallback,
};

use crate::dingtalk::refusal::refused;
use crate::dingtalk::world::DingTalkWorld;
use crate::serve::Serve;

impl Serve<RegisterCallback> for DingTalkWorld {
    fn serve(&mut self, call: RegisterCallback) -> Result<Empty, ApiError> {
        let pending = self.pending(call)?;
        self.register(pending)
    }
}

impl Serve<UpdateCallback> for DingTalkWorld {
    fn serve(&mut self, call: UpdateCallback) -> Result<Empty, ApiError> {
        let pending = self.pending(call)?;
        self.register(pending)
    }
}

impl Serve<GetCallback> for DingTalkWorld {
    fn serve(&mut self, _: GetCallback) -> Result<Registered, ApiError> {
        let registered = self.callback().cloned();
        registered.ok_or_else(|| refused::<GetCallback>(71007))
    }
}

impl Serve<DeleteCallback> for DingTalkWorld {
    fn serve(&mut self, _: DeleteCallback) -> Result<Empty, ApiError> {
        let registered = self.state.registration.registered.take();
        registered.ok_or_else(|| refused::<DeleteCallback>(71007))?;
        Ok(Empty {})
    }
}

impl Serve<GetFailedCallbacks> for DingTalkWorld {
    fn serve(&mut self, _: GetFailedCallbacks) -> Result<FailedCallbacks, ApiError> {
        Ok(self.take_failed())
    }
}
