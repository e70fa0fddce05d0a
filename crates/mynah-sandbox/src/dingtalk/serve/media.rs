//! Pictures, voice messages, videos and files.

use mynah_core::{ApiError, File};
use mynah_dingtalk::api::media::{DownloadFile, UploadMedia, Uploaded};
use mynah_dingtalk::types::MediaType;

use crate::dingtalk::media::extension;
use crate::dingtalk::refusal::refused;
use crate::dingtalk::world::DingTalkWorld;
use crate::serve::Serve;

const MEGABYTE: usize = 1024 * 1024;

/// What a file's name may end in, and how many bytes it may have
/// (<https://open.dingtalk.com/document/development/upload-media-files>).
fn limits(kind: &MediaType) -> Option<(&'static [&'static str], usize)> {
    Some(match kind {
        MediaType::Image => (&["jpg", "jpeg", "gif", "png", "bmp"], 20 * MEGABYTE),
        MediaType::Voice => (&["amr", "mp3", "wav"], 2 * MEGABYTE),
        MediaType::Video => (&["mp4"], 20 * MEGABYTE),
        MediaType::File => (
            &[
                "doc", "docx", "xls", "xlsx", "ppt", "pptx", "zip", "pdf", "rar",
            ],
            20 * MEGABYTE,
        ),
        _ => return None,
    })
}

impl Serve<UploadMedia> for DingTalkWorld {
    fn serve(&mut self, call: UploadMedia) -> Result<Uploaded, ApiError> {
        let refuse = refused::<UploadMedia>;
        let (extensions, most) = limits(&call.kind).ok_or_else(|| refuse(40004))?;
        let file = &call.media;
        if !extensions.contains(&extension(&file.name).as_str()) {
            return Err(refuse(40004));
        }
        if !(1..=most).contains(&file.content.len()) {
            return Err(refuse(40006));
        }
        let media_id = self.keep_file(&file.name, file.content.clone()).into();
        Ok(Uploaded {
            kind: call.kind,
            media_id,
            created_at: Some(self.state.now.0),
        })
    }
}

impl Serve<DownloadFile> for DingTalkWorld {
    fn serve(&mut self, call: DownloadFile) -> Result<File, ApiError> {
        let refuse = refused::<DownloadFile>;
        if call.media_id.is_empty() {
            return Err(refuse(41006));
        }
        self.uploaded(&call.media_id).ok_or_else(|| refuse(40007))
    }
}
