//! Pictures, voice messages, videos and files.

use mynah_core::{ApiError, File};
use mynah_wecom::MediaId;
use mynah_wecom::api::media::{GetJssdkMedia, GetMedia, UploadImage, UploadMedia, Uploaded};
use mynah_wecom::types::MediaType;

use crate::frame::Framed as _;
use crate::serve::Serve;
use crate::wecom::frequency::Quota;
use crate::wecom::limits::{self, DAY_MS};
use crate::wecom::media::{self, Kind, Medium, Owner};
use crate::wecom::prepare::needs;
use crate::wecom::refusal::refuse;
use crate::wecom::world::WeComWorld;

/// Pictures that are not temporary; only when strict.
const PICTURES: [Quota; 2] = [Quota::new(1_000, DAY_MS), Quota::new(3_000, 30 * DAY_MS)];

impl WeComWorld {
    /// Keeps a temporary file.
    pub(in crate::wecom) fn upload(
        &mut self,
        word: &str,
        file: &File,
        owner: Owner,
    ) -> Result<Uploaded, ApiError> {
        let kind = Kind::of(word).ok_or_else(|| refuse(40005))?;
        check_file(kind, &file.content)?;
        let media_id = self.state.token(64);
        let name = if file.name.is_empty() {
            "media"
        } else {
            &file.name
        };
        let until = self.later(limits::MEDIA_MS);
        let medium = Medium::new(kind, name, owner, file.content.clone()).until(until);
        self.state.media.add(media_id.clone(), medium);
        Ok(Uploaded {
            kind: MediaType::from(word),
            media_id: media_id.into(),
            created_at: self.state.now.seconds(),
        })
    }

    fn temporary(&self, id: &MediaId) -> Result<File, ApiError> {
        needs(id.as_str(), 41006)?;
        let now = self.state.now;
        let medium = self.state.media.named(id.as_str(), &Owner::Corp, now);
        let medium = medium.ok_or_else(|| refuse(40007))?;
        let file = File::new(medium.filename.clone(), medium.content.0.clone());
        Ok(file.with_media_type(medium.media_type()))
    }
}

fn check_file(kind: Kind, content: &[u8]) -> Result<(), ApiError> {
    if content.is_empty() {
        return Err(refuse(44001));
    }
    if content.len() <= limits::TOO_FEW_BYTES {
        return Err(refuse(40006));
    }
    if content.len() > kind.most_bytes() {
        return Err(refuse(match kind {
            Kind::Image => 40009,
            Kind::Video => 40011,
            Kind::Voice | Kind::File => 45001,
        }));
    }
    if kind == Kind::Image && media::picture(content).is_none() {
        return Err(refuse(40123));
    }
    Ok(())
}

impl Serve<UploadMedia> for WeComWorld {
    fn serve(&mut self, call: UploadMedia) -> Result<Uploaded, ApiError> {
        self.upload(call.kind.as_str(), &call.media, Owner::Corp)
    }
}

impl Serve<GetMedia> for WeComWorld {
    fn serve(&mut self, call: GetMedia) -> Result<File, ApiError> {
        self.temporary(&call.media_id)
    }
}

/// The same bytes: nothing is recorded in better quality here.
impl Serve<GetJssdkMedia> for WeComWorld {
    fn serve(&mut self, call: GetJssdkMedia) -> Result<File, ApiError> {
        self.temporary(&call.media_id)
    }
}

impl Serve<UploadImage> for WeComWorld {
    fn serve(&mut self, call: UploadImage) -> Result<String, ApiError> {
        check_file(Kind::Image, &call.media.content)?;
        if call.media.content.len() > limits::PICTURE_BYTES {
            return Err(refuse(40009));
        }
        self.count_strictly("media/uploadimg", &PICTURES, 1)?;
        let name = self.keep_picture(call.media.content);
        Ok(self.public_url(&name))
    }
}
