//! Limits, mentions and templates.

use std::time::{Duration, SystemTime};

use mynah_dingtalk::api::top::{At, GetAdminScope};
use mynah_dingtalk::message::{
    ActionCard, Link, Markdown, Template, TemplateCard, Text, WebhookCard, cut, limit,
};
use mynah_dingtalk::{Message, WebhookMessage};
use proptest::prelude::*;
use serde_json::json;

proptest! {
    /// A cut text is the longest beginning of so many characters.
    #[test]
    fn a_cut_text_is_the_longest_beginning_that_fits(text in "\\PC{0,40}", most in 0..50_usize) {
        let short = cut(&text, most);
        prop_assert!(text.starts_with(short));
        prop_assert_eq!(short.chars().count(), text.chars().count().min(most));
    }

    /// A template is read as it was written, whatever is said in it.
    #[test]
    fn templates_are_read_as_they_are_written(
        title in "\\PC{0,20}", text in "\\PC{0,20}",
        buttons in prop::collection::vec(("\\PC{0,8}", "\\PC{0,8}"), 1..6), beside in any::<bool>(),
    ) {
        let two = buttons.len() == 2;
        let card = TemplateCard {
            side_by_side: beside && two,
            ..TemplateCard::new(title.clone(), text.clone(), buttons)
        };
        for template in [
            Template::Card(card), Template::markdown(title, text.as_str()), Template::text(text),
        ] {
            prop_assert!(Template::KEYS.contains(&template.key()));
            let read = Template::read(template.key().to_owned(), template.param());
            prop_assert_eq!(read, template);
        }
    }

    /// Nothing that a client may send as a template is lost or makes the server panic.
    #[test]
    fn any_template_settles(key in "sample[A-Za-z0-9]{0,12}", param in "\\PC{0,20}") {
        let read = Template::read(key.clone(), param);
        prop_assert_eq!(read.key(), &key);
        let again = Template::read(read.key().to_owned(), read.param());
        prop_assert_eq!(again, read);
    }

    /// Dates are right on any day until 2200: checked against the length of each month.
    #[test]
    fn the_time_in_china_counts_days_months_and_leap_years(day in 0..84_000_u64) {
        let shown = |day: u64| {
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(day * 86_400);
            At::<GetAdminScope>::from(time).timestamp
        };
        let parts = |text: String| -> (u32, u32, u32) {
            let date: Vec<u32> =
                text[..10].split('-').map(|part| part.parse().unwrap()).collect();
            (date[0], date[1], date[2])
        };
        let ((year, month, before), after) = (parts(shown(day)), parts(shown(day + 1)));
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            2 => 28 + u32::from(leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        let expected = match (before == last, month) {
            (false, _) => (year, month, before + 1),
            (true, 12) => (year + 1, 1, 1),
            (true, _) => (year, month + 1, 1),
        };
        prop_assert_eq!(after, expected);
    }
}

#[test]
fn the_time_of_a_call_to_top_is_that_in_china() {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    let at = At::<GetAdminScope>::from(time);
    assert_eq!(at.timestamp, "2023-11-15 06:13:20");
}

#[test]
fn a_message_is_too_long_at_one_character_more_than_the_limit() {
    let long = |count: usize| "a".repeat(count);
    let link = |title: usize| Message::from(Link::new(long(title), "x", "https://a", "@p"));
    assert!(!link(limit::TITLE).is_too_long());
    assert!(link(limit::TITLE + 1).is_too_long());
    let card = |title: usize, url: usize| {
        Message::from(ActionCard::single("t", "x", long(title), long(url)))
    };
    assert!(!card(limit::SINGLE_TITLE, limit::SINGLE_URL).is_too_long());
    assert!(card(limit::SINGLE_TITLE + 1, 1).is_too_long());
    assert!(card(1, limit::SINGLE_URL + 1).is_too_long());
    // The whole has a limit too, in bytes.
    let around = Message::text("").size();
    assert!(!Message::text(long(limit::MESSAGE - around)).is_too_long());
    assert!(Message::text(long(limit::MESSAGE - around + 1)).is_too_long());
    assert!(Message::text("界".repeat(683)).is_too_long());
    let template = |count: usize| Template::text(long(count)).is_too_long();
    let around = Template::text("").param().len();
    assert!(!template(limit::TEMPLATE - around) && template(limit::TEMPLATE - around + 1));
}

#[test]
fn a_mention_is_shown_in_the_text_once() {
    let said = |message: &WebhookMessage| serde_json::to_value(message).unwrap();
    let plain = WebhookMessage::text("开会")
        .mention("alice")
        .mention_mobile("15000000001");
    assert_eq!(
        said(&plain),
        json!({
            "msgtype": "text",
            "text": {"content": "开会 @alice @15000000001"},
            "at": {"atMobiles": ["15000000001"], "atUserIds": ["alice"]},
        })
    );
    let there = WebhookMessage::text("@alice 开会").mention("alice");
    assert_eq!(said(&there)["text"]["content"], "@alice 开会");
    // Somebody whose name only begins so is somebody else.
    let other = WebhookMessage::text("@alice2 开会").mention("alice");
    assert_eq!(said(&other)["text"]["content"], "@alice2 开会 @alice");
    let rich = WebhookMessage::markdown("t", "开会")
        .mention("bob")
        .mention_all();
    assert_eq!(said(&rich)["markdown"]["text"], "开会 @bob");
    assert_eq!(said(&rich)["at"]["isAtAll"], true);
    assert_eq!(said(&WebhookMessage::empty()), json!({"msgtype": "empty"}));
}

#[test]
fn one_button_makes_the_others_not_count() {
    let mut card = WebhookCard::single("t", "x", "查看", "https://a");
    assert!(card.is_single());
    card.single_url = Some(String::new());
    assert!(!card.is_single());
}

#[test]
fn a_template_is_known_by_its_name_and_its_json() {
    let read = |key: &str, param: &str| Template::read(key.into(), param.into());
    assert_eq!(
        read("sampleText", r#"{"content": "你好"}"#),
        Template::text("你好")
    );
    for (key, param) in [
        ("sampleText", "你好"),
        ("sampleText", r#"["你好"]"#),
        ("sampleHologram", r#"{"content":"你好"}"#),
        ("", ""),
    ] {
        let other = Template::Other {
            key: key.into(),
            param: param.into(),
        };
        assert_eq!(read(key, param), other);
    }
    let six = TemplateCard::new("t", "x", (0..6).map(|n| (n.to_string(), "https://a")));
    assert_eq!(Template::from(six.clone()).key(), "sampleActionCard5");
    assert!(!Template::from(six).param().contains("actionTitle6"));
    assert_eq!(Template::from(Text::new("x")).key(), "sampleText");
    assert_eq!(
        Template::from(Markdown::new("t", "x")).key(),
        "sampleMarkdown"
    );
}
