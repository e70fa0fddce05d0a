//! Work notices, and what came before them.

use serde_json::{Value, json};

use mynah_sandbox::World;

use super::support::*;

const SEND: &str = "topapi/message/corpconversation/asyncsend_v2";
const PROGRESS: &str = "topapi/message/corpconversation/getsendprogress";
const RESULT: &str = "topapi/message/corpconversation/getsendresult";
const RECALL: &str = "topapi/message/corpconversation/recall";
const DAY: i64 = 86_400;

fn text(content: &str) -> Value {
    json!({"msgtype": "text", "text": {"content": content}})
}

fn to_users(users: &str, content: &str) -> Value {
    json!({"agent_id": AGENT, "userid_list": users, "msg": text(content)})
}

#[track_caller]
fn sent(org: &mut Org, body: Value) -> i64 {
    org.ok(SEND, body)["task_id"].as_i64().unwrap()
}

#[track_caller]
fn result(org: &mut Org, task: i64) -> Value {
    org.ok(RESULT, json!({"agent_id": AGENT, "task_id": task}))["send_result"].clone()
}

/// The same with one field changed.
fn with(mut body: Value, field: &str, value: Value) -> Value {
    body[field] = value;
    body
}

#[test]
fn a_notice_reaches_those_it_names() {
    let mut org = Org::new();
    let answer = org.ok(SEND, to_users("alice,bob,nobody,alice", "请提交日报。"));
    assert!(answer["request_id"].is_string());
    let task = answer["task_id"].as_i64().unwrap();
    for who in ["user:alice", "user:bob"] {
        assert_eq!(seen(&org.world, who).len(), 1, "{who}");
        let shown = json!([{"type": "text", "text": "请提交日报。"}]);
        assert_eq!(parts(&org.world, who), shown);
    }
    assert!(seen(&org.world, "user:carol").is_empty());
    let told = result(&mut org, task);
    let expected =
        json!({"invalid_user_id_list": ["nobody"], "unread_user_id_list": ["alice", "bob"]});
    assert_eq!(told, expected);
    let progress = org.ok(PROGRESS, json!({"agent_id": AGENT, "task_id": task}));
    let done = json!({"progress_in_percent": 100, "status": 2});
    assert_eq!(progress["progress"], done);
}

#[test]
fn a_notice_comes_as_a_form_as_well() {
    let mut org = Org::new();
    let msg = escaped(&text("hi").to_string());
    let form = format!(
        "access_token={}&agent_id={AGENT}&userid_list=alice&msg={msg}",
        org.token
    );
    let mut request = request("POST", &format!("/{SEND}"), form.as_bytes());
    let kind = "application/x-www-form-urlencoded".parse().unwrap();
    request.headers_mut().insert("content-type", kind);
    assert_eq!(send(&mut org.world, &request).code(), 0);
    assert_eq!(seen(&org.world, "user:alice").len(), 1);
}

#[test]
fn a_department_means_all_below_it_each_once() {
    let mut org = Org::new();
    let department = org.ok("department/create", json!({"name": "研发", "parentid": 1}));
    let id = &department["id"];
    org.ok("user/update", json!({"userid": "dave", "department": [id]}));
    let body = json!({"agent_id": AGENT, "userid_list": "alice", "dept_id_list": format!("{id},77"),
        "msg": text("a")});
    let task = sent(&mut org, body);
    let expected = json!({"unread_user_id_list": ["alice", "dave"], "invalid_dept_id_list": [77]});
    assert_eq!(result(&mut org, task), expected);
    let body = json!({"agent_id": AGENT, "dept_id_list": "1", "msg": text("b")});
    let task = sent(&mut org, body);
    let all = json!(["alice", "bob", "carol", "dave", "erin"]);
    assert_eq!(result(&mut org, task)["unread_user_id_list"], all);
}

#[test]
fn everybody_is_told_three_times_a_day() {
    let mut org = Org::new();
    let to_all =
        |content: &str| json!({"agent_id": AGENT, "to_all_user": true, "msg": text(content)});
    for content in ["a", "b", "c"] {
        let task = sent(&mut org, to_all(content));
        let reached = result(&mut org, task)["unread_user_id_list"].clone();
        assert_eq!(reached.as_array().unwrap().len(), 5);
    }
    assert_eq!(org.refused(SEND, to_all("d")), 41045);
    // Somebody in particular can still be told.
    sent(&mut org, to_users("alice", "d"));
    org.wait_long(DAY);
    sent(&mut org, to_all("d"));
}

#[test]
fn what_is_said_twice_a_day_to_somebody_is_not_delivered() {
    let mut org = Org::new();
    sent(&mut org, to_users("alice", "a"));
    let task = sent(&mut org, to_users("alice,bob", "a"));
    assert_eq!(
        result(&mut org, task),
        json!({"forbidden_user_id_list": ["alice"], "unread_user_id_list": ["bob"],
            "forbidden_list": [{"code": "143106", "count": 1, "userid": "alice"}]})
    );
    assert_eq!(seen(&org.world, "user:alice").len(), 1);
    // It is another day when it is in China: the tests begin at 06:13 there.
    org.wait_long(17 * 3_600);
    let task = sent(&mut org, to_users("alice", "a"));
    assert!(result(&mut org, task)["forbidden_list"].is_array());
    org.wait_long(3_600);
    let task = sent(&mut org, to_users("alice", "a"));
    assert_eq!(
        result(&mut org, task),
        json!({"unread_user_id_list": ["alice"]})
    );
}

#[test]
fn somebody_gets_500_notices_a_day() {
    let mut org = Org::new();
    for number in 0..500 {
        sent(&mut org, to_users("alice", &number.to_string()));
    }
    let task = sent(&mut org, to_users("alice,bob", "one more"));
    assert_eq!(
        result(&mut org, task),
        json!({"forbidden_user_id_list": ["alice"], "unread_user_id_list": ["bob"],
            "forbidden_list": [{"code": "143105", "count": 500, "userid": "alice"}]})
    );
    org.wait_long(DAY);
    let task = sent(&mut org, to_users("alice", "one more"));
    assert_eq!(
        result(&mut org, task),
        json!({"unread_user_id_list": ["alice"]})
    );
}

#[test]
fn what_cannot_be_sent_is_refused_in_order() {
    let mut org = Org::new();
    let ids = |count: usize| vec!["1"; count].join(",");
    let good = to_users("alice", "a");
    let other = with(good.clone(), "agent_id", json!(1));
    for (body, code) in [
        (with(other.clone(), "userid_list", json!("")), 40035),
        (with(other.clone(), "to_all_user", json!(false)), 40056),
        (with(other.clone(), "msg", json!(null)), 34004),
        (
            with(
                other.clone(),
                "msg",
                json!({"msgtype": "image", "image": {}}),
            ),
            34008,
        ),
        (with(other.clone(), "userid_list", json!(ids(101))), 40035),
        (with(other.clone(), "dept_id_list", json!(ids(21))), 40035),
        (with(other.clone(), "msg", text(&"x".repeat(2048))), 34016),
        (other, 40056),
    ] {
        assert_eq!(org.refused(SEND, body.clone()), code, "{body}");
    }
    assert_eq!(org.refused(SEND, json!({"msg": text("a")})), 40035);
    sent(&mut org, with(good, "userid_list", json!(ids(100))));
}

#[test]
fn a_form_with_a_state_goes_to_five_at_most() {
    let mut org = Org::new();
    let form = json!({"msgtype": "oa", "oa": {"message_url": "https://x.y",
        "head": {"bgcolor": "FFBBBBBB", "text": "t"}, "body": {"title": "t"},
        "status_bar": {"status_value": "进行中", "status_bg": "0xFFF65E5E"}}});
    org.ok(
        "user/create",
        json!({"userid": "frank", "name": "Frank", "department": [1],
        "mobile": "13900000000"}),
    );
    let to_all = json!({"agent_id": AGENT, "to_all_user": true, "msg": form});
    assert_eq!(org.refused(SEND, to_all), 40035);
    let to_five = with(to_users("alice,bob,carol,dave,erin", ""), "msg", form);
    sent(&mut org, to_five);
}

#[test]
fn who_has_read_a_notice_is_told_in_the_order_of_reading() {
    let mut org = Org::new();
    let task = sent(&mut org, to_users("alice,bob,carol", "a"));
    for who in ["carol", "alice"] {
        let conversation = format!("user:{who}");
        act(
            &mut org.world,
            who,
            "read",
            json!({"conversation": conversation}),
        );
    }
    // The robot did not send it: nobody is told.
    assert!(told(&mut org.world).is_empty());
    let told = result(&mut org, task);
    assert_eq!(told["read_user_id_list"], json!(["carol", "alice"]));
    assert_eq!(told["unread_user_id_list"], json!(["bob"]));
}

#[test]
fn a_notice_is_recalled_within_a_day_and_its_readers_stay_known() {
    let mut org = Org::new();
    let task = sent(&mut org, to_users("alice,bob", "a"));
    act(
        &mut org.world,
        "bob",
        "read",
        json!({"conversation": "user:bob"}),
    );
    let recall = |agent: i64, task: i64| json!({"agent_id": agent, "msg_task_id": task});
    for (agent, task) in [(1, task), (AGENT, 1)] {
        let answer = org.post(RECALL, &recall(agent, task));
        assert_eq!(answer.code(), 400_002);
        assert_eq!(answer.words(), "agentId不合法或taskId不合法");
    }
    org.wait_long(DAY - 1);
    let answer = org.ok(RECALL, recall(AGENT, task));
    assert_eq!(answer["errmsg"], "ok");
    for who in ["user:alice", "user:bob"] {
        assert!(last(&org.world, who).recalled.is_some(), "{who}");
    }
    let lists = json!({"read_user_id_list": ["bob"], "unread_user_id_list": ["alice"]});
    assert_eq!(result(&mut org, task), lists);
    org.wait(1);
    assert_eq!(org.refused(RECALL, recall(AGENT, task)), 400_002);
    for path in [PROGRESS, RESULT] {
        let body = json!({"agent_id": AGENT, "task_id": task});
        assert_eq!(org.refused(path, body), 40035, "{path}");
    }
}

#[test]
fn a_task_is_its_applications() {
    let mut org = Org::new();
    let task = sent(&mut org, to_users("alice", "a"));
    for path in [PROGRESS, RESULT] {
        assert_eq!(
            org.refused(path, json!({"agent_id": 1, "task_id": task})),
            40035
        );
        assert_eq!(
            org.refused(path, json!({"agent_id": AGENT, "task_id": 1})),
            40035
        );
        assert_eq!(org.refused(path, json!({"agent_id": AGENT})), 40035);
    }
}

#[test]
fn tasks_are_not_given_again_after_a_reset() {
    let mut org = Org::new();
    let first = sent(&mut org, to_users("alice", "a"));
    org.world.reset();
    org.wait_long(0);
    assert!(sent(&mut org, to_users("alice", "a")) > first);
}

#[test]
fn the_older_call_joins_with_bars_and_answers_whom_it_did_not_reach() {
    let mut org = Org::new();
    let body = json!({"touser": "alice|nobody", "toparty": "77|x", "agentid": AGENT,
        "msgtype": "text", "text": {"content": "a"}});
    let answer = org.ok("message/send", body.clone());
    let message = answer["messageId"].as_str().unwrap().to_owned();
    assert_eq!(answer["invaliduser"], "nobody");
    assert_eq!(answer["invalidparty"], "77|x");
    assert_eq!(answer["forbiddenUserId"], "");
    let again = org.ok("message/send", body);
    assert_eq!(again["forbiddenUserId"], "alice");
    let status = org.ok("message/list_message_status", json!({"messageId": message}));
    assert_eq!(
        (&status["read"], &status["unread"]),
        (&json!([]), &json!(["alice"]))
    );
    act(&mut org.world, "alice", "read", json!({"message": message}));
    let status = org.ok("message/list_message_status", json!({"messageId": message}));
    assert_eq!(
        (&status["read"], &status["unread"]),
        (&json!(["alice"]), &json!([]))
    );
    let unknown = json!({"messageId": "x"});
    assert_eq!(org.refused("message/list_message_status", unknown), 40035);
    let nobody = json!({"agentid": AGENT, "msgtype": "text", "text": {"content": "a"}});
    assert_eq!(org.refused("message/send", nobody), 40035);
}

#[test]
fn the_older_call_goes_to_5000_people_at_most() {
    let mut org = Org::new();
    let mut to = |field: &str, many: usize| {
        let message = json!({"agentid": AGENT, "msgtype": "text", "text": {"content": "a"}});
        let message = with(message, field, json!(vec!["9"; many].join("|")));
        org.post("message/send", &message).code()
    };
    assert_eq!((to("touser", 5000), to("touser", 5001)), (0, 41029));
    assert_eq!((to("toparty", 20), to("toparty", 21)), (0, 41029));
}

#[test]
fn a_code_allows_one_message_to_whoever_brought_it() {
    let mut org = Org::new();
    let code = act(&mut org.world, "carol", "sign_in", json!({}))["code"].clone();
    let body = |code: &Value, content: &str| json!({"code": code, "msgtype": "text", "text": {"content": content}});
    assert_eq!(
        org.refused("message/sendByCode", body(&json!(""), "a")),
        40035
    );
    // What is refused does not use it up.
    assert_eq!(org.refused("message/sendByCode", body(&code, "")), 34014);
    let answer = org.ok("message/sendByCode", body(&code, "a"));
    assert!(answer["messageId"].as_str().unwrap().starts_with("msg"));
    assert_eq!(
        parts(&org.world, "user:carol"),
        json!([{"type": "text", "text": "a"}])
    );
    assert_eq!(org.refused("message/sendByCode", body(&code, "b")), 40078);
}

#[test]
fn something_is_said_in_a_group_in_the_name_of_a_member() {
    let mut org = Org::new();
    let body = |sender: &str, cid: &str| json!({"sender": sender, "cid": cid, "msgtype": "text", "text": {"content": "hi"}});
    for cid in ["chatgeneral".to_owned(), general(&org.world)] {
        let answer = org.ok("message/send_to_conversation", body("bob", &cid));
        assert_eq!(answer["receiver"], "alice|carol|dave|erin");
        assert_eq!(last(&org.world, "group:chatgeneral").from.id, "bob");
    }
    org.ok(
        "chat/update",
        json!({"chatid": "chatgeneral", "del_useridlist": ["bob"]}),
    );
    told(&mut org.world);
    for (sender, cid, code) in [
        ("", "chatgeneral", 34002),
        ("bob", "", 34001),
        ("nobody", "chatgeneral", 34006),
        ("bob", "nowhere", 34001),
        ("bob", "chatgeneral", 34007),
    ] {
        let refused = org.refused("message/send_to_conversation", body(sender, cid));
        assert_eq!(refused, code, "{sender} {cid}");
    }
}
