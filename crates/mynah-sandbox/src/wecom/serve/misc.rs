//! What belongs nowhere else.

use mynah_core::ApiError;
use mynah_wecom::api::misc::GetCallbackIp;

use crate::serve::Serve;
use crate::wecom::world::WeComWorld;

/// All callbacks come from this machine.
impl Serve<GetCallbackIp> for WeComWorld {
    fn serve(&mut self, _: GetCallbackIp) -> Result<Vec<String>, ApiError> {
        Ok(vec!["127.0.0.*".to_owned()])
    }
}
