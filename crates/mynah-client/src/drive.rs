//! The async driver: the only place that waits.

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use mynah_core::{
    Action, Body, Bytes, Carried, Cx, Error, Exchange, HttpRequest, HttpResponse, Rules, Transport,
    TransportError,
};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout_at};
use tracing::Instrument;

use crate::body::{Framed, collect};
use crate::gate::{Errand, Grant, MOST_FLIGHTS, Pass, Wait, Waiter, never_valid};
use crate::settings::{Options, Settings, no_answer, no_credential};

/// What all clones of a client share; compiled once, for every platform.
pub(crate) struct Inner {
    pub(crate) settings: Settings,
    pub(crate) transport: Box<dyn Transport>,
}

/// The call that begins now.
pub(crate) fn begin(request: HttpRequest, rules: Rules, options: Options) -> Exchange {
    options.begin(request, rules, now())
}

/// What an exchange ended with.
pub(crate) struct Outcome {
    /// The answer; its body is the payload, or nothing if it is streamed.
    pub(crate) answer: HttpResponse,
    /// The rest of the answer, if it is streamed.
    pub(crate) stream: Body,
}

/// What is done with the body of an answer.
#[derive(Clone, Copy)]
pub(crate) enum Reading {
    /// It is collected and judged.
    Collect,
    /// It is left to the caller; only the head is judged.
    Stream,
}

impl Inner {
    /// Makes a call: steps its exchange to the end.
    pub(crate) async fn drive(
        self: &Arc<Self>,
        exchange: &mut Exchange,
        reading: Reading,
    ) -> Result<Outcome, Error> {
        self.drive_with(exchange, None, reading).await
    }

    /// The same with a body that can be sent only once, as the exchange must
    /// know ([`Exchange::once`]).
    pub(crate) async fn drive_with(
        self: &Arc<Self>,
        exchange: &mut Exchange,
        framed: Option<Framed>,
        reading: Reading,
    ) -> Result<Outcome, Error> {
        let platform = self.settings.platform;
        let span = tracing::debug_span!("call", platform, endpoint = exchange.rules().name);
        let stepped = self.step(exchange, framed, reading);
        stepped.instrument(span).await
    }

    async fn step(
        self: &Arc<Self>,
        exchange: &mut Exchange,
        mut framed: Option<Framed>,
        reading: Reading,
    ) -> Result<Outcome, Error> {
        let deadline = exchange.deadline();
        let mut grant = Grant::default();
        let mut stream = Body::default();
        loop {
            match exchange.poll() {
                Action::Send(mut request) => {
                    while let Some(time) = self.settings.allowance.wait(exchange, now)? {
                        tracing::debug!(?time, "waiting until there are calls again");
                        sleep(time).await;
                    }
                    if exchange.rules().authorized {
                        grant = self.authorize(&mut request, exchange).await?;
                    }
                    let host = self.settings.aim(&mut request);
                    let request = match framed.take() {
                        Some(framed) => framed.onto(request),
                        None => request.map(Body::Full),
                    };
                    let carried = self.transport.send_by(request, deadline);
                    let received = self.receive(carried, reading, &mut stream);
                    let answer = timeout_at(deadline.into(), received)
                        .await
                        .unwrap_or_else(|_| Err(no_answer()));
                    self.settings.answered(host, &answer, now);
                    exchange.answered(grant.stamp, grant.renewable, cx, answer);
                    self.settings.allowance.heard(exchange, cx);
                }
                Action::Renew(stamp) => {
                    tracing::debug!("the credential was refused");
                    self.settings.gate.refused(stamp);
                }
                Action::Wait(time) => {
                    tracing::debug!(?time, "waiting for another attempt");
                    sleep(time).await;
                }
                Action::Done(outcome) => {
                    return outcome.map(|answer| Outcome { answer, stream });
                }
            }
        }
    }

    /// Makes of an answer what the exchange is to judge.
    async fn receive(
        &self,
        carried: Carried<'_>,
        reading: Reading,
        stream: &mut Body,
    ) -> Result<HttpResponse, TransportError> {
        let response = carried.await?;
        match reading {
            Reading::Collect => collect(response, self.settings.body_limit).await,
            Reading::Stream => {
                let (head, body) = response.into_parts();
                *stream = body;
                Ok(HttpResponse::from_parts(head, Bytes::new()))
            }
        }
    }

    async fn authorize(
        self: &Arc<Self>,
        request: &mut HttpRequest,
        exchange: &Exchange,
    ) -> Result<Grant, Error> {
        match self.settings.gate.ask(request, cx(), waiter)? {
            Pass::Granted(grant) => Ok(grant),
            // Happens once in the life of a token, so it may cost an allocation.
            Pass::Wait(wait) => Box::pin(self.wait(wait, request, exchange)).await,
        }
    }

    async fn wait(
        self: &Arc<Self>,
        mut wait: Wait<Landing>,
        request: &mut HttpRequest,
        exchange: &Exchange,
    ) -> Result<Grant, Error> {
        let name = exchange.rules().name;
        for _ in 0..MOST_FLIGHTS {
            if let Some(errand) = wait.errand {
                self.launch(errand);
            }
            match timeout_at(exchange.deadline().into(), wait.landing).await {
                Ok(Ok(outcome)) => outcome?,
                // The flight is over without a word; the next question tells.
                Ok(Err(_)) => {}
                Err(_) => return Err(no_credential(name)),
            }
            match self.settings.gate.ask(request, cx(), waiter)? {
                Pass::Granted(grant) => return Ok(grant),
                Pass::Wait(more) => wait = more,
            }
        }
        Err(never_valid(name))
    }

    /// Fetches a credential for all who wait, on a task of its own: none of
    /// them can stop it by giving up.
    fn launch(self: &Arc<Self>, errand: Box<Errand>) {
        let inner = Arc::clone(self);
        tokio::spawn(async move {
            let Errand {
                request,
                rules,
                key,
                flight,
            } = *errand;
            let kept = inner.settings.kept(key.as_deref());
            let flight = match kept.load().await {
                Some(token) => flight.adopt(&token, cx()),
                None => Some(flight),
            };
            let Some(flight) = flight else {
                return;
            };
            let mut exchange = begin(request, rules, inner.settings.token_options());
            let outcome = inner.drive(&mut exchange, Reading::Collect).await;
            let payload = outcome.map(|outcome| outcome.answer.into_body());
            if let Some(token) = flight.land(payload, cx()) {
                kept.save(&token).await;
            }
        });
    }
}

/// Hears of the end of a flight.
type Landing = oneshot::Receiver<Result<(), Error>>;

/// A place to wait for a flight.
fn waiter() -> (Waiter, Landing) {
    let (sender, landing) = oneshot::channel();
    // Whoever gave up need not be told.
    (Box::new(move |outcome| drop(sender.send(outcome))), landing)
}

/// The runtime's clock, so that a paused one holds for tokens as well.
fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

fn cx() -> Cx {
    Cx {
        now: now(),
        wall: SystemTime::now(),
        nonce: fastrand::u64(..),
    }
}
