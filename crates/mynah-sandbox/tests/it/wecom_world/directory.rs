//! Members, departments, tags, applications and their menus.

use mynah_sandbox::{Change, World};
use serde_json::{Value, json};

use super::support::*;

#[test]
fn a_member_is_shown_without_what_new_applications_do_not_see() {
    let mut corp = Corp::new();
    let user = corp.ok_get("user/get", "userid=ALICE");
    assert_eq!(
        user,
        json!({"errcode": 0, "errmsg": "ok", "userid": "alice", "name": "Alice",
            "department": [1], "order": [0], "position": "", "is_leader_in_dept": [0],
            "direct_leader": [], "telephone": "", "alias": "", "status": 1, "main_department": 1})
    );
}

#[test]
fn a_member_who_is_not_there_is_refused_with_empty_lists() {
    let mut corp = Corp::new();
    let answer = corp.get("user/get", "userid=nobody");
    assert_eq!(answer.code(), 60111);
    for field in ["department", "order", "is_leader_in_dept"] {
        assert_eq!(answer.0[field], json!([]));
    }
    assert_eq!(corp.refused_get("user/get", "userid="), 41009);
    assert_eq!(corp.refused_get("user/get", ""), 41009);
}

/// alice, bob and carol in 1, dave in 2, erin in 3 below it.
fn tree() -> Corp {
    let mut corp = Corp::new();
    corp.ok(
        "department/create",
        json!({"id": 2, "name": "研发", "parentid": 1, "order": 10}),
    );
    corp.ok(
        "department/create",
        json!({"id": 3, "name": "测试", "parentid": 2}),
    );
    corp.ok("user/update", json!({"userid": "dave", "department": [2]}));
    corp.ok(
        "user/update",
        json!({"userid": "erin", "department": [3, 1], "order": [7, 8],
        "is_leader_in_dept": [1, 0]}),
    );
    told(&mut corp.world);
    corp
}

fn ids(list: &Value) -> Vec<&str> {
    let users = list["userlist"].as_array().unwrap().iter();
    users.map(|user| user["userid"].as_str().unwrap()).collect()
}

#[test]
fn members_are_listed_by_department_and_below_it_on_demand() {
    let mut corp = tree();
    for path in ["user/list", "user/simplelist"] {
        let direct = corp.ok_get(path, "department_id=2");
        assert_eq!(ids(&direct), ["dave"], "{path}");
        let all = corp.ok_get(path, "department_id=2&fetch_child=1&status=0");
        assert_eq!(ids(&all), ["dave", "erin"], "{path}");
        assert_eq!(corp.refused_get(path, "department_id=9"), 60003);
        assert_eq!(corp.refused_get(path, ""), 40063);
    }
    let names = corp.ok_get("user/simplelist", "department_id=3");
    assert_eq!(
        names["userlist"],
        json!([{"userid": "erin", "name": "Erin", "department": [3, 1]}])
    );
}

#[test]
fn ids_are_listed_page_by_page_one_for_each_membership() {
    let mut corp = tree();
    let first = corp.ok("user/list_id", json!({"limit": 5}));
    assert_eq!(first["dept_user"].as_array().unwrap().len(), 5);
    let cursor = first["next_cursor"].as_str().unwrap();
    assert!(!cursor.is_empty());
    let rest = corp.ok("user/list_id", json!({"limit": 5, "cursor": cursor}));
    assert_eq!(
        rest["dept_user"],
        json!([{"userid": "erin", "department": 1}])
    );
    assert_eq!(rest["next_cursor"], "");
    for limit in [0, 10_001] {
        assert_eq!(corp.refused("user/list_id", json!({"limit": limit})), 40058);
    }
}

#[test]
fn a_member_is_found_by_mobile() {
    let mut corp = Corp::new();
    let found = corp.ok("user/getuserid", json!({"mobile": "13800000001"}));
    assert_eq!(found["userid"], "bob");
    assert_eq!(
        corp.refused("user/getuserid", json!({"mobile": "1"})),
        46004
    );
    assert_eq!(corp.refused("user/getuserid", json!({"mobile": ""})), 46004);
}

#[test]
fn a_member_is_created_changed_and_deleted() {
    let mut corp = Corp::new();
    let frank = json!({"userid": "Frank", "name": "Frank", "gender": 1, "department": [1],
        "mobile": "13800000009", "position": "钳工", "extattr": {"attrs": []}});
    assert_eq!(corp.ok("user/create", frank)["errmsg"], "created");
    assert_eq!(names(&mut corp.world), ["event.change_contact.create_user"]);
    let shown = corp.ok_get("user/get", "userid=frank");
    assert_eq!(shown["userid"], "Frank");
    assert_eq!(shown["position"], "钳工");
    assert_eq!(shown["extattr"], json!({"attrs": []}));
    let change = json!({"userid": "frank", "name": "F", "enable": 0});
    assert_eq!(corp.ok("user/update", change)["errmsg"], "updated");
    assert_eq!(names(&mut corp.world), ["event.change_contact.update_user"]);
    let shown = corp.ok_get("user/get", "userid=frank");
    assert_eq!((&shown["name"], &shown["status"]), (&json!("F"), &json!(2)));
    assert_eq!(shown["position"], "钳工");
    assert_eq!(
        corp.ok_get("user/delete", "userid=FRANK")["errmsg"],
        "deleted"
    );
    assert_eq!(names(&mut corp.world), ["event.change_contact.delete_user"]);
    assert_eq!(corp.refused_get("user/get", "userid=frank"), 60111);
}

#[test]
fn a_member_who_cannot_be_is_refused() {
    let mut corp = Corp::new();
    let frank = json!({"userid": "frank", "name": "Frank", "department": [1]});
    for (body, code) in [
        (with(frank.clone(), "userid", Value::Null), 41009),
        (with(frank.clone(), "userid", json!("-x")), 40003),
        (with(frank.clone(), "userid", json!("a".repeat(65))), 40003),
        (with(frank.clone(), "userid", json!("Alice")), 60102),
        (with(frank.clone(), "name", json!("")), 60112),
        (with(frank.clone(), "name", json!("x".repeat(65))), 60112),
        (with(frank.clone(), "name", Value::Null), 40063),
        (with(frank.clone(), "department", json!([9])), 60123),
        (with(frank.clone(), "department", json!([])), 40066),
    ] {
        assert_eq!(corp.refused("user/create", body), code);
    }
    assert_eq!(
        corp.refused("user/update", json!({"userid": "nobody"})),
        60111
    );
    assert_eq!(corp.refused("user/update", json!({})), 41009);
    assert_eq!(corp.refused_get("user/delete", "userid=nobody"), 60111);
}

#[test]
fn who_is_deleted_leaves_all_groups_and_the_first_member_owns_them() {
    let mut corp = Corp::new();
    corp.ok_get("user/delete", "userid=alice");
    let info = corp.info("general");
    assert_eq!(info["owner"], "bob");
    assert_eq!(info["userlist"], json!(["bob", "carol", "dave", "erin"]));
    assert_eq!(
        last(&corp.world, "group:general").notice.unwrap().kind,
        "leave"
    );
}

#[test]
fn many_are_deleted_together_or_not_at_all() {
    let mut corp = Corp::new();
    let delete = |users: Value| json!({ "useridlist": users });
    assert_eq!(
        corp.refused("user/batchdelete", delete(json!(["alice", "nobody"]))),
        60111
    );
    assert_eq!(corp.refused("user/batchdelete", delete(json!([]))), 40063);
    assert_eq!(
        corp.refused("user/batchdelete", delete(json!(vec!["alice"; 201]))),
        40032
    );
    let answer = corp.ok("user/batchdelete", delete(json!(["alice", "ALICE", "bob"])));
    assert_eq!(answer["errmsg"], "deleted");
    assert_eq!(names(&mut corp.world).len(), 2);
}

#[test]
fn the_directory_can_be_closed_to_applications() {
    let mut corp = Corp::new();
    corp.world.settings_mut().directory_writes = false;
    for (path, body) in [
        ("user/create", json!({"userid": "frank", "name": "F"})),
        ("user/update", json!({"userid": "alice"})),
        ("user/batchdelete", json!({"useridlist": ["alice"]})),
        ("department/create", json!({"name": "x", "parentid": 1})),
        ("department/update", json!({"id": 1})),
        ("tag/create", json!({"tagname": "x"})),
        ("tag/update", json!({"tagid": 1, "tagname": "x"})),
        (
            "tag/addtagusers",
            json!({"tagid": 1, "userlist": ["alice"]}),
        ),
        (
            "tag/deltagusers",
            json!({"tagid": 1, "userlist": ["alice"]}),
        ),
    ] {
        assert_eq!(corp.refused(path, body), 48002, "{path}");
    }
    for (path, query) in [
        ("user/delete", "userid=alice"),
        ("department/delete", "id=1"),
        ("tag/delete", "tagid=1"),
    ] {
        assert_eq!(corp.refused_get(path, query), 48002, "{path}");
    }
    corp.ok_get("user/get", "userid=alice");
}

#[test]
fn changes_of_the_directory_are_told_when_it_is_wanted() {
    let mut corp = Corp::new();
    corp.world.settings_mut().contact_events = false;
    corp.ok("user/update", json!({"userid": "alice", "name": "A"}));
    assert!(told(&mut corp.world).is_empty());
    corp.world.settings_mut().contact_events = true;
    corp.world.reach_mut().application = false;
    corp.ok("user/update", json!({"userid": "alice", "name": "B"}));
    assert!(told(&mut corp.world).is_empty());
}

#[test]
fn members_have_another_id_outside_of_the_corp() {
    let mut corp = Corp::new();
    let answer = corp.ok("user/convert_to_openid", json!({"userid": "ALICE"}));
    let body = json!({"openid": answer["openid"]});
    assert_eq!(corp.ok("user/convert_to_userid", body)["userid"], "alice");
    assert_eq!(
        corp.refused("user/convert_to_openid", json!({"userid": "x"})),
        60111
    );
    assert_eq!(
        corp.refused("user/convert_to_userid", json!({"openid": "x"})),
        46004
    );
}

#[test]
fn a_member_can_be_verified_counted_and_invited() {
    let mut corp = Corp::new();
    corp.ok_get("user/authsucc", "userid=alice");
    assert_eq!(corp.refused_get("user/authsucc", "userid=nobody"), 60111);
    let stat = corp.ok("user/get_active_stat", json!({"date": "2024-01-01"}));
    assert_eq!(stat["active_cnt"], 5);
    assert_eq!(
        corp.refused("user/get_active_stat", json!({"date": "today"})),
        40058
    );
    let code = corp.ok_get("corp/get_join_qrcode", "size_type=3");
    assert!(
        code["join_qrcode"]
            .as_str()
            .unwrap()
            .starts_with("https://")
    );
    assert_eq!(
        corp.refused_get("corp/get_join_qrcode", "size_type=5"),
        40058
    );
}

#[test]
fn a_signed_in_member_is_known_by_a_code_that_works_once() {
    let mut corp = Corp::new();
    let code = |corp: &mut Corp| {
        let answer = act(&mut corp.world, "carol", "sign_in", json!({}));
        format!("code={}", answer["code"].as_str().unwrap())
    };
    let first = code(&mut corp);
    let visitor = corp.ok_get("user/getuserinfo", &first);
    assert_eq!(
        (&visitor["UserId"], &visitor["DeviceId"]),
        (&json!("carol"), &json!(""))
    );
    assert_eq!(corp.refused_get("user/getuserinfo", &first), 40029);
    let late = code(&mut corp);
    corp.wait(300);
    assert_eq!(corp.refused_get("user/getuserinfo", &late), 40029);
}

#[test]
fn departments_are_listed_from_one_on_downwards() {
    let mut corp = tree();
    let all = corp.ok_get("department/list", "");
    assert_eq!(all["department"].as_array().unwrap().len(), 3);
    assert_eq!(
        all["department"][1],
        json!({"id": 2, "name": "研发", "name_en": "", "department_leader": [], "parentid": 1,
            "order": 10})
    );
    let below = corp.ok_get("department/simplelist", "id=2");
    assert_eq!(
        below["department_id"],
        json!([{"id": 2, "parentid": 1, "order": 10},
            {"id": 3, "parentid": 2, "order": 100_000_000}])
    );
    let root = corp.ok_get("department/get", "id=1");
    assert_eq!(
        (&root["department"]["name"], &root["department"]["parentid"]),
        (&json!("Mynah"), &json!(0))
    );
    for path in ["department/list", "department/simplelist", "department/get"] {
        assert_eq!(corp.refused_get(path, "id=9"), 60003, "{path}");
    }
}

#[test]
fn a_department_is_created_changed_and_deleted() {
    let mut corp = Corp::new();
    let made = corp.ok("department/create", json!({"name": "研发", "parentid": 1}));
    assert_eq!(
        (&made["id"], &made["errmsg"]),
        (&json!(2), &json!("created"))
    );
    let changed = corp.ok(
        "department/update",
        json!({"id": 2, "name": "研发中心", "order": 3}),
    );
    assert_eq!(changed["errmsg"], "updated");
    let shown = corp.ok_get("department/get", "id=2");
    assert_eq!(
        (&shown["department"]["name"], &shown["department"]["order"]),
        (&json!("研发中心"), &json!(3))
    );
    assert_eq!(
        corp.ok_get("department/delete", "id=2")["errmsg"],
        "deleted"
    );
    assert_eq!(
        names(&mut corp.world),
        [
            "event.change_contact.create_party",
            "event.change_contact.update_party",
            "event.change_contact.delete_party"
        ]
    );
}

#[test]
fn a_department_that_cannot_be_is_refused() {
    let mut corp = tree();
    for (body, code) in [
        (json!({"name": "", "parentid": 1}), 60001),
        (json!({"name": "x".repeat(33), "parentid": 1}), 60001),
        (json!({"name": "x", "parentid": 9}), 60004),
        (json!({"name": "研发", "parentid": 1}), 60008),
        (json!({"name": "x", "parentid": 1, "id": 2}), 60008),
        (
            json!({"name": "x", "parentid": 1, "order": 4_294_967_296_i64}),
            40058,
        ),
        (json!({"parentid": 1}), 40063),
    ] {
        assert_eq!(corp.refused("department/create", body), code);
    }
    assert_eq!(corp.refused("department/update", json!({"id": 9})), 60003);
    assert_eq!(
        corp.refused("department/update", json!({"id": 2, "parentid": 3})),
        60004
    );
    assert_eq!(corp.refused_get("department/delete", "id=9"), 60003);
    assert_eq!(corp.refused_get("department/delete", "id=2"), 60005);
    corp.ok("user/update", json!({"userid": "dave", "department": [1]}));
    told(&mut corp.world);
    assert_eq!(corp.refused_get("department/delete", "id=2"), 60006);
}

#[test]
fn a_tag_is_created_given_taken_and_deleted() {
    let mut corp = tree();
    let made = corp.ok("tag/create", json!({"tagname": "vip"}));
    assert_eq!(
        (&made["tagid"], &made["errmsg"]),
        (&json!(1), &json!("created"))
    );
    assert_eq!(
        corp.ok_get("tag/list", "")["taglist"],
        json!([{"tagid": 1, "tagname": "vip"}])
    );
    let given = json!({"tagid": 1, "userlist": ["alice", "Ghost"], "partylist": [2, 9]});
    let answer = corp.ok("tag/addtagusers", given);
    assert_eq!(answer["invalidlist"], "Ghost");
    assert_eq!(answer["invalidparty"], json!([9]));
    assert_eq!(names(&mut corp.world), ["event.change_contact.update_tag"]);
    let shown = corp.ok_get("tag/get", "tagid=1");
    assert_eq!(
        shown,
        json!({"errcode": 0, "errmsg": "ok", "tagname": "vip",
            "userlist": [{"userid": "alice", "name": "Alice"}], "partylist": [2]})
    );
    let taken = json!({"tagid": 1, "userlist": ["alice"], "partylist": [2]});
    assert_eq!(corp.ok("tag/deltagusers", taken)["errmsg"], "deleted");
    let shown = corp.ok_get("tag/get", "tagid=1");
    assert_eq!(
        (&shown["userlist"], &shown["partylist"]),
        (&json!([]), &json!([]))
    );
    let changed = corp.ok("tag/update", json!({"tagid": 1, "tagname": "v"}));
    assert_eq!(changed["errmsg"], "updated");
    assert_eq!(corp.ok_get("tag/delete", "tagid=1")["errmsg"], "deleted");
    told(&mut corp.world);
    for (body, code) in [
        (json!({"tagid": 1, "userlist": ["alice"]}), 40068),
        (json!({"userlist": ["alice"]}), 40068),
    ] {
        assert_eq!(corp.refused("tag/addtagusers", body), code);
    }
    corp.ok("tag/create", json!({"tagname": "t"}));
    let ghosts = json!({"tagid": 1, "userlist": ["ghost"]});
    assert_eq!(corp.refused("tag/addtagusers", ghosts), 40070);
    assert_eq!(corp.refused("tag/addtagusers", json!({"tagid": 1})), 40063);
    assert_eq!(corp.refused("tag/create", json!({"tagname": "t"})), 40058);
}

#[test]
fn an_application_shows_and_changes_itself_only() {
    let mut corp = Corp::new();
    let body = json!({"agentid": AGENT, "name": "鸟", "description": "toolkit",
        "report_location_flag": 0, "isreportenter": 1, "home_url": "https://x.y"});
    corp.ok("agent/set", body.clone());
    let shown = corp.ok_get("agent/get", "agentid=1000002");
    assert_eq!(shown["name"], "鸟");
    assert_eq!(shown["report_location_flag"], 0);
    assert_eq!(shown["allow_partys"], json!({"partyid": [1]}));
    assert_eq!(
        corp.ok_get("agent/list", "")["agentlist"],
        json!([{"agentid": AGENT, "name": "鸟", "square_logo_url": ""}])
    );
    assert_eq!(corp.refused_get("agent/get", "agentid=1000003"), 301_002);
    assert_eq!(corp.refused_get("agent/get", ""), 41011);
    assert_eq!(corp.refused_get("agent/get", "agentid=5"), 40056);
    assert_eq!(
        corp.refused("agent/set", with(body, "agentid", json!(OTHER_AGENT))),
        301_002
    );
}

#[test]
fn a_menu_is_created_shown_and_deleted() {
    let mut corp = Corp::new();
    let menu = json!({"button": [{"type": "click", "name": "帮助", "key": "HELP"},
        {"name": "更多", "sub_button": [{"type": "view", "name": "网页", "url": "https://x.y"}]}]});
    corp.ok("menu/create?agentid=1000002", menu.clone());
    let shown = corp.ok_get("menu/get", "agentid=1000002");
    assert_eq!(shown["button"], menu["button"]);
    // People see it below their chat with this application, and nowhere else.
    let on_screen = |corp: &Corp| {
        let list = corp.world.conversations(Some("alice")).unwrap();
        let list = list.conversations.into_iter();
        let menus = list.filter_map(|it| Some((it.id, it.menu?)));
        menus.collect::<Vec<_>>()
    };
    let menus = on_screen(&corp);
    assert_eq!(menus, [("user:alice".to_owned(), menu["button"].clone())]);
    while corp.world.poll_change().is_some() {}
    corp.ok_get("menu/delete", "agentid=1000002");
    assert!(matches!(
        corp.world.poll_change(),
        Some(Change::Conversations)
    ));
    assert!(on_screen(&corp).is_empty());
    let shown = corp.ok_get("menu/get", "agentid=1000002");
    assert_eq!(shown.get("button"), None);
    for bad in [
        json!([]),
        json!(vec![json!({"type": "click", "name": "n", "key": "k"}); 4]),
        json!([{"type": "click", "name": "", "key": "k"}]),
        json!([{"type": "click", "name": "n"}]),
        json!([{"type": "poem", "name": "n", "key": "k"}]),
    ] {
        corp.refused("menu/create?agentid=1000002", json!({ "button": bad }));
    }
    assert_eq!(corp.refused("menu/create?agentid=1000003", menu), 301_002);
    assert_eq!(corp.refused_get("menu/get", "agentid=1000003"), 301_002);
    assert_eq!(corp.refused_get("menu/delete", "agentid=1000003"), 301_002);
}
