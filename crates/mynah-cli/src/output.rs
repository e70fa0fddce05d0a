//! Answers on the screen.

use std::io::{self, IsTerminal, Write};

use serde_json::Value;

use crate::arguments::Output;
use crate::exit::Failure;

/// Prints an answer.
pub(crate) fn print(value: &Value, output: &Output) -> Result<(), Failure> {
    let text = match output {
        Output::File(path) => {
            let text = serde_json::to_string_pretty(value).map_err(Failure::other)?;
            return std::fs::write(path, text + "\n")
                .map_err(|error| Failure::other(format!("{}: {error}", path.display())));
        }
        Output::Json if io::stdout().is_terminal() => {
            serde_json::to_string_pretty(value).map_err(Failure::other)?
        }
        Output::Json => value.to_string(),
        Output::Table => table(value),
    };
    writeln!(io::stdout(), "{text}").map_err(Failure::other)
}

/// A list of objects as columns, an object as lines, anything else as it is.
fn table(value: &Value) -> String {
    match value {
        Value::Array(rows) if rows.iter().all(Value::is_object) && !rows.is_empty() => {
            columns(rows)
        }
        Value::Object(fields) => {
            let rows: Vec<_> = fields
                .iter()
                .map(|(k, v)| vec![k.clone(), cell(v)])
                .collect();
            aligned(&rows)
        }
        Value::Null => "ok".to_owned(),
        other => cell(other),
    }
}

fn columns(rows: &[Value]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for row in rows.iter().filter_map(Value::as_object) {
        for name in row.keys() {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
    }
    let head = names.iter().map(|name| name.to_uppercase()).collect();
    let body = rows.iter().map(|row| {
        names
            .iter()
            .map(|name| row.get(name).map(cell).unwrap_or_default())
            .collect()
    });
    aligned(
        &std::iter::once(head)
            .chain(body)
            .collect::<Vec<Vec<String>>>(),
    )
}

fn cell(value: &Value) -> String {
    match value {
        Value::String(text) => text.replace('\n', "⏎"),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Pads the columns; Chinese characters are two columns wide on a terminal.
pub(crate) fn aligned(rows: &[Vec<String>]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or_default();
    let widths: Vec<usize> = (0..count)
        .map(|column| {
            rows.iter()
                .filter_map(|row| row.get(column))
                .map(|cell| width(cell))
                .max()
                .unwrap_or(0)
        })
        .collect();
    let lines = rows.iter().map(|row| {
        let mut line = String::new();
        for (cell, most) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', most - width(cell) + 2));
        }
        line.trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn width(text: &str) -> usize {
    text.chars()
        .map(|c| if c >= '\u{1100}' { 2 } else { 1 })
        .sum()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_of_objects_are_columns_that_line_up() {
        let people =
            json!([{"id": 1, "name": "爱丽丝"}, {"id": 10002, "name": "bob", "note": "x"}]);
        assert_eq!(
            table(&people),
            "ID     NAME    NOTE\n1      爱丽丝\n10002  bob     x"
        );
    }

    #[test]
    fn an_object_is_one_line_a_field() {
        assert_eq!(table(&json!({"a": 1, "bc": "x\ny"})), "a   1\nbc  x⏎y");
        assert_eq!(table(&json!(null)), "ok");
    }
}
