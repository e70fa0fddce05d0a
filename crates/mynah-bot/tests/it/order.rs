use std::sync::{Arc, Mutex};
use std::time::Duration;

use mynah_bot::{Conversation, Entry, Order, Platform};

fn place(id: i64) -> Conversation {
    Conversation::group(Platform::OneBot, id)
}

#[tokio::test]
async fn one_at_a_time_in_a_conversation_and_in_the_order_of_arrival() {
    let order = Order::new(100);
    let log = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = Vec::new();
    for n in 0..100_u64 {
        let entry = order.enter(&place(1));
        let log = Arc::clone(&log);
        tasks.push(tokio::spawn(async move {
            let _turn = match entry {
                Entry::Now(turn) => turn,
                Entry::Later(later) => later.turn().await.unwrap(),
                Entry::Full => panic!("there was room"),
            };
            log.lock().unwrap().push((n, "in"));
            tokio::time::sleep(Duration::from_micros(n % 7)).await;
            log.lock().unwrap().push((n, "out"));
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let expected: Vec<_> = (0..100).flat_map(|n| [(n, "in"), (n, "out")]).collect();
    assert_eq!(*log.lock().unwrap(), expected);
    assert_eq!(order.busy(), 0);
}

#[test]
fn other_conversations_pass() {
    let order = Order::new(1);
    let inside = order.enter(&place(1));
    assert!(matches!(inside, Entry::Now(_)));
    assert!(matches!(order.enter(&place(2)), Entry::Now(_)));
}

#[test]
fn a_full_queue_turns_away_and_drains() {
    let order = Order::new(1);
    let inside = order.enter(&place(1));
    let waiting = order.enter(&place(1));
    assert!(matches!(waiting, Entry::Later(_)));
    assert!(matches!(order.enter(&place(1)), Entry::Full));
    drop(inside);
    drop(waiting);
    assert!(matches!(order.enter(&place(1)), Entry::Now(_)));
}

#[tokio::test]
async fn who_gave_up_waiting_is_passed_over() {
    let order = Order::new(10);
    let Entry::Now(inside) = order.enter(&place(1)) else {
        panic!("it was free")
    };
    let gave_up = order.enter(&place(1));
    let Entry::Later(patient) = order.enter(&place(1)) else {
        panic!("it was taken")
    };
    drop(gave_up);
    drop(inside);
    assert!(patient.turn().await.is_some());
    assert_eq!(order.busy(), 0);
}
