//! `/getImgCode`, `/sendCode`, `/verifyCode`: codes that are sent to
//! telephones.

use mynah_core::ApiError;
use mynah_rongcloud::api::sms::{GetImageCode, ImageCode, SendCode, Sent, Verified, VerifyCode};

use crate::rongcloud::quotas::Quota;
use crate::rongcloud::world::RongCloudWorld;
use crate::serve::Serve;

/// For whom is not compared: it stands in the signature, and known clients
/// write something else here.
impl Serve<GetImageCode> for RongCloudWorld {
    fn serve(&mut self, _: GetImageCode) -> Result<ImageCode, ApiError> {
        let (url, verify_id) = self.show_picture();
        Ok(ImageCode { url, verify_id })
    }
}

impl Serve<SendCode> for RongCloudWorld {
    fn serve(&mut self, call: SendCode) -> Result<Sent, ApiError> {
        let picture = call.verify_id.as_ref();
        self.check_picture(picture, call.verify_code.as_deref())?;
        self.take(Quota::Sms, &call.mobile, 1)?;
        let session_id = self.send_code(call.mobile, picture);
        Ok(Sent { session_id })
    }
}

impl Serve<VerifyCode> for RongCloudWorld {
    fn serve(&mut self, call: VerifyCode) -> Result<Verified, ApiError> {
        let success = self.verify_code(&call.session_id, &call.code)?;
        Ok(Verified { success })
    }
}
