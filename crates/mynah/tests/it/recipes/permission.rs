use mynah::bot::{BadId, Router, UserId, command, from};

/// Everybody may ask who is on call, these two may change it.
fn bot() -> Result<Router<()>, BadId> {
    let leads: [UserId; 2] = ["wecom:alice".parse()?, "onebot:10001".parse()?];
    let changes = Router::new().on(command("swap"), async || "Swapped.");
    Ok(Router::new()
        .scope(&from(leads), changes)
        .on(command("swap"), async || "Ask alice to do that.")
        .on(command("oncall"), async || "bob"))
}

mod proof {
    use crate::recipes::with;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn only_those_on_the_list_get_through() {
        let world = with(super::bot().unwrap(), ()).await;
        for (who, text, answer) in [
            ("alice", "/swap", "Swapped."),
            ("bob", "/swap", "Ask alice to do that."),
            ("bob", "/oncall", "bob"),
        ] {
            let before = world.heard("group:20001").await.len();
            world.say(who, "group:20001", text).await;
            let heard = world.hears("group:20001", before + 1).await;
            assert_eq!(heard[before..], [answer], "{who}");
        }
        world.close().await;
    }
}
