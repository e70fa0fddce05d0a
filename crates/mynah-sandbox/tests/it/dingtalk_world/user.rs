//! Members of the organisation.

use mynah_sandbox::{Change, World};
use serde_json::{Value, json};

use super::support::*;

/// The ids in a list of members.
fn ids(users: &Value) -> Vec<&str> {
    let users = users.as_array().unwrap().iter();
    users.map(|it| it["userid"].as_str().unwrap()).collect()
}

const ALL: [&str; 5] = ["alice", "bob", "carol", "dave", "erin"];

#[test]
fn a_member_is_told_of_with_all_fields() {
    let mut org = Org::new();
    let user = org.ok_get("user/get", "userid=alice&lang=zh_CN");
    assert_eq!(
        user,
        json!({"errcode": 0, "errmsg": "ok", "userid": "alice", "unionid": "union-alice",
            "name": "Alice", "active": true, "isAdmin": true, "isBoss": true, "isSenior": false,
            "isHide": false, "isLeader": false, "realAuthed": true, "department": [1],
            "orderInDepts": "{1:1}", "isLeaderInDepts": "{1:false}", "extattr": {}, "roles": [],
            "mobile": "13800000000", "stateCode": "86", "tel": "", "remark": "", "workPlace": "",
            "position": "", "email": "alice@example.com", "jobnumber": "", "avatar": ""})
    );
}

#[test]
fn a_member_is_told_of_by_topapi_with_other_names() {
    let mut org = Org::new();
    let answer = org.ok("topapi/v2/user/get", json!({"userid": "bob"}));
    assert!(answer["request_id"].is_string());
    let user = &answer["result"];
    assert_eq!(user["unionid"], "union-bob");
    assert_eq!(user["dept_id_list"], json!([1]));
    assert_eq!(user["dept_order_list"], json!([{"dept_id": 1, "order": 1}]));
    let leads = json!([{"dept_id": 1, "leader": false}]);
    assert_eq!(user["leader_in_dept"], leads);
    assert_eq!(user["admin"], false);
    assert!(user.get("title").is_none());
}

#[test]
fn a_member_who_is_not_there_is_refused_in_the_words_of_each_interface() {
    let mut org = Org::new();
    let answer = org.get("user/get", "userid=nobody");
    assert_eq!((answer.code(), answer.words()), (60121, "找不到该用户"));
    assert_eq!(org.refused_get("user/get", "userid=Alice"), 60121);
    assert_eq!(org.refused_get("user/get", ""), 41009);
    let answer = org.post("topapi/v2/user/get", &json!({"userid": "nobody"}));
    assert_eq!((answer.code(), answer.words()), (33012, "无效的USERID"));
    assert_eq!(org.refused("topapi/v2/user/get", json!({})), 400_002);
}

#[test]
fn every_list_of_department_1_has_all_in_the_order_of_the_seed() {
    let mut org = Org::new();
    for path in ["user/simplelist", "user/list"] {
        let list = org.ok_get(path, "department_id=1");
        assert_eq!(ids(&list["userlist"]), ALL, "{path}");
        assert_eq!(list["hasMore"], false, "{path}");
    }
    let list = org.ok_get("user/getDeptMember", "deptId=1");
    assert_eq!(list["userIds"], json!(ALL));
    let list = org.ok("topapi/user/listid", json!({"dept_id": 1}));
    assert_eq!(list["result"]["userid_list"], json!(ALL));
    for path in ["topapi/user/listsimple", "topapi/v2/user/list"] {
        let list = org.ok(path, json!({"dept_id": 1, "cursor": 0, "size": 100}));
        assert_eq!(ids(&list["result"]["list"]), ALL, "{path}");
        assert_eq!(list["result"]["has_more"], false, "{path}");
        assert!(list["result"].get("next_cursor").is_none(), "{path}");
    }
}

#[test]
fn a_list_is_cut_only_where_offset_and_size_are_both_given() {
    let mut org = Org::new();
    for path in ["user/simplelist", "user/list", "user/listbypage"] {
        let list = org.ok_get(path, "department_id=1&offset=2&size=2");
        assert_eq!(ids(&list["userlist"]), ["carol", "dave"], "{path}");
        assert_eq!(list["hasMore"], true, "{path}");
        let list = org.ok_get(path, "department_id=1&offset=3&size=2");
        assert_eq!(ids(&list["userlist"]), ["dave", "erin"], "{path}");
        assert_eq!(list["hasMore"], false, "{path}");
        let list = org.ok_get(path, "department_id=1&offset=9&size=2");
        assert_eq!(list["userlist"], json!([]), "{path}");
    }
    for path in ["user/simplelist", "user/list"] {
        for one in ["offset=2", "size=2"] {
            let list = org.ok_get(path, &format!("department_id=1&{one}"));
            assert_eq!(ids(&list["userlist"]), ALL, "{path} {one}");
        }
    }
}

#[test]
fn a_page_of_topapi_says_where_the_next_one_begins() {
    let mut org = Org::new();
    for path in ["topapi/user/listsimple", "topapi/v2/user/list"] {
        let (mut cursor, mut found) = (json!(0), Vec::new());
        loop {
            let page = org.ok(path, json!({"dept_id": 1, "cursor": cursor, "size": 2}));
            let page = &page["result"];
            found.extend(ids(&page["list"]).into_iter().map(str::to_owned));
            match page.get("next_cursor") {
                Some(next) => cursor = next.clone(),
                None => break,
            }
            assert_eq!(page["has_more"], true, "{path}");
        }
        assert_eq!(found, ALL, "{path}");
    }
}

#[test]
fn a_page_has_1_to_100_members_and_begins_at_0_or_later() {
    let mut org = Org::new();
    for (offset, size, code) in [
        ("-1", "10", 40068),
        ("x", "10", 40068),
        ("0", "0", 40069),
        ("0", "101", 40069),
        ("0", "x", 40069),
    ] {
        for path in ["user/simplelist", "user/list", "user/listbypage"] {
            let query = format!("department_id=1&offset={offset}&size={size}");
            assert_eq!(org.refused_get(path, &query), code, "{path} {query}");
        }
        for path in ["topapi/user/listsimple", "topapi/v2/user/list"] {
            let body = json!({"dept_id": 1, "cursor": offset, "size": size});
            assert_eq!(org.refused(path, body.clone()), code, "{path} {body}");
        }
    }
    for path in ["topapi/user/listsimple", "topapi/v2/user/list"] {
        for body in [
            json!({"dept_id": 1, "size": 10}),
            json!({"dept_id": 1, "cursor": 0}),
        ] {
            assert_eq!(org.refused(path, body.clone()), 40035, "{path} {body}");
        }
    }
    assert_eq!(
        org.ok_get("user/list", "department_id=1&offset=0&size=100")["hasMore"],
        false
    );
}

#[test]
fn a_department_that_is_not_there_is_60003_in_every_list() {
    let mut org = Org::new();
    for (path, query) in [
        ("user/simplelist", "department_id=9"),
        ("user/list", "department_id=9"),
        ("user/listbypage", "department_id=9&offset=0&size=10"),
        ("user/getDeptMember", "deptId=9"),
    ] {
        assert_eq!(org.refused_get(path, query), 60003, "{path}");
    }
    let page = json!({"dept_id": 9, "cursor": 0, "size": 10});
    for path in [
        "topapi/user/listid",
        "topapi/user/listsimple",
        "topapi/v2/user/list",
    ] {
        assert_eq!(org.refused(path, page.clone()), 60003, "{path}");
    }
    let answer = org.get("user/simplelist", "");
    assert_eq!(
        (answer.code(), answer.words()),
        (40035, "缺少参数 department_id")
    );
}

#[test]
fn members_are_listed_in_the_order_that_is_asked_for() {
    let mut org = Org::new();
    org.ok(
        "user/update",
        json!({"userid": "carol", "position": "设计"}),
    );
    org.ok(
        "user/update",
        json!({"userid": "bob", "orderInDepts": "{1:176}"}),
    );
    let mut listed = |order: &str| {
        let query = format!("department_id=1&order={order}");
        let list = org.ok_get("user/simplelist", &query);
        ids(&list["userlist"]).join(" ")
    };
    assert_eq!(listed("custom"), "bob alice carol dave erin");
    assert_eq!(listed("entry_asc"), "alice bob carol dave erin");
    assert_eq!(listed("entry_desc"), "erin dave carol bob alice");
    assert_eq!(listed("modify_asc"), "alice dave erin carol bob");
    assert_eq!(listed("modify_desc"), "bob carol erin dave alice");
    let by_chance = "department_id=1&order=by_chance";
    assert_eq!(org.refused_get("user/simplelist", by_chance), 40011);
}

#[test]
fn a_person_is_found_by_the_id_that_all_organisations_share() {
    let mut org = Org::new();
    let found = org.ok_get("user/getUseridByUnionid", "unionid=union-dave");
    assert_eq!(found["userid"], "dave");
    assert_eq!(found["contactType"], 0);
    assert_eq!(
        org.refused_get("user/getUseridByUnionid", "unionid=dave"),
        60121
    );
    assert_eq!(org.refused_get("user/getUseridByUnionid", ""), 40035);
}

#[test]
fn the_code_of_a_signed_in_person_is_good_for_one_call_within_five_minutes() {
    let mut org = Org::new();
    let sign_in = |org: &mut Org, who: &str| {
        let code = act(&mut org.world, who, "sign_in", json!({}));
        format!("code={}", code["code"].as_str().unwrap())
    };
    let code = sign_in(&mut org, "alice");
    let info = org.ok_get("user/getuserinfo", &code);
    assert_eq!(info["userid"], "alice");
    assert_eq!(info["is_sys"], true);
    assert_eq!(info["sys_level"], 1);
    assert!(info["deviceId"].is_string());
    assert_eq!(org.refused_get("user/getuserinfo", &code), 40078);

    let code = sign_in(&mut org, "bob");
    org.wait(299);
    assert_eq!(org.ok_get("user/getuserinfo", &code)["sys_level"], 0);
    let code = sign_in(&mut org, "bob");
    org.wait(300);
    assert_eq!(org.refused_get("user/getuserinfo", &code), 40078);
    assert_eq!(org.refused_get("user/getuserinfo", "code=unknown"), 40078);
    assert_eq!(org.refused_get("user/getuserinfo", ""), 40035);
}

#[test]
fn administrators_are_known_and_manage_the_application() {
    let mut org = Org::new();
    let admins = org.ok_get("user/get_admin", "");
    let main = json!([{"sys_level": 1, "userid": "alice"}]);
    assert_eq!(admins["admin_list"], main);
    let mut can = |user: &str| {
        let query = format!("appId={AGENT}&userId={user}");
        org.ok_get("user/can_access_microapp", &query)["canAccess"].clone()
    };
    assert_eq!(can("alice"), true);
    assert_eq!(can("bob"), false);
    for (query, code) in [
        ("userId=alice", 40035),
        ("appId=1&userId=alice", 40056),
        ("appId=100001", 41009),
        ("appId=100001&userId=nobody", 60121),
    ] {
        assert_eq!(org.refused_get("user/can_access_microapp", query), code);
    }
}

#[test]
fn members_are_counted() {
    let mut org = Org::new();
    for which in ["onlyActive=0", "onlyActive=1"] {
        assert_eq!(org.ok_get("user/get_org_user_count", which)["count"], 5);
    }
    for wrong in ["onlyActive=2", "onlyActive=yes", ""] {
        assert_eq!(org.refused_get("user/get_org_user_count", wrong), 40035);
    }
}

#[test]
fn the_application_sees_the_whole_organisation() {
    let mut org = Org::new();
    let scopes = org.ok_get("auth/scopes", "");
    let whole = json!({"authed_user": [], "authed_dept": [1]});
    assert_eq!(scopes["auth_org_scopes"], whole);
    assert_eq!(scopes["condition_field"], json!([]));
    assert_eq!(scopes["auth_user_field"][0], "name");
}

fn frank() -> Value {
    json!({"name": "弗兰克", "department": [1], "mobile": "15000000009"})
}

#[test]
fn a_new_member_is_there_at_once_and_on_the_page() {
    let mut org = Org::new();
    while org.world.poll_change().is_some() {}
    let created = org.ok("user/create", frank());
    assert_eq!(created["errmsg"], "created");
    let id = created["userid"].as_str().unwrap();
    assert!(!id.is_empty());
    let shown = org.ok_get("user/get", &format!("userid={id}"));
    assert_eq!(shown["name"], "弗兰克");
    assert_eq!(shown["active"], true);
    let union = shown["unionid"].as_str().unwrap();
    assert!(!union.is_empty());
    let people = org.world.people();
    assert!(people.iter().any(|person| person.display == "弗兰克"));
    assert!(matches!(
        org.world.poll_change(),
        Some(Change::Conversations)
    ));
    let list = org.ok_get("user/getDeptMember", "deptId=1");
    assert_eq!(list["userIds"][5], id);
}

#[test]
fn a_member_may_bring_an_id_and_is_then_known_by_it() {
    let mut org = Org::new();
    let mut body = frank();
    body["userid"] = json!("frank.1");
    assert_eq!(org.ok("user/create", body.clone())["userid"], "frank.1");
    assert_eq!(org.refused("user/create", body), 60102);
}

#[test]
fn what_is_wrong_with_a_new_member_is_said() {
    let mut org = Org::new();
    let long = |many: usize| json!("长".repeat(many));
    for (field, value, code) in [
        ("name", json!(null), 40035),
        ("name", json!(""), 40035),
        ("name", long(65), 60112),
        ("department", json!([]), 40035),
        ("department", json!([9]), 60003),
        ("mobile", json!(""), 40035),
        ("mobile", json!("138-x"), 60103),
        ("mobile", json!("13800000001"), 60104),
        ("userid", json!("a b"), 40003),
        ("userid", json!("a".repeat(65)), 40003),
        ("userid", json!("bob"), 60102),
        ("email", json!("nobody"), 60105),
        ("email", json!("bob@example.com"), 60106),
        ("position", long(65), 60119),
        ("tel", long(51), 40063),
        ("workPlace", long(51), 40064),
        ("remark", long(1001), 40065),
        ("jobnumber", long(65), 60123),
        ("orderInDepts", json!("[1]"), 40011),
    ] {
        let mut body = frank();
        body[field] = value.clone();
        assert_eq!(org.refused("user/create", body), code, "{field}: {value}");
    }
    let mut good = frank();
    good["name"] = long(64);
    good["mobile"] = json!("+86-15000000009");
    org.ok("user/create", good);
}

#[test]
fn a_member_is_changed_in_what_is_said_and_nothing_else() {
    let mut org = Org::new();
    let department = json!({"name": "研发部", "parentid": 1});
    let department = org.ok("department/create", department)["id"].clone();
    let body = json!({"userid": "bob", "name": "Bob B", "department": [department, 1, 1],
        "orderInDepts": format!("{{{department}:7}}"), "extattr": {"爱好": "旅游"},
        "isHide": true, "orgEmail": "bob@corp.example.com"});
    assert_eq!(org.ok("user/update", body)["errmsg"], "updated");
    let bob = org.ok_get("user/get", "userid=bob");
    assert_eq!(bob["name"], "Bob B");
    assert_eq!(bob["department"], json!([department, 1]));
    assert_eq!(bob["orderInDepts"], format!("{{{department}:7,1:1}}"));
    assert_eq!(bob["extattr"], json!({"爱好": "旅游"}));
    assert_eq!(bob["isHide"], true);
    assert_eq!(bob["orgEmail"], "bob@corp.example.com");
    assert_eq!(bob["mobile"], "13800000001");

    org.ok("user/update", json!({"userid": "bob", "position": "p"}));
    let bob = org.ok_get("user/get", "userid=bob");
    assert_eq!(bob["extattr"], json!({"爱好": "旅游"}));
    assert_eq!(bob["position"], "p");
    // Their own number is not somebody else's.
    org.ok(
        "user/update",
        json!({"userid": "bob", "mobile": "13800000001"}),
    );
}

#[test]
fn what_is_wrong_with_a_change_is_said() {
    let mut org = Org::new();
    for (field, value, code) in [
        ("name", json!(""), 60112),
        ("department", json!([]), 40066),
        ("department", json!([1, 9]), 60003),
        ("mobile", json!(""), 60103),
        ("mobile", json!("13800000002"), 60104),
        ("email", json!("carol@example.com"), 60106),
    ] {
        let mut body = json!({"userid": "bob"});
        body[field] = value.clone();
        assert_eq!(org.refused("user/update", body), code, "{field}: {value}");
    }
    let nobody = json!({"userid": "nobody", "name": "x"});
    assert_eq!(org.refused("user/update", nobody), 60121);
    assert_eq!(org.refused("user/update", json!({"name": "x"})), 41009);
}

#[test]
fn a_removed_member_is_nobody_but_stays_in_the_groups() {
    let mut org = Org::new();
    let deleted = org.ok_get("user/delete", "userid=carol");
    assert_eq!(deleted["errmsg"], "deleted");
    assert_eq!(org.refused_get("user/get", "userid=carol"), 60121);
    assert_eq!(org.refused_get("user/delete", "userid=carol"), 60121);
    let list = org.ok_get("user/getDeptMember", "deptId=1");
    assert_eq!(list["userIds"], json!(["alice", "bob", "dave", "erin"]));
    let groups = org.world.snapshot()["state"]["groups"].clone();
    let members = groups["chatgeneral"]["members"].clone();
    assert_eq!(members, json!(ALL));
    assert!(org.world.messages("group:chatgeneral", None, 10).is_ok());
}

#[test]
fn several_members_are_removed_at_both_addresses_all_or_none() {
    let mut org = Org::new();
    for path in ["user/batchdelete", "user/delete"] {
        let strangers = json!({"useridlist": ["dave", "nobody"]});
        assert_eq!(org.refused(path, strangers), 60121, "{path}");
        let many: Vec<String> = (0..21).map(|it| format!("u{it}")).collect();
        let many = json!({"useridlist": many});
        assert_eq!(org.refused(path, many), 40032, "{path}");
        assert_eq!(org.refused(path, json!({"useridlist": []})), 40035);
    }
    let gone = org.ok("user/delete", json!({"useridlist": ["alice", "bob"]}));
    assert_eq!(gone["errmsg"], "deleted");
    let gone = org.ok(
        "user/batchdelete",
        json!({"useridlist": ["carol", "carol"]}),
    );
    assert_eq!(gone["errmsg"], "deleted");
    let list = org.ok_get("user/getDeptMember", "deptId=1");
    assert_eq!(list["userIds"], json!(["dave", "erin"]));
}

#[test]
fn a_wrong_method_and_a_broken_body_are_refused_after_the_token() {
    let mut org = Org::new();
    assert_eq!(org.refused("user/get", json!({"userid": "alice"})), 43001);
    assert_eq!(org.refused_get("user/create", "name=x"), 43002);
    let path = format!("/user/create?access_token={}", org.token);
    for body in [&b"[]"[..], b"", b"name=x"] {
        let answer = send(&mut org.world, &request("POST", &path, body));
        assert_eq!(answer.code(), 43009);
        let answer = send(&mut org.world, &request("POST", "/user/create", body));
        assert_eq!(answer.code(), 41001);
    }
}

#[test]
fn a_snapshot_brings_members_and_departments_back() {
    let mut org = Org::new();
    org.ok(
        "department/create",
        json!({"name": "研发部", "parentid": 1}),
    );
    org.ok_get("user/delete", "userid=erin");
    let snapshot = org.world.snapshot();
    org.ok("user/create", frank());
    org.ok_get("department/delete", "id=2");
    org.world.restore(snapshot.clone()).unwrap();
    assert_eq!(org.world.snapshot(), snapshot);
    org.world.reset();
    org.token = token(&mut org.world);
    let list = org.ok_get("user/getDeptMember", "deptId=1");
    assert_eq!(list["userIds"], json!(ALL));

    let mut broken = snapshot;
    broken["state"]["directory"]["departments"]["2"]["parent"] = json!(7);
    assert!(org.world.restore(broken).is_err());
}
