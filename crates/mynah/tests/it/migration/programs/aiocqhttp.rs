use mynah::Bot;
use mynah::bot::{Context, Message, Reply, Result, Router, joined, message, request};

#[tokio::main]
async fn main() -> Result<()> {
    Bot::open("mynah.toml")?.run(bot(), ()).await
}

pub fn bot() -> Router<()> {
    Router::new()
        .on(message(), echo)
        .on(joined(), welcome)
        .on(request(), async || Reply::Approve(String::new()))
}

async fn echo(cx: Context) -> Result<Message> {
    cx.reply("你刚才说：").await?;
    Ok(cx.event().message().clone())
}

async fn welcome(cx: Context) -> Message {
    Message::text("欢迎 ").mention(cx.sender())
}
