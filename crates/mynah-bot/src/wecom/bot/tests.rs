use mynah_core::http::Request;
use mynah_core::{Body as HttpBody, Carried, HttpResponse, Transport};

use super::*;
use crate::id::{Id, Platform};

/// A socket on which answers are refused with a code, and pushes are taken.
#[derive(Clone)]
struct Socket {
    code: i64,
    calls: Arc<Mutex<Vec<String>>>,
}

impl Transport for Socket {
    fn send(&self, request: Request<HttpBody>) -> Carried<'_> {
        let cmd = request.uri().path().rsplit('/').next().unwrap().to_owned();
        let code = if cmd == "aibot_respond_msg" {
            self.code
        } else {
            0
        };
        self.calls.lock().unwrap().push(cmd);
        let answer = json!({"errcode": code, "errmsg": "words"}).to_string();
        let response = HttpResponse::new(answer.into()).map(HttpBody::Full);
        Box::pin(std::future::ready(Ok(response)))
    }
}

/// What goes over the socket when a message is answered, and how that ends.
async fn answered(code: i64) -> (Vec<String>, Result<()>) {
    let socket = Socket {
        code,
        calls: Arc::default(),
    };
    let outbox = BotOutbox {
        client: Client::builder("http://socket".parse().unwrap()).over(socket.clone()),
        transport: HyperTransport::new(),
        meters: Meters::default(),
        choices: Choices::default(),
    };
    let callback = json!({
        "msgid": "MSG1", "aibotid": "aib", "chattype": "single", "from": {"userid": "alice"},
        "msgtype": "text", "text": {"content": "hello"},
    });
    let callback = Callback::from_slice(callback.to_string().as_bytes()).unwrap();
    let place = Conversation::direct(Platform::WeCom, Id::from("alice"));
    let answers = BotAnswers::new(
        outbox,
        Some(place.clone()),
        ReqId::from("REQ"),
        &callback,
        Instant::now(),
    );
    let outcome = answers.send(&place, &Message::text("hi")).await;
    let calls = socket.calls.lock().unwrap().clone();
    (calls, outcome.map(drop))
}

#[tokio::test]
async fn what_can_be_an_answer_is_one() {
    let (calls, outcome) = answered(0).await;
    assert_eq!(calls, ["aibot_respond_msg"]);
    outcome.unwrap();
}

/// After another connection, or too late.
#[tokio::test]
async fn what_cannot_be_an_answer_any_more_is_pushed() {
    for code in [errcode::INVALID_REQ_ID, errcode::STREAM_EXPIRED] {
        let (calls, outcome) = answered(code).await;
        assert_eq!(calls, ["aibot_respond_msg", "aibot_send_msg"], "{code}");
        outcome.unwrap();
    }
}

#[tokio::test]
async fn what_is_refused_for_another_reason_is_not_said_twice() {
    let (calls, outcome) = answered(40058).await;
    assert_eq!(calls, ["aibot_respond_msg"]);
    assert!(outcome.unwrap_err().to_string().contains("40058"));
}
