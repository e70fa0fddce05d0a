//! Groups, in version 1.0.

use super::support::*;
use serde_json::{Value, json};

fn group(org: &mut Org) -> Value {
    let body = json!({ "name": "值班", "owner": "alice", "useridlist": ["alice", "bob"],
        "managementOptions": { "searchable": 1 } });
    org.open_ok("POST", "im/group/create", body)
}

fn info(org: &mut Org, chatid: &Value) -> Value {
    let query = format!("chatid={}", chatid.as_str().unwrap());
    org.ok_get("chat/get", &query)["chat_info"].clone()
}

#[test]
fn both_interfaces_have_the_same_groups() {
    let mut org = Org::new();
    let made = group(&mut org);
    assert_eq!(made["conversationTag"], 2);
    let chatid = made["chatid"].clone();
    let classic = info(&mut org, &chatid);
    assert_eq!(
        (&classic["name"], &classic["searchable"]),
        (&json!("值班"), &json!(1))
    );
    let body = json!({ "chatid": chatid, "name": "新", "owner": "bob", "add_useridlist": ["carol"],
        "del_useridlist": ["alice"], "managementOptions": { "chatBannedType": 1 } });
    let answer = org.open_ok("POST", "im/group/update", body);
    assert_eq!(answer, json!({ "success": true }));
    let classic = info(&mut org, &chatid);
    assert_eq!(classic["useridlist"], json!(["bob", "carol"]));
    // A switch that is absent stays as it is.
    assert_eq!(
        (&classic["searchable"], &classic["chatBannedType"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(names(&mut org.world).len(), 4);

    let path = format!(
        "im/chat/{}/convertToOpenConversationId",
        chatid.as_str().unwrap()
    );
    let answer = org.open_ok("POST", &path, Value::Null);
    assert_eq!(
        answer,
        json!({ "openConversationId": made["openConversationId"] })
    );
    let path = "im/chat/chatnone/convertToOpenConversationId";
    let refused = org.open_refused("POST", path, Value::Null);
    assert_eq!(refused, (400, "invalideChatId".to_owned()));
}

#[test]
fn every_rule_that_is_broken_is_the_same_refusal() {
    let mut org = Org::new();
    let made = group(&mut org);
    let refused = (400, "parameter.invalid".to_owned());
    let forty_one: Vec<String> = (0..41).map(|at| format!("u{at}")).collect();
    let whole = json!({ "name": "g", "owner": "alice", "useridlist": ["alice"] });
    for (name, value) in [
        ("name", json!("")),
        ("name", json!("x".repeat(21))),
        ("owner", json!("bob")),
        ("useridlist", json!([])),
        ("useridlist", json!(forty_one)),
        ("useridlist", json!(["alice", "nobody"])),
        ("extidlist", json!(["x"])),
        ("ownerType", json!("ext")),
        ("conversationTag", json!(1)),
        ("managementOptions", json!({ "searchable": 5 })),
    ] {
        let mut body = whole.clone();
        body[name] = value.clone();
        let answer = org.open_refused("POST", "im/group/create", body);
        assert_eq!(answer, refused, "{name}: {value}");
    }
    for (name, value) in [
        ("chatid", json!("chatnone")),
        ("chatid", json!("")),
        ("name", json!("")),
        ("owner", json!("erin")),
        ("del_useridlist", json!(["alice"])),
        ("add_useridlist", json!(["nobody"])),
        ("add_extidlist", json!(["x"])),
        ("managementOptions", json!({ "searchable": 5 })),
    ] {
        let mut body = json!({ "chatid": made["chatid"], "name": "other" });
        body[name] = value.clone();
        let answer = org.open_refused("POST", "im/group/update", body);
        assert_eq!(answer, refused, "{name}: {value}");
    }
}

#[test]
fn administrators_are_made_of_members() {
    let mut org = Org::new();
    let id = group(&mut org)["openConversationId"].clone();
    let path = "im/subAdministrators";
    let body = json!({ "openConversationId": id, "userIds": ["bob"], "role": 2 });
    // Success is text here.
    assert_eq!(
        org.open_ok("POST", path, body.clone()),
        json!({ "success": "true" })
    );
    for (name, value, word) in [
        (
            "openConversationId",
            json!("cidnone"),
            "invalidParameter.openConversationId.invalid",
        ),
        (
            "openConversationId",
            Value::Null,
            "invalidParameter.openConversationId.invalid",
        ),
        ("userIds", json!([]), "invalid.staffid"),
        ("userIds", json!(["nobody"]), "staff.not.found"),
        ("userIds", json!(["erin"]), "invalid.staffid"),
        ("role", json!(1), "invalidParamter.role"),
        ("role", Value::Null, "invalidParamter.role"),
    ] {
        let mut body = body.clone();
        body[name] = value.clone();
        let answer = org.open_refused("POST", path, body);
        assert_eq!(answer, (400, word.to_owned()), "{name}: {value}");
    }
    act(&mut org.world, "alice", "disband", json!({ "group": id }));
    told(&mut org.world);
    let answer = org.open_refused("POST", path, body);
    assert_eq!(answer.1, "group.diaband");
}
