//! A bot that is told to stop while its handlers are at work.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use mynah::bot::{Router, State, command};

use crate::everywhere::{Everywhere, chats};

/// Longer than it takes to stop everything else.
const SLOW: Duration = Duration::from_secs(2);

async fn slow(State(at_work): State<Arc<AtomicUsize>>) -> &'static str {
    at_work.fetch_add(1, Ordering::SeqCst);
    tokio::time::sleep(SLOW).await;
    "at last"
}

/// By sockets and by posts alike, and nothing that comes meanwhile keeps it from that.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_under_way_is_answered_on_all_five_platforms_before_a_bot_ends() {
    let at_work = Arc::new(AtomicUsize::new(0));
    let bot = Router::new()
        .on(command("slow"), slow)
        .on(command("ping"), async || "pong");
    let mut everywhere = Everywhere::open(bot, Arc::clone(&at_work)).await;
    let mut asked = 0;
    for world in everywhere.worlds() {
        for chat in chats(world.platform()) {
            chat.say(world, "alice", "/slow").await;
            asked += 1;
        }
    }
    let patience = Instant::now() + Duration::from_secs(10);
    while at_work.load(Ordering::SeqCst) < asked {
        assert!(
            Instant::now() < patience,
            "{at_work:?} of {asked} are at work"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let told = Instant::now();
    everywhere.onebot.tell_to_stop();
    tokio::time::sleep(Duration::from_millis(100)).await;
    for world in everywhere.worlds() {
        for chat in chats(world.platform()) {
            chat.say(world, "bob", "/ping").await;
        }
    }
    everywhere.onebot.stopped().await;
    assert!(told.elapsed() < Duration::from_secs(10));
    for world in everywhere.worlds() {
        for chat in chats(world.platform()) {
            let heard = world.heard(chat.seen_as).await;
            assert_eq!(heard, ["at last"], "{chat:?}");
        }
    }
    everywhere.close().await;
}
