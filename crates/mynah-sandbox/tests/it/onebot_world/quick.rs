//! A quick operation does what the actions do that it stands for.

use serde_json::{Value, json};

use super::support::*;
use mynah_sandbox::World;
use mynah_sandbox::onebot::OneBotWorld;

/// A world in which the events of the vectors have happened: message 1002 is
/// alice's in the group, the requests are open, dave wears a mask.
fn arranged() -> (OneBotWorld, Value) {
    let mut world = world();
    say(&mut world, "alice", "user:bot", "你好～");
    say(&mut world, "alice", "group:general", "在吗");
    let masked =
        json!({ "from": "dave", "to": "group:general", "text": "谁说的", "anonymous": true });
    events(&mut world);
    try_say(&mut world, masked).unwrap();
    let mask = event(&mut world)["anonymous"].clone();
    act(&mut world, "erin", "befriend", json!({}));
    act(&mut world, "erin", "leave", json!({ "group": "general" }));
    act(
        &mut world,
        "erin",
        "request_join",
        json!({ "group": "general" }),
    );
    ok(&mut world, "set_group_leave", json!({ "group_id": OTHER }));
    act(
        &mut world,
        "alice",
        "invite",
        json!({ "group": "other", "target": "bot" }),
    );
    events(&mut world);
    (world, mask)
}

#[test]
fn a_quick_operation_does_what_its_actions_do() {
    let cases = vectors("quick_operations");
    let cases = cases["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 31);
    let (arranged, mask) = arranged();
    for case in cases {
        // The recorded mask is nobody's here.
        let mut case = case.clone();
        for place in ["/event/anonymous", "/actions/0/params/anonymous"] {
            if let Some(recorded) = case.pointer_mut(place).filter(|it| it.is_object()) {
                *recorded = mask.clone();
            }
        }
        let mut by_operation = arranged.clone();
        let operation = serde_json::from_value(case["operation"].clone()).unwrap();
        by_operation.quick_operation(&case["event"], &operation);

        let mut by_actions = arranged.clone();
        for action in case["actions"].as_array().unwrap() {
            let name = action["action"].as_str().unwrap();
            call(&mut by_actions, name, action["params"].clone());
        }
        let name = &case["name"];
        assert!(by_operation.snapshot() == by_actions.snapshot(), "{name}");
        assert_eq!(events(&mut by_operation), events(&mut by_actions), "{name}");
        let nothing_expected = case["actions"] == json!([]);
        let nothing_done = by_operation.snapshot() == arranged.snapshot();
        assert_eq!(nothing_done, nothing_expected, "{name}");
    }
}

#[test]
fn over_a_socket_it_is_an_action_that_always_succeeds() {
    let (mut world, _) = arranged();
    let context = json!({ "post_type": "message", "message_type": "group", "sub_type": "normal",
        "group_id": GENERAL, "user_id": ALICE, "message_id": 1002, "self_id": BOT });
    let handle = |operation: Value| json!({ "context": context, "operation": operation });
    ok(
        &mut world,
        ".handle_quick_operation",
        handle(json!({ "reply": "在" })),
    );
    let said = seen(&world, "group:general").pop().unwrap();
    assert_eq!(said.from.id, BOT.to_string());

    // The message is gone after the first, yet the second is answered alike.
    for _ in 0..2 {
        ok(
            &mut world,
            ".handle_quick_operation",
            handle(json!({ "delete": true })),
        );
    }
    assert_eq!(told(&mut world), ["notice.group_recall"]);
    let answer = call(
        &mut world,
        ".handle_quick_operation_async",
        handle(json!({ "reply": "x" })),
    );
    assert_eq!(answer.retcode(), 1);

    for wrong in [
        json!({ "context": context }),
        json!({ "operation": {} }),
        json!({ "context": [], "operation": {} }),
        json!({ "context": context, "operation": "reply" }),
    ] {
        assert_eq!(refused(&mut world, ".handle_quick_operation", wrong), 100);
    }
}
