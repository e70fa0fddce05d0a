//! Messages with a text of their own for each recipient (`template_rendering.json`).

use std::collections::BTreeMap;

use mynah_core::Endpoint as _;
use mynah_rongcloud::api::message::PublishTemplate;
use mynah_rongcloud::{Content, ObjectName, Rendered, Template};
use serde::Deserialize;

const VECTORS: &str = include_str!("../vectors/template_rendering.json");

#[derive(Deserialize)]
struct Rendering {
    name: String,
    template: Given,
    expected: Vec<Expected>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Given {
    to_user_id: Vec<String>,
    content: String,
    values: Vec<BTreeMap<String, String>>,
    push_content: Option<Vec<String>>,
    push_data: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Expected {
    user_id: String,
    content: String,
    push_content: Option<String>,
    push_data: Option<String>,
}

#[test]
fn each_recipient_reads_their_own_values() {
    let all: Vec<Rendering> = serde_json::from_str(VECTORS).unwrap();
    for Rendering {
        name,
        template,
        expected,
    } in all
    {
        let rendered = Template {
            content: &template.content,
            values: &template.values,
            push_content: template.push_content.as_deref(),
            push_data: template.push_data.as_deref(),
        }
        .render();
        let found: Vec<_> = template.to_user_id.into_iter().zip(rendered).collect();
        let expected: Vec<_> = expected
            .into_iter()
            .map(|one| {
                let rendered = Rendered {
                    content: one.content,
                    push_content: one.push_content,
                    push_data: one.push_data,
                };
                (one.user_id, rendered)
            })
            .collect();
        assert_eq!(found, expected, "{name}");
    }
}

fn filled<const N: usize>(content: &str, values: [(&str, &str); N]) -> String {
    let values = values.map(|(key, value)| (key.to_owned(), value.to_owned()));
    let template = Template {
        content,
        values: &[values.into()],
        push_content: None,
        push_data: None,
    };
    template.render().next().unwrap().content
}

#[test]
fn what_nobody_gave_a_value_for_stays() {
    assert_eq!(filled("{a}{b}", [("{a}", "1")]), "1{b}");
    assert_eq!(filled("{a", [("{a}", "1")]), "{a");
    assert_eq!(filled("界{a}界", [("{a}", "值"), ("{b}", "")]), "界值界");
}

#[test]
fn a_value_is_not_read_again_and_not_escaped() {
    assert_eq!(filled("{a}{b}", [("{a}", "{b}"), ("{b}", "\"")]), "{b}\"");
}

#[test]
fn of_two_placeholders_that_fit_the_longer_counts() {
    assert_eq!(filled("{a}}{a}", [("{a}", "1"), ("{a}}", "2")]), "21");
    assert_eq!(filled("aab", [("a", "1"), ("aa", "2"), ("", "3")]), "2b");
}

#[test]
fn what_would_grow_beyond_the_limit_of_a_content_is_refused_without_being_written() {
    let template = |content: &str, value: String| {
        let content = Content::custom(ObjectName::from("App:Mark"), content);
        PublishTemplate::saying("alice", content).to("bob", [("{a}", value)])
    };
    let to_bob = |content: &str, value| template(content, value).check();
    assert_eq!(to_bob("{a}{a}", "x".repeat(65_536)), Ok(()));
    let refused = to_bob("{a}{a}.", "x".repeat(65_536)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "`content`: at most 131072 bytes, not 131073"
    );
    // Hundreds of gigabytes, were they written.
    let refused = to_bob(&"{a}".repeat(43_000), "x".repeat(10_000_000)).unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("content"));

    let pushing = PublishTemplate {
        push_content: Some(vec!["{a}".repeat(3)]),
        ..template("{a}", "x".repeat(60_000))
    };
    let refused = pushing.check().unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("pushContent"));
}

#[test]
fn very_many_placeholders_take_no_longer_than_a_few() {
    let keys = (0..100_000).map(|number| (format!("{{{number}"), String::new()));
    let values: BTreeMap<String, String> = keys.collect();
    let content = "{".repeat(131_072);
    let template = Template {
        content: &content,
        values: &[values],
        push_content: None,
        push_data: None,
    };
    assert_eq!(template.render().next().unwrap().content, content);
}
