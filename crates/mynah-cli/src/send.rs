//! `mynah send`: one message to one conversation.

use mynah_bot::onebot::OneBotOutbox;
use mynah_bot::{Message, Outbox, Platform};
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
    let outbox = match send.conversation.platform {
        Platform::OneBot => {
            let account = account::onebot(&send.which, Some(&send.account))?;
            OneBotOutbox::new(account::client(&account)?)
        }
        other => {
            return Err(Failure::usage(format!(
                "{other}: not a platform that can be sent to"
            )));
        }
    };
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
    output::print(&json!({ "ids": ids }), Output::Json)
}
