//! `mynah send`: one message to one conversation.

use mynah_bot::Message;
use mynah_bot::wecom::BotSocket;
use serde_json::json;

use crate::arguments::{Output, Send};
use crate::call::stdin;
use crate::exit::Failure;
use crate::{account, output};

pub(crate) async fn run(send: Send) -> Result<(), Failure> {
    let text = if send.text == "-" {
        stdin()?
    } else {
        send.text
    };
    let account = account::named(&send.which, Some(&send.account))?;
    if account.platform.platform() != send.conversation.platform {
        let (name, place) = (&account.name, &send.conversation);
        let problem = format!("account {name}: {place} is on another platform");
        return Err(Failure::usage(problem));
    }
    let (outbox, socket) = account::outbox(&account)?;
    let receipt = outbox.send(&send.conversation, &Message::text(text)).await;
    let receipt = receipt.map_err(|error| {
        let refused = socket.as_ref().and_then(BotSocket::refused);
        refused.map_or_else(|| Failure::from(error), Failure::from)
    })?;
    for loss in &receipt.losses {
        eprintln!("lost on the way: {} (instead: {})", loss.what, loss.instead);
    }
    let ids: Vec<_> = receipt.ids.iter().map(ToString::to_string).collect();
    output::print(&json!({ "ids": ids }), &Output::Json)
}
