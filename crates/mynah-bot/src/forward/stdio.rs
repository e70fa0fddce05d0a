//! A handler that we start: events go to its standard input, answers come from its standard
//! output, one JSON object a line.

use std::collections::HashMap;
use std::process::Stdio;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use mynah_core::Backoff;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use super::json::Answer;
use super::unasked::Unasked;
use super::{LARGEST_ANSWER, Spoken, id_of};

/// A program that ran so long did well: it is started again soon.
const STEADY: Duration = Duration::from_secs(10);

/// How long a program may take to end by itself once its input has ended.
const GRACE: Duration = Duration::from_millis(500);

/// A program that is kept running.
pub(super) struct Program {
    lines: mpsc::Sender<Line>,
    waiting: Waiting,
    stop: watch::Sender<bool>,
    task: Mutex<Option<JoinHandle<()>>>,
}

/// An event for the program.
struct Line {
    id: Box<str>,
    text: Bytes,
}

/// Who waits for an answer, and whether the program has been given the event.
type Waiting = Arc<Mutex<HashMap<Box<str>, Waiter>>>;

struct Waiter {
    written: bool,
    answer: oneshot::Sender<Result<Bytes, String>>,
}

fn lock(waiting: &Waiting) -> MutexGuard<'_, HashMap<Box<str>, Waiter>> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Program {
    /// Starts a program, and again whenever it ends. So many events may wait for it; it may
    /// take so long to read one.
    ///
    /// # Panics
    /// When it is not called from within a Tokio runtime.
    pub(super) fn start(
        name: &str,
        command: &[String],
        room: usize,
        longest: Duration,
        unasked: Unasked,
    ) -> Self {
        let (lines, events) = mpsc::channel(room);
        let (stop, stopped) = watch::channel(false);
        let waiting = Waiting::default();
        let keeper = Keeper {
            name: name.to_owned(),
            command: command.to_vec(),
            longest,
            events,
            waiting: Arc::clone(&waiting),
            stopped,
            unasked,
        };
        Self {
            lines,
            waiting,
            stop,
            task: Mutex::new(Some(tokio::spawn(keeper.keep()))),
        }
    }

    /// Writes an event to the program and waits for the answer.
    ///
    /// # Errors
    /// There is no answer.
    pub(super) async fn ask(&self, id: &str, text: Bytes) -> Result<Answer, String> {
        let id: Box<str> = id.into();
        let (answer, answered) = oneshot::channel();
        let waiter = Waiter {
            written: false,
            answer,
        };
        lock(&self.waiting).insert(id.clone(), waiter);
        // Whoever stops waiting leaves nothing behind.
        let _forget = Forget {
            waiting: &self.waiting,
            id: &id,
        };
        let gone = || "the program has been stopped".to_owned();
        let line = Line {
            id: id.clone(),
            text,
        };
        self.lines.send(line).await.map_err(|_| gone())?;
        let line = answered.await.map_err(|_| gone())??;
        Spoken::read(&line)?.answer()
    }

    /// Ends the program: by the end of its input, and by force if that does not help.
    pub(super) async fn close(&self) {
        // Who has ended already needs not be told.
        let _ = self.stop.send(true);
        let task = {
            let mut kept = self.task.lock().unwrap_or_else(PoisonError::into_inner);
            kept.take()
        };
        if let Some(task) = task {
            // One that panicked has nothing left to end.
            let _ = task.await;
        }
    }
}

struct Forget<'a> {
    waiting: &'a Waiting,
    id: &'a str,
}

impl Drop for Forget<'_> {
    fn drop(&mut self) {
        lock(self.waiting).remove(self.id);
    }
}

/// Keeps a program running.
struct Keeper {
    name: String,
    command: Vec<String>,
    longest: Duration,
    events: mpsc::Receiver<Line>,
    waiting: Waiting,
    stopped: watch::Receiver<bool>,
    unasked: Unasked,
}

impl Keeper {
    async fn keep(mut self) {
        let mut backoff = Backoff::default();
        let mut stopped = self.stopped.clone();
        loop {
            let began = Instant::now();
            match self.run().await {
                None => return,
                Some(problem) => {
                    let handler = &*self.name;
                    tracing::error!(handler, problem, "the program of a handler ended");
                    self.fail_written(&problem);
                }
            }
            if began.elapsed() >= STEADY {
                backoff.reset();
            }
            let wait = backoff.next(fastrand::u64(..));
            tokio::select! {
                () = sleep(wait) => {}
                // An error says that the program is no longer wanted either.
                _ = stopped.wait_for(|stopped| *stopped) => return,
            }
        }
    }

    /// Runs the program until it ends, and says why; nothing if it was told to.
    async fn run(&mut self) -> Option<String> {
        let (mut child, input, output) = match self.spawn() {
            Ok(spawned) => spawned,
            Err(problem) => return Some(problem),
        };
        let mut stopped = self.stopped.clone();
        let waiting = Arc::clone(&self.waiting);
        let why = tokio::select! {
            problem = write(&mut self.events, &waiting, input, self.longest) => Some(problem),
            problem = read(BufReader::new(output), &waiting, &self.unasked) => Some(problem),
            _ = stopped.wait_for(|stopped| *stopped) => None,
        };
        // Both ends of the pipes are closed by now, so that the program may see the end.
        let status = match timeout(GRACE, child.wait()).await {
            Ok(Ok(status)) => status.to_string(),
            Ok(Err(error)) => error.to_string(),
            Err(_) => {
                // It may have ended at this very moment.
                let _ = child.kill().await;
                "killed, since it did not end by itself".to_owned()
            }
        };
        why.map(|problem| format!("{problem} ({status})"))
    }

    fn spawn(&self) -> Result<(Child, ChildStdin, ChildStdout), String> {
        let Some((program, arguments)) = self.command.split_first() else {
            return Err("there is no command".to_owned());
        };
        let mut command = Command::new(program);
        command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        // Ctrl-C is for us; the program is told to end when its last answer is out.
        #[cfg(unix)]
        command.process_group(0);
        let spawned = command.spawn();
        let mut child = spawned.map_err(|error| format!("{program}: {error}"))?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(input), Some(output)) => Ok((child, input, output)),
            _ => Err(format!("{program}: no pipes")),
        }
    }

    /// What the program was given and has not answered will not be answered any more.
    fn fail_written(&self, problem: &str) {
        let mut waiting = lock(&self.waiting);
        for (_, waiter) in waiting.extract_if(|_, waiter| waiter.written) {
            // Who waits no longer needs not be told.
            let _ = waiter.answer.send(Err(problem.to_owned()));
        }
    }
}

/// Writes events to the program while it reads them, and says why it ended.
async fn write(
    events: &mut mpsc::Receiver<Line>,
    waiting: &Waiting,
    mut input: ChildStdin,
    longest: Duration,
) -> String {
    while let Some(line) = events.recv().await {
        match lock(waiting).get_mut(&line.id) {
            Some(waiter) => waiter.written = true,
            // Nobody waits any longer.
            None => continue,
        }
        let written = async {
            input.write_all(&line.text).await?;
            input.write_all(b"\n").await?;
            input.flush().await
        };
        match timeout(longest, written).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return format!("it reads no more: {error}"),
            Err(_) => return format!("it did not read within {longest:?}"),
        }
    }
    // Whoever had asked has gone; the end will be told by the other way.
    std::future::pending().await
}

/// Gives answers to those who wait, and says why there are no more.
async fn read<R: AsyncBufRead + Unpin>(
    mut output: R,
    waiting: &Waiting,
    unasked: &Unasked,
) -> String {
    let mut line = Vec::new();
    loop {
        line.clear();
        let most = u64::try_from(LARGEST_ANSWER + 1).unwrap_or(u64::MAX);
        match (&mut output).take(most).read_until(b'\n', &mut line).await {
            Ok(0) => return "it ended".to_owned(),
            Ok(_) if line.len() > LARGEST_ANSWER => {
                return format!("an answer is longer than {LARGEST_ANSWER} bytes");
            }
            Ok(_) => {}
            Err(error) => return error.to_string(),
        }
        let text = line.trim_ascii();
        if text.is_empty() {
            continue;
        }
        let Some(id) = id_of(text) else {
            unasked.hear(text);
            continue;
        };
        let waiter = lock(waiting).remove(&*id);
        if let Some(waiter) = waiter {
            // Who waits no longer needs not be told.
            let _ = waiter.answer.send(Ok(Bytes::copy_from_slice(text)));
        } else {
            tracing::debug!(%id, "an answer that nobody waits for");
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::message::Message;
    use crate::outboxes::Outboxes;
    use crate::reply::Reply;

    fn shell(script: &str) -> Program {
        let command = ["sh", "-c", script].map(str::to_owned);
        let unasked = Unasked::of("desk", Outboxes::default());
        Program::start("desk", &command, 8, Duration::from_secs(5), unasked)
    }

    async fn ask(program: &Program, id: &str) -> Result<Reply, String> {
        let line = format!("{{\"id\":\"{id}\"}}").into();
        let asked = program.ask(id, line);
        let answer = timeout(Duration::from_secs(10), asked).await.unwrap();
        answer.map(|answer| answer.reply)
    }

    fn pong() -> Reply {
        Reply::Message(Message::text("pong"))
    }

    const PONG: &str = r#"{"id":"evt_1","answer":"pong"}"#;

    #[tokio::test]
    async fn a_program_is_asked_and_ends_with_its_input() {
        let program = shell(&format!(
            "read line; echo chatter; echo '{PONG}'; read line"
        ));
        assert_eq!(ask(&program, "evt_1").await, Ok(pong()));
        let began = Instant::now();
        program.close().await;
        assert!(began.elapsed() < GRACE);
    }

    #[tokio::test]
    async fn a_program_that_ends_fails_what_it_was_given_and_is_started_again() {
        let marker = std::env::temp_dir().join(format!("mynah-stdio-{}", std::process::id()));
        let path = marker.display();
        let program = shell(&format!(
            "read line; if [ -e {path} ]; then echo '{PONG}'; read line; fi; touch {path}"
        ));
        let error = ask(&program, "evt_0").await.unwrap_err();
        assert!(error.contains("it ended"), "{error}");
        assert_eq!(ask(&program, "evt_1").await, Ok(pong()));
        program.close().await;
        std::fs::remove_file(&marker).unwrap();
    }

    #[tokio::test]
    async fn a_program_that_does_not_end_is_killed() {
        let program = shell(&format!("read line; echo '{PONG}'; exec sleep 60"));
        assert_eq!(ask(&program, "evt_1").await, Ok(pong()));
        let began = Instant::now();
        program.close().await;
        assert!(began.elapsed() < GRACE + Duration::from_secs(2));
    }

    #[tokio::test]
    async fn whoever_gives_up_leaves_nothing_behind() {
        let program = shell("while read line; do :; done");
        let asked = program.ask("evt_1", Bytes::from_static(b"{}"));
        assert!(timeout(Duration::from_millis(100), asked).await.is_err());
        assert!(lock(&program.waiting).is_empty());
        program.close().await;
    }
}
