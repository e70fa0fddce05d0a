//! Group robots: they post into the one group their key belongs to.
//!
//! Their calls carry the key and no token; see [`WebhookKey`](crate::WebhookKey).

use mynah_core::{Empty, Endpoint, File, Meta, Request};
use serde::{Deserialize, Serialize};

use crate::WeCom;
use crate::api::media::Uploaded;
use crate::message::{WebhookMessage, webhook_kinds};
use crate::types::MediaType;

/// Posts into the group. At most 20 a minute for a robot (45009).
///
/// Fails with 93000 when there is no such robot (any more).
///
/// ```
/// use mynah_wecom::api::webhook::SendWebhook;
/// use mynah_wecom::message::Text;
///
/// let post = SendWebhook::new(Text::new("广州今日天气：29度").mention("wangqing"));
/// assert_eq!(post.message.msgtype(), "text");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
#[serde(from = "SendWebhookWire")]
pub struct SendWebhook {
    /// What is said.
    #[serde(flatten)]
    pub message: WebhookMessage,
}

webhook_kinds! { says SendWebhookWire => SendWebhook(WebhookMessage) {} }

impl Endpoint for SendWebhook {
    type Platform = WeCom;
    type Output = Empty;
    const META: Meta = Meta::post("wecom.webhook.send", "/cgi-bin/webhook/send")
        .doc("https://developer.work.weixin.qq.com/document/path/91770");
}

/// Uploads a file for three days, for this robot alone; answers its id.
///
/// More than 5 bytes, at most 20 MB; a voice recording is AMR, at most 2 MB and 60 seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct UploadWebhookMedia {
    /// A file or a voice recording.
    #[serde(rename = "type")]
    pub kind: MediaType,
    /// The file. People see its name.
    #[serde(skip_serializing)]
    pub media: File,
}

impl Endpoint for UploadWebhookMedia {
    type Platform = WeCom;
    type Output = Uploaded;
    const META: Meta = Meta::upload(
        "wecom.webhook.upload_media",
        "/cgi-bin/webhook/upload_media",
    )
    .query(&["type"])
    .doc("https://developer.work.weixin.qq.com/document/path/91770");

    fn file(&self) -> Option<(&'static str, &File)> {
        Some(("media", &self.media))
    }
}
