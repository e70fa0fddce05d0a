//! The services of BearyChat, each at a host of its own.

use mynah_core::{BadUrl, BaseUrl};

use crate::{API, HOOK, RTM};

/// A service of BearyChat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Service {
    /// What there is in a team, and what is done with it.
    OpenApi,
    /// Where sockets begin, and what older programs ask for.
    Rtm,
    /// Incoming hooks.
    Hook,
}

impl Service {
    /// The service that a path belongs to.
    pub fn of(path: &str) -> Self {
        match path {
            "/incoming" => Self::Hook,
            "/start" | "/message" => Self::Rtm,
            path if path.starts_with("/v1/") => Self::Rtm,
            _ => Self::OpenApi,
        }
    }

    /// Where the platform has it.
    pub const fn host(self) -> &'static str {
        match self {
            Self::OpenApi => API,
            Self::Rtm => RTM,
            Self::Hook => HOOK,
        }
    }

    /// Where it is below an address that all services share, such as that of a sandbox.
    pub const fn below(self) -> &'static str {
        match self {
            Self::OpenApi => "v1",
            Self::Rtm => "rtm",
            Self::Hook => "hook",
        }
    }

    /// Where it is: below the address that settings name for all services, or at its own host.
    ///
    /// # Errors
    /// There is no such address.
    pub fn base(self, api: Option<&BaseUrl>) -> Result<BaseUrl, BadUrl> {
        match api {
            None => self.host().parse(),
            Some(api) => {
                let shared = api.as_str().trim_end_matches('/');
                format!("{shared}/{}", self.below()).parse()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use mynah_core::{Endpoint, Operation};

    use super::*;

    #[test]
    fn every_call_goes_to_the_service_it_belongs_to() {
        use crate::api::channel::GetChannel;
        use crate::api::incoming::SendIncoming;
        use crate::api::message::CreateMessage;
        use crate::api::rtm::{GetCurrentChannel, SendMessage, Start, StartRtm};

        for (path, service) in [
            (GetChannel::META.path, Service::OpenApi),
            (CreateMessage::META.path, Service::OpenApi),
            (StartRtm::META.path, Service::OpenApi),
            (Start::META.path, Service::Rtm),
            (SendMessage::META.path, Service::Rtm),
            (GetCurrentChannel::META.path, Service::Rtm),
            (SendIncoming::META.path, Service::Hook),
        ] {
            assert_eq!(Service::of(path), service, "{path}");
        }
        let all: &[Operation] = &crate::for_each_endpoint!(mynah_core::operations);
        let count = |service| {
            let paths = all.iter().map(|one| one.meta.path);
            paths.filter(|path| Service::of(path) == service).count()
        };
        let counted = [Service::OpenApi, Service::Rtm, Service::Hook].map(count);
        assert_eq!(counted, [44, 7, 1]);
    }

    #[test]
    fn all_services_are_below_one_address() {
        let api = "http://h/bearychat/".parse().unwrap();
        let below = Service::Rtm.base(Some(&api)).unwrap();
        assert_eq!(below.as_str(), "http://h/bearychat/rtm");
        let own = Service::OpenApi.base(None).unwrap();
        assert_eq!(own.as_str(), "https://api.bearychat.com/v1");
    }
}
