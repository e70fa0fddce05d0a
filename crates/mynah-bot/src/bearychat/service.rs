//! The services of BearyChat, each at a host of its own.

use mynah_core::BaseUrl;

use crate::config::BadConfig;

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
            Self::OpenApi => mynah_bearychat::API,
            Self::Rtm => mynah_bearychat::RTM,
            Self::Hook => mynah_bearychat::HOOK,
        }
    }

    /// Where it is: below the address that settings name for all services, or at its own host.
    ///
    /// # Errors
    /// There is no such address.
    pub fn base(self, api: Option<&BaseUrl>) -> Result<BaseUrl, BadConfig> {
        let Some(api) = api else {
            return self.host().parse().map_err(BadConfig::new);
        };
        let below = match self {
            Self::OpenApi => "v1",
            Self::Rtm => "rtm",
            Self::Hook => "hook",
        };
        let address = format!("{}/{below}", api.as_str().trim_end_matches('/'));
        address.parse().map_err(BadConfig::new)
    }
}

#[cfg(test)]
mod tests {
    use mynah_core::{Endpoint, Operation};

    use super::*;

    #[test]
    fn every_call_goes_to_the_service_it_belongs_to() {
        use mynah_bearychat::api::channel::GetChannel;
        use mynah_bearychat::api::incoming::SendIncoming;
        use mynah_bearychat::api::message::CreateMessage;
        use mynah_bearychat::api::rtm::{GetCurrentChannel, SendMessage, Start, StartRtm};

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
        let all: &[Operation] = &mynah_bearychat::for_each_endpoint!(mynah_core::operations);
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
