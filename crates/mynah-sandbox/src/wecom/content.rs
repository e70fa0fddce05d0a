//! What a message consists of, as the world keeps it.

use mynah_wecom::UserId;
use mynah_wecom::card::TemplateCard;
use mynah_wecom::id::TaskId;
use mynah_wecom::message::{MiniprogramNotice, Taskcard, Textcard};
use serde::{Deserialize, Serialize};

use crate::world::Time;

/// A message, whoever sent it and however it came.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Content {
    pub(super) pieces: Vec<Piece>,
    /// The id of the message that this one answers.
    pub(super) quote: Option<String>,
    /// Set while and after it was written in front of people.
    pub(super) stream: Option<Stream>,
    /// What people rate it by.
    pub(super) feedback: Option<String>,
}

/// A piece of a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Piece {
    Text(String),
    Mention(UserId),
    Markdown(String),
    /// A picture, by the name of its file.
    Image(String),
    Voice {
        file: String,
        /// What speech recognition makes of it.
        words: String,
    },
    Video {
        file: String,
        title: String,
        description: String,
    },
    File(String),
    Link(Link),
    Location(Location),
    Card(Box<Card>),
}

/// Something that leads to a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Link {
    pub(super) url: String,
    pub(super) title: String,
    pub(super) text: String,
    /// The address of a picture; empty for none.
    pub(super) image: String,
}

/// A place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Location {
    pub(super) latitude: f64,
    pub(super) longitude: f64,
    pub(super) scale: i64,
    pub(super) label: String,
}

/// A card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Card {
    pub(super) face: Face,
    /// The key of the button that was pressed last.
    pub(super) pressed: Option<String>,
    /// `None` as long as it can be pressed.
    pub(super) answered: Option<Answered>,
}

/// How a card was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Answered {
    /// The key of the button.
    pub(super) key: String,
    /// What stands on the button now.
    pub(super) label: String,
}

/// What a card looks like.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Face {
    Template(Box<TemplateCard>),
    Task(Taskcard),
    Text(Textcard),
    Miniprogram(MiniprogramNotice),
}

/// The state of a message that is written in front of people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Stream {
    /// Chosen by the bot.
    pub(super) id: String,
    pub(super) finished: bool,
    /// When nothing can be added any more.
    pub(super) until: Time,
}

impl Content {
    /// A message of some pieces.
    pub(super) fn of(pieces: impl IntoIterator<Item = Piece>) -> Self {
        Self {
            pieces: pieces.into_iter().collect(),
            ..Self::default()
        }
    }

    pub(super) fn card(&self) -> Option<&Card> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Card(card) => Some(&**card),
            _ => None,
        })
    }

    pub(super) fn card_mut(&mut self) -> Option<&mut Card> {
        self.pieces.iter_mut().find_map(|piece| match piece {
            Piece::Card(card) => Some(&mut **card),
            _ => None,
        })
    }
}

impl Card {
    pub(super) fn new(face: Face) -> Self {
        Self {
            face,
            pressed: None,
            answered: None,
        }
    }

    pub(super) fn template(card: TemplateCard) -> Piece {
        Piece::Card(Box::new(Self::new(Face::Template(Box::new(card)))))
    }

    /// The task it is about; empty for none.
    pub(super) fn task_id(&self) -> &str {
        match &self.face {
            Face::Template(card) => card.task_id.as_ref().map_or("", TaskId::as_str),
            Face::Task(card) => card.task_id.as_str(),
            Face::Text(_) | Face::Miniprogram(_) => "",
        }
    }

    /// Whether something on it can be pressed that tells whoever sent it.
    pub(super) fn is_interactive(&self) -> bool {
        match &self.face {
            Face::Template(card) => card.card_type.is_interactive() || card.action_menu.is_some(),
            Face::Task(_) => true,
            Face::Text(_) | Face::Miniprogram(_) => false,
        }
    }
}

/// Takes the mentions (`<@userid>`) out of a text.
pub(super) fn with_mentions(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, name, after)) = next_mention(rest) {
        if !before.is_empty() {
            pieces.push(Piece::Text(before.to_owned()));
        }
        pieces.push(Piece::Mention(UserId::from(name)));
        rest = after;
    }
    if !rest.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    pieces
}

/// What stands before the next mention, whom it mentions, and what stands after it.
fn next_mention(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let start = text.get(from..)?.find("<@")?.saturating_add(from);
        let (name, after) = text.get(start..)?.get(2..)?.split_once('>')?;
        if name == "@all" || UserId::from(name).is_well_formed() {
            return Some((text.get(..start)?, name, after));
        }
        from = start.saturating_add(2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_are_taken_out_of_a_text() {
        let text = |text: &str| Piece::Text(text.to_owned());
        let mention = |user: &str| Piece::Mention(UserId::from(user));
        for (written, pieces) in [
            ("hello", vec![text("hello")]),
            ("", vec![text("")]),
            ("<@alice>", vec![mention("alice")]),
            (
                "a <@alice> b <@@all>",
                vec![text("a "), mention("alice"), text(" b "), mention("@all")],
            ),
            ("<@ x> <@b>", vec![text("<@ x> "), mention("b")]),
            ("<@<@b>", vec![text("<@"), mention("b")]),
            ("<@alice", vec![text("<@alice")]),
        ] {
            assert_eq!(with_mentions(written), pieces, "{written}");
        }
    }
}
