//! What a robot with an incoming hook says.

use mynah_bearychat::api::incoming::SendIncoming;
use mynah_bearychat::{Hook, IncomingHook};
use mynah_client::Client;
use secrecy::ExposeSecret;
use serde_json::json;

use super::capabilities::ROBOT_CAPABILITIES;
use super::compile::{Piece, Way, compile};
use crate::capability::Capabilities;
use crate::choices::Choices;
use crate::config::{BadConfig, BearyChatRobot};
use crate::event::Event;
use crate::id::{Conversation, MessageId, Place, Platform};
use crate::media::check_addresses;
use crate::message::Message;
use crate::outgoing::{Speaker, answer, no_place, read_raw, say};
use crate::reply::{BotError, Outbox, Reply, Result, Sending};
use crate::way::transport;
use mynah_bearychat::Service;

/// Says things through an incoming hook, which knows places by their names: in a channel
/// (`bearychat:group:dev`; in the hook's own one, if there is none of that name), and to somebody
/// (`bearychat:user:alice`, or a mail address or telephone).
///
/// A [raw](crate::Part::Raw) body has a `text`, and what else the hook takes.
#[derive(Clone, Debug)]
pub struct RobotOutbox {
    client: Client<Hook>,
    choices: Choices,
}

impl RobotOutbox {
    /// An outbox over `client`, whose credential is the address of the hook.
    pub fn new(client: Client<Hook>) -> Self {
        let choices = Choices::default();
        Self { client, choices }
    }

    /// The same where answers come in for what it writes as numbered lines.
    pub(super) fn offering(self, choices: Choices) -> Self {
        Self { choices, ..self }
    }
}

impl Speaker for RobotOutbox {
    const HERE: Platform = Platform::BearyChat;
    type Piece = Piece;

    fn choices(&self) -> Option<&Choices> {
        Some(&self.choices)
    }

    async fn put(&self, to: &Conversation, piece: Piece) -> Result<Option<MessageId>> {
        let name = to.id.to_string();
        let place = match to.kind {
            Place::Group => json!({ "channel": name }),
            Place::Direct => json!({ "user": name }),
            Place::Temporary => return Err(no_place(to, Platform::BearyChat)),
        };
        let body = match piece {
            // What the platform takes for granted was otherwise once.
            Piece::Said { text, attachments } => {
                json!({ "text": text, "markdown": true, "attachments": attachments })
            }
            Piece::Raw(body) => body,
            Piece::Quoting { .. } => return Err(BotError::new("a hook quotes nothing")),
        };
        let post: SendIncoming = read_raw(body, place)?;
        self.client.call(post).await?;
        Ok(None)
    }
}

impl Outbox for RobotOutbox {
    fn capabilities(&self) -> Capabilities {
        ROBOT_CAPABILITIES
    }

    fn send<'a>(&'a self, to: &'a Conversation, message: &'a Message) -> Sending<'a> {
        Box::pin(async move {
            check_addresses(Platform::BearyChat, message)?;
            say(self, to, compile(message, Way::Calls)).await
        })
    }

    fn answer<'a>(&'a self, event: &'a Event, reply: &'a Reply) -> Sending<'a> {
        answer(self, event, reply)
    }
}

/// A client that posts to the hook of these settings.
///
/// # Errors
/// The address cannot be read, or is none of an incoming hook.
pub fn robot_client(settings: &BearyChatRobot) -> Result<Client<Hook>, BadConfig> {
    let address = settings.hook.read_as("hook")?;
    let hook = IncomingHook::of(address.expose_secret());
    let hook = hook.map_err(|error| BadConfig::new(format!("hook: {error}")))?;
    let base = Service::Hook.base(settings.api.as_ref())?;
    Ok(Client::builder(base).auth(hook).over(transport()))
}
