//! The account itself: who it is, how it shows, its credentials for QQ's web pages.

use mynah_core::{Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::OneBot;
use crate::id::UserId;
use crate::lenient::string;
use crate::types::{Secret, UnixSeconds};

/// Tells who the account is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetLoginInfo {}

impl Endpoint for GetLoginInfo {
    type Platform = OneBot;
    type Output = LoginInfo;
    const META: Meta = Meta::post("onebot.get_login_info", "/get_login_info").idempotent().doc(
        "https://github.com/botuniverse/onebot-11/blob/master/api/public.md#get_login_info-获取登录号信息",
    );
}

/// Who the account is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoginInfo {
    /// Its QQ number; the `self_id` of events.
    pub user_id: UserId,
    /// The name it bears.
    #[serde(default, deserialize_with = "string")]
    pub nickname: String,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Changes the account's profile; what is left out stays as it is.
///
/// An action of go-cqhttp. NapCat knows `nickname` and `personal_note` only.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Request)]
pub struct SetQqProfile {
    /// The name it bears.
    pub nickname: Option<String>,
    /// The company.
    pub company: Option<String>,
    /// The address for mail.
    pub email: Option<String>,
    /// The school.
    pub college: Option<String>,
    /// A few words about itself.
    pub personal_note: Option<String>,
}

impl Endpoint for SetQqProfile {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.set_qq_profile", "/set_qq_profile")
        .idempotent()
        .doc("https://docs.go-cqhttp.org/api/#设置登录号资料");
}

/// Sets the line of words that stands under the account's name (个性签名).
///
/// An action of NapCat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetSelfLongnick {
    /// The words; empty removes them.
    #[serde(rename = "longNick")]
    pub long_nick: String,
}

impl Endpoint for SetSelfLongnick {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.set_self_longnick", "/set_self_longnick")
        .idempotent()
        .doc("https://napneko.github.io/develop/api");
}

/// Lists where else the account is logged in.
///
/// An action of go-cqhttp. NapCat answers a bare empty list instead of an
/// object, which cannot be read.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetOnlineClients {
    /// Asks the platform anew instead of answering what was known before. Default false.
    pub no_cache: Option<bool>,
}

impl Endpoint for GetOnlineClients {
    type Platform = OneBot;
    type Output = Vec<OnlineClient>;
    const META: Meta = Meta::post("onebot.get_online_clients", "/get_online_clients")
        .at("clients")
        .idempotent()
        .doc("https://docs.go-cqhttp.org/api/#获取当前账号在线客户端列表");
}

/// A device the account is logged in on.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OnlineClient {
    /// The platform's number of the program.
    pub app_id: Option<i64>,
    /// What the device is called.
    pub device_name: Option<String>,
    /// What kind of device it is.
    pub device_kind: Option<String>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Lists the names a device may show under. Spelled `_get_model_show`; an action of go-cqhttp.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetModelShow {
    /// The device's model.
    pub model: String,
}

impl Endpoint for GetModelShow {
    type Platform = OneBot;
    type Output = Vec<ModelVariant>;
    const META: Meta = Meta::post("onebot._get_model_show", "/_get_model_show")
        .at("variants")
        .idempotent()
        .doc("https://docs.go-cqhttp.org/api/#获取在线机型");
}

/// A name a device may show under.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelVariant {
    /// The name.
    pub model_show: String,
    /// Whether it costs money.
    #[serde(default)]
    pub need_pay: bool,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Chooses the name the device shows under. Spelled `_set_model_show`; an action of go-cqhttp.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetModelShow {
    /// The device's model.
    pub model: String,
    /// The name.
    pub model_show: String,
}

impl Endpoint for SetModelShow {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot._set_model_show", "/_set_model_show")
        .idempotent()
        .doc("https://docs.go-cqhttp.org/api/#设置在线机型");
}

/// Tells of the business account (企点) behind the login.
///
/// An action of go-cqhttp. Fails with 100 on any other account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct QidianGetAccountInfo {}

impl Endpoint for QidianGetAccountInfo {
    type Platform = OneBot;
    type Output = QidianAccount;
    const META: Meta = Meta::post("onebot.qidian_get_account_info", "/qidian_get_account_info")
        .idempotent()
        .doc("https://docs.go-cqhttp.org/api/#获取企点账号信息");
}

/// A business account.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QidianAccount {
    /// The account that owns it.
    pub master_id: UserId,
    /// The name it bears towards customers.
    pub ext_name: Option<String>,
    /// When it was opened.
    pub create_time: Option<UnixSeconds>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Answers the cookies with which QQ's web pages know the account.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetCookies {
    /// The host they are for, such as `qun.qq.com`. Default empty: those for all of `qq.com`.
    pub domain: Option<String>,
}

impl Endpoint for GetCookies {
    type Platform = OneBot;
    type Output = Secret<String>;
    const META: Meta = Meta::post("onebot.get_cookies", "/get_cookies")
        .at("cookies")
        .idempotent()
        .doc("https://github.com/botuniverse/onebot-11/blob/master/api/public.md#get_cookies-获取-cookies");
}

/// Answers the number QQ's web pages want to see beside the cookies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetCsrfToken {}

impl Endpoint for GetCsrfToken {
    type Platform = OneBot;
    type Output = Secret<i32>;
    const META: Meta = Meta::post("onebot.get_csrf_token", "/get_csrf_token")
        .at("token")
        .idempotent()
        .doc("https://github.com/botuniverse/onebot-11/blob/master/api/public.md#get_csrf_token-获取-csrf-token");
}

/// Answers what [`GetCookies`] and [`GetCsrfToken`] do, at once.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetCredentials {
    /// The host the cookies are for. Default empty: those for all of `qq.com`.
    pub domain: Option<String>,
}

impl Endpoint for GetCredentials {
    type Platform = OneBot;
    type Output = Credentials;
    const META: Meta = Meta::post("onebot.get_credentials", "/get_credentials").idempotent().doc(
        "https://github.com/botuniverse/onebot-11/blob/master/api/public.md#get_credentials-获取-qq-相关接口凭证",
    );
}

/// With what QQ's web pages know the account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Credentials {
    /// The cookies, as a `Cookie` header has them.
    pub cookies: Secret<String>,
    /// The number the pages want to see beside them.
    #[serde(alias = "token")]
    pub csrf_token: Secret<i32>,
}
