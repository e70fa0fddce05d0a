//! Incoming hooks: saying something as a robot that hears nothing.
//!
//! The hook's address is the credential: [`IncomingHook`](crate::IncomingHook) puts it into the
//! request.

use mynah_core::{BadParameters, Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::Hook;
use crate::limits;
use crate::types::Attachment;

/// Says something where the hook belongs, in another channel, or to somebody.
///
/// Fails with 6 when there is no such hook. Pictures are fetched before the platform answers, which
/// makes it slow.
///
/// ```
/// use mynah_bearychat::api::incoming::SendIncoming;
/// use mynah_bearychat::types::Attachment;
///
/// let force = SendIncoming::new("愿原力与你同在")
///     .attachments(vec![Attachment::title("Star Wars III")]);
/// assert_eq!(
///     serde_json::to_string(&force)?,
///     r#"{"text":"愿原力与你同在","attachments":[{"title":"Star Wars III"}]}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[doc(alias = "incoming")]
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SendIncoming {
    /// What is said.
    pub text: String,
    /// What notifications say instead.
    pub notification: Option<String>,
    /// Whether the text is Markdown; it is if not given.
    pub markdown: Option<bool>,
    /// The name of a channel, if whoever made the hook sees it.
    pub channel: Option<String>,
    /// The name, mail address or telephone of somebody, who hears it from BearyBot; only without a
    /// channel.
    pub user: Option<String>,
    /// What stands below: each has a title or a text, and at most 3 images.
    #[request(default)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

impl Endpoint for SendIncoming {
    type Platform = Hook;
    type Output = Empty;
    const META: Meta = Meta::post("bearychat.incoming", "/incoming")
        .doc("https://github.com/bearyinnovative/bearychat-docs/blob/master/tutorials/markdown/incoming.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::present("text", &self.text),
            limits::attachments(&self.attachments),
        ])
    }
}
