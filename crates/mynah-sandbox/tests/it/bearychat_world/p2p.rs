//! Conversations of two.

use mynah_sandbox::World;
use serde_json::{Value, json};

use super::support::{ALICE, BEARY, BOB, BOT, DAVE, DEV, ERIN, NOW, Team, act, text_of};

#[test]
fn two_have_one_conversation_however_often_it_is_begun() {
    let mut team = Team::new();
    assert_eq!(team.ok("p2p.list", json!({})), json!([]));
    let response = team.response("p2p.create", json!({ "user_id": ALICE }));
    assert_eq!(response.status(), 201);
    let p2p: Value = serde_json::from_slice(response.body()).unwrap();
    let id = text_of(&p2p, "id");
    assert_eq!(
        p2p,
        json!({
            "id": id,
            "team_id": "=bwTeam",
            "vchannel_id": id,
            "type": "p2p",
            "is_active": true,
            "is_member": true,
            "member_uids": [ALICE, BOT],
            "latest_ts": NOW,
        })
    );
    team.wait(60);
    let again = team.response("p2p.create", json!({ "user_id": ALICE }));
    assert_eq!(again.status(), 201);
    assert_eq!(again.body(), response.body());
    assert_eq!(team.ok("p2p.info", json!({ "p2p_channel_id": id })), p2p);
    assert_eq!(team.ok("vchannel.info", json!({ "vchannel_id": id })), p2p);
    let other = team.ok("p2p.create", json!({ "user_id": BEARY }));
    assert_eq!(team.ok("p2p.list", json!({})), json!([p2p, other]));
}

#[test]
fn nobody_talks_to_themselves_to_nobody_or_to_a_closed_account() {
    let mut team = Team::new();
    let (code, words) = team.refused_in_words("p2p.create", json!({ "user_id": BOT }));
    assert_eq!((code, words.as_str()), ((400, 1), "参数错误: user_id"));
    assert_eq!(
        team.refused("p2p.create", json!({ "user_id": "=bwNobody" })),
        (404, 6)
    );
    act(
        &mut team.world,
        "alice",
        "deactivate",
        json!({ "target": "erin" }),
    );
    assert_eq!(
        team.refused("p2p.create", json!({ "user_id": ERIN })),
        (403, 4)
    );
}

#[test]
fn a_conversation_of_others_is_closed_to_the_bot() {
    let mut team = Team::new();
    let said = json!({ "from": "dave", "to": "user:bob", "text": "hi" });
    super::support::try_say(&mut team.world, said).unwrap();
    let all = team
        .world
        .conversations(Some("dave"))
        .unwrap()
        .conversations;
    let private = format!("private:{BOB}:{DAVE}");
    assert!(all.iter().any(|it| it.id == private));
    let snapshot = team.world.snapshot();
    let vchannels = snapshot["state"]["vchannels"]["all"].as_object().unwrap();
    let theirs = vchannels
        .iter()
        .find(|(_, it)| it["kind"] == "p2p")
        .unwrap()
        .0;
    for (call, field) in [
        ("p2p.info", "p2p_channel_id"),
        ("vchannel.info", "vchannel_id"),
    ] {
        assert_eq!(
            team.refused(call, json!({ field: theirs })),
            (403, 4),
            "{call}"
        );
    }
    assert_eq!(team.ok("p2p.list", json!({})), json!([]));
}

#[test]
fn what_is_no_conversation_of_two_is_not_found_as_one() {
    let mut team = Team::new();
    for id in [DEV, ALICE, "=bwNone"] {
        let arguments = json!({ "p2p_channel_id": id });
        let (code, words) = team.refused_in_words("p2p.info", arguments);
        assert_eq!((code, words.as_str()), ((404, 6), "会话不存在"));
    }
    let p2p = team.p2p(ALICE);
    for (call, field) in [
        ("channel.info", "channel_id"),
        ("channel.join", "channel_id"),
        ("session_channel.info", "session_channel_id"),
    ] {
        assert_eq!(
            team.refused(call, json!({ field: p2p })),
            (404, 6),
            "{call}"
        );
    }
}
