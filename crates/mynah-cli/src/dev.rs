//! `mynah dev`: the sandbox, its page, and a bot to talk to.

use mynah_bot::{
    Account, AccountKind, Args, Bot, Config, Context, Message, OneBotAccount, Router, Secret,
    command, commands, joined, mention,
};

use crate::arguments::SandboxOptions;
use crate::exit::Failure;
use crate::sandbox;

pub(crate) async fn run(options: SandboxOptions) -> Result<(), Failure> {
    let stop = mynah_bot::told_to_stop();
    let seed = sandbox::seed(&options)?;
    let token = seed.onebot.settings.access_token.expose().to_owned();
    let running = sandbox::start(options, seed).await?;
    let url = running.url();
    println!("mynah sandbox listening on {url}");
    eprintln!();
    eprintln!("  page      {url}/");
    eprintln!("  OneBot    {url}/onebot  (access_token {token})");
    eprintln!("  control   {url}/control/openapi.json");
    eprintln!();
    eprintln!("  Open the page, be alice, and write /ping in the group. Ctrl-C ends it.");
    eprintln!("  打开页面，以 alice 的身份在群里发送 /ping。按 Ctrl-C 结束。");

    let onebot = OneBotAccount {
        connect: Some(
            format!("ws{}/onebot", url.trim_start_matches("http"))
                .parse()
                .map_err(Failure::other)?,
        ),
        access_token: Some(Secret::value(token)),
        ..OneBotAccount::default()
    };
    let account = Account {
        name: "onebot".to_owned(),
        platform: AccountKind::OneBot(onebot),
    };
    let bot = Bot::new(Config {
        accounts: vec![account],
    });
    bot.run_until(router(), (), stop)
        .await
        .map_err(Failure::other)?;
    running.shutdown().await;
    Ok(())
}

/// What the built-in bot can do.
fn router() -> Router<()> {
    Router::new()
        .on(command("ping"), async || "pong")
        .on(command("echo"), echo)
        .on(command("whoami"), whoami)
        .on(commands(["help", "帮助"]), async || HELP)
        .on(joined(), welcome)
        .on(mention(), async || HELP)
}

const HELP: &str = "/ping — pong\n/echo TEXT — 复述 says it again\n/whoami — 你是谁 who you are\n/help — 帮助 this text";

async fn echo(cx: Context, Args(text): Args<String>) -> Message {
    if text.is_empty() {
        return Message::text("/echo what? 要我说什么？").mention(cx.sender());
    }
    Message::text(text)
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

async fn welcome(cx: Context) -> Message {
    Message::text("欢迎 welcome ").mention(cx.sender())
}
