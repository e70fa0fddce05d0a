use mynah::bot::{Args, Capability, Context, Mentions, NewGroup, Result, Router, command};

fn bot() -> Router<()> {
    Router::new().on(command("incident"), incident)
}

/// `/incident 数据库 @bob @carol` makes a group of those who are mentioned and whoever said it.
async fn incident(
    cx: Context,
    Args(what): Args<String>,
    Mentions(people): Mentions,
) -> Result<String> {
    if !cx.can(Capability::CreateGroup) {
        let refused = cx.capabilities().refuse(Capability::CreateGroup);
        return Ok(format!("{refused}"));
    }
    let group = NewGroup::new(what.trim())
        .members(people)
        .members(cx.sender());
    let made = cx.create_group(&group).await?;
    cx.room_at(made.place.clone()).send("开始处理。").await?;
    Ok(format!("{} ({} missing)", made.place, made.missing.len()))
}

mod proof {
    use crate::bearychat::over_rtm;
    use crate::recipes::with;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_group_is_made_where_the_platform_has_a_call_for_it() {
        let world = over_rtm(super::bot()).await;
        let text = "@<==bwBot=> /incident night @<==bw52P=> @<==bw52Q=>";
        world.say("alice", "group:=bwAll", text).await;
        let told = world.hears("group:=bwAll", 1).await.remove(0);
        let (place, missing) = told.split_once(' ').unwrap();
        assert_eq!(missing, "(0 missing)");
        let place = place.strip_prefix("bearychat:").unwrap();
        assert_eq!(world.hears(place, 1).await, ["开始处理。"]);
        world.close().await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn elsewhere_it_says_what_comes_nearest() {
        let world = with(super::bot(), ()).await;
        world.say("alice", "group:20001", "/incident night").await;
        let told = world.hears("group:20001", 1).await.remove(0);
        assert!(told.contains("a person creates it"), "{told}");
        world.close().await;
    }
}
