//! What the rims of all platforms have in common.
//!
//! | module | what it carries |
//! |---|---|
//! | [`call`] | a call, from whichever transport, past the faults and into the world |
//! | [`http`] | calls over HTTP |
//! | [`handshake`] | WebSockets that are opened to us |
//! | [`socket`] | what runs on a WebSocket, whoever opened it |
//! | [`sockets`] | the list of those that are open |
//! | [`outbox`] | what waits to be delivered |
//! | [`post`] | what is posted over HTTP |
//! | [`lanes`] | posts that go out in order, lane by lane |
//! | [`fate`] | what faults do to any of it |
//!
//! A platform's part of the shared state is a [`Side`]; [`Rim`] and the traits
//! next to what they serve are how the shared code speaks to it.

pub(crate) mod call;
pub(crate) mod fate;
pub(crate) mod handshake;
pub(crate) mod http;
pub(crate) mod lanes;
pub(crate) mod outbox;
pub(crate) mod post;
pub(crate) mod socket;
pub(crate) mod sockets;

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use mynah_core::HttpResponse;
use serde_json::{Map, Value};
use tokio::sync::Notify;

use crate::control::fields::Fields;
use crate::hub::Hub;
use crate::journal::{self, Entry, Verdict};
use crate::platforms::{Place, Platform, Sides};
use crate::world::{Rejected, Time, World};
use outbox::Outbox;

/// What the sandbox knows of one platform.
pub(crate) trait Side: Debug + Send + 'static {
    /// The world.
    fn world(&self) -> &dyn World;

    /// The same, for changing it.
    fn world_mut(&mut self) -> &mut dyn World;

    /// When something happens by itself.
    fn due(&self) -> Option<Time>;

    /// Takes over what the world wants to push.
    fn collect(&mut self);

    /// What is to be rung, if something waits to be delivered.
    fn waiting(&self) -> Option<Arc<Notify>>;

    /// Starts over from the seed; what waits to be delivered is forgotten.
    fn reset(&mut self);

    /// Where events are delivered to and how the platform behaves, without
    /// secrets.
    fn delivery(&self) -> Value;

    /// Changes what is given and nothing else; or nothing at all, if anything
    /// given is wrong. Answers what remains to be done about it.
    fn change_delivery(&mut self, fields: Fields) -> Result<Option<Errand>, Rejected>;

    /// The clock is being moved. Where a platform ends things after a while,
    /// it may do so from now on.
    fn clock_moves(&mut self) {}

    /// Closes all WebSockets; they may come back.
    fn disconnect(&mut self);

    /// Lets nothing more pass over the WebSockets that are open, where the
    /// platform has this fault.
    fn cut(&mut self) {}

    /// Announces the end of all WebSockets, where the platform has this fault;
    /// answers what is to be written down.
    fn bid_farewell(&mut self) -> Vec<Entry> {
        Vec::new()
    }

    /// Closes all WebSockets, and those that open from now on.
    fn shut(&mut self);

    /// How many WebSockets are open or closing.
    fn sockets(&self) -> usize;
}

/// Something that takes a while and ends in a report: what it found, by name.
pub(crate) type Errand =
    Box<dyn FnOnce(Arc<Hub>) -> Pin<Box<dyn Future<Output = Map<String, Value>> + Send>> + Send>;

/// A platform, as far as all of them are the same.
pub(crate) trait Rim: Side + Sized {
    /// What it brings along.
    const PLATFORM: Platform;
    /// What its world starts from.
    type Seed;
    /// What can be set when the sandbox is started.
    type Options: Debug + Default;
    /// What it delivers.
    type Load: Debug + Send;

    /// Its side of a new sandbox.
    fn open(seed: &Self::Seed, options: Self::Options, place: &Place) -> Result<Self, Rejected>;

    /// It among all sides.
    fn among(sides: &mut Sides) -> &mut Self;

    /// What waits to be delivered.
    fn outbox(&mut self) -> &mut Outbox<Self::Load>;

    /// The messages that were made or changed since this was asked last, where
    /// answers do not name them.
    fn touched(&mut self) -> Vec<String> {
        Vec::new()
    }

    /// What an answer says, for the journal.
    fn read_answer(answer: &HttpResponse) -> Reading;

    /// A body as it may be shown: without secrets.
    fn show(body: &Bytes) -> String {
        journal::text(body)
    }

    /// An address as it may be shown, whole or from its path on: without
    /// secrets.
    fn show_url(url: &str) -> String {
        journal::url(url)
    }
}

/// What the journal says of an answer.
#[derive(Debug)]
pub(crate) struct Reading {
    /// What became of the call.
    pub(crate) verdict: Verdict,
    /// More about that, in words; empty when all is well.
    pub(crate) note: String,
    /// The message that the answer names.
    pub(crate) message: Option<String>,
}
