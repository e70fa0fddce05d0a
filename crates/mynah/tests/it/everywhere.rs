//! All five worlds in one sandbox, and one bot in all of them.

use std::net::SocketAddr;

use mynah::bot::{Account, AccountKind, OneBotAccount, RongCloudAccount, Router, Secret};
use serde_json::json;

use crate::world::{TOKEN, World, free_port, listening};
use crate::{bearychat, dingtalk, rongcloud, wecom};

/// Somebody's chat with the bot: where it is spoken to, where people see it,
/// and what stands in front of what is said to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chat {
    /// The account that hears it.
    pub(crate) account: &'static str,
    pub(crate) to: &'static str,
    pub(crate) seen_as: &'static str,
    pub(crate) before: &'static str,
}

impl Chat {
    /// Somebody says it to the bot, and mentions it wherever others are.
    pub(crate) async fn say(&self, world: &World, who: &str, text: &str) {
        if self.to == "group:20001" {
            // Text alone mentions nobody there.
            let at_bot = json!({"type": "at", "data": {"qq": "10000"}});
            let text = json!({"type": "text", "data": {"text": format!(" {text}")}});
            world.show(who, self.to, json!([at_bot, text])).await;
        } else {
            let text = format!("{}{text}", self.before);
            world.say(who, self.to, &text).await;
        }
    }
}

pub(crate) struct Everywhere {
    pub(crate) onebot: World,
    pub(crate) wecom: World,
    pub(crate) dingtalk: World,
    pub(crate) rongcloud: World,
    pub(crate) bearychat: World,
}

impl Everywhere {
    /// Connects a bot by each platform's own protocol: WeCom's application and
    /// RongCloud's are posted to, all others have sockets.
    pub(crate) async fn open<S: Send + Sync + 'static>(router: Router<S>, state: S) -> Self {
        let mut all = Self::empty().await;
        let (application, route) = (free_port(), free_port());
        let accounts = all.accounts(application, route);
        all.onebot.run_all(accounts, router, state);
        all.connected(application, route).await;
        all
    }

    /// Nobody is there yet.
    pub(crate) async fn empty() -> Self {
        let onebot = World::open().await;
        Self {
            wecom: onebot.beside("wecom"),
            dingtalk: onebot.beside("dingtalk"),
            rongcloud: onebot.beside("rongcloud"),
            bearychat: onebot.beside("bearychat"),
            onebot,
        }
    }

    /// Waits until a bot is connected that listens at these two addresses, and
    /// has the platforms post to it.
    pub(crate) async fn connected(&self, application: SocketAddr, route: SocketAddr) {
        self.onebot.connected().await;
        wecom::subscribed(&self.wecom).await;
        listening(application).await;
        let url = format!("http://{application}/");
        self.wecom.deliver(json!({ "callback_url": url })).await;
        dingtalk::streams(&self.dingtalk, 1).await;
        listening(route).await;
        let url = format!("http://{route}/");
        let urls = json!({ "route_url": url, "chatroom_url": url });
        self.rongcloud.deliver(urls).await;
        bearychat::sockets(&self.bearychat, 1).await;
    }

    fn accounts(&self, application: SocketAddr, route: SocketAddr) -> Vec<Account> {
        let onebot = OneBotAccount {
            connect: Some(self.onebot.onebot("ws").parse().unwrap()),
            access_token: Some(Secret::new(TOKEN)),
            ..OneBotAccount::default()
        };
        let rongcloud = RongCloudAccount {
            listen: Some(route),
            ..rongcloud::account(&self.rongcloud)
        };
        let kinds = [
            ("onebot", AccountKind::OneBot(onebot)),
            ("wecom", wecom::application(&self.wecom, application)),
            ("wecom-bot", wecom::socket(&self.wecom)),
            ("dingtalk", dingtalk::kind(dingtalk::app(&self.dingtalk))),
            ("rongcloud", AccountKind::RongCloud(rongcloud)),
            (
                "bearychat",
                bearychat::kind(bearychat::hubot(&self.bearychat)),
            ),
        ];
        let accounts = kinds
            .into_iter()
            .map(|(name, platform)| Account::new(name, platform));
        accounts.collect()
    }

    /// The five worlds.
    pub(crate) fn worlds(&self) -> [&World; 5] {
        [
            &self.onebot,
            &self.wecom,
            &self.dingtalk,
            &self.rongcloud,
            &self.bearychat,
        ]
    }

    pub(crate) async fn close(self) {
        // The bot runs in the first of them, and the sandbox ends with the last.
        self.onebot.close().await;
        for world in [self.wecom, self.dingtalk, self.rongcloud, self.bearychat] {
            world.close().await;
        }
    }
}

/// Chats with the bot in each world, the one with alice alone first.
pub(crate) fn chats(platform: &str) -> &'static [Chat] {
    const fn chat(
        account: &'static str,
        to: &'static str,
        seen_as: &'static str,
        before: &'static str,
    ) -> Chat {
        Chat {
            account,
            to,
            seen_as,
            before,
        }
    }
    const BEARYCHAT: &[Chat] = &[
        chat("bearychat", "user:bot", "user:=bw52O", ""),
        chat("bearychat", "group:=bwAll", "group:=bwAll", "@<==bwBot=> "),
    ];
    const DINGTALK: &[Chat] = &[
        chat("dingtalk", "user:bot", "user:alice", ""),
        chat(
            "dingtalk",
            "group:chatgeneral",
            "group:chatgeneral",
            "@bot ",
        ),
    ];
    const ONEBOT: &[Chat] = &[
        chat("onebot", "user:bot", "user:10001", ""),
        chat("onebot", "group:20001", "group:20001", ""),
    ];
    const RONGCLOUD: &[Chat] = &[
        chat("rongcloud", "user:bot", "user:alice", ""),
        chat("rongcloud", "group:general", "group:general", "@bot "),
    ];
    const WECOM: &[Chat] = &[
        chat("wecom", "user:1000002", "user:alice", ""),
        chat("wecom-bot", "user:aib-sandbox", "bot:alice", ""),
        chat("wecom-bot", "group:general", "group:general", "@bot "),
    ];
    match platform {
        "bearychat" => BEARYCHAT,
        "dingtalk" => DINGTALK,
        "onebot" => ONEBOT,
        "rongcloud" => RONGCLOUD,
        "wecom" => WECOM,
        _ => &[],
    }
}
