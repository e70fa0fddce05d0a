//! `mynah explain`, as people ask it.

use std::process::Output;

use serde_json::Value;

use crate::harness::mynah;

fn explain(arguments: &[&str]) -> Output {
    let mut command = mynah();
    for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(name);
    }
    command.arg("explain").args(arguments).output().unwrap()
}

fn told(arguments: &[&str]) -> String {
    let output = explain(arguments);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_code_is_told_with_its_cause_and_what_mends_it() {
    let told = told(&["wecom", "60020"]);
    assert!(
        told.starts_with("wecom 60020: not allow to access from your ip\n"),
        "{told}"
    );
    for word in ["  cause   ", "  fix     ", "企业可信IP", "  repeat  no"] {
        assert!(told.contains(word), "{word}: {told}");
    }
}

#[test]
fn it_is_told_in_the_language_that_is_asked_for() {
    let chinese = told(&["wecom", "60020", "--language", "zh"]);
    assert!(
        chinese.contains("原因") && !chinese.contains("cause"),
        "{chinese}"
    );
    let both = told(&["wecom", "60020", "--language", "both"]);
    assert!(both.contains("原因") && both.contains("cause"), "{both}");
    let mut command = mynah();
    command
        .args(["explain", "wecom", "60020"])
        .env("LC_ALL", "zh_CN.UTF-8");
    assert_eq!(command.output().unwrap().stdout, chinese.as_bytes());
}

#[test]
fn programs_get_both_languages_and_the_remedy() {
    let told = told(&["wecom", "42001", "-o", "json"]);
    let rows: Value = serde_json::from_str(&told).unwrap();
    let row = &rows[0];
    assert_eq!(rows.as_array().unwrap().len(), 1);
    assert_eq!(row["code"], "42001");
    assert_eq!(
        (&row["remedy"], &row["repeat"]),
        (&"refresh-token".into(), &true.into())
    );
    for language in ["en", "zh"] {
        assert!(row["cause"][language].is_string() && row["fix"][language].is_string());
    }
}

#[test]
fn every_code_of_a_platform_is_listed_on_a_line_of_its_own() {
    for (platform, least) in [
        ("onebot", 40),
        ("wecom", 106),
        ("dingtalk", 380),
        ("rongcloud", 50),
        ("bearychat", 15),
    ] {
        let told = told(&[platform]);
        assert!(told.lines().count() >= least, "{platform}: {told}");
    }
}

#[test]
fn a_negative_code_is_a_code_and_no_option() {
    assert!(told(&["onebot", "-34"]).contains("muted"));
    assert!(told(&["dingtalk", "-1"]).contains("busy"));
}

#[test]
fn words_and_messages_are_looked_through() {
    let told = told(&[
        "wecom",
        "access denied: errcode 60020, hint: [1], from ip: 203.0.113.7",
    ]);
    assert!(told.contains("203.0.113.7: add that one"), "{told}");
    let found = explain(&["dingtalk", "关键词"]);
    assert!(String::from_utf8_lossy(&found.stdout).contains("310000"));
}

#[test]
fn what_is_not_known_is_said_with_where_to_look() {
    let output = explain(&["wecom", "12345678"]);
    assert_eq!(output.status.code(), Some(1));
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    for word in [
        "12345678",
        "mynah explain wecom",
        "https://open.work.weixin.qq.com",
    ] {
        assert!(words.contains(word), "{word}: {words}");
    }
    let output = explain(&["telegram", "1"]);
    assert_eq!(output.status.code(), Some(2));
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(words.contains("onebot, wecom, dingtalk"), "{words}");
}
