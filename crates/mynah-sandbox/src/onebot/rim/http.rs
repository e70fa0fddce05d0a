//! What answers at `/onebot`: calls over HTTP, and the handshakes of forward
//! WebSockets.

use std::convert::Infallible;

use ::http::StatusCode;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use axum::routing::any;
use mynah_core::HttpResponse;

use super::calls::refuse;
use super::{OneBotSide, forward};
use crate::fault::Refusal;
use crate::journal::{Check, checks};
use crate::rim::handshake;
use crate::rim::http::{self, Asked, HttpRim};
use crate::server::{Request, Server};

/// What answers where.
pub(super) fn router() -> Router<Server> {
    Router::new()
        .route("/onebot", any(answer))
        .route("/onebot/", any(answer))
        .route("/onebot/{*path}", any(answer))
}

async fn answer(State(server): State<Server>, mut request: Request) -> Response {
    let path = request.uri().path();
    let path = path.strip_prefix("/onebot").unwrap_or(path).to_owned();
    if handshake::is_asked_for(request.headers())
        && let Some(role) = forward::role_at(&path)
    {
        return forward::accept(&server, &mut request, role).map(Body::from);
    }
    http::serve::<OneBotSide>(&server, &path, request).await
}

impl HttpRim for OneBotSide {
    type Found = Infallible;

    fn message(asked: &Asked<'_>) -> Option<String> {
        let id = mynah_onebot::parameters(asked.request)
            .ok()?
            .remove("message_id")?;
        super::calls::as_message_id(&id)
    }

    fn checked(_: &Asked<'_>, answer: &HttpResponse) -> Vec<Check> {
        let status = answer.status();
        let is_stranger = status == StatusCode::UNAUTHORIZED || status == StatusCode::FORBIDDEN;
        checks(&[("access_token", is_stranger)])
    }

    fn answer(&mut self, asked: &Asked<'_>, _: Option<&Infallible>) -> HttpResponse {
        self.world.http(asked.path, asked.request)
    }

    fn refuse(&mut self, _: &Asked<'_>, refusal: Refusal) -> HttpResponse {
        refuse(refusal)
    }
}
