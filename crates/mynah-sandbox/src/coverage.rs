//! Which endpoints are served and which events are sent, and what proves it.

mod bearychat;
mod dingtalk;
mod onebot;
mod rongcloud;
mod wecom;

use mynah_core::{Meta, Operation, openapi};
use serde_json::{Map, Value, json};

use crate::platforms;

pub(crate) use bearychat::BEARYCHAT;
pub(crate) use dingtalk::DINGTALK;
pub(crate) use onebot::ONEBOT;
pub(crate) use rongcloud::RONGCLOUD;
pub(crate) use wecom::WECOM;

/// What a platform offers and what proves it.
#[derive(Debug)]
pub(crate) struct Platform {
    name: &'static str,
    /// What it is called, for people.
    title: &'static str,
    /// The path of a call below the platform's; none if it is no call over HTTP there.
    place: fn(&Meta) -> Option<String>,
    /// The folder of the tests that are the proofs.
    tests: &'static str,
    /// Every endpoint that is served.
    operations: &'static [Operation],
    /// The last part of an endpoint's name, and a test.
    endpoints: &'static [(&'static str, &'static str)],
    /// Every kind of event that is sent.
    events: &'static [&'static str],
    /// The test that produces all of them.
    event_proof: &'static str,
}

impl Platform {
    /// The calls it takes, as an OpenAPI document.
    pub(crate) fn openapi(&self) -> Value {
        // Beside this very server, whatever it is called.
        let server = format!("/{}", self.name);
        openapi(self.title, &server, self.operations, self.place)
    }

    fn report(&self) -> Value {
        let metas = self.operations.iter().map(|operation| &operation.meta);
        let endpoints = metas.map(|meta| self.endpoint(meta));
        let events = self
            .events
            .iter()
            .map(|name| json!({ "name": name, "proof": self.proof(self.event_proof) }));
        json!({
            "endpoints": endpoints.collect::<Vec<_>>(),
            "events": events.collect::<Vec<_>>(),
        })
    }

    fn endpoint(&self, meta: &Meta) -> Value {
        json!({
            "name": meta.name,
            "path": meta.path,
            "method": meta.method.http().as_str(),
            "doc": meta.doc,
            "served": true,
            "proof": self.proof_of(meta).map(|test| self.proof(test)),
        })
    }

    fn proof_of(&self, meta: &Meta) -> Option<&'static str> {
        let action = meta.name.strip_prefix(self.name)?.strip_prefix('.')?;
        let proof = self.endpoints.iter().find(|(name, _)| *name == action);
        proof.map(|(_, test)| *test)
    }

    /// `tests/it/…/file.rs: function`.
    fn proof(&self, test: &str) -> String {
        match test.split_once("::") {
            Some((file, function)) => format!("{}/{file}.rs: {function}", self.tests),
            None => test.to_owned(),
        }
    }
}

/// By platform: every endpoint and every kind of event.
pub(crate) fn report() -> Value {
    let platforms = platforms::ALL.map(|platform| {
        let report = platform.coverage.report();
        (platform.name.to_owned(), report)
    });
    Value::Object(platforms.into_iter().collect::<Map<_, _>>())
}
