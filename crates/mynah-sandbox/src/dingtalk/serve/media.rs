//! Files.

use mynah_dingtalk::api::media::{DownloadFile, UploadMedia};

later!(UploadMedia, DownloadFile);
