//! Group chats of an application.
//!
//! Only applications of the corp's own whose visible scope is the root department may use them;
//! others are told 60011. The application is no member: it says things and reads nothing.

use std::collections::BTreeSet;

use mynah_core::{BadParameters, Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::WeCom;
use crate::api::extra;
use crate::id::{ChatId, UserId};
use crate::message::{Message, application_kinds};
use crate::types::Safe;
use mynah_core::lenient::{list, optional_integer, or_default, text};

/// Creates a group chat; answers its id. Its members see it once something is said in it.
///
/// Fewer than 2 different members are refused before anything is sent. Fails with 86006 for too
/// many, 86207 when the owner is no member, 86215 when the id is taken. At most 1000 a day for a
/// corp.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CreateAppchat {
    /// At most 50 characters, cut beyond.
    pub name: Option<String>,
    /// One of the members; any of them if not given.
    pub owner: Option<UserId>,
    /// 2 to 2000 different ones.
    #[serde(rename = "userlist")]
    pub members: Vec<UserId>,
    /// At most 32 of `0-9a-zA-Z`, and not taken; made by the platform if not given.
    pub chatid: Option<ChatId>,
}

impl Endpoint for CreateAppchat {
    type Platform = WeCom;
    type Output = ChatId;
    const META: Meta = Meta::post("wecom.appchat.create", "/cgi-bin/appchat/create")
        .at("chatid")
        .doc("https://developer.work.weixin.qq.com/document/path/90245");

    /// With fewer than 2 different members it is no group.
    fn check(&self) -> Result<(), BadParameters> {
        let different: BTreeSet<&UserId> = self.members.iter().collect();
        match different.len() {
            0 | 1 => {
                let problem = format!("at least 2 different members, not {}", different.len());
                Err(BadParameters::field("userlist", problem))
            }
            _ => Ok(()),
        }
    }
}

/// Tells of a group chat. Fails with 86003 when there is none, 86008 when it is not the
/// application's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetAppchat {
    /// The group.
    pub chatid: ChatId,
}

impl Endpoint for GetAppchat {
    type Platform = WeCom;
    type Output = ChatInfo;
    const META: Meta = Meta::get("wecom.appchat.get", "/cgi-bin/appchat/get")
        .at("chat_info")
        .doc("https://developer.work.weixin.qq.com/document/path/98914");
}

/// A group chat.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChatInfo {
    /// The group.
    pub chatid: ChatId,
    /// Its name; empty if it never had one.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    /// Who owns it.
    #[serde(default, deserialize_with = "or_default")]
    pub owner: UserId,
    /// The members, the owner among them.
    #[serde(rename = "userlist", default, deserialize_with = "list")]
    pub members: Vec<UserId>,
    /// 0 for an ordinary group, 1 for a school class.
    #[serde(default, deserialize_with = "optional_integer")]
    pub chat_type: Option<i64>,
    /// What else is told.
    #[serde(flatten, deserialize_with = "extra")]
    pub extra: Map<String, Value>,
}

/// Changes the name, the owner or the members of a group chat.
///
/// Fails with 86216 for somebody who cannot be added or removed, 86203 when the owner is removed
/// without a new one, 86207 when the new owner is no member. At most 1000 an hour for a corp.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct UpdateAppchat {
    /// The group.
    pub chatid: ChatId,
    /// The new name: at most 50 characters, cut beyond.
    pub name: Option<String>,
    /// The new owner.
    pub owner: Option<UserId>,
    /// Who joins.
    #[serde(rename = "add_user_list")]
    pub add: Option<Vec<UserId>>,
    /// Who leaves.
    #[serde(rename = "del_user_list")]
    pub remove: Option<Vec<UserId>>,
}

impl Endpoint for UpdateAppchat {
    type Platform = WeCom;
    type Output = Empty;
    const META: Meta = Meta::post("wecom.appchat.update", "/cgi-bin/appchat/update")
        .doc("https://developer.work.weixin.qq.com/document/path/98913");
}

/// Says something in a group chat.
///
/// A group takes the first nine kinds of [`Message`]; the others are refused with 40008. What is
/// said beyond 200 messages a minute or 10,000 a day to one member is dropped silently.
///
/// ```
/// use mynah_wecom::api::appchat::SendAppchat;
/// use mynah_wecom::message::{Message, Text};
///
/// let plain = SendAppchat::new("mynah001", "你好").safe(true);
/// let loud = SendAppchat::new("mynah001", Text::new("hello").mention_all());
/// let picture = SendAppchat::new("mynah001", Message::image("MEDIA_ID_1"));
/// assert_eq!(picture.message.msgtype(), "image");
/// # let _ = (plain, loud);
/// ```
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
#[serde(from = "SendAppchatWire")]
pub struct SendAppchat {
    /// The group.
    pub chatid: ChatId,
    /// What is said.
    #[serde(flatten)]
    pub message: Message,
    /// Whether it is confidential; not if not given.
    pub safe: Option<Safe>,
}

application_kinds! { says SendAppchatWire => SendAppchat(Message) {
    chatid: ChatId,
    safe: Option<Safe>,
} }

impl Endpoint for SendAppchat {
    type Platform = WeCom;
    type Output = Empty;
    const META: Meta = Meta::post("wecom.appchat.send", "/cgi-bin/appchat/send")
        .doc("https://developer.work.weixin.qq.com/document/path/90248");
}
