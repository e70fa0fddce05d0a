//! The WebSockets that frameworks open to us.

use http::StatusCode;
use mynah_core::HttpResponse;
use mynah_onebot::socket::Role;

use super::OneBotSide;
use super::calls::refuse;
use crate::fault::{Point, Refusal};
use crate::rim::handshake::{self, AcceptRim};
use crate::rim::http::nothing_but;
use crate::server::{Request, Server};

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

/// Answers a handshake; what it opens runs by itself from then on.
pub(super) fn accept(server: &Server, request: &mut Request, role: Role) -> HttpResponse {
    handshake::accept::<OneBotSide>(server, request, role)
}

impl AcceptRim for OneBotSide {
    const POINT: Point = Point::Handshake;

    fn admit(&mut self, request: &Request, role: Role) -> Result<Role, HttpResponse> {
        let token = &self.world.settings().access_token;
        match token.check(request) {
            Ok(()) => Ok(role),
            Err(error) => {
                let status = StatusCode::from_u16(error.status);
                Err(nothing_but(status.unwrap_or(StatusCode::FORBIDDEN)))
            }
        }
    }

    fn refuse_socket(refusal: Refusal) -> HttpResponse {
        refuse(refusal)
    }
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
}
