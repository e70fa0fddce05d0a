//! The log of messages, one file for each hour.

use mynah_core::{BadParameters, Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};

use super::again;
use crate::limits::{self, Checked};
use crate::platform::RongCloud;
use crate::time::Hour;

fn hour(date: &Hour) -> Checked {
    limits::all([
        limits::present("date", date.as_str()),
        limits::holds("date", date.start().is_some(), || {
            format!("an hour in 10 digits, not {} bytes", date.as_str().len())
        }),
    ])
}

/// Tells where the log of an hour is: a ZIP file, available within the following hour and kept for
/// three days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetHistory {
    /// The hour, in Beijing time.
    pub date: Hour,
}

impl Endpoint for GetHistory {
    type Platform = RongCloud;
    type Output = History;
    const META: Meta = again("rongcloud.message.history", "/message/history.json")
        .doc("https://docs.rongcloud.io/platform-chat-api/message/get-message-history-log");

    fn check(&self) -> Result<(), BadParameters> {
        hour(&self.date)
    }
}

/// Where a log is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// Its address; empty if nothing was said.
    #[serde(default)]
    pub url: String,
    /// The hour.
    #[serde(default)]
    pub date: Hour,
}

/// Deletes the log of an hour, within ten minutes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DeleteHistory {
    /// The hour, in Beijing time.
    pub date: Hour,
}

impl Endpoint for DeleteHistory {
    type Platform = RongCloud;
    type Output = Empty;
    const META: Meta = again(
        "rongcloud.message.history.delete",
        "/message/history/delete.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/message/delete-message-history-log");

    fn check(&self) -> Result<(), BadParameters> {
        hour(&self.date)
    }
}
