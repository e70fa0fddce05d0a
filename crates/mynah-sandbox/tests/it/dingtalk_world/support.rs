//! What the tests of DingTalk share.

// Not every test needs everything.
#![allow(dead_code)]

use mynah_core::{HttpRequest, HttpResponse};
use mynah_sandbox::dingtalk::{DingTalkWorld, Effect, Seed};
use mynah_sandbox::{MessageView, Rejected, Said, Time, World};
use serde_json::{Map, Value, json};

pub(super) const APP_KEY: &str = "ding-sandbox";
pub(super) const APP_SECRET: &str = "sandbox-secret";
pub(super) const CORP: &str = "ding-sandbox-corp";
pub(super) const AGENT: i64 = 100_001;
/// When the tests begin.
pub(super) const NOW: i64 = 1_700_000_000_000;
/// The bytes of a small picture.
pub(super) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n0000";
/// Any key of 32 bytes.
pub(super) const AES_KEY: &str = "4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij";

/// The organisation and a token of its application.
pub(super) struct Org {
    pub(super) world: DingTalkWorld,
    pub(super) token: String,
}

impl Org {
    /// An organisation in which nothing has happened yet.
    pub(super) fn new() -> Self {
        Self::of(DingTalkWorld::new(&Seed::default()))
    }

    pub(super) fn of(mut world: DingTalkWorld) -> Self {
        world.set_time(Time(NOW));
        let token = token(&mut world);
        Self { world, token }
    }

    /// Asks the classic interface or topapi: `user/get`.
    pub(super) fn get(&mut self, path: &str, query: &str) -> Answer {
        let path = format!("/{path}?access_token={}&{query}", self.token);
        send(&mut self.world, &request("GET", &path, b""))
    }

    /// Calls the classic interface or topapi with a body.
    pub(super) fn post(&mut self, path: &str, body: &Value) -> Answer {
        let path = format!("/{path}?access_token={}", self.token);
        let body = body.to_string();
        send(&mut self.world, &request("POST", &path, body.as_bytes()))
    }

    /// Makes a call that succeeds.
    #[track_caller]
    pub(super) fn ok(&mut self, path: &str, body: Value) -> Value {
        let answer = self.post(path, &body);
        assert_eq!(answer.code(), 0, "{path}: {answer:?}");
        answer.0
    }

    #[track_caller]
    pub(super) fn ok_get(&mut self, path: &str, query: &str) -> Value {
        let answer = self.get(path, query);
        assert_eq!(answer.code(), 0, "{path}: {answer:?}");
        answer.0
    }

    /// Makes a call that is refused: nothing changes, and nobody is told.
    #[track_caller]
    pub(super) fn refused(&mut self, path: &str, body: Value) -> i64 {
        let before = self.before();
        let answer = self.post(path, &body);
        self.unchanged(path, &before);
        assert_ne!(answer.code(), 0, "{path}: {answer:?}");
        answer.code()
    }

    #[track_caller]
    pub(super) fn refused_get(&mut self, path: &str, query: &str) -> i64 {
        let before = self.before();
        let answer = self.get(path, query);
        self.unchanged(path, &before);
        assert_ne!(answer.code(), 0, "{path}: {answer:?}");
        answer.code()
    }

    /// Calls the interface of version 1.0: `robot/groupMessages/send`. Null is
    /// no body.
    pub(super) fn open(&mut self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let token = self.token.clone();
        open(&mut self.world, method, path, Some(&token), &body)
    }

    #[track_caller]
    pub(super) fn open_ok(&mut self, method: &str, path: &str, body: Value) -> Value {
        let (status, answer) = self.open(method, path, body);
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    /// The status and the word of a refusal; nothing changes, and nobody is
    /// told.
    #[track_caller]
    pub(super) fn open_refused(&mut self, method: &str, path: &str, body: Value) -> (u16, String) {
        let before = self.before();
        let (status, answer) = self.open(method, path, body);
        self.unchanged(path, &before);
        assert_ne!(status, 200, "{path}: {answer}");
        assert!(answer["requestid"].is_string(), "{answer}");
        (status, answer["code"].as_str().unwrap().to_owned())
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

    /// Uploads a file. Returns its id.
    #[track_caller]
    pub(super) fn upload(&mut self, kind: &str, name: &str, content: &[u8]) -> String {
        let answer = self.try_upload(kind, name, content);
        assert_eq!(answer.code(), 0, "{answer:?}");
        answer.0["media_id"].as_str().unwrap().to_owned()
    }

    pub(super) fn try_upload(&mut self, kind: &str, name: &str, content: &[u8]) -> Answer {
        let path = format!("/media/upload?type={kind}&access_token={}", self.token);
        let form = form(&path, &[Piece::File("media", name, content)]);
        send(&mut self.world, &form)
    }

    /// Time passes.
    pub(super) fn wait(&mut self, seconds: i64) {
        let snapshot = self.world.snapshot();
        let now = snapshot["state"]["now"].as_i64().unwrap();
        self.world.set_time(Time(now + seconds * 1000));
    }

    /// So much time passes that another token is needed.
    pub(super) fn wait_long(&mut self, seconds: i64) {
        self.wait(seconds);
        self.token = token(&mut self.world);
    }
}

pub(super) fn vectors(name: &str) -> Value {
    let path = format!(
        "{}/tests/vectors/dingtalk/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The token of the application.
pub(super) fn token(world: &mut DingTalkWorld) -> String {
    let path = format!("/gettoken?appkey={APP_KEY}&appsecret={APP_SECRET}");
    let answer = send(world, &request("GET", &path, b""));
    answer.0["access_token"].as_str().unwrap().to_owned()
}

/// What a client of the classic interface and of topapi is told.
#[derive(Debug)]
pub(super) struct Answer(pub(super) Value);

impl Answer {
    #[track_caller]
    pub(super) fn read(response: &HttpResponse) -> Self {
        assert_eq!(response.status(), 200, "{response:?}");
        Self(serde_json::from_slice(response.body()).unwrap())
    }

    pub(super) fn code(&self) -> i64 {
        self.0["errcode"].as_i64().unwrap()
    }

    pub(super) fn words(&self) -> &str {
        self.0["errmsg"].as_str().unwrap()
    }
}

pub(super) fn request(method: &str, path: &str, body: &[u8]) -> HttpRequest {
    mynah_core::http::Request::builder()
        .method(method)
        .uri(format!("http://127.0.0.1/dingtalk{path}"))
        .body(body.to_vec().into())
        .unwrap()
}

/// The response to a request as it is.
pub(super) fn raw(world: &mut DingTalkWorld, request: &HttpRequest) -> HttpResponse {
    let path = request.uri().path().strip_prefix("/dingtalk").unwrap();
    world.http(path, request, [203, 0, 113, 7].into())
}

#[track_caller]
pub(super) fn send(world: &mut DingTalkWorld, request: &HttpRequest) -> Answer {
    Answer::read(&raw(world, request))
}

/// Calls the interface of version 1.0.
pub(super) fn open(
    world: &mut DingTalkWorld,
    method: &str,
    path: &str,
    token: Option<&str>,
    body: &Value,
) -> (u16, Value) {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let mut request = request(method, &format!("/v1.0/{path}"), body.as_bytes());
    if let Some(token) = token {
        let headers = request.headers_mut();
        headers.insert("x-acs-dingtalk-access-token", token.parse().unwrap());
    }
    let response = raw(world, &request);
    let answer = serde_json::from_slice(response.body()).unwrap();
    (response.status().as_u16(), answer)
}

/// A part of a form.
pub(super) enum Piece<'a> {
    Text(&'a str, &'a str),
    File(&'a str, &'a str, &'a [u8]),
}

/// A form as the recorded clients write it.
pub(super) fn form(path: &str, pieces: &[Piece<'_>]) -> HttpRequest {
    let mut body = Vec::new();
    for piece in pieces {
        let (head, content) = match piece {
            Piece::Text(name, text) => (format!("name=\"{name}\""), text.as_bytes()),
            Piece::File(name, file, content) => {
                (format!("name=\"{name}\"; filename=\"{file}\""), *content)
            }
        };
        let head = format!("--BOUNDARY\r\nContent-Disposition: form-data; {head}\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--BOUNDARY--\r\n");
    let mut request = request("POST", path, &body);
    let value = "multipart/form-data; boundary=BOUNDARY".parse().unwrap();
    request.headers_mut().insert("content-type", value);
    request
}

/// A person speaks.
pub(super) fn try_say(world: &mut DingTalkWorld, say: Value) -> Result<Said, Rejected> {
    world.say(serde_json::from_value(say).unwrap())
}

/// A person says some words. Returns the id of the message.
#[track_caller]
pub(super) fn say(world: &mut DingTalkWorld, from: &str, to: &str, text: &str) -> String {
    let said = try_say(world, json!({ "from": from, "to": to, "text": text })).unwrap();
    said.ids[0].clone()
}

/// A person does something else.
pub(super) fn try_act(
    world: &mut DingTalkWorld,
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
pub(super) fn act(world: &mut DingTalkWorld, who: &str, action: &str, details: Value) -> Value {
    try_act(world, who, action, details).unwrap()
}

/// What has left the world since this was asked last.
pub(super) fn told(world: &mut DingTalkWorld) -> Vec<Effect> {
    std::iter::from_fn(|| world.poll_effect()).collect()
}

/// What people see in a conversation, oldest first.
#[track_caller]
pub(super) fn seen(world: &DingTalkWorld, conversation: &str) -> Vec<MessageView> {
    world.messages(conversation, None, 1000).unwrap().messages
}

/// The last thing people see in a conversation.
#[track_caller]
pub(super) fn last(world: &DingTalkWorld, conversation: &str) -> MessageView {
    seen(world, conversation).pop().unwrap()
}

/// A person says something else than words. Returns the id of the message.
#[track_caller]
pub(super) fn says(world: &mut DingTalkWorld, from: &str, to: &str, message: Value) -> String {
    let said = json!({ "from": from, "to": to, "message": message });
    try_say(world, said).unwrap().ids[0].clone()
}

/// A person may not: the status of the control API, and nothing changes.
#[track_caller]
pub(super) fn may_not(world: &mut DingTalkWorld, who: &str, action: &str, details: Value) -> u16 {
    let before = world.snapshot();
    let rejected = try_act(world, who, action, details).unwrap_err();
    assert!(!rejected.field.is_empty() && !rejected.message.is_empty());
    assert!(world.snapshot() == before, "{action} has changed something");
    assert!(told(world).is_empty(), "{action}");
    rejected.status
}

/// What the robot has been told, as it is written; nothing else has left.
#[track_caller]
pub(super) fn heard(world: &mut DingTalkWorld) -> Vec<Value> {
    let told = told(world).into_iter();
    let heard = told.map(|effect| match effect {
        Effect::Robot(message) => message.to_json(),
        other => panic!("{other:?}"),
    });
    heard.collect()
}

/// The events that have left, each as an address that was registered gets it;
/// nothing else has left.
#[track_caller]
pub(super) fn events(world: &mut DingTalkWorld) -> Vec<mynah_dingtalk::event::Callback> {
    let told = told(world).into_iter();
    let events = told.map(|effect| match effect {
        Effect::Event(event) => *event,
        other => panic!("{other:?}"),
    });
    events.collect()
}

/// The names of the events that have left.
#[track_caller]
pub(super) fn names(world: &mut DingTalkWorld) -> Vec<String> {
    let events = events(world);
    events.iter().map(|event| event.name().to_owned()).collect()
}

/// A request as another client was recorded to make it, and what it was
/// answered.
pub(super) fn recorded(name: &str) -> (HttpRequest, Value) {
    let records = vectors("requests");
    let mut records = records.as_array().unwrap().iter();
    let record = records.find(|record| record["name"] == name).unwrap();
    let given = &record["request"];
    let query: Vec<(String, String)> = serde_json::from_value(given["query"].clone()).unwrap();
    let query: Vec<String> = query
        .iter()
        .map(|(name, value)| format!("{name}={}", escaped(value)))
        .collect();
    let path = format!("{}?{}", given["path"].as_str().unwrap(), query.join("&"));
    let body = match &given["json"] {
        Value::Null => String::new(),
        body => body.to_string(),
    };
    let method = given["method"].as_str().unwrap();
    let mut request = request(method, &path, body.as_bytes());
    for (name, value) in given["headers"].as_object().unwrap() {
        let value = value.as_str().unwrap().parse().unwrap();
        let name: mynah_core::http::HeaderName = name.parse().unwrap();
        request.headers_mut().insert(name, value);
    }
    (request, record["response"]["json"].clone())
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

/// What people see of a message, as JSON.
pub(super) fn parts(world: &DingTalkWorld, conversation: &str) -> Value {
    serde_json::to_value(last(world, conversation).parts).unwrap()
}

/// The id in the newer interfaces of the group that the seed has.
pub(super) fn general(world: &DingTalkWorld) -> String {
    let snapshot = world.snapshot();
    let group = &snapshot["state"]["groups"]["chatgeneral"];
    group["open_conversation_id"].as_str().unwrap().to_owned()
}

/// An organisation of another seed.
pub(super) fn org_of(toml: &str) -> DingTalkWorld {
    let mut world = DingTalkWorld::new(&Seed::parse(toml).unwrap());
    world.set_time(Time(NOW));
    world
}

pub(super) fn base64(content: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(content)
}
