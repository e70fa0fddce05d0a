//! Sends the questions of a platform to an address.

use std::time::{Duration, Instant};

use http::Uri;
use mynah_client::HyperTransport;
use mynah_core::aim;
use tokio::time::timeout;

use super::exam::{Came, Question};
use super::fetch::fetch;

/// How much longer than the platform an answer is waited for, to tell a slow one from none.
const LONGER: Duration = Duration::from_secs(10);

/// Asks one question after the other: some programs handle one at a time.
pub(crate) async fn play(questions: Vec<Question>, receiver: &Uri) -> Vec<(Question, Came)> {
    let http = HyperTransport::builder().http1_only().build();
    let mut all = Vec::new();
    for question in questions {
        let began = Instant::now();
        let patience = question.within + LONGER;
        let request = aim(question.request.clone(), receiver);
        let answer = match timeout(patience, fetch(&http, request)).await {
            Ok(answer) => answer.map_err(|error| error.to_string()),
            Err(_) => Err(format!("nothing within {} s", patience.as_secs())),
        };
        let came = Came {
            answer,
            took: began.elapsed(),
        };
        all.push((question, came));
    }
    all
}
