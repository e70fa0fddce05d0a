use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use mynah_client::Client;
use mynah_core::http::Request;
use mynah_core::{Body as HttpBody, Carried, HttpResponse, Transport};
use mynah_wecom::event::{self, Callback, Content, Kind, Text};
use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::*;
use crate::extract::{Context, Pressed};
use crate::filter::{command, message, pressed, when};
use crate::message::{Card, Media, Message};
use crate::router::Router;

/// A platform that takes everything and remembers it.
#[derive(Clone, Default)]
struct Platform(Arc<Mutex<Vec<(String, Value)>>>);

impl Platform {
    fn calls(&self) -> Vec<(String, Value)> {
        self.0.lock().unwrap().clone()
    }

    /// What was said by calls.
    fn said(&self) -> Vec<String> {
        let calls = self.calls();
        let texts = calls
            .iter()
            .filter(|(path, _)| path == "/cgi-bin/message/send");
        texts
            .map(|(_, body)| body["text"]["content"].as_str().unwrap_or("?").to_owned())
            .collect()
    }
}

impl Transport for Platform {
    fn send(&self, request: Request<HttpBody>) -> Carried<'_> {
        let path = request.uri().path().to_owned();
        let body = match request.into_body() {
            HttpBody::Full(body) => serde_json::from_slice(&body).unwrap_or_default(),
            HttpBody::Stream(_) => Value::Null,
        };
        self.0.lock().unwrap().push((path, body));
        let answer = r#"{"errcode":0,"errmsg":"ok","access_token":"T","expires_in":7200,
            "type":"image","media_id":"MEDIA","created_at":"1","msgid":"MSG"}"#;
        let response = HttpResponse::new(answer.into()).map(HttpBody::Full);
        Box::pin(std::future::ready(Ok(response)))
    }
}

fn application(router: Router<()>) -> (Application<()>, Platform) {
    let platform = Platform::default();
    let base: BaseUrl = "http://h".parse().unwrap();
    let tokens = mynah_core::Tokens::new(
        base.clone(),
        mynah_wecom::Application::new("ww-sandbox", "sandbox-secret"),
    );
    let client = Client::builder(base).auth(tokens).over(platform.clone());
    let work = Application {
        account: "app".into(),
        desk: Arc::new(Desk::new(router, ())),
        outbox: Arc::new(ApplicationOutbox::new(client, 1_000_002)),
    };
    (work, platform)
}

fn post(callback: Callback) -> Post<Told> {
    Post {
        dedupe: callback.dedupe_key(),
        event: callback.into(),
        raw: bytes::Bytes::new(),
        within: Some(Duration::from_secs(5)),
    }
}

fn said(msg_id: i64, text: &str) -> Post<Told> {
    let content = Content::Text(Text {
        content: text.to_owned(),
    });
    let kind = Kind::message(msg_id, content);
    post(Callback::new("ww-sandbox", "alice", 1_700_000_000, kind))
}

fn opened() -> Post<Told> {
    let event = event::Event::EnterAgent(event::Pressed::default());
    post(Callback::new(
        "ww-sandbox",
        "alice",
        1_700_000_000,
        Kind::Event(event),
    ))
}

fn router() -> Router<()> {
    Router::new()
        .on(command("ping"), async || "pong")
        .on(command("slow"), async || {
            sleep(Duration::from_secs(8)).await;
            "at last"
        })
        .on(command("both"), async || {
            Message::text("look: ").image(Media::bytes("a.png", &b"\x89PNG\r\n\x1a\n..."[..]))
        })
        .on(command("picture"), async || {
            Message::new().image(Media::bytes("a.png", &b"\x89PNG\r\n\x1a\n..."[..]))
        })
        .on(command("twice"), async |cx: Context| {
            cx.reply("one").await?;
            Ok::<_, BotError>("two")
        })
        .on(command("mention"), async |cx: Context| {
            Message::text("hi ").mention(cx.sender())
        })
        .on(message(), async || ())
        .on(when(|_| true), async || "welcome")
}

fn text(answer: Option<Answer>) -> Option<String> {
    match answer? {
        Answer::Application(PassiveReply::Text { content }) => Some(content),
        other => panic!("{other:?}"),
    }
}

/// Waits until the calls under way are made.
async fn settle() {
    sleep(Duration::from_secs(60)).await;
}

#[tokio::test(start_paused = true)]
async fn a_quick_reply_goes_back_in_the_response() {
    let (bot, platform) = application(router());
    assert_eq!(
        text(bot.clone().receive(said(1, "/ping")).await).unwrap(),
        "pong"
    );
    assert_eq!(text(bot.receive(opened()).await).unwrap(), "welcome");
    settle().await;
    assert!(platform.calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_handler_of_eight_seconds_is_acknowledged_in_time_and_answers_once_by_a_call() {
    let (bot, platform) = application(router());
    let began = Instant::now();
    assert_eq!(bot.receive(said(1, "/slow")).await, None);
    assert_eq!(began.elapsed(), Duration::from_millis(4500));
    assert!(platform.calls().is_empty());
    settle().await;
    assert_eq!(platform.said(), ["at last"]);
    let (_, body) = &platform.calls()[1];
    assert_eq!(
        (&body["touser"], &body["agentid"]),
        (&"alice".into(), &1_000_002.into())
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_no_passive_reply_is_acknowledged_at_once_and_called() {
    let (bot, platform) = application(router());
    for (id, said_by_call) in [
        ("/both", vec!["look: ", "?"]),
        ("/mention", vec!["hi <@alice>"]),
    ] {
        let began = Instant::now();
        let id_number = i64::try_from(id.len()).unwrap();
        assert_eq!(bot.clone().receive(said(id_number, id)).await, None);
        assert!(began.elapsed() < Duration::from_secs(1), "{id}");
        settle().await;
        assert_eq!(platform.said(), said_by_call, "{id}");
        platform.0.lock().unwrap().clear();
    }
}

#[tokio::test(start_paused = true)]
async fn a_picture_is_uploaded_and_answered_with() {
    let (bot, platform) = application(router());
    let answer = bot.receive(said(1, "/picture")).await;
    assert_eq!(answer, Some(PassiveReply::image("MEDIA").into()));
    let paths: Vec<_> = platform.calls().into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["/cgi-bin/gettoken", "/cgi-bin/media/upload"]);
}

#[tokio::test(start_paused = true)]
async fn what_was_said_before_the_reply_comes_before_it() {
    let (bot, platform) = application(router());
    assert_eq!(text(bot.receive(said(1, "/twice")).await).unwrap(), "two");
    assert_eq!(platform.said(), ["one"]);
}

#[tokio::test(start_paused = true)]
async fn a_delivery_that_is_repeated_is_handled_once() {
    let handled = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&handled);
    let router = Router::new().on(when(|_| true), move || {
        count.fetch_add(1, Ordering::Relaxed);
        std::future::ready("yes")
    });
    let (bot, platform) = application(router);
    for delivery in [said(1, "a"), opened()] {
        assert_eq!(
            text(bot.clone().receive(delivery.clone()).await).unwrap(),
            "yes"
        );
        assert_eq!(bot.clone().receive(delivery).await, None);
    }
    settle().await;
    assert_eq!(handled.load(Ordering::Relaxed), 2);
    assert!(platform.calls().is_empty());
}

/// The platform hangs up and delivers again; the one reply is a call then.
#[tokio::test(start_paused = true)]
async fn who_hangs_up_is_answered_by_a_call() {
    let (bot, platform) = application(router());
    let mut first = Box::pin(bot.clone().receive(said(1, "/slow")));
    tokio::select! {
        _ = &mut first => panic!("too early"),
        () = sleep(Duration::from_secs(1)) => {}
    }
    drop(first);
    assert_eq!(bot.receive(said(1, "/slow")).await, None);
    settle().await;
    assert_eq!(platform.said(), ["at last"]);
}

#[tokio::test(start_paused = true)]
async fn replies_keep_their_order_when_the_first_is_late() {
    let (bot, platform) = application(router());
    let first = tokio::spawn(bot.clone().receive(said(1, "/slow")));
    sleep(Duration::from_millis(10)).await;
    assert_eq!(bot.receive(said(2, "/ping")).await, None);
    assert_eq!(first.await.unwrap(), None);
    settle().await;
    assert_eq!(platform.said(), ["at last", "pong"]);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_said_of_a_message_whose_picture_would_be_refused() {
    let router = Router::new().on(command("gif"), async || {
        Message::text("look: ").image(Media::bytes("a.gif", &b"GIF89a......"[..]))
    });
    let (bot, platform) = application(router);
    assert_eq!(bot.receive(said(1, "/gif")).await, None);
    settle().await;
    assert!(platform.calls().is_empty(), "{:?}", platform.calls());
}

/// As many buttons as no card has are numbered lines, and answers to them are presses.
#[tokio::test(start_paused = true)]
async fn a_number_that_is_said_presses_a_button() {
    let router = Router::new()
        .on(command("vote"), async || {
            let days = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
            let card = Card::new("When?");
            Message::new().card(days.iter().fold(card, |card, day| card.press(*day, *day)))
        })
        .on(pressed(), async |Pressed(day): Pressed| format!("on {day}"))
        .on(message(), async || "?");
    let (bot, platform) = application(router);
    assert_eq!(text(bot.clone().receive(said(1, "2")).await).unwrap(), "?");
    assert_eq!(bot.clone().receive(said(2, "/vote")).await, None);
    settle().await;
    let (_, body) = platform.calls().pop().unwrap();
    let written = body["markdown"]["content"].as_str().unwrap();
    assert!(written.contains("2. Tu"), "{written}");
    for (id, words) in [(3, "2"), (4, "Tu"), (5, "2.")] {
        let answer = bot.clone().receive(said(id, words)).await;
        assert_eq!(text(answer).unwrap(), "on Tu", "{words}");
    }
    assert_eq!(text(bot.receive(said(6, "9")).await).unwrap(), "?");
}

#[tokio::test(start_paused = true)]
async fn a_card_goes_out_with_a_name_and_its_button_is_a_press() {
    let router = Router::new()
        .on(command("ask"), async || {
            Message::new().card(Card::new("Deploy?").press("Yes", "yes").press("No", "no"))
        })
        .on(pressed(), async |Pressed(key): Pressed| key);
    let (bot, platform) = application(router);
    assert_eq!(bot.clone().receive(said(1, "/ask")).await, None);
    settle().await;
    let (_, body) = platform.calls().pop().unwrap();
    let card = &body["template_card"];
    assert_eq!(card["card_type"], "button_interaction");
    assert!(!card["task_id"].as_str().unwrap().is_empty());
    let event = event::Event::TemplateCardEvent(event::CardPressed {
        event_key: "yes".into(),
        ..event::CardPressed::default()
    });
    let kind = Kind::Event(event);
    let callback = Callback::new("ww-sandbox", "alice", 1_700_000_001, kind);
    assert_eq!(text(bot.receive(post(callback)).await).unwrap(), "yes");
}
