//! Calls over HTTP.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use mynah_core::{HttpRequest, HttpResponse};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::PLATFORM;
use super::calls::{self, Call, Fate, Outcome};
use super::outbox::Release;
use crate::fault::Point;
use crate::hub::{Hub, State};
use crate::journal::{self, Direction, Entry, Kind, Transport, Verdict};
use crate::onebot::OneBotWorld;

/// No answer waits longer for others to overtake it.
pub(crate) const LONGEST_REORDER: Duration = Duration::from_secs(1);

/// The answer to a call, or `None` if there is none: then the connection is
/// to be cut. `path` is what follows `/onebot`.
pub(crate) async fn answer(
    hub: &Arc<Hub>,
    path: &str,
    request: &HttpRequest,
    peer: &str,
) -> Option<(HttpResponse, Option<Release>)> {
    let Outcome {
        response,
        fate,
        release,
    } = hub.with(|state| carry_out(state, path, request, peer));
    match fate {
        Fate::Now => {}
        Fate::Later(delay) => tokio::time::sleep(delay).await,
        Fate::Behind(others) => overtaken(hub, others).await,
        Fate::Lost => return None,
        Fate::Stalled(fault) => {
            hub.lifted(fault).await;
            return None;
        }
    }
    hub.answers.send_modify(|answers| *answers += 1);
    Some((response, release))
}

fn carry_out(state: &mut State, path: &str, request: &HttpRequest, peer: &str) -> Outcome {
    let entry = Entry {
        title: path.trim_matches('/').to_owned(),
        ..request_entry(request, peer)
    };
    let params = parameters(request);
    let call = Call {
        entry,
        params: params.as_ref(),
        run: |world: &mut OneBotWorld| world.http(path, request),
        write: |response: &HttpResponse| response.body().clone(),
    };
    calls::carry_out(state, Point::HttpCall, call)
}

/// Writes down a request that was refused before the world saw it.
pub(crate) fn note_refused(hub: &Hub, request: &HttpRequest, peer: &str, status: StatusCode) {
    hub.with(|state| {
        let pair = state.note(request_entry(request, peer));
        state.note(Entry {
            peer: peer.to_owned(),
            status: status.as_u16(),
            verdict: Verdict::Refused,
            note: status.canonical_reason().unwrap_or_default().to_owned(),
            pair: Some(pair),
            ..Entry::new(PLATFORM, Direction::Out, Transport::Http, Kind::Response)
        });
    });
}

fn request_entry(request: &HttpRequest, peer: &str) -> Entry {
    let uri = request.uri();
    let shown = uri.path_and_query().map_or(uri.path(), |uri| uri.as_str());
    Entry {
        peer: peer.to_owned(),
        method: request.method().to_string(),
        url: journal::url(shown),
        headers: journal::headers(request.headers()),
        body: journal::text(request.body()),
        ..Entry::new(PLATFORM, Direction::In, Transport::Http, Kind::Request)
    }
}

/// The parameter that tells the message, from where it may stand.
fn parameters(request: &HttpRequest) -> Option<Value> {
    let id = mynah_onebot::parameters(request)
        .ok()?
        .remove("message_id")?;
    Some(json!({ "message_id": id }))
}

/// Waits until so many other answers have left.
async fn overtaken(hub: &Hub, others: u32) {
    let mut answers: watch::Receiver<u64> = hub.answers.subscribe();
    let enough = *answers.borrow() + u64::from(others);
    let overtaken = answers.wait_for(|answers| *answers >= enough);
    let _ = tokio::time::timeout(LONGEST_REORDER, overtaken).await;
}

/// An answer that is nothing but a status.
pub(crate) fn refusal(status: StatusCode) -> HttpResponse {
    let mut response = HttpResponse::new(Bytes::new());
    *response.status_mut() = status;
    response
}
