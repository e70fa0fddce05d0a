//! Chats: groups that the application has made.

use mynah_dingtalk::api::chat::{
    CreateChat, GetChat, GetChatQrcode, GetReadList, SendChat, UpdateChat, UpdateFriendSwitch,
    UpdateGroupNick, UpdateSubadmin,
};

later!(
    CreateChat,
    UpdateChat,
    GetChat,
    SendChat,
    GetReadList,
    UpdateSubadmin,
    UpdateGroupNick,
    UpdateFriendSwitch,
    GetChatQrcode
);
