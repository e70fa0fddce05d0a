//! The WebSockets that others open to us.

use std::sync::Arc;

use http::header::{
    CONNECTION, HeaderMap, HeaderName, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_VERSION, UPGRADE,
};
use http::{Method, StatusCode};
use hyper_util::rt::TokioIo;
use mynah_core::HttpResponse;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol;

use super::http::nothing_but;
use super::socket::{self, Place, SocketRim};
use super::sockets::Facts;
use crate::fault::{Effect, Point, Refusal};
use crate::hub::State;
use crate::journal::{self, Direction, Entry, Kind, Transport, Verdict};
use crate::server::{Request, Seat, Server, peer_of};

/// A platform to which WebSockets are opened.
pub(crate) trait AcceptRim: SocketRim {
    /// Where a handshake can go wrong.
    const POINT: Point;

    /// Lets a handshake pass and says what the socket is for, or answers it
    /// with a refusal. `role` is what its address says it is for.
    fn admit(&mut self, request: &Request, role: Self::Role) -> Result<Self::Role, HttpResponse>;

    /// The platform's answer to a handshake that a fault refuses.
    fn refuse_socket(refusal: Refusal) -> HttpResponse;
}

/// Whether a request asks for a WebSocket.
pub(crate) fn is_asked_for(headers: &HeaderMap) -> bool {
    mentions(headers, &UPGRADE, "websocket")
}

/// Answers a handshake; what it opens runs by itself from then on.
pub(crate) fn accept<P: AcceptRim>(
    server: &Server,
    request: &mut Request,
    role: P::Role,
) -> HttpResponse {
    let mut facts = Facts {
        transport: Transport::WsForward,
        peer: peer_of(request.extensions()),
        role,
    };
    let seat = request.extensions().get::<Seat>().cloned();
    let checked = server.hub().with(|state| {
        let checked = check::<P>(state, request, &facts.role);
        note::<P>(state, request, &facts, checked.as_ref().err());
        checked
    });
    let accept_key = match checked {
        Ok((accept_key, role)) => {
            facts.role = role;
            accept_key
        }
        Err(refused) => return refused,
    };
    let upgrade = hyper::upgrade::on(request);
    let hub = Arc::clone(server.hub());
    tokio::spawn(async move {
        // Otherwise the client has gone before it had the answer.
        if let Ok(upgraded) = upgrade.await {
            let io = TokioIo::new(upgraded);
            let server = protocol::Role::Server;
            let socket = WebSocketStream::from_raw_socket(io, server, Some(socket::config())).await;
            let place = hub.with(|state| Place::<P>::take(state, facts));
            socket::run(&hub, socket, place).await;
            drop(seat);
        }
    });
    switching(accept_key)
}

/// The accept key and what the socket is for, or the response that refuses the
/// handshake.
fn check<P: AcceptRim>(
    state: &mut State,
    request: &Request,
    role: &P::Role,
) -> Result<(HeaderValue, P::Role), HttpResponse> {
    let headers = request.headers();
    if request.method() != Method::GET {
        return Err(nothing_but(StatusCode::METHOD_NOT_ALLOWED));
    }
    let role = P::among(&mut state.sides).admit(request, role.clone())?;
    for effect in state.decide(P::PLATFORM.name, P::POINT) {
        if let Effect::Refuse(reason) = effect {
            return Err(P::refuse_socket(reason));
        }
    }
    if headers
        .get(SEC_WEBSOCKET_VERSION)
        .is_none_or(|version| version != "13")
    {
        let mut response = nothing_but(StatusCode::UPGRADE_REQUIRED);
        let version = HeaderValue::from_static("13");
        response
            .headers_mut()
            .insert(SEC_WEBSOCKET_VERSION, version);
        return Err(response);
    }
    let key = headers
        .get(SEC_WEBSOCKET_KEY)
        .filter(|_| mentions(headers, &CONNECTION, "upgrade"))
        .ok_or_else(|| nothing_but(StatusCode::BAD_REQUEST))?;
    let accept_key = HeaderValue::try_from(derive_accept_key(key.as_bytes()));
    match accept_key {
        Ok(accept_key) => Ok((accept_key, role)),
        Err(_) => Err(nothing_but(StatusCode::BAD_REQUEST)),
    }
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
    let mut response = nothing_but(StatusCode::SWITCHING_PROTOCOLS);
    let headers = response.headers_mut();
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(SEC_WEBSOCKET_ACCEPT, accept_key);
    response
}

fn note<P: AcceptRim>(
    state: &mut State,
    request: &Request,
    facts: &Facts<P::Role>,
    refused: Option<&HttpResponse>,
) {
    let uri = request.uri();
    let shown = uri.path_and_query().map_or(uri.path(), |uri| uri.as_str());
    let status = refused.map_or(StatusCode::SWITCHING_PROTOCOLS, HttpResponse::status);
    state.note(Entry {
        title: format!("connect {}", facts.role),
        method: request.method().to_string(),
        url: P::show_url(shown),
        headers: journal::headers(request.headers()),
        status: status.as_u16(),
        verdict: if refused.is_some() {
            Verdict::Refused
        } else {
            Verdict::Ok
        },
        ..socket::entry::<P>(facts, Direction::In, Kind::Frame)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

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
