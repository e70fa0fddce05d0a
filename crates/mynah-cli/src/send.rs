//! `mynah send`: one message to one conversation.

use mynah_bot::wecom::BotSocket;
use mynah_bot::{
    AccountKind, Conversation, DingTalkAccount, Loss, Message, Part, Place, WeComAccount,
    bearychat, dingtalk, onebot, rongcloud, wecom,
};
use serde_json::{Value, json};

use crate::arguments::Send;
use crate::call::stdin;
use crate::exit::Failure;
use crate::{account, output};

pub(crate) async fn run(send: Send) -> Result<(), Failure> {
    let text = if send.text == "-" {
        stdin()?
    } else {
        send.text
    };
    if text.trim().is_empty() {
        return Err(Failure::usage("there is nothing to say: the text is empty"));
    }
    let place = &send.conversation;
    let account = account::speaking(&send.which, &send.account, place.platform)?;
    if account.platform.platform() != place.platform {
        let name = &account.name;
        let problem = format!("account {name}: {place} is on another platform");
        return Err(Failure::usage(problem));
    }
    let message = if send.markdown {
        Message::new().push(Part::Markdown(text))
    } else {
        Message::text(text)
    };
    if send.dry_run {
        let (pieces, losses) = compiled(&account.platform, place, &message)?;
        tell(&losses);
        return output::show(
            &json!({ "to": place.to_string(), "messages": pieces }),
            send.output,
        );
    }
    let (outbox, socket) = account::outbox(&account)?;
    let receipt = outbox.send(place, &message).await;
    let receipt = receipt.map_err(|error| {
        let refused = socket.as_ref().and_then(BotSocket::refused);
        refused.map_or_else(|| Failure::from(error), Failure::from)
    })?;
    tell(&receipt.losses);
    let ids: Vec<_> = receipt.ids.iter().map(ToString::to_string).collect();
    output::show(&json!({ "ids": ids }), send.output)
}

fn tell(losses: &[Loss]) {
    for loss in losses {
        eprintln!(
            "mynah: lost on the way: {} (instead: {})",
            loss.what, loss.instead
        );
    }
}

/// The messages that a message becomes on the platform of an account.
fn compiled(
    kind: &AccountKind,
    to: &Conversation,
    message: &Message,
) -> Result<(Vec<Value>, Vec<Loss>), Failure> {
    Ok(match kind {
        AccountKind::OneBot(_) => {
            let compiled = onebot::compile(message);
            let pieces = compiled.pieces.iter().map(serde_json::to_value);
            let pieces = pieces.collect::<Result<_, _>>().map_err(Failure::other)?;
            (pieces, compiled.losses)
        }
        AccountKind::WeCom(account) => {
            let way = match account {
                WeComAccount::Robot(_) => wecom::Way::Robot,
                WeComAccount::Application(_) if to.kind == Place::Group => wecom::Way::Group,
                WeComAccount::Application(_) => wecom::Way::Direct,
                _ => wecom::Way::Bot,
            };
            let compiled = wecom::compile(message, way);
            let pieces = compiled.pieces.into_iter().map(|piece| match piece {
                wecom::Piece::Text { content, .. } => {
                    json!({"msgtype": "text", "text": {"content": content}})
                }
                wecom::Piece::Markdown { content, .. } => {
                    json!({"msgtype": "markdown", "markdown": {"content": content}})
                }
                other => json!(format!("{other:?}")),
            });
            (pieces.collect(), compiled.losses)
        }
        AccountKind::DingTalk(account) => {
            let way = match account {
                DingTalkAccount::Robot(_) => dingtalk::Way::Robot,
                _ if to.kind == Place::Group && to.id.to_string().starts_with("chat") => {
                    dingtalk::Way::Chat
                }
                _ => dingtalk::Way::Template,
            };
            let compiled = dingtalk::compile(message, way);
            let pieces = compiled.pieces.into_iter().map(|piece| match piece {
                dingtalk::Piece::Text { content, .. } => {
                    json!({"msgtype": "text", "text": {"content": content}})
                }
                dingtalk::Piece::Markdown { title, text, .. } => {
                    json!({"msgtype": "markdown", "markdown": {"title": title, "text": text}})
                }
                other => json!(format!("{other:?}")),
            });
            (pieces.collect(), compiled.losses)
        }
        AccountKind::RongCloud(_) => {
            let compiled = rongcloud::compile(message);
            let pieces = compiled.pieces.into_iter().map(|piece| match piece {
                rongcloud::Piece::Text { content, .. } => {
                    json!({"objectName": "RC:TxtMsg", "content": {"content": content}})
                }
                other => json!(format!("{other:?}")),
            });
            (pieces.collect(), compiled.losses)
        }
        AccountKind::BearyChat(_) => {
            let compiled = bearychat::compile(message, bearychat::Way::Calls);
            let pieces = compiled.pieces.into_iter().map(|piece| match piece {
                bearychat::Piece::Said { text, .. } => json!({ "text": text }),
                other => json!(format!("{other:?}")),
            });
            (pieces.collect(), compiled.losses)
        }
        other => {
            let problem = format!("{}: nothing is known of its messages", other.platform());
            return Err(Failure::configuration(problem));
        }
    })
}
