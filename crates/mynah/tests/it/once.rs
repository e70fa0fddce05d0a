//! Whatever the platforms deliver twice is handled once, and what is said in one place is handled
//! in its order, one thing at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mynah::bot::{Context, Router, State, message};
use serde_json::{Value, json};

use crate::everywhere::{Chat, Everywhere, chats};
use crate::world::World;

/// So many deliveries are forced to come twice, in each of the five worlds.
const DUPLICATES: usize = 2000;

/// So many messages are under way in a world at most.
const AHEAD: usize = 100;

const PEOPLE: [&str; 5] = ["alice", "bob", "carol", "dave", "erin"];

/// What was handled: for each account and conversation, the numbers in their order.
#[derive(Clone, Default)]
struct Handled(Arc<Mutex<HashMap<Place, Log>>>);

type Place = (String, String);

#[derive(Default)]
struct Log {
    inside: bool,
    overlaps: usize,
    numbers: Vec<usize>,
}

impl Handled {
    fn with<T>(&self, place: &Place, act: impl FnOnce(&mut Log) -> T) -> T {
        act(self.0.lock().unwrap().entry(place.clone()).or_default())
    }

    /// How many an account has handled.
    fn count(&self, platform: &str) -> usize {
        let logs = self.0.lock().unwrap();
        let here = logs
            .iter()
            .filter(|((account, _), _)| account.starts_with(platform));
        here.map(|(_, log)| log.numbers.len()).sum()
    }
}

async fn note(cx: Context, State(handled): State<Handled>) {
    let event = cx.event();
    let place = event.conversation.as_ref().unwrap().to_string();
    let place = (event.account.to_string(), place);
    let number = cx.text().parse().unwrap();
    handled.with(&place, |log| {
        log.overlaps += usize::from(std::mem::replace(&mut log.inside, true));
    });
    tokio::task::yield_now().await;
    handled.with(&place, |log| {
        log.inside = false;
        log.numbers.push(number);
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_deliveries_that_come_twice_are_handled_once_and_in_order() {
    let handled = Handled::default();
    let bot = Router::new().on(message(), note);
    let everywhere = Everywhere::open(bot, handled.clone()).await;
    let [onebot, wecom, dingtalk, rongcloud, bearychat] = everywhere
        .worlds()
        .map(|world| is_told_twice(world, &handled));
    let said = tokio::join!(onebot, wecom, dingtalk, rongcloud, bearychat);
    let said = said.0 + said.1 + said.2 + said.3 + said.4;
    assert!(said >= 5 * DUPLICATES, "{said}");
    everywhere.close().await;

    let logs = handled.0.lock().unwrap();
    for (place, log) in logs.iter() {
        let in_order: Vec<_> = (0..log.numbers.len()).collect();
        assert_eq!(log.numbers, in_order, "{place:?}");
        assert_eq!(log.overlaps, 0, "{place:?}");
    }
    assert_eq!(
        logs.values().map(|log| log.numbers.len()).sum::<usize>(),
        said
    );
    // In each world each of five people alone with the bot, and all of them in a group.
    assert_eq!(logs.len(), 6 * 5 + 5);
}

/// People talk in a world until all the duplicates have been forced; tells how much they said.
async fn is_told_twice(world: &World, handled: &Handled) -> usize {
    let platform = world.platform();
    let ways: &[_] = match platform {
        "rongcloud" => &[("post", DUPLICATES)],
        "wecom" => &[("post", DUPLICATES / 2), ("ws", DUPLICATES / 2)],
        _ => &[("ws", DUPLICATES)],
    };
    for (way, count) in ways {
        let fault =
            json!({"platform": platform, "kind": "duplicate", "where": way, "count": count});
        world.control("POST", "/control/fault", fault).await;
    }
    let chats = chats(platform);
    let mut numbers = HashMap::<_, usize>::new();
    let mut said = 0;
    while still_at_work(world).await {
        for (chat, person) in turns(chats) {
            // In a group all of them count together.
            let alone = chat.to.starts_with("user:").then_some(person);
            let number = numbers.entry((chat.to, alone)).or_default();
            let text = format!("{}{number}", chat.before);
            world.say(person, chat.to, &text).await;
            *number += 1;
            said += 1;
        }
        handles(platform, handled, said - AHEAD.min(said)).await;
    }
    handles(platform, handled, said).await;
    said
}

fn turns(chats: &[Chat]) -> impl Iterator<Item = (&Chat, &'static str)> {
    PEOPLE
        .into_iter()
        .flat_map(move |person| chats.iter().map(move |chat| (chat, person)))
}

/// Whether anything is yet to come twice.
async fn still_at_work(world: &World) -> bool {
    let faults = world.control("GET", "/control/fault", Value::Null).await;
    let faults = faults["faults"].as_array().unwrap();
    faults
        .iter()
        .any(|fault| fault["platform"] == world.platform())
}

/// Waits until so many messages have been handled.
async fn handles(platform: &str, handled: &Handled, count: usize) {
    for _ in 0..5000 {
        if handled.count(platform) >= count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!(
        "{platform}: {} of {count} were handled",
        handled.count(platform)
    );
}
