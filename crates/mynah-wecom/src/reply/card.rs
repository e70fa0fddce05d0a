//! Template cards as XML, in which passive replies carry them
//! (<https://developer.work.weixin.qq.com/document/path/90241>).
//!
//! The same names as in JSON, in another spelling: `card_type` is `CardType`.
//! A list is several elements of its name beside each other.

use serde_json::{Map, Value};

use crate::card::TemplateCard;
use crate::event::field::{Field, Fields, Value as _};
use crate::xml::{Element, Writer};

/// Names whose words JSON does not divide, but XML does.
const UNDIVIDED: [(&str, &str); 5] = [
    ("appid", "AppId"),
    ("checkbox", "CheckBox"),
    ("keyname", "KeyName"),
    ("pagepath", "PagePath"),
    ("userid", "UserId"),
];

fn xml_name(name: &str) -> String {
    if let Some((_, divided)) = UNDIVIDED.iter().find(|(undivided, _)| *undivided == name) {
        return (*divided).to_owned();
    }
    let mut out = String::with_capacity(name.len());
    for word in name.split('_') {
        let mut letters = word.chars();
        out.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        out.push_str(letters.as_str());
    }
    out
}

fn json_name(name: &str) -> String {
    if let Some((undivided, _)) = UNDIVIDED.iter().find(|(_, divided)| *divided == name) {
        return (*undivided).to_owned();
    }
    let mut out = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

fn write(name: &str, value: &Value, out: &mut Writer) {
    match value {
        Value::Null => {}
        Value::Bool(is_so) => out.number(name, u8::from(*is_so)),
        Value::Number(number) => out.number(name, number),
        Value::String(text) => out.text(name, text),
        Value::Array(items) => {
            for item in items {
                write(name, item, out);
            }
        }
        Value::Object(object) => out.nest(name, |out| write_all(object, out)),
    }
}

fn write_all(object: &Map<String, Value>, out: &mut Writer) {
    for (name, value) in object {
        write(&xml_name(name), value, out);
    }
}

fn read(element: Element<'_>) -> Value {
    if element.children.is_empty() {
        // Numbers too: the types of the card read digits in a string.
        return Value::String(element.text.into_owned());
    }
    let mut object = Map::new();
    for child in element.children {
        let name = json_name(&child.name);
        let value = read(child);
        match object.get_mut(&name) {
            Some(Value::Array(items)) => items.push(value),
            _ if name.ends_with("_list") => {
                object.insert(name, Value::Array(vec![value]));
            }
            _ => {
                object.entry(name).or_insert(value);
            }
        }
    }
    Value::Object(object)
}

impl crate::event::field::Value for Box<TemplateCard> {
    fn of(element: &mut Element<'_>) -> Option<Self> {
        let object = read(std::mem::take(element));
        Some(serde_json::from_value(object).unwrap_or_default())
    }

    fn write(&self, name: &str, out: &mut Writer) {
        let object = match serde_json::to_value(self) {
            Ok(Value::Object(object)) => object,
            _ => Map::new(),
        };
        out.nest(name, |out| write_all(&object, out));
    }
}

impl Field for Box<TemplateCard> {
    fn take(fields: &mut Fields<'_>, name: &str) -> Self {
        fields.value(name).unwrap_or_default()
    }

    fn put(&self, name: &str, out: &mut Writer) {
        self.write(name, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelled_as_the_other_format_spells_them() {
        for (json, xml) in [
            ("card_type", "CardType"),
            ("sub_title_text", "SubTitleText"),
            ("keyname", "KeyName"),
            ("appid", "AppId"),
            ("url", "Url"),
            ("horizontal_content_list", "HorizontalContentList"),
        ] {
            assert_eq!(xml_name(json), xml);
            assert_eq!(json_name(xml), json);
        }
    }
}
