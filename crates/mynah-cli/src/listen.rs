//! `mynah listen`: what happens, as JSON lines.

use std::io::{self, Write};

use mynah_bot::{Bot, Config, Context, Platform, Result, Router, when};
use mynah_core::Parameters;
use mynah_wecom::xml::Element;
use serde_json::{Map, Value};

use crate::account;
use crate::arguments::Listen;
use crate::exit::Failure;

pub(crate) async fn run(listen: Listen) -> std::result::Result<(), Failure> {
    let account = account::named(&listen.which, listen.account.as_deref())?;
    if !account.platform.hears() {
        let problem = format!(
            "account {}: only speaks; its settings do not say where events come in",
            account.name
        );
        return Err(Failure::configuration(problem));
    }
    let config = Config::of(vec![account]);
    let everything = Router::<()>::new().on(when(|_| true), print);
    Bot::new(config)
        .run(everything, ())
        .await
        .map_err(Failure::from)
}

/// The event as it came in, on one line of JSON.
async fn print(cx: Context) -> Result<()> {
    let raw = cx.event().raw();
    let mut line = Vec::with_capacity(raw.len() + 1);
    if raw.trim_ascii_start().starts_with(b"<") {
        let xml = std::str::from_utf8(raw)?;
        serde_json::to_writer(&mut line, &object(&Element::read(xml)?))?;
    } else if cx.event().platform() == Platform::RongCloud && !is_json(raw) {
        serde_json::to_writer(&mut line, &fields(raw))?;
    } else {
        // Line breaks stand between tokens only; inside strings JSON escapes them.
        line.extend(raw.iter().filter(|byte| !matches!(byte, b'\n' | b'\r')));
    }
    line.push(b'\n');
    io::stdout().write_all(&line)?;
    io::stdout().flush()?;
    Ok(())
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
    fn a_form_is_printed_as_json() {
        let read = fields(b"content=%7B%22content%22%3A%22hi%22%7D&u=a&u=b");
        let expected = json!({"content": "{\"content\":\"hi\"}", "u": ["a", "b"]});
        assert_eq!(Value::Object(read), expected);
    }
}
