//! Users, their tokens, and whom they do not want to hear.

use serde_json::{Value, json};

use super::support::{NOW, NOW_TEXT, Service, act, events, may_not, say, told};

fn token(service: &mut Service, user: &str) -> String {
    let answer = service.ok("user/getToken", &[("userId", user), ("name", "N")]);
    assert_eq!(answer["userId"], user);
    answer["token"].as_str().unwrap().to_owned()
}

fn online(service: &mut Service, user: &str) -> Value {
    service.ok("user/checkOnline", &[("userId", user)])["status"].clone()
}

#[test]
fn a_token_registers_and_renews_and_the_older_ones_stay_valid() {
    let mut service = Service::new();
    let first = token(&mut service, "zed");
    let second = token(&mut service, "zed");
    assert_ne!(first, second);
    assert!(
        first.len() <= 256 && first.ends_with("@sandbox.cn.rongnav.com;sandbox.cn.rongcfg.com")
    );
    for token in [first, second] {
        act(
            &mut service.world,
            "zed",
            "connect",
            json!({ "token": token }),
        );
        act(&mut service.world, "zed", "disconnect", json!({}));
    }
    told(&mut service.world);
    let form = [
        ("userId", "zed"),
        ("name", "Z"),
        ("portraitUri", "http://e.com/z.png"),
    ];
    service.ok("user/getToken", &form);
    let info = service.ok("user/info", &[("userId", "zed")]);
    let expected = json!({ "code": 200, "userName": "Z", "userPortrait": "http://e.com/z.png",
        "createTime": NOW_TEXT });
    assert_eq!(info, expected);
}

#[test]
fn a_name_may_be_empty_but_not_absent() {
    let mut service = Service::new();
    service.ok("user/getToken", &[("userId", "zed"), ("name", "")]);
    assert_eq!(
        service.refused("user/getToken", &[("userId", "zed")]),
        (400, 1002)
    );
    assert_eq!(
        service.refused("user/getToken", &[("name", "Z")]),
        (400, 1002)
    );
    assert_eq!(
        service.refused("user/getToken", &[("userId", ""), ("name", "Z")]),
        (400, 1002)
    );
    let long = |bytes: usize| "x".repeat(bytes);
    for (field, most) in [("userId", 64), ("name", 128), ("portraitUri", 1024)] {
        let mut form = vec![("userId", "zed"), ("name", "Z"), ("portraitUri", "")];
        let (fits, longer) = (long(most), long(most + 1));
        let place = form.iter().position(|(name, _)| *name == field).unwrap();
        form[place].1 = &longer;
        assert_eq!(
            service.refused("user/getToken", &form),
            (400, 1005),
            "{field}"
        );
        form[place].1 = &fits;
        service.ok("user/getToken", &form);
    }
}

#[test]
fn the_development_environment_has_room_for_so_many_users() {
    let mut service = Service::new();
    service.world.settings_mut().users = 7;
    service.ok("user/getToken", &[("userId", "u7"), ("name", "N")]);
    let form = [("userId", "u8"), ("name", "N")];
    assert_eq!(service.refused("user/getToken", &form), (403, 2007));
    // Whoever is known may have another token.
    service.ok("user/getToken", &[("userId", "alice"), ("name", "N")]);
}

#[test]
fn what_is_given_is_refreshed_and_nothing_else() {
    let mut service = Service::new();
    let portrait = ("portraitUri", "http://e.com/a.png");
    service.ok("user/refresh", &[("userId", "alice"), portrait]);
    let info = service.ok("user/info", &[("userId", "alice")]);
    assert_eq!(
        (&info["userName"], &info["userPortrait"]),
        (&json!("Alice"), &json!("http://e.com/a.png"))
    );
    // What is empty counts as not given.
    let form = [
        ("userId", "alice"),
        ("name", "Alice Liddell"),
        ("portraitUri", ""),
    ];
    service.ok("user/refresh", &form);
    let info = service.ok("user/info", &[("userId", "alice")]);
    assert_eq!(
        (&info["userName"], &info["userPortrait"]),
        (&json!("Alice Liddell"), &json!("http://e.com/a.png"))
    );
    // Nobody is made of it.
    service.ok("user/refresh", &[("userId", "nobody"), ("name", "N")]);
    let info = service.ok("user/info", &[("userId", "nobody")]);
    assert_eq!(info["userName"], "");
}

#[test]
fn whose_client_is_connected_is_online() {
    let mut service = Service::new();
    assert_eq!(online(&mut service, "alice"), "0");
    assert_eq!(online(&mut service, "nobody"), "0");
    act(
        &mut service.world,
        "alice",
        "connect",
        json!({ "os": "Android" }),
    );
    assert_eq!(online(&mut service, "alice"), "1");
    act(&mut service.world, "alice", "logout", json!({}));
    assert_eq!(online(&mut service, "alice"), "0");
    let told = serde_json::to_value(
        told(&mut service.world)
            .into_iter()
            .flat_map(|effect| match effect {
                mynah_sandbox::rongcloud::Effect::Online(changes) => changes,
                other => panic!("{other:?}"),
            })
            .collect::<Vec<_>>(),
    )
    .unwrap();
    assert_eq!(told[0]["userid"], "alice");
    assert_eq!(told[0]["status"], "0");
    assert_eq!(told[0]["os"], "Android");
    assert_eq!(told[0]["time"], NOW);
    assert_eq!(told[1]["status"], "2");
    assert_eq!(told[0]["sessionId"], told[1]["sessionId"]);
    assert_eq!(told[0]["clientIp"], told[1]["clientIp"]);
    assert_eq!(
        may_not(&mut service.world, "alice", "disconnect", json!({})),
        403
    );
}

#[test]
fn who_is_blocked_is_cut_off_and_stays_out_until_it_ends() {
    let mut service = Service::new();
    act(&mut service.world, "dave", "connect", json!({}));
    told(&mut service.world);
    let form = [("userId", "dave"), ("userId", "erin"), ("minute", "10")];
    service.ok("user/block", &form);
    assert_eq!(
        events(&mut service.world).len(),
        1,
        "only one was connected"
    );
    assert_eq!(online(&mut service, "dave"), "0");
    assert_eq!(
        may_not(&mut service.world, "dave", "connect", json!({})),
        403
    );
    let blocked = service.ok("user/block/query", &[]);
    let until = "2023-11-15 06:23:20";
    assert_eq!(
        blocked["users"],
        json!([{ "userId": "dave", "blockEndTime": until },
            { "userId": "erin", "blockEndTime": until }])
    );
    // The period begins anew.
    service.wait(60);
    service.ok("user/block", &[("userId", "dave"), ("minute", "1")]);
    service.wait(59);
    let blocked = service.ok("user/block/query", &[]);
    assert_eq!(blocked["users"].as_array().unwrap().len(), 2);
    service.wait(1);
    let blocked = service.ok("user/block/query", &[]);
    assert_eq!(blocked["users"].as_array().unwrap().len(), 1);
    act(&mut service.world, "dave", "connect", json!({}));
    service.ok("user/unblock", &[("userId", "erin")]);
    service.ok("user/unblock", &[("userId", "erin")]);
    assert_eq!(service.ok("user/block/query", &[])["users"], json!([]));
}

#[test]
fn a_block_lasts_from_a_minute_to_a_month_and_for_20_users() {
    let mut service = Service::new();
    for minute in ["0", "-1", "43201", "x", "1.5", ""] {
        let form = [("userId", "dave"), ("minute", minute)];
        assert_eq!(
            service.refused("user/block", &form),
            (400, 1002),
            "{minute}"
        );
    }
    assert_eq!(
        service.refused("user/block", &[("minute", "1")]),
        (400, 1002)
    );
    assert_eq!(
        service.refused("user/block", &[("userId", "dave")]),
        (400, 1002)
    );
    let ids: Vec<String> = (0..21).map(|number| format!("u{number}")).collect();
    let mut form: Vec<(&str, &str)> = ids.iter().map(|id| ("userId", id.as_str())).collect();
    form.push(("minute", "43200"));
    assert_eq!(service.refused("user/block", &form), (400, 1002));
    service.ok("user/block", &form[1..]);
    assert_eq!(service.refused("user/unblock", &form[..21]), (400, 1002));
}

#[test]
fn a_blacklist_is_read_from_the_newest_on_and_in_pages() {
    let mut service = Service::new();
    let add = |service: &mut Service, other: &str| {
        service.ok(
            "user/blacklist/add",
            &[("userId", "alice"), ("blackUserId", other)],
        );
    };
    for other in ["bob", "carol", "dave", "bob"] {
        add(&mut service, other);
    }
    let query = |service: &mut Service, more: &[(&str, &str)]| {
        let form: Vec<_> = [("userId", "alice")].iter().chain(more).copied().collect();
        service.ok("user/blacklist/query", &form)
    };
    assert_eq!(
        query(&mut service, &[]),
        json!({ "code": 200, "users": ["dave", "carol", "bob"] })
    );
    let page = query(&mut service, &[("size", "2")]);
    assert_eq!(page["users"], json!(["dave", "carol"]));
    let next = page["next"].as_str().unwrap().to_owned();
    let page = query(&mut service, &[("size", "2"), ("pageToken", &next)]);
    assert_eq!(page, json!({ "code": 200, "users": ["bob"] }));
    let form = [("userId", "alice"), ("pageToken", "nobody")];
    assert_eq!(service.refused("user/blacklist/query", &form), (400, 1002));
    service.ok(
        "user/blacklist/remove",
        &[
            ("userId", "alice"),
            ("blackUserId", "dave"),
            ("blackUserId", "x"),
        ],
    );
    assert_eq!(query(&mut service, &[])["users"], json!(["carol", "bob"]));
}

#[test]
fn a_blacklist_has_3000_users_at_most() {
    let mut service = Service::new();
    for chunk in 0..150 {
        let ids: Vec<String> = (0..20).map(|it| format!("u{}", chunk * 20 + it)).collect();
        let mut form = vec![("userId", "alice")];
        form.extend(ids.iter().map(|id| ("blackUserId", id.as_str())));
        service.ok("user/blacklist/add", &form);
    }
    let form = [("userId", "alice"), ("blackUserId", "one more")];
    assert_eq!(service.refused("user/blacklist/add", &form), (400, 1002));
    service.ok(
        "user/blacklist/add",
        &[("userId", "alice"), ("blackUserId", "u7")],
    );
    let ids: Vec<String> = (0..21).map(|it| format!("v{it}")).collect();
    let mut form = vec![("userId", "bob")];
    form.extend(ids.iter().map(|id| ("blackUserId", id.as_str())));
    assert_eq!(service.refused("user/blacklist/add", &form), (400, 1002));
    assert_eq!(service.refused("user/blacklist/remove", &form), (400, 1002));
}

#[test]
fn tokens_given_before_a_time_end_and_their_clients_with_them() {
    let mut service = Service::new();
    let old = token(&mut service, "alice");
    service.wait(10);
    let new = token(&mut service, "alice");
    act(
        &mut service.world,
        "alice",
        "connect",
        json!({ "token": old }),
    );
    told(&mut service.world);
    let time = (NOW + 10_000).to_string();
    service.ok("user/token/expire", &[("userId", "alice"), ("time", &time)]);
    assert_eq!(events(&mut service.world).len(), 1);
    assert_eq!(online(&mut service, "alice"), "0");
    assert_eq!(
        may_not(
            &mut service.world,
            "alice",
            "connect",
            json!({ "token": old })
        ),
        403
    );
    act(
        &mut service.world,
        "alice",
        "connect",
        json!({ "token": new }),
    );
    told(&mut service.world);
    service.ok("user/token/expire", &[("userId", "alice"), ("time", &time)]);
    assert_eq!(online(&mut service, "alice"), "1");
    assert_eq!(
        service.refused("user/token/expire", &[("userId", "alice")]),
        (400, 1002)
    );
}

#[test]
fn who_is_blocked_says_nothing_and_hears_everything() {
    let mut service = Service::new();
    service.ok("user/block", &[("userId", "dave"), ("minute", "1")]);
    assert_eq!(
        super::support::may_not_say(&mut service.world, "dave", "user:bot").0,
        403
    );
    say(&mut service.world, "alice", "user:dave", "hi");
    assert_eq!(
        super::support::seen(&service.world, "private:alice:dave").len(),
        1
    );
}

#[test]
fn a_size_without_a_page_asks_for_the_first_one() {
    let mut service = Service::new();
    let three = [
        ("userId", "a"),
        ("userId", "b"),
        ("userId", "c"),
        ("minute", "5"),
    ];
    service.ok("user/block", &three);
    let mut told = |form: &[(&str, &str)]| {
        let answer = service.ok("user/block/query", form);
        answer["users"].as_array().unwrap().len()
    };
    assert_eq!(told(&[]), 3);
    assert_eq!(told(&[("size", "2")]), 2);
    assert_eq!(told(&[("size", "2"), ("page", "2")]), 1);
}
