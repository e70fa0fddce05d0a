//! Files of groups, and files sent to people.

use mynah_core::{Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::OneBot;
use crate::id::{GroupId, UserId};
use crate::lenient::nullable;
use crate::types::{FileId, FolderId, UnixSeconds};

/// Puts a file among those of a group.
///
/// An action of go-cqhttp, NapCat and LLOneBot.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct UploadGroupFile {
    /// The group.
    pub group_id: GroupId,
    /// Where the implementation finds it: a local path; NapCat also takes an address or
    /// `base64://…`.
    pub file: String,
    /// The name it shall have.
    pub name: String,
    /// The folder to put it in. Default `/`. Also spelled `folder_id`.
    #[serde(alias = "folder_id")]
    pub folder: Option<FolderId>,
}

impl Endpoint for UploadGroupFile {
    type Platform = OneBot;
    type Output = Uploaded;
    const META: Meta = Meta::post("onebot.upload_group_file", "/upload_group_file")
        .doc("https://docs.go-cqhttp.org/api/#上传群文件");
}

/// Sends a file to one person.
///
/// An action of go-cqhttp, NapCat and LLOneBot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct UploadPrivateFile {
    /// Who shall get it.
    pub user_id: UserId,
    /// Where the implementation finds it: a local path; NapCat also takes an address or
    /// `base64://…`.
    pub file: String,
    /// The name it shall have.
    pub name: String,
}

impl Endpoint for UploadPrivateFile {
    type Platform = OneBot;
    type Output = Uploaded;
    const META: Meta = Meta::post("onebot.upload_private_file", "/upload_private_file")
        .doc("https://docs.go-cqhttp.org/api/#上传私聊文件");
}

/// What became of a file that was uploaded.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Option<UploadedFields>", into = "Option<UploadedFields>")]
pub struct Uploaded {
    /// The file; go-cqhttp does not tell.
    pub file_id: Option<FileId>,
}

#[derive(Serialize, Deserialize)]
struct UploadedFields {
    file_id: Option<FileId>,
}

impl From<Option<UploadedFields>> for Uploaded {
    fn from(fields: Option<UploadedFields>) -> Self {
        Self {
            file_id: fields.and_then(|fields| fields.file_id),
        }
    }
}

impl From<Uploaded> for Option<UploadedFields> {
    fn from(uploaded: Uploaded) -> Self {
        uploaded
            .file_id
            .map(|id| UploadedFields { file_id: Some(id) })
    }
}

/// Tells how many files a group has and how much room they take.
///
/// An action of go-cqhttp and NapCat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetGroupFileSystemInfo {
    /// The group.
    pub group_id: GroupId,
}

impl Endpoint for GetGroupFileSystemInfo {
    type Platform = OneBot;
    type Output = GroupFileSystemInfo;
    const META: Meta = Meta::post(
        "onebot.get_group_file_system_info",
        "/get_group_file_system_info",
    )
    .idempotent()
    .doc("https://docs.go-cqhttp.org/api/#获取群文件系统信息");
}

/// The room a group's files take.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupFileSystemInfo {
    /// How many files there are.
    pub file_count: Option<i32>,
    /// How many there can be.
    pub limit_count: Option<i32>,
    /// How many bytes they take.
    pub used_space: Option<i64>,
    /// How many bytes they can take.
    pub total_space: Option<i64>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Lists the files and folders at the root of a group's files.
///
/// An action of go-cqhttp and NapCat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetGroupRootFiles {
    /// The group.
    pub group_id: GroupId,
}

impl Endpoint for GetGroupRootFiles {
    type Platform = OneBot;
    type Output = GroupFiles;
    const META: Meta = Meta::post("onebot.get_group_root_files", "/get_group_root_files")
        .idempotent()
        .doc("https://docs.go-cqhttp.org/api/#获取群根目录文件列表");
}

/// Lists the files and folders in a folder of a group's files.
///
/// An action of go-cqhttp and NapCat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetGroupFilesByFolder {
    /// The group.
    pub group_id: GroupId,
    /// The folder.
    pub folder_id: FolderId,
}

impl Endpoint for GetGroupFilesByFolder {
    type Platform = OneBot;
    type Output = GroupFiles;
    const META: Meta = Meta::post(
        "onebot.get_group_files_by_folder",
        "/get_group_files_by_folder",
    )
    .idempotent()
    .doc("https://docs.go-cqhttp.org/api/#获取群子目录文件列表");
}

/// What a folder of a group holds. An empty list may come as null.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GroupFiles {
    /// Its files.
    #[serde(default, deserialize_with = "nullable")]
    pub files: Vec<GroupFile>,
    /// Its folders.
    #[serde(default, deserialize_with = "nullable")]
    pub folders: Vec<GroupFolder>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A file of a group.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupFile {
    /// The group.
    pub group_id: Option<GroupId>,
    /// The file.
    pub file_id: FileId,
    /// Its name.
    pub file_name: String,
    /// The kind of storage it lies in; some actions want it back.
    pub busid: Option<i32>,
    /// Its size in bytes. NapCat repeats it as `size`.
    pub file_size: Option<i64>,
    /// When it was uploaded.
    pub upload_time: Option<UnixSeconds>,
    /// When it will be gone; 0 for never.
    pub dead_time: Option<UnixSeconds>,
    /// When it was last changed.
    pub modify_time: Option<UnixSeconds>,
    /// How often it was fetched.
    pub download_times: Option<i32>,
    /// Who uploaded it.
    pub uploader: Option<UserId>,
    /// The name they bore.
    pub uploader_name: Option<String>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A folder of a group.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupFolder {
    /// The group.
    pub group_id: Option<GroupId>,
    /// The folder.
    pub folder_id: FolderId,
    /// Its name.
    pub folder_name: String,
    /// When it was made.
    pub create_time: Option<UnixSeconds>,
    /// Who made it.
    pub creator: Option<UserId>,
    /// The name they bore.
    pub creator_name: Option<String>,
    /// How many files lie in it.
    pub total_file_count: Option<i32>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Tells where a file of a group can be fetched; answers the address.
///
/// An action of go-cqhttp, NapCat and LLOneBot.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetGroupFileUrl {
    /// The group.
    pub group_id: GroupId,
    /// The file.
    pub file_id: FileId,
    /// The file's `busid`; go-cqhttp needs it. Also spelled `bus_id`.
    #[serde(alias = "bus_id")]
    pub busid: Option<i32>,
}

impl Endpoint for GetGroupFileUrl {
    type Platform = OneBot;
    type Output = String;
    const META: Meta = Meta::post("onebot.get_group_file_url", "/get_group_file_url")
        .at("url")
        .idempotent()
        .doc("https://docs.go-cqhttp.org/api/#获取群文件资源链接");
}

/// Makes a folder among the files of a group.
///
/// An action of go-cqhttp and NapCat. The account must be an admin or the owner.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CreateGroupFileFolder {
    /// The group.
    pub group_id: GroupId,
    /// The folder's name. Also spelled `folder_name`.
    #[serde(alias = "folder_name")]
    pub name: String,
    /// The folder to make it in. Default `/`, and go-cqhttp takes nothing else.
    pub parent_id: Option<FolderId>,
}

impl Endpoint for CreateGroupFileFolder {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post(
        "onebot.create_group_file_folder",
        "/create_group_file_folder",
    )
    .doc("https://docs.go-cqhttp.org/api/#创建群文件文件夹");
}

/// Removes a folder from the files of a group.
///
/// An action of go-cqhttp and NapCat. The account must be an admin or the owner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DeleteGroupFolder {
    /// The group.
    pub group_id: GroupId,
    /// The folder.
    pub folder_id: FolderId,
}

impl Endpoint for DeleteGroupFolder {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.delete_group_folder", "/delete_group_folder")
        .doc("https://docs.go-cqhttp.org/api/#删除群文件文件夹");
}

/// Removes a file from those of a group.
///
/// An action of go-cqhttp and NapCat. The account must have uploaded it, or be
/// an admin or the owner.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DeleteGroupFile {
    /// The group.
    pub group_id: GroupId,
    /// The file.
    pub file_id: FileId,
    /// The file's `busid`; go-cqhttp needs it. Also spelled `bus_id`.
    #[serde(alias = "bus_id")]
    pub busid: Option<i32>,
}

impl Endpoint for DeleteGroupFile {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.delete_group_file", "/delete_group_file")
        .doc("https://docs.go-cqhttp.org/api/#删除群文件");
}
