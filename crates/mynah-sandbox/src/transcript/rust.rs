//! A conversation as a test in Rust.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::Transcript;
use super::steps::{self, Step};

/// A line of code is no longer, where that can be helped.
const LINE: usize = 100;

/// The test. What it needs of others is a function `bot_in` in the module
/// around it.
pub(super) fn test(transcript: &Transcript) -> String {
    let steps = steps::of(transcript);
    let names = names(&steps);
    let mut body = String::new();
    for step in &steps {
        write_step(&mut body, step, &names);
    }
    let Transcript {
        platform,
        conversation,
        ..
    } = transcript;
    let uses_json = body.contains("json!(");
    let json = if uses_json {
        "use serde_json::json;\n"
    } else {
        ""
    };
    let title = match conversation.title.as_str() {
        "" => &conversation.id,
        title => title,
    };
    format!(
        r#"//! A conversation as a test: what people did, and what the bot said.
//!
//! Recorded by the Mynah sandbox: {about}.
//!
//! `bot_in` is for you to write: it connects the bot to the sandbox, and what it
//! returns keeps the bot running until it is dropped.
//!
//! ```ignore
//! async fn bot_in(sandbox: &mynah_sandbox::Running) -> impl Sized {{ … }}
//! ```

use mynah_sandbox::{{Sandbox, Talk, TalkError}};
{json}
use super::bot_in;

#[tokio::test(flavor = "multi_thread")]
async fn {name}() -> Result<(), TalkError> {{
    let sandbox = Sandbox::builder().listen(([127, 0, 0, 1], 0).into()).start().await?;
    let bot = bot_in(&sandbox).await;
    let mut talk = Talk::new(sandbox.sandbox(), {platform}, {conversation})?;

{body}
    drop(bot);
    sandbox.shutdown().await;
    Ok(())
}}
"#,
        about = one_line(&format!("{platform}, {title}")),
        name = function(platform, conversation.kind, title),
        platform = literal(platform),
        conversation = literal(&conversation.id),
    )
}

/// What messages are called in the test that a later step speaks of, by their
/// ids.
fn names(steps: &[Step]) -> HashMap<&str, String> {
    let mut mentioned = HashSet::new();
    for step in steps {
        if let Step::Say { body, .. } | Step::Act { body } = step {
            body.values()
                .for_each(|value| gather(value, &mut mentioned));
        }
    }
    let (mut said, mut heard) = (0, 0);
    let mut names = HashMap::new();
    for step in steps {
        let (count, word, id) = match step {
            Step::Say { id, .. } => (&mut said, "said", id),
            Step::Hear { id, .. } => (&mut heard, "heard", id),
            Step::Act { .. } | Step::Lost { .. } => continue,
        };
        *count += 1;
        if mentioned.contains(id.as_str()) && !id.is_empty() {
            names.insert(id.as_str(), format!("{word}_{count}"));
        }
    }
    names
}

fn gather<'a>(value: &'a Value, texts: &mut HashSet<&'a str>) {
    match value {
        Value::String(text) => _ = texts.insert(text),
        Value::Array(items) => items.iter().for_each(|item| gather(item, texts)),
        Value::Object(fields) => fields.values().for_each(|field| gather(field, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn write_step(code: &mut String, step: &Step, names: &HashMap<&str, String>) {
    let bound = |id: &str| match names.get(id) {
        Some(name) => format!("let {name} = "),
        None => String::new(),
    };
    let line = match step {
        Step::Say { body, id } => call(&format!("{}talk.say", bound(id)), body, names),
        Step::Act { body } => call("talk.act", body, names),
        Step::Hear { words, id } => {
            format!("{}talk.hears({}).await?;", bound(id), literal(words))
        }
        Step::Lost { what } => {
            format!(
                "// Not kept well enough to be done again. {}",
                one_line(what)
            )
        }
    };
    let _ = writeln!(code, "    {line}");
}

fn call(what: &str, body: &Map<String, Value>, names: &HashMap<&str, String>) -> String {
    let mut json = String::new();
    let around = "    ".len() + what.len() + "(json!()).await?;".len();
    object(&mut json, body, names, 1, LINE.saturating_sub(around));
    format!("{what}(json!({json})).await?;")
}

/// A value, in one line if there is `room` for it, and otherwise over several,
/// indented by `depth`.
fn value(code: &mut String, it: &Value, names: &HashMap<&str, String>, depth: usize, room: usize) {
    match it {
        Value::String(text) => match names.get(text.as_str()) {
            Some(name) => code.push_str(name),
            None => code.push_str(&literal(text)),
        },
        Value::Object(fields) => object(code, fields, names, depth, room),
        Value::Array(items) => {
            let mut pieces = Vec::new();
            for item in items {
                let mut piece = String::new();
                value(&mut piece, item, names, depth + 1, room_at(depth + 1));
                pieces.push(piece);
            }
            join(code, ('[', ']'), &pieces, depth, room);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => code.push_str(&it.to_string()),
    }
}

fn object(
    code: &mut String,
    fields: &Map<String, Value>,
    names: &HashMap<&str, String>,
    depth: usize,
    room: usize,
) {
    let mut pieces = Vec::new();
    for (name, field) in fields {
        let mut piece = format!("{}: ", literal(name));
        let left = room_at(depth + 1).saturating_sub(piece.chars().count());
        value(&mut piece, field, names, depth + 1, left);
        pieces.push(piece);
    }
    join(code, ('{', '}'), &pieces, depth, room);
}

/// What is left of a line that is indented so.
fn room_at(depth: usize) -> usize {
    LINE.saturating_sub(4 * depth + ",".len())
}

fn join(
    code: &mut String,
    (open, close): (char, char),
    pieces: &[String],
    depth: usize,
    room: usize,
) {
    let flat = pieces.join(", ");
    code.push(open);
    if flat.chars().count() + 2 <= room && !flat.contains('\n') {
        code.push_str(&flat);
    } else {
        for piece in pieces {
            indent(code, depth + 1);
            code.push_str(piece);
            code.push(',');
        }
        // A trailing comma is no JSON to every reader.
        code.pop();
        indent(code, depth);
    }
    code.push(close);
}

fn indent(code: &mut String, depth: usize) {
    code.push('\n');
    code.push_str(&"    ".repeat(depth));
}

/// A text as Rust writes it.
fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// What stands in a comment must not end it.
fn one_line(text: &str) -> String {
    let is_harmless = |character: &char| !character.is_control();
    text.chars().filter(is_harmless).collect()
}

/// The name of the test.
fn function(platform: &str, kind: &str, title: &str) -> String {
    let lower = title.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    let with = if kind == "direct" { "with" } else { "in" };
    match words.join("_").as_str() {
        "" => format!("a_conversation_on_{platform}"),
        title => format!("a_conversation_{with}_{title}_on_{platform}"),
    }
}
