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
    let (file, function) = proof.split_once(": ").unwrap();
    let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
    let source = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let head = format!("#[test]\nfn {function}() {{\n");
    let (_, rest) = source
        .split_once(&head)
        .unwrap_or_else(|| panic!("{path} has no test {function}"));
    rest.split("\n}\n").next().unwrap().to_owned()
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
