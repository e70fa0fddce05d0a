//! What an application says.

use mynah_client::{Client, HyperTransport};
use mynah_core::{File, Tokens};
use mynah_wecom::api::appchat::SendAppchat;
use mynah_wecom::api::media::{GetMedia, UploadMedia};
use mynah_wecom::api::message::{RecallMessage, SendMessage, Sent};
use mynah_wecom::message::{Article, Message as Body, News, Text, Textcard, Video};
use mynah_wecom::meter::Meter;
use mynah_wecom::{AgentId, Application, UserId as Member, WeCom};
use secrecy::ExposeSecret;
use serde_json::json;

use super::capabilities::APPLICATION_CAPABILITIES;
use super::cards::named;
use super::compile::{Piece, TITLE, Way, compile};
use super::meters::Meters;
use crate::capability::{Capabilities, Capability};
use crate::choices::Choices;
use crate::compile::beginning;
use crate::config::{BadConfig, WeComApplication, base};
use crate::event::Event;
use crate::id::{Conversation, MessageId, Place, Platform};
use crate::media::WECOM;
use crate::message::{Link, Media, Message, Source};
use crate::outgoing::{
    LARGEST, MediaKind, Ready, Speaker, answer, from_address, no_place, read_raw, say,
};
use crate::reply::{BotError, Doing, Outbox, Reply, Result, Sending};
use crate::way::transport;

/// Sends as an application: to members (`wecom:user:alice`) by `message/send`,
/// into the groups it has made (`wecom:group:ID`) by `appchat/send`. It warns
/// when it says more in one place than the platform takes.
#[derive(Clone, Debug)]
pub struct ApplicationOutbox {
    client: Client<WeCom>,
    agentid: AgentId,
    transport: HyperTransport,
    meters: Meters,
    choices: Choices,
}

impl ApplicationOutbox {
    /// An outbox over `client`, whose token is that of the application `agentid`.
    pub fn new(client: Client<WeCom>, agentid: impl Into<AgentId>) -> Self {
        Self {
            client,
            agentid: agentid.into(),
            transport: transport(),
            meters: Meters::default(),
            choices: Choices::default(),
        }
    }

    /// The client underneath, for everything that is not a reply.
    pub fn client(&self) -> &Client<WeCom> {
        &self.client
    }

    /// The buttons that it has written as numbered lines.
    pub(super) fn offered(&self) -> &Choices {
        &self.choices
    }

    /// A piece as the platform takes it; media is uploaded.
    pub(super) async fn body(&self, piece: Piece) -> Result<Body> {
        Ok(match piece {
            Piece::Text { content, mentioned } => {
                let mentioned_list = mentioned.into_iter().map(Member).collect();
                let text = Text {
                    mentioned_list,
                    ..Text::new(content)
                };
                text.into()
            }
            Piece::Markdown { content, .. } => Body::markdown(content),
            Piece::Image(media) => Body::image(self.upload(media, MediaKind::Image).await?),
            Piece::Voice(media) => Body::voice(self.upload(media, MediaKind::Voice).await?),
            Piece::Video(media) => Video::new(self.upload(media, MediaKind::Video).await?).into(),
            Piece::File(media) => Body::file(self.upload(media, MediaKind::File).await?),
            Piece::Link(link) => body_of_link(link),
            Piece::Card(card) => named(*card).into(),
            Piece::Raw(_) => return Err(BotError::new("raw: has no other form")),
        })
    }

    async fn upload(&self, media: Media, kind: MediaKind) -> Result<String> {
        let ready = WECOM.ready::<WeCom>(&self.transport, media, kind);
        match ready.await? {
            Ready::Kept(id) => Ok(id),
            Ready::Here(file) => {
                let upload = UploadMedia::new(kind.word(), file);
                Ok(self.client.call(upload).await?.media_id.0)
            }
        }
    }

    /// Sends what has its form already.
    pub(super) async fn send_body(
        &self,
        to: &Conversation,
        body: Body,
    ) -> Result<Option<MessageId>> {
        let id = to.id.to_string();
        match to.kind {
            Place::Group => self.send_to_group(to, SendAppchat::new(id, body)).await,
            Place::Direct => {
                let message = SendMessage::new(self.agentid, body).to_users([id]);
                self.send_to_member(to, message).await
            }
            Place::Temporary => Err(no_place(to, Platform::WeCom)),
        }
    }

    async fn send_to_group(
        &self,
        to: &Conversation,
        message: SendAppchat,
    ) -> Result<Option<MessageId>> {
        self.meters.count(to, Meter::of_appchat);
        self.client.call(message).await?;
        Ok(None)
    }

    async fn send_to_member(
        &self,
        to: &Conversation,
        message: SendMessage,
    ) -> Result<Option<MessageId>> {
        self.meters.count(to, Meter::default);
        let sent = self.client.call(message).await?;
        if !sent.is_complete() {
            return Err(Unreached(sent).into());
        }
        let id = sent.msgid.map(|id| id.0);
        Ok(id.map(|id| MessageId::new(Platform::WeCom, id.as_str())))
    }
}

/// A message that did not reach everybody it was meant for.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error(
    "the message did not reach everybody: invaliduser `{}`, invalidparty `{}`, invalidtag `{}`, \
     unlicenseduser `{}`", .0.invaliduser, .0.invalidparty, .0.invalidtag, .0.unlicenseduser
)]
pub struct Unreached(
    /// Whom it did not reach; the others have it.
    pub Sent,
);

impl Speaker for ApplicationOutbox {
    const HERE: Platform = Platform::WeCom;
    type Piece = Piece;

    fn choices(&self) -> Option<&Choices> {
        Some(&self.choices)
    }

    async fn prepare(&self, _: &Conversation, piece: Piece) -> Result<Piece> {
        piece.prepared(&WECOM, &self.transport).await
    }

    async fn put(&self, to: &Conversation, piece: Piece) -> Result<Option<MessageId>> {
        let id = to.id.to_string();
        match (piece, to.kind) {
            (Piece::Raw(body), Place::Group) => {
                let message = read_raw(body, json!({ "chatid": id }))?;
                self.send_to_group(to, message).await
            }
            (Piece::Raw(body), _) => {
                let place = json!({ "touser": id, "agentid": self.agentid });
                self.send_to_member(to, read_raw(body, place)?).await
            }
            (piece, _) => self.send_body(to, self.body(piece).await?).await,
        }
    }
}

impl Outbox for ApplicationOutbox {
    fn capabilities(&self) -> Capabilities {
        APPLICATION_CAPABILITIES
    }

    fn send<'a>(&'a self, to: &'a Conversation, message: &'a Message) -> Sending<'a> {
        Box::pin(say(self, to, compile(message, way(to))))
    }

    fn answer<'a>(&'a self, event: &'a Event, reply: &'a Reply) -> Sending<'a> {
        answer(self, event, reply)
    }

    /// Where it has an id: what was said to members, for 24 hours.
    fn recall<'a>(&'a self, from: &'a Conversation, message: &'a MessageId) -> Doing<'a, ()> {
        Box::pin(async move {
            if from.kind == Place::Group {
                return Err(self.capabilities().refuse(Capability::Recall).into());
            }
            let recall = RecallMessage::new(message.id.to_string());
            self.client.call(recall).await?;
            Ok(())
        })
    }

    fn rename<'a>(&'a self, place: &'a Conversation, name: &'a str) -> Doing<'a, ()> {
        Box::pin(self.update(place, move |group| group.name(name)))
    }

    /// By its `media_id`, for three days, or from its address.
    fn fetch<'a>(&'a self, media: &'a Media) -> Doing<'a, File> {
        Box::pin(async move {
            let Source::Name(id) = &media.source else {
                return from_address::<WeCom>(&self.transport, media).await;
            };
            let mut file = self.client.call(GetMedia::new(id.as_str())).await?;
            if !media.name.is_empty() {
                media.name.clone_into(&mut file.name);
            }
            Ok(file)
        })
    }

    crate::reply::done_by! {
        create_group(group: NewGroup) -> crate::Created = create;
        group(place: Conversation) -> crate::GroupInfo = tell;
        members(of: Conversation) -> Vec<crate::Member> = list;
        set_owner(of: Conversation, owner: UserId) -> () = pass_to;
        add_members(to: Conversation, users: [UserId]) -> crate::Changed = add;
        remove_members(from: Conversation, users: [UserId]) -> crate::Changed = remove;
    }
}

/// What a conversation with an application takes.
pub(super) fn way(to: &Conversation) -> Way {
    match to.kind {
        Place::Group => Way::Group,
        _ => Way::Direct,
    }
}

/// A card if all of its words are there, an article otherwise.
fn body_of_link(link: Link) -> Body {
    if link.image.is_empty() && !link.title.is_empty() && !link.text.is_empty() {
        return Textcard::new(link.title, link.text, link.url).into();
    }
    News::new([article(link)]).into()
}

/// A link as an article.
pub(super) fn article(link: Link) -> Article {
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    let title = if link.title.is_empty() {
        beginning(&link.url, TITLE).to_owned()
    } else {
        link.title
    };
    Article {
        description: some(link.text),
        picurl: some(link.image),
        ..Article::new(title, link.url)
    }
}

/// A client that calls as the application of these settings.
///
/// # Errors
/// The secret cannot be read.
pub fn application_client(settings: &WeComApplication) -> Result<Client<WeCom>, BadConfig> {
    let base = base(settings.api.as_ref(), mynah_wecom::API)?;
    let secret = settings.corpsecret.read_as("corpsecret")?;
    let application = Application::new(settings.corpid.as_str(), secret.expose_secret());
    let client = Client::builder(base.clone()).auth(Tokens::new(base, application));
    // What can be uploaded can be downloaded.
    Ok(client.body_limit(LARGEST).over(transport()))
}
