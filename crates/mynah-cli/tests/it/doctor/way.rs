//! Mistakes on the way to a platform.

use std::io::Write;
use std::net::TcpListener;
use std::time::{Duration, SystemTime};

use super::stub::{http, raw, respond, tls, with};
use super::{account, doctor, wecom, world};

/// A group robot of WeCom at an address.
fn robot(api: &str) -> String {
    account(
        "wecom",
        &format!("webhook_key = 'sandbox-webhook-key'\napi = '{api}'"),
    )
}

/// What a robot is answered whose key is right.
const FINE: &str = r#"{"errcode":40008,"errmsg":"invalid message type"}"#;

/// A port that nobody listens at.
fn closed() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

#[test]
fn a_name_that_nobody_knows() {
    // A label of more than 63 letters is no name, and no name server is asked for it.
    let host = "x".repeat(64);
    let told = doctor(&robot(&format!("http://{host}.invalid")), &[]);
    told.only("dns.unknown", 6);
}

#[test]
fn a_port_that_nobody_listens_at() {
    let told = doctor(&robot(&format!("http://127.0.0.1:{}", closed())), &[]);
    let found = told.only("tcp.refused", 6);
    assert!(
        found["fix"].as_str().unwrap().contains("container"),
        "{found}"
    );
}

#[test]
fn https_where_the_server_speaks_http() {
    let server = http(|_| respond(200, FINE));
    doctor(&robot(&format!("https://{server}")), &[]).only("tls.none", 3);
}

#[test]
fn http_where_the_server_speaks_https() {
    let server = tls(&["127.0.0.1"], |_| ());
    doctor(&robot(&format!("http://{server}")), &[]).only("tls.missing", 3);
}

#[test]
fn a_certificate_that_vouches_for_itself() {
    let server = tls(&["127.0.0.1"], |_| ());
    doctor(&robot(&format!("https://{server}")), &[]).only("tls.self_signed", 6);
}

#[test]
fn a_certificate_that_has_expired() {
    let server = tls(&["127.0.0.1"], |params| {
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2021, 2, 3);
    });
    let told = doctor(&robot(&format!("https://{server}")), &[]);
    let found = told.only("tls.expired", 6);
    assert!(
        found["seen"].as_str().unwrap().contains("2021-02-03"),
        "{found}"
    );
}

#[test]
fn a_certificate_for_another_host() {
    let server = tls(&["other.example.com"], |_| ());
    let told = doctor(&robot(&format!("https://{server}")), &[]);
    let found = told.only("tls.name", 6);
    assert!(
        found["seen"]
            .as_str()
            .unwrap()
            .contains("other.example.com"),
        "{found}"
    );
}

#[test]
fn a_server_that_says_nothing() {
    let server = raw(drop);
    doctor(&robot(&format!("http://{server}")), &[]).only("net.silent", 6);
}

#[test]
fn a_server_that_wants_another_address() {
    let server = http(|_| with("location", "https://moved.example.com/", respond(301, "")));
    let told = doctor(&robot(&format!("http://{server}")), &[]);
    assert!(told.codes().contains(&"http.redirect"), "{told:#?}");
    assert_eq!(told.exit, 3);
}

#[test]
fn a_clock_that_is_two_hours_off() {
    let server = http(|_| {
        let date = SystemTime::now() + Duration::from_secs(7200);
        with("date", &httpdate::fmt_http_date(date), respond(200, FINE))
    });
    let told = doctor(&robot(&format!("http://{server}")), &[]);
    let found = told.only("clock.skew", 1);
    assert!(
        found["seen"].as_str().unwrap().contains("behind"),
        "{found}"
    );
}

#[test]
fn a_clock_that_is_too_far_off_for_dingtalks_signatures() {
    let server = http(|_| {
        let date = SystemTime::now() - Duration::from_secs(7200);
        let fine = r#"{"errcode":400105,"errmsg":"unsupported msgtype"}"#;
        with("date", &httpdate::fmt_http_date(date), respond(200, fine))
    });
    let keys = format!("access_token = 't'\nsecret = 'SECs'\napi = 'http://{server}'");
    let told = doctor(&account("dingtalk", &keys), &[]);
    let found = told.only("clock.skew", 1);
    assert!(found["cause"].as_str().unwrap().contains("3600"), "{found}");
    assert_eq!(found["severity"], "error");
}

#[test]
fn a_proxy_that_is_not_at_work() {
    let proxy = format!("proxy = 'http://127.0.0.1:{}'", closed());
    doctor(&wecom(&proxy), &[]).only("proxy.unreachable", 6);
}

/// A proxy that answers every request so.
fn proxy(answer: &'static str) -> String {
    let address = raw(move |mut stream| {
        let mut head = [0; 1024];
        let _ = std::io::Read::read(&mut stream, &mut head);
        let _ = stream.write_all(answer.as_bytes());
    });
    format!("proxy = 'http://user:hush@{address}'")
}

#[test]
fn a_proxy_that_wants_another_password() {
    let wants = "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n";
    let told = doctor(&wecom(&proxy(wants)), &[]);
    told.only("proxy.login", 3);
    assert!(!told.stdout.contains("hush"), "{}", told.stdout);
}

#[test]
fn a_proxy_that_lets_nobody_through() {
    let api = "api = 'https://proxied.example.com'\n";
    let forbids = "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n";
    doctor(&wecom(&format!("{api}{}", proxy(forbids))), &[]).only("proxy.forbidden", 3);
}

#[test]
fn a_proxy_that_does_its_work_is_no_mistake() {
    let there = world("wecom");
    let (host, _) = there
        .strip_prefix("http://")
        .unwrap()
        .split_once('/')
        .unwrap();
    let host = host.to_owned();
    // Requests over plain HTTP are handed to it with the whole address.
    let proxy = raw(move |mut client| {
        let mut server = std::net::TcpStream::connect(&host).unwrap();
        let (mut there, mut back) = (client.try_clone().unwrap(), server.try_clone().unwrap());
        let up = std::thread::spawn(move || std::io::copy(&mut there, &mut server));
        let _ = std::io::copy(&mut back, &mut client);
        drop(up);
    });
    let told = doctor(&wecom(&format!("proxy = 'http://{proxy}'")), &[]);
    assert_eq!(told.codes(), [""; 0], "{told:#?}");
}
