//! What has to be done for a conversation to happen again, and what is to be
//! heard then.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{Transcript, spoken};
use crate::journal::{Entry, Kind, Verdict};
use crate::world::{MessageView, Part};

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// A person speaks; this is what the control API was told.
    Say {
        body: Map<String, Value>,
        /// The message that came of it.
        id: String,
    },
    /// A person does something else.
    Act { body: Map<String, Value> },
    /// The bot says this.
    Hear { words: String, id: String },
    /// Something happened that cannot be done again.
    Lost { what: String },
}

/// All steps, in the order in which they happened.
pub(super) fn of(transcript: &Transcript) -> Vec<Step> {
    let said: HashMap<&str, &Entry> = transcript
        .done
        .iter()
        .filter(|entry| is_done(entry, "say"))
        .flat_map(|entry| entry.message.iter().map(move |id| (id.as_str(), entry)))
        .collect();
    let mut acts = transcript
        .done
        .iter()
        .filter(|entry| is_done(entry, "act") && concerns(transcript, entry))
        .peekable();
    let mut steps = Vec::new();
    for message in &transcript.messages {
        let entry = said.get(message.id.as_str()).copied();
        let since = entry.map(|entry| entry.id).or_else(|| carried(message));
        // What was done before it was said stands before it.
        while let Some(act) = acts.next_if(|act| since.is_some_and(|since| act.id < since)) {
            steps.push(act_of(act));
        }
        steps.extend(step(transcript, message, entry));
    }
    steps.extend(acts.map(act_of));
    steps
}

/// Whether this was done by a person, and was possible.
fn is_done(entry: &Entry, title: &str) -> bool {
    entry.kind == Kind::Control && entry.verdict == Verdict::Ok && entry.title == title
}

/// The first entry of the journal that carried a message.
fn carried(message: &MessageView) -> Option<u64> {
    message.journal.iter().min().copied()
}

fn step(transcript: &Transcript, message: &MessageView, entry: Option<&Entry>) -> Option<Step> {
    if message.kind != "message" {
        return None;
    }
    if message.from.bot {
        let words = spoken(message);
        let id = message.id.clone();
        return Some(Step::Hear { words, id });
    }
    let body = match entry {
        Some(entry) => body_of(entry),
        None => in_own_words(transcript, message),
    };
    Some(match body {
        Some(body) => {
            let id = message.id.clone();
            Step::Say { body, id }
        }
        None => lost(&message.from.name, &spoken(message)),
    })
}

fn act_of(entry: &Entry) -> Step {
    match body_of(entry) {
        Some(body) => Step::Act { body },
        None => lost("somebody", "did something"),
    }
}

fn lost(who: &str, what: &str) -> Step {
    let first = what.lines().next().unwrap_or_default();
    let mut first: String = first.chars().take(60).collect();
    if first.len() < what.len() {
        first.push('…');
    }
    let what = format!("{who}: {first}");
    Step::Lost { what }
}

/// What the control API was told, without the platform. The journal does not
/// keep all of what is very long.
fn body_of(entry: &Entry) -> Option<Map<String, Value>> {
    let mut body: Map<String, Value> = serde_json::from_str(&entry.body).ok()?;
    body.remove("platform");
    Some(body)
}

/// What the control API could have been told, where the journal does not know:
/// after a snapshot was put back.
fn in_own_words(transcript: &Transcript, message: &MessageView) -> Option<Map<String, Value>> {
    let conversation = &transcript.conversation.id;
    let to = match conversation.split_once(':')? {
        ("user", _) => "user:bot".to_owned(),
        ("group" | "chatroom", _) => conversation.clone(),
        _ => return None,
    };
    let plain = |part: &Part| matches!(part, Part::Text { .. });
    if message.parts.is_empty() || !message.parts.iter().all(plain) {
        return None;
    }
    let fields = [
        ("from", message.from.name.clone()),
        ("to", to),
        ("text", spoken(message)),
    ];
    let fields = fields.map(|(name, value)| (name.to_owned(), Value::from(value)));
    Some(fields.into_iter().collect())
}

/// Whether something was done in this conversation.
fn concerns(transcript: &Transcript, act: &Entry) -> bool {
    let Some(body) = body_of(act) else {
        return false;
    };
    let conversation = &transcript.conversation.id;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let (kind, name) = conversation.split_once(':').unwrap_or_default();
    let is_here = text(kind) == Some(name) || text("conversation") == Some(conversation);
    let mut messages = transcript.messages.iter();
    is_here || text("message").is_some_and(|id| messages.any(|message| message.id == id))
}
