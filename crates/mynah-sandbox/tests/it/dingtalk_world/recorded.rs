//! Requests that were recorded from other clients.

use mynah_core::{ApiError, HttpRequest, HttpResponse};
use mynah_dingtalk::event::Callback;
use mynah_sandbox::dingtalk::{DingTalkWorld, Effect, Seed};
use mynah_sandbox::{Time, World};
use serde_json::{Map, Value, json};

use super::support::*;

/// An organisation in which the recorded requests make sense.
const SEED: &str = r#"
[dingtalk]
corp_id = "ding9f50b15bccd16741"
corp_secret = "corpsecretxxx"
app = { key = "dingappkeyxxx", secret = "appsecretxxx", agent_id = 100001 }
departments = [
    { id = 1, name = "Sandbox Corp" },
    { id = 2, name = "研发部", parent = 1 },
    { id = 3, name = "市场部", parent = 1 },
    { id = 123, name = "前端", parent = 3 },
]
people = [
    { userid = "alice", name = "Alice", unionid = "zAliceUnion", admin = true },
    { userid = "bob", name = "Bob" },
    { userid = "carol", name = "Carol" },
    { userid = "dave", name = "Dave" },
    { userid = "erin", name = "Erin" },
    { userid = "manager4220", name = "经理" },
    { userid = "user123", name = "杨xx" },
]

[[dingtalk.groups]]
chatid = "chatcf0675d404188cd1"
open_conversation_id = "cid6KeBBLoveMJOGXoYKF5x7EeiodoA=="
name = "全员群"
owner = "manager4220"
members = ["manager4220", "user123", "bob", "carol"]
robot = true

[[dingtalk.groups]]
chatid = "chat1"
name = "n"
owner = "alice"
members = ["alice"]

[[dingtalk.robots]]
token = "66727e9"
secret = "SEC0123456789abcdef"
name = "robot"
chatid = "chatcf0675d404188cd1"
"#;

const CHAT: &str = "chatcf0675d404188cd1";
const CONVERSATION: &str = "cid6KeBBLoveMJOGXoYKF5x7EeiodoA==";

/// What the recording server answered and this world does not: the end of the
/// record's name, and the member.
const ABSENT: &[(&str, &str)] = &[
    // Absent where there is none, as documented.
    ("user.get", "orgEmail"),
    ("user.get.en", "orgEmail"),
    ("user.list", "orgEmail"),
    ("user.listbypage", "orgEmail"),
    // There are no more than 100 people here who could have read it.
    ("chat.get_read_list.defaults", "next_cursor"),
    // Each may be absent, and is where there is nobody in it.
    ("getsendresult", "invalid_user_id_list"),
    ("getsendresult", "forbidden_user_id_list"),
    ("getsendresult", "failed_user_id_list"),
    ("getsendresult", "read_user_id_list"),
    ("getsendresult", "invalid_dept_id_list"),
    ("getsendresult", "forbidden_list"),
    // Documented as not yet supported.
    ("v1.robot.oToMessages.readStatus", "readTimestamp"),
];

fn is_absent(name: &str, field: &str) -> bool {
    let mut absent = ABSENT.iter();
    absent.any(|(end, absent)| name.ends_with(end) && field == *absent)
}

/// Ids of the recording and those of this world.
type Names = Vec<(&'static str, Value)>;

fn seeded(name: &str) -> Org {
    let seed = if name == "robot.send.text.unsigned" {
        SEED.replace("secret = \"SEC0123456789abcdef\"\n", "")
    } else {
        SEED.to_owned()
    };
    let mut world = DingTalkWorld::new(&Seed::parse(&seed).unwrap());
    world.set_time(Time(NOW));
    let path = "/gettoken?appkey=dingappkeyxxx&appsecret=appsecretxxx";
    let token = send(&mut world, &request("GET", path, b"")).0;
    let token = token["access_token"].as_str().unwrap().to_owned();
    Org { world, token }
}

/// Says something to the robot; what it is told.
fn to_robot(org: &mut Org, say: Value) -> Value {
    try_say(&mut org.world, say).unwrap();
    let mut told = told(&mut org.world).into_iter();
    let robot = told.find_map(|effect| match effect {
        Effect::Robot(message) => Some(serde_json::to_value(message).unwrap()),
        _ => None,
    });
    robot.unwrap()
}

fn registered() -> Value {
    json!({"call_back_tag": ["user_add_org"], "token": "123456", "aes_key": AES_KEY,
        "url": "https://example.com/cb"})
}

/// Makes what a recorded request is about.
fn stage(org: &mut Org, record: &Value) -> Names {
    let name = record["name"].as_str().unwrap();
    let path = record["request"]["path"].as_str().unwrap();
    let mut names: Names = Vec::new();
    let text = json!({"msgtype": "text", "text": {"content": "hi"}});
    match path {
        "/chat/getReadList" => {
            let mut body = text;
            body["chatid"] = json!(CHAT);
            let id = org.ok("chat/send", body)["messageId"].clone();
            if !name.ends_with("empty") {
                for reader in ["user123", "bob"] {
                    act(&mut org.world, reader, "read", json!({ "message": id }));
                }
            }
            let query = format!("size=1&messageId={}", escaped(id.as_str().unwrap()));
            let page = org.ok_get("chat/getReadList", &query);
            names.push(("msgpjzC12345B+/=", id.clone()));
            names.push(("msgpjzC12345B", id));
            names.push(("200467002472", page["next_cursor"].clone()));
        }
        "/chat/get" if !name.ends_with("error") => {
            let body = json!({"chatid": CHAT, "icon": "@lADPDfJ6Q7LLejDNAljNAlg"});
            org.ok("chat/update", body);
        }
        "/media/downloadFile" => {
            let id = org.upload("image", "a.png", b"\x89PNGDATA");
            names.push(("@lAjPDfYH9Y3hlLbOI", json!(id)));
        }
        "/message/send_to_conversation" => names.push(("cid123", json!(CONVERSATION))),
        "/message/list_message_status" => {
            let mut body = text;
            body["touser"] = json!("alice|bob");
            body["agentid"] = json!(AGENT);
            let sent = org.ok("message/send", body);
            act(
                &mut org.world,
                "alice",
                "read",
                json!({ "conversation": "user:alice" }),
            );
            names.push(("3b1d4c2e", sent["messageId"].clone()));
        }
        "/message/sendByCode" | "/user/getuserinfo" => sign_in(org, &mut names),
        "/router/rest" if name.ends_with("asyncsendbycode") => sign_in(org, &mut names),
        "/router/rest"
        | "/topapi/message/corpconversation/getsendprogress"
        | "/topapi/message/corpconversation/getsendresult"
        | "/topapi/message/corpconversation/recall" => {
            let body = json!({"agent_id": AGENT, "userid_list": "carol", "msg": text});
            let sent = org.ok("topapi/message/corpconversation/asyncsend_v2", body);
            for recorded in ["256271667526", "123"] {
                names.push((recorded, sent["task_id"].clone()));
            }
        }
        "/call_back/register_call_back" => {}
        path if path.starts_with("/call_back/") => {
            org.ok("call_back/register_call_back", registered());
            let event = json!({"EventType": "user_add_org", "TimeStamp": NOW,
                "CorpId": "ding9f50b15bccd16741", "UserId": ["zhangsan"]});
            let event = Callback::from_slice(event.to_string().as_bytes()).unwrap();
            org.world.callback_failed(&event);
        }
        "/robot/sendBySession" => {
            let say = json!({"from": "user123", "to": "user:bot", "text": "你好"});
            let told = to_robot(org, say);
            let webhook = told["sessionWebhook"].as_str().unwrap();
            let (_, session) = webhook.split_once("session=").unwrap();
            names.push(("xxxxx", json!(session)));
            if name.ends_with("expired") {
                org.wait(5400);
            }
        }
        "/v1.0/robot/messageFiles/download" => {
            let picture = json!([{"type": "image", "base64": base64(PNG), "name": "a.png"}]);
            let say = json!({"from": "user123", "to": "user:bot", "message": picture});
            let told = to_robot(org, say);
            names.push((
                "mIofN681YE3f/+m+NntqpQ==",
                told["content"]["downloadCode"].clone(),
            ));
        }
        "/v1.0/robot/otoMessages/batchRecall" | "/v1.0/robot/oToMessages/readStatus" => {
            let body = json!({"robotCode": "dingappkeyxxx", "userIds": ["alice", "bob"],
                "msgKey": "sampleText", "msgParam": "{\"content\":\"x\"}"});
            let sent = org.open_ok("POST", "robot/oToMessages/batchSend", body);
            names.push(("cAQ+3F8X/vs8", sent["processQueryKey"].clone()));
        }
        "/v1.0/robot/groupMessages/recall" | "/v1.0/robot/groupMessages/query" => {
            let body = json!({"robotCode": "dingappkeyxxx", "openConversationId": CONVERSATION,
                "msgKey": "sampleText", "msgParam": "{\"content\":\"x\"}"});
            let sent = org.open_ok("POST", "robot/groupMessages/send", body);
            names.push(("cAQ+3F8X/vs9", sent["processQueryKey"].clone()));
        }
        "/v1.0/im/robots/interactiveCards" => {
            let body = json!({"cardTemplateId": "StandardCard", "cardBizId": "biz1",
                "robotCode": "dingappkeyxxx", "openConversationId": CONVERSATION,
                "cardData": "{\"contents\": []}"});
            org.open_ok("POST", "im/v1.0/robot/interactiveCards/send", body);
        }
        "/v1.0/card/instances" if name == "stream.put_card_data" => {
            let body = json!({"cardTemplateId": "tpl.schema", "outTrackId": "cid1",
                "cardData": {"cardParamMap": {"k": "v"}}});
            org.open_ok("POST", "card/instances", body);
        }
        _ => {}
    }
    names
}

fn sign_in(org: &mut Org, names: &mut Names) {
    let code = act(&mut org.world, "alice", "sign_in", json!({}));
    for recorded in ["e2b4", "cd1"] {
        names.push((recorded, code["code"].clone()));
    }
}

/// The same with the ids of this world.
fn renamed(value: &Value, names: &Names) -> Value {
    let new = |old: &str| {
        let mut names = names.iter();
        names.find(|(name, _)| *name == old).map(|(_, new)| new)
    };
    match value {
        Value::String(text) => match new(text) {
            Some(Value::String(id)) => json!(id),
            Some(other) => json!(other.to_string()),
            None => value.clone(),
        },
        Value::Number(number) => new(&number.to_string()).unwrap_or(value).clone(),
        Value::Array(items) => items.iter().map(|it| renamed(it, names)).collect(),
        Value::Object(fields) => {
            let fields = fields.iter();
            let fields = fields.map(|(name, value)| (name.clone(), renamed(value, names)));
            Value::Object(fields.collect())
        }
        other => other.clone(),
    }
}

/// A recorded request as it comes to this world.
fn request_of(recorded: &Value, names: &Names) -> HttpRequest {
    let pairs = recorded["query"].as_array().into_iter().flatten();
    let pairs = pairs.map(|pair| {
        let (name, value) = (&pair[0], renamed(&pair[1], names));
        format!(
            "{}={}",
            name.as_str().unwrap(),
            escaped(value.as_str().unwrap())
        )
    });
    let query = pairs.collect::<Vec<_>>().join("&");
    let path = format!("{}?{query}", recorded["path"].as_str().unwrap());
    if let Some(parts) = recorded["multipart"].as_array() {
        let text = |part: &'_ Value, name: &str| part[name].as_str().unwrap_or("").to_owned();
        let parts: Vec<_> = parts
            .iter()
            .map(|part| {
                (
                    text(part, "name"),
                    text(part, "filename"),
                    text(part, "text"),
                )
            })
            .collect();
        let pieces: Vec<_> = parts
            .iter()
            .map(|(name, file, text)| match file.as_str() {
                "" => Piece::Text(name, text),
                file => Piece::File(name, file, text.as_bytes()),
            })
            .collect();
        return form(&path, &pieces);
    }
    let body = match recorded.get("json") {
        Some(body) if !body.is_null() => renamed(body, names).to_string(),
        _ => String::new(),
    };
    let method = recorded["method"].as_str().unwrap();
    let mut request = request(method, &path, body.as_bytes());
    for (name, value) in recorded["headers"].as_object().into_iter().flatten() {
        let value = renamed(value, names);
        let name: mynah_core::http::HeaderName = name.parse().unwrap();
        let value = value.as_str().unwrap().parse().unwrap();
        request.headers_mut().insert(name, value);
    }
    request
}

/// Where a registered address answers with something else.
fn register_and_fail(org: &mut Org, request: &HttpRequest) -> HttpResponse {
    let path = "/call_back/register_call_back";
    let caller = [127, 0, 0, 1].into();
    let pending = org.world.begin_callback(path, request, caller).unwrap();
    let problem = ApiError::new(71010, "测试回调地址返回的加密串解析错误");
    org.world.finish_callback(pending, Err(problem))
}

/// The error code of the classic interface and of topapi, as a number.
fn errcode(answer: &Value) -> Option<i64> {
    match &answer["errcode"] {
        Value::String(digits) => digits.parse().ok(),
        other => other.as_i64(),
    }
}

/// Everything that was recorded is there, of the same kind.
fn same_shape(name: &str, recorded: &Value, ours: &Value, at: &str) {
    match (recorded, ours) {
        (Value::Object(recorded), Value::Object(ours)) => {
            for (field, value) in recorded {
                if is_absent(name, field) {
                    continue;
                }
                let found = ours.get(field);
                let found = found.unwrap_or_else(|| panic!("{at}.{field} is missing in {ours:?}"));
                if field != "errcode" {
                    same_shape(name, value, found, &format!("{at}.{field}"));
                }
            }
        }
        (Value::Array(recorded), Value::Array(ours)) => {
            if let (Some(recorded), Some(ours)) = (recorded.first(), ours.first()) {
                same_shape(name, recorded, ours, &format!("{at}[0]"));
            }
        }
        (Value::String(_), Value::String(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::Bool(_), Value::Bool(_)) => {}
        _ => panic!("{at}: {recorded} was recorded, not {ours}"),
    }
}

/// Records whose token the platform is to refuse.
const BAD_TOKENS: [&str; 2] = ["topapi.error_88", "v1.error.bad_token"];

#[test]
fn every_recorded_request_is_answered_with_the_recorded_keys_and_types() {
    let records = vectors("requests");
    let mut answered = 0;
    for record in records.as_array().unwrap() {
        if record["request"].is_null() {
            continue;
        }
        let name = record["name"].as_str().unwrap();
        let mut org = seeded(name);
        let mut names = stage(&mut org, record);
        if !BAD_TOKENS.contains(&name) {
            for recorded in ["6d1bxxxxsandboxtoken", "fw8ef8we8f76e6f7s8dxxxx"] {
                names.push((recorded, json!(org.token)));
            }
        }
        // What a client asks in one go is answered in turn.
        let single = json!([{"request": record["request"], "response": record["response"]}]);
        let exchanges = record.get("exchanges").unwrap_or(&single);
        for exchange in exchanges.as_array().unwrap() {
            let request = request_of(&exchange["request"], &names);
            let response = if name == "callback.register_call_back.failed_check" {
                register_and_fail(&mut org, &request)
            } else {
                raw(&mut org.world, &request)
            };
            check(name, &exchange["response"], &response);
        }
        answered += 1;
    }
    assert_eq!(answered, 124);
}

/// Compares an answer with the recorded one.
fn check(name: &str, recorded: &Value, response: &HttpResponse) {
    assert_eq!(
        recorded["status"],
        response.status().as_u16(),
        "{name}: {response:?}"
    );
    let Some(recorded) = recorded.get("json") else {
        assert_eq!(response.body().as_ref(), b"\x89PNGDATA", "{name}");
        return;
    };
    let answer: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(errcode(recorded), errcode(&answer), "{name}: {answer}");
    assert_eq!(recorded.get("code"), answer.get("code"), "{name}: {answer}");
    for words in ["errmsg", "message"] {
        if recorded.get(words).is_some() {
            assert_eq!(recorded[words], answer[words], "{name}");
        }
    }
    same_shape(name, recorded, &answer, name);
}

/// Recorded answers that only a fault makes this world give, and what the peer gets wrong
/// by itself.
const OF_FAULTS: [&str; 6] = [
    "errcode_string_zero",
    "errcode_string_error",
    "http_500",
    "html_200",
    "x5_throttle_body",
    "x5_throttle_body_with_processor",
];

/// The codes for which the recorded client fetches a new token.
const REFRESHED: [i64; 4] = [33001, 40001, 40014, 42001];

#[test]
fn the_recorded_life_of_a_token_is_the_life_of_ours() {
    let records = vectors("retry");
    let mut replayed = 0;
    for record in records.as_array().unwrap() {
        let name = record["name"].as_str().unwrap();
        if OF_FAULTS.contains(&name) {
            continue;
        }
        replay(name, record["exchanges"].as_array().unwrap());
        replayed += 1;
    }
    assert_eq!(replayed, 14);
}

fn replay(name: &str, exchanges: &[Value]) {
    let mut org = seeded(name);
    let first = org.token.clone();
    let mut tokens = Map::new();
    match name {
        "refresh_on_42001" => {
            org.world.expire_tokens();
            tokens.insert("stale".to_owned(), json!(first));
        }
        // This client begins with a token.
        "business_error_no_retry" => _ = tokens.insert("tok-1".to_owned(), json!(first)),
        _ => org.world.revoke_tokens(),
    }
    for (at, exchange) in exchanges.iter().enumerate() {
        let (recorded, expected) = (&exchange["request"], &exchange["response"]["json"]);
        if name == "token_expiry_boundary" && at >= 2 {
            org.wait(if at == 2 { 7199 } else { 1 });
        }
        let known: Vec<String> = tokens.keys().cloned().collect();
        let refused = errcode(expected).is_some_and(|code| REFRESHED.contains(&code));
        if refused && name == "no_retry_cap" {
            org.world.revoke_tokens();
        }
        let mut recorded = recorded.clone();
        if name == "bad_app_secret" {
            recorded["query"][1][1] = json!("wrong");
        }
        for pair in recorded["query"].as_array_mut().unwrap() {
            let token = pair[1].as_str().and_then(|word| tokens.get(word)).cloned();
            pair[1] = token.unwrap_or_else(|| pair[1].clone());
        }
        let response = raw(&mut org.world, &request_of(&recorded, &Vec::new()));
        let answer: Value = serde_json::from_slice(response.body()).unwrap();
        if let Some(token) = expected["access_token"].as_str() {
            let ours = &answer["access_token"];
            assert!(!known.is_empty() || tokens.is_empty());
            assert!(
                tokens.values().all(|before| before != ours),
                "{name}: {answer}"
            );
            tokens.insert(token.to_owned(), ours.clone());
        } else if recorded["path"] == "/router/rest" {
            // The recording server refused it as the classic interface does.
            assert_eq!(errcode(&answer), Some(88), "{name}: {answer}");
        } else if refused {
            let code = errcode(&answer).unwrap();
            assert!(REFRESHED.contains(&code), "{name}: {answer}");
            assert_eq!(code == 42001, name == "refresh_on_42001", "{name}");
        } else {
            assert_eq!(errcode(&answer), errcode(expected), "{name}: {answer}");
            same_shape(name, expected, &answer, name);
        }
    }
}
