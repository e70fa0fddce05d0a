//! What persons do with the cards and answers they were sent.

use std::collections::BTreeMap;

use mynah_wecom::card::TemplateCard;
use mynah_wecom::event::{CardPressed, Event, SelectedItem, TaskCardPressed};
use mynah_wecom::id::TaskId;
use mynah_wecom::{UserId, aibot};
use serde_json::{Value, json};

use super::archive::{Chat, Speaker};
use super::content::{Card, Face};
use super::world::WeComWorld;
use crate::details::Details;
use crate::world::Rejected;

/// Question to the choices.
type Chosen = BTreeMap<String, Vec<String>>;

/// What was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pressed {
    Button,
    Menu,
}

impl WeComWorld {
    /// A message where `who` sees it.
    fn message_in(&self, who: &UserId, details: Details<'_>) -> Result<(Chat, u64), Rejected> {
        let id = details.needs_name("message")?;
        let mut places = self.state.archive.places(id.as_ref()).iter();
        let seen = places.find(|(chat, _)| self.state.takes_part(who, chat));
        seen.cloned()
            .ok_or_else(|| Rejected::missing("message", "there is no such message"))
    }

    /// Somebody presses a button of a card, or an entry of its menu, or sends
    /// what they chose.
    pub(super) fn press(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let (chat, seq) = self.message_in(who, details)?;
        let key = details.needs_name("key")?;
        let chosen = chosen_in(details)?;
        let gone = || Rejected::missing("message", "is gone");
        let entry = self.state.archive.entry(&chat, seq).ok_or_else(gone)?;
        let spoken = entry.message().ok_or_else(gone)?;
        if spoken.recalled {
            return Err(Rejected::forbidden("message", "was recalled"));
        }
        let (by, id) = (entry.by.clone(), spoken.id.clone());
        let card = spoken.content.card();
        let card = card.ok_or_else(|| Rejected::bad("message", "has no card"))?;
        if card.answered.is_some() {
            return Err(Rejected::forbidden("message", "is answered already"));
        }
        let pressed = what_is_pressed(card, &key)?;
        check_chosen(card, &chosen)?;
        let card = card.clone();
        if matches!(by, Speaker::Person(_) | Speaker::Robot(_)) {
            return Err(Rejected::forbidden("message", "nobody listens"));
        }
        self.note_pressed(&chat, seq, &key);
        match by {
            Speaker::Application(_) => {
                self.tell_pressed(who, (&chat, seq), &id, &card, &key, pressed, chosen);
            }
            Speaker::Bot => {
                let event = aibot::Event::Card(bot_event(&card, &key, chosen));
                self.tell_bot_event(&chat, who, event, Some(seq));
            }
            Speaker::Person(_) | Speaker::Robot(_) => {}
        }
        Ok(json!({}))
    }

    #[allow(clippy::too_many_arguments)]
    fn tell_pressed(
        &mut self,
        who: &UserId,
        (chat, seq): (&Chat, u64),
        msgid: &str,
        card: &Card,
        key: &str,
        pressed: Pressed,
        chosen: Chosen,
    ) {
        let Some(agent) = self.agent_of(chat, seq) else {
            return;
        };
        let task_id = TaskId::from(card.task_id());
        let event_key = key.to_owned();
        let Face::Template(face) = &card.face else {
            let event = Event::TaskcardClick(TaskCardPressed { event_key, task_id });
            self.tell_event(agent, who, event);
            return;
        };
        let event = CardPressed {
            event_key,
            task_id,
            card_type: face.card_type.as_str().to_owned(),
            response_code: self.card_code(agent, msgid),
            selected_items: chosen
                .into_iter()
                .map(|(question_key, option_ids)| SelectedItem {
                    question_key,
                    option_ids,
                })
                .collect(),
        };
        let event = match pressed {
            Pressed::Button => Event::TemplateCardEvent(event),
            Pressed::Menu => Event::TemplateCardMenuEvent(event),
        };
        self.tell_event(agent, who, event);
    }

    /// Somebody rates an answer of the intelligent bot.
    pub(super) fn rate(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let (chat, seq) = self.message_in(who, details)?;
        let spoken = self.state.archive.message(&chat, seq);
        let feedback = spoken.and_then(|spoken| spoken.content.feedback.clone());
        let id = feedback.ok_or_else(|| Rejected::forbidden("message", "cannot be rated"))?;
        let rating = match details.get("rating").and_then(Value::as_str) {
            Some("good") => 1,
            Some("bad") => 2,
            Some("withdrawn") => 3,
            _ => details.number_or("rating", 1)?,
        };
        let content = details.text("content")?.map(str::to_owned);
        let inaccurate_reason_list = details.numbers("reasons")?;
        let event = aibot::Event::Feedback(aibot::FeedbackEvent {
            id,
            rating,
            content,
            inaccurate_reason_list,
        });
        self.tell_bot_event(&chat, who, event, None);
        Ok(json!({}))
    }
}

/// `{"question": "choice"}` or `{"question": ["choice", …]}`.
fn chosen_in(details: Details<'_>) -> Result<Chosen, Rejected> {
    let wrong = || Rejected::bad("selected", "must be an object of questions and choices");
    let mut chosen = Chosen::new();
    let Some(given) = details.get("selected") else {
        return Ok(chosen);
    };
    for (question, choices) in given.as_object().ok_or_else(wrong)? {
        let choices = match choices {
            Value::Array(choices) => choices.as_slice(),
            choice => std::slice::from_ref(choice),
        };
        let texts = choices.iter().map(|it| it.as_str().map(str::to_owned));
        let texts: Option<Vec<String>> = texts.collect();
        chosen.insert(question.clone(), texts.ok_or_else(wrong)?);
    }
    Ok(chosen)
}

fn what_is_pressed(card: &Card, key: &str) -> Result<Pressed, Rejected> {
    let missing = || Rejected::missing("key", "there is no such button on the card");
    match &card.face {
        Face::Template(card) if buttons_of(card).any(|it| it == key) => Ok(Pressed::Button),
        Face::Template(card) if menu_of(card).any(|it| it == key) => Ok(Pressed::Menu),
        Face::Task(card) if card.btn.iter().any(|it| it.key == key) => Ok(Pressed::Button),
        _ => Err(missing()),
    }
}

fn buttons_of(card: &TemplateCard) -> impl Iterator<Item = &str> {
    let submit = card.submit_button.iter().map(|it| it.key.as_str());
    let buttons = card.button_list.iter().flatten();
    buttons.filter_map(|it| it.key.as_deref()).chain(submit)
}

fn menu_of(card: &TemplateCard) -> impl Iterator<Item = &str> {
    let entries = card.action_menu.iter().flat_map(|it| &it.action_list);
    entries.map(|it| it.key.as_str())
}

/// Only what is on the card can be chosen.
fn check_chosen(card: &Card, chosen: &Chosen) -> Result<(), Rejected> {
    let Face::Template(card) = &card.face else {
        return Ok(());
    };
    let vote = card
        .checkbox
        .iter()
        .map(|it| (&it.question_key, &it.option_list));
    let lists = card
        .button_selection
        .iter()
        .chain(card.select_list.iter().flatten());
    let lists = lists.map(|it| (&it.question_key, &it.option_list));
    let questions: BTreeMap<_, _> = vote.chain(lists).collect();
    for (question, choices) in chosen {
        let options = questions.get(question);
        let options = options.ok_or_else(|| Rejected::missing("selected", "no such question"))?;
        let known = |choice: &String| options.iter().any(|it| it.id == *choice);
        if !choices.iter().all(known) {
            return Err(Rejected::missing("selected", "there is no such choice"));
        }
    }
    Ok(())
}

fn bot_event(card: &Card, key: &str, chosen: Chosen) -> aibot::CardEvent {
    let card_type = match &card.face {
        Face::Template(face) => Some(face.card_type.clone()),
        _ => None,
    };
    aibot::CardEvent {
        card_type,
        event_key: key.to_owned(),
        task_id: card.task_id().into(),
        selected_items: chosen
            .into_iter()
            .map(|(question_key, option_ids)| aibot::SelectedItem {
                question_key,
                option_ids,
            })
            .collect(),
    }
}
