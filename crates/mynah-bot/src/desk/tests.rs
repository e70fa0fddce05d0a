use std::borrow::Cow;

use tokio::time::sleep;

use super::*;
use crate::event::Native;
use crate::filter::{command, contains, message, when};
use crate::guard::{LoopGuard, Rate};
use crate::reply::Sending;

const ALICE: i64 = 1;
const BOB: i64 = 2;
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

struct Said(String);

impl Native for Said {
    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn said(who: i64, text: &str) -> Event {
    let native = Said(text.to_owned());
    let raw = bytes::Bytes::new();
    let mut event = Event::new(
        Platform::OneBot,
        "bot".into(),
        EventKind::Message,
        native,
        raw,
    );
    event.conversation = Some(Conversation::group(Platform::OneBot, 1));
    event.sender = Some(UserId::new(Platform::OneBot, who));
    event
}

/// Remembers what was said, and by whose way.
struct Sent {
    by: &'static str,
    words: Arc<Mutex<Vec<String>>>,
}

impl Outbox for Sent {
    fn send<'a>(&'a self, _: &'a Conversation, message: &'a Message) -> Sending<'a> {
        let words = format!("{}{}", self.by, message.plain_text());
        let mut all = self.words.lock().unwrap();
        all.push(words);
        let receipt = Receipt {
            ids: vec![MessageId::new(
                Platform::OneBot,
                all.len().to_string().as_str(),
            )],
            losses: Vec::new(),
        };
        Box::pin(std::future::ready(Ok(receipt)))
    }

    fn answer<'a>(&'a self, _: &'a Event, _: &'a Reply) -> Sending<'a> {
        Box::pin(std::future::ready(Ok(Receipt::default())))
    }
}

/// A group with a bot in it.
struct Scene {
    desk: Arc<Desk<()>>,
    words: Arc<Mutex<Vec<String>>>,
}

impl Scene {
    fn of(router: Router<()>) -> Self {
        Self {
            desk: Arc::new(Desk::new(router, ())),
            words: Arc::default(),
        }
    }

    /// Whether it is let in.
    async fn happen(&self, event: Event) -> bool {
        let admitted = self.desk.admit(event).await;
        let let_in = admitted.is_some();
        if let Some(admitted) = admitted {
            let (desk, outbox) = (Arc::clone(&self.desk), self.outbox(""));
            tokio::spawn(async move { desk.serve(admitted, outbox).await });
        }
        let_in
    }

    async fn say(&self, who: i64, text: &str) -> bool {
        self.happen(said(who, text)).await
    }

    fn outbox(&self, by: &'static str) -> Arc<dyn Outbox> {
        let words = Arc::clone(&self.words);
        Arc::new(Sent { by, words })
    }

    /// What the bot has said since, after so long.
    async fn hears(&self, after: Duration) -> Vec<String> {
        sleep(after).await;
        std::mem::take(&mut self.words.lock().unwrap())
    }
}

/// `/order`, which asks how many, and takes a second for each thing it does.
fn shop() -> Router<()> {
    Router::new()
        .on(command("order"), async |cx: Context| -> Result<String> {
            let Some(many) = cx.ask("how many?", MINUTE).or_command().await? else {
                return Ok("never mind".to_owned());
            };
            cx.reply("let me see").await?;
            sleep(SECOND).await;
            Ok(format!("{} it is", many.text()))
        })
        .on(command("slow"), async || {
            sleep(10 * SECOND).await;
            "at last"
        })
        .on(contains("hello"), async || "hi")
}

#[tokio::test(start_paused = true)]
async fn whoever_is_asked_answers_and_everybody_else_is_heard_meanwhile() {
    let scene = Scene::of(shop());
    assert!(scene.say(ALICE, "/order").await);
    assert_eq!(scene.hears(SECOND).await, ["how many?"]);
    assert!(!scene.say(BOB, "7").await);
    assert!(scene.say(BOB, "hello").await);
    assert_eq!(scene.hears(SECOND).await, ["hi"]);
    // It is an answer whatever the routes would do with it.
    assert!(scene.say(ALICE, "hello 3").await);
    assert!(scene.say(BOB, "hello").await);
    assert_eq!(
        scene.hears(5 * SECOND).await,
        ["let me see", "hello 3 it is", "hi"]
    );
    assert!(!scene.say(ALICE, "4").await);
    assert_eq!(scene.desk.order.busy(), 0);
    assert_eq!(scene.desk.room(&"bot".into()).available_permits(), ROOM);
}

/// Nothing of the conversation is handled beside a handler that goes on.
#[tokio::test(start_paused = true)]
async fn an_answer_waits_for_its_turn() {
    let scene = Scene::of(shop());
    scene.say(ALICE, "/order").await;
    scene.hears(SECOND).await;
    scene.say(BOB, "/slow").await;
    // Longer than the question was open for.
    sleep(55 * SECOND).await;
    assert_eq!(scene.hears(SECOND).await, ["at last"]);
    scene.say(BOB, "/slow").await;
    scene.say(ALICE, "3").await;
    assert!(scene.hears(9 * SECOND).await.is_empty());
    assert_eq!(
        scene.hears(5 * SECOND).await,
        ["at last", "let me see", "3 it is"]
    );
}

#[tokio::test(start_paused = true)]
async fn who_says_nothing_is_not_waited_for() {
    let scene = Scene::of(shop());
    scene.say(ALICE, "/order").await;
    assert_eq!(scene.hears(59 * SECOND).await, ["how many?"]);
    // The handler goes on when it is its turn again.
    scene.say(BOB, "/slow").await;
    assert!(scene.hears(5 * SECOND).await.is_empty());
    assert!(!scene.say(ALICE, "3").await);
    assert_eq!(scene.hears(MINUTE).await, ["at last", "never mind"]);
    assert_eq!(scene.desk.order.busy(), 0);
    assert_eq!(scene.desk.room(&"bot".into()).available_permits(), ROOM);
}

#[tokio::test(start_paused = true)]
async fn a_command_or_a_newer_question_ends_a_question() {
    let scene = Scene::of(shop());
    scene.say(ALICE, "/order").await;
    assert_eq!(scene.hears(SECOND).await, ["how many?"]);
    scene.say(ALICE, "/order").await;
    let mut heard = scene.hears(SECOND).await;
    heard.sort();
    assert_eq!(heard, ["how many?", "never mind"]);
    scene.say(ALICE, "5").await;
    assert_eq!(scene.hears(5 * SECOND).await, ["let me see", "5 it is"]);
}

#[tokio::test(start_paused = true)]
async fn a_question_in_another_place_or_on_another_account_stays_open() {
    let scene = Scene::of(shop());
    scene.say(ALICE, "/order").await;
    scene.hears(SECOND).await;
    let mut elsewhere = said(ALICE, "3");
    elsewhere.conversation = Some(Conversation::direct(Platform::OneBot, ALICE));
    assert!(!scene.happen(elsewhere).await);
    let mut other = said(ALICE, "3");
    other.account = "other".into();
    assert!(!scene.happen(other).await);
    assert!(scene.say(ALICE, "3").await);
}

/// What a handler returns at last answers the last answer, by its way.
#[tokio::test(start_paused = true)]
async fn the_reply_goes_the_way_of_the_last_answer() {
    let scene = Scene::of(shop());
    let question = scene.desk.admit(said(ALICE, "/order")).await.unwrap();
    let first = Arc::clone(&scene.desk);
    let outbox = scene.outbox("first: ");
    tokio::spawn(async move { first.serve(question, outbox).await });
    assert_eq!(scene.hears(SECOND).await, ["first: how many?"]);
    let answer = scene.desk.admit(said(ALICE, "3")).await.unwrap();
    scene.desk.serve(answer, scene.outbox("second: ")).await;
    assert_eq!(
        scene.hears(5 * SECOND).await,
        ["first: let me see", "second: 3 it is"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_panics_or_fails_touches_no_other() {
    let router = Router::new()
        .on(command("panic"), async |cx: Context| -> Result<()> {
            panic!("{}", cx.text());
        })
        .on(command("fail"), async || Err::<(), _>(BotError::new("no")))
        .on(
            when(|event| event.text() != "worse" || panic!("filter")),
            async || "fine",
        );
    let scene = Scene::of(router);
    for text in ["/panic", "a", "/fail", "b"] {
        assert!(scene.say(ALICE, text).await);
    }
    assert!(!scene.say(ALICE, "worse").await);
    assert!(scene.say(ALICE, "c").await);
    assert_eq!(scene.hears(SECOND).await, ["fine", "fine", "fine"]);
    assert_eq!(scene.desk.room(&"bot".into()).available_permits(), ROOM);
    assert_eq!(*scene.desk.inside.borrow(), 0);
}

fn overlapping(overlap: Overlap) -> Scene {
    async fn work(cx: Context) -> String {
        let text = format!("did {}", cx.text());
        sleep(10 * SECOND).await;
        text
    }
    Scene::of(Router::new().on(message(), work).overlap(overlap))
}

#[tokio::test(start_paused = true)]
async fn what_overlaps_waits_is_dropped_or_runs_beside() {
    for (overlap, let_in, early, late) in [
        (Overlap::Queue, true, vec!["did a"], vec!["did b"]),
        (Overlap::Drop, false, vec!["did a"], vec![]),
        (Overlap::Concurrent, true, vec!["did a", "did b"], vec![]),
    ] {
        let scene = overlapping(overlap);
        assert!(scene.say(ALICE, "a").await);
        sleep(SECOND).await;
        assert_eq!(scene.say(BOB, "b").await, let_in, "{overlap:?}");
        assert_eq!(scene.hears(11 * SECOND).await, early, "{overlap:?}");
        assert_eq!(scene.hears(MINUTE).await, late, "{overlap:?}");
        // The next one is as the first.
        assert!(scene.say(BOB, "c").await);
        assert_eq!(scene.hears(MINUTE).await, ["did c"]);
    }
}

#[tokio::test(start_paused = true)]
async fn of_what_comes_in_quick_succession_the_last_is_handled() {
    let scene = overlapping(Overlap::Debounce(3 * SECOND));
    for text in ["a", "b", "c"] {
        assert!(scene.say(ALICE, text).await);
        sleep(2 * SECOND).await;
    }
    assert!(scene.say(BOB, "d").await);
    assert_eq!(scene.hears(12 * SECOND).await, ["did c"]);
    assert_eq!(scene.hears(12 * SECOND).await, ["did d"]);
}

#[tokio::test(start_paused = true)]
async fn who_says_too_much_is_told_once() {
    let rate = Rate::per_person(2, MINUTE).saying("slowly");
    let scene = Scene::of(Router::new().on(message(), async || "yes").rate(rate));
    for (n, text) in ["a", "b", "c", "d"].into_iter().enumerate() {
        assert_eq!(scene.say(ALICE, text).await, n < 3, "{text}");
    }
    assert!(scene.say(BOB, "a").await);
    assert_eq!(scene.hears(SECOND).await, ["yes", "yes", "slowly", "yes"]);
    sleep(MINUTE).await;
    assert!(scene.say(ALICE, "e").await);
    assert_eq!(scene.hears(SECOND).await, ["yes"]);
}

#[tokio::test(start_paused = true)]
async fn a_conversation_has_a_rate_of_its_own() {
    let rate = Rate::per_conversation(2, MINUTE);
    let scene = Scene::of(Router::new().on(message(), async || "yes").rate(rate));
    assert!(scene.say(ALICE, "a").await && scene.say(BOB, "b").await);
    assert!(!scene.say(ALICE, "c").await && !scene.say(BOB, "d").await);
    let mut elsewhere = said(ALICE, "e");
    elsewhere.conversation = Some(Conversation::group(Platform::OneBot, 2));
    assert!(scene.happen(elsewhere).await);
}

/// Another bot answers each answer with the same words.
#[tokio::test(start_paused = true)]
async fn bots_that_answer_each_other_fall_silent() {
    let scene = Scene::of(Router::new().on(message(), async || "pardon?"));
    let mut answers = 0;
    for n in 0..50 {
        scene.say(BOB, "I did not understand that").await;
        answers += scene.hears(SECOND).await.len();
        // People are not concerned.
        if n % 10 == 0 {
            assert!(scene.say(ALICE, "I did not understand that").await);
            assert_eq!(scene.hears(SECOND).await, ["pardon?"]);
        }
    }
    assert_eq!(answers, 10);
    // Other words are heard, and the same ones when they have not come for long.
    assert!(scene.say(BOB, "hello").await);
    sleep(MINUTE).await;
    assert!(scene.say(BOB, "I did not understand that").await);
}

#[tokio::test(start_paused = true)]
async fn whatever_a_bot_says_counts_and_only_answers_do() {
    let router = || {
        Router::new()
            .on(contains("note"), async || ())
            .on(message(), async || "yes")
    };
    let bot = |text: &str| {
        let mut event = said(BOB, text);
        event.from_bot = true;
        event
    };
    let scene = Scene::of(router());
    for n in 0..10 {
        assert!(scene.happen(bot("note this")).await);
        assert!(scene.happen(bot(&n.to_string())).await, "{n}");
        sleep(Duration::from_millis(100)).await;
    }
    assert!(!scene.happen(bot("10")).await);
    let scene = Scene::of(router().loop_guard(LoopGuard::off()));
    for n in 0..20 {
        assert!(scene.happen(bot("again")).await, "{n}");
        sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn once_stopped_nothing_is_let_in_and_what_is_inside_ends() {
    let scene = Scene::of(shop());
    scene.say(BOB, "/slow").await;
    let mut elsewhere = said(ALICE, "/order");
    elsewhere.conversation = Some(Conversation::group(Platform::OneBot, 2));
    scene.happen(elsewhere).await;
    assert_eq!(scene.hears(SECOND).await, ["how many?"]);
    scene.desk.stop();
    let desk = Arc::clone(&scene.desk);
    let late = tokio::spawn(async move { desk.admit(said(ALICE, "hello")).await.is_some() });
    assert_eq!(scene.hears(SECOND).await, ["never mind"]);
    let began = Instant::now();
    scene.desk.drain(MINUTE).await;
    assert_eq!(scene.hears(Duration::ZERO).await, ["at last"]);
    assert_eq!(began.elapsed(), 8 * SECOND);
    // Not acknowledged before the end.
    assert!(!late.is_finished());
    scene.desk.end();
    assert!(!late.await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn what_does_not_end_is_not_waited_for_longer_than_said() {
    let scene = Scene::of(shop());
    scene.say(BOB, "/slow").await;
    sleep(SECOND).await;
    scene.desk.stop();
    let began = Instant::now();
    scene.desk.drain(5 * SECOND).await;
    assert_eq!(began.elapsed(), 5 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn what_was_posted_and_is_not_let_in_is_never_acknowledged() {
    let scene = Scene::of(shop());
    scene.desk.stop();
    let desk = Arc::clone(&scene.desk);
    let post = tokio::spawn(async move {
        let admission = desk.admit(said(ALICE, "hello"));
        desk.posted(admission).await.is_some()
    });
    scene.desk.end();
    sleep(MINUTE).await;
    assert!(!post.is_finished());
    // What nobody takes is.
    let scene = Scene::of(shop());
    let admission = scene.desk.admit(said(ALICE, "nothing of ours"));
    assert!(scene.desk.posted(admission).await.is_none());
}

#[tokio::test]
async fn an_account_that_hears_much_has_no_other_one_forget() {
    let desk = Desk::new(Router::<()>::new().on(message(), async || {}), ());
    let heard = |account: &str, id: usize| {
        let mut event = said(ALICE, "hello");
        event.account = account.into();
        event.message_id = Some(MessageId::new(Platform::OneBot, id.to_string().as_str()));
        desk.admit(event)
    };
    assert!(heard("quiet", 1).await.is_some());
    for id in 0..3 * SEEN {
        assert!(heard("busy", id).await.is_some());
    }
    assert!(heard("busy", 2 * SEEN).await.is_none());
    assert!(heard("quiet", 1).await.is_none());
}

/// Nobody waits for room that another account has taken.
#[tokio::test(start_paused = true)]
async fn an_account_that_hangs_leaves_room_to_the_others() {
    let router = Router::new()
        .on(command("hang"), std::future::pending::<()>)
        .on(contains("hello"), async || "hi");
    let scene = Scene::of(router);
    for n in 0..ROOM {
        let mut event = said(ALICE, "/hang");
        event.account = "other".into();
        let place = i64::try_from(n % 10).unwrap();
        event.conversation = Some(Conversation::group(Platform::OneBot, place));
        assert!(scene.happen(event).await);
    }
    assert!(scene.say(ALICE, "hello").await);
    assert_eq!(scene.hears(SECOND).await, ["hi"]);
}

/// Replies in the response.
struct InBand;

impl Responds for InBand {
    type Answer = String;

    async fn respond(&self, handled: &Handled) -> Result<Option<Response<String>>> {
        Ok(match &handled.reply {
            Reply::Message(message) => Some(message.plain_text().into()),
            _ => None,
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_reply_goes_into_the_response_or_is_sent_never_both() {
    for (text, within, response, sent) in [
        ("hello", Some(5 * SECOND), Some("hi"), vec![]),
        ("/slow", Some(5 * SECOND), None, vec!["at last"]),
        ("/slow", None, Some("at last"), vec![]),
    ] {
        let scene = Scene::of(shop());
        let desk = Arc::clone(&scene.desk);
        let came = Instant::now();
        let admitted = desk.admit(said(ALICE, text)).await.unwrap();
        let patience = Patience { came, within };
        let answer = desk.respond(admitted, scene.outbox(""), InBand, patience);
        assert_eq!(answer.await.as_deref(), response);
        assert!(came.elapsed() <= within.unwrap_or(MINUTE));
        assert_eq!(scene.hears(MINUTE).await, sent);
    }
}

#[tokio::test(start_paused = true)]
async fn at_the_end_nobody_waits_for_a_response() {
    let scene = Scene::of(shop());
    let desk = Arc::clone(&scene.desk);
    let admitted = desk.admit(said(ALICE, "/slow")).await.unwrap();
    let patience = Patience {
        came: Instant::now(),
        within: None,
    };
    let outbox = scene.outbox("");
    let waiting = tokio::spawn(desk.respond(admitted, outbox, InBand, patience));
    sleep(SECOND).await;
    scene.desk.end();
    assert_eq!(waiting.await.unwrap(), None);
    assert_eq!(scene.hears(MINUTE).await, ["at last"]);
}

/// Takes down what it hears.
#[derive(Clone, Default)]
struct Journal(Arc<Mutex<Vec<String>>>);

impl crate::Observer for Journal {
    fn let_in(&self, event: &Event) {
        self.0.lock().unwrap().push(format!("? {}", event.text()));
    }

    fn handled(&self, event: &Event, outcome: &Outcome<'_>) {
        let sent = outcome.sent.len();
        let words = match (outcome.reply, outcome.error) {
            (_, Some(error)) => error.to_string(),
            (Reply::Message(message), None) => message.plain_text(),
            (other, None) => format!("{other:?}"),
        };
        let took = outcome.took.as_secs();
        let line = format!("! {} {took}s {sent} {words}", event.text());
        self.0.lock().unwrap().push(line);
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_looks_on_hears_what_came_and_what_became_of_it() {
    let router = shop().on(command("fail"), async || Err::<(), _>(BotError::new("no")));
    let journal = Journal::default();
    let mut observers = Observers::default();
    observers.add(journal.clone());
    let desk = Desk::new(router, ()).observed(observers);
    let scene = Scene {
        desk: Arc::new(desk),
        words: Arc::default(),
    };
    for text in ["hello", "/fail", "/order", "3", "/slow", "nothing of ours"] {
        scene.say(ALICE, text).await;
        sleep(MINUTE / 4).await;
    }
    assert_eq!(
        *journal.0.lock().unwrap(),
        [
            "? hello",
            "! hello 0s 1 hi",
            "? /fail",
            "! /fail 0s 0 no",
            "? /order",
            "? 3",
            "! 3 0s 0 Nothing",
            "! 3 16s 3 3 it is",
            "? /slow",
            "! /slow 10s 1 at last",
        ]
    );
}
