//! The names of callbacks and commands on the long connection.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use mynah_core::{ApiError, Cx};

use super::callback::{Callback, Event, Kind};
use super::frame::cmd;
use crate::errors;
use crate::platform::errcode;

/// Names commands as the vendor's SDKs do: `<cmd>_<milliseconds>_<8 hex>`. The
/// last part counts, so that no two of a connection are the same.
#[derive(Debug)]
pub(super) struct ReqIds {
    opened: Instant,
    wall: SystemTime,
    count: u32,
}

impl ReqIds {
    pub(super) fn new(cx: Cx) -> Self {
        let [_, _, _, _, low @ ..] = cx.nonce.to_be_bytes();
        Self {
            opened: cx.now,
            wall: cx.wall,
            count: u32::from_be_bytes(low),
        }
    }

    pub(super) fn next(&mut self, command: &str, now: Instant) -> String {
        self.count = self.count.wrapping_add(1);
        let passed = now.saturating_duration_since(self.opened);
        let wall = self.wall.checked_add(passed).unwrap_or(self.wall);
        let millis = wall
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_millis();
        format!("{command}_{millis}_{:08x}", self.count)
    }
}

/// What a `req_id` stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Message,
    EnterChat,
    Card,
    /// An event that cannot be answered.
    Other,
}

impl Origin {
    pub(super) fn of(callback: &Callback) -> Self {
        match callback.kind {
            Kind::Message { .. } | Kind::Refresh(_) => Self::Message,
            Kind::Event(Event::EnterChat) => Self::EnterChat,
            Kind::Event(Event::Card(_)) => Self::Card,
            Kind::Event(_) => Self::Other,
        }
    }

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Message => "a message",
            Self::EnterChat => "an `enter_chat`",
            Self::Card => "a `template_card_event`",
            Self::Other => "an event without an answer",
        }
    }

    /// How long it may be answered.
    const fn good_for(self) -> Duration {
        match self {
            Self::Message => Duration::from_secs(24 * 3600),
            Self::EnterChat | Self::Card | Self::Other => Duration::from_secs(5),
        }
    }

    /// What a command answers, if it answers anything.
    fn wanted(command: &str) -> Option<Self> {
        Some(match command {
            cmd::RESPOND => Self::Message,
            cmd::WELCOME => Self::EnterChat,
            cmd::UPDATE => Self::Card,
            _ => return None,
        })
    }
}

/// The `req_id`s that the platform gave out over one connection.
#[derive(Debug, Default)]
pub(super) struct Issued {
    known: BTreeMap<String, (Origin, Instant)>,
    order: VecDeque<String>,
}

impl Issued {
    /// So many are kept; of older ones only the platform knows what they are.
    const MOST: usize = 1024;

    pub(super) fn note(&mut self, req_id: String, origin: Origin, now: Instant) {
        if self.known.insert(req_id.clone(), (origin, now)).is_none() {
            self.order.push_back(req_id);
        }
        if self.order.len() > Self::MOST
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }

    /// Why the platform would refuse this answer, if that is known.
    pub(super) fn objection(&self, command: &str, req_id: &str, now: Instant) -> Option<ApiError> {
        let wanted = Origin::wanted(command)?;
        let (origin, since) = self.known.get(req_id)?;
        let (good_for, age) = (origin.good_for(), now.saturating_duration_since(*since));
        let problem = if *origin != wanted {
            format!("it names {}, not {}", origin.words(), wanted.words())
        } else if age > good_for {
            format!(
                "{} can be answered for {} s, {} s have passed",
                origin.words(),
                good_for.as_secs(),
                age.as_secs()
            )
        } else {
            return None;
        };
        let code = errcode::INVALID_REQ_ID;
        let words = format!("{}, not sent: {problem}", errors::text(code));
        Some(ApiError::new(code, words))
    }
}
