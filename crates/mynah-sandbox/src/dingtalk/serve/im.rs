//! Groups, in version 1.0.

use mynah_dingtalk::api::im::{
    ConvertToOpenConversationId, CreateGroup, UpdateGroup, UpdateSubAdministrators,
};

later!(
    CreateGroup,
    UpdateGroup,
    ConvertToOpenConversationId,
    UpdateSubAdministrators
);
