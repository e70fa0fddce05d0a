//! Every kind of event that the world tells.

use mynah_rongcloud::Event;
use serde_json::json;

use super::support::{Service, act, events, say};

/// What the coverage lists.
pub(crate) const PRODUCED: [&str; 6] = [
    "message_route",
    "user_online_status",
    "chatroom_status",
    "message_callback",
    "message_operation",
    "audit_result",
];

/// Makes everything happen that is told.
fn everything() -> Vec<&'static str> {
    let mut service = Service::new();
    let world = &mut service.world;
    act(world, "alice", "connect", json!({}));
    act(world, "alice", "join", json!({ "chatroom": "lobby" }));
    let uid = say(world, "alice", "chatroom:lobby", "hi");
    act(world, "alice", "recall", json!({ "message": uid }));
    act(world, "bot", "audit", json!({ "message": uid }));
    world.settings_mut().check = true;
    say(world, "alice", "user:bot", "hi");
    events(world).iter().map(Event::name).collect()
}

#[test]
fn every_kind_of_event_in_the_coverage_is_produced() {
    let names = everything();
    for name in PRODUCED {
        assert!(names.contains(&name), "{name} is not among {names:?}");
    }
    for name in names {
        assert!(PRODUCED.contains(&name), "{name}");
    }
}
