use std::time::Duration;

use mynah::bot::{Args, Context, Result, Router, command};

fn bot() -> Router<()> {
    Router::new().on(command("deploy"), deploy)
}

/// `/deploy api`
async fn deploy(cx: Context, Args(service): Args<String>) -> Result<String> {
    let question = format!("Deploy {service} to production? yes / no");
    let Some(answer) = cx.ask(question, Duration::from_secs(60)).await? else {
        return Ok("No answer within a minute: nothing was done.".into());
    };
    Ok(match answer.text() {
        "yes" | "是" => format!("{service} is on its way."),
        _ => "Then not.".into(),
    })
}

mod proof {
    use crate::recipes::with;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_answer_counts_of_whoever_was_asked() {
        let world = with(super::bot(), ()).await;
        world.say("alice", "group:20001", "/deploy api").await;
        let heard = world.hears("group:20001", 1).await;
        assert_eq!(heard, ["Deploy api to production? yes / no"]);
        world.say("bob", "group:20001", "yes").await;
        world.say("alice", "group:20001", "no").await;
        assert_eq!(world.hears("group:20001", 2).await[1], "Then not.");
        world.say("bob", "group:20001", "/deploy web").await;
        world.hears("group:20001", 3).await;
        world.say("bob", "group:20001", "yes").await;
        let heard = world.hears("group:20001", 4).await;
        assert_eq!(heard[3], "web is on its way.");
        world.close().await;
    }
}
