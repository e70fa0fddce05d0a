//! Verifying telephone numbers by a code in a text message.
//!
//! The calls go to [another host](crate::SMS) and belong to [`Sms`]. Only numbers of China can be
//! verified: one code a minute and three an hour for each.

use mynah_core::{BadParameters, Encoding, Endpoint, Meta, Method, Request};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::Sms;
use crate::id::{SessionId, VerifyId};
use crate::limits;

/// The only region whose numbers can be verified: China.
pub const REGION: &str = "86";

/// Asks for a picture of a code, which whoever wants a text message has to enter.
///
/// A GET whose parameter stands in its body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetImageCode {
    /// The App Key, which stands in the signature as well.
    #[serde(
        rename = "appKey",
        default,
        deserialize_with = "mynah_core::lenient::text"
    )]
    pub app_key: String,
}

impl Endpoint for GetImageCode {
    type Platform = Sms;
    type Output = ImageCode;
    const META: Meta = Meta::new(
        "rongcloud.get_img_code",
        Method::Get,
        "/getImgCode.json",
        Encoding::Form,
    )
    .idempotent()
    .doc("https://pypi.org/project/rongcloud/2.0.1/");
}

/// A picture of a code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageCode {
    /// Where the picture is.
    pub url: String,
    /// Names the code when it is entered.
    #[serde(rename = "verifyId")]
    pub verify_id: VerifyId,
}

/// Sends a code to a telephone.
///
/// Fails with 1008 (HTTP 429) for a second code within a minute or a fourth within an hour; where
/// the application wants a picture looked at, with 1010 without its code and 1012 for a wrong one.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SendCode {
    /// The number.
    pub mobile: String,
    /// Which text is sent; the console has it.
    #[serde(rename = "templateId")]
    pub template_id: String,
    /// Of which region the number is: `86`.
    pub region: String,
    /// Which picture was looked at.
    #[serde(rename = "verifyId")]
    pub verify_id: Option<VerifyId>,
    /// The code in the picture.
    #[serde(rename = "verifyCode")]
    pub verify_code: Option<String>,
}

impl SendCode {
    /// Sends a code to a number of China.
    pub fn to(mobile: impl Into<String>, template_id: impl Into<String>) -> Self {
        Self::new(mobile, template_id, REGION)
    }
}

impl Endpoint for SendCode {
    type Platform = Sms;
    type Output = Sent;
    const META: Meta = Meta::form("rongcloud.send_code", "/sendCode.json")
        .doc("https://pypi.org/project/rongcloud/2.0.1/");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::present("mobile", &self.mobile),
            limits::present("templateId", &self.template_id),
            limits::present("region", &self.region),
            limits::holds("region", self.region == REGION, || {
                format!("only {REGION}, not a text of {} bytes", self.region.len())
            }),
        ])
    }
}

/// A code that was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// Names it when it is verified.
    #[serde(rename = "sessionId")]
    pub session_id: SessionId,
}

/// Verifies the code that somebody entered. A wrong one is no error: see [`Verified::success`].
///
/// Fails with 1014 for one that was verified already.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct VerifyCode {
    /// What sending it answered.
    #[serde(rename = "sessionId")]
    pub session_id: SessionId,
    /// What was entered.
    pub code: String,
}

impl Endpoint for VerifyCode {
    type Platform = Sms;
    type Output = Verified;
    const META: Meta = Meta::form("rongcloud.verify_code", "/verifyCode.json")
        .doc("https://pypi.org/project/rongcloud/2.0.1/");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::present("sessionId", &self.session_id),
            limits::present("code", &self.code),
        ])
    }
}

/// Whether a code was right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// Whether it was.
    #[serde(default, deserialize_with = "mynah_core::lenient::boolean")]
    pub success: bool,
}
