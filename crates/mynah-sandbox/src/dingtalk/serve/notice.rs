//! Work notices.

use mynah_dingtalk::api::notice::{
    GetNoticeProgress, GetNoticeResult, ListMessageStatus, RecallNotice, SendByCode, SendMessage,
    SendNotice, SendToConversation,
};

later!(
    SendNotice,
    GetNoticeProgress,
    GetNoticeResult,
    RecallNotice,
    SendMessage,
    ListMessageStatus,
    SendByCode,
    SendToConversation
);
