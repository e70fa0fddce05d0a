//! The server side of every endpoint, one file per area as in
//! [`mynah_dingtalk::api`].

/// Calls that are not served yet.
macro_rules! later {
    ($($endpoint:ty),+ $(,)?) => {$(
        impl crate::serve::Serve<$endpoint> for crate::dingtalk::world::DingTalkWorld {
            fn serve(
                &mut self,
                _: $endpoint,
            ) -> Result<<$endpoint as mynah_core::Endpoint>::Output, mynah_core::ApiError> {
                Err(mynah_core::ApiError::new(-1, "not yet"))
            }
        }
    )+};
}

mod callback;
mod card;
mod chat;
mod department;
mod im;
mod media;
mod notice;
mod robot;
mod stream;
mod token;
mod top;
mod user;
