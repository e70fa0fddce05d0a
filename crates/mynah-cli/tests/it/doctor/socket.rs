//! Mistakes at the sockets that accounts open.

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::Message;

use super::stub::{http, respond};
use super::{account, doctor, world};

fn onebot(url: &str, token: &str) -> String {
    account(
        "onebot",
        &format!("connect = '{url}'\naccess_token = '{token}'"),
    )
}

#[test]
fn another_token_than_that_of_the_socket() {
    let url = world("onebot").replace("http", "ws");
    doctor(&onebot(&url, "another"), &[]).only("onebot.token", 4);
}

#[test]
fn the_port_of_the_http_service() {
    let server = http(|_| respond(200, "{}"));
    doctor(&onebot(&format!("ws://{server}"), "t"), &[]).only("socket.http", 3);
}

#[test]
fn a_path_without_a_socket() {
    let server = http(|_| respond(404, "not found"));
    doctor(&onebot(&format!("ws://{server}/ws"), "t"), &[]).only("socket.path", 3);
}

/// An implementation that lets everybody in, says this, and closes.
fn saying(frame: &'static str) -> String {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            tell.send(listener.local_addr().unwrap()).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut socket) = tokio_tungstenite::accept_async(stream).await else {
                    continue;
                };
                if !frame.is_empty() {
                    let _ = socket.send(Message::text(frame)).await;
                }
                let _ = socket.close(None).await;
                while let Some(Ok(_)) = socket.next().await {}
            }
        });
    });
    format!("ws://{}", told.recv().unwrap())
}

#[test]
fn a_token_that_is_refused_after_the_handshake() {
    let url = saying(r#"{"status":"failed","retcode":1403,"data":null}"#);
    doctor(&onebot(&url, "t"), &[]).only("onebot.token", 4);
}

#[test]
fn an_implementation_that_closes_without_a_word() {
    doctor(&onebot(&saying(""), "t"), &[]).only("onebot.token", 4);
}

#[test]
fn a_socket_of_another_protocol() {
    doctor(&onebot(&saying("hello"), "t"), &[]).only("onebot.foreign", 3);
}

#[test]
fn a_stream_that_the_platform_does_not_open() {
    let server = http(|request| match request.uri().path() {
        "/v1.0/oauth2/accessToken" => respond(200, r#"{"accessToken":"t","expireIn":7200}"#),
        "/v1.0/gateway/connections/open" => respond(
            401,
            r#"{"code":"authFailed","message":"鉴权失败","requestid":"r"}"#,
        ),
        "/auth/scopes" => respond(
            200,
            r#"{"errcode":0,"errmsg":"ok","auth_org_scopes":{"authed_dept":[1]}}"#,
        ),
        "/gettoken" => respond(
            200,
            r#"{"errcode":0,"errmsg":"ok","access_token":"t","expires_in":7200}"#,
        ),
        _ => respond(
            400,
            r#"{"code":"invalid.processQueryKey","message":"","requestid":"r"}"#,
        ),
    });
    let keys = format!("client_id = 'd'\nclient_secret = 's'\napi = 'http://{server}'");
    let told = doctor(&account("dingtalk", &keys), &[]);
    told.only("dingtalk.secret", 4);
}
