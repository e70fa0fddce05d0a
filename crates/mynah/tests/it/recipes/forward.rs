use std::sync::Arc;

use mynah::bot::wecom::{RobotOutbox, robot_client};
use mynah::bot::{
    AccountKind, BotError, Config, Context, Conversation, Platform, Result, Room, Router, State,
    WeComAccount, contains, group, platform,
};

/// What mentions `#ops` in any QQ group is said in a group of WeCom as well.
fn bot() -> Router<Room> {
    let ops = platform(Platform::OneBot) & group() & contains("#ops");
    Router::new().on(ops, pass_on)
}

async fn pass_on(cx: Context, State(there): State<Room>) -> Result<()> {
    let who = cx.event().sender_name().unwrap_or("?");
    // Text is text: nobody can put markup or mentions into the other group.
    there.send(format!("{who}: {}", cx.text())).await?;
    Ok(())
}

/// The group of a robot of WeCom in `mynah.toml`.
fn group_of(robot: &str, config: &Config) -> Result<Room> {
    let account = config.account(Some(robot));
    let Some(AccountKind::WeCom(WeComAccount::Robot(settings))) = account.map(|it| &it.platform)
    else {
        return Err(BotError::new(format!("{robot} is no group robot of WeCom")));
    };
    let outbox = RobotOutbox::new(robot_client(settings)?);
    // A robot speaks in one group, whatever that is called.
    let place = Conversation::group(Platform::WeCom, robot);
    Ok(Room::new(place, Arc::new(outbox)))
}

mod proof {
    use mynah::bot::Config;

    use crate::recipes::with;
    use crate::world::World;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_said_on_one_platform_is_heard_on_the_other() {
        let wecom = World::of("wecom").await;
        let accounts = format!(
            "[[account]]\nname = 'robot'\nplatform = 'wecom'\n\
             webhook_key = 'sandbox-webhook-key'\napi = 'http://{}/wecom'",
            wecom.sandbox.addr
        );
        let config = Config::parse(&accounts).unwrap();
        assert!(super::group_of("robby", &config).is_err());
        let there = super::group_of("robot", &config).unwrap();

        let world = with(super::bot(), there).await;
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
        world.close().await;
        wecom.close().await;
    }
}
