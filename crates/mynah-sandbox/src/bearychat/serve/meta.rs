//! The interface itself.

use mynah_bearychat::api::meta::GetMeta;
use mynah_bearychat::types::MetaInfo;
use mynah_core::ApiError;

use crate::bearychat::world::BearyChatWorld;
use crate::serve::Serve;

impl Serve<GetMeta> for BearyChatWorld {
    fn serve(&mut self, _: GetMeta) -> Result<MetaInfo, ApiError> {
        Ok(MetaInfo {
            version: "1".to_owned(),
        })
    }
}
