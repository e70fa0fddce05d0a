//! Groups, in the classic interface and in topapi.

use super::support::*;
use mynah_sandbox::World;
use serde_json::{Value, json};

const GENERAL: &str = "chatgeneral";

/// A group of alice, bob and carol that alice owns.
fn group(org: &mut Org) -> String {
    let made = org.ok("chat/create", wanted());
    made["chatid"].as_str().unwrap().to_owned()
}

fn wanted() -> Value {
    json!({ "name": "值班", "owner": "alice", "useridlist": ["alice", "bob", "carol"] })
}

fn with(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

fn info(org: &mut Org, chatid: &str) -> Value {
    org.ok_get("chat/get", &format!("chatid={chatid}"))["chat_info"].clone()
}

/// `general` with so many more members than the five.
fn full_of(org: &mut Org, more: usize) {
    for at in 0..more {
        let user = json!({ "userid": format!("u{at}"), "name": "U", "department": [1], "mobile": format!("139{at:08}") });
        org.ok("user/create", user);
    }
}

fn others(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|at| format!("u{at}")).collect()
}

#[test]
fn a_group_is_created_as_it_is_asked_for() {
    let mut org = Org::new();
    let body = json!({ "name": "值班", "owner": "carol", "useridlist": ["bob", "carol", "bob"],
        "showHistoryType": 1, "searchable": "1", "whatever": [] });
    let made = org.ok("chat/create", body);
    let chatid = made["chatid"].as_str().unwrap().to_owned();
    assert!(chatid.starts_with("chat"), "{chatid}");
    assert!(
        made["openConversationId"]
            .as_str()
            .unwrap()
            .starts_with("cid")
    );
    assert_eq!(made["conversationTag"], 2);
    // Repeated members count once, and the owner stays where they are.
    assert_eq!(
        info(&mut org, &chatid),
        json!({ "name": "值班", "owner": "carol", "useridlist": ["bob", "carol"],
            "conversationTag": 2, "chatBannedType": 0, "searchable": 1, "validationType": 0,
            "mentionAllAuthority": 0, "managementType": 0, "showHistoryType": 1, "status": 1,
            "chatid": chatid })
    );
    // Nobody is told of a new group; and a second one of its name is another one.
    assert!(told(&mut org.world).is_empty());
    assert_ne!(group(&mut org), group(&mut org));
}

#[test]
fn what_is_wrong_with_a_new_group_has_its_code() {
    let forty_one: Vec<String> = (0..41).map(|at| format!("u{at}")).collect();
    for (name, value, code, words) in [
        ("name", Value::Null, 40035, "群名称不能为空"),
        ("name", json!(""), 40035, "群名称不能为空"),
        ("name", json!("二".repeat(21)), 400_002, "参数过长"),
        ("owner", json!(""), 49013, "群主不能为空"),
        ("owner", Value::Null, 49013, "群主不能为空"),
        ("useridlist", json!([]), 49010, "群成员不能为空"),
        ("useridlist", Value::Null, 49010, "群成员不能为空"),
        ("useridlist", json!("alice"), 49010, "群成员不能为空"),
        ("useridlist", json!(forty_one), 49011, "群成员长度超限"),
        ("owner", json!("dave"), 49006, "群成员列表必须包含群主"),
        (
            "useridlist",
            json!(["alice", "nobody"]),
            40031,
            "无效的useridlist列表",
        ),
        (
            "useridlist",
            json!(["alice", 5]),
            40031,
            "无效的useridlist列表",
        ),
        (
            "useridlist",
            json!(["alice", null]),
            40031,
            "无效的useridlist列表",
        ),
        ("searchable", json!(2), 400_002, "参数过长"),
        ("managementType", json!("x"), 400_002, "参数过长"),
    ] {
        let mut org = Org::new();
        let body = with(wanted(), name, value.clone());
        assert_eq!(
            org.refused("chat/create", body.clone()),
            code,
            "{name}: {value}"
        );
        assert_eq!(
            org.post("chat/create", &body).words(),
            words,
            "{name}: {value}"
        );
    }
    // Twenty characters of any script are enough for a name.
    let mut org = Org::new();
    org.ok(
        "chat/create",
        with(wanted(), "name", json!("二".repeat(20))),
    );
}

#[test]
fn checks_go_from_what_is_missing_to_what_does_not_fit_together() {
    let mut org = Org::new();
    let long = json!("二".repeat(21));
    let body = json!({ "name": long, "useridlist": ["nobody"] });
    assert_eq!(org.refused("chat/create", body), 49013);
    let body = json!({ "name": long, "owner": "dave", "useridlist": ["nobody"] });
    assert_eq!(org.refused("chat/create", body), 400_002);
    let body = json!({ "name": "g", "owner": "dave", "useridlist": ["nobody"] });
    assert_eq!(org.refused("chat/create", body), 40031);
    let body = json!({ "name": long });
    assert_eq!(org.refused("chat/update", body), 49000);
    let body = json!({ "chatid": "chatnone", "name": long });
    assert_eq!(org.refused("chat/update", body), 49015);
}

#[test]
fn a_group_is_changed_as_it_is_asked_for() {
    let mut org = Org::new();
    let chatid = group(&mut org);
    let body = json!({ "chatid": chatid, "name": "新群名", "owner": "bob",
        "add_useridlist": ["dave", "erin", "dave"], "del_useridlist": ["carol"], "icon": "@lADP",
        "chatBannedType": 1, "searchable": 1, "validationType": 1, "mentionAllAuthority": 1,
        "showHistoryType": 1, "managementType": 1 });
    let answer = org.ok("chat/update", body);
    assert_eq!(answer, json!({ "errcode": 0, "errmsg": "ok" }));
    assert_eq!(
        info(&mut org, &chatid),
        json!({ "name": "新群名", "owner": "bob", "useridlist": ["alice", "bob", "dave", "erin"],
            "conversationTag": 2, "chatBannedType": 1, "searchable": 1, "validationType": 1,
            "mentionAllAuthority": 1, "managementType": 1, "showHistoryType": 1, "status": 1,
            "icon": "@lADP", "chatid": chatid })
    );
    // What is absent, null or, of a picture, empty stays as it is; 0 is 0.
    let body = json!({ "chatid": chatid, "name": null, "owner": null, "icon": "",
        "add_useridlist": null, "searchable": null, "chatBannedType": 0 });
    org.ok("chat/update", body);
    let after = info(&mut org, &chatid);
    for (field, value) in [
        ("name", json!("新群名")),
        ("owner", json!("bob")),
        ("icon", json!("@lADP")),
        ("searchable", json!(1)),
        ("chatBannedType", json!(0)),
        ("managementType", json!(1)),
    ] {
        assert_eq!(after[field], value, "{field}");
    }
    // The page has another name for one of the switches.
    org.ok("chat/update", json!({ "chatid": chatid, "isBan": true }));
    assert_eq!(info(&mut org, &chatid)["chatBannedType"], 1);
}

#[test]
fn what_is_wrong_with_a_change_has_its_code_and_changes_nothing() {
    let forty_one: Vec<String> = (0..41).map(|at| format!("u{at}")).collect();
    for (change, code, words) in [
        (json!({ "chatid": "" }), 49000, "需要chatid"),
        (json!({ "chatid": "chatnone" }), 40016, "无效的chatid"),
        (json!({ "name": "" }), 49015, "无效的群名称"),
        (json!({ "name": "二".repeat(21) }), 49015, "无效的群名称"),
        (
            json!({ "add_useridlist": forty_one }),
            49011,
            "userid列表超限",
        ),
        (
            json!({ "del_useridlist": forty_one }),
            49011,
            "userid列表超限",
        ),
        (
            json!({ "add_useridlist": ["dave", "erin"], "del_useridlist": ["erin"] }),
            49004,
            "添加和删除的人员有交集",
        ),
        (
            json!({ "add_useridlist": ["nobody"] }),
            40031,
            "无效的userid列表",
        ),
        (
            json!({ "add_useridlist": ["dave", {}] }),
            40031,
            "无效的userid列表",
        ),
        (json!({ "owner": "dave" }), 49006, "群成员列表必须包含群主"),
        (
            json!({ "del_useridlist": ["alice"] }),
            49006,
            "群成员列表必须包含群主",
        ),
        (
            json!({ "owner": "bob", "del_useridlist": ["bob"] }),
            49006,
            "群成员列表必须包含群主",
        ),
        (
            json!({ "add_extidlist": ["x"] }),
            49009,
            "企业群不允许添加和删除外部联系人",
        ),
        (
            json!({ "del_extidlist": ["x"] }),
            49009,
            "企业群不允许添加和删除外部联系人",
        ),
        (
            json!({ "ownerType": "cat" }),
            49014,
            "非法的群主类型，只能为emp或者ext",
        ),
    ] {
        let mut org = Org::new();
        let mut body = json!({ "chatid": group(&mut org), "name": "other", "searchable": 1 });
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        assert_eq!(org.refused("chat/update", body.clone()), code, "{change}");
        assert_eq!(org.post("chat/update", &body).words(), words, "{change}");
    }
    let mut org = Org::new();
    let flag = json!({ "chatid": GENERAL, "validationType": "maybe" });
    assert_eq!(org.refused("chat/update", flag), 400_002);
    assert_eq!(org.refused("chat/update", json!({})), 49000);
    // The owner may go when there is another one, who may have just come.
    let chatid = group(&mut org);
    let body = json!({ "chatid": chatid, "owner": "dave", "add_useridlist": ["dave"],
        "del_useridlist": ["alice", "erin"] });
    org.ok("chat/update", body);
    assert_eq!(
        info(&mut org, &chatid)["useridlist"],
        json!(["bob", "carol", "dave"])
    );
}

#[test]
fn a_group_has_at_most_1000_members_and_is_filled_by_40_a_call() {
    let mut org = Org::new();
    full_of(&mut org, 1000);
    let body = json!({ "name": "full", "owner": "u0", "useridlist": others(0..40) });
    let chatid = org.ok("chat/create", body)["chatid"]
        .as_str()
        .unwrap()
        .to_owned();
    for at in (40..1000).step_by(40) {
        let body = json!({ "chatid": chatid, "add_useridlist": others(at..at + 40) });
        org.ok("chat/update", body);
    }
    assert_eq!(
        info(&mut org, &chatid)["useridlist"]
            .as_array()
            .unwrap()
            .len(),
        1000
    );
    told(&mut org.world);
    let body = json!({ "chatid": chatid, "add_useridlist": ["alice"] });
    assert_eq!(org.refused("chat/update", body), 49005);
    // Whoever comes for somebody who goes finds room; whoever is there already needs none.
    let body =
        json!({ "chatid": chatid, "add_useridlist": ["alice", "u5"], "del_useridlist": ["u7"] });
    org.ok("chat/update", body);
}

#[test]
fn an_organisation_has_at_most_10000_groups() {
    let mut org = Org::new();
    for _ in 1..10_000 {
        group(&mut org);
    }
    assert_eq!(org.refused("chat/create", wanted()), 1002);
    assert_eq!(
        org.open_refused("POST", "im/group/create", wanted()),
        (400, "parameter.invalid".to_owned())
    );
}

#[test]
fn a_group_that_there_is_not_cannot_be_read_and_one_that_was_disbanded_can() {
    let mut org = Org::new();
    assert_eq!(org.refused_get("chat/get", ""), 49000);
    assert_eq!(org.get("chat/get", "chatid=").words(), "需要参数chatid");
    assert_eq!(org.refused_get("chat/get", "chatid=chatnone"), 40016);
    act(
        &mut org.world,
        "alice",
        "disband",
        json!({ "group": GENERAL }),
    );
    told(&mut org.world);
    assert_eq!(info(&mut org, GENERAL)["status"], 2);
    let body = json!({ "chatid": GENERAL, "name": "x" });
    assert_eq!(org.refused("chat/update", body), 40016);
    let body = json!({ "chatid": GENERAL, "msgtype": "text", "text": { "content": "x" } });
    assert_eq!(org.refused("chat/send", body), 34001);
}

fn send_to_general(org: &mut Org, message: Value) -> String {
    let body = json!({ "chatid": GENERAL, "msg": message });
    let sent = org.ok("chat/send", body);
    sent["messageId"].as_str().unwrap().to_owned()
}

fn text(content: &str) -> Value {
    json!({ "msgtype": "text", "text": { "content": content } })
}

#[test]
fn a_message_stands_beside_the_group_or_in_msg_which_wins() {
    let mut org = Org::new();
    let flat = with(text("flat"), "chatid", json!(GENERAL));
    let one = org.ok("chat/send", flat.clone())["messageId"].clone();
    assert!(one.as_str().unwrap().starts_with("msg"));
    assert_eq!(last(&org.world, "group:chatgeneral").parts.len(), 1);
    let both = with(flat.clone(), "msg", text("wrapped"));
    let other = org.ok("chat/send", both)["messageId"].clone();
    let seen = seen(&org.world, "group:chatgeneral");
    let parts = serde_json::to_value(&seen.last().unwrap().parts).unwrap();
    assert_eq!(parts, json!([{ "type": "text", "text": "wrapped" }]));
    // The same twice is two messages.
    assert_ne!(org.ok("chat/send", flat)["messageId"], one);
    assert_ne!(one, other);
    let from = &seen[0].from;
    assert!(from.bot && from.name == "bot");
}

#[test]
fn what_is_wrong_with_a_message_has_its_code() {
    let mut org = Org::new();
    for chatid in [json!(""), Value::Null, json!("chatnone")] {
        let body = with(text("x"), "chatid", chatid);
        assert_eq!(org.refused("chat/send", body.clone()), 34001);
        assert_eq!(org.post("chat/send", &body).words(), "无效的chatid");
    }
    let link = |title: &str| {
        json!({ "msgtype": "link", "link": { "messageUrl": "https://example.com",
            "picUrl": "@lAD", "title": title, "text": "t" } })
    };
    for (message, code) in [
        (json!({}), 34004),
        (json!({ "msgtype": "sticker", "sticker": {} }), 34004),
        (json!({ "msgtype": "text" }), 34014),
        (json!({ "msgtype": "text", "text": "x" }), 34014),
        (text(""), 34014),
        (json!({ "msgtype": "image", "image": {} }), 34008),
        (
            json!({ "msgtype": "link", "link": { "title": "t" } }),
            34009,
        ),
        (
            json!({ "msgtype": "file", "file": { "media_id": "" } }),
            34010,
        ),
        (json!({ "msgtype": "voice", "voice": {} }), 34011),
        (
            json!({ "msgtype": "markdown", "markdown": { "title": "t" } }),
            34014,
        ),
        (link(&"t".repeat(65)), 34016),
        (text(&"x".repeat(2049)), 34016),
        (text(&"二".repeat(700)), 34016),
    ] {
        let body = json!({ "chatid": GENERAL, "msg": message });
        assert_eq!(org.refused("chat/send", body), code, "{message}");
    }
    send_to_general(&mut org, link(&"t".repeat(64)));
    let frame = text("").to_string().len();
    send_to_general(&mut org, text(&"x".repeat(2048 - frame)));
}

#[test]
fn whoever_has_read_a_message_is_listed_in_the_order_of_reading() {
    let mut org = Org::new();
    let id = send_to_general(&mut org, text("x"));
    let list = |org: &mut Org, rest: &str| {
        // The id has signs in it that mean something in a query.
        let id = id
            .replace('+', "%2B")
            .replace('/', "%2F")
            .replace('=', "%3D");
        org.ok_get("chat/getReadList", &format!("messageId={id}{rest}"))
    };
    assert_eq!(list(&mut org, ""), json!({ "errcode": 0, "errmsg": "ok" }));
    for who in ["carol", "alice", "carol", "bob"] {
        act(&mut org.world, who, "read", json!({ "message": id }));
    }
    let all = list(&mut org, "&cursor=0&size=100");
    assert_eq!(all["readUserIdList"], json!(["carol", "alice", "bob"]));
    assert!(all.get("next_cursor").is_none());

    let first = list(&mut org, "&cursor=0&size=2");
    assert_eq!(first["readUserIdList"], json!(["carol", "alice"]));
    let cursor = first["next_cursor"].as_i64().unwrap();
    assert!(cursor > 1 << 53, "{cursor}");
    // Somebody reads it between the pages.
    act(&mut org.world, "dave", "read", json!({ "message": id }));
    let second = list(&mut org, &format!("&cursor={cursor}&size=2"));
    assert_eq!(second["readUserIdList"], json!(["bob", "dave"]));
    assert!(second.get("next_cursor").is_none());
    let again = list(&mut org, &format!("&cursor={cursor}&size=1"));
    assert_eq!(again["readUserIdList"], json!(["bob"]));
}

#[test]
fn what_is_wrong_with_a_question_for_readers_has_its_code() {
    let mut org = Org::new();
    let id = send_to_general(&mut org, text("x")).replace('+', "%2B");
    let said = say(
        &mut org.world,
        "alice",
        "group:general",
        "no message of the application's",
    );
    for (query, code, words) in [
        (String::new(), 40035, "无效的参数"),
        ("messageId=".to_owned(), 40035, "无效的参数"),
        ("messageId=msgnone".to_owned(), 40035, "无效的参数"),
        (
            format!("messageId={}", said.replace('+', "%2B")),
            40035,
            "无效的参数",
        ),
        (format!("messageId={id}&cursor=-1"), 40068, "无效的偏移量"),
        (format!("messageId={id}&cursor=x"), 40068, "无效的偏移量"),
        (
            format!("messageId={id}&cursor=200467002472"),
            40068,
            "无效的偏移量",
        ),
        (format!("messageId={id}&size=0"), 40069, "无效的大小"),
        (format!("messageId={id}&size=101"), 40069, "无效的大小"),
        (format!("messageId={id}&size=x"), 40069, "无效的大小"),
    ] {
        assert_eq!(org.refused_get("chat/getReadList", &query), code, "{query}");
        assert_eq!(
            org.get("chat/getReadList", &query).words(),
            words,
            "{query}"
        );
    }
}

#[test]
fn topapi_makes_administrators_names_and_codes() {
    let mut org = Org::new();
    let role = |world: &mynah_sandbox::dingtalk::DingTalkWorld| {
        let seen = world.conversations(Some("bob")).unwrap();
        let group = seen
            .conversations
            .into_iter()
            .find(|it| it.kind == "group")
            .unwrap();
        let bob = group.members.into_iter().find(|it| it.id == "bob").unwrap();
        bob.role
    };
    let body = json!({ "chatid": GENERAL, "userids": "bob,carol", "role": 2 });
    assert_eq!(org.ok("topapi/chat/subadmin/update", body)["success"], true);
    assert_eq!(role(&org.world), "admin");
    let body = json!({ "chatid": GENERAL, "userids": "bob", "role": "3" });
    org.ok("topapi/chat/subadmin/update", body);
    assert_eq!(role(&org.world), "member");
    for (body, code) in [
        (
            json!({ "chatid": GENERAL, "userids": "bob", "role": 4 }),
            400_002,
        ),
        (
            json!({ "chatid": GENERAL, "userids": "", "role": 2 }),
            400_002,
        ),
        (
            json!({ "chatid": "chatnone", "userids": "bob", "role": 2 }),
            34001,
        ),
        (
            json!({ "chatid": GENERAL, "userids": "bob,nobody", "role": 2 }),
            40003,
        ),
    ] {
        let path = "topapi/chat/subadmin/update";
        assert_eq!(org.refused(path, body.clone()), code, "{body}");
    }

    let code = json!({ "chatid": GENERAL, "userid": "bob" });
    let url = org.ok("topapi/chat/qrcode/get", code)["result"].clone();
    assert!(
        url.as_str()
            .unwrap()
            .starts_with("http://127.0.0.1:7700/dingtalk/")
    );
    let body = json!({ "chatid": GENERAL, "is_prohibit": true });
    assert_eq!(
        org.ok("topapi/chat/member/friendswitch/update", body)["success"],
        true
    );
    let body = json!({ "chatid": "chatnone", "is_prohibit": true });
    assert_eq!(
        org.refused("topapi/chat/member/friendswitch/update", body),
        34001
    );

    let chatid = group(&mut org);
    for path in ["topapi/chat/updategroupnick", "topapi/chat/qrcode/get"] {
        let asked = json!({ "chatid": chatid, "userid": "bob", "group_nick": "B" });
        org.ok(path, asked.clone());
        let refused = |org: &mut Org, name: &str, value: &str| {
            org.refused(path, with(asked.clone(), name, json!(value)))
        };
        assert_eq!(refused(&mut org, "chatid", "chatnone"), 34001, "{path}");
        assert_eq!(refused(&mut org, "userid", "nobody"), 40003, "{path}");
        assert_eq!(refused(&mut org, "userid", "dave"), 60124, "{path}");
    }
    let body = json!({ "chatid": chatid, "userid": "bob" });
    assert_eq!(org.refused("topapi/chat/updategroupnick", body), 400_002);
}
