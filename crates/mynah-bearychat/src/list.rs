//! The one list of all endpoints.

/// Every endpoint of the platform: those of [`BearyChat`](crate::BearyChat), of [`Rtm`](crate::Rtm)
/// and of [`Hook`](crate::Hook).
///
/// Calls the macro at the given path with the types, comma separated.
///
/// ```
/// macro_rules! count {
///     ($($endpoint:ty),+ $(,)?) => { [$(stringify!($endpoint)),+].len() };
/// }
/// assert_eq!(mynah_bearychat::for_each_endpoint!(count), 52);
/// ```
#[macro_export]
macro_rules! for_each_endpoint {
    ($($callback:tt)+) => {
        $($callback)+! {
            $crate::api::meta::GetMeta,
            $crate::api::team::GetTeam,
            $crate::api::user::GetUser,
            $crate::api::user::ListUsers,
            $crate::api::user::GetMe,
            $crate::api::user::UpdateMe,
            $crate::api::vchannel::GetVchannel,
            $crate::api::channel::GetChannel,
            $crate::api::channel::ListChannels,
            $crate::api::channel::CreateChannel,
            $crate::api::channel::ArchiveChannel,
            $crate::api::channel::UnarchiveChannel,
            $crate::api::channel::LeaveChannel,
            $crate::api::channel::JoinChannel,
            $crate::api::channel::InviteToChannel,
            $crate::api::channel::KickFromChannel,
            $crate::api::channel::KickOutOfChannel,
            $crate::api::session_channel::GetSessionChannel,
            $crate::api::session_channel::ListSessionChannels,
            $crate::api::session_channel::CreateSessionChannel,
            $crate::api::session_channel::ArchiveSessionChannel,
            $crate::api::session_channel::ConvertToChannel,
            $crate::api::session_channel::LeaveSessionChannel,
            $crate::api::session_channel::InviteToSessionChannel,
            $crate::api::session_channel::KickFromSessionChannel,
            $crate::api::session_channel::KickOutOfSessionChannel,
            $crate::api::p2p::GetP2p,
            $crate::api::p2p::ListP2ps,
            $crate::api::p2p::CreateP2p,
            $crate::api::message::QueryMessages,
            $crate::api::message::GetMessage,
            $crate::api::message::CreateMessage,
            $crate::api::message::DeleteMessage,
            $crate::api::message::UpdateMessageText,
            $crate::api::message::ForwardMessage,
            $crate::api::message_pin::ListPins,
            $crate::api::message_pin::CreatePin,
            $crate::api::message_pin::DeletePin,
            $crate::api::reaction::CreateReaction,
            $crate::api::reaction::DeleteReaction,
            $crate::api::emoji::ListEmoji,
            $crate::api::emoji::ListStickers,
            $crate::api::file::LocateFile,
            $crate::api::rtm::StartRtm,
            $crate::api::rtm::Start,
            $crate::api::rtm::SendMessage,
            $crate::api::rtm::GetCurrentTeam,
            $crate::api::rtm::ListCurrentMembers,
            $crate::api::rtm::ListCurrentChannels,
            $crate::api::rtm::GetCurrentUser,
            $crate::api::rtm::GetCurrentChannel,
            $crate::api::incoming::SendIncoming,
        }
    };
}
