//! One DingTalk account, connected in the way its settings say.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use mynah_dingtalk::event::Callback;
use mynah_dingtalk::inbound::{Answer, CallbackSecret, Event as Posted};
use mynah_dingtalk::robot::RobotMessage;
use mynah_dingtalk::stream::{CardCallback, Delivery, StreamDialer, StreamEvent, Told};
use mynah_dingtalk::{DingTalk, Secret};
use mynah_inbound::{Connection, Post, Receiver, Receiving, Settings, connect};
use secrecy::{ExposeSecret, SecretString};
use tracing::Instrument;

use super::answers::Answers;
use super::app::AppOutbox;
use super::convert::{card_event, events, robot_event};
use super::robot::{RobotOutbox, robot_client};
use crate::config::{BadConfig, DingTalkAccount, DingTalkApp, DingTalkCallback, base};
use crate::desk::{Admitted, Desk};
use crate::id::Platform;
use crate::link::Link;
use crate::reply::{Outbox, Result};
use crate::server::{Server, delivery_key, one_of_several};
use crate::way::{sockets, transport};

/// For how long a post is remembered. The platform's repetitions come within a
/// minute.
const REMEMBER: Duration = Duration::from_secs(600);

/// Connects or listens as `settings` say.
pub(crate) async fn open<S>(
    account: Arc<str>,
    settings: &DingTalkAccount,
    desk: Arc<Desk<S>>,
) -> Result<Link>
where
    S: Send + Sync + 'static,
{
    let app = match settings {
        DingTalkAccount::App(app) => app,
        DingTalkAccount::Robot(robot) => {
            let outbox = RobotOutbox::new(robot_client(robot)?);
            desk.outboxes().open(&account, Arc::new(outbox));
            return Ok(Link::default());
        }
    };
    let secret = app.client_secret.read_as("client_secret")?;
    let work = Work {
        account,
        desk,
        outbox: AppOutbox::open(app)?,
    };
    let outboxes = work.desk.outboxes();
    outboxes.open(&work.account, Arc::new(work.outbox.clone()));
    match &app.callback {
        Some(callback) => {
            let secret = callback_secret(app, callback, &secret)?;
            let receive = move |post| work.clone().receive(post);
            let receiver = Receiver::<DingTalk, _>::new(secret, receive, receiving());
            Ok(Server::open(callback.listen, receiver).await?.into())
        }
        None => Ok(work.connect(app, &secret)?.into()),
    }
}

fn receiving() -> Receiving {
    Receiving {
        remember: REMEMBER,
        ..Receiving::default()
    }
}

/// What callbacks are signed and encrypted with. Events are for the
/// organisation or for the application, as their address was set up.
fn callback_secret(
    app: &DingTalkApp,
    callback: &DingTalkCallback,
    client_secret: &SecretString,
) -> Result<CallbackSecret, BadConfig> {
    let client_secret = Secret::from(client_secret.expose_secret());
    let Some(events) = &callback.events else {
        return Ok(CallbackSecret::robot(client_secret));
    };
    let token = events.token.read_as("token")?;
    let key = events.aes_key.read_as("aes_key")?;
    let key = key.expose_secret().parse();
    let key = key.map_err(|bad| BadConfig::new(format!("aes_key: {bad}")))?;
    let ids = events.corp_id.iter().chain([&app.client_id]);
    let ids = ids.map(String::as_str);
    let secret = CallbackSecret::events(token.expose_secret(), &key, ids);
    Ok(secret.and_robot(client_secret))
}

/// An application at work.
struct Work<S> {
    account: Arc<str>,
    desk: Arc<Desk<S>>,
    outbox: AppOutbox,
}

impl<S> Clone for Work<S> {
    fn clone(&self) -> Self {
        Self {
            account: Arc::clone(&self.account),
            desk: Arc::clone(&self.desk),
            outbox: self.outbox.clone(),
        }
    }
}

impl<S: Send + Sync + 'static> Work<S> {
    fn connect(self, app: &DingTalkApp, secret: &SecretString) -> Result<Connection> {
        let base = base(app.api.as_ref(), mynah_dingtalk::API)?;
        let dialer = StreamDialer::new(&base, app.client_id.as_str(), secret.expose_secret());
        let account = Arc::clone(&self.account);
        let listener = move |_, heard| self.clone().hear(heard);
        let settings = Settings {
            // A ticket is asked for before every connection.
            http: Some(Arc::new(transport())),
            ..sockets()
        };
        Ok(connect(&*account, dialer, listener, settings))
    }

    /// Takes an event from the Stream. Ends when the event has its place in
    /// the queue; the platform hears then that it was taken, and the next one
    /// follows.
    async fn hear(self, heard: StreamEvent) {
        let account = &self.account;
        match heard {
            StreamEvent::Delivered(delivery) => self.take(delivery).await,
            StreamEvent::Connected => tracing::info!(%account, "the stream is open"),
            StreamEvent::Leaving(reason) => {
                tracing::info!(%account, reason, "the platform ends a connection");
            }
            StreamEvent::Ignored(ignored) => {
                tracing::warn!(%account, reason = %ignored.reason, "a frame was passed over");
            }
            _ => {}
        }
    }

    async fn take(&self, delivery: Delivery) {
        let Delivery { told, raw, .. } = delivery;
        match told {
            Told::Robot(message) | Told::Delegated(message) => self.answer(*message, raw).await,
            Told::Event(callback) => self.tell(&callback, &raw).await,
            Told::Card(callback) => self.press(*callback, raw).await,
            other => {
                let (account, topic) = (&self.account, other.topic());
                tracing::debug!(%account, topic, "nobody asked for this");
            }
        }
    }

    /// Takes what was posted. The response says at once that it was taken, and
    /// replies are calls: nothing is repeated that way, however slow they are.
    async fn receive(self, post: Post<Posted>) -> Option<Answer> {
        match post.event {
            Posted::Robot(message) => self.answer(*message, post.raw).await,
            Posted::Callback(callback) => self.tell(&callback, &post.raw).await,
            _ => {}
        }
        self.desk.acknowledges().await;
        None
    }

    /// Somebody said something to the robot.
    async fn answer(&self, message: RobotMessage, raw: Bytes) {
        let key = delivery_key(Platform::DingTalk, &message.dedupe_key());
        let session = message.session_webhook.clone();
        let outbox = match &message.robot_code {
            Some(robot) => self.outbox.as_robot(robot.clone()),
            None => self.outbox.clone(),
        };
        let event = robot_event(Arc::clone(&self.account), message, raw);
        let event = outbox.offered().read(event);
        let place = event.conversation.clone();
        if let Some(admitted) = self.desk.admit_once(event, key).await {
            self.serve(admitted, Arc::new(Answers::new(outbox, place, session)));
        }
    }

    /// Something happened.
    async fn tell(&self, callback: &Callback, raw: &Bytes) {
        let dedupe = callback.dedupe_key();
        for (index, event) in events(&self.account, callback, raw).into_iter().enumerate() {
            let key = one_of_several(Platform::DingTalk, &dedupe, index);
            if let Some(admitted) = self.desk.admit_once(event, key).await {
                self.serve(admitted, Arc::new(self.outbox.clone()));
            }
        }
    }

    /// Somebody pressed a button, and may do so again.
    async fn press(&self, callback: CardCallback, raw: Bytes) {
        let event = card_event(Arc::clone(&self.account), callback, raw);
        if let Some(admitted) = self.desk.admit(event).await {
            self.serve(admitted, Arc::new(self.outbox.clone()));
        }
    }

    fn serve(&self, admitted: Admitted, outbox: Arc<dyn Outbox>) {
        let (desk, span) = (Arc::clone(&self.desk), admitted.span());
        let work = async move { desk.serve(admitted, outbox).await };
        tokio::spawn(work.instrument(span));
    }
}

#[cfg(test)]
mod tests;
