//! The files of a group.

use std::collections::BTreeMap;

use mynah_onebot::UserId;
use serde::{Deserialize, Serialize};

use super::limits;
use super::refusal::Refusal;

/// The id of the root, where files go unless a folder is named.
pub(super) const ROOT: &str = "/";
/// What QQ calls the store that group files are in.
pub(super) const BUSID: i32 = 102;

/// The files and folders of a group, by id. Folders stand in the root only, as
/// in QQ.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct GroupFiles {
    pub(super) files: BTreeMap<String, File>,
    pub(super) folders: BTreeMap<String, Folder>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct File {
    pub(super) name: String,
    /// The id of the folder it is in.
    pub(super) folder: String,
    pub(super) size: i64,
    /// Its name among the stored media.
    pub(super) media: Option<String>,
    /// Seconds since 1970.
    pub(super) uploaded: i64,
    pub(super) uploader: UserId,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Folder {
    pub(super) name: String,
    /// Seconds since 1970.
    pub(super) created: i64,
    pub(super) creator: UserId,
}

impl GroupFiles {
    pub(super) fn used_space(&self) -> i64 {
        let sizes = self.files.values().map(|file| file.size);
        sizes.fold(0, i64::saturating_add)
    }

    /// The files in a folder.
    pub(super) fn inside<'a>(
        &'a self,
        folder: &'a str,
    ) -> impl Iterator<Item = (&'a String, &'a File)> {
        self.files
            .iter()
            .filter(move |(_, file)| file.folder == folder)
    }

    /// Refuses a folder that is not there. The root always is.
    pub(super) fn needs_folder(&self, folder: &str) -> Result<(), Refusal> {
        if folder == ROOT || self.folders.contains_key(folder) {
            return Ok(());
        }
        Err(Refusal::missing("folder_id", "there is no such folder"))
    }

    pub(super) fn file(&self, id: &str) -> Result<&File, Refusal> {
        self.files
            .get(id)
            .ok_or_else(|| Refusal::missing("file_id", "there is no such file"))
    }

    /// Adds a file.
    ///
    /// # Errors
    /// There is no room for it.
    pub(super) fn add(&mut self, id: String, file: File) -> Result<(), Refusal> {
        if self.files.len() >= limits::FILES {
            return Err(Refusal::forbidden(
                "file",
                format!("the group has {} files already", limits::FILES),
            ));
        }
        if self.used_space().saturating_add(file.size) > limits::FILE_SPACE_BYTES {
            return Err(Refusal::forbidden("file", "the group has no space left"));
        }
        self.files.insert(id, file);
        Ok(())
    }
}
