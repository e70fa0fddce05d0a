//! Mistakes of the program that a platform calls.

use std::time::{Duration, SystemTime};

use mynah_core::{HttpRequest, HttpResponse, Inbound, Received};
use mynah_dingtalk::DingTalk;
use mynah_wecom::WeCom;

use super::stub::{http, respond, with};
use super::{Told, account, doctor, sandboxed, wecom, world};

const TOKEN: &str = "MynahToken123";
const AES_KEY: &str = "TXluYWgtc2FuZGJveC1lbmNvZGluZy1hZXMta2V5ISE";

/// Plays WeCom against a program.
fn against(program: impl Fn(HttpRequest) -> HttpResponse + Send + Sync + 'static) -> Told {
    let there = format!("http://{}/wecom", http(program));
    let keys = format!("listen = '127.0.0.1:0'\ntoken = '{TOKEN}'\nencoding_aes_key = '{AES_KEY}'");
    doctor(&wecom(&keys), &["--callback", &there])
}

/// A program that does everything right.
fn right(token: &str, request: &HttpRequest) -> HttpResponse {
    let key = AES_KEY.parse().unwrap();
    let secret =
        mynah_wecom::CallbackSecret::application(&token.to_owned().into(), &key, "ww-sandbox");
    match WeCom::verify(&secret, request, SystemTime::now()) {
        Ok(Received::Challenge(response)) => response,
        Ok(Received::Event(arrival)) => arrival.reply.acknowledge(),
        Err(forged) => respond(forged.status, ""),
    }
}

/// The same, but for what it answers to the check of its address.
fn echoing(spoil: impl Fn(&str) -> String + Send + Sync + 'static) -> Told {
    against(move |request| {
        let answer = right(TOKEN, &request);
        if request.method() == "GET" && answer.status() == 200 {
            let echo = String::from_utf8(answer.body().to_vec()).unwrap();
            return respond(200, &spoil(&echo));
        }
        answer
    })
}

#[test]
fn a_program_that_does_everything_right() {
    let told = against(|request| right(TOKEN, &request));
    assert_eq!(told.codes(), [""; 0], "{told:#?}");
    assert_eq!(told.exit, 0);
}

#[test]
fn a_program_with_another_token() {
    let told = against(|request| right("another", &request));
    let found = told.only("callback.refused", 1);
    assert!(found["seen"].as_str().unwrap().contains("403"), "{found}");
}

#[test]
fn a_line_break_behind_the_text() {
    echoing(|echo| format!("{echo}\n")).only("callback.padded", 1);
}

#[test]
fn a_text_in_quotes() {
    echoing(|echo| format!("\"{echo}\"")).only("callback.quoted", 1);
}

#[test]
fn another_text() {
    echoing(|echo| format!("{}0", &echo[1..])).only("callback.echo", 1);
}

#[test]
fn a_check_that_is_taken_for_an_event() {
    echoing(|_| "success".to_owned()).only("callback.unechoed", 1);
}

#[test]
fn an_echo_that_is_not_decrypted() {
    let told = against(|request| {
        let answer = right(TOKEN, &request);
        let query = request.uri().query().unwrap_or_default();
        match query.split("echostr=").nth(1) {
            Some(echostr) if answer.status() == 200 => respond(200, echostr),
            _ => answer,
        }
    });
    told.only("callback.undecrypted", 1);
}

#[test]
fn an_answer_in_plain_text() {
    let told = against(|request| {
        let answer = right(TOKEN, &request);
        if request.method() == "POST" && answer.status() == 200 {
            return respond(200, "<xml><Content>hi</Content></xml>");
        }
        answer
    });
    assert!(told.codes()[0].starts_with("callback."), "{told:#?}");
    assert_eq!(told.codes().len(), 1);
}

#[test]
fn a_program_that_looks_at_no_signature() {
    let told = against(|request| {
        // It decrypts whatever comes.
        let query = request.uri().query().unwrap_or_default().to_owned();
        let key = AES_KEY.parse().unwrap();
        let envelope = mynah_crypto::Envelope::new("", &key, "ww-sandbox");
        let Some(echostr) = query.split("echostr=").nth(1) else {
            return respond(200, "");
        };
        let echostr = echostr
            .replace("%2B", "+")
            .replace("%2F", "/")
            .replace("%3D", "=");
        match envelope.open(&echostr) {
            Ok(echo) => respond(200, &echo),
            Err(_) => respond(403, ""),
        }
    });
    told.only("callback.unchecked", 1);
}

#[test]
fn a_web_page_instead_of_the_program() {
    let page = "<!DOCTYPE html>\n<html><h1>Welcome to nginx!</h1></html>";
    let told = against(move |_| with("content-type", "text/html", respond(200, page)));
    assert!(told.codes().contains(&"callback.html"), "{told:#?}");
    assert_eq!(told.exit, 1);
}

#[test]
fn a_redirect_instead_of_an_answer() {
    let told = against(|_| with("location", "https://bot.example.com/", respond(308, "")));
    let found = told.only("callback.redirect", 1);
    assert!(
        found["seen"]
            .as_str()
            .unwrap()
            .contains("https://bot.example.com/"),
        "{found}"
    );
}

#[test]
fn a_path_without_a_program() {
    against(|_| respond(404, "404 page not found")).only("callback.path", 1);
}

#[test]
fn a_program_that_takes_no_get() {
    let told = against(|request| {
        if request.method() == "GET" {
            return respond(405, "");
        }
        right(TOKEN, &request)
    });
    told.only("callback.method", 1);
}

#[test]
fn a_proxy_without_a_program_behind_it() {
    against(|_| respond(502, "Bad Gateway")).only("callback.gateway", 6);
}

#[test]
fn a_program_that_fails() {
    against(|_| respond(500, "Traceback")).only("callback.failed", 1);
}

#[test]
fn a_program_that_thinks_too_long() {
    let told = against(|request| {
        let answer = right(TOKEN, &request);
        if request.method() == "GET" && answer.status() == 200 {
            std::thread::sleep(Duration::from_millis(1300));
        }
        answer
    });
    let found = told.only("callback.slow", 1);
    assert!(
        found["cause"].as_str().unwrap().contains("1.0 s"),
        "{found}"
    );
}

#[test]
fn an_address_that_nobody_listens_at() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let there = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let keys = format!("listen = '127.0.0.1:0'\ntoken = '{TOKEN}'\nencoding_aes_key = '{AES_KEY}'");
    doctor(&wecom(&keys), &["--callback", &there]).only("tcp.refused", 6);
}

/// Plays DingTalk against a program.
fn dingtalk(program: impl Fn(HttpRequest) -> HttpResponse + Send + Sync + 'static) -> Told {
    let there = format!("http://{}/", http(program));
    let keys = format!(
        "client_id = 'ding-sandbox'\nclient_secret = 'sandbox-secret'\nlisten = '127.0.0.1:0'\n\
         token = '{TOKEN}'\naes_key = '{AES_KEY}'"
    );
    doctor(&sandboxed("dingtalk", &keys), &["--callback", &there])
}

fn right_for_dingtalk(request: &HttpRequest) -> HttpResponse {
    let key = AES_KEY.parse().unwrap();
    let secret = mynah_dingtalk::CallbackSecret::events(TOKEN, &key, ["ding-sandbox"])
        .and_robot("sandbox-secret");
    match DingTalk::verify(&secret, request, SystemTime::now()) {
        Ok(Received::Challenge(response)) => response,
        Ok(Received::Event(arrival)) => arrival.reply.acknowledge(),
        Err(forged) => respond(forged.status, ""),
    }
}

#[test]
fn a_success_in_plain_text() {
    assert_eq!(
        dingtalk(|request| right_for_dingtalk(&request)).codes(),
        [""; 0]
    );
    let told = dingtalk(|request| {
        let answer = right_for_dingtalk(&request);
        let is_event = request.uri().query().is_some();
        if is_event && answer.status() == 200 {
            respond(200, "success")
        } else {
            answer
        }
    });
    told.only("callback.plain", 1);
}

#[test]
fn a_robot_that_takes_what_anybody_posts() {
    let told = dingtalk(|request| {
        if request.uri().query().is_none() {
            return respond(200, "");
        }
        right_for_dingtalk(&request)
    });
    assert_eq!(
        told.codes(),
        ["callback.unchecked", "callback.stale"],
        "{told:#?}"
    );
}

/// Plays RongCloud against a program.
fn rongcloud(program: impl Fn(HttpRequest) -> HttpResponse + Send + Sync + 'static) -> Told {
    let there = format!("http://{}/", http(program));
    let keys = "app_key = 'rc-sandbox'\napp_secret = 'sandbox-secret'\nlisten = '127.0.0.1:0'";
    doctor(&sandboxed("rongcloud", keys), &["--callback", &there])
}

#[test]
fn a_message_route_that_looks_at_no_signature() {
    rongcloud(|_| respond(200, "ok")).only("callback.unchecked", 1);
}

#[test]
fn a_message_route_that_cannot_be_read() {
    rongcloud(|_| respond(415, "expected JSON")).only("callback.unread", 1);
}

#[test]
fn an_outgoing_robot_that_answers_anybody() {
    let there = http(|_| respond(200, r#"{"text":"hi"}"#));
    let keys = "outgoing_token = 't'\nlisten = '127.0.0.1:0'";
    let told = doctor(
        &account("bearychat", keys),
        &["--callback", &format!("http://{there}/")],
    );
    told.only("callback.unchecked", 1);
}

#[test]
fn event_posts_that_anybody_can_make() {
    let there = http(|_| respond(204, ""));
    let keys = format!(
        "secret = 's'\naccess_token = 'sandbox-token'\napi = '{}'",
        world("onebot")
    );
    let told = doctor(
        &account("onebot", &keys),
        &["--callback", &format!("http://{there}/")],
    );
    told.only("callback.unchecked", 1);
}

#[test]
fn an_account_that_nobody_calls_back() {
    let there = http(|_| respond(200, ""));
    let keys = "webhook_key = 'sandbox-webhook-key'";
    let told = doctor(
        &sandboxed("wecom", keys),
        &["--callback", &format!("http://{there}/")],
    );
    assert_eq!(told.exit, 0);
    assert_eq!(told.findings[0]["code"], "callback.none");
}
