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
            $crate::api::message::PublishPrivate,
            $crate::api::history::GetHistory,
            $crate::api::history::DeleteHistory,
        }
    };
}
