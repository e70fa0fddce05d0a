//! Whatever people and frameworks do, in whatever order: nothing breaks, what
//! is refused changes nothing, and the world stays one that can be.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use super::support::*;
use mynah_sandbox::onebot::OneBotWorld;
use mynah_sandbox::{Time, World};

/// One thing that happens.
#[derive(Clone, Debug)]
enum Deed {
    Say(Value),
    Act(&'static str, &'static str, Value),
    Call(String, Value),
    Wait(i64),
    Reset,
}

const PEOPLE: [&str; 7] = ["alice", "bob", "carol", "dave", "erin", "bot", "nobody"];
const GROUPS: [&str; 4] = ["general", "other", "20001", "nowhere"];
const ACTS: [&str; 32] = [
    "join",
    "request_join",
    "invite",
    "leave",
    "kick",
    "dismiss",
    "mute",
    "unmute",
    "whole_ban",
    "set_admin",
    "set_card",
    "set_title",
    "rename",
    "set_anonymous",
    "recall",
    "react",
    "essence",
    "poke",
    "poke_recall",
    "upload",
    "honor",
    "lucky_king",
    "gray_tip",
    "befriend",
    "unfriend",
    "profile_like",
    "input_status",
    "read",
    "client_status",
    "go_offline",
    "go_online",
    "fly",
];

/// The names of all actions and the parameters any of them takes.
static ACTIONS: LazyLock<Vec<(String, Vec<String>)>> = LazyLock::new(|| {
    let documented = vectors("actions");
    let actions = documented["actions"].as_array().unwrap().iter();
    let named = |value: &Value| value["name"].as_str().unwrap().to_owned();
    actions
        .map(|action| {
            let params = action["params"].as_array().unwrap();
            (named(action), params.iter().map(named).collect())
        })
        .collect()
});

fn text() -> impl Strategy<Value = Value> {
    prop_oneof![
        select(vec![
            "",
            "x",
            "hi [CQ:at,qq=all]",
            "[CQ:image,file=base64://iVBORw0KGgo=]",
            "[CQ:dice]",
            "[CQ:anonymous]x",
            "[CQ:node,id=1001]",
            "[CQ:reply,id=1001]",
            "&#91;",
            "[CQ:",
        ])
        .prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ]
}

/// A value that may or may not be the right one for a parameter.
fn value(name: &str) -> BoxedStrategy<Value> {
    let wild = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        text(),
        Just(json!([{ "type": "node", "data": { "uin": 1, "content": "x" } }])),
        Just(json!({ "type": "text", "data": { "text": "x" } })),
        Just(json!({})),
    ];
    let fitting = match name {
        "user_id" | "target_id" => (9_999..10_008_i64).prop_map(Value::from).boxed(),
        "group_id" => select(vec![GENERAL, OTHER, 0, 29_999])
            .prop_map(Value::from)
            .boxed(),
        "message_id" | "message_seq" | "id" => (1_000..1_030_i64).prop_map(Value::from).boxed(),
        "flag" => (1..6_i64, any::<bool>())
            .prop_map(|(number, friend)| {
                json!(format!(
                    "{}-req-{number}",
                    if friend { "friend" } else { "group" }
                ))
            })
            .boxed(),
        "file_id" => (1..5_i64)
            .prop_map(|number| json!(format!("/file-{number}")))
            .boxed(),
        "folder_id" | "folder" => (1..4_i64)
            .prop_map(|number| json!(format!("/folder-{number}")))
            .boxed(),
        "sub_type" | "type" => select(vec!["add", "invite", "all"])
            .prop_map(Value::from)
            .boxed(),
        "messages" => Just(json!([{ "type": "node", "data": { "id": 1001 } }])).boxed(),
        "context" => Just(
            json!({ "post_type": "message", "message_type": "group", "sub_type": "normal",
            "group_id": GENERAL, "user_id": ALICE, "message_id": 1001 }),
        )
        .boxed(),
        "operation" => {
            Just(json!({ "reply": "x", "delete": true, "ban": true, "kick": true })).boxed()
        }
        "duration" | "count" | "times" | "delay" => {
            (-2..4_000_000_i64).prop_map(Value::from).boxed()
        }
        _ => text().boxed(),
    };
    prop_oneof![8 => fitting, 1 => wild].boxed()
}

fn call_any() -> impl Strategy<Value = Deed> {
    let action = (0..ACTIONS.len()).prop_flat_map(|index| {
        let (name, params) = ACTIONS[index].clone();
        let values: Vec<_> = params
            .into_iter()
            .map(|param| {
                (
                    Just(param.clone()),
                    proptest::option::weighted(0.9, value(&param)),
                )
            })
            .collect();
        (Just(name), values)
    });
    let suffix = select(vec!["", "", "", "", "_async", "_rate_limited"]);
    (action, suffix).prop_map(|((name, values), suffix)| {
        let present = values
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        Deed::Call(format!("{name}{suffix}"), Value::Object(present.collect()))
    })
}

fn say_any() -> impl Strategy<Value = Deed> {
    let to = select(vec![
        "user:bot",
        "group:general",
        "group:other",
        "discuss:lunch",
        "user:alice",
        "x",
    ]);
    (
        select(PEOPLE.to_vec()),
        to,
        text(),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(from, to, text, anonymous, coded)| {
            let kind = if coded { "message" } else { "text" };
            Deed::Say(json!({ "from": from, "to": to, kind: text, "anonymous": anonymous }))
        })
}

fn act_any() -> impl Strategy<Value = Deed> {
    let details = (
        select(GROUPS.to_vec()),
        select(PEOPLE.to_vec()),
        1_000..1_030_i64,
        any::<bool>(),
        any::<Option<bool>>(),
        text(),
        -1..4_000_000_i64,
    );
    (select(PEOPLE.to_vec()), select(ACTS.to_vec()), details).prop_map(
        |(who, action, (group, target, message, in_group, enable, text, number))| {
            let mut details = json!({ "target": target, "message": message, "enable": enable,
                "seconds": number, "times": number % 12, "size": number, "app_id": number % 30,
                "emoji": "76", "conversation": "group:general" });
            for field in ["comment", "card", "title", "name", "content"] {
                details[field] = text.clone();
            }
            if in_group {
                details["group"] = json!(group);
            }
            Deed::Act(who, action, details)
        },
    )
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        10 => act_any(),
        8 => call_any(),
        6 => say_any(),
        2 => select(vec![0, 1, 60, 121, 90_000]).prop_map(Deed::Wait),
        1 => Just(Deed::Reset),
    ]
}

/// Has it happen; a refusal must change nothing.
fn perform(world: &mut OneBotWorld, deed: &Deed) {
    let before = world.snapshot();
    let refused = match deed {
        Deed::Say(say) => try_say(world, say.clone()).is_err(),
        Deed::Act(who, action, details) => try_act(world, who, action, details.clone()).is_err(),
        Deed::Call(action, params) => {
            let answer = call(world, action, params.clone());
            assert_eq!(answer.0["status"] == "async", answer.retcode() == 1);
            answer.0["status"] == "failed"
        }
        Deed::Wait(seconds) => {
            wait(world, *seconds);
            false
        }
        Deed::Reset => {
            world.reset();
            false
        }
    };
    let told = events(world);
    if refused {
        assert!(world.snapshot() == before, "{deed:?} has changed something");
        assert!(told.is_empty(), "{deed:?} {told:?}");
    }
}

/// What holds of every world, as far as people can see it.
fn check(world: &OneBotWorld) {
    let conversations = world.conversations(None).unwrap().conversations;
    let mut ids = BTreeSet::new();
    let mut seqs = BTreeSet::new();
    for conversation in &conversations {
        let members: BTreeSet<&str> = conversation
            .members
            .iter()
            .map(|it| it.id.as_str())
            .collect();
        assert_eq!(
            members.len(),
            conversation.members.len(),
            "somebody is a member twice"
        );
        if conversation.id.starts_with("group:") {
            let owners = conversation
                .members
                .iter()
                .filter(|member| member.role == "owner");
            assert_eq!(owners.count(), 1, "{} has not one owner", conversation.id);
        }
        let mut last = 0;
        for message in seen(world, &conversation.id) {
            assert!(message.seq > last, "{} is out of order", conversation.id);
            last = message.seq;
            assert!(seqs.insert(message.seq), "a number was given twice");
            if message.kind == "message" {
                assert!(ids.insert(message.id), "a message id was given twice");
            }
        }
    }
}

/// Where every plain value of a JSON value is.
fn leaves(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            let name = name.replace('~', "~0").replace('/', "~1");
            leaves(value, format!("{at}/{name}"), found);
        }),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(index, value)| leaves(value, format!("{at}/{index}"), found)),
        _ => found.push(at),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48,
        // A failure is printed in full; nothing is written beside the sources.
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn nothing_breaks_whatever_happens(deeds in vec(deed(), 1..60), legacy: bool) {
        let mut world = world();
        world.settings_mut().legacy = legacy;
        world.set_time(Time(1_700_000_000_000));
        let mut twin = world.clone();
        for deed in &deeds {
            perform(&mut world, deed);
            check(&world);
            perform(&mut twin, deed);
        }
        // The same history makes the same world, and a snapshot holds all of it.
        let snapshot = world.snapshot();
        prop_assert!(snapshot == twin.snapshot());
        twin.restore(snapshot.clone()).unwrap();
        prop_assert!(snapshot == twin.snapshot());
    }

    /// Somebody edits a snapshot: it is refused, or the world lives on.
    #[test]
    fn a_snapshot_changed_anywhere_breaks_nothing(
        deeds in vec(deed(), 5..20),
        place: proptest::sample::Index,
        value in select(vec![
            Value::Null, json!(-1), json!(0), json!(i64::MAX), json!(u64::MAX), json!(i64::MIN),
            json!(""), json!("x"), json!([]), json!({}), json!(true),
        ]),
        more in vec(deed(), 5..20),
    ) {
        let mut world = world();
        for deed in &deeds {
            perform(&mut world, deed);
        }
        let mut snapshot = world.snapshot();
        let mut places = Vec::new();
        leaves(&snapshot, String::new(), &mut places);
        *snapshot.pointer_mut(place.get(places.as_slice()).as_str()).unwrap() = value;
        let before = world.snapshot();
        if world.restore(snapshot).is_err() {
            prop_assert!(world.snapshot() == before);
        }
        for deed in &more {
            perform(&mut world, deed);
            while world.poll_change().is_some() {}
            world.conversations(None).unwrap();
        }
    }

    #[test]
    fn any_object_may_be_passed_to_any_action(
        index in 0..ACTIONS.len(),
        fields in vec(("[a-z_]{1,12}", text()), 0..4),
    ) {
        let mut world = world();
        let fields: Map<String, Value> = fields.into_iter().collect();
        perform(&mut world, &Deed::Call(ACTIONS[index].0.clone(), Value::Object(fields)));
        check(&world);
    }
}
