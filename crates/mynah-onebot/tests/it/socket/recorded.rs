//! Both halves against recorded dialogues: our implementation in the place of
//! the recorded one, our framework in the place of the recorded one.

use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;

use mynah_core::{Frame, HttpResponse, Platform, Session, Ticket};
use mynah_onebot::OneBot;
use mynah_onebot::socket::{Echo, FrameworkSession, ImplementationSession, Role};
use serde::Deserialize;
use serde_json::Value;

use super::{call, framework, implementation, json, patient_framework, secs, text};
use crate::vectors;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    name: String,
    frames: Vec<Line>,
    note: String,
}

/// A frame, or what became of a call.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    from: Option<String>,
    json: Option<Value>,
    text: Option<String>,
    connection: Option<String>,
    /// What is wrong with the frame.
    how: Option<String>,
    result: Option<Value>,
    raises: Option<String>,
    #[serde(rename = "str")]
    words: Option<String>,
    after: Option<String>,
    handlers_saw: Option<Vec<String>>,
    connection_still_open: Option<bool>,
    // Of the scenarios that are about several connections.
    to: Option<String>,
    call: Option<String>,
    sequence: Option<String>,
}

/// These are about which connection is taken, not about frames.
const OF_THE_DRIVER: [&str; 3] = [
    "no connection",
    "two accounts",
    "late close of an old connection removes the new one",
];

struct Dialogue {
    now: Instant,
    framework: BTreeMap<String, FrameworkSession>,
    implementation: BTreeMap<String, ImplementationSession>,
    calls: u64,
    /// Calls that wait, by the recorded echo: ours, and what they came with.
    waiting: BTreeMap<String, (Ticket, Echo)>,
    answers: VecDeque<(Ticket, HttpResponse)>,
    events: Vec<String>,
}

impl Dialogue {
    fn new() -> Self {
        Self {
            now: Instant::now(),
            framework: BTreeMap::new(),
            implementation: BTreeMap::new(),
            calls: 0,
            waiting: BTreeMap::new(),
            answers: VecDeque::new(),
            events: Vec::new(),
        }
    }

    fn open(&mut self, connection: &str) -> (&mut FrameworkSession, &mut ImplementationSession) {
        let role: Role = connection.parse().unwrap();
        let now = self.now;
        let framework = self
            .framework
            .entry(connection.to_owned())
            .or_insert_with(|| patient_framework(role, now));
        let implementation = self
            .implementation
            .entry(connection.to_owned())
            .or_insert_with(|| {
                let mut session = implementation(role);
                assert_eq!(session.poll_send().is_some(), role.carries_events());
                session
            });
        (framework, implementation)
    }

    fn make_call(&mut self, connection: &str, frame: &Value) {
        self.calls += 1;
        let (now, ticket) = (self.now, Ticket(self.calls));
        let (framework, implementation) = self.open(connection);

        implementation.handle_frame(now, text(frame));
        let taken = implementation.poll_event().unwrap();
        assert_eq!(taken.action, frame["action"]);
        let params: Value = serde_json::from_slice(&taken.params).unwrap();
        assert_eq!(params, frame["params"]);
        let echo: Value = serde_json::from_slice(taken.echo.json().unwrap()).unwrap();
        assert_eq!(echo, frame["echo"]);

        let request = call(&taken.action, &params);
        framework
            .call(now, ticket, &request, now + secs(60))
            .unwrap();
        let mut ours = json(framework.poll_send());
        assert_eq!(ours["echo"], ticket.0);
        ours["echo"] = echo.clone();
        assert_eq!(ours, *frame);
        self.waiting.insert(echo.to_string(), (ticket, taken.echo));
    }

    fn event(&mut self, connection: &str, event: &str) {
        let now = self.now;
        let (framework, implementation) = self.open(connection);
        assert!(implementation.send_event(event.to_owned().into()));
        assert_eq!(implementation.poll_send(), Some(text(event)));
        framework.handle_frame(now, text(event));
        if let Some(event) = framework.poll_event() {
            self.events.push(event.event.name());
        }
    }

    fn reply(&mut self, connection: &str, frame: &Value) {
        let now = self.now;
        let (ticket, echo) = self.waiting.remove(&frame["echo"].to_string()).unwrap();
        let mut envelope = frame.clone();
        envelope.as_object_mut().unwrap().remove("echo");
        let mut response = HttpResponse::new(envelope.to_string().into());
        if frame["retcode"] == 1404 {
            response = HttpResponse::default();
            *response.status_mut() = 404.try_into().unwrap();
        }
        let (framework, implementation) = self.open(connection);
        implementation.reply(echo, &response);
        let mut reply = json(implementation.poll_send());
        assert_eq!(reply, *frame);

        reply["echo"] = ticket.0.into();
        framework.handle_frame(now, text(&reply));
        let (answered, outcome) = framework.poll_answer().unwrap();
        assert_eq!(answered, ticket);
        self.answers.push_back((ticket, outcome.unwrap()));
    }

    /// The recorded implementation answers with another echo than it was given.
    fn reply_wrongly(&mut self, connection: &str, frame: &Value) {
        let now = self.now;
        let (framework, _) = self.open(connection);
        let before = framework.counters();
        framework.handle_frame(now, text(frame));
        assert!(framework.poll_answer().is_none());
        let ignored = framework.counters();
        assert_eq!(
            (before.malformed, before.unknown_echoes + 1),
            (ignored.malformed, ignored.unknown_echoes)
        );
    }

    /// The call that had a wrong answer never gets another.
    fn time_out(&mut self, connection: &str) {
        let (_, (ticket, _)) = self.waiting.pop_first().unwrap();
        self.now += secs(60);
        let now = self.now;
        let (framework, _) = self.open(connection);
        assert!(framework.poll_timeout().unwrap() <= now);
        framework.handle_timeout(now);
        let (late, outcome) = framework.poll_answer().unwrap();
        assert_eq!(late, ticket);
        assert!(outcome.unwrap_err().sent);
    }

    /// The answers come to their callers in the order of the calls.
    fn next_answer(&mut self) -> HttpResponse {
        self.answers
            .make_contiguous()
            .sort_by_key(|(ticket, _)| *ticket);
        self.answers.pop_front().unwrap().1
    }

    fn play(&mut self, line: Line) {
        let connection = line.connection.as_deref().unwrap_or("Universal");
        match (line.from.as_deref(), line.json, line.text) {
            (Some("framework"), Some(frame), None) => self.make_call(connection, &frame),
            (Some("implementation"), Some(frame), None) if frame["post_type"].is_string() => {
                self.event(connection, &frame.to_string());
            }
            (Some("implementation"), Some(frame), None) => match line.how {
                None => self.reply(connection, &frame),
                Some(how) => {
                    assert!(["echo stringified", "echo dropped", "seq as string"].contains(&&*how));
                    self.reply_wrongly(connection, &frame);
                }
            },
            (Some("implementation"), None, Some(frame)) => self.event(connection, &frame),
            (None, None, None) => self.check(
                connection,
                line.result,
                line.raises.as_deref(),
                line.words.as_deref(),
            ),
            other => panic!("{other:?}"),
        }
        if let Some(names) = line.handlers_saw {
            // aiocqhttp has no place for the bot's own words; we have.
            assert_eq!(self.events.remove(0), "message_sent.group");
            assert_eq!(self.events, names);
            assert_eq!(line.connection_still_open, Some(true));
            let (framework, _) = self.open(connection);
            assert_eq!(framework.counters().malformed, 5);
            assert!(framework.poll_send().is_none());
        }
    }

    fn check(
        &mut self,
        connection: &str,
        result: Option<Value>,
        raises: Option<&str>,
        words: Option<&str>,
    ) {
        if let Some(expected) = result {
            let payload = OneBot::open(&self.next_answer()).unwrap();
            assert_eq!(serde_json::from_slice::<Value>(&payload).unwrap(), expected);
        }
        match raises {
            None => {}
            Some("ActionFailed") => {
                let answer = self.next_answer();
                let frame: Value = serde_json::from_slice(answer.body()).unwrap();
                assert_eq!(
                    (answer.status().as_u16(), &frame["retcode"]),
                    (404, &1404.into())
                );
                assert!(words.unwrap().contains("retcode=1404"));
                assert_eq!(OneBot::open(&answer).unwrap_err().status, 404);
            }
            Some("NetworkError") => {
                assert_eq!(words, Some("WebSocket API call timeout"));
                self.time_out(connection);
            }
            Some(other) => panic!("{other}"),
        }
    }
}

fn replay(peer: &str, count: usize) {
    let file: Value = vectors::read(vectors::WEBSOCKET);
    assert!(
        file["how"]
            .as_str()
            .unwrap()
            .starts_with("Recorded against the real frameworks")
    );
    let scenarios: Vec<Scenario> = serde_json::from_value(file[peer]["scenarios"].clone()).unwrap();
    assert_eq!(scenarios.len(), count);
    for scenario in scenarios {
        println!("{}: {}", scenario.name, scenario.note);
        if OF_THE_DRIVER.contains(&&*scenario.name) {
            let about = |line: &Line| {
                line.to.is_some()
                    || line.call.is_some()
                    || line.sequence.is_some()
                    || line.raises.as_deref() == Some("ApiNotAvailable")
            };
            assert!(scenario.frames.iter().all(about), "{}", scenario.name);
            continue;
        }
        let mut dialogue = Dialogue::new();
        for line in scenario.frames {
            assert!(line.after.is_none_or(|after| after == "api_timeout_sec"));
            dialogue.play(Line {
                after: None,
                ..line
            });
        }
        assert!(dialogue.waiting.is_empty(), "{}", scenario.name);
    }
}

#[test]
fn our_halves_speak_as_aiocqhttp_and_its_peer_do() {
    replay("aiocqhttp 1.4.4", 11);
}

#[test]
fn our_halves_speak_as_nonebot_and_its_peer_do() {
    replay("nonebot-adapter-onebot 2.4.6", 7);
}

/// NoneBot2's echo is a string; an implementation that makes a string of our
/// number is understood all the same.
#[test]
fn an_echo_that_became_a_string_is_recognized() {
    let now = Instant::now();
    let mut session = framework(Role::Universal, now);
    let request = call("get_status", &Value::Null);
    assert!(
        session
            .call(now, Ticket(7), &request, now + secs(1))
            .is_err()
    );
    let request = call("get_status", &serde_json::json!({}));
    session
        .call(now, Ticket(7), &request, now + secs(1))
        .unwrap();
    session.handle_frame(now, Frame::Binary(r#"{"status":"ok","echo":"7"}"#.into()));
    let (ticket, outcome) = session.poll_answer().unwrap();
    assert_eq!(
        (ticket, outcome.unwrap().status().as_u16()),
        (Ticket(7), 200)
    );
}
