//! Cards that are pressed and that change.

use std::collections::{BTreeMap, BTreeSet};

use mynah_core::ApiError;
use mynah_wecom::card::TemplateCard;
use mynah_wecom::event::{Callback, Event, Kind};
use mynah_wecom::id::ResponseCode;
use mynah_wecom::{AgentId, UserId};
use serde::{Deserialize, Serialize};

use super::archive::{Chat, Speaker};
use super::content::{Answered, Card, Face};
use super::limits;
use super::refusal::refuse_with;
use super::world::WeComWorld;
use crate::frame::{Framed as _, trim};
use crate::world::Time;

/// Codes that allow something once.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Codes {
    cards: BTreeMap<ResponseCode, CardCode>,
    /// The tasks of each application, with the message that is about it.
    tasks: BTreeMap<String, (AgentId, String, Time)>,
    /// Who signed in with a code.
    pub(super) visits: BTreeMap<String, (UserId, Time)>,
}

/// Allows an application to change a card once.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct CardCode {
    agent: AgentId,
    msgid: String,
    issued: Time,
    used: bool,
}

/// How a card changes.
#[derive(Clone, Debug)]
pub(super) enum Change {
    /// The pressed button says something else.
    Button(String),
    /// It is another card.
    Face(Box<TemplateCard>),
}

impl WeComWorld {
    /// A task is about one message of an application.
    pub(super) fn needs_new_task(&self, agent: AgentId, task: &str) -> Result<(), ApiError> {
        match self.state.codes.tasks.get(&task_key(agent, task)) {
            Some(_) => Err(refuse_with(40058, "task_id is there already")),
            None => Ok(()),
        }
    }

    /// A code that goes with a message, and the task it is about.
    pub(super) fn new_card_code(&mut self, agent: AgentId, msgid: &str) -> ResponseCode {
        let now = self.state.now;
        let found = self.state.archive.find(msgid);
        let card = found.and_then(|(_, spoken)| spoken.content.card());
        let task = card.map(|card| card.task_id().to_owned());
        if let Some(task) = task.filter(|task| !task.is_empty()) {
            let tasks = &mut self.state.codes.tasks;
            tasks.insert(task_key(agent, &task), (agent, msgid.to_owned(), now));
            trim(tasks, limits::ISSUED, |(_, _, at)| *at);
        }
        self.card_code(agent, msgid)
    }

    /// A code that goes with an event: somebody pressed the card.
    pub(super) fn card_code(&mut self, agent: AgentId, msgid: &str) -> ResponseCode {
        let code = ResponseCode(self.state.token(43));
        let card = CardCode {
            agent,
            msgid: msgid.to_owned(),
            issued: self.state.now,
            used: false,
        };
        let codes = &mut self.state.codes.cards;
        codes.insert(code.clone(), card);
        trim(codes, limits::ISSUED, |card| card.issued);
        code
    }

    /// The message whose card a code allows to change.
    ///
    /// # Errors
    /// 40058 for one that is unknown, used, too old, or another application's.
    pub(super) fn card_of_code(
        &self,
        agent: AgentId,
        code: &ResponseCode,
    ) -> Result<String, ApiError> {
        let wrong = || refuse_with(40058, "response_code is unknown, used or too old");
        let card = self.state.codes.cards.get(code).ok_or_else(wrong)?;
        let age = self.state.now.0.saturating_sub(card.issued.0);
        if card.used || card.agent != agent || age >= limits::CARD_CODE_MS {
            return Err(wrong());
        }
        Ok(card.msgid.clone())
    }

    pub(super) fn use_card_code(&mut self, code: &ResponseCode) {
        if let Some(card) = self.state.codes.cards.get_mut(code) {
            card.used = true;
        }
    }

    /// Whose task it is, and the message that is about it; an application's
    /// own, if there is one.
    pub(super) fn task_of(&self, agent: AgentId, task: &str) -> Option<(AgentId, String)> {
        let agents = self.state.applications.keys();
        let own = std::iter::once(&agent).chain(agents);
        let mut found = own.filter_map(|agent| self.state.codes.tasks.get(&task_key(*agent, task)));
        found
            .next()
            .map(|(agent, msgid, _)| (*agent, msgid.clone()))
    }

    /// Changes the card of a message where these people see it.
    pub(super) fn change_cards(&mut self, msgid: &str, users: &BTreeSet<UserId>, change: &Change) {
        for (chat, seq) in self.state.archive.places(msgid).to_vec() {
            let seen = chat.person().is_none_or(|person| users.contains(person));
            if seen {
                self.change_card(&chat, seq, change);
            }
        }
    }

    pub(super) fn change_card(&mut self, chat: &Chat, seq: u64, change: &Change) {
        let spoken = self.state.archive.message_mut(chat, seq);
        let Some(card) = spoken.and_then(|spoken| spoken.content.card_mut()) else {
            return;
        };
        match change {
            Change::Button(label) => card.answer(label),
            Change::Face(face) => *card = Card::new(Face::Template(face.clone())),
        }
        self.changed_entry(chat, seq);
    }

    /// Notes which button of a card was pressed last.
    pub(super) fn note_pressed(&mut self, chat: &Chat, seq: u64, key: &str) {
        let spoken = self.state.archive.message_mut(chat, seq);
        if let Some(card) = spoken.and_then(|spoken| spoken.content.card_mut()) {
            card.pressed = Some(key.to_owned());
        }
    }

    /// The message that an application is told of: what somebody said, or
    /// whose card was pressed.
    pub(super) fn subject(&self, callback: &Callback) -> Option<String> {
        let agent = callback.agent_id.unwrap_or_default();
        match &callback.kind {
            Kind::Message(message) => message.msg_id.map(|id| id.to_string()),
            Kind::Event(
                Event::TemplateCardEvent(pressed) | Event::TemplateCardMenuEvent(pressed),
            ) => {
                let card = self.state.codes.cards.get(&pressed.response_code);
                card.map(|card| card.msgid.clone())
            }
            Kind::Event(Event::TaskcardClick(pressed)) => {
                let task = self.task_of(agent, pressed.task_id.as_str());
                task.map(|(_, msgid)| msgid)
            }
            _ => None,
        }
    }

    /// The application behind a message.
    pub(super) fn agent_of(&self, chat: &Chat, seq: u64) -> Option<AgentId> {
        match self.state.archive.entry(chat, seq)?.by {
            Speaker::Application(agent) => Some(AgentId(agent)),
            _ => None,
        }
    }
}

fn task_key(agent: AgentId, task: &str) -> String {
    format!("{agent}:{task}")
}

impl Card {
    /// The button that was pressed says something else now, and no button can
    /// be pressed any more.
    fn answer(&mut self, label: &str) {
        let key = self.pressed.clone().or_else(|| self.first_key());
        self.answered = Some(Answered {
            key: key.unwrap_or_default(),
            label: label.to_owned(),
        });
    }

    fn first_key(&self) -> Option<String> {
        match &self.face {
            Face::Template(card) => {
                let submit = card.submit_button.as_ref().map(|it| it.key.clone());
                let mut buttons = card.button_list.iter().flatten();
                submit.or_else(|| buttons.find_map(|it| it.key.clone()))
            }
            Face::Task(card) => card.btn.first().map(|it| it.key.clone()),
            Face::Text(_) | Face::Miniprogram(_) => None,
        }
    }
}
