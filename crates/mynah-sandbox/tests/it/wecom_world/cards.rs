//! Cards that are pressed and that change.

use mynah_wecom::card::TemplateCard;
use mynah_wecom::event::{Event, Kind};
use mynah_wecom::reply::PassiveReply;
use serde_json::{Value, json};

use super::support::*;

/// A card that was sent to alice and bob: the answer to the call.
fn sent(corp: &mut Corp) -> Value {
    corp.ok(
        "message/send",
        message("alice|bob", "template_card", buttons("task-1")),
    )
}

fn press(corp: &mut Corp, who: &str, sent: &Value, key: &str) -> mynah_wecom::event::Callback {
    let details = json!({"message": sent["msgid"], "key": key});
    act(&mut corp.world, who, "press", details);
    one_told(&mut corp.world).application()
}

/// The code that came with an event.
fn code_of(callback: &mynah_wecom::event::Callback) -> String {
    match &callback.kind {
        Kind::Event(Event::TemplateCardEvent(pressed) | Event::TemplateCardMenuEvent(pressed)) => {
            pressed.response_code.to_string()
        }
        other => panic!("{other:?}"),
    }
}

fn face(corp: &Corp, who: &str) -> Value {
    card(&last(&corp.world, &format!("user:{who}")))
}

#[test]
fn an_interactive_card_comes_with_a_code() {
    let mut corp = Corp::new();
    assert!(sent(&mut corp)["response_code"].as_str().unwrap().len() > 20);
    let text = corp.tell_alice("text", json!({"content": "x"}));
    assert_eq!(text.get("response_code"), None);
}

#[test]
fn a_pressed_button_tells_the_application_and_allows_one_change() {
    let mut corp = Corp::new();
    let sent = sent(&mut corp);
    let told = press(&mut corp, "alice", &sent, "yes");
    assert_eq!(told.name(), "event.template_card_event");
    assert_eq!(told.from_user_name.as_str(), "alice");
    assert_eq!(told.event_key(), Some("yes"));
    let update = json!({"userids": ["alice", "ghost"], "agentid": AGENT,
        "response_code": code_of(&told), "button": {"replace_name": "已同意"}});
    let answer = corp.ok("message/update_template_card", update.clone());
    assert_eq!(answer["invaliduser"], json!(["ghost"]));
    assert_eq!(face(&corp, "alice")["answered"], "yes");
    assert_eq!(face(&corp, "alice")["buttons"][0]["label"], "已同意");
    // Only where alice sees it, and it cannot be pressed again.
    assert_eq!(face(&corp, "bob")["answered"], Value::Null);
    let again = json!({"message": sent["msgid"], "key": "no"});
    assert_eq!(may_not(&mut corp.world, "alice", "press", again), 403);
    assert_eq!(corp.refused("message/update_template_card", update), 40058);
}

#[test]
fn a_code_works_for_72_hours_in_its_own_application() {
    let mut corp = Corp::new();
    let sent = sent(&mut corp);
    let update = json!({"atall": 1, "agentid": AGENT, "response_code": sent["response_code"],
        "button": {"replace_name": "x"}});
    let other = corp.other.clone();
    let foreign = with(update.clone(), "agentid", json!(OTHER_AGENT));
    let answer = post(
        &mut corp.world,
        "message/update_template_card",
        &other,
        &foreign,
    );
    assert_eq!(answer.code(), 40058);
    corp.wait(72 * 3600);
    corp.token = token(&mut corp.world, "sandbox-secret");
    assert_eq!(corp.refused("message/update_template_card", update), 40058);
    let fresh = corp.tell_alice("template_card", buttons("task-2"));
    let update = json!({"atall": 1, "agentid": AGENT, "response_code": fresh["response_code"],
        "template_card": {"card_type": "text_notice", "main_title": {"title": "done"},
            "card_action": {"type": 1, "url": "https://x.y"}}});
    corp.ok("message/update_template_card", update);
    assert_eq!(face(&corp, "alice")["title"], "done");
}

#[test]
fn a_change_of_a_card_is_checked() {
    let mut corp = Corp::new();
    let sent = sent(&mut corp);
    let good = json!({"userids": ["alice"], "agentid": AGENT,
        "response_code": sent["response_code"], "button": {"replace_name": "x"}});
    for (change, code) in [
        (with(good.clone(), "agentid", json!(OTHER_AGENT)), 301_002),
        (with(good.clone(), "agentid", Value::Null), 41011),
        (with(good.clone(), "response_code", json!("unknown")), 40058),
        (with(good.clone(), "button", Value::Null), 40058),
        (with(good.clone(), "button", json!({})), 40063),
        (with(good.clone(), "userids", json!([])), 82001),
        (with(good.clone(), "template_card", buttons("t")), 40058),
    ] {
        assert_eq!(corp.refused("message/update_template_card", change), code);
    }
}

#[test]
fn the_menu_of_a_card_is_another_event() {
    let mut corp = Corp::new();
    let sent = sent(&mut corp);
    let told = press(&mut corp, "bob", &sent, "later");
    assert_eq!(told.name(), "event.template_card_menu_event");
}

#[test]
fn a_vote_tells_what_was_chosen() {
    let mut corp = Corp::new();
    let vote = json!({"card_type": "vote_interaction", "main_title": {"title": "午饭"},
        "task_id": "vote-1", "submit_button": {"text": "提交", "key": "submit"},
        "checkbox": {"question_key": "lunch", "mode": 1, "option_list":
            [{"id": "rice", "text": "米饭"}, {"id": "noodles", "text": "面", "is_checked": true}]}});
    let sent = corp.tell_alice("template_card", vote);
    let shown = face(&corp, "alice");
    assert_eq!(shown["choices"][0]["multiple"], true);
    assert_eq!(shown["choices"][0]["options"][1]["selected"], true);
    let details =
        |chosen: Value| json!({"message": sent["msgid"], "key": "submit", "selected": chosen});
    for (chosen, status) in [
        (json!({"dinner": "rice"}), 404),
        (json!({"lunch": "soup"}), 404),
        (json!({"lunch": 7}), 400),
    ] {
        assert_eq!(
            may_not(&mut corp.world, "alice", "press", details(chosen)),
            status
        );
    }
    let chosen = json!({"lunch": ["rice", "noodles"]});
    act(&mut corp.world, "alice", "press", details(chosen));
    let told = one_told(&mut corp.world).application();
    let Kind::Event(Event::TemplateCardEvent(pressed)) = &told.kind else {
        panic!("{told:?}");
    };
    assert_eq!(pressed.selected_items[0].question_key, "lunch");
    assert_eq!(pressed.selected_items[0].option_ids, ["rice", "noodles"]);
    assert_eq!(pressed.card_type, "vote_interaction");
}

#[test]
fn drop_downs_are_shown_with_their_choices() {
    let mut corp = Corp::new();
    let choices = json!({"card_type": "multiple_interaction", "task_id": "m-1",
        "submit_button": {"text": "提交", "key": "submit"},
        "select_list": [{"question_key": "q", "title": "城市", "selected_id": "b",
            "option_list": [{"id": "a", "text": "A"}, {"id": "b", "text": "B"}]}]});
    corp.tell_alice("template_card", choices);
    let shown = face(&corp, "alice");
    assert_eq!(shown["choices"][0]["title"], "城市");
    assert_eq!(shown["choices"][0]["options"][1]["selected"], true);
    assert_eq!(shown["buttons"][0]["key"], "submit");
}

fn drop_down(options: usize) -> Value {
    let options: Vec<Value> = (0..options)
        .map(|at| json!({"id": at.to_string(), "text": "t"}))
        .collect();
    json!({"question_key": "q", "option_list": options})
}

fn choices(options: usize) -> Value {
    json!({"card_type": "multiple_interaction", "task_id": format!("choices-{options}"),
        "select_list": [drop_down(options)], "submit_button": {"text": "s", "key": "k"}})
}

fn vote(option: &str, key: &str) -> Value {
    json!({"card_type": "vote_interaction", "task_id": format!("vote-{}", option.len() + key.len()),
        "checkbox": {"question_key": "q", "option_list": [{"id": option, "text": "t"}]},
        "submit_button": {"text": "s", "key": key}})
}

#[test]
fn a_card_may_be_as_large_as_it_is_written() {
    let mut corp = Corp::new();
    for card in [
        with(buttons("largest"), "button_selection", drop_down(10)),
        choices(1),
        choices(10),
        vote(&"i".repeat(128), &"k".repeat(1024)),
    ] {
        corp.ok("message/send", message("alice", "template_card", card));
    }
}

#[test]
fn a_notice_has_short_texts() {
    let mut corp = Corp::new();
    let notice = json!({"appid": "wx1", "title": "四个汉字", "description": "十二个字符以内都可以吧",
        "page": "p".repeat(1024), "content_item": [{"key": "k".repeat(10), "value": "v".repeat(30)}]});
    let kind = "miniprogram_notice";
    corp.ok("message/send", message("alice", kind, notice.clone()));
    for (field, value) in [
        ("title", json!("三个字")),
        ("description", json!("三个字")),
        ("description", json!("d".repeat(13))),
        ("page", json!("p".repeat(1025))),
        (
            "content_item",
            json!([{"key": "k".repeat(11), "value": "v"}]),
        ),
        (
            "content_item",
            json!([{"key": "k", "value": "v".repeat(31)}]),
        ),
    ] {
        let body = message("alice", kind, with(notice.clone(), field, value));
        assert_eq!(corp.refused("message/send", body), 40058, "{field}");
    }
}

#[test]
fn a_card_must_be_whole() {
    let mut corp = Corp::new();
    let good = buttons("task-1");
    for bad in [
        with(good.clone(), "card_type", json!("poem")),
        with(good.clone(), "task_id", Value::Null),
        with(good.clone(), "button_list", json!([])),
        with(
            good.clone(),
            "button_list",
            json!([{"text": "a", "key": "k"}, {"text": "b", "key": "k"}]),
        ),
        with(
            good.clone(),
            "horizontal_content_list",
            json!(vec![json!({"keyname": "k"}); 7]),
        ),
        json!({"card_type": "text_notice", "main_title": {"title": "t"}}),
        json!({"card_type": "vote_interaction", "task_id": "t"}),
        json!({"card_type": "multiple_interaction", "task_id": "t"}),
        with(good.clone(), "button_selection", drop_down(0)),
        with(good.clone(), "button_selection", drop_down(11)),
        with(choices(11), "task_id", json!("t")),
        vote(&"i".repeat(129), "k"),
        vote("i", &"k".repeat(1025)),
        with(good.clone(), "quote_area", json!({"type": 2})),
        with(good.clone(), "card_action", json!({"type": 2})),
        with(
            good.clone(),
            "card_image",
            json!({"url": "https://x.y", "aspect_ratio": 2.3}),
        ),
        with(good.clone(), "feedback", json!({"id": "f".repeat(257)})),
    ] {
        let body = message("alice", "template_card", bad.clone());
        assert_eq!(corp.refused("message/send", body), 40058, "{bad}");
    }
    let body = message(
        "alice",
        "template_card",
        with(good, "task_id", json!("a b")),
    );
    assert_eq!(corp.refused("message/send", body), 42014);
}

#[test]
fn a_task_is_about_one_message_of_an_application() {
    let mut corp = Corp::new();
    sent(&mut corp);
    let again = message("alice", "template_card", buttons("task-1"));
    assert_eq!(corp.refused("message/send", again), 40058);
}

#[test]
fn an_application_changes_the_card_in_its_answer_to_the_event() {
    let mut corp = Corp::new();
    let sent = sent(&mut corp);
    let told = press(&mut corp, "alice", &sent, "no");
    let reply = PassiveReply::UpdateButton {
        replace_name: "已拒绝".to_owned(),
    };
    corp.world
        .application_answered(&told, Some(reply.clone()))
        .unwrap();
    assert_eq!(face(&corp, "alice")["answered"], "no");
    assert_eq!(face(&corp, "alice")["buttons"][1]["label"], "已拒绝");
    assert_eq!(face(&corp, "bob")["answered"], Value::Null);
    // Once for each event.
    assert!(corp.world.application_answered(&told, Some(reply)).is_err());
    let told = press(&mut corp, "bob", &sent, "yes");
    let card: TemplateCard = serde_json::from_value(buttons("task-1")).unwrap();
    let reply = PassiveReply::update_template_card(card);
    corp.world.application_answered(&told, Some(reply)).unwrap();
    assert_eq!(face(&corp, "bob")["answered"], Value::Null);
}

#[test]
fn an_older_task_card_is_pressed_and_replaced() {
    let mut corp = Corp::new();
    let task = json!({"title": "t", "description": "d", "task_id": "task-1",
        "btn": [{"key": "yes", "name": "同意"}, {"key": "no", "name": "拒绝"}]});
    let sent = corp.tell_alice("taskcard", task);
    let told = press(&mut corp, "alice", &sent, "yes");
    assert_eq!(told.name(), "event.taskcard_click");
    let update = json!({"userids": ["alice", "ghost"], "agentid": AGENT, "task_id": "task-1",
        "replace_name": "已同意"});
    for (change, code) in [
        (with(update.clone(), "task_id", json!("other")), 42016),
        (with(update.clone(), "agentid", json!(OTHER_AGENT)), 301_002),
    ] {
        assert_eq!(corp.refused("message/update_taskcard", change), code);
    }
    let other = corp.other.clone();
    let foreign = with(update.clone(), "agentid", json!(OTHER_AGENT));
    let answer = post(&mut corp.world, "message/update_taskcard", &other, &foreign);
    assert_eq!(answer.code(), 42015);
    let answer = corp.ok("message/update_taskcard", update);
    assert_eq!(answer["invaliduser"], json!(["ghost"]));
    assert_eq!(face(&corp, "alice")["answered"], "yes");
    assert_eq!(face(&corp, "alice")["buttons"][0]["label"], "已同意");
}

#[test]
fn only_what_is_on_a_card_can_be_pressed() {
    let mut corp = Corp::new();
    let sent = sent(&mut corp);
    let id = sent["msgid"].clone();
    let world = &mut corp.world;
    assert_eq!(
        may_not(
            world,
            "alice",
            "press",
            json!({"message": id, "key": "maybe"})
        ),
        404
    );
    assert_eq!(
        may_not(
            world,
            "carol",
            "press",
            json!({"message": id, "key": "yes"})
        ),
        404
    );
    assert_eq!(
        may_not(
            world,
            "alice",
            "press",
            json!({"message": "x", "key": "yes"})
        ),
        404
    );
    assert_eq!(
        may_not(world, "alice", "press", json!({"message": id})),
        400
    );
    let text = corp.tell_alice("text", json!({"content": "x"}));
    let details = json!({"message": text["msgid"], "key": "yes"});
    assert_eq!(may_not(&mut corp.world, "alice", "press", details), 400);
    corp.ok("message/recall", json!({"msgid": id}));
    let details = json!({"message": id, "key": "yes"});
    assert_eq!(may_not(&mut corp.world, "alice", "press", details), 403);
}
