//! Interactive cards.

use mynah_dingtalk::stream::CardCallback;
use mynah_sandbox::World;
use mynah_sandbox::dingtalk::Effect;
use serde_json::{Value, json};

use super::support::*;

const GROUP: &str = "group:chatgeneral";
const SEND: &str = "im/v1.0/robot/interactiveCards/send";
const CARDS: &str = "card/instances";

/// A card of the built-in template with two buttons, as text.
fn standard(title: &str) -> String {
    json!({
        "header": {"title": {"type": "text", "text": title}},
        "contents": [
            {"type": "markdown", "text": "**x**", "id": "1"},
            {"type": "action", "actions": [
                {"type": "button", "label": {"type": "text", "text": "好"},
                    "actionType": "request", "id": "yes"},
                {"type": "button", "label": {"type": "text", "text": "看"},
                    "actionType": "openLink", "url": {"all": "https://x.y"}, "id": "see"},
            ], "id": "2"},
        ],
    })
    .to_string()
}

fn to_group(org: &Org, id: &str) -> Value {
    json!({"cardTemplateId": "StandardCard", "cardBizId": id, "robotCode": APP_KEY,
        "cardData": standard("t"), "openConversationId": general(&org.world)})
}

/// Makes a card and delivers it into the group.
#[track_caller]
fn delivered(org: &mut Org, id: &str, data: Value) -> Value {
    let space = format!("dtv1.card//IM_GROUP.{}", general(&org.world));
    let body = json!({"cardTemplateId": "tpl.schema", "outTrackId": id, "openSpaceId": space,
        "cardData": {"cardParamMap": data}, "callbackType": "STREAM"});
    org.open_ok("POST", "card/instances/createAndDeliver", body)
}

/// The fields that people see on the last card of the group.
fn fields(org: &Org) -> Value {
    parts(&org.world, GROUP)[0]["fields"].clone()
}

fn field(name: &str, value: &str) -> Value {
    json!({"name": name, "value": value})
}

/// What the application was told of a card.
#[track_caller]
fn pressed(org: &mut Org) -> CardCallback {
    let mut told = told(&mut org.world);
    match told.pop() {
        Some(Effect::Card(callback)) => *callback,
        other => panic!("{other:?}"),
    }
}

/// The same with one field changed.
fn with(mut body: Value, field: &str, value: Value) -> Value {
    body[field] = value;
    body
}

#[test]
fn a_built_in_card_is_sent_shown_and_changed() {
    let mut org = Org::new();
    let body = to_group(&org, "biz1");
    let sent = org.open_ok("POST", SEND, body);
    let shown = parts(&org.world, GROUP)[0].clone();
    assert_eq!(
        (&shown["type"], &shown["card_type"]),
        (&json!("card"), &json!("interactive"))
    );
    assert_eq!(
        (&shown["title"], &shown["text"]),
        (&json!("t"), &json!("**x**"))
    );
    assert_eq!(shown["buttons"].as_array().unwrap().len(), 2);

    let body = json!({"cardBizId": "biz1", "cardData": standard("t2")});
    let changed = org.open_ok("PUT", "im/robots/interactiveCards", body);
    assert_eq!(changed, sent);
    assert_eq!(parts(&org.world, GROUP)[0]["title"], "t2");
    assert_eq!(seen(&org.world, GROUP).len(), 1);

    // It is a message of the robot like others.
    let keys = json!([sent["processQueryKey"]]);
    let body = json!({"robotCode": APP_KEY, "openConversationId": general(&org.world),
        "processQueryKeys": keys});
    let recalled = org.open_ok("POST", "robot/groupMessages/recall", body);
    assert_eq!(recalled["successResult"], keys);
}

#[test]
fn a_built_in_card_goes_to_one_person() {
    let mut org = Org::new();
    let body = with(to_group(&org, "biz1"), "openConversationId", Value::Null);
    let body = with(body, "singleChatReceiver", json!("{\"userId\":\"bob\"}"));
    org.open_ok("POST", SEND, body);
    assert_eq!(parts(&org.world, "user:bob")[0]["title"], "t");
    assert!(seen(&org.world, GROUP).is_empty());
}

#[test]
fn a_card_that_cannot_be_sent_is_refused() {
    let mut org = Org::new();
    let good = to_group(&org, "biz1");
    let alone = with(good.clone(), "openConversationId", Value::Null);
    for (body, code) in [
        (
            with(good.clone(), "cardTemplateId", json!("")),
            "parameter.invalid",
        ),
        (
            with(good.clone(), "cardBizId", json!("")),
            "parameter.invalid",
        ),
        (
            with(good.clone(), "cardData", json!("x")),
            "parameter.invalid",
        ),
        (
            with(good.clone(), "robotCode", json!("x")),
            "invalidParameter.robotCode.notExsit",
        ),
        (
            with(good.clone(), "openConversationId", json!("x")),
            "invalid.openConversationId",
        ),
        (alone.clone(), "miss.openConversationId"),
        (
            with(
                alone,
                "singleChatReceiver",
                json!("{\"userId\":\"nobody\"}"),
            ),
            "staffId.notExisted",
        ),
    ] {
        let refused = org.open_refused("POST", SEND, body.clone());
        assert_eq!(refused, (400, code.to_owned()), "{body}");
    }
    let unknown = json!({"cardBizId": "x", "cardData": "{}"});
    let refused = org.open_refused("PUT", "im/robots/interactiveCards", unknown);
    assert_eq!(refused, (400, "parameter.invalid".to_owned()));
}

#[test]
fn nobody_sees_a_card_before_it_is_delivered() {
    let mut org = Org::new();
    let body = json!({"cardTemplateId": "tpl.schema", "outTrackId": "track1",
        "cardData": {"cardParamMap": {"k": "v"}}});
    let made = org.open_ok("POST", CARDS, body);
    assert_eq!(
        made,
        json!({"success": true, "result": {"outTrackId": "track1"}})
    );
    assert!(seen(&org.world, GROUP).is_empty());
    let space = format!("dtv1.card//IM_GROUP.{};IM_ROBOT.bob", general(&org.world));
    let body = json!({"outTrackId": "track1", "openSpaceId": space, "userIdType": 1});
    let delivered = org.open_ok("POST", "card/instances/deliver", body.clone());
    assert_eq!(delivered["success"], true);
    assert_eq!(
        delivered["result"]["deliverResults"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(fields(&org), json!([field("k", "v")]));
    assert_eq!(parts(&org.world, "user:bob"), parts(&org.world, GROUP));
    let by_union_id = with(
        body.clone(),
        "openSpaceId",
        json!("dtv1.card//IM_ROBOT.union-carol"),
    );
    let by_union_id = with(by_union_id, "userIdType", json!(2));
    org.open_ok("POST", "card/instances/deliver", by_union_id);
    assert_eq!(seen(&org.world, "user:carol").len(), 1);
    for (field, value, code) in [
        ("outTrackId", "x", "parameter.invalid"),
        ("openSpaceId", "", "parameter.invalid"),
        ("openSpaceId", "IM_ROBOT.bob", "parameter.invalid"),
        ("openSpaceId", "dtv1.card//ONE_BOX.bob", "parameter.invalid"),
        (
            "openSpaceId",
            "dtv1.card//IM_ROBOT.nobody",
            "staffId.notExisted",
        ),
        (
            "openSpaceId",
            "dtv1.card//IM_ROBOT.bob;IM_GROUP.x",
            "invalid.openConversationId",
        ),
    ] {
        let body = with(body.clone(), field, json!(value));
        let refused = org.open_refused("POST", "card/instances/deliver", body);
        assert_eq!(refused, (400, code.to_owned()), "{value}");
    }
}

#[test]
fn a_card_is_changed_as_a_whole_or_by_name() {
    let mut org = Org::new();
    delivered(&mut org, "track1", json!({"a": "1", "b": "2"}));
    let by_name = json!({"outTrackId": "track1", "cardData": {"cardParamMap": {"b": "3"}},
        "cardUpdateOptions": {"updateCardDataByKey": true}});
    let changed = org.open_ok("PUT", CARDS, by_name);
    assert_eq!(changed["success"], true);
    assert_eq!(fields(&org), json!([field("a", "1"), field("b", "3")]));
    let private = json!({"outTrackId": "track1", "privateData": {"bob": {"cardParamMap": {}}}});
    org.open_ok("PUT", CARDS, private);
    assert_eq!(fields(&org), json!([field("a", "1"), field("b", "3")]));
    let whole = json!({"outTrackId": "track1", "cardData": {"cardParamMap": {"c": "4"}}});
    org.open_ok("PUT", CARDS, whole);
    assert_eq!(fields(&org), json!([field("c", "4")]));
    let unknown = json!({"outTrackId": "x", "cardData": {"cardParamMap": {"c": "4"}}});
    let refused = org.open_refused("PUT", CARDS, unknown);
    assert_eq!(refused, (400, "parameter.invalid".to_owned()));
}

#[test]
fn a_card_is_written_while_somebody_looks_on() {
    let mut org = Org::new();
    delivered(&mut org, "track1", json!({"content": ""}));
    let write = |guid: &str, content: &str, full: bool| {
        json!({"outTrackId": "track1", "guid": guid, "key": "content", "content": content,
            "isFull": full, "isFinalize": false, "isError": false})
    };
    for (body, shown) in [
        (write("1", "你", false), "你"),
        (write("2", "好", false), "你好"),
        // The same call once more.
        (write("2", "好", false), "你好"),
        (write("3", "你好。", true), "你好。"),
    ] {
        let written = org.open_ok("PUT", "card/streaming", body);
        assert_eq!(written["success"], true);
        assert_eq!(fields(&org), json!([field("content", shown)]));
    }
    for missing in ["outTrackId", "guid", "key"] {
        let body = with(write("4", "x", true), missing, json!(""));
        let refused = org.open_refused("PUT", "card/streaming", body);
        assert_eq!(refused, (400, "parameter.invalid".to_owned()), "{missing}");
    }
    assert_eq!(seen(&org.world, GROUP).len(), 1);
}

#[test]
fn a_card_does_not_grow_for_ever() {
    let mut org = Org::new();
    delivered(&mut org, "track1", json!({"content": ""}));
    let half = "x".repeat(512 * 1024);
    let write = |guid: &str| {
        json!({"outTrackId": "track1", "guid": guid, "key": "content", "content": half,
            "isFull": false})
    };
    org.open_ok("PUT", "card/streaming", write("1"));
    let change = json!({"outTrackId": "track1", "cardData": {"cardParamMap": {"more": half}},
        "cardUpdateOptions": {"updateCardDataByKey": true}});
    let new = json!({"cardTemplateId": "t", "outTrackId": "track2",
        "cardData": {"cardParamMap": {"one": half, "two": half}}});
    for (method, path, body) in [
        ("PUT", "card/streaming", write("2")),
        ("PUT", "card/instances", change),
        ("POST", "card/instances", new),
    ] {
        let refused = org.open_refused(method, path, body);
        assert_eq!(refused, (400, "parameter.invalid".to_owned()), "{path}");
    }
}

#[test]
fn a_card_is_delivered_to_100_places_at_most() {
    let mut org = Org::new();
    for (places, status) in [(100, 200), (101, 400)] {
        let spaces = vec!["IM_ROBOT.alice"; places].join(";");
        let body = json!({"cardTemplateId": "t", "outTrackId": "track1",
            "openSpaceId": format!("dtv1.card//{spaces}")});
        let answer = org.open("POST", "card/instances/createAndDeliver", body);
        assert_eq!(answer.0, status, "{}", answer.1);
    }
}

#[test]
fn a_pressed_button_tells_the_application_which() {
    let mut org = Org::new();
    let body = to_group(&org, "biz1");
    org.open_ok("POST", SEND, body);
    let message = last(&org.world, GROUP).id;
    let press = |key: &str| json!({"message": message, "key": key, "params": {"n": 1}});
    act(&mut org.world, "bob", "press", press("yes"));
    let callback = pressed(&mut org);
    assert_eq!(callback.out_track_id.as_deref(), Some("biz1"));
    assert_eq!(callback.user_id, Some("bob".into()));
    assert_eq!(callback.corp_id.as_deref(), Some(CORP));
    assert_eq!(callback.kind.as_deref(), Some("actionCallback"));
    assert_eq!(callback.space_id, Some(general(&org.world)));
    assert_eq!(callback.extension.as_deref(), Some("{}"));
    let action = callback.action().unwrap();
    assert_eq!(action.action_ids, ["yes"]);
    assert_eq!(Value::Object(action.params), json!({"n": 1}));
    // A button that opens a page tells nobody, nor does one that is not there.
    for key in ["see", "no"] {
        assert!(
            try_act(&mut org.world, "bob", "press", press(key)).is_err(),
            "{key}"
        );
    }
    assert!(told(&mut org.world).is_empty());
}

#[test]
fn what_buttons_a_template_of_ones_own_has_is_not_known() {
    let mut org = Org::new();
    delivered(&mut org, "track1", json!({"k": "v"}));
    let message = last(&org.world, GROUP).id;
    let press = json!({"message": message, "key": "any"});
    act(&mut org.world, "erin", "press", press);
    let callback = pressed(&mut org);
    assert_eq!(callback.action().unwrap().action_ids, ["any"]);
    let written = callback.to_json();
    // The names of the recorded callback.
    for name in [
        "extension",
        "corpId",
        "userId",
        "outTrackId",
        "content",
        "spaceId",
        "spaceType",
    ] {
        assert!(written[name].is_string(), "{name}");
    }
    let elsewhere = json!({"message": "x", "key": "any"});
    assert!(try_act(&mut org.world, "erin", "press", elsewhere).is_err());
}

#[test]
fn a_snapshot_holds_the_cards() {
    let mut org = Org::new();
    delivered(&mut org, "track1", json!({"k": "v"}));
    let snapshot = org.world.snapshot();
    let before = parts(&org.world, GROUP);
    org.world.reset();
    org.world.restore(snapshot).unwrap();
    assert_eq!(parts(&org.world, GROUP), before);
}

#[test]
fn another_clients_cards_are_answered_in_the_recorded_shape() {
    const SEED: &str = r#"
        [dingtalk]
        corp_id = "c"
        app = { key = "dingappkeyxxx", secret = "s", agent_id = 1 }
        people = [{ userid = "user123", name = "Alice" }]
        groups = [{ chatid = "chatg", name = "g", owner = "user123", members = ["user123"],
            open_conversation_id = "cid6KeBBLoveMJOGXoYKF5x7EeiodoA==", robot = true }]
    "#;
    for name in [
        "stream.reply_card.group",
        "stream.reply_card.single",
        "stream.create_and_deliver_card.group",
        "stream.create_and_deliver_card.single",
    ] {
        let mut world = org_of(SEED);
        let asked = request("GET", "/gettoken?appkey=dingappkeyxxx&appsecret=s", b"");
        let token = send(&mut world, &asked).0["access_token"].clone();
        let (mut request, recorded) = recorded(name);
        let token = token.as_str().unwrap().parse().unwrap();
        let header = "x-acs-dingtalk-access-token";
        request.headers_mut().insert(header, token);
        let response = raw(&mut world, &request);
        assert_eq!(response.status(), 200, "{name}: {:?}", response.body());
        let answer: Value = serde_json::from_slice(response.body()).unwrap();
        for (field, _) in recorded.as_object().unwrap() {
            assert!(answer.get(field).is_some(), "{name}: {field} in {answer}");
        }
    }
}
