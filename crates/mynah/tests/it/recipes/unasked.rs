use std::time::Duration;

use mynah::bot::{Context, Message, Router, Words, command};

fn bot() -> Router<()> {
    Router::new().on(command("remind"), remind)
}

/// `/remind 5 喝水`
async fn remind(cx: Context, Words((minutes, what)): Words<(u32, String)>) -> String {
    let minutes = minutes.min(24 * 60);
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(60) * minutes).await;
        let reminder = Message::new().mention(cx.sender()).push(format!(" {what}"));
        if let Err(error) = cx.send(reminder).await {
            eprintln!("not reminded: {error}");
        }
    });
    format!("In {minutes} minutes.")
}

mod proof {
    use crate::recipes::with;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn who_wanted_it_is_reminded() {
        let world = with(super::bot(), ()).await;
        world.say("alice", "group:20001", "/remind 0 喝水").await;
        let mut heard = world.hears("group:20001", 2).await;
        heard.sort_unstable();
        assert_eq!(heard, ["@10001 喝水", "In 0 minutes."]);
        world.say("alice", "group:20001", "/remind soon 喝水").await;
        let refused = world.hears("group:20001", 3).await.remove(2);
        assert!(refused.starts_with("/remind: "), "{refused}");
        world.close().await;
    }
}
