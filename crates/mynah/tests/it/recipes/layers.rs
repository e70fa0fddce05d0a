use std::time::Instant;

use mynah::bot::{BotError, Context, Handling, Next, Reply, Result, Router, command};

fn bot() -> Router<()> {
    Router::new().on(command("weather"), weather).layer(watched)
}

async fn weather() -> Result<String> {
    Err(BotError::new("the weather service does not answer"))
}

/// Around every route before it: takes the time, and tells people when something went wrong,
/// without telling them what.
fn watched<'x>(cx: &'x Context, next: Next<'x>) -> Handling<'x> {
    Box::pin(async move {
        let begun = Instant::now();
        let outcome = next.run().await;
        eprintln!("{:?} took {:?}", cx.event().kind, begun.elapsed());
        outcome.or_else(|error| {
            eprintln!("failed: {error}");
            Ok(Reply::Message("出错了，请稍后再试。".into()))
        })
    })
}

mod proof {
    use crate::recipes::with;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn people_are_told_that_it_failed_and_not_why() {
        let world = with(super::bot(), ()).await;
        world.say("alice", "group:20001", "/weather").await;
        let heard = world.hears("group:20001", 1).await;
        assert_eq!(heard, ["出错了，请稍后再试。"]);
        world.close().await;
    }
}
