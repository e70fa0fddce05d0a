//! What a user of the application says that is a bot.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use mynah_client::{Client, HyperTransport};
use mynah_core::{BaseUrl, File};
use mynah_rongcloud::api::message::{PublishChatroom, PublishGroup, PublishPrivate, RecallMessage};
use mynah_rongcloud::{
    App, Content, ConversationType, MessageUid, Published, RongCloud, Sms, UserId as User,
};
use secrecy::ExposeSecret;

use super::capabilities::CAPABILITIES;
use super::compile::{Piece, compile};
use super::convert::CHATROOM;
use crate::capability::Capabilities;
use crate::choices::Choices;
use crate::config::{BadConfig, RongCloudAccount};
use crate::event::Event;
use crate::id::{Conversation, MessageId, Place, Platform};
use crate::media::check_addresses;
use crate::message::{Media, Message};
use crate::outgoing::{Speaker, answer, from_address, no_place, say};
use crate::recent::Recent;
use crate::reply::{BotError, Doing, Outbox, Reply, Result, Sending};
use crate::way::transport;

/// Says things as a user of the application: to users (`rongcloud:user:alice`),
/// in groups (`rongcloud:group:general`) and in chatrooms
/// (`rongcloud:group:chatroom:lobby`).
///
/// A [raw](crate::Part::Raw) body has an `objectName` and a `content`, a text.
#[derive(Clone, Debug)]
pub struct UserOutbox {
    client: Client<RongCloud>,
    user: User,
    transport: HyperTransport,
    /// When the last ones were said, in milliseconds since 1970: recalling wants
    /// to know.
    said: Arc<Mutex<Recent<MessageUid, i64>>>,
    choices: Choices,
}

impl UserOutbox {
    /// An outbox over `client`, for this user.
    pub fn new(client: Client<RongCloud>, user: impl Into<User>) -> Self {
        Self {
            client,
            user: user.into(),
            transport: crate::way::transport(),
            said: Arc::default(),
            choices: Choices::default(),
        }
    }

    /// Who it is that says things.
    pub fn user(&self) -> &User {
        &self.user
    }

    /// The client underneath, for everything that is not a reply.
    pub fn client(&self) -> &Client<RongCloud> {
        &self.client
    }

    /// The buttons that it has written as numbered lines.
    pub(super) fn offered(&self) -> &Choices {
        &self.choices
    }

    async fn publish(&self, to: &Conversation, content: Content) -> Result<Published> {
        let (id, user) = (to.id.to_string(), self.user.clone());
        Ok(match (to.kind, id.strip_prefix(CHATROOM)) {
            (Place::Group, Some(chatroom)) => {
                let message = PublishChatroom::saying(user, [chatroom], content);
                self.client.call(message).await?
            }
            (Place::Group, None) => {
                let message = PublishGroup::saying(user, [id], content);
                self.client.call(message).await?
            }
            (Place::Direct, _) => {
                let message = PublishPrivate::saying(user, [id], content);
                self.client.call(message).await?
            }
            (Place::Temporary, _) => return Err(no_place(to, Platform::RongCloud)),
        })
    }

    fn remember(&self, message: MessageUid) {
        let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        let now = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.insert(message, now);
    }

    fn said_at(&self, message: &MessageUid) -> Option<i64> {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.get(message).copied()
    }
}

impl Speaker for UserOutbox {
    const HERE: Platform = Platform::RongCloud;
    type Piece = Piece;

    fn choices(&self) -> Option<&Choices> {
        Some(&self.choices)
    }

    async fn put(&self, to: &Conversation, piece: Piece) -> Result<Option<MessageId>> {
        let published = self.publish(to, piece.into()).await?;
        let id = published.message_uids.into_iter().next();
        let id = id.map(|entry| entry.message_uid).or(published.message_uid);
        Ok(id.map(|id| {
            let unified = MessageId::new(Platform::RongCloud, id.as_str());
            self.remember(id);
            unified
        }))
    }
}

impl Outbox for UserOutbox {
    fn capabilities(&self) -> Capabilities {
        CAPABILITIES
    }

    fn send<'a>(&'a self, to: &'a Conversation, message: &'a Message) -> Sending<'a> {
        Box::pin(async move {
            check_addresses(Platform::RongCloud, message)?;
            say(self, to, compile(message)).await
        })
    }

    fn answer<'a>(&'a self, event: &'a Event, reply: &'a Reply) -> Sending<'a> {
        answer(self, event, reply)
    }

    /// What this outbox has said itself, the last 4,096 messages.
    fn recall<'a>(&'a self, from: &'a Conversation, message: &'a MessageId) -> Doing<'a, ()> {
        Box::pin(async move {
            let uid = MessageUid::from(message.id.to_string());
            let sent = self.said_at(&uid).ok_or_else(|| {
                BotError::new("recall: only what was said a while ago, by this bot, is known")
            })?;
            let id = from.id.to_string();
            let (kind, target) = match (from.kind, id.strip_prefix(CHATROOM)) {
                (Place::Group, Some(chatroom)) => (ConversationType::Chatroom, chatroom),
                (Place::Group, None) => (ConversationType::Group, id.as_str()),
                _ => (ConversationType::Private, id.as_str()),
            };
            let recall = RecallMessage::new(self.user.clone(), kind, target, uid, sent);
            self.client.call(recall).await?;
            Ok(())
        })
    }

    /// From its address.
    fn fetch<'a>(&'a self, media: &'a Media) -> Doing<'a, File> {
        Box::pin(from_address::<RongCloud>(&self.transport, media))
    }

    crate::reply::done_by! {
        create_group(group: NewGroup) -> crate::Created = create;
        group(place: Conversation) -> crate::GroupInfo = tell;
        members(of: Conversation) -> Vec<crate::Member> = list;
        rename(place: Conversation, name: str) -> () = call_it;
        add_members(to: Conversation, users: [UserId]) -> crate::Changed = add;
        remove_members(from: Conversation, users: [UserId]) -> crate::Changed = remove;
        leave(place: Conversation) -> () = go;
        dismiss(place: Conversation) -> () = end;
    }
}

/// A client that calls as the application of these settings. Where they name no
/// address it goes to the other host of the platform's pair when the first fails.
///
/// # Errors
/// The secret cannot be read, or has blanks at an end.
pub fn app_client(settings: &RongCloudAccount) -> Result<Client<RongCloud>, BadConfig> {
    let app = app(settings)?;
    if let Some(api) = &settings.api {
        let client = Client::builder(api.clone()).auth(app);
        return Ok(client.over(transport()));
    }
    let pair =
        Client::builder(host(mynah_rongcloud::API)?).twin(host(mynah_rongcloud::API_BACKUP)?);
    Ok(pair.auth(app).over(transport()))
}

/// The same for the host that verifies telephone numbers. An address that the
/// settings name is taken for both.
///
/// # Errors
/// As [`app_client`].
pub fn sms_client(settings: &RongCloudAccount) -> Result<Client<Sms>, BadConfig> {
    let api = match &settings.api {
        Some(api) => api.clone(),
        None => host(mynah_rongcloud::SMS)?,
    };
    let client = Client::builder(api).auth(app(settings)?);
    Ok(client.over(transport()))
}

fn host(address: &str) -> Result<BaseUrl, BadConfig> {
    address.parse().map_err(BadConfig::new)
}

/// The application of these settings.
pub(super) fn app(settings: &RongCloudAccount) -> Result<App, BadConfig> {
    let secret = settings.app_secret.read_as("app_secret")?;
    App::new(settings.app_key.as_str(), secret.expose_secret()).map_err(BadConfig::new)
}
