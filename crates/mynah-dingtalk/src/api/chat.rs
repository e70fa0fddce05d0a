//! Chats: groups that the application has made.
//!
//! The application is no member: it says things and reads nothing. A group has at most 1000
//! members, and one call adds or removes at most 40.

use mynah_core::{Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::DingTalk;
use crate::api::{ask, extra};
use crate::id::{ChatId, Commas, MediaId, MessageId, OpenConversationId, UserId};
use crate::message::{Message, MessageWire};
use crate::types::{ChatStatus, Flag, Number, SubadminRole};
use mynah_core::lenient::{entries, list, optional_entries, or_default, text};

/// How many members one call adds, removes or begins with at most.
pub const LONGEST_LIST: usize = 40;

/// How many members a group has at most.
pub const MOST_MEMBERS: usize = 1000;

/// How many characters the name of a group has at most.
pub const LONGEST_NAME: usize = 20;

/// Creates a group; answers its ids.
///
/// Fails with 40035 without a name, 400002 for a longer one, 49013 without an owner, 49010 without
/// members, 49011 for more than 40 of them, 49006 when the owner is none of them and 40031 for
/// somebody unknown.
///
/// ```
/// use mynah_dingtalk::api::chat::CreateChat;
///
/// let chat = CreateChat::new("全员群", "alice", ["alice", "bob"]).searchable(true);
/// assert_eq!(chat.members.len(), 2);
/// ```
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CreateChat {
    /// 1 to 20 characters.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    /// One of the members.
    #[serde(default, deserialize_with = "or_default")]
    pub owner: UserId,
    /// At most 40.
    #[serde(rename = "useridlist", default, deserialize_with = "entries")]
    pub members: Vec<UserId>,
    /// Whether new members see what was said before; not if not given.
    #[serde(rename = "showHistoryType")]
    pub show_history: Option<Flag>,
    /// Whether it can be found; not if not given.
    pub searchable: Option<Flag>,
    /// Whether somebody must agree to new members; not if not given.
    #[serde(rename = "validationType")]
    pub validation: Option<Flag>,
    /// Whether only the owner may mention everybody; not if not given.
    #[serde(rename = "mentionAllAuthority")]
    pub mention_all_authority: Option<Flag>,
    /// Whether only the owner may change it; not if not given.
    #[serde(rename = "managementType")]
    pub management: Option<Flag>,
    /// Whether nobody may say anything; not if not given.
    #[serde(rename = "chatBannedType")]
    pub banned: Option<Flag>,
}

impl Endpoint for CreateChat {
    type Platform = DingTalk;
    type Output = CreatedChat;
    const META: Meta = Meta::post("dingtalk.chat.create", "/chat/create")
        .doc("https://open.dingtalk.com/document/development/session-management-creates-groups");
}

/// The ids of a new group.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedChat {
    /// For the older interfaces.
    pub chatid: ChatId,
    /// For the newer interfaces.
    #[serde(
        rename = "openConversationId",
        default,
        deserialize_with = "or_default"
    )]
    pub open_conversation_id: Option<OpenConversationId>,
    /// 2 for a group of members only.
    #[serde(rename = "conversationTag", default, deserialize_with = "or_default")]
    pub conversation_tag: Option<i64>,
}

/// Changes a group, all of it or nothing. What is not given does not change.
///
/// Fails with 40016 when there is none, 49015 for a name that cannot be, 49011 for more than 40
/// that come or go, 49004 when one does both, 40031 for somebody unknown, 49006 when the owner
/// would be no member and 49005 for more than 1000 members.
///
/// ```
/// use mynah_dingtalk::UserId;
/// use mynah_dingtalk::api::chat::UpdateChat;
///
/// let open = UpdateChat::new("chatcf0675").add([UserId::from("dave")]).banned(false);
/// assert_eq!(
///     serde_json::to_string(&open)?,
///     r#"{"chatid":"chatcf0675","add_useridlist":["dave"],"chatBannedType":0}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct UpdateChat {
    /// The group.
    #[serde(default, deserialize_with = "or_default")]
    pub chatid: ChatId,
    /// The new name: 1 to 20 characters.
    pub name: Option<String>,
    /// The new owner: a member.
    pub owner: Option<UserId>,
    /// `emp` for a member of the organisation, `ext` for somebody outside.
    #[serde(rename = "ownerType")]
    pub owner_type: Option<String>,
    /// Who joins: at most 40.
    #[serde(
        rename = "add_useridlist",
        default,
        deserialize_with = "optional_entries"
    )]
    pub add: Option<Vec<UserId>>,
    /// Who leaves: at most 40.
    #[serde(
        rename = "del_useridlist",
        default,
        deserialize_with = "optional_entries"
    )]
    pub remove: Option<Vec<UserId>>,
    /// Who joins from outside.
    #[serde(
        rename = "add_extidlist",
        default,
        deserialize_with = "optional_entries"
    )]
    pub add_external: Option<Vec<UserId>>,
    /// Who of outside leaves.
    #[serde(
        rename = "del_extidlist",
        default,
        deserialize_with = "optional_entries"
    )]
    pub remove_external: Option<Vec<UserId>>,
    /// The new picture; an empty one changes nothing.
    pub icon: Option<MediaId>,
    /// Whether nobody may say anything.
    #[serde(rename = "chatBannedType")]
    pub banned: Option<Flag>,
    /// The same on the current page of the documentation.
    #[serde(rename = "isBan")]
    pub is_ban: Option<bool>,
    /// Whether it can be found.
    pub searchable: Option<Flag>,
    /// Whether somebody must agree to new members.
    #[serde(rename = "validationType")]
    pub validation: Option<Flag>,
    /// Whether only the owner may mention everybody.
    #[serde(rename = "mentionAllAuthority")]
    pub mention_all_authority: Option<Flag>,
    /// Whether new members see what was said before.
    #[serde(rename = "showHistoryType")]
    pub show_history: Option<Flag>,
    /// Whether only the owner may change it.
    #[serde(rename = "managementType")]
    pub management: Option<Flag>,
}

impl Endpoint for UpdateChat {
    type Platform = DingTalk;
    type Output = Empty;
    const META: Meta = Meta::post("dingtalk.chat.update", "/chat/update")
        .idempotent()
        .doc("https://open.dingtalk.com/document/development/modify-a-group-session");
}

/// Tells of a group. Fails with 40016 when there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetChat {
    /// The group.
    #[serde(default, deserialize_with = "or_default")]
    pub chatid: ChatId,
}

impl Endpoint for GetChat {
    type Platform = DingTalk;
    type Output = ChatInfo;
    const META: Meta = Meta::get("dingtalk.chat.get", "/chat/get")
        .at("chat_info")
        .doc("https://open.dingtalk.com/document/development/obtain-a-group-session");
}

/// A group.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChatInfo {
    /// Its name.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    /// Who owns it.
    #[serde(default, deserialize_with = "or_default")]
    pub owner: UserId,
    /// The members, the owner among them.
    #[serde(rename = "useridlist", default, deserialize_with = "list")]
    pub members: Vec<UserId>,
    /// 2 for a group of members only.
    #[serde(rename = "conversationTag", default, deserialize_with = "or_default")]
    pub conversation_tag: Option<i64>,
    /// Whether nobody may say anything.
    #[serde(rename = "chatBannedType", default)]
    pub banned: Option<Flag>,
    /// Whether it can be found.
    #[serde(default)]
    pub searchable: Option<Flag>,
    /// Whether somebody must agree to new members.
    #[serde(rename = "validationType", default)]
    pub validation: Option<Flag>,
    /// Whether only the owner may mention everybody.
    #[serde(rename = "mentionAllAuthority", default)]
    pub mention_all_authority: Option<Flag>,
    /// Whether only the owner may change it.
    #[serde(rename = "managementType", default)]
    pub management: Option<Flag>,
    /// Whether new members see what was said before.
    #[serde(rename = "showHistoryType", default)]
    pub show_history: Option<Flag>,
    /// Its picture, if it ever had one.
    #[serde(default, deserialize_with = "or_default")]
    pub icon: Option<MediaId>,
    /// Whether it still stands.
    #[serde(default, deserialize_with = "or_default")]
    pub status: Option<ChatStatus>,
    /// The group; not always told.
    #[serde(default, deserialize_with = "or_default")]
    pub chatid: Option<ChatId>,
    /// What else is told.
    #[serde(flatten, deserialize_with = "extra")]
    pub extra: Map<String, Value>,
}

/// Says something in a group, in the name of the application; answers its id.
///
/// The message has at most 2048 bytes (34016 beyond). Fails with 34001 for a group that cannot be,
/// 34004 for a kind of message that cannot be, and 34008 to 34014 for one that lacks something.
///
/// ```
/// use mynah_dingtalk::api::chat::SendChat;
/// use mynah_dingtalk::message::{Markdown, Message};
///
/// let plain = SendChat::new("chatcf0675", "你好");
/// let picture = SendChat::new("chatcf0675", Message::image("@lADOADmaWMzazQKA"));
/// let rich = SendChat::new("chatcf0675", Markdown::new("标题", "# 你好"));
/// assert_eq!(picture.message.msgtype(), "image");
/// # let _ = (plain, rich);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
#[serde(from = "SendChatWire")]
pub struct SendChat {
    /// The group.
    pub chatid: ChatId,
    /// What is said.
    #[serde(flatten)]
    pub message: Message,
}

/// The message stands beside the group or in `msg`; the latter wins.
#[derive(Deserialize)]
struct SendChatWire {
    #[serde(default, deserialize_with = "or_default")]
    chatid: ChatId,
    msg: Option<Message>,
    #[serde(flatten)]
    beside: MessageWire,
}

impl From<SendChatWire> for SendChat {
    fn from(wire: SendChatWire) -> Self {
        Self {
            chatid: wire.chatid,
            message: wire.msg.unwrap_or_else(|| wire.beside.read()),
        }
    }
}

impl Endpoint for SendChat {
    type Platform = DingTalk;
    type Output = MessageId;
    const META: Meta = Meta::post("dingtalk.chat.send", "/chat/send")
        .at("messageId")
        .doc("https://open.dingtalk.com/document/development/send-group-messages");
}

/// Lists who has read a message of a group, a page at a time; see [`ReadPage::next`].
///
/// Fails with 40035 for a message that there is not, 40068 for a bad cursor, 40069 for a bad size.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetReadList {
    /// What sending it answered.
    #[serde(rename = "messageId", default, deserialize_with = "or_default")]
    pub message_id: MessageId,
    /// 0 for the first page; then what the page before says.
    #[serde(default)]
    #[request(default)]
    pub cursor: Number,
    /// At most 100 people, which is what is taken when nothing is said.
    #[serde(default = "most_readers")]
    pub size: Number,
}

impl GetReadList {
    /// The largest page.
    pub const LARGEST: i64 = 100;

    /// The first page, as large as can be.
    pub fn all(message_id: impl Into<MessageId>) -> Self {
        Self::new(message_id, Self::LARGEST)
    }
}

fn most_readers() -> Number {
    Number::Is(GetReadList::LARGEST)
}

impl Endpoint for GetReadList {
    type Platform = DingTalk;
    type Output = ReadPage;
    const META: Meta = Meta::get("dingtalk.chat.get_read_list", "/chat/getReadList").doc(
        "https://open.dingtalk.com/document/development/queries-the-list-of-people-who-have-read-a-group",
    );
}

/// A page of those who have read a message, in the order of reading.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadPage {
    /// Where the next page begins; nothing on the last one. A large number that means nothing.
    #[serde(default, deserialize_with = "mynah_core::lenient::optional_integer")]
    pub next_cursor: Option<i64>,
    /// Who has read it; absent when it is nobody.
    #[serde(rename = "readUserIdList", default, deserialize_with = "list")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub readers: Vec<UserId>,
}

impl ReadPage {
    /// The call for the page after this one, which `asked` for; nothing after the last.
    ///
    /// A page that leads back to itself is taken to be the last, so that reading all of them
    /// comes to an end.
    ///
    /// ```
    /// use mynah_dingtalk::api::chat::{GetReadList, ReadPage};
    ///
    /// let first = GetReadList::all("msgpjzC12345B");
    /// let page = ReadPage { next_cursor: Some(200467002472), readers: vec!["alice".into()] };
    /// let second = page.next(&first).unwrap();
    /// assert_eq!(second.cursor.get(), Some(200467002472));
    /// assert_eq!(ReadPage::default().next(&second), None);
    /// ```
    pub fn next(&self, asked: &GetReadList) -> Option<GetReadList> {
        let cursor = self.next_cursor?;
        (asked.cursor.get() != Some(cursor)).then(|| GetReadList {
            cursor: cursor.into(),
            ..asked.clone()
        })
    }
}

/// Makes members administrators of a group, or ordinary members again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct UpdateSubadmin {
    /// The group.
    #[serde(default, deserialize_with = "or_default")]
    pub chatid: ChatId,
    /// The members.
    #[serde(default, deserialize_with = "or_default")]
    pub userids: Commas<UserId>,
    /// Which of the two.
    pub role: SubadminRole,
}

impl Endpoint for UpdateSubadmin {
    type Platform = DingTalk;
    type Output = Success;
    const META: Meta = ask(
        "dingtalk.topapi.chat.subadmin.update",
        "/topapi/chat/subadmin/update",
    )
    .doc("https://open.dingtalk.com/document/development/set-a-group-administrator");
}

/// Whether it worked; what a few calls answer although they would fail otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Success {
    /// It did.
    #[serde(default, deserialize_with = "mynah_core::lenient::boolean")]
    pub success: bool,
}

/// What calls answer that did what they were asked to.
pub const SUCCESS: Success = Success { success: true };

/// Gives a member of a group a name in it.
///
/// Fails with 40003 for somebody unknown, 34001 for a group that cannot be, 60124 for somebody who
/// is not in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct UpdateGroupNick {
    /// The member.
    #[serde(default, deserialize_with = "or_default")]
    pub userid: UserId,
    /// The group.
    #[serde(default, deserialize_with = "or_default")]
    pub chatid: ChatId,
    /// The name.
    #[serde(default)]
    pub group_nick: String,
}

impl Endpoint for UpdateGroupNick {
    type Platform = DingTalk;
    type Output = Success;
    const META: Meta = ask(
        "dingtalk.topapi.chat.updategroupnick",
        "/topapi/chat/updategroupnick",
    )
    .doc("https://open.dingtalk.com/document/development/set-the-nickname-of-a-group-member");
}

/// Allows or forbids that members of a group make friends there. Fails with 34001, 40036.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct UpdateFriendSwitch {
    /// The group.
    #[serde(default, deserialize_with = "or_default")]
    pub chatid: ChatId,
    /// Whether it is forbidden.
    pub is_prohibit: bool,
}

impl Endpoint for UpdateFriendSwitch {
    type Platform = DingTalk;
    type Output = Success;
    const META: Meta = ask(
        "dingtalk.topapi.chat.member.friendswitch.update",
        "/topapi/chat/member/friendswitch/update",
    )
    .doc("https://open.dingtalk.com/document/development/set-prohibition-of-private-chat");
}

/// Makes a code by which people join a group; answers the address of its picture.
///
/// Fails with 34001 for a group that cannot be, 40003 for somebody unknown, 60124 for somebody who
/// is not in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetChatQrcode {
    /// The group.
    #[serde(default, deserialize_with = "or_default")]
    pub chatid: ChatId,
    /// The member who invites.
    #[serde(default, deserialize_with = "or_default")]
    pub userid: UserId,
}

impl Endpoint for GetChatQrcode {
    type Platform = DingTalk;
    type Output = Qrcode;
    const META: Meta = ask("dingtalk.topapi.chat.qrcode.get", "/topapi/chat/qrcode/get")
        .doc("https://open.dingtalk.com/document/development/obtain-the-qr-code-link-of-a-group");
}

/// A code by which people join a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Qrcode {
    /// The address of its picture.
    #[serde(rename = "result", default, deserialize_with = "text")]
    pub url: String,
    /// Whether it worked.
    #[serde(default, deserialize_with = "mynah_core::lenient::boolean")]
    pub success: bool,
}
