//! The platforms that the sandbox hosts: the one list of them.

use std::sync::Arc;

use axum::Router;
use tokio::task::JoinSet;

use crate::bearychat::rim::BearyChatSide;
use crate::control::Field;
use crate::coverage;
use crate::dingtalk::rim::DingTalkSide;
use crate::fault;
use crate::hub::Hub;
use crate::onebot::rim::OneBotSide;
use crate::rim::{Rim, Side};
use crate::rongcloud::rim::RongCloudSide;
use crate::seed::Seed;
use crate::server::Server;
use crate::wecom::rim::WeComSide;
use crate::world::{Rejected, Time};

/// What a platform brings along besides its [`Side`] of the state.
#[derive(Debug)]
pub(crate) struct Platform {
    /// The first word of its paths, such as `onebot`.
    pub(crate) name: &'static str,
    /// What answers at its paths.
    pub(crate) router: fn() -> Router<Server>,
    /// Starts what goes on without being asked.
    pub(crate) background: fn(&Arc<Hub>, &mut JoinSet<()>),
    /// What it offers and what proves it.
    pub(crate) coverage: &'static coverage::Platform,
    /// What can be given to `PUT /control/<name>/delivery`.
    pub(crate) delivery: &'static [Field],
    /// What can go wrong there and not everywhere.
    pub(crate) faults: &'static [fault::Kind],
}

/// Where a platform finds itself.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Where people and bots find the server, such as
    /// `http://127.0.0.1:7700`, without a slash at the end.
    pub(crate) public_url: String,
    /// The path under which the pictures and files of worlds are served; a
    /// name is appended.
    pub(crate) media_path: &'static str,
    /// Whether all documented quotas are on.
    pub(crate) strict: bool,
}

macro_rules! platforms {
    ($($name:ident: $side:ty),* $(,)?) => {
        /// How many platforms there are.
        pub(crate) const COUNT: usize = [$(<$side as Rim>::PLATFORM.name),*].len();

        /// What each of them brings along.
        pub(crate) const ALL: [&Platform; COUNT] = [$(&<$side as Rim>::PLATFORM),*];

        /// The sides of all platforms.
        #[derive(Debug)]
        pub(crate) struct Sides {
            $(pub(crate) $name: $side),*
        }

        /// The options of all platforms.
        #[derive(Debug, Default)]
        pub(crate) struct Options {
            $(pub(crate) $name: <$side as Rim>::Options),*
        }

        impl Sides {
            /// All worlds as the seed describes them.
            pub(crate) fn open(
                seed: &Seed,
                options: Options,
                place: &Place,
            ) -> Result<Self, Rejected> {
                Ok(Self {
                    $($name: <$side as Rim>::open(&seed.$name, options.$name, place)?),*
                })
            }

            /// Each of them, in the order of the list.
            pub(crate) fn each(&self) -> [&dyn Side; COUNT] {
                [$(&self.$name),*]
            }

            /// The same, for changing them.
            pub(crate) fn each_mut(&mut self) -> [&mut dyn Side; COUNT] {
                [$(&mut self.$name),*]
            }
        }
    };
}

platforms! {
    onebot: OneBotSide,
    wecom: WeComSide,
    dingtalk: DingTalkSide,
    rongcloud: RongCloudSide,
    bearychat: BearyChatSide,
}

/// What a platform brings along; nothing if there is none of this name.
pub(crate) fn find(name: &str) -> Option<&'static Platform> {
    ALL.into_iter().find(|platform| platform.name == name)
}

/// What is said where another one is named.
pub(crate) fn unknown() -> Rejected {
    let names = ALL.map(|platform| platform.name);
    Rejected::missing("platform", format!("is none of {}", names.join(", ")))
}

impl Sides {
    /// When something happens by itself in any world.
    pub(crate) fn due(&self) -> Option<Time> {
        self.each().into_iter().filter_map(Side::due).min()
    }

    /// How many WebSockets are open.
    pub(crate) fn sockets(&self) -> usize {
        self.each().into_iter().map(Side::sockets).sum()
    }

    /// The side of a platform.
    pub(crate) fn of(&mut self, platform: &str) -> Result<&mut dyn Side, Rejected> {
        self.each_mut()
            .into_iter()
            .find(|side| side.world().platform() == platform)
            .ok_or_else(unknown)
    }
}
