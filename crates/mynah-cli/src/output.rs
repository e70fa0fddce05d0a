//! Answers on the screen.
//!
//! JSON is for programs: on one line, unless a person looks. A table is for people: what is nested
//! stands below what it belongs to, columns line up whatever is written in them, and nothing that
//! came from elsewhere reaches the terminal as a command.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use serde_json::{Map, Value};
use unicode_width::UnicodeWidthStr;

use crate::arguments::{Format, Output};
use crate::exit::Failure;

/// How many columns a list of words may take on one line.
const ONE_LINE: usize = 72;

/// Prints an answer.
pub(crate) fn print(value: &Value, output: &Output) -> Result<(), Failure> {
    match output {
        Output::File(path) => {
            let text = serde_json::to_string_pretty(value).map_err(Failure::other)?;
            save(path, (text + "\n").as_bytes())
        }
        Output::Json => json(value),
        Output::Table => say(&table(value)),
    }
}

/// Writes an answer into a file, and says so: the file may have been meant as a format.
pub(crate) fn save(path: &Path, answer: &[u8]) -> Result<(), Failure> {
    let path_shown = path.display();
    std::fs::write(path, answer)
        .map_err(|error| Failure::other(format!("{path_shown}: {error}")))?;
    eprintln!("mynah: the answer is in the file {path_shown}");
    Ok(())
}

/// Prints an answer that goes to no file.
pub(crate) fn show(value: &Value, format: Format) -> Result<(), Failure> {
    match format {
        Format::Json => json(value),
        Format::Table => say(&table(value)),
    }
}

fn json(value: &Value) -> Result<(), Failure> {
    if io::stdout().is_terminal() {
        say(&serde_json::to_string_pretty(value).map_err(Failure::other)?)
    } else {
        say(&value.to_string())
    }
}

/// Prints text, and the end of its line.
pub(crate) fn say(text: &str) -> Result<(), Failure> {
    write([text.as_bytes(), b"\n"].concat().as_slice())
}

/// Prints bytes as they are. Whoever reads them may stop when they like: see
/// [`Failure::written`].
pub(crate) fn write(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(bytes)
        .and_then(|()| stdout.flush())
        .map_err(Failure::written)
}

/// A list of objects as columns, an object as lines, anything else as it is.
fn table(value: &Value) -> String {
    match value {
        Value::Null => "ok".to_owned(),
        other => block(other).join("\n"),
    }
}

/// A value as lines.
fn block(value: &Value) -> Vec<String> {
    match value {
        Value::Array(rows) if rows.is_empty() => vec!["(none)".to_owned()],
        Value::Array(rows) if rows.iter().all(Value::is_object) => columns(rows),
        Value::Array(rows) if rows.iter().all(is_plain) => rows.iter().map(cell).collect(),
        Value::Array(rows) => {
            let mut lines = Vec::new();
            for (index, row) in rows.iter().enumerate() {
                lines.push(format!("{}.", index + 1));
                lines.extend(indented(block(row)));
            }
            lines
        }
        Value::Object(fields) if fields.is_empty() => vec!["(nothing)".to_owned()],
        Value::Object(fields) => named(fields),
        other => vec![cell(other)],
    }
}

/// The fields of an object, one a line; what does not fit a line stands below its name.
fn named(fields: &Map<String, Value>) -> Vec<String> {
    let short = fields
        .iter()
        .filter(|(_, value)| on_a_line(value).is_some());
    let widest = short.map(|(name, _)| width(name)).max().unwrap_or_default();
    let mut lines = Vec::new();
    for (name, value) in fields {
        let name = printable(name);
        if let Some(words) = on_a_line(value) {
            let gap = " ".repeat(widest.saturating_sub(width(&name)) + 2);
            lines.push(format!("{name}{gap}{words}").trim_end().to_owned());
        } else {
            lines.push(name);
            lines.extend(indented(block(value)));
        }
    }
    lines
}

fn indented(lines: Vec<String>) -> impl Iterator<Item = String> {
    lines.into_iter().map(|line| format!("  {line}"))
}

/// A value that has room behind its name.
fn on_a_line(value: &Value) -> Option<String> {
    match value {
        Value::Array(list) if list.is_empty() => Some("(none)".to_owned()),
        Value::Object(fields) if fields.is_empty() => Some("(nothing)".to_owned()),
        Value::Array(list) if list.iter().all(is_plain) => {
            let words = list.iter().map(cell).collect::<Vec<_>>().join(", ");
            (width(&words) <= ONE_LINE).then_some(words)
        }
        Value::Array(_) | Value::Object(_) => None,
        plain => Some(cell(plain)),
    }
}

fn is_plain(value: &Value) -> bool {
    !value.is_object() && !value.is_array()
}

/// Objects as rows. What is nested has columns of its own, named by the way to them.
fn columns(rows: &[Value]) -> Vec<String> {
    let rows: Vec<Vec<(String, String)>> = rows.iter().map(|row| spread(row, "")).collect();
    let mut names: Vec<&str> = Vec::new();
    for (name, cell) in rows.iter().flatten() {
        // What is empty in every row takes room and tells nothing.
        if !cell.is_empty() && !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let head = names.iter().map(|name| name.to_uppercase()).collect();
    let body = rows.iter().map(|row| {
        let found = |name: &&str| row.iter().find(|(known, _)| known == name);
        let cell = |name| found(name).map(|(_, cell)| cell.clone());
        names
            .iter()
            .map(|name| cell(name).unwrap_or_default())
            .collect()
    });
    let lines: Vec<Vec<String>> = std::iter::once(head).chain(body).collect();
    if names.is_empty() {
        return vec![format!("({} without anything in them)", rows.len())];
    }
    lined_up(&lines)
}

/// The cells of a row, each with the name of its column.
fn spread(value: &Value, way: &str) -> Vec<(String, String)> {
    let Value::Object(fields) = value else {
        return vec![(way.to_owned(), cell(value))];
    };
    let cells = fields.iter().flat_map(|(name, value)| {
        let name = printable(name);
        let way = if way.is_empty() {
            name
        } else {
            format!("{way}.{name}")
        };
        spread(value, &way)
    });
    cells.collect()
}

/// A value in one cell.
fn cell(value: &Value) -> String {
    match value {
        Value::String(text) => printable(text),
        Value::Null => String::new(),
        Value::Array(list) if list.iter().all(is_plain) => {
            list.iter().map(cell).collect::<Vec<_>>().join(", ")
        }
        Value::Array(list) => list.iter().map(cell).collect::<Vec<_>>().join("; "),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| {
                let name = printable(name);
                format!("{name}={}", cell(value))
            });
            fields.collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}

/// Text that stays on its line, and that is no command to the terminal.
pub(crate) fn printable(text: &str) -> String {
    let shown = text.chars().map(|c| match c {
        '\n' => '⏎',
        '\t' => ' ',
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    });
    shown.collect()
}

/// Rows of cells as lines; Chinese characters are two columns wide on a terminal.
pub(crate) fn aligned(rows: &[Vec<String>]) -> String {
    lined_up(rows).join("\n")
}

/// Text that takes at least so many columns.
pub(crate) fn padded(text: &str, columns: usize) -> String {
    let gap = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(gap))
}

fn lined_up(rows: &[Vec<String>]) -> Vec<String> {
    let count = rows.iter().map(Vec::len).max().unwrap_or_default();
    let widths: Vec<usize> = (0..count)
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| width(cell)).max().unwrap_or(0)
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
    lines.collect()
}

fn width(text: &str) -> usize {
    text.width()
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
    fn signs_that_are_narrow_and_signs_that_join_count_as_a_terminal_counts() {
        // Half a column of a Korean keyboard, a combining accent, an emoji.
        let rows = json!([{"a": "ｱ", "b": 1}, {"a": "e\u{301}", "b": 2}, {"a": "👍", "b": 3}]);
        assert_eq!(table(&rows), "A   B\nｱ   1\ne\u{301}   2\n👍  3");
    }

    #[test]
    fn an_object_is_one_line_a_field() {
        assert_eq!(table(&json!({"a": 1, "bc": "x\ny"})), "a   1\nbc  x⏎y");
        assert_eq!(table(&json!(null)), "ok");
        assert_eq!(table(&json!([])), "(none)");
    }

    #[test]
    fn what_is_nested_stands_below_its_name() {
        let group = json!({
            "name": "值班",
            "text": {"content": "hi", "at": []},
            "members": ["alice", "bob"],
            "people": [{"id": 1, "name": "甲"}, {"id": 22, "name": "乙"}],
        });
        let expected = "\
members  alice, bob
name     值班
people
  ID  NAME
  1   甲
  22  乙
text
  at       (none)
  content  hi";
        let mut lines: Vec<_> = table(&group).lines().map(str::to_owned).collect();
        assert_eq!(lines.len(), 9, "{lines:?}");
        // Whether objects keep their order is a feature somebody else may switch on.
        let mut expected: Vec<_> = expected.lines().map(str::to_owned).collect();
        lines.sort();
        expected.sort();
        assert_eq!(lines, expected);
    }

    #[test]
    fn what_is_nested_in_a_row_has_columns_of_its_own() {
        let rows = json!([{"from": {"id": 1}, "tags": ["a", "b"]}]);
        assert_eq!(table(&rows), "FROM.ID  TAGS\n1        a, b");
        let rows = json!([{"in": [{"id": 1, "lead": true}, {"id": 2, "lead": false}]}]);
        assert_eq!(table(&rows), "IN\nid=1 lead=true; id=2 lead=false");
    }

    #[test]
    fn a_column_that_is_empty_in_every_row_is_left_out() {
        let rows = json!([{"a": 1, "b": "", "c": null}, {"a": 2, "b": "", "c": "x"}]);
        assert_eq!(table(&rows), "A  C\n1\n2  x");
    }

    #[test]
    fn a_long_list_of_words_has_a_line_for_each() {
        let words: Vec<_> = (0..20).map(|number| format!("member-{number}")).collect();
        let lines = table(&json!({"members": words}));
        assert!(
            lines.starts_with("members\n  member-0\n  member-1\n"),
            "{lines}"
        );
    }

    #[test]
    fn nothing_commands_the_terminal() {
        let shown = table(&json!({"name": "\u{1b}[2Jboo\u{7}\u{9b}1m"}));
        assert_eq!(shown, "name  \u{fffd}[2Jboo\u{fffd}\u{fffd}1m");
    }
}
