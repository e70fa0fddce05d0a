//! The WebSockets that frameworks open to us.

use std::sync::Arc;

use http::header::{
    CONNECTION, HeaderMap, HeaderName, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_VERSION, UPGRADE,
};
use http::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use mynah_core::HttpResponse;
use mynah_onebot::socket::Role;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol;

use super::PLATFORM;
use super::calls::refuse;
use super::http::refusal;
use super::socket::{self, Place};
use super::sockets::Facts;
use crate::fault::{Effect, Point};
use crate::hub::{Hub, State};
use crate::journal::{self, Direction, Entry, Kind, Transport, Verdict};
use crate::server::Seat;

/// What a socket opened at this path (below `/onebot`) carries; `None` where
/// no sockets are
/// (<https://github.com/botuniverse/onebot-11/blob/master/communication/ws.md>).
pub(crate) fn role_at(path: &str) -> Option<Role> {
    Some(match path.strip_suffix('/').unwrap_or(path) {
        "" => Role::Universal,
        "/api" => Role::Api,
        "/event" => Role::Event,
        _ => return None,
    })
}

/// Whether a request asks for a WebSocket.
pub(crate) fn is_asked_for(headers: &HeaderMap) -> bool {
    mentions(headers, &UPGRADE, "websocket")
}

/// Answers a handshake; what it opens runs by itself from then on.
pub(crate) fn accept<B>(
    hub: &Arc<Hub>,
    request: &mut Request<B>,
    role: Role,
    peer: &str,
    seat: Option<Seat>,
) -> HttpResponse {
    let facts = Facts {
        transport: Transport::WsForward,
        peer: peer.to_owned(),
        role,
    };
    let checked = hub.with(|state| {
        let checked = check(state, request);
        note(state, request, &facts, checked.as_ref().err());
        checked
    });
    let accept_key = match checked {
        Ok(accept_key) => accept_key,
        Err(refused) => return refused,
    };
    let upgrade = hyper::upgrade::on(request);
    let hub = Arc::clone(hub);
    tokio::spawn(async move {
        // Otherwise the client has gone before it had the answer.
        if let Ok(upgraded) = upgrade.await {
            let io = TokioIo::new(upgraded);
            let server = protocol::Role::Server;
            let socket = WebSocketStream::from_raw_socket(io, server, Some(socket::config())).await;
            let place = hub.with(|state| Place::take(state, facts));
            socket::run(&hub, socket, place).await;
            drop(seat);
        }
    });
    switching(accept_key)
}

/// The accept key, or the response that refuses the handshake.
fn check<B>(state: &mut State, request: &Request<B>) -> Result<HeaderValue, HttpResponse> {
    let headers = request.headers();
    if request.method() != Method::GET {
        return Err(refusal(StatusCode::METHOD_NOT_ALLOWED));
    }
    if let Err(error) = state.onebot.world.settings().access_token.check(request) {
        let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::FORBIDDEN);
        return Err(refusal(status));
    }
    for effect in state.decide(PLATFORM, Point::Handshake) {
        if let Effect::Refuse(reason) = effect {
            return Err(refuse(reason));
        }
    }
    if headers
        .get(SEC_WEBSOCKET_VERSION)
        .is_none_or(|version| version != "13")
    {
        let mut response = refusal(StatusCode::UPGRADE_REQUIRED);
        let version = HeaderValue::from_static("13");
        response
            .headers_mut()
            .insert(SEC_WEBSOCKET_VERSION, version);
        return Err(response);
    }
    let key = headers
        .get(SEC_WEBSOCKET_KEY)
        .filter(|_| mentions(headers, &CONNECTION, "upgrade"))
        .ok_or_else(|| refusal(StatusCode::BAD_REQUEST))?;
    HeaderValue::try_from(derive_accept_key(key.as_bytes()))
        .map_err(|_| refusal(StatusCode::BAD_REQUEST))
}

fn mentions(headers: &HeaderMap, name: &HeaderName, word: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|given| given.trim().eq_ignore_ascii_case(word))
}

fn switching(accept_key: HeaderValue) -> HttpResponse {
    let mut response = refusal(StatusCode::SWITCHING_PROTOCOLS);
    let headers = response.headers_mut();
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(SEC_WEBSOCKET_ACCEPT, accept_key);
    response
}

fn note<B>(state: &mut State, request: &Request<B>, facts: &Facts, refused: Option<&HttpResponse>) {
    let uri = request.uri();
    let shown = uri.path_and_query().map_or(uri.path(), |uri| uri.as_str());
    let status = refused.map_or(StatusCode::SWITCHING_PROTOCOLS, HttpResponse::status);
    state.note(Entry {
        title: format!("connect {}", facts.role),
        method: request.method().to_string(),
        url: journal::url(shown),
        headers: journal::headers(request.headers()),
        status: status.as_u16(),
        verdict: if refused.is_some() {
            Verdict::Refused
        } else {
            Verdict::Ok
        },
        ..socket::entry(facts, Direction::In, Kind::Frame)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_are_at_three_paths_with_and_without_slash() {
        for (path, role) in [
            ("", Some(Role::Universal)),
            ("/", Some(Role::Universal)),
            ("/api", Some(Role::Api)),
            ("/api/", Some(Role::Api)),
            ("/event", Some(Role::Event)),
            ("/event/", Some(Role::Event)),
            ("/get_status", None),
            ("/api/x", None),
            ("//", None),
        ] {
            assert_eq!(role_at(path), role, "{path:?}");
        }
    }

    #[test]
    fn a_socket_is_asked_for_by_its_header() {
        let asked = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(UPGRADE, HeaderValue::from_static(value));
            is_asked_for(&headers)
        };
        assert!(asked("websocket") && asked("WebSocket") && asked("h2c, websocket"));
        assert!(!asked("h2c") && !is_asked_for(&HeaderMap::new()));
    }
}
