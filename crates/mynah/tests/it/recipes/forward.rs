use mynah::bot::{
    Context, Conversation, Outboxes, Platform, Result, Router, State, contains, group, platform,
};

/// What is said with `#ops` in any QQ group is said in a group of WeCom as well.
fn bot() -> Router<Outboxes> {
    let ops = platform(Platform::OneBot) & group() & contains("#ops");
    Router::new().on(ops, pass_on)
}

async fn pass_on(cx: Context, State(outboxes): State<Outboxes>) -> Result<()> {
    // The group of a robot has no name that matters.
    let there = Conversation::group(Platform::WeCom, "own");
    let who = cx.event().sender_name().unwrap_or("?");
    // Text is text: nobody can put markup or mentions into the other group.
    let words = format!("{who}: {}", cx.text());
    outboxes.room("robot", there)?.send(words).await?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<()> {
    let accounts = mynah::Bot::open("mynah.toml")?;
    let outboxes = accounts.outboxes();
    accounts.run(bot(), outboxes).await
}

mod proof {
    use std::future::pending;

    use mynah::bot::{Bot, Config};

    use crate::world::{TOKEN, World};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_said_on_one_platform_is_heard_on_the_other() {
        let world = World::open().await;
        let wecom = world.beside("wecom");
        let here = world.sandbox.addr;
        let accounts = format!(
            "[[account]]\nname = 'qq'\nplatform = 'onebot'\nconnect = 'ws://{here}/onebot/'\n\
             access_token = '{TOKEN}'\n\
             [[account]]\nname = 'robot'\nplatform = 'wecom'\n\
             webhook_key = 'sandbox-webhook-key'\napi = 'http://{here}/wecom'\n"
        );
        let accounts = Bot::new(Config::parse(&accounts).unwrap());
        let outboxes = accounts.outboxes();
        let running = tokio::spawn(accounts.run_until(super::bot(), outboxes, pending()));
        world.connected().await;
        world.say("bob", "group:20001", "nothing").await;
        world
            .say("bob", "group:20001", "#ops disk <@alice> full")
            .await;
        let heard = wecom.hears("group:general", 1).await;
        let [words] = heard.as_slice() else {
            panic!("{heard:?}")
        };
        assert!(words.contains("#ops disk"), "{words}");
        assert!(!words.contains("<@alice>"), "{words}");
        running.abort();
    }
}
