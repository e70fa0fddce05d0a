//! What an intelligent bot says over its socket.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use mynah_client::{Client, HyperTransport};
use mynah_core::{ApiError, Error, File, Verdict};
use mynah_inbound::{Connection, Handle};
use mynah_wecom::aibot::{
    BotEvent, Callback, Content, Event as Told, Kind, MediaKey, Reply as Body, ReqId, RespondMsg,
    RespondWelcomeMsg, SendMsg, Stream, UploadMediaChunk, UploadMediaFinish, UploadMediaInit,
};
use mynah_wecom::message::{Media as Uploaded, Video};
use mynah_wecom::meter::Meter;
use mynah_wecom::{WeCom, errcode};
use serde_json::json;
use tokio::time::Instant;

use super::account::connect_bot;
use super::capabilities::BOT_CAPABILITIES;
use super::cards::named;
use super::compile::{Compiled, Piece, Way, compile};
use super::meters::Meters;
use crate::capability::Capabilities;
use crate::choices::Choices;
use crate::config::WeComBot;
use crate::event::Event;
use crate::id::{Conversation, MessageId, Place, Platform};
use crate::media::WECOM;
use crate::message::{Media, Message, Source};
use crate::outgoing::{
    MediaKind, Ready, Speaker, answer, fetch, from_address, no_place, read_raw, say,
};
use crate::reply::{Doing, Outbox, Reply, Result, Sending};
use crate::way::transport;

/// Sends as an intelligent bot, over its socket and of its own accord: to
/// whoever has talked to it before, and into groups where somebody has. It
/// warns when it says more in one chat than the platform takes.
#[derive(Clone, Debug)]
pub struct BotOutbox {
    client: Client<WeCom>,
    transport: HyperTransport,
    meters: Meters,
    choices: Choices,
}

impl BotOutbox {
    /// An outbox over an open socket.
    ///
    /// # Errors
    /// Never, at present.
    pub fn new(handle: Handle) -> Result<Self> {
        // A socket has one address for all calls; the session reads the path alone.
        let base = "http://socket".parse()?;
        Ok(Self {
            client: Client::builder(base).over(handle),
            transport: transport(),
            meters: Meters::default(),
            choices: Choices::default(),
        })
    }

    /// The buttons that it has written as numbered lines.
    pub(super) fn offered(&self) -> &Choices {
        &self.choices
    }

    /// The same, with media fetched over `transport`.
    #[must_use]
    pub fn over(self, transport: HyperTransport) -> Self {
        Self { transport, ..self }
    }

    /// The client underneath, for everything that is not a reply.
    pub fn client(&self) -> &Client<WeCom> {
        &self.client
    }

    async fn body(&self, piece: Piece) -> Result<Body> {
        Ok(match piece {
            Piece::Text { content, .. } | Piece::Markdown { content, .. } => {
                Body::markdown(content)
            }
            Piece::Image(media) => Body::image(self.upload(media, MediaKind::Image).await?),
            Piece::Voice(media) => Body::Voice {
                voice: Uploaded::new(self.upload(media, MediaKind::Voice).await?),
            },
            Piece::Video(media) => Body::Video {
                video: Video::new(self.upload(media, MediaKind::Video).await?),
            },
            Piece::File(media) => Body::file(self.upload(media, MediaKind::File).await?),
            Piece::Link(link) => Body::markdown(link.url),
            Piece::Card(card) => Body::template_card(named(*card)),
            Piece::Raw(body) => read_raw(body, json!({}))?,
        })
    }

    /// A file goes over the socket in parts.
    async fn upload(&self, media: Media, kind: MediaKind) -> Result<String> {
        let ready = WECOM.ready::<WeCom>(&self.transport, media, kind);
        let file = match ready.await? {
            Ready::Kept(id) => return Ok(id),
            Ready::Here(file) => file,
        };
        let begin = UploadMediaInit::of(kind.word(), file.name, &file.content);
        let upload = self.client.call(begin).await?;
        for part in UploadMediaChunk::all(&upload, &file.content) {
            self.client.call(part).await?;
        }
        let uploaded = self.client.call(UploadMediaFinish::new(upload)).await?;
        Ok(uploaded.media_id.0)
    }
}

impl Speaker for BotOutbox {
    const HERE: Platform = Platform::WeCom;
    type Piece = Piece;

    fn choices(&self) -> Option<&Choices> {
        Some(&self.choices)
    }

    async fn prepare(&self, _: &Conversation, piece: Piece) -> Result<Piece> {
        piece.prepared(&WECOM, &self.transport).await
    }

    async fn put(&self, to: &Conversation, piece: Piece) -> Result<Option<MessageId>> {
        let chat_type = match to.kind {
            Place::Direct => 1,
            Place::Group => 2,
            Place::Temporary => return Err(no_place(to, Platform::WeCom)),
        };
        let body = self.body(piece).await?;
        self.meters.count(to, Meter::default);
        let message = SendMsg::new(to.id.to_string(), body).chat_type(chat_type);
        self.client.call(message).await?;
        Ok(None)
    }
}

impl Outbox for BotOutbox {
    fn capabilities(&self) -> Capabilities {
        BOT_CAPABILITIES
    }

    fn send<'a>(&'a self, to: &'a Conversation, message: &'a Message) -> Sending<'a> {
        Box::pin(say(self, to, compile(message, Way::Bot)))
    }

    fn answer<'a>(&'a self, event: &'a Event, reply: &'a Reply) -> Sending<'a> {
        answer(self, event, reply)
    }
}

/// The open socket of an intelligent bot, for those who speak and do not
/// listen. The socket ends with it.
///
/// The platform allows one connection for each bot: opening one ends the one
/// that was there before.
#[derive(Debug)]
pub struct BotSocket {
    outbox: BotOutbox,
    refused: Arc<Mutex<Option<ApiError>>>,
    _connection: Connection,
}

impl BotSocket {
    /// Connects in the background; calls wait until the connection is there.
    ///
    /// # Errors
    /// The settings are wrong, or a secret cannot be read.
    pub fn open(settings: &WeComBot) -> Result<Self> {
        let refused = Arc::<Mutex<Option<ApiError>>>::default();
        let noted = Arc::clone(&refused);
        let listener = move |_, heard| {
            if let BotEvent::Refused(error) = heard {
                *noted.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            }
            std::future::ready(())
        };
        let connection = connect_bot(&settings.bot_id, settings, listener)?;
        Ok(Self {
            outbox: BotOutbox::new(connection.handle().clone())?,
            refused,
            _connection: connection,
        })
    }

    /// What sends over it.
    pub fn outbox(&self) -> &BotOutbox {
        &self.outbox
    }

    /// Why the platform did not let the bot in, if it did not: calls then only
    /// tell that there is no connection.
    pub fn refused(&self) -> Option<Error> {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let error = refused.clone()?;
        Some(Error::refused(
            "wecom.aibot_subscribe",
            error,
            Verdict::Unauthorized,
        ))
    }
}

/// For how long a welcome is taken: 5 s, less the way there.
const WELCOME: Duration = Duration::from_millis(4500);

/// For how long a message is answered with a stream: 6 minutes, less the way there.
const STREAM: Duration = Duration::from_secs(350);

/// Answers one callback: what goes where it came from names it.
pub(super) struct BotAnswers {
    outbox: BotOutbox,
    place: Option<Conversation>,
    req_id: ReqId,
    kind: Asked,
    /// What opens the files that came with the callback.
    keys: Keys,
    /// When the callback came.
    at: Instant,
    /// How many answers there were.
    answers: Mutex<u32>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Message,
    Welcome,
    /// Only the card could be changed in answer to it.
    Other,
}

impl BotAnswers {
    pub(super) fn new(
        outbox: BotOutbox,
        place: Option<Conversation>,
        req_id: ReqId,
        callback: &Callback,
        at: Instant,
    ) -> Self {
        let kind = match &callback.kind {
            Kind::Message { .. } => Asked::Message,
            Kind::Event(Told::EnterChat) => Asked::Welcome,
            _ => Asked::Other,
        };
        Self {
            outbox,
            place,
            req_id,
            kind,
            keys: keys(callback, None),
            at,
            answers: Mutex::new(0),
        }
    }

    fn count(&self) -> u32 {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        *answers += 1;
        *answers
    }

    fn compile(&self, to: &Conversation, message: &Message) -> Compiled {
        if self.welcomes(to) {
            let plain = compile(message, Way::Direct);
            if matches!(plain.pieces.as_slice(), [Piece::Text { .. }]) {
                return plain;
            }
        }
        compile(message, Way::Bot)
    }

    fn welcomes(&self, to: &Conversation) -> bool {
        self.kind == Asked::Welcome
            && self.place.as_ref() == Some(to)
            && self.at.elapsed() < WELCOME
    }

    /// A file that came with the callback is encrypted, and goes out as it was
    /// before.
    async fn opened(&self, piece: Piece) -> Result<Piece> {
        let (Piece::Image(media) | Piece::Video(media) | Piece::File(media)) = &piece else {
            return Ok(piece);
        };
        let Source::Url(url) = &media.source else {
            return Ok(piece);
        };
        let Some((_, key)) = self.keys.iter().find(|(known, _)| known == url) else {
            return Ok(piece);
        };
        let file = fetch::<WeCom>(&self.outbox.transport, url).await?;
        let content = key.open(file.content.into())?;
        let name = if media.name.is_empty() {
            file.name
        } else {
            media.name.clone()
        };
        let media = Media::bytes(name, content);
        Ok(match piece {
            Piece::Image(_) => Piece::Image(media),
            Piece::Video(_) => Piece::Video(media),
            _ => Piece::File(media),
        })
    }

    async fn respond(&self, to: &Conversation, piece: Piece) -> Result<()> {
        let count = self.count();
        let body = match piece.clone() {
            // One stream for each answer; where it is too late for one, Markdown is taken for a day.
            Piece::Markdown { content, .. } if self.at.elapsed() < STREAM => {
                let id = format!("mynah-{}-{count}", self.req_id);
                Stream::new(id, content).finish().into()
            }
            other => self.outbox.body(other).await?,
        };
        self.outbox.meters.count(to, Meter::default);
        let answer = RespondMsg::new(self.req_id.clone(), body);
        match self.outbox.client.call(answer).await {
            // Nothing was said, and what cannot be an answer any more can be a push.
            Err(error) if is_too_late(&error) => self.outbox.put(to, piece).await.map(drop),
            outcome => Ok(outcome.map(drop)?),
        }
    }
}

/// Whether the platform does not know (any more) what was answered.
fn is_too_late(error: &Error) -> bool {
    let code = error.api().and_then(|error| error.code.number());
    matches!(
        code,
        Some(errcode::INVALID_REQ_ID | errcode::STREAM_EXPIRED)
    )
}

/// What opens the files that came with a message, by their addresses.
pub(super) type Keys = Vec<(String, MediaKey)>;

/// The content of a file at an address, decrypted if it came with a callback.
pub(super) async fn fetch_opened(
    transport: &HyperTransport,
    keys: &Keys,
    media: &Media,
) -> Result<File> {
    let file = from_address::<WeCom>(transport, media).await?;
    let key = match &media.source {
        Source::Url(url) => keys.iter().find(|(known, _)| known == url),
        _ => None,
    };
    let Some((_, key)) = key else {
        return Ok(file);
    };
    let content = key.open(file.content.into())?.into();
    Ok(File { content, ..file })
}

/// The keys of the files in a message; `ours` is for those that come without.
pub(super) fn keys(callback: &Callback, ours: Option<&MediaKey>) -> Keys {
    let Kind::Message { content, .. } = &callback.kind else {
        return Vec::new();
    };
    let contents = match content {
        Content::Mixed(items) => items.as_slice(),
        single => std::slice::from_ref(single),
    };
    let files = contents.iter().filter_map(|content| match content {
        Content::Image(file) | Content::Video(file) | Content::File(file) => Some(file),
        _ => None,
    });
    let key = |key: &Option<MediaKey>| key.as_ref().or(ours).cloned();
    files
        .filter_map(|file| Some((file.url.clone(), key(&file.aeskey)?)))
        .collect()
}

impl Speaker for BotAnswers {
    const HERE: Platform = Platform::WeCom;
    type Piece = Piece;

    fn choices(&self) -> Option<&Choices> {
        self.outbox.choices()
    }

    async fn prepare(&self, to: &Conversation, piece: Piece) -> Result<Piece> {
        self.outbox.prepare(to, self.opened(piece).await?).await
    }

    async fn put(&self, to: &Conversation, piece: Piece) -> Result<Option<MessageId>> {
        let here = self.place.as_ref() == Some(to);
        match piece {
            piece if here && self.kind == Asked::Message => {
                self.respond(to, piece).await?;
                Ok(None)
            }
            Piece::Text { content, .. } if self.welcomes(to) && self.count() == 1 => {
                let body = Body::text(content);
                let welcome = RespondWelcomeMsg::new(self.req_id.clone(), body);
                self.outbox.client.call(welcome).await?;
                Ok(None)
            }
            piece => self.outbox.put(to, piece).await,
        }
    }
}

impl Outbox for BotAnswers {
    fn send<'a>(&'a self, to: &'a Conversation, message: &'a Message) -> Sending<'a> {
        Box::pin(say(self, to, self.compile(to, message)))
    }

    fn answer<'a>(&'a self, event: &'a Event, reply: &'a Reply) -> Sending<'a> {
        answer(self, event, reply)
    }

    /// What came with the callback is decrypted.
    fn fetch<'a>(&'a self, media: &'a Media) -> Doing<'a, File> {
        Box::pin(fetch_opened(&self.outbox.transport, &self.keys, media))
    }

    crate::reply::pass_on!(outbox);
}

#[cfg(test)]
mod tests;
