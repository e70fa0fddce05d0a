use std::time::Duration;

use mynah::bot::{Args, Overlap, Rate, Router, command, message};

fn bot() -> Router<()> {
    let minute = Duration::from_secs(60);
    Router::new()
        .on(command("search"), search)
        // While one search runs in a conversation, further ones there are dropped.
        .overlap(Overlap::Drop)
        .on(message(), async || "Try /search.")
        // Of several messages in quick succession only the last is answered.
        .overlap(Overlap::Debounce(Duration::from_secs(1)))
        .rate(Rate::per_person(5, minute).saying("慢一点 slowly, please"))
}

async fn search(Args(words): Args<String>) -> String {
    tokio::time::sleep(Duration::from_secs(1)).await;
    format!("Nothing about {words}.")
}

mod proof {
    use crate::recipes::with;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn who_is_in_a_hurry_gets_fewer_answers() {
        let world = with(super::bot(), ()).await;
        for text in ["/search a", "/search b", "so", "that is", "odd"] {
            world.say("alice", "group:20001", text).await;
        }
        let heard = world.hears("group:20001", 2).await;
        assert_eq!(heard, ["Nothing about a.", "Try /search."]);
        world.close().await;
    }
}
