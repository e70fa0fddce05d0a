//! Questions that a handler asks, and who answers them.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::event::{Event, EventKind};
use crate::extract::Context;
use crate::id::{Conversation, MessageId, UserId};
use crate::message::Message;
use crate::order::{Entry, Order, Turn};
use crate::reply::{BotError, Outbox, Result};

/// How many questions may be open at once.
const OPEN: usize = 4096;

/// So many messages of one handler are taken down for those who look on.
const MOST_SENT: usize = 1024;

/// A conversation as one account sees it.
pub(crate) type Line = (Arc<str>, Conversation);

/// Somebody in a conversation.
type Asked = (Line, UserId);

/// The open questions.
#[derive(Default)]
pub(crate) struct Dialogues {
    open: Mutex<Open>,
    next: AtomicU64,
}

#[derive(Default)]
struct Open {
    questions: HashMap<Asked, Question>,
    /// No answers come any more.
    is_over: bool,
}

struct Question {
    number: u64,
    yields_to_commands: bool,
    /// Whether the asker waits for its turn in the conversation.
    takes_turns: bool,
    asker: oneshot::Sender<Answer>,
}

/// An event that answers a question, on its way to the asker.
pub(crate) struct Answer {
    event: Arc<Event>,
    outbox: Arc<dyn Outbox>,
    seat: Seat,
}

/// What a handler holds while it is at work, and gives up while it waits for
/// an answer.
#[derive(Debug, Default)]
pub(crate) struct Seat {
    _turn: Option<Turn<Line>>,
    _room: Option<OwnedSemaphorePermit>,
}

impl Seat {
    /// Waits for the turn.
    pub(crate) async fn take(entry: Option<Entry<Line>>, room: OwnedSemaphorePermit) -> Self {
        let turn = match entry {
            Some(entry) => entry.turn().await,
            None => None,
        };
        Self {
            _turn: turn,
            _room: Some(room),
        }
    }
}

/// A question that somebody has answered.
pub(crate) struct Answered {
    pub(crate) takes_turns: bool,
    asker: oneshot::Sender<Answer>,
}

impl Answered {
    /// Lets the asker go on, in this seat.
    ///
    /// # Errors
    /// The seat comes back: the asker has gone.
    pub(crate) fn give(
        self,
        event: &Arc<Event>,
        outbox: &Arc<dyn Outbox>,
        seat: Seat,
    ) -> Result<(), Seat> {
        let answer = Answer {
            event: Arc::clone(event),
            outbox: Arc::clone(outbox),
            seat,
        };
        self.asker.send(answer).map_err(|answer| answer.seat)
    }
}

impl Dialogues {
    /// Whether the event answers a question.
    pub(crate) fn expects(&self, event: &Event) -> bool {
        let open = self.open();
        if open.questions.is_empty() {
            return false;
        }
        asked(event).is_some_and(|asked| {
            let question = open.questions.get(&asked);
            question.is_some_and(|question| question.is_answered_by(event))
        })
    }

    /// Takes the question that the event answers. One that yields to the
    /// event is over.
    pub(crate) fn claim(&self, event: &Event) -> Option<Answered> {
        let mut open = self.open();
        if open.questions.is_empty() {
            return None;
        }
        let question = open.questions.remove(&asked(event)?)?;
        question.is_answered_by(event).then_some(Answered {
            takes_turns: question.takes_turns,
            asker: question.asker,
        })
    }

    /// Ends all questions without an answer, those to come too.
    pub(crate) fn end(&self) {
        let mut open = self.open();
        open.is_over = true;
        let questions = std::mem::take(&mut open.questions);
        drop(open);
        drop(questions);
    }

    /// Opens a question. Another one to the same person in the same place is
    /// over then.
    fn ask(
        self: &Arc<Self>,
        whom: Asked,
        takes_turns: bool,
        yields_to_commands: bool,
    ) -> Result<Asking> {
        let (asker, answer) = oneshot::channel();
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let mut open = self.open();
        if open.questions.len() >= OPEN && !open.questions.contains_key(&whom) {
            return Err(BotError::new("too many questions are open"));
        }
        let question = Question {
            number,
            yields_to_commands,
            takes_turns,
            asker,
        };
        if !open.is_over {
            open.questions.insert(whom.clone(), question);
        }
        drop(open);
        Ok(Asking {
            dialogues: Arc::clone(self),
            asked: whom,
            number,
            answer,
        })
    }

    /// Ends a question, if nobody has answered it.
    fn withdraw(&self, asked: &Asked, number: u64) -> bool {
        let mut open = self.open();
        let is_open = open
            .questions
            .get(asked)
            .is_some_and(|question| question.number == number);
        if is_open {
            open.questions.remove(asked);
        }
        is_open
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        // Nothing inside panics while the map is half changed.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Question {
    fn is_answered_by(&self, event: &Event) -> bool {
        !(self.yields_to_commands && event.command().is_some())
    }
}

/// Whom a question must have been put to that the event answers.
fn asked(event: &Event) -> Option<Asked> {
    match event.kind {
        EventKind::Message | EventKind::Pressed => somebody(event),
        _ => None,
    }
}

fn somebody(event: &Event) -> Option<Asked> {
    let line = (Arc::clone(&event.account), event.conversation.clone()?);
    Some((line, event.sender.clone()?))
}

/// The end of whoever asked.
struct Asking {
    dialogues: Arc<Dialogues>,
    asked: Asked,
    number: u64,
    answer: oneshot::Receiver<Answer>,
}

impl Asking {
    /// Waits for the answer, no longer than this.
    async fn answer(mut self, within: Duration) -> Option<Answer> {
        tokio::select! {
            answer = &mut self.answer => return answer.ok(),
            () = tokio::time::sleep(within) => {}
        }
        if self.dialogues.withdraw(&self.asked, self.number) {
            return None;
        }
        // Somebody answered in time and waits for the turn.
        (&mut self.answer).await.ok()
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        self.dialogues.withdraw(&self.asked, self.number);
    }
}

/// A handler at work.
pub(crate) struct Work {
    dialogues: Arc<Dialogues>,
    /// Where to come back to when nobody answers.
    way_back: Option<WayBack>,
    spoke: AtomicBool,
    /// What it has sent.
    sent: Mutex<Vec<MessageId>>,
    at: Mutex<At>,
}

pub(crate) struct WayBack {
    pub(crate) order: Order<Line>,
    /// Nothing where the handler waits for no turn.
    pub(crate) line: Option<Line>,
    pub(crate) room: Arc<Semaphore>,
}

#[derive(Default)]
struct At {
    seat: Seat,
    has_left: bool,
    /// The last answer, which the reply goes to.
    answered: Option<(Arc<Event>, Arc<dyn Outbox>)>,
}

impl Work {
    /// A handler with nobody beside it.
    pub(crate) fn alone(dialogues: Arc<Dialogues>) -> Arc<Self> {
        Self::new(dialogues, None, Seat::default())
    }

    /// A handler in a seat.
    pub(crate) fn seated(dialogues: Arc<Dialogues>, way_back: WayBack, seat: Seat) -> Arc<Self> {
        Self::new(dialogues, Some(way_back), seat)
    }

    fn new(dialogues: Arc<Dialogues>, way_back: Option<WayBack>, seat: Seat) -> Arc<Self> {
        Arc::new(Self {
            dialogues,
            way_back,
            spoke: AtomicBool::new(false),
            sent: Mutex::default(),
            at: Mutex::new(At {
                seat,
                ..At::default()
            }),
        })
    }

    /// The handler said something.
    pub(crate) fn spoke(&self) {
        self.spoke.store(true, Ordering::Relaxed);
    }

    /// The handler has sent these.
    pub(crate) fn sent(&self, messages: &[MessageId]) {
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let room = MOST_SENT.saturating_sub(sent.len());
        sent.extend(messages.iter().take(room).cloned());
    }

    /// What the handler has sent before it returned.
    pub(crate) fn take_sent(&self) -> Vec<MessageId> {
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut sent)
    }

    /// Whether the handler has said anything before it returned.
    pub(crate) fn has_spoken(&self) -> bool {
        self.spoke.load(Ordering::Relaxed)
    }

    /// The handler has ended: its seat, and where its reply goes if somebody
    /// has answered it.
    pub(crate) fn leave(&self) -> (Seat, Option<Context>) {
        let mut at = self.at();
        at.has_left = true;
        let seat = std::mem::take(&mut at.seat);
        let answered = at.answered.take();
        drop(at);
        let cx = answered.map(|(event, outbox)| Context::new(event, outbox));
        (seat, cx)
    }

    /// Lets others pass.
    fn step_aside(&self) {
        let seat = std::mem::take(&mut self.at().seat);
        drop(seat);
    }

    fn sit(&self, seat: Seat) {
        let mut at = self.at();
        // Whoever asks after the handler has ended has no seat to keep.
        if !at.has_left {
            at.seat = seat;
        }
    }

    /// Waits for room and for a turn, as an event would that comes now.
    async fn come_back(&self) {
        let Some(way) = &self.way_back else {
            return;
        };
        // Room first: whoever waits for it with a turn would hold those up who have some.
        let Ok(room) = Arc::clone(&way.room).acquire_owned().await else {
            return;
        };
        let entry = way.line.as_ref().map(|line| way.order.enter(line));
        self.sit(Seat::take(entry, room).await);
    }

    fn takes_turns(&self) -> bool {
        let line = self.way_back.as_ref().map(|way| &way.line);
        line.is_some_and(Option::is_some)
    }

    fn at(&self) -> MutexGuard<'_, At> {
        self.at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Context {
    /// Asks the sender of the event something where it came from, and waits
    /// for their next message there, or press of a button, which then goes to no
    /// route. `None`: they
    /// say nothing for so long, or the bot is told to stop.
    ///
    /// Everybody else is heard meanwhile, in the same conversation too; nothing
    /// is handled beside the handler once it goes on. What the handler returns
    /// at last answers the last answer.
    ///
    /// One question at a time is open to a person in a place: a newer one ends
    /// the older. A few thousand are open in all.
    ///
    /// ```
    /// use std::time::Duration;
    /// use mynah_bot::{Context, Result};
    ///
    /// async fn order(cx: Context) -> Result<String> {
    ///     let minute = Duration::from_secs(60);
    ///     let Some(many) = cx.ask("how many?", minute).await? else {
    ///         return Ok("never mind".to_owned());
    ///     };
    ///     Ok(format!("{} it is", many.text()))
    /// }
    /// # let _ = mynah_bot::Router::<()>::new().on(mynah_bot::command("order"), order);
    /// ```
    pub fn ask(&self, question: impl Into<Message>, within: Duration) -> Ask<'_> {
        Ask {
            cx: self,
            question: question.into(),
            within,
            or_command: false,
        }
    }
}

/// A question about to be asked; see [`Context::ask`]. Awaiting it asks.
///
/// # Errors
/// Nobody in particular is there to be asked, too many questions are open, or
/// the question could not be sent.
#[must_use = "a question is asked when it is awaited"]
#[derive(Debug)]
pub struct Ask<'a> {
    cx: &'a Context,
    question: Message,
    within: Duration,
    or_command: bool,
}

impl Ask<'_> {
    /// A command is no answer: it ends the question with `None`, and is
    /// handled as if nothing had been asked.
    pub fn or_command(mut self) -> Self {
        self.or_command = true;
        self
    }

    async fn put(self) -> Result<Option<Context>> {
        let Self {
            cx,
            question,
            within,
            or_command,
        } = self;
        let nobody = || BotError::new("there is nobody to ask");
        let asked = somebody(cx.event()).ok_or_else(nobody)?;
        let nowhere = || BotError::new("answers do not come to this context");
        let work = cx.work().ok_or_else(nowhere)?;
        // First, for whoever answers before we know that the question is there.
        let asking = work.dialogues.ask(asked, work.takes_turns(), or_command)?;
        cx.send(question).await?;
        work.step_aside();
        let Some(answer) = asking.answer(within).await else {
            work.come_back().await;
            return Ok(None);
        };
        let Answer {
            event,
            outbox,
            seat,
        } = answer;
        work.sit(seat);
        work.at().answered = Some((Arc::clone(&event), Arc::clone(&outbox)));
        Ok(Some(Context::at_work(event, outbox, Arc::clone(work))))
    }
}

impl<'a> IntoFuture for Ask<'a> {
    type Output = Result<Option<Context>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.put())
    }
}
