//! What a group robot says.

use mynah_client::{Client, HyperTransport};
use mynah_wecom::api::webhook::{SendWebhook, UploadWebhookMedia};
use mynah_wecom::message::{News, Picture, Text, WebhookMessage as Body};
use mynah_wecom::{UserId, WeCom, WebhookKey};
use secrecy::ExposeSecret;
use serde_json::json;

use super::application::article;
use super::capabilities::ROBOT_CAPABILITIES;
use super::cards::named;
use super::compile::{Piece, Way, compile};
use crate::capability::{Capabilities, Capability};
use crate::config::{BadConfig, WeComRobot, base};
use crate::event::Event;
use crate::id::{Conversation, MessageId, Place, Platform};
use crate::media::WECOM_ROBOT;
use crate::message::{Media, Message};
use crate::outgoing::{MediaKind, Ready, Speaker, answer, read_raw, say};
use crate::reply::{BotError, Outbox, Reply, Result, Sending};
use crate::way::transport;

/// Sends as a group robot. Its key decides which group that is, so any
/// `wecom:group:…` means this one.
#[derive(Clone, Debug)]
pub struct RobotOutbox {
    client: Client<WeCom>,
    transport: HyperTransport,
}

impl RobotOutbox {
    /// An outbox over `client`, whose credential is the robot's key.
    pub fn new(client: Client<WeCom>) -> Self {
        Self {
            client,
            transport: transport(),
        }
    }

    async fn body(&self, piece: Piece) -> Result<Body> {
        Ok(match piece {
            Piece::Text { content, mentioned } => {
                let mentioned_list = mentioned.into_iter().map(UserId).collect();
                let text = Text {
                    mentioned_list,
                    ..Text::new(content)
                };
                text.into()
            }
            // Only the older dialect knows mentions, only the newer one tables and code.
            Piece::Markdown { content, mentions } if mentions => Body::markdown(content),
            Piece::Markdown { content, .. } => Body::markdown_v2(content),
            Piece::Image(media) => {
                let ready = WECOM_ROBOT.ready::<WeCom>(&self.transport, media, MediaKind::Image);
                match ready.await? {
                    Ready::Here(file) => Picture::new(&file.content).into(),
                    Ready::Kept(_) => {
                        let problem = "a group robot cannot send a picture by its media_id";
                        return Err(BotError::new(problem));
                    }
                }
            }
            Piece::Voice(media) => Body::voice(self.upload(media, MediaKind::Voice).await?),
            Piece::Video(media) | Piece::File(media) => {
                Body::file(self.upload(media, MediaKind::File).await?)
            }
            Piece::Link(link) => News::new([article(link)]).into(),
            Piece::Card(card) => named(*card).into(),
            Piece::Raw(body) => read_raw::<SendWebhook>(body, json!({}))?.message,
        })
    }

    async fn upload(&self, media: Media, kind: MediaKind) -> Result<String> {
        let ready = WECOM_ROBOT.ready::<WeCom>(&self.transport, media, kind);
        match ready.await? {
            Ready::Kept(id) => Ok(id),
            Ready::Here(file) => {
                let upload = UploadWebhookMedia::new(kind.word(), file);
                Ok(self.client.call(upload).await?.media_id.0)
            }
        }
    }
}

impl Speaker for RobotOutbox {
    const HERE: Platform = Platform::WeCom;
    type Piece = Piece;

    async fn prepare(&self, _: &Conversation, piece: Piece) -> Result<Piece> {
        piece.prepared(&WECOM_ROBOT, &self.transport).await
    }

    async fn put(&self, to: &Conversation, piece: Piece) -> Result<Option<MessageId>> {
        if to.kind != Place::Group {
            return Err(self.capabilities().refuse(Capability::Direct).into());
        }
        let body = self.body(piece).await?;
        self.client.call(SendWebhook::new(body)).await?;
        Ok(None)
    }
}

impl Outbox for RobotOutbox {
    fn capabilities(&self) -> Capabilities {
        ROBOT_CAPABILITIES
    }

    fn send<'a>(&'a self, to: &'a Conversation, message: &'a Message) -> Sending<'a> {
        Box::pin(say(self, to, compile(message, Way::Robot)))
    }

    fn answer<'a>(&'a self, event: &'a Event, reply: &'a Reply) -> Sending<'a> {
        answer(self, event, reply)
    }
}

/// A client that calls as the group robot of these settings.
///
/// # Errors
/// The key cannot be read, or is not one.
pub fn robot_client(settings: &WeComRobot) -> Result<Client<WeCom>, BadConfig> {
    let key = settings.webhook_key.read_as("webhook_key")?;
    let key = WebhookKey::of(key.expose_secret()).map_err(BadConfig::new)?;
    let base = base(settings.api.as_ref(), mynah_wecom::API)?;
    Ok(Client::builder(base).auth(key).over(transport()))
}
