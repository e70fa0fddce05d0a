//! A conversation, put down: for programs, for readers, and as a test.

mod rust;
mod steps;
mod words;

use serde_json::{Value, json};

use crate::hub::State;
use crate::journal::Entry;
use crate::world::{Conversation, MessageView, Person, Rejected, Speaker};

pub(crate) use self::words::spoken;

/// The version of transcripts.
const VERSION: u32 = 1;
/// As many messages as one question may ask for.
const PAGE: usize = 1000;

/// Everything that was said and done in one conversation.
#[derive(Debug)]
pub(crate) struct Transcript {
    platform: &'static str,
    conversation: Conversation,
    people: Vec<Person>,
    /// Virtual time in seconds since 1970.
    saved: i64,
    /// Oldest first.
    messages: Vec<MessageView>,
    /// What people and tests did in this world, oldest first.
    done: Vec<Entry>,
}

impl Transcript {
    /// Puts a conversation down.
    ///
    /// # Errors
    /// There is no such conversation.
    pub(crate) fn of(
        state: &mut State,
        platform: &str,
        conversation: &str,
    ) -> Result<Self, Rejected> {
        let saved = state.now().seconds();
        let world = state.world(platform)?;
        let platform = world.platform();
        let mut messages = Vec::new();
        let mut before = None;
        loop {
            let page = world.messages(conversation, before, PAGE)?;
            before = page.messages.first().map(|message| message.seq);
            messages.splice(0..0, page.messages);
            if !page.more {
                break;
            }
        }
        let all = world.conversations(None)?.conversations.into_iter();
        let mut found = all.filter(|one| one.id == conversation);
        let conversation = found
            .next()
            .ok_or_else(|| Rejected::missing("conversation", "nothing was said there"))?;
        let people = world.people();
        let done = state.journal.entries();
        Ok(Self {
            platform,
            conversation,
            people,
            saved,
            messages,
            done: done
                .filter(|entry| entry.platform == platform)
                .cloned()
                .collect(),
        })
    }

    /// For programs, and for the page to show again.
    pub(crate) fn json(&self) -> Value {
        json!({
            "mynah": "transcript",
            "version": VERSION,
            "platform": self.platform,
            "conversation": self.conversation,
            "people": self.people,
            "saved": self.saved,
            "messages": self.messages,
        })
    }

    /// For readers, in Markdown.
    pub(crate) fn text(&self) -> String {
        words::text(self)
    }

    /// As a test in Rust.
    pub(crate) fn test(&self) -> String {
        rust::test(self)
    }
}

/// What somebody is called in a text.
fn name(speaker: &Speaker) -> &str {
    [&speaker.display, &speaker.name, &speaker.id]
        .into_iter()
        .find(|name| !name.is_empty())
        .map_or("?", String::as_str)
}

#[cfg(test)]
mod tests;
