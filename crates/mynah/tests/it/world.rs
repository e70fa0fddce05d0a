//! A sandbox, a bot in it, and people who talk to the bot.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use mynah::bot::{Account, AccountKind, Bot, Config, OneBotAccount, Router, Secret};
use mynah::core::HttpRequest;
use mynah_sandbox::{Running, Sandbox, Seed};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub(crate) const TOKEN: &str = "sandbox-token";
pub(crate) const SECRET: &str = "sandbox-secret";

pub(crate) struct World {
    pub(crate) sandbox: Arc<Running>,
    platform: &'static str,
    stop: Option<oneshot::Sender<()>>,
    bot: Option<JoinHandle<()>>,
}

impl World {
    /// The world of OneBot.
    pub(crate) async fn open() -> Self {
        Self::of("onebot").await
    }

    /// The world of a platform.
    pub(crate) async fn of(platform: &'static str) -> Self {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let sandbox = Sandbox::builder().listen(any).start().await.unwrap();
        Self::in_it(Arc::new(sandbox), platform)
    }

    /// The world of a platform as a seed has it.
    pub(crate) async fn seeded(seed: Seed, platform: &'static str) -> Self {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let sandbox = Sandbox::builder().listen(any).seed(seed);
        Self::in_it(Arc::new(sandbox.start().await.unwrap()), platform)
    }

    /// The world of another platform in the same sandbox.
    pub(crate) fn beside(&self, platform: &'static str) -> Self {
        Self::in_it(Arc::clone(&self.sandbox), platform)
    }

    fn in_it(sandbox: Arc<Running>, platform: &'static str) -> Self {
        Self {
            sandbox,
            platform,
            stop: None,
            bot: None,
        }
    }

    pub(crate) fn platform(&self) -> &'static str {
        self.platform
    }

    /// Where the sandbox answers as OneBot, with `http` or `ws` in front.
    pub(crate) fn onebot(&self, scheme: &str) -> String {
        format!("{scheme}://{}/onebot", self.sandbox.addr)
    }

    /// Runs a bot with this account of OneBot.
    pub(crate) fn run<S: Send + Sync + 'static>(
        &mut self,
        account: OneBotAccount,
        router: Router<S>,
        state: S,
    ) {
        let account = OneBotAccount {
            access_token: Some(Secret::new(TOKEN)),
            secret: Some(Secret::new(SECRET)),
            ..account
        };
        self.run_as(AccountKind::OneBot(account), router, state);
    }

    /// Runs a bot with this account.
    pub(crate) fn run_as<S: Send + Sync + 'static>(
        &mut self,
        platform: AccountKind,
        router: Router<S>,
        state: S,
    ) {
        let account = Account::new("bot", platform);
        self.run_all(vec![account], router, state);
    }

    /// Runs a bot with these accounts.
    pub(crate) fn run_all<S: Send + Sync + 'static>(
        &mut self,
        accounts: Vec<Account>,
        router: Router<S>,
        state: S,
    ) {
        let (stop, stopped) = oneshot::channel();
        let bot = Bot::new(Config::of(accounts));
        self.stop = Some(stop);
        self.bot = Some(tokio::spawn(async move {
            let stopped = async { drop(stopped.await) };
            bot.run_until(router, state, stopped).await.unwrap();
        }));
    }

    /// One call of the control API.
    pub(crate) async fn control(&self, method: &str, path: &str, body: Value) -> Value {
        let mut request = HttpRequest::new(body.to_string().into());
        *request.method_mut() = method.parse().unwrap();
        *request.uri_mut() = path.parse().unwrap();
        let headers = request.headers_mut();
        headers.insert("host", self.sandbox.addr.to_string().parse().unwrap());
        headers.insert("content-type", "application/json".parse().unwrap());
        let response = self.sandbox.sandbox().handle(request).await.unwrap();
        let status = response.status();
        let text = String::from_utf8_lossy(response.body()).into_owned();
        assert!(status.is_success(), "{method} {path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    pub(crate) async fn deliver(&self, delivery: Value) {
        let path = format!("/control/{}/delivery", self.platform);
        self.control("PUT", &path, delivery).await;
    }

    pub(crate) async fn say(&self, from: &str, to: &str, text: &str) -> String {
        let said = json!({"platform": self.platform, "from": from, "to": to, "text": text});
        let said = self.control("POST", "/control/say", said).await;
        said["ids"][0].as_str().unwrap().to_owned()
    }

    /// Somebody says something that is not only text.
    pub(crate) async fn show(&self, from: &str, to: &str, message: Value) {
        let said = json!({"platform": self.platform, "from": from, "to": to, "message": message});
        self.control("POST", "/control/say", said).await;
    }

    pub(crate) async fn act(&self, mut act: Value) {
        act["platform"] = json!(self.platform);
        self.control("POST", "/control/act", act).await;
    }

    /// What the bot has said in a conversation, as text, oldest first; of what was said last.
    pub(crate) async fn heard(&self, conversation: &str) -> Vec<String> {
        self.heard_of(conversation, 200).await
    }

    /// The same of so many messages.
    async fn heard_of(&self, conversation: &str, limit: usize) -> Vec<String> {
        let platform = self.platform;
        let path = format!(
            "/control/messages?platform={platform}&conversation={conversation}&limit={limit}"
        );
        let page = self.control("GET", &path, Value::Null).await;
        let messages = page["messages"].as_array().unwrap().iter();
        let of_bot = messages.filter(|m| m["from"]["bot"] == true && m["kind"] == "message");
        of_bot.map(words).collect()
    }

    /// Everything the bot has said in a conversation, once that are so many things.
    pub(crate) async fn all_heard(&self, conversation: &str, count: usize) -> Vec<String> {
        let mut heard = Vec::new();
        for _ in 0..1000 {
            heard = self.heard_of(conversation, 2 * count + 1).await;
            if heard.len() >= count {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        heard
    }

    /// Waits until the bot has said so many things, and a little longer, in
    /// case it says too many.
    pub(crate) async fn hears(&self, conversation: &str, count: usize) -> Vec<String> {
        for _ in 0..1200 {
            if self.heard(conversation).await.len() >= count {
                tokio::time::sleep(Duration::from_millis(30)).await;
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.heard(conversation).await
    }

    /// Waits until somebody listens to events.
    pub(crate) async fn connected(&self) {
        for _ in 0..500 {
            let journal = self
                .control("GET", "/control/journal?platform=onebot", Value::Null)
                .await;
            let text = journal.to_string();
            if text.contains("lifecycle") {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("nobody connected");
    }

    /// Tells the bot that runs in it to end.
    pub(crate) fn tell_to_stop(&mut self) {
        drop(self.stop.take());
    }

    /// Waits until the bot has ended that was told to.
    pub(crate) async fn stopped(&mut self) {
        if let Some(bot) = self.bot.take() {
            bot.await.unwrap();
        }
    }

    pub(crate) async fn close(mut self) {
        self.tell_to_stop();
        self.stopped().await;
        // The last world in it closes it.
        if let Some(sandbox) = Arc::into_inner(self.sandbox) {
            sandbox.shutdown().await;
        }
    }
}

fn words(message: &Value) -> String {
    let parts = message["parts"].as_array().unwrap().iter();
    let words = parts.map(|part| match part["type"].as_str().unwrap() {
        "text" => part["text"].as_str().unwrap().to_owned(),
        // Mentions stand within it.
        "markdown" => mentions(part["text"].as_str().unwrap()),
        "mention" => format!("@{}", part["id"].as_str().unwrap()),
        other => format!("[{other}]"),
    });
    words.collect()
}

/// `<@alice>` as people see it.
fn mentions(markdown: &str) -> String {
    let mut pieces = markdown.split("<@");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| {
        text + "@" + &piece.replacen('>', "", 1)
    })
}

/// A port that is free at the moment.
pub(crate) fn free_port() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

/// Waits until somebody listens.
pub(crate) async fn listening(address: SocketAddr) {
    for _ in 0..500 {
        if tokio::net::TcpStream::connect(address).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("nobody listens on {address}");
}
