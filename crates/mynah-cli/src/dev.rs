//! `mynah dev`: the sandbox, its page, and a bot to talk to.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::time::Duration;

use mynah_bearychat::event::Event;
use mynah_bot::{
    Account, AccountKind, Args, BearyChatAccount, BearyChatHubot, Bot, Config, Context,
    DingTalkAccount, DingTalkApp, EventKind, Message, OneBotAccount, Part, RongCloudAccount,
    Router, Secret, WeComAccount, WeComApplication, WeComBot, WeComCallback, command, commands,
    joined, kind, mention, reacted,
};
use mynah_core::BaseUrl;
use mynah_sandbox::{Seed, bearychat, dingtalk, rongcloud, wecom};

use crate::arguments::SandboxOptions;
use crate::exit::Failure;
use crate::notes::Notes;
use crate::{output, sandbox};

/// What to say first, and how.
const FIRST_WORDS: &str = "  Open the page, be alice, and write in the group:
    /ping        on OneBot, RongCloud and BearyChat
    @bot /ping   on WeCom and DingTalk, where a bot hears only what mentions it
  To mention it anywhere, type @ and choose it. /slow answers after 8 seconds. Ctrl-C ends it.

  打开页面，以 alice 的身份在群里发送：
    /ping        OneBot、融云、倍洽
    @bot /ping   企业微信、钉钉：群里的机器人只能收到 @ 它的消息
  要 @ 它，输入 @ 后从列表里选。/slow 八秒后回答。按 Ctrl-C 结束。";

/// What WeCom's callbacks of a sandbox are signed and encrypted with.
const CALLBACK_TOKEN: &str = "MynahToken123";
const ENCODING_AES_KEY: &str = "TXluYWgtc2FuZGJveC1lbmNvZGluZy1hZXMta2V5ISE";

pub(crate) async fn run(mut options: SandboxOptions) -> Result<(), Failure> {
    let stop = mynah_bot::told_to_stop();
    let seed = sandbox::seed(&options)?;
    let keys = Keys::of(&seed);
    let ears = Ears {
        wecom: receiver(&mut options.wecom_callback_url)?,
        socket: options.wecom_bot_callback_url.is_none(),
        stream: options.dingtalk_robot_callback_url.is_none(),
        rongcloud: rongcloud_receiver(&mut options)?,
        rtm: options.bearychat_hubot_url.is_none(),
    };
    let running = sandbox::start(options, seed).await?;
    let url = running.url();
    output::say(&format!("mynah sandbox listening on {url}"))?;
    keys.tell(&url);
    let accounts = keys.accounts(&url, &ears)?;
    let (notes, told) = Notes::to(running.sandbox().clone());
    let bot = Bot::new(Config::of(accounts)).observed(notes);
    let outcome = bot.run_until(router(), (), stop).await;
    // Its end hangs on the bot's.
    told.abort();
    outcome?;
    running.shutdown().await;
    Ok(())
}

/// Where the built-in bot hears what happens. Whoever names an address of their
/// own wants to hear it themselves.
struct Ears {
    /// Where callbacks to WeCom's application come in.
    wecom: Option<SocketAddr>,
    /// Whether WeCom's intelligent bot opens its socket.
    socket: bool,
    /// Whether DingTalk's robot opens its Stream. What people say to it goes there
    /// or to an address, never both ways.
    stream: bool,
    /// Where what is said on RongCloud comes in.
    rongcloud: Option<SocketAddr>,
    /// Whether BearyChat's hubot opens its socket.
    rtm: bool,
}

/// An address to listen on, which becomes the `url` unless there is one.
fn receiver(url: &mut Option<String>) -> Result<Option<SocketAddr>, Failure> {
    if url.is_some() {
        return Ok(None);
    }
    let address = free_address()?;
    *url = Some(format!("http://{address}/"));
    Ok(Some(address))
}

/// By the message route alone: no message waits for the bot's consent.
fn rongcloud_receiver(options: &mut SandboxOptions) -> Result<Option<SocketAddr>, Failure> {
    match options.rongcloud_callback_url {
        Some(_) => Ok(None),
        None => receiver(&mut options.rongcloud_route_url),
    }
}

/// An address of this machine that nobody listens on.
fn free_address() -> Result<SocketAddr, Failure> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map_err(Failure::other)
}

/// What the built-in bot needs of the worlds.
struct Keys {
    onebot: String,
    wecom: Option<wecom::Credentials>,
    dingtalk: dingtalk::Credentials,
    rongcloud: rongcloud::Credentials,
    bearychat: bearychat::Credentials,
}

impl Keys {
    fn of(seed: &Seed) -> Self {
        Self {
            onebot: seed.onebot.settings.access_token.expose().to_owned(),
            wecom: seed.wecom.credentials(),
            dingtalk: seed.dingtalk.credentials(),
            rongcloud: seed.rongcloud.credentials(),
            bearychat: seed.bearychat.credentials(),
        }
    }

    fn tell(&self, url: &str) {
        eprintln!();
        eprintln!("  page       {url}/");
        eprintln!("  OneBot     {url}/onebot  (access_token {})", self.onebot);
        if let Some(wecom) = &self.wecom {
            let wecom::Credentials {
                corpid, agentid, ..
            } = wecom;
            let corpsecret = wecom.corpsecret.expose();
            eprintln!(
                "  WeCom      {url}/wecom  (corpid {corpid}, corpsecret {corpsecret}, agentid {agentid})"
            );
        }
        let app_key = &self.dingtalk.app_key;
        let app_secret = self.dingtalk.app_secret.expose();
        eprintln!("  DingTalk   {url}/dingtalk  (client_id {app_key}, client_secret {app_secret})");
        let app_key = &self.rongcloud.app_key;
        let app_secret = self.rongcloud.app_secret.expose();
        eprintln!("  RongCloud  {url}/rongcloud  (app_key {app_key}, app_secret {app_secret})");
        let token = self.bearychat.token.expose();
        eprintln!("  BearyChat  {url}/bearychat  (token {token})");
        eprintln!("  control    {url}/control/openapi.json");
        eprintln!();
        eprintln!("{FIRST_WORDS}");
    }

    /// The accounts of the built-in bot, by each platform's own protocol.
    fn accounts(self, url: &str, ears: &Ears) -> Result<Vec<Account>, Failure> {
        let base = |scheme: &str, path: &str| -> Result<BaseUrl, Failure> {
            let authority = url.trim_start_matches("http");
            let address = format!("{scheme}{authority}{path}");
            address.parse().map_err(Failure::other)
        };
        let onebot = OneBotAccount {
            connect: Some(base("ws", "/onebot")?),
            access_token: Some(Secret::value(self.onebot)),
            ..OneBotAccount::default()
        };
        let mut kinds = vec![("onebot", AccountKind::OneBot(onebot))];
        if let Some(wecom) = self.wecom {
            if let Some(listen) = ears.wecom {
                let application = WeComApplication {
                    corpid: wecom.corpid,
                    corpsecret: Secret::value(wecom.corpsecret.expose()),
                    agentid: wecom.agentid.0,
                    api: Some(base("http", "/wecom")?),
                    callback: Some(WeComCallback {
                        listen,
                        token: Secret::value(CALLBACK_TOKEN),
                        encoding_aes_key: Secret::value(ENCODING_AES_KEY),
                    }),
                };
                let application = WeComAccount::Application(application);
                kinds.push(("wecom", AccountKind::WeCom(application)));
            }
            if ears.socket {
                let bot = WeComAccount::Bot(WeComBot {
                    bot_id: wecom.bot_id,
                    bot_secret: Secret::value(wecom.bot_secret.expose()),
                    connect: Some(base("ws", "/wecom/openws")?),
                });
                kinds.push(("wecom-bot", AccountKind::WeCom(bot)));
            }
        }
        if ears.stream {
            let app = DingTalkApp {
                agent_id: Some(self.dingtalk.agent_id.0),
                api: Some(base("http", "/dingtalk")?),
                ..DingTalkApp::new(
                    self.dingtalk.app_key,
                    Secret::value(self.dingtalk.app_secret.expose()),
                )
            };
            let app = DingTalkAccount::App(app);
            kinds.push(("dingtalk", AccountKind::DingTalk(app)));
        }
        if let Some(listen) = ears.rongcloud {
            let app = RongCloudAccount {
                user: Some(self.rongcloud.bot.to_string()),
                api: Some(base("http", "/rongcloud")?),
                listen: Some(listen),
                ..RongCloudAccount::new(
                    self.rongcloud.app_key,
                    Secret::value(self.rongcloud.app_secret.expose()),
                )
            };
            kinds.push(("rongcloud", AccountKind::RongCloud(app)));
        }
        if ears.rtm {
            let hubot = BearyChatHubot {
                api: Some(base("http", "/bearychat")?),
                ..BearyChatHubot::new(Secret::value(self.bearychat.token.expose()))
            };
            let hubot = BearyChatAccount::Hubot(hubot);
            kinds.push(("bearychat", AccountKind::BearyChat(hubot)));
        }
        let accounts = kinds
            .into_iter()
            .map(|(name, platform)| Account::new(name, platform));
        Ok(accounts.collect())
    }
}

/// What the built-in bot can do.
pub(crate) fn router() -> Router<()> {
    Router::new()
        .on(command("ping"), async || "pong")
        .on(command("echo"), echo)
        .on(command("whoami"), whoami)
        .on(command("slow"), slow)
        .on(commands(["help", "帮助"]), async || HELP)
        .on(joined(), welcome)
        .on(reacted(), thanks)
        .on(
            kind(EventKind::Other("event.enter_chat".into())),
            async || HELP,
        )
        .on(mention(), async || HELP)
}

const HELP: &str = "/ping — pong\n/echo TEXT — 复述 says it again\n/whoami — 你是谁 who you are\n/slow — 八秒后回答 answers after 8 seconds\n/help — 帮助 this text";

async fn echo(cx: Context, Args(text): Args<String>) -> Message {
    if text.is_empty() {
        return Message::text("/echo what? 要我说什么？").mention(cx.sender());
    }
    Message::text(text)
}

/// Longer than any platform waits for an answer.
async fn slow() -> &'static str {
    tokio::time::sleep(Duration::from_secs(8)).await;
    "久等了 here I am"
}

async fn whoami(cx: Context) -> String {
    let event = cx.event();
    let name = event.sender_name().unwrap_or("?");
    let id = event
        .sender
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    let place = event
        .conversation
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    format!("{name} ({id}) @ {place}")
}

/// On BearyChat, where a reaction is told apart from its end.
async fn thanks(cx: Context) -> Option<Message> {
    let event = cx.event();
    let Some(Event::AddMessageReaction(change)) = event.native() else {
        return None;
    };
    event.conversation.as_ref()?;
    // An emoji is no text.
    Some(Message::text("谢谢 ").push(Part::Markdown(change.data.reaction.clone())))
}

async fn welcome(cx: Context) -> Message {
    Message::text("欢迎 welcome ").mention(cx.sender())
}
