//! Groups, and who may not speak in them.

use mynah_sandbox::World;
use serde_json::{Value, json};

use super::support::{Service, last, may_not_say, say, seen, told};

fn users<'a>(ids: &'a [String], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let ids = ids.iter().map(|id| ("userId", id.as_str()));
    ids.chain(more.iter().copied()).collect()
}

fn numbered(prefix: &str, count: usize) -> Vec<String> {
    (0..count)
        .map(|number| format!("{prefix}{number}"))
        .collect()
}

fn members(service: &mut Service, group: &str) -> Vec<String> {
    let answer = service.ok("group/user/query", &[("groupId", group)]);
    let members = answer["users"].as_array().unwrap().iter();
    members
        .map(|it| it["id"].as_str().unwrap().to_owned())
        .collect()
}

fn groups(service: &mut Service, user: &str) -> Value {
    service.ok("user/group/query", &[("userId", user)])["groups"].clone()
}

#[test]
fn members_are_listed_in_the_order_of_joining() {
    let mut service = Service::new();
    let g1 = [("groupId", "g1"), ("groupName", "One")];
    service.ok(
        "group/create",
        &[("userId", "dave"), ("userId", "bob"), g1[0], g1[1]],
    );
    service.ok(
        "group/join",
        &[("userId", "alice"), ("userId", "bob"), g1[0]],
    );
    assert_eq!(members(&mut service, "g1"), ["dave", "bob", "alice"]);
    assert_eq!(members(&mut service, "unknown"), [""; 0]);
    service.ok(
        "group/quit",
        &[("userId", "dave"), ("userId", "erin"), g1[0]],
    );
    service.ok("group/quit", &[("userId", "dave"), g1[0]]);
    assert_eq!(members(&mut service, "g1"), ["bob", "alice"]);
    assert_eq!(
        last(&service.world, "group:g1").notice.unwrap().text_en,
        "Dave left"
    );
    assert_eq!(
        groups(&mut service, "alice"),
        json!([{ "id": "g1", "name": "One" },
        { "id": "general", "name": "general" }])
    );
    assert!(
        told(&mut service.world).is_empty(),
        "the platform tells nothing of groups"
    );
}

#[test]
fn an_unknown_group_wants_a_name_and_a_name_renames() {
    let mut service = Service::new();
    let join = [("userId", "alice"), ("groupId", "g1")];
    assert_eq!(service.refused("group/join", &join), (400, 1002));
    assert_eq!(service.refused("group/create", &join), (400, 1002));
    service.ok("group/join", &[join[0], join[1], ("groupName", "One")]);
    service.ok(
        "group/join",
        &[("userId", "bob"), join[1], ("groupName", "Two")],
    );
    assert_eq!(groups(&mut service, "bob")[0]["name"], "Two");
    service.ok(
        "group/refresh",
        &[("groupId", "g1"), ("groupName", "Three")],
    );
    assert_eq!(groups(&mut service, "bob")[0]["name"], "Three");
    // Nothing is made of what is not there.
    service.ok(
        "group/refresh",
        &[("groupId", "g2"), ("groupName", "Three")],
    );
    assert_eq!(members(&mut service, "g2"), [""; 0]);
}

#[test]
fn sync_adds_and_neither_renames_nor_removes() {
    let mut service = Service::new();
    let form = [
        ("group[g1]", "One"),
        ("group[general]", "Other"),
        ("userId", "zed"),
    ];
    service.ok("group/sync", &form);
    service.ok("group/sync", &[("group[g 2]", "二"), ("userId", "zed")]);
    service.ok("group/sync", &[("userId", "zed")]);
    assert_eq!(
        groups(&mut service, "zed"),
        json!([{ "id": "g 2", "name": "二" }, { "id": "g1", "name": "One" },
            { "id": "general", "name": "general" }])
    );
    assert_eq!(
        service.refused("group/sync", &[("group[g1]", "One")]),
        (400, 1002)
    );
}

#[test]
fn a_group_takes_3000_members_and_those_it_has_do_not_count() {
    let mut service = Service::new();
    let g1 = [("groupId", "g1"), ("groupName", "One")];
    let ids = numbered("u", 3000);
    for chunk in ids.chunks(1000) {
        service.ok("group/create", &users(chunk, &g1));
    }
    assert_eq!(members(&mut service, "g1"), ids);
    let one_more = [("userId", "zed"), g1[0], g1[1]];
    let refused = service.refused_in_words("group/join", &one_more);
    assert_eq!(
        refused,
        (
            (405, 405),
            "The group capacity exceeds the limit.".to_owned()
        )
    );
    assert_eq!(
        service.refused("group/sync", &[("group[g1]", "One"), ("userId", "zed")]),
        (405, 405)
    );
    service.ok("group/join", &[("userId", "u7"), g1[0]]);
    // Nobody joins if one does not fit.
    service.ok("group/quit", &[("userId", "u0"), g1[0]]);
    let two = [("userId", "y"), ("userId", "z"), g1[0]];
    assert_eq!(service.refused("group/join", &two), (405, 405));
    service.ok("group/join", &two[1..]);
}

#[test]
fn one_call_names_1000_users() {
    let mut service = Service::new();
    let ids = numbered("u", 1001);
    let g1 = [("groupId", "g1"), ("groupName", "One")];
    for path in ["group/create", "group/join", "group/quit"] {
        assert_eq!(
            service.refused(path, &users(&ids, &g1)),
            (400, 1002),
            "{path}"
        );
        service.ok(path, &users(&ids[1..], &g1));
    }
    for path in ["group/create", "group/join", "group/quit"] {
        assert_eq!(service.refused(path, &g1), (400, 1002), "{path}");
    }
}

#[test]
fn somebody_is_in_500_groups_unless_that_is_switched_off() {
    let mut service = Service::new();
    let ids: Vec<String> = (0..501).map(|number| format!("group[g{number}]")).collect();
    let mut form: Vec<(&str, &str)> = ids.iter().map(|id| (id.as_str(), "G")).collect();
    form.push(("userId", "zed"));
    assert_eq!(service.refused("group/sync", &form), (400, 1002));
    service.ok("group/sync", &form[1..]);
    let join = [("userId", "zed"), ("groupId", "g0"), ("groupName", "G")];
    assert_eq!(service.refused("group/join", &join), (400, 1002));
    assert_eq!(service.refused("group/create", &join), (400, 1002));
    // Where they are they may join again.
    service.ok("group/join", &[("userId", "zed"), ("groupId", "g1")]);
    service.world.settings_mut().groups_per_user = 0;
    service.ok("group/join", &join);
    let all = groups(&mut service, "zed");
    assert_eq!(all.as_array().unwrap().len(), 501);
    let page = |service: &mut Service, page: &str, size: &str| {
        let form = [("userId", "zed"), ("page", page), ("size", size)];
        let answer = service.ok("user/group/query", &form);
        answer["groups"].as_array().unwrap().len()
    };
    assert_eq!(page(&mut service, "1", "500"), 500);
    assert_eq!(page(&mut service, "2", "500"), 1);
    assert_eq!(page(&mut service, "0", "2"), 501);
}

#[test]
fn a_group_that_was_dismissed_is_gone_but_not_its_gags() {
    let mut service = Service::new();
    let form = [("userId", "bob"), ("groupId", "general"), ("minute", "0")];
    service.ok("group/user/gag/add", &form);
    service.ok("group/ban/add", &[("groupId", "general")]);
    let ban = [("userId", "alice"), ("groupId", "general")];
    service.ok("group/user/ban/whitelist/add", &ban);
    // Whoever dismisses it need not be anybody.
    service.ok(
        "group/dismiss",
        &[("userId", "stranger"), ("groupId", "general")],
    );
    service.ok(
        "group/dismiss",
        &[("userId", "stranger"), ("groupId", "general")],
    );
    assert_eq!(members(&mut service, "general"), [""; 0]);
    assert!(service.world.messages("group:general", None, 1).is_err());
    let again = [
        ("userId", "alice"),
        ("userId", "bob"),
        ("userId", "carol"),
        ("groupId", "general"),
        ("groupName", "again"),
    ];
    service.ok("group/create", &again);
    assert_eq!(
        may_not_say(&mut service.world, "bob", "group:general"),
        (403, 22408)
    );
    assert_eq!(
        may_not_say(&mut service.world, "carol", "group:general"),
        (403, 22408)
    );
    say(&mut service.world, "alice", "group:general", "hi");
}

#[test]
fn a_gag_ends_by_itself_or_never() {
    let mut service = Service::new();
    let gag = |service: &mut Service, user: &str, minute: &str| {
        let form = [("userId", user), ("groupId", "general"), ("minute", minute)];
        service.ok("group/user/gag/add", &form);
    };
    gag(&mut service, "bob", "30");
    gag(&mut service, "carol", "0");
    let listed = service.ok("group/user/gag/list", &[("groupId", "general")]);
    assert_eq!(
        listed["users"],
        json!([{ "userId": "bob", "startTime": "2023-11-15 06:13:20", "time": "2023-11-15 06:43:20" },
            { "userId": "carol", "startTime": "2023-11-15 06:13:20", "time": "9999-12-31 23:59:59" }])
    );
    assert_eq!(
        may_not_say(&mut service.world, "bob", "group:general"),
        (403, 22408)
    );
    // What calls send is not bound by it.
    let form = [
        ("fromUserId", "bob"),
        ("toGroupId", "general"),
        ("objectName", "RC:TxtMsg"),
        ("content", "{\"content\":\"hi\"}"),
    ];
    service.ok("message/group/publish", &form);
    service.wait(30 * 60);
    say(&mut service.world, "bob", "group:general", "again");
    told(&mut service.world);
    assert_eq!(
        may_not_say(&mut service.world, "carol", "group:general"),
        (403, 22408)
    );
    let listed = service.ok("group/user/gag/list", &[("groupId", "general")]);
    assert_eq!(listed["users"].as_array().unwrap().len(), 1);
    let form = [
        ("userId", "carol"),
        ("userId", "dave"),
        ("groupId", "general"),
    ];
    service.ok("group/user/gag/rollback", &form);
    say(&mut service.world, "carol", "group:general", "again");
}

#[test]
fn a_gag_lasts_a_month_at_most_and_is_for_20_users() {
    let mut service = Service::new();
    for minute in ["-1", "43201", "x", ""] {
        let form = [
            ("userId", "bob"),
            ("groupId", "general"),
            ("minute", minute),
        ];
        assert_eq!(
            service.refused("group/user/gag/add", &form),
            (400, 1002),
            "{minute}"
        );
    }
    let ids = numbered("u", 21);
    let form = users(&ids, &[("groupId", "general"), ("minute", "43200")]);
    assert_eq!(service.refused("group/user/gag/add", &form), (400, 1002));
    assert_eq!(
        service.refused("group/user/gag/rollback", &form),
        (400, 1002)
    );
    service.ok("group/user/gag/add", &form[1..]);
}

#[test]
fn a_gag_in_all_groups_is_for_100_users() {
    let mut service = Service::new();
    for chunk in numbered("u", 100).chunks(20) {
        service.ok("group/user/gag/add", &users(chunk, &[("minute", "10")]));
    }
    let form = [("userId", "bob"), ("minute", "10")];
    assert_eq!(service.refused("group/user/gag/add", &form), (400, 1002));
    service.ok("group/user/gag/rollback", &[("userId", "u0")]);
    service.ok("group/user/gag/add", &form);
    assert_eq!(
        may_not_say(&mut service.world, "bob", "group:general"),
        (403, 22408)
    );
    let listed = service.ok("group/user/gag/list", &[]);
    assert_eq!(listed["users"].as_array().unwrap().len(), 100);
    let listed = service.ok("group/user/gag/list", &[("groupId", "general")]);
    assert_eq!(listed["users"], json!([]));
}

#[test]
fn a_muted_group_lets_its_exceptions_speak_unless_they_are_gagged() {
    let mut service = Service::new();
    service.ok(
        "group/ban/add",
        &[("groupId", "general"), ("groupId", "g2")],
    );
    assert_eq!(
        may_not_say(&mut service.world, "alice", "group:general"),
        (403, 22408)
    );
    let exception = [
        ("userId", "alice"),
        ("userId", "bob"),
        ("groupId", "general"),
    ];
    service.ok("group/user/ban/whitelist/add", &exception);
    say(&mut service.world, "alice", "group:general", "hi");
    told(&mut service.world);
    let gag = [("userId", "bob"), ("groupId", "general"), ("minute", "1")];
    service.ok("group/user/gag/add", &gag);
    assert_eq!(
        may_not_say(&mut service.world, "bob", "group:general"),
        (403, 22408)
    );
    let listed = service.ok("group/user/ban/whitelist/query", &[("groupId", "general")]);
    assert_eq!(listed, json!({ "code": 200, "userIds": ["alice", "bob"] }));
    service.ok(
        "group/user/ban/whitelist/rollback",
        &[exception[0], exception[2]],
    );
    assert_eq!(
        may_not_say(&mut service.world, "alice", "group:general"),
        (403, 22408)
    );

    let asked = [("groupId", "g3"), ("groupId", "general")];
    let stats = service.ok("group/ban/query", &asked);
    assert_eq!(
        stats["groupinfo"],
        json!([{ "groupId": "g3", "stat": 0 }, { "groupId": "general", "stat": 1 }])
    );
    let all = service.ok("group/ban/query", &[]);
    assert_eq!(all["groupinfo"].as_array().unwrap().len(), 2);
    let page = service.ok("group/ban/query", &[("page", "2"), ("size", "1")]);
    assert_eq!(
        page["groupinfo"],
        json!([{ "groupId": "general", "stat": 1 }])
    );
    service.ok("group/ban/rollback", &[("groupId", "general")]);
    say(&mut service.world, "alice", "group:general", "hi");
    told(&mut service.world);

    let ids: Vec<String> = numbered("g", 21);
    let form: Vec<(&str, &str)> = ids.iter().map(|id| ("groupId", id.as_str())).collect();
    for path in ["group/ban/add", "group/ban/rollback", "group/ban/query"] {
        assert_eq!(service.refused(path, &form), (400, 1002), "{path}");
    }
    let ids = numbered("u", 21);
    let form = users(&ids, &[("groupId", "g")]);
    for path in [
        "group/user/ban/whitelist/add",
        "group/user/ban/whitelist/rollback",
    ] {
        assert_eq!(service.refused(path, &form), (400, 1002), "{path}");
    }
}

#[test]
fn a_group_can_be_made_with_a_message() {
    let mut service = Service::new();
    let form = [
        ("userId", "alice"),
        ("userId", "bob"),
        ("groupId", "g1"),
        ("groupName", "G"),
        ("bindNotifyMsg", "True"),
        ("fromUserId", "alice"),
        ("objectName", "RC:GrpNtf"),
        (
            "content",
            "{\"operation\":\"Create\",\"message\":\"created\"}",
        ),
    ];
    let made = service.ok("group/create", &form);
    assert_eq!(made["memberCount"], 2);
    let message = last(&service.world, "group:g1");
    assert_eq!(made["messageUID"], message.id);
    assert_eq!(
        seen(&service.world, "group:g1").len(),
        2,
        "a line and the message"
    );
}
