use std::time::Duration;

use mynah::bot::{Context, Result, Router, command};

fn bot() -> Router<()> {
    Router::new()
        .on(command("report"), report)
        .on(command("build"), build)
}

/// Takes as long as it takes: what is ready in time goes back in the response to the callback,
/// what is late by a call.
async fn report() -> String {
    let rows = slow_query().await;
    format!("{rows} rows")
}

/// Says at once that it has heard.
async fn build(cx: Context) -> Result<&'static str> {
    cx.reply("Building …").await?;
    slow_query().await;
    Ok("Built.")
}

async fn slow_query() -> u32 {
    tokio::time::sleep(Duration::from_secs(8)).await;
    1024
}

mod proof {
    use crate::recipes::as_application;

    /// WeCom waits five seconds for the response to a callback.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn eight_seconds_are_not_too_long_where_the_platform_waits_five() {
        let world = as_application(super::bot(), ()).await;
        world.say("alice", "user:1000002", "/report").await;
        world.say("bob", "user:1000002", "/build").await;
        assert_eq!(world.hears("user:alice", 1).await, ["1024 rows"]);
        let heard = world.hears("user:bob", 2).await;
        assert_eq!(heard, ["Building …", "Built."]);
        world.close().await;
    }
}
