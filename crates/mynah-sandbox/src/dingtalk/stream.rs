//! Who may open a Stream connection.

use std::collections::BTreeMap;

use mynah_core::ApiError;
use mynah_dingtalk::api::stream::Subscription;
use mynah_dingtalk::platform::open::word;
use serde::{Deserialize, Serialize};

use super::limits;
use super::world::DingTalkWorld;
use crate::frame::{Framed as _, trim};
use crate::world::Time;

/// The tickets that were given out and not used.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Tickets(BTreeMap<String, Ticket>);

/// What opens one connection.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Ticket {
    until: Time,
    subscriptions: Vec<Subscription>,
}

impl DingTalkWorld {
    /// Gives out a ticket for a connection that is told of these things.
    pub(super) fn issue_ticket(&mut self, subscriptions: Vec<Subscription>) -> String {
        // Programs are known that put it into the query as it is.
        let ticket = [8, 4, 4, 4, 12].map(|length| self.state.hex(length));
        let ticket = ticket.join("-");
        let until = self.later(limits::TICKET_MS);
        let tickets = &mut self.state.tickets.0;
        let row = Ticket {
            until,
            subscriptions,
        };
        tickets.insert(ticket.clone(), row);
        trim(tickets, limits::ISSUED, |ticket| ticket.until);
        ticket
    }

    /// What a connection is told of that is opened with this ticket, which is
    /// used up.
    ///
    /// # Errors
    /// 401 `authFailed` for a ticket that nobody was given, that has opened a
    /// connection before, or that is older than 90 seconds.
    pub fn redeem(&mut self, ticket: &str) -> Result<Vec<Subscription>, ApiError> {
        let now = self.state.now;
        let found = self.state.tickets.0.remove(ticket);
        let good = found.filter(|ticket| now < ticket.until);
        Ok(good.ok_or_else(auth_failed)?.subscriptions)
    }
}

/// The refusal of whoever wants to open a connection, as it was seen on the
/// live service.
pub(super) fn auth_failed() -> ApiError {
    ApiError::new(word::AUTH_FAILED, "鉴权失败").with_status(401)
}
