//! One WeCom account, connected in the way its settings say.

use std::str::FromStr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use mynah_client::HyperTransport;
use mynah_core::BaseUrl;
use mynah_inbound::{Connection, Handle, Post, Receiver, Receiving, Settings, connect};
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
use crate::config::{
    BadConfig, WeComAccount, WeComApplication, WeComBot, WeComCallback, WeComCalledBot,
};
use crate::desk::{Admitted, Desk, Handled};
use crate::id::Platform;
use crate::inband::{Offer, in_band};
use crate::message::Link;
use crate::reply::{BotError, Outbox, Reply, Result};
use crate::server::{Server, delivery_key};

const HERE: Platform = Platform::WeCom;

/// For how long a delivery is remembered. The platform's three retries come
/// within seconds.
const REMEMBER: Duration = Duration::from_secs(600);

/// How long the platform waits where nobody says
/// (<https://developer.work.weixin.qq.com/document/path/90238>).
const PATIENCE: Duration = Duration::from_secs(5);

/// The open connections of one account.
pub(crate) enum WeComLink {
    /// The account only speaks.
    Silent,
    /// Callbacks come in.
    Server(Server),
    /// The socket of an intelligent bot.
    Socket(Connection),
}

impl WeComLink {
    /// Connects or listens as `settings` say.
    pub(crate) async fn open<S>(
        account: Arc<str>,
        settings: &WeComAccount,
        desk: Arc<Desk<S>>,
    ) -> Result<Self>
    where
        S: Send + Sync + 'static,
    {
        match settings {
            WeComAccount::Application(application) => {
                open_application(account, application, desk).await
            }
            WeComAccount::Bot(bot) => open_bot(&account, bot, desk),
            WeComAccount::CalledBot(bot) => open_called_bot(account, bot, desk).await,
            WeComAccount::Robot(_) => Ok(Self::Silent),
        }
    }

    /// Waits until nothing can come in any more, and says why: the platform
    /// does not want the bot, or has given its place to another connection.
    pub(crate) async fn failed(&mut self) -> Result<()> {
        match self {
            Self::Socket(connection) => Ok(connection.failed().await?),
            Self::Silent | Self::Server(_) => std::future::pending().await,
        }
    }

    /// Closes the connections; events that came are handed over before.
    pub(crate) async fn close(self) {
        match self {
            Self::Silent => {}
            Self::Socket(connection) => {
                connection.close().await;
            }
            Self::Server(server) => server.close().await,
        }
    }
}

async fn open_application<S: Send + Sync + 'static>(
    account: Arc<str>,
    settings: &WeComApplication,
    desk: Arc<Desk<S>>,
) -> Result<WeComLink> {
    let outbox = ApplicationOutbox::new(application_client(settings)?, settings.agentid);
    let Some(callback) = &settings.callback else {
        return Ok(WeComLink::Silent);
    };
    let secret = secret(callback, |token, key| {
        CallbackSecret::application(token, key, &settings.corpid)
    })?;
    let work = Application {
        account,
        desk,
        outbox: Arc::new(outbox),
    };
    let receive = move |post| work.clone().receive(post);
    let receiver = Receiver::<WeCom, _>::new(secret, receive, receiving());
    Ok(WeComLink::Server(
        Server::open(callback.listen, receiver).await?,
    ))
}

async fn open_called_bot<S: Send + Sync + 'static>(
    account: Arc<str>,
    settings: &WeComCalledBot,
    desk: Arc<Desk<S>>,
) -> Result<WeComLink> {
    let callback = &settings.callback;
    let secret = secret(callback, CallbackSecret::bot)?;
    let key = callback.encoding_aes_key.read_as("encoding_aes_key")?;
    let work = CalledBot {
        account,
        desk,
        bot_id: settings.bot_id.as_str().into(),
        key: MediaKey::new(key.expose_secret()),
        transport: HyperTransport::new(),
    };
    let receive = move |post| work.clone().receive(post);
    let receiver = Receiver::<WeCom, _>::new(secret, receive, receiving());
    Ok(WeComLink::Server(
        Server::open(callback.listen, receiver).await?,
    ))
}

fn open_bot<S: Send + Sync + 'static>(
    account: &Arc<str>,
    settings: &WeComBot,
    desk: Arc<Desk<S>>,
) -> Result<WeComLink> {
    let work = Arc::new(Bot {
        account: Arc::clone(account),
        desk,
        outbox: OnceLock::new(),
    });
    let listener = move |from, heard| Arc::clone(&work).hear(from, heard);
    Ok(WeComLink::Socket(connect_bot(account, settings, listener)?))
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
    Ok(connect(account, dialer, listener, Settings::default()))
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
            let _ = self.outbox.set(BotOutbox::new(handle)?);
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
        let came = Instant::now();
        let takes_reply = callback.takes_reply();
        let key = delivery_key(HERE, &post.dedupe);
        let event = application_event(Arc::clone(&self.account), callback, post.raw);
        let admitted = self.desk.admit_once(event, key).await?;
        let (offer, waiting) = in_band(came, post.within.unwrap_or(PATIENCE));
        let span = admitted.span();
        // The work goes on when the platform hangs up.
        let work = self.work(admitted, takes_reply.then_some(offer));
        tokio::spawn(work.instrument(span));
        waiting.answer().await
    }

    async fn work(self, admitted: Admitted, offer: Option<Offer<Answer>>) {
        let outbox: Arc<dyn Outbox> = Arc::<ApplicationOutbox>::clone(&self.outbox);
        let handled = self.desk.handle(admitted, outbox).await;
        if let Err(error) = self.reply(&handled, offer).await {
            let account = &self.account;
            tracing::error!(%account, %error, "a reply was not sent");
        }
    }

    async fn reply(&self, handled: &Handled, offer: Option<Offer<Answer>>) -> Result<()> {
        let place = handled.event().conversation.clone();
        if let (Some(offer), Some(place), Reply::Message(message)) = (offer, place, &handled.reply)
        {
            let mut compiled = compile(message, Way::Direct);
            if compiled.pieces.len() == 1 && compiled.pieces.iter().all(fits_a_response) {
                compiled.log_losses();
                let Some(piece) = compiled.pieces.pop() else {
                    return Ok(());
                };
                let link = match &piece {
                    Piece::Link(link) => Some(link.clone()),
                    _ => None,
                };
                let body = self.outbox.body(piece).await?;
                let answer = link.map(news).or_else(|| passive(&body));
                if let Some(answer) = answer
                    && offer.give(answer.into()).await
                {
                    return Ok(());
                }
                self.outbox.send_body(&place, body).await?;
                return Ok(());
            }
        }
        // There is no offer any more: the response is on its way.
        handled.answer().await.map(drop)
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

fn news(link: Link) -> PassiveReply {
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
}

impl<S> Clone for CalledBot<S> {
    fn clone(&self) -> Self {
        Self {
            account: Arc::clone(&self.account),
            bot_id: Arc::clone(&self.bot_id),
            desk: Arc::clone(&self.desk),
            key: self.key.clone(),
            transport: self.transport.clone(),
        }
    }
}

impl<S: Send + Sync + 'static> CalledBot<S> {
    /// As [`Application::receive`].
    async fn receive(self, post: Post<Told>) -> Option<Answer> {
        let Told::Bot(callback) = post.event else {
            return None;
        };
        let came = Instant::now();
        if *callback.aibotid != *self.bot_id {
            let account = &self.account;
            tracing::warn!(%account, "a callback was for another bot");
            return None;
        }
        let key = delivery_key(HERE, &post.dedupe);
        let url = callback.response_url.clone();
        let event = bot_event(Arc::clone(&self.account), callback.clone(), post.raw);
        let place = event.conversation.clone();
        let admitted = self.desk.admit_once(event, key).await?;
        let keys = keys(&callback, Some(&self.key));
        let outbox = CalledOutbox::new(self.transport.clone(), place, url, keys);
        let (offer, waiting) = in_band(came, post.within.unwrap_or(PATIENCE));
        let span = admitted.span();
        let work = self.work(admitted, callback, Arc::new(outbox), offer);
        tokio::spawn(work.instrument(span));
        waiting.answer().await
    }

    async fn work(
        self,
        admitted: Admitted,
        callback: aibot::Callback,
        outbox: Arc<CalledOutbox>,
        offer: Offer<Answer>,
    ) {
        let handled = self.desk.handle(admitted, outbox).await;
        let answer = match &handled.reply {
            Reply::Message(message) => in_response(&callback, message),
            _ => None,
        };
        if let Some((body, compiled)) = answer {
            compiled.log_losses();
            if offer.give(body.into()).await {
                return;
            }
        } else {
            // The response says that there is no answer in it.
            drop(offer);
        }
        if let Err(error) = handled.answer().await {
            let account = &self.account;
            tracing::error!(%account, %error, "a reply was not sent");
        }
    }
}

#[cfg(test)]
mod tests;
