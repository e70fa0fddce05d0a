//! Session channels.

use serde_json::{Value, json};

use super::support::{
    ALICE, BEARY, BOB, BOT, CAROL, DAVE, DEV, ERIN, NOW, Team, act, last, may_not, text_of,
};

fn id(session: &str) -> Value {
    json!({ "session_channel_id": session })
}

fn with(session: &str, field: &str, user: &str) -> Value {
    json!({ "session_channel_id": session, field: user })
}

/// A session channel that the bot makes with Alice and Bob.
#[track_caller]
fn made(team: &mut Team) -> String {
    let arguments = json!({ "member_uids": [ALICE, BOB] });
    text_of(&team.ok("session_channel.create", arguments), "id")
}

/// One that Dave makes, without the bot.
#[track_caller]
fn daves(team: &mut Team) -> String {
    let details = json!({ "members": ["erin"] });
    text_of(&act(&mut team.world, "dave", "session", details), "id")
}

fn members(team: &mut Team, session: &str) -> Value {
    team.ok("session_channel.info", id(session))["member_uids"].clone()
}

#[test]
fn whoever_makes_a_session_channel_is_in_it_and_nobody_twice() {
    let mut team = Team::new();
    let arguments = json!({ "member_uids": [ALICE, BOB, ALICE], "name": "临时讨论组" });
    let response = team.response("session_channel.create", arguments);
    assert_eq!(response.status(), 201);
    let session: Value = serde_json::from_slice(response.body()).unwrap();
    let made = text_of(&session, "id");
    assert_eq!(
        session,
        json!({
            "id": made,
            "team_id": "=bwTeam",
            "vchannel_id": made,
            "type": "session",
            "name": "临时讨论组",
            "is_active": true,
            "is_member": true,
            "member_uids": [BOT, ALICE, BOB],
            // A string here, and a number everywhere else.
            "latest_ts": NOW.to_string(),
        })
    );
    assert_eq!(team.ok("session_channel.info", id(&made)), session);
    assert_eq!(
        team.ok("vchannel.info", json!({ "vchannel_id": made })),
        session
    );
    let arguments = json!({ "member_uids": [BEARY, BOT] });
    let session = team.ok("session_channel.create", arguments);
    assert_eq!(session["member_uids"], json!([BEARY, BOT]));
    assert_eq!(session["name"], Value::Null);
}

#[test]
fn a_session_channel_needs_somebody_else_who_has_an_open_account() {
    let mut team = Team::new();
    act(
        &mut team.world,
        "alice",
        "deactivate",
        json!({ "target": "erin" }),
    );
    for (uids, code) in [
        (json!([]), (400, 1)),
        (json!([BOT]), (400, 1)),
        (json!([""]), (400, 1)),
        (json!([ALICE, "=bwNobody"]), (404, 6)),
        (json!([ERIN, "=bwNobody"]), (404, 6)),
        (json!([ALICE, ERIN]), (403, 4)),
    ] {
        let arguments = json!({ "member_uids": uids });
        assert_eq!(
            team.refused("session_channel.create", arguments),
            code,
            "{uids}"
        );
    }
    let named = json!({ "member_uids": [ALICE], "name": "a" });
    assert_eq!(team.refused("session_channel.create", named), (400, 1));
    // Unlike channels, session channels may have the same name.
    let named = json!({ "member_uids": [ALICE], "name": "dev" });
    team.ok("session_channel.create", named.clone());
    team.ok("session_channel.create", named);
}

#[test]
fn the_members_may_stand_in_the_query_one_by_one() {
    let mut team = Team::new();
    let target = "http://127.0.0.1/bearychat/v1/session_channel.create?token=sandbox-token\
                  &member_uids=%3Dbw52O&member_uids==bw52P";
    let request = mynah_core::http::Request::post(target);
    let request = request.body(Vec::new().into()).unwrap();
    let (status, session) = super::support::answer(&super::support::raw(&mut team.world, &request));
    assert_eq!(status, 201);
    assert_eq!(session["member_uids"], json!([BOT, ALICE, BOB]));
}

#[test]
fn only_the_own_session_channels_are_listed() {
    let mut team = Team::new();
    assert_eq!(team.ok("session_channel.list", json!({})), json!([]));
    daves(&mut team);
    let (first, second) = (made(&mut team), made(&mut team));
    assert_ne!(first, second);
    team.ok("session_channel.archive", id(&first));
    let list = team.ok("session_channel.list", json!({}));
    let list: Vec<(&str, &Value)> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["id"].as_str().unwrap(), &it["is_active"]))
        .collect();
    assert_eq!(
        list,
        [
            (first.as_str(), &json!(false)),
            (second.as_str(), &json!(true))
        ]
    );
    let channels = team.ok("channel.list", json!({}));
    assert_eq!(channels.as_array().unwrap().len(), 2);
}

#[test]
fn strangers_may_do_nothing_not_even_look() {
    let mut team = Team::new();
    let session = daves(&mut team);
    for (call, arguments) in [
        ("session_channel.info", id(&session)),
        ("session_channel.archive", id(&session)),
        ("session_channel.leave", id(&session)),
        ("session_channel.invite", with(&session, "invite_uid", BOT)),
        ("session_channel.kick", with(&session, "kick_uid", ERIN)),
        ("session_channel.kickout", with(&session, "kick_uid", BOB)),
        (
            "session_channel.convert_to_channel",
            json!({ "session_channel_id": session, "name": "new" }),
        ),
        ("vchannel.info", json!({ "vchannel_id": session })),
    ] {
        assert_eq!(team.refused(call, arguments), (403, 4), "{call}");
    }
    // It cannot be joined as a channel, or asked for as one.
    let channel = json!({ "channel_id": session });
    for call in [
        "channel.join",
        "channel.info",
        "channel.leave",
        "channel.archive",
    ] {
        assert_eq!(team.refused(call, channel.clone()), (404, 6), "{call}");
    }
    assert_eq!(
        may_not(
            &mut team.world,
            "alice",
            "join",
            json!({ "group": session })
        ),
        404
    );
}

#[test]
fn a_channel_is_no_session_channel() {
    let mut team = Team::new();
    for session in [DEV, "=bwNone"] {
        let (code, words) = team.refused_in_words("session_channel.info", id(session));
        assert_eq!((code, words.as_str()), ((404, 6), "讨论组不存在"));
        assert_eq!(team.refused("session_channel.leave", id(session)), (404, 6));
        let invite = with(session, "invite_uid", CAROL);
        assert_eq!(team.refused("session_channel.invite", invite), (404, 6));
        let kick = with(session, "kick_uid", ALICE);
        assert_eq!(team.refused("session_channel.kick", kick), (404, 6));
    }
}

#[test]
fn every_member_invites_and_removes_others() {
    let mut team = Team::new();
    let session = made(&mut team);
    for _ in 0..2 {
        let invite = with(&session, "invite_uid", CAROL);
        assert_eq!(
            team.call("session_channel.invite", invite),
            (204, Value::Null)
        );
    }
    assert_eq!(
        members(&mut team, &session),
        json!([BOT, ALICE, BOB, CAROL])
    );
    let nobody = with(&session, "invite_uid", "=bwNobody");
    assert_eq!(team.refused("session_channel.invite", nobody), (404, 6));
    for (call, who) in [
        ("session_channel.kick", CAROL),
        ("session_channel.kickout", BOB),
    ] {
        let kick = with(&session, "kick_uid", who);
        assert_eq!(team.call(call, kick.clone()), (204, Value::Null));
        assert_eq!(team.refused(call, kick), (404, 6));
        assert_eq!(
            team.refused(call, with(&session, "kick_uid", BOT)),
            (400, 1)
        );
        assert_eq!(
            team.refused(call, with(&session, "kick_uid", "=bwNobody")),
            (404, 6)
        );
    }
    assert_eq!(members(&mut team, &session), json!([BOT, ALICE]));
    // Whoever did not make it may as well.
    let world = &mut team.world;
    act(
        world,
        "alice",
        "invite",
        json!({ "group": session, "target": "dave" }),
    );
    act(
        world,
        "dave",
        "kick",
        json!({ "group": session, "target": "alice" }),
    );
    assert_eq!(members(&mut team, &session), json!([BOT, DAVE]));
}

#[test]
fn whoever_left_is_a_stranger() {
    let mut team = Team::new();
    let session = made(&mut team);
    assert_eq!(
        team.call("session_channel.leave", id(&session)),
        (204, Value::Null)
    );
    assert_eq!(
        team.refused("session_channel.leave", id(&session)),
        (403, 4)
    );
    assert_eq!(team.refused("session_channel.info", id(&session)), (403, 4));
    act(&mut team.world, "bob", "leave", json!({ "group": session }));
    assert_eq!(
        may_not(&mut team.world, "bob", "leave", json!({ "group": session })),
        403
    );
}

#[test]
fn what_is_archived_stays_so() {
    let mut team = Team::new();
    let session = made(&mut team);
    let archived = team.ok("session_channel.archive", id(&session));
    assert_eq!(archived["is_active"], false);
    assert_eq!(team.ok("session_channel.archive", id(&session)), archived);
    let invite = with(&session, "invite_uid", CAROL);
    assert_eq!(team.refused("session_channel.invite", invite), (403, 4));
    let kick = with(&session, "kick_uid", ALICE);
    assert_eq!(team.refused("session_channel.kick", kick), (403, 4));
    let convert = json!({ "session_channel_id": session, "name": "new" });
    assert_eq!(
        team.refused("session_channel.convert_to_channel", convert),
        (403, 4)
    );
    let world = &mut team.world;
    assert_eq!(
        may_not(world, "alice", "unarchive", json!({ "group": session })),
        403
    );
    act(world, "alice", "archive", json!({ "group": session }));
    team.ok("session_channel.leave", id(&session));
}

#[test]
fn a_session_channel_becomes_a_channel_with_all_that_is_in_it() {
    let mut team = Team::new();
    let session = made(&mut team);
    let convert = json!({ "session_channel_id": session, "name": "吃喝玩乐在深圳" });
    let response = team.response("session_channel.convert_to_channel", convert.clone());
    assert_eq!(response.status(), 201);
    let channel: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(
        channel,
        json!({
            "id": session,
            "team_id": "=bwTeam",
            "vchannel_id": session,
            "type": "normal",
            "uid": BOT,
            "name": "吃喝玩乐在深圳",
            "topic": null,
            "general": false,
            "private": true,
            "is_active": true,
            "is_member": true,
            "member_uids": [BOT, ALICE, BOB],
            "latest_ts": NOW,
        })
    );
    assert_eq!(
        team.ok("channel.info", json!({ "channel_id": session })),
        channel
    );
    assert_eq!(
        team.refused("session_channel.convert_to_channel", convert),
        (404, 6)
    );
    assert_eq!(team.refused("session_channel.info", id(&session)), (404, 6));
    assert_eq!(team.ok("session_channel.list", json!({})), json!([]));
    // What people read there they still read.
    let conversation = format!("group:{session}");
    assert_eq!(
        last(&team.world, &conversation).notice.unwrap().kind,
        "convert"
    );
    assert_eq!(super::support::seen(&team.world, &conversation).len(), 2);
}

#[test]
fn a_channel_that_was_a_session_channel_may_be_public_and_has_a_name_of_its_own() {
    let mut team = Team::new();
    let session = made(&mut team);
    for (name, code) in [("dev", (409, 8)), ("a", (400, 1)), ("a b", (400, 1))] {
        let convert = json!({ "session_channel_id": session, "name": name });
        let refused = team.refused("session_channel.convert_to_channel", convert);
        assert_eq!(refused, code, "{name}");
    }
    let convert = json!({ "session_channel_id": session, "name": "open", "private": false });
    assert_eq!(
        team.ok("session_channel.convert_to_channel", convert)["private"],
        false
    );
    act(&mut team.world, "dave", "join", json!({ "group": "open" }));
    let session = daves(&mut team);
    act(
        &mut team.world,
        "erin",
        "convert",
        json!({ "group": session, "name": "theirs" }),
    );
    assert_eq!(
        team.refused("channel.info", json!({ "channel_id": session })),
        (403, 4)
    );
}
