//! A world to try things in, and words for what one tries.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mynah_core::{HttpRequest, HttpResponse};
use mynah_sandbox::wecom::{BotReach, Effect, Seed, WeComWorld};
use mynah_sandbox::{MessageView, Part, Rejected, Said, Time, World};
use serde_json::{Map, Value, json};

pub(super) const AGENT: i64 = 1_000_002;
pub(super) const OTHER_AGENT: i64 = 1_000_003;
pub(super) const KEY: &str = "sandbox-webhook-key";
/// The bytes of a small picture.
pub(super) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n0000";
/// Any key of 32 bytes.
pub(super) const AES_KEY: &str = "TXluYWgtc2FuZGJveC1lbmNvZGluZy1hZXMta2V5ISE";

/// The corp, its first application with a callback address, its bot with one too.
pub(super) struct Corp {
    pub(super) world: WeComWorld,
    pub(super) token: String,
    pub(super) other: String,
}

impl Corp {
    /// A corp in which nothing has happened yet, and two tokens.
    pub(super) fn new() -> Self {
        Self::of(WeComWorld::new(&Seed::default()))
    }

    pub(super) fn of(mut world: WeComWorld) -> Self {
        world.set_time(Time(1_700_000_000_000));
        world.reach_mut().application = true;
        world.reach_mut().bot = BotReach::Callback(AES_KEY.parse().unwrap());
        let token = token(&mut world, "sandbox-secret");
        let other = token_of_other(&mut world);
        Self {
            world,
            token,
            other,
        }
    }

    /// The same, with the bot on its long connection.
    pub(super) fn with_socket() -> Self {
        let mut corp = Self::new();
        corp.world.reach_mut().bot = BotReach::Socket;
        corp
    }

    /// Calls with the token of the first application.
    pub(super) fn get(&mut self, path: &str, query: &str) -> Answer {
        let token = self.token.clone();
        get(&mut self.world, path, &token, query)
    }

    /// Calls with the token of the first application.
    pub(super) fn post(&mut self, path: &str, body: &Value) -> Answer {
        let token = self.token.clone();
        post(&mut self.world, path, &token, body)
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
        let before = self.world.snapshot();
        let waiting = told(&mut self.world).len();
        assert_eq!(waiting, 0, "drain the effects before you expect a refusal");
        let answer = self.post(path, &body);
        assert_ne!(answer.code(), 0, "{path}: {answer:?}");
        assert!(answer.words().contains(", hint: ["), "{answer:?}");
        assert!(
            self.world.snapshot() == before,
            "{path} has changed something"
        );
        assert!(told(&mut self.world).is_empty(), "{path}");
        answer.code()
    }

    #[track_caller]
    pub(super) fn refused_get(&mut self, path: &str, query: &str) -> i64 {
        let before = self.world.snapshot();
        let answer = self.get(path, query);
        assert_ne!(answer.code(), 0, "{path}: {answer:?}");
        assert!(
            self.world.snapshot() == before,
            "{path} has changed something"
        );
        answer.code()
    }

    /// A group of alice, bob and carol.
    pub(super) fn group(&mut self, chatid: &str) {
        let body = json!({"chatid": chatid, "name": "g", "owner": "alice",
            "userlist": ["alice", "bob", "carol"]});
        self.ok("appchat/create", body);
    }

    pub(super) fn info(&mut self, chatid: &str) -> Value {
        self.ok_get("appchat/get", &format!("chatid={chatid}"))["chat_info"].clone()
    }

    /// Uploads a file. Returns its id.
    #[track_caller]
    pub(super) fn upload(&mut self, kind: &str, name: &str, content: &[u8]) -> String {
        let answer = self.try_upload(kind, name, content);
        assert_eq!(answer.code(), 0, "{answer:?}");
        answer.0["media_id"].as_str().unwrap().to_owned()
    }

    pub(super) fn try_upload(&mut self, kind: &str, name: &str, content: &[u8]) -> Answer {
        let path = format!(
            "/cgi-bin/media/upload?type={kind}&access_token={}",
            self.token
        );
        send(&mut self.world, &form(&path, name, content))
    }

    /// Sends a message to alice.
    #[track_caller]
    pub(super) fn tell_alice(&mut self, msgtype: &str, object: Value) -> Value {
        self.ok("message/send", message("alice", msgtype, object))
    }

    pub(super) fn wait(&mut self, seconds: i64) {
        wait(&mut self.world, seconds);
    }

    /// Everything that is to be seen and kept.
    pub(super) fn world_json(&self) -> String {
        let seen = self.world.conversations(None).unwrap();
        let seen = serde_json::to_string(&seen).unwrap();
        format!("{seen}{}{:?}", self.world.snapshot(), self.world)
    }
}

/// A message of the first application.
pub(super) fn message(touser: &str, msgtype: &str, object: Value) -> Value {
    let mut body = json!({"touser": touser, "agentid": AGENT, "msgtype": msgtype});
    body[msgtype] = object;
    body
}

/// With another field than it had.
pub(super) fn with(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

pub(super) fn vectors(name: &str) -> Value {
    let path = format!(
        "{}/tests/vectors/wecom/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

pub(super) fn token(world: &mut WeComWorld, secret: &str) -> String {
    let query = format!("corpid=ww-sandbox&corpsecret={secret}");
    let answer = send(
        world,
        &request("GET", &format!("/cgi-bin/gettoken?{query}"), b""),
    );
    answer.0["access_token"].as_str().unwrap().to_owned()
}

fn token_of_other(world: &mut WeComWorld) -> String {
    token(world, "sandbox-secret-2")
}

/// What a client is told.
#[derive(Debug)]
pub(super) struct Answer(pub(super) Value);

impl Answer {
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
        .uri(format!("http://127.0.0.1/wecom{path}"))
        .body(body.to_vec().into())
        .unwrap()
}

/// The response to a request as it is.
pub(super) fn raw(world: &mut WeComWorld, request: &HttpRequest) -> HttpResponse {
    let path = request.uri().path().strip_prefix("/wecom").unwrap();
    world.http(path, request, [203, 0, 113, 7].into())
}

pub(super) fn send(world: &mut WeComWorld, request: &HttpRequest) -> Answer {
    Answer::read(&raw(world, request))
}

pub(super) fn get(world: &mut WeComWorld, path: &str, token: &str, query: &str) -> Answer {
    let path = format!("/cgi-bin/{path}?access_token={token}&{query}");
    send(world, &request("GET", &path, b""))
}

pub(super) fn post(world: &mut WeComWorld, path: &str, token: &str, body: &Value) -> Answer {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let path = format!("/cgi-bin/{path}?access_token={token}&{query}");
    send(world, &request("POST", &path, body.to_string().as_bytes()))
}

/// A group robot speaks.
pub(super) fn robot(world: &mut WeComWorld, key: &str, body: &Value) -> Answer {
    let path = format!("/cgi-bin/webhook/send?key={key}");
    send(world, &request("POST", &path, body.to_string().as_bytes()))
}

/// A request with a file, as the recorded client writes it.
pub(super) fn form(path: &str, name: &str, content: &[u8]) -> HttpRequest {
    let head = format!("Content-Disposition: form-data; name=\"media\"; filename=\"{name}\"");
    form_with(path, &head, content)
}

/// The same with the head of the part as it is given.
pub(super) fn form_with(path: &str, head: &str, content: &[u8]) -> HttpRequest {
    let head = format!("--BOUNDARY\r\n{head}\r\n\r\n");
    let body = [head.as_bytes(), content, b"\r\n--BOUNDARY--\r\n"];
    let mut request = request("POST", path, &body.concat());
    let value = "multipart/form-data; boundary=BOUNDARY".parse().unwrap();
    request.headers_mut().insert("content-type", value);
    request
}

/// The bot asks something on its long connection.
pub(super) fn command(world: &mut WeComWorld, cmd: &str, req_id: &str, body: Value) -> Answer {
    let Value::Object(body) = body else {
        panic!("an object");
    };
    Answer::read(&world.bot_command(cmd, req_id, body))
}

/// The bot asks something that is refused: nothing changes.
#[track_caller]
pub(super) fn command_refused(world: &mut WeComWorld, cmd: &str, req_id: &str, body: Value) -> i64 {
    let before = world.snapshot();
    let answer = command(world, cmd, req_id, body);
    assert_ne!(answer.code(), 0, "{cmd}: {answer:?}");
    assert!(world.snapshot() == before, "{cmd} has changed something");
    answer.code()
}

/// A person speaks.
pub(super) fn try_say(world: &mut WeComWorld, say: Value) -> Result<Said, Rejected> {
    world.say(serde_json::from_value(say).unwrap())
}

/// A person says some words. Returns the id of the message.
#[track_caller]
pub(super) fn say(world: &mut WeComWorld, from: &str, to: &str, text: &str) -> String {
    let said = try_say(world, json!({ "from": from, "to": to, "text": text })).unwrap();
    said.ids[0].clone()
}

/// A person says something else than words.
#[track_caller]
pub(super) fn says(world: &mut WeComWorld, from: &str, to: &str, message: Value) -> Said {
    try_say(world, json!({ "from": from, "to": to, "message": message })).unwrap()
}

/// A person does something else.
pub(super) fn try_act(
    world: &mut WeComWorld,
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
pub(super) fn act(world: &mut WeComWorld, who: &str, action: &str, details: Value) -> Value {
    try_act(world, who, action, details).unwrap()
}

/// A person may not: the status of the control API, and nothing changes.
#[track_caller]
pub(super) fn may_not(world: &mut WeComWorld, who: &str, action: &str, details: Value) -> u16 {
    let before = world.snapshot();
    let rejected = try_act(world, who, action, details).unwrap_err();
    assert!(!rejected.field.is_empty() && !rejected.message.is_empty());
    assert!(world.snapshot() == before, "{action} has changed something");
    assert!(told(world).is_empty(), "{action}");
    rejected.status
}

/// Something that somebody was told.
#[derive(Clone, Debug)]
pub(super) enum Told {
    Application(Box<mynah_wecom::event::Callback>),
    Bot(Box<mynah_wecom::aibot::Callback>, String),
}

impl Told {
    /// `text`, `event.click`, `bot text`, `bot event.enter_chat`.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Application(callback) => callback.name().into_owned(),
            Self::Bot(callback, _) => format!("bot {}", callback.name()),
        }
    }

    #[track_caller]
    pub(super) fn application(self) -> mynah_wecom::event::Callback {
        match self {
            Self::Application(callback) => *callback,
            Self::Bot(..) => panic!("{self:?}"),
        }
    }

    #[track_caller]
    pub(super) fn bot(self) -> (mynah_wecom::aibot::Callback, String) {
        match self {
            Self::Bot(callback, req_id) => (*callback, req_id),
            Self::Application(_) => panic!("{self:?}"),
        }
    }
}

/// What applications and bots have been told since they were last asked.
pub(super) fn told(world: &mut WeComWorld) -> Vec<Told> {
    let mut told = Vec::new();
    while let Some(effect) = world.poll_effect() {
        told.push(match effect {
            Effect::Application(callback) => Told::Application(callback),
            Effect::Bot { callback, req_id } => Told::Bot(callback, req_id),
            other => panic!("{other:?}"),
        });
    }
    told
}

/// The one thing that somebody has been told.
#[track_caller]
pub(super) fn one_told(world: &mut WeComWorld) -> Told {
    let mut told = told(world);
    assert_eq!(told.len(), 1, "{told:?}");
    told.remove(0)
}

/// The names of what was told.
pub(super) fn names(world: &mut WeComWorld) -> Vec<String> {
    told(world).iter().map(Told::name).collect()
}

/// Time passes.
pub(super) fn wait(world: &mut WeComWorld, seconds: i64) {
    let snapshot = world.snapshot();
    let now = snapshot["state"]["now"].as_i64().unwrap();
    world.set_time(Time(now + seconds * 1000));
}

/// What people see in a conversation, oldest first.
#[track_caller]
pub(super) fn seen(world: &WeComWorld, conversation: &str) -> Vec<MessageView> {
    world.messages(conversation, None, 1000).unwrap().messages
}

/// The last thing people see in a conversation.
#[track_caller]
pub(super) fn last(world: &WeComWorld, conversation: &str) -> MessageView {
    seen(world, conversation).pop().unwrap()
}

/// The parts of the last message of a conversation, as the page gets them.
#[track_caller]
pub(super) fn parts(world: &WeComWorld, conversation: &str) -> Value {
    serde_json::to_value(&last(world, conversation).parts).unwrap()
}

/// The card of a message.
#[track_caller]
pub(super) fn card(message: &MessageView) -> Value {
    let mut cards = message.parts.iter();
    let card = cards.find(|part| matches!(part, Part::Card(_))).unwrap();
    serde_json::to_value(card).unwrap()
}

pub(super) fn base64(content: &[u8]) -> String {
    STANDARD.encode(content)
}

/// A card with two buttons.
pub(super) fn buttons(task_id: &str) -> Value {
    json!({"card_type": "button_interaction", "main_title": {"title": "审批"},
        "task_id": task_id, "button_list": [
            {"text": "同意", "style": 1, "key": "yes"}, {"text": "拒绝", "style": 2, "key": "no"}],
        "action_menu": {"desc": "更多", "action_list": [{"text": "稍后", "key": "later"}]}})
}
