//! RTM: who may open a socket, who has one, and what is said over it.

use std::collections::BTreeMap;

use mynah_bearychat::event::{Connection, Event};
use mynah_bearychat::socket::ClientFrame;
use mynah_bearychat::types::RtmStart;
use mynah_bearychat::{MessageKey, UserId, VchannelId, WsHost, errors};
use mynah_core::ApiError;
use serde::{Deserialize, Serialize};

use super::chat::Speaker;
use super::effect::Effect;
use super::limits;
use super::messages::Content;
use super::refusal::Refusal;
use super::world::BearyChatWorld;
use crate::frame::Framed;
use crate::world::Time;

/// The tickets that were given out.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Tickets(BTreeMap<String, Ticket>);

/// What opens sockets for a while.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ticket {
    user: UserId,
    until: Time,
}

impl Tickets {
    fn add(&mut self, ticket: String, row: Ticket) {
        self.0.insert(ticket, row);
        if self.0.len() > limits::TICKETS {
            let oldest = self.0.iter().min_by_key(|(_, row)| row.until);
            if let Some(ticket) = oldest.map(|(ticket, _)| ticket.clone()) {
                self.0.remove(&ticket);
            }
        }
    }

    /// Whose ticket this is. All of them are looked at, whichever it is.
    fn owner(&self, ticket: &str, now: Time) -> Option<&UserId> {
        let mut owner = None;
        for (known, row) in &self.0 {
            if mynah_crypto::equal(known.as_bytes(), ticket.as_bytes()) && now < row.until {
                owner = Some(&row.user);
            }
        }
        owner
    }
}

impl BearyChatWorld {
    pub(super) fn start(&mut self) -> Result<RtmStart, ApiError> {
        let me = self.me()?;
        let ticket = self.state.word(32);
        let until = self.later(limits::TICKET_MS);
        let row = Ticket {
            user: me.clone(),
            until,
        };
        self.state.tickets.add(ticket.clone(), row);
        let http = self.base_url("/rtm/nimbus/ws:");
        let socket = http.replacen("http", "ws", 1);
        Ok(RtmStart {
            user: self.told_user(&me)?,
            ws_host: WsHost::from(format!("{socket}{ticket}")),
        })
    }

    /// Whose socket it is that is opened with this ticket, as often as one
    /// likes within five minutes.
    ///
    /// # Errors
    /// 401 for a ticket that nobody was given, or that is too old.
    pub fn redeem(&self, ticket: &str) -> Result<UserId, ApiError> {
        let owner = self.state.tickets.owner(ticket, self.state.now);
        owner.cloned().ok_or_else(errors::unauthorized)
    }

    /// A socket of somebody has opened. Everybody hears of it, and first of all
    /// they themselves.
    pub fn connected(&mut self, user: &UserId) {
        let open = self.connections.entry(user.clone()).or_default();
        *open = open.saturating_add(1);
        self.tell_connection(user, Connection::Connected);
    }

    /// A socket of somebody has closed. The others hear of it when it was the
    /// last one.
    pub fn disconnected(&mut self, user: &UserId) {
        let Some(open) = self.connections.get_mut(user) else {
            return;
        };
        *open = open.saturating_sub(1);
        if *open == 0 {
            self.connections.remove(user);
            self.tell_connection(user, Connection::Disconnected);
        }
    }

    fn tell_connection(&mut self, user: &UserId, connection: Connection) {
        let event = Event::connection(user, connection, self.now());
        let to = self.seed.bots.iter().map(|bot| bot.id.clone()).collect();
        let event = Box::new(event);
        self.effect(Effect::Rtm { to, event });
    }

    /// Somebody says something over a socket. What comes of it is told after
    /// it was acknowledged.
    ///
    /// # Errors
    /// What they may not do, as calls are told.
    pub fn frame(&mut self, who: &UserId, frame: &ClientFrame) -> Result<(), ApiError> {
        if frame.text() == Some("") {
            return Err(errors::invalid("text"));
        }
        match frame {
            ClientFrame::Message {
                vchannel_id,
                to_uid,
                text,
                refer_key,
            } => {
                self.may_write_to(who, vchannel_id, to_uid)?;
                self.say_over(who, vchannel_id, text, refer_key.as_ref())?;
            }
            ClientFrame::ChannelMessage {
                vchannel_id,
                channel_id,
                text,
                refer_key,
            } => {
                self.may_write_in(who, vchannel_id, channel_id.as_str())?;
                self.say_over(who, vchannel_id, text, refer_key.as_ref())?;
            }
            // Nobody is told: of that no document speaks.
            ClientFrame::Typing {
                vchannel_id,
                to_uid,
            } => self.may_write_to(who, vchannel_id, to_uid)?,
            ClientFrame::ChannelTyping {
                vchannel_id,
                channel_id,
            } => self.may_write_in(who, vchannel_id, channel_id.as_str())?,
            _ => return Err(errors::invalid("type")),
        }
        Ok(())
    }

    /// Whether somebody speaks to the one who is named.
    fn may_write_to(
        &self,
        who: &UserId,
        vchannel: &VchannelId,
        to: &UserId,
    ) -> Result<(), Refusal> {
        self.speaker(vchannel, who)?;
        let vchannel = self.vchannel(vchannel)?;
        if vchannel.is_p2p() && vchannel.has(to) && to != who {
            return Ok(());
        }
        Err(Refusal::Bad {
            parameter: "to_uid",
            problem: "is not the other one there",
        })
    }

    /// Whether somebody speaks in the channel that is named.
    fn may_write_in(
        &self,
        who: &UserId,
        vchannel: &VchannelId,
        channel: &str,
    ) -> Result<(), Refusal> {
        self.speaker(vchannel, who)?;
        if !self.vchannel(vchannel)?.is_p2p() && vchannel.as_str() == channel {
            return Ok(());
        }
        Err(Refusal::Bad {
            parameter: "channel_id",
            problem: "is not the channel that this is",
        })
    }

    fn say_over(
        &mut self,
        who: &UserId,
        vchannel: &VchannelId,
        text: &str,
        refer_key: Option<&MessageKey>,
    ) -> Result<(), Refusal> {
        self.quotable(vchannel, refer_key)?;
        let content = Content {
            refer_key: refer_key.cloned(),
            ..Content::text(text)
        };
        self.speak(vchannel, Speaker::User(who.clone()), content);
        Ok(())
    }
}
