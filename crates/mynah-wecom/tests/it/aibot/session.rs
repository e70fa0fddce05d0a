//! The bot's end of the long connection, case by case.

use std::time::Instant;

use mynah_core::{Frame, Platform, Session, Ticket};
use mynah_wecom::WeCom;
use mynah_wecom::aibot::{
    BotEvent, BotSession, Delivery, Limits, Reason, Reply, RespondMsg, RespondUpdateMsg,
    RespondWelcomeMsg, SendMsg, Stream, Unanswerable, Update, UploadMediaFinish,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{ack, bot, call, event, message, request, secs, sent, subscribed, text};

fn push(words: &str) -> SendMsg {
    SendMsg::new("alice", Reply::markdown(words))
}

fn answer(req_id: &str, words: &str) -> RespondMsg {
    RespondMsg::new(req_id, Stream::new("s", words))
}

fn content(frame: &Value) -> &str {
    frame["body"]["stream"]["content"].as_str().unwrap()
}

fn closes(session: &mut BotSession) -> (u16, String) {
    match session.poll_send() {
        Some(Frame::Close(code, reason)) => (code, reason),
        other => panic!("{other:?}"),
    }
}

/// The code of the platform, or ours, that answers a call.
fn refused(session: &mut BotSession, ticket: u64) -> (i64, String) {
    let (answered, outcome) = session.poll_answer().unwrap();
    assert_eq!(answered, Ticket(ticket));
    let error = WeCom::open(&outcome.unwrap()).unwrap_err();
    (error.code.number().unwrap(), error.message)
}

fn answered(session: &mut BotSession, ticket: u64) -> Value {
    let (answered, outcome) = session.poll_answer().unwrap();
    assert_eq!(answered, Ticket(ticket));
    serde_json::from_slice(outcome.unwrap().body()).unwrap()
}

/// Whether the call may have arrived, and what is said of it.
fn failed(session: &mut BotSession, ticket: u64) -> (bool, String) {
    let (answered, outcome) = session.poll_answer().unwrap();
    assert_eq!(answered, Ticket(ticket));
    let error = outcome.unwrap_err();
    (error.sent, error.to_string())
}

fn delivered(session: &mut BotSession) -> Delivery {
    match session.poll_event() {
        Some(BotEvent::Delivered(delivery)) => delivery,
        other => panic!("{other:?}"),
    }
}

fn ignored(session: &mut BotSession) -> (Reason, usize) {
    match session.poll_event() {
        Some(BotEvent::Ignored(ignored)) => (ignored.reason, ignored.length),
        other => panic!("{other:?}"),
    }
}

#[test]
fn nothing_goes_out_before_the_subscription_is_acknowledged() {
    let now = Instant::now();
    let mut session = bot(Limits::default(), now);
    call(&mut session, now, 1, &push("first"));
    call(&mut session, now, 2, &push("second"));
    let subscription = sent(&mut session).unwrap();
    assert_eq!(subscription["cmd"], "aibot_subscribe");
    assert_eq!(session.poll_send(), None);

    session.handle_frame(
        now,
        ack(subscription["headers"]["req_id"].as_str().unwrap()),
    );
    assert_eq!(session.poll_event(), Some(BotEvent::Subscribed));
    for words in ["first", "second"] {
        assert_eq!(
            sent(&mut session).unwrap()["body"]["markdown"]["content"],
            words
        );
    }
}

#[test]
fn a_refused_subscription_fails_the_calls_and_ends_the_connection() {
    let now = Instant::now();
    let mut session = bot(Limits::default(), now);
    call(&mut session, now, 1, &push("x"));
    let subscription = sent(&mut session).unwrap();
    session.handle_frame(
        now,
        text(json!({
            "headers": subscription["headers"], "errcode": 853_000, "errmsg": "字".repeat(100),
        })),
    );
    assert!(matches!(
        session.poll_event(),
        Some(BotEvent::Refused(error)) if error.code.number() == Some(853_000)
    ));
    let (arrived, words) = failed(&mut session, 1);
    assert!(!arrived);
    assert!(words.contains("(853000)"), "{words}");
    let (code, reason) = closes(&mut session);
    assert_eq!(code, 1000);
    assert!(reason.len() <= 123, "{reason}");
    let error = session.call(now, Ticket(2), &request(&push("x")), now + secs(1));
    assert!(!error.unwrap_err().sent);
}

#[test]
fn a_subscription_that_is_not_acknowledged_in_time_ends_the_connection() {
    let now = Instant::now();
    let mut session = bot(Limits::default(), now);
    sent(&mut session);
    assert_eq!(session.poll_timeout(), Some(now + secs(5)));
    session.handle_timeout(now + secs(5));
    assert_eq!(closes(&mut session).0, 1001);
}

#[test]
fn an_acknowledgement_is_the_answer_http_would_give() {
    let now = Instant::now();
    let mut session = subscribed(Limits::default(), now);
    call(&mut session, now, 1, &UploadMediaFinish::new("UPLOAD_1"));
    let frame = sent(&mut session).unwrap();
    assert_eq!(frame["body"], json!({"upload_id": "UPLOAD_1"}));
    session.handle_frame(
        now,
        text(json!({
            "headers": frame["headers"], "errcode": 0, "errmsg": "ok",
            "body": {"type": "file", "media_id": "MEDIA_1", "created_at": "1700000000"},
        })),
    );
    assert_eq!(
        answered(&mut session, 1),
        json!({"errcode": 0, "errmsg": "ok", "type": "file", "media_id": "MEDIA_1",
            "created_at": "1700000000"})
    );
}

#[test]
fn commands_of_their_own_do_not_wait_for_each_other() {
    let now = Instant::now();
    let mut session = subscribed(Limits::default(), now);
    call(&mut session, now, 1, &push("a"));
    call(&mut session, now, 2, &push("b"));
    let ids = [(), ()].map(|()| {
        let frame = sent(&mut session).unwrap();
        frame["headers"]["req_id"].as_str().unwrap().to_owned()
    });
    assert_ne!(ids[0], ids[1]);
    for (id, ticket) in ids.iter().zip([1, 2]).rev() {
        session.handle_frame(now, ack(id));
        assert_eq!(answered(&mut session, ticket)["errcode"], 0);
    }
}

#[test]
fn answers_to_one_message_wait_for_each_other() {
    let now = Instant::now();
    let mut session = subscribed(Limits::default(), now);
    session.handle_frame(now, message("MSG_REQ_1", "hello"));
    let delivery = delivered(&mut session);
    for (ticket, words) in [(1, "one"), (2, "two"), (3, "three")] {
        let respond = delivery.respond(Stream::new("s", words)).unwrap();
        call(&mut session, now, ticket, &respond);
    }
    // Another message has a queue of its own.
    call(&mut session, now, 4, &answer("MSG_REQ_2", "other"));

    assert_eq!(content(&sent(&mut session).unwrap()), "one");
    assert_eq!(content(&sent(&mut session).unwrap()), "other");
    assert_eq!(session.poll_send(), None);
    session.handle_frame(now, ack("MSG_REQ_1"));
    assert_eq!(answered(&mut session, 1)["errcode"], 0);
    assert_eq!(content(&sent(&mut session).unwrap()), "two");
    let refusal = json!({
        "headers": {"req_id": "MSG_REQ_1"}, "errcode": 846_608,
        "errmsg": "stream message update expired",
    });
    session.handle_frame(now, text(refusal));
    assert_eq!(refused(&mut session, 2).0, 846_608);
    assert_eq!(content(&sent(&mut session).unwrap()), "three");
}

#[test]
fn a_late_acknowledgement_is_not_taken_for_that_of_the_next_answer() {
    let now = Instant::now();
    let mut session = subscribed(Limits::default(), now);
    call(&mut session, now, 1, &answer("MSG_REQ_1", "one"));
    call(&mut session, now, 2, &answer("MSG_REQ_1", "two"));
    sent(&mut session);
    assert_eq!(session.poll_timeout(), Some(now + secs(5)));
    session.handle_timeout(now + secs(5));
    let (arrived, words) = failed(&mut session, 1);
    assert!(arrived);
    assert_eq!(words, "no acknowledgement came in time");
    assert_eq!(session.poll_send(), None, "the next one is kept back");

    session.handle_frame(now + secs(6), ack("MSG_REQ_1"));
    assert_eq!(
        session.poll_answer().map(|_| ()),
        None,
        "nobody waits for it"
    );
    assert_eq!(content(&sent(&mut session).unwrap()), "two");
    session.handle_frame(now + secs(7), ack("MSG_REQ_1"));
    assert_eq!(answered(&mut session, 2)["errcode"], 0);
}

#[test]
fn impatient_callers_do_not_make_the_next_answer_go_out_earlier() {
    let now = Instant::now();
    let mut session = subscribed(Limits::default(), now);
    for ticket in 1..=3 {
        let request = request(&answer("MSG_REQ_1", &ticket.to_string()));
        let patience = secs(if ticket == 1 { 1 } else { 60 });
        session
            .call(now, Ticket(ticket), &request, now + patience)
            .unwrap();
    }
    sent(&mut session);
    session.handle_timeout(now + secs(1));
    assert!(failed(&mut session, 1).0);
    session.handle_timeout(now + secs(9));
    assert_eq!(session.poll_send(), None);
    session.handle_timeout(now + secs(10));
    assert_eq!(content(&sent(&mut session).unwrap()), "2");
    session.abandon(Ticket(2));
    session.handle_timeout(now + secs(19));
    assert_eq!(session.poll_send(), None);
    session.handle_timeout(now + secs(20));
    assert_eq!(content(&sent(&mut session).unwrap()), "3");
}

#[test]
fn an_acknowledgement_that_never_comes_keeps_the_next_answer_back_once_more_as_long() {
    let now = Instant::now();
    let mut session = subscribed(Limits::default(), now);
    call(&mut session, now, 1, &answer("MSG_REQ_1", "one"));
    call(&mut session, now, 2, &answer("MSG_REQ_1", "two"));
    sent(&mut session);
    session.handle_timeout(now + secs(5));
    failed(&mut session, 1);
    assert_eq!(session.poll_timeout(), Some(now + secs(10)));
    session.handle_timeout(now + secs(10));
    assert_eq!(content(&sent(&mut session).unwrap()), "two");
    assert_eq!(session.poll_timeout(), Some(now + secs(15)));
}

#[test]
fn a_call_whose_time_is_up_before_it_is_its_turn_was_not_sent() {
    let now = Instant::now();
    let mut session = subscribed(Limits::default(), now);
    call(&mut session, now, 1, &answer("MSG_REQ_1", "one"));
    let late = request(&answer("MSG_REQ_1", "late"));
    session.call(now, Ticket(2), &late, now + secs(1)).unwrap();
    call(&mut session, now, 3, &answer("MSG_REQ_1", "three"));
    sent(&mut session);
    assert_eq!(session.poll_timeout(), Some(now + secs(1)));
    session.handle_timeout(now + secs(1));
    assert!(!failed(&mut session, 2).0);
    session.handle_frame(now + secs(2), ack("MSG_REQ_1"));
    assert_eq!(answered(&mut session, 1)["errcode"], 0);
    assert_eq!(content(&sent(&mut session).unwrap()), "three");
}

#[test]
fn a_call_that_was_given_up_is_not_sent_or_its_acknowledgement_is_swallowed() {
    let now = Instant::now();
    let mut session = subscribed(Limits::default(), now);
    for ticket in 1..=4 {
        call(
            &mut session,
            now,
            ticket,
            &answer("MSG_REQ_1", &ticket.to_string()),
        );
    }
    session.abandon(Ticket(1));
    assert_eq!(content(&sent(&mut session).unwrap()), "2");
    session.abandon(Ticket(2));
    session.abandon(Ticket(3));
    session.handle_frame(now, ack("MSG_REQ_1"));
    assert_eq!(content(&sent(&mut session).unwrap()), "4");
    session.handle_frame(now, ack("MSG_REQ_1"));
    assert_eq!(answered(&mut session, 4)["errcode"], 0);
    assert!(session.poll_answer().is_none());
}

#[test]
fn an_answer_to_the_wrong_kind_of_event_is_refused_without_being_sent() {
    let now = Instant::now();
    let mut session = subscribed(Limits::default(), now);
    session.handle_frame(now, message("M", "hi"));
    session.handle_frame(now, event("E", "enter_chat"));
    session.handle_frame(now, event("C", "template_card_event"));
    session.handle_frame(now, event("F", "tickled_event"));
    let update = Update::new(serde_json::from_str("{}").unwrap());
    for req_id in ["E", "C", "F"] {
        call(&mut session, now, 1, &answer(req_id, "x"));
        let (code, words) = refused(&mut session, 1);
        assert_eq!(code, 846_605);
        assert!(
            words.starts_with("invalid req_id, not sent: it names"),
            "{words}"
        );
    }
    for req_id in ["M", "C", "F"] {
        call(
            &mut session,
            now,
            1,
            &RespondWelcomeMsg::new(req_id, Reply::text("x")),
        );
        assert_eq!(refused(&mut session, 1).0, 846_605);
    }
    for req_id in ["M", "E", "F"] {
        call(
            &mut session,
            now,
            1,
            &RespondUpdateMsg::new(req_id, update.clone()),
        );
        assert_eq!(refused(&mut session, 1).0, 846_605);
    }
    assert_eq!(session.poll_send(), None);
    for frame in [
        request(&answer("M", "x")),
        request(&RespondWelcomeMsg::new("E", Reply::text("x"))),
        request(&RespondUpdateMsg::new("C", update)),
    ] {
        session.call(now, Ticket(1), &frame, now + secs(1)).unwrap();
        assert!(session.poll_send().is_some());
    }
}

#[test]
fn an_answer_that_comes_too_late_is_refused_without_being_sent() {
    let now = Instant::now();
    let mut session = subscribed(
        Limits {
            ping_interval: secs(1_000_000),
            ..Limits::default()
        },
        now,
    );
    session.handle_frame(now, message("M", "hi"));
    session.handle_frame(now, event("E", "enter_chat"));
    let welcome = RespondWelcomeMsg::new("E", Reply::text("x"));
    let day = secs(24 * 3600);

    call(&mut session, now + secs(5), 1, &welcome);
    assert!(session.poll_send().is_some());
    call(&mut session, now + secs(6), 2, &welcome);
    let (code, words) = refused(&mut session, 2);
    assert_eq!(code, 846_605);
    assert!(
        words.ends_with("an `enter_chat` can be answered for 5 s, 6 s have passed"),
        "{words}"
    );

    call(&mut session, now + day, 3, &answer("M", "x"));
    assert!(session.poll_send().is_some());
    call(&mut session, now + day + secs(1), 4, &answer("M", "x"));
    assert_eq!(refused(&mut session, 4).0, 846_605);
}

#[test]
fn what_an_earlier_connection_delivered_is_left_to_the_platform() {
    let now = Instant::now();
    let mut session = subscribed(Limits::default(), now);
    call(&mut session, now, 1, &answer("EARLIER", "x"));
    assert_eq!(sent(&mut session).unwrap()["headers"]["req_id"], "EARLIER");
    session.handle_frame(
        now,
        text(json!({"headers": {"req_id": "EARLIER"}, "errcode": 846_605, "errmsg": "invalid req_id"})),
    );
    assert_eq!(
        refused(&mut session, 1),
        (846_605, "invalid req_id".to_owned())
    );
}

#[test]
fn a_delivery_makes_only_the_answers_that_fit_it() {
    let now = Instant::now();
    let mut session = subscribed(Limits::default(), now);
    session.handle_frame(now, message("M", "hi"));
    session.handle_frame(now, event("E", "enter_chat"));
    session.handle_frame(now, event("C", "template_card_event"));
    let [said, entered, pressed] = [(), (), ()].map(|()| delivered(&mut session));
    let update = || Update::new(serde_json::from_str("{}").unwrap());

    assert_eq!(
        said.respond(Reply::markdown("x")).unwrap().req_id.as_str(),
        "M"
    );
    assert_eq!(
        entered.welcome(Reply::text("x")).unwrap().req_id.as_str(),
        "E"
    );
    assert_eq!(pressed.update(update()).unwrap().req_id.as_str(), "C");
    let wrong = Unanswerable {
        wanted: "a message",
        found: "event.enter_chat".to_owned(),
    };
    assert_eq!(entered.respond(Reply::text("x")), Err(wrong.clone()));
    assert_eq!(
        wrong.to_string(),
        "only a message is answered in this way, not `event.enter_chat`"
    );
    assert!(said.welcome(Reply::text("x")).is_err());
    assert!(said.update(update()).is_err());
    assert!(pressed.respond(Reply::text("x")).is_err());
}

#[test]
fn the_platform_is_pinged_and_two_pings_without_an_answer_end_the_connection() {
    let start = Instant::now();
    let mut session = subscribed(Limits::default(), start);
    for round in 1..=3 {
        let now = start + secs(30 * round);
        assert_eq!(session.poll_timeout(), Some(now));
        session.handle_timeout(now);
        let ping = sent(&mut session).unwrap();
        assert_eq!(ping["cmd"], "ping");
        assert_eq!(ping.get("body"), None);
        session.handle_frame(now, ack(ping["headers"]["req_id"].as_str().unwrap()));
    }
    for round in [4, 5] {
        session.handle_timeout(start + secs(30 * round));
        assert_eq!(sent(&mut session).unwrap()["cmd"], "ping");
    }
    call(&mut session, start + secs(170), 1, &push("x"));
    sent(&mut session);
    session.handle_timeout(start + secs(180));
    // The call has had its time as well.
    assert!(failed(&mut session, 1).0);
    assert_eq!(
        closes(&mut session),
        (1001, "2 pings were not answered".to_owned())
    );
    assert_eq!(session.poll_timeout(), None);
}

#[test]
fn one_answer_to_a_ping_makes_up_for_the_ones_before() {
    let start = Instant::now();
    let mut session = subscribed(Limits::default(), start);
    session.handle_timeout(start + secs(30));
    sent(&mut session);
    session.handle_timeout(start + secs(60));
    let second = sent(&mut session).unwrap();
    session.handle_frame(
        start + secs(61),
        ack(second["headers"]["req_id"].as_str().unwrap()),
    );
    session.handle_timeout(start + secs(90));
    assert_eq!(sent(&mut session).unwrap()["cmd"], "ping");
    session.handle_timeout(start + secs(120));
    assert_eq!(sent(&mut session).unwrap()["cmd"], "ping");
}

#[test]
fn a_bot_that_is_replaced_hears_it_and_leaves() {
    let now = Instant::now();
    let mut session = subscribed(Limits::default(), now);
    call(&mut session, now, 1, &push("under way"));
    sent(&mut session);
    session.handle_frame(now, event("EVENT_REQ_4", "disconnected_event"));
    assert_eq!(
        delivered(&mut session).callback.name(),
        "event.disconnected_event"
    );
    let (arrived, words) = failed(&mut session, 1);
    assert!(arrived);
    assert!(
        words.contains("another connection of this bot has taken over"),
        "{words}"
    );
    assert_eq!(closes(&mut session).0, 1000);
    let error = session.call(now, Ticket(2), &request(&push("x")), now + secs(1));
    assert_eq!(
        error.unwrap_err().to_string(),
        "another connection of this bot has taken over"
    );
    session.handle_frame(now, event("EVENT_REQ_5", "disconnected_event"));
    assert_eq!(session.poll_send(), None, "one good-bye is enough");
}

#[test]
fn a_subscription_that_the_platform_has_forgotten_is_made_anew() {
    let now = Instant::now();
    let mut session = subscribed(Limits::default(), now);
    call(&mut session, now, 1, &push("x"));
    let frame = sent(&mut session).unwrap();
    session.handle_frame(
        now,
        text(json!({"headers": frame["headers"], "errcode": 846_609, "errmsg": "not subscribed"})),
    );
    assert_eq!(refused(&mut session, 1).0, 846_609);
    assert_eq!(closes(&mut session).0, 1001);
}

#[test]
fn the_end_of_a_connection_tells_what_may_have_arrived() {
    let now = Instant::now();
    let mut session = subscribed(Limits::default(), now);
    call(&mut session, now, 1, &answer("M", "one"));
    call(&mut session, now, 2, &answer("M", "two"));
    call(&mut session, now, 3, &push("three"));
    sent(&mut session);
    session.handle_close(now);
    assert!(failed(&mut session, 1).0);
    assert!(!failed(&mut session, 2).0);
    assert!(!failed(&mut session, 3).0);
    assert_eq!(session.poll_send(), None);
}

#[test]
fn queues_have_their_limits() {
    let now = Instant::now();
    let limits = Limits {
        queued_replies: 2,
        waiting_calls: 3,
        ..Limits::default()
    };
    let mut session = subscribed(limits, now);
    let mut attempt = |ticket, endpoint: &RespondMsg| {
        let outcome = session.call(now, Ticket(ticket), &request(endpoint), now + secs(60));
        outcome.map_err(|error| (error.sent, error.to_string()))
    };
    assert_eq!(attempt(1, &answer("M", "1")), Ok(()));
    assert_eq!(attempt(2, &answer("M", "2")), Ok(()));
    let full = "2 answers to this callback wait already".to_owned();
    assert_eq!(attempt(3, &answer("M", "3")), Err((false, full)));
    assert_eq!(attempt(4, &answer("N", "4")), Ok(()));
    let full = "3 calls wait for their answers already".to_owned();
    assert_eq!(attempt(5, &answer("O", "5")), Err((false, full)));
    assert_eq!(Limits::default().queued_replies, 500);
    assert_eq!(Limits::default().ack_timeout, secs(5));
}

#[test]
fn what_is_no_command_is_not_sent() {
    let now = Instant::now();
    let mut session = subscribed(Limits::default(), now);
    for (uri, body, problem) in [
        (
            "/openws/aibot_respond_msg",
            "{}",
            "an answer must say what it answers",
        ),
        ("/openws/aibot_subscribe", "{}", "names no command"),
        ("/cgi-bin/gettoken", "{}", "names no command"),
        ("/", "{}", "names no command"),
        ("/openws/aibot_send_msg", "[]", "no JSON object"),
        ("/openws/aibot_send_msg", "", "no JSON object"),
    ] {
        let request = mynah_core::http::Request::post(uri)
            .body(body.into())
            .unwrap();
        let error = session
            .call(now, Ticket(1), &request, now + secs(1))
            .unwrap_err();
        assert!(!error.sent);
        assert!(error.to_string().contains(problem), "{uri}: {error}");
    }
    assert_eq!(session.poll_send(), None);
}

#[test]
fn frames_that_mean_nothing_are_passed_over() {
    let now = Instant::now();
    let limits = Limits {
        largest_frame: 1000,
        ..Limits::default()
    };
    let mut session = subscribed(limits, now);
    let id = json!({"req_id": "X"});
    for (frame, reason) in [
        ("garbage".to_owned(), Reason::NoObject),
        ("[]".to_owned(), Reason::NoObject),
        ("{}".to_owned(), Reason::NoKind),
        (
            json!({"headers": id, "errmsg": "ok"}).to_string(),
            Reason::NoKind,
        ),
        (
            json!({"cmd": "aibot_msg_callback"}).to_string(),
            Reason::NoReqId,
        ),
        (
            json!({"headers": {"req_id": 5}, "errcode": 0}).to_string(),
            Reason::NoReqId,
        ),
        (
            json!({"headers": id, "errcode": 0}).to_string(),
            Reason::UnknownAcknowledgement,
        ),
        (
            json!({"headers": id, "cmd": "dance"}).to_string(),
            Reason::UnknownCommand(5),
        ),
        ("x".repeat(1001), Reason::TooLong),
    ] {
        session.handle_frame(now, Frame::Text(frame.clone().into()));
        assert_eq!(ignored(&mut session), (reason, frame.len()), "{frame}");
    }
    let no_body = json!({"headers": id, "cmd": "aibot_event_callback", "body": {}});
    session.handle_frame(now, text(no_body));
    assert!(matches!(ignored(&mut session).0, Reason::NoCallback(_)));
    for frame in [Frame::Ping("p".into()), Frame::Pong("p".into())] {
        session.handle_frame(now, frame);
    }
    assert_eq!(session.poll_event(), None);
    assert_eq!(session.poll_send(), None);
}

#[test]
fn what_is_passed_over_tells_its_length_and_nothing_else() {
    let now = Instant::now();
    let mut session = subscribed(Limits::default(), now);
    session.handle_frame(now, Frame::Text("hush-hush".into()));
    let shown = format!("{:?}", session.poll_event());
    assert!(
        shown.contains("length: 9") && !shown.contains("hush"),
        "{shown}"
    );
}

#[test]
fn control_characters_are_taken_out_before_a_frame_is_read() {
    let now = Instant::now();
    let mut session = subscribed(Limits::default(), now);
    let Frame::Text(clean) = message("M", "hello") else {
        unreachable!();
    };
    let clean = String::from_utf8(clean.to_vec()).unwrap();
    let dirty = clean.replace("hello", "he\u{1}ll\no\u{1f}");
    session.handle_frame(now, Frame::Text(format!("\u{0}{dirty}\u{0}").into()));
    let delivery = delivered(&mut session);
    assert!(String::from_utf8_lossy(&delivery.raw).contains("\"hello\""));
}

proptest! {
    #[test]
    fn any_frames_are_survived(frames: Vec<(bool, Vec<u8>)>, answered: bool) {
        let now = Instant::now();
        let mut session = if answered {
            subscribed(Limits::default(), now)
        } else {
            bot(Limits::default(), now)
        };
        call(&mut session, now, 1, &push("x"));
        for (binary, bytes) in frames {
            let frame = if binary { Frame::Binary(bytes.into()) } else { Frame::Text(bytes.into()) };
            session.handle_frame(now, frame);
            while session.poll_event().is_some() {}
            while session.poll_send().is_some() {}
        }
        session.handle_timeout(now + secs(90));
        session.handle_close(now + secs(90));
        let outcomes = std::iter::from_fn(|| session.poll_answer()).count();
        prop_assert_eq!(outcomes, 1, "the call has come to its end");
    }
}
