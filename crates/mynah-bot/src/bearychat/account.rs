//! One BearyChat account, connected in the way its settings say.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use bytes::Bytes;
use mynah_bearychat::BearyChat;
use mynah_bearychat::api::user::GetMe;
use mynah_bearychat::event::Event as Told;
use mynah_bearychat::hook::{
    Event as Posted, HookSecret, HubotPost, OutgoingAnswer, OutgoingPost, PATIENCE,
};
use mynah_bearychat::socket::{RtmDialer, RtmEvent};
use mynah_bearychat::types::User;
use mynah_client::Client;
use mynah_core::Error;
use mynah_inbound::{Handle, Post, Receiver, Receiving, Settings, connect};
use secrecy::ExposeSecret;
use tokio::sync::OnceCell;
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep, timeout};
use tracing::Instrument;

use super::answers::{Answers, in_response};
use super::catch_up::{CatchUp, Mark, Missed};
use super::convert::{Hearing, outgoing_event};
use super::hubot::{HubotOutbox, hubot_client, token};
use super::places::Kind;
use super::robot::{RobotOutbox, robot_client};
use crate::choices::Choices;
use crate::config::{BearyChatAccount, BearyChatHubot, BearyChatOutgoing};
use crate::desk::{Admitted, Desk, Handled, Patience, Responds, Response};
use crate::id::{Conversation, Platform};
use crate::link::Link;
use crate::reply::{Outbox, Reply, Result};
use crate::server::{Server, delivery_key};
use crate::way::{sockets, transport};
use mynah_bearychat::Service;

const HERE: Platform = Platform::BearyChat;

/// For how long a post is remembered. Whether the platform repeats any is not documented.
const REMEMBER: Duration = Duration::from_secs(600);

/// For how long what comes over a new connection waits for what was said before it, so that it is
/// handled in this order; after that it does not wait.
const HELD_UP: Duration = Duration::from_secs(10);

/// When reading what was missed is tried again.
const AGAIN: Duration = Duration::from_secs(5);

/// It is tried again no later, whatever the platform asks for: its windows are of an hour.
const LATEST: Duration = Duration::from_secs(3600);

/// Connects or listens as `settings` say.
pub(crate) async fn open<S>(
    account: Arc<str>,
    settings: &BearyChatAccount,
    desk: Arc<Desk<S>>,
) -> Result<Link>
where
    S: Send + Sync + 'static,
{
    match settings {
        BearyChatAccount::Hubot(hubot) if hubot.listen.is_some() => {
            open_posted(account, hubot, desk).await
        }
        BearyChatAccount::Hubot(hubot) => open_socket(&account, hubot, desk),
        BearyChatAccount::Outgoing(robot) => open_outgoing(account, robot, desk).await,
        BearyChatAccount::Robot(robot) => {
            let outbox = RobotOutbox::new(robot_client(robot)?);
            desk.outboxes().open(&account, Arc::new(outbox));
            Ok(Link::default())
        }
    }
}

fn open_socket<S: Send + Sync + 'static>(
    account: &Arc<str>,
    settings: &BearyChatHubot,
    desk: Arc<Desk<S>>,
) -> Result<Link> {
    let client = hubot_client(settings)?;
    let rtm = Service::Rtm.base(settings.api.as_ref())?;
    let dialer = RtmDialer::new(&rtm, token(settings)?);
    let hubot = Arc::new(Hubot::new(Arc::clone(account), desk, client));
    let hears = Arc::clone(&hubot);
    let listener = move |from, heard| Arc::clone(&hears).hear(from, heard);
    let settings = Settings {
        // The address is asked for before every connection.
        http: Some(Arc::new(transport())),
        ..sockets()
    };
    let connection = connect(&**account, dialer, listener, settings);
    let outbox = hubot.outbox.with_socket(connection.handle().clone());
    hubot.desk.outboxes().open(account, Arc::new(outbox));
    Ok(connection.into())
}

async fn open_posted<S: Send + Sync + 'static>(
    account: Arc<str>,
    settings: &BearyChatHubot,
    desk: Arc<Desk<S>>,
) -> Result<Link> {
    let Some(listen) = settings.listen else {
        return Ok(Link::default());
    };
    let secret = HookSecret::hubot(token(settings)?);
    let outbox = Arc::new(HubotOutbox::new(hubot_client(settings)?));
    let speaks = Arc::<HubotOutbox>::clone(&outbox);
    desk.outboxes().open(&account, speaks);
    let posted = Arc::new(PostedTo {
        account,
        desk,
        outbox,
        hearing: Mutex::default(),
        known: OnceCell::new(),
    });
    let receive = move |post| Arc::clone(&posted).receive(post);
    let receiver = Receiver::<BearyChat, _>::new(secret, receive, receiving());
    Ok(Server::open(listen, receiver).await?.into())
}

async fn open_outgoing<S: Send + Sync + 'static>(
    account: Arc<str>,
    settings: &BearyChatOutgoing,
    desk: Arc<Desk<S>>,
) -> Result<Link> {
    let token = settings.token.read_as("outgoing_token")?;
    let secret = HookSecret::outgoing(token.expose_secret());
    let hook = settings.hook.as_ref().map(robot_client).transpose()?;
    let choices = Choices::default();
    let hook = hook.map(|client| RobotOutbox::new(client).offering(choices.clone()));
    let outbox = Arc::new(Answers(hook));
    let speaks = Arc::<Answers>::clone(&outbox);
    desk.outboxes().open(&account, speaks);
    let robot = Arc::new(Called {
        account,
        desk,
        outbox,
        choices,
    });
    let receive = move |post| Arc::clone(&robot).receive(post);
    let receiver = Receiver::<BearyChat, _>::new(secret, receive, receiving());
    Ok(Server::open(settings.listen, receiver).await?.into())
}

fn receiving() -> Receiving {
    Receiving {
        remember: REMEMBER,
        ..Receiving::default()
    }
}

/// A hubot with a socket at work.
struct Hubot<S> {
    account: Arc<str>,
    desk: Arc<Desk<S>>,
    outbox: HubotOutbox,
    hearing: Mutex<Hearing>,
    catch_up: CatchUp,
    /// Whoever reads what was missed while events come already.
    late: Mutex<Option<AbortHandle>>,
}

impl<S> Drop for Hubot<S> {
    fn drop(&mut self) {
        self.late(None);
    }
}

impl<S> Hubot<S> {
    fn new(account: Arc<str>, desk: Arc<Desk<S>>, client: Client<BearyChat>) -> Self {
        Self {
            account,
            desk,
            catch_up: CatchUp::new(client.clone()),
            outbox: HubotOutbox::new(client),
            hearing: Mutex::default(),
            late: Mutex::default(),
        }
    }

    fn hearing(&self) -> MutexGuard<'_, Hearing> {
        self.hearing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has another one read, or nobody.
    fn late(&self, task: Option<AbortHandle>) {
        let mut late = self.late.lock().unwrap_or_else(PoisonError::into_inner);
        let former = std::mem::replace(&mut *late, task);
        drop(late);
        if let Some(former) = former {
            former.abort();
        }
    }
}

impl<S: Send + Sync + 'static> Hubot<S> {
    /// Takes what comes over the socket. Ends when it has its place in the queue; the next one
    /// follows then.
    async fn hear(self: Arc<Self>, from: Handle, heard: RtmEvent) {
        let account = &self.account;
        match heard {
            RtmEvent::Delivered(delivery) => self.take(&from, delivery.event, delivery.raw).await,
            RtmEvent::Connected(me) => self.connected(from, me).await,
            RtmEvent::Ignored(ignored) => {
                tracing::warn!(%account, reason = %ignored.reason, "a frame was passed over");
            }
            _ => {}
        }
    }

    /// Reads what was said since the last connection, if there was one.
    async fn connected(self: &Arc<Self>, from: Handle, me: Option<Box<User>>) {
        let account = &self.account;
        tracing::info!(%account, "connected");
        self.late(None);
        if let Some(me) = me {
            self.hearing().is(&me);
        }
        self.catch_up.connected();
        match timeout(HELD_UP, self.catch_up(&from)).await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => {
                tracing::warn!(%account, %error, "what was said meanwhile is not read yet");
            }
            Err(_) => tracing::warn!(%account, "reading what was said meanwhile takes long"),
        }
        let late = tokio::spawn(Self::catch_up_late(Arc::downgrade(self), from));
        self.late(Some(late.abort_handle()));
    }

    async fn catch_up(&self, from: &Handle) -> Result<(), Error> {
        for mut missed in self.catch_up.survey().await? {
            loop {
                let page = self.catch_up.page(&missed).await?;
                for message in &page {
                    self.take_stored(from, &missed, message).await;
                }
                if !self.catch_up.passed(&mut missed, &page) {
                    break;
                }
            }
        }
        self.catch_up.done();
        Ok(())
    }

    /// Tries again and again, while other events come, and for as long as the account is open.
    async fn catch_up_late(hubot: Weak<Self>, from: Handle) {
        let mut wait = AGAIN;
        loop {
            sleep(wait).await;
            let Some(hubot) = hubot.upgrade() else {
                return;
            };
            let Err(error) = hubot.catch_up(&from).await else {
                return;
            };
            let account = &hubot.account;
            tracing::warn!(%account, %error, "what was said meanwhile is not read yet");
            wait = error.retry_after().unwrap_or(wait * 2).clamp(AGAIN, LATEST);
        }
    }

    /// A message of the history is taken as if it had been told.
    async fn take_stored(
        &self,
        from: &Handle,
        missed: &Missed,
        message: &mynah_bearychat::Message,
    ) {
        let to = missed.other_than(message.uid.as_ref());
        let told = Told::said(message, to, message.created_ts);
        let raw = serde_json::to_vec(&told).unwrap_or_default();
        self.take(from, told, raw.into()).await;
    }

    async fn take(&self, from: &Handle, told: Told, raw: Bytes) {
        if let Told::Message(message) = &told
            && let Some(uid) = &message.uid
            && self.hearing().uid() != Some(uid)
        {
            let places = self.outbox.places();
            places.remember(uid.clone(), message.vchannel_id.clone());
        }
        let (mark, dedupe) = (Mark::of(&told), told.dedupe_key());
        let event = self.hearing().event(&self.account, told, raw);
        if let Some(event) = event {
            let event = self.outbox.offered().read(event);
            let admitted = match dedupe {
                Some(dedupe) => {
                    let key = delivery_key(HERE, &dedupe);
                    self.desk.admit_once(event, key).await
                }
                None => self.desk.admit(event).await,
            };
            if let Some(admitted) = admitted {
                let outbox = self.outbox.with_socket(from.clone());
                serve(&self.desk, admitted, Arc::new(outbox));
            }
        }
        // Only now: who is dropped before has not handed it over.
        if let Some(mark) = mark {
            self.catch_up.heard(&mark);
        }
    }
}

fn serve<S: Send + Sync + 'static>(
    desk: &Arc<Desk<S>>,
    admitted: Admitted,
    outbox: Arc<dyn Outbox>,
) {
    let (desk, span) = (Arc::clone(desk), admitted.span());
    let work = async move { desk.serve(admitted, outbox).await };
    tokio::spawn(work.instrument(span));
}

/// A hubot with an address at work.
struct PostedTo<S> {
    account: Arc<str>,
    desk: Arc<Desk<S>>,
    outbox: Arc<HubotOutbox>,
    hearing: Mutex<Hearing>,
    /// Whether it was asked who the hubot is.
    known: OnceCell<()>,
}

impl<S: Send + Sync + 'static> PostedTo<S> {
    /// Takes what was posted. The response says at once that it was taken, and replies are calls.
    async fn receive(self: Arc<Self>, post: Post<Posted>) -> Option<OutgoingAnswer> {
        let Posted::Hubot(posted) = post.event else {
            return None;
        };
        self.know_myself().await;
        let place = self.place(&posted).await;
        let key = delivery_key(HERE, &post.dedupe);
        let event = self
            .hearing()
            .posted(&self.account, place, *posted, post.raw);
        let event = self.outbox.offered().read(event);
        let admission = self.desk.admit_once(event, key);
        let admitted = self.desk.posted(admission).await?;
        let outbox: Arc<dyn Outbox> = Arc::<HubotOutbox>::clone(&self.outbox);
        serve(&self.desk, admitted, outbox);
        None
    }

    /// Who the hubot is does not stand in what is posted.
    async fn know_myself(&self) {
        let ask = async || {
            let me = self.outbox.client().call(GetMe::new());
            let me = me.timeout(super::places::LOOKUP).await?;
            self.hearing().is(&me);
            Ok::<_, Error>(())
        };
        if let Err(error) = self.known.get_or_try_init(ask).await {
            let account = &self.account;
            tracing::warn!(%account, %error, "it is not known who the hubot is");
        }
    }

    /// What kind of conversation it is does not stand there either.
    async fn place(&self, post: &HubotPost) -> Conversation {
        let (places, client) = (self.outbox.places(), self.outbox.client());
        match places.kind(client, &post.vchannel).await {
            Ok(Kind::P2p) => {
                places.remember(post.sender.clone(), post.vchannel.clone());
                return Conversation::direct(HERE, post.sender.as_str());
            }
            Ok(_) => {}
            Err(error) => {
                let account = &self.account;
                tracing::warn!(%account, %error, "it is not known what a conversation is");
            }
        }
        Conversation::group(HERE, post.vchannel.as_str())
    }

    fn hearing(&self) -> MutexGuard<'_, Hearing> {
        self.hearing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A robot with an outgoing hook at work.
struct Called<S> {
    account: Arc<str>,
    desk: Arc<Desk<S>>,
    outbox: Arc<Answers>,
    choices: Choices,
}

impl<S: Send + Sync + 'static> Called<S> {
    /// Takes what was posted. The reply goes back in the response if it is there in time and can
    /// stand there, and otherwise through the incoming hook.
    async fn receive(self: Arc<Self>, post: Post<Posted>) -> Option<OutgoingAnswer> {
        let Posted::Outgoing(posted) = post.event else {
            return None;
        };
        let patience = Patience {
            came: Instant::now(),
            within: Some(post.within.unwrap_or(PATIENCE)),
        };
        let key = delivery_key(HERE, &post.dedupe);
        let posted: OutgoingPost = *posted;
        let event = outgoing_event(&self.account, posted, post.raw);
        let event = self.choices.read(event);
        let admission = self.desk.admit_once(event, key);
        let admitted = self.desk.posted(admission).await?;
        let outbox = Arc::<Answers>::clone(&self.outbox);
        let desk = Arc::clone(&self.desk);
        let way = InResponse(self.choices.clone());
        desk.respond(admitted, outbox, way, patience).await
    }
}

/// Replies in the response to an outgoing hook.
struct InResponse(Choices);

impl Responds for InResponse {
    type Answer = OutgoingAnswer;

    async fn respond(&self, handled: &Handled) -> Result<Option<Response<OutgoingAnswer>>> {
        let Reply::Message(message) = &handled.reply else {
            return Ok(None);
        };
        Ok(in_response(message).map(|(answer, compiled)| {
            compiled.log_losses();
            if let Some(place) = &handled.event().conversation {
                self.0.offer(place, &compiled.numbered);
            }
            answer.into()
        }))
    }
}

#[cfg(test)]
mod tests;
