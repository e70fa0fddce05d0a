//! What the tests of RongCloud share.

// Not every test needs everything.
#![allow(dead_code)]

use mynah_core::http::Request;
use mynah_core::{HttpRequest, HttpResponse};
use mynah_rongcloud::event::Event;
use mynah_sandbox::rongcloud::{Effect, RongCloudWorld, Seed};
use mynah_sandbox::{MessageView, Rejected, Said, Time, World};
use serde_json::{Map, Value, json};

pub(super) const APP_KEY: &str = "rc-sandbox";
pub(super) const APP_SECRET: &str = "sandbox-secret";
/// When the tests begin: 2023-11-15 06:13:20 in Beijing.
pub(super) const NOW: i64 = 1_700_000_000_000;
/// The same, as answers have it.
pub(super) const NOW_TEXT: &str = "2023-11-15 06:13:20";

/// The application and its users.
pub(super) struct Service {
    pub(super) world: RongCloudWorld,
}

impl Service {
    /// An application to which nothing has happened yet.
    pub(super) fn new() -> Self {
        Self::of(RongCloudWorld::new(&Seed::default()))
    }

    pub(super) fn of(mut world: RongCloudWorld) -> Self {
        world.set_time(Time(NOW));
        Self { world }
    }

    /// Calls with a form: `user/getToken`. The status and the answer.
    pub(super) fn call(&mut self, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
        let request = post(path, "application/x-www-form-urlencoded", &encoded(form));
        answer(&raw(&mut self.world, &request))
    }

    /// Makes a call that succeeds.
    #[track_caller]
    pub(super) fn ok(&mut self, path: &str, form: &[(&str, &str)]) -> Value {
        let (status, answer) = self.call(path, form);
        assert_eq!(
            (status, &answer["code"]),
            (200, &json!(200)),
            "{path}: {answer}"
        );
        answer
    }

    /// Makes a call that is refused: nothing changes, and nobody is told. The
    /// status and the code.
    #[track_caller]
    pub(super) fn refused(&mut self, path: &str, form: &[(&str, &str)]) -> (u16, i64) {
        self.refused_in_words(path, form).0
    }

    /// The same, and the words.
    #[track_caller]
    pub(super) fn refused_in_words(
        &mut self,
        path: &str,
        form: &[(&str, &str)],
    ) -> ((u16, i64), String) {
        let before = self.before();
        let (status, answer) = self.call(path, form);
        self.unchanged(path, &before);
        let words = answer["errorMessage"].as_str().unwrap().to_owned();
        ((status, refusal(path, &answer)), words)
    }

    /// Calls with JSON.
    pub(super) fn call_json(&mut self, path: &str, body: &Value) -> (u16, Value) {
        let request = post(path, "application/json", &body.to_string());
        answer(&raw(&mut self.world, &request))
    }

    #[track_caller]
    pub(super) fn ok_json(&mut self, path: &str, body: Value) -> Value {
        let (status, answer) = self.call_json(path, &body);
        assert_eq!(
            (status, &answer["code"]),
            (200, &json!(200)),
            "{path}: {answer}"
        );
        answer
    }

    #[track_caller]
    pub(super) fn refused_json(&mut self, path: &str, body: Value) -> (u16, i64) {
        let before = self.before();
        let (status, answer) = self.call_json(path, &body);
        self.unchanged(path, &before);
        (status, refusal(path, &answer))
    }

    #[track_caller]
    fn before(&mut self) -> Value {
        let waiting = told(&mut self.world).len();
        assert_eq!(waiting, 0, "drain the effects before you expect a refusal");
        self.world.snapshot()
    }

    #[track_caller]
    fn unchanged(&mut self, path: &str, before: &Value) {
        assert!(
            self.world.snapshot() == *before,
            "{path} has changed something"
        );
        assert!(told(&mut self.world).is_empty(), "{path}");
    }

    /// Time passes.
    pub(super) fn wait(&mut self, seconds: i64) {
        self.wait_ms(seconds * 1000);
    }

    pub(super) fn wait_ms(&mut self, milliseconds: i64) {
        let snapshot = self.world.snapshot();
        let now = snapshot["state"]["now"].as_i64().unwrap();
        self.world.set_time(Time(now + milliseconds));
    }

    /// People join a chatroom.
    #[track_caller]
    pub(super) fn join(&mut self, room: &str, users: &[&str]) {
        let mut form = vec![("chatroomId", room)];
        form.extend(users.iter().map(|user| ("userId", *user)));
        self.ok("chatroom/join", &form);
    }
}

#[track_caller]
fn refusal(path: &str, answer: &Value) -> i64 {
    let code = answer["code"].as_i64().unwrap();
    assert_ne!(code, 200, "{path}: {answer}");
    code
}

/// The status and the body of an answer.
#[track_caller]
pub(super) fn answer(response: &HttpResponse) -> (u16, Value) {
    let body = serde_json::from_slice(response.body()).unwrap();
    (response.status().as_u16(), body)
}

pub(super) fn vectors(name: &str) -> Value {
    let path = format!(
        "{}/tests/vectors/rongcloud/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// A request that is signed as the documentation has it.
pub(super) fn request(method: &str, path: &str, media_type: &str, body: &str) -> HttpRequest {
    let (nonce, time) = ("14314", (NOW / 1000).to_string());
    let signature = mynah_crypto::sha1(&[APP_SECRET.as_bytes(), nonce.as_bytes(), time.as_bytes()]);
    Request::builder()
        .method(method)
        .uri(format!("http://127.0.0.1/rongcloud{path}"))
        .header("App-Key", APP_KEY)
        .header("Nonce", nonce)
        .header("Timestamp", time)
        .header("Signature", mynah_crypto::hex(&signature))
        .header("Content-Type", media_type)
        .body(body.to_owned().into())
        .unwrap()
}

/// A call: `user/getToken`.
pub(super) fn post(path: &str, media_type: &str, body: &str) -> HttpRequest {
    request("POST", &format!("/{path}.json"), media_type, body)
}

/// Something to be downloaded, without a signature.
pub(super) fn download(world: &mut RongCloudWorld, url: &str) -> HttpResponse {
    let request = Request::get(url).body(Vec::new().into()).unwrap();
    raw(world, &request)
}

/// The response to a request as it is.
pub(super) fn raw(world: &mut RongCloudWorld, request: &HttpRequest) -> HttpResponse {
    let path = request.uri().path().strip_prefix("/rongcloud").unwrap();
    world.http(path, request, [203, 0, 113, 7].into())
}

/// A form as its body.
pub(super) fn encoded(form: &[(&str, &str)]) -> String {
    let fields = form.iter();
    let fields = fields.map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
    fields.collect::<Vec<_>>().join("&")
}

/// A value as it stands in a form.
pub(super) fn escaped(value: &str) -> String {
    let escape = |byte: u8| match byte {
        b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'.' | b'_' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    value.bytes().map(escape).collect()
}

/// A request as a client was recorded to make it, and what it was answered.
/// Its signature is of these tests' secret.
pub(super) fn recorded(vectors: &Value, name: &str) -> (HttpRequest, Value) {
    let mut records = vectors.as_array().unwrap().iter();
    let record = records.find(|record| record["name"] == name).unwrap();
    (replay(record), record["response"]["json"].clone())
}

/// The request of a record.
pub(super) fn replay(record: &Value) -> HttpRequest {
    let given = &record["request"];
    let path = given["path"].as_str().unwrap();
    let body = given["body"].as_str().unwrap_or_default();
    let mut request = Request::builder()
        .method(given["method"].as_str().unwrap())
        .uri(format!("http://127.0.0.1/rongcloud{path}"));
    for (name, value) in given["headers"].as_object().unwrap() {
        request = request.header(name, value.as_str().unwrap());
    }
    request.body(body.to_owned().into()).unwrap()
}

/// A person speaks.
pub(super) fn try_say(world: &mut RongCloudWorld, say: Value) -> Result<Said, Rejected> {
    world.say(serde_json::from_value(say).unwrap())
}

/// A person says some words. Returns the id of the message.
#[track_caller]
pub(super) fn say(world: &mut RongCloudWorld, from: &str, to: &str, text: &str) -> String {
    let said = try_say(world, json!({ "from": from, "to": to, "text": text })).unwrap();
    said.ids[0].clone()
}

/// A person says something else than words. Returns the id of the message.
#[track_caller]
pub(super) fn says(world: &mut RongCloudWorld, from: &str, to: &str, message: Value) -> String {
    let said = json!({ "from": from, "to": to, "message": message });
    try_say(world, said).unwrap().ids[0].clone()
}

/// A person may not speak: nothing changes, and nobody is told. What the
/// control API answers: the status, and the code that clients are told.
#[track_caller]
pub(super) fn may_not_say(world: &mut RongCloudWorld, from: &str, to: &str) -> (u16, u32) {
    let before = world.snapshot();
    let say = json!({ "from": from, "to": to, "text": "hi" });
    let rejected = try_say(world, say).unwrap_err();
    assert!(world.snapshot() == before, "{from} has changed something");
    assert!(told(world).is_empty(), "{from}");
    let words = rejected.message;
    let code = words.rsplit(['(', ')']).find_map(|word| word.parse().ok());
    (rejected.status, code.unwrap_or_default())
}

/// A person does something else.
pub(super) fn try_act(
    world: &mut RongCloudWorld,
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
pub(super) fn act(world: &mut RongCloudWorld, who: &str, action: &str, details: Value) -> Value {
    try_act(world, who, action, details).unwrap()
}

/// A person may not: the status of the control API, and nothing changes.
#[track_caller]
pub(super) fn may_not(world: &mut RongCloudWorld, who: &str, action: &str, details: Value) -> u16 {
    let before = world.snapshot();
    let rejected = try_act(world, who, action, details).unwrap_err();
    assert!(!rejected.field.is_empty() && !rejected.message.is_empty());
    assert!(world.snapshot() == before, "{action} has changed something");
    assert!(told(world).is_empty(), "{action}");
    rejected.status
}

/// What has left the world since this was asked last.
pub(super) fn told(world: &mut RongCloudWorld) -> Vec<Effect> {
    std::iter::from_fn(|| world.poll_effect()).collect()
}

/// The same, as events.
pub(super) fn events(world: &mut RongCloudWorld) -> Vec<Event> {
    told(world).into_iter().map(Event::from).collect()
}

/// What has been told of chatrooms since this was asked last, as it is
/// written; nothing else has left.
#[track_caller]
pub(super) fn rooms_told(world: &mut RongCloudWorld) -> Value {
    let told = told(world).into_iter();
    let told = told.flat_map(|effect| match effect {
        Effect::Chatroom(changes) => changes,
        other => panic!("{other:?}"),
    });
    serde_json::to_value(told.collect::<Vec<_>>()).unwrap()
}

/// What people see in a conversation, oldest first.
#[track_caller]
pub(super) fn seen(world: &RongCloudWorld, conversation: &str) -> Vec<MessageView> {
    world.messages(conversation, None, 1000).unwrap().messages
}

/// The last thing people see in a conversation.
#[track_caller]
pub(super) fn last(world: &RongCloudWorld, conversation: &str) -> MessageView {
    seen(world, conversation).pop().unwrap()
}

/// What people see of the last message, as JSON.
#[track_caller]
pub(super) fn parts(world: &RongCloudWorld, conversation: &str) -> Value {
    serde_json::to_value(last(world, conversation).parts).unwrap()
}
