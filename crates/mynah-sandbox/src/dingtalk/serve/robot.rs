//! Robots: of the application, custom ones, and answers into a session.

use mynah_dingtalk::api::robot::{
    DownloadMessageFile, GetReadStatus, QueryGroupRead, RecallFromGroup, RecallFromUsers,
    SendBySession, SendToGroup, SendToUsers, SendWebhook,
};

later!(
    SendWebhook,
    SendBySession,
    SendToUsers,
    SendToGroup,
    RecallFromUsers,
    RecallFromGroup,
    GetReadStatus,
    QueryGroupRead,
    DownloadMessageFile
);
