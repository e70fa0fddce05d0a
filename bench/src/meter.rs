//! What is measured: time, CPU, memory, latency.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// The result of a load, as one line of JSON.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Figures {
    /// Operations that ended within the measured time, failed ones not among them.
    pub calls: u64,
    /// The measured time, in seconds.
    pub wall_s: f64,
    /// CPU time, user and system, of the program under test; in seconds.
    pub cpu_s: f64,
    /// Operations that failed within the measured time.
    pub errors: u64,
    /// Resident memory of the program under test at the end, in KiB.
    pub rss_kib: u64,
    /// Median latency, in microseconds.
    pub p50_us: f64,
    /// Latency that one operation in a hundred exceeds, in microseconds.
    pub p99_us: f64,
}

/// How long a closed loop runs, and how wide it is.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How many operations are under way at any time.
    pub in_flight: usize,
    /// How long it runs before the measurement begins.
    pub warmup: Duration,
    /// How long it is measured.
    pub measured: Duration,
}

/// A process whose CPU and memory are measured.
#[derive(Clone, Copy, Debug)]
pub struct Process(Option<u32>);

impl Process {
    /// This process.
    pub const THIS: Self = Self(None);

    /// Another process.
    pub const fn new(pid: u32) -> Self {
        Self(Some(pid))
    }

    fn file(self, name: &str) -> String {
        match self.0 {
            Some(pid) => format!("/proc/{pid}/{name}"),
            None => format!("/proc/self/{name}"),
        }
    }

    /// CPU time of its threads so far, user and system.
    ///
    /// # Errors
    /// The process is gone, or the system has no `schedstat`.
    pub fn cpu(self) -> io::Result<Duration> {
        let mut nanos = 0;
        for thread in std::fs::read_dir(self.file("task"))? {
            let stat = std::fs::read_to_string(thread?.path().join("schedstat"))?;
            let running = stat.split_whitespace().next().unwrap_or_default();
            nanos += running.parse::<u64>().map_err(io::Error::other)?;
        }
        Ok(Duration::from_nanos(nanos))
    }

    /// Resident memory, in KiB.
    ///
    /// # Errors
    /// The process is gone, or the system has no `/proc`.
    pub fn resident_kib(self) -> io::Result<u64> {
        let status = std::fs::read_to_string(self.file("status"))?;
        status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next())
            .and_then(|kib| kib.parse().ok())
            .ok_or_else(|| io::Error::other("no VmRSS in /proc"))
    }
}

/// Counts what a closed loop does. Only what happens while it is measuring
/// counts.
#[derive(Debug)]
pub struct Meter {
    measuring: AtomicBool,
    over: AtomicBool,
    calls: AtomicU64,
    errors: AtomicU64,
    latencies: Box<[AtomicU64]>,
}

/// Steps between two powers of two: latencies are told to 1.6 %.
const STEPS: u32 = 64;

impl Meter {
    /// A meter that is not measuring yet.
    pub fn new() -> Arc<Self> {
        let slots = (u64::BITS * STEPS) as usize;
        Arc::new(Self {
            measuring: AtomicBool::new(false),
            over: AtomicBool::new(false),
            calls: AtomicU64::new(0),
            errors: AtomicU64::new(0),
            latencies: (0..slots).map(|_| AtomicU64::new(0)).collect(),
        })
    }

    /// Whether the measurement is over and the loop shall end.
    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    /// Counts an operation that began at `start` and ends at `end`.
    pub fn count(&self, start: Instant, end: Instant, succeeded: bool) {
        if !self.measuring.load(Ordering::Relaxed) {
            return;
        }
        if !succeeded {
            self.errors.fetch_add(1, Ordering::Relaxed);
            return;
        }
        self.calls.fetch_add(1, Ordering::Relaxed);
        let latency = end.saturating_duration_since(start).as_nanos();
        let slot = slot(u64::try_from(latency).unwrap_or(u64::MAX));
        if let Some(count) = self.latencies.get(slot) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Lets the loop warm up, measures, and tells it to end.
    ///
    /// # Errors
    /// The process under test is gone.
    pub async fn measure(&self, plan: Plan, process: Process) -> io::Result<Figures> {
        tokio::time::sleep(plan.warmup).await;
        let (start, cpu) = (Instant::now(), process.cpu()?);
        self.measuring.store(true, Ordering::Relaxed);
        tokio::time::sleep(plan.measured).await;
        self.measuring.store(false, Ordering::Relaxed);
        let (wall, cpu) = (start.elapsed(), process.cpu()?.saturating_sub(cpu));
        let rss_kib = process.resident_kib()?;
        self.over.store(true, Ordering::Relaxed);
        Ok(Figures {
            calls: self.calls.load(Ordering::Relaxed),
            wall_s: wall.as_secs_f64(),
            cpu_s: cpu.as_secs_f64(),
            errors: self.errors.load(Ordering::Relaxed),
            rss_kib,
            p50_us: self.quantile(0.5),
            p99_us: self.quantile(0.99),
        })
    }

    #[allow(clippy::cast_precision_loss)]
    fn quantile(&self, quantile: f64) -> f64 {
        let total = self.calls.load(Ordering::Relaxed) as f64;
        let mut seen = 0;
        for (slot, count) in self.latencies.iter().enumerate() {
            seen += count.load(Ordering::Relaxed);
            if seen > 0 && seen as f64 >= quantile * total {
                return nanos(slot) / 1e3;
            }
        }
        0.0
    }
}

fn slot(nanos: u64) -> usize {
    let nanos = nanos.max(u64::from(STEPS));
    let power = nanos.ilog2();
    let step = (nanos >> (power - STEPS.ilog2())) % u64::from(STEPS);
    usize::try_from(u64::from(power * STEPS) + step).unwrap_or(usize::MAX)
}

/// The middle of a slot.
#[allow(clippy::cast_precision_loss)]
fn nanos(slot: usize) -> f64 {
    let (power, step) = (slot / STEPS as usize, slot % STEPS as usize);
    let share = (step as f64 + 0.5) / f64::from(STEPS);
    (1u64 << power) as f64 * (1.0 + share)
}

/// Makes calls in a closed loop, `in_flight` at any time, and measures this
/// process.
///
/// # Errors
/// The system does not tell CPU time or memory.
pub async fn closed_loop<C, F>(plan: Plan, call: C) -> io::Result<Figures>
where
    C: Fn() -> F + Clone + Send + 'static,
    F: Future<Output = bool> + Send,
{
    let meter = Meter::new();
    for _ in 0..plan.in_flight {
        let (call, meter) = (call.clone(), Arc::clone(&meter));
        tokio::spawn(async move {
            let mut start = Instant::now();
            while !meter.is_over() {
                let succeeded = call().await;
                let end = Instant::now();
                meter.count(start, end, succeeded);
                start = end;
            }
        });
    }
    meter.measure(plan, Process::THIS).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::cast_precision_loss)]
    fn a_latency_is_told_to_two_percent() {
        for nanosecond in [64, 100, 999, 1_000, 12_345, 1_000_000, 987_654_321] {
            let told = nanos(slot(nanosecond));
            let off = (told - nanosecond as f64).abs() / nanosecond as f64;
            assert!(off < 0.02, "{nanosecond} is told as {told}");
        }
    }

    #[test]
    fn only_what_is_measured_counts() {
        let meter = Meter::new();
        let now = Instant::now();
        meter.count(now, now, true);
        meter.measuring.store(true, Ordering::Relaxed);
        for micros in 1..=100 {
            meter.count(now, now + Duration::from_micros(micros), true);
        }
        meter.count(now, now, false);
        assert_eq!(meter.calls.load(Ordering::Relaxed), 100);
        assert_eq!(meter.errors.load(Ordering::Relaxed), 1);
        assert!((49.0..=52.0).contains(&meter.quantile(0.5)));
        assert!((97.0..=101.0).contains(&meter.quantile(0.99)));
    }

    #[test]
    fn this_process_has_used_cpu_and_memory() {
        assert!(Process::THIS.resident_kib().unwrap() > 0);
        assert!(Process::THIS.cpu().unwrap() > Duration::ZERO);
    }
}
