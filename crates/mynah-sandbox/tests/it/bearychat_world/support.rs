//! What the tests of BearyChat share.

// Not every test needs everything.
#![allow(dead_code)]

use mynah_core::http::Request;
use mynah_core::{HttpRequest, HttpResponse};
use mynah_sandbox::bearychat::{BearyChatWorld, Effect, Seed};
use mynah_sandbox::{MessageView, Rejected, Said, Time, World};
use serde_json::{Map, Value, json};

pub(super) const TOKEN: &str = "sandbox-token";
pub(super) const TEAM: &str = "=bwTeam";
/// The bot behind the token.
pub(super) const BOT: &str = "=bwBot";
pub(super) const BEARY: &str = "=bwMkR";
pub(super) const ALICE: &str = "=bw52O";
pub(super) const BOB: &str = "=bw52P";
pub(super) const CAROL: &str = "=bw52Q";
pub(super) const DAVE: &str = "=bw52R";
pub(super) const ERIN: &str = "=bw52S";
/// The channel with everybody in it.
pub(super) const ALL: &str = "=bwAll";
/// A public channel without the bot.
pub(super) const DEV: &str = "=bwDev";
/// The robot, and what it is posted at.
pub(super) const ROBOT: &str = "=bwRob";
pub(super) const HOOK: &str = "/hook/=bwTeam/incoming/sandbox-hook";
/// When the tests begin: 2023-11-14T22:13:20Z.
pub(super) const NOW: i64 = 1_700_000_000_000;

/// The team, and the bot in it.
pub(super) struct Team {
    pub(super) world: BearyChatWorld,
    /// Whose calls are made.
    pub(super) token: String,
}

impl Team {
    /// A team to which nothing has happened yet.
    pub(super) fn new() -> Self {
        Self::of(BearyChatWorld::new(&Seed::default()))
    }

    pub(super) fn of(mut world: BearyChatWorld) -> Self {
        world.set_time(Time(NOW));
        Self {
            world,
            token: TOKEN.to_owned(),
        }
    }

    /// Calls a method of the OpenAPI, `channel.create`, or another path,
    /// `/rtm/message`. The status and the answer, `null` for none.
    pub(super) fn call(&mut self, path: &str, arguments: Value) -> (u16, Value) {
        answer(&self.response(path, arguments))
    }

    /// The same, as it is.
    pub(super) fn response(&mut self, path: &str, arguments: Value) -> HttpResponse {
        let request = request(&self.token, path, &arguments);
        raw(&mut self.world, &request)
    }

    /// Makes a call that succeeds. The answer.
    #[track_caller]
    pub(super) fn ok(&mut self, path: &str, arguments: Value) -> Value {
        let (status, answer) = self.call(path, arguments);
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
        answer
    }

    /// Makes a call that is refused: nothing changes, and nobody is told. The
    /// status and the code.
    #[track_caller]
    pub(super) fn refused(&mut self, path: &str, arguments: Value) -> (u16, i64) {
        self.refused_in_words(path, arguments).0
    }

    /// The same, and the words.
    #[track_caller]
    pub(super) fn refused_in_words(
        &mut self,
        path: &str,
        arguments: Value,
    ) -> ((u16, i64), String) {
        let waiting = told(&mut self.world).len();
        assert_eq!(waiting, 0, "drain the effects before you expect a refusal");
        let before = state(&self.world);
        let (status, answer) = self.call(path, arguments);
        assert!(state(&self.world) == before, "{path} has changed something");
        assert!(told(&mut self.world).is_empty(), "{path}");
        let code = answer["code"].as_i64().unwrap();
        assert!(status >= 400 && code != 0, "{path}: {status} {answer}");
        ((status, code), answer["error"].as_str().unwrap().to_owned())
    }

    /// The bot says something. The key of the message.
    #[track_caller]
    pub(super) fn post(&mut self, vchannel: &str, text: &str) -> String {
        let arguments = json!({ "vchannel_id": vchannel, "text": text });
        text_of(&self.ok("message.create", arguments), "key")
    }

    /// A message as calls see it.
    #[track_caller]
    pub(super) fn message(&mut self, vchannel: &str, key: &str) -> Value {
        let arguments = json!({ "vchannel_id": vchannel, "message_key": key });
        self.ok("message.info", arguments)
    }

    /// The conversation of the bot and somebody else.
    #[track_caller]
    pub(super) fn p2p(&mut self, user: &str) -> String {
        let p2p = self.ok("p2p.create", json!({ "user_id": user }));
        text_of(&p2p, "vchannel_id")
    }

    /// What the RTM sockets were told since this was asked last.
    #[track_caller]
    pub(super) fn events(&mut self) -> Vec<Value> {
        let told = told(&mut self.world).into_iter();
        let events = told.map(|effect| match effect {
            Effect::Rtm { event, .. } => serde_json::to_value(event).unwrap(),
            other => panic!("{other:?}"),
        });
        events.collect()
    }

    /// Time passes.
    pub(super) fn wait(&mut self, seconds: i64) {
        let snapshot = self.world.snapshot();
        let now = snapshot["state"]["now"].as_i64().unwrap();
        self.world.set_time(Time(now + seconds * 1000));
    }
}

/// What must not change where something is refused: everything but the number
/// of calls, which counts those that are refused as well.
pub(super) fn state(world: &BearyChatWorld) -> Value {
    let mut snapshot = world.snapshot();
    let state = snapshot["state"].as_object_mut().unwrap();
    state.remove("quota").unwrap();
    snapshot
}

#[track_caller]
pub(super) fn text_of(value: &Value, field: &str) -> String {
    let text = value[field].as_str();
    text.unwrap_or_else(|| panic!("{field}: {value}"))
        .to_owned()
}

/// The status and the body of an answer.
#[track_caller]
pub(super) fn answer(response: &HttpResponse) -> (u16, Value) {
    let body = match response.body().as_ref() {
        [] => Value::Null,
        body => serde_json::from_slice(body).unwrap(),
    };
    (response.status().as_u16(), body)
}

pub(super) fn vectors(name: &str) -> Value {
    let path = format!(
        "{}/tests/vectors/bearychat/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The method of a call.
fn method(path: &str) -> &'static str {
    let reads = [".info", ".list", ".me", ".members", ".channels"];
    match path {
        "user.update_me" | "message.update_text" => "PATCH",
        "meta" | "file.location" => "GET",
        _ if reads.iter().any(|ending| path.ends_with(ending)) => "GET",
        _ => "POST",
    }
}

/// A request with its token in the query; what is read is asked for there as
/// well, the rest is JSON.
pub(super) fn request(token: &str, path: &str, arguments: &Value) -> HttpRequest {
    let path = match path.strip_prefix('/') {
        Some(path) => path.to_owned(),
        None => format!("v1/{path}"),
    };
    let method = method(path.rsplit('/').next().unwrap());
    let mut uri = format!("http://127.0.0.1/bearychat/{path}");
    if !path.starts_with("hook/") {
        uri = format!("{uri}?token={token}");
    }
    let builder = Request::builder().method(method);
    if method == "GET" {
        for (name, value) in arguments.as_object().unwrap() {
            let value = match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            uri = format!("{uri}&{name}={}", escaped(&value));
        }
        return builder.uri(uri).body(Vec::new().into()).unwrap();
    }
    let builder = builder.header("Content-Type", "application/json");
    let body = arguments.to_string();
    builder.uri(uri).body(body.into()).unwrap()
}

/// The response to a request as it is.
pub(super) fn raw(world: &mut BearyChatWorld, request: &HttpRequest) -> HttpResponse {
    let path = request.uri().path().strip_prefix("/bearychat").unwrap();
    world.http(path, request, [203, 0, 113, 7].into())
}

/// A value as it stands in a query.
pub(super) fn escaped(value: &str) -> String {
    let escape = |byte: u8| match byte {
        b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'.' | b'_' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    value.bytes().map(escape).collect()
}

/// A person speaks.
pub(super) fn try_say(world: &mut BearyChatWorld, say: Value) -> Result<Said, Rejected> {
    world.say(serde_json::from_value(say).unwrap())
}

/// A person says some words. The key of the message.
#[track_caller]
pub(super) fn say(world: &mut BearyChatWorld, from: &str, to: &str, text: &str) -> String {
    let said = try_say(world, json!({ "from": from, "to": to, "text": text })).unwrap();
    said.ids[0].clone()
}

/// A person says something else than words. The key of the message.
#[track_caller]
pub(super) fn says(world: &mut BearyChatWorld, from: &str, to: &str, message: Value) -> String {
    let said = json!({ "from": from, "to": to, "message": message });
    try_say(world, said).unwrap().ids[0].clone()
}

/// A person may not say something: nothing changes, and nobody is told. The
/// status of the control API, and the field that is wrong.
#[track_caller]
pub(super) fn may_not_say(world: &mut BearyChatWorld, say: Value) -> (u16, String) {
    let before = world.snapshot();
    let rejected = try_say(world, say).unwrap_err();
    assert!(world.snapshot() == before, "it has changed something");
    assert!(told(world).is_empty());
    (rejected.status, rejected.field)
}

/// A person does something else.
pub(super) fn try_act(
    world: &mut BearyChatWorld,
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
pub(super) fn act(world: &mut BearyChatWorld, who: &str, action: &str, details: Value) -> Value {
    try_act(world, who, action, details).unwrap()
}

/// A person may not: the status of the control API, and nothing changes.
#[track_caller]
pub(super) fn may_not(world: &mut BearyChatWorld, who: &str, action: &str, details: Value) -> u16 {
    let before = world.snapshot();
    let rejected = try_act(world, who, action, details).unwrap_err();
    assert!(!rejected.field.is_empty() && !rejected.message.is_empty());
    assert!(world.snapshot() == before, "{action} has changed something");
    assert!(told(world).is_empty(), "{action}");
    rejected.status
}

/// What has left the world since this was asked last.
pub(super) fn told(world: &mut BearyChatWorld) -> Vec<Effect> {
    std::iter::from_fn(|| world.poll_effect()).collect()
}

/// What people see in a conversation, oldest first.
#[track_caller]
pub(super) fn seen(world: &BearyChatWorld, conversation: &str) -> Vec<MessageView> {
    world.messages(conversation, None, 1000).unwrap().messages
}

/// The last thing people see in a conversation.
#[track_caller]
pub(super) fn last(world: &BearyChatWorld, conversation: &str) -> MessageView {
    seen(world, conversation).pop().unwrap()
}

/// What people see of the last message, as JSON.
#[track_caller]
pub(super) fn parts(world: &BearyChatWorld, conversation: &str) -> Value {
    serde_json::to_value(last(world, conversation).parts).unwrap()
}
