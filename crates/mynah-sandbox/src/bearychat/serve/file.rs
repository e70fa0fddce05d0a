//! Files.

use mynah_bearychat::api::file::{FileLocation, LocateFile};
use mynah_bearychat::errors::{self, Thing};
use mynah_core::ApiError;

use crate::bearychat::stickers::FILES;
use crate::bearychat::world::BearyChatWorld;
use crate::serve::Serve;

impl Serve<LocateFile> for BearyChatWorld {
    fn serve(&mut self, call: LocateFile) -> Result<FileLocation, ApiError> {
        let key = call.file_key.as_str();
        let sent = self.state.media.get(key);
        let sent = sent.map(|_| self.base_url(&format!("{FILES}{key}")));
        let mut files = self.seed.files.iter();
        let url = sent.or_else(|| Some(files.find(|file| file.key == key)?.url.clone()));
        let url = url.ok_or_else(|| errors::not_found(Thing::File))?;
        Ok(FileLocation { url })
    }
}
