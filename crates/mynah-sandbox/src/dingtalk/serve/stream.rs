//! Stream: where a program connects to.

use mynah_core::ApiError;
use mynah_dingtalk::api::stream::{Connection, OpenConnection, Subscription};

use crate::dingtalk::refusal::invalid;
use crate::dingtalk::stream::auth_failed;
use crate::dingtalk::world::DingTalkWorld;
use crate::serve::Serve;

/// Things that one connection is told of.
const SUBSCRIPTIONS: usize = 100;
/// Characters of one of them. Not documented.
const TOPIC_CHARS: usize = 256;

impl Serve<OpenConnection> for DingTalkWorld {
    fn serve(&mut self, call: OpenConnection) -> Result<Connection, ApiError> {
        if !self.is_app(&call.client_id, &call.client_secret) {
            return Err(auth_failed());
        }
        check(&call.subscriptions)?;
        Ok(Connection {
            endpoint: self.stream_endpoint(),
            ticket: self.issue_ticket(call.subscriptions).into(),
        })
    }
}

/// Whether there are such things. Some programs also ask for what every
/// connection is told, such as pings.
fn check(subscriptions: &[Subscription]) -> Result<(), ApiError> {
    let many = subscriptions.len();
    if !(1..=SUBSCRIPTIONS).contains(&many) {
        let problem = format!("subscriptions must be 1 to {SUBSCRIPTIONS}, not {many}");
        return Err(invalid(&problem));
    }
    for subscription in subscriptions {
        if subscription.topic.chars().count() > TOPIC_CHARS {
            let problem = format!("subscriptions: a topic may have {TOPIC_CHARS} characters");
            return Err(invalid(&problem));
        }
        match (subscription.kind.as_str(), subscription.topic.as_str()) {
            (_, "") => return Err(invalid("subscriptions: a topic is missing")),
            ("EVENT", "*") | ("CALLBACK" | "SYSTEM", _) => {}
            ("EVENT", _) => return Err(invalid("subscriptions: the topic of EVENT must be *")),
            _ => return Err(invalid("subscriptions: type must be EVENT or CALLBACK")),
        }
    }
    Ok(())
}

impl DingTalkWorld {
    /// Where connections are opened.
    fn stream_endpoint(&self) -> String {
        let url = &self.settings.public_url;
        let socket = match url.split_once("://") {
            Some(("https", host)) => format!("wss://{host}"),
            Some((_, host)) => format!("ws://{host}"),
            None => format!("ws://{url}"),
        };
        format!("{socket}{}/connect", self.settings.base_path)
    }
}
