//! Events posted over HTTP, and the quick operations in the answers.

use std::sync::Arc;

use bytes::Bytes;
use http::HeaderValue;
use mynah_core::HttpRequest;
use mynah_onebot::{PostSecret, quick};
use secrecy::ExposeSecret as _;
use serde_json::Value;

use super::OneBotSide;
use super::calls::message_id;
use super::delivery::Delivery;
use crate::hub::{Hub, State};
use crate::journal::{self, Verdict};
use crate::onebot::Event;
use crate::rim::post::{Answer, Post, Poster, Posting};

/// A signature nobody makes by accident.
const FORGED: HeaderValue =
    HeaderValue::from_static("sha1=0000000000000000000000000000000000000000");

/// The post of an event, ready to go.
#[derive(Debug)]
pub(crate) struct EventPost {
    posting: Posting,
    event: Value,
}

impl EventPost {
    /// Makes the post of an event, if events are posted at all.
    pub(crate) fn prepare(state: &mut State, event: &Event, json: &Bytes) -> Option<Self> {
        let delivery: Arc<Delivery> = state.sides.onebot.delivery.borrow().clone();
        let url = delivery.post_url.clone()?;
        let secret = PostSecret::new(&delivery.post_secret);
        // Without a secret nothing is signed.
        let checks: &[_] = match delivery.post_secret.expose_secret() {
            "" => &[],
            _ => &["signature"],
        };
        let mut request = secret.post(event.self_id(), json.clone());
        *request.uri_mut() = url;
        let value: Value = serde_json::from_slice(json).unwrap_or_default();
        let post = Post {
            request,
            timeout: delivery.post_timeout,
            forge,
            checks,
            title: event.name(),
            shown: journal::text(json),
            message: message_id(&value),
            note: String::new(),
        };
        Some(Self {
            posting: Posting::prepare::<OneBotSide>(state, post),
            event: value,
        })
    }

    /// Whether a fault says that others overtake it, and how many.
    pub(crate) fn behind(&self) -> Option<u32> {
        self.posting.behind()
    }

    /// Posts it and carries out what the answer asks for. There is one
    /// attempt; what fails is in the journal and nowhere else.
    pub(crate) async fn send(&self, poster: &Poster, hub: &Arc<Hub>) {
        let take = |state: &mut State, answer| self.take_answer(state, answer);
        poster.post(hub, &self.posting, take).await;
    }

    fn take_answer(&self, state: &mut State, answer: Result<Answer, String>) {
        let answer = match answer {
            Ok(answer) => answer,
            Err(problem) => {
                return self.posting.note(state, Err(&problem), Verdict::Failed, "");
            }
        };
        let operation = quick::from_response(answer.status, &answer.body);
        let (verdict, note) = match (answer.status, &operation) {
            (200..=299, Some(_)) => (Verdict::Ok, "quick operation"),
            (200..=299, None) => (Verdict::Ok, ""),
            _ => (Verdict::Failed, ""),
        };
        self.posting.note(state, Ok(&answer), verdict, note);
        if let Some(operation) = operation {
            let world = &mut state.sides.onebot.world;
            world.quick_operation(&self.event, &operation);
        }
    }
}

fn forge(request: &mut HttpRequest) {
    request.headers_mut().insert("x-signature", FORGED);
}
