//! Tags.

use mynah_core::{ApiError, Empty, Endpoint, HttpResponse, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::WeCom;
use crate::api::{delete, write_saying};
use crate::id::{DepartmentId, Joined, TagId, UserId};
use mynah_core::lenient::{list, or_default, text};

/// Lists the tags.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListTags {}

impl Endpoint for ListTags {
    type Platform = WeCom;
    type Output = Vec<Tag>;
    const META: Meta = Meta::get("wecom.tag.list", "/cgi-bin/tag/list")
        .at("taglist")
        .doc("https://developer.work.weixin.qq.com/document/path/90216");
}

/// A tag.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// The tag.
    pub tagid: TagId,
    /// Its name.
    #[serde(default, deserialize_with = "text")]
    pub tagname: String,
}

/// Lists who has a tag. Fails with 40068 when there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetTag {
    /// The tag.
    pub tagid: TagId,
}

impl Endpoint for GetTag {
    type Platform = WeCom;
    type Output = Tagged;
    const META: Meta = Meta::get("wecom.tag.get", "/cgi-bin/tag/get")
        .doc("https://developer.work.weixin.qq.com/document/path/90213");
}

/// Who has a tag.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tagged {
    /// The name of the tag; older answers lack it.
    #[serde(default, deserialize_with = "or_default")]
    pub tagname: Option<String>,
    /// The members.
    #[serde(default, deserialize_with = "list")]
    pub userlist: Vec<TaggedUser>,
    /// The departments.
    #[serde(default, deserialize_with = "list")]
    pub partylist: Vec<DepartmentId>,
}

/// A member with a tag.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaggedUser {
    /// The member.
    pub userid: UserId,
    /// Their name; the id for applications of third parties.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
}

/// Creates a tag; answers its id.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CreateTag {
    /// At most 32 characters, and not taken.
    pub tagname: String,
    /// Made by the platform if not given.
    pub tagid: Option<TagId>,
}

impl Endpoint for CreateTag {
    type Platform = WeCom;
    type Output = TagId;
    const META: Meta = Meta::post("wecom.tag.create", "/cgi-bin/tag/create")
        .at("tagid")
        .doc("https://developer.work.weixin.qq.com/document/path/90210");

    fn write(outcome: Result<TagId, ApiError>) -> HttpResponse {
        write_saying::<Self>("created", outcome)
    }
}

/// Renames a tag. Fails with 40068 when there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct UpdateTag {
    /// The tag.
    pub tagid: TagId,
    /// The new name: at most 32 characters, and not taken.
    pub tagname: String,
}

impl Endpoint for UpdateTag {
    type Platform = WeCom;
    type Output = Empty;
    const META: Meta = Meta::post("wecom.tag.update", "/cgi-bin/tag/update")
        .idempotent()
        .doc("https://developer.work.weixin.qq.com/document/path/90211");

    fn write(outcome: Result<Empty, ApiError>) -> HttpResponse {
        write_saying::<Self>("updated", outcome)
    }
}

/// Removes a tag. Fails with 40068 when there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DeleteTag {
    /// The tag.
    pub tagid: TagId,
}

impl Endpoint for DeleteTag {
    type Platform = WeCom;
    type Output = Empty;
    const META: Meta = delete("wecom.tag.delete", "/cgi-bin/tag/delete")
        .doc("https://developer.work.weixin.qq.com/document/path/90212");

    fn write(outcome: Result<Empty, ApiError>) -> HttpResponse {
        write_saying::<Self>("deleted", outcome)
    }
}

/// Gives a tag to members and departments. Fails with 40070 when none of them can have it.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct AddTagUsers {
    /// The tag.
    pub tagid: TagId,
    /// At most 1000 members.
    pub userlist: Option<Vec<UserId>>,
    /// At most 100 departments.
    pub partylist: Option<Vec<DepartmentId>>,
}

impl Endpoint for AddTagUsers {
    type Platform = WeCom;
    type Output = Untagged;
    const META: Meta = Meta::post("wecom.tag.addtagusers", "/cgi-bin/tag/addtagusers")
        .idempotent()
        .doc("https://developer.work.weixin.qq.com/document/path/90214");
}

/// Who could not be given a tag, or have it taken.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Untagged {
    /// Members.
    #[serde(default, deserialize_with = "or_default")]
    #[serde(skip_serializing_if = "Joined::is_empty")]
    pub invalidlist: Joined<UserId>,
    /// Departments.
    #[serde(default, deserialize_with = "list")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub invalidparty: Vec<DepartmentId>,
}

/// Takes a tag from members and departments. Fails with 40070 when none of them can have it.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DeleteTagUsers {
    /// The tag.
    pub tagid: TagId,
    /// At most 1000 members.
    pub userlist: Option<Vec<UserId>>,
    /// At most 100 departments.
    pub partylist: Option<Vec<DepartmentId>>,
}

impl Endpoint for DeleteTagUsers {
    type Platform = WeCom;
    type Output = Untagged;
    const META: Meta = Meta::post("wecom.tag.deltagusers", "/cgi-bin/tag/deltagusers")
        .idempotent()
        .doc("https://developer.work.weixin.qq.com/document/path/90215");

    fn write(outcome: Result<Untagged, ApiError>) -> HttpResponse {
        write_saying::<Self>("deleted", outcome)
    }
}
