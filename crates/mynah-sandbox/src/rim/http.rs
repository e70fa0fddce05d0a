//! Calls over HTTP.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use hyper::body::{Frame, SizeHint};
use mynah_core::{HttpRequest, HttpResponse};
use tokio::sync::watch;

use super::Rim;
use super::call::{self, Call, Outcome, decide};
use super::fate::{Fate, LONGEST_REORDER};
use super::outbox::Release;
use crate::fault::{Point, Refusal};
use crate::hub::Hub;
use crate::journal::{self, Check, Direction, Entry, Kind, Transport, Verdict};
use crate::server::{Cut, Request, Server, address_of, peer_of};

/// Finds something out, which takes a while.
pub(crate) type Finding<F> = Pin<Box<dyn Future<Output = F> + Send>>;

/// A platform that takes calls over HTTP.
pub(crate) trait HttpRim: Rim {
    /// What has to be found out before some calls can be carried out.
    type Found: Send + Sync;

    /// Finds it out; `None` for calls that need nothing of the kind.
    fn find(_hub: &Arc<Hub>, _asked: &Asked<'_>) -> Option<Finding<Self::Found>> {
        None
    }

    /// How long a body may be at this path, where the sandbox's own limit is
    /// `limit`.
    fn longest_body(_path: &str, limit: usize) -> usize {
        limit
    }

    /// Where such a call can go wrong.
    fn point(_asked: &Asked<'_>) -> Point {
        Point::HttpCall
    }

    /// The message that the call names.
    fn message(asked: &Asked<'_>) -> Option<String>;

    /// By what the platform has looked at who calls, as its answer tells.
    fn checked(asked: &Asked<'_>, answer: &HttpResponse) -> Vec<Check>;

    /// Has the call carried out.
    fn answer(&mut self, asked: &Asked<'_>, found: Option<&Self::Found>) -> HttpResponse;

    /// The platform's answer to a call that a fault refuses.
    fn refuse(&mut self, asked: &Asked<'_>, refusal: Refusal) -> HttpResponse;
}

/// A call that came over HTTP.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    /// What follows the platform's own address, with its leading slash.
    pub(crate) path: &'a str,
    /// All of it.
    pub(crate) request: &'a HttpRequest,
    /// Who calls.
    pub(crate) caller: IpAddr,
}

/// Answers a call, whatever it is. `path` is what follows the platform's own
/// address.
pub(crate) async fn serve<P: HttpRim>(server: &Server, path: &str, request: Request) -> Response {
    let hub = server.hub();
    let peer = peer_of(request.extensions());
    let caller = address_of(request.extensions());
    let (parts, body) = request.into_parts();
    let longest = P::longest_body(path, server.longest_body());
    let body = match server.read_body_up_to(body, longest).await {
        Ok(body) => body,
        Err(status) => {
            let request = HttpRequest::from_parts(parts, Bytes::new());
            note_refused::<P>(hub, &request, &peer, status);
            return nothing_but(status).map(Body::from);
        }
    };
    let request = HttpRequest::from_parts(parts, body);
    let asked = Asked {
        path,
        request: &request,
        caller,
    };
    let Some((response, release)) = answer::<P>(hub, &asked, &peer).await else {
        let mut response = Response::new(Body::empty());
        response.extensions_mut().insert(Cut);
        return response;
    };
    response.map(|body| {
        Body::new(Held {
            body: Some(body),
            _until_sent: release,
        })
    })
}

/// The answer to a call, or `None` if there is none: then the connection is
/// to be cut.
async fn answer<P: HttpRim>(
    hub: &Arc<Hub>,
    asked: &Asked<'_>,
    peer: &str,
) -> Option<(HttpResponse, Option<Release>)> {
    let mut entry = Entry {
        title: P::show_url(asked.path).trim_matches('/').to_owned(),
        ..request_entry::<P>(asked.request, peer)
    };
    let mut call = HttpCall::<P> { asked, found: None };
    let mut trouble = None;
    if let Some(finding) = P::find(hub, asked) {
        // The journal has the call before what it causes.
        let decided = hub.with(|state| {
            entry.id = state.note(entry.clone());
            decide(state, &call)
        });
        if decided.lets_happen() {
            call.found = Some(finding.await);
        }
        trouble = Some(decided);
    }
    let Outcome {
        response,
        fate,
        release,
    } = hub.with(|state| call::carry_out(state, entry, &mut call, trouble));
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

struct HttpCall<'a, P: HttpRim> {
    asked: &'a Asked<'a>,
    found: Option<P::Found>,
}

impl<P: HttpRim> Call for HttpCall<'_, P> {
    type Rim = P;

    fn point(&self) -> Point {
        P::point(self.asked)
    }

    fn message(&self) -> Option<String> {
        P::message(self.asked)
    }

    fn checked(&self, answer: &HttpResponse) -> Vec<Check> {
        P::checked(self.asked, answer)
    }

    fn run(&mut self, side: &mut P) -> HttpResponse {
        side.answer(self.asked, self.found.as_ref())
    }

    fn refuse(&mut self, side: &mut P, refusal: Refusal) -> HttpResponse {
        side.refuse(self.asked, refusal)
    }
}

/// Writes down a request that was refused before the world saw it.
fn note_refused<P: Rim>(hub: &Hub, request: &HttpRequest, peer: &str, status: StatusCode) {
    hub.with(|state| {
        let pair = state.note(request_entry::<P>(request, peer));
        state.note(Entry {
            peer: peer.to_owned(),
            status: status.as_u16(),
            verdict: Verdict::Refused,
            note: status.canonical_reason().unwrap_or_default().to_owned(),
            pair: Some(pair),
            ..Entry::new(
                P::PLATFORM.name,
                Direction::Out,
                Transport::Http,
                Kind::Response,
            )
        });
    });
}

fn request_entry<P: Rim>(request: &HttpRequest, peer: &str) -> Entry {
    let uri = request.uri();
    let shown = uri.path_and_query().map_or(uri.path(), |uri| uri.as_str());
    Entry {
        peer: peer.to_owned(),
        method: request.method().to_string(),
        url: P::show_url(shown),
        headers: journal::headers(request.headers()),
        body: P::show(request.body()),
        ..Entry::new(
            P::PLATFORM.name,
            Direction::In,
            Transport::Http,
            Kind::Request,
        )
    }
}

/// Waits until so many other answers have left.
async fn overtaken(hub: &Hub, others: u32) {
    let mut answers: watch::Receiver<u64> = hub.answers.subscribe();
    let enough = *answers.borrow() + u64::from(others);
    let overtaken = answers.wait_for(|answers| *answers >= enough);
    let _ = tokio::time::timeout(LONGEST_REORDER, overtaken).await;
}

/// An answer that is nothing but a status.
pub(crate) fn nothing_but(status: StatusCode) -> HttpResponse {
    let mut response = HttpResponse::new(Bytes::new());
    *response.status_mut() = status;
    response
}

/// A body that holds something until it has been handed to the connection.
struct Held<T> {
    body: Option<Bytes>,
    _until_sent: T,
}

impl<T: Unpin> hyper::body::Body for Held<T> {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let body = self.body.take().filter(|body| !body.is_empty());
        Poll::Ready(body.map(|body| Ok(Frame::data(body))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Bytes::is_empty)
    }

    fn size_hint(&self) -> SizeHint {
        let left = self.body.as_ref().map_or(0, Bytes::len);
        SizeHint::with_exact(u64::try_from(left).unwrap_or(u64::MAX))
    }
}
