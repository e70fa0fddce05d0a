use mynah_core::{ApiError, Empty};
use mynah_onebot::GroupId;
use mynah_onebot::actions::group_file::{
    CreateGroupFileFolder, DeleteGroupFile, DeleteGroupFolder, GetGroupFileSystemInfo,
    GetGroupFileUrl, GetGroupFilesByFolder, GetGroupRootFiles, GroupFile, GroupFileSystemInfo,
    GroupFiles, GroupFolder, UploadGroupFile, UploadPrivateFile, Uploaded,
};
use mynah_onebot::types::{FileId, UnixSeconds};
use serde_json::Map;

use super::group_info::count;
use crate::onebot::files::{BUSID, File, Folder, ROOT};
use crate::onebot::limits;
use crate::onebot::refusal::Refusal;
use crate::onebot::state::{Group, needs_chars, next};
use crate::onebot::uploads::Upload;
use crate::onebot::world::OneBotWorld;
use crate::serve::Serve;

impl Serve<UploadGroupFile> for OneBotWorld {
    fn serve(&mut self, call: UploadGroupFile) -> Result<Uploaded, ApiError> {
        let bot = self.bot();
        let folder = call.folder.as_ref().map_or(ROOT, |folder| folder.as_str());
        let upload = Upload {
            name: &call.name,
            file: Some(&call.file),
            size: 0,
        };
        let id = self.upload(bot, call.group_id, folder, upload)?;
        Ok(Uploaded {
            file_id: Some(FileId(id)),
        })
    }
}

impl Serve<UploadPrivateFile> for OneBotWorld {
    fn serve(&mut self, call: UploadPrivateFile) -> Result<Uploaded, ApiError> {
        let upload = Upload {
            name: &call.name,
            file: Some(&call.file),
            size: 0,
        };
        self.bot_sends_file(call.user_id, upload)
            .map_err(Refusal::out_of_reach)?;
        Ok(Uploaded { file_id: None })
    }
}

impl Serve<GetGroupFileSystemInfo> for OneBotWorld {
    fn serve(&mut self, call: GetGroupFileSystemInfo) -> Result<GroupFileSystemInfo, ApiError> {
        let files = &self.state.own_group(call.group_id)?.files;
        Ok(GroupFileSystemInfo {
            file_count: Some(count(files.files.len())),
            limit_count: Some(count(limits::FILES)),
            used_space: Some(files.used_space()),
            total_space: Some(limits::FILE_SPACE_BYTES),
            extra: Map::new(),
        })
    }
}

impl Serve<GetGroupRootFiles> for OneBotWorld {
    fn serve(&mut self, call: GetGroupRootFiles) -> Result<GroupFiles, ApiError> {
        let group = self.state.own_group(call.group_id)?;
        Ok(GroupFiles {
            files: self.list_files(call.group_id, group, ROOT),
            folders: self.list_folders(call.group_id, group),
            extra: Map::new(),
        })
    }
}

impl Serve<GetGroupFilesByFolder> for OneBotWorld {
    fn serve(&mut self, call: GetGroupFilesByFolder) -> Result<GroupFiles, ApiError> {
        let group = self.state.own_group(call.group_id)?;
        let folder = call.folder_id.as_str();
        group.files.needs_folder(folder)?;
        let folders = if folder == ROOT {
            self.list_folders(call.group_id, group)
        } else {
            Vec::new()
        };
        Ok(GroupFiles {
            files: self.list_files(call.group_id, group, folder),
            folders,
            extra: Map::new(),
        })
    }
}

impl OneBotWorld {
    fn list_files(&self, group_id: GroupId, group: &Group, folder: &str) -> Vec<GroupFile> {
        let entry = |(id, file): (&String, &File)| GroupFile {
            group_id: Some(group_id),
            file_id: FileId(id.clone()),
            file_name: file.name.clone(),
            busid: Some(BUSID),
            file_size: Some(file.size),
            upload_time: Some(UnixSeconds(file.uploaded)),
            dead_time: Some(UnixSeconds(0)),
            modify_time: Some(UnixSeconds(file.uploaded)),
            download_times: Some(0),
            uploader: Some(file.uploader),
            uploader_name: Some(self.state.nickname(file.uploader)),
            extra: Map::new(),
        };
        group.files.inside(folder).map(entry).collect()
    }

    fn list_folders(&self, group_id: GroupId, group: &Group) -> Vec<GroupFolder> {
        let files = &group.files;
        let entry = |(id, folder): (&String, &Folder)| GroupFolder {
            group_id: Some(group_id),
            folder_id: id.as_str().into(),
            folder_name: folder.name.clone(),
            create_time: Some(UnixSeconds(folder.created)),
            creator: Some(folder.creator),
            creator_name: Some(self.state.nickname(folder.creator)),
            total_file_count: Some(count(files.inside(id).count())),
            extra: Map::new(),
        };
        files.folders.iter().map(entry).collect()
    }
}

impl Serve<GetGroupFileUrl> for OneBotWorld {
    fn serve(&mut self, call: GetGroupFileUrl) -> Result<String, ApiError> {
        let group = self.state.own_group(call.group_id)?;
        let file = group.files.file(call.file_id.as_str())?;
        let url = file.media.as_deref().and_then(|name| self.media_url(name));
        Ok(url
            .ok_or_else(|| Refusal::forbidden("file_id", "the content of the file is not here"))?)
    }
}

impl Serve<CreateGroupFileFolder> for OneBotWorld {
    fn serve(&mut self, call: CreateGroupFileFolder) -> Result<Empty, ApiError> {
        if call.name.is_empty() {
            return Err(Refusal::bad("name", "must not be empty").into());
        }
        needs_chars("name", &call.name, limits::NAME_CHARS)?;
        let (bot, created) = (self.bot(), self.state.now.seconds());
        let group = self.state.own_group(call.group_id)?;
        let parent = call.parent_id.as_ref().map_or(ROOT, |id| id.as_str());
        group.files.needs_folder(parent)?;
        group.needs_admin(bot)?;
        if parent != ROOT {
            return Err(Refusal::forbidden("parent_id", "folders stand in `/` only").into());
        }
        let mut names = group.files.folders.values().map(|folder| &folder.name);
        if names.any(|name| *name == call.name) {
            return Err(Refusal::forbidden("name", "there is a folder of this name").into());
        }
        if group.files.folders.len() >= limits::FOLDERS {
            let problem = format!("the group has {} folders already", limits::FOLDERS);
            return Err(Refusal::forbidden("name", problem).into());
        }
        let id = format!("/folder-{}", next(&mut self.state.counters.folder));
        let folder = Folder {
            name: call.name,
            created,
            creator: bot,
        };
        let group = self.state.own_group_mut(call.group_id)?;
        group.files.folders.insert(id, folder);
        Ok(Empty)
    }
}

impl Serve<DeleteGroupFolder> for OneBotWorld {
    /// With the files in it.
    fn serve(&mut self, call: DeleteGroupFolder) -> Result<Empty, ApiError> {
        let bot = self.bot();
        let group = self.state.own_group_mut(call.group_id)?;
        let folder = call.folder_id.as_str();
        group.files.needs_folder(folder)?;
        group.needs_admin(bot)?;
        if folder == ROOT {
            return Err(Refusal::forbidden("folder_id", "the root stays").into());
        }
        group.files.folders.remove(folder);
        group.files.files.retain(|_, file| file.folder != folder);
        Ok(Empty)
    }
}

impl Serve<DeleteGroupFile> for OneBotWorld {
    /// Those who uploaded it may, and admins.
    fn serve(&mut self, call: DeleteGroupFile) -> Result<Empty, ApiError> {
        let bot = self.bot();
        let group = self.state.own_group_mut(call.group_id)?;
        let id = call.file_id.as_str();
        if group.files.file(id)?.uploader != bot {
            group.needs_admin(bot)?;
        }
        group.files.files.remove(id);
        Ok(Empty)
    }
}
