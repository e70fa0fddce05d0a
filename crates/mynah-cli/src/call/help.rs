//! What an endpoint takes, from its definition.

use mynah_bot::Platform;
use mynah_core::{Encoding, Field, Kind, Operation};
use serde_json::{Value, json};

use super::example;
use crate::output;

/// The endpoints of a platform, for people.
pub(super) fn list(operations: &[Operation]) -> String {
    let rows: Vec<_> = operations
        .iter()
        .map(|one| vec![one.name().to_owned(), first_sentence(one.doc)])
        .collect();
    output::aligned(&rows)
}

/// The same for programs.
pub(super) fn list_as_json(operations: &[Operation]) -> Value {
    operations.iter().map(as_json).collect()
}

/// The first sentence, on one line.
pub(crate) fn first_sentence(doc: &str) -> String {
    let paragraph: Vec<_> = doc.lines().take_while(|line| !line.is_empty()).collect();
    let words = without_links(&paragraph.join(" "));
    match words.split_once(". ") {
        Some((first, _)) => format!("{first}."),
        None => words,
    }
}

/// The words without what leads from them into the documentation of Rust.
fn without_links(doc: &str) -> String {
    let mut written = String::with_capacity(doc.len());
    let mut rest = doc;
    while let Some((before, link)) = rest.split_once("[`") {
        let Some((name, behind)) = link.split_once("`]") else {
            break;
        };
        written.extend([before, "`", name, "`"]);
        let target = behind.strip_prefix('(').and_then(|it| it.split_once(')'));
        rest = target.map_or(behind, |(_, behind)| behind);
    }
    written + rest
}

/// What an endpoint takes, for people.
pub(super) fn help(platform: Platform, operation: &Operation) -> String {
    let fields = operation.fields();
    let arguments: String = fields
        .iter()
        .map(|field| match (field.name, field.required) {
            (name, true) if uploads(operation, field) => format!(" {name}=@FILE"),
            (name, true) => format!(" {name}=…"),
            (name, false) => format!(" [{name}=…]"),
        })
        .collect();
    let name = operation.name();
    let mut paragraphs = vec![
        without_examples(operation.doc),
        format!("usage: mynah call {platform} {name}{arguments}"),
    ];
    if !fields.is_empty() {
        let rows: Vec<_> = fields.iter().map(row).collect();
        paragraphs.push(format!("parameters:\n{}", output::aligned(&rows)));
    }
    paragraphs.push(format!(
        "example, while `mynah dev` runs:\n{}",
        example::lines(platform, operation)
    ));
    paragraphs.push(format!("see {}", operation.meta.doc));
    paragraphs.join("\n\n")
}

/// The same for programs.
pub(super) fn as_json(operation: &Operation) -> Value {
    let parameters = operation.fields().into_iter().map(|field| {
        let choices = field.choices.iter().map(|it| it.value);
        json!({
            "name": field.name,
            "takes": kind(&field),
            "required": field.required,
            "choices": choices.collect::<Vec<_>>(),
            "about": about(&field),
        })
    });
    json!({
        "name": operation.name(),
        "about": without_examples(operation.doc),
        "method": operation.meta.method.http().as_str(),
        "path": operation.meta.path,
        "idempotent": operation.meta.idempotent,
        "parameters": parameters.collect::<Vec<_>>(),
        "see": operation.meta.doc,
    })
}

/// The words without the Rust in them.
fn without_examples(doc: &str) -> String {
    let mut inside = false;
    let lines = doc.lines().filter(|line| {
        let fence = line.trim_start().starts_with("```");
        inside ^= fence;
        !inside && !fence
    });
    without_links(lines.collect::<Vec<_>>().join("\n").trim_end())
}

/// What a parameter takes, in a word or a few.
pub(crate) fn kind(field: &Field) -> String {
    if field.expects.is_empty() {
        field.kind.to_string()
    } else {
        field.expects.clone()
    }
}

/// Whether a parameter is a file: `media=@PATH`.
pub(crate) fn uploads(operation: &Operation, field: &Field) -> bool {
    operation.meta.encoding == Encoding::Multipart && field.kind == Kind::Object
}

fn about(field: &Field) -> String {
    without_links(&field.doc.replace('\n', " "))
}

fn row(field: &Field) -> Vec<String> {
    let required = if field.required { "required" } else { "" };
    let mut words = about(field);
    if !field.choices.is_empty() {
        let choices = field.choices.iter().map(|choice| match choice.name {
            "" => choice.value.to_owned(),
            name => format!("{} ({name})", choice.value),
        });
        words = format!(
            "{words} One of: {}.",
            choices.collect::<Vec<_>>().join(", ")
        );
    }
    vec![
        format!("  {}", field.name),
        kind(field),
        required.to_owned(),
        words,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{PLATFORMS, Served};

    fn shown(platform: &str, name: &str) -> String {
        let served = Served::named(platform).unwrap();
        let operation = served.operations.iter().find(|one| one.name() == name);
        help(served.platform, operation.unwrap())
    }

    #[test]
    fn help_comes_from_the_definition() {
        let help = shown("onebot", "send_group_msg");
        assert!(
            help.contains(
                "usage: mynah call onebot send_group_msg group_id=… message=… [auto_escape=…]"
            ),
            "{help}"
        );
        assert!(help.contains("auto_escape  boolean"), "{help}");
        assert!(
            help.contains("https://github.com/botuniverse/onebot-11"),
            "{help}"
        );
    }

    #[test]
    fn a_file_is_named_in_the_help() {
        let help = shown("wecom", "media.upload");
        assert!(help.contains("media.upload type=… media=@FILE"), "{help}");
    }

    #[test]
    fn what_a_parameter_may_be_is_named_in_the_help() {
        let help = shown("wecom", "message.send");
        assert!(help.contains("One of: text, image, voice"), "{help}");
    }

    #[test]
    fn help_has_words_and_no_code() {
        let help = shown("wecom", "message.send");
        assert!(help.contains("Sends a message to members"), "{help}");
        assert!(
            !help.contains("```") && !help.contains("use mynah_wecom"),
            "{help}"
        );
        assert!(!help.contains("](") && !help.contains("[`"), "{help}");
    }

    #[test]
    fn no_parameter_is_told_to_take_any_value_but_where_it_does() {
        let all = PLATFORMS.iter().flat_map(|served| served.operations);
        let fields = all.flat_map(|one| one.fields().into_iter().map(|it| (one.name(), it)));
        let vague = fields.filter(|(_, field)| kind(field) == "any value");
        let vague: Vec<_> = vague.map(|(name, field)| (name, field.name)).collect();
        assert!(vague.len() < 30, "{vague:?}");
    }

    #[test]
    fn the_list_has_whole_sentences() {
        for served in PLATFORMS {
            for one in served.operations {
                let words = first_sentence(one.doc);
                assert!(words.ends_with('.') && !words.contains("[`"), "{words}");
            }
        }
        let doc = "Renames a [`Card`](crate::Card) that\nwas pressed. Fails.\n\nMore.";
        assert_eq!(first_sentence(doc), "Renames a `Card` that was pressed.");
    }

    #[test]
    fn programs_are_told_the_same() {
        let told = list_as_json(Served::named("wecom").unwrap().operations);
        let create = told.as_array().unwrap().iter();
        let create = create.filter(|one| one["name"] == "appchat.create");
        let create: Vec<_> = create.collect();
        assert_eq!(create[0]["method"], "POST");
        assert_eq!(create[0]["path"], "/cgi-bin/appchat/create");
        assert_eq!(create[0]["parameters"][0]["takes"], "string");
    }
}
