//! The world as people see it.

use mynah_wecom::card::{Button, Choice, Selection, TemplateCard, VoteMode};
use mynah_wecom::id::TaskId;
use mynah_wecom::message::{Taskcard, Textcard};
use mynah_wecom::{AgentId, ChatId, UserId};
use serde_json::{Value, json};

use super::archive::{Chat, Speaker, Spoken};
use super::content::{Card, Content, Face, Link, Location, Piece};
use super::world::WeComWorld;
use crate::view::View;
use crate::world::{
    By, Card as CardView, CardButton, CardChoice, CardField, CardOption, Conversation, Joinable,
    Member, MessageView, Part, Rejected, Speaker as SpeakerView,
};

/// The name that is the same in all worlds, of the application that people mean.
pub(super) const BOT: &str = "bot";

impl View for WeComWorld {
    type Viewer = UserId;

    fn everybody(&self) -> Vec<Speaker> {
        let main = self.state.main;
        let others = self.state.applications.keys().filter(|id| **id != main);
        let agents = std::iter::once(&main).chain(others);
        let agents = agents.map(|id| Speaker::Application(id.0));
        let users = self.state.directory.users.keys();
        let users = users.map(|id| Speaker::Person(id.clone()));
        agents.chain([Speaker::Bot]).chain(users).collect()
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
            chats.retain(|chat| self.is_on_screen(viewer, chat));
        }
        chats
    }

    fn joinable(&self, viewer: &UserId) -> Vec<Joinable> {
        let groups = self.state.groups.iter();
        let others = groups.filter(|(_, group)| group.visible && !group.has(viewer));
        others
            .map(|(id, group)| Joinable {
                id: Chat::Group(id.as_str().to_owned()).to_string(),
                title: group.name.clone(),
            })
            .collect()
    }

    fn view_conversation(&self, chat: &Chat, viewer: Option<&UserId>) -> Conversation {
        Conversation {
            id: chat.to_string(),
            kind: match chat {
                Chat::Group(_) => "group",
                Chat::User(_) | Chat::Agent(..) | Chat::Bot(_) => "direct",
            },
            bot_kind: match chat {
                Chat::Group(_) => None,
                Chat::User(_) | Chat::Agent(..) => Some("application"),
                Chat::Bot(_) => Some("aibot"),
            },
            title: self.title(chat, viewer),
            members: self.view_members(chat),
            whole_ban: false,
            menu: self.view_menu(chat),
            room: None,
            last: self.view_newest(chat),
        }
    }

    fn view_speaker(&self, who: &Speaker, chat: Option<&Chat>) -> SpeakerView {
        let bot = |id: String, name: &str, display: String| SpeakerView {
            id,
            name: name.to_owned(),
            display,
            role: String::new(),
            bot: true,
        };
        match who {
            Speaker::Person(user) => SpeakerView {
                id: user.to_string(),
                name: user.to_string(),
                display: self.display(user),
                role: chat.map(|chat| self.role(chat, user)).unwrap_or_default(),
                bot: false,
            },
            Speaker::Application(agent) => {
                let known = self.state.applications.get(&AgentId(*agent));
                let display = known.map(|it| it.name.clone()).unwrap_or_default();
                let id = agent.to_string();
                let is_main = self.state.main.0 == *agent;
                let name = if is_main { BOT.to_owned() } else { id.clone() };
                bot(id, &name, display)
            }
            Speaker::Robot(at) => {
                let robot = self.seed.robots.get(*at);
                let name = robot.map(|robot| robot.name.clone()).unwrap_or_default();
                bot(format!("robot:{at}"), &name, name.clone())
            }
            Speaker::Bot => {
                let id = self.seed.bot.id.clone();
                bot(id.clone(), &id, self.seed.bot.name.clone())
            }
        }
    }

    fn view_message(&self, _: &Chat, spoken: &Spoken, view: MessageView) -> MessageView {
        let recalled = spoken.recalled.then(|| By {
            id: view.from.id.clone(),
            name: view.from.name.clone(),
        });
        MessageView {
            parts: self.view_parts(&spoken.content),
            recalled,
            ..view
        }
    }
}

impl WeComWorld {
    /// The name on the screen.
    pub(super) fn display(&self, user: &UserId) -> String {
        let known = self.state.directory.users.get(user);
        known.map_or_else(|| user.to_string(), |user| user.name.clone())
    }

    /// A group is on nobody's screen before the first message.
    fn is_on_screen(&self, viewer: &UserId, chat: &Chat) -> bool {
        let visible = match chat {
            Chat::Group(id) => self
                .state
                .groups
                .get(&ChatId::from(id.as_str()))
                .is_some_and(|group| group.visible),
            _ => true,
        };
        visible && self.state.takes_part(viewer, chat)
    }

    /// Every conversation that exists, whether something was said in it or
    /// not; those with further applications only when something was.
    fn all_chats(&self) -> Vec<Chat> {
        let groups = self.state.groups.keys();
        let mut chats: Vec<Chat> = groups
            .map(|id| Chat::Group(id.as_str().to_owned()))
            .collect();
        for user in self.state.directory.users.keys() {
            chats.push(Chat::User(user.clone()));
            chats.push(Chat::Bot(user.clone()));
        }
        let others = self.state.archive.chats();
        chats.extend(
            others
                .filter(|chat| matches!(chat, Chat::Agent(..)))
                .cloned(),
        );
        chats
    }

    fn view_menu(&self, chat: &Chat) -> Option<Value> {
        let (Chat::User(_) | Chat::Agent(..)) = chat else {
            return None;
        };
        let application = self.state.applications.get(&self.agent_in(chat))?;
        serde_json::to_value(&application.menu.as_ref()?.buttons).ok()
    }

    fn title(&self, chat: &Chat, viewer: Option<&UserId>) -> String {
        match (chat, self.partner(chat)) {
            (Chat::Group(id), _) => {
                let group = self.state.groups.get(&ChatId::from(id.as_str()));
                group.map(|group| group.name.clone()).unwrap_or_default()
            }
            (_, Some(partner)) if viewer == chat.person() => {
                self.view_speaker(&partner, None).display
            }
            _ => chat
                .person()
                .map(|user| self.display(user))
                .unwrap_or_default(),
        }
    }

    /// Whom a person talks to in a conversation of two.
    fn partner(&self, chat: &Chat) -> Option<Speaker> {
        match chat {
            Chat::Group(_) => None,
            Chat::User(_) => Some(Speaker::Application(self.state.main.0)),
            Chat::Agent(agent, _) => Some(Speaker::Application(*agent)),
            Chat::Bot(_) => Some(Speaker::Bot),
        }
    }

    fn view_members(&self, chat: &Chat) -> Vec<Member> {
        let view = |who: &Speaker| self.view_member(who, chat);
        if let Chat::Group(id) = chat {
            let Some(group) = self.state.groups.get(&ChatId::from(id.as_str())) else {
                return Vec::new();
            };
            let members = group.members.iter().cloned().map(Speaker::Person);
            let bot = group.bot.then_some(Speaker::Bot);
            return members.chain(bot).map(|who| view(&who)).collect();
        }
        let person = chat.person().cloned().map(Speaker::Person);
        let both = person.into_iter().chain(self.partner(chat));
        both.map(|who| view(&who)).collect()
    }

    fn role(&self, chat: &Chat, user: &UserId) -> String {
        let Chat::Group(id) = chat else {
            return String::new();
        };
        let role = match self.state.groups.get(&ChatId::from(id.as_str())) {
            Some(group) if group.owner == *user => "owner",
            Some(group) if group.has(user) => "member",
            _ => "",
        };
        role.to_owned()
    }

    fn view_parts(&self, content: &Content) -> Vec<Part> {
        let quote = content.quote.iter().map(|id| Part::Quote {
            message_id: id.clone(),
        });
        let finished = content.stream.as_ref().is_none_or(|it| it.finished);
        let pieces = content.pieces.iter();
        let pieces = pieces.map(|piece| self.view_part(piece, finished));
        quote.chain(pieces).collect()
    }

    fn view_part(&self, piece: &Piece, finished: bool) -> Part {
        let named = |file: &str| {
            let medium = self.state.media.get(file);
            let name = medium.map(|medium| medium.filename.clone());
            (self.page_url(file), name.unwrap_or_default())
        };
        match piece {
            Piece::Text(text) => Part::Text { text: text.clone() },
            Piece::Mention(user) => self.view_mention(user),
            Piece::Markdown(text) => Part::Markdown {
                text: text.clone(),
                finished,
            },
            Piece::Image(file) => {
                let (url, name) = named(file);
                Part::Image { url, name }
            }
            Piece::Voice { file, .. } => {
                let (url, name) = named(file);
                Part::Voice {
                    url,
                    name,
                    duration_ms: None,
                }
            }
            Piece::Video { file, title, .. } => {
                let (url, name) = named(file);
                let name = if title.is_empty() {
                    name
                } else {
                    title.clone()
                };
                Part::Video { url, name }
            }
            Piece::File(file) => {
                let (url, name) = named(file);
                let medium = self.state.media.get(file);
                let size = medium.map_or(0, |medium| medium.content.0.len());
                Part::File {
                    url,
                    name,
                    size: u64::try_from(size).unwrap_or(u64::MAX),
                }
            }
            Piece::Link(link) => view_link(link),
            Piece::Location(location) => view_location(location),
            Piece::Card(card) => Part::Card(Box::new(view_card(card))),
        }
    }

    fn view_mention(&self, user: &UserId) -> Part {
        let (id, name) = if user.is_all() {
            ("all".to_owned(), "所有人".to_owned())
        } else if *user == UserId::from(self.seed.bot.id.as_str()) {
            (self.seed.bot.id.clone(), self.seed.bot.name.clone())
        } else {
            (user.to_string(), self.display(user))
        };
        Part::Mention { id, name }
    }

    /// What somebody said, as text: mentions by name.
    pub(super) fn plain_text(&self, content: &Content) -> String {
        let mut text = String::new();
        let mut after_mention = false;
        for piece in &content.pieces {
            match piece {
                Piece::Text(words) | Piece::Markdown(words) => {
                    if after_mention && !words.starts_with(char::is_whitespace) {
                        text.push(' ');
                    }
                    text.push_str(words);
                    after_mention = false;
                }
                Piece::Mention(user) => {
                    if let Part::Mention { name, .. } = self.view_mention(user) {
                        text.push('@');
                        text.push_str(&name);
                    }
                    after_mention = true;
                }
                _ => {}
            }
        }
        text
    }
}

fn view_link(link: &Link) -> Part {
    Part::Link {
        url: link.url.clone(),
        title: link.title.clone(),
        text: link.text.clone(),
        image: link.image.clone(),
    }
}

fn view_location(location: &Location) -> Part {
    Part::Other {
        name: "location".to_owned(),
        text: location.label.clone(),
        data: json!({
            "latitude": location.latitude,
            "longitude": location.longitude,
            "scale": location.scale,
            "label": location.label,
        }),
    }
}

fn view_card(card: &Card) -> CardView {
    let mut view = match &card.face {
        Face::Template(face) => view_template(face),
        Face::Task(face) => view_task(face),
        Face::Text(face) => view_text(face),
        Face::Miniprogram(notice) => CardView {
            card_type: "miniprogram_notice".to_owned(),
            title: notice.title.clone(),
            text: notice.description.clone().unwrap_or_default(),
            fields: notice
                .content_item
                .iter()
                .map(|item| field(&item.key, &item.value))
                .collect(),
            ..CardView::default()
        },
    };
    if let Some(answered) = &card.answered {
        view.answered = Some(answered.key.clone());
        let mut buttons = view.buttons.iter_mut();
        if let Some(button) = buttons.find(|button| button.key == answered.key) {
            button.label.clone_from(&answered.label);
        }
    }
    view
}

fn field(name: &str, value: &str) -> CardField {
    CardField {
        name: name.to_owned(),
        value: value.to_owned(),
    }
}

fn view_text(card: &Textcard) -> CardView {
    CardView {
        card_type: "textcard".to_owned(),
        title: card.title.clone(),
        text: card.description.clone(),
        url: card.url.clone(),
        ..CardView::default()
    }
}

fn view_task(card: &Taskcard) -> CardView {
    let button = |button: &mynah_wecom::message::TaskButton| CardButton {
        key: button.key.clone(),
        label: button.name.clone(),
        style: 1,
        url: String::new(),
    };
    CardView {
        card_type: "taskcard".to_owned(),
        title: card.title.clone(),
        text: card.description.clone(),
        url: card.url.clone().unwrap_or_default(),
        buttons: card.btn.iter().map(button).collect(),
        task_id: card.task_id.to_string(),
        ..CardView::default()
    }
}

fn view_template(card: &TemplateCard) -> CardView {
    let title = card.main_title.clone().unwrap_or_default();
    let lines = [
        title.desc,
        card.sub_title_text.clone(),
        card.quote_area
            .as_ref()
            .and_then(|it| it.quote_text.clone()),
    ];
    let lines: Vec<String> = lines.into_iter().flatten().collect();
    let action = card.card_action.as_ref();
    CardView {
        card_type: card.card_type.as_str().to_owned(),
        title: title.title.unwrap_or_default(),
        text: lines.join("\n"),
        fields: view_fields(card),
        choices: view_choices(card),
        buttons: view_buttons(card),
        menu: view_menu(card),
        url: action.and_then(|it| it.url.clone()).unwrap_or_default(),
        task_id: card
            .task_id
            .as_ref()
            .map(TaskId::to_string)
            .unwrap_or_default(),
        answered: None,
        data: Value::Null,
    }
}

fn view_fields(card: &TemplateCard) -> Vec<CardField> {
    let emphasis = card.emphasis_content.iter();
    let emphasis = emphasis.chain(card.vertical_content_list.iter().flatten());
    let titles = emphasis.map(|it| {
        field(
            it.title.as_deref().unwrap_or_default(),
            it.desc.as_deref().unwrap_or_default(),
        )
    });
    let facts = card.horizontal_content_list.iter().flatten();
    let facts = facts.map(|it| field(&it.keyname, it.value.as_deref().unwrap_or_default()));
    titles.chain(facts).collect()
}

fn view_choices(card: &TemplateCard) -> Vec<CardChoice> {
    let vote = card.checkbox.iter().map(|vote| CardChoice {
        key: vote.question_key.clone(),
        title: String::new(),
        multiple: vote.mode == Some(VoteMode::Multiple),
        options: vote
            .option_list
            .iter()
            .map(|it| view_option(it, it.is_checked == Some(true)))
            .collect(),
    });
    let drop_downs = card.button_selection.iter();
    let drop_downs = drop_downs.chain(card.select_list.iter().flatten());
    vote.chain(drop_downs.map(view_selection)).collect()
}

fn view_selection(selection: &Selection) -> CardChoice {
    let selected = |it: &Choice| selection.selected_id.as_ref() == Some(&it.id);
    CardChoice {
        key: selection.question_key.clone(),
        title: selection.title.clone().unwrap_or_default(),
        multiple: false,
        options: selection
            .option_list
            .iter()
            .map(|it| view_option(it, selected(it)))
            .collect(),
    }
}

fn view_option(choice: &Choice, selected: bool) -> CardOption {
    CardOption {
        id: choice.id.clone(),
        text: choice.text.clone(),
        selected,
    }
}

fn view_buttons(card: &TemplateCard) -> Vec<CardButton> {
    let button = |button: &Button| CardButton {
        key: button.key.clone().unwrap_or_default(),
        label: button.text.clone(),
        style: button
            .style
            .and_then(|style| u32::try_from(style.number()).ok())
            .unwrap_or(1),
        url: String::new(),
    };
    let submit = card.submit_button.iter().map(|submit| CardButton {
        key: submit.key.clone(),
        label: submit.text.clone(),
        style: 1,
        url: String::new(),
    });
    let buttons = card.button_list.iter().flatten().map(button);
    buttons.chain(submit).collect()
}

fn view_menu(card: &TemplateCard) -> Vec<CardButton> {
    let entries = card.action_menu.iter().flat_map(|menu| &menu.action_list);
    let button = |entry: &mynah_wecom::card::MenuAction| CardButton {
        key: entry.key.clone(),
        label: entry.text.clone(),
        style: 1,
        url: String::new(),
    };
    entries.map(button).collect()
}
