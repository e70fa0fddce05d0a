//! Both halves against recorded sessions of the vendor's SDK and of another
//! one: our bot in the place of theirs, our platform in the place of theirs.

use std::time::Instant;

use mynah_core::http::Request;
use mynah_core::{
    Dialer, Endpoint, Frame, HttpRequest, HttpResponse, Platform, Session, Ticket, decode_request,
    encode_request,
};
use mynah_wecom::WeCom;
use mynah_wecom::aibot::{
    Asked, BotEvent, BotSecret, BotSession, BotSocket, Callback, Limits, PlatformSession,
    RespondMsg, RespondUpdateMsg, RespondWelcomeMsg, SendMsg, UploadMediaChunk, UploadMediaFinish,
    UploadMediaInit,
};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::{bot, pinned, secs, text};

const AIBOT: &str = include_str!("../../vectors/aibot.json");

#[derive(Deserialize)]
struct Sessions {
    session: Recorded,
    bad_auth: Recorded,
    python_sdk: Recorded,
}

#[derive(Deserialize)]
struct Recorded {
    frames: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    dir: String,
    frame: Box<RawValue>,
    #[serde(default)]
    raw_ascii: bool,
}

fn sessions() -> Sessions {
    serde_json::from_str(AIBOT).unwrap()
}

impl Line {
    fn is_the_bots(&self) -> bool {
        self.dir == "client->server"
    }

    /// The frame as it was on the wire: compact, its members in their order.
    /// The recorded clock stood still; ours pings after half a minute.
    fn wire(&self) -> String {
        compact(self.frame.get()).replace("\"ping_1700000000000", "\"ping_1700000030000")
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.wire()).unwrap()
    }

    fn cmd(&self) -> Option<String> {
        self.json()["cmd"].as_str().map(str::to_owned)
    }

    fn req_id(&self) -> String {
        self.json()["headers"]["req_id"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}

/// Takes the blanks between tokens out of a JSON text.
fn compact(json: &str) -> String {
    let mut in_string = false;
    let mut escaped = false;
    json.chars()
        .filter(|&character| {
            let keep = in_string || !character.is_ascii_whitespace();
            if character == '"' && !escaped {
                in_string = !in_string;
            }
            escaped = in_string && character == '\\' && !escaped;
            keep
        })
        .collect()
}

/// As Python writes it.
fn ascii(json: &str) -> String {
    let escaped = |unit: u16| match u8::try_from(unit) {
        Ok(byte) if byte.is_ascii() => char::from(byte).to_string(),
        _ => format!("\\u{unit:04x}"),
    };
    json.encode_utf16().map(escaped).collect()
}

/// A recorded command as the call that our bot would make: read into the type
/// and written again.
fn typed(line: &Line) -> HttpRequest {
    fn through<E: Endpoint>(given: &HttpRequest) -> HttpRequest {
        let endpoint: E = decode_request(given).unwrap();
        encode_request(&"ws://127.0.0.1/wecom".parse().unwrap(), &endpoint).unwrap()
    }
    let (frame, cmd) = (line.json(), line.cmd().unwrap());
    let given = Request::post(format!("/openws/{cmd}?req_id={}", line.req_id()))
        .header("content-type", "application/json")
        .body(frame["body"].to_string().into())
        .unwrap();
    match cmd.as_str() {
        "aibot_respond_msg" => through::<RespondMsg>(&given),
        "aibot_respond_welcome_msg" => through::<RespondWelcomeMsg>(&given),
        "aibot_respond_update_msg" => through::<RespondUpdateMsg>(&given),
        "aibot_send_msg" => through::<SendMsg>(&given),
        "aibot_upload_media_init" => through::<UploadMediaInit>(&given),
        "aibot_upload_media_chunk" => through::<UploadMediaChunk>(&given),
        "aibot_upload_media_finish" => through::<UploadMediaFinish>(&given),
        other => panic!("{other}"),
    }
}

fn wire(frame: Option<Frame>) -> String {
    match frame {
        Some(Frame::Text(bytes)) => String::from_utf8(bytes.to_vec()).unwrap(),
        other => panic!("{other:?}"),
    }
}

/// What our bot makes of a recorded frame.
fn hear(bot: &mut BotSession, now: Instant, line: &Line, log: &mut Vec<String>) {
    bot.handle_frame(now, text(line.wire()));
    while let Some(event) = bot.poll_event() {
        log.push(match event {
            BotEvent::Subscribed => "subscribed".to_owned(),
            BotEvent::Refused(error) => format!("refused {}", error.code),
            BotEvent::Delivered(delivery) => {
                assert_eq!(delivery.req_id.as_str(), line.req_id());
                delivery.callback.name()
            }
            other => panic!("{other:?}"),
        });
    }
    while let Some((ticket, outcome)) = bot.poll_answer() {
        log.push(match WeCom::open(&outcome.unwrap()) {
            Ok(_) => format!("done {}", ticket.0),
            Err(error) => format!("{} {}", error.code, ticket.0),
        });
    }
}

/// Our bot says what the recorded one said, byte for byte.
fn replay(recorded: &Recorded, now: Instant) -> Vec<String> {
    let mut bot = bot(Limits::default(), now);
    let mut log = Vec::new();
    let mut calls = 0;
    // The recorded bot went on pinging a connection that another had taken
    // over; ours leaves it. So the good-bye comes last here.
    let (farewell, others): (Vec<_>, Vec<_>) = recorded
        .frames
        .iter()
        .partition(|line| line.wire().contains("disconnected_event"));
    for line in others.into_iter().chain(farewell) {
        if !line.is_the_bots() {
            hear(&mut bot, now, line, &mut log);
            continue;
        }
        let mut expected = line.wire();
        match line.cmd().as_deref() {
            // What the vendor's SDK says of itself, ours does not.
            Some("aibot_subscribe") => {
                expected = expected.replace(r#","scene":1,"plug_version":"1.0""#, "");
            }
            Some("ping") => {
                bot.handle_timeout(now + secs(30));
            }
            _ => {
                calls += 1;
                let ticket = Ticket(calls);
                bot.call(now, ticket, &typed(line), now + secs(60)).unwrap();
            }
        }
        assert_eq!(wire(bot.poll_send()), expected);
    }
    log
}

#[test]
fn our_bot_speaks_like_the_vendors_sdk() {
    let log = replay(&sessions().session, Instant::now());
    let expected = [
        "subscribed",
        "event.enter_chat",
        "text",
        "done 1",
        "done 2",
        "done 3",
        "done 4",
        "done 5",
        "done 6",
        "done 7",
        "done 8",
        "done 9",
        "done 10",
        "done 11",
        "done 12",
        "846605 13",
        "event.template_card_event",
        "done 14",
        "event.feedback_event",
        "event.disconnected_event",
    ];
    assert_eq!(log, expected);
}

#[test]
fn our_bot_speaks_like_the_python_sdk() {
    let log = replay(&sessions().python_sdk, Instant::now());
    let expected = [
        "subscribed",
        "text",
        "done 1",
        "done 2",
        "event.disconnected_event",
    ];
    assert_eq!(log, expected);
}

#[test]
fn a_bot_with_a_wrong_secret_tries_again_and_gives_up() {
    let now = Instant::now();
    let limits = Limits {
        refusals: 2,
        ..Limits::default()
    };
    let url = "ws://127.0.0.1:7700/wecom/openws".parse().unwrap();
    let dialer = BotSocket::new(&url, "aib-sandbox", BotSecret::new("wrong"));
    let mut dialer = dialer.unwrap().limits(limits);
    for (nonce, lines) in (0..).zip(sessions().bad_auth.frames.chunks(2)) {
        let cx = mynah_core::Cx {
            nonce,
            ..pinned(now)
        };
        dialer.dial(cx).unwrap();
        let mut bot = dialer.open(now);
        let expected = lines[0]
            .wire()
            .replace(r#","scene":1,"plug_version":"1.0""#, "");
        assert_eq!(wire(bot.poll_send()), expected);
        let mut log = Vec::new();
        hear(&mut bot, now, &lines[1], &mut log);
        assert_eq!(log, ["refused 853000"]);
        dialer.ended(bot);
    }
    let error = dialer.dial(pinned(now)).unwrap_err();
    assert!(
        error.to_string().contains("invalid bot_id or secret"),
        "{error}"
    );
}

/// The envelope in which a world would answer what the recorded server answered.
fn envelope(ack: &Value) -> HttpResponse {
    let mut envelope = json!({"errcode": ack["errcode"], "errmsg": ack["errmsg"]});
    if let Some(body) = ack["body"].as_object() {
        envelope.as_object_mut().unwrap().extend(body.clone());
    }
    HttpResponse::new(envelope.to_string().into())
}

/// Our platform says what the recorded server said.
fn serve(recorded: &Recorded) {
    let now = Instant::now();
    let mut platform = PlatformSession::new();
    let mut acks = recorded
        .frames
        .iter()
        .filter(|line| !line.is_the_bots() && line.cmd().is_none());
    for line in &recorded.frames {
        if !line.is_the_bots() {
            if line.cmd().is_some() {
                let body = line.json()["body"].to_string();
                let callback = Callback::from_slice(body.as_bytes()).unwrap();
                assert!(platform.deliver(&line.req_id(), &callback));
                assert_eq!(wire(platform.poll_send()), line.wire());
            }
            continue;
        }
        let ack = acks.next().unwrap();
        let said = if line.raw_ascii {
            ascii(&line.wire())
        } else {
            line.wire()
        };
        platform.handle_frame(now, text(said));
        match platform.poll_event() {
            Some(Asked::Subscribe(asked)) if ack.json()["errcode"] == 0 => {
                assert_eq!(asked.bot_id, line.json()["body"]["bot_id"]);
                platform.admit(asked.echo);
            }
            Some(Asked::Subscribe(asked)) => {
                let error = WeCom::open(&envelope(&ack.json())).unwrap_err();
                platform.refuse(asked.echo, &error);
            }
            Some(Asked::Command(asked)) => {
                assert_eq!(Some(asked.cmd.clone()), line.cmd());
                assert_eq!(asked.req_id.as_str(), line.req_id());
                let body: Value = serde_json::from_slice(&asked.body).unwrap();
                assert_eq!(body, line.json()["body"]);
                platform.reply(asked.echo, &envelope(&ack.json()));
            }
            None => assert_eq!(line.cmd().as_deref(), Some("ping")),
        }
        let ours = wire(platform.poll_send());
        assert_eq!(serde_json::from_str::<Value>(&ours).unwrap(), ack.json());
        // Several members of a body come in the order of the alphabet.
        assert!(ours == ack.wire() || line.cmd().as_deref() == Some("aibot_upload_media_finish"));
    }
}

#[test]
fn our_platform_answers_as_the_recorded_one() {
    let sessions = sessions();
    serve(&sessions.session);
    serve(&sessions.python_sdk);
    serve(&sessions.bad_auth);
    let frames = [&sessions.session, &sessions.python_sdk, &sessions.bad_auth];
    assert_eq!(frames.map(|recorded| recorded.frames.len()), [37, 8, 4]);
}

#[test]
fn python_writes_what_is_not_ascii_as_escapes() {
    assert_eq!(ascii("{\"你\":\"🦀\"}"), r#"{"\u4f60":"\ud83e\udd80"}"#);
}
