//! Tickets for Stream connections.

use std::collections::BTreeMap;

use mynah_core::ApiError;
use mynah_dingtalk::api::stream::Subscription;
use serde::{Deserialize, Serialize};

use super::limits;
use super::state::trim;
use super::world::DingTalkWorld;
use crate::world::Time;

/// The tickets that were given out and not used.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Tickets(BTreeMap<String, Ticket>);

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Ticket {
    until: Time,
    subscriptions: Vec<Subscription>,
}

impl DingTalkWorld {
    /// Gives a ticket out.
    pub(super) fn issue_ticket(&mut self, subscriptions: Vec<Subscription>) -> String {
        // Such as tickets are: with what must be escaped in a query.
        let ticket = format!("{}+/=", self.state.base64(36));
        let until = self.later(limits::TICKET_MS);
        let tickets = &mut self.state.tickets.0;
        let entry = Ticket {
            until,
            subscriptions,
        };
        tickets.insert(ticket.clone(), entry);
        trim(tickets, limits::ISSUED, |ticket| ticket.until);
        ticket
    }

    /// Opens a connection with a ticket: what it asked to be told of.
    ///
    /// # Errors
    /// 401: nobody was given the ticket, it was used already, or it is older
    /// than 90 seconds.
    pub fn redeem(&mut self, ticket: &str) -> Result<Vec<Subscription>, ApiError> {
        let now = self.state.now;
        let found = self.state.tickets.0.remove(ticket);
        let good = found.filter(|ticket| now < ticket.until);
        let good = good.map(|ticket| ticket.subscriptions);
        good.ok_or_else(|| ApiError::http(401, "the ticket is unknown, used or too old"))
    }
}
