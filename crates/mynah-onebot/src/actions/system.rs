//! The implementation itself: its state, its version, its upkeep.

use mynah_core::{Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::OneBot;
use crate::event::{Event, Status};

/// Tells whether the account is online and all is well.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetStatus {}

impl Endpoint for GetStatus {
    type Platform = OneBot;
    type Output = Status;
    const META: Meta = Meta::post("onebot.get_status", "/get_status").idempotent().doc(
        "https://github.com/botuniverse/onebot-11/blob/master/api/public.md#get_status-获取运行状态",
    );
}

/// Tells which implementation this is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetVersionInfo {}

impl Endpoint for GetVersionInfo {
    type Platform = OneBot;
    type Output = VersionInfo;
    const META: Meta = Meta::post("onebot.get_version_info", "/get_version_info").idempotent().doc(
        "https://github.com/botuniverse/onebot-11/blob/master/api/public.md#get_version_info-获取版本信息",
    );
}

/// Which implementation this is. CQHTTP 4.x tells other things, all in `extra`.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VersionInfo {
    /// The name of the implementation.
    pub app_name: Option<String>,
    /// Its version.
    pub app_version: Option<String>,
    /// `v11`.
    pub protocol_version: Option<String>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Restarts the implementation. Always answered before it is done.
///
/// CQHTTP calls this [`SetRestartPlugin`](super::legacy::SetRestartPlugin).
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetRestart {
    /// How many milliseconds to wait before. Default 0.
    pub delay: Option<i64>,
}

impl Endpoint for SetRestart {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.set_restart", "/set_restart").doc(
        "https://github.com/botuniverse/onebot-11/blob/master/api/public.md#set_restart-重启-onebot-实现",
    );
}

/// Throws away cached files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CleanCache {}

impl Endpoint for CleanCache {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.clean_cache", "/clean_cache").idempotent().doc(
        "https://github.com/botuniverse/onebot-11/blob/master/api/public.md#clean_cache-清理缓存",
    );
}

/// Reads the rules anew by which the implementation keeps events to itself.
///
/// An action of go-cqhttp.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ReloadEventFilter {
    /// The file with the rules. Default empty: the one in use.
    pub file: Option<String>,
}

impl Endpoint for ReloadEventFilter {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.reload_event_filter", "/reload_event_filter")
        .idempotent()
        .doc("https://docs.go-cqhttp.org/api/#重载事件过滤器");
}

/// Lists the names of the actions the implementation knows.
///
/// An action of go-cqhttp and NapCat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetSupportedActions {}

impl Endpoint for GetSupportedActions {
    type Platform = OneBot;
    type Output = Vec<String>;
    const META: Meta = Meta::post("onebot.get_supported_actions", "/get_supported_actions")
        .idempotent()
        .doc("https://github.com/Mrs4s/go-cqhttp/blob/master/coolq/api.go");
}

/// Takes the events that happened since the last call, or waits for one.
///
/// An action of go-cqhttp over HTTP, when configured. It keeps up to 2000
/// events by default and drops the oldest beyond.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetUpdates {
    /// For how many seconds to wait; 0 for ever. Default 0.
    pub timeout: Option<i32>,
    /// How many events at most; 0 for all. Default 0.
    pub limit: Option<i32>,
}

impl Endpoint for GetUpdates {
    type Platform = OneBot;
    type Output = Vec<Event>;
    const META: Meta = Meta::post("onebot.get_updates", "/get_updates")
        .doc("https://github.com/Mrs4s/go-cqhttp/blob/master/docs/config.md");
}

/// Ends the implementation.
///
/// An action of NapCat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct BotExit {}

impl Endpoint for BotExit {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta =
        Meta::post("onebot.bot_exit", "/bot_exit").doc("https://napneko.github.io/develop/api");
}
