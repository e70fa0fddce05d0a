//! The address to which encrypted events go: one for an application.

use mynah_core::{Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::DingTalk;
use crate::api::{delete, extra};
use crate::auth::Secret;
use mynah_core::lenient::{boolean, entries, list, optional_integer, or_default, text};

/// Registers the address. Before it answers, the platform posts the event `check_url` there and
/// wants the encrypted word `success` for it.
///
/// Fails with 71006 when there is an address already, 71008 for an event that there is not, 71009
/// and 71010 when the answer to `check_url` is wrong, 71011 and 71012 when the address is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct RegisterCallback {
    /// The events, such as `chat_add_member`.
    #[serde(rename = "call_back_tag", default, deserialize_with = "entries")]
    pub tags: Vec<String>,
    /// Signs what is posted: 6 to 63 characters.
    #[serde(default, deserialize_with = "or_default")]
    pub token: Secret,
    /// Encrypts what is posted: 43 of `0-9a-zA-Z`.
    #[serde(default, deserialize_with = "or_default")]
    pub aes_key: Secret,
    /// The address.
    #[serde(default, deserialize_with = "text")]
    pub url: String,
}

impl Endpoint for RegisterCallback {
    type Platform = DingTalk;
    type Output = Empty;
    const META: Meta = Meta::post(
        "dingtalk.call_back.register_call_back",
        "/call_back/register_call_back",
    )
    .doc("https://open.dingtalk.com/document/development/register-callback-events");
}

/// Tells the address. Fails with 71007 when there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetCallback {}

impl Endpoint for GetCallback {
    type Platform = DingTalk;
    type Output = Registered;
    const META: Meta = Meta::get(
        "dingtalk.call_back.get_call_back",
        "/call_back/get_call_back",
    )
    .doc("https://open.dingtalk.com/document/development/query-subscribed-events");
}

/// The address to which events go.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Registered {
    /// The events.
    #[serde(rename = "call_back_tag", default, deserialize_with = "entries")]
    pub tags: Vec<String>,
    /// Signs what is posted.
    #[serde(default, deserialize_with = "or_default")]
    pub token: Secret,
    /// Encrypts what is posted.
    #[serde(default, deserialize_with = "or_default")]
    pub aes_key: Secret,
    /// The address.
    #[serde(default, deserialize_with = "text")]
    pub url: String,
}

/// Replaces the address and all that belongs to it, like [`RegisterCallback`]. Fails with 71007
/// when there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct UpdateCallback {
    /// The events, such as `chat_add_member`.
    #[serde(rename = "call_back_tag", default, deserialize_with = "entries")]
    pub tags: Vec<String>,
    /// Signs what is posted: 6 to 63 characters.
    #[serde(default, deserialize_with = "or_default")]
    pub token: Secret,
    /// Encrypts what is posted: 43 of `0-9a-zA-Z`.
    #[serde(default, deserialize_with = "or_default")]
    pub aes_key: Secret,
    /// The address.
    #[serde(default, deserialize_with = "text")]
    pub url: String,
}

impl Endpoint for UpdateCallback {
    type Platform = DingTalk;
    type Output = Empty;
    const META: Meta = Meta::post(
        "dingtalk.call_back.update_call_back",
        "/call_back/update_call_back",
    )
    .idempotent()
    .doc("https://open.dingtalk.com/document/development/update-event-interface");
}

/// Removes the address. Fails with 71007 when there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DeleteCallback {}

impl Endpoint for DeleteCallback {
    type Platform = DingTalk;
    type Output = Empty;
    const META: Meta = delete(
        "dingtalk.call_back.delete_call_back",
        "/call_back/delete_call_back",
    )
    .doc("https://open.dingtalk.com/document/development/delete-an-event-callback-interface");
}

/// Lists at most 200 events that did not arrive; they are not listed again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetFailedCallbacks {}

impl Endpoint for GetFailedCallbacks {
    type Platform = DingTalk;
    type Output = FailedCallbacks;
    // Not repeated by itself: what is lost on the way is not listed again.
    const META: Meta = delete(
        "dingtalk.call_back.get_call_back_failed_result",
        "/call_back/get_call_back_failed_result",
    )
    .doc("https://open.dingtalk.com/document/development/list-of-events-where-historical-push-notifications-failed");
}

/// Events that did not arrive.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FailedCallbacks {
    /// Whether there are more.
    #[serde(default, deserialize_with = "boolean")]
    pub has_more: bool,
    /// The events.
    #[serde(rename = "failed_list", default, deserialize_with = "list")]
    pub failed: Vec<FailedCallback>,
}

/// An event that did not arrive.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FailedCallback {
    /// Which event.
    #[serde(rename = "call_back_tag", default, deserialize_with = "text")]
    pub tag: String,
    /// When, in milliseconds since 1970.
    #[serde(default, deserialize_with = "optional_integer")]
    pub event_time: Option<i64>,
    /// What happened, in a member that is called after the event.
    #[serde(flatten, deserialize_with = "extra")]
    pub event: Map<String, Value>,
}
