//! The world as people see it.

use mynah_dingtalk::UserId;

use super::archive::{Chat, Entry, Speaker, What};
use super::world::DingTalkWorld;
use crate::world::{
    Conversations, MessageView, Messages, Person, Rejected, Speaker as SpeakerView,
};

/// The name that is the same in all worlds, of the application and its robot.
pub(super) const BOT: &str = "bot";

impl DingTalkWorld {
    pub(super) fn view_people(&self) -> Vec<Person> {
        let bot = std::iter::once(self.view_person(&Speaker::App));
        let users = self.state.directory.users();
        let users = users.map(|user| self.view_person(&Speaker::Person(user.userid.clone())));
        bot.chain(users).collect()
    }

    fn view_person(&self, who: &Speaker) -> Person {
        let speaker = self.view_speaker(who, None);
        Person {
            name: speaker.name,
            id: speaker.id,
            display: speaker.display,
            bot: speaker.bot,
        }
    }

    /// The name on the screen.
    pub(super) fn display(&self, user: &UserId) -> String {
        let known = self.state.directory.user(user);
        known.map_or_else(|| user.to_string(), |user| user.name.clone())
    }

    pub(super) fn view_conversations(
        &self,
        _viewer: Option<&str>,
    ) -> Result<Conversations, Rejected> {
        Ok(Conversations::default())
    }

    pub(super) fn view_messages(
        &self,
        conversation: &str,
        _before: Option<u64>,
        _limit: usize,
    ) -> Result<Messages, Rejected> {
        let chat = self.conversation("conversation", conversation)?;
        let timeline = self.state.archive.timeline(&chat);
        let entries = timeline.into_iter().flat_map(|timeline| timeline.entries());
        Ok(Messages {
            messages: entries.map(|entry| self.view_entry(&chat, entry)).collect(),
            more: false,
        })
    }

    pub(super) fn view_entry(&self, chat: &Chat, entry: &Entry) -> MessageView {
        let (by, id) = match &entry.what {
            What::Message(spoken) => (&spoken.by, spoken.id.clone()),
            What::Line(line) => (&line.by, String::new()),
        };
        MessageView {
            seq: entry.seq,
            id,
            conversation: chat.to_string(),
            time: entry.time.seconds(),
            from: self.view_speaker(by, Some(chat)),
            kind: "message",
            parts: Vec::new(),
            recalled: None,
            reactions: Vec::new(),
            notice: None,
            journal: entry.journal.iter().copied().collect(),
        }
    }

    fn view_speaker(&self, who: &Speaker, _chat: Option<&Chat>) -> SpeakerView {
        let bot = |id: &str, name: &str, display: &str| SpeakerView {
            id: id.to_owned(),
            name: name.to_owned(),
            display: display.to_owned(),
            role: String::new(),
            bot: true,
        };
        match who {
            Speaker::Person(user) => SpeakerView {
                id: user.to_string(),
                name: user.to_string(),
                display: self.display(user),
                role: String::new(),
                bot: false,
            },
            Speaker::App => bot(&self.seed.app.key, BOT, &self.seed.app.name),
            Speaker::Custom(at) => {
                let robot = self.seed.robots.get(*at);
                let name = robot.map_or("", |robot| robot.name.as_str());
                bot(&format!("robot:{at}"), name, name)
            }
        }
    }
}
