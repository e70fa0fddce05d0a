//! The people of the team.

use mynah_sandbox::World;
use serde_json::json;

use super::support::{ALICE, BEARY, BOB, BOT, Team, act, may_not, may_not_say};

#[test]
fn somebody_is_told_of_with_everything_that_is_known() {
    let mut team = Team::new();
    let user = team.ok("user.info", json!({ "user_id": ALICE }));
    assert_eq!(
        user,
        json!({
            "id": "=bw52O",
            "team_id": "=bwTeam",
            "name": "alice",
            "full_name": "Alice",
            "email": "alice@example.com",
            "mobile": "13800000000",
            "type": "normal",
            "role": "owner",
            "avatars": { "small": null, "medium": null, "large": null },
            "profile": { "bio": null, "position": null, "skype": null },
            "inactive": false,
            "created": "2018-01-06T02:04:14.000+0000",
        })
    );
    let nobody = json!({ "user_id": "=bwNobody" });
    let (code, words) = team.refused_in_words("user.info", nobody);
    assert_eq!((code, words.as_str()), ((404, 6), "用户不存在"));
}

#[test]
fn the_whole_team_is_listed_robots_and_closed_accounts_included() {
    let mut team = Team::new();
    act(
        &mut team.world,
        "alice",
        "deactivate",
        json!({ "target": "erin" }),
    );
    let users = team.ok("user.list", json!({}));
    let users: Vec<(&str, &str, bool)> = users
        .as_array()
        .unwrap()
        .iter()
        .map(|user| {
            let text = |field: &str| user[field].as_str().unwrap();
            (text("name"), text("type"), user["inactive"] == true)
        })
        .collect();
    assert_eq!(
        users,
        [
            ("mynah", "hubot", false),
            ("BearyBot", "assistant", false),
            ("alice", "normal", false),
            ("bob", "normal", false),
            ("carol", "normal", false),
            ("dave", "normal", false),
            ("erin", "normal", true),
        ]
    );
}

#[test]
fn the_bot_is_told_of_itself() {
    let mut team = Team::new();
    let me = team.ok("user.me", json!({}));
    assert_eq!((&me["id"], &me["type"]), (&json!(BOT), &json!("hubot")));
    assert_eq!(me["role"], "normal");
}

#[test]
fn the_bot_is_called_otherwise_and_what_is_not_given_stays() {
    let mut team = Team::new();
    let me = team.ok("user.update_me", json!({ "name": "starling" }));
    assert_eq!(
        (&me["name"], &me["full_name"]),
        (&json!("starling"), &json!("Mynah"))
    );
    let me = team.ok("user.update_me", json!({ "full_name": "八哥 🐦" }));
    assert_eq!(
        (&me["name"], &me["full_name"]),
        (&json!("starling"), &json!("八哥 🐦"))
    );
    assert_eq!(team.ok("user.update_me", json!({})), me);
    assert_eq!(team.ok("user.me", json!({})), me);
    // The own name is not somebody else's.
    team.ok("user.update_me", json!({ "name": "starling" }));
}

#[test]
fn a_name_that_cannot_be_or_is_taken_is_refused() {
    let mut team = Team::new();
    for name in ["", "a b", "八哥", "a@b", &"a".repeat(33)] {
        let refused = team.refused("user.update_me", json!({ "name": name }));
        assert_eq!(refused, (400, 1), "{name}");
    }
    team.ok("user.update_me", json!({ "name": "a".repeat(32) }));
    for taken in ["alice", "BearyBot"] {
        let (code, words) = team.refused_in_words("user.update_me", json!({ "name": taken }));
        assert_eq!((code, words.as_str()), ((409, 8), "名称已被使用"));
    }
    assert_eq!(
        team.refused("user.update_me", json!({ "full_name": "" })),
        (400, 1)
    );
    let long = "a".repeat(1_025);
    assert_eq!(
        team.refused("user.update_me", json!({ "full_name": long })),
        (400, 1)
    );
}

#[test]
fn people_call_themselves_otherwise_too() {
    let mut team = Team::new();
    let rename = json!({ "name": "robert", "full_name": "Robert" });
    act(&mut team.world, "bob", "rename", rename);
    assert_eq!(
        team.ok("user.info", json!({ "user_id": BOB }))["name"],
        "robert"
    );
    for (details, status) in [
        (json!({ "name": "alice" }), 409),
        (json!({ "name": "a b" }), 400),
        (json!({ "full_name": "" }), 400),
        (json!({ "name": 7 }), 400),
    ] {
        assert_eq!(
            may_not(&mut team.world, "robert", "rename", details),
            status
        );
    }
    // The page knows them by the name that they had first, which nobody takes.
    let shown = team.world.people();
    assert_eq!(
        (shown[3].name.as_str(), shown[3].display.as_str()),
        ("bob", "Robert")
    );
    act(&mut team.world, "dave", "rename", json!({ "name": "bob" }));
    act(
        &mut team.world,
        "bob",
        "rename",
        json!({ "full_name": "Bobby" }),
    );
    let user = team.ok("user.info", json!({ "user_id": BOB }));
    assert_eq!(user["full_name"], "Bobby");
}

#[test]
fn accounts_are_closed_and_opened_by_who_looks_after_the_team() {
    let mut team = Team::new();
    let world = &mut team.world;
    let target = json!({ "target": "bob" });
    assert_eq!(may_not(world, "carol", "deactivate", target.clone()), 403);
    assert_eq!(
        may_not(world, "alice", "deactivate", json!({ "target": "alice" })),
        400
    );
    assert_eq!(
        may_not(world, "alice", "deactivate", json!({ "target": "zed" })),
        404
    );
    act(world, "alice", "deactivate", target.clone());
    assert_eq!(
        may_not(world, "bob", "create", json!({ "name": "new" })),
        403
    );
    let said = json!({ "from": "bob", "to": "group:dev", "text": "hi" });
    assert_eq!(may_not_say(world, said), (403, "from".to_owned()));
    let said = json!({ "from": "carol", "to": "user:bob", "text": "hi" });
    assert_eq!(may_not_say(world, said), (403, "to".to_owned()));
    act(world, "alice", "activate", target);
    act(world, "bob", "create", json!({ "name": "new" }));
    let assistant = team.ok("user.info", json!({ "user_id": BEARY }));
    assert_eq!(assistant["full_name"], "倍洽小助手");
}
