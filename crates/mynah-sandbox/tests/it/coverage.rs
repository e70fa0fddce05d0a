//! Nothing is offered that nothing proves.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::support::{Bench, vectors};

async fn report() -> Value {
    Bench::start().await.get("/control/coverage").await.json()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name} in {value}"))
}

/// The body of the test that a proof names.
fn test_named(proof: &str) -> String {
    source_and_test(proof).1
}

/// The file that a proof names, and the body of the test in it.
fn source_and_test(proof: &str) -> (String, String) {
    let (file, function) = proof.split_once(": ").unwrap();
    let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
    let source = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let heads = ["#[test]\n", "#[tokio::test]\nasync "];
    let heads = heads.map(|head| format!("{head}fn {function}() {{\n"));
    let mut found = heads.iter().filter_map(|head| source.split_once(head));
    let (_, rest) = found
        .next()
        .unwrap_or_else(|| panic!("{path} has no test {function}"));
    let body = rest.split("\n}\n").next().unwrap().to_owned();
    (source, body)
}

#[tokio::test]
async fn every_endpoint_is_served_documented_and_proved() {
    let report = report().await;
    let recorded = vectors("actions.json");
    let recorded: BTreeSet<&str> = recorded["actions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|action| text(action, "name"))
        .collect();
    let endpoints = report["onebot"]["endpoints"].as_array().unwrap();
    assert_eq!(endpoints.len(), recorded.len());
    let mut tests: BTreeMap<&str, String> = BTreeMap::new();
    for endpoint in endpoints {
        let name = text(endpoint, "name");
        let action = name.strip_prefix("onebot.").unwrap();
        assert!(recorded.contains(action), "{name} has no vector");
        assert_eq!(endpoint["served"], json!(true), "{name}");
        assert_eq!(text(endpoint, "path"), format!("/{action}"));
        assert!(text(endpoint, "doc").starts_with("https://"), "{name}");
        let proof = text(endpoint, "proof");
        let body = tests.entry(proof).or_insert_with(|| test_named(proof));
        let loops = body.contains("vectors(\"actions\")");
        let named = body.contains(&format!("\"{action}\""));
        assert!(loops || named, "{proof} does not call {action}");
    }
}

#[tokio::test]
async fn every_endpoint_is_there_on_the_wire() {
    let bench = Bench::start().await;
    bench.deliver(json!({"legacy": true})).await;
    let report = bench.get("/control/coverage").await.json();
    for endpoint in report["onebot"]["endpoints"].as_array().unwrap() {
        let action = text(endpoint, "path").trim_start_matches('/');
        let answer = bench.try_call(action, json!({})).await.unwrap();
        assert_eq!(answer.status, 200, "{action}");
    }
}

#[tokio::test]
async fn every_kind_of_event_is_proved() {
    let report = report().await;
    let recorded = vectors("events.json");
    let recorded: Vec<&str> = recorded["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| text(event, "name"))
        .collect();
    let events = report["onebot"]["events"].as_array().unwrap();
    let names: Vec<&str> = events.iter().map(|event| text(event, "name")).collect();
    assert_eq!(names, recorded);
    for event in events {
        let body = test_named(text(event, "proof"));
        assert!(body.contains("vectors(\"events\")"), "{event}");
    }
}

/// What a test of the world of WeCom writes instead of a path.
const WORDS: [(&str, &str); 3] = [
    ("appchat/get", "info("),
    ("message/send", "message("),
    ("media/upload", "upload("),
];

#[tokio::test]
async fn every_endpoint_of_wecom_is_served_documented_and_proved() {
    let report = report().await;
    let endpoints = report["wecom"]["endpoints"].as_array().unwrap();
    assert_eq!(endpoints.len(), 58);
    let mut tests: BTreeMap<&str, String> = BTreeMap::new();
    for endpoint in endpoints {
        let name = text(endpoint, "name");
        assert_eq!(endpoint["served"], json!(true), "{name}");
        assert!(text(endpoint, "doc").starts_with("https://"), "{name}");
        let path = text(endpoint, "path");
        let tail = path.strip_prefix("/cgi-bin/");
        let tail = tail.or_else(|| path.strip_prefix("/openws/")).unwrap();
        let proof = text(endpoint, "proof");
        let body = tests.entry(proof).or_insert_with(|| test_named(proof));
        let word = WORDS.iter().find(|(path, _)| *path == tail);
        let named = body.contains(tail) || word.is_some_and(|(_, word)| body.contains(word));
        assert!(named, "{proof} does not call {tail}");
    }
}

#[tokio::test]
async fn every_kind_of_callback_of_wecom_is_proved() {
    let report = report().await;
    let events = report["wecom"]["events"].as_array().unwrap();
    let names: Vec<&str> = events.iter().map(|event| text(event, "name")).collect();
    assert_eq!(names, crate::wecom_world::events::PRODUCED);
    for event in events {
        let body = test_named(text(event, "proof"));
        assert!(body.contains("everything()"), "{event}");
    }
}

/// What a test of the world of DingTalk writes to make a call: the path without
/// what all have in common, the method of TOP, or the name of a recorded call
/// of it.
fn words_for(endpoint: &Value) -> Vec<String> {
    if let Some(method) = text(endpoint, "name").strip_prefix("dingtalk.top.") {
        let word = method.rsplit('.').next().unwrap();
        return vec![method.to_owned(), format!("\"message.{word}\"")];
    }
    let path = text(endpoint, "path").trim_start_matches('/');
    let path = path.strip_prefix("v1.0/").unwrap_or(path);
    let mut pieces: Vec<&str> = path.split(['{', '}']).collect();
    pieces.sort_by_key(|piece| piece.len());
    vec![pieces.pop().unwrap().trim_matches('/').to_owned()]
}

/// Whether the test makes the call: it writes one of the words, a constant that
/// is one, or calls a helper in its file that does.
fn makes(source: &str, body: &str, words: &[String]) -> bool {
    let constants = source.lines().filter_map(|line| {
        let (name, value) = line.strip_prefix("const ")?.split_once(": &str = \"")?;
        let value = value.strip_suffix("\";")?;
        words.iter().any(|word| word == value).then_some(name)
    });
    let constants: Vec<&str> = constants.collect();
    let writes = |body: &str| {
        let constant = |name: &&str| body.split(|c: char| !is_word(c)).any(|word| word == *name);
        words.iter().any(|word| body.contains(word)) || constants.iter().any(constant)
    };
    let mut helpers = source.split("\nfn ").skip(1).filter_map(|rest| {
        let (name, rest) = rest.split_once('(')?;
        Some((name, rest.split("\n}\n").next()?))
    });
    writes(body) || helpers.any(|(name, help)| body.contains(&format!("{name}(")) && writes(help))
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

#[tokio::test]
async fn every_endpoint_of_dingtalk_is_served_documented_and_proved() {
    let report = report().await;
    let endpoints = report["dingtalk"]["endpoints"].as_array().unwrap();
    assert_eq!(endpoints.len(), 86);
    for endpoint in endpoints {
        let name = text(endpoint, "name");
        assert_eq!(endpoint["served"], json!(true), "{name}");
        assert!(text(endpoint, "doc").starts_with("https://"), "{name}");
        let proof = text(endpoint, "proof");
        let (source, body) = source_and_test(proof);
        let words = words_for(endpoint);
        assert!(makes(&source, &body, &words), "{proof} makes no {words:?}");
    }
}

#[tokio::test]
async fn every_kind_of_event_of_dingtalk_is_proved() {
    let report = report().await;
    let events = report["dingtalk"]["events"].as_array().unwrap();
    let names: Vec<&str> = events.iter().map(|event| text(event, "name")).collect();
    assert_eq!(names, crate::dingtalk_world::events::PRODUCED);
    for event in events {
        let body = test_named(text(event, "proof"));
        assert!(body.contains("everything()"), "{event}");
    }
}

#[tokio::test]
async fn every_endpoint_of_rongcloud_is_served_documented_and_proved() {
    let report = report().await;
    let endpoints = report["rongcloud"]["endpoints"].as_array().unwrap();
    assert_eq!(endpoints.len(), 83);
    for endpoint in endpoints {
        let name = text(endpoint, "name");
        assert_eq!(endpoint["served"], json!(true), "{name}");
        assert!(text(endpoint, "doc").starts_with("https://"), "{name}");
        let proof = text(endpoint, "proof");
        let (source, body) = source_and_test(proof);
        let path = text(endpoint, "path");
        let word = path.trim_start_matches('/').trim_end_matches(".json");
        // Alone: some paths begin others.
        let words = [format!("\"{word}\""), format!("\"{path}\"")];
        assert!(makes(&source, &body, &words), "{proof} makes no {words:?}");
    }
}

#[tokio::test]
async fn every_kind_of_callback_of_rongcloud_is_proved() {
    let report = report().await;
    let events = report["rongcloud"]["events"].as_array().unwrap();
    let names: Vec<&str> = events.iter().map(|event| text(event, "name")).collect();
    assert_eq!(names, crate::rongcloud_world::events::PRODUCED);
    for event in events {
        let body = test_named(text(event, "proof"));
        assert!(body.contains("everything()"), "{event}");
    }
}

/// What a test of BearyChat writes to make a call.
fn words_of_bearychat(endpoint: &Value) -> Vec<String> {
    let name = text(endpoint, "name").strip_prefix("bearychat.").unwrap();
    let path = text(endpoint, "path");
    let older = ["current_team.", "v1."]
        .iter()
        .any(|it| name.starts_with(it));
    match name {
        "incoming" => vec!["team.speak(".to_owned()],
        "message.info" => vec!["team.message(".to_owned()],
        "start" | "message" => vec![format!("\"/rtm{path}\"")],
        _ if older => vec![format!("\"/rtm{path}\"")],
        _ => vec![format!("\"{name}\""), format!("/v1{path}\"")],
    }
}

#[tokio::test]
async fn every_endpoint_of_bearychat_is_served_documented_and_proved() {
    let report = report().await;
    let endpoints = report["bearychat"]["endpoints"].as_array().unwrap();
    assert_eq!(endpoints.len(), 52);
    for endpoint in endpoints {
        let name = text(endpoint, "name");
        assert_eq!(endpoint["served"], json!(true), "{name}");
        assert!(text(endpoint, "doc").starts_with("https://"), "{name}");
        let proof = text(endpoint, "proof");
        let (source, body) = source_and_test(proof);
        let words = words_of_bearychat(endpoint);
        assert!(makes(&source, &body, &words), "{proof} makes no {words:?}");
    }
}

#[tokio::test]
async fn every_kind_of_event_and_frame_of_bearychat_is_proved() {
    let report = report().await;
    let events = report["bearychat"]["events"].as_array().unwrap();
    let names: Vec<&str> = events.iter().map(|event| text(event, "name")).collect();
    assert_eq!(names, crate::bearychat_rim::events::PRODUCED);
    for event in events {
        let body = test_named(text(event, "proof"));
        assert!(body.contains("PRODUCED"), "{event}");
    }
}

#[tokio::test]
async fn every_call_that_the_description_of_a_platform_names_is_there() {
    let bench = Bench::start().await;
    let report = bench.get("/control/coverage").await.json();
    for (platform, left_out) in [
        ("onebot", vec![]),
        ("wecom", vec!["/openws/"]),
        ("dingtalk", vec![]),
        ("rongcloud", vec![]),
        ("bearychat", vec!["/incoming"]),
    ] {
        let path = format!("/control/{platform}/openapi.json");
        let document = bench.get(&path).await.json();
        let server = text(&document["servers"][0], "url");
        let paths = document["paths"].as_object().unwrap();
        let methods = paths
            .values()
            .flat_map(|methods| methods.as_object().unwrap().values());
        let described: BTreeSet<_> = methods
            .flat_map(|call| text(call, "operationId").split(" | "))
            .collect();
        for endpoint in report[platform]["endpoints"].as_array().unwrap() {
            let path = text(endpoint, "path");
            let is_left_out = left_out.iter().any(|start| path.starts_with(start));
            let name = text(endpoint, "name");
            assert_eq!(described.contains(name), !is_left_out, "{name}");
        }
        for (path, methods) in paths {
            for method in methods.as_object().unwrap().keys() {
                let method = method.to_uppercase().parse().unwrap();
                let address = format!("{server}{path}");
                let answer = bench.send(method, &address, &[], "{}").await.unwrap();
                assert!(![404, 405].contains(&answer.status), "{address}");
                // DingTalk says so in its own words.
                let says = String::from_utf8_lossy(&answer.body);
                assert!(!says.contains(r#""errcode":404"#), "{address}: {says}");
            }
        }
    }
}
