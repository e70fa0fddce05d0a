//! Every recorded request, answered with the recorded status and in the recorded
//! shape.

use mynah_core::HttpRequest;
use mynah_core::http::Request;
use mynah_sandbox::Time;
use mynah_sandbox::bearychat::{BearyChatWorld, Seed};
use serde_json::{Value, json};

use super::support::{ALICE, BOB, CAROL, DEV, Team, answer, escaped, raw, text_of, vectors};

/// Recorded answers that a fault makes this world give, and no rule.
const OF_FAULTS: [&str; 4] = [
    "py/RTMClient.start/forbidden",
    "py/RTMClient.current_team.info/forbidden",
    "js/HTTPClient/code-in-200",
    "js/HTTPClient/403",
];

/// What the recording server, which looked at nothing, let pass and this world
/// does not.
const REFUSED: [(&str, u16); 4] = [
    ("user.list/no-token", 401),
    ("session_channel.create/empty-list", 400),
    ("message.query/as-string", 400),
    ("py/message.query/params", 400),
];

/// Shortly after the moment that recorded queries ask for.
const THEN: i64 = 1_485_236_262_400;

/// A team in which there is what recorded requests are about, and what it is
/// called there.
fn staged(name: &str) -> (Team, Vec<(&'static str, String)>) {
    // One of the recorded clients makes a channel that ships with the seed.
    let seed =
        include_str!("../../../assets/seed.toml").replace("name = \"dev\"", "name = \"old\"");
    let mut team = Team::of(BearyChatWorld::new(&Seed::parse(&seed).unwrap()));
    mynah_sandbox::World::set_time(&mut team.world, Time(THEN));
    let channel = team.ok("channel.create", json!({ "name": "mine" }));
    let channel = text_of(&channel, "id");
    team.ok(
        "channel.invite",
        json!({ "channel_id": channel, "invite_uid": BOB }),
    );
    let session = json!({ "member_uids": [ALICE, BOB] });
    let session = text_of(&team.ok("session_channel.create", session), "id");
    let p2p = team.p2p(CAROL);
    let key = team.post(&channel, "hi");
    let pin = json!({ "vchannel_id": channel, "message_key": key });
    let pin = text_of(&team.ok("message_pin.create", pin), "id");
    let vchannel = match name {
        // Where the bot is not.
        "RtmAPI.message/forbidden" => DEV.to_owned(),
        _ => channel.clone(),
    };
    if name.ends_with("rate-limited") || name.ends_with("429") {
        team.world.settings_mut().calls_per_hour = 0;
    }
    let named = vec![
        ("channel_id", channel.clone()),
        ("session_channel_id", session),
        ("p2p_channel_id", p2p.clone()),
        ("vchannel_id", channel),
        ("vchannel", vchannel),
        ("to_vchannel_id", p2p),
        ("message_key", key.clone()),
        ("key", key),
        ("pin_id", pin),
    ];
    (team, named)
}

/// The request of a record, about what there is; the rest is as it was written.
fn replay(record: &Value, named: &[(&'static str, String)]) -> HttpRequest {
    let given = &record["request"];
    let service = match record["base"].as_str().unwrap() {
        "openapi" => "",
        "rtm" => "/rtm",
        "hook" => "/hook",
        other => panic!("{other}"),
    };
    let target = given["raw_target"].as_str().unwrap();
    let mut target = target.replace("/=bw52O/", "/=bwTeam/");
    let mut body = given["raw_body"].as_str().unwrap_or_default().to_owned();
    for (name, value) in named {
        for start in [format!("?{name}="), format!("&{name}=")] {
            if let Some((before, rest)) = target.split_once(&start) {
                let end = rest.find('&').unwrap_or(rest.len());
                let (old, after) = rest.split_at(end);
                // Some clients do not escape what begins the value of an id.
                let value = if old.starts_with('=') {
                    value.clone()
                } else {
                    escaped(value)
                };
                target = format!("{before}{start}{value}{after}");
            }
        }
        // Only what stands at the top: within a query keys are positions.
        let top = serde_json::from_str::<Value>(&body).unwrap_or_default();
        if let Some(old) = top[*name].as_str() {
            for colon in [":", ": "] {
                let written = |value: &str| format!("\"{name}\"{colon}\"{value}\"");
                body = body.replace(&written(old), &written(value));
            }
        }
    }
    let mut request = Request::builder()
        .method(given["method"].as_str().unwrap())
        .uri(format!("http://127.0.0.1/bearychat{service}{target}"));
    for (name, value) in given["headers"].as_object().unwrap() {
        request = request.header(name, value.as_str().unwrap());
    }
    request.body(body.into()).unwrap()
}

/// Everything that was recorded is there, and of the recorded kind.
#[track_caller]
fn assert_like(name: &str, recorded: &Value, answer: &Value) {
    match (recorded, answer) {
        (Value::Null, _) | (_, Value::Null) => {}
        (Value::Object(recorded), Value::Object(answer)) => {
            for (field, recorded) in recorded {
                let answer = answer.get(field);
                let answer = answer.unwrap_or_else(|| panic!("{name}: no {field}"));
                assert_like(&format!("{name}.{field}"), recorded, answer);
            }
        }
        (Value::Array(recorded), Value::Array(answer)) => {
            if let (Some(recorded), Some(answer)) = (recorded.first(), answer.first()) {
                assert_like(&format!("{name}[]"), recorded, answer);
            }
        }
        _ => {
            let same = std::mem::discriminant(recorded) == std::mem::discriminant(answer);
            assert!(same, "{name}: {recorded} was recorded, not {answer}");
        }
    }
}

#[test]
fn every_recorded_request_is_answered_as_recorded() {
    let records = vectors("requests");
    let mut all = records.as_array().unwrap().iter();
    let channel = all.find(|record| record["name"] == "channel.info").unwrap();
    let channel = channel["response"]["json"].clone();
    let mut answered = 0;
    for record in records.as_array().unwrap() {
        let name = record["name"].as_str().unwrap();
        if OF_FAULTS.contains(&name) {
            continue;
        }
        let (mut team, named) = staged(name);
        let request = replay(record, &named);
        let response = raw(&mut team.world, &request);
        let (status, answer) = answer(&response);
        let refused = REFUSED.iter().find(|(refused, _)| *refused == name);
        if let Some((_, expected)) = refused {
            assert_eq!(status, *expected, "{name}: {answer}");
            continue;
        }
        let recorded = &record["response"];
        assert_eq!(recorded["status"], status, "{name}: {answer}");
        let shape = if name.contains("convert_to_channel") {
            // The page shows a session channel, but a channel is what it is.
            &channel
        } else {
            &recorded["json"]
        };
        assert_like(name, shape, &answer);
        let counted = record["base"] == "openapi";
        let headers = response.headers();
        assert_eq!(headers.contains_key("x-ratelimit-reset"), counted, "{name}");
        assert_eq!(
            headers.contains_key("content-type"),
            !answer.is_null(),
            "{name}"
        );
        answered += 1;
    }
    assert_eq!(answered, 161);
}

#[test]
fn the_attested_refusals_are_told_word_for_word() {
    let vectors = vectors("errors");
    let told = |name: &str| {
        let mut all = vectors.as_array().unwrap().iter();
        all.find(|it| it["name"] == name).unwrap()["json"].clone()
    };
    let mut team = Team::new();
    let (status, answer) = team.call("/rtm/message", json!({ "vchannel": DEV, "text": "hi" }));
    assert_eq!((status, answer), (403, told("forbidden")));
    let (status, answer) = team.call("file.location", json!({ "file_key": "none" }));
    assert_eq!((status, answer), (404, told("file-not-found")));
    team.world.settings_mut().calls_per_hour = 0;
    assert_eq!(team.call("user.me", json!({})).1, told("rate-limited"));
}
