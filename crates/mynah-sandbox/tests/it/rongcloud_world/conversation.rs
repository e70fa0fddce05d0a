//! What somebody hears of a conversation, and where it stands in their list.

use mynah_sandbox::World;
use serde_json::{Value, json};

use super::support::{Service, act, say};

fn of<'a>(
    user: &'a str,
    kind: &'a str,
    target: &'a str,
    more: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![
        ("requestId", user),
        ("conversationType", kind),
        ("targetId", target),
    ];
    form.extend_from_slice(more);
    form
}

fn is_muted(service: &mut Service, user: &str, kind: &str, target: &str) -> Value {
    let form = of(user, kind, target, &[]);
    service.ok("conversation/notification/get", &form)["isMuted"].clone()
}

#[test]
fn a_conversation_is_muted_for_one_user_and_one_target() {
    let mut service = Service::new();
    assert_eq!(is_muted(&mut service, "alice", "1", "bob"), json!(0));
    let form = of("alice", "1", "bob", &[("isMuted", "1")]);
    service.ok("conversation/notification/set", &form);
    assert_eq!(is_muted(&mut service, "alice", "1", "bob"), json!(1));
    for (user, kind, target) in [
        ("bob", "1", "alice"),
        ("alice", "3", "bob"),
        ("alice", "1", "carol"),
    ] {
        assert_eq!(
            is_muted(&mut service, user, kind, target),
            json!(0),
            "{user} {kind} {target}"
        );
    }
    let form = of("alice", "1", "bob", &[("isMuted", "0")]);
    service.ok("conversation/notification/set", &form);
    assert_eq!(is_muted(&mut service, "alice", "1", "bob"), json!(0));
}

#[test]
fn what_has_no_settings_is_refused() {
    let mut service = Service::new();
    let set = "conversation/notification/set";
    for kind in ["2", "4", "5", "10", "x", ""] {
        let form = of("alice", kind, "g1", &[("isMuted", "1")]);
        assert_eq!(service.refused(set, &form), (400, 1002), "{kind}");
        let form = of("alice", kind, "g1", &[]);
        assert_eq!(
            service.refused("conversation/notification/get", &form),
            (400, 1002)
        );
        let form = [
            ("userId", "alice"),
            ("conversationType", kind),
            ("targetId", "g"),
            ("setTop", "true"),
        ];
        assert_eq!(service.refused("conversation/top/set", &form), (400, 1002));
    }
    for more in [
        [("isMuted", "2")],
        [("isMuted", "")],
        [("unpushLevel", "1")],
    ] {
        assert_eq!(
            service.refused(set, &of("alice", "3", "g1", &more)),
            (400, 1002),
            "{more:?}"
        );
    }
    for level in ["3", "-2", "6"] {
        let form = of(
            "alice",
            "3",
            "g1",
            &[("isMuted", "1"), ("unpushLevel", level)],
        );
        assert_eq!(service.refused(set, &form), (400, 1002), "{level}");
    }
    let form = of("", "1", "bob", &[("isMuted", "1")]);
    assert_eq!(service.refused(set, &form), (400, 1002));
}

/// What telephones have shown.
fn pushed(service: &mut Service) -> Vec<String> {
    let answer = act(&mut service.world, "bot", "pushes", json!({}));
    let pushes = answer["pushes"].as_array().unwrap().iter();
    pushes.map(|push| push["users"].to_string()).collect()
}

fn private(service: &mut Service, to: &str) {
    let form = [
        ("fromUserId", "alice"),
        ("toUserId", to),
        ("objectName", "RC:TxtMsg"),
        ("content", "{\"content\":\"hi\"}"),
        ("pushContent", "alice: hi"),
    ];
    service.ok("message/private/publish", &form);
}

#[test]
fn nothing_is_pushed_of_a_conversation_that_is_muted() {
    let mut service = Service::new();
    private(&mut service, "bob");
    assert_eq!(pushed(&mut service), [r#"["bob"]"#]);
    let mute = of("bob", "1", "alice", &[("isMuted", "1")]);
    service.ok("conversation/notification/set", &mute);
    private(&mut service, "bob");
    assert_eq!(pushed(&mut service).len(), 1);
    let all = of(
        "bob",
        "1",
        "alice",
        &[("isMuted", "1"), ("unpushLevel", "-1")],
    );
    service.ok("conversation/notification/set", &all);
    private(&mut service, "bob");
    assert_eq!(pushed(&mut service).len(), 2, "the level comes first");
    act(&mut service.world, "bob", "connect", json!({}));
    private(&mut service, "bob");
    assert_eq!(pushed(&mut service).len(), 2, "bob sees it himself");
}

/// The conversations in somebody's list.
fn list(service: &Service, viewer: &str) -> Vec<String> {
    let list = service.world.conversations(Some(viewer)).unwrap();
    list.conversations.into_iter().map(|it| it.id).collect()
}

#[test]
fn what_is_put_on_top_stands_first_for_one_user() {
    let mut service = Service::new();
    say(&mut service.world, "alice", "group:general", "one");
    say(&mut service.world, "alice", "user:bob", "two");
    say(&mut service.world, "alice", "user:bot", "three");
    assert_eq!(
        list(&service, "alice"),
        ["user:alice", "private:alice:bob", "group:general"]
    );
    let top = |service: &mut Service, kind, target, on| {
        let form = [
            ("userId", "alice"),
            ("conversationType", kind),
            ("targetId", target),
            ("setTop", on),
        ];
        service.ok("conversation/top/set", &form);
    };
    top(&mut service, "3", "general", "true");
    assert_eq!(
        list(&service, "alice"),
        ["group:general", "user:alice", "private:alice:bob"]
    );
    top(&mut service, "1", "bob", "True");
    assert_eq!(
        list(&service, "alice"),
        ["private:alice:bob", "group:general", "user:alice"]
    );
    assert_eq!(
        list(&service, "bob")[0],
        "private:alice:bob",
        "it is the newest of bob's"
    );
    top(&mut service, "3", "general", "false");
    top(&mut service, "1", "bob", "0");
    top(&mut service, "1", "bot", "1");
    assert_eq!(list(&service, "alice")[0], "user:alice");
}

#[test]
fn a_snapshot_holds_what_was_set() {
    let mut service = Service::new();
    let form = of(
        "alice",
        "6",
        "system",
        &[("isMuted", "1"), ("unpushLevel", "5")],
    );
    service.ok("conversation/notification/set", &form);
    let mut other = Service::new();
    other.world.restore(service.world.snapshot()).unwrap();
    assert_eq!(is_muted(&mut other, "alice", "6", "system"), json!(1));
    let back = of("alice", "6", "system", &[("isMuted", "0")]);
    other.ok("conversation/notification/set", &back);
    let fresh = Service::new().world.snapshot();
    assert!(other.world.snapshot() == fresh, "nothing is left of it");
}
