//! What an application and its robot say of their own accord.

use std::time::Duration;

use mynah_client::{Client, HyperTransport};
use mynah_core::{File, MemoryTokens, Tokens};
use mynah_dingtalk::api::chat::SendChat;
use mynah_dingtalk::api::media::UploadMedia;
use mynah_dingtalk::api::notice::SendNotice;
use mynah_dingtalk::api::robot::{
    DownloadMessageFile, RecallFromGroup, RecallFromUsers, Recalled, SendToGroup, SendToUsers,
    SentToUsers,
};
use mynah_dingtalk::message::{
    ActionCard, CardButton, Markdown, Message as Body, Template, TemplateAudio, TemplateCard,
    TemplateFile, Text, Voice,
};
use mynah_dingtalk::{
    AgentId, App, ChatId, DingTalk, MediaId, OpenApi, OpenConversationId, ProcessQueryKey,
    RobotCode, UserId as Staff,
};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::capabilities::APP_CAPABILITIES;
use super::compile::{Piece, Way, compile};
use super::robot::link_body;
use crate::capability::{Capabilities, Capability};
use crate::choices::Choices;
use crate::config::{BadConfig, DingTalkApp, base};
use crate::event::Event;
use crate::id::{Conversation, MessageId, Place, Platform};
use crate::media::{DINGTALK, DINGTALK_CHAT, check_address, ending, lasts};
use crate::message::{Media, Message, Source};
use crate::outgoing::{LARGEST, MediaKind, Ready, Speaker, answer, fetch, no_place, read_raw, say};
use crate::reply::{BotError, Doing, Outbox, Reply, Result, Sending};
use crate::way::transport;

/// What calls as one application: one client for each interface, with one token
/// between them.
#[derive(Clone, Debug)]
pub struct AppClients {
    /// For the classic interface and topapi.
    pub classic: Client<DingTalk>,
    /// For version 1.0.
    pub open: Client<OpenApi>,
}

/// Clients that call as the application of these settings.
///
/// # Errors
/// The secret cannot be read.
pub fn app_clients(settings: &DingTalkApp) -> Result<AppClients, BadConfig> {
    let oapi = base(settings.api.as_ref(), mynah_dingtalk::OAPI)?;
    let api = base(settings.api.as_ref(), mynah_dingtalk::API)?;
    let secret = settings.client_secret.read_as("client_secret")?;
    let app = App::new(settings.client_id.as_str(), secret.expose_secret());
    let store = MemoryTokens::default();
    let classic = Client::builder(oapi.clone())
        .auth(Tokens::new(oapi, app.clone()))
        .token_store(store.clone())
        // What can be uploaded can be downloaded.
        .body_limit(LARGEST)
        .over(transport());
    let open = Client::builder(api.clone())
        .auth(Tokens::new(api, app.open()))
        .token_store(store)
        .over(transport());
    Ok(AppClients { classic, open })
}

/// Sends as an application and its robot: to people (`dingtalk:user:alice`) and
/// into groups the robot is in (`dingtalk:group:cid…`, an `openConversationId`)
/// by the robot's calls of version 1.0, and into groups that the application has
/// made (`dingtalk:group:chat…`, a `chatid`) by `/chat/send`.
///
/// A [raw](crate::Part::Raw) body with a `msgtype` goes to a person as a work
/// notice, where the account has an `agent_id`.
#[derive(Clone, Debug)]
pub struct AppOutbox {
    clients: AppClients,
    robot_code: RobotCode,
    agent_id: Option<AgentId>,
    transport: HyperTransport,
    choices: Choices,
}

impl AppOutbox {
    /// An outbox over `clients`, for this robot of their application.
    pub fn new(clients: AppClients, robot_code: impl Into<RobotCode>) -> Self {
        Self {
            clients,
            robot_code: robot_code.into(),
            agent_id: None,
            transport: transport(),
            choices: Choices::default(),
        }
    }

    /// An outbox for the application of these settings.
    ///
    /// # Errors
    /// The secret cannot be read.
    pub fn open(settings: &DingTalkApp) -> Result<Self, BadConfig> {
        let outbox = Self::new(app_clients(settings)?, settings.robot_code());
        Ok(Self {
            agent_id: settings.agent_id.map(AgentId),
            ..outbox
        })
    }

    /// The same for another robot of the application.
    #[must_use]
    pub fn as_robot(&self, robot_code: impl Into<RobotCode>) -> Self {
        Self {
            robot_code: robot_code.into(),
            ..self.clone()
        }
    }

    /// The clients underneath, for everything that is not a reply.
    pub fn clients(&self) -> &AppClients {
        &self.clients
    }

    /// The buttons that it has written as numbered lines.
    pub(super) fn offered(&self) -> &Choices {
        &self.choices
    }

    /// Which robot speaks.
    pub(super) fn robot_code(&self) -> &RobotCode {
        &self.robot_code
    }

    /// A piece as a template; media is uploaded.
    async fn template(&self, to: &Conversation, piece: Piece) -> Result<Template> {
        Ok(match piece {
            Piece::Text { content, .. } => Template::text(content),
            Piece::Markdown { title, text, .. } => Template::markdown(title, text),
            Piece::Card {
                title,
                text,
                buttons,
            } => Template::Card(TemplateCard::new(title, text, buttons)),
            Piece::Image(Media {
                source: Source::Url(url),
                ..
            }) => Template::image(url),
            Piece::Image(media) => {
                Template::image(self.upload(to, media, MediaKind::Image).await?.id)
            }
            Piece::Voice(media) => {
                let uploaded = self.upload(to, media, MediaKind::Voice).await?;
                Template::Audio(TemplateAudio {
                    media_id: uploaded.id,
                    duration: uploaded.lasts.map(|lasts| lasts.as_millis().to_string()),
                })
            }
            Piece::File(media) => {
                let uploaded = self.upload(to, media, MediaKind::File).await?;
                Template::File(TemplateFile {
                    media_id: uploaded.id,
                    file_type: ending(&uploaded.name).to_owned(),
                    file_name: uploaded.name,
                })
            }
            Piece::Link(link) => Template::Link(link_body(&link)),
            Piece::Raw(body) => {
                let word = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
                let key = word("msgKey").ok_or_else(|| BotError::new(NO_TEMPLATE))?;
                Template::read(key, word("msgParam").unwrap_or_default())
            }
        })
    }

    /// A piece as it goes into a group by its `chatid`; media is uploaded.
    async fn body(&self, to: &Conversation, piece: Piece) -> Result<Body> {
        Ok(match piece {
            Piece::Text { content, .. } => Text::new(content).into(),
            Piece::Markdown { title, text, .. } => Markdown::new(title, text).into(),
            Piece::Card {
                title,
                text,
                mut buttons,
            } => match (buttons.pop(), buttons.is_empty()) {
                (Some((button, url)), true) => ActionCard::single(title, text, button, url).into(),
                (last, _) => {
                    let buttons = buttons.into_iter().chain(last);
                    let buttons =
                        buttons.map(|(title, action_url)| CardButton { title, action_url });
                    ActionCard::buttons(title, text, buttons).into()
                }
            },
            Piece::Image(media) => Body::image(self.upload(to, media, MediaKind::Image).await?.id),
            Piece::Voice(media) => {
                let uploaded = self.upload(to, media, MediaKind::Voice).await?;
                let lasts = uploaded
                    .lasts
                    .map_or(1, |lasts| lasts.as_secs().clamp(1, 59));
                let lasts = u32::try_from(lasts).unwrap_or(1);
                Voice::new(uploaded.id, lasts).into()
            }
            Piece::File(media) => Body::file(self.upload(to, media, MediaKind::File).await?.id),
            Piece::Link(link) => link_body(&link).into(),
            Piece::Raw(body) => read_raw(body, json!({}))?,
        })
    }

    async fn upload(&self, to: &Conversation, media: Media, kind: MediaKind) -> Result<Uploaded> {
        let given = media.name.clone();
        let file = match self.ready(to, media, kind).await? {
            Ready::Here(file) => file,
            Ready::Kept(id) => {
                return Ok(Uploaded {
                    id: id.into(),
                    name: given,
                    lasts: None,
                });
            }
        };
        let (name, lasts) = (file.name.clone(), lasts(&file.content));
        let upload = UploadMedia::new(kind.word(), file);
        let uploaded = self.clients.classic.call(upload).await?;
        Ok(Uploaded {
            id: uploaded.media_id,
            name,
            lasts,
        })
    }

    /// The content of media that is to be uploaded, looked at, or the id that it has already.
    async fn ready(&self, to: &Conversation, media: Media, kind: MediaKind) -> Result<Ready> {
        let limits = if is_chat(to) {
            &DINGTALK_CHAT
        } else {
            &DINGTALK
        };
        let name = media.name.clone();
        let code = match limits
            .ready::<DingTalk>(&self.transport, media, kind)
            .await?
        {
            // What came with a message has another kind of name.
            Ready::Kept(code) if !is_media_id(&code) => code,
            ready => return Ok(ready),
        };
        let file = self.download(&code).await?;
        let media = Media::bytes(file_name(name, file.name), file.content);
        limits.ready::<DingTalk>(&self.transport, media, kind).await
    }

    /// What a `downloadCode` stands for. It is good for the robot that was told.
    async fn download(&self, code: &str) -> Result<File> {
        let download = DownloadMessageFile::new(code, self.robot_code.clone());
        let url = self.clients.open.call(download).await?;
        fetch::<DingTalk>(&self.transport, &url).await
    }

    async fn send_template(
        &self,
        to: &Conversation,
        template: Template,
    ) -> Result<Option<MessageId>> {
        let id = to.id.to_string();
        let robot = self.robot_code.clone();
        let key = match to.kind {
            Place::Group => {
                let group = OpenConversationId::from(id);
                let message = SendToGroup::new(robot, group, template);
                self.clients.open.call(message).await?
            }
            Place::Direct => {
                let message = SendToUsers::new(robot, [id], template);
                let sent = self.clients.open.call(message).await?;
                if !(sent.invalid.is_empty() && sent.flow_controlled.is_empty()) {
                    return Err(Unreached(sent).into());
                }
                sent.process_query_key
            }
            Place::Temporary => return Err(no_place(to, Platform::DingTalk)),
        };
        Ok(Some(MessageId::new(Platform::DingTalk, key.as_str())))
    }

    async fn send_body(&self, to: &Conversation, body: Body) -> Result<Option<MessageId>> {
        let chat = ChatId::from(to.id.to_string());
        let id = self.clients.classic.call(SendChat::new(chat, body)).await?;
        Ok(Some(MessageId::new(Platform::DingTalk, id.as_str())))
    }

    async fn notify(&self, to: &Conversation, body: Value) -> Result<Option<MessageId>> {
        let agent = self.agent_id.ok_or_else(|| BotError::new(NO_AGENT))?;
        let body: Body = read_raw(body, json!({}))?;
        let notice = SendNotice::new(agent, body).to_users([to.id.to_string()]);
        // Its number is none of a message: it is recalled by another call.
        self.clients.classic.call(notice).await?;
        Ok(None)
    }
}

const NO_TEMPLATE: &str = "raw: a robot speaks here by `msgKey` and `msgParam` only";

const NO_AGENT: &str = "raw: a `msgtype` goes to people as a work notice, and the account has \
                        no `agent_id` for those";

/// A file that was uploaded.
struct Uploaded {
    id: MediaId,
    name: String,
    /// How long a recording is, where that can be told.
    lasts: Option<Duration>,
}

/// Whether a name is that of an uploaded file, and not a `downloadCode`.
fn is_media_id(name: &str) -> bool {
    name.starts_with('@')
}

/// The name that people gave a file, or that it has where it comes from.
fn file_name(given: String, found: String) -> String {
    if given.is_empty() { found } else { given }
}

/// A message that did not reach everybody it was meant for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreached(
    /// Whom it did not reach.
    pub SentToUsers,
);

impl std::fmt::Display for Unreached {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = |users: &[Staff]| {
            let names: Vec<_> = users.iter().map(Staff::as_str).collect();
            names.join(", ")
        };
        write!(
            f,
            "the message did not reach everybody: invalidStaffIdList `{}`, \
             flowControlledStaffIdList `{}`",
            names(&self.0.invalid),
            names(&self.0.flow_controlled)
        )
    }
}

impl std::error::Error for Unreached {}

/// What a conversation takes.
fn way(to: &Conversation) -> Way {
    if is_chat(to) {
        Way::Chat
    } else {
        Way::Template
    }
}

/// Whether a group is named by its `chatid`.
pub(super) fn is_chat(to: &Conversation) -> bool {
    to.kind == Place::Group && to.id.to_string().starts_with("chat")
}

impl Speaker for AppOutbox {
    const HERE: Platform = Platform::DingTalk;
    type Piece = Piece;

    fn choices(&self) -> Option<&Choices> {
        Some(&self.choices)
    }

    async fn prepare(&self, to: &Conversation, mut piece: Piece) -> Result<Piece> {
        match piece.media() {
            // A template shows a picture by its address.
            Some((MediaKind::Image, media))
                if matches!(media.source, Source::Url(_)) && !is_chat(to) =>
            {
                check_address(Platform::DingTalk, MediaKind::Image, media)?;
            }
            Some((kind, media)) => {
                if let Ready::Here(file) = self.ready(to, media.clone(), kind).await? {
                    *media = Media::bytes(file.name, file.content);
                }
            }
            None => {}
        }
        Ok(piece)
    }

    async fn put(&self, to: &Conversation, piece: Piece) -> Result<Option<MessageId>> {
        match piece {
            piece if is_chat(to) => self.send_body(to, self.body(to, piece).await?).await,
            Piece::Raw(body) if to.kind == Place::Direct && body.get("msgtype").is_some() => {
                self.notify(to, body).await
            }
            piece => {
                self.send_template(to, self.template(to, piece).await?)
                    .await
            }
        }
    }
}

impl Outbox for AppOutbox {
    fn capabilities(&self) -> Capabilities {
        APP_CAPABILITIES
    }

    fn send<'a>(&'a self, to: &'a Conversation, message: &'a Message) -> Sending<'a> {
        Box::pin(say(self, to, compile(message, way(to))))
    }

    fn answer<'a>(&'a self, event: &'a Event, reply: &'a Reply) -> Sending<'a> {
        answer(self, event, reply)
    }

    /// By its `processQueryKey`, for 24 hours. What answered by a session, and
    /// what went by `chatid`, cannot be taken back.
    fn recall<'a>(&'a self, from: &'a Conversation, message: &'a MessageId) -> Doing<'a, ()> {
        Box::pin(async move {
            if is_chat(from) {
                return Err(self.capabilities().refuse(Capability::Recall).into());
            }
            let key = ProcessQueryKey::from(message.id.to_string());
            let robot = self.robot_code.clone();
            let Recalled { success, failed } = if from.kind == Place::Group {
                let group = OpenConversationId::from(from.id.to_string());
                let recall = RecallFromGroup::new(robot, group, vec![key.clone()]);
                self.clients.open.call(recall).await?
            } else {
                let recall = RecallFromUsers::new(robot, vec![key.clone()]);
                self.clients.open.call(recall).await?
            };
            if success.contains(&key) {
                return Ok(());
            }
            let why = failed.get(key.as_str()).map(ToString::to_string);
            let why = why.unwrap_or_else(|| "the platform does not say why".to_owned());
            Err(BotError::new(format!("{message}: not recalled: {why}")))
        })
    }

    /// By the `downloadCode` that came with a message, or from its address.
    fn fetch<'a>(&'a self, media: &'a Media) -> Doing<'a, File> {
        Box::pin(async move {
            let file = match &media.source {
                Source::Bytes(bytes) => File::new("", bytes.clone()),
                Source::Url(url) => fetch::<DingTalk>(&self.transport, url).await?,
                Source::Name(code) => self.download(code).await?,
            };
            let name = file_name(media.name.clone(), file.name);
            Ok(File { name, ..file })
        })
    }

    crate::reply::done_by! {
        readers(at: Conversation, message: MessageId) -> crate::Readers = readers_of;
        /// Its place has a `chatid`, by which it can be managed.
        create_group(group: NewGroup) -> crate::Created = create;
        group(place: Conversation) -> crate::GroupInfo = tell;
        members(of: Conversation) -> Vec<crate::Member> = list;
        rename(place: Conversation, name: str) -> () = call_it;
        set_owner(of: Conversation, owner: UserId) -> () = pass_to;
        add_members(to: Conversation, users: [UserId]) -> crate::Changed = add;
        remove_members(from: Conversation, users: [UserId]) -> crate::Changed = remove;
    }
}
