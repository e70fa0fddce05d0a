//! What an application is told: messages of members, and events.
//!
//! ```
//! use mynah_wecom::event::{Callback, Event, Kind};
//!
//! let callback = Callback::read(
//!     "<xml><ToUserName><![CDATA[ww-sandbox]]></ToUserName>\
//!      <FromUserName><![CDATA[alice]]></FromUserName><CreateTime>123456789</CreateTime>\
//!      <MsgType><![CDATA[event]]></MsgType><Event><![CDATA[click]]></Event>\
//!      <EventKey><![CDATA[rota]]></EventKey><AgentID>1000002</AgentID></xml>",
//! )?;
//!
//! assert_eq!(callback.name(), "event.click");
//! if let Kind::Event(Event::Click(pressed)) = &callback.kind {
//!     assert_eq!(pressed.event_key, "rota");
//! }
//! # Ok::<(), mynah_wecom::xml::BadXml>(())
//! ```
//!
//! Messages: <https://developer.work.weixin.qq.com/document/path/90239>,
//! events: <https://developer.work.weixin.qq.com/document/path/90240>.

mod customer;
mod dedupe;
mod directory;
pub(crate) mod field;
mod menu;
mod message;
mod value;

pub use customer::{CustomerService, ExternalChatChange, ExternalContactChange, ExternalTagChange};
pub use directory::{
    Applicant, BatchJob, ContactChange, JobDone, OpenApproval, OpenApprovalChange, PartyChange,
    PartyDeleted, SysApproval, SysApprovalChange, TagChange, UserChange, UserDeleted,
};
pub use menu::{
    CardPressed, Following, PicItem, Pictures, Place, Position, Pressed, ScanCodeInfo, Scanned,
    SelectedItem, SendLocationInfo, SendPicsInfo, TaskCardPressed,
};
pub use message::{Content, Image, Link, Location, Text, Video, Voice};
pub use value::{Commas, Decimal, Others};

use std::borrow::Cow;

use crate::id::{AgentId, UserId};
use crate::xml::{BadXml, Element, Writer};
use field::{Fields, kinds};

/// A callback of an application.
///
/// Reading takes any XML document. What is absent, or not what it should be,
/// counts as empty; elements that have no place in the types are kept in
/// [`extra`](Self::extra), those of kinds that nobody told us of among them.
#[derive(Clone, Debug, PartialEq)]
pub struct Callback {
    /// The corp; for applications of others, their suite.
    pub to_user_name: String,
    /// Who did it: a member, or `sys` for the platform itself.
    pub from_user_name: UserId,
    /// When, in seconds since 1970.
    pub create_time: i64,
    /// The application; some events, such as changes of the directory, have none.
    pub agent_id: Option<AgentId>,
    /// What it is.
    pub kind: Kind,
    /// What else stands there, in its order.
    pub extra: Vec<Element<'static>>,
}

/// What a callback is.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// A member said something; what has another `MsgType` than those of the
    /// documentation, or none, is [`Content::Other`].
    Message(Message),
    /// Something happened.
    Event(Event),
}

/// What a member said.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The same in every delivery of the message.
    pub msg_id: Option<i64>,
    /// What was said.
    pub content: Content,
}

kinds! {
    /// What happened.
    ///
    /// <https://developer.work.weixin.qq.com/document/path/90240>
    pub enum Event {
        /// A member began to follow the application, or was allowed to see it.
        Subscribe(Following) = "subscribe",
        /// A member ceased to follow it.
        Unsubscribe(Following) = "unsubscribe",
        /// A member opened the application.
        EnterAgent(Pressed) = "enter_agent",
        /// Where a member is; the only event in capitals on the wire.
        Location(Position) = "LOCATION",
        /// A button of the menu was pressed.
        Click(Pressed) = "click",
        /// A link of the menu was opened.
        View(Pressed) = "view",
        /// A mini program of the menu was opened.
        ViewMiniprogram(Pressed) = "view_miniprogram",
        /// A code was scanned.
        ScancodePush(Scanned) = "scancode_push",
        /// A code was scanned, and the member waits for an answer.
        ScancodeWaitmsg(Scanned) = "scancode_waitmsg",
        /// A picture was taken.
        PicSysphoto(Pictures) = "pic_sysphoto",
        /// A picture was taken, or chosen from the album.
        PicPhotoOrAlbum(Pictures) = "pic_photo_or_album",
        /// A picture was chosen from the album of WeChat.
        PicWeixin(Pictures) = "pic_weixin",
        /// A place was chosen.
        LocationSelect(Place) = "location_select",
        /// A button of a template card was pressed.
        TemplateCardEvent(CardPressed) = "template_card_event",
        /// An entry of a template card's menu was pressed.
        TemplateCardMenuEvent(CardPressed) = "template_card_menu_event",
        /// A button of a task card was pressed.
        TaskcardClick(TaskCardPressed) = "taskcard_click",
        /// A job that an interface was given is done.
        BatchJobResult(JobDone) = "batch_job_result",
        /// The directory changed.
        ChangeContact(ContactChange) = "change_contact",
        /// The state of an approval changed that an application started.
        OpenApprovalChange(OpenApprovalChange) = "open_approval_change",
        /// The state of an approval changed.
        SysApprovalChange(SysApprovalChange) = "sys_approval_change",
        /// A contact with a customer changed.
        ChangeExternalContact(ExternalContactChange) = "change_external_contact",
        /// A group with customers changed.
        ChangeExternalChat(ExternalChatChange) = "change_external_chat",
        /// A tag for customers changed.
        ChangeExternalTag(ExternalTagChange) = "change_external_tag",
        /// There are new messages of customers.
        KfMsgOrEvent(CustomerService) = "kf_msg_or_event",
    }
}

impl Callback {
    /// A callback without an application; see [`agent`](Self::agent).
    pub fn new(
        to_user_name: impl Into<String>,
        from_user_name: impl Into<UserId>,
        create_time: i64,
        kind: Kind,
    ) -> Self {
        Self {
            to_user_name: to_user_name.into(),
            from_user_name: from_user_name.into(),
            create_time,
            agent_id: None,
            kind,
            extra: Vec::new(),
        }
    }

    /// Sets the application.
    #[must_use]
    pub fn agent(self, agent_id: impl Into<AgentId>) -> Self {
        Self {
            agent_id: Some(agent_id.into()),
            ..self
        }
    }

    /// Reads a callback from its XML.
    ///
    /// # Errors
    /// When it is no XML, or more of it than [`Element::read`] takes.
    pub fn read(xml: &str) -> Result<Self, BadXml> {
        Element::read(xml).map(Self::from_element)
    }

    /// The same from bytes.
    ///
    /// # Errors
    /// As [`read`](Self::read), and when they are not UTF-8.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, BadXml> {
        Self::read(std::str::from_utf8(bytes).map_err(|_| BadXml::NotUtf8)?)
    }

    fn from_element(element: Element<'_>) -> Self {
        let mut fields = Fields::of(element);
        let to_user_name = fields.value(TO_USER_NAME).unwrap_or_default();
        let from_user_name = fields.value(FROM_USER_NAME).unwrap_or_default();
        let create_time = fields.value(CREATE_TIME).unwrap_or_default();
        let msg_type = fields.word(MSG_TYPE);
        // One of the vendor's examples spells it AgentId.
        let agent_id = fields.value_in_any_case(AGENT_ID);
        Self {
            to_user_name,
            from_user_name,
            create_time,
            agent_id,
            kind: Kind::read(msg_type, &mut fields),
            extra: fields.drain(),
        }
    }

    /// Writes the callback as XML, the inverse of [`read`](Self::read).
    pub fn to_xml(&self) -> String {
        let mut out = Writer::with_capacity(512);
        out.nest("xml", |out| {
            out.text(TO_USER_NAME, &self.to_user_name);
            out.text(FROM_USER_NAME, self.from_user_name.as_str());
            out.number(CREATE_TIME, self.create_time);
            out.text(MSG_TYPE, self.msg_type());
            self.kind.write(out);
            if let Some(agent_id) = self.agent_id {
                out.number(AGENT_ID, agent_id);
            }
            for element in &self.extra {
                out.element(element);
            }
        });
        out.finish()
    }

    /// `MsgType`: what kind of message, or `event`.
    pub fn msg_type(&self) -> &str {
        match &self.kind {
            Kind::Message(message) => message.content.word(),
            Kind::Event(_) => EVENT,
        }
    }

    /// What it is, in one word: `text`, `event.click`,
    /// `event.change_contact.create_user`.
    pub fn name(&self) -> Cow<'_, str> {
        match &self.kind {
            Kind::Event(Event::ChangeContact(change)) => {
                format!("event.change_contact.{}", change.word()).into()
            }
            Kind::Event(event) => format!("event.{}", event.word()).into(),
            _ => self.msg_type().into(),
        }
    }

    /// The text, if a member wrote one.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Message(Message {
                content: Content::Text(text),
                ..
            }) => Some(&text.content),
            _ => None,
        }
    }

    /// `EventKey`: the key of what was pressed.
    pub fn event_key(&self) -> Option<&str> {
        let Kind::Event(event) = &self.kind else {
            return None;
        };
        match event {
            Event::Subscribe(of) | Event::Unsubscribe(of) => of.event_key.as_deref(),
            Event::EnterAgent(of)
            | Event::Click(of)
            | Event::View(of)
            | Event::ViewMiniprogram(of) => Some(&of.event_key),
            Event::ScancodePush(of) | Event::ScancodeWaitmsg(of) => Some(&of.event_key),
            Event::PicSysphoto(of) | Event::PicPhotoOrAlbum(of) | Event::PicWeixin(of) => {
                Some(&of.event_key)
            }
            Event::LocationSelect(of) => Some(&of.event_key),
            Event::TemplateCardEvent(of) | Event::TemplateCardMenuEvent(of) => Some(&of.event_key),
            Event::TaskcardClick(of) => Some(&of.event_key),
            Event::Other(_) => self.extra_text("EventKey"),
            _ => None,
        }
    }

    fn extra_text(&self, name: &str) -> Option<&str> {
        let mut elements = self.extra.iter();
        Some(&elements.find(|element| element.name == name)?.text)
    }

    /// Whether the platform takes an answer to it in the response: to messages
    /// and to some events
    /// (<https://developer.work.weixin.qq.com/document/path/90241>).
    pub fn takes_reply(&self) -> bool {
        match &self.kind {
            Kind::Message(message) => !matches!(message.content, Content::Other(_)),
            Kind::Event(event) => matches!(
                event,
                Event::Subscribe(_)
                    | Event::EnterAgent(_)
                    | Event::Location(_)
                    | Event::Click(_)
                    | Event::View(_)
                    | Event::ViewMiniprogram(_)
                    | Event::ScancodeWaitmsg(_)
                    | Event::TemplateCardMenuEvent(_)
                    | Event::TemplateCardEvent(_)
                    | Event::TaskcardClick(_)
            ),
        }
    }
}

impl Kind {
    fn read(msg_type: Cow<'_, str>, fields: &mut Fields<'_>) -> Self {
        if msg_type == EVENT {
            let word = fields.word("Event");
            return Self::Event(Event::read_kind(word, fields));
        }
        Self::Message(Message {
            msg_id: fields.value(MSG_ID),
            content: Content::read_kind(msg_type, fields),
        })
    }

    fn write(&self, out: &mut Writer) {
        match self {
            Self::Message(message) => {
                message.content.write_kind(out);
                if let Some(msg_id) = message.msg_id {
                    out.number(MSG_ID, msg_id);
                }
            }
            Self::Event(event) => {
                out.text("Event", event.word());
                event.write_kind(out);
            }
        }
    }

    /// A message.
    pub fn message(msg_id: i64, content: Content) -> Self {
        Self::Message(Message {
            msg_id: Some(msg_id),
            content,
        })
    }
}

const TO_USER_NAME: &str = "ToUserName";
const FROM_USER_NAME: &str = "FromUserName";
const CREATE_TIME: &str = "CreateTime";
const MSG_TYPE: &str = "MsgType";
const MSG_ID: &str = "MsgId";
const AGENT_ID: &str = "AgentID";
const EVENT: &str = "event";
