//! Heartbeats, at the interval that is configured.

use std::sync::Arc;

use tokio::time::Instant;
use tokio::time::{MissedTickBehavior, interval_at};

use super::load::Load;
use crate::hub::Hub;

/// Puts a heartbeat into the queue at every interval, the first after one
/// interval; looks at the configuration whenever it changes.
pub(crate) async fn run(hub: Arc<Hub>) {
    let mut delivery = hub.with(|state| state.sides.onebot.delivery.subscribe());
    loop {
        let every = delivery.borrow_and_update().heartbeat;
        let beating = async {
            let Some(every) = every else {
                return std::future::pending().await;
            };
            let milliseconds = i64::try_from(every.as_millis()).unwrap_or(i64::MAX);
            let mut ticks = interval_at(Instant::now() + every, every);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                hub.with(|state| {
                    let heartbeat = state.sides.onebot.world.heartbeat(milliseconds);
                    state
                        .sides
                        .onebot
                        .outbox
                        .push(Load::Event(Box::new(heartbeat)));
                });
            }
        };
        // Another setting than the heartbeat must not put the next one off.
        let changed = delivery.wait_for(|delivery| delivery.heartbeat != every);
        tokio::select! {
            () = beating => {}
            changed = changed => if changed.is_err() {
                return;
            },
        }
    }
}
