//! What a hubot says.

use mynah_bearychat::api::channel::JoinChannel;
use mynah_bearychat::api::message::{CreateMessage, DeleteMessage, UpdateMessageText};
use mynah_bearychat::api::reaction::{CreateReaction, DeleteReaction};
use mynah_bearychat::api::vchannel::GetVchannel;
use mynah_bearychat::errors::code;
use mynah_bearychat::socket::{ClientFrame, Sent};
use mynah_bearychat::types::Vchannel;
use mynah_bearychat::{BearyChat, MessageKey, Rtm, Token, VchannelId};
use mynah_client::{Client, HyperTransport};
use mynah_core::{Error, File};
use mynah_inbound::Handle;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::capabilities::{HUBOT_CAPABILITIES, SOCKET_CAPABILITIES};
use super::compile::{Piece, Way, compile};
use super::places::{Kind, Places};
use crate::capability::{Capabilities, Capability};
use crate::choices::Choices;
use crate::config::{BadConfig, BearyChatHubot};
use crate::event::Event;
use crate::id::{Conversation, MessageId, Place, Platform};
use crate::media::check_addresses;
use crate::message::{Media, Message};
use crate::outgoing::{Speaker, answer, from_address, no_place, read_raw, say};
use crate::reply::{BotError, Doing, Outbox, Reply, Result, Sending};
use crate::way::transport;
use mynah_bearychat::Service;

/// Says things as a hubot: to people (`bearychat:user:=bw52O`), in channels and among several
/// (`bearychat:group:=bwDfQ`, a `vchannel_id`).
///
/// A public channel that the hubot does not belong to is joined, and then it says it. What quotes
/// goes over the socket, where there is one; the platform does not tell what it is called then, so
/// it has no id.
///
/// A [raw](crate::Part::Raw) body has a `text`, and may have `attachments`.
#[derive(Clone, Debug)]
pub struct HubotOutbox {
    client: Client<BearyChat>,
    socket: Option<Handle>,
    places: Places,
    transport: HyperTransport,
    choices: Choices,
}

impl HubotOutbox {
    /// An outbox over `client`, whose credential is the token of the hubot.
    pub fn new(client: Client<BearyChat>) -> Self {
        Self {
            client,
            socket: None,
            places: Places::default(),
            transport: transport(),
            choices: Choices::default(),
        }
    }

    /// The same with the socket of the hubot, for what calls cannot do.
    #[must_use]
    pub fn with_socket(&self, socket: Handle) -> Self {
        Self {
            socket: Some(socket),
            ..self.clone()
        }
    }

    /// The client underneath, for everything that is not a reply.
    pub fn client(&self) -> &Client<BearyChat> {
        &self.client
    }

    /// The buttons that it has written as numbered lines.
    pub(super) fn offered(&self) -> &Choices {
        &self.choices
    }

    pub(super) fn places(&self) -> &Places {
        &self.places
    }

    /// What the platform calls a conversation.
    pub(super) async fn vchannel(&self, place: &Conversation) -> Result<VchannelId> {
        let id = place.id.to_string();
        match place.kind {
            _ if place.platform != Platform::BearyChat => {}
            Place::Group => return Ok(id.into()),
            Place::Direct => return Ok(self.places.with(&self.client, &id.into()).await?),
            Place::Temporary => {}
        }
        Err(no_place(place, Platform::BearyChat))
    }

    /// Says something; a channel that can be joined for that is joined.
    async fn say(&self, to: &Conversation, message: CreateMessage) -> Result<MessageId> {
        let refused = match self.client.call(message.clone()).await {
            Ok(said) => return Ok(message_id(&said.key)),
            Err(error) if is_forbidden(&error) => error,
            Err(error) => return Err(error.into()),
        };
        let joined = to.kind == Place::Group && self.join(&message.vchannel_id).await?;
        if !joined {
            return Err(Forbidden::new(to, refused).into());
        }
        // It was not said before: it was refused.
        let said = self.client.call(message).await?;
        Ok(message_id(&said.key))
    }

    /// Joins a channel that is open to everybody, if the hubot does not belong to it. Tells
    /// whether it does now and did not before.
    async fn join(&self, vchannel: &VchannelId) -> Result<bool> {
        let found = match self.client.call(GetVchannel::new(vchannel.clone())).await {
            Ok(found) => found,
            Err(error) if is_forbidden(&error) => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        let Vchannel::Channel(channel) = found else {
            return Ok(false);
        };
        if channel.private || channel.is_member || !channel.is_active {
            return Ok(false);
        }
        match self.client.call(JoinChannel::new(channel.id)).await {
            Ok(_) => {
                tracing::info!(%vchannel, "joined, to say something there");
                Ok(true)
            }
            Err(error) if is_forbidden(&error) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Quotes over the socket, which wants to know more than calls.
    async fn quote(
        &self,
        socket: &Handle,
        to: &Conversation,
        key: MessageKey,
        text: String,
    ) -> Result<()> {
        let vchannel_id = self.vchannel(to).await?;
        let frame = if to.kind == Place::Direct {
            ClientFrame::message(vchannel_id, to.id.to_string(), text)
        } else {
            let channel_id = match self.places.kind(&self.client, &vchannel_id).await? {
                Kind::Channel(id) => id,
                _ => vchannel_id.as_str().into(),
            };
            ClientFrame::ChannelMessage {
                vchannel_id,
                channel_id,
                text,
                refer_key: None,
            }
        };
        let answer = socket.call(frame.quoting(key).to_request()).await?;
        Sent::of(&answer).map_err(|refused| match refused.code.number() {
            Some(code::FORBIDDEN) => BotError::from(Forbidden::new(to, refused)),
            _ => refused.into(),
        })?;
        Ok(())
    }

    async fn raw(&self, to: &Conversation, body: Value) -> Result<MessageId> {
        let vchannel_id = self.vchannel(to).await?;
        let message = read_raw(body, json!({ "vchannel_id": vchannel_id }))?;
        self.say(to, message).await
    }
}

fn is_forbidden(error: &Error) -> bool {
    let code = error.api().and_then(|error| error.code.number());
    code == Some(code::FORBIDDEN)
}

fn message_id(key: &MessageKey) -> MessageId {
    MessageId::new(Platform::BearyChat, key.as_str())
}

/// The hubot may not say anything there: it does not belong to the conversation and cannot join it
/// by itself, or the conversation is archived.
#[derive(Debug)]
pub struct Forbidden {
    /// Where.
    pub conversation: Conversation,
    error: Box<dyn std::error::Error + Send + Sync>,
}

impl Forbidden {
    fn new(
        conversation: &Conversation,
        error: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self {
            conversation: conversation.clone(),
            error: Box::new(error),
        }
    }
}

impl std::fmt::Display for Forbidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            conversation,
            error,
        } = self;
        write!(
            f,
            "{conversation}: the hubot does not belong there, or it is archived: {error}"
        )
    }
}

impl std::error::Error for Forbidden {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.error)
    }
}

impl Speaker for HubotOutbox {
    const HERE: Platform = Platform::BearyChat;
    type Piece = Piece;

    fn choices(&self) -> Option<&Choices> {
        Some(&self.choices)
    }

    async fn put(&self, to: &Conversation, piece: Piece) -> Result<Option<MessageId>> {
        match piece {
            Piece::Said { text, attachments } => {
                let vchannel_id = self.vchannel(to).await?;
                let message = CreateMessage::new(vchannel_id, text).attachments(attachments);
                self.say(to, message).await.map(Some)
            }
            Piece::Quoting { key, text } => match &self.socket {
                Some(socket) => self.quote(socket, to, key, text).await.map(|()| None),
                None => Err(BotError::new("nothing is quoted without a socket")),
            },
            Piece::Raw(body) => self.raw(to, body).await.map(Some),
        }
    }
}

impl Outbox for HubotOutbox {
    fn capabilities(&self) -> Capabilities {
        match self.socket {
            Some(_) => SOCKET_CAPABILITIES,
            None => HUBOT_CAPABILITIES,
        }
    }

    fn send<'a>(&'a self, to: &'a Conversation, message: &'a Message) -> Sending<'a> {
        let way = match self.socket {
            Some(_) => Way::Socket,
            None => Way::Calls,
        };
        Box::pin(async move {
            check_addresses(Platform::BearyChat, message)?;
            say(self, to, compile(message, way)).await
        })
    }

    fn answer<'a>(&'a self, event: &'a Event, reply: &'a Reply) -> Sending<'a> {
        answer(self, event, reply)
    }

    /// What is left of it says that it was deleted.
    fn recall<'a>(&'a self, from: &'a Conversation, message: &'a MessageId) -> Doing<'a, ()> {
        Box::pin(async move {
            let vchannel_id = self.vchannel(from).await?;
            let delete = DeleteMessage::new(vchannel_id, message.id.to_string());
            self.client.call(delete).await?;
            Ok(())
        })
    }

    /// What is attached to it stays.
    fn edit<'a>(
        &'a self,
        of: &'a Conversation,
        message: &'a MessageId,
        into: &'a Message,
    ) -> Doing<'a, ()> {
        Box::pin(async move {
            let compiled = compile(into, Way::Calls);
            compiled.log_losses();
            let [Piece::Said { text, attachments }] = compiled.pieces.as_slice() else {
                return Err(self.capabilities().refuse(Capability::Edit).into());
            };
            if !attachments.is_empty() {
                return Err(self.capabilities().refuse(Capability::Edit).into());
            }
            let vchannel_id = self.vchannel(of).await?;
            let key = message.id.to_string();
            let update = UpdateMessageText::new(vchannel_id, key, text.as_str());
            self.client.call(update).await?;
            Ok(())
        })
    }

    /// By the name of an emoji between colons, such as `:+1:`.
    fn react<'a>(
        &'a self,
        at: &'a Conversation,
        message: &'a MessageId,
        reaction: &'a str,
    ) -> Doing<'a, ()> {
        Box::pin(async move {
            let vchannel_id = self.vchannel(at).await?;
            let key = message.id.to_string();
            let react = CreateReaction::new(vchannel_id, key, reaction);
            self.client.call(react).await?;
            Ok(())
        })
    }

    fn unreact<'a>(
        &'a self,
        at: &'a Conversation,
        message: &'a MessageId,
        reaction: &'a str,
    ) -> Doing<'a, ()> {
        Box::pin(async move {
            let vchannel_id = self.vchannel(at).await?;
            let key = message.id.to_string();
            let back = DeleteReaction::new(vchannel_id, key, reaction);
            self.client.call(back).await?;
            Ok(())
        })
    }

    /// From its address.
    fn fetch<'a>(&'a self, media: &'a Media) -> Doing<'a, File> {
        Box::pin(from_address::<BearyChat>(&self.transport, media))
    }

    crate::reply::done_by! {
        history(at: Conversation, past: Past) -> Vec<crate::Said> = read;
        /// A private channel; without a name a session channel (临时讨论组). Nobody can be named as
        /// its owner.
        create_group(group: NewGroup) -> crate::Created = create;
        group(place: Conversation) -> crate::GroupInfo = tell;
        members(of: Conversation) -> Vec<crate::Member> = list;
        add_members(to: Conversation, users: [UserId]) -> crate::Changed = add;
        remove_members(from: Conversation, users: [UserId]) -> crate::Changed = remove;
        leave(place: Conversation) -> () = go;
        /// It is archived: what was said in it stays.
        dismiss(place: Conversation) -> () = archive;
    }
}

/// A client that calls as the hubot of these settings.
///
/// # Errors
/// The token cannot be read.
pub fn hubot_client(settings: &BearyChatHubot) -> Result<Client<BearyChat>, BadConfig> {
    let base = Service::OpenApi.base(settings.api.as_ref())?;
    let client = Client::builder(base).auth(token(settings)?);
    Ok(client.over(transport()))
}

/// The same for what RTM has over HTTP.
///
/// # Errors
/// The token cannot be read.
pub fn rtm_client(settings: &BearyChatHubot) -> Result<Client<Rtm>, BadConfig> {
    let base = Service::Rtm.base(settings.api.as_ref())?;
    let client = Client::builder(base).auth(token(settings)?);
    Ok(client.over(transport()))
}

pub(super) fn token(settings: &BearyChatHubot) -> Result<Token, BadConfig> {
    let token = settings.token.read_as("token")?;
    Ok(Token::from(token.expose_secret()))
}
