//! Accounts that connect and have nothing to say.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

use super::ws::Peer;
use crate::meter::Process;
use crate::sample;

/// What idle accounts cost, as one line of JSON.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Memory {
    /// How many were connected.
    pub accounts: u64,
    /// Resident memory of the program with one account, in KiB.
    pub before_kib: u64,
    /// Resident memory of the program with all of them, in KiB.
    pub after_kib: u64,
    /// What each of the others took, in bytes.
    pub account_bytes: u64,
}

/// How long memory is given to settle.
const SETTLING: Duration = Duration::from_secs(1);

/// Connects `accounts` to the program at `port` and reads its memory.
///
/// # Errors
/// A connection is refused or breaks, or the process under test is gone.
pub async fn run(port: u16, accounts: u64, process: Process) -> anyhow::Result<Memory> {
    let mut held = JoinSet::new();
    hold(&mut held, port, 0).await?;
    tokio::time::sleep(SETTLING).await;
    let before = process.resident_kib()?;
    for number in 1..accounts {
        hold(&mut held, port, number).await?;
    }
    tokio::time::sleep(SETTLING).await;
    let after = process.resident_kib()?;
    if let Some(ended) = held.try_join_next() {
        ended??;
    }
    Ok(Memory {
        accounts,
        before_kib: before,
        after_kib: after,
        account_bytes: after.saturating_sub(before) * 1024 / accounts.saturating_sub(1).max(1),
    })
}

/// Connects, says what an implementation says first, and keeps silent.
async fn hold(
    held: &mut JoinSet<anyhow::Result<()>>,
    port: u16,
    number: u64,
) -> anyhow::Result<()> {
    let account = sample::SELF_ID + i64::try_from(number)?;
    let mut peer = Peer::connect(port, account).await?;
    peer.say(sample::CONNECTED);
    peer.flush().await?;
    held.spawn(async move { peer.hold().await });
    Ok(())
}
