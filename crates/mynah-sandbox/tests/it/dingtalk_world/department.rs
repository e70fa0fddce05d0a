//! Departments.

use serde_json::{Value, json};

use super::support::*;

/// 2 and 3 in the root, 4 in 2, 5 in 4; bob in 5 and in 3.
fn tree() -> Org {
    let mut org = Org::new();
    for (name, parent) in [("研发部", 1), ("市场部", 1), ("前端", 2), ("网页", 4)] {
        let body = json!({"name": name, "parentid": parent});
        org.ok("department/create", body);
    }
    let body = json!({"userid": "bob", "department": [5, 3]});
    org.ok("user/update", body);
    org
}

fn ids(departments: &Value) -> Vec<i64> {
    let departments = departments.as_array().unwrap().iter();
    departments.map(|it| it["id"].as_i64().unwrap()).collect()
}

#[test]
fn the_root_has_no_parent_and_is_not_among_what_is_below_it() {
    let mut org = Org::new();
    let root = org.ok_get("department/get", "id=1&lang=zh_CN");
    assert_eq!(root["id"], 1);
    assert_eq!(root["name"], "Mynah");
    assert!(root.get("parentid").is_none());
    for field in ["createDeptGroup", "autoAddUser", "deptHiding", "outerDept"] {
        assert_eq!(root[field], false, "{field}");
    }
    for field in ["deptPermits", "userPermits", "deptManagerUseridList"] {
        assert_eq!(root[field], "", "{field}");
    }
    assert_eq!(
        org.ok_get("department/list", "id=1")["department"],
        json!([])
    );
    assert_eq!(org.ok_get("department/list", "")["department"], json!([]));
    let below = org.ok_get("department/list_ids", "id=1");
    assert_eq!(below["sub_dept_id_list"], json!([]));
}

#[test]
fn the_departments_below_one_are_listed_directly_or_at_all() {
    let mut org = tree();
    let list = org.ok_get("department/list", "id=1&fetch_child=False");
    assert_eq!(ids(&list["department"]), [2, 3]);
    assert_eq!(
        list["department"][0],
        json!({"id": 2, "name": "研发部", "parentid": 1,
            "createDeptGroup": false, "autoAddUser": false})
    );
    let list = org.ok_get("department/list", "fetch_child=True");
    assert_eq!(ids(&list["department"]), [2, 3, 4, 5]);
    let list = org.ok_get("department/list", "id=2&fetch_child=true");
    assert_eq!(ids(&list["department"]), [4, 5]);
    let below = org.ok_get("department/list_ids", "id=2");
    assert_eq!(below["sub_dept_id_list"], json!([4]));
}

#[test]
fn topapi_tells_the_same_with_other_names() {
    let mut org = tree();
    let list = org.ok("topapi/v2/department/listsub", json!({}));
    assert_eq!(
        list["result"][1],
        json!({"dept_id": 3, "name": "市场部", "parent_id": 1,
            "create_dept_group": false, "auto_add_user": false})
    );
    assert_eq!(list["result"].as_array().unwrap().len(), 2);
    assert!(list["request_id"].is_string());
    let below = org.ok("topapi/v2/department/listsubid", json!({"dept_id": 2}));
    assert_eq!(below["result"], json!({"dept_id_list": [4]}));
    let root = org.ok("topapi/v2/department/get", json!({"dept_id": 1}));
    assert_eq!(root["result"]["name"], "Mynah");
    assert!(root["result"].get("parent_id").is_none());
}

#[test]
fn what_a_department_belongs_to_is_told_from_itself_to_the_root() {
    let mut org = tree();
    let above = org.ok_get("department/list_parent_depts_by_dept", "id=5");
    assert_eq!(above["parentIds"], json!([5, 4, 2, 1]));
    let above = org.ok_get("department/list_parent_depts_by_dept", "id=1");
    assert_eq!(above["parentIds"], json!([1]));
    let above = org.ok_get("department/list_parent_depts", "userId=bob");
    assert_eq!(above["department"], json!([[5, 4, 2, 1], [3, 1]]));
    let nobody = org.refused_get("department/list_parent_depts", "userId=nobody");
    assert_eq!(nobody, 60121);
}

#[test]
fn only_those_in_a_department_itself_are_its_members() {
    let mut org = tree();
    let list = org.ok_get("user/getDeptMember", "deptId=2");
    assert_eq!(list["userIds"], json!([]));
    let list = org.ok_get("user/getDeptMember", "deptId=5");
    assert_eq!(list["userIds"], json!(["bob"]));
}

#[test]
fn a_department_that_is_not_there_is_60003_everywhere() {
    let mut org = Org::new();
    for path in [
        "department/list",
        "department/list_ids",
        "department/get",
        "department/delete",
        "department/list_parent_depts_by_dept",
    ] {
        let answer = org.get(path, "id=9");
        assert_eq!((answer.code(), answer.words()), (60003, "部门不存在"));
        assert_eq!(org.refused_get(path, "id=9"), 60003, "{path}");
    }
    for path in ["listsub", "listsubid", "get"] {
        let path = format!("topapi/v2/department/{path}");
        assert_eq!(org.refused(&path, json!({"dept_id": 9})), 60003, "{path}");
    }
    let body = json!({"id": 9, "name": "x"});
    assert_eq!(org.refused("department/update", body), 60003);
    assert_eq!(org.refused_get("department/get", ""), 40035);
}

#[test]
fn a_new_department_gets_an_id_that_no_other_had() {
    let mut org = Org::new();
    let body = json!({"name": "钉钉事业部", "parentid": "1", "order": 3,
        "createDeptGroup": true, "sourceIdentifier": "x-1"});
    let created = org.ok("department/create", body.clone());
    assert_eq!(created["errmsg"], "created");
    assert_eq!(created["id"], 2);
    let shown = org.ok_get("department/get", "id=2");
    assert_eq!(shown["parentid"], 1);
    assert_eq!(shown["order"], 3);
    assert_eq!(shown["createDeptGroup"], true);
    assert_eq!(shown["sourceIdentifier"], "x-1");
    assert_eq!(org.refused("department/create", body.clone()), 60021);
    assert_eq!(org.ok_get("department/delete", "id=2")["errmsg"], "deleted");
    assert_eq!(org.ok("department/create", body)["id"], 3);
}

#[test]
fn what_is_wrong_with_a_department_is_said() {
    let mut org = tree();
    for (body, code) in [
        (json!({"parentid": 1}), 40035),
        (json!({"name": "x"}), 40035),
        (json!({"name": "长".repeat(65), "parentid": 1}), 60001),
        (json!({"name": "a-b", "parentid": 1}), 60009),
        (json!({"name": "a，b", "parentid": 1}), 60009),
        (json!({"name": "x", "parentid": 9}), 60004),
        (json!({"name": "研发部", "parentid": 1}), 60021),
    ] {
        assert_eq!(
            org.refused("department/create", body.clone()),
            code,
            "{body}"
        );
    }
    for (body, code) in [
        (json!({"name": "x"}), 40035),
        (json!({"id": 2, "name": ""}), 60001),
        (json!({"id": 2, "name": "市场部"}), 60021),
        (json!({"id": 2, "parentid": 9}), 60004),
        (json!({"id": 2, "parentid": 5}), 60010),
        (json!({"id": 2, "parentid": 2}), 60010),
        (json!({"id": 1, "parentid": 2}), 60018),
        (
            json!({"id": 2, "deptManagerUseridList": "alice|nobody"}),
            60121,
        ),
        (json!({"id": 2, "orgDeptOwner": "nobody"}), 60121),
    ] {
        assert_eq!(
            org.refused("department/update", body.clone()),
            code,
            "{body}"
        );
    }
    org.ok(
        "department/create",
        json!({"name": "长".repeat(64), "parentid": 1}),
    );
}

#[test]
fn whoever_manages_a_department_leads_it() {
    let mut org = tree();
    let body = json!({"id": 5, "name": "新名", "deptManagerUseridList": "bob|alice|bob",
        "orgDeptOwner": "bob"});
    let updated = org.ok("department/update", body);
    assert_eq!(updated["errmsg"], "updated");
    assert_eq!(updated["id"], 5);
    let shown = org.ok_get("department/get", "id=5");
    assert_eq!(shown["name"], "新名");
    assert_eq!(shown["parentid"], 4);
    assert_eq!(shown["deptManagerUseridList"], "bob|alice");
    let bob = org.ok_get("user/get", "userid=bob");
    assert_eq!(bob["isLeaderInDepts"], "{5:true,3:false}");
    assert_eq!(bob["isLeader"], true);
    let bob = org.ok("topapi/v2/user/get", json!({"userid": "bob"}));
    assert_eq!(bob["result"]["leader_in_dept"][0]["leader"], true);

    org.ok_get("user/delete", "userid=bob");
    let shown = org.ok_get("department/get", "id=5");
    assert_eq!(shown["deptManagerUseridList"], "alice");
    assert_eq!(shown["orgDeptOwner"], "");
}

#[test]
fn only_an_empty_department_goes_and_never_the_root() {
    let mut org = tree();
    assert_eq!(org.refused_get("department/delete", "id=1"), 60007);
    assert_eq!(org.refused_get("department/delete", "id=5"), 60005);
    assert_eq!(org.refused_get("department/delete", "id=4"), 60006);
    org.ok("user/update", json!({"userid": "bob", "department": [1]}));
    for id in [5, 4, 2] {
        org.ok_get("department/delete", &format!("id={id}"));
    }
    let list = org.ok_get("department/list", "fetch_child=1");
    assert_eq!(ids(&list["department"]), [3]);
}
