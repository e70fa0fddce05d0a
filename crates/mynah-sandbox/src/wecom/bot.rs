//! The intelligent bot: what it is told, and what it answers.

use std::collections::{BTreeMap, BTreeSet};

use mynah_core::{ApiError, HttpResponse, Platform};
use mynah_wecom::aibot::{
    Callback, ChatType, Content as Said, Event, Kind, Media, MediaKey, Reply, ResponseUrl, Sender,
    Stream as Streamed, StreamItem, Text, Update, Voice,
};
use mynah_wecom::id::ResponseCode;
use mynah_wecom::message::Video;
use mynah_wecom::{ChatId, MediaId, Secret, UserId, WeCom};
use serde::{Deserialize, Serialize};

use super::archive::{Chat, Speaker, Spoken};
use super::cards::Change;
use super::content::{Content, Piece, Stream};
use super::effect::Effect;
use super::frequency::Quota;
use super::limits::{self, HOUR_MS, MINUTE_MS};
use super::media::{self, Kind as MediaKind, Owner};
use super::prepare::{markdown, needs, template, too_long};
use super::refusal::{refuse, refuse_with};
use super::settings::BotReach;
use super::uploads::Upload;
use super::world::WeComWorld;
use crate::frame::{Framed as _, trim};
use crate::world::Time;

/// Only when strict: messages of the bot in one chat, answers and pushes together.
const MESSAGES: [Quota; 2] = [Quota::new(30, MINUTE_MS), Quota::new(1_000, HOUR_MS)];

/// What is known of the bot.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Bot {
    /// The chats in which somebody has talked to it.
    talked: BTreeSet<Chat>,
    /// What it was told and may answer, by `req_id`.
    issued: BTreeMap<String, Issued>,
    /// The streams it writes, by their ids.
    streams: BTreeMap<String, Writing>,
    /// The codes of the addresses for one more answer.
    codes: BTreeMap<ResponseCode, OneMore>,
    /// The encrypted files, by the end of their addresses.
    downloads: BTreeMap<String, Download>,
    pub(super) uploads: BTreeMap<String, Upload>,
}

/// What the bot was told and may answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Issued {
    msgid: String,
    kind: Answerable,
    chat: Chat,
    user: UserId,
    at: Time,
}

/// What can be answered, each by a command of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Answerable {
    Message,
    Welcome,
    /// A pressed card, by the number of its entry.
    Card(u64),
    Nothing,
}

/// A message that the bot is writing.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Writing {
    /// The message that it answers.
    msgid: String,
    chat: Chat,
    user: UserId,
    seq: u64,
    until: Time,
    finished: bool,
    /// When the platform asks how it goes on.
    next: Option<Time>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct OneMore {
    chat: Chat,
    until: Time,
    used: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Download {
    file: String,
    /// Its own key; the bot's `EncodingAESKey` if there is none.
    key: Option<String>,
    until: Time,
}

/// How an answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Callback,
    Socket,
}

impl WeComWorld {
    /// The id of the intelligent bot.
    pub fn bot_id(&self) -> &str {
        &self.seed.bot.id
    }

    /// Whether these are the bot's credentials (853000 if not).
    ///
    /// # Errors
    /// The refusal of `aibot_subscribe`.
    pub fn check_bot(&self, bot_id: &str, secret: &str) -> Result<(), ApiError> {
        let same = self.seed.bot.secret == Secret::from(secret);
        if bot_id == self.seed.bot.id && same {
            return Ok(());
        }
        Err(refuse(853_000))
    }

    /// Told to a connection that another one has replaced. It has a `req_id`
    /// that nothing answers.
    pub fn disconnected(&mut self) -> (Callback, String) {
        let mut callback = Callback::new(
            self.state.token(32),
            self.seed.bot.id.as_str(),
            Kind::Event(Event::Disconnected),
        );
        callback.create_time = Some(self.state.now.seconds());
        let req_id = self.state.token(24);
        (callback, req_id)
    }

    /// Tells the bot what somebody said.
    pub(super) fn tell_bot(
        &mut self,
        chat: &Chat,
        user: &UserId,
        msgid: &str,
        content: Said,
        quote: Option<Said>,
    ) {
        self.state.bot.talked.insert(chat.clone());
        let kind = Kind::Message { content, quote };
        self.push_bot(chat, user, msgid, kind, Answerable::Message);
    }

    /// Tells the bot that somebody opened the chat with it.
    pub(super) fn tell_entered(&mut self, user: &UserId) {
        let chat = Chat::Bot(user.clone());
        let kind = Kind::Event(Event::EnterChat);
        let msgid = self.state.token(32);
        self.push_bot(&chat, user, &msgid, kind, Answerable::Welcome);
    }

    /// Tells the bot of something else; a pressed card can be answered.
    pub(super) fn tell_bot_event(
        &mut self,
        chat: &Chat,
        user: &UserId,
        event: Event,
        card: Option<u64>,
    ) {
        let answerable = card.map_or(Answerable::Nothing, Answerable::Card);
        let msgid = self.state.token(32);
        self.push_bot(chat, user, &msgid, Kind::Event(event), answerable);
    }

    fn push_bot(
        &mut self,
        chat: &Chat,
        user: &UserId,
        msgid: &str,
        kind: Kind,
        answerable: Answerable,
    ) {
        if !self.reach.bot.is_some() {
            return;
        }
        let mut callback = Callback::new(msgid, self.seed.bot.id.as_str(), kind);
        let is_event = matches!(callback.kind, Kind::Event(_));
        callback.create_time = is_event.then(|| self.state.now.seconds());
        place(&mut callback, chat, user, answerable == Answerable::Welcome);
        let one_more = matches!(answerable, Answerable::Message | Answerable::Card(_));
        if !self.reach.bot.is_socket() && one_more {
            callback.response_url = Some(self.response_url(chat));
        }
        let req_id = self.state.token(24);
        let issued = Issued {
            msgid: msgid.to_owned(),
            kind: answerable,
            chat: chat.clone(),
            user: user.clone(),
            at: self.state.now,
        };
        self.state.bot.issued.insert(req_id.clone(), issued);
        trim(&mut self.state.bot.issued, limits::ISSUED, |it| it.at);
        let callback = Box::new(callback);
        self.effect(Effect::Bot { callback, req_id });
    }

    fn response_url(&mut self, chat: &Chat) -> ResponseUrl {
        let code = ResponseCode(self.state.token(43));
        let one_more = OneMore {
            chat: chat.clone(),
            until: self.later(limits::RESPONSE_URL_MS),
            used: false,
        };
        let codes = &mut self.state.bot.codes;
        codes.insert(code.clone(), one_more);
        trim(codes, limits::ISSUED, |it| it.until);
        let (url, base) = (&self.settings.public_url, &self.settings.base_path);
        ResponseUrl::new(format!(
            "{url}{base}/cgi-bin/aibot/response?response_code={code}"
        ))
    }

    /// A file as the bot is told of it: an address for 5 minutes.
    pub(super) fn bot_media(&mut self, file: &str) -> Media {
        let key = self.reach.bot.is_socket().then(|| {
            let mut bytes = [0; 32];
            for part in bytes.chunks_mut(8) {
                let random = self.state.chance.next().to_be_bytes();
                part.copy_from_slice(&random);
            }
            MediaKey::from_bytes(&bytes)
        });
        let code = self.state.token(43);
        let download = Download {
            file: file.to_owned(),
            key: key.as_ref().map(|key| key.expose().to_owned()),
            until: self.later(limits::DOWNLOAD_MS),
        };
        let downloads = &mut self.state.bot.downloads;
        downloads.insert(code.clone(), download);
        trim(downloads, limits::ISSUED, |it| it.until);
        let (url, base) = (&self.settings.public_url, &self.settings.base_path);
        Media {
            url: format!("{url}{base}/aibot/media/{code}"),
            aeskey: key,
        }
    }

    /// The encrypted bytes of a file that somebody sent to the bot; 404 when
    /// the address is too old.
    pub(super) fn download(&self, code: &str) -> HttpResponse {
        let found = self.state.bot.downloads.get(code);
        let alive = found.filter(|it| self.state.now < it.until);
        let sealed = alive.and_then(|it| self.sealed(it));
        match sealed {
            Some(bytes) => mynah_core::File::new("", bytes).response(),
            None => WeCom::seal(Err(ApiError::http(404, "404 page not found"))),
        }
    }

    fn sealed(&self, download: &Download) -> Option<Vec<u8>> {
        let content = self.state.media.get(&download.file)?.content.0.to_vec();
        match (&download.key, &self.reach.bot) {
            (Some(key), _) => MediaKey::new(key.as_str()).seal(content).ok(),
            (None, BotReach::Callback(key)) => {
                Some(mynah_crypto::seal_media(key.expose_bytes(), content))
            }
            (None, _) => None,
        }
    }
}

/// Says where and by whom. `enter_chat` names no chat.
fn place(callback: &mut Callback, chat: &Chat, user: &UserId, entered: bool) {
    callback.from = Some(Sender {
        corpid: None,
        userid: user.clone(),
    });
    match chat {
        _ if entered => {}
        Chat::Group(id) => {
            callback.chattype = Some(ChatType::Group);
            callback.chatid = Some(id.as_str().into());
        }
        _ => callback.chattype = Some(ChatType::Single),
    }
}

/// Answers.
impl WeComWorld {
    /// What the bot's callback address answered; `None` for an empty answer.
    ///
    /// # Errors
    /// Why the answer is of no use. Nobody tells the bot; nothing has changed.
    pub fn bot_answered(
        &mut self,
        callback: &Callback,
        reply: Option<Reply>,
    ) -> Result<(), ApiError> {
        let Some(reply) = reply else {
            return Ok(());
        };
        if let Kind::Refresh(id) = &callback.kind {
            return self.refreshed(id, &reply);
        }
        let mut issued = self.state.bot.issued.values();
        let issued = issued.find(|it| it.msgid == callback.msgid).cloned();
        let issued = issued.ok_or_else(|| refuse(846_605))?;
        match issued.kind {
            Answerable::Message => self.answer(&issued, reply, Way::Callback),
            Answerable::Welcome => self.welcome(&issued, reply),
            Answerable::Card(seq) => self.update(&issued, seq, reply),
            Answerable::Nothing => Err(refuse(846_605)),
        }
    }

    /// The message that the bot is told of: what somebody said, whose card was
    /// pressed, or what it is writing.
    pub(super) fn subject_of_bot(&self, callback: &Callback) -> String {
        let place = if let Kind::Refresh(id) = &callback.kind {
            let writing = self.state.bot.streams.get(id);
            writing.map(|it| (&it.chat, it.seq))
        } else {
            let mut issued = self.state.bot.issued.values();
            let issued = issued.find(|it| it.msgid == callback.msgid);
            issued.and_then(|it| match it.kind {
                Answerable::Card(seq) => Some((&it.chat, seq)),
                _ => None,
            })
        };
        let spoken = place.and_then(|(chat, seq)| self.state.archive.message(chat, seq));
        spoken.map_or(&callback.msgid, |it| &it.id).clone()
    }

    fn issued(&self, req_id: &str, most_ms: i64) -> Result<Issued, ApiError> {
        let issued = self.state.bot.issued.get(req_id);
        let young = |it: &&Issued| self.state.now.0.saturating_sub(it.at.0) <= most_ms;
        issued.filter(young).cloned().ok_or_else(|| refuse(846_605))
    }

    /// `aibot_respond_msg`.
    pub(super) fn respond(&mut self, req_id: &str, reply: Reply) -> Result<(), ApiError> {
        let issued = self.issued(req_id, limits::ANSWER_MS)?;
        if issued.kind != Answerable::Message {
            return Err(refuse(846_605));
        }
        self.answer(&issued, reply, Way::Socket)
    }

    /// `aibot_respond_welcome_msg`.
    pub(super) fn respond_welcome(&mut self, req_id: &str, reply: Reply) -> Result<(), ApiError> {
        let issued = self.issued(req_id, limits::EVENT_MS)?;
        if issued.kind != Answerable::Welcome {
            return Err(refuse(846_605));
        }
        self.welcome(&issued, reply)
    }

    /// `aibot_respond_update_msg`.
    pub(super) fn respond_update(&mut self, req_id: &str, reply: Reply) -> Result<(), ApiError> {
        let issued = self.issued(req_id, limits::EVENT_MS)?;
        let Answerable::Card(seq) = issued.kind else {
            return Err(refuse(846_605));
        };
        self.update(&issued, seq, reply)
    }

    fn answer(&mut self, issued: &Issued, reply: Reply, way: Way) -> Result<(), ApiError> {
        match reply {
            Reply::Stream { stream } => self.stream(issued, &stream, None, way),
            Reply::StreamWithTemplateCard {
                stream,
                template_card,
            } => {
                let card = template_card.as_ref().map(template).transpose()?;
                self.stream(issued, &stream, card, way)
            }
            Reply::TemplateCard { .. } => self.bot_says(&issued.chat, &reply),
            _ if way == Way::Socket => self.bot_says(&issued.chat, &reply),
            _ => Err(refuse(40008)),
        }
    }

    fn welcome(&mut self, issued: &Issued, reply: Reply) -> Result<(), ApiError> {
        match reply {
            Reply::Text { text } => {
                needs(&text.content, 44004)?;
                too_long("text.content", &text.content, limits::STREAM_BYTES)?;
                let content = Content::of([Piece::Text(text.content)]);
                self.bot_posts(&issued.chat, content).map(|_| ())
            }
            Reply::TemplateCard { .. } => self.bot_says(&issued.chat, &reply),
            _ => Err(refuse(40008)),
        }
    }

    fn update(&mut self, issued: &Issued, seq: u64, reply: Reply) -> Result<(), ApiError> {
        let Reply::Update(Update { template_card, .. }) = reply else {
            return Err(refuse(40008));
        };
        template(&template_card)?;
        let change = Change::Face(Box::new(template_card));
        self.change_card(&issued.chat, seq, &change);
        Ok(())
    }

    /// `aibot_send_msg`: only where somebody has talked to the bot.
    pub(super) fn bot_sends(
        &mut self,
        chatid: &str,
        chat_type: Option<u8>,
        reply: &Reply,
    ) -> Result<(), ApiError> {
        let person = Chat::Bot(UserId::from(chatid));
        let group = Chat::Group(chatid.to_owned());
        let candidates: &[Chat] = match chat_type {
            Some(1) => &[person],
            Some(2) => &[group],
            None | Some(0) => &[person, group],
            Some(_) => return Err(refuse_with(40058, "chat_type must be 1 or 2")),
        };
        let mut known = candidates
            .iter()
            .filter(|it| self.state.bot.talked.contains(it));
        let chat = known.next().ok_or_else(|| refuse(93006))?;
        if let Chat::Group(id) = chat
            && !self.is_bot_in(&ChatId::from(id.as_str()))
        {
            return Err(refuse(93008));
        }
        self.bot_says(chat, reply)
    }

    pub(super) fn is_bot_in(&self, group: &ChatId) -> bool {
        self.state.groups.get(group).is_some_and(|group| group.bot)
    }

    /// What an address for one more answer is good for: once, within an hour.
    pub(super) fn use_response_url(&mut self, code: &ResponseCode) -> Result<Chat, ApiError> {
        let now = self.state.now;
        let found = self.state.bot.codes.get(code);
        let good = found.filter(|it| !it.used && now < it.until);
        let wrong = || refuse_with(40058, "response_code is unknown, used or too old");
        Ok(good.ok_or_else(wrong)?.chat.clone())
    }

    pub(super) fn used_response_url(&mut self, code: &ResponseCode) {
        if let Some(one_more) = self.state.bot.codes.get_mut(code) {
            one_more.used = true;
        }
    }

    /// Everything the bot says that is no stream.
    pub(super) fn bot_says(&mut self, chat: &Chat, reply: &Reply) -> Result<(), ApiError> {
        let piece = match reply {
            Reply::Markdown { markdown: text } => {
                let text = mynah_wecom::message::Markdown::new(text.content.as_str());
                markdown(&text, limits::STREAM_BYTES)?
            }
            Reply::TemplateCard { template_card } => template(template_card)?,
            Reply::File { file } => Piece::File(self.bot_file(&file.media_id, MediaKind::File)?),
            Reply::Image { image } => {
                Piece::Image(self.bot_file(&image.media_id, MediaKind::Image)?)
            }
            Reply::Voice { voice } => Piece::Voice {
                file: self.bot_file(&voice.media_id, MediaKind::Voice)?,
                words: String::new(),
            },
            Reply::Video { video } => self.bot_video(video)?,
            _ => return Err(refuse(40008)),
        };
        let mut content = Content::of([piece]);
        content.feedback = feedback_of_card(reply);
        self.bot_posts(chat, content).map(|_| ())
    }

    fn bot_file(&self, id: &MediaId, kind: MediaKind) -> Result<String, ApiError> {
        self.file(id, kind, &Owner::Bot)
    }

    fn bot_video(&self, video: &Video) -> Result<Piece, ApiError> {
        Ok(Piece::Video {
            file: self.bot_file(&video.media_id, MediaKind::Video)?,
            title: video.title.clone().unwrap_or_default(),
            description: video.description.clone().unwrap_or_default(),
        })
    }

    /// Whether the bot has not said too much in a chat.
    fn needs_turn(&self, chat: &Chat) -> Result<(), ApiError> {
        let name = format!("bot:{chat}");
        let now = self.state.now;
        if !self.settings.strict || self.state.frequency.allows(&name, &MESSAGES, 1, now) {
            return Ok(());
        }
        Err(refuse(45009))
    }

    /// Puts a message of the bot into a chat, unless there were too many.
    fn bot_posts(&mut self, chat: &Chat, content: Content) -> Result<u64, ApiError> {
        self.count_strictly(&format!("bot:{chat}"), &MESSAGES, 1)?;
        let id = self.state.token(32);
        Ok(self.post(chat, Speaker::Bot, Spoken::new(id, content)))
    }
}

fn feedback_of_card(reply: &Reply) -> Option<String> {
    match reply {
        Reply::TemplateCard { template_card } => {
            template_card.feedback.as_ref().map(|it| it.id.clone())
        }
        _ => None,
    }
}

/// Streams.
impl WeComWorld {
    /// The first part of a stream, or another one.
    fn stream(
        &mut self,
        issued: &Issued,
        stream: &Streamed,
        card: Option<Piece>,
        way: Way,
    ) -> Result<(), ApiError> {
        if stream.id.is_empty() {
            return Err(refuse_with(40063, "stream.id is missing"));
        }
        let writing = self.state.bot.streams.get(&stream.id);
        if writing.is_some_and(|writing| writing.msgid == issued.msgid) {
            return self.go_on(stream, card);
        }
        check_stream(stream)?;
        let until = Time(issued.at.0.saturating_add(limits::STREAM_MS));
        if self.state.now > until {
            return Err(refuse(846_608));
        }
        self.needs_turn(&issued.chat)?;
        let pictures = self.pictures_of(stream)?;
        let content = Content {
            stream: Some(Stream {
                id: stream.id.clone(),
                finished: stream.finish,
                until,
            }),
            feedback: stream.feedback.as_ref().map(|it| it.id.clone()),
            ..Content::of(written(stream, pictures, card))
        };
        let seq = self.bot_posts(&issued.chat, content)?;
        let polled = way == Way::Callback && !stream.finish;
        let writing = Writing {
            msgid: issued.msgid.clone(),
            chat: issued.chat.clone(),
            user: issued.user.clone(),
            seq,
            until,
            finished: stream.finish,
            next: polled.then(|| self.later(limits::POLL_MS)),
        };
        let streams = &mut self.state.bot.streams;
        streams.insert(stream.id.clone(), writing);
        trim(streams, limits::ISSUED, |it| it.until);
        Ok(())
    }

    /// What the bot answers when it is asked how a stream goes on.
    fn refreshed(&mut self, id: &str, reply: &Reply) -> Result<(), ApiError> {
        let (stream, card) = match reply {
            Reply::Stream { stream } => (stream, None),
            Reply::StreamWithTemplateCard {
                stream,
                template_card,
            } => (stream, template_card.as_ref().map(template).transpose()?),
            _ => return Err(refuse(40008)),
        };
        if stream.id != id {
            return Err(refuse_with(40058, "stream.id is another one"));
        }
        self.go_on(stream, card)?;
        let next = self.later(limits::POLL_MS);
        if let Some(writing) = self.state.bot.streams.get_mut(id) {
            writing.next = (!writing.finished).then_some(next);
        }
        Ok(())
    }

    /// Replaces what stands there.
    fn go_on(&mut self, stream: &Streamed, card: Option<Piece>) -> Result<(), ApiError> {
        check_stream(stream)?;
        let writing = self.state.bot.streams.get(&stream.id);
        let writing = writing.ok_or_else(|| refuse(846_608))?;
        if writing.finished || self.state.now > writing.until {
            return Err(refuse(846_608));
        }
        let (chat, seq) = (writing.chat.clone(), writing.seq);
        let pictures = self.pictures_of(stream)?;
        if let Some(writing) = self.state.bot.streams.get_mut(&stream.id) {
            writing.finished = stream.finish;
        }
        if let Some(spoken) = self.state.archive.message_mut(&chat, seq) {
            let mut shown = spoken.content.pieces.iter();
            let is_card = |piece: &&Piece| matches!(piece, Piece::Card(_));
            // The card comes once; a second one does not replace it.
            let card = shown.rfind(is_card).cloned().or(card);
            spoken.content.pieces = written(stream, pictures, card);
            if let Some(state) = &mut spoken.content.stream {
                state.finished = stream.finish;
            }
        }
        self.changed_entry(&chat, seq);
        Ok(())
    }

    fn pictures_of(&mut self, stream: &Streamed) -> Result<Vec<Piece>, ApiError> {
        let mut contents = Vec::new();
        for item in &stream.msg_item {
            let StreamItem::Image { image } = item else {
                return Err(refuse(40008));
            };
            let content = image
                .content()
                .ok_or_else(|| refuse_with(40058, "image.md5 is not that of image.base64"))?;
            if content.len() > limits::IMAGE_BYTES {
                return Err(refuse(40009));
            }
            if media::picture(&content).is_none() {
                return Err(refuse(40123));
            }
            contents.push(content);
        }
        let keep = |content: Vec<u8>| Piece::Image(self.keep_picture(content.into()));
        Ok(contents.into_iter().map(keep).collect())
    }

    /// How many streams somebody waits for.
    pub(super) fn streams_of(&self, user: &UserId) -> usize {
        let streams = self.state.bot.streams.values();
        let open = |it: &&Writing| !it.finished && self.state.now <= it.until && it.user == *user;
        streams.filter(open).count()
    }

    /// When something happens by itself: the bot is asked how a stream goes on.
    pub fn due(&self) -> Option<Time> {
        self.next_poll().map(|(at, _)| at)
    }

    /// Does what is due by now; [`World::set_time`](crate::World::set_time) does so too.
    pub fn run_due(&mut self) {
        self.run_until(self.state.now);
    }

    fn next_poll(&self) -> Option<(Time, &str)> {
        let streams = self.state.bot.streams.iter();
        let polls = streams.filter_map(|(id, it)| Some((it.next?, id.as_str())));
        polls.min()
    }

    /// Does what is due up to a moment, each at its own time.
    pub(super) fn run_until(&mut self, now: Time) {
        while let Some((at, id)) = self.next_poll() {
            if at > now {
                return;
            }
            let id = id.to_owned();
            self.state.now = at.max(self.state.now);
            self.poll(&id);
        }
    }

    /// Asks how a stream goes on. The next time comes with the answer, or
    /// after the time in which it should have come.
    fn poll(&mut self, id: &str) {
        let next = self.later(limits::EVENT_MS);
        let Some(writing) = self.state.bot.streams.get_mut(id) else {
            return;
        };
        if writing.finished || self.state.now > writing.until {
            writing.next = None;
            return;
        }
        writing.next = Some(next);
        let (chat, user) = (writing.chat.clone(), writing.user.clone());
        if !matches!(self.reach.bot, BotReach::Callback(_)) {
            return;
        }
        let kind = Kind::Refresh(id.to_owned());
        let mut callback = Callback::new(self.state.token(32), self.seed.bot.id.as_str(), kind);
        place(&mut callback, &chat, &user, false);
        let callback = Box::new(callback);
        let req_id = self.state.token(24);
        self.effect(Effect::Bot { callback, req_id });
    }
}

/// What a stream shows.
fn written(stream: &Streamed, pictures: Vec<Piece>, card: Option<Piece>) -> Vec<Piece> {
    let text = Piece::Markdown(stream.content.clone());
    std::iter::once(text).chain(pictures).chain(card).collect()
}

fn check_stream(stream: &Streamed) -> Result<(), ApiError> {
    too_long("stream.content", &stream.content, limits::STREAM_BYTES)?;
    let pictures = if stream.finish {
        limits::STREAM_PICTURES
    } else {
        0
    };
    if stream.msg_item.len() > pictures {
        let problem = format!("field `msg_item` expect array size in [0, {pictures}]");
        return Err(refuse_with(40058, &problem));
    }
    let feedback = stream.feedback.as_ref().map_or("", |it| it.id.as_str());
    too_long("stream.feedback.id", feedback, limits::FEEDBACK_BYTES)
}

/// What the bot is told of a message of several pieces.
impl WeComWorld {
    /// How a message to the bot is told; `None` for what it is not told.
    pub(super) fn said_to_bot(&mut self, content: &Content, in_group: bool) -> Option<Said> {
        let text = self.plain_text(content);
        let images: Vec<String> = content.pieces.iter().filter_map(image_of).collect();
        let has_text = !text.is_empty();
        match content.pieces.as_slice() {
            [Piece::Voice { words, .. }] if !in_group => Some(Said::Voice(Voice {
                content: words.clone(),
            })),
            [Piece::File(file)] if !in_group => Some(Said::File(self.bot_media(file))),
            [Piece::Video { file, .. }] if !in_group => Some(Said::Video(self.bot_media(file))),
            [Piece::Image(file)] if !in_group => Some(Said::Image(self.bot_media(file))),
            _ if has_text && images.is_empty() => Some(Said::Text(Text::from(text))),
            _ if !images.is_empty() && (has_text || !in_group) => Some(self.mixed(content)),
            _ => None,
        }
    }

    fn mixed(&mut self, content: &Content) -> Said {
        let mut items = Vec::new();
        let mut text = Content::default();
        for piece in &content.pieces {
            if let Piece::Image(file) = piece {
                self.end_text(&mut text, &mut items);
                items.push(Said::Image(self.bot_media(file)));
            } else {
                text.pieces.push(piece.clone());
            }
        }
        self.end_text(&mut text, &mut items);
        Said::Mixed(items)
    }

    fn end_text(&self, text: &mut Content, items: &mut Vec<Said>) {
        let words = self.plain_text(&std::mem::take(text));
        if !words.is_empty() {
            items.push(Said::Text(Text::from(words)));
        }
    }

    /// A quoted message as the bot is told of it.
    pub(super) fn quoted(&mut self, id: &str) -> Option<Said> {
        let (_, spoken) = self.state.archive.find(id)?;
        let content = spoken.content.clone();
        self.said_to_bot(&content, false)
    }
}

fn image_of(piece: &Piece) -> Option<String> {
    match piece {
        Piece::Image(file) => Some(file.clone()),
        _ => None,
    }
}
