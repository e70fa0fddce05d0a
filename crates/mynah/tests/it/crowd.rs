//! A thousand groups of a world at once.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mynah::bot::{Context, OneBotAccount, Router, State, message};
use mynah_sandbox::Seed;

use crate::world::World;

const GROUPS: usize = 1000;

/// The first group has this number, and the others follow.
const FIRST: usize = 30_000;

/// So many messages are under way at most.
const AHEAD: usize = 400;

/// Who is inside of each group, and what was handled there.
#[derive(Default)]
struct Floor {
    groups: Mutex<HashMap<String, Group>>,
    handled: AtomicUsize,
}

#[derive(Default)]
struct Group {
    inside: bool,
    overlaps: usize,
}

impl Floor {
    fn with<T>(&self, cx: &Context, act: impl FnOnce(&mut Group) -> T) -> T {
        let place = cx.event().conversation.as_ref().unwrap().to_string();
        act(self.groups.lock().unwrap().entry(place).or_default())
    }
}

async fn echo(cx: Context, State(floor): State<Arc<Floor>>) -> String {
    floor.with(&cx, |group| {
        group.overlaps += usize::from(std::mem::replace(&mut group.inside, true));
    });
    tokio::time::sleep(Duration::from_millis(1)).await;
    floor.with(&cx, |group| group.inside = false);
    floor.handled.fetch_add(1, Ordering::SeqCst);
    cx.text().to_owned()
}

/// Alice and the bot alone in each of the groups.
fn seed() -> Seed {
    let mut toml = "[onebot.bot]\nid = 10000\nname = 'bot'\n\
                    [onebot.settings]\naccess_token = 'sandbox-token'\n\
                    [[onebot.people]]\nid = 10001\nname = 'alice'\n"
        .to_owned();
    for id in FIRST..FIRST + GROUPS {
        let _ = writeln!(
            toml,
            "[[onebot.groups]]\nid = {id}\nname = 'g{id}'\n\
             members = [{{ id = 10000, role = 'owner' }}, {{ id = 10001 }}]"
        );
    }
    Seed::parse(&toml).unwrap()
}

/// Says so many things in each group, one after the other in all of them.
async fn says(messages: usize) {
    let floor = Arc::new(Floor::default());
    let mut world = World::seeded(seed(), "onebot").await;
    let account = OneBotAccount {
        connect: Some(world.onebot("ws").parse().unwrap()),
        ..OneBotAccount::default()
    };
    let bot = Router::new().on(message(), echo);
    world.run(account, bot, Arc::clone(&floor));
    world.connected().await;
    let mut said = 0;
    for number in 0..messages {
        for group in FIRST..FIRST + GROUPS {
            let place = format!("group:{group}");
            world.say("alice", &place, &number.to_string()).await;
            said += 1;
            while floor.handled.load(Ordering::SeqCst) + AHEAD < said {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
    }
    let expected: Vec<_> = (0..messages).map(|number| number.to_string()).collect();
    for group in FIRST..FIRST + GROUPS {
        let heard = world.all_heard(&format!("group:{group}"), messages).await;
        assert_eq!(heard, expected, "{group}");
    }
    world.close().await;
    let groups = floor.groups.lock().unwrap();
    assert_eq!(groups.len(), GROUPS);
    assert!(groups.values().all(|group| group.overlaps == 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_groups_of_a_world_are_answered_in_order() {
    says(5).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes; the same as above with a hundred messages in each group"]
async fn a_thousand_groups_of_a_world_are_answered_a_hundred_times_each_in_order() {
    says(100).await;
}
