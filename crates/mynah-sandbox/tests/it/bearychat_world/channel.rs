//! Channels.

use mynah_sandbox::World;
use serde_json::{Value, json};

use super::support::{
    ALICE, ALL, BEARY, BOB, BOT, CAROL, DAVE, DEV, ERIN, NOW, Team, act, last, may_not, text_of,
};

fn id(channel: &str) -> Value {
    json!({ "channel_id": channel })
}

/// A channel that somebody makes with the bot in it.
#[track_caller]
fn made_by(team: &mut Team, who: &str, name: &str, private: bool) -> String {
    let details = json!({ "name": name, "private": private, "members": ["bot"] });
    text_of(&act(&mut team.world, who, "create", details), "id")
}

/// A channel that the bot makes.
#[track_caller]
fn made(team: &mut Team, name: &str) -> String {
    text_of(&team.ok("channel.create", json!({ "name": name })), "id")
}

fn members(team: &mut Team, channel: &str) -> Value {
    team.ok("channel.info", id(channel))["member_uids"].clone()
}

#[test]
fn the_channel_of_everybody_has_everybody_in_it() {
    let mut team = Team::new();
    assert_eq!(
        team.ok("channel.info", id(ALL)),
        json!({
            "id": "=bwAll",
            "team_id": "=bwTeam",
            "vchannel_id": "=bwAll",
            "type": "normal",
            "uid": ALICE,
            "name": "所有人",
            "topic": null,
            "general": true,
            "private": false,
            "is_active": true,
            "is_member": true,
            "member_uids": [BOT, BEARY, ALICE, BOB, CAROL, DAVE, ERIN],
            "latest_ts": 1_515_204_254_000_i64,
        })
    );
    assert_eq!(team.refused("channel.leave", id(ALL)), (403, 4));
    let kick = json!({ "channel_id": ALL, "kick_uid": BOB });
    assert_eq!(team.refused("channel.kick", kick), (403, 4));
    assert_eq!(team.refused("channel.archive", id(ALL)), (403, 4));
    // Nor may the owner of the team, who made it.
    let world = &mut team.world;
    assert_eq!(
        may_not(world, "alice", "archive", json!({ "group": ALL })),
        403
    );
    assert_eq!(
        may_not(world, "alice", "leave", json!({ "group": ALL })),
        403
    );
    let kick = json!({ "group": ALL, "target": "bob" });
    assert_eq!(may_not(world, "alice", "kick", kick), 403);
}

#[test]
fn a_channel_is_made_by_its_first_member() {
    let mut team = Team::new();
    let arguments = json!({ "name": "吃喝玩乐在深圳", "topic": "weekends" });
    let response = team.response("channel.create", arguments);
    assert_eq!(response.status(), 201);
    let channel: Value = serde_json::from_slice(response.body()).unwrap();
    let made = text_of(&channel, "id");
    assert!(made.starts_with('=') && made.len() > 1);
    assert_eq!(
        channel,
        json!({
            "id": made,
            "team_id": "=bwTeam",
            "vchannel_id": made,
            "type": "normal",
            "uid": BOT,
            "name": "吃喝玩乐在深圳",
            "topic": "weekends",
            "general": false,
            "private": false,
            "is_active": true,
            "is_member": true,
            "member_uids": [BOT],
            "latest_ts": NOW,
        })
    );
    assert_eq!(team.ok("channel.info", id(&made)), channel);
    let vchannel = json!({ "vchannel_id": made });
    assert_eq!(team.ok("vchannel.info", vchannel), channel);
    let private = team.ok(
        "channel.create",
        json!({ "name": "secret", "private": true }),
    );
    assert_eq!(private["private"], true);
}

#[test]
fn a_name_is_as_wide_as_documented_and_of_letters_and_digits() {
    let mut team = Team::new();
    for name in [
        "ab",
        "中",
        "a-b_c.9",
        "abcdefghijklmnopqrst",
        "一二三四五六七八九十",
        "Ünïcode",
    ] {
        assert_eq!(
            team.ok("channel.create", json!({ "name": name }))["name"],
            name
        );
    }
    let wide = [
        "a",
        "",
        "abcdefghijklmnopqrstu",
        "一二三四五六七八九十一",
        "一二三四五六七八九abc",
    ];
    let odd = [
        "a b",
        "#dev",
        "a/b",
        "dev!",
        "讨论，组",
        "a\u{3000}b",
        "🐦🐦",
    ];
    for name in wide.into_iter().chain(odd) {
        let refused = team.refused("channel.create", json!({ "name": name }));
        assert_eq!(refused, (400, 1), "{name}");
        let status = may_not(&mut team.world, "dave", "create", json!({ "name": name }));
        assert_eq!(status, 400, "{name}");
    }
}

#[test]
fn a_name_is_taken_once_whether_its_channel_is_archived_or_not() {
    let mut team = Team::new();
    let channel = made(&mut team, "mine");
    for name in ["mine", "dev", "所有人"] {
        assert_eq!(
            team.refused("channel.create", json!({ "name": name })),
            (409, 8)
        );
    }
    team.ok("channel.archive", id(&channel));
    assert_eq!(
        team.refused("channel.create", json!({ "name": "mine" })),
        (409, 8)
    );
    team.ok("channel.create", json!({ "name": "Mine" }));
    assert_eq!(
        may_not(&mut team.world, "dave", "create", json!({ "name": "mine" })),
        409
    );
}

#[test]
fn a_topic_has_an_end() {
    let mut team = Team::new();
    let create = |topic: &str| json!({ "name": "mine", "topic": topic });
    assert_eq!(
        team.refused("channel.create", create(&"a".repeat(4_097))),
        (400, 1)
    );
    team.ok("channel.create", create(&"a".repeat(4_096)));
}

#[test]
fn all_public_channels_are_listed_and_the_private_ones_of_whoever_asks() {
    let mut team = Team::new();
    let secret = made_by(&mut team, "dave", "secret", true);
    act(
        &mut team.world,
        "dave",
        "create",
        json!({ "name": "closed", "private": true }),
    );
    let mine = made(&mut team, "mine");
    team.ok("channel.archive", id(&mine));
    let list = team.ok("channel.list", json!({}));
    let list: Vec<(&str, bool, bool)> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let name = it["name"].as_str().unwrap();
            (name, it["is_member"] == true, it["is_active"] == true)
        })
        .collect();
    assert_eq!(
        list,
        [
            ("所有人", true, true),
            ("dev", false, true),
            ("secret", true, true),
            ("mine", true, false),
        ]
    );
    team.ok("channel.leave", id(&secret));
    let list = team.ok("channel.list", json!({}));
    assert_eq!(list.as_array().unwrap().len(), 3);
}

#[test]
fn anybody_may_look_at_a_public_channel_and_members_at_a_private_one() {
    let mut team = Team::new();
    assert_eq!(team.ok("channel.info", id(DEV))["is_member"], false);
    assert_eq!(
        team.ok("vchannel.info", json!({ "vchannel_id": DEV }))["name"],
        "dev"
    );
    let secret = made_by(&mut team, "dave", "secret", true);
    assert_eq!(team.ok("channel.info", id(&secret))["is_member"], true);
    team.ok("channel.leave", id(&secret));
    assert_eq!(team.refused("channel.info", id(&secret)), (403, 4));
    let vchannel = json!({ "vchannel_id": secret });
    assert_eq!(team.refused("vchannel.info", vchannel), (403, 4));
    let (code, words) = team.refused_in_words("channel.info", id("=bwNone"));
    assert_eq!((code, words.as_str()), ((404, 6), "讨论组不存在"));
    let none = json!({ "vchannel_id": "=bwNone" });
    let (code, words) = team.refused_in_words("vchannel.info", none);
    assert_eq!((code, words.as_str()), ((404, 6), "会话不存在"));
}

#[test]
fn a_public_channel_is_joined_again_and_again_and_left_once() {
    let mut team = Team::new();
    let joined = team.ok("channel.join", id(DEV));
    assert_eq!(joined["member_uids"], json!([ALICE, BOB, CAROL, BOT]));
    assert_eq!(joined["is_member"], true);
    assert_eq!(team.ok("channel.join", id(DEV)), joined);
    assert_eq!(team.call("channel.leave", id(DEV)), (204, Value::Null));
    assert_eq!(team.refused("channel.leave", id(DEV)), (403, 4));
    assert_eq!(team.refused("channel.join", id("=bwNone")), (404, 6));
    assert_eq!(team.refused("channel.leave", id("=bwNone")), (404, 6));
    assert_eq!(members(&mut team, DEV), json!([ALICE, BOB, CAROL]));
}

#[test]
fn nobody_joins_a_private_channel_without_an_invitation() {
    let mut team = Team::new();
    let secret = made_by(&mut team, "dave", "secret", true);
    // Who is in it already may.
    team.ok("channel.join", id(&secret));
    team.ok("channel.leave", id(&secret));
    assert_eq!(team.refused("channel.join", id(&secret)), (403, 4));
    let invite = json!({ "group": secret, "target": "bot" });
    act(&mut team.world, "dave", "invite", invite);
    assert_eq!(team.ok("channel.join", id(&secret))["is_member"], true);
}

#[test]
fn the_creator_may_leave_and_an_empty_channel_stays() {
    let mut team = Team::new();
    let mine = made(&mut team, "mine");
    team.ok("channel.leave", id(&mine));
    let channel = team.ok("channel.info", id(&mine));
    assert_eq!(channel["member_uids"], json!([]));
    assert_eq!(channel["uid"], BOT);
    assert_eq!(
        team.ok("channel.join", id(&mine))["member_uids"],
        json!([BOT])
    );
}

#[test]
fn members_invite_whoever_has_an_open_account() {
    let mut team = Team::new();
    let mine = made(&mut team, "mine");
    let invite = |who: &str| json!({ "channel_id": mine, "invite_uid": who });
    for who in [BOB, BEARY, BOB] {
        assert_eq!(team.call("channel.invite", invite(who)), (204, Value::Null));
    }
    assert_eq!(members(&mut team, &mine), json!([BOT, BOB, BEARY]));
    assert_eq!(
        team.refused("channel.invite", invite("=bwNobody")),
        (404, 6)
    );
    act(
        &mut team.world,
        "alice",
        "deactivate",
        json!({ "target": "erin" }),
    );
    assert_eq!(team.refused("channel.invite", invite(ERIN)), (403, 4));
    team.ok("channel.leave", id(&mine));
    assert_eq!(team.refused("channel.invite", invite(CAROL)), (403, 4));
    // Nobody of that id comes before not being a member.
    assert_eq!(
        team.refused("channel.invite", invite("=bwNobody")),
        (404, 6)
    );
    let nowhere = json!({ "channel_id": "=bwNone", "invite_uid": "=bwNobody" });
    let (code, words) = team.refused_in_words("channel.invite", nowhere);
    assert_eq!((code, words.as_str()), ((404, 6), "讨论组不存在"));
}

#[test]
fn the_creator_removes_others_by_either_name_of_the_call() {
    let mut team = Team::new();
    let mine = made(&mut team, "mine");
    for (call, who) in [("channel.kick", BOB), ("channel.kickout", CAROL)] {
        team.ok(
            "channel.invite",
            json!({ "channel_id": mine, "invite_uid": who }),
        );
        let kick = json!({ "channel_id": mine, "kick_uid": who });
        assert_eq!(team.call(call, kick.clone()), (204, Value::Null));
        let (code, words) = team.refused_in_words(call, kick);
        assert_eq!((code, words.as_str()), ((404, 6), "用户不存在"));
        let myself = json!({ "channel_id": mine, "kick_uid": BOT });
        let (code, words) = team.refused_in_words(call, myself);
        assert_eq!((code, words.as_str()), ((400, 1), "参数错误: kick_uid"));
    }
    assert_eq!(members(&mut team, &mine), json!([BOT]));
}

#[test]
fn others_remove_nobody_and_archive_nothing() {
    let mut team = Team::new();
    team.ok("channel.join", id(DEV));
    let kick = |who: &str| json!({ "channel_id": DEV, "kick_uid": who });
    assert_eq!(team.refused("channel.kick", kick(BOB)), (403, 4));
    assert_eq!(team.refused("channel.kick", kick(DAVE)), (403, 4));
    for call in ["channel.archive", "channel.unarchive"] {
        assert_eq!(team.refused(call, id(DEV)), (403, 4));
        assert_eq!(team.refused(call, id("=bwNone")), (404, 6));
    }
}

#[test]
fn the_owner_of_the_team_looks_after_every_channel() {
    let mut team = Team::new();
    let mine = made(&mut team, "mine");
    let world = &mut team.world;
    act(world, "bob", "join", json!({ "group": mine }));
    // To remove somebody the owner must be in it as well, to archive it not.
    let kick = json!({ "group": mine, "target": "bob" });
    assert_eq!(may_not(world, "alice", "kick", kick.clone()), 403);
    act(world, "alice", "archive", json!({ "group": mine }));
    act(world, "alice", "unarchive", json!({ "group": mine }));
    act(world, "alice", "join", json!({ "group": mine }));
    act(world, "alice", "kick", kick);
    assert_eq!(members(&mut team, &mine), json!([BOT, ALICE]));
}

#[test]
fn nothing_changes_in_an_archived_channel_but_it_can_be_left_and_read() {
    let mut team = Team::new();
    let mine = made(&mut team, "mine");
    team.ok(
        "channel.invite",
        json!({ "channel_id": mine, "invite_uid": BOB }),
    );
    let archived = team.ok("channel.archive", id(&mine));
    assert_eq!(archived["is_active"], false);
    assert_eq!(team.ok("channel.archive", id(&mine)), archived);
    assert_eq!(team.refused("channel.join", id(&mine)), (403, 4));
    let invite = json!({ "channel_id": mine, "invite_uid": CAROL });
    assert_eq!(team.refused("channel.invite", invite), (403, 4));
    let kick = json!({ "channel_id": mine, "kick_uid": BOB });
    assert_eq!(team.refused("channel.kick", kick.clone()), (403, 4));
    assert_eq!(team.ok("channel.info", id(&mine)), archived);
    let unarchived = team.ok("channel.unarchive", id(&mine));
    assert_eq!(unarchived["is_active"], true);
    assert_eq!(team.ok("channel.unarchive", id(&mine)), unarchived);
    team.ok("channel.kick", kick);
    team.ok("channel.archive", id(&mine));
    team.ok("channel.leave", id(&mine));
}

#[test]
fn visitors_make_no_channels() {
    let seed = include_str!("../../../assets/seed.toml");
    let seed = seed.replace(
        "full_name = \"Erin\"\nemail",
        "full_name = \"Erin\"\nrole = \"visitor\"\nemail",
    );
    let seed = mynah_sandbox::bearychat::Seed::parse(&seed).unwrap();
    let mut team = Team::of(mynah_sandbox::bearychat::BearyChatWorld::new(&seed));
    assert_eq!(
        may_not(&mut team.world, "erin", "create", json!({ "name": "new" })),
        403
    );
    let session = json!({ "members": ["bob"] });
    let session = text_of(&act(&mut team.world, "erin", "session", session), "id");
    let convert = json!({ "group": session, "name": "new" });
    assert_eq!(may_not(&mut team.world, "erin", "convert", convert), 403);
}

#[test]
fn people_read_who_came_and_went() {
    let mut team = Team::new();
    let mine = made(&mut team, "mine");
    let conversation = format!("group:{mine}");
    let mut seen = Vec::new();
    let mut note = |team: &Team| {
        let notice = last(&team.world, &conversation).notice.unwrap();
        seen.push((notice.kind, notice.text_en));
    };
    note(&team);
    act(&mut team.world, "bob", "join", json!({ "group": "mine" }));
    note(&team);
    team.ok(
        "channel.invite",
        json!({ "channel_id": mine, "invite_uid": CAROL }),
    );
    note(&team);
    team.ok(
        "channel.kick",
        json!({ "channel_id": mine, "kick_uid": CAROL }),
    );
    note(&team);
    act(
        &mut team.world,
        "bob",
        "leave",
        json!({ "group": conversation }),
    );
    note(&team);
    team.ok("channel.archive", id(&mine));
    note(&team);
    team.ok("channel.unarchive", id(&mine));
    note(&team);
    let told = |kind, text: &str| (kind, text.to_owned());
    assert_eq!(
        seen,
        [
            told("create", "Mynah made this"),
            told("join", "Bob joined"),
            told("invite", "Mynah invited Carol"),
            told("kick", "Mynah removed Carol"),
            told("leave", "Bob left"),
            told("archive", "Mynah archived this"),
            told("unarchive", "Mynah took this out of the archive"),
        ]
    );
    // What changes nothing is not told.
    let before = super::support::seen(&team.world, &conversation).len();
    team.ok("channel.join", id(&mine));
    team.ok("channel.unarchive", id(&mine));
    team.ok(
        "channel.invite",
        json!({ "channel_id": mine, "invite_uid": BOT }),
    );
    assert_eq!(
        super::support::seen(&team.world, &conversation).len(),
        before
    );
    // Nor are bots told any of it.
    assert!(super::support::told(&mut team.world).is_empty());
}

#[test]
fn what_a_person_gives_that_cannot_be_is_refused_by_its_field() {
    let mut team = Team::new();
    let world = &mut team.world;
    for (action, details, status) in [
        ("create", json!({}), 400),
        ("create", json!({ "name": "new", "members": "bob" }), 400),
        ("create", json!({ "name": "new", "members": [true] }), 400),
        ("create", json!({ "name": "new", "members": ["zed"] }), 404),
        ("create", json!({ "name": "new", "private": "yes" }), 400),
        ("join", json!({}), 400),
        ("join", json!({ "group": "nowhere" }), 404),
        ("join", json!({ "group": "user:bob" }), 404),
        ("invite", json!({ "group": "dev", "target": "bob" }), 403),
        ("invite", json!({ "group": "dev" }), 400),
        ("kick", json!({ "group": "dev", "target": "bob" }), 403),
        ("kick", json!({ "group": "dev", "target": "dave" }), 400),
        ("leave", json!({ "group": "dev" }), 403),
        ("convert", json!({ "group": "dev", "name": "new" }), 404),
        ("dance", json!({}), 400),
    ] {
        assert_eq!(may_not(world, "dave", action, details), status, "{action}");
    }
    assert_eq!(world.people().len(), 7);
    // Nobody is taken in whose account is closed, and no channel is made then.
    act(world, "alice", "deactivate", json!({ "target": "erin" }));
    let create = json!({ "name": "new", "members": ["bob", "erin"] });
    assert_eq!(may_not(world, "dave", "create", create), 403);
}
