//! Robots: who speaks for them, and what they are told.

use mynah_bearychat::api::incoming::SendIncoming;
use mynah_bearychat::errors::Thing;
use mynah_bearychat::hook::{HubotPost, OutgoingAnswer, OutgoingPost};
use mynah_bearychat::types::{Attachment, Message, UserType};
use mynah_bearychat::{UserId, errors, limits as platform, text};
use mynah_core::ApiError;

use super::access::open;
use super::chat::{Chat, Speaker};
use super::effect::{Effect, HubotCall, OutgoingCall};
use super::messages::Content;
use super::refusal::Refusal;
use super::seed::RobotSeed;
use super::vchannels::Vchannel;
use super::world::BearyChatWorld;
use crate::frame::Framed;

impl BearyChatWorld {
    /// Tells the programs behind robots and hubots what somebody said.
    pub(super) fn call_programs(&mut self, message: &Message) {
        let Some(sender) = &message.uid else {
            return;
        };
        if self.settings.hubot_http {
            self.call_hubots(sender, message);
        }
        // What a program says calls no other one, or they would never end.
        let kind = self.state.users.get(sender).map(|user| &user.kind);
        if self.settings.outgoing && kind != Some(&UserType::Hubot) {
            self.call_robots(sender, message);
        }
    }

    /// Hubots hear what mentions them.
    fn call_hubots(&mut self, sender: &UserId, message: &Message) {
        let present = self.hubots_in(&message.vchannel_id);
        let bots = self.seed.bots.iter().map(|bot| &bot.id).enumerate();
        let called = bots.filter_map(|(robot, user)| {
            let mentioned = text::mentions_user(&message.text, user);
            let hears = mentioned && user != sender && present.contains(user);
            hears.then(|| HubotCall {
                user: user.clone(),
                post: HubotPost {
                    robot,
                    subdomain: self.seed.team.subdomain.clone(),
                    sender: sender.clone(),
                    username: self.at_name(sender),
                    vchannel: message.vchannel_id.clone(),
                    text: message.text.clone(),
                    key: message.key.clone(),
                },
            })
        });
        let called: Vec<HubotCall> = called.collect();
        for call in called {
            self.effect(Effect::Hubot(Box::new(call)));
        }
    }

    /// Robots hear what begins with their word, in every channel that whoever
    /// made them sees.
    fn call_robots(&mut self, sender: &UserId, message: &Message) {
        let found = self.state.vchannels.get(&message.vchannel_id);
        let Some((found, channel)) = found.and_then(|it| Some((it, it.channel()?))) else {
            return;
        };
        let told = self.seed.robots.iter().filter(|it| it.outgoing.is_some());
        let called = told.enumerate().filter_map(|(place, robot)| {
            let word = robot.trigger_word.as_ref()?;
            let hears = message.text.starts_with(word.as_str()) && sees(found, &robot.creator);
            hears.then(|| OutgoingCall {
                robot: robot.id.clone(),
                vchannel_id: message.vchannel_id.clone(),
                message: message.key.clone(),
                post: OutgoingPost {
                    robot: place,
                    ts: message.created_ts.0 / 1000,
                    subdomain: self.seed.team.subdomain.clone(),
                    ..OutgoingPost::new(message.text.as_str(), word.as_str())
                        .from(self.at_name(sender))
                        .at(channel.name.as_str())
                },
            })
        });
        let called: Vec<OutgoingCall> = called.collect();
        for call in called {
            self.effect(Effect::Outgoing(Box::new(call)));
        }
    }

    /// What somebody is mentioned by.
    fn at_name(&self, user: &UserId) -> String {
        let user = self.state.users.get(user);
        user.map(|user| user.name.clone()).unwrap_or_default()
    }

    /// What the program behind a robot answered: the robot says it where the
    /// word was said.
    ///
    /// # Errors
    /// 400 for what says nothing, 403 and 404 where nobody can speak any more.
    pub fn outgoing_answered(
        &mut self,
        call: &OutgoingCall,
        answer: OutgoingAnswer,
    ) -> Result<(), ApiError> {
        if answer.text.is_empty() {
            return Err(errors::invalid("text"));
        }
        let attachments = answer.attachments;
        platform::attachments(&attachments).map_err(|bad| errors::bad_parameters(&bad))?;
        open(self.vchannel(&call.vchannel_id)?)?;
        let content = Content {
            attachments: shown(attachments),
            ..Content::text(answer.text)
        };
        let robot = Speaker::Robot(call.robot.clone());
        self.speak(&call.vchannel_id, robot, content);
        Ok(())
    }

    /// Somebody speaks for the robot at this place in the seed.
    pub(super) fn speak_for(&mut self, at: usize, call: SendIncoming) -> Result<(), Refusal> {
        let robot = self.seed.robots.get(at);
        let robot = robot.ok_or(Refusal::Forbidden("there is no such robot"))?;
        let by = Speaker::Robot(robot.id.clone());
        let chat = self.place_of(robot, &call)?;
        match self.vchannel_of(&chat) {
            Some(id) => open(self.vchannel(&id)?)?,
            None => self.room_for_more()?,
        }
        let vchannel = self.open(&chat);
        let content = Content {
            fallback: call.notification,
            plain: call.markdown == Some(false),
            attachments: shown(call.attachments),
            ..Content::text(call.text)
        };
        self.speak(&vchannel, by, content);
        Ok(())
    }

    /// Where a robot speaks.
    fn place_of(&self, robot: &RobotSeed, call: &SendIncoming) -> Result<Chat, Refusal> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let user = given(&call.user);
        let Some(name) = given(&call.channel) else {
            return match user {
                Some(user) => self.user_of_robot(&user),
                None => Ok(Chat::Group(robot.channel.clone())),
            };
        };
        let name = name.strip_prefix('#').unwrap_or(&name);
        let found = self.state.vchannels.named(name);
        let found = found.filter(|id| {
            let vchannel = self.state.vchannels.get(id);
            vchannel.is_some_and(|vchannel| sees(vchannel, &robot.creator))
        });
        Ok(Chat::Group(found.unwrap_or(&robot.channel).clone()))
    }

    /// Where a robot speaks to somebody: the platform's own assistant passes it
    /// on.
    fn user_of_robot(&self, name: &str) -> Result<Chat, Refusal> {
        let mut users = self.state.users.all();
        let known_by = |known: &Option<String>| known.as_deref() == Some(name);
        let found = users
            .find(|(_, user)| user.name == name || known_by(&user.email) || known_by(&user.mobile));
        let (user, _) = found.ok_or(Refusal::Unknown(Thing::User))?;
        match &self.seed.assistant {
            Some(assistant) => self.may_talk(&assistant.id, user),
            None => Err(Refusal::Forbidden("there is nobody to pass it on")),
        }
    }
}

/// Whether somebody sees a channel.
fn sees(vchannel: &Vchannel, who: &UserId) -> bool {
    vchannel.is_public() || vchannel.has(who)
}

/// Attachments as robots have them: with three pictures at most.
fn shown(attachments: Vec<Attachment>) -> Vec<Attachment> {
    let attachments = attachments.into_iter().map(|mut attachment| {
        if let Some(images) = &mut attachment.images {
            images.truncate(platform::IMAGES);
        }
        attachment
    });
    attachments.collect()
}
