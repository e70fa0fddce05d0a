//! `mynah send`: one message to one conversation.

use mynah_bot::Message;
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
    let (outbox, _open) = account::outbox(&account)?;
    let receipt = outbox.send(&send.conversation, &Message::text(text)).await;
    let receipt =
        receipt.map_err(
            |error| match error.inner().downcast_ref::<mynah_core::Error>() {
                Some(refused) => Failure::from(refused.clone()),
                None => Failure::other(error),
            },
        )?;
    for loss in &receipt.losses {
        eprintln!("lost on the way: {} (instead: {})", loss.what, loss.instead);
    }
    let ids: Vec<_> = receipt.ids.iter().map(ToString::to_string).collect();
    output::print(&json!({ "ids": ids }), &Output::Json)
}
