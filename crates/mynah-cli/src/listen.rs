//! `mynah listen`: what happens, as it came in or in columns.

use std::sync::Arc;

use mynah_bot::{Bot, Config, Context, Event, EventKind, Platform, Result, Router, State, when};
use mynah_core::Parameters;
use mynah_wecom::xml::Element;
use serde_json::{Map, Value};
use tokio::sync::Notify;

use crate::arguments::{Format, Listen};
use crate::exit::Failure;
use crate::{account, output};

/// How the events are printed, and who is told when nobody reads them any more.
#[derive(Clone)]
struct Printer {
    format: Format,
    gone: Arc<Notify>,
}

pub(crate) async fn run(listen: Listen) -> std::result::Result<(), Failure> {
    let stop = mynah_bot::told_to_stop();
    let account = account::hearing(&listen.which, listen.account.as_deref())?;
    if !account.platform.hears() {
        let problem = format!(
            "account {}: only speaks; its settings do not say where events come in",
            account.name
        );
        return Err(Failure::configuration(problem)
            .advise("add where they do (such as `connect` or `listen`), or name another account"));
    }
    eprintln!("mynah listen: to {}; Ctrl-C ends it", account.name);
    let config = Config::of(vec![account]);
    let gone = Arc::new(Notify::new());
    let printer = Printer {
        format: listen.output,
        gone: Arc::clone(&gone),
    };
    let everything = Router::<Printer>::new().on(when(|_| true), print);
    let stop = async move {
        tokio::select! {
            () = stop => {}
            () = gone.notified() => {}
        }
    };
    Bot::new(config)
        .run_until(everything, printer, stop)
        .await
        .map_err(Failure::from)
}

async fn print(cx: Context, State(printer): State<Printer>) -> Result<()> {
    let line = match printer.format {
        Format::Json => as_it_came(cx.event())?,
        Format::Table => in_columns(cx.event()),
    };
    if output::say(&line).is_err() {
        printer.gone.notify_one();
    }
    Ok(())
}

/// The event as it came in, on one line of JSON.
fn as_it_came(event: &Event) -> Result<String> {
    let raw = event.raw();
    if raw.trim_ascii_start().starts_with(b"<") {
        let xml = std::str::from_utf8(raw)?;
        return Ok(object(&Element::read(xml)?).to_string());
    }
    if event.platform() == Platform::RongCloud && !is_json(raw) {
        return Ok(Value::Object(fields(raw)).to_string());
    }
    // Line breaks stand between tokens only; inside strings JSON escapes them.
    let line = raw
        .iter()
        .copied()
        .filter(|byte| !matches!(byte, b'\n' | b'\r'));
    Ok(String::from_utf8_lossy(&line.collect::<Vec<_>>()).into_owned())
}

/// The event for people: what, where, who, and what was said.
fn in_columns(event: &Event) -> String {
    let kind = match &event.kind {
        EventKind::Other(name) => name.to_string(),
        known => snake_case(&format!("{known:?}")),
    };
    let place = event.conversation.as_ref().map(ToString::to_string);
    let sender = match (event.sender_name(), &event.sender) {
        (Some(name), Some(id)) => format!("{name} ({})", id.id),
        (Some(name), None) => name.to_owned(),
        (None, Some(id)) => id.id.to_string(),
        (None, None) => String::new(),
    };
    let place = place.unwrap_or_else(|| event.platform().name().to_owned());
    let cells = [
        (kind.as_str(), 14),
        (place.as_str(), 28),
        (sender.as_str(), 20),
        (event.text(), 0),
    ];
    let cells = cells.map(|(cell, width)| output::padded(&output::printable(cell), width));
    cells.join("  ").trim_end().to_owned()
}

/// `join_request` for `JoinRequest`.
fn snake_case(name: &str) -> String {
    let mut written = String::with_capacity(name.len() + 2);
    for sign in name.chars() {
        if sign.is_uppercase() && !written.is_empty() {
            written.push('_');
        }
        written.extend(sign.to_lowercase());
    }
    written
}

fn is_json(raw: &[u8]) -> bool {
    raw.trim_ascii_start().starts_with(b"{") || raw.trim_ascii_start().starts_with(b"[")
}

/// A form as JSON; a field that stands there more than once is a list.
fn fields(form: &[u8]) -> Map<String, Value> {
    let mut read = Parameters::new();
    read.add_text(form);
    let names: Vec<_> = read.names().map(str::to_owned).collect();
    let fields = names.into_iter().filter_map(|name| {
        let value = read.remove(&name)?;
        Some((name, value))
    });
    fields.collect()
}

/// An element as JSON: its text, or an object of what is in it; what stands
/// there more than once is a list.
fn object(element: &Element<'_>) -> Value {
    if element.children.is_empty() {
        return Value::String(element.text.to_string());
    }
    let mut fields = Map::new();
    for child in &element.children {
        let value = object(child);
        match fields.get_mut(&*child.name) {
            Some(Value::Array(list)) => list.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
            None => {
                fields.insert(child.name.to_string(), value);
            }
        }
    }
    Value::Object(fields)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn xml_is_printed_as_json() {
        let xml = "<xml><MsgType><![CDATA[text]]></MsgType><a><b>1</b><b>2</b><b/></a></xml>";
        let read = object(&Element::read(xml).unwrap());
        assert_eq!(read, json!({"MsgType": "text", "a": {"b": ["1", "2", ""]}}));
    }

    #[test]
    fn kinds_have_names_in_small_letters() {
        assert_eq!(snake_case("JoinRequest"), "join_request");
        assert_eq!(snake_case("Message"), "message");
    }

    #[test]
    fn a_form_is_printed_as_json() {
        let read = fields(b"content=%7B%22content%22%3A%22hi%22%7D&u=a&u=b");
        let expected = json!({"content": "{\"content\":\"hi\"}", "u": ["a", "b"]});
        assert_eq!(Value::Object(read), expected);
    }
}
