//! A connection that we dial, again and again.

use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use bytes::BytesMut;
use http::Request;
use mynah_core::{Backoff, Body, Cx, Dial, Dialer, Error, HttpRequest, HttpResponse, Session};
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::account::{Account, Lane};
use super::dial::dial;
use super::drive::Drive;
use super::handover::Handover;
use super::held::{Ended, Held};
use super::wire::Wire;
use super::{Handle, Listener, Settings};
use crate::alarm::now;

/// A connection that lasted as long as this was a good one: the next attempt
/// follows soon.
const STEADY: Duration = Duration::from_secs(10);

/// Within this all are back whose connections broke at once.
const SPREAD: Duration = Duration::from_secs(1);

/// Steps that a dialer may take towards one connection.
const STEPS: usize = 8;

/// Longest answer to what is asked before a connection, in bytes.
const LARGEST_ANSWER: usize = 1 << 20;

/// A connection that is kept up: whenever it ends, it is opened again, after a
/// wait that grows from 1 s to 60 s while attempts fail. Where its end is in
/// sight ([`Session::is_leaving`]) another one is opened beside it, and both
/// are heard until the first has ended. Ends when it is dropped.
pub struct Connection {
    handle: Handle,
    task: Option<JoinHandle<Option<Error>>>,
}

/// Keeps a connection up. `account` is the name it has in logs and in
/// [`Handle::account`].
///
/// # Panics
/// When it is not called from within a Tokio runtime.
pub fn connect<D, L>(
    account: impl Into<Box<str>>,
    dialer: D,
    listener: L,
    settings: Settings,
) -> Connection
where
    D: Dialer,
    L: Listener<Event<D>>,
{
    let settings = Arc::new(settings);
    let account = Account::new(account, Arc::clone(&settings));
    let handle = Handle(Arc::clone(&account));
    let handover = Handover::new(Arc::new(listener), handle.clone(), &settings);
    let caller = Caller {
        dialer,
        account,
        settings,
        backoff: Backoff::default(),
        due: now(),
        opened: 0,
    };
    Connection {
        handle,
        task: Some(tokio::spawn(caller.run(handover))),
    }
}

impl Connection {
    /// To call over the connection.
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Closes the connection and waits until its events are handed over.
    pub async fn close(mut self) {
        self.handle.0.end("closed");
        // The task ends by itself; if it panicked there is nothing left to wait for.
        if let Some(task) = &mut self.task {
            let _ = task.await;
        }
    }

    /// Waits until there is no use in trying any longer, and says why: the
    /// account's settings are wrong, or the platform has given its place to
    /// another connection. All events are handed over by then.
    ///
    /// # Errors
    /// Why there is no use in trying.
    pub async fn failed(&mut self) -> Result<(), Error> {
        let Some(task) = &mut self.task else {
            return Ok(());
        };
        let ended = task.await;
        // Nobody may ask a task that has answered.
        self.task = None;
        match ended {
            Ok(Some(error)) => Err(error),
            Ok(None) | Err(_) => Ok(()),
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.handle.0.end("dropped");
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("handle", &self.handle)
            .finish_non_exhaustive()
    }
}

struct Caller<D> {
    dialer: D,
    account: Arc<Account>,
    settings: Arc<Settings>,
    backoff: Backoff,
    /// When the next attempt may begin.
    due: Instant,
    /// How many connections there were.
    opened: u64,
}

type Event<D> = <<D as Dialer>::Session as Session>::Event;

/// Why an attempt came to nothing.
enum Failure {
    /// The next one may do better.
    Now(String),
    /// None will.
    Always(Error),
}

impl<D: Dialer> Caller<D> {
    /// Connects again and again; events are handed over all the while.
    async fn run<L: Listener<Event<D>>>(
        mut self,
        mut handover: Handover<Event<D>, L>,
    ) -> Option<Error> {
        let account = Arc::clone(&self.account);
        let mut held = Held::default();
        let mut failure = None;
        while !account.is_over() {
            if held.is_steady() {
                let ended = held.change(&mut handover).await;
                self.note(ended, &held);
                continue;
            }
            match self.reach(&mut held, &mut handover).await {
                None => {}
                Some(Ok(wire)) => self.hold(wire, &mut held),
                Some(Err(Failure::Now(problem))) => {
                    tracing::warn!(account = account.name(), problem, "no connection");
                }
                Some(Err(Failure::Always(error))) => {
                    tracing::error!(account = account.name(), %error, "no connection is possible");
                    account.end("no connection is possible");
                    failure = Some(error);
                }
            }
        }
        while !held.is_empty() {
            let ended = held.change(&mut handover).await;
            self.note(ended, &held);
        }
        handover.finish().await;
        failure
    }

    /// Tries once, when it is time, while what is open goes on. `None` where
    /// another connection is no longer wanted.
    async fn reach<L: Listener<Event<D>>>(
        &mut self,
        held: &mut Held<D::Session>,
        handover: &mut Handover<Event<D>, L>,
    ) -> Option<Result<Wire, Failure>> {
        let account = Arc::clone(&self.account);
        let mut changes = Vec::new();
        let outcome = {
            let mut attempt = pin!(self.attempt_in_time());
            loop {
                tokio::select! {
                    outcome = &mut attempt => break Some(outcome),
                    () = account.ended() => break None,
                    ended = held.change(handover) => changes.extend(ended),
                }
                if held.is_steady() {
                    break None;
                }
            }
        };
        for ended in changes {
            self.note(Some(ended), held);
        }
        outcome
    }

    async fn attempt_in_time(&mut self) -> Result<Wire, Failure> {
        tokio::time::sleep_until(self.due.into()).await;
        let attempt = self.attempt().await;
        self.due = now() + self.backoff.next(fastrand::u64(..));
        attempt
    }

    async fn attempt(&mut self) -> Result<Wire, Failure> {
        for _ in 0..STEPS {
            match self.dialer.dial(cx()).map_err(Failure::Always)? {
                Dial::Connect(handshake) => {
                    let upgraded = dial(handshake, &self.settings).await;
                    let upgraded = upgraded.map_err(|error| Failure::Now(error.to_string()))?;
                    return Ok(Wire::new(upgraded, Role::Client, &self.settings));
                }
                Dial::Ask(request) => {
                    let response = self.ask(request).await.map_err(Failure::Now)?;
                    let absorbed = self.dialer.absorb(response, cx());
                    absorbed.map_err(|error| Failure::Now(error.to_string()))?;
                }
            }
        }
        Err(Failure::Now(format!("no connection after {STEPS} steps")))
    }

    async fn ask(&mut self, request: HttpRequest) -> Result<HttpResponse, String> {
        let Some(http) = self.settings.http.clone() else {
            return Err("the settings name no transport for HTTP".to_owned());
        };
        let asking = async {
            let response = http.send(Request::map(request, Body::Full)).await;
            collect(response.map_err(|error| error.to_string())?).await
        };
        tokio::time::timeout(self.settings.handshake_timeout, asking)
            .await
            .unwrap_or_else(|_| Err("the answer took too long".to_owned()))
    }

    /// Takes an open connection up, beside those that are leaving.
    fn hold(&mut self, wire: Wire, held: &mut Held<D::Session>) {
        let opened = now();
        tracing::info!(account = self.account.name(), "connected");
        let lane = Arc::new(Lane::default());
        self.account.succeed(&lane);
        let session = self.dialer.open(opened);
        self.opened += 1;
        let settings = Arc::clone(&self.settings);
        let drive = Drive::new(self.opened, session, wire, lane, settings);
        held.admit(drive, opened);
    }

    /// A connection has ended, or its end has come into sight.
    fn note(&mut self, ended: Option<Ended<D::Session>>, held: &Held<D::Session>) {
        let Some(ended) = ended else {
            // The attempts before it were good: another may follow at once.
            if held.youngest().is_some_and(is_steady_since) {
                self.backoff.reset();
                self.due = now();
            }
            return;
        };
        let account = &self.account;
        account.detach(&ended.lane);
        tracing::info!(account = account.name(), end = %ended.end, "disconnected");
        if !ended.leaving {
            self.wait_after(ended.opened);
        }
        self.dialer.ended(ended.session);
    }

    /// A connection broke that nobody saw coming. What the attempt before it
    /// has to wait for counts from that attempt: a connection that breaks
    /// again and again is opened no more often than one that does not come
    /// about, and no less.
    fn wait_after(&mut self, opened: Instant) {
        if is_steady_since(opened) {
            self.backoff.reset();
        }
        // Not everybody shall be back at the same moment.
        let spread = SPREAD.mul_f64(fastrand::f64());
        self.due = self.due.max(now() + spread);
    }
}

fn is_steady_since(opened: Instant) -> bool {
    now().duration_since(opened) >= STEADY
}

fn cx() -> Cx {
    Cx {
        now: now(),
        wall: SystemTime::now(),
        nonce: fastrand::u64(..),
    }
}

/// The whole of a response.
async fn collect(response: http::Response<Body>) -> Result<HttpResponse, String> {
    let (head, body) = response.into_parts();
    let body = match body {
        Body::Full(bytes) => bytes,
        Body::Stream(mut chunks) => {
            let mut whole = BytesMut::new();
            while let Some(chunk) = poll_fn(|cx| chunks.as_mut().poll_next(cx)).await {
                whole.extend_from_slice(&chunk.map_err(|error| error.to_string())?);
                if whole.len() > LARGEST_ANSWER {
                    return Err(format!("the answer is longer than {LARGEST_ANSWER} bytes"));
                }
            }
            whole.freeze()
        }
    };
    Ok(HttpResponse::from_parts(head, body))
}
