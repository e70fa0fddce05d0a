//! Telling the sandbox what the built-in bot makes of events, for the journeys
//! on its page: `POST /control/note`, which every bot may use.

use mynah_bot::{Event, Observer, Outcome, Reply};
use mynah_core::HttpRequest;
use mynah_core::http::{Method, Uri};
use mynah_sandbox::Sandbox;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// So many notes wait; what comes when there is no room is not told.
const WAITING: usize = 1024;

/// Looks on and takes notes.
pub(crate) struct Notes(mpsc::Sender<Value>);

impl Notes {
    /// Notes for this sandbox, and the task that hands them in.
    pub(crate) fn to(sandbox: Sandbox) -> (Self, JoinHandle<()>) {
        let (notes, mut waiting) = mpsc::channel::<Value>(WAITING);
        let telling = tokio::spawn(async move {
            while let Some(note) = waiting.recv().await {
                tell(&sandbox, &note).await;
            }
        });
        (Self(notes), telling)
    }

    fn take(&self, event: &Event, mut note: Value) {
        note["platform"] = event.platform().name().into();
        note["by"] = (&*event.account).into();
        if let Some(message) = &event.message_id {
            note["about"] = message.id.to_string().into();
        }
        // Whoever looks on must not hold the work up.
        if self.0.try_send(note).is_err() {
            tracing::debug!("a note was not taken");
        }
    }
}

impl Observer for Notes {
    fn let_in(&self, event: &Event) {
        self.take(event, json!({ "stage": "event", "event": event.to_json() }));
    }

    fn handled(&self, event: &Event, outcome: &Outcome<'_>) {
        let reply = match outcome.reply {
            Reply::Nothing => Value::Null,
            Reply::Message(message) => message.plain_text().into(),
            other => format!("{other:?}").into(),
        };
        let took = outcome.took.as_secs_f64() * 1000.0;
        let sent: Vec<String> = outcome
            .sent
            .iter()
            .map(|sent| sent.id.to_string())
            .collect();
        let error = outcome.error.map(ToString::to_string);
        let note = json!({
            "stage": "handled", "took_ms": took, "reply": reply, "sent": sent, "error": error,
        });
        self.take(event, note);
    }
}

async fn tell(sandbox: &Sandbox, note: &Value) {
    let mut request = HttpRequest::new(note.to_string().into());
    *request.method_mut() = Method::POST;
    *request.uri_mut() = Uri::from_static("/control/note");
    match sandbox.handle(request).await {
        Ok(answer) if answer.status().is_success() => {}
        Ok(answer) => tracing::debug!(status = %answer.status(), "a note was refused"),
        Err(error) => tracing::debug!(%error, "a note did not arrive"),
    }
}
