//! Applications and their menus.

use mynah_core::{Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::WeCom;
use crate::api::{delete, extra};
use crate::id::{AgentId, DepartmentId, MediaId, TagId, UserId};
use crate::types::Flag;
use mynah_core::lenient::{integer, list, or_default, text};

/// Tells of the application. Fails with 301002 when it is not the token's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetAgent {
    /// The application.
    pub agentid: AgentId,
}

impl Endpoint for GetAgent {
    type Platform = WeCom;
    type Output = Agent;
    const META: Meta = Meta::get("wecom.agent.get", "/cgi-bin/agent/get")
        .doc("https://developer.work.weixin.qq.com/document/path/90227");
}

/// An application.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Agent {
    /// The application.
    pub agentid: AgentId,
    /// Its name.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    /// Address of its picture.
    #[serde(default, deserialize_with = "text")]
    pub square_logo_url: String,
    /// What it is for.
    #[serde(default, deserialize_with = "text")]
    pub description: String,
    /// Who sees it: members.
    #[serde(default, deserialize_with = "or_default")]
    pub allow_userinfos: AllowedUsers,
    /// Who sees it: departments.
    #[serde(default, deserialize_with = "or_default")]
    pub allow_partys: AllowedDepartments,
    /// Who sees it: tags.
    #[serde(default, deserialize_with = "or_default")]
    pub allow_tags: AllowedTags,
    /// 1 if it is switched off.
    #[serde(default, deserialize_with = "integer")]
    pub close: i64,
    /// The domain its pages may be on.
    #[serde(default, deserialize_with = "text")]
    pub redirect_domain: String,
    /// 1 if it is told where people are.
    #[serde(default, deserialize_with = "integer")]
    pub report_location_flag: i64,
    /// 1 if it is told when people open it.
    #[serde(default, deserialize_with = "integer")]
    pub isreportenter: i64,
    /// Address of its page.
    #[serde(default, deserialize_with = "text")]
    pub home_url: String,
    /// What else is told.
    #[serde(flatten, deserialize_with = "extra")]
    pub extra: Map<String, Value>,
}

/// Members who see an application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllowedUsers {
    /// The members.
    #[serde(default, deserialize_with = "list")]
    pub user: Vec<AllowedUser>,
}

/// A member who sees an application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllowedUser {
    /// The member.
    pub userid: UserId,
}

/// Departments that see an application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllowedDepartments {
    /// The departments.
    #[serde(default, deserialize_with = "list")]
    pub partyid: Vec<DepartmentId>,
}

/// Tags that see an application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllowedTags {
    /// The tags.
    #[serde(default, deserialize_with = "list")]
    pub tagid: Vec<TagId>,
}

/// Lists the applications the token may know of: its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListAgents {}

impl Endpoint for ListAgents {
    type Platform = WeCom;
    type Output = Vec<AgentName>;
    const META: Meta = Meta::get("wecom.agent.list", "/cgi-bin/agent/list")
        .at("agentlist")
        .doc("https://developer.work.weixin.qq.com/document/path/90227");
}

/// An application in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentName {
    /// The application.
    pub agentid: AgentId,
    /// Its name.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    /// Address of its picture.
    #[serde(default, deserialize_with = "text")]
    pub square_logo_url: String,
}

/// Changes the application. Fails with 301002 when it is not the token's.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetAgent {
    /// The application.
    pub agentid: AgentId,
    /// At most 32 characters.
    pub name: Option<String>,
    /// 4 to 120 bytes.
    pub description: Option<String>,
    /// The picture, which was uploaded before.
    pub logo_mediaid: Option<MediaId>,
    /// 1 to be told where people are when they open it, 2 all the time (older).
    pub report_location_flag: Option<i64>,
    /// Whether to be told when people open it.
    pub isreportenter: Option<Flag>,
    /// Whether to be told of changes to members (older).
    pub isreportuser: Option<Flag>,
    /// The domain its pages may be on.
    pub redirect_domain: Option<String>,
    /// Address of its page, with `http://` or `https://`.
    pub home_url: Option<String>,
}

impl Endpoint for SetAgent {
    type Platform = WeCom;
    type Output = Empty;
    const META: Meta = Meta::post("wecom.agent.set", "/cgi-bin/agent/set")
        .idempotent()
        .doc("https://developer.work.weixin.qq.com/document/path/90228");
}

/// Gives the application a menu, in place of the one it has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CreateMenu {
    /// The application.
    pub agentid: AgentId,
    /// 1 to 3.
    #[serde(rename = "button")]
    pub buttons: Vec<MenuButton>,
}

impl Endpoint for CreateMenu {
    type Platform = WeCom;
    type Output = Empty;
    const META: Meta = Meta::post("wecom.menu.create", "/cgi-bin/menu/create")
        .query(&["agentid"])
        .idempotent()
        .doc("https://developer.work.weixin.qq.com/document/path/90231");
}

/// A button of a menu, or a menu below one.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MenuButton {
    /// What pressing it does: `click`, `view`, `scancode_push`, `scancode_waitmsg`,
    /// `pic_sysphoto`, `pic_photo_or_album`, `pic_weixin`, `location_select`,
    /// `view_miniprogram`; nothing for a menu.
    #[serde(rename = "type", default, deserialize_with = "or_default")]
    pub kind: Option<String>,
    /// At most 16 bytes on the first level, 40 below.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    /// Told when it is pressed; at most 128 bytes.
    #[serde(default, deserialize_with = "or_default")]
    pub key: Option<String>,
    /// The page it opens; at most 1024 bytes.
    #[serde(default, deserialize_with = "or_default")]
    pub url: Option<String>,
    /// The mini program it opens.
    #[serde(default, deserialize_with = "or_default")]
    pub appid: Option<String>,
    /// Its page.
    #[serde(default, deserialize_with = "or_default")]
    pub pagepath: Option<String>,
    /// The menu: 1 to 5, and none of them a menu.
    #[serde(default, deserialize_with = "list")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sub_button: Vec<MenuButton>,
    /// What else it has.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl MenuButton {
    /// Tells the application.
    pub fn click(name: impl Into<String>, key: impl Into<String>) -> Self {
        Self {
            kind: Some("click".to_owned()),
            name: name.into(),
            key: Some(key.into()),
            ..Self::default()
        }
    }

    /// Opens a page.
    pub fn view(name: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            kind: Some("view".to_owned()),
            name: name.into(),
            url: Some(url.into()),
            ..Self::default()
        }
    }

    /// Opens a menu.
    pub fn menu(name: impl Into<String>, buttons: impl IntoIterator<Item = Self>) -> Self {
        Self {
            name: name.into(),
            sub_button: buttons.into_iter().collect(),
            ..Self::default()
        }
    }
}

/// Tells of the application's menu.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetMenu {
    /// The application.
    pub agentid: AgentId,
}

impl Endpoint for GetMenu {
    type Platform = WeCom;
    type Output = Menu;
    const META: Meta = Meta::get("wecom.menu.get", "/cgi-bin/menu/get")
        .doc("https://developer.work.weixin.qq.com/document/path/90232");
}

/// The menu of an application.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Menu {
    /// At most 3; none if there is no menu.
    #[serde(rename = "button", default, deserialize_with = "list")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<MenuButton>,
}

/// Takes the application's menu away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DeleteMenu {
    /// The application.
    pub agentid: AgentId,
}

impl Endpoint for DeleteMenu {
    type Platform = WeCom;
    type Output = Empty;
    const META: Meta = delete("wecom.menu.delete", "/cgi-bin/menu/delete")
        .doc("https://developer.work.weixin.qq.com/document/path/90233");
}
