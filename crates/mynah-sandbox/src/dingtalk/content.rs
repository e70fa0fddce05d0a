//! What a message consists of, as the world keeps it.

use mynah_dingtalk::message::{
    ActionCard, FeedCard, Link as LinkBody, Oa, TemplateAudio, TemplateCard, TemplateFile,
    TemplateVideo, Voice, WebhookBody, WebhookCard,
};
use mynah_dingtalk::{Message, Template, UserId, WebhookMessage};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A message, whoever sent it and however it came.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Content {
    pub(super) pieces: Vec<Piece>,
    /// Whether it is a work notice.
    pub(super) notice: bool,
}

/// A piece of a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Piece {
    Text(String),
    Mention(Mentioned),
    Markdown(String),
    /// A picture: an address, or the name of a file.
    Image(String),
    Voice {
        /// A file, by its name.
        file: String,
        /// What speech recognition makes of it.
        words: String,
        /// How long it is, in milliseconds; 0 if that is not known.
        duration: u64,
    },
    Video {
        /// A file, by its name.
        file: String,
        /// How long it is, in milliseconds; 0 if that is not known.
        duration: u64,
    },
    File {
        /// A file, by its name.
        file: String,
        /// What people see; empty for what it was called when it was uploaded.
        name: String,
    },
    Link(Link),
    Card(Box<Card>),
    /// An interactive card, by the id that the application gave it.
    Interactive(String),
    /// What the page has no form for.
    Other {
        name: String,
        data: Value,
    },
}

/// Who is mentioned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Mentioned {
    Person(UserId),
    /// The robot of the application.
    Robot,
    All,
}

/// Something that leads to a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Link {
    pub(super) url: String,
    pub(super) title: String,
    pub(super) text: String,
    /// A picture: an address, or the name of a file; empty for none.
    pub(super) image: String,
}

/// A card whose buttons open pages.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Card {
    /// `oa` or `action_card`.
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) fields: Vec<(String, String)>,
    pub(super) buttons: Vec<Button>,
    /// Where the whole card leads; empty for nowhere.
    pub(super) url: String,
    /// As it was sent.
    pub(super) data: Value,
}

/// A button that opens a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Button {
    pub(super) title: String,
    pub(super) url: String,
}

impl Button {
    fn new(title: &str, url: &str) -> Self {
        Self {
            title: title.to_owned(),
            url: url.to_owned(),
        }
    }
}

impl Content {
    /// A message of some pieces.
    pub(super) fn of(pieces: impl IntoIterator<Item = Piece>) -> Self {
        Self {
            pieces: pieces.into_iter().collect(),
            notice: false,
        }
    }

    /// The same, as a work notice.
    pub(super) fn into_notice(self) -> Self {
        Self {
            notice: true,
            ..self
        }
    }

    /// What goes into chats and work notices.
    pub(super) fn of_message(message: &Message) -> Self {
        let piece = match message {
            Message::Text(body) => Piece::Text(body.content.clone()),
            Message::Image(body) => Piece::Image(body.media_id.0.clone()),
            Message::Voice(body) => voice(body),
            Message::File(body) => Piece::File {
                file: body.media_id.0.clone(),
                name: String::new(),
            },
            Message::Link(body) => link(body),
            Message::Markdown(body) => Piece::Markdown(body.text.clone()),
            Message::Oa(body) => oa(body),
            Message::ActionCard(body) => action_card(body),
            other => unknown(other.msgtype(), other),
        };
        Self::of([piece])
    }

    /// What a custom robot posts, and what is answered into a session.
    /// `member` finds somebody by id or by mobile number.
    pub(super) fn of_webhook(
        message: &WebhookMessage,
        member: impl Fn(&str) -> Option<UserId>,
    ) -> Self {
        let piece = match &message.body {
            WebhookBody::Text(body) => {
                return Self::of(with_mentions(&body.content, message, member));
            }
            WebhookBody::Markdown(body) => Piece::Markdown(body.text.clone()),
            WebhookBody::Link(body) => link(body),
            WebhookBody::ActionCard(body) => webhook_card(body),
            WebhookBody::FeedCard(body) => return Self::of(feed_card(body)),
            WebhookBody::Empty => return Self::default(),
            other => unknown(other.msgtype(), message),
        };
        let mut pieces = vec![piece];
        if message.at.all && matches!(message.body, WebhookBody::Markdown(_)) {
            pieces.push(Piece::Mention(Mentioned::All));
        }
        Self::of(pieces)
    }

    /// What the robot of an application says.
    pub(super) fn of_template(template: &Template) -> Self {
        let piece = match template {
            Template::Text(body) => Piece::Text(body.content.clone()),
            Template::Markdown(body) => Piece::Markdown(body.text.clone()),
            Template::Image(body) => Piece::Image(body.photo_url.clone()),
            Template::Link(body) => link(body),
            Template::Card(body) => template_card(body),
            Template::Audio(body) => audio(body),
            Template::File(body) => file(body),
            Template::Video(body) => video(body),
            other => unknown(other.key(), &other.param()),
        };
        Self::of([piece])
    }
}

fn written(body: &impl Serialize) -> Value {
    serde_json::to_value(body).unwrap_or_default()
}

fn unknown(name: &str, body: &impl Serialize) -> Piece {
    Piece::Other {
        name: name.to_owned(),
        data: written(body),
    }
}

fn link(body: &LinkBody) -> Piece {
    Piece::Link(Link {
        url: body.message_url.clone(),
        title: body.title.clone(),
        text: body.text.clone(),
        image: body.pic_url.clone(),
    })
}

/// A length as it is written, in milliseconds.
fn milliseconds(written: Option<&str>, unit: u64) -> u64 {
    let number: u64 = written.and_then(|it| it.parse().ok()).unwrap_or_default();
    number.saturating_mul(unit)
}

fn voice(body: &Voice) -> Piece {
    Piece::Voice {
        file: body.media_id.0.clone(),
        words: String::new(),
        duration: milliseconds(body.duration.as_deref(), 1000),
    }
}

fn audio(body: &TemplateAudio) -> Piece {
    Piece::Voice {
        file: body.media_id.0.clone(),
        words: String::new(),
        duration: milliseconds(body.duration.as_deref(), 1),
    }
}

fn file(body: &TemplateFile) -> Piece {
    Piece::File {
        file: body.media_id.0.clone(),
        name: body.file_name.clone(),
    }
}

fn video(body: &TemplateVideo) -> Piece {
    Piece::Video {
        file: body.video_media_id.0.clone(),
        duration: milliseconds(body.duration.as_deref(), 1000),
    }
}

fn oa(body: &Oa) -> Piece {
    let fields = body.body.form.iter();
    Piece::Card(Box::new(Card {
        kind: "oa".to_owned(),
        title: body.body.title.clone().unwrap_or_default(),
        text: body.body.content.clone().unwrap_or_default(),
        fields: fields
            .map(|line| (line.key.clone(), line.value.clone()))
            .collect(),
        buttons: Vec::new(),
        url: body.message_url.clone(),
        data: written(body),
    }))
}

fn card(title: &str, text: &str, buttons: Vec<Button>, data: Value) -> Piece {
    Piece::Card(Box::new(Card {
        kind: "action_card".to_owned(),
        title: title.to_owned(),
        text: text.to_owned(),
        buttons,
        data,
        ..Card::default()
    }))
}

fn action_card(body: &ActionCard) -> Piece {
    let single = body.single_title.as_ref().zip(body.single_url.as_ref());
    let single = single.map(|(title, url)| Button::new(title, url));
    let several = body.btn_json_list.iter();
    let several = several.map(|button| Button::new(&button.title, &button.action_url));
    let title = body.title.as_deref().unwrap_or_default();
    let buttons = single.into_iter().chain(several).collect();
    card(title, &body.markdown, buttons, written(body))
}

fn webhook_card(body: &WebhookCard) -> Piece {
    let buttons = if body.is_single() {
        let title = body.single_title.as_deref().unwrap_or_default();
        let url = body.single_url.as_deref().unwrap_or_default();
        vec![Button::new(title, url)]
    } else {
        let buttons = body.btns.iter();
        let buttons = buttons.map(|button| Button::new(&button.title, &button.action_url));
        buttons.collect()
    };
    card(&body.title, &body.text, buttons, written(body))
}

fn template_card(body: &TemplateCard) -> Piece {
    let buttons = body.buttons.iter();
    let buttons = buttons.map(|(title, url)| Button::new(title, url));
    let orientation = if body.side_by_side { "1" } else { "0" };
    let data = json!({ "btnOrientation": orientation });
    card(&body.title, &body.text, buttons.collect(), data)
}

fn feed_card(body: &FeedCard) -> Vec<Piece> {
    let links = body.links.iter();
    let links = links.map(|it| {
        Piece::Link(Link {
            url: it.message_url.clone(),
            title: it.title.clone(),
            text: String::new(),
            image: it.pic_url.clone(),
        })
    });
    links.collect()
}

/// Takes the mentions out of a text: `@` and the id or the number of somebody
/// whom the message mentions. Whom it mentions without saying so is not shown.
fn with_mentions(
    text: &str,
    message: &WebhookMessage,
    member: impl Fn(&str) -> Option<UserId>,
) -> Vec<Piece> {
    let ids = message.at.user_ids.iter().map(UserId::as_str);
    let numbers = message.at.mobiles.iter().map(String::as_str);
    let mut named: Vec<(&str, UserId)> = ids
        .chain(numbers)
        .filter(|name| !name.is_empty())
        .filter_map(|name| Some((name, member(name)?)))
        .collect();
    // Where one name is the beginning of another, the longer one is meant.
    named.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let mut pieces = Vec::new();
    let mut said = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('@') {
        said.push_str(before);
        let found = named
            .iter()
            .find_map(|(name, user)| Some((user, after.strip_prefix(name)?)));
        let Some((user, after)) = found else {
            said.push('@');
            rest = after;
            continue;
        };
        if !said.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut said)));
        }
        pieces.push(Piece::Mention(Mentioned::Person(user.clone())));
        rest = after;
    }
    said.push_str(rest);
    if !said.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Text(said));
    }
    if message.at.all {
        pieces.push(Piece::Mention(Mentioned::All));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_are_taken_out_of_a_text() {
        let text = |text: &str| Piece::Text(text.to_owned());
        let mention = |user: &str| Piece::Mention(Mentioned::Person(UserId::from(user)));
        let member = |name: &str| match name {
            "al" | "alice" => Some(UserId::from(name)),
            "13800000001" => Some(UserId::from("bob")),
            _ => None,
        };
        for (written, pieces) in [
            ("hello", vec![text("hello")]),
            ("", vec![text("")]),
            ("@alice", vec![mention("alice")]),
            ("a@alice b", vec![text("a"), mention("alice"), text(" b")]),
            (
                "@al, @13800000001!",
                vec![mention("al"), text(", "), mention("bob"), text("!")],
            ),
            (
                "@@alice @nobody",
                vec![text("@"), mention("alice"), text(" @nobody")],
            ),
            ("@carol", vec![text("@carol")]),
        ] {
            let mut message = WebhookMessage::text(written);
            message.at.user_ids = vec!["al".into(), "alice".into(), "nobody".into(), "".into()];
            message.at.mobiles = vec!["13800000001".to_owned()];
            assert_eq!(
                Content::of_webhook(&message, member).pieces,
                pieces,
                "{written}"
            );
        }
    }
}
