//! Robots: who speaks for them, and what programs are told.

use mynah_bearychat::hook::OutgoingAnswer;
use mynah_bearychat::hook::{self, HookSecret, HubotPost, OutgoingPost};
use mynah_bearychat::{Attachment, BearyChat};
use mynah_core::Inbound;
use mynah_sandbox::World;
use mynah_sandbox::bearychat::{Effect, HubotCall, OutgoingCall};
use serde_json::{Value, json};

use super::support::*;

impl Team {
    /// Speaks for the robot.
    #[track_caller]
    fn speak(&mut self, said: Value) {
        let (status, answer) = self.call(HOOK, said);
        assert_eq!(
            (status, answer),
            (200, json!({ "code": 0, "result": null }))
        );
    }

    /// What programs were told, and nothing of RTM.
    fn posts(&mut self) -> Vec<Effect> {
        let told = told(&mut self.world).into_iter();
        told.filter(|effect| !matches!(effect, Effect::Rtm { .. }))
            .collect()
    }

    #[track_caller]
    fn outgoing(&mut self) -> OutgoingCall {
        let posts = self.posts();
        let [Effect::Outgoing(call)] = posts.as_slice() else {
            panic!("{posts:?}");
        };
        (**call).clone()
    }

    #[track_caller]
    fn hubot(&mut self) -> HubotCall {
        let posts = self.posts();
        let [Effect::Hubot(call)] = posts.as_slice() else {
            panic!("{posts:?}");
        };
        (**call).clone()
    }
}

#[test]
fn a_robot_says_what_is_posted_at_its_address() {
    let mut team = Team::new();
    let image = json!({ "url": "http://h/i" });
    team.speak(json!({
        "text": "built", "notification": "short", "markdown": true,
        "attachments": [{
            "title": "t", "url": "https://h", "text": "x", "color": "#ffa500",
            "images": [image, image, image, image],
        }],
    }));
    let events = team.events();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["type"], "channel_message");
    assert_eq!(
        (&events[0]["uid"], &events[0]["robot_id"]),
        (&Value::Null, &json!(ROBOT))
    );
    assert_eq!(events[0]["subtype"], "robot");
    let message = team.message(ALL, &text_of(&events[0], "key"));
    assert_eq!(
        (&message["uid"], &message["robot_id"]),
        (&Value::Null, &json!(ROBOT))
    );
    assert_eq!(
        (&message["subtype"], &message["fallback"]),
        (&json!("robot"), &json!("short"))
    );
    // The first three pictures are kept.
    assert_eq!(
        message["attachments"][0]["images"],
        json!([image, image, image])
    );
    let seen = last(&team.world, "group:=bwAll");
    assert_eq!(
        (seen.tag, seen.from.id.as_str(), seen.from.bot),
        (Some("robot"), ROBOT, true)
    );
}

#[test]
fn a_robot_speaks_where_it_is_told_if_its_maker_sees_it() {
    let mut team = Team::new();
    let heard = |team: &Team, conversation: &str| {
        let seen = seen(&team.world, conversation);
        seen.iter().filter(|it| it.tag == Some("robot")).count()
    };
    team.speak(json!({ "text": "a", "channel": "dev" }));
    team.speak(json!({ "text": "a", "channel": "#dev" }));
    assert_eq!(heard(&team, "group:=bwDev"), 2);
    // What is not there, or not to be seen, is where it usually speaks.
    let secret = json!({ "name": "secret", "private": true });
    let secret = text_of(&act(&mut team.world, "bob", "create", secret), "id");
    team.speak(json!({ "text": "a", "channel": "none" }));
    team.speak(json!({ "text": "a", "channel": "secret" }));
    assert_eq!(heard(&team, "group:=bwAll"), 2);
    assert_eq!(heard(&team, &format!("group:{secret}")), 0);
    for user in ["dave", "dave@example.com", "13800000003"] {
        team.speak(json!({ "text": "a", "user": user }));
    }
    assert_eq!(heard(&team, &format!("private:{BEARY}:{DAVE}")), 3);
    // A channel counts before somebody.
    team.speak(json!({ "text": "a", "channel": "dev", "user": "dave" }));
    assert_eq!(heard(&team, "group:=bwDev"), 3);
    told(&mut team.world);
    assert_eq!(
        team.refused(HOOK, json!({ "text": "a", "user": "nobody" })),
        (404, 6)
    );
    act(
        &mut team.world,
        "alice",
        "archive",
        json!({ "group": "dev" }),
    );
    assert_eq!(
        team.refused(HOOK, json!({ "text": "a", "channel": "dev" })),
        (403, 4)
    );
}

#[test]
fn what_says_nothing_or_goes_nowhere_is_refused() {
    let mut team = Team::new();
    for wrong in [
        json!({}),
        json!({ "text": "" }),
        json!({ "text": 1 }),
        json!({ "text": "a", "markdown": "yes" }),
        json!({ "text": "a", "attachments": [{ "color": "#fff" }] }),
    ] {
        assert_eq!(team.refused(HOOK, wrong.clone()), (400, 1), "{wrong}");
    }
    for nowhere in [
        "/hook/=bwTeam/incoming/other",
        "/hook/=other/incoming/sandbox-hook",
    ] {
        assert_eq!(
            team.refused(nowhere, json!({ "text": "a" })),
            (404, 6),
            "{nowhere}"
        );
    }
}

#[test]
fn a_robot_hears_its_word_in_channels_and_answers_there() {
    let mut team = Team::new();
    team.world.settings_mut().outgoing = true;
    let key = say(&mut team.world, "dave", "group:=bwAll", "!robot 中国");
    let call = team.outgoing();
    assert_eq!(
        (call.robot.as_str(), call.vchannel_id.as_str()),
        (ROBOT, ALL)
    );
    assert_eq!(call.message.as_str(), key);
    let told = OutgoingPost {
        ts: u64::try_from(NOW / 1000).unwrap(),
        subdomain: "sandbox".to_owned(),
        ..OutgoingPost::new("!robot 中国", "!robot")
            .from("dave")
            .at("所有人")
    };
    assert_eq!(call.post, told);
    // As it goes over the wire.
    let secret = HookSecret::outgoing("sandbox-outgoing");
    let event = hook::Event::from(call.post.clone());
    let request = BearyChat::push(&secret, &event, 0, std::time::SystemTime::UNIX_EPOCH);
    let body: Value = serde_json::from_slice(request.body()).unwrap();
    assert_eq!(
        body,
        json!({
            "token": "sandbox-outgoing", "ts": NOW / 1000, "text": "!robot 中国",
            "trigger_word": "!robot", "subdomain": "sandbox", "channel_name": "所有人",
            "user_name": "dave",
        })
    );
    let answer = OutgoingAnswer::text("东亚国家").attach(Attachment::title("t"));
    team.world.outgoing_answered(&call, answer).unwrap();
    let seen = last(&team.world, "group:=bwAll");
    assert_eq!((seen.tag, seen.from.id.as_str()), (Some("robot"), ROBOT));
    assert_eq!(
        serde_json::to_value(&seen.parts).unwrap()[0]["text"],
        "东亚国家"
    );
    assert_eq!(team.events().pop().unwrap()["robot_id"], ROBOT);
}

#[test]
fn a_robot_hears_nothing_else() {
    let mut team = Team::new();
    team.world.settings_mut().outgoing = true;
    let secret = json!({ "name": "secret", "private": true });
    let secret = text_of(&act(&mut team.world, "bob", "create", secret), "id");
    say(
        &mut team.world,
        "bob",
        &format!("group:{secret}"),
        "!robot x",
    );
    say(&mut team.world, "dave", "group:=bwAll", "what is !robot");
    say(&mut team.world, "dave", "user:bot", "!robot x");
    let session = json!({ "members": ["dave", "bot"] });
    let session = text_of(&act(&mut team.world, "bob", "session", session), "id");
    say(
        &mut team.world,
        "bob",
        &format!("group:{session}"),
        "!robot x",
    );
    // No program calls another one.
    team.post(ALL, "!robot x");
    team.speak(json!({ "text": "!robot x" }));
    assert!(team.posts().is_empty());
    say(&mut team.world, "bob", "group:=bwDev", "!robot x");
    assert_eq!(team.outgoing().post.channel_name, "dev");
    // An edit is no news.
    let key = say(&mut team.world, "dave", "group:=bwAll", "hi");
    act(
        &mut team.world,
        "dave",
        "edit",
        json!({ "message": key, "text": "!robot x" }),
    );
    team.world.settings_mut().outgoing = false;
    say(&mut team.world, "dave", "group:=bwAll", "!robot x");
    assert!(team.posts().is_empty());
}

#[test]
fn an_answer_that_cannot_be_said_changes_nothing() {
    let mut team = Team::new();
    team.world.settings_mut().outgoing = true;
    say(&mut team.world, "bob", "group:=bwDev", "!robot x");
    let call = team.outgoing();
    let mut refused = |answer: OutgoingAnswer| {
        let before = team.world.snapshot();
        let refusal = team.world.outgoing_answered(&call, answer).unwrap_err();
        assert!(team.world.snapshot() == before);
        assert!(told(&mut team.world).is_empty());
        refusal.status
    };
    assert_eq!(refused(OutgoingAnswer::text("")), 400);
    assert_eq!(
        refused(OutgoingAnswer::text("a").attach(Attachment::default())),
        400
    );
    act(
        &mut team.world,
        "alice",
        "archive",
        json!({ "group": "dev" }),
    );
    let before = team.world.snapshot();
    let refusal = team
        .world
        .outgoing_answered(&call, OutgoingAnswer::text("a"));
    assert_eq!(refusal.unwrap_err().status, 403);
    assert!(team.world.snapshot() == before);
}

#[test]
fn a_hubot_with_an_address_is_told_what_mentions_it() {
    let mut team = Team::new();
    team.world.settings_mut().hubot_http = true;
    let key = say(&mut team.world, "dave", "group:=bwAll", "@<==bwBot=> help");
    let call = team.hubot();
    assert_eq!(call.user.as_str(), BOT);
    let told = HubotPost {
        robot: 0,
        subdomain: "sandbox".to_owned(),
        sender: DAVE.into(),
        username: "dave".to_owned(),
        vchannel: ALL.into(),
        text: "@<==bwBot=> help".to_owned(),
        key: key.as_str().into(),
    };
    assert_eq!(call.post, told);
    say(&mut team.world, "dave", "group:=bwAll", "help");
    say(&mut team.world, "dave", "group:=bwAll", "@<==bw52P=> help");
    say(&mut team.world, "alice", "group:=bwDev", "@<==bwBot=> help");
    team.post(ALL, "@<==bwBot=> that is me");
    team.speak(json!({ "text": "@<==bwBot=> help" }));
    assert!(team.posts().is_empty());
    say(&mut team.world, "dave", "user:bot", "@<==bwBot=> help");
    assert_eq!(team.hubot().post.username, "dave");
}
