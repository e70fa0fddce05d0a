//! Files.

use mynah_bearychat::api::file::{FileLocation, LocateFile};
use mynah_bearychat::errors;
use mynah_core::ApiError;

use crate::bearychat::world::BearyChatWorld;
use crate::serve::Serve;

impl Serve<LocateFile> for BearyChatWorld {
    fn serve(&mut self, _: LocateFile) -> Result<FileLocation, ApiError> {
        Err(errors::internal())
    }
}
