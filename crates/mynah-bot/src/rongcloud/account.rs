//! One RongCloud application, connected in the way its settings say.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use mynah_inbound::{Post, Receiver, Receiving};
use mynah_rongcloud::event::RoutedMessage;
use mynah_rongcloud::{Answer, CallbackSecret, Event as Posted, RongCloud};
use tracing::Instrument;

use super::convert::{chatroom_events, operation_event, other_event, routed_event};
use super::outbox::{UserOutbox, app, app_client};
use crate::config::RongCloudAccount;
use crate::desk::Desk;
use crate::event::Event;
use crate::id::{MessageId, Platform};
use crate::link::Link;
use crate::reply::Result;
use crate::server::{Server, one_of_several};

/// For how long a post is remembered. The platform's repetitions come within a
/// minute, and within another where it had to wait.
const REMEMBER: Duration = Duration::from_secs(600);

/// Listens as `settings` say.
pub(crate) async fn open<S>(
    account: Arc<str>,
    settings: &RongCloudAccount,
    desk: Arc<Desk<S>>,
) -> Result<Link>
where
    S: Send + Sync + 'static,
{
    let outbox = UserOutbox::new(app_client(settings)?, settings.user());
    let outbox = Arc::new(outbox);
    let speaks = Arc::<UserOutbox>::clone(&outbox);
    desk.outboxes().open(&account, speaks);
    let Some(listen) = settings.listen else {
        return Ok(Link::default());
    };
    let secret = CallbackSecret::new(app(settings)?);
    let work = Arc::new(Work {
        account,
        desk,
        outbox,
    });
    let receive = move |post| Arc::clone(&work).receive(post);
    let receiving = Receiving {
        remember: REMEMBER,
        ..Receiving::default()
    };
    let receiver = Receiver::<RongCloud, _>::new(secret, receive, receiving);
    Ok(Server::open(listen, receiver).await?.into())
}

/// An application at work.
struct Work<S> {
    account: Arc<str>,
    desk: Arc<Desk<S>>,
    outbox: Arc<UserOutbox>,
}

impl<S: Send + Sync + 'static> Work<S> {
    /// Takes what was posted. The platform learns that as soon as it has its
    /// place in the queue, and replies are calls.
    async fn receive(self: Arc<Self>, post: Post<Posted>) -> Option<Answer> {
        let dedupe = post.event.dedupe_key();
        let events = self.events(post.event, &post.raw);
        for (index, event) in events.into_iter().enumerate() {
            self.take(event, one_of_several(Platform::RongCloud, &dedupe, index))
                .await;
        }
        self.desk.acknowledges().await;
        None
    }

    fn events(&self, posted: Posted, raw: &Bytes) -> Vec<Event> {
        let account = || Arc::clone(&self.account);
        match posted {
            Posted::Route(message) => self.heard(*message, raw.clone()).into_iter().collect(),
            Posted::Chatroom(changes) => changes
                .iter()
                .flat_map(|status| chatroom_events(&self.account, status, raw))
                .collect(),
            Posted::Operation(operation) => {
                let bot = self.outbox.user();
                vec![operation_event(account(), bot, *operation, raw.clone())]
            }
            // It is asked before everybody else hears it; what is said comes by the
            // message route.
            Posted::Check(_) => Vec::new(),
            other => vec![other_event(account(), other, raw.clone())],
        }
    }

    fn heard(&self, message: RoutedMessage, raw: Bytes) -> Option<Event> {
        routed_event(Arc::clone(&self.account), self.outbox.user(), message, raw)
    }

    async fn take(&self, event: Event, key: MessageId) {
        let event = self.outbox.offered().read(event);
        let Some(admitted) = self.desk.admit_once(event, key).await else {
            return;
        };
        let (desk, outbox, span) = (
            Arc::clone(&self.desk),
            Arc::clone(&self.outbox),
            admitted.span(),
        );
        let work = async move { desk.serve(admitted, outbox).await };
        tokio::spawn(work.instrument(span));
    }
}
