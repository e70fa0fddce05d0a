//! The one list of all endpoints.

/// Every endpoint of the platform, in the order of the documentation: those of
/// [`RongCloud`](crate::RongCloud) and those of [`Sms`](crate::Sms).
///
/// Calls the macro at the given path with the types, comma separated.
///
/// ```
/// macro_rules! count {
///     ($($endpoint:ty),+ $(,)?) => { [$(stringify!($endpoint)),+].len() };
/// }
/// assert_eq!(mynah_rongcloud::for_each_endpoint!(count), 83);
/// ```
#[macro_export]
macro_rules! for_each_endpoint {
    ($($callback:tt)+) => {
        $($callback)+! {
            $crate::api::user::GetToken,
            $crate::api::user::RefreshUser,
            $crate::api::user::CheckOnline,
            $crate::api::user::BlockUser,
            $crate::api::user::UnblockUser,
            $crate::api::user::QueryBlockedUsers,
            $crate::api::user::AddToBlacklist,
            $crate::api::user::QueryBlacklist,
            $crate::api::user::RemoveFromBlacklist,
            $crate::api::user::GetUserInfo,
            $crate::api::user::ExpireTokens,
            $crate::api::message::PublishPrivate,
            $crate::api::message::PublishTemplate,
            $crate::api::message::PublishSystem,
            $crate::api::message::PublishSystemTemplate,
            $crate::api::message::PublishGroup,
            $crate::api::message::PublishDiscussion,
            $crate::api::message::PublishChatroom,
            $crate::api::message::BroadcastMessage,
            $crate::api::message::BroadcastOnline,
            $crate::api::message::BroadcastChatrooms,
            $crate::api::message::PublishPrivateStatus,
            $crate::api::message::PublishGroupStatus,
            $crate::api::message::RecallMessage,
            $crate::api::history::GetHistory,
            $crate::api::history::DeleteHistory,
            $crate::api::wordfilter::AddWord,
            $crate::api::wordfilter::DeleteWord,
            $crate::api::wordfilter::ListWords,
            $crate::api::sensitiveword::AddSensitiveWord,
            $crate::api::sensitiveword::DeleteSensitiveWord,
            $crate::api::sensitiveword::DeleteSensitiveWords,
            $crate::api::sensitiveword::ListSensitiveWords,
            $crate::api::group::CreateGroup,
            $crate::api::group::SyncGroups,
            $crate::api::group::RefreshGroup,
            $crate::api::group::JoinGroup,
            $crate::api::group::QueryGroupUsers,
            $crate::api::group::QuitGroup,
            $crate::api::group::AddGroupGag,
            $crate::api::group::ListGroupGags,
            $crate::api::group::RollbackGroupGag,
            $crate::api::group::DismissGroup,
            $crate::api::group::QueryUserGroups,
            $crate::api::group::AddGroupBan,
            $crate::api::group::RollbackGroupBan,
            $crate::api::group::QueryGroupBans,
            $crate::api::group::AddGroupBanWhitelist,
            $crate::api::group::RollbackGroupBanWhitelist,
            $crate::api::group::QueryGroupBanWhitelist,
            $crate::api::chatroom::CreateChatrooms,
            $crate::api::chatroom::JoinChatroom,
            $crate::api::chatroom::QueryChatrooms,
            $crate::api::chatroom::QueryChatroomUsers,
            $crate::api::chatroom::StopDistribution,
            $crate::api::chatroom::ResumeDistribution,
            $crate::api::chatroom::AddChatroomGag,
            $crate::api::chatroom::ListChatroomGags,
            $crate::api::chatroom::RollbackChatroomGag,
            $crate::api::chatroom::AddChatroomBlock,
            $crate::api::chatroom::ListChatroomBlocks,
            $crate::api::chatroom::RollbackChatroomBlock,
            $crate::api::chatroom::DestroyChatrooms,
            $crate::api::chatroom::AddChatroomWhitelist,
            $crate::api::chatroom::RemoveChatroomWhitelist,
            $crate::api::chatroom::QueryChatroomWhitelist,
            $crate::api::chatroom::AddPriority,
            $crate::api::chatroom::RemovePriority,
            $crate::api::chatroom::QueryPriority,
            $crate::api::chatroom::CheckChatroomUsers,
            $crate::api::chatroom::CheckChatroomUser,
            $crate::api::chatroom::AddKeepalive,
            $crate::api::chatroom::RemoveKeepalive,
            $crate::api::chatroom::QueryKeepalive,
            $crate::api::push::SetUserTags,
            $crate::api::push::GetUserTags,
            $crate::api::push::SendPush,
            $crate::api::sms::GetImageCode,
            $crate::api::sms::SendCode,
            $crate::api::sms::VerifyCode,
            $crate::api::conversation::SetNotification,
            $crate::api::conversation::GetNotification,
            $crate::api::conversation::SetTop,
        }
    };
}
