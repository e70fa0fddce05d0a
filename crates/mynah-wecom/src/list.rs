//! The one list of all endpoints.

/// Every endpoint of the platform, in the order of the documentation.
///
/// Calls the macro at the given path with the types, comma separated.
///
/// ```
/// macro_rules! count {
///     ($($endpoint:ty),+ $(,)?) => { [$(stringify!($endpoint)),+].len() };
/// }
/// assert_eq!(mynah_wecom::for_each_endpoint!(count), 58);
/// ```
#[macro_export]
macro_rules! for_each_endpoint {
    ($($callback:tt)+) => {
        $($callback)+! {
            $crate::api::token::GetToken,
            $crate::api::appchat::CreateAppchat,
            $crate::api::appchat::GetAppchat,
            $crate::api::appchat::UpdateAppchat,
            $crate::api::appchat::SendAppchat,
            $crate::api::message::SendMessage,
            $crate::api::message::RecallMessage,
            $crate::api::message::UpdateTemplateCard,
            $crate::api::message::UpdateTaskcard,
            $crate::api::media::UploadMedia,
            $crate::api::media::GetMedia,
            $crate::api::media::GetJssdkMedia,
            $crate::api::media::UploadImage,
            $crate::api::user::GetUser,
            $crate::api::user::ListUsers,
            $crate::api::user::ListUserNames,
            $crate::api::user::ListUserIds,
            $crate::api::user::GetUserId,
            $crate::api::user::CreateUser,
            $crate::api::user::UpdateUser,
            $crate::api::user::DeleteUser,
            $crate::api::user::DeleteUsers,
            $crate::api::user::ConvertToOpenid,
            $crate::api::user::ConvertToUserid,
            $crate::api::user::VerifyUser,
            $crate::api::user::GetJoinQrcode,
            $crate::api::user::GetActiveStat,
            $crate::api::user::GetUserInfo,
            $crate::api::department::ListDepartments,
            $crate::api::department::ListDepartmentIds,
            $crate::api::department::GetDepartment,
            $crate::api::department::CreateDepartment,
            $crate::api::department::UpdateDepartment,
            $crate::api::department::DeleteDepartment,
            $crate::api::tag::ListTags,
            $crate::api::tag::GetTag,
            $crate::api::tag::CreateTag,
            $crate::api::tag::UpdateTag,
            $crate::api::tag::DeleteTag,
            $crate::api::tag::AddTagUsers,
            $crate::api::tag::DeleteTagUsers,
            $crate::api::agent::GetAgent,
            $crate::api::agent::ListAgents,
            $crate::api::agent::SetAgent,
            $crate::api::agent::CreateMenu,
            $crate::api::agent::GetMenu,
            $crate::api::agent::DeleteMenu,
            $crate::api::misc::GetCallbackIp,
            $crate::api::webhook::SendWebhook,
            $crate::api::webhook::UploadWebhookMedia,
            $crate::api::aibot::RespondAibot,
            $crate::aibot::RespondMsg,
            $crate::aibot::RespondWelcomeMsg,
            $crate::aibot::RespondUpdateMsg,
            $crate::aibot::SendMsg,
            $crate::aibot::UploadMediaInit,
            $crate::aibot::UploadMediaChunk,
            $crate::aibot::UploadMediaFinish,
        }
    };
}
