use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use mynah_bot::{
    Args, BotError, Context, Event, EventKind, FromRef, Handling, Message, Next, On, Platform,
    Rate, Reply, Result, Router, State, UserId, Words, account, command, contains, direct, from,
    group, joined, mention, message, request, text, when,
};

use crate::said::{Said, Sent, happened, said};

async fn answers<S: Send + Sync + 'static>(
    bot: &Router<S>,
    state: &S,
    event: Event,
) -> Vec<String> {
    let sent = Sent::new();
    bot.dispatch(event, state, sent.clone()).await.unwrap();
    sent.take()
}

async fn answer(bot: &Router<()>, event: Event) -> String {
    answers(bot, &(), event).await.join("|")
}

#[tokio::test]
async fn the_first_route_that_accepts_takes_the_event() {
    let bot = Router::new()
        .on(command("ping"), async || "pong")
        .on(message(), async || "first")
        .on(message(), async || "second");
    assert_eq!(answer(&bot, said("/ping")).await, "onebot:group:20001 pong");
    assert_eq!(
        answer(&bot, said("hello")).await,
        "onebot:group:20001 first"
    );
    assert_eq!(answer(&bot, happened(EventKind::Poked, "")).await, "");
}

#[tokio::test]
async fn a_command_is_a_whole_word_with_either_slash() {
    let bot = Router::new().on(command("ping"), async || "pong");
    for heard in ["/ping", "  /ping  ", "/ping now", "／ping", "/ping\nnow"] {
        assert!(!answer(&bot, said(heard)).await.is_empty(), "{heard:?}");
    }
    for not_heard in ["ping", "/pingpong", "say /ping", "/", "", "//ping"] {
        assert!(
            answer(&bot, said(not_heard)).await.is_empty(),
            "{not_heard:?}"
        );
    }
}

#[tokio::test]
async fn filters_combine() {
    let bot = Router::new()
        .on((group() & contains("值班")) | text("help"), async || "yes")
        .on(!group() & message(), async || "alone");
    assert!(answer(&bot, said("谁值班？")).await.ends_with("yes"));
    assert!(answer(&bot, said("help")).await.ends_with("yes"));
    assert_eq!(answer(&bot, said("help me")).await, "");
    assert_eq!(
        format!("{:?}", mention() & !direct()),
        "(mention & !direct)"
    );
}

#[tokio::test]
async fn arguments_are_typed_and_a_wrong_one_is_told_to_the_sender() {
    async fn roll(Args(sides): Args<u32>) -> String {
        format!("1..={sides}")
    }
    async fn remind(Words((minutes, what)): Words<(u32, String)>) -> String {
        format!("{what} in {minutes}")
    }
    let bot = Router::new()
        .on(command("roll"), roll)
        .on(command("remind"), remind);
    assert!(answer(&bot, said("/roll 6")).await.ends_with("1..=6"));
    assert!(
        answer(&bot, said("/roll six"))
            .await
            .ends_with("/roll: invalid digit found in string")
    );
    assert!(
        answer(&bot, said("/remind 5  stand up"))
            .await
            .ends_with("stand up in 5")
    );
    assert!(
        answer(&bot, said("/remind"))
            .await
            .ends_with("/remind: cannot parse integer from empty string")
    );
}

#[tokio::test]
async fn a_handler_takes_a_part_of_the_state() {
    #[derive(Clone)]
    struct Whole {
        count: Arc<AtomicU32>,
    }
    impl FromRef<Whole> for Arc<AtomicU32> {
        fn from_ref(whole: &Whole) -> Self {
            Arc::clone(&whole.count)
        }
    }
    async fn count(State(count): State<Arc<AtomicU32>>) -> String {
        (count.fetch_add(1, Ordering::Relaxed) + 1).to_string()
    }
    let bot = Router::<Whole>::new().on(command("count"), count);
    let whole = Whole {
        count: Arc::default(),
    };
    answers(&bot, &whole, said("/count")).await;
    assert_eq!(
        answers(&bot, &whole, said("/count")).await,
        ["onebot:group:20001 2"]
    );
}

#[tokio::test]
async fn replies_come_in_many_shapes() {
    async fn maybe(Args(number): Args<i32>) -> Result<Option<Message>> {
        match number {
            0 => Ok(None),
            n if n > 0 => Ok(Some(Message::text("plus"))),
            _ => Err(BotError::new("minus")),
        }
    }
    let bot = Router::new()
        .on(command("maybe"), maybe)
        .on(request(), async || Reply::Approve(String::new()));
    assert!(answer(&bot, said("/maybe 1")).await.ends_with("plus"));
    assert_eq!(answer(&bot, said("/maybe 0")).await, "");
    let failed = bot.dispatch(said("/maybe -1"), &(), Sent::new()).await;
    assert_eq!(failed.unwrap_err().to_string(), "minus");
    assert_eq!(
        answer(&bot, happened(EventKind::FriendRequest, "")).await,
        "Approve(\"\")"
    );
}

#[tokio::test]
async fn a_handler_may_speak_before_it_returns() {
    async fn slow(cx: Context) -> Result<&'static str> {
        cx.reply("one moment").await?;
        Ok("done")
    }
    let bot = Router::new().on(command("slow"), slow);
    assert_eq!(
        answer(&bot, said("/slow")).await,
        "onebot:group:20001 one moment|onebot:group:20001 done"
    );
}

#[tokio::test]
async fn the_platforms_own_event_is_at_hand() {
    async fn native(On(said): On<Said>) -> String {
        said.0
    }
    let bot = Router::new().on(joined(), native);
    assert!(
        answer(&bot, happened(EventKind::Joined, "native"))
            .await
            .ends_with("native")
    );
}

#[tokio::test]
async fn layers_wrap_the_routes_before_them_and_scopes_narrow() {
    fn shout<'a>(cx: &'a Context, next: Next<'a>) -> Handling<'a> {
        Box::pin(async move {
            if cx.text().contains("quiet") {
                return Ok(Reply::Nothing);
            }
            match next.run().await? {
                Reply::Message(message) => Ok(Reply::Message(message.push("!"))),
                other => Ok(other),
            }
        })
    }
    let loud = Router::new().on(contains("hi"), async || "hi").layer(shout);
    let bot = Router::new()
        .scope(&when(|event| event.text().starts_with("bot")), loud)
        .merge(Router::new().on(message(), async || "soft"));
    assert!(answer(&bot, said("bot hi")).await.ends_with("hi!"));
    assert_eq!(answer(&bot, said("bot hi quiet")).await, "");
    assert!(answer(&bot, said("hi")).await.ends_with("soft"));
}

#[tokio::test]
async fn who_is_not_allowed_or_is_denied_is_not_heard() {
    let alice = || from([UserId::new(Platform::OneBot, 10001)]);
    let secret = || Router::<()>::new().on(message(), async || "secret");
    let other = || Router::new().on(message(), async || "no");
    let bot = secret().allow(&alice()).merge(other());
    assert!(answer(&bot, said("a")).await.ends_with("secret"));
    let bot = secret().allow(&!alice()).merge(other());
    assert!(answer(&bot, said("a")).await.ends_with("no"));
    let bot = secret().deny(&alice()).merge(other());
    assert!(answer(&bot, said("a")).await.ends_with("no"));
    let bot = secret().deny(&account("another"));
    assert!(answer(&bot, said("a")).await.ends_with("secret"));
}

#[tokio::test]
async fn routes_share_a_rate_that_was_set_for_them() {
    let rate = Rate::per_person(2, Duration::from_secs(3600)).saying("slowly");
    let bot = Router::new()
        .on(text("a"), async || "A")
        .on(text("b"), async || "B")
        .rate(rate)
        .on(text("c"), async || "C");
    let mut heard = Vec::new();
    for text in ["a", "b", "a", "b", "c"] {
        heard.extend(answers(&bot, &(), said(text)).await);
    }
    let place = "onebot:group:20001";
    let expected = ["A", "B", "slowly", "C"].map(|text| format!("{place} {text}"));
    assert_eq!(heard, expected);
}

#[tokio::test]
async fn a_handler_asks_and_the_next_message_is_the_answer() {
    async fn order(cx: Context) -> Result<String> {
        let many = cx.ask("how many?", Duration::from_secs(60)).await?;
        Ok(many.map_or("none".to_owned(), |many| many.text().to_owned()))
    }
    let bot = Router::new()
        .on(command("order"), order)
        .on(message(), async || "pardon?");
    let (sent, asking) = (Sent::new(), bot.clone());
    let outbox = sent.clone();
    let order = tokio::spawn(async move { asking.dispatch(said("/order"), &(), outbox).await });
    while sent.0.lock().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    assert!(answers(&bot, &(), said("3")).await.is_empty());
    order.await.unwrap().unwrap();
    assert_eq!(sent.take(), ["onebot:group:20001 how many?"]);
    assert!(answer(&bot, said("4")).await.ends_with("pardon?"));
}

#[tokio::test]
async fn nobody_can_be_asked_where_no_answer_would_come() {
    let cx = Context::new(Arc::new(said("/order")), Sent::new());
    let second = Duration::from_secs(1);
    let refused = cx.ask("how many?", second).await.unwrap_err();
    assert!(refused.to_string().contains("answers"), "{refused}");
}

#[test]
fn a_router_shows_its_filters_and_commands() {
    let bot = Router::<()>::new()
        .on(command("a") & group(), async || ())
        .on(command("b"), async || ());
    assert_eq!(bot.commands(), ["a", "b"]);
    assert_eq!(
        format!("{bot:?}"),
        r#"[(command["a"] & group), command["b"]]"#
    );
}
