//! Requests and frames that were recorded from other clients, byte for byte.

use std::collections::BTreeSet;

use http::Request;
use mynah_core::HttpRequest;
use mynah_sandbox::{Sandbox, Seed};
use serde_json::Value;

use super::support::BearyChatBench;
use crate::support::vectors;

/// A team in which the recorded requests make sense: things of all kinds have
/// the same id, as in the platform's examples.
const SEED: &str = r#"
[bearychat]
team = { id = "=bw52O", subdomain = "openapi", name = "BearyChat OpenAPI" }
bots = [{ id = "=bw52T", name = "bot", token = "sandbox-token" }]
assistant = { id = "=bwMkR", name = "BearyBot" }
people = [
    { id = "=bw52O", name = "alice", role = "owner" },
    { id = "=bw52P", name = "bob" },
]
general = { id = "=bwAll", name = "所有人", creator = "=bw52O" }

[[bearychat.channels]]
id = "=bw52O"
name = "bearychat"
creator = "=bw52T"
members = ["=bw52T", "=bw52O", "=bw52P"]

[[bearychat.channels]]
id = "=bwFlb"
name = "elsewhere"
creator = "=bw52O"
members = ["=bw52O"]

[[bearychat.channels]]
id = "=bwDfQ"
name = "frames"
creator = "=bw52O"
members = ["=bw52T"]

[[bearychat.robots]]
id = "=bw52R"
name = "robot"
creator = "=bw52O"
channel = "=bw52O"
incoming = "sandbox-hook"
"#;

/// What the recording server answered otherwise, because it answered anything:
/// the record's name without the client's, and the status here.
const OTHERWISE: &[(&str, u16)] = &[
    // There is no such session channel, conversation of two, message or pin.
    ("session_channel.info", 404),
    ("session_channel.archive", 404),
    ("session_channel.convert_to_channel", 404),
    ("session_channel.convert_to_channel/default", 404),
    ("session_channel.convert_to_channel/public", 404),
    ("session_channel.leave", 404),
    ("session_channel.invite", 404),
    ("session_channel.kick", 404),
    ("session_channel.kickout", 404),
    ("p2p.info", 404),
    ("message.info", 404),
    ("message.delete", 404),
    ("message.update_text", 404),
    ("message.forward", 404),
    ("message_pin.create", 404),
    ("message_pin.delete", 404),
    // Nobody is asked to be in it; a query that is none.
    ("session_channel.create/empty-list", 400),
    ("message.query/as-string", 400),
    ("message.query/params", 400),
    // There is no token.
    ("user.list/no-token", 401),
    // The recording server refused what is fine, to see what the client does.
    ("user.me/rate-limited", 200),
    ("RTMClient.start/forbidden", 200),
    ("RTMClient.current_team.info/forbidden", 200),
    ("403", 200),
    ("429", 200),
    ("code-in-200", 200),
];

/// The name without that of the client before it.
fn call_of(name: &str) -> &str {
    let clients = ["py/", "js/HTTPClient/", "js/", "head/"];
    let mut rest = clients
        .iter()
        .filter_map(|client| name.strip_prefix(client));
    rest.next().unwrap_or(name)
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

/// The request as it came, to where the sandbox has the host that it went to.
fn request(record: &Value) -> HttpRequest {
    let root = match text(record, "base") {
        "openapi" => "/bearychat",
        "rtm" => "/bearychat/rtm",
        "hook" => "/bearychat/hook",
        other => panic!("{other}"),
    };
    let recorded = &record["request"];
    let mut request = Request::builder()
        .method(text(recorded, "method"))
        .uri(format!("{root}{}", text(recorded, "raw_target")));
    for (name, value) in recorded["headers"].as_object().unwrap() {
        request = request.header(name, value.as_str().unwrap());
    }
    let body = text(recorded, "raw_body").to_owned();
    request.body(body.into()).unwrap()
}

#[tokio::test]
async fn every_recorded_request_is_understood() {
    let records = vectors("bearychat/requests.json");
    let records = records.as_array().unwrap();
    assert_eq!(records.len(), 169);
    let mut otherwise = 0;
    for record in records {
        let name = text(record, "name");
        let seed = Seed::parse(SEED).unwrap();
        let sandbox = Sandbox::builder().seed(seed).open().unwrap();
        let answer = sandbox.handle(request(record)).await.unwrap();
        let known = OTHERWISE.iter().find(|(call, _)| *call == call_of(name));
        otherwise += usize::from(known.is_some());
        let recorded = record["response"]["status"].as_u64().unwrap();
        let expected = known.map_or(recorded, |(_, status)| u64::from(*status));
        let status = u64::from(answer.status().as_u16());
        assert_eq!(status, expected, "{name}: {:?}", answer.body());
        if text(record, "base") == "openapi" {
            let headers = record["response"]["headers"].as_object().unwrap();
            for limit in headers
                .keys()
                .filter(|name| name.starts_with("x-ratelimit"))
            {
                assert!(answer.headers().contains_key(limit), "{name}: {limit}");
            }
        }
        if status == 204 || answer.body().is_empty() {
            assert!(
                record["response"]["json"].is_null() || known.is_some(),
                "{name}"
            );
            continue;
        }
        let kind = answer.headers()["content-type"].to_str().unwrap();
        assert_eq!(kind, "application/json;charset=utf-8", "{name}");
    }
    assert!(otherwise >= OTHERWISE.len(), "{otherwise}");
}

#[tokio::test]
async fn a_recorded_exchange_over_a_socket_goes_on_as_recorded() {
    let seed = Seed::parse(SEED).unwrap();
    let bench = BearyChatBench::with(|builder| builder.seed(seed)).await;
    let mut rtm = bench.fresh().await;
    rtm.next().await;
    let recorded = vectors("bearychat/rtm_frames.json");
    let frames = recorded["exchanges"][0]["frames"].as_array().unwrap();
    let mut answered = 0;
    for frame in frames {
        let said = &frame["frame"];
        // The one call about a conversation of two, which has another id here.
        if said["call_id"] == 2 || said["reply_to"] == 2 {
            continue;
        }
        match text(frame, "dir") {
            "client" => rtm.0.send_text(text(frame, "raw")).await,
            "server" => {
                let told = rtm.next().await;
                let names = |frame: &Value| {
                    let fields = frame.as_object().unwrap().keys();
                    fields.cloned().collect::<BTreeSet<_>>()
                };
                assert_eq!(names(&told), names(said));
                for name in ["type", "code", "status", "call_id", "reply_to", "text"] {
                    assert_eq!(told[name], said[name], "{name}: {told} {said}");
                }
                answered += 1;
            }
            _ => {}
        }
    }
    assert_eq!(answered, 9);
}
