//! What belongs nowhere else.

use mynah_core::{Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};

use crate::WeCom;

/// Lists the addresses that callbacks come from. Some are ranges such as `101.226.103.*`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetCallbackIp {}

impl Endpoint for GetCallbackIp {
    type Platform = WeCom;
    type Output = Vec<String>;
    const META: Meta = Meta::get("wecom.getcallbackip", "/cgi-bin/getcallbackip")
        .at("ip_list")
        .doc("https://developer.work.weixin.qq.com/document/path/90930");
}
