//! What holds whatever people and bots do.

use std::collections::BTreeSet;

use mynah_sandbox::World;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::support::{Team, state, told, try_act, try_say};

const PEOPLE: [&str; 7] = ["bot", "BearyBot", "alice", "bob", "carol", "dave", "erin"];
const IDS: [&str; 7] = [
    "=bwBot", "=bwMkR", "=bw52O", "=bw52P", "=bw52Q", "=bw52R", "=bw52S",
];
const NEW_NAMES: [&str; 3] = ["zed", "alice", "a b"];
const NAMES: [&str; 4] = ["dev", "mine", "讨论", "x"];

/// Something that somebody does, somewhere, to somebody.
#[derive(Clone, Copy, Debug)]
struct Doing {
    what: usize,
    who: usize,
    whom: usize,
    place: usize,
}

fn doing() -> impl Strategy<Value = Doing> {
    (0..22_usize, 0..7_usize, 0..7_usize, 0..8_usize).prop_map(|(what, who, whom, place)| Doing {
        what,
        who,
        whom,
        place,
    })
}

/// Does it; tells whether it was let happen.
fn happens(team: &mut Team, doing: Doing) -> bool {
    let Doing {
        what,
        who,
        whom,
        place,
    } = doing;
    let snapshot = team.world.snapshot();
    let all = snapshot["state"]["vchannels"]["all"].as_object().unwrap();
    let id = all.keys().nth(place % all.len()).unwrap();
    let name = NAMES[place % NAMES.len()];
    let (person, target) = (PEOPLE[who], PEOPLE[whom]);
    let mut act =
        |action: &str, details: Value| try_act(&mut team.world, person, action, details).is_ok();
    let here = json!({ "group": id, "target": target });
    match what {
        0 => act("create", json!({ "name": name, "private": whom > 3 })),
        1 => act("session", json!({ "members": [target, person] })),
        2 => act("convert", json!({ "group": id, "name": name })),
        3 => act("join", here),
        4 => act("leave", here),
        5 => act("invite", here),
        6 => act("kick", here),
        7 => act("archive", here),
        8 => act("unarchive", here),
        9 => act(
            "rename",
            json!({ "name": NEW_NAMES[place % NEW_NAMES.len()] }),
        ),
        10 => act("deactivate", here),
        11 => act("activate", here),
        12 => {
            let said = json!({ "from": person, "to": format!("user:{target}"), "text": "hi" });
            try_say(&mut team.world, said).is_ok()
        }
        13 => {
            let said = json!({ "from": person, "to": format!("group:{id}"), "text": "hi" });
            try_say(&mut team.world, said).is_ok()
        }
        _ => {
            let user = IDS[whom];
            let channel = json!({ "channel_id": id, "kick_uid": user, "invite_uid": user });
            let (call, arguments) = match what {
                14 => ("channel.join", channel),
                15 => ("channel.leave", channel),
                16 => ("channel.kick", channel),
                17 => ("channel.invite", channel),
                18 => ("channel.archive", channel),
                19 => ("p2p.create", json!({ "user_id": user })),
                20 => (
                    "session_channel.create",
                    json!({ "member_uids": [user, IDS[who]] }),
                ),
                _ => ("message.create", json!({ "vchannel_id": id, "text": "hi" })),
            };
            team.call(call, arguments).0 < 300
        }
    }
}

/// Whatever must be true of a team.
fn check(team: &mut Team) {
    let snapshot = team.world.snapshot();
    let all = snapshot["state"]["vchannels"]["all"].as_object().unwrap();
    let (mut names, mut pairs) = (BTreeSet::new(), BTreeSet::new());
    for (id, vchannel) in all {
        let members = vchannel["members"].as_array().unwrap().iter();
        let members: Vec<&str> = members.map(|it| it.as_str().unwrap()).collect();
        let others: BTreeSet<&str> = members.iter().copied().collect();
        assert_eq!(others.len(), members.len(), "{id}: somebody is there twice");
        if vchannel["kind"] == "p2p" {
            assert_eq!(members.len(), 2, "{id}");
            assert!(pairs.insert(others), "{id}: two have two conversations");
        } else if let Some(channel) = vchannel["kind"].get("channel") {
            let name = channel["name"].as_str().unwrap();
            assert!(names.insert(name), "{id}: {name} is taken twice");
            if channel["general"] == true {
                assert_eq!(others, IDS.into_iter().collect(), "{id}");
            }
        }
    }
    team.world.restore(snapshot.clone()).unwrap();
    assert!(team.world.snapshot() == snapshot);
    // Everybody can look at everything that is theirs.
    for person in PEOPLE {
        let theirs = team
            .world
            .conversations(Some(person))
            .unwrap()
            .conversations;
        for conversation in theirs {
            team.world.messages(&conversation.id, None, 100).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn a_team_stays_in_order_and_what_is_refused_changes_nothing(
        doings in prop::collection::vec(doing(), 1..60),
    ) {
        let mut team = Team::new();
        for doing in doings {
            let before = state(&team.world);
            let happened = happens(&mut team, doing);
            let effects = told(&mut team.world);
            if !happened {
                prop_assert!(state(&team.world) == before, "{doing:?} has changed something");
                prop_assert!(effects.is_empty(), "{doing:?}");
            }
        }
        check(&mut team);
    }
}
