//! A sandbox under test, as far as one of its worlds goes.

use std::ops::Deref;
use std::time::Duration;

use mynah_sandbox::Builder;
use serde_json::{Value, json};

use super::{Bench, PATIENCE};

/// A sandbox of which one platform is tested.
pub(crate) struct WorldBench {
    bench: Bench,
    platform: &'static str,
}

impl Deref for WorldBench {
    type Target = Bench;

    fn deref(&self) -> &Bench {
        &self.bench
    }
}

impl WorldBench {
    pub(crate) async fn start(platform: &'static str) -> Self {
        Self::with(platform, |builder| builder).await
    }

    pub(crate) async fn with(
        platform: &'static str,
        options: impl FnOnce(Builder) -> Builder,
    ) -> Self {
        let bench = Bench::with(options).await;
        Self { bench, platform }
    }

    /// Somebody says something; answers the message's id.
    pub(crate) async fn say(&self, from: &str, to: &str, text: &str) -> String {
        let said = json!({"platform": self.platform, "from": from, "to": to, "text": text});
        let answer = self.post("/control/say", said).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["ids"][0].as_str().unwrap().to_owned()
    }

    /// Somebody does something.
    pub(crate) async fn act(&self, who: &str, action: &str, mut details: Value) -> Value {
        details["platform"] = json!(self.platform);
        details["who"] = json!(who);
        details["action"] = json!(action);
        let answer = self.post("/control/act", details).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }

    /// Puts a fault in force; answers its id.
    pub(crate) async fn fault(&self, mut fault: Value) -> u64 {
        fault["platform"] = json!(self.platform);
        let answer = self.post("/control/fault", fault).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["id"].as_u64().unwrap_or_default()
    }

    /// Lifts all faults.
    pub(crate) async fn lift(&self) {
        assert_eq!(self.delete("/control/fault").await.status, 200);
    }

    /// Changes the delivery; answers what it is then.
    pub(crate) async fn deliver(&self, settings: Value) -> Value {
        let path = format!("/control/{}/delivery", self.platform);
        let answer = self.put(&path, settings).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }

    /// Moves the virtual time on.
    pub(crate) async fn pass(&self, seconds: f64) {
        let answer = self
            .post("/control/clock", json!({ "advance_s": seconds }))
            .await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    /// The journal so far.
    pub(crate) async fn journal(&self) -> Vec<Value> {
        self.journal_of(self.platform).await
    }

    /// Waits until the journal has an entry such as is looked for.
    pub(crate) async fn noted(&self, wanted: impl Fn(&Value) -> bool) -> Value {
        let found = async {
            loop {
                let journal = self.journal().await;
                if let Some(entry) = journal.iter().find(|entry| wanted(entry)) {
                    return entry.clone();
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let Ok(entry) = tokio::time::timeout(PATIENCE, found).await else {
            panic!("not in {:#?}", self.journal().await);
        };
        entry
    }

    /// A conversation's messages, oldest first.
    pub(crate) async fn messages(&self, conversation: &str) -> Vec<Value> {
        let platform = self.platform;
        let path = format!("/control/messages?platform={platform}&conversation={conversation}");
        let page = self.get(&path).await.json();
        let messages = page["messages"].as_array().unwrap().iter();
        let messages = messages.filter(|message| message["kind"] == "message");
        messages.cloned().collect()
    }

    /// What they say.
    pub(crate) async fn texts(&self, conversation: &str) -> Vec<String> {
        let messages = self.messages(conversation).await;
        let text = |message: &Value| {
            let parts = message["parts"].as_array().unwrap().iter();
            parts.filter_map(|part| part["text"].as_str()).collect()
        };
        messages.iter().map(text).collect()
    }

    /// Waits until a conversation says what is wanted.
    pub(crate) async fn shows(&self, conversation: &str, wanted: &[&str]) {
        let shown = async {
            while self.texts(conversation).await != wanted {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        if tokio::time::timeout(PATIENCE, shown).await.is_err() {
            let shown = self.texts(conversation).await;
            panic!("{conversation} shows {shown:?}, not {wanted:?}");
        }
    }
}
