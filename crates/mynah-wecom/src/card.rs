//! Template cards: of text, with a picture, with buttons, for votes and for several choices.
//!
//! Applications send all five kinds, group robots the first two, intelligent bots all five
//! (<https://developer.work.weixin.qq.com/document/path/90236>,
//! <https://developer.work.weixin.qq.com/document/path/101033>).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::id::{MediaId, TaskId, UserId};
use mynah_core::lenient::{or_default, text};

mynah_core::words! {
    /// The kind of a card.
    pub enum CardType {
        /// Text.
        TextNotice = "text_notice",
        /// Text with a picture.
        NewsNotice = "news_notice",
        /// With buttons.
        ButtonInteraction = "button_interaction",
        /// A vote.
        VoteInteraction = "vote_interaction",
        /// Several choices.
        MultipleInteraction = "multiple_interaction",
    }
}

impl CardType {
    /// Whether people answer it: then it needs a task id.
    pub fn is_interactive(&self) -> bool {
        matches!(
            self,
            Self::ButtonInteraction | Self::VoteInteraction | Self::MultipleInteraction
        )
    }
}

impl Default for CardType {
    fn default() -> Self {
        Self::Other(String::new())
    }
}

mynah_core::numbers! {
    /// The colour of the words beside the source's picture.
    pub enum SourceColor {
        /// Grey, the default.
        Grey = 0,
        /// Black.
        Black = 1,
        /// Red.
        Red = 2,
        /// Green.
        Green = 3,
    }

    /// What a tap does.
    pub enum TapKind {
        /// Nothing.
        Nothing = 0,
        /// Opens a page.
        Page = 1,
        /// Opens a mini program.
        MiniProgram = 2,
    }

    /// What the value of a fact is.
    pub enum FactKind {
        /// Words, the default.
        Text = 0,
        /// A page.
        Page = 1,
        /// A file; not for intelligent bots.
        File = 2,
        /// A member, whose details a tap opens.
        Member = 3,
    }

    /// Where a jump leads.
    pub enum JumpKind {
        /// Nowhere, the default.
        Nothing = 0,
        /// To a page.
        Page = 1,
        /// To a mini program.
        MiniProgram = 2,
        /// Asks the intelligent bot its question; intelligent bots only.
        Question = 3,
    }

    /// How a button looks.
    pub enum ButtonStyle {
        /// Blue, the default.
        Blue = 1,
        /// Blue on white.
        Plain = 2,
        /// Red.
        Red = 3,
        /// Red on white.
        PlainRed = 4,
    }

    /// What pressing a button does.
    pub enum ButtonKind {
        /// Tells the application, the default.
        Event = 0,
        /// Opens a page.
        Page = 1,
    }

    /// How many choices a vote allows.
    pub enum VoteMode {
        /// One.
        Single = 0,
        /// Several.
        Multiple = 1,
    }
}

/// A template card. Which parts a kind may have stands at the parts.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TemplateCard {
    /// The kind.
    #[serde(default, deserialize_with = "or_default")]
    pub card_type: CardType,
    /// Where it comes from.
    pub source: Option<Source>,
    /// The menu in the corner; needs a task id. Not for votes and choices.
    pub action_menu: Option<ActionMenu>,
    /// The title.
    pub main_title: Option<Title>,
    /// What is shown large; text only.
    pub emphasis_content: Option<Title>,
    /// What is quoted. Not for votes and choices.
    pub quote_area: Option<QuoteArea>,
    /// A line of text; text and buttons only.
    pub sub_title_text: Option<String>,
    /// Facts side by side; at most 6. Not for votes and choices.
    pub horizontal_content_list: Option<Vec<Fact>>,
    /// Jumps; at most 3. Text and picture only.
    pub jump_list: Option<Vec<Jump>>,
    /// What a tap on the card does; required for text and picture.
    pub card_action: Option<CardAction>,
    /// The picture; picture only.
    pub card_image: Option<CardImage>,
    /// Text beside a small picture; picture only.
    pub image_text_area: Option<ImageTextArea>,
    /// Lines below one another; at most 4. Picture only.
    pub vertical_content_list: Option<Vec<Title>>,
    /// A drop-down; buttons only.
    pub button_selection: Option<Selection>,
    /// 1 to 6 buttons; required for buttons.
    pub button_list: Option<Vec<Button>>,
    /// The vote; required for votes.
    pub checkbox: Option<Checkbox>,
    /// 1 to 3 drop-downs; required for several choices.
    pub select_list: Option<Vec<Selection>>,
    /// Sends the answer; required for votes and choices.
    pub submit_button: Option<SubmitButton>,
    /// Names the card when it is answered; required where people answer it, and with a menu.
    pub task_id: Option<TaskId>,
    /// Asks whether the answer was any good; intelligent bots only.
    pub feedback: Option<Feedback>,
    /// What else it has.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl TemplateCard {
    /// A card of text that opens a page.
    pub fn text_notice(title: Title, url: impl Into<String>) -> Self {
        Self {
            card_action: Some(CardAction::page(url)),
            ..Self::titled(CardType::TextNotice, title)
        }
    }

    /// A card with a picture that opens a page.
    pub fn news_notice(title: Title, image: CardImage, url: impl Into<String>) -> Self {
        Self {
            card_image: Some(image),
            card_action: Some(CardAction::page(url)),
            ..Self::titled(CardType::NewsNotice, title)
        }
    }

    /// A card with buttons, 1 to 6.
    pub fn buttons(
        title: Title,
        buttons: impl IntoIterator<Item = Button>,
        task_id: impl Into<TaskId>,
    ) -> Self {
        Self {
            button_list: Some(buttons.into_iter().collect()),
            task_id: Some(task_id.into()),
            ..Self::titled(CardType::ButtonInteraction, title)
        }
    }

    /// A vote.
    pub fn vote(
        title: Title,
        checkbox: Checkbox,
        submit: SubmitButton,
        task_id: impl Into<TaskId>,
    ) -> Self {
        Self {
            checkbox: Some(checkbox),
            submit_button: Some(submit),
            task_id: Some(task_id.into()),
            ..Self::titled(CardType::VoteInteraction, title)
        }
    }

    /// Several choices, 1 to 3.
    pub fn choices(
        title: Title,
        choices: impl IntoIterator<Item = Selection>,
        submit: SubmitButton,
        task_id: impl Into<TaskId>,
    ) -> Self {
        Self {
            select_list: Some(choices.into_iter().collect()),
            submit_button: Some(submit),
            task_id: Some(task_id.into()),
            ..Self::titled(CardType::MultipleInteraction, title)
        }
    }

    fn titled(card_type: CardType, title: Title) -> Self {
        Self {
            card_type,
            main_title: Some(title),
            ..Self::default()
        }
    }
}

/// Where a card comes from.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Address of a picture.
    pub icon_url: Option<String>,
    /// The words beside it; about 13 characters.
    pub desc: Option<String>,
    /// Their colour.
    pub desc_color: Option<SourceColor>,
}

/// The menu in the corner of a card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionMenu {
    /// What it is for.
    #[serde(default, deserialize_with = "text")]
    pub desc: String,
    /// 1 to 3.
    #[serde(default)]
    pub action_list: Vec<MenuAction>,
}

/// An entry of a card's menu.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MenuAction {
    /// What it says.
    #[serde(default, deserialize_with = "text")]
    pub text: String,
    /// Told when it is chosen; at most 1024 bytes, unique in the menu.
    #[serde(default, deserialize_with = "text")]
    pub key: String,
}

/// A title with a line below it.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Title {
    /// The title.
    pub title: Option<String>,
    /// The line below.
    pub desc: Option<String>,
}

impl Title {
    /// A title alone.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: Some(title.into()),
            desc: None,
        }
    }

    /// The same with a line below it.
    #[must_use]
    pub fn desc(self, desc: impl Into<String>) -> Self {
        Self {
            desc: Some(desc.into()),
            ..self
        }
    }
}

impl From<&str> for Title {
    fn from(title: &str) -> Self {
        Self::new(title)
    }
}

/// What is quoted on a card.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteArea {
    /// What a tap does.
    #[serde(rename = "type")]
    pub kind: Option<TapKind>,
    /// The page; required if that is what a tap opens.
    pub url: Option<String>,
    /// The mini program; required if that is what a tap opens.
    pub appid: Option<String>,
    /// Its page.
    pub pagepath: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// The words.
    pub quote_text: Option<String>,
}

/// A fact: a name and what stands beside it.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The name; about 5 characters.
    #[serde(default, deserialize_with = "text")]
    pub keyname: String,
    /// What stands beside it; about 26 characters.
    pub value: Option<String>,
    /// What the value is.
    #[serde(rename = "type")]
    pub kind: Option<FactKind>,
    /// The page.
    pub url: Option<String>,
    /// The file.
    pub media_id: Option<MediaId>,
    /// The member.
    pub userid: Option<UserId>,
}

impl Fact {
    /// A fact in words.
    pub fn new(keyname: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            keyname: keyname.into(),
            value: Some(value.into()),
            ..Self::default()
        }
    }
}

/// A line that leads somewhere.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jump {
    /// What it says; about 13 characters.
    #[serde(default, deserialize_with = "text")]
    pub title: String,
    /// Where it leads.
    #[serde(rename = "type")]
    pub kind: Option<JumpKind>,
    /// The page.
    pub url: Option<String>,
    /// The mini program.
    pub appid: Option<String>,
    /// Its page.
    pub pagepath: Option<String>,
    /// What the intelligent bot is asked.
    pub question: Option<String>,
}

/// What a tap on a card does.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardAction {
    /// Which of them; nothing at all is for bots only.
    #[serde(rename = "type")]
    pub kind: Option<TapKind>,
    /// The page.
    pub url: Option<String>,
    /// The mini program.
    pub appid: Option<String>,
    /// Its page.
    pub pagepath: Option<String>,
}

impl CardAction {
    /// Opens a page.
    pub fn page(url: impl Into<String>) -> Self {
        Self {
            kind: Some(TapKind::Page),
            url: Some(url.into()),
            ..Self::default()
        }
    }

    /// Opens a mini program.
    pub fn mini_program(appid: impl Into<String>) -> Self {
        Self {
            kind: Some(TapKind::MiniProgram),
            appid: Some(appid.into()),
            ..Self::default()
        }
    }
}

/// The picture of a card.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CardImage {
    /// Its address.
    #[serde(default, deserialize_with = "text")]
    pub url: String,
    /// Its width for a height of 1: between 1.3 and 2.25; 1.3 if not given.
    pub aspect_ratio: Option<f64>,
}

impl CardImage {
    /// The picture at this address.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            aspect_ratio: None,
        }
    }
}

/// Text beside a small picture.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageTextArea {
    /// What a tap does.
    #[serde(rename = "type")]
    pub kind: Option<TapKind>,
    /// The page.
    pub url: Option<String>,
    /// The mini program.
    pub appid: Option<String>,
    /// Its page.
    pub pagepath: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// The words.
    pub desc: Option<String>,
    /// Address of the picture.
    #[serde(default, deserialize_with = "text")]
    pub image_url: String,
}

/// A drop-down.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// Told with the answer; at most 1024 bytes.
    #[serde(default, deserialize_with = "text")]
    pub question_key: String,
    /// What it asks.
    pub title: Option<String>,
    /// Whether it can no longer be changed; in a card that replaces another.
    pub disable: Option<bool>,
    /// 1 to 10.
    #[serde(default)]
    pub option_list: Vec<Choice>,
    /// The one that is chosen at first; the first if not given.
    pub selected_id: Option<String>,
}

impl Selection {
    /// A drop-down of these choices.
    pub fn new(question_key: impl Into<String>, choices: impl IntoIterator<Item = Choice>) -> Self {
        Self {
            question_key: question_key.into(),
            option_list: choices.into_iter().collect(),
            ..Self::default()
        }
    }
}

/// One of several to choose from.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Told when it is chosen; at most 128 bytes.
    #[serde(default, deserialize_with = "text")]
    pub id: String,
    /// What it says.
    #[serde(default, deserialize_with = "text")]
    pub text: String,
    /// Whether it is chosen at first; votes only.
    pub is_checked: Option<bool>,
}

impl Choice {
    /// A choice.
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            text: text.into(),
            is_checked: None,
        }
    }
}

/// A button.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// What stands on it; about 10 characters.
    #[serde(default, deserialize_with = "text")]
    pub text: String,
    /// How it looks.
    pub style: Option<ButtonStyle>,
    /// What pressing it does; applications only.
    #[serde(rename = "type")]
    pub kind: Option<ButtonKind>,
    /// Told when it is pressed; at most 1024 bytes, unique on the card.
    pub key: Option<String>,
    /// The page it opens.
    pub url: Option<String>,
}

impl Button {
    /// A button that tells who sent the card when it is pressed.
    pub fn new(text: impl Into<String>, key: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            key: Some(key.into()),
            ..Self::default()
        }
    }
}

/// A vote.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkbox {
    /// Told with the answer; at most 1024 bytes.
    #[serde(default, deserialize_with = "text")]
    pub question_key: String,
    /// How many choices it allows.
    pub mode: Option<VoteMode>,
    /// Whether it can no longer be changed; in a card that replaces another.
    pub disable: Option<bool>,
    /// 1 to 20.
    #[serde(default)]
    pub option_list: Vec<Choice>,
}

/// Sends the answer to a vote or to choices.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmitButton {
    /// What stands on it; about 10 characters.
    #[serde(default, deserialize_with = "text")]
    pub text: String,
    /// Told with the answer; at most 1024 bytes.
    #[serde(default, deserialize_with = "text")]
    pub key: String,
}

/// Asks whether an answer was any good.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feedback {
    /// Told with what people say of it; at most 256 bytes.
    #[serde(default, deserialize_with = "text")]
    pub id: String,
}
