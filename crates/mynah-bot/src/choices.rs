//! Buttons where there are none: numbered lines, and what people answer to them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::event::{Event, EventKind};
use crate::id::Conversation;
use crate::message::{Button, ButtonAction};
use crate::recent::Recent;

/// For how long an answer to numbered lines is one.
const ANSWERED: Duration = Duration::from_secs(3600);

/// The numbered lines that stand in each conversation of one account, the last of each; clones
/// share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choices(Arc<Mutex<Recent<Conversation, Offer>>>);

#[derive(Clone, Debug)]
struct Offer {
    /// The first one has the number 1.
    buttons: Arc<[Button]>,
    until: Instant,
}

impl Choices {
    /// Notes that these buttons were written there as numbered lines; nothing, if there are none.
    pub(crate) fn offer(&self, to: &Conversation, buttons: &[Button]) {
        if buttons.is_empty() {
            return;
        }
        let offer = Offer {
            buttons: buttons.into(),
            until: Instant::now() + ANSWERED,
        };
        let mut offers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        offers.insert(to.clone(), offer);
    }

    /// What was said, as the press of a button if it is the number or the label of one.
    pub(crate) fn read(&self, mut event: Event) -> Event {
        if event.kind != EventKind::Message {
            return event;
        }
        let Some(offer) = event.conversation.as_ref().and_then(|at| self.standing(at)) else {
            return event;
        };
        match chosen(&offer.buttons, event.text()) {
            Some(ButtonAction::Press(data)) => {
                event.kind = EventKind::Pressed;
                event.pressed = Some(data.clone());
            }
            Some(ButtonAction::Say(words)) => event.say(words.clone()),
            Some(ButtonAction::Url(_)) | None => {}
        }
        event
    }

    fn standing(&self, at: &Conversation) -> Option<Offer> {
        let offers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let offer = offers.get(at)?;
        (Instant::now() < offer.until).then(|| offer.clone())
    }
}

/// What the button does that somebody means with these words: its number, or its label.
fn chosen<'b>(buttons: &'b [Button], words: &str) -> Option<&'b ButtonAction> {
    let words = words.trim();
    let labelled = || {
        let mut buttons = buttons.iter();
        buttons.find(|button| !words.is_empty() && button.label.trim() == words)
    };
    let numbered = || buttons.get(number(words)?.checked_sub(1)?);
    labelled().or_else(numbered).map(|button| &button.action)
}

/// `2`, also as people write it: `2.`, `2)`, `(2)`, `２`, `2、`.
fn number(words: &str) -> Option<usize> {
    let around = |c: char| "()（）.．。、".contains(c);
    let digits = words.trim_matches(around);
    if digits.is_empty() || digits.chars().count() > 3 {
        return None;
    }
    digits.chars().try_fold(0, |number, digit| {
        let zero = if digit.is_ascii() { '0' } else { '０' };
        let value = u32::from(digit).checked_sub(u32::from(zero))?;
        let value = usize::try_from(value).ok().filter(|value| *value < 10)?;
        Some(number * 10 + value)
    })
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::event::Native;
    use crate::id::{MessageId, Platform};
    use crate::message::{Card, Message};

    struct Said(&'static str);

    impl Native for Said {
        fn message(&self) -> Message {
            Message::text(self.0)
        }

        fn text(&self) -> std::borrow::Cow<'_, str> {
            self.0.into()
        }

        fn as_any(&self) -> &dyn std::any::Any {
            self
        }
    }

    fn place(id: i64) -> Conversation {
        Conversation::group(Platform::OneBot, id)
    }

    fn said(words: &'static str, at: i64) -> Event {
        let native = Said(words);
        let mut event = Event::new(
            Platform::OneBot,
            "qq".into(),
            EventKind::Message,
            native,
            Bytes::new(),
        );
        event.conversation = Some(place(at));
        event.message_id = Some(MessageId::new(Platform::OneBot, 7));
        event
    }

    fn card() -> Card {
        Card::new("Deploy?")
            .press("Yes", "deploy:yes")
            .link("What changed", "https://example.com/diff")
            .say("Later", "/remind 1h")
            .press("2", "two")
    }

    #[tokio::test]
    async fn a_number_or_a_label_is_a_press() {
        let choices = Choices::default();
        choices.offer(&place(1), &card().buttons);
        for words in ["1", " 1. ", "(1)", "（1）", "１", "1、", "Yes"] {
            let event = choices.read(said(words, 1));
            assert_eq!(event.kind, EventKind::Pressed, "{words}");
            assert_eq!(event.pressed.as_deref(), Some("deploy:yes"), "{words}");
            assert_eq!(event.text(), words.trim(), "{words}");
            assert!(event.message_id.is_some());
        }
        // Who is called like a number is meant by it.
        let two = choices.read(said("2", 1));
        assert_eq!(two.pressed.as_deref(), Some("two"));
    }

    #[tokio::test]
    async fn other_words_stay_words() {
        let choices = Choices::default();
        assert_eq!(choices.read(said("1", 1)).kind, EventKind::Message);
        choices.offer(&place(1), &card().buttons);
        for words in ["0", "5", "1 2", "yes", "Yes!", "", "1.5", "1000000", "-1"] {
            let event = choices.read(said(words, 1));
            assert_eq!(event.kind, EventKind::Message, "{words}");
            assert_eq!(event.text(), words);
        }
        // Nor is there anything to choose elsewhere.
        assert_eq!(choices.read(said("1", 2)).kind, EventKind::Message);
        // Who opens a page does so without the bot.
        let opened = choices.read(said("What changed", 1));
        assert_eq!(opened.kind, EventKind::Message);
    }

    #[tokio::test]
    async fn what_a_button_says_is_said() {
        let choices = Choices::default();
        choices.offer(&place(1), &card().buttons);
        let event = choices.read(said("3", 1));
        assert_eq!(event.kind, EventKind::Message);
        assert_eq!(event.command(), Some(("remind", "1h")));
        assert_eq!(event.message(), &Message::text("/remind 1h"));
    }

    #[tokio::test(start_paused = true)]
    async fn the_last_buttons_count_and_only_for_a_while() {
        let choices = Choices::default();
        choices.offer(&place(1), &card().buttons);
        choices.offer(&place(1), &Card::new("").press("No", "no").buttons);
        choices.offer(&place(1), &[]);
        let pressed = |words| choices.read(said(words, 1)).pressed;
        assert_eq!(pressed("1").as_deref(), Some("no"));
        assert_eq!(pressed("Yes"), None);
        tokio::time::sleep(ANSWERED).await;
        assert_eq!(pressed("1"), None);
    }
}
