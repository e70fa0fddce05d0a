//! The way out of an account: its connections, and the proxy they go through.
//!
//! What calls is made deep inside the adapters, out of settings that say nothing of proxies. So
//! the way stands around the making: whatever is made within a scope of it goes out by it.

use mynah_client::{HyperTransport, Proxies};
use mynah_inbound::{Settings, Tunnel};

use crate::config::{Account, BadConfig};

tokio::task_local! {
    static WAY: Way;
}

/// How the calls of one account go out.
#[derive(Clone, Debug)]
struct Way {
    http: HyperTransport,
    tunnel: Option<Tunnel>,
}

impl Way {
    fn of(account: &Account) -> Result<Self, BadConfig> {
        let Some(proxy) = account.proxy()? else {
            let http = HyperTransport::new();
            return Ok(Self { http, tunnel: None });
        };
        let tunnel = Tunnel::new(proxy.uri().clone(), proxy.authorization().cloned());
        let proxies = Proxies::all(proxy);
        Ok(Self {
            http: HyperTransport::builder().proxies(proxies).build(),
            tunnel: Some(tunnel),
        })
    }
}

impl Account {
    /// Makes clients and outboxes whose calls go out by the proxy of this account, if it has one.
    ///
    /// # Errors
    /// The proxy cannot be read, or is none.
    pub fn on_its_way<T>(&self, make: impl FnOnce() -> T) -> Result<T, BadConfig> {
        Ok(WAY.sync_scope(Way::of(self)?, make))
    }

    /// As [`on_its_way`](Self::on_its_way), for what takes its time.
    pub(crate) async fn opened_on_its_way<F: Future>(
        &self,
        open: F,
    ) -> Result<F::Output, BadConfig> {
        Ok(WAY.scope(Way::of(self)?, open).await)
    }
}

/// What carries the calls of the account that is being made.
pub fn transport() -> HyperTransport {
    let way = WAY.try_with(|way| way.http.clone());
    way.unwrap_or_default()
}

/// How the sockets of the account that is being made are driven.
pub(crate) fn sockets() -> Settings {
    let tunnel = WAY.try_with(|way| way.tunnel.clone());
    Settings {
        tunnel: tunnel.unwrap_or_default(),
        ..Settings::default()
    }
}

#[cfg(test)]
mod tests {
    use mynah_client::Client;
    use mynah_core::RawRequest;
    use mynah_onebot::OneBot;
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::TcpListener;

    use super::*;
    use crate::{Bot, Config, Conversation, Media, Message, Platform, Router};

    /// A proxy that lets nobody through; gives the head of what comes next.
    async fn head(proxy: &TcpListener) -> String {
        let (mut socket, _) = proxy.accept().await.unwrap();
        let (input, mut output) = socket.split();
        let mut lines = BufReader::new(input).lines();
        let mut head = String::new();
        while let Some(line) = lines.next_line().await.unwrap().filter(|it| !it.is_empty()) {
            head.push_str(&line.to_lowercase());
            head.push('\n');
        }
        let refusal = b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n";
        output.write_all(refusal).await.unwrap();
        head
    }

    #[tokio::test]
    async fn calls_and_sockets_go_through_the_proxy_of_their_account() {
        let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = proxy.local_addr().unwrap();
        let config = format!(
            "[[account]]\nplatform = 'onebot'\nconnect = 'ws://h.invalid:81/'\n\
             api = 'http://h.invalid:82'\nproxy = 'http://me:hush@{address}'\n"
        );
        let config = Config::parse(&config).unwrap();
        let account = &config.accounts[0];
        assert!(!format!("{account:?}").contains("hush"));
        let base = "http://h.invalid:82".parse().unwrap();
        let make = || Client::<OneBot>::builder(base).over(transport());
        let client = account.on_its_way(make).unwrap();
        let call = tokio::spawn(async move { client.raw(RawRequest::get("/x")).await });
        let told = head(&proxy).await;
        assert!(told.starts_with("get http://h.invalid:82/x "), "{told}");
        assert!(
            told.contains("proxy-authorization: basic bwu6ahvzaa=="),
            "{told}"
        );
        assert_eq!(call.await.unwrap().unwrap().status(), 403);

        let (_stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let stop = async { drop(stopped.await) };
        let bot = Bot::new(config).tolerant();
        let bot = tokio::spawn(bot.run_until(Router::<()>::new(), (), stop));
        let told = head(&proxy).await;
        assert!(told.starts_with("connect h.invalid:81 "), "{told}");
        assert!(
            told.contains("proxy-authorization: basic bwu6ahvzaa=="),
            "{told}"
        );
        bot.abort();
    }

    /// Every kind of account that can fetch what has an address, and its secret.
    const FETCHING: [&str; 7] = [
        "platform = 'onebot'\nconnect = 'ws://h.invalid:81/'",
        "platform = 'onebot'\napi = 'http://h.invalid:82'",
        "platform = 'wecom'\ncorpid = 'ww'\ncorpsecret = 's'\nagentid = 1",
        "platform = 'wecom'\nbot_id = 'b'\nbot_secret = 's'\nconnect = 'ws://h.invalid:83/'",
        "platform = 'dingtalk'\nclient_id = 'd'\nclient_secret = 's'\napi = 'http://h.invalid:84'",
        "platform = 'rongcloud'\napp_key = 'r'\napp_secret = 's'",
        "platform = 'bearychat'\ntoken = 't'\napi = 'http://h.invalid:85'",
    ];

    /// Sockets open at any time, and what goes out beside them goes the same way.
    #[tokio::test]
    async fn files_are_fetched_through_the_proxy_of_their_account() {
        for keys in FETCHING {
            let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = proxy.local_addr().unwrap();
            let config = format!("[[account]]\nname = 'a'\n{keys}\nproxy = 'http://{address}'\n");
            let bot = Bot::new(Config::parse(&config).unwrap()).tolerant();
            let outboxes = bot.outboxes();
            let pending = std::future::pending();
            let bot = tokio::spawn(bot.run_until(Router::<()>::new(), (), pending));
            let outbox = outboxes.when_open("a").await.unwrap();
            let fetching = tokio::spawn(async move {
                let picture = Media::url("http://h.invalid:86/a.png");
                // It fetches what it sends, and nothing else that has only an address.
                if keys.contains("bot_id") {
                    let alice = Conversation::direct(Platform::WeCom, "alice");
                    let message = Message::new().image(picture);
                    return outbox.send(&alice, &message).await.unwrap_err().to_string();
                }
                outbox.fetch(&picture).await.unwrap_err().to_string()
            });
            // The account's own calls and sockets ask for a way as well.
            while !head(&proxy)
                .await
                .starts_with("get http://h.invalid:86/a.png ")
            {}
            let refused = fetching.await.unwrap();
            assert!(refused.contains("403"), "{keys}: {refused}");
            bot.abort();
        }
    }
}
