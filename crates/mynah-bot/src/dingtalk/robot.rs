//! What a custom robot says.

use mynah_client::Client;
use mynah_dingtalk::api::robot::SendWebhook;
use mynah_dingtalk::message::{
    Link as LinkBody, Markdown, Text, WebhookBody, WebhookButton, WebhookCard, WebhookMessage,
};
use mynah_dingtalk::{DingTalk, RobotKey};
use secrecy::ExposeSecret;
use serde_json::json;

use super::capabilities::ROBOT_CAPABILITIES;
use super::compile::{Piece, Way, compile};
use super::pace::Pace;
use crate::capability::{Capabilities, Capability};
use crate::config::{BadConfig, DingTalkRobot, base};
use crate::event::Event;
use crate::id::{Conversation, MessageId, Place, Platform};
use crate::message::{Link, Message};
use crate::outgoing::{Speaker, answer, read_raw, say};
use crate::reply::{BotError, Outbox, Reply, Result, Sending};
use crate::way::transport;

/// Sends as a custom robot. Its key decides which group that is, so any
/// `dingtalk:group:…` means this one.
///
/// Beyond 20 messages a minute the platform would let the robot say nothing for
/// ten minutes: what is more waits for its turn, and is refused where 60 wait
/// already. Clones share that count.
#[derive(Clone, Debug)]
pub struct RobotOutbox {
    client: Client<DingTalk>,
    pace: Pace,
}

impl RobotOutbox {
    /// An outbox over `client`, whose credential is the robot's key.
    pub fn new(client: Client<DingTalk>) -> Self {
        Self {
            client,
            pace: Pace::default(),
        }
    }
}

/// A piece as a webhook takes it; nothing if webhooks have no such thing.
pub(super) fn as_webhook(piece: &Piece) -> Result<Option<WebhookMessage>> {
    let (body, at) = match piece {
        Piece::Text { content, at } => (Text::new(content.as_str()).into(), at.clone()),
        Piece::Markdown { title, text, at } => {
            let body = Markdown::new(title.as_str(), text.as_str());
            (body.into(), at.clone())
        }
        Piece::Card {
            title,
            text,
            buttons,
        } => return Ok(Some(card(title, text, buttons).into())),
        Piece::Link(link) => return Ok(Some(link_body(link).into())),
        Piece::Raw(body) if body.get("msgtype").is_some() => {
            let message = read_raw::<SendWebhook>(body.clone(), json!({}))?.message;
            return Ok(match message.body {
                WebhookBody::Other(_) | WebhookBody::Empty => None,
                _ => Some(message),
            });
        }
        _ => return Ok(None),
    };
    Ok(Some(WebhookMessage { body, at }))
}

fn card(title: &str, text: &str, buttons: &[(String, String)]) -> WebhookCard {
    if let [(button, url)] = buttons {
        return WebhookCard::single(title, text, button.as_str(), url.as_str());
    }
    let buttons = buttons.iter();
    let buttons = buttons.map(|(title, url)| WebhookButton::new(title.as_str(), url.as_str()));
    WebhookCard::buttons(title, text, buttons)
}

/// A link as every kind of sender has it.
pub(super) fn link_body(link: &Link) -> LinkBody {
    let Link {
        url,
        title,
        text,
        image,
    } = link.clone();
    LinkBody {
        message_url: url,
        pic_url: image,
        title,
        text,
    }
}

impl Speaker for RobotOutbox {
    const HERE: Platform = Platform::DingTalk;
    type Piece = Piece;

    async fn put(&self, to: &Conversation, piece: Piece) -> Result<Option<MessageId>> {
        if to.kind != Place::Group {
            return Err(self.capabilities().refuse(Capability::Direct).into());
        }
        let message = as_webhook(&piece)?;
        let message = message.ok_or_else(|| BotError::new("raw: no body of a custom robot"))?;
        self.pace.turn().await?;
        self.client.call(SendWebhook::new(message)).await?;
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

/// A client that calls as the custom robot of these settings.
///
/// # Errors
/// The key or the secret cannot be read, or the key is none.
pub fn robot_client(settings: &DingTalkRobot) -> Result<Client<DingTalk>, BadConfig> {
    let key = settings.access_token.read_as("access_token")?;
    let mut key = RobotKey::of(key.expose_secret()).map_err(BadConfig::new)?;
    if let Some(secret) = &settings.secret {
        key = key.signing(secret.read_as("secret")?.expose_secret());
    }
    let base = base(settings.api.as_ref(), mynah_dingtalk::OAPI)?;
    Ok(Client::builder(base).auth(key).over(transport()))
}
