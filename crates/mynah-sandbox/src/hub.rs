//! Everything the sandbox knows, behind one lock, and the bells that wake
//! those who wait for it to change.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::{Notify, broadcast, watch};

use crate::chance::Chance;
use crate::clock::Clock;
use crate::fault::{Effect, Faults, Point};
use crate::journal::{Entry, Journal};
use crate::platforms::Sides;
use crate::rim::Side;
use crate::world::{Change, MessageView, Rejected, Time, World};

/// So many messages wait for a listener who is slow; one who is slower still
/// is told to start over.
const LIVE_BACKLOG: usize = 256;

/// Nothing is looked after more often than this.
const TICK: Duration = Duration::from_millis(1);

/// Shared by everything that runs.
#[derive(Debug)]
pub(crate) struct Hub {
    state: Mutex<State>,
    /// Rings when something is to happen at another time than before.
    pub(crate) schedule: Notify,
    /// Changes when faults or the clock do.
    pub(crate) disturbance: watch::Sender<()>,
    /// Rings when a WebSocket has closed.
    pub(crate) socket_gone: Notify,
    /// Counts the answers to HTTP calls.
    pub(crate) answers: watch::Sender<u64>,
    live: broadcast::Sender<Live>,
}

/// Everything the sandbox knows. Nothing in here waits for anything.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) clock: Clock,
    pub(crate) faults: Faults,
    pub(crate) journal: Journal,
    pub(crate) sides: Sides,
    /// Whether all documented quotas are on.
    pub(crate) strict: bool,
    chance: Chance,
    real: Time,
    live: broadcast::Sender<Live>,
}

/// Something that listeners of the live stream hear.
#[derive(Clone, Debug)]
pub(crate) struct Live {
    /// The name of the event: `journal`, `message` or `state`.
    pub(crate) event: &'static str,
    /// JSON.
    pub(crate) data: Arc<str>,
}

impl Hub {
    pub(crate) fn new(sides: Sides, strict: bool) -> Self {
        let live = broadcast::Sender::new(LIVE_BACKLOG);
        Self {
            state: Mutex::new(State {
                clock: Clock::default(),
                faults: Faults::default(),
                journal: Journal::default(),
                sides,
                strict,
                chance: Chance::new(0),
                real: Time(0),
                live: live.clone(),
            }),
            schedule: Notify::new(),
            disturbance: watch::Sender::new(()),
            socket_gone: Notify::new(),
            answers: watch::Sender::new(0),
            live,
        }
    }

    /// Does something with the state at the present time, and rings for what
    /// came of it. `work` must not take long: everybody else waits.
    pub(crate) fn with<R>(&self, work: impl FnOnce(&mut State) -> R) -> R {
        let mut state = self.lock();
        let due = state.sides.due();
        state.arrive(real_time());
        let result = work(&mut state);
        state.settle();
        let bells = state.sides.each().map(Side::waiting);
        let rescheduled = state.sides.due() != due;
        drop(state);
        for bell in bells.into_iter().flatten() {
            bell.notify_one();
        }
        if rescheduled {
            self.schedule.notify_one();
        }
        result
    }

    /// Waits until a fault is no longer in force.
    pub(crate) async fn lifted(&self, fault: u64) {
        let mut disturbance = self.disturbance.subscribe();
        while self.with(|state| state.faults.stands(fault, state.now())) {
            if disturbance.changed().await.is_err() {
                return;
            }
        }
    }

    /// Waits until the virtual time has come.
    pub(crate) async fn arrive_at(&self, time: Time) {
        let mut disturbance = self.disturbance.subscribe();
        loop {
            let left = time.0 - self.with(|state| state.now()).0;
            let Some(left) = u64::try_from(left).ok().filter(|left| *left > 0) else {
                return;
            };
            tokio::select! {
                () = tokio::time::sleep(Duration::from_millis(left)) => {}
                changed = disturbance.changed() => if changed.is_err() {
                    return;
                },
            }
        }
    }

    /// Waits until none of the WebSockets that `count` counts is open.
    pub(crate) async fn sockets_closed(&self, count: impl Fn(&Sides) -> usize) {
        loop {
            let gone = self.socket_gone.notified();
            if self.with(|state| count(&state.sides)) == 0 {
                return;
            }
            gone.await;
        }
    }

    /// Tells those who wait that faults or the clock have changed.
    pub(crate) fn disturb(&self) {
        self.disturbance.send_replace(());
        self.schedule.notify_one();
    }

    /// How long until something happens by itself, if anything does.
    pub(crate) fn next_due(&self) -> Option<Duration> {
        let state = self.lock();
        let ends = [state.sides.due(), state.faults.next_end()];
        let due = ends.into_iter().flatten().min()?;
        let wait = due.0 - state.clock.now(real_time()).0;
        Some(Duration::from_millis(u64::try_from(wait).unwrap_or(0)))
    }

    /// What happens from now on.
    pub(crate) fn listen(&self) -> broadcast::Receiver<Live> {
        self.live.subscribe()
    }

    /// A panic elsewhere must not silence the whole sandbox.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets happen what is due, for ever.
pub(crate) async fn keep_time(hub: Arc<Hub>) {
    loop {
        let rescheduled = hub.schedule.notified();
        match hub.next_due() {
            Some(wait) => tokio::select! {
                () = tokio::time::sleep(wait.max(TICK)) => {
                    // Being there on time is all it takes.
                    hub.with(|state| state.faults.list(state.now()));
                    hub.disturbance.send_replace(());
                }
                () = rescheduled => {}
            },
            None => rescheduled.await,
        }
    }
}

impl State {
    /// The virtual time.
    pub(crate) fn now(&self) -> Time {
        self.clock.now(self.real)
    }

    /// The machine's time.
    pub(crate) fn real(&self) -> Time {
        self.real
    }

    /// A fresh random number.
    pub(crate) fn random(&mut self) -> u64 {
        self.chance.next()
    }

    /// Brings the worlds to the present, after the clock was moved as well.
    pub(crate) fn arrive(&mut self, real: Time) {
        self.real = real;
        let now = self.now();
        for side in self.sides.each_mut() {
            side.world_mut().set_time(now);
        }
    }

    /// The world of a platform.
    pub(crate) fn world(&mut self, platform: &str) -> Result<&mut dyn World, Rejected> {
        Ok(self.sides.of(platform)?.world_mut())
    }

    /// What goes wrong at this point.
    pub(crate) fn decide(&mut self, platform: &str, point: Point) -> Vec<Effect> {
        if self.faults.is_empty() {
            return Vec::new();
        }
        let now = self.now();
        let random = self.chance.next();
        let effects = self.faults.decide(platform, point, now, random);
        if !effects.is_empty() {
            self.tell_state("fault");
        }
        effects
    }

    /// Writes an entry into the journal and links the messages it carried.
    pub(crate) fn note(&mut self, mut entry: Entry) -> u64 {
        // Good for the next 280,000 years to the microsecond.
        #[allow(clippy::cast_precision_loss)]
        let seconds = self.now().0 as f64 / 1000.0;
        entry.time = seconds;
        let entry = self.journal.add(entry);
        let id = entry.id;
        tracing::debug!(
            platform = entry.platform,
            direction = ?entry.direction,
            transport = ?entry.transport,
            kind = ?entry.kind,
            verdict = ?entry.verdict,
            title = entry.title,
            note = entry.note,
        );
        let (platform, messages) = (entry.platform, entry.message.clone());
        if self.live.receiver_count() > 0 {
            tell(&self.live, "journal", entry);
        }
        if let Ok(world) = self.world(platform) {
            for message in messages {
                world.note_journal(&message, id);
            }
        }
        id
    }

    /// Tells listeners that something is to be read anew.
    pub(crate) fn tell_state(&self, kind: &str) {
        tell(&self.live, "state", &json!({ "kind": kind }));
    }

    /// Hands on what the worlds want to show and to push.
    fn settle(&mut self) {
        for side in self.sides.each_mut() {
            let world = side.world_mut();
            let platform = world.platform();
            while let Some(change) = world.poll_change() {
                show(&self.live, platform, &change);
            }
            side.collect();
        }
    }

    /// The whole state of clock and worlds.
    pub(crate) fn snapshot(&self) -> Value {
        let worlds: serde_json::Map<_, _> = self
            .sides
            .each()
            .into_iter()
            .map(Side::world)
            .map(|world| (world.platform().to_owned(), world.snapshot()))
            .collect();
        json!({ "offset_ms": self.clock.offset_ms(), "worlds": worlds })
    }
}

/// Tells listeners what changed on people's screens, and in whose world.
fn show(live: &broadcast::Sender<Live>, platform: &str, change: &Change) {
    #[derive(Serialize)]
    struct Shown<'a> {
        platform: &'a str,
        #[serde(flatten)]
        message: &'a MessageView,
    }
    match change {
        Change::Message(message) => tell(live, "message", &Shown { platform, message }),
        Change::Conversations => {
            let state = json!({ "kind": "conversations", "platform": platform });
            tell(live, "state", &state);
        }
    }
}

fn tell(live: &broadcast::Sender<Live>, event: &'static str, data: &impl Serialize) {
    if live.receiver_count() == 0 {
        return;
    }
    if let Ok(json) = serde_json::to_string(data) {
        let data = Arc::from(json);
        // That nobody listens any more is no matter.
        let _ = live.send(Live { event, data });
    }
}

/// The machine's time.
fn real_time() -> Time {
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    Time(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
