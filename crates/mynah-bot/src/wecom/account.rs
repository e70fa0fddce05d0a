//! One WeCom account, connected in the way its settings say.

use std::str::FromStr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use mynah_client::HyperTransport;
use mynah_core::BaseUrl;
use mynah_inbound::{Connection, Handle, Post, Receiver, Receiving, connect};
use mynah_wecom::aibot::{BotEvent, BotSecret, BotSocket, Delivery, MediaKey};
use mynah_wecom::inbound::{Answer, CallbackSecret, Event as Told};
use mynah_wecom::message::Message as Body;
use mynah_wecom::reply::{Article, PassiveReply};
use mynah_wecom::{WeCom, aibot};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;
use tracing::Instrument;

use super::application::{ApplicationOutbox, application_client};
use super::bot::{BotAnswers, BotOutbox, keys};
use super::called::{CalledOutbox, in_response};
use super::compile::{Piece, Way, compile};
use super::convert::{application_event, bot_event};
use super::robot::{RobotOutbox, robot_client};
use crate::choices::Choices;
use crate::config::{
    BadConfig, WeComAccount, WeComApplication, WeComBot, WeComCallback, WeComCalledBot,
};
use crate::desk::{Desk, Handled, Patience, Responds, Response};
use crate::id::Platform;
use crate::link::Link;
use crate::message::Link as Page;
use crate::reply::{BotError, Receipt, Reply, Result};
use crate::server::{Server, delivery_key};
use crate::way::{sockets, transport};

const HERE: Platform = Platform::WeCom;

/// For how long a delivery is remembered. The platform's three retries come
/// within seconds.
const REMEMBER: Duration = Duration::from_secs(600);

/// How long the platform waits where nobody says
/// (<https://developer.work.weixin.qq.com/document/path/90238>).
const PATIENCE: Duration = Duration::from_secs(5);

/// Connects or listens as `settings` say.
pub(crate) async fn open<S>(
    account: Arc<str>,
    settings: &WeComAccount,
    desk: Arc<Desk<S>>,
) -> Result<Link>
where
    S: Send + Sync + 'static,
{
    match settings {
        WeComAccount::Application(application) => {
            open_application(account, application, desk).await
        }
        WeComAccount::Bot(bot) => open_bot(&account, bot, &desk),
        WeComAccount::CalledBot(bot) => open_called_bot(account, bot, desk).await,
        WeComAccount::Robot(robot) => {
            let outbox = RobotOutbox::new(robot_client(robot)?);
            desk.outboxes().open(&account, Arc::new(outbox));
            Ok(Link::default())
        }
    }
}

async fn open_application<S: Send + Sync + 'static>(
    account: Arc<str>,
    settings: &WeComApplication,
    desk: Arc<Desk<S>>,
) -> Result<Link> {
    let outbox = ApplicationOutbox::new(application_client(settings)?, settings.agentid);
    let outbox = Arc::new(outbox);
    let speaks = Arc::<ApplicationOutbox>::clone(&outbox);
    desk.outboxes().open(&account, speaks);
    let Some(callback) = &settings.callback else {
        return Ok(Link::default());
    };
    let secret = secret(callback, |token, key| {
        CallbackSecret::application(token, key, &settings.corpid)
    })?;
    let work = Application {
        account,
        desk,
        outbox,
    };
    let receive = move |post| work.clone().receive(post);
    let receiver = Receiver::<WeCom, _>::new(secret, receive, receiving());
    Ok(Server::open(callback.listen, receiver).await?.into())
}

async fn open_called_bot<S: Send + Sync + 'static>(
    account: Arc<str>,
    settings: &WeComCalledBot,
    desk: Arc<Desk<S>>,
) -> Result<Link> {
    let callback = &settings.callback;
    let secret = secret(callback, CallbackSecret::bot)?;
    let key = callback.encoding_aes_key.read_as("encoding_aes_key")?;
    let mute = CalledOutbox::new(transport(), None, None, Vec::new(), Choices::default());
    desk.outboxes().open(&account, Arc::new(mute));
    let work = CalledBot {
        account,
        desk,
        bot_id: settings.bot_id.as_str().into(),
        key: MediaKey::new(key.expose_secret()),
        transport: transport(),
        choices: Choices::default(),
    };
    let receive = move |post| work.clone().receive(post);
    let receiver = Receiver::<WeCom, _>::new(secret, receive, receiving());
    Ok(Server::open(callback.listen, receiver).await?.into())
}

fn open_bot<S: Send + Sync + 'static>(
    account: &Arc<str>,
    settings: &WeComBot,
    desk: &Arc<Desk<S>>,
) -> Result<Link> {
    let work = Arc::new(Bot {
        account: Arc::clone(account),
        desk: Arc::clone(desk),
        outbox: OnceLock::new(),
        transport: transport(),
    });
    let hears = Arc::clone(&work);
    let listener = move |from, heard| Arc::clone(&hears).hear(from, heard);
    let connection = connect_bot(account, settings, listener)?;
    let outbox = work.outbox(connection.handle().clone())?.clone();
    desk.outboxes().open(account, Arc::new(outbox));
    Ok(connection.into())
}

/// Keeps the socket of an intelligent bot open; `listener` hears what comes.
pub(super) fn connect_bot<L>(account: &str, settings: &WeComBot, listener: L) -> Result<Connection>
where
    L: mynah_inbound::Listener<BotEvent>,
{
    let url: BaseUrl = match &settings.connect {
        Some(url) => url.clone(),
        None => BotSocket::ADDRESS.parse()?,
    };
    let secret = settings.bot_secret.read_as("bot_secret")?;
    let secret = BotSecret::new(secret.expose_secret());
    let dialer = BotSocket::new(&url, settings.bot_id.as_str(), secret)?;
    Ok(connect(account, dialer, listener, sockets()))
}

fn receiving() -> Receiving {
    Receiving {
        remember: REMEMBER,
        ..Receiving::default()
    }
}

/// What callbacks are signed and encrypted with.
fn secret<K>(
    callback: &WeComCallback,
    make: impl FnOnce(&SecretString, &K) -> CallbackSecret,
) -> Result<CallbackSecret, BadConfig>
where
    K: FromStr<Err: std::fmt::Display>,
{
    let token = callback.token.read_as("token")?;
    let key = callback.encoding_aes_key.read_as("encoding_aes_key")?;
    let key = key.expose_secret().parse();
    let key = key.map_err(|bad| BadConfig::new(format!("encoding_aes_key: {bad}")))?;
    Ok(make(&token, &key))
}

/// An intelligent bot with a socket at work.
struct Bot<S> {
    account: Arc<str>,
    desk: Arc<Desk<S>>,
    /// Speaks over the socket, whichever connection it is at the moment.
    outbox: OnceLock<BotOutbox>,
    transport: HyperTransport,
}

impl<S: Send + Sync + 'static> Bot<S> {
    /// Takes an event from the socket. Ends when the event has its place in
    /// the queue; the next one follows then.
    async fn hear(self: Arc<Self>, from: Handle, heard: BotEvent) {
        let account = &self.account;
        match heard {
            BotEvent::Delivered(delivery) => self.take(from, delivery).await,
            BotEvent::Subscribed => tracing::info!(%account, "subscribed"),
            BotEvent::Refused(error) => {
                tracing::error!(%account, %error, "the platform refused the bot");
            }
            BotEvent::Ignored(ignored) => {
                tracing::warn!(%account, reason = %ignored.reason, "a frame was passed over");
            }
            _ => {}
        }
    }

    async fn take(&self, from: Handle, delivery: Delivery) {
        let at = Instant::now();
        let Delivery {
            req_id,
            callback,
            raw,
        } = delivery;
        let outbox = match self.outbox(from) {
            Ok(outbox) => outbox.clone(),
            Err(error) => {
                let account = &self.account;
                return tracing::error!(%account, %error, "a socket cannot be called");
            }
        };
        let key = delivery_key(HERE, &callback.dedupe_key());
        let event = bot_event(Arc::clone(&self.account), callback.clone(), raw);
        let event = outbox.offered().read(event);
        let place = event.conversation.clone();
        if let Some(admitted) = self.desk.admit_once(event, key).await {
            let answers = Arc::new(BotAnswers::new(outbox, place, req_id, &callback, at));
            let (desk, span) = (Arc::clone(&self.desk), admitted.span());
            let work = async move { desk.serve(admitted, answers).await };
            tokio::spawn(work.instrument(span));
        }
    }

    fn outbox(&self, handle: Handle) -> Result<&BotOutbox> {
        if self.outbox.get().is_none() {
            // Who comes second finds the first one's.
            let _ = self
                .outbox
                .set(BotOutbox::new(handle)?.over(self.transport.clone()));
        }
        let none = || BotError::new("there is no outbox");
        self.outbox.get().ok_or_else(none)
    }
}

/// An application at work.
struct Application<S> {
    account: Arc<str>,
    desk: Arc<Desk<S>>,
    outbox: Arc<ApplicationOutbox>,
}

impl<S> Clone for Application<S> {
    fn clone(&self) -> Self {
        Self {
            account: Arc::clone(&self.account),
            desk: Arc::clone(&self.desk),
            outbox: Arc::clone(&self.outbox),
        }
    }
}

impl<S: Send + Sync + 'static> Application<S> {
    /// Takes an event that was posted. Its reply goes back in the response if
    /// it is there in time and can stand there; otherwise the response says
    /// that the event was received, and the reply is a call.
    async fn receive(self, post: Post<Told>) -> Option<Answer> {
        let Told::Application(callback) = post.event else {
            return None;
        };
        let patience = patience(post.within);
        let takes_reply = callback.takes_reply();
        let key = delivery_key(HERE, &post.dedupe);
        let event = application_event(Arc::clone(&self.account), callback, post.raw);
        let event = self.outbox.offered().read(event);
        let admission = self.desk.admit_once(event, key);
        let admitted = self.desk.posted(admission).await?;
        let outbox = Arc::<ApplicationOutbox>::clone(&self.outbox);
        if !takes_reply {
            let span = admitted.span();
            let work = async move { self.desk.serve(admitted, outbox).await };
            tokio::spawn(work.instrument(span));
            return None;
        }
        let way = Passive(Arc::clone(&outbox));
        self.desk.respond(admitted, outbox, way, patience).await
    }
}

/// For how long the platform waits for the response.
fn patience(within: Option<Duration>) -> Patience {
    Patience {
        came: Instant::now(),
        within: Some(within.unwrap_or(PATIENCE)),
    }
}

/// Replies in the response to a callback of an application.
struct Passive(Arc<ApplicationOutbox>);

impl Responds for Passive {
    type Answer = Answer;

    async fn respond(&self, handled: &Handled) -> Result<Option<Response<Answer>>> {
        let Reply::Message(message) = &handled.reply else {
            return Ok(None);
        };
        let Some(place) = handled.event().conversation.clone() else {
            return Ok(None);
        };
        let mut compiled = compile(message, Way::Direct);
        if compiled.pieces.len() != 1 || !compiled.pieces.iter().all(fits_a_response) {
            return Ok(None);
        }
        compiled.log_losses();
        let Some(piece) = compiled.pieces.pop() else {
            return Ok(None);
        };
        let link = match &piece {
            Piece::Link(link) => Some(link.clone()),
            _ => None,
        };
        let body = self.0.body(piece).await?;
        self.0.offered().offer(&place, &compiled.numbered);
        let Some(answer) = link.map(news).or_else(|| passive(&body)) else {
            return Ok(None);
        };
        // What was uploaded for the response is not uploaded again.
        let outbox = Arc::clone(&self.0);
        let otherwise = async move {
            let ids = outbox.send_body(&place, body).await?.into_iter().collect();
            Ok(Receipt {
                ids,
                losses: compiled.losses,
            })
        };
        Ok(Some(Response {
            answer: answer.into(),
            otherwise: Some(Box::pin(otherwise)),
        }))
    }
}

/// Whether a piece can be a passive reply
/// (<https://developer.work.weixin.qq.com/document/path/90241>). Mentions are
/// documented for calls only.
fn fits_a_response(piece: &Piece) -> bool {
    match piece {
        Piece::Text { content, mentioned } => mentioned.is_empty() && !content.contains("<@"),
        Piece::Image(_) | Piece::Voice(_) | Piece::Video(_) | Piece::Link(_) => true,
        _ => false,
    }
}

fn passive(body: &Body) -> Option<PassiveReply> {
    Some(match body {
        Body::Text(text) => PassiveReply::text(text.content.as_str()),
        Body::Image(image) => PassiveReply::image(image.media_id.clone()),
        Body::Voice(voice) => PassiveReply::Voice {
            media_id: voice.media_id.clone(),
        },
        Body::Video(video) => PassiveReply::Video {
            media_id: video.media_id.clone(),
            title: video.title.clone(),
            description: video.description.clone(),
        },
        _ => return None,
    })
}

fn news(link: Page) -> PassiveReply {
    let article = super::application::article(link);
    PassiveReply::news([Article {
        title: article.title,
        description: article.description,
        pic_url: article.picurl,
        url: article.url.unwrap_or_default(),
    }])
}

/// An intelligent bot with callbacks at work.
struct CalledBot<S> {
    account: Arc<str>,
    bot_id: Arc<str>,
    desk: Arc<Desk<S>>,
    /// What opens the files that come with callbacks.
    key: MediaKey,
    transport: HyperTransport,
    choices: Choices,
}

impl<S> Clone for CalledBot<S> {
    fn clone(&self) -> Self {
        Self {
            account: Arc::clone(&self.account),
            bot_id: Arc::clone(&self.bot_id),
            desk: Arc::clone(&self.desk),
            key: self.key.clone(),
            transport: self.transport.clone(),
            choices: self.choices.clone(),
        }
    }
}

impl<S: Send + Sync + 'static> CalledBot<S> {
    /// As [`Application::receive`].
    async fn receive(self, post: Post<Told>) -> Option<Answer> {
        let Told::Bot(callback) = post.event else {
            return None;
        };
        let patience = patience(post.within);
        if *callback.aibotid != *self.bot_id {
            let account = &self.account;
            tracing::warn!(%account, "a callback was for another bot");
            return None;
        }
        let key = delivery_key(HERE, &post.dedupe);
        let url = callback.response_url.clone();
        let event = bot_event(Arc::clone(&self.account), callback.clone(), post.raw);
        let event = self.choices.read(event);
        let place = event.conversation.clone();
        let admission = self.desk.admit_once(event, key);
        let admitted = self.desk.posted(admission).await?;
        let choices = self.choices.clone();
        let way = Streamed(callback.clone(), choices.clone());
        let keys = keys(&callback, Some(&self.key));
        let outbox = CalledOutbox::new(self.transport.clone(), place, url, keys, choices);
        let outbox = Arc::new(outbox);
        self.desk.respond(admitted, outbox, way, patience).await
    }
}

/// Replies in the response to a callback of an intelligent bot.
struct Streamed(aibot::Callback, Choices);

impl Responds for Streamed {
    type Answer = Answer;

    async fn respond(&self, handled: &Handled) -> Result<Option<Response<Answer>>> {
        let Reply::Message(message) = &handled.reply else {
            return Ok(None);
        };
        let answer = in_response(&self.0, message);
        Ok(answer.map(|(body, compiled)| {
            compiled.log_losses();
            if let Some(place) = &handled.event().conversation {
                self.1.offer(place, &compiled.numbered);
            }
            Answer::from(body).into()
        }))
    }
}

#[cfg(test)]
mod tests;
