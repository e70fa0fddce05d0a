//! The obsolete gateway TOP.

use mynah_dingtalk::api::top::{
    AsyncSend, AsyncSendByCode, AsyncSendV2, GetAdminScope, GetSendProgress, GetSendResult,
    RecallMessage,
};

later!(
    AsyncSend,
    AsyncSendByCode,
    AsyncSendV2,
    RecallMessage,
    GetSendProgress,
    GetSendResult,
    GetAdminScope
);
