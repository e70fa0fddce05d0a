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
/// assert!(mynah_rongcloud::for_each_endpoint!(count) > 0);
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
        }
    };
}
