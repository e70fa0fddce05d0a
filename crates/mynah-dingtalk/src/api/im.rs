//! Groups, in version 1.0. They are the same groups as those of [`chat`](super::chat).

use mynah_core::{Encoding, Endpoint, Meta, Method, Request};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::chat::{CreatedChat, Success};
use crate::OpenApi;
use crate::api::ask;
use crate::id::{ChatId, MediaId, OpenConversationId, UserId};
use crate::types::{Flag, SubadminRole};
use mynah_core::lenient::{entries, optional_entries, or_default, text};

/// Creates a group; answers its ids. Fails with `parameter.invalid`, `permession.checkFailed`
/// (spelt so).
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CreateGroup {
    /// 1 to 20 characters.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    /// One of the members.
    #[serde(default, deserialize_with = "or_default")]
    pub owner: UserId,
    /// At most 40.
    #[serde(rename = "useridlist", default, deserialize_with = "entries")]
    pub members: Vec<UserId>,
    /// `emp` for a member of the organisation, `ext` for somebody outside.
    #[serde(rename = "ownerType", default, deserialize_with = "or_default")]
    pub owner_type: Option<String>,
    /// 2 for a group of members only, 0 for others.
    #[serde(rename = "conversationTag", default, deserialize_with = "or_default")]
    pub conversation_tag: Option<i64>,
    /// Members from outside.
    #[serde(rename = "extidlist", default, deserialize_with = "optional_entries")]
    pub external: Option<Vec<UserId>>,
    /// Its picture.
    #[serde(default, deserialize_with = "or_default")]
    pub icon: Option<MediaId>,
    /// What is allowed in it.
    #[serde(rename = "managementOptions", default, deserialize_with = "or_default")]
    pub management_options: Option<ManagementOptions>,
}

impl Endpoint for CreateGroup {
    type Platform = OpenApi;
    type Output = CreatedChat;
    const META: Meta = Meta::post("dingtalk.v1.im.group.create", "/v1.0/im/group/create")
        .doc("https://open.dingtalk.com/document/development/create-common-group-new-version-v2");
}

/// What is allowed in a group. What is not given does not change, or is off for a new group.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ManagementOptions {
    /// Whether only the owner may mention everybody.
    #[serde(rename = "mentionAllAuthority", default)]
    pub mention_all_authority: Option<Flag>,
    /// Whether new members see what was said before.
    #[serde(rename = "showHistoryType", default)]
    pub show_history: Option<Flag>,
    /// Whether somebody must agree to new members.
    #[serde(rename = "validationType", default)]
    pub validation: Option<Flag>,
    /// Whether it can be found.
    #[serde(default)]
    pub searchable: Option<Flag>,
    /// Whether nobody may say anything.
    #[serde(rename = "chatBannedType", default)]
    pub banned: Option<Flag>,
    /// Whether only the owner may change it.
    #[serde(rename = "managementType", default)]
    pub management: Option<Flag>,
}

/// Changes a group. What is not given does not change. Fails like [`CreateGroup`].
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct UpdateGroup {
    /// The group.
    #[serde(default, deserialize_with = "or_default")]
    pub chatid: ChatId,
    /// The new name: 1 to 20 characters.
    pub name: Option<String>,
    /// The new owner: a member.
    pub owner: Option<UserId>,
    /// `emp` for a member of the organisation, `ext` for somebody outside.
    #[serde(rename = "ownerType", default, deserialize_with = "or_default")]
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
    #[serde(default, deserialize_with = "or_default")]
    pub icon: Option<MediaId>,
    /// What is allowed in it.
    #[serde(rename = "managementOptions", default, deserialize_with = "or_default")]
    pub management_options: Option<ManagementOptions>,
}

impl Endpoint for UpdateGroup {
    type Platform = OpenApi;
    type Output = Success;
    const META: Meta = ask("dingtalk.v1.im.group.update", "/v1.0/im/group/update")
        .doc("https://open.dingtalk.com/document/development/api-updategroup");
}

/// Tells what a group is called in the newer interfaces. Fails with `invalideChatId` (spelt so).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ConvertToOpenConversationId {
    /// The group, in the older interfaces.
    #[serde(rename = "chatId")]
    pub chat_id: ChatId,
}

impl Endpoint for ConvertToOpenConversationId {
    type Platform = OpenApi;
    type Output = OpenConversationId;
    // There is no body: nothing is left that could stand in the query either.
    const META: Meta = Meta::new(
        "dingtalk.v1.im.chat.convert_to_open_conversation_id",
        Method::Post,
        "/v1.0/im/chat/{chatId}/convertToOpenConversationId",
        Encoding::Query,
    )
    .idempotent()
    .at("openConversationId")
    .doc("https://open.dingtalk.com/document/development/obtain-group-openconversationid");
}

/// Makes members administrators of a group, or ordinary members again.
///
/// Fails with `invalidParameter.openConversationId.invalid`, `staff.not.found`,
/// `subadmin.exceed`, `invalidParamter.role` (spelt so).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct UpdateSubAdministrators {
    /// The group.
    #[serde(
        rename = "openConversationId",
        default,
        deserialize_with = "or_default"
    )]
    pub open_conversation_id: OpenConversationId,
    /// The members.
    #[serde(rename = "userIds", default, deserialize_with = "entries")]
    pub user_ids: Vec<UserId>,
    /// Which of the two.
    #[serde(default = "no_role")]
    pub role: SubadminRole,
}

/// None of the roles: the platform has a word of its own for that.
const fn no_role() -> SubadminRole {
    SubadminRole::Other(0)
}

impl Endpoint for UpdateSubAdministrators {
    type Platform = OpenApi;
    type Output = SuccessText;
    const META: Meta = ask(
        "dingtalk.v1.im.sub_administrators",
        "/v1.0/im/subAdministrators",
    )
    .doc("https://open.dingtalk.com/document/development/batch-setup-group-administrator");
}

/// Whether it worked, as text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuccessText {
    /// It did.
    #[serde(default, deserialize_with = "mynah_core::lenient::boolean")]
    #[serde(serialize_with = "in_a_word")]
    pub success: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde's signature.
fn in_a_word<S: serde::Serializer>(on: &bool, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(on)
}
