//! One OneBot account, connected in the ways its settings say.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use mynah_client::{Client, HyperTransport};
use mynah_core::BaseUrl;
use mynah_inbound::{
    Connection, Handle, Hub, Limits, Post, Receiver, Receiving, Settings, connect, serve,
};
use mynah_onebot::socket::{Forward, Reverse, Role};
use mynah_onebot::{AccessToken, OneBot, PostSecret, QuickOperation, RawEvent};
use tokio::time::Instant;
use tracing::Instrument;

use super::compile::in_response;
use super::{CAPABILITIES_BY_POST, OneBotOutbox, event};
use crate::capability::Capabilities;
use crate::choices::Choices;
use crate::config::{OneBotAccount, Secret};
use crate::desk::{Desk, Handled, Patience, Responds, Response};
use crate::link::Link;
use crate::media::ONEBOT;
use crate::message::Message;
use crate::reply::{BotError, Outbox, Reply, Result, Sending};
use crate::server::Server;
use crate::way::{sockets, transport};
use crate::{Conversation, Event};

/// Connects and listens as `settings` say.
pub(crate) async fn open<S>(
    account: Arc<str>,
    settings: &OneBotAccount,
    desk: Arc<Desk<S>>,
) -> Result<Link>
where
    S: Send + Sync + 'static,
{
    let token = AccessToken::new(Secret::text(settings.access_token.as_ref())?)?;
    let choices = Choices::default();
    let mut work = Work {
        account,
        desk,
        api: None,
        by_socket: Arc::default(),
        choices,
        transport: transport(),
    };
    if let Some(base) = settings.api.clone() {
        let client = Client::builder(base).auth(token.clone());
        let api = work.outbox(client.over(transport()));
        work.desk.outboxes().open(&work.account, Arc::clone(&api));
        work.api = Some(api);
    }
    let mut link = Link::default();
    if let Some(url) = &settings.connect {
        let connection = work.dial(url, token.clone())?;
        // It speaks before anything was heard.
        work.outbox_of(connection.handle());
        link = connection.into();
    }
    if let Some(address) = settings.listen {
        let secret = match &settings.secret {
            Some(secret) => PostSecret::new(&secret.read()?),
            None => PostSecret::none(),
        };
        link = work.listen(link, address, token, secret).await?;
    }
    Ok(link)
}

/// What all connections of an account share.
struct Work<S> {
    account: Arc<str>,
    desk: Arc<Desk<S>>,
    /// Calls over HTTP, where the settings name an address for them.
    api: Option<Arc<dyn Outbox>>,
    /// Calls over the socket that an event came from.
    by_socket: Arc<Mutex<BySocket>>,
    choices: Choices,
    /// Fetches media, on the way of the account: sockets are opened at any time.
    transport: HyperTransport,
}

type BySocket = HashMap<Box<str>, Arc<dyn Outbox>>;

impl<S> Clone for Work<S> {
    fn clone(&self) -> Self {
        Self {
            account: Arc::clone(&self.account),
            desk: Arc::clone(&self.desk),
            api: self.api.clone(),
            by_socket: Arc::clone(&self.by_socket),
            choices: self.choices.clone(),
            transport: self.transport.clone(),
        }
    }
}

impl<S: Send + Sync + 'static> Work<S> {
    fn dial(&self, url: &BaseUrl, token: AccessToken) -> Result<Connection> {
        let dialer = Forward::new(url, Role::Universal, token)?;
        let work = self.clone();
        let listener = move |from, heard| work.clone().hear(from, heard);
        Ok(connect(&*self.account, dialer, listener, sockets()))
    }

    /// Listens for posts and for sockets, beside what is open.
    async fn listen(
        &self,
        link: Link,
        address: SocketAddr,
        token: AccessToken,
        secret: PostSecret,
    ) -> Result<Link> {
        let (work, posts) = (self.clone(), self.clone());
        let hear = move |from, heard| work.clone().hear(from, heard);
        let hub = Hub::new(Reverse::new(token), hear, Settings::default());
        let post = move |post| posts.clone().receive(post);
        let receiver = Receiver::<OneBot, _>::new(secret, post, Receiving::default());
        let service = hub.clone().or(receiver);
        let serving = |listener, stopped| serve(listener, service, Limits::default(), stopped);
        let server = Server::serving(address, serving).await?;
        Ok(link.with_hub(server, async move { hub.close().await }))
    }

    /// Takes an event from a socket. Ends when the event has its place in the
    /// queue; the next one follows then.
    async fn hear(self, from: Handle, heard: RawEvent) {
        let event = self.choices.read(event(Arc::clone(&self.account), heard));
        if let Some(admitted) = self.desk.admit(event).await {
            let outbox = self.outbox_of(&from);
            let span = admitted.span();
            let work = async move { self.desk.serve(admitted, outbox).await };
            tokio::spawn(work.instrument(span));
        }
    }

    /// Takes an event that was posted. Where calls can be made the reply is
    /// one; elsewhere it goes back in the response.
    async fn receive(self, post: Post<mynah_onebot::Event>) -> Option<QuickOperation> {
        let arrived = RawEvent {
            event: post.event,
            raw: post.raw,
        };
        let came = Instant::now();
        let event = self.choices.read(event(Arc::clone(&self.account), arrived));
        let admitted = self.desk.posted(self.desk.admit(event)).await?;
        if let Some(api) = self.api.clone() {
            let span = admitted.span();
            let work = async move { self.desk.serve(admitted, api).await };
            tokio::spawn(work.instrument(span));
            return None;
        }
        let patience = Patience {
            came,
            within: post.within,
        };
        let nowhere = Arc::new(Nowhere);
        let way = InResponse(self.choices.clone());
        self.desk.respond(admitted, nowhere, way, patience).await
    }

    fn outbox_of(&self, handle: &Handle) -> Arc<dyn Outbox> {
        let mut by_socket = self
            .by_socket
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(outbox) = by_socket.get(handle.account()) {
            return Arc::clone(outbox);
        }
        // A socket has one address for all calls; the session reads the path alone.
        let outbox = match "http://socket".parse::<BaseUrl>() {
            Ok(base) => self.outbox(Client::builder(base).over(handle.clone())),
            Err(_) => Arc::new(Nowhere),
        };
        by_socket.insert(handle.account().into(), Arc::clone(&outbox));
        if self.api.is_none() {
            let outboxes = self.desk.outboxes();
            outboxes.open(&self.account, Arc::clone(&outbox));
        }
        outbox
    }

    fn outbox(&self, client: Client<OneBot>) -> Arc<dyn Outbox> {
        let outbox = OneBotOutbox::new(client).over(self.transport.clone());
        Arc::new(outbox.offering(self.choices.clone()))
    }
}

/// Replies in the response to a post.
struct InResponse(Choices);

impl Responds for InResponse {
    type Answer = QuickOperation;

    async fn respond(&self, handled: &Handled) -> Result<Option<Response<QuickOperation>>> {
        let operation = operation(handled, &self.0)?;
        Ok(operation.map(Response::from))
    }
}

/// The reply as the response to a post.
fn operation(handled: &Handled, choices: &Choices) -> Result<Option<QuickOperation>> {
    Ok(match &handled.reply {
        Reply::Nothing => None,
        Reply::Message(message) => {
            ONEBOT.check_message(message)?;
            let compiled = in_response(message);
            compiled.log_losses();
            if let Some(place) = &handled.event().conversation {
                choices.offer(place, &compiled.numbered);
            }
            compiled
                .pieces
                .into_iter()
                .next()
                .map(QuickOperation::reply)
        }
        Reply::Approve(remark) => Some(QuickOperation {
            remark: Some(remark.clone()).filter(|remark| !remark.is_empty()),
            ..QuickOperation::approve()
        }),
        Reply::Decline(reason) => Some(QuickOperation {
            reason: Some(reason.clone()).filter(|reason| !reason.is_empty()),
            ..QuickOperation::refuse()
        }),
    })
}

/// There is no way to call: the settings name no `api`, and events come by post.
struct Nowhere;

impl Outbox for Nowhere {
    fn capabilities(&self) -> Capabilities {
        CAPABILITIES_BY_POST
    }

    fn send<'a>(&'a self, _: &'a Conversation, _: &'a Message) -> Sending<'a> {
        no_way()
    }

    fn answer<'a>(&'a self, _: &'a Event, _: &'a Reply) -> Sending<'a> {
        no_way()
    }
}

fn no_way<'a>() -> Sending<'a> {
    let problem = "without `api` in its settings this account can only return its reply";
    Box::pin(std::future::ready(Err(BotError::new(problem))))
}
