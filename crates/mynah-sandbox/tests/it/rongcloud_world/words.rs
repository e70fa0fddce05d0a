//! The word filter.

use mynah_rongcloud::event::Event;
use mynah_sandbox::World;
use serde_json::{Value, json};

use super::support::{Service, events, last, parts, say, says, told};

#[test]
fn words_are_added_and_deleted_and_listed_as_they_came() {
    let mut service = Service::new();
    for word in ["money", "敏感词", "money"] {
        service.ok("wordfilter/add", &[("word", word)]);
    }
    let listed = service.ok("wordfilter/list", &[]);
    assert_eq!(
        listed,
        json!({ "code": 200, "words": [{ "word": "money" }, { "word": "敏感词" }] })
    );
    service.ok("wordfilter/delete", &[("word", "money")]);
    service.ok("wordfilter/delete", &[("word", "money")]);
    let listed = service.ok("wordfilter/list", &[]);
    assert_eq!(listed["words"], json!([{ "word": "敏感词" }]));
}

#[test]
fn both_names_of_the_filter_mean_one_list() {
    let mut service = Service::new();
    service.ok("wordfilter/add", &[("word", "gold")]);
    service.ok(
        "sensitiveword/add",
        &[("word", "money"), ("replaceWord", "***")],
    );
    let gold = json!({ "type": "1", "word": "gold", "replaceWord": "" });
    let money = json!({ "type": "0", "word": "money", "replaceWord": "***" });
    let list = |service: &mut Service, form: &[(&str, &str)]| {
        service.ok("sensitiveword/list", form)["words"].clone()
    };
    assert_eq!(list(&mut service, &[]), json!([gold]));
    assert_eq!(list(&mut service, &[("type", "1")]), json!([gold]));
    assert_eq!(list(&mut service, &[("type", "0")]), json!([money]));
    assert_eq!(list(&mut service, &[("type", "2")]), json!([gold, money]));
    for kind in ["3", "-1"] {
        let refused = service.refused("sensitiveword/list", &[("type", kind)]);
        assert_eq!(refused, (400, 1002), "{kind}");
    }
    assert_eq!(
        service.ok("wordfilter/list", &[])["words"],
        json!([{ "word": "gold" }, { "word": "money" }])
    );
    service.ok(
        "sensitiveword/batch/delete",
        &[("words", "gold"), ("words", "x")],
    );
    service.ok("sensitiveword/delete", &[("word", "money")]);
    assert_eq!(list(&mut service, &[("type", "2")]), json!([]));
}

#[test]
fn there_are_50_words_of_32_characters() {
    let mut service = Service::new();
    for path in [
        "wordfilter/add",
        "wordfilter/delete",
        "sensitiveword/add",
        "sensitiveword/delete",
    ] {
        assert_eq!(service.refused(path, &[]), (400, 1002), "{path}");
        assert_eq!(
            service.refused(path, &[("word", "")]),
            (400, 1002),
            "{path}"
        );
        let long = "敏".repeat(33);
        assert_eq!(
            service.refused(path, &[("word", &long)]),
            (400, 1005),
            "{path}"
        );
        service.ok(path, &[("word", &long["敏".len()..])]);
        service.ok("wordfilter/delete", &[("word", &long["敏".len()..])]);
    }
    for number in 0..50 {
        service.ok("wordfilter/add", &[("word", &format!("w{number}"))]);
    }
    for path in ["wordfilter/add", "sensitiveword/add"] {
        assert_eq!(
            service.refused(path, &[("word", "one more")]),
            (403, 1019),
            "{path}"
        );
        service.ok(path, &[("word", "w7")]);
    }
    let words: Vec<String> = (0..51).map(|number| format!("w{number}")).collect();
    let form: Vec<(&str, &str)> = words.iter().map(|it| ("words", it.as_str())).collect();
    assert_eq!(
        service.refused("sensitiveword/batch/delete", &form),
        (400, 1002)
    );
    assert_eq!(
        service.refused("sensitiveword/batch/delete", &[]),
        (400, 1002)
    );
    service.ok("sensitiveword/batch/delete", &form[1..]);
    assert_eq!(
        service.ok("wordfilter/list", &[])["words"],
        json!([{ "word": "w0" }])
    );
}

#[test]
fn what_people_say_with_a_word_in_it_nobody_sees() {
    let mut service = Service::new();
    service.ok("wordfilter/add", &[("word", "money")]);
    let uid = say(&mut service.world, "alice", "user:bot", "give me money");
    let message = last(&service.world, "user:alice");
    assert_eq!((message.id, message.tag), (uid, Some("undelivered")));
    assert!(told(&mut service.world).is_empty());
    assert_eq!(
        service.ok("message/history", &[("date", "2023111506")])["url"],
        ""
    );
    say(&mut service.world, "alice", "user:bot", "Money");
    assert_eq!(
        last(&service.world, "user:alice").tag,
        None,
        "it is another word"
    );
    told(&mut service.world);
    service.world.settings_mut().route_blocked_messages = true;
    say(&mut service.world, "alice", "group:general", "money");
    let events = events(&mut service.world);
    let [Event::Route(message)] = events.as_slice() else {
        panic!("{events:?}");
    };
    assert_eq!(message.sensitive_type.unwrap().number(), 1);
}

#[test]
fn what_people_say_arrives_with_its_words_replaced() {
    let mut service = Service::new();
    service.ok(
        "sensitiveword/add",
        &[("word", "money"), ("replaceWord", "***")],
    );
    let content = json!({ "content": "no money, \"money\"", "extra": "money" });
    let message = json!({ "objectName": "RC:TxtMsg", "content": content });
    says(&mut service.world, "alice", "user:bot", message);
    assert_eq!(
        parts(&service.world, "user:alice")[0]["text"],
        "no ***, \"***\""
    );
    let events = events(&mut service.world);
    let [Event::Route(message)] = events.as_slice() else {
        panic!("{events:?}");
    };
    assert_eq!(message.sensitive_type.unwrap().number(), 2);
    let content: Value = serde_json::from_str(&message.content).unwrap();
    assert_eq!(
        content,
        json!({ "content": "no ***, \"***\"", "extra": "money" })
    );
}

#[test]
fn only_text_messages_of_people_are_looked_at() {
    let mut service = Service::new();
    service.ok("wordfilter/add", &[("word", "money")]);
    let order = json!({ "objectName": "MY:Order", "content": "money" });
    says(&mut service.world, "alice", "user:bot", order);
    assert_eq!(last(&service.world, "user:alice").tag, None);
    let form = [
        ("fromUserId", "alice"),
        ("toUserId", "bot"),
        ("objectName", "RC:TxtMsg"),
        ("content", "{\"content\":\"money\"}"),
    ];
    service.ok("message/private/publish", &form);
    assert_eq!(parts(&service.world, "user:alice")[0]["text"], "money");
    assert_eq!(told(&mut service.world).len(), 2);
    assert_eq!(
        service
            .world
            .messages("user:alice", None, 9)
            .unwrap()
            .messages
            .len(),
        2
    );
}
