//! What applications answer to callbacks, in the response.

use std::collections::BTreeSet;

use mynah_core::ApiError;
use mynah_wecom::event::{Callback, CardPressed, Event, Kind};
use mynah_wecom::message::{Article, Media, Message, News, Text, Video};
use mynah_wecom::reply::PassiveReply;
use mynah_wecom::{AgentId, UserId};

use super::archive::{Speaker, Spoken};
use super::cards::Change;
use super::prepare::template;
use super::refusal::{refuse, refuse_with};
use super::world::WeComWorld;
use crate::frame::Framed as _;

impl WeComWorld {
    /// What an application answered in the response to a callback; `None` for
    /// an empty answer.
    ///
    /// # Errors
    /// Why the answer is of no use. Nobody tells the application; nothing has
    /// changed.
    pub fn application_answered(
        &mut self,
        callback: &Callback,
        reply: Option<PassiveReply>,
    ) -> Result<(), ApiError> {
        let Some(reply) = reply else {
            return Ok(());
        };
        let agent = callback.agent_id;
        let agent = agent.ok_or_else(|| refuse_with(40058, "this takes no reply"))?;
        if !callback.takes_reply() {
            return Err(refuse_with(40058, "this takes no reply"));
        }
        match reply {
            PassiveReply::UpdateButton { replace_name } => {
                self.change_pressed(callback, &Change::Button(replace_name))
            }
            PassiveReply::UpdateTemplateCard { template_card } => {
                template(&template_card)?;
                self.change_pressed(callback, &Change::Face(template_card))
            }
            PassiveReply::UpdateTaskcard { replace_name } => {
                self.change_task(callback, agent, replace_name)
            }
            reply => self.replies(callback, agent, reply),
        }
    }

    /// The card that an event is about changes for whoever pressed it.
    fn change_pressed(&mut self, callback: &Callback, change: &Change) -> Result<(), ApiError> {
        let Kind::Event(Event::TemplateCardEvent(pressed) | Event::TemplateCardMenuEvent(pressed)) =
            &callback.kind
        else {
            return Err(refuse_with(40058, "this answers no template_card_event"));
        };
        let CardPressed { response_code, .. } = pressed;
        let agent = callback.agent_id.unwrap_or_default();
        let msgid = self.card_of_code(agent, response_code)?;
        self.use_card_code(response_code);
        let users = BTreeSet::from([callback.from_user_name.clone()]);
        self.change_cards(&msgid, &users, change);
        Ok(())
    }

    fn change_task(
        &mut self,
        callback: &Callback,
        agent: AgentId,
        replace_name: String,
    ) -> Result<(), ApiError> {
        let Kind::Event(Event::TaskcardClick(pressed)) = &callback.kind else {
            return Err(refuse_with(40058, "this answers no taskcard_click"));
        };
        let task = pressed.task_id.as_str();
        let (owner, msgid) = self.task_of(agent, task).ok_or_else(|| refuse(42016))?;
        if owner != agent {
            return Err(refuse(42015));
        }
        let users = BTreeSet::from([callback.from_user_name.clone()]);
        self.change_cards(&msgid, &users, &Change::Button(replace_name));
        Ok(())
    }

    fn replies(
        &mut self,
        callback: &Callback,
        agent: AgentId,
        reply: PassiveReply,
    ) -> Result<(), ApiError> {
        let user: &UserId = &callback.from_user_name;
        self.state.application(agent)?;
        let content = self.prepare(&message_of(reply)?)?;
        let chat = self.state.agent_chat(agent, user);
        let id = self.state.token(64);
        let by = Speaker::Application(agent.0);
        self.post(&chat, by, Spoken::new(id, content));
        Ok(())
    }
}

/// A passive reply as the message it is.
fn message_of(reply: PassiveReply) -> Result<Message, ApiError> {
    Ok(match reply {
        PassiveReply::Text { content } => Message::Text(Text::new(content)),
        PassiveReply::Image { media_id } => Message::Image(Media::new(media_id)),
        PassiveReply::Voice { media_id } => Message::Voice(Media::new(media_id)),
        PassiveReply::Video {
            media_id,
            title,
            description,
        } => Message::Video(Video {
            title,
            description,
            ..Video::new(media_id)
        }),
        PassiveReply::News { articles } => {
            let article = |it: mynah_wecom::reply::Article| Article {
                description: it.description,
                picurl: it.pic_url,
                ..Article::new(it.title, it.url)
            };
            Message::News(News::new(articles.into_iter().map(article)))
        }
        _ => return Err(refuse(40008)),
    })
}
