//! What an intelligent bot says that is called back: it can answer, once in
//! the response and once more by the address that came with the callback.

use std::sync::{Mutex, PoisonError};

use mynah_client::{Client, HyperTransport};
use mynah_core::http::Uri;
use mynah_core::{File, RawRequest};
use mynah_wecom::aibot::{Callback, Event as Told, Kind, Reply as Body, ResponseUrl, Stream};
use mynah_wecom::card::TemplateCard;
use mynah_wecom::{BotMessage, WeCom};
use serde_json::{Value, json};

use super::bot::{Keys, fetch_opened};
use super::capabilities::CALLED_BOT_CAPABILITIES;
use super::cards::named;
use super::compile::{Compiled, Piece, Way, compile};
use crate::capability::{Capabilities, Capability};
use crate::choices::Choices;
use crate::event::Event;
use crate::id::{Conversation, MessageId, Place, Platform};
use crate::message::{Media, Message};
use crate::outgoing::{Speaker, answer, read_raw, say};
use crate::reply::{BotError, Doing, Outbox, Reply, Result, Sending};

/// Answers one callback by its address.
pub(super) struct CalledOutbox {
    transport: HyperTransport,
    place: Option<Conversation>,
    /// Good for one message.
    url: Mutex<Option<ResponseUrl>>,
    keys: Keys,
    choices: Choices,
}

impl CalledOutbox {
    pub(super) fn new(
        transport: HyperTransport,
        place: Option<Conversation>,
        url: Option<ResponseUrl>,
        keys: Keys,
        choices: Choices,
    ) -> Self {
        Self {
            transport,
            place,
            url: Mutex::new(url),
            keys,
            choices,
        }
    }

    fn take_url(&self) -> Result<ResponseUrl> {
        let mut url = self.url.lock().unwrap_or_else(PoisonError::into_inner);
        url.take().ok_or_else(|| {
            let problem = "an intelligent bot with callbacks can answer each callback in its \
                           response and by one more message";
            BotError::new(problem)
        })
    }

    async fn post(&self, body: Value) -> Result<()> {
        let url: Uri = self.take_url()?.expose().parse()?;
        let (Some(scheme), Some(authority)) = (url.scheme_str(), url.authority()) else {
            return Err(BotError::new("response_url: is no address"));
        };
        let base = format!("{scheme}://{authority}").parse()?;
        let client = Client::<WeCom>::builder(base).over(self.transport.clone());
        let mut request = RawRequest::post(url.path()).json(&body)?;
        url.query()
            .unwrap_or_default()
            .clone_into(&mut request.query);
        client.raw(request).open().await?;
        Ok(())
    }
}

impl Speaker for CalledOutbox {
    const HERE: Platform = Platform::WeCom;
    type Piece = Piece;

    fn choices(&self) -> Option<&Choices> {
        Some(&self.choices)
    }

    async fn put(&self, to: &Conversation, piece: Piece) -> Result<Option<MessageId>> {
        if self.place.as_ref() != Some(to) {
            let wanted = match to.kind {
                Place::Group => Capability::Group,
                _ => Capability::Direct,
            };
            return Err(self.capabilities().refuse(wanted).into());
        }
        let body = match piece {
            Piece::Text { content, .. } | Piece::Markdown { content, .. } => serde_json::to_value(
                BotMessage::from(mynah_wecom::message::Markdown::new(content)),
            )?,
            Piece::Card(card) => serde_json::to_value(BotMessage::from(named(*card)))?,
            Piece::Raw(body) => body,
            _ => return Err(BotError::new("only Markdown and cards can be posted")),
        };
        self.post(body).await?;
        Ok(None)
    }
}

impl Outbox for CalledOutbox {
    fn capabilities(&self) -> Capabilities {
        CALLED_BOT_CAPABILITIES
    }

    fn send<'a>(&'a self, to: &'a Conversation, message: &'a Message) -> Sending<'a> {
        Box::pin(say(self, to, compile(message, Way::CalledBot)))
    }

    fn answer<'a>(&'a self, event: &'a Event, reply: &'a Reply) -> Sending<'a> {
        answer(self, event, reply)
    }

    /// What came with the callback is decrypted.
    fn fetch<'a>(&'a self, media: &'a Media) -> Doing<'a, File> {
        Box::pin(fetch_opened(&self.transport, &self.keys, media))
    }
}

/// A message as the answer in the response, if it is one.
pub(super) fn in_response(callback: &Callback, message: &Message) -> Option<(Body, Compiled)> {
    if callback.kind == Kind::Event(Told::EnterChat) {
        // A welcome is text.
        let compiled = compile(message, Way::Direct);
        return match compiled.pieces.as_slice() {
            [Piece::Text { content, .. }] => Some((Body::text(content.as_str()), compiled)),
            _ => None,
        };
    }
    let compiled = compile(message, Way::CalledBot);
    let body = match compiled.pieces.as_slice() {
        [Piece::Markdown { content, .. }] => {
            let id = format!("mynah-{}", callback.msgid);
            Stream::new(id, content.as_str()).finish().into()
        }
        [Piece::Card(card)] => Body::template_card(named(TemplateCard::clone(card))),
        [Piece::Raw(body)] => read_raw(body.clone(), json!({})).ok()?,
        _ => return None,
    };
    Some((body, compiled))
}
