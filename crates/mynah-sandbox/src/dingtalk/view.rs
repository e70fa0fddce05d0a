//! The world as people see it.

use mynah_dingtalk::UserId;
use serde_json::Value;

use super::archive::{Chat, Speaker, Spoken};
use super::chats::Group;
use super::content::{Button, Card, Content, Link, Mentioned, Piece};
use super::world::DingTalkWorld;
use crate::view::View;
use crate::world::{
    By, Card as CardView, CardButton, CardField, Conversation, Joinable, Member, MessageView, Part,
    Rejected, Speaker as SpeakerView,
};

/// The name that is the same in all worlds, of the application and its robot.
pub(super) const BOT: &str = "bot";
/// Who is mentioned when everybody is.
pub(super) const ALL: &str = "all";

impl View for DingTalkWorld {
    type Viewer = UserId;

    fn everybody(&self) -> Vec<Speaker> {
        let bot = std::iter::once(Speaker::App);
        let users = self.state.directory.users();
        let users = users.map(|user| Speaker::Person(user.userid.clone()));
        bot.chain(users).collect()
    }

    fn viewer(&self, name: &str) -> Result<UserId, Rejected> {
        self.person("viewer", name)
    }

    fn chat(&self, id: &str) -> Result<Chat, Rejected> {
        self.conversation("conversation", id)
    }

    fn chats(&self, viewer: Option<&UserId>) -> Vec<Chat> {
        let mut chats = self.all_chats();
        if let Some(viewer) = viewer {
            chats.retain(|chat| self.state.takes_part(viewer, chat));
        }
        chats
    }

    fn joinable(&self, viewer: &UserId) -> Vec<Joinable> {
        let groups = self.state.groups.iter();
        let others = groups.filter(|(_, group)| !group.disbanded && !group.has(viewer));
        others
            .map(|(id, group)| Joinable {
                id: Chat::Group(id.clone()).to_string(),
                title: group.name.clone(),
            })
            .collect()
    }

    fn view_conversation(&self, chat: &Chat, viewer: Option<&UserId>) -> Conversation {
        let group = self.group_at(chat);
        Conversation {
            id: chat.to_string(),
            kind: match chat {
                Chat::Group(_) => "group",
                Chat::User(_) => "direct",
            },
            bot_kind: None,
            title: self.title(chat, viewer),
            members: self.view_members(chat),
            whole_ban: group.is_some_and(|group| group.flags.banned),
            menu: None,
            room: None,
            last: self.view_newest(chat),
        }
    }

    fn view_speaker(&self, who: &Speaker, chat: Option<&Chat>) -> SpeakerView {
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
                role: chat.map_or("", |chat| self.role(chat, user)).to_owned(),
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

    fn view_message(&self, chat: &Chat, spoken: &Spoken, view: MessageView) -> MessageView {
        let recalled = spoken.recalled.then(|| By {
            id: view.from.id.clone(),
            name: view.from.name.clone(),
        });
        let entry = self.entry(chat, view.seq);
        let by = entry.map_or(&Speaker::App, |entry| &entry.by);
        let (readers, unread) = self.view_readers(chat, spoken, by).unzip();
        MessageView {
            parts: self.view_parts(&spoken.content),
            recalled,
            readers,
            unread,
            tag: spoken.content.notice.then_some("notice"),
            ..view
        }
    }
}

impl DingTalkWorld {
    /// The name on the screen.
    pub(super) fn display(&self, user: &UserId) -> String {
        let known = self.state.directory.user(user);
        known.map_or_else(|| user.to_string(), |user| user.name.clone())
    }

    /// Every conversation that exists, whether something was said in it or not.
    fn all_chats(&self) -> Vec<Chat> {
        let groups = self.state.groups.iter();
        let groups = groups.filter(|(_, group)| !group.disbanded);
        let groups = groups.map(|(id, _)| Chat::Group(id.clone()));
        let users = self.state.directory.users();
        let users = users.map(|user| Chat::User(user.userid.clone()));
        groups.chain(users).collect()
    }

    /// The group of a conversation.
    pub(super) fn group_at(&self, chat: &Chat) -> Option<&Group> {
        self.state.groups.get(chat.group()?)
    }

    fn title(&self, chat: &Chat, viewer: Option<&UserId>) -> String {
        match (self.group_at(chat), chat.person()) {
            (Some(group), _) => group.name.clone(),
            (_, person) if viewer.is_some() && viewer == person => self.seed.app.name.clone(),
            (_, Some(person)) => self.display(person),
            (_, None) => String::new(),
        }
    }

    fn view_members(&self, chat: &Chat) -> Vec<Member> {
        let group = self.group_at(chat);
        let people = match (group, chat.person()) {
            (Some(group), _) => group.members.as_slice(),
            (_, Some(person)) => std::slice::from_ref(person),
            (_, None) => &[],
        };
        let people = people.iter().cloned().map(Speaker::Person);
        let robot = group.is_none_or(|group| group.robot);
        let everybody = people.chain(robot.then_some(Speaker::App));
        everybody
            .map(|who| Member {
                card: nick(group, &who),
                ..self.view_member(&who, chat)
            })
            .collect()
    }

    /// Who has read a message, and who is still to read it; `None` for what
    /// only the robot reads.
    fn view_readers(
        &self,
        chat: &Chat,
        spoken: &Spoken,
        by: &Speaker,
    ) -> Option<(Vec<By>, Vec<By>)> {
        let readings = self.state.archive.readings(&spoken.id).into_iter();
        // One message to many people has one list.
        let here = |user: &UserId| chat.person().is_none_or(|person| person == user);
        let readers: Vec<&UserId> = readings
            .map(|reading| &reading.user)
            .filter(|user| here(user))
            .collect();
        let receivers = self.receivers(chat, by);
        if receivers.is_empty() && readers.is_empty() {
            return None;
        }
        let by = |user: &UserId| By {
            id: user.to_string(),
            name: user.to_string(),
        };
        let unread = receivers.iter().filter(|user| !readers.contains(user));
        let unread = unread.map(|user| by(user)).collect();
        Some((readers.into_iter().map(by).collect(), unread))
    }

    /// Who is to read what somebody says in a conversation.
    pub(super) fn receivers(&self, chat: &Chat, by: &Speaker) -> Vec<&UserId> {
        let known = match chat {
            Chat::Group(id) => self.state.groups.get(id).map(|group| &group.members),
            Chat::User(_) => None,
        };
        let group = known.into_iter().flatten();
        let person = match chat {
            Chat::Group(_) => None,
            Chat::User(person) => self.state.directory.user(person).map(|it| &it.userid),
        };
        let others = |user: &&UserId| !matches!(by, Speaker::Person(by) if by == *user);
        group.chain(person).filter(others).collect()
    }

    fn role(&self, chat: &Chat, user: &UserId) -> &'static str {
        match self.group_at(chat) {
            Some(group) if group.owner == *user => "owner",
            Some(group) if group.admins.contains(user) => "admin",
            Some(group) if group.has(user) => "member",
            _ => "",
        }
    }

    fn view_parts(&self, content: &Content) -> Vec<Part> {
        let pieces = content.pieces.iter();
        pieces.map(|piece| self.view_part(piece)).collect()
    }

    fn view_part(&self, piece: &Piece) -> Part {
        match piece {
            Piece::Text(text) => Part::Text { text: text.clone() },
            Piece::Mention(who) => self.view_mention(who),
            Piece::Markdown(text) => Part::Markdown {
                text: text.clone(),
                finished: true,
            },
            Piece::Image(source) => Part::Image {
                url: self.picture(source),
                name: self.file_name(source),
            },
            Piece::Voice { file, duration, .. } => Part::Voice {
                url: self.page_url(file),
                name: self.file_name(file),
                duration_ms: (*duration > 0).then_some(*duration),
            },
            Piece::Video { file, .. } => Part::Video {
                url: self.page_url(file),
                name: self.file_name(file),
            },
            Piece::File { file, name } => self.view_file(file, name),
            Piece::Link(link) => self.view_link(link),
            Piece::Card(card) => Part::Card(Box::new(self.view_button_card(card))),
            Piece::Interactive(id) => self.view_card(id),
            Piece::Other { name, data } => Part::Other {
                name: name.clone(),
                text: name.clone(),
                data: data.clone(),
            },
        }
    }

    fn view_mention(&self, who: &Mentioned) -> Part {
        let (id, name) = match who {
            Mentioned::Person(user) => (user.to_string(), self.display(user)),
            Mentioned::Robot => (self.seed.app.key.clone(), self.seed.app.name.clone()),
            Mentioned::All => (ALL.to_owned(), "所有人".to_owned()),
        };
        Part::Mention { id, name }
    }

    /// What a file was called when it was uploaded; its own name if it is not
    /// known.
    fn file_name(&self, file: &str) -> String {
        let medium = self.state.media.get(file);
        medium.map_or(file, |medium| &medium.filename).to_owned()
    }

    /// Where the page finds a picture: an address, or a file.
    fn picture(&self, source: &str) -> String {
        if source.starts_with("http://") || source.starts_with("https://") {
            source.to_owned()
        } else {
            self.page_url(source)
        }
    }

    fn view_file(&self, file: &str, name: &str) -> Part {
        let medium = self.state.media.get(file);
        let size = medium.map_or(0, |medium| medium.content.0.len());
        Part::File {
            url: self.page_url(file),
            name: if name.is_empty() {
                self.file_name(file)
            } else {
                name.to_owned()
            },
            size: u64::try_from(size).unwrap_or(u64::MAX),
        }
    }

    fn view_link(&self, link: &Link) -> Part {
        Part::Link {
            url: link.url.clone(),
            title: link.title.clone(),
            text: link.text.clone(),
            image: self.picture(&link.image),
        }
    }

    fn view_button_card(&self, card: &Card) -> CardView {
        let mut data = card.data.clone();
        if let Some(Value::String(image)) = data.pointer_mut("/body/image") {
            *image = self.picture(image);
        }
        let fields = card.fields.iter();
        CardView {
            card_type: card.kind.clone(),
            title: card.title.clone(),
            text: card.text.clone(),
            fields: fields
                .map(|(name, value)| CardField {
                    name: name.clone(),
                    value: value.clone(),
                })
                .collect(),
            buttons: card.buttons.iter().map(view_button).collect(),
            url: card.url.clone(),
            data,
            ..CardView::default()
        }
    }

    /// What somebody said, as the robot hears it: the mention of it is taken
    /// out, the blank behind it is not.
    pub(super) fn heard_text(&self, content: &Content) -> String {
        let mut text = String::new();
        let mut after_mention = false;
        for piece in &content.pieces {
            match piece {
                Piece::Text(words) => {
                    // Whoever picks somebody from the list gets a blank too.
                    if after_mention && !words.starts_with(char::is_whitespace) {
                        text.push(' ');
                    }
                    text.push_str(&self.without_robot(words));
                    after_mention = false;
                }
                Piece::Mention(who) => {
                    if after_mention {
                        text.push(' ');
                    }
                    if *who != Mentioned::Robot
                        && let Part::Mention { name, .. } = self.view_mention(who)
                    {
                        text.push('@');
                        text.push_str(&name);
                    }
                    after_mention = true;
                }
                _ => {}
            }
        }
        if after_mention {
            text.push(' ');
        }
        text
    }

    /// The names by which people mention the robot in plain text.
    fn robot_names(&self) -> [String; 3] {
        let names = [BOT, &self.seed.app.key, &self.seed.app.name];
        names.map(|name| format!("@{name}"))
    }

    fn without_robot(&self, words: &str) -> String {
        let names = self.robot_names();
        let found = names.iter().find_map(|name| around(words, name));
        match found {
            Some((before, after)) => format!("{before}{after}"),
            None => words.to_owned(),
        }
    }

    /// Whether a message is meant for the robot.
    pub(super) fn mentions_robot(&self, content: &Content) -> bool {
        let names = self.robot_names();
        content.pieces.iter().any(|piece| match piece {
            Piece::Mention(who) => *who == Mentioned::Robot,
            Piece::Text(text) => names.iter().any(|name| around(text, name).is_some()),
            _ => false,
        })
    }
}

/// What stands before and after a name, where it is not the beginning of a
/// longer one.
fn around<'a>(text: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let (before, after) = text.split_once(name)?;
    let longer = after.starts_with(|next: char| next.is_ascii_alphanumeric());
    (!longer).then_some((before, after))
}

/// The name that somebody has in a group; empty for none.
fn nick(group: Option<&Group>, who: &Speaker) -> String {
    match (group, who) {
        (Some(group), Speaker::Person(user)) => group.nicks.get(user).cloned().unwrap_or_default(),
        _ => String::new(),
    }
}

fn view_button(button: &Button) -> CardButton {
    CardButton {
        key: String::new(),
        label: button.title.clone(),
        style: 1,
        url: button.url.clone(),
    }
}
