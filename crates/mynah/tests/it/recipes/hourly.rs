use std::time::Duration;

use mynah::bot::{Bot, Conversation, Outboxes, Result, Router, command};

#[tokio::main]
async fn main() -> Result<()> {
    let accounts = Bot::open("mynah.toml")?;
    let group = "onebot:group:20001".parse()?;
    tokio::spawn(every(Duration::from_secs(3600), accounts.outboxes(), group));
    let bot = Router::<()>::new().on(command("ping"), async || "pong");
    accounts.run(bot, ()).await
}

/// Waits until the account `qq` is connected, and speaks for as long as the bot runs.
async fn every(interval: Duration, outboxes: Outboxes, place: Conversation) -> Result<()> {
    let qq = outboxes.when_open("qq").await?;
    let mut ticks = tokio::time::interval(interval);
    loop {
        ticks.tick().await;
        if let Err(error) = qq.send(&place, &"喝水 💧".into()).await {
            eprintln!("not said: {error}");
        }
    }
}

mod proof {
    use std::future::pending;
    use std::time::Duration;

    use mynah::bot::{Bot, Config, Router};

    use crate::world::{TOKEN, World};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn it_speaks_though_nobody_asked() {
        let world = World::open().await;
        let here = world.sandbox.addr;
        let account = format!(
            "[[account]]\nname = 'qq'\nplatform = 'onebot'\nconnect = 'ws://{here}/onebot/'\n\
             api = 'http://{here}/onebot'\naccess_token = '{TOKEN}'\n"
        );
        let accounts = Bot::new(Config::parse(&account).unwrap());
        let place = "onebot:group:20001".parse().unwrap();
        let interval = Duration::from_millis(20);
        let speaking = tokio::spawn(super::every(interval, accounts.outboxes(), place));
        let router = Router::<()>::new();
        let running = tokio::spawn(accounts.run_until(router, (), pending()));
        let heard = world.hears("group:20001", 2).await;
        assert_eq!(heard[..2], ["喝水 💧", "喝水 💧"]);
        speaking.abort();
        running.abort();
    }
}
