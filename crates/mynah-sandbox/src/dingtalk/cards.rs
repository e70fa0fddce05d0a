//! Interactive cards: the last data of each, where it was delivered, and what
//! people do with it.
//!
//! What the platform makes of a card is up to its template, of which there is
//! none here. What can be shown all the same is shown: the parts of a
//! `StandardCard`, and the variables of any other.

use std::collections::{BTreeMap, VecDeque};

use mynah_core::ApiError;
use mynah_dingtalk::UserId;
use mynah_dingtalk::stream::CardCallback;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::archive::{Chat, Speaker, Spoken};
use super::content::{Content, Piece};
use super::effect::Effect;
use super::limits;
use super::refusal::invalid;
use super::world::DingTalkWorld;
use crate::details::Details;
use crate::frame::{Framed as _, trim};
use crate::world::{Card as CardView, CardButton, CardField, Part, Rejected, Time};

/// The word for them on the page.
const KIND: &str = "interactive";
/// Calls remembered of one card, so that none is carried out twice.
const CALLS: usize = 100;
/// The variable in which templates with buttons of their own are described.
const DESCRIPTION: &str = "sys_full_json_obj";

/// The cards, by the id that the application gave each.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Cards(BTreeMap<String, Card>);

/// A card.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Card {
    pub(super) template: String,
    /// The variables of the template; all of a `StandardCard`.
    pub(super) data: Map<String, Value>,
    /// What stands in it for somebody in particular.
    pub(super) private: Map<String, Value>,
    /// The message it was sent as; nothing before it is delivered.
    pub(super) message: Option<String>,
    /// Those that were carried out.
    calls: VecDeque<String>,
    at: Time,
}

/// A button of a card.
#[derive(Debug, PartialEq, Eq)]
struct Button {
    key: String,
    label: String,
    /// Where it leads; empty for one that tells the application.
    url: String,
}

impl Cards {
    pub(super) fn get(&self, id: &str) -> Option<&Card> {
        self.0.get(id)
    }
}

impl Card {
    pub(super) fn new(template: String, data: Map<String, Value>, now: Time) -> Self {
        Self {
            template,
            data,
            private: Map::new(),
            message: None,
            calls: VecDeque::new(),
            at: now,
        }
    }

    /// The card, if there is not too much in it.
    ///
    /// # Errors
    /// 400 `parameter.invalid`.
    fn checked(self) -> Result<Self, ApiError> {
        let written = serde_json::to_vec(&(&self.data, &self.private));
        let bytes = written.map_or(usize::MAX, |written| written.len());
        if bytes > limits::CARD_BYTES {
            let most = limits::CARD_BYTES;
            return Err(invalid(&format!(
                "a card may have {most} bytes, not {bytes}"
            )));
        }
        Ok(self)
    }

    /// Writes into one of the variables. A call that was carried out already
    /// is not again.
    pub(super) fn write(&mut self, call: &str, key: &str, content: &str, replaces: bool) {
        if self.calls.iter().any(|known| known == call) {
            return;
        }
        self.calls.push_back(call.to_owned());
        if self.calls.len() > CALLS {
            self.calls.pop_front();
        }
        let before = self.data.get(key).and_then(Value::as_str);
        let before = before.filter(|_| !replaces).unwrap_or_default();
        let written = format!("{before}{content}");
        self.data.insert(key.to_owned(), written.into());
    }

    /// The parts of a `StandardCard`.
    fn contents(&self) -> impl Iterator<Item = &Value> {
        let contents = self.data.get("contents").and_then(Value::as_array);
        contents.into_iter().flatten()
    }

    fn title(&self) -> String {
        let standard = self
            .data
            .get("header")
            .map(|header| &header["title"]["text"]);
        let title = standard.or_else(|| self.data.get("title"));
        title.map(words).unwrap_or_default()
    }

    /// The text of a `StandardCard`, which is Markdown.
    fn text(&self) -> String {
        let texts = self.contents().filter_map(|part| part["text"].as_str());
        texts.collect::<Vec<_>>().join("\n\n")
    }

    /// The variables of a template of one's own.
    fn fields(&self) -> Vec<CardField> {
        let standard = ["contents", "header", "config", "title", DESCRIPTION];
        let others = self.data.iter();
        let others = others.filter(|(name, _)| !standard.contains(&name.as_str()));
        others
            .map(|(name, value)| CardField {
                name: name.clone(),
                value: words(value),
            })
            .collect()
    }

    /// The buttons, where it can be known which there are.
    fn buttons(&self) -> Vec<Button> {
        let actions = self
            .contents()
            .filter_map(|part| part["actions"].as_array());
        let mut buttons: Vec<Button> = actions.flatten().map(action).collect();
        let described = self.data.get(DESCRIPTION).and_then(Value::as_str);
        let described = described.and_then(|text| serde_json::from_str::<Value>(text).ok());
        let described = described.unwrap_or_default();
        let described = described["msgButtons"].as_array();
        buttons.extend(described.into_iter().flatten().map(described_button));
        buttons
    }
}

/// A button of a `StandardCard`.
fn action(action: &Value) -> Button {
    let leads = action["actionType"] == "openLink";
    let url = ["all", "pc", "ios", "android"].map(|place| &action["url"][place]);
    let url = url.into_iter().find(|url| url.is_string());
    Button {
        key: words(&action["id"]),
        label: words(&action["label"]["text"]),
        url: url.filter(|_| leads).map(words).unwrap_or_default(),
    }
}

/// A button of a template for Markdown and buttons.
fn described_button(button: &Value) -> Button {
    Button {
        key: words(&button["id"]),
        label: words(&button["text"]),
        url: words(&button["url"]),
    }
}

/// A text as it is, and anything else as JSON; nothing for nothing.
fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

impl DingTalkWorld {
    /// Keeps a card; one of the same id is changed.
    ///
    /// # Errors
    /// 400 `parameter.invalid` for one with too much in it.
    pub(super) fn keep_card(&mut self, id: &str, card: Card) -> Result<(), ApiError> {
        let message = self.state.cards.get(id).and_then(|it| it.message.clone());
        let card = Card { message, ..card }.checked()?;
        let cards = &mut self.state.cards.0;
        cards.insert(id.to_owned(), card);
        trim(cards, limits::ISSUED, |card| card.at);
        self.show_card(id);
        Ok(())
    }

    /// A card.
    ///
    /// # Errors
    /// 400 `parameter.invalid` for one that there is not.
    pub(super) fn card(&self, field: &str, id: &str) -> Result<&Card, ApiError> {
        let card = self.state.cards.get(id);
        card.ok_or_else(|| invalid(&format!("{field}: there is no such card")))
    }

    /// Shows what has changed, wherever the card stands.
    fn show_card(&mut self, id: &str) {
        let message = self.state.cards.get(id).and_then(|it| it.message.clone());
        let Some(message) = message else { return };
        self.changed_message(&message);
    }

    /// Puts a card into conversations, as one message.
    pub(super) fn post_card(&mut self, id: &str, message: &str, chats: &[Chat]) {
        if let Some(card) = self.state.cards.0.get_mut(id) {
            card.message = Some(message.to_owned());
        }
        for chat in chats {
            let content = Content::of([Piece::Interactive(id.to_owned())]);
            let card = Spoken::new(message.to_owned(), content);
            self.post(chat, Speaker::App, card);
        }
    }

    /// An interactive card as people see it.
    pub(super) fn view_card(&self, id: &str) -> Part {
        let Some(card) = self.state.cards.get(id) else {
            // It was forgotten.
            return Part::Other {
                name: KIND.to_owned(),
                text: id.to_owned(),
                data: Value::Null,
            };
        };
        let buttons = card.buttons().into_iter().map(|button| CardButton {
            key: button.key,
            label: button.label,
            style: 1,
            url: button.url,
        });
        Part::Card(Box::new(CardView {
            card_type: KIND.to_owned(),
            title: card.title(),
            text: card.text(),
            fields: card.fields(),
            buttons: buttons.collect(),
            task_id: id.to_owned(),
            data: Value::Object(card.data.clone()),
            ..CardView::default()
        }))
    }

    /// Somebody presses a button of an interactive card. Which buttons a
    /// template of the application's own has, nobody knows here: all can be
    /// pressed.
    pub(super) fn press_card(
        &mut self,
        who: &UserId,
        details: Details<'_>,
    ) -> Result<Value, Rejected> {
        let missing = || Rejected::missing("message", "there is no such message");
        let message = details.needs_name("message")?;
        let mut places = self.state.archive.places(message.as_ref()).iter();
        let seen = places.find(|(chat, _)| self.state.takes_part(who, chat));
        let (chat, seq) = seen.cloned().ok_or_else(missing)?;
        let spoken = self.state.archive.message(&chat, seq).ok_or_else(missing)?;
        if spoken.recalled {
            return Err(Rejected::forbidden("message", "was recalled"));
        }
        let id = spoken.content.pieces.iter().find_map(|piece| match piece {
            Piece::Interactive(id) => Some(id.clone()),
            _ => None,
        });
        let id = id.ok_or_else(|| Rejected::bad("message", "has no interactive card"))?;
        let card = self.state.cards.get(&id).ok_or_else(missing)?;
        let key = details.needs_name("key")?;
        let buttons = card.buttons();
        let pressed = buttons.iter().find(|button| button.key == key);
        if pressed.is_none() && !buttons.is_empty() {
            let problem = "there is no such button on the card";
            return Err(Rejected::missing("key", problem));
        }
        if pressed.is_some_and(|button| !button.url.is_empty()) {
            return Err(Rejected::bad("key", "opens a page, and tells nobody"));
        }
        let params = match details.get("params") {
            None => Map::new(),
            Some(Value::Object(params)) => params.clone(),
            Some(_) => return Err(Rejected::bad("params", "must be an object")),
        };
        let callback = self.pressed(who, &chat, id, &key, &params);
        self.effect(Effect::Card(Box::new(callback)));
        Ok(json!({}))
    }

    /// What the application is told.
    fn pressed(
        &self,
        who: &UserId,
        chat: &Chat,
        id: String,
        key: &str,
        params: &Map<String, Value>,
    ) -> CardCallback {
        let action = json!({ "actionIds": [key], "params": params });
        let content = json!({ "cardPrivateData": action });
        let space = match chat {
            Chat::Group(_) => "IM_GROUP",
            Chat::User(_) => "IM_ROBOT",
        };
        let mut extra = Map::new();
        extra.insert("userIdType".to_owned(), 1.into());
        CardCallback {
            out_track_id: Some(id),
            corp_id: Some(self.seed.corp_id.clone()),
            user_id: Some(who.clone()),
            space_id: Some(self.conversation_id(chat).into()),
            space_type: Some(space.to_owned()),
            kind: Some("actionCallback".to_owned()),
            content: Some(content.to_string()),
            extension: Some("{}".to_owned()),
            extra,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(data: Value) -> Card {
        let Value::Object(data) = data else {
            unreachable!("the tests write objects")
        };
        Card::new("t".to_owned(), data, Time(0))
    }

    #[test]
    fn a_standard_card_is_taken_apart() {
        let card = card(json!({
            "config": {"autoLayout": true},
            "header": {"title": {"type": "text", "text": "t"}},
            "contents": [
                {"type": "markdown", "text": "**a**", "id": "1"},
                {"type": "action", "actions": [
                    {"type": "button", "label": {"type": "text", "text": "go"},
                     "actionType": "openLink", "url": {"all": "https://x.y"}, "id": "2"},
                    {"type": "button", "label": {"type": "text", "text": "yes"},
                     "actionType": "request", "id": "3"},
                ], "id": "4"},
            ],
        }));
        assert_eq!(
            (card.title(), card.text()),
            ("t".to_owned(), "**a**".to_owned())
        );
        assert!(card.fields().is_empty());
        let button = |key: &str, label: &str, url: &str| Button {
            key: key.to_owned(),
            label: label.to_owned(),
            url: url.to_owned(),
        };
        let buttons = [button("2", "go", "https://x.y"), button("3", "yes", "")];
        assert_eq!(card.buttons(), buttons);
    }

    #[test]
    fn buttons_are_found_in_the_description_of_a_template() {
        let description = json!({"msgButtons": [{"text": "no", "id": "n", "request": true}]});
        let card = card(json!({"k": 1, DESCRIPTION: description.to_string()}));
        let fields = card.fields();
        let fields = fields
            .iter()
            .map(|it| (it.name.as_str(), it.value.as_str()));
        assert_eq!(fields.collect::<Vec<_>>(), [("k", "1")]);
        assert_eq!(card.buttons().len(), 1);
    }
}
