//! A world to try things in, and words for what one tries.

use mynah_core::{HttpRequest, HttpResponse};
use mynah_sandbox::onebot::{Effect, OneBotWorld, Seed};
use mynah_sandbox::{MessageView, Rejected, Said, Time, World};
use serde_json::{Map, Value, json};

pub(super) const BOT: i64 = 10000;
pub(super) const ALICE: i64 = 10001;
pub(super) const BOB: i64 = 10002;
pub(super) const CAROL: i64 = 10003;
pub(super) const DAVE: i64 = 10004;
pub(super) const ERIN: i64 = 10005;
/// The bot's group.
pub(super) const GENERAL: i64 = 20001;
/// Alice's group, in which the bot and bob are ordinary members.
pub(super) const OTHER: i64 = 20002;

/// A world in which nothing has happened yet.
pub(super) fn world() -> OneBotWorld {
    OneBotWorld::new(&Seed::default())
}

pub(super) fn vectors(name: &str) -> Value {
    let path = format!("{}/tests/vectors/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// What a framework is told.
#[derive(Debug)]
pub(super) struct Answer(pub(super) Value);

impl Answer {
    pub(super) fn read(response: &HttpResponse) -> Self {
        assert_eq!(response.status(), 200, "{response:?}");
        Self(serde_json::from_slice(response.body()).unwrap())
    }

    pub(super) fn retcode(&self) -> i64 {
        self.0["retcode"].as_i64().unwrap()
    }

    pub(super) fn data(&self) -> &Value {
        &self.0["data"]
    }

    pub(super) fn id(&self) -> i64 {
        self.data()["message_id"].as_i64().unwrap()
    }
}

/// The bot calls an action.
pub(super) fn call(world: &mut OneBotWorld, action: &str, params: Value) -> Answer {
    Answer::read(&world.call(action, params))
}

/// The bot calls an action that succeeds.
#[track_caller]
pub(super) fn ok(world: &mut OneBotWorld, action: &str, params: Value) -> Value {
    let answer = call(world, action, params);
    assert_eq!(answer.retcode(), 0, "{action}: {answer:?}");
    answer.data().clone()
}

/// The bot calls an action that is refused: nothing changes, and the words
/// name what is wrong.
#[track_caller]
pub(super) fn refused(world: &mut OneBotWorld, action: &str, params: Value) -> i64 {
    let before = world.snapshot();
    let waiting = events(world).len();
    let answer = call(world, action, params);
    assert_eq!(answer.0["status"], "failed", "{action}: {answer:?}");
    assert_eq!(answer.data(), &Value::Null);
    assert!(
        answer.0["message"].as_str().unwrap().contains('`'),
        "{answer:?}"
    );
    assert_eq!(answer.0["wording"], answer.0["message"]);
    assert!(world.snapshot() == before, "{action} has changed something");
    assert_eq!(events(world).len(), 0, "{action}");
    assert_eq!(waiting, 0, "drain the events before you expect a refusal");
    answer.retcode()
}

/// A person speaks.
pub(super) fn try_say(world: &mut OneBotWorld, say: Value) -> Result<Said, Rejected> {
    world.say(serde_json::from_value(say).unwrap())
}

/// A person says some words. Returns the id of the message.
#[track_caller]
pub(super) fn say(world: &mut OneBotWorld, from: &str, to: &str, text: &str) -> i64 {
    let said = try_say(world, json!({ "from": from, "to": to, "text": text })).unwrap();
    said.ids[0].parse().unwrap()
}

/// A person does something else.
pub(super) fn try_act(
    world: &mut OneBotWorld,
    who: &str,
    action: &str,
    details: Value,
) -> Result<Value, Rejected> {
    let mut act: Map<String, Value> = serde_json::from_value(details).unwrap();
    act.insert("who".to_owned(), json!(who));
    act.insert("action".to_owned(), json!(action));
    world.act(serde_json::from_value(Value::Object(act)).unwrap())
}

#[track_caller]
pub(super) fn act(world: &mut OneBotWorld, who: &str, action: &str, details: Value) -> Value {
    try_act(world, who, action, details).unwrap()
}

/// A person may not: the status of the control API, and nothing changes.
#[track_caller]
pub(super) fn may_not(world: &mut OneBotWorld, who: &str, action: &str, details: Value) -> u16 {
    let before = world.snapshot();
    let rejected = try_act(world, who, action, details).unwrap_err();
    assert!(!rejected.field.is_empty() && !rejected.message.is_empty());
    assert!(world.snapshot() == before, "{action} has changed something");
    assert_eq!(events(world).len(), 0, "{action}");
    rejected.status
}

/// What frameworks have been told since they were last asked.
pub(super) fn events(world: &mut OneBotWorld) -> Vec<Value> {
    let mut events = Vec::new();
    while let Some(effect) = world.poll_effect() {
        if let Effect::Event(event) = effect {
            let bytes = world.write_event(&event);
            events.push(serde_json::from_slice(&bytes).unwrap());
        }
    }
    events
}

/// The one thing frameworks have been told.
#[track_caller]
pub(super) fn event(world: &mut OneBotWorld) -> Value {
    let events = events(world);
    assert_eq!(events.len(), 1, "{events:?}");
    events.into_iter().next().unwrap()
}

/// The names of what frameworks have been told.
pub(super) fn told(world: &mut OneBotWorld) -> Vec<String> {
    events(world).iter().map(name).collect()
}

/// The dotted name of an event.
pub(super) fn name(event: &Value) -> String {
    let post_type = event["post_type"].as_str().unwrap();
    let detail = match post_type {
        "message_sent" => "message_type".to_owned(),
        other => format!("{other}_type"),
    };
    let levels = [
        Some(post_type),
        event[&detail].as_str(),
        event["sub_type"].as_str(),
    ];
    levels.into_iter().flatten().collect::<Vec<_>>().join(".")
}

/// Time passes.
pub(super) fn wait(world: &mut OneBotWorld, seconds: i64) {
    let now = world.heartbeat(0).time().0;
    world.set_time(Time(now.saturating_add(seconds).saturating_mul(1000)));
}

/// What people see in a conversation, oldest first.
pub(super) fn seen(world: &OneBotWorld, conversation: &str) -> Vec<MessageView> {
    world.messages(conversation, None, 1000).unwrap().messages
}

/// The members of a group with their roles, as people see them.
pub(super) fn roles(world: &OneBotWorld, group: i64) -> Vec<(String, String)> {
    let id = format!("group:{group}");
    let conversations = world.conversations(None).unwrap().conversations;
    let group = conversations.into_iter().find(|it| it.id == id);
    let members = group.map(|group| group.members).unwrap_or_default();
    members.into_iter().map(|it| (it.name, it.role)).collect()
}

pub(super) fn is_member(world: &OneBotWorld, group: i64, name: &str) -> bool {
    roles(world, group).iter().any(|(member, _)| member == name)
}

/// A request as an HTTP client writes it. `path` may have a query.
pub(super) fn request(
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> HttpRequest {
    let mut request = mynah_core::http::Request::builder()
        .method(method)
        .uri(format!("http://127.0.0.1/onebot{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body.to_owned().into()).unwrap()
}
