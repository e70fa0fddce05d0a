//! Cards as WeCom has them: template cards, for those that have no more than they can.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use mynah_wecom::card::{
    Button, ButtonKind, CardAction, CardImage, CardType, Jump, JumpKind, TapKind, TemplateCard,
    Title,
};

use super::compile::Way;
use crate::message::{self, ButtonAction, Card};

/// The most buttons of a card that tells when one is pressed.
const BUTTONS: usize = 6;

/// The most lines of a card that lead somewhere.
const JUMPS: usize = 3;

/// The longest key of a button, in bytes.
const KEY: usize = 1024;

/// More words than so many characters stand above a card and not on it.
const WORDS: usize = 112;

/// What of a card a template card of this place can be. Its words are put on it by whoever writes
/// them.
pub(super) fn template(card: &Card, way: Way) -> Option<TemplateCard> {
    let labelled = card.buttons.iter().all(|it| !it.label.trim().is_empty());
    if card.title.trim().is_empty() || card.buttons.is_empty() || !labelled {
        return None;
    }
    let template = match way {
        // Groups of applications have none.
        Way::Group => return None,
        Way::Direct => pressed(card, true).or_else(|| jumps(card, false)),
        Way::Robot => jumps(card, false),
        Way::Bot | Way::CalledBot => pressed(card, false).or_else(|| jumps(card, true)),
    };
    let title = card.title.split_whitespace().collect::<Vec<_>>().join(" ");
    template.map(|template| TemplateCard {
        main_title: Some(Title::new(title)),
        ..template
    })
}

/// Puts words on a card, if there is room for them.
pub(super) fn write(card: &mut TemplateCard, words: &str) -> bool {
    if words.chars().nth(WORDS).is_some() {
        return false;
    }
    match &mut card.main_title {
        Some(title) if card.card_type == CardType::NewsNotice => {
            title.desc = Some(words.to_owned());
        }
        _ => card.sub_title_text = Some(words.to_owned()),
    }
    true
}

/// Whether a picture stands on it.
pub(super) fn is_pictured(card: &TemplateCard) -> bool {
    card.card_image.is_some()
}

/// A card of which at least one button is told of, and the others open pages where they can.
fn pressed(card: &Card, opens: bool) -> Option<TemplateCard> {
    let mut keys = Vec::new();
    let mut buttons = Vec::new();
    for message::Button { label, action } in &card.buttons {
        buttons.push(match action {
            ButtonAction::Press(key) => {
                let fits = (1..=KEY).contains(&key.len()) && !keys.contains(&key);
                keys.push(key);
                fits.then(|| Button::new(label.as_str(), key.as_str()))?
            }
            ButtonAction::Url(url) if opens => Button {
                text: label.clone(),
                kind: Some(ButtonKind::Page),
                url: Some(url.clone()),
                ..Button::default()
            },
            _ => return None,
        });
    }
    (!keys.is_empty() && buttons.len() <= BUTTONS).then(|| TemplateCard {
        card_type: CardType::ButtonInteraction,
        button_list: Some(buttons),
        ..TemplateCard::default()
    })
}

/// A card whose lines open pages, or ask an intelligent bot.
fn jumps(card: &Card, asks: bool) -> Option<TemplateCard> {
    if card.buttons.len() > JUMPS {
        return None;
    }
    let mut jumps = Vec::new();
    let mut page = None;
    for message::Button { label, action } in &card.buttons {
        let jump = Jump {
            title: label.clone(),
            ..Jump::default()
        };
        jumps.push(match action {
            ButtonAction::Url(url) => {
                page = page.or(Some(url.as_str()));
                Jump {
                    kind: Some(JumpKind::Page),
                    url: Some(url.clone()),
                    ..jump
                }
            }
            ButtonAction::Say(words) if asks => Jump {
                kind: Some(JumpKind::Question),
                question: Some(words.clone()),
                ..jump
            },
            _ => return None,
        });
    }
    let action = match page {
        Some(url) => CardAction::page(url),
        // Only intelligent bots come here, who have cards where a tap does nothing.
        None => CardAction {
            kind: Some(TapKind::Nothing),
            ..CardAction::default()
        },
    };
    let image = Some(&card.image).filter(|image| !image.is_empty());
    Some(TemplateCard {
        card_type: match image {
            Some(_) => CardType::NewsNotice,
            None => CardType::TextNotice,
        },
        card_image: image.map(|image| CardImage::new(image.as_str())),
        jump_list: Some(jumps),
        card_action: Some(action),
        ..TemplateCard::default()
    })
}

/// The card as it is sent: with a name that no other has, if it is answered.
pub(super) fn named(mut card: TemplateCard) -> TemplateCard {
    static NEXT: AtomicU64 = AtomicU64::new(0);

    if card.task_id.is_none() && (card.card_type.is_interactive() || card.action_menu.is_some()) {
        let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        let (time, next) = (since.as_nanos(), NEXT.fetch_add(1, Ordering::Relaxed));
        card.task_id = Some(format!("mynah-{time}-{next}").into());
    }
    card
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question() -> Card {
        Card::new("Deploy?").press("Yes", "yes").press("No", "no")
    }

    #[test]
    fn each_place_has_the_cards_it_can() {
        let kind = |card: &Card, way| template(card, way).map(|card| card.card_type);
        let pressed = Some(CardType::ButtonInteraction);
        let (linked, said) = (
            question().link("Why", "https://h"),
            Card::new("?").say("Help", "/help"),
        );
        let pages = Card::new("?").link("a", "https://h/a");
        let pictured = pages.clone().image("https://h/p.png");
        for (way, cards) in [
            (Way::Direct, [pressed.clone(), pressed.clone(), None]),
            (Way::Group, [None, None, None]),
            (Way::Robot, [None, None, None]),
            (
                Way::Bot,
                [pressed.clone(), None, Some(CardType::TextNotice)],
            ),
            (Way::CalledBot, [pressed, None, Some(CardType::TextNotice)]),
        ] {
            let found = [&question(), &linked, &said].map(|card| kind(card, way));
            assert_eq!(found, cards, "{way:?}");
            let (text, news) = (kind(&pages, way), kind(&pictured, way));
            let none = way == Way::Group;
            assert_eq!(text, (!none).then_some(CardType::TextNotice), "{way:?}");
            assert_eq!(news, (!none).then_some(CardType::NewsNotice), "{way:?}");
        }
    }

    #[test]
    fn what_is_too_much_for_a_card_is_none() {
        let twice = question().press("Again", "yes");
        let long = question().press("Long", "x".repeat(KEY + 1));
        let nothing = question().press("Nothing", "");
        let untitled = Card::new(" ").press("Yes", "yes");
        let plain = Card::new("?").text("words");
        let unlabelled = Card::new("?").press(" ", "yes");
        let many = (0..5).fold(question(), |card, n| card.press("more", n.to_string()));
        for card in [twice, long, nothing, untitled, plain, unlabelled, many] {
            assert_eq!(template(&card, Way::Direct), None, "{card:?}");
        }
        let pages = (0..4).fold(Card::new("?"), |card, _| card.link("a", "https://h"));
        assert_eq!(template(&pages, Way::Robot), None);
    }

    #[test]
    fn each_card_that_is_answered_has_a_name_of_its_own() {
        let card = template(&question(), Way::Direct).unwrap();
        let (one, other) = (named(card.clone()), named(card));
        assert!(one.task_id.is_some() && one.task_id != other.task_id);
        let page = template(&Card::new("?").link("a", "https://h"), Way::Direct).unwrap();
        assert_eq!(named(page.clone()), page);
        let id = one.task_id.unwrap();
        assert!(id.as_str().len() <= 128);
    }
}
